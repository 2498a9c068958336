//! What officers did with a notification that waited for them; each is recorded in the notification's own stream.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Channel, FinancialYear, Money, NotificationRef, Personal, Priority, ReasonCode};

/// An officer took the item; until it is released, put off or decided, nobody else works on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemClaimed {
    /// The notification.
    pub reference: NotificationRef,
    /// Who, by the name of their token.
    pub officer: String,
    /// Until when it is theirs if they do nothing; then anybody may claim it. For as long as they like where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
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
    /// The greatest movement of a year's tax over the limit of policy, for which another person has to authorise it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_limit: Option<Money>,
    /// The financial years that are over and whose tax moves, for which another person has to authorise it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_years: Vec<FinancialYear>,
    /// The checks that stopped it, that the officer was satisfied about, and for which another person has to authorise it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
}

impl WorkItemDecided {
    /// Why another person has to authorise it.
    pub fn second(&self) -> SecondPerson {
        let Self { over_limit, closed_years, overrides, .. } = self.clone();
        SecondPerson { over_limit, closed_years, overrides }
    }
}

/// Why another person has to authorise what an officer decided; nobody has to where it holds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondPerson {
    /// The greatest movement of a year's tax on a dwelling, where that is over the limit of policy.
    pub over_limit: Option<Money>,
    /// The financial years that are over and whose tax moves, earliest first.
    pub closed_years: Vec<FinancialYear>,
    /// The checks that stopped it, that an officer is satisfied about, and that policy lets no officer pass over alone.
    pub overrides: Vec<String>,
}

impl SecondPerson {
    /// Whether another person has to authorise it.
    pub const fn is_needed(&self) -> bool {
        self.over_limit.is_some() || !self.closed_years.is_empty() || !self.overrides.is_empty()
    }

    /// Whether whoever authorised this authorised the other with it.
    pub fn covers(&self, other: &Self) -> bool {
        other.over_limit <= self.over_limit
            && other.closed_years.iter().all(|it| self.closed_years.contains(it))
            && other.overrides.iter().all(|it| self.overrides.contains(it))
    }

    /// Every reason, as a sentence goes on after "because".
    pub fn reasons(&self) -> Vec<String> {
        let over = self
            .over_limit
            .map(|it| format!("the tax of a year moves by £{it}, more than policy lets one person move"));
        let year = |it: &FinancialYear| format!("the tax of {it} moves, a year that is over");
        let check = |it: &String| format!("the check {it} stopped it, which policy lets no officer pass over alone");
        let overrides = self.overrides.iter().map(check);
        over.into_iter().chain(self.closed_years.iter().map(year)).chain(overrides).collect()
    }
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

/// An item that somebody had went to a colleague, who has it from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemHandedOver {
    /// The notification.
    pub reference: NotificationRef,
    /// Who had it.
    pub officer: String,
    /// Who has it now.
    pub to: String,
    /// What the colleague should know; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<String>>,
}

/// An item needs a supervisor: it waits for one from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemEscalated {
    /// The notification.
    pub reference: NotificationRef,
    /// Who asks.
    pub officer: String,
    /// Why; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<String>>,
}

/// An item went to another queue, or became more or less urgent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItemReallocated {
    /// The notification.
    pub reference: NotificationRef,
    /// Who did it.
    pub officer: String,
    /// The queue it is in now; as before where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// How soon it is wanted now; as before where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Why; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<String>>,
}

/// What was wrong with a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorClass {
    /// Nothing.
    None,
    /// A slip that costs nobody anything.
    Clerical,
    /// Wrong money.
    Financial,
    /// Somebody learnt what was not theirs to know.
    DataProtection,
}

impl ErrorClass {
    /// Every class.
    pub const ALL: [Self; 4] = [Self::None, Self::Clerical, Self::Financial, Self::DataProtection];

    /// As written in JSON and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Clerical => "clerical",
            Self::Financial => "financial",
            Self::DataProtection => "data-protection",
        }
    }
}

/// A sampled decision, an officer's or the machine's, was checked by somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionChecked {
    /// The notification.
    pub reference: NotificationRef,
    /// Who checked it.
    pub checked_by: String,
    /// What was wrong.
    pub error: ErrorClass,
    /// How much money was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// What the one who decided should know; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<String>>,
}

/// Why somebody made contact again about what they had told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactAbout {
    /// To ask what became of it.
    Chase,
    /// They did not understand what they were told.
    Unclear,
    /// Something was decided wrongly.
    Mistake,
    /// They complain.
    Complaint,
    /// They have more to tell about it: no failure of anybody's.
    MoreToTell,
}

impl ContactAbout {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Chase, Self::Unclear, Self::Mistake, Self::Complaint, Self::MoreToTell];

    /// As written in JSON and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chase => "chase",
            Self::Unclear => "unclear",
            Self::Mistake => "mistake",
            Self::Complaint => "complaint",
            Self::MoreToTell => "more-to-tell",
        }
    }

    /// Whether the contact would not have been made, had all gone well the first time.
    pub const fn is_failure(self) -> bool {
        match self {
            Self::Chase | Self::Unclear | Self::Mistake | Self::Complaint => true,
            Self::MoreToTell => false,
        }
    }
}

/// Somebody made contact about a notification, and an officer linked that with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLinked {
    /// The notification.
    pub reference: NotificationRef,
    /// Who took the contact.
    pub officer: String,
    /// How it came.
    pub channel: Channel,
    /// Why.
    pub about: ContactAbout,
    /// What was said; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Personal<String>>,
}
