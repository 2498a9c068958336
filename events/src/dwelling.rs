//! What happened at a dwelling: liability, awards, people, money.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{AccountRef, AwardCode, AwardTerms, Band, FinancialYear, Money, Period, Personal, Position, Uprn};

/// A dwelling is in the valuation list; the same again with other facts corrects them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DwellingListed {
    /// Its national key.
    pub uprn: Uprn,
    /// The council's own key.
    pub property_reference: String,
    /// Where it is.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// The category whose amounts it is charged.
    pub category: String,
    /// Its band in the list.
    pub band: Band,
    /// The first day of the band.
    pub listed_from: Date,
    /// How it is held.
    pub tenure: Tenure,
    /// The owner, where somebody else than the liable person is on file.
    pub owner: Option<Personal<PersonDetails>>,
    /// Whether it is let furnished.
    pub furnished: bool,
    /// Whether it is a house in multiple occupation.
    pub hmo: bool,
    /// A keyed digest of the row it was imported from, so that importing the same again is noticed.
    pub imported_row: String,
}

/// How a dwelling is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tenure {
    /// By those who live in it.
    OwnerOccupied,
    /// Let by a private landlord.
    PrivateLandlord,
    /// Let by a housing association or the council.
    HousingAssociation,
}

/// Who somebody is and how to reach them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDetails {
    /// Title and names as given.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where letters go when not to the dwelling: a forwarding or correspondence address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// In what capacity somebody is liable (Local Government Finance Act 1992 s.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// As a resident (s.6(2)(a) to (e)).
    Resident,
    /// As the owner of a dwelling without a resident (s.6(2)(f)).
    Owner,
}

/// How the council is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentMethod {
    /// By direct debit.
    DirectDebit,
    /// By cash, card or transfer against a bill.
    Cash,
}

impl PaymentMethod {
    /// As written in files and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DirectDebit => "direct-debit",
            Self::Cash => "cash",
        }
    }
}

/// An account was opened: these persons became liable together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiabilityStarted {
    /// The account.
    pub account: AccountRef,
    /// Who is liable, jointly and severally; at least one.
    pub liable_persons: Vec<Personal<PersonDetails>>,
    /// The first day of liability, and its end where it was known from the start.
    pub period: Period,
    /// In what capacity.
    pub capacity: Capacity,
    /// Adults who live there; none where nobody has said yet (a buyer named by the seller).
    pub adults: Option<u16>,
    /// How they pay.
    pub payment_method: PaymentMethod,
    /// Bank details that were carried over from another account of the same persons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_details: Option<Personal<BankDetails>>,
    /// A keyed digest of the row it was imported from; none where it follows from a notification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_row: Option<String>,
}

/// An account was closed: liability ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiabilityEnded {
    /// The account.
    pub account: AccountRef,
    /// The first day no longer liable.
    pub to: Date,
    /// Where the persons can now be reached; none where they did not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_to: Vec<Personal<PersonDetails>>,
}

/// An award was made: a discount, disregard, reduction or exemption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountAwarded {
    /// The account it is shown on.
    pub account: AccountRef,
    /// Which.
    pub code: AwardCode,
    /// Its days.
    pub period: Period,
    /// Its figures, where the law leaves them open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<AwardTerms>,
}

/// An award ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountEnded {
    /// The account.
    pub account: AccountRef,
    /// Which.
    pub code: AwardCode,
    /// The first day without it.
    pub to: Date,
}

/// An adult joined the household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccupantAdded {
    /// The account.
    pub account: AccountRef,
    /// Who.
    pub person: Personal<PersonDetails>,
    /// The first day they live there.
    pub from: Date,
    /// Adults from that day on.
    pub adults: u16,
}

/// An adult left the household, which stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccupantRemoved {
    /// The account.
    pub account: AccountRef,
    /// Who, and where they went.
    pub person: Personal<PersonDetails>,
    /// The first day they no longer live there.
    pub from: Date,
    /// Adults from that day on.
    pub adults: u16,
}

/// The household of a liable person whose dwelling was thought empty, or was not known, lives there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdStated {
    /// The account.
    pub account: AccountRef,
    /// The first day they live there.
    pub from: Date,
    /// Adults from that day on.
    pub adults: u16,
}

/// A person has another name; the person is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRenamed {
    /// The account.
    pub account: AccountRef,
    /// The person with the new name.
    pub person: Personal<PersonDetails>,
    /// The first day of the name.
    pub from: Date,
}

/// A person can be reached otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactDetailsChanged {
    /// The account.
    pub account: AccountRef,
    /// The person with the new details.
    pub person: Personal<PersonDetails>,
    /// The first day of the details.
    pub from: Date,
}

/// A bank account to collect from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankDetails {
    /// In whose name it is held.
    pub account_holder: String,
    /// Six digits.
    pub sort_code: String,
    /// Eight digits.
    pub account_number: String,
}

/// An account is paid otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentMethodChanged {
    /// The account.
    pub account: AccountRef,
    /// How it is paid now.
    pub payment_method: PaymentMethod,
    /// The bank account, for a direct debit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_details: Option<Personal<BankDetails>>,
    /// The day of the month of collection, 1 to 28, for a direct debit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection_day: Option<u8>,
    /// The first day of it.
    pub from: Date,
}

/// Bills are sent otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryPreferenceChanged {
    /// The account.
    pub account: AccountRef,
    /// Whether bills come by e-mail instead of on paper.
    pub paperless: bool,
    /// The verified address they go to, where paperless.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Personal<PersonDetails>>,
    /// The first day of it.
    pub from: Date,
}

/// The instalments of an account were chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentPlanSet {
    /// The account.
    pub account: AccountRef,
    /// How many a year: 10 or 12.
    pub instalments: u8,
    /// The day of the month, 1 to 28.
    pub day: u8,
    /// The first day of it.
    pub from: Date,
}

/// The charge of an account for a financial year was worked out; it replaces the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeCalculated {
    /// The account.
    pub account: AccountRef,
    /// The year.
    pub financial_year: FinancialYear,
    /// What it is made of; empty where no day of the year is charged any more.
    pub lines: Vec<ChargeLine>,
    /// The sum of the lines.
    pub net: Money,
    /// The events the figure rests on that were recorded before it: the set amounts, the listing, liability, awards.
    pub rests_on: Vec<Position>,
    /// What was charged before, for the difference that is posted; none the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Money>,
}

/// One line of a charge: one maximal run of the same facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeLine {
    /// What the line does.
    pub kind: LineKind,
    /// The charging band of a charge; the award of a reduction.
    pub code: String,
    /// The first day.
    pub from: Date,
    /// The first day after.
    pub to: Date,
    /// How many days.
    pub days: i32,
    /// Pounds and pence; negative where it reduces.
    pub amount: Money,
}

/// What a line does to a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// The set amount by days.
    Charge,
    /// Taken off.
    Reduction,
    /// Added on.
    Premium,
}
