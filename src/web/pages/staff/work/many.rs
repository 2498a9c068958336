//! Many items at once: what would become of each is looked at first, then it is done, and undone as a whole.

use axum::extract::{Request, State};
use axum::response::Response;
use hearth_events::{NotificationRef, Role};
use maud::{Markup, html};

use super::act::{Form, refused};
use super::words::{cell, head};
use crate::service::orders::{By, ManyAction, Order, OrderItem, OrderOutcome};
use crate::web::App;
use crate::web::looked::not_for;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::problem::{Kind, Problem};

const CARRIED: [&str; 6] = ["action", "until", "to_queue", "to_priority", "note", "reference"];

async fn by(app: &App, staff: &StaffVisit) -> Result<By, Problem> {
    let officer = staff.holder.name.clone();
    let not_at = not_for(app, &officer).await?;
    Ok(By { officer, supervisor: staff.is_one_of(&[Role::Supervisor]), not_at })
}

async fn order(app: &App, staff: &StaffVisit, form: &Form) -> Result<Order, Problem> {
    let mut errors = Vec::new();
    let action = match form.get("action").as_str() {
        "claim" => ManyAction::Claim,
        "release" => ManyAction::Release,
        "defer" => ManyAction::Defer { until: form.day("until", &mut errors).unwrap_or_default() },
        "reallocate" => ManyAction::Reallocate {
            queue: Some(form.get("to_queue")).filter(|it| !it.is_empty()),
            priority: form.priority("to_priority", &mut errors),
        },
        _ => return Err(Problem::new(Kind::BadRequest, "Go back and choose what to do with them.")),
    };
    let note = form.note("note", &mut errors);
    if let Some((_, told)) = errors.first() {
        return Err(Problem::new(Kind::BadRequest, format!("{told}: go back and put it right.")));
    }
    let references: Vec<NotificationRef> = form.all("reference").iter().filter_map(|it| it.parse().ok()).collect();
    if references.is_empty() {
        return Err(Problem::new(Kind::BadRequest, "Go back and pick at least one item."));
    }
    Ok(Order { references, action, by: by(app, staff).await?, note })
}

/// Shows what would become of each.
pub(in crate::web) async fn look(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let form = Form::read(&app, request).await?;
    let order = order(&app, &staff, &form).await?;
    let items = app.backend().look_at_order(&order).await.map_err(refused)?;
    let can = items.iter().filter(|it| matches!(it.outcome, OrderOutcome::Done(_))).count();
    let body = html! {
        h1 class="govuk-heading-l" { "What would happen" }
        p class="govuk-body" { strong { (can) } " of " (items.len()) " would be changed. Nothing has been done yet." }
        (table(&items))
        @if can > 0 {
            form method="post" action="/staff/work/many/done" novalidate {
                @for (name, value) in form.pairs().filter(|(name, _)| CARRIED.contains(name)) { input type="hidden" name=(name) value=(value); }
                (govuk::button(&format!("Do it with {can}")))
            }
        }
    };
    Ok(staff.show(Page::new("What would happen", body).back_to("/staff/work")))
}

fn table(items: &[OrderItem]) -> Markup {
    html! {
        div class="hearth-wide" tabindex="0" role="region" aria-label="Items" {
            table class="govuk-table" {
                (head(&["Item", "What"]))
                tbody class="govuk-table__body" {
                    @for it in items {
                        tr class="govuk-table__row" {
                            th scope="row" class="govuk-table__header" { a class="govuk-link" href={ "/staff/work/" (it.reference) } { (it.reference) } }
                            (cell(&match &it.outcome {
                                OrderOutcome::Done(what) => html! { (what) },
                                OrderOutcome::AlreadySo => html! { "It is so already" },
                                OrderOutcome::Refused(why) => html! { (govuk::tag("Not done", Some("red"))) " " (why) },
                            }))
                        }
                    }
                }
            }
        }
    }
}

/// Does it.
pub(in crate::web) async fn give(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let form = Form::read(&app, request).await?;
    let done = app.backend().order(&order(&app, &staff, &form).await?).await.map_err(refused)?;
    let count = done.items.iter().filter(|it| matches!(it.outcome, OrderOutcome::Done(_))).count();
    let body = html! {
        h1 class="govuk-heading-l" { (count) " done, " (done.items.len() - count) " not" }
        (table(&done.items))
        form method="post" action="/staff/work/many/undo" novalidate {
            input type="hidden" name="order" value=(done.order);
            button type="submit" class="govuk-button govuk-button--secondary" { "Undo all of it" }
        }
    };
    Ok(staff.show(Page::new("Done", body).back_to("/staff/work")))
}

/// Undoes an order.
pub(in crate::web) async fn undo(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let form = Form::read(&app, request).await?;
    let undone = app.backend().undo_order(&form.get("order"), &by(&app, &staff).await?).await.map_err(refused)?;
    let body = html! { h1 class="govuk-heading-l" { "Undone" } (table(&undone.items)) };
    Ok(staff.show(Page::new("Undone", body).back_to("/staff/work")))
}
