//! Savings: what each notification came to, and the cost models and scenarios to value it with.
//!
//! The rows hold what was measured; the figures are worked out when they are asked for.

use hearth_events::{
    AccountRef, Channel, CostModelAdopted, Event, NotificationCompleted, NotificationKind, NotificationReceived,
    NotificationRef, Recorded, ScenarioRecorded, Status, StreamName,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Link, Projection, Unapplicable, instant_key};

/// What savings are worked out from.
#[derive(Clone, Copy, Debug)]
pub struct Savings;

/// One row: a notification, the adoptions of a cost model, or a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SavingsRow {
    /// A notification, under its reference.
    Notification(NotificationRow),
    /// A cost model under its name: every adoption, by its first day.
    CostModel(Vec<CostModelAdopted>),
    /// A scenario under its name, as it was recorded last.
    Scenario(ScenarioRecorded),
}

/// A notification as far as it matters for savings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationRow {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// The accounts it named, concerned or opened; in order, each once.
    pub accounts: Vec<AccountRef>,
    /// What it has come to.
    pub status: Status,
    /// Whether an officer has had to look.
    pub referred: bool,
    /// Whether it was applied without an officer, and is not reversed.
    pub straight_through: bool,
    /// Whether what it changed was reversed.
    pub reversed: bool,
    /// The accounts it opened.
    pub opened: Vec<OpenedAccount>,
}

/// An account that a notification opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedAccount {
    /// Which.
    pub account: AccountRef,
    /// When its liability stood in the log.
    pub recorded_at: Timestamp,
}

impl Savings {
    /// The index of notifications by the instant of receipt, see [`instant_key`].
    pub const RECEIVED: &str = "received";
    /// The index of what is not a notification: `cost-model` or `scenario`.
    pub const BASIS: &str = "basis";
    /// The value of [`Savings::BASIS`] for a cost model.
    pub const COST_MODEL: &str = "cost-model";
    /// The value of [`Savings::BASIS`] for a scenario.
    pub const SCENARIO: &str = "scenario";
}

/// The key of a cost model's row.
pub fn cost_model_key(name: &str) -> String {
    format!("{}:{name}", Savings::COST_MODEL)
}

/// The key of a scenario's row.
pub fn scenario_key(name: &str) -> String {
    format!("{}:{name}", Savings::SCENARIO)
}

impl NotificationRow {
    fn of(it: &NotificationReceived) -> Self {
        Self {
            reference: it.reference.clone(),
            kind: it.kind,
            channel: it.channel,
            received_at: it.received_at,
            accounts: it.account.iter().cloned().collect(),
            status: Status::Received,
            referred: false,
            straight_through: false,
            reversed: false,
            opened: Vec::new(),
        }
    }

    fn complete(&mut self, it: &NotificationCompleted, recorded_at: Timestamp) {
        self.concern(&it.accounts);
        self.concern(&it.accounts_opened);
        self.status = it.status;
        self.straight_through = !self.referred && it.status == Status::Applied;
        let opened = it.accounts_opened.iter().cloned();
        self.opened.extend(opened.map(|account| OpenedAccount { account, recorded_at }));
    }

    /// A change that was reversed was an officer's in the end, and the call that led to it was not avoided.
    fn reverse(&mut self, reversed: bool) {
        self.reversed = reversed;
        self.straight_through = !self.referred && !reversed;
    }

    fn concern(&mut self, accounts: &[AccountRef]) {
        self.accounts.extend(accounts.iter().cloned());
        self.accounts.sort_unstable();
        self.accounts.dedup();
    }
}

impl Projection for Savings {
    const NAME: &'static str = "savings";
    const VERSION: u32 = 2;
    type Row = SavingsRow;

    fn concerns(stream: &StreamName) -> bool {
        stream.as_notification().is_some() || stream.is_council()
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn keys(event: &Recorded) -> Vec<String> {
        match &event.event {
            Event::NotificationReceived(it) => vec![it.reference.to_string()],
            Event::NotificationReferred(it) => vec![it.reference.to_string()],
            Event::NotificationCompleted(it) => vec![it.reference.to_string()],
            Event::NotificationReversed(it) => vec![it.reference.to_string()],
            Event::CostModelAdopted(it) => vec![cost_model_key(&it.name)],
            Event::ScenarioRecorded(it) => vec![scenario_key(&it.name)],
            Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
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
            | Event::ConfirmationAsked(_)
            | Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
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
            | Event::NotificationWithdrawn(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::DecisionRecorded(_) => Vec::new(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn apply(row: &mut Option<SavingsRow>, key: &str, event: &Recorded) -> Result<(), Unapplicable> {
        match &event.event {
            Event::NotificationReceived(it) if row.is_none() => {
                *row = Some(SavingsRow::Notification(NotificationRow::of(it)));
            }
            Event::NotificationReceived(_) => return Err(Unapplicable(format!("{key} was received before"))),
            Event::NotificationReferred(it) => {
                let row = waiting(row, key)?;
                row.concern(&it.accounts);
                row.status = Status::Referred;
                row.referred = true;
            }
            Event::NotificationCompleted(it) => waiting(row, key)?.complete(it, event.recorded_at),
            Event::NotificationReversed(it) => applied(row, key)?.reverse(!it.restored),
            Event::CostModelAdopted(it) => adopt(row, it),
            Event::ScenarioRecorded(it) => *row = Some(SavingsRow::Scenario(it.clone())),
            Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
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
            | Event::ConfirmationAsked(_)
            | Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
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
            | Event::NotificationWithdrawn(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::DecisionRecorded(_) => {}
        }
        Ok(())
    }

    fn links(row: &SavingsRow) -> Vec<Link> {
        match row {
            SavingsRow::Notification(it) => vec![(Self::RECEIVED, instant_key(it.received_at))],
            SavingsRow::CostModel(_) => vec![(Self::BASIS, Self::COST_MODEL.to_owned())],
            SavingsRow::Scenario(_) => vec![(Self::BASIS, Self::SCENARIO.to_owned())],
        }
    }
}

fn adopt(row: &mut Option<SavingsRow>, it: &CostModelAdopted) {
    let mut adoptions = match row.take() {
        Some(SavingsRow::CostModel(adoptions)) => adoptions,
        Some(SavingsRow::Notification(_) | SavingsRow::Scenario(_)) | None => Vec::new(),
    };
    adoptions.retain(|earlier| earlier.from != it.from);
    adoptions.push(it.clone());
    adoptions.sort_by_key(|adoption| adoption.from);
    *row = Some(SavingsRow::CostModel(adoptions));
}

fn waiting<'a>(row: &'a mut Option<SavingsRow>, key: &str) -> Result<&'a mut NotificationRow, Unapplicable> {
    match row {
        Some(SavingsRow::Notification(it)) => {
            let waits = matches!(it.status, Status::Received | Status::Referred | Status::AwaitingEvidence);
            let status = it.status.as_str();
            waits.then_some(it).ok_or_else(|| Unapplicable(format!("{key} has its outcome already: {status}")))
        }
        Some(SavingsRow::CostModel(_) | SavingsRow::Scenario(_)) | None => {
            Err(Unapplicable(format!("{key} was never received")))
        }
    }
}

fn applied<'a>(row: &'a mut Option<SavingsRow>, key: &str) -> Result<&'a mut NotificationRow, Unapplicable> {
    match row {
        Some(SavingsRow::Notification(it)) if it.status == Status::Applied => Ok(it),
        Some(SavingsRow::Notification(_) | SavingsRow::CostModel(_) | SavingsRow::Scenario(_)) | None => {
            Err(Unapplicable(format!("{key} was never applied")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, completed, folded, received, referred};
    use hearth_events::ReasonCode;

    fn notification(events: &[Recorded]) -> NotificationRow {
        match folded::<Savings>(events).unwrap() {
            Some(SavingsRow::Notification(it)) => it,
            other => panic!("not a notification: {other:?}"),
        }
    }

    #[test]
    fn straight_through_is_applied_without_an_officer() {
        let events = |outcome| {
            [
                received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
                completed(2, "HN-1", outcome, "2016-01-04T09:07:00Z"),
            ]
        };
        let row = notification(&events(Status::Applied));
        assert!(row.straight_through);
        assert_eq!(
            row.opened,
            [OpenedAccount { account: "NEW-1".parse().unwrap(), recorded_at: at("2016-01-04T09:07:00Z") }]
        );
        assert!(!notification(&events(Status::Rejected)).straight_through, "its sender has to come again");
    }

    #[test]
    fn what_an_officer_saw_is_not_straight_through_even_when_it_is_applied() {
        let row = notification(&[
            received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
            referred(2, "HN-1", &[ReasonCode::R06], "2016-01-04T09:00:00Z"),
            completed(3, "HN-1", Status::Applied, "2016-01-05T09:00:00Z"),
        ]);
        assert!(row.referred && !row.straight_through);
    }

    #[test]
    fn what_was_withdrawn_has_its_outcome_and_saved_nothing() {
        let mut events = vec![
            received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
            referred(2, "HN-1", &[ReasonCode::R06], "2016-01-04T09:00:00Z"),
            completed(3, "HN-1", Status::Withdrawn, "2016-01-05T09:00:00Z"),
        ];
        let row = notification(&events);
        assert!(row.status == Status::Withdrawn && !row.straight_through);
        events.push(completed(4, "HN-1", Status::Applied, "2016-01-06T09:00:00Z"));
        assert!(folded::<Savings>(&events).is_err(), "it has its outcome");
    }

    #[test]
    fn what_was_reversed_is_not_straight_through_unless_the_reversal_was_reversed() {
        let reversed = |position, restored| {
            let it = hearth_events::NotificationReversed {
                reference: "HN-1".parse().unwrap(),
                officer: "north".into(),
                restored,
                explanation: None,
            };
            crate::testing::recorded(position, "notification-HN-1", position, Event::from(it))
        };
        let events = [
            received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
            completed(2, "HN-1", Status::Applied, "2016-01-04T09:00:01Z"),
            reversed(3, false),
            reversed(4, true),
        ];
        let row = notification(&events[..3]);
        assert!(row.reversed && !row.straight_through && row.status == Status::Applied);
        let row = notification(&events);
        assert!(!row.reversed && row.straight_through);
        assert!(folded::<Savings>(&[events[0].clone(), reversed(2, false)]).is_err(), "never applied");
    }
}
