//! Refunds, found by what they are called and by how far they have come.

use std::collections::BTreeSet;

use hearth_events::Uprn;
use hearth_projections::{Accounts, DwellingState, Projection, RefundStatus};
use rusqlite::params;

use super::error::ViewError;
use super::{Views, body, list, uprn};

impl Views {
    /// The dwelling at which a refund was asked for.
    ///
    /// # Errors
    /// As every read of a view: when it cannot be read.
    pub fn uprn_of_refund(&self, refund: &str) -> Result<Option<Uprn>, ViewError> {
        Ok(self.uprns(Accounts::REFUND, refund)?.into_iter().next())
    }

    /// The dwellings with a refund that has come so far, in the order of their numbers as text; none of those that
    /// are not for whoever asks.
    ///
    /// # Errors
    /// As [`Views::uprn_of_refund`].
    pub fn dwellings_with_refunds(
        &self,
        status: RefundStatus,
        after: Option<&Uprn>,
        not: &BTreeSet<Uprn>,
        limit: usize,
    ) -> Result<Vec<(Uprn, DwellingState)>, ViewError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let after = after.map_or("", Uprn::as_str);
        self.view(Accounts::NAME)?.read(|conn| {
            conn.prepare_cached(
                "SELECT DISTINCT r.key, r.body FROM links l JOIN rows r ON r.key = l.key
                 WHERE l.name = ?1 AND l.value = ?2 AND l.key > ?3
                   AND l.key NOT IN (SELECT value FROM json_each(?5)) ORDER BY l.key LIMIT ?4",
            )?
            .query_map(params![Accounts::REFUND_STATUS, status.as_str(), after, limit, list(not)], |row| {
                Ok((uprn(row)?, body(row.get_ref(1)?.as_bytes()?)?))
            })?
            .collect()
        })
    }
}
