//! The named scenarios and their sensitivity, and the edges of the model.

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Scenario `test-valley-2016-realistic`.
fn realistic() -> Inputs {
    Inputs {
        notifications: decimal("420"),
        avoidance: decimal("0.8"),
        failure_contacts: decimal("0.1"),
        counterfactual: BTreeMap::from([("telephone".to_owned(), decimal("1"))]),
        unit_costs: BTreeMap::from([("telephone".to_owned(), decimal("2.83"))]),
        digital_unit_cost: decimal("0.15"),
        telephone_unit_cost: decimal("2.83"),
        straight_through: decimal("0.7"),
        manual_minutes: decimal("6"),
        exception_minutes: decimal("6"),
        sampling_share: decimal("0.05"),
        sampling_minutes: decimal("3"),
        hourly_cost: decimal("20"),
        cash_releasing: decimal("0"),
    }
}

fn assert_adds_up(saving: &Saving) {
    assert_eq!(saving.contact_saving + saving.back_office_saving, saving.gross);
    assert_eq!(saving.cash_releasing + saving.time_releasing, saving.gross);
    for amount in
        [saving.contact_saving, saving.back_office_saving, saving.gross, saving.cash_releasing, saving.time_releasing]
    {
        assert_eq!(amount, pence(amount));
    }
}

#[test]
fn the_reported_potential_of_test_valley() {
    let inputs = Inputs { manual_minutes: decimal("6.24"), ..realistic() }.potential();
    let saving = saving(&inputs);
    assert_eq!(inputs.validate(), Ok(()));
    assert_eq!(saving.contact_saving, decimal("1125.60"));
    assert_eq!(saving.back_office_saving, decimal("873.60"));
    assert_eq!(saving.gross, decimal("1999.20"));
    assert_eq!(saving.per_notification, Some(decimal("4.76")));
    assert_eq!(saving.minutes_saved, decimal("2620.8"));
    assert_adds_up(&saving);
}

#[test]
fn the_realistic_scenario_and_its_own_potential() {
    let realised = saving(&realistic());
    assert_eq!(realistic().validate(), Ok(()));
    assert_eq!(realised.contact_saving, decimal("781.62"));
    assert_eq!(realised.back_office_saving, decimal("567.00"));
    assert_eq!(realised.gross, decimal("1348.62"));
    assert_eq!(realised.per_notification, Some(decimal("3.21")));
    assert_adds_up(&realised);
    let potential = saving(&realistic().potential());
    assert_eq!(potential.gross, decimal("1965.60"));
    assert_eq!(pence(realised.gross / potential.gross), decimal("0.69"));
}

/// One input low and high, then the whole saving low and high.
const SENSITIVITY: &str = "
    manual and exception minutes: 3 12 1055 1937
    telephone unit cost: 2.83 5.57 1349 2154
    avoidance: 0.5 1.0 1011 1574
    hourly cost: 15 25 1207 1490
    failure contacts: 0 0.2 1467 1230
    straight through: 0.59 0.80 1256 1433
    digital unit cost: 0.08 0.56 1372 1211
    exception minutes alone: 6 9 1349 1223
    sampling share: 0 0.10 1370 1328";

fn change(inputs: &mut Inputs, name: &str, to: Decimal) {
    match name {
        "manual and exception minutes" => {
            inputs.manual_minutes = to;
            inputs.exception_minutes = to;
        }
        "telephone unit cost" => {
            inputs.telephone_unit_cost = to;
            inputs.unit_costs.insert("telephone".to_owned(), to);
        }
        "avoidance" => inputs.avoidance = to,
        "hourly cost" => inputs.hourly_cost = to,
        "failure contacts" => inputs.failure_contacts = to,
        "straight through" => inputs.straight_through = to,
        "digital unit cost" => inputs.digital_unit_cost = to,
        "exception minutes alone" => inputs.exception_minutes = to,
        "sampling share" => inputs.sampling_share = to,
        _ => panic!("no input {name}"),
    }
}

#[test]
fn the_sensitivity_table() {
    for row in SENSITIVITY.trim().lines() {
        let (name, figures) = row.trim().split_once(": ").unwrap();
        let figures: Vec<Decimal> = figures.split(' ').map(decimal).collect();
        for (value, pounds) in [(figures[0], figures[2]), (figures[1], figures[3])] {
            let mut inputs = realistic();
            change(&mut inputs, name, value);
            let saving = saving(&inputs);
            let rounding = RoundingStrategy::MidpointAwayFromZero;
            assert_eq!(inputs.validate(), Ok(()), "{row}");
            assert_eq!(saving.gross.round_dp_with_strategy(0, rounding), pounds, "{row}");
            assert_adds_up(&saving);
        }
    }
}

#[test]
fn no_notifications_save_nothing_and_divide_by_nothing() {
    let inputs = Inputs { notifications: Decimal::ZERO, ..realistic() };
    let saving = saving(&inputs);
    assert_eq!(inputs.validate(), Ok(()));
    assert_eq!(saving.gross, Decimal::ZERO);
    assert_eq!(saving.per_notification, None);
    assert_adds_up(&saving);
}

#[test]
fn several_channels_and_some_who_would_not_have_called() {
    let channels = [("telephone", "0.5"), ("face to face", "0.1"), ("post", "0.2")];
    let costs = [("telephone", "2.83"), ("face to face", "8.62"), ("post", "12.10"), ("web", "0.15")];
    let map = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(name, it)| ((*name).to_owned(), decimal(it)));
        pairs.collect::<BTreeMap<_, _>>()
    };
    let inputs = Inputs { counterfactual: map(&channels), unit_costs: map(&costs), ..realistic() };
    assert_eq!(inputs.validate(), Ok(()));
    // 420 x 0.8 x (0.5 x 2.68 + 0.1 x 8.47 + 0.2 x 11.95) - 420 x 0.1 x 2.83
    assert_eq!(saving(&inputs).contact_saving, decimal("1419.01"));
}

#[test]
fn half_pennies_go_away_from_zero_and_the_parts_still_add_up() {
    let mut inputs = realistic().potential();
    inputs.notifications = Decimal::ONE;
    inputs.unit_costs.insert("telephone".to_owned(), decimal("1.155"));
    inputs.digital_unit_cost = Decimal::ZERO;
    inputs.manual_minutes = SIXTY;
    inputs.hourly_cost = decimal("60.305");
    let gain = saving(&inputs);
    assert_eq!(gain.contact_saving, decimal("1.16"));
    assert_eq!(gain.back_office_saving, decimal("60.31"));
    assert_eq!(gain.gross, decimal("61.47"));
    assert_adds_up(&gain);
    inputs.digital_unit_cost = decimal("2.310");
    assert_eq!(saving(&inputs).contact_saving, decimal("-1.16"));
}

#[test]
fn cash_is_part_of_the_whole() {
    let with_cash = |cash| Inputs { cash_releasing: decimal(cash), ..realistic() };
    let inputs = with_cash("1348.62");
    assert_eq!(inputs.validate(), Ok(()));
    assert_eq!(saving(&inputs).time_releasing, Decimal::ZERO);
    assert_adds_up(&saving(&with_cash("567.01")));
    for (cash, problem) in [
        ("1348.63", "cash releasing 1348.63 is more than the whole saving, 1348.62"),
        ("-0.01", "cash releasing must not be negative, and is -0.01"),
        ("0.005", "cash releasing must be in whole pence, not 0.005"),
    ] {
        assert_eq!(with_cash(cash).validate(), Err(vec![problem.to_owned()]));
    }
    let loss = Inputs { manual_minutes: Decimal::ZERO, avoidance: Decimal::ZERO, ..realistic() };
    assert!(saving(&loss).gross < Decimal::ZERO);
    assert_eq!(loss.validate(), Ok(()));
}

#[test]
fn every_problem_is_told() {
    let mut inputs = realistic();
    inputs.notifications = decimal("-1");
    inputs.hourly_cost = decimal("1000000001");
    inputs.avoidance = decimal("1.1");
    inputs.counterfactual.insert("post".to_owned(), decimal("0.2"));
    inputs.unit_costs.insert("web".to_owned(), decimal("-0.1"));
    let problems = inputs.validate().unwrap_err();
    assert_eq!(
        problems,
        [
            "notifications must not be negative, and is -1",
            "hourly cost must not be above 1000000000, and is 1000000001",
            "unit cost of web must not be negative, and is -0.1",
            "avoidance must be from 0 to 1, not 1.1",
            "post has a share but no unit cost",
            "the shares of the channels add up to 1.2, more than 1",
        ]
    );
}

#[test]
fn nothing_panics_at_the_largest_figures() {
    let mut largest = realistic();
    for figure in [
        &mut largest.notifications,
        &mut largest.manual_minutes,
        &mut largest.hourly_cost,
        &mut largest.failure_contacts,
        &mut largest.telephone_unit_cost,
    ] {
        *figure = LARGEST;
    }
    assert_eq!(largest.validate(), Ok(()));
    assert_adds_up(&saving(&largest));
    let absurd = Inputs { notifications: Decimal::MAX, hourly_cost: Decimal::MAX, ..realistic() };
    assert!(absurd.validate().is_err());
    assert!(saving(&absurd).per_notification.is_some());
}
