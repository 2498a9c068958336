//! What becomes of a bill when something changes: adjustment, closing, other years (SI 1992/613 Sch.1 paras 9, 10; reg.20).
//!
//! It is always reckoned from what was *payable*, not from what was paid: arrears stay arrears beside the new plan.

use hearth_events::{HalfPound, Money};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::instalments::{Instalment, at_once, notice_over, split};

/// A penalty for not telling the council, or telling it wrongly: more for not answering the same request again (LGFA 1992
/// Sch.3 para.1).
pub fn penalty(repeated: bool) -> Money {
    const FIRST_POUNDS: i64 = 70;
    const REPEATED_POUNDS: i64 = 280;
    Money::rounded(Decimal::from(if repeated { REPEATED_POUNDS } else { FIRST_POUNDS }))
}

/// A bill as adjusted during liability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// The adjustment day: the notice is over.
    pub day: Date,
    /// What was payable before that day, paid or not, with what was paid early towards later instalments.
    pub accounted_for: Money,
    /// What is now asked for from that day on; empty where nothing is.
    pub instalments: Vec<Instalment>,
    /// What was accounted for beyond what is now owed: repaid where asked for, else repaid or credited.
    pub credit: Money,
}

/// Spreads what is owed anew over the instalments that are left (Sch.1 para.10).
///
/// `owed` is the new estimate for the whole year on the facts as they now stand; `paid_early` what was paid towards
/// instalments that are not due before the adjustment day.
pub fn adjusted(owed: Money, plan: &[Instalment], paid_early: Money, issued_on: Date, ties: HalfPound) -> Adjusted {
    let day = notice_over(issued_on);
    let payable: Money = plan.iter().filter(|it| it.due < day).map(|it| it.amount).sum();
    let accounted_for = payable + paid_early;
    let rest = owed - accounted_for;
    let later: Vec<_> = plan.iter().filter(|it| it.due >= day).map(|it| it.due).collect();
    let instalments = if later.is_empty() {
        at_once(rest, issued_on)
    } else {
        let number = u32::try_from(later.len()).unwrap_or(u32::MAX);
        let amounts = split(rest, number, ties);
        later.into_iter().zip(amounts).map(|(due, amount)| Instalment { due, amount }).collect()
    };
    Adjusted { day, accounted_for, instalments, credit: (-rest).max(Money::ZERO) }
}

/// A bill as closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Instalments that had fallen due when liability ended.
    pub fallen_due: Money,
    /// Of these, what is owed and was not paid: arrears, payable already.
    pub arrears: Money,
    /// What is owed beyond them: payable at once when the notice is over; none where nothing is.
    pub shortfall: Option<Instalment>,
    /// What was paid beyond what is owed: moved to the new account, repaid or credited.
    pub credit: Money,
}

/// Compares what is owed up to the end of liability with what had fallen due by then (Sch.1 para.9).
///
/// `ended` is the day of leaving, the first that is not charged; an instalment of that very day is still due, later ones
/// are not. What had fallen due beyond what is owed first clears what of it was not paid.
pub fn closed(owed: Money, plan: &[Instalment], ended: Date, paid: Money, issued_on: Date) -> Closed {
    let fallen_due: Money = plan.iter().filter(|it| it.due <= ended).map(|it| it.amount).sum();
    let arrears = (owed.min(fallen_due) - paid).max(Money::ZERO);
    let shortfall = at_once(owed - fallen_due.max(paid), issued_on).pop();
    Closed { fallen_due, arrears, shortfall, credit: (paid - owed).max(Money::ZERO) }
}

/// What a change brings to a year that is over: a notice of its own for more, a credit for less (regs 20(4), (5), 21(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearOver {
    /// Nothing changes.
    AsBefore,
    /// More is owed: payable at once when the notice is over, apart from the current year's instalments.
    More(Instalment),
    /// Less is owed: credited to what is owed now, or repaid.
    Less(Money),
}

/// The difference for a year that is over; years are never mixed with each other nor with the current one.
pub fn year_over(before: Money, now: Money, issued_on: Date) -> YearOver {
    match at_once(now - before, issued_on).pop() {
        Some(payment) => YearOver::More(payment),
        None if before > now => YearOver::Less(before - now),
        None => YearOver::AsBefore,
    }
}
