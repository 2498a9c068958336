//! A notification as an officer's work: who has it, and how far it has come.
//!
//! One fold serves acting and reading, so that what an officer sees and what an officer may do can never disagree.

use hearth_events::{Event, Recorded, Silence, Verdict};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How far an item has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkStatus {
    /// It waits for somebody to take it.
    #[default]
    Open,
    /// Somebody has it.
    Claimed,
    /// It was put off until a day.
    Deferred,
    /// The submitter was asked for evidence.
    AwaitingEvidence,
    /// Somebody else told of a change, and the liable persons were asked whether it is so.
    AwaitingConfirmation,
    /// It is decided, and another person has to authorise it.
    AwaitingAuthorisation,
    /// Nothing is left for an officer to do.
    Done,
}

impl WorkStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Claimed,
        Self::Deferred,
        Self::AwaitingEvidence,
        Self::AwaitingConfirmation,
        Self::AwaitingAuthorisation,
        Self::Done,
    ];

    /// As written in JSON and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Deferred => "deferred",
            Self::AwaitingEvidence => "awaiting-evidence",
            Self::AwaitingConfirmation => "awaiting-confirmation",
            Self::AwaitingAuthorisation => "awaiting-authorisation",
            Self::Done => "done",
        }
    }

    /// Whether it waits for a day, on which it is open again by itself.
    pub const fn comes_back(self) -> bool {
        match self {
            Self::Deferred | Self::AwaitingEvidence | Self::AwaitingConfirmation => true,
            Self::Open | Self::Claimed | Self::AwaitingAuthorisation | Self::Done => false,
        }
    }
}

/// The state of an item, from its referral on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// How far it had come when it last changed; see [`Work::status_on`].
    pub status: WorkStatus,
    /// Who has it, by the name of their token: who works on it, or whose decision waits to be authorised.
    pub allocated_to: Option<String>,
    /// Since when they have it.
    pub claimed_at: Option<Timestamp>,
    /// The first day on which it is open again, where it was put off or somebody was asked.
    pub back_on: Option<Date>,
    /// How it was decided; none where it was not.
    pub verdict: Option<Verdict>,
}

impl Work {
    /// The status on a day: what was put off, and what somebody has not answered, is open again when its day is there.
    pub fn status_on(&self, day: Date) -> WorkStatus {
        let is_back = self.status.comes_back() && self.back_on.is_some_and(|back| back <= day);
        if is_back { WorkStatus::Open } else { self.status }
    }

    /// Gives the next event of the notification's stream to the fold.
    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    pub fn apply(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::NotificationReferred(_) | Event::WorkItemReleased(_) => *self = Self::default(),
            Event::WorkItemClaimed(it) => {
                *self = Self {
                    status: WorkStatus::Claimed,
                    allocated_to: Some(it.officer.clone()),
                    claimed_at: Some(recorded.recorded_at),
                    ..Self::default()
                };
            }
            Event::WorkItemDeferred(it) => {
                *self = Self { status: WorkStatus::Deferred, back_on: Some(it.until), ..Self::default() };
            }
            Event::EvidenceRequested(it) => {
                let back_on = it.respond_by.tomorrow().ok();
                *self = Self { status: WorkStatus::AwaitingEvidence, back_on, ..Self::default() };
            }
            Event::ConfirmationAsked(it) => {
                let back_on = it.respond_by.tomorrow().ok();
                *self = Self { status: WorkStatus::AwaitingConfirmation, back_on, ..Self::default() };
            }
            Event::ConfirmationLapsed(it) => {
                let status = match it.follows {
                    Silence::Apply => WorkStatus::Done,
                    Silence::Refer => WorkStatus::Open,
                };
                *self = Self { status, ..Self::default() };
            }
            // What was asked for is here: it is an officer's again. Whoever has it keeps it.
            Event::EvidenceReceived(_) | Event::QuestionAnswered(_) => {
                if self.status == WorkStatus::AwaitingEvidence {
                    *self = Self::default();
                }
            }
            Event::ReferralTakenUp(_) => *self = Self { status: WorkStatus::Done, ..Self::default() },
            Event::WorkItemDecided(it) => {
                let waits = it.over_limit.is_some();
                self.status = if waits { WorkStatus::AwaitingAuthorisation } else { WorkStatus::Done };
                self.verdict = Some(it.verdict);
            }
            Event::WorkItemAuthorised(_) | Event::NotificationCompleted(_) => self.status = WorkStatus::Done,
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
            | Event::NotificationReversed(_)
            | Event::NotificationReceived(_)
            | Event::EvidenceRefused(_)
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
            | Event::NotificationWithdrawn(_)
            | Event::DecisionRecorded(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use hearth_events::{
        ConfirmationAsked, ConfirmationLapsed, EvidenceRequested, PersonId, Personal, ReferralTakenUp, WorkItemClaimed,
        WorkItemDeferred,
    };
    use jiff::civil::date;

    use super::*;
    use crate::testing::recorded;

    const REFERENCE: &str = "HN-1";

    fn worked(events: Vec<Event>) -> Work {
        let mut work = Work::default();
        for event in events {
            work.apply(&recorded(1, "notification-HN-1", 3, event));
        }
        work
    }

    fn claimed() -> Event {
        WorkItemClaimed { reference: REFERENCE.parse().unwrap(), officer: "north".into(), until: None }.into()
    }

    #[test]
    fn what_is_put_off_has_no_holder_and_comes_back_on_its_day() {
        let (reference, officer) = (REFERENCE.parse().unwrap(), "north".into());
        let deferred = WorkItemDeferred { reference, officer, until: date(2016, 1, 8), note: None };
        let work = worked(vec![claimed(), deferred.into()]);
        assert_eq!((&work.allocated_to, work.claimed_at), (&None, None));
        assert_eq!(work.status_on(date(2016, 1, 7)), WorkStatus::Deferred);
        assert_eq!(work.status_on(date(2016, 1, 8)), WorkStatus::Open);
        assert_eq!(work.status_on(date(2016, 1, 9)), WorkStatus::Open);
    }

    #[test]
    fn evidence_may_come_on_its_last_day() {
        let asked = Personal::open_for(PersonId::from_bits(1), String::new());
        let (reference, officer) = (REFERENCE.parse().unwrap(), "north".into());
        let asked = EvidenceRequested { reference, officer, respond_by: date(2016, 1, 8), asked };
        let work = worked(vec![claimed(), asked.into()]);
        assert_eq!(work.status_on(date(2016, 1, 8)), WorkStatus::AwaitingEvidence);
        assert_eq!(work.status_on(date(2016, 1, 9)), WorkStatus::Open);
        assert_eq!(worked(vec![claimed()]).status_on(date(2016, 1, 9)), WorkStatus::Claimed);
    }

    #[test]
    fn what_waits_for_confirmation_is_an_officers_again_or_done_by_itself() {
        let reference = || REFERENCE.parse().unwrap();
        let asked = || ConfirmationAsked { reference: reference(), accounts: Vec::new(), respond_by: date(2016, 1, 8) };
        let lapsed = |follows| ConfirmationLapsed { reference: reference(), on: date(2016, 1, 9), follows };
        let work = worked(vec![asked().into()]);
        assert_eq!(work.status_on(date(2016, 1, 8)), WorkStatus::AwaitingConfirmation);
        assert_eq!(work.status_on(date(2016, 1, 9)), WorkStatus::Open);
        let status = |follows| worked(vec![asked().into(), lapsed(follows).into()]).status;
        assert_eq!((status(Silence::Refer), status(Silence::Apply)), (WorkStatus::Open, WorkStatus::Done));
        let taken_up = ReferralTakenUp { reference: reference(), after: "HN-2".parse().unwrap() };
        assert_eq!(worked(vec![asked().into(), taken_up.into()]).status, WorkStatus::Done);
    }
}
