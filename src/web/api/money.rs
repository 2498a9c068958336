//! Refunds from request to payment, and penalties: each step is another person's.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Extension, Path, Request, State};
use axum::http::Uri;
use hearth_events::{AccountRef, Money, Uprn};
use hearth_projections::{AccountState, Refund, RefundStatus};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::{PenaltyView, penalty_view};
use super::work_item::reading::Fields;
use crate::service::money::{MoneyAction, MoneyRefused};
use crate::views::{ViewError, british_day};
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::{Kind, Problem};
use crate::web::query::{Named, Page, Params};
use crate::web::{App, Backend};

/// A refund.
#[derive(Serialize, ToSchema)]
#[schema(as = Refund)]
pub(crate) struct RefundView {
    /// What it is called: the reference of the notification that asked for it.
    refund: String,
    #[schema(value_type = String)]
    account: AccountRef,
    #[schema(value_type = String, pattern = "^[0-9]{1,12}$")]
    uprn: Uprn,
    #[schema(value_type = String)]
    amount: Money,
    #[schema(value_type = String, pattern = "^(requested|approved|refused|paid)$")]
    status: RefundStatus,
    #[schema(value_type = String, format = Date)]
    requested_on: Date,
    /// Null until it is approved.
    approved_by: Option<String>,
}

/// A page of refunds.
#[derive(ToSchema)]
#[schema(as = RefundPage)]
#[expect(dead_code, reason = "it only describes Page<RefundView> for the OpenAPI document")]
pub(crate) struct RefundPage {
    items: Vec<RefundView>,
    /// What to pass as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// That a refund went out.
#[derive(ToSchema)]
#[schema(as = RefundPaidRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct PaidDocument {
    /// The day; today where absent.
    #[schema(value_type = Option<String>, format = Date)]
    paid_on: Option<Date>,
    /// What the payments system calls it.
    #[schema(min_length = 1, max_length = 500)]
    payment_reference: String,
}

/// A penalty to be imposed.
#[derive(ToSchema)]
#[schema(as = PenaltyRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct PenaltyDocument {
    /// What you call it, once for each account. The same again is answered with the penalty that it imposed the first time;
    /// another amount under the same name is a conflict.
    #[schema(pattern = "^[A-Za-z0-9.-]{1,32}$")]
    reference: String,
    /// Whether the same request was not answered again: £280 instead of £70.
    repeated: Option<bool>,
}

/// Lists refunds of a status, dwelling by dwelling.
#[utoipa::path(
    get, path = "/api/v1/refunds", tag = "money", operation_id = "list_refunds",
    params(
        ("status" = Option<String>, Query, description = "How far they have come; requested where absent",
            pattern = "^(requested|approved|refused|paid)$"),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of refunds", body = RefundPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Page<RefundView>>, Problem> {
    let mut params = Params::of(&uri, &["status", "limit", "cursor"]);
    let asked = params.text("status");
    let status = match &asked {
        None => Some(RefundStatus::Requested),
        Some(text) => RefundStatus::ALL.into_iter().find(|it| it.as_str() == text),
    };
    if status.is_none() {
        params.fault("status", "must be requested, approved, refused or paid");
    }
    let (limit, after) = (params.limit(), params.cursor::<Uprn>());
    params.finish()?;
    let status = status.unwrap_or(RefundStatus::Requested);
    let not_at = not_for(&app, caller.officer()?).await?;
    app.read(move |it| page(it, status, limit, (after.as_ref(), &not_at))).await.map(Json)
}

fn page(
    backend: &dyn Backend,
    status: RefundStatus,
    limit: usize,
    (after, not_at): (Option<&Uprn>, &BTreeSet<Uprn>),
) -> Result<Page<RefundView>, ViewError> {
    let found = backend.views().dwellings_with_refunds(status, after, not_at, limit)?;
    let next = (found.len() == limit).then(|| found.last().map(|(uprn, _)| uprn.to_string())).flatten();
    let of = |(uprn, dwelling): &(Uprn, hearth_projections::DwellingState)| -> Vec<RefundView> {
        let all =
            dwelling.accounts.iter().flat_map(|account| account.billing.refunds.iter().map(move |it| (account, it)));
        all.filter(|(_, it)| it.status == status).map(|(account, it)| view(uprn.clone(), account, it)).collect()
    };
    Ok(Page::until(found.iter().flat_map(of).collect(), next))
}

fn view(uprn: Uprn, account: &AccountState, it: &Refund) -> RefundView {
    RefundView {
        refund: it.refund.clone(),
        account: account.account.clone(),
        uprn,
        amount: it.amount,
        status: it.status,
        requested_on: it.requested_on,
        approved_by: it.approved_by.clone(),
    }
}

/// Approves a refund. Who decided that it was asked for cannot approve it.
#[utoipa::path(
    post, path = "/api/v1/refunds/{refund}/approve", tag = "money", operation_id = "approve_refund",
    params(("refund" = String, Path, description = "What the refund is called")),
    responses((status = 200, description = "The refund, approved", body = RefundView))
)]
pub(crate) async fn approve(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(refund): Path<String>,
    request: Request,
) -> Result<Json<RefundView>, Problem> {
    Fields::read(&app, request).await?.finish()?;
    on_refund(&app, &caller, &refund.clone(), MoneyAction::ApproveRefund { refund }).await
}

/// Refuses a refund.
#[utoipa::path(
    post, path = "/api/v1/refunds/{refund}/refuse", tag = "money", operation_id = "refuse_refund",
    params(("refund" = String, Path, description = "What the refund is called")),
    responses((status = 200, description = "The refund, refused", body = RefundView))
)]
pub(crate) async fn refuse(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(refund): Path<String>,
    request: Request,
) -> Result<Json<RefundView>, Problem> {
    Fields::read(&app, request).await?.finish()?;
    on_refund(&app, &caller, &refund.clone(), MoneyAction::RefuseRefund { refund }).await
}

/// Tells that a refund was paid. Who approved it cannot tell that.
#[utoipa::path(
    post, path = "/api/v1/refunds/{refund}/paid", tag = "money", operation_id = "tell_refund_paid",
    params(("refund" = String, Path, description = "What the refund is called")),
    request_body(content = PaidDocument, content_type = "application/json"),
    responses((status = 200, description = "The refund, paid", body = RefundView))
)]
pub(crate) async fn paid(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(refund): Path<String>,
    request: Request,
) -> Result<Json<RefundView>, Problem> {
    let mut fields = Fields::read(&app, request).await?;
    let today = british_day(app.backend().now());
    let (paid_on, payment_reference) = (fields.day("paid_on"), fields.needed_text("payment_reference"));
    if paid_on.is_some_and(|it| it > today) {
        fields.fault("paid_on", "must not lie ahead");
    }
    fields.finish()?;
    let (paid_on, payment_reference) = (paid_on.unwrap_or(today), payment_reference.unwrap_or_default());
    on_refund(&app, &caller, &refund.clone(), MoneyAction::RefundPaid { refund, paid_on, payment_reference }).await
}

/// Imposes a penalty: a debit of its own. Asked for again under the same reference, it is imposed once.
#[utoipa::path(
    post, path = "/api/v1/accounts/{account}/penalties", tag = "money", operation_id = "impose_penalty",
    params(("account" = String, Path, description = "The account; a / in it is written %2F", pattern = "^[A-Za-z0-9./-]{1,32}$")),
    request_body(content = PenaltyDocument, content_type = "application/json"),
    responses((status = 200, description = "The penalty, imposed now or under the same reference before", body = PenaltyView))
)]
pub(crate) async fn impose(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Named(account): Named<AccountRef>,
    request: Request,
) -> Result<Json<PenaltyView>, Problem> {
    let mut fields = Fields::read(&app, request).await?;
    let penalty = penalty_called(&mut fields);
    let repeated = match fields.take("repeated") {
        None => false,
        Some(serde_json::Value::Bool(it)) => it,
        Some(_) => {
            fields.fault("repeated", "must be true or false");
            false
        }
    };
    fields.finish()?;
    let (_, state) =
        done(&app, &caller, MoneyAction::ImposePenalty { account, penalty: penalty.clone(), repeated }).await?;
    penalty_of(&state, &penalty)
}

fn penalty_called(fields: &mut Fields) -> String {
    const LONGEST: usize = 32;
    let Some(reference) = fields.needed_text("reference") else { return String::new() };
    let is_fit = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-');
    if reference.len() > LONGEST || !reference.chars().all(is_fit) {
        fields.fault("reference", format!("must be 1 to {LONGEST} letters, digits, dots or hyphens"));
    }
    reference
}

/// Quashes a penalty: it is owed no more.
#[utoipa::path(
    post, path = "/api/v1/accounts/{account}/penalties/{penalty}/quash", tag = "money", operation_id = "quash_penalty",
    params(
        ("account" = String, Path, description = "The account; a / in it is written %2F", pattern = "^[A-Za-z0-9./-]{1,32}$"),
        ("penalty" = String, Path, description = "What the penalty is called; a / in it is written %2F"),
    ),
    responses((status = 200, description = "The penalty, quashed", body = PenaltyView))
)]
pub(crate) async fn quash(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((account, penalty)): Path<(String, String)>,
    request: Request,
) -> Result<Json<PenaltyView>, Problem> {
    Fields::read(&app, request).await?.finish()?;
    let account: AccountRef = account.parse().map_err(|_| refused(MoneyRefused::Unknown("account")))?;
    let (_, state) = done(&app, &caller, MoneyAction::QuashPenalty { account, penalty: penalty.clone() }).await?;
    penalty_of(&state, &penalty)
}

fn penalty_of(account: &AccountState, penalty: &str) -> Result<Json<PenaltyView>, Problem> {
    let held = account.billing.penalties.iter().find(|it| it.penalty == penalty);
    held.map(|it| Json(penalty_view(it))).ok_or_else(|| refused(MoneyRefused::Unknown("penalty")))
}

async fn on_refund(app: &App, caller: &Caller, refund: &str, action: MoneyAction) -> Result<Json<RefundView>, Problem> {
    let (uprn, account) = done(app, caller, action).await?;
    let held = account.billing.refunds.iter().find(|it| it.refund == refund);
    held.map(|it| Json(view(uprn, &account, it))).ok_or_else(|| refused(MoneyRefused::Unknown("refund")))
}

async fn done(app: &App, caller: &Caller, action: MoneyAction) -> Result<(Uprn, AccountState), Problem> {
    let Caller::Holder(holder) = caller else {
        return Err(Problem::internal(&"an officer's action without an officer"));
    };
    app.backend().on_money(&action, &holder.name).await.map_err(refused)
}

fn refused(error: MoneyRefused) -> Problem {
    match error {
        MoneyRefused::Unknown(what) => Problem::not_found(format!("There is no such {what}: look at the account.")),
        MoneyRefused::SamePerson => Problem::new(
            Kind::Conflict,
            "You did the step before this one: another person has to do this one, with a token of their own.",
        ),
        MoneyRefused::NotNow(because) => {
            Problem::new(Kind::Conflict, format!("Nothing was recorded, because {because}. Look at the account again."))
        }
        MoneyRefused::Service(error) if error.will_pass() => Problem::unavailable(&error),
        MoneyRefused::Service(error) => Problem::internal(&error),
    }
}
