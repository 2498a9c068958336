//! Servers that are known by their certificate, hold several logs, were restored, or take their time.

use hearth::store::eventstoredb::{EventStoreDb, Flush};
use hearth::store::{EventStore, Expected, StoreError};
use hearth_events::Position;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::double::Double;
use super::faults::HASTE;
use super::{es, open};
use crate::store_kit::{all, event, stream};

/// An authority and a certificate of it for this machine, in files.
fn certificates(dir: &std::path::Path) -> [String; 3] {
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let openssl = |args: &[&str]| {
        let output = std::process::Command::new("openssl").args(args).current_dir(dir).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    std::fs::write(dir.join("ext"), "subjectAltName = IP:127.0.0.1\nextendedKeyUsage = serverAuth\n").unwrap();
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(
        &[&["req", "-x509", "-subj", "/CN=authority", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem"][..], &key]
            .concat(),
    );
    openssl(
        &[&["req", "-subj", "/CN=eventstoredb-node", "-keyout", "node.key", "-out", "node.csr"][..], &key].concat(),
    );
    let from = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "ext"];
    openssl(&[&["x509", "-req", "-in", "node.csr", "-out", "node.pem", "-days", "2"][..], &from].concat());
    [path("ca.pem"), path("node.pem"), path("node.key")]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_known_by_its_certificate() {
    let (ours, theirs) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let [ca, certificate, key] = certificates(ours.path());
    let [other_ca, ..] = certificates(theirs.path());
    let double = Double::with(&["--tls-cert", &certificate, "--tls-key", &key, "--user", "hearth:secret"]);
    let at = |more: &str| format!("esdb://hearth:secret@{}?{more}{HASTE}", double.nodes[0]);
    let a = stream("dwelling-1");
    let (store, _dir) = open(&at(&format!("tlsCaFile={ca}")));
    store.append(&a, Expected::NoStream, vec![event()]).await.unwrap();
    assert_eq!(store.flush().await, Flush::On);
    let (store, _dir) = open(&at("tlsVerifyCert=false"));
    assert_eq!(all(&store).await.len(), 1);
    for stranger in [at(&format!("tlsCaFile={other_ca}")), at("tls=false")] {
        let (store, _dir) = open(&stranger);
        let refused = store.append(&a, Expected::Exact(0), vec![event()]).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_logs_on_one_server_do_not_see_each_other() {
    let double = Double::start();
    let (live, _live) = open(&double.address());
    let (trial, _trial) = open(&double.address_with("&hearthPrefix=trial-"));
    let (other, _other) = open(&double.address_with("&hearthPrefix=trial-2-"));
    for store in [&live, &trial, &other, &trial] {
        store.append(&stream("log"), Expected::Any, vec![event()]).await.unwrap();
    }
    assert_eq!((all(&live).await.len(), all(&trial).await.len(), all(&other).await.len()), (1, 2, 1));
    assert_eq!(trial.read_stream(&stream("log"), 0).await.unwrap().len(), 2);
    assert!(double.log().iter().any(|it| it["stream"] == "trial-2-log"));
    // A copy of one of ours in a stream of somebody else's stops nobody.
    let client = es::Client::new(double.address().parse().unwrap()).unwrap();
    let mut read = client.read_stream("log", &es::ReadStreamOptions::default()).await.unwrap();
    let ours = read.next().await.unwrap().unwrap().event.unwrap();
    let data: Value = serde_json::from_slice(&ours.data).unwrap();
    let copy = es::EventData::json(ours.event_type.clone(), &data).unwrap().metadata(ours.custom_metadata.clone());
    client.append_to_stream("copies", &es::AppendToStreamOptions::default(), copy).await.unwrap();
    assert_eq!(all(&live).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_less_or_other_events_is_not_taken_for_the_one_that_was_counted() {
    let (first, second) = (Double::start(), Double::start());
    let (store, dir) = open(&first.address());
    for number in 0..10 {
        store.append(&stream(&format!("dwelling-{number}")), Expected::NoStream, vec![event()]).await.unwrap();
    }
    drop(store);
    // As after a restore: fewer events, and others since, so that its end is beyond what was counted.
    let (writer, _dir) = open(&second.address());
    for number in 0..30 {
        writer.append(&stream(&format!("dwelling-{number}")), Expected::NoStream, vec![event()]).await.unwrap();
    }
    let again = EventStoreDb::open(&second.address_with(HASTE), dir.path()).unwrap();
    let refused = again.head().await;
    assert!(matches!(&refused, Err(StoreError::Wrong(why)) if why.contains("places")), "{refused:?}");
    // With what was counted gone, it is counted anew.
    drop(again);
    std::fs::remove_file(dir.path().join("places.sqlite")).unwrap();
    let again = EventStoreDb::open(&second.address(), dir.path()).unwrap();
    assert_eq!(again.head().await.unwrap(), Position(30));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_its_time_is_waited_for_piece_by_piece() {
    let double = Double::start();
    let (writer, _dir) = open(&double.address());
    for _ in 0..6 {
        writer.append(&stream("log"), Expected::Any, (0..20).map(|_| event()).collect()).await.unwrap();
    }
    let whole = all(&writer).await;
    // At 10 ms an event, 120 of them take longer than an attempt may.
    double.faults(&json!([{"rpc": "read", "fault": "slow", "ms": 10, "times": null}]));
    let (store, _dir) = open(&double.address_with(HASTE));
    assert_eq!(store.head().await.unwrap(), Position(120));
    assert_eq!(store.read_stream(&stream("log"), 0).await.unwrap(), whole);
}
