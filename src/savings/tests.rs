//! The statement for the sample's model, to the penny.

mod dated;
mod why;

use std::collections::BTreeMap;

use hearth_events::{CostModelAdopted, ReasonCode, ServiceCosts, SourcedValue, Status};
use hearth_projections::{NotificationRow, OpenedAccount, Waited};
use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::savings::shares::apportioned;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn sourced(value: &str) -> SourcedValue {
    SourcedValue { value: decimal(value), source: "published".into() }
}

fn model() -> CostModelAdopted {
    CostModelAdopted {
        name: "test-valley-2016-socitm2011".into(),
        from: date(2015, 4, 1),
        officer_hourly_cost: sourced("20.00"),
        manual_minutes: sourced("6.24"),
        exception_minutes: None,
        contact: BTreeMap::from([("telephone".into(), sourced("2.83")), ("web".into(), sourced("0.15"))]),
        counterfactual: BTreeMap::from([("telephone".into(), decimal("1.0"))]),
        avoidance: None,
        failure_contacts: None,
        straight_through: None,
        sampling_share: None,
        sampling_minutes: None,
        most_minutes: None,
        service: None,
        contact_is_end_to_end: false,
        counterfactual_sources: BTreeMap::new(),
    }
}

fn report() -> ScenarioRecorded {
    ScenarioRecorded {
        name: "test-valley-2016-reported".into(),
        kind: "potential".into(),
        notifications: Some(420),
        contacts: None,
        months: Some(decimal("3.5")),
        avoidance: None,
        reported_total: "2000".parse().unwrap(),
        decomposed: false,
    }
}

/// The `number`-th notification, an hour after the one before; four in seven go straight through.
fn notification(number: u16, channel: Channel) -> NotificationRow {
    let straight_through = number % 7 < 4;
    NotificationRow {
        reference: format!("HN-{number}").parse().unwrap(),
        kind: if number.is_multiple_of(3) { NotificationKind::MoveIn } else { NotificationKind::MoveOut },
        channel,
        received_at: "2015-12-01T09:00:00Z".parse::<jiff::Timestamp>().unwrap()
            + SignedDuration::from_hours(number.into()),
        accounts: vec![format!("3000{number}").parse().unwrap()],
        status: if straight_through { Status::Applied } else { Status::Referred },
        completed_at: None,
        failing: Vec::new(),
        waited: (!straight_through).then(|| Waited {
            since: "2016-01-01T09:00:00Z".parse().unwrap(),
            reasons: vec![if number.is_multiple_of(2) { ReasonCode::R04 } else { ReasonCode::R19 }],
            promised_by: date(2016, 1, 15),
        }),
        straight_through,
        reversed: false,
        opened: Vec::new(),
        claimed: None,
        worked: Vec::new(),
        contacts: Vec::new(),
        checked: Vec::new(),
    }
}

fn rows() -> SavingsRows {
    let notifications = (0..420).map(|it| notification(it, if it % 5 == 0 { Channel::Api } else { Channel::Web }));
    SavingsRows {
        notifications: notifications.collect(),
        cost_models: vec![model()],
        scenarios: vec![report()],
        ..SavingsRows::default()
    }
}

#[test]
fn the_potential_of_420_notifications_is_what_was_reported() {
    let it = statement(&rows(), None, None, None).unwrap();
    assert_eq!(it.scenario, "test-valley-2016-socitm2011");
    assert_eq!((it.notifications, it.straight_through), (Some(420), Some(240)));
    assert_eq!(it.potential, Some(money("1999.20")));
    assert_eq!(it.contact_saving, Some(money("1125.60")));
    assert_eq!(it.back_office_saving, Some(money("873.60")));
    assert_eq!(it.per_notification, Some(money("4.76")));
    assert_eq!((it.cash_releasing, it.time_releasing), (Some(money("0")), Some(money("1999.20"))));
    assert_eq!(it.realised, Some(money("1142.40")), "240 of 420, without any failure contact");
    for said in ["could be saved", "£1,999.20", "£4.76 each", "Realised", "£1,142.40", "over £2,000"] {
        assert!(it.statement.contains(said), "{said:?} is not in {}", it.statement);
    }
}

#[test]
fn the_realistic_scenario_is_a_forecast_over_the_councils_contact_costs() {
    let it = statement(&rows(), None, None, Some(REALISTIC)).unwrap();
    assert_eq!((it.kind.as_str(), it.forecast), ("forecast", Some(money("1348.62"))));
    assert_eq!((it.contact_saving, it.back_office_saving), (Some(money("781.62")), Some(money("567.00"))));
    assert_eq!(it.potential, Some(money("1965.60")));
    let assumed = it.assumptions.iter().filter(|it| it.source.starts_with("assumed (")).count();
    assert!(assumed >= 8, "every expectation is marked: {:?}", it.assumptions);
}

#[test]
fn what_was_only_reported_is_not_taken_apart() {
    let it = statement(&rows(), None, None, Some("test-valley-2016-reported")).unwrap();
    assert!(!it.decomposed);
    assert_eq!((it.reported_total, it.potential), (Some(money("2000.00")), Some(money("2000.00"))));
    assert_eq!((it.contact_saving, it.back_office_saving, it.realised, it.forecast), (None, None, None, None));
    assert!(it.by_channel.is_empty() && it.assumptions.is_empty());
    assert!(it.statement.contains("not decomposed"), "{}", it.statement);
}

#[test]
fn the_parts_add_up_to_the_penny() {
    let it = statement(&rows(), None, None, None).unwrap();
    let (channels, kinds) = (it.by_channel.iter().map(|it| &it.part), it.by_kind.iter().map(|it| &it.part));
    for parts in [channels.collect::<Vec<_>>(), kinds.collect()] {
        assert_eq!(parts.iter().map(|it| it.notifications).sum::<u64>(), 420);
        assert_eq!(Some(parts.iter().map(|it| it.potential).sum()), it.potential);
        assert_eq!(Some(parts.iter().map(|it| it.realised).sum()), it.realised);
    }
}

#[test]
fn a_call_about_the_same_account_within_thirty_days_takes_away_from_what_is_realised() {
    let mut rows = rows();
    let first = rows.notifications[0].clone();
    let contact = |days: i64, channel| NotificationRow {
        reference: format!("HN-C{days}").parse().unwrap(),
        channel,
        received_at: first.received_at + SignedDuration::from_hours(24 * days),
        ..first.clone()
    };
    rows.notifications.extend([
        contact(30, Channel::Telephone),
        contact(31, Channel::Telephone),
        contact(-1, Channel::Post),
    ]);
    let it = statement(&rows, None, None, None).unwrap();
    assert_eq!(it.notifications, Some(420), "a call is not an electronic notification");
    assert_eq!(it.realised, Some(money("1139.57")), "one repeat at 2.83");
}

/// A year of 365 days, so that a month is a twelfth of it.
#[test]
fn what_is_left_is_after_the_service_is_paid_for() {
    let mut rows = rows();
    let (from, to) = (Some(date(2015, 12, 1)), Some(date(2016, 11, 30))); // the last day is 29 November: a leap day is among the 365
    let stated = |rows: &SavingsRows| statement(rows, from, to, None).unwrap().net;
    assert_eq!(stated(&rows), None, "nobody said what it costs");
    let costs = |yearly| ServiceCosts {
        one_off: Some(sourced("1000")),
        yearly: Some(sourced(yearly)),
        per_notification: Some(sourced("0.10")),
    };
    rows.cost_models[0].service = Some(Box::new(costs("365")));
    let it = stated(&rows).unwrap();
    assert_eq!(it.running_cost, money("407.00"), "365 days at £1, 420 at 10p");
    assert_eq!(it.realised, money("735.40"), "1,142.40 less that");
    assert_eq!(it.payback_months_realised, Some(decimal("16.3")), "1,000 ÷ (735.40 ÷ 12)");
    assert_eq!(it.forecast, money("965.14"), "1,372.14 less that");
    assert_eq!(it.payback_months_forecast, Some(decimal("12.4")), "1,000 ÷ (965.14 ÷ 12)");
    rows.in_use = Some((date(2015, 12, 1), date(2015, 12, 31)));
    assert_eq!(stated(&rows).unwrap().running_cost, money("73.00"), "31 days at £1, 420 at 10p: it is used no longer");
    rows.in_use = None;
    rows.cost_models[0].service = Some(Box::new(costs("10000")));
    let it = stated(&rows).unwrap();
    assert_eq!((it.realised, it.payback_months_realised), (money("-8899.60"), None), "never");
    assert!(statement(&rows, from, to, None).unwrap().assumptions.iter().any(|it| it.name == "service.yearly"));
}

#[test]
fn what_is_not_known_of_the_costs_is_said() {
    let mut rows = rows();
    rows.cost_models[0].service = Some(Box::default());
    assert_eq!(statement(&rows, None, None, None).unwrap().net, None, "nothing is not a cost of nothing");
    rows.cost_models[0].service =
        Some(Box::new(ServiceCosts { one_off: Some(sourced("5")), ..ServiceCosts::default() }));
    let it = statement(&rows, None, None, None).unwrap();
    assert_eq!(it.net.unwrap().not_recorded, ["service.yearly", "service.per_notification"]);
    assert!(it.cautions[0].contains("service.yearly, service.per_notification"), "{:?}", it.cautions);
}

#[test]
fn office_work_that_a_contact_has_in_it_is_not_counted_again() {
    let mut rows = rows();
    rows.cost_models[0].contact_is_end_to_end = true;
    let it = statement(&rows, None, None, None).unwrap();
    assert!(it.potential.is_none() && it.statement.contains("cannot be used"), "{}", it.statement);
    rows.cost_models[0].manual_minutes = sourced("0");
    rows.cost_models[0].exception_minutes = Some(sourced("6"));
    for scenario in [None, Some(REALISTIC)] {
        let it = statement(&rows, None, None, scenario).unwrap();
        assert_eq!(it.potential, Some(money("1125.60")), "contacts alone: {scenario:?}");
    }
}

#[test]
fn only_the_days_of_the_period_count() {
    let it = statement(&rows(), Some(date(2015, 12, 2)), Some(date(2015, 12, 3)), None).unwrap();
    assert_eq!(it.notifications, Some(24));
    let nothing = statement(&rows(), Some(date(2020, 1, 1)), None, None).unwrap();
    assert_eq!((nothing.notifications, nothing.potential, nothing.per_notification), (Some(0), Some(money("0")), None));
}

#[test]
fn the_newest_model_in_force_at_the_end_of_the_period_is_used() {
    let mut rows = rows();
    rows.cost_models.push(CostModelAdopted { name: "newer".into(), from: date(2015, 12, 10), ..model() });
    let named = |to| statement(&rows, None, to, None).unwrap().scenario;
    assert_eq!(named(Some(date(2015, 12, 10))), "test-valley-2016-socitm2011");
    assert_eq!(named(Some(date(2015, 12, 11))), "newer");
    assert_eq!(named(None), "newer");
}

#[test]
fn an_unknown_scenario_is_refused_and_the_known_ones_are_named() {
    let error = statement(&rows(), None, None, Some("made-up")).unwrap_err();
    assert!(error.known.contains(REALISTIC) && error.known.contains("test-valley-2016-reported"), "{error}");
    let it = statement(&SavingsRows::default(), None, None, None).unwrap();
    assert!(!it.decomposed && it.potential.is_none() && it.statement.contains("no cost model"));
}

#[test]
fn half_of_the_accounts_stand_within_the_median() {
    let mut rows = rows();
    for (number, minutes) in [(0_usize, 1_i64), (5, 2), (10, 3), (15, 4), (20, 100)] {
        let row = &mut rows.notifications[number];
        let recorded_at = row.received_at + SignedDuration::from_mins(minutes);
        row.opened.push(OpenedAccount { account: "1-1".parse().unwrap(), recorded_at });
    }
    let it = statement(&rows, None, None, None).unwrap();
    let expected = TimeToEstablish {
        channel: Channel::Api,
        accounts: 5,
        median_minutes: decimal("3.0"),
        p90_minutes: decimal("100.0"),
    };
    assert_eq!(it.time_to_establish, [expected]);
}

#[test]
fn amounts_are_written_as_people_write_them() {
    let written = |text: &str| pounds(text.parse().unwrap());
    assert_eq!(
        [written("1999.20"), written("2000.00"), written("-1234567.05"), written("0")],
        ["£1,999.20", "£2,000", "-£1,234,567.05", "£0"]
    );
}

proptest! {
    #[test]
    fn shares_add_up_and_none_is_a_penny_off(thousandths in prop::collection::vec(-500_000_i64..500_000, 1..20)) {
        let exact: Vec<_> = thousandths.iter().map(|it| Decimal::new(*it, 3)).collect();
        let total = Money::rounded(exact.iter().copied().sum());
        let shares = apportioned(total, &exact);
        prop_assert_eq!(shares.iter().copied().sum::<Money>(), total);
        for (share, exact) in shares.iter().zip(&exact) {
            prop_assert!((share.pounds() - exact).abs() < decimal("0.01"), "{} for {}", share, exact);
        }
    }
}
