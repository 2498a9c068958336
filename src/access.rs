//! Who may call: tokens for the API, and members of staff for the pages, with what each of them must not touch. All of it is
//! recorded in the stream `access`; passphrases and sessions are not, see [`crate::sign_in`].
//!
//! Only the SHA-256 of a token is kept. A token is 256 random bits, so a plain hash cannot be reversed, and looking the hash
//! up compares nothing a caller could learn from.

mod list;
pub mod staff;
mod tokens;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use hearth_events::Role;

use self::list::{List, hashed};
pub use self::staff::{Fences, Member};
pub use self::tokens::{TokenEntry, issue, list, revoke};
use crate::store::{EventStore, StoreError};

/// No answer is given on a list older than this, so that a revoked token stops within a second.
const FRESH: Duration = Duration::from_millis(500);
/// The stream is read again at most this often; who comes with an unknown token waits so long for the next reading, so
/// that a token is accepted as soon as it has been issued.
const AGAIN: Duration = Duration::from_millis(200);
/// Names that say something else where a sender or an actor is written down.
const RESERVED: [&str; 5] = ["file", "public", "public-file", "system", "import"];
/// What every token begins with, so that it is recognised where it should not be, and nothing else is looked up.
const PREFIX: &str = "hearth_";

/// Who calls: the holder of a token, or a member of staff who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What the token is called, or the name they sign in by: no two are called the same.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// Whether a token or a member of staff can be called so, where it can stand in a log.
pub fn can_be_named(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'@'))
        && !RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

/// Why somebody must not touch, or even see, what is about a dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// It is their own, or a declared relation's.
    Own,
    /// It is open to named members of staff only, and they are not among them.
    Restricted,
}

/// Why access was not given or taken.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// A name must be one that can stand in a log.
    #[error(
        "{0:?} cannot be the name of a token or of a member of staff: use 1 to 64 letters, digits, '-', '_', '.' or '@', and \
         none of file, public, public-file, system, import"
    )]
    BadName(String),
    /// A token of this name is in use.
    #[error("{0} is the name of a token, or of a member of staff, already: choose another name, or end that one first")]
    NameTaken(String),
    /// There is no token of this name to revoke.
    #[error("there is no token called {0} in use: `hearth token list` shows those there are")]
    Unknown(String),
    /// There is no member of staff of this name.
    #[error("no member of staff signs in as {0}: `hearth staff list` shows those there are")]
    UnknownStaff(String),
    /// Third parties send by tokens; they do not sign in.
    #[error("a submitter does not sign in: give them a token with `hearth token create --role submitter`")]
    NotStaff,
    /// There is nothing of the kind to end.
    #[error("{0}")]
    Nothing(String),
    /// No random bytes could be had.
    #[error("the operating system gave no random bytes: {0}")]
    NoRandom(String),
    /// The store did not take or give the events.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AccessError {
    /// Whether it was refused for what was asked, and not because it cannot be done now.
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::NoRandom(_) | Self::Store(_))
    }
}

/// Who is let in, kept current with the log; clones share one list.
#[derive(Clone)]
pub struct Access(Arc<Kept>);

struct Kept {
    store: Arc<dyn EventStore>,
    list: RwLock<(List, Instant)>,
    reading: tokio::sync::Mutex<()>,
}

impl Access {
    /// Reads the list from the log.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(store: Arc<dyn EventStore>) -> Result<Self, StoreError> {
        let list = List::read(store.as_ref()).await?;
        Ok(Self(Arc::new(Kept {
            store,
            list: RwLock::new((list, Instant::now())),
            reading: tokio::sync::Mutex::new(()),
        })))
    }

    /// Who holds this token; none where it is unknown or revoked.
    ///
    /// # Errors
    /// When the list is too old to answer from and the store cannot be read: nobody is let in on old knowledge.
    pub async fn holder(&self, token: &str) -> Result<Option<Holder>, StoreError> {
        if !token.starts_with(PREFIX) {
            return Ok(None);
        }
        let (hash, asked) = (hashed(token), Instant::now());
        self.refresh(asked.checked_sub(FRESH).unwrap_or(asked)).await?;
        if let Some(holder) = self.look_up(&hash) {
            return Ok(Some(holder));
        }
        self.refresh(asked).await?;
        Ok(self.look_up(&hash))
    }

    /// The member of staff who signs in by this name; none where there is none, or no more.
    ///
    /// # Errors
    /// As [`Access::holder`].
    pub async fn member(&self, name: &str) -> Result<Option<Member>, StoreError> {
        let asked = Instant::now();
        self.refresh(asked.checked_sub(FRESH).unwrap_or(asked)).await?;
        let known = self.now().0.staff.get(name).cloned();
        if known.is_some() {
            return Ok(known);
        }
        self.refresh(asked).await?;
        Ok(self.now().0.staff.get(name).cloned())
    }

    /// Every member of staff by name, as the list was when it was last read.
    ///
    /// # Errors
    /// As [`Access::holder`].
    pub async fn members(&self) -> Result<Vec<Member>, StoreError> {
        self.refresh(Instant::now()).await?;
        Ok(self.now().0.staff.values().cloned().collect())
    }

    /// What somebody must not touch, and what is open to named members of staff only, in one piece.
    ///
    /// # Errors
    /// As [`Access::holder`].
    pub async fn fences(&self) -> Result<Arc<Fences>, StoreError> {
        let now = Instant::now();
        self.refresh(now.checked_sub(FRESH).unwrap_or(now)).await?;
        Ok(Arc::clone(&self.now().0.fences))
    }

    /// As [`Access::fences`], with everything that was declared until now: for whoever has just declared it.
    ///
    /// # Errors
    /// As [`Access::holder`].
    pub async fn fences_now(&self) -> Result<Arc<Fences>, StoreError> {
        self.refresh(Instant::now()).await?;
        Ok(Arc::clone(&self.now().0.fences))
    }

    fn now(&self) -> std::sync::RwLockReadGuard<'_, (List, Instant)> {
        self.0.list.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_up(&self, hash: &[u8; 32]) -> Option<Holder> {
        self.0.list.read().unwrap_or_else(PoisonError::into_inner).0.holders.get(hash).cloned()
    }

    fn as_of(&self) -> Instant {
        self.0.list.read().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Makes sure that the list is not older than this; one reader reads for all who wait.
    async fn refresh(&self, since: Instant) -> Result<(), StoreError> {
        if self.as_of() >= since {
            return Ok(());
        }
        let _one_reader = self.0.reading.lock().await;
        if self.as_of() >= since {
            return Ok(());
        }
        tokio::time::sleep(AGAIN.saturating_sub(self.as_of().elapsed())).await;
        let begun = Instant::now();
        let mut list = self.0.list.read().unwrap_or_else(PoisonError::into_inner).0.clone();
        list.read_on(self.0.store.as_ref()).await?;
        *self.0.list.write().unwrap_or_else(PoisonError::into_inner) = (list, begun);
        Ok(())
    }
}
