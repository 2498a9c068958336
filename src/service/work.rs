//! What officers ask for, and what they are told.

use std::collections::BTreeSet;

use hearth_events::{
    Channel, ContactAbout, ErrorClass, Finding, Money, NotificationKind, NotificationRef, NotificationReferred,
    Outcome, Position, Priority, ReasonCode, SecondPerson, Status, Uprn, Verdict,
};
use hearth_projections::{Difference, Flag, Work};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

pub use super::refused::ActionRefused;
use super::submitter::EvidenceKept;
use super::times::Times;

/// What an officer does with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Takes it, so that nobody else works on it; taken again, it is theirs for longer.
    Claim {
        /// Whether a supervisor asks, who alone may take what was escalated.
        supervisor: bool,
    },
    /// Gives it back, undecided.
    Release {
        /// Whether a supervisor asks, who may send back what waits to be authorised, and what somebody else has.
        supervisor: bool,
    },
    /// Gives it to a colleague.
    HandOver {
        /// Who has it from then on.
        to: String,
        /// What they may have; none where nobody of this name deals with items.
        taker: Option<Taker>,
        /// What they should know.
        note: Option<String>,
        /// Whether a supervisor asks, who may hand over what somebody else has.
        supervisor: bool,
    },
    /// Gives it to the supervisors.
    Escalate {
        /// Why.
        note: Option<String>,
    },
    /// Puts it into another queue, or makes it more or less urgent.
    Reallocate {
        /// The queue; as before where absent.
        queue: Option<String>,
        /// How soon it is wanted; as before where absent.
        priority: Option<Priority>,
        /// Why.
        note: Option<String>,
        /// Whether a supervisor asks, who may do so with what somebody else has.
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
        /// Dwellings that are not for whoever asks: what is put right must not be about one of them.
        not_at: BTreeSet<Uprn>,
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

/// Which items somebody who deals with them may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taker {
    /// The queues that they are trained for; every queue where there is none.
    pub queues: Vec<String>,
    /// Dwellings that are not for them.
    pub not_at: BTreeSet<Uprn>,
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
    /// The instant at which it is shown.
    pub at: Timestamp,
    /// How long it has taken, and whose time that was.
    pub times: Times,
    /// What is remarkable about it.
    pub flags: Vec<Flag>,
    /// What was noted beside it.
    pub asides: Asides,
    /// What the notification has come to.
    pub status: Status,
    /// Every check of the latest decision.
    pub findings: Vec<Finding>,
    /// The notification in clear, as it was put right where it was; none where its submitter was forgotten.
    pub notification: Option<Value>,
    /// What would happen if it were accepted, or why nothing can be proposed.
    pub proposal: Result<Proposal, String>,
    /// What was decided and waits for another person; none where nothing does.
    pub awaits: Option<Awaits>,
    /// The files of evidence that have come.
    pub evidence: Vec<EvidenceKept>,
    /// Every step, in order.
    pub history: Vec<HistoryStep>,
}

/// A decision that waits for another person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaits {
    /// Who decided.
    pub decided_by: String,
    /// How.
    pub verdict: Verdict,
    /// Every reason for which another person has to authorise it, in words.
    pub because: Vec<String>,
}

/// What is noted beside a notification, whether it still waits or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// Somebody else looked at the decision.
    Check {
        /// What was wrong.
        error: ErrorClass,
        /// How much money was wrong.
        value: Option<Money>,
        /// What whoever decided should know.
        note: Option<String>,
    },
    /// Somebody made contact about it.
    Contact {
        /// How.
        channel: Channel,
        /// Why.
        about: ContactAbout,
        /// What was said.
        note: Option<String>,
    },
}

/// What was noted beside a notification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asides {
    /// What came of checking the decision; none where nobody has.
    pub checked: Option<CheckShown>,
    /// Who made contact about it, in order.
    pub contacts: Vec<ContactShown>,
}

/// What came of checking a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckShown {
    /// When.
    pub at: Timestamp,
    /// Who checked it.
    pub by: String,
    /// What was wrong.
    pub error: ErrorClass,
    /// How much money was wrong.
    pub value: Option<Money>,
    /// What whoever decided should know.
    pub note: Option<String>,
}

/// A contact about a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactShown {
    /// When.
    pub at: Timestamp,
    /// Who took it.
    pub by: String,
    /// How it came.
    pub channel: Channel,
    /// Why.
    pub about: ContactAbout,
    /// What was said.
    pub note: Option<String>,
}

/// Who asks for the next item, and which they may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NextAsked {
    /// Who.
    pub officer: String,
    /// Whether they are a supervisor, who also gets what was escalated.
    pub supervisor: bool,
    /// The queues whose work they do; every queue where there is none.
    pub queues: Vec<String>,
    /// Dwellings that are not for them: their own, their relations', and what is restricted to others.
    pub not_at: BTreeSet<Uprn>,
}

/// What would happen if an item were accepted.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What it would come to.
    pub outcome: Outcome,
    /// What an officer has to be satisfied about: the checks that did not pass, with their reasons.
    pub satisfied: Vec<Finding>,
    /// Why another person would have to authorise it; nothing where nobody has to.
    pub second: SecondPerson,
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
