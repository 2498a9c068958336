//! What one says of oneself: which dwellings one must not touch.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::Uprn;
use maud::html;

use super::keys::{Key, keys};
use super::layout::{StaffVisit, field};
use crate::access::staff::relate;
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::problem::Problem;

/// Every letter that does something somewhere.
const LETTERS: [Key<'static>; 15] = [
    ("n", "next item", ""),
    ("c", "claim", ""),
    ("a", "accept", ""),
    ("r", "reject", ""),
    ("p", "put right", ""),
    ("q", "ask", ""),
    ("d", "put off", ""),
    ("h", "hand over", ""),
    ("g", "list", ""),
    ("j", "down the list", ""),
    ("k", "up the list", ""),
    ("x", "pick", ""),
    ("/", "search", ""),
    ("?", "this page", ""),
    ("Ctrl Enter", "send what you write", ""),
];

/// Shows what was declared.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit) -> Result<Response, Problem> {
    shown(&app, &staff, "", Vec::new()).await
}

async fn shown(app: &App, staff: &StaffVisit, given: &str, errors: Vec<(String, String)>) -> Result<Response, Problem> {
    let fences = app.0.access.fences_now().await?;
    let related: Vec<_> = fences.related(&staff.holder.name).collect();
    let queues = if staff.queues.is_empty() { "every queue".to_owned() } else { staff.queues.join(", ") };
    let hint = "The UPRN of your home, of another dwelling you own or rent, or of where somebody close to you lives. It is on a council tax bill.";
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { "You" }
                p class="govuk-body" { "You sign in as " strong { (staff.holder.name) } ", are " (staff.holder.role.as_str()) " here, and work on " (queues) "." }
                h2 class="govuk-heading-m" { "Dwellings you must not touch" }
                p class="govuk-body" { "Nobody deals with their own council tax or that of somebody close to them. What is about a dwelling you name here is closed to you from then on; only a colleague who gives access can open it again." }
                @if related.is_empty() { p class="govuk-body" { "You have named none." } }
                @else { ul class="govuk-list govuk-list--bullet" { @for uprn in related { li { "UPRN " (uprn) } } } }
                form method="post" action="/staff/me/relations" novalidate {
                    (field("uprn", "UPRN", Some(hint), given, &errors))
                    (govuk::button("Close it to me"))
                }
                h2 class="govuk-heading-m" id="keys" { "Keys" }
                p class="govuk-body" { "Everything works with Tab, Enter and Space. Where you switch it on in this browser, letters work too, but never while you write. Where a page tells you what you just did, n takes the next item in any case." }
                (keys(&LETTERS))
                p class="govuk-body" { "Where you write to a resident or a colleague, Ctrl and Enter send it." }
            }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(staff.show(Page::new("You", body).with_errors(errors).with_status(status)))
}

/// Declares a relation of one's own.
pub(in crate::web) async fn declare(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let fields = form_body(&app, request).await?;
    let given = fields.get("uprn").and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    let is_here = |uprn: &Uprn| app.backend().views().dwelling(uprn).map(|it| it.is_some());
    let Some(uprn) = given.parse::<Uprn>().ok().filter(|it| is_here(it).unwrap_or(false)) else {
        let error =
            ("uprn".to_owned(), "Enter the UPRN of a dwelling of this council, such as 100062000000".to_owned());
        return shown(&app, &staff, &given, vec![error]).await;
    };
    let name = &staff.holder.name;
    relate(app.backend().store(), name, &uprn, name, app.backend().now()).await.map_err(Problem::from)?;
    Ok(Redirect::to("/staff/me").into_response())
}
