//! What is said, from message catalogues (Fluent), by language. What another language does not say yet is said in English.
//!
//! The catalogues stand beside those who say it: `web/pages/text/` and `mail/text/`; how days are written is here.

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use hearth_events::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language that is spoken with residents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Welsh.
    Cy,
}

/// The files of a language: name and content.
pub type Files = &'static [(&'static str, &'static str)];

const DATES: [(&str, &str); 2] =
    [("dates", include_str!("texts/en/dates.ftl")), ("dates", include_str!("texts/cy/dates.ftl"))];

impl Lang {
    /// As in `lang` of HTML.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Cy => "cy",
        }
    }

    /// The language called so; English where there is none.
    pub fn of(code: &str) -> Self {
        if code == "cy" { Self::Cy } else { Self::En }
    }
}

/// What is said in one language.
pub struct Catalogue {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    english: Option<&'static Self>,
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalogue({})", self.lang.code())
    }
}

impl Catalogue {
    /// What is said in English.
    pub fn english(files: Files) -> Self {
        Self { lang: Lang::En, bundle: bundle(Lang::En, files), english: None }
    }

    /// What is said in another language, and in English what it does not say.
    pub fn of(lang: Lang, files: Files, english: &'static Self) -> Self {
        Self { lang, bundle: bundle(lang, files), english: Some(english) }
    }

    /// The language.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// What is said under a name.
    pub fn say(&self, name: &str) -> String {
        self.with(name, &[])
    }

    /// What is said under a name, with what is put in.
    pub fn with(&self, name: &str, puts: &[(&str, &str)]) -> String {
        self.maybe(name, puts).unwrap_or_else(|| {
            tracing::error!(name, "a text is missing");
            name.to_owned()
        })
    }

    /// What is said under a name with a number, in the form that the language has for it.
    pub fn count(&self, name: &str, number: usize) -> String {
        let mut args = FluentArgs::new();
        args.set("n", number);
        self.format(name, &args).unwrap_or_else(|| name.to_owned())
    }

    /// The same, where something is said under it.
    pub fn maybe(&self, name: &str, puts: &[(&str, &str)]) -> Option<String> {
        let mut args = FluentArgs::new();
        for (key, value) in puts {
            args.set(*key, *value);
        }
        self.format(name, &args)
    }

    fn format(&self, name: &str, args: &FluentArgs<'_>) -> Option<String> {
        let Some(pattern) = self.bundle.get_message(name).and_then(|it| it.value()) else {
            return self.english.and_then(|it| it.format(name, args));
        };
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(name, ?errors, "a text could not be put together");
        }
        Some(said)
    }

    /// A day in words: `1 December 2015`.
    pub fn date(&self, day: Date) -> String {
        format!("{} {} {}", day.day(), self.say(&format!("month-{}", day.month())), day.year())
    }

    /// An instant in words, by the clocks of England.
    pub fn instant(&self, at: Timestamp) -> String {
        let at = at.to_zoned(england());
        let (hour, half) = match at.hour() {
            0 => (12, "am"),
            it @ 1..=11 => (it, "am"),
            12 => (12, "pm"),
            it => (it - 12, "pm"),
        };
        let time = format!("{hour}:{:02}{half}", at.minute());
        self.with("date-at-time", &[("date", &self.date(at.date())), ("time", &time)])
    }

    /// Pounds and pence: `£1,162.65`.
    pub fn money(&self, money: Money) -> String {
        let plain = money.to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |it| ("−", it));
        let (pounds, pence) = digits.split_once('.').unwrap_or((digits, "00"));
        let mut grouped = String::new();
        for (place, digit) in pounds.chars().enumerate() {
            if place > 0 && (pounds.len() - place) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}£{grouped}.{pence}")
    }
}

fn bundle(lang: Lang, files: Files) -> FluentBundle<FluentResource> {
    let code: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![code]);
    // Marks of direction around what is put in would be read out and copied with a reference.
    bundle.set_use_isolating(false);
    let [english, welsh] = DATES;
    let dates = if lang == Lang::En { english } else { welsh };
    for (name, source) in files.iter().chain([&dates]) {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(file = name, ?errors, "a catalogue of texts has faults");
            resource
        });
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The clocks of England.
pub fn england() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_instants_and_money_are_written_as_people_write_them() {
        let en: &'static Catalogue = Box::leak(Box::new(Catalogue::english(&[])));
        let cy = Catalogue::of(Lang::Cy, &[], en);
        assert_eq!(en.date(date(2015, 12, 1)), "1 December 2015");
        assert_eq!(cy.date(date(2015, 12, 1)), "1 Rhagfyr 2015");
        assert_eq!(en.instant("2015-07-03T11:05:00Z".parse().unwrap()), "3 July 2015 at 12:05pm");
        assert_eq!(en.money("1162.65".parse().unwrap()), "£1,162.65");
        assert_eq!(en.money("-0.50".parse().unwrap()), "−£0.50");
        assert_eq!(en.money("1234567.00".parse().unwrap()), "£1,234,567.00");
    }

    #[test]
    fn what_welsh_does_not_say_is_said_in_english() {
        let en: &'static Catalogue =
            Box::leak(Box::new(Catalogue::english(&[("x", "one = One\ntwo = Two of { $it }\n")])));
        let cy = Catalogue::of(Lang::Cy, &[("x", "one = Un\n")], en);
        assert_eq!((cy.say("one"), cy.with("two", &[("it", "x")])), ("Un".to_owned(), "Two of x".to_owned()));
        assert_eq!(cy.maybe("three", &[]), None);
    }
}
