//! What is particular to each kind of notification. **A new kind is a struct here and a line in `kinds!`.**
//!
//! What a struct asks beyond its shape stands in `checks.rs`, a line a kind.

mod households;
mod others;
mod properties;

use hearth_events::NotificationKind;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{PartialSchema, ToSchema};

pub use households::{
    DisregardClaim, DisregardClass, LiablePersonAdded, LiablePersonRemoved, OccupierJoined, OccupierLeft, Relationship,
    SevereMentalImpairment,
};
pub use others::{CopyBill, CopyBillRequest, CouncilTaxReduction, Death, Dispute, Enquiry, Probate, RefundRequest};
pub use properties::{
    Annexe, AnnexeUse, BackInUse, BandChange, DisabledBandReduction, DisabledFeature, EmptyReason, ListChange,
    NewProperty, PropertyEmpty, SecondHome, SecondHomeException,
};

use crate::service::FieldFault;

/// One line a kind: the number of the catalogue and the name that the kind, its variant and its struct share.
macro_rules! kinds {
    ($($number:literal $name:ident),* $(,)?) => {
        /// The details of a notification, by kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Details {
            $(#[doc = $number] $name($name),)*
        }

        impl Details {
            /// The details as JSON.
            pub fn canonical(&self) -> Option<serde_json::Value> {
                match self {
                    $(Self::$name(it) => serde_json::to_value(it),)*
                }
                .ok()
            }

            /// Reads the details of a kind.
            pub(super) fn read(kind: NotificationKind, value: &serde_json::Value, at: &str) -> Result<Self, Vec<FieldFault>> {
                match kind {
                    $(NotificationKind::$name => super::wire::read(value, at).map(Self::$name),)*
                }
            }
        }

        /// The JSON Schema of the details of a kind.
        pub fn schema(kind: NotificationKind) -> Option<serde_json::Value> {
            let schema = match kind {
                $(NotificationKind::$name => $name::schema(),)*
            };
            serde_json::to_value(schema).ok()
        }
    };
}

kinds! {
    "N01." MoveIn,
    "N02." MoveOut,
    "N03." MoveWithin,
    "N04." ChangeOfName,
    "N05." ContactDetails,
    "N06." OccupierJoined,
    "N07." OccupierLeft,
    "N08." LiablePersonAdded,
    "N09." LiablePersonRemoved,
    "N10." SinglePersonDiscountClaim,
    "N11." SinglePersonDiscountEnd,
    "N12." Student,
    "N13." SevereMentalImpairment,
    "N14." DisregardClaim,
    "N15." PropertyEmpty,
    "N16." SecondHome,
    "N17." BackInUse,
    "N18." DisabledBandReduction,
    "N19." Annexe,
    "N20." Death,
    "N21." Probate,
    "N22." TenancyChange,
    "N25." BandChange,
    "N26." DirectDebit,
    "N27." InstalmentChoice,
    "N28." Paperless,
    "N29." RefundRequest,
    "N30." CouncilTaxReduction,
    "N31." NewProperty,
    "N32." Dispute,
    "N33." Enquiry,
    "N34." CopyBill,
}

/// A person as named in a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonGiven {
    /// Title and names.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// How a new home is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TenureGiven {
    /// Bought.
    Owner,
    /// Rented.
    Tenant,
}

/// Who comes after somebody who leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// Which sort.
    pub kind: SuccessorKind,
    /// The name, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Which sort of successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessorKind {
    /// The landlord, to whom the dwelling goes back.
    Owner,
    /// Somebody who bought it.
    Buyer,
    /// Somebody who rents it.
    Tenant,
    /// Nobody knows.
    Unknown,
}

/// N01: somebody moved in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveIn {
    /// Every adult who is to be liable.
    pub persons: Vec<PersonGiven>,
    /// How the home is held.
    pub tenure: TenureGiven,
    /// Whether one adult lives there alone.
    #[serde(deserialize_with = "lenient_bool")]
    pub sole_adult: bool,
    /// Whether those who lived there before have left.
    #[serde(deserialize_with = "lenient_bool")]
    pub previous_occupiers_left: bool,
    /// Whether it is furnished.
    #[serde(default, deserialize_with = "lenient_optional_bool")]
    pub furnished: Option<bool>,
}

/// N02: somebody moved out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveOut {
    /// The day the furniture was gone.
    #[serde(default)]
    pub furniture_removed_on: Option<Date>,
    /// Everybody who leaves.
    pub persons_leaving: Vec<String>,
    /// Where letters go now, or `not-known`.
    pub forwarding_address: String,
    /// Who comes next.
    pub successor: Successor,
}

/// N03: somebody moved from one dwelling of the council to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveWithin {
    /// The dwelling that was left.
    pub from_dwelling: super::wire::DwellingWire,
    /// The first day it was no longer home.
    pub moved_out_on: Date,
    /// Every adult who moves.
    pub persons: Vec<PersonGiven>,
    /// How the new home is held.
    pub tenure: TenureGiven,
    /// Whether one adult lives there alone.
    #[serde(deserialize_with = "lenient_bool")]
    pub sole_adult: bool,
    /// Whether everybody left the old home.
    #[serde(deserialize_with = "lenient_bool")]
    pub everyone_moved: bool,
    /// Who comes next at the old home.
    pub successor: Successor,
}

/// N04: a person has another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOfName {
    /// The name on file.
    pub old_name: String,
    /// The name from now on.
    pub new_name: String,
    /// Why: `marriage`, `deed-poll`, `spelling-correction`.
    pub reason: String,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// A document that came with a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceGiven {
    /// What it is.
    pub kind: String,
    /// The file it came as.
    pub file_name: String,
}

/// N05: a person can be reached otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactDetails {
    /// The new e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The new telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where letters go from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correspondence_address: Option<String>,
}

/// N10: somebody lives alone now and claims the discount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SinglePersonDiscountClaim {
    /// Adults who left.
    #[serde(default)]
    pub adults_left: Vec<AdultLeft>,
    /// Adults who live there beside the one who claims.
    #[serde(deserialize_with = "lenient_u16")]
    pub other_adults_remaining: u16,
}

/// An adult who left a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdultLeft {
    /// Title and names.
    pub name: String,
    /// The first day they no longer lived there.
    pub left_on: Date,
    /// Where they went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_address: Option<String>,
}

/// N11: somebody no longer lives alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SinglePersonDiscountEnd {
    /// The adult who joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adult_joined: Option<PersonGiven>,
}

/// N12: adults of a household are students.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Student {
    /// Every student.
    pub students: Vec<StudentGiven>,
    /// Adults in the household, students or not.
    #[serde(deserialize_with = "lenient_u16")]
    pub adults: u16,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// A student and their course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StudentGiven {
    /// Title and names.
    pub name: String,
    /// Where they study.
    pub institution: String,
    /// What they study.
    pub course: String,
    /// The first day of the course.
    pub starts: Date,
    /// The last day of the course.
    pub ends: Date,
    /// Hours of study a week.
    #[serde(deserialize_with = "lenient_u16")]
    pub hours_per_week: u16,
    /// Weeks of study a year.
    #[serde(deserialize_with = "lenient_u16")]
    pub weeks_per_year: u16,
}

/// N22: a landlord or agent tells of a change of tenants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenancyChange {
    /// The last day of the old tenancy; the tenant is charged for it.
    #[serde(default)]
    pub tenancy_ended_on: Option<Date>,
    /// The tenants who leave.
    #[serde(default)]
    pub outgoing: Vec<String>,
    /// Where letters to them go now, or `not-known`.
    #[serde(default)]
    pub forwarding_address: Option<String>,
    /// The first day of the new tenancy; none while it stands empty.
    #[serde(default)]
    pub tenancy_starts_on: Option<Date>,
    /// The tenants who come.
    #[serde(default)]
    pub incoming: Vec<PersonGiven>,
    /// Whether the new tenants hold one tenancy together.
    #[serde(default, deserialize_with = "lenient_optional_bool")]
    pub joint_tenancy: Option<bool>,
    /// Whether it is let furnished.
    #[serde(default, deserialize_with = "lenient_optional_bool")]
    pub furnished: Option<bool>,
    /// Who lets it, where somebody else tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landlord: Option<String>,
}

/// N26: a direct debit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectDebit {
    /// What is to be done.
    pub action: DirectDebitAction,
    /// In whose name the bank account is held.
    #[serde(default)]
    pub account_holder: Option<String>,
    /// Six digits.
    #[serde(default, deserialize_with = "lenient_optional_text")]
    pub sort_code: Option<String>,
    /// Eight digits.
    #[serde(default, deserialize_with = "lenient_optional_text")]
    pub account_number: Option<String>,
    /// The day of the month of collection.
    #[serde(default, deserialize_with = "lenient_optional_u8")]
    pub collection_day: Option<u8>,
}

/// What is to be done with a direct debit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DirectDebitAction {
    /// A new one.
    SetUp,
    /// Other details.
    Change,
    /// No more.
    Cancel,
}

/// N27: how many instalments, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstalmentChoice {
    /// 10 or 12 a year.
    #[serde(deserialize_with = "lenient_u16")]
    pub instalments: u16,
    /// The day of the month.
    #[serde(default, deserialize_with = "lenient_optional_u8")]
    pub collection_day: Option<u8>,
}

/// N28: bills by e-mail, or on paper again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paperless {
    /// Whether bills come by e-mail.
    #[serde(deserialize_with = "lenient_bool")]
    pub paperless: bool,
    /// The address they go to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the form saw that the address belongs to the submitter.
    #[serde(default, deserialize_with = "lenient_bool")]
    pub email_verified: bool,
}

/// Numbers and truth values come as text from a CSV cell; both spellings are taken.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lenient<T> {
    Value(T),
    Text(String),
}

fn lenient<'de, T: Deserialize<'de> + std::str::FromStr, D: Deserializer<'de>>(
    deserializer: D,
    expected: &str,
) -> Result<T, D::Error> {
    match Lenient::<T>::deserialize(deserializer) {
        Ok(Lenient::Value(value)) => Ok(value),
        Ok(Lenient::Text(text)) => text.trim().parse().map_err(|_| de::Error::custom(format!("must be {expected}"))),
        Err(_) => Err(de::Error::custom(format!("must be {expected}"))),
    }
}

pub(super) fn lenient_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    lenient(deserializer, "true or false")
}

pub(super) fn lenient_optional_bool<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    lenient(deserializer, "true or false").map(Some)
}

pub(super) fn lenient_u16<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    lenient(deserializer, "a whole number from 0 to 65535")
}

pub(super) fn lenient_optional_u8<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    lenient(deserializer, "a whole number from 0 to 255").map(Some)
}

pub(super) fn lenient_optional_u16<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    lenient_u16(deserializer).map(Some)
}

pub(super) fn lenient_optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Lenient::<u64>::deserialize(deserializer) {
        Ok(Lenient::Text(text)) => Ok(Some(text)),
        Ok(Lenient::Value(_)) | Err(_) => {
            Err(de::Error::custom("must be text in quotation marks, so that leading noughts are kept"))
        }
    }
}

#[cfg(test)]
mod tests;
