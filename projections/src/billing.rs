//! What has been asked for on an account, and what has been paid: bills, payments, credits, refunds, penalties.

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{
    AccountRef, AdjustmentNoticeIssued, BankDetails, ClosingNoticeIssued, CreditTransferred, DemandNoticeIssued,
    FinancialYear, Instalment, Money, PaymentReceived, PenaltyImposed, PenaltyQuashed, Personal, Position,
    RefundApproved, RefundPaid, RefundRefused, RefundRequested,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Unapplicable;

/// Everything asked for and paid on one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billing {
    /// The bill of each year, as it now stands.
    pub bills: BTreeMap<FinancialYear, Bill>,
    /// Every payment, in the order in which it was told.
    pub payments: Vec<Payment>,
    /// Credits that came from another account (more than nothing) or went to one (less).
    pub transfers: Vec<Transfer>,
    /// Refunds, in the order in which they were asked for.
    pub refunds: Vec<Refund>,
    /// Penalties, in the order in which they were imposed.
    pub penalties: Vec<Penalty>,
}

/// What is asked for, for one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// The day on which its last notice was issued.
    pub issued_on: Date,
    /// What is asked for, for the whole year.
    pub net: Money,
    /// When it is payable, and what was payable already, earliest first.
    pub instalments: Vec<Instalment>,
    /// What was paid before it was asked for, so that no instalment asks for it: with them it comes to what is asked for in all.
    pub paid_ahead: Money,
    /// Whether it was closed as liability ended.
    pub closed: bool,
    /// Whether its last notice was another system's, so that nothing of it was printed here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_over: bool,
    /// The notices.
    pub because: Vec<Position>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The year it is towards.
    pub financial_year: FinancialYear,
    /// How much; below nothing where an earlier one was returned unpaid.
    pub amount: Money,
    /// The day it was received.
    pub received_on: Date,
    /// What the income system calls it.
    pub source_reference: String,
}

/// A credit that passed between accounts, or from earlier years of one to a later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The other account; the same where it passed between its years.
    pub other: AccountRef,
    /// The year it was paid towards.
    pub financial_year: FinancialYear,
    /// How much; below nothing where it went.
    pub amount: Money,
}

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundStatus {
    /// It was asked for.
    Requested,
    /// Another person approved it.
    Approved,
    /// It was refused.
    Refused,
    /// The money went out.
    Paid,
}

impl RefundStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Requested, Self::Approved, Self::Refused, Self::Paid];

    /// As written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Paid => "paid",
        }
    }
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// What it is called.
    pub refund: String,
    /// How much.
    pub amount: Money,
    /// Where it goes.
    pub bank_details: Personal<BankDetails>,
    /// The day it was asked for.
    pub requested_on: Date,
    /// How far it has come.
    pub status: RefundStatus,
    /// Who approved it, by the name of their token.
    pub approved_by: Option<String>,
}

/// A penalty: a debit of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Penalty {
    /// What it is called.
    pub penalty: String,
    /// How much.
    pub amount: Money,
    /// The day it was imposed.
    pub imposed_on: Date,
    /// The day it was quashed; owed until then.
    pub quashed_on: Option<Date>,
}

impl Billing {
    /// What was paid towards a year, with credits that came and without those that went.
    pub fn paid_towards(&self, year: FinancialYear) -> Money {
        let payments = self.payments.iter().filter(|it| it.financial_year == year).map(|it| it.amount);
        let transfers = self.transfers.iter().filter(|it| it.financial_year == year).map(|it| it.amount);
        let paid: Money = payments.chain(transfers).sum();
        if self.last_year_paid() == Some(year) { paid - self.refunded() } else { paid }
    }

    /// What goes back, of refunds that were not refused. It is what was paid last that goes back.
    fn refunded(&self) -> Money {
        self.refunds.iter().filter(|it| it.status != RefundStatus::Refused).map(|it| it.amount).sum()
    }

    /// The latest year towards which anything was paid.
    fn last_year_paid(&self) -> Option<FinancialYear> {
        self.payments.iter().map(|it| it.financial_year).max()
    }

    /// Whether anything that was paid is on record at all.
    pub fn knows_payments(&self) -> bool {
        !self.payments.is_empty() || !self.transfers.is_empty()
    }

    /// What was asked for and is not paid, with penalties; below nothing where more was paid than was asked for.
    ///
    /// A refund that was not refused counts as gone out from the day it was asked for, so that it is not promised twice.
    pub fn balance(&self) -> Money {
        let asked: Money = self.bills.values().map(|it| it.net).sum();
        let paid: Money = self.payments.iter().map(|it| it.amount).sum();
        let moved: Money = self.transfers.iter().map(|it| it.amount).sum();
        asked + self.penalties_owed() + self.refunded() - paid - moved
    }

    pub(crate) fn demand(&mut self, position: Position, it: &DemandNoticeIssued) {
        let (issued_on, net, instalments) = (it.issued_on, it.net, it.instalments.clone());
        // Of liability that was known to end within the year the first bill is the last.
        let closed = it.period.to.is_some_and(|to| to < it.financial_year.end());
        let (paid_ahead, because) = (Money::ZERO, vec![position]);
        let mut bill = Bill { issued_on, net, instalments, paid_ahead, closed, taken_over: it.taken_over, because };
        bill.settle(Money::ZERO);
        self.bills.insert(it.financial_year, bill);
    }

    pub(crate) fn adjust(&mut self, position: Position, it: &AdjustmentNoticeIssued) -> Result<(), Unapplicable> {
        let bill = self.bill(it.financial_year)?;
        bill.instalments.retain(|instalment| instalment.due < it.adjustment_day);
        bill.closed = false;
        let paid_ahead = it.accounted_for - bill.asked();
        bill.renew(position, it.issued_on, it.net, &it.instalments);
        bill.settle(paid_ahead);
        Ok(())
    }

    pub(crate) fn close(&mut self, position: Position, it: &ClosingNoticeIssued) -> Result<(), Unapplicable> {
        let bill = self.bill(it.financial_year)?;
        bill.instalments.retain(|instalment| instalment.due <= it.ended_on);
        bill.renew(position, it.issued_on, it.net, &it.instalments);
        bill.settle(bill.paid_ahead);
        bill.closed = true;
        Ok(())
    }

    fn bill(&mut self, year: FinancialYear) -> Result<&mut Bill, Unapplicable> {
        self.bills.get_mut(&year).ok_or_else(|| Unapplicable(format!("no bill for {year} has been issued")))
    }

    pub(crate) fn pay(&mut self, it: &PaymentReceived) {
        self.payments.push(Payment {
            financial_year: it.financial_year,
            amount: it.amount,
            received_on: it.received_on,
            source_reference: it.source_reference.clone(),
        });
    }

    /// A credit came: it is paid towards the year of the event.
    pub(crate) fn receive(&mut self, it: &CreditTransferred) {
        let (other, financial_year, amount) = (it.from.clone(), it.financial_year, it.amount);
        self.transfers.push(Transfer { other, financial_year, amount });
    }

    /// A credit went: it leaves the years that are in credit, the latest first; what is in none of them, the year paid last.
    pub(crate) fn give(&mut self, it: &CreditTransferred) {
        let is_within = it.from == it.to;
        let mut rest = it.amount;
        let mut parts = Vec::new();
        for year in self.years().into_iter().rev().filter(|year| !is_within || *year < it.financial_year) {
            let part = rest.min(self.credit_of(year)).max(Money::ZERO);
            parts.push((year, part));
            rest = rest - part;
        }
        parts.push((self.last_year_paid().unwrap_or(it.financial_year), rest));
        for (financial_year, part) in parts.into_iter().filter(|(_, part)| *part > Money::ZERO) {
            self.transfers.push(Transfer { other: it.to.clone(), financial_year, amount: -part });
        }
    }

    fn years(&self) -> BTreeSet<FinancialYear> {
        let paid = self.payments.iter().map(|it| it.financial_year);
        self.bills.keys().copied().chain(paid).chain(self.transfers.iter().map(|it| it.financial_year)).collect()
    }

    /// What was paid towards a year beyond what was asked for; below nothing where less was.
    fn credit_of(&self, year: FinancialYear) -> Money {
        self.paid_towards(year) - self.bills.get(&year).map(|it| it.net).unwrap_or_default()
    }

    /// What the years before one leave in credit, all in all, once penalties are paid; nothing where they are in arrears.
    pub fn credit_before(&self, year: FinancialYear) -> Money {
        let earlier: Money = self.years().into_iter().filter(|it| *it < year).map(|it| self.credit_of(it)).sum();
        (earlier - self.penalties_owed()).max(Money::ZERO)
    }

    fn penalties_owed(&self) -> Money {
        self.penalties.iter().filter(|it| it.quashed_on.is_none()).map(|it| it.amount).sum()
    }

    /// What was withdrawn can be asked for anew; then others approve it anew.
    pub(crate) fn ask_refund(&mut self, it: &RefundRequested) {
        self.refunds.retain(|held| held.refund != it.refund);
        self.refunds.push(Refund {
            refund: it.refund.clone(),
            amount: it.amount,
            bank_details: it.bank_details.clone(),
            requested_on: it.on,
            status: RefundStatus::Requested,
            approved_by: None,
        });
    }

    pub(crate) fn approve_refund(&mut self, it: &RefundApproved) -> Result<(), Unapplicable> {
        let refund = self.refund(&it.refund)?;
        refund.status = RefundStatus::Approved;
        refund.approved_by = Some(it.approved_by.clone());
        Ok(())
    }

    pub(crate) fn refuse_refund(&mut self, it: &RefundRefused) -> Result<(), Unapplicable> {
        self.refund(&it.refund)?.status = RefundStatus::Refused;
        Ok(())
    }

    pub(crate) fn pay_refund(&mut self, it: &RefundPaid) -> Result<(), Unapplicable> {
        self.refund(&it.refund)?.status = RefundStatus::Paid;
        Ok(())
    }

    fn refund(&mut self, refund: &str) -> Result<&mut Refund, Unapplicable> {
        let held = self.refunds.iter_mut().find(|it| it.refund == refund);
        held.ok_or_else(|| Unapplicable(format!("no refund {refund} was asked for")))
    }

    pub(crate) fn impose(&mut self, it: &PenaltyImposed) {
        let (penalty, amount, imposed_on) = (it.penalty.clone(), it.amount, it.on);
        self.penalties.push(Penalty { penalty, amount, imposed_on, quashed_on: None });
    }

    pub(crate) fn quash(&mut self, it: &PenaltyQuashed) -> Result<(), Unapplicable> {
        let held = self.penalties.iter_mut().find(|held| held.penalty == it.penalty);
        let penalty = held.ok_or_else(|| Unapplicable(format!("no penalty {} was imposed", it.penalty)))?;
        penalty.quashed_on = Some(it.on);
        Ok(())
    }
}

impl Bill {
    fn renew(&mut self, position: Position, issued_on: Date, net: Money, instalments: &[Instalment]) {
        (self.issued_on, self.net, self.taken_over) = (issued_on, net, false);
        self.instalments.extend_from_slice(instalments);
        self.instalments.sort_unstable_by_key(|it| it.due);
        self.because.push(position);
    }

    fn asked(&self) -> Money {
        self.instalments.iter().map(|it| it.amount).sum()
    }

    /// The instalments, with what was paid ahead, come to what is asked for. What no instalment asks for had been paid ahead;
    /// what had been payable beyond what is asked for now is asked for no more, the latest first (SI 1992/613 Sch.1 paras 9, 10).
    fn settle(&mut self, paid_ahead: Money) {
        self.paid_ahead = (self.net - self.asked()).max(paid_ahead.min(self.net)).max(Money::ZERO);
        let mut beyond = self.asked() + self.paid_ahead - self.net;
        for it in self.instalments.iter_mut().rev() {
            let less = beyond.min(it.amount);
            it.amount = it.amount - less;
            beyond = beyond - less;
        }
        self.instalments.retain(|it| it.amount > Money::ZERO);
    }
}
