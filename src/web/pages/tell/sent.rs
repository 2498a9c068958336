//! After it was sent: the receipt.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;

use super::Draft;
use crate::web::App;
use crate::web::pages::govuk;
use crate::web::pages::layout::{Page, Visit};
use crate::web::problem::Problem;

/// Shows what was sent and where to see what becomes of it.
pub(in crate::web) async fn show(State(_app): State<App>, visit: Visit, draft: Draft) -> Result<Response, Problem> {
    if draft.answers.sent.is_empty() {
        return Ok(Redirect::to(&draft.next()).into_response());
    }
    let visit = visit.speaking(draft.answers.lang);
    let text = visit.text;
    let references: Vec<String> = draft.answers.sent.iter().map(|it| it.reference.to_string()).collect();
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                (govuk::panel(&text.count("sent-title", references.len()), &html! {
                    (text.count("sent-reference", references.len())) br; strong { (references.join(", ")) }
                }))
            }
        }
    };
    Ok(Page::new(text.count("sent-title", references.len()), body).shown(&visit))
}
