//! What officers do with what waits for them. Each step is an event in the notification's own stream, appended at the
//! revision it rests on: of those who claim at once, one does.

use std::time::Duration;

use hearth_events::{
    Event, EventId, EvidenceRequested, FindingOutcome, NotificationRef, Outcome, PersonId, Personal, Status,
    StreamName, Verdict, WorkItemAuthorised, WorkItemClaimed, WorkItemDecided, WorkItemDeferred, WorkItemReleased,
};
use hearth_projections::{Accounts, Projection, WorkStatus, Workload};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::item::{file, proposed, shown, weighed};
use super::outcome::held_beyond;
use super::{CaseFile, MOST_DECISIONS, body, process};
use crate::clock::day_in_england;
use crate::intake::{Notification, fault, parse};
use crate::service::work::{Action, ActionRefused, ItemShown};
use crate::service::{Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// How long the submitter has to send evidence, where the officer does not say.
const EVIDENCE_DAYS: i64 = 14;
/// How far ahead an item can be put off.
const MOST_DAYS: i64 = 366;
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
        match append(service, &file, event, officer).await {
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

async fn append(service: &Service, file: &CaseFile, event: Event, officer: &str) -> Result<(), ServiceError> {
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
    service.append(&stream, expected, &planned, &actor, reference).await?;
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

/// The event of an action; none where it is already so.
async fn step(
    service: &Service,
    file: &CaseFile,
    action: &Action,
    officer: &str,
) -> Result<Option<Event>, ActionRefused> {
    let reference = file.received.reference.clone();
    let today = day_in_england(service.clock.now());
    let name = || officer.to_owned();
    open(file)?;
    Ok(Some(match action {
        Action::Claim => {
            if is_claimable(file, officer)? {
                WorkItemClaimed { reference, officer: name(), until: None }.into()
            } else {
                return Ok(None);
            }
        }
        Action::Release { supervisor } => {
            may_release(file, officer, *supervisor)?;
            WorkItemReleased { reference, officer: name() }.into()
        }
        Action::Defer { until, note } => {
            held(file, officer)?;
            within(*until, today, "/until")?;
            let note = note.as_ref().map(|it| sealed(&reference, it));
            WorkItemDeferred { reference, officer: name(), until: *until, note }.into()
        }
        Action::RequestEvidence { asked, respond_by } => {
            held(file, officer)?;
            let respond_by = respond_by.unwrap_or_else(|| today.saturating_add(EVIDENCE_DAYS.days()));
            within(respond_by, today, "/respond_by")?;
            let asked = sealed(&reference, asked);
            EvidenceRequested { reference, officer: name(), respond_by, asked }.into()
        }
        Action::Accept { explanation } => {
            held(file, officer)?;
            let ruling = ruling(file, officer, Verdict::Accepted, explanation.as_ref());
            taking_effect(service, file, None, ruling).await?.into()
        }
        Action::Amend { fields, explanation } => {
            held(file, officer)?;
            let (text, notification) = amended(service, file, fields)?;
            let ruling = ruling(file, officer, Verdict::Amended, explanation.as_ref());
            let ruling = WorkItemDecided { amended: Some(sealed(&reference, &text)), ..ruling };
            taking_effect(service, file, Some(notification), ruling).await?.into()
        }
        Action::Reject { reason, explanation } => {
            held(file, officer)?;
            let ruling = ruling(file, officer, Verdict::Rejected, explanation.as_ref());
            WorkItemDecided { reason: Some(*reason), ..ruling }.into()
        }
        Action::Authorise => authorised(file, officer)?.into(),
    }))
}

/// There is an item, and it is not done.
fn open(file: &CaseFile) -> Result<(), ActionRefused> {
    if file.referral.is_none() {
        return Err(ActionRefused::Unknown);
    }
    match file.work.status {
        WorkStatus::Done => Err(ActionRefused::Done(file.outcome.unwrap_or(Status::Referred))),
        WorkStatus::Open
        | WorkStatus::Claimed
        | WorkStatus::Deferred
        | WorkStatus::AwaitingEvidence
        | WorkStatus::AwaitingConfirmation
        | WorkStatus::AwaitingAuthorisation => Ok(()),
    }
}

fn holder(file: &CaseFile) -> String {
    file.work.allocated_to.clone().unwrap_or_default()
}

/// Whether it is free to be claimed; not where the officer has it already.
fn is_claimable(file: &CaseFile, officer: &str) -> Result<bool, ActionRefused> {
    match file.work.status {
        WorkStatus::AwaitingAuthorisation => Err(ActionRefused::AwaitsAuthorisation(holder(file))),
        WorkStatus::Claimed if holder(file) != officer => Err(ActionRefused::HeldBy(holder(file))),
        WorkStatus::Claimed => Ok(false),
        WorkStatus::Open
        | WorkStatus::Deferred
        | WorkStatus::AwaitingEvidence
        | WorkStatus::AwaitingConfirmation
        | WorkStatus::Done => Ok(true),
    }
}

/// The officer has it.
fn held(file: &CaseFile, officer: &str) -> Result<(), ActionRefused> {
    match file.work.status {
        WorkStatus::AwaitingAuthorisation => Err(ActionRefused::AwaitsAuthorisation(holder(file))),
        WorkStatus::Claimed if holder(file) != officer => Err(ActionRefused::HeldBy(holder(file))),
        WorkStatus::Claimed => Ok(()),
        WorkStatus::Open
        | WorkStatus::Deferred
        | WorkStatus::AwaitingEvidence
        | WorkStatus::AwaitingConfirmation
        | WorkStatus::Done => Err(ActionRefused::NotClaimed),
    }
}

/// Whoever has it may give it back; what waits to be authorised, whoever decided it, or a supervisor.
fn may_release(file: &CaseFile, officer: &str, supervisor: bool) -> Result<(), ActionRefused> {
    match file.work.status {
        WorkStatus::AwaitingAuthorisation if supervisor || holder(file) == officer => Ok(()),
        WorkStatus::Open
        | WorkStatus::Claimed
        | WorkStatus::Deferred
        | WorkStatus::AwaitingEvidence
        | WorkStatus::AwaitingConfirmation
        | WorkStatus::AwaitingAuthorisation
        | WorkStatus::Done => held(file, officer),
    }
}

fn within(day: Date, today: Date, pointer: &str) -> Result<(), ActionRefused> {
    let last = today.saturating_add(MOST_DAYS.days());
    if today < day && day <= last {
        return Ok(());
    }
    let detail = format!("must be a day after {today}, {last} at the latest");
    Err(ActionRefused::Malformed(vec![fault(pointer, detail)]))
}

/// The officer's words, kept for the submitter and forgotten with them.
pub(super) fn sealed(reference: &NotificationRef, text: &str) -> Personal<String> {
    Personal::open_for(PersonId::derived(&["submitter", reference.as_str()]), text.to_owned())
}

fn ruling(file: &CaseFile, officer: &str, verdict: Verdict, explanation: Option<&String>) -> WorkItemDecided {
    let reference = file.received.reference.clone();
    WorkItemDecided {
        officer: officer.to_owned(),
        claimed_at: file.work.claimed_at.unwrap_or(file.received.received_at),
        verdict,
        satisfied: Vec::new(),
        reason: None,
        amended: None,
        explanation: explanation.map(|it| sealed(&reference, it)),
        over_limit: None,
        reference,
    }
}

/// The ruling with what it takes: what the officer is satisfied about, and whether another person has to authorise it.
async fn taking_effect(
    service: &Service,
    file: &CaseFile,
    amended: Option<Notification>,
    ruling: WorkItemDecided,
) -> Result<WorkItemDecided, ActionRefused> {
    if amended.is_none() && body(service, file)?.is_none() {
        return Err(ActionRefused::NothingProposed("its submitter has been forgotten".to_owned()));
    }
    let weighed = weighed(service, file, amended).await?;
    let proposal = proposed(&weighed).map_err(ActionRefused::NothingProposed)?;
    if ruling.verdict == Verdict::Amended && proposal.outcome != Outcome::Apply {
        let against = weighed.decision.findings.into_iter().filter(|it| it.outcome != FindingOutcome::Passed);
        let against: Vec<_> = against.map(|it| it.because).collect();
        return Err(ActionRefused::NothingProposed(against.join("; ")));
    }
    let satisfied = proposal.satisfied.into_iter().map(|it| it.check).collect();
    Ok(WorkItemDecided { satisfied, over_limit: proposal.over_limit, ..ruling })
}

/// The notification with some of its fields replaced, as the intake reads it.
fn amended(
    service: &Service,
    file: &CaseFile,
    fields: &Map<String, Value>,
) -> Result<(String, Notification), ActionRefused> {
    let Some(Value::Object(mut whole)) = body(service, file)? else {
        return Err(ActionRefused::NothingProposed("its submitter has been forgotten".to_owned()));
    };
    whole.extend(fields.clone());
    let whole = Value::Object(whole);
    let notification = parse(&whole).map_err(ActionRefused::Malformed)?;
    Ok((whole.to_string(), notification))
}

fn authorised(file: &CaseFile, supervisor: &str) -> Result<WorkItemAuthorised, ActionRefused> {
    let waiting = file.ruling.as_ref().filter(|_| file.work.status == WorkStatus::AwaitingAuthorisation);
    let Some(ruling) = waiting else { return Err(ActionRefused::NothingToAuthorise) };
    if ruling.officer == supervisor {
        return Err(ActionRefused::SamePerson);
    }
    let (reference, decided_by) = (file.received.reference.clone(), ruling.officer.clone());
    Ok(WorkItemAuthorised { reference, supervisor: supervisor.to_owned(), decided_by })
}
