//! What was applied is reversed: every figure is as before, to the penny; and again as after, where the reversal is reversed.

use hearth_events::{Event, Outcome, Period};
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::{NotReversible, Reach, Working, reach};
use super::world::World;
use super::{ACCOUNT, HOME, NEW_HOME, council, empty, home, told};

const ON: &str = "2016-01-10";
const NAME: &str = "Ms Grace Hughes";

fn by_holder(kind: &str, on: &str, details: Value) -> Value {
    told(kind, on, NAME, json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details)
}

fn move_in(on: &str, name: &str) -> Value {
    let details =
        json!({"persons": [{"name": name}], "tenure": "tenant", "sole_adult": true, "previous_occupiers_left": true});
    told("move-in", on, name, json!({"dwelling": {"uprn": NEW_HOME}}), details)
}

fn move_out(on: &str) -> Value {
    let successor = json!({"kind": "buyer", "name": "Mr Olu Quirk"});
    let details = json!({"persons_leaving": [NAME], "forwarding_address": "9 Hidden Close", "successor": successor});
    by_holder("move-out", on, details)
}

fn move_within(on: &str) -> Value {
    let successor = json!({"kind": "buyer", "name": "Mr Olu Quirk"});
    let details = json!({"from_dwelling": {"uprn": HOME}, "moved_out_on": on, "persons": [{"name": NAME}],
        "tenure": "tenant", "sole_adult": true, "everyone_moved": true, "successor": successor});
    let more = json!({"account": ACCOUNT, "dwelling": {"uprn": NEW_HOME}});
    told("move-within", on, NAME, more, details)
}

fn claim(on: &str) -> Value {
    by_holder("single-person-discount-claim", on, json!({"adults_left": [], "other_adults_remaining": 0}))
}

fn discount_ends(on: &str) -> Value {
    by_holder("single-person-discount-end", on, json!({"adult_joined": {"name": "Mr Leo Ingram"}}))
}

fn joined(on: &str, name: &str) -> Value {
    by_holder("occupier-joined", on, json!({"person": {"name": name}}))
}

fn band_change(on: &str, band: &str) -> Value {
    let mut told = told(
        "band-change",
        on,
        "Valuation Office Agency",
        json!({"dwelling": {"uprn": HOME}}),
        json!({"change": "amended", "band": band}),
    );
    told["channel"] = json!("voa");
    told
}

fn contact(email: &str) -> Value {
    by_holder("contact-details", "2016-01-20", json!({"email": email}))
}

fn of(number: usize) -> String {
    format!("HN-TEST-0000-{number:04}")
}

/// A dwelling where one lives alone, another that stands empty.
fn world() -> World {
    World::new(council(), &[home(&[NAME]).alone(), empty("Mr Leo Gibbs")])
}

/// All of these are applied, one after the other.
#[track_caller]
fn all_applied(world: &mut World, told: &[Value]) {
    for (number, told) in told.iter().enumerate() {
        let decision = world.tell(&of(number), told);
        assert_eq!(decision.outcome, Outcome::Apply, "{told} {:#?}", decision.findings);
    }
}

/// Reversed, everything is as before; restored, as after; reversed again, as before.
#[track_caller]
fn comes_back(mut world: World, told: &Value) {
    let before = world.stands();
    all_applied(&mut world, std::slice::from_ref(told));
    let after = world.stands();
    assert_ne!(before, after, "{told}");
    for _ in 0..2 {
        world.reverse(&of(0), false).unwrap();
        assert_eq!(world.stands(), before, "{told}");
        world.reverse(&of(0), true).unwrap();
        assert_eq!(world.stands(), after, "{told}");
    }
}

#[test]
fn each_kind_of_change_comes_back_to_the_penny() {
    comes_back(world(), &move_in(ON, "Ms Siân Ünal"));
    comes_back(world(), &move_out(ON));
    comes_back(world(), &move_within(ON));
    comes_back(world(), &discount_ends("2015-11-14"));
    comes_back(world(), &joined(ON, "Mr Leo Ingram"));
    comes_back(World::new(council(), &[home(&[NAME])]), &claim("2015-11-14"));
    let details = json!({"action": "set-up", "account_holder": NAME, "sort_code": "089999",
        "account_number": "66374958", "collection_day": 8});
    comes_back(World::new(council(), &[home(&[NAME]).chosen()]), &by_holder("direct-debit", "2016-01-20", details));
}

#[test]
fn a_band_comes_back_with_its_charges() {
    let mut world = World::new(super::by_bands(), &[home(&[NAME])]);
    let before = (world.stands(), world.at(HOME).listing.unwrap().bands);
    all_applied(&mut world, &[band_change("2015-12-01", "C")]);
    assert_ne!(world.stands(), before.0);
    world.reverse(&of(0), false).unwrap();
    assert_eq!((world.stands(), world.at(HOME).listing.unwrap().bands), before);
}

#[test]
fn an_account_that_only_the_change_opened_has_no_day_and_no_award() {
    let mut world = world();
    all_applied(&mut world, &[move_in(ON, "Ms Siân Ünal")]);
    world.reverse(&of(0), false).unwrap();
    let state = world.at(NEW_HOME);
    let opened = &state.accounts[1];
    assert_eq!(opened.period, Period { from: date(2016, 1, 10), to: Some(date(2016, 1, 10)) });
    assert!(opened.awards.is_empty() && opened.charges.values().all(|it| it.lines.is_empty()), "{opened:?}");
    // Who comes then has an account of another number.
    let decision = world.tell(&of(1), &move_in(ON, "Mr Tomos Quirk"));
    assert_eq!(decision.accounts_opened, ["100000000002-3".parse().unwrap()]);
}

#[test]
fn figures_name_the_correction_and_what_stood_before() {
    let mut world = world();
    all_applied(&mut world, &[discount_ends("2015-11-14")]);
    world.reverse(&of(0), false).unwrap();
    let stream = world.stream(HOME);
    let is_of_the_year =
        |it: &Event| !matches!(it, Event::ChargeCalculated(it) if it.financial_year.to_string() != "2015/16");
    let latest = |name: &str| stream.iter().rfind(|it| it.event.type_name() == name && is_of_the_year(&it.event));
    let position = |name: &str| latest(name).unwrap().position;
    let state = world.at(HOME);
    let charge = &state.accounts[0].charges[&"2015/16".parse().unwrap()];
    let reduction = charge.lines.iter().find(|it| it.line.code == "D-SPD").unwrap();
    for name in [
        "DwellingListed",
        "LiabilityStarted",
        "DiscountAwarded",
        "DiscountEnded",
        "AccountCorrected",
        "ChargeCalculated",
    ] {
        assert!(reduction.because.contains(&position(name)), "{name}: {:?}", reduction.because);
    }
    let last = latest("ChargeCalculated").unwrap();
    let Event::ChargeCalculated(it) = &last.event else { panic!("{last:?}") };
    assert!(it.before.is_some() && it.before != Some(it.net), "the difference is posted: {it:?}");
    assert_eq!(last.metadata.causation, of(0));
}

#[test]
fn what_was_told_later_and_stands_by_itself_stays() {
    let mut world = World::new(council(), &[home(&[NAME])]);
    all_applied(&mut world, &[claim("2015-11-14"), contact("new@example.org")]);
    world.reverse(&of(0), false).unwrap();
    let state = world.at(HOME);
    assert!(state.accounts[0].awards.is_empty());
    let email = super::people(&state).values().find_map(|it| it.email.clone());
    assert_eq!(email.as_deref(), Some("new@example.org"));
}

#[test]
fn each_of_two_is_reversed_in_any_order_where_neither_rests_on_the_other() {
    for [first, second] in [[0, 1], [1, 0]] {
        let mut world = World::new(super::by_bands(), &[home(&[NAME])]);
        let before = world.stands();
        all_applied(&mut world, &[claim("2015-11-14"), band_change("2015-12-01", "C")]);
        let after = world.stands();
        world.reverse(&of(first), false).unwrap();
        world.reverse(&of(second), false).unwrap();
        assert_eq!(world.stands(), before);
        world.reverse(&of(first), true).unwrap();
        world.reverse(&of(second), true).unwrap();
        assert_eq!(world.stands(), after);
    }
}

/// Not reversed because of a later one, which is named; once that is reversed, it is.
#[track_caller]
fn rests(mut world: World, told: &[Value; 2]) {
    let before = world.stands();
    all_applied(&mut world, told);
    let after = world.stands();
    let refused = world.reverse(&of(0), false).unwrap_err();
    let NotReversible::RestsOn { later, .. } = &refused else { panic!("{refused}") };
    assert_eq!(*later, of(1), "{refused}");
    assert_eq!(world.stands(), after, "nothing happened");
    world.reverse(&of(1), false).unwrap();
    world.reverse(&of(0), false).unwrap();
    assert_eq!(world.stands(), before);
}

#[test]
fn what_something_later_rests_on_is_reversed_after_it() {
    let claim_of_newcomer = || {
        let mut it = told(
            "single-person-discount-end",
            "2016-01-15",
            "Ms Siân Ünal",
            json!({"account": "100000000002-2", "dwelling": {"uprn": NEW_HOME}}),
            json!({"adult_joined": {"name": "Mr Leo Ingram"}}),
        );
        it["submitted_by"]["email"] = json!("siân@example.org");
        it
    };
    let mut arrival = move_in(ON, "Ms Siân Ünal");
    arrival["details"]["persons"][0]["email"] = json!("siân@example.org");
    rests(world(), &[arrival, claim_of_newcomer()]);
    // Three adults are counted from the two that the earlier one left.
    rests(world(), &[joined("2015-12-01", "Mr Leo Ingram"), joined(ON, "Mr Olu Quirk")]);
    rests(World::new(council(), &[home(&[NAME])]), &[claim("2015-11-14"), discount_ends(ON)]);
    rests(
        world(),
        &[contact("one@example.org"), {
            let mut it = contact("two@example.org");
            it["submitted_by"]["email"] = json!("one@example.org");
            it
        }],
    );
}

#[test]
fn an_award_that_only_ended_because_everybody_left_holds_nothing_up() {
    let mut world = World::new(council(), &[home(&[NAME])]);
    all_applied(&mut world, &[claim("2015-11-14"), move_out(ON)]);
    world.reverse(&of(0), false).unwrap();
    let account = world.at(HOME).accounts.swap_remove(0);
    assert!(account.awards.is_empty() && account.period.to == Some(date(2016, 1, 10)));
    // The other way round the discount that ended goes on, and not beyond the last day.
    let mut world = self::world();
    let mut both_leave = move_out(ON);
    both_leave["details"]["persons_leaving"] = json!([NAME, "Mr Leo Ingram"]);
    all_applied(&mut world, &[discount_ends("2015-11-14"), both_leave]);
    world.reverse(&of(0), false).unwrap();
    assert_eq!(world.at(HOME).accounts[0].awards[0].period.to, Some(date(2016, 1, 10)));
}

#[test]
fn a_reversal_is_not_reversed_over_what_came_instead() {
    let mut world = world();
    all_applied(&mut world, &[move_in(ON, "Ms Siân Ünal")]);
    world.reverse(&of(0), false).unwrap();
    assert_eq!(world.tell(&of(1), &move_in("2016-01-12", "Mr Tomos Quirk")).outcome, Outcome::Apply);
    let stood = world.stands();
    let refused = world.reverse(&of(0), true).unwrap_err();
    assert!(refused.to_string().contains(&of(1)), "{refused}");
    assert_eq!(world.stands(), stood);
    world.reverse(&of(1), false).unwrap();
    world.reverse(&of(0), true).unwrap();
    assert_eq!(world.at(NEW_HOME).liable_on(date(2016, 1, 20)).unwrap().account.as_str(), "100000000002-2");
}

#[test]
fn what_is_reversed_twice_is_reversed_once() {
    let mut world = world();
    all_applied(&mut world, &[move_in(ON, "Ms Siân Ünal")]);
    world.reverse(&of(0), false).unwrap();
    let events = world.stream(NEW_HOME).len();
    world.reverse(&of(0), false).unwrap();
    assert_eq!(world.stream(NEW_HOME).len(), events);
    world.reverse(&of(7), true).unwrap();
    assert_eq!(world.stream(NEW_HOME).len(), events, "what was never reversed is not restored");
}

#[test]
fn a_year_that_is_over_is_named_and_the_greatest_movement_told() {
    let world = World::new(super::by_bands(), &[home(&[NAME])]);
    let mut working = Working::of(HOME.parse().unwrap(), world.at(HOME));
    let current = "2015/16".parse().unwrap();
    assert_eq!(reach([&working], current), Reach::default());
    working.award_single_person(&ACCOUNT.parse().unwrap(), date(2015, 3, 1));
    working.charge(&world.council).unwrap();
    let found = reach([&working], current);
    // A quarter of the whole of 2015/16, and of 31 days of the year before; what is to come is not asked yet.
    assert_eq!(found, Reach { greatest: "915.00".parse().unwrap(), closed_years: vec!["2014/15".parse().unwrap()] });
}

#[test]
fn what_was_paid_in_between_holds_nothing_up_and_stays() {
    let mut world = world();
    let before = world.stands();
    all_applied(&mut world, &[move_in(ON, "Ms Siân Ünal")]);
    let paid = hearth_events::PaymentReceived {
        account: "100000000002-2".parse().unwrap(),
        financial_year: "2015/16".parse().unwrap(),
        amount: "12.00".parse().unwrap(),
        received_on: date(2016, 1, 12),
        source_reference: "P-1".into(),
    };
    world.record(&NEW_HOME.parse().unwrap(), "import", vec![paid.into()]);
    world.reverse(&of(0), false).unwrap();
    assert_eq!(world.stands(), before);
    assert!(world.stream(NEW_HOME).iter().any(|it| matches!(it.event, Event::PaymentReceived(_))));
}
