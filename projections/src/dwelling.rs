//! A dwelling: its listing, and every account there has been, with awards and charges.
//!
//! One fold serves deciding and reading, so that an officer's page and a decision can never disagree about who is liable.

mod correction;

use std::collections::BTreeMap;

use hearth_events::{
    AccountRef, AwardCode, AwardTerms, Band, BankDetails, Capacity, ChargeCalculated, ChargeLine, CreditTransferred,
    DwellingListed, Event, FinancialYear, LiabilityEnded, LiabilityStarted, Money, NotificationRef, PaymentMethod,
    Period, PersonDetails, PersonId, Personal, Position, Recorded, RecoveryStep, RecoveryStepTaken, Tenure, Uprn,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Billing, Expiry, Unapplicable};

/// Everything that is known about one dwelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DwellingState {
    /// Its listing; none until it is listed.
    pub listing: Option<Listing>,
    /// Every account there has been, in the order in which they were opened.
    pub accounts: Vec<AccountState>,
    /// The revision of the last event in it; none before the first.
    pub revision: Option<u64>,
}

/// A dwelling as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its national key.
    pub uprn: Uprn,
    /// The council's own key.
    pub property_reference: String,
    /// Where it is.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// The category whose amounts it is charged.
    pub category: String,
    /// Its bands by their first day, earliest first.
    pub bands: Vec<(Date, Band)>,
    /// How it is held.
    pub tenure: Tenure,
    /// The owner on file, where that is not the liable person.
    pub owner: Option<Personal<PersonDetails>>,
    /// Whether it is let furnished.
    pub furnished: bool,
    /// Whether it is a house in multiple occupation.
    pub hmo: bool,
    /// The digest of the row it was imported from.
    pub imported_row: String,
    /// The events it rests on.
    pub because: Vec<Position>,
}

/// One account: a set of liable persons at one dwelling for one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountState {
    /// Its reference.
    pub account: AccountRef,
    /// The days of liability.
    pub period: Period,
    /// In what capacity they are liable.
    pub capacity: Capacity,
    /// Who is liable, with their details as last told.
    pub liable_persons: Vec<Personal<PersonDetails>>,
    /// How many adults live there, by the first day of each number.
    pub adults: Vec<AdultsFrom>,
    /// Awards that have at least one day.
    pub awards: Vec<Award>,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// The bank account, for a direct debit that was told to us.
    pub bank_details: Option<Personal<BankDetails>>,
    /// The day of the month of collection.
    pub collection_day: Option<u8>,
    /// Whether bills come by e-mail.
    pub paperless: bool,
    /// Instalments a year and their day, where they were chosen.
    pub instalments: Option<(u8, u8)>,
    /// The charge by year, as last worked out.
    pub charges: BTreeMap<FinancialYear, Charge>,
    /// What has been asked for and paid.
    #[serde(default)]
    pub billing: Billing,
    /// The digest of the row it was imported from.
    pub imported_row: Option<String>,
    /// The ends and reviews of awards that were ever scheduled; see [`AccountState::expiries_ahead`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expiries: Vec<Expiry>,
    /// The first empty day of the dwelling that the latest empty homes premium was counted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty_since: Option<Date>,
    /// The events that liability rests on.
    pub because: Vec<Position>,
    /// The notification that began its liability; none where that was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<NotificationRef>,
    /// The notification that ended its liability last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<NotificationRef>,
    /// Steps of recovery that were taken, in the order in which they were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery: Vec<RecoveryStepTaken>,
}

/// How many adults from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdultsFrom {
    /// The first day.
    pub from: Date,
    /// How many; none where nobody has said.
    pub adults: Option<u16>,
}

/// One award on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// Which.
    pub code: AwardCode,
    /// Its days.
    pub period: Period,
    /// Its figures, where the law leaves them open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<AwardTerms>,
    /// The events it rests on.
    pub because: Vec<Position>,
}

/// The charge of an account for one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// What it is made of.
    pub lines: Vec<ExplainedLine>,
    /// The sum of the lines.
    pub net: Money,
}

/// A line of a charge with the events it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedLine {
    /// The line as it was decided.
    pub line: ChargeLine,
    /// The events it rests on, in the order of the log.
    pub because: Vec<Position>,
}

impl AccountState {
    /// How many adults lived there at the end of `day`; none where nobody has said.
    pub fn adults_on(&self, day: Date) -> Option<u16> {
        self.adults.iter().rev().find(|it| it.from <= day).or(self.adults.first()).and_then(|it| it.adults)
    }

    /// Whether anybody lives there as a resident on `day`, as far as is known.
    pub fn is_occupied_on(&self, day: Date) -> bool {
        self.capacity == Capacity::Resident && self.adults_on(day) != Some(0)
    }

    /// The step of recovery that was taken last; none where none was.
    pub fn recovery_stage(&self) -> Option<RecoveryStep> {
        self.recovery.iter().max_by_key(|it| it.taken_on).map(|it| it.step)
    }

    /// What earlier years leave in credit for a year whose first bill is due: as far as it goes towards what that year costs
    /// beyond what was paid towards it already. Nothing where payments are not on record, or an earlier year has no bill.
    pub fn brought_in(&self, year: FinancialYear) -> Money {
        let is_billed = |(it, charge): (&FinancialYear, &Charge)| {
            *it >= year || charge.net == Money::ZERO || self.billing.bills.contains_key(it)
        };
        let net = self.charges.get(&year).map(|it| it.net).unwrap_or_default();
        let is_first = !self.billing.bills.contains_key(&year);
        if !(is_first && self.billing.knows_payments() && self.charges.iter().all(is_billed)) {
            return Money::ZERO;
        }
        self.billing.credit_before(year).min(net - self.billing.paid_towards(year)).max(Money::ZERO)
    }

    /// Whether the balance says what is owed: payments are on record, and every year that is charged has its bill.
    pub fn knows_balance(&self) -> bool {
        let is_billed = |(year, charge): (&FinancialYear, &Charge)| {
            charge.net == Money::ZERO || self.billing.bills.contains_key(year)
        };
        self.billing.knows_payments() && self.charges.iter().all(is_billed)
    }

    /// The award of this code in force on `day`.
    pub fn award_on(&self, code: &str, day: Date) -> Option<&Award> {
        self.awards.iter().find(|it| it.code.as_str() == code && it.period.contains(day))
    }
}

impl DwellingState {
    /// The band at the end of `day`; none before the first listing.
    pub fn band_on(&self, day: Date) -> Option<Band> {
        self.listing.as_ref()?.bands.iter().rev().find(|(from, _)| *from <= day).map(|(_, band)| *band)
    }

    /// The account of this reference.
    pub fn account(&self, account: &AccountRef) -> Option<&AccountState> {
        self.accounts.iter().find(|it| it.account == *account)
    }

    /// The accounts that are liable on any day of `period`, in the order of their first day.
    pub fn accounts_within(&self, period: Period) -> Vec<&AccountState> {
        let mut found: Vec<_> = self.accounts.iter().filter(|it| it.period.intersection(period).is_some()).collect();
        found.sort_by_key(|it| it.period.from);
        found
    }

    /// The account that is liable at the end of `day`.
    pub fn liable_on(&self, day: Date) -> Option<&AccountState> {
        self.accounts.iter().find(|it| it.period.contains(day))
    }

    /// Gives the next event of the dwelling's stream to the fold.
    ///
    /// # Errors
    /// When the event names an account or an award that is not there.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), Unapplicable> {
        self.take_told(recorded.position, &recorded.event, told_by(recorded).as_ref())?;
        self.revision = Some(recorded.revision);
        Ok(())
    }

    /// Gives an event to the fold as if it were recorded at `position`.
    ///
    /// # Errors
    /// As [`DwellingState::apply`].
    pub fn take(&mut self, position: Position, event: &Event) -> Result<(), Unapplicable> {
        self.take_told(position, event, None)
    }

    /// The same, with the notification that told it.
    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn take_told(
        &mut self,
        position: Position,
        event: &Event,
        by: Option<&NotificationRef>,
    ) -> Result<(), Unapplicable> {
        match event {
            Event::DwellingListed(it) => self.list(position, it),
            Event::LiabilityStarted(it) => self.start(position, it, by),
            Event::LiabilityEnded(it) => self.end(position, it, by)?,
            Event::RecoveryStepTaken(it) => self.account_mut(&it.account)?.recovery.push(it.clone()),
            Event::DiscountAwarded(it) => {
                let award = Award {
                    code: it.code.clone(),
                    period: it.period,
                    terms: it.terms.clone(),
                    because: vec![position],
                };
                let account = self.account_mut(&it.account)?;
                account.empty_since = it.terms.as_ref().and_then(|terms| terms.empty_since).or(account.empty_since);
                account.awards.push(award);
            }
            Event::DiscountEnded(it) => self.account_mut(&it.account)?.end_award(position, &it.code, it.to)?,
            Event::OccupantAdded(it) => self.account_mut(&it.account)?.set_adults(it.from, it.adults),
            Event::OccupantRemoved(it) => self.account_mut(&it.account)?.set_adults(it.from, it.adults),
            Event::HouseholdStated(it) => {
                let account = self.account_mut(&it.account)?;
                account.capacity = Capacity::Resident;
                account.because.push(position);
                account.set_adults(it.from, it.adults);
            }
            Event::PersonRenamed(it) => self.account_mut(&it.account)?.set_person(&it.person)?,
            Event::ContactDetailsChanged(it) => self.account_mut(&it.account)?.set_person(&it.person)?,
            Event::PaymentMethodChanged(it) => {
                let account = self.account_mut(&it.account)?;
                account.payment_method = it.payment_method;
                account.bank_details.clone_from(&it.bank_details);
                account.collection_day = it.collection_day;
            }
            Event::DeliveryPreferenceChanged(it) => {
                let account = self.account_mut(&it.account)?;
                account.paperless = it.paperless;
                it.person.iter().try_for_each(|person| account.set_person(person))?;
            }
            Event::InstalmentPlanSet(it) => {
                self.account_mut(&it.account)?.instalments = Some((it.instalments, it.day));
            }
            Event::ChargeCalculated(it) => self.charge(position, it)?,
            Event::DemandNoticeIssued(it) => self.billing(&it.account)?.demand(position, it),
            Event::AdjustmentNoticeIssued(it) => self.billing(&it.account)?.adjust(position, it)?,
            Event::ClosingNoticeIssued(it) => self.billing(&it.account)?.close(position, it)?,
            Event::PaymentReceived(it) => self.billing(&it.account)?.pay(it),
            Event::CreditTransferred(it) => self.transfer(it),
            Event::RefundRequested(it) => self.billing(&it.account)?.ask_refund(it),
            Event::RefundApproved(it) => self.billing(&it.account)?.approve_refund(it)?,
            Event::RefundRefused(it) => self.billing(&it.account)?.refuse_refund(it)?,
            Event::RefundPaid(it) => self.billing(&it.account)?.pay_refund(it)?,
            Event::PenaltyImposed(it) => self.billing(&it.account)?.impose(it),
            Event::PenaltyQuashed(it) => self.billing(&it.account)?.quash(it)?,
            Event::AwardExpiryScheduled(it) => self.account_mut(&it.account)?.schedule(it),
            Event::AwardExpired(it) => self.account_mut(&it.account)?.expire(it),
            Event::AccountCorrected(it) => self.correct(position, it)?,
            Event::BandsCorrected(it) => self.correct_bands(position, it)?,
            Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
            | Event::CostModelAdopted(_)
            | Event::ScenarioRecorded(_)
            | Event::AmountSet(_)
            | Event::BillCopied(_)
            | Event::ModulusTableAdopted(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::NotificationReceived(_)
            | Event::RecoveryHeld(_)
            | Event::RecoveryResumed(_)
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

    fn account_mut(&mut self, account: &AccountRef) -> Result<&mut AccountState, Unapplicable> {
        self.accounts
            .iter_mut()
            .find(|it| it.account == *account)
            .ok_or_else(|| Unapplicable(format!("account {account} has not been opened on this dwelling")))
    }

    fn billing(&mut self, account: &AccountRef) -> Result<&mut Billing, Unapplicable> {
        Ok(&mut self.account_mut(account)?.billing)
    }

    /// It stands at both dwellings, each of which has one of the accounts or both.
    fn transfer(&mut self, it: &CreditTransferred) {
        for account in &mut self.accounts {
            if account.account == it.from {
                account.billing.give(it);
            }
            if account.account == it.to {
                account.billing.receive(it);
            }
        }
    }

    fn list(&mut self, position: Position, it: &DwellingListed) {
        let mut bands = self.listing.as_ref().map(|listing| listing.bands.clone()).unwrap_or_default();
        bands.retain(|(from, _)| *from != it.listed_from);
        bands.push((it.listed_from, it.band));
        bands.sort_unstable();
        let mut because = self.listing.as_ref().map(|listing| listing.because.clone()).unwrap_or_default();
        because.push(position);
        self.listing = Some(Listing {
            uprn: it.uprn.clone(),
            property_reference: it.property_reference.clone(),
            address: it.address.clone(),
            postcode: it.postcode.clone(),
            category: it.category.clone(),
            bands,
            tenure: it.tenure,
            owner: it.owner.clone(),
            furnished: it.furnished,
            hmo: it.hmo,
            imported_row: it.imported_row.clone(),
            because,
        });
    }

    fn start(&mut self, position: Position, it: &LiabilityStarted, by: Option<&NotificationRef>) {
        self.accounts.push(AccountState {
            account: it.account.clone(),
            period: it.period,
            capacity: it.capacity,
            liable_persons: it.liable_persons.clone(),
            adults: vec![AdultsFrom { from: it.period.from, adults: it.adults }],
            awards: Vec::new(),
            payment_method: it.payment_method,
            bank_details: it.bank_details.clone(),
            collection_day: None,
            paperless: false,
            instalments: None,
            charges: BTreeMap::new(),
            billing: Billing::default(),
            imported_row: it.imported_row.clone(),
            expiries: Vec::new(),
            empty_since: None,
            because: vec![position],
            opened_by: by.cloned(),
            ended_by: None,
            recovery: Vec::new(),
        });
    }

    fn end(
        &mut self,
        position: Position,
        it: &LiabilityEnded,
        by: Option<&NotificationRef>,
    ) -> Result<(), Unapplicable> {
        let account = self.account_mut(&it.account)?;
        account.ended_by = by.cloned();
        account.period = account.period.ended(it.to);
        account.because.push(position);
        it.left_to.iter().try_for_each(|person| account.set_person(person))
    }

    fn charge(&mut self, position: Position, it: &ChargeCalculated) -> Result<(), Unapplicable> {
        let listed = self.listing.as_ref().map(|listing| listing.because.clone()).unwrap_or_default();
        let account = self.account_mut(&it.account)?;
        let explain = |line: &ChargeLine| {
            let mut because: Vec<_> = listed.iter().chain(&account.because).chain(&it.rests_on).copied().collect();
            let awards = account.awards.iter().filter(|award| award.code.as_str() == line.code);
            because.extend(awards.flat_map(|award| award.because.iter().copied()));
            because.push(position);
            because.sort_unstable();
            because.dedup();
            ExplainedLine { line: line.clone(), because }
        };
        let charge = Charge { lines: it.lines.iter().map(explain).collect(), net: it.net };
        account.charges.insert(it.financial_year, charge);
        Ok(())
    }
}

/// The notification that an event follows from; none where it follows from something else, an import say.
fn told_by(recorded: &Recorded) -> Option<NotificationRef> {
    let reference: NotificationRef = recorded.metadata.causation.parse().ok()?;
    reference.is_of_a_notification().then_some(reference)
}

impl AccountState {
    fn end_award(&mut self, position: Position, code: &AwardCode, to: Date) -> Result<(), Unapplicable> {
        let award =
            self.awards.iter_mut().find(|it| it.code == *code && it.period.goes_beyond(to)).ok_or_else(|| {
                Unapplicable(format!("account {} has no award {code} that ends after {to}", self.account))
            })?;
        award.period = award.period.ended(to);
        award.because.push(position);
        self.awards.retain(|it| !it.period.is_empty());
        Ok(())
    }

    fn set_adults(&mut self, from: Date, adults: u16) {
        self.adults.retain(|it| it.from != from);
        self.adults.push(AdultsFrom { from, adults: Some(adults) });
        self.adults.sort_by_key(|it| it.from);
    }

    fn set_person(&mut self, changed: &Personal<PersonDetails>) -> Result<(), Unapplicable> {
        let person: PersonId = changed.person();
        let held = self.liable_persons.iter_mut().find(|it| it.person() == person);
        *held.ok_or_else(|| Unapplicable(format!("account {} has no such liable person", self.account)))? =
            changed.clone();
        Ok(())
    }
}
