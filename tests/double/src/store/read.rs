//! Reading a stream, the whole log, or what has come since.

use std::sync::Arc;

use super::{Log, Record, Store};
use crate::clock;
use crate::filter::Filter;

/// The server reads in pages of this many; a page without events says where the first is.
const PAGE: u64 = 32;

/// Which way to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the oldest.
    Forwards,
    /// From the newest.
    Backwards,
}

/// Where to begin: at a revision of a stream, or at a position in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// Before the first.
    Start,
    /// After the last.
    End,
    /// At this one.
    At(u64),
}

/// What reading a stream finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamRead {
    /// No such stream, or it is deleted softly.
    NotFound,
    /// It is ended for good.
    Deleted,
    /// It is there.
    Found {
        /// Its events, in the order asked for.
        records: Vec<Arc<Record>>,
        /// Where it begins, if far behind the place asked for.
        first: Option<u64>,
        /// Its last revision.
        last: u64,
    },
}

impl Begin {
    fn at(self) -> u64 {
        match self {
            Self::Start => 0,
            Self::End => u64::MAX,
            Self::At(place) => place,
        }
    }
}

impl Store {
    /// Reads a stream; the event at the given revision is the first.
    pub fn read_stream(&self, stream: &str, direction: Direction, from: Begin, count: u64) -> StreamRead {
        let log = self.log();
        if log.is_tombstoned(stream) {
            return StreamRead::Deleted;
        }
        let Some(last) = log.last(stream) else { return StreamRead::NotFound };
        if log.metadata(stream).softly_deleted() {
            return StreamRead::NotFound;
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let begin = from.at();
        let visible = log.visible(stream);
        let (records, first): (Vec<_>, _) = match direction {
            Direction::Forwards => {
                let records: Vec<_> = visible.filter(|it| it.revision >= begin).take(count).cloned().collect();
                let first = records.first().map(|it| it.revision).filter(|it| *it >= begin.saturating_add(PAGE));
                (records, first)
            }
            Direction::Backwards => {
                (visible.rev().filter(|it| it.revision <= begin).take(count).cloned().collect(), None)
            }
        };
        StreamRead::Found { records, first, last }
    }

    /// Reads the log: forwards with the event at the position, backwards without it. Only what the filter accepts counts.
    pub fn read_all(&self, direction: Direction, from: Begin, count: u64, filter: Option<&Filter>) -> Vec<Arc<Record>> {
        let log = self.log();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let begin = from.at();
        let accepted = |it: &&Arc<Record>| filter.is_none_or(|filter| filter.accepts(it));
        let split = log.records.partition_point(|it| it.position < begin);
        let (before, after) = log.records.split_at(split);
        match direction {
            Direction::Forwards => after.iter().filter(accepted).take(count).cloned().collect(),
            Direction::Backwards => before.iter().rev().filter(accepted).take(count).cloned().collect(),
        }
    }

    /// Whether there is an event at a position, or the log begins or ends there. A reader that makes positions up is told.
    pub fn is_place(&self, from: Begin) -> bool {
        let log = self.log();
        match from {
            Begin::Start | Begin::End | Begin::At(0 | u64::MAX) => true,
            Begin::At(position) => {
                position == log.end() || log.records.binary_search_by_key(&position, |it| it.position).is_ok()
            }
        }
    }

    /// The place in the log, as a count of events, from which a subscription goes on after a position.
    pub fn after(&self, from: Begin) -> usize {
        let log = self.log();
        match from {
            Begin::Start => 0,
            Begin::End => log.records.len(),
            Begin::At(position) => log.records.partition_point(|it| it.position <= position),
        }
    }

    /// Some events of the log from such a place on; none at its end.
    pub fn slice(&self, begin: usize, count: usize) -> Vec<Arc<Record>> {
        self.log().records.iter().skip(begin).take(count).cloned().collect()
    }

    /// Some events of a stream from a revision on; nothing at all if it is ended for good.
    pub fn stream_slice(&self, stream: &str, begin: u64, count: usize) -> Option<Vec<Arc<Record>>> {
        let log = self.log();
        let found = || log.visible(stream).filter(|it| it.revision >= begin).take(count).cloned().collect();
        (!log.is_tombstoned(stream)).then(found)
    }

    /// The revision that the next event of a stream will have.
    pub fn next_revision(&self, stream: &str) -> u64 {
        self.log().next(stream)
    }
}

impl Log {
    /// The events of a stream that its metadata lets one read.
    fn visible(&self, stream: &str) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        let held = self.metadata(stream);
        let kept = held.max_count.map_or(0, |it| self.next(stream).saturating_sub(it));
        let first = kept.max(held.truncate_before.unwrap_or(0));
        let age = held.max_age.map(|it| it.saturating_mul(clock::TICKS_PER_SECOND));
        let oldest = age.map_or(0, |it| clock::ticks().saturating_sub(it));
        let begin = usize::try_from(first).unwrap_or(usize::MAX);
        self.stream(stream).iter().skip(begin).filter(move |it| it.created >= oldest)
    }
}
