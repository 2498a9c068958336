//! What was answered so far, as it was typed, so that nothing is lost on an error.

use std::collections::BTreeMap;

use hearth_events::{NotificationKind, NotificationRef};
use serde::{Deserialize, Serialize};

use crate::web::pages::text::Lang;

/// What a resident has answered so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Answers {
    /// The language it is answered in.
    pub(super) lang: Lang,
    /// By field, as typed: `move-in:details.tenure`. Several values where a field is repeated.
    pub(super) given: BTreeMap<String, Vec<String>>,
    /// What was sent of it; nothing can be answered any more then.
    #[serde(default)]
    pub(super) sent: Vec<Sent>,
    /// Whether its writer asked for it to be kept longer.
    #[serde(default)]
    pub(super) saved: bool,
}

/// One notification that came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    /// What it tells.
    pub(super) kind: NotificationKind,
    /// What the council calls it.
    pub(super) reference: NotificationRef,
    /// The secret with which its sender can see it.
    pub(super) token: String,
}

impl Answers {
    /// Every value of a field.
    pub(super) fn all(&self, field: &str) -> &[String] {
        self.given.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    /// The one value of a field, without blanks around it; empty where it was not answered.
    pub(super) fn one(&self, field: &str) -> &str {
        self.all(field).first().map(|it| it.trim()).unwrap_or_default()
    }

    /// Whether a field was answered so.
    pub(super) fn is(&self, field: &str, value: &str) -> bool {
        self.all(field).iter().any(|it| it == value)
    }

    /// What a field was answered with, where it is not nothing.
    pub(super) fn filled<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.all(field).iter().map(|it| it.trim()).filter(|it| !it.is_empty())
    }

    /// Takes the answer to a field; no values take it away.
    pub(super) fn put(&mut self, field: &str, values: Vec<String>) {
        if values.is_empty() {
            self.given.remove(field);
        } else {
            self.given.insert(field.to_owned(), values);
        }
    }
}
