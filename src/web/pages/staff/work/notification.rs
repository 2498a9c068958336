//! A notification that never waited for an officer: what it changed, what was told, what the machine found, what
//! happened.

use axum::response::Response;
use hearth_events::{Event, Finding, NotificationRef, Recorded, Role, Status, StreamName, decode};
use maud::html;
use serde_json::Value;

use super::changes::changes;
use super::form::Tried;
use super::words::by;
use super::{changed, forms, happened, item};
use crate::web::App;
use crate::web::fenced::open_findings;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::pages::staff::record::words;
use crate::web::problem::Problem;

/// Shows it, with a form that was not done, or where it `tells` so, with what was just done.
pub(super) async fn show(
    app: &App,
    staff: &StaffVisit,
    reference: &NotificationRef,
    tried: &Tried,
    tells: bool,
) -> Result<Response, Problem> {
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
    open_findings(app, &staff.holder.name, findings.iter_mut().map(|it| &mut it.because)).await?;
    let came_of_it = if status == Status::Applied { changed::by(app, reference).await? } else { Vec::new() };
    let own = |it: &&Recorded| by(&it.metadata.actor) == staff.holder.name;
    let last = events.iter().rev().find(own).filter(|_| tells);
    let said = last.and_then(|it| happened::beside(it.event.type_name()));
    let supervisor = staff.is_one_of(&[Role::Supervisor]);
    let kind = text.say(&format!("told-{}", received.kind));
    let body = html! {
        @if let Some(said) = said { (happened::banner(said)) }
        h1 class="govuk-heading-l" { span class="hearth-reference" { (reference) } " " (kind) }
        p class="govuk-body" { (govuk::tag(status.as_str(), Some("blue"))) " No officer had to deal with it. Received " (text.instant(received.received_at)) ", " (received.channel.as_str()) ", for " (text.date(received.effective_on)) "." }
        @if status == Status::Applied {
            h2 class="govuk-heading-m" id="change" { "What it changed" }
            (changes(&came_of_it, (app.backend().opener(), text), changed::NOTHING))
        }
        h2 class="govuk-heading-m" id="told" { "What they told us" }
        (item::everything(told.as_ref(), text))
        (item::checks(&findings, text))
        @if item::acts(staff) {
            h2 class="govuk-heading-m" id="do" { "What you can do" }
            div class="hearth-actions" {
                @if status == Status::Applied { (forms::undo(reference)) }
                (forms::contact(reference, tried))
                @if supervisor && status != Status::Received && !checked { (forms::check(reference, tried)) }
            }
        }
        h2 class="govuk-heading-m" id="history" { "What happened" }
        ol class="hearth-timeline" {
            @for it in events.iter().rev() {
                li class="hearth-timeline__step" {
                    strong { (words(it.event.type_name())) } " by " (by(&it.metadata.actor)) " "
                    span class="hearth-timeline__when" { (text.instant(it.recorded_at)) ", position " (it.position) }
                }
            }
        }
    };
    let title = said.map_or_else(|| format!("{reference} {kind}"), |said| format!("{said} – {reference} {kind}"));
    Ok(staff.show(tried.on(Page::new(title, body).back_to("/staff/search"))))
}
