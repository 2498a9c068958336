//! What a notification would come to that nobody has sent: nothing is recorded, and nothing that is recorded of people is read.

use std::collections::BTreeMap;

use hearth_events::{Finding, NotificationReceived, NotificationRef, Outcome, PersonId, Personal, Uprn};
use hearth_projections::{DwellingState, Listing};
use serde_json::Value;

use super::load::matched_dwelling;
use super::outcome::promise;
use crate::clock::day_in_england;
use crate::decision::{AccountMatch, Case, DwellingMatch, Foretold, Matched, Premises, foretell, referral};
use crate::intake::{Details, DwellingGiven, Notification, parse};
use crate::service::preview::{Foreseen, Preview, ToldBefore};
use crate::service::{Refusal, Sender, Service, ServiceError};

/// Says what a notification would come to if it were sent now, as far as that may be told to anybody.
///
/// # Errors
/// [`Refusal::Malformed`] with every fault found, as if it were sent; [`Refusal::Unavailable`] where it cannot be told now.
pub async fn preview(service: &Service, value: &Value) -> Result<Preview, Refusal> {
    let notification = parse(value).map_err(Refusal::Malformed)?;
    foreseen(service, &notification).await.map_err(|error| Refusal::Unavailable(error.to_string()))
}

async fn foreseen(service: &Service, notification: &Notification) -> Result<Preview, ServiceError> {
    let received = not_received(service, notification);
    let received_on = day_in_england(received.received_at);
    let council = service.council().await?;
    let case = Case {
        received: &received,
        notification,
        received_on,
        decided_on: received_on,
        council: &council.council,
        modulus: council.modulus_on(received_on),
        matched: matched(service, notification).await?,
        told_before: None,
        unanswered: None,
    };
    let foretold = foretell(&case);
    let foreseen = match foretold.outcome {
        Outcome::Apply => Foreseen::AtOnceIfRecordsAgree,
        Outcome::Reject => Foreseen::SentBack,
        Outcome::Refer | Outcome::Duplicate => {
            let referral = referral(&case, &foretold.reasons());
            Foreseen::Officer { promised_by: promise(service, &case, &referral)? }
        }
    };
    let Foretold { certain, unless_on_record, .. } = foretold;
    Ok(Preview { foreseen, because: told(certain), better_said: told(unless_on_record) })
}

fn told(findings: Vec<Finding>) -> Vec<ToldBefore> {
    let told = |Finding { check, outcome, reason, because, .. }| ToldBefore { check, outcome, reason, because };
    findings.into_iter().map(told).collect()
}

/// The receipt that there is not.
fn not_received(service: &Service, notification: &Notification) -> NotificationReceived {
    let reference = NotificationRef::from_bits(0);
    NotificationReceived {
        source_reference: String::new(),
        sender: Sender::Public.name(),
        kind: notification.kind,
        channel: notification.channel,
        received_at: service.clock.now(),
        effective_on: notification.effective_on,
        account: notification.account.clone(),
        uprn: None,
        body: Personal::open_for(PersonId::derived(&["submitter", reference.as_str()]), String::new()),
        body_digest: String::new(),
        told_digest: String::new(),
        reference,
    }
}

/// The dwellings that are given, as the list has them; whether there is such an account is nobody's to learn.
async fn matched(service: &Service, notification: &Notification) -> Result<Matched, ServiceError> {
    let read_at = service.store.head().await?;
    let left = if let Details::MoveWithin(it) = &notification.details { it.from_dwelling.given() } else { None };
    let mut dwellings = Vec::new();
    let mut premises: Vec<Premises> = Vec::new();
    for given in [notification.dwelling.as_ref(), left.as_ref()] {
        let found = matched_dwelling(service, given, read_at).await?;
        if let DwellingMatch::One(uprn) = &found
            && premises.iter().all(|it| it.uprn != *uprn)
        {
            premises.push(listed(service, uprn)?);
        }
        dwellings.push(found);
    }
    let from_dwelling = dwellings.pop().unwrap_or(DwellingMatch::NotGiven);
    let dwelling = dwellings.pop().unwrap_or(DwellingMatch::NotGiven);
    Ok(Matched { account: AccountMatch::NotNamed, dwelling, from_dwelling, premises })
}

/// The dwelling of the list, without anybody in it.
fn listed(service: &Service, uprn: &Uprn) -> Result<Premises, ServiceError> {
    let listing = service.views.dwelling(uprn)?.and_then(|it| it.listing);
    let listing = listing.map(|it| Listing { owner: None, ..it });
    let state = DwellingState { listing, ..DwellingState::default() };
    Ok(Premises { uprn: uprn.clone(), state, people: BTreeMap::new() })
}

/// The dwelling of the list that is given so; none where none fits, or several do.
///
/// # Errors
/// When the log or the views cannot be read.
pub async fn dwelling_given(service: &Service, given: &DwellingGiven) -> Result<Option<Uprn>, ServiceError> {
    let read_at = service.store.head().await?;
    let DwellingMatch::One(uprn) = matched_dwelling(service, Some(given), read_at).await? else { return Ok(None) };
    Ok(service.views.dwelling(&uprn)?.and_then(|it| it.listing).map(|_| uprn))
}
