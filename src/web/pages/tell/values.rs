//! From what was typed to what is told: every input read leniently, or refused with words that say what to do.

use std::ops::RangeInclusive;

use hearth_events::{AccountRef, Money};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::question::{Field, Input};

/// The longest text that a field takes, characters, as the intake has it.
const LONGEST: usize = 500;
/// What a resident who chooses no listed dwelling says.
pub(super) const OTHER: &str = "other";
/// Most names of one list.
pub(super) const MOST_NAMES: usize = 20;

/// Years that council tax can be about, as the intake has them.
pub(super) const YEARS: RangeInclusive<i16> = 1993..=2199;
/// Years in which whoever lives now can have been born, or something can have begun.
pub(super) const LONG_AGO: RangeInclusive<i16> = 1880..=2199;

/// What is wrong with an answer: the name of a text, and for a day which of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) struct Wrong {
    /// `missing`, or the name of a text.
    pub(super) text: &'static str,
    /// Of day, month and year, those that are wrong.
    pub(in crate::web) parts: [bool; 3],
}

/// Nothing was answered where something has to be.
pub(super) const MISSING: Wrong = Wrong { text: "missing", parts: [true; 3] };

/// The home that was left is the one that was moved to.
pub(super) const SAME_HOME: Wrong = wrong("wrong-same-home");

const fn wrong(text: &'static str) -> Wrong {
    Wrong { text, parts: [true; 3] }
}

/// Reads what was typed into a field: what it tells, or nothing where it was left out and may be.
pub(super) fn read(field: &Field, typed: &[String]) -> Result<Option<Value>, Wrong> {
    let filled: Vec<&str> = typed.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
    if filled.iter().any(|it| it.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t'))) {
        return Err(wrong("wrong-characters"));
    }
    let Some(first) = filled.first().copied() else {
        return if field.optional { Ok(None) } else { Err(MISSING) };
    };
    let value = match field.input {
        Input::Line | Input::Name | Input::Address | Input::Text => text(first),
        Input::Email => text(first).and_then(|it| if is_address(first) { Ok(it) } else { Err(wrong("wrong-email")) }),
        Input::Phone => phone(first),
        Input::Number(least, most) => number(first, least, most),
        Input::Money => money(first),
        Input::Digits(count) => digits(first, count),
        Input::Date => day(typed, &YEARS),
        Input::Birthday | Input::LongAgo => day(typed, &LONG_AGO),
        Input::YesNo => match first {
            "yes" => Ok(json!(true)),
            "no" => Ok(json!(false)),
            _ => Err(MISSING),
        },
        Input::OneOf(choices) => {
            if choices.contains(&first) {
                Ok(json!(first))
            } else {
                Err(MISSING)
            }
        }
        Input::AnyOf(choices) => {
            if filled.iter().all(|it| choices.contains(it)) {
                Ok(json!(filled))
            } else {
                Err(MISSING)
            }
        }
        Input::People | Input::Names => names(field.input, &filled),
        Input::Postcode => postcode(first),
        Input::Dwelling(_) => dwelling(first),
        Input::Account => account(first),
    };
    value.map(Some)
}

fn text(typed: &str) -> Result<Value, Wrong> {
    let text = typed.replace("\r\n", "\n");
    if text.chars().count() > LONGEST { Err(wrong("wrong-too-long")) } else { Ok(json!(text)) }
}

fn is_address(typed: &str) -> bool {
    let good = |host: &str| host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    typed.split_once('@').is_some_and(|(user, host)| !user.is_empty() && good(host))
        && !typed.contains(char::is_whitespace)
        && typed.matches('@').count() == 1
}

fn phone(typed: &str) -> Result<Value, Wrong> {
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let known = typed.chars().all(|it| it.is_ascii_digit() || " +()-.".contains(it));
    if known && (9..=15).contains(&digits) { Ok(json!(typed)) } else { Err(wrong("wrong-phone")) }
}

fn number(typed: &str, least: u16, most: u16) -> Result<Value, Wrong> {
    match typed.parse::<u16>() {
        Ok(number) if (least..=most).contains(&number) => Ok(json!(number)),
        Ok(_) | Err(_) => Err(wrong("wrong-number")),
    }
}

fn money(typed: &str) -> Result<Value, Wrong> {
    let plain = typed.replace(['£', ',', ' '], "");
    let (pounds, pence) = plain.split_once('.').unwrap_or((&plain, "00"));
    let pence = if pence.len() == 1 { format!("{pence}0") } else { pence.to_owned() };
    let are_digits = |it: &str, most: usize| (1..=most).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit());
    if !are_digits(pounds, 7) || !are_digits(&pence, 2) || pence.len() != 2 {
        return Err(wrong("wrong-money"));
    }
    let money: Result<Money, _> = format!("{pounds}.{pence}").parse();
    money.map(|it| json!(it)).map_err(|_| wrong("wrong-money"))
}

fn digits(typed: &str, count: u8) -> Result<Value, Wrong> {
    let plain: String = typed.chars().filter(|it| !matches!(it, ' ' | '-')).collect();
    let good = plain.len() == usize::from(count) && plain.bytes().all(|it| it.is_ascii_digit());
    if good { Ok(json!(plain)) } else { Err(wrong("wrong-digits")) }
}

fn names(input: Input, filled: &[&str]) -> Result<Value, Wrong> {
    if filled.len() > MOST_NAMES {
        return Err(wrong("wrong-too-many"));
    }
    let is_twice = |(place, name): (usize, &&str)| {
        filled
            .iter()
            .take(place)
            .any(|it| it.to_lowercase().split_whitespace().eq(name.to_lowercase().split_whitespace()))
    };
    if filled.iter().enumerate().any(is_twice) {
        return Err(wrong("wrong-name-twice"));
    }
    let each: Result<Vec<Value>, Wrong> = filled.iter().copied().map(text).collect();
    let person = |name: Value| if input == Input::People { json!({ "name": name }) } else { name };
    Ok(each?.into_iter().map(person).collect())
}

fn postcode(typed: &str) -> Result<Value, Wrong> {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let Some((out, back)) = plain.split_at_checked(plain.len().saturating_sub(3)) else {
        return Err(wrong("wrong-postcode"));
    };
    let is_back = |it: &str| {
        let bytes = it.as_bytes();
        matches!(bytes, [one, two, three] if one.is_ascii_digit() && two.is_ascii_alphabetic() && three.is_ascii_alphabetic())
    };
    let is_out = (2..=4).contains(&out.len())
        && out.starts_with(|it: char| it.is_ascii_alphabetic())
        && out.contains(|it: char| it.is_ascii_digit());
    if is_out && is_back(back) { Ok(json!(format!("{out} {back}"))) } else { Err(wrong("wrong-postcode")) }
}

fn dwelling(typed: &str) -> Result<Value, Wrong> {
    let is_key = (1..=12).contains(&typed.len()) && typed.bytes().all(|it| it.is_ascii_digit());
    if typed == OTHER || is_key { Ok(json!(typed)) } else { Err(MISSING) }
}

fn account(typed: &str) -> Result<Value, Wrong> {
    let plain: String = typed.chars().filter(|it| !it.is_whitespace()).collect();
    plain.parse::<AccountRef>().map(|it| json!(it.to_string())).map_err(|_| wrong("wrong-account"))
}

/// A day from three parts, the month also in letters.
fn day(typed: &[String], years: &RangeInclusive<i16>) -> Result<Value, Wrong> {
    let part = |place: usize| typed.get(place).map(String::as_str).unwrap_or_default().trim();
    let missing = [part(0).is_empty(), part(1).is_empty(), part(2).is_empty()];
    if missing.contains(&true) {
        return Err(Wrong { text: "wrong-date-part", parts: missing });
    }
    let day = part(0).parse::<i8>().ok().filter(|it| (1..=31).contains(it));
    let month = month(part(1));
    let year = part(2).parse::<i16>().ok().filter(|_| part(2).len() == 4);
    match (day, month, year) {
        (Some(day), Some(month), Some(year)) => match Date::new(year, month, day) {
            Ok(date) if years.contains(&year) => Ok(json!(date)),
            Ok(_) => Err(Wrong { text: "wrong-date-range", parts: [false, false, true] }),
            Err(_) => Err(Wrong { text: "wrong-date", parts: [true, false, false] }),
        },
        (day, month, year) => {
            let parts = [day.is_none(), month.is_none(), year.is_none()];
            let text = if parts == [false, false, true] { "wrong-date-year" } else { "wrong-date" };
            Err(Wrong { text, parts })
        }
    }
}

fn month(typed: &str) -> Option<i8> {
    const MONTHS: [(&str, &str); 12] = [
        ("jan", "ion"),
        ("feb", "chwe"),
        ("mar", "maw"),
        ("apr", "ebr"),
        ("may", "mai"),
        ("jun", "meh"),
        ("jul", "gor"),
        ("aug", "aws"),
        ("sep", "medi"),
        ("oct", "hyd"),
        ("nov", "tach"),
        ("dec", "rhag"),
    ];
    if let Ok(number) = typed.parse::<i8>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let typed = typed.to_lowercase();
    let place = MONTHS.iter().position(|(english, welsh)| typed.starts_with(english) || typed.starts_with(welsh))?;
    i8::try_from(place + 1).ok()
}

/// Puts a value where a path says, making objects and lists on the way: `details.students.0.course`.
pub(super) fn put(body: &mut Value, path: &str, value: Value) {
    let mut at = body;
    for part in path.split('.') {
        at = if let Ok(index) = part.parse::<usize>() {
            if !at.is_array() {
                *at = json!([]);
            }
            let Some(list) = at.as_array_mut() else { return };
            while list.len() <= index {
                list.push(json!({}));
            }
            let Some(item) = list.get_mut(index) else { return };
            item
        } else {
            if !at.is_object() {
                *at = json!({});
            }
            let Some(object) = at.as_object_mut() else { return };
            object.entry(part).or_insert(Value::Null)
        };
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use super::super::question::{may, need};
    use super::*;

    fn reads(input: Input, typed: &[&str]) -> Result<Option<Value>, &'static str> {
        let typed: Vec<String> = typed.iter().map(|it| (*it).to_owned()).collect();
        read(&need!("x", input), &typed).map_err(|it| it.text)
    }

    #[test]
    fn days_are_read_however_people_write_them() {
        for typed in [["1", "12", "2015"], [" 01 ", "Dec", "2015"], ["1", "december", "2015"], ["1", "Rhagfyr", "2015"]]
        {
            assert_eq!(reads(Input::Date, &typed), Ok(Some(json!("2015-12-01"))), "{typed:?}");
        }
        let parts = |typed: [&str; 3]| {
            let typed: Vec<_> = typed.iter().map(|it| (*it).to_owned()).collect();
            let wrong = read(&need!("x", Input::Date), &typed).unwrap_err();
            (wrong.text, wrong.parts)
        };
        assert_eq!(parts(["31", "2", "2016"]), ("wrong-date", [true, false, false]));
        assert_eq!(parts(["1", "", "2016"]), ("wrong-date-part", [false, true, false]));
        assert_eq!(parts(["1", "2", "16"]), ("wrong-date-year", [false, false, true]));
        assert_eq!(parts(["x", "13", "2016"]), ("wrong-date", [true, true, false]));
        assert_eq!(parts(["1", "2", "1992"]), ("wrong-date-range", [false, false, true]));
        assert_eq!(parts(["1", "2", "9999"]), ("wrong-date-range", [false, false, true]));
        assert_eq!(reads(Input::Birthday, &["1", "2", "1948"]), Ok(Some(json!("1948-02-01"))));
        assert_eq!(parts(["", "", ""]), ("missing", [true; 3]));
        assert_eq!(reads(Input::Date, &["29", "2", "2016"]), Ok(Some(json!("2016-02-29"))));
    }

    #[test]
    fn what_is_meant_is_taken_and_what_cannot_be_is_not() {
        assert_eq!(reads(Input::Postcode, &["sp10 1aa"]), Ok(Some(json!("SP10 1AA"))));
        assert_eq!(reads(Input::Postcode, &["S P101 aa."]), Ok(Some(json!("SP10 1AA"))));
        assert_eq!(reads(Input::Postcode, &["Andover"]), Err("wrong-postcode"));
        assert_eq!(reads(Input::Digits(6), &["20-00-00"]), Ok(Some(json!("200000"))));
        assert_eq!(reads(Input::Digits(6), &["2000"]), Err("wrong-digits"));
        assert_eq!(reads(Input::Money, &["£1,162.5"]), Ok(Some(json!("1162.50"))));
        assert_eq!(reads(Input::Money, &["-3"]), Err("wrong-money"));
        assert_eq!(reads(Input::Money, &["3.123"]), Err("wrong-money"));
        assert_eq!(reads(Input::Email, &["grace@example.org "]), Ok(Some(json!("grace@example.org"))));
        for typed in ["grace", "grace@org", "a@b.", "a@@b.c", "a b@c.d", "@b.c"] {
            assert_eq!(reads(Input::Email, &[typed]), Err("wrong-email"), "{typed}");
        }
        assert_eq!(reads(Input::Phone, &["+44 1632 960123"]), Ok(Some(json!("+44 1632 960123"))));
        assert_eq!(reads(Input::Phone, &["call me"]), Err("wrong-phone"));
        assert_eq!(reads(Input::Number(1, 28), &["29"]), Err("wrong-number"));
        assert_eq!(reads(Input::OneOf(&["a"]), &["b"]), Err("missing"));
        assert_eq!(reads(Input::AnyOf(&["a", "b"]), &["b", "a"]), Ok(Some(json!(["b", "a"]))));
        assert_eq!(reads(Input::Name, &["a\u{7}b"]), Err("wrong-characters"));
        assert_eq!(reads(Input::Text, &[&"a".repeat(501)]), Err("wrong-too-long"));
        assert!(reads(Input::Text, &[&"ŵ".repeat(500)]).is_ok(), "characters, however many bytes they take");
        assert_eq!(reads(Input::People, &["Ms A B", "ms  a b"]), Err("wrong-name-twice"));
        assert_eq!(
            reads(Input::People, &["Ms A B", " ", "Mr C"]),
            Ok(Some(json!([{"name": "Ms A B"}, {"name": "Mr C"}])))
        );
        assert_eq!(read(&may!("x", Input::Name), &[" ".to_owned()]), Ok(None));
    }

    #[test]
    fn a_value_is_put_where_its_path_says() {
        let mut body = json!({});
        put(&mut body, "details.students.1.course", json!("Law"));
        put(&mut body, "details.students.0.name", json!("Ms A"));
        put(&mut body, "effective_on", json!("2015-12-01"));
        assert_eq!(
            body,
            json!({"details": {"students": [{"name": "Ms A"}, {"course": "Law"}]}, "effective_on": "2015-12-01"})
        );
    }
}
