//! From events to stored bytes and back.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    Event, EventId, Metadata, NewEvent, NotSealed, PlannedEvent, Position, Recorded, Sealer, StoredEvent, StreamName,
};

/// Stored bytes that this program cannot read, or an event it cannot write.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The bytes are not an event record at all.
    #[error("not an event record: {0}")]
    Envelope(String),
    /// The record is of a type this version of the program does not know.
    #[error("unknown event type {0}: was it written by a newer version?")]
    UnknownType(String),
    /// The data does not have the shape of its type.
    #[error("data of {type_name} cannot be read: {error}")]
    Data {
        /// The type.
        type_name: String,
        /// What is wrong.
        error: String,
    },
    /// Personal data could not be sealed.
    #[error(transparent)]
    NotSealed(#[from] NotSealed),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    position: u64,
    stream: &'a str,
    revision: u64,
    id: EventId,
    #[serde(rename = "type")]
    type_name: &'a str,
    recorded_at: Timestamp,
    #[serde(borrow)]
    data: &'a RawValue,
    metadata: Metadata,
}

/// Reads an event from its stored bytes.
///
/// # Errors
/// When the bytes are not a record of an event that this program knows. The caller parks what the event belongs to; it
/// never skips it.
pub fn decode(stored: &StoredEvent) -> Result<Recorded, CodecError> {
    let envelope: Envelope<'_> =
        serde_json::from_slice(&stored.bytes).map_err(|error| CodecError::Envelope(error.to_string()))?;
    Ok(Recorded {
        position: Position(envelope.position),
        stream: StreamName::named(envelope.stream),
        revision: envelope.revision,
        id: envelope.id,
        recorded_at: envelope.recorded_at,
        event: decode_event(envelope.type_name, envelope.metadata.schema, envelope.data.get())?,
        metadata: envelope.metadata,
    })
}

/// Reads an event from its type, the number of its shape and its data.
///
/// Every type has one shape so far. A second shape gets an arm here that brings the first up to date.
///
/// # Errors
/// As [`decode`].
pub fn decode_event(type_name: &str, schema: u16, data: &str) -> Result<Event, CodecError> {
    if schema != 1 {
        return Err(CodecError::UnknownType(format!("{type_name} in shape {schema}")));
    }
    Event::from_data(type_name, data)
}

/// Seals an event and writes its data, ready to be planned or appended.
///
/// # Errors
/// When personal data cannot be sealed.
pub fn draft(id: EventId, mut event: Event, sealer: &mut dyn Sealer) -> Result<PlannedEvent, CodecError> {
    event.seal(id, sealer)?;
    let unreadable = |error: serde_json::Error| CodecError::Data {
        type_name: event.type_name().to_owned(),
        error: error.to_string(),
    };
    let data = event.data().map_err(unreadable)?;
    Ok(PlannedEvent {
        id,
        type_name: event.type_name().to_owned(),
        data: RawValue::from_string(data).map_err(unreadable)?,
    })
}

impl PlannedEvent {
    /// The event to append, recorded at `recorded_at` with `metadata`.
    ///
    /// # Errors
    /// When the plan holds a type that this program does not know.
    pub fn recorded(&self, recorded_at: Timestamp, metadata: &Metadata) -> Result<NewEvent, CodecError> {
        Ok(NewEvent {
            id: self.id,
            type_name: Event::known_type(&self.type_name)
                .ok_or_else(|| CodecError::UnknownType(self.type_name.clone()))?,
            recorded_at,
            data: self.data.get().to_owned(),
            metadata: serde_json::to_string(metadata).map_err(|error| CodecError::Envelope(error.to_string()))?,
        })
    }
}
