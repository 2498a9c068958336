//! What would be decided under other policies or other rules: nothing is recorded.

use std::collections::BTreeMap;

use hearth_events::{
    AccountRef, DecisionRecorded, Event, FinancialYear, FindingOutcome, Money, NotificationRef, PolicyAdopted,
    Position, Recorded, StreamName, Uprn, decode,
};

use super::{load, opened, read};
use crate::clock::day_in_england;
use crate::decision::{Case, Decision, Premises, decide};
use crate::rules::Council;
use crate::service::what_if::{DecidedAgain, Ruled};
use crate::service::{Service, ServiceError};

/// What a notification that was received would come to as the log stands now, under each of these councils.
///
/// # Errors
/// When the log, the views or the keys cannot be used, or its submitter has been forgotten.
pub async fn what_if(
    service: &Service,
    reference: &NotificationRef,
    councils: &[&Council],
) -> Result<Vec<Decision>, ServiceError> {
    let file = read(service, reference).await?;
    let loaded = load::load(service, &file).await?;
    let now = service.council().await?;
    let decided = |council: &&Council| decide(&Case { council, ..loaded.case(&file, &now) });
    Ok(councils.iter().map(decided).collect())
}

/// Decides a notification again on what stood when it was first decided: as things are, and under another council. None
/// where it was not decided yet, or its submitter was forgotten.
///
/// # Errors
/// When the log, the views or the keys cannot be used.
pub async fn decide_again(
    service: &Service,
    reference: &NotificationRef,
    other: &Council,
) -> Result<Option<DecidedAgain>, ServiceError> {
    let Some((decided, until)) = first_decision(service, reference).await? else { return Ok(None) };
    let mut file = read(service, reference).await?;
    // As it came, not as an officer put it right.
    file.ruling = None;
    let Some(notification) = opened(service, &file)? else { return Ok(None) };
    let loaded = load::load_until(service, &file, notification, &until).await?;
    let now = service.council().await?;
    let as_then = || Case { unanswered: None, ..loaded.case(&file, &now) };
    let (own, instead) = (decide(&as_then()), decide(&Case { council: other, ..as_then() }));
    let charged = |it: &Decision| charged(it, &as_then().matched.premises);
    Ok(Some(DecidedAgain {
        reference: reference.clone(),
        kind: file.received.kind,
        as_recorded: (own.outcome, &own.reasons) == (decided.outcome, &decided.reasons),
        now: ruled(&own, charged(&own)),
        instead: ruled(&instead, charged(&instead)),
    }))
}

/// The machine's decision before the first outcome, and what stood then.
async fn first_decision(
    service: &Service,
    reference: &NotificationRef,
) -> Result<Option<(DecisionRecorded, load::Until)>, ServiceError> {
    let mut found = None;
    for stored in service.store.read_stream(&StreamName::notification(reference), 0).await? {
        let Recorded { position, recorded_at, event, .. } = decode(&stored)?;
        if let Event::DecisionRecorded(it) = event {
            found = Some((it, load::Until { position, on: day_in_england(recorded_at) }));
        } else if let Event::NotificationReferred(_) | Event::NotificationCompleted(_) = event {
            break;
        }
    }
    Ok(found)
}

/// By how much a decision moves the tax charged at the dwellings it rests on.
fn charged(decision: &Decision, premises: &[Premises]) -> Money {
    let mut after: BTreeMap<(&Uprn, &AccountRef, FinancialYear), Money> = BTreeMap::new();
    for (uprn, events) in &decision.effects {
        for event in events {
            if let Event::ChargeCalculated(it) = event {
                after.insert((uprn, &it.account, it.financial_year), it.net);
            }
        }
    }
    let before = |uprn: &Uprn, account: &AccountRef, year: FinancialYear| {
        let place = premises.iter().find(|it| it.uprn == *uprn)?;
        place.state.account(account)?.charges.get(&year).map(|it| it.net)
    };
    let moved = after.into_iter();
    moved.map(|((uprn, account, year), net)| net - before(uprn, account, year).unwrap_or_default()).sum()
}

fn ruled(it: &Decision, charged: Money) -> Ruled {
    let failing = it.findings.iter().filter(|it| it.outcome != FindingOutcome::Passed).cloned().collect();
    Ruled { outcome: it.outcome, reasons: it.reasons.clone(), failing, charged }
}

/// The council with other policies: each value stands instead of what was adopted from the same day, and the rest stays.
///
/// # Errors
/// Never for policies that were read from a file: when a policy cannot be written as JSON.
pub fn council_with(council: &Council, policies: &[PolicyAdopted]) -> Result<Council, ServiceError> {
    let mut other = council.clone();
    for it in policies {
        let merged = match other.policy_adopted_from(it.from) {
            None => it.clone(),
            Some(held) => over(held, it).map_err(|error| ServiceError::Log(format!("a policy: {error}")))?,
        };
        other.adopt(&merged, Position::START);
    }
    Ok(other)
}

/// A policy with what another says instead of what it says itself.
fn over(held: &PolicyAdopted, other: &PolicyAdopted) -> Result<PolicyAdopted, serde_json::Error> {
    let mut merged = serde_json::to_value(held)?;
    if let (Some(fields), serde_json::Value::Object(said)) = (merged.as_object_mut(), serde_json::to_value(other)?) {
        fields.extend(said);
    }
    serde_json::from_value(merged)
}

/// Decides notifications again, one after the other; those that cannot be are left out. Nothing is recorded.
///
/// # Errors
/// As [`decide_again`].
pub async fn replay(
    service: &Service,
    references: &[NotificationRef],
    policies: &[PolicyAdopted],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<DecidedAgain>, ServiceError> {
    let other = council_with(&service.council().await?.council, policies)?;
    let mut again = Vec::new();
    for (number, reference) in references.iter().enumerate() {
        again.extend(decide_again(service, reference, &other).await?);
        progress(number + 1, references.len());
    }
    Ok(again)
}
