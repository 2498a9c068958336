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

/// Says how many there are, and which are open to whoever asks. Who restricts a dwelling or opens it knows its number.
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
    let open = |it: &Uprn| fences.admit(&staff.holder.name, it).is_ok();
    let (all, theirs) = (fences.restricted().count(), fences.restricted().filter(|(uprn, _)| open(uprn)));
    let theirs: Vec<_> = theirs.collect();
    let body = html! {
        h1 class="govuk-heading-l" { "Restricted records" }
        p class="govuk-body" { "A dwelling where somebody has to be protected: its accounts and what is told about it are open to the persons named for it and to nobody else, whatever their role. Which dwellings these are is for those persons too." }
        p class="govuk-body" role="status" { @match all { 0 => "No dwelling is restricted.", 1 => "One dwelling is restricted.", _ => { (all) " dwellings are restricted." } } }
        @if !theirs.is_empty() {
            h2 class="govuk-heading-m" { "Open to you" }
            ul class="govuk-list" { @for (uprn, names) in theirs { li { (uprn) ", open to " (names.iter().cloned().collect::<Vec<_>>().join(", ")) } } }
        }
        h2 class="govuk-heading-m" { "Restrict a dwelling" }
        form method="post" action="/staff/restricted" novalidate {
            (field("uprn", "UPRN", None, uprn, &errors))
            (field("open_to", "Open to", Some("Sign-in names, with commas between"), open_to, &errors))
            (govuk::button("Restrict it"))
        }
        h2 class="govuk-heading-m" { "Open a dwelling to all whose work it is" }
        form method="post" action="/staff/restricted" novalidate {
            (field("lift", "UPRN of the dwelling to open", None, "", &errors))
            (govuk::button("Open it"))
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
    if fields.contains_key("lift") {
        let Ok(uprn) = text("lift").parse::<Uprn>() else {
            let error = ("lift".to_owned(), "Enter the UPRN of a dwelling of this council".to_owned());
            return listed(&app, &staff, ["", ""], vec![error]).await;
        };
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
