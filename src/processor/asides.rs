//! What is noted beside a notification, whether it still waits or not: that a decision was checked, that somebody made
//! contact about it.

use hearth_events::{ContactLinked, DecisionChecked, Event, NotificationRef, Personal, Recorded, Status};

use super::item::file;
use super::officers::{append, seen};
use super::steps::sealed;
use super::{CaseFile, MOST_DECISIONS};
use crate::service::work::{ActionRefused, Aside, Asides, CheckShown, ContactShown};
use crate::service::{Service, ServiceError};
use crate::store::StoreError;

/// Notes it, and shows all that is noted.
///
/// # Errors
/// When there is no such notification, it may not be noted, or the log cannot be used; nothing was recorded then.
pub async fn put_beside(
    service: &Service,
    reference: &NotificationRef,
    aside: &Aside,
    officer: &str,
) -> Result<Asides, ActionRefused> {
    for _ in 0..MOST_DECISIONS {
        let (case, _) = file(service, reference).await?;
        let event = noted(&case, aside, officer)?;
        match append(service, &case, event, officer, None).await {
            Ok(()) => {}
            Err(ServiceError::Store(StoreError::Conflict { .. })) => continue,
            Err(error) => return Err(error.into()),
        }
        if let Err(error) = seen(service).await {
            tracing::warn!(notification = %reference, %error, "the views do not show yet what was noted beside {reference}");
        }
        let (_, events) = file(service, reference).await?;
        return Ok(asides(service, &events));
    }
    Err(ServiceError::Store(StoreError::Unavailable("too many others work on this notification".to_owned())).into())
}

fn noted(file: &CaseFile, aside: &Aside, officer: &str) -> Result<Event, ActionRefused> {
    let (reference, by) = (file.received.reference.clone(), officer.to_owned());
    let words = |note: &Option<String>| note.as_ref().map(|it| sealed(&file.received.reference, it));
    Ok(match aside {
        Aside::Check { error, value, note } => {
            may_check(file, officer)?;
            DecisionChecked { reference, checked_by: by, error: *error, value: *value, note: words(note) }.into()
        }
        Aside::Contact { channel, about, note } => {
            let (channel, about, note) = (*channel, *about, words(note));
            ContactLinked { reference, officer: by, channel, about, note }.into()
        }
    })
}

/// It is decided, nobody has checked it, and whoever would is not one of those who decided.
fn may_check(file: &CaseFile, officer: &str) -> Result<(), ActionRefused> {
    match file.outcome {
        Some(Status::Applied | Status::Rejected | Status::Duplicate) => {}
        Some(Status::Received | Status::Referred | Status::AwaitingEvidence | Status::Withdrawn) | None => {
            return Err(ActionRefused::NotDecided);
        }
    }
    if let Some(by) = &file.checked_by {
        return Err(ActionRefused::AlreadyChecked(by.clone()));
    }
    let decided = file.ruling.iter().map(|it| &it.officer).chain(&file.authorised_by);
    if decided.into_iter().any(|it| it == officer) { Err(ActionRefused::OwnDecision) } else { Ok(()) }
}

/// All that is noted beside a notification.
pub(super) fn asides(service: &Service, events: &[Recorded]) -> Asides {
    let said = |it: &Option<Personal<String>>| it.as_ref().and_then(|it| it.opened(&service.keys));
    let mut asides = Asides::default();
    for Recorded { recorded_at: at, event, .. } in events {
        if let Event::DecisionChecked(it) = event {
            let (by, note) = (it.checked_by.clone(), said(&it.note));
            asides.checked = Some(CheckShown { at: *at, by, error: it.error, value: it.value, note });
        } else if let Event::ContactLinked(it) = event {
            let (by, note) = (it.officer.clone(), said(&it.note));
            asides.contacts.push(ContactShown { at: *at, by, channel: it.channel, about: it.about, note });
        }
    }
    asides
}
