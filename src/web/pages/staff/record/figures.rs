//! How a figure came about: what it is a part of, for how many days, and the events it rests on.

use hearth_events::{ChargeLine, ChargingBand, Event, FinancialYear, LineKind, Money, Position, decode};
use hearth_projections::{AccountState, Charge, ExplainedLine};
use jiff::ToSpan as _;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::history::{History, words};
use crate::web::App;
use crate::web::pages::outcome::{instalments, law, what};
use crate::web::pages::text::Text;
use crate::web::problem::Problem;

/// The charge of every year, line by line.
pub(super) async fn years(app: &App, history: &History, it: &AccountState, text: &Text) -> Result<Markup, Problem> {
    let mut shown = Vec::new();
    for (year, charge) in it.charges.iter().rev() {
        shown.push(self::year(app, history, it, *year, charge, text).await?);
    }
    Ok(html! {
        h2 class="govuk-heading-m" { "What it costs" }
        @if shown.is_empty() { p class="govuk-body" { "Nothing has been charged." } }
        @for year in shown { (year) }
    })
}

async fn year(
    app: &App,
    history: &History,
    it: &AccountState,
    year: FinancialYear,
    charge: &Charge,
    text: &Text,
) -> Result<Markup, Problem> {
    let mut lines = Vec::new();
    for line in &charge.lines {
        lines.push(explained(app, history, year, line, text).await?);
    }
    let bill = it.billing.bills.get(&year);
    Ok(html! {
        section {
            h3 class="govuk-heading-s" { (year) ": " (text.money(charge.net)) }
            ul class="govuk-list hearth-figures" { @for line in lines { li { (line) } } }
            p class="govuk-body" { "Together " strong { (text.money(charge.net)) } ". Each line is rounded once to the penny, half a penny up, and the lines are added." }
            @if let Some(bill) = bill {
                p class="govuk-body" { "Last notice issued on " (text.date(bill.issued_on)) "." }
                @if !bill.instalments.is_empty() {
                    (instalments(&year.to_string(), bill.instalments.iter().map(|it| (it.due, it.amount)), text))
                }
            }
        }
    })
}

async fn explained(
    app: &App,
    history: &History,
    year: FinancialYear,
    it: &ExplainedLine,
    text: &Text,
) -> Result<Markup, Problem> {
    let line = &it.line;
    let elsewhere = elsewhere(app, history, &it.because).await?;
    Ok(html! {
        details class="govuk-details" {
            summary class="govuk-details__summary" {
                span class="govuk-details__summary-text" { (what(line, text)) ", " (days(line, text)) ": " (text.money(line.amount)) }
            }
            div class="govuk-details__text" {
                p class="govuk-body" { (worked_out(app, history, year, line, text).await?) }
                p class="govuk-body" { "By law: " (law(line, text)) }
                p class="govuk-body" { "It rests on:" }
                (because(history, &it.because, text))
                @if !elsewhere.is_empty() { ul class="govuk-list govuk-list--bullet" { @for it in elsewhere { li { (it) } } } }
            }
        }
    })
}

fn days(line: &ChargeLine, text: &Text) -> String {
    let last = text.date(line.to.saturating_sub(1.day()));
    format!("{} to {last}, {} days", text.date(line.from), line.days)
}

/// The sum in words and figures.
async fn worked_out(
    app: &App,
    history: &History,
    year: FinancialYear,
    line: &ChargeLine,
    text: &Text,
) -> Result<String, Problem> {
    let of_year = year.days();
    let category = history.state.listing.as_ref().map(|it| it.category.clone()).unwrap_or_default();
    let now = app.backend().council().await.map_err(|error| Problem::unavailable(&error))?;
    let band = ChargingBand::ALL.into_iter().find(|it| line.kind == LineKind::Charge && format!("{it:?}") == line.code);
    let whole = band.and_then(|band| now.council.amount(year, &category, band)).map(|(amount, _)| amount);
    Ok(match whole {
        Some(whole) => {
            let exact = whole.pounds() * Decimal::from(line.days) / Decimal::from(of_year);
            format!(
                "{} a year × {} of {of_year} days = £{} exactly, rounded to {}.",
                text.money(whole),
                line.days,
                exact.trunc_with_scale(6).normalize(),
                text.money(line.amount)
            )
        }
        None => format!(
            "{} for {} of {of_year} days: {} a day before it is rounded, times the days, rounded to {}.",
            what(line, text),
            line.days,
            a_day(line),
            text.money(line.amount)
        ),
    })
}

/// What a line comes to for one day, as near as its rounded amount says.
fn a_day(line: &ChargeLine) -> String {
    let a_day = line.amount.pounds().checked_div(Decimal::from(line.days)).unwrap_or_default();
    format!("about {}", Money::rounded(a_day))
}

/// The events of the dwelling's own stream that something rests on.
pub(super) fn because(history: &History, positions: &[Position], text: &Text) -> Markup {
    let known = positions.iter().filter_map(|it| history.at_position(*it));
    html! {
        ul class="govuk-list govuk-list--bullet" {
            @for it in known {
                li {
                    (words(it.event.type_name())) ", recorded " (text.instant(it.recorded_at)) ", position " (it.position)
                    ", rules " (it.metadata.rules_version)
                    @if let Some(reference) = history.told_by(it) { ", told by " a class="govuk-link" href={ "/staff/work/" (reference) } { (reference) } }
                }
            }
        }
    }
}

/// What it rests on beside that: what the council resolved.
async fn elsewhere(app: &App, history: &History, positions: &[Position]) -> Result<Vec<String>, Problem> {
    let mut found = Vec::new();
    for position in positions.iter().filter(|it| history.at_position(**it).is_none()) {
        let before = Position(position.0.saturating_sub(1));
        for stored in app.backend().store().read_all(before, 1).await?.into_iter().filter(|it| it.position == *position)
        {
            let recorded = decode(&stored).map_err(|error| Problem::internal(&error))?;
            let what = words(recorded.event.type_name());
            found.push(if let Event::AmountSet(it) = &recorded.event {
                format!("{what}: {} of {} for {}, position {position}", it.component, it.category, it.financial_year)
            } else {
                format!("{what}, position {position}")
            });
        }
    }
    Ok(found)
}
