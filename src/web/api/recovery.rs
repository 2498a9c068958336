//! Recovery: which accounts may not be pursued, and which were all the same while a notification waited.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Uri;
use hearth_events::{AccountRef, NotificationRef, RecoveryStep};
use hearth_projections::Clash;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::{HeldAccount, Wanted, british_day};
use crate::web::App;
use crate::web::fenced::{accounts_on, closed};
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::Problem;
use crate::web::query::{Page, Params};

/// An account that may not be pursued.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryHold)]
pub(crate) struct HoldView {
    #[schema(value_type = String)]
    account: AccountRef,
    /// The first day on which nothing that is known holds it any more.
    #[schema(value_type = String, format = Date)]
    until: Date,
    /// The notifications that wait.
    #[schema(value_type = Vec<String>)]
    references: Vec<NotificationRef>,
}

/// A page of accounts that may not be pursued.
#[derive(ToSchema)]
#[schema(as = RecoveryHoldPage)]
#[expect(dead_code, reason = "it only describes Page<HoldView> for the OpenAPI document")]
pub(crate) struct HoldPage {
    items: Vec<HoldView>,
    /// What to pass as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A step of recovery that was taken while a notification waited.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryClash)]
pub(crate) struct ClashView {
    #[schema(value_type = String)]
    account: AccountRef,
    #[schema(value_type = String, pattern = "^(reminder|final-notice|summons|liability-order|enforcement)$")]
    step: RecoveryStep,
    #[schema(value_type = String, format = Date)]
    taken_on: Date,
    /// What the recovery system calls the step.
    source_reference: String,
    /// The notifications that waited on that day.
    #[schema(value_type = Vec<String>)]
    references: Vec<NotificationRef>,
}

/// A page of clashes.
#[derive(ToSchema)]
#[schema(as = RecoveryClashPage)]
#[expect(dead_code, reason = "it only describes Page<ClashView> for the OpenAPI document")]
pub(crate) struct ClashPage {
    items: Vec<ClashView>,
    /// What to pass as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Lists the accounts that may not be pursued on a day, because a notification waits.
#[utoipa::path(
    get, path = "/api/v1/recovery/holds", tag = "recovery", operation_id = "list_recovery_holds",
    params(
        ("on" = Option<String>, Query, description = "The day; today where absent", format = Date),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of accounts", body = HoldPage))
)]
pub(crate) async fn holds(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Page<HoldView>>, Problem> {
    let mut params = Params::of(&uri, &["on", "limit", "cursor"]);
    let on = params.day("on").unwrap_or_else(|| british_day(app.backend().now()));
    let (limit, after) = (params.limit(), params.cursor::<AccountRef>());
    params.finish()?;
    let not_at = not_for(&app, caller.officer()?).await?;
    let found = app.read(move |it| {
        let not = accounts_on(it.views(), &not_at)?;
        it.views().held_from_recovery(on, after.as_ref(), &not, limit + 1)
    });
    let found = found.await?;
    // What holds an account may be about another dwelling too.
    let closed = closed(&app, caller.officer()?, found.iter().flat_map(|it| &it.references)).await?;
    let open = |references: Vec<NotificationRef>| references.into_iter().filter(|it| !closed.contains(it)).collect();
    let shown = |HeldAccount { account, until, references }| HoldView { account, until, references: open(references) };
    let items = found.into_iter().map(shown).collect();
    Ok(Json(Page::of(items, limit, |it: &HoldView| it.account.to_string())))
}

/// Lists the steps of recovery that were taken while a notification about the account waited.
#[utoipa::path(
    get, path = "/api/v1/recovery/clashes", tag = "recovery", operation_id = "list_recovery_clashes",
    params(
        ("from" = Option<String>, Query, description = "Taken on this day or later", format = Date),
        ("to" = Option<String>, Query, description = "Taken before this day", format = Date),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of clashes", body = ClashPage))
)]
pub(crate) async fn clashes(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Page<ClashView>>, Problem> {
    let mut params = Params::of(&uri, &["from", "to", "limit", "cursor"]);
    let (from, to) = (params.day("from"), params.day("to"));
    let (limit, after) = (params.limit(), params.cursor::<String>());
    params.finish()?;
    let not_at = not_for(&app, caller.officer()?).await?;
    let found = app.read(move |it| {
        let not = accounts_on(it.views(), &not_at)?;
        it.views().recovery_clashes(&Wanted { from, to, after, not, limit: limit + 1 })
    });
    let found = found.await?;
    let closed = closed(&app, caller.officer()?, found.iter().flat_map(|it| &it.references)).await?;
    let open = |references: Vec<NotificationRef>| references.into_iter().filter(|it| !closed.contains(it)).collect();
    let Page { items, next_cursor } = Page::of(found, limit, Clash::key);
    let shown = |Clash { account, step, taken_on, source_reference, references }| ClashView {
        account,
        step,
        taken_on,
        source_reference,
        references: open(references),
    };
    Ok(Json(Page { items: items.into_iter().map(shown).collect(), next_cursor }))
}
