//! While the log cannot be reached yet: callers are answered, and told to come again.

use std::convert::Infallible;
use std::pin::pin;

use axum::Json;
use axum::http::Request;
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::Limits;
use super::api::health::Live;
use super::pages::layout::Visit;
use super::pages::{assets, oops};
use super::problem::{Kind, Problem};

/// Waits for this while every caller is told that the service cannot answer yet, and that it lives.
///
/// Connections made in the meantime end with it; a caller comes again by a new one.
pub async fn while_closed<T>(listener: &TcpListener, limits: &Limits, opening: impl Future<Output = T>) -> T {
    let mut opening = pin!(opening);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            opened = &mut opening => return opened,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < limits.connections => match accepted {
                Ok((socket, _)) => {
                    connections.spawn(converse(socket, limits.clone()));
                }
                Err(_) => tokio::time::sleep(super::edge::BACK_OFF).await,
            },
        }
    }
}

async fn converse(socket: TcpStream, limits: Limits) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .keep_alive(false)
        .serve_connection(TokioIo::new(socket), service_fn(answer));
    // Whoever breaks off comes again.
    let _ = tokio::time::timeout(limits.request_timeout, connection).await;
}

async fn answer(request: Request<Incoming>) -> Result<Response, Infallible> {
    let mut response = if request.uri().path() == "/health/live" {
        Json(Live::LIVES).into_response()
    } else {
        let told =
            "The log cannot be reached yet, or is being opened: try again in a few seconds. Nothing was accepted.";
        let problem = Problem::new(Kind::Unavailable, told).with_retry_after(5).into_response();
        // What a page looks like does not lie in the log.
        if let Some(name) = request.uri().path().strip_prefix("/assets/") {
            assets::file(name, request.headers()).unwrap_or(problem)
        } else if oops::wants_a_page(request.headers()) {
            oops::instead_of(problem, &Visit::of(request.uri()))
        } else {
            problem
        }
    };
    for (name, value) in super::edge::SECURITY {
        response.headers_mut().entry(name).or_insert(value);
    }
    Ok(response)
}
