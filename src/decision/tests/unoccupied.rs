//! Empty dwellings, second homes, dwellings in use again, and the list.

use hearth_events::{Capacity, Outcome, PolicyAdopted, ReasonCode, Tenure};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, Home, NEW_HOME, empty, home, tell, tell_under, told};
use ReasonCode::{R06, R08, R10, R16, R19, R22, R23};

const ON: &str = "2016-01-10";

fn at_home() -> Value {
    json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}})
}

fn stands_empty(home: Home, percent: Option<i64>, details: Value) -> Decided {
    let policy = PolicyAdopted { empty_discount_percent: percent.map(Decimal::from), ..PolicyAdopted::default() };
    tell_under(policy, &[home], told("property-empty", ON, "Mr A", at_home(), details))
}

fn moved(furnished: bool) -> Value {
    json!({"reason": "moved-elsewhere", "furnished": furnished})
}

#[test]
fn who_leaves_their_own_home_empty_is_liable_as_its_owner_with_the_councils_discount() {
    let it = stands_empty(home(&["Mr A"]).alone(), Some(50), moved(false)).applied();
    let types = &it.types(0)[..4];
    assert_eq!(types, ["DiscountEnded", "LiabilityEnded", "LiabilityStarted", "DiscountAwarded"]);
    assert_eq!(it.after[0].accounts[1].capacity, Capacity::Owner);
    assert!(!it.after[0].accounts[1].is_occupied_on(super::TODAY));
    // 284 days at £7.50; 82 at £5.
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2130.00".into(), "410.00".into()));
}

#[test]
fn furnished_or_without_a_discount_the_owner_pays_in_full() {
    let it = stands_empty(home(&["Mr A"]), Some(0), moved(false)).applied();
    assert_eq!(it.net(0, 1), "820.00");
    assert_eq!(stands_empty(home(&["Mr A"]), None, moved(true)).applied().net(0, 1), "820.00");
}

#[test]
fn the_discount_begins_when_the_furniture_is_gone() {
    let details = json!({"reason": "for-sale", "furnished": false, "furniture_removed_on": "2016-01-20"});
    let it = stands_empty(home(&["Mr A"]), Some(100), details).applied();
    // Ten days at £10; then nothing.
    assert_eq!(it.net(0, 1), "100.00");
}

#[test]
fn a_landlords_empty_dwelling_has_the_discount_once() {
    let owned = || empty("Mr A").at(HOME);
    let it = stands_empty(owned(), Some(50), moved(false)).applied();
    assert_eq!((it.types(0)[0], it.net(0, 0)), ("DiscountAwarded", "3250.00".into()));
    stands_empty(owned(), Some(0), moved(false)).comes_to(Outcome::Duplicate, &[R23]);
    stands_empty(owned(), Some(50), moved(true)).comes_to(Outcome::Duplicate, &[R23]);
}

#[test]
fn an_empty_dwelling_is_referred_where_a_class_or_a_tenancy_is_in_question() {
    let because = |reason: &str| json!({"reason": reason, "furnished": true});
    stands_empty(home(&["Mr A"]), None, moved(false)).referred(&[R10]);
    stands_empty(home(&["Mr A"]).let_by("Ms L"), Some(0), moved(true)).referred(&[R19]);
    stands_empty(home(&["Mr A"]).award("X-N"), Some(0), moved(true)).referred(&[R10]);
    stands_empty(home(&["Mr A"]), Some(0), because("major-repairs")).referred(&[R08, R10]);
    stands_empty(home(&["Mr A"]), Some(0), because("death")).referred(&[R08, R16]);
    stands_empty(home(&["Mr A"]), Some(0), because("other")).referred(&[R10]);
    let letter = json!({"reason": "care-home-or-hospital", "furnished": true,
        "evidence": [{"kind": "care-home-letter", "file_name": "l.pdf"}]});
    stands_empty(home(&["Mr A"]), Some(0), letter).referred(&[R10]);
}

fn second(home: Home, on: &str, details: Value) -> Decided {
    tell(&[home], told("second-home", on, "Mr A", at_home(), details))
}

fn elsewhere() -> Value {
    json!({"main_home_address": "9 Elsewhere", "furnished": true})
}

#[test]
fn a_second_home_is_recorded_and_charged_in_full() {
    let it = second(home(&["Mr A"]).alone(), ON, elsewhere()).applied();
    assert_eq!(it.types(0)[..3], ["DiscountEnded", "LiabilityEnded", "LiabilityStarted"]);
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2130.00".into(), "820.00".into()));
    second(empty("Mr A").at(HOME), ON, elsewhere()).comes_to(Outcome::Duplicate, &[R23]);
}

#[test]
fn an_exception_a_tenancy_or_no_furniture_makes_it_an_officers() {
    let with = |more: Value| {
        let mut it = elsewhere();
        it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        it
    };
    second(home(&["Mr A"]), ON, with(json!({"furnished": false}))).referred(&[R19]);
    second(home(&["Mr A"]), ON, with(json!({"exception": "for-sale"}))).referred(&[R08, R10]);
    let letter = json!([{"kind": "agents-letter", "file_name": "l.pdf"}]);
    second(home(&["Mr A"]), ON, with(json!({"exception": "job-related", "evidence": letter}))).referred(&[R10]);
    second(home(&["Mr A"]).let_by("Ms L"), ON, elsewhere()).referred(&[R19]);
    second(home(&["Mr A"]), "2015-10-21", elsewhere()).referred(&[R06]);
}

fn used_again(home: Home, names: &[&str]) -> Decided {
    let persons: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    let policy = PolicyAdopted { empty_discount_percent: Some(Decimal::from(50)), ..PolicyAdopted::default() };
    tell_under(policy, &[home], told("back-in-use", ON, "Mr A", at_home(), json!({"persons": persons})))
}

#[test]
fn owners_who_live_there_again_lose_the_discount_of_an_empty_dwelling() {
    let it = used_again(empty("Mr A").at(HOME).award("D-NORES"), &["Mr A"]).applied();
    assert_eq!(it.types(0)[..3], ["DiscountEnded", "HouseholdStated", "DiscountAwarded"]);
    // 284 days at £5; 82 at £7.50.
    assert_eq!(it.net(0, 0), "2035.00");
}

#[test]
fn whoever_else_lives_there_says_so_themselves() {
    used_again(empty("Mr A").at(HOME), &["Ms Tenant"]).referred(&[R19]);
    used_again(empty("Mr A").at(HOME), &["Mr A", "Ms Tenant"]).referred(&[R19]);
    used_again(empty("Mr A").at(HOME).award("X-F"), &["Mr A"]).referred(&[R10]);
    used_again(home(&["Mr A"]), &["Mr A"]).comes_to(Outcome::Duplicate, &[R23]);
}

fn lists(home: Home, channel: &str, on: &str, details: Value) -> Decided {
    let mut told = told("band-change", on, "Valuation Office Agency", json!({"dwelling": {"uprn": HOME}}), details);
    told["channel"] = json!(channel);
    told["submitted_by"] = json!({"role": "third-party", "name": "Valuation Office Agency"});
    tell(&[home], told)
}

fn to_c() -> Value {
    json!({"change": "amended", "band": "C", "previous_band": "D", "reason_code": "CL26"})
}

#[test]
fn the_agency_changes_a_band_and_the_charge_follows() {
    let it = lists(home(&["Mr A"]).let_by("Ms L"), "voa", ON, to_c()).applied();
    assert_eq!(it.types(0)[0], "DwellingListed");
    let listing = it.after[0].listing.as_ref().unwrap();
    assert_eq!((listing.tenure, listing.owner.is_some()), (Tenure::PrivateLandlord, true), "nothing else changes");
    assert_eq!(it.after[0].band_on(super::TODAY), Some(hearth_events::Band::C));
    let lines = &it.after[0].accounts[0].charges[&"2015/16".parse().unwrap()].lines;
    assert_eq!(
        lines.iter().map(|it| (it.line.code.as_str(), it.line.days)).collect::<Vec<_>>(),
        [("D", 284), ("C", 82)]
    );
}

#[test]
fn the_list_is_changed_by_the_agency_alone_and_only_where_it_fits() {
    lists(home(&["Mr A"]), "web", ON, to_c()).referred(&[R22]);
    lists(home(&["Mr A"]).at(NEW_HOME), "voa", ON, to_c()).referred(&[R22]);
    lists(home(&["Mr A"]), "voa", ON, json!({"change": "deleted"})).referred(&[R22]);
    lists(home(&["Mr A"]), "voa", ON, json!({"change": "reconstituted"})).referred(&[R22]);
    lists(home(&["Mr A"]), "voa", "1993-04-01", to_c()).referred(&[R06]);
    lists(home(&["Mr A"]), "voa", "2015-03-01", to_c()).referred(&[R06]);
    lists(home(&["Mr A"]), "voa", ON, json!({"change": "amended", "band": "C", "previous_band": "E"})).referred(&[R19]);
    lists(home(&["Mr A"]), "voa", ON, json!({"change": "amended", "band": "D"})).comes_to(Outcome::Duplicate, &[R23]);
}
