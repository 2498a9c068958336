//! A day in three fields, asked for and read as residents are asked; an address may have it in one, so that links stay short.

use jiff::civil::Date;
use maud::Markup;

use super::layout::asked;
use crate::web::pages::govuk::{self, Asked, DateInput};
use crate::web::pages::tell::{day_of, told_of_day};
use crate::web::pages::text::Lang;

/// What the three fields are called behind the name of the day.
pub(in crate::web) const PARTS: [&str; 3] = ["day", "month", "year"];

/// What is wrong with a form: the id of each field and what to do.
type Errors = [(String, String)];

/// A day as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Typed([String; 3]);

impl Typed {
    /// What was typed for the day of this name, in three fields or whole.
    pub(in crate::web) fn of(name: &str, get: impl Fn(&str) -> String) -> Self {
        let typed = Self(PARTS.map(|part| get(&format!("{name}-{part}")).trim().to_owned()));
        if !typed.is_empty() {
            return typed;
        }
        let whole = get(name).trim().to_owned();
        let day = if whole.len() == 10 { whole.parse::<Date>().ok() } else { None };
        day.map_or_else(|| Self([whole, String::new(), String::new()]), Self::from)
    }

    /// Whether nothing was typed.
    pub(in crate::web) fn is_empty(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// The day; none where nothing was typed, or where what is wrong with it is now among the errors.
    pub(in crate::web) fn read(&self, name: &str, errors: &mut Vec<(String, String)>) -> Option<Date> {
        if self.is_empty() { None } else { self.needed(name, None, errors) }
    }

    /// The day, which has to be there; what is said where it is not may be more than that it is missing.
    pub(in crate::web) fn needed(
        &self,
        name: &str,
        missing: Option<&str>,
        errors: &mut Vec<(String, String)>,
    ) -> Option<Date> {
        let wrong = match day_of(&self.0) {
            Ok(day) => return Some(day),
            Err(wrong) => wrong,
        };
        let first = PARTS.iter().zip(wrong.parts).find(|(_, wrong)| *wrong).map_or(PARTS[0], |(part, _)| part);
        let own = missing.filter(|_| self.is_empty()).map(str::to_owned);
        errors.push((format!("{name}-{first}"), own.unwrap_or_else(|| told_of_day(wrong, Lang::En.text()))));
        None
    }

    /// Which of its parts are wrong; all of them where it is a day, and not one that will do.
    fn wrong(&self) -> [bool; 3] {
        day_of(&self.0).map_or_else(|wrong| wrong.parts, |_| [true; 3])
    }
}

impl From<Date> for Typed {
    fn from(day: Date) -> Self {
        Self([day.day().to_string(), day.month().to_string(), day.year().to_string()])
    }
}

/// The id of the first field of a day, for whoever is told that something is wrong with it.
pub(in crate::web) fn first_of(name: &str) -> String {
    format!("{name}-{}", PARTS[0])
}

/// The question for a day, as it was typed.
pub(in crate::web) fn input(name: &str, label: &str, hint: Option<&str>, typed: &Typed, errors: &Errors) -> Markup {
    input_as(&asked(name, label, hint, &[]), typed, errors)
}

/// The same where its id is not its name.
pub(in crate::web) fn input_as(asked: &Asked, typed: &Typed, errors: &Errors) -> Markup {
    let is_its = |id: &str| PARTS.iter().any(|part| id == format!("{}-{part}", asked.id));
    let error = errors.iter().find(|(id, _)| is_its(id)).map(|(_, it)| it.clone());
    let wrong = if error.is_some() { typed.wrong() } else { [false; 3] };
    let values = typed.0.each_ref().map(String::as_str);
    let given = DateInput { values, labels: ["Day", "Month", "Year"], wrong, birthday: false };
    govuk::date_input(&Asked { error, ..asked.clone() }, given)
}

/// How a day is to be written, shown by one.
pub(in crate::web) fn for_example(day: Date) -> String {
    format!("For example, {} {} {}", day.day(), day.month(), day.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let find = |name: &str| pairs.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        Typed::of("until", |name| find(name).unwrap_or_default())
    }

    #[test]
    fn a_day_is_read_from_three_fields_and_from_an_address() {
        let read = |pairs: &[(&str, &str)]| {
            let mut errors = Vec::new();
            (typed(pairs).read("until", &mut errors), errors)
        };
        let day = Some(date(2015, 11, 3));
        assert_eq!(read(&[("until-day", "3"), ("until-month", " nov "), ("until-year", "2015")]), (day, Vec::new()));
        assert_eq!(read(&[("until", "2015-11-03")]), (day, Vec::new()));
        assert_eq!(read(&[]), (None, Vec::new()));
        let wrong = |pairs: &[(&str, &str)]| {
            let (day, errors) = read(pairs);
            assert_eq!(day, None);
            errors.into_iter().next().unwrap()
        };
        let said = |id: &str, text: &str| (id.to_owned(), text.to_owned());
        let part = wrong(&[("until-day", "3"), ("until-year", "2015")]);
        assert_eq!(part, said("until-month", "The date must include a day, a month and a year"));
        let year = wrong(&[("until-day", "3"), ("until-month", "11"), ("until-year", "15")]);
        assert_eq!(year, said("until-year", "The year must have 4 numbers"));
        assert_eq!(wrong(&[("until", "some day")]).0, "until-month");
        let mut errors = Vec::new();
        assert_eq!(typed(&[]).needed("until", Some("Enter the day on which it comes back"), &mut errors), None);
        assert_eq!(errors, [said("until-day", "Enter the day on which it comes back")]);
    }

    #[test]
    fn the_parts_that_are_wrong_are_marked_and_what_was_typed_stays() {
        let it = typed(&[("until-day", "31"), ("until-month", "2"), ("until-year", "2016")]);
        let mut errors = Vec::new();
        assert_eq!(it.read("until", &mut errors), None);
        let html = input("until", "Until which day", None, &it, &errors).into_string();
        assert!(html.contains("Enter a real date") && html.contains("value=\"31\""), "{html}");
        assert_eq!(html.matches("govuk-input--error").count(), 1, "{html}");
        assert_eq!(input("until", "x", None, &it, &[]).into_string().matches("error").count(), 0);
        let late = [(first_of("until"), "It must lie ahead".to_owned())];
        let html = input("until", "x", None, &Typed::from(date(2015, 1, 1)), &late).into_string();
        assert_eq!(html.matches("govuk-input--error").count(), 3, "a day that will not do is wrong as a whole");
    }
}
