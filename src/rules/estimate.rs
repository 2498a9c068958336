//! An estimate: what one dwelling would cost one liable party, year by year, for facts that somebody gives.

use hearth_events::{Band, ChargeLine, ChargingBand, FinancialYear, HalfPound, Money, Period};
use jiff::civil::{Date, date};

use super::awards::Award;
use super::charge::{ChargeFacts, NoRule, calculate};
use super::instalments::{Instalment, Scheme, at_once, plan};

/// The first financial year of council tax.
pub const FIRST_YEAR: Date = date(1993, 4, 1);
/// The last financial year that is estimated begins on this day.
pub const LAST_YEAR: Date = date(2099, 4, 1);

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The bands by their first day, earliest first.
    pub bands: Vec<(Date, Band)>,
    /// The days of liability.
    pub liable: Period,
    /// The awards.
    pub awards: Vec<Award>,
    /// The years, in the order in which they are answered.
    pub years: Vec<FinancialYear>,
    /// How it would be billed; no instalments where none.
    pub billing: Option<Billing>,
}

/// How it would be billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Billing {
    /// Ten or twelve instalments.
    pub scheme: Scheme,
    /// The day the bill is issued.
    pub issued_on: Date,
    /// Which way an instalment of exactly fifty pence over is rounded.
    pub ties: HalfPound,
}

/// The answer for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearEstimate {
    /// The year.
    pub year: FinancialYear,
    /// What it is made of.
    pub lines: Vec<ChargeLine>,
    /// The sum of the lines.
    pub net: Money,
    /// What would be due when.
    pub instalments: Vec<Instalment>,
}

/// Answers year by year, from the amounts of each year and band.
///
/// # Errors
/// As [`calculate`].
pub fn estimate(
    question: &Question,
    amount_of: &dyn Fn(FinancialYear, ChargingBand) -> Option<Money>,
) -> Result<Vec<YearEstimate>, NoRule> {
    let facts = ChargeFacts { period: question.liable, bands: &question.bands, awards: &question.awards };
    let of_year = |year: &FinancialYear| {
        let lines = calculate(*year, facts, &|band| amount_of(*year, band))?;
        let net = lines.iter().map(|it| it.amount).sum();
        let instalments = question.billing.map(|it| billed(net, *year, question.liable, it)).unwrap_or_default();
        Ok(YearEstimate { year: *year, lines, net, instalments })
    };
    question.years.iter().map(of_year).collect()
}

/// A bill for days that are all over when it is issued, of this year or of another, asks for everything at once (reg.20(4)).
fn billed(net: Money, year: FinancialYear, liable: Period, how: Billing) -> Vec<Instalment> {
    let is_over = liable.to.is_some_and(|to| to <= how.issued_on) || year.end() <= how.issued_on;
    if is_over { at_once(net, how.issued_on) } else { plan(net, how.scheme, year, how.issued_on, how.ties) }
}
