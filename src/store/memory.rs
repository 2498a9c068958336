//! The log in memory: for tests and for trying Hearth out. It keeps every promise but to outlast the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use hearth_events::{NewEvent, Position, StoredEvent, StreamName, leaf_hash};
use jiff::Timestamp;
use tokio::sync::watch;

use super::check::{Verdict, as_u64, judge, well_formed};
use super::{Appended, EventStore, Expected, StoreError};

/// A log in memory; clones are handles to the same log.
#[derive(Clone)]
pub struct MemoryStore(Arc<Shared>);

struct Shared {
    log: Mutex<Log>,
    last: watch::Sender<Position>,
}

struct Log {
    events: Vec<StoredEvent>,
    /// Where the events of each stream stand in `events`.
    streams: BTreeMap<StreamName, Vec<usize>>,
    recorded_at: Timestamp,
}

impl MemoryStore {
    /// An empty log.
    pub fn new() -> Self {
        let log = Log { events: Vec::new(), streams: BTreeMap::new(), recorded_at: Timestamp::MIN };
        Self(Arc::new(Shared { log: Mutex::new(log), last: watch::Sender::new(Position::START) }))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Log) -> T) -> T {
        look(&mut self.0.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Log {
    fn append(&mut self, stream: &StreamName, expected: Expected, events: &[NewEvent]) -> Result<Appended, StoreError> {
        let places = self.streams.get(stream).map(Vec::as_slice).unwrap_or_default();
        let head = as_u64(places.len()).checked_sub(1);
        let newest_first = places.iter().rev().filter_map(|it| self.events.get(*it).cloned().map(Ok));
        let first = match judge(stream, expected, events, head, newest_first)? {
            Verdict::Append(first) => first,
            Verdict::Before(appended) => return Ok(appended),
            Verdict::Conflict => return Err(StoreError::Conflict { actual: head }),
        };
        let mut appended = Appended { last: self.last(), revision: first };
        for (revision, event) in (first..).zip(events) {
            self.recorded_at = self.recorded_at.max(event.recorded_at);
            let position = Position(as_u64(self.events.len()) + 1);
            let bytes = event.stored_bytes(position, stream, revision, self.recorded_at);
            self.streams.entry(stream.clone()).or_default().push(self.events.len());
            self.events.push(StoredEvent { position, hash: leaf_hash(&bytes), bytes });
            appended = Appended { last: position, revision };
        }
        Ok(appended)
    }

    fn last(&self) -> Position {
        self.events.last().map_or(Position::START, |it| it.position)
    }
}

#[async_trait]
impl EventStore for MemoryStore {
    async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError> {
        well_formed(stream, &events)?;
        let (appended, last) = self.with(|log| (log.append(stream, expected, &events), log.last()));
        self.0.last.send_if_modified(|it| std::mem::replace(it, last.max(*it)) < last);
        appended
    }

    async fn read_stream(&self, stream: &StreamName, from_revision: u64) -> Result<Vec<StoredEvent>, StoreError> {
        let from = usize::try_from(from_revision).unwrap_or(usize::MAX);
        Ok(self.with(|log| {
            let places = log.streams.get(stream).into_iter().flatten().skip(from);
            places.filter_map(|it| log.events.get(*it).cloned()).collect()
        }))
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        let after = usize::try_from(after.0).unwrap_or(usize::MAX);
        Ok(self.with(|log| log.events.iter().skip(after).take(limit).cloned().collect()))
    }

    async fn head(&self) -> Result<Position, StoreError> {
        Ok(self.with(|log| log.last()))
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        let mut last = self.0.last.subscribe();
        let found = last.wait_for(|it| *it > position).await.map(|it| *it);
        found.map_err(|_| StoreError::Unavailable("the log in memory is gone".to_owned()))
    }
}
