//! What keeps the views up to date: a task for each projection.

use std::panic;
use std::sync::Arc;
use std::time::Duration;

use hearth_events::{Position, StoredEvent};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::Views;
use super::error::{FollowError, ViewError};
use super::file::{Session, Step, View};
use crate::store::EventStore;

/// How many events are folded at once.
pub(crate) const BATCH: usize = 4_096;

/// How long an idle worker goes without looking whether its file has been replaced.
const LOOK: Duration = Duration::from_millis(500);

/// The first and the longest pause after a failure.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// Keeps every view up to date until `stop` says so.
///
/// A worker that fails, or panics, starts again after a pause; the others do not notice.
///
/// # Errors
/// When a task could not be run to its end.
pub async fn run_workers(
    store: Arc<dyn EventStore>,
    views: Views,
    stop: watch::Receiver<bool>,
) -> Result<(), FollowError> {
    let mut tasks = JoinSet::new();
    for view in views.all() {
        tasks.spawn(supervise(Arc::clone(&store), Arc::clone(view), stop.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|error| FollowError::Ended(error.to_string()))?;
    }
    Ok(())
}

/// Brings every view to the head of the log as it is now, and gives that position.
///
/// # Errors
/// When the log or a view cannot be used.
pub async fn catch_up(store: &dyn EventStore, views: &Views) -> Result<Position, FollowError> {
    let head = store.head().await?;
    for view in views.all() {
        let mut session = opened(store, view).await?;
        loop {
            let (at, _) = view.checkpoint_of(&session.conn)?;
            let events = if at < head { store.read_all(at, BATCH).await? } else { Vec::new() };
            if events.is_empty() {
                view.make_ready(&mut session)?;
                break;
            }
            let (returned, step) = applied(view, session, at, events).await?;
            session = match step {
                Step::At(_) => returned,
                Step::Swapped => opened(store, view).await?,
            };
        }
    }
    Ok(head)
}

async fn supervise(store: Arc<dyn EventStore>, view: Arc<View>, mut stop: watch::Receiver<bool>) {
    let mut pause = BACK_OFF.0;
    while !*stop.borrow() {
        let task = tokio::spawn(follow(Arc::clone(&store), Arc::clone(&view), stop.clone()));
        let before = *view.progress().borrow();
        match task.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => {
                tracing::error!(view = view.name(), "the worker of {} starts again: {error}", view.name());
            }
            Err(error) => {
                tracing::error!(view = view.name(), "the worker of {} failed and starts again: {error}", view.name());
            }
        }
        metrics::counter!("hearth_worker_restarts_total", "view" => view.name()).increment(1);
        pause = if *view.progress().borrow() == before { (pause * 2).min(BACK_OFF.1) } else { BACK_OFF.0 };
        if stopped_within(&mut stop, pause).await {
            return;
        }
    }
}

/// Follows the log until it is told to stop, or something fails.
async fn follow(
    store: Arc<dyn EventStore>,
    view: Arc<View>,
    mut told: watch::Receiver<bool>,
) -> Result<(), FollowError> {
    let mut session = opened(&*store, &view).await?;
    let mut end = store.head().await?;
    loop {
        if *told.borrow() {
            return Ok(());
        }
        let (at, _) = view.checkpoint_of(&session.conn)?;
        if at >= end {
            view.make_ready(&mut session)?;
        }
        let is_more = tokio::select! {
            alive = told.changed() => if alive.is_err() { return Ok(()) } else { false },
            beyond = store.wait_beyond(at) => beyond? > at,
            () = sleep(LOOK) => false,
        };
        if !is_more {
            if !view.is_current(&session)? {
                (session, end) = (opened(&*store, &view).await?, store.head().await?);
            }
            continue;
        }
        let events = store.read_all(at, BATCH).await?;
        let (returned, step) = applied(&view, session, at, events).await?;
        session = returned;
        if step == Step::Swapped {
            (session, end) = (opened(&*store, &view).await?, store.head().await?);
        }
    }
}

/// Opens the live generation, once it is sure that it is a view of this log: its last event is in the log as it was.
async fn opened(store: &dyn EventStore, view: &Arc<View>) -> Result<Session, FollowError> {
    loop {
        let session = view.session()?;
        let (at, hash) = view.checkpoint_of(&session.conn)?;
        if at == Position::START {
            return Ok(session);
        }
        let found = store.read_all(Position(at.0 - 1), 1).await?;
        let reason = match found.first() {
            Some(last) if last.position == at && last.hash.as_slice() == hash => return Ok(session),
            Some(_) => format!("event {at} of the log is not the one it was made from"),
            None => format!("it stands at event {at}, beyond the end of the log"),
        };
        view.set_aside(&session.file, &reason)?;
    }
}

/// Applies a batch on a thread that may wait. A file that turns out to be damaged is set aside.
pub(crate) async fn applied(
    view: &Arc<View>,
    mut session: Session,
    after: Position,
    events: Vec<StoredEvent>,
) -> Result<(Session, Step), FollowError> {
    let (view, tidied) = (Arc::clone(view), Arc::clone(view));
    let done = spawn_blocking(move || {
        let step = view.apply(&mut session, after, &events);
        if let Err(ViewError::SetAside { reason, .. }) = &step
            && session.is_live()
        {
            view.set_aside(&session.file, reason)?;
            return Ok((session, Step::Swapped));
        }
        step.map(|step| (session, step))
    });
    match done.await {
        Ok(done) => {
            let (session, step) = done?;
            if session.is_live() {
                let file = session.file.clone();
                drop(spawn_blocking(move || tidied.tidy(&file)));
            }
            Ok((session, step))
        }
        Err(error) => match error.try_into_panic() {
            Ok(payload) => panic::resume_unwind(payload),
            Err(error) => Err(FollowError::Ended(error.to_string())),
        },
    }
}

async fn stopped_within(stop: &mut watch::Receiver<bool>, pause: Duration) -> bool {
    timeout(pause, stop.wait_for(|it| *it)).await.is_ok()
}
