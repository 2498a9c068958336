//! An event as EventStoreDB keeps it, and back.
//!
//! The data is the event's data, byte for byte. The metadata is the event's metadata with three keys before it: whose log it
//! belongs to, as several may be on one server; when it was recorded, as the client keeps that to the second only; and a
//! digest of all there is but its place, so that nobody can change what the server holds without Hearth noticing.

use hearth_events::{NewEvent, Parts, Position, StoredEvent, StreamName, hex, leaf_hash};
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::super::StoreError;
use super::address::Address;
use super::client::{es, stream_of};
use super::places::{Counted, Place};

const LOG: &str = r#"{"hearth":""#;
const RECORDED_AT: &str = r#"","recorded_at":""#;
/// What the digest is taken with for the revision, which is the server's to give.
const NO_REVISION: u64 = 0;
const CONTENT: &str = r#"","content":""#;

/// One of Hearth's events, as read from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) place: Place,
    pub(super) stream: String,
    pub(super) revision: u64,
    pub(super) recorded_at: Timestamp,
    pub(super) id: String,
    type_name: String,
    data: String,
    metadata: String,
}

impl Written {
    /// The event at its place in the log.
    pub(super) fn stored(&self, counted: &Counted) -> StoredEvent {
        let bytes = self.parts().stored_bytes(counted.position, counted.recorded_at);
        StoredEvent { position: counted.position, hash: leaf_hash(&bytes), bytes }
    }

    fn parts(&self) -> Parts<'_> {
        Parts {
            stream: &self.stream,
            revision: self.revision,
            id: &self.id,
            type_name: &self.type_name,
            data: &self.data,
            metadata: &self.metadata,
        }
    }
}

/// The event for the server, to stand in this stream.
pub(super) fn outgoing(stream: &StreamName, event: &NewEvent, address: &Address) -> Result<es::EventData, StoreError> {
    let id = event.id.to_string();
    let wrong = |what: &str| StoreError::Wrong(format!("event {id} cannot be appended: {what}"));
    let uuid = id.parse::<uuid::Uuid>().map_err(|_| wrong("its id is no UUID"))?;
    let data = RawValue::from_string(event.data.clone()).map_err(|_| wrong("its data is not JSON"))?;
    if data.get() != event.data {
        return Err(wrong("there are blanks around its data"));
    }
    let content = content(&event.stored_bytes(Position::START, stream, NO_REVISION, event.recorded_at));
    let rest = event.metadata.trim_start().strip_prefix('{').unwrap_or_default();
    let comma = if rest.trim_start().starts_with('}') { "" } else { "," };
    let metadata =
        format!("{LOG}{}{RECORDED_AT}{}{CONTENT}{content}\"{comma}{rest}", address.prefix(), event.recorded_at);
    let outgoing = es::EventData::json(event.type_name, &data).map_err(|error| wrong(&error.to_string()))?;
    Ok(outgoing.id(uuid).metadata(metadata.into()))
}

/// One of Hearth's events; none where somebody else wrote it, or the server itself.
pub(super) fn incoming(event: &es::RecordedEvent, address: &Address) -> Result<Option<Written>, StoreError> {
    let place = place_of(event);
    let stream = stream_of(event).and_then(|it| address.in_log(it));
    let (Some(stream), Ok(head)) = (stream, std::str::from_utf8(&event.custom_metadata)) else {
        return Ok(None);
    };
    if event.event_type.starts_with('$') {
        return Ok(None);
    }
    let Some((log, rest)) = head.strip_prefix(LOG).and_then(|it| it.split_once(RECORDED_AT)) else { return Ok(None) };
    if log != address.prefix() {
        return Ok(None);
    }
    let written = written(event, place, stream, rest);
    match written {
        Some(written) => Ok(Some(written)),
        // A copy of an event of ours in a stream of somebody else's is theirs.
        None if !StreamName::named(stream).is_known() => Ok(None),
        None => Err(StoreError::Wrong(format!(
            "the log is damaged: event {} of stream {stream} is not as it was written",
            event.revision
        ))),
    }
}

/// The event, where it is as its digest says.
fn written(event: &es::RecordedEvent, place: Place, stream: &str, head: &str) -> Option<Written> {
    let (recorded_at, rest) = head.split_once(CONTENT)?;
    let (claimed, rest) = rest.split_once('"')?;
    let written = Written {
        place,
        stream: stream.to_owned(),
        revision: event.revision,
        recorded_at: recorded_at.parse().ok()?,
        id: event.id.to_string(),
        type_name: event.event_type.clone(),
        data: std::str::from_utf8(&event.data).ok()?.to_owned(),
        metadata: format!("{{{}", rest.strip_prefix(',').unwrap_or(rest)),
    };
    let parts = Parts { revision: NO_REVISION, ..written.parts() };
    (content(&parts.stored_bytes(Position::START, written.recorded_at)) == claimed).then_some(written)
}

/// Where in `$all` an event is.
pub(super) fn place_of(event: &es::RecordedEvent) -> Place {
    Place { commit: event.position.commit, prepare: event.position.prepare }
}

fn content(bytes: &[u8]) -> String {
    hex(&leaf_hash(bytes))
}
