//! What was applied is reversed over the API: shown first, then done, to the penny; and reversed again.

mod crash;

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::council::{Council, Look};
use super::http::{Answer, Client};
use super::pack::{Dwelling, Sort};
use super::say::{by_holder, claim, discount_ends, move_in, move_within};

const ON: Date = date(2015, 11, 14);
const NEWCOMER: &[&str] = &["Ms Zoë Ünal"];

/// Somebody at a desk.
struct Desk {
    client: Client,
    name: String,
}

impl Desk {
    /// Somebody of this role, of whom there are `number` tokens already.
    fn new(look: &Look<'_>, council: &Council, role: &str, number: usize) -> Self {
        let client = Client::new(look.served.address, &council.hearth.token(role));
        Self { client, name: format!("{role}-{number}") }
    }

    fn shown(&self, id: &str) -> Value {
        self.client.get(&format!("/api/v1/notifications/{id}/reversal")).ok()
    }

    fn asks(&self, id: &str, what: &str) -> Answer {
        let body = json!({"explanation": "The notification was about another dwelling."});
        self.client.post_to(&format!("/api/v1/notifications/{id}/{what}"), &body)
    }
}

/// Of the instalments of a charge their sum is left: the days of what has to be asked for anew are later ones.
fn in_all(charge: &mut Value) {
    let pence = |it: &Value| it["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let sum: i64 = charge["instalments"].as_array().unwrap().iter().map(pence).sum();
    charge["instalments"] = json!(sum);
    charge.as_object_mut().unwrap().remove("issued_on");
}

/// Every account of these dwellings that has a day, but for the events it rests on; and the bands.
fn figures(look: &Look<'_>, dwellings: &[&Dwelling]) -> Value {
    let of = |at: &&Dwelling| {
        let mut accounts = look.client.get(&format!("/api/v1/accounts?uprn={}", at.uprn)).ok()["items"].clone();
        let accounts = accounts.as_array_mut().unwrap();
        accounts.retain(|it| it["from"] != it["to"]);
        for account in &mut *accounts {
            for line in
                account["charges"].as_array_mut().unwrap().iter_mut().flat_map(|it| it["lines"].as_array_mut().unwrap())
            {
                line.as_object_mut().unwrap().remove("because");
            }
            let charges = account["charges"].as_array_mut().unwrap();
            charges.retain(|it| it["lines"] != json!([]));
            charges.iter_mut().for_each(in_all);
        }
        let dwelling = look.client.get(&format!("/api/v1/dwellings/{}", at.uprn)).ok();
        json!([accounts, dwelling["bands"], dwelling["owner"]])
    };
    dwellings.iter().map(of).collect()
}

/// By how much the charges of a proposal move, one by one.
fn moves(proposal: &Value) -> Vec<(String, String, String)> {
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let charges = proposal["charges"].as_array().unwrap().iter();
    let mut moves: Vec<_> =
        charges.map(|it| (text(&it["account"]), text(&it["financial_year"]), text(&it["change"]))).collect();
    moves.sort();
    moves
}

/// Whatever it moved, the other way.
fn opposite(moves: Vec<(String, String, String)>) -> Vec<(String, String, String)> {
    let turned = |it: String| it.strip_prefix('-').map_or(format!("-{it}"), str::to_owned);
    moves.into_iter().map(|(account, year, change)| (account, year, turned(change))).collect()
}

/// Told, reversed, restored: the figures are those before, then those after; and what is shown first is what happens.
#[track_caller]
fn comes_back(council: &Council, at: &[&Dwelling], told: &Value) {
    let look = council.look();
    let before = figures(&look, at);
    look.served.stopped();
    let tally = council.submit(std::slice::from_ref(told));
    assert_eq!(tally["applied"], 1, "{tally}");
    let look = council.look();
    let source = told["source_reference"].as_str().unwrap();
    let id = look.reference(source).to_owned();
    let desk = Desk::new(&look, council, "officer", 9);
    let after = figures(&look, at);
    assert_ne!(before, after, "the change shows");
    let shown = desk.shown(&id);
    assert_eq!(
        (&shown["reversed"], &shown["under_way"], &shown["needs_supervisor"]),
        (&json!(false), &json!(false), &json!(false))
    );
    assert_eq!(figures(&look, at), after, "nothing happens by looking");
    let reversed = desk.asks(&id, "reverse").ok();
    assert_eq!((&reversed["status"], &reversed["reversed"]), (&json!("applied"), &json!(true)), "{reversed:#}");
    assert_eq!(figures(&look, at), before, "{shown:#}");
    // What would follow from restoring it is the same the other way.
    assert_eq!(moves(&reversed["proposal"]), opposite(moves(&shown["proposal"])));
    let it = look.notification(source);
    assert_eq!((&it["status"], &it["reversed"]), (&json!("applied"), &json!(true)), "{it:#}");
    assert_eq!(it["message"], "The notification was about another dwelling.");
    assert_eq!(it["timeline"].as_array().unwrap().last().unwrap()["what"], "reversed");
    desk.asks(&id, "restore").ok();
    assert_eq!(figures(&look, at), after);
    desk.asks(&id, "reverse").ok();
    assert_eq!(figures(&look, at), before);
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn a_move_in_comes_back() {
    let council = Council::new(101, 16);
    let at = council.pack.nth(Sort::Void, 0);
    comes_back(&council, &[at], &move_in(at, "in", ON, NEWCOMER));
}

#[test]
fn a_move_within_comes_back_at_both_dwellings() {
    let council = Council::new(102, 16);
    let (from, to) = (council.pack.nth(Sort::Tenant, 0), council.pack.nth(Sort::Void, 0));
    comes_back(&council, &[from, to], &move_within(from, to, "within", ON, ON));
}

#[test]
fn a_discount_comes_back() {
    let council = Council::new(103, 16);
    let at = council.pack.nth(Sort::Unclaimed, 0);
    comes_back(&council, &[at], &claim(at, "alone", ON, &[]));
    let at = council.pack.nth(Sort::Alone, 0);
    comes_back(&council, &[at], &discount_ends(at, "joined", ON, "Mr Olu Quirk"));
}

fn band_change(at: &Dwelling, reference: &str, on: Date, band: &str) -> Value {
    let mut told = by_holder(at, "band-change", reference, on, &json!({"change": "amended", "band": band}));
    told["channel"] = json!("voa");
    told["submitted_by"] = json!({"role": "third-party", "name": "A Service"});
    told.as_object_mut().unwrap().remove("account");
    told
}

fn another_band(at: &Dwelling) -> &'static str {
    if at.band == "C" { "B" } else { "C" }
}

#[test]
fn a_band_comes_back() {
    let council = Council::new(104, 16);
    let at = council.pack.nth(Sort::Couple, 0);
    comes_back(&council, &[at], &band_change(at, "band", ON, another_band(at)));
}

/// It was refused so, and the answer says what to do next.
#[track_caller]
fn refused(answer: Answer, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.body["detail"].as_str().unwrap().contains(says), "{says:?} in {answer:?}");
}

#[test]
fn what_cannot_be_reversed_is_refused_and_says_what_to_do() {
    let council = Council::new(105, 24);
    let void = council.pack.nth(Sort::Void, 0);
    let mut arrival = move_in(void, "in", ON, NEWCOMER);
    arrival["details"]["persons"][0]["email"] = json!("zoe@mail.example.net");
    let mut joined = discount_ends(void, "joined", super::say::after(-2), "Mr Olu Quirk");
    joined["account"] = json!(void.opened(2));
    joined["submitted_by"] = json!({"role": "liable-person", "name": NEWCOMER[0], "email": "zoe@mail.example.net"});
    let overlap = move_in(council.pack.nth(Sort::Couple, 0), "overlap", ON, NEWCOMER);
    let tally = council.submit(&[arrival, joined, overlap]);
    assert_eq!((&tally["applied"], &tally["referred"]), (&json!(2), &json!(1)), "{tally}");
    let look = council.look();
    let [id, later, waits] = ["in", "joined", "overlap"].map(|it| look.reference(it).to_owned());
    let (desk, auditor) = (Desk::new(&look, &council, "officer", 1), Desk::new(&look, &council, "auditor", 2));
    let before = figures(&look, &[void]);

    refused(desk.asks(&id, "reverse"), 409, &format!("reverse {later} first"));
    let shown = desk.shown(&id);
    assert!(
        shown["no_proposal_because"].as_str().unwrap().contains(&later) && shown["proposal"].is_null(),
        "{shown:#}"
    );
    refused(desk.asks(&waits, "reverse"), 409, "referred");
    refused(desk.client.get(&format!("/api/v1/notifications/{waits}/reversal")), 409, "referred");
    refused(desk.asks(&id, "restore"), 409, "not reversed");
    refused(desk.asks("HN-0000-0000-0009", "reverse"), 404, "no notification");
    refused(auditor.asks(&id, "reverse"), 403, "officer");
    let path = format!("/api/v1/notifications/{id}/reverse");
    assert_eq!(desk.client.post_to(&path, &json!({})).status, 422);
    assert_eq!(desk.client.post_to(&path, &json!({"explanation": "x", "force": true})).status, 422);
    assert_eq!(figures(&look, &[void]), before, "nothing happened");

    desk.asks(&later, "reverse").ok();
    desk.asks(&id, "reverse").ok();
    refused(desk.asks(&id, "reverse"), 409, "reversed already");
    // What rested on it is not restored without it.
    refused(desk.asks(&later, "restore"), 409, &format!("reverse {later} first"));
    desk.asks(&id, "restore").ok();
    desk.asks(&later, "restore").ok();
    assert_eq!(figures(&look, &[void]), before);
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn what_was_reversed_saves_nothing_and_may_be_told_again() {
    let council = Council::new(106, 16);
    let at = council.pack.nth(Sort::Unclaimed, 0);
    council.submit(&[claim(at, "alone", ON, &[])]);
    let look = council.look();
    let (desk, auditor) = (Desk::new(&look, &council, "officer", 1), Desk::new(&look, &council, "auditor", 2));
    let saved = || {
        let it = auditor.client.get("/api/v1/savings").ok();
        (it["straight_through"].clone(), it["realised"].clone(), it["potential"].clone())
    };
    let counted = saved();
    assert_eq!(counted.0, 1);
    let id = look.reference("alone").to_owned();
    desk.asks(&id, "reverse").ok();
    assert_eq!(saved(), (json!(0), json!("0.00"), counted.2.clone()));
    desk.asks(&id, "restore").ok();
    assert_eq!(saved(), counted);
    desk.asks(&id, "reverse").ok();
    look.served.stopped();
    // The same words again are news now.
    let tally = council.submit(&[claim(at, "again", ON, &[])]);
    assert_eq!(tally["applied"], 1, "{tally}");
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 4);
    refused(desk.asks(&id, "restore"), 409, look.reference("again"));
    look.all_add_up();
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn what_moves_much_or_a_year_that_is_over_takes_another_supervisor() {
    let council = Council::new(107, 24);
    let policy = council.hearth.read("pack/council.toml").replace("\"1500.00\"", "\"100.00\"");
    let (at, other) = (council.pack.nth(Sort::Unclaimed, 0), council.pack.nth(Sort::Unclaimed, 1));
    let old = claim(other, "old", date(2015, 3, 1), &[]);
    council.submit(&[claim(at, "alone", ON, &[]), old]);
    council.hearth.write("pack/council.toml", &policy);
    council.hearth.run(&["import", "pack"]).ok();
    let look = council.look();
    let officer = Desk::new(&look, &council, "officer", 1);
    let (one, two) = (Desk::new(&look, &council, "supervisor", 2), Desk::new(&look, &council, "supervisor", 3));
    let [id, old] = ["alone", "old"].map(|it| look.reference(it).to_owned());
    // Told 276 days late, it was an officer's, and then another's to authorise.
    let act = |desk: &Desk, action: &str, body: Value| {
        desk.client.post_to(&format!("/api/v1/work-items/{old}/{action}"), &body)
    };
    act(&one, "claim", json!({})).ok();
    act(&one, "decide", json!({"decision": "accept"})).ok();
    assert_eq!(act(&two, "authorise", json!({})).ok()["notification_status"], "applied");
    let before = figures(&look, &[at, other]);

    let shown = officer.shown(&id);
    let over = shown["proposal"]["over_limit"].as_str().map(str::to_owned);
    assert_eq!((&shown["needs_supervisor"], &shown["closed_years"]), (&json!(over.is_some()), &json!([])), "{shown:#}");
    let shown = officer.shown(&old);
    assert_eq!((&shown["needs_supervisor"], &shown["closed_years"]), (&json!(true), &json!(["2014/15"])), "{shown:#}");
    refused(officer.asks(&old, "reverse"), 403, "2014/15");
    refused(one.asks(&old, "reverse"), 403, "another supervisor");
    assert_eq!(figures(&look, &[at, other]), before, "nothing happened");
    two.asks(&old, "reverse").ok();
    assert_eq!(look.account(&other.account)["awards"], json!([]));
    // The reversal is that one's own decision then.
    refused(two.asks(&old, "restore"), 403, "another supervisor");
    refused(officer.asks(&old, "restore"), 403, "supervisor");
    one.asks(&old, "restore").ok();
    assert_eq!(figures(&look, &[at, other]), before);
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn of_those_who_reverse_at_once_one_does_and_it_happens_once() {
    let council = Council::new(108, 16);
    let at = council.pack.nth(Sort::Void, 0);
    council.submit(&[move_in(at, "in", ON, NEWCOMER)]);
    let look = council.look();
    let id = look.reference("in").to_owned();
    let desks: Vec<_> = (1..=16).map(|number| Desk::new(&look, &council, "officer", number)).collect();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asked: Vec<_> = desks.iter().map(|desk| scope.spawn(|| desk.asks(&id, "reverse").status)).collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|it| **it == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|it| matches!(it, 200 | 409)), "{answers:?}");
    let names: Vec<_> = desks.iter().map(|it| it.name.clone()).collect();
    look.liable(at, &[(&at.persons[0], at.from, None)]);
    look.served.stopped();
    let events = council.hearth.events();
    let reversed: Vec<_> = events.iter().filter(|it| it["type"] == "NotificationReversed").collect();
    assert_eq!(reversed.len(), 1);
    assert!(names.iter().any(|it| reversed[0]["data"]["officer"] == it.as_str()));
    assert!(!events.iter().any(|it| it.to_string().contains("another dwelling")), "the officer's words are sealed");
    let corrected: Vec<_> = events.iter().filter(|it| it["type"] == "AccountCorrected").collect();
    assert_eq!(corrected.len(), 2);
    assert!(!corrected.iter().any(|it| it.to_string().contains("Ünal") || it.to_string().contains(&at.persons[0])));
    council.hearth.verified();
}
