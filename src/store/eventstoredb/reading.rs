//! Reading from the server, so that an answer that was cut short is seen to be.

use hearth_events::StreamName;

use super::super::StoreError;
use super::address::Address;
use super::client::es;
use super::follower::position_in_all;
use super::places::Place;
use super::supervisor::Supervisor;
use super::wire::{Written, incoming, place_of};

/// How many events of a stream are read at once.
const PAGE: usize = 500;

/// How many where little is expected.
const FEW: usize = 4;

/// How often an answer without anything in it is asked for.
const ATTEMPTS: usize = 3;

/// A record of `$all`.
pub(super) struct Record {
    pub(super) place: Place,
    /// The event, where it is one of ours.
    pub(super) written: Option<Written>,
}

/// The last record of `$all`, whoever wrote it; none where there is nothing at all.
pub(super) async fn last_of_all(server: &Supervisor) -> Result<Option<Place>, StoreError> {
    let options = es::ReadAllOptions::default().position(es::StreamPosition::End).backwards().max_count(1);
    for _ in 0..ATTEMPTS {
        let records = all(server, options.clone()).await?;
        if let Some(last) = records.first() {
            return Ok(Some(place_of(last)));
        }
    }
    Ok(None)
}

/// The records after a place in `$all`, in order, at most this many; none at the end.
pub(super) async fn page_of_all(
    server: &Supervisor,
    after: Option<Place>,
    count: usize,
) -> Result<Vec<Record>, StoreError> {
    // Forwards from a place is from that record itself on.
    let options =
        es::ReadAllOptions::default().position(position_in_all(after)).forwards().max_count(count.saturating_add(1));
    let records = all(server, options).await?;
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

async fn all(server: &Supervisor, options: es::ReadAllOptions) -> Result<Vec<es::RecordedEvent>, StoreError> {
    let options = options.requires_leader(true);
    let options = match server.address.credentials() {
        Some(user) => options.authenticated(user),
        None => options,
    };
    server
        .again(move |client| {
            let options = options.clone();
            async move { drained(client.read_all(&options).await?).await }
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

/// The events of a stream from a revision on, in order; none where the stream does not exist.
///
/// They are read backwards: the newest comes first, so one that is missing in between or at the start shows.
pub(super) async fn stream(server: &Supervisor, name: &StreamName, from: u64) -> Result<Vec<Written>, StoreError> {
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
    server: &Supervisor,
    name: &StreamName,
    first: u64,
    count: usize,
) -> Result<Vec<Written>, StoreError> {
    let below = first.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    let mut events = page_of_stream(server, name, Some(below), count).await?.unwrap_or_default();
    events.retain(|it| it.revision >= first);
    events.reverse();
    Ok(events)
}

/// The newest events of a stream, the newest first; at most this many.
pub(super) async fn newest(server: &Supervisor, name: &StreamName, count: usize) -> Result<Vec<Written>, StoreError> {
    Ok(page_of_stream(server, name, None, count).await?.unwrap_or_default())
}

/// Events below a revision, the newest first; none where the stream does not exist.
async fn page_of_stream(
    server: &Supervisor,
    name: &StreamName,
    below: Option<u64>,
    count: usize,
) -> Result<Option<Vec<Written>>, StoreError> {
    let name_there = server.address.on_server(name.as_str());
    let Some(records) = backwards(server, &name_there, below, count).await? else { return Ok(None) };
    if records.is_empty() {
        return Err(StoreError::Wrong(format!(
            "the beginning of stream {name} is missing: a limit was set on the stream, or it was damaged"
        )));
    }
    let mut page = Vec::with_capacity(records.len());
    for record in &records {
        let written = incoming(record, &server.address)?;
        let foreign = || {
            let revision = record.revision;
            StoreError::Wrong(format!("event {revision} of stream {name} was not written by Hearth"))
        };
        page.push(written.ok_or_else(foreign)?);
    }
    Ok(Some(page))
}

/// Records of any stream below a revision, the newest first; none where the stream does not exist.
///
/// A stream that exists has a record: an answer without any has probably been cut, and is asked for again.
pub(super) async fn backwards(
    server: &Supervisor,
    name: &str,
    below: Option<u64>,
    count: usize,
) -> Result<Option<Vec<es::RecordedEvent>>, StoreError> {
    for _ in 1..ATTEMPTS {
        match backwards_once(server, name, below, count).await? {
            Some(records) if records.is_empty() => {}
            found => return Ok(found),
        }
    }
    backwards_once(server, name, below, count).await
}

async fn backwards_once(
    server: &Supervisor,
    name: &str,
    below: Option<u64>,
    count: usize,
) -> Result<Option<Vec<es::RecordedEvent>>, StoreError> {
    let from = match below {
        None => es::StreamPosition::End,
        Some(below) => es::StreamPosition::Position(below.saturating_sub(1)),
    };
    let options = es::ReadStreamOptions::default().position(from).backwards().max_count(count).requires_leader(true);
    let options = with_user(options, &server.address);
    let name = name.to_owned();
    server
        .again(move |client| {
            let (name, options) = (name.clone(), options.clone());
            async move {
                let read = match client.read_stream(name, &options).await {
                    Ok(read) => drained(read).await,
                    Err(error) => Err(error),
                };
                match read {
                    Ok(records) => Ok(Some(records)),
                    Err(es::Error::ResourceNotFound) => Ok(None),
                    Err(error) => Err(error),
                }
            }
        })
        .await
        .map_err(unread)
}

fn with_user(options: es::ReadStreamOptions, address: &Address) -> es::ReadStreamOptions {
    match address.credentials() {
        Some(user) => options.authenticated(user),
        None => options,
    }
}

/// What a read gives until its end.
async fn drained(mut read: es::ReadStream) -> es::Result<Vec<es::RecordedEvent>> {
    let mut records = Vec::new();
    while let Some(event) = read.next().await? {
        records.extend(event.event);
    }
    Ok(records)
}
