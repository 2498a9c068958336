//! The log in SQLite: one file, `log.sqlite`, which any SQLite can read.
//!
//! `docs/adr/0006-the-sqlite-log.md` says why it is as it is. Several processes may have the same log open. In each,
//! one thread writes; readers have connections of their own; the commit path holds no index but the one by position.

mod connection;
mod faults;
mod heads;
mod keeper;
mod queue;
mod reader;
mod scan;
mod snapshot;
mod writer;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use async_trait::async_trait;
use hearth_events::{NewEvent, Position, StoredEvent, StreamName};
use rusqlite::Connection;
use tokio::sync::watch;

pub use faults::{Faults, Step};
use heads::Heads;
use keeper::Keeper;
use queue::Queue;
use reader::Pool;

use super::check::well_formed;
use super::{Appended, EventStore, Expected, StoreError};

/// A log in SQLite; clones are handles to the same open log.
///
/// When the last handle is dropped, what waits is written and the log is closed.
#[derive(Clone)]
pub struct SqliteStore(Arc<Open>);

struct Open {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the threads of one open log share.
struct Shared {
    dir: PathBuf,
    queue: Queue,
    heads: Mutex<Heads>,
    state: watch::Sender<State>,
    keeper: Keeper,
    readers: Pool,
    faults: Faults,
    /// The position of the snapshot that was found; the start where there was none.
    snapshot_at: u64,
}

/// What those who wait are told.
struct State {
    last: Position,
    stopped: Option<String>,
}

impl SqliteStore {
    /// Opens the log in this folder; makes both where they are missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the folder cannot be used, [`StoreError::Wrong`] when the log is damaged or of
    /// another program.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(dir, Faults::default())
    }

    /// As [`SqliteStore::open`], with faults between the steps of each append.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    #[doc(hidden)]
    pub fn open_with(dir: &Path, faults: Faults) -> Result<Self, StoreError> {
        connection::prepare(dir)?;
        let writing = connection::open(dir, true)?;
        let (heads, snapshot_at) = snapshot::heads_of(dir, &writing)?;
        let shared = Arc::new(Shared {
            dir: dir.to_owned(),
            queue: Queue::new(),
            state: watch::Sender::new(State { last: Position(heads.known), stopped: None }),
            keeper: Keeper::new(),
            readers: Pool::new(dir.to_owned()),
            faults,
            snapshot_at,
            heads: Mutex::new(heads),
        });
        let open = Self(Arc::new(Open { shared, threads: Mutex::new(Vec::new()) }));
        open.0.spawn("log-writer", writing, writer::run)?;
        open.0.spawn("log-keeper", connection::open(dir, true)?, keeper::run)?;
        open.0.spawn("log-lookout", connection::open(dir, false)?, keeper::look_out)?;
        Ok(open)
    }

    /// Gives every event after a position, in order, until `each` breaks off; the position of the last one given.
    ///
    /// For replaying: a second thread reads and checks ahead while `each` works, and buffers are used again and again.
    ///
    /// # Errors
    /// When the log cannot be read, or an event is not what its hash was taken over.
    pub fn scan(
        &self,
        after: Position,
        each: impl FnMut(&StoredEvent) -> ControlFlow<()>,
    ) -> Result<Position, StoreError> {
        self.0.shared.check_running()?;
        scan::scan(&self.0.shared.readers, after, each)
    }

    /// Writes what waits and closes the log; every later call is [`StoreError::Unavailable`].
    pub fn shutdown(&self) {
        self.0.close();
    }

    async fn reading<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Shared, &Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.0.shared);
        shared.check_running()?;
        tokio::task::spawn_blocking(move || shared.readers.with(|connection| read(&shared, connection)))
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?
    }
}

impl Open {
    fn spawn(&self, name: &str, connection: Connection, run: fn(&Arc<Shared>, Connection)) -> Result<(), StoreError> {
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || run(&shared, connection))
            .map_err(connection::unusable(&self.shared.dir))?;
        lock(&self.threads).push(thread);
        Ok(())
    }

    /// Ends the writer first, so that what follows sees everything it has written.
    fn close(&self) {
        let mut threads = lock(&self.threads);
        self.shared.queue.close();
        for (which, thread) in threads.drain(..).enumerate() {
            if which == 1 {
                self.shared.keeper.close();
            }
            if thread.join().is_err() {
                tracing::error!("a thread of the event store has panicked");
            }
        }
        self.shared.readers.close();
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn check_running(&self) -> Result<(), StoreError> {
        match &self.state.borrow().stopped {
            Some(why) => Err(StoreError::Unavailable(why.clone())),
            None => Ok(()),
        }
    }

    /// Tells those who wait that there are events up to this position. They are committed.
    fn publish(&self, last: Position) {
        self.state.send_if_modified(|it| {
            let is_news = it.last < last;
            it.last = it.last.max(last);
            is_news
        });
    }

    /// Lets nobody read or write any more; the first reason is kept.
    fn stop(&self, why: &str) {
        self.state.send_if_modified(|it| {
            let is_news = it.stopped.is_none();
            it.stopped.get_or_insert_with(|| why.to_owned());
            is_news
        });
    }
}

#[async_trait]
impl EventStore for SqliteStore {
    async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError> {
        well_formed(stream, &events)?;
        self.0.shared.check_running()?;
        self.0.shared.queue.run(stream.clone(), expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from_revision: u64) -> Result<Vec<StoredEvent>, StoreError> {
        let stream = stream.clone();
        self.reading(move |shared, connection| reader::stream(shared, connection, &stream, from_revision)).await
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.reading(move |_, connection| reader::all(connection, after, limit)).await
    }

    async fn head(&self) -> Result<Position, StoreError> {
        self.reading(|_, connection| reader::last(connection)).await
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        let mut state = self.0.shared.state.subscribe();
        let _looking = self.0.shared.keeper.wait();
        let found = state.wait_for(|it| it.last > position || it.stopped.is_some()).await;
        let found = found.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        match &found.stopped {
            Some(why) => Err(StoreError::Unavailable(why.clone())),
            None => Ok(found.last),
        }
    }
}

/// Locks, whatever became of the thread that held the lock before: what is guarded is whole after every statement, and
/// a writer that panics stops the store.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
