//! What `serve` and `work` take for messages to submitters, and the task that writes and sends them.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use tokio::sync::watch;

use super::Failure;
use crate::mail::sending::{Mailer, Sending};
use crate::mail::{turn, writing};
use crate::service::Service;
use crate::service::public_url::PublicUrl;

/// How messages go to submitters.
#[derive(Args, Default)]
pub(super) struct Mail {
    /// Where residents reach the pages, for the links in messages and to answers that are kept for later:
    /// <https://tell.council.example>. Without it there are none, and nobody can have a link e-mailed.
    #[arg(long, env = "HEARTH_PUBLIC_URL", value_name = "URL")]
    pub(super) public_url: Option<PublicUrl>,
    /// The server that takes messages (smtps://USER:PASSWORD@HOST:465, smtp://…:587?tls=required), or @FILE for a file that
    /// holds that; without one they lie in the outbox, for somebody else to send.
    #[arg(long, env = "HEARTH_SMTP", hide_env_values = true, value_name = "smtps://…", requires = "from")]
    smtp: Option<String>,
    /// Whom messages come from: Test Council <no-reply@council.example>.
    #[arg(long = "mail-from", env = "HEARTH_MAIL_FROM", value_name = "ADDRESS")]
    from: Option<String>,
}

// By hand: what leads to the server holds a password.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

/// Writes and sends messages.
pub(super) struct Mailing {
    mailer: Option<Box<dyn Mailer>>,
}

impl Mail {
    /// What was given, checked.
    pub(super) fn mailing(self) -> Result<Mailing, Failure> {
        let smtp = match self.smtp {
            None => None,
            Some(given) => Some(mailer(&given_or_in_file(given)?, &self.from.unwrap_or_default())?),
        };
        Ok(Mailing { mailer: smtp })
    }
}

fn given_or_in_file(given: String) -> Result<String, Failure> {
    let Some(file) = given.strip_prefix('@') else { return Ok(given) };
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| Failure::usage(format!("--smtp @{file}: cannot be read: {error}")))?;
    Ok(text.trim().to_owned())
}

#[cfg(feature = "smtp")]
fn mailer(url: &str, from: &str) -> Result<Box<dyn Mailer>, Failure> {
    crate::mail::smtp::Smtp::new(url, from).map(|it| Box::new(it) as Box<dyn Mailer>).map_err(Failure::usage)
}

#[cfg(not(feature = "smtp"))]
fn mailer(_: &str, _: &str) -> Result<Box<dyn Mailer>, Failure> {
    Err(Failure::usage("--smtp: this program was built without it; build with --features smtp, or leave it out"))
}

impl Mailing {
    /// Messages begin here, where they have never begun: before anybody can be told that something was received.
    pub(super) async fn begin(&self, service: &Service) -> Result<(), Failure> {
        Ok(writing::begin(service).await?)
    }

    /// Writes and sends, again and again until told to stop.
    pub(super) async fn run(self, service: Arc<Service>, mut stop: watch::Receiver<bool>) {
        const PAUSE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(2));
        let (mut sending, mut pause) = (Sending::default(), PAUSE.0);
        loop {
            let is_well = self.once(&service, &mut sending, &stop).await;
            pause = if is_well { PAUSE.0 } else { (pause * 2).min(PAUSE.1) };
            tokio::select! {
                _ = stop.wait_for(|stopped| *stopped) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Whether all was well; what could not be sent now is not amiss, it waits.
    async fn once(&self, service: &Service, sending: &mut Sending, stop: &watch::Receiver<bool>) -> bool {
        // One process at a time, so that nothing is sent by two.
        let _turn = match turn(&service.outbox) {
            Ok(Some(turn)) => turn,
            Ok(None) => return true,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be used");
                return false;
            }
        };
        let mut is_well = true;
        if let Err(error) = writing::write(service).await {
            tracing::error!(%error, "messages to submitters could not be written yet");
            is_well = false;
        }
        if let Some(mailer) = &self.mailer {
            let sent = sending.send_all(&service.outbox, mailer.as_ref(), Instant::now(), || *stop.borrow()).await;
            if let Err(error) = sent {
                tracing::error!(%error, "the outbox could not be gone through");
                is_well = false;
            }
        }
        is_well
    }
}
