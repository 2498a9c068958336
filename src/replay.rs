//! Replay: the whole history folded from nothing, to be shown or to be compared with the live views.

use std::collections::BTreeMap;
use std::fmt;

use hearth_events::{Position, StreamName, hex};
use hearth_projections::{Accounts, Workload};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::store::EventStore;
use crate::views::{
    BATCH, Digests, FollowError, Held, InMemory, Memory, PROJECTIONS, Parked, ViewError, Views, checkpoint_at,
    decode_batch, digests, held_streams,
};

/// What a replay comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    /// The last event that was folded.
    pub position: Position,
    /// Only what had been recorded by then was folded; none where everything was.
    pub known_at: Option<Timestamp>,
    /// How many events were folded.
    pub events: u64,
    /// How many of each type; what cannot be read is `(unreadable)`.
    pub events_by_type: BTreeMap<String, u64>,
    /// How many accounts there are.
    pub accounts: u64,
    /// How many notifications have come to what.
    pub notifications: BTreeMap<String, u64>,
    /// Each projection.
    pub projections: Vec<ProjectionReport>,
}

/// What one projection comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProjectionReport {
    /// The projection.
    pub projection: String,
    /// The version of its fold.
    pub version: u32,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 over every key with its row and what the row is found by, in the order of the keys; in hex.
    pub digest: String,
    /// The streams it holds, and why.
    pub parked: Vec<Parked>,
    /// The digest of each row, by key.
    #[serde(skip)]
    pub(crate) digests: Digests,
}

/// One difference between history and a live view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The view.
    pub projection: String,
    /// The row; none where the view as a whole is meant.
    pub key: Option<String>,
    /// What differs.
    pub difference: Differs,
}

/// How a view differs from history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Differs {
    /// History has a row that the view has not.
    Missing,
    /// The view has a row that history has not.
    Extra,
    /// The row is another one, or found by something else.
    Row,
    /// The view holds other streams than history, or for other reasons.
    Parked,
    /// The view stands elsewhere than history.
    Position(Position),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { projection, key, difference } = self;
        let key = key.as_deref().unwrap_or_default();
        match difference {
            Differs::Missing => write!(f, "{projection}: {key} is missing in the view"),
            Differs::Extra => write!(f, "{projection}: {key} is in the view, but not in history"),
            Differs::Row => write!(f, "{projection}: {key} differs from history"),
            Differs::Parked => {
                write!(f, "{projection}: the stream {key} is held in one of the two, not in the same way")
            }
            Differs::Position(at) => write!(f, "{projection}: the view stands at event {at}, not where history ends"),
        }
    }
}

/// Folds history from nothing: up to the event `until`, and only what was recorded at or before `known_at`.
///
/// # Errors
/// When the log cannot be read.
pub async fn replay(
    store: &dyn EventStore,
    until: Option<Position>,
    known_at: Option<Timestamp>,
) -> Result<ReplayReport, FollowError> {
    let mut folding = Folding::new();
    'log: loop {
        let mut events = store.read_all(folding.position, BATCH).await?;
        let read = events.len();
        events.retain(|it| until.is_none_or(|until| it.position <= until));
        let mut batch = decode_batch(&events, |_| true);
        // Recorded times never decrease along the log, so the first that is too late ends it. One that cannot be read goes
        // with those before it.
        let too_late = known_at
            .and_then(|known| batch.iter().position(|it| it.recorded.as_ref().is_ok_and(|it| it.recorded_at > known)));
        if let Some(end) = too_late {
            batch.truncate(end);
        }
        if let Some(last) = batch.last() {
            folding.position = last.position;
        }
        folding.events += u64::try_from(batch.len()).unwrap_or_default();
        for event in &batch {
            let name = event.recorded.as_ref().map_or("(unreadable)", |it| it.event.type_name());
            *folding.by_type.entry(name.to_owned()).or_default() += 1;
        }
        let ended = read == 0 || batch.len() < read;
        folding.views = tokio::task::spawn_blocking({
            let mut views = std::mem::take(&mut folding.views);
            move || {
                for view in &mut views {
                    view.apply(&batch);
                }
                views
            }
        })
        .await
        .map_err(|error| FollowError::Ended(error.to_string()))?;
        if ended {
            break 'log;
        }
    }
    folding.report(known_at)
}

/// Compares a replay with the live views, and names every row that differs.
///
/// # Errors
/// When a view cannot be read.
pub fn verify(report: &ReplayReport, views: &Views) -> Result<Vec<Difference>, ViewError> {
    let mut differences = Vec::new();
    for replayed in &report.projections {
        let name = &replayed.projection;
        let differs =
            |key: Option<&String>, difference| Difference { projection: name.clone(), key: key.cloned(), difference };
        let (at, held, live) = views.view(name)?.read(|conn| {
            let snapshot = conn.unchecked_transaction()?;
            Ok((checkpoint_at(&snapshot)?, held_streams(&snapshot)?, digests(&snapshot)?))
        })?;
        if at != report.position {
            differences.push(differs(None, Differs::Position(at)));
        }
        for (key, digest) in &replayed.digests {
            match live.get(key) {
                None => differences.push(differs(Some(key), Differs::Missing)),
                Some(found) if found != digest => differences.push(differs(Some(key), Differs::Row)),
                Some(_) => {}
            }
        }
        let extra = live.keys().filter(|key| !replayed.digests.contains_key(*key));
        differences.extend(extra.map(|key| differs(Some(key), Differs::Extra)));
        let expected: BTreeMap<_, _> = replayed.parked.iter().map(|it| (it.stream.as_str().to_owned(), it)).collect();
        let same = |(stream, it): &(&String, &Held)| {
            expected.get(*stream).is_some_and(|other| other.position == it.position && other.reason == it.reason)
        };
        differences.extend(held.iter().filter(|it| !same(it)).map(|it| differs(Some(it.0), Differs::Parked)));
        let forgotten = expected.keys().filter(|stream| !held.contains_key(*stream));
        differences.extend(forgotten.map(|stream| differs(Some(stream), Differs::Parked)));
    }
    Ok(differences)
}

struct Folding {
    position: Position,
    events: u64,
    by_type: BTreeMap<String, u64>,
    views: Vec<Box<dyn Memory>>,
}

impl Folding {
    fn new() -> Self {
        Self {
            position: Position::START,
            events: 0,
            by_type: BTreeMap::new(),
            views: PROJECTIONS.iter().map(|it| it.memory()).collect(),
        }
    }

    fn report(self, known_at: Option<Timestamp>) -> Result<ReplayReport, FollowError> {
        let mut projections = Vec::new();
        let (mut accounts, mut notifications) = (0, BTreeMap::new());
        for (registered, view) in PROJECTIONS.iter().zip(&self.views) {
            let name = registered.name();
            let digests = view.digests().map_err(|error| ViewError::unavailable(name, error))?;
            if let Some(it) = view.as_any().downcast_ref::<InMemory<Accounts>>() {
                accounts = it.rows.values().map(|row| u64::try_from(row.accounts.len()).unwrap_or_default()).sum();
            }
            if let Some(it) = view.as_any().downcast_ref::<InMemory<Workload>>() {
                for row in it.rows.values() {
                    *notifications.entry(row.status.as_str().to_owned()).or_default() += 1;
                }
            }
            let parked = view.held().iter().map(|(stream, held)| Parked {
                projection: name.to_owned(),
                stream: StreamName::named(stream),
                position: held.position,
                reason: held.reason.clone(),
            });
            projections.push(ProjectionReport {
                projection: name.to_owned(),
                version: registered.version(),
                rows: u64::try_from(digests.len()).unwrap_or(u64::MAX),
                digest: whole(&digests),
                parked: parked.collect(),
                digests,
            });
        }
        Ok(ReplayReport {
            position: self.position,
            known_at,
            events: self.events,
            events_by_type: self.by_type,
            accounts,
            notifications,
            projections,
        })
    }
}

fn whole(digests: &Digests) -> String {
    let mut hash = Sha256::new();
    for (key, digest) in digests {
        hash.update(u64::try_from(key.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(key);
        hash.update(digest);
    }
    hex(&hash.finalize())
}
