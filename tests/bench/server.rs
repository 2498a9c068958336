//! Appending to a server: what the missing TCP_NODELAY of the client costs, and what is left of it.
//!
//! The server is the protocol double, on this machine and in memory; a real one adds its disk and the way there.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result};
#[cfg(feature = "eventstore")]
use eventstore as es;
use hearth::store::eventstoredb::EventStoreDb;
use hearth::store::{EventStore as _, Expected};
use hearth_events::StreamName;
#[cfg(all(feature = "kurrentdb", not(feature = "eventstore")))]
use kurrentdb as es;
use serde_json::value::RawValue;

use super::Bench;
use super::corpus::{BYTES, Plain};
use super::load::{Round, SLICES, at_once, runtime};
use super::table::{Limit, Row, median, per_mille, percentile, time};

const ROUNDS: u64 = 5;

struct Double(Child, String);

impl Double {
    /// Built beside the bench, in the profile of releases.
    fn start() -> Result<Self> {
        let path = std::path::Path::new(env!("CARGO_BIN_EXE_hearth")).with_file_name("esdb-double");
        let args = ["--listen", "127.0.0.1:0", "--exit-with-parent"];
        let mut child = Command::new(&path)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} is not there: cargo build --release -p esdb-double", path.display()))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let told: serde_json::Value = serde_json::from_str(&line)?;
        let node = told.pointer("/nodes/0").and_then(serde_json::Value::as_str).context("no address")?;
        let address = format!("esdb://{node}?tls=false");
        Ok(Self(child, address))
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        let _none = self.0.kill();
        let _none = self.0.wait();
    }
}

/// An event of the corpus for the client as it comes.
fn told(plain: &Plain) -> Result<es::EventData> {
    let data = RawValue::from_string(plain.event(0).data)?;
    Ok(es::EventData::json("Told", &data)?.metadata(plain.event(0).metadata.into()))
}

async fn as_it_comes(client: &es::Client, plain: &Plain, number: u64) -> Result<()> {
    let options = es::AppendToStreamOptions::default();
    client.append_to_stream(format!("raw-{number}"), &options, told(plain)?).await?;
    Ok(())
}

async fn ours(store: &EventStoreDb, plain: &Plain, number: u64) -> Result<()> {
    store.append(&StreamName::named(&format!("ours-{number}")), Expected::NoStream, vec![plain.event(number)]).await?;
    Ok(())
}

/// One caller, then many, of each in turn.
pub(crate) fn nodelay(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let double = Double::start()?;
    let plain = Arc::new(Plain::new()?);
    let store = EventStoreDb::open(&double.1, &bench.dir.join("places"))?;
    runtime.block_on(ours(&store, &plain, 0))?;
    // Connected after the store, so that nobody turns Nagle's algorithm off for it.
    let client = runtime.block_on(async {
        let client = es::Client::new(double.1.parse()?).map_err(|it| anyhow::anyhow!("{it}"))?;
        as_it_comes(&client, &plain, 0).await?;
        anyhow::Ok(client)
    })?;
    let mut rows = Vec::new();
    for (in_flight, count, limit) in [(1, bench.size(200, 40), 500), (64, bench.size(12_800, 1_280), 2_000)] {
        let (mut ratios, mut quick, mut slow) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let (mut here, mut there) = (Round::default(), Round::default());
            for slice in 0..SLICES {
                let first = 1 + (in_flight + 1) * 10_000 + (round * SLICES + slice) * count;
                let (store, own) = (store.clone(), Arc::clone(&plain));
                let (client, theirs) = (client.clone(), Arc::clone(&plain));
                let each = count / SLICES / in_flight;
                here.add(at_once(&runtime, in_flight, each, move |caller, number| {
                    let (store, plain) = (store.clone(), Arc::clone(&own));
                    async move { ours(&store, &plain, first + caller * each + number).await }
                })?);
                there.add(at_once(&runtime, in_flight, each, move |caller, number| {
                    let (client, plain) = (client.clone(), Arc::clone(&theirs));
                    async move { as_it_comes(&client, &plain, first + caller * each + number).await }
                })?);
            }
            let (here, there) = (percentile(here.answers, 500), percentile(there.answers, 500));
            ratios.push(per_mille(here, there));
            quick.push(here);
            slow.push(there);
        }
        rows.push(Row {
            what: "p50 of an append to a server, read back ÷ of the client's own append as it comes, not read back",
            limit: Limit::AtMost(limit),
            measured: format!("{} ÷ {}; ratios {ratios:?} ‰", time(median(quick)), time(median(slow))),
            ratio: median(ratios),
            under: format!("{BYTES} B; protocol double on loopback, in memory, not durable; {in_flight} in flight"),
        });
    }
    Ok(rows)
}
