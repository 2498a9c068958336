//! A period cut at the days on which other figures begin: each notification is valued by those of its day of receipt.

use std::collections::BTreeMap;

use hearth_events::{CostModelAdopted, Money};
use hearth_projections::NotificationRow;
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::basis::{Basis, in_force_over};
use super::measured::{Count, Measured, exact};
use super::shares::apportioned;
use super::{Assumption, Part, UnderModel};
use crate::rules::saving_model::{Inputs, Saving, saving};
use crate::views::SavingsRows;

/// Days of a period on which one cost model is in force, and what came on them.
pub(super) struct Stretch<'a> {
    /// What it is valued by.
    pub(super) basis: Basis<'a>,
    /// Its first day.
    pub(super) first: Option<Date>,
    /// What came.
    pub(super) measured: Measured<'a>,
    /// Its days on which the service was in use.
    pub(super) in_use: Option<(Date, Date)>,
    /// What every figure has in common.
    pub(super) base: Inputs,
    /// The same with what is expected.
    pub(super) forecast: Inputs,
    /// The same with what was measured.
    pub(super) realised: Inputs,
}

/// Cuts a period at the days on which another cost model, of a name or of any, begins to be in force; earliest first. Days on
/// which nothing came and the service was not in use are no stretch of their own. Empty where there is no such model.
pub(super) fn stretches<'a>(
    rows: &'a SavingsRows,
    whole: &Measured<'a>,
    (from, to): (Option<Date>, Option<Date>),
    name: Option<&str>,
    basis: impl Fn(&'a CostModelAdopted) -> Basis<'a>,
) -> Vec<Stretch<'a>> {
    let models = in_force_over(&rows.cost_models, whole.days(from, to), whole.last_day(to), name);
    let in_use = whole.days_in_use(from, to, rows.in_use);
    let ends = models.iter().skip(1).map(|(day, _)| Some(*day)).chain([None]);
    let mut all: Vec<_> = models
        .iter()
        .zip(ends)
        .enumerate()
        .map(|(index, ((day, model), end))| {
            // Nothing came before the first, nor after the last: what is counted already lies in the period.
            let begin = (index > 0).then_some(*day);
            let basis = basis(model);
            let measured = whole.on(begin, end, basis.most_minutes());
            let base = basis.inputs(measured.total().notifications);
            let (forecast, realised) = (basis.forecast(&base), measured.realised(&base));
            let in_use = in_use.and_then(|it| common(it, begin, end));
            Stretch { basis, first: begin.or(from), measured, in_use, base, forecast, realised }
        })
        .collect();
    let counts = |it: &Stretch<'_>| it.in_use.is_some() || it.measured.total().notifications > 0;
    if all.iter().any(counts) {
        all.retain(counts);
    } else {
        all.drain(..all.len().saturating_sub(1));
    }
    all
}

/// Which of these days, both included, lie from `begin` up to, but not including, `end`.
fn common((first, last): (Date, Date), begin: Option<Date>, end: Option<Date>) -> Option<(Date, Date)> {
    let first = begin.map_or(first, |it| it.max(first));
    let last = end.map_or(last, |it| it.saturating_sub(1.day()).min(last));
    (first <= last).then_some((first, last))
}

/// What is saved in all, from the inputs of each stretch: each is rounded once and these are added up, so that the whole is the
/// sum of what is shown. Of it as cash what is evidenced, and never more than the whole.
pub(super) fn saved<'i>(inputs: impl Iterator<Item = &'i Inputs>, evidenced: Money) -> Saving {
    let mut notifications = Decimal::ZERO;
    let mut sum = Saving {
        contact_saving: Decimal::ZERO,
        back_office_saving: Decimal::ZERO,
        gross: Decimal::ZERO,
        cash_releasing: Decimal::ZERO,
        time_releasing: Decimal::ZERO,
        minutes_saved: Decimal::ZERO,
        per_notification: None,
    };
    for it in inputs {
        let one = saving(it);
        notifications = notifications.saturating_add(it.notifications);
        sum.contact_saving = sum.contact_saving.saturating_add(one.contact_saving);
        sum.back_office_saving = sum.back_office_saving.saturating_add(one.back_office_saving);
        sum.gross = sum.gross.saturating_add(one.gross);
        sum.minutes_saved = sum.minutes_saved.saturating_add(one.minutes_saved);
    }
    sum.cash_releasing = evidenced.pounds().clamp(Decimal::ZERO, sum.gross.max(Decimal::ZERO));
    sum.time_releasing = sum.gross.saturating_sub(sum.cash_releasing);
    sum.per_notification = sum.gross.checked_div(notifications).map(|it| Money::rounded(it).pounds());
    sum
}

/// What each group saves, to the penny that the groups add up to the totals.
pub(super) fn parts<G: Ord + Copy>(
    all: &[Stretch<'_>],
    group: impl Fn(&NotificationRow) -> G,
    potential: &Saving,
    realised: &Saving,
) -> Vec<(G, Part)> {
    let mut groups: BTreeMap<G, (u64, u64)> = BTreeMap::new();
    let (mut could, mut did): (BTreeMap<G, Decimal>, BTreeMap<G, Decimal>) = Default::default();
    for it in all {
        for (of, count) in it.measured.grouped(&group) {
            let (notifications, straight_through) = groups.entry(of).or_default();
            *notifications += count.notifications;
            *straight_through += count.straight_through;
            let most = Count { applied: count.notifications, notifications: count.notifications, ..Count::default() };
            for (sums, count) in [(&mut could, &most), (&mut did, &count)] {
                let sum = sums.entry(of).or_default();
                *sum = sum.saturating_add(exact(&it.base, count));
            }
        }
    }
    let shared = |total: Decimal, sums: BTreeMap<G, Decimal>| {
        apportioned(Money::rounded(total), &sums.into_values().collect::<Vec<_>>())
    };
    let amounts = shared(potential.gross, could).into_iter().zip(shared(realised.gross, did));
    let part = |((group, (notifications, straight_through)), (potential, realised))| {
        (group, Part { notifications, straight_through, potential, realised })
    };
    groups.into_iter().zip(amounts).map(part).collect()
}

/// What each stretch comes to; the amounts add up to the totals.
pub(super) fn by_model(all: &[Stretch<'_>]) -> Vec<UnderModel> {
    let gross = |it: &Inputs| Money::rounded(saving(it).gross);
    let row = |it: &Stretch<'_>| UnderModel {
        model: it.basis.model.name.clone(),
        adopted_from: it.basis.model.from,
        from: it.first,
        notifications: it.measured.total().notifications,
        potential: gross(&it.base.potential()),
        forecast: gross(&it.forecast),
        realised: gross(&it.realised),
    };
    all.iter().map(row).collect()
}

/// What was measured over all of them; beside it only the figures of the last.
pub(super) fn measured_over(all: &[Stretch<'_>], whole: &Measured<'_>, base: &Inputs) -> Inputs {
    let minutes = all.iter().map(|it| it.measured.minutes_of_exceptions(&it.base));
    let minutes = minutes.fold(Decimal::ZERO, Decimal::saturating_add);
    let total = whole.total();
    let exceptions = Decimal::from(total.notifications - total.straight_through);
    let exception_minutes = minutes.checked_div(exceptions).unwrap_or(base.manual_minutes);
    Inputs { exception_minutes, ..whole.realised(base) }
}

/// Every figure that anything is valued by; one that changed in between as often as it did, the latest first.
pub(super) fn assumptions(
    all: &[Stretch<'_>],
    [base, realised]: [&Inputs; 2],
    period_from: Option<Date>,
) -> Vec<Assumption> {
    let of = |it: &Stretch<'_>| it.basis.assumptions(base, &it.basis.forecast(base), realised, period_from);
    let mut names: Vec<String> = Vec::new();
    let mut by_name: BTreeMap<String, Vec<Assumption>> = BTreeMap::new();
    for it in all.iter().rev().flat_map(of) {
        if !names.contains(&it.name) {
            names.push(it.name.clone());
        }
    }
    for it in all.iter().flat_map(of) {
        let known = by_name.entry(it.name.clone()).or_default();
        if known.last().is_none_or(|last| (last.value, &last.source) != (it.value, &it.source)) {
            known.push(it);
        }
    }
    names.iter().flat_map(|it| by_name.remove(it).unwrap_or_default().into_iter().rev()).collect()
}
