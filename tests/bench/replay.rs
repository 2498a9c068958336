//! Replaying the log into a fold, against the same fold over the same bytes in memory.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Instant;

use anyhow::Result;
use hearth::store::sqlite::SqliteStore;
use hearth::store::{EventStore, Expected};
use hearth_events::{AccountRef, CodecError, Event, Money, Position, StoredEvent, decode};

use super::Bench;
use super::corpus::{STREAMS, real, stream};
use super::load::{SLICES, at_once, runtime, since};
use super::table::{Limit, Row, median, per_mille, time};

/// What a view keeps of an account.
#[derive(Default)]
struct Account {
    liable: usize,
    net: Option<Money>,
    changes: u64,
}

/// The accounts of a council, folded from its log.
#[derive(Default)]
struct Accounts(BTreeMap<AccountRef, Account>);

impl Accounts {
    fn take(&mut self, stored: &StoredEvent) -> Result<(), CodecError> {
        let recorded = decode(stored)?;
        if let Event::LiabilityStarted(it) = recorded.event {
            let account = self.0.entry(it.account).or_default();
            account.liable = it.liable_persons.len();
            account.changes += 1;
        } else if let Event::ChargeCalculated(it) = recorded.event {
            let account = self.0.entry(it.account).or_default();
            account.net = Some(it.net);
            account.changes += 1;
        }
        Ok(())
    }

    /// Replays from the log as many events as the slice has.
    fn replay(&mut self, store: &SqliteStore, slice: &[StoredEvent]) -> Result<()> {
        let (Some(first), Some(last)) = (slice.first(), slice.last()) else { return Ok(()) };
        let mut outcome = Ok(());
        store.scan(Position(first.position.0 - 1), |it| {
            outcome = self.take(it);
            if outcome.is_ok() && it.position < last.position {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        })?;
        Ok(outcome?)
    }

    fn sum(&self) -> (u64, usize, usize) {
        let charged = self.0.values().filter(|it| it.net.is_some()).count();
        (self.0.values().map(|it| it.changes).sum(), self.0.values().map(|it| it.liable).sum(), charged)
    }
}

pub(crate) fn replay(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let events = bench.size(500_000, 100_000);
    let store = SqliteStore::open(&bench.dir.join("replay"))?;
    let filling = store.clone();
    at_once(&runtime, 50, events / 50, move |caller, number| {
        let store = filling.clone();
        async move {
            let number = number * 50 + caller;
            let expected = (number / STREAMS).checked_sub(1).map_or(Expected::NoStream, Expected::Exact);
            store.append(&stream(number), expected, vec![real(number)?]).await?;
            Ok(())
        }
    })?;
    let in_memory = runtime.block_on(store.read_all(Position::START, usize::MAX))?;
    let length = in_memory.iter().map(|it| it.bytes.len()).sum::<usize>() / in_memory.len().max(1);
    let (mut ratios, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let (mut decoded, mut replayed) = (Accounts::default(), Accounts::default());
        let (mut memory, mut log) = (0, 0);
        for slice in in_memory.chunks(in_memory.len().div_ceil(usize::try_from(SLICES)?)) {
            let begin = Instant::now();
            slice.iter().try_for_each(|it| decoded.take(it))?;
            memory += since(begin);
            let begin = Instant::now();
            replayed.replay(&store, slice)?;
            log += since(begin);
        }
        anyhow::ensure!(decoded.sum() == replayed.sum(), "the replay gave something else");
        ratios.push(per_mille(memory, log));
        ours.push(log);
        theirs.push(memory);
    }
    Ok(vec![Row {
        what: "replay + fold ÷ decode + fold of the same bytes in memory (speeds)",
        limit: Limit::AtLeast(700),
        measured: format!(
            "{} and {} for {events} events; ratios {ratios:?} ‰",
            time(median(ours)),
            time(median(theirs))
        ),
        ratio: median(ratios),
        under: format!(
            "{length} B real events, sealed strings included, each leaf hash checked; file in the page cache; 1 caller"
        ),
    }])
}
