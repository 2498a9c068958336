//! The fixed beginning of an event's stored bytes, read without a JSON parser.
//!
//! [`NewEvent::stored_bytes`] writes the keys in one order and never otherwise, so what the store itself needs to know
//! (which stream, which revision) can be read from the front, whatever the data is.

use hearth_events::{NewEvent, Position, StoredEvent, StreamName, leaf_hash};
use jiff::Timestamp;

use super::StoreError;

/// What stands before `data` in the stored bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Envelope<'a> {
    pub(super) position: u64,
    pub(super) stream: &'a str,
    pub(super) revision: u64,
    pub(super) id: &'a str,
    pub(super) recorded_at: &'a str,
}

impl<'a> Envelope<'a> {
    /// Reads it, or says that the bytes are damaged.
    pub(super) fn read(position: Position, bytes: &'a [u8]) -> Result<Self, StoreError> {
        let envelope = Self::parse(bytes).ok_or_else(|| damaged(position, "does not begin as an event does"))?;
        if envelope.position != position.0 {
            return Err(damaged(position, "says that it stands elsewhere"));
        }
        Ok(envelope)
    }

    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        Some(Self {
            position: between(&mut rest, br#"{"position":"#, b',')?.parse().ok()?,
            stream: between(&mut rest, br#""stream":""#, b'"')?,
            revision: between(&mut rest, br#","revision":"#, b',')?.parse().ok()?,
            id: between(&mut rest, br#""id":""#, b'"')?,
            recorded_at: {
                between(&mut rest, br#","type":""#, b'"')?;
                between(&mut rest, br#","recorded_at":""#, b'"')?
            },
        })
    }

    /// When it was recorded.
    pub(super) fn recorded_at(&self) -> Result<Timestamp, StoreError> {
        self.recorded_at.parse().map_err(|_| damaged(Position(self.position), "was recorded at no time at all"))
    }
}

fn between<'a>(rest: &mut &'a [u8], before: &[u8], end: u8) -> Option<&'a str> {
    let text = rest.strip_prefix(before)?;
    let length = text.iter().position(|it| *it == end)?;
    let (value, after) = text.split_at_checked(length)?;
    *rest = after.get(1..)?;
    std::str::from_utf8(value).ok()
}

/// Whether the event that is stored at this place is the one that is to be appended there: same id, type, data and
/// metadata. When it was recorded does not count, since it is taken anew at each try.
pub(super) fn is_same(stored: &StoredEvent, stream: &StreamName, new: &NewEvent) -> Result<bool, StoreError> {
    let envelope = Envelope::read(stored.position, &stored.bytes)?;
    let recorded_at = envelope.recorded_at()?;
    Ok(new.stored_bytes(stored.position, stream, envelope.revision, recorded_at) == stored.bytes)
}

/// That the bytes are the ones that were hashed when they were written.
pub(super) fn check_hash(position: Position, bytes: &[u8], hash: &[u8]) -> Result<(), StoreError> {
    if leaf_hash(bytes) == hash {
        return Ok(());
    }
    Err(damaged(position, "is not what its hash was taken over"))
}

/// An event that cannot be as it was written.
pub(super) fn damaged(position: Position, what: &str) -> StoreError {
    StoreError::Wrong(format!("the log is damaged: the event at position {position} {what}"))
}

#[cfg(test)]
mod tests {
    use hearth_events::EventId;

    use super::*;

    #[test]
    fn the_beginning_is_read_as_it_was_written() {
        let event = NewEvent {
            id: EventId::from_bits(7),
            type_name: "LogStarted",
            recorded_at: "2026-11-23T10:11:12.5Z".parse().unwrap(),
            data: r#"{"a":"b"}"#.to_owned(),
            metadata: "{}".to_owned(),
        };
        let bytes = event.stored_bytes(Position(12), &StreamName::named("dwelling-1"), 3, event.recorded_at);
        let envelope = Envelope::read(Position(12), &bytes).unwrap();
        assert_eq!((envelope.stream, envelope.revision), ("dwelling-1", 3));
        assert_eq!(envelope.id, event.id.to_string());
        assert_eq!(envelope.recorded_at().unwrap(), event.recorded_at);
        assert!(Envelope::read(Position(13), &bytes).is_err());
        for length in 0..100 {
            assert!(Envelope::read(Position(12), &bytes[..length]).is_err());
        }
    }
}
