//! What readers see: pure folds over the events. No I/O, no clock, no rules: amounts are copied, never worked out.
//!
//! A projection is a module here with an `impl Projection`, and one line in the service's list of workers.

mod dwelling;
mod projection;

pub use dwelling::{AccountState, AdultsFrom, Award, Charge, DwellingState, ExplainedLine, Listing};
pub use projection::{Link, Projection, Unapplicable};
