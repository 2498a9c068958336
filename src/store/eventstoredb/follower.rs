//! Follows `$all`: counts Hearth's events in its order and remembers the last of them.
//!
//! It reads, page by page, whenever somebody needs to know more; whoever comes while a page is read shares it. No
//! subscription is used: the client's subscriptions turn without pause when a server ends one in peace.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hearth_events::{Position, StoredEvent};
use tokio::sync::watch;
use tokio::time::Instant;

use super::super::StoreError;
use super::client::es;
use super::places::{Counted, Place, Places, Standing};
use super::reading::{last_of_all, page_of_all};
use super::supervisor::Supervisor;
use super::tail::Tail;

/// How many records are read at once.
pub(super) const PAGE: usize = 500;

/// How long what another process has appended may go unnoticed by who waits.
const LOOK: Duration = Duration::from_millis(50);

/// Follows the log.
pub(super) struct Follower {
    pub(super) places: Arc<Places>,
    turn: tokio::sync::Mutex<()>,
    seen: Mutex<Seen>,
    head: watch::Sender<Position>,
}

struct Seen {
    standing: Standing,
    tail: Tail,
    looked: Option<Looked>,
}

/// The last page that was asked for.
#[derive(Clone, Copy)]
struct Looked {
    at: Instant,
    found: bool,
}

impl Follower {
    /// Goes on from what has been counted.
    pub(super) fn new(places: Places) -> Result<Self, StoreError> {
        let standing = places.standing()?;
        Ok(Self {
            places: Arc::new(places),
            turn: tokio::sync::Mutex::new(()),
            seen: Mutex::new(Seen { standing, tail: Tail::default(), looked: None }),
            head: watch::Sender::new(standing.position),
        })
    }

    /// The last event that has been counted.
    pub(super) fn position(&self) -> Position {
        self.seen().standing.position
    }

    /// From the last events, without asking anybody.
    pub(super) fn recent<T>(&self, look: impl FnOnce(&Tail) -> Option<T>) -> Option<T> {
        look(&self.seen().tail)
    }

    /// Reads one more page; whether there was anything new in it, ours or not.
    pub(super) async fn step(&self, server: &Supervisor) -> Result<bool, StoreError> {
        let waited_for = Instant::now();
        let _turn = self.turn.lock().await;
        // A page that somebody asked for after we had come to wait is as good as one of our own.
        if let Some(shared) = self.seen().looked.filter(|it| it.at > waited_for) {
            return Ok(shared.found);
        }
        let asked_at = Instant::now();
        let before = self.seen().standing;
        let page = page_of_all(server, before.scanned, PAGE).await?;
        let Some(last) = page.last().map(|it| it.place) else {
            self.seen().looked = Some(Looked { at: asked_at, found: false });
            return Ok(false);
        };
        let mut now = Standing { scanned: Some(last), ..before };
        let mut counted = Vec::new();
        let mut events = Vec::new();
        for written in page.into_iter().filter_map(|it| it.written) {
            let at = now.count(written.place, written.recorded_at);
            counted.push(at);
            events.push((written.stored(&at), written.stream, written.revision));
        }
        self.keep(counted, last).await?;
        {
            let mut seen = self.seen();
            seen.standing = now;
            seen.looked = Some(Looked { at: asked_at, found: true });
            for (stored, stream, revision) in events {
                seen.tail.push(stored, stream, revision);
            }
        }
        self.head.send_if_modified(|it| std::mem::replace(it, now.position) < now.position);
        Ok(true)
    }

    async fn keep(&self, counted: Vec<Counted>, scanned: Place) -> Result<(), StoreError> {
        let places = Arc::clone(&self.places);
        let kept = tokio::task::spawn_blocking(move || places.keep(&counted, scanned)).await;
        kept.map_err(|error| StoreError::Unavailable(format!("positions could not be kept: {error}")))?
    }

    /// Reads up to what is the last record now. That one is asked for: an answer that was cut short looks like the end.
    pub(super) async fn to_the_end(&self, server: &Supervisor) -> Result<Position, StoreError> {
        let until = Instant::now() + server.address.call;
        let scanned = self.seen().standing.scanned;
        let last = loop {
            let last = last_of_all(server).await?;
            if last >= scanned {
                break last;
            }
            if Instant::now() > until {
                return Err(behind(scanned));
            }
            tokio::time::sleep(LOOK).await;
        };
        loop {
            let standing = self.seen().standing;
            if last <= standing.scanned {
                return Ok(standing.position);
            }
            if !self.step(server).await? {
                if Instant::now() > until {
                    return Err(StoreError::Unavailable("the event store does not give its last events".to_owned()));
                }
                tokio::time::sleep(LOOK / 10).await;
            }
        }
    }

    /// Waits until an event after this position has been counted.
    pub(super) async fn beyond(&self, server: &Supervisor, position: Position) -> Result<Position, StoreError> {
        let mut head = self.head.subscribe();
        loop {
            let now = *head.borrow_and_update();
            if now > position {
                return Ok(now);
            }
            let due = self.seen().looked.map_or_else(Instant::now, |it| it.at + LOOK);
            tokio::select! {
                _ = head.changed() => {}
                () = tokio::time::sleep_until(due) => drop(self.step(server).await?),
            }
        }
    }

    /// Where an event of ours is in the order of the log, once that has been read so far.
    pub(super) async fn counted(&self, server: &Supervisor, place: Place) -> Result<Counted, StoreError> {
        let until = Instant::now() + server.address.attempt;
        loop {
            if let Some(counted) = self.places.at(place)? {
                return Ok(counted);
            }
            if self.step(server).await? {
                continue;
            }
            if Instant::now() < until {
                tokio::time::sleep(LOOK / 10).await;
            } else {
                let Place { commit, prepare } = place;
                return Err(StoreError::Unavailable(format!(
                    "the event at {commit}/{prepare} is in its stream and not yet in $all"
                )));
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    /// Counts the next of our events.
    pub(super) fn count(&mut self, place: Place, recorded_at: jiff::Timestamp) -> Counted {
        self.position = Position(self.position.0 + 1);
        self.recorded_at = self.recorded_at.max(recorded_at);
        Counted { position: self.position, place, recorded_at: self.recorded_at }
    }
}

/// The server has less than was once read from it.
fn behind(scanned: Option<Place>) -> StoreError {
    let place = scanned.map_or(String::new(), |it| format!(" at {}/{}", it.commit, it.prepare));
    StoreError::Wrong(format!(
        "the event store ends before the last event this data directory has seen{place}: it was restored from an older backup, or is another one; if it is the right one, stop hearth, delete the folder `places` in the data directory and start again"
    ))
}

/// Events after a position that are older than the tail, read again: at least one, at most `limit`, at most a page.
pub(super) async fn older(
    server: &Supervisor,
    places: &Places,
    after: Position,
    limit: usize,
) -> Result<Vec<StoredEvent>, StoreError> {
    let mut at = Standing { scanned: None, position: Position::START, recorded_at: jiff::Timestamp::MIN };
    if after > Position::START {
        let unknown = || StoreError::Wrong(format!("there is no event at position {after}"));
        let counted = places.of(after)?.ok_or_else(unknown)?;
        at = Standing { scanned: Some(counted.place), position: after, recorded_at: counted.recorded_at };
    }
    let until = Instant::now() + server.address.call;
    let mut found = Vec::new();
    while found.is_empty() {
        let page = page_of_all(server, at.scanned, limit.min(PAGE)).await?;
        if let Some(last) = page.last() {
            at.scanned = Some(last.place);
        } else if Instant::now() < until {
            // There is one, as it has been counted: the answer was cut.
            tokio::time::sleep(LOOK / 10).await;
        } else {
            return Err(StoreError::Unavailable(format!("the event after position {after} cannot be read just now")));
        }
        for written in page.into_iter().filter_map(|it| it.written) {
            found.push(written.stored(&at.count(written.place, written.recorded_at)));
        }
    }
    Ok(found)
}

/// The server's words for a place.
pub(super) fn position_in_all(place: Option<Place>) -> es::StreamPosition<es::Position> {
    place.map_or(es::StreamPosition::Start, |it| {
        es::StreamPosition::Position(es::Position { commit: it.commit, prepare: it.prepare })
    })
}
