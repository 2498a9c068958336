//! What is asked for each kind of notification. **A kind is a table in a module here and a line in `FORMS`.**

mod classes;
mod deaths;
mod discounts;
mod households;
mod letting;
mod money;
mod moving;
mod persons;
mod properties;
#[cfg(test)]
mod tests;
mod writing;

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

const FORMS: &[&Form] = &[
    &moving::MOVE_IN,
    &moving::MOVE_OUT,
    &moving::MOVE_WITHIN,
    &households::CHANGE_OF_NAME,
    &households::CONTACT_DETAILS,
    &households::OCCUPIER_JOINED,
    &households::OCCUPIER_LEFT,
    &households::LIABLE_PERSON_ADDED,
    &households::LIABLE_PERSON_REMOVED,
    &discounts::SINGLE_PERSON_DISCOUNT_CLAIM,
    &discounts::SINGLE_PERSON_DISCOUNT_END,
    &discounts::STUDENT,
    &discounts::SEVERE_MENTAL_IMPAIRMENT,
    &discounts::DISREGARD_CLAIM,
    &properties::PROPERTY_EMPTY,
    &properties::SECOND_HOME,
    &properties::BACK_IN_USE,
    &properties::DISABLED_BAND_REDUCTION,
    &properties::ANNEXE,
    &deaths::DEATH,
    &deaths::PROBATE,
    &letting::TENANCY_CHANGE,
    &money::DIRECT_DEBIT,
    &money::INSTALMENT_CHOICE,
    &money::PAPERLESS,
    &money::REFUND_REQUEST,
    &properties::NEW_PROPERTY,
    &writing::DISPUTE,
    &writing::ENQUIRY,
    &money::COPY_BILL,
];

/// What is asked for a kind; none where residents do not tell it here.
pub(super) fn form(kind: NotificationKind) -> Option<&'static Form> {
    FORMS.iter().copied().find(|it| it.kind == kind)
}
