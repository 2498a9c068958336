//! The saving statement.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use utoipa::ToSchema;

use crate::savings::{SavingStatement, statement};
use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Shows what was saved, and from what it is worked out.
#[utoipa::path(
    get, path = "/api/v1/savings", tag = "savings", operation_id = "show_savings",
    params(
        ("from" = Option<String>, Query, format = Date, description = "From this day on"),
        ("to" = Option<String>, Query, format = Date, description = "Up to, not including, this day"),
        ("scenario" = Option<String>, Query, description = "Under this scenario; the council's own where absent",
            min_length = 1, max_length = 100),
    ),
    responses((status = 200, description = "The statement", body = SavingsDocument))
)]
pub(crate) async fn show(State(app): State<App>, uri: Uri) -> Result<Json<SavingStatement>, Problem> {
    let mut params = Params::of(&uri, &["from", "to", "scenario"]);
    let (from, to, scenario) = (params.day("from"), params.day("to"), params.text("scenario"));
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        params.fault("to", "must be after from: it is the first day that no longer counts");
    }
    params.finish()?;
    let rows = app.read(move |it| it.views().savings(from, to)).await?;
    Ok(Json(statement(&rows, from, to, scenario.as_deref())?))
}

/// The saving statement.
#[derive(ToSchema)]
#[schema(as = Savings)]
#[expect(dead_code, reason = "it only describes savings::SavingStatement for the OpenAPI document")]
pub(crate) struct SavingsDocument {
    scenario: String,
    notifications: u64,
    #[schema(value_type = serde_json::Value)]
    potential: (),
    #[schema(value_type = serde_json::Value)]
    forecast: (),
    #[schema(value_type = serde_json::Value)]
    realised: (),
    #[schema(value_type = serde_json::Value)]
    per_notification: (),
    #[schema(value_type = serde_json::Value)]
    contact_saving: (),
    #[schema(value_type = serde_json::Value)]
    back_office_saving: (),
    #[schema(value_type = serde_json::Value)]
    cash_releasing: (),
    #[schema(value_type = serde_json::Value)]
    time_releasing: (),
    by_channel: Vec<serde_json::Value>,
    by_kind: Vec<serde_json::Value>,
    assumptions: Vec<AssumptionDocument>,
}

/// A figure that the statement rests on.
#[derive(ToSchema)]
#[schema(as = Assumption)]
#[expect(dead_code, reason = "it only describes savings::SavingStatement for the OpenAPI document")]
pub(crate) struct AssumptionDocument {
    name: String,
    #[schema(value_type = serde_json::Value)]
    value: (),
    /// Where it was published, or `assumed`.
    source: String,
    #[schema(value_type = serde_json::Value)]
    from: (),
}
