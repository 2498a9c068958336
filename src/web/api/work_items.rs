//! Work items: notifications that wait for an officer.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Uri;
use hearth_events::{Channel, NotificationKind, NotificationRef, Priority, ReasonCode, Status, Uprn};
use hearth_projections::{Flag, WorkStatus};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::notifications::StatusName;
use crate::service::queue::WorkList;
use crate::service::times::Times;
use crate::views::{Assigned, Sort, WorkItem, WorkItemFilter, british_day};
use crate::web::App;
use crate::web::guard::Caller;
use crate::web::looked::not_for;
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
    #[schema(value_type = String, example = "web")]
    channel: Channel,
    /// The dwellings it lays claim to.
    #[schema(value_type = Vec<String>)]
    dwellings: Vec<Uprn>,
    /// Working days since it was due; 0 where it is not.
    overdue_working_days: u32,
    /// Whether only a supervisor takes it.
    escalated: bool,
    /// What is remarkable about it, as far as it tells itself.
    #[schema(value_type = Vec<FlagName>)]
    flags: Vec<Flag>,
    /// How often somebody made contact about it that would not have, had all gone well.
    failure_contacts: u32,
    /// Until when it is theirs, where somebody has it; null otherwise.
    #[schema(value_type = Option<String>, format = DateTime)]
    claimed_until: Option<Timestamp>,
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

/// What is remarkable about an item.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = WorkItemFlag)]
#[expect(dead_code, reason = "it only describes hearth_projections::Flag for the OpenAPI document")]
pub(crate) enum FlagName {
    InRecovery,
    CreditOnAccount,
    Deceased,
    ThirdPartyAssertion,
    PossibleDuplicate,
    DirectDebitActive,
    Disputed,
}

/// A page of work items.
#[derive(Serialize, ToSchema)]
pub(crate) struct WorkItemPage {
    items: Vec<WorkItemView>,
    /// What to pass as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
    /// How many there are on all pages.
    total: u64,
}

/// Lists work items.
#[utoipa::path(
    get, path = "/api/v1/work-items", tag = "work", operation_id = "list_work_items",
    description = "Where several values may be given, a comma is between them, and any of them fits; of flags, all have to. \
                   What waits is searched by reference, name, address, UPRN and account; what is done by its whole reference.",
    params(
        ("queue" = Option<String>, Query, description = "Of one of these queues", min_length = 1, max_length = 100),
        ("status" = Option<String>, Query, description = "Of this status, of the item or of its notification",
            pattern = "^(open|claimed|deferred|awaiting-evidence|awaiting-confirmation|awaiting-authorisation|done|received|applied|referred|rejected|duplicate|withdrawn)$"),
        ("done" = Option<bool>, Query, description = "Only where nothing, or something, is left to do"),
        ("reason" = Option<String>, Query, description = "With one of these reasons among theirs",
            pattern = "^R(0[1-9]|1[0-9]|2[0-4])(,R(0[1-9]|1[0-9]|2[0-4]))*$"),
        ("priority" = Option<String>, Query, description = "Of one of these priorities", pattern = "^(high|medium|low)(,(high|medium|low))*$"),
        ("kinds" = Option<String>, Query, description = "Of one of these kinds", pattern = "^[a-z]+(-[a-z]+)*(,[a-z]+(-[a-z]+)*)*$"),
        ("channel" = Option<String>, Query, description = "Come by one of these channels", pattern = "^[a-z]+(-[a-z]+)*(,[a-z]+(-[a-z]+)*)*$"),
        ("assigned" = Option<String>, Query, description = "That this officer has; `me`, or `nobody`", min_length = 1, max_length = 100),
        ("overdue" = Option<bool>, Query, description = "Only what should have been dealt with by the day before"),
        ("escalated" = Option<bool>, Query, description = "Only what waits for a supervisor, or only what does not"),
        ("flags" = Option<String>, Query, description = "With all of these flags",
            pattern = "^(in-recovery|deceased|third-party-assertion|possible-duplicate|disputed)(,(in-recovery|deceased|third-party-assertion|possible-duplicate|disputed))*$"),
        ("q" = Option<String>, Query, description = "In which each word of this begins a word", min_length = 1, max_length = 100),
        ("sort" = Option<String>, Query, description = "By reference where absent; the other way round after a -",
            pattern = "^-?(reference|due|received|priority)$"),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of work items", body = WorkItemPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<WorkItemPage>, Problem> {
    let mut params = Params::of(&uri, &KNOWN);
    let text = params.text("q");
    let filter = filter(&mut params, &caller);
    params.finish()?;
    let not_at = not_for(&app, caller.officer()?).await?;
    let filter = WorkItemFilter { not_at, ..filter };
    page(&app, filter, text.as_deref()).await.map(Json)
}

/// The parameters of the list.
const KNOWN: [&str; 15] = [
    "queue",
    "status",
    "done",
    "reason",
    "priority",
    "kinds",
    "channel",
    "assigned",
    "overdue",
    "escalated",
    "flags",
    "q",
    "sort",
    "limit",
    "cursor",
];

fn filter(params: &mut Params, caller: &Caller) -> WorkItemFilter {
    let status = params.text("status");
    let mut known: Vec<_> = WorkStatus::ALL.iter().map(|it| it.as_str()).collect();
    known.extend(STATUSES.iter().map(|it| it.as_str()));
    if status.as_deref().is_some_and(|it| !known.contains(&it)) {
        params.fault("status", format!("must be one of {}", known.join(", ")));
    }
    let priorities = [("high", Priority::High), ("medium", Priority::Medium), ("low", Priority::Low)];
    let flags = Flag::LISTED.map(|it| (it.as_str(), it));
    let (sort, descending) = sort(params);
    WorkItemFilter {
        queues: params.several("queue", |it| (!it.is_empty()).then(|| it.to_owned()), "queues"),
        status,
        done: params.yes_or_no("done"),
        reasons: params.several("reason", |it| it.parse().ok(), "reasons such as R04"),
        priorities: params.several("priority", |it| named(&priorities, it), "high, medium, low"),
        kinds: params.several("kinds", |it| it.parse().ok(), "kinds of notifications"),
        channels: params.several("channel", |it| it.parse().ok(), "channels"),
        assigned: params.text("assigned").map(|it| assigned(it, caller)),
        overdue: params.yes_or_no("overdue").unwrap_or_default(),
        escalated: params.yes_or_no("escalated"),
        flags: params.several("flags", |it| named(&flags, it), &Flag::LISTED.map(Flag::as_str).join(", ")),
        sort,
        descending,
        limit: params.limit(),
        after: params.cursor(),
        ..WorkItemFilter::default()
    }
}

fn named<T: Copy>(known: &[(&str, T)], text: &str) -> Option<T> {
    known.iter().find(|(name, _)| *name == text).map(|(_, it)| *it)
}

fn assigned(text: String, caller: &Caller) -> Assigned {
    match (text.as_str(), caller) {
        ("nobody", _) => Assigned::ToNobody,
        ("me", Caller::Holder(it)) => Assigned::To(it.name.clone()),
        (_, _) => Assigned::To(text),
    }
}

fn sort(params: &mut Params) -> (Sort, bool) {
    let Some(text) = params.text("sort") else { return (Sort::default(), false) };
    let (name, descending) = text.strip_prefix('-').map_or((text.as_str(), false), |name| (name, true));
    let sort = Sort::ALL.into_iter().find(|it| it.as_str() == name);
    if sort.is_none() {
        let known = Sort::ALL.map(Sort::as_str).join(", ");
        params.fault("sort", format!("must be one of {known}, with a - before it for the other way round"));
    }
    (sort.unwrap_or_default(), descending)
}

/// The page that a filter gives now.
pub(super) async fn page(app: &App, filter: WorkItemFilter, text: Option<&str>) -> Result<WorkItemPage, Problem> {
    let (at, limit) = (app.backend().now(), filter.limit);
    let filter = WorkItemFilter { at, limit: limit + 1, ..filter };
    let WorkList { items, total } = app.backend().work_list(filter, text).await?;
    let Page { items, next_cursor } = Page::of(items, limit, |it: &WorkItem| it.place().to_string());
    Ok(WorkItemPage { items: items.into_iter().map(|it| view(it, at)).collect(), next_cursor, total })
}

fn view(it: WorkItem, at: Timestamp) -> WorkItemView {
    let status = it.work.status_at(at, british_day(at));
    let end = it.completed_at.unwrap_or(at);
    WorkItemView {
        status,
        allocated_to: it.work.holder_at(at).map(str::to_owned),
        claimed_until: it.work.until.filter(|_| status == WorkStatus::Claimed),
        overdue_working_days: Times::of(it.received_at, it.due_on, &it.work.pauses, end).overdue_working_days,
        escalated: it.work.escalated,
        id: it.reference.clone(),
        reference: it.reference,
        kind: it.kind,
        channel: it.channel,
        queue: it.queue,
        reasons: it.reasons,
        priority: it.priority,
        due_on: it.due_on,
        received_at: it.received_at,
        linked: it.linked,
        dwellings: it.dwellings,
        flags: it.flags,
        failure_contacts: it.failure_contacts,
        notification_status: it.status,
    }
}
