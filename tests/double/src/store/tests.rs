use bytes::Bytes;
use serde_json::json;
use uuid::Uuid;

use super::{Begin, Direction, Expected, Proposed, Refusal, Store, StreamRead, Written};

fn event() -> Proposed {
    Proposed {
        id: Uuid::new_v4(),
        kind: "thing-happened".to_owned(),
        content_type: "application/json".to_owned(),
        data: Bytes::from_static(b"{}"),
        metadata: Bytes::new(),
    }
}

fn events<const COUNT: usize>() -> [Proposed; COUNT] {
    std::array::from_fn(|_| event())
}

fn metadata(value: serde_json::Value) -> [Proposed; 1] {
    [Proposed { kind: "$metadata".to_owned(), data: value.to_string().into(), ..event() }]
}

fn store() -> Store {
    Store::open(None).unwrap()
}

/// A store in which the stream `s` has this many events.
fn store_of<const COUNT: usize>() -> (Store, [Proposed; COUNT]) {
    let (store, written) = (store(), events());
    store.append("s", Expected::NoStream, &written).unwrap();
    (store, written)
}

fn revisions(store: &Store, stream: &str) -> Vec<u64> {
    match store.read_stream(stream, Direction::Forwards, Begin::Start, u64::MAX) {
        StreamRead::Found { records, .. } => records.iter().map(|it| it.revision).collect(),
        StreamRead::NotFound | StreamRead::Deleted => panic!("{stream} is not there"),
    }
}

fn wrong(current: impl Into<Option<u64>>) -> Result<Written, Refusal> {
    Err(Refusal::WrongVersion { current: current.into() })
}

#[test]
fn a_stream_must_be_as_the_writer_takes_it_to_be() {
    let store = store();
    assert_eq!(store.append("s", Expected::Exact(0), &events::<1>()), wrong(None));
    assert_eq!(store.append("s", Expected::StreamExists, &events::<1>()), wrong(None));
    assert_eq!(store.append("s", Expected::NoStream, &events::<3>()).unwrap().last, Some(2));
    assert_eq!(store.append("s", Expected::NoStream, &events::<1>()), wrong(2));
    assert_eq!(store.append("s", Expected::Exact(1), &events::<1>()), wrong(2));
    assert_eq!(store.append("s", Expected::Exact(3), &events::<1>()), wrong(2));
    assert_eq!(store.append("s", Expected::Exact(2), &events::<1>()).unwrap().last, Some(3));
    assert_eq!(store.append("s", Expected::Any, &events::<1>()).unwrap().last, Some(4));
    assert_eq!(store.append("s", Expected::StreamExists, &events::<1>()).unwrap().last, Some(5));
    assert_eq!(revisions(&store, "s"), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_repeated_write_is_known_by_its_slots_whenever_it_comes() {
    let (store, first) = store_of::<3>();
    let second = events::<2>();
    let written = store.append("s", Expected::Exact(2), &second).unwrap();
    store.append("s", Expected::Any, &events::<1>()).unwrap();
    store.forget_recent();
    assert_eq!(store.append("s", Expected::NoStream, &first).unwrap().last, Some(2));
    let repeated = store.append("s", Expected::Exact(2), &second).unwrap();
    assert_eq!(repeated, Written { repeated: true, ..written });
    assert_eq!(revisions(&store, "s").len(), 6);
}

#[test]
fn a_part_of_a_write_done_before_is_a_conflict() {
    let (store, [one, two]) = store_of::<2>();
    assert_eq!(store.append("s", Expected::NoStream, &[one.clone(), event()]), wrong(1));
    assert_eq!(store.append("s", Expected::NoStream, &[one.clone(), two.clone(), event()]), wrong(1));
    assert_eq!(store.append("s", Expected::NoStream, &[two, one.clone()]), wrong(1));
    assert_eq!(store.append("s", Expected::Any, &[one, event()]), wrong(1));
}

#[test]
fn without_an_expected_revision_a_repeated_write_is_known_while_it_is_remembered() {
    let (store, first) = store_of::<2>();
    assert!(store.append("s", Expected::Any, &first).unwrap().repeated);
    assert!(store.append("s", Expected::StreamExists, &first).unwrap().repeated);
    // The same ids elsewhere are another write.
    assert!(!store.append("t", Expected::Any, &first).unwrap().repeated);
    store.forget_recent();
    assert!(!store.append("s", Expected::Any, &first).unwrap().repeated);
    assert_eq!(revisions(&store, "s"), [0, 1, 2, 3]);
}

#[test]
fn a_write_of_nothing_says_where_the_stream_is() {
    let (store, _) = store_of::<2>();
    let nothing = |last| Ok(Written { last, position: None, repeated: false });
    assert_eq!(store.append("s", Expected::Exact(1), &[]), nothing(Some(1)));
    assert_eq!(store.append("t", Expected::NoStream, &[]), nothing(None));
    assert_eq!(store.append("s", Expected::NoStream, &[]), wrong(1));
}

#[test]
fn a_softly_deleted_stream_is_made_anew_and_its_numbers_go_on() {
    let (store, first) = store_of::<2>();
    assert_eq!(store.delete("s", Expected::Exact(7)), Err(Refusal::WrongVersion { current: Some(1) }));
    store.delete("s", Expected::Exact(1)).unwrap();
    assert_eq!(store.read_stream("s", Direction::Forwards, Begin::Start, 1), StreamRead::NotFound);
    assert_eq!(store.append("s", Expected::StreamExists, &events::<1>()), Err(Refusal::Deleted));
    assert!(store.append("s", Expected::NoStream, &first).unwrap().repeated, "its slots are still what they were");
    assert_eq!(store.append("s", Expected::NoStream, &events::<2>()).unwrap().last, Some(3));
    assert_eq!(revisions(&store, "s"), [2, 3]);
    store.delete("s", Expected::Any).unwrap();
    assert_eq!(store.append("s", Expected::Any, &events::<1>()).unwrap().last, Some(4));
    assert_eq!(revisions(&store, "s"), [4]);
}

#[test]
fn metadata_does_not_bring_deleted_events_back() {
    let (store, _) = store_of::<2>();
    store.delete("s", Expected::Any).unwrap();
    let written = store.append("$$s", Expected::Any, &metadata(json!({ "own": 1 }))).unwrap();
    assert_eq!(written.last, Some(1));
    assert!(revisions(&store, "s").is_empty());
}

#[test]
fn a_missing_stream_cannot_be_deleted() {
    let missing = Err(Refusal::WrongVersion { current: None });
    assert_eq!(store().delete("s", Expected::Any), missing);
    assert_eq!(store().delete("s", Expected::NoStream), missing);
}

#[test]
fn a_stream_is_ended_for_good() {
    let (store, first) = store_of::<2>();
    store.tombstone("s", Expected::Exact(1)).unwrap();
    assert_eq!(store.read_stream("s", Direction::Backwards, Begin::End, 1), StreamRead::Deleted);
    for expected in [Expected::Any, Expected::NoStream, Expected::StreamExists, Expected::Exact(1)] {
        assert_eq!(store.append("s", expected, &first), Err(Refusal::Deleted));
    }
    assert_eq!(store.append("$$s", Expected::Any, &metadata(json!({}))), Err(Refusal::Deleted));
    assert_eq!(store.tombstone("s", Expected::Any), Err(Refusal::Deleted));
    let kinds: Vec<_> = store.slice(0, 9).iter().map(|it| it.kind.clone()).collect();
    assert_eq!(kinds, ["thing-happened", "thing-happened", "$streamDeleted"]);
}

#[test]
fn metadata_decides_what_is_read_of_a_stream() {
    let (store, _) = store_of::<5>();
    let set = |value| assert!(store.append("$$s", Expected::Any, &metadata(value)).is_ok());
    set(json!({ "$maxCount": 2 }));
    assert_eq!(revisions(&store, "s"), [3, 4]);
    set(json!({ "$tb": 4 }));
    assert_eq!(revisions(&store, "s"), [4]);
    set(json!({ "$maxAge": 3600 }));
    assert_eq!(revisions(&store, "s"), [0, 1, 2, 3, 4]);
    set(json!({ "$maxAge": 0 }));
    std::thread::sleep(std::time::Duration::from_millis(1));
    assert!(revisions(&store, "s").is_empty());
    assert_eq!(revisions(&store, "$$s"), [3], "of metadata only the last is read");
    assert_eq!(store.read_all(Direction::Forwards, Begin::Start, 99, None).len(), 9, "the log keeps all");
}

#[test]
fn positions_rise_with_gaps_and_a_read_begins_at_them() {
    let (store, _) = store_of::<4>();
    let all = store.read_all(Direction::Forwards, Begin::Start, 99, None);
    let positions: Vec<u64> = all.iter().map(|it| it.position).collect();
    assert!(positions[0] > 0 && positions.windows(2).all(|pair| pair[0] + 1 < pair[1]));
    let read = |direction, from, count| {
        store.read_all(direction, from, count, None).iter().map(|it| it.revision).collect::<Vec<_>>()
    };
    let third = Begin::At(positions[2]);
    assert_eq!(read(Direction::Forwards, third, 9), [2, 3]);
    assert_eq!(read(Direction::Backwards, third, 9), [1, 0]);
    assert_eq!(read(Direction::Backwards, Begin::End, 1), [3]);
    assert_eq!(store.after(third), 3, "a subscription begins after it");
    assert!(store.is_place(third) && !store.is_place(Begin::At(positions[2] + 1)));
}

#[test]
fn a_stream_is_read_both_ways_from_a_revision() {
    let (store, _) = store_of::<4>();
    let read = |direction, from, count| match store.read_stream("s", direction, from, count) {
        StreamRead::Found { records, last, .. } => {
            assert_eq!(last, 3);
            records.iter().map(|it| it.revision).collect::<Vec<_>>()
        }
        StreamRead::NotFound | StreamRead::Deleted => panic!("it is not there"),
    };
    assert_eq!(read(Direction::Forwards, Begin::At(1), 2), [1, 2]);
    assert_eq!(read(Direction::Backwards, Begin::At(1), 9), [1, 0]);
    assert_eq!(read(Direction::Backwards, Begin::End, 1), [3]);
    assert!(read(Direction::Forwards, Begin::At(9), 1).is_empty());
}

#[test]
fn a_journal_brings_the_log_back() {
    let kept = tempfile::tempdir().unwrap();
    let path = kept.path().join("journal");
    let (before, first) = {
        let (store, first) = (Store::open(Some(&path)).unwrap(), events::<2>());
        store.append("s", Expected::NoStream, &first).unwrap();
        store.append("t", Expected::Any, &events::<1>()).unwrap();
        store.tombstone("t", Expected::Any).unwrap();
        (store.slice(0, 99), first)
    };
    // A commit that was being written when the process was killed.
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text + r#"[{"stream":"s","#).unwrap();
    for _ in 0..2 {
        let store = Store::open(Some(&path)).unwrap();
        assert_eq!(store.slice(0, 99), before);
        assert!(store.append("s", Expected::NoStream, &first).unwrap().repeated);
        assert_eq!(store.append("t", Expected::Any, &first), Err(Refusal::Deleted));
    }
    assert_eq!(
        Store::open(Some(&path)).unwrap().append("s", Expected::Exact(1), &events::<1>()).unwrap().last,
        Some(2)
    );
}
