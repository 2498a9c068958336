//! The order in which notifications of one story arrive does not matter: wherever all of them take effect, or find that they
//! are so already, the dwellings stand the same in the end.

use std::collections::BTreeSet;

use hearth_events::Outcome;
use serde_json::{Value, json};

use super::world::{Stands, World};
use super::{ACCOUNT, HOME, Home, NEW_HOME, by_bands, empty, home, told};

const NAME: &str = "Ms Grace Hughes";
const NEXT: &str = "Mx Olu Quirk";
const OWNER: &str = "Quirk Lettings Ltd";

/// Every order of so many.
fn orders(number: usize) -> Vec<Vec<usize>> {
    if number == 0 {
        return vec![Vec::new()];
    }
    let of = |last: usize| {
        orders(number - 1).into_iter().map(move |order| {
            let mut order: Vec<_> = order.into_iter().map(|it| if it >= last { it + 1 } else { it }).collect();
            order.push(last);
            order
        })
    };
    (0..number).flat_map(of).collect()
}

/// What an order comes to: how the dwellings stand, whatever number an account has, where all took effect.
struct Came {
    order: Vec<usize>,
    outcomes: Vec<Outcome>,
    stands: Vec<Stands>,
}

/// A story told in every order; whatever a machine refers an officer accepts as proposed.
fn told_in_every_order(homes: &dyn Fn() -> Vec<Home>, story: &[Value]) -> Vec<Came> {
    let came = |order: Vec<usize>| {
        let mut world = World::new(by_bands(), &homes());
        let settled = order.iter().map(|it| world.settle(&format!("HN-TEST-0000-{it:04}"), &story[*it]).outcome);
        let outcomes = settled.collect();
        let mut stands: Vec<_> = world.stands().into_values().collect();
        stands.sort_by_key(|it| format!("{it:?}"));
        Came { order, outcomes, stands }
    };
    orders(story.len()).into_iter().map(came).collect()
}

/// The orders in which something waits for an officer to put it right; all the others come to the same.
#[track_caller]
fn but_for_these_all_come_to_the_same(homes: &dyn Fn() -> Vec<Home>, story: &[Value], waiting: &[&[usize]]) {
    let all = told_in_every_order(homes, story);
    let waits = |it: &&Came| it.outcomes.iter().any(|it| !matches!(it, Outcome::Apply | Outcome::Duplicate));
    let found: BTreeSet<_> = all.iter().filter(waits).map(|it| it.order.clone()).collect();
    let expected: BTreeSet<_> = waiting.iter().map(|it| it.to_vec()).collect();
    let outcomes: Vec<_> = all.iter().map(|it| (&it.order, &it.outcomes)).collect();
    assert_eq!(found, expected, "{outcomes:?}");
    let mut whole = all.iter().filter(|it| !waits(it));
    let first = whole.next().expect("an order in which all take effect");
    for other in whole {
        assert_eq!(first.stands, other.stands, "{:?} beside {:?}: {outcomes:?}", first.order, other.order);
    }
}

fn by_holder(kind: &str, on: &str, details: Value) -> Value {
    told(kind, on, NAME, json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details)
}

fn move_in(uprn: &str, on: &str) -> Value {
    let details =
        json!({"persons": [{"name": NEXT}], "tenure": "tenant", "sole_adult": true, "previous_occupiers_left": true});
    told("move-in", on, NEXT, json!({"dwelling": {"uprn": uprn}}), details)
}

fn move_out(on: &str, kind: &str, name: &str) -> Value {
    let details = json!({"persons_leaving": [NAME], "forwarding_address": "not-known",
        "successor": {"kind": kind, "name": name}});
    by_holder("move-out", on, details)
}

fn band_change(on: &str, band: &str) -> Value {
    let mut told = told(
        "band-change",
        on,
        "A Service",
        json!({"dwelling": {"uprn": HOME}}),
        json!({"change": "amended", "band": band}),
    );
    told["channel"] = json!("voa");
    told["submitted_by"] = json!({"role": "third-party", "name": "A Service"});
    told
}

fn discount_ends(on: &str) -> Value {
    by_holder("single-person-discount-end", on, json!({"adult_joined": {"name": "Mr Leo Ingram"}}))
}

fn claim(on: &str) -> Value {
    by_holder("single-person-discount-claim", on, json!({"adults_left": [], "other_adults_remaining": 0}))
}

fn tenancy(ended: &str, starts: &str) -> Value {
    let details = json!({"tenancy_ended_on": ended, "outgoing": [NAME], "forwarding_address": "not-known",
        "incoming": [{"name": NEXT}], "joint_tenancy": true, "furnished": false, "tenancy_starts_on": starts});
    let mut told = told("tenancy-change", ended, OWNER, json!({"dwelling": {"uprn": HOME}}), details);
    told["submitted_by"]["role"] = json!("landlord");
    told
}

#[test]
fn every_order_is_one() {
    assert_eq!(orders(3).into_iter().collect::<BTreeSet<_>>().len(), 6);
}

#[test]
fn the_leaver_and_the_newcomer_tell_of_the_same_day() {
    let homes = || vec![home(&[NAME]).alone()];
    let story = [move_out("2016-01-10", "buyer", NEXT), move_in(HOME, "2016-01-10")];
    but_for_these_all_come_to_the_same(&homes, &story, &[]);
}

#[test]
fn the_tenant_the_newcomer_and_the_landlord_tell_of_one_change() {
    let homes = || vec![home(&[NAME]).let_by(OWNER)];
    let same_day =
        [move_out("2016-01-10", "owner", OWNER), move_in(HOME, "2016-01-10"), tenancy("2016-01-09", "2016-01-10")];
    but_for_these_all_come_to_the_same(&homes, &same_day[..2], &[]);
    but_for_these_all_come_to_the_same(&homes, &same_day, &[]);
    // With days between the tenancies, whoever accepts the newcomer first, before anybody has said when the old tenants left,
    // ends their liability on the later day. What then tells of the earlier day has to be put right by an officer: the move in
    // is reversed, or the day amended.
    let void =
        [move_out("2016-01-10", "owner", OWNER), move_in(HOME, "2016-01-18"), tenancy("2016-01-09", "2016-01-18")];
    but_for_these_all_come_to_the_same(&homes, &void, &[&[1, 0, 2], &[1, 2, 0]]);
}

#[test]
fn a_band_and_what_a_household_tells_do_not_meet() {
    let alone = || vec![home(&[NAME]).alone()];
    let story = [
        discount_ends("2015-12-05"),
        band_change("2015-11-20", "C"),
        by_holder("contact-details", "2016-01-20", json!({"phone": "01632 960999"})),
    ];
    but_for_these_all_come_to_the_same(&alone, &story, &[]);
    let unclaimed = || vec![home(&[NAME])];
    but_for_these_all_come_to_the_same(&unclaimed, &[claim("2015-12-05"), band_change("2015-12-05", "G")], &[]);
    let leaving = [move_out("2016-01-10", "buyer", NEXT), band_change("2015-11-20", "C"), move_in(HOME, "2016-01-10")];
    but_for_these_all_come_to_the_same(&alone, &leaving, &[]);
}

#[test]
fn a_discount_is_told_of_before_the_household_leaves_or_after() {
    let homes = || vec![home(&[NAME])];
    let story = [claim("2015-12-05"), move_out("2016-01-10", "buyer", NEXT)];
    but_for_these_all_come_to_the_same(&homes, &story, &[]);
}

#[test]
fn those_who_come_are_told_of_before_those_who_went() {
    // Who joined later was counted with those who were there then: the earlier leaver is put right by an officer.
    let homes = || vec![home(&[NAME]).adults(2)];
    let left = by_holder("occupier-left", "2015-12-05", json!({"name": "Mr Leo Ingram"}));
    let joined = by_holder("occupier-joined", "2016-01-10", json!({"person": {"name": "Mx Tomos Fforde"}}));
    but_for_these_all_come_to_the_same(&homes, &[left, joined], &[&[1, 0]]);
}

#[test]
fn a_household_moves_within_while_somebody_follows_it() {
    let homes = || vec![home(&[NAME]).alone(), empty("Mr Leo Gibbs").at(NEW_HOME)];
    let details = json!({"from_dwelling": {"uprn": HOME}, "moved_out_on": "2016-01-10", "persons": [{"name": NAME}],
        "tenure": "tenant", "sole_adult": true, "everyone_moved": true, "successor": {"kind": "buyer", "name": NEXT}});
    let within =
        told("move-within", "2016-01-10", NAME, json!({"account": ACCOUNT, "dwelling": {"uprn": NEW_HOME}}), details);
    but_for_these_all_come_to_the_same(&homes, &[within, move_in(HOME, "2016-01-10")], &[]);
}

#[test]
fn the_second_of_two_who_die_or_go_is_told_of_in_any_order() {
    let homes = || vec![home(&[NAME, "Mr Leo Gibbs"])];
    let removed = {
        let mut it = by_holder("liable-person-removed", "2015-12-05", json!({"name": "Mr Leo Gibbs"}));
        it["submitted_by"]["name"] = json!("Mr Leo Gibbs");
        it
    };
    but_for_these_all_come_to_the_same(&homes, &[removed, band_change("2015-11-20", "C")], &[]);
}
