//! Running the program.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take, on a slow machine with others on it.
pub(super) const DEADLINE: Duration = Duration::from_mins(2);

/// Waits until a condition holds.
#[track_caller]
pub(super) fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < DEADLINE, "it never came about: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a run of the program gave.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Done {
    #[track_caller]
    pub(super) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    #[track_caller]
    pub(super) fn failed(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A folder with a data directory in it.
pub(super) struct Hearth {
    folder: TempDir,
    store: Option<String>,
    tokens: AtomicUsize,
}

impl Hearth {
    pub(super) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), store: None, tokens: AtomicUsize::new(0) }
    }

    /// With the log on a server.
    #[cfg(any(feature = "eventstore", feature = "kurrentdb"))]
    pub(super) fn on(server: &str) -> Self {
        Self { store: Some(server.to_owned()), ..Self::new() }
    }

    /// The folder that the program is run in.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// Writes a file into the folder.
    pub(super) fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).unwrap()
    }

    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearth"));
        for name in ["DATA", "KEY_FILE", "LOG", "MAIL_FROM", "PUBLIC_URL", "SCANNER", "SMTP", "STORE"] {
            command.env_remove(format!("HEARTH_{name}"));
        }
        command.envs(self.store.iter().map(|it| ("HEARTH_STORE", it)));
        command.args(args).arg("--data").arg(self.data()).current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Done {
        done(&mut self.command(args))
    }

    /// Runs it with this on its standard input.
    pub(super) fn fed(&self, args: &[&str], input: &str) -> Done {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        of(child.wait_with_output().unwrap())
    }

    /// A new token of this role.
    pub(super) fn token(&self, role: &str) -> String {
        let name = format!("{role}-{}", self.tokens.fetch_add(1, Ordering::Relaxed));
        self.run(&["token", "create", "--role", role, "--name", &name]).ok().out.trim().to_owned()
    }

    /// The exported log.
    pub(super) fn events(&self) -> Vec<Value> {
        let done = self.run(&["export"]).ok();
        done.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[track_caller]
    pub(super) fn verified(&self) {
        self.run(&["replay", "--verify"]).ok();
    }

    pub(super) fn serve(&self) -> Served {
        self.serve_with(&mut self.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    pub(super) fn serve_with(&self, command: &mut Command) -> Served {
        let errors = self.folder().join("serve.err");
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(errors).unwrap();
        let mut child = Running(command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap());
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("{line:?}: {}", self.read("serve.err"))).parse().unwrap();
        Served { child, address }
    }
}

fn of(output: std::process::Output) -> Done {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

pub(super) fn done(command: &mut Command) -> Done {
    of(command.output().unwrap())
}

/// A process that ends with the test, however the test ends.
pub(super) struct Running(pub(super) Child);

impl Running {
    /// Sends a signal by its name.
    pub(super) fn signal(&self, name: &str) {
        Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status().unwrap();
    }

    pub(super) fn ended(&mut self) -> ExitStatus {
        self.0.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A service.
pub(super) struct Served {
    pub(super) child: Running,
    pub(super) address: SocketAddr,
}

impl Served {
    /// Asks it to stop, and waits until it has.
    #[track_caller]
    pub(super) fn stopped(mut self) {
        self.child.signal("TERM");
        assert_eq!(self.child.ended().code(), Some(0));
    }

    /// Kills it at once.
    pub(super) fn killed(mut self) {
        use std::os::unix::process::ExitStatusExt;
        self.child.signal("KILL");
        assert_eq!(self.child.ended().signal(), Some(9));
    }
}
