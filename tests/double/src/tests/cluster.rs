use serde_json::json;
use tokio::time::timeout;
use tonic::Code;

use super::client::{Client, PATIENCE, double, following, trailer};
use crate::Options;
use crate::wire::Nothing;
use crate::wire::gossip::Members;

const GOSSIP: &str = "/event_store.client.gossip.Gossip/Read";

/// What gossip says of each node: state and whether it is alive.
async fn gossip(client: &Client) -> Vec<(i32, bool)> {
    let members: Members = client.ask(GOSSIP, Nothing {}).await.unwrap();
    members.members.iter().map(|it| (it.state, it.is_alive)).collect()
}

#[tokio::test]
async fn a_follower_names_the_leader_or_forwards() {
    let (double, first) = double(Options { nodes: 2, ..Options::default() }).await;
    let [leader, follower] = double.addresses().try_into().unwrap();
    assert!(first.append("s", None).await.is_ok());
    let follower = Client::of(follower);
    assert!(follower.append("s", Some(0)).await.is_ok(), "forwarded");
    let strict = follower.clone().with("requires-leader", "true");
    for refused in [strict.append("s", Some(1)).await.unwrap_err(), strict.revisions("s").await.1.unwrap_err()] {
        assert_eq!(refused.code(), Code::NotFound);
        assert_eq!(trailer(&refused, "exception"), Some("not-leader"));
        assert_eq!(trailer(&refused, "leader-endpoint-host"), Some("127.0.0.1"));
        assert_eq!(trailer(&refused, "leader-endpoint-port"), Some(leader.port().to_string().as_str()));
    }
    assert_eq!(gossip(&follower).await, [(8, true), (6, true)]);
    assert_eq!(follower.get("/info").await["state"], "follower");
}

#[tokio::test]
async fn a_dead_leader_is_followed_by_another() {
    let (double, first) = double(Options { nodes: 3, ..Options::default() }).await;
    let second = Client::of(double.addresses()[1]);
    let mut followed = first.read(following("s")).await.unwrap();
    second.post("/double/node/1", json!({ "state": "dead" })).await;
    assert!(first.http("GET", "/info", "").await.is_err(), "its port is closed");
    let ended = timeout(PATIENCE, async { while followed.message().await.is_ok_and(|it| it.is_some()) {} });
    ended.await.unwrap();
    assert_eq!(gossip(&second).await, [(8, false), (6, true), (6, true)]);
    assert_eq!(second.append("s", None).await.unwrap_err().code(), Code::Unavailable);
    second.post("/double/node/2", json!({ "state": "leader" })).await;
    assert!(second.append("s", None).await.is_ok());
    second.post("/double/node/1", json!({ "state": "follower" })).await;
    assert_eq!(gossip(&first).await, [(6, true), (8, true), (6, true)]);
    assert!(first.append("s", Some(0)).await.is_ok(), "forwarded to the new leader");
}

#[tokio::test]
async fn gossip_may_not_have_heard() {
    let (double, _first) = double(Options { nodes: 2, ..Options::default() }).await;
    let second = Client::of(double.addresses()[1]);
    second.post("/double/node/1", json!({ "state": "dead", "stale_gossip": true })).await;
    assert_eq!(gossip(&second).await, [(8, true), (6, true)]);
    let strict = second.clone().with("requires-leader", "true");
    assert_eq!(trailer(&strict.append("s", None).await.unwrap_err(), "exception"), Some("not-leader"));
    assert_eq!(second.append("s", None).await.unwrap_err().code(), Code::Unavailable);
}

#[tokio::test]
async fn a_restart_drops_connections_and_keeps_the_log() {
    let (double, client) = double(Options::default()).await;
    client.append("s", None).await.unwrap();
    let mut followed = client.read(following("s")).await.unwrap();
    client.post("/double/restart", json!({ "down_ms": 100 })).await;
    assert!(client.http("GET", "/info", "").await.is_err(), "its port is closed");
    let ended = timeout(PATIENCE, async { while followed.message().await.is_ok_and(|it| it.is_some()) {} });
    ended.await.unwrap();
    let again = async { while client.http("GET", "/info", "").await.is_err() {} };
    timeout(PATIENCE, again).await.unwrap();
    assert!(client.append("s", Some(0)).await.is_ok());
    assert_eq!(double.store().next_revision("s"), 2);
}

#[tokio::test]
async fn a_double_that_is_dropped_leaves_no_connection() {
    let (double, client) = double(Options::default()).await;
    let mut followed = client.read(following("s")).await.unwrap();
    drop(double);
    let ended = timeout(PATIENCE, async { while followed.message().await.is_ok_and(|it| it.is_some()) {} });
    ended.await.unwrap();
}
