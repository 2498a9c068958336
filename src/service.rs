//! The service in one value: everything a command or a request needs, put together once.

use hearth_events::{NotificationRef, Status};
use jiff::Timestamp;

/// Who sends a notification, as far as the council knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Anybody, over the open form or API.
    Public,
    /// A file given to `hearth submit`.
    File,
    /// The holder of a token, by the token's name.
    Token(String),
}

/// What the sender of a notification is told, once it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What the council calls it.
    pub reference: NotificationRef,
    /// What it has come to so far.
    pub status: Status,
    /// The secret with which its sender can see it.
    pub tracking_token: String,
    /// Whether it had been received before, so that this is the first answer again.
    pub known: bool,
}

/// One fault of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// A JSON pointer to the field: `/details/persons/0/name`.
    pub pointer: String,
    /// What is wrong and what to give instead.
    pub detail: String,
}

/// Why a notification was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not well formed; nothing was recorded.
    Malformed(Vec<FieldFault>),
    /// The same sender used the same reference with another body.
    OtherBody {
        /// What the council calls the first one.
        reference: NotificationRef,
    },
    /// The store cannot take it now; nothing was acknowledged.
    Unavailable(String),
}

/// When a notification was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceivedAt {
    /// Now, whatever the sender says.
    Now,
    /// As the file says.
    AsStated,
}

/// The clock of a log as it stands.
pub trait Now: Send + Sync {
    /// The present instant, on the log's clock.
    fn now(&self) -> Timestamp;
}
