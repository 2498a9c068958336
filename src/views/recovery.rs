//! What is held from recovery, and what was done all the same.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, NotificationRef};
use hearth_projections::{Clash, Hold, Projection, Recovery, RecoveryRow};
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::error::ViewError;
use super::register::{body, row};
use super::{Views, list};

/// An account that may not be pursued on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldAccount {
    /// Which.
    pub account: AccountRef,
    /// The first day on which nothing of this holds it any more.
    pub until: Date,
    /// The notifications that wait.
    pub references: Vec<NotificationRef>,
}

/// Which clashes to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The first day; any where absent.
    pub from: Option<Date>,
    /// The first day after; none where absent.
    pub to: Option<Date>,
    /// The last clash of the page before, see [`Clash::key`].
    pub after: Option<String>,
    /// None of these accounts: they are fenced for whoever asks.
    pub not: BTreeSet<AccountRef>,
    /// At most so many.
    pub limit: usize,
}

impl Views {
    /// The accounts that may not be pursued on a day, in the order of their references; none of those that are not for whoever
    /// asks.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn held_from_recovery(
        &self,
        on: Date,
        after: Option<&AccountRef>,
        not: &BTreeSet<AccountRef>,
        limit: usize,
    ) -> Result<Vec<HeldAccount>, ViewError> {
        self.view(Recovery::NAME)?.read(|conn| held(conn, on, (after, not), limit))
    }

    /// Steps of recovery that were taken while a notification waited, in the order of their days.
    ///
    /// # Errors
    /// As [`Views::dwelling`].
    pub fn recovery_clashes(&self, wanted: &Wanted) -> Result<Vec<Clash>, ViewError> {
        self.view(Recovery::NAME)?.read(|conn| clashes(conn, wanted))
    }
}

fn held(
    conn: &Connection,
    on: Date,
    (after, not): (Option<&AccountRef>, &BTreeSet<AccountRef>),
    limit: usize,
) -> rusqlite::Result<Vec<HeldAccount>> {
    // Only what is not over yet is looked at; what begins later, or is over between two holds, is left out below.
    let mut find = conn.prepare_cached(
        "SELECT r.body FROM (SELECT DISTINCT key FROM links WHERE name = ?1 AND value > ?2 AND key > ?3
           AND key NOT IN (SELECT value FROM json_each(?4))) l
         JOIN rows r ON r.key = l.key ORDER BY l.key",
    )?;
    let after = after.map_or("", AccountRef::as_str);
    let mut rows = find.query(params![Recovery::HELD, on.to_string(), after, list(not)])?;
    let mut held = Vec::new();
    while held.len() < limit {
        let Some(row) = rows.next()? else { break };
        let row: RecoveryRow = body(row.get_ref(0)?.as_bytes()?)?;
        let until = row.holds_on(on).map(Hold::end).max();
        let references = row.holds_on(on).map(|it| it.reference.clone()).collect();
        held.extend(until.map(|until| HeldAccount { account: row.account.clone(), until, references }));
    }
    Ok(held)
}

fn clashes(conn: &Connection, wanted: &Wanted) -> rusqlite::Result<Vec<Clash>> {
    let first = wanted.from.map_or_else(String::new, |it| it.to_string());
    let end = wanted.to.map_or_else(|| "~".to_owned(), |it| it.to_string());
    let mut find = conn.prepare_cached(
        "SELECT key, value FROM links WHERE name = ?1 AND value >= ?2 AND value < ?3 AND value > ?4
           AND key NOT IN (SELECT value FROM json_each(?6)) ORDER BY value LIMIT ?5",
    )?;
    let limit = i64::try_from(wanted.limit).unwrap_or(i64::MAX);
    let after = wanted.after.as_deref().unwrap_or_default();
    let found = find.query_map(params![Recovery::CLASH, first, end, after, limit, list(&wanted.not)], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut clashes = Vec::new();
    for found in found {
        let (account, key) = found?;
        let held: Option<RecoveryRow> = row(conn, &account)?;
        clashes.extend(held.into_iter().flat_map(|it| it.clashes()).find(|it| it.key() == key));
    }
    Ok(clashes)
}
