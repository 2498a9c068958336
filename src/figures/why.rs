//! Why not automatic: for each rule the cases it stopped, and what would be gained if it, or the data behind it, were right.

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{NotificationRef, ReasonCode};
use hearth_projections::{Failing, NotificationRow};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Period, is_eligible, number, percent};
use crate::decision::table::check;
use crate::views::{ViewError, Views};

/// How many cases are named for each rule.
const EXAMPLES: usize = 5;

/// What stops a plan that a machine decided on: somebody else changed a dwelling while it was carried out.
const CHANGED_MEANWHILE: (&str, &str) =
    ("changed-meanwhile", "Was nothing changed at the dwellings of a move while it was carried out?");

/// For each rule the cases it stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhyNotAutomatic {
    /// The first day of the period; null where it has no beginning.
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The first day after it; null where it has no end.
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// How many were received.
    pub received: u64,
    /// How many of them a machine may decide, and could take effect.
    pub eligible: u64,
    /// How many went straight through.
    pub straight_through: u64,
    /// How many had to wait for an officer.
    pub stopped: u64,
    /// Every rule that stopped any, the one that is alone in most cases first.
    pub rules: Vec<StoppedBy>,
    /// What received, eligible and straight through mean.
    pub definition: &'static str,
}

/// The cases that one rule stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoppedBy {
    /// The check.
    pub check: String,
    /// What it asks.
    pub asks: String,
    /// The reason code; null where there is none.
    #[schema(value_type = Option<String>)]
    pub reason: Option<ReasonCode>,
    /// What that means.
    pub meaning: Option<&'static str>,
    /// How many cases it stopped, alone or with others.
    pub cases: u64,
    /// In how many it was the only check that failed.
    pub only: u64,
    /// In how many it was the first that failed.
    pub first: u64,
    /// In how many it was one of several that failed.
    pub one_of_several: u64,
    /// By how many points the rate of received would be higher, had the cases passed that it stopped alone.
    #[schema(value_type = Option<String>, example = "3.6")]
    pub points_of_received: Option<Decimal>,
    /// The same of eligible: of these cases those that a machine may decide and that came to something.
    #[schema(value_type = Option<String>, example = "3.8")]
    pub points_of_eligible: Option<Decimal>,
    /// Some of the cases, those that it stopped alone first.
    #[schema(value_type = Vec<String>)]
    pub examples: Vec<NotificationRef>,
}

/// For each rule the cases of a period that it stopped.
///
/// # Errors
/// When a view cannot be read.
pub fn why_not_automatic(views: &Views, period: &Period) -> Result<WhyNotAutomatic, ViewError> {
    Ok(why(&views.notifications_received(period.from, period.to)?, period))
}

#[derive(Default)]
struct Cases<'a> {
    only: Vec<&'a NotificationRow>,
    several: Vec<&'a NotificationRow>,
    first: u64,
}

/// The same from rows.
pub(super) fn why(received: &[NotificationRow], period: &Period) -> WhyNotAutomatic {
    let mut rules: BTreeMap<Failing, Cases<'_>> = BTreeMap::new();
    for row in received.iter().filter(|it| it.had_to_wait()) {
        let failed = failed(row);
        let each: BTreeSet<_> = failed.iter().collect();
        if let Some(first) = failed.first() {
            rules.entry(first.clone()).or_default().first += 1;
        }
        for it in &each {
            let cases = rules.entry((*it).clone()).or_default();
            if each.len() == 1 { cases.only.push(row) } else { cases.several.push(row) }
        }
    }
    let (all, eligible) = (number(received.iter()), number(received.iter().filter(|it| is_eligible(it))));
    let mut rules: Vec<_> = rules.into_iter().map(|(rule, cases)| stopped_by(rule, &cases, all, eligible)).collect();
    rules.sort_by(|one, other| (other.only, other.cases).cmp(&(one.only, one.cases)).then(one.check.cmp(&other.check)));
    WhyNotAutomatic {
        from: period.from,
        to: period.to,
        received: all,
        eligible,
        straight_through: number(received.iter().filter(|it| it.straight_through)),
        stopped: number(received.iter().filter(|it| it.had_to_wait())),
        rules,
        definition: super::DEFINITION,
    }
}

/// The checks that failed; where none did, its plan could not be carried out to its end.
fn failed(row: &NotificationRow) -> Vec<Failing> {
    if !row.failing.is_empty() {
        return row.failing.clone();
    }
    let reason = row.waited.as_ref().and_then(|it| it.reasons.first().copied());
    vec![Failing { check: CHANGED_MEANWHILE.0.to_owned(), reason }]
}

fn stopped_by(rule: Failing, cases: &Cases<'_>, received: u64, eligible: u64) -> StoppedBy {
    let asks = check(&rule.check).map(|it| it.asks);
    let asks = asks.or_else(|| (rule.check == CHANGED_MEANWHILE.0).then_some(CHANGED_MEANWHILE.1));
    let (only, one_of_several) = (number(cases.only.iter()), number(cases.several.iter()));
    let gained = number(cases.only.iter().filter(|it| is_eligible(it)));
    let examples = cases.only.iter().chain(&cases.several).take(EXAMPLES);
    StoppedBy {
        asks: asks.unwrap_or(&rule.check).to_owned(),
        check: rule.check,
        reason: rule.reason,
        meaning: rule.reason.map(ReasonCode::meaning),
        cases: only + one_of_several,
        only,
        first: cases.first,
        one_of_several,
        points_of_received: percent(only, received),
        points_of_eligible: percent(gained, eligible),
        examples: examples.map(|it| it.reference.clone()).collect(),
    }
}
