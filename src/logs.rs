//! What the service says about itself: references of notifications and accounts only, never anybody's details.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// A line a message, for people.
    #[default]
    Text,
    /// A JSON object a line, for machines.
    Json,
}

/// Starts to log to standard error; called once, by `main`. `HEARTH_LOG` sets what is logged, `level` otherwise.
///
/// The clients of EventStoreDB report every failure as an error, also one that is mended a moment later; the store says
/// itself what becomes of it, so they are not heard unless `HEARTH_LOG` asks for them.
///
/// A panic is logged by where it happened. Its message is left out, as it could quote what was being worked on.
pub fn start(format: LogFormat, level: &str) {
    let filter = EnvFilter::try_from_env("HEARTH_LOG")
        .unwrap_or_else(|_| EnvFilter::new(format!("{level},eventstore=off,kurrentdb=off")));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(stderr().is_terminal()).with_writer(stderr);
    // Whoever called this before has set the log up; that one stays.
    let _ = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked at {place}");
    }));
}
