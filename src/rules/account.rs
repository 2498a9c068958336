//! The charges of an account: the awards on it with their figures, for every year that is set.
//!
//! What the award itself says counts first; what it does not say comes from policy, by the day it was adopted for (ADR 24).

use hearth_events::{AwardTerms, ChargeCalculated, ChargingBand, FinancialYear, Period, Position};
use hearth_projections::{AccountState, Award as AwardOnAccount, DwellingState};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Council;
use super::awards::{Award, Terms, premiums, row};
use super::charge::{ChargeFacts, NoRule, calculate};

/// The empty homes premium.
const EMPTY: &str = "P-EMPTY";
/// The premium on second homes.
const SECOND: &str = "P-SECOND";

/// The charges of an account that are no longer what was last worked out, for every year whose amounts are set.
///
/// # Errors
/// As [`calculate`].
pub fn recalculated(
    dwelling: &DwellingState,
    account: &AccountState,
    council: &Council,
) -> Result<Vec<ChargeCalculated>, NoRule> {
    let Some(listing) = &dwelling.listing else { return Ok(Vec::new()) };
    let awards: Vec<_> = account.awards.iter().flat_map(|it| with_terms(it, council)).collect();
    let facts = ChargeFacts { period: account.period, bands: &listing.bands, awards: &awards };
    let mut changed = Vec::new();
    for year in council.years_set(&listing.category) {
        let amount_of = |band| council.amount(year, &listing.category, band).map(|(amount, _)| amount);
        let lines = calculate(year, facts, &amount_of)?;
        let before = account.charges.get(&year);
        let is_as_before = before.map_or(lines.is_empty(), |it| it.lines.iter().map(|it| &it.line).eq(lines.iter()));
        if !is_as_before {
            let mut rests_on = set_by(council, year, &listing.category);
            let touching = account.awards.iter().filter(|it| year.touches(it.period));
            let has_its_own = |it: &AwardTerms| it.percent.is_some() || it.amount.is_some();
            let by_policy = touching.filter(|it| !it.terms.as_ref().is_some_and(has_its_own));
            rests_on.extend(by_policy.flat_map(|it| council.figures_adopted(it.code.as_str(), year.end())));
            rests_on.sort_unstable();
            rests_on.dedup();
            let net = lines.iter().map(|it| it.amount).sum();
            let before = before.map(|it| it.net);
            changed.push(ChargeCalculated {
                account: account.account.clone(),
                financial_year: year,
                lines,
                net,
                rests_on,
                before,
            });
        }
    }
    Ok(changed)
}

/// An award with its figures: an award for each time policy changes in its days, where it is policy that says them.
///
/// What neither says stays out, and then so does the charge: the amount of council tax reduction, a local discount before the
/// council determined one. A premium is a local decision: where none was adopted, none is charged.
fn with_terms(award: &AwardOnAccount, council: &Council) -> Vec<Award> {
    let own = award.terms.as_ref().map(own_terms).unwrap_or_default();
    let code = award.code.as_str();
    if code == EMPTY {
        return long_term_empty(award, own, council).into_iter().collect();
    }
    let percents = if code == SECOND {
        [(Date::MIN, Decimal::ZERO)].into_iter().chain(council.second_home_premiums()).collect()
    } else {
        council.local_discounts(code)
    };
    if own.percent.is_some() || own.amount.is_some() || percents.is_empty() {
        return vec![Award { code: award.code.clone(), period: award.period, terms: own }];
    }
    by_date(award, &percents)
}

fn own_terms(terms: &AwardTerms) -> Terms {
    let AwardTerms { percent, weekly, amount, empty_since } = *terms;
    Terms { percent, weekly, amount, empty_since, ..Terms::default() }
}

/// The empty homes premium by the tiers that the council adopted; none where it never did.
///
/// Where the first empty day is not on record, the first day of the award is taken for the day on which the shortest tier
/// that then applied was reached.
fn long_term_empty(award: &AwardOnAccount, own: Terms, council: &Council) -> Option<Award> {
    let tiers = council.empty_premiums();
    let is_adopted = tiers.iter().any(|it| award.period.to.is_none_or(|to| it.from < to));
    let first = award.period.from;
    let reached = || premiums::shortest(first, &tiers).map(|years| first.saturating_sub(i32::from(years).years()));
    let (empty_since, begins) = (own.empty_since.or_else(reached), council.rules().premium_begins);
    let terms = Terms { empty_since, tiers: Some(tiers.clone()), begins, ..own };
    is_adopted.then(|| Award { code: award.code.clone(), period: award.period, terms })
}

/// The parts of an award between the days on which policy changes its percent; before the first, no percent is known.
fn by_date(award: &AwardOnAccount, percents: &[(Date, Decimal)]) -> Vec<Award> {
    let known = percents.iter().map(|(from, percent)| (*from, Some(*percent)));
    let starts: Vec<_> = [(Date::MIN, None)].into_iter().chain(known).collect();
    // The longest that the law lets it last is counted from its own first day, not from that of a part.
    let lawful = row(&award.code).and_then(|row| row.lawful(award.period));
    let ends = starts.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]);
    let part = |((from, percent), to): (&(Date, Option<Decimal>), Option<Date>)| {
        let period = lawful?.intersection(Period { from: *from, to })?;
        Some(Award { code: award.code.clone(), period, terms: Terms { percent: *percent, ..Terms::default() } })
    };
    starts.iter().zip(ends).filter_map(part).collect()
}

fn set_by(council: &Council, year: FinancialYear, category: &str) -> Vec<Position> {
    council.amount(year, category, ChargingBand::D).map(|(_, positions)| positions).unwrap_or_default()
}
