//! The log in EventStoreDB: over the protocol double, and over a real server where `HEARTH_TEST_ESDB` names one.
//!
//! * `double.rs` — running the double;
//! * `kit.rs` — the conformance kit;
//! * `faults.rs` — what happens to a server, and what must not happen to the log;
//! * `servers.rs` — servers that are not the one that was expected, or not as quick;
//! * `defects.rs` — the defects of the client, each without its counter-measure and with it.
//!
//! The whole program over a server is in `e2e/on_a_server.rs`.

mod defects;
pub(crate) mod double;
mod faults;
mod kit;
mod servers;

#[cfg(feature = "eventstore")]
use eventstore as es;
#[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
use kurrentdb as es;

use std::sync::atomic::{AtomicUsize, Ordering};

use hearth::store::eventstoredb::EventStoreDb;
use tempfile::TempDir;

use double::Double;

/// A store over a server, with a folder of its own.
fn open(address: &str) -> (EventStoreDb, TempDir) {
    let dir = TempDir::new().unwrap();
    (EventStoreDb::open(address, dir.path()).unwrap(), dir)
}

/// Every event of a log as the plain client of Rust reads it: stream, revision, id, type, data.
pub(crate) async fn read_by_the_client(address: &str) -> Vec<(String, u64, String, String, String)> {
    let (address, prefix) = address.split_once("hearthPrefix=").unwrap_or((address, ""));
    let client = es::Client::new(address.trim_end_matches(['&', '?']).parse().unwrap()).unwrap();
    let mut read = client.read_all(&es::ReadAllOptions::default()).await.unwrap();
    let mut found = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        let event = event.event.unwrap();
        #[cfg(feature = "eventstore")]
        let stream = event.stream_id.clone();
        #[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
        let stream = event.stream_id().to_owned();
        let stream = stream.strip_prefix(prefix).map(str::to_owned);
        if let Some(stream) = stream.filter(|it| !it.starts_with('$') && !event.event_type.starts_with('$')) {
            let data = String::from_utf8(event.data.to_vec()).unwrap();
            found.push((stream, event.revision, event.id.to_string(), event.event_type, data));
        }
    }
    found
}

/// What must outlive a store.
enum Server {
    Double { _double: Double },
    Real,
}

/// A log of its own on a real server, where `HEARTH_TEST_ESDB` names one.
pub(crate) fn real_log() -> Option<String> {
    static LOGS: AtomicUsize = AtomicUsize::new(0);
    let real = std::env::var("HEARTH_TEST_ESDB").ok()?;
    let (number, process) = (LOGS.fetch_add(1, Ordering::Relaxed), std::process::id());
    let joint = if real.contains('?') { '&' } else { '?' };
    let started = hearth::clock::system_now().as_millisecond();
    Some(format!("{real}{joint}hearthPrefix=kit-{started}-{process}-{number}-"))
}

/// An empty log: of a double of its own, or of a real server under a name of its own.
fn empty_log() -> (EventStoreDb, (TempDir, Server)) {
    if let Some(real) = real_log() {
        let (store, dir) = open(&real);
        return (store, (dir, Server::Real));
    }
    let double = Double::with(&["--noise"]);
    let (store, dir) = open(&double.address());
    (store, (dir, Server::Double { _double: double }))
}
