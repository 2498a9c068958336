//! Work items: notifications that wait for an officer.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use hearth_events::{NotificationKind, NotificationRef, Priority, ReasonCode, Status};
use hearth_projections::WorkStatus;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::notifications::StatusName;
use crate::views::{WorkItem, WorkItemFilter, british_day};
use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::{Page, Params};

/// The statuses of notifications, beside those of items.
const STATUSES: [Status; 6] =
    [Status::Received, Status::Applied, Status::Referred, Status::Rejected, Status::Duplicate, Status::Withdrawn];

/// A notification that waits for an officer.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkItem)]
pub(crate) struct WorkItemView {
    /// The reference of the notification: each has one work item at most.
    #[schema(value_type = String)]
    id: NotificationRef,
    #[schema(value_type = String)]
    reference: NotificationRef,
    #[schema(value_type = String, example = "move-in")]
    kind: NotificationKind,
    queue: String,
    #[schema(value_type = Vec<String>)]
    reasons: Vec<ReasonCode>,
    #[schema(value_type = String, pattern = "^(high|medium|low)$")]
    priority: Priority,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Other notifications that tell of the same change.
    #[schema(value_type = Vec<String>)]
    linked: Vec<NotificationRef>,
    /// Who has it: who works on it, or whose decision waits to be authorised; null where nobody does.
    allocated_to: Option<String>,
    #[schema(value_type = WorkStatusName)]
    status: WorkStatus,
    /// What the notification has come to.
    #[schema(value_type = StatusName)]
    notification_status: Status,
}

/// How far an item has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = WorkItemStatus)]
#[expect(dead_code, reason = "it only describes hearth_projections::WorkStatus for the OpenAPI document")]
pub(crate) enum WorkStatusName {
    Open,
    Claimed,
    Deferred,
    AwaitingEvidence,
    AwaitingConfirmation,
    AwaitingAuthorisation,
    Done,
}

/// A page of work items.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes Page<WorkItemView> for the OpenAPI document")]
pub(crate) struct WorkItemPage {
    items: Vec<WorkItemView>,
    /// What to pass as `cursor` for the next page; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Lists work items.
#[utoipa::path(
    get, path = "/api/v1/work-items", tag = "work", operation_id = "list_work_items",
    params(
        ("queue" = Option<String>, Query, description = "Of this queue", min_length = 1, max_length = 100),
        ("status" = Option<String>, Query, description = "Of this status, of the item or of its notification",
            pattern = "^(open|claimed|deferred|awaiting-evidence|awaiting-confirmation|awaiting-authorisation|done|received|applied|referred|rejected|duplicate|withdrawn)$"),
        ("reason" = Option<String>, Query, description = "With this reason among theirs", pattern = "^R(0[1-9]|1[0-9]|2[0-4])$"),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of work items", body = WorkItemPage))
)]
pub(crate) async fn list(State(app): State<App>, uri: Uri) -> Result<Json<Page<WorkItemView>>, Problem> {
    let mut params = Params::of(&uri, &["queue", "status", "reason", "limit", "cursor"]);
    let (queue, status, reason) = (params.text("queue"), params.text("status"), params.parsed::<ReasonCode>("reason"));
    let mut known: Vec<_> = WorkStatus::ALL.iter().map(|it| it.as_str()).collect();
    known.extend(STATUSES.iter().map(|it| it.as_str()));
    if status.as_deref().is_some_and(|it| !known.contains(&it)) {
        params.fault("status", format!("must be one of {}", known.join(", ")));
    }
    let (limit, after) = (params.limit(), params.cursor::<NotificationRef>());
    params.finish()?;
    let on = british_day(app.backend().now());
    let filter = WorkItemFilter { queue, status, on, reason, after, limit: limit + 1 };
    let found = app.read(move |it| it.views().work_items(&filter)).await?;
    let items = found.into_iter().map(|it| view(it, on)).collect();
    Ok(Json(Page::of(items, limit, |it: &WorkItemView| it.reference.to_string())))
}

fn view(it: WorkItem, on: Date) -> WorkItemView {
    WorkItemView {
        status: it.work.status_on(on),
        allocated_to: it.work.allocated_to,
        id: it.reference.clone(),
        reference: it.reference,
        kind: it.kind,
        queue: it.queue,
        reasons: it.reasons,
        priority: it.priority,
        due_on: it.due_on,
        received_at: it.received_at,
        linked: it.linked,
        notification_status: it.status,
    }
}
