//! What a notification comes to, as events: its outcome, and what goes with it while it waits or now that it does not.

use hearth_events::{
    AccountRef, ConfirmationAsked, DecisionRecorded, Event, NotificationCompleted, NotificationReceived,
    NotificationRef, NotificationReferred, Outcome, ReasonCode, RecoveryHeld, RecoveryResumed, Status,
};
use jiff::ToSpan;
use jiff::civil::Date;

use super::CaseFile;
use crate::clock::day_in_england;
use crate::decision::{
    Case, Decision, QueueNow, Referral, Waiting, held, lately, linked, promised_by, referral, tells_of_a_move,
    to_be_asked,
};
use crate::service::{Service, ServiceError};

/// What is recorded beside a decision that changes nothing at a dwelling; nothing where it is still to be carried out.
pub(super) fn beside(
    service: &Service,
    file: &CaseFile,
    case: &Case<'_>,
    decision: &Decision,
) -> Result<Vec<Event>, ServiceError> {
    let of = |status| completed(file, status, decision.reasons.clone(), Vec::new());
    let completed = match decision.outcome {
        Outcome::Apply => return Ok(Vec::new()),
        Outcome::Refer => {
            return referred(service, file, case, decision.reasons.clone(), decision.accounts.clone());
        }
        Outcome::Duplicate => of(Status::Duplicate),
        Outcome::Reject => of(Status::Rejected),
    };
    let linked = telling_the_same(service, case)?;
    Ok(finished(service, file, NotificationCompleted { linked, ..completed }))
}

/// The notification waits for an officer: by when it is promised, what it is linked with, what it holds, whom it asks.
pub(super) fn referred(
    service: &Service,
    file: &CaseFile,
    case: &Case<'_>,
    reasons: Vec<ReasonCode>,
    accounts: Vec<AccountRef>,
) -> Result<Vec<Event>, ServiceError> {
    let referral = referral(case, &reasons);
    let (received, due_on) = (case.received, referral.due_on);
    let promised_by = promise(service, case, &referral)?;
    let asks = if file.asked.is_none() && reasons == [ReasonCode::R04] { to_be_asked(case) } else { Vec::new() };
    let mut events: Vec<Event> = vec![
        NotificationReferred {
            reference: received.reference.clone(),
            kind: received.kind,
            channel: received.channel,
            received_at: received.received_at,
            reasons,
            queue: referral.queue.to_owned(),
            priority: referral.priority,
            due_on,
            minutes_estimated: referral.minutes_estimated,
            accounts,
            dwellings: case.matched.premises.iter().map(|it| it.uprn.clone()).collect(),
            effective_on: received.effective_on,
            promised_by: Some(promised_by),
            linked: telling_the_same(service, case)?,
        }
        .into(),
    ];
    let mut hold = held(case, due_on);
    let mut asked = None;
    if !asks.is_empty() {
        let days = case.policy().third_party_wait_days.unwrap_or_default();
        let respond_by = case.received_on.saturating_add(i64::from(days).days());
        // Who is asked late has as long as who is asked at once.
        let respond_by = respond_by.max(today(service).saturating_add(i64::from(days).days()));
        let reference = received.reference.clone();
        // Nobody is pursued while they may still answer, nor on the day on which it is an officer's again.
        hold = hold.map(|it| RecoveryHeld { until: it.until.max(respond_by.saturating_add(2.days())), ..it });
        asked = Some(ConfirmationAsked { reference, accounts: asks, respond_by });
    }
    events.extend(hold.and_then(|it| more_than(file.hold.as_ref(), it)).map(Event::from));
    events.extend(asked.map(Event::from));
    Ok(events)
}

/// The notification has its outcome, and recovery goes on where it was held for it.
pub(super) fn finished(service: &Service, file: &CaseFile, completed: NotificationCompleted) -> Vec<Event> {
    let mut events = vec![completed.into()];
    if let Some(RecoveryHeld { reference, accounts, .. }) = file.hold.clone() {
        events.push(RecoveryResumed { reference, accounts, on: today(service) }.into());
    }
    events
}

/// A hold that goes beyond what is held already; none where it does not.
fn more_than(held: Option<&RecoveryHeld>, new: RecoveryHeld) -> Option<RecoveryHeld> {
    let is_more =
        held.is_none_or(|it| new.until > it.until || new.accounts.iter().any(|account| !it.accounts.contains(account)));
    is_more.then_some(new)
}

/// The same as a hold that ends no earlier than the day after `day`; none where nothing is held, or it is held so long.
pub(super) fn held_beyond(file: &CaseFile, day: Date) -> Option<RecoveryHeld> {
    let hold = file.hold.clone()?;
    let until = day.saturating_add(1.day());
    (until > hold.until).then_some(RecoveryHeld { until, ..hold })
}

pub(super) fn today(service: &Service) -> Date {
    day_in_england(service.clock.now())
}

/// The day by which the live queue will have come to it.
pub(super) fn promise(service: &Service, case: &Case<'_>, referral: &Referral) -> Result<Date, ServiceError> {
    let today = today(service);
    let place = (referral.priority, case.received.received_at);
    let count = service.views.queue(referral.queue, place, lately(today))?;
    let queue = QueueNow { ahead: count.ahead, completed_lately: count.completed };
    Ok(promised_by(today, referral.due_on, queue))
}

/// The other notifications that tell of the same change, and those that are known to tell of the same as they do.
pub(super) fn telling_the_same(service: &Service, case: &Case<'_>) -> Result<Vec<NotificationRef>, ServiceError> {
    let mut waiting = Vec::new();
    if tells_of_a_move(case.notification.kind) {
        for premises in &case.matched.premises {
            waiting.extend(service.views.claims_on(&premises.uprn)?.into_iter().filter_map(|row| {
                let effective_on = row.referral?.effective_on;
                Some(Waiting { reference: row.reference, kind: row.kind, effective_on })
            }));
        }
    }
    let mut all = linked(case, &waiting);
    if !all.is_empty() {
        for it in service.views.linked_with(&all)? {
            if it != case.received.reference && !all.contains(&it) {
                all.push(it);
            }
        }
    }
    Ok(all)
}

/// The outcome of a notification, without what it is linked with.
pub(super) fn completed(
    file: &CaseFile,
    status: Status,
    reasons: Vec<ReasonCode>,
    accounts_opened: Vec<AccountRef>,
) -> NotificationCompleted {
    let received: &NotificationReceived = &file.received;
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

/// The outcome of a plan that was carried out.
pub(super) fn applied(file: &CaseFile, decision: &DecisionRecorded) -> NotificationCompleted {
    let mut completed = completed(file, Status::Applied, Vec::new(), opened_by(decision));
    completed.accounts = touched_by(&completed.accounts, decision);
    completed
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
