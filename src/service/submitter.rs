//! What a submitter does after the notification was sent, and why it was not taken.

use hearth_events::Status;

use super::ServiceError;

/// What a submitter does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowUp {
    /// Takes the notification back.
    Withdraw,
    /// Answers what an officer asked.
    Answer {
        /// In the submitter's words.
        text: String,
    },
}

/// Why it was not taken; nothing was recorded, unless it is said here.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// There is no such notification.
    #[error("there is no such notification")]
    Unknown,
    /// The notification has its outcome.
    #[error("it has its outcome")]
    Completed(Status),
    /// It is decided, and that is being carried out or waits to be authorised.
    #[error("it is decided")]
    UnderWay,
    /// Nobody has asked anything.
    #[error("nothing was asked")]
    NothingAsked,
    /// There are as many as there may be.
    #[error("there are {0} already")]
    TooMany(usize),
    /// The service cannot do it now.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
