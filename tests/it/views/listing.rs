//! A list of some thousand items, page by page, against the same items filtered and sorted one by one.

use std::cmp::Ordering;

use hearth::store::memory::MemoryStore;
use hearth::views::{Assigned, Sort, Views, WorkItem, WorkItemFilter, british_day, catch_up, rebuild};
use hearth_events::{
    Channel, EvidenceRequested, NotificationCompleted, NotificationKind, NotificationReceived, NotificationRef,
    NotificationReferred, PersonId, Personal, Priority, ReasonCode, Status, StreamName, WorkItemClaimed,
    WorkItemDeferred, WorkItemEscalated,
};
use hearth_projections::{Flag, WorkStatus};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::world::{LOG, append, new_event, same_as_history, time, uprn};

const ITEMS: u64 = 2_500;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())].clone()
    }
}

fn reference(number: u64) -> NotificationRef {
    format!("HN-{number:05}").parse().unwrap()
}

/// An item that was referred, and to which something may have happened since.
async fn waiting(store: &MemoryStore, number: u64, dice: &mut Dice) {
    let reference = reference(number);
    let minutes = i64::try_from(dice.roll(60 * 24 * 30)).unwrap();
    // Many come at the same time, so that the reference has to decide between them.
    let received_at = time(minutes / 240 * 240);
    let kind = dice.of(&[NotificationKind::MoveIn, NotificationKind::Death, NotificationKind::Dispute]);
    let channel = dice.of(&[Channel::Web, Channel::Telephone, Channel::Api]);
    let received = NotificationReceived {
        reference: reference.clone(),
        source_reference: number.to_string(),
        sender: "file".into(),
        kind,
        channel,
        received_at,
        effective_on: date(2016, 1, 1),
        account: None,
        uprn: Some(uprn(number)),
        body: Personal::open_for(PersonId::from_bits(number.into()), "{}".into()),
        body_digest: String::new(),
        told_digest: reference.to_string(),
    };
    let referred = NotificationReferred {
        reference: reference.clone(),
        kind,
        channel,
        received_at,
        reasons: vec![dice.of(&ReasonCode::ALL), dice.of(&ReasonCode::ALL)],
        queue: dice.of(&["moves", "discounts", "payments"]).into(),
        priority: dice.of(&[Priority::High, Priority::Medium, Priority::Low]),
        due_on: british_day(received_at).saturating_add(i64::try_from(dice.roll(20)).unwrap().days()),
        minutes_estimated: 6.into(),
        accounts: Vec::new(),
        dwellings: vec![uprn(number)],
        effective_on: date(2016, 1, 1),
        promised_by: None,
        linked: if dice.roll(10) == 0 { vec!["HN-99999".parse().unwrap()] } else { Vec::new() },
    };
    let at = received_at + SignedDuration::from_mins(1);
    let mut events = vec![new_event(received, received_at), new_event(referred, at)];
    let officer = dice.of(&["north", "south", "east"]).to_owned();
    let until = at + SignedDuration::from_hours(dice.of(&[1, 24, 600]));
    let claimed = WorkItemClaimed { reference: reference.clone(), officer: officer.clone(), until: Some(until) };
    let day = british_day(at).saturating_add(i64::try_from(1 + dice.roll(20)).unwrap().days());
    let asked = Personal::open_for(PersonId::from_bits(1), String::new());
    let then = match dice.roll(8) {
        0 | 1 => Some(new_event(claimed, at)),
        2 => Some(new_event(WorkItemDeferred { reference, officer, until: day, note: None }, at)),
        3 => Some(new_event(EvidenceRequested { reference, officer, respond_by: day, asked }, at)),
        4 => Some(new_event(WorkItemEscalated { reference, officer, note: None }, at)),
        5 => Some(new_event(done(reference, kind, channel, received_at), until)),
        _ => None,
    };
    events.extend(then);
    append(store, &StreamName::notification(&self::reference(number)), events).await;
}

fn done(
    reference: NotificationRef,
    kind: NotificationKind,
    channel: Channel,
    received_at: Timestamp,
) -> NotificationCompleted {
    NotificationCompleted {
        reference,
        kind,
        channel,
        received_at,
        status: Status::Applied,
        reasons: Vec::new(),
        accounts: Vec::new(),
        accounts_opened: Vec::new(),
        linked: Vec::new(),
    }
}

/// What a filter asks for, of one item.
fn fits(filter: &WorkItemFilter, it: &WorkItem) -> bool {
    let status = it.work.status_at(filter.at, british_day(filter.at));
    let is_done = it.work.status == WorkStatus::Done;
    let has = |all: bool, one: bool| all || one;
    let holder = it.work.holder_at(filter.at);
    let wanted = filter.status.as_deref();
    let is_item_status = WorkStatus::ALL.iter().any(|one| Some(one.as_str()) == wanted);
    has(filter.queues.is_empty(), filter.queues.contains(&it.queue))
        && wanted.is_none_or(|one| if is_item_status { status.as_str() == one } else { it.status.as_str() == one })
        && filter.done.is_none_or(|done| done == is_done)
        && has(filter.reasons.is_empty(), filter.reasons.iter().any(|one| it.reasons.contains(one)))
        && has(filter.priorities.is_empty(), filter.priorities.contains(&it.priority))
        && has(filter.kinds.is_empty(), filter.kinds.contains(&it.kind))
        && has(filter.channels.is_empty(), filter.channels.contains(&it.channel))
        && filter.assigned.as_ref().is_none_or(|one| match one {
            Assigned::To(officer) => holder == Some(officer.as_str()),
            Assigned::ToNobody => holder.is_none(),
        })
        && has(!filter.overdue, !is_done && it.due_on < british_day(filter.at))
        && filter.escalated.is_none_or(|one| one == it.work.escalated)
        && filter.flags.iter().all(|one| it.flags.contains(one))
        && filter.received_before.is_none_or(|before| it.received_at < before)
        && filter.only.as_ref().is_none_or(|only| only.contains(&it.reference))
}

fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::High => 0,
        Priority::Medium => 1,
        Priority::Low => 2,
    }
}

fn order(filter: &WorkItemFilter, one: &WorkItem, other: &WorkItem) -> Ordering {
    let by_reference = one.reference.cmp(&other.reference);
    let by_received = one.received_at.cmp(&other.received_at).then(by_reference);
    let by_due = one.due_on.cmp(&other.due_on).then(by_received);
    let order = match filter.sort {
        Sort::Reference => by_reference,
        Sort::Due => by_due,
        Sort::Received => by_received,
        Sort::Priority => rank(one.priority).cmp(&rank(other.priority)).then(by_due),
    };
    if filter.descending { order.reverse() } else { order }
}

fn random(dice: &mut Dice, at: Timestamp) -> WorkItemFilter {
    let mut filter = WorkItemFilter { at, sort: dice.of(&Sort::ALL), limit: 37, ..WorkItemFilter::default() };
    filter.descending = dice.roll(2) == 0;
    for _ in 0..dice.roll(4) {
        match dice.roll(13) {
            0 => filter.queues = vec!["moves".into()],
            1 => filter.queues = vec!["moves".into(), "payments".into()],
            2 => {
                let known = WorkStatus::ALL.map(WorkStatus::as_str);
                filter.status =
                    Some(if dice.roll(5) == 0 { dice.of(&["referred", "applied"]) } else { dice.of(&known) }.into());
            }
            3 => filter.done = Some(dice.roll(2) == 0),
            4 => filter.reasons = vec![dice.of(&ReasonCode::ALL), dice.of(&ReasonCode::ALL)],
            5 => filter.priorities = vec![Priority::High, Priority::Low],
            6 => filter.kinds = vec![NotificationKind::Death],
            7 => filter.channels = vec![Channel::Web, Channel::Api],
            8 => filter.assigned = Some(Assigned::To("south".into())),
            9 => filter.assigned = Some(Assigned::ToNobody),
            10 => filter.overdue = true,
            11 => filter.flags = vec![dice.of(&Flag::LISTED)],
            _ => filter.escalated = Some(dice.roll(2) == 0),
        }
    }
    if dice.roll(6) == 0 {
        filter.received_before = Some(time(i64::try_from(dice.roll(60 * 24 * 30)).unwrap()));
    }
    if dice.roll(6) == 0 {
        let many = dice.of(&[20, 900, 4_000]);
        filter.only = Some((0..many).map(|_| reference(u64::try_from(dice.roll(3_000)).unwrap())).collect());
    }
    filter
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_what_filtering_and_sorting_all_gives() {
    let store = MemoryStore::new();
    let mut dice = Dice(7);
    for number in 0..ITEMS {
        waiting(&store, number, &mut dice).await;
    }
    let dir = tempfile::tempdir().unwrap();
    let views = Views::open(dir.path(), LOG).unwrap();
    catch_up(&store, &views).await.unwrap();
    let all = views.work_items(&WorkItemFilter { limit: 10_000, ..WorkItemFilter::default() }).unwrap();
    assert_eq!(all.len(), usize::try_from(ITEMS).unwrap());
    let mut found = 0;
    for round in 0..150 {
        let at = time(i64::try_from(dice.roll(60 * 24 * 40)).unwrap());
        let mut filter = random(&mut dice, at);
        let mut expected: Vec<_> = all.iter().filter(|it| fits(&filter, it)).collect();
        expected.sort_by(|one, other| order(&filter, one, other));
        let told = format!("round {round}: {:?}", WorkItemFilter { only: None, ..filter.clone() });
        assert_eq!(views.count_work_items(&filter).unwrap(), u64::try_from(expected.len()).unwrap(), "{told}");
        let mut paged = Vec::new();
        loop {
            let page = views.work_items(&filter).unwrap();
            filter.after = page.last().map(|it| it.place().to_string().parse().unwrap());
            let is_last = page.len() < filter.limit;
            paged.extend(page);
            if is_last {
                break;
            }
        }
        assert_eq!(paged.iter().collect::<Vec<_>>(), expected, "{told}");
        found += paged.len();
    }
    assert!(found > 10_000, "the filters leave something: {found}");

    same_as_history(&store, &views).await;
    let rebuilt = rebuild(&store, &views, Some("workload")).await.unwrap();
    assert_eq!(rebuilt[0].corrected, [""; 0]);
}

#[tokio::test]
async fn a_list_that_was_tampered_with_is_noticed() {
    let store = MemoryStore::new();
    let mut dice = Dice(11);
    for number in 0..20 {
        waiting(&store, number, &mut dice).await;
    }
    let dir = tempfile::tempdir().unwrap();
    let views = Views::open(dir.path(), LOG).unwrap();
    catch_up(&store, &views).await.unwrap();
    let file = super::world::live(dir.path(), "workload");
    rusqlite::Connection::open(file)
        .unwrap()
        .execute("UPDATE listed SET queue = 'x' WHERE key = 'HN-00007'", [])
        .unwrap();
    let rebuilt = rebuild(&store, &views, Some("workload")).await.unwrap();
    assert_eq!(rebuilt[0].corrected, ["HN-00007"]);
    same_as_history(&store, &views).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_shows_the_queue_is_woken_by_what_happens_to_it_and_nothing_else() {
    use std::sync::Arc;
    use std::time::Duration;

    let store = Arc::new(MemoryStore::new());
    let dir = tempfile::tempdir().unwrap();
    let views = Views::open(dir.path(), LOG).unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let workers = tokio::spawn(hearth::views::run_workers(Arc::clone(&store) as Arc<_>, views.clone(), stopped));
    let mut changes = views.queue_changes().unwrap();
    let listed = new_event(super::world::listed(1), time(0));
    let elsewhere = append(store.as_ref(), &StreamName::dwelling(&uprn(1)), vec![listed]).await;
    assert!(views.wait_for("workload", elsewhere, super::world::LONG).await.unwrap());
    assert!(!changes.has_changed().unwrap(), "a dwelling is not of the queue");
    waiting(store.as_ref(), 1, &mut Dice(3)).await;
    tokio::time::timeout(Duration::from_secs(30), changes.changed()).await.unwrap().unwrap();
    assert!(*changes.borrow_and_update() > elsewhere);
    stop.send(true).unwrap();
    workers.await.unwrap().unwrap();
}
