//! What is asked for and what is paid: notices, instalments, payments, credits, refunds, penalties (SI 1992/613).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{AccountRef, BankDetails, ChargeLine, FinancialYear, Money, Period, Personal};

/// A part of a bill with the day on which it is payable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// The day on which it is payable.
    pub due: Date,
    /// How much; more than nothing.
    pub amount: Money,
}

/// A demand notice was issued: the first bill of an account for a year (regs 18 to 20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemandNoticeIssued {
    /// The account.
    pub account: AccountRef,
    /// The year.
    pub financial_year: FinancialYear,
    /// The day of issue.
    pub issued_on: Date,
    /// The days of the year that are charged, on the facts of the day of issue.
    pub period: Period,
    /// What the amount is made of, as it is printed.
    pub lines: Vec<ChargeLine>,
    /// The sum of the lines: what is asked for.
    pub net: Money,
    /// When it is payable, earliest first; their sum is `net`.
    pub instalments: Vec<Instalment>,
    /// Whether another system had issued it, so that it was taken over and not sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_over: bool,
}

/// A bill was adjusted, during liability or for a year that is over (Sch.1 para.10; reg.20(4), (5)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentNoticeIssued {
    /// The account.
    pub account: AccountRef,
    /// The year.
    pub financial_year: FinancialYear,
    /// The day of issue.
    pub issued_on: Date,
    /// The first day from which the new instalments count: fourteen days after issue.
    pub adjustment_day: Date,
    /// What the new amount is made of.
    pub lines: Vec<ChargeLine>,
    /// The sum of the lines: what is now asked for, for the whole year.
    pub net: Money,
    /// What was payable before the adjustment day, paid or not; it stays so.
    pub accounted_for: Money,
    /// What is asked for from the adjustment day on; empty where nothing is.
    pub instalments: Vec<Instalment>,
    /// What was accounted for beyond what is now owed.
    pub credit: Money,
}

/// A bill was closed as liability ended (Sch.1 para.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingNoticeIssued {
    /// The account.
    pub account: AccountRef,
    /// The year.
    pub financial_year: FinancialYear,
    /// The day of issue.
    pub issued_on: Date,
    /// The first day that is not charged.
    pub ended_on: Date,
    /// What the final amount is made of.
    pub lines: Vec<ChargeLine>,
    /// The sum of the lines: what is owed for the year in the end.
    pub net: Money,
    /// What had fallen due by the end, paid or not.
    pub fallen_due: Money,
    /// What is asked for beyond that: nothing, or one payment.
    pub instalments: Vec<Instalment>,
    /// What was paid beyond what is owed: moved to another account, repaid or credited.
    pub credit: Money,
}

/// A copy of the last notice of a year was asked for. Nothing changes; the copy is sent as the notice was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillCopied {
    /// The account.
    pub account: AccountRef,
    /// The year.
    pub financial_year: FinancialYear,
    /// The day on which the notice was issued that is copied.
    pub issued_on: Date,
    /// The day on which the copy was asked for.
    pub on: Date,
}

/// A payment arrived, as the income system tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReceived {
    /// The account.
    pub account: AccountRef,
    /// The year it is towards.
    pub financial_year: FinancialYear,
    /// How much; below nothing where an earlier one was returned unpaid.
    pub amount: Money,
    /// The day it was received.
    pub received_on: Date,
    /// What the income system calls it; the same again is the same payment.
    pub source_reference: String,
}

/// A credit passed from one account of the same persons to another (reg.24(6)), and stands at both dwellings; or, where both are the
/// same account, from its earlier years to a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditTransferred {
    /// The account that had it.
    pub from: AccountRef,
    /// The account that has it now.
    pub to: AccountRef,
    /// The year it was paid towards.
    pub financial_year: FinancialYear,
    /// How much; more than nothing.
    pub amount: Money,
    /// The day.
    pub on: Date,
}

/// Somebody asked for a credit to be repaid. It is approved and paid by others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequested {
    /// The account.
    pub account: AccountRef,
    /// What the refund is called: the reference of the notification that asked for it.
    pub refund: String,
    /// How much; more than nothing.
    pub amount: Money,
    /// Where it is to go.
    pub bank_details: Personal<BankDetails>,
    /// The day it was asked for.
    pub on: Date,
}

/// A refund was approved, by another person than the one who paved its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundApproved {
    /// The account.
    pub account: AccountRef,
    /// Which refund.
    pub refund: String,
    /// How much.
    pub amount: Money,
    /// Who approved it, by the name of their token.
    pub approved_by: String,
    /// The day.
    pub on: Date,
}

/// A refund was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRefused {
    /// The account.
    pub account: AccountRef,
    /// Which refund.
    pub refund: String,
    /// Who refused it, by the name of their token.
    pub refused_by: String,
    /// The day.
    pub on: Date,
}

/// A refund was paid, as the payments system tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundPaid {
    /// The account.
    pub account: AccountRef,
    /// Which refund.
    pub refund: String,
    /// How much.
    pub amount: Money,
    /// Who told it, by the name of their token.
    pub paid_by: String,
    /// The day it was paid.
    pub paid_on: Date,
    /// What the payments system calls it.
    pub payment_reference: String,
}

/// A penalty was imposed: a debit of its own, which nothing is ever taken off (LGFA 1992 Sch.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyImposed {
    /// The account.
    pub account: AccountRef,
    /// What the penalty is called.
    pub penalty: String,
    /// How much: £70, or £280 for a failure to answer the same request again.
    pub amount: Money,
    /// Whether it is one for a repeated failure.
    pub repeated: bool,
    /// Who imposed it, by the name of their token.
    pub officer: String,
    /// The day.
    pub on: Date,
}

/// A penalty was quashed, by the council or on appeal; it is owed no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyQuashed {
    /// The account.
    pub account: AccountRef,
    /// Which.
    pub penalty: String,
    /// Who quashed it, by the name of their token.
    pub officer: String,
    /// The day.
    pub on: Date,
}
