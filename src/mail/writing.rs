//! Which messages there are to be: the log is followed, and each moment that a submitter is told of becomes a file in the
//! outbox, named for its event. Where several come at once, the last one says it.

use std::collections::BTreeMap;
use std::io;

use hearth_events::{Event, NotificationReceived, NotificationRef, Position, Recorded, StreamName, decode};

use super::PREFIX;
use super::message::{Letterhead, Moment, is_address};
use crate::files;
use crate::service::{Sender, Service, ServiceError};

/// The file that says how far the log was followed.
const FOLLOWED: &str = ".followed";
/// How many events are read at once.
const AT_ONCE: usize = 500;

/// Marks the end of the log as where messages begin, where they have never begun: nobody is told of what is long past.
///
/// # Errors
/// When the log cannot be read or the outbox not be written.
pub async fn begin(service: &Service) -> Result<(), ServiceError> {
    if followed(service)?.is_none() {
        let head = service.store.head().await?;
        mark(service, head)?;
    }
    Ok(())
}

/// Writes the messages of what has happened since the last time; how many.
///
/// # Errors
/// When the log cannot be read or the outbox not be written. What could not be written is written the next time.
pub async fn write(service: &Service) -> Result<usize, ServiceError> {
    begin(service).await?;
    let mut written = 0;
    loop {
        let after = followed(service)?.unwrap_or(Position::START);
        let events = service.store.read_all(after, AT_ONCE).await?;
        let mut latest: BTreeMap<NotificationRef, (Moment, u64)> = BTreeMap::new();
        let mut last = None;
        for stored in &events {
            last = Some(stored.position);
            // What this program does not know is nothing that it has words for.
            let Ok(recorded) = decode(stored) else { continue };
            let named = recorded.stream.as_notification();
            if let (Some(moment), Some(reference)) = (moment(&recorded), named) {
                latest.insert(reference, (moment, recorded.revision));
            }
        }
        let Some(last) = last else { return Ok(written) };
        for (reference, (moment, revision)) in latest {
            written += usize::from(told(service, &reference, moment, revision).await?);
        }
        mark(service, last)?;
    }
}

/// The moment that an event is for its submitter; none where it is none.
fn moment(recorded: &Recorded) -> Option<Moment> {
    Some(if let Event::NotificationReceived(_) = &recorded.event {
        Moment::Received
    } else if let Event::NotificationReferred(it) = &recorded.event {
        Moment::Referred { by: it.promised_by.unwrap_or(it.due_on) }
    } else if let Event::EvidenceRequested(it) = &recorded.event {
        Moment::Asked { respond_by: it.respond_by }
    } else if let Event::NotificationCompleted(it) = &recorded.event {
        Moment::Completed(it.status)
    } else if let Event::NotificationReversed(it) = &recorded.event {
        Moment::Reversed { restored: it.restored }
    } else {
        return None;
    })
}

/// Writes one message, once; whether there was one to write.
async fn told(
    service: &Service,
    reference: &NotificationRef,
    moment: Moment,
    revision: u64,
) -> Result<bool, ServiceError> {
    let name = format!("{PREFIX}{reference}-{revision}").replace('/', "_");
    let is_there = |ending: &str| service.outbox.join(format!("{name}{ending}")).exists();
    if [".txt", ".sent", ".failed"].into_iter().any(is_there) {
        return Ok(false);
    }
    let first = service.store.read_stream(&StreamName::notification(reference), 0).await?;
    let Some(Event::NotificationReceived(received)) = first.first().map(decode).transpose()?.map(|it| it.event) else {
        return Ok(false);
    };
    let Some(to) = address(service, &received) else { return Ok(false) };
    let council = service.council().await?;
    let council = council.council.registered.as_ref().map(|it| it.name.as_str());
    let link = service.public_url.as_ref().map(|it| it.tracking_link(reference, &service.tracking_token(reference)));
    let message = moment.message(to, Letterhead { council, reference, link: link.as_deref() });
    files::write(&service.outbox, &format!("{name}.txt"), message.as_file().as_bytes()).map_err(failed)?;
    tracing::info!(notification = %reference, "wrote the message {name} into the outbox");
    Ok(true)
}

/// To whom messages go: who sent the notification over the network, and gave an address. Who sends files tells its own
/// people, and nobody has said that the address in a file is theirs.
fn address(service: &Service, received: &NotificationReceived) -> Option<String> {
    if [Sender::File.name(), Sender::PublicFile.name()].contains(&received.sender) {
        return None;
    }
    let body = received.body.opened(&service.keys)?;
    let body: serde_json::Value = serde_json::from_str(&body).ok()?;
    let given = body.pointer("/submitted_by/email")?.as_str()?.trim();
    is_address(given).then(|| given.to_owned())
}

fn followed(service: &Service) -> Result<Option<Position>, ServiceError> {
    match std::fs::read_to_string(service.outbox.join(FOLLOWED)) {
        Ok(text) => {
            let unreadable = |_| ServiceError::Log(format!("outbox/{FOLLOWED} holds no position: delete it"));
            text.trim().parse().map(|it| Some(Position(it))).map_err(unreadable)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn mark(service: &Service, position: Position) -> Result<(), ServiceError> {
    files::write(&service.outbox, FOLLOWED, position.0.to_string().as_bytes()).map_err(failed)
}

pub(super) fn failed(error: io::Error) -> ServiceError {
    ServiceError::Log(format!("the outbox cannot be used: {error}"))
}
