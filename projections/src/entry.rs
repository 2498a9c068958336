//! What a list of rows is filtered and sorted by, in columns of their own.

use hearth_events::{Channel, NotificationKind, Priority, ReasonCode, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::WorkStatus;

/// A row of a list of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whether nothing is left to do.
    pub done: bool,
    /// Whose work it is.
    pub queue: String,
    /// How far it had come when it last changed.
    pub work: WorkStatus,
    /// What the notification has come to.
    pub status: Status,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// How soon.
    pub priority: Priority,
    /// The last working day of the service standard.
    pub due_on: Date,
    /// When it came.
    pub received_at: Timestamp,
    /// Who has it, or had it last.
    pub holder: Option<String>,
    /// Until when it is theirs.
    pub until: Option<Timestamp>,
    /// The first day on which it is open again.
    pub back_on: Option<Date>,
    /// Whether only a supervisor takes it.
    pub escalated: bool,
    /// Why a machine must not decide.
    pub reasons: Vec<ReasonCode>,
    /// What is remarkable about it.
    pub flags: Vec<Flag>,
}

impl Entry {
    /// The reasons as the bits of a number, the first of [`ReasonCode::ALL`] the lowest.
    pub fn reason_bits(reasons: &[ReasonCode]) -> i64 {
        bits(&ReasonCode::ALL, reasons)
    }

    /// The flags as the bits of a number, the first of [`Flag::ALL`] the lowest.
    pub fn flag_bits(flags: &[Flag]) -> i64 {
        bits(&Flag::ALL, flags)
    }
}

fn bits<T: PartialEq>(all: &[T], set: &[T]) -> i64 {
    all.iter().enumerate().filter(|(_, it)| set.contains(it)).fold(0, |bits, (place, _)| bits | (1 << place))
}

/// How soon, as a number: the lower, the sooner.
pub const fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::High => 0,
        Priority::Medium => 1,
        Priority::Low => 2,
    }
}

/// What is remarkable about an item, beside its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// An account concerned is being pursued.
    InRecovery,
    /// An account concerned has paid more than it owes.
    CreditOnAccount,
    /// It tells of a death.
    Deceased,
    /// Somebody tells it of another person.
    ThirdPartyAssertion,
    /// Another notification tells of the same change.
    PossibleDuplicate,
    /// An account concerned pays by direct debit.
    DirectDebitActive,
    /// Somebody disputes something.
    Disputed,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Self; 7] = [
        Self::InRecovery,
        Self::CreditOnAccount,
        Self::Deceased,
        Self::ThirdPartyAssertion,
        Self::PossibleDuplicate,
        Self::DirectDebitActive,
        Self::Disputed,
    ];

    /// Those that a notification tells itself, so that lists can be filtered by them.
    pub const LISTED: [Self; 5] =
        [Self::InRecovery, Self::Deceased, Self::ThirdPartyAssertion, Self::PossibleDuplicate, Self::Disputed];

    /// As written in JSON and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InRecovery => "in-recovery",
            Self::CreditOnAccount => "credit-on-account",
            Self::Deceased => "deceased",
            Self::ThirdPartyAssertion => "third-party-assertion",
            Self::PossibleDuplicate => "possible-duplicate",
            Self::DirectDebitActive => "direct-debit-active",
            Self::Disputed => "disputed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_and_each_flag_has_a_bit_of_its_own() {
        assert_eq!(Entry::reason_bits(&[ReasonCode::R01, ReasonCode::R03]), 0b101);
        assert_eq!(Entry::reason_bits(&ReasonCode::ALL), (1 << 24) - 1);
        assert_eq!(Entry::flag_bits(&[Flag::Disputed]), 1 << 6);
        assert_eq!(Entry::flag_bits(&[]), 0);
    }
}
