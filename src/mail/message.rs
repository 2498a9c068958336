//! What is said to a submitter, at which moment: plain words, the reference, a link, and nothing about anybody.

use hearth_events::{NotificationRef, Status};
use jiff::civil::Date;

use super::words::words;
use crate::texts::Lang;

/// A moment at which a submitter is told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It was received.
    Received,
    /// An officer decides.
    Referred {
        /// By when that is promised.
        by: Date,
    },
    /// An officer needs something.
    Asked {
        /// By when.
        respond_by: Date,
    },
    /// It has its outcome.
    Completed(Status),
    /// What it changed was reversed, or restored.
    Reversed {
        /// Whether it counts again.
        restored: bool,
    },
}

/// A message to one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// What a message says besides its moment.
#[derive(Clone, Copy, Debug)]
pub struct Letterhead<'a> {
    /// The council's name, where it is registered.
    pub council: Option<&'a str>,
    /// The notification.
    pub reference: &'a NotificationRef,
    /// Where its submitter sees what has become of it; none where the service has no public address.
    pub link: Option<&'a str>,
}

impl Moment {
    /// What it is called in the catalogue, and the day that is named.
    const fn name(self) -> (&'static str, Option<Date>) {
        match self {
            Self::Received => ("received", None),
            Self::Referred { by } => ("referred", Some(by)),
            Self::Asked { respond_by } => ("asked", Some(respond_by)),
            Self::Completed(status) => (outcome(status), None),
            Self::Reversed { restored: false } => ("reversed", None),
            Self::Reversed { restored: true } => ("restored", None),
        }
    }

    /// The message. In which language its sender would like it is not recorded: it is in English.
    pub fn message(self, to: String, head: Letterhead<'_>) -> Message {
        let Letterhead { council, reference, link } = head;
        let words = words(Lang::En);
        let (name, day) = self.name();
        let date = day.map(|it| words.date(it)).unwrap_or_default();
        let next = link.map_or_else(|| words.say("quote-reference"), |it| format!("{}\n{it}", words.say("see-more")));
        let paragraphs = [
            words.with(name, &[("date", &date)]),
            words.with("your-reference", &[("reference", reference.as_str())]),
            next,
            words.say("nobody-reads"),
            council.map_or_else(|| words.say("council"), str::to_owned),
        ];
        let subject = words.say(&format!("{name}-subject"));
        let subject = words.with("subject-with-reference", &[("subject", &subject), ("reference", reference.as_str())]);
        Message::of(to, subject, &paragraphs)
    }
}

const fn outcome(status: Status) -> &'static str {
    match status {
        Status::Applied => "applied",
        Status::Duplicate => "duplicate",
        Status::Rejected => "rejected",
        Status::Withdrawn => "withdrawn",
        Status::Received | Status::Referred | Status::AwaitingEvidence => "looking",
    }
}

/// The link with which somebody comes back to answers that were not sent yet.
#[derive(Clone, Copy, Debug)]
pub struct ComeBack<'a> {
    /// The council's name.
    pub council: Option<&'a str>,
    /// The link.
    pub link: &'a str,
    /// The last day on which it leads anywhere.
    pub until: Date,
    /// The language in which the answers were given.
    pub lang: Lang,
}

impl ComeBack<'_> {
    /// The message. It says nothing of what was answered.
    pub fn message(self, to: String) -> Message {
        let words = words(self.lang);
        let paragraphs = [
            format!("{}\n{}", words.say("link"), self.link),
            words.with("link-not-sent", &[("date", &words.date(self.until))]),
            words.say("link-secret"),
            words.say("link-by-mistake"),
            self.council.map_or_else(|| words.say("council"), str::to_owned),
        ];
        Message::of(to, words.say("link-subject"), &paragraphs)
    }
}

impl Message {
    fn of(to: String, subject: String, paragraphs: &[String]) -> Self {
        Self { to, subject, text: format!("{}\n", paragraphs.join("\n\n")) }
    }

    /// As it lies in the outbox: the subject, the address, an empty line, the text.
    pub fn as_file(&self) -> String {
        format!("Subject: {}\nTo: {}\n\n{}", self.subject, self.to, self.text)
    }

    /// The message in a file; none where it is not one.
    pub fn of_file(text: &str) -> Option<Self> {
        let (subject, rest) = text.strip_prefix("Subject: ")?.split_once('\n')?;
        let (to, text) = rest.strip_prefix("To: ")?.split_once("\n\n")?;
        is_address(to).then(|| Self { to: to.to_owned(), subject: subject.to_owned(), text: text.to_owned() })
    }
}

/// Whether a text can be an address: nothing in it ends a line, or makes two of it.
pub fn is_address(text: &str) -> bool {
    let is_plain =
        |it: char| !it.is_whitespace() && !it.is_control() && !matches!(it, ',' | ';' | '<' | '>' | '"' | '(' | ')');
    let parts: Vec<_> = text.split('@').collect();
    text.len() <= 254
        && text.chars().all(is_plain)
        && matches!(parts.as_slice(), [local, host] if !local.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn written(moment: Moment, link: Option<&str>) -> Message {
        let reference = "HN-7KQ2-9FXM-3D4R".parse().unwrap();
        let head = Letterhead { council: Some("Test Valley Borough Council"), reference: &reference, link };
        moment.message("grace@example.org".to_owned(), head)
    }

    #[test]
    fn a_message_says_what_happened_by_when_and_where_to_look() {
        let by = date(2015, 12, 7);
        let message =
            written(Moment::Referred { by }, Some("https://tell.example.gov.uk/track/HN-7KQ2-9FXM-3D4R?token=x"));
        assert!(message.subject.ends_with("(HN-7KQ2-9FXM-3D4R)"), "{message:?}");
        for part in [
            "by 7 December 2015",
            "HN-7KQ2-9FXM-3D4R",
            "https://tell.example.gov.uk/track/",
            "Test Valley Borough Council",
        ] {
            assert!(message.text.contains(part), "{part}: {message:?}");
        }
        let without = written(Moment::Received, None);
        assert!(!without.text.contains("http") && without.text.contains("quote this reference"));
        assert_eq!(Message::of_file(&message.as_file()), Some(message));
    }

    #[test]
    fn the_link_to_come_back_is_said_in_the_language_of_the_answers_and_says_nothing_of_them() {
        let link = "https://tell.example.gov.uk/tell/0123";
        let said = |lang| {
            let come_back = ComeBack { council: None, link, until: date(2015, 12, 29), lang };
            come_back.message("grace@example.org".to_owned())
        };
        let (english, welsh) = (said(Lang::En), said(Lang::Cy));
        assert!(english.text.contains(link) && english.text.contains("until 29 December 2015"), "{english:?}");
        assert!(welsh.text.contains(link) && welsh.text.contains("tan 29 Rhagfyr 2015"), "{welsh:?}");
        assert_ne!(english.subject, welsh.subject);
        assert_eq!(Message::of_file(&welsh.as_file()), Some(welsh));
    }

    #[test]
    fn every_outcome_has_words_of_its_own() {
        let statuses = [Status::Applied, Status::Duplicate, Status::Rejected, Status::Withdrawn, Status::Referred];
        let mut said: Vec<_> = statuses.map(|it| written(Moment::Completed(it), None).subject).to_vec();
        said.extend([true, false].map(|restored| written(Moment::Reversed { restored }, None).subject));
        let count = said.len();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), count);
    }

    #[test]
    fn an_address_cannot_smuggle_in_a_line_or_another_address() {
        assert!(is_address("grace.hughes+tax@mail.example.org"));
        for text in [
            "",
            "grace",
            "@example.org",
            "grace@localhost",
            "a@b.example\nBcc: c@d.example",
            "a@b.example, c@d.example",
            "Grace <a@b.example>",
            "a@b@c.example",
            "a b@c.example",
        ] {
            assert!(!is_address(text), "{text:?}");
        }
        assert_eq!(Message::of_file("Subject: x\nTo: a@b.example\nBcc: c@d.example\n\ntext"), None);
    }
}
