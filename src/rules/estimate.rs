//! An estimate: what one dwelling would cost one liable party, year by year, for facts that somebody gives.

use hearth_events::{Band, ChargeLine, ChargingBand, FinancialYear, Money, Period};
use jiff::civil::{Date, date};

use super::awards::Award;
use super::charge::{ChargeFacts, NoRule, calculate};
use super::instalments::{Division, Instalment, demanded};

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
    /// In which parts.
    pub division: Division,
    /// The day the bill is issued.
    pub issued_on: Date,
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
        let instalments = question
            .billing
            .map(|it| demanded(net, *year, question.liable, it.division, it.issued_on))
            .unwrap_or_default();
        Ok(YearEstimate { year: *year, lines, net, instalments })
    };
    question.years.iter().map(of_year).collect()
}
