//! Who joins or leaves a household, and who is liable in it.

use hearth_events::{Outcome, PaymentMethod, ReasonCode};
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, Home, empty, home, periods, tell, told};
use ReasonCode::{R01, R02, R05, R06, R08, R10, R12, R13, R19, R23};

const ON: &str = "2016-01-10";

fn tells(kind: &str, home: Home, by: &str, details: Value) -> Decided {
    tell(&[home], told(kind, ON, by, json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details))
}

fn joins(home: Home) -> Decided {
    tells("occupier-joined", home, "Mr A", json!({"person": {"name": "Ms New"}}))
}

#[test]
fn a_lodger_ends_the_discount_of_who_lived_alone() {
    let it = joins(home(&["Mr A"]).alone()).applied();
    assert_eq!(it.types(0)[..2], ["DiscountEnded", "OccupantAdded"]);
    // A quarter off 284 of 366 days at £10.
    assert_eq!(it.net(0, 0), "2950.00");
    assert_eq!(it.after[0].accounts[0].liable_persons.len(), 1, "the owner alone is liable");
}

#[test]
fn where_no_discount_is_in_force_another_adult_is_only_recorded() {
    let it = joins(home(&["Mr A", "Ms B"])).applied();
    assert_eq!(it.types(0), ["OccupantAdded"]);
    assert_eq!(it.after[0].accounts[0].adults_on(super::TODAY), Some(3));
}

#[test]
fn who_joins_is_not_guessed_to_be_counted_or_not() {
    let joins = |details: Value| tells("occupier-joined", home(&["Mr A"]).alone(), "Mr A", details);
    joins(json!({"person": {"name": "Mr A"}})).referred(&[R19]);
    joins(json!({"person": {"name": "Kit"}, "date_of_birth": "1998-01-11"})).referred(&[R10]);
    joins(json!({"person": {"name": "Kit"}, "date_of_birth": "1998-01-10"})).applied();
    joins(json!({"person": {"name": "Kit"}, "not_counted_as": "student"})).referred(&[R10]);
}

#[test]
fn another_award_is_weighed_by_an_officer() {
    joins(home(&["Mr A"]).alone().award("D-DBR")).applied();
    joins(home(&["Mr A"]).award("X-N")).referred(&[R10]);
    joins(home(&["Mr A", "Ms B"]).adults(0)).referred(&[R19]);
}

#[test]
fn the_gates_of_every_kind_stand_before_these_as_well() {
    let mut told = told("occupier-joined", ON, "Mr A", json!({"account": ACCOUNT}), json!({"person": {"name": "X"}}));
    tell(&[home(&["Mr A"])], told.clone()).applied();
    told["effective_on"] = json!("2015-10-21");
    tell(&[home(&["Mr A"])], told.clone()).referred(&[R06]);
    told["account"] = json!("999");
    told["effective_on"] = json!(ON);
    tell(&[home(&["Mr A"])], told).referred(&[R01]);
}

#[test]
fn only_who_is_liable_tells_of_the_household() {
    let told = |role: &str, name: &str| {
        let mut it = told("occupier-left", ON, name, json!({"account": ACCOUNT}), json!({"name": "Mx C"}));
        it["submitted_by"]["role"] = json!(role);
        tell(&[home(&["Mr A", "Ms B"]).adults(3)], it)
    };
    told("liable-person", "Mr A").applied();
    told("landlord", "Mr A").referred(&[R13]);
    told("liable-person", "Mx C").referred(&[R02]);
}

fn leaves(home: Home, name: &str, remaining: Value) -> Decided {
    tells("occupier-left", home, "Mr A", json!({"name": name, "adults_remaining": remaining}))
}

#[test]
fn who_is_left_alone_has_the_discount_from_the_day() {
    let it = leaves(home(&["Mr A"]).adults(2), "Mx Lodger", json!(1)).applied();
    assert_eq!(it.types(0)[..2], ["OccupantRemoved", "DiscountAwarded"]);
    // A quarter off 82 days at £10.
    assert_eq!(it.net(0, 0), "3455.00");
    let it = leaves(home(&["Mr A"]).adults(3), "Mx Lodger", json!(2)).applied();
    assert_eq!(it.types(0), ["OccupantRemoved"]);
}

#[test]
fn who_left_was_there_and_is_not_liable() {
    leaves(home(&["Mr A", "Ms B"]).adults(3), "Ms B", json!(2)).referred(&[R12]);
    leaves(home(&["Mr A", "Ms B"]), "Mx Lodger", json!(1)).referred(&[R19]);
    leaves(home(&["Mr A"]).adults(3), "Mx Lodger", json!(1)).referred(&[R19]);
    leaves(home(&["Mr A"]).adults(2).award("D-50"), "Mx Lodger", json!(1)).referred(&[R10]);
}

fn adds(home: Home, relationship: &str, before: bool, document: &str) -> Decided {
    let evidence = json!([{"kind": document, "file_name": "d.pdf"}]);
    let details = json!({"person": {"name": "Ms New", "email": "new@example.org"}, "relationship": relationship,
        "lived_there_before": before, "evidence": evidence});
    tells("liable-person-added", home, "Mr A", details)
}

#[test]
fn a_spouse_who_comes_is_liable_from_the_day_and_the_discount_ends() {
    let it = adds(home(&["Mr A"]).alone(), "spouse", false, "marriage-certificate").applied();
    assert_eq!(it.types(0)[..3], ["DiscountEnded", "LiabilityEnded", "LiabilityStarted"]);
    assert_eq!(periods(&it.after[0])[1], (format!("{HOME}-2"), ON.into(), String::new()));
    let together = &it.after[0].accounts[1];
    assert_eq!((together.liable_persons.len(), together.adults_on(super::TODAY)), (2, Some(2)));
    assert_eq!(together.payment_method, PaymentMethod::DirectDebit, "paid as before");
    // 284 days at £7.50, then 82 at £10.
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2130.00".into(), "820.00".into()));
}

#[test]
fn a_joint_tenant_who_lived_there_becomes_liable_too() {
    let it = adds(home(&["Mr A"]).adults(2), "joint-tenant", true, "tenancy-agreement").applied();
    assert_eq!(it.after[0].accounts[1].adults_on(super::TODAY), Some(2));
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2840.00".into(), "820.00".into()));
}

#[test]
fn why_somebody_is_liable_is_proven_by_the_document_of_it() {
    adds(home(&["Mr A"]), "spouse", false, "tenancy-agreement").referred(&[R08]);
    adds(home(&["Mr A"]), "joint-owner", false, "holiday-photo").referred(&[R08]);
    adds(home(&["Mr A"]), "couple", false, "letter").referred(&[R10]);
    adds(home(&["Mr A"]), "civil-partner", true, "civil-partnership-certificate").referred(&[R19]);
    adds(home(&["Mr A"]).award("D-DBR"), "spouse", false, "marriage-certificate").referred(&[R10]);
    adds(home(&["Ms New", "Mr A"]), "spouse", false, "marriage-certificate").comes_to(Outcome::Duplicate, &[R23]);
}

fn removes(home: Home, by: &str, name: &str) -> Decided {
    tells("liable-person-removed", home, by, json!({"name": name, "forwarding_address": "9 Elsewhere"}))
}

#[test]
fn who_says_it_themselves_is_no_longer_liable_and_the_other_stays() {
    let it = removes(home(&["Mr A", "Ms B"]), "Mr A", "Mr A").applied();
    assert_eq!(it.types(0)[..3], ["LiabilityEnded", "LiabilityStarted", "DiscountAwarded"]);
    let stays = &it.after[0].accounts[1];
    assert_eq!(stays.liable_persons[0].person(), it.after[0].accounts[0].liable_persons[1].person());
    assert_eq!(stays.payment_method, PaymentMethod::Cash, "the account of who left is not debited");
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2840.00".into(), "615.00".into()));
}

#[test]
fn what_a_household_chose_for_its_bills_goes_on() {
    let it = adds(home(&["Mr A"]).chosen(), "spouse", false, "marriage-certificate").applied();
    let goes_on = &it.after[0].accounts[1];
    assert_eq!((goes_on.instalments, goes_on.paperless), (Some((12, 8)), true));
}

#[test]
fn nobody_is_taken_off_on_anothers_word() {
    removes(home(&["Mr A", "Ms B"]), "Mr A", "Ms B").referred(&[R12]);
    // The name is theirs, but the e-mail and the telephone are the other's.
    removes(home(&["Mr A", "Ms B"]), "Ms B", "Ms B").referred(&[R12]);
    removes(home(&["Mr A", "Ms B"]), "Mr A", "Mx Who").referred(&[R19]);
    removes(home(&["Mr A"]), "Mr A", "Mr A").referred(&[R05]);
    removes(home(&["Mr A", "Ms B"]).adults(1), "Mr A", "Mr A").referred(&[R19]);
    removes(home(&["Mr A", "Ms B"]).award("D-50"), "Mr A", "Mr A").referred(&[R10]);
    removes(empty("Mr A").at(HOME), "Mr A", "Mr A").referred(&[R05, R19]);
}
