//! Building a view anew, beside the live one.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use hearth_events::Position;
use rusqlite::Connection;
use serde::Serialize;

use super::Views;
use super::error::{FollowError, ViewError};
use super::file::{Session, Step, View, checkpoint, remove_generation};
use super::register::{Digests, count, digests, held_streams};
use super::workers::{BATCH, applied};
use crate::store::EventStore;

/// A bigger batch writes a row that many events touch less often.
const BUILD_BATCH: usize = 8 * BATCH;

/// A view that was built anew and is live now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// The view.
    pub projection: String,
    /// How far it had come when it went live.
    pub position: Position,
    /// How many rows it has.
    pub rows: u64,
    /// How many streams it holds.
    pub parked: u64,
    /// Where the old view was compared with the new one: the event up to which both were.
    pub compared_at: Option<Position>,
    /// The keys of the rows that were otherwise in the old view: it was damaged, or the fold has changed.
    pub corrected: Vec<String>,
}

/// Builds one view, or all, from the whole log beside the live one, compares, and swaps.
///
/// Readers and workers, of this process and of others, go on with the old view until the new one has everything that the
/// old one has.
///
/// # Errors
/// When there is no such projection, or the log or a file cannot be used; the live view then stays as it is.
pub async fn rebuild(
    store: &dyn EventStore,
    views: &Views,
    projection: Option<&str>,
) -> Result<Vec<Rebuilt>, FollowError> {
    let chosen = match projection {
        Some(name) => vec![Arc::clone(views.view(name)?)],
        None => views.all().to_vec(),
    };
    let mut rebuilt = Vec::new();
    for view in &chosen {
        rebuilt.push(rebuild_one(store, view).await?);
    }
    Ok(rebuilt)
}

/// A file that is deleted unless it goes live.
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            remove_generation(file);
        }
    }
}

async fn rebuild_one(store: &dyn EventStore, view: &Arc<View>) -> Result<Rebuilt, FollowError> {
    let of = |error: rusqlite::Error| ViewError::of(view.name(), &error);
    let waiting = Arc::clone(view);
    let _rebuild = tokio::task::spawn_blocking(move || waiting.lock("rebuild"))
        .await
        .map_err(|error| FollowError::Ended(error.to_string()))??;
    let live = pinned(view);
    let file = {
        let _pointer = view.lock("pointer")?;
        view.remove_others()?;
        view.new_generation(true)?
    };
    let mut unfinished = Unfinished(Some(file.clone()));
    let mut session = view.building(file)?;

    let head = store.head().await?;
    let mut compared_at = None;
    let mut corrected = Vec::new();
    if let Some((live, at)) = live
        && at <= head
    {
        session = build(store, view, session, Some(at)).await?;
        // A live view that cannot be read is no reason not to replace it.
        if let Ok(before) = digests(&live) {
            corrected = differing(&before, &digests(&session.conn).map_err(of)?);
            compared_at = Some(at);
        }
    }
    session = build(store, view, session, None).await?;
    let session = swap(store, view, session).await?;
    unfinished.0 = None;

    let conn = &session.conn;
    let (position, _) = checkpoint(conn).map_err(of)?;
    let rows = conn.query_row("SELECT count(*) FROM rows", [], count).map_err(of)?;
    let parked = u64::try_from(held_streams(conn).map_err(of)?.len()).unwrap_or(u64::MAX);
    tracing::info!(view = view.name(), rows, parked, "the view {} was built anew up to event {position}", view.name());
    Ok(Rebuilt { projection: view.name().to_owned(), position, rows, parked, compared_at, corrected })
}

/// The live view as it is at this moment, and how far it is.
fn pinned(view: &View) -> Option<(Connection, Position)> {
    let session = view.session().ok()?;
    session.conn.execute_batch("BEGIN").ok()?;
    let (at, _) = checkpoint(&session.conn).ok()?;
    Some((session.conn, at))
}

/// Applies events to a generation that is being built: up to `until`, or all there are.
async fn build(
    store: &dyn EventStore,
    view: &Arc<View>,
    mut session: Session,
    until: Option<Position>,
) -> Result<Session, FollowError> {
    let (mut at, _) = view.checkpoint_of(&session.conn)?;
    let mut events = store.read_all(at, BUILD_BATCH).await?;
    loop {
        if let Some(until) = until {
            events.retain(|it| it.position <= until);
        }
        let Some(last) = events.last().map(|it| it.position) else { return Ok(session) };
        // The next batch is read while this one is written.
        let (next, done) = tokio::join!(store.read_all(last, BUILD_BATCH), applied(view, session, at, events));
        let (returned, step) = done?;
        if step != Step::At(last) {
            return Err(ViewError::unavailable(view.name(), "the new file was damaged while it was built").into());
        }
        (session, at, events) = (returned, last, next?);
    }
}

/// Makes the new generation live, once it has everything that the live one has. Nobody can write to the live one
/// meanwhile, and those who waited to do so find that it is no longer live.
async fn swap(store: &dyn EventStore, view: &Arc<View>, session: Session) -> Result<Session, FollowError> {
    let of = |error: rusqlite::Error| ViewError::of(view.name(), &error);
    let waiting = Arc::clone(view);
    let locked = tokio::task::spawn_blocking(move || {
        let live = waiting.session()?;
        live.conn.execute_batch("BEGIN IMMEDIATE").map_err(|error| ViewError::of(waiting.name(), &error))?;
        let pointer = waiting.lock("pointer")?;
        Ok::<_, ViewError>((live, pointer))
    });
    let (live, _pointer) = locked.await.map_err(|error| FollowError::Ended(error.to_string()))??;
    if !view.is_current(&live)? {
        return Err(ViewError::unavailable(view.name(), "another process replaced it meanwhile: try again").into());
    }
    let session = build(store, view, session, None).await?;
    let (position, _) = checkpoint(&session.conn).map_err(of)?;
    let (live_at, _) = checkpoint(&live.conn).map_err(of)?;
    if position < live_at && live_at <= store.head().await? {
        return Err(ViewError::unavailable(view.name(), format!("it stops at {position}, before {live_at}")).into());
    }
    session.conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA cache_size = -2000").map_err(of)?;
    std::fs::File::open(&session.file)
        .and_then(|file| file.sync_all())
        .map_err(|error| ViewError::io(view.name(), &session.file, &error))?;
    view.point_to(&session.file)?;
    view.announce(position);
    if let Err(error) = view.remove_others() {
        tracing::warn!(view = view.name(), "an old file stays until the next rebuild: {error}");
    }
    Ok(session)
}

/// The keys under which two views differ.
pub(crate) fn differing(one: &Digests, other: &Digests) -> Vec<String> {
    let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    keys.into_iter().filter(|key| one.get(*key) != other.get(*key)).cloned().collect()
}
