//! Documents that lie with a draft until it is sent, and arrive with the notification.

use crate::drafts::DraftError;
use crate::evidence::content::Unusable;

/// What a document is called of which nobody says more.
pub const ANY_DOCUMENT: &str = "document";

/// A document as it is kept with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentKept {
    /// What the drafts call it.
    pub id: String,
    /// Whether something looked whether it is harmful.
    pub scanned: bool,
}

/// A document of a draft that goes with a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentSent {
    /// What the drafts call it.
    pub id: String,
    /// What it is said to be, in kebab-case.
    pub kind: String,
    /// What its sender calls it.
    pub file_name: String,
    /// Whether something looked whether it is harmful.
    pub scanned: bool,
}

/// Why a document was not taken; nothing was kept then.
#[derive(Debug, thiserror::Error)]
pub enum DocumentNotTaken {
    /// The file cannot be evidence.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// A scanner found something harmful in the file.
    #[error("the file is harmful")]
    Infected,
    /// The scanner cannot tell now.
    #[error("the file cannot be looked at now: {0}")]
    NotScanned(String),
    /// There are as many documents of drafts as there may be.
    #[error("there is no room for more documents now")]
    Full,
    /// It cannot be kept.
    #[error(transparent)]
    Drafts(DraftError),
}

impl From<DraftError> for DocumentNotTaken {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Full => Self::Full,
            DraftError::File(_) | DraftError::Key(_) | DraftError::TooLong => Self::Drafts(error),
        }
    }
}
