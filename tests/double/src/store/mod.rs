//! The log in memory: what is written, under which conditions, and in which order.

mod check;
mod journal;
mod metadata;
mod read;
mod recent;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;
use uuid::Uuid;

pub use self::read::{Begin, Direction, StreamRead};

use self::check::Check;
use self::journal::Journal;
use self::metadata::StreamMetadata;
use self::recent::Recent;
use crate::clock;

/// The revision of the event that ends a stream for good, and the `$tb` of a stream that is deleted softly.
pub const LAST_REVISION: u64 = u64::MAX >> 1;

/// Where the first event lies: not at 0, as in a real log, so that nobody takes a position for a count.
const FIRST_POSITION: u64 = 1_387;

/// An event as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The stream it is in.
    pub stream: String,
    /// Its number in the stream, from 0.
    pub revision: u64,
    /// Chosen by whoever wrote it.
    pub id: Uuid,
    /// The type of event.
    pub kind: String,
    /// `application/json` or `application/octet-stream`.
    pub content_type: String,
    /// The payload.
    pub data: Bytes,
    /// The writer's own metadata; may be empty.
    pub metadata: Bytes,
    /// When it was recorded: ticks of 100 ns since the Unix epoch.
    pub created: u64,
    /// Where it lies in the log: both the commit and the prepare position. Rises, with gaps.
    pub position: u64,
}

/// An event to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Makes a repeated write known as such.
    pub id: Uuid,
    /// The type of event.
    pub kind: String,
    /// `application/json` or `application/octet-stream`.
    pub content_type: String,
    /// The payload.
    pub data: Bytes,
    /// The writer's own metadata; may be empty.
    pub metadata: Bytes,
}

/// What a writer takes the stream to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is.
    Any,
    /// Not there yet, or deleted softly.
    NoStream,
    /// There, at any revision.
    StreamExists,
    /// There, its last event of this revision.
    Exact(u64),
}

/// A write that was done, now or when it was first asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The revision of the last event of the write; for a write of nothing, of the stream, none if there is none.
    pub last: Option<u64>,
    /// Where the last event of the write lies; none for a write of nothing.
    pub position: Option<u64>,
    /// Whether it had been done before.
    pub repeated: bool,
}

/// Why a write was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The stream is not what the writer takes it to be.
    WrongVersion {
        /// Its last revision; none if there is no event.
        current: Option<u64>,
    },
    /// The stream is deleted: for good, or softly and the writer takes it to exist.
    Deleted,
    /// The journal could not be written.
    Journal(String),
}

/// The log, shared by all nodes.
#[derive(Debug)]
pub struct Store {
    log: Mutex<Log>,
    length: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Log {
    records: Vec<Arc<Record>>,
    /// The events of a stream by revision.
    streams: BTreeMap<String, Vec<Arc<Record>>>,
    tombstoned: BTreeSet<String>,
    recent: Recent,
    journal: Option<Journal>,
}

impl Store {
    /// An empty log, or the log of the journal, which then receives every commit.
    ///
    /// # Errors
    ///
    /// If the journal cannot be opened or holds something else.
    pub fn open(journal: Option<&Path>) -> anyhow::Result<Self> {
        let mut log = Log::default();
        if let Some(path) = journal {
            let (journal, records) = Journal::open(path)?;
            log.journal = Some(journal);
            for record in records {
                log.take(Arc::new(record));
            }
        }
        let length = watch::Sender::new(log.records.len());
        Ok(Self { log: Mutex::new(log), length })
    }

    /// Writes events at the end of a stream, all or none.
    ///
    /// # Errors
    ///
    /// If the stream is not as expected, or deleted.
    pub fn append(&self, stream: &str, expected: Expected, proposed: &[Proposed]) -> Result<Written, Refusal> {
        let mut log = self.log();
        let ids: Vec<Uuid> = proposed.iter().map(|it| it.id).collect();
        let softly_deleted = match log.check(stream, expected, &ids) {
            Check::Fresh { softly_deleted } => softly_deleted,
            Check::Repeated(written) => return Ok(written),
            Check::Refused(refusal) => return Err(refusal),
        };
        let mut groups = vec![(stream.to_owned(), proposed.to_vec())];
        if softly_deleted {
            let metastream = metadata::of(stream);
            let revived = metadata::revived(log.latest(&metastream), log.next(stream));
            groups.push((metastream, vec![revived]));
        } else if let Some(described) = metadata::describes(stream)
            && log.metadata(described).softly_deleted()
        {
            // Metadata without `$tb` would bring the deleted events back.
            let latest = proposed.last().map(|it| &it.data);
            let revived = metadata::revived(latest, log.next(described));
            for (_, events) in &mut groups {
                events.push(revived.clone());
            }
        }
        let records = self.commit(&mut log, groups)?;
        let last = proposed.len().checked_sub(1).and_then(|it| records.get(it));
        log.recent.remember(records.iter().take(proposed.len()));
        Ok(match last {
            Some(record) => Written { last: Some(record.revision), position: Some(record.position), repeated: false },
            None => Written { last: log.last(stream), position: None, repeated: false },
        })
    }

    /// Deletes a stream softly: its events are no longer read, and a new write goes on with the numbering.
    ///
    /// # Errors
    ///
    /// If the stream is not as expected, is not there, or is deleted.
    pub fn delete(&self, stream: &str, expected: Expected) -> Result<u64, Refusal> {
        let mut log = self.log();
        log.may_delete(stream, expected)?;
        let metastream = metadata::of(stream);
        if log.last(stream).is_none() && log.last(&metastream).is_none() {
            return Err(Refusal::WrongVersion { current: None });
        }
        let records = self.commit(&mut log, vec![(metastream, vec![metadata::deleted()])])?;
        Ok(records.last().map_or(0, |it| it.position))
    }

    /// Ends a stream for good.
    ///
    /// # Errors
    ///
    /// If the stream is not as expected, or ended before.
    pub fn tombstone(&self, stream: &str, expected: Expected) -> Result<u64, Refusal> {
        let mut log = self.log();
        log.may_delete(stream, expected)?;
        let mut record = log.record(stream, LAST_REVISION, metadata::tombstone());
        record.position = log.end();
        let records = self.record(&mut log, vec![record])?;
        Ok(records.last().map_or(0, |it| it.position))
    }

    /// Forgets the ids that make a write without an expected revision known as a repeated one, as an election does.
    pub fn forget_recent(&self) {
        self.log().recent.clear();
    }

    /// Tells the length of the log whenever it grows.
    pub fn length(&self) -> watch::Receiver<usize> {
        self.length.subscribe()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(&self, log: &mut Log, groups: Vec<(String, Vec<Proposed>)>) -> Result<Vec<Arc<Record>>, Refusal> {
        let mut records = Vec::new();
        let mut end = log.end();
        for (stream, events) in groups {
            for (revision, proposed) in (log.next(&stream)..).zip(events) {
                let mut record = log.record(&stream, revision, proposed);
                record.position = end;
                end += record.length();
                records.push(record);
            }
        }
        self.record(log, records)
    }

    /// Writes to the journal, then to the log, then tells whoever waits.
    fn record(&self, log: &mut Log, records: Vec<Record>) -> Result<Vec<Arc<Record>>, Refusal> {
        if let Some(journal) = &mut log.journal {
            journal.write(&records).map_err(|error| Refusal::Journal(error.to_string()))?;
        }
        let records: Vec<_> = records.into_iter().map(Arc::new).collect();
        for record in &records {
            log.take(Arc::clone(record));
        }
        self.length.send_replace(log.records.len());
        Ok(records)
    }
}

impl Log {
    fn take(&mut self, record: Arc<Record>) {
        if record.revision == LAST_REVISION {
            self.tombstoned.insert(record.stream.clone());
        } else {
            self.streams.entry(record.stream.clone()).or_default().push(Arc::clone(&record));
        }
        self.records.push(record);
    }

    /// A record that has no place yet; time does not run backwards in the log.
    fn record(&self, stream: &str, revision: u64, proposed: Proposed) -> Record {
        let Proposed { id, kind, content_type, data, metadata } = proposed;
        let created = clock::ticks().max(self.records.last().map_or(0, |it| it.created));
        Record { stream: stream.to_owned(), revision, id, kind, content_type, data, metadata, created, position: 0 }
    }

    fn end(&self) -> u64 {
        self.records.last().map_or(FIRST_POSITION, |it| it.position + it.length())
    }

    fn stream(&self, name: &str) -> &[Arc<Record>] {
        self.streams.get(name).map_or(&[], Vec::as_slice)
    }

    fn at(&self, stream: &str, revision: u64) -> Option<&Arc<Record>> {
        self.stream(stream).get(usize::try_from(revision).ok()?)
    }

    fn last(&self, stream: &str) -> Option<u64> {
        self.stream(stream).last().map(|it| it.revision)
    }

    fn next(&self, stream: &str) -> u64 {
        self.last(stream).map_or(0, |it| it + 1)
    }

    fn latest(&self, stream: &str) -> Option<&Bytes> {
        self.stream(stream).last().map(|it| &it.data)
    }

    fn metadata(&self, stream: &str) -> StreamMetadata {
        if metadata::describes(stream).is_some() {
            return StreamMetadata::of_metastream();
        }
        self.latest(&metadata::of(stream)).map(StreamMetadata::parse).unwrap_or_default()
    }

    /// Whether a stream, or the one it describes, is ended for good.
    fn is_tombstoned(&self, stream: &str) -> bool {
        self.tombstoned.contains(stream) || metadata::describes(stream).is_some_and(|it| self.tombstoned.contains(it))
    }

    fn may_delete(&self, stream: &str, expected: Expected) -> Result<(), Refusal> {
        match self.check(stream, expected, &[Uuid::new_v4()]) {
            Check::Fresh { .. } => Ok(()),
            Check::Refused(refusal) => Err(refusal),
            // Nobody has written the id just made.
            Check::Repeated(_) => Err(Refusal::WrongVersion { current: self.last(stream) }),
        }
    }
}

impl Record {
    /// Whether the server wrote it for itself, or about a stream.
    pub fn is_system(&self) -> bool {
        self.kind.starts_with('$') || self.stream.starts_with('$')
    }

    /// What it takes up in the log: what it holds and a header.
    fn length(&self) -> u64 {
        let held = self.stream.len() + self.kind.len() + self.data.len() + self.metadata.len();
        held.try_into().unwrap_or(u64::MAX >> 8) + 83
    }
}
