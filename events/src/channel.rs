//! How a notification reached the council.

use serde::{Deserialize, Serialize};

/// The way a notification came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Channel {
    /// A form on the council’s site.
    #[serde(rename = "web")]
    Web,
    /// A call.
    #[serde(rename = "telephone")]
    Telephone,
    /// A letter.
    #[serde(rename = "post")]
    Post,
    /// An e-mail.
    #[serde(rename = "email")]
    Email,
    /// A visit.
    #[serde(rename = "face-to-face")]
    FaceToFace,
    /// A chat.
    #[serde(rename = "web-chat")]
    WebChat,
    /// Another system, over the API.
    #[serde(rename = "api")]
    Api,
    /// A file of many.
    #[serde(rename = "bulk-file")]
    BulkFile,
    /// The national Tell Us Once service.
    #[serde(rename = "tell-us-once")]
    TellUsOnce,
    /// The Valuation Office Agency.
    #[serde(rename = "voa")]
    Voa,
}

impl Channel {
    /// Every one, in the order of the list.
    pub const ALL: [Self; 10] = [
        Self::Web,
        Self::Telephone,
        Self::Post,
        Self::Email,
        Self::FaceToFace,
        Self::WebChat,
        Self::Api,
        Self::BulkFile,
        Self::TellUsOnce,
        Self::Voa,
    ];

    /// As written in JSON, in files and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Telephone => "telephone",
            Self::Post => "post",
            Self::Email => "email",
            Self::FaceToFace => "face-to-face",
            Self::WebChat => "web-chat",
            Self::Api => "api",
            Self::BulkFile => "bulk-file",
            Self::TellUsOnce => "tell-us-once",
            Self::Voa => "voa",
        }
    }

    /// Whether it arrives as data that a machine can read: an electronic notification.
    pub const fn is_electronic(self) -> bool {
        match self {
            Self::Web | Self::Api | Self::BulkFile | Self::TellUsOnce | Self::Voa => true,
            Self::Telephone | Self::Post | Self::Email | Self::FaceToFace | Self::WebChat => false,
        }
    }
}

impl std::fmt::Display for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Channel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}
