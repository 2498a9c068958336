//! What the pages say, in the language of the visitor. **A language is a folder in `text/` and a line in `LANGUAGES`.**

use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use hearth_events::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::web) enum Lang {
    /// English.
    #[default]
    En,
    /// Welsh.
    Cy,
}

/// The files of a language: name and content.
type Files = &'static [(&'static str, &'static str)];

/// The catalogues of each language. What Welsh has not yet is said in English.
const LANGUAGES: [(Lang, &str, Files); 2] =
    [(Lang::En, "en", ENGLISH), (Lang::Cy, "cy", &[("frame", include_str!("text/cy/frame.ftl"))])];

const ENGLISH: Files = &[
    ("frame", include_str!("text/en/frame.ftl")),
    ("estimate", include_str!("text/en/estimate.ftl")),
    ("many", include_str!("text/en/many.ftl")),
    ("standing", include_str!("text/en/standing.ftl")),
    ("outcome", include_str!("text/en/outcome.ftl")),
    ("tell", include_str!("text/en/tell.ftl")),
    ("moving", include_str!("text/en/moving.ftl")),
    ("households", include_str!("text/en/households.ftl")),
    ("discounts", include_str!("text/en/discounts.ftl")),
    ("properties", include_str!("text/en/properties.ftl")),
    ("money", include_str!("text/en/money.ftl")),
    ("others", include_str!("text/en/others.ftl")),
];

/// What is said in one language.
pub(in crate::web) struct Text {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.lang.code())
    }
}

impl Lang {
    /// As in `lang` of HTML.
    pub(in crate::web) const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Cy => "cy",
        }
    }

    /// The language called so; English where there is none.
    pub(in crate::web) fn of(code: &str) -> Self {
        if code == "cy" { Self::Cy } else { Self::En }
    }

    /// What is said in it.
    pub(in crate::web) fn text(self) -> &'static Text {
        static EN: OnceLock<Text> = OnceLock::new();
        static CY: OnceLock<Text> = OnceLock::new();
        match self {
            Self::En => EN.get_or_init(|| Text::of(self)),
            Self::Cy => CY.get_or_init(|| Text::of(self)),
        }
    }
}

impl Text {
    fn of(lang: Lang) -> Self {
        let code: LanguageIdentifier = lang.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![code]);
        // Marks of direction around what is put in would be read out and copied with a reference.
        bundle.set_use_isolating(false);
        for (_, _, files) in LANGUAGES.iter().filter(|(of, _, _)| *of == lang) {
            for (name, source) in *files {
                let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
                    tracing::error!(file = name, ?errors, "a catalogue of texts has faults");
                    resource
                });
                bundle.add_resource_overriding(resource);
            }
        }
        Self { lang, bundle }
    }

    /// The language.
    pub(in crate::web) const fn lang(&self) -> Lang {
        self.lang
    }

    /// What is said under a name.
    pub(in crate::web) fn say(&self, name: &str) -> String {
        self.with(name, &[])
    }

    /// What is said under a name, with what is put in.
    pub(in crate::web) fn with(&self, name: &str, puts: &[(&str, &str)]) -> String {
        self.maybe(name, puts).unwrap_or_else(|| {
            tracing::error!(name, "a text is missing");
            name.to_owned()
        })
    }

    /// What is said under a name with a number, in the form that the language has for it.
    pub(in crate::web) fn count(&self, name: &str, number: usize) -> String {
        let mut args = FluentArgs::new();
        args.set("n", number);
        self.format(name, &args).unwrap_or_else(|| name.to_owned())
    }

    /// The same, where something is said under it.
    pub(in crate::web) fn maybe(&self, name: &str, puts: &[(&str, &str)]) -> Option<String> {
        let mut args = FluentArgs::new();
        for (key, value) in puts {
            args.set(*key, *value);
        }
        self.format(name, &args)
    }

    fn format(&self, name: &str, args: &FluentArgs<'_>) -> Option<String> {
        let Some(pattern) = self.bundle.get_message(name).and_then(|it| it.value()) else {
            return if self.lang == Lang::En { None } else { Lang::En.text().format(name, args) };
        };
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(name, ?errors, "a text could not be put together");
        }
        Some(said)
    }

    /// A day in words: `1 December 2015`.
    pub(in crate::web) fn date(&self, day: Date) -> String {
        format!("{} {} {}", day.day(), self.say(&format!("month-{}", day.month())), day.year())
    }

    /// An instant in words, by the clocks of England.
    pub(in crate::web) fn instant(&self, at: Timestamp) -> String {
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
    #[expect(
        clippy::unused_self,
        reason = "how money is written is a matter of the language; these two write it alike"
    )]
    pub(in crate::web) fn money(&self, money: Money) -> String {
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

/// The clocks of England.
pub(in crate::web) fn england() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;

    #[test]
    fn catalogues_have_no_faults_and_welsh_says_nothing_that_english_does_not() {
        let mut english = BTreeSet::new();
        for (lang, code, files) in LANGUAGES {
            for (name, source) in files {
                let parsed = FluentResource::try_new((*source).to_owned());
                assert!(parsed.is_ok(), "{code}/{name}: {:?}", parsed.err().map(|it| it.1));
            }
            let names: Vec<_> = files.iter().flat_map(|(_, source)| names(source)).collect();
            let distinct: BTreeSet<_> = names.iter().cloned().collect();
            assert_eq!(names.len(), distinct.len(), "{code}: a name is used twice");
            match lang {
                Lang::En => english = distinct,
                Lang::Cy => assert!(distinct.is_subset(&english), "{:?}", distinct.difference(&english)),
            }
        }
        let frame: BTreeSet<_> = names(include_str!("text/en/frame.ftl")).collect();
        let welsh: BTreeSet<_> = names(include_str!("text/cy/frame.ftl")).collect();
        assert_eq!(frame, welsh, "the frame of the journey is complete in Welsh");
    }

    fn names(source: &str) -> impl Iterator<Item = String> {
        source
            .lines()
            .filter_map(|it| it.split_once(" ="))
            .map(|(name, _)| name.to_owned())
            .filter(|name| name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'))
    }

    #[test]
    fn every_text_that_the_pages_ask_for_by_name_is_there() {
        let mut asked = 0;
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/pages"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("text.rs") {
                    let source = std::fs::read_to_string(&path).unwrap();
                    for call in [".say(\"", ".with(\"", ".count(\""] {
                        for (at, _) in source.match_indices(call) {
                            let name = source[at + call.len()..].split('"').next().unwrap();
                            assert!(has(name), "{}: there is no text {name}", path.display());
                            asked += 1;
                        }
                    }
                }
            }
        }
        assert!(asked > 20, "the search found only {asked} names");
    }

    fn has(name: &str) -> bool {
        Lang::En.text().bundle.get_message(name).is_some()
    }

    #[test]
    fn days_instants_and_money_are_written_as_people_write_them() {
        let (en, cy) = (Lang::En.text(), Lang::Cy.text());
        assert_eq!(en.date(date(2015, 12, 1)), "1 December 2015");
        assert_eq!(cy.date(date(2015, 12, 1)), "1 Rhagfyr 2015");
        assert_eq!(en.instant("2015-07-03T11:05:00Z".parse().unwrap()), "3 July 2015 at 12:05pm");
        assert_eq!(en.money("1162.65".parse().unwrap()), "£1,162.65");
        assert_eq!(en.money("-0.50".parse().unwrap()), "−£0.50");
        assert_eq!(en.money("1234567.00".parse().unwrap()), "£1,234,567.00");
    }
}
