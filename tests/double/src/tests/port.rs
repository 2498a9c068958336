use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tonic::Code;
use uuid::Uuid;

use super::client::{double, trailer};
use crate::Options;
use crate::wire::Nothing;
use crate::wire::server_features::Supported;
use crate::wire::streams::append_response;
use crate::wire::written::Position;

const FEATURES: &str = "/event_store.client.server_features.ServerFeatures/GetSupportedMethods";

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

#[tokio::test]
async fn only_users_come_in_and_some_only_read() {
    let users = vec!["ann:secret".parse().unwrap(), "bob:secret:read".parse().unwrap()];
    let (_double, nobody) = double(Options { users, ..Options::default() }).await;
    assert_eq!(nobody.append("s", None).await.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(nobody.revisions("s").await.1.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(nobody.http("GET", "/info/options", "").await.unwrap().0, 401);
    assert_eq!(nobody.http("GET", "/info", "").await.unwrap().0, 200);
    // The Rust client asks this without credentials.
    assert!(nobody.ask::<_, Supported>(FEATURES, Nothing {}).await.is_ok());
    let ann = nobody.clone().with("authorization", &basic("ann:secret"));
    assert!(ann.append("s", None).await.is_ok());
    assert!(ann.get("/info/options").await.is_array());
    let bob = nobody.clone().with("authorization", &basic("bob:secret"));
    assert!(matches!(bob.revisions("s").await, (read, Ok(())) if read == [0]));
    let denied = bob.append("s", Some(0)).await.unwrap_err();
    assert_eq!((denied.code(), trailer(&denied, "exception")), (Code::PermissionDenied, Some("access-denied")));
    let wrong = nobody.with("authorization", &basic("ann:wrong"));
    assert_eq!(wrong.append("s", None).await.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn an_append_has_a_largest_size() {
    let (_double, client) = double(Options::default()).await;
    let refused = client.append_as("s", None, Uuid::new_v4(), 1_048_577).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(trailer(&refused, "exception"), Some("maximum-append-size-exceeded"));
    assert!(client.append_as("s", None, Uuid::new_v4(), 1_000_000).await.is_ok());
}

#[tokio::test]
async fn the_answer_to_a_repeated_write_may_leave_out_its_position() {
    let (_double, client) = double(Options::default()).await;
    let id = Uuid::new_v4();
    let positions = async || match client.append_as("s", None, id, 2).await.unwrap() {
        append_response::Result::Written(written) => written.position.unwrap(),
        append_response::Result::WrongVersion(wrong) => panic!("{wrong:?}"),
    };
    let first = positions().await;
    assert_eq!(positions().await, first);
    client.post("/double/options", json!({ "idempotent_position": false })).await;
    assert!(matches!(positions().await, Position::NoPlace(_)));
}

#[tokio::test]
async fn the_port_says_whether_writes_are_flushed() {
    let (_double, client) = double(Options::default()).await;
    let said = async || {
        let options = client.get("/info/options").await;
        let mut options = options.as_array().unwrap().iter();
        options.find(|it| it["name"] == "UnsafeDisableFlushToDisk").unwrap()["value"].clone()
    };
    assert_eq!(said().await, "false");
    client.post("/double/options", json!({ "unsafe_disable_flush_to_disk": true })).await;
    assert_eq!(said().await, "true");
}

#[tokio::test]
async fn the_ledger_has_every_event() {
    let (_double, client) = double(Options { noise: true, ..Options::default() }).await;
    let id = Uuid::new_v4();
    client.append_as("s", None, id, 2).await.unwrap();
    let (_, lines) = client.http("GET", "/double/log", "").await.unwrap();
    let lines: Vec<serde_json::Value> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let line = lines.iter().find(|it| it["stream"] == "s").unwrap();
    assert_eq!((&line["revision"], &line["id"], &line["data"]), (&json!(0), &json!(id.to_string()), &json!(11)));
    assert!(lines.iter().any(|it| it["type"] == "$statsCollected"), "and those of the server's own");
}

#[tokio::test]
async fn an_old_version_has_neither_features_nor_batches() {
    let version = "20.10.0".parse().unwrap();
    let (_double, client) = double(Options { version, ..Options::default() }).await;
    let refused = client.ask::<_, Supported>(FEATURES, Nothing {}).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unimplemented);
}
