//! Records that are open to named persons only.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::Uprn;
use maud::html;

use super::layout::{StaffVisit, field};
use crate::access::staff::{lift, restrict};
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::problem::Problem;

/// Lists them, by number alone.
pub(in crate::web) async fn list(State(app): State<App>, staff: StaffVisit) -> Result<Response, Problem> {
    listed(&app, &staff, ["", ""], Vec::new()).await
}

async fn listed(
    app: &App,
    staff: &StaffVisit,
    [uprn, open_to]: [&str; 2],
    errors: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let fences = app.0.access.fences_now().await?;
    let all: Vec<_> = fences.restricted().collect();
    let body = html! {
        h1 class="govuk-heading-l" { "Restricted records" }
        p class="govuk-body" { "A dwelling where somebody has to be protected: its accounts and what is told about it are open to the persons named here and to nobody else, whatever their role." }
        @if all.is_empty() { p class="govuk-body" { "There is none." } } @else {
            form method="post" action="/staff/restricted" novalidate {
                div class="hearth-wide" tabindex="0" role="region" aria-label="Restricted records" {
                    table class="govuk-table" {
                        thead class="govuk-table__head" {
                            tr class="govuk-table__row" { @for head in ["UPRN", "Open to", ""] { th scope="col" class="govuk-table__header" { (head) @if head.is_empty() { span class="govuk-visually-hidden" { "What can be done" } } } } }
                        }
                        tbody class="govuk-table__body" {
                            @for (uprn, names) in all {
                                tr class="govuk-table__row" {
                                    th scope="row" class="govuk-table__header" { (uprn) }
                                    td class="govuk-table__cell" { (names.iter().cloned().collect::<Vec<_>>().join(", ")) }
                                    td class="govuk-table__cell" { button type="submit" name="lift" value=(uprn) class="hearth-link-button" { "Open to all" span class="govuk-visually-hidden" { " whose work " (uprn) " is" } } }
                                }
                            }
                        }
                    }
                }
            }
        }
        h2 class="govuk-heading-m" { "Restrict a dwelling" }
        form method="post" action="/staff/restricted" novalidate {
            (field("uprn", "UPRN", None, uprn, &errors))
            (field("open_to", "Open to", Some("Sign-in names, with commas between"), open_to, &errors))
            (govuk::button("Restrict it"))
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(staff.show(Page::new("Restricted records", body).with_errors(errors).with_status(status)))
}

/// Restricts a dwelling, or opens it.
pub(in crate::web) async fn change(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let fields = form_body(&app, request).await?;
    let text =
        |name: &str| fields.get(name).and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    let (backend, by, now) = (app.backend(), staff.holder.name.as_str(), app.backend().now());
    let done = || Ok(Redirect::to("/staff/restricted").into_response());
    if let Ok(uprn) = text("lift").parse::<Uprn>() {
        return match lift(backend.store(), &uprn, by, now).await {
            Err(error) if !error.is_refusal() => Err(error.into()),
            Ok(()) | Err(_) => done(),
        };
    }
    let (given, open_to) = (text("uprn"), text("open_to"));
    let names: Vec<_> = open_to.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
    let mut errors = Vec::new();
    let uprn = given.parse::<Uprn>().ok().filter(|it| matches!(backend.views().dwelling(it), Ok(Some(_))));
    if uprn.is_none() {
        errors.push(("uprn".to_owned(), "Enter the UPRN of a dwelling of this council".to_owned()));
    }
    if names.is_empty() {
        errors.push(("open_to".to_owned(), "Name at least one person".to_owned()));
    }
    let Some(uprn) = uprn.filter(|_| errors.is_empty()) else {
        return listed(&app, &staff, [&given, &open_to], errors).await;
    };
    match restrict(backend.store(), &uprn, &names, by, now).await {
        Ok(()) => done(),
        Err(error) if error.is_refusal() => {
            listed(&app, &staff, [&given, &open_to], vec![("open_to".to_owned(), error.to_string())]).await
        }
        Err(error) => Err(error.into()),
    }
}
