//! The edge: sockets in, answers out, and nothing that lets one caller hold up the others.
//!
//! `axum::serve` has no limit on how long headers may take, so the loop is our own.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::api::metrics;
use super::guard::{Peer, Template, router};
use super::pages::layout::Visit;
use super::pages::oops;
use super::problem::Problem;
use super::socket::Impatient;
use super::{App, Backend, Limits};
use crate::access::Access;
use crate::sign_in::SignIn;
use hearth_events::hex;

/// How many headers a request may have.
const HEADERS: usize = 64;
/// How many bytes its head may have.
const HEAD_BYTES: usize = 16 * 1024;
/// How long nothing is accepted when the process has no more file descriptors.
pub(super) const BACK_OFF: Duration = Duration::from_millis(50);
/// How often what need not be kept is let go of.
const TIDY: Duration = Duration::from_secs(5);

/// On every answer, whatever it is.
pub(super) const SECURITY: [(HeaderName, HeaderValue); 8] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Serves the API on a socket until `stop` is true.
///
/// Then nothing more is accepted, and what is under way is finished, for at most as long as the limits say.
pub async fn serve(
    listener: TcpListener,
    backend: Arc<dyn Backend>,
    access: Access,
    sign_in: Arc<SignIn>,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    metrics::upkeep();
    let app = App::new(backend, access, sign_in, limits.clone(), stop.clone());
    let router = router(app.clone());
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    let mut tidy = tokio::time::interval(TIDY);
    let mut stopped = pin!(told(&mut stop));
    loop {
        tokio::select! {
            biased;
            () = &mut stopped => break,
            _ = tidy.tick() => {
                metrics::upkeep();
                app.0.submissions.forget();
                app.0.open_reads.forget();
            }
            Some(_) = connections.join_next() => {}
            accepted = accept(&listener, &places) => if let Some((socket, peer, place)) = accepted {
                let (app, router) = (app.clone(), router.clone());
                connections.spawn(async move {
                    converse(app, router, socket, peer).await;
                    drop(place);
                });
            },
        }
    }
    drop(listener);
    tracing::info!(connections = connections.len(), "stopping: no more connections are accepted");
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.drain, drained).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections were cut that did not finish in time");
    }
}

/// Returns once the service was told to stop, or nobody is left to tell it.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((socket, peer)) => Some((socket, peer, place)),
        Err(error) => {
            use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
            // One caller who went away is nothing; having no file descriptors left passes when some are closed.
            if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
                tracing::warn!(%error, "no connection could be accepted: {error}");
                tokio::time::sleep(BACK_OFF).await;
            }
            None
        }
    }
}

/// Answers the requests of one connection.
async fn converse(app: App, router: Router, socket: TcpStream, peer: SocketAddr) {
    // Without it an answer may wait for an acknowledgement; a socket that cannot do it works all the same.
    let _ = socket.set_nodelay(true);
    let limits = app.0.limits.clone();
    let mut stop = app.0.stop.clone();
    let service = service_fn(move |request| answer(app.clone(), router.clone(), peer, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Impatient::new(socket, limits.write_timeout)), service);
    let mut connection = pin!(connection);
    let enough = async {
        tokio::select! {
            () = told(&mut stop) => {}
            () = tokio::time::sleep(limits.connection_age) => {}
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = enough => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early: {error}");
    }
}

/// Answers one request, whatever happens; logs and counts it by its route, never by what it asks.
async fn answer(
    app: App,
    router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let started = Instant::now();
    let request_id = request_id();
    let method = known_method(request.method().as_str());
    let template = Template::default();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer.ip()));
    request.extensions_mut().insert(Template::clone(&template));
    let visit = oops::wants_a_page(request.headers()).then(|| Visit::of(request.uri()));
    let gone = || {
        let problem = Problem::internal(&"a handler panicked").into_response();
        if let Some(visit) = &visit { oops::instead_of(problem, visit) } else { problem }
    };
    let mut response = caught(router, request).await.unwrap_or_else(gone);
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.entry(name).or_insert(value);
    }
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert("x-request-id", value);
    }
    if app.backend().simulated_clock() {
        headers.insert("hearth-clock", HeaderValue::from_static("simulated"));
    }
    let (status, took) = (response.status(), started.elapsed());
    let route = template.get().copied().unwrap_or("none");
    metrics::measure(method, route, status, took);
    log(method, route, status, took, &request_id);
    Ok(response)
}

fn log(method: &str, route: &str, status: StatusCode, took: Duration, request_id: &str) {
    let (status, duration_ms) = (status.as_u16(), u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    tracing::info!(method, route, status, duration_ms, request_id, "answered {method} {route} with {status}");
}

/// The answer of the router; none where it panicked.
async fn caught(router: Router, request: Request<Body>) -> Option<Response> {
    let mut answering = Box::pin(router.oneshot(request));
    std::future::poll_fn(move |context| {
        match std::panic::catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Ok(response))) => Poll::Ready(Some(response)),
            Err(_) => Poll::Ready(None),
        }
    })
    .await
}

/// The method as a label; there are as many as anybody cares to invent.
fn known_method(method: &str) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|it| *it == method).unwrap_or("other")
}

/// Sixty-four random bits in hex: says which line of the log belongs to an answer, and nothing else.
fn request_id() -> String {
    let mut random = [0_u8; 8];
    match getrandom::fill(&mut random) {
        Ok(()) => hex(&random),
        Err(_) => "0".repeat(16),
    }
}
