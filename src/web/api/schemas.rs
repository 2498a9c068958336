//! The JSON Schema of each kind of notification.

use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use hearth_events::NotificationKind;

use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::{Named, Params};

/// Shows the JSON Schema of a kind of notification.
#[utoipa::path(
    get, path = "/api/v1/schemas/notifications/{kind}", tag = "notifications", operation_id = "show_notification_schema",
    params(("kind" = String, Path, description = "The kind, such as move-in", pattern = "^[a-z-]{1,40}$")),
    responses((status = 200, description = "The schema", body = serde_json::Value, content_type = "application/schema+json"))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Named(kind): Named<NotificationKind>,
    uri: Uri,
) -> Result<Response, Problem> {
    Params::of(&uri, &[]).finish()?;
    let schema = app.backend().notification_schema(kind);
    let schema = schema.ok_or_else(|| Problem::not_found(format!("There is no schema of {kind} yet.")))?;
    Ok(([(header::CONTENT_TYPE, "application/schema+json")], schema.to_string()).into_response())
}
