//! Figures that change within a period: each notification is valued by those of its day of receipt.

use hearth_events::{BudgetLine, BudgetReduced, ContactAbout};
use hearth_projections::{Contact, Worked};

use super::*;

/// 420 notifications of 1 to 18 December, an officer's hour at 30 pounds from the 10th on, and at 25 from the 15th.
fn with_prices() -> SavingsRows {
    let mut rows = rows();
    for (day, hourly) in [(10, "30.00"), (15, "25.00")] {
        let officer_hourly_cost = SourcedValue { value: decimal(hourly), source: "pay award".into() };
        rows.adopt(CostModelAdopted { from: date(2015, 12, day), officer_hourly_cost, ..model() });
    }
    // Seconds that make no whole pence, and contacts.
    for (number, row) in rows.notifications.iter_mut().enumerate().filter(|(number, _)| number % 7 >= 5) {
        let (from, seconds) = (row.received_at, 61 + i64::try_from(number).unwrap());
        row.status = Status::Applied;
        row.completed_at = Some(from + SignedDuration::from_hours(30));
        row.worked = vec![Worked { from, to: from + SignedDuration::from_secs(seconds), decided: true }];
        let at = from + SignedDuration::from_hours(50);
        row.contacts = vec![Contact { at, channel: Channel::Telephone, about: ContactAbout::Chase }];
    }
    rows
}

fn of(rows: &SavingsRows, from: Option<Date>, to: Option<Date>) -> SavingStatement {
    statement(rows, from, to, None).unwrap()
}

fn amounts(it: &SavingStatement) -> [Money; 3] {
    [it.potential, it.forecast, it.realised].map(Option::unwrap)
}

fn sum(all: &[SavingStatement]) -> [Money; 3] {
    [0, 1, 2].map(|which| all.iter().map(|it| amounts(it)[which]).sum())
}

/// The statements of the days cut at these.
fn cut(rows: &SavingsRows, at: &[Date]) -> Vec<SavingStatement> {
    let begins = [None].into_iter().chain(at.iter().copied().map(Some));
    let ends = at.iter().copied().map(Some).chain([None]);
    begins.zip(ends).map(|(from, to)| of(rows, from, to)).collect()
}

#[test]
fn a_later_price_does_not_revalue_what_came_before_it() {
    let (rows, before) = (with_prices(), of(&rows(), None, Some(date(2015, 12, 10))));
    let it = of(&rows, None, Some(date(2015, 12, 10)));
    assert_eq!(it.potential, before.potential, "before the day it is as if it had not been changed");
    let whole = of(&rows, None, None);
    let shown: Vec<_> = whole.by_model.iter().map(|it| (it.from, it.notifications, it.potential.to_string())).collect();
    let (tenth, fifteenth) = (Some(date(2015, 12, 10)), Some(date(2015, 12, 15)));
    assert_eq!(
        shown,
        [(None, 207, "985.32".to_owned()), (tenth, 120, "696.00".to_owned()), (fifteenth, 93, "491.04".to_owned()),],
        "4.76, 5.80 and 5.28 each"
    );
    assert_eq!(whole.potential, Some(money("2172.36")));
}

#[test]
fn parts_of_a_period_cut_where_a_price_begins_make_the_whole_to_the_penny() {
    let rows = with_prices();
    let parts = cut(&rows, &[date(2015, 12, 10), date(2015, 12, 15)]);
    assert_eq!(sum(&parts), amounts(&of(&rows, None, None)));
}

/// Each amount is rounded once for contacts and once for officers' time: half a penny each.
#[test]
fn however_a_period_is_cut_its_parts_make_the_whole_but_for_their_rounding() {
    let rows = with_prices();
    let days: Vec<_> = (2..19).map(|day| date(2015, 12, day)).collect();
    let whole = amounts(&of(&rows, None, None));
    for at in [&days[..], &days[4..5], &days[2..13], &[date(2015, 12, 8), date(2015, 12, 12)]] {
        let parts = cut(&rows, at);
        assert_eq!(sum(&parts)[0], whole[0], "a potential is in whole pence: {at:?}");
        let most = Decimal::new(i64::try_from(parts.len() + 3).unwrap(), 2);
        for (sum, whole) in sum(&parts).into_iter().zip(whole) {
            assert!((sum.pounds() - whole.pounds()).abs() <= most, "{sum} for {whole}: {at:?}");
        }
    }
}

#[test]
fn a_contact_counts_once_however_the_days_are_cut() {
    let mut rows = rows();
    let account = rows.notifications[0].accounts.clone();
    rows.notifications[300].accounts.clone_from(&account);
    let at = rows.notifications[300].received_at + SignedDuration::from_hours(24);
    let call = NotificationRow {
        reference: "HN-C1".parse().unwrap(),
        channel: Channel::Telephone,
        received_at: at,
        ..rows.notifications[0].clone()
    };
    rows.notifications.push(call);
    let counted = |it: &SavingStatement| it.measured.as_ref().unwrap().failure_contacts;
    let parts = cut(&rows, &[date(2015, 12, 10)]);
    assert_eq!(parts.iter().map(counted).collect::<Vec<_>>(), [0, 1], "the last before it caused it");
    assert_eq!(counted(&of(&rows, None, None)), 1);
}

#[test]
fn what_it_rests_on_names_every_figure_with_its_first_day() {
    let it = of(&with_prices(), None, None);
    let of = |name: &str| {
        let found = it.assumptions.iter().filter(|it| it.name == name);
        found.map(|it| (it.value.to_string(), it.from.unwrap())).collect::<Vec<_>>()
    };
    let (first, tenth, fifteenth) = (date(2015, 4, 1), date(2015, 12, 10), date(2015, 12, 15));
    let hourly = [("25.00", fifteenth), ("30.00", tenth), ("20.00", first)];
    assert_eq!(of("officer_hourly_cost"), hourly.map(|(value, from)| (value.to_owned(), from)), "the latest first");
    assert_eq!(of("manual_minutes"), [("6.24".to_owned(), first)], "what did not change stands once");
    assert!(it.statement.contains("for what came from 2015-12-10 on"), "{}", it.statement);
}

#[test]
fn everything_adds_up_under_prices_that_change() {
    let mut rows = with_prices();
    rows.budgets = vec![BudgetReduced {
        decision: "minute 88".into(),
        line: BudgetLine::Postage,
        yearly: money("365.00"),
        from: date(2015, 4, 1),
        to: None,
        by: "m.ellis".into(),
    }];
    let it = of(&rows, None, None);
    let [potential, _, realised] = amounts(&it);
    let (last, before) = it.waterfall.split_last().unwrap();
    assert_eq!((last.amount, before.iter().map(|it| it.amount).sum::<Money>()), (realised, realised));
    assert_eq!(it.by_kind.iter().map(|it| it.part.realised).sum::<Money>(), realised);
    assert_eq!(it.by_channel.iter().map(|it| it.part.potential).sum::<Money>(), potential);
    assert_eq!(it.by_model.iter().map(|it| it.realised).sum::<Money>(), realised);
    let measured = it.measured.unwrap();
    assert_eq!(measured.contact_saving + measured.back_office_saving, realised);
    assert_eq!((measured.cash_releasing, measured.time_releasing), (money("18.00"), realised - money("18.00")));
}

#[test]
fn the_service_costs_what_the_figures_of_each_day_say() {
    let mut rows = rows();
    let costs = |yearly| ServiceCosts { one_off: None, yearly: Some(sourced(yearly)), per_notification: None };
    rows.cost_models[0].service = Some(Box::new(costs("365")));
    let dearer = CostModelAdopted { from: date(2015, 12, 11), service: Some(Box::new(costs("730"))), ..model() };
    rows.adopt(dearer);
    let net = of(&rows, None, None).net.unwrap();
    assert_eq!(net.running_cost, money("26.00"), "ten days at 1 pound, eight at 2");
    assert_eq!(net.not_recorded, ["service.one_off", "service.per_notification"]);
}
