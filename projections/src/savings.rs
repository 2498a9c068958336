//! Savings: the cost models, the reports and the budgets that fell, to value with what was measured.
//!
//! The rows hold what was adopted and recorded; the figures are worked out when they are asked for, from these and from what
//! [`Performance`](crate::Performance) has of each notification.

use hearth_events::{BudgetReduced, CostModelAdopted, Event, Recorded, ScenarioRecorded, StreamName};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Link, Projection, Unapplicable};

/// What savings are valued with.
#[derive(Clone, Copy, Debug)]
pub struct Savings;

/// One row: the adoptions of a cost model, a scenario, a budget that fell, or how long a contact counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SavingsRow {
    /// A cost model under its name: every adoption, in the order in which they were recorded.
    CostModel(Vec<Adoption>),
    /// A scenario under its name, as it was recorded last.
    Scenario(ScenarioRecorded),
    /// A line of the budget that fell, under its decision, as it was recorded last.
    Budget(BudgetReduced),
    /// How many days a contact counts as caused by what came before it: what was adopted from each day, earliest first.
    ContactDays(Vec<(Date, u16)>),
}

/// That a cost model was adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// The model.
    pub model: CostModelAdopted,
    /// When that was recorded.
    pub recorded_at: Timestamp,
    /// Who recorded it: `import`, or whoever changed it.
    pub by: String,
}

impl Savings {
    /// The index of every row by what it is; see the other constants for its values.
    pub const BASIS: &str = "basis";
    /// The value of [`Savings::BASIS`] for a cost model.
    pub const COST_MODEL: &str = "cost-model";
    /// The value of [`Savings::BASIS`] for a scenario.
    pub const SCENARIO: &str = "scenario";
    /// The value of [`Savings::BASIS`] for a line of the budget that fell.
    pub const BUDGET: &str = "budget";
    /// The value of [`Savings::BASIS`] for how long a contact counts.
    pub const CONTACT_DAYS: &str = "contact-days";
}

/// The key of a cost model's row.
pub fn cost_model_key(name: &str) -> String {
    format!("{}:{name}", Savings::COST_MODEL)
}

/// The key of a scenario's row.
pub fn scenario_key(name: &str) -> String {
    format!("{}:{name}", Savings::SCENARIO)
}

fn budget_key(it: &BudgetReduced) -> String {
    format!("{}:{}:{}", Savings::BUDGET, it.line.as_str(), it.decision)
}

impl Projection for Savings {
    const NAME: &'static str = "savings";
    const VERSION: u32 = 3;
    type Row = SavingsRow;

    fn concerns(stream: &StreamName) -> bool {
        stream.is_council()
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn keys(event: &Recorded) -> Vec<String> {
        match &event.event {
            Event::CostModelAdopted(it) => vec![cost_model_key(&it.name)],
            Event::ScenarioRecorded(it) => vec![scenario_key(&it.name)],
            Event::BudgetReduced(it) => vec![budget_key(it)],
            Event::PolicyAdopted(it) if it.contact_days.is_some() => vec![Self::CONTACT_DAYS.to_owned()],
            Event::PolicyAdopted(_)
            | Event::LogStarted(_)
            | Event::CouncilRegistered(_)
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
            | Event::NotificationReceived(_)
            | Event::DecisionRecorded(_)
            | Event::NotificationReferred(_)
            | Event::NotificationCompleted(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::DemandNoticeIssued(_)
            | Event::AdjustmentNoticeIssued(_)
            | Event::ClosingNoticeIssued(_)
            | Event::BillCopied(_)
            | Event::PaymentReceived(_)
            | Event::CreditTransferred(_)
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
            | Event::NotificationReversed(_)
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
            | Event::QuestionAnswered(_)
            | Event::NotificationWithdrawn(_)
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
            | Event::ContactLinked(_) => Vec::new(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn apply(row: &mut Option<SavingsRow>, _: &str, event: &Recorded) -> Result<(), Unapplicable> {
        match &event.event {
            Event::CostModelAdopted(it) => adopt(row, it, event),
            Event::ScenarioRecorded(it) => *row = Some(SavingsRow::Scenario(it.clone())),
            Event::BudgetReduced(it) => *row = Some(SavingsRow::Budget(it.clone())),
            Event::PolicyAdopted(it) => {
                if let Some(days) = it.contact_days {
                    count_contacts(row, it.from, days);
                }
            }
            Event::LogStarted(_)
            | Event::CouncilRegistered(_)
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
            | Event::NotificationReceived(_)
            | Event::DecisionRecorded(_)
            | Event::NotificationReferred(_)
            | Event::NotificationCompleted(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::DemandNoticeIssued(_)
            | Event::AdjustmentNoticeIssued(_)
            | Event::ClosingNoticeIssued(_)
            | Event::BillCopied(_)
            | Event::PaymentReceived(_)
            | Event::CreditTransferred(_)
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
            | Event::NotificationReversed(_)
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
            | Event::QuestionAnswered(_)
            | Event::NotificationWithdrawn(_)
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
            | Event::ContactLinked(_) => {}
        }
        Ok(())
    }

    fn links(row: &SavingsRow) -> Vec<Link> {
        let what = match row {
            SavingsRow::CostModel(_) => Self::COST_MODEL,
            SavingsRow::Scenario(_) => Self::SCENARIO,
            SavingsRow::Budget(_) => Self::BUDGET,
            SavingsRow::ContactDays(_) => Self::CONTACT_DAYS,
        };
        vec![(Self::BASIS, what.to_owned())]
    }
}

fn adopt(row: &mut Option<SavingsRow>, it: &CostModelAdopted, event: &Recorded) {
    let mut adoptions = match row.take() {
        Some(SavingsRow::CostModel(adoptions)) => adoptions,
        Some(SavingsRow::Scenario(_) | SavingsRow::Budget(_) | SavingsRow::ContactDays(_)) | None => Vec::new(),
    };
    let (recorded_at, by) = (event.recorded_at, event.metadata.actor.clone());
    adoptions.push(Adoption { model: it.clone(), recorded_at, by });
    *row = Some(SavingsRow::CostModel(adoptions));
}

fn count_contacts(row: &mut Option<SavingsRow>, from: Date, days: u16) {
    let mut all = match row.take() {
        Some(SavingsRow::ContactDays(all)) => all,
        Some(SavingsRow::Scenario(_) | SavingsRow::Budget(_) | SavingsRow::CostModel(_)) | None => Vec::new(),
    };
    all.retain(|(earlier, _)| *earlier != from);
    all.push((from, days));
    all.sort_unstable();
    *row = Some(SavingsRow::ContactDays(all));
}

#[cfg(test)]
mod tests {
    use hearth_events::PolicyAdopted;
    use jiff::civil::date;

    use super::*;
    use crate::testing::{folded, recorded};

    fn model(from: Date) -> CostModelAdopted {
        let golden = include_str!("../../events/golden/CostModelAdopted.v1.json");
        CostModelAdopted { from, ..serde_json::from_str(golden).unwrap() }
    }

    #[test]
    fn every_adoption_is_kept_with_who_recorded_it() {
        let (first, second) = (model(date(2015, 4, 1)), model(date(2016, 4, 1)));
        let events = [recorded(1, "council-E1", 0, first.clone()), recorded(2, "council-E1", 1, second.clone())];
        let Some(SavingsRow::CostModel(it)) = folded::<Savings>(&events).unwrap() else { panic!("no cost model") };
        let models: Vec<_> = it.iter().map(|it| &it.model).collect();
        assert_eq!(models, [&first, &second]);
        assert_eq!(it[0].by, "test");
    }

    #[test]
    fn policy_says_how_long_a_contact_counts_and_the_last_word_for_a_day_stands() {
        let policy = |from, contact_days| PolicyAdopted { from, contact_days, ..PolicyAdopted::default() };
        let (early, late) = (date(2015, 4, 1), date(2016, 4, 1));
        let events = [
            recorded(1, "council-E1", 0, policy(late, Some(14))),
            recorded(2, "council-E1", 1, policy(early, Some(21))),
            recorded(3, "council-E1", 2, policy(late, Some(28))),
        ];
        let days = SavingsRow::ContactDays(vec![(early, 21), (late, 28)]);
        assert_eq!(folded::<Savings>(&events).unwrap(), Some(days));
        let silent = recorded(4, "council-E1", 3, policy(late, None));
        assert!(Savings::keys(&silent).is_empty(), "what says nothing of contacts changes nothing");
    }
}
