//! Tables as files.

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;

use super::period::Asked;
use crate::web::App;
use crate::web::api::figures::{attached, table_of, waterfall_of};
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::problem::Problem;

/// One table of the figures.
pub(in crate::web) async fn show(
    State(app): State<App>,
    staff: StaffVisit,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    attached(&table_of(&app, &staff.holder.name, &name, Asked::of(&uri).period(&app)).await?)
}

/// The way from what could be saved to what was.
pub(in crate::web) async fn waterfall(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    attached(&waterfall_of(&app, Asked::of(&uri).period(&app)).await?)
}
