//! A service that stops between an officer's decision and what follows from it, and what somebody else did in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use hearth::data_dir::DataDir;
use hearth::processor::{act, resume, shown};
use hearth::service::Service;
use hearth::service::work::{Action, ActionRefused, ItemShown};
use hearth::store::{Appended, EventStore, Expected, StoreError};
use hearth::views::run_workers;
use hearth_events::{NewEvent, NotificationRef, Position, ReasonCode, Status, StoredEvent, StreamName};
use hearth_projections::WorkStatus;
use tokio::sync::watch;

use super::super::council::Council;
use super::super::log;
use super::super::pack::Sort;
use super::super::say::{after, discount_ends};
use super::{ON, with_an_overlap};

/// A log that takes only so many appends more.
struct Failing {
    log: Arc<dyn EventStore>,
    left: AtomicUsize,
}

#[async_trait]
impl EventStore for Failing {
    async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError> {
        let take = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_err() {
            return Err(StoreError::Unavailable("the disk is gone".to_owned()));
        }
        self.log.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: u64) -> Result<Vec<StoredEvent>, StoreError> {
        self.log.read_stream(stream, from).await
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.log.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Position, StoreError> {
        self.log.head().await
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        self.log.wait_beyond(position).await
    }
}

/// The service of a council in this process, over a log that can fail.
pub(in crate::e2e) struct Office {
    log: Arc<Failing>,
    pub(in crate::e2e) service: Service,
    _stop: watch::Sender<bool>,
}

impl Office {
    pub(in crate::e2e) async fn of(council: &Council) -> Self {
        let data = DataDir::new(&council.hearth.data(), None);
        let log = Arc::new(Failing { log: Service::log(&data).unwrap(), left: AtomicUsize::new(usize::MAX) });
        let service = Service::over(Arc::clone(&log) as Arc<dyn EventStore>, &data, None).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(run_workers(Arc::clone(&log) as Arc<dyn EventStore>, service.views.clone(), stopped));
        service.catch_up().await.unwrap();
        Self { log, service, _stop: stop }
    }

    pub(in crate::e2e) async fn act(
        &self,
        id: &NotificationRef,
        action: Action,
        officer: &str,
    ) -> Result<ItemShown, ActionRefused> {
        act(&self.service, id, &action, officer).await
    }

    pub(in crate::e2e) fn takes(&self, appends: usize) {
        self.log.left.store(appends, Ordering::SeqCst);
    }
}

pub(in crate::e2e) fn reference(council: &Council, source: &str) -> NotificationRef {
    log::references(&council.hearth.events())[source].parse().unwrap()
}

fn accept() -> Action {
    Action::Accept { explanation: None }
}

#[tokio::test]
async fn what_was_decided_is_carried_out_once_wherever_it_stopped() {
    // The append of the ruling itself, then of the decision with its plan, of the effects, of the outcome.
    for left in 0..4 {
        let council = with_an_overlap(90 + left as u64);
        let at = council.pack.nth(Sort::Couple, 0);
        let id = reference(&council, "overlap");
        let office = Office::of(&council).await;
        office.act(&id, Action::Claim { supervisor: false }, "north").await.unwrap();
        office.takes(left);
        let decided = office.act(&id, accept(), "north").await;
        office.takes(usize::MAX);
        if left == 0 {
            assert!(decided.is_err(), "nothing was recorded, and nobody was told that it was");
            assert_eq!(shown(&office.service, &id).await.unwrap().work.status, WorkStatus::Claimed);
            office.act(&id, accept(), "north").await.unwrap();
        } else {
            let decided = decided.unwrap();
            assert_eq!((decided.work.status, decided.status), (WorkStatus::Done, Status::Referred), "after {left}");
        }
        drop(office);
        // Another service comes and takes it up, twice.
        let office = Office::of(&council).await;
        for _ in 0..2 {
            resume(&office.service, || false).await.unwrap();
            office.service.catch_up().await.unwrap();
        }
        assert_eq!(shown(&office.service, &id).await.unwrap().status, Status::Applied, "after {left}");
        drop(office);
        let events = council.hearth.events();
        let count = |kind: &str| events.iter().filter(|it| it["type"] == kind).count();
        assert_eq!((count("WorkItemDecided"), count("NotificationCompleted")), (1, 1), "after {left}");
        let opened =
            |it: &&serde_json::Value| it["type"] == "LiabilityStarted" && it["data"]["account"] == at.opened(2);
        assert_eq!(events.iter().filter(opened).count(), 1, "after {left}");
        council.hearth.verified();
    }
}

#[tokio::test]
async fn what_no_longer_fits_when_it_is_carried_out_goes_back_to_an_officer() {
    let council = Council::new(95, 60);
    let at = council.pack.nth(Sort::Alone, 0);
    // Two tell that a discount ends: when the earlier day is carried out first, the other has none to end any more.
    let mut one = discount_ends(at, "one", after(-3), "Mr Olu Quirk");
    one["free_text"] = "Please read this.".into();
    let mut other = discount_ends(at, "other", ON, "Ms Siân Ünal");
    other["free_text"] = "And this.".into();
    assert_eq!(council.submit(&[one, other])["referred"], 2);
    let (one, other) = (reference(&council, "one"), reference(&council, "other"));
    let office = Office::of(&council).await;
    for id in [&one, &other] {
        office.act(id, Action::Claim { supervisor: false }, "north").await.unwrap();
    }
    // The ruling and the decision with its plan on the first, and no more; then the whole of the second.
    office.takes(2);
    office.act(&one, accept(), "north").await.unwrap();
    office.takes(usize::MAX);
    assert_eq!(office.act(&other, accept(), "north").await.unwrap().status, Status::Applied);
    resume(&office.service, || false).await.unwrap();
    let item = shown(&office.service, &one).await.unwrap();
    assert_eq!((item.status, item.work.status), (Status::Referred, WorkStatus::Open), "{:?}", item.history);
    assert!(item.proposal.unwrap_err().contains("no single person discount is in force"));
    office.act(&one, Action::Claim { supervisor: false }, "south").await.unwrap();
    let reject = Action::Reject { reason: ReasonCode::R23, explanation: None };
    assert_eq!(office.act(&one, reject, "south").await.unwrap().status, Status::Rejected);
    drop(office);
    council.hearth.verified();
}
