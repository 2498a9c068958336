//! Pounds and pence, and the one rounding there is.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount in pounds and whole pence; may be negative (a reduction, a credit).
///
/// Written in JSON as a string with two decimals, `"1162.65"`. A fraction of a penny cannot be held: use
/// [`Decimal`] while calculating and [`Money::rounded`] once, at the end of a bill line.
///
/// ```
/// use hearth_events::Money;
/// let gross: Money = "1000.02".parse().unwrap();
/// assert_eq!(gross.to_string(), "1000.02");
/// assert!("12.345".parse::<Money>().is_err(), "a fraction of a penny is not money");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

/// The text is not an amount in pounds with at most two decimals.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an amount in pounds and pence, such as 1162.65")]
pub struct NotMoney;

impl Money {
    /// No pounds and no pence.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Rounds to the nearest penny, an exact half penny away from zero (convention L of the charge rules).
    pub fn rounded(pounds: Decimal) -> Self {
        Self(pounds.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The amount in pounds.
    pub fn pounds(self) -> Decimal {
        self.0
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl FromStr for Money {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let pounds: Decimal = text.trim().parse().map_err(|_| NotMoney)?;
        if pounds.normalize().scale() > 2 {
            return Err(NotMoney);
        }
        Ok(Self(pounds))
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn a_half_penny_is_rounded_away_from_zero() {
        assert_eq!(Money::rounded("250.005".parse().unwrap()), money("250.01"));
        assert_eq!(Money::rounded("-250.005".parse().unwrap()), money("-250.01"));
    }

    #[test]
    fn two_decimals_are_always_written() {
        assert_eq!(serde_json::to_string(&money("5")).unwrap(), "\"5.00\"");
        assert_eq!(Money::ZERO.to_string(), "0.00");
    }

    #[test]
    fn fractions_of_a_penny_are_refused() {
        assert_eq!("0.001".parse::<Money>(), Err(NotMoney));
        assert_eq!("".parse::<Money>(), Err(NotMoney));
        assert_eq!(money("1.500"), money("1.50"));
    }
}
