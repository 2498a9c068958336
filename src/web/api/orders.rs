//! What is ordered for many work items at once: looked at, done, undone.

use axum::Json;
use axum::extract::{Extension, Request, State};
use hearth_events::{NotificationRef, Priority};
use serde::Serialize;
use utoipa::ToSchema;

use super::work_item::reading::Fields;
use super::work_item::{is_supervisor, refused};
use crate::service::orders::{By, MOST_ITEMS, ManyAction, Order, OrderDone, OrderItem, OrderOutcome};
use crate::web::App;
use crate::web::guard::Caller;
use crate::web::looked::not_for;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// What is to be done with many items.
#[derive(ToSchema)]
#[schema(as = WorkOrderRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct OrderDocument {
    /// Which items.
    #[schema(min_items = 1, max_items = 500)]
    references: Vec<String>,
    /// What is to be done with each.
    #[schema(pattern = "^(reallocate|defer|release|claim)$")]
    action: String,
    /// To reallocate: the queue; as before where absent.
    queue: Option<String>,
    /// To reallocate: how soon they are wanted; as before where absent.
    #[schema(pattern = "^(high|medium|low)$")]
    priority: Option<String>,
    /// To defer: the day on which they are open again.
    until: Option<jiff::civil::Date>,
    /// To reallocate and to defer: why, for the history of each item.
    #[schema(min_length = 1, max_length = 500)]
    note: Option<String>,
}

/// Which order is to be undone.
#[derive(ToSchema)]
#[schema(as = WorkOrderUndoRequest)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct UndoDocument {
    /// What the order is called.
    order: String,
}

/// What becomes of one item.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkOrderItem)]
pub(crate) struct OrderItemView {
    #[schema(value_type = String)]
    reference: NotificationRef,
    /// `done`: it is done, or would be; `already-so`: nothing is left to do; `refused`: it is not done.
    #[schema(pattern = "^(done|already-so|refused)$")]
    outcome: &'static str,
    /// What happens to it, or why not; null where it is so already.
    because: Option<String>,
}

/// What becomes of many items.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkOrder)]
pub(crate) struct OrderView {
    /// What the order is called, to undo it by; null where it was only looked at.
    order: Option<String>,
    /// How many are done, or would be.
    done: usize,
    /// How many are refused.
    refused: usize,
    items: Vec<OrderItemView>,
}

/// Shows what an order would do with each item; nothing is recorded.
#[utoipa::path(
    post, path = "/api/v1/work-items/bulk/preview", tag = "work", operation_id = "preview_work_order",
    request_body(content = OrderDocument, content_type = "application/json"),
    responses((status = 200, description = "What would become of each item", body = OrderView))
)]
pub(crate) async fn preview(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<OrderView>, Problem> {
    let order = read(&app, &caller, request).await?;
    let items = app.backend().look_at_order(&order).await.map_err(refused)?;
    Ok(Json(view(None, items)))
}

/// Does with each item what is ordered, where it may be done; each has an event of its own.
#[utoipa::path(
    post, path = "/api/v1/work-items/bulk", tag = "work", operation_id = "give_work_order",
    request_body(content = OrderDocument, content_type = "application/json"),
    responses((status = 200, description = "What became of each item", body = OrderView))
)]
pub(crate) async fn give(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<OrderView>, Problem> {
    let order = read(&app, &caller, request).await?;
    let OrderDone { order, items } = app.backend().order(&order).await.map_err(refused)?;
    Ok(Json(view(Some(order), items)))
}

/// Undoes an order, where nothing else has been done with an item since.
#[utoipa::path(
    post, path = "/api/v1/work-items/bulk/undo", tag = "work", operation_id = "undo_work_order",
    description = "For whoever gave it, and for supervisors. What was given back stays so.",
    request_body(content = UndoDocument, content_type = "application/json"),
    responses((status = 200, description = "What became of each item", body = OrderView))
)]
pub(crate) async fn undo(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Json<OrderView>, Problem> {
    Params::of(request.uri(), &[]).finish()?;
    let mut fields = Fields::read(&app, request).await?;
    let order = fields.needed_text("order").unwrap_or_default();
    fields.finish()?;
    let officer = caller.officer()?.to_owned();
    let not_at = not_for(&app, &officer).await?;
    let by = By { officer, supervisor: is_supervisor(&caller), not_at };
    let undone = app.backend().undo_order(&order, &by).await;
    let OrderDone { order, items } = undone.map_err(refused)?;
    Ok(Json(view(Some(order), items)))
}

async fn read(app: &App, caller: &Caller, request: Request) -> Result<Order, Problem> {
    Params::of(request.uri(), &[]).finish()?;
    let mut fields = Fields::read(app, request).await?;
    let mut references = Vec::new();
    for text in fields.texts("references", MOST_ITEMS) {
        match text.parse::<NotificationRef>() {
            Ok(reference) => references.push(reference),
            Err(_) => fields.fault("references", "must be references of notifications"),
        }
    }
    let action = action(&mut fields);
    let note = if matches!(action, ManyAction::Reallocate { .. } | ManyAction::Defer { .. }) {
        fields.text("note")
    } else {
        None
    };
    fields.finish()?;
    let (officer, supervisor) = (caller.officer()?.to_owned(), is_supervisor(caller));
    let not_at = not_for(app, &officer).await?;
    Ok(Order { references, action, by: By { officer, supervisor, not_at }, note })
}

fn action(fields: &mut Fields) -> ManyAction {
    let action = fields.needed_text("action");
    match action.as_deref() {
        Some("reallocate") => ManyAction::Reallocate { queue: fields.text("queue"), priority: priority(fields) },
        Some("defer") => ManyAction::Defer { until: fields.needed_day("until").unwrap_or_default() },
        Some("claim") => ManyAction::Claim,
        Some("release") | None => ManyAction::Release,
        Some(_) => {
            fields.fault("action", "must be reallocate, defer, release or claim");
            ManyAction::Release
        }
    }
}

/// How soon an item is wanted.
pub(super) fn priority(fields: &mut Fields) -> Option<Priority> {
    let text = fields.text("priority")?;
    let priority = match text.as_str() {
        "high" => Some(Priority::High),
        "medium" => Some(Priority::Medium),
        "low" => Some(Priority::Low),
        _ => None,
    };
    if priority.is_none() {
        fields.fault("priority", "must be high, medium or low");
    }
    priority
}

fn view(order: Option<String>, items: Vec<OrderItem>) -> OrderView {
    let number = |of: fn(&OrderOutcome) -> bool| items.iter().filter(|it| of(&it.outcome)).count();
    let done = number(|it| matches!(it, OrderOutcome::Done(_)));
    let refused = number(|it| matches!(it, OrderOutcome::Refused(_)));
    let item = |OrderItem { reference, outcome }: OrderItem| {
        let (outcome, because) = match outcome {
            OrderOutcome::Done(what) => ("done", Some(what)),
            OrderOutcome::AlreadySo => ("already-so", None),
            OrderOutcome::Refused(because) => ("refused", Some(because)),
        };
        OrderItemView { reference, outcome, because }
    };
    OrderView { order, done, refused, items: items.into_iter().map(item).collect() }
}
