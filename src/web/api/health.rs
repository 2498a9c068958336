//! Whether the service lives, and whether it can answer.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hearth_events::Position;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::App;
use crate::web::problem::{Kind, Problem};
use crate::web::query::Params;

/// How long the log may take to say where it stands.
const PATIENCE: Duration = Duration::from_secs(2);

/// The service lives.
#[derive(Serialize, ToSchema)]
pub(crate) struct Live {
    #[schema(pattern = "^live$")]
    status: &'static str,
}

impl Live {
    pub(crate) const LIVES: Self = Self { status: "live" };
}

/// The service can answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ready {
    #[schema(pattern = "^ready$")]
    status: &'static str,
    /// `simulated` where the log follows the times in what is submitted.
    #[schema(pattern = "^(system|simulated)$")]
    clock: &'static str,
    /// The position of the last event in the log.
    #[schema(value_type = u64)]
    log_head: Position,
    projections: Vec<ProjectionView>,
    /// How many streams are parked, because an event in them could not be read.
    parked: usize,
}

/// How far a projection is.
#[derive(Serialize, ToSchema)]
#[schema(as = ProjectionPosition)]
pub(crate) struct ProjectionView {
    name: String,
    #[schema(value_type = u64)]
    position: Position,
    /// How far behind the log.
    behind: u64,
}

/// Says that the process answers; for restarting it when it does not.
#[utoipa::path(
    get, path = "/health/live", tag = "operation", operation_id = "health_live",
    responses((status = 200, description = "It lives", body = Live))
)]
pub(crate) async fn live(uri: Uri) -> Result<Json<Live>, Problem> {
    Params::of(&uri, &[]).finish()?;
    Ok(Json(Live::LIVES))
}

/// Says whether the log answers and the views are not far behind; for sending requests here or not.
#[utoipa::path(
    get, path = "/health/ready", tag = "operation", operation_id = "health_ready",
    responses((status = 200, description = "It can answer", body = Ready))
)]
pub(crate) async fn ready(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    Params::of(&uri, &[]).finish()?;
    let standing = tokio::time::timeout(PATIENCE, standing(&app))
        .await
        .map_err(|_| Problem::unavailable(&"the log does not answer in time"))??;
    let furthest =
        standing.projections.iter().max_by_key(|it| it.behind).filter(|it| it.behind > app.0.limits.views_behind);
    if let Some(ProjectionView { name, behind, .. }) = furthest {
        let told = format!("The view {name} is {behind} events behind the log: wait until it has caught up.");
        return Err(Problem::new(Kind::Unavailable, told).with_retry_after(5));
    }
    if *app.0.stop.borrow() {
        return Err(Problem::new(Kind::Unavailable, "The service is stopping: ask another one.").with_retry_after(5));
    }
    Ok((StatusCode::OK, Json(standing)).into_response())
}

/// Where the log and the views stand.
pub(super) async fn standing(app: &App) -> Result<Ready, Problem> {
    let log_head = app.backend().store().head().await?;
    let (projections, parked) = app
        .read(move |it| {
            let position = |name: &&str| {
                let position = it.views().checkpoint(name)?;
                Ok(ProjectionView { name: (*name).to_owned(), position, behind: log_head.0.saturating_sub(position.0) })
            };
            let projections: Vec<_> = it.projections().iter().map(position).collect::<Result<_, _>>()?;
            Ok((projections, it.views().parked()?.len()))
        })
        .await?;
    let clock = if app.backend().simulated_clock() { "simulated" } else { "system" };
    Ok(Ready { status: "ready", clock, log_head, projections, parked })
}

impl Ready {
    /// Tells the metrics.
    pub(super) fn measure(&self) {
        metrics::counter!("hearth_log_head").absolute(self.log_head.0);
        for ProjectionView { name, position, .. } in &self.projections {
            metrics::counter!("hearth_projection_position", "projection" => name.clone()).absolute(position.0);
        }
        metrics::gauge!("hearth_parked_streams").set(u32::try_from(self.parked).unwrap_or(u32::MAX));
    }
}
