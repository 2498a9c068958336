//! Which checks a notification passes through.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;

use crate::service::gates::Gates;
use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Shows which checks a notification of each kind passes through, what each asks and how it can come out.
#[utoipa::path(
    get, path = "/api/v1/gates", tag = "work", operation_id = "show_gates",
    responses((status = 200, description = "The kinds, the checks and the reasons", body = Gates))
)]
pub(crate) async fn show(State(app): State<App>, uri: Uri) -> Result<Json<Gates>, Problem> {
    Params::of(&uri, &[]).finish()?;
    Ok(Json(app.backend().gates()))
}
