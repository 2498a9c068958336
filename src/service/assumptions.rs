//! What is asked for about the figures that savings rest on, and what is told.

use hearth_events::{BudgetLine, Money};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::ServiceError;

/// What is done about the figures that savings rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavingsAction {
    /// One figure of a cost model is another from a day on.
    Assume {
        /// The model; the one in force on that day where absent.
        model: Option<String>,
        /// The figure: `manual_minutes`, `contact.telephone`.
        name: String,
        /// What it is.
        value: Decimal,
        /// Where it was published or measured, or `assumed`.
        source: String,
        /// The first day for which it is so.
        from: Date,
    },
    /// A line of the budget fell by a decision.
    ReduceBudget {
        /// What the decision is called.
        decision: String,
        /// Which line.
        line: BudgetLine,
        /// By how much in a whole year; nothing takes it back.
        yearly: Money,
        /// The first day for which it fell.
        from: Date,
        /// The first day for which it is as before.
        to: Option<Date>,
    },
}

/// Why it was not done; nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum SavingsRefused {
    /// There is no such cost model.
    #[error("there is no cost model {0}")]
    Unknown(String),
    /// There is nothing to change a figure of.
    #[error("the council has adopted no cost model: import a pack with one first")]
    NoModel,
    /// It does not make sense; each problem is a sentence.
    #[error("{}", .0.join("; "))]
    Unfit(Vec<String>),
    /// The service cannot do it.
    #[error(transparent)]
    Service(#[from] ServiceError),
}
