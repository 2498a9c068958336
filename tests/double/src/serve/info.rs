//! What a node says of itself over plain HTTP.

use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Node;

pub(super) fn routes(node: Node) -> Router {
    Router::new().route("/info", get(info)).route("/info/options", get(options)).with_state(node)
}

async fn info(State(node): State<Node>) -> Json<Value> {
    let server = &node.server;
    let mut said = json!({
        "esVersion": server.version.to_string(),
        "state": if server.nodes.leads(node.index) { "leader" } else { "follower" },
        "features": { "projections": false, "userManagement": !server.users.is_empty(), "atomPub": false },
        "authentication": {
            "type": if server.users.is_empty() { "insecure" } else { "internal" },
            "properties": {},
        },
    });
    // Since the server has another name.
    if let (true, Some(said)) = (server.version.major >= 25, said.as_object_mut()) {
        said.insert("dbVersion".to_owned(), server.version.to_string().into());
    }
    Json(said)
}

/// Names, descriptions and values are texts. Unverified against a server: whether a value of yes or no is written small,
/// as here, or with a capital, as .NET writes it of its own accord; the words for a group and a source; the schema.
async fn options(State(node): State<Node>, headers: HeaderMap) -> Response {
    let server = &node.server;
    let given = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
    if !server.user(given).is_some_and(|it| it.writes) {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Basic realm=\"ES\"")]).into_response();
    }
    let unflushed = server.switches.unsafe_disable_flush_to_disk.load(Ordering::Relaxed);
    let address = server.nodes.get(node.index).map(|it| it.address);
    let port = address.map(|it| it.port().to_string()).unwrap_or_default();
    let cluster_size = server.nodes.addresses().len().to_string();
    let said = [
        option("Application", "Insecure", "Whether there is neither TLS nor user", yes(server.users.is_empty()), false),
        option("Cluster", "ClusterSize", "The number of nodes", cluster_size, server.nodes.addresses().len() > 1),
        option("Interface", "NodePort", "The port for HTTP and gRPC", port, true),
        option(
            "Application",
            "MaxAppendSize",
            "The most an append may hold",
            server.max_append_size.to_string(),
            false,
        ),
        option("Database", "MemDb", "Whether the log is held in memory only", yes(true), true),
        option(
            "Database",
            "UnsafeDisableFlushToDisk",
            "Whether a write is answered unflushed",
            yes(unflushed),
            unflushed,
        ),
    ];
    Json(said).into_response()
}

fn yes(it: bool) -> String {
    it.to_string()
}

fn option(group: &str, name: &str, description: &str, value: String, set: bool) -> Value {
    json!({
        "name": name,
        "description": description,
        "group": group,
        "value": value,
        "configurationSource": if set { "Command Line" } else { "<DEFAULT>" },
        "deprecationMessage": null,
        "schema": null,
    })
}
