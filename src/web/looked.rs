//! Records of persons: fenced for those who must not touch them, and that they were looked at is recorded.

use axum::extract::{FromRequestParts as _, RawPathParams};
use axum::http::request::Parts;
use hearth_events::{LookedBecause, RecordKind};

use super::App;
use super::pages::staff::session;
use super::problem::{Kind, Problem};
use super::query::Params;
use crate::access::{Denied, Holder};
use crate::service::looks::Look;

/// Lets somebody at a record, unless it is fenced for them.
///
/// # Errors
/// When it is, or that cannot be told now.
pub(super) async fn fenced(app: &App, parts: &mut Parts, holder: &Holder, kind: RecordKind) -> Result<Look, Problem> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok();
    let named = params.as_ref().and_then(|it| it.iter().next()).map(|(_, value)| value.to_owned());
    let mut query = Params::of(&parts.uri, &["because", "uprn"]);
    let record = match kind {
        RecordKind::Dwelling | RecordKind::Account | RecordKind::Notification => named.unwrap_or_default(),
        // What was searched for may be a name: only that there was a search is recorded, and at which dwelling.
        RecordKind::List => query.text("uprn").unwrap_or_else(|| "search".to_owned()),
    };
    let because = query.text("because").and_then(|it| LookedBecause::ALL.into_iter().find(|why| why.as_str() == it));
    let fences = app.0.access.fences().await?;
    for uprn in app.backend().dwellings_of(kind, &record).await.map_err(|error| Problem::unavailable(&error))? {
        fences.admit(&holder.name, &uprn).map_err(told)?;
    }
    let session = session::mark(app, &parts.headers).unwrap_or_default();
    Ok(Look { staff: holder.name.clone(), kind, record, because, session })
}

/// Records that it was shown.
///
/// # Errors
/// When that cannot be recorded: then it is not shown.
pub(super) async fn record(app: &App, look: Look) -> Result<(), Problem> {
    app.backend().looked(look).await.map_err(|error| Problem::unavailable(&error))
}

fn told(denied: Denied) -> Problem {
    let why = match denied {
        Denied::Own => {
            "You declared that this dwelling is yours or of somebody close to you: a colleague deals with it."
        }
        Denied::Restricted => "This record is open to named persons only: ask your supervisor who they are.",
    };
    Problem::new(Kind::Forbidden, why)
}
