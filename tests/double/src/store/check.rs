//! Whether a write may be done: the stream must be as the writer takes it to be, or the write be done already.

use uuid::Uuid;

use super::{Expected, Log, Refusal, Written, metadata};

/// What to do with a write.
pub(super) enum Check {
    /// To be done.
    Fresh {
        /// The stream is deleted softly and so must be revived.
        softly_deleted: bool,
    },
    /// Done before; the first answer again.
    Repeated(Written),
    Refused(Refusal),
}

impl Log {
    /// What to do with a write of events of these ids.
    pub(super) fn check(&self, stream: &str, expected: Expected, ids: &[Uuid]) -> Check {
        if self.is_tombstoned(stream) {
            return Check::Refused(Refusal::Deleted);
        }
        let softly_deleted = self.metadata(stream).softly_deleted();
        match expected {
            Expected::Any => self.check_recent(stream, ids, softly_deleted),
            Expected::StreamExists if softly_deleted => Check::Refused(Refusal::Deleted),
            Expected::StreamExists => {
                // A stream that has nothing but metadata exists.
                let there = self.last(stream).or_else(|| self.last(&metadata::of(stream))).is_some();
                if there { self.check_recent(stream, ids, false) } else { self.conflict(stream) }
            }
            Expected::NoStream => self.check_slots(stream, 0, ids, softly_deleted, softly_deleted),
            Expected::Exact(revision) => {
                self.check_slots(stream, revision.saturating_add(1), ids, softly_deleted, false)
            }
        }
    }

    /// Without an expected revision only a memory of recent ids tells a repeated write.
    fn check_recent(&self, stream: &str, ids: &[Uuid], softly_deleted: bool) -> Check {
        let known: Vec<u64> = ids.iter().map_while(|id| self.recent.revision(stream, *id)).collect();
        match known.last() {
            None => Check::Fresh { softly_deleted },
            Some(_) if known.len() < ids.len() => self.conflict(stream),
            Some(last) => self.repeated(stream, *last),
        }
    }

    /// With one, the events in the slots tell, whenever the write is repeated.
    fn check_slots(&self, stream: &str, first: u64, ids: &[Uuid], softly_deleted: bool, may_revive: bool) -> Check {
        let next = self.next(stream);
        if first > next {
            return self.conflict(stream);
        }
        if first == next {
            return Check::Fresh { softly_deleted };
        }
        let same = (first..).zip(ids).take_while(|(slot, id)| self.at(stream, *slot).is_some_and(|it| it.id == **id));
        match same.count() {
            0 if may_revive => Check::Fresh { softly_deleted: true },
            0 => self.conflict(stream),
            same if same < ids.len() => self.conflict(stream),
            same => self.repeated(stream, first + u64::try_from(same).unwrap_or(u64::MAX) - 1),
        }
    }

    fn repeated(&self, stream: &str, last: u64) -> Check {
        let position = self.at(stream, last).map(|it| it.position);
        Check::Repeated(Written { last: Some(last), position, repeated: true })
    }

    fn conflict(&self, stream: &str) -> Check {
        Check::Refused(Refusal::WrongVersion { current: self.last(stream) })
    }
}
