//! N32, N33: what is written to the council.

use hearth_events::NotificationKind;

use super::Form;
use crate::web::pages::tell::question::Input::{Line, Text};
use crate::web::pages::tell::question::{ask, may, need};

/// N32.
pub(super) const DISPUTE: Form = Form {
    kind: NotificationKind::Dispute,
    at_a_dwelling: true,
    questions: &[ask("grounds", &[need!("details.grounds", Text)]), ask("about", &[may!("details.about", Line)])],
    finish: |_, _| {},
};

/// N33.
pub(super) const ENQUIRY: Form = Form {
    kind: NotificationKind::Enquiry,
    at_a_dwelling: true,
    questions: &[ask("question", &[need!("details.question", Text)])],
    finish: |_, _| {},
};
