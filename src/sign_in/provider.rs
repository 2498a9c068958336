//! What vouches for members of staff beside a passphrase: the council's own identity provider.

use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::params;

use super::errand::{Errand, SetOut};
use super::{SignIn, SignInError};

/// Why the provider's word was not taken. Nothing in it is personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotVouched {
    /// It cannot be asked now.
    #[error("the identity provider cannot be asked: {0}")]
    OutOfReach(String),
    /// It did not say who it is, or what it said does not hold.
    #[error("the identity provider's answer is not taken: {0}")]
    Refused(String),
    /// It says who it is, but not by a name that one can sign in by.
    #[error("the identity provider gives no claim {0} that is a text, and confirmed where it is an address of e-mail")]
    NoName(String),
    /// Whoever it is did not show it as strictly as is asked for.
    #[error("the identity provider does not say that sign-in was as strict as is required")]
    NotStrict,
    /// The name is that of a member of staff who came with another account of the provider's.
    #[error("the identity provider's account is another than that by which this member of staff came first")]
    AnotherAccount,
}

/// The council's identity provider.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Finds out where the provider is asked, so that whoever signs in first does not wait for it.
    ///
    /// # Errors
    /// When it cannot be reached, or is not the one that was named.
    async fn reach(&self) -> Result<(), NotVouched>;

    /// Where the browser goes.
    ///
    /// # Errors
    /// When the provider has never been reached, and cannot be now.
    async fn way(&self, setting_out: &SetOut) -> Result<String, NotVouched>;

    /// Whom the provider vouches for.
    ///
    /// # Errors
    /// When it does not, or cannot be asked now.
    async fn vouched(&self, code: &str, errand: Errand) -> Result<Vouched, NotVouched>;
}

/// Whom the provider vouches for.
#[derive(Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The sign-in name.
    pub name: String,
    /// What the provider knows the account by: never another's, whatever the account is called.
    pub subject: String,
}

/// A provider that is offered to who signs in.
#[derive(Clone)]
pub struct Offered {
    /// The provider.
    pub provider: Arc<dyn Provider>,
    /// Whether passphrases are refused.
    pub only: bool,
}

impl SignIn {
    /// Whether it is the account that a member of staff came with first, which it is from then on: an account's name can be
    /// given to somebody else, its subject cannot. Of it only a keyed digest is kept.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn is_same_account(&self, vouched: &Vouched) -> Result<bool, SignInError> {
        let (name, digest) = (&vouched.name, self.pepper.digest("subject", &vouched.subject));
        let file = self.file();
        file.execute("INSERT OR IGNORE INTO subjects VALUES (?1, ?2)", params![name, digest])?;
        let held: String = file.query_row("SELECT digest FROM subjects WHERE name = ?1", [name], |row| row.get(0))?;
        Ok(held == digest)
    }

    /// Offers a provider from now on; the first that is offered stays.
    pub fn offer(&self, offered: Offered) {
        let _first = self.offered.set(offered);
    }

    /// The provider that is offered, where one is.
    pub fn offered(&self) -> Option<&Offered> {
        self.offered.get()
    }

    /// Whether nobody signs in by a passphrase.
    pub fn is_by_provider_only(&self) -> bool {
        self.offered().is_some_and(|it| it.only)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Pepper;

    #[test]
    fn a_name_is_one_accounts_until_it_is_forgotten() {
        let doors = SignIn::in_memory(Pepper::of_test()).unwrap();
        let is = |name: &str, subject: &str| {
            doors.is_same_account(&Vouched { name: name.into(), subject: subject.into() }).unwrap()
        };
        assert!(is("ann", "1") && is("ann", "1") && is("ben", "2"));
        assert!(!is("ann", "2") && !is("ann", "3"), "the name was given to somebody else");
        doors.forget("ann").unwrap();
        assert!(is("ann", "3") && !is("ann", "1"));
    }
}
