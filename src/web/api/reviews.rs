//! Awards to be looked at again, and those that end by themselves: what is scheduled, in the order of its days.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Uri;
use hearth_events::{AccountRef, AwardCode, ExpiryReason, Uprn};
use hearth_projections::AccountState;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::{ViewError, british_day};
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::Problem;
use crate::web::query::{Page, Params};
use crate::web::{App, Backend};

/// A review of an award, or its end by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = Review)]
pub(crate) struct ReviewView {
    #[schema(value_type = String, pattern = "^[0-9]{1,12}$")]
    uprn: Uprn,
    #[schema(value_type = String)]
    account: AccountRef,
    #[schema(value_type = String, example = "D-SPD")]
    code: AwardCode,
    /// The day by which it is to be looked at; of an end the first day without the award.
    #[schema(value_type = String, format = Date)]
    on: Date,
    #[schema(
        value_type = String,
        pattern = "^(review|course-ends|leavers-october|eighteenth-birthday|probate-and-six-months|longest-in-law|document-ends)$"
    )]
    reason: ExpiryReason,
    /// Whether the day has come.
    past: bool,
}

/// A page of reviews.
#[derive(ToSchema)]
#[schema(as = ReviewPage)]
#[expect(dead_code, reason = "it only describes Page<ReviewView> for the OpenAPI document")]
pub(crate) struct ReviewPage {
    items: Vec<ReviewView>,
    /// What to pass as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Lists what is scheduled for awards up to a day.
#[utoipa::path(
    get, path = "/api/v1/reviews", tag = "work", operation_id = "list_reviews",
    description = "Reviews that are due, and ends that are known in advance, in the order of their days. A review stays until \
                   the award ends or is looked at again; an end goes when its day has come and was recorded.",
    params(
        ("until" = Option<String>, Query, format = Date, description = "Up to and including this day; today where absent"),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of reviews", body = ReviewPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Page<ReviewView>>, Problem> {
    let mut params = Params::of(&uri, &["until", "limit", "cursor"]);
    let (until, limit, after) = (params.day("until"), params.limit(), params.cursor::<Place>());
    params.finish()?;
    let not_at = not_for(&app, caller.officer()?).await?;
    app.read(move |it| page(it, until, limit, (after.as_ref(), &not_at))).await.map(Json)
}

/// Where a page ended: a day, a dwelling, and how many of what is scheduled for both were given.
struct Place {
    on: Date,
    uprn: Uprn,
    given: usize,
}

impl std::str::FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FAULT: &str = "not a place";
        let mut parts = text.split(':');
        let (Some(on), Some(uprn), Some(given), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(FAULT);
        };
        let (on, uprn) = (on.parse().map_err(|_| FAULT)?, uprn.parse().map_err(|_| FAULT)?);
        Ok(Self { on, uprn, given: given.parse().map_err(|_| FAULT)? })
    }
}

fn page(
    backend: &dyn Backend,
    until: Option<Date>,
    limit: usize,
    (after, not_at): (Option<&Place>, &BTreeSet<Uprn>),
) -> Result<Page<ReviewView>, ViewError> {
    let today = british_day(backend.now());
    let from = after.map(|it| (it.on, &it.uprn));
    // Each of them has one item at least; one more than is asked for shows whether there is a next page.
    let found = backend.views().scheduled(until.unwrap_or(today), from, not_at, limit.saturating_add(1))?;
    let mut items: Vec<(ReviewView, usize)> = Vec::new();
    for (on, uprn, dwelling) in &found {
        let ahead = dwelling.accounts.iter().flat_map(|account| ahead_on(account, *on)).enumerate();
        let given = after.filter(|it| it.on == *on && it.uprn == *uprn).map_or(0, |it| it.given);
        let view = |(number, (account, code, reason)): (usize, (AccountRef, AwardCode, ExpiryReason))| {
            (ReviewView { uprn: uprn.clone(), account, code, on: *on, reason, past: *on <= today }, number + 1)
        };
        items.extend(ahead.skip(given).map(view));
    }
    let is_more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| is_more).map(|(it, given)| format!("{}:{}:{given}", it.on, it.uprn));
    Ok(Page::until(items.into_iter().map(|(it, _)| it).collect(), last))
}

fn ahead_on(account: &AccountState, on: Date) -> Vec<(AccountRef, AwardCode, ExpiryReason)> {
    let ahead = account.expiries_ahead().into_iter().filter(|it| it.on == on);
    ahead.map(|it| (account.account.clone(), it.code.clone(), it.reason)).collect()
}
