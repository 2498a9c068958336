//! The days that people write, and those that spreadsheets count.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// What spreadsheets count for the first day of 1970, from a day in 1899 on.
const SERIAL_OF_THE_EPOCH: i32 = 25_569;
/// The years of a day that is written with two digits.
const CENTURY: i16 = 100;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads a day: `1/12/15`, `1.12.2015`, `1 December 2015`, `1st Dec 15`, an ISO day, or a spreadsheet's own count; with or
/// without a time of day behind it. Two digits of a year are of the century of `today`. None where it is no day.
pub(super) fn day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim();
    if let Some((days, fraction)) = text.split_once('.').or(Some((text, "")))
        && is_number(days)
        && (fraction.is_empty() || is_number(fraction))
        && days.len() == 5
    {
        return serial(days.parse().ok()?);
    }
    let text = without_time(text);
    let parts: Vec<&str> = text
        .split(|it: char| matches!(it, '/' | '-' | '.' | ',') || it.is_whitespace())
        .filter(|it| !it.is_empty())
        .collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && is_number(year) => civil(year, month, day, today),
        [day, month, year] => civil(year, month, day, today),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|it| it.is_ascii_digit())
}

fn serial(days: i32) -> Option<Date> {
    let epoch = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC).date();
    epoch.checked_add(days.checked_sub(SERIAL_OF_THE_EPOCH)?.days()).ok()
}

/// `1/12/15 00:00` and `…T00:00:00Z` are days.
fn without_time(text: &str) -> &str {
    let is_time = |it: &str| it.contains(':') && it.bytes().all(|it| it.is_ascii_digit() || b":.Z".contains(&it));
    match text.rsplit_once([' ', 'T']) {
        Some((before, time)) if is_time(time) => before,
        Some(_) | None => text,
    }
}

fn civil(year: &str, month: &str, day: &str, today: Date) -> Option<Date> {
    let day = ["st", "nd", "rd", "th"].iter().find_map(|it| day.strip_suffix(it)).unwrap_or(day);
    if !is_number(year) || !is_number(day) {
        return None;
    }
    let year: i16 = match year.len() {
        2 => today.year() / CENTURY * CENTURY + year.parse::<i16>().ok()?,
        4 => year.parse().ok()?,
        _ => return None,
    };
    Date::new(year, month_of(month)?, day.parse().ok()?).ok()
}

fn month_of(month: &str) -> Option<i8> {
    if is_number(month) {
        return month.parse().ok();
    }
    let month = month.to_lowercase();
    let place = MONTHS.iter().position(|it| month.len() >= 3 && it.starts_with(&month));
    i8::try_from(place?.saturating_add(1)).ok()
}
