//! The awards of an account with the figures of policy.

use hearth_events::{
    AmountSet, AwardTerms, BandAmounts, Capacity, DiscountAwarded, DwellingListed, EmptyPremiumTier, Event, EventId,
    LiabilityStarted, Metadata, Money, PaymentMethod, PolicyAdopted, Position, Recorded, StreamName, Tenure,
};
use hearth_projections::DwellingState;

use super::{day, money, period};
use crate::rules::{Council, NoRule, PremiumBegins, Rules, recalculated};

/// Figures written `name=value`.
fn terms(text: &str) -> AwardTerms {
    let fields = text.split_whitespace().map(|it| it.split_once('=').unwrap());
    let fields: serde_json::Map<_, _> = fields.map(|(name, value)| (name.to_owned(), value.into())).collect();
    serde_json::from_value(fields.into()).unwrap()
}

/// A dwelling of band D empty since April 2015, whose owner has these awards: code, days and what the award itself says.
fn dwelling(awards: &[&str]) -> DwellingState {
    let mut state = DwellingState::default();
    let listed = DwellingListed {
        uprn: "1".parse().unwrap(),
        property_reference: "P1".into(),
        address: "1 High Street".into(),
        postcode: "SP10 1AA".into(),
        category: "Andover".into(),
        band: hearth_events::Band::D,
        listed_from: day("1993-04-01"),
        tenure: Tenure::OwnerOccupied,
        owner: None,
        furnished: false,
        hmo: false,
        imported_row: "x".into(),
    };
    let started = LiabilityStarted {
        account: "A1".parse().unwrap(),
        liable_persons: Vec::new(),
        period: period("2015-04-01.."),
        capacity: Capacity::Owner,
        adults: Some(0),
        payment_method: PaymentMethod::Cash,
        bank_details: None,
        imported_row: None,
    };
    let awarded = awards.iter().map(|it| {
        let mut parts = it.splitn(3, ' ');
        let (code, days) = (parts.next().unwrap(), parts.next().unwrap());
        let (account, code) = ("A1".parse().unwrap(), code.parse().unwrap());
        Event::from(DiscountAwarded { account, code, period: period(days), terms: parts.next().map(terms) })
    });
    for event in [Event::from(listed), Event::from(started)].into_iter().chain(awarded) {
        state.take(Position::START, &event).unwrap();
    }
    state
}

fn council(policies: Vec<PolicyAdopted>) -> Council {
    let mut council = Council::default();
    let amounts = BandAmounts {
        AR: Money::ZERO,
        A: Money::ZERO,
        B: Money::ZERO,
        C: Money::ZERO,
        D: money("3660.00"),
        E: Money::ZERO,
        F: Money::ZERO,
        G: Money::ZERO,
        H: Money::ZERO,
    };
    let set = AmountSet {
        financial_year: "2015/16".parse().unwrap(),
        category: "Andover".into(),
        component: "all".into(),
        amounts,
    };
    council.set(&set, Position(1));
    for (revision, policy) in (0..).zip(policies) {
        council.apply(&Recorded {
            position: Position(revision + 2),
            stream: StreamName::council("E07000093"),
            revision,
            recorded_at: "2015-01-01T00:00:00Z".parse().unwrap(),
            id: EventId::derived(&["policy", &revision.to_string()]),
            event: policy.into(),
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

fn policy(from: &str, percent: Option<u16>) -> PolicyAdopted {
    let tier = EmptyPremiumTier { years: 2, percent: 50.into() };
    PolicyAdopted {
        from: day(from),
        empty_discount_percent: percent.map(Into::into),
        empty_premium: Some(vec![tier]),
        ..PolicyAdopted::default()
    }
}

/// The lines of the one year, or why there are none.
fn charged(awards: &[&str], council: &Council) -> Result<Vec<String>, NoRule> {
    let dwelling = dwelling(awards);
    let charges = recalculated(&dwelling, &dwelling.accounts[0], council)?;
    let lines = charges.into_iter().flat_map(|it| it.lines);
    Ok(lines.map(|it| format!("{} {} {}", it.code, it.days, it.amount)).collect())
}

#[test]
fn the_discount_of_an_empty_dwelling_is_what_policy_says_on_each_day() {
    let council =
        council(vec![policy("2013-04-01", Some(100)), policy("2015-06-01", None), policy("2015-10-01", Some(25))]);
    let lines = charged(&["D-LOC-C 2015-04-01..2016-02-01"], &council).unwrap();
    // All off for 183 days until October, then a quarter for 123.
    assert_eq!(lines, ["D 366 3660.00", "D-LOC-C 183 -1830.00", "D-LOC-C 123 -307.50"]);
}

#[test]
fn before_anything_was_adopted_nothing_is_guessed() {
    let council = council(vec![policy("2015-06-01", Some(0))]);
    assert!(matches!(charged(&["D-LOC-C 2015-04-01.."], &council), Err(NoRule::Terms { .. })));
    assert_eq!(charged(&["D-LOC-C 2015-06-01.."], &council).unwrap(), ["D 366 3660.00"]);
}

#[test]
fn an_award_whose_figure_nothing_carries_says_what_is_missing() {
    let council = council(vec![policy("2013-04-01", Some(100))]);
    for (award, missing) in [
        ("D-LOC-B 2015-04-01..", "its percent"),
        ("D-CTR 2015-04-01..", "its amount a week"),
        ("D-13A 2015-04-01..", "its percent or amount"),
    ] {
        assert!(charged(&[award], &council).unwrap_err().to_string().contains(missing), "{award}");
    }
}

#[test]
fn what_has_a_rule_of_its_own_is_charged() {
    let council = council(Vec::new());
    for (award, line) in [
        ("D-NORES 2015-04-01..", "D-NORES 366 -1830.00"),
        ("DR-STU 2015-04-01..", ""),
        ("P-SECOND 2015-04-01..", ""),
        // Nothing was adopted: a premium is a local decision.
        ("P-EMPTY 2015-04-01..", ""),
        ("P-EMPTY 2015-04-01.. empty_since=2010-04-01", ""),
        ("D-CTR 2015-04-01..2015-04-15 weekly=14.50", "D-CTR 14 -29.00"),
        ("D-LOC-A 2015-04-01.. percent=50", "D-LOC-A 366 -1830.00"),
        ("D-13A 2015-04-01.. percent=10", "D-13A 366 -366.00"),
        ("D-CL 2015-04-01.. amount=100.00", "D-CL 366 -100.00"),
        ("X-A 2015-04-01..", ""),
    ] {
        let lines = charged(&[award], &council).unwrap();
        let expected: Vec<_> = ["D 366 3660.00", line].into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(lines, expected, "{award}");
    }
    assert!(charged(&["X-F 2015-04-01.."], &council).unwrap().is_empty());
}

#[test]
fn the_premium_of_an_empty_dwelling_is_what_was_adopted_from_the_day_that_it_is_due() {
    let council = council(vec![policy("2013-04-01", None)]);
    for (award, line) in [
        ("P-EMPTY 2015-04-01.. empty_since=2013-04-01", "P-EMPTY 366 1830.00"),
        ("P-EMPTY 2015-04-01.. empty_since=2013-10-01", "P-EMPTY 183 915.00"),
        ("P-EMPTY 2015-04-01.. empty_since=2014-04-02", ""),
        // Not on record: the first day of the award is the second anniversary.
        ("P-EMPTY 2015-10-01..", "P-EMPTY 183 915.00"),
    ] {
        let lines = charged(&[award], &council).unwrap();
        let expected: Vec<_> = ["D 366 3660.00", line].into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(lines, expected, "{award}");
    }
}

#[test]
fn a_charge_rests_on_the_policies_that_say_its_figures() {
    let council =
        council(vec![policy("2013-04-01", None), policy("2015-06-01", Some(25)), policy("2016-04-01", Some(5))]);
    let rests_on = |award: &str| {
        let dwelling = dwelling(&[award]);
        let charges = recalculated(&dwelling, &dwelling.accounts[0], &council).unwrap();
        charges[0].rests_on.iter().map(|it| it.0).collect::<Vec<_>>()
    };
    // The amounts were set at 1, the policies adopted at 2 to 4.
    assert_eq!(rests_on("D-SPD 2015-04-01.."), [1]);
    assert_eq!(rests_on("D-LOC-C 2015-06-01.."), [1, 3]);
    assert_eq!(rests_on("D-LOC-C 2015-06-01.. percent=10"), [1]);
    assert_eq!(rests_on("P-EMPTY 2015-10-01.."), [1, 2, 3]);
}

#[test]
fn policy_that_says_the_same_again_divides_no_line() {
    let council = council(vec![policy("2013-04-01", Some(25)), policy("2015-10-01", Some(25))]);
    assert_eq!(charged(&["D-LOC-C 2015-04-01.."], &council).unwrap(), ["D 366 3660.00", "D-LOC-C 366 -915.00"]);
}

#[test]
fn a_premium_awarded_before_any_was_adopted_lacks_its_first_empty_day() {
    let council = council(vec![policy("2015-10-01", None)]);
    let error = charged(&["P-EMPTY 2015-04-01.."], &council).unwrap_err().to_string();
    assert!(error.contains("the day since when the dwelling is empty"), "{error}");
    assert_eq!(charged(&["P-EMPTY 2015-04-01..2015-10-01"], &council).unwrap(), ["D 366 3660.00"]);
    let told = charged(&["P-EMPTY 2015-04-01.. empty_since=2010-04-01"], &council).unwrap();
    assert_eq!(told, ["D 366 3660.00", "P-EMPTY 183 915.00"], "from October, when it was adopted");
}

#[test]
fn every_local_discount_follows_its_own_table_and_the_award_itself_comes_first() {
    let table = |from: &str, code: &str, percent: u16| PolicyAdopted {
        from: day(from),
        local_discounts: Some([(code.to_owned(), percent.into())].into()),
        ..PolicyAdopted::default()
    };
    let council = council(vec![
        table("2004-04-01", "D-LOC-B", 50),
        table("2013-04-01", "D-LOC-D", 100),
        table("2015-10-01", "D-LOC-B", 10),
        table("2015-11-01", "D-LOC-C", 20),
    ]);
    for (award, lines) in [
        ("D-LOC-B 2015-04-01..", &["D-LOC-B 183 -915.00", "D-LOC-B 183 -183.00"][..]),
        ("D-LOC-B 2015-04-01.. percent=5", &["D-LOC-B 366 -183.00"]),
        ("D-LOC-C 2015-11-01..", &["D-LOC-C 152 -304.00"]),
        // Twelve months from the first day of the award, whatever policy does in between.
        ("D-LOC-D 2014-10-01..", &["D-LOC-D 183 -1830.00"]),
    ] {
        let mut expected = vec!["D 366 3660.00"];
        expected.extend(lines);
        assert_eq!(charged(&[award], &council).unwrap(), expected, "{award}");
    }
    assert!(matches!(charged(&["D-LOC-A 2015-04-01.."], &council), Err(NoRule::Terms { .. })));
}

#[test]
fn what_care_leavers_are_given_follows_policy_by_date_unless_the_award_says_it() {
    let adopts = |from: &str, percent: u16| PolicyAdopted {
        from: day(from),
        care_leaver_percent: Some(percent.into()),
        ..PolicyAdopted::default()
    };
    let unsaid = council(Vec::new());
    let council = council(vec![adopts("2014-04-01", 50), adopts("2015-10-01", 100)]);
    for (award, lines) in [
        ("D-CL 2015-04-01..", &["D-CL 183 -915.00", "D-CL 183 -1830.00"][..]),
        ("D-CL 2015-04-01.. percent=10", &["D-CL 366 -366.00"]),
    ] {
        let mut expected = vec!["D 366 3660.00"];
        expected.extend(lines);
        assert_eq!(charged(&[award], &council).unwrap(), expected, "{award}");
    }
    assert!(matches!(charged(&["D-CL 2014-03-01.."], &unsaid), Err(NoRule::Terms { .. })));
}

#[test]
fn policy_finds_the_shortest_tier_that_law_and_council_both_know() {
    use crate::rules::awards::premiums::{first_due, shortest};
    let adopted = council(vec![policy("2013-04-01", None)]).empty_premiums();
    assert_eq!(shortest(day("2013-03-31"), &adopted), None);
    assert_eq!(shortest(day("2024-06-20"), &adopted), Some(2), "the law knows one year, the council only two");
    assert_eq!(shortest(day("2024-06-20"), &[]), None);
    let first_due = |since, adopted: &[_]| first_due(day("2015-01-10"), day(since), adopted, PremiumBegins::default());
    assert_eq!(first_due("2015-01-10", &adopted), Some(day("2017-01-10")));
    assert_eq!(first_due("2010-01-10", &adopted), Some(day("2015-01-10")));
    assert_eq!(first_due("2015-01-10", &[]), None);
}

#[test]
fn one_account_under_two_readings_of_when_a_premium_begins() {
    let council = council(vec![policy("2013-04-01", None)]);
    let strict = Rules { premium_begins: PremiumBegins::OnItsEve, ..Rules::current() };
    let premium = |council: &Council| charged(&["P-EMPTY 2015-04-01.. empty_since=2013-10-01"], council).unwrap();
    // Two years are complete on 1 October: 183 days of 366 at half as much again, or one more.
    assert_eq!(premium(&council), ["D 366 3660.00", "P-EMPTY 183 915.00"]);
    assert_eq!(premium(&council.clone().under(strict)), ["D 366 3660.00", "P-EMPTY 184 920.00"]);
    assert_eq!(premium(&council), ["D 366 3660.00", "P-EMPTY 183 915.00"]);
}

#[test]
fn a_premium_is_charged_where_one_was_adopted_before_it_ended() {
    let awards = ["P-EMPTY 2015-04-01..2015-10-01 empty_since=2012-01-01"];
    let lines = |from: &str| charged(&awards, &council(vec![policy(from, None)])).unwrap().len();
    assert_eq!((lines("2014-04-01"), lines("2015-09-30"), lines("2015-10-01"), lines("2016-04-01")), (2, 2, 1, 1));
}
