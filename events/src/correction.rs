//! What puts right what was recorded before: a change is reversed, an award comes to its scheduled end.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    AccountRef, AwardCode, Band, BankDetails, Capacity, Money, NotificationRef, PaymentMethod, Period, PersonDetails,
    Personal, Position, Uprn,
};

/// The figures of an award that the law leaves open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardTerms {
    /// Percent, of a local discount, a premium or a reduction by discretion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// Pounds a week, of council tax reduction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekly: Option<Money>,
    /// Pounds off the bill of each year, of a reduction by discretion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The first day on which the dwelling was empty and unfurnished, of an empty homes premium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty_since: Option<Date>,
}

/// Why an award ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExpiryReason {
    /// The last day of a course.
    CourseEnds,
    /// A school or college leaver is disregarded to 31 October (SI 1992/552 class C).
    LeaversOctober,
    /// Somebody is eighteen.
    EighteenthBirthday,
    /// Six months after the grant of probate (SI 1992/558 class F).
    ProbateAndSixMonths,
    /// The longest that the law lets it last.
    LongestInLaw,
    /// The last day that the document shows.
    DocumentEnds,
    /// It is to be looked at again by then.
    Review,
}

/// An award will end, or be looked at again, on a day that is known already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardExpiryScheduled {
    /// The account.
    pub account: AccountRef,
    /// Which award.
    pub code: AwardCode,
    /// The first day without it; for a review the day by which it is due.
    pub on: Date,
    /// Why.
    pub reason: ExpiryReason,
}

/// The scheduled day came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardExpired {
    /// The account.
    pub account: AccountRef,
    /// Which award.
    pub code: AwardCode,
    /// The scheduled day.
    pub on: Date,
    /// Why.
    pub reason: ExpiryReason,
}

/// An award as it stands on an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwardHeld {
    /// Which.
    pub code: AwardCode,
    /// Its days.
    pub period: Period,
    /// Its figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<AwardTerms>,
    /// The events it rests on that were recorded before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<Position>,
}

/// How many adults from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdultsHeld {
    /// The first day.
    pub from: Date,
    /// How many; none where nobody has said.
    pub adults: Option<u16>,
}

/// An account stands as it would without a change that was reversed, or again with it where the reversal was itself reversed.
/// An account that only that change opened has no day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCorrected {
    /// The account.
    pub account: AccountRef,
    /// The notification whose change is reversed.
    pub reverses: NotificationRef,
    /// Whether it is the reversal that is reversed, so that the change counts again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub restored: bool,
    /// The days of liability.
    pub period: Period,
    /// In what capacity.
    pub capacity: Capacity,
    /// Who is liable.
    pub liable_persons: Vec<Personal<PersonDetails>>,
    /// Adults by the first day of each number.
    pub adults: Vec<AdultsHeld>,
    /// Every award.
    pub awards: Vec<AwardHeld>,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// The bank account, for a direct debit that was told to us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_details: Option<Personal<BankDetails>>,
    /// The day of the month of collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection_day: Option<u8>,
    /// Whether bills come by e-mail.
    pub paperless: bool,
    /// Instalments a year and their day, where they were chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalments: Option<(u8, u8)>,
}

/// The bands of a dwelling stand as they would without a change that was reversed, or again with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandsCorrected {
    /// The dwelling.
    pub uprn: Uprn,
    /// The notification whose change is reversed.
    pub reverses: NotificationRef,
    /// Whether it is the reversal that is reversed, so that the change counts again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub restored: bool,
    /// The bands by their first day, earliest first.
    pub bands: Vec<(Date, Band)>,
}

/// An officer reversed the change that a notification had made, and that is carried out; or reversed the reversal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationReversed {
    /// The notification.
    pub reference: NotificationRef,
    /// Who reversed it, by the name of their token.
    pub officer: String,
    /// Whether it is the reversal that is reversed, so that the change counts again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub restored: bool,
    /// Why, in words for the submitter; sealed for the submitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Personal<String>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_false(it: &bool) -> bool {
    !*it
}
