//! From the client's errors to the four kinds of the port.

use super::super::StoreError;
use super::client::es;

/// Why a call failed, and whether the client that made it is still of use.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: StoreError,
    /// The client is stuck or closed: take another.
    pub(super) client_is_lost: bool,
}

impl Failed {
    pub(super) fn lost(error: StoreError) -> Self {
        Self { error, client_is_lost: true }
    }

    fn kept(error: StoreError) -> Self {
        Self { error, client_is_lost: false }
    }
}

/// What went wrong with a call that was sent.
///
/// The client makes a server's answer, a broken connection and a lost request into the same errors, so whatever is not
/// known to have been refused counts as ambiguous: a retry with the same ids is safe, a wrong "it was not written" is not.
pub(super) fn classified(error: es::Error) -> Failed {
    let text = said(&error);
    match error {
        es::Error::WrongExpectedVersion { current, .. } => Failed::kept(StoreError::Conflict {
            actual: match current {
                es::CurrentRevision::Current(revision) => Some(revision),
                es::CurrentRevision::NoStream => None,
            },
        }),
        // The client turns to the leader by itself.
        es::Error::NotLeaderException(leader) => Failed::kept(StoreError::Unavailable(format!(
            "the node asked is not the leader; {}:{} is",
            leader.host, leader.port
        ))),
        // No connection was to be had, and the client will never try again.
        es::Error::ConnectionClosed | es::Error::GrpcConnectionError(_) => {
            Failed::lost(StoreError::Unavailable(format!("no connection to it: {text}")))
        }
        es::Error::Grpc { code, .. } => Failed::lost(by_code(&format!("{code:?}"), text)),
        es::Error::AccessDenied => Failed::kept(StoreError::Wrong(
            "the event store refuses these credentials: check user and password, and that the user may read $all and write".to_owned(),
        )),
        es::Error::ResourceDeleted => Failed::kept(StoreError::Wrong(
            "somebody has deleted a stream of the log for good: restore the event store from its backup".to_owned(),
        )),
        // A node that knows of no leader, or has nothing to do with the log.
        es::Error::ResourceNotFound => Failed::lost(StoreError::Unavailable(text)),
        es::Error::UnsupportedFeature => {
            Failed::kept(StoreError::Wrong(format!("the event store is too old or is another server: {text}")))
        }
        es::Error::InitializationError(_) => Failed::lost(StoreError::Wrong(text)),
        // After a ServerError a client in a cluster stays with the node that failed, and with a leader that is cut off from the
        // others and finds no time to write; after the rest it is not to be trusted.
        es::Error::ServerError(_)
        | es::Error::DeadlineExceeded
        | es::Error::ResourceAlreadyExists
        | es::Error::InternalParsingError(_)
        | es::Error::InternalClientError
        | es::Error::IllegalStateError(_) => Failed::lost(StoreError::Ambiguous(text)),
    }
}

/// What the client says, without the headers it quotes.
fn said(error: &es::Error) -> String {
    let text = error.to_string();
    let end = text.find(", details: [").unwrap_or(text.len());
    text.get(..end).unwrap_or_default().to_owned()
}

/// By the gRPC status, for what the client has no word for.
fn by_code(code: &str, text: String) -> StoreError {
    match code {
        "InvalidArgument" => StoreError::Wrong(format!("the event store refuses the call: {text}")),
        "ResourceExhausted" => StoreError::Unavailable(text),
        // Among them "Aborted", which is how the server says that a write has timed out.
        _ => StoreError::Ambiguous(text),
    }
}
