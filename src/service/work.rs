//! What officers ask for, and what they are told.

use hearth_events::{
    Channel, Finding, Money, NotificationKind, NotificationRef, NotificationReferred, Outcome, Position, ReasonCode,
    Status,
};
use hearth_projections::{Difference, Work};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::submitter::EvidenceKept;
use super::{FieldFault, ServiceError};

/// What an officer does with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Takes it, so that nobody else works on it.
    Claim,
    /// Gives it back, undecided.
    Release {
        /// Whether a supervisor asks, who may send back what waits to be authorised.
        supervisor: bool,
    },
    /// Puts it off.
    Defer {
        /// The day on which it is open again.
        until: Date,
        /// Why.
        note: Option<String>,
    },
    /// Asks the submitter for evidence.
    RequestEvidence {
        /// What is needed, for the submitter.
        asked: String,
        /// By which day; two weeks from now where that is not said.
        respond_by: Option<Date>,
    },
    /// Decides that it takes effect as proposed.
    Accept {
        /// What the officer says to the submitter.
        explanation: Option<String>,
    },
    /// Decides that it takes effect, put right so: the fields of the notification that are replaced.
    Amend {
        /// The new fields, by their names.
        fields: serde_json::Map<String, Value>,
        /// What the officer says to the submitter.
        explanation: Option<String>,
    },
    /// Decides that it does not take effect.
    Reject {
        /// Why.
        reason: ReasonCode,
        /// What the officer says to the submitter.
        explanation: Option<String>,
    },
    /// Authorises what another person decided.
    Authorise,
}

/// Why an officer's action was not taken; nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum ActionRefused {
    /// No item of this reference ever waited for an officer.
    #[error("there is no such work item")]
    Unknown,
    /// Nobody has claimed it.
    #[error("it is not claimed")]
    NotClaimed,
    /// Somebody else has it.
    #[error("{0} has it")]
    HeldBy(String),
    /// It has been decided.
    #[error("it is done")]
    Done(Status),
    /// It is decided and waits for another person.
    #[error("what {0} decided waits to be authorised")]
    AwaitsAuthorisation(String),
    /// There is nothing to authorise.
    #[error("nothing waits to be authorised")]
    NothingToAuthorise,
    /// The one who decided cannot authorise it.
    #[error("it was decided by the same person")]
    SamePerson,
    /// Nothing can be proposed, so nothing can be accepted.
    #[error("nothing can be proposed: {0}")]
    NothingProposed(String),
    /// What was sent cannot be used.
    #[error("it is not well formed")]
    Malformed(Vec<FieldFault>),
    /// The service cannot do it now.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// An item with all that an officer needs to decide it.
#[derive(Clone, Debug)]
pub struct ItemShown {
    /// The notification.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// How it was referred.
    pub referral: NotificationReferred,
    /// Other notifications that tell of the same change.
    pub linked: Vec<NotificationRef>,
    /// Who has it, and how far it has come.
    pub work: Work,
    /// The day on which it is shown.
    pub on: Date,
    /// What the notification has come to.
    pub status: Status,
    /// Every check of the latest decision.
    pub findings: Vec<Finding>,
    /// The notification in clear, as it was put right where it was; none where its submitter was forgotten.
    pub notification: Option<Value>,
    /// What would happen if it were accepted, or why nothing can be proposed.
    pub proposal: Result<Proposal, String>,
    /// The files of evidence that have come.
    pub evidence: Vec<EvidenceKept>,
    /// Every step, in order.
    pub history: Vec<HistoryStep>,
}

/// What would happen if an item were accepted.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What it would come to.
    pub outcome: Outcome,
    /// What an officer has to be satisfied about: the checks that did not pass, with their reasons.
    pub satisfied: Vec<Finding>,
    /// The greatest movement of a year's tax, where that is over the limit of policy, so that another person authorises it.
    pub over_limit: Option<Money>,
    /// What would change, dwelling by dwelling.
    pub dwellings: Vec<Difference>,
    /// The events that would be recorded, by type.
    pub events: Vec<&'static str>,
}

/// One step in the history of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStep {
    /// When it was recorded.
    pub at: Timestamp,
    /// What happened: the type of the event.
    pub what: &'static str,
    /// Who did it.
    pub who: String,
    /// In whose words: a note, what was asked, an explanation; none where nothing was said or it is forgotten.
    pub note: Option<String>,
    /// Where it stands in the log.
    pub position: Position,
}
