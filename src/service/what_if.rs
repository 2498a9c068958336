//! What would be decided under another policy: what is asked, and what is told. Nothing of it is recorded.

use hearth_events::{
    CostModelAdopted, Finding, Money, NotificationKind, NotificationRef, Outcome, PolicyAdopted, ReasonCode,
};
use jiff::civil::Date;

use super::ServiceError;

/// Another policy, other costs, or both.
#[derive(Clone, Debug, Default)]
pub struct Instead {
    /// What would be adopted besides, or instead of what was adopted from the same day.
    pub policies: Vec<PolicyAdopted>,
    /// The cost models that savings would be valued with; the council's own where there are none.
    pub costs: Vec<CostModelAdopted>,
}

/// A fault of what was given, where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFault {
    /// Which of the files: `rules` or `costs`.
    pub file: &'static str,
    /// The line, from 1; none where the whole file is meant.
    pub line: Option<u64>,
    /// The field; none where the whole line is meant.
    pub field: Option<String>,
    /// What is wrong and what to put there.
    pub problem: String,
}

/// What is asked for in words, as it was given.
#[derive(Clone, Debug, Default)]
pub struct WhatIfAsked {
    /// Policies as in `council.toml`.
    pub rules: Option<String>,
    /// Cost models as in `council.toml`.
    pub costs: Option<String>,
    /// The first day of the period; none where it has no beginning.
    pub from: Option<Date>,
    /// The first day after it; none where it has no end.
    pub to: Option<Date>,
    /// At most so many notifications are decided again.
    pub most: usize,
}

/// Why it was not tried.
#[derive(Debug, thiserror::Error)]
pub enum WhatIfRefused {
    /// It cannot be read.
    #[error("what was given holds {} faults", .0.len())]
    Unreadable(Vec<InputFault>),
    /// There are too many notifications in the period.
    #[error("{found} notifications were received in the period, and at most {most} are decided again at once")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many may be.
        most: usize,
    },
    /// The service cannot do it.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// A notification decided again, on what stood when it was first decided: as things are, and instead.
#[derive(Clone, Debug)]
pub struct DecidedAgain {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// Whether what is decided now, as things are, is what was recorded then.
    pub as_recorded: bool,
    /// As things are.
    pub now: Ruled,
    /// Under the other policy.
    pub instead: Ruled,
}

/// What is decided.
#[derive(Clone, Debug)]
pub struct Ruled {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why not straight through.
    pub reasons: Vec<ReasonCode>,
    /// The checks that failed.
    pub failing: Vec<Finding>,
    /// By how much the tax charged would move at once.
    pub charged: Money,
}
