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
use crate::web::routes::may_open;

/// Where staff may go: a line for each part; whose it is stands in the table of routes.
const PARTS: &[(&str, &str)] = &[
    ("/staff/work", "Work"),
    ("/staff/tell", "Enter a change"),
    ("/staff/search", "Find a record"),
    ("/staff/figures", "Figures"),
    ("/staff/why-not-automatic", "Why not automatic"),
    ("/staff/savings", "Savings"),
    ("/staff/what-if", "What if"),
    ("/staff/people", "People"),
    ("/staff/restricted", "Restricted records"),
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

    /// Whether their role may open a page, so that no link leads where they may not go.
    pub(in crate::web) fn may_open(&self, path: &str) -> bool {
        may_open(self.holder.role, path)
    }

    /// A link, where their role may follow it; otherwise what it reads.
    pub(in crate::web) fn link(&self, path: &str, text: &str) -> Markup {
        html! { @if self.may_open(path) { a class="govuk-link" href=(path) { (text) } } @else { (text) } }
    }

    /// Shows them a page; the way back leads to where they begin, where it would lead where they may not go.
    pub(in crate::web) fn show(&self, page: Page) -> Response {
        let back = page.back.map(|it| if self.may_open(&it) { it } else { "/staff".to_owned() });
        Page { back, ..page }.shown_within(&self.visit, &around(self))
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
                        @for (path, name) in PARTS {
                            @if staff.may_open(path) {
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
