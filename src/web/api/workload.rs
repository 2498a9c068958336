//! The workload: what waits, for whom, for how long.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use rust_decimal::Decimal;
use utoipa::ToSchema;

use crate::views::WorkloadReport;
use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Shows the workload at an instant.
#[utoipa::path(
    get, path = "/api/v1/workload", tag = "work", operation_id = "show_workload",
    params(("as_of" = Option<String>, Query, format = DateTime, description = "At this instant; now where absent")),
    responses((status = 200, description = "The workload", body = WorkloadDocument))
)]
pub(crate) async fn show(State(app): State<App>, uri: Uri) -> Result<Json<WorkloadReport>, Problem> {
    let mut params = Params::of(&uri, &["as_of"]);
    let as_of = params.instant("as_of");
    params.finish()?;
    let as_of = as_of.unwrap_or_else(|| app.backend().now());
    Ok(Json(app.read(move |it| it.views().workload(as_of)).await?))
}

/// The workload at an instant.
#[derive(ToSchema)]
#[schema(as = Workload)]
#[expect(dead_code, reason = "it only describes views::WorkloadReport for the OpenAPI document")]
pub(crate) struct WorkloadDocument {
    #[schema(format = DateTime)]
    as_of: String,
    queues: Vec<QueueDocument>,
    by_reason: Vec<ReasonDocument>,
    /// Notifications received by then.
    received: u64,
    /// Notifications with an outcome by then.
    completed: u64,
}

/// One queue.
#[derive(ToSchema)]
#[schema(as = WorkloadQueue)]
#[expect(dead_code, reason = "it only describes views::WorkloadReport for the OpenAPI document")]
pub(crate) struct QueueDocument {
    queue: String,
    open: u64,
    overdue: u64,
    #[schema(format = DateTime)]
    oldest_received: String,
    /// To one place.
    #[schema(schema_with = number)]
    average_age_days: Decimal,
    #[schema(schema_with = number)]
    minutes_estimated: Decimal,
}

/// One reason.
#[derive(ToSchema)]
#[schema(as = WorkloadReason)]
#[expect(dead_code, reason = "it only describes views::WorkloadReport for the OpenAPI document")]
pub(crate) struct ReasonDocument {
    #[schema(pattern = "^R[0-9]{2}$")]
    code: String,
    open: u64,
}

/// A number in JSON: a decimal that is not money.
fn number() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::Number).build()
}
