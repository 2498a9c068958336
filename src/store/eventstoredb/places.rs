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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) position: Position,
    pub(super) place: Place,
    pub(super) stream: String,
    pub(super) revision: u64,
    pub(super) id: String,
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
        std::fs::create_dir_all(dir).map_err(|error| unopened(&error))?;
        let conn = Connection::open(dir.join("places.sqlite")).map_err(|error| unopened(&error))?;
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
                 stream TEXT NOT NULL,
                 revision INTEGER NOT NULL,
                 id TEXT NOT NULL,
                 UNIQUE (stream, revision)
             ) STRICT;
             CREATE TABLE IF NOT EXISTS scanned (
                 id INTEGER PRIMARY KEY CHECK (id = 1),
                 commit_at INTEGER NOT NULL,
                 prepare_at INTEGER NOT NULL
             ) STRICT;",
        )
        .map_err(|error| unopened(&error))?;
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
            let last = snapshot.query_row(&format!("{COUNTED} {LAST}"), [], counted_in).optional()?;
            Ok(Standing {
                scanned,
                position: last.as_ref().map_or(Position::START, |it| it.position),
                recorded_at: last.map_or(Timestamp::MIN, |it| it.recorded_at),
            })
        };
        read(&mut conn).map_err(|error: rusqlite::Error| unusable(&error))
    }

    /// Keeps what has been counted. Another process may have counted the same; it has come to the same.
    pub(super) fn keep(&self, counted: &[Counted], scanned: Place) -> Result<(), StoreError> {
        let mut conn = self.conn();
        let all = conn
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(|error| unusable(&error))?;
        for it in counted {
            let insert = || {
                let numbers = (sql(it.position.0)?, sql(it.place.commit)?, sql(it.place.prepare)?, sql(it.revision)?);
                all.prepare_cached("INSERT INTO place VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING")?
                    .execute(params![
                        numbers.0,
                        numbers.1,
                        numbers.2,
                        it.recorded_at.to_string(),
                        it.stream,
                        numbers.3,
                        it.id
                    ])
            };
            if insert().map_err(|error| unusable(&error))? == 0 {
                let held = one(&all, "position = ?1", [it.position.0]).map_err(|error| unusable(&error))?;
                if held.as_ref() != Some(it) {
                    return Err(moved(it.position));
                }
            }
        }
        let end = || {
            all.execute(
                "INSERT INTO scanned VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE SET commit_at = ?1, prepare_at = ?2
                 WHERE (commit_at, prepare_at) < (?1, ?2)",
                params![sql(scanned.commit)?, sql(scanned.prepare)?],
            )
        };
        end().map_err(|error| unusable(&error))?;
        all.commit().map_err(|error| unusable(&error))
    }

    /// The event at a revision of a stream, where it has been counted.
    pub(super) fn at(&self, stream: &str, revision: u64) -> Result<Option<Counted>, StoreError> {
        let conn = self.conn();
        let read = || {
            conn.prepare_cached(&format!("{COUNTED} WHERE stream = ?1 AND revision = ?2"))?
                .query_row(params![stream, sql(revision)?], counted_in)
                .optional()
        };
        read().map_err(|error| unusable(&error))
    }

    /// The event at a position, where it has been counted.
    pub(super) fn of(&self, position: Position) -> Result<Option<Counted>, StoreError> {
        one(&self.conn(), "position = ?1", [position.0]).map_err(|error| unusable(&error))
    }

    /// The last event that has been counted.
    pub(super) fn last(&self) -> Result<Option<Counted>, StoreError> {
        let conn = self.conn();
        conn.query_row(&format!("{COUNTED} {LAST}"), [], counted_in).optional().map_err(|error| unusable(&error))
    }

    fn conn(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const COUNTED: &str = "SELECT position, commit_at, prepare_at, recorded_at, stream, revision, id FROM place";
const LAST: &str = "ORDER BY position DESC LIMIT 1";

fn one(conn: &Connection, which: &str, numbers: [u64; 1]) -> rusqlite::Result<Option<Counted>> {
    let numbers = numbers.map(sql).into_iter().collect::<rusqlite::Result<Vec<_>>>()?;
    conn.prepare_cached(&format!("{COUNTED} WHERE {which}"))?
        .query_row(rusqlite::params_from_iter(numbers), counted_in)
        .optional()
}

fn counted_in(row: &rusqlite::Row<'_>) -> rusqlite::Result<Counted> {
    let recorded_at: String = row.get(3)?;
    Ok(Counted {
        position: Position(number(row, 0)?),
        place: place_in(row, 1)?,
        recorded_at: recorded_at.parse().map_err(|error: jiff::Error| {
            rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, error.into())
        })?,
        stream: row.get(4)?,
        revision: number(row, 5)?,
        id: row.get(6)?,
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

fn moved(position: Position) -> StoreError {
    StoreError::Wrong(format!(
        "the event at position {position} is not where it was: the event store has lost or changed what it held, or this data directory belongs to another; restore it from its backup, or give another --data"
    ))
}

/// It will not get better by waiting.
fn unopened(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Wrong(format!(
        "the folder `places` in the data directory cannot be used: {error}; what is in it is derived, so it may be deleted"
    ))
}

fn unusable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("the file of positions in the data directory cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(position: u64, commit: u64) -> Counted {
        Counted {
            position: Position(position),
            place: Place { commit, prepare: commit - 1 },
            stream: "dwelling-1".to_owned(),
            revision: position - 1,
            id: format!("id {position}"),
            recorded_at: "2026-11-23T09:00:00.25Z".parse().unwrap(),
        }
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
        assert_eq!(places.at("dwelling-1", 0).unwrap(), Some(counted(1, 80)));
        assert_eq!(places.at("dwelling-1", 2).unwrap(), None);
        assert_eq!(places.of(Position(2)).unwrap(), Some(counted(2, 400)));
        assert_eq!(places.last().unwrap(), Some(counted(2, 400)));
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
        // The same event at another position: somebody has counted what another has not.
        let shifted = Counted { position: Position(3), ..counted(2, 400) };
        assert!(matches!(other.keep(&[shifted], at(100)), Err(StoreError::Wrong(_))));
        assert_eq!(other.last().unwrap(), Some(counted(2, 400)));
    }

    #[test]
    fn a_file_that_is_none_is_said() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("places.sqlite"), "no database at all, as somebody has written over it")
            .unwrap();
        assert!(matches!(Places::open(dir.path()), Err(StoreError::Wrong(why)) if why.contains("places")));
    }
}
