//! The charges of an account: the awards on it with the figures of the council's policy, for every year that is set.

use hearth_events::Period;
use hearth_events::{ChargeCalculated, ChargingBand, FinancialYear, Position};
use hearth_projections::{AccountState, Award as AwardOnAccount, DwellingState};

use super::Council;
use super::awards::{Award, Terms};
use super::charge::{ChargeFacts, NoRule, calculate};

/// The local discount for which policy carries the percent.
const EMPTY: &str = "D-LOC-C";

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
            let rests_on = set_by(council, year, &listing.category);
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

/// An award with the figures that policy has for it: an award for each time policy changes in its days.
///
/// An event of an award carries its code and its days only. For what policy does not say either, the figure stays out, and so
/// does the charge: the percent of other local discounts and of second homes, the day since when a dwelling is empty, the
/// amount of council tax reduction.
fn with_terms(award: &AwardOnAccount, council: &Council) -> Vec<Award> {
    let of = |period, terms| Award { code: award.code.clone(), period, terms };
    if award.code.as_str() != EMPTY {
        return vec![of(award.period, Terms::default())];
    }
    let percents = council.empty_discounts();
    let mut parts = Vec::new();
    let before = percents.first().map_or(award.period.to, |(from, _)| Some(*from));
    parts.extend(
        award
            .period
            .intersection(Period { from: jiff::civil::Date::MIN, to: before })
            .map(|it| of(it, Terms::default())),
    );
    let ends = percents.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]);
    for ((from, percent), to) in percents.iter().zip(ends) {
        let within = award.period.intersection(Period { from: *from, to });
        parts.extend(within.map(|it| of(it, Terms { percent: Some(*percent), ..Terms::default() })));
    }
    parts
}

fn set_by(council: &Council, year: FinancialYear, category: &str) -> Vec<Position> {
    council.amount(year, category, ChargingBand::D).map(|(_, positions)| positions).unwrap_or_default()
}
