//! Follows `$all`: counts Hearth's events in its order and remembers the last of them.
//!
//! One task reads, page by page, whenever somebody needs to know more; whoever asks while a page is read gets the next
//! one, together with all who asked meanwhile. No subscription is used: the client's subscriptions turn without pause
//! when a server ends one in peace.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hearth_events::{Position, StoredEvent, StreamName};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::super::StoreError;
use super::places::{Counted, Place, Places, Standing};
use super::reading::{last_of_all, page_of_all, range};
use super::supervisor::Supervisor;
use super::tail::Tail;
use super::wire::Written;

/// How many records are read at once.
const PAGE: usize = 500;

/// How long what another process has appended may go unnoticed by who waits.
const LOOK: Duration = Duration::from_millis(50);

/// Follows the log; what it has seen so far.
pub(super) struct Follower {
    server: Arc<Supervisor>,
    places: Arc<Places>,
    seen: Mutex<Seen>,
    head: watch::Sender<Position>,
    /// How many pages have been asked for.
    asked: watch::Sender<u64>,
    /// The last page that was read.
    read: watch::Sender<Page>,
    reader: Mutex<Option<JoinHandle<()>>>,
}

struct Seen {
    standing: Standing,
    tail: Tail,
    /// The client over which the server was last found to be the one that was counted on.
    known_by: Option<u64>,
}

/// What came of reading a page.
#[derive(Clone)]
struct Page {
    /// It began after so many had been asked for.
    covers: u64,
    at: Option<Instant>,
    /// Whether there was anything new in it, ours or not.
    found: Result<bool, StoreError>,
}

impl Follower {
    /// Goes on from what has been counted.
    pub(super) fn new(server: Arc<Supervisor>, places: Places) -> Result<Arc<Self>, StoreError> {
        let standing = places.standing()?;
        Ok(Arc::new(Self {
            server,
            places: Arc::new(places),
            seen: Mutex::new(Seen { standing, tail: Tail::default(), known_by: None }),
            head: watch::Sender::new(standing.position),
            asked: watch::Sender::new(0),
            read: watch::Sender::new(Page { covers: 0, at: None, found: Ok(false) }),
            reader: Mutex::new(None),
        }))
    }

    /// The last event that has been counted.
    pub(super) fn position(&self) -> Position {
        self.seen().standing.position
    }

    /// From the last events, without asking anybody.
    pub(super) fn recent<T>(&self, look: impl FnOnce(&Tail) -> Option<T>) -> Option<T> {
        look(&self.seen().tail)
    }

    /// Reads one more page, which is asked for after this is called; whether there was anything new in it, ours or not.
    ///
    /// The page is read to its end also when nobody waits for it any more.
    pub(super) async fn step(self: &Arc<Self>) -> Result<bool, StoreError> {
        let mut read = self.read.subscribe();
        let mut number = 0;
        self.asked.send_modify(|it| {
            *it += 1;
            number = *it;
        });
        self.see_to_the_reader();
        // A page under way, and then ours: each has the time of a call, and the look at a new server has one too.
        let within = self.server.address.call * 4;
        match timeout(within, read.wait_for(|it| it.covers >= number)).await {
            Ok(Ok(page)) => page.found.clone(),
            Ok(Err(_)) | Err(_) => Err(StoreError::Unavailable("the log was not read in time".to_owned())),
        }
    }

    fn see_to_the_reader(self: &Arc<Self>) {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.as_ref().is_none_or(JoinHandle::is_finished) {
            *reader = Some(tokio::spawn(reading(Arc::downgrade(self), self.asked.subscribe())));
        }
    }

    async fn page(&self) -> Result<bool, StoreError> {
        self.is_the_server_known().await?;
        let before = self.seen().standing;
        let page = page_of_all(&self.server, before.scanned, PAGE).await?;
        let Some(last) = page.last().map(|it| it.place) else { return Ok(false) };
        let mut now = Standing { scanned: Some(last), ..before };
        let events: Vec<_> =
            page.into_iter().filter_map(|it| it.written).map(|written| (now.count(&written), written)).collect();
        let (places, counted) = (Arc::clone(&self.places), events.iter().map(|it| it.0.clone()).collect::<Vec<_>>());
        let kept = tokio::task::spawn_blocking(move || places.keep(&counted, last)).await;
        kept.map_err(|error| StoreError::Unavailable(format!("positions could not be kept: {error}")))??;
        {
            let mut seen = self.seen();
            seen.standing = now;
            for (counted, written) in events {
                seen.tail.push(written.stored(&counted), written.stream, written.revision);
            }
        }
        self.head.send_if_modified(|it| std::mem::replace(it, now.position) < now.position);
        Ok(true)
    }

    /// Over each new connection: that the last event that was counted is there still, and the same.
    async fn is_the_server_known(&self) -> Result<(), StoreError> {
        let known_by = self.seen().known_by;
        if known_by == Some(self.server.clients()) {
            return Ok(());
        }
        if let Some(last) = self.places.last()? {
            let until = Instant::now() + self.server.address.attempt;
            let stream = StreamName::named(&last.stream);
            // A leader that was just elected may be some moments behind what it will have.
            while range(&self.server, &stream, last.revision, 1).await?.first().map(|it| &it.id) != Some(&last.id) {
                if Instant::now() > until {
                    return Err(another(&last));
                }
                sleep(LOOK).await;
            }
        }
        let now = self.server.clients();
        self.seen().known_by = (now > 0).then_some(now);
        Ok(())
    }

    /// Reads up to what is the last record now. That one is asked for: an answer that was cut short looks like the end.
    pub(super) async fn to_the_end(self: &Arc<Self>) -> Result<Position, StoreError> {
        let mut until = Instant::now() + self.server.address.call;
        // Whatever was there, whoever is asked.
        if self.seen().known_by != Some(self.server.clients()) {
            self.step().await?;
        }
        let last = last_of_all(&self.server).await?;
        loop {
            let standing = self.seen().standing;
            if last <= standing.scanned {
                return Ok(standing.position);
            }
            if self.step().await? {
                until = Instant::now() + self.server.address.call;
            } else if Instant::now() > until {
                return Err(StoreError::Unavailable("the event store does not give its last events".to_owned()));
            } else {
                sleep(LOOK / 10).await;
            }
        }
    }

    /// Waits until an event after this position has been counted.
    pub(super) async fn beyond(self: &Arc<Self>, position: Position) -> Result<Position, StoreError> {
        let mut head = self.head.subscribe();
        loop {
            let now = *head.borrow_and_update();
            if now > position {
                return Ok(now);
            }
            let due = self.read.borrow().at.map_or_else(Instant::now, |it| it + LOOK);
            tokio::select! {
                _ = head.changed() => {}
                () = sleep_until(due) => drop(self.step().await?),
            }
        }
    }

    /// Where an event of ours is in the order of the log, once that has been read so far.
    pub(super) async fn counted(self: &Arc<Self>, written: &Written) -> Result<Counted, StoreError> {
        let until = Instant::now() + self.server.address.attempt;
        loop {
            if let Some(counted) = self.places.at(&written.stream, written.revision)? {
                return if counted.id == written.id { Ok(counted) } else { Err(another(&counted)) };
            }
            if self.step().await? {
                continue;
            }
            if Instant::now() > until {
                let Written { stream, revision, .. } = written;
                return Err(StoreError::Unavailable(format!(
                    "event {revision} of stream {stream} is in its stream and not yet in $all"
                )));
            }
            sleep(LOOK / 10).await;
        }
    }

    /// Whether an event at this revision of a stream has ever been counted.
    pub(super) fn has_counted(&self, stream: &StreamName, revision: u64) -> Result<bool, StoreError> {
        Ok(self.places.at(stream.as_str(), revision)?.is_some())
    }

    /// Events after a position that are older than the tail, read again: at least one, at most `limit`, at most a page.
    pub(super) async fn older(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        let mut at = Standing { scanned: None, position: Position::START, recorded_at: jiff::Timestamp::MIN };
        if after > Position::START {
            let unknown = || StoreError::Wrong(format!("there is no event at position {after}"));
            let counted = self.places.of(after)?.ok_or_else(unknown)?;
            at = Standing { scanned: Some(counted.place), position: after, recorded_at: counted.recorded_at };
        }
        let until = Instant::now() + self.server.address.call;
        let mut found = Vec::new();
        while found.is_empty() {
            let page = page_of_all(&self.server, at.scanned, limit.min(PAGE)).await?;
            if let Some(last) = page.last() {
                at.scanned = Some(last.place);
            } else if Instant::now() < until {
                // There is one, as it has been counted: the answer was cut.
                sleep(LOOK / 10).await;
            } else {
                return Err(StoreError::Unavailable(format!(
                    "the event after position {after} cannot be read just now"
                )));
            }
            for written in page.into_iter().filter_map(|it| it.written) {
                found.push(written.stored(&at.count(&written)));
            }
        }
        Ok(found)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a page for whoever has asked, until nobody can any more.
async fn reading(follower: Weak<Follower>, mut asked: watch::Receiver<u64>) {
    let mut covered = 0;
    while let Ok(covers) = asked.wait_for(|it| *it > covered).await.map(|it| *it) {
        let Some(follower) = follower.upgrade() else { return };
        let at = Some(Instant::now());
        let found = follower.page().await;
        follower.read.send_replace(Page { covers, at, found });
        covered = covers;
    }
}

impl Standing {
    /// Counts the next of our events.
    fn count(&mut self, written: &Written) -> Counted {
        self.position = Position(self.position.0 + 1);
        self.recorded_at = self.recorded_at.max(written.recorded_at);
        Counted {
            position: self.position,
            place: written.place,
            stream: written.stream.clone(),
            revision: written.revision,
            id: written.id.clone(),
            recorded_at: self.recorded_at,
        }
    }
}

/// The server does not have what was once read from it.
fn another(last: &Counted) -> StoreError {
    let Counted { position, stream, revision, place: Place { commit, prepare }, .. } = last;
    StoreError::Wrong(format!(
        "the event store does not have the event at position {position} (event {revision} of stream {stream}, at {commit}/{prepare}) that this data directory has counted: it was restored from an older backup, or is another one; if it is the right one, stop hearth, delete the folder `places` in the data directory and start again"
    ))
}
