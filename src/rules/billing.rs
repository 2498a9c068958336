//! Which notice an account is due when its charge is no longer what was asked for (SI 1992/613 regs 18 to 24, Sch.1).
//!
//! The charge says what is owed, the bill what was asked for: a notice brings the second to the first. The arithmetic is that
//! of `instalments` and `bills`.

use hearth_events::{
    AdjustmentNoticeIssued, ChargeLine, ClosingNoticeIssued, CreditTransferred, DemandNoticeIssued, Event,
    FinancialYear, Money, PaymentMethod, Period,
};
use hearth_projections::{AccountState, Bill};
use jiff::ToSpan;
use jiff::civil::Date;

use super::Council;
use super::bills::{adjusted, closed};
use super::instalments::{Division, Instalment, Scheme, collectable_from, demanded, notice_over, plan, redated};

/// Days before the year on which the bills of a year are taken to have been issued by another system: the notice is over when
/// the year begins.
const BILLED_AHEAD_DAYS: i32 = 21;

/// What its holder changed of how an account is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rearranged {
    /// Nothing that a bill says.
    Nothing,
    /// The days: another day of the month, or direct debit, of which is told in advance what is collected when.
    Days,
    /// How many instalments there are.
    Number,
}

/// What changed of how an account is paid; of a new account nothing did.
pub fn rearranged(before: Option<&AccountState>, now: &AccountState) -> Rearranged {
    let Some(before) = before else { return Rearranged::Nothing };
    let is_direct_debit = |it: &AccountState| it.payment_method == PaymentMethod::DirectDebit;
    if before.instalments != now.instalments {
        Rearranged::Number
    } else if before.collection_day != now.collection_day || is_direct_debit(now) && !is_direct_debit(before) {
        Rearranged::Days
    } else {
        Rearranged::Nothing
    }
}

/// How the bills of an account are divided: as its holder chose, else as policy has it.
pub fn division_of(account: &AccountState, council: &Council, on: Date) -> Division {
    let policy = council.division_on(on);
    let (number, day) = account.instalments.map_or((None, None), |(number, day)| (Some(number), Some(day)));
    let by_direct_debit = account.payment_method == PaymentMethod::DirectDebit;
    let collected = account.collection_day.filter(|_| by_direct_debit);
    Division {
        scheme: number.map_or(policy.scheme, Scheme::of),
        day: day.or(collected).and_then(|it| i8::try_from(it).ok()).unwrap_or(policy.day),
        chosen: day.or(collected).is_some(),
        ties: policy.ties,
        by_direct_debit,
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

/// That what earlier years leave in credit goes towards the first bill of a year; none where nothing does. It is a movement of
/// its own, so that a year that is owed more after all does not count it a second time. Their arrears stay theirs.
pub fn brought_in(account: &AccountState, year: FinancialYear, on: Date) -> Option<CreditTransferred> {
    let amount = account.brought_in(year);
    let (from, to) = (account.account.clone(), account.account.clone());
    (amount > Money::ZERO).then_some(CreditTransferred { from, to, financial_year: year, amount, on })
}

/// The notice that the bill of a year calls for; none where it asks for what is owed, as it is to be paid.
pub fn notice(
    account: &AccountState,
    year: FinancialYear,
    council: &Council,
    issued_on: Date,
    rearranged: Rearranged,
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
        None if rearranged != Rearranged::Nothing && due.has_later_instalments(bill) => {
            Some(due.divided_anew(bill, rearranged))
        }
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

    /// What was paid beyond what was payable and what was known to have been paid ahead.
    fn paid_early(&self, accounted_for: Money) -> Money {
        (self.paid() - accounted_for).max(Money::ZERO)
    }

    /// What was payable before the adjustment day, paid or not, with all that was paid ahead.
    fn accounted_for(&self, bill: &Bill) -> Money {
        let payable = payable_before(bill, notice_over(self.issued_on)) + bill.paid_ahead;
        payable + self.paid_early(payable)
    }

    fn has_later_instalments(&self, bill: &Bill) -> bool {
        bill.instalments.iter().any(|it| it.due >= notice_over(self.issued_on))
    }

    /// Nothing is collected by direct debit before the notice that banks ask for is over.
    fn collectable(&self, mut instalments: Vec<Instalment>) -> Vec<Instalment> {
        if self.division.by_direct_debit {
            let earliest = collectable_from(self.issued_on);
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
        if !self.has_later_instalments(bill) && self.issued_on < self.year.end() {
            let accounted_for = self.accounted_for(bill);
            let rest = self.net - accounted_for;
            // It was closed, or nothing was asked for: what is left is divided as a bill of today would be. Where the last
            // instalment was payable already, it is one sum (Sch.1 para.10).
            let begins_anew = bill.closed || bill.instalments.is_empty();
            let instalments = if begins_anew {
                plan(rest, self.division, self.year, self.issued_on)
            } else {
                redated(rest, 1, self.division, self.year, self.issued_on)
            };
            let credit = self.credit(-rest);
            return self.adjusted_to(accounted_for, instalments, credit);
        }
        let payable = payable_before(bill, notice_over(self.issued_on));
        let ahead = self.accounted_for(bill) - payable;
        let it = adjusted(self.net, &bill.instalments, ahead, self.issued_on, self.division.ties);
        let credit = self.credit(it.credit);
        self.adjusted_to(it.accounted_for, it.instalments, credit)
    }

    /// What was paid beyond what is owed; where payments are not on record, what was accounted for `beyond` it.
    fn credit(&self, beyond: Money) -> Money {
        let known = self.account.knows_balance().then(|| self.paid() - self.net);
        known.unwrap_or(beyond).max(Money::ZERO)
    }

    /// The same amount in other parts, or on other days.
    fn divided_anew(self, bill: &Bill, rearranged: Rearranged) -> Event {
        let day = notice_over(self.issued_on);
        let accounted_for = self.accounted_for(bill);
        let rest = self.net - accounted_for;
        let instalments = if rearranged == Rearranged::Number {
            plan(rest, self.division, self.year, self.issued_on)
        } else {
            let later = bill.instalments.iter().filter(|it| it.due >= day).count();
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
        // What was paid ahead stands beside the instalments, on both sides.
        let (owed, paid) = (self.net - bill.paid_ahead, self.paid() - bill.paid_ahead);
        let it = closed(owed, &bill.instalments, ended_on, paid, self.issued_on);
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
