//! What would I pay? For anybody, over the same rules as bills, with every line and its law.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use hearth_events::FinancialYear;
use jiff::ToSpan as _;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::govuk::{self, Asked, Choice, Choices, DateInput};
use super::layout::{Page, Visit};
use super::outcome::{instalments, lines};
use super::text::Text;
use crate::rules::estimate::YearEstimate;
use crate::web::App;
use crate::web::api::estimates::estimated;
use crate::web::problem::Problem;

const BANDS: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

/// What was filled in, by field.
struct Given(BTreeMap<String, String>);

impl Given {
    fn of(uri: &Uri) -> Self {
        Self(form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect())
    }

    fn one(&self, field: &str) -> &str {
        self.0.get(field).map(|it| it.trim()).unwrap_or_default()
    }
}

/// Asks for the facts, and shows what they come to once they are there.
pub(in crate::web) async fn show(State(app): State<App>, visit: Visit, uri: Uri) -> Result<Response, Problem> {
    let text = visit.text;
    let given = Given::of(&uri);
    let now = app.backend().council().await.map_err(|error| Problem::unavailable(&error))?;
    let set = now.council.years_and_categories();
    let asked_for = !given.one("band").is_empty();
    let (mut errors, mut worked) = (Vec::new(), None);
    if asked_for {
        match facts(&given, &set, text) {
            Ok(facts) => match estimated(&app, &facts).await? {
                Ok(years) => worked = years.into_iter().next(),
                Err(_) => errors.push(("year".to_owned(), text.say("estimate-not-set"))),
            },
            Err(wrong) => errors = wrong,
        }
    }
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (text.say("estimate-title")) }
                @if let Some(year) = &worked { (result(year, text)) }
                p class="govuk-body" { (text.say("estimate-lead")) }
                form method="get" action="/estimate" novalidate {
                    (fields(&given, &set, &errors, text))
                    @if text.lang().code() != "en" { input type="hidden" name="lang" value=(text.lang().code()); }
                    (govuk::button(&text.say("estimate-do")))
                }
            }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(text.say("estimate-title"), body).back_to(visit.link("/"));
    Ok(page.with_errors(errors).with_status(status).shown(&visit))
}

type Set<'a> = BTreeMap<FinancialYear, Vec<&'a str>>;

/// The facts as the API takes them; what is wrong with what was filled in, otherwise.
fn facts(given: &Given, set: &Set<'_>, text: &Text) -> Result<Value, Vec<(String, String)>> {
    let wrong = |field: &str, name: &str| vec![(field.to_owned(), text.say(name))];
    let year: FinancialYear = given.one("year").parse().map_err(|_| wrong("year", "missing-choice"))?;
    if !BANDS.contains(&given.one("band")) {
        return Err(wrong("band", "missing-choice"));
    }
    if !set.get(&year).is_some_and(|it| it.contains(&given.one("category"))) {
        return Err(wrong("category", "estimate-not-set"));
    }
    let parts = ["from-day", "from-month", "from-year"].map(|it| given.one(it).to_owned());
    let from = if parts.iter().all(String::is_empty) {
        year.first_day()
    } else {
        let told = |wrong| vec![("from-day".to_owned(), super::tell::told_of_day(wrong, text))];
        let field = super::tell::day_of(&parts).map_err(told)?;
        if !(year.first_day()..=year.last_day()).contains(&field) {
            return Err(wrong("from-day", "estimate-not-in-year"));
        }
        field
    };
    let mut awards = Vec::new();
    match given.one("adults") {
        "one" => awards.push(json!({ "code": "D-SPD", "from": from })),
        "none" => awards.push(json!({ "code": "D-50", "from": from })),
        _ => {}
    }
    if given.one("disabled") == "yes" {
        awards.push(json!({ "code": "D-DBR", "from": from }));
    }
    let instalments = if given.one("instalments") == "12" { 12 } else { 10 };
    let issued_on = if from == year.first_day() { from.saturating_sub(21.days()) } else { from };
    Ok(json!({
        "category": given.one("category"), "financial_years": [year], "liable": { "from": from },
        "band": [{ "band": given.one("band"), "from": from }], "awards": awards,
        "billing": { "instalments": instalments, "issued_on": issued_on },
    }))
}

fn fields(given: &Given, set: &Set<'_>, errors: &[(String, String)], text: &Text) -> Markup {
    let asked = |name: &str| Asked {
        id: name.to_owned(),
        name: name.to_owned(),
        label: text.say(&format!("estimate-{name}")),
        hint: text.maybe(&format!("estimate-{name}-hint"), &[]),
        error: errors
            .iter()
            .find(|(id, _)| id == name || id.starts_with(&format!("{name}-")))
            .map(|(_, it)| it.clone()),
        error_prefix: text.say("error-prefix"),
        ..Asked::default()
    };
    let pick = |name: &str, values: Vec<(String, String)>, usual: &str| -> Vec<Choice> {
        let now = if given.one(name).is_empty() { usual } else { given.one(name) };
        values.into_iter().map(|(value, text)| Choice { chosen: value == now, value, text, hint: None }).collect()
    };
    let same = |it: &str| (it.to_owned(), it.to_owned());
    let years: Vec<_> = set.keys().rev().map(|it| same(&it.to_string())).collect();
    let mut places: Vec<&str> = set.values().flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    let choose = |name: &str, values: &[&str], usual: &str| {
        let values = values.iter().map(|it| ((*it).to_owned(), text.say(&format!("estimate-{name}-{it}")))).collect();
        Choices { items: pick(name, values, usual), ..Choices::default() }
    };
    let labels = [text.say("date-day"), text.say("date-month"), text.say("date-year")];
    let [day, month, year] = &labels;
    let wrong = [errors.iter().any(|(id, _)| id == "from-day"); 3];
    let from = DateInput {
        values: [given.one("from-day"), given.one("from-month"), given.one("from-year")],
        labels: [day, month, year],
        wrong,
        birthday: false,
    };
    html! {
        (govuk::select(&asked("year"), &pick("year", years, "")))
        (govuk::select(&asked("category"), &pick("category", places.into_iter().map(same).collect(), "")))
        (govuk::select(&asked("band"), &pick("band", BANDS.iter().map(|it| same(it)).collect(), "D")))
        (govuk::date_input(&asked("from"), from))
        (govuk::radios(&asked("adults"), &choose("adults", &["two", "one", "none"], "two")))
        (govuk::checkboxes(&asked("disabled"), &choose("disabled", &["yes"], "")))
        (govuk::radios(&asked("instalments"), &choose("instalments", &["10", "12"], "10")))
    }
}

fn result(year: &YearEstimate, text: &Text) -> Markup {
    let name = year.year.to_string();
    html! {
        div class="govuk-inset-text" role="status" {
            p class="govuk-body-l" {
                (text.with("estimate-result", &[("year", &name), ("amount", &text.money(year.net))]))
            }
        }
        h2 class="govuk-heading-m" { (text.say("bill-how")) }
        (lines(&year.lines, text))
        p class="govuk-body" { (text.say("bill-rounding")) }
        @if !year.instalments.is_empty() {
            h2 class="govuk-heading-m" { (text.with("bill-instalments", &[("year", &name)])) }
            (instalments(&name, year.instalments.iter().map(|it| (it.due, it.amount)), text))
        }
        p class="govuk-body" { (text.say("estimate-not-a-bill")) }
        h2 class="govuk-heading-m" { (text.say("estimate-again")) }
    }
}
