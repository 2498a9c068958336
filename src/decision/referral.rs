//! What goes to an officer: whose work it is, how soon, by when.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, NotificationKind, Period, Priority, ReasonCode, RecoveryHeld};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Case;
use crate::rules::working_days::{add_working_days, working_days_before};

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

/// Over how many working days the pace of a queue is taken.
const LATELY_WORKING_DAYS: u16 = 20;

/// A queue as it is when something is added to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueNow {
    /// How many items officers come to first.
    pub ahead: u64,
    /// How many officers completed since [`lately`].
    pub completed_lately: u64,
}

/// The first of the days over which the pace of a queue is taken.
pub fn lately(today: Date) -> Date {
    working_days_before(today, LATELY_WORKING_DAYS)
}

/// The day by which officers will have come to an item at the pace of late; the service standard where there is none.
pub fn promised_by(today: Date, due_on: Date, queue: QueueNow) -> Date {
    let earliest = add_working_days(today, 1);
    if queue.completed_lately == 0 {
        return due_on.max(earliest);
    }
    let work = queue.ahead.saturating_add(1).saturating_mul(LATELY_WORKING_DAYS.into());
    let days = work.div_ceil(queue.completed_lately);
    add_working_days(today, u16::try_from(days).unwrap_or(u16::MAX)).max(earliest)
}

/// The hold on recovery that a referral brings with it; none where it concerns no account.
///
/// Held are the account that is named, and every account that is liable at a dwelling concerned from the day of the change
/// on: what somebody else tells may end it.
pub fn held(case: &Case<'_>, due_on: Date) -> Option<RecoveryHeld> {
    let mut accounts = case.accounts_concerned();
    for premises in &case.matched.premises {
        let liable = premises.state.accounts_within(Period::starting(case.notification.effective_on));
        let others: Vec<AccountRef> = liable.into_iter().map(|it| it.account.clone()).collect();
        accounts.extend(others.into_iter().filter(|it| !accounts.contains(it)).collect::<Vec<_>>());
    }
    let days = case.policy().recovery_hold_days;
    let until = case.received_on.saturating_add(i64::from(days).days()).max(day_after(due_on));
    let (reference, from) = (case.received.reference.clone(), case.received_on);
    (!accounts.is_empty()).then_some(RecoveryHeld { reference, accounts, from, until })
}

fn day_after(day: Date) -> Date {
    day.saturating_add(1.day())
}

/// Every queue there is.
pub fn queues() -> BTreeSet<&'static str> {
    NotificationKind::ALL.into_iter().map(queue).collect()
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
