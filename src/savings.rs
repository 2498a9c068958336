//! STUB: stands in for the saving statement until that is merged; drop this commit then.

use jiff::civil::Date;
use serde::Serialize;

use crate::views::SavingsRows;

/// What was saved.
#[derive(Clone, Debug, Serialize)]
pub struct SavingStatement {
    /// Under which scenario.
    pub scenario: String,
    /// From how many notifications.
    pub notifications: u64,
}

/// There is no such scenario.
#[derive(Clone, Debug, thiserror::Error)]
#[error("there is no scenario called {0}")]
pub struct UnknownScenario(pub String);

/// The statement for a time under a scenario.
///
/// # Errors
/// When the scenario is not known.
pub fn statement(
    _rows: &SavingsRows,
    _from: Option<Date>,
    _to: Option<Date>,
    scenario: Option<&str>,
) -> Result<SavingStatement, UnknownScenario> {
    match scenario {
        None | Some("council") => Ok(SavingStatement { scenario: "council".to_owned(), notifications: 0 }),
        Some(other) => Err(UnknownScenario(other.to_owned())),
    }
}
