//! Why a notification goes to an officer.

use serde::{Deserialize, Serialize};

/// A reason for referral; the codes are shared with officers and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReasonCode {
    /// No account or person match.
    #[serde(rename = "R01")]
    R01,
    /// More than one match, or doubt about who it is.
    #[serde(rename = "R02")]
    R02,
    /// Address not matched to one dwelling.
    #[serde(rename = "R03")]
    R03,
    /// Overlapping liability.
    #[serde(rename = "R04")]
    R04,
    /// Gap: no successor or owner.
    #[serde(rename = "R05")]
    R05,
    /// Backdated beyond the limit or into a closed year.
    #[serde(rename = "R06")]
    R06,
    /// Future dated beyond the limit.
    #[serde(rename = "R07")]
    R07,
    /// Evidence missing or unreadable.
    #[serde(rename = "R08")]
    R08,
    /// Evidence expired or for the wrong period.
    #[serde(rename = "R09")]
    R09,
    /// Entitlement needs judgement.
    #[serde(rename = "R10")]
    R10,
    /// House in multiple occupation or separate tenancies suspected.
    #[serde(rename = "R11")]
    R11,
    /// Consent of a joint party needed.
    #[serde(rename = "R12")]
    R12,
    /// Submitter has no authority.
    #[serde(rename = "R13")]
    R13,
    /// Recovery stage: summons, liability order, enforcement.
    #[serde(rename = "R14")]
    R14,
    /// Council tax reduction or benefit interaction.
    #[serde(rename = "R15")]
    R15,
    /// Death, executor or vulnerable case.
    #[serde(rename = "R16")]
    R16,
    /// Value over the authorisation limit.
    #[serde(rename = "R17")]
    R17,
    /// Appeal, dispute or complaint.
    #[serde(rename = "R18")]
    R18,
    /// Contradicts the records.
    #[serde(rename = "R19")]
    R19,
    /// Sensitive or restricted record.
    #[serde(rename = "R20")]
    R20,
    /// Inspection or visit needed.
    #[serde(rename = "R21")]
    R21,
    /// Not in the valuation list, or for the Valuation Office Agency.
    #[serde(rename = "R22")]
    R22,
    /// Duplicate or superseded.
    #[serde(rename = "R23")]
    R23,
    /// Defect in a row of a bulk file.
    #[serde(rename = "R24")]
    R24,
}

impl ReasonCode {
    /// Every one, in the order of the list.
    pub const ALL: [Self; 24] = [
        Self::R01,
        Self::R02,
        Self::R03,
        Self::R04,
        Self::R05,
        Self::R06,
        Self::R07,
        Self::R08,
        Self::R09,
        Self::R10,
        Self::R11,
        Self::R12,
        Self::R13,
        Self::R14,
        Self::R15,
        Self::R16,
        Self::R17,
        Self::R18,
        Self::R19,
        Self::R20,
        Self::R21,
        Self::R22,
        Self::R23,
        Self::R24,
    ];

    /// As written in JSON, in files and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::R01 => "R01",
            Self::R02 => "R02",
            Self::R03 => "R03",
            Self::R04 => "R04",
            Self::R05 => "R05",
            Self::R06 => "R06",
            Self::R07 => "R07",
            Self::R08 => "R08",
            Self::R09 => "R09",
            Self::R10 => "R10",
            Self::R11 => "R11",
            Self::R12 => "R12",
            Self::R13 => "R13",
            Self::R14 => "R14",
            Self::R15 => "R15",
            Self::R16 => "R16",
            Self::R17 => "R17",
            Self::R18 => "R18",
            Self::R19 => "R19",
            Self::R20 => "R20",
            Self::R21 => "R21",
            Self::R22 => "R22",
            Self::R23 => "R23",
            Self::R24 => "R24",
        }
    }

    /// What it means, in words an officer and a resident can read.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::R01 => "no account or person match",
            Self::R02 => "more than one match, or doubt about who it is",
            Self::R03 => "address not matched to one dwelling",
            Self::R04 => "overlapping liability",
            Self::R05 => "gap: no successor or owner",
            Self::R06 => "backdated beyond the limit or into a closed year",
            Self::R07 => "future dated beyond the limit",
            Self::R08 => "evidence missing or unreadable",
            Self::R09 => "evidence expired or for the wrong period",
            Self::R10 => "entitlement needs judgement",
            Self::R11 => "house in multiple occupation or separate tenancies suspected",
            Self::R12 => "consent of a joint party needed",
            Self::R13 => "submitter has no authority",
            Self::R14 => "recovery stage: summons, liability order, enforcement",
            Self::R15 => "council tax reduction or benefit interaction",
            Self::R16 => "death, executor or vulnerable case",
            Self::R17 => "value over the authorisation limit",
            Self::R18 => "appeal, dispute or complaint",
            Self::R19 => "contradicts the records",
            Self::R20 => "sensitive or restricted record",
            Self::R21 => "inspection or visit needed",
            Self::R22 => "not in the valuation list, or for the Valuation Office Agency",
            Self::R23 => "duplicate or superseded",
            Self::R24 => "defect in a row of a bulk file",
        }
    }
}

impl std::fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ReasonCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}
