//! The council as its own stream tells it: set amounts, policy, costs, tables, each with the day it applies from.

use std::collections::BTreeMap;

use hearth_events::{
    AmountSet, BandAmounts, ChargingBand, CostModelAdopted, CouncilRegistered, Event, FinancialYear, HalfPound,
    ModulusTableAdopted, Money, PolicyAdopted, Position, Recorded, ScenarioRecorded, Silence,
};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::awards::TiersFrom;
use super::instalments::{Division, Scheme};
use super::{Practice, Rules};

/// What a council resolved and adopted so far.
#[derive(Clone, Debug, Default)]
pub struct Council {
    /// Who it is; none before the first import.
    pub registered: Option<CouncilRegistered>,
    /// The revision of the last event in its stream.
    pub revision: Option<u64>,
    rules: Rules,
    policies: Vec<PolicyAdopted>,
    policies_at: BTreeMap<Date, Position>,
    amounts: BTreeMap<(FinancialYear, String), BTreeMap<String, (BandAmounts, Position)>>,
    /// Cost models by their first day, earliest first; each name has one from a day, as last adopted.
    pub cost_models: Vec<CostModelAdopted>,
    /// Reported savings by name.
    pub scenarios: BTreeMap<String, ScenarioRecorded>,
    /// Tables of the modulus check by their first day, earliest first.
    pub modulus_tables: Vec<ModulusTableAdopted>,
}

/// The policy in force on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many days ahead a change may be told.
    pub future_limit_days: u16,
    /// How many days back a change may reach.
    pub backdate_limit_days: u16,
    /// The greatest movement of an account's charge for a year without an officer.
    pub charge_movement_limit: Money,
    /// The greatest refund without an officer.
    pub refund_limit: Money,
    /// Working days within which a change is to be dealt with.
    pub service_standard_working_days: u16,
    /// Days for which a notification that waits holds recovery.
    pub recovery_hold_days: u16,
    /// Days that liable persons have to answer when somebody else tells of a change to their account; none where an officer
    /// decides at once.
    pub third_party_wait_days: Option<u16>,
    /// What follows when they do not answer.
    pub third_party_silence: Silence,
    /// Minutes for which an item is whoever's claimed it, if they do nothing with it.
    pub claim_minutes: u16,
    /// Percent of the decisions that somebody else checks.
    pub checked_percent: u8,
    /// Working days after which an item that nobody has dealt with is shown to supervisors.
    pub alert_working_days: u16,
    /// The checks that no officer passes over alone.
    pub second_person_checks: Vec<String>,
}

impl Policy {
    /// What applies where a council has adopted nothing: the defaults of the gates of straight-through processing.
    const DEFAULT_FUTURE_LIMIT_DAYS: u16 = 14;
    /// Longer than any one case takes, and shorter than an absence that anybody should wait for.
    const DEFAULT_CLAIM_MINUTES: u16 = 60;
    /// Enough to notice in a week that one decision in ten is wrong, of a hundred that are taken in it.
    const DEFAULT_CHECKED_PERCENT: u8 = 10;
    /// Two weeks: as long as the service standard is where nothing was adopted.
    const DEFAULT_ALERT_WORKING_DAYS: u16 = 10;
    /// Somebody who is not known to be liable changes an account, or what a court deals with changes: nobody does that alone.
    const DEFAULT_SECOND_PERSON_CHECKS: [&str; 2] = ["submitter-identified", "recovery-not-at-court"];
    const DEFAULT_BACKDATE_LIMIT_DAYS: u16 = 90;
    const DEFAULT_CHARGE_MOVEMENT_LIMIT_POUNDS: i64 = 1500;
    const DEFAULT_REFUND_LIMIT_POUNDS: i64 = 500;
    const DEFAULT_SERVICE_STANDARD_WORKING_DAYS: u16 = 10;
    const DEFAULT_RECOVERY_HOLD_DAYS: u16 = 28;
}

impl Council {
    /// Gives the next event of the council's stream to the fold.
    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    pub fn apply(&mut self, recorded: &Recorded) {
        self.revision = Some(recorded.revision);
        match &recorded.event {
            Event::CouncilRegistered(it) => self.registered = Some(it.clone()),
            Event::PolicyAdopted(it) => self.adopt(it, recorded.position),
            Event::CostModelAdopted(it) => {
                self.cost_models.retain(|model| (&model.name, model.from) != (&it.name, it.from));
                self.cost_models.push(it.clone());
                self.cost_models.sort_by_key(|model| model.from);
            }
            Event::ScenarioRecorded(it) => {
                self.scenarios.insert(it.name.clone(), it.clone());
            }
            Event::AmountSet(it) => self.set(it, recorded.position),
            Event::ModulusTableAdopted(it) => {
                self.modulus_tables.retain(|table| table.from != it.from);
                self.modulus_tables.push(it.clone());
                self.modulus_tables.sort_by_key(|table| table.from);
            }
            Event::LogStarted(_)
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
            | Event::NotificationReversed(_)
            | Event::NotificationReceived(_)
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
    }

    /// Policy was adopted by the event at `position`.
    pub fn adopt(&mut self, it: &PolicyAdopted, position: Position) {
        self.policies.retain(|policy| policy.from != it.from);
        self.policies.push(it.clone());
        self.policies.sort_by_key(|policy| policy.from);
        self.policies_at.insert(it.from, position);
    }

    /// What policy can say of the first day of a discount after a death: the day itself, or the day after.
    pub const DEATH_DISCOUNT: [&str; 2] = ["day-of-death", "day-after"];

    /// The same council under a version of the rules: what it adopted stays its own.
    #[must_use]
    pub fn under(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// The rules that its cases are decided under.
    pub const fn rules(&self) -> Rules {
        self.rules
    }

    /// The first day of a discount of whoever is left alone by a death on a day, by the policy of that day.
    pub fn alone_from(&self, death: Date) -> Date {
        let mut in_force = self.policies.iter().filter(|it| it.from <= death).rev();
        let starts = in_force.find_map(|it| it.death_discount_starts.as_deref());
        if self.rules.does(Practice::HeedDeathPolicy) && starts == Some(Self::DEATH_DISCOUNT[1]) {
            death.saturating_add(1.day())
        } else {
            death
        }
    }

    /// One component was set by the event at `position`.
    pub fn set(&mut self, it: &AmountSet, position: Position) {
        let components = self.amounts.entry((it.financial_year, it.category.clone())).or_default();
        components.insert(it.component.clone(), (it.amounts, position));
    }

    /// The policy adopted from a day, as it was adopted; none where nothing was adopted from that very day.
    pub fn policy_adopted_from(&self, from: Date) -> Option<&PolicyAdopted> {
        self.policies.iter().find(|it| it.from == from)
    }

    /// The policy in force on a day: each value as it was last adopted on or before it.
    pub fn policy_on(&self, day: Date) -> Policy {
        let in_force = self.policies.iter().filter(|it| it.from <= day).rev();
        let future = in_force.clone().find_map(|it| it.future_limit_days);
        let backdate = in_force.clone().find_map(|it| it.backdate_limit_days);
        let movement = in_force.clone().find_map(|it| it.charge_movement_limit);
        let refund = in_force.clone().find_map(|it| it.refund_limit);
        let standard = in_force.clone().find_map(|it| it.service_standard_working_days);
        let hold = in_force.clone().find_map(|it| it.recovery_hold_days);
        let silence = in_force.clone().find_map(|it| it.third_party_silence);
        let default_movement = Money::rounded(Decimal::from(Policy::DEFAULT_CHARGE_MOVEMENT_LIMIT_POUNDS));
        Policy {
            future_limit_days: future.unwrap_or(Policy::DEFAULT_FUTURE_LIMIT_DAYS),
            backdate_limit_days: backdate.unwrap_or(Policy::DEFAULT_BACKDATE_LIMIT_DAYS),
            charge_movement_limit: movement.unwrap_or(default_movement),
            refund_limit: refund.unwrap_or_else(|| Money::rounded(Decimal::from(Policy::DEFAULT_REFUND_LIMIT_POUNDS))),
            service_standard_working_days: standard.unwrap_or(Policy::DEFAULT_SERVICE_STANDARD_WORKING_DAYS),
            recovery_hold_days: hold.unwrap_or(Policy::DEFAULT_RECOVERY_HOLD_DAYS),
            third_party_wait_days: in_force.clone().find_map(|it| it.third_party_wait_days),
            third_party_silence: silence.unwrap_or_default(),
            claim_minutes: in_force.clone().find_map(|it| it.claim_minutes).unwrap_or(Policy::DEFAULT_CLAIM_MINUTES),
            checked_percent: in_force
                .clone()
                .find_map(|it| it.checked_percent)
                .unwrap_or(Policy::DEFAULT_CHECKED_PERCENT),
            alert_working_days: in_force
                .clone()
                .find_map(|it| it.alert_working_days)
                .unwrap_or(Policy::DEFAULT_ALERT_WORKING_DAYS),
            second_person_checks: in_force
                .clone()
                .find_map(|it| it.second_person_checks.clone())
                .unwrap_or_else(|| Policy::DEFAULT_SECOND_PERSON_CHECKS.map(str::to_owned).to_vec()),
        }
    }

    /// A local discount in percent, from each day it was determined for, earliest first; empty where it never was.
    ///
    /// For `D-LOC-C` policy has a name of its own as well, from before there was a table; what care leavers are given (`D-CL`)
    /// rests on another section of the Act and has only its own.
    pub fn local_discounts(&self, code: &str) -> Vec<(Date, Decimal)> {
        let own_name = |it: &PolicyAdopted| match code {
            "D-LOC-C" => it.empty_discount_percent,
            "D-CL" => it.care_leaver_percent,
            _ => None,
        };
        let tabled = |it: &PolicyAdopted| it.local_discounts.as_ref().and_then(|table| table.get(code).copied());
        self.policies.iter().filter_map(|it| Some((it.from, tabled(it).or_else(|| own_name(it))?))).collect()
    }

    /// A local discount in percent as determined for a day; none where it was not.
    pub fn local_discount_on(&self, code: &str, day: Date) -> Option<Decimal> {
        self.local_discounts(code).into_iter().rev().find(|(from, _)| *from <= day).map(|(_, percent)| percent)
    }

    /// The premium on second homes in percent, from each day it was determined for, earliest first.
    pub fn second_home_premiums(&self) -> Vec<(Date, Decimal)> {
        self.policies.iter().filter_map(|it| Some((it.from, it.second_home_premium_percent?))).collect()
    }

    /// The events that adopted the figures of an award for days before `end`; none where policy has no figure for its code.
    pub fn figures_adopted(&self, code: &str, end: Date) -> Vec<Position> {
        let says = |it: &PolicyAdopted| match code {
            "P-EMPTY" => it.empty_premium.is_some(),
            "P-SECOND" => it.second_home_premium_percent.is_some(),
            "D-CL" => it.care_leaver_percent.is_some(),
            "D-LOC-C" if it.empty_discount_percent.is_some() => true,
            code => it.local_discounts.as_ref().is_some_and(|table| table.contains_key(code)),
        };
        let adopted = self.policies.iter().filter(|it| it.from < end && says(it)).map(|it| it.from);
        adopted.filter_map(|from| self.policies_at.get(&from).copied()).collect()
    }

    /// After how many months an award is to be looked at again, by the policy of a day; none where policy does not say.
    pub fn review_months_on(&self, code: &str, day: Date) -> Option<u16> {
        let in_force = self.policies.iter().filter(|it| it.from <= day).rev();
        in_force.filter_map(|it| it.review_months.as_ref()).find_map(|it| it.get(code).copied())
    }

    /// The tiers of the empty homes premium as adopted, earliest first; empty where nothing was adopted.
    pub fn empty_premiums(&self) -> Vec<TiersFrom> {
        let adopted = self.policies.iter().filter_map(|it| Some((it.from, it.empty_premium.clone()?)));
        adopted.map(|(from, tiers)| TiersFrom { from, tiers }).collect()
    }

    /// Which way an instalment of exactly fifty pence over is rounded; up where nothing was adopted.
    pub fn half_pound_on(&self, day: Date) -> HalfPound {
        let mut in_force = self.policies.iter().filter(|it| it.from <= day).rev();
        in_force.find_map(|it| it.instalment_rounding).unwrap_or(HalfPound::HalfUp)
    }

    /// How bills are divided where nobody chose otherwise: ten instalments on the 1st where nothing was adopted.
    pub fn division_on(&self, day: Date) -> Division {
        const FIRST_OF_THE_MONTH: i8 = 1;
        let mut in_force = self.policies.iter().filter(|it| it.from <= day).rev();
        let number = in_force.clone().find_map(|it| it.instalments);
        let of_month = in_force.find_map(|it| it.instalment_day).and_then(|it| i8::try_from(it).ok());
        Division {
            scheme: number.map_or(Scheme::Ten, Scheme::of),
            day: of_month.unwrap_or(FIRST_OF_THE_MONTH),
            chosen: false,
            ties: self.half_pound_on(day),
            by_direct_debit: false,
        }
    }

    /// The categories of dwelling for which amounts are set in a year.
    pub fn categories_set(&self, year: FinancialYear) -> Vec<&str> {
        self.amounts.keys().filter(|(set_for, _)| *set_for == year).map(|(_, category)| category.as_str()).collect()
    }

    /// Every financial year for which amounts were set, with the categories of each.
    pub fn years_and_categories(&self) -> BTreeMap<FinancialYear, Vec<&str>> {
        let mut set: BTreeMap<FinancialYear, Vec<&str>> = BTreeMap::new();
        for (year, category) in self.amounts.keys() {
            set.entry(*year).or_default().push(category);
        }
        set
    }

    /// The amount of one component as it was set; none where it was not.
    pub fn component(&self, year: FinancialYear, category: &str, component: &str) -> Option<&BandAmounts> {
        self.amounts.get(&(year, category.to_owned()))?.get(component).map(|(amounts, _)| amounts)
    }

    /// The years for which amounts are set in a category, earliest first.
    pub fn years_set(&self, category: &str) -> Vec<FinancialYear> {
        self.amounts.keys().filter(|(_, set_for)| set_for == category).map(|(year, _)| *year).collect()
    }

    /// What a whole year costs in a category and band, the sum of its components, and the events that set them.
    pub fn amount(&self, year: FinancialYear, category: &str, band: ChargingBand) -> Option<(Money, Vec<Position>)> {
        let components = self.amounts.get(&(year, category.to_owned()))?;
        let total = components.values().map(|(amounts, _)| amounts.of(band)).sum();
        let mut set_by: Vec<_> = components.values().map(|(_, position)| *position).collect();
        set_by.sort_unstable();
        Some((total, set_by))
    }

    /// What a whole year costs in a category, band by band; none where nothing is set.
    pub fn amounts(&self, year: FinancialYear, category: &str) -> Option<BandAmounts> {
        let components = self.amounts.get(&(year, category.to_owned()))?;
        let of = |band| components.values().map(|(amounts, _)| amounts.of(band)).sum();
        Some(BandAmounts {
            AR: of(ChargingBand::AR),
            A: of(ChargingBand::A),
            B: of(ChargingBand::B),
            C: of(ChargingBand::C),
            D: of(ChargingBand::D),
            E: of(ChargingBand::E),
            F: of(ChargingBand::F),
            G: of(ChargingBand::G),
            H: of(ChargingBand::H),
        })
    }

    /// The cost model in force on a day: the one that was adopted from the latest day on or before it.
    pub fn cost_model_on(&self, day: Date) -> Option<&CostModelAdopted> {
        self.cost_models.iter().rev().find(|it| it.from <= day)
    }

    /// The table of the modulus check in force on a day.
    pub fn modulus_table_on(&self, day: Date) -> Option<&ModulusTableAdopted> {
        self.modulus_tables.iter().rev().find(|it| it.from <= day).or(self.modulus_tables.first())
    }
}
