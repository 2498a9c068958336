//! The heads on disk, so that opening a long log is reading a short file.
//!
//! `heads.bin` is derived, lags behind the log and may be deleted at any time. It is made from the log and the snapshot
//! before it, by a thread and a connection that no append waits for, and put in place by a rename. It carries the leaf
//! hash of the last event it knows: with a log that was restored from a copy, or another log, the hash does not fit, and
//! the heads are read from the log again. Layout, little endian: magic, position, leaf hash, count; for each stream key,
//! position, revision; at the end the SHA-256 of all before it.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use hearth_events::Position;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use super::connection::{reading, unusable};
use super::heads::{Head, Heads, StreamKey};
use crate::store::StoreError;
use crate::store::envelope::{Envelope, check_hash};

const MAGIC: &[u8; 16] = b"hearth heads v1\n";

/// The heads as of now, from the snapshot where it fits the log and then from the log; and the position of the snapshot.
pub(super) fn heads_of(dir: &Path, connection: &Connection) -> Result<(Heads, u64), StoreError> {
    let saved = load(dir).map(|it| fitting(it, connection)).transpose()?.flatten();
    let mut heads = saved.unwrap_or_else(Heads::new);
    let from = heads.known;
    heads.catch_up(connection)?;
    tracing::debug!(snapshot = from, known = heads.known, "read where the streams end, from position {from} on");
    Ok((heads, from))
}

/// Writes a snapshot of these heads.
pub(super) fn save(dir: &Path, heads: &Heads) -> Result<(), StoreError> {
    let mut bytes = Vec::with_capacity(heads.streams.len() * 32 + 128);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&heads.known.to_le_bytes());
    bytes.extend_from_slice(&heads.hash);
    bytes.extend_from_slice(&heads.streams.len().to_le_bytes());
    for (key, head) in &heads.streams {
        bytes.extend_from_slice(&key.to_le_bytes());
        bytes.extend_from_slice(&head.position.to_le_bytes());
        bytes.extend_from_slice(&head.revision.to_le_bytes());
    }
    bytes.extend_from_slice(&Sha256::digest(&bytes));
    let unfinished = dir.join(format!("heads.{}.tmp", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&unfinished)?;
        file.write_all(&bytes)?;
        file.sync_data()?;
        fs::rename(&unfinished, dir.join("heads.bin"))
    };
    write().map_err(unusable(&unfinished))
}

/// The snapshot, where there is one that is whole.
fn load(dir: &Path) -> Option<Heads> {
    let file = fs::read(dir.join("heads.bin")).ok()?;
    let (bytes, sum) = file.split_at_checked(file.len().checked_sub(32)?)?;
    if *Sha256::digest(bytes) != *sum {
        return None;
    }
    let (position, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
    let (hash, rest) = rest.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let (rows, []) = rest.as_chunks::<32>() else {
        return None;
    };
    let streams = rows.iter().map(row).collect::<Option<_>>()?;
    let heads = Heads { streams, known: u64::from_le_bytes(*position), hash: *hash, ..Heads::new() };
    (heads.streams.len() == usize::from_le_bytes(*count)).then_some(heads)
}

fn row(bytes: &[u8; 32]) -> Option<(StreamKey, Head)> {
    let (key, rest) = bytes.split_first_chunk()?;
    let (position, rest) = rest.split_first_chunk()?;
    let (revision, _) = rest.split_first_chunk()?;
    let head = Head { position: u64::from_le_bytes(*position), revision: u64::from_le_bytes(*revision) };
    Some((StreamKey::from_le_bytes(*key), head))
}

/// The snapshot, where the log has the event it was made after.
fn fitting(mut heads: Heads, connection: &Connection) -> Result<Option<Heads>, StoreError> {
    let known: Option<(Vec<u8>, Vec<u8>)> = connection
        .query_row("SELECT bytes, hash FROM events WHERE position = ?1", [heads.known.cast_signed()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
        .map_err(reading)?;
    let Some((bytes, hash)) = known.filter(|(_, hash)| *hash == heads.hash) else {
        return Ok(None);
    };
    check_hash(Position(heads.known), &bytes, &hash)?;
    heads.recorded_at = Envelope::read(Position(heads.known), &bytes)?.recorded_at()?;
    Ok(Some(heads))
}
