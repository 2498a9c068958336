//! A port for each node: accepting, serving, and dropping connections when asked to.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use futures_util::future::pending;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::nodes::Wanted;
use crate::server::Server;

/// Requests to this path are a test's, not a client's.
pub(crate) const CONTROL: &str = "/double/";

/// How often a port that is still taken is tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// A connection, as the calls on it know it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connection {
    cut: Arc<Notify>,
    control: Arc<AtomicBool>,
}

impl Connection {
    /// Drops the connection, and with it the call that asks for it.
    pub(crate) async fn cut(&self) -> Infallible {
        self.cut.notify_one();
        pending().await
    }
}

/// Listens for a node as long as it is wanted.
pub(crate) async fn node(
    server: Arc<Server>,
    index: usize,
    listener: TcpListener,
    routes: Router,
    tls: Option<TlsAcceptor>,
) {
    let Some(node) = server.nodes.get(index) else { return };
    let mut wanted = node.wanted.subscribe();
    let mut first = Some(listener);
    loop {
        let Ok(current) = wanted.wait_for(|it| it.up).await.map(|it| *it) else { return };
        let listener = match first.take() {
            Some(listener) => listener,
            None => bind(node.address).await,
        };
        node.listening.send_replace(true);
        let accept = async {
            loop {
                if let Ok((stream, _)) = listener.accept().await {
                    let wanted = node.wanted.subscribe();
                    tokio::spawn(connection(Arc::clone(&server), stream, routes.clone(), tls.clone(), wanted, current));
                }
            }
        };
        tokio::select! {
            () = accept => {}
            _ = wanted.wait_for(|it| *it != current) => {}
        }
        drop(listener);
        node.listening.send_replace(false);
    }
}

async fn bind(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
    }
}

async fn connection(
    server: Arc<Server>,
    stream: TcpStream,
    routes: Router,
    tls: Option<TlsAcceptor>,
    mut wanted: watch::Receiver<Wanted>,
    current: Wanted,
) {
    // Without it small answers wait for the other side's acknowledgement.
    drop(stream.set_nodelay(true));
    server.connections.fetch_add(1, Ordering::Relaxed);
    let connection = Connection::default();
    let work = async {
        match tls {
            None => serve(stream, routes, &connection).await,
            Some(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
                    serve(stream, routes, &connection).await;
                }
            }
        }
    };
    let closed = async {
        drop(wanted.wait_for(|it| *it != current).await);
        // Whoever asked for the port to be closed is to hear that it is.
        if connection.control.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
    };
    tokio::select! {
        () = work => {}
        () = connection.cut.notified() => {}
        () = closed => {}
    }
    server.connections.fetch_sub(1, Ordering::Relaxed);
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, routes: Router, connection: &Connection) {
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        if request.uri().path().starts_with(CONTROL) {
            connection.control.store(true, Ordering::Relaxed);
        }
        request.extensions_mut().insert(connection.clone());
        let routes = routes.clone();
        async move {
            let answer: Result<Response<Body>, Infallible> = routes.oneshot(request).await;
            answer
        }
    });
    // A client that goes away is no failure of the server's.
    drop(Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await);
}
