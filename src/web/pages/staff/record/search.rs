//! How one comes to a record: by a reference, an account, a UPRN, a postcode or a name.

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{AccountRef, NotificationRef, StreamName, Uprn};
use maud::{Markup, html};

use crate::web::App;
use crate::web::api::accounts::named;
use crate::web::looked::not_for;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::{StaffVisit, field};
use crate::web::problem::Problem;
use crate::web::query::Params;

/// So many are shown; who finds more says more.
const MOST: usize = 50;

/// Searches, and goes there where only one thing can be meant.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit, uri: Uri) -> Result<Response, Problem> {
    let asked = Params::of(&uri, &["q", "because"]).text("q").unwrap_or_default().trim().to_owned();
    if asked.is_empty() {
        return Ok(page(&staff, "", &Markup::default()));
    }
    if let Some(path) = place(&app, &asked).await? {
        return Ok(Redirect::to(&path).into_response());
    }
    let postcode = asked.to_uppercase();
    let not_at = not_for(&app, &staff.holder.name).await?;
    let mut at = app.read(move |it| it.views().dwellings_at_postcode(&postcode, MOST)).await?;
    at.retain(|(uprn, _)| !not_at.contains(uprn));
    if !at.is_empty() {
        let rows = at.into_iter().map(|(uprn, address)| (format!("/staff/dwellings/{uprn}"), address, String::new()));
        return Ok(page(&staff, &asked, &found(&rows.collect::<Vec<_>>())));
    }
    let name = asked.to_lowercase();
    let accounts = app.read(move |it| named(it, &name, &not_at, MOST)).await?;
    let rows = accounts
        .into_iter()
        .map(|it| (format!("/staff/accounts/{}", escaped(&it.account)), it.names.join(" and "), it.address));
    Ok(page(&staff, &asked, &found(&rows.collect::<Vec<_>>())))
}

/// A `/` in an account stands for itself in its path.
pub(super) fn escaped(account: &AccountRef) -> String {
    account.as_str().replace('/', "%2F")
}

/// Where there is one thing of this name.
async fn place(app: &App, asked: &str) -> Result<Option<String>, Problem> {
    if let Ok(reference) = asked.to_uppercase().parse::<NotificationRef>()
        && !app.backend().store().read_stream(&StreamName::notification(&reference), 0).await?.is_empty()
    {
        return Ok(Some(format!("/staff/work/{reference}")));
    }
    if let Ok(account) = asked.parse::<AccountRef>()
        && app.backend().views().uprn_of_account(&account)?.is_some()
    {
        return Ok(Some(format!("/staff/accounts/{}", escaped(&account))));
    }
    if let Ok(uprn) = asked.parse::<Uprn>()
        && app.backend().views().dwelling(&uprn)?.is_some()
    {
        return Ok(Some(format!("/staff/dwellings/{uprn}")));
    }
    Ok(None)
}

fn found(rows: &[(String, String, String)]) -> Markup {
    html! {
        @if rows.is_empty() {
            p class="govuk-body" { "Nothing was found that is open to you. Try the whole postcode, the account on a bill, or fewer letters of the name." }
        } @else {
            p class="govuk-body" role="status" { (rows.len()) " found" @if rows.len() >= MOST { ": there may be more. Say more of it." } }
            ul class="govuk-list" {
                @for (path, what, more) in rows { li { a class="govuk-link" href=(path) { (what) } @if !more.is_empty() { ", " (more) } } }
            }
        }
    }
}

fn page(staff: &StaffVisit, asked: &str, found: &Markup) -> Response {
    let hint = "A reference (HN-…), an account, a UPRN, a postcode, or part of a name. That you searched is recorded.";
    let body = html! {
        h1 class="govuk-heading-l" { "Find a record" }
        form method="get" action="/staff/search" role="search" {
            (field("q", "What do you look for?", Some(hint), asked, &[]))
            (govuk::button("Search"))
        }
        (found)
    };
    staff.show(Page::new("Find a record", body))
}
