//! The financial year of council tax: 1 April to 31 March.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Period;

/// A financial year, 1 April to 31 March, written `2015/16` (Local Government Finance Act 1992 s.69).
///
/// ```
/// use hearth_events::FinancialYear;
/// use jiff::civil::date;
/// let year = FinancialYear::of(date(2016, 3, 31));
/// assert_eq!(year.to_string(), "2015/16");
/// assert_eq!(year.days(), 366, "29 February 2016 lies in it");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FinancialYear(i16);

/// The text is not a financial year such as `2015/16`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a financial year such as 2015/16")]
pub struct NotAFinancialYear;

impl FinancialYear {
    /// The financial year in which `day` lies.
    pub fn of(day: Date) -> Self {
        Self(if day.month() >= 4 { day.year() } else { day.year() - 1 })
    }

    /// 1 April, the first day.
    pub fn first_day(self) -> Date {
        date(self.0, 4, 1)
    }

    /// The 1 April after: the first day that is no longer in the year.
    pub fn end(self) -> Date {
        date(self.0 + 1, 4, 1)
    }

    /// The whole year as a half-open period.
    pub fn period(self) -> Period {
        Period { from: self.first_day(), to: Some(self.end()) }
    }

    /// How many days the year has: 365, or 366 where it holds a 29 February.
    pub fn days(self) -> i32 {
        (self.end() - self.first_day()).get_days()
    }

    /// The year after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Whether any day of `period` lies in the year.
    pub fn touches(self, period: Period) -> bool {
        period.intersection(self.period()).is_some()
    }

    /// The last day of the year.
    pub fn last_day(self) -> Date {
        self.end().saturating_sub(1.day())
    }
}

impl fmt::Display for FinancialYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

impl FromStr for FinancialYear {
    type Err = NotAFinancialYear;

    fn from_str(text: &str) -> Result<Self, NotAFinancialYear> {
        let (first, second) = text.split_once('/').ok_or(NotAFinancialYear)?;
        let digits = |it: &str, length| it.len() == length && it.bytes().all(|b| b.is_ascii_digit());
        if !digits(first, 4) || !digits(second, 2) {
            return Err(NotAFinancialYear);
        }
        let year = Self(first.parse().map_err(|_| NotAFinancialYear)?);
        if !(1990..=2200).contains(&year.0) || year.to_string() != text {
            return Err(NotAFinancialYear);
        }
        Ok(year)
    }
}

impl Serialize for FinancialYear {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FinancialYear {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_years_are_those_that_hold_a_29_february() {
        for (text, days) in [("2011/12", 366), ("2015/16", 366), ("2016/17", 365), ("2023/24", 366), ("2024/25", 365)] {
            assert_eq!(text.parse::<FinancialYear>().unwrap().days(), days, "{text}");
        }
    }

    #[test]
    fn a_year_that_does_not_follow_is_refused() {
        assert!("2015/17".parse::<FinancialYear>().is_err());
        assert!("2015-16".parse::<FinancialYear>().is_err());
        assert_eq!("1999/00".parse::<FinancialYear>().unwrap().to_string(), "1999/00");
    }
}
