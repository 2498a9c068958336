//! What is left of a saving once the service itself is paid for.

use hearth_events::{Money, ServiceCosts, SourcedValue};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use super::measured::to_one_decimal;
use super::stretch::Stretch;

/// The days of a year, for what is said by the year.
pub(super) const DAYS_OF_A_YEAR: Decimal = Decimal::from_parts(365, 0, 0, false, 0);
const MONTHS_OF_A_YEAR: Decimal = Decimal::from_parts(12, 0, 0, false, 0);

/// What is left of a saving once the service itself is paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Net {
    /// What the service cost in the days of the period on which it was in use: by the year, and for each notification.
    pub running_cost: Money,
    /// What it cost once, before it could be used.
    pub one_off_cost: Money,
    /// The figures of the cost that nobody has recorded for all of the days; where they are missing they count for nothing.
    pub not_recorded: Vec<&'static str>,
    /// The forecast less the running cost.
    pub forecast: Money,
    /// What is realised less the running cost.
    pub realised: Money,
    /// After so many months as forecast the one-off cost is paid back, to one decimal; none where nothing is left to pay it
    /// from, or nothing is to be paid back.
    pub payback_months_forecast: Option<Decimal>,
    /// The same, going on as it was realised.
    pub payback_months_realised: Option<Decimal>,
}

/// How many days there are from the first to the last, both included.
pub(super) fn days_of(days: Option<(Date, Date)>) -> Decimal {
    let count = |(first, last): (Date, Date)| last.duration_since(first).as_hours() / 24 + 1;
    days.map(count).unwrap_or_default().max(0).into()
}

/// What is left; none where no model says anything of what the service costs. Each stretch costs what its model says, and
/// what was paid once is as the last of them has it.
pub(super) fn net(all: &[Stretch<'_>], [forecast, realised]: [Decimal; 2]) -> Option<Net> {
    let costs = |it: &Stretch<'_>| it.basis.model.service.as_deref().cloned().unwrap_or_default();
    if all.iter().all(|it| costs(it) == ServiceCosts::default()) {
        return None;
    }
    let pounds = |it: &Option<SourcedValue>| it.as_ref().map_or(Decimal::ZERO, |it| it.value);
    let (mut running, mut days) = (Decimal::ZERO, Decimal::ZERO);
    for it in all {
        let (costs, days_here) = (costs(it), days_of(it.in_use));
        let by_time = pounds(&costs.yearly).saturating_mul(days_here).checked_div(DAYS_OF_A_YEAR).unwrap_or_default();
        let by_use = pounds(&costs.per_notification).saturating_mul(it.measured.total().notifications.into());
        running = running.saturating_add(by_time).saturating_add(by_use);
        days = days.saturating_add(days_here);
    }
    let last = all.last().map(costs).unwrap_or_default();
    let is_missing = |of: fn(&ServiceCosts) -> &Option<SourcedValue>| all.iter().any(|it| of(&costs(it)).is_none());
    let named = [
        ("service.one_off", last.one_off.is_none()),
        ("service.yearly", is_missing(|it| &it.yearly)),
        ("service.per_notification", is_missing(|it| &it.per_notification)),
    ];
    let not_recorded = named.into_iter().filter(|(_, is_missing)| *is_missing).map(|(name, _)| name).collect();
    let (one_off, running_cost) = (pounds(&last.one_off), Money::rounded(running));
    let left = |gross: Decimal| Money::rounded(gross) - running_cost;
    let payback = |net: Money| {
        if net <= Money::ZERO || one_off.is_zero() {
            return None;
        }
        // One division at the end: c_1 / (net / months), where months = days × 12 / 365.
        let months = one_off.saturating_mul(days).saturating_mul(MONTHS_OF_A_YEAR);
        months.checked_div(DAYS_OF_A_YEAR.saturating_mul(net.pounds())).map(to_one_decimal)
    };
    let (forecast, realised) = (left(forecast), left(realised));
    Some(Net {
        running_cost,
        one_off_cost: Money::rounded(one_off),
        not_recorded,
        forecast,
        realised,
        payback_months_forecast: payback(forecast),
        payback_months_realised: payback(realised),
    })
}
