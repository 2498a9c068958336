//! How a double is to be set up.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What a double may be told when it is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the first node listens; the port of each further one is the next, or any if this is 0.
    pub listen: SocketAddr,
    /// How many nodes share the log; the first leads.
    pub nodes: u16,
    /// The file that keeps the log.
    pub journal: Option<PathBuf>,
    /// Whether the server writes events of its own now and then.
    pub noise: bool,
    /// Of the generator behind rates of faults.
    pub seed: u64,
    /// Who may come in; empty for anybody.
    pub users: Vec<User>,
    /// The version to be announced; also decides what the server can do.
    pub version: Version,
    /// What `/info/options` says of `UnsafeDisableFlushToDisk`.
    pub unsafe_disable_flush_to_disk: bool,
    /// The most that one append may hold, in bytes.
    pub max_append_size: usize,
    /// Certificate and key, both PEM; absent for no TLS.
    pub tls: Option<Tls>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            nodes: 1,
            journal: None,
            noise: false,
            seed: 0,
            users: Vec::new(),
            version: Version { major: 24, minor: 10, patch: 6 },
            unsafe_disable_flush_to_disk: false,
            max_append_size: 1_048_576,
            tls: None,
        }
    }
}

/// Files for TLS.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Somebody who may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The `authorization` header they send.
    pub header: String,
    /// Whether they may write.
    pub writes: bool,
}

impl FromStr for User {
    type Err = anyhow::Error;

    /// Reads `NAME:PASSWORD`, or `NAME:PASSWORD:read` for somebody who may only read.
    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (credentials, writes) = text.strip_suffix(":read").map_or((text, true), |it| (it, false));
        if !credentials.contains(':') {
            bail!("a user is NAME:PASSWORD or NAME:PASSWORD:read");
        }
        Ok(Self { header: format!("Basic {}", STANDARD.encode(credentials)), writes })
    }
}

/// A version of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The year.
    pub major: u32,
    /// The month, or the release in the year.
    pub minor: u32,
    /// The patch.
    pub patch: u32,
}

impl Version {
    /// Knows the features of a server and appends in batches.
    pub(crate) fn has_features(self) -> bool {
        (self.major, self.minor) >= (21, 10)
    }

    /// Says when a subscription has caught up.
    pub(crate) fn says_caught_up(self) -> bool {
        (self.major, self.minor) >= (23, 10)
    }

    /// Says where it has caught up, too.
    pub(crate) fn says_where_caught_up(self) -> bool {
        (self.major, self.minor, self.patch) >= (25, 0, 1)
    }
}

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts: Vec<u32> =
            text.split('.').map(str::parse).collect::<Result<_, _>>().context("a version such as 24.10.6")?;
        match parts.as_slice() {
            &[major, minor, patch] => Ok(Self { major, minor, patch }),
            _ => bail!("a version such as 24.10.6"),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}
