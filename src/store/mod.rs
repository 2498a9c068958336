//! The log: where events are kept for good.
//!
//! [`EventStore`] is the port; `memory`, `sqlite` and, with a feature of Cargo's, `eventstoredb` are its adapters. Each
//! passes the conformance kit in `tests/it/store_kit.rs`; a new adapter is a module here and one line there.

mod check;
mod envelope;
#[cfg(any(feature = "eventstore", feature = "kurrentdb"))]
pub mod eventstoredb;
pub mod memory;
pub mod sqlite;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use hearth_events::{NewEvent, Position, StoredEvent, StreamName};

/// What the caller believes about a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: append whatever is there.
    Any,
    /// That it does not exist.
    NoStream,
    /// That its last event has this revision.
    Exact(u64),
}

/// Where the events of one append are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The position of the last of them.
    pub last: Position,
    /// The revision of the last of them.
    pub revision: u64,
}

/// Why the store did not do as asked; each kind asks for another reaction.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else appended first, or the same id came with other content: read again, decide again.
    #[error("the stream is at revision {actual:?}, not where it was expected")]
    Conflict {
        /// The revision of the last event; none where the stream does not exist.
        actual: Option<u64>,
    },
    /// Nobody knows whether it was written, though the store has tried for as long as a call may take: try later with the
    /// same ids and the same expectation, never with `Any`.
    #[error("it is not known whether the events were written: {0}")]
    Ambiguous(String),
    /// The store cannot be used just now, or has stopped for good: try later, or restart.
    #[error("the event store is unavailable: {0}")]
    Unavailable(String),
    /// The call or the log is wrong: a bug or a damaged file. Stop.
    #[error("{0}")]
    Wrong(String),
}

/// A log of events in streams.
///
/// Promises: an append is all or nothing and durable before it returns; the same append again (same ids, same content, same
/// expectation) returns the first answer; no reader sees a position before every position below it; after a commit of
/// unknown outcome the store stops for good.
#[async_trait]
pub trait EventStore: Send + Sync + 'static {
    /// Appends events to one stream, all or none.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the stream is not as expected; the others by what the caller does next.
    async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError>;

    /// The events of one stream from a revision on, in order; none where the stream does not exist.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn read_stream(&self, stream: &StreamName, from_revision: u64) -> Result<Vec<StoredEvent>, StoreError>;

    /// At most `limit` events after a position, in order; fewer may come, but none only where there are none.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError>;

    /// The position of the last event; [`Position::START`] in an empty log.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn head(&self) -> Result<Position, StoreError>;

    /// Waits until there is an event after `position`, then gives the position of the last event.
    ///
    /// # Errors
    /// When the store has stopped.
    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError>;
}

/// The log in a folder of this machine.
///
/// # Errors
/// When it cannot be used, or is damaged.
pub fn embedded(dir: &Path) -> Result<Arc<dyn EventStore>, StoreError> {
    Ok(Arc::new(sqlite::SqliteStore::open(dir)?))
}

/// The log on a server that a connection string points to; what is derived from it for this machine lies in `dir`.
///
/// # Errors
/// When the connection string cannot be used, or this program was built without a client for such a server.
#[cfg(any(feature = "eventstore", feature = "kurrentdb"))]
pub fn on_server(connection_string: &str, dir: &Path) -> Result<Arc<dyn EventStore>, StoreError> {
    Ok(Arc::new(eventstoredb::EventStoreDb::open(connection_string, dir)?))
}

/// The log on a server, in a program that was built without a client for one.
///
/// # Errors
/// Always, saying so.
#[cfg(not(any(feature = "eventstore", feature = "kurrentdb")))]
pub fn on_server(_: &str, _: &Path) -> Result<Arc<dyn EventStore>, StoreError> {
    Err(StoreError::Wrong(
        "this hearth was built without a client for EventStoreDB: build it with `cargo build --release --features eventstore`, or leave --store out"
            .to_owned(),
    ))
}
