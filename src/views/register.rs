//! The list of projections, and how the rows of any projection are written.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::marker::PhantomData;

use hearth_events::{Position, StreamName};
use hearth_projections::{Accounts, Link, Performance, Projection, Recovery, Savings, Workload};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::fold::{Decoded, Folded, Held, HeldStreams, fold};
use super::listing;

/// Every projection: **a new one is a line here**.
pub(crate) const PROJECTIONS: &[&dyn Registered] = &[
    &Of::<Accounts>(PhantomData),
    &Of::<Workload>(PhantomData),
    &Of::<Savings>(PhantomData),
    &Of::<Recovery>(PhantomData),
    &Of::<Performance>(PhantomData),
];

/// A projection whose type of row does not matter to whoever runs it.
pub(crate) trait Registered: Send + Sync {
    /// What it is called.
    fn name(&self) -> &'static str;
    /// The version of its fold.
    fn version(&self) -> u32;
    /// Whether its rows have entries in a list.
    fn is_listed(&self) -> bool;
    /// Whether events of this stream can concern it.
    fn concerns(&self, stream: &StreamName) -> bool;
    /// Folds a batch over the rows in `conn` and writes them, within the caller's transaction. Gives the streams that are
    /// held from now on.
    fn apply(&self, conn: &Connection, events: &[Decoded]) -> rusqlite::Result<HeldStreams>;
    /// An empty view in memory.
    fn memory(&self) -> Box<dyn Memory>;
}

/// A view in memory, for a replay.
pub(crate) trait Memory: Send {
    /// Folds a batch.
    fn apply(&mut self, events: &[Decoded]);
    /// The digest of every row, by key.
    fn digests(&self) -> Result<Digests, serde_json::Error>;
    /// The streams that are held.
    fn held(&self) -> &HeldStreams;
    /// The view itself, for those who know its type.
    fn as_any(&self) -> &dyn Any;
}

/// SHA-256 over a row's body and what it is found by, by key.
pub(crate) type Digests = BTreeMap<String, [u8; 32]>;

struct Of<P>(PhantomData<fn() -> P>);

/// The rows of a projection in memory.
pub(crate) struct InMemory<P: Projection> {
    /// The rows by key.
    pub(crate) rows: BTreeMap<String, P::Row>,
    held: HeldStreams,
}

impl<P: Projection> Registered for Of<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn version(&self) -> u32 {
        P::VERSION
    }

    fn is_listed(&self) -> bool {
        P::LISTED
    }

    fn concerns(&self, stream: &StreamName) -> bool {
        P::concerns(stream)
    }

    fn apply(&self, conn: &Connection, events: &[Decoded]) -> rusqlite::Result<HeldStreams> {
        let folded = fold::<P, rusqlite::Error>(events, &held_streams(conn)?, |key| row(conn, key))?;
        write::<P>(conn, &folded)?;
        let mut park = conn.prepare_cached("INSERT INTO parked (stream, position, reason) VALUES (?1, ?2, ?3)")?;
        for (stream, held) in &folded.parked {
            park.execute(params![stream, sql_position(held.position), held.reason])?;
        }
        Ok(folded.parked)
    }

    fn memory(&self) -> Box<dyn Memory> {
        Box::new(InMemory::<P> { rows: BTreeMap::new(), held: BTreeMap::new() })
    }
}

impl<P: Projection> Memory for InMemory<P> {
    fn apply(&mut self, events: &[Decoded]) {
        let found = fold::<P, Infallible>(events, &self.held, |key| Ok(self.rows.get(key).cloned()));
        let Folded { touched, parked } = match found {
            Ok(folded) => folded,
            Err(never) => match never {},
        };
        for (key, touched) in touched {
            match touched.row {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
        self.held.extend(parked);
    }

    fn digests(&self) -> Result<Digests, serde_json::Error> {
        let digest = |(key, row): (&String, &P::Row)| {
            let body = serde_json::to_vec(row)?;
            let links: BTreeSet<Link> = P::links(row).into_iter().collect();
            let mut hash = begin_digest(&body);
            for (name, value) in &links {
                link_digest(&mut hash, name, value);
            }
            if let Some(entry) = P::entry(row) {
                listing::digest(&mut hash, &listing::columns(&entry));
            }
            Ok((key.clone(), hash.finalize().into()))
        };
        self.rows.iter().map(digest).collect()
    }

    fn held(&self) -> &HeldStreams {
        &self.held
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A position as SQLite holds it.
pub(crate) fn sql_position(position: Position) -> i64 {
    i64::try_from(position.0).unwrap_or(i64::MAX)
}

/// A position as read from SQLite.
pub(crate) fn position_of(sql: i64) -> Position {
    Position(u64::try_from(sql).unwrap_or_default())
}

/// The one number that a query counts.
pub(crate) fn count(row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default())
}

/// Reads a row's body; one that cannot be read is damage.
pub(crate) fn body<R: DeserializeOwned>(bytes: &[u8]) -> rusqlite::Result<R> {
    serde_json::from_slice(bytes)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error)))
}

/// The row of a key.
pub(crate) fn row<R: DeserializeOwned>(conn: &Connection, key: &str) -> rusqlite::Result<Option<R>> {
    let mut find = conn.prepare_cached("SELECT body FROM rows WHERE key = ?1")?;
    let found = find.query_row([key], |row| body(row.get_ref(0)?.as_bytes()?)).optional()?;
    Ok(found)
}

/// The streams that are held.
pub(crate) fn held_streams(conn: &Connection) -> rusqlite::Result<HeldStreams> {
    let mut find = conn.prepare_cached("SELECT stream, position, reason FROM parked ORDER BY stream")?;
    let held =
        |row: &rusqlite::Row<'_>| Ok((row.get(0)?, Held { position: position_of(row.get(1)?), reason: row.get(2)? }));
    find.query_map([], held)?.collect()
}

/// The digest of every row in a view, by key; what is found under a key without a row has a digest too.
pub(crate) fn digests(conn: &Connection) -> rusqlite::Result<Digests> {
    let mut hashes: BTreeMap<String, Sha256> = BTreeMap::new();
    let mut find = conn.prepare("SELECT key, body FROM rows")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        hashes.insert(row.get(0)?, begin_digest(row.get_ref(1)?.as_bytes()?));
    }
    let mut find = conn.prepare("SELECT key, name, value FROM links ORDER BY key, name, value")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let hash = hashes.entry(row.get(0)?).or_default();
        link_digest(hash, row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
    }
    if listing::is_there(conn)? {
        listing::each(conn, |key, columns| listing::digest(hashes.entry(key).or_default(), columns))?;
    }
    Ok(hashes.into_iter().map(|(key, hash)| (key, hash.finalize().into())).collect())
}

fn begin_digest(body: &[u8]) -> Sha256 {
    Sha256::new().chain_update(u64::try_from(body.len()).unwrap_or(u64::MAX).to_be_bytes()).chain_update(body)
}

fn link_digest(hash: &mut Sha256, name: &str, value: &str) {
    hash.update(name);
    hash.update([0]);
    hash.update(value);
    hash.update([0]);
}

fn to_body(row: &impl Serialize) -> rusqlite::Result<Vec<u8>> {
    serde_json::to_vec(row).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn write<P: Projection>(conn: &Connection, folded: &Folded<P::Row>) -> rusqlite::Result<()> {
    let mut put = conn.prepare_cached(
        "INSERT INTO rows (key, body) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
    )?;
    let mut remove = conn.prepare_cached("DELETE FROM rows WHERE key = ?1")?;
    let mut link = conn.prepare_cached("INSERT OR IGNORE INTO links (name, value, key) VALUES (?1, ?2, ?3)")?;
    let mut unlink = conn.prepare_cached("DELETE FROM links WHERE name = ?1 AND value = ?2 AND key = ?3")?;
    for (key, touched) in &folded.touched {
        match &touched.row {
            Some(row) => put.execute(params![key, to_body(row)?])?,
            None if touched.links_before.is_some() => remove.execute([key])?,
            None => continue,
        };
        let before: BTreeSet<Link> = touched.links_before.iter().flatten().cloned().collect();
        let after: BTreeSet<Link> = touched.row.as_ref().map(P::links).into_iter().flatten().collect();
        for (name, value) in before.difference(&after) {
            unlink.execute(params![name, value, key])?;
        }
        for (name, value) in after.difference(&before) {
            link.execute(params![name, value, key])?;
        }
        if P::LISTED {
            listing::put(conn, key, touched.row.as_ref().and_then(P::entry).as_ref())?;
        }
    }
    Ok(())
}
