//! What vouches for members of staff beside a passphrase: the council's own identity provider.

use std::sync::Arc;

use async_trait::async_trait;

use super::SignIn;
use super::errand::{Errand, SetOut};

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

    /// The sign-in name that the provider vouches for.
    ///
    /// # Errors
    /// When it does not, or cannot be asked now.
    async fn vouched(&self, code: &str, errand: Errand) -> Result<String, NotVouched>;
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
