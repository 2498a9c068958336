//! A plan that meets a conflict at a later dwelling: what was done of it at the others is taken back, so that all of it happens or
//! nothing, and the notification is decided anew on what is so now.

use hearth_events::{
    DecisionRecorded, Event, EventId, Finding, FindingOutcome, Outcome, PlannedStep, ReasonCode, StreamName, Uprn,
    decode,
};

use super::{CaseFile, decided, record, rest_referred};
use crate::decision::{NotReversible, Reversal, Working};
use crate::service::{Service, ServiceError};

const ALL_OR_NOTHING: &str = "a change takes effect at all its dwellings or at none";

/// Records that the steps of a plan that were done are taken back. Carrying that out again repeats them, each once, before it
/// takes them back.
pub(super) async fn take_back(service: &Service, file: &CaseFile, done: &[PlannedStep]) -> Result<(), ServiceError> {
    let reference = &file.received.reference;
    let (mut plan, mut reasons) = (done.to_vec(), Vec::new());
    let mut dwellings: Vec<Uprn> = Vec::new();
    for uprn in done.iter().filter_map(|step| step.stream.as_dwelling()) {
        if !dwellings.contains(&uprn) {
            dwellings.push(uprn);
        }
    }
    let read_at = service.store.head().await?;
    for uprn in &dwellings {
        let (expected, events, is_whole) = undone(service, file, uprn).await?;
        // What rests on it by now is an officer's.
        reasons.extend((!is_whole).then_some(ReasonCode::R04));
        let (attempt, step) = (file.decisions.to_string(), plan.len().to_string());
        let id =
            |number: usize| EventId::derived(&["taken-back", reference.as_str(), &attempt, &step, &number.to_string()]);
        let events: Vec<_> = events.into_iter().enumerate().map(|(number, event)| (id(number), event)).collect();
        if !events.is_empty() {
            let stream = StreamName::dwelling(uprn);
            plan.push(PlannedStep { stream, expected, events: service.keys.seal(&events)? });
        }
    }
    reasons.dedup();
    let because = if reasons.is_empty() {
        "a dwelling was changed before it was its turn: what was done at the others is taken back, and it is decided anew"
    } else {
        "a dwelling was changed before it was its turn, and what was done at the others cannot be taken back any more"
    };
    let (outcome, reason) = (FindingOutcome::Referred, Some(ReasonCode::R04));
    let (check, source) = ("all-or-nothing".to_owned(), ALL_OR_NOTHING.to_owned());
    let finding = Finding { check, outcome, reason, because: because.to_owned(), source };
    let outcome = Outcome::Refer;
    let decision = DecisionRecorded { outcome, findings: vec![finding], reasons, dwellings, decided_at: read_at, plan };
    tracing::warn!(notification = %reference, "{reference}: {because}");
    record(service, file, vec![decision.into()]).await
}

/// What follows once a plan that takes back is carried out: it is decided anew; by an officer where something was left.
pub(super) async fn once_taken_back(
    service: &Service,
    file: &CaseFile,
    decision: &DecisionRecorded,
) -> Result<(), ServiceError> {
    if decision.reasons.is_empty() {
        decided(service, file).await
    } else {
        record(service, file, rest_referred(service, file).await?).await
    }
}

/// What takes back what the notification changed at a dwelling, on which revision; and whether that is all of it. A credit
/// comes back in any case, as where it was to go it has not arrived.
async fn undone(
    service: &Service,
    file: &CaseFile,
    uprn: &Uprn,
) -> Result<(Option<u64>, Vec<Event>, bool), ServiceError> {
    let stored = service.store.read_stream(&StreamName::dwelling(uprn), 0).await?;
    let history: Vec<_> = stored.iter().map(decode).collect::<Result<_, _>>()?;
    let revision = history.last().map(|it| it.revision);
    let (on, council) = (service.today(), service.council().await?);
    let notification = &file.received.reference;
    let reversal = Reversal { notification, restored: false, on, by: "processor", opener: &service.keys };
    match reversal.at(uprn, &history, &council.council) {
        Ok(working) => Ok((revision, working.map(|it: Working| it.into_events().1).unwrap_or_default(), true)),
        Err(NotReversible::Stream(error)) => Err(ServiceError::Log(format!("dwelling {uprn}: {error}"))),
        Err(error) => {
            tracing::warn!(notification = %notification, %error, "{notification} cannot be taken back at dwelling {uprn}");
            let credit = reversal.credit_back(&history);
            Ok((revision, credit.map(Event::from).into_iter().collect(), false))
        }
    }
}
