//! What a notification changed is taken back, or put in force again; the effects are shown first.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{NotificationRef, Role};
use maud::html;

use super::changes::changes;
use super::form::{Form, Tried};
use crate::service::reversal::{NotReversed, ReversalAsked, ReversalShown};
use crate::web::App;
use crate::web::fenced::open_reversal;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::{StaffVisit, asked};
use crate::web::problem::{Kind, Problem};

/// Shows what would happen.
pub(in crate::web) async fn ask(
    State(app): State<App>,
    staff: StaffVisit,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    let shown = shown(&app, &staff, &named(&reference)?).await?;
    Ok(page(&app, &staff, &shown, &Tried::default()))
}

fn named(reference: &str) -> Result<NotificationRef, Problem> {
    reference.parse().map_err(|_| Problem::not_found("There is no such notification."))
}

fn page(app: &App, staff: &StaffVisit, it: &ReversalShown, tried: &Tried) -> Response {
    let what = if it.reversed { "Put it in force again" } else { "Take it back" };
    let restored = if it.reversed { "yes" } else { "no" };
    let theirs = it.decided_by.as_deref() == Some(staff.holder.name.as_str());
    let may = !it.needs_supervisor || staff.is_one_of(&[Role::Supervisor]) && !theirs;
    // What was written for the other way is no reason for this one.
    let is_other = it.proposal.is_err() || !may || tried.is_any() && tried.get("restored") != restored;
    let written = tried.get("explanation");
    let years: Vec<_> = it.closed_years.iter().map(ToString::to_string).collect();
    let body = html! {
        h1 class="govuk-heading-l" { (what) ": " (it.reference) }
        @if is_other && !written.is_empty() {
            p class="govuk-body govuk-!-margin-bottom-1" { "What you wrote, and was not sent:" }
            div class="govuk-inset-text govuk-!-margin-top-0 hearth-typed" id="explanation" tabindex="-1" { (written) }
        }
        @match &it.proposal {
            Err(because) => (govuk::inset(&html! { "It cannot be done: " (because) "." })),
            Ok(proposal) => {
                p class="govuk-body" { "This is what would change:" }
                (changes(&proposal.dwellings, (app.backend().opener(), staff.visit.text), "Nobody\u{2019}s liability, awards or charge would change."))
                @if !years.is_empty() { (govuk::inset(&html! { "It moves years that are over: " (years.join(", ")) "." })) }
                @if it.needs_supervisor { p class="govuk-body" { "Only a supervisor who did not decide it may do this." @if theirs { " You did: ask another one." } } }
                @if may {
                    form method="post" action={ "/staff/work/" (it.reference) "/undo" } novalidate {
                        input type="hidden" name="restored" value=(restored);
                        @let (name, given) = if is_other { ("why", "") } else { ("explanation", written.as_str()) };
                        @let asked = govuk::Asked { name: "explanation".to_owned(), ..asked(name, "Why?", Some("The resident reads this."), &tried.errors) };
                        (govuk::textarea(&asked, 4, given))
                        (govuk::button(what))
                    }
                }
            }
        }
    };
    let page = Page::new(format!("{what}: {}", it.reference), body).back_to(format!("/staff/work/{}", it.reference));
    staff.show(tried.on(page))
}

/// Does it.
pub(in crate::web) async fn undo(
    State(app): State<App>,
    staff: StaffVisit,
    Path(reference): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let reference = named(&reference)?;
    let form = Form::read(&app, request).await?;
    let mut errors = Vec::new();
    let explanation = form.needed("explanation", "Say why", &mut errors);
    if !errors.is_empty() {
        let shown = shown(&app, &staff, &reference).await?;
        return Ok(page(&app, &staff, &shown, &Tried::wrong(form, errors)));
    }
    let (officer, supervisor) = (staff.holder.name.clone(), staff.is_one_of(&[Role::Supervisor]));
    let asked = ReversalAsked { restored: form.get("restored") == "yes", explanation, officer, supervisor };
    let done = app.backend().reverse(&reference, asked).await;
    match open_reversal(&app, &staff.holder.name, done).await? {
        Ok(_) => Ok(Redirect::to(&format!("/staff/work/{reference}?done")).into_response()),
        Err(
            why @ (NotReversed::Already { .. }
            | NotReversed::UnderWay
            | NotReversed::NotPossible(_)
            | NotReversed::NeedsSupervisor(_)
            | NotReversed::SamePerson),
        ) => {
            let errors = vec![("explanation".to_owned(), format!("It was not done: {why}"))];
            let shown = shown(&app, &staff, &reference).await?;
            Ok(page(&app, &staff, &shown, &Tried { form, errors, overtaken: true }))
        }
        Err(why) => Err(refused(why)),
    }
}

async fn shown(app: &App, staff: &StaffVisit, reference: &NotificationRef) -> Result<ReversalShown, Problem> {
    let shown = app.backend().reversal(reference).await;
    open_reversal(app, &staff.holder.name, shown).await?.map_err(refused)
}

fn refused(why: NotReversed) -> Problem {
    match why {
        NotReversed::Unknown => Problem::not_found("There is no such notification."),
        NotReversed::Service(error) if error.will_pass() => Problem::unavailable(&error),
        NotReversed::Service(error) => Problem::internal(&error),
        NotReversed::NeedsSupervisor(_) | NotReversed::SamePerson => Problem::new(Kind::Forbidden, format!("{why}.")),
        NotReversed::NotApplied(_)
        | NotReversed::Already { .. }
        | NotReversed::UnderWay
        | NotReversed::NotPossible(_) => Problem::new(Kind::Conflict, format!("{why}.")),
    }
}
