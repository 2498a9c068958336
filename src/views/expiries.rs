//! What is scheduled for awards, found by its days: no dwelling is looked at for which nothing is due.

use std::collections::BTreeSet;

use hearth_events::Uprn;
use hearth_projections::{Accounts, DwellingState, Projection};
use jiff::civil::Date;
use rusqlite::params;

use super::error::ViewError;
use super::{Views, body, list, uprn};

impl Views {
    /// The dwellings with an award that came to its end by a day and of which that is not recorded yet, at most `limit`.
    ///
    /// # Errors
    /// As every read of a view: when it cannot be read.
    pub fn expiring(&self, by: Date, limit: usize) -> Result<Vec<Uprn>, ViewError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.view(Accounts::NAME)?.read(|conn| {
            conn.prepare_cached(
                "SELECT key FROM links WHERE name = ?1 AND value <= ?2 GROUP BY key ORDER BY min(value), key LIMIT ?3",
            )?
            .query_map(params![Accounts::EXPIRES, by.to_string(), limit], uprn)?
            .collect()
        })
    }

    /// The days up to and including one on which something is scheduled, each with the dwelling that it is about, in the order
    /// of both; from one of them on where that is given. None of those that are not for whoever asks.
    ///
    /// # Errors
    /// As [`Views::expiring`].
    pub fn scheduled(
        &self,
        until: Date,
        from: Option<(Date, &Uprn)>,
        not: &BTreeSet<Uprn>,
        limit: usize,
    ) -> Result<Vec<(Date, Uprn, DwellingState)>, ViewError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (day, key) = from.map_or_else(Default::default, |(day, uprn)| (day.to_string(), uprn.as_str()));
        self.view(Accounts::NAME)?.read(|conn| {
            conn.prepare_cached(
                "SELECT l.key, l.value, r.body FROM links l JOIN rows r ON r.key = l.key
                 WHERE l.name = ?1 AND l.value <= ?2 AND (l.value, l.key) >= (?3, ?4)
                   AND l.key NOT IN (SELECT value FROM json_each(?6)) ORDER BY l.value, l.key LIMIT ?5",
            )?
            .query_map(params![Accounts::SCHEDULED, until.to_string(), day, key, limit, list(not)], |row| {
                let on: String = row.get(1)?;
                Ok((on.parse().unwrap_or(until), uprn(row)?, body(row.get_ref(2)?.as_bytes()?)?))
            })?
            .collect()
        })
    }
}
