//! What waits for officers: the workload at an instant.

use std::collections::BTreeMap;

use hearth_events::{AccountRef, NotificationRef, ReasonCode};
use hearth_projections::{Workload, WorkloadRow, done_in_queue, instant_key, queue_key};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::register::{body, count as sql_count};

/// The workload at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadReport {
    /// The instant.
    pub as_of: Timestamp,
    /// What waits, by queue.
    pub queues: Vec<QueueLoad>,
    /// What waits, by reason; an item with several reasons counts for each.
    pub by_reason: Vec<ReasonLoad>,
    /// Notifications received up to then.
    pub received: u64,
    /// Notifications that had their outcome by then.
    pub completed: u64,
}

/// What waits in one queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLoad {
    /// The queue.
    pub queue: String,
    /// How many items.
    pub open: u64,
    /// How many of them should have been dealt with by the day before.
    pub overdue: u64,
    /// When the oldest came.
    pub oldest_received: Timestamp,
    /// How many days they have waited on average, to one decimal.
    #[serde(with = "rust_decimal::serde::float")]
    pub average_age_days: Decimal,
    /// What they are estimated to take together. Not money: a number in JSON.
    #[serde(with = "rust_decimal::serde::float")]
    pub minutes_estimated: Decimal,
}

/// What waits for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonLoad {
    /// The reason.
    pub code: ReasonCode,
    /// How many items.
    pub open: u64,
}

/// The day in Great Britain at an instant. The rule of summer time has been the same since 1996, so no database is asked.
pub fn british_day(instant: Timestamp) -> Date {
    instant.to_zoned(british_time()).date()
}

/// The first instant of a day in Great Britain.
pub(crate) fn start_of_day(day: Date) -> Timestamp {
    day.to_zoned(british_time()).map_or(Timestamp::MAX, |it| it.timestamp())
}

fn british_time() -> TimeZone {
    TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0").unwrap_or(TimeZone::UTC)
}

/// A queue as it counts for what is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueCount {
    /// How many items stand before it.
    pub ahead: u64,
    /// How many officers completed.
    pub completed: u64,
}

pub(super) fn queue(conn: &Connection, queue: &str, place: &str, since: Date) -> rusqlite::Result<QueueCount> {
    // Counted in the index alone, between two of its keys.
    let mut count = conn.prepare_cached("SELECT count(*) FROM links WHERE name = ?1 AND value >= ?2 AND value < ?3")?;
    let (first, last) = (queue_key(queue), format!("{}~", queue_key(queue)));
    let begin = done_in_queue(queue, start_of_day(since));
    Ok(QueueCount {
        ahead: count.query_row(params![Workload::PLACE, first, place], sql_count)?,
        completed: count.query_row(params![Workload::DONE, begin, last], sql_count)?,
    })
}

pub(super) fn linked_with(conn: &Connection, references: &[NotificationRef]) -> rusqlite::Result<Vec<NotificationRef>> {
    let mut find = conn.prepare_cached("SELECT key FROM links WHERE name = ?1 AND value = ?2 ORDER BY key")?;
    let mut linked = Vec::new();
    for reference in references {
        let keys = find.query_map(params![Workload::LINKED, reference.as_str()], |row| row.get::<_, String>(0))?;
        for key in keys {
            linked.extend(key?.parse::<NotificationRef>().ok().filter(|it| !linked.contains(it)));
        }
    }
    Ok(linked)
}

pub(super) fn awaiting_confirmation(
    conn: &Connection,
) -> rusqlite::Result<Vec<(NotificationRef, Date, Vec<AccountRef>)>> {
    let mut find = conn.prepare_cached(
        "SELECT r.body FROM links l JOIN rows r ON r.key = l.key WHERE l.name = ?1 ORDER BY l.value, l.key",
    )?;
    let rows = find.query_map([Workload::CONFIRMATION], |row| body::<WorkloadRow>(row.get_ref(0)?.as_bytes()?))?;
    let waiting = |row: WorkloadRow| {
        let referral = row.referral?;
        Some((row.reference, referral.work.back_on?, referral.asked))
    };
    rows.filter_map(|row| row.map(waiting).transpose()).collect()
}

pub(super) fn report(conn: &Connection, as_of: Timestamp) -> rusqlite::Result<WorkloadReport> {
    let until = instant_key(as_of);
    let count = |index: &str| {
        conn.prepare_cached("SELECT count(*) FROM links WHERE name = ?1 AND value <= ?2")?
            .query_row(params![index, until], sql_count)
    };
    // What was open then is open now, or was completed since.
    let mut find = conn.prepare_cached(
        "SELECT r.body FROM links l JOIN rows r ON r.key = l.key WHERE l.name = ?1
         UNION ALL
         SELECT r.body FROM links l JOIN rows r ON r.key = l.key WHERE l.name = ?2 AND l.value > ?3",
    )?;
    let mut tally = Tally::default();
    let mut rows = find.query(params![Workload::OPEN, Workload::COMPLETED, until])?;
    while let Some(row) = rows.next()? {
        tally.add(&body(row.get_ref(0)?.as_bytes()?)?, as_of);
    }
    let (received, completed) = (count(Workload::RECEIVED)?, count(Workload::COMPLETED)?);
    Ok(tally.report(as_of, received, completed))
}

#[derive(Default)]
struct Tally {
    queues: BTreeMap<String, Load>,
    reasons: BTreeMap<ReasonCode, u64>,
}

#[derive(Default)]
struct Load {
    open: u64,
    overdue: u64,
    oldest: Option<Timestamp>,
    seconds: i64,
    minutes: Decimal,
}

impl Tally {
    fn add(&mut self, row: &WorkloadRow, as_of: Timestamp) {
        let Some(referral) = row.referral.as_ref().filter(|_| row.is_open_at(as_of)) else { return };
        let load = self.queues.entry(referral.queue.clone()).or_default();
        load.open += 1;
        load.overdue += u64::from(referral.due_on < british_day(as_of));
        load.oldest = Some(load.oldest.map_or(row.received_at, |it| it.min(row.received_at)));
        load.seconds += as_of.duration_since(row.received_at).as_secs();
        load.minutes += referral.minutes_estimated;
        for reason in &row.reasons {
            *self.reasons.entry(*reason).or_default() += 1;
        }
    }

    fn report(self, as_of: Timestamp, received: u64, completed: u64) -> WorkloadReport {
        let queue = |(queue, load): (String, Load)| QueueLoad {
            queue,
            open: load.open,
            overdue: load.overdue,
            oldest_received: load.oldest.unwrap_or(as_of),
            average_age_days: average_days(load.seconds, load.open),
            minutes_estimated: load.minutes,
        };
        WorkloadReport {
            as_of,
            queues: self.queues.into_iter().map(queue).collect(),
            by_reason: self.reasons.into_iter().map(|(code, open)| ReasonLoad { code, open }).collect(),
            received,
            completed,
        }
    }
}

/// The average of so many waits in days, to one decimal.
fn average_days(seconds: i64, waits: u64) -> Decimal {
    let days = Decimal::from(seconds).checked_div(Decimal::from(waits) * Decimal::from(86_400)).unwrap_or_default();
    let mut days = days.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    days.rescale(1);
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_changes_at_midnight_in_great_britain() {
        let day = |text: &str| british_day(text.parse().unwrap());
        assert_eq!(day("2016-06-30T23:30:00Z"), date(2016, 7, 1), "summer time");
        assert_eq!(day("2016-01-31T23:30:00Z"), date(2016, 1, 31));
        assert_eq!(day("2016-03-27T00:59:59Z"), date(2016, 3, 27));
        assert_eq!(start_of_day(date(2016, 7, 1)).to_string(), "2016-06-30T23:00:00Z");
        assert_eq!(start_of_day(date(2016, 10, 31)).to_string(), "2016-10-31T00:00:00Z");
    }

    #[test]
    fn an_average_has_one_decimal() {
        assert_eq!(average_days(86_400 * 7, 2).to_string(), "3.5");
        assert_eq!(average_days(86_400 * 4, 2).to_string(), "2.0");
        assert_eq!(average_days(0, 0).to_string(), "0.0");
    }
}
