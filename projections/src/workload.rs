//! Workload: one row a notification, with whose work it is and since when.

mod row;

use hearth_events::{Event, Priority, Recorded, Status, StreamName};
use jiff::Timestamp;

pub use row::{Checked, Referral, Reversal, Ruled, WorkloadRow};

use crate::entry::{Entry, rank};
use crate::{Link, Projection, Unapplicable, WorkStatus, instant_key};

/// What waits for an officer, and what does not.
#[derive(Clone, Copy, Debug)]
pub struct Workload;

impl Workload {
    /// The index of what the machine has still to do: what was received and has no outcome yet, and what an officer decided
    /// or reversed and is not carried out yet; its one value is empty.
    pub const UNDECIDED: &str = "undecided";
    /// The index of what waits for an officer now; its one value is empty.
    pub const OPEN: &str = "open";
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
    /// The index of what was ever referred by the dwellings it lays claim to.
    pub const AT: &str = "at";
    /// The index of decisions that nobody has checked, see [`sample_key`].
    pub const SAMPLE: &str = "sample";
    /// The index of decisions that were checked, by the instant of that, see [`instant_key`].
    pub const CHECKED: &str = "checked";
    /// The index by the orders to many items at once, see [`crate::BULK`].
    pub const BULK: &str = "bulk";
    /// The index by the notifications that it is linked with.
    pub const LINKED: &str = "linked";
}

/// A place in a queue, so written that the order of the text is the order in which officers come to the items.
pub fn place_in_queue(queue: &str, priority: Priority, received_at: Timestamp) -> String {
    format!("{}{} {}", queue_key(queue), rank(priority), instant_key(received_at))
}

/// When an officer completed something of a queue, so written that the order of the text is the order of time.
pub fn done_in_queue(queue: &str, completed_at: Timestamp) -> String {
    format!("{}{}", queue_key(queue), instant_key(completed_at))
}

/// A decision that may be checked, so written that those whose lot is below a percent come first.
pub fn sample_key(lot: u8, completed_at: Timestamp) -> String {
    format!("{lot:02} {}", instant_key(completed_at))
}

/// What every key of a queue begins with, and no key of another.
pub fn queue_key(queue: &str) -> String {
    format!("{queue}\n")
}

impl Projection for Workload {
    const NAME: &'static str = "workload";
    const VERSION: u32 = 5;
    const LISTED: bool = true;
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
            Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::WorkItemReallocated(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::QuestionAnswered(_)
            | Event::ConfirmationAsked(_)
            | Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::DecisionChecked(_)
            | Event::ContactLinked(_) => of_stream(event),
            Event::StaffEnrolled(_)
            | Event::StaffLeft(_)
            | Event::SetUpLinkMade(_)
            | Event::PassphraseSet(_)
            | Event::StaffSignedIn(_)
            | Event::RelationDeclared(_)
            | Event::RelationEnded(_)
            | Event::RecordRestricted(_)
            | Event::RestrictionLifted(_)
            | Event::RecordViewed(_)
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
            Event::NotificationReferred(it) => waiting(row, key)?.refer(it, event),
            Event::NotificationCompleted(it) => waiting(row, key)?.complete(it, event),
            Event::ConfirmationAsked(it) => {
                let row = waiting(row, key)?;
                row.work(event, key)?;
                row.ask(&it.accounts);
            }
            Event::WorkItemReallocated(it) => {
                let row = waiting(row, key)?;
                row.work(event, key)?;
                row.reallocate(it);
            }
            Event::WorkItemDecided(it) => {
                let row = waiting(row, key)?;
                row.work(event, key)?;
                row.rule(it, event.recorded_at);
            }
            Event::DecisionChecked(it) => received(row, key)?.check(it, event.recorded_at),
            Event::ContactLinked(it) => received(row, key)?.contact(it, event),
            Event::DecisionRecorded(it) if it.is_of_a_reversal() => done(row, key)?.reversal = Reversal::UnderWay,
            Event::NotificationReversed(it) => done(row, key)?.reversal = Reversal::after(it.restored),
            // It came with the notification itself, which nobody has decided yet.
            Event::EvidenceReceived(_) if waiting(row, key)?.referral.is_none() => {}
            Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::QuestionAnswered(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::WorkItemAuthorised(_) => waiting(row, key)?.work(event, key)?,
            Event::LogStarted(_)
            | Event::StaffEnrolled(_)
            | Event::StaffLeft(_)
            | Event::SetUpLinkMade(_)
            | Event::PassphraseSet(_)
            | Event::StaffSignedIn(_)
            | Event::RelationDeclared(_)
            | Event::RelationEnded(_)
            | Event::RecordRestricted(_)
            | Event::RestrictionLifted(_)
            | Event::RecordViewed(_)
            | Event::BudgetReduced(_)
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
        links.extend(row.sample());
        links.extend(row.checked.as_ref().map(|it| (Self::CHECKED, instant_key(it.at))));
        let is_decided = row.referral.as_ref().is_some_and(|it| it.work.status == WorkStatus::Done);
        let is_under_way = (is_decided && row.completed_at.is_none()) || row.reversal == Reversal::UnderWay;
        if row.status == Status::Received || is_under_way {
            links.push((Self::UNDECIDED, String::new()));
        }
        if let Some(referral) = &row.referral {
            links.extend(referral.dwellings.iter().map(|it| (Self::AT, it.to_string())));
            links.extend(referral.work.bulks.iter().map(|it| (Self::BULK, it.clone())));
            links.extend(referral.places(row));
            if row.completed_at.is_none() {
                links.push((Self::OPEN, String::new()));
                links.extend(referral.dwellings.iter().map(|it| (Self::CLAIM, it.to_string())));
            }
        }
        links
    }

    fn entry(row: &WorkloadRow) -> Option<Entry> {
        row.entry()
    }
}

/// The notification in whose stream an event stands.
fn of_stream(event: &Recorded) -> Vec<String> {
    event.stream.as_notification().map(|it| it.to_string()).into_iter().collect()
}

fn received<'a>(row: &'a mut Option<WorkloadRow>, key: &str) -> Result<&'a mut WorkloadRow, Unapplicable> {
    row.as_mut().ok_or_else(|| Unapplicable(format!("{key} was never received")))
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
