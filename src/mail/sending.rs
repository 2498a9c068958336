//! The outbox emptied: each message is sent, and then called `.sent`; what cannot be sent now is tried again later and later,
//! and what never can is called `.failed`, for somebody to look at.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::PREFIX;
use super::message::Message;

/// The first and the longest pause before a message is tried again.
const PAUSE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_hours(1));
/// How long one message may take.
const LONGEST: Duration = Duration::from_mins(1);
/// After how many failures in a row the others wait as well: it is not the messages then.
const MOST_FAILURES: usize = 3;

/// What sends messages.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends a message; `name` is the same when it is tried again.
    ///
    /// # Errors
    /// When it was not taken, in words that name nobody.
    async fn send(&self, name: &str, message: &Message) -> Result<(), NotSent>;
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It may work later.
    Later(String),
    /// It never will.
    Never(String),
}

/// What came of going through the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many were sent.
    pub sent: usize,
    /// How many are tried again.
    pub later: usize,
    /// How many never can be.
    pub never: usize,
}

/// What is to be tried again, and when.
#[derive(Debug, Default)]
pub struct Sending {
    waiting: BTreeMap<String, (u32, Instant)>,
}

impl Sending {
    /// Sends what lies in the outbox and is not to wait at this instant. Between two it asks whether it should stop.
    ///
    /// # Errors
    /// When the outbox cannot be used.
    pub async fn send_all(
        &mut self,
        outbox: &Path,
        mailer: &dyn Mailer,
        now: Instant,
        is_stopping: impl Fn() -> bool,
    ) -> io::Result<Sent> {
        let mut done = Sent::default();
        let mut failures = 0;
        let names = names(outbox)?;
        self.waiting.retain(|name, _| names.contains(name));
        for name in names {
            if is_stopping() || failures >= MOST_FAILURES {
                break;
            }
            if self.waiting.get(&name).is_some_and(|(_, next)| *next > now) {
                continue;
            }
            let path = |ending: &str| outbox.join(format!("{name}{ending}"));
            let message = Message::of_file(&fs::read_to_string(path(".txt"))?);
            let sent = match message {
                None => Err(NotSent::Never("it is not a message any more".to_owned())),
                Some(message) => tokio::time::timeout(LONGEST, mailer.send(&name, &message))
                    .await
                    .unwrap_or_else(|_| Err(NotSent::Later("it took too long".to_owned()))),
            };
            match sent {
                Ok(()) => {
                    fs::rename(path(".txt"), path(".sent"))?;
                    // That it was sent is enough to know; to whom is not kept.
                    fs::File::create(path(".sent"))?;
                    (failures, done.sent) = (0, done.sent + 1);
                    tracing::info!("sent the message {name}");
                }
                Err(NotSent::Never(why)) => {
                    fs::rename(path(".txt"), path(".failed"))?;
                    done.never += 1;
                    tracing::error!("the message {name} can never be sent, and is set aside as .failed: {why}");
                }
                Err(NotSent::Later(why)) => {
                    (failures, done.later) = (failures + 1, done.later + 1);
                    let pause = self.put_off(&name, now);
                    tracing::warn!("the message {name} is tried again in {} s: {why}", pause.as_secs());
                }
            }
        }
        Ok(done)
    }

    fn put_off(&mut self, name: &str, now: Instant) -> Duration {
        let attempts = self.waiting.get(name).map_or(0, |(attempts, _)| attempts + 1);
        let pause = PAUSE.0.saturating_mul(1 << attempts.min(16)).min(PAUSE.1);
        self.waiting.insert(name.to_owned(), (attempts, now + pause));
        pause
    }
}

/// The messages to be sent, in the order of their names.
fn names(outbox: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let folder = match fs::read_dir(outbox) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        folder => folder?,
    };
    for entry in folder {
        let name = entry?.file_name();
        let name = name.to_str().and_then(|it| it.strip_suffix(".txt"));
        names.extend(name.filter(|it| it.starts_with(PREFIX)).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Answers as it is told to, then takes everything.
    struct Told {
        answers: Mutex<Vec<NotSent>>,
        taken: Mutex<Vec<String>>,
    }

    #[async_trait]
    impl Mailer for Told {
        async fn send(&self, name: &str, _: &Message) -> Result<(), NotSent> {
            if let Some(answer) = self.answers.lock().unwrap().pop() {
                return Err(answer);
            }
            self.taken.lock().unwrap().push(name.to_owned());
            Ok(())
        }
    }

    fn mailer(answers: &[NotSent]) -> Told {
        Told { answers: Mutex::new(answers.to_vec()), taken: Mutex::default() }
    }

    fn outbox(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(format!("{name}.txt")), "Subject: x\nTo: a@b.example\n\ntext").unwrap();
        }
        folder
    }

    fn endings(folder: &Path) -> Vec<String> {
        let mut all: Vec<_> =
            fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        all.sort();
        all
    }

    #[tokio::test]
    async fn a_message_is_sent_once_and_a_letter_never() {
        let folder = outbox(&["mail-HN-1-0", "HN-1-30000001"]);
        let (mailer, mut sending) = (mailer(&[]), Sending::default());
        for _ in 0..3 {
            sending.send_all(folder.path(), &mailer, Instant::now(), || false).await.unwrap();
        }
        assert_eq!(*mailer.taken.lock().unwrap(), ["mail-HN-1-0"]);
        assert_eq!(endings(folder.path()), ["HN-1-30000001.txt", "mail-HN-1-0.sent"]);
        assert_eq!(fs::read(folder.path().join("mail-HN-1-0.sent")).unwrap(), b"", "to whom it went is not kept");
    }

    #[tokio::test]
    async fn what_does_not_go_waits_longer_each_time_and_what_never_goes_is_set_aside() {
        let folder = outbox(&["mail-HN-1-0"]);
        let later = NotSent::Later("451".to_owned());
        let (mailer, mut sending) = (mailer(&[later.clone(), later.clone(), later]), Sending::default());
        let start = Instant::now();
        let mut at = async |seconds: u64| {
            let now = start + Duration::from_secs(seconds);
            let done = sending.send_all(folder.path(), &mailer, now, || false).await.unwrap();
            (done.sent, done.later)
        };
        assert_eq!(at(0).await, (0, 1));
        assert_eq!(at(29).await, (0, 0), "it waits");
        assert_eq!(at(30).await, (0, 1));
        assert_eq!(at(89).await, (0, 0), "it waits longer");
        assert_eq!(at(90).await, (0, 1));
        assert_eq!(at(210).await, (1, 0));
        let folder = outbox(&["mail-HN-2-0", "mail-HN-3-0"]);
        let mailer = self::mailer(&[NotSent::Never("550".to_owned())]);
        let done = Sending::default().send_all(folder.path(), &mailer, start, || false).await.unwrap();
        assert_eq!(done, Sent { sent: 1, later: 0, never: 1 });
        assert_eq!(endings(folder.path()), ["mail-HN-2-0.failed", "mail-HN-3-0.sent"]);
    }

    #[tokio::test]
    async fn where_nothing_goes_the_others_are_not_tried_either() {
        let names: Vec<_> = (0..9).map(|it| format!("mail-HN-{it}-0")).collect();
        let folder = outbox(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let mailer = mailer(&vec![NotSent::Later("no route".to_owned()); 9]);
        let done = Sending::default().send_all(folder.path(), &mailer, Instant::now(), || false).await.unwrap();
        assert_eq!(done, Sent { sent: 0, later: MOST_FAILURES, never: 0 });
    }
}
