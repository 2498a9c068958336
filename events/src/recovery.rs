//! Recovery and what holds it: steps that were taken, and notifications that wait meanwhile.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{AccountRef, NotificationRef, Silence};

/// A step of recovery (SI 1992/613 regs 23, 33 to 34, 45).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryStep {
    /// A reminder.
    Reminder,
    /// A final notice.
    FinalNotice,
    /// A summons.
    Summons,
    /// A liability order.
    LiabilityOrder,
    /// Enforcement agents, or attachment.
    Enforcement,
}

impl RecoveryStep {
    /// Whether a court has been asked, so that what is still agreed is for a person.
    pub const fn is_at_court(self) -> bool {
        match self {
            Self::Reminder | Self::FinalNotice => false,
            Self::Summons | Self::LiabilityOrder | Self::Enforcement => true,
        }
    }

    /// Every step, in their order.
    pub const ALL: [Self; 5] =
        [Self::Reminder, Self::FinalNotice, Self::Summons, Self::LiabilityOrder, Self::Enforcement];

    /// As written in files and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::FinalNotice => "final-notice",
            Self::Summons => "summons",
            Self::LiabilityOrder => "liability-order",
            Self::Enforcement => "enforcement",
        }
    }
}

impl std::str::FromStr for RecoveryStep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}

/// A step of recovery was taken on an account, as the recovery system tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryStepTaken {
    /// The account.
    pub account: AccountRef,
    /// Which step.
    pub step: RecoveryStep,
    /// The day it was taken.
    pub taken_on: Date,
    /// What the recovery system calls it; the same again is the same step.
    pub source_reference: String,
}

/// A notification waits for an officer: no step of recovery is to be taken on these accounts meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryHeld {
    /// The notification.
    pub reference: NotificationRef,
    /// The accounts.
    pub accounts: Vec<AccountRef>,
    /// The day of receipt: from then on it was known that something might change.
    pub from: Date,
    /// The first day on which the hold is over, whether or not the notification is dealt with.
    pub until: Date,
}

/// The notification has its outcome: recovery may go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryResumed {
    /// The notification.
    pub reference: NotificationRef,
    /// The accounts.
    pub accounts: Vec<AccountRef>,
    /// The day.
    pub on: Date,
}

/// Somebody else told of a change to an account: its liable persons were told, and asked whether it is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationAsked {
    /// The notification.
    pub reference: NotificationRef,
    /// The accounts whose liable persons were asked.
    pub accounts: Vec<AccountRef>,
    /// The last day on which they may answer.
    pub respond_by: Date,
}

/// Nobody who was asked had answered by the day: what policy says of silence applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationLapsed {
    /// The notification.
    pub reference: NotificationRef,
    /// The first day after the last on which they might have answered.
    pub on: Date,
    /// What follows: it takes effect, with the decision that is recorded beside it; an officer decides where nothing is said.
    #[serde(default, skip_serializing_if = "Silence::is_refer")]
    pub follows: Silence,
}

/// What a referral rested on has changed, so it is decided again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralTakenUp {
    /// The notification.
    pub reference: NotificationRef,
    /// The notification that changed what it rested on.
    pub after: NotificationRef,
}
