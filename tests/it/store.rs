//! The adapters: each passes the kit; and what SQLite promises beyond it.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hearth::store::memory::MemoryStore;
use hearth::store::sqlite::{Faults, SqliteStore, Step};
use hearth::store::{EventStore, Expected, StoreError};
use hearth_events::{Position, StoredEvent};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::store_kit::{all, conformance, event, event_called, stream, write_at_once};

conformance!(memory, (MemoryStore::new(), ()));
conformance!(sqlite, {
    let dir = TempDir::new().unwrap();
    (SqliteStore::open(dir.path()).unwrap(), dir)
});
// Two open stores on one log are what two processes are: they share nothing but the file.
conformance!(sqlite_beside_another, {
    let dir = TempDir::new().unwrap();
    let other = SqliteStore::open(dir.path()).unwrap();
    (SqliteStore::open(dir.path()).unwrap(), (other, dir))
});

fn raw(dir: &Path) -> Connection {
    Connection::open(dir.join("log.sqlite")).unwrap()
}

#[tokio::test]
async fn a_log_is_the_same_when_it_is_opened_again() {
    let dir = TempDir::new().unwrap();
    let (a, batch) = (stream("dwelling-1"), vec![event(), event()]);
    let store = SqliteStore::open(dir.path()).unwrap();
    let first = store.append(&a, Expected::NoStream, batch.clone()).await.unwrap();
    let log = all(&store).await;
    drop(store);
    let store = SqliteStore::open(dir.path()).unwrap();
    assert_eq!(all(&store).await, log);
    assert_eq!(store.append(&a, Expected::NoStream, batch).await.unwrap(), first);
    assert_eq!(store.append(&a, Expected::Exact(1), vec![event()]).await.unwrap().revision, 2);
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_or_remove_an_event() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    store.append(&stream("dwelling-1"), Expected::Any, vec![event()]).await.unwrap();
    for sql in ["UPDATE events SET bytes = x'00'", "DELETE FROM events"] {
        assert!(raw(dir.path()).execute(sql, []).unwrap_err().to_string().contains("never"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_share_a_log_and_lose_nothing() {
    let dir = TempDir::new().unwrap();
    let stores: Vec<_> = (0..3).map(|_| Arc::new(SqliteStore::open(dir.path()).unwrap())).collect();
    let follower = {
        let store = SqliteStore::open(dir.path()).unwrap();
        tokio::spawn(async move {
            let mut seen: Vec<StoredEvent> = Vec::new();
            while seen.len() < 3 * 8 * 10 * 2 {
                let after = seen.last().map_or(Position::START, |it| it.position);
                store.wait_beyond(after).await.unwrap();
                seen.extend(store.read_all(after, usize::MAX).await.unwrap());
            }
            // It has appended nothing itself, and still knows where each stream ends.
            assert_eq!(store.read_stream(&stream("council-E1"), 0).await.unwrap().len(), 3 * 8 * 10);
            seen
        })
    };
    tokio::join!(write_at_once(&stores[0], 8, 10), write_at_once(&stores[1], 8, 10), write_at_once(&stores[2], 8, 10));
    assert_eq!(follower.await.unwrap(), all(&*stores[0]).await);
}

/// At whichever step the disk fails, the caller is told that nobody knows, nobody can use the store any more, and after
/// opening it again the same append gets one answer.
#[tokio::test]
async fn after_a_failed_commit_the_store_stops_for_good() {
    for step in [Step::BeforeBegin, Step::AfterBegin, Step::AfterInsert, Step::BeforeCommit, Step::AfterCommit] {
        let dir = TempDir::new().unwrap();
        let is_broken = Arc::new(AtomicBool::new(false));
        let faults = {
            let is_broken = Arc::clone(&is_broken);
            Faults::at(move |it| {
                let fails = it == step && is_broken.load(Ordering::Relaxed);
                if fails { Err("no space left on device".to_owned()) } else { Ok(()) }
            })
        };
        let store = SqliteStore::open_with(dir.path(), faults).unwrap();
        let a = stream("dwelling-1");
        store.append(&a, Expected::NoStream, vec![event_called("first")]).await.unwrap();
        is_broken.store(true, Ordering::Relaxed);
        let batch = vec![event_called("second"), event_called("third")];
        let (waiting, failed) =
            tokio::join!(store.wait_beyond(Position(1)), store.append(&a, Expected::Exact(0), batch.clone()));
        assert!(matches!(failed, Err(StoreError::Ambiguous(_))), "{step:?}: {failed:?}");
        assert!(matches!(waiting, Err(StoreError::Unavailable(_))), "{step:?}: {waiting:?}");
        is_broken.store(false, Ordering::Relaxed);
        let again = store.append(&a, Expected::Exact(0), batch.clone()).await;
        assert!(matches!(again, Err(StoreError::Unavailable(_))), "{step:?}: {again:?}");
        assert!(matches!(store.read_all(Position::START, 1).await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.read_stream(&a, 0).await, Err(StoreError::Unavailable(_))));
        assert!(matches!(store.head().await, Err(StoreError::Unavailable(_))));
        drop(store);
        let store = SqliteStore::open(dir.path()).unwrap();
        let found = all(&store).await.len();
        assert_eq!(found, if step == Step::AfterCommit { 3 } else { 1 }, "{step:?}");
        assert_eq!(store.append(&a, Expected::Exact(0), batch).await.unwrap().revision, 2);
        assert_eq!(all(&store).await.len(), 3);
    }
}

/// Enough events that closing the store leaves a snapshot of the heads.
async fn long_log(dir: &Path, name: &str) {
    let store = SqliteStore::open(dir).unwrap();
    for batch in 0..11 {
        let events = (0..1_000).map(|it| event_called(&format!("{name} {batch} {it}"))).collect();
        store.append(&stream(&format!("dwelling-{batch}")), Expected::NoStream, events).await.unwrap();
    }
    store.shutdown();
    assert!(dir.join("heads.bin").exists());
}

#[tokio::test]
async fn a_snapshot_that_is_lost_damaged_or_of_another_log_is_made_good() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    long_log(dir.path(), "one").await;
    long_log(other.path(), "other").await;
    let snapshot = dir.path().join("heads.bin");
    let whole = std::fs::read(&snapshot).unwrap();
    let foreign = std::fs::read(other.path().join("heads.bin")).unwrap();
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    for found in [whole.clone(), flipped, foreign, whole[..whole.len() / 2].to_vec(), Vec::new()] {
        std::fs::write(&snapshot, found).unwrap();
        let store = SqliteStore::open(dir.path()).unwrap();
        let log = store.read_stream(&stream("dwelling-3"), 0).await.unwrap();
        assert_eq!((log.len(), log[0].position, log[999].position), (1_000, Position(3_001), Position(4_000)));
    }
    std::fs::remove_file(&snapshot).unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let again = store.append(&stream("dwelling-3"), Expected::Exact(998), vec![event_called("one 3 999")]).await;
    assert_eq!(again.unwrap().last, Position(4_000));
    // A snapshot that is ahead: the log was restored from an older copy.
    let restored = TempDir::new().unwrap();
    let short = SqliteStore::open(restored.path()).unwrap();
    short.append(&stream("dwelling-1"), Expected::NoStream, vec![event()]).await.unwrap();
    drop(short);
    std::fs::write(restored.path().join("heads.bin"), whole).unwrap();
    let short = SqliteStore::open(restored.path()).unwrap();
    assert_eq!(short.read_stream(&stream("dwelling-1"), 0).await.unwrap().len(), 1);
    assert_eq!(short.read_stream(&stream("dwelling-3"), 0).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_flipped_bit_is_noticed_by_whoever_reads_it() {
    let dir = TempDir::new().unwrap();
    let (a, b) = (stream("dwelling-1"), stream("dwelling-2"));
    let store = SqliteStore::open(dir.path()).unwrap();
    store.append(&a, Expected::NoStream, vec![event_called("honest")]).await.unwrap();
    store.append(&b, Expected::NoStream, vec![event()]).await.unwrap();
    let tampered = "DROP TRIGGER events_are_never_changed;
        UPDATE events SET bytes = CAST(replace(CAST(bytes AS TEXT), 'honest', 'forged') AS BLOB)";
    raw(dir.path()).execute_batch(tampered).unwrap();
    assert!(matches!(store.read_all(Position::START, 9).await, Err(StoreError::Wrong(_))));
    assert!(matches!(store.read_stream(&a, 0).await, Err(StoreError::Wrong(_))));
    assert!(matches!(store.scan(Position::START, |_| ControlFlow::Continue(())), Err(StoreError::Wrong(_))));
    assert_eq!(store.read_stream(&b, 0).await.unwrap().len(), 1);
    drop(store);
    assert!(matches!(SqliteStore::open(dir.path()), Err(StoreError::Wrong(_))));
}

#[tokio::test]
async fn an_event_that_was_taken_out_is_missed() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    for _ in 0..3 {
        store.append(&stream("dwelling-1"), Expected::Any, vec![event()]).await.unwrap();
    }
    raw(dir.path())
        .execute_batch("DROP TRIGGER events_are_never_removed; DELETE FROM events WHERE position = 2")
        .unwrap();
    assert!(matches!(store.read_all(Position::START, 9).await, Err(StoreError::Wrong(_))));
    assert!(matches!(store.read_stream(&stream("dwelling-1"), 0).await, Err(StoreError::Wrong(_))));
}

#[tokio::test]
async fn a_scan_gives_what_reading_gives_and_can_be_broken_off() {
    let dir = TempDir::new().unwrap();
    long_log(dir.path(), "scan").await;
    let store = SqliteStore::open(dir.path()).unwrap();
    let mut scanned = Vec::new();
    let last = store.scan(Position(5), |it| {
        scanned.push(it.clone());
        ControlFlow::Continue(())
    });
    assert_eq!(last.unwrap(), Position(11_000));
    assert_eq!(scanned, store.read_all(Position(5), usize::MAX).await.unwrap());
    let mut count = 0;
    let stopped = store.scan(Position::START, |_| {
        count += 1;
        if count < 4_096 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert_eq!((stopped.unwrap(), count), (Position(4_096), 4_096));
}

#[test]
fn a_file_of_another_program_or_a_newer_hearth_is_refused() {
    for pragma in ["PRAGMA user_version = 2", "PRAGMA application_id = 1"] {
        let dir = TempDir::new().unwrap();
        drop(SqliteStore::open(dir.path()).unwrap());
        raw(dir.path()).execute_batch(pragma).unwrap();
        assert!(matches!(SqliteStore::open(dir.path()), Err(StoreError::Wrong(_))));
    }
}

#[tokio::test]
async fn what_waits_is_written_when_the_store_is_closed() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let appends: Vec<_> = (0..50)
        .map(|it| {
            let store = store.clone();
            tokio::spawn(
                async move { store.append(&stream(&format!("dwelling-{it}")), Expected::Any, vec![event()]).await },
            )
        })
        .collect();
    tokio::task::yield_now().await;
    store.shutdown();
    let mut acknowledged = 0;
    for append in appends {
        match append.await.unwrap() {
            Ok(_) => acknowledged += 1,
            Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error}"),
        }
    }
    let late = store.append(&stream("dwelling-1"), Expected::Any, vec![event()]).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))));
    let store = SqliteStore::open(dir.path()).unwrap();
    assert_eq!(all(&store).await.len(), acknowledged);
}
