//! One account over HTTP against the least that axum can do, with the same load tool.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use axum::routing::get;
use axum::{Json, Router};
use hearth::access::{self, Access};
use hearth::data_dir::DataDir;
use hearth::pack::{self, Source};
use hearth::service::Service;
use hearth::web::{self, Limits};
use hearth_events::Role;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Bench;
use super::load::{runtime, since};
use super::table::{Limit, Row, median, per_mille};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;

pub(crate) fn account(bench: &Bench) -> Result<Vec<Row>> {
    let runtime = runtime()?;
    let requests = usize::try_from(bench.size(20_000, 4_000))?;
    let (stop, stopped) = watch::channel(false);
    let (address, token) = runtime.block_on(serve(bench, stopped))?;
    let sample = "30000006";
    let answer = once(address, &path(sample), &token)?;
    let least = runtime.block_on(minimal(serde_json::from_slice(&answer)?))?;
    let accounts = accounts();
    let mut ratios = Vec::new();
    let mut rates = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ours = load(
            address,
            requests,
            |number| path(accounts.get(number % accounts.len().max(1)).map_or(sample, String::as_str)),
            &token,
        )?;
        let theirs = load(least, requests, |_| "/".to_owned(), &token)?;
        ratios.push(per_mille(ours, theirs));
        rates.0.push(ours);
        rates.1.push(theirs);
    }
    stop.send_replace(true);
    runtime.shutdown_background();
    Ok(vec![Row {
        what: "GET /accounts/{account} ÷ a minimal axum JSON handler",
        ratio: median(ratios),
        limit: Limit::AtLeast(600),
        measured: format!("{} ÷ {} requests/s", median(rates.0), median(rates.1)),
        under: format!(
            "{} B of JSON; 5,000 accounts, token checked, names opened; {CONNECTIONS} kept-alive connections",
            answer.len()
        ),
    }])
}

fn path(account: &str) -> String {
    format!("/api/v1/accounts/{account}")
}

fn accounts() -> Vec<String> {
    let pack = pack::read(Source::BuiltIn).map(|it| it.accounts).unwrap_or_default();
    pack.iter().map(|it| it.account.to_string()).collect()
}

async fn serve(bench: &Bench, stopped: watch::Receiver<bool>) -> Result<(SocketAddr, String)> {
    let data = DataDir::new(&bench.dir.join("http"), None);
    let service = Arc::new(Service::open(&data, None).await?);
    let pack = pack::read(Source::BuiltIn).map_err(|defects| anyhow::anyhow!("{} defects", defects.len()))?;
    pack::import(&service, &pack, &|_, _| {}).await?;
    let token = access::issue(service.store.as_ref(), Role::Officer, "bench", service.clock.now()).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let access = Access::open(Arc::clone(&service.store)).await?;
    let sign_in = Arc::clone(&service.sign_in);
    tokio::spawn(web::serve(listener, service as Arc<dyn web::Backend>, access, sign_in, Limits::default(), stopped));
    Ok((address, token))
}

/// A handler that answers with the same JSON and does nothing else.
async fn minimal(body: serde_json::Value) -> Result<SocketAddr> {
    let router = Router::new().route("/", get(move || async move { Json(body) }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let _ = socket.set_nodelay(true);
            let service = TowerToHyperService::new(router.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service));
        }
    });
    Ok(address)
}

/// Requests a second.
fn load(address: SocketAddr, requests: usize, path: impl Fn(usize) -> String + Sync, token: &str) -> Result<u64> {
    let begin = Instant::now();
    std::thread::scope(|scope| {
        let path = &path;
        let client = |first: usize| {
            move || -> Result<()> {
                let mut connection = Connection::open(address)?;
                for number in (first..requests).step_by(CONNECTIONS) {
                    connection.get(&path(number), token)?;
                }
                Ok(())
            }
        };
        let clients: Vec<_> = (0..CONNECTIONS).map(|first| scope.spawn(client(first))).collect();
        clients.into_iter().try_for_each(|it| it.join().map_err(|_| anyhow::anyhow!("a client panicked"))?)
    })?;
    Ok(u64::try_from(requests)? * 1_000_000_000 / since(begin).max(1))
}

fn once(address: SocketAddr, path: &str, token: &str) -> Result<Vec<u8>> {
    let mut connection = Connection::open(address)?;
    connection.get(path, token)?;
    Ok(connection.body)
}

struct Connection {
    socket: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Connection {
    fn open(address: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        Ok(Self { socket: BufReader::new(socket), body: Vec::new() })
    }

    fn get(&mut self, path: &str, token: &str) -> Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n");
        self.socket.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.socket.read_line(&mut line)?;
        anyhow::ensure!(line.contains("200"), "answered {line}");
        let mut length = 0;
        loop {
            line.clear();
            self.socket.read_line(&mut line)?;
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().context("content-length")?;
            }
        }
        self.body.resize(length, 0);
        self.socket.read_exact(&mut self.body)?;
        Ok(())
    }
}
