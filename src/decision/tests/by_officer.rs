//! With an officer's findings added: what only a person can be satisfied of passes, what is lacking does not.

use hearth_events::{Finding, Outcome, ReasonCode, SecondPerson};
use serde_json::{Value, json};

use super::super::{Weighed, decide_by_officer};
use super::{HOME, NEW_HOME, TODAY, cased, council, empty, home, limited, told};

const NEWCOMER: &str = "Ms Grace Hughes";

fn arrival(uprn: &str, more: Value) -> Value {
    let mut details = json!({"persons": [{"name": NEWCOMER}], "tenure": "tenant", "sole_adult": true,
        "previous_occupiers_left": true});
    details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    told("move-in", "2016-01-10", NEWCOMER, json!({"dwelling": {"uprn": uprn}}), details)
}

fn satisfied(weighed: &Weighed) -> Vec<(&str, Option<ReasonCode>)> {
    weighed.satisfied.iter().map(|Finding { check, reason, .. }| (check.as_str(), *reason)).collect()
}

#[test]
fn an_officer_can_be_satisfied_that_those_who_lived_there_have_left() {
    cased(&council(), &[home(&["Mr Leo Gibbs"])], &arrival(HOME, json!({})), |case| {
        let weighed = decide_by_officer(case);
        assert_eq!(weighed.decision.outcome, Outcome::Apply);
        assert_eq!(satisfied(&weighed), [("no-overlapping-liability", Some(ReasonCode::R04))]);
        let (_, before, now) = &weighed.dwellings[0];
        assert_eq!((before.accounts.len(), now.accounts.len()), (1, 2));
        assert_eq!(now.accounts[0].period.to, Some(now.accounts[1].period.from));
        // What a machine had passed needs nobody to be satisfied of it.
        assert!(weighed.decision.findings.iter().all(|it| it.reason.is_none()));
    });
}

#[test]
fn what_goes_straight_through_is_the_same_whoever_decides() {
    cased(&council(), &[empty("Mr Leo Gibbs")], &arrival(NEW_HOME, json!({})), |case| {
        let weighed = decide_by_officer(case);
        assert_eq!(weighed.decision.effects, super::super::decide(case).effects);
        assert!(satisfied(&weighed).is_empty());
    });
}

#[test]
fn what_contradicts_itself_has_to_be_put_right() {
    let two = json!({"persons": [{"name": NEWCOMER}, {"name": "Mr Leo Ingram"}]});
    cased(&council(), &[empty("Mr Leo Gibbs")], &arrival(NEW_HOME, two), |case| {
        let weighed = decide_by_officer(case);
        assert_eq!((weighed.decision.outcome, &weighed.decision.reasons[..]), (Outcome::Refer, &[ReasonCode::R19][..]));
        assert!(weighed.decision.effects.is_empty() && weighed.dwellings.is_empty());
    });
}

#[test]
fn nothing_follows_for_a_dwelling_that_is_not_known() {
    cased(&council(), &[empty("Mr Leo Gibbs")], &arrival("5", json!({})), |case| {
        assert_eq!(decide_by_officer(case).decision.reasons, [ReasonCode::R03]);
    });
}

#[test]
fn a_kind_that_no_rule_decides_stays_with_the_officer() {
    let asked = json!({"question": "When is the next bill?"});
    let enquiry = told("enquiry", "2016-01-10", NEWCOMER, json!({"dwelling": {"uprn": HOME}}), asked);
    cased(&council(), &[home(&["Mr Leo Gibbs"])], &enquiry, |case| {
        assert_eq!(decide_by_officer(case).decision.outcome, Outcome::Refer);
    });
}

#[test]
fn one_of_two_is_taken_off_once_an_officer_knows_that_they_agree() {
    let couple = [home(&["Mr Leo Gibbs", "Ms Ada Gibbs"])];
    let account = json!({"account": super::ACCOUNT});
    let told = told("liable-person-removed", "2016-01-10", "Mr Leo Gibbs", account, json!({"name": "Ms Ada Gibbs"}));
    cased(&council(), &couple, &told, |case| {
        let weighed = decide_by_officer(case);
        assert_eq!(weighed.decision.outcome, Outcome::Apply, "{:#?}", weighed.decision.findings);
        assert_eq!(satisfied(&weighed), [("confirmed-by-themselves", Some(ReasonCode::R12))]);
        assert_eq!(weighed.dwellings[0].2.accounts[1].liable_persons.len(), 1);
    });
}

#[test]
fn what_moves_more_than_policy_allows_stands_only_as_far_as_it_was_authorised() {
    let claim = told(
        "single-person-discount-claim",
        "2016-01-10",
        "Mr Leo Gibbs",
        json!({"account": super::ACCOUNT}),
        json!({"adults_left": [], "other_adults_remaining": 0}),
    );
    // A quarter of £10 a day from 10 January to 31 March 2016, 82 days.
    let moves = "205.00".parse().unwrap();
    cased(&limited(100), &[home(&["Mr Leo Gibbs"])], &claim, |case| {
        assert_eq!(case.received_on, TODAY);
        let weighed = decide_by_officer(case);
        assert_eq!((weighed.decision.outcome, weighed.second.over_limit), (Outcome::Apply, Some(moves)));
        for (authorised, outcome) in
            [(None, Outcome::Refer), ("204.99".parse().ok(), Outcome::Refer), (Some(moves), Outcome::Apply)]
        {
            let second = SecondPerson { over_limit: authorised, ..SecondPerson::default() };
            let decision = weighed.clone().authorised(&second);
            assert_eq!(decision.outcome, outcome, "{authorised:?}");
            assert_eq!(decision.effects.is_empty(), outcome == Outcome::Refer);
        }
    });
}
