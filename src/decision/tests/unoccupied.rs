//! Empty dwellings, second homes, dwellings in use again, and the list.

use hearth_events::{Capacity, Outcome, PolicyAdopted, ReasonCode, Tenure};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, Home, NEW_HOME, accept_under, empty, home, tell, tell_under, told};
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

/// Of whom a premium is asked already, so that it is on record since when the dwelling is empty.
fn long_empty() -> Home {
    empty("Mr A").at(HOME).award("P-EMPTY")
}

#[test]
fn a_premium_leaves_no_room_for_the_discount() {
    stands_empty(long_empty(), Some(50), moved(false)).comes_to(Outcome::Duplicate, &[R23]);
    let spared = long_empty().award("P-EXC-G");
    stands_empty(spared, Some(50), moved(false)).comes_to(Outcome::Duplicate, &[R23]);
}

#[test]
fn whether_a_dwelling_is_marketed_is_a_judgement_once_a_premium_is_asked() {
    for (reason, code) in [("for-sale", "P-EXC-G"), ("between-tenants", "P-EXC-H")] {
        let details = json!({"reason": reason, "furnished": false});
        stands_empty(long_empty(), Some(50), details.clone()).referred(&[R10]);
        let policy = PolicyAdopted { empty_discount_percent: Some(Decimal::from(50)), ..PolicyAdopted::default() };
        let told = told("property-empty", ON, "Mr A", at_home(), details);
        let it = accept_under(policy, &[empty("Mr A").at(HOME).award("P-EXC-E")], told);
        assert_eq!(it.satisfied, [], "no premium, so nothing to spare: {code}");
    }
}

#[test]
fn a_dwelling_that_was_empty_before_is_so_from_then_on_whatever_is_told() {
    let gone = |on: &str| json!({"reason": "moved-elsewhere", "furnished": false, "furniture_removed_on": on});
    stands_empty(empty("Mr A").at(HOME), Some(50), gone("2014-12-01")).referred(&[R19]);
    // While somebody lived there the furniture did not matter.
    stands_empty(home(&["Mr A"]), Some(50), gone("2015-12-01")).applied();
    let policy = PolicyAdopted {
        empty_discount_percent: Some(Decimal::from(50)),
        empty_premium: Some(vec![hearth_events::EmptyPremiumTier { years: 1, percent: Decimal::from(100) }]),
        ..PolicyAdopted::default()
    };
    let told = told("property-empty", ON, "Mr A", at_home(), gone("2014-12-01"));
    let it = accept_under(policy, &[empty("Mr A").at(HOME)], told);
    let premium = it.after[0].accounts[0].awards.iter().find(|it| it.code.as_str() == "P-EMPTY").unwrap();
    assert_eq!(premium.terms.as_ref().unwrap().empty_since.unwrap().to_string(), "2014-12-01");
}

/// What the council adopted: half off class C and D, a tenth off class B, premiums of half after two years and, from 2025, of all
/// on second homes.
fn determined() -> PolicyAdopted {
    let percents = [("D-LOC-B", 10), ("D-LOC-C", 50), ("D-LOC-D", 50)];
    PolicyAdopted {
        local_discounts: Some(percents.into_iter().map(|(code, it)| (code.to_owned(), Decimal::from(it))).collect()),
        empty_premium: Some(vec![hearth_events::EmptyPremiumTier { years: 2, percent: Decimal::from(50) }]),
        second_home_premium_percent: Some(Decimal::ONE_HUNDRED),
        charge_movement_limit: Some(hearth_events::Money::rounded(Decimal::from(10_000))),
        ..PolicyAdopted::default()
    }
}

/// The awards on the last account of the dwelling.
fn awards(it: &Decided) -> Vec<String> {
    let day = |it: Option<jiff::civil::Date>| it.map_or_else(String::new, |it| it.to_string());
    let account = it.after[0].accounts.last().unwrap();
    account.awards.iter().map(|it| format!("{} {}..{}", it.code, it.period.from, day(it.period.to))).collect()
}

#[test]
fn every_state_of_an_empty_home_has_its_own_award_and_the_premium_its_anniversary() {
    let details = json!({"reason": "for-sale", "furnished": false, "furniture_removed_on": "2016-01-20"});
    let it = tell_under(determined(), &[home(&["Mr A"])], told("property-empty", ON, "Mr A", at_home(), details));
    let it = it.applied();
    assert_eq!(awards(&it), ["D-LOC-B 2016-01-10..2016-01-20", "D-LOC-C 2016-01-20..", "P-EMPTY 2018-01-20.."]);
    assert!(!it.types(0).contains(&"DiscountEnded"), "the days of the first are known from the beginning");
    let premium = it.after[0].accounts[1].awards[2].terms.as_ref().unwrap();
    assert_eq!(premium.empty_since.unwrap().to_string(), "2016-01-20");
    // Ten days at £9, 72 at £5.
    assert_eq!(it.net(0, 1), "450.00");
    let again = tell_under(
        determined(),
        &[home(&["Mr A"])],
        told("property-empty", ON, "Mr A", at_home(), json!({"reason": "for-sale", "furnished": true})),
    );
    assert_eq!(awards(&again.applied()), ["D-LOC-B 2016-01-10..", "P-SECOND 2025-04-01.."]);
}

#[test]
fn furniture_that_goes_or_comes_ends_one_state_and_begins_the_other() {
    let second = || empty("Mr A").at(HOME).award("D-LOC-B").award("P-SECOND");
    let it = tell_under(determined(), &[second()], told("property-empty", ON, "Mr A", at_home(), moved(false)));
    let expected = [
        "D-LOC-B 2010-05-01..2016-01-10",
        "P-SECOND 2010-05-01..2016-01-10",
        "D-LOC-C 2016-01-10..",
        "P-EMPTY 2018-01-10..",
    ];
    assert_eq!(awards(&it.applied()), expected);
    let bare = empty("Mr A").at(HOME).award("D-LOC-C");
    let it = tell_under(determined(), &[bare], told("second-home", ON, "Mr A", at_home(), elsewhere()));
    let expected = ["D-LOC-C 2010-05-01..2016-01-10", "D-LOC-B 2016-01-10..", "P-SECOND 2025-04-01.."];
    assert_eq!(awards(&it.applied()), expected);
}

#[test]
fn the_class_that_an_officer_is_satisfied_of_is_awarded_for_as_long_as_the_law_lets_it_last() {
    let because = |reason: &str| {
        let details = json!({"reason": reason, "furnished": true});
        accept_under(determined(), &[home(&["Mr A"])], told("property-empty", ON, "Mr A", at_home(), details))
    };
    for (reason, award) in [
        ("care-home-or-hospital", "X-E 2016-01-10.."),
        ("detained", "X-D 2016-01-10.."),
        ("student-elsewhere", "X-K 2016-01-10.."),
        ("repossessed", "X-L 2016-01-10.."),
        ("charity-owned", "X-B 2016-01-10..2016-07-10"),
        ("major-repairs", "D-LOC-D 2016-01-10..2017-01-10"),
    ] {
        let it = because(reason).applied();
        assert_eq!(awards(&it).last().unwrap(), award, "{reason}");
        let scheduled = it.types(0).contains(&"AwardExpiryScheduled");
        assert_eq!(scheduled, ["charity-owned", "major-repairs"].contains(&reason), "{reason}");
    }
    because("death").referred(&[R16]);
    assert_eq!(awards(&because("other").applied()), ["D-LOC-B 2016-01-10..", "P-SECOND 2025-04-01.."]);
}

#[test]
fn six_weeks_of_living_there_leave_the_clock_running() {
    let from = |day: &str| super::super::vacancy::clock(&lived_in_from(), day.parse().unwrap()).to_string();
    // Empty since 1 April 2014; lived in from 1 December 2015.
    assert_eq!(from("2015-12-01"), "2014-04-01");
    assert_eq!(from("2016-01-12"), "2014-04-01", "42 days");
    assert_eq!(from("2016-01-13"), "2016-01-13", "43 days");
}

#[test]
fn living_there_before_it_stood_empty_leaves_the_clock_running() {
    use hearth_events::{DiscountAwarded, HouseholdStated, Period, Position};
    let mut state = home(&["Mr A"]).premises().state;
    let (account, since) = (state.accounts[0].account.clone(), "2014-04-01".parse().unwrap());
    let left = HouseholdStated { account: account.clone(), from: since, adults: 0 };
    let period = Period::starting(since);
    let awarded = DiscountAwarded { account, code: "D-LOC-C".parse().unwrap(), period, terms: None };
    for event in [left.into(), awarded.into()] {
        state.take(Position(4), &event).unwrap();
    }
    assert_eq!(
        super::super::vacancy::clock(&state, "2016-01-10".parse().unwrap()),
        since,
        "lived in from 2010 to 2014"
    );
}

/// Told to be empty since April 2014, in vain: somebody lives there from December 2015 on.
fn lived_in_from() -> hearth_projections::DwellingState {
    use hearth_events::{AwardTerms, DiscountAwarded, DiscountEnded, HouseholdStated, Period, Position};
    let mut state = empty("Mr A").at(HOME).premises().state;
    let account = state.accounts[0].account.clone();
    let (code, starts) = ("P-EMPTY".parse().unwrap(), "2016-04-01".parse().unwrap());
    let terms = AwardTerms { empty_since: "2014-04-01".parse().ok(), ..AwardTerms::default() };
    let awarded =
        DiscountAwarded { account: account.clone(), code, period: Period::starting(starts), terms: Some(terms) };
    let ended = DiscountEnded { account: account.clone(), code: awarded.code.clone(), to: starts };
    let lived = HouseholdStated { account, from: "2015-12-01".parse().unwrap(), adults: 1 };
    for event in [awarded.into(), ended.into(), lived.into()] {
        state.take(Position(4), &event).unwrap();
    }
    assert!(state.accounts[0].awards.is_empty(), "it ended before it began");
    state
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

#[test]
fn an_exception_is_awarded_for_a_year_and_ends_when_somebody_lives_there_again() {
    let excepted = |home: Home, exception: &str| {
        let mut details = elsewhere();
        details["exception"] = json!(exception);
        accept_under(determined(), &[home], told("second-home", ON, "Mr A", at_home(), details))
    };
    let it = excepted(home(&["Mr A"]), "for-sale").applied();
    assert_eq!(awards(&it)[1..], ["P-SECOND 2025-04-01..", "P-EXC-G 2016-01-10..2017-01-10"]);
    let it = excepted(home(&["Mr A"]), "job-related").applied();
    assert_eq!(awards(&it)[2], "P-EXC-J 2016-01-10..");
    let spared = || empty("Mr A").at(HOME).award("P-EXC-G").award("D-LOC-B").award("P-SECOND");
    excepted(spared(), "for-sale").comes_to(Outcome::Duplicate, &[R23]);
    let back = told("back-in-use", ON, "Mr A", at_home(), json!({"persons": [{"name": "Mr A"}]}));
    let it = tell_under(determined(), &[spared()], back).applied();
    let ended = ["P-EXC-G 2010-05-01..2016-01-10", "D-LOC-B 2010-05-01..2016-01-10", "P-SECOND 2010-05-01..2016-01-10"];
    assert_eq!(awards(&it)[..3], ended);
}

#[test]
fn who_moves_out_leaves_the_owner_the_discount_from_the_day_the_furniture_is_gone() {
    let out = |gone: &str| {
        let details = json!({"furniture_removed_on": gone, "persons_leaving": ["Mr A"], "forwarding_address": "not-known",
            "successor": {"kind": "owner"}});
        let homes = [home(&["Mr A"]).let_by("Ms L")];
        awards(&tell_under(determined(), &homes, told("move-out", ON, "Mr A", at_home(), details)).applied())
    };
    assert_eq!(out(ON), ["D-LOC-C 2016-01-10.."]);
    assert_eq!(out("2016-01-15"), ["D-LOC-C 2016-01-15.."]);
    let void = |furnished: bool| {
        let details = json!({"tenancy_ended_on": "2016-01-09", "outgoing": ["Mr A"], "tenancy_starts_on": "2016-01-15",
            "incoming": [{"name": "Ms Next"}], "joint_tenancy": true, "furnished": furnished});
        let mut told = told("tenancy-change", ON, "Ms L", json!({"dwelling": {"uprn": HOME}}), details);
        told["submitted_by"]["role"] = json!("landlord");
        let it = tell_under(determined(), &[home(&["Mr A"]).let_by("Ms L")], told).applied();
        it.after[0].accounts[1].awards.iter().map(|it| (it.code.to_string(), it.period.days())).collect::<Vec<_>>()
    };
    assert_eq!(void(false), [("D-LOC-C".to_owned(), Some(5))], "10 to 14 January, between two tenancies");
    assert_eq!(void(true), []);
}
