//! What another policy or other costs would change: notifications decided again, counted beside what they came to.

use std::collections::BTreeMap;

use hearth_events::{CostModelAdopted, Money, NotificationKind, NotificationRef, Outcome, Status};
use hearth_projections::{Failing, NotificationRow, Waited};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{number, percent};
use crate::savings::{SavingStatement, statement};
use crate::service::what_if::{DecidedAgain, Ruled};
use crate::views::{SavingsRows, british_day};

/// What would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WhatIf)]
pub struct Comparison {
    /// The first day of the period; null where it has no beginning.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The first day after it; null where it has no end.
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// How many notifications were received.
    pub received: u64,
    /// How many of them were decided again; none where only costs are others.
    pub decided_again: u64,
    /// How many of these come to something else today even as things are, as rules or policy have changed since. They are
    /// counted as they come out today.
    pub not_as_recorded: u64,
    /// How many come to what, as things are and instead.
    pub outcomes: Vec<OutcomeCount>,
    /// Which would be decided otherwise.
    pub changed: Vec<Would>,
    /// How many went straight through, as things are.
    pub straight_through: u64,
    /// How many would have.
    pub straight_through_instead: u64,
    /// By how many points of all that was received the rate would move; null where nothing was received.
    #[schema(value_type = Option<String>, example = "-3.1")]
    pub points: Option<Decimal>,
    /// By how much more tax would be charged at once, without an officer.
    #[schema(value_type = String, example = "-120.40")]
    pub charged_difference: Money,
    /// What would be saved.
    pub savings: Saved,
    /// How to read it.
    pub note: &'static str,
}

/// How many come to one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeCount {
    /// `apply`, `refer`, `duplicate` or `reject`.
    pub outcome: &'static str,
    /// As things are.
    pub now: u64,
    /// Instead.
    pub instead: u64,
}

/// A notification that would be decided otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WhatIfChange)]
pub struct Would {
    /// Which.
    #[schema(value_type = String)]
    pub reference: NotificationRef,
    /// What it tells.
    #[schema(value_type = String)]
    pub kind: NotificationKind,
    /// What it comes to as things are.
    pub was: &'static str,
    /// The reasons for that.
    pub was_reasons: Vec<String>,
    /// What it would come to.
    pub would_be: &'static str,
    /// The reasons for that.
    pub would_be_reasons: Vec<String>,
    /// What makes the difference, check by check.
    pub because: Vec<String>,
    /// By how much more tax would be charged at once.
    #[schema(value_type = String)]
    pub charged_difference: Money,
}

/// What would be saved; an amount is null where there is no cost model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WhatIfSavings)]
pub struct Saved {
    /// The cost model as things are.
    pub scenario: String,
    /// The cost model instead.
    pub scenario_instead: String,
    /// What could be saved as things are.
    #[schema(value_type = Option<String>)]
    pub potential: Option<Money>,
    /// What could be saved instead.
    #[schema(value_type = Option<String>)]
    pub potential_instead: Option<Money>,
    /// What is expected as things are.
    #[schema(value_type = Option<String>)]
    pub forecast: Option<Money>,
    /// What would be expected.
    #[schema(value_type = Option<String>)]
    pub forecast_instead: Option<Money>,
    /// What the log shows.
    #[schema(value_type = Option<String>)]
    pub realised: Option<Money>,
    /// What it would show.
    #[schema(value_type = Option<String>)]
    pub realised_instead: Option<Money>,
    /// What lies between these two.
    #[schema(value_type = Option<String>)]
    pub realised_difference: Option<Money>,
    /// What is left of the realised once the service is paid for; none where its cost is not known.
    #[schema(value_type = Option<String>)]
    pub net: Option<Money>,
    /// What would be left of it.
    #[schema(value_type = Option<String>)]
    pub net_instead: Option<Money>,
}

const NOTE: &str = "Each notification is decided again on what stood when it was first decided; what would have followed from \
    one for the next is not. Nothing is recorded. What officers decided is taken as it was, but for what would no longer \
    have come to them.";

/// What other costs alone would change.
pub fn compare_costs(rows: &SavingsRows, costs: &[CostModelAdopted]) -> Comparison {
    compare(rows, &[], costs)
}

/// What would change if these had been decided so, and valued with these costs.
pub fn compare(rows: &SavingsRows, again: &[DecidedAgain], costs: &[CostModelAdopted]) -> Comparison {
    let by_reference: BTreeMap<_, _> = again.iter().map(|it| (&it.reference, it)).collect();
    let mut instead = rows.clone();
    for row in &mut instead.notifications {
        if let Some(it) = by_reference.get(&row.reference).filter(|it| it.now.outcome != it.instead.outcome) {
            come_to(row, &it.instead);
        }
    }
    if !costs.is_empty() {
        instead.cost_models.clear();
        for it in costs {
            instead.adopt(it.clone());
        }
    }
    let within = |it: &&NotificationRow| {
        let day = british_day(it.received_at);
        rows.from.is_none_or(|from| from <= day) && rows.to.is_none_or(|to| day < to)
    };
    let straight =
        |rows: &SavingsRows| number(rows.notifications.iter().filter(within).filter(|it| it.straight_through));
    let received = number(rows.notifications.iter().filter(within));
    let (straight_through, straight_through_instead) = (straight(rows), straight(&instead));
    let rate = |part| percent(part, received);
    Comparison {
        from: rows.from,
        to: rows.to,
        received,
        decided_again: number(again.iter()),
        not_as_recorded: number(again.iter().filter(|it| !it.as_recorded)),
        outcomes: outcomes(again),
        changed: again.iter().filter(|it| differs(it)).map(would).collect(),
        straight_through,
        straight_through_instead,
        points: rate(straight_through_instead).zip(rate(straight_through)).map(|(instead, now)| instead - now),
        charged_difference: again.iter().map(|it| it.instead.charged - it.now.charged).sum(),
        savings: saved(rows, &instead),
        note: NOTE,
    }
}

/// Whether something else would come of it: another outcome, for other reasons, or with other tax.
fn differs(it: &DecidedAgain) -> bool {
    let of = |it: &Ruled| (it.outcome, it.reasons.clone(), it.charged);
    of(&it.now) != of(&it.instead)
}

fn outcomes(again: &[DecidedAgain]) -> Vec<OutcomeCount> {
    let count =
        |outcome: Outcome, of: fn(&DecidedAgain) -> &Ruled| number(again.iter().filter(|it| of(it).outcome == outcome));
    [Outcome::Apply, Outcome::Refer, Outcome::Duplicate, Outcome::Reject]
        .into_iter()
        .map(|it| OutcomeCount {
            outcome: named(it),
            now: count(it, |it| &it.now),
            instead: count(it, |it| &it.instead),
        })
        .filter(|it| it.now + it.instead > 0)
        .collect()
}

/// As in JSON and on pages.
const fn named(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Apply => "apply",
        Outcome::Refer => "refer",
        Outcome::Duplicate => "duplicate",
        Outcome::Reject => "reject",
    }
}

fn would(it: &DecidedAgain) -> Would {
    let codes = |it: &Ruled| it.reasons.iter().map(ToString::to_string).collect();
    let failing = |it: &Ruled| it.failing.iter().map(|it| it.check.clone()).collect::<Vec<_>>();
    let (before, after) = (failing(&it.now), failing(&it.instead));
    let mut because: Vec<String> = Vec::new();
    for fails in it.instead.failing.iter().filter(|it| !before.contains(&it.check)) {
        because.push(format!("{}: {}", fails.check, fails.because));
    }
    for passes in it.now.failing.iter().filter(|it| !after.contains(&it.check)) {
        because.push(format!("{} no longer fails: {}", passes.check, passes.because));
    }
    Would {
        reference: it.reference.clone(),
        kind: it.kind,
        was: named(it.now.outcome),
        was_reasons: codes(&it.now),
        would_be: named(it.instead.outcome),
        would_be_reasons: codes(&it.instead),
        because,
        charged_difference: it.instead.charged - it.now.charged,
    }
}

/// The row as it would be right after that decision.
fn come_to(row: &mut NotificationRow, ruled: &Ruled) {
    row.failing = ruled.failing.iter().map(|it| Failing { check: it.check.clone(), reason: it.reason }).collect();
    (row.straight_through, row.reversed, row.waited) = (false, false, None);
    row.worked.clear();
    row.completed_at = Some(row.completed_at.unwrap_or(row.received_at));
    row.status = match ruled.outcome {
        Outcome::Apply => {
            row.straight_through = true;
            Status::Applied
        }
        Outcome::Duplicate => Status::Duplicate,
        Outcome::Reject => Status::Rejected,
        Outcome::Refer => {
            let (since, promised_by) = (row.received_at, british_day(row.received_at));
            row.waited = Some(Waited { since, reasons: ruled.reasons.clone(), promised_by });
            row.completed_at = None;
            Status::Referred
        }
    };
}

fn saved(rows: &SavingsRows, instead: &SavingsRows) -> Saved {
    let stated = |rows: &SavingsRows| -> Option<SavingStatement> { statement(rows, rows.from, rows.to, None).ok() };
    let (now, then) = (stated(rows), stated(instead));
    let of = |it: &Option<SavingStatement>, which: fn(&SavingStatement) -> Option<Money>| it.as_ref().and_then(which);
    let scenario = |it: &Option<SavingStatement>| it.as_ref().map_or_else(String::new, |it| it.scenario.clone());
    let (realised, realised_instead) = (of(&now, |it| it.realised), of(&then, |it| it.realised));
    Saved {
        scenario: scenario(&now),
        scenario_instead: scenario(&then),
        potential: of(&now, |it| it.potential),
        potential_instead: of(&then, |it| it.potential),
        forecast: of(&now, |it| it.forecast),
        forecast_instead: of(&then, |it| it.forecast),
        realised,
        realised_instead,
        realised_difference: realised_instead.zip(realised).map(|(instead, now)| instead - now),
        net: of(&now, |it| it.net.as_ref().map(|it| it.realised)),
        net_instead: of(&then, |it| it.net.as_ref().map(|it| it.realised)),
    }
}
