//! What one officer decides, and what takes another person: much money, a year that is over, a check that nobody passes over
//! alone.

use hearth_events::{Outcome, PolicyAdopted, ReasonCode, SecondPerson};
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::{Case, Weighed, decide, decide_by_officer};
use super::{ACCOUNT, HOME, Home, cased, home, told, under};

const NAME: &str = "Mr Leo Gibbs";

fn lives_alone(from: &str, by: &str) -> Value {
    let at = json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}});
    told("single-person-discount-claim", from, by, at, json!({"adults_left": [], "other_adults_remaining": 0}))
}

/// What an officer would decide under a policy.
fn weighed(policy: PolicyAdopted, homes: &[Home], told: &Value) -> Weighed {
    let mut found = None;
    cased(&under(policy), homes, told, |case| found = Some(decide_by_officer(case)));
    found.unwrap()
}

fn checks(names: &[&str]) -> PolicyAdopted {
    let names = names.iter().map(|it| (*it).to_owned()).collect();
    PolicyAdopted { second_person_checks: Some(names), ..PolicyAdopted::default() }
}

fn closed(years: &[&str]) -> SecondPerson {
    SecondPerson { closed_years: years.iter().map(|it| it.parse().unwrap()).collect(), ..SecondPerson::default() }
}

fn overridden(checks: &[&str]) -> SecondPerson {
    SecondPerson { overrides: checks.iter().map(|it| (*it).to_owned()).collect(), ..SecondPerson::default() }
}

#[test]
fn a_change_of_this_year_by_somebody_known_is_one_officers() {
    let it = weighed(PolicyAdopted::default(), &[home(&[NAME])], &lives_alone("2015-04-01", NAME));
    assert_eq!((it.decision.outcome, &it.second), (Outcome::Apply, &SecondPerson::default()));
    assert!(!it.second.is_needed() && it.second.reasons().is_empty());
    assert_eq!(it.authorised(&SecondPerson::default()).outcome, Outcome::Apply);
}

#[test]
fn a_change_that_moves_a_year_that_is_over_takes_two_however_little_it_moves() {
    // One day of the year before, a quarter of £10.
    let it = weighed(PolicyAdopted::default(), &[home(&[NAME])], &lives_alone("2015-03-31", NAME));
    assert_eq!((it.decision.outcome, &it.second), (Outcome::Apply, &closed(&["2014/15"])));
    assert_eq!(it.second.reasons(), ["the tax of 2014/15 moves, a year that is over"]);
    let alone = it.clone().authorised(&SecondPerson::default());
    assert_eq!((alone.outcome, alone.reasons, alone.effects.len()), (Outcome::Refer, vec![ReasonCode::R06], 0));
    assert_eq!(it.clone().authorised(&closed(&["2013/14"])).outcome, Outcome::Refer, "another year was authorised");
    assert_eq!(it.authorised(&closed(&["2013/14", "2014/15"])).outcome, Outcome::Apply);
}

#[test]
fn a_year_that_is_over_takes_two_where_nobody_can_say_what_it_costs() {
    // No amounts are set for 2013/14 and before.
    let it = weighed(PolicyAdopted::default(), &[home(&[NAME])], &lives_alone("2013-03-31", NAME));
    assert_eq!(it.second, closed(&["2012/13", "2013/14", "2014/15"]));
}

#[test]
fn a_year_is_over_by_the_day_of_the_decision_and_not_by_that_of_receipt() {
    let told = lives_alone("2015-04-01", NAME);
    cased(&under(PolicyAdopted::default()), &[home(&[NAME])], &told, |case| {
        let on = |day| decide_by_officer(&Case { decided_on: day, ..case.clone() }).second;
        assert_eq!(on(date(2016, 3, 31)), SecondPerson::default());
        assert_eq!(on(date(2016, 4, 1)), closed(&["2015/16"]));
    });
}

#[test]
fn what_policy_names_nobody_passes_over_alone() {
    let by_another = lives_alone("2016-01-10", "Ms Somebody Else");
    let homes = [home(&[NAME])];
    let it = weighed(PolicyAdopted::default(), &homes, &by_another);
    assert_eq!((it.decision.outcome, &it.second), (Outcome::Apply, &overridden(&["submitter-identified"])));
    assert!(it.second.reasons()[0].contains("submitter-identified"));
    let alone = it.authorised(&SecondPerson::default());
    assert_eq!((alone.outcome, alone.reasons), (Outcome::Refer, vec![ReasonCode::R10]));
    assert_eq!(weighed(checks(&[]), &homes, &by_another).second, SecondPerson::default(), "policy may name none");
    assert_eq!(weighed(checks(&["modulus-check"]), &homes, &by_another).second, SecondPerson::default());
    let by_themselves = lives_alone("2016-01-10", NAME);
    let named = weighed(checks(&["submitter-identified"]), &homes, &by_themselves);
    assert_eq!(named.second, SecondPerson::default(), "a check that passed by itself is passed over by nobody");
}

#[test]
fn every_reason_is_told_and_not_the_first_alone() {
    let limit = Some("1.00".parse().unwrap());
    let policy = PolicyAdopted { charge_movement_limit: limit, ..PolicyAdopted::default() };
    let it = weighed(policy, &[home(&[NAME])], &lives_alone("2015-03-01", "Ms Somebody Else"));
    assert_eq!(it.second.reasons().len(), 3, "{:?}", it.second);
    let decision = it.clone().authorised(&SecondPerson { over_limit: None, ..it.second.clone() });
    assert_eq!(decision.outcome, Outcome::Refer);
    assert_eq!(it.clone().authorised(&it.second.clone()).outcome, Outcome::Apply);
    let alone = it.authorised(&SecondPerson::default());
    assert_eq!(alone.reasons, [ReasonCode::R06, ReasonCode::R10, ReasonCode::R17]);
}

#[test]
fn what_is_not_accepted_needs_nobody_and_what_goes_straight_through_is_nobodys_override() {
    let told = lives_alone("2015-03-31", "Ms Somebody Else");
    cased(&under(PolicyAdopted::default()), &[home(&[NAME])], &told, |case| {
        assert_eq!(decide(case).outcome, Outcome::Refer);
    });
    let nobody_there = told_of_no_account();
    let it = weighed(PolicyAdopted::default(), &[home(&[NAME])], &nobody_there);
    assert_eq!((it.decision.outcome, it.second), (Outcome::Refer, SecondPerson::default()));
}

fn told_of_no_account() -> Value {
    let details = json!({"adults_left": [], "other_adults_remaining": 0});
    told("single-person-discount-claim", "2015-03-31", "Ms Somebody Else", json!({"account": "999999999"}), details)
}
