//! What a notification would come to, told to anybody before it is sent.

use hearth_events::{FindingOutcome, ReasonCode};
use jiff::civil::Date;

/// What may be told before a notification is sent: never anything that depends on who lives where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What becomes of it.
    pub foreseen: Foreseen,
    /// Why, where it would not be dealt with at once.
    pub because: Vec<ToldBefore>,
    /// What else to say, so that no officer has to ask: it is needed unless the council has it on record.
    pub better_said: Vec<ToldBefore>,
}

/// What becomes of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreseen {
    /// It is dealt with at once, if what the council has on record agrees with what is said.
    AtOnceIfRecordsAgree,
    /// An officer has to look at it.
    Officer {
        /// The day by which officers will have come to it at their present pace.
        promised_by: Date,
    },
    /// It would be sent back: something has to be put right first.
    SentBack,
}

/// A check that will not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldBefore {
    /// Its name in findings.
    pub check: String,
    /// Whether an officer has to look, or the submitter has to put it right.
    pub outcome: FindingOutcome,
    /// Why an officer has to look.
    pub reason: Option<ReasonCode>,
    /// The same in words.
    pub because: String,
}
