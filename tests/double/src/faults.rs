//! The faults asked for, and which call meets one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use tokio::sync::watch;

/// A call, as rules and counts name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rpc {
    /// `Streams.Append`.
    Append,
    /// `Streams.Read`; in a rule also a subscription.
    Read,
    /// `Streams.Read` of a subscription only.
    Subscribe,
    /// One write of `Streams.BatchAppend`.
    Batch,
    /// `Streams.Delete`.
    Delete,
    /// `Streams.Tombstone`.
    Tombstone,
    /// `ServerFeatures.GetSupportedMethods`.
    Features,
    /// `Gossip.Read`.
    Gossip,
    /// In a rule: each of them.
    Any,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The write is done, the answer is UNAVAILABLE.
    LoseReply,
    /// The call is held until the rules are cleared or replaced; then it goes on.
    Hang,
    /// UNAVAILABLE, nothing is written.
    Unavailable,
    /// INTERNAL, nothing is written.
    Internal,
    /// ABORTED as on a write that timed out, nothing is written.
    Aborted,
    /// DEADLINE_EXCEEDED, nothing is written.
    Deadline,
    /// The refusal of a follower, naming the leader.
    NotLeader,
    /// A read ends with OK though there is more.
    EndOk,
    /// The connection is dropped. A write is done before only if `after` is not 0.
    Cut,
    /// Each message waits; a write is done after the wait even if its client has gone.
    Slow,
    /// Another writer gets in first.
    Conflict,
}

impl Fault {
    /// Whether it is a status and nothing else.
    pub(crate) fn is_status(self) -> bool {
        matches!(self, Self::Unavailable | Self::Internal | Self::Aborted | Self::Deadline | Self::NotLeader)
    }
}

/// A fault and the calls that meet it. The first rule that applies to a call is its only one.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which calls.
    pub rpc: Rpc,
    /// How the name of the stream begins, `$all` for the log; absent for any.
    pub stream: Option<String>,
    /// What goes wrong.
    pub fault: Fault,
    /// How many messages a read sends before, each kind of message counted.
    #[serde(default)]
    pub after: u64,
    /// How many calls meet it; absent for all.
    pub times: Option<u64>,
    /// How long a message waits, in milliseconds.
    #[serde(default)]
    pub ms: u64,
    /// The share of calls, from 0 to 1, drawn with the seeded generator; absent for all.
    pub rate: Option<Number>,
    /// What the other writer of a conflict writes; absent for something that says so.
    pub event: Option<Competitor>,
}

/// An event of another writer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competitor {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its payload.
    #[serde(default)]
    pub data: Value,
    /// Its metadata; none if null.
    #[serde(default)]
    pub metadata: Value,
}

/// The rules in force, and how often each fault was met.
#[derive(Debug)]
pub struct Faults {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    rules: Vec<Rule>,
    met: BTreeMap<Fault, u64>,
    generator: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        let state = State { rules: Vec::new(), met: BTreeMap::new(), generator: seed };
        Self { state: Mutex::new(state), changed: watch::Sender::new(0) }
    }

    /// Puts these rules in place of those before; calls that are held go on.
    pub fn replace(&self, rules: Vec<Rule>) {
        self.state().rules = rules;
        self.changed.send_modify(|it| *it += 1);
    }

    /// How often each fault was met.
    pub fn met(&self) -> BTreeMap<Fault, u64> {
        self.state().met.clone()
    }

    /// The rule that a call meets; it is used up once.
    pub(crate) fn meet(&self, rpc: Rpc, stream: &str) -> Option<Rule> {
        let mut state = self.state();
        let State { rules, met, generator } = &mut *state;
        let rule = rules.iter_mut().find(|it| it.applies(rpc, stream) && it.drawn(generator))?;
        if let Some(times) = &mut rule.times {
            *times -= 1;
        }
        *met.entry(rule.fault).or_default() += 1;
        Some(rule.clone())
    }

    /// Tells one set of rules from the next.
    pub(crate) fn generation(&self) -> u64 {
        *self.changed.borrow()
    }

    /// Waits until the rules are others than those of that generation.
    pub(crate) async fn replaced(&self, generation: u64) {
        // The sender lives as long as this does.
        drop(self.changed.subscribe().wait_for(|it| *it != generation).await);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn applies(&self, rpc: Rpc, stream: &str) -> bool {
        let named = self.rpc == rpc || self.rpc == Rpc::Any || (self.rpc == Rpc::Read && rpc == Rpc::Subscribe);
        let left = self.times != Some(0);
        named && left && self.stream.as_ref().is_none_or(|it| stream.starts_with(it.as_str()))
    }

    #[expect(clippy::disallowed_types, clippy::float_arithmetic, reason = "a rate of faults, not money")]
    fn drawn(&self, generator: &mut u64) -> bool {
        let Some(rate) = self.rate.as_ref().and_then(Number::as_f64) else { return true };
        let drawn = u32::try_from(next(generator) >> 32).unwrap_or(u32::MAX);
        f64::from(drawn) / (f64::from(u32::MAX) + 1.0) < rate
    }
}

/// The next number of a small generator (splitmix64): the same seed, the same faults.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
