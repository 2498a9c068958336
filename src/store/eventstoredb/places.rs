//! Which position of the log is which place in `$all`.
//!
//! A position is the number of an event among Hearth's own in the order of `$all`, from 1 without gaps, as everywhere
//! else. That order never changes, so every process that counts comes to the same numbers; a file beside the keys keeps
//! what has been counted, both halves of each place with it. It is derived: deleted, it is counted again.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hearth_events::Position;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::super::StoreError;

/// A place in `$all`: both halves of what the server calls a position. Ordered as the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) commit: u64,
    pub(super) prepare: u64,
}

/// An event that has been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) position: Position,
    pub(super) place: Place,
    /// When it was recorded, or when an event before it was, whichever is later: recorded times never run backwards.
    pub(super) recorded_at: Timestamp,
}

/// How far somebody has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// The last record of `$all` that was looked at, ours or not; none before the first.
    pub(super) scanned: Option<Place>,
    /// The last event counted.
    pub(super) position: Position,
    /// The latest time of recording.
    pub(super) recorded_at: Timestamp,
}

/// The file.
pub(super) struct Places(Mutex<Connection>);

impl Places {
    /// Opens the file, making it where there is none.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(dir).map_err(|error| unusable(&error))?;
        let conn = Connection::open(dir.join("places.sqlite")).map_err(|error| unusable(&error))?;
        // Nothing is lost that cannot be counted again, so no write waits for the disk.
        conn.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             PRAGMA busy_timeout = 10000;
             CREATE TABLE IF NOT EXISTS place (
                 position INTEGER PRIMARY KEY,
                 commit_at INTEGER NOT NULL,
                 prepare_at INTEGER NOT NULL,
                 recorded_at TEXT NOT NULL,
                 UNIQUE (commit_at, prepare_at)
             ) STRICT;
             CREATE TABLE IF NOT EXISTS scanned (
                 id INTEGER PRIMARY KEY CHECK (id = 1),
                 commit_at INTEGER NOT NULL,
                 prepare_at INTEGER NOT NULL
             ) STRICT;",
        )
        .map_err(|error| unusable(&error))?;
        Ok(Self(Mutex::new(conn)))
    }

    /// How far the file has got, with this process or before it.
    pub(super) fn standing(&self) -> Result<Standing, StoreError> {
        let mut conn = self.conn();
        let read = |conn: &mut Connection| {
            let snapshot = conn.transaction()?;
            let scanned = snapshot
                .query_row("SELECT commit_at, prepare_at FROM scanned", [], |row| place_in(row, 0))
                .optional()?;
            let last =
                snapshot.query_row(&format!("{COUNTED} ORDER BY position DESC LIMIT 1"), [], counted_in).optional()?;
            Ok(Standing {
                scanned,
                position: last.map_or(Position::START, |it| it.position),
                recorded_at: last.map_or(Timestamp::MIN, |it| it.recorded_at),
            })
        };
        read(&mut conn).map_err(|error: rusqlite::Error| unusable(&error))
    }

    /// Keeps what has been counted. Another process may have counted the same; it has come to the same.
    pub(super) fn keep(&self, counted: &[Counted], scanned: Place) -> Result<(), StoreError> {
        let mut conn = self.conn();
        let write = |conn: &mut Connection| {
            let all = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            {
                let mut insert = all.prepare_cached("INSERT OR IGNORE INTO place VALUES (?1, ?2, ?3, ?4)")?;
                for it in counted {
                    let place = (sql(it.place.commit)?, sql(it.place.prepare)?);
                    insert.execute(params![sql(it.position.0)?, place.0, place.1, it.recorded_at.to_string()])?;
                }
            }
            all.execute(
                "INSERT INTO scanned VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE SET commit_at = ?1, prepare_at = ?2
                 WHERE (commit_at, prepare_at) < (?1, ?2)",
                params![sql(scanned.commit)?, sql(scanned.prepare)?],
            )?;
            let held = match counted.last() {
                Some(last) => all
                    .query_row(&format!("{COUNTED} WHERE position = ?1"), [sql(last.position.0)?], counted_in)
                    .optional()?,
                None => None,
            };
            all.commit()?;
            Ok(held)
        };
        let held = write(&mut conn).map_err(|error: rusqlite::Error| unusable(&error))?;
        match (counted.last(), held) {
            (Some(last), Some(held)) if *last != held => Err(StoreError::Wrong(format!(
                "the event at position {} is not where it was: the event store has lost or changed what it held, or this data directory belongs to another; restore it from its backup, or give another --data",
                last.position
            ))),
            (_, _) => Ok(()),
        }
    }

    /// The event at a place, where it has been counted.
    pub(super) fn at(&self, place: Place) -> Result<Option<Counted>, StoreError> {
        let conn = self.conn();
        let read = || {
            conn.prepare_cached(&format!("{COUNTED} WHERE commit_at = ?1 AND prepare_at = ?2"))?
                .query_row(params![sql(place.commit)?, sql(place.prepare)?], counted_in)
                .optional()
        };
        read().map_err(|error| unusable(&error))
    }

    /// The event at a position, where it has been counted.
    pub(super) fn of(&self, position: Position) -> Result<Option<Counted>, StoreError> {
        let conn = self.conn();
        let read = || {
            conn.prepare_cached(&format!("{COUNTED} WHERE position = ?1"))?
                .query_row([sql(position.0)?], counted_in)
                .optional()
        };
        read().map_err(|error| unusable(&error))
    }

    fn conn(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const COUNTED: &str = "SELECT position, commit_at, prepare_at, recorded_at FROM place";

fn counted_in(row: &rusqlite::Row<'_>) -> rusqlite::Result<Counted> {
    let recorded_at: String = row.get(3)?;
    Ok(Counted {
        position: Position(number(row, 0)?),
        place: place_in(row, 1)?,
        recorded_at: recorded_at.parse().map_err(|error: jiff::Error| {
            rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, error.into())
        })?,
    })
}

fn place_in(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Place> {
    Ok(Place { commit: number(row, first)?, prepare: number(row, first + 1)? })
}

fn number(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let held: i64 = row.get(column)?;
    u64::try_from(held).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, held))
}

fn sql(number: u64) -> rusqlite::Result<i64> {
    i64::try_from(number).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn unusable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("the file of positions in the data directory cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(position: u64, commit: u64) -> Counted {
        let recorded_at = "2026-11-23T09:00:00.25Z".parse().unwrap();
        Counted { position: Position(position), place: Place { commit, prepare: commit - 1 }, recorded_at }
    }

    #[test]
    fn both_halves_of_a_place_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::open(dir.path()).unwrap();
        assert_eq!(places.standing().unwrap().scanned, None);
        let scanned = Place { commit: 900, prepare: 900 };
        places.keep(&[counted(1, 80), counted(2, 400)], scanned).unwrap();
        drop(places);
        let places = Places::open(dir.path()).unwrap();
        let standing = places.standing().unwrap();
        assert_eq!((standing.scanned, standing.position), (Some(scanned), Position(2)));
        assert_eq!(places.at(Place { commit: 80, prepare: 79 }).unwrap(), Some(counted(1, 80)));
        assert_eq!(places.at(Place { commit: 80, prepare: 80 }).unwrap(), None);
        assert_eq!(places.of(Position(2)).unwrap(), Some(counted(2, 400)));
    }

    #[test]
    fn another_process_may_have_counted_the_same_but_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (Places::open(dir.path()).unwrap(), Places::open(dir.path()).unwrap());
        let at = |commit| Place { commit, prepare: commit };
        one.keep(&[counted(1, 80), counted(2, 400)], at(900)).unwrap();
        other.keep(&[counted(1, 80)], at(100)).unwrap();
        assert_eq!(one.standing().unwrap().scanned, Some(at(900)));
        assert!(matches!(other.keep(&[counted(1, 81)], at(100)), Err(StoreError::Wrong(_))));
    }
}
