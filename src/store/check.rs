//! What both adapters decide alike: whether a call is well formed, and what to answer when a stream is not as expected.
//!
//! Idempotence has the scope of one stream and one place, as in EventStoreDB. An append whose expectation no longer
//! holds is compared with the events that stand where it would have put its own: the same ids with the same content get
//! the first answer, anything else is a conflict. With [`Expected::Any`] there is no such place, so the id of the first
//! event is looked for among the last [`ANY_LOOK_BACK`] events of the stream. The same id in two streams, or appended
//! again with a new expectation that holds, is two events.

use std::collections::BTreeSet;

use hearth_events::{NewEvent, StoredEvent, StreamName};
use serde::de::IgnoredAny;

use super::envelope::{Envelope, is_same};
use super::{Appended, Expected, StoreError};

/// How many of a stream's last events an append with [`Expected::Any`] is compared with.
pub(super) const ANY_LOOK_BACK: u64 = 100;
/// How many events of a stream may follow an append that still gets its first answer; after more it is a conflict.
pub(super) const LOOK_BACK: u64 = 1_000;
/// The longest name of a stream, in bytes.
const LONGEST_NAME: usize = 200;

/// What to do with an append.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Append, the first event at this revision.
    Append(u64),
    /// It was appended before: give the first answer.
    Before(Appended),
    /// Somebody else was first.
    Conflict,
}

/// That the log could be read back with these events in it.
pub(super) fn well_formed(stream: &StreamName, events: &[NewEvent]) -> Result<(), StoreError> {
    let name = stream.as_str();
    let is_plain = |it: char| !it.is_control() && it != '"' && it != '\\';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_plain) {
        return Err(StoreError::Wrong(format!("a stream cannot be called {name:?}")));
    }
    if events.is_empty() {
        return Err(StoreError::Wrong(format!("nothing to append to {stream}")));
    }
    if events.len() > 1 && events.iter().map(|it| it.id).collect::<BTreeSet<_>>().len() < events.len() {
        return Err(StoreError::Wrong(format!("an event id comes twice in one append to {stream}")));
    }
    for event in events {
        for (part, json) in [("data", &event.data), ("metadata", &event.metadata)] {
            let is_object = json.starts_with('{') && serde_json::from_str::<IgnoredAny>(json).is_ok();
            if !is_object {
                return Err(StoreError::Wrong(format!("the {part} of event {} is not a JSON object", event.id)));
            }
        }
    }
    Ok(())
}

/// Decides on an append to a stream whose last revision is `head`; `newest_first` are its events, read only when needed.
pub(super) fn judge(
    stream: &StreamName,
    expected: Expected,
    events: &[NewEvent],
    head: Option<u64>,
    newest_first: impl Iterator<Item = Result<StoredEvent, StoreError>>,
) -> Result<Verdict, StoreError> {
    let next = head.map_or(0, |it| it + 1);
    let first = match expected {
        Expected::Any => return judge_any(stream, events, next, newest_first),
        Expected::NoStream => 0,
        Expected::Exact(revision) => revision.saturating_add(1),
    };
    if first == next {
        return Ok(Verdict::Append(next));
    }
    let end = first.saturating_add(as_u64(events.len()));
    if end > next || next - end > LOOK_BACK {
        return Ok(Verdict::Conflict);
    }
    let mut later = newest_first.skip(usize::try_from(next - end).unwrap_or(usize::MAX));
    let mut last = None;
    for event in events.iter().rev() {
        match later.next().transpose()? {
            Some(stored) if is_same(&stored, stream, event)? => last = last.or(Some(stored.position)),
            Some(_) | None => return Ok(Verdict::Conflict),
        }
    }
    Ok(last.map_or(Verdict::Conflict, |last| Verdict::Before(Appended { last, revision: end - 1 })))
}

fn judge_any(
    stream: &StreamName,
    events: &[NewEvent],
    next: u64,
    newest_first: impl Iterator<Item = Result<StoredEvent, StoreError>>,
) -> Result<Verdict, StoreError> {
    let Some(first_id) = events.first().map(|it| it.id.to_string()) else {
        return Ok(Verdict::Conflict);
    };
    let mut seen = Vec::new();
    for (revision, stored) in (0..next).rev().zip(newest_first).take(usize::try_from(ANY_LOOK_BACK).unwrap_or(0)) {
        let stored = stored?;
        let is_first = Envelope::read(stored.position, &stored.bytes)?.id == first_id;
        seen.push(stored);
        if !is_first {
            continue;
        }
        let mut last = None;
        for event in events {
            match seen.pop() {
                Some(stored) if is_same(&stored, stream, event)? => last = Some(stored.position),
                Some(_) | None => return Ok(Verdict::Conflict),
            }
        }
        let revision = revision + as_u64(events.len()) - 1;
        return Ok(last.map_or(Verdict::Conflict, |last| Verdict::Before(Appended { last, revision })));
    }
    Ok(Verdict::Append(next))
}

/// A count as the log counts.
pub(super) fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
