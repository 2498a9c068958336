//! `kill -9` at every step of an append: what was acknowledged is there, once, and the rest can be tried again.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hearth::store::sqlite::{Faults, SqliteStore, Step};
use hearth::store::{EventStore, Expected, StoreError};
use hearth_events::{EventId, NewEvent};
use tempfile::TempDir;

use crate::store_kit::{all, event_called, stream, text_between};

const STEPS: [(&str, Step); 5] = [
    ("before begin", Step::BeforeBegin),
    ("after begin", Step::AfterBegin),
    ("after insert", Step::AfterInsert),
    ("before commit", Step::BeforeCommit),
    ("after commit", Step::AfterCommit),
];
const WRITERS: usize = 4;
const APPENDS: usize = 6;

/// The events of the `number`-th append of a writer: each is a batch of three.
fn batch(writer: usize, number: usize) -> Vec<NewEvent> {
    (0..3).map(|it| event_called(&format!("{writer} {number} {it}"))).collect()
}

fn expected(number: usize) -> Expected {
    (number * 3).checked_sub(1).map_or(Expected::NoStream, |it| Expected::Exact(u64::try_from(it).unwrap()))
}

/// The process that is killed: this test, started again by the others with these variables set.
#[test]
fn the_one_that_is_killed() {
    let Ok(dir) = std::env::var("HEARTH_KILL_DIR") else { return };
    let step = std::env::var("HEARTH_KILL_STEP").unwrap();
    let nth: usize = std::env::var("HEARTH_KILL_NTH").unwrap().parse().unwrap();
    let acknowledges_early = std::env::var("HEARTH_KILL_EARLY").is_ok();
    let (_, step) = *STEPS.iter().find(|it| it.0 == step).unwrap();
    let count = AtomicUsize::new(0);
    let faults = Faults::at(move |it| {
        if it == step && count.fetch_add(1, Ordering::Relaxed) + 1 == nth {
            kill_myself();
        }
        Ok(())
    });
    let store = Arc::new(SqliteStore::open_with(Path::new(&dir), faults).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| tokio::spawn(write(Arc::clone(&store), writer, acknowledges_early))).collect();
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

async fn write(store: Arc<SqliteStore>, writer: usize, acknowledges_early: bool) {
    for number in 0..APPENDS {
        if acknowledges_early {
            acknowledge(writer, number);
        }
        let dwelling = stream(&format!("dwelling-{writer}"));
        store.append(&dwelling, expected(number), batch(writer, number)).await.unwrap();
        if !acknowledges_early {
            acknowledge(writer, number);
        }
    }
}

fn acknowledge(writer: usize, number: usize) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\nack {writer} {number}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn kill_myself() {
    Command::new("kill").args(["-9", &std::process::id().to_string()]).status().unwrap();
    loop {
        std::thread::park();
    }
}

/// Runs the process until it is killed; what it had acknowledged.
fn run_until_killed(dir: &Path, step: &str, nth: usize, acknowledges_early: bool) -> Vec<(usize, usize)> {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "store_kill::the_one_that_is_killed", "--nocapture"]);
    child.env("HEARTH_KILL_DIR", dir).env("HEARTH_KILL_STEP", step).env("HEARTH_KILL_NTH", nth.to_string());
    if acknowledges_early {
        child.env("HEARTH_KILL_EARLY", "1");
    }
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9), "{step} {nth}: it was not killed\n{out}");
    let acknowledged = out.lines().filter_map(|line| line.strip_prefix("ack ")?.split_once(' '));
    acknowledged.map(|(writer, number)| (writer.parse().unwrap(), number.parse().unwrap())).collect()
}

/// What is wrong with the log that the process left, if anything.
async fn examine(dir: &Path, acknowledged: &[(usize, usize)]) -> Result<(), String> {
    let store = SqliteStore::open(dir).map_err(|it| it.to_string())?;
    let log = all(&store).await;
    let count = |id: EventId| log.iter().filter(|it| text_between(&it.bytes, r#""id":""#) == id.to_string()).count();
    for (writer, number) in acknowledged {
        for event in batch(*writer, *number) {
            if count(event.id) != 1 {
                return Err(format!("acknowledged event {writer} {number} is there {} times", count(event.id)));
            }
        }
    }
    for writer in 0..WRITERS {
        let dwelling = stream(&format!("dwelling-{writer}"));
        let found = store.read_stream(&dwelling, 0).await.map_err(|it| it.to_string())?;
        if found.len() % 3 != 0 {
            return Err(format!("{} events in batches of three", found.len()));
        }
        for number in 0..APPENDS {
            let appended = store.append(&dwelling, expected(number), batch(writer, number)).await;
            let revision = appended.map_err(|it| format!("again {writer} {number}: {it}"))?.revision;
            if revision != u64::try_from(number * 3 + 2).unwrap() {
                return Err(format!("again {writer} {number}: revision {revision}"));
            }
        }
    }
    let log = all(&store).await;
    let is_dense = log.iter().zip(1..).all(|(it, position)| it.position.0 == position);
    if log.len() != WRITERS * APPENDS * 3 || !is_dense {
        return Err(format!("{} events after trying again", log.len()));
    }
    Ok(())
}

#[tokio::test]
async fn a_kill_at_any_step_loses_nothing_that_was_acknowledged() {
    for (step, _) in STEPS {
        for nth in [1, 2, 5] {
            let dir = TempDir::new().unwrap();
            let acknowledged = run_until_killed(dir.path(), step, nth, false);
            if let Err(error) = examine(dir.path(), &acknowledged).await {
                panic!("killed {step}, time {nth}: {error}");
            }
        }
    }
}

/// The write-ahead log and its index stay in use by this process while the other one is killed in the middle of them.
#[tokio::test]
async fn a_kill_does_no_harm_to_another_process() {
    for (step, _) in STEPS {
        let dir = TempDir::new().unwrap();
        let store = SqliteStore::open(dir.path()).unwrap();
        let acknowledged = run_until_killed(dir.path(), step, 3, false);
        let log = all(&store).await;
        assert!(log.len() >= acknowledged.len() * 3, "{step}");
        // The killed one held the lock to write; it is free, and the positions go on where they were.
        let next = store.append(&stream("dwelling-9"), Expected::NoStream, vec![event_called("next")]).await.unwrap();
        assert_eq!(usize::try_from(next.last.0).unwrap(), log.len() + 1, "{step}");
        for (writer, number) in acknowledged {
            let dwelling = stream(&format!("dwelling-{writer}"));
            let again = store.append(&dwelling, expected(number), batch(writer, number)).await;
            assert_eq!(again.unwrap().revision, u64::try_from(number * 3 + 2).unwrap(), "{step}");
        }
        assert_eq!(all(&store).await.len(), log.len() + 1, "{step}");
    }
}

/// The control: a store that acknowledges before the commit is found out by the same examination.
#[tokio::test]
async fn an_acknowledgement_before_the_commit_is_found_out() {
    let dir = TempDir::new().unwrap();
    let acknowledged = run_until_killed(dir.path(), "before commit", 2, true);
    let error = examine(dir.path(), &acknowledged).await.unwrap_err();
    assert!(error.starts_with("acknowledged event"), "{error}");
}

/// The process whose files may not grow: this test, started again with this variable set.
#[tokio::test]
async fn the_one_whose_disk_is_full() {
    let Ok(dir) = std::env::var("HEARTH_FULL_DIR") else { return };
    let store = SqliteStore::open(Path::new(&dir)).unwrap();
    let mut number = 0;
    let error = loop {
        match store.append(&stream("dwelling-0"), at(number), vec![large(number)]).await {
            Ok(_) => acknowledge(0, number),
            Err(error) => break error,
        }
        number += 1;
    };
    assert!(matches!(error, StoreError::Ambiguous(_)), "{error}");
    let later = store.append(&stream("dwelling-1"), Expected::Any, vec![large(0)]).await;
    assert!(matches!(later, Err(StoreError::Unavailable(_))), "{later:?}");
    assert!(matches!(store.head().await, Err(StoreError::Unavailable(_))));
}

fn at(number: usize) -> Expected {
    number.checked_sub(1).map_or(Expected::NoStream, |it| Expected::Exact(u64::try_from(it).unwrap()))
}

fn large(number: usize) -> NewEvent {
    NewEvent { data: format!(r#"{{"x":"{}"}}"#, "x".repeat(10_000)), ..event_called(&format!("large {number}")) }
}

/// A real error of a real write: no file of the process may grow beyond one megabyte.
#[tokio::test]
async fn a_full_disk_stops_the_store_and_loses_nothing_that_was_acknowledged() {
    let dir = TempDir::new().unwrap();
    let test = std::env::current_exe().unwrap();
    let mut child = Command::new("sh");
    child.args(["-c", r#"trap "" XFSZ; ulimit -f 2048; exec "$0" "$@""#]).arg(test);
    child.args(["--exact", "store_kill::the_one_whose_disk_is_full", "--nocapture"]);
    let child = child.env("HEARTH_FULL_DIR", dir.path()).output().unwrap();
    let out = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{out}\n{}", String::from_utf8_lossy(&child.stderr));
    let acknowledged = out.lines().filter(|it| it.starts_with("ack ")).count();
    assert!(acknowledged > 10, "{out}");
    let store = SqliteStore::open(dir.path()).unwrap();
    let found = store.read_stream(&stream("dwelling-0"), 0).await.unwrap();
    assert!(found.len() == acknowledged || found.len() == acknowledged + 1);
    for number in 0..=acknowledged {
        let again = store.append(&stream("dwelling-0"), at(number), vec![large(number)]).await.unwrap();
        assert_eq!(again.revision, u64::try_from(number).unwrap());
    }
    assert_eq!(all(&store).await.len(), acknowledged + 1);
}
