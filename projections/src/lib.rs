//! What readers see: pure folds over the events. No I/O, no clock, no rules: amounts are copied, never worked out.
//!
//! A projection is a module here with an `impl Projection`, and one line in the service's list of projections.

mod accounts;
mod billing;
mod difference;
mod dwelling;
mod entry;
mod expiry;
mod performance;
mod projection;
mod recovery;
mod savings;
#[cfg(test)]
mod testing;
mod work;
mod workload;

pub use accounts::{Accounts, place_key};
pub use billing::{Bill, Billing, Payment, Penalty, Refund, RefundStatus, Transfer};
pub use difference::{AwardDifference, BillDifference, ChargeDifference, Difference, LiabilityDifference};
pub use dwelling::{AccountState, AdultsFrom, Award, Charge, DwellingState, ExplainedLine, Listing};
pub use entry::{Entry, Flag, rank};
pub use expiry::Expiry;
pub use performance::{Claimed, Contact, Failing, NotificationRow, OpenedAccount, Performance, Waited, Worked};
pub use projection::{Link, Projection, Unapplicable, instant_key};
pub use recovery::{Clash, Hold, Recovery, RecoveryRow};
pub use savings::{Adoption, Savings, SavingsRow, cost_model_key, scenario_key};
pub use work::{BULK, Pause, Work, WorkStatus};
pub use workload::{
    Checked, Referral, Reversal, Ruled, Workload, WorkloadRow, done_in_queue, place_in_queue, queue_key, sample_key,
};
