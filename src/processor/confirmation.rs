//! The liable persons are told what somebody else says of their account, and asked; what follows when they do not answer.

use std::time::Duration;

use hearth_events::{AccountRef, ConfirmationLapsed, LogClock, NotificationRef, Outcome, Silence, Status};
use hearth_projections::{Projection, WorkStatus, Workload};
use jiff::civil::Date;

use super::outcome::{beside, today};
use super::{CaseFile, letters, load, process, read, record, recorded};
use crate::decision::{Case, Unanswered, decide};
use crate::service::{Service, ServiceError};
use crate::store::StoreError;

/// How long the view of what waits may take to come to where the log is.
const SEEN: Duration = Duration::from_secs(10);

/// Writes the letters that are not written yet, and ends the waiting of those whose day has passed.
///
/// # Errors
/// When the log or the views cannot be used. What could not be done for one notification is tried again the next time.
pub async fn lapse(service: &Service) -> Result<(), ServiceError> {
    let today = today(service);
    let asks = service.council().await?.council.policy_on(today).third_party_wait_days.is_some();
    if asks && service.clock.kind() == LogClock::File {
        // A simulated day is over when the next notification arrives, not when the view has come up.
        let head = service.store.head().await?;
        let _in_time = service.views.wait_for(Workload::NAME, head, SEEN).await?;
    }
    for (reference, back_on, accounts) in service.views.awaiting_confirmation()? {
        if let Err(error) = looked_after(service, &reference, back_on, &accounts).await {
            tracing::error!(notification = %reference, %error, "{reference} waits for an answer and could not be looked after");
        }
    }
    Ok(())
}

async fn looked_after(
    service: &Service,
    reference: &NotificationRef,
    back_on: Date,
    accounts: &[AccountRef],
) -> Result<(), ServiceError> {
    let missing = accounts.iter().any(|it| !letters::is_written(&service.outbox, &letters::name(reference, it)));
    let is_over = back_on <= today(service);
    if !missing && !is_over {
        return Ok(());
    }
    let file = read(service, reference).await?;
    let Some(asked) = file.asked.filter(|_| awaits(&file)) else { return Ok(()) };
    if missing {
        told(service, &file, accounts, asked).await?;
    }
    if is_over {
        // Who is only told now cannot have answered: then an officer decides.
        over(service, &file, asked, !missing).await?;
    }
    Ok(())
}

fn awaits(file: &CaseFile) -> bool {
    file.outcome == Some(Status::Referred) && file.work.status == WorkStatus::AwaitingConfirmation
}

/// Writes the letters to the liable persons.
async fn told(
    service: &Service,
    file: &CaseFile,
    accounts: &[AccountRef],
    asked: Unanswered,
) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let council = service.council().await?;
    let loaded = load::load(service, file).await?;
    let case = loaded.case(file, &council);
    for account in accounts {
        let name = letters::name(reference, account);
        let question = letters::Question { case: &case, account, respond_by: asked.respond_by };
        let letter = question.letter().filter(|_| !letters::is_written(&service.outbox, &name));
        if let Some(letter) = letter {
            let failed = |error| ServiceError::Log(format!("the letter {name} cannot be written: {error}"));
            letters::write(&service.outbox, &name, &letter).map_err(failed)?;
            tracing::info!(notification = %reference, "wrote the letter {name} into the outbox");
        }
    }
    Ok(())
}

/// Nobody has answered by the day: it takes effect where policy says so and nothing else has come up, or an officer decides.
async fn over(service: &Service, file: &CaseFile, asked: Unanswered, were_told: bool) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let on = asked.respond_by.tomorrow().unwrap_or(asked.respond_by);
    let lapsed = |follows| ConfirmationLapsed { reference: reference.clone(), on, follows };
    let council = service.council().await?;
    let loaded = load::load(service, file).await?;
    let case = Case { unanswered: Some(asked), ..loaded.case(file, &council) };
    let may_apply =
        were_told && case.policy().third_party_silence == Silence::Apply && !others_wait(service, file, &case)?;
    let decision = may_apply.then(|| decide(&case)).filter(|it| match it.outcome {
        Outcome::Apply | Outcome::Duplicate => true,
        Outcome::Refer | Outcome::Reject => false,
    });
    let mut events = Vec::new();
    if let Some(decision) = &decision {
        events.extend([lapsed(Silence::Apply).into(), recorded(service, file, &loaded, decision)?.into()]);
        events.extend(beside(service, file, &case, decision)?);
    } else {
        events.push(lapsed(Silence::Refer).into());
    }
    match record(service, file, events).await {
        Ok(()) => {}
        // Somebody has just taken it: it is theirs.
        Err(ServiceError::Store(StoreError::Conflict { .. })) => return Ok(()),
        Err(error) => return Err(error),
    }
    if decision.is_some() {
        process(service, reference).await?;
    }
    Ok(())
}

/// Whether anything else came since and waits at the same dwelling: a dispute, say, is an answer too.
fn others_wait(service: &Service, file: &CaseFile, case: &Case<'_>) -> Result<bool, ServiceError> {
    for premises in &case.matched.premises {
        let waiting = service.views.claims_on(&premises.uprn)?;
        if waiting.iter().any(|it| it.position > file.received_position) {
            return Ok(true);
        }
    }
    Ok(false)
}
