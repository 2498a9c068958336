//! The defects of the client, each shown as it is, and that Hearth does not have it.
//!
//! A control that no longer fails says that the client was mended: then the counter-measure can go.
#![expect(clippy::disallowed_methods, reason = "the controls call what Hearth must not")]

use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hearth::store::{EventStore, Expected, StoreError};
use hearth_events::NewEvent;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::double::{Double, say};
use super::{es, open};
use crate::store_kit::{all, event, stream};

/// The client as it comes.
fn raw(address: &str) -> es::Client {
    es::Client::new(address.parse().unwrap()).unwrap()
}

fn told(number: usize) -> es::EventData {
    es::EventData::json("Told", &json!({"number": number})).unwrap()
}

fn anywhere() -> es::AppendToStreamOptions {
    es::AppendToStreamOptions::default()
}

/// Runs one of the tests below in a process of its own, and gives what it printed.
fn alone(test: &str, address: &str) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", &format!("esdb::defects::{test}"), "--nocapture"]).env("HEARTH_TEST_ALONE", address);
    let output = child.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// What one line of what a process printed says.
fn said(out: &str, what: &str) -> String {
    let line = out.lines().find_map(|it| it.strip_prefix(what));
    line.unwrap_or_else(|| panic!("{what:?} is not in {out}")).trim().to_owned()
}

// D1: a provider of cryptography that is there already kills the client, and every later one.
#[cfg(feature = "eventstore")]
#[test]
fn d1_alone() {
    let Ok(address) = std::env::var("HEARTH_TEST_ALONE") else { return };
    rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap();
    runtime().block_on(async {
        let (store, _dir) = open(&address);
        say(&format!("ours {:?}", store.head().await));
        let client = raw(&address);
        let first = client.append_to_stream("a", &anywhere(), told(1)).await;
        say(&format!("raw {first:?}"));
    });
}

#[cfg(feature = "eventstore")]
#[test]
fn d1_a_provider_that_is_there_already_is_told_not_suffered() {
    let double = Double::start();
    let out = alone("d1_alone", &double.address());
    assert_eq!(said(&out, "raw "), "Err(ConnectionClosed)");
    assert!(said(&out, "ours ").contains("TLS provider"), "{out}");
}

// D2: Nagle's algorithm stays on, and each call waits 40 ms for an acknowledgement.
#[test]
fn d2_alone() {
    let Ok(address) = std::env::var("HEARTH_TEST_ALONE") else { return };
    runtime().block_on(async {
        let port = address.rsplit_once(':').unwrap().1.split('?').next().unwrap().to_owned();
        let client = raw(&address);
        client.append_to_stream("a", &anywhere(), told(1)).await.unwrap();
        say(&format!("raw {:?}", nodelay_towards(&port)));
        let (store, _dir) = open(&address);
        store.append(&stream("b"), Expected::NoStream, vec![event()]).await.unwrap();
        say(&format!("ours {:?}", nodelay_towards(&port)));
    });
}

/// Whether Nagle's algorithm is off, for each of our sockets that is connected to this port.
#[cfg(target_os = "linux")]
fn nodelay_towards(port: &str) -> Vec<bool> {
    use rustix::net::sockopt::tcp_nodelay;
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let ourselves = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
        let number = entry.file_name().to_str().unwrap().parse().unwrap();
        let Ok(handle) = pidfd_getfd(&ourselves, number, PidfdGetfdFlags::empty()) else { continue };
        let peer = std::net::TcpStream::from(handle);
        if peer.peer_addr().is_ok_and(|it| it.port().to_string() == port) {
            found.push(tcp_nodelay(&peer).unwrap());
        }
    }
    found
}

#[cfg(target_os = "linux")]
#[test]
fn d2_no_call_waits_for_an_acknowledgement() {
    let double = Double::start();
    let out = alone("d2_alone", &double.address());
    assert!(said(&out, "raw ").contains("false"), "{out}");
    assert!(!said(&out, "ours ").contains("false"), "{out}");
}

// D3: a client that did not find its server once never looks again.
#[tokio::test(flavor = "multi_thread")]
async fn d3_a_server_that_was_down_is_found_again() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let address = format!("esdb://{free}?tls=false&discoveryInterval=10&defaultDeadline=300");
    let client = raw(&address);
    let (store, _dir) = open(&address);
    assert!(client.append_to_stream("a", &anywhere(), told(1)).await.is_err());
    assert!(store.head().await.is_err());
    let _double = Double::with(&["--listen", &free.to_string()]);
    for number in 0..20 {
        let again = client.append_to_stream("a", &anywhere(), told(number)).await;
        assert!(matches!(again, Err(es::Error::ConnectionClosed)), "mended? {again:?}");
    }
    let started = Instant::now();
    while store.head().await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}

// D4: in a cluster a client stays with the node that died.
#[tokio::test(flavor = "multi_thread")]
async fn d4_another_leader_is_found() {
    let double = Double::with(&["--nodes", "2"]);
    let client = raw(&double.address());
    let (store, _dir) = open(&double.address_with("&defaultDeadline=500"));
    client.append_to_stream("a", &anywhere(), told(1)).await.unwrap();
    store.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await.unwrap();
    double.node(1, &json!({"state": "dead"}));
    double.node(2, &json!({"state": "leader"}));
    for number in 0..8 {
        let stuck = timeout(Duration::from_secs(5), client.append_to_stream("a", &anywhere(), told(number))).await;
        assert!(!matches!(stuck, Ok(Ok(_))), "mended?");
    }
    let started = Instant::now();
    while store.append(&stream("dwelling-1"), Expected::Exact(0), vec![named("after")]).await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}

fn named(name: &str) -> NewEvent {
    crate::store_kit::event_called(name)
}

// D5: a deadline is sent and not kept. What Hearth does about it: `faults::no_call_outlasts_its_deadline_…`.
#[tokio::test(flavor = "multi_thread")]
async fn d5_the_client_does_not_keep_its_own_deadline() {
    let double = Double::start();
    let client = raw(&double.address());
    client.append_to_stream("a", &anywhere(), told(1)).await.unwrap();
    double.signal("STOP");
    let options = anywhere().deadline(Duration::from_millis(200));
    let late = timeout(Duration::from_secs(3), client.append_to_stream("a", &options, told(2))).await;
    assert!(late.is_err(), "mended? {late:?}");
    let (store, _dir) = open(&double.address_with("&defaultDeadline=200"));
    let begun = Instant::now();
    assert!(store.head().await.is_err());
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    double.signal("CONT");
}

// D6: one conflict ends a session of batch appends, and takes what was written with it.
#[tokio::test(flavor = "multi_thread")]
async fn d6_a_conflict_of_one_is_no_failure_of_others() {
    let double = Double::start();
    let client = raw(&double.address());
    client.append_to_stream("taken", &anywhere(), told(1)).await.unwrap();
    let batch = client.batch_append(&es::BatchAppendOptions::default()).await.unwrap();
    let appends = (0..20).map(|number| {
        let name = if number == 4 { "taken".to_owned() } else { format!("s{number}") };
        batch.append_to_stream(name, no_stream(), vec![told(number)])
    });
    let acknowledged = join_all(appends).await.iter().filter(|it| it.is_ok()).count();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let written = double.log().iter().filter(|it| it["stream"].as_str().unwrap().starts_with('s')).count();
    assert!(acknowledged < 19 && written > acknowledged, "mended? {acknowledged} of {written}");
    let batches = double.calls("batch");
    let (store, _dir) = open(&double.address());
    store.append(&stream("dwelling-4"), Expected::NoStream, vec![event()]).await.unwrap();
    let names: Vec<_> = (0..20).map(|number| stream(&format!("dwelling-{number}"))).collect();
    let appends = names.iter().map(|name| store.append(name, Expected::NoStream, vec![event()]));
    let conflicts =
        join_all(appends).await.into_iter().filter(|it| matches!(it, Err(StoreError::Conflict { .. }))).count();
    assert_eq!((conflicts, all(&store).await.len()), (1, 20));
    assert_eq!(double.calls("batch"), batches);
}

#[cfg(feature = "eventstore")]
fn no_stream() -> es::ExpectedRevision {
    es::ExpectedRevision::NoStream
}

#[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
fn no_stream() -> es::StreamState {
    es::StreamState::NoStream
}

/// How long this process has been at work, in hundredths of a second.
fn busy() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after = stat.rsplit_once(')').unwrap().1;
    after.split_whitespace().skip(11).take(2).map(|it| it.parse::<u64>().unwrap()).sum()
}

// D7: a subscription that the server ends in peace turns without pause.
#[test]
fn d7_alone() {
    let Ok(address) = std::env::var("HEARTH_TEST_ALONE") else { return };
    let (address, who) = address.split_once(' ').unwrap();
    let runtime = runtime();
    let (address, ours) = (address.to_owned(), who == "ours");
    runtime.spawn(async move {
        if ours {
            let (store, _dir) = open(&address);
            let head = store.head().await.unwrap();
            let _ = store.wait_beyond(head).await;
        } else {
            let client = raw(&address);
            let options = es::SubscribeToAllOptions::default().position(es::StreamPosition::Start);
            let mut subscription = client.subscribe_to_all(&options).await;
            while subscription.next_subscription_event().await.is_ok() {}
        }
    });
    std::thread::sleep(Duration::from_secs(1));
    // What turns is given time to show it, on a machine with other things to do.
    let (before, begun) = (busy(), Instant::now());
    let long = Duration::from_secs(if who == "ours" { 3 } else { 20 });
    while begun.elapsed() < long && busy() - before < 60 {
        std::thread::sleep(Duration::from_millis(100));
    }
    say(&format!("busy {}", busy() - before));
    std::process::exit(0);
}

#[test]
fn d7_nothing_spins_when_a_server_ends_what_it_was_telling() {
    let double = Double::start();
    double.faults(&json!([{"rpc": "read", "fault": "end-ok", "after": 1, "times": null}]));
    let busy =
        |who: &str| said(&alone("d7_alone", &format!("{} {who}", double.address())), "busy ").parse::<u64>().unwrap();
    let (raw, ours) = (busy("raw"), busy("ours"));
    assert!(raw >= 60, "mended? {raw} hundredths of a second");
    assert!(ours < 30, "{ours} hundredths of 3 seconds");
}

/// The last metadata of a stream, as the server holds it.
fn metadata(double: &Double, stream: &str) -> Value {
    let name = format!("$${stream}");
    double.log().into_iter().rfind(|it| it["stream"] == name.as_str()).unwrap()["data"].clone()
}

// D8: ages are written in milliseconds, and read in seconds.
#[tokio::test(flavor = "multi_thread")]
async fn d8_an_hour_is_an_hour() {
    let double = Double::start();
    let hour = Duration::from_hours(1);
    let client = raw(&double.address());
    let theirs = es::StreamMetadataBuilder::new().max_age(hour).build();
    client.set_stream_metadata("theirs", &anywhere(), &theirs).await.unwrap();
    assert_eq!(metadata(&double, "theirs")["$maxAge"], 3_600_000, "mended?");
    let (store, _dir) = open(&double.address());
    assert_eq!(store.kept_for("ours").await.unwrap(), None);
    store.keep_for("ours", hour).await.unwrap();
    assert_eq!(metadata(&double, "ours"), json!({"$maxAge": 3_600}));
    assert_eq!(store.kept_for("ours").await.unwrap(), Some(hour));
    // What else the metadata says stays, and it can be changed.
    let more = es::EventData::json("$metadata", &json!({"$maxAge": 7, "$acl": {"$r": "hearth"}})).unwrap();
    client.append_to_stream("$$ours", &anywhere(), more).await.unwrap();
    store.keep_for("ours", hour * 2).await.unwrap();
    assert_eq!(metadata(&double, "ours"), json!({"$maxAge": 7_200, "$acl": {"$r": "hearth"}}));
}

// D9: a client that is dropped leaves its socket and its tasks behind.
#[tokio::test(flavor = "multi_thread")]
async fn d9_a_client_that_is_replaced_leaves_nothing_behind() {
    let open_now = |double: &Double| double.counts()["open_connections"].as_u64().unwrap();
    let double = Double::start();
    for number in 0..15 {
        let client = raw(&double.address());
        client.append_to_stream("a", &anywhere(), told(number)).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(open_now(&double) >= 12, "mended? {}", open_now(&double));
    let double = Double::start();
    let (store, _dir) = open(&double.address_with("&defaultDeadline=2000"));
    let mut expected = Expected::NoStream;
    for number in 0..15 {
        double.fault("append", "internal", 1);
        let answer =
            store.append(&stream("dwelling-1"), expected, vec![named(&format!("leak {number}"))]).await.unwrap();
        expected = Expected::Exact(answer.revision);
    }
    assert!(store.clients() > 12, "{}", store.clients());
    tokio::time::sleep(Duration::from_millis(500)).await;
    // One of ours, and the one that asks.
    assert!(open_now(&double) <= 4, "{}", open_now(&double));
}

// D10: half a second passes before a client connects at all. That Hearth asks for less: `address.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn d10_the_client_waits_before_it_connects() {
    let double = Double::start();
    let begun = Instant::now();
    raw(&double.address()).server_info().await.unwrap();
    let as_it_comes = begun.elapsed();
    assert!(as_it_comes >= Duration::from_millis(480), "mended? {as_it_comes:?}");
    let begun = Instant::now();
    raw(&double.address_with("&discoveryInterval=50")).server_info().await.unwrap();
    assert!(begun.elapsed() < as_it_comes, "{:?}", begun.elapsed());
}

// D11: a certificate that is not there ends the client for good.
#[cfg(feature = "eventstore")]
#[tokio::test(flavor = "multi_thread")]
async fn d11_a_missing_certificate_is_said() {
    let address = "esdb://127.0.0.1:1?tlsCaFile=/nowhere/ca.pem";
    let closed = raw(address).server_info().await.map(|_| ());
    assert!(matches!(closed, Err(es::Error::ConnectionClosed)), "mended? {closed:?}");
    let dir = tempfile::TempDir::new().unwrap();
    let refused = hearth::store::eventstoredb::EventStoreDb::open(address, dir.path()).map(|_| ());
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("/nowhere/ca.pem")), "{refused:?}");
    // One that begins as a certificate does and is none.
    let file = dir.path().join("ca.pem");
    std::fs::write(&file, "-----BEGIN CERTIFICATE-----\ncnViYmlzaA==\n-----END CERTIFICATE-----\n").unwrap();
    let address = format!("esdb://127.0.0.1:1?tlsCaFile={}", file.display());
    let closed = raw(&address).server_info().await.map(|_| ());
    assert!(matches!(closed, Err(es::Error::ConnectionClosed)), "mended? {closed:?}");
    let refused = hearth::store::eventstoredb::EventStoreDb::open(&address, dir.path()).map(|_| ());
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("certificates")), "{refused:?}");
}

// D12: the client keeps of a time its seconds.
#[tokio::test(flavor = "multi_thread")]
async fn d12_a_time_of_recording_keeps_its_fraction() {
    let double = Double::start();
    let (store, _dir) = open(&double.address());
    let recorded_at = "2026-11-23T09:00:00.123456789Z".parse().unwrap();
    store.append(&stream("dwelling-1"), Expected::NoStream, vec![NewEvent { recorded_at, ..event() }]).await.unwrap();
    let text = String::from_utf8(all(&store).await[0].bytes.clone()).unwrap();
    assert!(text.contains(r#""recorded_at":"2026-11-23T09:00:00.123456789Z""#), "{text}");
    let client = raw(&double.address());
    let mut read = client.read_stream("dwelling-1", &es::ReadStreamOptions::default()).await.unwrap();
    let theirs = read.next().await.unwrap().unwrap().event.unwrap();
    assert_eq!(theirs.created.timestamp_subsec_nanos(), 0, "mended?");
    let ticks: i64 = theirs.metadata["created"].parse().unwrap();
    assert!(ticks > 10_000_000 * theirs.created.timestamp(), "the server had told it: {ticks}");
}

// D13: the client panics over a stream of metadata that gives nothing.
#[tokio::test(flavor = "multi_thread")]
async fn d13_no_metadata_is_no_panic() {
    let double = Double::start();
    let (store, _dir) = open(&double.address());
    store.keep_for("a", Duration::from_secs(5)).await.unwrap();
    let client = raw(&double.address());
    double.faults(&json!([{"rpc": "read", "stream": "$$a", "fault": "end-ok", "after": 0, "times": 1}]));
    let options = es::ReadStreamOptions::default().max_count(1);
    let panicked = tokio::spawn(async move { client.get_stream_metadata("a", &options).await.map(|_| ()) }).await;
    assert!(panicked.as_ref().is_err_and(tokio::task::JoinError::is_panic), "mended? {panicked:?}");
    double.faults(&json!([{"rpc": "read", "stream": "$$a", "fault": "end-ok", "after": 0, "times": 1}]));
    assert_eq!(store.kept_for("a").await.unwrap(), Some(Duration::from_secs(5)));
}

// D14: a subscription begins when it is first asked, and where the stream ends then.
#[tokio::test(flavor = "multi_thread")]
async fn d14_who_waits_from_now_on_misses_nothing() {
    let double = Double::start();
    let client = raw(&double.address());
    let mut subscription = client.subscribe_to_stream("a", &es::SubscribeToStreamOptions::default()).await;
    client.append_to_stream("a", &anywhere(), told(1)).await.unwrap();
    let missed = timeout(Duration::from_secs(2), subscription.next()).await;
    assert!(missed.is_err(), "mended?");
    let (store, _dir) = open(&double.address());
    let (other, _dir) = open(&double.address());
    let head = store.head().await.unwrap();
    // Somebody else appends, before and while it is waited for.
    other.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await.unwrap();
    let found = timeout(Duration::from_secs(10), store.wait_beyond(head)).await.unwrap().unwrap();
    assert!(found > head);
    let waiting = tokio::spawn(async move { store.wait_beyond(found).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    other.append(&stream("dwelling-1"), Expected::Exact(0), vec![event()]).await.unwrap();
    assert!(timeout(Duration::from_secs(10), waiting).await.unwrap().unwrap().unwrap() > found);
}
