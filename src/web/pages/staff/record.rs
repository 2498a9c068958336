//! Records: a dwelling with everything that was told of it, an account with every figure explained, as of any day and as known
//! at any time.
//!
//! * [`search`] — how one comes to a record; [`dwelling`] and [`account`] — its pages;
//! * `history.rs` — a stream step by step; `said.rs` — what each notification says of who lives there, and what does not fit.

pub(in crate::web) mod account;
pub(in crate::web) mod dwelling;
mod figures;
mod history;
mod said;
pub(in crate::web) mod search;

pub(super) use dwelling::name as person;
pub(super) use history::words;

/// Where the page of an account is.
pub(super) fn account_path(account: &hearth_events::AccountRef) -> String {
    format!("/staff/accounts/{}", search::escaped(account))
}
