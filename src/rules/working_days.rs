//! Bank holidays and working days in England and Wales.
//!
//! A working day is Monday to Friday and not a bank holiday. The holidays follow from rules (Banking and Financial
//! Dealings Act 1971 s.1 and Sch.1; Christmas Day and Good Friday at common law; New Year's Day and early May by
//! yearly proclamation), so that no list runs out. What a proclamation changed for one year is in [`PROCLAIMED`],
//! good from 1990; a new proclamation is a new line there. In other years the rules of today are applied.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// A bank holiday of one year only, by royal proclamation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proclaimed {
    /// The day that is a bank holiday.
    pub day: Date,
    /// The ordinary bank holiday that it replaces; absent when it is an extra one.
    pub instead_of: Option<Date>,
    /// What it was for.
    pub occasion: &'static str,
    /// Where it says so.
    pub source: &'static str,
}

const MOVED: &str = "proclamation, Banking and Financial Dealings Act 1971 s.1(2); gov.uk/bank-holidays";
const MOVED_EARLY_MAY: &str =
    "proclamation for 8 May, Banking and Financial Dealings Act 1971 s.1(3); gov.uk/bank-holidays";
const EXTRA: &str = "proclamation, Banking and Financial Dealings Act 1971 s.1(3); gov.uk/bank-holidays";

/// Every change to the ordinary bank holidays of England and Wales since 1990, by date.
pub const PROCLAIMED: &[Proclaimed] = &[
    moved(date(1995, 5, 8), date(1995, 5, 1), "50 years since VE Day", MOVED_EARLY_MAY),
    extra(date(1999, 12, 31), "Millennium Eve"),
    extra(date(2002, 6, 3), "Golden Jubilee"),
    moved(date(2002, 6, 4), date(2002, 5, 27), "Golden Jubilee", MOVED),
    extra(date(2011, 4, 29), "wedding of Prince William and Catherine Middleton"),
    moved(date(2012, 6, 4), date(2012, 5, 28), "Diamond Jubilee", MOVED),
    extra(date(2012, 6, 5), "Diamond Jubilee"),
    moved(date(2020, 5, 8), date(2020, 5, 4), "75 years since VE Day", MOVED_EARLY_MAY),
    moved(date(2022, 6, 2), date(2022, 5, 30), "Platinum Jubilee", MOVED),
    extra(date(2022, 6, 3), "Platinum Jubilee"),
    extra(date(2022, 9, 19), "state funeral of Queen Elizabeth II"),
    extra(date(2023, 5, 8), "coronation of King Charles III"),
];

/// Whether banks are closed for the day: an ordinary bank holiday, its substitute, or a proclaimed one.
///
/// A Saturday or Sunday is never a bank holiday here; its substitute is.
pub fn is_bank_holiday(date: Date) -> bool {
    if PROCLAIMED.iter().any(|it| it.day == date) {
        return true;
    }
    let is_moved = PROCLAIMED.iter().any(|it| it.instead_of == Some(date));
    !is_moved && is_ordinary_bank_holiday(date)
}

/// Whether the day is Monday to Friday and not a bank holiday.
pub fn is_working_day(date: Date) -> bool {
    !is_weekend(date) && !is_bank_holiday(date)
}

/// The `days`th working day after `from`.
///
/// The day of receipt is day 0, whether or not it is a working day, so with no days the answer is `from` itself.
/// Stops at the last day that a [`Date`] can hold.
pub fn add_working_days(from: Date, days: u16) -> Date {
    let mut date = from;
    let mut left = days;
    while left > 0 {
        let Ok(next) = date.tomorrow() else {
            return date;
        };
        date = next;
        if is_working_day(date) {
            left -= 1;
        }
    }
    date
}

/// The `days`th working day before `from`; with no days `from` itself.
pub fn working_days_before(from: Date, days: u16) -> Date {
    let mut date = from;
    let mut left = days;
    while left > 0 {
        let Ok(before) = date.yesterday() else {
            return date;
        };
        date = before;
        if is_working_day(date) {
            left -= 1;
        }
    }
    date
}

/// How many working days there are after `from`, up to and including `to`.
///
/// The reverse of [`add_working_days`]. Negative when `to` is before `from`: then it counts the working days after
/// `to`, up to and including `from`.
pub fn working_days_between(from: Date, to: Date) -> i32 {
    if to < from {
        return -working_days_between(to, from);
    }
    let mut count = 0;
    let mut date = from;
    while date < to {
        let Ok(next) = date.tomorrow() else {
            return count;
        };
        date = next;
        if is_working_day(date) {
            count += 1;
        }
    }
    count
}

const fn extra(day: Date, occasion: &'static str) -> Proclaimed {
    Proclaimed { day, instead_of: None, occasion, source: EXTRA }
}

const fn moved(day: Date, from: Date, occasion: &'static str, source: &'static str) -> Proclaimed {
    Proclaimed { day, instead_of: Some(from), occasion, source }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The rules alone, month by month.
fn is_ordinary_bank_holiday(date: Date) -> bool {
    if is_weekend(date) {
        return false;
    }
    let is_monday = date.weekday() == Weekday::Monday;
    let is_monday_or_tuesday = is_monday || date.weekday() == Weekday::Tuesday;
    match date.month() {
        // New Year's Day; the Monday after it when it is at the weekend.
        1 => date.day() == 1 || (date.day() <= 3 && is_monday),
        3 | 4 => is_good_friday_or_easter_monday(date),
        // Early May and spring: the first and the last Monday.
        5 => is_monday && (date.day() <= 7 || date.day() >= 25),
        // Summer: the last Monday.
        8 => is_monday && date.day() >= 25,
        // Christmas Day and Boxing Day, and up to two substitutes after a weekend.
        12 => matches!(date.day(), 25 | 26) || (matches!(date.day(), 27 | 28) && is_monday_or_tuesday),
        _ => false,
    }
}

fn is_good_friday_or_easter_monday(date: Date) -> bool {
    let easter = easter_sunday(date.year());
    let is_easter = |day: Option<Date>| day.is_some() && day == easter;
    is_easter(date.checked_add(2.days()).ok()) || is_easter(date.yesterday().ok())
}

/// Easter Sunday of the Gregorian calendar, by the anonymous computus; absent only outside the years of [`Date`].
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let century = y.div_euclid(100);
    let year_of_century = y.rem_euclid(100);
    let moon_correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - moon_correction + 15).rem_euclid(30);
    let weekday =
        (32 + 2 * century.rem_euclid(4) + 2 * (year_of_century / 4) - epact - year_of_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let month = i8::try_from(days / 31).ok()?;
    let day = i8::try_from(days % 31 + 1).ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The year and its bank holidays, as day/month.
    fn bank_holidays(year: i16) -> String {
        date(year, 1, 1)
            .series(1.day())
            .take_while(|it| it.year() == year)
            .filter(|it| is_bank_holiday(*it))
            .fold(year.to_string(), |list, it| format!("{list} {}/{}", it.day(), it.month()))
    }

    /// The lists at <https://www.gov.uk/bank-holidays>, division England and Wales, and those of earlier years with
    /// proclaimed days.
    const LISTS: [&str; 17] = [
        "1995 2/1 14/4 17/4 8/5 29/5 28/8 25/12 26/12",
        "1999 1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12 31/12",
        "2002 1/1 29/3 1/4 6/5 3/6 4/6 26/8 25/12 26/12",
        "2011 3/1 22/4 25/4 29/4 2/5 30/5 29/8 26/12 27/12",
        "2012 2/1 6/4 9/4 7/5 4/6 5/6 27/8 25/12 26/12",
        "2015 1/1 3/4 6/4 4/5 25/5 31/8 25/12 28/12",
        "2016 1/1 25/3 28/3 2/5 30/5 29/8 26/12 27/12",
        "2017 2/1 14/4 17/4 1/5 29/5 28/8 25/12 26/12",
        "2018 1/1 30/3 2/4 7/5 28/5 27/8 25/12 26/12",
        "2019 1/1 19/4 22/4 6/5 27/5 26/8 25/12 26/12",
        "2020 1/1 10/4 13/4 8/5 25/5 31/8 25/12 28/12",
        "2021 1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12",
        "2022 3/1 15/4 18/4 2/5 2/6 3/6 29/8 19/9 26/12 27/12",
        "2023 2/1 7/4 10/4 1/5 8/5 29/5 28/8 25/12 26/12",
        "2024 1/1 29/3 1/4 6/5 27/5 26/8 25/12 26/12",
        "2025 1/1 18/4 21/4 5/5 26/5 25/8 25/12 26/12",
        "2026 1/1 3/4 6/4 4/5 25/5 31/8 25/12 28/12",
    ];

    #[test]
    fn the_published_lists() {
        for list in LISTS {
            let (year, _) = list.split_once(' ').unwrap();
            assert_eq!(bank_holidays(year.parse().unwrap()), list);
        }
    }

    #[test]
    fn every_year_has_eight_ordinary_bank_holidays_on_weekdays() {
        for year in 1990..=2100 {
            let holidays = bank_holidays(year);
            let extra = PROCLAIMED.iter().filter(|it| it.day.year() == year && it.instead_of.is_none());
            assert_eq!(holidays.split(' ').count(), 1 + 8 + extra.count(), "{year}");
        }
    }

    #[test]
    fn proclaimed_days_are_in_order_and_move_real_holidays() {
        assert!(PROCLAIMED.is_sorted_by(|one, next| one.day < next.day));
        for it in PROCLAIMED {
            assert!(!is_weekend(it.day) && !is_ordinary_bank_holiday(it.day), "{}", it.day);
            assert!(it.instead_of.is_none_or(is_ordinary_bank_holiday), "{}", it.day);
        }
    }

    #[test]
    fn easter_at_its_edges() {
        for easter in [
            date(1818, 3, 22),
            date(1954, 4, 18),
            date(1981, 4, 19),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2024, 3, 31),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2076, 4, 19),
            date(2100, 3, 28),
        ] {
            assert_eq!(easter_sunday(easter.year()), Some(easter));
        }
        for year in [Date::MIN.year(), -1, 0, 1, Date::MAX.year()] {
            assert!(easter_sunday(year).is_some_and(|it| it.weekday() == Weekday::Sunday), "{year}");
        }
    }

    #[test]
    fn working_days_pass_over_weekends_and_holidays() {
        let thursday = date(2025, 4, 17);
        assert_eq!(add_working_days(thursday, 0), thursday);
        assert_eq!(add_working_days(thursday, 1), date(2025, 4, 22));
        assert_eq!(add_working_days(thursday, 10), date(2025, 5, 6));
        assert_eq!(add_working_days(date(2025, 4, 19), 1), date(2025, 4, 22));
        assert_eq!(add_working_days(date(2021, 12, 24), 2), date(2021, 12, 30));
        assert_eq!(add_working_days(Date::MAX, 5), Date::MAX);
    }

    #[test]
    fn working_days_before_pass_over_weekends_and_holidays() {
        let tuesday = date(2025, 4, 22);
        for (from, days, before) in [
            (tuesday, 0, tuesday),
            (tuesday, 1, date(2025, 4, 17)),
            (tuesday, 2, date(2025, 4, 16)),
            (date(2025, 4, 20), 0, date(2025, 4, 20)),
            (date(2025, 4, 20), 1, date(2025, 4, 17)),
            (date(2025, 5, 6), 10, date(2025, 4, 17)),
            (Date::MIN, 5, Date::MIN),
        ] {
            assert_eq!(working_days_before(from, days), before, "{days} before {from}");
        }
    }

    #[test]
    fn days_between_reverse_days_added() {
        let mut from = date(2022, 5, 20);
        while from < date(2023, 1, 10) {
            for days in [1, 5, 10, 20] {
                let to = add_working_days(from, days);
                assert_eq!(working_days_between(from, to), i32::from(days), "{from} {days}");
                assert_eq!(working_days_between(to, from), -i32::from(days), "{from} {days}");
                assert!(is_working_day(to), "{to}");
            }
            from = from.tomorrow().unwrap();
        }
        assert_eq!(working_days_between(from, from), 0);
        assert_eq!(working_days_between(date(2025, 4, 17), date(2025, 4, 21)), 0);
    }
}
