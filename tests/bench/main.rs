//! `cargo bench`: what the log costs on this machine, as ratios to what the machine can do.
//!
//! `cargo bench -- --quick` takes a minute and proves less. Rounds of what is compared are interleaved in one run, and a
//! figure is the median of five. To add a measurement, write a function and put it in [`MEASUREMENTS`].

mod append;
mod corpus;
mod http;
mod load;
mod long;
mod machine;
mod queue;
mod raw;
mod replay;
#[cfg(any(feature = "eventstore", feature = "kurrentdb"))]
mod server;
mod table;
mod views;

use std::path::PathBuf;

use anyhow::Result;

use table::Row;

/// How much is measured, and where.
struct Bench {
    dir: PathBuf,
    quick: bool,
}

impl Bench {
    /// The size of a measurement, or of a quick one.
    fn size(&self, full: u64, quick: u64) -> u64 {
        if self.quick { quick } else { full }
    }
}

type Measure = fn(&Bench) -> Result<Vec<Row>>;

/// Every measurement, in the order of the table.
const MEASUREMENTS: &[Measure] = &[
    append::throughput,
    append::single,
    long::long_log,
    replay::replay,
    views::build,
    views::freshness,
    http::account,
    queue::queue,
    #[cfg(any(feature = "eventstore", feature = "kurrentdb"))]
    server::nodelay,
];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(dir) = arguments.iter().skip_while(|it| *it != "--open").nth(1) {
        return long::open_and_report(dir.as_ref());
    }
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench");
    let _none = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir)?;
    let bench = Bench { dir, quick: arguments.iter().any(|it| it == "--quick") };
    let mut rows = Vec::new();
    // `cargo bench -- --only 6` measures one line of the list.
    let only: Option<usize> = arguments.iter().skip_while(|it| *it != "--only").nth(1).and_then(|it| it.parse().ok());
    for (_, measure) in MEASUREMENTS.iter().enumerate().filter(|(number, _)| only.is_none_or(|only| only == *number)) {
        rows.extend(measure(&bench)?);
    }
    table::print(&rows, &machine::describe(&bench))?;
    std::fs::remove_dir_all(&bench.dir)?;
    Ok(())
}
