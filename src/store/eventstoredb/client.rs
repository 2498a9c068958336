//! The one place that knows which of the two client crates is compiled in; what differs between them is said here.

#[cfg(feature = "eventstore")]
pub(super) use eventstore as es;
#[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
pub(super) use kurrentdb as es;

use super::super::Expected;

/// What an append may rest on. There is no word for "any": without a revision a retry can be written twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    NoStream,
    Revision(u64),
}

impl At {
    /// The revision the first event is to have.
    pub(super) fn first(self) -> u64 {
        match self {
            Self::NoStream => 0,
            Self::Revision(revision) => revision.saturating_add(1),
        }
    }

    /// None where the caller expects nothing, so that somebody has to look first.
    pub(super) fn expected(expected: Expected) -> Option<Self> {
        match expected {
            Expected::Any => None,
            Expected::NoStream => Some(Self::NoStream),
            Expected::Exact(revision) => Some(Self::Revision(revision)),
        }
    }
}

/// Options of an append: by the leader, at this place.
pub(super) fn append_options(at: At) -> es::AppendToStreamOptions {
    let options = es::AppendToStreamOptions::default().requires_leader(true);
    #[cfg(feature = "eventstore")]
    return options.expected_revision(match at {
        At::NoStream => es::ExpectedRevision::NoStream,
        At::Revision(revision) => es::ExpectedRevision::Exact(revision),
    });
    #[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
    return options.stream_state(match at {
        At::NoStream => es::StreamState::NoStream,
        At::Revision(revision) => es::StreamState::StreamRevision(revision),
    });
}

/// The name of the stream an event is in; none where it is no text.
pub(super) fn stream_of(event: &es::RecordedEvent) -> Option<&str> {
    #[cfg(feature = "eventstore")]
    let name = &event.stream_id;
    #[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
    let name = event.stream_id();
    // The successor hands the server's bytes out as text without looking at them.
    std::str::from_utf8(name.as_bytes()).ok()
}

/// A client whose tasks live on this runtime and nowhere else.
pub(super) fn client(runtime: &tokio::runtime::Handle, settings: es::ClientSettings) -> Result<es::Client, String> {
    es::Client::with_runtime_handle(runtime.clone(), settings).map_err(|error| error.to_string())
}

/// Whether somebody has installed a provider of cryptography for the whole process. `eventstore` does so itself, once, and
/// panics where there is one, so that every call answers "closed" for ever; `kurrentdb` minds its own.
#[cfg(feature = "eventstore")]
pub(super) fn has_provider() -> bool {
    rustls::crypto::CryptoProvider::get_default().is_some()
}

/// It makes no difference to this client.
#[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
pub(super) fn has_provider() -> bool {
    false
}
