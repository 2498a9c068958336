//! The only writer of outcomes: read, decide, append; decide again where somebody else was first.
//!
//! The decision with its whole plan is recorded on the notification before anything happens at a dwelling. The ids of the
//! planned events are fixed then, so a crash anywhere is completed exactly once: [`process`] goes on where it stopped.

mod gates;
mod item;
mod load;
mod officers;
mod reversal;
mod timers;

pub use gates::gates;
pub use item::shown;
pub(crate) use load::premises_of;
pub use officers::act;
pub use reversal::{reversal_shown, reverse};
pub use timers::{Expiries, expire, expire_all};

use hearth_events::{
    AccountRef, DecisionRecorded, Event, EventId, Finding, FindingOutcome, Money, NotificationCompleted,
    NotificationReceived, NotificationRef, NotificationReferred, Outcome, PlannedStep, Position, ReasonCode, Recorded,
    Status, StreamName, Verdict, WorkItemDecided, decode,
};
use hearth_projections::Work;
use serde_json::Value;

use crate::decision::{Case, Decision, decide, decide_by_officer, referral};
use crate::intake::Notification;
use crate::service::{Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// How often a decision is taken again when somebody else changed a dwelling in the meantime.
const MOST_DECISIONS: u64 = 20;

/// A notification's own stream, as far as it has come.
struct CaseFile {
    received: NotificationReceived,
    received_position: Position,
    decisions: u64,
    /// The decision that is to be carried out, or was.
    decision: Option<DecisionRecorded>,
    /// What it has come to; none while the machine has something to do.
    outcome: Option<Status>,
    /// How often it was referred or completed.
    outcomes: u64,
    referral: Option<NotificationReferred>,
    work: Work,
    /// How an officer decided; none before, and after it was referred anew.
    ruling: Option<WorkItemDecided>,
    /// How much another person authorised a year's tax to move.
    authorised: Option<Money>,
    /// How its change was reversed, once it was applied.
    reversals: reversal::Reversals,
    revision: u64,
    position: Position,
}

impl CaseFile {
    /// Who decides.
    fn actor(&self) -> String {
        self.ruling.as_ref().map_or_else(|| "processor".to_owned(), |it| Sender::Token(it.officer.clone()).name())
    }

    /// The id of the next outcome. The first one's has always been that of the notification alone.
    fn outcome_id(&self) -> EventId {
        match self.outcomes {
            0 => EventId::derived(&["outcome", self.received.reference.as_str()]),
            earlier => EventId::derived(&["outcome", self.received.reference.as_str(), &earlier.to_string()]),
        }
    }
}

/// Gives a received notification its one outcome, going on where an earlier attempt stopped.
///
/// # Errors
/// When the log, the views or the keys cannot be used. The notification is safe and is taken up again later.
pub async fn process(service: &Service, reference: &NotificationRef) -> Result<Status, ServiceError> {
    for _ in 0..MOST_DECISIONS {
        let file = read(service, reference).await?;
        let advanced = match (&file.reversals.planned, file.outcome, &file.decision) {
            (Some(planned), ..) => reversal::carried_out(service, &file, planned).await,
            (None, Some(status), _) => return Ok(status),
            (None, None, None) => decided(service, &file).await,
            (None, None, Some(decision)) => carried_out(service, &file, decision).await,
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
            outcomes: 0,
            referral: None,
            work: Work::default(),
            ruling: None,
            authorised: None,
            reversals: reversal::Reversals::default(),
            revision,
            position: recorded.position,
        });
    };
    (file.revision, file.position) = (recorded.revision, recorded.position);
    file.work.apply(&recorded);
    if file.reversals.take(&recorded) {
        file.decisions += u64::from(matches!(recorded.event, Event::DecisionRecorded(_)));
        return Ok(file);
    }
    if let Event::DecisionRecorded(it) = recorded.event {
        file.decisions += 1;
        file.decision = Some(it);
    } else if let Event::NotificationReferred(it) = recorded.event {
        file.outcomes += 1;
        (file.outcome, file.referral) = (Some(Status::Referred), Some(it));
        (file.ruling, file.authorised) = (None, None);
    } else if let Event::NotificationCompleted(it) = recorded.event {
        file.outcomes += 1;
        file.outcome = Some(it.status);
    } else {
        worked(&mut file, recorded.event)?;
    }
    Ok(file)
}

/// What an officer did.
fn worked(file: &mut CaseFile, event: Event) -> Result<(), ServiceError> {
    let mut is_decided = false;
    if let Event::WorkItemDecided(it) = event {
        is_decided = it.over_limit.is_none();
        file.ruling = Some(it);
    } else if let Event::WorkItemAuthorised(_) = event {
        is_decided = true;
        file.authorised = file.ruling.as_ref().and_then(|it| it.over_limit);
    } else if let Event::EvidenceRequested(_) = event {
        file.outcome = Some(Status::AwaitingEvidence);
    } else if let Event::WorkItemClaimed(_) | Event::WorkItemReleased(_) | Event::WorkItemDeferred(_) = event {
        (file.outcome, file.ruling) = (Some(Status::Referred), None);
    } else {
        let type_name = event.type_name();
        return Err(ServiceError::Log(format!("{type_name} does not belong to a notification")));
    }
    if is_decided {
        // From here on the machine carries it out.
        (file.outcome, file.decision) = (None, None);
    }
    Ok(())
}

/// Takes the decision and records it with its plan.
async fn decided(service: &Service, file: &CaseFile) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    if let Some(ruling) = file.ruling.as_ref().filter(|it| it.verdict == Verdict::Rejected) {
        return rejected(service, file, ruling).await;
    }
    let council = service.council().await?;
    let loaded = load::load(service, file).await?;
    let case = loaded.case(&file.received, &council);
    let decision = match &file.ruling {
        None => decide(&case),
        Some(ruling) => ruled(&case, ruling, file.authorised),
    };
    let plan = planned(service, file, &loaded, &decision)?;
    let recorded = DecisionRecorded {
        outcome: decision.outcome,
        findings: decision.findings.clone(),
        reasons: decision.reasons.clone(),
        dwellings: loaded.dwellings(),
        decided_at: loaded.read_at(),
        plan,
    };
    let outcome = (decision.outcome != Outcome::Apply).then(|| outcome_event(&case, &decision));
    record(service, file, recorded, outcome).await?;
    tracing::info!(notification = %reference, outcome = ?decision.outcome, "decided notification {reference}");
    Ok(())
}

/// Records a decision, with its outcome where nothing has to be done for that.
async fn record(
    service: &Service,
    file: &CaseFile,
    decision: DecisionRecorded,
    outcome: Option<Event>,
) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let attempt = file.decisions.to_string();
    let mut events = vec![(EventId::derived(&["decision", reference.as_str(), &attempt]), decision.into())];
    events.extend(outcome.map(|it| (file.outcome_id(), it)));
    let planned = service.keys.seal(&events)?;
    let stream = StreamName::notification(reference);
    service.append(&stream, Expected::Exact(file.revision), &planned, &file.actor(), reference.as_str()).await?;
    Ok(())
}

const BY_OFFICER: &str = "council policy: what needs judgement is decided by an officer";

/// What follows from an officer's decision that it takes effect.
fn ruled(case: &Case<'_>, ruling: &WorkItemDecided, authorised: Option<Money>) -> Decision {
    let mut decision = decide_by_officer(case).authorised(authorised);
    let because = match ruling.verdict {
        Verdict::Amended => "an officer put it right and decided that it takes effect",
        Verdict::Accepted | Verdict::Rejected => "an officer decided that it takes effect as proposed",
    };
    decision.findings.push(by_officer(FindingOutcome::Passed, None, because.to_owned()));
    decision
}

fn by_officer(outcome: FindingOutcome, reason: Option<ReasonCode>, because: String) -> Finding {
    let (check, source) = ("decided-by-officer".to_owned(), BY_OFFICER.to_owned());
    Finding { check, outcome, reason, because, source }
}

/// Records that an officer rejected it.
async fn rejected(service: &Service, file: &CaseFile, ruling: &WorkItemDecided) -> Result<(), ServiceError> {
    let because = ruling.reason.map_or("it cannot take effect", ReasonCode::meaning);
    let finding = by_officer(FindingOutcome::Rejected, ruling.reason, format!("an officer rejected it: {because}"));
    let reasons: Vec<_> = ruling.reason.into_iter().collect();
    let decision = DecisionRecorded {
        outcome: Outcome::Reject,
        findings: vec![finding],
        reasons: reasons.clone(),
        dwellings: file.referral.iter().flat_map(|it| it.dwellings.clone()).collect(),
        decided_at: file.position,
        plan: Vec::new(),
    };
    let mut completed = completed(&file.received, Status::Rejected, reasons, Vec::new());
    completed.accounts = file.referral.as_ref().map_or(completed.accounts, |it| it.accounts.clone());
    record(service, file, decision, Some(completed.into())).await
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

/// Carries a recorded plan out, step by step; each step is appended once however often this is done.
async fn carried_out(service: &Service, file: &CaseFile, decision: &DecisionRecorded) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let (stream, actor) = (StreamName::notification(reference), file.actor());
    for (number, step) in decision.plan.iter().enumerate() {
        let expected = step.expected.map_or(Expected::NoStream, Expected::Exact);
        match service.append(&step.stream, expected, &step.events, &actor, reference.as_str()).await {
            Ok(_) => {}
            Err(ServiceError::Store(StoreError::Conflict { .. })) if number == 0 => {
                return decided(service, file).await;
            }
            Err(ServiceError::Store(StoreError::Conflict { .. })) => {
                let rest = rest_referred(service, file).await?;
                let planned = service.keys.seal(&[(file.outcome_id(), rest)])?;
                service.append(&stream, Expected::Exact(file.revision), &planned, &actor, reference.as_str()).await?;
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
    let mut completed = completed(&file.received, Status::Applied, Vec::new(), opened_by(decision));
    completed.accounts = touched_by(&completed.accounts, decision);
    let planned = service.keys.seal(&[(file.outcome_id(), completed.into())])?;
    service.append(&stream, Expected::Exact(file.revision), &planned, &actor, reference.as_str()).await?;
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
        linked: Vec::new(),
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
        promised_by: None,
        linked: Vec::new(),
    }
}

/// One dwelling of a move was changed before our plan came to it: an officer completes what is left.
async fn rest_referred(service: &Service, file: &CaseFile) -> Result<Event, ServiceError> {
    let council = service.council().await?;
    let loaded = load::load(service, file).await?;
    let case = loaded.case(&file.received, &council);
    Ok(referred(&case, vec![ReasonCode::R04], case.accounts_concerned()).into())
}

/// The notification as it was received, or as an officer put it right, as JSON; none where its submitter was forgotten.
fn body(service: &Service, file: &CaseFile) -> Result<Option<Value>, ServiceError> {
    let amended = file.ruling.as_ref().and_then(|it| it.amended.as_ref());
    let Some(body) = amended.unwrap_or(&file.received.body).opened(&service.keys) else { return Ok(None) };
    let unreadable = |_| ServiceError::Log(format!("{}: the body is not JSON any more", file.received.reference));
    serde_json::from_str(&body).map(Some).map_err(unreadable)
}

/// The same, read.
fn opened(service: &Service, file: &CaseFile) -> Result<Option<Notification>, ServiceError> {
    let Some(value) = body(service, file)? else { return Ok(None) };
    let reference = &file.received.reference;
    let unreadable = |_| ServiceError::Log(format!("{reference}: the body is not a notification any more"));
    crate::intake::parse(&value).map(Some).map_err(unreadable)
}

/// Why a notification was rejected, for its submitter.
///
/// # Errors
/// When its stream cannot be read.
pub async fn rejected_because(service: &Service, reference: &NotificationRef) -> Result<Vec<String>, ServiceError> {
    let file = read(service, reference).await?;
    let findings = file.decision.map(|it| it.findings).unwrap_or_default();
    let rejects = findings.into_iter().filter(|it| it.outcome == FindingOutcome::Rejected);
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
