//! How many pages listen for changes at once: so many in all, and so many of one session.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Those that listen, by session.
pub(super) struct Streams {
    open: Arc<Mutex<BTreeMap<String, usize>>>,
    most: usize,
    most_each: usize,
}

/// One that listens, until it is dropped.
pub(super) struct Listening {
    open: Arc<Mutex<BTreeMap<String, usize>>>,
    session: String,
}

impl Streams {
    pub(super) fn new(most: usize, most_each: usize) -> Self {
        Self { open: Arc::default(), most, most_each }
    }

    /// One more of this session; none where there are enough.
    pub(super) fn begin(&self, session: &str) -> Option<Listening> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = open.get(session).copied().unwrap_or_default();
        if theirs >= self.most_each || open.values().sum::<usize>() >= self.most {
            return None;
        }
        open.insert(session.to_owned(), theirs + 1);
        Some(Listening { open: Arc::clone(&self.open), session: session.to_owned() })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.remove(&self.session).unwrap_or_default().saturating_sub(1);
        if left > 0 {
            open.insert(self.session.clone(), left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_so_many_and_all_together_so_many() {
        let streams = Streams::new(3, 2);
        let (one, two) = (streams.begin("a"), streams.begin("a"));
        assert!(one.is_some() && two.is_some() && streams.begin("a").is_none(), "two each");
        let other = streams.begin("b");
        assert!(other.is_some() && streams.begin("c").is_none(), "three in all");
        drop(one);
        assert!(streams.begin("a").is_some(), "what has ended is not counted");
        drop((two, other));
        assert!(streams.open.lock().unwrap().is_empty(), "nor remembered");
    }
}
