//! What officers did with a notification that waited for them; each is recorded in the notification's own stream.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Money, NotificationRef, Personal, ReasonCode};

/// An officer took the item; until it is released, put off or decided, nobody else works on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemClaimed {
    /// The notification.
    pub reference: NotificationRef,
    /// Who, by the name of their token.
    pub officer: String,
}

/// The item went back to its queue, undecided; what was decided and not authorised is decided no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemReleased {
    /// The notification.
    pub reference: NotificationRef,
    /// Who gave it back, by the name of their token.
    pub officer: String,
}

/// The item was put off. It comes back to its queue by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemDeferred {
    /// The notification.
    pub reference: NotificationRef,
    /// Who put it off, by the name of their token.
    pub officer: String,
    /// The day on which it is open again.
    pub until: Date,
    /// Why, in the officer's words; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<String>>,
}

/// The submitter was asked for evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRequested {
    /// The notification.
    pub reference: NotificationRef,
    /// Who asks, by the name of their token.
    pub officer: String,
    /// The day by which it is to be here; from the day after, the item is open again.
    pub respond_by: Date,
    /// What is needed, in words for the submitter; sealed for the submitter.
    pub asked: Personal<String>,
}

/// How an officer decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// What was proposed takes effect.
    Accepted,
    /// It takes effect as the officer put it right.
    Amended,
    /// It does not take effect.
    Rejected,
}

/// An officer decided. What follows from it is recorded as every decision is, with its whole plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemDecided {
    /// The notification.
    pub reference: NotificationRef,
    /// Who decided, by the name of their token.
    pub officer: String,
    /// When they had claimed it; from then until this was recorded is their time.
    pub claimed_at: Timestamp,
    /// How they decided.
    pub verdict: Verdict,
    /// The checks that they were satisfied about, although a machine was not.
    pub satisfied: Vec<String>,
    /// Why, where it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonCode>,
    /// The notification as it was put right, sealed for the submitter; none where it stands as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amended: Option<Personal<String>>,
    /// What the officer says to the submitter; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Personal<String>>,
    /// The greatest movement of a year's tax over the limit of policy, for which another person has to authorise it; none
    /// where nobody has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_limit: Option<Money>,
}

/// Another person authorised what an officer decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemAuthorised {
    /// The notification.
    pub reference: NotificationRef,
    /// Who authorised it, by the name of their token.
    pub supervisor: String,
    /// Who had decided.
    pub decided_by: String,
}
