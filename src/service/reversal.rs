//! What is asked about the reversal of a change, and what is told.

use hearth_events::{FinancialYear, NotificationRef, Status};

use super::ServiceError;
use super::work::Proposal;

/// That a change be reversed, or restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReversalAsked {
    /// Whether it is the reversal that is to be reversed.
    pub restored: bool,
    /// Why, for the submitter.
    pub explanation: String,
    /// Who asks, by the name of their token.
    pub officer: String,
    /// Whether a supervisor asks.
    pub supervisor: bool,
}

/// A notification as it can be reversed, or restored.
#[derive(Clone, Debug)]
pub struct ReversalShown {
    /// Which.
    pub reference: NotificationRef,
    /// What it has come to.
    pub status: Status,
    /// Whether what it changed is reversed.
    pub reversed: bool,
    /// Whether a reversal was recorded that is still being carried out.
    pub under_way: bool,
    /// Whether only a supervisor may, who did not decide it.
    pub needs_supervisor: bool,
    /// Who did decide it, or reversed it where it is to be restored; none where a machine did.
    pub decided_by: Option<String>,
    /// The financial years that are over and would move.
    pub closed_years: Vec<FinancialYear>,
    /// What would happen if it were reversed; restored, where it is reversed. Or why it cannot be.
    pub proposal: Result<Proposal, String>,
}

/// Why a change was not reversed; nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum NotReversed {
    /// There is no such notification.
    #[error("there is no such notification")]
    Unknown,
    /// It never took effect.
    #[error("it was never applied")]
    NotApplied(Status),
    /// It is so already.
    #[error("it is so already")]
    Already {
        /// Whether it counts; it is reversed where it does not.
        restored: bool,
    },
    /// An earlier reversal is still being carried out.
    #[error("a reversal is being carried out")]
    UnderWay,
    /// Something rests on it.
    #[error("it cannot be reversed: {0}")]
    NotPossible(String),
    /// A supervisor has to do it.
    #[error("only a supervisor may: {0}")]
    NeedsSupervisor(String),
    /// Another supervisor has to do it.
    #[error("it was decided by the same person")]
    SamePerson,
    /// The service cannot do it now.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
