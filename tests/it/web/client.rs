//! A client of one socket a request, and the service it speaks to.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use hearth::access::staff::enrol;
use hearth::access::{self, Access, Member};
use hearth::clock::system_now;
use hearth::keys::Keyring;
use hearth::sign_in::SignIn;
use hearth::store::EventStore;
use hearth::web::{Limits, serve};
use hearth_events::Role;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::fake::{Fake, Log, NOW, history};

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let same = |it: &&str| it.split(':').next().is_some_and(|it| it.eq_ignore_ascii_case(name));
        self.head.lines().skip(1).find(same).and_then(|it| it.split_once(':')).map(|(_, value)| value.trim())
    }

    /// The cookies that a browser is given, as it sends them back.
    pub(super) fn cookies(&self) -> Vec<&str> {
        let given = self.head.lines().filter_map(|it| it.split_once(':'));
        let given = given.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        given.map(|(_, value)| value.split(';').next().unwrap().trim()).collect()
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The problem document of an answer that is one, checked for what every one of them has.
    #[track_caller]
    pub(super) fn problem(&self, status: u16, name: &str) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let document = self.json();
        assert_eq!(document["type"], format!("/problems/{name}"), "{document}");
        assert_eq!(document["status"], status);
        assert!(!document["title"].as_str().unwrap().is_empty() && document["detail"].as_str().unwrap().ends_with('.'));
        self.is_guarded();
        document
    }

    #[track_caller]
    pub(super) fn is_guarded(&self) {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("hearth-clock", "simulated"),
        ] {
            assert_eq!(self.header(name), Some(value), "{name} of {self:?}");
        }
        assert!(self.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
        assert_eq!(self.header("x-request-id").map(str::len), Some(16));
        assert_eq!(self.header("server"), None);
    }
}

/// The service over the one dwelling.
pub(super) struct Service {
    pub(super) address: SocketAddr,
    pub(super) fake: Arc<Fake>,
    pub(super) log: Arc<Log>,
    pub(super) sign_in: Arc<SignIn>,
    pub(super) stop: watch::Sender<bool>,
    pub(super) serving: JoinHandle<()>,
}

impl Service {
    pub(super) async fn start() -> Self {
        Self::limited(Limits::default()).await
    }

    pub(super) async fn limited(limits: Limits) -> Self {
        let log = history().await;
        let fake = Arc::new(Fake::over(Arc::clone(&log)).await);
        let access = Access::open(Arc::clone(&log) as Arc<dyn EventStore>).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let backend: Arc<Fake> = Arc::clone(&fake);
        let folder = tempfile::tempdir().unwrap();
        let keys = Keyring::open(folder.path(), &folder.path().join("master.key")).unwrap();
        let sign_in = Arc::new(SignIn::in_memory(keys.pepper("sign-in")).unwrap());
        let serving = tokio::spawn(serve(listener, backend, access, Arc::clone(&sign_in), limits, stopped));
        Self { address, fake, log, sign_in, stop, serving }
    }

    /// A new token of this role.
    pub(super) async fn token(&self, role: Role) -> String {
        access::issue(self.log.as_ref(), role, role.as_str(), NOW.parse().unwrap()).await.unwrap()
    }

    /// The cookie of a member of staff of this role who has signed in, as a line of a head.
    pub(super) async fn session(&self, role: Role) -> String {
        let name = format!("staff-{}", role.as_str());
        let member = Member { name: name.clone(), role, queues: Vec::new() };
        enrol(self.log.as_ref(), &member, &BTreeSet::new(), "test", NOW.parse().unwrap()).await.unwrap();
        format!("Cookie: __Host-hearth={}\r\n", self.sign_in.begin(&name, system_now()).unwrap())
    }

    pub(super) async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.ask("GET", path, token, "", "").await
    }

    pub(super) async fn post(&self, body: &str, token: Option<&str>) -> Answer {
        self.post_to("/api/v1/notifications", body, token).await
    }

    pub(super) async fn post_to(&self, path: &str, body: &str, token: Option<&str>) -> Answer {
        self.ask("POST", path, token, "Content-Type: application/json\r\n", body).await
    }

    /// Asks, with these further lines in the head.
    pub(super) async fn ask(&self, method: &str, path: &str, token: Option<&str>, lines: &str, body: &str) -> Answer {
        let token = token.map(|it| format!("Authorization: Bearer {it}\r\n")).unwrap_or_default();
        let length = if method == "POST" { format!("Content-Length: {}\r\n", body.len()) } else { String::new() };
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{token}{length}{lines}\r\n{body}");
        self.send(&request).await
    }

    /// Sends these bytes and reads until the end.
    pub(super) async fn send(&self, request: &str) -> Answer {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        // A server that has seen enough may close before it has read all.
        let _ = socket.write_all(request.as_bytes()).await;
        let mut bytes = Vec::new();
        // What goes on for as long as anybody listens is read as far as it has come.
        let goes_on = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.contains("text/event-stream") && text.contains("\r\n\r\n")
        };
        while let Ok(1..) = socket.read_buf(&mut bytes).await {
            if goes_on(&bytes) {
                break;
            }
        }
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), text: body.to_owned() }
    }
}
