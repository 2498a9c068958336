//! Recovery: one row an account, with the notifications that hold it and the steps that were taken.
//!
//! A step that was taken while a notification waited is a clash: it ought not to have been taken.

use hearth_events::{
    AccountRef, Event, NotificationRef, Recorded, RecoveryHeld, RecoveryResumed, RecoveryStep, RecoveryStepTaken,
    StreamName,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Link, Projection, Unapplicable};

/// What holds recovery, and what was done all the same.
#[derive(Clone, Copy, Debug)]
pub struct Recovery;

/// An account as far as recovery goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryRow {
    /// Which.
    pub account: AccountRef,
    /// What held it or holds it, in the order in which it came.
    pub holds: Vec<Hold>,
    /// The steps that were taken, in the order in which they were told.
    pub steps: Vec<RecoveryStepTaken>,
}

/// A notification that waits, or waited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The notification.
    pub reference: NotificationRef,
    /// The first day.
    pub from: Date,
    /// The first day after, whether or not the notification is dealt with by then.
    pub until: Date,
    /// The day on which the notification had its outcome; none while it waits.
    pub resumed: Option<Date>,
}

/// A step that was taken while a notification waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The account.
    pub account: AccountRef,
    /// The step.
    pub step: RecoveryStep,
    /// The day it was taken.
    pub taken_on: Date,
    /// What the recovery system calls it.
    pub source_reference: String,
    /// The notifications that waited on that day.
    pub references: Vec<NotificationRef>,
}

impl Hold {
    /// The first day on which it is over.
    pub fn end(&self) -> Date {
        self.resumed.map_or(self.until, |it| it.min(self.until))
    }

    /// Whether no step may be taken on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && day < self.end()
    }
}

impl RecoveryRow {
    /// What holds the account on a day.
    pub fn holds_on(&self, day: Date) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(move |it| it.holds_on(day))
    }

    /// The steps that were taken while a notification waited.
    pub fn clashes(&self) -> Vec<Clash> {
        let clash = |it: &RecoveryStepTaken| {
            let references: Vec<_> = self.holds_on(it.taken_on).map(|hold| hold.reference.clone()).collect();
            (!references.is_empty()).then(|| Clash {
                account: self.account.clone(),
                step: it.step,
                taken_on: it.taken_on,
                source_reference: it.source_reference.clone(),
                references,
            })
        };
        self.steps.iter().filter_map(clash).collect()
    }

    fn hold(&mut self, it: &RecoveryHeld) {
        let waiting = self.holds.iter_mut().find(|hold| hold.reference == it.reference && hold.resumed.is_none());
        if let Some(hold) = waiting {
            hold.from = hold.from.min(it.from);
            hold.until = hold.until.max(it.until);
        } else {
            let (reference, from, until) = (it.reference.clone(), it.from, it.until);
            self.holds.push(Hold { reference, from, until, resumed: None });
        }
    }

    fn resume(&mut self, it: &RecoveryResumed) {
        for hold in self.holds.iter_mut().filter(|hold| hold.reference == it.reference) {
            hold.resumed.get_or_insert(it.on);
        }
    }
}

impl Clash {
    /// Where it stands in the list of all of them: by day, by account, by the name of the step.
    pub fn key(&self) -> String {
        format!("{} {} {}", self.taken_on, self.account, self.source_reference)
    }
}

impl Recovery {
    /// The index of what is held, by the first day on which that is over.
    pub const HELD: &str = "held";
    /// The index of clashes, see [`Clash::key`].
    pub const CLASH: &str = "clash";
}

impl Projection for Recovery {
    const NAME: &'static str = "recovery";
    const VERSION: u32 = 1;
    type Row = RecoveryRow;

    fn concerns(stream: &StreamName) -> bool {
        stream.as_notification().is_some() || stream.as_dwelling().is_some()
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn keys(event: &Recorded) -> Vec<String> {
        match &event.event {
            Event::RecoveryHeld(it) => it.accounts.iter().map(ToString::to_string).collect(),
            Event::RecoveryResumed(it) => it.accounts.iter().map(ToString::to_string).collect(),
            Event::RecoveryStepTaken(it) => vec![it.account.to_string()],
            Event::DwellingListed(_)
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
            | Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
            | Event::CostModelAdopted(_)
            | Event::ScenarioRecorded(_)
            | Event::AmountSet(_)
            | Event::ModulusTableAdopted(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::NotificationReceived(_)
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
            | Event::AwardExpiryScheduled(_)
            | Event::AwardExpired(_)
            | Event::AccountCorrected(_)
            | Event::BandsCorrected(_)
            | Event::ConfirmationAsked(_)
            | Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::NotificationReversed(_)
            | Event::DecisionRecorded(_)
            | Event::NotificationReferred(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
            | Event::QuestionAnswered(_)
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
            | Event::WorkItemReallocated(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::DecisionChecked(_)
            | Event::ContactLinked(_)
            | Event::BudgetReduced(_)
            | Event::NotificationWithdrawn(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::NotificationCompleted(_) => Vec::new(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn apply(row: &mut Option<RecoveryRow>, key: &str, event: &Recorded) -> Result<(), Unapplicable> {
        match &event.event {
            Event::RecoveryHeld(it) => of(row, key)?.hold(it),
            Event::RecoveryResumed(it) => of(row, key)?.resume(it),
            Event::RecoveryStepTaken(it) => of(row, key)?.steps.push(it.clone()),
            Event::DwellingListed(_)
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
            | Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
            | Event::CostModelAdopted(_)
            | Event::ScenarioRecorded(_)
            | Event::AmountSet(_)
            | Event::ModulusTableAdopted(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::NotificationReceived(_)
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
            | Event::AwardExpiryScheduled(_)
            | Event::AwardExpired(_)
            | Event::AccountCorrected(_)
            | Event::BandsCorrected(_)
            | Event::ConfirmationAsked(_)
            | Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::NotificationReversed(_)
            | Event::DecisionRecorded(_)
            | Event::NotificationReferred(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
            | Event::QuestionAnswered(_)
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
            | Event::WorkItemReallocated(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::DecisionChecked(_)
            | Event::ContactLinked(_)
            | Event::BudgetReduced(_)
            | Event::NotificationWithdrawn(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::NotificationCompleted(_) => {}
        }
        Ok(())
    }

    fn links(row: &RecoveryRow) -> Vec<Link> {
        let mut links: Vec<Link> = row.holds.iter().map(|it| (Self::HELD, it.end().to_string())).collect();
        links.extend(row.clashes().iter().map(|it| (Self::CLASH, it.key())));
        links
    }
}

fn of<'a>(row: &'a mut Option<RecoveryRow>, key: &str) -> Result<&'a mut RecoveryRow, Unapplicable> {
    if row.is_none() {
        let account = key.parse().map_err(|error| Unapplicable(format!("{key:?} is {error}")))?;
        *row = Some(RecoveryRow { account, holds: Vec::new(), steps: Vec::new() });
    }
    row.as_mut().ok_or_else(|| Unapplicable(format!("{key} has no row")))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::testing::{folded, recorded};

    fn held(reference: &str, until: Date) -> Recorded {
        let reference = reference.parse().unwrap();
        let accounts = vec!["30000001".parse().unwrap()];
        let it = RecoveryHeld { reference, accounts, from: date(2015, 12, 2), until };
        recorded(1, "notification-HN-1", 2, it)
    }

    fn resumed(reference: &str, on: Date) -> Recorded {
        let reference = reference.parse().unwrap();
        let it = RecoveryResumed { reference, accounts: vec!["30000001".parse().unwrap()], on };
        recorded(2, "notification-HN-1", 3, it)
    }

    fn taken(step: RecoveryStep, on: Date) -> Recorded {
        let (account, source_reference) = ("30000001".parse().unwrap(), format!("REC-{on}"));
        recorded(3, "dwelling-1", 4, RecoveryStepTaken { account, step, taken_on: on, source_reference })
    }

    fn clashes(events: &[Recorded]) -> Vec<String> {
        folded::<Recovery>(events).unwrap().unwrap().clashes().iter().map(|it| it.taken_on.to_string()).collect()
    }

    #[test]
    fn a_step_clashes_from_the_day_of_receipt_until_the_hold_is_over() {
        let day = |day| taken(RecoveryStep::Summons, date(2015, 12, day));
        let steps = [day(1), day(2), day(29), day(30)];
        let mut events = vec![held("HN-1", date(2015, 12, 30))];
        events.extend(steps);
        assert_eq!(clashes(&events), ["2015-12-02", "2015-12-29"]);
        assert_eq!(clashes(&events[1..]), [""; 0], "nothing waited");
    }

    #[test]
    fn a_step_after_the_outcome_does_not_clash_and_one_told_late_does() {
        let mut events = vec![held("HN-1", date(2015, 12, 30)), resumed("HN-1", date(2015, 12, 10))];
        events.push(taken(RecoveryStep::Reminder, date(2015, 12, 10)));
        assert_eq!(clashes(&events), [""; 0]);
        events.push(taken(RecoveryStep::Reminder, date(2015, 12, 9)));
        assert_eq!(clashes(&events), ["2015-12-09"]);
    }

    #[test]
    fn a_hold_is_made_longer_and_never_shorter() {
        let until = |day| held("HN-1", date(2016, 1, day));
        let row = folded::<Recovery>(&[until(8), until(20), until(15)]).unwrap().unwrap();
        assert_eq!((row.holds.len(), row.holds[0].until), (1, date(2016, 1, 20)));
        let both = folded::<Recovery>(&[until(8), held("HN-2", date(2016, 1, 12))]).unwrap().unwrap();
        assert_eq!(both.holds_on(date(2016, 1, 7)).count(), 2);
        assert_eq!(both.holds_on(date(2016, 1, 8)).count(), 1);
        assert_eq!(both.holds_on(date(2016, 1, 12)).count(), 0);
    }
}
