//! The log, event by event, as it is stored.

mod open;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Uri;
use hearth_events::{Event, Position, StoredEvent, StreamName};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use self::open::Open;
use crate::web::App;
use crate::web::guard::Caller;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// How many events one request by type looks through before it gives a position to go on from.
const SCANNED: usize = 10_000;
/// How many events are read at once.
const CHUNK: usize = 1_000;

/// A page of the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventPage {
    /// The events, each as it is stored, with its hash.
    #[schema(value_type = Vec<EventDocument>)]
    items: Vec<Box<RawValue>>,
    /// What to pass as `after` for the next page; null at the end. A page may be empty and have a next one.
    #[schema(value_type = Option<u64>, required)]
    next: Option<Position>,
}

/// An event as it is stored, with its hash.
#[derive(ToSchema)]
#[schema(as = Event)]
#[expect(dead_code, reason = "it only describes the stored bytes for the OpenAPI document")]
pub(crate) struct EventDocument {
    #[schema(minimum = 1)]
    position: u64,
    stream: String,
    #[schema(minimum = 0)]
    revision: u64,
    #[schema(format = "uuid")]
    id: String,
    r#type: String,
    #[schema(format = DateTime)]
    recorded_at: String,
    /// By type; personal data in it is sealed.
    #[schema(value_type = Object)]
    data: (),
    metadata: MetadataDocument,
    /// The leaf hash of RFC 6962 over the stored bytes, in lower-case hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
}

/// What is known about an event beside the fact itself.
#[derive(ToSchema)]
#[schema(as = EventMetadata)]
#[expect(dead_code, reason = "it only describes the stored bytes for the OpenAPI document")]
pub(crate) struct MetadataDocument {
    actor: String,
    causation: String,
    correlation: String,
    rules_version: String,
    schema: u16,
}

/// Lists events after a position, in the order of the log.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events", operation_id = "list_events",
    description = "What names a dwelling that is fenced for the caller, an account on it, or a notification about it is left out; the export has the whole log.",
    params(
        ("after" = Option<u64>, Query, description = "After this position; from the beginning where absent", minimum = 0),
        ("stream" = Option<String>, Query, description = "Of this stream", min_length = 1, max_length = 100),
        ("type" = Option<String>, Query, description = "Of this type, such as NotificationReceived", pattern = "^[A-Za-z]{1,40}$"),
        ("limit" = Option<usize>, Query, description = "How many; 50 where absent", minimum = 1, maximum = 500),
    ),
    responses((status = 200, description = "A page of the log", body = EventPage))
)]
pub(crate) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<EventPage>, Problem> {
    let mut params = Params::of(&uri, &["after", "stream", "type", "limit"]);
    let (after, stream) = (Position(params.number("after").unwrap_or(0)), params.text("stream"));
    let (type_name, limit) = (params.text("type"), params.limit());
    if type_name.as_deref().is_some_and(|it| Event::known_type(it).is_none()) {
        params.fault("type", format!("must be one of {}", Event::TYPES.join(", ")));
    }
    params.finish()?;
    let mut open = Open::to(&app, caller.officer()?).await?;
    let asked = Asked { after, type_name, limit };
    let (events, next) = match stream {
        Some(stream) => of_stream(&mut open, &StreamName::named(&stream), &asked).await?,
        None => of_log(&mut open, &asked).await?,
    };
    let items = events.iter().map(with_hash).collect::<Result<_, _>>()?;
    Ok(Json(EventPage { items, next }))
}

struct Asked {
    after: Position,
    type_name: Option<String>,
    limit: usize,
}

impl Asked {
    fn is_for(&self, event: &StoredEvent) -> Result<bool, Problem> {
        #[derive(Deserialize)]
        struct Typed<'a> {
            #[serde(rename = "type")]
            type_name: &'a str,
        }
        let Some(type_name) = &self.type_name else {
            return Ok(true);
        };
        let typed: Typed<'_> = serde_json::from_slice(&event.bytes).map_err(|error| Problem::internal(&error))?;
        Ok(typed.type_name == type_name)
    }
}

type Found = (Vec<StoredEvent>, Option<Position>);

async fn of_stream(open: &mut Open<'_>, stream: &StreamName, asked: &Asked) -> Result<Found, Problem> {
    let mut found = Vec::new();
    for event in open.store().read_stream(stream, 0).await? {
        if event.position > asked.after && asked.is_for(&event)? && open.has(&event).await? {
            if found.len() == asked.limit {
                let next = found.last().map(|it: &StoredEvent| it.position);
                return Ok((found, next));
            }
            found.push(event);
        }
    }
    Ok((found, None))
}

async fn of_log(open: &mut Open<'_>, asked: &Asked) -> Result<Found, Problem> {
    let store = open.store();
    let mut found = Vec::new();
    let mut last = asked.after;
    let mut scanned = 0;
    let chunk = if asked.type_name.is_some() { CHUNK } else { asked.limit };
    'reading: while found.len() < asked.limit && scanned < SCANNED {
        let events = store.read_all(last, chunk).await?;
        if events.is_empty() {
            return Ok((found, None));
        }
        for event in events {
            if found.len() == asked.limit {
                break 'reading;
            }
            last = event.position;
            scanned += 1;
            if asked.is_for(&event)? && open.has(&event).await? {
                found.push(event);
            }
        }
    }
    let at_end = store.head().await? <= last;
    Ok((found, (!at_end).then_some(last)))
}

/// The stored object with its hash as the last key.
fn with_hash(event: &StoredEvent) -> Result<Box<RawValue>, Problem> {
    let whole = event.with_hash().ok_or_else(|| Problem::internal(&"a stored event is not an object"))?;
    RawValue::from_string(whole).map_err(|error| Problem::internal(&error))
}
