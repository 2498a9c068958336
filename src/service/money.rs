//! What is asked for about refunds and penalties, and what is told.

use hearth_events::AccountRef;
use jiff::civil::Date;

use super::ServiceError;
pub use crate::rules::bills::penalty;

/// What is done about money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoneyAction {
    /// A refund that was asked for may go out.
    ApproveRefund {
        /// Which.
        refund: String,
    },
    /// It may not.
    RefuseRefund {
        /// Which.
        refund: String,
    },
    /// The money went out, as the payments system tells it.
    RefundPaid {
        /// Which.
        refund: String,
        /// The day.
        paid_on: Date,
        /// What the payments system calls it.
        payment_reference: String,
    },
    /// A penalty for not telling, or for telling wrongly.
    ImposePenalty {
        /// Whose.
        account: AccountRef,
        /// What the officer calls it: asked for again, it is imposed once.
        penalty: String,
        /// Whether the same request was not answered again.
        repeated: bool,
    },
    /// The penalty is owed no more.
    QuashPenalty {
        /// Whose.
        account: AccountRef,
        /// Which.
        penalty: String,
    },
}

/// Why it was not done; nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum MoneyRefused {
    /// There is no such account, refund or penalty.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// Whoever did the step before cannot do this one.
    #[error("it takes another person")]
    SamePerson,
    /// It is not at the step from which this can be done.
    #[error("{0}")]
    NotNow(String),
    /// The service cannot do it now.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
