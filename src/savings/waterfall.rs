//! Why a saving is not realised yet: from what could be saved to what the log shows, step by step.

use std::collections::BTreeMap;

use hearth_events::{Money, ReasonCode, Status};
use hearth_projections::NotificationRow;
use rust_decimal::Decimal;
use serde::Serialize;

use super::measured::{Count, Measured, contact_value, is_idle, office_value, stands};
use super::shares::apportioned;
use crate::rules::saving_model::{Inputs, Saving};

/// One step on the way from what could be saved to what the log shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `potential`, `contact-not-avoided`, `not-straight-through`, `officer-minutes`, `checks`, `failure-contacts` or `realised`.
    pub step: &'static str,
    /// Of which notifications: a reason code, or what became of them; none where it is all.
    pub of: Option<String>,
    /// The same in words.
    pub because: String,
    /// How many notifications; contacts and checks where the step is about these.
    pub count: u64,
    /// What is there to begin with, what the step takes away (or gives), what is left.
    pub amount: Money,
}

/// What became of a notification that was not simply applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Became {
    /// It waits.
    Waits,
    /// The same had been told before.
    Duplicate,
    /// Its submitter has to put it right.
    Rejected,
    /// Its submitter took it back.
    Withdrawn,
    /// It took effect and was reversed.
    Reversed,
    /// It takes effect.
    Stands,
}

impl Became {
    fn of(row: &NotificationRow) -> Self {
        match row.status {
            Status::Received | Status::Referred | Status::AwaitingEvidence => Self::Waits,
            Status::Duplicate => Self::Duplicate,
            Status::Rejected => Self::Rejected,
            Status::Withdrawn => Self::Withdrawn,
            Status::Applied if row.reversed => Self::Reversed,
            Status::Applied => Self::Stands,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Waits => "waiting",
            Self::Duplicate => "duplicate",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Reversed => "reversed",
            Self::Stands => "applied",
        }
    }

    const fn because(self) -> &'static str {
        match self {
            Self::Waits => "still wait",
            Self::Duplicate => "told what had been told before",
            Self::Rejected => "were sent back, and their submitters have to come again",
            Self::Withdrawn => "were taken back by their submitters",
            Self::Reversed => "took effect and were reversed",
            Self::Stands => "took effect",
        }
    }
}

/// Why an officer's time was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Stopped(ReasonCode),
    Became(Became),
}

impl Why {
    /// Of several reasons it is that of the first check that failed, so that every notification counts once.
    fn of(row: &NotificationRow) -> Self {
        let told = || row.waited.as_ref().and_then(|it| it.reasons.first().copied());
        let first = row.failing.iter().find_map(|it| it.reason).or_else(told);
        first.filter(|_| row.had_to_wait()).map_or_else(|| Self::Became(Became::of(row)), Self::Stopped)
    }

    fn named(self) -> String {
        match self {
            Self::Stopped(reason) => reason.to_string(),
            Self::Became(it) => it.as_str().to_owned(),
        }
    }
}

/// The steps; the first is what could be saved, the last what the log shows, and they add up.
pub(super) fn steps(measured: &Measured<'_>, base: &Inputs, potential: &Saving, realised: &Saving) -> Vec<Step> {
    let (first, last) = (Money::rounded(potential.gross), Money::rounded(realised.gross));
    let mut between = not_avoided(measured, base);
    between.extend(of_officers(measured, base));
    between.extend(beside(&measured.total(), base));
    let exact: Vec<_> = between.iter().map(|(_, exact)| *exact).collect();
    let amounts = apportioned(last - first, &exact);
    let mut steps = vec![whole("potential", "what could be saved if nothing failed", measured, first)];
    steps.extend(between.into_iter().zip(amounts).map(|((step, _), amount)| Step { amount, ..step }));
    steps.push(whole("realised", "what the log shows", measured, last));
    steps
}

fn whole(step: &'static str, because: &str, measured: &Measured<'_>, amount: Money) -> Step {
    Step { step, of: None, because: because.to_owned(), count: measured.total().notifications, amount }
}

fn step(step: &'static str, of: Option<String>, because: String, count: u64) -> Step {
    Step { step, of, because, count, amount: Money::ZERO }
}

fn not_avoided(measured: &Measured<'_>, base: &Inputs) -> Vec<(Step, Decimal)> {
    let mut groups: BTreeMap<Became, u64> = BTreeMap::new();
    for it in measured.electronic().iter().filter(|it| !stands(it.row)) {
        *groups.entry(Became::of(it.row)).or_default() += 1;
    }
    let of = |(became, count): (Became, u64)| {
        let (of, because) =
            (Some(became.as_str().to_owned()), format!("no contact was avoided by those that {}", became.because()));
        let exact = Decimal::from(count).saturating_mul(contact_value(base));
        (step("contact-not-avoided", of, because, count), -exact)
    };
    groups.into_iter().map(of).collect()
}

/// First the time that nobody saved, then the time that officers took.
fn of_officers(measured: &Measured<'_>, base: &Inputs) -> Vec<(Step, Decimal)> {
    let groups = measured.grouped(|it| (!is_idle(it), Why::of(it)));
    let of = |((worked, why), count): ((bool, Why), Count)| {
        let (name, minutes) = if worked {
            ("officer-minutes", count.minutes())
        } else {
            ("not-straight-through", Decimal::from(count.idle).saturating_mul(base.manual_minutes))
        };
        let those = match why {
            Why::Stopped(it) => format!("a check stopped: {}", it.meaning()),
            Why::Became(it) => it.because().to_owned(),
        };
        let because = if worked {
            format!("officers took so long, as it was measured, for those that {those}")
        } else {
            format!("no officer's time was saved by those that {those}")
        };
        (step(name, Some(why.named()), because, count.notifications), -office_value(base, minutes))
    };
    groups.into_iter().map(of).filter(|(_, exact)| !exact.is_zero()).collect()
}

fn beside(total: &Count, base: &Inputs) -> Vec<(Step, Decimal)> {
    let checks = Decimal::from(total.checked).saturating_mul(base.sampling_minutes);
    let calls = Decimal::from(total.repeats).saturating_mul(base.telephone_unit_cost);
    let all = [
        ("checks", "decisions that somebody checked", total.checked, office_value(base, checks)),
        ("failure-contacts", "contacts that they caused, each as dear as a call", total.repeats, calls),
    ];
    let shown = all.into_iter().filter(|(_, _, count, _)| *count > 0);
    shown.map(|(name, because, count, exact)| (step(name, None, because.to_owned(), count), -exact)).collect()
}
