//! What officers do with what waits for them. Each step is an event in the notification's own stream, appended at the
//! revision it rests on: of those who claim at once, one does.

use std::time::Duration;

use hearth_events::{Event, EventId, NotificationRef, StreamName};
use hearth_projections::{Accounts, Projection, Workload};
use jiff::civil::Date;

use super::item::{file, shown};
use super::outcome::held_beyond;
use super::steps::step;
use super::{CaseFile, MOST_DECISIONS, process};
use crate::service::work::{Action, ActionRefused, ItemShown};
use crate::service::{Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// How long the views may take to show what was done, before it is answered all the same.
const SEEN: Duration = Duration::from_secs(1);

/// Does what an officer asks for, and shows the item as it then is.
///
/// # Errors
/// When it may not be done, or the log cannot be used; nothing was recorded then.
pub async fn act(
    service: &Service,
    reference: &NotificationRef,
    action: &Action,
    officer: &str,
) -> Result<ItemShown, ActionRefused> {
    for _ in 0..MOST_DECISIONS {
        let (file, _) = file(service, reference).await?;
        let Some(event) = step(service, &file, action, officer).await? else {
            return shown(service, reference).await;
        };
        let is_decision = matches!(event, Event::WorkItemDecided(_) | Event::WorkItemAuthorised(_));
        match append(service, &file, event, officer, None).await {
            Ok(()) => {}
            // Somebody else was first: look again who has it.
            Err(ServiceError::Store(StoreError::Conflict { .. })) => continue,
            Err(error) => return Err(error.into()),
        }
        // What was decided is safe from here on. Where it cannot be carried out at once it is taken up again later.
        if is_decision && let Err(error) = process(service, reference).await {
            tracing::warn!(notification = %reference, %error, "what was decided of {reference} is carried out later");
        }
        if let Err(error) = seen(service).await {
            tracing::warn!(notification = %reference, %error, "the views do not show yet what was done with {reference}");
        }
        return shown(service, reference).await;
    }
    Err(ServiceError::Store(StoreError::Unavailable("too many others work on this item".to_owned())).into())
}

/// Waits a moment until the views show what was done, so that who asks next sees it.
pub(super) async fn seen(service: &Service) -> Result<(), ServiceError> {
    let head = service.store.head().await?;
    for view in [Workload::NAME, Accounts::NAME] {
        let _in_time = service.views.wait_for(view, head, SEEN).await?;
    }
    Ok(())
}

/// Appends what an officer did at the revision that it rests on; as one of many things that they ordered together, where
/// the order is named.
pub(super) async fn append(
    service: &Service,
    file: &CaseFile,
    event: Event,
    officer: &str,
    order: Option<&str>,
) -> Result<(), ServiceError> {
    let reference = file.received.reference.as_str();
    let revision = file.revision.to_string();
    let id = EventId::derived(&["work-item", reference, &revision, officer, event.type_name()]);
    // What is put off is held from recovery until the day after it is open again.
    let held = back_on(&event).and_then(|day| held_beyond(file, day)).map(Event::from);
    let mut events = vec![(id, event)];
    events.extend(held.map(|it| (file.id_of(&it), it)));
    let planned = service.keys.seal(&events)?;
    let (stream, expected) = (StreamName::notification(&file.received.reference), Expected::Exact(file.revision));
    let actor = Sender::Token(officer.to_owned()).name();
    let correlation = order.unwrap_or(reference);
    service.append_together(&stream, expected, &planned, (&actor, reference, correlation)).await?;
    Ok(())
}

/// The day on which an item is open again by itself.
fn back_on(event: &Event) -> Option<Date> {
    if let Event::WorkItemDeferred(it) = event {
        Some(it.until)
    } else if let Event::EvidenceRequested(it) = event {
        it.respond_by.tomorrow().ok()
    } else {
        None
    }
}
