//! Reads that do not end: what is there, then what comes.

use prost_types::Timestamp;
use tonic::Status;
use uuid::Uuid;

use super::outlet::{Outlet, Sent};
use crate::clock;
use crate::failure;
use crate::filter::Filter;
use crate::store::{Begin, Record};
use crate::wire;
use crate::wire::streams::read_response::Content;
use crate::wire::streams::{CaughtUp, Confirmation};

/// How many events are taken from the log at once.
const AT_ONCE: usize = 64;

/// When a filtered subscription says how far it has looked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checkpoints {
    every: u64,
    looked_at: u64,
}

impl Checkpoints {
    /// None for an interval of nothing, which the server does not accept.
    pub(super) fn every(events: u64) -> Option<Self> {
        (events > 0).then_some(Self { every: events, looked_at: 0 })
    }

    fn due(&mut self) -> bool {
        self.looked_at += 1;
        self.looked_at.is_multiple_of(self.every)
    }
}

pub(super) async fn to_all(
    outlet: &mut Outlet,
    begin: Begin,
    filter: Option<&Filter>,
    mut checkpoints: Option<Checkpoints>,
) -> Sent {
    if filter.is_some() && checkpoints.is_none() {
        return outlet.refuse(Status::invalid_argument("the interval of checkpoints must not be 0")).await;
    }
    let mut length = outlet.node.server.store.length();
    let mut next = outlet.node.server.store.after(begin);
    let mut last = None;
    let mut caught_up = false;
    confirm(outlet).await?;
    loop {
        length.borrow_and_update();
        loop {
            let records = outlet.node.server.store.slice(next, AT_ONCE);
            if records.is_empty() {
                break;
            }
            next += records.len();
            for record in records {
                if filter.is_none_or(|filter| filter.accepts(&record)) {
                    outlet.event(&record).await?;
                }
                last = Some(record.position);
                if checkpoints.as_mut().is_some_and(Checkpoints::due) {
                    outlet.send(Content::Checkpoint(wire::place(record.position))).await?;
                }
            }
        }
        if !caught_up {
            caught_up = true;
            say_caught_up(outlet, None, last).await?;
        }
        tokio::select! {
            changed = length.changed() => if changed.is_err() { return Ok(()) },
            () = outlet.gone() => return Ok(()),
        }
    }
}

pub(super) async fn to_stream(outlet: &mut Outlet, stream: &str, begin: Begin) -> Sent {
    let mut length = outlet.node.server.store.length();
    let mut next = match begin {
        Begin::Start => 0,
        Begin::End => outlet.node.server.store.next_revision(stream),
        Begin::At(revision) => revision.saturating_add(1),
    };
    let mut last: Option<u64> = None;
    let mut caught_up = false;
    confirm(outlet).await?;
    loop {
        length.borrow_and_update();
        loop {
            let Some(records) = outlet.node.server.store.stream_slice(stream, next, AT_ONCE) else {
                return outlet.refuse(failure::stream_deleted(stream)).await;
            };
            let Some(newest) = records.last().map(|it: &std::sync::Arc<Record>| it.revision) else { break };
            next = newest + 1;
            last = Some(newest);
            for record in records {
                outlet.event(&record).await?;
            }
        }
        if !caught_up {
            caught_up = true;
            say_caught_up(outlet, last, None).await?;
        }
        tokio::select! {
            changed = length.changed() => if changed.is_err() { return Ok(()) },
            () = outlet.gone() => return Ok(()),
        }
    }
}

async fn confirm(outlet: &mut Outlet) -> Sent {
    let subscription = Uuid::new_v4().to_string();
    outlet.send(Content::Confirmation(Confirmation { subscription })).await
}

async fn say_caught_up(outlet: &mut Outlet, revision: Option<u64>, position: Option<u64>) -> Sent {
    let version = outlet.node.server.version;
    if !version.says_caught_up() {
        return Ok(());
    }
    let mut message = CaughtUp::default();
    if version.says_where_caught_up() {
        let now = clock::since_epoch();
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        message.at = Some(Timestamp { seconds, nanos: i32::try_from(now.subsec_nanos()).unwrap_or(0) });
        message.revision = revision.and_then(|it| i64::try_from(it).ok());
        message.place = position.map(wire::place);
    }
    outlet.send(Content::CaughtUp(message)).await
}
