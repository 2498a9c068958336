//! What can go wrong with a view; each kind asks for another reaction.

use std::path::Path;

use crate::store::StoreError;

/// Why a view did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// It cannot be read or written just now: try again.
    #[error("the view {view} cannot be used: {reason}")]
    Unavailable {
        /// Which.
        view: String,
        /// Why not.
        reason: String,
    },
    /// Its file is damaged, or made from another log. It has been set aside, and the workers build it anew.
    #[error("the view {view} is set aside and built anew: {reason}")]
    SetAside {
        /// Which.
        view: String,
        /// Why.
        reason: String,
    },
    /// There is no projection of this name.
    #[error("there is no projection {name}: it is one of {known}")]
    Unknown {
        /// The name that was given.
        name: String,
        /// The names there are.
        known: String,
    },
}

/// Why a view does not follow the log.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The view cannot be used.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A task ended that should not have.
    #[error("a worker ended unexpectedly: {0}")]
    Ended(String),
}

impl ViewError {
    pub(crate) fn unavailable(view: &str, reason: impl ToString) -> Self {
        Self::Unavailable { view: view.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn io(view: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::unavailable(view, format!("{}: {error}", path.display()))
    }

    pub(crate) fn set_aside(view: &str, reason: impl ToString) -> Self {
        Self::SetAside { view: view.to_owned(), reason: reason.to_string() }
    }

    /// What an error of SQLite means for a view: a file that cannot be what it should be is set aside.
    pub(crate) fn of(view: &str, error: &rusqlite::Error) -> Self {
        if is_damage(error) { Self::set_aside(view, error) } else { Self::unavailable(view, error) }
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(code) => {
            matches!(code, rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
                || text.contains("no such table")
                || text.contains("no such column")
        }
        None => {
            matches!(error, rusqlite::Error::FromSqlConversionFailure(..))
                || matches!(error, rusqlite::Error::InvalidColumnType(..))
                || matches!(error, rusqlite::Error::QueryReturnedNoRows)
        }
    }
}
