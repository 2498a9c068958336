//! What a visitor is told when it did not work: what happened to their answers, and what to do now.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use maud::html;

use super::layout::{Page, Visit};
use crate::web::problem::Problem;

/// Whether whoever asks wants to read a page.
pub(in crate::web) fn wants_a_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    accepted.contains("text/html")
}

/// The page for an answer that is a problem; keeps when to try again.
pub(in crate::web) fn instead_of(problem: Response, visit: &Visit) -> Response {
    let status = problem.status();
    let name = match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::FORBIDDEN => "not-from-here",
        StatusCode::TOO_MANY_REQUESTS => "too-many",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        it if it.is_client_error() => "not-understood",
        _ => "broken",
    };
    let text = visit.text;
    let title = text.say(&format!("oops-{name}"));
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (text.say(&format!("oops-{name}-text"))) }
        p class="govuk-body" { (text.say("oops-kept")) }
        p class="govuk-body" { a class="govuk-link" href=(visit.link("/")) { (text.say("oops-start")) } }
    };
    // What was sent to where nothing is shown: in another language there is the start page.
    let visit = if status == StatusCode::FORBIDDEN { &Visit { here: "/".to_owned(), ..visit.clone() } } else { visit };
    let mut page = Page::new(title.clone(), body).with_status(status).shown(visit);
    let kept: [HeaderName; 2] = [header::RETRY_AFTER, header::ALLOW];
    for name in kept {
        if let Some(value) = problem.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// What a member of staff is told when it did not work: what happened and what to do, in the words of the problem.
pub(in crate::web) fn for_staff(problem: &Response, visit: &Visit) -> Response {
    let told = problem.extensions().get::<Problem>();
    let title = told.map_or("Something went wrong", |it| it.title());
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        @if let Some(told) = told { p class="govuk-body" { (told.detail()) } }
        p class="govuk-body" { a class="govuk-link" href="/staff" { "Go to the start" } }
    };
    let visit = Visit { here: "/staff".to_owned(), ..visit.clone() };
    Page::new(title, body).with_status(problem.status()).shown(&visit)
}
