//! The nodes of the cluster: which is up, which leads, and what gossip says of them.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use tokio::sync::watch;
use uuid::Uuid;

/// What a node is made by a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Its port is closed.
    Dead,
    /// It takes writes; the leader before it follows.
    Leader,
    /// It reads, and forwards or refuses writes.
    Follower,
}

/// All nodes, numbered from 0.
#[derive(Debug)]
pub(crate) struct Nodes {
    nodes: Vec<Node>,
    states: Mutex<Vec<State>>,
}

/// One of them, as its listener sees it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    pub(crate) instance: Uuid,
    /// Whether it is to listen. Each change closes its connections.
    pub(crate) wanted: watch::Sender<Wanted>,
    /// Whether it does.
    pub(crate) listening: watch::Sender<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) up: bool,
    pub(crate) generation: u64,
}

#[derive(Debug, Clone, Copy)]
struct State {
    alive: bool,
    leads: bool,
    /// Gossip has not heard that it is dead.
    stale: bool,
}

/// What gossip says of a node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rumour {
    pub(crate) alive: bool,
    pub(crate) leads: bool,
}

impl Nodes {
    pub(crate) fn new(addresses: Vec<SocketAddr>) -> Self {
        let state = |index| State { alive: true, leads: index == 0, stale: false };
        let states = Mutex::new((0..addresses.len()).map(state).collect());
        let node = |address| Node {
            address,
            instance: Uuid::new_v4(),
            wanted: watch::Sender::new(Wanted { up: true, generation: 0 }),
            listening: watch::Sender::new(true),
        };
        Self { nodes: addresses.into_iter().map(node).collect(), states }
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Node> {
        self.nodes.get(index)
    }

    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.nodes.iter().map(|it| it.address).collect()
    }

    pub(crate) fn gossip(&self) -> Vec<(&Node, Rumour)> {
        let states = self.states();
        let rumours = states.iter().map(|it| Rumour { alive: it.alive || it.stale, leads: it.leads });
        self.nodes.iter().zip(rumours).collect()
    }

    pub(crate) fn leads(&self, index: usize) -> bool {
        self.states().get(index).is_some_and(|it| it.leads)
    }

    /// The leader as the other nodes know it, and whether it is alive.
    pub(crate) fn leader(&self) -> Option<(SocketAddr, bool)> {
        let states = self.states();
        let (node, state) = self.nodes.iter().zip(states.iter()).find(|(_, state)| state.leads)?;
        (state.alive || state.stale).then_some((node.address, state.alive))
    }

    /// Makes a node what a test wants; whether another one leads now.
    pub(crate) async fn set(&self, index: usize, role: Role, stale: bool) -> bool {
        let elected = {
            let mut states = self.states();
            let before = states.iter().position(|it| it.leads);
            for (other, state) in states.iter_mut().enumerate() {
                match role {
                    Role::Dead if other == index => (state.alive, state.stale) = (false, stale),
                    Role::Leader if other == index => *state = State { alive: true, leads: true, stale: false },
                    Role::Leader => (state.leads, state.stale) = (false, false),
                    Role::Follower if other == index => *state = State { alive: true, leads: false, stale: false },
                    Role::Dead | Role::Follower => {}
                }
            }
            role == Role::Leader && before != Some(index)
        };
        if let Some(node) = self.nodes.get(index) {
            node.want(role != Role::Dead).await;
        }
        elected
    }

    /// Closes the ports of all nodes and drops their connections.
    pub(crate) async fn close(&self) {
        for node in &self.nodes {
            node.want(false).await;
        }
    }

    /// Tells all nodes to close, without waiting.
    pub(crate) fn stop(&self) {
        for node in &self.nodes {
            node.tell(false);
        }
    }

    /// Opens the ports of all nodes that are not dead.
    pub(crate) async fn open(&self) {
        let alive: Vec<bool> = self.states().iter().map(|it| it.alive).collect();
        for (node, _) in self.nodes.iter().zip(alive).filter(|(_, alive)| *alive) {
            node.want(true).await;
        }
    }

    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    fn tell(&self, up: bool) {
        self.wanted.send_if_modified(|wanted| {
            let changed = wanted.up != up;
            if changed {
                *wanted = Wanted { up, generation: wanted.generation + 1 };
            }
            changed
        });
    }

    /// Tells the listener and waits until it is so.
    async fn want(&self, up: bool) {
        self.tell(up);
        // The sender lives as long as this does.
        drop(self.listening.subscribe().wait_for(|it| *it == up).await);
    }
}
