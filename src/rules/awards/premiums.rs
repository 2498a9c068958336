//! Premiums of empty and second homes, how high they may be and whom they spare (LGFA 1992 ss.11B, 11C; SI 2024/1007).
//!
//! The clock of the empty homes premium runs on the dwelling: its first empty day counts, whoever owned it since, and days on
//! which it was exempt count towards it. A tier is reached on the anniversary of that first day.

use hearth_events::{EmptyPremiumTier, Period};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::super::PremiumBegins;
use super::{Does, Row, Spares, months_after};

/// The first day of the premium of second homes (LGFA 1992 s.11C) and of the exceptions E to M (SI 2024/1007).
const SECOND_HOMES: Date = date(2025, 4, 1);

const fn exception(code: &'static str, what: &'static str, spares: Spares) -> Row {
    Row::new(code, what, "SI 2003/3011 as amended by SI 2024/1007", Does::Spares(spares)).since(SECOND_HOMES)
}

pub(super) const ROWS: &[Row] = &[
    Row::new("P-EMPTY", "long-term empty", "LGFA 1992 s.11B", Does::EmptyPremium).since(LEGAL_FIRST),
    Row::new("P-SECOND", "second home", "LGFA 1992 s.11C", Does::SecondPremium(100)).since(SECOND_HOMES),
    // Exceptions: the dwelling is charged without a premium. The first day of the award is the first on which the test was met,
    // for class I the day of the grant, also where that lies before the law.
    exception("P-EXC-E", "would be a main residence but for forces accommodation", Spares::Both),
    exception("P-EXC-F", "annexe used with the main dwelling", Spares::Both),
    exception("P-EXC-G", "marketed for sale", Spares::Both).at_most(12),
    exception("P-EXC-H", "marketed to let", Spares::Both).at_most(12),
    exception("P-EXC-I", "exempt in class F until the grant", Spares::Both).at_most(12),
    exception("P-EXC-J", "job-related", Spares::Second),
    exception("P-EXC-K", "occupied pitch or mooring", Spares::Second),
    exception("P-EXC-L", "planning bars living there all year", Spares::Second),
    exception("P-EXC-M", "major repair or structural alteration", Spares::Empty).at_most(12),
];

/// The tiers that apply from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TiersFrom {
    /// The first day.
    pub from: Date,
    /// The tiers, in any order.
    pub tiers: Vec<EmptyPremiumTier>,
}

/// The first day of the empty homes premium (Local Government Finance Act 2012 s.12).
const LEGAL_FIRST: Date = date(2013, 4, 1);

/// The greatest premium by whole years empty, from each day (LGFA 1992 s.11B as amended in 2018 and 2023).
const LEGAL: &[(Date, &[(u16, u16)])] = &[
    (LEGAL_FIRST, &[(2, 50)]),
    (date(2019, 4, 1), &[(2, 100)]),
    (date(2020, 4, 1), &[(2, 100), (5, 200)]),
    (date(2021, 4, 1), &[(2, 100), (5, 200), (10, 300)]),
    (date(2024, 4, 1), &[(1, 100), (5, 200), (10, 300)]),
];

/// The premium of a dwelling empty since a day, in percent, step by step through these days.
///
/// What the council adopted counts, never more than the law allows that day; where it adopted nothing, what the law allows.
pub(super) fn steps(
    period: Period,
    since: Date,
    adopted: Option<&[TiersFrom]>,
    begins: PremiumBegins,
) -> Vec<(Period, Decimal)> {
    let mut edges: Vec<Date> = LEGAL.iter().map(|(from, _)| *from).collect();
    let mut years: Vec<u16> = LEGAL.iter().flat_map(|(_, tiers)| tiers.iter().map(|(years, _)| *years)).collect();
    for it in adopted.unwrap_or_default() {
        edges.push(it.from);
        years.extend(it.tiers.iter().map(|tier| tier.years));
    }
    edges.extend(years.into_iter().map(|years| reached_on(since, years, begins)));
    edges.push(period.from);
    edges.retain(|day| period.contains(*day));
    edges.sort_unstable();
    edges.dedup();
    let ends = edges.iter().skip(1).map(|it| Some(*it)).chain([period.to]);
    let percent = |day| percent(day, since, adopted, begins);
    let steps = edges.iter().zip(ends).map(|(from, to)| (Period { from: *from, to }, percent(*from)));
    steps.filter(|(_, percent)| !percent.is_zero()).collect()
}

/// The years after which the first premium is due by what was adopted and by the law of a day; none where none is.
pub(crate) fn shortest(day: Date, adopted: &[TiersFrom]) -> Option<u16> {
    let tiers = adopted.iter().filter(|it| it.from <= day).max_by_key(|it| it.from)?;
    let own = tiers.tiers.iter().filter(|it| !it.percent.is_zero()).map(|it| it.years).min()?;
    let (_, legal) = LEGAL.iter().rev().find(|(from, _)| *from <= day)?;
    legal.iter().map(|(years, _)| *years).min().map(|legal| legal.max(own))
}

/// The first day from `on` with a premium for a dwelling empty since a day, by what was adopted; none where there is none.
pub(crate) fn first_due(on: Date, since: Date, adopted: &[TiersFrom], begins: PremiumBegins) -> Option<Date> {
    steps(Period::starting(on), since, Some(adopted), begins).first().map(|(period, _)| period.from)
}

/// The day on which a tier of so many years begins: when whole years lie behind, 1 March for a 29 February; or on its eve.
fn reached_on(since: Date, years: u16, begins: PremiumBegins) -> Date {
    let anniversary = months_after(since, i32::from(years) * 12);
    match begins {
        PremiumBegins::OnTheAnniversary => anniversary,
        PremiumBegins::OnItsEve => anniversary.saturating_sub(1.day()),
    }
}

fn percent(day: Date, since: Date, adopted: Option<&[TiersFrom]>, begins: PremiumBegins) -> Decimal {
    let reached = |years: u16| reached_on(since, years, begins) <= day;
    let legal = LEGAL.iter().rev().find(|(from, _)| *from <= day).map_or(&[][..], |(_, tiers)| *tiers);
    let legal = legal.iter().filter(|(years, _)| reached(*years)).max().map_or(0, |(_, percent)| *percent);
    let legal = Decimal::from(legal);
    let Some(adopted) = adopted else { return legal };
    let tiers = adopted.iter().filter(|it| it.from <= day).max_by_key(|it| it.from);
    let tiers = tiers.map(|it| it.tiers.iter()).into_iter().flatten().filter(|it| reached(it.years));
    let own = tiers.max_by_key(|it| it.years).map_or(Decimal::ZERO, |it| it.percent);
    own.clamp(Decimal::ZERO, legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: Date, since: Date) -> Decimal {
        steps(Period::starting(LEGAL_FIRST), since, None, PremiumBegins::default())
            .into_iter()
            .find(|(period, _)| period.contains(day))
            .map_or(Decimal::ZERO, |(_, percent)| percent)
    }

    #[test]
    fn the_law_of_each_year_at_each_anniversary() {
        for (day, since, expected) in [
            (date(2013, 3, 31), date(2000, 1, 1), 0),
            (date(2013, 4, 1), date(2000, 1, 1), 50),
            (date(2015, 6, 19), date(2013, 6, 20), 0),
            (date(2015, 6, 20), date(2013, 6, 20), 50),
            (date(2019, 3, 31), date(2013, 6, 20), 50),
            (date(2019, 4, 1), date(2013, 6, 20), 100),
            (date(2020, 4, 1), date(2015, 4, 2), 100),
            (date(2020, 4, 2), date(2015, 4, 2), 200),
            (date(2021, 3, 31), date(2000, 1, 1), 200),
            (date(2021, 4, 1), date(2000, 1, 1), 300),
            (date(2024, 3, 31), date(2022, 6, 20), 0),
            (date(2024, 4, 1), date(2022, 6, 20), 100),
            (date(2024, 6, 19), date(2023, 6, 20), 0),
            (date(2024, 6, 20), date(2023, 6, 20), 100),
            (date(2034, 6, 20), date(2024, 6, 20), 300),
            // A year from a 29 February is over when the 28th of the next is.
            (date(2025, 2, 28), date(2024, 2, 29), 0),
            (date(2025, 3, 1), date(2024, 2, 29), 100),
        ] {
            assert_eq!(at(day, since), Decimal::from(expected), "{day}, empty since {since}");
        }
    }

    #[test]
    fn read_strictly_a_tier_begins_on_the_eve_of_the_anniversary() {
        let first = |begins| steps(Period::starting(date(2024, 4, 1)), date(2023, 6, 20), None, begins)[0].0.from;
        assert_eq!(first(PremiumBegins::OnTheAnniversary), date(2024, 6, 20));
        assert_eq!(first(PremiumBegins::OnItsEve), date(2024, 6, 19));
    }

    #[test]
    fn a_council_can_ask_for_less_and_not_for_more() {
        let tier = |years, percent: u16| EmptyPremiumTier { years, percent: percent.into() };
        let adopted = [TiersFrom { from: LEGAL_FIRST, tiers: vec![tier(10, 500), tier(1, 40), tier(2, 60)] }];
        let of = |day| percent(day, date(2014, 5, 1), Some(&adopted), PremiumBegins::default());
        assert_eq!(of(date(2016, 4, 30)), Decimal::ZERO, "one year is too short before April 2024");
        assert_eq!(of(date(2016, 5, 1)), Decimal::from(50));
        assert_eq!(of(date(2019, 4, 1)), Decimal::from(60));
        assert_eq!(of(date(2024, 5, 1)), Decimal::from(300));
    }
}
