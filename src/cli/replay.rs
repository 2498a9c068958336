//! `hearth replay` and `hearth rebuild`.

use clap::Args;
use hearth_events::Position;
use jiff::Timestamp;
use serde::Serialize;

use super::output::{complain, say, say_json};
use super::{Common, Failure, instant};
use crate::replay::{Difference, ReplayReport, replay, verify};
use crate::views::{self, Views};

/// Folds history from nothing.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Only up to this event.
    #[arg(long, value_name = "POSITION")]
    until: Option<u64>,
    /// Only what was recorded at or before this instant: what was known then.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    known_at: Option<Timestamp>,
    /// Compare with the live views and name what differs.
    #[arg(long, conflicts_with_all = ["until", "known_at"])]
    verify: bool,
}

/// Builds views anew.
#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// Which view; all of them otherwise.
    projection: Option<String>,
}

#[derive(Serialize)]
struct Verified<'a> {
    #[serde(flatten)]
    report: &'a ReplayReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<&'a [Difference]>,
}

pub(super) async fn run(common: &Common, args: Replay) -> Result<(), Failure> {
    let service = common.open().await?;
    if args.verify {
        service.catch_up().await?;
    }
    let report = replay(service.store.as_ref(), args.until.map(Position), args.known_at).await?;
    let differences = if args.verify { Some(verify(&report, &service.views)?) } else { None };
    if common.json {
        say_json(&Verified { report: &report, differences: differences.as_deref() })?;
    } else {
        say(&text(&report))?;
    }
    let Some(differences) = differences else { return Ok(()) };
    if differences.is_empty() {
        if !common.json {
            say("the live views are what history comes to")?;
        }
        return Ok(());
    }
    for difference in &differences {
        complain(&difference.to_string());
    }
    Err(Failure::No(format!("{} differences; `hearth rebuild` builds the views anew from history", differences.len())))
}

fn text(report: &ReplayReport) -> String {
    let mut lines = vec![format!("{} events up to position {}", report.events, report.position)];
    if let Some(known_at) = report.known_at {
        lines.push(format!("known at {known_at}"));
    }
    lines.push(format!("{} accounts", report.accounts));
    lines.extend(report.notifications.iter().map(|(status, count)| format!("{count} notifications {status}")));
    for it in &report.projections {
        lines.push(format!("{:<10} {:>8} rows  {}", it.projection, it.rows, it.digest));
        lines.extend(
            it.parked.iter().map(|held| format!("  holds {} from {}: {}", held.stream, held.position, held.reason)),
        );
    }
    lines.join("\n")
}

pub(super) async fn rebuild(common: &Common, args: Rebuild) -> Result<(), Failure> {
    if let Some(name) = &args.projection
        && !Views::projections().contains(&name.as_str())
    {
        let known = Views::projections().join(", ");
        return Err(Failure::usage(format!("there is no projection {name}: it is one of {known}")));
    }
    let service = common.open().await?;
    let rebuilt = views::rebuild(service.store.as_ref(), &service.views, args.projection.as_deref()).await?;
    if common.json {
        return say_json(&rebuilt);
    }
    for it in rebuilt {
        say(&format!("{:<10} {:>8} rows up to position {}", it.projection, it.rows, it.position))?;
        for key in &it.corrected {
            say(&format!("  corrected {key}"))?;
        }
    }
    Ok(())
}
