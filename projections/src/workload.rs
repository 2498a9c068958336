//! Workload: one row a notification, with whose work it is and since when.

use hearth_events::{
    AccountRef, Channel, Event, NotificationCompleted, NotificationKind, NotificationReceived, NotificationRef,
    NotificationReferred, Position, Priority, ReasonCode, Recorded, Status, StreamName, Uprn,
};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Link, Projection, Unapplicable, Work, WorkStatus, instant_key};

/// What waits for an officer, and what does not.
#[derive(Clone, Copy, Debug)]
pub struct Workload;

/// A notification as work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadRow {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// When its receipt was recorded.
    pub recorded_at: Timestamp,
    /// Where its receipt was recorded.
    pub position: Position,
    /// The digest of what it tells.
    pub told_digest: String,
    /// The accounts concerned.
    pub accounts: Vec<AccountRef>,
    /// Why not straight through.
    pub reasons: Vec<ReasonCode>,
    /// What it is as work; none where it was never referred.
    pub referral: Option<Referral>,
    /// What it has come to.
    pub status: Status,
    /// When it had its outcome, never before it came; none while it waits.
    pub completed_at: Option<Timestamp>,
    /// Other notifications that tell of the same change.
    pub linked: Vec<NotificationRef>,
    /// Whether what it changed was reversed.
    pub reversal: Reversal,
}

/// Whether a change was reversed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reversal {
    /// It counts.
    #[default]
    None,
    /// An officer reversed or restored it, and that is being carried out.
    UnderWay,
    /// It no longer counts.
    Done,
}

/// A notification as an officer's work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// When it was referred, never before it came.
    pub referred_at: Timestamp,
    /// Whose work it is.
    pub queue: String,
    /// How soon.
    pub priority: Priority,
    /// The last working day of the service standard.
    pub due_on: Date,
    /// What it is estimated to take an officer.
    pub minutes_estimated: Decimal,
    /// The dwellings it lays claim to.
    pub dwellings: Vec<Uprn>,
    /// The day the change is said to have taken place.
    pub effective_on: Date,
    /// Who has it, and how far it has come.
    pub work: Work,
    /// The accounts whose liable persons were asked whether it is so.
    pub asked: Vec<AccountRef>,
}

impl Reversal {
    const fn after(restored: bool) -> Self {
        if restored { Self::None } else { Self::Done }
    }
}

impl Workload {
    /// The index of what the machine has still to do: what was received and has no outcome yet, and what an officer decided
    /// or reversed and is not carried out yet; its one value is empty.
    pub const UNDECIDED: &str = "undecided";
    /// The index of what was ever referred; its one value is empty.
    pub const ITEM: &str = "item";
    /// The index of what waits for an officer now; its one value is empty.
    pub const OPEN: &str = "open";
    /// The index of what was referred by queue.
    pub const QUEUE: &str = "queue";
    /// The index of what was referred by its status as a notification, and by that as an item.
    pub const STATUS: &str = "status";
    /// The index of what was referred by reason.
    pub const REASON: &str = "reason";
    /// The index by the digest of what is told.
    pub const TOLD: &str = "told";
    /// The index of what waits for an officer by the dwellings it lays claim to.
    pub const CLAIM: &str = "claim";
    /// The index by the instant of receipt, see [`instant_key`].
    pub const RECEIVED: &str = "received";
    /// The index by the instant of the outcome, see [`instant_key`].
    pub const COMPLETED: &str = "completed";
    /// The index of what waits by its place in its queue, see [`place_in_queue`].
    pub const PLACE: &str = "place";
    /// The index of what officers completed by queue and instant, see [`done_in_queue`].
    pub const DONE: &str = "done";
    /// The index of what waits for somebody's confirmation, by the day on which that is over.
    pub const CONFIRMATION: &str = "confirmation";
    /// The index by the notifications that it is linked with.
    pub const LINKED: &str = "linked";
}

/// A place in a queue, so written that the order of the text is the order in which officers come to the items.
pub fn place_in_queue(queue: &str, priority: Priority, received_at: Timestamp) -> String {
    let rank = match priority {
        Priority::High => 0,
        Priority::Medium => 1,
        Priority::Low => 2,
    };
    format!("{}{rank} {}", queue_key(queue), instant_key(received_at))
}

/// When an officer completed something of a queue, so written that the order of the text is the order of time.
pub fn done_in_queue(queue: &str, completed_at: Timestamp) -> String {
    format!("{}{}", queue_key(queue), instant_key(completed_at))
}

/// What every key of a queue begins with, and no key of another.
pub fn queue_key(queue: &str) -> String {
    format!("{queue}\n")
}

impl WorkloadRow {
    fn of(it: &NotificationReceived, recorded: &Recorded) -> Self {
        Self {
            reference: it.reference.clone(),
            kind: it.kind,
            channel: it.channel,
            received_at: it.received_at,
            recorded_at: recorded.recorded_at,
            position: recorded.position,
            told_digest: it.told_digest.clone(),
            accounts: it.account.iter().cloned().collect(),
            reasons: Vec::new(),
            referral: None,
            status: Status::Received,
            completed_at: None,
            linked: Vec::new(),
            reversal: Reversal::None,
        }
    }

    fn refer(&mut self, it: &NotificationReferred, recorded_at: Timestamp) {
        self.accounts.clone_from(&it.accounts);
        self.reasons.clone_from(&it.reasons);
        self.link(&it.linked);
        self.referral = Some(Referral {
            referred_at: recorded_at.max(self.received_at),
            queue: it.queue.clone(),
            priority: it.priority,
            due_on: it.due_on,
            minutes_estimated: it.minutes_estimated,
            dwellings: it.dwellings.clone(),
            effective_on: it.effective_on,
            work: Work::default(),
            asked: Vec::new(),
        });
        self.status = Status::Referred;
    }

    fn link(&mut self, linked: &[NotificationRef]) {
        for it in linked {
            if !self.linked.contains(it) {
                self.linked.push(it.clone());
            }
        }
    }

    fn ask(&mut self, accounts: &[AccountRef]) {
        if let Some(referral) = &mut self.referral {
            referral.asked = accounts.to_vec();
        }
    }

    fn work(&mut self, event: &Recorded, key: &str) -> Result<(), Unapplicable> {
        let Some(referral) = &mut self.referral else {
            return Err(Unapplicable(format!("{key} was never referred")));
        };
        referral.work.apply(event);
        let asked = referral.work.status == WorkStatus::AwaitingEvidence;
        self.status = if asked { Status::AwaitingEvidence } else { Status::Referred };
        Ok(())
    }

    fn complete(&mut self, it: &NotificationCompleted, event: &Recorded) {
        if let Some(referral) = &mut self.referral {
            referral.work.apply(event);
        }
        self.accounts.clone_from(&it.accounts);
        self.link(&it.linked);
        if !it.reasons.is_empty() {
            self.reasons.clone_from(&it.reasons);
        }
        self.status = it.status;
        self.completed_at = Some(event.recorded_at.max(self.received_at));
    }

    /// Whether it waited for an officer at `instant`: it had come, it was referred, and it had no outcome yet.
    pub fn is_open_at(&self, instant: Timestamp) -> bool {
        self.received_at <= instant
            && self.referral.is_some()
            && self.completed_at.is_none_or(|completed| completed > instant)
    }
}

impl Projection for Workload {
    const NAME: &'static str = "workload";
    const VERSION: u32 = 4;
    type Row = WorkloadRow;

    fn concerns(stream: &StreamName) -> bool {
        stream.as_notification().is_some()
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn keys(event: &Recorded) -> Vec<String> {
        match &event.event {
            Event::NotificationReceived(it) => vec![it.reference.to_string()],
            Event::NotificationReferred(it) => vec![it.reference.to_string()],
            Event::NotificationCompleted(it) => vec![it.reference.to_string()],
            Event::NotificationReversed(it) => vec![it.reference.to_string()],
            Event::DecisionRecorded(it) if it.is_of_a_reversal() => {
                event.stream.as_notification().map(|it| it.to_string()).into_iter().collect()
            }
            Event::WorkItemClaimed(it) => vec![it.reference.to_string()],
            Event::WorkItemReleased(it) => vec![it.reference.to_string()],
            Event::WorkItemDeferred(it) => vec![it.reference.to_string()],
            Event::EvidenceRequested(it) => vec![it.reference.to_string()],
            Event::WorkItemDecided(it) => vec![it.reference.to_string()],
            Event::EvidenceReceived(it) => vec![it.reference.to_string()],
            Event::QuestionAnswered(it) => vec![it.reference.to_string()],
            Event::WorkItemAuthorised(it) => vec![it.reference.to_string()],
            Event::ConfirmationAsked(_) | Event::ConfirmationLapsed(_) | Event::ReferralTakenUp(_) => of_stream(event),
            Event::StaffEnrolled(_)
            | Event::StaffLeft(_)
            | Event::StaffSignedIn(_)
            | Event::RelationDeclared(_)
            | Event::RelationEnded(_)
            | Event::RecordRestricted(_)
            | Event::RestrictionLifted(_)
            | Event::RecordViewed(_)
            | Event::WorkItemReallocated(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::DecisionChecked(_)
            | Event::ContactLinked(_)
            | Event::BudgetReduced(_)
            | Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
            | Event::CostModelAdopted(_)
            | Event::ScenarioRecorded(_)
            | Event::AmountSet(_)
            | Event::ModulusTableAdopted(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::DwellingListed(_)
            | Event::LiabilityStarted(_)
            | Event::LiabilityEnded(_)
            | Event::DiscountAwarded(_)
            | Event::DiscountEnded(_)
            | Event::OccupantAdded(_)
            | Event::OccupantRemoved(_)
            | Event::HouseholdStated(_)
            | Event::PersonRenamed(_)
            | Event::ContactDetailsChanged(_)
            | Event::PaymentMethodChanged(_)
            | Event::DeliveryPreferenceChanged(_)
            | Event::InstalmentPlanSet(_)
            | Event::ChargeCalculated(_)
            | Event::DemandNoticeIssued(_)
            | Event::AdjustmentNoticeIssued(_)
            | Event::ClosingNoticeIssued(_)
            | Event::PaymentReceived(_)
            | Event::CreditTransferred(_)
            | Event::BillCopied(_)
            | Event::RefundRequested(_)
            | Event::RefundApproved(_)
            | Event::RefundRefused(_)
            | Event::RefundPaid(_)
            | Event::PenaltyImposed(_)
            | Event::PenaltyQuashed(_)
            | Event::RecoveryStepTaken(_)
            | Event::AwardExpiryScheduled(_)
            | Event::AwardExpired(_)
            | Event::AccountCorrected(_)
            | Event::BandsCorrected(_)
            | Event::RecoveryHeld(_)
            | Event::RecoveryResumed(_)
            | Event::EvidenceRefused(_)
            | Event::NotificationWithdrawn(_)
            | Event::DecisionRecorded(_) => Vec::new(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn apply(row: &mut Option<WorkloadRow>, key: &str, event: &Recorded) -> Result<(), Unapplicable> {
        match &event.event {
            Event::NotificationReceived(it) if row.is_none() => *row = Some(WorkloadRow::of(it, event)),
            Event::NotificationReceived(_) => return Err(Unapplicable(format!("{key} was received before"))),
            Event::NotificationReferred(it) => waiting(row, key)?.refer(it, event.recorded_at),
            Event::NotificationCompleted(it) => waiting(row, key)?.complete(it, event),
            Event::ConfirmationAsked(it) => {
                let row = waiting(row, key)?;
                row.work(event, key)?;
                row.ask(&it.accounts);
            }
            Event::DecisionRecorded(it) if it.is_of_a_reversal() => done(row, key)?.reversal = Reversal::UnderWay,
            Event::NotificationReversed(it) => done(row, key)?.reversal = Reversal::after(it.restored),
            Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::QuestionAnswered(_)
            | Event::StaffEnrolled(_)
            | Event::StaffLeft(_)
            | Event::StaffSignedIn(_)
            | Event::RelationDeclared(_)
            | Event::RelationEnded(_)
            | Event::RecordRestricted(_)
            | Event::RestrictionLifted(_)
            | Event::RecordViewed(_)
            | Event::WorkItemReallocated(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::DecisionChecked(_)
            | Event::ContactLinked(_)
            | Event::BudgetReduced(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_) => waiting(row, key)?.work(event, key)?,
            Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
            | Event::CostModelAdopted(_)
            | Event::ScenarioRecorded(_)
            | Event::AmountSet(_)
            | Event::ModulusTableAdopted(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::DwellingListed(_)
            | Event::LiabilityStarted(_)
            | Event::LiabilityEnded(_)
            | Event::DiscountAwarded(_)
            | Event::DiscountEnded(_)
            | Event::OccupantAdded(_)
            | Event::OccupantRemoved(_)
            | Event::HouseholdStated(_)
            | Event::PersonRenamed(_)
            | Event::ContactDetailsChanged(_)
            | Event::PaymentMethodChanged(_)
            | Event::DeliveryPreferenceChanged(_)
            | Event::InstalmentPlanSet(_)
            | Event::ChargeCalculated(_)
            | Event::DemandNoticeIssued(_)
            | Event::AdjustmentNoticeIssued(_)
            | Event::ClosingNoticeIssued(_)
            | Event::PaymentReceived(_)
            | Event::CreditTransferred(_)
            | Event::BillCopied(_)
            | Event::RefundRequested(_)
            | Event::RefundApproved(_)
            | Event::RefundRefused(_)
            | Event::RefundPaid(_)
            | Event::PenaltyImposed(_)
            | Event::PenaltyQuashed(_)
            | Event::RecoveryStepTaken(_)
            | Event::AwardExpiryScheduled(_)
            | Event::AwardExpired(_)
            | Event::AccountCorrected(_)
            | Event::BandsCorrected(_)
            | Event::RecoveryHeld(_)
            | Event::RecoveryResumed(_)
            | Event::EvidenceRefused(_)
            | Event::NotificationWithdrawn(_)
            | Event::DecisionRecorded(_) => {}
        }
        Ok(())
    }

    fn links(row: &WorkloadRow) -> Vec<Link> {
        let mut links = vec![(Self::RECEIVED, instant_key(row.received_at)), (Self::TOLD, row.told_digest.clone())];
        links.extend(row.completed_at.map(|it| (Self::COMPLETED, instant_key(it))));
        links.extend(row.linked.iter().map(|it| (Self::LINKED, it.to_string())));
        let is_decided = row.referral.as_ref().is_some_and(|it| it.work.status == WorkStatus::Done);
        let is_under_way = (is_decided && row.completed_at.is_none()) || row.reversal == Reversal::UnderWay;
        if row.status == Status::Received || is_under_way {
            links.push((Self::UNDECIDED, String::new()));
        }
        if let Some(referral) = &row.referral {
            links.push((Self::ITEM, String::new()));
            let (status, work) = (row.status.as_str(), referral.work.status.as_str());
            links.push((Self::STATUS, status.to_owned()));
            links.extend((work != status).then(|| (Self::STATUS, work.to_owned())));
            links.push((Self::QUEUE, referral.queue.clone()));
            links.extend(row.reasons.iter().map(|it| (Self::REASON, it.to_string())));
            links.extend(referral.places(row));
            if row.completed_at.is_none() {
                links.push((Self::OPEN, String::new()));
                links.extend(referral.dwellings.iter().map(|it| (Self::CLAIM, it.to_string())));
            }
        }
        links
    }
}

/// The notification in whose stream an event stands.
fn of_stream(event: &Recorded) -> Vec<String> {
    event.stream.as_notification().map(|it| it.to_string()).into_iter().collect()
}

impl Referral {
    /// Where it stands in its queue, or that an officer completed it there; and the day on which a confirmation is over.
    fn places(&self, row: &WorkloadRow) -> Vec<Link> {
        let mut places = Vec::new();
        if self.work.status != WorkStatus::Done {
            places.push((Workload::PLACE, place_in_queue(&self.queue, self.priority, row.received_at)));
        }
        let by_officer = row.completed_at.filter(|_| self.work.verdict.is_some());
        places.extend(by_officer.map(|it| (Workload::DONE, done_in_queue(&self.queue, it))));
        if self.work.status == WorkStatus::AwaitingConfirmation {
            places.extend(self.work.back_on.map(|it| (Workload::CONFIRMATION, it.to_string())));
        }
        places
    }
}

fn waiting<'a>(row: &'a mut Option<WorkloadRow>, key: &str) -> Result<&'a mut WorkloadRow, Unapplicable> {
    match row {
        None => Err(Unapplicable(format!("{key} was never received"))),
        Some(it) if it.completed_at.is_some() => Err(Unapplicable(format!("{key} has its outcome already"))),
        Some(it) => Ok(it),
    }
}

/// The row of what was applied: nothing else can be reversed.
fn done<'a>(row: &'a mut Option<WorkloadRow>, key: &str) -> Result<&'a mut WorkloadRow, Unapplicable> {
    let applied = row.as_mut().filter(|it| it.status == Status::Applied);
    applied.ok_or_else(|| Unapplicable(format!("{key} was never applied")))
}

#[cfg(test)]
mod tests;
