//! What happens to a server, and what must not happen to the log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hearth::store::eventstoredb::Flush;
use hearth::store::{EventStore, Expected, StoreError};
use hearth_events::{EventId, NewEvent, Position};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::double::{Double, say};
use super::{es, open};
use crate::store_kit::{all, event, event_called, stream, text_between};

/// Patience that suits a test: an attempt has this long, a call four times as long.
pub(super) const HASTE: &str = "&defaultDeadline=500";
const CALL: Duration = Duration::from_secs(2);

/// How often each event id is in the double's own log; its system events left out.
fn committed(double: &Double) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for it in double.log().iter().filter(|it| !it["stream"].as_str().unwrap().starts_with('$')) {
        *count.entry(it["id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    count
}

/// That what was acknowledged is in the log, and nothing is in it twice.
fn examined(double: &Double, acknowledged: &[EventId]) -> Result<(), String> {
    let committed = committed(double);
    for id in acknowledged {
        if !committed.contains_key(&id.to_string()) {
            return Err(format!("{id} was acknowledged and is not there"));
        }
    }
    match committed.iter().find(|it| *it.1 > 1) {
        Some((id, times)) => Err(format!("{id} is there {times} times")),
        None => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_whose_answer_is_lost_is_written_once() {
    let double = Double::start();
    let (store, _dir) = open(&double.address());
    let (a, batch) = (stream("dwelling-1"), vec![event(), event()]);
    for fault in ["lose-reply", "unavailable", "internal", "aborted", "deadline", "cut"] {
        let name = stream(&format!("dwelling-{fault}"));
        double.fault("append", fault, 2);
        let before = double.faulted();
        let batch = vec![event(), event()];
        let answer = store.append(&name, Expected::NoStream, batch.clone()).await.unwrap();
        assert!(double.faulted() > before, "{fault}");
        assert_eq!(answer.revision, 1, "{fault}");
        assert_eq!(store.append(&name, Expected::NoStream, batch).await.unwrap(), answer, "{fault}");
    }
    // Also where the caller had nothing to expect.
    store.append(&a, Expected::Any, vec![event()]).await.unwrap();
    double.fault("append", "lose-reply", 1);
    store.append(&a, Expected::Any, batch.clone()).await.unwrap();
    assert_eq!(store.read_stream(&a, 0).await.unwrap().len(), 3);
    let ids: Vec<_> = batch.iter().map(|it| it.id).collect();
    examined(&double, &ids).unwrap();
    assert_eq!(all(&store).await.len(), 6 * 2 + 3);
}

/// The control: somebody who takes a lost answer for a failure, and any place for as good as another.
#[tokio::test(flavor = "multi_thread")]
async fn who_retries_without_ids_writes_twice_and_the_examination_sees_it() {
    let double = Double::start();
    let client = es::Client::new(double.address().parse().unwrap()).unwrap();
    let event =
        || es::EventData::json("Told", &json!({})).unwrap().id("6f1e7a3e-9a0e-4c0b-8a51-3f6f0f2d9d11".parse().unwrap());
    let options = es::AppendToStreamOptions::default();
    double.fault("append", "lose-reply", 1);
    client.append_to_stream("dwelling-1", &options, event()).await.unwrap_err();
    // The server forgets what it did not index by place: a restart is enough.
    double.restart(Duration::from_millis(50));
    let started = Instant::now();
    while client.append_to_stream("dwelling-1", &options, event()).await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let twice = examined(&double, &[]).unwrap_err();
    assert!(twice.contains("2 times"), "{twice}");
    let never = examined(&double, &[EventId::derived(&["never"])]).unwrap_err();
    assert!(never.contains("not there"), "{never}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_writer_is_a_conflict_with_the_revision_it_left() {
    let double = Double::start();
    let (store, _dir) = open(&double.address());
    let a = stream("dwelling-1");
    store.append(&a, Expected::NoStream, vec![event()]).await.unwrap();
    double.fault("append", "conflict", 1);
    let answer = store.append(&a, Expected::Exact(0), vec![event()]).await;
    assert!(matches!(answer, Err(StoreError::Conflict { actual: Some(1) })), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_down_at_the_start_is_found_when_it_is_up() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (store, _dir) = open(&format!("esdb://{free}?tls=false{HASTE}"));
    let begun = Instant::now();
    let refused = store.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(begun.elapsed() < CALL * 2, "{:?}", begun.elapsed());
    assert!(matches!(store.head().await, Err(StoreError::Unavailable(_))));
    let _double = Double::with(&["--listen", &free.to_string()]);
    let a = stream("dwelling-1");
    until_it_works(|| store.append(&a, Expected::NoStream, vec![event_called("late")])).await;
    assert_eq!(all(&store).await.len(), 1);
}

async fn until_it_works<T, F: Future<Output = Result<T, StoreError>>>(attempt: impl Fn() -> F) -> T {
    let started = Instant::now();
    loop {
        match attempt().await {
            Ok(done) => return done,
            Err(StoreError::Unavailable(_) | StoreError::Ambiguous(_)) => {
                assert!(started.elapsed() < Duration::from_mins(1), "it never worked");
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_outlasts_its_deadline_while_a_server_hangs() {
    let double = Double::start();
    let (store, _dir) = open(&double.address_with(HASTE));
    let a = stream("dwelling-1");
    let first = vec![event()];
    store.append(&a, Expected::NoStream, first.clone()).await.unwrap();
    double.signal("STOP");
    let begun = Instant::now();
    let (append, read, head) = tokio::join!(
        store.append(&a, Expected::Exact(0), vec![event_called("while it hung")]),
        store.read_stream(&a, 0),
        store.head()
    );
    assert!(begun.elapsed() < CALL * 2, "{:?}", begun.elapsed());
    assert!(matches!(append, Err(StoreError::Ambiguous(_))), "{append:?}");
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    assert!(head.is_err());
    double.signal("CONT");
    let again = || store.append(&a, Expected::Exact(0), vec![event_called("while it hung")]);
    assert_eq!(until_it_works(again).await.revision, 1);
    examined(&double, &[EventId::derived(&["while it hung"])]).unwrap();
    assert_eq!(all(&store).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_ends_early_is_never_taken_for_the_whole() {
    let double = Double::start();
    let (writer, _dir) = open(&double.address());
    // The stream that every log begins with: an empty answer is not taken for an empty log.
    let a = stream("log");
    for number in 0..30 {
        let expected = if number == 0 { Expected::NoStream } else { Expected::Exact(number * 2 - 1) };
        writer.append(&a, expected, vec![event(), event()]).await.unwrap();
    }
    let whole = all(&writer).await;
    for (fault, after) in [("end-ok", 0), ("end-ok", 1), ("end-ok", 7), ("cut", 3)] {
        // A store that has counted nothing yet, so that everything is read under the fault.
        let (store, _dir) = open(&double.address());
        double.faults(&json!([{"rpc": "read", "fault": fault, "after": after, "times": 2}]));
        assert_eq!(store.head().await.unwrap(), Position(60), "{fault} {after}");
        double.faults(&json!([{"rpc": "read", "fault": fault, "after": after, "times": 2}]));
        assert_eq!(store.read_stream(&a, 0).await.unwrap(), whole, "{fault} {after}");
        double.faults(&json!([]));
        let (store, _dir) = open(&double.address());
        // Where every answer ends early, it takes longer.
        let times = if fault == "cut" { json!(3) } else { Value::Null };
        double.faults(&json!([{"rpc": "read", "fault": fault, "after": after + 2, "times": times}]));
        assert_eq!(all(&store).await, whole, "{fault} {after}");
        double.faults(&json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_leader_is_survived() {
    let double = Double::with(&["--nodes", "3"]);
    let (store, _dir) = open(&double.address_with(HASTE));
    let a = stream("dwelling-1");
    store.append(&a, Expected::NoStream, vec![event()]).await.unwrap();
    // For a while the others still take the dead node for the leader.
    double.node(1, &json!({"state": "dead", "stale_gossip": true}));
    let refused = store.append(&a, Expected::Exact(0), vec![event_called("election")]).await;
    assert!(matches!(refused, Err(StoreError::Ambiguous(_) | StoreError::Unavailable(_))), "{refused:?}");
    double.node(1, &json!({"state": "dead"}));
    double.node(2, &json!({"state": "leader"}));
    let again = || store.append(&a, Expected::Exact(0), vec![event_called("election")]);
    assert_eq!(until_it_works(again).await.revision, 1);
    // A leader that steps down without dying says who follows it.
    double.node(3, &json!({"state": "leader"}));
    let again = || store.append(&a, Expected::Exact(1), vec![event_called("handed over")]);
    assert_eq!(until_it_works(again).await.revision, 2);
    assert_eq!(all(&store).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_flush_is_refused_until_it_does() {
    let double = Double::with(&["--unsafe-disable-flush-to-disk"]);
    let (store, _dir) = open(&double.address());
    let refused = store.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await;
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("flush")), "{refused:?}");
    assert_eq!(double.calls("append"), 0);
    assert_eq!(store.flush().await, Flush::Off);
    double.options(&json!({"unsafe_disable_flush_to_disk": false}));
    assert_eq!(store.flush().await, Flush::On);
    store.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_at_once() {
    let double = Double::with(&["--user", "hearth:p@ss/w%rd"]);
    let node = double.nodes[0];
    let (store, _dir) = open(&format!("esdb://hearth:p%40ss%2Fw%25rd@{node}?tls=false"));
    store.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await.unwrap();
    assert_eq!(all(&store).await.len(), 1);
    assert_eq!(store.flush().await, Flush::On);
    let (store, _dir) = open(&format!("esdb://hearth:other@{node}?tls=false"));
    let refused = store.append(&stream("dwelling-1"), Expected::Exact(0), vec![event()]).await;
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("credentials")), "{refused:?}");
    assert!(matches!(store.flush().await, Flush::Unknown(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changed_on_the_server_is_noticed() {
    let double = Double::start();
    let (store, _dir) = open(&double.address());
    store.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await.unwrap();
    let client = es::Client::new(double.address().parse().unwrap()).unwrap();
    let mut read = client.read_stream("dwelling-1", &es::ReadStreamOptions::default()).await.unwrap();
    let ours = read.next().await.unwrap().unwrap().event.unwrap();
    let options = es::AppendToStreamOptions::default();
    // Somebody else's events beside ours are nobody's business; the server's own are not either.
    let foreign = es::EventData::json("Noted", &json!({"by": "somebody"})).unwrap();
    client.append_to_stream("notes", &options, foreign).await.unwrap();
    assert_eq!(all(&store).await.len(), 1);
    // One of ours put elsewhere is not what was written there.
    let data: Value = serde_json::from_slice(&ours.data).unwrap();
    let moved = es::EventData::json(ours.event_type.clone(), &data).unwrap().metadata(ours.custom_metadata.clone());
    client.append_to_stream("dwelling-2", &options, moved).await.unwrap();
    let refused = store.read_stream(&stream("dwelling-2"), 0).await;
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("dwelling-2")), "{refused:?}");
    let refused = store.head().await;
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("not as it was written")), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_the_server_forgets_is_noticed() {
    let double = Double::start();
    let (store, _dir) = open(&double.address());
    let a = stream("dwelling-1");
    store.append(&a, Expected::NoStream, vec![event(), event(), event()]).await.unwrap();
    let client = es::Client::new(double.address().parse().unwrap()).unwrap();
    let limit = es::EventData::json("$metadata", &json!({"$maxCount": 1})).unwrap();
    client.append_to_stream("$$dwelling-1", &es::AppendToStreamOptions::default(), limit).await.unwrap();
    let refused = store.read_stream(&a, 0).await;
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("limit")), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn positions_are_the_same_for_everybody_who_counts() {
    let double = Double::with(&["--noise"]);
    let (one, dir) = open(&double.address());
    let (other, _dir) = open(&double.address());
    for (number, store) in (0..40_u64).zip([&one, &other].into_iter().cycle()) {
        store.append(&stream(&format!("dwelling-{}", number % 7)), Expected::Any, vec![event()]).await.unwrap();
    }
    let log = all(&one).await;
    assert_eq!(log, all(&other).await);
    let positions: Vec<_> = log.iter().map(|it| it.position.0).collect();
    assert_eq!(positions, (1..=40).collect::<Vec<_>>());
    // What has been counted is not counted again when the same folder is opened, and comes to the same.
    drop(one);
    let again = hearth::store::eventstoredb::EventStoreDb::open(&double.address(), dir.path()).unwrap();
    assert_eq!(all(&again).await, log);
    // A server that is not the one this folder knows.
    let another = Double::start();
    let stranger = hearth::store::eventstoredb::EventStoreDb::open(&another.address_with(HASTE), dir.path()).unwrap();
    let (writer, _dir) = open(&another.address());
    writer.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await.unwrap();
    assert!(stranger.read_all(Position::START, 10).await.is_err());
    let behind = stranger.head().await;
    assert!(matches!(&behind, Err(StoreError::Wrong(why)) if why.contains("older backup")), "{behind:?}");
}

/// Many writers, each with a ledger of what was acknowledged to it, while everything goes wrong that can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_once_whatever_befell_the_server() {
    const WRITERS: usize = 12;
    const APPENDS: usize = 25;
    let seed = u64::from(std::process::id()) ^ 0x5eed;
    say(&format!("seed {seed}"));
    let dir = TempDir::new().unwrap();
    let journal = dir.path().join("journal");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let args = ["--noise", "--seed", &seed.to_string(), "--journal", journal.to_str().unwrap(), "--listen", &port];
    let rules = json!([
        {"rpc": "append", "fault": "lose-reply", "rate": 0.05, "times": null},
        {"rpc": "append", "fault": "conflict", "stream": "shared", "rate": 0.05, "times": null},
        {"rpc": "append", "fault": "hang", "rate": 0.01, "times": null},
        {"rpc": "any", "fault": "unavailable", "rate": 0.02, "times": null},
        {"rpc": "read", "fault": "cut", "after": 2, "rate": 0.02, "times": null},
        {"rpc": "read", "fault": "end-ok", "after": 1, "rate": 0.05, "times": null},
        {"rpc": "read", "fault": "slow", "ms": 3, "rate": 0.05, "times": null},
    ]);
    let double = Double::with(&args);
    double.faults(&rules);
    let (store, _dir) = open(&double.address_with("&defaultDeadline=1000"));
    let store = Arc::new(store);
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut ledger = Vec::new();
                for number in 0..APPENDS {
                    let (shared, id) = (number % 5 == 0, format!("{writer} {number}"));
                    let name = if shared { "shared".to_owned() } else { format!("dwelling-{writer}") };
                    ledger.push(acknowledged(&*store, &name, event_called(&id)).await);
                }
                ledger
            })
        })
        .collect();
    let double = struck(double, &args, &rules).await;
    let mut ledger = Vec::new();
    for writer in writers {
        ledger.extend(writer.await.unwrap());
    }
    let faults = double.faulted();
    double.faults(&json!([]));
    assert_eq!(ledger.len(), WRITERS * APPENDS);
    examined(&double, &ledger).unwrap();
    assert!(faults > 0, "nothing befell it");
    // What the store says it holds is what the server holds, in its order.
    let held: Vec<_> = all(&*store).await.iter().map(|it| text_between(&it.bytes, r#""id":""#)).collect();
    let ids: Vec<_> = ledger.iter().map(ToString::to_string).collect();
    let in_order: Vec<_> =
        double.log().iter().map(|it| it["id"].as_str().unwrap().to_owned()).filter(|it| ids.contains(it)).collect();
    assert_eq!(held, in_order);
    assert_eq!(double.calls("batch"), 0);
}

/// Restarts and kills the server a few times.
async fn struck(mut double: Double, args: &[&str], rules: &Value) -> Double {
    for round in 0..4 {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        if round % 2 == 0 {
            double.restart(Duration::from_millis(200));
        } else {
            double.signal("KILL");
            drop(double);
            double = Double::with(args);
            double.faults(rules);
        }
    }
    double
}

/// Appends until it is acknowledged, deciding again after each conflict and trying again after anything else.
async fn acknowledged(store: &impl EventStore, name: &str, event: NewEvent) -> EventId {
    let name = stream(name);
    let mut expected = Expected::NoStream;
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < Duration::from_secs(100), "never acknowledged");
        match store.append(&name, expected, vec![event.clone()]).await {
            Ok(_) => return event.id,
            Err(StoreError::Conflict { actual }) => {
                // Perhaps it is our own of before; then it is there, and that is an acknowledgement too.
                let there = store.read_stream(&name, 0).await.unwrap_or_default();
                if there.iter().any(|it| text_between(&it.bytes, r#""id":""#) == event.id.to_string()) {
                    return event.id;
                }
                expected = actual.map_or(Expected::NoStream, Expected::Exact);
            }
            Err(StoreError::Ambiguous(_) | StoreError::Unavailable(_)) => {}
            Err(StoreError::Wrong(why)) => panic!("{why}"),
        }
    }
}

/// A leader that hangs without a word: nobody's connection is refused, and nobody waits longer than a moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_hangs_is_left_also_by_callers_in_a_hurry() {
    let double = Double::with(&["--nodes", "2"]);
    let (store, _dir) = open(&double.address_with(HASTE));
    let a = stream("dwelling-1");
    store.append(&a, Expected::NoStream, vec![event()]).await.unwrap();
    let head = store.head().await.unwrap();
    // Whatever goes to the first node hangs; the second leads.
    double.faults(&json!([{"rpc": "any", "fault": "hang", "times": null}]));
    let clients = store.clients();
    let started = Instant::now();
    while store.clients() == clients {
        // As a worker does, and a probe.
        let _ = tokio::time::timeout(Duration::from_millis(100), store.wait_beyond(head)).await;
        let _ = tokio::time::timeout(Duration::from_millis(100), store.head()).await;
        assert!(started.elapsed() < Duration::from_secs(30), "the client was never given up");
    }
    double.node(2, &json!({"state": "leader"}));
    double.faults(&json!([]));
    let again = || store.append(&a, Expected::Exact(0), vec![event_called("after it hung")]);
    assert_eq!(until_it_works(again).await.revision, 1);
}
