//! What every command takes, and how a command comes to the log.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Failure, output};
use crate::data_dir::DataDir;
use crate::logs::LogFormat;
use crate::service::{Service, ServiceError};

/// The first and the longest pause before a server that could not be reached is tried again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// What every command takes.
#[derive(Args)]
pub(crate) struct Common {
    /// The data directory: log, views and keys.
    #[arg(long, global = true, env = "HEARTH_DATA", default_value = "./hearth-data", value_name = "DIR")]
    data: PathBuf,
    /// The server that has the log, as a connection string (esdb://host:2113?tls=false), or @FILE for a file that holds
    /// it; views and keys stay in the data directory.
    #[arg(long, global = true, env = "HEARTH_STORE", hide_env_values = true, value_name = "esdb://…")]
    store: Option<String>,
    /// The file of the master key, kept outside the data directory in production.
    #[arg(long, global = true, env = "HEARTH_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// How the log of the service itself is written to standard error.
    #[arg(long, global = true, value_enum, default_value_t)]
    log_format: LogFormat,
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    pub(super) json: bool,
}

// By hand: the connection string of a server may hold a password.
impl fmt::Debug for Common {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Common").field("data", &self.data).finish_non_exhaustive()
    }
}

impl Common {
    /// How the log of the service itself is written.
    pub(super) fn log_format(&self) -> LogFormat {
        self.log_format
    }

    /// The data directory, with the server of the log where there is one.
    pub(super) fn data(&self) -> Result<DataDir, Failure> {
        let server = match self.store.as_deref().map(|it| (it, it.strip_prefix('@'))) {
            None | Some(("", _)) => None,
            Some((given, None)) => Some(given.to_owned()),
            Some((_, Some(file))) => {
                let text = std::fs::read_to_string(file)
                    .map_err(|error| Failure::usage(format!("--store @{file}: cannot be read: {error}")))?;
                Some(text.trim().to_owned())
            }
        };
        Ok(DataDir::new(&self.data, self.key_file.clone()).with_log_on(server))
    }

    /// Opens the log, making an empty one where there is none.
    pub(super) async fn open_or_make(&self) -> Result<Service, Failure> {
        Ok(self.opened_or_made(&self.data()?).await?)
    }

    /// As [`Common::open_or_make`], and waits for as long as the server of the log cannot be reached.
    pub(super) async fn open_when_it_is_up(&self) -> Result<Service, Failure> {
        let data = self.data()?;
        let mut pause = BACK_OFF.0;
        loop {
            match self.opened_or_made(&data).await {
                Err(error) if data.server().is_some() && error.will_pass() => {
                    tracing::warn!("the event store cannot be reached, and is tried again: {error}");
                }
                opened => return Ok(opened?),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(BACK_OFF.1);
        }
    }

    /// Opens a log that must be there already.
    pub(super) async fn open(&self) -> Result<Service, Failure> {
        let data = self.data()?;
        let Some(log) = Service::log_where_there_is_one(&data).await? else {
            let there = self.data.display();
            return Err(Failure::usage(format!(
                "there is no log in {}: run `hearth import PACK --data {there}` first, or `hearth demo`",
                place_of(&data)
            )));
        };
        Ok(Service::over(log, &data, None).await?)
    }

    /// That an empty log is made is said aloud, as the directory may be mistyped.
    async fn opened_or_made(&self, data: &DataDir) -> Result<Service, ServiceError> {
        let log = if let Some(log) = Service::log_where_there_is_one(data).await? {
            log
        } else {
            let there = self.data.display();
            let place = place_of(data);
            output::complain(&format!(
                "hearth: {place} held no log; an empty one is made. Import a pack with `hearth import PACK --data {there}`"
            ));
            Service::log(data)?
        };
        Service::over(log, data, None).await
    }
}

fn place_of(data: &DataDir) -> String {
    if data.server().is_some() { "the event store".to_owned() } else { data.root().display().to_string() }
}
