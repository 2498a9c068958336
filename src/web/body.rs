//! The body of a request: JSON, whole, in time, not too large.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, header};
use hyper::body::Body as _;

use super::App;
use super::problem::{Kind, Problem};

/// What a file may say it is.
const FILE_TYPES: [&str; 6] =
    ["application/octet-stream", "application/pdf", "image/jpeg", "image/png", "image/heic", "image/heif"];
/// The longest field beside a file, bytes, and the most of them.
const LONGEST_FIELD: usize = 4096;
const MOST_FIELDS: usize = 20;
/// How many times as much as a file may have is read of one that is too large.
const DRAINED: usize = 5;

/// The body of a request that is to be JSON; what is in it is not looked at.
pub(super) async fn json_body(app: &App, request: Request) -> Result<Bytes, Problem> {
    let (parts, body) = request.into_parts();
    expect(&parts.headers, &["application/json"], "the body with Content-Type: application/json")?;
    let limits = &app.0.limits;
    let late = |_| Problem::new(Kind::RequestTimeout, "The body did not arrive in time: send it again, in one go.");
    tokio::time::timeout(limits.body_timeout, whole(body, limits.body_bytes)).await.map_err(late)?
}

/// The body of a request that is a file, sent as it is. What it says it is only shows that a file was meant.
pub(super) async fn file_body(app: &App, request: Request) -> Result<Bytes, Problem> {
    let (parts, body) = request.into_parts();
    expect(
        &parts.headers,
        &FILE_TYPES,
        "a PDF, JPEG, PNG or HEIC file as it is, with Content-Type: application/octet-stream",
    )?;
    let busy = |_| Problem::unavailable(&"too many files are arriving at once");
    let _place = app.0.files.try_acquire().map_err(busy)?;
    let limit = app.0.limits.file_bytes;
    // What is too large is read all the same, up to a point, and not kept: who is still sending reads no answer.
    let read = read(body, limit, limit.saturating_mul(DRAINED)).await?;
    read.ok_or_else(|| too_large(limit))
}

/// The same, of a request that need not have a body: empty where there is none.
pub(super) async fn json_body_or_none(app: &App, request: Request) -> Result<Bytes, Problem> {
    if request.body().size_hint().exact() == Some(0) {
        return Ok(Bytes::new());
    }
    json_body(app, request).await
}

/// The fields of a form as a browser sends it; each may come more than once.
pub(super) async fn form_body(app: &App, request: Request) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let (_, body) = request.into_parts();
    let limits = &app.0.limits;
    let late = |_| Problem::new(Kind::RequestTimeout, "The form did not arrive in time: send it again.");
    let bytes = tokio::time::timeout(limits.body_timeout, whole(body, limits.body_bytes)).await.map_err(late)??;
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(&bytes) {
        fields.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    Ok(fields)
}

/// A form with a file, as a browser sends it.
#[derive(Default)]
pub(super) struct FormWithFile {
    /// Its other fields.
    pub(super) fields: BTreeMap<String, String>,
    /// What its sender calls the file, and what is in it; none where none was chosen.
    pub(super) file: Option<(String, Bytes)>,
}

/// A form with a file.
pub(super) async fn form_with_file(app: &App, request: Request) -> Result<FormWithFile, Problem> {
    let mut form = Multipart::from_request(request, app).await.map_err(|_| unreadable())?;
    let busy = |_| Problem::unavailable(&"too many files are arriving at once");
    let _place = app.0.files.try_acquire().map_err(busy)?;
    let limit = app.0.limits.file_bytes;
    let (mut found, mut arrived) = (FormWithFile::default(), 0_usize);
    while let Some(mut part) = form.next_field().await.map_err(|_| unreadable())? {
        let name = part.file_name().map(str::to_owned);
        let field = part.name().unwrap_or_default().to_owned();
        let mut content = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_| unreadable())? {
            arrived = arrived.saturating_add(chunk.len());
            if arrived > limit.saturating_mul(DRAINED) {
                return Err(too_large(limit));
            }
            if content.len() <= limit {
                content.extend_from_slice(&chunk);
            }
        }
        if content.len() > if name.is_some() { limit } else { LONGEST_FIELD } || found.fields.len() > MOST_FIELDS {
            return Err(too_large(limit));
        }
        match name {
            Some(name) if name.is_empty() => {}
            Some(name) => found.file = Some((name, content.into())),
            None => drop(found.fields.insert(field, String::from_utf8_lossy(&content).into_owned())),
        }
    }
    Ok(found)
}

fn unreadable() -> Problem {
    Problem::new(Kind::BadRequest, "The form could not be read: send it again.")
}

fn too_large(limit: usize) -> Problem {
    let megabytes = limit / (1024 * 1024);
    let told = format!("The file is larger than {megabytes} MB: send a smaller photograph, or a PDF of fewer pages.");
    Problem::new(Kind::TooLarge, told)
}

fn expect(headers: &HeaderMap, types: &[&str], told: &str) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    if types.iter().any(|it| media_type.eq_ignore_ascii_case(it)) {
        return Ok(());
    }
    Err(Problem::new(Kind::UnsupportedMediaType, format!("Send {told}.")))
}

/// The whole body, where it is not too large.
async fn whole(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let too_large =
        || Problem::new(Kind::TooLarge, format!("A body has at most {limit} bytes: send evidence separately."));
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    read(body, limit, limit).await?.ok_or_else(too_large)
}

/// The whole body; none where it has more than `limit` bytes, of which at most `drained` are read then.
async fn read(body: Body, limit: usize, drained: usize) -> Result<Option<Bytes>, Problem> {
    let mut body = std::pin::pin!(body);
    let (mut all, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let broken = |_| Problem::new(Kind::BadRequest, "The body broke off: send it again.");
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            length = length.saturating_add(data.len());
            if length > drained {
                return Ok(None);
            }
            if length > limit {
                all = Vec::new();
            } else {
                all.extend_from_slice(&data);
            }
        }
    }
    Ok((length <= limit).then(|| all.into()))
}
