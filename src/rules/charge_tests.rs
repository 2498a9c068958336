//! Worked examples, to the penny. Amounts are those the councils named published; steps and answers were worked out with
//! exact fractions, independently of this program.

use hearth_events::{AwardCode, Band, ChargingBand, FinancialYear, LineKind, Money, Period};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::{ChargeFacts, calculate};

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

struct Example {
    year: FinancialYear,
    amounts: Vec<(ChargingBand, Money)>,
    bands: Vec<(Date, Band)>,
    period: Period,
    awards: Vec<(AwardCode, Period)>,
}

fn example(year: &str, amounts: &[(ChargingBand, &str)], band: Band) -> Example {
    let year: FinancialYear = year.parse().unwrap();
    Example {
        year,
        amounts: amounts.iter().map(|(band, amount)| (*band, money(amount))).collect(),
        bands: vec![(date(1993, 4, 1), band)],
        period: year.period(),
        awards: Vec::new(),
    }
}

impl Example {
    fn liable(mut self, from: Date, to: Option<Date>) -> Self {
        self.period = Period { from, to };
        self
    }

    fn banded(mut self, from: Date, band: Band) -> Self {
        self.bands.push((from, band));
        self
    }

    fn award(mut self, code: &str, from: Date, to: Option<Date>) -> Self {
        self.awards.push((code.parse().unwrap(), Period { from, to }));
        self
    }

    #[track_caller]
    fn lines(&self) -> Vec<(LineKind, i32, String)> {
        let amount_of = |band| {
            let found = self.amounts.iter().find(|(of, _)| *of == band);
            found.map_or(Money::ZERO, |(_, amount)| *amount)
        };
        let facts = ChargeFacts { period: self.period, bands: &self.bands, awards: &self.awards };
        let lines = calculate(self.year, facts, &amount_of).unwrap();
        lines.into_iter().map(|it| (it.kind, it.days, it.amount.to_string())).collect()
    }

    #[track_caller]
    fn owes(&self, net: &str) {
        let sum: Money = self.lines().iter().map(|(_, _, amount)| money(amount)).sum();
        assert_eq!(sum.to_string(), net, "{:?}", self.lines());
    }
}

use ChargingBand::{A, AR, B, C, D};

#[test]
fn a_whole_year_is_the_amount_that_was_set() {
    example("2015/16", &[(D, "1599.81")], Band::D).owes("1599.81");
}

#[test]
fn moving_in_is_charged_from_the_day_itself() {
    let it = example("2024/25", &[(C, "1845.08")], Band::C).liable(date(2024, 8, 14), None);
    assert_eq!(it.lines(), [(LineKind::Charge, 230, "1162.65".into())]);
}

#[test]
fn a_year_with_a_29_february_is_divided_by_366() {
    example("2023/24", &[(B, "1700.39")], Band::B).liable(date(2023, 4, 1), Some(date(2024, 3, 1))).owes("1556.37");
}

#[test]
fn a_discount_is_a_line_of_its_own_days() {
    let it = example("2015/16", &[(D, "1599.81")], Band::D).award("D-SPD", date(2015, 9, 10), None);
    assert_eq!(it.lines(), [(LineKind::Charge, 366, "1599.81".into()), (LineKind::Reduction, 204, "-222.92".into())]);
    it.owes("1376.89");
}

#[test]
fn a_half_penny_goes_to_the_taxpayer() {
    example("2024/25", &[(D, "1000.02")], Band::D).award("D-SPD", date(2020, 1, 1), None).owes("750.01");
}

#[test]
fn a_change_of_band_splits_the_charge() {
    example("2024/25", &[(D, "2286.32"), (C, "2032.28")], Band::D).banded(date(2024, 11, 1), Band::C).owes("2181.22");
}

#[test]
fn a_discount_runs_on_over_a_change_of_band_as_one_line() {
    let it = example("2024/25", &[(D, "2286.32"), (C, "2032.28")], Band::D).banded(date(2024, 11, 1), Band::C).award(
        "D-SPD",
        date(2024, 4, 1),
        None,
    );
    let expected: Decimal = Decimal::from(25)
        * (money("2286.32").pounds() * Decimal::from(214) + money("2032.28").pounds() * Decimal::from(151))
        / Decimal::from(36500);
    assert_eq!(it.lines().last(), Some(&(LineKind::Reduction, 365, (-Money::rounded(expected)).to_string())));
}

#[test]
fn band_a_with_disabled_relief_and_one_adult() {
    example("2024/25", &[(A, "1383.81"), (AR, "1153.17")], Band::A)
        .award("D-DBR", date(2024, 4, 1), None)
        .award("D-SPD", date(2024, 4, 1), None)
        .owes("864.88");
}

#[test]
fn relief_for_part_of_a_year_under_a_discount_for_all_of_it() {
    example("2024/25", &[(D, "2075.71"), (C, "1845.08")], Band::D)
        .award("D-DBR", date(2024, 10, 1), None)
        .award("D-SPD", date(2024, 4, 1), None)
        .owes("1470.53");
}

#[test]
fn an_annexe_halves_what_the_discount_left() {
    example("2024/25", &[(A, "1524.22")], Band::A)
        .award("D-SPD", date(2024, 4, 1), None)
        .award("D-ANX", date(2024, 4, 1), None)
        .owes("571.58");
}

#[test]
fn exempt_days_are_not_charged() {
    example("2024/25", &[(C, "2035.10")], Band::C)
        .liable(date(2024, 5, 5), None)
        .award("X-F", date(2024, 5, 5), Some(date(2025, 3, 12)))
        .owes("111.51");
}

#[test]
fn all_disregarded_is_half() {
    example("2015/16", &[(D, "1599.81")], Band::D).award("D-50", date(2015, 4, 1), None).owes("799.90");
}

#[test]
fn the_same_award_twice_counts_once() {
    example("2024/25", &[(D, "1000.00")], Band::D)
        .award("D-SPD", date(2024, 4, 1), None)
        .award("D-SPD", date(2024, 10, 1), None)
        .owes("750.00");
}

#[test]
fn one_day_and_no_day() {
    example("2024/25", &[(D, "2075.71")], Band::D).liable(date(2024, 6, 1), Some(date(2024, 6, 2))).owes("5.69");
    assert!(
        example("2024/25", &[(D, "2075.71")], Band::D)
            .liable(date(2024, 6, 1), Some(date(2024, 6, 1)))
            .lines()
            .is_empty()
    );
}

#[test]
fn an_award_without_a_rule_is_not_guessed() {
    let it = example("2024/25", &[(D, "2075.71")], Band::D).award("D-XYZ", date(2024, 4, 1), None);
    let facts = ChargeFacts { period: it.period, bands: &it.bands, awards: &it.awards };
    assert!(calculate(it.year, facts, &|_| Money::ZERO).is_err());
}
