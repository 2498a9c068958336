//! Metrics in the format of Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::health::standing;
use crate::web::App;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Upper bounds of the latency histogram, seconds.
const SECONDS: [&str; 12] =
    ["0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "10"];

/// The one recorder of the process, installed the first time it is asked for.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let bounds: Vec<_> = SECONDS.iter().filter_map(|it| it.parse().ok()).collect();
            let recorder = PrometheusBuilder::new().set_buckets(&bounds).ok()?.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok()?;
            describe();
            Some(handle)
        })
        .as_ref()
}

fn describe() {
    metrics::describe_counter!("hearth_requests_total", "Requests by method, route template and status");
    metrics::describe_histogram!("hearth_request_seconds", "Time from the headers of a request to its answer");
    metrics::describe_counter!(
        "hearth_submissions_total",
        "Notifications sent over the API by what became of the request"
    );
    metrics::describe_counter!("hearth_log_head", "The position of the last event in the log");
    metrics::describe_counter!("hearth_projection_position", "The position of the last event in a view");
    metrics::describe_counter!(
        "hearth_store_connections_lost_total",
        "Connections to the server of the log that were lost"
    );
    metrics::describe_gauge!("hearth_parked_streams", "Streams parked because an event in them could not be read");
}

/// Installs the recorder and lets go of what it need not keep; called now and then.
pub(crate) fn upkeep() {
    if let Some(recorder) = recorder() {
        recorder.run_upkeep();
    }
}

/// Counts an answered request.
pub(crate) fn measure(method: &'static str, route: &'static str, status: StatusCode, took: Duration) {
    let code = status.as_str().to_owned();
    metrics::counter!("hearth_requests_total", "method" => method, "route" => route, "status" => code).increment(1);
    metrics::histogram!("hearth_request_seconds", "route" => route).record(took);
}

/// Shows the metrics.
#[utoipa::path(
    get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, description = "Metrics in the text format of Prometheus", body = String, content_type = "text/plain"))
)]
pub(crate) async fn show(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    Params::of(&uri, &[]).finish()?;
    // What cannot be asked now keeps the figure it had.
    if let Ok(standing) = standing(&app).await {
        standing.measure();
    }
    let text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
