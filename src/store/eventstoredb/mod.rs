//! The log in EventStoreDB or KurrentDB: a cluster, where one machine is not enough.
//!
//! `src/docs/adr/0018-the-log-in-eventstoredb.md` says why it is as it is, `src/docs/eventstoredb.md` how it is run. The server
//! keeps the events and checks the revisions. This adapter puts each call under a deadline and each failure into its kind
//! (`supervisor`, `errors`), gives the events their positions (`places`, `follower`), and sees to it that an answer is
//! whole (`reading`) and an event what was written (`wire`).

mod address;
mod client;
mod errors;
mod follower;
mod nodelay;
mod places;
mod reading;
mod retention;
mod supervisor;
mod tail;
mod vetting;
mod wire;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use hearth_events::{NewEvent, Position, StoredEvent, StreamName};
use tokio::time::{Instant, sleep, timeout};

use super::check::{ANY_LOOK_BACK, Verdict, as_u64, judge, well_formed};
use super::envelope::is_same;
use super::{Appended, EventStore, Expected, StoreError};
use address::Address;
use client::{At, append_options};
use follower::Follower;
use places::Places;
use supervisor::Supervisor;
use wire::{Written, outgoing};

pub use vetting::Flush;

/// The first and the longest pause before an append is repeated.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// A revision above this is no revision on the wire.
const HIGHEST: u64 = i64::MAX as u64 - 1;

/// A log in EventStoreDB; clones share a connection.
#[derive(Clone)]
pub struct EventStoreDb {
    server: Arc<Supervisor>,
    follower: Arc<Follower>,
}

impl EventStoreDb {
    /// Opens the log that a connection string points to; what is derived from it for this machine lies in `dir`.
    ///
    /// It need not be up: nothing is asked before the first call.
    ///
    /// # Errors
    /// [`StoreError::Wrong`] when the connection string or `dir` cannot be used.
    pub fn open(connection_string: &str, dir: &Path) -> Result<Self, StoreError> {
        let address = Address::parse(connection_string)?;
        vetting::has_usable_certificates(&address)?;
        let server = Supervisor::new(address);
        let follower = Follower::new(Arc::clone(&server), Places::open(dir)?)?;
        Ok(Self { server, follower })
    }

    /// How many clients this log has used up so far, the present one included.
    pub fn clients(&self) -> u64 {
        self.server.clients()
    }

    /// What the server says about writing to disk before it answers.
    pub async fn flush(&self) -> Flush {
        vetting::flush(&self.server.address).await
    }

    /// The events with their positions, once `$all` has been read so far.
    async fn placed(&self, events: &[Written]) -> Result<Vec<StoredEvent>, StoreError> {
        let mut stored = Vec::with_capacity(events.len());
        for event in events {
            stored.push(event.stored(&self.follower.counted(event).await?));
        }
        Ok(stored)
    }

    async fn append_as(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: &[NewEvent],
    ) -> Result<Appended, StoreError> {
        if let Some(at) = At::expected(expected) {
            if at.first().saturating_add(as_u64(events.len())) > HIGHEST {
                return Err(StoreError::Conflict { actual: self.revision(stream).await? });
            }
            return self.append_at(stream, at, events).await;
        }
        // With no revision of its own an append gets the one the stream is at: only so can it be repeated.
        loop {
            let at = match self.anywhere(stream, events).await? {
                Ok(at) => at,
                Err(before) => return Ok(before),
            };
            match self.append_at(stream, at, events).await {
                Err(StoreError::Conflict { .. }) => {}
                done => return done,
            }
        }
    }

    /// Appends at a place in a stream.
    ///
    /// Whatever the server answers, what stands at that place is looked at and decides: the server compares ids and not
    /// content, may forget ids, and its answer may be lost or be one that the client cannot take.
    async fn append_at(&self, stream: &StreamName, at: At, events: &[NewEvent]) -> Result<Appended, StoreError> {
        let made: Result<Vec<_>, _> = events.iter().map(|it| outgoing(stream, it, &self.server.address)).collect();
        let made = made?;
        let options = append_options(at);
        let name = self.server.address.on_server(stream.as_str());
        // A little less than the caller is given, so that what is known by then is said.
        let until = Instant::now() + self.server.address.call * 9 / 10;
        let mut pause = PAUSE.0;
        let mut unsure: Option<StoreError> = None;
        loop {
            let call = |client: client::es::Client| {
                let (name, options, made) = (name.clone(), options.clone(), made.clone());
                async move { client.append_to_stream(name, &options, made).await }
            };
            let answer = self.server.once(until, call).await.map(|it| it.next_expected_version);
            if let Err(StoreError::Wrong(why)) = answer {
                return Err(unsure.unwrap_or(StoreError::Wrong(why)));
            }
            // Only what was surely not sent can be passed over.
            if !matches!(answer, Err(StoreError::Unavailable(_)))
                && let Some(appended) = self.look(stream, at, events).await.unwrap_or_else(|error| {
                    tracing::debug!("what was appended to {stream} cannot be looked at: {error}");
                    None
                })
            {
                return appended;
            }
            let error = match answer {
                Err(StoreError::Conflict { actual }) => return Err(StoreError::Conflict { actual }),
                Ok(told) => not_there(stream, told, at.first() + as_u64(events.len()) - 1),
                Err(other) => other,
            };
            if let StoreError::Ambiguous(_) = error {
                unsure = Some(error.clone());
            }
            if Instant::now() + pause >= until {
                return Err(unsure.unwrap_or(error));
            }
            tracing::debug!("an append to {stream} is repeated: {error}");
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    /// What came of an append, by what stands where it was to stand; none where nothing does.
    async fn look(
        &self,
        stream: &StreamName,
        at: At,
        events: &[NewEvent],
    ) -> Result<Option<Result<Appended, StoreError>>, StoreError> {
        let first = at.first();
        let stored = self.read_back(stream, first, events.len()).await?;
        let Some(last) = stored.last().filter(|_| stored.len() == events.len()) else { return Ok(None) };
        let appended = Appended { last: last.position, revision: first + as_u64(events.len()) - 1 };
        for (stored, event) in stored.iter().zip(events) {
            if !is_same(stored, stream, event)? {
                return Ok(Some(Err(StoreError::Conflict { actual: self.revision(stream).await? })));
            }
        }
        Ok(Some(Ok(appended)))
    }

    /// What stands at these revisions: mostly what has just been written, so among the last of the log.
    async fn read_back(&self, stream: &StreamName, first: u64, count: usize) -> Result<Vec<StoredEvent>, StoreError> {
        let recent = || self.follower.recent(|it| it.of_stream(stream.as_str(), first, count));
        if let Some(found) = recent() {
            return Ok(found);
        }
        self.follower.step().await?;
        if let Some(found) = recent() {
            return Ok(found);
        }
        self.placed(&reading::range(&self.server, stream, first, count).await?).await
    }

    /// Where to append when the caller expects nothing; or the answer, where the same was appended before.
    async fn anywhere(&self, stream: &StreamName, events: &[NewEvent]) -> Result<Result<At, Appended>, StoreError> {
        let count = usize::try_from(ANY_LOOK_BACK).unwrap_or(usize::MAX);
        let newest = reading::newest(&self.server, stream, count).await?;
        let head = newest.first().map(|it| it.revision);
        let stored = self.placed(&newest).await?;
        match judge(stream, Expected::Any, events, head, stored.into_iter().map(Ok))? {
            Verdict::Append(_) => Ok(Ok(head.map_or(At::NoStream, At::Revision))),
            Verdict::Before(appended) => Ok(Err(appended)),
            Verdict::Conflict => Err(StoreError::Conflict { actual: head }),
        }
    }

    async fn revision(&self, stream: &StreamName) -> Result<Option<u64>, StoreError> {
        Ok(reading::newest(&self.server, stream, 1).await?.first().map(|it| it.revision))
    }

    async fn whole_stream(&self, stream: &StreamName, from: u64) -> Result<Vec<StoredEvent>, StoreError> {
        let events = reading::stream(&self.server, stream, from).await?;
        if events.is_empty() && from == 0 && self.follower.has_counted(stream, 0)? {
            return Err(StoreError::Wrong(format!(
                "stream {stream} is not there any more: somebody has deleted it; restore the event store from its backup"
            )));
        }
        self.placed(&events).await
    }
}

#[async_trait]
impl EventStore for EventStoreDb {
    async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError> {
        well_formed(stream, &events)?;
        if stream.as_str().starts_with('$') {
            return Err(StoreError::Wrong(format!("a stream cannot be called {stream}: the name is the server's")));
        }
        let within = self.server.address.call;
        timeout(within, self.append_as(stream, expected, &events)).await.unwrap_or_else(|_| {
            Err(StoreError::Ambiguous(format!("no answer about an append to stream {stream} within {within:?}")))
        })
    }

    async fn read_stream(&self, stream: &StreamName, from_revision: u64) -> Result<Vec<StoredEvent>, StoreError> {
        loop {
            let before = self.follower.position();
            match timeout(self.server.address.call, self.whole_stream(stream, from_revision)).await {
                Ok(read) => return read,
                // A log that is counted for the first time takes as long as it takes.
                Err(_) if self.follower.position() > before => {}
                Err(_) => {
                    return Err(StoreError::Unavailable(format!("stream {stream} could not be read in time")));
                }
            }
        }
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        let mut found: Vec<StoredEvent> = Vec::new();
        while found.len() < limit {
            let after = found.last().map_or(after, |it| it.position);
            // What else there may be is for the next call to ask.
            if after >= self.follower.position() && (!found.is_empty() || self.follower.to_the_end().await? <= after) {
                break;
            }
            let wanted = limit - found.len();
            found.extend(match self.follower.recent(|it| it.after(after, wanted)) {
                Some(more) => more,
                None => self.follower.older(after, wanted).await?,
            });
        }
        Ok(found)
    }

    async fn head(&self) -> Result<Position, StoreError> {
        self.follower.to_the_end().await
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        self.follower.beyond(position).await
    }
}

/// The server says that it has written, and nothing is there.
fn not_there(stream: &StreamName, told: u64, last: u64) -> StoreError {
    if told == last {
        return StoreError::Ambiguous("what was appended cannot be read yet".to_owned());
    }
    StoreError::Ambiguous(format!(
        "an append to stream {stream} ended at revision {told} and not at {last}: somebody may have deleted the stream"
    ))
}
