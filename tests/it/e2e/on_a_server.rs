//! The program with its log in EventStoreDB, over the protocol double.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hearth::store::sqlite::SqliteStore;
use hearth::store::{EventStore, Expected};
use hearth_events::{EventId, NewEvent, StreamName};
use jiff::Timestamp;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::http::Client;
use super::log::{examine, liabilities, outcomes};
use super::run::{Hearth, Running, until};
use super::sample::{notifications, pack};
use crate::esdb::double::{Double, say};

fn seed() -> u64 {
    let given = std::env::var("HEARTH_TEST_SEED").ok().and_then(|it| it.parse().ok());
    given.unwrap_or_else(|| u64::from(std::process::id()) ^ 0x0e5d_b420)
}

fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Everything that goes wrong now and then, and never stops the work for long.
fn bad_weather() -> Value {
    json!([
        {"rpc": "append", "fault": "lose-reply", "rate": 0.01, "times": null},
        {"rpc": "append", "fault": "not-leader", "rate": 0.002, "times": null},
        {"rpc": "append", "fault": "aborted", "rate": 0.005, "times": null},
        {"rpc": "any", "fault": "unavailable", "rate": 0.005, "times": null},
        {"rpc": "read", "fault": "cut", "after": 1, "rate": 0.005, "times": null},
        {"rpc": "read", "fault": "end-ok", "after": 1, "rate": 0.02, "times": null},
        {"rpc": "read", "fault": "slow", "ms": 2, "rate": 0.02, "times": null},
        {"rpc": "any", "fault": "hang", "rate": 0.0005, "times": 5},
    ])
}

/// One line of an exported log, with the bytes of its parts.
#[derive(serde::Deserialize)]
struct Exported {
    stream: String,
    revision: u64,
    id: EventId,
    #[serde(rename = "type")]
    type_name: String,
    recorded_at: Timestamp,
    data: Box<RawValue>,
    metadata: Box<RawValue>,
}

/// Appends the events of an exported log one by one to an embedded log.
async fn copied(exported: &str, data: &Path) {
    let store = SqliteStore::open(&data.join("log")).unwrap();
    for line in exported.lines() {
        let it: Exported = serde_json::from_str(line).unwrap();
        let event = NewEvent {
            id: it.id,
            type_name: it.type_name.leak(),
            recorded_at: it.recorded_at,
            data: it.data.get().to_owned(),
            metadata: it.metadata.get().to_owned(),
        };
        let expected = it.revision.checked_sub(1).map_or(Expected::NoStream, Expected::Exact);
        store.append(&StreamName::named(&it.stream), expected, vec![event]).await.unwrap();
    }
}

/// The digests of a replay, and that they are those of the live views.
fn digests(hearth: &Hearth) -> Value {
    hearth.run(&["replay", "--verify", "--json"]).ok().json()
}

/// What an officer sees of an account; the events a figure rests on may be numbered otherwise in another run.
fn seen(client: &Client, account: &str) -> Value {
    fn without_because(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("because");
                fields.values_mut().for_each(without_because);
            }
            Value::Array(items) => items.iter_mut().for_each(without_because),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut body = client.get(&format!("/api/v1/accounts/{account}")).body;
    without_because(&mut body);
    body
}

fn compared_by_officers(one: &Hearth, other: &Hearth) {
    let (served_one, served_other) = (one.serve(), other.serve());
    let here = Client::new(served_one.address, &one.token("officer"));
    let there = Client::new(served_other.address, &other.token("officer"));
    let accounts: BTreeSet<_> =
        notifications().iter().filter_map(|it| it["account"].as_str().map(str::to_owned)).collect();
    assert!(accounts.len() > 100);
    for account in accounts.iter().take(120) {
        assert_eq!(seen(&here, account), seen(&there, account), "{account}");
    }
    served_one.stopped();
    served_other.stopped();
}

/// A blow to the cluster, another each time: its leader dies, steps down, or all of it is restarted.
fn struck(double: &Double, turn: usize) {
    let (leader, next) = (turn % 3 + 1, (turn + 1) % 3 + 1);
    match turn % 3 {
        0 => {
            double.node(leader, &json!({"state": "dead", "stale_gossip": true}));
            std::thread::sleep(Duration::from_millis(500));
            double.node(next, &json!({"state": "leader"}));
            std::thread::sleep(Duration::from_millis(500));
            double.node(leader, &json!({"state": "follower"}));
        }
        1 => double.node(next, &json!({"state": "leader"})),
        _ => {
            double.node(next, &json!({"state": "leader"}));
            double.restart(Duration::from_millis(300));
            std::thread::sleep(Duration::from_millis(600));
            double.faults(&bad_weather());
        }
    }
}

#[test]
fn the_sample_comes_to_the_same_on_a_server_in_bad_weather() {
    let seed = seed();
    say(&format!("seed {seed}: set HEARTH_TEST_SEED to it for the same weather"));
    let double = Double::with(&["--noise", "--nodes", "3", "--seed", &seed.to_string()]);
    let served = Hearth::on(&double.address_with("&defaultDeadline=2000"));
    double.faults(&bad_weather());
    let done = AtomicBool::new(false);
    let told = std::thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0.. {
                for _ in 0..50 {
                    std::thread::sleep(Duration::from_millis(100));
                    if done.load(Ordering::Relaxed) {
                        return;
                    }
                }
                struck(&double, turn);
            }
        });
        let told = served.run(&["demo", "--no-serve", "--json"]);
        done.store(true, Ordering::Relaxed);
        told.ok().json()
    });
    assert!(double.faulted() > 20, "{}", double.counts());
    double.faults(&json!([]));
    assert_eq!(double.calls("batch"), 0);
    comes_to_the_same(&served, &told, &double.address());
}

/// On a real server, where there is one: `HEARTH_TEST_ESDB`.
#[test]
fn the_sample_comes_to_the_same_on_a_real_server() {
    let Some(real) = crate::esdb::real_log() else { return };
    let served = Hearth::on(&real);
    let told = served.run(&["demo", "--no-serve", "--json"]).ok().json();
    comes_to_the_same(&served, &told, &real);
}

/// That the sample on a server, of which this was told, is what it is on the embedded store.
fn comes_to_the_same(served: &Hearth, told: &Value, address: &str) {
    let embedded = Hearth::new();
    let expected = embedded.run(&["demo", "--no-serve", "--json"]).ok().json();
    assert!(expected == *told, "{expected}\n{told}");
    let (events, their_events) = (embedded.events(), served.events());
    let sent = notifications().iter().map(|it| it["source_reference"].as_str().unwrap().to_owned()).collect();
    examine(&their_events, &sent).unwrap();
    assert_eq!(events.len(), their_events.len());
    assert_eq!(outcomes(&events), outcomes(&their_events));
    assert_eq!(liabilities(&events), liabilities(&their_events));
    // The log that is on the server, put into an embedded one, is the same to the byte, and so are the views of it.
    let moved = Hearth::new();
    let exported = served.run(&["export"]).ok().out;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(copied(&exported, &moved.data()));
    assert!(moved.run(&["export"]).ok().out == exported);
    let read = runtime.block_on(crate::esdb::read_by_the_client(address));
    let written = exported.lines().map(|line| {
        let it: Exported = serde_json::from_str(line).unwrap();
        (it.stream, it.revision, it.id.to_string(), it.type_name, it.data.get().to_owned())
    });
    assert!(written.eq(read));
    moved.run(&["rebuild"]).ok();
    assert_eq!(digests(&moved), digests(served));
    compared_by_officers(&embedded, served);
}

/// Sends notifications while the server of the log is killed and comes back; a ledger is kept outside of both.
#[test]
fn what_was_acknowledged_survives_a_server_that_is_killed() {
    let folder = TempDir::new().unwrap();
    let (journal, address) = (folder.path().join("journal"), free_address().to_string());
    let args = ["--journal", journal.to_str().unwrap(), "--listen", &address];
    let mut double = Double::with(&args);
    let hearth = Hearth::on(&double.address_with("&defaultDeadline=500"));
    hearth.run(&["import", pack().to_str().unwrap()]).ok();
    let token = hearth.token("submitter");
    let served = hearth.serve();
    let client = Client::new(served.address, &token);
    let mut ledger = BTreeSet::new();
    let mut refused = 0;
    for (number, it) in notifications().iter().take(60).enumerate() {
        if number % 20 == 10 {
            double.signal("KILL");
            drop(double);
            let down = client.post(it);
            assert!(!matches!(&down, Ok(answer) if answer.status < 300), "{down:?}");
            until("readiness says so", || client.get("/health/ready").status == 503);
            assert_eq!(client.get("/health/live").status, 200);
            refused += 1;
            double = Double::with(&args);
            until("it is ready again", || client.get("/health/ready").status == 200);
        }
        until("the notification is acknowledged", || {
            client.post(it).is_ok_and(|answer| {
                [200, 201].contains(&answer.status) && {
                    ledger.insert(answer.body["reference"].as_str().unwrap().to_owned());
                    true
                }
            })
        });
    }
    assert_eq!((ledger.len(), refused), (60, 3));
    let undecided = || {
        let events = hearth.events();
        outcomes(&events).values().filter(|it| *it == "undecided").count()
    };
    until("every notification is decided", || undecided() == 0);
    served.stopped();
    let events = hearth.events();
    let received: Vec<_> = events.iter().filter(|it| it["type"] == "NotificationReceived").collect();
    let there: BTreeSet<_> = received.iter().map(|it| it["data"]["reference"].as_str().unwrap().to_owned()).collect();
    assert_eq!((received.len(), &there), (60, &ledger));
    hearth.verified();
}

#[test]
fn a_service_starts_before_its_server_and_says_so() {
    let address = free_address();
    let hearth = Hearth::on(&format!("esdb://{address}?tls=false&defaultDeadline=300"));
    let listen = free_address();
    let mut command = hearth.command(&["serve", "--listen", &listen.to_string()]);
    let mut child = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let client = Client::new(listen, "");
    until("it listens", || std::net::TcpStream::connect(listen).is_ok());
    assert_eq!(client.get("/health/live").status, 200);
    assert_eq!(client.get("/health/ready").status, 503);
    let told = client.get("/api/v1/accounts/30000006");
    assert_eq!(told.status, 503);
    assert!(told.body["detail"].as_str().unwrap().contains("cannot be reached"), "{told:?}");
    // One that only runs once says what is wrong and ends.
    let once = hearth.run(&["export"]).failed(2);
    assert!(once.err.contains("unavailable"), "{once:?}");
    let _double = Double::with(&["--listen", &address.to_string()]);
    until("it is ready", || client.get("/health/ready").status == 200);
    child.signal("TERM");
    assert_eq!(child.ended().code(), Some(0));
}

/// `serve` and `work` on one log: what the one takes in, the other may decide, and both see it.
#[test]
fn several_processes_share_a_log_on_a_server() {
    let double = Double::start();
    let hearth = Hearth::on(&double.address());
    hearth.run(&["import", pack().to_str().unwrap()]).ok();
    let token = hearth.token("submitter");
    let officer = hearth.token("officer");
    let mut work = hearth.command(&["work"]);
    let mut work = Running(work.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let (one, other) = (hearth.serve(), hearth.serve());
    let sent = notifications();
    std::thread::scope(|scope| {
        for (served, half) in [(&one, 0), (&other, 1)] {
            let (token, sent) = (&token, &sent);
            scope.spawn(move || {
                let client = Client::new(served.address, token);
                for it in sent.iter().skip(half).step_by(2).take(20) {
                    assert_eq!(client.post(it).unwrap().status, 201);
                }
            });
        }
    });
    let references: Vec<_> = {
        let events = hearth.events();
        let received = events.iter().filter(|it| it["type"] == "NotificationReceived");
        received.map(|it| it["data"]["reference"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(references.len(), 40);
    for served in [&one, &other] {
        let client = Client::new(served.address, &officer);
        for reference in &references {
            let path = format!("/api/v1/notifications/{reference}");
            until("both see it decided", || client.get(&path).ok()["status"] != "received");
        }
    }
    one.stopped();
    other.stopped();
    work.signal("TERM");
    assert_eq!(work.ended().code(), Some(0));
    hearth.verified();
}
