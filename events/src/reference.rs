//! References: what a dwelling, an account, a notification, a person and an event are called.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

/// The text cannot be the reference it was given as.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a {0}")]
pub struct NotAReference(&'static str);

macro_rules! text_reference {
    ($(#[$doc:meta])* $name:ident, $what:literal, $is_well_formed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The reference as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAReference;
            fn from_str(text: &str) -> Result<Self, NotAReference> {
                let is_well_formed: fn(&str) -> bool = $is_well_formed;
                if is_well_formed(text) { Ok(Self(text.to_owned())) } else { Err(NotAReference($what)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

fn is_reference(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'/' || b == b'.')
}

text_reference! {
    /// Unique Property Reference Number: the national key of an addressable place, one to twelve digits.
    Uprn, "UPRN (1 to 12 digits)", |text| (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

text_reference! {
    /// One set of liable persons, one dwelling, one period. Opaque: councils number accounts in their own ways.
    ///
    /// An account that Hearth opens is called `<uprn>-<n>`, the n-th account of its dwelling, so that the dwelling's own
    /// stream decides who gets the number and no counter is shared between dwellings.
    AccountRef, "account reference (letters, digits, '-', '/' or '.', at most 32)", |text| is_reference(text, 32)
}

text_reference! {
    /// What the council calls a notification, `HN-7KQ2-9FXM-3D4R`: made from its sender and the sender's own reference,
    /// so that the same notification sent twice lands in the same stream.
    NotificationRef, "notification reference", |text| is_reference(text, 40)
}

impl AccountRef {
    /// The reference of the `number`-th account that is opened on a dwelling.
    pub fn nth_of(uprn: &Uprn, number: u32) -> Self {
        Self(format!("{uprn}-{number}"))
    }
}

impl NotificationRef {
    /// Whether it looks like one that was made here: what else causes an event is called otherwise.
    pub fn is_of_a_notification(&self) -> bool {
        self.0.starts_with("HN-")
    }

    /// The reference made of sixty bits that were drawn or derived by the caller.
    pub fn from_bits(bits: u64) -> Self {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut text = String::from("HN");
        for place in 0..12_u32 {
            if place.is_multiple_of(4) {
                text.push('-');
            }
            let index = usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
            text.push(ALPHABET.get(index).map_or('0', |it| char::from(*it)));
        }
        Self(text)
    }
}

macro_rules! id_reference {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// The id made of 128 given bits.
            pub const fn from_bits(bits: u128) -> Self {
                Self(bits)
            }

            /// The id that always follows from these parts, in this order.
            pub fn derived(parts: &[&str]) -> Self {
                let mut hash = Sha256::new();
                for part in parts {
                    hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                    hash.update(part.as_bytes());
                }
                let digest = hash.finalize();
                let bits = digest.iter().take(16).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
                // RFC 9562 version 8 (custom) and variant, so that any UUID library takes it.
                Self((bits & !(0xF << 76) & !(0x3 << 62)) | (0x8 << 76) | (0x2 << 62))
            }

            /// The sixteen bytes of the id.
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_be_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let hex = format!("{:032x}", self.0);
                let part = |range| hex.get(range).unwrap_or_default();
                write!(f, "{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl FromStr for $name {
            type Err = NotAReference;
            fn from_str(text: &str) -> Result<Self, NotAReference> {
                let mut bits = 0_u128;
                let mut digits = 0_u8;
                for byte in text.bytes() {
                    if byte == b'-' {
                        continue;
                    }
                    let digit = char::from(byte).to_digit(16).ok_or(NotAReference($what))?;
                    bits = (bits << 4) | u128::from(digit);
                    digits += 1;
                    if digits > 32 {
                        return Err(NotAReference($what));
                    }
                }
                if digits == 32 { Ok(Self(bits)) } else { Err(NotAReference($what)) }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

id_reference! {
    /// The id of one event: a UUID, derived from what caused it so that doing the same again is noticed.
    EventId, "UUID"
}

id_reference! {
    /// The id of one person, under whose key their personal data is sealed. Says nothing about who it is.
    PersonId, "person id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uprn_is_one_to_twelve_digits() {
        assert!("999000000001".parse::<Uprn>().is_ok());
        for text in ["", "9990000000011", "12a", "-1", " 1"] {
            assert!(text.parse::<Uprn>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn derived_ids_depend_on_each_part_and_on_where_it_ends() {
        let id = EventId::derived(&["ab", "c"]);
        assert_ne!(id, EventId::derived(&["a", "bc"]));
        assert_eq!(id, EventId::derived(&["ab", "c"]));
        assert_eq!(id.to_string().parse::<EventId>().unwrap(), id);
        assert_eq!(id.to_string().as_bytes()[14], b'8', "RFC 9562 version 8: {id}");
    }

    #[test]
    fn a_notification_reference_is_easy_to_read_out() {
        assert_eq!(NotificationRef::from_bits(0).as_str(), "HN-0000-0000-0000");
        assert_eq!(NotificationRef::from_bits(u64::MAX).as_str(), "HN-ZZZZ-ZZZZ-ZZZZ");
    }
}
