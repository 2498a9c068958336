//! A row a kind: when it goes straight through, what it asks for, what it leads to, and the checks on its way.

mod awards;
mod groups;
mod moves;
mod records;

use super::Kind;

/// Every kind, by its number in the catalogue. `N23` and `N24` are files of `N22`.
pub const KINDS: &[Kind] = &[
    moves::MOVE_IN,
    moves::MOVE_OUT,
    moves::MOVE_WITHIN,
    records::CHANGE_OF_NAME,
    records::CONTACT_DETAILS,
    moves::OCCUPIER_JOINED,
    moves::OCCUPIER_LEFT,
    moves::LIABLE_PERSON_ADDED,
    moves::LIABLE_PERSON_REMOVED,
    awards::SINGLE_PERSON_DISCOUNT_CLAIM,
    awards::SINGLE_PERSON_DISCOUNT_END,
    awards::STUDENT,
    awards::SEVERE_MENTAL_IMPAIRMENT,
    awards::DISREGARD_CLAIM,
    awards::PROPERTY_EMPTY,
    awards::SECOND_HOME,
    awards::BACK_IN_USE,
    awards::DISABLED_BAND_REDUCTION,
    awards::ANNEXE,
    moves::DEATH,
    moves::PROBATE,
    moves::TENANCY_CHANGE,
    awards::BAND_CHANGE,
    records::DIRECT_DEBIT,
    records::INSTALMENT_CHOICE,
    records::PAPERLESS,
    records::REFUND_REQUEST,
    awards::COUNCIL_TAX_REDUCTION,
    awards::NEW_PROPERTY,
    records::DISPUTE,
    records::ENQUIRY,
    records::COPY_BILL,
];
