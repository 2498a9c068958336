//! Who may sign in: enrolled, given a link, changed, and let go by whoever gives access.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{Role, Uprn};
use maud::{Markup, html};

use super::layout::{StaffVisit, asked, field};
use super::me::steps;
use crate::access::staff::{enrol as enrolled, leave, link_made, relate, unrelate};
use crate::access::{AccessError, Member};
use crate::clock::system_now;
use crate::sign_in::SignIn;
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::govuk::{self, Choice, Choices};
use crate::web::pages::layout::Page;
use crate::web::problem::Problem;

/// The roles of staff.
const ROLES: [Role; 5] = [Role::Officer, Role::Supervisor, Role::Auditor, Role::Manager, Role::Admin];

/// How many of the last steps of everybody's access are shown.
const STEPS: usize = 50;

/// Lists who may sign in.
pub(in crate::web) async fn list(State(app): State<App>, staff: StaffVisit) -> Result<Response, Problem> {
    listed(&app, &staff, &Given::default(), Vec::new()).await
}

/// What was filled in.
#[derive(Default)]
struct Given {
    name: String,
    role: String,
    queues: String,
}

async fn listed(
    app: &App,
    staff: &StaffVisit,
    given: &Given,
    errors: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let members = app.0.access.members().await?;
    let history = app.0.access.history(None).await?;
    let hint =
        format!("Those they are trained for, with commas between: {}. Leave it empty for every queue.", there_are(app));
    let body = html! {
        h1 class="govuk-heading-l" { "People" }
        div class="hearth-wide" tabindex="0" role="region" aria-label="Who may sign in" {
            table class="govuk-table" {
                caption class="govuk-table__caption govuk-table__caption--m" { "Who may sign in" }
                thead class="govuk-table__head" {
                    tr class="govuk-table__row" {
                        @for head in ["Sign-in name", "Role", "Queues"] { th scope="col" class="govuk-table__header" { (head) } }
                    }
                }
                tbody class="govuk-table__body" {
                    @for it in &members {
                        tr class="govuk-table__row" {
                            th scope="row" class="govuk-table__header" { a class="govuk-link" href={ "/staff/people/" (it.name) } { (it.name) } }
                            td class="govuk-table__cell" { (it.role.as_str()) }
                            td class="govuk-table__cell" { (queues(it)) }
                        }
                    }
                }
            }
        }
        h2 class="govuk-heading-m" { "Let somebody sign in" }
        form method="post" action="/staff/people" novalidate {
            (field("name", "Sign-in name", Some("Letters, digits and . - _ @. It stands in the records for good."), &given.name, &errors))
            (roles(&given.role, &errors))
            (field("queues", "Queues", Some(&hint), &given.queues, &errors))
            (govuk::button("Let them sign in"))
        }
        h2 class="govuk-heading-m" id="history" { "What was done to access" }
        (steps(history.iter().rev().take(STEPS), true, staff.visit.text))
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(staff.show(Page::new("People", body).with_errors(errors).with_status(status)))
}

fn there_are(app: &App) -> String {
    app.backend().queues().into_iter().collect::<Vec<_>>().join(", ")
}

fn queues(member: &Member) -> String {
    if member.queues.is_empty() { "every queue".to_owned() } else { member.queues.join(", ") }
}

fn roles(chosen: &str, errors: &[(String, String)]) -> Markup {
    let choice = |it: Role| {
        let text = it.as_str().to_owned();
        Choice { chosen: text == chosen, value: text.clone(), text, ..Choice::default() }
    };
    let items = ROLES.into_iter().map(choice).collect();
    govuk::radios(&asked("role", "Role", None, errors), &Choices { items, ..Choices::default() })
}

/// Lets somebody sign in, and shows their link, for the only time.
pub(in crate::web) async fn enrol(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let fields = form_body(&app, request).await?;
    let text =
        |name: &str| fields.get(name).and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    let given = Given { name: text("name"), role: text("role"), queues: text("queues") };
    let mut errors = Vec::new();
    let role = given.role.parse::<Role>().ok().filter(|it| ROLES.contains(it));
    if role.is_none() {
        errors.push(("role".to_owned(), "Choose a role".to_owned()));
    }
    let is_there = app.0.access.member(&given.name).await?.is_some();
    if is_there {
        errors.insert(0, ("name".to_owned(), format!("{} may sign in already: open them in the list", given.name)));
    }
    let Some(role) = role.filter(|_| errors.is_empty()) else { return listed(&app, &staff, &given, errors).await };
    let member = Member { name: given.name.clone(), role, queues: split(&given.queues) };
    let (backend, by) = (app.backend(), &staff.holder.name);
    match enrolled(backend.store(), &member, &backend.queues(), by, backend.now()).await {
        Ok(()) => linked(&app, &staff, &member.name).await,
        Err(error) if error.is_refusal() => listed(&app, &staff, &given, vec![faulty(&error)]).await,
        Err(error) => Err(error.into()),
    }
}

fn split(queues: &str) -> Vec<String> {
    queues.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

/// The field that a refusal is about, and why.
fn faulty(error: &AccessError) -> (String, String) {
    let field = if matches!(error, AccessError::UnknownQueue(..)) { "queues" } else { "name" };
    (field.to_owned(), error.to_string())
}

/// Makes a link and shows it, after that was recorded.
async fn linked(app: &App, staff: &StaffVisit, name: &str) -> Result<Response, Problem> {
    let (doors, now) = (&app.0.sign_in, system_now());
    let held = doors.has_passphrase(name).map_err(|error| Problem::unavailable(&error))?;
    let (backend, by) = (app.backend(), &staff.holder.name);
    link_made(backend.store(), name, by, (SignIn::link_lapses(now), held), backend.now()).await?;
    let link = doors.link(name, now).map_err(|error| Problem::unavailable(&error))?;
    let body = html! {
        h1 class="govuk-heading-l" { "A link for " (name) }
        p class="govuk-body" { "Give it to them yourself, in person or by a message that nobody else reads. It is shown only now, works once, and for three days. That you made it stands on their page and in the records." }
        (govuk::inset(&html! { a class="govuk-link" href={ "/staff/set-up/" (link) } { "/staff/set-up/" (link) } }))
        p class="govuk-body" { a class="govuk-link" href="/staff/people" { "Back to people" } }
    };
    Ok(staff.show(Page::new(format!("A link for {name}"), body)))
}

/// Shows one of them.
pub(in crate::web) async fn show(
    State(app): State<App>,
    staff: StaffVisit,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    shown(&app, &staff, &name, Vec::new()).await
}

async fn shown(app: &App, staff: &StaffVisit, name: &str, errors: Vec<(String, String)>) -> Result<Response, Problem> {
    let members = app.0.access.members().await?;
    let Some(member) = members.iter().find(|it| it.name == name) else {
        return Err(Problem::not_found("Nobody of this name may sign in."));
    };
    let fences = app.0.access.fences().await?;
    let history = app.0.access.history(Some(name)).await?;
    let hint = format!("With commas between: {}. Leave it empty for every queue.", there_are(app));
    let action = format!("/staff/people/{name}");
    let press = |what: &str, text: &str, class: &str| {
        html! { button type="submit" name="do" value=(what) class={ "govuk-button " (class) } data-module="govuk-button" { (text) } }
    };
    let body = html! {
        h1 class="govuk-heading-l" { (name) }
        form method="post" action=(action) novalidate {
            (roles(member.role.as_str(), &errors))
            (field("queues", "Queues", Some(&hint), &member.queues.join(", "), &errors))
            (press("change", "Change", ""))
        }
        h2 class="govuk-heading-m" { "Dwellings they must not touch" }
        form method="post" action=(action) novalidate {
            // A restricted one is not named to whom it is closed; whoever knows its number ends it on the command line.
            @for uprn in fences.related(name).filter(|it| fences.admit(&staff.holder.name, it).is_ok()) {
                p class="govuk-body" { "UPRN " (uprn) " " button type="submit" name="open" value=(uprn) class="hearth-link-button" { "Open it to them again" } }
            }
            (field("uprn", "UPRN", None, "", &errors))
            (press("relate", "Close it to them", "govuk-button--secondary"))
        }
        h2 class="govuk-heading-m" { "Signing in" }
        (steps(history.iter().rev(), false, staff.visit.text))
        form method="post" action=(action) novalidate {
            div class="govuk-button-group" {
                (press("link", "Make a new link", "govuk-button--secondary"))
                (press("leave", "They may not sign in any more", "govuk-button--warning"))
            }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(staff.show(Page::new(name, body).back_to("/staff/people").with_errors(errors).with_status(status)))
}

/// Changes one of them.
pub(in crate::web) async fn change(
    State(app): State<App>,
    staff: StaffVisit,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let fields = form_body(&app, request).await?;
    let text =
        |name: &str| fields.get(name).and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    let (backend, by, now) = (app.backend(), staff.holder.name.as_str(), app.backend().now());
    let again = || Ok(Redirect::to(&format!("/staff/people/{name}")).into_response());
    let known =
        |given: &str| given.parse::<Uprn>().ok().filter(|it| matches!(backend.views().dwelling(it), Ok(Some(_))));
    if let Some(uprn) = known(&text("open")) {
        return match unrelate(backend.store(), &name, &uprn, by, now).await {
            Ok(()) => again(),
            Err(error) if error.is_refusal() => {
                shown(&app, &staff, &name, vec![("uprn".to_owned(), error.to_string())]).await
            }
            Err(error) => Err(error.into()),
        };
    }
    match text("do").as_str() {
        // Whoever sits down at an open browser does not take it over for good.
        "link" | "leave" if name == by => {
            let error = ("role".to_owned(), "Another person has to do that for you".to_owned());
            shown(&app, &staff, &name, vec![error]).await
        }
        "link" if app.0.access.member(&name).await?.is_some() => linked(&app, &staff, &name).await,
        "leave" => {
            leave(backend.store(), &name, by, now).await?;
            app.0.sign_in.forget(&name).map_err(|error| Problem::unavailable(&error))?;
            Ok(Redirect::to("/staff/people").into_response())
        }
        "relate" => {
            let Some(uprn) = known(&text("uprn")) else {
                let error = ("uprn".to_owned(), "Enter the UPRN of a dwelling of this council".to_owned());
                return shown(&app, &staff, &name, vec![error]).await;
            };
            relate(backend.store(), &name, &uprn, by, now).await?;
            again()
        }
        "change" => {
            let Some(role) = text("role").parse::<Role>().ok().filter(|it| ROLES.contains(it)) else {
                return shown(&app, &staff, &name, vec![("role".to_owned(), "Choose a role".to_owned())]).await;
            };
            if name == by {
                let error = ("role".to_owned(), "Another person has to change what you may do".to_owned());
                return shown(&app, &staff, &name, vec![error]).await;
            }
            let member = Member { name: name.clone(), role, queues: split(&text("queues")) };
            match enrolled(backend.store(), &member, &backend.queues(), by, now).await {
                Ok(()) => again(),
                Err(error) if error.is_refusal() => shown(&app, &staff, &name, vec![faulty(&error)]).await,
                Err(error) => Err(error.into()),
            }
        }
        _ => again(),
    }
}
