//! The clock: the one place that reads the time.

use std::sync::Mutex;

use hearth_events::LogClock;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The clock of a log: the machine's, or one that follows what is submitted.
#[derive(Debug)]
pub struct Clock {
    kind: LogClock,
    latest: Mutex<Timestamp>,
}

impl Clock {
    /// A clock of this kind that has been shown `latest`.
    pub fn new(kind: LogClock, latest: Timestamp) -> Self {
        Self { kind, latest: Mutex::new(latest) }
    }

    /// Which clock it is.
    pub fn kind(&self) -> LogClock {
        self.kind
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        match self.kind {
            LogClock::System => system_now(),
            LogClock::File => self.latest.lock().map_or(Timestamp::UNIX_EPOCH, |latest| *latest),
        }
    }

    /// Something was received at `instant`: a simulated clock moves there, and never back.
    pub fn observe(&self, instant: Timestamp) {
        if let Ok(mut latest) = self.latest.lock() {
            *latest = (*latest).max(instant);
        }
    }
}

/// The machine's clock, to the millisecond.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the time")]
pub fn system_now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// The civil day of an instant in England.
pub fn day_in_england(instant: Timestamp) -> Date {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    instant.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summer_evening_in_utc_is_the_next_day_in_england() {
        let instant: Timestamp = "2015-07-31T23:30:00Z".parse().unwrap();
        assert_eq!(day_in_england(instant).to_string(), "2015-08-01");
    }

    #[test]
    fn a_simulated_clock_follows_and_never_goes_back() {
        let clock = Clock::new(LogClock::File, "2015-12-01T00:00:00Z".parse().unwrap());
        clock.observe("2015-12-02T00:00:00Z".parse().unwrap());
        clock.observe("2015-11-01T00:00:00Z".parse().unwrap());
        assert_eq!(clock.now().to_string(), "2015-12-02T00:00:00Z");
    }
}
