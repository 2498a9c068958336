//! What readers ask: the views, kept beside the log and never waited for by it.
//!
//! Each projection of [`hearth_projections`] has a file of its own. Rows and checkpoint move in one transaction, in which
//! the checkpoint is read first, so that every event is applied exactly once however many processes work on a directory.
//! The list of projections is in `register.rs`; [`run_workers`] keeps the views up to date; [`rebuild()`] builds them anew
//! beside the live ones.

mod error;
mod expiries;
mod figures;
mod file;
mod fold;
mod hot;
mod items;
mod listing;
mod places;
mod reading;
mod rebuild;
mod recovery;
mod refunds;
mod register;
mod samples;
mod workers;
mod workload;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hearth_events::{AccountRef, NotificationRef, Position, Priority, Status, StreamName, Uprn};
use hearth_projections::{
    Accounts, DwellingState, Projection, Reversal, Workload, WorkloadRow, place_in_queue, place_key,
};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

pub use error::{FollowError, ViewError};
pub use figures::SavingsRows;
use file::View;
pub(crate) use fold::{Held, decode_batch, named_stream};
pub use items::{Assigned, Place, Sort, WorkItem, WorkItemFilter};
pub use places::Listed;
pub use rebuild::{Rebuilt, rebuild};
pub use recovery::{HeldAccount, Wanted};
pub(crate) use register::{Digests, InMemory, Memory, PROJECTIONS, digests, held_streams};
use register::{body, row};
pub use samples::{Sample, Waiting};
pub(crate) use workers::BATCH;
pub use workers::{catch_up, run_workers};
pub(crate) use workload::start_of_day;
pub use workload::{QueueCount, QueueLoad, ReasonLoad, WorkloadReport, british_day};

/// How often a view that another process keeps up to date is looked at.
const POLL: Duration = Duration::from_millis(2);

/// Every view of one log in one directory. Cheap to clone; all reads are short.
#[derive(Clone)]
pub struct Views {
    all: Arc<[Arc<View>]>,
}

/// A stream that a view holds, because of an event that cannot be read or does not fit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Parked {
    /// The view.
    pub projection: String,
    /// The stream.
    pub stream: StreamName,
    /// The first event that was not applied.
    pub position: Position,
    /// Why.
    pub reason: String,
}

impl Views {
    /// Opens the views in `dir` for the log called `log_id`, and begins those that are not there.
    ///
    /// # Errors
    /// When the directory cannot be used.
    pub fn open(dir: &Path, log_id: &str) -> Result<Self, ViewError> {
        fs::create_dir_all(dir).map_err(|error| ViewError::io("views", dir, &error))?;
        let all: Result<Vec<_>, _> = PROJECTIONS.iter().map(|it| View::open(dir, log_id, *it).map(Arc::new)).collect();
        Ok(Self { all: all?.into() })
    }

    /// The dwelling of this number; none where the view has not heard of it.
    ///
    /// # Errors
    /// As every read here: when the view cannot be read.
    pub fn dwelling(&self, uprn: &Uprn) -> Result<Option<DwellingState>, ViewError> {
        self.view(Accounts::NAME)?.read(|conn| row(conn, uprn.as_str()))
    }

    /// The dwelling that this account is on.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn dwelling_of_account(&self, account: &AccountRef) -> Result<Option<Arc<DwellingState>>, ViewError> {
        self.view(Accounts::NAME)?.read_row(account.as_str(), |conn| {
            conn.prepare_cached(
                "SELECT r.body FROM links l JOIN rows r ON r.key = l.key WHERE l.name = ?1 AND l.value = ?2 LIMIT 1",
            )?
            .query_row(params![Accounts::ACCOUNT, account.as_str()], |row| body(row.get_ref(0)?.as_blob()?))
            .optional()
        })
    }

    /// The number of the dwelling that this account is on.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn uprn_of_account(&self, account: &AccountRef) -> Result<Option<Uprn>, ViewError> {
        Ok(self.uprns(Accounts::ACCOUNT, account.as_str())?.into_iter().next())
    }

    /// The dwellings that the council calls so; one, unless its records are wrong.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn uprn_of_property_reference(&self, reference: &str) -> Result<Vec<Uprn>, ViewError> {
        self.uprns(Accounts::PROPERTY_REFERENCE, reference)
    }

    /// The dwellings at this address, however it is typed.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn uprns_at(&self, address: &str, postcode: &str) -> Result<Vec<Uprn>, ViewError> {
        self.uprns_of_place(&place_key(address, postcode))
    }

    /// The dwellings at a place, see [`place_key`].
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn uprns_of_place(&self, place: &str) -> Result<Vec<Uprn>, ViewError> {
        self.uprns(Accounts::PLACE, place)
    }

    /// The dwellings of a postcode, however it is typed, with their addresses, in the order of these; at most `limit`.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn dwellings_at_postcode(&self, postcode: &str, limit: usize) -> Result<Vec<(Uprn, String)>, ViewError> {
        let within = place_key("", postcode);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found: Vec<(Uprn, DwellingState)> = self.view(Accounts::NAME)?.read(|conn| {
            conn.prepare_cached(
                "SELECT r.key, r.body FROM links l JOIN rows r ON r.key = l.key
                 WHERE l.name = ?1 AND l.value >= ?2 || ' ' AND l.value < ?2 || '!' ORDER BY l.value LIMIT ?3",
            )?
            .query_map(params![Accounts::PLACE, within, limit], |row| {
                Ok((uprn(row)?, body(row.get_ref(1)?.as_bytes()?)?))
            })?
            .collect()
        })?;
        let listed = found.into_iter().filter_map(|(uprn, it)| it.listing.map(|it| (uprn, it.address)));
        Ok(listed.collect())
    }

    /// The next dwellings in the order of their numbers as text, for scans.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn dwellings_after(&self, after: Option<&Uprn>, limit: usize) -> Result<Vec<(Uprn, DwellingState)>, ViewError> {
        let after = after.map_or("", Uprn::as_str);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.view(Accounts::NAME)?.read(|conn| {
            conn.prepare_cached("SELECT key, body FROM rows WHERE key > ?1 ORDER BY key LIMIT ?2")?
                .query_map(params![after, limit], |row| Ok((uprn(row)?, body(row.get_ref(1)?.as_bytes()?)?)))?
                .collect()
        })
    }

    /// Notifications that were received and have no outcome yet, at most `limit`.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn undecided(&self, limit: usize) -> Result<Vec<NotificationRef>, ViewError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.view(Workload::NAME)?.read(|conn| {
            conn.prepare_cached("SELECT key FROM links WHERE name = ?1 AND value = '' ORDER BY key LIMIT ?2")?
                .query_map(params![Workload::UNDECIDED, limit], |row| row.get::<_, String>(0))?
                .filter_map(|key| key.map(|key| key.parse().ok()).transpose())
                .collect()
        })
    }

    /// The earliest notification before `position` that told the very same, and was neither sent back nor reversed.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn told_before(&self, told: &str, position: Position) -> Result<Option<NotificationRef>, ViewError> {
        let rows: Vec<WorkloadRow> = self.view(Workload::NAME)?.read(|conn| found(conn, Workload::TOLD, told))?;
        let stands = |it: &WorkloadRow| match it.status {
            Status::Applied => it.reversal != Reversal::Done,
            Status::Received | Status::Referred | Status::AwaitingEvidence | Status::Duplicate => true,
            Status::Rejected | Status::Withdrawn => false,
        };
        let earlier = rows.into_iter().filter(|it| it.position < position && stands(it));
        Ok(earlier.min_by_key(|it| it.position).map(|it| it.reference))
    }

    /// What waits for an officer and lays claim to a dwelling.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn claims_on(&self, uprn: &Uprn) -> Result<Vec<WorkloadRow>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| found(conn, Workload::CLAIM, uprn.as_str()))
    }

    /// The notifications that are linked with one of these, or wait linked by it.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn linked_with(&self, references: &[NotificationRef]) -> Result<Vec<NotificationRef>, ViewError> {
        self.view(Workload::NAME)?.read(|conn| workload::linked_with(conn, references))
    }

    /// How many items officers come to before one of this priority that came then, and how many they completed since.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn queue(
        &self,
        queue: &str,
        (priority, received_at): (Priority, Timestamp),
        since: Date,
    ) -> Result<QueueCount, ViewError> {
        self.view(Workload::NAME)?
            .read(|conn| workload::queue(conn, queue, &place_in_queue(queue, priority, received_at), since))
    }

    /// What waits for somebody's confirmation: the notifications, with the first day on which that is over and the accounts
    /// whose liable persons were asked.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn awaiting_confirmation(&self) -> Result<Vec<(NotificationRef, Date, Vec<AccountRef>)>, ViewError> {
        self.view(Workload::NAME)?.read(workload::awaiting_confirmation)
    }

    /// What waited for officers at an instant.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn workload(&self, as_of: Timestamp) -> Result<WorkloadReport, ViewError> {
        self.view(Workload::NAME)?.read(|conn| {
            let snapshot = conn.unchecked_transaction()?;
            workload::report(&snapshot, as_of)
        })
    }

    /// The version of the queue, which changes with everything that happens to a notification: what shows it waits here and
    /// then reads again. Woken by the workers of this process, whoever did it.
    ///
    /// # Errors
    /// As [`Views::checkpoint`].
    pub fn queue_changes(&self) -> Result<watch::Receiver<Position>, ViewError> {
        Ok(self.view(Workload::NAME)?.changes())
    }

    /// How far a view has come.
    ///
    /// # Errors
    /// When there is no such projection, or as [`Views::dwelling`].
    pub fn checkpoint(&self, projection: &str) -> Result<Position, ViewError> {
        self.view(projection)?.read_state(checkpoint_at)
    }

    /// Waits until a view has come to `position`; false where it has not within `deadline`.
    ///
    /// # Errors
    /// As [`Views::checkpoint`].
    pub async fn wait_for(&self, projection: &str, position: Position, deadline: Duration) -> Result<bool, ViewError> {
        let end = Instant::now() + deadline;
        let mut progress = self.view(projection)?.progress();
        loop {
            progress.mark_unchanged();
            if self.checkpoint(projection)? >= position {
                return Ok(true);
            }
            if Instant::now() >= end {
                return Ok(false);
            }
            tokio::select! {
                _ = timeout_at(end, progress.changed()) => {}
                () = sleep_until((Instant::now() + POLL).min(end)) => {}
            }
        }
    }

    /// Every stream that any view holds.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn parked(&self) -> Result<Vec<Parked>, ViewError> {
        let mut parked = Vec::new();
        for view in self.all() {
            let held = view.read_state(held_streams)?;
            parked.extend(held.into_iter().map(|(stream, held)| Parked {
                projection: view.name().to_owned(),
                stream: StreamName::named(&stream),
                position: held.position,
                reason: held.reason,
            }));
        }
        Ok(parked)
    }

    /// The names of the projections there are.
    pub fn projections() -> Vec<&'static str> {
        PROJECTIONS.iter().map(|it| it.name()).collect()
    }

    pub(crate) fn all(&self) -> &[Arc<View>] {
        &self.all
    }

    pub(crate) fn view(&self, projection: &str) -> Result<&Arc<View>, ViewError> {
        self.all
            .iter()
            .find(|it| it.name() == projection)
            .ok_or_else(|| ViewError::Unknown { name: projection.to_owned(), known: Self::projections().join(", ") })
    }

    fn uprns(&self, index: &str, value: &str) -> Result<Vec<Uprn>, ViewError> {
        self.view(Accounts::NAME)?.read(|conn| {
            conn.prepare_cached("SELECT key FROM links WHERE name = ?1 AND value = ?2 ORDER BY key")?
                .query_map(params![index, value], uprn)?
                .collect()
        })
    }
}

impl std::fmt::Debug for Views {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Views").field("projections", &Self::projections()).finish_non_exhaustive()
    }
}

/// How far a view has come.
pub(crate) fn checkpoint_at(conn: &Connection) -> rusqlite::Result<Position> {
    Ok(file::checkpoint(conn)?.0)
}

/// A list of references as a query takes it.
fn list<T: serde::Serialize>(of: &BTreeSet<T>) -> String {
    serde_json::to_string(of).unwrap_or_else(|_| "[]".to_owned())
}

/// The key of a row of accounts, which is the first column.
fn uprn(row: &rusqlite::Row<'_>) -> rusqlite::Result<Uprn> {
    let key = row.get_ref(0)?.as_str()?;
    key.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            0,
            rusqlite::types::Type::Text,
            Box::<hearth_events::NotAReference>::new(error),
        )
    })
}

/// The rows that an index finds under a value.
fn found<T: serde::de::DeserializeOwned>(conn: &Connection, index: &str, value: &str) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached("SELECT r.body FROM links l JOIN rows r ON r.key = l.key WHERE l.name = ?1 AND l.value = ?2")?
        .query_map(params![index, value], |row| body(row.get_ref(0)?.as_blob()?))?
        .collect()
}
