//! The statutory instalments of a bill: how many, how much, when (SI 1992/613 Sch.1 Part I).

pub use hearth_events::Instalment;
use hearth_events::{FinancialYear, HalfPound, Money, Period};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::working_days::add_working_days;

/// Days between the issue of a notice and the first day on which it can ask for money (regs 20(5), 21(7); Sch.1 para.2).
pub const NOTICE_DAYS: i32 = 14;
/// Working days of notice that banks ask for before what is new or changed is collected by direct debit.
const DIRECT_DEBIT_NOTICE: u16 = 10;
/// An instalment is not to be less than so many pounds.
const LEAST: i64 = 5;

/// How many instalments a whole year has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Ten, as the regulations have it.
    Ten,
    /// Twelve, as a person may ask for (SI 2012/3086).
    Twelve,
}

impl Scheme {
    /// Of so many instalments a year.
    pub fn of(instalments: u8) -> Self {
        if instalments == 12 { Self::Twelve } else { Self::Ten }
    }
}

/// The day from which a notice issued on a day can ask for money.
pub fn notice_over(issued_on: Date) -> Date {
    issued_on.saturating_add(NOTICE_DAYS.days())
}

/// The day from which what a notice says can be collected by direct debit.
pub fn collectable_from(issued_on: Date) -> Date {
    notice_over(issued_on).max(add_working_days(issued_on, DIRECT_DEBIT_NOTICE))
}

/// How many instalments a notice for a year has that is issued on a day.
///
/// Ten until the end of April, then one fewer for each month; from January to March one, and one after the year. Of twelve,
/// which must be asked for by 15 April, the regulations leave the count in the year to practice: it is one more than
/// there are whole months left, so that a request in May has eleven.
pub fn count(scheme: Scheme, year: FinancialYear, issued_on: Date) -> u32 {
    let whole_year = match scheme {
        Scheme::Ten => 10,
        Scheme::Twelve => 12,
    };
    if issued_on < year.first_day() {
        return whole_year;
    }
    if issued_on >= year.end() {
        return 1;
    }
    // April is the first month of the year, March the twelfth.
    let months_gone = (i32::from(issued_on.month()) - 4).rem_euclid(12).unsigned_abs();
    whole_year.saturating_sub(months_gone).max(1)
}

/// An amount in so many parts: whole pounds, the first with what is over, none under five pounds where that can be.
///
/// A part under five pounds is avoided in two steps: the second is added to the first, one fewer; where one is still under
/// five pounds, there are as many as there are five pounds in the amount. Under ten pounds it is one.
pub fn split(total: Money, number: u32, ties: HalfPound) -> Vec<Money> {
    if total <= Money::ZERO {
        return Vec::new();
    }
    let parts = merged(in_whole_pounds(total, number.max(1), ties));
    if number <= 1 || parts.iter().all(|it| is_enough(*it)) {
        return parts;
    }
    let fives = (total.pounds() / Decimal::from(LEAST)).trunc().to_u32().unwrap_or(u32::MAX);
    if fives < 2 {
        return vec![total];
    }
    merged(in_whole_pounds(total, fives.min(number), ties))
}

fn is_enough(part: Money) -> bool {
    part.pounds() >= Decimal::from(LEAST)
}

fn in_whole_pounds(total: Money, number: u32, ties: HalfPound) -> Vec<Money> {
    let strategy = match ties {
        HalfPound::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        HalfPound::HalfDown => RoundingStrategy::MidpointTowardZero,
    };
    let each = (total.pounds() / Decimal::from(number)).round_dp_with_strategy(0, strategy);
    let first = total.pounds() - each * Decimal::from(number.saturating_sub(1));
    let rest = (1..number).map(|_| Money::rounded(each));
    std::iter::once(Money::rounded(first)).chain(rest).collect()
}

/// The second part added to the first, where either is under five pounds.
fn merged(parts: Vec<Money>) -> Vec<Money> {
    match parts.as_slice() {
        [first, second, rest @ ..] if !(is_enough(*first) && is_enough(*second)) => {
            std::iter::once(*first + *second).chain(rest.iter().copied()).collect()
        }
        _ => parts,
    }
}

/// How bills are divided: into how many parts, on which day of the month, which way half a pound goes, and how it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// Ten or twelve.
    pub scheme: Scheme,
    /// The day of the month, 1 to 28.
    pub day: i8,
    /// Whether the holder chose that day, so that it stays theirs even where the year has fewer of them left than parts.
    pub chosen: bool,
    /// Which way half a pound goes.
    pub ties: HalfPound,
    /// Whether they are collected by direct debit, which takes its own notice.
    pub by_direct_debit: bool,
}

impl Division {
    /// The first day on which a notice that is issued on a day can ask for money of a year.
    fn over(self, year: FinancialYear, issued_on: Date) -> Date {
        let over = if self.by_direct_debit { collectable_from(issued_on) } else { notice_over(issued_on) };
        over.max(year.first_day())
    }

    /// The first day of an instalment that a notice issued on a day can ask for: the day of the month, once the notice is over.
    fn first(self, year: FinancialYear, issued_on: Date) -> Date {
        next_on(self.day, self.over(year, issued_on))
    }
}

/// How many days of each month from a first one on lie in a year, up to so many.
fn fitting(first: Date, parts: usize, year: FinancialYear) -> usize {
    let days = (0_i32..).map(|it| first.saturating_add(it.months()));
    days.take(parts).take_while(|it| *it < year.end()).count()
}

/// A bill for a year in instalments: what is due when, for a notice issued on a day.
///
/// Ten always fit on any day of the month. Where twelve do not, from mid-March on, they begin on the day on which the notice is over,
/// and are on that day of each month: whoever asks in time is to have twelve (Sch.1 para.2(3A)). A day that was chosen stays.
pub fn plan(total: Money, division: Division, year: FinancialYear, issued_on: Date) -> Vec<Instalment> {
    let parts = usize::try_from(count(division.scheme, year, issued_on)).unwrap_or(usize::MAX);
    let (first, over) = (division.first(year, issued_on), division.over(year, issued_on));
    let is_late = !division.chosen && parts > 1 && fitting(first, parts, year) < fitting(over, parts, year);
    parted(total, parts, if is_late { over } else { first }, division, year)
}

/// What a first bill asks for when. Days that are all over when it is issued, of this year or of another, are asked for at once
/// (reg.20(4)).
pub fn demanded(
    net: Money,
    year: FinancialYear,
    liable: Period,
    division: Division,
    issued_on: Date,
) -> Vec<Instalment> {
    let is_over = liable.to.is_some_and(|to| to <= issued_on) || year.end() <= issued_on;
    if is_over { at_once(net, issued_on) } else { plan(net, division, year, issued_on) }
}

/// So many parts on their day of each month once the notice is over; fewer where the year has not so many of these days left,
/// and one where it has none, on the first of them all the same.
///
/// Ten always fit. Of twelve that are asked for when the year has begun, the first months are over before the notice is.
pub(super) fn redated(
    rest: Money,
    parts: usize,
    division: Division,
    year: FinancialYear,
    issued_on: Date,
) -> Vec<Instalment> {
    parted(rest, parts, division.first(year, issued_on), division, year)
}

/// So many parts from a first day on, on the same day of each month: fewer where the year is over before.
fn parted(rest: Money, parts: usize, first: Date, division: Division, year: FinancialYear) -> Vec<Instalment> {
    let fitting = fitting(first, parts, year).max(1);
    let amounts = split(rest, u32::try_from(fitting).unwrap_or(u32::MAX), division.ties);
    let days = (0_i32..).map(|it| first.saturating_add(it.months()));
    days.zip(amounts).map(|(due, amount)| Instalment { due, amount }).collect()
}

/// One payment of everything, as soon as the notice is over.
pub fn at_once(total: Money, issued_on: Date) -> Vec<Instalment> {
    let payment = Instalment { due: notice_over(issued_on), amount: total };
    if total > Money::ZERO { vec![payment] } else { Vec::new() }
}

/// The first such day of a month on or after a day.
fn next_on(day: i8, from: Date) -> Date {
    let of_month = |it: Date| it.with().day(day.clamp(1, 28)).build().unwrap_or(it);
    let this_month = of_month(from);
    if this_month >= from { this_month } else { of_month(from.first_of_month().saturating_add(1.month())) }
}
