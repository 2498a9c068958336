//! Running the protocol double, `tests/double`: a process of its own that shares nothing with us but the wire.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// A double that ends with the test.
pub(crate) struct Double {
    child: Child,
    pub(crate) nodes: Vec<SocketAddr>,
}

fn binary() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_hearth")).with_file_name("esdb-double");
    assert!(path.exists(), "{} is not built: cargo build -p esdb-double", path.display());
    path
}

impl Double {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(args: &[&str]) -> Self {
        let mut command = Command::new(binary());
        let any = ["--listen", "127.0.0.1:0"];
        command.args(any.iter().filter(|_| !args.contains(&"--listen"))).args(args).arg("--exit-with-parent");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let nodes = told["nodes"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().parse().unwrap()).collect();
        Self { child, nodes }
    }

    /// Where it is, for one node of it or for all.
    pub(crate) fn address(&self) -> String {
        self.address_with("")
    }

    /// The same with more parameters: `&name=value`.
    pub(crate) fn address_with(&self, more: &str) -> String {
        let nodes: Vec<_> = self.nodes.iter().map(ToString::to_string).collect();
        format!("esdb://{}?tls=false{more}", nodes.join(","))
    }

    pub(crate) fn signal(&self, name: &str) {
        Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
    }

    /// Asks the first node that answers.
    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        for node in &self.nodes {
            let Ok(mut socket) = TcpStream::connect_timeout(node, Duration::from_secs(2)) else { continue };
            socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let length = body.len();
            let head = "Content-Type: application/json\r\nConnection: close";
            let request =
                format!("{method} {path} HTTP/1.0\r\nHost: {node}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
            socket.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.split(' ').nth(1).unwrap().starts_with('2'), "{method} {path} {head}: {body}");
            return body.to_owned();
        }
        panic!("no node answers");
    }

    /// From now on these faults; none clears them.
    pub(crate) fn faults(&self, rules: &Value) {
        self.ask("POST", "/double/faults", &rules.to_string());
    }

    /// One kind of fault of one call, the next so many times.
    pub(crate) fn fault(&self, rpc: &str, fault: &str, times: u64) {
        self.faults(&json!([{"rpc": rpc, "fault": fault, "times": times}]));
    }

    pub(crate) fn restart(&self, down: Duration) {
        self.ask("POST", "/double/restart", &json!({"down_ms": down.as_millis()}).to_string());
    }

    pub(crate) fn node(&self, number: usize, state: &Value) {
        self.ask("POST", &format!("/double/node/{number}"), &state.to_string());
    }

    pub(crate) fn options(&self, options: &Value) {
        self.ask("POST", "/double/options", &options.to_string());
    }

    pub(crate) fn counts(&self) -> Value {
        serde_json::from_str(&self.ask("GET", "/double/counts", "")).unwrap()
    }

    /// How often a call was made.
    pub(crate) fn calls(&self, rpc: &str) -> u64 {
        self.counts()["calls"][rpc].as_u64().unwrap_or(0)
    }

    /// How often a fault came about.
    pub(crate) fn faulted(&self) -> u64 {
        self.counts()["faults"].as_object().into_iter().flatten().filter_map(|it| it.1.as_u64()).sum()
    }

    /// Every event that was committed.
    pub(crate) fn log(&self) -> Vec<Value> {
        self.ask("GET", "/double/log", "").lines().map(|it| serde_json::from_str(it).unwrap()).collect()
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A line on standard output, also of a test that passes.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{line}\n").as_bytes()).unwrap();
}
