//! Changes that reach back: worked out from their first day, over all years, the difference posted year by year.

use std::collections::BTreeMap;

use hearth_events::{
    AmountSet, BandAmounts, ChargeCalculated, DiscountEnded, Event, FinancialYear, Money, Outcome, Period, Position,
};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::slow::{self, Set};
use super::world::World;
use super::{ACCOUNT, HOME, Home, NEW_HOME, by_bands, empty, home, told};
use crate::rules::Council;

const NAME: &str = "Ms Grace Hughes";

fn pounds(pence: i128) -> Money {
    Money::rounded(Decimal::from_i128_with_scale(pence, 2))
}

/// A council with these amounts of AR and A to H in pence.
fn council(amounts: &BTreeMap<i16, [i128; 9]>) -> Council {
    let mut council = Council::default();
    for (year, amounts) in amounts {
        let of = |place: usize| pounds(amounts[place]);
        let amounts =
            BandAmounts { AR: of(0), A: of(1), B: of(2), C: of(3), D: of(4), E: of(5), F: of(6), G: of(7), H: of(8) };
        let financial_year = FinancialYear::of(date(*year, 4, 1));
        let set = AmountSet { financial_year, category: "Andover".into(), component: "all".into(), amounts };
        council.set(&set, Position(1));
    }
    council
}

fn by_holder(kind: &str, on: &str, details: Value) -> Value {
    told(kind, on, NAME, json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details)
}

/// What a decision posts to an account: before, now.
fn posted(effects: &[Event]) -> BTreeMap<String, (Option<Money>, Money)> {
    let charge = |it: &Event| if let Event::ChargeCalculated(it) = it { Some(it.clone()) } else { None };
    let charges = effects.iter().filter_map(charge);
    let one = |ChargeCalculated { financial_year, before, net, .. }| (financial_year.to_string(), (before, net));
    charges.map(one).collect()
}

#[test]
fn b13_a_discount_that_ended_last_year_is_taken_back_year_by_year() {
    let amounts = BTreeMap::from([(2023, [180_000; 9]), (2024, [189_000; 9])]);
    let mut world = World::new(council(&amounts), &[home(&[NAME]).alone()]);
    world.today = date(2024, 6, 3);
    let ends =
        by_holder("single-person-discount-end", "2024-02-12", json!({"adult_joined": {"name": "Mr Leo Ingram"}}));
    let decision = world.tell("HN-TEST-0000-0001", &ends);
    assert_eq!(decision.outcome, Outcome::Apply, "told 112 days later: {:#?}", decision.findings);
    let money = |text: &str| text.parse::<Money>().unwrap();
    let posted = posted(&decision.effects[0].1);
    // 49 days of 366 at a quarter of £1,800.00: £60.25 for the year that is over.
    assert_eq!(posted["2023/24"], (Some(money("1350.00")), money("1410.25")));
    assert_eq!(posted["2024/25"], (Some(money("1417.50")), money("1890.00")));
    world.reverse("HN-TEST-0000-0001", false).unwrap();
    let charges = &world.at(HOME).accounts[0].charges;
    let nets: Vec<_> = charges.values().map(|it| it.net).collect();
    assert_eq!(nets, [money("1350.00"), money("1417.50")]);
}

/// Band D from £500.00 in the first year, £20.00 more each year; every band rounded for itself.
fn since_1993() -> BTreeMap<i16, [i128; 9]> {
    let of = |year: i16| {
        let band_d = 50_000 + 2_000 * i128::from(year - 1993);
        (year, [5, 6, 7, 8, 9, 11, 13, 15, 18].map(|ninths| (2 * band_d * ninths + 9) / 18))
    };
    (1993..=2016).map(of).collect()
}

#[test]
fn a_band_that_was_wrong_since_1993_is_put_right_in_every_year_with_the_discounts_of_the_time() {
    let set = Set { amounts: since_1993(), empty: Vec::new() };
    let lived_there = Home { from: date(1993, 4, 1), ..home(&[NAME]) }.alone();
    let mut world = World::new(council(&set.amounts), &[lived_there]);
    let ended =
        DiscountEnded { account: ACCOUNT.parse().unwrap(), code: "D-SPD".parse().unwrap(), to: date(2000, 1, 17) };
    world.record(&HOME.parse().unwrap(), "import", vec![ended.into()]);
    let mut working = super::super::Working::of(HOME.parse().unwrap(), world.at(HOME));
    working.charge(&world.council).unwrap();
    world.record(&HOME.parse().unwrap(), "import", working.into_events().1);
    let before = world.stands();
    let mut cut = told(
        "band-change",
        "1993-04-01",
        "A Service",
        json!({"dwelling": {"uprn": HOME}}),
        json!({"change": "amended", "band": "C", "previous_band": "D"}),
    );
    cut["channel"] = json!("voa");
    assert_eq!(world.tell("HN-TEST-0000-0001", &cut).outcome, Outcome::Refer, "23 years are an officer's");
    let decision = world.accept("HN-TEST-0000-0001", &cut);
    assert_eq!(decision.outcome, Outcome::Apply, "{:#?}", decision.findings);
    let posted = posted(&decision.effects[0].1);
    assert_eq!(posted.len(), 24, "{posted:?}");
    let state = world.at(HOME);
    for year in 1993..=2016 {
        let year = FinancialYear::of(date(year, 4, 1));
        let expected = slow::net(&slow::lines(&state, &state.accounts[0], year, &set));
        assert_eq!(state.accounts[0].charges[&year].net, pounds(expected), "{year}");
    }
    // By hand: the first year, three quarters of £500.00 and of eight ninths of it; a year without the discount, whole.
    let money = |text: &str| text.parse::<Money>().unwrap();
    assert_eq!(posted["1993/94"], (Some(money("375.00")), money("333.33")));
    assert_eq!(posted["2015/16"], (Some(money("940.00")), money("835.56")));
    // 1999/00: band C £551.11; a quarter off for 291 of 366 days, £109.54.
    assert_eq!(posted["1999/00"].1, money("441.57"));
    world.reverse("HN-TEST-0000-0001", false).unwrap();
    assert_eq!(world.stands(), before);
}

fn move_in(on: &str) -> Value {
    let details = json!({"persons": [{"name": "Mx Olu Quirk"}], "tenure": "tenant", "sole_adult": true,
        "previous_occupiers_left": true});
    told("move-in", on, "Mx Olu Quirk", json!({"dwelling": {"uprn": NEW_HOME}}), details)
}

#[test]
fn an_earlier_day_of_a_move_is_worked_out_over_both_years() {
    let moved = |steps: &dyn Fn(&mut World)| {
        let mut world = World::new(by_bands(), &[empty("Mr Leo Gibbs")]);
        steps(&mut world);
        let mut stands: Vec<_> = world.stands().into_values().collect();
        stands.sort_by_key(|it| it.period.from);
        stands
    };
    let at_once = moved(&|world| {
        assert_eq!(world.accept("HN-TEST-0000-0001", &move_in("2015-03-12")).outcome, Outcome::Apply);
    });
    // Told too late a day first: nothing follows from the earlier one while the later one stands, and all once it is reversed.
    let told_later = moved(&|world| {
        assert_eq!(world.tell("HN-TEST-0000-0001", &move_in("2016-01-10")).outcome, Outcome::Apply);
        let earlier = move_in("2015-03-12");
        assert_eq!(world.accept("HN-TEST-0000-0002", &earlier).outcome, Outcome::Refer);
        world.reverse("HN-TEST-0000-0001", false).unwrap();
        assert_eq!(world.accept("HN-TEST-0000-0002", &earlier).outcome, Outcome::Apply);
    });
    assert_eq!(at_once, told_later);
    let year = |text: &str| text.parse::<FinancialYear>().unwrap();
    let to: Date = date(2015, 3, 12);
    assert_eq!(at_once[0].period, Period { from: date(2010, 5, 1), to: Some(to) });
    // The owner to 11 March: 345 days of £10.00; the newcomer 20 days, and a quarter off.
    assert_eq!(at_once[0].nets[&year("2014/15")].to_string(), "3450.00");
    assert_eq!(at_once[1].nets[&year("2014/15")].to_string(), "150.00");
    assert_eq!(at_once[1].nets[&year("2015/16")].to_string(), "2745.00");
}
