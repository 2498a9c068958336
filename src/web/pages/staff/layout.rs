//! What stands around every page of staff: who is signed in, and where they may go.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use hearth_events::Role;
use maud::{Markup, html};

use crate::access::Holder;
use crate::web::App;
use crate::web::guard::Caller;
use crate::web::pages::govuk;
use crate::web::pages::layout::{Around, Page, Visit};
use crate::web::problem::Problem;

/// Where staff may go: a line for each part, with whose it is.
const PARTS: &[(&str, &str, &[Role])] = &[
    ("/staff/work", "Work", &[Role::Officer, Role::Supervisor]),
    ("/staff/tell", "Enter a change", &[Role::Officer, Role::Supervisor]),
    ("/staff/search", "Find a record", &[Role::Officer, Role::Supervisor, Role::Auditor]),
    ("/staff/figures", "Figures", &[Role::Supervisor, Role::Manager, Role::Auditor]),
    ("/staff/why-not-automatic", "Why not automatic", &[Role::Supervisor, Role::Manager, Role::Auditor]),
    ("/staff/savings", "Savings", &[Role::Manager, Role::Auditor]),
    ("/staff/what-if", "What if", &[Role::Manager]),
    ("/staff/people", "People", &[Role::Admin]),
    ("/staff/restricted", "Restricted records", &[Role::Admin]),
];

/// A member of staff who visits.
#[derive(Clone, Debug)]
pub(in crate::web) struct StaffVisit {
    /// What every page knows of its visitor.
    pub(in crate::web) visit: Visit,
    /// Who it is.
    pub(in crate::web) holder: Holder,
    /// The queues they are trained for; all where there is none.
    pub(in crate::web) queues: Vec<String>,
}

impl FromRequestParts<App> for StaffVisit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, app).await?;
        let Some(Caller::Holder(holder)) = parts.extensions.get().cloned() else {
            return Err(Problem::internal(&"a page of staff without staff"));
        };
        let member = app.0.access.member(&holder.name).await?;
        Ok(Self { visit, holder, queues: member.map(|it| it.queues).unwrap_or_default() })
    }
}

impl StaffVisit {
    /// Whether they have one of these roles.
    pub(in crate::web) fn is_one_of(&self, roles: &[Role]) -> bool {
        roles.contains(&self.holder.role)
    }

    /// Shows them a page.
    pub(in crate::web) fn show(&self, page: Page) -> Response {
        page.shown_within(&self.visit, &around(self))
    }
}

fn around(staff: &StaffVisit) -> Around {
    Around {
        heading: html! { (heading(staff)) (parts(staff)) },
        above: Markup::default(),
        footer: footer(staff),
        service: "Council tax changes".to_owned(),
        container: "govuk-width-container hearth-staff",
    }
}

fn heading(staff: &StaffVisit) -> Markup {
    html! {
        header class="govuk-generic-header" {
            div class="govuk-generic-header__container govuk-width-container hearth-staff" {
                div class="govuk-generic-header__logo" {
                    a href="/staff" class="govuk-generic-header__homepage-link" { (staff.visit.council) }
                }
            }
        }
    }
}

fn parts(staff: &StaffVisit) -> Markup {
    let here = staff.visit.here.as_str();
    let is_here =
        |path: &str| here == path || here.starts_with(&format!("{path}/")) || here.starts_with(&format!("{path}?"));
    html! {
        div class="hearth-parts" {
            div class="govuk-width-container hearth-staff hearth-parts__within" {
                nav aria-label="Parts of the service" {
                    ul class="hearth-parts__list" {
                        @for (path, name, roles) in PARTS {
                            @if staff.is_one_of(roles) {
                                li class="hearth-parts__part" {
                                    a class="hearth-parts__link" href=(path) aria-current=[is_here(path).then_some("page")] { (name) }
                                }
                            }
                        }
                    }
                }
                div class="hearth-parts__me" {
                    a class="hearth-parts__link" href="/staff/me" { (staff.holder.name) ", " (staff.holder.role.as_str()) }
                    form method="post" action="/staff/sign-out" novalidate {
                        button type="submit" class="hearth-link-button" { "Sign out" }
                    }
                }
            }
        }
    }
}

fn footer(staff: &StaffVisit) -> Markup {
    html! {
        footer class="hearth-footer" {
            div class="govuk-width-container hearth-staff" {
                @if let Some(at) = staff.visit.simulated {
                    p class="govuk-body-s" { (staff.visit.text.with("simulated-clock", &[("at", &staff.visit.text.instant(at))])) }
                }
                p class="govuk-body-s" { "What you look at and what you do is recorded under your name." }
            }
        }
    }
}

/// One line of a form, with what was wrong with it.
pub(in crate::web) fn field(
    name: &str,
    label: &str,
    hint: Option<&str>,
    value: &str,
    errors: &[(String, String)],
) -> Markup {
    govuk::line(&asked(name, label, hint, errors), govuk::Line::default(), value)
}

/// What stands around a question of a form of staff.
pub(in crate::web) fn asked(name: &str, label: &str, hint: Option<&str>, errors: &[(String, String)]) -> govuk::Asked {
    govuk::Asked {
        id: name.to_owned(),
        name: name.to_owned(),
        label: label.to_owned(),
        hint: hint.map(str::to_owned),
        error: errors.iter().find(|(id, _)| id == name).map(|(_, it)| it.clone()),
        error_prefix: "Error:".to_owned(),
        ..govuk::Asked::default()
    }
}
