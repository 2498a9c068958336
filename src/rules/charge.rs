//! What is owed: daily apportionment by convention L, in exact fractions, rounded once a line.
//!
//! [`order_of_application`] is the one place that says what comes before what. How a bill line is rounded the law does not
//! say: see ADR 0004; what else it leaves open: ADR 0020.

use std::collections::BTreeSet;

use hearth_events::{AwardCode, Band, ChargeLine, ChargingBand, FinancialYear, LineKind, Money, Period};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::awards::{Award, Effect, InForce, Spares, in_force};

/// From this day on a dwelling in band A has disabled relief too (SI 1999/1004).
const BELOW_BAND_A: Date = jiff::civil::date(2000, 4, 1);

/// A charge cannot be worked out: there is no rule here for what the facts hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRule {
    /// An award lacks a figure that is needed to charge it.
    #[error("the award {code} cannot be charged without {needs}, which is not on record")]
    Terms {
        /// The award.
        code: AwardCode,
        /// What is missing.
        needs: &'static str,
    },
    /// There is no such award.
    #[error("there is no award {0}")]
    UnknownAward(AwardCode),
    /// The dwelling has no band on a day of the year.
    #[error("the dwelling has no band on {0}")]
    Band(Date),
    /// No amount is set.
    #[error("no amount is set for band {1:?} in {0}")]
    Amount(FinancialYear, ChargingBand),
}

/// The facts a charge rests on.
#[derive(Clone, Copy, Debug)]
pub struct ChargeFacts<'a> {
    /// The days of liability.
    pub period: Period,
    /// The bands by their first day, earliest first.
    pub bands: &'a [(Date, Band)],
    /// The awards with their days.
    pub awards: &'a [Award],
}

/// What a year costs in a charging band; none where that was not set.
pub type AmountOf<'a> = &'a dyn Fn(ChargingBand) -> Option<Money>;

/// Seven days a week, the one divisor beside the days of the year: whatever is worked out is a whole number of decimals of
/// pounds over seven times the days of the year, so that nothing is rounded before a line is.
const WEEK: i32 = 7;

/// The place of a line in the order of application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Charge,
    Relief,
    DiscountOrPremium,
    Annexe,
    CouncilTaxReduction,
    Discretion,
}

/// What a line is about: days that follow each other and agree in all of it are one line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct About {
    step: Step,
    code: String,
    /// The percent or the amount a week: where it changes, another line begins.
    rate: Decimal,
}

/// What one day has in one line, added (or, below nothing, taken off): pounds over seven times the days of the year.
struct Share {
    about: About,
    a_day: Decimal,
}

/// Days of one year on which nothing changes.
struct Stretch<'a> {
    from: Date,
    to: Date,
    band: Band,
    in_force: Vec<&'a InForce>,
}

impl Stretch<'_> {
    fn days(&self) -> Decimal {
        Decimal::from((self.to - self.from).get_days())
    }

    /// The greatest figure of an effect in force; of awards that do the same only one counts (s.11).
    fn greatest(&self, figure: impl Fn(&Effect) -> Option<Decimal>) -> Option<(&'static str, Decimal)> {
        let found = self.in_force.iter().filter_map(|it| Some((it.code, figure(&it.effect)?)));
        found.filter(|(_, figure)| !figure.is_zero()).max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(one.0)))
    }

    fn has(&self, is: impl Fn(&Effect) -> bool) -> bool {
        self.in_force.iter().any(|it| is(&it.effect))
    }
}

/// A line on its way, with its exact sum.
struct Run {
    about: About,
    from: Date,
    to: Date,
    sum: Decimal,
}

/// The lines of a charge for one year: the charges, then what is added and taken off, in the order of application.
///
/// # Errors
/// When an award or a day has no rule. Nothing is guessed then: the case goes to an officer.
pub fn calculate(
    year: FinancialYear,
    facts: ChargeFacts<'_>,
    amount_of: AmountOf<'_>,
) -> Result<Vec<ChargeLine>, NoRule> {
    let liable = facts.period.intersection(year.period());
    let awards = in_force(facts.awards, liable)?;
    let mut runs: Vec<Run> = Vec::new();
    let stretches = stretches(year, facts, &awards)?;
    for stretch in &stretches {
        for share in order_of_application(year, stretch, amount_of)? {
            let sum = share.a_day * stretch.days();
            let follows = |run: &&mut Run| run.about == share.about && run.to == stretch.from;
            match runs.iter_mut().find(follows) {
                Some(run) => {
                    run.to = stretch.to;
                    run.sum += sum;
                }
                None => runs.push(Run { about: share.about, from: stretch.from, to: stretch.to, sum }),
            }
        }
    }
    runs.sort_by(|one, other| one.place().cmp(&other.place()));
    let mut lines = rounded(year, runs);
    take_sums_off(&mut lines, &stretches);
    Ok(lines)
}

fn stretches<'a>(
    year: FinancialYear,
    facts: ChargeFacts<'_>,
    awards: &'a [InForce],
) -> Result<Vec<Stretch<'a>>, NoRule> {
    let Some(Period { from, to: Some(to) }) = facts.period.intersection(year.period()) else {
        return Ok(Vec::new());
    };
    let mut edges = BTreeSet::from([from, to]);
    edges.extend(facts.bands.iter().map(|(day, _)| *day));
    edges.extend(awards.iter().flat_map(|it| [Some(it.period.from), it.period.to]).flatten());
    let edges: Vec<_> = edges.into_iter().filter(|day| (from..=to).contains(day)).collect();
    let stretch = |(from, to): (&Date, &Date)| {
        let band = facts.bands.iter().rev().find(|(day, _)| day <= from).ok_or(NoRule::Band(*from))?.1;
        let in_force = awards.iter().filter(|it| it.period.contains(*from)).collect();
        Ok(Stretch { from: *from, to: *to, band, in_force })
    };
    edges.iter().zip(edges.iter().skip(1)).map(stretch).collect()
}

/// What a day costs, in the order in which the law applies one thing to what the other left:
///
/// 0. an exempt day is not charged (LGFA 1992 s.4);
/// 1. the amount set for the listed band (s.10);
/// 2. disabled relief: the band below in its place (SI 1992/554 reg.4);
/// 3. a discount (ss.11, 11A) or a premium (ss.11B, 11C) in percent of that, never both (SI 1992/554 reg.4(5));
/// 4. an annexe: half of what is then left (SI 2013/2977 reg.4);
/// 5. council tax reduction, so many pounds a week (s.13A(1)(a)), never more than is left;
/// 6. the council's discretion (s.13A(1)(c)) of what is left after that; a sum is taken off the year, not a day.
///
/// Penalties and costs are debits of their own and nothing is ever taken off them.
fn order_of_application(
    year: FinancialYear,
    stretch: &Stretch<'_>,
    amount_of: AmountOf<'_>,
) -> Result<Vec<Share>, NoRule> {
    if stretch.has(|it| *it == Effect::Exempt) {
        return Ok(Vec::new());
    }
    let amount = |band| amount_of(band).ok_or(NoRule::Amount(year, band)).map(|it| it.pounds() * Decimal::from(WEEK));
    let listed = amount(stretch.band.into())?;
    let mut day = Day { left: Decimal::ZERO, shares: Vec::new() };
    day.charge(stretch.band, listed);
    if stretch.has(|it| *it == Effect::BandDown) {
        let below = band_below(stretch.band);
        let is_known = below != ChargingBand::AR || year.first_day() >= BELOW_BAND_A;
        let relieved = if is_known { amount(below)? } else { listed };
        day.take(Step::Relief, ("D-DBR", Decimal::ZERO), (listed - relieved).max(Decimal::ZERO));
    }
    match discount_or_premium(stretch) {
        Some(Percent::Off(code, percent)) => {
            day.take(Step::DiscountOrPremium, (code, percent), of(percent, day.left));
        }
        Some(Percent::On(code, percent)) => {
            day.take(Step::DiscountOrPremium, (code, percent), -of(percent, day.left));
        }
        None => {}
    }
    if stretch.has(|it| *it == Effect::Annexe) {
        day.take(Step::Annexe, ("D-ANX", Decimal::ZERO), day.left / Decimal::TWO);
    }
    let weekly = |it: &Effect| if let Effect::Weekly(weekly) = it { Some(weekly.pounds()) } else { None };
    if let Some((code, weekly)) = stretch.greatest(weekly) {
        let a_day = weekly * Decimal::from(year.days());
        day.take(Step::CouncilTaxReduction, (code, weekly), a_day.min(day.left));
    }
    for of_code in ["D-CL", "D-13A"] {
        let own = stretch.in_force.iter().filter(|it| it.code == of_code);
        let percent =
            own.filter_map(|it| if let Effect::OfWhatIsLeft(it) = &it.effect { Some(*it) } else { None }).max();
        if let Some(percent) = percent {
            day.take(Step::Discretion, (of_code, percent), of(percent, day.left));
        }
    }
    Ok(day.shares)
}

/// A day as it is worked out.
struct Day {
    left: Decimal,
    shares: Vec<Share>,
}

impl Day {
    fn charge(&mut self, band: Band, a_day: Decimal) {
        self.left = a_day;
        self.shares
            .push(Share { about: About { step: Step::Charge, code: band.to_string(), rate: Decimal::ZERO }, a_day });
    }

    /// Takes this off what is left, or adds it where it is below nothing.
    fn take(&mut self, step: Step, (code, rate): (&str, Decimal), off: Decimal) {
        if !off.is_zero() {
            self.left -= off;
            self.shares.push(Share { about: About { step, code: code.to_owned(), rate }, a_day: -off });
        }
    }
}

fn of(percent: Decimal, whole: Decimal) -> Decimal {
    whole * percent / Decimal::ONE_HUNDRED
}

/// What is taken off or added in percent, by which award.
enum Percent {
    Off(&'static str, Decimal),
    On(&'static str, Decimal),
}

/// Either a discount or a premium: a resident's discount leaves no room for a premium, as a premium needs a dwelling without a
/// resident; a premium leaves no room for the discount of such a dwelling. Of two discounts, or premiums, the greater counts.
fn discount_or_premium(stretch: &Stretch<'_>) -> Option<Percent> {
    let is_determined = stretch.has(|it| matches!(it, Effect::Local(_)));
    let discount = stretch.greatest(|it| match it {
        Effect::Resident(percent) | Effect::Local(percent) => Some(*percent),
        // What the council determined takes the place of the half that the law gives (s.11A).
        Effect::Default(percent) => (!is_determined).then_some(*percent),
        Effect::Exempt
        | Effect::BandDown
        | Effect::EmptyPremium(_)
        | Effect::SecondPremium(_)
        | Effect::Spares(_)
        | Effect::Annexe
        | Effect::Weekly(_)
        | Effect::OfWhatIsLeft(_)
        | Effect::Sum(_) => None,
    });
    let is_spared = |which| stretch.has(|it| *it == Effect::Spares(Spares::Both) || *it == Effect::Spares(which));
    let premium = stretch.greatest(|it| match it {
        Effect::EmptyPremium(percent) => (!is_spared(Spares::Empty)).then_some(*percent),
        Effect::SecondPremium(percent) => (!is_spared(Spares::Second)).then_some(*percent),
        Effect::Exempt
        | Effect::BandDown
        | Effect::Resident(_)
        | Effect::Default(_)
        | Effect::Local(_)
        | Effect::Spares(_)
        | Effect::Annexe
        | Effect::Weekly(_)
        | Effect::OfWhatIsLeft(_)
        | Effect::Sum(_) => None,
    });
    let has_resident = stretch.has(|it| matches!(it, Effect::Resident(_)));
    match (premium, discount) {
        (Some((code, percent)), _) if !has_resident => Some(Percent::On(code, percent)),
        (_, discount) => discount.map(|(code, percent)| Percent::Off(code, percent)),
    }
}

/// The band that is charged with disabled relief; below band A the amount for it (5/9 of band D).
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

impl Run {
    /// Charges by their days, the rest by what it is and then by its days.
    fn place(&self) -> (Step, &str, Date) {
        let code = if self.about.step == Step::Charge { "" } else { self.about.code.as_str() };
        (self.about.step, code, self.from)
    }
}

/// Rounds every line once; what is taken off never goes below nothing.
///
/// Where reduction takes exactly all, it takes the penny too that the rounding of the lines above may have left.
fn rounded(year: FinancialYear, runs: Vec<Run>) -> Vec<ChargeLine> {
    let divisor = Decimal::from(WEEK) * Decimal::from(year.days());
    let (mut net, mut exact) = (Money::ZERO, Decimal::ZERO);
    let mut lines = Vec::new();
    for Run { about, from, to, sum } in runs {
        exact += sum;
        let takes_the_rest = about.step >= Step::CouncilTaxReduction && exact.is_zero();
        // In this order: of two that are equal the second is taken, and nothing is not to be shown as less than nothing.
        let amount = if takes_the_rest { -net } else { (-net).max(Money::rounded(sum / divisor)) };
        net = net + amount;
        let kind = match about.step {
            Step::Charge => LineKind::Charge,
            Step::DiscountOrPremium if !sum.is_sign_negative() => LineKind::Premium,
            Step::Relief | Step::DiscountOrPremium | Step::Annexe | Step::CouncilTaxReduction | Step::Discretion => {
                LineKind::Reduction
            }
        };
        if kind == LineKind::Charge || amount != Money::ZERO {
            lines.push(ChargeLine { kind, code: about.code, from, to, days: (to - from).get_days(), amount });
        }
    }
    lines
}

/// A sum of the council's discretion comes off the bill of the year as one line, as far as anything is left.
fn take_sums_off(lines: &mut Vec<ChargeLine>, stretches: &[Stretch<'_>]) {
    let charged = stretches.iter().filter(|it| !it.has(|it| *it == Effect::Exempt));
    let mut sums: Vec<(&InForce, Date, Date, Money)> = Vec::new();
    for stretch in charged {
        for it in &stretch.in_force {
            if let Effect::Sum(sum) = it.effect {
                match sums.iter_mut().find(|(known, ..)| std::ptr::eq(*known, *it)) {
                    Some((_, _, to, _)) => *to = stretch.to,
                    None => sums.push((it, stretch.from, stretch.to, sum)),
                }
            }
        }
    }
    for (it, from, to, sum) in sums {
        let left: Money = lines.iter().map(|it| it.amount).sum();
        let amount = -sum.min(left);
        if amount != Money::ZERO {
            let (kind, days) = (LineKind::Reduction, (to - from).get_days());
            lines.push(ChargeLine { kind, code: it.code.to_owned(), from, to, days, amount });
        }
    }
}
