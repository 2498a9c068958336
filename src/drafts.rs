//! What residents have answered and not sent yet. It is none of the log's business: it can be forgotten, and is.
//!
//! A draft lies under an unguessable name that only its writer has. Its content is sealed under a key derived from that name, and of
//! the name itself only a digest is kept: who has the file cannot read a draft, and who has a draft's address can read that one.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::keys::{KeyError, Keyring, random_id};

/// How much all drafts may take, bytes. Nobody's answers make room for somebody else's: nothing more is begun then.
const MOST_BYTES: i64 = 2 * 1024 * 1024 * 1024;
/// How much the documents of all drafts may take, bytes; where there is no room for them, drafts are begun all the same.
const MOST_DOCUMENT_BYTES: i64 = 4 * 1024 * 1024 * 1024;
/// The longest content, bytes: a landlord's spreadsheet as it is kept between looking at it and sending it.
const LONGEST: usize = 2 * 1024 * 1024;

/// A draft cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The file of drafts cannot be used.
    #[error("the file of drafts cannot be used: {0}")]
    File(#[from] rusqlite::Error),
    /// It cannot be sealed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There are as many as there may be.
    #[error("the drafts take as much as they may: more are begun when some are forgotten")]
    Full,
    /// It is longer than anybody needs.
    #[error("the draft has more than {LONGEST} bytes")]
    TooLong,
}

/// The drafts.
pub struct Drafts {
    file: Mutex<Connection>,
}

impl Drafts {
    /// Opens the file of drafts, making it where there is none.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(path: &Path) -> Result<Self, DraftError> {
        Self::over(Connection::open(path)?)
    }

    /// Drafts that are gone with the process.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub fn in_memory() -> Result<Self, DraftError> {
        Self::over(Connection::open_in_memory()?)
    }

    fn over(file: Connection) -> Result<Self, DraftError> {
        file.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;
             CREATE TABLE IF NOT EXISTS drafts (
                 name TEXT PRIMARY KEY, sealed BLOB NOT NULL, forget_at INTEGER NOT NULL
             ) STRICT, WITHOUT ROWID;
             CREATE INDEX IF NOT EXISTS drafts_forget_at ON drafts (forget_at);
             PRAGMA foreign_keys = ON;
             CREATE TABLE IF NOT EXISTS documents (
                 draft TEXT NOT NULL REFERENCES drafts (name) ON DELETE CASCADE,
                 id TEXT NOT NULL, bytes INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (draft, id)
             ) STRICT;",
        )?;
        Ok(Self { file: Mutex::new(file) })
    }

    fn file(&self) -> MutexGuard<'_, Connection> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a draft and gives its name.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn begin(&self, keys: &Keyring, content: &[u8], until: Timestamp) -> Result<String, DraftError> {
        if self.bytes()? > MOST_BYTES {
            return Err(DraftError::Full);
        }
        let name = random_id()?;
        self.keep(keys, &name, content, until)?;
        Ok(name)
    }

    /// How much the drafts take, bytes.
    fn bytes(&self) -> Result<i64, DraftError> {
        let pragma = "SELECT (c.page_count - f.freelist_count) * s.page_size
                      FROM pragma_page_count() c, pragma_freelist_count() f, pragma_page_size() s";
        let all: i64 = self.file().query_row(pragma, [], |row| row.get(0))?;
        Ok(all.saturating_sub(self.document_bytes()?))
    }

    /// How much the documents take, bytes.
    fn document_bytes(&self) -> Result<i64, DraftError> {
        Ok(self.file().query_row("SELECT coalesce(sum(bytes), 0) FROM documents", [], |row| row.get(0))?)
    }

    /// Lays a document beside a draft, to be forgotten with it, and says what it is called there: the same is called the same.
    ///
    /// # Errors
    /// When there is no such draft, or it cannot be kept.
    pub fn lay_beside(&self, keys: &Keyring, name: &str, document: &[u8]) -> Result<String, DraftError> {
        if self.document_bytes()? > MOST_DOCUMENT_BYTES {
            return Err(DraftError::Full);
        }
        let id = keys.digest("draft-document", &[name.as_bytes(), b"\n", document].concat());
        let sealed = keys.seal_under(name, &purpose(&id), document)?;
        let bytes = i64::try_from(sealed.len()).unwrap_or(i64::MAX);
        self.file().execute(
            "INSERT INTO documents VALUES (?1, ?2, ?3, ?4) ON CONFLICT (draft, id) DO NOTHING",
            params![keys.digest("draft-name", name.as_bytes()), id, bytes, sealed],
        )?;
        Ok(id)
    }

    /// A document that lies beside a draft; none where there is no such.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn document(&self, keys: &Keyring, name: &str, id: &str) -> Result<Option<Vec<u8>>, DraftError> {
        let digest = keys.digest("draft-name", name.as_bytes());
        let found = "SELECT sealed FROM documents WHERE draft = ?1 AND id = ?2";
        let sealed: Option<Vec<u8>> = self.file().query_row(found, params![digest, id], |row| row.get(0)).optional()?;
        Ok(sealed.and_then(|it| keys.open_under(name, &purpose(id), &it)))
    }

    /// Takes a document away from a draft.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn take_away(&self, keys: &Keyring, name: &str, id: &str) -> Result<(), DraftError> {
        let digest = keys.digest("draft-name", name.as_bytes());
        self.file().execute("DELETE FROM documents WHERE draft = ?1 AND id = ?2", params![digest, id])?;
        Ok(())
    }

    /// Keeps a draft under its name until an instant.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn keep(&self, keys: &Keyring, name: &str, content: &[u8], until: Timestamp) -> Result<(), DraftError> {
        if content.len() > LONGEST {
            return Err(DraftError::TooLong);
        }
        let sealed = keys.seal_under(name, "draft", content)?;
        self.file().execute(
            "INSERT INTO drafts VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, forget_at = excluded.forget_at",
            params![keys.digest("draft-name", name.as_bytes()), sealed, until.as_second()],
        )?;
        Ok(())
    }

    /// The content of a draft, where there is one that is not to be forgotten.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, keys: &Keyring, name: &str, now: Timestamp) -> Result<Option<Vec<u8>>, DraftError> {
        let digest = keys.digest("draft-name", name.as_bytes());
        let sealed: Option<Vec<u8>> = self
            .file()
            .query_row(
                "SELECT sealed FROM drafts WHERE name = ?1 AND forget_at > ?2",
                params![digest, now.as_second()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(sealed.and_then(|it| keys.open_under(name, "draft", &it)))
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget(&self, keys: &Keyring, name: &str) -> Result<(), DraftError> {
        let digest = keys.digest("draft-name", name.as_bytes());
        self.file().execute("DELETE FROM drafts WHERE name = ?1", params![digest])?;
        Ok(())
    }

    /// Forgets what has to be forgotten by now, and says how many there were.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn tidy(&self, now: Timestamp) -> Result<usize, DraftError> {
        Ok(self.file().execute("DELETE FROM drafts WHERE forget_at <= ?1", params![now.as_second()])?)
    }
}

/// What a document is sealed for: nothing else can be laid in its place.
fn purpose(id: &str) -> String {
    format!("draft-document {id}")
}

/// When a draft that is written to now is forgotten.
pub fn forget_at(now: Timestamp, days: u16) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_480_000_000 + hour * 3600).unwrap()
    }

    #[test]
    fn a_draft_is_read_under_its_name_until_it_is_forgotten_and_its_file_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keyring::open(&folder.path().join("keys"), &folder.path().join("master.key")).unwrap();
        let path = folder.path().join("drafts.sqlite");
        let drafts = Drafts::open(&path).unwrap();
        let name = drafts.begin(&keys, b"Ms Grace Hughes", at(24)).unwrap();
        assert_eq!(drafts.read(&keys, &name, at(23)).unwrap().unwrap(), b"Ms Grace Hughes");
        assert_eq!(drafts.read(&keys, &name, at(24)).unwrap(), None, "its time is over");
        assert_eq!(drafts.read(&keys, &random_id().unwrap(), at(0)).unwrap(), None);
        drafts.keep(&keys, &name, b"Ms Grace Hughes, 2", at(48)).unwrap();
        assert_eq!(drafts.read(&keys, &name, at(47)).unwrap().unwrap(), b"Ms Grace Hughes, 2");
        let bytes: Vec<u8> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|it| it.unwrap().path())
            .filter(|it| it.is_file())
            .flat_map(|it| std::fs::read(it).unwrap())
            .collect();
        for told in [b"Grace".as_slice(), name.as_bytes()] {
            assert!(!bytes.windows(told.len()).any(|it| it == told), "the file tells {told:?}");
        }
        let paper = drafts.lay_beside(&keys, &name, b"%PDF-1.7 of Grace").unwrap();
        assert_eq!(drafts.lay_beside(&keys, &name, b"%PDF-1.7 of Grace").unwrap(), paper, "the same is there once");
        let other = drafts.lay_beside(&keys, &name, b"another").unwrap();
        let of = |id: &str| drafts.document(&keys, &name, id).unwrap();
        assert_eq!(of(&paper).unwrap(), b"%PDF-1.7 of Grace");
        assert_eq!(drafts.document(&keys, &random_id().unwrap(), &paper).unwrap(), None, "it is nobody else's");
        assert!(drafts.lay_beside(&keys, &random_id().unwrap(), b"x").is_err(), "there is no such draft");
        drafts.keep(&keys, &name, b"Ms Grace Hughes, 3", at(48)).unwrap();
        drafts.take_away(&keys, &name, &other).unwrap();
        assert!(of(&other).is_none() && of(&paper).is_some(), "writing to the draft takes nothing away");
        assert_eq!(drafts.tidy(at(48)).unwrap(), 1);
        assert_eq!((of(&paper), drafts.document_bytes().unwrap()), (None, 0), "it is forgotten with the draft");
        assert_eq!(drafts.read(&keys, &name, at(0)).unwrap(), None);
        assert!(matches!(drafts.keep(&keys, &name, &vec![0; LONGEST + 1], at(1)), Err(DraftError::TooLong)));
    }
}
