//! The kinds of notification.

use serde::{Deserialize, Serialize};

/// What a notification tells. `N23` and `N24` are files of `tenancy-change`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NotificationKind {
    /// N01.
    #[serde(rename = "move-in")]
    MoveIn,
    /// N02.
    #[serde(rename = "move-out")]
    MoveOut,
    /// N03.
    #[serde(rename = "move-within")]
    MoveWithin,
    /// N04.
    #[serde(rename = "change-of-name")]
    ChangeOfName,
    /// N05.
    #[serde(rename = "contact-details")]
    ContactDetails,
    /// N06.
    #[serde(rename = "occupier-joined")]
    OccupierJoined,
    /// N07.
    #[serde(rename = "occupier-left")]
    OccupierLeft,
    /// N08.
    #[serde(rename = "liable-person-added")]
    LiablePersonAdded,
    /// N09.
    #[serde(rename = "liable-person-removed")]
    LiablePersonRemoved,
    /// N10.
    #[serde(rename = "single-person-discount-claim")]
    SinglePersonDiscountClaim,
    /// N11.
    #[serde(rename = "single-person-discount-end")]
    SinglePersonDiscountEnd,
    /// N12.
    #[serde(rename = "student")]
    Student,
    /// N13.
    #[serde(rename = "severe-mental-impairment")]
    SevereMentalImpairment,
    /// N14.
    #[serde(rename = "disregard-claim")]
    DisregardClaim,
    /// N15.
    #[serde(rename = "property-empty")]
    PropertyEmpty,
    /// N16.
    #[serde(rename = "second-home")]
    SecondHome,
    /// N17.
    #[serde(rename = "back-in-use")]
    BackInUse,
    /// N18.
    #[serde(rename = "disabled-band-reduction")]
    DisabledBandReduction,
    /// N19.
    #[serde(rename = "annexe")]
    Annexe,
    /// N20.
    #[serde(rename = "death")]
    Death,
    /// N21.
    #[serde(rename = "probate")]
    Probate,
    /// N22.
    #[serde(rename = "tenancy-change")]
    TenancyChange,
    /// N25.
    #[serde(rename = "band-change")]
    BandChange,
    /// N26.
    #[serde(rename = "direct-debit")]
    DirectDebit,
    /// N27.
    #[serde(rename = "instalment-choice")]
    InstalmentChoice,
    /// N28.
    #[serde(rename = "paperless")]
    Paperless,
    /// N29.
    #[serde(rename = "refund-request")]
    RefundRequest,
    /// N30.
    #[serde(rename = "council-tax-reduction")]
    CouncilTaxReduction,
    /// N31.
    #[serde(rename = "new-property")]
    NewProperty,
    /// N32.
    #[serde(rename = "dispute")]
    Dispute,
    /// N33.
    #[serde(rename = "enquiry")]
    Enquiry,
    /// N34.
    #[serde(rename = "copy-bill")]
    CopyBill,
}

impl NotificationKind {
    /// Every one, in the order of the list.
    pub const ALL: [Self; 32] = [
        Self::MoveIn,
        Self::MoveOut,
        Self::MoveWithin,
        Self::ChangeOfName,
        Self::ContactDetails,
        Self::OccupierJoined,
        Self::OccupierLeft,
        Self::LiablePersonAdded,
        Self::LiablePersonRemoved,
        Self::SinglePersonDiscountClaim,
        Self::SinglePersonDiscountEnd,
        Self::Student,
        Self::SevereMentalImpairment,
        Self::DisregardClaim,
        Self::PropertyEmpty,
        Self::SecondHome,
        Self::BackInUse,
        Self::DisabledBandReduction,
        Self::Annexe,
        Self::Death,
        Self::Probate,
        Self::TenancyChange,
        Self::BandChange,
        Self::DirectDebit,
        Self::InstalmentChoice,
        Self::Paperless,
        Self::RefundRequest,
        Self::CouncilTaxReduction,
        Self::NewProperty,
        Self::Dispute,
        Self::Enquiry,
        Self::CopyBill,
    ];

    /// As written in JSON, in files and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MoveIn => "move-in",
            Self::MoveOut => "move-out",
            Self::MoveWithin => "move-within",
            Self::ChangeOfName => "change-of-name",
            Self::ContactDetails => "contact-details",
            Self::OccupierJoined => "occupier-joined",
            Self::OccupierLeft => "occupier-left",
            Self::LiablePersonAdded => "liable-person-added",
            Self::LiablePersonRemoved => "liable-person-removed",
            Self::SinglePersonDiscountClaim => "single-person-discount-claim",
            Self::SinglePersonDiscountEnd => "single-person-discount-end",
            Self::Student => "student",
            Self::SevereMentalImpairment => "severe-mental-impairment",
            Self::DisregardClaim => "disregard-claim",
            Self::PropertyEmpty => "property-empty",
            Self::SecondHome => "second-home",
            Self::BackInUse => "back-in-use",
            Self::DisabledBandReduction => "disabled-band-reduction",
            Self::Annexe => "annexe",
            Self::Death => "death",
            Self::Probate => "probate",
            Self::TenancyChange => "tenancy-change",
            Self::BandChange => "band-change",
            Self::DirectDebit => "direct-debit",
            Self::InstalmentChoice => "instalment-choice",
            Self::Paperless => "paperless",
            Self::RefundRequest => "refund-request",
            Self::CouncilTaxReduction => "council-tax-reduction",
            Self::NewProperty => "new-property",
            Self::Dispute => "dispute",
            Self::Enquiry => "enquiry",
            Self::CopyBill => "copy-bill",
        }
    }

    /// The number in the catalogue of notifications, `N01` to `N34`.
    pub const fn number(self) -> &'static str {
        match self {
            Self::MoveIn => "N01",
            Self::MoveOut => "N02",
            Self::MoveWithin => "N03",
            Self::ChangeOfName => "N04",
            Self::ContactDetails => "N05",
            Self::OccupierJoined => "N06",
            Self::OccupierLeft => "N07",
            Self::LiablePersonAdded => "N08",
            Self::LiablePersonRemoved => "N09",
            Self::SinglePersonDiscountClaim => "N10",
            Self::SinglePersonDiscountEnd => "N11",
            Self::Student => "N12",
            Self::SevereMentalImpairment => "N13",
            Self::DisregardClaim => "N14",
            Self::PropertyEmpty => "N15",
            Self::SecondHome => "N16",
            Self::BackInUse => "N17",
            Self::DisabledBandReduction => "N18",
            Self::Annexe => "N19",
            Self::Death => "N20",
            Self::Probate => "N21",
            Self::TenancyChange => "N22",
            Self::BandChange => "N25",
            Self::DirectDebit => "N26",
            Self::InstalmentChoice => "N27",
            Self::Paperless => "N28",
            Self::RefundRequest => "N29",
            Self::CouncilTaxReduction => "N30",
            Self::NewProperty => "N31",
            Self::Dispute => "N32",
            Self::Enquiry => "N33",
            Self::CopyBill => "N34",
        }
    }
}

impl std::fmt::Display for NotificationKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for NotificationKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}
