//! `kill -9` at any moment, of `submit` and of `serve`: what was acknowledged is there, once.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::council::Council;
use super::http::Client;
use super::log::{examine, liabilities, outcomes};
use super::pack::{Seed, Sort};
use super::run::{Running, until};
use super::say::{self, after, contact, move_in};
use super::submitted::many;

pub(super) fn names(sent: &[Value]) -> BTreeSet<String> {
    sent.iter().map(|it| it["source_reference"].as_str().unwrap().to_owned()).collect()
}

fn decided(events: &[Value]) -> usize {
    outcomes(events).values().filter(|it| *it != "undecided").count()
}

/// Kills a submission again and again at moments drawn from the seed, until it was caught in the middle a few times.
fn killed_at_many_moments(clock: &str, seed: u64) {
    let plain = Council::on_clock(clock, seed, 96);
    let sent = many(&plain);
    let started = Instant::now();
    plain.submit(&sent);
    let whole = started.elapsed();
    let expected = plain.hearth.events();
    let council = Council::on_clock(clock, seed, 96);
    let file = council.hearth.write("sent.ndjson", &say::lines(&sent));
    let mut draw = Seed::new(seed);
    let (mut caught, mut moments) = (0, BTreeSet::new());
    for _ in 0..30 {
        let mut command = council.hearth.command(&["submit", &file]);
        let mut child = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        std::thread::sleep(whole * u32::try_from(draw.below(1_000)).unwrap() / 1_500);
        child.signal("KILL");
        child.ended();
        let events = council.hearth.events();
        let so_far = (outcomes(&events).len(), decided(&events));
        if so_far.0 > 0 && so_far.1 < sent.len() && moments.insert(so_far) {
            caught += 1;
        }
        if caught == 5 || so_far.1 == sent.len() {
            break;
        }
    }
    assert!(caught > 0, "it was never caught in the middle: {moments:?}");
    let tally = council.submit(&sent);
    assert_eq!((&tally["received"], &tally["pending"]), (&json!(sent.len()), &json!(0)), "{tally}");
    let events = council.hearth.events();
    examine(&events, &names(&sent)).unwrap();
    assert_eq!(outcomes(&events), outcomes(&expected), "caught at {moments:?}");
    assert_eq!(liabilities(&events), liabilities(&expected), "caught at {moments:?}");
    council.hearth.verified();
}

#[test]
fn a_submission_that_is_killed_is_completed_by_the_next() {
    killed_at_many_moments("system", 41);
}

#[test]
fn so_it_is_on_a_simulated_clock() {
    killed_at_many_moments("file", 42);
}

/// The control: the examination finds a notification that was lost, decided twice or never, and a liability too many.
#[test]
fn what_is_lost_or_double_is_found_out() {
    let council = Council::new(43, 16);
    let sent = many(&council);
    council.submit(&sent);
    let events = council.hearth.events();
    let sent = names(&sent);
    examine(&events, &sent).unwrap();
    let place = |kind: &str| events.iter().rposition(|it| it["type"] == kind).unwrap();
    let renumbered = |mut events: Vec<Value>| {
        for (event, position) in events.iter_mut().zip(1..) {
            event["position"] = json!(position);
        }
        examine(&events, &sent).unwrap_err()
    };
    let without = |kind: &str| {
        let mut events = events.clone();
        events.remove(place(kind));
        renumbered(events)
    };
    let with = |change: &dyn Fn(&mut Value), kind: &str| {
        let mut events = events.clone();
        let mut more = events[place(kind)].clone();
        change(&mut more);
        events.push(more);
        renumbered(events)
    };
    assert!(without("NotificationReceived").contains("received 0 times"));
    assert!(without("NotificationCompleted").contains("0 outcomes"));
    assert!(with(&|_| (), "NotificationReceived").contains("received 2 times"));
    assert!(with(&|_| (), "NotificationCompleted").contains("2 outcomes"));
    assert!(with(&|_| (), "LiabilityStarted").contains("opened twice"));
    assert!(with(&|it| it["data"]["account"] = json!("x"), "LiabilityStarted").contains("overlap"));
}

/// Posts from several sides until the service is gone; what was acknowledged, by the sender's reference.
pub(super) fn post_until_gone(client: &Client, work: &[Vec<Value>]) -> BTreeMap<String, String> {
    let ledger = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for mine in work {
            let (ledger, client) = (&ledger, client.clone());
            scope.spawn(move || {
                for it in mine {
                    let Ok(answer) = client.post(it) else { return };
                    if matches!(answer.status, 200 | 201) {
                        let reference = answer.body["reference"].as_str().unwrap().to_owned();
                        ledger.lock().unwrap().insert(it["source_reference"].as_str().unwrap().to_owned(), reference);
                    } else {
                        assert!(matches!(answer.status, 503 | 504), "{answer:?}");
                    }
                }
            });
        }
    });
    ledger.into_inner().unwrap()
}

/// What four senders have to say; some of it about the same dwellings.
pub(super) fn from_four_sides(council: &Council, round: usize) -> Vec<Vec<Value>> {
    let of = |side: usize| {
        let mut mine = Vec::new();
        for number in 0..40 {
            let couple = council.pack.nth(Sort::Couple, (number + side) % 10);
            let name = format!("r{round}-s{side}-n{number}");
            mine.push(contact(couple, &name, &format!("{name}@mail.example.net")));
            if number < 10 && number % 4 == side {
                let void = council.pack.nth(Sort::Void, number);
                let name = format!("r{round}-in-{number}-{side}");
                mine.push(move_in(void, &name, after(-1), &[&format!("Ms Round {round}")]));
            }
        }
        mine
    };
    (0..4).map(of).collect()
}

/// A simulated clock stands at the day of receipt once something was received.
pub(super) fn wind(council: &Council) {
    let mut first = contact(council.pack.nth(Sort::Tenants, 0), "first", "new@mail.example.net");
    first["declaration"] = json!(true);
    assert_eq!(council.submit(&[first])["applied"], 1);
}

#[test]
fn a_service_that_is_killed_under_load_has_kept_what_it_acknowledged() {
    let council = Council::new(44, 96);
    wind(&council);
    let (sender, officer) = (council.hearth.token("submitter"), council.hearth.token("officer"));
    let mut draw = Seed::new(44);
    let mut kept: BTreeMap<String, String> = BTreeMap::new();
    let mut sent = Vec::new();
    for round in 0..3 {
        let work = from_four_sides(&council, round);
        let served = council.hearth.serve();
        let client = Client::new(served.address, &sender);
        let acknowledged = std::thread::scope(|scope| {
            let posting = scope.spawn(|| post_until_gone(&client, &work));
            std::thread::sleep(Duration::from_millis(150 + draw.below(900)));
            served.killed();
            posting.join().unwrap()
        });
        kept.extend(acknowledged);
        sent.extend(work.into_iter().flatten());
    }
    assert!(!kept.is_empty() && kept.len() < sent.len(), "{} of {} acknowledged", kept.len(), sent.len());
    // Started again, it gives each its outcome by itself.
    let served = council.hearth.serve();
    let client = Client::new(served.address, &officer);
    for (source, reference) in &kept {
        until(&format!("{source} has an outcome"), || {
            client.get(&format!("/api/v1/notifications/{reference}")).ok()["status"] != "received"
        });
    }
    let events = council.hearth.events();
    examine(&events, &kept.keys().cloned().collect()).unwrap();
    // All of it sent again: the same answer for what is known, and the rest is taken now.
    let client = Client::new(served.address, &sender);
    for it in &sent {
        let answer = client.post(it).unwrap();
        let source = it["source_reference"].as_str().unwrap();
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        if let Some(reference) = kept.get(source) {
            assert_eq!((answer.status, &answer.body["reference"]), (200, &json!(reference)), "{source}");
        }
    }
    served.stopped();
    examine(&council.hearth.events(), &names(&sent)).unwrap();
    council.hearth.verified();
}
