//! How members of staff show who they are: passphrases, links to set one up, and sessions. None of it is the log's business,
//! and none can be read out of this file: passphrases are stretched with argon2id over a keyed digest, of links and sessions
//! only keyed digests are kept. Beside passphrases, a [`provider`] may vouch for them: whoever is sent there is on an
//! [`errand`]. Who is a member of staff and may do what is in the log, see [`crate::access`].

pub mod errand;
#[cfg(feature = "oidc")]
pub mod oidc;
mod passphrase;
pub mod provider;
mod tries;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

pub use self::passphrase::Weak;
pub use self::tries::{KNOWN, Origin};
use crate::keys::{KeyError, Pepper, random_secret};

/// How long nobody may do anything before they have to sign in again.
const IDLE: SignedDuration = SignedDuration::from_mins(60);
/// How long a session lasts, whatever is done in it.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How long a link to set up a passphrase can be used.
const SET_UP: SignedDuration = SignedDuration::from_hours(72);
/// That somebody is still there is written down this often.
const SEEN_AGAIN: i64 = 60;

/// Sessions or passphrases cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The file cannot be used.
    #[error("the file of sessions cannot be used: {0}")]
    File(#[from] rusqlite::Error),
    /// No random numbers, or no keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A passphrase cannot be stretched.
    #[error("a passphrase cannot be worked on: {0}")]
    Hash(String),
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub name: String,
    /// What tells this session from others, in logs and events; it opens nothing.
    pub mark: String,
}

/// What came of a passphrase that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is theirs.
    Fits,
    /// It is not, or there is nobody of this name.
    Wrong,
    /// It was not looked at: after so many wrong ones, nobody tries again before these seconds have passed.
    Wait(i64),
}

/// Why a passphrase was not set up.
#[derive(Debug, thiserror::Error)]
pub enum NotSetUp {
    /// The link was used, has lapsed, or never was one.
    #[error("the link is used or has lapsed")]
    Link,
    /// It is too easy to guess.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// It cannot be kept now.
    #[error(transparent)]
    Failed(#[from] SignInError),
}

impl From<rusqlite::Error> for NotSetUp {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Passphrases and sessions.
pub struct SignIn {
    file: Mutex<Connection>,
    pepper: Pepper,
    offered: OnceLock<provider::Offered>,
}

impl SignIn {
    /// Opens the file, making it where there is none.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(path: &Path, pepper: Pepper) -> Result<Self, SignInError> {
        Self::over(Connection::open(path)?, pepper)
    }

    /// Sessions that are gone with the process.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub fn in_memory(pepper: Pepper) -> Result<Self, SignInError> {
        Self::over(Connection::open_in_memory()?, pepper)
    }

    fn over(file: Connection, pepper: Pepper) -> Result<Self, SignInError> {
        file.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA secure_delete = ON;
             CREATE TABLE IF NOT EXISTS passphrases (name TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS links (
                 digest TEXT PRIMARY KEY, name TEXT NOT NULL, until INTEGER NOT NULL
             ) STRICT, WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS sessions (
                 digest TEXT PRIMARY KEY, name TEXT NOT NULL, begun INTEGER NOT NULL, seen INTEGER NOT NULL
             ) STRICT, WITHOUT ROWID;
             CREATE TABLE IF NOT EXISTS errands (
                 state TEXT PRIMARY KEY, browser TEXT NOT NULL, until INTEGER NOT NULL
             ) STRICT, WITHOUT ROWID;
             CREATE INDEX IF NOT EXISTS errands_by_end ON errands (until);
             CREATE TABLE IF NOT EXISTS subjects (name TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT, WITHOUT ROWID;",
        )?;
        file.execute_batch(tries::TABLES)?;
        Ok(Self { file: Mutex::new(file), pepper, offered: OnceLock::new() })
    }

    fn file(&self) -> MutexGuard<'_, Connection> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until when a link that is made now can be used.
    pub fn link_lapses(now: Timestamp) -> Timestamp {
        now.saturating_add(SET_UP).unwrap_or(Timestamp::MAX)
    }

    /// Whether a member of staff has a passphrase.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn has_passphrase(&self, name: &str) -> Result<bool, SignInError> {
        let find = "SELECT 1 FROM passphrases WHERE name = ?1";
        Ok(self.file().query_row(find, [name], |_| Ok(())).optional()?.is_some())
    }

    /// A link with which this member of staff sets up a passphrase, once. An earlier link works no more.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn link(&self, name: &str, now: Timestamp) -> Result<String, SignInError> {
        let token = random_secret()?;
        let until = Self::link_lapses(now).as_second();
        let mut file = self.file();
        let all = file.transaction()?;
        all.execute("DELETE FROM links WHERE name = ?1", [name])?;
        all.execute("INSERT INTO links VALUES (?1, ?2, ?3)", params![self.pepper.digest("link", &token), name, until])?;
        all.commit()?;
        Ok(token)
    }

    /// Whose link it is; none where it cannot be used.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn linked(&self, token: &str, now: Timestamp) -> Result<Option<String>, SignInError> {
        let digest = self.pepper.digest("link", token);
        let find = "SELECT name FROM links WHERE digest = ?1 AND until > ?2";
        Ok(self.file().query_row(find, params![digest, now.as_second()], |row| row.get(0)).optional()?)
    }

    /// Whose passphrase it would be that is chosen with a link; nothing is kept.
    ///
    /// # Errors
    /// When the link cannot be used or the passphrase is too weak.
    pub fn would_set_up(&self, token: &str, chosen: &str, now: Timestamp) -> Result<String, NotSetUp> {
        let name = self.linked(token, now)?.ok_or(NotSetUp::Link)?;
        passphrase::strong_enough(chosen, &name)?;
        Ok(name)
    }

    /// Keeps the passphrase that was chosen with a link, and says whose. The link is used up; whoever was signed in by this
    /// name is not any more.
    ///
    /// # Errors
    /// When the link cannot be used, the passphrase is too weak, or it cannot be kept.
    pub fn set_up(&self, token: &str, chosen: &str, now: Timestamp) -> Result<String, NotSetUp> {
        let name = self.would_set_up(token, chosen, now)?;
        let hash = passphrase::stretched(&self.pepper, &name, chosen)?;
        let mut file = self.file();
        let all = file.transaction()?;
        // Of two who come with the same link at once, one is too late.
        if all.execute("DELETE FROM links WHERE digest = ?1", [self.pepper.digest("link", token)])? == 0 {
            return Err(NotSetUp::Link);
        }
        all.execute("INSERT OR REPLACE INTO passphrases VALUES (?1, ?2)", params![name, hash])?;
        all.execute("DELETE FROM sessions WHERE name = ?1", [&name])?;
        self.forget_tries(&all, &name)?;
        all.commit()?;
        Ok(name)
    }

    /// Tries a passphrase. It takes as long where there is nobody of this name.
    ///
    /// # Errors
    /// When it cannot be tried now.
    pub fn try_passphrase(
        &self,
        name: &str,
        given: &str,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Tried, SignInError> {
        let wait = self.count(name, origin, now)?;
        if wait > 0 {
            return Ok(Tried::Wait(wait));
        }
        let find = "SELECT hash FROM passphrases WHERE name = ?1";
        let hash: Option<String> = self.file().query_row(find, [name], |row| row.get(0)).optional()?;
        if passphrase::fits(&self.pepper, name, given, hash.as_deref())? {
            self.was_right(name, origin, now)?;
            return Ok(Tried::Fits);
        }
        Ok(Tried::Wrong)
    }

    /// Begins a session and gives the secret of it.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn begin(&self, name: &str, now: Timestamp) -> Result<String, SignInError> {
        let token = random_secret()?;
        let (digest, now) = (self.pepper.digest("session", &token), now.as_second());
        self.file().execute("INSERT INTO sessions VALUES (?1, ?2, ?3, ?3)", params![digest, name, now])?;
        Ok(token)
    }

    /// Whose session it is, as far as it has not ended.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>, SignInError> {
        self.found(token, now, true)
    }

    /// The same without a step being done in it: who only listens does nothing.
    ///
    /// # Errors
    /// As [`SignIn::session`].
    pub fn still(&self, token: &str, now: Timestamp) -> Result<Option<Session>, SignInError> {
        self.found(token, now, false)
    }

    fn found(&self, token: &str, now: Timestamp, is_a_step: bool) -> Result<Option<Session>, SignInError> {
        let digest = self.pepper.digest("session", token);
        let (now, file) = (now.as_second(), self.file());
        let find = "SELECT name, seen FROM sessions WHERE digest = ?1 AND begun > ?2 AND seen > ?3";
        let since = params![digest, now - LONGEST.as_secs(), now - IDLE.as_secs()];
        let held: Option<(String, i64)> =
            file.query_row(find, since, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((name, seen)) = held else { return Ok(None) };
        if is_a_step && now - seen >= SEEN_AGAIN {
            file.execute("UPDATE sessions SET seen = ?2 WHERE digest = ?1", params![digest, now])?;
        }
        Ok(Some(Session { name, mark: digest.chars().take(16).collect() }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn end(&self, token: &str) -> Result<(), SignInError> {
        self.file().execute("DELETE FROM sessions WHERE digest = ?1", [self.pepper.digest("session", token)])?;
        Ok(())
    }

    /// Forgets everything about a member of staff who left.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn forget(&self, name: &str) -> Result<(), SignInError> {
        let mut file = self.file();
        let all = file.transaction()?;
        self.forget_tries(&all, name)?;
        for table in ["passphrases", "links", "sessions", "subjects"] {
            all.execute(&format!("DELETE FROM {table} WHERE name = ?1"), [name])?;
        }
        all.commit()?;
        Ok(())
    }

    /// Forgets what has ended.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn tidy(&self, now: Timestamp) -> Result<(), SignInError> {
        let (now, file) = (now.as_second(), self.file());
        let ended = params![now - LONGEST.as_secs(), now - IDLE.as_secs()];
        file.execute("DELETE FROM sessions WHERE begun <= ?1 OR seen <= ?2", ended)?;
        file.execute("DELETE FROM links WHERE until <= ?1", [now])?;
        file.execute("DELETE FROM errands WHERE until <= ?1", [now])?;
        tries::tidy(&file, now)
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    pub(super) const GOOD: &str = "three random kettles";

    /// Somewhere that nobody signed in from.
    pub(super) fn from(last: u8) -> Origin {
        Origin { browser: None, address: IpAddr::from([192, 0, 2, last]) }
    }

    pub(super) fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    pub(super) fn with_passphrase() -> SignIn {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let link = doors.link("a", at(0)).unwrap();
        assert_eq!(doors.set_up(&link, GOOD, at(1)).unwrap(), "a");
        doors
    }

    #[test]
    fn a_link_is_used_once_and_lapses_and_the_newest_counts() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let first = doors.link("a", at(0)).unwrap();
        let second = doors.link("a", at(0)).unwrap();
        assert!(matches!(doors.set_up(&first, GOOD, at(1)), Err(NotSetUp::Link)));
        assert!(matches!(doors.set_up(&second, GOOD, at(SET_UP.as_secs())), Err(NotSetUp::Link)));
        assert!(matches!(doors.set_up(&second, "short", at(1)), Err(NotSetUp::Weak(_))), "and can be used again");
        doors.set_up(&second, GOOD, at(1)).unwrap();
        assert!(matches!(doors.set_up(&second, GOOD, at(1)), Err(NotSetUp::Link)));
    }

    #[test]
    fn a_passphrase_fits_its_owner_alone() {
        let doors = with_passphrase();
        assert_eq!(doors.try_passphrase("a", GOOD, &from(1), at(2)).unwrap(), Tried::Fits);
        assert_eq!(doors.try_passphrase("a", "three random kettle", &from(1), at(2)).unwrap(), Tried::Wrong);
        assert_eq!(doors.try_passphrase("b", GOOD, &from(1), at(2)).unwrap(), Tried::Wrong);
    }

    #[test]
    fn a_session_ends_when_nothing_is_done_and_at_the_longest() {
        let doors = with_passphrase();
        let token = doors.begin("a", at(0)).unwrap();
        let name = |seconds| doors.session(&token, at(seconds)).unwrap().map(|it| it.name);
        assert_eq!(name(IDLE.as_secs() - 1).as_deref(), Some("a"));
        assert_eq!(name(2 * IDLE.as_secs() - 2).as_deref(), Some("a"), "each step prolongs it");
        let still = |seconds| doors.still(&token, at(seconds)).unwrap().map(|it| it.name);
        assert_eq!(still(3 * IDLE.as_secs() - 3).as_deref(), Some("a"));
        assert_eq!(name(3 * IDLE.as_secs() - 2), None, "listening prolongs nothing");
        assert_eq!(still(3 * IDLE.as_secs() - 2), None);
        let token = doors.begin("a", at(0)).unwrap();
        let mut last = 0;
        while doors.session(&token, at(last)).unwrap().is_some() {
            last += 1800;
        }
        assert_eq!(last, LONGEST.as_secs());
    }

    #[test]
    fn a_session_ends_when_told_and_with_a_new_passphrase() {
        let doors = with_passphrase();
        let (one, other) = (doors.begin("a", at(0)).unwrap(), doors.begin("a", at(0)).unwrap());
        doors.end(&one).unwrap();
        assert_eq!(doors.session(&one, at(1)).unwrap(), None);
        assert!(doors.session(&other, at(1)).unwrap().is_some());
        let link = doors.link("a", at(1)).unwrap();
        doors.set_up(&link, "four random kettles", at(1)).unwrap();
        assert_eq!(doors.session(&other, at(1)).unwrap(), None);
    }

    #[test]
    fn who_left_is_forgotten() {
        let doors = with_passphrase();
        let token = doors.begin("a", at(0)).unwrap();
        doors.forget("a").unwrap();
        assert_eq!(doors.session(&token, at(1)).unwrap(), None);
        assert_eq!(doors.try_passphrase("a", GOOD, &from(1), at(1)).unwrap(), Tried::Wrong);
    }
}
