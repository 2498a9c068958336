//! What the council resolved and adopted, and who may call.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{BandAmounts, FinancialYear, Money};

/// The log was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogStarted {
    /// The identity of this log; a checkpoint of a view names it.
    pub log_id: String,
    /// The clock that `recorded_at` follows.
    pub clock: LogClock,
}

/// The clock that a log's `recorded_at` follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogClock {
    /// The clock of the machine.
    System,
    /// The `received_at` of what is submitted: a simulated clock, for demonstrations and rehearsals.
    File,
}

/// The council is known to the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouncilRegistered {
    /// Its name.
    pub name: String,
    /// Its code of the Government Statistical Service, `E07000093`.
    pub gss_code: String,
    /// Its four-digit billing authority code.
    pub ba_code: String,
}

/// The council adopted policy with effect from a day. What is absent stays as it was adopted before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyAdopted {
    /// The first day it applies to.
    pub from: Date,
    /// How many days ahead a change may be told before it waits for an officer (R07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub future_limit_days: Option<u16>,
    /// How many days back a change may reach before an officer looks (R06).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backdate_limit_days: Option<u16>,
    /// The greatest refund without an officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_limit: Option<Money>,
    /// The greatest movement of an account's charge for a year without an officer (R17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge_movement_limit: Option<Money>,
    /// Working days within which a change is to be dealt with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_standard_working_days: Option<u16>,
    /// The local discount for an empty, unfurnished dwelling, percent (D-LOC-C).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty_discount_percent: Option<Decimal>,
    /// Percent off what care leavers have left to pay (D-CL, s.13A(1)(c)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care_leaver_percent: Option<Decimal>,
    /// The long-term empty premium by years empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty_premium: Option<Vec<EmptyPremiumTier>>,
    /// Which way an instalment of exactly so many pounds and fifty pence is rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalment_rounding: Option<HalfPound>,
    /// Whether a discount after a death starts on the day itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_discount_starts: Option<String>,
    /// Percent of every local discount that the council determined, by its code: `D-LOC-A` to `D-LOC-D` (s.11A).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_discounts: Option<BTreeMap<String, Decimal>>,
    /// Percent of the premium on second homes; nothing where it was not determined (s.11C).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_home_premium_percent: Option<Decimal>,
    /// Months after which an award is looked at again, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_months: Option<BTreeMap<String, u16>>,
    /// Instalments of a bill where nobody chose otherwise: 10 or 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalments: Option<u8>,
    /// The day of the month on which instalments are due where nobody chose otherwise, 1 to 28.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalment_day: Option<u8>,
    /// Days that liable persons have to answer when somebody else tells of a change to their account; an officer decides at
    /// once where nothing was adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_wait_days: Option<u16>,
    /// What follows when they do not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_silence: Option<Silence>,
    /// Days for which a notification that waits holds recovery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_hold_days: Option<u16>,
    /// Minutes for which an item is whoever's claimed it, if they do nothing with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_minutes: Option<u16>,
    /// Percent of the decisions, the machine's and officers', that somebody else checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_percent: Option<u8>,
    /// Working days after which an item that nobody has dealt with is shown to supervisors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert_working_days: Option<u16>,
    /// Days for which a contact counts as caused by the notification before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_days: Option<u16>,
}

/// What follows when the liable persons do not answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// An officer decides.
    #[default]
    Refer,
    /// It takes effect.
    Apply,
}

impl Silence {
    /// Whether an officer decides.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "so serde calls it")]
    pub(crate) const fn is_refer(&self) -> bool {
        matches!(self, Self::Refer)
    }
}

/// One tier of the long-term empty premium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptyPremiumTier {
    /// Whole years empty from which it applies.
    pub years: u16,
    /// Percent of the charge that is added.
    pub percent: Decimal,
}

/// Which way an instalment of exactly fifty pence over is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HalfPound {
    /// To the pound above.
    HalfUp,
    /// To the pound below.
    HalfDown,
}

/// A figure with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcedValue {
    /// The figure.
    pub value: Decimal,
    /// Where it was published, or `assumed`.
    pub source: String,
}

/// A cost model applies from a day: what a change cost before, and what it costs by form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostModelAdopted {
    /// Its name.
    pub name: String,
    /// The first day it applies to.
    pub from: Date,
    /// Pounds for an hour of an officer.
    pub officer_hourly_cost: SourcedValue,
    /// Minutes a change takes by hand.
    pub manual_minutes: SourcedValue,
    /// Minutes an exception takes; the manual minutes where the council gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception_minutes: Option<SourcedValue>,
    /// Pounds for one contact, by channel.
    pub contact: BTreeMap<String, SourcedValue>,
    /// Which share of the notifications would have come by which channel; the rest would not have made contact.
    pub counterfactual: BTreeMap<String, Decimal>,
    /// The share of notifications that avoid a contact; for the forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avoidance: Option<SourcedValue>,
    /// Failure contacts for a notification; for the forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_contacts: Option<SourcedValue>,
    /// The share that needs no officer; for the forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub straight_through: Option<SourcedValue>,
    /// The share of automatic decisions that an officer checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling_share: Option<SourcedValue>,
    /// Minutes for one such check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling_minutes: Option<SourcedValue>,
    /// The most minutes that count from a claim to its decision: who keeps an item for longer has laid it aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_minutes: Option<SourcedValue>,
    /// What the service itself costs, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Box<ServiceCosts>>,
    /// Whether the cost of a contact has the office work in it already. Published costs mostly do not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contact_is_end_to_end: bool,
    /// Where the shares of `counterfactual` were published, or `assumed`, by channel; the model as a whole where absent.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counterfactual_sources: BTreeMap<String, String>,
}

/// What the service that takes notifications costs, in pounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCosts {
    /// Once, before it could be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_off: Option<SourcedValue>,
    /// In a year, however much it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yearly: Option<SourcedValue>,
    /// For each notification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_notification: Option<SourcedValue>,
}

/// What a budget is for, of which a line fell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BudgetLine {
    /// Postage.
    Postage,
    /// Paper and printing.
    Print,
    /// People hired by the day.
    Agency,
    /// Overtime.
    Overtime,
    /// A licence, or what a supplier is paid.
    Licence,
    /// A post that is no longer filled.
    Post,
    /// Something else.
    Other,
}

impl BudgetLine {
    /// Every line.
    pub const ALL: [Self; 7] =
        [Self::Postage, Self::Print, Self::Agency, Self::Overtime, Self::Licence, Self::Post, Self::Other];

    /// As written in JSON and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postage => "postage",
            Self::Print => "print",
            Self::Agency => "agency",
            Self::Overtime => "overtime",
            Self::Licence => "licence",
            Self::Post => "post",
            Self::Other => "other",
        }
    }
}

/// A line of the budget fell, by a decision that can be looked up: only that releases cash. Recorded again under the same
/// decision and line, it is as recorded last; of nothing, it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetReduced {
    /// What the decision is called: a minute, a report, a delegated decision.
    pub decision: String,
    /// Which line fell.
    pub line: BudgetLine,
    /// By how much in a whole year.
    pub yearly: Money,
    /// The first day for which it fell.
    pub from: Date,
    /// The first day for which it is as before; none where it fell for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Who recorded it, by the name they sign in by or that of their token.
    pub by: String,
}

/// A saving that somebody reported, kept as it was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioRecorded {
    /// Its name.
    pub name: String,
    /// `potential` or `estimate`.
    pub kind: String,
    /// How many notifications, where that was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<u64>,
    /// How many contacts, where that was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<u64>,
    /// Over how many months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<Decimal>,
    /// The share of contacts said to be avoided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avoidance: Option<Decimal>,
    /// The total that was reported.
    pub reported_total: Money,
    /// Whether the report says how the total comes about.
    pub decomposed: bool,
}

/// The council set an amount: one component of the council tax, for one year and one category of dwelling (s.30).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmountSet {
    /// The year.
    pub financial_year: FinancialYear,
    /// The category of dwelling, in practice the parish.
    pub category: String,
    /// Whose charge it is: county, police, fire, district, parish.
    pub component: String,
    /// The amounts as resolved; never recomputed from band D.
    pub amounts: BandAmounts,
}

/// A table of weights for the modulus check of bank accounts applies from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulusTableAdopted {
    /// The first day it is used.
    pub from: Date,
    /// What it is and where it was published.
    pub source: String,
    /// The weight table in its published line format.
    pub weights: String,
    /// The sort code substitution table in its published line format.
    pub substitutions: String,
}

/// What a caller of the API may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A third party that sends notifications.
    Submitter,
    /// Decides what a machine must not.
    Officer,
    /// Authorises what an officer decided.
    Supervisor,
    /// Reads everything, writes nothing.
    Auditor,
    /// Reads figures.
    Manager,
    /// Gives and takes access.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Submitter, Self::Officer, Self::Supervisor, Self::Auditor, Self::Manager, Self::Admin];

    /// As written in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Submitter => "submitter",
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}

/// A bearer token was issued. The token itself is shown once and not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssued {
    /// What the token is called; a label for the credential, not a person's name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// SHA-256 of the token in hex.
    pub token_hash: String,
}

/// A bearer token is no longer accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRevoked {
    /// What the token was called.
    pub name: String,
}
