//! Where each stream ends, kept in memory so that an append checks its expectation without touching the disk.
//!
//! The heads are a function of the log. They are read from a snapshot beside it, see `snapshot.rs`, and caught up by
//! reading what was appended since. A stream costs 32 bytes and its share of the tree, however long it is.

use std::collections::BTreeMap;

use hearth_events::{Position, StreamName};
use jiff::Timestamp;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::connection::reading;
use crate::store::StoreError;
use crate::store::envelope::{Envelope, check_hash, damaged};

/// A stream by half of the SHA-256 of its name: short, and no two names share it.
pub(super) type StreamKey = u128;

/// The last event of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) position: u64,
    pub(super) revision: u64,
}

/// The heads of all streams, as they were after the event at `known`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heads {
    pub(super) streams: BTreeMap<StreamKey, Head>,
    /// The position of the last event that is taken into account.
    pub(super) known: u64,
    /// When that event was recorded.
    pub(super) recorded_at: Timestamp,
    /// Its leaf hash, by which a snapshot is recognised as one of this log.
    pub(super) hash: [u8; 32],
}

impl Heads {
    /// Of an empty log.
    pub(super) fn new() -> Self {
        Self { streams: BTreeMap::new(), known: 0, recorded_at: Timestamp::MIN, hash: [0; 32] }
    }

    /// Takes into account what was appended since, by whichever process. Nothing of it is skipped: a damaged event, or
    /// one that does not follow on its stream, is an error.
    pub(super) fn catch_up(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let mut statement = connection
            .prepare_cached("SELECT position, previous, bytes, hash FROM events WHERE position > ?1 ORDER BY position")
            .map_err(reading)?;
        let mut rows = statement.query([self.known.cast_signed()]).map_err(reading)?;
        while let Some(row) = rows.next().map_err(reading)? {
            let number = |column| row.get(column).map(i64::cast_unsigned).map_err(reading);
            let blob = |column| row.get_ref(column).map_err(reading)?.as_blob().map_err(|it| reading(it.into()));
            self.take(number(0)?, number(1)?, blob(2)?, blob(3)?)?;
        }
        Ok(())
    }

    fn take(&mut self, position: u64, previous: u64, bytes: &[u8], hash: &[u8]) -> Result<(), StoreError> {
        let place = Position(position);
        if position != self.known + 1 {
            return Err(damaged(place, "does not follow on the one before it"));
        }
        check_hash(place, bytes, hash)?;
        let envelope = Envelope::read(place, bytes)?;
        let key = stream_key(envelope.stream);
        let before = self.streams.get(&key).copied();
        let next = before.map_or(0, |it| it.revision + 1);
        if envelope.revision != next || previous != before.map_or(0, |it| it.position) {
            return Err(damaged(place, "does not follow on its stream"));
        }
        self.recorded_at = envelope.recorded_at()?;
        self.streams.insert(key, Head { position, revision: next });
        self.known = position;
        self.hash = hash.try_into().map_err(|_| damaged(place, "has a hash of another length"))?;
        Ok(())
    }

    /// Takes what this process has just committed into account, unless [`Heads::catch_up`] came first.
    pub(super) fn apply(&mut self, staged: Staged) {
        if staged.last <= self.known {
            return;
        }
        self.streams.extend(staged.streams);
        self.known = staged.last;
        self.recorded_at = staged.recorded_at;
        self.hash = staged.hash;
    }
}

/// What a group of appends would change, until it is committed.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) streams: BTreeMap<StreamKey, Head>,
    pub(super) last: u64,
    pub(super) recorded_at: Timestamp,
    pub(super) hash: [u8; 32],
}

impl Staged {
    /// Nothing yet, after these heads.
    pub(super) fn after(heads: &Heads) -> Self {
        Self { streams: BTreeMap::new(), last: heads.known, recorded_at: heads.recorded_at, hash: heads.hash }
    }
}

/// The key of a stream.
pub(super) fn stream_key(name: &str) -> StreamKey {
    Sha256::digest(name).iter().take(16).fold(0, |key, byte| (key << 8) | StreamKey::from(*byte))
}

/// The key of a stream.
pub(super) fn key_of(stream: &StreamName) -> StreamKey {
    stream_key(stream.as_str())
}
