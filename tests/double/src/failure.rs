//! How the server says no: statuses with trailers for a call, a detail for one write of a batch.

use prost::Message;
use prost_types::Any;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use crate::store::{Expected, Refusal};
use crate::wire::{self, Failure, Nothing, streams};

/// Texts that are not ASCII do not fit a trailer; the wire has no other form for them.
fn with_trailers(code: Code, message: impl Into<String>, trailers: &[(&'static str, &str)]) -> Status {
    let mut metadata = MetadataMap::new();
    for (key, value) in trailers {
        if let Ok(value) = value.parse() {
            metadata.insert(*key, value);
        }
    }
    Status::with_metadata(code, message, metadata)
}

pub(crate) fn access_denied() -> Status {
    with_trailers(Code::PermissionDenied, "Access Denied", &[("exception", "access-denied")])
}

pub(crate) fn not_leader(host: &str, port: u16) -> Status {
    let port = port.to_string();
    let trailers =
        [("exception", "not-leader"), ("leader-endpoint-host", host), ("leader-endpoint-port", port.as_str())];
    with_trailers(Code::NotFound, "Leader info available", &trailers)
}

pub(crate) fn stream_deleted(stream: &str) -> Status {
    let trailers = [("exception", "stream-deleted"), ("stream-name", stream)];
    with_trailers(Code::FailedPrecondition, format!("Event stream '{stream}' is deleted."), &trailers)
}

pub(crate) fn too_large(limit: usize) -> Status {
    let text = limit.to_string();
    let trailers = [("exception", "maximum-append-size-exceeded"), ("maximum-append-size", text.as_str())];
    with_trailers(Code::InvalidArgument, format!("Maximum Append Size of {limit} Exceeded."), &trailers)
}

pub(crate) fn missing_property(property: &str) -> Status {
    let required = wire::REQUIRED.join(",");
    let trailers =
        [("exception", "missing-required-metadata-property"), ("required-metadata-properties", required.as_str())];
    with_trailers(Code::InvalidArgument, format!("Required Metadata Property '{property}' is missing"), &trailers)
}

/// Why a stream was not deleted. Appends say the same in a message of their own.
pub(crate) fn not_deleted(stream: &str, expected: Expected, refusal: Refusal) -> Status {
    match refusal {
        Refusal::Deleted => stream_deleted(stream),
        Refusal::Journal(error) => Status::internal(error),
        Refusal::WrongVersion { current } => {
            let expected = number(expected);
            let actual = current.map_or_else(|| "-1".to_owned(), |it| it.to_string());
            let message = format!(
                "Delete failed due to WrongExpectedVersion. Stream: {stream}, Expected version: {expected}, \
                 Actual version: {actual}"
            );
            let trailers = [
                ("exception", "wrong-expected-version"),
                ("stream-name", stream),
                ("expected-version", expected.as_str()),
                ("actual-version", actual.as_str()),
            ];
            with_trailers(Code::FailedPrecondition, message, &trailers)
        }
    }
}

/// The number that the server's texts have for an expected revision.
fn number(expected: Expected) -> String {
    match expected {
        Expected::Exact(revision) => revision.to_string(),
        Expected::NoStream => "-1".to_owned(),
        Expected::Any => "-2".to_owned(),
        Expected::StreamExists => "-4".to_owned(),
    }
}

/// Both generations of a conflict.
pub(crate) fn wrong_version(expected: Expected, current: Option<u64>) -> streams::WrongVersion {
    use streams::wrong_version::{Current, Expected as New, OldCurrent, OldExpected};
    let nothing = Nothing {};
    let old_current = current.map_or(OldCurrent::OldCurrentNoStream(nothing), OldCurrent::OldCurrentRevision);
    let current = current.map_or(Current::CurrentNoStream(nothing), Current::CurrentRevision);
    let (old_expected, expected) = match expected {
        Expected::Exact(revision) => {
            (Some(OldExpected::OldExpectedRevision(revision)), New::ExpectedRevision(revision))
        }
        Expected::Any => (Some(OldExpected::OldExpectedAny(nothing)), New::ExpectedAny(nothing)),
        Expected::StreamExists => {
            (Some(OldExpected::OldExpectedStreamExists(nothing)), New::ExpectedStreamExists(nothing))
        }
        // The older generation has no word for it.
        Expected::NoStream => (None, New::ExpectedNoStream(nothing)),
    };
    streams::WrongVersion {
        old_current: Some(old_current),
        old_expected,
        current: Some(current),
        expected: Some(expected),
    }
}

/// Why one write of a batch was not done.
pub(crate) fn refused(stream: &str, expected: Expected, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Deleted => {
            let detail = wire::DeletedDetail { stream: Some(wire::stream_name(stream)) };
            failure(Code::NotFound, "StreamDeleted", &detail)
        }
        Refusal::Journal(error) => failure(Code::Unknown, &error, &Nothing {}),
        Refusal::WrongVersion { current } => {
            use wire::wrong_version_detail::{Current, Expected as Named};
            let nothing = Nothing {};
            let current = current.map_or(Current::NoStream(nothing), Current::Revision);
            let expected = match expected {
                Expected::Exact(revision) => Named::ExpectedRevision(revision),
                Expected::NoStream => Named::ExpectedNoStream(nothing),
                Expected::Any => Named::Any(nothing),
                Expected::StreamExists => Named::StreamExists(nothing),
            };
            let detail = wire::WrongVersionDetail { current: Some(current), expected: Some(expected) };
            failure(Code::AlreadyExists, "WrongExpectedVersion", &detail)
        }
    }
}

pub(crate) fn denied() -> Failure {
    failure(Code::PermissionDenied, "AccessDenied", &Nothing {})
}

pub(crate) fn timed_out() -> Failure {
    failure(Code::DeadlineExceeded, "Timeout", &Nothing {})
}

pub(crate) fn exceeded(limit: usize) -> Failure {
    let detail = wire::TooLargeDetail { limit: u32::try_from(limit).unwrap_or(u32::MAX) };
    failure(Code::InvalidArgument, "MaximumAppendSizeExceeded", &detail)
}

pub(crate) fn bad_request(message: &str) -> Failure {
    failure(Code::InvalidArgument, "BadRequest", &wire::BadRequestDetail { message: message.to_owned() })
}

/// The message of a failure is also the name of its detail's type, in all but the last resort.
fn failure(code: Code, message: &str, detail: &impl Message) -> Failure {
    let name = if code == Code::Unknown { "Unknown" } else { message };
    let type_url = format!("type.googleapis.com/event_store.client.{name}");
    Failure {
        code: i32::from(code),
        message: message.to_owned(),
        detail: Some(Any { type_url, value: detail.encode_to_vec() }),
    }
}
