//! The only writer of outcomes: read, decide, append; decide again where somebody else was first.
//!
//! The decision with its whole plan is recorded on the notification before anything happens at a dwelling. The ids of the
//! planned events are fixed then, so a crash anywhere is completed exactly once: [`process`] goes on where it stopped.

mod asides;
mod assumptions;
mod confirmation;
mod copies;
mod evidence;
mod gates;
mod item;
mod letters;
mod load;
mod looks;
mod money;
mod next;
mod officers;
mod orders;
mod outcome;
mod preview;
mod reversal;
mod steps;
mod submitter;
mod taken_back;
mod taken_up;
mod timers;
mod what_if;

pub use asides::put_beside;
pub use assumptions::act_on_savings;
pub use confirmation::lapse;
pub use evidence::{document_of_draft, evidence};
pub use gates::gates;
pub use item::shown;
pub(crate) use load::premises_of;
pub use looks::{dwellings_of, dwellings_told, looked, signed_in};
pub use money::act_on_money;
pub use next::claim_next;
pub use officers::act;
pub use orders::{look_at_order, order, undo_order};
pub use preview::{dwelling_given, preview};
pub use reversal::{reversal_shown, reverse};
pub use submitter::follow_up;
pub use timers::{Expiries, expire, expire_all};
pub use what_if::{council_with, decide_again, replay, what_if};

use hearth_events::{
    DecisionRecorded, Event, EventId, Finding, FindingOutcome, NotificationCompleted, NotificationReceived,
    NotificationRef, NotificationReferred, Outcome, PlannedEvent, PlannedStep, Position, ReasonCode, Recorded,
    RecoveryHeld, SecondPerson, Silence, Status, StreamName, Verdict, WorkItemDecided, decode,
};
use hearth_projections::{Work, WorkStatus};
use jiff::civil::Date;
use serde_json::Value;

use self::outcome::{applied, beside, completed, finished, telling_the_same};
use crate::clock::day_in_england;
pub use crate::decision::queues;
use crate::decision::{Case, Decision, Unanswered, decide, decide_by_officer, tells_of_a_move};
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
    /// What another person authorised; nothing where nobody did.
    authorised: SecondPerson,
    /// Who authorised it.
    authorised_by: Option<String>,
    /// Who checked the decision.
    checked_by: Option<String>,
    /// What it holds from recovery while it waits.
    hold: Option<RecoveryHeld>,
    /// When the liable persons were asked whether it is so, and until when they might answer.
    asked: Option<Unanswered>,
    /// What followed when they had not answered.
    lapsed: Option<Silence>,
    /// What the submitter was asked, and has sent since.
    told: submitter::Told,
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

    /// That silence counts for consent.
    fn unanswered(&self) -> Option<Unanswered> {
        self.asked.filter(|_| self.lapsed == Some(Silence::Apply))
    }

    /// The id of an event that is appended next: what is tried again has the same one.
    fn id_of(&self, event: &Event) -> EventId {
        let reference = self.received.reference.as_str();
        match event.type_name() {
            "DecisionRecorded" => EventId::derived(&["decision", reference, &self.decisions.to_string()]),
            "NotificationReferred" | "NotificationCompleted" => self.outcome_id(),
            other => EventId::derived(&["beside", reference, other, &self.revision.to_string()]),
        }
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
            authorised: SecondPerson::default(),
            authorised_by: None,
            checked_by: None,
            hold: None,
            asked: None,
            lapsed: None,
            told: submitter::Told::default(),
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
    if file.told.take(&recorded) {
        if file.outcome == Some(Status::AwaitingEvidence) && file.work.status == WorkStatus::Open {
            file.outcome = Some(Status::Referred);
        }
        return Ok(file);
    }
    let day = day_in_england(recorded.recorded_at);
    if let Event::DecisionRecorded(it) = recorded.event {
        file.decisions += 1;
        file.decision = Some(it);
    } else if let Event::NotificationReferred(it) = recorded.event {
        file.outcomes += 1;
        (file.outcome, file.referral) = (Some(Status::Referred), Some(it));
        (file.ruling, file.authorised, file.authorised_by) = (None, SecondPerson::default(), None);
    } else if let Event::NotificationCompleted(it) = recorded.event {
        file.outcomes += 1;
        file.outcome = Some(it.status);
    } else if let Some(event) = waited(&mut file, recorded.event, day) {
        worked(&mut file, event)?;
    }
    Ok(file)
}

/// What goes with a notification while it waits; the event itself where it is none of that.
fn waited(file: &mut CaseFile, event: Event, day: Date) -> Option<Event> {
    if let Event::RecoveryHeld(it) = event {
        file.hold = Some(match file.hold.take() {
            None => it,
            Some(mut held) => {
                held.until = held.until.max(it.until);
                let more: Vec<_> = it.accounts.into_iter().filter(|it| !held.accounts.contains(it)).collect();
                held.accounts.extend(more);
                held
            }
        });
    } else if let Event::RecoveryResumed(_) = event {
        file.hold = None;
    } else if let Event::ConfirmationAsked(it) = event {
        file.asked = Some(Unanswered { told_on: day, respond_by: it.respond_by });
    } else if let Event::ConfirmationLapsed(it) = event {
        file.lapsed = Some(it.follows);
        if it.follows == Silence::Apply {
            // From here on the machine carries it out.
            (file.outcome, file.decision) = (None, None);
        }
    } else if let Event::ReferralTakenUp(_) = event {
        (file.outcome, file.decision) = (None, None);
    } else {
        return Some(event);
    }
    None
}

/// What an officer did.
fn worked(file: &mut CaseFile, event: Event) -> Result<(), ServiceError> {
    let mut is_decided = false;
    if let Event::WorkItemDecided(it) = event {
        is_decided = !it.second().is_needed();
        file.ruling = Some(it);
    } else if let Event::WorkItemAuthorised(it) = event {
        is_decided = true;
        file.authorised_by = Some(it.supervisor);
        file.authorised = file.ruling.as_ref().map(WorkItemDecided::second).unwrap_or_default();
    } else if let Event::EvidenceRequested(_) = event {
        file.outcome = Some(Status::AwaitingEvidence);
    } else if let Event::WorkItemClaimed(_)
    | Event::WorkItemReleased(_)
    | Event::WorkItemDeferred(_)
    | Event::WorkItemHandedOver(_)
    | Event::WorkItemEscalated(_) = event
    {
        (file.outcome, file.ruling) = (Some(Status::Referred), None);
    } else if let (Event::WorkItemReallocated(it), Some(referral)) = (&event, &mut file.referral) {
        it.queue.iter().for_each(|queue| referral.queue.clone_from(queue));
        referral.priority = it.priority.unwrap_or(referral.priority);
    } else if let Event::DecisionChecked(it) = event {
        file.checked_by = Some(it.checked_by);
    } else if !matches!(event, Event::ContactLinked(_)) {
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
    let case = loaded.case(file, &council);
    let decision = match &file.ruling {
        None => decide(&case),
        Some(ruling) => ruled(&case, ruling, &file.authorised),
    };
    let mut events = vec![recorded(service, file, &loaded, &decision)?.into()];
    events.extend(beside(service, file, &case, &decision)?);
    record(service, file, events).await?;
    tracing::info!(notification = %reference, outcome = ?decision.outcome, "decided notification {reference}");
    if decision.outcome == Outcome::Refer && file.ruling.is_none() {
        taken_up::where_changed(service, reference, &loaded).await;
    }
    Ok(())
}

/// A decision as it is recorded, with its plan.
fn recorded(
    service: &Service,
    file: &CaseFile,
    loaded: &load::Loaded,
    decision: &Decision,
) -> Result<DecisionRecorded, ServiceError> {
    Ok(DecisionRecorded {
        outcome: decision.outcome,
        findings: decision.findings.clone(),
        reasons: decision.reasons.clone(),
        dwellings: loaded.dwellings(),
        decided_at: loaded.read_at(),
        plan: planned(service, file, loaded, decision)?,
    })
}

/// Records what becomes of a notification, all at once, where nothing has happened to it since it was read.
async fn record(service: &Service, file: &CaseFile, events: Vec<Event>) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let events: Vec<_> = events.into_iter().map(|it| (file.id_of(&it), it)).collect();
    let planned: Vec<PlannedEvent> = service.keys.seal(&events)?;
    let stream = StreamName::notification(reference);
    service.append(&stream, Expected::Exact(file.revision), &planned, &file.actor(), reference.as_str()).await?;
    Ok(())
}

const BY_OFFICER: &str = "council policy: what needs judgement is decided by an officer";

/// What follows from an officer's decision that it takes effect.
fn ruled(case: &Case<'_>, ruling: &WorkItemDecided, authorised: &SecondPerson) -> Decision {
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
    let mut completed = completed(file, Status::Rejected, reasons, Vec::new());
    completed.accounts = file.referral.as_ref().map_or(completed.accounts, |it| it.accounts.clone());
    let mut events = vec![decision.into()];
    events.extend(finished(service, file, completed));
    record(service, file, events).await
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
    let actor = file.actor();
    for (number, step) in decision.plan.iter().enumerate() {
        let expected = step.expected.map_or(Expected::NoStream, Expected::Exact);
        match service.append(&step.stream, expected, &step.events, &actor, reference.as_str()).await {
            Ok(_) => {}
            Err(ServiceError::Store(StoreError::Conflict { .. })) if number == 0 => {
                return decided(service, file).await;
            }
            Err(ServiceError::Store(StoreError::Conflict { .. })) => {
                let done: Vec<_> = decision.plan.iter().take(number).cloned().collect();
                return taken_back::take_back(service, file, &done).await;
            }
            Err(error) => return Err(error),
        }
    }
    if decision.outcome != Outcome::Apply {
        return taken_back::once_taken_back(service, file, decision).await;
    }
    let linked = if tells_of_a_move(file.received.kind) {
        let council = service.council().await?;
        telling_the_same(service, &load::load(service, file).await?.case(file, &council))?
    } else {
        Vec::new()
    };
    // Before it has its outcome, so that after a crash this is done as well.
    copies::write(service, reference, decision).await?;
    taken_up::at_dwellings(service, reference, decision).await;
    let completed = NotificationCompleted { linked, ..applied(file, decision) };
    record(service, file, finished(service, file, completed)).await?;
    tracing::info!(notification = %reference, "applied notification {reference}");
    Ok(())
}

/// One dwelling of a move was changed before our plan came to it, and what was done stays: an officer completes what is left.
async fn rest_referred(service: &Service, file: &CaseFile) -> Result<Vec<Event>, ServiceError> {
    let council = service.council().await?;
    let loaded = load::load(service, file).await?;
    let case = loaded.case(file, &council);
    outcome::referred(service, file, &case, vec![ReasonCode::R04], case.accounts_concerned())
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
