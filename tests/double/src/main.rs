//! The double as a program; see the library for what it does.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process;
use std::thread;

use clap::Parser;
use esdb_double::{Double, Options, Tls, User, Version};
use futures_util::future::pending;

/// A stand-in for EventStoreDB in tests. Says where it listens in a line of JSON and serves until it is killed.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the first node listens; port 0 for any port.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// How many nodes share the log; the first leads.
    #[arg(long, default_value_t = 1)]
    nodes: u16,
    /// A file that keeps the log over a restart.
    #[arg(long)]
    journal: Option<PathBuf>,
    /// Let the server write events of its own now and then.
    #[arg(long)]
    noise: bool,
    /// Of the generator behind rates of faults.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// NAME:PASSWORD of somebody who may come in, or NAME:PASSWORD:read; may be repeated. Without any, everybody may.
    #[arg(long = "user")]
    users: Vec<User>,
    /// The version to be announced.
    #[arg(long, default_value = "24.10.6")]
    version: Version,
    /// Announce that writes are answered before they are flushed.
    #[arg(long)]
    unsafe_disable_flush_to_disk: bool,
    /// The most that one append may hold, in bytes.
    #[arg(long, default_value_t = 1_048_576)]
    max_append_size: usize,
    /// The certificate chain for TLS.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key.
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Stop when standard input ends, as it does when the one who started this ends.
    #[arg(long)]
    exit_with_parent: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let exit_with_parent = arguments.exit_with_parent;
    let double = Double::start(options(arguments)).await?;
    let nodes: Vec<String> = double.addresses().iter().map(SocketAddr::to_string).collect();
    let mut out = io::stdout();
    writeln!(out, "{}", serde_json::json!({ "nodes": nodes }))?;
    out.flush()?;
    if exit_with_parent {
        // A thread, as a read of standard input cannot be given up.
        thread::spawn(|| {
            drop(io::stdin().read_to_end(&mut Vec::new()));
            process::exit(0);
        });
    }
    pending().await
}

fn options(arguments: Arguments) -> Options {
    let tls = arguments.tls_cert.zip(arguments.tls_key).map(|(certificate, key)| Tls { certificate, key });
    Options {
        listen: arguments.listen,
        nodes: arguments.nodes,
        journal: arguments.journal,
        noise: arguments.noise,
        seed: arguments.seed,
        users: arguments.users,
        version: arguments.version,
        unsafe_disable_flush_to_disk: arguments.unsafe_disable_flush_to_disk,
        max_append_size: arguments.max_append_size,
        tls,
    }
}
