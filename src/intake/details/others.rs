//! Deaths, money, and what is written to the council: N20, N21, N29, N30, N32 to N34.

use hearth_events::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EvidenceGiven, PersonGiven, lenient_bool};

/// N20: somebody died on `effective_on`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Death {
    /// Title and names of who died.
    pub name: String,
    /// When they were born.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// Whom to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_of_kin: Option<PersonGiven>,
    /// Who settles the estate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor: Option<PersonGiven>,
}

/// N21: probate was granted, or letters of administration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Probate {
    /// The day of the grant.
    pub granted_on: Date,
    /// Who settles the estate.
    pub executors: Vec<PersonGiven>,
    /// The solicitor who acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solicitor: Option<String>,
    /// The day the dwelling was sold or passed to an heir.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred_on: Option<Date>,
    /// The day the tenancy of who died ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenancy_ended_on: Option<Date>,
    /// What proves it: a `grant-of-probate` or `letters-of-administration`.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// N29: somebody wants money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Pounds and pence, where the submitter knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]+\\.[0-9]{2}$")]
    pub amount: Option<Money>,
    /// In whose name the bank account is held.
    pub account_holder: String,
    /// Six digits.
    pub sort_code: String,
    /// Eight digits.
    pub account_number: String,
    /// Whether everybody else who is liable agrees.
    #[serde(default, deserialize_with = "lenient_bool")]
    pub joint_consent: bool,
}

/// N30: council tax reduction was assessed, from `effective_on`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CouncilTaxReduction {
    /// Pounds and pence a week.
    #[schema(value_type = String, pattern = "^[0-9]+\\.[0-9]{2}$")]
    pub weekly_amount: Money,
    /// The last day of it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
}

/// N32: somebody disputes a decision or a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// Why it is wrong.
    pub grounds: String,
    /// The decision that is disputed, by its reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// N33: somebody asks something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enquiry {
    /// What is asked.
    pub question: String,
}

/// N34: a copy of a bill, or time to pay it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyBill {
    /// What is wanted.
    pub request: CopyBillRequest,
    /// The year, such as `2015/16`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub financial_year: Option<String>,
}

/// What is wanted of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CopyBillRequest {
    /// A copy.
    CopyBill,
    /// Other instalments than the bill's.
    PaymentArrangement,
    /// Less to pay, in hardship.
    Hardship,
}
