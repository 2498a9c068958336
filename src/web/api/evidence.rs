//! Evidence: a submitter sends a file, an officer reads it.

use axum::Json;
use axum::extract::{Extension, Path, Request, State};
use axum::http::header;
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse as _, Response};
use hearth_events::{MediaType, NotificationRef, Opener};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::follow_up::{followed_up, not_taken};
use super::notifications::{NotificationView, not_found};
use crate::service::submitter::{EvidenceKept, EvidenceSent, FollowUp};
use crate::web::App;
use crate::web::body::file_body;
use crate::web::guard::Caller;
use crate::web::problem::Problem;
use crate::web::query::{Named, Params};

/// A file of evidence.
#[derive(Serialize, ToSchema)]
#[schema(as = Evidence)]
pub(crate) struct EvidenceView {
    /// What it is called here: the same file again has the same.
    id: String,
    /// What it is said to be; null where that was not said.
    #[schema(example = "tenancy-agreement")]
    evidence: Option<String>,
    /// What it is, as its content says.
    #[schema(value_type = String, pattern = "^(application/pdf|image/jpeg|image/png|image/heic)$")]
    media_type: MediaType,
    bytes: u64,
    /// What the submitter calls it; null where that was not said, or the submitter was forgotten.
    file_name: Option<String>,
    /// Whether a scanner looked at it and found nothing harmful. What was not looked at is not to be opened on a computer that
    /// matters.
    scanned: bool,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
}

/// A file as it is shown.
pub(crate) fn view(it: &EvidenceKept, opener: &dyn Opener) -> EvidenceView {
    EvidenceView {
        id: it.told.digest.clone(),
        evidence: it.told.kind.clone(),
        media_type: it.told.media_type,
        bytes: it.told.bytes,
        file_name: it.told.file_name.as_ref().and_then(|it| it.opened(opener)),
        scanned: it.told.scanned,
        received_at: it.received_at,
    }
}

/// Sends a file of evidence; it is sealed and durable before the answer.
#[utoipa::path(
    post, path = "/api/v1/notifications/{reference}/evidence", tag = "notifications", operation_id = "send_evidence",
    description = "A PDF, JPEG, PNG or HEIC of at most 10 MB; 20 files to a notification. What a file is, its content says, and neither \
                   its name nor Content-Type. The same file again changes nothing. What waits for evidence is the officer's \
                   again when it has come.",
    params(
        ("reference" = String, Path, description = "What the council calls it", pattern = "^[A-Za-z0-9./-]{1,40}$"),
        ("evidence" = Option<String>, Query, description = "What it is", example = "tenancy-agreement", pattern = "^[a-z0-9-]{1,40}$"),
        ("name" = Option<String>, Query, min_length = 1, max_length = 100, description = "What the submitter calls the file"),
        ("token" = Option<String>, Query, min_length = 1, max_length = 100,
            description = "Its tracking token, where that is not in the header Authorization"),
    ),
    request_body(content = inline(Vec<u8>), content_type = "application/octet-stream", description = "The file, as it is"),
    responses((status = 200, description = "The notification with the evidence", body = NotificationView))
)]
pub(crate) async fn add(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    reference: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<NotificationView>, Problem> {
    let Named(reference) = reference.map_err(|_| not_found())?;
    let mut params = Params::of(request.uri(), &["token", "evidence", "name"]);
    let _checked_before = params.text("token");
    let (kind, file_name) = (params.text("evidence"), params.text("name"));
    if kind.as_deref().is_some_and(|it| !is_kind(it)) {
        params.fault("evidence", "must have 1 to 40 small letters, digits or hyphens: tenancy-agreement");
    }
    params.finish()?;
    let content = file_body(&app, request).await?;
    followed_up(&app, reference, FollowUp::Evidence(EvidenceSent { kind, file_name, content }), caller).await
}

fn is_kind(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
}

/// Reads a file of evidence, to be kept and not to be opened in place.
#[utoipa::path(
    get, path = "/api/v1/notifications/{reference}/evidence/{id}", tag = "notifications", operation_id = "show_evidence",
    params(
        ("reference" = String, Path, description = "The reference of the notification", pattern = "^[A-Za-z0-9./-]{1,40}$"),
        ("id" = String, Path, description = "The id of the file, from the notification", pattern = "^[0-9a-f]{64}$"),
    ),
    responses((status = 200, description = "The file, as an attachment", body = inline(Vec<u8>), content_type = "application/octet-stream"))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Path((reference, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    Params::of(&uri, &[]).finish()?;
    let reference: NotificationRef = reference.parse().map_err(|_| no_file())?;
    let read = app.backend().evidence(&reference, &id).await;
    let (kept, content) = read.map_err(|why| if why.is_unknown() { no_file() } else { not_taken(why) })?;
    let media_type = kept.told.media_type;
    // The name is ours: what the submitter calls it goes into no header.
    let short: String = kept.told.digest.chars().take(8).collect();
    let disposition = format!("attachment; filename=\"evidence-{short}.{}\"", media_type.extension());
    let disposition = HeaderValue::from_str(&disposition).map_err(|error| Problem::internal(&error))?;
    let content_type = HeaderValue::from_static(media_type.as_str());
    Ok(([(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, disposition)], content).into_response())
}

fn no_file() -> Problem {
    Problem::not_found("There is no such file of evidence, or its submitter was forgotten: look at the notification.")
}
