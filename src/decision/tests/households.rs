//! The single person discount, and students.

use hearth_events::{Outcome, ReasonCode};
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, Home, home, tell, tell_under_limit, told};
use ReasonCode::{R08, R09, R10, R19, R23};

fn at_home() -> Value {
    json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}})
}

fn claims(home: Home, on: &str, left: &[(&str, &str)], remaining: u16) -> Decided {
    let left: Vec<_> = left.iter().map(|(name, on)| json!({"name": name, "left_on": on})).collect();
    let details = json!({"adults_left": left, "other_adults_remaining": remaining});
    tell(&[home], told("single-person-discount-claim", on, "Mr A", at_home(), details))
}

#[test]
fn the_discount_begins_on_the_day_the_other_adult_left() {
    let it = claims(home(&["Mr A", "Ms B"]), "2016-01-10", &[("Ms B", "2016-01-10")], 0).applied();
    // 366 days at £10, less a quarter of 82 days.
    assert_eq!(it.net(0, 0), "3455.00");
    assert_eq!(it.types(0)[..2], ["OccupantRemoved", "DiscountAwarded"]);
}

#[test]
fn a_discount_in_force_is_claimed_in_vain() {
    claims(home(&["Mr A"]).alone(), "2016-01-10", &[], 0).comes_to(Outcome::Duplicate, &[R23]);
}

#[test]
fn a_discount_goes_together_with_a_disabled_band_reduction_and_not_with_another_discount() {
    claims(home(&["Mr A"]).award("D-DBR"), "2016-01-10", &[], 0).applied();
    claims(home(&["Mr A"]).award("D-50"), "2016-01-10", &[], 0).referred(&[R10]);
}

#[test]
fn other_adults_on_record_or_by_the_claim_are_not_guessed_away() {
    claims(home(&["Mr A", "Ms B"]), "2016-01-10", &[], 0).referred(&[R19]);
    claims(home(&["Mr A", "Ms B"]), "2016-01-10", &[("Ms B", "2016-01-10")], 1).referred(&[R10]);
    claims(home(&["Mr A", "Ms B"]), "2016-01-10", &[("Ms B", "2015-12-01")], 0).referred(&[R19]);
}

#[test]
fn whoever_left_can_have_lived_there_and_is_not_the_one_who_claims() {
    let two = || home(&["Mr A", "Ms B"]);
    claims(two(), "2016-01-10", &[("Mr A", "2016-01-10")], 0).referred(&[R19]);
    claims(two(), "2016-01-10", &[("Mr Nobody Known", "2016-01-10")], 0).referred(&[R19]);
    claims(home(&["Mr A"]).adults(2), "2016-01-10", &[("Mx Lodger", "2016-01-10")], 0).applied();
}

#[test]
fn a_year_may_move_by_the_limit_and_no_more() {
    // 82 days at £2.50 are £205.
    let claim = || {
        let left = json!([{"name": "Ms B", "left_on": "2016-01-10"}]);
        let details = json!({"adults_left": left, "other_adults_remaining": 0});
        told("single-person-discount-claim", "2016-01-10", "Mr A", at_home(), details)
    };
    let homes = [home(&["Mr A", "Ms B"])];
    tell_under_limit(205, &homes, claim()).applied();
    tell_under_limit(204, &homes, claim()).referred(&[ReasonCode::R17]);
}

fn ends(home: Home, on: &str) -> Decided {
    let details = json!({"adult_joined": {"name": "Ms New"}});
    tell(&[home], told("single-person-discount-end", on, "Mr A", at_home(), details))
}

#[test]
fn the_discount_ends_on_the_day_another_adult_joins() {
    let it = ends(home(&["Mr A"]).alone(), "2016-01-10").applied();
    // A quarter off 284 days only.
    assert_eq!(it.net(0, 0), "2950.00");
    assert_eq!(it.after[0].accounts[0].adults_on(super::TODAY), Some(2));
}

#[test]
fn a_discount_that_is_not_there_cannot_end() {
    ends(home(&["Mr A", "Ms B"]), "2016-01-10").referred(&[R19]);
}

fn studies(evidence: Value, hours: u16, ends: &str) -> Decided {
    let student = json!({"name": "Mr A", "institution": "University", "course": "BSc", "starts": "2015-09-28",
        "ends": ends, "hours_per_week": hours, "weeks_per_year": 30});
    let details = json!({"students": [student], "adults": 1, "evidence": evidence});
    tell(&[home(&["Mr A"])], told("student", "2016-01-10", "Mr A", at_home(), details))
}

#[test]
fn a_student_is_never_decided_by_a_machine_that_cannot_verify_a_certificate() {
    studies(json!([]), 24, "2018-06-15").referred(&[R08]);
    studies(json!([{"kind": "certificate", "file_name": "c.pdf"}]), 24, "2018-06-15").referred(&[R10]);
    studies(json!([]), 24, "2015-12-31").referred(&[R08, R09, R10]);
}
