//! Messages by SMTP.

use std::str::FromStr;

use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message as Mail};
use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::message::Message;
use super::sending::{Mailer, NotSent};

/// A server that takes messages.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

// By hand: what leads to the server holds a password.
impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Smtp {
    /// The server at `smtps://user:password@host:465`, or `smtp://…:587?tls=required`. Without TLS only to this very machine.
    ///
    /// # Errors
    /// When either text cannot be used, in words that do not repeat it.
    pub fn new(url: &str, from: &str) -> Result<Self, String> {
        let host = host(url)
            .ok_or("--smtp must be smtps://USER:PASSWORD@HOST:465 or smtp://USER:PASSWORD@HOST:587?tls=required")?;
        let is_sealed = url.starts_with("smtps://") || url.ends_with("?tls=required");
        if !is_sealed && !["localhost", "127.0.0.1", "[::1]"].contains(&host.as_str()) {
            return Err(format!("--smtp would send to {host} in clear: use smtps://, or add ?tls=required"));
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
            format!("--smtp: what stands around {host} cannot be read; write special characters as %XX")
        })?;
        let from = Mailbox::from_str(from)
            .map_err(|_| "--mail-from must be an address: Test Council <no-reply@council.example>".to_owned())?;
        Ok(Self { transport: transport.build(), from, host })
    }

    fn mail(&self, name: &str, message: &Message) -> Result<Mail, NotSent> {
        let never = |what: &str| NotSent::Never(what.to_owned());
        let to = message.to.parse().map_err(|_| never("its address cannot be used"))?;
        // The same each time it is tried, so that who gets it twice can tell.
        let id = format!("<{name}@{}>", self.from.email.domain());
        let mail = Mail::builder().from(self.from.clone()).to(Mailbox::new(None, to)).message_id(Some(id));
        let mail = mail.subject(&message.subject).header(ContentType::TEXT_PLAIN).body(message.text.clone());
        mail.map_err(|_| never("it cannot be written as a mail"))
    }
}

/// The host that a connection string names.
fn host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("smtps://").or_else(|| url.strip_prefix("smtp://"))?;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|it| it.is_ascii_digit()) => host,
        _ => host,
    };
    (!host.is_empty()).then(|| host.to_owned())
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, name: &str, message: &Message) -> Result<(), NotSent> {
        let mail = self.mail(name, message)?;
        self.transport.send(mail).await.map(drop).map_err(|error| not_sent(&error, &self.host))
    }
}

/// Why it was not taken, without what the server says: that may name the recipient.
fn not_sent(error: &Error, host: &str) -> NotSent {
    match error.status() {
        Some(code) if error.is_permanent() => NotSent::Never(format!("{host} answered {code}")),
        Some(code) => NotSent::Later(format!("{host} answered {code}")),
        None if error.is_timeout() => NotSent::Later(format!("{host} did not answer in time")),
        None if error.is_tls() => NotSent::Later(format!("there is no TLS with {host}; look at its certificate")),
        None => NotSent::Later(format!("{host} cannot be reached, or does not speak SMTP")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_clear_goes_nothing_to_another_machine() {
        let from = "Test Council <no-reply@council.example>";
        for url in [
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
            "smtps://u:p%40ss@mail.example:465",
            "smtp://mail.example:587?tls=required",
        ] {
            assert!(Smtp::new(url, from).is_ok(), "{url}");
        }
        for url in [
            "smtp://mail.example:25",
            "smtp://localhost@mail.example",
            "smtp://mail.example?tls=opportunistic",
            "mail.example",
            "smtp://",
        ] {
            assert!(Smtp::new(url, from).is_err(), "{url}");
        }
        let told = Smtp::new("smtp://user:secret@mail.example:25", from).unwrap_err();
        assert!(!told.contains("secret"), "{told}");
        assert!(Smtp::new("smtp://localhost", "nobody").is_err());
    }
}
