//! What became of a notification, for whoever sent it: read from its own stream, and nothing of anybody else in it.

use hearth_events::{
    AccountRef, DecisionRecorded, DemandNoticeIssued, Event, FindingOutcome, LiabilityStarted, NotificationKind,
    NotificationRef, Opener, Outcome, PlannedEvent, ReasonCode, Recorded, Status, StreamName, Uprn, decode,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::intake::SubmitterRole;
use crate::web::App;
use crate::web::problem::Problem;

/// What became of a notification.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// What the council calls it.
    pub(super) reference: NotificationRef,
    /// What it tells.
    pub(super) kind: NotificationKind,
    /// When it came.
    pub(super) received_at: Timestamp,
    /// The day of the change.
    pub(super) effective_on: Date,
    /// What it has come to.
    pub(super) status: Status,
    /// Why it did not go straight through.
    pub(super) reasons: Vec<ReasonCode>,
    /// The day by which an officer comes to it.
    pub(super) promised_by: Option<Date>,
    /// What an officer asks or says.
    pub(super) message: Option<String>,
    /// The day by which an answer is asked for.
    pub(super) respond_by: Option<Date>,
    /// Whether what it changed was reversed since.
    pub(super) reversed: bool,
    /// The account that was opened for its sender: which, and from which day.
    pub(super) opened: Option<(AccountRef, Date)>,
    /// The bills of that account, year by year.
    pub(super) bills: Vec<DemandNoticeIssued>,
    /// The checks for which it was not accepted.
    pub(super) refused: Vec<String>,
    /// What happened, in order: when, and what.
    pub(super) steps: Vec<(Timestamp, &'static str)>,
    /// The dwelling that its sender moved into and speaks for.
    home: Option<Uprn>,
}

/// Reads what became of a notification; none where there is no such.
pub(super) async fn read(app: &App, reference: &NotificationRef) -> Result<Option<Told>, Problem> {
    let stored = app.backend().store().read_stream(&StreamName::notification(reference), 0).await?;
    let mut told: Option<Told> = None;
    for stored in &stored {
        let recorded = decode(stored).map_err(|error| Problem::internal(&error))?;
        match (&mut told, &recorded.event) {
            (None, Event::NotificationReceived(it)) => {
                let body = it.body.opened(app.backend().opener());
                let mut begun = Told::begun(&recorded)?;
                begun.home = it.uprn.clone().filter(|_| moves_in(it.kind) && body.as_deref().is_some_and(speaks));
                told = Some(begun);
            }
            (None, _) => return Ok(None),
            (Some(told), _) => told.take(&recorded, app.backend().opener()),
        }
    }
    Ok(told)
}

/// Whether whoever sent it speaks for themselves, so that a bill that follows from it is their own.
fn speaks(body: &str) -> bool {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let role = body.pointer("/submitted_by/role").cloned().and_then(|it| serde_json::from_value(it).ok());
    role.is_some_and(SubmitterRole::speaks_for_themselves)
}

const fn moves_in(kind: NotificationKind) -> bool {
    matches!(kind, NotificationKind::MoveIn | NotificationKind::MoveWithin)
}

fn planned<T: DeserializeOwned>(event: &PlannedEvent, type_name: &str) -> Option<T> {
    (event.type_name == type_name).then(|| serde_json::from_str(event.data.get()).ok()).flatten()
}

impl Told {
    /// Whether it is not certain who sent it: then the reasons would tell a stranger of somebody's record.
    pub(super) fn is_doubtful(&self) -> bool {
        self.reasons.iter().any(|it| matches!(it, ReasonCode::R01 | ReasonCode::R02 | ReasonCode::R13))
    }

    fn begun(recorded: &Recorded) -> Result<Self, Problem> {
        let Event::NotificationReceived(it) = &recorded.event else {
            return Err(Problem::internal(&"a notification does not begin with its receipt"));
        };
        Ok(Self {
            reference: it.reference.clone(),
            kind: it.kind,
            received_at: it.received_at,
            effective_on: it.effective_on,
            status: Status::Received,
            reasons: Vec::new(),
            promised_by: None,
            message: None,
            respond_by: None,
            reversed: false,
            opened: None,
            bills: Vec::new(),
            refused: Vec::new(),
            steps: vec![(recorded.recorded_at, "received")],
            home: None,
        })
    }

    fn take(&mut self, recorded: &Recorded, opener: &dyn Opener) {
        let step = if let Event::DecisionRecorded(it) = &recorded.event {
            self.decided(it)
        } else if let Event::NotificationReferred(it) = &recorded.event {
            self.status = Status::Referred;
            self.reasons.clone_from(&it.reasons);
            self.promised_by = it.promised_by.or(Some(it.due_on));
            Some("referred")
        } else if let Event::NotificationCompleted(it) = &recorded.event {
            self.status = it.status;
            self.reasons.clone_from(&it.reasons);
            self.respond_by = None;
            Some(completed(it.status))
        } else if let Event::EvidenceRequested(it) = &recorded.event {
            self.status = Status::AwaitingEvidence;
            self.message = it.asked.opened(opener);
            self.respond_by = Some(it.respond_by);
            Some("evidence-requested")
        } else if matches!(recorded.event, Event::EvidenceReceived(_)) {
            self.answered();
            Some("evidence-received")
        } else if matches!(recorded.event, Event::QuestionAnswered(_)) {
            self.answered();
            Some("answered")
        } else if let Event::WorkItemDecided(it) = &recorded.event {
            self.message = it.explanation.as_ref().and_then(|it| it.opened(opener));
            Some("decided-by-officer")
        } else if let Event::NotificationReversed(it) = &recorded.event {
            self.reversed = !it.restored;
            self.message = it.explanation.as_ref().and_then(|it| it.opened(opener));
            Some(if it.restored { "restored" } else { "reversed" })
        } else if matches!(recorded.event, Event::ConfirmationAsked(_)) {
            Some("confirmation-asked")
        } else if matches!(recorded.event, Event::WorkItemClaimed(_)) {
            if self.status == Status::AwaitingEvidence {
                self.status = Status::Referred;
            }
            Some("claimed")
        } else {
            None
        };
        self.steps.extend(step.map(|it| (recorded.recorded_at, it)));
    }

    /// What was asked for has come: it is the officer's again.
    fn answered(&mut self) {
        if self.status == Status::AwaitingEvidence {
            self.status = Status::Referred;
            self.respond_by = None;
        }
    }

    /// What was decided opens an account for its sender, where they moved in.
    fn decided(&mut self, it: &DecisionRecorded) -> Option<&'static str> {
        if it.outcome == Outcome::Reject {
            let refused = it.findings.iter().filter(|it| it.outcome == FindingOutcome::Rejected);
            self.refused = refused.map(|it| it.check.clone()).collect();
        }
        if it.is_of_a_reversal() || it.outcome != Outcome::Apply {
            return None;
        }
        let home = self.home.as_ref().map(StreamName::dwelling);
        let steps = it.plan.iter().filter(|it| Some(&it.stream) == home.as_ref());
        let events: Vec<_> = steps.flat_map(|it| &it.events).collect();
        let started = events.iter().find_map(|it| planned::<LiabilityStarted>(it, "LiabilityStarted"));
        let started = started?;
        let bills = events.iter().filter_map(|it| planned::<DemandNoticeIssued>(it, "DemandNoticeIssued"));
        self.bills = bills.filter(|it| it.account == started.account).collect();
        self.opened = Some((started.account, started.period.from));
        None
    }
}

fn completed(status: Status) -> &'static str {
    match status {
        Status::Applied => "applied",
        Status::Duplicate => "duplicate",
        Status::Rejected => "rejected",
        Status::Withdrawn => "withdrawn",
        Status::Received | Status::Referred | Status::AwaitingEvidence => "completed",
    }
}
