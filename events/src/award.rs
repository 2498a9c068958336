//! The codes of awards.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The code of an award: a discount, disregard, reduction or exemption, such as `D-SPD` or `X-F`.
///
/// The shape is checked here; which codes the rules can charge is for the rules to say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AwardCode(String);

impl AwardCode {
    /// The single person discount, 25 % (Local Government Finance Act 1992 s.11(1)).
    pub const SINGLE_PERSON: &str = "D-SPD";

    /// The code of the single person discount.
    pub fn single_person() -> Self {
        Self(Self::SINGLE_PERSON.to_owned())
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AwardCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (family, rest) = text.split_once('-').ok_or("not an award code such as D-SPD or X-F")?;
        let is_code = matches!(family, "D" | "DR" | "X" | "P")
            && (1..=12).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        if is_code { Ok(Self(text.to_owned())) } else { Err("not an award code such as D-SPD or X-F") }
    }
}

impl fmt::Display for AwardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for AwardCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AwardCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
