//! One work item: what an officer needs to decide it, and what officers do with it.

pub(super) mod reading;
pub(in crate::web) mod steps;
pub(super) mod view;

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::Uri;
use hearth_events::{NotificationRef, ReasonCode, Role, Uprn};
use jiff::civil::Date;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use self::reading::Fields;
use self::view::{WorkItemDetailView, view};
use crate::service::FieldFault;
use crate::service::work::{Action, ActionRefused};
use crate::web::App;
use crate::web::fenced::open_item;
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::{Fault, Kind, Problem};
use crate::web::query::{Named, Params};

/// Until when an item is put off.
#[derive(ToSchema)]
#[schema(as = Deferral)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct DeferralDocument {
    /// The day on which it is open again: after today, within a year.
    until: Date,
    /// Why, for the history of the item.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// What evidence is needed.
#[derive(ToSchema)]
#[schema(as = EvidenceRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct EvidenceDocument {
    /// What is needed, in words for the submitter.
    #[schema(min_length = 1, max_length = 500)]
    evidence: String,
    /// The day by which it is to be here; two weeks from now where absent.
    respond_by: Option<Date>,
}

/// How an officer decides.
#[derive(ToSchema)]
#[schema(as = WorkItemDecision)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct DecisionDocument {
    /// `accept`: it takes effect as proposed. `amend`: it takes effect with the fields given here in place of its own.
    /// `reject`: it does not take effect.
    #[schema(pattern = "^(accept|amend|reject)$")]
    decision: String,
    /// Why it is rejected, `R01` to `R24`.
    #[schema(pattern = "^R(0[1-9]|1[0-9]|2[0-4])$")]
    reason: Option<String>,
    /// What the officer says to the submitter.
    #[schema(min_length = 1, max_length = 500)]
    explanation: Option<String>,
    /// To amend: the details, whole, as the schema of the kind has them.
    #[schema(value_type = Option<Object>)]
    details: (),
    /// To amend: the day the change took place.
    effective_on: Option<Date>,
    /// To amend: the account it is about.
    account: Option<String>,
    /// To amend: the dwelling it is about.
    #[schema(value_type = Option<Object>)]
    dwelling: (),
}

/// Shows a work item with what would change if it were accepted.
#[utoipa::path(
    get, path = "/api/v1/work-items/{id}", tag = "work", operation_id = "show_work_item",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    uri: Uri,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let Named(id) = id.map_err(|_| refused(ActionRefused::Unknown))?;
    Params::of(&uri, &[]).finish()?;
    let item = app.backend().work_item(&id).await.map_err(refused)?;
    let item = open_item(&app, caller.officer()?, item).await?;
    Ok(Json(view(item, app.backend().opener())))
}

/// Takes a work item, so that nobody else works on it.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/claim", tag = "work", operation_id = "claim_work_item",
    description = "Claiming what one has already changes nothing. What was put off, or waits for evidence, can be claimed before its day.",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn claim(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    let supervisor = is_supervisor(&caller);
    asked.act(&app, &caller, |_| Action::Claim { supervisor }).await
}

/// Gives a work item back to its queue, undecided.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/release", tag = "work", operation_id = "release_work_item",
    description = "Also for what waits to be authorised: whoever decided it takes the decision back, or a supervisor sends it back.",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn release(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    let supervisor = is_supervisor(&caller);
    asked.act(&app, &caller, |_| Action::Release { supervisor }).await
}

/// Puts a work item off until a day, on which it is open again.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/defer", tag = "work", operation_id = "defer_work_item",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = DeferralDocument, content_type = "application/json"),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn defer(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    let read = |fields: &mut Fields| Action::Defer {
        until: fields.needed_day("until").unwrap_or_default(),
        note: fields.text("note"),
    };
    asked.act(&app, &caller, read).await
}

/// Asks the submitter for evidence; the item waits until its day, or until somebody claims it.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/request-evidence", tag = "work", operation_id = "request_evidence",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = EvidenceDocument, content_type = "application/json"),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn request_evidence(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    let read = |fields: &mut Fields| Action::RequestEvidence {
        asked: fields.needed_text("evidence").unwrap_or_default(),
        respond_by: fields.day("respond_by"),
    };
    asked.act(&app, &caller, read).await
}

/// Decides a work item that one has claimed.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/decide", tag = "work", operation_id = "decide_work_item",
    description = "What moves a year's tax by more than policy allows then waits for another person to authorise it.",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = DecisionDocument, content_type = "application/json"),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn decide(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    let not_at = not_for(&app, caller.officer()?).await?;
    asked.act(&app, &caller, |fields| decision(fields, not_at)).await
}

/// Authorises what another person decided.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/authorise", tag = "work", operation_id = "authorise_work_item",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn authorise(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    asked.act(&app, &caller, |_| Action::Authorise).await
}

/// Which fields of a notification an officer can put right.
const AMENDABLE: [&str; 4] = ["details", "effective_on", "account", "dwelling"];

fn decision(fields: &mut Fields, not_at: BTreeSet<Uprn>) -> Action {
    let decision = fields.needed_text("decision");
    let explanation = fields.text("explanation");
    match decision.as_deref() {
        Some("accept") => Action::Accept { explanation },
        Some("amend") => {
            let amended: Map<String, Value> =
                AMENDABLE.iter().filter_map(|name| Some(((*name).to_owned(), fields.take(name)?))).collect();
            if amended.is_empty() {
                fields.fault("details", format!("give what is put right: {}", AMENDABLE.join(", ")));
            }
            Action::Amend { fields: amended, not_at, explanation }
        }
        Some("reject") => {
            let reason = fields.needed_text("reason").and_then(|it| it.parse::<ReasonCode>().ok());
            if reason.is_none() {
                fields.fault("reason", "must be a reason code, R01 to R24");
            }
            Action::Reject { reason: reason.unwrap_or(ReasonCode::R10), explanation }
        }
        Some(_) => {
            fields.fault("decision", "must be one of accept, amend, reject");
            Action::Claim { supervisor: false }
        }
        None => Action::Claim { supervisor: false },
    }
}

/// Whether the caller may do what only supervisors may.
pub(super) fn is_supervisor(caller: &Caller) -> bool {
    matches!(caller, Caller::Holder(it) if it.role == Role::Supervisor)
}

/// What was asked of which item.
struct Asked {
    id: NotificationRef,
    fields: Fields,
}

async fn asked(app: &App, id: Result<Named<NotificationRef>, Problem>, request: Request) -> Result<Asked, Problem> {
    let Named(id) = id.map_err(|_| refused(ActionRefused::Unknown))?;
    Params::of(request.uri(), &[]).finish()?;
    Ok(Asked { id, fields: Fields::read(app, request).await? })
}

impl Asked {
    async fn act(
        mut self,
        app: &App,
        caller: &Caller,
        read: impl FnOnce(&mut Fields) -> Action,
    ) -> Result<Json<WorkItemDetailView>, Problem> {
        let action = read(&mut self.fields);
        self.fields.finish()?;
        let acted = app.backend().act(&self.id, action, caller.officer()?).await;
        let item = open_item(app, caller.officer()?, acted.map_err(refused)?).await?;
        Ok(Json(view(item, app.backend().opener())))
    }
}

/// What is told when an action was not taken.
pub(super) fn refused(why: ActionRefused) -> Problem {
    let told = why.sentence();
    match why {
        ActionRefused::Unknown => Problem::not_found(told),
        ActionRefused::SamePerson
        | ActionRefused::OwnDecision
        | ActionRefused::ForSupervisors
        | ActionRefused::Fenced => Problem::new(Kind::Forbidden, told),
        ActionRefused::NotClaimed
        | ActionRefused::HeldBy(_)
        | ActionRefused::Done(_)
        | ActionRefused::AwaitsAuthorisation(_)
        | ActionRefused::AwaitsAnswer
        | ActionRefused::NothingToAuthorise
        | ActionRefused::NothingProposed(_)
        | ActionRefused::NotDecided
        | ActionRefused::AlreadyChecked(_)
        | ActionRefused::NotUndone(_) => Problem::new(Kind::Conflict, told),
        ActionRefused::Malformed(faults) => {
            let errors = faults.into_iter().map(|FieldFault { pointer, detail }| Fault { pointer, detail }).collect();
            reading::malformed(errors)
        }
        ActionRefused::Service(error) if error.will_pass() => Problem::unavailable(&error),
        ActionRefused::Service(error) => Problem::internal(&error),
    }
}
