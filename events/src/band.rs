//! Valuation bands and what they charge.

use serde::{Deserialize, Serialize};

use crate::Money;

/// The band of a dwelling in the valuation list (Local Government Finance Act 1992 s.5; England).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "a band is its letter")]
pub enum Band {
    A,
    B,
    C,
    D,
    E,
    F,
    G,
    H,
}

/// The band that is charged: the listed one, or `AR`, a band A dwelling with disabled relief (5/9 of band D).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "a band is its letter")]
pub enum ChargingBand {
    AR,
    A,
    B,
    C,
    D,
    E,
    F,
    G,
    H,
}

impl ChargingBand {
    /// Every charging band, lowest first.
    pub const ALL: [Self; 9] = [Self::AR, Self::A, Self::B, Self::C, Self::D, Self::E, Self::F, Self::G, Self::H];

    /// The band's share of band D in ninths (s.5(1)); only to check amounts that were loaded, never to charge.
    pub const fn ninths(self) -> u8 {
        match self {
            Self::AR => 5,
            Self::A => 6,
            Self::B => 7,
            Self::C => 8,
            Self::D => 9,
            Self::E => 11,
            Self::F => 13,
            Self::G => 15,
            Self::H => 18,
        }
    }
}

impl From<Band> for ChargingBand {
    fn from(band: Band) -> Self {
        match band {
            Band::A => Self::A,
            Band::B => Self::B,
            Band::C => Self::C,
            Band::D => Self::D,
            Band::E => Self::E,
            Band::F => Self::F,
            Band::G => Self::G,
            Band::H => Self::H,
        }
    }
}

impl std::str::FromStr for Band {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "A" => Ok(Self::A),
            "B" => Ok(Self::B),
            "C" => Ok(Self::C),
            "D" => Ok(Self::D),
            "E" => Ok(Self::E),
            "F" => Ok(Self::F),
            "G" => Ok(Self::G),
            "H" => Ok(Self::H),
            _ => Err("not a band from A to H"),
        }
    }
}

impl std::fmt::Display for Band {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// An amount for each charging band, exactly as the council set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_snake_case, missing_docs, reason = "the bands are written in capitals, as on a bill")]
pub struct BandAmounts {
    pub AR: Money,
    pub A: Money,
    pub B: Money,
    pub C: Money,
    pub D: Money,
    pub E: Money,
    pub F: Money,
    pub G: Money,
    pub H: Money,
}

impl BandAmounts {
    /// The amount for one band.
    pub fn of(&self, band: ChargingBand) -> Money {
        match band {
            ChargingBand::AR => self.AR,
            ChargingBand::A => self.A,
            ChargingBand::B => self.B,
            ChargingBand::C => self.C,
            ChargingBand::D => self.D,
            ChargingBand::E => self.E,
            ChargingBand::F => self.F,
            ChargingBand::G => self.G,
            ChargingBand::H => self.H,
        }
    }
}
