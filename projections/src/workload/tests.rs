use hearth_events::{EvidenceRequested, NotificationWithdrawn, PersonId, Personal, QuestionAnswered};
use jiff::civil::date;

use super::*;
use crate::testing::{at, completed, folded, received, referred};

#[test]
fn a_referred_notification_is_open_until_it_is_completed() {
    let events = [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        referred(2, "HN-1", &[ReasonCode::R05], "2016-01-04T09:01:00Z"),
        completed(3, "HN-1", Status::Applied, "2016-01-06T12:00:00Z"),
    ];
    let before = folded::<Workload>(&events[..2]).unwrap().unwrap();
    assert!(before.is_open_at(at("2016-01-04T09:00:00Z")));
    assert!(!before.is_open_at(at("2016-01-04T08:59:59Z")), "it had not come");
    let links = Workload::links(&before);
    assert!(links.contains(&(Workload::OPEN, String::new())) && links.contains(&(Workload::REASON, "R05".into())));
    let after = folded::<Workload>(&events).unwrap().unwrap();
    assert!(after.is_open_at(at("2016-01-06T11:59:59Z")));
    assert!(!after.is_open_at(at("2016-01-06T12:00:00Z")));
    assert!(!Workload::links(&after).contains(&(Workload::OPEN, String::new())));
}

#[test]
fn what_goes_straight_through_is_never_a_work_item() {
    let events = [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        completed(2, "HN-1", Status::Applied, "2016-01-03T00:00:00Z"),
    ];
    let row = folded::<Workload>(&events).unwrap().unwrap();
    assert_eq!(row.completed_at, Some(at("2016-01-04T09:00:00Z")), "never completed before it came");
    assert!(!Workload::links(&row).iter().any(|(name, _)| *name == Workload::ITEM));
}

#[test]
fn higher_priorities_come_first_and_then_what_came_first() {
    let place = |priority, received| place_in_queue("moves", priority, at(received));
    let (early, late) = ("2016-01-04T09:00:00Z", "2016-01-05T09:00:00Z");
    assert!(place(Priority::High, late) < place(Priority::Medium, early));
    assert!(place(Priority::Medium, early) < place(Priority::Medium, late));
    assert!(place(Priority::Medium, late) < place(Priority::Low, early));
    assert!(!place_in_queue("moves-in", Priority::High, at(early)).starts_with(&queue_key("moves")));
}

#[test]
fn what_waits_has_a_place_in_its_queue_and_what_a_machine_completed_was_no_officers() {
    let mut events = vec![
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        referred(2, "HN-1", &[ReasonCode::R05], "2016-01-04T09:01:00Z"),
    ];
    let names = |events: &[Recorded]| {
        let row = folded::<Workload>(events).unwrap().unwrap();
        Workload::links(&row).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert!(names(&events).contains(&Workload::PLACE) && !names(&events).contains(&Workload::DONE));
    events.push(completed(3, "HN-1", Status::Applied, "2016-01-06T12:00:00Z"));
    assert!(!names(&events).contains(&Workload::PLACE) && !names(&events).contains(&Workload::DONE));
}

#[test]
fn a_second_outcome_does_not_fit() {
    let events = [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        completed(2, "HN-1", Status::Applied, "2016-01-04T09:00:00Z"),
        completed(3, "HN-1", Status::Applied, "2016-01-04T09:00:00Z"),
    ];
    assert!(folded::<Workload>(&events).is_err());
    assert!(folded::<Workload>(&events[1..2]).is_err(), "completed but never received");
}

fn in_stream(position: u64, event: impl Into<Event>) -> Recorded {
    crate::testing::recorded(position, "notification-HN-1", position, event)
}

fn asked() -> Recorded {
    let asked = Personal::open_for(PersonId::from_bits(1), String::new());
    let (reference, officer) = ("HN-1".parse().unwrap(), "north".to_owned());
    in_stream(3, EvidenceRequested { reference, officer, respond_by: date(2016, 1, 18), asked })
}

#[test]
fn what_was_asked_for_and_has_come_is_an_officers_again_and_keeps_its_place_in_the_queue() {
    let mut events = vec![
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        referred(2, "HN-1", &[ReasonCode::R08], "2016-01-04T09:01:00Z"),
        asked(),
    ];
    let row = folded::<Workload>(&events).unwrap().unwrap();
    assert_eq!(row.status, Status::AwaitingEvidence);
    let place = |row: &WorkloadRow| Workload::links(row).into_iter().find(|it| it.0 == Workload::PLACE);
    let (waiting, before) = (place(&row), row);
    let text = Personal::open_for(PersonId::from_bits(1), String::new());
    events.push(in_stream(4, QuestionAnswered { reference: "HN-1".parse().unwrap(), text }));
    let row = folded::<Workload>(&events).unwrap().unwrap();
    assert_eq!((row.status, row.referral.as_ref().unwrap().work.status), (Status::Referred, WorkStatus::Open));
    assert_eq!((place(&row), row.referral.unwrap().due_on), (waiting, before.referral.unwrap().due_on));
}

#[test]
fn what_is_withdrawn_waits_for_nobody() {
    let events = [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        referred(2, "HN-1", &[ReasonCode::R05], "2016-01-04T09:01:00Z"),
        in_stream(3, NotificationWithdrawn { reference: "HN-1".parse().unwrap() }),
        completed(4, "HN-1", Status::Withdrawn, "2016-01-05T12:00:00Z"),
    ];
    let row = folded::<Workload>(&events).unwrap().unwrap();
    assert_eq!((row.status, &row.reasons[..]), (Status::Withdrawn, &[ReasonCode::R05][..]));
    assert!(row.is_open_at(at("2016-01-05T11:59:59Z")) && !row.is_open_at(at("2016-01-05T12:00:00Z")));
    let names: Vec<_> = Workload::links(&row).into_iter().map(|(name, _)| name).collect();
    for gone in [Workload::OPEN, Workload::PLACE, Workload::DONE, Workload::UNDECIDED, Workload::CLAIM] {
        assert!(!names.contains(&gone), "{gone}");
    }
}
