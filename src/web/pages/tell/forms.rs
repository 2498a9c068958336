//! What is asked for each kind of notification. **A kind is a table in a module here and a line in `FORMS`.**

mod moving;

use hearth_events::NotificationKind;
use serde_json::Value;

use super::answers::Answers;
use super::question::Question;

/// What is asked for one kind of notification.
#[derive(Debug)]
pub(super) struct Form {
    /// The kind.
    pub(super) kind: NotificationKind,
    /// Whether it is about a dwelling of the council's list.
    pub(super) at_a_dwelling: bool,
    /// The questions beside those that all kinds share, in order.
    pub(super) questions: &'static [Question],
    /// Puts into the notification what follows from the answers and is not asked.
    pub(super) finish: fn(&Answers, &mut Value),
}

const FORMS: &[&Form] = &[&moving::MOVE_IN];

/// What is asked for a kind; none where residents do not tell it here.
pub(super) fn form(kind: NotificationKind) -> Option<&'static Form> {
    FORMS.iter().copied().find(|it| it.kind == kind)
}
