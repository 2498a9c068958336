use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::timeout;
use tonic::Code;
use uuid::Uuid;

use super::client::{PATIENCE, double, following, revision, trailer};
use crate::wire::streams::append_response;
use crate::wire::streams::wrong_version::{Current, Expected, OldCurrent};
use crate::{Options, Version};

#[tokio::test]
async fn a_lost_reply_is_a_write_that_was_done() {
    let (double, client) = double(Options::default()).await;
    client.post("/double/faults", json!([{ "rpc": "append", "fault": "lose-reply", "times": 1 }])).await;
    let id = Uuid::new_v4();
    assert_eq!(client.append_as("s", None, id, 2).await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(double.store().next_revision("s"), 1);
    assert!(matches!(client.append_as("s", None, id, 2).await, Ok(append_response::Result::Written(_))));
    assert_eq!(double.store().next_revision("s"), 1);
    assert_eq!(client.get("/double/counts").await["faults"], json!({ "lose-reply": 1 }));
}

#[tokio::test]
async fn a_status_is_a_write_that_was_not_done() {
    let (double, client) = double(Options::default()).await;
    let faults = [
        ("unavailable", Code::Unavailable),
        ("internal", Code::Internal),
        ("aborted", Code::Aborted),
        ("deadline", Code::DeadlineExceeded),
        ("not-leader", Code::NotFound),
    ];
    for (fault, code) in faults {
        client.post("/double/faults", json!([{ "rpc": "any", "stream": "s", "fault": fault }])).await;
        let refused = client.append("stream", None).await.unwrap_err();
        assert_eq!((refused.code(), fault), (code, fault));
        assert_eq!(client.revisions("stream").await.1.unwrap_err().code(), code);
        assert_eq!(trailer(&refused, "exception"), (fault == "not-leader").then_some("not-leader"));
    }
    assert_eq!(double.store().next_revision("stream"), 0);
    assert!(client.append("another", None).await.is_ok(), "the rule is for other streams");
}

#[tokio::test]
async fn a_call_hangs_until_the_rules_are_cleared() {
    let (double, client) = double(Options::default()).await;
    client.post("/double/faults", json!([{ "rpc": "append", "fault": "hang" }])).await;
    let held = tokio::spawn({
        let client = client.clone();
        async move { client.append("s", None).await }
    });
    while client.get("/double/counts").await["faults"] != json!({ "hang": 1 }) {}
    assert_eq!(double.store().next_revision("s"), 0);
    client.post("/double/faults", json!([])).await;
    assert!(timeout(PATIENCE, held).await.unwrap().unwrap().is_ok());
}

#[tokio::test]
async fn a_cut_drops_the_connection_before_a_write_or_after_it() {
    let (double, client) = double(Options::default()).await;
    client.post("/double/faults", json!([{ "rpc": "append", "fault": "cut", "times": 1 }])).await;
    assert!(timeout(PATIENCE, client.append("s", None)).await.unwrap().is_err());
    assert_eq!(double.store().next_revision("s"), 0);
    client.post("/double/faults", json!([{ "rpc": "append", "fault": "cut", "times": 1, "after": 1 }])).await;
    assert!(timeout(PATIENCE, client.append("s", None)).await.unwrap().is_err());
    assert_eq!(double.store().next_revision("s"), 1);
    assert!(client.append("s", Some(0)).await.is_ok(), "and the next is served");
}

#[tokio::test]
async fn a_read_ends_early_in_one_way_or_another() {
    let (_double, client) = double(Options::default()).await;
    for expected in [None, Some(0), Some(1)] {
        client.append("s", expected).await.unwrap();
    }
    let broken = async |fault: &str| {
        let rules = json!([{ "rpc": "read", "fault": fault, "after": 2, "times": 1 }]);
        client.post("/double/faults", rules).await;
        timeout(PATIENCE, client.revisions("s")).await.unwrap()
    };
    assert!(matches!(broken("end-ok").await, (read, Ok(())) if read == [0, 1]));
    assert!(matches!(broken("unavailable").await, (read, Err(it)) if read == [0, 1] && it.code() == Code::Unavailable));
    assert!(matches!(broken("cut").await, (read, Err(_)) if read == [0, 1]));
    assert!(matches!(client.revisions("s").await, (read, Ok(())) if read == [0, 1, 2]));
}

#[tokio::test]
async fn a_subscription_ends_as_soon_as_it_has_sent_so_many() {
    let (_double, client) = double(Options::default()).await;
    // The confirmation and the word that it has caught up; then nothing would come.
    let rules = json!([{ "rpc": "subscribe", "fault": "end-ok", "after": 2 }]);
    client.post("/double/faults", rules).await;
    let mut messages = client.read(following("s")).await.unwrap();
    let mut sent = 0;
    while timeout(PATIENCE, messages.message()).await.unwrap().unwrap().is_some() {
        sent += 1;
    }
    assert_eq!(sent, 2);
}

#[tokio::test]
async fn a_slow_write_is_done_though_its_client_has_gone() {
    let (double, client) = double(Options::default()).await;
    client.post("/double/faults", json!([{ "rpc": "append", "fault": "slow", "ms": 150 }])).await;
    assert!(timeout(Duration::from_millis(50), client.append("s", None)).await.is_err());
    assert_eq!(double.store().next_revision("s"), 0);
    let mut length = double.store().length();
    timeout(PATIENCE, length.wait_for(|it| *it == 1)).await.unwrap().unwrap();
    let begun = Instant::now();
    client.append("s", Some(0)).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn another_writer_gets_in_first() {
    let (double, client) = double(Options::default()).await;
    let event = json!({ "type": "other-thing", "data": { "by": "another" }, "metadata": { "n": 1 } });
    let rules = json!([{ "rpc": "append", "fault": "conflict", "times": 1, "event": event }]);
    client.post("/double/faults", rules).await;
    let answer = client.append("s", None).await.unwrap();
    let append_response::Result::WrongVersion(wrong) = answer else { panic!("{answer:?}") };
    assert_eq!(wrong.current, Some(Current::CurrentRevision(0)));
    assert_eq!(wrong.old_current, Some(OldCurrent::OldCurrentRevision(0)));
    assert!(matches!(wrong.expected, Some(Expected::ExpectedNoStream(_))));
    let [other] = double.store().slice(0, 9).try_into().unwrap();
    assert_eq!((other.kind.as_str(), other.data.as_ref()), ("other-thing", br#"{"by":"another"}"#.as_ref()));
    assert!(client.append("s", Some(0)).await.is_ok());
}

#[tokio::test]
async fn faults_by_rate_are_the_same_from_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (_double, client) = double(Options { seed: 7, ..Options::default() }).await;
        client.post("/double/faults", json!([{ "rpc": "append", "fault": "unavailable", "rate": 0.5 }])).await;
        let mut failed = Vec::new();
        for number in 0..20 {
            failed.push(client.append(&format!("s-{number}"), None).await.is_err());
        }
        runs.push(failed);
    }
    assert_eq!(runs[0], runs[1]);
    let failed = runs[0].iter().filter(|it| **it).count();
    assert!((3..=17).contains(&failed), "{failed} of 20");
}

#[tokio::test]
async fn a_rule_that_makes_no_sense_is_refused() {
    let (_double, client) = double(Options::default()).await;
    for rule in [json!({ "rpc": "append" }), json!({ "rpc": "append", "fault": "cut", "affter": 1 }), json!([1])] {
        let (status, _) = client.http("POST", "/double/faults", &json!([rule]).to_string()).await.unwrap();
        assert!((400..500).contains(&status), "{status}");
    }
}

#[tokio::test]
async fn a_subscription_goes_on_live_and_says_when_it_has_caught_up() {
    for (version, words) in [("24.10.6", 3), ("22.10.0", 2)] {
        let version: Version = version.parse().unwrap();
        let (_double, client) = double(Options { version, ..Options::default() }).await;
        client.append("s", None).await.unwrap();
        let mut messages = client.read(following("s")).await.unwrap();
        for _ in 0..words {
            timeout(PATIENCE, messages.message()).await.unwrap().unwrap().unwrap();
        }
        client.append("s", Some(0)).await.unwrap();
        let live = timeout(PATIENCE, messages.message()).await.unwrap().unwrap().unwrap();
        assert_eq!(revision(&live), Some(1));
    }
}
