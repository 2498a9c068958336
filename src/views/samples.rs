//! What figures of the queue are made from: what waits, what was completed, what was checked, what is still to be.

use std::collections::BTreeMap;

use hearth_events::{NotificationRef, Uprn};
use hearth_projections::{Accounts, Projection, WorkStatus, Workload, WorkloadRow, instant_key};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::listing::nanoseconds;
use super::register::{body, count, row};
use super::workload::{british_day, start_of_day};
use super::{ViewError, Views};

/// One item that waits, as far as figures need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whose work it is.
    pub queue: String,
    /// When it came.
    pub received_at: Timestamp,
    /// The last working day of the service standard.
    pub due_on: Date,
    /// How far it had come when it last changed.
    pub pended: bool,
}

/// A decision that is to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Where it stands in the sample: what a page that follows begins after.
    pub place: String,
    /// The notification.
    pub row: WorkloadRow,
}

impl Views {
    /// Every item that waits at an instant; read from the list alone.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn waiting(&self, at: Timestamp) -> Result<Vec<Waiting>, ViewError> {
        let today = british_day(at).to_string();
        self.view(Workload::NAME)?.read(|conn| {
            let mut find =
                conn.prepare_cached("SELECT queue, received, due, work, back_on FROM listed WHERE done = 0")?;
            let pending: Vec<_> = WorkStatus::ALL.iter().filter(|it| it.comes_back()).map(|it| it.as_str()).collect();
            let rows = find.query_map([], |row| {
                let (received, due): (i64, String) = (row.get(1)?, row.get(2)?);
                let back_on: Option<String> = row.get(4)?;
                let is_pended = pending.contains(&row.get_ref(3)?.as_str()?);
                Ok(Waiting {
                    queue: row.get(0)?,
                    received_at: Timestamp::from_nanosecond(received.into()).unwrap_or(at),
                    due_on: due.parse().unwrap_or_default(),
                    pended: is_pended && back_on.is_none_or(|it| it > today),
                })
            })?;
            rows.collect()
        })
    }

    /// How many items came on the days from `from` up to, but not including, `to`, by queue.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn received_between(&self, from: Date, to: Date) -> Result<BTreeMap<String, u64>, ViewError> {
        let (from, to) = (nanoseconds(start_of_day(from)), nanoseconds(start_of_day(to)));
        self.view(Workload::NAME)?.read(|conn| {
            let mut find = conn.prepare_cached(
                "SELECT count(*), queue FROM listed INDEXED BY listed_by_received
                 WHERE done IN (0, 1) AND received >= ?1 AND received < ?2 GROUP BY queue",
            )?;
            find.query_map(params![from, to], |row| Ok((row.get(1)?, count(row)?)))?.collect()
        })
    }

    /// What had its outcome on the days from `from` up to, but not including, `to`.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn completed_between(&self, from: Date, to: Date) -> Result<Vec<WorkloadRow>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| between(conn, Workload::COMPLETED, from, to))
    }

    /// The decisions that were checked on the days from `from` up to, but not including, `to`.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn checked_between(&self, from: Date, to: Date) -> Result<Vec<WorkloadRow>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| between(conn, Workload::CHECKED, from, to))
    }

    /// The decisions that are to be checked where so many of a hundred are, and were not, in the order of their lots.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn samples(&self, percent: u8, after: Option<&str>, limit: usize) -> Result<Vec<Sample>, ViewError> {
        let end = if percent >= 100 { "~".to_owned() } else { format!("{percent:02} ") };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.view(Workload::NAME)?.read(|conn| {
            let mut find = conn.prepare_cached(
                "SELECT l.value || ' ' || l.key, r.body FROM links l JOIN rows r ON r.key = l.key
                 WHERE l.name = ?1 AND l.value < ?2 AND (l.value || ' ' || l.key) > ?3 ORDER BY l.value, l.key LIMIT ?4",
            )?;
            let rows = find.query_map(params![Workload::SAMPLE, end, after.unwrap_or_default(), limit], |row| {
                Ok(Sample { place: row.get(0)?, row: body(row.get_ref(1)?.as_bytes()?)? })
            })?;
            rows.collect()
        })
    }

    /// How many decisions are to be checked and were not.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn count_samples(&self, percent: u8) -> Result<u64, ViewError> {
        let end = if percent >= 100 { "~".to_owned() } else { format!("{percent:02} ") };
        self.view(Workload::NAME)?.read(|conn| {
            conn.prepare_cached("SELECT count(*) FROM links WHERE name = ?1 AND value < ?2")?
                .query_row(params![Workload::SAMPLE, end], count)
        })
    }

    /// The items that an order to many named.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn ordered_by(&self, order: &str) -> Result<Vec<NotificationRef>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| {
            conn.prepare_cached("SELECT key FROM links WHERE name = ?1 AND value = ?2 ORDER BY key")?
                .query_map(params![Workload::BULK, order], |row| row.get::<_, String>(0))?
                .filter_map(|key| key.map(|key| key.parse().ok()).transpose())
                .collect()
        })
    }

    /// The references of everything that waits, in order.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn all_waiting(&self) -> Result<Vec<NotificationRef>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| {
            conn.prepare_cached("SELECT key FROM listed WHERE done = 0")?
                .query_map([], |row| row.get::<_, String>(0))?
                .filter_map(|key| key.map(|key| key.parse().ok()).transpose())
                .collect()
        })
    }

    /// The notification as work, referred or not.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn workload_row(&self, reference: &NotificationRef) -> Result<Option<WorkloadRow>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| row(conn, reference.as_str()))
    }

    /// The addresses of dwellings with their postcodes, as far as the view has heard of them: for a page of a list.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn addresses(&self, uprns: &[Uprn]) -> Result<BTreeMap<Uprn, (String, String)>, ViewError> {
        self.view(Accounts::NAME)?.read(|conn| {
            let mut addresses = BTreeMap::new();
            for uprn in uprns {
                let state = row::<hearth_projections::DwellingState>(conn, uprn.as_str())?;
                let listing = state.and_then(|it| it.listing);
                addresses.extend(listing.map(|it| (uprn.clone(), (it.address, it.postcode))));
            }
            Ok(addresses)
        })
    }
}

fn between(conn: &Connection, index: &str, from: Date, to: Date) -> rusqlite::Result<Vec<WorkloadRow>> {
    let mut find = conn.prepare_cached(
        "SELECT r.body FROM links l JOIN rows r ON r.key = l.key
         WHERE l.name = ?1 AND l.value >= ?2 AND l.value < ?3 ORDER BY l.value, l.key",
    )?;
    let (from, to) = (instant_key(start_of_day(from)), instant_key(start_of_day(to)));
    find.query_map(params![index, from, to], |row| body(row.get_ref(0)?.as_bytes()?))?.collect()
}
