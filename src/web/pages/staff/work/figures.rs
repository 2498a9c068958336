//! What the queue comes to: statistics, decisions to be checked, and what waits too long.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::words::{cell, due, head};
use crate::service::statistics::{QueueFigures, WorkFigures};
use crate::views::{WorkItemFilter, british_day};
use crate::web::App;
use crate::web::looked::not_for;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::pages::text::Text;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// So many are listed.
const MOST: usize = 100;

/// Shows the statistics of a period.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit, uri: Uri) -> Result<Response, Problem> {
    let mut params = Params::of(&uri, &["from", "to"]);
    let (from, to) = (params.day("from"), params.day("to"));
    let it = app.backend().statistics(from, to).await.map_err(|error| Problem::unavailable(&error))?;
    let text = staff.visit.text;
    let body = html! {
        h1 class="govuk-heading-l" { "Figures of the queue" }
        p class="govuk-body" { "From " (text.date(it.from)) " to before " (text.date(it.to)) "; what waits as of " (text.instant(it.as_of)) ". Ages are in working days; minutes are measured from the claim to the decision." }
        (queues(&it, text))
        (work("By officer", "Officer", it.officers.iter().map(|(name, work)| (name.clone(), work))))
        (work("By what was told", "What was told", it.kinds.iter().map(|(kind, work)| (text.say(&format!("told-{kind}")), work))))
        h2 class="govuk-heading-m" { "Checks" }
        @for (name, checks) in [("The machine's decisions", &it.checks_of_machine), ("Officers' decisions", &it.checks_of_officers)] {
            p class="govuk-body" { (name) ": " (checks.checked) " checked, " (percent(checks.error_percent)) " with an error, " (text.money(checks.value)) " wrong." }
        }
    };
    Ok(staff.show(Page::new("Figures of the queue", body).back_to("/staff/work")))
}

fn number(it: Option<Decimal>) -> String {
    it.map_or_else(|| "–".to_owned(), |it| it.to_string())
}

fn percent(it: Option<Decimal>) -> String {
    it.map_or_else(|| "–".to_owned(), |it| format!("{it}%"))
}

fn queues(it: &crate::service::statistics::Statistics, text: &Text) -> Markup {
    let all = std::iter::once(("All", &it.all)).chain(it.queues.iter().map(|(name, it)| (name.as_str(), it)));
    html! {
        div class="hearth-wide" tabindex="0" role="region" aria-label="Queues" {
            table class="govuk-table" {
                caption class="govuk-table__caption govuk-table__caption--m" { "Queues" }
                (head(&["Queue", "Received", "Completed", "Waiting", "Oldest", "Average age", "Median age", "0–5", "6–10", "11–20", "21–30", "31+", "Days of work", "Put off", "Late"]))
                tbody class="govuk-table__body" { @for (name, it) in all { (queue(name, it, text)) } }
            }
        }
    }
}

fn queue(name: &str, it: &QueueFigures, text: &Text) -> Markup {
    let oldest = it.oldest_received.map(|it| text.date(british_day(it))).unwrap_or_default();
    let median = it.median_age.map(|it| it.to_string()).unwrap_or_default();
    html! {
        tr class="govuk-table__row" {
            th scope="row" class="govuk-table__header" { (name) }
            @for value in [it.received.to_string(), it.completed.to_string(), it.outstanding.to_string(), oldest, number(it.average_age), median] { (cell(&html! { (value) })) }
            @for band in it.age_bands { (cell(&html! { (band) })) }
            @for value in [number(it.days_of_work), percent(it.pend_percent), percent(it.breach_percent)] { (cell(&html! { (value) })) }
        }
    }
}

fn work<'a>(title: &str, what: &str, rows: impl Iterator<Item = (String, &'a WorkFigures)>) -> Markup {
    html! {
        div class="hearth-wide" tabindex="0" role="region" aria-label=(title) {
            table class="govuk-table" {
                caption class="govuk-table__caption govuk-table__caption--m" { (title) }
                (head(&[what, "Decided", "Touches", "First time", "Average minutes", "Median minutes"]))
                tbody class="govuk-table__body" {
                    @for (name, it) in rows {
                        tr class="govuk-table__row" {
                            th scope="row" class="govuk-table__header" { (name) }
                            @for value in [it.decided.to_string(), number(it.touches), percent(it.first_time_percent), number(it.average_minutes), it.median_minutes.map(|it| it.to_string()).unwrap_or_default()] { (cell(&html! { (value) })) }
                        }
                    }
                }
            }
        }
    }
}

/// Lists the decisions that somebody else is to check.
pub(in crate::web) async fn samples(State(app): State<App>, staff: StaffVisit) -> Result<Response, Problem> {
    let not_at = not_for(&app, &staff.holder.name).await?;
    let list = app.backend().samples(&not_at, None, MOST).await.map_err(|error| Problem::unavailable(&error))?;
    let text = staff.visit.text;
    let body = html! {
        h1 class="govuk-heading-l" { "To be checked" }
        p class="govuk-body" { (list.total) " decisions, the machine's among them, are in the sample of " (list.percent) "% and not checked yet." }
        div class="hearth-wide" tabindex="0" role="region" aria-label="Decisions to be checked" {
            table class="govuk-table" {
                (head(&["Notification", "What was told", "Came to", "Decided by"]))
                tbody class="govuk-table__body" {
                    @for it in &list.samples {
                        tr class="govuk-table__row" {
                            th scope="row" class="govuk-table__header" { (staff.link(&format!("/staff/work/{}", it.row.reference), it.row.reference.as_str())) }
                            (cell(&html! { (text.say(&format!("told-{}", it.row.kind))) }))
                            (cell(&html! { (it.row.status.as_str()) }))
                            (cell(&html! { @match it.row.referral.as_ref().and_then(|it| it.work.allocated_to.as_deref()) { Some(name) => (name), None => "the machine" } }))
                        }
                    }
                }
            }
        }
    };
    Ok(staff.show(Page::new("To be checked", body).back_to("/staff/work")))
}

/// Lists what nobody has dealt with for too long.
pub(in crate::web) async fn alerts(State(app): State<App>, staff: StaffVisit) -> Result<Response, Problem> {
    let not_at = not_for(&app, &staff.holder.name).await?;
    let filter = app.backend().alerts(MOST).await.map_err(|error| Problem::unavailable(&error))?;
    let list = app.backend().work_list(WorkItemFilter { not_at, ..filter }, None).await;
    let list = list.map_err(|error| Problem::unavailable(&error))?;
    let (text, today) = (staff.visit.text, british_day(app.backend().now()));
    let body = html! {
        h1 class="govuk-heading-l" { "Waiting too long" }
        p class="govuk-body" { (list.total) " items are older than policy allows; the oldest come first." }
        div class="hearth-wide" tabindex="0" role="region" aria-label="Items that wait too long" {
            table class="govuk-table" {
                (head(&["Item", "What was told", "Received", "Due", "Who has it"]))
                tbody class="govuk-table__body" {
                    @for it in &list.items {
                        tr class="govuk-table__row" {
                            th scope="row" class="govuk-table__header" { (staff.link(&format!("/staff/work/{}", it.reference), it.reference.as_str())) }
                            (cell(&html! { (text.say(&format!("told-{}", it.kind))) }))
                            (cell(&html! { (text.date(british_day(it.received_at))) }))
                            (cell(&due(it.due_on, today, text)))
                            (cell(&html! { (it.work.allocated_to.as_deref().unwrap_or("nobody")) }))
                        }
                    }
                }
            }
        }
    };
    Ok(staff.show(Page::new("Waiting too long", body).back_to("/staff/work")))
}
