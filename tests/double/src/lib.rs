//! A stand-in for EventStoreDB in tests: its gRPC protocol for streams, over a log in memory, with faults on request.
//!
//! It shares nothing with what it tests but the wire: no crate of Hearth is among its dependencies, and the messages in
//! `proto/` were written from the field numbers. That it speaks the protocol is shown by the official clients of other
//! languages, which `tests/clients/run` drives against it. It was never compared with a real server side by side.
//!
//! # What it covers
//!
//! - `Streams`: `Read` of a stream and of the log, both ways, filtered, and as a subscription; `Append`, `BatchAppend`,
//!   `Delete`, `Tombstone`. `Gossip.Read` and `ServerFeatures.GetSupportedMethods`, both without a user, as on a server.
//! - Expected revisions, and repeated writes known as such: by the ids in the slots with `NoStream` and an exact revision,
//!   by a memory of recent ids with `Any` and `StreamExists`. The memory ends with a restart and an election.
//! - `$maxCount`, `$maxAge` in seconds and `$tb` on reading a stream; deleting softly and making anew; ending for good.
//! - Positions that rise with gaps. A read of the log that begins where no event lies is refused (`InvalidPosition`): a
//!   server is not as strict in every such place, but no client may make a position up.
//! - A cluster: nodes over one log, the first leading. A call that requires the leader is refused by the others with the
//!   leader's address; other writes they forward. Nothing lags: what one node has, all have.
//! - `GET /info` and `GET /info/options` over plain HTTP on the same port.
//! - By the version announced: nothing about features and no batches before 21.10, no word of having caught up before
//!   23.10, its place from 25.0.1 on.
//!
//! # What it does not
//!
//! Persistent subscriptions, projections, links (`resolve_links` has no effect), access control lists, users other than
//! those given at the start, scavenging, transactions of more than one append, the later API for several streams. No
//! `FellBehind` is sent. A stream that is read backwards never says where it begins.
//!
//! # How to run it
//!
//! As a program it says `{"nodes":["127.0.0.1:PORT"]}` on its first line and serves until it is killed;
//! `esdb-double --help` lists what it may be told. With `--journal FILE` it comes back with its log after a kill. In a
//! test of this workspace, [`Double::start`] does the same in the process.
//!
//! # How to ask for faults
//!
//! Over HTTP, on the port of any node that is up; each request is answered when what it asks for is so.
//!
//! `POST /double/faults` puts a list of rules in place of those before, and lets go of calls that hang:
//!
//! ```json
//! [
//!   { "rpc": "append", "stream": "account-", "fault": "lose-reply", "times": 1 },
//!   { "rpc": "subscribe", "fault": "cut", "after": 10, "times": 2 },
//!   { "rpc": "append", "fault": "conflict", "rate": 0.1,
//!     "event": { "type": "thing-happened", "data": {}, "metadata": null } }
//! ]
//! ```
//!
//! The first rule that applies to a call is the only one it meets. `rpc` is one of [`Rpc`], `fault` one of [`Fault`], the
//! other members are those of [`Rule`]. Of a read, `after` counts each message, so the confirmation of a subscription and
//! the word that it has caught up, too. With `lose-reply` a write is done and the answer is UNAVAILABLE; `cut` drops the
//! whole connection, before the write, or after it if `after` is not 0.
//!
//! | Request | Body | Effect |
//! |---|---|---|
//! | `POST /double/restart` | `{"down_ms":500}` | Answers when all ports are closed and connections dropped; the ports open again after that time, with the log kept. |
//! | `POST /double/node/1` | `{"state":"dead","stale_gossip":true}` | `dead`, `leader` or `follower`; nodes are numbered from 1. Gossip that is stale goes on saying that a dead node is alive. |
//! | `POST /double/options` | `{"idempotent_position":false}` | Also `unsafe_disable_flush_to_disk`. |
//! | `GET /double/counts` | | Calls by kind, faults met, open connections, events in the log. |
//! | `GET /double/log` | | Every event in the order of the log, a line of JSON each. |

mod clock;
mod failure;
mod faults;
mod filter;
mod listen;
mod nodes;
mod options;
mod serve;
mod server;
pub mod store;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use self::faults::{Competitor, Fault, Faults, Rpc, Rule};
pub use self::filter::Filter;
pub use self::nodes::Role;
pub use self::options::{Options, Tls, User, Version};

use self::nodes::Nodes;
use self::server::{Server, Switches};
use self::store::Store;

/// How often a noisy server writes about itself.
const NOISE: Duration = Duration::from_millis(500);

/// A running double; it stops when dropped.
#[derive(Debug)]
pub struct Double {
    server: Arc<Server>,
    /// Ends with this.
    _tasks: JoinSet<()>,
}

impl Double {
    /// Opens the ports and serves them on the runtime this is called on.
    ///
    /// # Errors
    ///
    /// If a port cannot be opened, or the journal or the files for TLS cannot be read.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let tls = options.tls.as_ref().map(tls::acceptor).transpose()?;
        let mut listeners = Vec::new();
        for number in 0..options.nodes.max(1) {
            let mut address = options.listen;
            if address.port() != 0 {
                address.set_port(address.port() + number);
            }
            listeners.push(TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?);
        }
        let addresses = listeners.iter().map(TcpListener::local_addr).collect::<Result<Vec<_>, _>>()?;
        let server = Arc::new(Server {
            store: Store::open(options.journal.as_deref())?,
            faults: Faults::new(options.seed),
            nodes: Nodes::new(addresses),
            users: options.users,
            version: options.version,
            max_append_size: options.max_append_size,
            noise: options.noise,
            switches: Switches {
                unsafe_disable_flush_to_disk: AtomicBool::new(options.unsafe_disable_flush_to_disk),
                idempotent_position: AtomicBool::new(true),
            },
            connections: AtomicU64::new(0),
            calls: std::sync::Mutex::default(),
            writes: AtomicU64::new(0),
        });
        let mut tasks = JoinSet::new();
        for (index, listener) in listeners.into_iter().enumerate() {
            let routes = serve::routes(Arc::clone(&server), index);
            tasks.spawn(listen::node(Arc::clone(&server), index, listener, routes, tls.clone()));
        }
        if server.noise {
            tasks.spawn(noise(Arc::clone(&server)));
        }
        Ok(Self { server, _tasks: tasks })
    }

    /// Where the nodes listen.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.server.nodes.addresses()
    }

    /// The log behind all nodes.
    pub fn store(&self) -> &Store {
        &self.server.store
    }

    /// The faults asked for.
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        // The listeners end with their tasks, connections when they are told.
        self.server.nodes.stop();
    }
}

async fn noise(server: Arc<Server>) {
    loop {
        server.make_noise();
        tokio::time::sleep(NOISE).await;
    }
}
