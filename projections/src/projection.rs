//! What a projection is: rows by key, each the fold of the events that concern it.

use hearth_events::{Recorded, StreamName};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::entry::Entry;

/// A view of the log as rows by key. Every row is the fold of the events that name its key, in the order of the log.
pub trait Projection: Send + Sync + 'static {
    /// What it is called; part of the file's name.
    const NAME: &'static str;
    /// Raised with every change of the fold or of the row, so that the view is built anew.
    const VERSION: u32;
    /// Whether rows have entries in a list that is filtered and sorted.
    const LISTED: bool = false;
    /// One row.
    type Row: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync;

    /// Whether events of this stream can concern the projection. The others are not even read for it, so that a bad event
    /// is held only where it matters.
    fn concerns(stream: &StreamName) -> bool;

    /// The keys of the rows that an event touches; none where it does not concern this projection.
    fn keys(event: &Recorded) -> Vec<String>;

    /// Gives an event to one of the rows it touches.
    ///
    /// # Errors
    /// When the event does not fit what went before. The stream it is in is then parked: nothing of it is skipped.
    fn apply(row: &mut Option<Self::Row>, key: &str, event: &Recorded) -> Result<(), Unapplicable>;

    /// By what else the row is found: pairs of an index and a value in it.
    fn links(row: &Self::Row) -> Vec<Link>;

    /// The row as it is listed; none where it is not in the list.
    fn entry(_row: &Self::Row) -> Option<Entry> {
        None
    }
}

/// An entry of an index: its name, and the value under which the row is found.
pub type Link = (&'static str, String);

/// An instant as a value of an index: of fixed width, so that the order of the text is the order of time.
pub fn instant_key(instant: Timestamp) -> String {
    format!("{instant:.9}")
}

/// The event does not fit what went before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unapplicable(pub String);

impl std::fmt::Display for Unapplicable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
