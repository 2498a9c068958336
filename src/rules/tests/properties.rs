//! What always holds, whatever the facts.

use hearth_events::{Band, ChargeLine, ChargingBand, FinancialYear, HalfPound, LineKind, Money, Period};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::award;
use crate::rules::awards::{Award, BEGAN};
use crate::rules::bills::adjusted;
use crate::rules::instalments::{Division, Scheme, plan, split};
use crate::rules::{ChargeFacts, calculate};

const BANDS: [Band; 8] = [Band::A, Band::B, Band::C, Band::D, Band::E, Band::F, Band::G, Band::H];

/// Awards of every sort, their days still to be put in.
const AWARDS: [&str; 12] = [
    "D-SPD",
    "D-50",
    "D-DBR",
    "D-ANX",
    "D-NORES",
    "X-F",
    "X-C",
    "D-LOC-C percent=33.33",
    "D-LOC-D percent=100",
    "P-SECOND percent=100",
    "P-EMPTY since=2014-02-28",
    "D-CTR weekly=19.99",
];

#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) year: FinancialYear,
    pub(super) band_d: i64,
    pub(super) bands: Vec<(Date, Band)>,
    pub(super) awards: Vec<Award>,
}

impl Facts {
    /// What a band costs a year in pence, by its ninths of band D.
    pub(super) fn pence(&self, ninths: u8) -> i64 {
        (2 * self.band_d * i64::from(ninths) + 9) / 18
    }

    pub(super) fn over(&self, from: Date, to: Date) -> Vec<ChargeLine> {
        let amount_of = |band: ChargingBand| {
            let pence = Decimal::new(self.band_d, 2) * Decimal::from(band.ninths()) / Decimal::from(9);
            Some(Money::rounded(pence))
        };
        let period = Period { from, to: Some(to) };
        let facts = ChargeFacts { period, bands: &self.bands, awards: &self.awards };
        calculate(self.year, facts, &amount_of).unwrap()
    }
}

fn net(lines: &[ChargeLine]) -> Money {
    lines.iter().map(|it| it.amount).sum()
}

pub(super) fn facts() -> impl Strategy<Value = Facts> {
    let days = (0..700_i32, 0..700_i32);
    let award_of = (0..AWARDS.len(), days.clone());
    (
        2008..2030_i16,
        50_000..300_000_i64,
        prop::collection::vec((0..700_i32, 0..8_usize), 0..3),
        prop::collection::vec(award_of, 0..5),
    )
        .prop_map(|(year, band_d, later, awards)| {
            let year = FinancialYear::of(date(year, 4, 1));
            let day = |offset: i32| year.first_day().saturating_add((offset - 150).days());
            let mut bands: Vec<_> = later.into_iter().map(|(offset, band)| (day(offset), BANDS[band])).collect();
            bands.push((BEGAN, Band::D));
            bands.sort_by_key(|(from, _)| *from);
            bands.dedup_by_key(|(from, _)| *from);
            let awards = awards.into_iter().map(|(which, (one, other))| {
                let words =
                    AWARDS[which].replacen(' ', &format!(" {}..{} ", day(one.min(other)), day(one.max(other))), 1);
                let words = if words.contains("..") {
                    words
                } else {
                    format!("{words} {}..{}", day(one.min(other)), day(one.max(other)))
                };
                award(&words)
            });
            Facts { year, band_d, bands, awards: awards.collect() }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn the_days_of_two_parties_are_the_days_of_the_year(mut facts in facts(), at in 0..366_i32) {
        facts.awards.retain(|it| !it.code.as_str().starts_with('X'));
        let (from, to) = (facts.year.first_day(), facts.year.end());
        let between = from.saturating_add(at.days()).min(to);
        let charged = |lines: Vec<ChargeLine>| {
            lines.iter().filter(|it| it.kind == LineKind::Charge).map(|it| it.days).sum::<i32>()
        };
        prop_assert_eq!(charged(facts.over(from, between)) + charged(facts.over(between, to)), facts.year.days());
    }

    #[test]
    fn a_party_in_two_pays_the_same_but_for_the_rounding(facts in facts(), at in 0..366_i32) {
        let (from, to) = (facts.year.first_day(), facts.year.end());
        let between = from.saturating_add(at.days()).min(to);
        let (one, other, whole) = (facts.over(from, between), facts.over(between, to), facts.over(from, to));
        let apart = (net(&one) + net(&other) - net(&whole)).abs();
        // Half a penny a line, and a penny more where the last reduction takes the rest of a part.
        let lines = i64::try_from(one.len() + other.len() + whole.len()).unwrap();
        prop_assert!(apart.pounds() <= Decimal::new(5 * lines + 10, 3), "{} over {} lines", apart, lines);
    }

    #[test]
    fn nothing_is_below_nothing_and_lines_are_what_they_say(facts in facts()) {
        let lines = facts.over(facts.year.first_day(), facts.year.end());
        prop_assert!(net(&lines) >= Money::ZERO);
        for line in &lines {
            prop_assert_eq!((line.to - line.from).get_days(), line.days);
            prop_assert!(line.days > 0 && facts.year.period().contains(line.from) && line.to <= facts.year.end());
            prop_assert_eq!(line.kind == LineKind::Reduction, line.amount < Money::ZERO);
        }
        let reversed = Facts { awards: facts.awards.iter().rev().cloned().collect(), ..facts.clone() };
        prop_assert_eq!(reversed.over(facts.year.first_day(), facts.year.end()), lines, "the order of awards counts for nothing");
    }

    #[test]
    fn instalments_sum_to_the_total_in_whole_pounds_but_the_first(pence in 0..1_000_000_i64, number in 1..13_u32, down in any::<bool>()) {
        let total = Money::rounded(Decimal::new(pence, 2));
        let ties = if down { HalfPound::HalfDown } else { HalfPound::HalfUp };
        let parts = split(total, number, ties);
        prop_assert_eq!(parts.iter().copied().sum::<Money>(), total);
        prop_assert!(parts.len() <= number as usize);
        prop_assert!(parts.iter().skip(1).all(|it| it.pounds().fract().is_zero()));
        prop_assert!(parts.len() <= 1 || parts.iter().all(|it| it.pounds() >= Decimal::from(5)), "{:?}", parts);
    }

    #[test]
    fn an_adjustment_asks_for_neither_more_nor_less_than_is_owed(owed in 0..500_000_i64, issued in 0..365_i32) {
        let year = FinancialYear::of(date(2024, 4, 1));
        let division = Division { scheme: Scheme::Ten, day: 1, chosen: false, ties: HalfPound::HalfUp, by_direct_debit: false };
        let plan = plan(Money::rounded(Decimal::from(2_000)), division, year, date(2024, 3, 10));
        let owed = Money::rounded(Decimal::new(owed, 2));
        let after = adjusted(owed, &plan, Money::ZERO, year.first_day().saturating_add(issued.days()), HalfPound::HalfUp);
        let asked: Money = after.instalments.iter().map(|it| it.amount).sum();
        prop_assert_eq!(after.accounted_for + asked - after.credit, owed);
        prop_assert!(after.instalments.iter().all(|it| it.due >= after.day));
    }
}
