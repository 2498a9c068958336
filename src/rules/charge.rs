//! What is owed: daily apportionment by convention L, in exact fractions, rounded once a line.
//!
//! The law gives the order (Local Government Finance Act 1992 ss. 4, 10, 11; SI 1992/554 reg. 4; SI 2013/2977 reg. 4): an
//! exempt day is not charged; the listed band is replaced by the one below where disabled relief applies; a discount is
//! taken of that; an annexe reduction halves what is left. How a bill line is rounded the law does not say: see ADR 0004.

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{
    AwardCode, Band, ChargeCalculated, ChargeLine, ChargingBand, FinancialYear, LineKind, Money, Period, Position,
};
use hearth_projections::{AccountState, DwellingState};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Council;

/// The version of the rules that decisions and charges are recorded under.
pub const RULES_VERSION: &str = "2026.11-1";

/// A charge cannot be worked out: there is no rule here for what the facts hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRule {
    /// No rule charges this award yet.
    #[error("no rule of version {RULES_VERSION} charges the award {0} yet")]
    Award(AwardCode),
    /// There is no such award.
    #[error("there is no award {0}")]
    UnknownAward(AwardCode),
    /// The dwelling has no band on a day of the year.
    #[error("the dwelling has no band on {0}")]
    Band(Date),
}

/// What an award does to a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// No charge that day (Exempt Dwellings Order, SI 1992/558).
    Exempt,
    /// The next band down (SI 1992/554).
    BandDown,
    /// A discount in percent (s.11).
    Percent(i64),
    /// Half of what is left (SI 2013/2977).
    Annexe,
}

fn effect(code: &AwardCode) -> Result<Effect, NoRule> {
    match code.as_str() {
        "D-SPD" => Ok(Effect::Percent(25)),
        "D-50" => Ok(Effect::Percent(50)),
        "D-DBR" => Ok(Effect::BandDown),
        "D-ANX" => Ok(Effect::Annexe),
        other if is_exemption(other) => Ok(Effect::Exempt),
        other if is_in_law(other) => Err(NoRule::Award(code.clone())),
        _ => Err(NoRule::UnknownAward(code.clone())),
    }
}

/// `X-A` to `X-W`, the classes of the Exempt Dwellings Order.
pub(crate) fn is_exemption(code: &str) -> bool {
    matches!(code.as_bytes(), [b'X', b'-', b'A'..=b'W'])
}

/// Awards that there are, but whose rules are still to be written: they are kept, and nothing is charged by guess.
fn is_in_law(code: &str) -> bool {
    matches!(code, "D-NORES" | "D-CTR" | "D-13A" | "D-CL" | "P-EMPTY" | "P-SECOND")
        || code.starts_with("D-LOC-")
        || code.starts_with("DR-")
}

/// The facts a charge rests on.
#[derive(Clone, Copy, Debug)]
pub struct ChargeFacts<'a> {
    /// The days of liability.
    pub period: Period,
    /// The bands by their first day, earliest first.
    pub bands: &'a [(Date, Band)],
    /// The awards with their days.
    pub awards: &'a [(AwardCode, Period)],
}

/// The days of one year on which nothing changes.
struct Stretch {
    from: Date,
    to: Date,
    band: Band,
    charging: ChargingBand,
    percent: i64,
    annexe: bool,
    exempt: bool,
}

impl Stretch {
    fn days(&self) -> Decimal {
        Decimal::from((self.to - self.from).get_days())
    }
}

/// What a year costs in a charging band.
type AmountOf<'a> = &'a dyn Fn(ChargingBand) -> Money;

/// The lines of a charge for one year, in the order in which a bill shows them: charges, then what is taken off.
///
/// # Errors
/// When an award or a day has no rule. Nothing is guessed then: the case goes to an officer.
pub fn calculate(
    year: FinancialYear,
    facts: ChargeFacts<'_>,
    amount_of: AmountOf<'_>,
) -> Result<Vec<ChargeLine>, NoRule> {
    let stretches = stretches(year, facts)?;
    let mut lines = charge_lines(year, &stretches, amount_of);
    let mut taken: BTreeMap<&AwardCode, BTreeSet<Date>> = BTreeMap::new();
    for (code, period) in facts.awards {
        if let Some(within) = period.intersection(year.period()).and_then(|it| it.intersection(facts.period)) {
            let taken = taken.entry(code).or_default();
            lines.extend(reduction_lines(year, (code, within), &stretches, taken, amount_of)?);
            taken.extend(stretches.iter().map(|it| it.from).filter(|day| within.contains(*day)));
        }
    }
    Ok(lines)
}

fn stretches(year: FinancialYear, facts: ChargeFacts<'_>) -> Result<Vec<Stretch>, NoRule> {
    let Some(Period { from, to: Some(to) }) = facts.period.intersection(year.period()) else {
        return Ok(Vec::new());
    };
    let mut edges = BTreeSet::from([from, to]);
    edges.extend(facts.bands.iter().map(|(day, _)| *day));
    edges.extend(facts.awards.iter().flat_map(|(_, period)| [Some(period.from), period.to]).flatten());
    let edges: Vec<_> = edges.into_iter().filter(|day| (from..=to).contains(day)).collect();
    edges.iter().zip(edges.iter().skip(1)).map(|(from, to)| stretch(*from, *to, facts)).collect()
}

fn stretch(from: Date, to: Date, facts: ChargeFacts<'_>) -> Result<Stretch, NoRule> {
    let band =
        facts.bands.iter().rev().find(|(day, _)| *day <= from).map(|(_, band)| *band).ok_or(NoRule::Band(from))?;
    let mut stretch = Stretch { from, to, band, charging: band.into(), percent: 0, annexe: false, exempt: false };
    for (code, period) in facts.awards.iter().filter(|(_, period)| period.contains(from)) {
        debug_assert!(period.to.is_none_or(|end| end >= to), "an award does not end within a stretch");
        match effect(code)? {
            Effect::Exempt => stretch.exempt = true,
            Effect::BandDown => stretch.charging = band_below(band),
            Effect::Percent(percent) => stretch.percent = stretch.percent.max(percent),
            Effect::Annexe => stretch.annexe = true,
        }
    }
    Ok(stretch)
}

fn band_below(band: Band) -> ChargingBand {
    match band {
        Band::A => ChargingBand::AR,
        Band::B => ChargingBand::A,
        Band::C => ChargingBand::B,
        Band::D => ChargingBand::C,
        Band::E => ChargingBand::D,
        Band::F => ChargingBand::E,
        Band::G => ChargingBand::F,
        Band::H => ChargingBand::G,
    }
}

fn charge_lines(year: FinancialYear, stretches: &[Stretch], amount_of: AmountOf<'_>) -> Vec<ChargeLine> {
    let mut runs: Vec<(Band, Date, Date)> = Vec::new();
    for stretch in stretches.iter().filter(|it| !it.exempt) {
        match runs.last_mut() {
            Some((band, _, to)) if *band == stretch.band && *to == stretch.from => *to = stretch.to,
            _ => runs.push((stretch.band, stretch.from, stretch.to)),
        }
    }
    let line = |(band, from, to): (Band, Date, Date)| {
        let days = (to - from).get_days();
        let fraction = amount_of(band.into()).pounds() * Decimal::from(days) / Decimal::from(year.days());
        ChargeLine { kind: LineKind::Charge, code: band.to_string(), from, to, days, amount: Money::rounded(fraction) }
    };
    runs.into_iter().map(line).collect()
}

/// The lines of one award: one for each run of its days that are charged at all.
///
/// `taken` are the first days of the stretches for which the same award has been counted already: it counts once.
fn reduction_lines(
    year: FinancialYear,
    (code, within): (&AwardCode, Period),
    stretches: &[Stretch],
    taken: &BTreeSet<Date>,
    amount_of: AmountOf<'_>,
) -> Result<Vec<ChargeLine>, NoRule> {
    let effect = effect(code)?;
    let mut lines: Vec<(Date, Date, Decimal)> = Vec::new();
    for stretch in stretches.iter().filter(|it| !it.exempt && within.contains(it.from) && !taken.contains(&it.from)) {
        let share = share_taken_off(effect, stretch, amount_of) * stretch.days();
        match lines.last_mut() {
            Some((_, to, sum)) if *to == stretch.from => {
                *to = stretch.to;
                *sum += share;
            }
            _ => lines.push((stretch.from, stretch.to, share)),
        }
    }
    let line = |(from, to, share): (Date, Date, Decimal)| ChargeLine {
        kind: LineKind::Reduction,
        code: code.to_string(),
        from,
        to,
        days: (to - from).get_days(),
        amount: -Money::rounded(share / (Decimal::from(400) * Decimal::from(year.days()))),
    };
    Ok(lines.into_iter().filter(|(_, _, share)| !share.is_zero()).map(line).collect())
}

/// What an award takes off a whole year's charge, in four-hundredths of a pound so that it stays a whole number of pence.
fn share_taken_off(effect: Effect, stretch: &Stretch, amount_of: AmountOf<'_>) -> Decimal {
    let listed = amount_of(stretch.band.into()).pounds();
    let relieved = amount_of(stretch.charging).pounds();
    let left_of_percent = Decimal::from(100 - stretch.percent);
    match effect {
        Effect::BandDown => (listed - relieved) * Decimal::from(400),
        Effect::Percent(percent) if percent == stretch.percent => relieved * Decimal::from(4 * percent),
        Effect::Annexe if stretch.annexe => relieved * left_of_percent * Decimal::TWO,
        // An exempt day is not charged at all; of two discounts the greater counts, never both (s.11).
        Effect::Exempt | Effect::Percent(_) | Effect::Annexe => Decimal::ZERO,
    }
}

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
    let awards: Vec<_> = account.awards.iter().map(|it| (it.code.clone(), it.period)).collect();
    let facts = ChargeFacts { period: account.period, bands: &listing.bands, awards: &awards };
    let mut changed = Vec::new();
    for year in council.years_set(&listing.category) {
        let amount_of = |band| council.amount(year, &listing.category, band).map_or(Money::ZERO, |(amount, _)| amount);
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

fn set_by(council: &Council, year: FinancialYear, category: &str) -> Vec<Position> {
    council.amount(year, category, ChargingBand::D).map(|(_, positions)| positions).unwrap_or_default()
}

#[cfg(test)]
#[path = "charge_tests.rs"]
mod tests;
