//! What became of a notification, for whoever has its reference and its code.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{NotificationRef, Status};
use maud::{Markup, html};
use serde::Deserialize;

use super::govuk::{self, Asked, Line};
use super::layout::{Page, Visit};
use super::outcome::{outcome, who_was_told};
use super::text::{Lang, Text};
use super::told::{self, Told};
use crate::evidence::content::Unusable;
use crate::service::Sender;
use crate::service::submitter::{EvidenceSent, FollowUp, NotTaken};
use crate::web::App;
use crate::web::body::{form_body, form_with_file};
use crate::web::problem::Problem;

/// The longest answer to an officer, characters.
const LONGEST_ANSWER: usize = 1500;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Wanted {
    #[serde(default)]
    reference: Option<String>,
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
    let was_sent = wanted.reference.is_some();
    let (reference, token) = (wanted.reference.unwrap_or_default().trim().to_uppercase(), wanted.token.trim());
    let mut errors = Vec::new();
    for (name, value) in [("reference", reference.as_str()), ("token", token)] {
        if was_sent && value.is_empty() {
            errors.push((name.to_owned(), text.say(&format!("track-{name}-missing"))));
        }
    }
    if was_sent && errors.is_empty() {
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
    let opened = match open(&app, &visit, &reference, wanted).await? {
        Ok(opened) => opened,
        Err(elsewhere) => return Ok(elsewhere),
    };
    Ok(opened.page(&visit, Vec::new()))
}

/// What became of a notification, for whoever has its code.
struct Opened {
    told: Told,
    token: String,
}

/// Opens what became of a notification; who does not have its code goes to where it is asked for.
async fn open(
    app: &App,
    visit: &Visit,
    reference: &str,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Result<Opened, Response>, Problem> {
    let token = wanted.map(|Query(it)| it.token).unwrap_or_default();
    let known = reference.parse::<NotificationRef>().ok().filter(|it| app.backend().tracking_token_fits(it, &token));
    let told = match &known {
        Some(reference) => told::read(app, reference).await?,
        None => None,
    };
    Ok(told.map(|told| Opened { told, token: token.clone() }).ok_or_else(|| {
        let asked = form_urlencoded::Serializer::new(String::new())
            .append_pair("reference", reference)
            .append_pair("token", if token.is_empty() { "-" } else { &token })
            .finish();
        Redirect::to(&visit.link(&format!("/track?{asked}"))).into_response()
    }))
}

impl Opened {
    fn path(&self, visit: &Visit, rest: &str) -> String {
        visit.link(&format!("/track/{}{rest}?token={}", self.told.reference, self.token))
    }

    /// The page; where something was sent from it and is shown with what was wrong, it is still found where it is shown.
    fn page(&self, visit: &Visit, errors: Vec<(String, String)>) -> Response {
        let (text, told) = (visit.text, &self.told);
        let title = text.with("track-shown-title", &[("reference", told.reference.as_str())]);
        let waits = matches!(told.status, Status::Received | Status::Referred | Status::AwaitingEvidence);
        let body = html! {
            div class="govuk-grid-row" {
                div class="govuk-grid-column-two-thirds" {
                    h1 class="govuk-heading-l" { (title) }
                    (outcome(told, text))
                    @if told.status == Status::AwaitingEvidence { (self.answer_form(visit, &errors)) }
                    @if waits { (self.evidence_form(visit, &errors)) }
                    h2 class="govuk-heading-m" { (text.say("track-steps")) }
                    (timeline(told, text))
                    @if waits {
                        p class="govuk-body" {
                            a class="govuk-link" href=(self.path(visit, "/withdraw")) { (text.say("withdraw-link")) }
                        }
                    }
                    (who_was_told(text))
                }
            }
        };
        let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let visit = Visit { here: self.path(&Visit { text: Lang::En.text(), ..visit.clone() }, ""), ..visit.clone() };
        Page::new(title, body).with_errors(errors).with_status(status).shown(&visit)
    }

    fn asked(visit: &Visit, name: &str, errors: &[(String, String)]) -> Asked {
        Asked {
            id: name.to_owned(),
            name: name.to_owned(),
            label: visit.text.say(&format!("track-{name}")),
            hint: Some(visit.text.say(&format!("track-{name}-hint"))),
            error: errors.iter().find(|(id, _)| id == name).map(|(_, it)| it.clone()),
            error_prefix: visit.text.say("error-prefix"),
            ..Asked::default()
        }
    }

    fn answer_form(&self, visit: &Visit, errors: &[(String, String)]) -> Markup {
        html! {
            form method="post" action=(self.path(visit, "/answer")) novalidate class="hearth-no-print" {
                (govuk::textarea(&Self::asked(visit, "answer", errors), 5, ""))
                (govuk::button(&visit.text.say("track-answer-send")))
            }
        }
    }

    fn evidence_form(&self, visit: &Visit, errors: &[(String, String)]) -> Markup {
        html! {
            form method="post" action=(self.path(visit, "/evidence")) enctype="multipart/form-data" novalidate class="hearth-no-print" {
                (govuk::file_upload(&Self::asked(visit, "document", errors), ".pdf,.jpg,.jpeg,.png,.heic,.heif"))
                (govuk::button(&visit.text.say("track-document-send")))
            }
        }
    }

    /// Does what its sender asks for, and shows it as it then is; says what is wrong where that is for them to put right.
    async fn follow_up(self, app: &App, visit: &Visit, field: &str, told: FollowUp) -> Result<Response, Problem> {
        let path = self.path(visit, "");
        let problem = match app.backend().follow_up(&self.told.reference, told, Sender::Public).await {
            Ok(()) => return Ok(Redirect::to(&path).into_response()),
            Err(problem) => problem,
        };
        let name = match &problem {
            NotTaken::Service(_) | NotTaken::NotScanned(_) => return Err(Problem::unavailable(&problem)),
            NotTaken::Unknown => "track-not-found",
            NotTaken::Completed(_) | NotTaken::UnderWay | NotTaken::ForSupervisors => "track-too-late",
            NotTaken::NothingAsked => "track-nothing-asked",
            NotTaken::TooMany(_) => "track-too-many",
            NotTaken::Unusable(why) => unusable(*why),
            NotTaken::Infected => "track-infected",
        };
        Ok(self.page(visit, vec![(field.to_owned(), visit.text.say(name))]))
    }
}

/// The name of the text that says why a file cannot be evidence.
pub(super) const fn unusable(why: Unusable) -> &'static str {
    match why {
        Unusable::Empty => "track-file-empty",
        Unusable::TooLarge => "track-file-too-large",
        Unusable::OfAnotherType => "track-file-of-another-type",
        Unusable::Locked => "track-file-locked",
    }
}

/// Takes the answer to what an officer asked.
pub(in crate::web) async fn answer(
    State(app): State<App>,
    visit: Visit,
    Path(reference): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let opened = match open(&app, &visit, &reference, wanted).await? {
        Ok(opened) => opened,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let form = form_body(&app, request).await?;
    let text = form.get("answer").and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    if text.is_empty() {
        return Ok(opened.page(&visit, vec![("answer".to_owned(), visit.text.say("missing-text"))]));
    }
    let is_readable = |it: char| !it.is_control() || matches!(it, '\n' | '\r' | '\t');
    if text.chars().count() > LONGEST_ANSWER || !text.chars().all(is_readable) {
        return Ok(opened.page(&visit, vec![("answer".to_owned(), visit.text.say("track-answer-too-long"))]));
    }
    opened.follow_up(&app, &visit, "answer", FollowUp::Answer { text }).await
}

/// Takes a document.
pub(in crate::web) async fn evidence(
    State(app): State<App>,
    visit: Visit,
    Path(reference): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let opened = match open(&app, &visit, &reference, wanted).await? {
        Ok(opened) => opened,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some((name, content)) = form_with_file(&app, request).await?.file else {
        return Ok(opened.page(&visit, vec![("document".to_owned(), visit.text.say("missing-file"))]));
    };
    let file_name = Some(name.chars().filter(|it| !it.is_control()).take(100).collect());
    opened
        .follow_up(&app, &visit, "document", FollowUp::Evidence(EvidenceSent { kind: None, file_name, content }))
        .await
}

/// Asks whether it is to be withdrawn.
pub(in crate::web) async fn ask_to_withdraw(
    State(app): State<App>,
    visit: Visit,
    Path(reference): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Problem> {
    let opened = match open(&app, &visit, &reference, wanted).await? {
        Ok(opened) => opened,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let text = visit.text;
    let title = text.with("withdraw-title", &[("reference", opened.told.reference.as_str())]);
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (text.say("withdraw-text")) }
        form method="post" action=(opened.path(&visit, "/withdraw")) novalidate {
            button type="submit" class="govuk-button govuk-button--warning" data-module="govuk-button" { (text.say("withdraw-do")) }
        }
    };
    Ok(Page::new(title, body).back_to(opened.path(&visit, "")).shown(&visit))
}

/// Withdraws it.
pub(in crate::web) async fn withdraw(
    State(app): State<App>,
    visit: Visit,
    Path(reference): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Problem> {
    match open(&app, &visit, &reference, wanted).await? {
        Ok(opened) => opened.follow_up(&app, &visit, "main-content", FollowUp::Withdraw { by_officer: false }).await,
        Err(elsewhere) => Ok(elsewhere),
    }
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
