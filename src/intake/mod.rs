//! From bytes to well-formed notifications. Inside the house, a malformed notification cannot be expressed.

mod checks;
pub mod csv;
pub mod details;
mod notification;
mod receive;
pub mod spreadsheet;
mod wire;

pub use details::{Details, schema};
pub use notification::{DwellingGiven, Notification, Submitter, SubmitterRole, same_name, split_title};
pub use receive::{Arrived, Taken, receive, receive_with};
pub use wire::parse;

use crate::service::FieldFault;

/// What is wrong with one field.
pub(crate) fn fault(pointer: &str, detail: impl Into<String>) -> FieldFault {
    FieldFault { pointer: pointer.to_owned(), detail: detail.into() }
}
