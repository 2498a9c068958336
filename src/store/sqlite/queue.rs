//! What waits for the writer.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};

use hearth_events::{NewEvent, StreamName};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::lock;
use crate::store::{Appended, Expected, StoreError};

/// How many appends may wait; one more waits outside until there is room.
const LONGEST: usize = 1_024;

/// One append, and who waits for it.
pub(super) struct Job {
    pub(super) stream: StreamName,
    pub(super) expected: Expected,
    pub(super) events: Vec<NewEvent>,
    pub(super) answer: oneshot::Sender<Result<Appended, StoreError>>,
    _place: OwnedSemaphorePermit,
}

/// The appends that wait, oldest first.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    places: Arc<Semaphore>,
}

struct Waiting {
    jobs: VecDeque<Job>,
    is_open: bool,
}

impl Queue {
    pub(super) fn new() -> Self {
        Self {
            waiting: Mutex::new(Waiting { jobs: VecDeque::new(), is_open: true }),
            filled: Condvar::new(),
            places: Arc::new(Semaphore::new(LONGEST)),
        }
    }

    /// Puts an append at the end and waits for its answer.
    pub(super) async fn run(
        &self,
        stream: StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError> {
        let closed = || StoreError::Unavailable("the event store is closed".to_owned());
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| closed())?;
        let (answer, answered) = oneshot::channel();
        {
            let mut waiting = lock(&self.waiting);
            if !waiting.is_open {
                return Err(closed());
            }
            waiting.jobs.push_back(Job { stream, expected, events, answer, _place: place });
        }
        self.filled.notify_one();
        answered.await.unwrap_or_else(|_| Err(StoreError::Ambiguous("the writer ended".to_owned())))
    }

    /// Everything that waits, once something does; none once the queue is closed and empty.
    pub(super) fn take(&self) -> Option<VecDeque<Job>> {
        let mut waiting = lock(&self.waiting);
        while waiting.jobs.is_empty() && waiting.is_open {
            waiting = self.filled.wait(waiting).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let jobs = std::mem::take(&mut waiting.jobs);
        (!jobs.is_empty()).then_some(jobs)
    }

    /// Lets nobody in any more; what waits is still written.
    pub(super) fn close(&self) {
        lock(&self.waiting).is_open = false;
        self.places.close();
        self.filled.notify_one();
    }
}
