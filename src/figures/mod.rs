//! Figures for managers, counted from the views when they are asked for: of a period, beside the year before.
//!
//! * [`figures`] — volumes, straight through, open work, time to establish an account, promises, reversals, contacts;
//! * [`why_not_automatic`] — for each rule the cases it stopped, and what would be gained if it or its data were put right;
//! * `compare.rs` — what another policy or other costs would change;
//! * [`table`] — each of them as a table, for pages, charts and CSV.
//!
//! **Received** is every notification of the period. **Eligible** are those of them that a machine may decide and that could
//! take effect: of a kind that is not an officer's always (the kinds of [`crate::decision::table`] that say when they go
//! straight through), and neither told before, nor sent back, nor taken back. **Straight through** is applied without ever
//! having waited for an officer, and not reversed.

mod compare;
mod count;
pub mod table;
#[cfg(test)]
mod tests;
mod why;

use hearth_events::{Channel, ContactAbout, NotificationKind, NotificationRef, Status};
use hearth_projections::NotificationRow;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

pub use compare::{Comparison, OutcomeCount, Saved, Would, compare, compare_costs};
use count::Rows;
pub use why::{StoppedBy, WhyNotAutomatic, why_not_automatic};

use crate::decision::table::kind;
use crate::rules::working_days::working_days_before;
use crate::views::{ViewError, Views, british_day, start_of_day};

/// Of which days, and as it is when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day; none where it has no beginning.
    pub from: Option<Date>,
    /// The first day after it; none where it has no end.
    pub to: Option<Date>,
    /// Open work is counted as it was at this instant.
    pub as_of: Timestamp,
}

impl Period {
    /// These days; work is counted as it was at their end, or as it is now where that lies ahead.
    pub fn of(from: Option<Date>, to: Option<Date>, now: Timestamp) -> Self {
        let end = to.map(start_of_day).filter(|it| *it < now);
        Self { from, to, as_of: end.unwrap_or(now) }
    }

    /// The same days a year before; none where the period has no beginning or no end.
    fn year_before(&self) -> Option<(Date, Date)> {
        Some((self.from?.checked_sub(1.year()).ok()?, self.to?.checked_sub(1.year()).ok()?))
    }
}

/// Figures of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// The first day of the period; null where it has no beginning.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The first day after it; null where it has no end.
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// Open work is counted as it was then.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Timestamp,
    /// How many were received.
    pub received: u64,
    /// How many in the same days of the year before; null where the period has no beginning or no end.
    pub received_year_before: Option<u64>,
    /// What those received have come to by now.
    pub outcomes: Vec<Outcomes>,
    /// By the channel they came by.
    pub by_channel: Vec<ByChannel>,
    /// By what they tell.
    pub by_kind: Vec<ByKind>,
    /// How many went straight through.
    pub straight_through: StraightThrough,
    /// What waited for officers.
    pub open: OpenWork,
    /// From receipt to an account that stands: all, then by who decided.
    pub time_to_establish: Vec<Established>,
    /// Days that were promised in the period, and whether they were kept.
    pub promises: Promises,
    /// Automatic decisions that were reversed.
    pub reversals: Reversals,
    /// Contacts that need not have been.
    pub contacts: Contacts,
}

/// How many have come to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Outcomes {
    /// What.
    #[schema(value_type = String)]
    pub status: Status,
    /// How many.
    pub notifications: u64,
}

/// What came in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FiguresByChannel)]
pub struct ByChannel {
    /// The channel.
    #[schema(value_type = String)]
    pub channel: Channel,
    /// Its figures.
    #[serde(flatten)]
    pub volume: Volume,
}

/// What came of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FiguresByKind)]
pub struct ByKind {
    /// The kind.
    #[schema(value_type = String)]
    pub kind: NotificationKind,
    /// Whether a machine may decide it.
    pub eligible_kind: bool,
    /// Its figures.
    #[serde(flatten)]
    pub volume: Volume,
}

/// How many came, and how many of them needed nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Volume {
    /// How many were received.
    pub received: u64,
    /// How many in the same days of the year before; null where the period has no beginning or no end.
    pub received_year_before: Option<u64>,
    /// How many a machine may decide, and could take effect.
    pub eligible: u64,
    /// How many were applied without an officer.
    pub straight_through: u64,
    /// These of the received, percent; null where there are none.
    #[schema(value_type = Option<String>, example = "64.8")]
    pub percent_of_received: Option<Decimal>,
    /// These of the eligible, percent; null where there are none.
    #[schema(value_type = Option<String>, example = "68.7")]
    pub percent_of_eligible: Option<Decimal>,
}

/// How many went straight through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StraightThrough {
    /// The figures.
    #[serde(flatten)]
    pub volume: Volume,
    /// How many needed no officer at all: straight through, told before, or sent back at once.
    pub settled_without_officer: u64,
    /// How many had to wait and took effect without an officer, once something else was told.
    pub later_without_officer: u64,
    /// What received, eligible and straight through mean.
    pub definition: &'static str,
}

/// What waited for officers at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenWork {
    /// How many items.
    pub open: u64,
    /// By how many working days they had waited since they came.
    pub ages: Vec<AgeBand>,
    /// When the oldest came; null where there is none.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub oldest_received: Option<Timestamp>,
    /// Which that is.
    #[schema(value_type = Option<String>)]
    pub oldest: Option<NotificationRef>,
    /// How many items officers completed in the last twenty working days before.
    pub completed_lately: u64,
    /// How many working days of that pace the open items are; null where officers completed none.
    #[schema(value_type = Option<String>, example = "3.5")]
    pub days_of_work: Option<Decimal>,
}

/// Items of one age, in working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgeBand {
    /// From so many.
    pub from_days: u16,
    /// To so many; null where there is no end.
    pub to_days: Option<u16>,
    /// How many items.
    pub open: u64,
}

/// How long it took until accounts stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Established {
    /// `all`, `automatic` or `officer`.
    pub route: &'static str,
    /// How many accounts.
    pub accounts: u64,
    /// Half of them took at most so many minutes; null where there are none.
    #[schema(value_type = Option<String>, example = "0.1")]
    pub median_minutes: Option<Decimal>,
    /// Nine in ten took at most so many minutes.
    #[schema(value_type = Option<String>, example = "0.2")]
    pub p90_minutes: Option<Decimal>,
    /// How many stood on the day on which they were told.
    pub same_day: u64,
    /// These of all, percent.
    #[schema(value_type = Option<String>, example = "100.0")]
    pub percent_same_day: Option<Decimal>,
    /// How many that tell of a move in wait still; these are in no other figure.
    pub waiting: u64,
}

/// Days that were promised, and whether they were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Promises {
    /// How many of the promised days lie in the period.
    pub promised: u64,
    /// Done on that day or before.
    pub kept: u64,
    /// Done later.
    pub late: u64,
    /// The day is over, and it is not done.
    pub overdue: u64,
    /// The day is not over yet.
    pub pending: u64,
    /// Kept, of those whose day is over or that are done, percent; null where there are none.
    #[schema(value_type = Option<String>, example = "92.0")]
    pub percent_kept: Option<Decimal>,
}

/// Automatic decisions that were reversed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reversals {
    /// How many were applied without an officer, reversed since or not.
    pub automatic: u64,
    /// How many of them were reversed.
    pub reversed: u64,
    /// The same, percent; null where there are none.
    #[schema(value_type = Option<String>, example = "0.4")]
    pub percent: Option<Decimal>,
    /// How many decisions somebody checked.
    pub checked: u64,
    /// How many of these checks found an error.
    pub errors: u64,
}

/// Contacts about what was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contacts {
    /// How many contacts officers linked with the notifications of the period.
    pub linked: u64,
    /// How many of them would not have been made, had all gone well the first time.
    pub failures: u64,
    /// Failures for a hundred notifications; null where there are none.
    #[schema(value_type = Option<String>, example = "4.2")]
    pub failures_per_hundred: Option<Decimal>,
    /// By why they were made.
    pub by_reason: Vec<ContactReason>,
}

/// Contacts for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactReason {
    /// The reason.
    #[schema(value_type = String)]
    pub about: ContactAbout,
    /// How many.
    pub contacts: u64,
}

/// What received, eligible and straight through mean.
pub const DEFINITION: &str = "Received: every notification of the period. Eligible: of a kind that a machine may decide, and \
    not told before, sent back or taken back. Straight through: applied without ever having waited for an officer, and not \
    reversed.";

/// Over how many working days the pace of officers is taken.
const LATELY: u16 = 20;

/// The figures of a period.
///
/// # Errors
/// When a view cannot be read.
pub fn figures(views: &Views, period: &Period) -> Result<Figures, ViewError> {
    let today = british_day(period.as_of);
    let basis = views.savings_basis()?;
    let year_before = match period.year_before() {
        None => None,
        Some((from, to)) => Some(views.notifications_received(Some(from), Some(to))?),
    };
    let rows = Rows {
        received: views.notifications_received(period.from, period.to)?,
        year_before,
        waiting: views.waiting_at(period.as_of)?,
        done: views.done_between(start_of_day(working_days_before(today, LATELY)), period.as_of)?,
        promised: views.promised_within(period.from, period.to)?,
    };
    Ok(rows.counted(period, &|day| basis.contact_days_on(day)))
}

/// Whether a machine may decide a kind.
fn is_eligible_kind(of: NotificationKind) -> bool {
    kind(of).is_some_and(|it| it.straight_through_when.is_some())
}

/// Whether a machine may decide it and it can take effect.
fn is_eligible(row: &NotificationRow) -> bool {
    let came_to_nothing = match row.status {
        Status::Duplicate | Status::Rejected | Status::Withdrawn => true,
        Status::Received | Status::Applied | Status::Referred | Status::AwaitingEvidence => false,
    };
    !came_to_nothing && is_eligible_kind(row.kind)
}

/// So many of so many in percent, to one decimal; none where there are none.
fn percent(part: u64, of: u64) -> Option<Decimal> {
    let exact = Decimal::from(part).saturating_mul(Decimal::ONE_HUNDRED).checked_div(of.into())?;
    Some(to_one_decimal(exact))
}

fn to_one_decimal(it: Decimal) -> Decimal {
    let mut it = it.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    it.rescale(1);
    it
}

/// How many there are.
fn number<T>(it: impl Iterator<Item = T>) -> u64 {
    u64::try_from(it.count()).unwrap_or(u64::MAX)
}
