//! Answers that are kept for later: the link with which their writer comes back, shown or e-mailed; or deleted.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::answers::Amiss;
use super::question::{Input, need};
use super::{AGAIN, Draft, KEPT_DAYS, LONGEST_TYPED, values};
use crate::service::come_back::LinkNotSent;
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::govuk::{self, Asked, Line};
use crate::web::pages::layout::{Page, Visit};
use crate::web::pages::text::Text;
use crate::web::problem::Problem;

/// The field in which an address is given, and its page.
const EMAIL: &str = "email";
const PAGE: &str = "save";
/// How often the link is sent for one draft: enough for whoever mistypes, and nothing to send letters to strangers with.
const MOST_SENT: u8 = 5;

/// Shows the link, where it is kept for later already, and the ways to have it.
pub(in crate::web) async fn show(State(app): State<App>, visit: Visit, draft: Draft, request: Request) -> Response {
    let visit = visit.speaking(draft.answers.lang);
    let again = request.uri().query().is_some_and(|it| it.contains(AGAIN));
    let amiss = draft.answers.amiss.as_ref().filter(|it| again && it.page == PAGE);
    let typed = amiss.and_then(|it| it.given.get(EMAIL)).and_then(|it| it.first());
    let error = typed.map(|it| visit.text.say(wrong(it, draft.answers.mailed).unwrap_or("save-email-not-taken")));
    let (parts, _) = request.into_parts();
    let typed = typed.map_or_else(|| draft.answers.one("you:email"), String::as_str);
    shown(&app, &visit, &draft, &parts, (typed, error))
}

/// Keeps the answers for later.
pub(in crate::web) async fn keep(State(app): State<App>, mut draft: Draft) -> Result<Response, Problem> {
    draft.answers.saved = true;
    draft.keep(&app)?;
    Ok(Redirect::to(&draft.path(PAGE)).into_response())
}

/// Keeps the answers for later, and has the link sent.
pub(in crate::web) async fn mail(
    State(app): State<App>,
    mut draft: Draft,
    request: Request,
) -> Result<Response, Problem> {
    if !draft.answers.sent.is_empty() {
        return Ok(Redirect::to(&draft.path("sent")).into_response());
    }
    let form = form_body(&app, request).await?;
    let typed = form.get(EMAIL).and_then(|it| it.first()).map(|it| it.trim()).unwrap_or_default();
    let sent = if wrong(typed, draft.answers.mailed).is_some() {
        Err(LinkNotSent::NoAddress)
    } else {
        app.backend().mail_draft_link(&draft.name, typed, draft.answers.lang, KEPT_DAYS.1).await
    };
    match sent {
        Ok(()) => {
            draft.answers.saved = true;
            draft.answers.mailed = draft.answers.mailed.saturating_add(1);
            draft.answers.mailed_to = Some(typed.to_owned());
            draft.answers.amiss = None;
            draft.keep(&app)?;
            Ok(Redirect::to(&draft.path(PAGE)).into_response())
        }
        Err(LinkNotSent::NoAddress) => {
            let given = BTreeMap::from([(EMAIL.to_owned(), vec![typed.chars().take(LONGEST_TYPED).collect()])]);
            draft.answers.amiss = Some(Amiss { page: PAGE.to_owned(), given, one_more: false });
            draft.keep(&app)?;
            Ok(Redirect::to(&format!("{}?{AGAIN}", draft.path(PAGE))).into_response())
        }
        // Nobody was offered it.
        Err(LinkNotSent::NoPublicUrl) => Ok(Redirect::to(&draft.path(PAGE)).into_response()),
        Err(LinkNotSent::Service(error)) => Err(Problem::unavailable(&error)),
    }
}

/// The name of the text that says what is wrong with an address, or that enough was sent; none where nothing is.
fn wrong(typed: &str, mailed: u8) -> Option<&'static str> {
    if mailed >= MOST_SENT {
        return Some("save-email-enough");
    }
    let read = values::read(&need!("email", Input::Email), &[typed.to_owned()]);
    read.err().map(|it| if it == values::MISSING { "missing-email" } else { it.text })
}

fn shown(app: &App, visit: &Visit, draft: &Draft, parts: &Parts, (typed, error): (&str, Option<String>)) -> Response {
    let text = visit.text;
    let url = app.backend().public_url();
    let link = url.map_or_else(|| format!("{}/tell/{}", origin(parts), draft.name), |it| it.draft_link(&draft.name));
    let days = KEPT_DAYS.1.to_string();
    let errors: Vec<_> = error.iter().map(|it| (EMAIL.to_owned(), it.clone())).collect();
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (text.say("save-title")) }
                @if draft.answers.saved {
                    p class="govuk-body" { (text.with("save-saved", &[("days", &days)])) }
                    (govuk::inset(&html! { a class="govuk-link" href=(format!("/tell/{}", draft.name)) { (link) } }))
                    p class="govuk-body" { (text.say("save-secret")) }
                    @if let Some(to) = &draft.answers.mailed_to {
                        p class="govuk-body" { (text.with("save-mailed", &[("email", to)])) }
                    }
                    button type="button" class="govuk-button govuk-button--secondary" data-hearth-print hidden { (text.say("print")) }
                } @else {
                    p class="govuk-body" { (text.with("save-why", &[("days", &days)])) }
                }
                @if url.is_some() { (mail_form(text, draft, typed, error)) }
                @if !draft.answers.saved {
                    form method="post" action=(draft.path(PAGE)) novalidate {
                        @if url.is_some() {
                            button type="submit" class="govuk-button govuk-button--secondary" data-module="govuk-button" { (text.say("save-show")) }
                        } @else { (govuk::button(&text.say("save-now"))) }
                    }
                }
                p class="govuk-body" { a class="govuk-link" href=(draft.next(app)) { (text.say("save-carry-on")) } }
                h2 class="govuk-heading-m" { (text.say("delete-title")) }
                p class="govuk-body" { (text.say("delete-why")) }
                form method="post" action=(draft.path("delete")) novalidate {
                    button type="submit" class="govuk-button govuk-button--warning" data-module="govuk-button" { (text.say("delete-now")) }
                }
            }
        }
    };
    Page::new(text.say("save-title"), body).back_to(draft.next(app)).with_errors(errors).shown(visit)
}

fn mail_form(text: &Text, draft: &Draft, typed: &str, error: Option<String>) -> Markup {
    let asked = Asked {
        id: EMAIL.to_owned(),
        name: EMAIL.to_owned(),
        label: text.say("save-email"),
        hint: Some(text.say("save-email-hint")),
        error,
        error_prefix: text.say("error-prefix"),
        ..Asked::default()
    };
    let line = Line { kind: Some("email"), autocomplete: Some("email"), ..Line::default() };
    html! {
        form method="post" action=(draft.path("save/email")) novalidate class="hearth-no-print" {
            (govuk::line(&asked, line, typed))
            (govuk::button(&text.say("save-email-send")))
        }
    }
}

/// Forgets the answers.
pub(in crate::web) async fn delete(State(app): State<App>, visit: Visit, draft: Draft) -> Result<Response, Problem> {
    // What was sent stands, and this is where its codes are.
    if !draft.answers.sent.is_empty() || !draft.answers.sending.is_empty() {
        return Ok(Redirect::to(&draft.path("sent")).into_response());
    }
    app.backend().forget_draft(&draft.name).map_err(|error| Problem::unavailable(&error))?;
    // This page is there once: in another language there is the start page.
    let visit = Visit { here: "/".to_owned(), ..visit.speaking(draft.answers.lang) };
    let text = visit.text;
    let body = html! {
        h1 class="govuk-heading-l" { (text.say("deleted-title")) }
        p class="govuk-body" { (text.say("deleted-text")) }
        p class="govuk-body" { a class="govuk-link" href=(visit.link("/")) { (text.say("deleted-again")) } }
    };
    Ok(Page::new(text.say("deleted-title"), body).shown(&visit))
}

/// Where the service is reached, as the browser says, where nobody else has: only shown back to it, never sent.
fn origin(parts: &Parts) -> String {
    let host = parts.headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let is_local = host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
    format!("{}://{host}", if is_local { "http" } else { "https" })
}
