//! What waits at a dwelling is decided again when something has changed there that it may have waited for.
//!
//! Only what is cured by that goes on: a referral that would be referred again is left as it is, and so is one that somebody
//! is working on.

use std::pin::Pin;
use std::time::Duration;

use hearth_events::{
    DecisionRecorded, NotificationRef, Outcome, PlannedStep, ReasonCode, ReferralTakenUp, Status, StreamName, Uprn,
    decode,
};
use hearth_projections::{Projection, WorkStatus, Workload};

use super::outcome::beside;
use super::{CaseFile, load, process, read, record, recorded};
use crate::decision::decide;
use crate::service::{Service, ServiceError};
use crate::store::StoreError;

/// Reasons that another notification can cure: nobody was liable before, or somebody else still was.
const CURABLE: [ReasonCode; 4] = [ReasonCode::R01, ReasonCode::R04, ReasonCode::R05, ReasonCode::R19];

/// Events that change nothing another notification may wait for: what is owed, and how it is paid and told.
const IDLE: [&str; 7] = [
    "BillCopied",
    "ChargeCalculated",
    "PaymentMethodChanged",
    "InstalmentPlanSet",
    "DeliveryPreferenceChanged",
    "DiscountAwarded",
    "DiscountEnded",
];

/// How long the view of what waits may take to come to where the log is.
const SEEN: Duration = Duration::from_secs(2);

/// Takes up what waits at the dwellings that a plan has changed. Where that fails, it waits for an officer as before.
///
/// In a box, as what is taken up changes dwellings in its turn; each ends a referral, so it comes to an end.
pub(super) fn at_dwellings<'a>(
    service: &'a Service,
    after: &'a NotificationRef,
    decision: &'a DecisionRecorded,
) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
    Box::pin(async move {
        let is_idle = |step: &&PlannedStep| step.events.iter().all(|it| IDLE.contains(&it.type_name.as_str()));
        let changed = decision.plan.iter().filter(|step| !is_idle(step));
        for uprn in changed.filter_map(|step| step.stream.as_dwelling()) {
            if let Err(error) = at_dwelling(service, after, &uprn).await {
                tracing::warn!(dwelling = %uprn, %error, "what waits at dwelling {uprn} could not be taken up");
            }
        }
    })
}

async fn at_dwelling(service: &Service, after: &NotificationRef, uprn: &Uprn) -> Result<(), ServiceError> {
    let head = service.store.head().await?;
    let _in_time = service.views.wait_for(Workload::NAME, head, SEEN).await?;
    let mut waiting = service.views.claims_on(uprn)?;
    waiting.sort_by_key(|it| it.position);
    for row in waiting.into_iter().filter(|it| it.reference != *after) {
        match taken_up(service, &row.reference, after).await {
            Ok(true) => {
                let status = process(service, &row.reference).await?;
                tracing::info!(notification = %row.reference, ?status, "took up {}", row.reference);
            }
            // An officer, or another process, has it: it is theirs.
            Ok(false) | Err(ServiceError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes up a referral that has just been recorded, where a dwelling it rests on was changed while it was decided: who
/// changed it could not see it waiting yet.
pub(super) async fn where_changed(service: &Service, reference: &NotificationRef, loaded: &load::Loaded) {
    if let Err(error) = changed_since(service, reference, loaded).await {
        tracing::warn!(notification = %reference, %error, "{reference} could not be taken up again");
    }
}

async fn changed_since(
    service: &Service,
    reference: &NotificationRef,
    loaded: &load::Loaded,
) -> Result<(), ServiceError> {
    for uprn in loaded.dwellings() {
        let next = loaded.revision(&uprn).map_or(0, |it| it + 1);
        let since = service.store.read_stream(&StreamName::dwelling(&uprn), next).await?;
        let Some(changed) = since.last() else { continue };
        let after: Option<NotificationRef> = decode(changed)?.metadata.causation.parse().ok();
        let Some(after) = after.filter(|it| it.is_of_a_notification() && it != reference) else { continue };
        match taken_up(service, reference, &after).await {
            Ok(_) | Err(ServiceError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Decides a referral again; whether it goes on from here by itself.
async fn taken_up(
    service: &Service,
    reference: &NotificationRef,
    after: &NotificationRef,
) -> Result<bool, ServiceError> {
    let file = read(service, reference).await?;
    if !is_free(&file) || !is_curable(&file) {
        return Ok(false);
    }
    let council = service.council().await?;
    let loaded = load::load(service, &file).await?;
    let case = loaded.case(&file, &council);
    let decision = decide(&case);
    match decision.outcome {
        Outcome::Apply | Outcome::Duplicate => {}
        Outcome::Refer | Outcome::Reject => return Ok(false),
    }
    let taken_up = ReferralTakenUp { reference: reference.clone(), after: after.clone() };
    let mut events = vec![taken_up.into(), recorded(service, &file, &loaded, &decision)?.into()];
    events.extend(beside(service, &file, &case, &decision)?);
    record(service, &file, events).await?;
    Ok(true)
}

/// Another notification can cure whatever it was referred for.
fn is_curable(file: &CaseFile) -> bool {
    file.referral.as_ref().is_some_and(|it| it.reasons.iter().all(|reason| CURABLE.contains(reason)))
}

/// Nobody has it, nobody decided it, nobody put it off, and nobody gave it to supervisors.
fn is_free(file: &CaseFile) -> bool {
    let is_referred = file.outcome == Some(Status::Referred) && !file.work.escalated;
    is_referred && matches!(file.work.status, WorkStatus::Open | WorkStatus::AwaitingConfirmation)
}
