//! What is owed, by the law and in whole numbers: an amount for a year, the days of it, one rounding a line.

use jiff::civil::{Date, date};

/// Pence as the API writes them.
pub(super) fn written(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", pence.abs() / 100, pence.abs() % 100)
}

pub(super) fn pence(text: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (pounds, pence) = text.split_once('.').unwrap();
    assert_eq!(pence.len(), 2, "{text}");
    sign * (pounds.parse::<i64>().unwrap() * 100 + pence.parse::<i64>().unwrap())
}

/// The fraction, rounded half up.
fn half_up(above: i64, below: i64) -> i64 {
    (2 * above + below) / (2 * below)
}

/// A financial year: its name, its first day, and the first day after.
pub(super) fn year(first: i16) -> (String, Date, Date) {
    (format!("{first}/{:02}", (first + 1) % 100), date(first, 4, 1), date(first + 1, 4, 1))
}

pub(super) fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// So many days of a year at so many pence the year.
pub(super) fn charge(amount: i64, first: i16, from: Date, to: Date) -> i64 {
    let (_, begin, end) = year(first);
    half_up(amount * days(from, to), days(begin, end))
}

/// A quarter of it, of the exact fraction.
pub(super) fn quarter(amount: i64, first: i16, from: Date, to: Date) -> i64 {
    let (_, begin, end) = year(first);
    half_up(amount * days(from, to), 4 * days(begin, end))
}

#[test]
fn published_examples_come_out() {
    assert_eq!(charge(184_508, 2024, date(2024, 8, 14), date(2025, 4, 1)), 116_265, "E2 of the reference");
    assert_eq!(charge(170_039, 2023, date(2023, 4, 1), date(2024, 3, 1)), 155_637, "E3");
    assert_eq!(quarter(159_981, 2015, date(2015, 9, 10), date(2016, 4, 1)), 22_292, "E4");
    assert_eq!(written(pence("-0.05")), "-0.05");
}
