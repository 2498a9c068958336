//! Why a saving is not realised: measured minutes, contacts, checks and budgets, and what always holds of them.

use hearth_events::{BudgetLine, BudgetReduced, ContactAbout, ErrorClass};
use hearth_projections::{Contact, Worked};
use jiff::Timestamp;

use super::*;

fn only(number: u64) -> SavingsRows {
    let mut rows = rows();
    rows.notifications.truncate(usize::try_from(number).unwrap());
    rows
}

fn minutes_from(at: Timestamp, minutes: i64, decided: bool) -> Worked {
    Worked { from: at, to: at + SignedDuration::from_mins(minutes), decided }
}

fn chase(row: &NotificationRow, days: i64, about: ContactAbout) -> Contact {
    Contact { at: row.received_at + SignedDuration::from_hours(24 * days), channel: Channel::Telephone, about }
}

fn stated(rows: &SavingsRows) -> SavingStatement {
    statement(rows, None, None, None).unwrap()
}

fn shown(it: &SavingStatement) -> Vec<(&'static str, Option<&str>, u64, String)> {
    it.waterfall.iter().map(|it| (it.step, it.of.as_deref(), it.count, it.amount.to_string())).collect()
}

/// Of the first seven, four go straight through; the others wait: two for R04, one for R19.
#[test]
fn what_waits_saves_nothing_yet_and_says_why() {
    let it = stated(&only(7));
    assert_eq!(
        shown(&it),
        [
            ("potential", None, 7, "33.32".to_owned()),
            ("contact-not-avoided", Some("waiting"), 3, "-8.04".to_owned()),
            ("not-straight-through", Some("R04"), 2, "-4.16".to_owned()),
            ("not-straight-through", Some("R19"), 1, "-2.08".to_owned()),
            ("realised", None, 7, "19.04".to_owned()),
        ]
    );
}

#[test]
fn what_an_officer_decided_costs_the_minutes_that_were_measured_and_none_more_than_the_cap() {
    let mut rows = only(7);
    let row = &mut rows.notifications[4];
    let at = row.received_at;
    row.status = Status::Applied;
    row.completed_at = Some(at + SignedDuration::from_hours(1));
    row.worked = vec![minutes_from(at, 2, false), minutes_from(at, 4, true)];
    let it = stated(&rows);
    let expected = ("officer-minutes", Some("R04"), 1, "-2.00".to_owned());
    assert!(shown(&it).contains(&expected), "six minutes at 20 pounds an hour: {:?}", it.waterfall);
    let measured = it.measured.as_ref().unwrap();
    assert_eq!((measured.decided_by_officers, measured.officer_minutes), (1, decimal("6.0")));
    assert_eq!(it.realised, Some(money("21.80")), "19.04, and 2.68 for the contact and 0.24 minutes less than by hand");

    rows.notifications[4].worked = vec![minutes_from(at, 16 * 60, true)];
    assert_eq!(stated(&rows).measured.unwrap().officer_minutes, decimal("60.0"), "laid aside over night");
    rows.cost_models[0].most_minutes = Some(sourced("30"));
    assert_eq!(stated(&rows).measured.unwrap().officer_minutes, decimal("30.0"));
}

#[test]
fn only_failures_within_the_window_count_as_failure_contacts() {
    let mut rows = only(7);
    let row = &mut rows.notifications[0];
    row.completed_at = Some(row.received_at + SignedDuration::from_hours(24 * 10));
    row.contacts = vec![
        chase(row, 5, ContactAbout::Chase),
        chase(row, 40, ContactAbout::Complaint),
        chase(row, 41, ContactAbout::Complaint),
        chase(row, 6, ContactAbout::MoreToTell),
    ];
    let count = |rows: &SavingsRows| stated(rows).measured.unwrap().failure_contacts;
    assert_eq!(count(&rows), 2, "until thirty days after its outcome");
    assert!(shown(&stated(&rows)).contains(&("failure-contacts", None, 2, "-5.66".to_owned())));
    rows.contact_days = vec![(date(2015, 4, 1), 7)];
    assert_eq!(count(&rows), 1);
    rows.notifications[0].completed_at = None;
    assert_eq!(count(&rows), 3, "whoever still waits is owed an answer");
}

#[test]
fn only_a_recorded_decision_on_the_budget_releases_cash_and_never_more_than_was_saved() {
    let mut rows = rows();
    let reduced = |yearly: &str| BudgetReduced {
        decision: "minute 88".into(),
        line: BudgetLine::Postage,
        yearly: money(yearly),
        from: date(2015, 4, 1),
        to: None,
        by: "m.ellis".into(),
    };
    rows.budgets = vec![reduced("365.00")];
    let it = stated(&rows).measured.unwrap();
    assert_eq!((it.cash_releasing, it.time_releasing), (money("18.00"), money("1124.40")), "eighteen days");
    rows.budgets = vec![reduced("365000.00")];
    let it = stated(&rows);
    let measured = it.measured.as_ref().unwrap();
    assert_eq!((measured.cash_releasing, measured.time_releasing), (money("1142.40"), money("0")));
    assert!(it.cautions.iter().any(|it| it.contains("more than was saved")), "{:?}", it.cautions);
}

#[test]
fn a_model_that_does_not_make_what_was_reported_is_uncalibrated() {
    let mut rows = rows();
    assert_eq!(stated(&rows).cautions, [""; 0], "1,999.20 for over 2,000");
    rows.cost_models[0].manual_minutes = sourced("3");
    assert!(stated(&rows).cautions[0].starts_with("Uncalibrated: "), "{:?}", stated(&rows).cautions);
}

#[test]
fn an_assumption_is_as_old_as_its_figure_and_its_source() {
    let mut rows = rows();
    let older = CostModelAdopted { from: date(2014, 4, 1), manual_minutes: sourced("9"), ..model() };
    rows.cost_models.insert(0, older);
    let it = stated(&rows);
    let since = |name: &str| it.assumptions.iter().find(|it| it.name == name).unwrap().from;
    assert_eq!(since("manual_minutes"), Some(date(2015, 4, 1)));
    assert_eq!(since("officer_hourly_cost"), Some(date(2014, 4, 1)));
    assert_eq!(since("contact.telephone"), Some(date(2014, 4, 1)));
}

/// Anything that can become of a notification, from a few numbers.
fn happened(number: u16, (fate, minutes, contacts, checks): (u8, i64, u8, u8)) -> NotificationRow {
    let mut row = notification(number, Channel::Web);
    let status = [
        Status::Applied,
        Status::Referred,
        Status::Duplicate,
        Status::Rejected,
        Status::Withdrawn,
        Status::AwaitingEvidence,
        Status::Received,
    ];
    row.status = status[usize::from(fate % 7)];
    row.straight_through = row.status == Status::Applied && !row.had_to_wait();
    row.reversed = row.status == Status::Applied && fate > 200;
    row.straight_through &= !row.reversed;
    if row.had_to_wait() && fate % 2 == 0 {
        row.worked = vec![minutes_from(row.received_at, minutes, fate % 3 == 0)];
    }
    let about = |it: u8| ContactAbout::ALL[usize::from(it) % ContactAbout::ALL.len()];
    row.contacts = (0..contacts).map(|it| chase(&row, it.into(), about(it))).collect();
    row.checked = vec![ErrorClass::None; checks.into()];
    row
}

proptest! {
    #[test]
    fn whatever_happens_it_adds_up(
        fates in prop::collection::vec((0_u8..=255, 0_i64..200, 0_u8..3, 0_u8..2), 1..60),
        yearly in 0_i64..10_000_000,
        telephone in 15_i64..1_000,
        hourly in 1_i64..10_000,
        minutes in 0_i64..10_000,
    ) {
        let mut rows = rows();
        rows.notifications = (0..).zip(fates).map(|(number, fate)| happened(number, fate)).collect();
        let pence = |it: i64| SourcedValue { value: Decimal::new(it, 2), source: "drawn".into() };
        rows.cost_models[0].contact.insert("telephone".into(), pence(telephone));
        rows.cost_models[0].officer_hourly_cost = pence(hourly);
        rows.cost_models[0].manual_minutes = pence(minutes);
        rows.budgets = vec![BudgetReduced {
            decision: "minute".into(), line: BudgetLine::Print, yearly: Money::rounded(Decimal::new(yearly, 2)),
            from: date(2015, 4, 1), to: None, by: "m".into(),
        }];
        let it = stated(&rows);
        let (potential, realised) = (it.potential.unwrap(), it.realised.unwrap());
        let measured = it.measured.unwrap();
        prop_assert!(realised <= potential, "{realised} of {potential}");
        prop_assert_eq!(measured.contact_saving + measured.back_office_saving, realised);
        prop_assert_eq!(measured.cash_releasing + measured.time_releasing, realised);
        prop_assert!(measured.cash_releasing >= Money::ZERO);
        prop_assert!(measured.cash_releasing <= realised.max(Money::ZERO));
        let (last, before) = it.waterfall.split_last().unwrap();
        prop_assert_eq!(last.amount, realised);
        prop_assert_eq!(before.iter().map(|it| it.amount).sum::<Money>(), realised, "{:?}", before);
        prop_assert_eq!(it.by_kind.iter().map(|it| it.part.realised).sum::<Money>(), realised);
        prop_assert_eq!(it.by_channel.iter().map(|it| it.part.potential).sum::<Money>(), potential);
    }
}
