//! What the views promise: each event counts once, nothing is skipped in silence, and history folds to the same again.

mod listing;
mod world;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hearth::replay::{Differs, replay, verify};
use hearth::store::memory::MemoryStore;
use hearth::store::{EventStore, StoreError};
use hearth::views::{FollowError, ViewError, Views, WorkItemFilter, catch_up, rebuild, run_workers};
use hearth_events::{LiabilityEnded, NewEvent, Position, ReasonCode, StreamName};
use jiff::civil::date;
use rusqlite::Connection;
use tokio::sync::watch;
use world::{
    LOG, LONG, Moody, append, joined, listed, live, new_event, person, same_as_history, settle, settled, time, uprn,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_find_what_was_appended() {
    let dir = tempfile::tempdir().unwrap();
    let store = settled(0..30).await;
    let views = Views::open(dir.path(), LOG).unwrap();
    let head = catch_up(&store, &views).await.unwrap();
    assert_eq!(views.checkpoint("workload").unwrap(), head);

    let account = "A4-1".parse().unwrap();
    assert_eq!(views.uprn_of_account(&account).unwrap(), Some(uprn(4)));
    assert_eq!(views.dwelling_of_account(&account).unwrap().as_deref(), views.dwelling(&uprn(4)).unwrap().as_ref());
    assert_eq!(views.dwelling_of_account(&"A99-1".parse().unwrap()).unwrap(), None);
    assert_eq!(views.uprn_of_property_reference("PR4").unwrap(), [uprn(4)]);
    assert_eq!(views.uprns_at("4, high street ANDOVER", "sp101aa").unwrap(), [uprn(4)]);
    let first = views.dwellings_after(None, 20).unwrap();
    let rest = views.dwellings_after(first.last().map(|(uprn, _)| uprn), 20).unwrap();
    assert_eq!((first.len(), rest.len()), (20, 10));

    let filter = WorkItemFilter { limit: 50, ..WorkItemFilter::default() };
    let all = views.work_items(&filter).unwrap();
    assert_eq!(all.len(), 10);
    let moves = WorkItemFilter { queues: vec!["moves".into()], reasons: vec![ReasonCode::R05], ..filter.clone() };
    assert_eq!(views.work_items(&moves).unwrap().len(), 5);
    let later = WorkItemFilter { after: Some(all[8].place()), ..filter.clone() };
    assert_eq!(views.work_items(&later).unwrap(), all[9..]);
    let applied = WorkItemFilter { status: Some("applied".into()), ..filter };
    assert_eq!(views.work_items(&applied).unwrap(), []);

    let report = views.workload(time(14)).unwrap();
    assert_eq!((report.received, report.completed), (15, 10));
    assert_eq!(
        report.queues.iter().map(|it| (it.queue.as_str(), it.open, it.overdue)).collect::<Vec<_>>(),
        [("discounts", 2, 0), ("moves", 3, 0)]
    );
    let later = views.workload("2016-01-19T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(later.queues[0].overdue, 5);
    assert_eq!(later.queues[0].average_age_days.to_string(), "14.6");

    let period = views.savings(Some(date(2016, 1, 4)), Some(date(2016, 1, 5))).unwrap();
    assert_eq!(period.notifications.len(), 30);
    assert!(views.savings(Some(date(2016, 1, 5)), None).unwrap().notifications.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_directory_apply_each_event_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = MemoryStore::new();
    let open = || Views::open(dir.path(), LOG).unwrap();
    let (one, other) = (open(), open());
    let (stop, stopped) = watch::channel(false);
    let few = |limit| Arc::new(Moody::new(store.clone(), limit, |_| ControlFlow::Continue(())));
    let workers = [
        tokio::spawn(run_workers(few(3), one.clone(), stopped.clone())),
        tokio::spawn(run_workers(few(5), other, stopped)),
    ];
    let mut head = Position::START;
    for number in 0..200 {
        head = settle(&store, number).await;
    }
    for projection in Views::projections() {
        assert!(one.wait_for(projection, head, LONG).await.unwrap(), "{projection}");
    }
    stop.send(true).unwrap();
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
    let report = same_as_history(&store, &one).await;
    assert_eq!((report.accounts, report.events), (200, 800));
    assert_eq!(report.notifications["referred"], 67);
    assert!(one.parked().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_fails_or_panics_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let store = settled(0..50).await;
    let head = store.head().await.unwrap();
    let views = Views::open(dir.path(), LOG).unwrap();
    let moody = Moody::new(store.clone(), 7, |read| match read {
        4 => panic!("a test of what happens then"),
        9 | 10 => ControlFlow::Break(StoreError::Unavailable("a hiccup".into())),
        _ => ControlFlow::Continue(()),
    });
    let (stop, stopped) = watch::channel(false);
    let workers = tokio::spawn(run_workers(Arc::new(moody), views.clone(), stopped));
    for projection in Views::projections() {
        assert!(views.wait_for(projection, head, LONG).await.unwrap(), "{projection}");
    }
    drop(stop);
    workers.await.unwrap().unwrap();
    same_as_history(&store, &views).await;
}

#[tokio::test]
async fn what_was_not_committed_is_applied_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = settled(0..20).await;
    let views = Views::open(dir.path(), LOG).unwrap();
    let broken = Moody::new(store.clone(), 10, |read| match read {
        3 => ControlFlow::Break(StoreError::Unavailable("the process is killed here".into())),
        _ => ControlFlow::Continue(()),
    });
    assert!(matches!(catch_up(&broken, &views).await, Err(FollowError::Store(_))));
    drop(views);
    let conn = Connection::open(live(dir.path(), "accounts")).unwrap();
    conn.execute_batch("BEGIN IMMEDIATE; DELETE FROM rows; UPDATE meta SET checkpoint = 77").unwrap();
    drop(conn);
    let views = Views::open(dir.path(), LOG).unwrap();
    assert_eq!(views.checkpoint("accounts").unwrap(), Position(30));
    catch_up(&store, &views).await.unwrap();
    same_as_history(&store, &views).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_never_see_an_empty_or_partial_view_while_it_is_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let store = settled(0..300).await;
    let views = Views::open(dir.path(), LOG).unwrap();
    catch_up(&store, &views).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let workers = tokio::spawn(run_workers(Arc::new(store.clone()), views.clone(), stopped));
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..3_u64)
        .map(|reader| {
            // The second and third readers are other processes.
            let views = if reader == 0 { views.clone() } else { Views::open(dir.path(), LOG).unwrap() };
            let done = Arc::clone(&done);
            std::thread::spawn(move || {
                let (mut reads, mut reached) = (0_u64, Position::START);
                while !done.load(Ordering::SeqCst) || reads == 0 {
                    let number = (reads * 7 + reader) % 300;
                    let account = format!("A{number}-1").parse().unwrap();
                    assert!(views.dwelling_of_account(&account).unwrap().is_some(), "account {account}");
                    assert!(views.dwellings_after(None, 1_000).unwrap().len() >= 300);
                    let now = views.checkpoint("accounts").unwrap();
                    assert!(now >= reached, "from {reached} back to {now}");
                    reached = now;
                    reads += 1;
                }
            })
        })
        .collect();
    let mut head = Position::START;
    for round in 0..4 {
        let appended = settle(&store, 300 + round).await;
        let rebuilt = rebuild(&store, &views, None).await.unwrap();
        assert!(rebuilt.iter().all(|it| it.position >= appended && it.corrected.is_empty()), "{rebuilt:?}");
        head = appended;
    }
    done.store(true, Ordering::SeqCst);
    for reader in readers {
        reader.join().unwrap();
    }
    head = head.max(settle(&store, 310).await);
    for projection in Views::projections() {
        assert!(views.wait_for(projection, head, LONG).await.unwrap(), "{projection} goes on after the swap");
    }
    stop.send(true).unwrap();
    workers.await.unwrap().unwrap();
    same_as_history(&store, &views).await;
    let files = std::fs::read_dir(dir.path()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let old: Vec<_> = files.filter(|it| it.starts_with("accounts") && it.ends_with(".sqlite")).collect();
    assert_eq!(old.len(), 1, "old generations are deleted: {old:?}");
}

#[tokio::test]
async fn a_foreign_a_damaged_and_an_advanced_view_are_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let store = settled(0..20).await;
    let open = || Views::open(dir.path(), LOG).unwrap();
    catch_up(&store, &open()).await.unwrap();
    let change = |projection, sql: &str| {
        Connection::open(live(dir.path(), projection)).unwrap().execute_batch(sql).unwrap();
    };

    let before = live(dir.path(), "accounts");
    let foreign = Views::open(dir.path(), "log-2").unwrap();
    assert_eq!(foreign.checkpoint("accounts").unwrap(), Position::START);
    assert!(before.with_extension("sqlite.set-aside").exists());
    drop(foreign);

    catch_up(&store, &open()).await.unwrap();
    change("accounts", "UPDATE meta SET checkpoint = checkpoint + 1000");
    change("workload", "UPDATE meta SET hash = x'00'");
    let views = open();
    catch_up(&store, &views).await.unwrap();
    same_as_history(&store, &views).await;

    drop(views);
    std::fs::write(
        live(dir.path(), "savings"),
        "this is no database, and it is longer than a header of one hundred bytes, so that it is looked at in full",
    )
    .unwrap();
    std::fs::remove_file(live(dir.path(), "accounts")).unwrap();
    let views = open();
    catch_up(&store, &views).await.unwrap();
    same_as_history(&store, &views).await;

    change("accounts", "UPDATE rows SET body = 'not a row' WHERE key = '999000000007'");
    assert!(matches!(views.dwelling(&uprn(7)), Err(ViewError::SetAside { .. })), "said, not skipped");
    assert!(matches!(views.dwelling(&uprn(8)), Err(ViewError::SetAside { .. })), "no answer rather than half of one");
    assert_eq!(views.checkpoint("accounts").unwrap(), Position::START);
    catch_up(&store, &views).await.unwrap();
    same_as_history(&store, &views).await;
}

#[tokio::test]
async fn a_bad_event_parks_its_own_stream_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let store = settled(0..10).await;
    let (unknown, unfit, sound) = (uprn(2), uprn(5), uprn(7));
    let newer = NewEvent { type_name: "FromTheFuture", ..new_event(listed(2), time(20)) };
    append(&store, &StreamName::dwelling(&unknown), vec![newer, new_event(joined("A2-1", 2), time(20))]).await;
    let half = LiabilityEnded { account: "A5-1".parse().unwrap(), to: date(2016, 1, 1), left_to: vec![person(999)] };
    let bad = append(
        &store,
        &StreamName::dwelling(&unfit),
        vec![new_event(joined("A5-1", 3), time(21)), new_event(half, time(21))],
    )
    .await;
    append(&store, &StreamName::dwelling(&unfit), vec![new_event(joined("A5-1", 4), time(22))]).await;
    append(&store, &StreamName::dwelling(&sound), vec![new_event(joined("A7-1", 5), time(23))]).await;

    let views = Views::open(dir.path(), LOG).unwrap();
    catch_up(&Moody::new(store.clone(), 4, |_| ControlFlow::Continue(())), &views).await.unwrap();
    let adults =
        |uprn: &hearth_events::Uprn| views.dwelling(uprn).unwrap().unwrap().accounts[0].adults_on(date(2016, 2, 1));
    assert_eq!(adults(&unknown), Some(1), "held from the unreadable event on");
    assert_eq!(adults(&unfit), Some(3), "what came before is applied, what comes after is held");
    let kept = views.dwelling(&unfit).unwrap().unwrap();
    assert_eq!(kept.accounts[0].period.to, None, "half of a refused event leaves no trace");
    assert_eq!(adults(&sound), Some(5), "everything else flows");

    let parked = views.parked().unwrap();
    let names: Vec<_> = parked.iter().map(|it| (it.projection.as_str(), it.stream.as_dwelling().unwrap())).collect();
    // Who sees only some events of a dwelling is held by one that cannot be read, not by one that does not fit.
    let expected = [("accounts", unknown.clone()), ("accounts", unfit), ("recovery", unknown)];
    assert_eq!(names, expected);
    assert_eq!(parked[1].position, bad);
    assert!(parked[0].reason.contains("FromTheFuture"), "{}", parked[0].reason);

    same_as_history(&store, &views).await;
    rebuild(&store, &views, Some("accounts")).await.unwrap();
    assert_eq!(views.parked().unwrap(), parked, "live and rebuild behave the same");
    same_as_history(&store, &views).await;
}

#[tokio::test]
async fn a_replay_names_a_row_that_was_tampered_with_and_a_rebuild_corrects_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = settled(0..20).await;
    let views = Views::open(dir.path(), LOG).unwrap();
    catch_up(&store, &views).await.unwrap();
    let report = same_as_history(&store, &views).await;
    let conn = Connection::open(live(dir.path(), "accounts")).unwrap();
    conn.execute_batch(
        "UPDATE rows SET body = replace(body, '\"band\":\"C\"', '\"band\":\"A\"'), key = key WHERE key = '999000000003';
         UPDATE rows SET body = replace(body, 'Andover', 'Nowhere') WHERE key = '999000000004';
         DELETE FROM rows WHERE key = '999000000005'; DELETE FROM links WHERE key = '999000000005';
         UPDATE links SET value = 'A1-9' WHERE value = 'A6-1';
         INSERT INTO rows SELECT '999000099999', body FROM rows WHERE key = '999000000001';",
    )
    .unwrap();
    drop(conn);
    let found: Vec<_> =
        verify(&report, &views).unwrap().into_iter().map(|it| (it.projection, it.key, it.difference)).collect();
    let named = |key: &str, differs| ("accounts".to_owned(), Some(key.to_owned()), differs);
    assert_eq!(
        found,
        [
            named("999000000004", Differs::Row),
            named("999000000005", Differs::Missing),
            named("999000000006", Differs::Row),
            named("999000099999", Differs::Extra),
        ]
    );
    let rebuilt = rebuild(&store, &views, Some("accounts")).await.unwrap();
    assert_eq!(rebuilt[0].corrected, ["999000000004", "999000000005", "999000000006", "999000099999"]);
    same_as_history(&store, &views).await;
    assert!(rebuild(&store, &views, Some("no-such")).await.is_err());
}

#[tokio::test]
async fn history_is_the_same_in_batches_of_any_size_and_as_it_was_known_then() {
    let store = settled(0..40).await;
    let whole = replay(&store, None, None).await.unwrap();
    for limit in [1, 2, 3, 7, 64] {
        let moody = Moody::new(store.clone(), limit, |_| ControlFlow::Continue(()));
        assert_eq!(replay(&moody, None, None).await.unwrap(), whole, "in batches of {limit}");
    }
    let then = replay(&store, None, Some(time(9))).await.unwrap();
    assert_eq!((then.accounts, then.events), (10, 40), "what was recorded at that instant counts");
    let until = replay(&store, Some(then.position), None).await.unwrap();
    assert_eq!(until.projections, then.projections);
    let before = replay(&store, None, Some(time(-1))).await.unwrap();
    assert_eq!((before.events, before.position), (0, Position::START));
}

#[tokio::test]
async fn who_waits_for_a_position_that_does_not_come_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let views = Views::open(dir.path(), LOG).unwrap();
    assert!(!views.wait_for("accounts", Position(1), Duration::from_millis(5)).await.unwrap());
    assert!(views.wait_for("accounts", Position::START, Duration::ZERO).await.unwrap());
    assert!(matches!(views.checkpoint("no-such"), Err(ViewError::Unknown { .. })));
}
