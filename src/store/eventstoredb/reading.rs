//! Reading from the server, so that an answer that was cut short is seen to be.
//!
//! What has arrived of an answer is always a beginning of it, so a slow server or a broken connection costs the rest and
//! not the whole.

use std::sync::Arc;
use std::time::Duration;

use hearth_events::StreamName;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use super::super::StoreError;
use super::client::es;
use super::places::Place;
use super::supervisor::Supervisor;
use super::wire::{Written, incoming, place_of};

/// How many events of a stream are read at once.
const PAGE: usize = 500;

/// How many where little is expected.
const FEW: usize = 4;

/// The pause before an answer without anything in it is asked for again.
const PAUSE: Duration = Duration::from_millis(20);

/// A record of `$all`.
pub(super) struct Record {
    pub(super) place: Place,
    /// The event, where it is one of ours.
    pub(super) written: Option<Written>,
}

/// The last record of `$all`, whoever wrote it; none where there is nothing at all.
///
/// That there is nothing is believed when the server says so of the stream every log begins with.
pub(super) async fn last_of_all(server: &Arc<Supervisor>) -> Result<Option<Place>, StoreError> {
    let options = es::ReadAllOptions::default().position(es::StreamPosition::End).backwards().max_count(1);
    let first_stream = server.address.on_server(StreamName::log().as_str());
    let until = Instant::now() + server.address.call;
    loop {
        if let Some(last) = all(server, options.clone(), 1).await?.first() {
            return Ok(Some(place_of(last)));
        }
        if backwards_once(server, &first_stream, None, 1).await?.is_none() {
            return Ok(None);
        }
        paused(until, "the end of the log").await?;
    }
}

/// The records after a place in `$all`, in order, at most this many; none at the end.
pub(super) async fn page_of_all(
    server: &Arc<Supervisor>,
    after: Option<Place>,
    count: usize,
) -> Result<Vec<Record>, StoreError> {
    let position = after.map_or(es::StreamPosition::Start, |it| {
        es::StreamPosition::Position(es::Position { commit: it.commit, prepare: it.prepare })
    });
    // Forwards from a place is from that record itself on.
    let anchor = usize::from(after.is_some());
    let options = es::ReadAllOptions::default().position(position).forwards().max_count(count.saturating_add(anchor));
    let records = all(server, options, 1 + anchor).await?;
    let mut page = Vec::with_capacity(records.len());
    for record in &records {
        let place = place_of(record);
        if after.is_none_or(|it| place > it) {
            page.push(Record { place, written: incoming(record, &server.address)? });
        }
    }
    if page.is_sorted_by(|one, next| one.place < next.place) {
        Ok(page)
    } else {
        Err(StoreError::Unavailable("the event store gave its records out of order".to_owned()))
    }
}

/// Records of `$all`; what is cut off counts as an answer when there are at least so many of them.
async fn all(
    server: &Arc<Supervisor>,
    options: es::ReadAllOptions,
    least: usize,
) -> Result<Vec<es::RecordedEvent>, StoreError> {
    let options = options.requires_leader(true);
    let patience = patience(server);
    server
        .again(move |client| {
            let options = options.clone();
            async move { drained(client.read_all(&options).await?, least, patience).await }
        })
        .await
        .map_err(unread)
}

/// Nothing is ambiguous about an answer that did not come.
fn unread(error: StoreError) -> StoreError {
    match error {
        StoreError::Ambiguous(why) => StoreError::Unavailable(why),
        other @ (StoreError::Conflict { .. } | StoreError::Unavailable(_) | StoreError::Wrong(_)) => other,
    }
}

/// How long an answer is collected: less than an attempt may take, so that what has come is not thrown away with it.
fn patience(server: &Supervisor) -> Duration {
    server.address.attempt * 3 / 4
}

/// The events of a stream from a revision on, in order; none where the stream does not exist.
///
/// They are read backwards: the newest comes first, so one that is missing in between or at the start shows.
pub(super) async fn stream(server: &Arc<Supervisor>, name: &StreamName, from: u64) -> Result<Vec<Written>, StoreError> {
    let mut newest_first: Vec<Written> = Vec::new();
    loop {
        let below = newest_first.last().map(|it| it.revision);
        if below.is_some_and(|it| it <= from) {
            break;
        }
        // Whoever has read before mostly finds nothing new, or little.
        let first = if from == 0 { PAGE } else { FEW };
        let count = below.map_or(first, |it| usize::try_from(it - from).map_or(PAGE, |it| it.min(PAGE)));
        let Some(page) = page_of_stream(server, name, below, count).await? else { break };
        for event in page {
            let expected = newest_first.last().map(|it| it.revision.checked_sub(1));
            if expected.is_some_and(|it| it != Some(event.revision)) {
                return Err(StoreError::Wrong(format!(
                    "events of stream {name} are missing around revision {}: a limit was set on the stream, or it was damaged",
                    event.revision
                )));
            }
            newest_first.push(event);
        }
    }
    newest_first.retain(|it| it.revision >= from);
    newest_first.reverse();
    Ok(newest_first)
}

/// The events at these revisions of a stream, in order; fewer where it does not go so far.
pub(super) async fn range(
    server: &Arc<Supervisor>,
    name: &StreamName,
    first: u64,
    count: usize,
) -> Result<Vec<Written>, StoreError> {
    let below = first.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    let there = server.address.on_server(name.as_str());
    let mut events = Vec::new();
    let mut below = Some(below);
    while let Some(end) = below.filter(|it| *it > first) {
        let missing = usize::try_from(end - first).unwrap_or(count);
        let Some(records) = backwards_once(server, &there, Some(end), missing).await? else { break };
        // Nothing: it does not go so far, or the answer was cut. Whoever asks will ask again.
        below = records.last().map(|it| it.revision);
        events.extend(ours(server, name, &records)?);
    }
    events.retain(|it| it.revision >= first);
    events.reverse();
    Ok(events)
}

/// The newest events of a stream, the newest first; at most this many.
pub(super) async fn newest(
    server: &Arc<Supervisor>,
    name: &StreamName,
    count: usize,
) -> Result<Vec<Written>, StoreError> {
    Ok(page_of_stream(server, name, None, count).await?.unwrap_or_default())
}

/// Events below a revision, the newest first; none where the stream does not exist.
async fn page_of_stream(
    server: &Arc<Supervisor>,
    name: &StreamName,
    below: Option<u64>,
    count: usize,
) -> Result<Option<Vec<Written>>, StoreError> {
    let there = server.address.on_server(name.as_str());
    let Some(records) = backwards(server, &there, below, count).await? else { return Ok(None) };
    ours(server, name, &records).map(Some)
}

/// The events of a stream of the log, in which nobody else writes.
fn ours(server: &Supervisor, name: &StreamName, records: &[es::RecordedEvent]) -> Result<Vec<Written>, StoreError> {
    let ours = |record: &es::RecordedEvent| {
        let foreign =
            || StoreError::Wrong(format!("event {} of stream {name} was not written by Hearth", record.revision));
        incoming(record, &server.address)?.ok_or_else(foreign)
    };
    records.iter().map(ours).collect()
}

/// Records of any stream below a revision, the newest first, at least one; none where the stream does not exist.
///
/// A stream that exists has a record. An answer without any was cut, and is asked for again; or somebody has set a limit
/// on the stream, so that its beginning is gone.
pub(super) async fn backwards(
    server: &Arc<Supervisor>,
    name: &str,
    below: Option<u64>,
    count: usize,
) -> Result<Option<Vec<es::RecordedEvent>>, StoreError> {
    let until = Instant::now() + server.address.call;
    loop {
        match backwards_once(server, name, below, count).await? {
            Some(records) if records.is_empty() => {}
            found => return Ok(found),
        }
        let limits = backwards_once(server, &format!("$${name}"), None, 1).await?.unwrap_or_default();
        let limits = limits.first().and_then(|it| serde_json::from_slice::<Value>(&it.data).ok());
        if limits.is_some_and(|it| ["$maxCount", "$maxAge", "$tb"].iter().any(|limit| it.get(limit).is_some())) {
            return Err(StoreError::Wrong(format!(
                "the beginning of stream {name} is missing: a limit was set on the stream; restore the event store from its backup"
            )));
        }
        paused(until, name).await?;
    }
}

async fn paused(until: Instant, what: &str) -> Result<(), StoreError> {
    if Instant::now() + PAUSE > until {
        return Err(StoreError::Unavailable(format!("the event store answers nothing when it is asked for {what}")));
    }
    sleep(PAUSE).await;
    Ok(())
}

async fn backwards_once(
    server: &Arc<Supervisor>,
    name: &str,
    below: Option<u64>,
    count: usize,
) -> Result<Option<Vec<es::RecordedEvent>>, StoreError> {
    let from = match below {
        None => es::StreamPosition::End,
        Some(below) => es::StreamPosition::Position(below.saturating_sub(1)),
    };
    let options = es::ReadStreamOptions::default().position(from).backwards().max_count(count).requires_leader(true);
    let (name, patience) = (name.to_owned(), patience(server));
    server
        .again(move |client| {
            let (name, options) = (name.clone(), options.clone());
            async move {
                // A status that says "not found" is a node's word about a node; that a stream is not there is an answer.
                let read = client.read_stream(name, &options).await?;
                match drained(read, 1, patience).await {
                    Ok(records) => Ok(Some(records)),
                    Err(es::Error::ResourceNotFound) => Ok(None),
                    Err(error) => Err(error),
                }
            }
        })
        .await
        .map_err(unread)
}

/// What a read gives until its end; or, where it breaks off or takes too long, until then, if that is at least so much.
async fn drained(mut read: es::ReadStream, least: usize, patience: Duration) -> es::Result<Vec<es::RecordedEvent>> {
    let until = Instant::now() + patience;
    let mut records = Vec::new();
    loop {
        let cut = match timeout_at(until, read.next()).await {
            Ok(Ok(Some(event))) => {
                records.extend(event.event);
                continue;
            }
            Ok(Ok(None)) => return Ok(records),
            Ok(Err(error)) => error,
            Err(_) => es::Error::DeadlineExceeded,
        };
        return if records.len() >= least.max(1) { Ok(records) } else { Err(cut) };
    }
}
