//! An event with its place in the log, as a value and as bytes.

use std::fmt::{self, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Event, EventId, NotificationRef, Uprn};

/// A place in the whole log. Later events have greater positions; nothing else may be read from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position(pub u64);

impl Position {
    /// Before the first event.
    pub const START: Self = Self(0);
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a stream of events: the boundary within which the store checks expected revisions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamName(String);

impl StreamName {
    /// Any stream by its name, as read from the log.
    pub fn named(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The dwelling: who is liable there on each day.
    pub fn dwelling(uprn: &Uprn) -> Self {
        Self(format!("dwelling-{uprn}"))
    }

    /// The notification: its own case from receipt to outcome.
    pub fn notification(reference: &NotificationRef) -> Self {
        Self(format!("notification-{reference}"))
    }

    /// The council: what it resolved and adopted.
    pub fn council(gss_code: &str) -> Self {
        Self(format!("council-{gss_code}"))
    }

    /// The log itself: its identity and its clock.
    pub fn log() -> Self {
        Self("log".to_owned())
    }

    /// Who may call the API.
    pub fn access() -> Self {
        Self("access".to_owned())
    }

    /// What a member of staff, or the holder of a token, looked at, and when they signed in.
    pub fn staff(name: &str) -> Self {
        Self(format!("staff-{name}"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the stream of a council.
    pub fn is_council(&self) -> bool {
        self.0.starts_with("council-")
    }

    /// Whether it is called as the streams of a log are.
    pub fn is_known(&self) -> bool {
        let kinds = ["council-", "dwelling-", "notification-", "staff-"];
        *self == Self::log() || *self == Self::access() || kinds.iter().any(|it| self.0.starts_with(it))
    }

    /// The dwelling whose stream it is, or none where it is another stream.
    pub fn as_dwelling(&self) -> Option<Uprn> {
        self.0.strip_prefix("dwelling-")?.parse().ok()
    }

    /// The notification whose stream it is, or none where it is another stream.
    pub fn as_notification(&self) -> Option<NotificationRef> {
        self.0.strip_prefix("notification-")?.parse().ok()
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is known about an event beside the fact itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Who or what made it so: `system`, `import`, a token's name, an officer. Never personal data.
    pub actor: String,
    /// The notification or the command that caused it.
    pub causation: String,
    /// What belongs together: the notification's reference, or the run of a command.
    pub correlation: String,
    /// The version of the rules it was decided under.
    pub rules_version: String,
    /// The shape of `data`; older shapes are brought up to date when they are read.
    pub schema: u16,
}

/// An event as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the whole log.
    pub position: Position,
    /// The stream it is in.
    pub stream: StreamName,
    /// Its place in the stream, from 0.
    pub revision: u64,
    /// Its id.
    pub id: EventId,
    /// When the council knew.
    pub recorded_at: Timestamp,
    /// What happened.
    pub event: Event,
    /// How it came to be recorded.
    pub metadata: Metadata,
}

/// An event ready to be appended: everything but its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Its id; appending the same id again at the same place is the same append.
    pub id: EventId,
    /// The name of the event type.
    pub type_name: &'static str,
    /// When it is recorded; the store never lets it run backwards.
    pub recorded_at: Timestamp,
    /// The `data` object as JSON.
    pub data: String,
    /// The `metadata` object as JSON.
    pub metadata: String,
}

impl NewEvent {
    /// The bytes that are stored for the event at this place: one JSON object with its keys in this order.
    ///
    /// They are written once, never rewritten, and are what `GET /events` and `hearth export` show (there with the hash
    /// beside them) and what the leaf hash is taken over.
    pub fn stored_bytes(
        &self,
        position: Position,
        stream: &StreamName,
        revision: u64,
        recorded_at: Timestamp,
    ) -> Vec<u8> {
        let (id, type_name) = (self.id.to_string(), self.type_name);
        let parts =
            Parts { stream: stream.as_str(), revision, id: &id, type_name, data: &self.data, metadata: &self.metadata };
        parts.stored_bytes(position, recorded_at)
    }
}

/// The parts of an event as text, for a store that keeps them apart and puts the stored bytes together when it reads.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// The name of the stream.
    pub stream: &'a str,
    /// Its place in the stream, from 0.
    pub revision: u64,
    /// Its id.
    pub id: &'a str,
    /// The name of the event type.
    pub type_name: &'a str,
    /// The `data` object as JSON.
    pub data: &'a str,
    /// The `metadata` object as JSON.
    pub metadata: &'a str,
}

impl Parts<'_> {
    /// See [`NewEvent::stored_bytes`].
    pub fn stored_bytes(&self, position: Position, recorded_at: Timestamp) -> Vec<u8> {
        let Self { stream, revision, id, type_name, data, metadata } = self;
        format!(
            r#"{{"position":{position},"stream":"{stream}","revision":{revision},"id":"{id}","type":"{type_name}","recorded_at":"{recorded_at}","data":{data},"metadata":{metadata}}}"#
        )
        .into_bytes()
    }
}

/// An event as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place in the whole log.
    pub position: Position,
    /// The stored bytes, see [`NewEvent::stored_bytes`].
    pub bytes: Vec<u8>,
    /// The RFC 6962 leaf hash of the bytes.
    pub hash: [u8; 32],
}

/// The leaf hash of RFC 6962 s.2.1: SHA-256 over a zero byte and the stored bytes.
pub fn leaf_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0_u8]).chain_update(bytes).finalize().into()
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl StoredEvent {
    /// The event as it is shown outside: the stored JSON object with its hash, in lower-case hex, as the last key.
    ///
    /// None where the stored bytes are not a JSON object.
    pub fn with_hash(&self) -> Option<String> {
        let object = std::str::from_utf8(&self.bytes).ok()?.strip_suffix('}')?;
        Some(format!(r#"{object},"hash":"{}"}}"#, hex(&self.hash)))
    }
}
