//! A notification that never waited for an officer: what was told, what the machine found, what happened.

use axum::response::Response;
use hearth_events::{Event, Finding, NotificationRef, Role, Status, StreamName, decode};
use maud::html;
use serde_json::Value;

use super::words::by;
use super::{forms, item};
use crate::web::App;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::pages::staff::record::words;
use crate::web::problem::Problem;

/// Shows it.
pub(super) async fn show(app: &App, staff: &StaffVisit, reference: &NotificationRef) -> Result<Response, Problem> {
    let text = staff.visit.text;
    let mut events = Vec::new();
    for stored in app.backend().store().read_stream(&StreamName::notification(reference), 0).await? {
        events.push(decode(&stored).map_err(|error| Problem::internal(&error))?);
    }
    let received =
        events.first().and_then(|it| if let Event::NotificationReceived(it) = &it.event { Some(it) } else { None });
    let Some(received) = received else { return Err(Problem::not_found("There is no such notification.")) };
    let body = received.body.opened(app.backend().opener());
    let told: Option<Value> = body.and_then(|it| serde_json::from_str(&it).ok());
    let (mut findings, mut status, mut checked): (Vec<Finding>, _, _) = (Vec::new(), Status::Received, false);
    for recorded in &events {
        if let Event::DecisionRecorded(it) = &recorded.event {
            findings.clone_from(&it.findings);
        } else if let Event::NotificationCompleted(it) = &recorded.event {
            status = it.status;
        } else if let Event::DecisionChecked(_) = &recorded.event {
            checked = true;
        }
    }
    let body = html! {
        h1 class="govuk-heading-l" { span class="hearth-reference" { (reference) } " " (text.say(&format!("told-{}", received.kind))) }
        p class="govuk-body" { (govuk::tag(status.as_str(), Some("blue"))) " No officer had to deal with it. Received " (text.instant(received.received_at)) ", " (received.channel.as_str()) ", for " (text.date(received.effective_on)) "." }
        (item::everything(told.as_ref(), text))
        (item::checks(&findings, text))
        @if staff.is_one_of(&[Role::Officer, Role::Supervisor]) {
            @if status == Status::Applied { (forms::undo(reference)) }
            (forms::contact(reference, &[]))
            @if staff.is_one_of(&[Role::Supervisor]) && status != Status::Received && !checked { (forms::check(reference, &[])) }
        }
        h2 class="govuk-heading-m" { "What happened" }
        ol class="hearth-timeline" {
            @for it in events.iter().rev() {
                li class="hearth-timeline__step" {
                    strong { (words(it.event.type_name())) } " by " (by(&it.metadata.actor)) " "
                    span class="hearth-timeline__when" { (text.instant(it.recorded_at)) ", position " (it.position) }
                }
            }
        }
    };
    Ok(staff.show(Page::new(format!("{reference}"), body).back_to("/staff/search")))
}
