//! How long an item has taken, for whoever told it and for the officers.

use hearth_projections::Pause;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::rules::working_days::working_days_between;
use crate::views::{british_day, start_of_day};

/// How long an item has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The last working day of the service standard.
    pub due_on: Date,
    /// Working days since then; none where there is time left, or there was when it was done.
    pub overdue_working_days: u32,
    /// How long whoever told it has waited. This never pauses.
    pub elapsed: SignedDuration,
    /// How long officers could have gone on with it: not while it was put off, or somebody outside was asked.
    pub with_officers: SignedDuration,
}

impl Times {
    /// From receipt to the outcome, or to now where there is none yet.
    pub fn of(received_at: Timestamp, due_on: Date, pauses: &[Pause], end: Timestamp) -> Self {
        let elapsed = between(received_at, end);
        let waited = pauses.iter().fold(SignedDuration::ZERO, |all, it| all + paused(it, end));
        let overdue = working_days_between(due_on, british_day(end)).max(0);
        Self {
            due_on,
            overdue_working_days: u32::try_from(overdue).unwrap_or_default(),
            elapsed,
            with_officers: (elapsed - waited).max(SignedDuration::ZERO),
        }
    }
}

/// How long a pause lasted: until something was done, or its day was there.
fn paused(pause: &Pause, end: Timestamp) -> SignedDuration {
    let over = pause.back_on.map_or(Timestamp::MAX, start_of_day);
    between(pause.from, pause.to.unwrap_or(end).min(over).min(end))
}

fn between(from: Timestamp, to: Timestamp) -> SignedDuration {
    to.duration_since(from).max(SignedDuration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_submitters_time_never_pauses_and_the_officers_does() {
        let pause = |from, back_on, to: Option<&str>| Pause { from: at(from), back_on: Some(back_on), to: to.map(at) };
        let pauses = [
            pause("2016-01-04T12:00:00Z", date(2016, 1, 8), Some("2016-01-05T12:00:00Z")),
            pause("2016-01-11T00:00:00Z", date(2016, 1, 13), None),
        ];
        let due = date(2016, 1, 15);
        let received = at("2016-01-04T00:00:00Z");
        let times = Times::of(received, due, &pauses, at("2016-01-12T00:00:00Z"));
        assert_eq!((times.elapsed.as_hours(), times.with_officers.as_hours()), (8 * 24, 6 * 24));
        assert_eq!(times.overdue_working_days, 0);
        let later = Times::of(received, due, &pauses, at("2016-01-20T00:00:00Z"));
        assert_eq!(later.with_officers.as_hours(), 16 * 24 - 24 - 48, "the second was over by itself on its day");
        assert_eq!(later.overdue_working_days, 3, "Monday to Wednesday");
    }
}
