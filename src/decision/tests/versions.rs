//! One case under two versions of the rules, and under two policies, at once.

use std::collections::BTreeSet;

use hearth_events::{Event, Outcome, PolicyAdopted, Position, ReasonCode, RecoveryStep};
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::{Decision, decide};
use super::{ACCOUNT, HOME, Home, TODAY, cased, home, told, under};
use crate::rules::billing::{self, Rearranged};
use crate::rules::{Council, Rules};

const ON: &str = "2016-01-10";

/// What each of these councils decides, one after the other and then the first again.
fn decided(councils: &[Council], homes: &[Home], told: &Value) -> Vec<Decision> {
    let mut decisions = Vec::new();
    cased(&councils[0], homes, told, |case| {
        for council in councils.iter().chain(councils.first()) {
            decisions.push(decide(&super::Case { council, ..case.clone() }));
        }
    });
    let (again, first) = (decisions.pop().unwrap(), &decisions[0]);
    assert_eq!((again.outcome, &again.reasons, &again.effects), (first.outcome, &first.reasons, &first.effects));
    decisions
}

fn versions(policy: PolicyAdopted) -> [Council; 4] {
    Rules::ALL.map(|rules| under(policy.clone()).under(rules))
}

#[test]
fn only_later_versions_stop_at_a_court() {
    let debit =
        json!({"action": "set-up", "account_holder": "Mr A", "sort_code": "089999", "account_number": "66374958"});
    let told = told("direct-debit", ON, "Mr A", json!({"account": ACCOUNT}), debit);
    let decisions =
        decided(&versions(PolicyAdopted::default()), &[home(&["Mr A"]).pursued(RecoveryStep::Summons)], &told);
    assert_eq!((decisions[0].outcome, decisions[0].reasons.as_slice()), (Outcome::Apply, &[][..]));
    for decision in &decisions[1..] {
        assert_eq!((decision.outcome, decision.reasons.as_slice()), (Outcome::Refer, &[ReasonCode::R14][..]));
    }
}

#[test]
fn only_the_last_versions_copy_a_bill_without_an_officer() {
    let mut billed = home(&["Mr A"]).premises();
    let account = billed.state.accounts[0].clone();
    for year in account.charges.keys() {
        let council = under(PolicyAdopted::default());
        let notice = billing::notice(&account, *year, &council, TODAY, Rearranged::Nothing).unwrap();
        billed.state.take(Position(8), &notice).unwrap();
    }
    let told = told("copy-bill", ON, "Mr A", json!({"account": ACCOUNT}), json!({"request": "copy-bill"}));
    let councils = versions(PolicyAdopted::default());
    let mut decided = Vec::new();
    super::case_of(&councils[0], &[billed], &told, |case| {
        decided.extend(councils.iter().map(|council| decide(&super::Case { council, ..case.clone() })));
    });
    let outcomes: Vec<_> = decided.iter().map(|it| (it.outcome, it.reasons.clone())).collect();
    let referred = (Outcome::Refer, vec![ReasonCode::R10]);
    let applied = (Outcome::Apply, Vec::new());
    assert_eq!(outcomes, [referred.clone(), referred, applied.clone(), applied]);
    let copied: Vec<_> = events(&decided[2]).collect();
    let [Event::BillCopied(copied)] = copied.as_slice() else { panic!("{copied:?}") };
    // The notices of all years are of the same day: the latest is that of the last year.
    assert_eq!((copied.financial_year.to_string().as_str(), copied.issued_on), ("2016/17", TODAY));
}

#[test]
fn only_the_last_version_heeds_a_court_and_a_reduction_where_a_bill_moves() {
    let joined = told("single-person-discount-end", ON, "Mr A", json!({"account": ACCOUNT}), json!({}));
    let pursued = home(&["Mr A"]).alone().pursued(RecoveryStep::LiabilityOrder);
    let mut reduced = home(&["Mr A"]).alone();
    reduced.awards.push(("D-CTR", date(2015, 4, 1)));
    for (home, reason) in [(pursued, ReasonCode::R14), (reduced, ReasonCode::R15)] {
        let decisions = decided(&versions(PolicyAdopted::default()), &[home], &joined);
        let (last, before) = decisions.split_last().unwrap();
        assert_eq!((last.outcome, last.reasons.as_slice()), (Outcome::Refer, &[reason][..]));
        assert!(before.iter().all(|it| !it.reasons.contains(&reason)), "{before:?}");
    }
}

/// What is decided when one of two who are liable dies, under each version.
fn dies(policy: PolicyAdopted) -> Vec<Decision> {
    let mut told = told("death", ON, "Registrar", json!({"dwelling": {"uprn": HOME}}), json!({"name": "Mr A"}));
    told["channel"] = json!("tell-us-once");
    told["submitted_by"] = json!({"role": "third-party", "name": "Registrar"});
    decided(&versions(policy), &[home(&["Mr A", "Ms B"])], &told)
}

fn events(decision: &Decision) -> impl Iterator<Item = &Event> {
    decision.effects.iter().flat_map(|(_, events)| events)
}

#[test]
fn only_later_versions_heed_the_policy_of_the_first_day_alone() {
    let first_day = |decision: &Decision| {
        let awarded = |event: &Event| if let Event::DiscountAwarded(it) = event { Some(it.period.from) } else { None };
        events(decision).filter_map(awarded).map(|it| it.to_string()).collect::<String>()
    };
    let starts = |day: &str| {
        let policy = PolicyAdopted { death_discount_starts: Some(day.to_owned()), ..PolicyAdopted::default() };
        dies(policy).iter().map(first_day).collect::<Vec<_>>()
    };
    assert_eq!(starts("day-of-death"), [ON, ON, ON, ON]);
    assert_eq!(starts("day-after"), [ON, "2016-01-11", "2016-01-11", "2016-01-11"]);
}

#[test]
fn only_later_versions_schedule_reviews_and_issue_notices() {
    let review_months = Some([("D-SPD".to_owned(), 12)].into());
    let types = |decision: &Decision| events(decision).map(Event::type_name).collect::<Vec<_>>();
    let decisions = dies(PolicyAdopted { review_months, ..PolicyAdopted::default() });
    let [before, now, ..] = decisions.as_slice() else { panic!("{decisions:?}") };
    let is_later = |it: &&str| it.ends_with("NoticeIssued") || *it == "AwardExpiryScheduled";
    let later: BTreeSet<_> = types(now).into_iter().filter(is_later).collect();
    assert_eq!(Vec::from_iter(later), ["AwardExpiryScheduled", "ClosingNoticeIssued", "DemandNoticeIssued"]);
    assert_eq!(types(before), types(now).into_iter().filter(|it| !is_later(it)).collect::<Vec<_>>());
}

#[test]
fn a_version_is_what_its_name_says_and_the_current_one_is_the_last() {
    assert_eq!(Rules::of("2026.11-2").unwrap().version, "2026.11-2");
    assert_eq!(Rules::of(Rules::current().version), Some(Rules::current()));
    assert_eq!((Rules::of("never"), Rules::ALL.last()), (None, Some(&Rules::current())));
    assert_eq!(Council::default().rules(), Rules::current());
    assert_eq!(under(PolicyAdopted::default()).alone_from(TODAY), TODAY);
}
