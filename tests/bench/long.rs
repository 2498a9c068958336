//! What a long history costs: appending to it, opening it, and keeping it open.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use hearth::store::sqlite::SqliteStore;
use tokio::runtime::Runtime;

use super::Bench;
use super::corpus::{BYTES, STREAMS};
use super::load::{Log, Round, SLICES, runtime, since};
use super::table::{Limit, Row, median, per_mille, percentile, time};

/// The events a snapshot of the heads may lag behind the log.
const LAG: u64 = 250_000;

pub(crate) fn long_log(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let (short, long) = (bench.size(500_000, 100_000), bench.size(5_000_000, 400_000));
    let (short_dir, long_dir) = (bench.dir.join("short"), bench.dir.join("long"));
    let short_log = filled(&runtime, &short_dir, short)?;
    let long_log = filled(&runtime, &long_dir, long)?;
    let appending = appending(bench, &runtime, &short_log, &long_log)?;
    short_log.store.shutdown();
    long_log.store.shutdown();
    drop((short_log, long_log));
    let mut rows = vec![appending];
    rows.extend(opening(&short_dir, &long_dir, long)?);
    Ok(rows)
}

/// A log of this many events, with the oldest snapshot of its heads that a crash could leave kept beside it.
fn filled(runtime: &Runtime, dir: &Path, events: u64) -> Result<Log> {
    let log = Log::new(SqliteStore::open(dir)?)?;
    log.fill(runtime, events.saturating_sub(LAG).max(STREAMS), 10)?;
    log.store.shutdown();
    std::fs::copy(dir.join("heads.bin"), dir.join("heads.old"))?;
    let log = log.reopened(SqliteStore::open(dir)?);
    log.fill(runtime, events, 10)?;
    Ok(log)
}

fn appending(bench: &Bench, runtime: &Runtime, short: &Log, long: &Log) -> Result<Row> {
    let count = bench.size(64_000, 19_200);
    let (mut ratios, mut early, mut late) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let (mut before, mut after) = (Round::default(), Round::default());
        for _ in 0..SLICES {
            before.add(short.round(runtime, 64, count / SLICES)?);
            after.add(long.round(runtime, 64, count / SLICES)?);
        }
        let (before, after) = (percentile(before.answers, 990), percentile(after.answers, 990));
        ratios.push(per_mille(after, before));
        early.push(before);
        late.push(after);
    }
    Ok(Row {
        what: "p99 of append after 5 million events ÷ after 0.5 million",
        limit: Limit::AtMost(1_500),
        measured: format!("{} ÷ {}; ratios {ratios:?} ‰", time(median(late)), time(median(early))),
        ratio: median(ratios),
        under: format!("{BYTES} B, {STREAMS} streams, expected revisions; durable; 64 callers"),
    })
}

fn opening(short: &Path, long: &Path, events: u64) -> Result<[Row; 2]> {
    let (mut clean, mut crashed) = (Vec::new(), Vec::new());
    let (mut small, mut large) = (Vec::new(), Vec::new());
    std::fs::copy(long.join("heads.bin"), long.join("heads.new"))?;
    for _ in 0..5 {
        std::fs::copy(long.join("heads.new"), long.join("heads.bin"))?;
        let (nanoseconds, bytes) = opened(long)?;
        clean.push(nanoseconds);
        large.push(bytes);
        small.push(opened(short)?.1);
        std::fs::copy(long.join("heads.old"), long.join("heads.bin"))?;
        crashed.push(opened(long)?.0);
    }
    let (clean, crashed) = (median(clean), median(crashed));
    let (small, large) = (median(small), median(large));
    let under = format!("{BYTES} B, {STREAMS} streams; a process of its own, files in the page cache");
    Ok([
        Row {
            what: "opening 5 million events ÷ 1 s",
            ratio: per_mille(crashed.max(clean), 1_000_000_000),
            limit: Limit::AtMost(2_000),
            measured: format!(
                "{events} events: {} after a clean end; {} with the oldest snapshot a crash leaves",
                time(clean),
                time(crashed)
            ),
            under: under.clone(),
        },
        Row {
            what: "memory of the process with 5 million events open ÷ with 0.5 million",
            ratio: per_mille(large, small),
            limit: Limit::AtMost(1_250),
            measured: format!("{large} KiB ÷ {small} KiB resident"),
            under,
        },
    ])
}

/// Opens the log in a new process; nanoseconds, and KiB it then holds in memory.
fn opened(dir: &Path) -> Result<(u64, u64)> {
    let child = Command::new(std::env::current_exe()?).arg("--open").arg(dir).output()?;
    let out = String::from_utf8(child.stdout)?;
    let (nanoseconds, kib) = out.trim().split_once(' ').context("the child did not open the log")?;
    Ok((nanoseconds.parse()?, kib.parse()?))
}

/// What the new process does.
pub(crate) fn open_and_report(dir: &Path) -> Result<()> {
    let begin = Instant::now();
    let store = SqliteStore::open(dir)?;
    let nanoseconds = since(begin);
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).context("no VmRSS")?;
    writeln!(std::io::stdout(), "{nanoseconds} {}", kib.trim().trim_end_matches(" kB"))?;
    // Left as a crash leaves it, so that the next one finds the same snapshot.
    std::mem::forget(store);
    std::process::exit(0);
}
