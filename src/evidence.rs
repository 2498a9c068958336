//! Files of evidence: what they are, whether they may be kept, where they lie.
//!
//! * [`content`] — what a file is, by its content and never by its name;
//! * [`scanner`] — whether it is harmful, asked of a program of the council's;
//! * here — the folder in which they lie, each sealed for its submitter under a name that says nothing.

pub mod content;
pub mod scanner;

use std::io;
use std::path::Path;

use hearth_events::{EventId, NotificationRef, PersonId};

use crate::files;
use crate::keys::{KeyError, Keyring};

/// How many bytes a file may have.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// How many files there may be to a notification.
pub const MOST_FILES: usize = 20;

/// A file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The folder could not be used.
    #[error("the file of evidence {0} cannot be used: {1}")]
    File(String, io::Error),
    /// It could not be sealed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It is no evidence.
    #[error(transparent)]
    Unusable(#[from] content::Unusable),
}

/// What a file of a notification is called: a keyed digest of both, which says nothing of either.
pub fn digest(keys: &Keyring, reference: &NotificationRef, content: &[u8]) -> String {
    keys.digest("evidence", &[reference.as_str().as_bytes(), b"\n", content].concat())
}

/// Whether this can be what a file is called: nothing else is ever looked for in the folder.
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// What the submitter calls a file, as it can be shown: the last part of a path, without what cannot be seen or turns the
/// direction of writing; none where nothing is left.
pub fn plain_name(given: &str) -> Option<String> {
    const LONGEST: usize = 100;
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_seen = |it: &char| {
        !it.is_control()
            && !matches!(it, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let name: String = last.chars().filter(is_seen).take(LONGEST).collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// The id of the event that tells of a file, to which its content is bound.
pub fn event_id(reference: &NotificationRef, digest: &str) -> EventId {
    EventId::derived(&["evidence", reference.as_str(), digest])
}

/// Keeps a file, sealed for a person.
///
/// # Errors
/// When it cannot be sealed or written; nothing is kept then.
pub fn keep(
    keys: &Keyring,
    folder: &Path,
    (digest, id): (&str, EventId),
    person: PersonId,
    content: &[u8],
) -> Result<(), EvidenceError> {
    let sealed = keys.seal_content(person, id, content)?;
    files::write(folder, digest, &sealed).map_err(|error| EvidenceError::File(digest.to_owned(), error))
}

/// Whether a file lies in the folder.
pub fn is_kept(folder: &Path, digest: &str) -> bool {
    folder.join(digest).exists()
}

/// Reads a file; none where its submitter has been forgotten.
///
/// # Errors
/// When the file is not there or cannot be read.
pub fn read(
    keys: &Keyring,
    folder: &Path,
    (digest, id): (&str, EventId),
    person: PersonId,
) -> Result<Option<Vec<u8>>, EvidenceError> {
    let sealed = std::fs::read(folder.join(digest)).map_err(|error| EvidenceError::File(digest.to_owned(), error))?;
    Ok(keys.open_content(person, id, &sealed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lies_sealed_and_is_read_by_its_own_notification_alone() {
        let root = tempfile::tempdir().unwrap();
        let keys = Keyring::open(root.path(), &root.path().join("master.key")).unwrap();
        let folder = root.path().join("evidence");
        let (one, other): (NotificationRef, NotificationRef) = ("HN-1".parse().unwrap(), "HN-2".parse().unwrap());
        let content = b"%PDF-1.7 a tenancy agreement of Ms Grace Hughes";
        let name = digest(&keys, &one, content);
        assert!(is_digest(&name) && name != digest(&keys, &other, content));
        let (person, id) = (PersonId::from_bits(7), event_id(&one, &name));
        keep(&keys, &folder, (&name, id), person, content).unwrap();
        let held = std::fs::read(folder.join(&name)).unwrap();
        assert!(!held.windows(5).any(|it| it == b"Grace"), "nothing lies in clear");
        assert_eq!(read(&keys, &folder, (&name, id), person).unwrap().as_deref(), Some(content.as_slice()));
        assert_eq!(read(&keys, &folder, (&name, event_id(&other, &name)), person).unwrap(), None);
        assert_eq!(read(&keys, &folder, (&name, id), PersonId::from_bits(8)).unwrap(), None, "forgotten");
        std::fs::remove_file(folder.join(&name)).unwrap();
        assert!(read(&keys, &folder, (&name, id), person).is_err() && !is_kept(&folder, &name));
    }

    #[test]
    fn a_name_is_only_shown_and_hides_nothing() {
        for (given, shown) in [
            ("lease.pdf", Some("lease.pdf")),
            ("C:\\Users\\me\\lease.pdf", Some("lease.pdf")),
            ("../../keys/master.key", Some("master.key")),
            ("lease\0.pdf\r\nX-Evil: 1", Some("lease.pdfX-Evil: 1")),
            ("invoice\u{202E}fdp.exe", Some("invoicefdp.exe")),
            ("Tenancy of Zo\u{00EB}.pdf", Some("Tenancy of Zo\u{00EB}.pdf")),
            ("folder/", None),
            (" \t", None),
        ] {
            assert_eq!(plain_name(given).as_deref(), shown, "{given:?}");
        }
        assert_eq!(plain_name(&"x".repeat(1_000)).unwrap().len(), 100);
    }

    #[test]
    fn nothing_but_a_digest_names_a_file() {
        assert!(is_digest(&"0f".repeat(32)));
        for text in ["", "../../keys/master.key", &"0F".repeat(32), &"0f".repeat(33), &format!("../{}", "a".repeat(61))]
        {
            assert!(!is_digest(text), "{text}");
        }
    }
}
