//! A change that was applied is reversed, or a reversal is: shown first, then recorded with its plan and carried out as a
//! decision is. The plan ends in the notification's own stream, where `NotificationReversed` says that all of it was done.

use hearth_events::{
    DecisionRecorded, Event, EventId, FinancialYear, Finding, FindingOutcome, NotificationRef, NotificationReversed,
    Outcome, PlannedStep, Position, Recorded, SecondPerson, Status, StreamName, Uprn, decode, decode_event,
};
use hearth_projections::Difference;

use super::item::file;
use super::officers::seen;
use super::steps::sealed;
use super::{BY_OFFICER, CaseFile, MOST_DECISIONS, process};
use crate::decision::{Reversal, Working, reach};
use crate::service::reversal::{NotReversed, ReversalAsked, ReversalShown};
use crate::service::work::{ActionRefused, Proposal};
use crate::service::{Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// By whom it would be while it is only shown.
const NOBODY_YET: &str = "";

/// How a change was reversed and restored so far.
#[derive(Default)]
pub(super) struct Reversals {
    /// What is to be carried out, and who decided it, as recorded.
    pub(super) planned: Option<(DecisionRecorded, String)>,
    reversed: bool,
    /// Who reversed or restored it last.
    by: Option<String>,
}

impl Reversals {
    /// Takes an event of the notification's stream; whether it is one of a reversal.
    pub(super) fn take(&mut self, recorded: &Recorded) -> bool {
        if let Event::DecisionRecorded(it) = &recorded.event {
            if it.is_of_a_reversal() {
                self.planned = Some((it.clone(), recorded.metadata.actor.clone()));
            }
            it.is_of_a_reversal()
        } else if let Event::NotificationReversed(it) = &recorded.event {
            *self = Self { planned: None, reversed: !it.restored, by: Some(it.officer.clone()) };
            true
        } else {
            false
        }
    }
}

/// What would change, dwelling by dwelling.
struct Weighed {
    workings: Vec<Working>,
    read_at: Position,
    second: SecondPerson,
}

impl Weighed {
    fn needs_supervisor(&self) -> bool {
        self.second.is_needed()
    }

    fn proposal(&self) -> Proposal {
        let difference = |it: &Working| Difference::between(it.uprn().clone(), it.before(), it.now());
        let events = self.workings.iter().flat_map(|it| it.clone().into_events().1);
        Proposal {
            outcome: Outcome::Apply,
            satisfied: Vec::new(),
            second: self.second.clone(),
            dwellings: self.workings.iter().map(difference).collect(),
            events: events.map(|it| it.type_name()).collect(),
        }
    }
}

/// Shows what would happen if a change were reversed; restored, where it is reversed.
///
/// # Errors
/// When it is not a notification that was applied, or the log cannot be read.
pub async fn reversal_shown(service: &Service, reference: &NotificationRef) -> Result<ReversalShown, NotReversed> {
    let (file, events) = applied(service, reference).await?;
    let reversed = file.reversals.reversed;
    let weighed = match &file.reversals.planned {
        Some(_) => Err("it is being reversed or restored just now".to_owned()),
        None => match weigh(service, reference, &events, reversed, NOBODY_YET).await {
            Ok(weighed) => Ok(weighed),
            Err(NotReversed::NotPossible(because)) => Err(because),
            Err(error) => return Err(error),
        },
    };
    Ok(ReversalShown {
        reference: reference.clone(),
        status: Status::Applied,
        decided_by: decided_by(&file, reversed).map(str::to_owned),
        reversed,
        under_way: file.reversals.planned.is_some(),
        needs_supervisor: weighed.as_ref().is_ok_and(Weighed::needs_supervisor),
        closed_years: weighed.as_ref().map(|it| it.second.closed_years.clone()).unwrap_or_default(),
        proposal: weighed.map(|it| it.proposal()),
    })
}

/// Reverses a change, or restores it, and shows the notification as it then is.
///
/// # Errors
/// When it may not be done, or the log cannot be used; nothing was recorded then.
pub async fn reverse(
    service: &Service,
    reference: &NotificationRef,
    asked: &ReversalAsked,
) -> Result<ReversalShown, NotReversed> {
    for _ in 0..MOST_DECISIONS {
        let (file, events) = applied(service, reference).await?;
        if file.reversals.planned.is_some() {
            return Err(NotReversed::UnderWay);
        }
        if file.reversals.reversed != asked.restored {
            return Err(NotReversed::Already { restored: asked.restored });
        }
        let weighed = weigh(service, reference, &events, asked.restored, &asked.officer).await?;
        may(&file, &weighed, asked)?;
        let mark = NotificationReversed {
            reference: reference.clone(),
            officer: asked.officer.clone(),
            restored: asked.restored,
            explanation: Some(sealed(reference, &asked.explanation)),
        };
        match record(service, &file, weighed, mark).await {
            Ok(()) => {}
            // Somebody else was first: look again what is so now.
            Err(ServiceError::Store(StoreError::Conflict { .. })) => continue,
            Err(error) => return Err(error.into()),
        }
        // It is safe from here on. Where it cannot be carried out at once it is taken up again later.
        if let Err(error) = process(service, reference).await {
            tracing::warn!(notification = %reference, %error, "the reversal of {reference} is carried out later");
        }
        if let Err(error) = seen(service).await {
            tracing::warn!(notification = %reference, %error, "the views do not show the reversal of {reference} yet");
        }
        let shown = reversal_shown(service, reference).await?;
        return if shown.under_way || shown.reversed != asked.restored {
            Ok(shown)
        } else {
            let because = "a dwelling was changed while it was carried out, and it was taken back".to_owned();
            Err(NotReversed::NotPossible(shown.proposal.err().unwrap_or(because)))
        };
    }
    Err(ServiceError::Store(StoreError::Unavailable("too many others work on these dwellings".to_owned())).into())
}

/// The stream of a notification that was applied.
async fn applied(service: &Service, reference: &NotificationRef) -> Result<(CaseFile, Vec<Recorded>), NotReversed> {
    let (file, events) = file(service, reference).await.map_err(|error| {
        if let ActionRefused::Service(error) = error { NotReversed::Service(error) } else { NotReversed::Unknown }
    })?;
    match file.outcome {
        Some(Status::Applied) => Ok((file, events)),
        other => Err(NotReversed::NotApplied(other.unwrap_or(Status::Received))),
    }
}

/// What moves more than policy lets one person move, or a year that is over, a supervisor reverses who did not decide it.
fn may(file: &CaseFile, weighed: &Weighed, asked: &ReversalAsked) -> Result<(), NotReversed> {
    if !weighed.needs_supervisor() {
        return Ok(());
    }
    if !asked.supervisor {
        return Err(NotReversed::NeedsSupervisor(weighed.second.reasons().join("; ")));
    }
    let is_theirs = decided_by(file, asked.restored) == Some(asked.officer.as_str());
    if is_theirs { Err(NotReversed::SamePerson) } else { Ok(()) }
}

/// Whose decision it is that would be reversed, or whose reversal, where it would be restored.
fn decided_by(file: &CaseFile, restored: bool) -> Option<&str> {
    if restored { file.reversals.by.as_deref() } else { file.ruling.as_ref().map(|it| it.officer.as_str()) }
}

/// Works out what would change at every dwelling that the notification changed.
async fn weigh(
    service: &Service,
    reference: &NotificationRef,
    events: &[Recorded],
    restored: bool,
    by: &str,
) -> Result<Weighed, NotReversed> {
    let council = service.council().await?;
    let read_at = service.store.head().await.map_err(ServiceError::from)?;
    let mut workings = Vec::new();
    for uprn in dwellings(events) {
        let stream = StreamName::dwelling(&uprn);
        let stored = service.store.read_stream(&stream, 0).await.map_err(ServiceError::from)?;
        let history: Vec<_> = stored.iter().map(decode).collect::<Result<_, _>>().map_err(ServiceError::from)?;
        let (on, opener) = (service.today(), &service.keys);
        let reversal = Reversal { notification: reference, restored, on, by, opener };
        let working = reversal.at(&uprn, &history, &council.council);
        workings.extend(working.map_err(|error| NotReversed::NotPossible(error.to_string()))?);
    }
    let today = service.today();
    let reach = reach(&workings, FinancialYear::of(today));
    let limit = council.council.policy_on(today).charge_movement_limit;
    let over_limit = (reach.greatest > limit).then_some(reach.greatest);
    let second = SecondPerson { over_limit, closed_years: reach.closed_years, overrides: Vec::new() };
    Ok(Weighed { workings, read_at, second })
}

/// The dwellings for which anything was ever planned.
fn dwellings(events: &[Recorded]) -> Vec<Uprn> {
    let mut dwellings = Vec::new();
    for recorded in events {
        let Event::DecisionRecorded(it) = &recorded.event else { continue };
        for uprn in it.plan.iter().filter_map(|step| step.stream.as_dwelling()) {
            if !dwellings.contains(&uprn) {
                dwellings.push(uprn);
            }
        }
    }
    dwellings
}

/// Records a reversal with its plan.
async fn record(
    service: &Service,
    file: &CaseFile,
    weighed: Weighed,
    mark: NotificationReversed,
) -> Result<(), ServiceError> {
    let (reference, attempt) = (mark.reference.clone(), file.decisions.to_string());
    let actor = Sender::Token(mark.officer.clone()).name();
    let because =
        if mark.restored { "an officer restored what it changed" } else { "an officer reversed what it changed" };
    let finding = Finding {
        check: if mark.restored { "restored-by-officer" } else { "reversed-by-officer" }.to_owned(),
        outcome: FindingOutcome::Passed,
        reason: None,
        because: because.to_owned(),
        source: BY_OFFICER.to_owned(),
    };
    let (mut plan, mut dwellings) = (Vec::new(), Vec::new());
    for working in weighed.workings {
        let expected = working.before().revision;
        let (uprn, events) = working.into_events();
        let step = plan.len().to_string();
        let id =
            |number: usize| EventId::derived(&["reversal", reference.as_str(), &attempt, &step, &number.to_string()]);
        let events: Vec<_> = events.into_iter().enumerate().map(|(number, event)| (id(number), event)).collect();
        if !events.is_empty() {
            let stream = StreamName::dwelling(&uprn);
            plan.push(PlannedStep { stream, expected, events: service.keys.seal(&events)? });
            dwellings.push(uprn);
        }
    }
    let stream = StreamName::notification(&reference);
    let done = [(EventId::derived(&["reversed", reference.as_str(), &attempt]), Event::from(mark))];
    let (expected, events) = (Some(file.revision.saturating_add(1)), service.keys.seal(&done)?);
    plan.push(PlannedStep { stream: stream.clone(), expected, events });
    let decision = DecisionRecorded {
        outcome: Outcome::Apply,
        findings: vec![finding],
        reasons: Vec::new(),
        dwellings,
        decided_at: weighed.read_at,
        plan,
    };
    let id = EventId::derived(&["decision", reference.as_str(), &attempt]);
    let planned = service.keys.seal(&[(id, decision.into())])?;
    service.append(&stream, Expected::Exact(file.revision), &planned, &actor, reference.as_str()).await?;
    Ok(())
}

/// Carries a recorded reversal out, step by step; each step is appended once however often this is done.
pub(super) async fn carried_out(
    service: &Service,
    file: &CaseFile,
    (decision, actor): &(DecisionRecorded, String),
) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    for step in &decision.plan {
        let expected = step.expected.map_or(Expected::NoStream, Expected::Exact);
        match service.append(&step.stream, expected, &step.events, actor, reference.as_str()).await {
            Ok(_) => {}
            Err(ServiceError::Store(StoreError::Conflict { .. })) => return planned_anew(service, reference).await,
            Err(error) => return Err(error),
        }
    }
    tracing::info!(notification = %reference, "reversed or restored what notification {reference} changed");
    Ok(())
}

/// A stream went on before the plan came to it: what is left is worked out on what is so now. Where that cannot be any more,
/// what was done of it is taken back.
async fn planned_anew(service: &Service, reference: &NotificationRef) -> Result<(), ServiceError> {
    let unreadable =
        |why: &str| ServiceError::Log(format!("the reversal of {reference} cannot be planned anew: {why}"));
    let (file, events) = file(service, reference).await.map_err(|error| unreadable(&error.to_string()))?;
    let Some((decision, _)) = &file.reversals.planned else { return Ok(()) };
    let mut mark = mark_of(decision).ok_or_else(|| unreadable("its plan does not say what is reversed"))?;
    mark.explanation = mark.explanation.map(|it| match it.opened(&service.keys) {
        Some(text) => sealed(reference, &text),
        None => it,
    });
    let weighed = match weigh(service, reference, &events, mark.restored, &mark.officer).await {
        Err(NotReversed::NotPossible(_)) => {
            mark.restored = !mark.restored;
            weigh(service, reference, &events, mark.restored, &mark.officer).await
        }
        weighed => weighed,
    };
    match weighed {
        Ok(weighed) => record(service, &file, weighed, mark).await,
        Err(NotReversed::Service(error)) => Err(error),
        Err(other) => Err(unreadable(&other.to_string())),
    }
}

/// What a plan says in the end.
fn mark_of(decision: &DecisionRecorded) -> Option<NotificationReversed> {
    let last = decision.plan.last()?.events.last()?;
    let event = decode_event(&last.type_name, 1, last.data.get()).ok()?;
    if let Event::NotificationReversed(it) = event { Some(it) } else { None }
}
