use hearth_events::{
    Channel, ConfirmationAsked, ConfirmationLapsed, ContactAbout, ContactLinked, EvidenceRequested, PersonId, Personal,
    ReferralTakenUp, WorkItemClaimed, WorkItemDeferred, WorkItemEscalated, WorkItemHandedOver, WorkItemReleased,
};
use jiff::civil::date;

use super::*;
use crate::testing::{at, recorded};

const REFERENCE: &str = "HN-1";

fn worked(events: Vec<Event>) -> Work {
    let mut work = Work::default();
    for event in events {
        work.apply(&recorded(1, "notification-HN-1", 3, event));
    }
    work
}

fn claimed() -> Event {
    WorkItemClaimed { reference: REFERENCE.parse().unwrap(), officer: "north".into(), until: None }.into()
}

#[test]
fn what_is_put_off_has_no_holder_and_comes_back_on_its_day() {
    let (reference, officer) = (REFERENCE.parse().unwrap(), "north".into());
    let deferred = WorkItemDeferred { reference, officer, until: date(2016, 1, 8), note: None };
    let work = worked(vec![claimed(), deferred.into()]);
    assert_eq!((&work.allocated_to, work.claimed_at), (&None, None));
    assert_eq!(work.status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 7)), WorkStatus::Deferred);
    assert_eq!(work.status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 8)), WorkStatus::Open);
    assert_eq!(work.status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 9)), WorkStatus::Open);
}

#[test]
fn evidence_may_come_on_its_last_day() {
    let asked = Personal::open_for(PersonId::from_bits(1), String::new());
    let (reference, officer) = (REFERENCE.parse().unwrap(), "north".into());
    let asked = EvidenceRequested { reference, officer, respond_by: date(2016, 1, 8), asked };
    let work = worked(vec![claimed(), asked.into()]);
    assert_eq!(work.status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 8)), WorkStatus::AwaitingEvidence);
    assert_eq!(work.status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 9)), WorkStatus::Open);
    assert_eq!(worked(vec![claimed()]).status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 9)), WorkStatus::Claimed);
}

#[test]
fn what_waits_for_confirmation_is_an_officers_again_or_done_by_itself() {
    let reference = || REFERENCE.parse().unwrap();
    let asked = || ConfirmationAsked { reference: reference(), accounts: Vec::new(), respond_by: date(2016, 1, 8) };
    let lapsed = |follows| ConfirmationLapsed { reference: reference(), on: date(2016, 1, 9), follows };
    let work = worked(vec![asked().into()]);
    assert_eq!(work.status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 8)), WorkStatus::AwaitingConfirmation);
    assert_eq!(work.status_at(at("2016-01-01T00:00:00Z"), date(2016, 1, 9)), WorkStatus::Open);
    let status = |follows| worked(vec![asked().into(), lapsed(follows).into()]).status;
    assert_eq!((status(Silence::Refer), status(Silence::Apply)), (WorkStatus::Open, WorkStatus::Done));
    let taken_up = ReferralTakenUp { reference: reference(), after: "HN-2".parse().unwrap() };
    assert_eq!(worked(vec![asked().into(), taken_up.into()]).status, WorkStatus::Done);
}

fn steps(events: Vec<(&str, Event)>) -> Work {
    let mut work = Work::default();
    for (instant, event) in events {
        work.apply(&Recorded { recorded_at: at(instant), ..recorded(1, "notification-HN-1", 3, event) });
    }
    work
}

fn leased(officer: &str, until: &str) -> Event {
    WorkItemClaimed { reference: REFERENCE.parse().unwrap(), officer: officer.into(), until: Some(at(until)) }.into()
}

const DAY: Date = date(2016, 1, 4);

#[test]
fn a_claim_lapses_and_each_step_of_its_holder_prolongs_it() {
    let contact = |officer: &str| {
        let (reference, officer) = (REFERENCE.parse().unwrap(), officer.into());
        ContactLinked { reference, officer, channel: Channel::Telephone, about: ContactAbout::Chase, note: None }.into()
    };
    let first = ("2016-01-04T09:00:00Z", leased("north", "2016-01-04T10:00:00Z"));
    let work = steps(vec![first.clone()]);
    let status =
        |work: &Work, instant: &str| (work.status_at(at(instant), DAY), work.holder_at(at(instant)).map(str::to_owned));
    assert_eq!(status(&work, "2016-01-04T09:59:59Z"), (WorkStatus::Claimed, Some("north".into())));
    assert_eq!(status(&work, "2016-01-04T10:00:00Z"), (WorkStatus::Open, None));
    let others = steps(vec![first.clone(), ("2016-01-04T09:30:00Z", contact("south"))]);
    assert_eq!(others.until, work.until, "what somebody else notes prolongs nothing");
    let work = steps(vec![first.clone(), ("2016-01-04T09:30:00Z", contact("north"))]);
    assert_eq!(status(&work, "2016-01-04T10:29:59Z").0, WorkStatus::Claimed);
    assert_eq!(work.claimed_at, Some(at("2016-01-04T09:00:00Z")));
    let again = steps(vec![first.clone(), ("2016-01-04T09:50:00Z", leased("north", "2016-01-04T10:50:00Z"))]);
    assert_eq!(again.claimed_at, Some(at("2016-01-04T09:00:00Z")), "their time counts from the first claim on");
    let late = steps(vec![first, ("2016-01-04T11:00:00Z", leased("north", "2016-01-04T12:00:00Z"))]);
    assert_eq!(late.claimed_at, Some(at("2016-01-04T11:00:00Z")), "after it had lapsed it is a claim of its own");
}

#[test]
fn what_is_handed_over_is_the_colleagues_for_as_long_again() {
    let over = WorkItemHandedOver {
        reference: REFERENCE.parse().unwrap(),
        officer: "north".into(),
        to: "south".into(),
        note: None,
    };
    let work = steps(vec![
        ("2016-01-04T09:00:00Z", leased("north", "2016-01-04T10:00:00Z")),
        ("2016-01-04T09:40:00Z", over.into()),
    ]);
    assert_eq!((work.status, work.allocated_to.as_deref()), (WorkStatus::Claimed, Some("south")));
    assert_eq!((work.claimed_at, work.until), (Some(at("2016-01-04T09:40:00Z")), Some(at("2016-01-04T10:40:00Z"))));
}

#[test]
fn what_was_escalated_waits_for_a_supervisor_until_one_gives_it_back() {
    let reference = || REFERENCE.parse().unwrap();
    let up = WorkItemEscalated { reference: reference(), officer: "north".into(), note: None };
    let released = WorkItemReleased { reference: reference(), officer: "chief".into() };
    let first = ("2016-01-04T09:00:00Z", leased("north", "2016-01-04T10:00:00Z"));
    let mut all = vec![first, ("2016-01-04T09:10:00Z", up.into())];
    let work = steps(all.clone());
    assert_eq!((work.status, work.escalated, &work.allocated_to), (WorkStatus::Open, true, &None));
    all.push(("2016-01-04T09:20:00Z", leased("chief", "2016-01-04T10:20:00Z")));
    assert!(steps(all.clone()).escalated, "where the claim lapses it is a supervisor's again");
    all.push(("2016-01-04T09:30:00Z", released.into()));
    assert!(!steps(all.clone()).escalated);
    assert_eq!(steps(all).touches, 4);
}

#[test]
fn a_pause_lasts_until_something_is_done() {
    let put_off =
        |until| WorkItemDeferred { reference: REFERENCE.parse().unwrap(), officer: "north".into(), until, note: None };
    let work = steps(vec![
        ("2016-01-04T09:00:00Z", put_off(date(2016, 1, 8)).into()),
        ("2016-01-06T09:00:00Z", leased("south", "2016-01-06T10:00:00Z")),
        ("2016-01-06T09:30:00Z", put_off(date(2016, 1, 9)).into()),
    ]);
    let pause =
        |from: &str, back_on, to: Option<&str>| Pause { from: at(from), back_on: Some(back_on), to: to.map(at) };
    let first = pause("2016-01-04T09:00:00Z", date(2016, 1, 8), Some("2016-01-06T09:00:00Z"));
    assert_eq!(work.pauses, [first, pause("2016-01-06T09:30:00Z", date(2016, 1, 9), None)]);
}
