//! What is said to a submitter, at which moment: plain words, the reference, a link, and nothing about anybody.

use hearth_events::{NotificationRef, Status};
use jiff::civil::Date;

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
    /// The council's name.
    pub council: &'a str,
    /// The notification.
    pub reference: &'a NotificationRef,
    /// Where its submitter sees what has become of it; none where the service has no public address.
    pub link: Option<&'a str>,
}

impl Moment {
    /// The subject, before the reference; and what is said.
    fn words(self) -> (&'static str, String) {
        match self {
            Self::Received => (
                "We have received what you told us",
                "We have received what you told us. We will write again when we have looked at it.".to_owned(),
            ),
            Self::Referred { by } => (
                "An officer will look at what you told us",
                format!(
                    "One of our officers needs to look at what you told us. We expect to do that by {}.",
                    in_words(by)
                ),
            ),
            Self::Asked { respond_by } => (
                "We need something from you",
                format!(
                    "We need something from you before we can go on. Please send it by {}. If you cannot, tell us by then.",
                    in_words(respond_by)
                ),
            ),
            Self::Completed(status) => outcome(status),
            Self::Reversed { restored: false } => (
                "We have undone the change you told us about",
                "We have undone the change that you told us about.".to_owned(),
            ),
            Self::Reversed { restored: true } => (
                "The change you told us about counts again",
                "The change that you told us about counts again.".to_owned(),
            ),
        }
    }

    /// The message.
    pub fn message(self, to: String, head: Letterhead<'_>) -> Message {
        let Letterhead { council, reference, link } = head;
        let (subject, said) = self.words();
        let next = link.map_or_else(
            || "To ask about it, quote this reference when you write to us or call us.".to_owned(),
            |link| format!("See what has happened so far, and what you can do now:\n{link}"),
        );
        let text = format!(
            "{said}\n\nYour reference: {reference}\n\n{next}\n\nNobody reads answers to this message. If you did not tell us \
             anything about council tax,\nsomebody gave us your address by mistake: you need not do anything.\n\n{council}\n"
        );
        Message { to, subject: format!("{subject} ({reference})"), text }
    }
}

fn outcome(status: Status) -> (&'static str, String) {
    let (subject, said) = match status {
        Status::Applied => {
            ("We have done what you told us", "What you told us has taken effect: we have changed our records.")
        }
        Status::Duplicate => ("We knew this already", "We knew already what you told us. You need not do anything."),
        Status::Rejected => (
            "We could not do what you told us",
            "We could not use what you told us as it stands. Nothing has changed. Look why, and tell us again if you need to.",
        ),
        Status::Withdrawn => {
            ("You have taken back what you told us", "You have taken back what you told us. Nothing has changed.")
        }
        Status::Received | Status::Referred | Status::AwaitingEvidence => {
            ("We are looking at what you told us", "We are looking at what you told us.")
        }
    };
    (subject, said.to_owned())
}

fn in_words(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

impl Message {
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
        let head = Letterhead { council: "Test Valley Borough Council", reference: &reference, link };
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
