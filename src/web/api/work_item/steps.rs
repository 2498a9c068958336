//! What officers do with an item beside deciding it: hand it over, give it to supervisors, put it elsewhere; and what is
//! noted beside a notification, done or not.

use axum::Json;
use axum::extract::{Extension, Request, State};
use hearth_events::{Channel, ContactAbout, ErrorClass, Money, NotificationRef, Role};
use utoipa::ToSchema;

use super::reading::Fields;
use super::view::{AsidesView, WorkItemDetailView, asides};
use super::{asked, is_supervisor, refused};
use crate::service::work::{Action, Aside, Taker};
use crate::web::App;
use crate::web::api::orders::priority;
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::Problem;
use crate::web::query::Named;

/// To whom an item goes.
#[derive(ToSchema)]
#[schema(as = HandOver)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct HandOverDocument {
    /// The name by which the colleague signs in, or that of their token: an officer or a supervisor who is trained for the
    /// queue and from whom none of its dwellings is fenced.
    #[schema(min_length = 1, max_length = 100)]
    to: String,
    /// What they should know.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// Why an item needs a supervisor.
#[derive(ToSchema)]
#[schema(as = Escalation)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct EscalationDocument {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// Where an item goes.
#[derive(ToSchema)]
#[schema(as = Reallocation)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct ReallocationDocument {
    /// The queue; as before where absent.
    #[schema(pattern = "^(bereavement|discounts|enquiries|moves|payments|properties|records)$")]
    queue: Option<String>,
    /// How soon it is wanted; as before where absent.
    #[schema(pattern = "^(high|medium|low)$")]
    priority: Option<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// What came of checking a decision.
#[derive(ToSchema)]
#[schema(as = DecisionCheck)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct CheckDocument {
    /// What was wrong.
    #[schema(pattern = "^(none|clerical|financial|data-protection)$")]
    error: String,
    /// How much money was wrong.
    #[schema(pattern = r"^-?[0-9]{1,9}\.[0-9]{2}$")]
    value: Option<String>,
    /// What whoever decided should know.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// A contact about a notification.
#[derive(ToSchema)]
#[schema(as = Contact)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct ContactDocument {
    /// How it came.
    #[schema(example = "telephone")]
    channel: String,
    /// Why.
    #[schema(pattern = "^(chase|unclear|mistake|complaint|more-to-tell)$")]
    about: String,
    /// What was said.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// Gives a work item to a colleague, who has it from then on.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/hand-over", tag = "work", operation_id = "hand_over_work_item",
    description = "For whoever has it, and for supervisors.",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = HandOverDocument, content_type = "application/json"),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn hand_over(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let mut asked = asked(&app, id, request).await?;
    let supervisor = is_supervisor(&caller);
    let to = asked.fields.needed_text("to").unwrap_or_default();
    let taker = taker(&app, &to).await?;
    let read = |fields: &mut Fields| Action::HandOver { to, taker, note: fields.text("note"), supervisor };
    asked.act(&app, &caller, read).await
}

/// Which items somebody of this name may have: an officer or a supervisor, who signs in or has a token.
pub(in crate::web) async fn taker(app: &App, name: &str) -> Result<Option<Taker>, Problem> {
    let colleague = app.0.access.colleague(name).await?;
    let Some(colleague) = colleague.filter(|it| matches!(it.role, Role::Officer | Role::Supervisor)) else {
        return Ok(None);
    };
    Ok(Some(Taker { queues: colleague.queues, not_at: not_for(app, name).await? }))
}

/// Gives a work item to the supervisors: only they take it from then on.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/escalate", tag = "work", operation_id = "escalate_work_item",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = EscalationDocument, content_type = "application/json"),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn escalate(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    asked.act(&app, &caller, |fields| Action::Escalate { note: fields.text("note") }).await
}

/// Puts a work item into another queue, or makes it more or less urgent.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/reallocate", tag = "work", operation_id = "reallocate_work_item",
    description = "Where nobody has it, or the caller does; supervisors always.",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = ReallocationDocument, content_type = "application/json"),
    responses((status = 200, description = "The work item", body = WorkItemDetailView))
)]
pub(crate) async fn reallocate(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<WorkItemDetailView>, Problem> {
    let asked = asked(&app, id, request).await?;
    let supervisor = is_supervisor(&caller);
    let read = |fields: &mut Fields| Action::Reallocate {
        queue: fields.text("queue"),
        priority: priority(fields),
        note: fields.text("note"),
        supervisor,
    };
    asked.act(&app, &caller, read).await
}

/// Notes what came of checking a decision, an officer's or the machine's.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/check", tag = "work", operation_id = "check_decision",
    description = "Once a decision, and never by whoever decided or authorised it. The notification need not have been referred.",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = CheckDocument, content_type = "application/json"),
    responses((status = 200, description = "What is noted beside the notification", body = AsidesView))
)]
pub(crate) async fn check(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<AsidesView>, Problem> {
    let mut asked = asked(&app, id, request).await?;
    let fields = &mut asked.fields;
    let error = fields.needed_text("error").and_then(|it| ErrorClass::ALL.into_iter().find(|one| one.as_str() == it));
    if error.is_none() {
        fields.fault("error", format!("must be one of {}", ErrorClass::ALL.map(ErrorClass::as_str).join(", ")));
    }
    let value = fields.text("value").map(|it| it.parse::<Money>());
    if matches!(value, Some(Err(_))) {
        fields.fault("value", "must be an amount with two decimals, such as 12.50");
    }
    let (error, value) = (error.unwrap_or(ErrorClass::None), value.and_then(Result::ok));
    let aside = Aside::Check { error, value, note: fields.text("note") };
    fields.finish()?;
    put(&app, &caller, &asked.id, &aside).await
}

/// Links a contact with the notification that it is about.
#[utoipa::path(
    post, path = "/api/v1/work-items/{id}/contacts", tag = "work", operation_id = "link_contact",
    description = "Whether the notification still waits or not. What would not have been asked, had all gone well, is counted.",
    params(("id" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$")),
    request_body(content = ContactDocument, content_type = "application/json"),
    responses((status = 200, description = "What is noted beside the notification", body = AsidesView))
)]
pub(crate) async fn contact(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    id: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<AsidesView>, Problem> {
    let mut asked = asked(&app, id, request).await?;
    let fields = &mut asked.fields;
    let channel = fields.needed_text("channel").and_then(|it| it.parse::<Channel>().ok());
    if channel.is_none() {
        fields.fault("channel", format!("must be one of {}", Channel::ALL.map(Channel::as_str).join(", ")));
    }
    let about = fields.needed_text("about").and_then(|it| ContactAbout::ALL.into_iter().find(|one| one.as_str() == it));
    if about.is_none() {
        fields.fault("about", format!("must be one of {}", ContactAbout::ALL.map(ContactAbout::as_str).join(", ")));
    }
    let (channel, about) = (channel.unwrap_or(Channel::Telephone), about.unwrap_or(ContactAbout::Chase));
    let aside = Aside::Contact { channel, about, note: fields.text("note") };
    fields.finish()?;
    put(&app, &caller, &asked.id, &aside).await
}

async fn put(app: &App, caller: &Caller, id: &NotificationRef, aside: &Aside) -> Result<Json<AsidesView>, Problem> {
    let noted = app.backend().put_beside(id, aside, caller.officer()?).await;
    Ok(Json(asides(noted.map_err(refused)?)))
}
