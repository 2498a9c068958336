//! Replaying: one thread reads and checks ahead while the caller's folds.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

use hearth_events::{Position, StoredEvent};
use rusqlite::Connection;

use super::reader::{Pool, each_row, read_into};
use crate::store::StoreError;

/// How many events are read under one view of the file. In between it is let go of, so that the write-ahead log can
/// start anew however long the scan is.
const VIEW: u64 = 4_096;
/// How many events are handed over at a time.
const CHUNK: usize = 256;
/// How many chunks are read ahead.
const AHEAD: usize = 4;

/// Events with their buffers, of which the first `used` are meant.
#[derive(Default)]
struct Chunk {
    events: Vec<StoredEvent>,
    used: usize,
}

/// Gives every event after a position, in order, until `each` breaks off; the position of the last one given.
pub(super) fn scan(
    pool: &Pool,
    after: Position,
    mut each: impl FnMut(&StoredEvent) -> ControlFlow<()>,
) -> Result<Position, StoreError> {
    thread::scope(|scope| {
        let (hand_over, chunks) = sync_channel(AHEAD);
        let (give_back, empty) = channel();
        let reader = thread::Builder::new()
            .name("log-reader".to_owned())
            .spawn_scoped(scope, move || pool.with(|connection| read_ahead(connection, after, &hand_over, &empty)))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let mut last = after;
        for chunk in chunks {
            for stored in chunk.events.iter().take(chunk.used) {
                last = stored.position;
                if each(stored).is_break() {
                    return Ok(last);
                }
            }
            // Not needed any more where the reader has come to the end.
            let _ended = give_back.send(chunk);
        }
        let read = reader.join().map_err(|_| StoreError::Unavailable("the reader has panicked".to_owned()))?;
        read.map(|()| last)
    })
}

fn read_ahead(
    connection: &Connection,
    mut after: Position,
    hand_over: &SyncSender<Chunk>,
    empty: &Receiver<Chunk>,
) -> Result<(), StoreError> {
    let mut chunk = Chunk::default();
    loop {
        let before = after;
        let mut is_wanted = true;
        after = each_row(connection, before, VIEW, &mut |row| {
            if chunk.used == chunk.events.len() {
                let bytes = Vec::new();
                chunk.events.push(StoredEvent { position: Position::START, bytes, hash: [0; 32] });
            }
            if let Some(stored) = chunk.events.get_mut(chunk.used) {
                read_into(row, stored)?;
                chunk.used += 1;
            }
            if chunk.used == CHUNK {
                is_wanted = hand_over.send(std::mem::take(&mut chunk)).is_ok();
                chunk = Chunk { used: 0, ..empty.try_recv().unwrap_or_default() };
            }
            Ok(if is_wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        if !is_wanted {
            return Ok(());
        }
        if after.0 < before.0 + VIEW {
            // Nobody listens where the caller has broken off.
            let _gone = hand_over.send(chunk);
            return Ok(());
        }
    }
}
