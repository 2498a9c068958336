//! What a notification that waits brings with it: recovery is held, a day is promised, what tells of the same move is
//! linked, and what only waited for another is taken up.

mod asked;
mod recovery;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::council::{Council, Look};
use super::officers::Desk;
use super::pack::{Dwelling, Sort};
use super::say::{RECEIVED, contact, discount_ends, move_in, move_out, tenancy_change};

/// The day of the moves here.
const ON: Date = date(2015, 11, 14);
const EVE: Date = date(2015, 11, 13);
const NEWCOMERS: [&str; 2] = ["Ms Zoë Ünal", "Mr Olu Quirk"];

/// The same, received so many hours later.
fn hours_later(mut told: Value, hours: i64) -> Value {
    let first: Timestamp = format!("{RECEIVED}T10:15:00Z").parse().unwrap();
    told["received_at"] = json!((first + SignedDuration::from_hours(hours)).to_string());
    told
}

/// The same, received so many days later.
fn days_later(told: Value, days: i64) -> Value {
    hours_later(told, 24 * days)
}

/// One move, as the tenants, their landlord and the newcomers tell it.
fn one_move(at: &Dwelling) -> [Value; 3] {
    [
        move_out(at, "out", ON, &json!({"kind": "owner", "name": at.owner})),
        tenancy_change(at, "landlord", EVE, Some(ON), &NEWCOMERS),
        move_in(at, "in", ON, &NEWCOMERS),
    ]
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

fn linked(look: &Look<'_>, source: &str) -> Vec<String> {
    let it = look.notification(source);
    sorted(it["linked"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect())
}

fn types(events: &[Value], of: &str) -> usize {
    events.iter().filter(|it| it["type"] == of).count()
}

#[test]
fn a_move_told_by_three_in_any_order_is_one_change_with_three_linked() {
    const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (number, order) in ORDERS.into_iter().enumerate() {
        let council = Council::new(200, 16);
        let (at, other) = (council.pack.nth(Sort::Tenants, 0), council.pack.nth(Sort::Couple, 0));
        let told = one_move(at);
        let mut sent: Vec<_> =
            order.iter().zip(0..).map(|(which, hours)| hours_later(told[*which].clone(), hours)).collect();
        // The control: another move, at another dwelling, is linked with none of them.
        sent.push(hours_later(move_in(other, "other", ON, &["Mx Tal Iversen"]), 4));
        council.submit(&sent);
        let look = council.look();
        for source in ["out", "landlord", "in"] {
            let others = ["out", "landlord", "in"].into_iter().filter(|it| *it != source);
            let expected = sorted(others.map(|it| look.reference(it).to_owned()).collect());
            assert_eq!(linked(&look, source), expected, "{source} in order {number}");
            let status = look.notification(source)["status"].clone();
            assert!(status == "applied" || status == "duplicate", "{source} in order {number}: {status}");
        }
        look.came_to("other", "referred", &["R04"]);
        assert_eq!(linked(&look, "other"), Vec::<String>::new());
        look.liable(at, &[(&at.persons[0], at.from, Some(ON)), (NEWCOMERS[0], ON, None)]);
        let accounts = look.client.get(&format!("/api/v1/accounts?uprn={}", at.uprn)).ok();
        let last = accounts["items"].as_array().unwrap().iter().find(|it| it["to"].is_null()).unwrap().clone();
        assert_eq!((&last["adults"], &last["awards"]), (&json!(2), &json!([])), "in order {number}");
        look.served.stopped();
        let taken_up = types(&council.hearth.events(), "ReferralTakenUp");
        assert_eq!(taken_up, usize::from(order[0] == 2), "who came first waited for the others, in order {number}");
        council.hearth.verified();
    }
}

#[test]
fn what_somebody_works_on_or_what_is_not_cured_is_left_to_the_officer() {
    let council = Council::new(201, 40);
    let [held, free, late, raised] = [0, 1, 2, 3].map(|nth| council.pack.nth(Sort::Tenants, nth));
    let arrives = |at, reference: &str| move_in(at, reference, ON, &NEWCOMERS);
    let mut wordy = arrives(late, "wordy");
    wordy["free_text"] = json!("My aunt stays at weekends.");
    council.submit(&[arrives(held, "held"), arrives(free, "free"), wordy, arrives(raised, "raised")]);
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(look.reference("held"));
    desk.claim(look.reference("raised"));
    desk.act(look.reference("raised"), "escalate", &json!({})).ok();
    look.served.stopped();
    let left = |at: &Dwelling, reference: &str| {
        hours_later(move_out(at, reference, ON, &json!({"kind": "owner", "name": at.owner})), 5)
    };
    let out = [left(held, "out-1"), left(free, "out-2"), left(late, "out-3"), left(raised, "out-4")];
    assert_eq!(council.submit(&out)["applied"], 4);
    let look = council.look();
    for (source, status) in [("held", "referred"), ("free", "applied"), ("wordy", "referred"), ("raised", "referred")] {
        assert_eq!(look.notification(source)["status"], status, "{source}");
    }
    let what: Vec<_> = look.notification("free")["timeline"].as_array().unwrap().clone();
    let what: Vec<_> = what.iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["received", "decided", "referred", "taken-up", "decided", "completed"]);
    look.liable(free, &[(&free.persons[0], free.from, Some(ON)), (NEWCOMERS[0], ON, None)]);
    let of_owner = look.account(&held.opened(2));
    assert_eq!((&of_owner["liable_persons"][0]["name"], &of_owner["to"]), (&json!(held.owner), &Value::Null));
    // Nothing was recorded of those that were left as they were.
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!(types(&events, "ReferralTakenUp"), 1);
    council.hearth.verified();
}

#[test]
fn halves_of_a_move_that_arrive_at_once_find_each_other() {
    let council = Council::new(202, 96);
    council.submit(&[contact(council.pack.nth(Sort::Couple, 0), "wind", "new@mail.example.net")]);
    let token = council.hearth.token("submitter");
    let look = council.look();
    let client = super::http::Client::new(look.served.address, &token);
    let homes: Vec<_> = (0..12).map(|nth| council.pack.nth(Sort::Tenants, nth)).collect();
    std::thread::scope(|scope| {
        for at in &homes {
            let arrival = move_in(at, &format!("in-{}", at.uprn), ON, &NEWCOMERS);
            let owner = json!({"kind": "owner", "name": at.owner});
            let departure = move_out(at, &format!("out-{}", at.uprn), ON, &owner);
            for told in [arrival, departure] {
                let client = client.clone();
                scope.spawn(move || assert_eq!(client.post(&told).unwrap().status, 201));
            }
        }
    });
    super::run::until("all have their outcome", || {
        homes.iter().all(|at| {
            let listed = look.client.get(&format!("/api/v1/accounts?uprn={}", at.uprn)).ok();
            listed["items"].as_array().unwrap().iter().any(|it| it["liable_persons"][0]["name"] == NEWCOMERS[0])
        })
    });
    for at in &homes {
        look.liable(at, &[(&at.persons[0], at.from, Some(ON)), (NEWCOMERS[0], ON, None)]);
    }
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn the_promised_day_is_that_of_the_queue_as_it_is() {
    let council = Council::new(203, 60);
    let couple = |nth| council.pack.nth(Sort::Couple, nth);
    let referred = |nth: usize| move_in(couple(nth), &format!("moves-{nth}"), ON, &["Mx Tal Iversen"]);
    council.submit(&[referred(0), referred(1), referred(2)]);
    let look = council.look();
    // Nobody has completed anything: the service standard, ten working days.
    for nth in 0..3 {
        assert_eq!(look.notification(&format!("moves-{nth}"))["promised_by"], "2015-12-15");
    }
    let desk = Desk::new(&look, &council, "officer", 1);
    let first = look.reference("moves-0").to_owned();
    desk.claim(&first);
    desk.act(&first, "decide", &json!({"decision": "reject", "reason": "R19"})).ok();
    look.served.stopped();
    // Two are ahead, and one was completed in twenty working days: sixty working days, over Christmas and New Year.
    let future = discount_ends(council.pack.nth(Sort::Alone, 0), "discounts", RECEIVED, "Mx Tal Iversen");
    let mut future = hours_later(future, 1);
    future["effective_on"] = json!("2016-01-31");
    council.submit(&[future, hours_later(referred(3), 1)]);
    let look = council.look();
    assert_eq!(look.notification("moves-3")["promised_by"], "2016-02-26");
    assert_eq!(look.notification("moves-1")["promised_by"], "2015-12-15", "what was promised stays so");
    assert_eq!(look.notification("discounts")["promised_by"], "2015-12-15", "of another queue nothing is known");
    let desk = Desk::new(&look, &council, "officer", 3);
    let item = desk.item(look.reference("moves-3"));
    assert_eq!((&item["due_on"], &item["promised_by"]), (&json!("2015-12-15"), &json!("2016-02-26")));
    look.served.stopped();
    // A month and a half later nothing was completed lately.
    council.submit(&[days_later(referred(4), 45)]);
    let look = council.look();
    assert_eq!(look.notification("moves-4")["promised_by"], "2016-01-29");
    look.served.stopped();
    council.hearth.verified();
}
