//! Appending: many at once against the same batching of raw bytes, and one alone against one `fdatasync`.

use std::os::unix::fs::FileExt;
use std::time::Instant;

use anyhow::Result;
use hearth::store::sqlite::SqliteStore;

use super::Bench;
use super::corpus::{BYTES, STREAMS};
use super::load::{Log, Round, SLICES, at_once, runtime, since};
use super::raw::{RawLog, zero_filled};
use super::table::{Limit, Row, median, per_mille, percentile, time};

const ROUNDS: u64 = 5;
const IN_FLIGHT: u64 = 64;

pub(crate) fn throughput(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let log = Log::new(SqliteStore::open(&bench.dir.join("throughput"))?)?;
    log.fill(&runtime, STREAMS, 1)?;
    let raw = RawLog::open(&bench.dir.join("raw"))?;
    let count = bench.size(64_000, 6_400);
    let (mut ratios, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (mut stored, mut written) = (Round::default(), Round::default());
        for _ in 0..SLICES {
            stored.add(log.round(&runtime, IN_FLIGHT, count / SLICES)?);
            let raw = raw.clone();
            written.add(at_once(&runtime, IN_FLIGHT, count / SLICES / IN_FLIGHT, move |_, _| {
                let raw = raw.clone();
                async move { raw.append(vec![b'x'; BYTES]).await }
            })?);
        }
        let (stored, written) = (stored.per_second(), written.per_second());
        ratios.push(per_mille(stored, written));
        ours.push(stored);
        theirs.push(written);
    }
    Ok(vec![Row {
        what: "appends/s, 64 in flight ÷ the same batching writing raw bytes into a zero-filled file with fdatasync",
        limit: Limit::AtLeast(350),
        measured: format!("{}/s ÷ {}/s; ratios {ratios:?} ‰", median(ours), median(theirs)),
        ratio: median(ratios),
        under: format!("{BYTES} B, {STREAMS} streams, expected revisions; durable; 64 callers"),
    }])
}

pub(crate) fn single(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let log = Log::new(SqliteStore::open(&bench.dir.join("single"))?)?;
    log.fill(&runtime, STREAMS, 1)?;
    let file = zero_filled(&bench.dir.join("page"))?;
    let (mut ratios, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (mut appends, mut pages) = (Vec::new(), Vec::new());
        for number in 0..bench.size(2_000, 300) {
            let at = round * 2_000 + number;
            let begin = Instant::now();
            runtime.block_on(log.append(at, 1))?;
            appends.push(since(begin));
            let begin = Instant::now();
            file.write_all_at(&[b'x'; 4_096], at % 10_000 * 4_096)?;
            file.sync_data()?;
            pages.push(since(begin));
        }
        let (append, page) = (percentile(appends, 500), percentile(pages, 500));
        ratios.push(per_mille(append, page));
        ours.push(append);
        theirs.push(page);
    }
    Ok(vec![Row {
        what: "p50 of a single append ÷ one 4 KiB fdatasync",
        limit: Limit::AtMost(2_500),
        measured: format!("{} ÷ {}; ratios {ratios:?} ‰", time(median(ours)), time(median(theirs))),
        ratio: median(ratios),
        under: format!("{BYTES} B, {STREAMS} streams, expected revisions; durable; 1 caller, alternating"),
    }])
}
