//! What one says of oneself: which dwellings one must not touch. And what was done to one's access, by whom.

use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::Uprn;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::keys::{Key, keys};
use super::layout::{StaffVisit, field};
use super::sign_in::within;
use crate::access::staff::relate;
use crate::access::{AccessStep, Happened};
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::text::Text;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Every letter that does something somewhere.
const LETTERS: [Key<'static>; 15] = [
    ("n", "next item", ""),
    ("c", "claim", ""),
    ("a", "accept", ""),
    ("r", "reject", ""),
    ("p", "put right", ""),
    ("q", "ask", ""),
    ("d", "put off", ""),
    ("h", "hand over", ""),
    ("g", "list", ""),
    ("j", "down the list", ""),
    ("k", "up the list", ""),
    ("x", "pick", ""),
    ("/", "search", ""),
    ("?", "this page", ""),
    ("Ctrl Enter", "send what you write", ""),
];

/// How long somebody is told at each sign-in that others may have come to sign in by their name.
const TOLD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What somebody is told when they sign in: what let others sign in by their name of late. Nothing that is done by their name
/// makes it go away.
pub(super) fn told_of(history: &[AccessStep], now: Timestamp) -> impl Iterator<Item = &AccessStep> {
    history.iter().filter(move |it| it.what.is_to_be_told() && now.duration_since(it.at) < TOLD)
}

/// Shows what was declared.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit, uri: Uri) -> Result<Response, Problem> {
    let then = Params::of(&uri, &["then"]).text("then");
    shown(&app, &staff, ("", then.as_deref()), Vec::new()).await
}

async fn shown(
    app: &App,
    staff: &StaffVisit,
    (given, then): (&str, Option<&str>),
    errors: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let history = app.0.access.history(Some(&staff.holder.name)).await?;
    let fences = app.0.access.fences_now().await?;
    let related: Vec<_> = fences.related(&staff.holder.name).collect();
    let queues = if staff.queues.is_empty() { "every queue".to_owned() } else { staff.queues.join(", ") };
    let hint = "The UPRN of your home, of another dwelling you own or rent, or of where somebody close to you lives. It is on a council tax bill.";
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                (told(&told_of(&history, app.backend().now()).collect::<Vec<_>>(), then, staff.visit.text))
                h1 class="govuk-heading-l" { "You" }
                p class="govuk-body" { "You sign in as " strong { (staff.holder.name) } ", are " (staff.holder.role.as_str()) " here, and work on " (queues) "." }
                h2 class="govuk-heading-m" { "Dwellings you must not touch" }
                p class="govuk-body" { "Nobody deals with their own council tax or that of somebody close to them. What is about a dwelling you name here is closed to you from then on; only a colleague who gives access can open it again." }
                @if related.is_empty() { p class="govuk-body" { "You have named none." } }
                @else { ul class="govuk-list govuk-list--bullet" { @for uprn in related { li { "UPRN " (uprn) } } } }
                form method="post" action="/staff/me/relations" novalidate {
                    (field("uprn", "UPRN", Some(hint), given, &errors))
                    (govuk::button("Close it to me"))
                }
                h2 class="govuk-heading-m" id="access" { "What was done to your access" }
                p class="govuk-body" { "If you did not ask for something here, tell your supervisor and whoever looks after information security, not only the one who did it." }
                (steps(history.iter().rev(), false, staff.visit.text))
                h2 class="govuk-heading-m" id="keys" { "Keys" }
                p class="govuk-body" { "Everything works with Tab, Enter and Space. Where you switch it on in this browser, letters work too, but never while you write. Where a page tells you what you just did, n takes the next item in any case." }
                (keys(&LETTERS))
                p class="govuk-body" { "Where you write to a resident or a colleague, Ctrl and Enter send it." }
            }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(staff.show(Page::new("You", body).with_errors(errors).with_status(status)))
}

/// What has to be looked at before anything else.
fn told(of: &[&AccessStep], then: Option<&str>, text: &Text) -> Markup {
    html! {
        @if !of.is_empty() {
            div class="govuk-notification-banner" role="region" aria-labelledby="told-of" data-module="govuk-notification-banner" {
                div class="govuk-notification-banner__header" { h2 class="govuk-notification-banner__title" id="told-of" { "Important" } }
                div class="govuk-notification-banner__content" {
                    p class="govuk-notification-banner__heading" { "Somebody could have signed in by your name" }
                    (steps(of.iter().copied(), false, text))
                    p class="govuk-body" { "If you did not ask for that, tell your supervisor and whoever looks after information security now. Until they have looked, others may do things in your name." }
                    @if let Some(then) = then { p class="govuk-body" { "If you did ask for it, " a class="govuk-notification-banner__link" href=(within(then)) { "carry on" } "." } }
                }
            }
        }
    }
}

/// What happened to somebody's access, step by step, and to whose where that is not plain.
pub(super) fn steps<'a>(of: impl Iterator<Item = &'a AccessStep>, names: bool, text: &Text) -> Markup {
    html! {
        ul class="govuk-list govuk-list--bullet" {
            @for it in of {
                li { (text.instant(it.at)) ": " @if names { strong { (it.staff) } ": " } (what(&it.what)) @if let Some(by) = &it.by { ", by " strong { (by) } } }
            }
        }
    }
}

fn what(it: &Happened) -> String {
    match it {
        Happened::Enrolled(role, queues) if queues.is_empty() => {
            format!("may sign in as {}, for every queue", role.as_str())
        }
        Happened::Enrolled(role, queues) => format!("may sign in as {}, for {}", role.as_str(), queues.join(", ")),
        Happened::Left => "may not sign in any more".to_owned(),
        Happened::LinkMade { replaces: false } => "a link was made to set up a passphrase".to_owned(),
        Happened::LinkMade { replaces: true } => "a link was made to set up another passphrase".to_owned(),
        Happened::PassphraseSet { replaces: false } => "a passphrase was set up with a link".to_owned(),
        Happened::PassphraseSet { replaces: true } => "another passphrase was set up with a link".to_owned(),
    }
}

/// Declares a relation of one's own.
pub(in crate::web) async fn declare(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let fields = form_body(&app, request).await?;
    let given = fields.get("uprn").and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default();
    let is_here = |uprn: &Uprn| app.backend().views().dwelling(uprn).map(|it| it.is_some());
    let Some(uprn) = given.parse::<Uprn>().ok().filter(|it| is_here(it).unwrap_or(false)) else {
        let error =
            ("uprn".to_owned(), "Enter the UPRN of a dwelling of this council, such as 100062000000".to_owned());
        return shown(&app, &staff, (&given, None), vec![error]).await;
    };
    let name = &staff.holder.name;
    relate(app.backend().store(), name, &uprn, name, app.backend().now()).await.map_err(Problem::from)?;
    Ok(Redirect::to("/staff/me").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_in_place_of_a_passphrase_is_told_for_thirty_days_and_a_first_one_is_not() {
        let at: Timestamp = "2016-01-10T09:30:00Z".parse().unwrap();
        let step = |what| AccessStep { at, staff: "a".to_owned(), by: None, what };
        let replaces = [false, true];
        let links = replaces.map(|replaces| step(Happened::LinkMade { replaces }));
        let set = replaces.map(|replaces| step(Happened::PassphraseSet { replaces }));
        let history = [&links[..], &set[..], &[step(Happened::Left)]].concat();
        let told = |now: Timestamp| told_of(&history, now).cloned().collect::<Vec<_>>();
        let last = at + TOLD - SignedDuration::from_secs(1);
        assert_eq!(told(last), [links[1].clone(), set[1].clone()]);
        assert_eq!(told(at + TOLD), []);
        assert_eq!(TOLD.as_hours(), 30 * 24);
    }
}
