//! Personal data, sealed for the person it is about.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::{EventId, PersonId};

/// Personal data of one person: open in memory, sealed wherever it is written.
///
/// Writing an open value is an error, so that personal data cannot reach the log by an oversight. A sealed value carries
/// all that is needed to open it but the person's key: destroy the key, and the person is forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Personal<T> {
    /// In clear; in memory only.
    Open {
        /// Whose it is.
        person: PersonId,
        /// The data.
        value: T,
    },
    /// As stored.
    Sealed {
        /// Whose it is, so under whose key.
        person: PersonId,
        /// The event it was sealed in; part of what is authenticated, so it cannot be moved to another.
        bound_to: EventId,
        /// Nonce, ciphertext and tag in base64.
        sealed: String,
    },
}

/// What seals: encrypts under the key of a person, making the key when there is none yet.
pub trait Sealer {
    /// Seals `plain` for `person` within the event `bound_to`.
    ///
    /// # Errors
    /// When no key can be made or kept for the person; nothing may be written then.
    fn seal(&mut self, person: PersonId, bound_to: EventId, plain: &[u8]) -> Result<String, NotSealed>;
}

/// What opens: decrypts with the key of a person.
pub trait Opener {
    /// The plain bytes, or none where the person's key has been destroyed or does not fit.
    fn open(&self, person: PersonId, bound_to: EventId, sealed: &str) -> Option<Vec<u8>>;
}

/// Personal data could not be sealed; nothing was written.
#[derive(Debug, thiserror::Error)]
#[error("personal data could not be sealed: {0}")]
pub struct NotSealed(pub String);

impl<T> Personal<T> {
    /// Data in clear, to be sealed when its event is written.
    pub fn open_for(person: PersonId, value: T) -> Self {
        Self::Open { person, value }
    }

    /// Whose data it is.
    pub fn person(&self) -> PersonId {
        match self {
            Self::Open { person, .. } | Self::Sealed { person, .. } => *person,
        }
    }
}

impl<T: Serialize> Personal<T> {
    /// Seals the value within the event `bound_to`; one that is sealed already stays as it is.
    ///
    /// # Errors
    /// See [`Sealer::seal`].
    pub fn seal(&mut self, bound_to: EventId, sealer: &mut dyn Sealer) -> Result<(), NotSealed> {
        if let Self::Open { person, value } = self {
            let plain = serde_json::to_vec(value).map_err(|error| NotSealed(error.to_string()))?;
            *self = Self::Sealed { person: *person, bound_to, sealed: sealer.seal(*person, bound_to, &plain)? };
        }
        Ok(())
    }
}

impl<T: Clone + DeserializeOwned> Personal<T> {
    /// The value in clear, or none where the person has been forgotten.
    pub fn opened(&self, opener: &dyn Opener) -> Option<T> {
        match self {
            Self::Open { value, .. } => Some(value.clone()),
            Self::Sealed { person, bound_to, sealed } => {
                let plain = opener.open(*person, *bound_to, sealed)?;
                serde_json::from_slice(&plain).ok()
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Written<'a> {
    person: PersonId,
    event: EventId,
    #[serde(borrow)]
    sealed: Cow<'a, str>,
}

impl<T> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Open { .. } => Err(ser::Error::custom("personal data must be sealed before it is written")),
            Self::Sealed { person, bound_to, sealed } => {
                Written { person: *person, event: *bound_to, sealed: Cow::Borrowed(sealed) }.serialize(serializer)
            }
        }
    }
}

impl<'de, T> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        if written.sealed.is_empty() {
            return Err(de::Error::custom("sealed personal data is empty"));
        }
        Ok(Self::Sealed { person: written.person, bound_to: written.event, sealed: written.sealed.into_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Reversing;

    impl Sealer for Reversing {
        fn seal(&mut self, _: PersonId, _: EventId, plain: &[u8]) -> Result<String, NotSealed> {
            Ok(String::from_utf8_lossy(plain).chars().rev().collect())
        }
    }

    impl Opener for Reversing {
        fn open(&self, _: PersonId, _: EventId, sealed: &str) -> Option<Vec<u8>> {
            Some(sealed.chars().rev().collect::<String>().into_bytes())
        }
    }

    #[test]
    fn an_open_value_cannot_be_written() {
        let value = Personal::open_for(PersonId::from_bits(1), "Ms Grace Hughes".to_owned());
        assert!(serde_json::to_string(&value).is_err());
    }

    #[test]
    fn a_sealed_value_is_written_read_and_opened() {
        let mut value = Personal::open_for(PersonId::from_bits(1), "Ms Grace Hughes".to_owned());
        value.seal(EventId::from_bits(2), &mut Reversing).unwrap();
        let text = serde_json::to_string(&value).unwrap();
        assert!(!text.contains("Grace"));
        let read: Personal<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, value);
        assert_eq!(read.opened(&Reversing).as_deref(), Some("Ms Grace Hughes"));
    }
}
