//! Moves and changes of tenants.

use hearth_events::{Capacity, NotificationReceived, Outcome, PaymentMethod, ReasonCode, Tenure};
use serde_json::{Value, json};

use super::super::{Case, decide};
use super::world::World;
use super::{ACCOUNT, Decided, HOME, Home, NEW_HOME, council, empty, home, periods, tell, told};
use ReasonCode::{R01, R02, R03, R04, R05, R06, R07, R11, R12, R13, R19};

fn moves_in(home: Home, on: &str, names: &[&str], tenure: &str, left: bool) -> Decided {
    let persons: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    let details = json!({"persons": persons, "tenure": tenure, "sole_adult": names.len() == 1,
        "previous_occupiers_left": left, "furnished": false});
    tell(&[home.at(NEW_HOME)], told("move-in", on, names[0], json!({"dwelling": {"uprn": NEW_HOME}}), details))
}

fn moves_out(home: Home, on: &str, names: &[&str], successor: Value) -> Decided {
    let details = json!({"furniture_removed_on": on, "persons_leaving": names, "forwarding_address": "9 Elsewhere",
        "successor": successor});
    let by = names[0];
    tell(&[home], told("move-out", on, by, json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details))
}

#[test]
fn a_newcomer_follows_the_owner_of_an_empty_dwelling_on_the_day() {
    let it = moves_in(empty("Mr Owner"), "2016-01-10", &["Ms New"], "owner", true).applied();
    assert_eq!(it.types(0)[..3], ["LiabilityEnded", "LiabilityStarted", "DiscountAwarded"]);
    assert_eq!(periods(&it.after[0])[0].2, "2016-01-10");
    assert_eq!(periods(&it.after[0])[1], (format!("{NEW_HOME}-2"), "2016-01-10".into(), String::new()));
    // 284 days at £10 for the owner; 82 days at £7.50 for the newcomer who lives alone.
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2840.00".into(), "615.00".into()));
}

#[test]
fn two_newcomers_are_liable_together_without_a_discount() {
    let it = moves_in(empty("Mr Owner"), "2016-01-10", &["Ms New", "Mr New"], "tenant", true).applied();
    assert_eq!(it.after[0].accounts[1].liable_persons.len(), 2);
    assert_eq!(it.net(0, 1), "820.00");
}

#[test]
fn nobody_is_put_out_of_a_home_on_a_newcomers_word() {
    moves_in(home(&["Mr Old"]), "2016-01-10", &["Ms New"], "owner", false).referred(&[R04]);
    moves_in(home(&["Mr Old"]), "2016-01-10", &["Ms New"], "owner", true).referred(&[R04]);
    moves_in(empty("Mr Owner"), "2016-01-10", &["Ms New"], "owner", false).referred(&[R04]);
}

#[test]
fn who_moves_to_a_home_of_their_own_is_liable_there_as_before_and_lives_there_now() {
    let details = json!({"from_dwelling": {"uprn": HOME}, "moved_out_on": "2016-01-10", "persons": [{"name": "Mr A"}],
        "tenure": "owner", "sole_adult": true, "everyone_moved": true, "successor": {"kind": "buyer", "name": "Ms Buyer"}});
    let more = json!({"account": ACCOUNT, "dwelling": {"uprn": NEW_HOME}});
    let it =
        tell(&[home(&["Mr A"]), empty("Mr A")], told("move-within", "2016-01-10", "Mr A", more, details)).applied();
    let [owned] = it.after[1].accounts.as_slice() else { panic!("{:?}", it.after[1].accounts) };
    assert_eq!((owned.adults_on(super::TODAY), owned.liable_persons.len()), (Some(1), 1));
    // 284 days at £10, then 82 at £7.50.
    assert_eq!(it.net(1, 0), "3455.00");
}

#[test]
fn two_of_one_name_are_not_the_one_who_is_liable_already() {
    moves_in(home(&["Ms New"]), "2016-01-10", &["Ms New", "Ms New"], "owner", true).referred(&[R04, R19]);
}

#[test]
fn a_household_that_is_there_already_is_a_duplicate() {
    moves_in(home(&["Ms New"]).at(NEW_HOME), "2016-01-10", &["Ms New"], "owner", true)
        .comes_to(Outcome::Duplicate, &[ReasonCode::R23]);
}

#[test]
fn days_are_counted_from_receipt_and_the_limits_are_inclusive() {
    moves_in(empty("Mr Owner"), "2016-02-03", &["Ms New"], "owner", true).applied();
    moves_in(empty("Mr Owner"), "2016-02-04", &["Ms New"], "owner", true).referred(&[R07]);
    moves_in(empty("Mr Owner"), "2015-10-21", &["Ms New"], "owner", true).referred(&[R06]);
}

#[test]
fn a_contradictory_household_is_not_guessed() {
    let details = json!({"persons": [{"name": "Ms New"}, {"name": "Mr New"}], "tenure": "owner", "sole_adult": true,
        "previous_occupiers_left": true});
    let told = told("move-in", "2016-01-10", "Ms New", json!({"dwelling": {"uprn": NEW_HOME}}), details);
    tell(&[empty("Mr Owner")], told).referred(&[R19]);
}

#[test]
fn an_exemption_does_not_end_on_a_newcomers_word() {
    let exempt = |code| moves_in(empty("Mr Owner").award(code), "2016-01-10", &["Ms New"], "owner", true);
    exempt("X-F").referred(&[ReasonCode::R16]);
    exempt("X-E").referred(&[ReasonCode::R10]);
    let details = json!({"persons": [{"name": "Ms New"}], "tenure": "owner", "sole_adult": true,
        "previous_occupiers_left": true});
    let told = told("move-in", "2016-01-10", "Ms New", json!({"dwelling": {"uprn": NEW_HOME}}), details);
    let it = super::accept(&[empty("Mr Owner").award("X-E")], told).applied();
    assert_eq!(it.satisfied, [ReasonCode::R10], "an officer knows that it has ended");
}

#[test]
fn one_person_named_twice_is_not_two() {
    moves_in(empty("Mr Owner"), "2016-01-10", &["Ms New", "ms new"], "owner", true).referred(&[R19]);
}

#[test]
fn an_unknown_dwelling_and_a_house_in_multiple_occupation_are_referred() {
    let details = json!({"persons": [{"name": "Ms New"}], "tenure": "owner", "sole_adult": true,
        "previous_occupiers_left": true});
    let told = told("move-in", "2016-01-10", "Ms New", json!({"dwelling": {"uprn": "5"}}), details);
    tell(&[empty("Mr Owner")], told).referred(&[R03]);
    moves_in(empty("Mr Owner").let_by("Mr Owner").hmo(), "2016-01-10", &["Ms New"], "tenant", true).referred(&[R11]);
    moves_in(empty("Mr Owner").let_by("Mr Owner"), "2016-01-10", &["Ms New"], "owner", true).referred(&[R19]);
}

#[test]
fn whoever_tells_of_an_arrival_is_one_of_those_who_arrive() {
    let details = json!({"persons": [{"name": "Ms New"}], "tenure": "owner", "sole_adult": true,
        "previous_occupiers_left": true});
    let told = told("move-in", "2016-01-10", "Mr Agent", json!({"dwelling": {"uprn": NEW_HOME}}), details);
    tell(&[empty("Mr Owner")], told).referred(&[R13]);
}

#[test]
fn a_seller_is_followed_by_the_buyer_from_the_day() {
    let buyer = json!({"kind": "buyer", "name": "Ms Buyer"});
    let it = moves_out(home(&["Mr A", "Ms B"]), "2016-01-10", &["Mr A", "Ms B"], buyer).applied();
    assert_eq!(it.after[0].accounts[1].capacity, Capacity::Owner);
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2840.00".into(), "820.00".into()));
    assert_eq!(it.decision.accounts_opened.len(), 1);
}

#[test]
fn a_tenant_is_followed_by_the_owner_on_file_and_the_discount_ends_first() {
    let owner = json!({"kind": "owner", "name": "Mx Landlord (landlord)"});
    let it =
        moves_out(home(&["Mr A"]).alone().let_by("Mx Landlord (landlord)"), "2016-01-10", &["Mr A"], owner).applied();
    assert_eq!(it.types(0)[..3], ["DiscountEnded", "LiabilityEnded", "LiabilityStarted"]);
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2130.00".into(), "820.00".into()));
}

#[test]
fn nobody_leaves_without_a_next_liable_party() {
    moves_out(home(&["Mr A"]), "2016-01-10", &["Mr A"], json!({"kind": "unknown"})).referred(&[R05]);
    moves_out(home(&["Mr A"]), "2016-01-10", &["Mr A"], json!({"kind": "owner", "name": "Mr X"})).referred(&[R05]);
    let other = json!({"kind": "owner", "name": "Mr X"});
    moves_out(home(&["Mr A"]).let_by("Ms Y"), "2016-01-10", &["Mr A"], other).referred(&[R19]);
    let buyer = json!({"kind": "buyer", "name": "Mr X"});
    moves_out(home(&["Mr A"]).let_by("Ms Y"), "2016-01-10", &["Mr A"], buyer).referred(&[R19]);
}

#[test]
fn whoever_stays_keeps_the_account() {
    let buyer = || json!({"kind": "buyer", "name": "Ms Buyer"});
    moves_out(home(&["Mr A", "Ms B"]), "2016-01-10", &["Mr A"], buyer()).referred(&[R12]);
    moves_out(home(&["Mr A"]).adults(2), "2016-01-10", &["Mr A"], buyer()).referred(&[R19]);
    moves_out(home(&["Mr A", "Ms B"]).adults(3), "2016-01-10", &["Mr A", "Ms B", "Mx C"], buyer()).applied();
}

#[test]
fn an_account_or_a_submitter_that_is_not_known_is_referred() {
    let details = json!({"persons_leaving": ["Mr A"], "forwarding_address": "not-known", "successor": {"kind": "buyer", "name": "B"}});
    let unknown =
        told("move-out", "2016-01-10", "Mr A", json!({"account": "999", "dwelling": {"uprn": HOME}}), details.clone());
    tell(&[home(&["Mr A"])], unknown).referred(&[R01]);
    let mut stranger =
        told("move-out", "2016-01-10", "Mr A", json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details);
    stranger["submitted_by"] =
        json!({"role": "liable-person", "name": "Mr A", "email": "other@example.org", "phone": "1"});
    tell(&[home(&["Mr A"])], stranger.clone()).referred(&[R02]);
    stranger["submitted_by"]["phone"] = json!("+44 1632 960001");
    tell(&[home(&["Mr A"])], stranger).applied();
}

fn moves_within(old: Home, new: Home, left_on: &str, on: &str) -> Decided {
    let details = json!({"from_dwelling": {"uprn": HOME}, "moved_out_on": left_on, "persons": [{"name": "Mr A"}],
        "tenure": "tenant", "sole_adult": true, "everyone_moved": true, "successor": {"kind": "buyer", "name": "Ms Buyer"}});
    let more = json!({"account": ACCOUNT, "dwelling": {"uprn": NEW_HOME}});
    tell(&[old, new], told("move-within", on, "Mr A", more, details))
}

#[test]
fn a_move_within_the_area_takes_discount_and_payment_method_along() {
    let it = moves_within(home(&["Mr A"]).alone(), empty("Mr Owner"), "2016-01-10", "2016-01-10").applied();
    let (old, new) = (&it.after[0].accounts, &it.after[1].accounts);
    assert_eq!(new[1].payment_method, PaymentMethod::DirectDebit);
    assert_eq!(new[1].liable_persons[0].person(), old[0].liable_persons[0].person(), "the same person");
    assert_eq!((it.net(0, 0), it.net(0, 1)), ("2130.00".into(), "820.00".into()));
    assert_eq!((it.net(1, 0), it.net(1, 1)), ("2840.00".into(), "615.00".into()));
}

#[test]
fn a_move_into_somebodys_home_is_referred_as_a_whole() {
    moves_within(home(&["Mr A"]), home(&["Mr Old"]).at(NEW_HOME), "2016-01-10", "2016-01-10").referred(&[R04]);
}

#[test]
fn days_between_two_homes_are_fine_and_two_homes_at_once_are_a_judgement() {
    moves_within(home(&["Mr A"]), empty("Mr Owner"), "2016-01-05", "2016-01-10").applied();
    moves_within(home(&["Mr A"]), empty("Mr Owner"), "2016-01-12", "2016-01-10").referred(&[ReasonCode::R10]);
}

fn tenants_change(home: Home, ended: &str, starts: &str, joint: bool, by: &str) -> Decided {
    let details = json!({"tenancy_ended_on": ended, "outgoing": ["Mr A"], "forwarding_address": "not-known",
        "tenancy_starts_on": starts, "incoming": [{"name": "Ms New"}], "joint_tenancy": joint, "furnished": false});
    let mut told = told("tenancy-change", starts, by, json!({"dwelling": {"uprn": HOME}}), details);
    told["submitted_by"]["role"] = json!("landlord");
    tell(&[home], told)
}

#[test]
fn the_last_day_of_a_tenancy_is_the_tenants() {
    let it = tenants_change(home(&["Mr A"]).let_by("Mx L"), "2016-01-09", "2016-01-10", true, "Mx L").applied();
    assert_eq!(periods(&it.after[0]).iter().map(|it| it.1.as_str()).collect::<Vec<_>>(), ["2010-05-01", "2016-01-10"]);
    assert_eq!(it.net(0, 0), "2840.00");
}

/// As a list of voids has it: since when it stood empty, and who comes; those who left have told it themselves.
#[test]
fn a_landlord_need_not_name_tenants_who_have_told_that_they_left() {
    let mut world = World::new(council(), &[home(&["Mr A"]).let_by("Mx L")]);
    let left = json!({"persons_leaving": ["Mr A"], "forwarding_address": "not-known",
        "successor": {"kind": "owner", "name": "Mx L"}});
    let by_tenant = told("move-out", "2016-01-10", "Mr A", json!({"account": ACCOUNT}), left);
    let lets = |ended: &str| {
        let details = json!({"tenancy_ended_on": ended, "tenancy_starts_on": "2016-01-15",
            "incoming": [{"name": "Ms New"}], "joint_tenancy": true, "furnished": true});
        let mut told = told("tenancy-change", "2016-01-15", "Mx L", json!({"dwelling": {"uprn": HOME}}), details);
        told["submitted_by"]["role"] = json!("landlord");
        told
    };
    assert_eq!(world.clone().tell("HN-TEST-0000-0002", &lets("2016-01-09")).reasons, [R19], "nobody left yet");
    assert_eq!(world.tell("HN-TEST-0000-0001", &by_tenant).outcome, Outcome::Apply);
    assert_eq!(world.clone().tell("HN-TEST-0000-0002", &lets("2016-01-05")).outcome, Outcome::Refer, "on another day");
    let decision = world.tell("HN-TEST-0000-0002", &lets("2016-01-09"));
    assert_eq!(decision.outcome, Outcome::Apply, "{:#?}", decision.findings);
    let starts: Vec<_> = periods(&world.at(HOME)).into_iter().map(|it| it.1).collect();
    assert_eq!(starts, ["2010-05-01", "2016-01-10", "2016-01-15"]);
}

#[test]
fn the_owner_is_liable_between_two_tenancies() {
    let it = tenants_change(home(&["Mr A"]).let_by("Mx L"), "2016-01-09", "2016-01-15", true, "Mx L").applied();
    let starts: Vec<_> = periods(&it.after[0]).into_iter().map(|it| it.1).collect();
    assert_eq!(starts, ["2010-05-01", "2016-01-10", "2016-01-15"]);
    assert_eq!((it.net(0, 1), it.net(0, 2)), ("50.00".into(), "770.00".into()));
}

#[test]
fn separate_tenancies_strangers_and_overlaps_are_referred() {
    tenants_change(home(&["Mr A"]).let_by("Mx L"), "2016-01-09", "2016-01-10", false, "Mx L").referred(&[R11]);
    tenants_change(home(&["Mr A"]).let_by("Mx L"), "2016-01-09", "2016-01-10", true, "Mx Other").referred(&[R13]);
    tenants_change(home(&["Mr B"]).let_by("Mx L"), "2016-01-09", "2016-01-10", true, "Mx L").referred(&[R19]);
    tenants_change(home(&["Mr A"]).let_by("Mx L"), "2016-01-12", "2016-01-10", true, "Mx L").referred(&[R04]);
}

#[test]
fn who_leaves_their_own_home_unsold_stays_liable_as_its_owner() {
    for successor in [json!({"kind": "owner"}), json!({"kind": "owner", "name": "Mr A"})] {
        let it = moves_out(home(&["Mr A"]).chosen(), "2016-01-10", &["Mr A"], successor).applied();
        let owner = &it.after[0].accounts[1];
        assert_eq!((owner.capacity, owner.is_occupied_on(super::TODAY)), (Capacity::Owner, false));
        assert_eq!(owner.liable_persons[0].person(), it.after[0].accounts[0].liable_persons[0].person());
        assert_eq!((owner.payment_method, owner.instalments), (PaymentMethod::DirectDebit, Some((12, 8))));
    }
    let both = moves_out(home(&["Mr A", "Ms B"]), "2016-01-10", &["Mr A", "Ms B"], json!({"kind": "owner"})).applied();
    assert_eq!(both.after[0].accounts[1].liable_persons.len(), 2);
    // Who rents it does not own it, and nobody says who does.
    let let_to_them = Home { tenure: Tenure::PrivateLandlord, ..home(&["Mr A"]) };
    moves_out(let_to_them, "2016-01-10", &["Mr A"], json!({"kind": "owner"})).referred(&[R05]);
}

#[test]
fn furniture_that_stays_longer_than_can_be_told_ahead_is_referred() {
    let leaves = |gone: &str| {
        let details = json!({"furniture_removed_on": gone, "persons_leaving": ["Mr A"],
            "forwarding_address": "9 Elsewhere", "successor": {"kind": "owner"}});
        let at = json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}});
        tell(&[home(&["Mr A"]).let_by("Ms L")], told("move-out", "2016-01-10", "Mr A", at, details))
    };
    leaves("2016-02-03").applied();
    leaves("2016-02-04").referred(&[R07]);
    leaves("2015-06-01").applied();
}

#[test]
fn a_landlord_whom_anybody_could_have_named_ends_nobodys_account() {
    let details = json!({"tenancy_ended_on": "2016-01-09", "outgoing": ["Mr A"], "incoming": []});
    let mut told = told("tenancy-change", "2016-01-09", "Mx L", json!({"dwelling": {"uprn": HOME}}), details);
    told["submitted_by"]["role"] = json!("landlord");
    let decided = |sender: &str| {
        let mut found = None;
        super::cased(&council(), &[home(&["Mr A"]).let_by("Mx L")], &told, |case| {
            let received = NotificationReceived { sender: sender.to_owned(), ..case.received.clone() };
            found = Some(decide(&Case { received: &received, ..case.clone() }));
        });
        let it = found.unwrap();
        (it.outcome, it.reasons)
    };
    for sender in ["file", "token:acme-lettings"] {
        assert_eq!(decided(sender), (Outcome::Apply, Vec::new()), "{sender}");
    }
    for sender in ["public", "public-file"] {
        assert_eq!(decided(sender), (Outcome::Refer, vec![R13]), "{sender}");
    }
}
