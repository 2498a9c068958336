//! Where a saving is, and why it is not yet realised.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{BudgetLine, Money};
use jiff::civil::Date;
use maud::{Markup, html};

use super::assumptions::{self, Given};
use super::drawn::{Bars, Stands};
use super::period::Asked;
use super::shown::{Figure, figure, head, table, words};
use crate::figures::table::{of_models, of_savings};
use crate::savings::{Net, Realised, SavingStatement, Step, known, statement};
use crate::service::assumptions::{SavingsAction, SavingsRefused};
use crate::views::SavingsRows;
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::govuk::{self, Choice, Row};
use crate::web::pages::layout::Page;
use crate::web::pages::staff::day::Typed;
use crate::web::pages::staff::layout::{StaffVisit, asked as question};
use crate::web::problem::Problem;

const HERE: &str = "/staff/savings";

/// Shows it.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit, uri: Uri) -> Result<Response, Problem> {
    let query = uri.query().unwrap_or_default();
    let scenario = form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == "scenario");
    let scenario = scenario.map(|(_, it)| it.into_owned()).filter(|it| !it.is_empty());
    shown(&app, &staff, &Asked::of(&uri), scenario, &Given::default()).await
}

async fn shown(
    app: &App,
    staff: &StaffVisit,
    asked: &Asked,
    scenario: Option<String>,
    given: &Given,
) -> Result<Response, Problem> {
    let period = asked.period(app);
    let rows = app.read(move |backend| backend.views().savings(period.from, period.to)).await?;
    let mut errors = [asked.errors.clone(), given.errors.clone()].concat();
    let it = if let Ok(it) = statement(&rows, period.from, period.to, scenario.as_deref()) {
        it
    } else {
        errors.push(("scenario".to_owned(), "Choose one of these scenarios".to_owned()));
        statement(&rows, period.from, period.to, None)?
    };
    let all =
        if asked.days == (None, None) { rows } else { app.read(|backend| backend.views().savings_basis()).await? };
    let body = html! {
        h1 class="govuk-heading-l" { "Savings" }
        p class="govuk-body" { (asked.words(staff.visit.text)) ", valued by " strong { (it.scenario) } "." }
        (asked.form(HERE, &scenarios(&all, &it, &errors)))
        (statement_of(&it))
        (waterfall(&it, asked))
        p class="govuk-body" { "What stopped the others, case by case: " a class="govuk-link" href=(asked.link("/staff/why-not-automatic")) { "why not automatic" } "." }
        (assumptions::shown(&it, &all, staff, given))
        (govuk::details("How this is worked out", &formula()))
    };
    let status = if given.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(staff.show(Page::new("Savings", body).with_errors(errors).with_status(status)))
}

fn scenarios(rows: &SavingsRows, it: &SavingStatement, errors: &[(String, String)]) -> Markup {
    let choice =
        |name: String| Choice { chosen: name == it.scenario, text: name.clone(), value: name, ..Choice::default() };
    let choices: Vec<_> = known(rows).into_iter().map(choice).collect();
    govuk::select(&question("scenario", "Scenario", None, errors), &choices)
}

fn statement_of(it: &SavingStatement) -> Markup {
    let amount = |it: Option<Money>| it.map_or_else(|| "not known".to_owned(), crate::savings::pounds);
    let row = |key: &str, value: String| Row { key: key.to_owned(), values: vec![value], ..Row::default() };
    let mut rows = vec![
        row("Could be saved (potential)", amount(it.potential)),
        row("Expected (forecast)", amount(it.forecast)),
        row("Is saved (realised)", amount(it.realised)),
    ];
    if let Some(measured) = &it.measured {
        rows.extend(parts(measured).map(|(key, value)| row(key, value)));
    }
    if let Some(net) = &it.net {
        rows.extend(after_costs(net).map(|(key, value)| row(key, value)));
    }
    html! {
        p class="govuk-body" { (it.statement) }
        @for caution in &it.cautions {
            div class="govuk-warning-text" {
                span class="govuk-warning-text__icon" aria-hidden="true" { "!" }
                strong class="govuk-warning-text__text" { span class="govuk-visually-hidden" { "Warning" } (caution) }
            }
        }
        (govuk::summary_list(&rows, "Change"))
        @if it.by_model.len() > 1 {
            h2 class="govuk-heading-m" { "By the figures of the day" }
            p class="govuk-body" { "Figures changed in these days. What came on a day is valued by the figures of that day; together these make the amounts above." }
            (table(&of_models(it), &[], "By the figures of the day"))
        }
        @if it.net.is_none() && it.decomposed {
            p class="govuk-body" { "What the service itself costs is not in these figures, as nobody has recorded it. Enter what it cost once, in a year and per notification (\u{201c}Service \u{2026}\u{201d}) under " strong { "Change a figure" } " to see what is left and when it is paid back." }
        }
    }
}

fn after_costs(it: &Net) -> [(&'static str, String); 4] {
    let pounds = crate::savings::pounds;
    let left = |net: Money, months: Option<rust_decimal::Decimal>| {
        let back = match months {
            _ if it.one_off_cost == Money::ZERO => String::new(),
            Some(months) => format!("; {} is paid back after {months} months", pounds(it.one_off_cost)),
            None => format!("; {} is never paid back so", pounds(it.one_off_cost)),
        };
        format!("{}{back}", pounds(net))
    };
    [
        ("The service cost once", pounds(it.one_off_cost)),
        ("The service cost in these days", pounds(it.running_cost)),
        ("Left of what is expected", left(it.forecast, it.payback_months_forecast)),
        ("Left of what is realised", left(it.realised, it.payback_months_realised)),
    ]
}

fn parts(it: &Realised) -> [(&'static str, String); 7] {
    let pounds = crate::savings::pounds;
    [
        ("Realised in contacts", pounds(it.contact_saving)),
        ("Realised in officers\u{2019} time", pounds(it.back_office_saving)),
        ("Of the realised, cash: a budget fell by a decision", pounds(it.cash_releasing)),
        ("Of the realised, time for something else", pounds(it.time_releasing)),
        ("Decided by officers", format!("{}, in {} minutes", it.decided_by_officers, it.officer_minutes)),
        ("Contacts that need not have been", it.failure_contacts.to_string()),
        ("Checks of decisions", it.checked.to_string()),
    ]
}

fn waterfall(it: &SavingStatement, asked: &Asked) -> Markup {
    let (Some(potential), Some(realised)) = (it.potential, it.realised) else { return Markup::default() };
    let table = of_savings(it);
    let message = format!(
        "Of {} that could be saved, {} is realised. Each step between the two says why the rest is not.",
        crate::savings::pounds(potential),
        crate::savings::pounds(realised)
    );
    let (bars, csv) = (Some(hanging(&it.waterfall)), Some(asked.link("/staff/savings/waterfall")));
    figure(&Figure { title: "Why it is not all realised", message, bars, table: &table, without: &[], csv })
}

/// Every step hangs from what is left when it begins.
fn hanging(steps: &[Step]) -> Bars {
    let mut left = Money::ZERO;
    let (mut before, mut amounts) = (Vec::new(), Vec::new());
    for it in steps {
        let is_whole = matches!(it.step, "potential" | "realised");
        let after = if is_whole { it.amount } else { left + it.amount };
        before.push(if is_whole { Money::ZERO } else { left.min(after) }.max(Money::ZERO).pounds());
        amounts.push(it.amount.abs().pounds());
        left = after;
    }
    let name = |it: &Step| {
        let of = it.of.as_ref().map(|it| format!(": {}", words(it))).unwrap_or_default();
        format!("{}{of}", head(&words(it.step)))
    };
    let rows = steps.iter().map(name).collect();
    Bars { rows, series: vec![("before", before), ("pounds", amounts)], stands: Stands::Hanging }
}

fn formula() -> Markup {
    html! {
        p class="govuk-body" { "Each notification is valued by the figures in force on the day on which it was received. The amounts for contacts and for officers\u{2019} time are each rounded to the penny once for all that came under the same figures: months may differ from their total by that much, a penny a month at most." }
        p class="govuk-body" { "Contacts: for each notification that took effect, what a contact would have cost by the channels it would have come by, less what it cost by form; less the price of a call for each contact that need not have been." }
        p class="govuk-body" { "Officers\u{2019} time: the minutes that a change takes by hand, less the minutes measured from claim to decision, less the minutes of checks, at the cost of an hour. What waits, or came to nothing, saved nobody any time." }
        p class="govuk-body" { "Cash is only what a recorded decision took out of a budget, for the days of the period, and never more than was saved. All the rest is time for something else. What tax is charged earlier is not a saving and is not in here." }
    }
}

/// Changes one figure.
pub(in crate::web) async fn assume(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let mut given = Given::of(form_body(&app, request).await?);
    let (name, source) = (given.needed("name", "Choose the figure"), given.needed("source", "Say where it comes from"));
    let value = given.read("value", "Enter a number such as 5.1", |it| it.parse().ok());
    let from = given.day("since", "Enter the first day");
    if let (Some(name), Some(source), Some(value), Some(from)) = (name, source, value, from) {
        let action = SavingsAction::Assume { model: None, name, value, source, from };
        return done(&app, &staff, action, given, "value").await;
    }
    shown(&app, &staff, &Asked::default(), None, &given).await
}

/// Records that a line of the budget fell by a decision.
pub(in crate::web) async fn reduce(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let mut given = Given::of(form_body(&app, request).await?);
    let decision = given.needed("decision", "Say which decision it is, so that it can be looked up");
    let line = given.read("line", "Choose what the budget is for", |it| {
        BudgetLine::ALL.into_iter().find(|line| line.as_str() == it)
    });
    let yearly = given.read("yearly", "Enter an amount such as 1200.00", |it| it.parse().ok());
    let from = given.day("fell_from", "Enter the first day");
    let to = if given.typed("fell_to").is_empty() { Some(None) } else { given.day("fell_to", "").map(Some) };
    if let (Some(decision), Some(line), Some(yearly), Some(from), Some(to)) = (decision, line, yearly, from, to) {
        let action = SavingsAction::ReduceBudget { decision, line, yearly, from, to };
        return done(&app, &staff, action, given, "yearly").await;
    }
    shown(&app, &staff, &Asked::default(), None, &given).await
}

async fn done(
    app: &App,
    staff: &StaffVisit,
    action: SavingsAction,
    mut given: Given,
    field: &str,
) -> Result<Response, Problem> {
    match app.backend().on_savings(&action, &staff.holder.name).await {
        Ok(()) => Ok(Redirect::to(HERE).into_response()),
        Err(SavingsRefused::Service(error)) if error.will_pass() => Err(Problem::unavailable(&error)),
        Err(SavingsRefused::Service(error)) => Err(Problem::internal(&error)),
        Err(refused) => {
            given.errors.push((field.to_owned(), format!("Not recorded: {refused}")));
            shown(app, staff, &Asked::default(), None, &given).await
        }
    }
}

impl Given {
    /// What a form says.
    fn of(fields: BTreeMap<String, Vec<String>>) -> Self {
        let first = |all: Vec<String>| all.into_iter().next().map(|it| it.trim().to_owned()).unwrap_or_default();
        Self { fields: fields.into_iter().map(|(name, all)| (name, first(all))).collect(), errors: Vec::new() }
    }

    /// A line that has to be there, and is not endless.
    fn needed(&mut self, name: &str, otherwise: &str) -> Option<String> {
        self.read(name, otherwise, |it| (1..=500).contains(&it.chars().count()).then(|| it.to_owned()))
    }

    /// A day as it was typed.
    pub(super) fn typed(&self, name: &str) -> Typed {
        Typed::of(name, |it| self.text(it).to_owned())
    }

    /// A day that has to be there.
    fn day(&mut self, name: &str, missing: &str) -> Option<Date> {
        self.typed(name).needed(name, Some(missing), &mut self.errors)
    }

    /// A line as what it stands for.
    fn read<T>(&mut self, name: &str, otherwise: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = read(self.text(name));
        if found.is_none() {
            self.errors.push((name.to_owned(), otherwise.to_owned()));
        }
        found
    }
}
