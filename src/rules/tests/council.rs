//! What a council registered, set and adopted, looked up by day.

use hearth_events::{
    AmountSet, BandAmounts, ChargingBand, CostModelAdopted, Event, EventId, HalfPound, Metadata, ModulusTableAdopted,
    Money, PolicyAdopted, Position, Recorded, StreamName,
};

use super::{day, money, period};
use crate::rules::Council;
use crate::rules::estimate::{Billing, Question, estimate};
use crate::rules::instalments::{Division, Scheme};

/// A council with these events.
fn council(events: impl IntoIterator<Item = Event>) -> Council {
    let mut council = Council::default();
    for (revision, event) in (0..).zip(events) {
        council.apply(&Recorded {
            position: Position(revision + 1),
            stream: StreamName::council("E07000093"),
            revision,
            recorded_at: "2015-01-01T00:00:00Z".parse().unwrap(),
            id: EventId::derived(&["event", &revision.to_string()]),
            event,
            metadata: Metadata {
                actor: "test".into(),
                causation: "test".into(),
                correlation: "test".into(),
                rules_version: "test".into(),
                schema: 1,
            },
        });
    }
    council
}

/// Every band has an amount of its own, so that no two can be mistaken for each other.
fn amounts(pounds: i64) -> BandAmounts {
    let of = |band: i64| Money::rounded((pounds * 10 + band).into());
    BandAmounts { AR: of(0), A: of(1), B: of(2), C: of(3), D: of(4), E: of(5), F: of(6), G: of(7), H: of(8) }
}

fn set(year: &str, category: &str, component: &str, pounds: i64) -> Event {
    let (financial_year, amounts) = (year.parse().unwrap(), amounts(pounds));
    AmountSet { financial_year, category: category.into(), component: component.into(), amounts }.into()
}

#[test]
fn amounts_are_found_by_year_category_and_component() {
    let council = council([
        set("2015/16", "Andover", "county", 100),
        set("2015/16", "Andover", "parish", 2),
        set("2015/16", "Romsey", "county", 300),
        set("2016/17", "Stockbridge", "county", 400),
    ]);
    let year = "2015/16".parse().unwrap();
    assert_eq!(council.categories_set(year), ["Andover", "Romsey"]);
    assert_eq!(council.component(year, "Andover", "parish"), Some(&amounts(2)));
    assert_eq!(council.component(year, "Andover", "police"), None);
    assert_eq!(council.component(year, "Stockbridge", "county"), None, "of another year");
    let whole = council.amounts(year, "Andover").unwrap();
    for band in ChargingBand::ALL {
        assert_eq!(whole.of(band), amounts(100).of(band) + amounts(2).of(band), "{band:?}");
        assert_eq!(council.amount(year, "Andover", band).unwrap(), (whole.of(band), vec![Position(1), Position(2)]));
    }
    assert_eq!(council.amounts(year, "Stockbridge"), None);
}

#[test]
fn a_policy_adopted_again_from_the_same_day_takes_the_place_of_the_first() {
    let policy =
        |from: &str, days| PolicyAdopted { from: day(from), future_limit_days: Some(days), ..PolicyAdopted::default() };
    let council =
        council([policy("2015-04-01", 14).into(), policy("2014-04-01", 7).into(), policy("2015-04-01", 21).into()]);
    let from = |text: &str| council.policy_adopted_from(day(text)).and_then(|it| it.future_limit_days);
    assert_eq!((from("2014-04-01"), from("2015-04-01"), from("2015-04-02")), (Some(7), Some(21), None));
    let on = |text: &str| council.policy_on(day(text)).future_limit_days;
    assert_eq!((on("2014-03-31"), on("2014-04-01"), on("2015-03-31"), on("2015-04-01")), (14, 7, 7, 21));
}

#[test]
fn policy_counts_from_its_very_day() {
    let policy = PolicyAdopted {
        from: day("2015-04-01"),
        instalment_rounding: Some(HalfPound::HalfDown),
        instalments: Some(12),
        instalment_day: Some(15),
        review_months: Some([("D-SPD".to_owned(), 24)].into()),
        ..PolicyAdopted::default()
    };
    let council = council([policy.into()]);
    for (on, ties, scheme, of_month, months) in [
        ("2015-03-31", HalfPound::HalfUp, Scheme::Ten, 1, None),
        ("2015-04-01", HalfPound::HalfDown, Scheme::Twelve, 15, Some(24)),
        ("2015-04-02", HalfPound::HalfDown, Scheme::Twelve, 15, Some(24)),
    ] {
        let on = day(on);
        assert_eq!(council.half_pound_on(on), ties, "{on}");
        assert_eq!(
            council.division_on(on),
            Division { chosen: false, scheme, day: of_month, ties, by_direct_debit: false },
            "{on}"
        );
        assert_eq!(council.review_months_on("D-SPD", on), months, "{on}");
        assert_eq!(council.review_months_on("D-CTR", on), None, "{on}");
    }
}

#[test]
fn the_cost_model_of_a_day_is_the_latest_that_had_begun() {
    let golden = include_str!("../../../events/golden/CostModelAdopted.v1.json");
    let model = |name: &str, from: &str| {
        let model: CostModelAdopted = serde_json::from_str(golden).unwrap();
        Event::from(CostModelAdopted { name: name.into(), from: day(from), ..model })
    };
    let council = council([model("b", "2015-04-01"), model("a", "2016-04-01")]);
    for (on, name) in
        [("2015-03-31", None), ("2015-04-01", Some("b")), ("2016-03-31", Some("b")), ("2016-04-01", Some("a"))]
    {
        assert_eq!(council.cost_model_on(day(on)).map(|it| it.name.as_str()), name, "{on}");
    }
}

#[test]
fn before_the_first_table_of_the_modulus_check_the_first_one_counts() {
    let table = |from: &str, source: &str| {
        let (weights, substitutions) = (String::new(), String::new());
        Event::from(ModulusTableAdopted { from: day(from), source: source.into(), weights, substitutions })
    };
    assert_eq!(council([]).modulus_table_on(day("2015-04-01")), None);
    let council = council([table("2016-04-01", "second"), table("2015-04-01", "x"), table("2015-04-01", "first")]);
    for (on, source) in
        [("2015-03-31", "first"), ("2015-04-01", "first"), ("2016-03-31", "first"), ("2016-04-01", "second")]
    {
        assert_eq!(council.modulus_table_on(day(on)).unwrap().source, source, "{on}");
    }
}

#[test]
fn an_estimate_answers_year_by_year_with_instalments_where_they_are_asked_for() {
    let years = ["2024/25", "2025/26"].map(|it| it.parse().unwrap());
    let division =
        Division { scheme: Scheme::Ten, day: 1, chosen: false, ties: HalfPound::HalfUp, by_direct_debit: false };
    let question = Question {
        bands: vec![(day("1993-04-01"), hearth_events::Band::D)],
        liable: period("2024-04-01.."),
        awards: Vec::new(),
        years: years.to_vec(),
        billing: Some(Billing { division, issued_on: day("2024-03-10") }),
    };
    let amount_of = |year, band| (band == ChargingBand::D && year == years[0]).then(|| money("1200.00"));
    let asked = |years: &[_], billing| {
        let answers = estimate(&Question { years: years.to_vec(), billing, ..question.clone() }, &amount_of)?;
        Ok(answers.into_iter().map(|it| (it.year, it.lines.len(), it.net, it.instalments.len())).collect::<Vec<_>>())
    };
    assert_eq!(asked(&years[..1], question.billing), Ok(vec![(years[0], 1, money("1200.00"), 10)]));
    assert_eq!(asked(&years[..1], None), Ok(vec![(years[0], 1, money("1200.00"), 0)]));
    let unset = crate::rules::NoRule::Amount(years[1], ChargingBand::D);
    assert_eq!(asked(&years, None), Err(unset), "a year that nothing is set for");
}

#[test]
fn each_year_has_the_categories_for_which_amounts_were_set() {
    let council = council([
        set("2024/25", "Andover", "all", 2000),
        set("2024/25", "Romsey", "all", 2100),
        set("2025/26", "Andover", "all", 2200),
    ]);
    let found: Vec<_> = council.years_and_categories().into_iter().map(|(year, of)| (year.to_string(), of)).collect();
    assert_eq!(found, [("2024/25".to_owned(), vec!["Andover", "Romsey"]), ("2025/26".to_owned(), vec!["Andover"])]);
}
