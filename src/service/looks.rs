//! That somebody looked at a person's record.

use hearth_events::{LookedBecause, RecordKind};

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Who looked, by the name they sign in by or the name of their token.
    pub staff: String,
    /// What kind of record.
    pub kind: RecordKind,
    /// Its reference.
    pub record: String,
    /// Why, where they said.
    pub because: Option<LookedBecause>,
    /// What tells the session from others: one look is recorded for each record in a session. Empty for tokens, for which one
    /// is recorded for each day.
    pub session: String,
}
