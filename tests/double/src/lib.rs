//! A stand-in for EventStoreDB.

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

async fn noise(server: Arc<Server>) {
    loop {
        server.make_noise();
        tokio::time::sleep(NOISE).await;
    }
}
