//! Work items: notifications that wait for an officer.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use hearth_events::{NotificationKind, NotificationRef, Priority, ReasonCode, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::notifications::StatusName;
use crate::views::{WorkItem, WorkItemFilter};
use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::{Page, Params};

/// The statuses that a work item can have.
const STATUSES: [Status; 7] = [
    Status::Received,
    Status::Applied,
    Status::Referred,
    Status::AwaitingEvidence,
    Status::Rejected,
    Status::Duplicate,
    Status::Withdrawn,
];

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
    /// Null until items can be claimed.
    allocated_to: Option<String>,
    #[schema(value_type = StatusName)]
    status: Status,
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
        ("status" = Option<String>, Query, description = "Of this status",
            pattern = "^(received|applied|referred|awaiting-evidence|rejected|duplicate|withdrawn)$"),
        ("reason" = Option<String>, Query, description = "With this reason among theirs", pattern = "^R(0[1-9]|1[0-9]|2[0-4])$"),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of work items", body = WorkItemPage))
)]
pub(crate) async fn list(State(app): State<App>, uri: Uri) -> Result<Json<Page<WorkItemView>>, Problem> {
    let mut params = Params::of(&uri, &["queue", "status", "reason", "limit", "cursor"]);
    let (queue, status, reason) = (params.text("queue"), params.text("status"), params.parsed::<ReasonCode>("reason"));
    if status.as_deref().is_some_and(|it| STATUSES.iter().all(|status| status.as_str() != it)) {
        let known: Vec<_> = STATUSES.iter().map(|it| it.as_str()).collect();
        params.fault("status", format!("must be one of {}", known.join(", ")));
    }
    let (limit, after) = (params.limit(), params.cursor::<NotificationRef>());
    params.finish()?;
    let filter = WorkItemFilter { queue, status, reason, after, limit: limit + 1 };
    let found = app.read(move |it| it.views().work_items(&filter)).await?;
    let items = found.into_iter().map(view).collect();
    Ok(Json(Page::of(items, limit, |it: &WorkItemView| it.reference.to_string())))
}

fn view(it: WorkItem) -> WorkItemView {
    WorkItemView {
        id: it.reference.clone(),
        reference: it.reference,
        kind: it.kind,
        queue: it.queue,
        reasons: it.reasons,
        priority: it.priority,
        due_on: it.due_on,
        received_at: it.received_at,
        allocated_to: None,
        status: it.status,
    }
}
