//! What happened to a notification, from receipt to its one outcome.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    AccountRef, Channel, EventId, NotificationKind, NotificationRef, Personal, Position, ReasonCode, StreamName, Uprn,
};

/// A well-formed notification arrived and is safe; this is what the sender was promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationReceived {
    /// What the council calls it.
    pub reference: NotificationRef,
    /// What the sender calls it.
    pub source_reference: String,
    /// Who sent it: `file`, `public`, or the name of a token.
    pub sender: String,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came; every limit is measured from here.
    pub received_at: Timestamp,
    /// The day the change took place.
    pub effective_on: Date,
    /// The account it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountRef>,
    /// The dwelling it names by number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uprn: Option<Uprn>,
    /// The whole notification as it came, sealed for its submitter.
    pub body: Personal<String>,
    /// A keyed digest of the body, so that another body under the same reference is noticed.
    pub body_digest: String,
    /// A keyed digest of what is told, whatever its reference, so that the same told twice is noticed.
    pub told_digest: String,
}

/// What a notification has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Safe, not yet decided.
    Received,
    /// It took effect.
    Applied,
    /// An officer decides.
    Referred,
    /// The submitter was asked for evidence.
    AwaitingEvidence,
    /// It cannot be dealt with as it stands; the reason says what to put right.
    Rejected,
    /// It tells what is already so, or what another notification told.
    Duplicate,
    /// The submitter took it back.
    Withdrawn,
}

impl Status {
    /// As written in JSON and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Applied => "applied",
            Self::Referred => "referred",
            Self::AwaitingEvidence => "awaiting-evidence",
            Self::Rejected => "rejected",
            Self::Duplicate => "duplicate",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The outcome of one decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It takes effect as planned.
    Apply,
    /// An officer decides.
    Refer,
    /// It changes nothing that is not already so.
    Duplicate,
    /// It cannot be dealt with as it stands.
    Reject,
}

/// One check and how it came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was checked, in kebab-case: `date-within-limits`.
    pub check: String,
    /// How it came out.
    pub outcome: FindingOutcome,
    /// The reason code, where it is against going straight through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
    /// What was found, in a sentence without personal data.
    pub because: String,
    /// The law or the policy behind the check.
    pub source: String,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingOutcome {
    /// It is as it should be.
    Passed,
    /// An officer has to look.
    Referred,
    /// The change is already so.
    Duplicate,
    /// The submitter has to put it right.
    Rejected,
}

/// A decision was taken, with everything it rests on and everything it leads to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecisionRecorded {
    /// What was decided.
    pub outcome: Outcome,
    /// Every check that was made.
    pub findings: Vec<Finding>,
    /// Why not straight through; empty where it was.
    pub reasons: Vec<ReasonCode>,
    /// The dwellings whose history it rests on.
    pub dwellings: Vec<Uprn>,
    /// The last event the decision rests on.
    pub decided_at: Position,
    /// What is appended to the dwellings, step by step. Each step is idempotent, so a crash anywhere is completed once.
    pub plan: Vec<PlannedStep>,
}

impl DecisionRecorded {
    /// Whether it is how a change is reversed, or restored: such a plan ends in the notification's own stream, and no other does.
    pub fn is_of_a_reversal(&self) -> bool {
        self.plan.iter().any(|it| it.stream.as_notification().is_some())
    }
}

/// What one step appends to one stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlannedStep {
    /// The stream.
    pub stream: StreamName,
    /// The revision of the stream that the decision rests on; none where the stream does not exist yet.
    pub expected: Option<u64>,
    /// The events, as they will be stored.
    pub events: Vec<PlannedEvent>,
}

/// One event of a plan, sealed and ready.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlannedEvent {
    /// Its id, derived from the notification and the step.
    pub id: EventId,
    /// The name of the event type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its data.
    pub data: Box<RawValue>,
}

impl PartialEq for PlannedEvent {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.type_name == other.type_name && self.data.get() == other.data.get()
    }
}

impl Eq for PlannedEvent {}

impl PartialEq for PlannedStep {
    fn eq(&self, other: &Self) -> bool {
        self.stream == other.stream && self.expected == other.expected && self.events == other.events
    }
}

impl Eq for PlannedStep {}

impl PartialEq for DecisionRecorded {
    fn eq(&self, other: &Self) -> bool {
        self.outcome == other.outcome
            && self.findings == other.findings
            && self.reasons == other.reasons
            && self.dwellings == other.dwellings
            && self.decided_at == other.decided_at
            && self.plan == other.plan
    }
}

impl Eq for DecisionRecorded {}

/// How soon an officer should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Recovery, death and vulnerability, values over a limit.
    High,
    /// It changes a charge.
    Medium,
    /// It changes only the record.
    Low,
}

impl Priority {
    /// Every priority, the most urgent first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// As written in JSON and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// The notification waits for an officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationReferred {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// Why a machine must not decide.
    pub reasons: Vec<ReasonCode>,
    /// Whose work it is.
    pub queue: String,
    /// How soon.
    pub priority: Priority,
    /// The last working day of the service standard.
    pub due_on: Date,
    /// What it is estimated to take an officer.
    pub minutes_estimated: rust_decimal::Decimal,
    /// The accounts concerned.
    pub accounts: Vec<AccountRef>,
    /// The dwellings concerned, which it lays claim to.
    pub dwellings: Vec<Uprn>,
    /// The day the change is said to have taken place.
    pub effective_on: Date,
    /// The day by which the live queue will have come to it; the service standard where it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<Date>,
    /// Other notifications that tell of the same change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<NotificationRef>,
}

/// The notification has its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationCompleted {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// What it came to: applied, duplicate, rejected or withdrawn.
    pub status: Status,
    /// Why, where it was not applied.
    pub reasons: Vec<ReasonCode>,
    /// The accounts concerned.
    pub accounts: Vec<AccountRef>,
    /// The accounts that it opened.
    pub accounts_opened: Vec<AccountRef>,
    /// Other notifications that told of the same change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<NotificationRef>,
}
