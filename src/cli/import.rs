//! `hearth import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hearth_events::LogClock;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::output::{complain, progress, say, say_json};
use super::{Common, Failure};
use crate::pack::{self, ImportError, Imported, Pack, Source};
use crate::service::Service;

/// Loads or updates a council from a pack folder.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The folder: council.toml, bands.csv, dwellings.csv, accounts.csv.
    pack: PathBuf,
    /// The clock of a new data directory: the machine's, or one that follows the `received_at` of what is submitted.
    #[arg(long, value_enum, default_value_t)]
    clock: ClockChoice,
}

/// The clock of a new data directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ClockChoice {
    /// The machine's.
    #[default]
    System,
    /// A simulated one that follows what is submitted.
    File,
}

pub(super) async fn run(common: &Common, args: Import) -> Result<(), Failure> {
    if !args.pack.is_dir() {
        return Err(Failure::usage(format!(
            "{} is not a folder: give the folder of a council pack",
            args.pack.display()
        )));
    }
    let source = Source::Folder(&args.pack);
    let pack = read(source, &format!("{}/", args.pack.display()))?;
    let simulated = (args.clock == ClockChoice::File).then(|| simulated_start(source, &pack));
    let service = Service::open(&common.data()?, simulated).await?;
    if simulated.is_some() && service.clock.kind() == LogClock::System {
        return Err(Failure::usage(
            "this data directory runs on the machine's clock; give another --data for a simulated one",
        ));
    }
    let imported = import(&service, &pack).await?;
    for warning in &imported.warnings {
        complain(&format!("warning: {warning}"));
    }
    if common.json {
        return say_json(&imported);
    }
    say(&summary(&pack, &imported))
}

/// Reads a pack, naming every defect.
pub(super) fn read(source: Source<'_>, place: &str) -> Result<Pack, Failure> {
    pack::read(source).map_err(|defects| refused(place, &defects))
}

fn refused(place: &str, defects: &[pack::Defect]) -> Failure {
    const SHOWN: usize = 50;
    for defect in defects.iter().take(SHOWN) {
        complain(&format!("{place}{defect}"));
    }
    if defects.len() > SHOWN {
        complain(&format!("... and {} more", defects.len() - SHOWN));
    }
    Failure::No("nothing of the pack was applied: put these right and import it again".to_owned())
}

/// Imports a pack that was read.
pub(super) async fn import(service: &Service, pack: &Pack) -> Result<Imported, Failure> {
    match pack::import(service, pack, &|done, of| progress("importing dwellings", done, of)).await {
        Ok(imported) => Ok(imported),
        Err(ImportError::Defects(defects)) => Err(refused("", &defects)),
        Err(ImportError::Service(error)) => Err(error.into()),
    }
}

/// Where a simulated clock begins: with the first notification of the pack, or with its first year.
pub(super) fn simulated_start(source: Source<'_>, pack: &Pack) -> Timestamp {
    let notifications = source.bytes("notifications.ndjson").unwrap_or_default();
    let text = String::from_utf8_lossy(&notifications);
    let received = text.lines().filter_map(|line| {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        value.get("received_at")?.as_str()?.parse::<Timestamp>().ok()
    });
    let first_day = || {
        let day = pack::first_day(pack)?;
        day.to_zoned(TimeZone::UTC).ok().map(|it| it.timestamp())
    };
    received.min().or_else(first_day).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn summary(pack: &Pack, imported: &Imported) -> String {
    if imported.events == 0 {
        return format!("{}: nothing has changed", pack.council.registered.name);
    }
    let recovery = match imported.told {
        0 => String::new(),
        steps => format!(", {steps} steps of recovery and payments"),
    };
    format!(
        "{}: recorded {} events: {} dwellings, {} accounts, {} charges, {} resolutions and policies of the council{recovery}",
        pack.council.registered.name,
        imported.events,
        imported.dwellings,
        imported.accounts,
        imported.charges,
        imported.council_events,
    )
}
