//! What anybody may know of a dwelling beside where it is.

use hearth_events::{Band, Uprn};
use hearth_projections::{Accounts, DwellingState, Projection};
use jiff::civil::Date;

use super::register::row;
use super::{ViewError, Views};

/// What a dwelling is charged as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its band in the valuation list.
    pub band: Band,
    /// The category whose amounts it is charged.
    pub category: String,
}

impl Views {
    /// What a dwelling is charged as on a day; none where it is not in the list then.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn listed_on(&self, uprn: &Uprn, day: Date) -> Result<Option<Listed>, ViewError> {
        let state: Option<DwellingState> = self.view(Accounts::NAME)?.read(|conn| row(conn, uprn.as_str()))?;
        let listed = state.and_then(|it| Some((it.band_on(day)?, it.listing?.category)));
        Ok(listed.map(|(band, category)| Listed { band, category }))
    }
}
