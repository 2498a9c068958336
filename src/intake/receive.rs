//! Taking a notification in: read it, give it its reference, and make it durable before anybody is told so.

use hearth_events::{
    Channel, Event, EventId, EvidenceReceived, NotificationReceived, NotificationRef, PersonId, Personal, StreamName,
    decode,
};
use serde_json::Value;

use super::{DwellingGiven, Notification, fault, parse};
use crate::evidence::{self, EvidenceError, content, plain_name};
use crate::keys::random_bits;
use crate::service::{ReceivedAt, Refusal, Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// A notification that is safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What the council calls it.
    pub reference: NotificationRef,
    /// Whether it had been received before.
    pub known: bool,
}

/// Takes a notification in. When this returns it is durable, and the same again gives the same answer.
///
/// # Errors
/// [`Refusal::Malformed`] with every fault found; [`Refusal::OtherBody`] where the sender used the reference before for
/// something else; [`Refusal::Unavailable`] where it could not be made durable.
pub async fn receive(
    service: &Service,
    value: &Value,
    sender: &Sender,
    received: ReceivedAt,
) -> Result<Taken, Refusal> {
    receive_with(service, value, sender, received, &[]).await
}

/// A document that arrives with a notification.
pub struct Arrived {
    /// What it is said to be, in kebab-case.
    pub kind: String,
    /// What its sender calls it.
    pub file_name: String,
    /// Whether something looked whether it is harmful.
    pub scanned: bool,
    /// The file.
    pub content: Vec<u8>,
}

/// The same with documents, which arrive with it or not at all: the files are kept first, then one append tells of all.
///
/// # Errors
/// As [`receive`].
pub async fn receive_with(
    service: &Service,
    value: &Value,
    sender: &Sender,
    received: ReceivedAt,
    documents: &[Arrived],
) -> Result<Taken, Refusal> {
    let value = &as_taken(value, received);
    let mut notification = parse(value).map_err(Refusal::Malformed)?;
    notification.channel = channel_of(sender).unwrap_or(notification.channel);
    let received_at = match (received, notification.received_at) {
        (ReceivedAt::AsStated, Some(stated)) => {
            service.clock.observe(stated);
            stated
        }
        (ReceivedAt::AsStated | ReceivedAt::Now, _) => service.clock.now(),
    };
    let nameless = || random_bits().map(|it| format!("none-{it:016x}")).map_err(unavailable);
    let source_reference = notification.source_reference.clone().map_or_else(nameless, Ok)?;
    let body = value.to_string();
    let sender = sender.name();
    let key = format!("{}:{sender}{source_reference}", sender.len());
    let reference = NotificationRef::from_bits(service.keys.digest_bits("notification-reference", key.as_bytes()));
    let told = notification.canonical(value.get("details").unwrap_or(&Value::Null)).to_string();
    let stated = match received {
        ReceivedAt::AsStated => notification.received_at.map(|it| it.to_string()).unwrap_or_default(),
        ReceivedAt::Now => String::new(),
    };
    let whole = format!("{} {stated} {told}", notification.channel);
    let body_digest = service.keys.digest("notification-body", whole.as_bytes());
    let event = NotificationReceived {
        reference: reference.clone(),
        source_reference,
        sender,
        kind: notification.kind,
        channel: notification.channel,
        received_at,
        effective_on: notification.effective_on,
        account: notification.account.clone(),
        uprn: uprn(&notification),
        body: Personal::open_for(PersonId::derived(&["submitter", reference.as_str()]), body),
        body_digest,
        told_digest: service.keys.digest("notification-told", told.as_bytes()),
    };
    if let Some(known) = known(service, &event).await? {
        return Ok(known);
    }
    let id = EventId::derived(&["received", reference.as_str()]);
    let mut events: Vec<(EventId, Event)> = vec![(id, event.clone().into())];
    for document in documents {
        events.push(kept(service, &event, document).map_err(unavailable)?);
    }
    let planned = service.keys.seal(&events).map_err(unavailable)?;
    let stream = StreamName::notification(&reference);
    match service.append(&stream, Expected::NoStream, &planned, "intake", reference.as_str()).await {
        Ok(position) => {
            tracing::info!(notification = %reference, kind = %event.kind, position = position.0, "received notification {reference}");
            Ok(Taken { reference, known: false })
        }
        Err(ServiceError::Store(StoreError::Conflict { .. })) => known(service, &event)
            .await?
            .ok_or_else(|| Refusal::Unavailable("the notification came and went".to_owned())),
        Err(error) => Err(unavailable(error)),
    }
}

/// Keeps a document, and gives what there is to record of it. Where nothing is recorded then, nothing refers to the file.
fn kept(service: &Service, of: &NotificationReceived, arrived: &Arrived) -> Result<(EventId, Event), EvidenceError> {
    let reference = of.reference.clone();
    let media_type = content::media_type(&arrived.content)?;
    let digest = evidence::digest(&service.keys, &reference, &arrived.content);
    let id = evidence::event_id(&reference, &digest);
    let person = of.body.person();
    evidence::keep(&service.keys, &service.evidence, (&digest, id), person, &arrived.content)?;
    let file_name = plain_name(&arrived.file_name).map(|it| Personal::open_for(person, it));
    let (kind, scanned) = (Some(arrived.kind.clone()), arrived.scanned);
    let bytes = u64::try_from(arrived.content.len()).unwrap_or(u64::MAX);
    Ok((id, EvidenceReceived { reference, digest, kind, media_type, bytes, scanned, file_name }.into()))
}

/// How it came, where its sender has no say in it: whoever comes without a token comes over the open form, or with a file over
/// the page for it.
fn channel_of(sender: &Sender) -> Option<Channel> {
    match sender {
        Sender::Public => Some(Channel::Web),
        Sender::PublicFile => Some(Channel::BulkFile),
        Sender::File | Sender::Token(_) => None,
    }
}

fn unavailable(error: impl std::fmt::Display) -> Refusal {
    Refusal::Unavailable(error.to_string())
}

/// The notification without what the council decides itself: over HTTP it comes when it comes, whatever it says.
fn as_taken(value: &Value, received: ReceivedAt) -> Value {
    let mut value = value.clone();
    if let (ReceivedAt::Now, Value::Object(fields)) = (received, &mut value) {
        fields.remove("received_at");
    }
    value
}

fn uprn(notification: &Notification) -> Option<hearth_events::Uprn> {
    match &notification.dwelling {
        Some(DwellingGiven::Uprn(uprn)) => Some(uprn.clone()),
        Some(DwellingGiven::PropertyReference(_) | DwellingGiven::Address { .. }) | None => None,
    }
}

/// The first answer, where the same was received before.
async fn known(service: &Service, event: &NotificationReceived) -> Result<Option<Taken>, Refusal> {
    let stream = StreamName::notification(&event.reference);
    let events = service.store.read_stream(&stream, 0).await.map_err(unavailable)?;
    let Some(first) = events.first() else { return Ok(None) };
    let Event::NotificationReceived(first) = decode(first).map_err(unavailable)?.event else {
        return Err(Refusal::Unavailable("the stream of the notification does not begin with its receipt".to_owned()));
    };
    if first.sender != event.sender || first.source_reference != event.source_reference {
        // Two references that were derived alike: one in 2^60 pairs. The sender can choose another reference.
        return Err(Refusal::Malformed(vec![fault("/source_reference", "cannot be used; choose another")]));
    }
    if first.body_digest != event.body_digest {
        return Err(Refusal::OtherBody { reference: first.reference });
    }
    Ok(Some(Taken { reference: first.reference, known: true }))
}
