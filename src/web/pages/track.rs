//! What became of a notification, for whoever has its reference and its code.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::NotificationRef;
use maud::{Markup, html};
use serde::Deserialize;

use super::govuk::{self, Asked, Line};
use super::layout::{Page, Visit};
use super::outcome::{outcome, who_was_told};
use super::text::Text;
use super::told::{self, Told};
use crate::web::App;
use crate::web::problem::Problem;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Wanted {
    #[serde(default)]
    reference: String,
    #[serde(default)]
    token: String,
}

/// Asks for reference and code, and goes to what they show.
pub(in crate::web) async fn ask(
    State(app): State<App>,
    visit: Visit,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.map(|Query(it)| it).unwrap_or_default();
    let text = visit.text;
    let (reference, token) = (wanted.reference.trim().to_uppercase(), wanted.token.trim());
    let mut errors = Vec::new();
    if !reference.is_empty() || !token.is_empty() {
        match reference.parse::<NotificationRef>() {
            Ok(it) if app.backend().tracking_token_fits(&it, token) => {
                return Redirect::to(&visit.link(&format!("/track/{it}?token={token}"))).into_response();
            }
            Ok(_) | Err(_) => errors.push(("reference".to_owned(), text.say("track-not-found"))),
        }
    }
    let line = |name: &str, value: &str| {
        let asked = Asked {
            id: name.to_owned(),
            name: name.to_owned(),
            label: text.say(&format!("track-{name}")),
            hint: Some(text.say(&format!("track-{name}-hint"))),
            error: errors.iter().find(|(id, _)| id == name).map(|(_, it)| it.clone()),
            error_prefix: text.say("error-prefix"),
            ..Asked::default()
        };
        govuk::line(&asked, Line::default(), value)
    };
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (text.say("track-title")) }
                p class="govuk-body" { (text.say("track-lead")) }
                form method="get" action="/track" novalidate {
                    (line("reference", &reference))
                    (line("token", token))
                    @if text.lang().code() != "en" { input type="hidden" name="lang" value=(text.lang().code()); }
                    (govuk::button(&text.say("continue")))
                }
            }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Page::new(text.say("track-title"), body)
        .back_to(visit.link("/"))
        .with_errors(errors)
        .with_status(status)
        .shown(&visit)
}

/// Shows what became of it.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visit: Visit,
    Path(reference): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Problem> {
    let token = wanted.map(|Query(it)| it.token).unwrap_or_default();
    let known = reference.parse::<NotificationRef>().ok().filter(|it| app.backend().tracking_token_fits(it, &token));
    let told = match &known {
        Some(reference) => told::read(&app, reference).await?,
        None => None,
    };
    let Some(told) = told else {
        let asked = format!(
            "/track?{}",
            form_urlencoded::Serializer::new(String::new())
                .append_pair("reference", &reference)
                .append_pair("token", if token.is_empty() { "-" } else { &token })
                .finish()
        );
        return Ok(Redirect::to(&visit.link(&asked)).into_response());
    };
    let text = visit.text;
    let title = text.with("track-shown-title", &[("reference", told.reference.as_str())]);
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                (outcome(&told, text))
                h2 class="govuk-heading-m" { (text.say("track-steps")) }
                (timeline(&told, text))
                (who_was_told(text))
            }
        }
    };
    Ok(Page::new(title, body).shown(&visit))
}

/// What happened, newest first.
fn timeline(told: &Told, text: &Text) -> Markup {
    html! {
        ol class="hearth-timeline" reversed {
            @for (at, step) in told.steps.iter().rev() {
                li class="hearth-timeline__step" {
                    (text.say(&format!("step-{step}")))
                    time class="hearth-timeline__when" datetime=(at.to_string()) { (text.instant(*at)) }
                }
            }
        }
    }
}
