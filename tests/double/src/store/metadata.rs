//! What is set about a stream, in the last event of the stream `$$` before its name.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{LAST_REVISION, Proposed};

/// What of a stream's metadata decides on reading it. Anything else in it is the writer's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) struct StreamMetadata {
    /// How many events are read, from the end.
    #[serde(rename = "$maxCount")]
    pub(super) max_count: Option<u64>,
    /// For how many seconds an event is read.
    #[serde(rename = "$maxAge")]
    pub(super) max_age: Option<u64>,
    /// The first revision that is read.
    #[serde(rename = "$tb")]
    pub(super) truncate_before: Option<u64>,
}

impl StreamMetadata {
    pub(super) fn parse(data: &Bytes) -> Self {
        serde_json::from_slice(data).unwrap_or_default()
    }

    /// Only the last event of a stream of metadata is read.
    pub(super) fn of_metastream() -> Self {
        Self { max_count: Some(1), ..Self::default() }
    }

    pub(super) fn softly_deleted(self) -> bool {
        self.truncate_before == Some(LAST_REVISION)
    }
}

/// The stream that holds the metadata of another.
pub(super) fn of(stream: &str) -> String {
    format!("$${stream}")
}

/// The stream whose metadata this one holds.
pub(super) fn describes(stream: &str) -> Option<&str> {
    stream.strip_prefix("$$")
}

/// The metadata of a stream that is deleted softly.
pub(super) fn deleted() -> Proposed {
    proposed("$metadata", serde_json::json!({ "$tb": LAST_REVISION }))
}

/// The metadata of a stream that is written to again: as it was, but read from here.
pub(super) fn revived(before: Option<&Bytes>, first: u64) -> Proposed {
    let mut held: Map<String, Value> = before.and_then(|it| serde_json::from_slice(it).ok()).unwrap_or_default();
    held.insert("$tb".to_owned(), first.into());
    proposed("$metadata", held.into())
}

/// The event that ends a stream for good.
pub(super) fn tombstone() -> Proposed {
    Proposed { data: Bytes::new(), ..proposed("$streamDeleted", Value::Null) }
}

fn proposed(kind: &str, data: Value) -> Proposed {
    Proposed {
        id: Uuid::new_v4(),
        kind: kind.to_owned(),
        content_type: "application/json".to_owned(),
        data: data.to_string().into(),
        metadata: Bytes::new(),
    }
}
