//! That the queue has changed, told to pages that listen (server-sent events); none of it is needed.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::sync::watch;

use crate::web::App;
use crate::web::pages::staff::session;
use crate::web::problem::{Kind, Problem};

/// At most so often: a page says that something changed, not how often.
const AT_MOST: Duration = Duration::from_secs(2);
/// The page comes back by itself after this long, and is asked again who it is.
const LONGEST: Duration = Duration::from_mins(3);
/// Something is said this often, so that nobody between cuts the line.
const ALIVE: Duration = Duration::from_secs(15);

/// Tells each change of the queue, without saying what changed, for as long as whoever listens is signed in.
pub(in crate::web) async fn listen(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let too_many =
        || Problem::new(Kind::TooManyRequests, "Too many pages listen already: close some, or load this one again.");
    let session = session::mark(&app, &headers).unwrap_or_default();
    let listening = app.0.streams.begin(&session).ok_or_else(too_many)?;
    let changes = app.backend().queue_changes().map_err(Problem::from)?;
    let stop = app.0.stop.clone();
    let over = tokio::time::Instant::now() + LONGEST;
    let told = stream::unfold((changes, stop, listening), move |(mut changes, mut stop, listening)| {
        let (app, headers) = (app.clone(), headers.clone());
        async move {
            let text = tokio::select! {
                biased;
                () = tokio::time::sleep_until(over) => return None,
                () = stopped(&mut stop) => return None,
                news = changes.changed() => {
                    news.ok()?;
                    let position = *changes.borrow_and_update();
                    tokio::time::sleep(AT_MOST).await;
                    format!("id: {position}\nevent: changed\ndata: {position}\n\n")
                }
                () = tokio::time::sleep(ALIVE) => ": still here\n\n".to_owned(),
            };
            // Whoever signed out, was idle too long or left hears nothing more.
            session::listener(&app, &headers).await.ok()??;
            Some((Ok::<_, std::convert::Infallible>(Bytes::from(text)), (changes, stop, listening)))
        }
    });
    Ok(([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(told)).into_response())
}

/// Returns once the service was told to stop.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|it| *it).await;
}
