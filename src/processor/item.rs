//! An item with all that an officer needs to decide it: what was told, what was found, what would change, what happened.

use hearth_events::{Event, FindingOutcome, NotificationRef, Outcome, Personal, Recorded, Status, StreamName, decode};
use hearth_projections::{Difference, WorkStatus};
use serde_json::Value;

use super::asides::asides;
use super::load::{load, load_as};
use super::{CaseFile, body, folded};
use crate::decision::{Weighed, decide_by_officer};
use crate::intake::{Notification, SubmitterRole};
use crate::service::times::Times;
use crate::service::work::{ActionRefused, Awaits, HistoryStep, ItemShown, Proposal};
use crate::service::{Service, ServiceError};

/// Shows an item.
///
/// # Errors
/// When there is none of this reference, or the log cannot be read.
pub async fn shown(service: &Service, reference: &NotificationRef) -> Result<ItemShown, ActionRefused> {
    let (file, events) = file(service, reference).await?;
    let Some(referral) = file.referral.clone() else { return Err(ActionRefused::Unknown) };
    let notification = body(service, &file)?;
    let proposal = if file.work.status == WorkStatus::Done {
        Err("it is decided already".to_owned())
    } else if notification.is_none() {
        Err("its submitter has been forgotten, and what was told with them".to_owned())
    } else {
        proposed(&weighed(service, &file, None).await?)
    };
    let now = service.clock.now();
    let end = events.iter().rev().find(|it| matches!(it.event, Event::NotificationCompleted(_)));
    let end = end.filter(|_| file.work.status == WorkStatus::Done).map_or(now, |it| it.recorded_at);
    let times = Times::of(file.received.received_at, referral.due_on, &file.work.pauses, end);
    let flags = service.flags(reference, &referral.accounts, speaks_for_another(notification.as_ref()))?;
    let mut linked = referral.linked.clone();
    let later = service.views.linked_with(std::slice::from_ref(reference)).map_err(ServiceError::from)?;
    linked.extend(later.into_iter().filter(|it| !referral.linked.contains(it)));
    Ok(ItemShown {
        reference: file.received.reference.clone(),
        kind: file.received.kind,
        channel: file.received.channel,
        received_at: file.received.received_at,
        referral,
        work: file.work.clone(),
        linked,
        at: now,
        times,
        flags,
        asides: asides(service, &events),
        status: file.outcome.unwrap_or(Status::Referred),
        findings: file.decision.as_ref().map(|it| it.findings.clone()).unwrap_or_default(),
        notification,
        proposal,
        awaits: waiting(&file),
        evidence: file.told.evidence.clone(),
        history: events.iter().map(|it| step(service, it)).collect(),
    })
}

/// What somebody decided that another person has to authorise, as it was recorded.
fn waiting(file: &CaseFile) -> Option<Awaits> {
    let ruling = file.ruling.as_ref().filter(|_| file.work.status == WorkStatus::AwaitingAuthorisation)?;
    Some(Awaits { decided_by: ruling.officer.clone(), verdict: ruling.verdict, because: ruling.second().reasons() })
}

/// Whether whoever told it speaks for somebody else.
fn speaks_for_another(notification: Option<&Value>) -> bool {
    let role = notification.and_then(|it| it.pointer("/submitted_by/role")).cloned();
    let role = role.and_then(|it| serde_json::from_value::<SubmitterRole>(it).ok());
    role.is_some_and(|it| !it.speaks_for_themselves())
}

/// The notification's own stream, as far as it has come, and the events of it.
pub(super) async fn file(
    service: &Service,
    reference: &NotificationRef,
) -> Result<(CaseFile, Vec<Recorded>), ActionRefused> {
    let stream = StreamName::notification(reference);
    let stored = service.store.read_stream(&stream, 0).await.map_err(ServiceError::from)?;
    let events: Vec<_> = stored.iter().map(decode).collect::<Result<_, _>>().map_err(ServiceError::from)?;
    let mut file = None;
    for recorded in &events {
        file = Some(folded(file, recorded.clone())?);
    }
    Ok((file.ok_or(ActionRefused::Unknown)?, events))
}

/// What would be decided with an officer's findings added, on the notification as it stands or as it would be put right.
pub(super) async fn weighed(
    service: &Service,
    file: &CaseFile,
    amended: Option<Notification>,
) -> Result<Weighed, ServiceError> {
    let council = service.council().await?;
    let loaded = match amended {
        None => load(service, file).await?,
        Some(notification) => load_as(service, file, notification).await?,
    };
    Ok(decide_by_officer(&loaded.case(file, &council)))
}

/// What is proposed, or why nothing can be.
pub(super) fn proposed(weighed: &Weighed) -> Result<Proposal, String> {
    let decision = &weighed.decision;
    if decision.outcome == Outcome::Refer {
        let lacking = decision.findings.iter().filter(|it| it.outcome == FindingOutcome::Referred);
        let mut because: Vec<_> = lacking.map(|it| it.because.as_str()).collect();
        if because.is_empty() {
            because = weighed.satisfied.iter().map(|it| it.because.as_str()).collect();
        }
        return Err(because.join("; "));
    }
    let differences = weighed.dwellings.iter();
    Ok(Proposal {
        outcome: decision.outcome,
        satisfied: weighed.satisfied.clone(),
        second: weighed.second.clone(),
        dwellings: differences.map(|(uprn, before, now)| Difference::between(uprn.clone(), before, now)).collect(),
        events: decision.effects.iter().flat_map(|(_, events)| events).map(Event::type_name).collect(),
    })
}

fn step(service: &Service, recorded: &Recorded) -> HistoryStep {
    let note = said_with(service, &recorded.event);
    HistoryStep {
        at: recorded.recorded_at,
        what: recorded.event.type_name(),
        who: recorded.metadata.actor.clone(),
        note,
        position: recorded.position,
    }
}

/// In whose words, where anything was said with it.
fn said_with(service: &Service, event: &Event) -> Option<String> {
    let note: Option<&Personal<String>> = if let Event::WorkItemDeferred(it) = event {
        it.note.as_ref()
    } else if let Event::WorkItemHandedOver(it) = event {
        it.note.as_ref()
    } else if let Event::WorkItemEscalated(it) = event {
        it.note.as_ref()
    } else if let Event::WorkItemReallocated(it) = event {
        it.note.as_ref()
    } else if let Event::DecisionChecked(it) = event {
        it.note.as_ref()
    } else if let Event::ContactLinked(it) = event {
        it.note.as_ref()
    } else if let Event::EvidenceRequested(it) = event {
        Some(&it.asked)
    } else if let Event::EvidenceReceived(it) = event {
        it.file_name.as_ref()
    } else if let Event::QuestionAnswered(it) = event {
        Some(&it.text)
    } else if let Event::WorkItemDecided(it) = event {
        it.explanation.as_ref()
    } else {
        None
    };
    note.and_then(|it| it.opened(&service.keys))
}
