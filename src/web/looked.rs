//! Records of persons: fenced for those who must not touch them, and that they were looked at is recorded.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use axum::extract::{FromRequestParts as _, RawPathParams};
use axum::http::Uri;
use axum::http::request::Parts;
use hearth_events::{LookedBecause, RecordKind, Uprn};

use super::App;
use super::pages::staff::session;
use super::problem::{Kind, Problem};
use super::query::Params;
use crate::access::{Denied, Holder};
use crate::service::looks::Look;

/// What comes of somebody's wish to see a record.
pub(super) enum Wish {
    /// They see it, and that is recorded.
    Granted(Look),
    /// They said why, which is recorded, and see it at this address.
    Explained(Look, String),
    /// They are asked why first.
    Why,
}

/// Lets somebody at a record, unless it is fenced for them. With a browser, whoever looks at a dwelling or an account that no
/// work of theirs is about says why, once in a session.
///
/// # Errors
/// When it is fenced, or that cannot be told now.
pub(super) async fn wished(
    app: &App,
    parts: &mut Parts,
    holder: &Holder,
    kind: RecordKind,
    asks_why: bool,
) -> Result<Wish, Problem> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok();
    let named = params.as_ref().and_then(|it| it.iter().next()).map(|(_, value)| value.to_owned());
    let mut query = Params::of(&parts.uri, &["because", "uprn"]);
    let record = match kind {
        RecordKind::Dwelling | RecordKind::Account | RecordKind::Notification => named.unwrap_or_default(),
        // What was searched for may be a name: only that there was a search is recorded, and at which dwelling.
        RecordKind::List => {
            let uprn = query.text("uprn").and_then(|it| it.parse::<Uprn>().ok());
            uprn.map_or_else(|| "search".to_owned(), |it| it.to_string())
        }
    };
    let because = query.text("because").and_then(|it| LookedBecause::ALL.into_iter().find(|why| why.as_str() == it));
    let fences = app.0.access.fences().await?;
    let dwellings = app.backend().dwellings_of(kind, &record).await.map_err(|error| Problem::unavailable(&error))?;
    dwellings.iter().try_for_each(|uprn| fences.admit(&holder.name, uprn)).map_err(told)?;
    let session = session::mark(app, &parts.headers).unwrap_or_default();
    // From a page of ours, not from a link that somebody sent.
    let because =
        because.filter(|_| !asks_why || parts.headers.get("sec-fetch-site").is_some_and(|it| it == "same-origin"));
    let look = Look { staff: holder.name.clone(), kind, record, because, session };
    if !asks_why || !matches!(kind, RecordKind::Dwelling | RecordKind::Account) || dwellings.is_empty() {
        return Ok(Wish::Granted(look));
    }
    if because.is_some() {
        app.0.reasons.keep(&look);
        return Ok(Wish::Explained(look, without_why(&parts.uri)));
    }
    if app.0.reasons.has(&look) {
        return Ok(Wish::Granted(look));
    }
    for uprn in dwellings {
        let claims = app.read(move |it| it.views().claims_on(&uprn)).await?;
        let mut works = claims.iter().filter_map(|it| it.referral.as_ref()?.work.allocated_to.as_ref());
        if works.any(|it| *it == holder.name) {
            return Ok(Wish::Granted(Look { because: Some(LookedBecause::WorkItem), ..look }));
        }
    }
    Ok(Wish::Why)
}

/// The same address without the reason, so that nobody passes it on with a link.
fn without_why(uri: &Uri) -> String {
    let pairs =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).filter(|(name, _)| name != "because");
    let kept = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{kept}", uri.path()) }
}

/// For which records somebody said why in their session; the oldest are asked again when there are too many.
#[derive(Default)]
pub(super) struct Reasons(Mutex<VecDeque<(String, String)>>);

/// So many are remembered.
const REMEMBERED: usize = 10_000;

impl Reasons {
    fn key(look: &Look) -> (String, String) {
        (look.session.clone(), format!("{}:{}", look.kind.as_str(), look.record))
    }

    fn keep(&self, look: &Look) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(Self::key(look));
        while kept.len() > REMEMBERED {
            kept.pop_front();
        }
    }

    fn has(&self, look: &Look) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&Self::key(look))
    }
}

/// Records that it was shown.
///
/// # Errors
/// When that cannot be recorded: then it is not shown.
pub(super) async fn record(app: &App, look: Look) -> Result<(), Problem> {
    app.backend().looked(look).await.map_err(|error| Problem::unavailable(&error))
}

/// The dwellings that are fenced for somebody: their own, their relations', and those restricted to others.
///
/// # Errors
/// When that cannot be told now.
pub(super) async fn not_for(app: &App, name: &str) -> Result<BTreeSet<Uprn>, Problem> {
    let fences = app.0.access.fences().await?;
    let closed = fences.restricted().filter(|(uprn, _)| fences.admit(name, uprn).is_err()).map(|(uprn, _)| uprn);
    Ok(fences.related(name).chain(closed).cloned().collect())
}

/// Nobody sends or puts right what is about a dwelling that is fenced for them.
///
/// # Errors
/// When what is told is, or that cannot be told now.
pub(super) async fn may_tell(app: &App, name: &str, body: &[u8]) -> Result<(), Problem> {
    let about = app.backend().dwellings_told(body).await.map_err(|error| Problem::unavailable(&error))?;
    let fences = app.0.access.fences().await?;
    about.iter().try_for_each(|uprn| fences.admit(name, uprn)).map_err(told)
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
