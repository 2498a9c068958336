//! The law and what the council resolved, by date. Pure: no I/O, no clock.
//!
//! Statute stands here as constants with their source; what the council itself resolved (set amounts, policy, costs) is
//! folded from its own stream of events by [`Council`].

mod charge;
mod council;
pub mod modulus;
pub mod saving_model;
pub mod working_days;

pub(crate) use charge::is_exemption;
pub use charge::{ChargeFacts, NoRule, RULES_VERSION, calculate, recalculated};
pub use council::{Council, Policy};
