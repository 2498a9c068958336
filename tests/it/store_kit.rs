//! What every event store must do. An adapter joins with one line in `store.rs`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hearth::store::{Appended, EventStore, Expected, StoreError};
use hearth_events::{EventId, NewEvent, Position, StoredEvent, StreamName, leaf_hash};
use sha2::{Digest, Sha256};

/// Makes a test of each promise for an adapter; `$open` gives an empty store and what must outlive it.
macro_rules! conformance {
    ($adapter:ident, $open:expr) => {
        mod $adapter {
            use super::*;
            crate::store_kit::conformance!($open; an_expected_revision_is_checked, the_same_append_again_gets_the_first_answer,
                the_same_id_with_other_content_is_a_conflict, an_append_to_any_revision_is_found_again,
                an_append_is_all_or_nothing, what_could_not_be_read_back_is_refused,
                the_stored_bytes_carry_their_leaf_hash, the_time_of_recording_never_runs_backwards,
                a_stream_is_read_from_a_revision_on, writers_at_once_lose_nothing, retries_at_once_are_written_once,
                no_reader_sees_an_event_before_those_below_it, who_catches_up_and_waits_misses_nothing,
                who_waits_is_woken_by_the_next_event);
        }
    };
    ($open:expr; $($promise:ident),*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            let (store, _kept) = $open;
            crate::store_kit::$promise(store).await;
        })*
    };
}
pub(crate) use conformance;

static IDS: AtomicUsize = AtomicUsize::new(1);

/// An event that no other is like.
pub(crate) fn event() -> NewEvent {
    event_called(&format!("some {}", IDS.fetch_add(1, Ordering::Relaxed)))
}

/// The event whose id and data follow from a name.
pub(crate) fn event_called(name: &str) -> NewEvent {
    NewEvent {
        id: EventId::derived(&[name]),
        type_name: "ScenarioRecorded",
        recorded_at: "2026-11-23T09:00:00Z".parse().unwrap(),
        data: format!(r#"{{"what":"{name}"}}"#),
        metadata: r#"{"actor":"kit","schema":1}"#.to_owned(),
    }
}

pub(crate) fn stream(name: &str) -> StreamName {
    StreamName::named(name)
}

/// The whole log.
pub(crate) async fn all(store: &impl EventStore) -> Vec<StoredEvent> {
    let mut log: Vec<StoredEvent> = Vec::new();
    loop {
        let after = log.last().map_or(Position::START, |it| it.position);
        let more = store.read_all(after, usize::MAX).await.unwrap();
        if more.is_empty() {
            return log;
        }
        log.extend(more);
    }
}

#[track_caller]
fn assert_conflict(answer: Result<Appended, StoreError>, expected: Option<u64>) {
    assert!(matches!(answer, Err(StoreError::Conflict { actual }) if actual == expected), "{answer:?}");
}

#[track_caller]
fn assert_wrong(answer: Result<Appended, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Wrong(_))), "{answer:?}");
}

pub(crate) async fn an_expected_revision_is_checked(store: impl EventStore) {
    let a = stream("dwelling-1");
    assert_conflict(store.append(&a, Expected::Exact(0), vec![event()]).await, None);
    let first = store.append(&a, Expected::NoStream, vec![event()]).await.unwrap();
    assert_eq!(first.revision, 0);
    assert_conflict(store.append(&a, Expected::NoStream, vec![event()]).await, Some(0));
    assert_conflict(store.append(&a, Expected::Exact(1), vec![event()]).await, Some(0));
    assert_conflict(store.append(&a, Expected::Exact(u64::MAX), vec![event()]).await, Some(0));
    let second = store.append(&a, Expected::Exact(0), vec![event(), event()]).await.unwrap();
    assert_eq!(second.revision, 2);
    assert_conflict(store.append(&a, Expected::Exact(0), vec![event(), event()]).await, Some(2));
    assert_conflict(store.append(&a, Expected::Exact(1), vec![event()]).await, Some(2));
    let third = store.append(&a, Expected::Any, vec![event()]).await.unwrap();
    assert_eq!(third.revision, 3);
    assert!(first.last < second.last && second.last < third.last);
    assert_eq!(store.append(&stream("dwelling-2"), Expected::Any, vec![event()]).await.unwrap().revision, 0);
    assert_eq!(all(&store).await.len(), 5);
}

pub(crate) async fn the_same_append_again_gets_the_first_answer(store: impl EventStore) {
    let a = stream("dwelling-1");
    let batches = [vec![event()], vec![event(), event(), event()], vec![event()]];
    let mut expected = Expected::NoStream;
    let mut answers = Vec::new();
    for batch in &batches {
        let answer = store.append(&a, expected, batch.clone()).await.unwrap();
        answers.push((expected, batch.clone(), answer));
        expected = Expected::Exact(answer.revision);
    }
    for (expected, batch, answer) in &answers {
        assert_eq!(store.append(&a, *expected, batch.clone()).await.unwrap(), *answer);
        // A retry is made later, and says so; the fact is the same.
        let later = batch.iter().cloned();
        let later = later.map(|it| NewEvent { recorded_at: "2026-11-24T00:00:00Z".parse().unwrap(), ..it }).collect();
        assert_eq!(store.append(&a, *expected, later).await.unwrap(), *answer);
    }
    assert_eq!(all(&store).await.len(), 5);
}

pub(crate) async fn the_same_id_with_other_content_is_a_conflict(store: impl EventStore) {
    let a = stream("dwelling-1");
    let first = event();
    let second = event();
    store.append(&a, Expected::NoStream, vec![first.clone(), second.clone()]).await.unwrap();
    let others = [
        vec![NewEvent { data: r#"{"what":"other"}"#.to_owned(), ..first.clone() }, second.clone()],
        vec![NewEvent { metadata: "{}".to_owned(), ..first.clone() }, second.clone()],
        vec![NewEvent { type_name: "LogStarted", ..first.clone() }, second.clone()],
        vec![NewEvent { id: EventId::derived(&["other"]), ..first.clone() }, second.clone()],
        vec![first.clone(), event()],
        vec![second.clone(), first.clone()],
        vec![first.clone(), second.clone(), event()],
    ];
    for other in others {
        assert_conflict(store.append(&a, Expected::NoStream, other).await, Some(1));
    }
    let changed = NewEvent { data: r#"{"what":"other"}"#.to_owned(), ..second };
    assert_conflict(store.append(&a, Expected::Any, vec![changed]).await, Some(1));
    assert_eq!(all(&store).await.len(), 2);
}

pub(crate) async fn an_append_to_any_revision_is_found_again(store: impl EventStore) {
    let a = stream("access");
    let batch = vec![event(), event()];
    store.append(&a, Expected::Any, vec![event()]).await.unwrap();
    let answer = store.append(&a, Expected::Any, batch.clone()).await.unwrap();
    for _ in 0..10 {
        store.append(&a, Expected::Any, vec![event()]).await.unwrap();
    }
    assert_eq!(store.append(&a, Expected::Any, batch.clone()).await.unwrap(), answer);
    assert_conflict(store.append(&a, Expected::Any, vec![batch[0].clone(), event()]).await, Some(12));
    // The scope is the stream: elsewhere the same events are new.
    assert_eq!(store.append(&stream("log"), Expected::Any, batch).await.unwrap().revision, 1);
    assert_eq!(all(&store).await.len(), 15);
}

pub(crate) async fn an_append_is_all_or_nothing(store: impl EventStore) {
    let a = stream("dwelling-1");
    store.append(&a, Expected::NoStream, vec![event()]).await.unwrap();
    assert_conflict(store.append(&a, Expected::NoStream, vec![event(), event()]).await, Some(0));
    let twice = event();
    assert_wrong(store.append(&a, Expected::Exact(0), vec![twice.clone(), event(), twice]).await);
    let broken = NewEvent { data: "{".to_owned(), ..event() };
    assert_wrong(store.append(&a, Expected::Exact(0), vec![event(), broken]).await);
    assert_eq!(store.read_stream(&a, 0).await.unwrap().len(), 1);
    let batch = vec![event(), event(), event()];
    store.append(&a, Expected::Exact(0), batch.clone()).await.unwrap();
    let stored = store.read_stream(&a, 1).await.unwrap();
    let texts: Vec<_> = stored.iter().map(|it| String::from_utf8(it.bytes.clone()).unwrap()).collect();
    assert!(texts.iter().zip(&batch).all(|(text, event)| text.contains(&event.id.to_string())));
    assert_eq!(texts.len(), batch.len());
}

pub(crate) async fn what_could_not_be_read_back_is_refused(store: impl EventStore) {
    let a = stream("dwelling-1");
    assert_wrong(store.append(&a, Expected::Any, vec![]).await);
    for name in ["", "a\"b", "a\\b", "a\nb", &"a".repeat(300)] {
        assert_wrong(store.append(&stream(name), Expected::Any, vec![event()]).await);
    }
    for json in ["", "{", "[]", "1", r#"{"a":1}{"#, "{} x"] {
        assert_wrong(store.append(&a, Expected::Any, vec![NewEvent { data: json.to_owned(), ..event() }]).await);
        assert_wrong(store.append(&a, Expected::Any, vec![NewEvent { metadata: json.to_owned(), ..event() }]).await);
    }
    assert_eq!(store.head().await.unwrap(), Position::START);
}

pub(crate) async fn the_stored_bytes_carry_their_leaf_hash(store: impl EventStore) {
    let a = stream("notification-HN-7KQ2-9FXM-3D4R");
    let batch = vec![event_called("ä £ 🏠"), event()];
    store.append(&a, Expected::NoStream, batch.clone()).await.unwrap();
    let stored = all(&store).await;
    assert_eq!(stored, store.read_stream(&a, 0).await.unwrap());
    for ((revision, event), stored) in (0..).zip(&batch).zip(&stored) {
        assert_eq!(stored.bytes, event.stored_bytes(stored.position, &a, revision, event.recorded_at));
        assert_eq!(stored.hash, leaf_hash(&stored.bytes));
        let by_hand: [u8; 32] = Sha256::digest([&[0][..], &stored.bytes].concat()).into();
        assert_eq!(stored.hash, by_hand);
    }
}

pub(crate) async fn the_time_of_recording_never_runs_backwards(store: impl EventStore) {
    let times = ["2026-11-23T09:00:00.5Z", "2026-11-23T08:00:00Z", "2026-11-23T09:00:00.25Z", "2026-11-24T00:00:00Z"];
    for time in times {
        let event = NewEvent { recorded_at: time.parse().unwrap(), ..event() };
        store.append(&stream(&format!("dwelling-{}", time.len())), Expected::Any, vec![event]).await.unwrap();
    }
    let shown: Vec<_> = all(&store).await.into_iter().map(|it| String::from_utf8(it.bytes).unwrap()).collect();
    let expected = [times[0], times[0], times[0], times[3]];
    for (text, time) in shown.iter().zip(expected) {
        assert!(text.contains(&format!(r#""recorded_at":"{time}""#)), "{text}");
    }
}

pub(crate) async fn a_stream_is_read_from_a_revision_on(store: impl EventStore) {
    let (a, b) = (stream("dwelling-1"), stream("dwelling-10"));
    for _ in 0..5 {
        store.append(&a, Expected::Any, vec![event()]).await.unwrap();
        store.append(&b, Expected::Any, vec![event()]).await.unwrap();
    }
    let whole = store.read_stream(&a, 0).await.unwrap();
    assert_eq!(whole.len(), 5);
    assert!(whole.is_sorted_by(|one, next| one.position < next.position));
    assert_eq!(store.read_stream(&a, 3).await.unwrap(), whole[3..]);
    assert_eq!(store.read_stream(&a, 5).await.unwrap(), []);
    assert_eq!(store.read_stream(&stream("dwelling-2"), 0).await.unwrap(), []);
    let log = all(&store).await;
    assert_eq!(log.len(), 10);
    assert_eq!(store.read_all(log[3].position, 2).await.unwrap(), log[4..6]);
    assert_eq!(store.read_all(log[9].position, 2).await.unwrap(), []);
    assert_eq!(store.read_all(Position::START, 0).await.unwrap(), []);
    assert_eq!(store.head().await.unwrap(), log[9].position);
}

/// Sixty-four writers, each on a stream of its own and all of them on one, deciding again whenever another was first.
pub(crate) async fn writers_at_once_lose_nothing(store: impl EventStore) {
    let store = Arc::new(store);
    write_at_once(&store, 64, 3).await;
    let log = all(&*store).await;
    assert_eq!(log.len(), 64 * 3 * 2);
    let ids: BTreeSet<_> = log.iter().map(|it| text_between(&it.bytes, r#""id":""#)).collect();
    assert_eq!(ids.len(), log.len());
    let shared = store.read_stream(&stream("council-E1"), 0).await.unwrap();
    assert_eq!(shared.len(), 64 * 3);
    for (revision, stored) in shared.iter().enumerate() {
        assert!(String::from_utf8_lossy(&stored.bytes).contains(&format!(r#","revision":{revision},"#)));
    }
}

pub(crate) async fn retries_at_once_are_written_once(store: impl EventStore) {
    let store = Arc::new(store);
    for round in 0..10 {
        let (a, batch) = (stream(&format!("dwelling-{round}")), vec![event(), event()]);
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let (store, a, batch) = (Arc::clone(&store), a.clone(), batch.clone());
                tokio::spawn(async move { store.append(&a, Expected::NoStream, batch).await.unwrap() })
            })
            .collect();
        let mut answers = Vec::new();
        for it in tries {
            answers.push(it.await.unwrap());
        }
        assert!(answers.iter().all(|it| *it == answers[0]));
        assert_eq!(store.read_stream(&a, 0).await.unwrap().len(), 2);
    }
}

/// What a reader has seen is always the beginning of the log, whole.
pub(crate) async fn no_reader_sees_an_event_before_those_below_it(store: impl EventStore) {
    let store = Arc::new(store);
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut seen: Vec<StoredEvent> = Vec::new();
                while seen.len() < 16 * 20 * 2 {
                    let after = seen.last().map_or(Position::START, |it| it.position);
                    seen.extend(store.read_all(after, 7).await.unwrap());
                    tokio::task::yield_now().await;
                }
                seen
            })
        })
        .collect();
    write_at_once(&store, 16, 20).await;
    let log = all(&*store).await;
    for reader in readers {
        assert_eq!(reader.await.unwrap(), log);
    }
}

pub(crate) async fn who_catches_up_and_waits_misses_nothing(store: impl EventStore) {
    let store = Arc::new(store);
    write_at_once(&store, 2, 20).await;
    let follower = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut seen: Vec<StoredEvent> = Vec::new();
            while seen.len() < 2 * 20 * 2 + 8 * 20 * 2 {
                let after = seen.last().map_or(Position::START, |it| it.position);
                assert!(store.wait_beyond(after).await.unwrap() > after);
                seen.extend(store.read_all(after, 10).await.unwrap());
            }
            seen
        })
    };
    write_at_once(&store, 8, 20).await;
    assert_eq!(follower.await.unwrap(), all(&*store).await);
}

pub(crate) async fn who_waits_is_woken_by_the_next_event(store: impl EventStore) {
    let a = stream("dwelling-1");
    let (woken, appended) =
        tokio::join!(store.wait_beyond(Position::START), store.append(&a, Expected::Any, vec![event()]));
    let last = appended.unwrap().last;
    assert_eq!(woken.unwrap(), last);
    assert_eq!(store.wait_beyond(Position::START).await.unwrap(), last);
}

/// Each writer appends `count` events to a stream of its own and as many to the one they share.
pub(crate) async fn write_at_once<S: EventStore>(store: &Arc<S>, writers: usize, count: usize) {
    let run = IDS.fetch_add(1, Ordering::Relaxed);
    let writers: Vec<_> = (0..writers)
        .map(|writer| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let own = stream(&format!("dwelling-{run}-{writer}"));
                let mut expected = Expected::NoStream;
                for _ in 0..count {
                    let appended = store.append(&own, expected, vec![event()]).await.unwrap();
                    expected = Expected::Exact(appended.revision);
                    decide_again(&*store, &stream("council-E1"), event()).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn decide_again(store: &impl EventStore, shared: &StreamName, event: NewEvent) {
    let mut expected = Expected::NoStream;
    loop {
        match store.append(shared, expected, vec![event.clone()]).await {
            Ok(_) => return,
            Err(StoreError::Conflict { actual }) => expected = actual.map_or(Expected::NoStream, Expected::Exact),
            Err(other) => panic!("{other}"),
        }
    }
}

/// What stands in the stored bytes between this and the next quotation mark.
pub(crate) fn text_between(bytes: &[u8], before: &str) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}
