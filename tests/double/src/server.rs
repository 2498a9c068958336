//! What all nodes share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use uuid::Uuid;

use crate::faults::{Faults, Rpc};
use crate::nodes::Nodes;
use crate::options::{User, Version};
use crate::store::{Expected, Proposed, Store};

/// One write in so many is followed by an event of the server's own.
const WRITES_PER_NOISE: u64 = 3;

/// The state behind every port.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) store: Store,
    pub(crate) faults: Faults,
    pub(crate) nodes: Nodes,
    pub(crate) users: Vec<User>,
    pub(crate) version: Version,
    pub(crate) max_append_size: usize,
    pub(crate) noise: bool,
    pub(crate) switches: Switches,
    pub(crate) connections: AtomicU64,
    pub(crate) calls: Mutex<BTreeMap<Rpc, u64>>,
    pub(crate) writes: AtomicU64,
}

/// What a test may turn on and off.
#[derive(Debug)]
pub(crate) struct Switches {
    pub(crate) unsafe_disable_flush_to_disk: AtomicBool,
    /// Whether the answer to a repeated write says where it lies.
    pub(crate) idempotent_position: AtomicBool,
}

impl Server {
    pub(crate) fn count(&self, rpc: Rpc) {
        *self.calls.lock().unwrap_or_else(PoisonError::into_inner).entry(rpc).or_default() += 1;
    }

    pub(crate) fn counts(&self) -> BTreeMap<Rpc, u64> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who sends this header; none if nobody does. Where there are no users, everybody may do everything.
    pub(crate) fn user(&self, header: Option<&str>) -> Option<User> {
        if self.users.is_empty() {
            return Some(User { header: String::new(), writes: true });
        }
        self.users.iter().find(|it| Some(it.header.as_str()) == header).cloned()
    }

    /// After a client's write: now and then an event of the server's own.
    pub(crate) fn noise_after_write(&self) {
        if self.noise && self.writes.fetch_add(1, Ordering::Relaxed).is_multiple_of(WRITES_PER_NOISE) {
            self.make_noise();
        }
    }

    /// Writes an event such as a server writes about itself.
    pub(crate) fn make_noise(&self) {
        let address = self.nodes.get(0).map(|it| it.address.to_string()).unwrap_or_default();
        let stream = format!("$stats-{address}");
        if self.store.next_revision(&stream) == 0 {
            let metadata = system_event("$metadata", r#"{"$maxAge":86400,"$acl":{"$r":"$admins"}}"#);
            // A journal that cannot be written is told to the next client that writes.
            drop(self.store.append(&format!("$${stream}"), Expected::Any, &[metadata]));
        }
        let events = self.store.length();
        let data = format!(r#"{{"es-events":{}}}"#, *events.borrow());
        drop(self.store.append(&stream, Expected::Any, &[system_event("$statsCollected", &data)]));
    }
}

fn system_event(kind: &str, data: &str) -> Proposed {
    Proposed {
        id: Uuid::new_v4(),
        kind: kind.to_owned(),
        content_type: "application/json".to_owned(),
        data: Bytes::copy_from_slice(data.as_bytes()),
        metadata: Bytes::new(),
    }
}
