//! What electronic notifications save, as a statement: what could be saved, what is forecast, what the log shows.
//!
//! The statement is worked out from rows of the savings view when it is asked for; every figure it rests on is listed with
//! its value, its source and its first day. A notification is valued by the figures in force on its day of receipt: a later
//! price revalues nothing that came before it, and months add up to their whole, but for the rounding to the penny of contacts
//! and of officers' time in each statement. What a notification changes on somebody's bill is another thing, and is never
//! added to what processing it saves.

mod basis;
mod cash;
mod history;
mod measured;
mod net;
mod shares;
mod stretch;
#[cfg(test)]
mod tests;
mod waterfall;
mod words;

use hearth_events::{Channel, Money, NotificationKind, ScenarioRecorded};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::rules::cost_model;
use crate::rules::saving_model::{Inputs, Saving};
use crate::views::SavingsRows;
use basis::Basis;
pub use basis::REALISTIC;
pub use history::{Change, history};
pub use measured::failure_contacts;
use measured::{Count, Measured};
pub use net::Net;
use stretch::{Stretch, parts, saved, stretches};
pub use waterfall::Step;
pub use words::pounds;
use words::{counted, sentences};

/// What was, is and could be saved in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SavingStatement {
    /// Under which scenario: a cost model, [`REALISTIC`], or one that was recorded.
    pub scenario: String,
    /// `potential`, `forecast` or `estimate`: what the parts and the saving of one notification are of.
    pub kind: String,
    /// The statement in plain sentences.
    pub statement: String,
    /// Whether it is known how the total comes about; the parts are absent where not.
    pub decomposed: bool,
    /// The first day of the period; none where it has no beginning.
    pub from: Option<Date>,
    /// The first day after it; none where it has no end.
    pub to: Option<Date>,
    /// How many electronic notifications; none where a report does not say.
    pub notifications: Option<u64>,
    /// How many of them were applied without an officer; none for a report.
    pub straight_through: Option<u64>,
    /// The total that was reported, where the scenario is a report.
    pub reported_total: Option<Money>,
    /// What could be saved if every notification avoided a contact and back-office work.
    pub potential: Option<Money>,
    /// What is expected.
    pub forecast: Option<Money>,
    /// What the log shows.
    pub realised: Option<Money>,
    /// The saving of this kind for one notification.
    pub per_notification: Option<Money>,
    /// The part of it that is contacts avoided.
    pub contact_saving: Option<Money>,
    /// The part of it that is officers' time.
    pub back_office_saving: Option<Money>,
    /// The part of it for which a budget line fell.
    pub cash_releasing: Option<Money>,
    /// The rest: time for something else.
    pub time_releasing: Option<Money>,
    /// What is realised, part by part; none where it was not measured.
    pub measured: Option<Realised>,
    /// What is left once the service itself is paid for; none where the cost model says nothing of what it costs.
    pub net: Option<Net>,
    /// From what could be saved to what the log shows, step by step: the amounts of the steps between the first and the last
    /// are what lies between these two, to the penny.
    pub waterfall: Vec<Step>,
    /// What to know before these figures are used: that a model does not make what was reported, and the like.
    pub cautions: Vec<String>,
    /// By electronic channel; the amounts add up to the totals.
    pub by_channel: Vec<ByChannel>,
    /// By kind of notification; the amounts add up to the totals.
    pub by_kind: Vec<ByKind>,
    /// By the figures that each was valued by, earliest first; the amounts add up to the totals.
    pub by_model: Vec<UnderModel>,
    /// How long it took from receipt to liability in the log, by channel.
    pub time_to_establish: Vec<TimeToEstablish>,
    /// Everything the figures rest on.
    pub assumptions: Vec<Assumption>,
}

/// What the log shows, part by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Realised {
    /// Contacts avoided, less the contacts that notifications caused.
    pub contact_saving: Money,
    /// Officers' time not needed.
    pub back_office_saving: Money,
    /// The part for which a budget line fell by a decision that is recorded.
    pub cash_releasing: Money,
    /// The rest: time for something else.
    pub time_releasing: Money,
    /// How many officers decided.
    pub decided_by_officers: u64,
    /// The minutes that officers took for these, and with what took effect without them; to one decimal.
    pub officer_minutes: Decimal,
    /// How many contacts the notifications caused.
    pub failure_contacts: u64,
    /// How often somebody checked a decision.
    pub checked: u64,
}

/// What one channel saves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ByChannel {
    /// The channel.
    pub channel: Channel,
    /// Its figures.
    #[serde(flatten)]
    pub part: Part,
}

/// What one kind of notification saves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ByKind {
    /// The kind.
    pub kind: NotificationKind,
    /// Its figures.
    #[serde(flatten)]
    pub part: Part,
}

/// A part of the notifications and what it saves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// How many.
    pub notifications: u64,
    /// How many of them were applied without an officer.
    pub straight_through: u64,
    /// What they could save.
    pub potential: Money,
    /// What the log shows that they saved.
    pub realised: Money,
}

/// What came while the same figures were in force, valued by these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnderModel {
    /// The cost model.
    pub model: String,
    /// The first day of these figures of it.
    pub adopted_from: Date,
    /// The first day of the period that is valued by them; none where the period has no beginning.
    pub from: Option<Date>,
    /// How many electronic notifications.
    pub notifications: u64,
    /// What they could save.
    pub potential: Money,
    /// What is expected of them.
    pub forecast: Money,
    /// What the log shows that they saved.
    pub realised: Money,
}

/// How long it took until accounts stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeToEstablish {
    /// How the notifications came.
    pub channel: Channel,
    /// How many accounts they opened.
    pub accounts: u64,
    /// Half of them took at most so many minutes.
    pub median_minutes: Decimal,
    /// Nine in ten took at most so many minutes.
    pub p90_minutes: Decimal,
}

/// A figure that the statement rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assumption {
    /// Which.
    pub name: String,
    /// The figure.
    pub value: Decimal,
    /// Where it was published; `assumed`, or `measured`.
    pub source: String,
    /// The first day it applies to; none for what was measured over the whole log.
    pub from: Option<Date>,
}

/// There is no such scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no scenario {name}: it is one of {known}")]
pub struct UnknownScenario {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: String,
}

/// The statement for the days `from` up to, but not including, `to`, under a scenario.
///
/// Without a scenario, or for `council`, it is the potential under the newest cost model. Each notification is valued by the
/// figures in force on its day of receipt, so that a later change revalues nothing that came before it.
///
/// # Errors
/// When there is no scenario of that name.
pub fn statement(
    rows: &SavingsRows,
    from: Option<Date>,
    to: Option<Date>,
    scenario: Option<&str>,
) -> Result<SavingStatement, UnknownScenario> {
    let name = scenario.filter(|it| *it != "council");
    if let Some(report) = name.and_then(|name| rows.scenarios.iter().find(|it| it.name == name)) {
        return Ok(reported(report, from, to));
    }
    let whole = Measured::of(rows, from, to);
    let all = match name {
        Some(REALISTIC) => stretches(rows, &whole, (from, to), None, |model| Basis::realistic(rows, model)),
        _ => stretches(rows, &whole, (from, to), name, |model| Basis::of(rows, model)),
    };
    match (all.last(), name) {
        (Some(last), _) => Ok(worked_out(rows, &whole, (&all, last), from, to)),
        (None, None | Some(REALISTIC)) => Ok(without_model(&whole, from, to)),
        (None, Some(name)) => Err(UnknownScenario { name: name.to_owned(), known: known(rows).join(", ") }),
    }
}

/// The names of every scenario that can be asked for.
pub fn known(rows: &SavingsRows) -> Vec<String> {
    let mut names: Vec<String> = rows.cost_models.iter().map(|it| it.name.clone()).collect();
    names.push(REALISTIC.to_owned());
    names.extend(rows.scenarios.iter().map(|it| it.name.clone()));
    names.sort_unstable();
    names.dedup();
    names
}

/// Why the figures of one stretch cannot be used; none where they can.
fn problem(of: &Stretch<'_>) -> Option<String> {
    let mut problems = of.base.potential().validate().err().unwrap_or_default();
    problems.extend(of.forecast.validate().err().unwrap_or_default());
    problems.extend(cost_model::problems(of.basis.model).unwrap_or_default());
    problems.sort_unstable();
    problems.dedup();
    let said = || format!("The cost model {} cannot be used: {}.", of.basis.model.name, problems.join("; "));
    (!problems.is_empty()).then(said)
}

fn worked_out(
    rows: &SavingsRows,
    whole: &Measured<'_>,
    (all, last): (&[Stretch<'_>], &Stretch<'_>),
    from: Option<Date>,
    to: Option<Date>,
) -> SavingStatement {
    let base = last.basis.inputs(whole.total().notifications);
    let realised_inputs = stretch::measured_over(all, whole, &base);
    let mut answer = without_model(whole, from, to);
    last.basis.name.clone_into(&mut answer.scenario);
    last.basis.kind.clone_into(&mut answer.kind);
    if let Some(problem) = all.iter().find_map(problem) {
        answer.assumptions = stretch::assumptions(all, [&base, &realised_inputs], from);
        answer.statement = problem;
        return answer;
    }
    let evidenced = cash::evidenced(&rows.budgets, whole.days_in_use(from, to, rows.in_use));
    let of_potential: Vec<_> = all.iter().map(|it| it.base.potential()).collect();
    let potential = saved(of_potential.iter(), evidenced);
    let forecast = saved(all.iter().map(|it| &it.forecast), evidenced);
    let realised = saved(all.iter().map(|it| &it.realised), evidenced);
    let realised_inputs = Inputs { cash_releasing: realised.cash_releasing, ..realised_inputs };
    answer.assumptions = stretch::assumptions(all, [&base, &realised_inputs], from);
    let headline = if last.basis.is_forecast() { &forecast } else { &potential };
    answer.statement = sentences(rows, all, &answer, [&potential, &forecast, &realised]);
    answer.decomposed = true;
    answer.per_notification = headline.per_notification.map(Money::rounded);
    answer.contact_saving = Some(Money::rounded(headline.contact_saving));
    answer.back_office_saving = Some(Money::rounded(headline.back_office_saving));
    answer.cash_releasing = Some(Money::rounded(headline.cash_releasing));
    answer.time_releasing = Some(Money::rounded(headline.time_releasing));
    answer.potential = Some(Money::rounded(potential.gross));
    answer.forecast = Some(Money::rounded(forecast.gross));
    answer.realised = Some(Money::rounded(realised.gross));
    answer.measured = Some(part_by_part(all, &realised));
    answer.net = net::net(all, [forecast.gross, realised.gross]);
    answer.waterfall = waterfall::steps(all, &potential, &realised);
    answer.cautions = cautions(rows, &answer, evidenced);
    let channels = parts(all, |it| it.channel, &potential, &realised);
    answer.by_channel = channels.into_iter().map(|(channel, part)| ByChannel { channel, part }).collect();
    let kinds = parts(all, |it| it.kind, &potential, &realised);
    answer.by_kind = kinds.into_iter().map(|(kind, part)| ByKind { kind, part }).collect();
    answer.by_model = stretch::by_model(all);
    answer
}

fn part_by_part(all: &[Stretch<'_>], realised: &Saving) -> Realised {
    let sum = |get: fn(&Count) -> u64| all.iter().map(|it| get(&it.measured.total())).sum();
    let minutes = all.iter().map(|it| it.measured.total().minutes()).fold(Decimal::ZERO, Decimal::saturating_add);
    Realised {
        contact_saving: Money::rounded(realised.contact_saving),
        back_office_saving: Money::rounded(realised.back_office_saving),
        cash_releasing: Money::rounded(realised.cash_releasing),
        time_releasing: Money::rounded(realised.time_releasing),
        decided_by_officers: sum(|it| it.by_officer),
        officer_minutes: measured::to_one_decimal(minutes),
        failure_contacts: sum(|it| it.repeats),
        checked: sum(|it| it.checked),
    }
}

/// By how much a model may miss what was reported for as many notifications, percent.
const TOLERANCE: Decimal = Decimal::ONE;

fn cautions(rows: &SavingsRows, it: &SavingStatement, evidenced: Money) -> Vec<String> {
    let mut cautions = Vec::new();
    if let Some(net) = it.net.as_ref().filter(|it| !it.not_recorded.is_empty()) {
        cautions.push(format!(
            "What is left once the service is paid for leaves out what nobody has recorded: {}. Enter it, with 0 where there is none.",
            net.not_recorded.join(", ")
        ));
    }
    let (potential, realised) = (it.potential.unwrap_or_default(), it.realised.unwrap_or_default());
    let reports = rows.scenarios.iter().filter(|report| report.kind == "potential");
    for report in reports.filter(|report| report.notifications.is_some() && report.notifications == it.notifications) {
        let off = (potential.pounds() - report.reported_total.pounds()).abs();
        let most = report.reported_total.pounds().saturating_mul(TOLERANCE) / Decimal::ONE_HUNDRED;
        if off > most {
            cautions.push(format!(
                "Uncalibrated: for as many notifications {} reported {}, and this model makes {} of it, more than {TOLERANCE} % off.",
                report.name,
                pounds(report.reported_total),
                pounds(potential)
            ));
        }
    }
    if realised > potential {
        cautions.push(
            "More is realised than could be saved: a contact costs less by another channel than by a form, so each that is not avoided counts as gained. Check the unit costs."
                .to_owned(),
        );
    }
    if evidenced > realised.max(Money::ZERO) {
        cautions.push(format!(
            "Budgets fell by {} in the period, more than was saved: what goes beyond that is not counted.",
            pounds(evidenced)
        ));
    }
    cautions
}

/// What can be said without knowing what anything costs.
fn without_model(measured: &Measured<'_>, from: Option<Date>, to: Option<Date>) -> SavingStatement {
    SavingStatement {
        scenario: "none".to_owned(),
        kind: "potential".to_owned(),
        statement: format!(
            "{} were received. What they save cannot be said: the council has adopted no cost model.",
            counted(measured.total().notifications)
        ),
        decomposed: false,
        from,
        to,
        notifications: Some(measured.total().notifications),
        straight_through: Some(measured.total().straight_through),
        reported_total: None,
        potential: None,
        forecast: None,
        realised: None,
        per_notification: None,
        contact_saving: None,
        back_office_saving: None,
        cash_releasing: None,
        time_releasing: None,
        measured: None,
        net: None,
        waterfall: Vec::new(),
        cautions: Vec::new(),
        by_channel: Vec::new(),
        by_kind: Vec::new(),
        by_model: Vec::new(),
        time_to_establish: measured.time_to_establish(),
        assumptions: Vec::new(),
    }
}

/// A saving that somebody reported, as it was reported: nothing is made up that the report does not say.
fn reported(report: &ScenarioRecorded, from: Option<Date>, to: Option<Date>) -> SavingStatement {
    let total = report.reported_total;
    let each = report.notifications.and_then(|it| total.pounds().checked_div(it.into())).map(Money::rounded);
    let of = report.notifications.map(|it| format!(" for {}", counted(it))).unwrap_or_default();
    let what = if report.kind == "potential" { "could be saved" } else { "was estimated to be saved" };
    let nobody = Measured::default();
    SavingStatement {
        scenario: report.name.clone(),
        kind: report.kind.clone(),
        statement: format!(
            "It was reported that over {} {what}{of}. The report does not say how that comes about, so it is not \
             decomposed: how much of it is contacts and how much is officers' time is not known, and it was not measured.",
            pounds(total)
        ),
        notifications: report.notifications,
        straight_through: None,
        reported_total: Some(total),
        potential: (report.kind == "potential").then_some(total),
        per_notification: each,
        time_to_establish: Vec::new(),
        ..without_model(&nobody, from, to)
    }
}
