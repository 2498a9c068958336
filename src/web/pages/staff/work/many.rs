//! Many items at once: what would become of each is looked at first, then it is done, and undone as a whole.

use axum::extract::{Request, State};
use axum::response::Response;
use hearth_events::{NotificationRef, Role};
use maud::{Markup, html};

use super::form::{Errors, Form, Tried, refused, told};
use super::list;
use super::words::{cell, head};
use crate::service::orders::{By, ManyAction, Order, OrderItem, OrderOutcome};
use crate::service::work::ActionRefused;
use crate::web::App;
use crate::web::looked::not_for;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::problem::Problem;

/// What stands in the form, to be sent again once it was looked at.
const CARRIED: [&str; 9] =
    ["action", "until-day", "until-month", "until-year", "to_queue", "to_priority", "note", "reference", "list"];

async fn by(app: &App, staff: &StaffVisit) -> Result<By, Problem> {
    let officer = staff.holder.name.clone();
    let not_at = not_for(app, &officer).await?;
    Ok(By { officer, supervisor: staff.is_one_of(&[Role::Supervisor]), not_at })
}

/// What a form orders, or what is wrong with it.
async fn order(app: &App, staff: &StaffVisit, form: &Form) -> Result<Result<Order, Errors>, Problem> {
    let mut errors = Vec::new();
    let references: Vec<NotificationRef> = form.all("reference").iter().filter_map(|it| it.parse().ok()).collect();
    if references.is_empty() {
        errors.push(("items".to_owned(), "Pick at least one item".to_owned()));
    }
    let action = match form.get("action").as_str() {
        "claim" => Some(ManyAction::Claim),
        "release" => Some(ManyAction::Release),
        "defer" => {
            Some(ManyAction::Defer { until: form.day("until", "Enter the day on which they come back", &mut errors) })
        }
        "reallocate" => {
            let queue = Some(form.get("to_queue")).filter(|it| !it.is_empty());
            let priority = form.priority("to_priority", &mut errors);
            if queue.is_none() && priority.is_none() && form.get("to_priority").is_empty() {
                errors.push(("to_queue".to_owned(), "Say which queue, or which priority".to_owned()));
            }
            Some(ManyAction::Reallocate { queue, priority })
        }
        _ => None,
    };
    if action.is_none() {
        errors.push(("action".to_owned(), "Choose what to do with them".to_owned()));
    }
    let note = form.note("note", &mut errors);
    match action {
        Some(action) if errors.is_empty() => Ok(Ok(Order { references, action, by: by(app, staff).await?, note })),
        Some(_) | None => Ok(Err(errors)),
    }
}

/// The list again, with an order that cannot be given.
async fn came_back(app: &App, staff: &StaffVisit, form: Form, errors: Errors) -> Result<Response, Problem> {
    let at = |id: String| if id == "references" { "items".to_owned() } else { id };
    let errors = errors.into_iter().map(|(id, it)| (at(id), it)).collect();
    list::again(app, staff, &Tried::wrong(form, errors)).await
}

/// Shows what would become of each.
pub(in crate::web) async fn look(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let form = Form::read(&app, request).await?;
    let order = match order(&app, &staff, &form).await? {
        Ok(order) => order,
        Err(errors) => return came_back(&app, &staff, form, errors).await,
    };
    let items = match app.backend().look_at_order(&order).await {
        Ok(items) => items,
        Err(ActionRefused::Malformed(faults)) => return came_back(&app, &staff, form, told(faults)).await,
        Err(why) => return Err(refused(why)),
    };
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
    Ok(staff.show(Page::new("What would happen", body).back_to(format!("/staff/work?{}", form.get("list")))))
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
    let order = match order(&app, &staff, &form).await? {
        Ok(order) => order,
        Err(errors) => return came_back(&app, &staff, form, errors).await,
    };
    let done = match app.backend().order(&order).await {
        Ok(done) => done,
        Err(ActionRefused::Malformed(faults)) => return came_back(&app, &staff, form, told(faults)).await,
        Err(why) => return Err(refused(why)),
    };
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
