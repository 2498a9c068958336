//! What a submitter does after the notification was sent, and why it was not taken.

use bytes::Bytes;
use hearth_events::{EvidenceReceived, Status};
use jiff::Timestamp;

use super::ServiceError;
use crate::evidence::content::Unusable;

/// What a submitter does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowUp {
    /// Takes the notification back.
    Withdraw {
        /// Whether an officer does so on the submitter's behalf, who leaves what was escalated to supervisors.
        by_officer: bool,
    },
    /// Answers what an officer asked.
    Answer {
        /// In the submitter's words.
        text: String,
    },
    /// Sends a file of evidence.
    Evidence(EvidenceSent),
}

/// A file of evidence as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceSent {
    /// What it is said to be, in kebab-case.
    pub kind: Option<String>,
    /// What the submitter calls it; nothing else is ever called so.
    pub file_name: Option<String>,
    /// The file.
    pub content: Bytes,
}

/// A file of evidence as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceKept {
    /// When it was recorded.
    pub received_at: Timestamp,
    /// What is recorded of it.
    pub told: EvidenceReceived,
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
    /// It was escalated, and an officer is no supervisor.
    #[error("it was escalated")]
    ForSupervisors,
    /// Nobody has asked anything.
    #[error("nothing was asked")]
    NothingAsked,
    /// There are as many as there may be.
    #[error("there are {0} already")]
    TooMany(usize),
    /// The file cannot be evidence.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// A scanner found something harmful in the file. That is recorded; its content is not kept.
    #[error("the file is harmful")]
    Infected,
    /// The scanner cannot tell now.
    #[error("the file cannot be looked at now: {0}")]
    NotScanned(String),
    /// The service cannot do it now.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl NotTaken {
    /// Whether what was asked for is not there.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}
