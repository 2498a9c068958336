//! What submitters do after their notification was sent: they take it back, answer what was asked, send evidence. Each step is
//! an event in the notification's own stream, appended at the revision it rests on: an officer who decides and a submitter who
//! withdraws at once cannot both.

use hearth_events::{
    Event, EventId, NotificationCompleted, NotificationRef, NotificationWithdrawn, Personal, QuestionAnswered,
    Recorded, Status, StreamName,
};
use hearth_projections::WorkStatus;

use super::evidence;
use super::item::file;
use super::officers::seen;
use super::outcome::{completed, finished};
use super::steps::sealed;
use super::{CaseFile, MOST_DECISIONS, process};
use crate::service::submitter::{EvidenceKept, FollowUp, NotTaken};
use crate::service::work::ActionRefused;
use crate::service::{Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// How many answers there may be to a notification.
const MOST_ANSWERS: usize = 20;

/// What the submitter was asked and has sent so far.
#[derive(Default)]
pub(super) struct Told {
    is_asked: bool,
    answers: Vec<Personal<String>>,
    pub(super) evidence: Vec<EvidenceKept>,
    /// The digests of the files that were refused.
    pub(super) refused: Vec<String>,
}

impl Told {
    /// Takes an event of the notification's stream; whether it is one of the submitter's.
    pub(super) fn take(&mut self, recorded: &Recorded) -> bool {
        if let Event::EvidenceRequested(_) = &recorded.event {
            self.is_asked = true;
            return false;
        }
        if let Event::QuestionAnswered(it) = &recorded.event {
            self.answers.push(it.text.clone());
        } else if let Event::EvidenceReceived(it) = &recorded.event {
            self.evidence.push(EvidenceKept { received_at: recorded.recorded_at, told: it.clone() });
        } else if let Event::EvidenceRefused(it) = &recorded.event {
            self.refused.push(it.digest.clone());
        }
        matches!(
            recorded.event,
            Event::QuestionAnswered(_)
                | Event::EvidenceReceived(_)
                | Event::EvidenceRefused(_)
                | Event::NotificationWithdrawn(_)
        )
    }
}

/// Does what a submitter asks for, or an officer on the submitter's behalf. Doing the same again changes nothing.
///
/// # Errors
/// When it may not be done, or the log cannot be used; nothing was recorded then.
pub async fn follow_up(
    service: &Service,
    reference: &NotificationRef,
    told: &FollowUp,
    by: &Sender,
) -> Result<(), NotTaken> {
    for _ in 0..MOST_DECISIONS {
        let file = settled(service, reference).await?;
        let events = match told {
            FollowUp::Withdraw { by_officer: true } if file.work.escalated => return Err(NotTaken::ForSupervisors),
            FollowUp::Withdraw { .. } => withdrawn(service, &file)?,
            FollowUp::Answer { text } => answered(service, &file, text)?,
            FollowUp::Evidence(sent) => evidence::received(service, &file, sent).await?,
        };
        if events.is_empty() {
            return Ok(());
        }
        let is_refused = matches!(events.as_slice(), [Event::EvidenceRefused(_)]);
        match append(service, &file, events, by).await {
            Ok(()) if is_refused => return Err(NotTaken::Infected),
            Ok(()) => {}
            // Somebody else was first: look again what is so now.
            Err(ServiceError::Store(StoreError::Conflict { .. })) => continue,
            Err(error) => return Err(error.into()),
        }
        if let Err(error) = seen(service).await {
            tracing::warn!(notification = %reference, %error, "the views do not show yet what the submitter of {reference} did");
        }
        return Ok(());
    }
    Err(ServiceError::Store(StoreError::Unavailable("too many others work on this item".to_owned())).into())
}

/// The notification's own stream, once the machine has done what it has to do.
async fn settled(service: &Service, reference: &NotificationRef) -> Result<CaseFile, NotTaken> {
    let file = file_of(service, reference).await?;
    if file.outcome.is_some() {
        return Ok(file);
    }
    process(service, reference).await?;
    file_of(service, reference).await
}

/// The notification's own stream.
pub(super) async fn file_of(service: &Service, reference: &NotificationRef) -> Result<CaseFile, NotTaken> {
    match file(service, reference).await {
        Ok((file, _)) => Ok(file),
        Err(ActionRefused::Service(error)) => Err(error.into()),
        Err(_) => Err(NotTaken::Unknown),
    }
}

/// What there is to record where the notification is taken back; nothing where it was before.
fn withdrawn(service: &Service, file: &CaseFile) -> Result<Vec<Event>, NotTaken> {
    if file.outcome == Some(Status::Withdrawn) {
        return Ok(Vec::new());
    }
    still_waits(file)?;
    if file.work.status == WorkStatus::AwaitingAuthorisation {
        return Err(NotTaken::UnderWay);
    }
    let referral = file.referral.as_ref();
    let of = completed(file, Status::Withdrawn, Vec::new(), Vec::new());
    let accounts = referral.map_or(of.accounts, |it| it.accounts.clone());
    let mut events: Vec<Event> = vec![NotificationWithdrawn { reference: file.received.reference.clone() }.into()];
    events.extend(finished(service, file, NotificationCompleted { accounts, ..of }));
    Ok(events)
}

/// What there is to record of an answer; nothing where it is the last one again.
fn answered(service: &Service, file: &CaseFile, text: &str) -> Result<Vec<Event>, NotTaken> {
    let before = &file.told.answers;
    if before.last().and_then(|it| it.opened(&service.keys)).as_deref() == Some(text) {
        return Ok(Vec::new());
    }
    still_waits(file)?;
    if !file.told.is_asked {
        return Err(NotTaken::NothingAsked);
    }
    if before.len() >= MOST_ANSWERS {
        return Err(NotTaken::TooMany(before.len()));
    }
    let reference = file.received.reference.clone();
    Ok(vec![QuestionAnswered { text: sealed(&reference, text), reference }.into()])
}

/// It waits for an officer, who has not decided it yet or whose decision waits to be authorised.
pub(super) fn still_waits(file: &CaseFile) -> Result<(), NotTaken> {
    match file.outcome {
        Some(Status::Referred | Status::AwaitingEvidence) if file.work.status != WorkStatus::Done => Ok(()),
        Some(Status::Referred | Status::AwaitingEvidence | Status::Received) | None => Err(NotTaken::UnderWay),
        Some(status @ (Status::Applied | Status::Rejected | Status::Duplicate | Status::Withdrawn)) => {
            Err(NotTaken::Completed(status))
        }
    }
}

async fn append(service: &Service, file: &CaseFile, events: Vec<Event>, by: &Sender) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let actor = match by {
        Sender::Public | Sender::PublicFile | Sender::File => "submitter".to_owned(),
        Sender::Token(_) => by.name(),
    };
    let id_of = |event: &Event| evidence::id_of(event).unwrap_or_else(|| file.id_of(event));
    let events: Vec<(EventId, Event)> = events.into_iter().map(|it| (id_of(&it), it)).collect();
    let planned = service.keys.seal(&events)?;
    let (stream, expected) = (StreamName::notification(reference), Expected::Exact(file.revision));
    service.append(&stream, expected, &planned, &actor, reference.as_str()).await?;
    Ok(())
}
