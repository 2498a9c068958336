//! Reading: connections of their own, which see what is committed and nothing else.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Mutex;

use hearth_events::{Position, StoredEvent, StreamName};
use rusqlite::{Connection, OptionalExtension, Row};

use super::connection::{self, reading};
use super::heads::key_of;
use super::{Shared, lock};
use crate::store::StoreError;
use crate::store::envelope::{check_hash, damaged};

/// How many idle connections are kept.
const KEPT: usize = 4;

/// Connections for reading.
pub(super) struct Pool {
    dir: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self { dir, idle: Mutex::new(Vec::new()) }
    }

    /// Reads with a connection that nobody else uses meanwhile.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let idle = lock(&self.idle).pop();
        let connection = idle.map_or_else(|| connection::open(&self.dir, false), Ok)?;
        let result = read(&connection);
        if result.is_ok() {
            let mut idle = lock(&self.idle);
            if idle.len() < KEPT {
                idle.push(connection);
            }
        }
        result
    }

    /// Closes what is idle.
    pub(super) fn close(&self) {
        lock(&self.idle).clear();
    }
}

/// The position of the last event.
pub(super) fn last(connection: &Connection) -> Result<Position, StoreError> {
    let mut statement = connection.prepare_cached("SELECT max(position) FROM events").map_err(reading)?;
    let last: Option<i64> = statement.query_row([], |row| row.get(0)).map_err(reading)?;
    Ok(Position(last.map_or(0, i64::cast_unsigned)))
}

/// The events of a stream from a revision on.
pub(super) fn stream(
    shared: &Shared,
    connection: &Connection,
    stream: &StreamName,
    from: u64,
) -> Result<Vec<StoredEvent>, StoreError> {
    let last = last(connection)?;
    let head = {
        let mut heads = lock(&shared.heads);
        if heads.known < last.0 {
            heads.catch_up(connection)?;
        }
        heads.streams.get(&key_of(stream)).copied()
    };
    let Some(head) = head.filter(|it| it.revision >= from) else {
        return Ok(Vec::new());
    };
    let count = usize::try_from(head.revision - from + 1).unwrap_or(usize::MAX);
    let mut events = Backwards::from(connection, head.position).take(count).collect::<Result<Vec<_>, _>>()?;
    if events.len() != count {
        return Err(StoreError::Wrong(format!("the log is damaged: {stream} has lost its beginning")));
    }
    events.reverse();
    Ok(events)
}

/// The events of a stream, newest first, found by their pointers to the one before.
pub(super) struct Backwards<'c> {
    connection: &'c Connection,
    next: u64,
}

impl<'c> Backwards<'c> {
    /// From the event at this position; 0 is none.
    pub(super) fn from(connection: &'c Connection, position: u64) -> Self {
        Self { connection, next: position }
    }
}

impl Iterator for Backwards<'_> {
    type Item = Result<StoredEvent, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == 0 {
            return None;
        }
        let position = Position(std::mem::take(&mut self.next));
        let found = self
            .connection
            .prepare_cached("SELECT position, bytes, hash, previous FROM events WHERE position = ?1")
            .and_then(|mut it| {
                let row = |row: &Row<'_>| Ok((owned(row), row.get(3).map(i64::cast_unsigned)?));
                it.query_row([position.0.cast_signed()], row).optional()
            });
        Some(match found {
            Ok(Some((stored, previous))) => {
                self.next = previous;
                stored
            }
            Ok(None) => Err(damaged(position, "is missing")),
            Err(error) => Err(reading(error)),
        })
    }
}

/// At most `limit` events after a position.
pub(super) fn all(connection: &Connection, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).min(u64::MAX >> 1);
    let mut events = Vec::new();
    each_row(connection, after, limit, &mut |row| {
        events.push(owned(row)?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(events)
}

/// Gives every row after a position, at most `limit`; the position of the last one given.
pub(super) fn each_row(
    connection: &Connection,
    after: Position,
    limit: u64,
    each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
) -> Result<Position, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT position, bytes, hash FROM events WHERE position > ?1 ORDER BY position LIMIT ?2")
        .map_err(reading)?;
    let mut rows = statement.query([after.0.cast_signed(), limit.cast_signed()]).map_err(reading)?;
    let mut last = after;
    while let Some(row) = rows.next().map_err(reading)? {
        let position = Position(row.get(0).map(i64::cast_unsigned).map_err(reading)?);
        if position.0 != last.0 + 1 {
            return Err(damaged(position, "does not follow on the one before it"));
        }
        last = position;
        if each(row)?.is_break() {
            break;
        }
    }
    Ok(last)
}

fn owned(row: &Row<'_>) -> Result<StoredEvent, StoreError> {
    let mut stored = StoredEvent { position: Position::START, bytes: Vec::new(), hash: [0; 32] };
    read_into(row, &mut stored)?;
    Ok(stored)
}

pub(super) fn read_into(row: &Row<'_>, stored: &mut StoredEvent) -> Result<(), StoreError> {
    let blob = |column| row.get_ref(column).map_err(reading)?.as_blob().map_err(|it| reading(it.into()));
    stored.position = Position(row.get(0).map(i64::cast_unsigned).map_err(reading)?);
    let bytes = blob(1)?;
    let hash = blob(2)?;
    check_hash(stored.position, bytes, hash)?;
    stored.bytes.clear();
    stored.bytes.extend_from_slice(bytes);
    stored.hash = hash.try_into().map_err(|_| damaged(stored.position, "has a hash of another length"))?;
    Ok(())
}
