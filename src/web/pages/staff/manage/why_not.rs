//! Why not automatic: for each rule the cases that it stopped.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::drawn::{Bars, Stands};
use super::period::Asked;
use super::shown::{Figure, figure};
use crate::figures::table::of_why;
use crate::figures::{StoppedBy, WhyNotAutomatic};
use crate::web::App;
use crate::web::api::figures::why_for;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::problem::Problem;

const HERE: &str = "/staff/why-not-automatic";

/// Shows it.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit, uri: Uri) -> Result<Response, Problem> {
    let asked = Asked::of(&uri);
    let period = asked.period(&app);
    let it = why_for(&app, &staff.holder.name, period).await?;
    let body = html! {
        h1 class="govuk-heading-l" { "Why not automatic" }
        p class="govuk-body" { (asked.words(staff.visit.text)) "." }
        (asked.form(HERE, &html! {}))
        (rules(&it, &asked))
        @if !it.rules.is_empty() { (examples(&it, &staff)) }
        (govuk::details("How this is counted", &html! {
            p class="govuk-body" { (it.definition) }
            p class="govuk-body" { "What counts is every check of the machine\u{2019}s decision that failed. A rule would gain the cases that it stopped alone, were it changed or the data behind it put right: as points of all that was received, and of what is eligible. Cases that several checks stopped are gained by none of them alone." }
        }))
    };
    Ok(staff.show(Page::new("Why not automatic", body).with_errors(asked.errors)))
}

fn rules(it: &WhyNotAutomatic, asked: &Asked) -> Markup {
    let name = |it: &StoppedBy| it.reason.map_or_else(|| it.check.clone(), |reason| format!("{} {reason}", it.check));
    let of = |get: fn(&StoppedBy) -> u64| it.rules.iter().map(|it| Decimal::from(get(it))).collect::<Vec<_>>();
    let bars = Bars {
        rows: it.rules.iter().map(name).collect(),
        series: vec![("alone", of(|it| it.only)), ("with others", of(|it| it.one_of_several))],
        stands: Stands::Together,
    };
    let first = it.rules.first().map(|rule| {
        let points = rule.points_of_received.map(|it| format!("{it} points")).unwrap_or_default();
        format!(
            " Most would be gained by {}, which stopped {} alone: {points} of received. It asks: {}",
            name(rule),
            rule.only,
            rule.asks
        )
    });
    let message = format!(
        "{} of {} received were stopped, {} went straight through.{}",
        it.stopped,
        it.received,
        it.straight_through,
        first.unwrap_or_default()
    );
    let (table, csv) = (of_why(it), Some(asked.link("/staff/figures/tables/why-not-automatic")));
    figure(&Figure {
        title: "What stopped them",
        message,
        bars: Some(bars),
        table: &table,
        without: &["examples"],
        csv,
    })
}

fn examples(it: &WhyNotAutomatic, staff: &StaffVisit) -> Markup {
    html! {
        h2 class="govuk-heading-m" { "Some of the cases" }
        dl class="govuk-summary-list" {
            @for rule in &it.rules {
                div class="govuk-summary-list__row" {
                    dt class="govuk-summary-list__key" { (rule.check) @if let Some(reason) = rule.reason { " " (reason) } }
                    dd class="govuk-summary-list__value" { @for one in &rule.examples { span class="hearth-reference" { (staff.link(&format!("/staff/work/{one}"), one.as_str())) } " " } }
                }
            }
        }
    }
}
