//! What a notification comes to, as far as figures need it.

use hearth_events::{
    ContactLinked, DecisionChecked, Finding, NotificationReversed, Outcome, Position, Verdict, WorkItemClaimed,
    WorkItemDecided, WorkItemReleased,
};

use super::*;
use crate::testing::{at, completed, folded, received, recorded, referred};

const STREAM: &str = "notification-HN-1";

fn row(events: &[Recorded]) -> NotificationRow {
    folded::<Performance>(events).unwrap().unwrap()
}

fn then(position: u64, at: &str, event: impl Into<Event>) -> Recorded {
    Recorded { recorded_at: at.parse().unwrap(), ..recorded(position, STREAM, position, event) }
}

fn decision(outcome: Outcome, failing: &[(&str, ReasonCode)]) -> DecisionRecorded {
    let finding = |check: &str, outcome, reason| Finding {
        check: check.into(),
        outcome,
        reason,
        because: String::new(),
        source: String::new(),
    };
    let mut findings = vec![finding("declaration-given", FindingOutcome::Passed, None)];
    findings.extend(failing.iter().map(|(it, reason)| finding(it, FindingOutcome::Referred, Some(*reason))));
    DecisionRecorded {
        outcome,
        findings,
        reasons: failing.iter().map(|(_, reason)| *reason).collect(),
        dwellings: Vec::new(),
        decided_at: Position(1),
        plan: Vec::new(),
    }
}

fn waits() -> [Recorded; 2] {
    [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        referred(2, "HN-1", &[ReasonCode::R06], "2016-01-04T09:00:00Z"),
    ]
}

#[test]
fn straight_through_is_applied_without_an_officer() {
    let events = |outcome| {
        [
            received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
            completed(2, "HN-1", outcome, "2016-01-04T09:07:00Z"),
        ]
    };
    let it = row(&events(Status::Applied));
    assert!(it.straight_through);
    assert_eq!(
        it.opened,
        [OpenedAccount { account: "NEW-1".parse().unwrap(), recorded_at: at("2016-01-04T09:07:00Z") }]
    );
    assert!(!row(&events(Status::Rejected)).straight_through, "its sender has to come again");
}

#[test]
fn what_an_officer_saw_is_not_straight_through_even_when_it_is_applied() {
    let mut events = waits().to_vec();
    events.push(completed(3, "HN-1", Status::Applied, "2016-01-05T09:00:00Z"));
    let it = row(&events);
    assert!(it.had_to_wait() && !it.straight_through);
}

#[test]
fn what_was_withdrawn_has_its_outcome_and_saved_nothing() {
    let mut events = waits().to_vec();
    events.push(completed(3, "HN-1", Status::Withdrawn, "2016-01-05T09:00:00Z"));
    let it = row(&events);
    assert!(it.status == Status::Withdrawn && !it.straight_through);
    events.push(completed(4, "HN-1", Status::Applied, "2016-01-06T09:00:00Z"));
    assert!(folded::<Performance>(&events).is_err(), "it has its outcome");
}

#[test]
fn what_was_reversed_is_not_straight_through_unless_the_reversal_was_reversed() {
    let reversed = |position, restored| {
        let (reference, officer) = ("HN-1".parse().unwrap(), "north".into());
        let it = NotificationReversed { reference, officer, restored, explanation: None };
        recorded(position, STREAM, position, it)
    };
    let events = [
        received(1, "HN-1", Channel::Web, "2016-01-04T09:00:00Z"),
        completed(2, "HN-1", Status::Applied, "2016-01-04T09:00:01Z"),
        reversed(3, false),
        reversed(4, true),
    ];
    let it = row(&events[..3]);
    assert!(it.reversed && !it.straight_through && it.status == Status::Applied);
    let it = row(&events);
    assert!(!it.reversed && it.straight_through);
    assert!(folded::<Performance>(&[events[0].clone(), reversed(2, false)]).is_err(), "never applied");
}

#[test]
fn the_checks_that_failed_are_those_of_the_last_decision_before_it_had_to_wait() {
    let [received, referred] = waits();
    let at = "2016-01-04T09:00:00Z";
    let events = [
        received,
        then(2, at, decision(Outcome::Apply, &[])),
        then(3, at, decision(Outcome::Refer, &[("date-within-limits", ReasonCode::R06)])),
        referred,
        then(5, at, decision(Outcome::Refer, &[("no-overlap", ReasonCode::R04)])),
    ];
    let failing = Failing { check: "date-within-limits".into(), reason: Some(ReasonCode::R06) };
    assert_eq!(row(&events).failing, [failing]);
    assert_eq!(row(&events[..2]).failing, []);
}

fn claimed(position: u64, at: &str, until: Option<&str>) -> Recorded {
    let until = until.map(|it| it.parse().unwrap());
    then(position, at, WorkItemClaimed { reference: "HN-1".parse().unwrap(), officer: "north".into(), until })
}

fn decided(position: u64, claimed_at: &str, at: &str) -> Recorded {
    let it = WorkItemDecided {
        reference: "HN-1".parse().unwrap(),
        officer: "north".into(),
        claimed_at: claimed_at.parse().unwrap(),
        verdict: Verdict::Accepted,
        satisfied: Vec::new(),
        reason: None,
        amended: None,
        explanation: None,
        over_limit: None,
        closed_years: Vec::new(),
        overrides: Vec::new(),
    };
    then(position, at, it)
}

#[test]
fn an_officers_time_runs_from_each_claim_to_what_they_did_then() {
    let mut events = waits().to_vec();
    events.extend([
        claimed(3, "2016-01-05T09:00:00Z", None),
        then(
            4,
            "2016-01-05T09:04:00Z",
            WorkItemReleased { reference: "HN-1".parse().unwrap(), officer: "north".into() },
        ),
        claimed(5, "2016-01-05T10:00:00Z", None),
        decided(6, "2016-01-05T10:00:00Z", "2016-01-05T10:06:00Z"),
    ]);
    let it = row(&events);
    let minutes: Vec<_> = it.worked.iter().map(|it| it.to.duration_since(it.from).as_secs() / 60).collect();
    assert_eq!((minutes, it.was_decided_by_officer()), (vec![4, 6], true));
    assert!(!row(&events[..5]).was_decided_by_officer());
}

#[test]
fn a_claim_that_ran_out_counts_no_longer_than_it_lasted() {
    let mut events = waits().to_vec();
    events.extend([
        claimed(3, "2016-01-05T09:00:00Z", Some("2016-01-05T09:20:00Z")),
        claimed(4, "2016-01-05T16:00:00Z", Some("2016-01-05T16:20:00Z")),
    ]);
    let it = row(&events);
    assert_eq!(
        it.worked,
        [Worked { from: at("2016-01-05T09:00:00Z"), to: at("2016-01-05T09:20:00Z"), decided: false }]
    );
    assert_eq!(it.claimed.map(|it| it.at), Some(at("2016-01-05T16:00:00Z")));
}

#[test]
fn contacts_and_checks_are_kept_in_order() {
    let reference: NotificationRef = "HN-1".parse().unwrap();
    let contact = ContactLinked {
        reference: reference.clone(),
        officer: "north".into(),
        channel: Channel::Telephone,
        about: ContactAbout::Chase,
        note: None,
    };
    let checked =
        DecisionChecked { reference, checked_by: "south".into(), error: ErrorClass::None, value: None, note: None };
    let mut events = waits().to_vec();
    events.extend([then(3, "2016-01-06T09:00:00Z", contact), then(4, "2016-01-07T09:00:00Z", checked)]);
    let it = row(&events);
    let expected = Contact { at: at("2016-01-06T09:00:00Z"), channel: Channel::Telephone, about: ContactAbout::Chase };
    assert_eq!((it.contacts, it.checked), (vec![expected], vec![ErrorClass::None]));
}

#[test]
fn it_is_found_as_open_until_it_has_its_outcome_and_by_what_was_promised() {
    let mut events = waits().to_vec();
    let index = |events: &[Recorded]| Performance::links(&row(events)).into_iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(index(&events[..1]), ["received"]);
    assert_eq!(index(&events), ["received", "promised", "open"]);
    events.push(completed(3, "HN-1", Status::Applied, "2016-01-05T09:00:00Z"));
    assert_eq!(index(&events), ["received", "promised", "completed"]);
    let it = row(&events);
    let open = ["2016-01-04T08:59:59Z", "2016-01-04T09:00:00Z", "2016-01-05T08:59:59Z", "2016-01-05T09:00:00Z"];
    assert_eq!(open.map(|instant| it.is_open_at(at(instant))), [false, true, true, false]);
}
