//! The one fold that live views, rebuilds and replays share, so that they cannot behave differently.
//!
//! A batch is folded in memory; each row it touches is loaded once and written once. An event that cannot be read or does
//! not fit parks its stream: what it did to any row is taken back, and later events of the stream are held.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hearth_events::{Position, Recorded, StoredEvent, StreamName, decode};
use hearth_projections::{Link, Projection};

/// How the stream of a record is called that has lost its name.
const UNREADABLE: &str = "unreadable-";

/// An event of the log, read where it can be read.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// Its place in the log.
    pub(crate) position: Position,
    /// The stream it is in.
    pub(crate) stream: StreamName,
    /// The event, or why it cannot be read.
    pub(crate) recorded: Result<Recorded, String>,
}

/// A stream that is held, from which event on, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// The first event that was not applied.
    pub(crate) position: Position,
    /// Why.
    pub(crate) reason: String,
}

/// The streams that are held, by name.
pub(crate) type HeldStreams = BTreeMap<String, Held>;

/// A row that a batch touched.
#[derive(Debug)]
pub(crate) struct Touched<R> {
    /// The row after the batch.
    pub(crate) row: Option<R>,
    /// By what it was found before the batch; none where it did not exist.
    pub(crate) links_before: Option<Vec<Link>>,
    applied: Vec<usize>,
}

/// What a batch comes to.
#[derive(Debug)]
pub(crate) struct Folded<R> {
    /// Every row that it touched, by key.
    pub(crate) touched: BTreeMap<String, Touched<R>>,
    /// The streams that are held from this batch on.
    pub(crate) parked: HeldStreams,
}

/// Reads a batch: every event, or those of the streams that `concerns` somebody. A record whose stream cannot be told
/// concerns everybody.
pub(crate) fn decode_batch(events: &[StoredEvent], concerns: impl Fn(&StreamName) -> bool) -> Vec<Decoded> {
    let is_wanted = |it: &&StoredEvent| named_stream(it).is_none_or(|stream| concerns(&stream));
    events.iter().filter(is_wanted).map(decode_one).collect()
}

fn decode_one(stored: &StoredEvent) -> Decoded {
    let position = stored.position;
    match decode(stored) {
        Ok(recorded) if recorded.position == position => {
            Decoded { position, stream: recorded.stream.clone(), recorded: Ok(recorded) }
        }
        Ok(recorded) => {
            let reason = format!("the record at {position} says that it is at {}", recorded.position);
            Decoded { position, stream: recorded.stream, recorded: Err(reason) }
        }
        Err(error) => Decoded { position, stream: stream_of(stored), recorded: Err(error.to_string()) },
    }
}

/// The stream of a record that cannot be read as a whole. Where even that is lost, the record is held under a name of its
/// own, and the next event of its stream is noticed by its revision.
fn stream_of(stored: &StoredEvent) -> StreamName {
    named_stream(stored).unwrap_or_else(|| StreamName::named(&format!("{UNREADABLE}{}", stored.position)))
}

/// The name of the stream as the bytes have it: it comes early in them, and is plain text.
pub(crate) fn named_stream(stored: &StoredEvent) -> Option<StreamName> {
    let start = stored.bytes.get(..stored.bytes.len().min(300))?;
    let text = String::from_utf8_lossy(start);
    let (_, rest) = text.split_once(r#""stream":""#)?;
    let (name, _) = rest.split_once('"')?;
    (!name.is_empty()).then(|| StreamName::named(name))
}

/// Folds a batch over rows that `load` finds as they were before it.
pub(crate) fn fold<P: Projection, E>(
    events: &[Decoded],
    held: &HeldStreams,
    mut load: impl FnMut(&str) -> Result<Option<P::Row>, E>,
) -> Result<Folded<P::Row>, E> {
    let mut folded = Folded { touched: BTreeMap::new(), parked: BTreeMap::new() };
    for (index, event) in events.iter().enumerate() {
        let stream = event.stream.as_str();
        if !stream.starts_with(UNREADABLE) && !P::concerns(&event.stream) {
            continue;
        }
        if held.contains_key(stream) || folded.parked.contains_key(stream) {
            continue;
        }
        let refused = match &event.recorded {
            Ok(recorded) => take::<P, E>(&mut folded.touched, events, index, recorded, &mut load)?,
            Err(reason) => Some(reason.clone()),
        };
        if let Some(reason) = refused {
            folded.parked.insert(stream.to_owned(), Held { position: event.position, reason });
        }
    }
    Ok(folded)
}

/// Gives one event to every row it touches, or to none: then the answer is why.
fn take<P: Projection, E>(
    rows: &mut BTreeMap<String, Touched<P::Row>>,
    events: &[Decoded],
    index: usize,
    recorded: &Recorded,
    load: &mut impl FnMut(&str) -> Result<Option<P::Row>, E>,
) -> Result<Option<String>, E> {
    let keys = match guarded(|| Ok(P::keys(recorded))) {
        Ok(keys) => keys,
        Err(reason) => return Ok(Some(reason)),
    };
    for (done, key) in keys.iter().enumerate() {
        let touched = match rows.entry(key.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let row = load(key)?;
                let links_before = row.as_ref().map(P::links);
                entry.insert(Touched { row, links_before, applied: Vec::new() })
            }
        };
        match guarded(|| P::apply(&mut touched.row, key, recorded).map_err(|it| it.to_string())) {
            Ok(()) => touched.applied.push(index),
            Err(reason) => {
                for key in keys.iter().take(done + 1) {
                    if let Some(touched) = rows.get_mut(key) {
                        take_back::<P>(touched, key, load(key)?, events, index);
                    }
                }
                return Ok(Some(reason));
            }
        }
    }
    Ok(None)
}

/// Makes a row what it was before the event at `index`: a refused event may have changed half of it.
fn take_back<P: Projection>(
    touched: &mut Touched<P::Row>,
    key: &str,
    before: Option<P::Row>,
    events: &[Decoded],
    index: usize,
) {
    touched.applied.retain(|it| *it != index);
    touched.row = before;
    let applied = touched.applied.iter().filter_map(|it| events.get(*it)?.recorded.as_ref().ok());
    for event in applied {
        // It went well before, on the same row; a fold depends on nothing else.
        let again = P::apply(&mut touched.row, key, event);
        debug_assert!(again.is_ok(), "the fold of {} is not a function of its events", P::NAME);
    }
}

/// A projection that panics refuses the event.
fn guarded<T>(fold: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(fold)).unwrap_or_else(|_| Err("the projection failed on it: see the log".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_events::{EventId, LogClock, LogStarted, Metadata};
    use hearth_projections::Unapplicable;

    /// Counts events in two rows a stream, the second a step late; revision 2 panics, and 3 is refused by the second row.
    struct Counting;

    impl Projection for Counting {
        const NAME: &'static str = "counting";
        const VERSION: u32 = 1;
        type Row = u64;

        fn concerns(stream: &StreamName) -> bool {
            stream.as_str() != "elsewhere"
        }

        fn keys(event: &Recorded) -> Vec<String> {
            vec![format!("{}-one", event.stream), format!("{}-two", event.stream)]
        }

        fn apply(row: &mut Option<u64>, key: &str, event: &Recorded) -> Result<(), Unapplicable> {
            *row.get_or_insert_default() += 1;
            match (event.revision, key.ends_with("two")) {
                (2, _) => panic!("a test of what happens then"),
                (3, true) => Err(Unapplicable("the second row refuses it".into())),
                (_, _) => Ok(()),
            }
        }

        fn links(_: &u64) -> Vec<Link> {
            Vec::new()
        }
    }

    fn event(position: u64, stream: &str, revision: u64) -> Decoded {
        let metadata = Metadata {
            actor: String::new(),
            causation: String::new(),
            correlation: String::new(),
            rules_version: String::new(),
            schema: 1,
        };
        let recorded = Recorded {
            position: Position(position),
            stream: StreamName::named(stream),
            revision,
            id: EventId::from_bits(position.into()),
            recorded_at: jiff::Timestamp::UNIX_EPOCH,
            event: LogStarted { log_id: String::new(), clock: LogClock::System }.into(),
            metadata,
        };
        Decoded { position: Position(position), stream: StreamName::named(stream), recorded: Ok(recorded) }
    }

    #[test]
    fn a_refused_event_leaves_no_trace_in_any_row_and_holds_its_stream() {
        let events = [
            event(1, "a", 0),
            event(2, "b", 3),
            event(3, "a", 1),
            event(4, "a", 2),
            event(5, "a", 4),
            event(6, "c", 0),
        ];
        let before = |key: &str| Ok::<_, ()>(key.starts_with('c').then_some(10));
        let folded = fold::<Counting, ()>(&events, &BTreeMap::new(), before).unwrap();
        let rows: Vec<_> = folded.touched.iter().map(|(key, it)| (key.as_str(), it.row)).collect();
        assert_eq!(
            rows,
            [
                ("a-one", Some(2)),
                ("a-two", Some(2)),
                ("b-one", None),
                ("b-two", None),
                ("c-one", Some(11)),
                ("c-two", Some(11)),
            ]
        );
        let parked: Vec<_> = folded.parked.iter().map(|(stream, it)| (stream.as_str(), it.position.0)).collect();
        assert_eq!(parked, [("a", 4), ("b", 2)]);
    }

    #[test]
    fn the_stream_of_damaged_bytes_is_found_where_it_can_be() {
        let stored = |bytes: &[u8]| StoredEvent { position: Position(9), bytes: bytes.to_vec(), hash: [0; 32] };
        let decoded =
            decode_batch(&[stored(br#"{"position":9,"stream":"dwelling-1","revision"#), stored(b"\xff")], |_| true);
        assert!(decoded.iter().all(|it| it.recorded.is_err()));
        let streams: Vec<_> = decoded.iter().map(|it| it.stream.as_str()).collect();
        assert_eq!(streams, ["dwelling-1", "unreadable-9"]);
        let nobody =
            decode_batch(&[stored(br#"{"position":9,"stream":"dwelling-1","revision"#), stored(b"\xff")], |_| false);
        assert_eq!(nobody.len(), 1, "what has lost its name concerns everybody");
    }
}
