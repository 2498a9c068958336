//! The views: building one anew, how soon it shows what was acknowledged, and reading one row.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use hearth::store::sqlite::SqliteStore;
use hearth::store::{EventStore, Expected};
use hearth::views::{Views, catch_up, rebuild, run_workers};
use hearth_events::{AccountRef, Position, StoredEvent, Uprn, decode};
use hearth_projections::{Accounts, DwellingState, Projection};
use tokio::sync::watch;

use super::Bench;
use super::corpus::{STREAMS, real, stream};
use super::load::{at_once, runtime, since};
use super::table::{Limit, Row, median, per_mille, percentile, time};

/// Decodes and folds in memory what the view of accounts is made from.
fn folded(events: &[StoredEvent]) -> Result<usize> {
    let mut rows: BTreeMap<String, Option<DwellingState>> = BTreeMap::new();
    for stored in events {
        let event = decode(stored)?;
        for key in Accounts::keys(&event) {
            let row = rows.entry(key.clone()).or_default();
            Accounts::apply(row, &key, &event).map_err(|error| anyhow::anyhow!("{error}"))?;
        }
    }
    Ok(rows.len())
}

pub(crate) fn build(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let events = bench.size(400_000, 100_000);
    let store = SqliteStore::open(&bench.dir.join("views-log"))?;
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
    let views = Views::open(&bench.dir.join("views"), "bench")?;
    runtime.block_on(catch_up(&store, &views))?;
    let in_memory = runtime.block_on(store.read_all(Position::START, usize::MAX))?;
    let (mut ratios, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let begin = Instant::now();
        let rows = folded(&in_memory)?;
        let memory = since(begin);
        let begin = Instant::now();
        let rebuilt = runtime.block_on(rebuild(&store, &views, Some("accounts")))?;
        let built = since(begin);
        anyhow::ensure!(rebuilt.iter().all(|it| it.rows == rows as u64 && it.parked == 0), "{rebuilt:?}");
        ratios.push(per_mille(memory, built));
        ours.push(built);
        theirs.push(memory);
    }
    let mut reads = Vec::new();
    for number in 0..20_000_u64 {
        let uprn: Uprn = format!("{:012}", 100_000_000_000 + number * 7_919 % STREAMS).parse()?;
        let account = AccountRef::nth_of(&uprn, 1);
        let begin = Instant::now();
        anyhow::ensure!(views.dwelling_of_account(&account)?.is_some(), "{account} is missing");
        reads.push(since(begin));
    }
    let under =
        format!("{events} real events at {STREAMS} dwellings in turn, so that each batch touches every row once");
    Ok(vec![
        Row {
            what: "view rebuild ÷ decode + fold of the same bytes in memory (speeds)",
            limit: Limit::AtLeast(200),
            measured: format!("{} and {}; ratios {ratios:?} ‰", time(median(ours)), time(median(theirs))),
            ratio: median(ratios),
            under: format!("{under}; compared with the live view, synced and swapped"),
        },
        Row {
            what: "an account by its reference, p99 in ms",
            limit: Limit::AtMost(1_000),
            measured: format!("median {}", time(median(reads.clone()))),
            ratio: percentile(reads, 990) / 1_000,
            under: format!("{STREAMS} accounts; 1 caller; row decoded"),
        },
    ])
}

/// How long a client thinks between two appends.
const PACE: Duration = Duration::from_millis(10);

pub(crate) fn freshness(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let store = SqliteStore::open(&bench.dir.join("fresh-log"))?;
    let views = Views::open(&bench.dir.join("fresh"), "bench")?;
    let samples = bench.size(2_000, 500);
    let (next, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let append = {
        let (store, next) = (store.clone(), Arc::clone(&next));
        move || {
            let (store, next) = (store.clone(), Arc::clone(&next));
            async move {
                let number = next.fetch_add(1, Ordering::Relaxed);
                // Each event is a dwelling of its own: callers cannot be in each other's way.
                let name = hearth_events::StreamName::named(&format!("dwelling-{:012}", 200_000_000_000 + number));
                let appended = store.append(&name, Expected::NoStream, vec![real(number % STREAMS)?]).await?;
                anyhow::Ok(appended.last)
            }
        }
    };
    let waits: Vec<u64> = runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        let workers = tokio::spawn(run_workers(Arc::new(store.clone()), views.clone(), stopped));
        let clients: Vec<_> = (0..64)
            .map(|_| {
                let (append, done) = (append.clone(), Arc::clone(&done));
                tokio::spawn(async move {
                    // Flat out, 64 clients write faster than a view on the same two cores can follow, for as long as they do.
                    while !done.load(Ordering::Relaxed) {
                        append().await?;
                        tokio::time::sleep(PACE).await;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        let mut waits = Vec::new();
        for _ in 0..samples {
            let position = append().await?;
            let begin = Instant::now();
            // A view that does not come at all counts as ten seconds.
            let _came = views.wait_for("accounts", position, Duration::from_secs(10)).await?;
            waits.push(since(begin));
        }
        done.store(true, Ordering::Relaxed);
        for client in clients {
            client.await??;
        }
        stop.send(true)?;
        workers.await??;
        anyhow::Ok(waits)
    })?;
    Ok(vec![Row {
        what: "acknowledgement to view, p99 in ms",
        limit: Limit::AtMost(50_000),
        measured: format!("median {}, {} events", time(median(waits.clone())), next.load(Ordering::Relaxed)),
        ratio: percentile(waits, 990) / 1_000,
        under: "64 clients append 100 times a second each, one at a time; 661 B; durable; three views".to_owned(),
    }])
}
