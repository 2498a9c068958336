//! Deaths and grants of probate.

use hearth_events::ReasonCode;
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, Home, accept, home, tell, told};
use ReasonCode::{R01, R02, R03, R08, R10, R13, R16};

const ON: &str = "2016-01-10";

fn registered(home: Home, name: &str, more: Value) -> Decided {
    let mut it = told("death", ON, "Registrar", more, json!({"name": name}));
    it["channel"] = json!("tell-us-once");
    it["submitted_by"] = json!({"role": "third-party", "name": "Registrar"});
    tell(&[home], it)
}

fn there() -> Value {
    json!({"dwelling": {"uprn": HOME}})
}

#[test]
fn the_survivor_of_two_goes_on_alone_with_the_discount_from_the_day_of_the_death() {
    let it = registered(home(&["Mr A", "Ms B"]), "Mr A", there()).applied();
    assert_eq!(it.types(0)[..3], ["LiabilityEnded", "LiabilityStarted", "DiscountAwarded"]);
    let survivor = &it.after[0].accounts[1];
    assert_eq!(survivor.liable_persons.len(), 1);
    assert_eq!(survivor.liable_persons[0].person(), it.after[0].accounts[0].liable_persons[1].person());
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2840.00".into(), "615.00".into()));
}

#[test]
fn the_survivor_may_tell_it_and_nobody_else() {
    let told_by = |by: &str, role: &str, name: &str| {
        let mut it = told("death", ON, by, json!({"account": ACCOUNT}), json!({"name": name}));
        it["submitted_by"]["role"] = json!(role);
        tell(&[home(&["Mr A", "Ms B"])], it)
    };
    told_by("Mr A", "liable-person", "Ms B").applied();
    told_by("Mr A", "liable-person", "Mr A").referred(&[R16]);
    told_by("Mx Neighbour", "third-party", "Mr A").referred(&[R13]);
    told_by("Mx Neighbour", "liable-person", "Mr A").referred(&[R02]);
}

#[test]
fn every_other_death_is_dealt_with_by_a_person() {
    registered(home(&["Mr A"]).alone(), "Mr A", there()).referred(&[R16]);
    registered(home(&["Mr A", "Ms B"]).adults(3), "Mr A", there()).referred(&[R16]);
    registered(home(&["Mr A", "Ms B"]), "Mx Lodger", there()).referred(&[R16]);
    registered(home(&["Mr A", "Ms B"]).award("D-50"), "Mr A", there()).referred(&[R10]);
    registered(home(&["Mr A"]), "Mr A", json!({"dwelling": {"uprn": "5"}})).referred(&[R03, R16]);
    registered(home(&["Mr A"]), "Mr A", json!({"account": "999"})).referred(&[R01, R16]);
}

#[test]
fn an_officer_leaves_the_home_of_who_lived_alone_to_the_estate() {
    let died = |home: Home, more: Value| {
        let mut details = json!({"name": "Mr A"});
        details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut it = told("death", ON, "Registrar", there(), details);
        it["channel"] = json!("tell-us-once");
        accept(&[home], it)
    };
    let it = died(home(&["Mr A"]).alone(), json!({"executor": {"name": "Ms Executor"}})).applied();
    let estate = &it.after[0].accounts[1];
    assert_eq!(estate.capacity, hearth_events::Capacity::Owner);
    assert_eq!(estate.awards[0].code.as_str(), "X-F");
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2130.00".into(), "none".into()));
    died(home(&["Mr A"]).alone(), json!({})).applied();
    died(home(&["Mr A"]).alone().let_by("Ms L"), json!({})).referred(&[R16]);
}

fn granted(home: Home, role: &str, name: &str, more: Value) -> Decided {
    let mut details = json!({"granted_on": ON, "executors": [{"name": "Ms Executor"}],
        "evidence": [{"kind": "grant-of-probate", "file_name": "g.pdf"}]});
    details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let mut it = told("probate", ON, name, json!({"account": ACCOUNT}), details);
    it["submitted_by"]["role"] = json!(role);
    tell(&[home], it)
}

fn estate() -> Home {
    super::empty("Mr A").at(HOME).award("X-F")
}

#[test]
fn class_f_ends_six_months_after_the_grant() {
    let it = granted(estate(), "executor", "Ms Executor", json!({})).applied();
    assert_eq!(it.types(0)[..2], ["DiscountEnded", "AwardExpiryScheduled"]);
    assert_eq!(it.after[0].accounts[0].awards[0].period.to.unwrap().to_string(), "2016-07-10");
    let expired = it.after[0].accounts[0].expired_by("2016-07-10".parse().unwrap());
    assert_eq!(expired[0].reason, hearth_events::ExpiryReason::ProbateAndSixMonths);
    granted(estate(), "solicitor", "Law LLP", json!({})).applied();
}

#[test]
fn a_grant_is_referred_without_an_executor_the_document_or_the_exemption() {
    granted(estate(), "executor", "Mx Other", json!({})).referred(&[R13]);
    granted(estate(), "liable-person", "Ms Executor", json!({})).referred(&[R13]);
    granted(estate(), "executor", "Ms Executor", json!({"evidence": []})).referred(&[R08]);
    granted(estate(), "executor", "Ms Executor", json!({"transferred_on": ON})).referred(&[R16]);
    granted(super::empty("Mr A").at(HOME), "executor", "Ms Executor", json!({})).referred(&[R16]);
}
