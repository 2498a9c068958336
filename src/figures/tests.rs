//! Figures from rows that can be counted by hand.

use hearth_events::{Channel, ContactAbout, NotificationKind, ReasonCode};
use hearth_projections::{Contact, Failing, OpenedAccount, Waited, Worked};
use jiff::SignedDuration;
use jiff::civil::date;

use super::why::why;
use super::*;

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

/// A move told on Monday 4 January and applied a minute later.
fn row(number: u16) -> NotificationRow {
    let received_at = at("2016-01-04T09:00:00Z");
    let done = received_at + SignedDuration::from_mins(1);
    NotificationRow {
        reference: format!("HN-{number}").parse().unwrap(),
        kind: NotificationKind::MoveIn,
        channel: Channel::Web,
        received_at,
        accounts: Vec::new(),
        status: Status::Applied,
        completed_at: Some(done),
        failing: Vec::new(),
        waited: None,
        straight_through: true,
        reversed: false,
        opened: vec![OpenedAccount { account: "1-1".parse().unwrap(), recorded_at: done }],
        claimed: None,
        worked: Vec::new(),
        contacts: Vec::new(),
        checked: Vec::new(),
    }
}

/// One that waits, promised for the 15th.
fn waits(number: u16, failing: &[(&str, ReasonCode)]) -> NotificationRow {
    let fails = |(check, reason): &(&str, ReasonCode)| Failing { check: (*check).into(), reason: Some(*reason) };
    let plain = row(number);
    NotificationRow {
        status: Status::Referred,
        completed_at: None,
        failing: failing.iter().map(fails).collect(),
        waited: Some(Waited {
            since: plain.received_at,
            reasons: failing.iter().map(|it| it.1).collect(),
            promised_by: date(2016, 1, 15),
        }),
        straight_through: false,
        opened: Vec::new(),
        ..plain
    }
}

/// One that waited, and that an officer decided then.
fn decided(number: u16, done: &str) -> NotificationRow {
    let (from, to) = (at(done) - SignedDuration::from_mins(5), at(done));
    NotificationRow {
        status: Status::Applied,
        completed_at: Some(to),
        worked: vec![Worked { from, to, decided: true }],
        opened: vec![OpenedAccount { account: "1-2".parse().unwrap(), recorded_at: to }],
        ..waits(number, &[("date-within-limits", ReasonCode::R06)])
    }
}

fn period() -> Period {
    Period::of(Some(date(2016, 1, 1)), Some(date(2016, 2, 1)), at("2016-06-01T00:00:00Z"))
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

#[test]
fn the_eligible_are_those_that_a_machine_may_decide_and_that_came_to_something() {
    let mut received = vec![row(1), row(2), waits(3, &[("date-within-limits", ReasonCode::R06)])];
    for (number, status) in [(4, Status::Duplicate), (5, Status::Rejected), (6, Status::Withdrawn)] {
        received.push(NotificationRow { status, straight_through: false, ..row(number) });
    }
    let of_officers = NotificationRow { kind: NotificationKind::Dispute, ..waits(7, &[("dispute", ReasonCode::R18)]) };
    received.push(of_officers);
    let rows = Rows { received, year_before: Some(vec![row(90), row(91)]), ..Rows::default() };
    let it = rows.counted(&period(), &|_| 30);
    let expected = Volume {
        received: 7,
        received_year_before: Some(2),
        eligible: 3,
        straight_through: 2,
        percent_of_received: decimal("28.6"),
        percent_of_eligible: decimal("66.7"),
    };
    assert_eq!(it.straight_through.volume, expected);
    assert_eq!((it.received, it.received_year_before), (7, Some(2)));
    let kinds: Vec<_> = it.by_kind.iter().map(|it| (it.kind, it.eligible_kind, it.volume.received)).collect();
    assert_eq!(kinds, [(NotificationKind::MoveIn, true, 6), (NotificationKind::Dispute, false, 1)]);
    assert_eq!(it.straight_through.settled_without_officer, 5, "applied, told before, sent back or taken back at once");
}

#[test]
fn the_year_before_is_the_same_days() {
    assert_eq!(period().year_before(), Some((date(2015, 1, 1), date(2015, 2, 1))));
    let open = Period::of(Some(date(2016, 1, 1)), None, at("2016-06-01T00:00:00Z"));
    assert_eq!((open.year_before(), open.as_of), (None, at("2016-06-01T00:00:00Z")));
    assert_eq!(period().as_of, at("2016-02-01T00:00:00Z"), "work as it was at the end");
}

#[test]
fn work_is_as_old_as_the_working_days_since_it_came() {
    let on = |number, received: &str| NotificationRow { received_at: at(received), ..waits(number, &[]) };
    let waiting = vec![on(1, "2016-01-31T12:00:00Z"), on(2, "2016-01-22T12:00:00Z"), on(3, "2015-12-10T12:00:00Z")];
    let done = vec![decided(4, "2016-01-20T09:00:00Z"), row(5)];
    let it = Rows { waiting, done, ..Rows::default() }.counted(&period(), &|_| 30).open;
    let ages: Vec<_> = it.ages.iter().map(|it| (it.from_days, it.to_days, it.open)).collect();
    assert_eq!(ages, [(0, Some(5), 1), (6, Some(10), 1), (11, Some(20), 0), (21, Some(30), 0), (31, None, 1)]);
    assert_eq!(it.oldest.unwrap().as_str(), "HN-3");
    assert_eq!((it.completed_lately, it.days_of_work), (1, decimal("60.0")), "three items at one in twenty days");
}

#[test]
fn an_account_is_established_by_a_machine_or_by_an_officer() {
    let reversed = NotificationRow { reversed: true, straight_through: false, ..row(9) };
    let received = vec![row(1), row(2), decided(3, "2016-01-06T09:00:00Z"), waits(4, &[]), reversed];
    let it = Rows { received, ..Rows::default() }.counted(&period(), &|_| 30).time_to_establish;
    let shown: Vec<_> =
        it.iter().map(|it| (it.route, it.accounts, it.median_minutes, it.same_day, it.waiting)).collect();
    assert_eq!(
        shown,
        [
            ("all", 3, decimal("1.0"), 2, 1),
            ("automatic", 2, decimal("1.0"), 2, 1),
            ("officer", 1, decimal("2880.0"), 0, 0)
        ]
    );
    assert_eq!((it[0].p90_minutes, it[0].percent_same_day), (decimal("2880.0"), decimal("66.7")));
}

#[test]
fn a_promise_is_kept_on_its_day_and_not_after() {
    let promised = vec![
        decided(1, "2016-01-15T23:30:00Z"),
        decided(2, "2016-01-16T00:30:00Z"),
        waits(3, &[]),
        NotificationRow {
            waited: Some(Waited { promised_by: date(2016, 2, 1), ..waits(4, &[]).waited.unwrap() }),
            ..waits(4, &[])
        },
    ];
    let it = Rows { promised, ..Rows::default() }.counted(&period(), &|_| 30).promises;
    let expected = Promises { promised: 4, kept: 1, late: 1, overdue: 1, pending: 1, percent_kept: decimal("33.3") };
    assert_eq!(it, expected);
}

#[test]
fn reversals_and_contacts_are_counted_of_what_they_follow() {
    let contact = |days: i64, about| Contact {
        at: row(1).received_at + SignedDuration::from_hours(24 * days),
        channel: Channel::Telephone,
        about,
    };
    let contacts = vec![
        contact(2, ContactAbout::Chase),
        contact(3, ContactAbout::MoreToTell),
        contact(90, ContactAbout::Complaint),
    ];
    let reversed = NotificationRow { reversed: true, straight_through: false, contacts, ..row(1) };
    let it = Rows { received: vec![reversed, row(2)], ..Rows::default() }.counted(&period(), &|_| 30);
    assert_eq!((it.reversals.automatic, it.reversals.reversed, it.reversals.percent), (2, 1, decimal("50.0")));
    assert_eq!((it.contacts.linked, it.contacts.failures), (3, 1));
    assert_eq!(it.contacts.failures_per_hundred, decimal("50.0"));
}

#[test]
fn a_rule_gains_the_cases_that_it_stopped_alone() {
    let (late, overlap) = (("date-within-limits", ReasonCode::R06), ("no-overlap", ReasonCode::R04));
    let received =
        vec![row(1), waits(2, &[late]), waits(3, &[late, overlap]), waits(4, &[overlap]), waits(5, &[overlap])];
    let it = why(&received, &period());
    assert_eq!((it.received, it.eligible, it.straight_through, it.stopped), (5, 5, 1, 4));
    let shown: Vec<_> = it
        .rules
        .iter()
        .map(|it| (it.check.as_str(), it.cases, it.only, it.first, it.one_of_several, it.points_of_received))
        .collect();
    assert_eq!(
        shown,
        [("no-overlap", 3, 2, 2, 1, decimal("40.0")), ("date-within-limits", 2, 1, 2, 1, decimal("20.0"))]
    );
    let examples: Vec<_> = it.rules[0].examples.iter().map(NotificationRef::as_str).collect();
    assert_eq!(examples, ["HN-4", "HN-5", "HN-3"], "those it stopped alone first");
    assert_eq!(it.rules[1].asks, "Does every day of the change lie within the limits of policy?");
    let stopped = why(&[waits(6, &[])], &period());
    assert_eq!(stopped.rules[0].check, "changed-meanwhile", "no check failed, and yet it had to wait");
}
