//! The command line. A command is a module here, a variant of `Command` and a line in `run`.

mod common;
mod demo;
mod export;
mod import;
mod mailing;
mod output;
mod provider;
mod replay;
mod serve;
mod staff;
mod submit;
mod token;
mod what_if;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use jiff::Timestamp;

pub(crate) use common::Common;

use crate::logs;
use crate::service::ServiceError;

/// An event-sourced processor of electronic council tax change notifications.
#[derive(Debug, Parser)]
#[command(name = "hearth", version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Imports the built-in sample council, processes its 420 notifications, prints what it saves, then serves.
    Demo(demo::Demo),
    /// Loads or updates council, set amounts, dwellings and accounts from a pack folder.
    Import(import::Import),
    /// Submits notifications from NDJSON or CSV files.
    Submit(submit::Submit),
    /// Serves the API, with the workers in the same process.
    Serve(Box<serve::Serve>),
    /// Runs the workers only.
    Work(serve::Work),
    /// Issues, lists and revokes bearer tokens.
    Token(token::Token),
    /// Says who signs in to the pages of staff.
    Staff(staff::Staff),
    /// Folds history from nothing and prints digests and counts.
    Replay(replay::Replay),
    /// Builds a view anew beside the live one, then swaps.
    Rebuild(replay::Rebuild),
    /// Prints events as NDJSON.
    Export(export::Export),
    /// Shows what another policy or other costs would change; nothing is recorded.
    WhatIf(what_if::WhatIf),
}

impl Command {
    /// What is logged unless `HEARTH_LOG` says otherwise: what goes on for a service, what goes wrong for one run.
    fn log_level(&self) -> &'static str {
        match self {
            Self::Serve(_) | Self::Work(_) => "info",
            Self::Demo(_)
            | Self::Import(_)
            | Self::Submit(_)
            | Self::Token(_)
            | Self::Staff(_)
            | Self::Replay(_)
            | Self::Rebuild(_)
            | Self::Export(_)
            | Self::WhatIf(_) => "warn",
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It ran and the answer is no: exit 1.
    No(String),
    /// It could not run: exit 2.
    Usage(String),
}

impl Failure {
    /// It could not run: wrong usage, unreadable input.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }
}

impl<E: Into<ServiceError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Usage(error.into().to_string())
    }
}

/// Runs the command line and gives the exit code: 0 done, 1 the answer is no, 2 it could not run.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    logs::start(cli.common.log_format(), cli.command.log_level());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return told(&format!("cannot start: {error}"), 2),
    };
    match runtime.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::No(message)) => told(&message, 1),
        Err(Failure::Usage(message)) => told(&message, 2),
    }
}

fn told(message: &str, code: u8) -> ExitCode {
    if !message.is_empty() {
        output::complain(&format!("hearth: {message}"));
    }
    ExitCode::from(code)
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let common = &cli.common;
    match cli.command {
        Command::Demo(it) => demo::run(common, it).await,
        Command::Import(it) => import::run(common, it).await,
        Command::Submit(it) => submit::run(common, it).await,
        Command::Serve(it) => serve::run(common, *it).await,
        Command::Work(it) => serve::work(common, it).await,
        Command::Token(it) => token::run(common, it).await,
        Command::Staff(it) => staff::run(common, it).await,
        Command::Replay(it) => replay::run(common, it).await,
        Command::Rebuild(it) => replay::rebuild(common, it).await,
        Command::Export(it) => export::run(common, it).await,
        Command::WhatIf(it) => what_if::run(common, it).await,
    }
}

/// An instant, or a day for its first instant.
fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "must be an instant such as 2016-01-31T12:00:00Z".to_owned())
}
