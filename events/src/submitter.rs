//! What a submitter did after the notification was sent; each is recorded in the notification's own stream.

use serde::{Deserialize, Serialize};

use crate::{NotificationRef, Personal};

/// What a file of evidence is, as its content says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MediaType {
    /// A PDF document.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// A JPEG image.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A PNG image.
    #[serde(rename = "image/png")]
    Png,
    /// A HEIC image, as some telephones take photographs.
    #[serde(rename = "image/heic")]
    Heic,
}

impl MediaType {
    /// As in a header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
        }
    }

    /// How the name of such a file ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Heic => "heic",
        }
    }
}

/// Evidence arrived; the file itself lies outside the log, sealed for the submitter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceReceived {
    /// The notification.
    pub reference: NotificationRef,
    /// A keyed digest of the notification and the clear content: what the file is called, so that the same sent twice is one.
    pub digest: String,
    /// What it is said to be, in kebab-case: `tenancy-agreement`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What it is, as its content says.
    pub media_type: MediaType,
    /// How long its clear content is.
    pub bytes: u64,
    /// Whether a scanner looked at it, and found nothing harmful.
    pub scanned: bool,
    /// What the submitter calls the file; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<Personal<String>>,
}

/// A scanner found something harmful in a file: it was refused, and its content was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRefused {
    /// The notification.
    pub reference: NotificationRef,
    /// A keyed digest of the notification and the clear content.
    pub digest: String,
    /// What it was, as its content said.
    pub media_type: MediaType,
    /// How long it was.
    pub bytes: u64,
}

/// The submitter answered what an officer had asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAnswered {
    /// The notification.
    pub reference: NotificationRef,
    /// The answer, in the submitter's words; sealed for the submitter.
    pub text: Personal<String>,
}

/// The submitter took the notification back. Its outcome is recorded beside this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationWithdrawn {
    /// The notification.
    pub reference: NotificationRef,
}
