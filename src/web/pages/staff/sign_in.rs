//! In and out: by a passphrase of one's own, which a link sets up once.

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{SignInBy, StaffSignedIn};
use maud::{Markup, html};
use serde::Deserialize;

use super::layout::asked;
use super::{provider, session};
use crate::clock::system_now;
use crate::sign_in::{NotSetUp, Tried};
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::govuk::{self, Line};
use crate::web::pages::layout::{Page, Visit};
use crate::web::problem::Problem;

/// Where one wants to go.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Wanted {
    #[serde(default)]
    then: String,
}

impl Wanted {
    /// Where, as it was given.
    pub(super) fn then(&self) -> &str {
        &self.then
    }
}

/// Asks who it is.
pub(in crate::web) async fn ask(State(app): State<App>, visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    form(&app, &visit, &wanted.then, "", Vec::new())
}

fn form(app: &App, visit: &Visit, then: &str, name: &str, errors: Vec<(String, String)>) -> Response {
    let (offered, only) = (app.0.sign_in.offered().is_some(), app.0.sign_in.is_by_provider_only());
    let line = |name: &str, label: &str, kind, autocomplete, value: &str| {
        let line = Line { kind, autocomplete: Some(autocomplete), width: Some(20), ..Line::default() };
        govuk::line(&asked(name, label, None, &errors), line, value)
    };
    let body = html! {
        h1 class="govuk-heading-l" { "Sign in" }
        p class="govuk-body" { "For the council's staff. Residents do not sign in: " a class="govuk-link" href="/" { "tell us of a change" } "." }
        @if offered {
            (provider::link_to(then))
            p class="govuk-body" { "On a computer that others use too, sign out of your council account as well when you are done: signing out here leaves that signed in." }
        }
        @if offered && !only { h2 class="govuk-heading-m" { "Or with a passphrase" } }
        @if !only {
            form method="post" action="/staff/sign-in" novalidate {
                input type="hidden" name="then" value=(then);
                (line("name", "Sign-in name", None, "username", name))
                (line("passphrase", "Passphrase", Some("password"), "current-password", ""))
                (govuk::button("Sign in"))
            }
            p class="govuk-body" { "Forgotten it? Whoever gives access here can send you a new link." }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new("Sign in", body).with_errors(errors).with_status(status).shown(visit)
}

/// Begins a session for whoever knows the passphrase.
pub(in crate::web) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    request: Request,
) -> Result<Response, Problem> {
    if app.0.sign_in.is_by_provider_only() {
        return Ok(no_passphrases(&visit));
    }
    let fields = form_body(&app, request).await?;
    let given =
        |name: &str| fields.get(name).and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    let (name, passphrase, then) = (given("name"), given("passphrase"), given("then"));
    let mut errors = Vec::new();
    if name.is_empty() {
        errors.push(("name".to_owned(), "Enter your sign-in name".to_owned()));
    }
    if passphrase.is_empty() {
        errors.push(("passphrase".to_owned(), "Enter your passphrase".to_owned()));
    }
    if !errors.is_empty() {
        return Ok(form(&app, &visit, &then, &name, errors));
    }
    let wrong = |text: String| Ok(form(&app, &visit, &then, &name, vec![("passphrase".to_owned(), text)]));
    match tried(&app, &name, passphrase).await? {
        Tried::Fits if app.0.access.member(&name).await?.is_some() => {
            let secret = begun(&app, &name, SignInBy::Passphrase).await?;
            let mut response = Redirect::to(within(&then)).into_response();
            response.headers_mut().insert(header::SET_COOKIE, session::given(&secret));
            Ok(response)
        }
        Tried::Fits | Tried::Wrong => wrong("The name or the passphrase is not right: check both".to_owned()),
        Tried::Wait(seconds) => wrong(format!(
            "Too many wrong passphrases: try again in {} minutes, or ask for a new link",
            seconds.div_euclid(60) + 1
        )),
    }
}

/// What is told where only the provider's word counts.
fn no_passphrases(visit: &Visit) -> Response {
    let body = html! {
        h1 class="govuk-heading-l" { "Nobody signs in with a passphrase here" }
        p class="govuk-body" { "Sign in with your council account. You need no link and no passphrase for it." }
        (provider::link_to(""))
    };
    let visit = Visit { here: "/staff/sign-in".to_owned(), ..visit.clone() };
    Page::new("Nobody signs in with a passphrase here", body).with_status(StatusCode::FORBIDDEN).shown(&visit)
}

/// Passphrases are stretched on purpose: that keeps nobody else waiting.
async fn tried(app: &App, name: &str, passphrase: String) -> Result<Tried, Problem> {
    let (doors, name) = (std::sync::Arc::clone(&app.0.sign_in), name.to_owned());
    let tried = tokio::task::spawn_blocking(move || doors.try_passphrase(&name, &passphrase, system_now())).await;
    tried.map_err(|error| Problem::internal(&error))?.map_err(|error| Problem::unavailable(&error))
}

/// Begins a session, after that was recorded, and gives its secret.
pub(super) async fn begun(app: &App, name: &str, by: SignInBy) -> Result<String, Problem> {
    let secret = app.0.sign_in.begin(name, system_now()).map_err(|error| Problem::unavailable(&error))?;
    let signed_in = StaffSignedIn { staff: name.to_owned(), by };
    app.backend().signed_in(signed_in).await.map_err(|error| Problem::unavailable(&error))?;
    Ok(secret)
}

/// A page of staff, and nowhere else.
pub(super) fn within(then: &str) -> &str {
    let is_ours = then == "/staff" || then.starts_with("/staff/") || then.starts_with("/staff?");
    let is_plain = then.bytes().all(|it| it.is_ascii_graphic() && it != b'\\');
    if is_ours && is_plain && !then.starts_with("/staff/sign-") { then } else { "/staff" }
}

/// Ends the session.
pub(in crate::web) async fn sign_out(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    if let Some(secret) = session::secret(request.headers()) {
        app.0.sign_in.end(secret).map_err(|error| Problem::unavailable(&error))?;
    }
    let mut response = Redirect::to("/staff/sign-in").into_response();
    response.headers_mut().insert(header::SET_COOKIE, session::taken());
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// What is told to somebody whose session has ended while they wrote.
pub(in crate::web) fn has_ended(visit: &Visit) -> Response {
    let body = html! {
        h1 class="govuk-heading-l" { "You have to sign in again" }
        p class="govuk-body" { "Your session has ended, because nothing was done for an hour, it lasted twelve, or you signed out. What you just sent was not done." }
        p class="govuk-body" {
            a class="govuk-link" href="/staff/sign-in" target="_blank" rel="noopener" { "Sign in (opens in a new tab)" }
            ", come back to this tab, and send it again: your browser still has what you wrote."
        }
    };
    let visit = Visit { here: "/staff/sign-in".to_owned(), ..visit.clone() };
    Page::new("You have to sign in again", body).with_status(StatusCode::UNAUTHORIZED).shown(&visit)
}

/// Asks for a passphrase, whoever has a link.
pub(in crate::web) async fn ask_to_set_up(
    State(app): State<App>,
    visit: Visit,
    Path(link): Path<String>,
) -> Result<Response, Problem> {
    if app.0.sign_in.is_by_provider_only() {
        return Ok(no_passphrases(&visit));
    }
    let linked = app.0.sign_in.linked(&link, system_now()).map_err(|error| Problem::unavailable(&error))?;
    Ok(match linked {
        Some(name) => set_up_form(&visit, &link, &name, Vec::new()),
        None => no_link(&visit),
    })
}

fn set_up_form(visit: &Visit, link: &str, name: &str, errors: Vec<(String, String)>) -> Response {
    let hint = "14 characters or more. Three random words with spaces are good; you can paste it.";
    let secret = Line { kind: Some("password"), autocomplete: Some("new-password"), ..Line::default() };
    let body = html! {
        h1 class="govuk-heading-l" { "Choose a passphrase" }
        p class="govuk-body" { "You sign in as " strong { (name) } "." }
        form method="post" action={ "/staff/set-up/" (link) } novalidate {
            // For password managers.
            input type="hidden" name="username" value=(name) autocomplete="username";
            (govuk::line(&asked("passphrase", "Passphrase", Some(hint), &errors), secret, ""))
            (govuk::line(&asked("again", "The same again", None, &errors), secret, ""))
            (govuk::button("Keep it"))
        }
    };
    page(visit, "Choose a passphrase", body, errors)
}

fn page(visit: &Visit, title: &str, body: Markup, errors: Vec<(String, String)>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page::new(title, body).with_errors(errors).with_status(status).shown(visit)
}

fn no_link(visit: &Visit) -> Response {
    let body = html! {
        h1 class="govuk-heading-l" { "This link does not work any more" }
        p class="govuk-body" { "A link works once, for three days, and only the newest one. Ask whoever gives access here for another." }
        p class="govuk-body" { a class="govuk-link" href="/staff/sign-in" { "Sign in" } }
    };
    Page::new("This link does not work any more", body).with_status(StatusCode::NOT_FOUND).shown(visit)
}

/// Keeps the passphrase and goes to where one signs in with it.
pub(in crate::web) async fn set_up(
    State(app): State<App>,
    visit: Visit,
    Path(link): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    if app.0.sign_in.is_by_provider_only() {
        return Ok(no_passphrases(&visit));
    }
    let fields = form_body(&app, request).await?;
    let given =
        |name: &str| fields.get(name).and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    let (chosen, again) = (given("passphrase"), given("again"));
    let linked = app.0.sign_in.linked(&link, system_now()).map_err(|error| Problem::unavailable(&error))?;
    let Some(name) = linked else { return Ok(no_link(&visit)) };
    if chosen != again {
        let error = ("again".to_owned(), "Enter the same passphrase twice".to_owned());
        return Ok(set_up_form(&visit, &link, &name, vec![error]));
    }
    let (doors, kept) = (std::sync::Arc::clone(&app.0.sign_in), link.clone());
    let kept = tokio::task::spawn_blocking(move || doors.set_up(&kept, &chosen, system_now())).await;
    match kept.map_err(|error| Problem::internal(&error))? {
        Ok(_) => Ok(Redirect::to("/staff/sign-in").into_response()),
        Err(NotSetUp::Link) => Ok(no_link(&visit)),
        Err(NotSetUp::Weak(weak)) => {
            Ok(set_up_form(&visit, &link, &name, vec![("passphrase".to_owned(), weak.to_string())]))
        }
        Err(NotSetUp::Failed(error)) => Err(Problem::unavailable(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn one_comes_back_to_a_page_of_staff_and_nowhere_else() {
        for ours in ["/staff", "/staff/queue?queue=moves", "/staff?x=1"] {
            assert_eq!(within(ours), ours);
        }
        for other in [
            "",
            "https://evil.example",
            "//evil.example",
            "/staffx",
            "/staff/sign-out",
            "/staff/\\evil",
            "/staff/\r\nx",
        ] {
            assert_eq!(within(other), "/staff", "{other:?}");
        }
    }
}
