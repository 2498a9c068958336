//! A small council to look at: dwellings with an account and a notification each, in a log that may be moody.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use hearth::replay::{ReplayReport, replay, verify};
use hearth::store::memory::MemoryStore;
use hearth::store::{Appended, EventStore, Expected, StoreError};
use hearth::views::Views;
use hearth_events::{
    Band, Capacity, Channel, DwellingListed, Event, EventId, LiabilityStarted, Metadata, NewEvent, NotSealed,
    NotificationCompleted, NotificationKind, NotificationReceived, NotificationReferred, OccupantAdded, PaymentMethod,
    Period, PersonDetails, PersonId, Personal, Position, Priority, ReasonCode, Sealer, Status, StoredEvent, StreamName,
    Tenure, Uprn, draft,
};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

pub(crate) const LOG: &str = "log-1";
pub(crate) const LONG: Duration = Duration::from_secs(30);

pub(crate) struct Plain;

impl Sealer for Plain {
    fn seal(&mut self, _: PersonId, _: EventId, plain: &[u8]) -> Result<String, NotSealed> {
        Ok(String::from_utf8_lossy(plain).into_owned())
    }
}

pub(crate) fn uprn(number: u64) -> Uprn {
    format!("9990000{number:05}").parse().unwrap()
}

pub(crate) fn time(minutes: i64) -> Timestamp {
    "2016-01-04T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

pub(crate) fn new_event(event: impl Into<Event>, recorded_at: Timestamp) -> NewEvent {
    static IDS: AtomicUsize = AtomicUsize::new(1);
    let id = EventId::from_bits(u128::try_from(IDS.fetch_add(1, Ordering::Relaxed)).unwrap());
    let metadata = Metadata {
        actor: "test".into(),
        causation: "test".into(),
        correlation: "test".into(),
        rules_version: "test".into(),
        schema: 1,
    };
    draft(id, event.into(), &mut Plain).unwrap().recorded(recorded_at, &metadata).unwrap()
}

pub(crate) fn person(number: u64) -> Personal<PersonDetails> {
    let details = PersonDetails { name: format!("Person {number}"), ..PersonDetails::default() };
    Personal::open_for(PersonId::from_bits(number.into()), details)
}

pub(crate) fn listed(number: u64) -> DwellingListed {
    DwellingListed {
        uprn: uprn(number),
        property_reference: format!("PR{number}"),
        address: format!("{number} High Street, Andover"),
        postcode: "SP10 1AA".into(),
        category: "Andover".into(),
        band: Band::C,
        listed_from: date(1993, 4, 1),
        tenure: Tenure::OwnerOccupied,
        owner: None,
        furnished: false,
        hmo: false,
        imported_row: "row".into(),
    }
}

pub(crate) fn started(number: u64, nth: u64) -> LiabilityStarted {
    LiabilityStarted {
        account: format!("A{number}-{nth}").parse().unwrap(),
        liable_persons: vec![person(number)],
        period: Period::starting(date(2015, 4, 1)),
        capacity: Capacity::Resident,
        adults: Some(1),
        payment_method: PaymentMethod::Cash,
        bank_details: None,
        imported_row: None,
    }
}

pub(crate) fn joined(account: &str, adults: u16) -> OccupantAdded {
    OccupantAdded { account: account.parse().unwrap(), person: person(7), from: date(2015, 5, 1), adults }
}

pub(crate) async fn append(store: &dyn EventStore, stream: &StreamName, events: Vec<NewEvent>) -> Position {
    store.append(stream, Expected::Any, events).await.unwrap().last
}

/// One dwelling with an account, and its notification, straight through or referred.
pub(crate) async fn settle(store: &dyn EventStore, number: u64) -> Position {
    let dwelling = StreamName::dwelling(&uprn(number));
    let at = time(i64::try_from(number).unwrap());
    append(store, &dwelling, vec![new_event(listed(number), at), new_event(started(number, 1), at)]).await;
    let reference: hearth_events::NotificationRef = format!("HN-{number:05}").parse().unwrap();
    let (kind, channel) = (NotificationKind::MoveIn, Channel::Web);
    let received = NotificationReceived {
        reference: reference.clone(),
        source_reference: number.to_string(),
        sender: "file".into(),
        kind,
        channel,
        received_at: at,
        effective_on: date(2016, 1, 1),
        account: None,
        uprn: Some(uprn(number)),
        body: Personal::open_for(PersonId::from_bits(number.into()), "{}".into()),
        body_digest: String::new(),
        told_digest: reference.to_string(),
    };
    let outcome: Event = if number.is_multiple_of(3) {
        NotificationReferred {
            reference: reference.clone(),
            kind,
            channel,
            received_at: at,
            reasons: vec![ReasonCode::R05, ReasonCode::R06],
            queue: if number.is_multiple_of(2) { "moves" } else { "discounts" }.into(),
            priority: Priority::Medium,
            due_on: date(2016, 1, 18),
            minutes_estimated: 6.into(),
            accounts: Vec::new(),
            dwellings: Vec::new(),
            effective_on: date(2016, 1, 1),
            promised_by: None,
            linked: Vec::new(),
        }
        .into()
    } else {
        NotificationCompleted {
            reference: reference.clone(),
            kind,
            channel,
            received_at: at,
            status: Status::Applied,
            reasons: Vec::new(),
            accounts: vec![format!("A{number}-1").parse().unwrap()],
            accounts_opened: vec![format!("A{number}-1").parse().unwrap()],
            linked: Vec::new(),
        }
        .into()
    };
    append(store, &StreamName::notification(&reference), vec![new_event(received, at), new_event(outcome, at)]).await
}

pub(crate) async fn settled(numbers: std::ops::Range<u64>) -> MemoryStore {
    let store = MemoryStore::new();
    for number in numbers {
        settle(&store, number).await;
    }
    store
}

/// The live file of a view.
pub(crate) fn live(dir: &Path, projection: &str) -> PathBuf {
    let is_pointer = |name: &str| name.starts_with(&format!("{projection}.v")) && name.ends_with(".current");
    let names = std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let pointer = names.into_iter().find(|it| is_pointer(it)).unwrap();
    dir.join(std::fs::read_to_string(dir.join(pointer)).unwrap().trim())
}

pub(crate) async fn same_as_history(store: &dyn EventStore, views: &Views) -> ReplayReport {
    let report = replay(store, None, None).await.unwrap();
    let differences = verify(&report, views).unwrap();
    assert_eq!(differences, [], "the views are what history folds to");
    report
}

/// A store that gives few events at a time, and sometimes fails.
pub(crate) struct Moody<S> {
    store: S,
    limit: usize,
    mood: Box<dyn Fn(usize) -> ControlFlow<StoreError> + Send + Sync>,
    reads: AtomicUsize,
}

impl<S> Moody<S> {
    pub(crate) fn new(
        store: S,
        limit: usize,
        mood: impl Fn(usize) -> ControlFlow<StoreError> + Send + Sync + 'static,
    ) -> Self {
        Self { store, limit, mood: Box::new(mood), reads: AtomicUsize::new(0) }
    }
}

#[async_trait]
impl<S: EventStore> EventStore for Moody<S> {
    async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError> {
        self.store.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from_revision: u64) -> Result<Vec<StoredEvent>, StoreError> {
        self.store.read_stream(stream, from_revision).await
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        match (self.mood)(self.reads.fetch_add(1, Ordering::SeqCst)) {
            ControlFlow::Continue(()) => self.store.read_all(after, limit.min(self.limit)).await,
            ControlFlow::Break(error) => Err(error),
        }
    }

    async fn head(&self) -> Result<Position, StoreError> {
        self.store.head().await
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        self.store.wait_beyond(position).await
    }
}
