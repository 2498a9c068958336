//! The only writer of outcomes: read, decide, append; decide again where somebody else was first.
//!
//! The decision with its whole plan is recorded on the notification before anything happens at a dwelling. The ids of the
//! planned events are fixed then, so a crash anywhere is completed exactly once: [`process`] goes on where it stopped.

mod load;

pub(crate) use load::premises_of;

use hearth_events::{
    AccountRef, DecisionRecorded, Event, EventId, NotificationCompleted, NotificationReceived, NotificationRef,
    NotificationReferred, Outcome, PlannedStep, Position, ReasonCode, Recorded, Status, StreamName, decode,
};

use crate::decision::{Case, Decision, decide, referral};
use crate::intake::Notification;
use crate::service::{Service, ServiceError};
use crate::store::{Expected, StoreError};

/// How often a decision is taken again when somebody else changed a dwelling in the meantime.
const MOST_DECISIONS: u64 = 20;

/// A notification's own stream, as far as it has come.
struct CaseFile {
    received: NotificationReceived,
    received_position: Position,
    decisions: u64,
    decision: Option<DecisionRecorded>,
    outcome: Option<Status>,
    revision: u64,
}

/// Gives a received notification its one outcome, going on where an earlier attempt stopped.
///
/// # Errors
/// When the log, the views or the keys cannot be used. The notification is safe and is taken up again later.
pub async fn process(service: &Service, reference: &NotificationRef) -> Result<Status, ServiceError> {
    for _ in 0..MOST_DECISIONS {
        let file = read(service, reference).await?;
        if let Some(status) = file.outcome {
            return Ok(status);
        }
        let advanced = match &file.decision {
            None => decided(service, &file).await,
            Some(decision) => carried_out(service, &file, decision).await,
        };
        match advanced {
            // Somebody else wrote to a stream we rest on: read again, decide again.
            Ok(()) | Err(ServiceError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Status::Received)
}

async fn read(service: &Service, reference: &NotificationRef) -> Result<CaseFile, ServiceError> {
    let stream = StreamName::notification(reference);
    let events = service.store.read_stream(&stream, 0).await?;
    let mut file: Option<CaseFile> = None;
    for stored in &events {
        file = Some(folded(file, decode(stored)?)?);
    }
    file.ok_or_else(|| ServiceError::Log(format!("there is no notification {reference}")))
}

fn folded(file: Option<CaseFile>, recorded: Recorded) -> Result<CaseFile, ServiceError> {
    let Some(mut file) = file else {
        let Event::NotificationReceived(received) = recorded.event else {
            return Err(ServiceError::Log(format!("{} does not begin with its receipt", recorded.stream)));
        };
        let revision = recorded.revision;
        return Ok(CaseFile {
            received,
            received_position: recorded.position,
            decisions: 0,
            decision: None,
            outcome: None,
            revision,
        });
    };
    file.revision = recorded.revision;
    if let Event::DecisionRecorded(it) = recorded.event {
        file.decisions += 1;
        file.decision = Some(it);
    } else if let Event::NotificationReferred(_) = recorded.event {
        file.outcome = Some(Status::Referred);
    } else if let Event::NotificationCompleted(it) = recorded.event {
        file.outcome = Some(it.status);
    } else {
        let type_name = recorded.event.type_name();
        return Err(ServiceError::Log(format!("{type_name} does not belong to a notification")));
    }
    Ok(file)
}

/// Takes the decision and records it with its plan.
async fn decided(service: &Service, file: &CaseFile) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let council = service.council().await?;
    let loaded = load::load(service, &file.received, file.received_position).await?;
    let case = loaded.case(&file.received, &council);
    let decision = decide(&case);
    let plan = planned(service, file, &loaded, &decision)?;
    let recorded = DecisionRecorded {
        outcome: decision.outcome,
        findings: decision.findings.clone(),
        reasons: decision.reasons.clone(),
        dwellings: loaded.dwellings(),
        decided_at: loaded.read_at(),
        plan,
    };
    let attempt = file.decisions.to_string();
    let mut events = vec![(EventId::derived(&["decision", reference.as_str(), &attempt]), recorded.into())];
    if decision.outcome != Outcome::Apply {
        events.push((outcome_id(reference), outcome_event(&case, &decision)));
    }
    let planned = service.keys.seal(&events)?;
    let stream = StreamName::notification(reference);
    service.append(&stream, Expected::Exact(file.revision), &planned, "processor", reference.as_str()).await?;
    tracing::info!(notification = %reference, outcome = ?decision.outcome, "decided notification {reference}");
    Ok(())
}

/// What is appended to the dwellings, with ids that follow from the notification, the attempt and the place in the plan.
fn planned(
    service: &Service,
    file: &CaseFile,
    loaded: &load::Loaded,
    decision: &Decision,
) -> Result<Vec<PlannedStep>, ServiceError> {
    let reference = file.received.reference.as_str();
    let attempt = file.decisions.to_string();
    let mut steps = Vec::new();
    for (step, (uprn, effects)) in decision.effects.iter().enumerate() {
        let id =
            |number: usize| EventId::derived(&["effect", reference, &attempt, &step.to_string(), &number.to_string()]);
        let events: Vec<_> = effects.iter().enumerate().map(|(number, event)| (id(number), event.clone())).collect();
        steps.push(PlannedStep {
            stream: StreamName::dwelling(uprn),
            expected: loaded.revision(uprn),
            events: service.keys.seal(&events)?,
        });
    }
    Ok(steps)
}

fn outcome_id(reference: &NotificationRef) -> EventId {
    EventId::derived(&["outcome", reference.as_str()])
}

/// Carries a recorded plan out, step by step; each step is appended once however often this is done.
async fn carried_out(service: &Service, file: &CaseFile, decision: &DecisionRecorded) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let stream = StreamName::notification(reference);
    for (number, step) in decision.plan.iter().enumerate() {
        let expected = step.expected.map_or(Expected::NoStream, Expected::Exact);
        match service.append(&step.stream, expected, &step.events, "processor", reference.as_str()).await {
            Ok(_) => {}
            Err(ServiceError::Store(StoreError::Conflict { .. })) if number == 0 => {
                return decided(service, file).await;
            }
            Err(ServiceError::Store(StoreError::Conflict { .. })) => {
                let rest = rest_referred(service, file).await?;
                let planned = service.keys.seal(&[(outcome_id(reference), rest)])?;
                service
                    .append(&stream, Expected::Exact(file.revision), &planned, "processor", reference.as_str())
                    .await?;
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
    let mut completed = completed(&file.received, Status::Applied, Vec::new(), opened_by(decision));
    completed.accounts = touched_by(&completed.accounts, decision);
    let planned = service.keys.seal(&[(outcome_id(reference), completed.into())])?;
    service.append(&stream, Expected::Exact(file.revision), &planned, "processor", reference.as_str()).await?;
    tracing::info!(notification = %reference, "applied notification {reference}");
    Ok(())
}

/// The accounts named, and those at which a plan makes something happen.
fn touched_by(named: &[AccountRef], decision: &DecisionRecorded) -> Vec<AccountRef> {
    let mut touched = named.to_vec();
    for it in decision.plan.iter().flat_map(|step| &step.events) {
        let account = serde_json::from_str::<OfAccount>(it.data.get()).ok().and_then(|it| it.account);
        touched.extend(account.filter(|it| !touched.contains(it)));
    }
    touched
}

/// The account that an event of a dwelling is about.
#[derive(serde::Deserialize)]
struct OfAccount {
    account: Option<AccountRef>,
}

/// The accounts that a plan opens.
fn opened_by(decision: &DecisionRecorded) -> Vec<AccountRef> {
    let events = decision.plan.iter().flat_map(|step| &step.events);
    let opened = events.filter_map(|it| {
        let event = hearth_events::decode_event(&it.type_name, 1, it.data.get()).ok()?;
        if let Event::LiabilityStarted(it) = event { Some(it.account) } else { None }
    });
    opened.collect()
}

fn completed(
    received: &NotificationReceived,
    status: Status,
    reasons: Vec<ReasonCode>,
    accounts_opened: Vec<AccountRef>,
) -> NotificationCompleted {
    let mut accounts: Vec<_> = received.account.iter().cloned().collect();
    accounts.extend(accounts_opened.iter().cloned());
    NotificationCompleted {
        reference: received.reference.clone(),
        kind: received.kind,
        channel: received.channel,
        received_at: received.received_at,
        status,
        reasons,
        accounts,
        accounts_opened,
    }
}

/// The outcome of a decision that changes nothing at a dwelling.
fn outcome_event(case: &Case<'_>, decision: &Decision) -> Event {
    let received = case.received;
    match decision.outcome {
        Outcome::Refer => referred(case, decision.reasons.clone(), decision.accounts.clone()).into(),
        Outcome::Duplicate => completed(received, Status::Duplicate, decision.reasons.clone(), Vec::new()).into(),
        Outcome::Reject => completed(received, Status::Rejected, decision.reasons.clone(), Vec::new()).into(),
        Outcome::Apply => completed(received, Status::Applied, Vec::new(), decision.accounts_opened.clone()).into(),
    }
}

fn referred(case: &Case<'_>, reasons: Vec<ReasonCode>, accounts: Vec<AccountRef>) -> NotificationReferred {
    let referral = referral(case, &reasons);
    let received = case.received;
    NotificationReferred {
        reference: received.reference.clone(),
        kind: received.kind,
        channel: received.channel,
        received_at: received.received_at,
        reasons,
        queue: referral.queue.to_owned(),
        priority: referral.priority,
        due_on: referral.due_on,
        minutes_estimated: referral.minutes_estimated,
        accounts,
        dwellings: case.matched.premises.iter().map(|it| it.uprn.clone()).collect(),
        effective_on: received.effective_on,
    }
}

/// One dwelling of a move was changed before our plan came to it: an officer completes what is left.
async fn rest_referred(service: &Service, file: &CaseFile) -> Result<Event, ServiceError> {
    let council = service.council().await?;
    let loaded = load::load(service, &file.received, file.received_position).await?;
    let case = loaded.case(&file.received, &council);
    Ok(referred(&case, vec![ReasonCode::R04], case.accounts_concerned()).into())
}

/// The notification as it was received.
fn opened(service: &Service, received: &NotificationReceived) -> Result<Option<Notification>, ServiceError> {
    let Some(body) = received.body.opened(&service.keys) else { return Ok(None) };
    let unreadable = |what: &str| ServiceError::Log(format!("{}: {what}", received.reference));
    let value = serde_json::from_str(&body).map_err(|_| unreadable("the body is not JSON any more"))?;
    crate::intake::parse(&value).map(Some).map_err(|_| unreadable("the body is not a notification any more"))
}

/// Why a notification was rejected, for its submitter.
///
/// # Errors
/// When its stream cannot be read.
pub async fn rejected_because(service: &Service, reference: &NotificationRef) -> Result<Vec<String>, ServiceError> {
    let file = read(service, reference).await?;
    let findings = file.decision.map(|it| it.findings).unwrap_or_default();
    let rejects = findings.into_iter().filter(|it| it.outcome == hearth_events::FindingOutcome::Rejected);
    Ok(rejects.map(|it| it.because).collect())
}

/// Takes up every notification that was received and has no outcome: after a crash, or when something was out of reach.
/// Between two it asks whether it should stop.
///
/// # Errors
/// When the views cannot be read. A notification that cannot be decided now stays for the next time.
pub async fn resume(service: &Service, is_stopping: impl Fn() -> bool) -> Result<Resumed, ServiceError> {
    const AT_ONCE: usize = 1_000;
    let mut resumed = Resumed::default();
    for reference in service.views.undecided(AT_ONCE)? {
        if is_stopping() {
            break;
        }
        if let Err(error) = process(service, &reference).await {
            tracing::error!(notification = %reference, %error, "notification {reference} could not be decided yet");
            resumed.stuck += 1;
        } else {
            resumed.decided += 1;
        }
    }
    Ok(resumed)
}

/// What came of taking up what had no outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resumed {
    /// How many have their outcome now.
    pub decided: usize,
    /// How many could not be decided.
    pub stuck: usize,
}
