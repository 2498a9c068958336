//! The figures that savings rest on: each with its source and its day, and how it came to be what it is.

use std::collections::BTreeMap;

use hearth_events::{BudgetLine, Role};
use maud::{Markup, html};
use rust_decimal::{Decimal, RoundingStrategy};

use super::shown::{head, table, words};
use crate::figures::table::Table;
use crate::rules::cost_model::{NAMES, figures};
use crate::savings::{Change, SavingStatement, history, pounds};
use crate::views::SavingsRows;
use crate::web::pages::govuk::{self, Choice, Line};
use crate::web::pages::staff::layout::{StaffVisit, asked, field};

/// What was filled in, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// By the names of the fields.
    pub(super) fields: BTreeMap<String, String>,
    /// What is wrong, by the names of the fields.
    pub(super) errors: Vec<(String, String)>,
}

impl Given {
    /// What a field says.
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// The figures, the forms for those who may change them, and the history.
pub(super) fn shown(it: &SavingStatement, rows: &SavingsRows, staff: &StaffVisit, given: &Given) -> Markup {
    let may = staff.is_one_of(&[Role::Manager]);
    html! {
        h2 class="govuk-heading-m" { "What it rests on" }
        (table(&resting_on(it), &[], "What it rests on"))
        @if may { (change(rows, given)) }
        (govuk::details("Every change of a figure", &table(&changes(&history(rows)), &[], "Every change of a figure")))
        h2 class="govuk-heading-m" { "Budgets that fell" }
        @if rows.budgets.is_empty() { p class="govuk-body" { "None is recorded, so none of the saving is cash." } }
        @else { (table(&budgets(rows), &[], "Budgets that fell")) }
        @if may { (fell(given)) }
    }
}

fn resting_on(it: &SavingStatement) -> Table {
    let row = |it: &crate::savings::Assumption| {
        let from = it.from.map_or_else(|| "the period".to_owned(), |it| it.to_string());
        vec![head(&it.name), short(it.value), it.source.clone(), from]
    };
    Table {
        name: "assumptions",
        columns: vec!["figure", "value", "source", "since"],
        rows: it.assumptions.iter().map(row).collect(),
    }
}

/// With four decimals at most, as much as anybody reads; the API has all of them.
fn short(it: Decimal) -> String {
    it.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

fn changes(all: &[Change]) -> Table {
    let row = |it: &Change| {
        vec![
            head(&it.name),
            short(it.value),
            it.before.map(short).unwrap_or_default(),
            it.source.clone(),
            it.from.to_string(),
            it.by.clone(),
            it.recorded_at.to_string(),
            it.model.clone(),
        ]
    };
    Table {
        name: "changes",
        columns: vec!["figure", "value", "before", "source", "from", "by", "recorded", "cost_model"],
        rows: all.iter().map(row).collect(),
    }
}

fn budgets(rows: &SavingsRows) -> Table {
    let row = |it: &hearth_events::BudgetReduced| {
        let to = it.to.map(|it| it.to_string()).unwrap_or_default();
        vec![it.decision.clone(), words(it.line.as_str()), pounds(it.yearly), it.from.to_string(), to, it.by.clone()]
    };
    Table {
        name: "budgets",
        columns: vec!["decision", "line", "by_how_much_a_year", "from", "to_before", "recorded_by"],
        rows: rows.budgets.iter().map(row).collect(),
    }
}

const DAY: Line = Line { kind: Some("date"), autocomplete: None, inputmode: None, width: Some(10), prefix: None };

fn change(rows: &SavingsRows, given: &Given) -> Markup {
    let model = rows.cost_models.last();
    let mut names: Vec<String> = model.map(figures).unwrap_or_default().into_iter().map(|it| it.name).collect();
    for more in NAMES {
        if !names.iter().any(|it| it == more) {
            names.push(more.to_owned());
        }
    }
    let choice = |name: String| Choice {
        chosen: name == given.text("name"),
        text: head(&name),
        value: name,
        ..Choice::default()
    };
    let choices: Vec<_> = names.into_iter().map(choice).collect();
    let errors = &given.errors;
    html! {
        h3 class="govuk-heading-s" { "Change a figure" }
        form method="post" action="/staff/savings/assumptions" class="hearth-no-print" novalidate {
            (govuk::select(&asked("name", "Figure", None, errors), &choices))
            (govuk::line(&asked("value", "Value", Some("Pounds, minutes, or a share from 0 to 1"), errors), Line { width: Some(10), ..Line::default() }, given.text("value")))
            (field("source", "Source", Some("Where it was published or measured; or \u{201c}assumed\u{201d}"), given.text("source"), errors))
            (govuk::line(&asked("since", "First day for which it is so", None, errors), DAY, given.text("since")))
            (govuk::button("Change it"))
        }
    }
}

fn fell(given: &Given) -> Markup {
    let choice = |it: BudgetLine| Choice {
        chosen: it.as_str() == given.text("line"),
        value: it.as_str().to_owned(),
        text: head(it.as_str()),
        ..Choice::default()
    };
    let errors = &given.errors;
    html! {
        h3 class="govuk-heading-s" { "Record that a budget fell" }
        form method="post" action="/staff/savings/budgets" class="hearth-no-print" novalidate {
            (field("decision", "Decision", Some("What it is called, so that it can be looked up: a minute, a report. The same decision and line again replaces what was recorded; nothing takes it back."), given.text("decision"), errors))
            (govuk::select(&asked("line", "What the budget is for", None, errors), &BudgetLine::ALL.map(choice)))
            (govuk::line(&asked("yearly", "By how much in a whole year", None, errors), Line { prefix: Some("\u{a3}"), width: Some(10), ..Line::default() }, given.text("yearly")))
            (govuk::line(&asked("fell_from", "First day", None, errors), DAY, given.text("fell_from")))
            (govuk::line(&asked("fell_to", "First day on which it is as before (optional)", None, errors), DAY, given.text("fell_to")))
            (govuk::button("Record it"))
        }
    }
}
