//! Moves and tenancies: who is liable from which day, and what they owe, to the penny.

use jiff::ToSpan;
use jiff::civil::date;
use serde_json::json;

use super::council::Council;
use super::money::{charge, quarter, written, year};
use super::pack::Sort;
use super::say::{RECEIVED, after, by_stranger, move_in, move_out, move_within, tenancy_change};

const ON: jiff::civil::Date = date(2015, 11, 14);

#[test]
fn a_move_into_a_void_ends_the_owners_account_and_a_sole_adult_has_the_discount() {
    let council = Council::new(1, 60);
    let pack = &council.pack;
    let (alone, pair) = (pack.nth(Sort::Void, 0), pack.nth(Sort::Void, 1));
    let bought = pack.nth(Sort::ForSale, 0);
    let mut purchase = move_in(bought, "bought", ON, &["Ms Nadia O'Neill", "Mr Žarko Quirk"]);
    purchase["details"]["tenure"] = json!("owner");
    let tally = council.submit(&[
        move_in(alone, "alone", ON, &["Ms Zoë Ünal"]),
        move_in(pair, "pair", ON, &["Mr Ravi Quirk", "Dr Siân Quirk"]),
        purchase,
    ]);
    assert_eq!(tally["applied"], 3, "{tally}");
    let look = council.look();
    for (name, newcomer, at) in
        [("alone", "Ms Zoë Ünal", alone), ("pair", "Mr Ravi Quirk", pair), ("bought", "Ms Nadia O'Neill", bought)]
    {
        look.came_to(name, "applied", &[]);
        look.liable(at, &[(&at.persons[0], at.from, Some(ON)), (newcomer, ON, None)]);
        let (_, begin, end) = year(2015);
        let (before, gross) = (charge(at.amount(2015), 2015, begin, ON), charge(at.amount(2015), 2015, ON, end));
        let off = if name == "alone" { quarter(at.amount(2015), 2015, ON, end) } else { 0 };
        look.owes(&at.account, 2015, &written(before));
        look.owes(&at.opened(2), 2015, &written(gross - off));
        look.owes(&at.account, 2016, "0.00");
        look.owes(&at.account, 2014, &written(at.amount(2014)));
    }
    let account = look.account(&alone.opened(2));
    assert_eq!(account["awards"], json!([{"code": "D-SPD", "from": ON, "to": null}]));
    assert_eq!((&account["adults"], &account["status"]), (&json!(1), &json!("open")));
    assert_eq!(look.account(&pair.opened(2))["liable_persons"][1]["name"], "Dr Siân Quirk");
    look.all_add_up();
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn a_move_in_that_is_not_clear_is_referred_with_the_reason() {
    let council = Council::new(2, 60);
    let pack = &council.pack;
    let void = |nth| pack.nth(Sort::Void, nth);
    let name: &[&str] = &["Ms Zoë Ünal"];
    let mut nowhere = move_in(void(0), "nowhere", ON, name);
    nowhere["dwelling"] = json!({"uprn": "5"});
    let mut no_such_street = move_in(void(0), "no-such-street", ON, name);
    no_such_street["dwelling"] = json!({"address": "1 Nowhere Road", "postcode": "ZY1 0QX"});
    let mut as_typed = move_in(void(0), "as-typed", ON, name);
    let typed = void(0).address.to_lowercase().replace(',', " ");
    as_typed["dwelling"] = json!({"address": typed, "postcode": void(0).postcode.to_lowercase().replace(' ', "")});
    let mut by_reference = move_in(void(1), "by-reference", ON, name);
    by_reference["dwelling"] = json!({"property_reference": void(1).reference});
    let mut stayed = move_in(void(2), "stayed", ON, name);
    stayed["details"]["previous_occupiers_left"] = json!(false);
    let mut two_alone = move_in(void(2), "two-alone", ON, &["Ms Zoë Ünal", "Mr Olu Quirk"]);
    two_alone["details"]["sole_adult"] = json!(true);
    let mut said_more = move_in(void(2), "said-more", ON, name);
    said_more["free_text"] = json!("My aunt stays at weekends.");
    let cases = [
        (as_typed, "applied", None),
        (by_reference, "applied", None),
        (move_in(pack.nth(Sort::Couple, 0), "occupied", ON, name), "referred", Some("R04")),
        (move_in(pack.nth(Sort::Tenant, 0), "occupied-alone", ON, name), "referred", Some("R04")),
        (nowhere, "referred", Some("R03")),
        (no_such_street, "referred", Some("R03")),
        (stayed, "referred", Some("R04")),
        (two_alone, "referred", Some("R19")),
        (said_more, "referred", Some("R10")),
        (move_in(pack.nth(Sort::Hmo, 0), "hmo", ON, name), "referred", Some("R11")),
        (move_in(void(3), "in-14", after(14), name), "applied", None),
        (move_in(void(4), "in-15", after(15), name), "referred", Some("R07")),
        (move_in(void(5), "90-ago", after(-90), name), "applied", None),
        (move_in(void(6), "91-ago", after(-91), name), "referred", Some("R06")),
    ];
    let sent: Vec<_> = cases.iter().map(|it| it.0.clone()).collect();
    let tally = council.submit(&sent);
    assert_eq!((&tally["applied"], &tally["referred"]), (&json!(4), &json!(10)), "{tally}");
    let look = council.look();
    for (it, status, reason) in &cases {
        look.came_to(it["source_reference"].as_str().unwrap(), status, reason.as_slice());
    }
    look.liable(void(3), &[(&void(3).persons[0], void(3).from, Some(after(14))), ("Ms Zoë Ünal", after(14), None)]);
    look.all_add_up();
}

#[test]
fn the_day_of_receipt_is_the_day_in_england() {
    let council = Council::new(3, 60);
    let void = |nth| council.pack.nth(Sort::Void, nth);
    let at = |nth, reference: &str, received: &str, on: &str| {
        let mut it = move_in(void(nth), reference, RECEIVED, &["Ms Zoë Ünal"]);
        it["received_at"] = json!(received);
        it["effective_on"] = json!(on);
        it
    };
    // In July half past eleven in the evening, UTC, is the next day in England: 90 days before is 2 May.
    council.submit(&[
        at(0, "summer-90", "2015-07-30T23:30:00Z", "2015-05-02"),
        at(1, "summer-91", "2015-07-30T23:30:00Z", "2015-05-01"),
        at(2, "summer-15", "2015-07-30T22:30:00Z", "2015-08-14"),
        at(3, "summer-14", "2015-07-30T23:30:00+01:00", "2015-08-13"),
        at(4, "winter-90", "2015-12-30T23:30:00Z", "2015-10-01"),
        at(5, "winter-15", "2015-12-30T23:30:00Z", "2016-01-14"),
    ]);
    let look = council.look();
    for (name, status, reasons) in [
        ("summer-90", "applied", &[][..]),
        ("summer-91", "referred", &["R06"]),
        ("summer-15", "referred", &["R07"]),
        ("summer-14", "applied", &[]),
        ("winter-90", "applied", &[]),
        ("winter-15", "referred", &["R07"]),
    ] {
        look.came_to(name, status, reasons);
    }
    look.all_add_up();
}

#[test]
fn a_move_out_leaves_no_day_without_somebody_liable() {
    let council = Council::new(4, 60);
    let pack = &council.pack;
    let (sold, left, alone) = (pack.nth(Sort::Couple, 0), pack.nth(Sort::Tenants, 0), pack.nth(Sort::Tenant, 0));
    let (unknown, partly, told_twice) =
        (pack.nth(Sort::Couple, 1), pack.nth(Sort::Couple, 2), pack.nth(Sort::Couple, 3));
    let mut one_stays = move_out(partly, "one-stays", ON, &json!({"kind": "buyer", "name": "Ms A Buyer"}));
    one_stays["details"]["persons_leaving"] = json!([partly.persons[0]]);
    let buyer = json!({"kind": "buyer", "name": "Ms Sophie Björk"});
    let again = move_out(told_twice, "told-again", ON, &buyer);
    council.submit(&[
        move_out(sold, "sold", ON, &buyer),
        move_out(left, "left", ON, &json!({"kind": "owner", "name": left.owner})),
        move_out(alone, "alone", ON, &json!({"kind": "owner"})),
        move_out(unknown, "unknown", ON, &json!({"kind": "unknown"})),
        one_stays,
        move_out(told_twice, "told-once", ON, &buyer),
        again,
    ]);
    let look = council.look();
    look.came_to("sold", "applied", &[]);
    look.came_to("left", "applied", &[]);
    look.came_to("alone", "applied", &[]);
    look.came_to("unknown", "referred", &["R05"]);
    look.came_to("one-stays", "referred", &["R12"]);
    look.came_to("told-again", "duplicate", &["R23"]);
    look.liable(sold, &[(&sold.persons[0], sold.from, Some(ON)), ("Ms Sophie Björk", ON, None)]);
    for it in [left, alone] {
        look.liable(it, &[(&it.persons[0], it.from, Some(ON)), (it.owner.as_ref().unwrap(), ON, None)]);
        let rest = charge(it.amount(2015), 2015, ON, date(2016, 4, 1));
        look.owes(&it.opened(2), 2015, &written(rest));
    }
    let (begin, amount) = (date(2015, 4, 1), alone.amount(2015));
    look.owes(&alone.account, 2015, &written(charge(amount, 2015, begin, ON) - quarter(amount, 2015, begin, ON)));
    assert_eq!(look.account(&alone.account)["awards"][0]["to"], json!(ON), "the discount ends with liability");
    assert_eq!(look.account(&alone.account)["status"], "closed");
    look.all_add_up();
}

#[test]
fn a_move_within_moves_both_dwellings_and_the_way_of_paying() {
    let council = Council::new(5, 60);
    let pack = &council.pack;
    let by_debit = pack.dwellings.iter().find(|it| it.sort == Sort::Tenant && look_pays(it, pack)).unwrap();
    let (to, other, third) = (pack.nth(Sort::Void, 0), pack.nth(Sort::Void, 1), pack.nth(Sort::Void, 2));
    let (pair, occupied) = (pack.nth(Sort::Tenants, 0), pack.nth(Sort::Couple, 0));
    let left = ON - 3.days();
    let mut not_all = move_within(pack.nth(Sort::Tenants, 1), third, "not-all", ON, ON);
    not_all["details"]["everyone_moved"] = json!(false);
    council.submit(&[
        move_within(by_debit, to, "moved", left, ON),
        move_within(pair, other, "pair", ON, ON),
        move_within(pack.nth(Sort::Tenants, 2), occupied, "occupied", ON, ON),
        not_all,
        move_within(pack.nth(Sort::Tenants, 3), third, "two-homes", ON, ON - 1.day()),
    ]);
    let look = council.look();
    look.came_to("moved", "applied", &[]);
    look.came_to("pair", "applied", &[]);
    look.came_to("occupied", "referred", &["R04"]);
    look.came_to("not-all", "referred", &["R12"]);
    look.came_to("two-homes", "referred", &["R10"]);
    let (name, owner) = (by_debit.persons[0].as_str(), by_debit.owner.as_deref().unwrap());
    look.liable(by_debit, &[(name, by_debit.from, Some(left)), (owner, left, None)]);
    look.liable(to, &[(&to.persons[0], to.from, Some(ON)), (name, ON, None)]);
    look.liable(other, &[(&other.persons[0], other.from, Some(ON)), (&pair.persons[0], ON, None)]);
    let opened = look.account(&to.opened(2));
    assert_eq!(opened["payment_method"], "direct-debit");
    assert_eq!(opened["awards"], json!([{"code": "D-SPD", "from": ON, "to": null}]));
    assert_eq!(look.account(&other.opened(2))["awards"], json!([]));
    assert_eq!(look.account(&by_debit.opened(2))["payment_method"], "cash", "the owner has not said how they pay");
    look.all_add_up();
}

/// Whether the small pack has this dwelling pay by direct debit.
fn look_pays(it: &super::pack::Dwelling, pack: &super::pack::Pack) -> bool {
    pack.dwellings.iter().position(|other| other.uprn == it.uprn).unwrap() % 3 == 0
}

#[test]
fn a_landlord_tells_of_new_tenants_and_is_liable_between() {
    let council = Council::new(6, 60);
    let pack = &council.pack;
    let tenants = |nth| pack.nth(Sort::Tenants, nth);
    let (ended, starts) = (date(2015, 11, 10), date(2015, 11, 20));
    let new: &[&str] = &["Mx Aoife D'Souza", "Mr Tomos D'Souza"];
    let (gap, at_once, empty, alone) = (tenants(0), tenants(1), tenants(2), pack.nth(Sort::Tenant, 0));
    let mut separate = tenancy_change(tenants(3), "separate", ended, Some(starts), new);
    separate["details"]["joint_tenancy"] = json!(false);
    let mut stranger = tenancy_change(tenants(4), "stranger", ended, Some(starts), new);
    stranger["submitted_by"]["name"] = json!("Someone Else Ltd");
    let mut agent = tenancy_change(tenants(4), "agent", ended, Some(starts), new);
    agent["submitted_by"]["role"] = json!("agent");
    council.submit(&[
        tenancy_change(gap, "gap", ended, Some(starts), new),
        tenancy_change(at_once, "at-once", ended, Some(ended + 1.day()), new),
        tenancy_change(empty, "empty", ended, None, &[]),
        tenancy_change(alone, "alone", ended, Some(starts), new),
        separate,
        stranger,
        agent,
        by_stranger(
            new[0],
            "liable-person",
            gap,
            "move-in",
            "tenants-too",
            starts,
            &json!({
            "persons": [{"name": new[0]}, {"name": new[1]}], "tenure": "tenant", "sole_adult": false,
            "previous_occupiers_left": true}),
        ),
    ]);
    let look = council.look();
    for name in ["gap", "at-once", "empty", "alone"] {
        look.came_to(name, "applied", &[]);
    }
    look.came_to("separate", "referred", &["R11"]);
    look.came_to("stranger", "referred", &["R13"]);
    look.came_to("agent", "referred", &["R13"]);
    look.came_to("tenants-too", "duplicate", &["R23"]);
    // The last day of a tenancy is the tenant's: the owner is liable from the day after.
    let void = ended + 1.day();
    for it in [gap, alone] {
        let owner = it.owner.as_deref().unwrap();
        look.liable(it, &[(&it.persons[0], it.from, Some(void)), (owner, void, Some(starts)), (new[0], starts, None)]);
        look.owes(&it.opened(2), 2015, &written(charge(it.amount(2015), 2015, void, starts)));
    }
    look.liable(at_once, &[(&at_once.persons[0], at_once.from, Some(void)), (new[0], void, None)]);
    look.liable(empty, &[(&empty.persons[0], empty.from, Some(void)), (empty.owner.as_ref().unwrap(), void, None)]);
    assert_eq!(look.account(&gap.opened(3))["liable_persons"].as_array().unwrap().len(), 2);
    look.all_add_up();
}

#[test]
fn three_tell_of_one_move_and_it_happens_once_in_whatever_order() {
    let new: &[&str] = &["Ms Zoë Ünal", "Mr Olu Ünal"];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
        let council = Council::new(7, 24);
        let it = council.pack.nth(Sort::Tenants, 0);
        let owner = json!({"kind": "owner", "name": it.owner});
        let told = [
            move_out(it, "tenants", ON, &owner),
            tenancy_change(it, "landlord", ON - 1.day(), Some(ON), new),
            move_in(it, "newcomers", ON, new),
        ];
        council.submit(&order.map(|number| told[number].clone()));
        let look = council.look();
        let mut timeline = look.client.get(&format!("/api/v1/dwellings/{}", it.uprn)).ok()["timeline"].clone();
        // What waits for an officer is a claim, and comes last.
        timeline.as_array_mut().unwrap().retain(|it| it["kind"] != "claim");
        if order[0] == 2 {
            // Newcomers alone cannot end the account of people who have not said that they left: they waited for who could.
            let newcomers = look.notification("newcomers");
            let what: Vec<_> = newcomers["timeline"].as_array().unwrap().iter().map(|it| it["what"].clone()).collect();
            assert_eq!(what[2..4], ["referred", "taken-up"], "{newcomers:#}");
            assert_eq!(newcomers["status"], "duplicate", "the landlord told the same");
        }
        assert_eq!(timeline[0]["to"], json!(ON), "{order:?}: {timeline:#}");
        assert_eq!(timeline[1]["liable_persons"][0]["name"], new[0], "{order:?}: {timeline:#}");
        assert_eq!(timeline.as_array().unwrap().len(), 2, "{order:?}: {timeline:#}");
        look.adds_up(it);
    }
}

#[test]
fn a_landlord_is_heard_after_the_tenants_have_told_that_they_left() {
    let council = Council::new(8, 60);
    let at = |nth| council.pack.nth(Sort::Tenants, nth);
    let new: &[&str] = &["Ms Zoë Ünal", "Mr Olu Ünal"];
    let left = |nth: usize| move_out(at(nth), &format!("left-{nth}"), ON, &json!({"kind": "owner"}));
    let eve = ON - 1.day();
    let mut starts_only = tenancy_change(at(2), "starts-only", eve, Some(ON), new);
    starts_only["details"].as_object_mut().unwrap().remove("tenancy_ended_on");
    starts_only["details"]["outgoing"] = json!([]);
    let mut others = tenancy_change(at(3), "others", eve, Some(ON), new);
    others["details"]["outgoing"] = json!(["Mr Somebody Else"]);
    council.submit(&[
        left(0),
        tenancy_change(at(0), "at-once", eve, Some(ON), new),
        left(1),
        tenancy_change(at(1), "later", eve, Some(ON + 7.days()), new),
        left(2),
        starts_only,
        left(3),
        others,
        left(4),
        tenancy_change(at(4), "nobody-comes", eve, None, &[]),
        left(5),
        move_in(at(5), "moved-in", ON, new),
        tenancy_change(at(5), "all-told", eve, Some(ON), new),
    ]);
    let look = council.look();
    for nth in [0, 2, 5] {
        let it = at(nth);
        look.liable(it, &[(&it.persons[0], it.from, Some(ON)), (new[0], ON, None)]);
    }
    let (it, owner) = (at(1), at(1).owner.as_deref().unwrap());
    let starts = ON + 7.days();
    look.liable(it, &[(&it.persons[0], it.from, Some(ON)), (owner, ON, Some(starts)), (new[0], starts, None)]);
    for (name, status, reasons) in [
        ("at-once", "applied", &[][..]),
        ("later", "applied", &[]),
        ("starts-only", "applied", &[]),
        ("others", "referred", &["R19"]),
        ("nobody-comes", "duplicate", &["R23"]),
        ("all-told", "duplicate", &["R23"]),
    ] {
        look.came_to(name, status, reasons);
    }
    look.all_add_up();
}
