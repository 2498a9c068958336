//! A change that was applied is reversed: what the dwelling would be had it never been told. Or, where a reversal was wrong,
//! what it would be had that never been reversed.
//!
//! What counts is what was told and is not reversed, in the order in which it was recorded; corrections and charges only say
//! what follows from that. So one fold serves both ways, and a reversal of a reversal restores what it took away.

mod refund;
mod rests;

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{
    AccountCorrected, AccountRef, AdultsHeld, AwardHeld, BandsCorrected, ChargeCalculated, CreditTransferred, Event,
    FinancialYear, Money, NotificationRef, Opener, Period, Personal, Position, Recorded, Uprn,
};
use hearth_projections::{AccountState, Award, DwellingState, Unapplicable};
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use self::rests::{account_of, later_that_rests_on};
use super::Working;
use super::gates::movements;
use crate::rules::Council;

/// What is to be reversed.
#[derive(Clone, Copy)]
pub struct Reversal<'a> {
    /// The notification whose change it is.
    pub notification: &'a NotificationRef,
    /// Whether it is the reversal that is reversed, so that the change counts again.
    pub restored: bool,
    /// The day on which it is: notices are issued on it.
    pub on: Date,
    /// Who reverses or restores it, by the name of their token.
    pub by: &'a str,
    /// What opens personal data, so that it is sealed anew with the correction.
    pub opener: &'a dyn Opener,
}

/// A change cannot be reversed at a dwelling, or restored there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReversible {
    /// Something was told of the dwelling later that would not have been decided so.
    #[error("{later} changed dwelling {uprn} afterwards and rests on this change: reverse {later} first")]
    RestsOn {
        /// The dwelling.
        uprn: Uprn,
        /// What caused the later change.
        later: String,
    },
    /// Two would be liable for the same days.
    #[error(
        "accounts {one} and {other} of dwelling {uprn} would be liable for the same days: reverse {later}, which opened the later one, first"
    )]
    Overlap {
        /// The dwelling.
        uprn: Uprn,
        /// One of them.
        one: AccountRef,
        /// The other.
        other: AccountRef,
        /// What opened the later one.
        later: String,
    },
    /// The refund that it asked for has gone out.
    #[error(
        "the refund of £{amount} that it asked for on account {account} was paid: what should not have gone out is asked back, and told as a payment when it comes"
    )]
    RefundPaid {
        /// Whose.
        account: AccountRef,
        /// How much.
        amount: Money,
    },
    /// The refund cannot be asked for anew.
    #[error("account {account} is no longer in credit by the £{amount} that it asks for: let a new request be made")]
    NoCredit {
        /// Whose.
        account: AccountRef,
        /// How much.
        amount: Money,
    },
    /// The stream of the dwelling is not what it should be.
    #[error("{0}")]
    Stream(Unapplicable),
}

impl From<Unapplicable> for NotReversible {
    fn from(it: Unapplicable) -> Self {
        Self::Stream(it)
    }
}

impl Reversal<'_> {
    /// What a reversal does at a dwelling of this history; nothing where it is so already.
    ///
    /// # Errors
    /// When something that was told later rests on the change, two would be liable for the same days, or a refund has gone out.
    pub fn at(&self, uprn: &Uprn, history: &[Recorded], council: &Council) -> Result<Option<Working>, NotReversible> {
        let mut now = DwellingState::default();
        for recorded in history {
            now.apply(recorded)?;
        }
        let history = &without_earlier_attempts(history)[..];
        let mut left_out = reversed_in(history);
        let is_news = if self.restored {
            left_out.remove(self.notification.as_str())
        } else {
            left_out.insert(self.notification.to_string())
        };
        let mut working = Working::of(uprn.clone(), now.clone());
        if let Some(refund) = self.refund(history, &now)? {
            working.record(refund);
        } else if !is_news {
            return Ok(None);
        }
        if is_news {
            let target = self.target(uprn, history, &left_out)?;
            self.correct(&mut working, history, &target, council);
        }
        match working.misfit() {
            Some(misfit) => Err(misfit.clone().into()),
            None => Ok(Some(working)),
        }
    }

    /// Records how the dwelling then stands.
    fn correct(&self, working: &mut Working, history: &[Recorded], target: &DwellingState, council: &Council) {
        let own: Vec<_> = history.iter().filter(|it| self.is_own(it)).collect();
        let touched: BTreeSet<_> = own.iter().filter_map(|it| account_of(&it.event)).collect();
        for account in &touched {
            if let Some(before) = working.before().account(account) {
                let corrected = self.corrected(before, target.account(account));
                working.record(corrected);
            }
        }
        let relists = own.iter().any(|it| matches!(it.event, Event::DwellingListed(_)));
        if let (true, Some(listing)) = (relists, &target.listing) {
            let (uprn, reverses) = (working.uprn().clone(), self.notification.clone());
            working.record(BandsCorrected { uprn, reverses, restored: self.restored, bands: listing.bands.clone() });
        }
        let without_a_rule = working.charge_what_has_a_rule(council);
        for (account, _) in without_a_rule.iter().filter(|(account, _)| touched.contains(account)) {
            withdraw_charges(working, account);
        }
        self.bill(working, history, council, |account| without_a_rule.iter().all(|(it, _)| it != account));
    }

    /// Issues the notices that are due. A credit comes back before what it is paid towards is asked for; it passes again once
    /// what it comes from is closed.
    fn bill(
        &self,
        working: &mut Working,
        history: &[Recorded],
        council: &Council,
        is_charged: impl Fn(&AccountRef) -> bool,
    ) {
        let transfer = self.transferred(history);
        if let Some(transfer) = transfer.clone().filter(|_| !self.restored) {
            working.record(transfer);
        }
        let receives = |it: &AccountState| transfer.as_ref().is_some_and(|transfer| transfer.to == it.account);
        working.bill(council, self.on, |it| is_charged(&it.account) && !receives(it));
        if let Some(transfer) = transfer.clone().filter(|_| self.restored) {
            working.record(transfer);
        }
        working.bill(council, self.on, |it| is_charged(&it.account));
    }

    /// The credit that passed with the change, which passes back, or again.
    fn transferred(&self, history: &[Recorded]) -> Option<CreditTransferred> {
        let passed = self.passed(history).next()?;
        let (from, to) = (passed.from.clone(), passed.to.clone());
        let passed = CreditTransferred { on: self.on, ..passed.clone() };
        Some(if self.restored { passed } else { CreditTransferred { from: to, to: from, ..passed } })
    }

    fn passed<'a>(&'a self, history: &'a [Recorded]) -> impl Iterator<Item = &'a CreditTransferred> {
        let own = history.iter().filter(|it| self.is_own(it));
        let passed = own.filter_map(|it| if let Event::CreditTransferred(it) = &it.event { Some(it) } else { None });
        // Between the years of one account it stays where it is.
        passed.filter(|it| it.from != it.to)
    }

    /// The credit that passed with a change and is to come back by itself, where the change stays; none where it did not pass,
    /// or has come back.
    pub fn credit_back(&self, history: &[Recorded]) -> Option<CreditTransferred> {
        let history = without_earlier_attempts(history);
        let has_come_back = self.passed(&history).count().is_multiple_of(2);
        self.transferred(&history).filter(|_| !has_come_back)
    }

    fn is_own(&self, recorded: &Recorded) -> bool {
        recorded.metadata.causation == self.notification.as_str()
    }

    /// The dwelling by what counts.
    fn target(
        &self,
        uprn: &Uprn,
        history: &[Recorded],
        left_out: &BTreeSet<String>,
    ) -> Result<DwellingState, NotReversible> {
        let counts = |it: &&Recorded| is_fact(&it.event) && !left_out.contains(&it.metadata.causation);
        let kept: Vec<_> = history.iter().filter(counts).collect();
        let rests = |later: String| NotReversible::RestsOn { uprn: uprn.clone(), later };
        if let Some(later) = later_that_rests_on(self.notification.as_str(), self.restored, history, &kept) {
            return Err(rests(later));
        }
        let mut target = DwellingState::default();
        for recorded in &kept {
            let fits = target.take(recorded.position, &recorded.event);
            if fits.is_err() && !rests::goes_with_an_end(recorded, &kept) {
                return Err(rests(recorded.metadata.causation.clone()));
            }
        }
        for account in &mut target.accounts {
            let within = account.period;
            account.awards.retain_mut(|award| match award.period.intersection(within) {
                Some(period) => {
                    award.period = period;
                    true
                }
                None => false,
            });
        }
        no_overlap(uprn, &target, history)?;
        Ok(target)
    }

    /// An account as it would stand; without a day where it would not have been opened.
    fn corrected(&self, now: &AccountState, target: Option<&AccountState>) -> AccountCorrected {
        let stands = target.unwrap_or(now);
        let period = target.map_or(now.period.ended(now.period.from), |it| it.period);
        let adults = stands.adults.iter().map(|it| AdultsHeld { from: it.from, adults: it.adults });
        let held = |it: &Award| AwardHeld {
            code: it.code.clone(),
            period: it.period,
            terms: it.terms.clone(),
            rests_on: it.because.clone(),
        };
        AccountCorrected {
            account: now.account.clone(),
            reverses: self.notification.clone(),
            restored: self.restored,
            period,
            capacity: stands.capacity,
            liable_persons: stands.liable_persons.iter().map(|it| self.open(it)).collect(),
            adults: adults.collect(),
            awards: target.iter().flat_map(|it| it.awards.iter().map(held)).collect(),
            payment_method: stands.payment_method,
            bank_details: stands.bank_details.as_ref().map(|it| self.open(it)),
            collection_day: stands.collection_day,
            paperless: stands.paperless,
            instalments: stands.instalments,
        }
    }

    /// Open, so that it is sealed anew within the correction; as it is where its person was forgotten.
    fn open<T: Clone + DeserializeOwned>(&self, it: &Personal<T>) -> Personal<T> {
        it.opened(self.opener).map_or_else(|| it.clone(), |value| Personal::open_for(it.person(), value))
    }
}

/// A notification that was carried out anew, as what was done of it had been taken back, counts from there on.
fn without_earlier_attempts(history: &[Recorded]) -> Vec<Recorded> {
    let (mut taken_back, mut begins) = (BTreeSet::new(), BTreeMap::new());
    for recorded in history {
        let cause = recorded.metadata.causation.as_str();
        if matches!(recorded.event, Event::AccountCorrected(_) | Event::BandsCorrected(_)) {
            taken_back.insert(cause);
        } else if is_fact(&recorded.event) && taken_back.remove(cause) {
            begins.insert(cause, recorded.position);
        }
    }
    let counts = |it: &&Recorded| begins.get(it.metadata.causation.as_str()).is_none_or(|from| it.position >= *from);
    history.iter().filter(counts).cloned().collect()
}

/// The notifications whose change does not count at a dwelling.
fn reversed_in(history: &[Recorded]) -> BTreeSet<String> {
    let mut left_out = BTreeSet::new();
    for recorded in history {
        let (reverses, restored) = if let Event::AccountCorrected(it) = &recorded.event {
            (&it.reverses, it.restored)
        } else if let Event::BandsCorrected(it) = &recorded.event {
            (&it.reverses, it.restored)
        } else {
            continue;
        };
        if restored {
            left_out.remove(reverses.as_str());
        } else {
            left_out.insert(reverses.to_string());
        }
    }
    left_out
}

/// Whether an event is a fact of liability, households, awards, the record or the list. Everything else follows from these, as
/// corrections and charges do, or is of its own, as payments and notices are: what was paid was paid.
fn is_fact(event: &Event) -> bool {
    account_of(event).is_some() || matches!(event, Event::DwellingListed(_))
}

/// On no day two accounts are liable.
fn no_overlap(uprn: &Uprn, target: &DwellingState, history: &[Recorded]) -> Result<(), NotReversible> {
    for (number, one) in target.accounts.iter().enumerate() {
        let later = target.accounts.iter().skip(number + 1);
        if let Some(other) = later.into_iter().find(|it| it.period.intersection(one.period).is_some()) {
            let opened =
                |it: &&Recorded| matches!(&it.event, Event::LiabilityStarted(it) if it.account == other.account);
            let later = history.iter().find(opened).map(|it| it.metadata.causation.clone()).unwrap_or_default();
            let (uprn, one, other) = (uprn.clone(), one.account.clone(), other.account.clone());
            return Err(NotReversible::Overlap { uprn, one, other, later });
        }
    }
    Ok(())
}

/// An account with an award that no rule can charge has no charge, as before the change.
fn withdraw_charges(working: &mut Working, account: &AccountRef) {
    let charged = working.now().account(account).map(|it| it.charges.clone()).unwrap_or_default();
    for (financial_year, charge) in charged.into_iter().filter(|(_, it)| !it.lines.is_empty()) {
        working.record(ChargeCalculated {
            account: account.clone(),
            financial_year,
            lines: Vec::new(),
            net: Money::ZERO,
            rests_on: Vec::<Position>::new(),
            before: Some(charge.net),
        });
    }
}

/// How far a reversal reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The greatest movement of a year's tax on a dwelling; of years to come nothing was asked yet.
    pub greatest: Money,
    /// The years that are over and move, earliest first.
    pub closed_years: Vec<FinancialYear>,
}

/// The years that are over and for which no amounts are set, where what happened in them changes: nobody can say by how much.
fn without_amounts(before: Option<&AccountState>, now: &AccountState, current: FinancialYear) -> Vec<FinancialYear> {
    let (was, is) = (before.map(facts).unwrap_or_default(), facts(now));
    let Some((first, _)) = was.symmetric_difference(&is).min() else { return Vec::new() };
    let mut year = FinancialYear::of(*first);
    let mut found = Vec::new();
    while year < current {
        let is_liable = |it: &AccountState| it.period.intersection(year.period()).is_some();
        if !now.charges.contains_key(&year) && (is_liable(now) || before.is_some_and(is_liable)) {
            found.push(year);
        }
        year = year.next();
    }
    found
}

/// The days on which something begins or ends on an account, with what.
fn facts(account: &AccountState) -> BTreeSet<(Date, String)> {
    let period = |what: &str, it: Period| {
        let (from, to) = (Some((it.from, format!("{what} from"))), it.to.map(|to| (to, format!("{what} to"))));
        [from, to].into_iter().flatten().collect::<Vec<_>>()
    };
    let awards = account.awards.iter().flat_map(|it| period(it.code.as_str(), it.period));
    let adults = account.adults.iter().map(|it| (it.from, format!("{:?} adults", it.adults)));
    period("liable", account.period).into_iter().chain(awards).chain(adults).collect()
}

/// How far these changes reach, in the financial year `current`.
pub fn reach<'a>(workings: impl IntoIterator<Item = &'a Working>, current: FinancialYear) -> Reach {
    let mut reach = Reach::default();
    for working in workings {
        for (_, movement) in movements(working).into_iter().filter(|(year, _)| *year <= current) {
            reach.greatest = reach.greatest.max(movement);
        }
        for account in &working.now().accounts {
            let before = working.before().account(&account.account);
            let net = |it: Option<&AccountState>, year| {
                it.and_then(|it| it.charges.get(year)).map(|it| it.net).unwrap_or_default()
            };
            let over = account.charges.keys().filter(|year| **year < current);
            reach.closed_years.extend(over.filter(|year| net(before, year) != net(Some(account), year)));
            reach.closed_years.extend(without_amounts(before, account, current));
        }
    }
    reach.closed_years.sort_unstable();
    reach.closed_years.dedup();
    reach
}
