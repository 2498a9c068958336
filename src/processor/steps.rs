//! What each step of an officer comes to: the event that is recorded, or why it may not be.

use std::collections::BTreeSet;

use hearth_events::{
    Event, EvidenceRequested, FindingOutcome, NotificationRef, Outcome, PersonId, Personal, Priority, RecordKind,
    SecondPerson, Status, Uprn, Verdict, WorkItemAuthorised, WorkItemClaimed, WorkItemDecided, WorkItemDeferred,
    WorkItemEscalated, WorkItemHandedOver, WorkItemReallocated, WorkItemReleased,
};
use hearth_projections::WorkStatus;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Map, Value};

use super::item::{proposed, weighed};
use super::looks::{dwellings_of, dwellings_told};
use super::{CaseFile, body};
use crate::clock::day_in_england;
use crate::decision::queues;
use crate::intake::{Notification, fault, parse};
use crate::service::Service;
use crate::service::work::{Action, ActionRefused, Taker};

/// How long the submitter has to send evidence, where the officer does not say.
const EVIDENCE_DAYS: i64 = 14;
/// How far ahead an item can be put off.
const MOST_DAYS: i64 = 366;
/// What a claim has to be prolonged by before it is recorded again.
const WORTH_RECORDING: SignedDuration = SignedDuration::from_mins(1);
/// The longest name of a colleague.
const LONGEST_NAME: usize = 100;

/// The event of an action; none where it is already so.
pub(super) async fn step(
    service: &Service,
    file: &CaseFile,
    action: &Action,
    officer: &str,
) -> Result<Option<Event>, ActionRefused> {
    let reference = file.received.reference.clone();
    let now = service.clock.now();
    let today = day_in_england(now);
    let name = || officer.to_owned();
    let words = |note: &Option<String>| note.as_ref().map(|it| sealed(&reference, it));
    open(file)?;
    let held = |file: &CaseFile, officer: &str| held(file, officer, now);
    Ok(Some(match action {
        Action::Claim { supervisor } => {
            let minutes = service.council().await?.council.policy_on(today).claim_minutes;
            return claim(file, officer, *supervisor, (now, SignedDuration::from_mins(minutes.into())));
        }
        Action::Release { supervisor } => {
            may_release(file, officer, *supervisor, now)?;
            WorkItemReleased { reference, officer: name() }.into()
        }
        Action::HandOver { to, taker, note, supervisor } => {
            may_go_on(file, officer, *supervisor, now)?;
            let about = dwellings_of(service, RecordKind::Notification, reference.as_str()).await?;
            handed_over(file, (to, taker.as_ref()), &about, words(note), now)?.into()
        }
        Action::Escalate { note } => {
            held(file, officer)?;
            WorkItemEscalated { note: words(note), reference, officer: name() }.into()
        }
        Action::Reallocate { queue, priority, note, supervisor } => {
            free_or_held(file, officer, *supervisor, now)?;
            let note = words(note);
            return reallocated(file, officer, (queue.as_deref(), *priority), note);
        }
        Action::Defer { until, note } => {
            held(file, officer)?;
            within(*until, today, "/until")?;
            WorkItemDeferred { note: words(note), reference, officer: name(), until: *until }.into()
        }
        Action::RequestEvidence { asked, respond_by } => {
            held(file, officer)?;
            evidence_requested(file, officer, (asked, *respond_by), today)?.into()
        }
        Action::Accept { explanation } => {
            held(file, officer)?;
            let ruling = ruling(file, officer, Verdict::Accepted, explanation.as_ref());
            taking_effect(service, file, None, ruling).await?.into()
        }
        Action::Amend { fields, explanation, not_at } => {
            held(file, officer)?;
            amending(service, file, officer, (fields, not_at), explanation.as_ref()).await?.into()
        }
        Action::Reject { reason, explanation } => {
            held(file, officer)?;
            let ruling = ruling(file, officer, Verdict::Rejected, explanation.as_ref());
            WorkItemDecided { reason: Some(*reason), ..ruling }.into()
        }
        Action::Authorise => authorised(file, officer)?.into(),
    }))
}

/// The ruling that it takes effect put right so, unless what is put right is about a dwelling that is not for the officer.
async fn amending(
    service: &Service,
    file: &CaseFile,
    officer: &str,
    (fields, not_at): (&Map<String, Value>, &BTreeSet<Uprn>),
    explanation: Option<&String>,
) -> Result<WorkItemDecided, ActionRefused> {
    let (whole, notification) = amended(service, file, fields)?;
    // Before anything is told of what would come of it.
    let about = dwellings_told(service, &whole)?;
    if about.iter().any(|it| not_at.contains(it)) {
        return Err(ActionRefused::Fenced);
    }
    let ruling = ruling(file, officer, Verdict::Amended, explanation);
    let ruling = WorkItemDecided { amended: Some(sealed(&file.received.reference, &whole.to_string())), ..ruling };
    taking_effect(service, file, Some(notification), ruling).await
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

/// The claim; none where the officer has it already for about as long.
fn claim(
    file: &CaseFile,
    officer: &str,
    supervisor: bool,
    (now, lease): (Timestamp, SignedDuration),
) -> Result<Option<Event>, ActionRefused> {
    let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
    if file.work.escalated && !supervisor {
        return Err(ActionRefused::ForSupervisors);
    }
    match file.work.status {
        WorkStatus::AwaitingAuthorisation => return Err(ActionRefused::AwaitsAuthorisation(holder(file))),
        WorkStatus::Claimed if !file.work.has_lapsed(now) => {
            if holder(file) != officer {
                return Err(ActionRefused::HeldBy(holder(file)));
            }
            let gains = |had: Timestamp| until.duration_since(had) >= WORTH_RECORDING;
            if !file.work.until.is_some_and(gains) {
                return Ok(None);
            }
        }
        WorkStatus::Open
        | WorkStatus::Claimed
        | WorkStatus::Deferred
        | WorkStatus::AwaitingEvidence
        | WorkStatus::AwaitingConfirmation
        | WorkStatus::Done => {}
    }
    let (reference, officer) = (file.received.reference.clone(), officer.to_owned());
    Ok(Some(WorkItemClaimed { reference, officer, until: Some(until) }.into()))
}

/// The officer has it; also where their time is over, as long as nobody else has taken it since.
fn held(file: &CaseFile, officer: &str, now: Timestamp) -> Result<(), ActionRefused> {
    match file.work.status {
        WorkStatus::AwaitingAuthorisation => Err(ActionRefused::AwaitsAuthorisation(holder(file))),
        WorkStatus::Claimed if holder(file) == officer => Ok(()),
        WorkStatus::Claimed if !file.work.has_lapsed(now) => Err(ActionRefused::HeldBy(holder(file))),
        WorkStatus::Claimed
        | WorkStatus::Open
        | WorkStatus::Deferred
        | WorkStatus::AwaitingEvidence
        | WorkStatus::AwaitingConfirmation
        | WorkStatus::Done => Err(ActionRefused::NotClaimed),
    }
}

/// The officer has it, or a supervisor acts for whoever does.
fn may_go_on(file: &CaseFile, officer: &str, supervisor: bool, now: Timestamp) -> Result<(), ActionRefused> {
    if supervisor && file.work.status == WorkStatus::Claimed { Ok(()) } else { held(file, officer, now) }
}

/// Nobody has it, or the officer has; a supervisor may whoever has it. What was escalated is for supervisors alone.
fn free_or_held(file: &CaseFile, officer: &str, supervisor: bool, now: Timestamp) -> Result<(), ActionRefused> {
    match may_go_on(file, officer, supervisor, now) {
        Err(ActionRefused::NotClaimed) if file.work.escalated && !supervisor => Err(ActionRefused::ForSupervisors),
        Err(ActionRefused::NotClaimed) => Ok(()),
        told => told,
    }
}

/// Whoever has it may give it back; a supervisor may send it back, also where it waits to be authorised.
fn may_release(file: &CaseFile, officer: &str, supervisor: bool, now: Timestamp) -> Result<(), ActionRefused> {
    match file.work.status {
        WorkStatus::AwaitingAuthorisation if supervisor || holder(file) == officer => Ok(()),
        WorkStatus::Open
        | WorkStatus::Claimed
        | WorkStatus::Deferred
        | WorkStatus::AwaitingEvidence
        | WorkStatus::AwaitingConfirmation
        | WorkStatus::AwaitingAuthorisation
        | WorkStatus::Done => may_go_on(file, officer, supervisor, now),
    }
}

/// The item with a colleague who may have it.
fn handed_over(
    file: &CaseFile,
    (to, taker): (&str, Option<&Taker>),
    about: &[Uprn],
    note: Option<Personal<String>>,
    now: Timestamp,
) -> Result<WorkItemHandedOver, ActionRefused> {
    let malformed = |detail: &str| ActionRefused::Malformed(vec![fault("/to", detail.to_owned())]);
    if to.trim() != to || !(1..=LONGEST_NAME).contains(&to.chars().count()) {
        return Err(malformed("must be the name by which a colleague signs in"));
    }
    if file.work.holder_at(now) == Some(to) {
        return Err(malformed("has it already: name a colleague"));
    }
    let Some(taker) = taker else {
        return Err(malformed("is the name of nobody who deals with items here: name an officer or a supervisor"));
    };
    let queue = file.referral.as_ref().map(|it| it.queue.as_str()).unwrap_or_default();
    if !taker.queues.is_empty() && !taker.queues.iter().any(|it| it == queue) {
        return Err(malformed(&format!("is not trained for the queue {queue}: name a colleague who is")));
    }
    // Why not is between the colleague and whoever gives access.
    if about.iter().any(|it| taker.not_at.contains(it)) {
        return Err(malformed("cannot have this item: name another colleague"));
    }
    let reference = file.received.reference.clone();
    Ok(WorkItemHandedOver { reference, officer: holder(file), to: to.to_owned(), note })
}

/// The item in another queue, or more or less urgent; none where it is so already.
fn reallocated(
    file: &CaseFile,
    officer: &str,
    (queue, priority): (Option<&str>, Option<Priority>),
    note: Option<Personal<String>>,
) -> Result<Option<Event>, ActionRefused> {
    let Some(referral) = &file.referral else { return Err(ActionRefused::Unknown) };
    if queue.is_none() && priority.is_none() {
        let detail = "give a queue or a priority".to_owned();
        return Err(ActionRefused::Malformed(vec![fault("/queue", detail)]));
    }
    if let Some(queue) = queue
        && !queues().contains(queue)
    {
        let known = queues().into_iter().collect::<Vec<_>>().join(", ");
        return Err(ActionRefused::Malformed(vec![fault("/queue", format!("must be one of {known}"))]));
    }
    let queue = queue.filter(|it| *it != referral.queue).map(str::to_owned);
    let priority = priority.filter(|it| *it != referral.priority);
    if queue.is_none() && priority.is_none() {
        return Ok(None);
    }
    let (reference, officer) = (file.received.reference.clone(), officer.to_owned());
    Ok(Some(WorkItemReallocated { reference, officer, queue, priority, note }.into()))
}

/// An item that nobody has, or the officer, put off among many.
pub(super) fn put_off(
    service: &Service,
    file: &CaseFile,
    (until, note): (Date, Option<&String>),
    (officer, supervisor): (&str, bool),
) -> Result<Option<Event>, ActionRefused> {
    let now = service.clock.now();
    let today = day_in_england(now);
    open(file)?;
    free_or_held(file, officer, supervisor, now)?;
    within(until, today, "/until")?;
    match file.work.status_at(now, today) {
        WorkStatus::AwaitingEvidence | WorkStatus::AwaitingConfirmation => return Err(ActionRefused::AwaitsAnswer),
        WorkStatus::Deferred if file.work.back_on == Some(until) => return Ok(None),
        WorkStatus::Open
        | WorkStatus::Claimed
        | WorkStatus::Deferred
        | WorkStatus::AwaitingAuthorisation
        | WorkStatus::Done => {}
    }
    let reference = file.received.reference.clone();
    let note = note.map(|it| sealed(&reference, it));
    Ok(Some(WorkItemDeferred { reference, officer: officer.to_owned(), until, note }.into()))
}

fn evidence_requested(
    file: &CaseFile,
    officer: &str,
    (asked, respond_by): (&str, Option<Date>),
    today: Date,
) -> Result<EvidenceRequested, ActionRefused> {
    let respond_by = respond_by.unwrap_or_else(|| today.saturating_add(EVIDENCE_DAYS.days()));
    within(respond_by, today, "/respond_by")?;
    let (reference, officer) = (file.received.reference.clone(), officer.to_owned());
    let asked = sealed(&reference, asked);
    Ok(EvidenceRequested { reference, officer, respond_by, asked })
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
        closed_years: Vec::new(),
        overrides: Vec::new(),
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
    let SecondPerson { over_limit, closed_years, overrides } = proposal.second;
    Ok(WorkItemDecided { satisfied, over_limit, closed_years, overrides, ..ruling })
}

/// The notification with some of its fields replaced, as the intake reads it.
fn amended(
    service: &Service,
    file: &CaseFile,
    fields: &Map<String, Value>,
) -> Result<(Value, Notification), ActionRefused> {
    let Some(Value::Object(mut whole)) = body(service, file)? else {
        return Err(ActionRefused::NothingProposed("its submitter has been forgotten".to_owned()));
    };
    whole.extend(fields.clone());
    let whole = Value::Object(whole);
    let notification = parse(&whole).map_err(ActionRefused::Malformed)?;
    Ok((whole, notification))
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
