//! Where it begins.

use axum::response::Response;
use maud::html;

use super::govuk;
use super::layout::{Page, Visit};

/// What the service is for, what is needed, and the way in.
pub(in crate::web) async fn show(visit: Visit) -> Response {
    let text = visit.text;
    let can = ["moved", "household", "discount", "property", "money", "death"];
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-xl" { (text.say("start-title")) }
                p class="govuk-body-l" { (text.say("start-lead")) }
                p class="govuk-body" { (text.say("start-can")) ":" }
                ul class="govuk-list govuk-list--bullet" {
                    @for it in can { li { (text.say(&format!("start-can-{it}"))) } }
                }
                h2 class="govuk-heading-m" { (text.say("start-need")) }
                p class="govuk-body" { (text.say("start-need-text")) }
                p class="govuk-body" { (text.say("start-before-text")) }
                form method="post" action=(visit.link("/tell")) novalidate {
                    (govuk::start_button(&text.say("start-now")))
                }
                p class="govuk-body" { (text.say("start-resume")) }
                p class="govuk-body" { a class="govuk-link" href=(visit.link("/many")) { (text.say("start-many")) } }
                h2 class="govuk-heading-m" { (text.say("start-other-ways")) }
                p class="govuk-body" { (text.say("start-other-ways-text")) }
            }
        }
    };
    Page { translated: true, ..Page::new(text.say("start-title"), body) }.shown(&visit)
}
