//! What goes to an officer: whose work it is, how soon, by when.

use hearth_events::{NotificationKind, Priority, ReasonCode};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Case;
use crate::rules::working_days::add_working_days;

/// How a referral is worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Whose work it is.
    pub queue: &'static str,
    /// How soon.
    pub priority: Priority,
    /// The last working day of the service standard.
    pub due_on: Date,
    /// What it is estimated to take an officer.
    pub minutes_estimated: Decimal,
}

/// Minutes an exception takes where the council has no cost model.
const DEFAULT_MINUTES: i64 = 6;

/// Works out how a referral is to be worked.
pub fn referral(case: &Case<'_>, reasons: &[ReasonCode]) -> Referral {
    let kind = case.notification.kind;
    let model = case.council.cost_model_on(case.received_on);
    let minutes = model.map(|it| it.exception_minutes.as_ref().unwrap_or(&it.manual_minutes).value);
    Referral {
        queue: queue(kind),
        priority: priority(kind, reasons),
        due_on: add_working_days(case.received_on, case.policy().service_standard_working_days),
        minutes_estimated: minutes.unwrap_or_else(|| Decimal::from(DEFAULT_MINUTES)),
    }
}

/// Whose work a kind is.
pub(crate) fn queue(kind: NotificationKind) -> &'static str {
    use NotificationKind as Kind;
    match kind {
        Kind::MoveIn
        | Kind::MoveOut
        | Kind::MoveWithin
        | Kind::TenancyChange
        | Kind::OccupierJoined
        | Kind::OccupierLeft
        | Kind::LiablePersonAdded
        | Kind::LiablePersonRemoved => "moves",
        Kind::SinglePersonDiscountClaim
        | Kind::SinglePersonDiscountEnd
        | Kind::Student
        | Kind::SevereMentalImpairment
        | Kind::DisregardClaim
        | Kind::DisabledBandReduction
        | Kind::Annexe
        | Kind::CouncilTaxReduction => "discounts",
        Kind::DirectDebit | Kind::InstalmentChoice | Kind::RefundRequest => "payments",
        Kind::PropertyEmpty | Kind::SecondHome | Kind::BackInUse | Kind::BandChange | Kind::NewProperty => "properties",
        Kind::Death | Kind::Probate => "bereavement",
        Kind::ChangeOfName | Kind::ContactDetails | Kind::Paperless => "records",
        Kind::Dispute | Kind::Enquiry | Kind::CopyBill => "enquiries",
    }
}

fn priority(kind: NotificationKind, reasons: &[ReasonCode]) -> Priority {
    use NotificationKind as Kind;
    let is_urgent = |it: &ReasonCode| matches!(it, ReasonCode::R14 | ReasonCode::R16 | ReasonCode::R17);
    if reasons.iter().any(is_urgent) || kind == Kind::RefundRequest {
        Priority::High
    } else if queue(kind) == "records" || matches!(kind, Kind::InstalmentChoice | Kind::CopyBill | Kind::Enquiry) {
        Priority::Low
    } else {
        Priority::Medium
    }
}
