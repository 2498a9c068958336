//! The queue as a whole: the next item, what sits too long, what is to be checked, what it all comes to.

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use hearth_events::{ErrorClass, Money, NotificationKind, NotificationRef, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::notifications::StatusName;
use super::work_item::reading::Fields;
use super::work_item::view::{WorkItemDetailView, view};
use super::work_item::{is_supervisor, refused};
use super::work_items::{WorkItemPage, page};
use crate::service::queue::SampleList;
use crate::service::statistics::{CheckFigures, QueueFigures, Statistics, WorkFigures};
use crate::service::work::NextAsked;
use crate::views::{Sample, WorkItemFilter};
use crate::web::App;
use crate::web::fenced::open_item;
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::Problem;
use crate::web::query::{Page, Params};

/// Of which queues the next item is to be.
#[derive(ToSchema)]
#[schema(as = NextWorkItemRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct NextDocument {
    /// The queues whose work the officer does; every queue where absent.
    #[schema(max_items = 40)]
    queues: Option<Vec<String>>,
}

/// Claims the next best work item: the most urgent, then what is due first, then what came first.
#[utoipa::path(
    post, path = "/api/v1/work-items/next", tag = "work", operation_id = "claim_next_work_item",
    description = "Of those who ask at once, each gets another one.",
    request_body(content = NextDocument, content_type = "application/json"),
    responses(
        (status = 200, description = "The work item, which is the caller's now", body = WorkItemDetailView),
        (status = 204, description = "Nothing waits in these queues")
    )
)]
pub(crate) async fn next(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    Params::of(request.uri(), &[]).finish()?;
    let mut fields = Fields::read(&app, request).await?;
    let queues = fields.texts("queues", MOST_QUEUES);
    fields.finish()?;
    let officer = caller.officer()?.to_owned();
    let not_at = not_for(&app, &officer).await?;
    let asked = NextAsked { officer, supervisor: is_supervisor(&caller), queues, not_at };
    Ok(match app.backend().claim_next(&asked).await.map_err(refused)? {
        Some(item) => {
            let item = open_item(&app, &asked.officer, item).await?;
            Json(view(item, app.backend().opener())).into_response()
        }
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// How many queues a request may name.
const MOST_QUEUES: usize = 40;

/// Lists work items that nobody has dealt with for longer than policy allows, the oldest first.
#[utoipa::path(
    get, path = "/api/v1/work-items/alerts", tag = "work", operation_id = "list_work_item_alerts",
    params(
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of work items", body = WorkItemPage))
)]
pub(crate) async fn alerts(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<WorkItemPage>, Problem> {
    let mut params = Params::of(&uri, &["limit", "cursor"]);
    let (limit, after) = (params.limit(), params.cursor());
    params.finish()?;
    let not_at = not_for(&app, caller.officer()?).await?;
    let filter = app.backend().alerts(limit).await?;
    page(&app, WorkItemFilter { not_at, after, ..filter }, None).await.map(Json)
}

/// A decision that somebody else is to check.
#[derive(Serialize, ToSchema)]
#[schema(as = SampledDecision)]
pub(crate) struct SampleView {
    #[schema(value_type = String)]
    reference: NotificationRef,
    #[schema(value_type = String, example = "move-in")]
    kind: NotificationKind,
    #[schema(value_type = StatusName)]
    status: Status,
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Timestamp>,
    /// Who decided; null where the machine did.
    officer: Option<String>,
}

/// A page of decisions that are to be checked.
#[derive(Serialize, ToSchema)]
#[schema(as = SampledDecisionPage)]
pub(crate) struct SamplePage {
    items: Vec<SampleView>,
    /// What to pass as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
    /// How many there are on all pages.
    total: u64,
    /// How many of a hundred decisions are checked.
    percent: u8,
}

/// Lists decisions that are to be checked and were not, the machine's among them.
#[utoipa::path(
    get, path = "/api/v1/work-items/samples", tag = "work", operation_id = "list_sampled_decisions",
    description = "Which decisions are checked follows from their references alone, so nobody chooses them.",
    params(
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where the page before ended", pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses((status = 200, description = "A page of decisions", body = SamplePage))
)]
pub(crate) async fn samples(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<SamplePage>, Problem> {
    let mut params = Params::of(&uri, &["limit", "cursor"]);
    let (limit, after) = (params.limit(), params.cursor::<String>());
    params.finish()?;
    let not_at = not_for(&app, caller.officer()?).await?;
    let SampleList { samples, total, percent } = app.backend().samples(&not_at, after, limit + 1).await?;
    let Page { items, next_cursor } = Page::of(samples, limit, |it: &Sample| it.place.clone());
    Ok(Json(SamplePage { items: items.into_iter().map(sample).collect(), next_cursor, total, percent }))
}

fn sample(it: Sample) -> SampleView {
    let officer = it.row.decided.map(|it| it.officer);
    let (reference, kind) = (it.row.reference, it.row.kind);
    SampleView { reference, kind, status: it.row.status, completed_at: it.row.completed_at, officer }
}

/// The figures of a period.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkStatistics)]
pub(crate) struct StatisticsView {
    /// When what waits was counted.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// The first day after.
    #[schema(value_type = String, format = Date)]
    to: Date,
    all: QueueView,
    queues: Vec<NamedQueueView>,
    officers: Vec<NamedWorkView>,
    kinds: Vec<NamedWorkView>,
    /// What came of checking the machine's decisions.
    checks_of_machine: ChecksView,
    /// What came of checking officers' decisions.
    checks_of_officers: ChecksView,
}

/// The figures of a queue, or of all.
#[derive(Serialize, ToSchema)]
#[schema(as = QueueStatistics)]
pub(crate) struct QueueView {
    /// Items that came in the period.
    received: u64,
    /// Items that were done in it.
    completed: u64,
    /// Items that wait.
    outstanding: u64,
    /// In working days; null where nothing waits.
    #[schema(value_type = Option<String>, example = "4.5")]
    average_age: Option<Decimal>,
    /// In working days; null where nothing waits.
    median_age: Option<i32>,
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest_received: Option<Timestamp>,
    /// How many are 0 to 5, 6 to 10, 11 to 20, 21 to 30, and more working days old.
    age_bands: [u64; 5],
    /// For how many working days there is work, at the output of the last twenty; null where there was none.
    #[schema(value_type = Option<String>, example = "12.0")]
    days_of_work: Option<Decimal>,
    /// Percent of what waits that was put off, or waits for somebody outside.
    #[schema(value_type = Option<String>, example = "8.3")]
    pend_percent: Option<Decimal>,
    /// Percent of what was done in the period that was done after its day.
    #[schema(value_type = Option<String>, example = "2.1")]
    breach_percent: Option<Decimal>,
    work: WorkView,
}

/// The figures of a queue, by its name.
#[derive(Serialize, ToSchema)]
#[schema(as = NamedQueueStatistics)]
pub(crate) struct NamedQueueView {
    queue: String,
    figures: QueueView,
}

/// What officers' decisions took.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkTaken)]
pub(crate) struct WorkView {
    /// Items that officers decided.
    decided: u64,
    /// Steps an item, on average.
    #[schema(value_type = Option<String>, example = "2.4")]
    touches: Option<Decimal>,
    /// Percent of them that were claimed and decided, and nothing else.
    #[schema(value_type = Option<String>, example = "81.0")]
    first_time_percent: Option<Decimal>,
    /// Minutes from the claim to the decision, on average.
    #[schema(value_type = Option<String>, example = "5.5")]
    average_minutes: Option<Decimal>,
    median_minutes: Option<i64>,
}

/// What an officer's decisions, or those of a kind, took.
#[derive(Serialize, ToSchema)]
#[schema(as = NamedWorkTaken)]
pub(crate) struct NamedWorkView {
    name: String,
    figures: WorkView,
}

/// What came of checks.
#[derive(Serialize, ToSchema)]
#[schema(as = CheckStatistics)]
pub(crate) struct ChecksView {
    checked: u64,
    /// Percent of them that had a fault; null where nothing was checked.
    #[schema(value_type = Option<String>, example = "3.0")]
    error_percent: Option<Decimal>,
    clerical: u64,
    financial: u64,
    data_protection: u64,
    /// How much money was wrong.
    #[schema(value_type = String, example = "120.00")]
    value: Money,
}

/// Shows the figures of the queue.
#[utoipa::path(
    get, path = "/api/v1/work-items/statistics", tag = "work", operation_id = "show_work_statistics",
    params(
        ("from" = Option<String>, Query, format = Date, description = "The first day; twenty working days before the end where absent"),
        ("to" = Option<String>, Query, format = Date, description = "The first day after; tomorrow where absent"),
    ),
    responses((status = 200, description = "The figures", body = StatisticsView))
)]
pub(crate) async fn statistics(State(app): State<App>, uri: Uri) -> Result<Json<StatisticsView>, Problem> {
    let mut params = Params::of(&uri, &["from", "to"]);
    let (from, to) = (params.day("from"), params.day("to"));
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        params.fault("to", "must be after from: it is the first day that does not count any more");
    }
    params.finish()?;
    let Statistics { as_of, from, to, all, queues, officers, kinds, checks_of_machine, checks_of_officers } =
        app.backend().statistics(from, to).await?;
    let taken = |name: String, it| NamedWorkView { name, figures: work(it) };
    Ok(Json(StatisticsView {
        as_of,
        from,
        to,
        all: figures(all),
        queues: queues.into_iter().map(|(queue, it)| NamedQueueView { queue, figures: figures(it) }).collect(),
        officers: officers.into_iter().map(|(officer, it)| taken(officer, it)).collect(),
        kinds: kinds.into_iter().map(|(kind, it)| taken(kind.to_owned(), it)).collect(),
        checks_of_machine: checks(&checks_of_machine),
        checks_of_officers: checks(&checks_of_officers),
    }))
}

fn figures(it: QueueFigures) -> QueueView {
    QueueView {
        received: it.received,
        completed: it.completed,
        outstanding: it.outstanding,
        average_age: it.average_age,
        median_age: it.median_age,
        oldest_received: it.oldest_received,
        age_bands: it.age_bands,
        days_of_work: it.days_of_work,
        pend_percent: it.pend_percent,
        breach_percent: it.breach_percent,
        work: work(it.work),
    }
}

fn work(it: WorkFigures) -> WorkView {
    let WorkFigures { decided, touches, first_time_percent, average_minutes, median_minutes } = it;
    WorkView { decided, touches, first_time_percent, average_minutes, median_minutes }
}

fn checks(it: &CheckFigures) -> ChecksView {
    let of = |class| it.by_class.get(&class).copied().unwrap_or_default();
    ChecksView {
        checked: it.checked,
        error_percent: it.error_percent,
        clerical: of(ErrorClass::Clerical),
        financial: of(ErrorClass::Financial),
        data_protection: of(ErrorClass::DataProtection),
        value: it.value,
    }
}
