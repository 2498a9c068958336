//! A test's wishes, over plain HTTP under `/double/`. They are answered when they are fulfilled.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Node;
use crate::faults::Rule;
use crate::nodes::Role;
use crate::store::Record;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Restart {
    down_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeWish {
    state: Role,
    #[serde(default)]
    stale_gossip: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchWish {
    unsafe_disable_flush_to_disk: Option<bool>,
    idempotent_position: Option<bool>,
}

pub(super) fn routes(node: Node) -> Router {
    Router::new()
        .route("/double/faults", post(faults))
        .route("/double/restart", post(restart))
        .route("/double/node/:number", post(set_node))
        .route("/double/options", post(options))
        .route("/double/counts", get(counts))
        .route("/double/log", get(log))
        .with_state(node)
}

async fn faults(State(node): State<Node>, Json(rules): Json<Vec<Rule>>) -> Json<Value> {
    let in_force = rules.len();
    node.server.faults.replace(rules);
    Json(json!({ "rules": in_force }))
}

/// Answers when the ports are closed and the connections dropped; they open again by themselves.
async fn restart(State(node): State<Node>, Json(wish): Json<Restart>) -> Json<Value> {
    node.server.nodes.close().await;
    node.server.store.forget_recent();
    let server = Arc::clone(&node.server);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(wish.down_ms)).await;
        server.nodes.open().await;
    });
    Json(json!({ "down_ms": wish.down_ms }))
}

async fn set_node(State(node): State<Node>, Path(number): Path<usize>, Json(wish): Json<NodeWish>) -> Response {
    let nodes = &node.server.nodes;
    let Some(index) = number.checked_sub(1).filter(|it| nodes.get(*it).is_some()) else {
        return (StatusCode::NOT_FOUND, "nodes are numbered from 1").into_response();
    };
    if nodes.set(index, wish.state, wish.stale_gossip).await {
        node.server.store.forget_recent();
    }
    let said = |(node, rumour): (&crate::nodes::Node, crate::nodes::Rumour)| json!({ "address": node.address.to_string(), "alive": rumour.alive, "leader": rumour.leads });
    Json(Value::Array(nodes.gossip().into_iter().map(said).collect())).into_response()
}

async fn options(State(node): State<Node>, Json(wish): Json<SwitchWish>) -> Json<Value> {
    let switches = &node.server.switches;
    if let Some(on) = wish.unsafe_disable_flush_to_disk {
        switches.unsafe_disable_flush_to_disk.store(on, Ordering::Relaxed);
    }
    if let Some(on) = wish.idempotent_position {
        switches.idempotent_position.store(on, Ordering::Relaxed);
    }
    Json(json!({
        "unsafe_disable_flush_to_disk": switches.unsafe_disable_flush_to_disk.load(Ordering::Relaxed),
        "idempotent_position": switches.idempotent_position.load(Ordering::Relaxed),
    }))
}

async fn counts(State(node): State<Node>) -> Json<Value> {
    let server = &node.server;
    Json(json!({
        "calls": server.counts(),
        "faults": server.faults.met(),
        "open_connections": server.connections.load(Ordering::Relaxed),
        "events": *server.store.length().borrow(),
    }))
}

/// The ledger: a line for each event, in the order of the log.
async fn log(State(node): State<Node>) -> Response {
    let mut lines = String::new();
    for record in node.server.store.slice(0, usize::MAX) {
        lines.push_str(&line(&record).to_string());
        lines.push('\n');
    }
    ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response()
}

fn line(record: &Record) -> Value {
    json!({
        "stream": record.stream,
        "revision": record.revision,
        "id": record.id.to_string(),
        "type": record.kind,
        "commit": record.position,
        "prepare": record.position,
        // A text, as on the wire: more than every reader of JSON takes for a whole number.
        "created": record.created.to_string(),
        "data": payload(&record.data),
        "metadata": payload(&record.metadata),
    })
}

/// What is JSON as such, nothing as null, anything else in base64.
fn payload(bytes: &Bytes) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(bytes).unwrap_or_else(|_| STANDARD.encode(bytes).into())
}
