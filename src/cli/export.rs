//! `hearth export`.

use std::io::{self, Write};

use clap::Args;
use hearth_events::Position;

use super::output::closed;
use super::{Common, Failure};

/// Prints events as NDJSON.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The first position.
    #[arg(long, value_name = "POSITION")]
    from: Option<u64>,
    /// The last position.
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
}

pub(super) async fn run(common: &Common, args: Export) -> Result<(), Failure> {
    const TOGETHER: usize = 1_000;
    let service = common.open().await?;
    let mut after = Position(args.from.unwrap_or(1).saturating_sub(1));
    let last = Position(args.to.unwrap_or(u64::MAX));
    let mut out = io::BufWriter::new(io::stdout().lock());
    loop {
        let events = service.store.read_all(after, TOGETHER).await?;
        let Some(end) = events.last().map(|it| it.position) else { break };
        for event in events.iter().take_while(|it| it.position <= last) {
            let object =
                event.with_hash().ok_or_else(|| Failure::No(format!("event {} is not readable", event.position)))?;
            writeln!(out, "{object}").map_err(closed)?;
        }
        if end >= last {
            break;
        }
        after = end;
    }
    out.flush().map_err(closed)
}
