//! The awards of an account with the figures of policy.

use hearth_events::{
    AmountSet, BandAmounts, Capacity, DiscountAwarded, DwellingListed, EmptyPremiumTier, Event, EventId,
    LiabilityStarted, Metadata, Money, PaymentMethod, PolicyAdopted, Position, Recorded, StreamName, Tenure,
};
use hearth_projections::DwellingState;

use super::{day, money, period};
use crate::rules::{Council, NoRule, recalculated};

/// A dwelling of band D empty since April 2015, whose owner has these awards.
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
        let (code, days) = it.split_once(' ').unwrap();
        let (account, code) = ("A1".parse().unwrap(), code.parse().unwrap());
        Event::from(DiscountAwarded { account, code, period: period(days), terms: None })
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
        ("P-EMPTY 2015-04-01..", "the day since when the dwelling is empty"),
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
        ("X-A 2015-04-01..", ""),
    ] {
        let lines = charged(&[award], &council).unwrap();
        let expected: Vec<_> = ["D 366 3660.00", line].into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(lines, expected, "{award}");
    }
    assert!(charged(&["X-F 2015-04-01.."], &council).unwrap().is_empty());
}
