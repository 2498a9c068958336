//! Callers that each wait for one answer before they ask again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Result;
use hearth::store::sqlite::SqliteStore;
use hearth::store::{EventStore, Expected};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::corpus::{Plain, STREAMS, stream};

/// How many slices a round has. The slices of what is compared take turns, so that a load from outside falls on both.
pub(crate) const SLICES: u64 = 10;

/// How long a round took, and each answer in it.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) nanoseconds: u64,
    pub(crate) answers: Vec<u64>,
}

impl Round {
    /// Adds a slice.
    pub(crate) fn add(&mut self, slice: Self) {
        self.nanoseconds += slice.nanoseconds;
        self.answers.extend(slice.answers);
    }

    pub(crate) fn per_second(&self) -> u64 {
        u64::try_from(self.answers.len()).unwrap_or_default().saturating_mul(1_000_000_000) / self.nanoseconds.max(1)
    }
}

pub(crate) fn since(begin: Instant) -> u64 {
    u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// Runs `callers` at once, each of which asks `count` times.
pub(crate) fn at_once<C, F>(runtime: &Runtime, callers: u64, count: u64, call: C) -> Result<Round>
where
    C: Fn(u64, u64) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<()>> + Send,
{
    runtime.block_on(async {
        let begin = Instant::now();
        let mut set = JoinSet::new();
        for caller in 0..callers {
            let call = call.clone();
            set.spawn(async move {
                let mut answers = Vec::new();
                for number in 0..count {
                    let begin = Instant::now();
                    call(caller, number).await?;
                    answers.push(since(begin));
                }
                anyhow::Ok(answers)
            });
        }
        let mut answers = Vec::new();
        while let Some(done) = set.join_next().await {
            answers.extend(done??);
        }
        Ok(Round { nanoseconds: since(begin), answers })
    })
}

pub(crate) fn runtime() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// A log that is written to, and the next revision of each of its streams.
#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) store: SqliteStore,
    plain: Arc<Plain>,
    next: Arc<Vec<AtomicU64>>,
    numbers: Arc<AtomicU64>,
}

impl Log {
    pub(crate) fn new(store: SqliteStore) -> Result<Self> {
        let next = Arc::new((0..STREAMS).map(|_| AtomicU64::new(0)).collect());
        Ok(Self { store, plain: Arc::new(Plain::new()?), next, numbers: Arc::default() })
    }

    /// The same streams, in the log that was opened again.
    pub(crate) fn reopened(&self, store: SqliteStore) -> Self {
        Self { store, ..self.clone() }
    }

    /// Appends to a stream that no other caller appends to meanwhile, expecting the revision it has.
    pub(crate) async fn append(&self, of: u64, count: u64) -> Result<()> {
        let Some(next) = self.next.get(usize::try_from(of % STREAMS)?) else { anyhow::bail!("no such stream") };
        let revision = next.fetch_add(count, Ordering::Relaxed);
        let first = self.numbers.fetch_add(count, Ordering::Relaxed);
        let events = (first..first + count).map(|it| self.plain.event(it)).collect();
        let expected = revision.checked_sub(1).map_or(Expected::NoStream, Expected::Exact);
        self.store.append(&stream(of), expected, events).await?;
        Ok(())
    }

    /// A round of single appends, `callers` at once, over all the streams.
    pub(crate) fn round(&self, runtime: &Runtime, callers: u64, count: u64) -> Result<Round> {
        let log = self.clone();
        let first = self.numbers.load(Ordering::Relaxed);
        at_once(runtime, callers, count / callers, move |caller, number| {
            let log = log.clone();
            async move { log.append((first + number) * callers + caller, 1).await }
        })
    }

    /// Brings the log to this many events, `batch` in each append.
    pub(crate) fn fill(&self, runtime: &Runtime, events: u64, batch: u64) -> Result<()> {
        let missing = events - self.numbers.load(Ordering::Relaxed);
        let log = self.clone();
        let first = self.numbers.load(Ordering::Relaxed) / batch;
        at_once(runtime, 50, missing / batch / 50, move |caller, number| {
            let log = log.clone();
            async move { log.append(first + number * 50 + caller, batch).await }
        })?;
        Ok(())
    }
}
