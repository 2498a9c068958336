//! The body of a request: JSON, whole, in time, not too large.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use hyper::body::Body as _;

use super::App;
use super::problem::{Kind, Problem};

/// The body of a request that is to be JSON; what is in it is not looked at.
pub(super) async fn json_body(app: &App, request: Request) -> Result<Bytes, Problem> {
    let (parts, body) = request.into_parts();
    expect_json(&parts.headers)?;
    let limits = &app.0.limits;
    let late = |_| Problem::new(Kind::RequestTimeout, "The body did not arrive in time: send it again, in one go.");
    tokio::time::timeout(limits.body_timeout, whole(body, limits.body_bytes)).await.map_err(late)?
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

fn expect_json(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(Kind::UnsupportedMediaType, "Send the body with Content-Type: application/json."))
}

/// The whole body, where it is not too large.
async fn whole(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let too_large =
        || Problem::new(Kind::TooLarge, format!("A body has at most {limit} bytes: send evidence separately."));
    let mut body = std::pin::pin!(body);
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let mut all = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let broken = |_| Problem::new(Kind::BadRequest, "The body broke off: send it again.");
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            if all.len() + data.len() > limit {
                return Err(too_large());
            }
            all.extend_from_slice(&data);
        }
    }
    Ok(all.into())
}
