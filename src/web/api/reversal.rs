//! The reversal of a change: what would follow, then the deed; and the reversal of a reversal.

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::Uri;
use hearth_events::{FinancialYear, NotificationRef, Opener, Role, Status};
use serde::Serialize;
use utoipa::ToSchema;

use super::notifications::StatusName;
use super::work_item::reading::Fields;
use super::work_item::view::{ProposalView, proposed};
use crate::service::reversal::{NotReversed, ReversalAsked, ReversalShown};
use crate::web::App;
use crate::web::fenced::open_reversal;
use crate::web::guard::Caller;
use crate::web::problem::{Kind, Problem};
use crate::web::query::{Named, Params};

/// Why a change is reversed, or restored.
#[derive(ToSchema)]
#[schema(as = ReversalRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct ReversalDocument {
    /// What the officer says to the submitter.
    #[schema(min_length = 1, max_length = 500)]
    explanation: String,
}

/// A notification as it can be reversed, or restored.
#[derive(Serialize, ToSchema)]
#[schema(as = Reversal)]
pub(crate) struct ReversalView {
    #[schema(value_type = String)]
    reference: NotificationRef,
    #[schema(value_type = StatusName)]
    status: Status,
    /// Whether what it changed is reversed.
    reversed: bool,
    /// Whether a reversal was recorded that is still being carried out.
    under_way: bool,
    /// Whether only a supervisor may, who did not decide it.
    needs_supervisor: bool,
    /// The financial years that are over and would move.
    #[schema(value_type = Vec<String>)]
    closed_years: Vec<FinancialYear>,
    /// What would happen if it were reversed; restored, where it is reversed. Null where it cannot be.
    proposal: Option<ProposalView>,
    /// Why it cannot be; null where it can.
    no_proposal_because: Option<String>,
}

/// Shows what would happen if a change were reversed.
#[utoipa::path(
    get, path = "/api/v1/notifications/{reference}/reversal", tag = "notifications", operation_id = "show_reversal",
    description = "Of a notification that is reversed it shows what would happen if that were restored.",
    params(("reference" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    responses((status = 200, description = "What would happen", body = ReversalView))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    reference: Result<Named<NotificationRef>, Problem>,
    uri: Uri,
) -> Result<Json<ReversalView>, Problem> {
    let Named(reference) = reference.map_err(|_| refused(NotReversed::Unknown))?;
    Params::of(&uri, &[]).finish()?;
    let shown = app.backend().reversal(&reference).await;
    let shown = open_reversal(&app, caller.officer()?, shown).await?.map_err(refused)?;
    Ok(Json(view(shown, app.backend().opener())))
}

/// Reverses what a notification changed: every figure is what it would be had it never been told.
#[utoipa::path(
    post, path = "/api/v1/notifications/{reference}/reverse", tag = "notifications", operation_id = "reverse_notification",
    description = "What moves a year's tax by more than policy allows, or a financial year that is over, takes a supervisor who \
                   did not decide it. What a later notification rests on is reversed after that one.",
    params(("reference" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = ReversalDocument, content_type = "application/json"),
    responses((status = 200, description = "The notification, reversed", body = ReversalView))
)]
pub(crate) async fn reverse(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    reference: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<ReversalView>, Problem> {
    asked(&app, &caller, reference, request, false).await
}

/// Reverses the reversal of what a notification changed: the change counts again.
#[utoipa::path(
    post, path = "/api/v1/notifications/{reference}/restore", tag = "notifications", operation_id = "restore_notification",
    params(("reference" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = ReversalDocument, content_type = "application/json"),
    responses((status = 200, description = "The notification, restored", body = ReversalView))
)]
pub(crate) async fn restore(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    reference: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<ReversalView>, Problem> {
    asked(&app, &caller, reference, request, true).await
}

async fn asked(
    app: &App,
    caller: &Caller,
    reference: Result<Named<NotificationRef>, Problem>,
    request: Request,
    restored: bool,
) -> Result<Json<ReversalView>, Problem> {
    let Named(reference) = reference.map_err(|_| refused(NotReversed::Unknown))?;
    Params::of(request.uri(), &[]).finish()?;
    let mut fields = Fields::read(app, request).await?;
    let explanation = fields.needed_text("explanation").unwrap_or_default();
    fields.finish()?;
    let Caller::Holder(holder) = caller else {
        return Err(Problem::internal(&"an officer's action without an officer"));
    };
    let (officer, supervisor) = (holder.name.clone(), holder.role == Role::Supervisor);
    let asked = ReversalAsked { restored, explanation, officer, supervisor };
    let shown = app.backend().reverse(&reference, asked).await;
    let shown = open_reversal(app, &holder.name, shown).await?.map_err(refused)?;
    Ok(Json(view(shown, app.backend().opener())))
}

fn view(it: ReversalShown, opener: &dyn Opener) -> ReversalView {
    let (proposal, no_proposal_because) = match it.proposal {
        Ok(proposal) => (Some(proposed(proposal, opener)), None),
        Err(because) => (None, Some(because)),
    };
    ReversalView {
        reference: it.reference,
        status: it.status,
        reversed: it.reversed,
        under_way: it.under_way,
        needs_supervisor: it.needs_supervisor,
        closed_years: it.closed_years,
        proposal,
        no_proposal_because,
    }
}

/// What is told when nothing was reversed.
fn refused(why: NotReversed) -> Problem {
    let conflict = |detail: String| Problem::new(Kind::Conflict, detail);
    match why {
        NotReversed::Unknown => Problem::not_found("There is no notification of this reference: check it."),
        NotReversed::NotApplied(status) => conflict(format!(
            "This notification is {}, so it has changed nothing that could be reversed.",
            status.as_str()
        )),
        NotReversed::Already { restored: false } => {
            conflict("This notification is reversed already: restore it where that was wrong.".to_owned())
        }
        NotReversed::Already { restored: true } => {
            conflict("This notification is not reversed, so there is nothing to restore.".to_owned())
        }
        NotReversed::UnderWay => {
            conflict("A reversal of this notification is being carried out: look again in a moment.".to_owned())
        }
        NotReversed::NotPossible(because) => conflict(format!("This cannot be done as it stands: {because}.")),
        NotReversed::NeedsSupervisor(because) => Problem::new(
            Kind::Forbidden,
            format!("A supervisor has to do this, who did not decide the notification: {because}."),
        ),
        NotReversed::SamePerson => {
            Problem::new(Kind::Forbidden, "You decided this yourself: another supervisor has to do it.")
        }
        NotReversed::Service(error) if error.will_pass() => Problem::unavailable(&error),
        NotReversed::Service(error) => Problem::internal(&error),
    }
}
