use hearth_events::{
    Channel, ContactAbout, ContactLinked, DecisionChecked, ErrorClass, EvidenceRequested, NotificationWithdrawn,
    PersonId, Personal, QuestionAnswered, ReasonCode, WorkItemClaimed, WorkItemReallocated,
};
use jiff::civil::date;

use super::*;
use crate::testing::{at, completed, folded, received, recorded, referred};

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
    assert!(
        links.contains(&(Workload::OPEN, String::new()))
            && Workload::entry(&before).unwrap().reasons == [ReasonCode::R05]
    );
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
    assert!(Workload::entry(&row).is_none());
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
    recorded(position, "notification-HN-1", position, event)
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

#[test]
fn an_item_that_is_reallocated_stands_elsewhere_and_is_whoevers_it_was() {
    let reference = || "HN-1".parse().unwrap();
    let until = Some(at("2016-01-04T10:02:00Z"));
    let claimed =
        recorded(3, "notification-HN-1", 2, WorkItemClaimed { reference: reference(), officer: "north".into(), until });
    let claimed = Recorded { recorded_at: at("2016-01-04T09:02:00Z"), ..claimed };
    let moved = WorkItemReallocated {
        reference: reference(),
        officer: "north".into(),
        queue: Some("discounts".into()),
        priority: Some(Priority::High),
        note: None,
    };
    let moved = Recorded { recorded_at: at("2016-01-04T09:30:00Z"), ..recorded(4, "notification-HN-1", 3, moved) };
    let events = [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        referred(2, "HN-1", &[ReasonCode::R05], "2016-01-04T09:01:00Z"),
        claimed,
        moved,
    ];
    let row = folded::<Workload>(&events).unwrap().unwrap();
    let entry = Workload::entry(&row).unwrap();
    assert_eq!(
        (entry.queue.as_str(), entry.priority, entry.holder.as_deref()),
        ("discounts", Priority::High, Some("north"))
    );
    assert_eq!(entry.until, Some(at("2016-01-04T10:30:00Z")), "a step of whoever has it prolongs it");
    let place = place_in_queue("discounts", Priority::High, row.received_at);
    assert!(Workload::links(&row).contains(&(Workload::PLACE, place)));
}

#[test]
fn a_decision_is_to_be_checked_until_it_is_and_contacts_are_counted() {
    let reference = || "HN-1".parse().unwrap();
    let contact = |position, about| {
        let it = ContactLinked {
            reference: reference(),
            officer: "north".into(),
            channel: Channel::Telephone,
            about,
            note: None,
        };
        recorded(position, "notification-HN-1", position, it)
    };
    let checked = DecisionChecked {
        reference: reference(),
        checked_by: "south".into(),
        error: ErrorClass::Clerical,
        value: None,
        note: None,
    };
    let events = [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        contact(2, ContactAbout::MoreToTell),
        completed(3, "HN-1", Status::Applied, "2016-01-06T12:00:00Z"),
        contact(4, ContactAbout::Chase),
        recorded(5, "notification-HN-1", 5, checked),
    ];
    let row = folded::<Workload>(&events[..4]).unwrap().unwrap();
    assert_eq!((row.contacts, row.failure_contacts), (2, 1));
    let sample = (Workload::SAMPLE, sample_key(row.lot(), at("2016-01-06T12:00:00Z")));
    assert!(row.lot() < 100 && Workload::links(&row).contains(&sample));
    let row = folded::<Workload>(&events).unwrap().unwrap();
    assert_eq!(row.checked.as_ref().map(|it| it.error), Some(ErrorClass::Clerical));
    assert!(!Workload::links(&row).contains(&sample));
    let never = [received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z")];
    assert!(
        !Workload::links(&folded::<Workload>(&never).unwrap().unwrap())
            .iter()
            .any(|(name, _)| *name == Workload::SAMPLE)
    );
}
