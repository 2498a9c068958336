//! What is done beside the commits: checkpoints of the write-ahead log, snapshots of the heads, and looking out for
//! what other processes append.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::{Shared, connection, lock, reader, snapshot};
use crate::store::StoreError;

/// How many bytes are written to the write-ahead log between two checkpoints: so few that no commit waits long for the
/// disk while a checkpoint is made durable.
const CHECKPOINT_EVERY: usize = 4 << 20;
/// From how many pages on the write-ahead log is brought to start anew.
const LONG_LOG: i64 = 2_048;
/// How many events are appended between two snapshots of the heads.
const SNAPSHOT_EVERY: u64 = 250_000;
/// How many events a snapshot is made for when the store is closed.
const SNAPSHOT_AT_CLOSE: u64 = 10_000;
/// How often the log is looked at for the events of other processes, while somebody waits for one.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// What the keeper and the lookout are told.
pub(super) struct Keeper {
    orders: Mutex<Orders>,
    told: Condvar,
    looking: Condvar,
    /// The write-ahead log is long and almost copied: the writer may finish the work.
    almost_done: AtomicBool,
}

struct Orders {
    written: usize,
    waiting: usize,
    is_open: bool,
}

impl Keeper {
    pub(super) fn new() -> Self {
        Self {
            // There may be work from before: a snapshot that was not made.
            orders: Mutex::new(Orders { written: CHECKPOINT_EVERY, waiting: 0, is_open: true }),
            told: Condvar::new(),
            looking: Condvar::new(),
            almost_done: AtomicBool::new(false),
        }
    }

    /// A group of so many bytes has been committed. Its last page is written again by the next one.
    pub(super) fn written(&self, bytes: usize) {
        let mut orders = lock(&self.orders);
        orders.written += bytes + usize::from(connection::PAGE);
        if orders.written >= CHECKPOINT_EVERY {
            self.told.notify_one();
        }
    }

    /// Between two groups the writer copies the rest of a long write-ahead log, for only when nothing is left to copy
    /// does the log start anew, and while it writes without a pause the keeper never gets there.
    pub(super) fn finish_checkpoint(&self, connection: &Connection) {
        if self.almost_done.swap(false, Ordering::Relaxed) {
            // The keeper tries again where it does not work out.
            let _failed = checkpoint(connection);
        }
    }

    /// Asks for the events of other processes until the guard is dropped.
    pub(super) fn wait(&self) -> impl Drop {
        lock(&self.orders).waiting += 1;
        self.looking.notify_one();
        Waiting(self)
    }

    /// Ends both threads.
    pub(super) fn close(&self) {
        lock(&self.orders).is_open = false;
        self.told.notify_all();
        self.looking.notify_all();
    }

    /// Waits until there is something to copy; false at the end.
    fn has_work(&self) -> bool {
        let mut orders = lock(&self.orders);
        while orders.is_open && orders.written < CHECKPOINT_EVERY {
            orders = self.told.wait(orders).unwrap_or_else(PoisonError::into_inner);
        }
        orders.written = 0;
        orders.is_open
    }

    /// Waits until somebody waits, and a little between two looks; false at the end.
    fn should_look(&self, has_looked: bool) -> bool {
        let mut orders = lock(&self.orders);
        if has_looked && orders.is_open {
            orders = self.looking.wait_timeout(orders, LOOK_EVERY).unwrap_or_else(PoisonError::into_inner).0;
        }
        while orders.is_open && orders.waiting == 0 {
            orders = self.looking.wait(orders).unwrap_or_else(PoisonError::into_inner);
        }
        orders.is_open
    }
}

struct Waiting<'a>(&'a Keeper);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        lock(&self.0.orders).waiting -= 1;
    }
}

/// Keeps the write-ahead log and the snapshot short of the log until the store is closed.
pub(super) fn run(shared: &Arc<Shared>, connection: Connection) {
    let mut snapshot_at = shared.snapshot_at;
    while shared.keeper.has_work() {
        match checkpoint(&connection) {
            Ok(pages) if pages >= LONG_LOG => {
                // A second pass over what came in during the first leaves little for the writer.
                let again = checkpoint(&connection);
                shared.keeper.almost_done.store(again.is_ok(), Ordering::Relaxed);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be copied into the log: {error}"),
        }
        let known = lock(&shared.heads).known;
        if known >= snapshot_at + SNAPSHOT_EVERY {
            match snapshot::heads_of(&shared.dir, &connection).and_then(|it| snapshot::save(&shared.dir, &it.0)) {
                Ok(()) => snapshot_at = known,
                Err(error) => tracing::warn!(%error, "no snapshot of the heads was made: {error}"),
            }
        }
    }
    if let Err(error) = close(shared, &connection, snapshot_at) {
        tracing::warn!(%error, "the log was closed without a snapshot: {error}");
    }
}

fn close(shared: &Shared, connection: &Connection, snapshot_at: u64) -> Result<(), StoreError> {
    let heads = lock(&shared.heads);
    if heads.known >= snapshot_at + SNAPSHOT_AT_CLOSE {
        snapshot::save(&shared.dir, &heads)?;
    }
    drop(heads);
    checkpoint(connection).map(|_| ())
}

/// Copies what it can from the write-ahead log without keeping anybody waiting; how long that log is, in pages.
fn checkpoint(connection: &Connection) -> Result<i64, StoreError> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1)).map_err(connection::reading)
}

/// Looks out for the events of other processes while somebody waits for one, until the store is closed.
pub(super) fn look_out(shared: &Arc<Shared>, connection: Connection) {
    let mut has_looked = false;
    while shared.keeper.should_look(has_looked) {
        has_looked = true;
        match reader::last(&connection) {
            Ok(last) => shared.publish(last),
            Err(error) => tracing::warn!(%error, "could not look for new events: {error}"),
        }
    }
}
