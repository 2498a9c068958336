//! The law and what the council resolved, by date. Pure: no I/O, no clock.
//!
//! Statute stands here as constants with their source; what the council itself resolved (set amounts, policy, costs) is
//! folded from its own stream of events by [`Council`].
//!
//! * `awards` — every award of the law, a row each: its code, its source, its days, what it does;
//! * `charge` — what is owed for a year, in the order of application, to the penny;
//! * `instalments` and `bills` — in which parts and when it is asked for, and what becomes of that when something changes;
//! * `billing` — which notice an account is due;
//! * `saving_model` and `cost_model` — what a saving is worked out from, figure by figure;
//! * `sources` — citations of statute that decisions share;
//! * `version` — the rules as a value, so that two versions can be run side by side;
//! * `estimate` — all of it for facts that somebody gives; `account` — for an account on record.

mod account;
pub mod awards;
pub mod billing;
pub mod bills;
mod charge;
pub mod cost_model;
mod council;
pub mod estimate;
pub mod instalments;
pub mod modulus;
pub mod saving_model;
pub(crate) mod sources;
mod version;
pub mod working_days;

pub use account::recalculated;
pub(crate) use awards::{is_exemption, months_after};
pub use charge::{AmountOf, ChargeFacts, NoRule, calculate};
pub use council::{Council, Policy};
pub use version::{Practice, PremiumBegins, Rules};

#[cfg(test)]
mod tests;
