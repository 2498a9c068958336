//! Why a saving is not realised yet: from what could be saved to what the log shows, step by step.

use std::collections::BTreeMap;

use hearth_events::{Money, ReasonCode, Status};
use hearth_projections::NotificationRow;
use rust_decimal::Decimal;
use serde::Serialize;

use super::measured::{contact_value, is_idle, office_value, stands};
use super::shares::apportioned;
use super::stretch::Stretch;
use crate::rules::saving_model::Saving;

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
pub(super) fn steps(all: &[Stretch<'_>], potential: &Saving, realised: &Saving) -> Vec<Step> {
    let (first, last) = (Money::rounded(potential.gross), Money::rounded(realised.gross));
    let mut between = not_avoided(all);
    between.extend(of_officers(all));
    between.extend(beside(all));
    let exact: Vec<_> = between.iter().map(|(_, exact)| *exact).collect();
    let amounts = apportioned(last - first, &exact);
    let notifications = all.iter().map(|it| it.measured.total().notifications).sum();
    let whole = |name, because: &str, amount| Step { amount, ..step(name, None, because.to_owned(), notifications) };
    let mut steps = vec![whole("potential", "what could be saved if nothing failed", first)];
    steps.extend(between.into_iter().zip(amounts).map(|((step, _), amount)| Step { amount, ..step }));
    steps.push(whole("realised", "what the log shows", last));
    steps
}

fn step(step: &'static str, of: Option<String>, because: String, count: u64) -> Step {
    Step { step, of, because, count, amount: Money::ZERO }
}

/// How many, and what that costs before rounding.
#[derive(Clone, Copy, Default)]
struct Lost {
    count: u64,
    exact: Decimal,
}

impl Lost {
    fn add(&mut self, count: u64, exact: Decimal) {
        self.count += count;
        self.exact = self.exact.saturating_add(exact);
    }
}

fn not_avoided(all: &[Stretch<'_>]) -> Vec<(Step, Decimal)> {
    let mut groups: BTreeMap<Became, Lost> = BTreeMap::new();
    for stretch in all {
        for it in stretch.measured.electronic().iter().filter(|it| !stands(it.row)) {
            groups.entry(Became::of(it.row)).or_default().add(1, contact_value(&stretch.base));
        }
    }
    let of = |(became, lost): (Became, Lost)| {
        let (of, because) =
            (Some(became.as_str().to_owned()), format!("no contact was avoided by those that {}", became.because()));
        (step("contact-not-avoided", of, because, lost.count), -lost.exact)
    };
    groups.into_iter().map(of).collect()
}

/// First the time that nobody saved, then the time that officers took.
fn of_officers(all: &[Stretch<'_>]) -> Vec<(Step, Decimal)> {
    let mut groups: BTreeMap<(bool, Why), Lost> = BTreeMap::new();
    for stretch in all {
        for ((worked, why), count) in stretch.measured.grouped(|it| (!is_idle(it), Why::of(it))) {
            let by_hand = || Decimal::from(count.idle).saturating_mul(stretch.base.manual_minutes);
            let minutes = if worked { count.minutes() } else { by_hand() };
            groups.entry((worked, why)).or_default().add(count.notifications, office_value(&stretch.base, minutes));
        }
    }
    let of = |((worked, why), lost): ((bool, Why), Lost)| {
        let those = match why {
            Why::Stopped(it) => format!("a check stopped: {}", it.meaning()),
            Why::Became(it) => it.because().to_owned(),
        };
        let (name, because) = if worked {
            ("officer-minutes", format!("officers took so long, as it was measured, for those that {those}"))
        } else {
            ("not-straight-through", format!("no officer's time was saved by those that {those}"))
        };
        (step(name, Some(why.named()), because, lost.count), -lost.exact)
    };
    groups.into_iter().map(of).filter(|(_, exact)| !exact.is_zero()).collect()
}

fn beside(all: &[Stretch<'_>]) -> Vec<(Step, Decimal)> {
    let (mut checks, mut calls) = (Lost::default(), Lost::default());
    for it in all {
        let total = it.measured.total();
        let minutes = Decimal::from(total.checked).saturating_mul(it.base.sampling_minutes);
        checks.add(total.checked, office_value(&it.base, minutes));
        calls.add(total.repeats, Decimal::from(total.repeats).saturating_mul(it.base.telephone_unit_cost));
    }
    let both = [
        ("checks", "decisions that somebody checked", checks),
        ("failure-contacts", "contacts that they caused, each as dear as a call", calls),
    ];
    let shown = both.into_iter().filter(|(_, _, lost)| lost.count > 0);
    shown.map(|(name, because, lost)| (step(name, None, because.to_owned(), lost.count), -lost.exact)).collect()
}
