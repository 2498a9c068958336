//! What changes between two states of a dwelling: in liability, in awards, in charges.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, AwardCode, FinancialYear, Instalment, Money, Period, PersonDetails, Personal, Uprn};
use jiff::civil::Date;

use crate::{AccountState, Award, DwellingState};

/// What changes at one dwelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub uprn: Uprn,
    /// Who is liable, account by account.
    pub liability: Vec<LiabilityDifference>,
    /// The awards that begin, end or change.
    pub awards: Vec<AwardDifference>,
    /// The charges that move.
    pub charges: Vec<ChargeDifference>,
    /// The bills that ask for something else, or for it on other days.
    pub bills: Vec<BillDifference>,
}

/// The bill of an account for a year, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillDifference {
    /// Whose.
    pub account: AccountRef,
    /// Of which year.
    pub financial_year: FinancialYear,
    /// Before; empty where nothing was asked for.
    pub before: Vec<Instalment>,
    /// After.
    pub after: Vec<Instalment>,
}

/// The days of liability of an account, before and after; none where there is no such account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiabilityDifference {
    /// Which.
    pub account: AccountRef,
    /// Who is liable, afterwards.
    pub liable_persons: Vec<Personal<PersonDetails>>,
    /// Before.
    pub before: Option<Period>,
    /// After.
    pub after: Option<Period>,
}

/// An award, before and after; none where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardDifference {
    /// Whose.
    pub account: AccountRef,
    /// Which.
    pub code: AwardCode,
    /// Before.
    pub before: Option<Period>,
    /// After.
    pub after: Option<Period>,
}

/// The charge of an account for a year, before and after; nothing where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeDifference {
    /// Whose.
    pub account: AccountRef,
    /// Of which year.
    pub financial_year: FinancialYear,
    /// Before.
    pub before: Money,
    /// After.
    pub after: Money,
}

impl Difference {
    /// What changes from one state of a dwelling to another.
    pub fn between(uprn: Uprn, before: &DwellingState, after: &DwellingState) -> Self {
        let mut difference =
            Self { uprn, liability: Vec::new(), awards: Vec::new(), charges: Vec::new(), bills: Vec::new() };
        for account in &after.accounts {
            difference.add(before.account(&account.account), account);
        }
        difference
    }

    fn add(&mut self, before: Option<&AccountState>, after: &AccountState) {
        let account = || after.account.clone();
        let was = before.map(|it| it.period);
        if was != Some(after.period) {
            let liable_persons = after.liable_persons.clone();
            let (before, after) = (was, Some(after.period));
            self.liability.push(LiabilityDifference { account: account(), liable_persons, before, after });
        }
        let mut all = before.map(awards).unwrap_or_default();
        all.extend(awards(after));
        for (code, from, nth) in all {
            let find = |it: &AccountState| {
                let mut same = it.awards.iter().filter(|award| award.code == code && award.period.from == from);
                same.nth(nth).map(|award| award.period)
            };
            let (was, is) = (before.and_then(find), find(after));
            if was != is {
                self.awards.push(AwardDifference { account: account(), code, before: was, after: is });
            }
        }
        let years: BTreeSet<_> = before.iter().flat_map(|it| it.charges.keys()).chain(after.charges.keys()).collect();
        for year in years {
            let net = |it: &AccountState| it.charges.get(year).map(|charge| charge.net).unwrap_or_default();
            let (was, is) = (before.map(net).unwrap_or_default(), net(after));
            if was != is {
                let charge = ChargeDifference { account: account(), financial_year: *year, before: was, after: is };
                self.charges.push(charge);
            }
        }
        for (year, bill) in &after.billing.bills {
            let was = before.and_then(|it| it.billing.bills.get(year)).map(|it| it.instalments.clone());
            let was = was.unwrap_or_default();
            if was != bill.instalments {
                let (financial_year, after) = (*year, bill.instalments.clone());
                self.bills.push(BillDifference { account: account(), financial_year, before: was, after });
            }
        }
    }
}

/// The awards of an account: code, first day, and which it is of those with both, as of two students in one household.
fn awards(it: &AccountState) -> BTreeSet<(AwardCode, Date, usize)> {
    let of = |(place, award): (usize, &Award)| {
        let is_same = |other: &&Award| other.code == award.code && other.period.from == award.period.from;
        let nth = it.awards.iter().take(place).filter(is_same).count();
        (award.code.clone(), award.period.from, nth)
    };
    it.awards.iter().enumerate().map(of).collect()
}
