//! Which notice an account is due when its charge is no longer what was asked for (SI 1992/613 regs 18 to 24, Sch.1).
//!
//! The charge says what is owed, the bill what was asked for: a notice brings the second to the first. The arithmetic is that
//! of `instalments` and `bills`.

use hearth_events::{
    AdjustmentNoticeIssued, ChargeLine, ClosingNoticeIssued, DemandNoticeIssued, Event, FinancialYear, Money,
    PaymentMethod, Period,
};
use hearth_projections::{AccountState, Bill};
use jiff::ToSpan;
use jiff::civil::Date;

use super::Council;
use super::bills::{adjusted, closed};
use super::instalments::{Division, Instalment, Scheme, demanded, notice_over, plan, redated};
use super::working_days::add_working_days;

/// Days before the year on which the bills of a year are taken to have been issued by another system: the notice is over when
/// the year begins.
const BILLED_AHEAD_DAYS: i32 = 21;
/// Working days of notice that banks ask for before a changed amount is collected by direct debit.
const DIRECT_DEBIT_NOTICE: u16 = 10;

/// How the bills of an account are divided: as its holder chose, else as policy has it.
pub fn division_of(account: &AccountState, council: &Council, on: Date) -> Division {
    let policy = council.division_on(on);
    let (number, day) = account.instalments.map_or((None, None), |(number, day)| (Some(number), Some(day)));
    let collected = account.collection_day.filter(|_| account.payment_method == PaymentMethod::DirectDebit);
    Division {
        scheme: number.map_or(policy.scheme, Scheme::of),
        day: day.or(collected).and_then(|it| i8::try_from(it).ok()).unwrap_or(policy.day),
        ties: policy.ties,
    }
}

/// The bill of a year as another system had issued it by `today`, for what was owed then.
pub fn taken_over(account: &AccountState, year: FinancialYear, net: Money, council: &Council, today: Date) -> Event {
    let before_the_year = year.first_day().saturating_sub(BILLED_AHEAD_DAYS.days());
    let issued_on = match account.period.to.filter(|to| *to <= today && year.period().contains(*to)) {
        Some(to) => to,
        None => before_the_year.max(account.period.from),
    };
    let division = division_of(account, council, issued_on);
    DemandNoticeIssued {
        account: account.account.clone(),
        financial_year: year,
        issued_on,
        period: charged_days(account, year),
        lines: Vec::new(),
        net,
        instalments: demanded(net, year, account.period, division, issued_on),
        taken_over: true,
    }
    .into()
}

/// The notice that the bill of a year calls for; none where it asks for what is owed.
///
/// `is_divided_anew` says that the holder chose other instalments.
pub fn notice(
    account: &AccountState,
    year: FinancialYear,
    council: &Council,
    issued_on: Date,
    is_divided_anew: bool,
) -> Option<Event> {
    let charge = account.charges.get(&year)?;
    let due = Due {
        account,
        year,
        net: charge.net,
        lines: charge.lines.iter().map(|it| it.line.clone()).collect(),
        division: division_of(account, council, issued_on),
        issued_on,
    };
    let Some(bill) = account.billing.bills.get(&year) else {
        return (charge.net > Money::ZERO).then(|| due.demand());
    };
    let ended_on = account.period.to.filter(|to| *to < year.end());
    let is_changed = bill.net != charge.net;
    match ended_on {
        Some(ended_on) if is_changed || !bill.closed => Some(due.closing(bill, ended_on)),
        Some(_) => None,
        None if is_divided_anew && due.has_later_instalments(bill) => Some(due.divided_anew(bill)),
        None => (is_changed || bill.closed).then(|| due.adjustment(bill)),
    }
}

/// The days of a year on which an account is liable.
fn charged_days(account: &AccountState, year: FinancialYear) -> Period {
    account.period.intersection(year.period()).unwrap_or(Period { from: year.first_day(), to: Some(year.first_day()) })
}

/// What a notice is about.
struct Due<'a> {
    account: &'a AccountState,
    year: FinancialYear,
    net: Money,
    lines: Vec<ChargeLine>,
    division: Division,
    issued_on: Date,
}

impl Due<'_> {
    fn paid(&self) -> Money {
        self.account.billing.paid_towards(self.year)
    }

    /// What was paid towards instalments that are not payable before a day.
    fn paid_early(&self, payable: Money) -> Money {
        (self.paid() - payable).max(Money::ZERO)
    }

    fn has_later_instalments(&self, bill: &Bill) -> bool {
        bill.instalments.iter().any(|it| it.due >= notice_over(self.issued_on))
    }

    /// Nothing is collected by direct debit before the notice that banks ask for is over.
    fn collectable(&self, mut instalments: Vec<Instalment>) -> Vec<Instalment> {
        if self.account.payment_method == PaymentMethod::DirectDebit {
            let earliest = add_working_days(self.issued_on, DIRECT_DEBIT_NOTICE);
            for it in &mut instalments {
                it.due = it.due.max(earliest);
            }
        }
        instalments
    }

    /// The first bill, with what came from another account taken off.
    fn demand(self) -> Event {
        let asked = (self.net - self.paid_early(Money::ZERO)).max(Money::ZERO);
        let instalments = demanded(asked, self.year, self.account.period, self.division, self.issued_on);
        DemandNoticeIssued {
            account: self.account.account.clone(),
            financial_year: self.year,
            issued_on: self.issued_on,
            period: charged_days(self.account, self.year),
            net: self.net,
            instalments: self.collectable(instalments),
            lines: self.lines,
            taken_over: false,
        }
        .into()
    }

    fn adjustment(self, bill: &Bill) -> Event {
        let payable = payable_before(bill, notice_over(self.issued_on));
        if !self.has_later_instalments(bill) && self.issued_on < self.year.end() {
            // It was closed, or nothing more was asked for: what is left is divided as a bill of today would be.
            let accounted_for = payable + self.paid_early(payable);
            let rest = self.net - accounted_for;
            let instalments = plan(rest, self.division, self.year, self.issued_on);
            let credit = self.credit(-rest);
            return self.adjusted_to(accounted_for, instalments, credit);
        }
        let it = adjusted(self.net, &bill.instalments, self.paid_early(payable), self.issued_on, self.division.ties);
        let credit = self.credit(it.credit);
        self.adjusted_to(it.accounted_for, it.instalments, credit)
    }

    /// What was paid beyond what is owed; where payments are not on record, what was accounted for `beyond` it.
    fn credit(&self, beyond: Money) -> Money {
        let known = self.account.knows_balance().then(|| self.paid() - self.net);
        known.unwrap_or(beyond).max(Money::ZERO)
    }

    /// The same amount in other parts, or on other days.
    fn divided_anew(self, bill: &Bill) -> Event {
        let day = notice_over(self.issued_on);
        let payable = payable_before(bill, day);
        let accounted_for = payable + self.paid_early(payable);
        let rest = self.net - accounted_for;
        let later = bill.instalments.iter().filter(|it| it.due >= day).count();
        let anew = plan(rest, self.division, self.year, self.issued_on);
        let instalments = if self.account.instalments.is_some() {
            anew
        } else {
            redated(rest, later, self.division, self.year, self.issued_on)
        };
        self.adjusted_to(accounted_for, instalments, Money::ZERO)
    }

    fn adjusted_to(self, accounted_for: Money, instalments: Vec<Instalment>, credit: Money) -> Event {
        AdjustmentNoticeIssued {
            account: self.account.account.clone(),
            financial_year: self.year,
            issued_on: self.issued_on,
            adjustment_day: notice_over(self.issued_on),
            net: self.net,
            accounted_for,
            instalments: self.collectable(instalments),
            credit,
            lines: self.lines,
        }
        .into()
    }

    fn closing(self, bill: &Bill, ended_on: Date) -> Event {
        let it = closed(self.net, &bill.instalments, ended_on, self.paid(), self.issued_on);
        ClosingNoticeIssued {
            account: self.account.account.clone(),
            financial_year: self.year,
            issued_on: self.issued_on,
            ended_on,
            net: self.net,
            fallen_due: it.fallen_due,
            instalments: self.collectable(it.shortfall.into_iter().collect()),
            credit: it.credit,
            lines: self.lines,
        }
        .into()
    }
}

fn payable_before(bill: &Bill, day: Date) -> Money {
    bill.instalments.iter().filter(|it| it.due < day).map(|it| it.amount).sum()
}
