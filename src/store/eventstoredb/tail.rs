//! The last events of the log, kept as they were read: what has just been appended is wanted by everybody at once.

use std::collections::VecDeque;

use hearth_events::{Position, StoredEvent};

/// How many events are kept, and how many bytes of them.
const MOST: (usize, usize) = (8_192, 16 << 20);

/// The last events, without gaps.
#[derive(Default)]
pub(super) struct Tail {
    held: VecDeque<Held>,
    bytes: usize,
}

struct Held {
    stored: StoredEvent,
    stream: String,
    revision: u64,
}

impl Tail {
    /// Takes the next event; one that does not follow the last begins the tail anew.
    pub(super) fn push(&mut self, stored: StoredEvent, stream: String, revision: u64) {
        let follows = |it: &Held| it.stored.position.0.checked_add(1) == Some(stored.position.0);
        if !self.held.back().is_none_or(follows) {
            *self = Self::default();
        }
        self.bytes += stored.bytes.len();
        self.held.push_back(Held { stored, stream, revision });
        while self.held.len() > MOST.0 || self.bytes > MOST.1 {
            let Some(first) = self.held.pop_front() else { break };
            self.bytes -= first.stored.bytes.len();
        }
    }

    /// At most `limit` events after a position; none where the tail begins later.
    pub(super) fn after(&self, position: Position, limit: usize) -> Option<Vec<StoredEvent>> {
        let first = self.held.front()?.stored.position;
        let skipped = usize::try_from(position.0.checked_add(1)?.checked_sub(first.0)?).ok()?;
        Some(self.held.iter().skip(skipped).take(limit).map(|it| it.stored.clone()).collect())
    }

    /// The events at `count` revisions of a stream, in order, from the newest they can be; none unless all are here.
    pub(super) fn of_stream(&self, stream: &str, first: u64, count: usize) -> Option<Vec<StoredEvent>> {
        let wanted = |it: &&Held| it.stream == stream && it.revision >= first;
        let newest_first = self.held.iter().rev().filter(wanted);
        let mut found: Vec<_> = newest_first
            .skip_while(|it| usize::try_from(it.revision - first).is_ok_and(|it| it >= count))
            .take(count)
            .map(|it| it.stored.clone())
            .collect();
        found.reverse();
        (found.len() == count).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(positions: std::ops::RangeInclusive<u64>) -> Tail {
        let mut tail = Tail::default();
        for position in positions {
            let bytes = vec![0; 100];
            let stored = StoredEvent { position: Position(position), bytes, hash: [0; 32] };
            tail.push(stored, format!("s{}", position % 2), position / 2);
        }
        tail
    }

    fn positions(found: Option<Vec<StoredEvent>>) -> Option<Vec<u64>> {
        found.map(|it| it.iter().map(|it| it.position.0).collect())
    }

    #[test]
    fn it_answers_from_where_it_begins() {
        let tail = tail(5..=9);
        assert_eq!(positions(tail.after(Position(4), 2)), Some(vec![5, 6]));
        assert_eq!(positions(tail.after(Position(8), 2)), Some(vec![9]));
        assert_eq!(positions(tail.after(Position(9), 2)), Some(vec![]));
        assert_eq!(positions(tail.after(Position(3), 2)), None);
        assert_eq!(positions(Tail::default().after(Position(0), 2)), None);
    }

    #[test]
    fn it_finds_the_events_of_a_stream() {
        let tail = tail(1..=20);
        assert_eq!(positions(tail.of_stream("s0", 3, 2)), Some(vec![6, 8]));
        assert_eq!(positions(tail.of_stream("s1", 9, 1)), Some(vec![19]));
        assert_eq!(positions(tail.of_stream("s1", 9, 2)), None);
        assert_eq!(positions(tail.of_stream("s2", 0, 1)), None);
    }

    #[test]
    fn it_forgets_the_oldest_and_never_has_a_gap() {
        let long = tail(1..=9_000);
        assert_eq!(positions(long.after(Position(500), 1)), None);
        assert_eq!(positions(long.after(Position(8_998), 5)), Some(vec![8_999, 9_000]));
        let mut broken = tail(1..=3);
        broken.push(StoredEvent { position: Position(7), bytes: Vec::new(), hash: [0; 32] }, "s".to_owned(), 0);
        assert_eq!(positions(broken.after(Position(1), 5)), None);
        assert_eq!(positions(broken.after(Position(6), 5)), Some(vec![7]));
    }
}
