//! After it was sent: the receipt.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;

use super::Draft;
use crate::web::App;
use crate::web::pages::layout::{Page, Visit};
use crate::web::pages::outcome::{outcome, who_was_told};
use crate::web::pages::{govuk, told};
use crate::web::problem::Problem;

/// Shows what was sent, what came of it already and what comes next.
pub(in crate::web) async fn show(State(app): State<App>, visit: Visit, draft: Draft) -> Result<Response, Problem> {
    if draft.answers.sent.is_empty() {
        return Ok(Redirect::to(&draft.next(&app)).into_response());
    }
    let visit = visit.speaking(draft.answers.lang);
    let text = visit.text;
    let mut all = Vec::new();
    for sent in &draft.answers.sent {
        if let Some(told) = told::read(&app, &sent.reference).await? {
            all.push((told, sent.token.as_str()));
        }
    }
    let title = text.count("sent-title", all.len());
    let references: Vec<String> = all.iter().map(|(it, _)| it.reference.to_string()).collect();
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                (govuk::panel(&title, &html! {
                    (text.count("sent-reference", all.len()))
                    @for reference in &references { br; strong class="hearth-reference" { (reference) } }
                }))
                p class="govuk-body" { (text.say("sent-keep")) }
                button type="button" class="govuk-button govuk-button--secondary hearth-no-print" data-hearth-print hidden { (text.say("print")) }
                @if draft.answers.entered.is_some() {
                    ul class="govuk-list hearth-no-print" { @for reference in &references { li { a class="govuk-link" href={ "/staff/work/" (reference) } { "Staff: look at " (reference) } } } }
                }
                @for (it, code) in &all {
                    @let link = visit.link(&format!("/track/{}?token={code}", it.reference));
                    h2 class="govuk-heading-m" { (text.say(&format!("told-{}", it.kind))) }
                    (outcome(it, text))
                    p class="govuk-body" { a class="govuk-link" href=(link) { (text.with("sent-track", &[("reference", it.reference.as_str())])) } }
                    p class="govuk-body" { (text.with("sent-code", &[("reference", it.reference.as_str())])) " " span class="hearth-code" { (code) } }
                }
                (who_was_told(text))
                p class="govuk-body hearth-no-print" { a class="govuk-link" href=(visit.link("/")) { (text.say("sent-another")) } }
            }
        }
    };
    Ok(Page::new(title, body).shown(&visit))
}
