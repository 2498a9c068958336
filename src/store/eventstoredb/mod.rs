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

use async_trait::async_trait;
use hearth_events::{NewEvent, Position, StoredEvent, StreamName};

use super::check::{ANY_LOOK_BACK, Verdict, judge, well_formed};
use super::envelope::is_same;
use super::{Appended, EventStore, Expected, StoreError};
use address::Address;
use client::{At, append_options};
use follower::{Follower, older};
use places::Places;
use supervisor::Supervisor;
use wire::{Written, outgoing};

pub use vetting::Flush;

/// A revision above this is no revision on the wire.
const HIGHEST: u64 = i64::MAX as u64 - 1;

/// A log in EventStoreDB; clones share a connection.
#[derive(Clone)]
pub struct EventStoreDb(Arc<Open>);

struct Open {
    server: Supervisor,
    follower: Follower,
}

impl EventStoreDb {
    /// Opens the log that a connection string points to; what is derived from it for this machine lies in `dir`.
    ///
    /// It need not be up: nothing is asked before the first call.
    ///
    /// # Errors
    /// [`StoreError::Wrong`] when the connection string cannot be used, [`StoreError::Unavailable`] when `dir` cannot.
    pub fn open(connection_string: &str, dir: &Path) -> Result<Self, StoreError> {
        let server = Supervisor::new(Address::parse(connection_string)?);
        let follower = Follower::new(Places::open(dir)?)?;
        Ok(Self(Arc::new(Open { server, follower })))
    }

    /// How many clients this log has used up so far, the present one included.
    pub fn clients(&self) -> u64 {
        self.0.server.clients()
    }

    /// What the server says about writing to disk before it answers.
    pub async fn flush(&self) -> Flush {
        vetting::flush(&self.0.server.address).await
    }

    /// The events at some revisions of a stream with their positions, once `$all` has been read so far.
    async fn placed(&self, events: &[Written]) -> Result<Vec<StoredEvent>, StoreError> {
        let mut stored = Vec::with_capacity(events.len());
        for event in events {
            let counted = self.0.follower.counted(&self.0.server, event.place).await?;
            stored.push(event.stored(&counted));
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

    /// Appends at a place in a stream and says where the events are, having read them back.
    async fn append_at(&self, stream: &StreamName, at: At, events: &[NewEvent]) -> Result<Appended, StoreError> {
        let server = &self.0.server;
        let first = at.first();
        let made: Result<Vec<_>, _> =
            (first..).zip(events).map(|(revision, event)| outgoing(stream, revision, event)).collect();
        let made = made?;
        let options = match server.address.credentials() {
            Some(user) => append_options(at).authenticated(user),
            None => append_options(at),
        };
        let name = server.address.on_server(stream.as_str());
        let written = server
            .again(move |client| {
                let (name, options, made) = (name.clone(), options.clone(), made.clone());
                async move { client.append_to_stream(name, &options, made).await }
            })
            .await?;
        let last = first + as_u64(events.len()) - 1;
        if written.next_expected_version != last {
            let told = written.next_expected_version;
            return Err(StoreError::Wrong(format!(
                "an append to stream {stream} ended at revision {told} and not at {last}: somebody has deleted the stream; restore the event store from its backup"
            )));
        }
        // It is written: what goes wrong from here on leaves the caller unsure, no more.
        let stored = self.read_back(stream, first, events.len()).await.map_err(unsure)?;
        let Some(position) = stored.last().map(|it| it.position) else {
            return Err(StoreError::Ambiguous("what was appended cannot be read yet".to_owned()));
        };
        if stored.len() != events.len() {
            return Err(StoreError::Ambiguous("what was appended cannot be read yet".to_owned()));
        }
        // The server compares ids; the same id with other content is no retry.
        for (stored, event) in stored.iter().zip(events) {
            if !is_same(stored, stream, event)? {
                return Err(StoreError::Conflict { actual: self.revision(stream).await? });
            }
        }
        Ok(Appended { last: position, revision: last })
    }

    /// What stands at these revisions: mostly what has just been written, so among the last of the log.
    async fn read_back(&self, stream: &StreamName, first: u64, count: usize) -> Result<Vec<StoredEvent>, StoreError> {
        let Open { server, follower } = &*self.0;
        let recent = || follower.recent(|it| it.of_stream(stream.as_str(), first, count));
        if let Some(found) = recent() {
            return Ok(found);
        }
        follower.step(server).await?;
        if let Some(found) = recent() {
            return Ok(found);
        }
        self.placed(&reading::range(server, stream, first, count).await?).await
    }

    /// Where to append when the caller expects nothing; or the answer, where the same was appended before.
    async fn anywhere(&self, stream: &StreamName, events: &[NewEvent]) -> Result<Result<At, Appended>, StoreError> {
        let count = usize::try_from(ANY_LOOK_BACK).unwrap_or(usize::MAX);
        let newest = reading::newest(&self.0.server, stream, count).await?;
        let head = newest.first().map(|it| it.revision);
        let stored = self.placed(&newest).await?;
        match judge(stream, Expected::Any, events, head, stored.into_iter().map(Ok))? {
            Verdict::Append(_) => Ok(Ok(head.map_or(At::NoStream, At::Revision))),
            Verdict::Before(appended) => Ok(Err(appended)),
            Verdict::Conflict => Err(StoreError::Conflict { actual: head }),
        }
    }

    async fn revision(&self, stream: &StreamName) -> Result<Option<u64>, StoreError> {
        Ok(reading::newest(&self.0.server, stream, 1).await?.first().map(|it| it.revision))
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
        let within = self.0.server.address.call;
        tokio::time::timeout(within, self.append_as(stream, expected, &events)).await.unwrap_or_else(|_| {
            Err(StoreError::Ambiguous(format!("no answer about an append to stream {stream} within {within:?}")))
        })
    }

    async fn read_stream(&self, stream: &StreamName, from_revision: u64) -> Result<Vec<StoredEvent>, StoreError> {
        self.placed(&reading::stream(&self.0.server, stream, from_revision).await?).await
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        let Open { server, follower } = &*self.0;
        let mut found: Vec<StoredEvent> = Vec::new();
        while found.len() < limit {
            let after = found.last().map_or(after, |it| it.position);
            // What else there may be is for the next call to ask.
            if after >= follower.position() && (!found.is_empty() || follower.to_the_end(server).await? <= after) {
                break;
            }
            let wanted = limit - found.len();
            found.extend(match follower.recent(|it| it.after(after, wanted)) {
                Some(more) => more,
                None => older(server, &follower.places, after, wanted).await?,
            });
        }
        Ok(found)
    }

    async fn head(&self) -> Result<Position, StoreError> {
        self.0.follower.to_the_end(&self.0.server).await
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        self.0.follower.beyond(&self.0.server, position).await
    }
}

fn unsure(error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(why) => StoreError::Ambiguous(why),
        other @ (StoreError::Conflict { .. } | StoreError::Ambiguous(_) | StoreError::Wrong(_)) => other,
    }
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
