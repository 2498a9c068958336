//! Whoever looks at a record that no work of theirs is about says why, once in a session.

use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;
use axum::response::Response;
use hearth_events::LookedBecause;
use maud::html;

use super::layout::{StaffVisit, asked};
use crate::web::App;
use crate::web::pages::govuk::{self, Choice, Choices};
use crate::web::pages::layout::Page;
use crate::web::problem::Problem;

/// Asks.
pub(in crate::web) async fn ask(app: &App, parts: &mut Parts) -> Result<Response, Problem> {
    let staff = StaffVisit::from_request_parts(parts, app).await?;
    let kept = parts.uri.query().unwrap_or_default();
    let kept: Vec<_> = form_urlencoded::parse(kept.as_bytes()).filter(|(name, _)| name != "because").collect();
    let choice =
        |it: LookedBecause| Choice { value: it.as_str().to_owned(), text: said(it).to_owned(), ..Choice::default() };
    let others = LookedBecause::ALL.into_iter().filter(|it| *it != LookedBecause::WorkItem);
    let choices = Choices { items: others.map(choice).collect(), ..Choices::default() };
    let question = govuk::Asked {
        heading: true,
        ..asked(
            "because",
            "Why do you need this record?",
            Some("No work item of yours is about it. Your answer is recorded under your name."),
            &[],
        )
    };
    let body = html! {
        form method="get" action=(parts.uri.path()) novalidate {
            @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
            (govuk::radios(&question, &choices))
            (govuk::button("Continue"))
        }
    };
    Ok(staff.show(Page::new("Why do you need this record?", body).back_to("/staff/search")))
}

const fn said(why: LookedBecause) -> &'static str {
    match why {
        LookedBecause::WorkItem => "A work item of mine is about it",
        LookedBecause::Telephone => "The person is on the telephone",
        LookedBecause::Counter => "The person is at the counter",
        LookedBecause::Post => "The person wrote",
        LookedBecause::Complaint => "A complaint or an appeal",
        LookedBecause::Check => "I check it, as an audit or for quality",
        LookedBecause::AccessRequest => "The person asked what we hold about them",
    }
}
