//! Half-open periods of civil days.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days from `from` up to, but not including, `to`; open where `to` is none.
///
/// The day somebody leaves is the first day that is no longer theirs: liability is decided on the state of affairs
/// at the end of each day (Local Government Finance Act 1992 s.2(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first day in.
    pub from: Date,
    /// The first day out, or none while it lasts.
    pub to: Option<Date>,
}

impl Period {
    /// A period that has not ended.
    pub fn starting(from: Date) -> Self {
        Self { from, to: None }
    }

    /// Whether no day lies in it.
    pub fn is_empty(self) -> bool {
        self.to.is_some_and(|to| to <= self.from)
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Whether it has not ended by `day`.
    pub fn goes_beyond(self, day: Date) -> bool {
        self.to.is_none_or(|to| to > day)
    }

    /// The days in both, or none where there is no such day.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let to = match (self.to, other.to) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let both = Self { from: self.from.max(other.from), to };
        (!both.is_empty()).then_some(both)
    }

    /// How many days lie in it; none while it is open.
    pub fn days(self) -> Option<i32> {
        self.to.map(|to| (to - self.from).get_days().max(0))
    }

    /// The same period, ended on `to` where it would have gone on beyond.
    #[must_use]
    pub fn ended(self, to: Date) -> Self {
        Self { from: self.from, to: Some(self.to.map_or(to, |end| end.min(to)).max(self.from)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_of_leaving_is_not_in_it() {
        let period = Period { from: date(2015, 4, 1), to: Some(date(2015, 4, 3)) };
        assert!(period.contains(date(2015, 4, 2)));
        assert!(!period.contains(date(2015, 4, 3)));
        assert_eq!(period.days(), Some(2));
    }

    #[test]
    fn what_ends_on_a_day_does_not_go_beyond_it() {
        let period = Period { from: date(2015, 4, 1), to: Some(date(2015, 4, 3)) };
        assert_eq!([1, 2, 3, 4].map(|day| period.goes_beyond(date(2015, 4, day))), [true, true, false, false]);
        assert!(Period::starting(date(2015, 4, 1)).goes_beyond(date(2099, 1, 1)));
    }

    #[test]
    fn periods_that_only_touch_share_no_day() {
        let first = Period { from: date(2015, 4, 1), to: Some(date(2015, 5, 1)) };
        assert_eq!(first.intersection(Period::starting(date(2015, 5, 1))), None);
        assert!(first.intersection(Period::starting(date(2015, 4, 30))).is_some());
    }
}
