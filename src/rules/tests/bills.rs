//! The worked examples B1 to B15 of bills.

use hearth_events::HalfPound::{HalfDown, HalfUp};
use hearth_events::{FinancialYear, Money};

use super::{day, money};
use crate::rules::bills::{YearOver, adjusted, closed, penalty, year_over};
use crate::rules::instalments::Scheme::{Ten, Twelve};
use crate::rules::instalments::{Division, Instalment, Scheme, count, notice_over, plan, split};

fn year(text: &str) -> FinancialYear {
    text.parse().unwrap()
}

/// On the 1st of the month.
fn division(scheme: Scheme) -> Division {
    Division { scheme, day: 1, chosen: false, ties: HalfUp, by_direct_debit: false }
}

/// `147.74 + 9 x 152.00`.
fn shown(parts: &[Money]) -> String {
    match parts {
        [] => "nothing".to_owned(),
        [first] => first.to_string(),
        [first, each, ..] => {
            assert!(parts[1..].iter().all(|it| it == each), "{parts:?}");
            format!("{first} + {} x {each}", parts.len() - 1)
        }
    }
}

fn amounts(plan: &[Instalment]) -> String {
    shown(&plan.iter().map(|it| it.amount).collect::<Vec<_>>())
}

#[test]
fn b1_to_b10_the_first_carries_the_remainder_and_none_is_under_five_pounds() {
    for (id, total, number, ties, expected) in [
        ("B1", "1515.74", 10, HalfUp, "147.74 + 9 x 152.00"),
        ("B2 of ten", "2075.71", 10, HalfUp, "203.71 + 9 x 208.00"),
        ("B2 of twelve", "2075.71", 12, HalfUp, "172.71 + 11 x 173.00"),
        ("B3 of ten", "1845.08", 10, HalfUp, "180.08 + 9 x 185.00"),
        ("B3 of twelve", "1845.08", 12, HalfUp, "151.08 + 11 x 154.00"),
        ("B4", "1162.65", 6, HalfUp, "192.65 + 5 x 194.00"),
        ("B5", "53.00", 10, HalfUp, "8.00 + 9 x 5.00"),
        ("B6", "46.00", 10, HalfUp, "6.00 + 8 x 5.00"),
        ("B7 half up", "44.00", 10, HalfUp, "8.00 + 6 x 6.00"),
        ("B7 half down", "44.00", 10, HalfDown, "9.00 + 7 x 5.00"),
        ("B8", "27.30", 10, HalfUp, "7.30 + 4 x 5.00"),
        ("B9", "48.20", 10, HalfUp, "8.20 + 8 x 5.00"),
        ("B10", "9.99", 10, HalfUp, "9.99"),
        ("nothing", "0.00", 10, HalfUp, "nothing"),
        ("a whole number of pounds", "1500.00", 10, HalfUp, "150.00 + 9 x 150.00"),
        ("a credit", "-5.00", 10, HalfUp, "nothing"),
        ("ten pounds", "10.00", 10, HalfUp, "5.00 + 1 x 5.00"),
        ("a first part below nothing", "54.60", 12, HalfUp, "9.60 + 9 x 5.00"),
        ("one payment however small", "3.00", 1, HalfUp, "3.00"),
        ("an exact half pound, up", "1466.50", 7, HalfUp, "206.50 + 6 x 210.00"),
        ("an exact half pound, down", "1466.50", 7, HalfDown, "212.50 + 6 x 209.00"),
    ] {
        assert_eq!(shown(&split(money(total), number, ties)), expected, "{id}");
    }
}

#[test]
fn b4_a_bill_in_august_has_six() {
    let issued = day("2024-08-20");
    let plan = plan(money("1162.65"), division(Ten), year("2024/25"), issued);
    assert_eq!(amounts(&plan), "192.65 + 5 x 194.00");
    let due: Vec<_> = plan.iter().map(|it| it.due.to_string()).collect();
    assert_eq!(due, ["2024-10-01", "2024-11-01", "2024-12-01", "2025-01-01", "2025-02-01", "2025-03-01"]);
}

#[test]
fn b11_how_many_by_the_day_of_issue() {
    for (issued, ten, twelve) in [
        ("2024-03-01", 10, 12),
        ("2024-03-31", 10, 12),
        ("2024-04-01", 10, 12),
        ("2024-04-30", 10, 12),
        ("2024-05-01", 9, 11),
        ("2024-05-31", 9, 11),
        ("2024-06-15", 8, 10),
        ("2024-07-15", 7, 9),
        ("2024-08-20", 6, 8),
        ("2024-09-15", 5, 7),
        ("2024-10-15", 4, 6),
        ("2024-11-15", 3, 5),
        ("2024-12-31", 2, 4),
        ("2025-01-02", 1, 3),
        ("2025-02-28", 1, 2),
        ("2025-03-31", 1, 1),
        ("2025-04-01", 1, 1),
    ] {
        let of = |scheme| count(scheme, year("2024/25"), day(issued));
        assert_eq!((of(Ten), of(Twelve)), (ten, twelve), "issued {issued}");
    }
}

#[test]
fn whoever_asks_for_twelve_in_time_has_twelve() {
    let of = year("2024/25");
    for (issued, chosen, first, parts) in [
        ("2024-03-10", false, "2024-04-01", "306.00 + 11 x 304.00"),
        ("2024-03-18", false, "2024-04-01", "306.00 + 11 x 304.00"),
        ("2024-03-25", false, "2024-04-08", "306.00 + 11 x 304.00"),
        ("2024-04-10", false, "2024-04-24", "306.00 + 11 x 304.00"),
        ("2024-04-16", false, "2024-04-30", "306.00 + 11 x 304.00"),
        ("2024-05-10", false, "2024-05-24", "330.00 + 10 x 332.00"),
        ("2024-05-20", false, "2024-06-03", "365.00 + 9 x 365.00"),
        // Their own day stays theirs.
        ("2024-04-10", true, "2024-05-01", "330.00 + 10 x 332.00"),
    ] {
        let plan = plan(money("3650.00"), Division { chosen, ..division(Twelve) }, of, day(issued));
        assert_eq!((plan[0].due, amounts(&plan).as_str()), (day(first), parts), "issued {issued}");
        assert!(plan.iter().all(|it| it.due < of.end()), "issued {issued}");
    }
}

#[test]
fn every_day_of_issue_gives_fourteen_days_and_days_in_order_within_the_year() {
    let of = year("2023/24");
    let mut issued = day("2023-02-15");
    while issued < of.end() {
        for scheme in [Ten, Twelve] {
            let plan = plan(money("2000.00"), division(scheme), of, issued);
            let (number, most) = (plan.len(), count(scheme, of, issued) as usize);
            assert!(
                number == most || scheme == Twelve && number < most && plan[number - 1].due >= day("2024-03-01"),
                "{issued}"
            );
            assert!(scheme == Twelve || plan.iter().all(|it| it.due.day() == 1), "{issued}");
            let day_of_month = plan[0].due.day();
            let is_same = |it: &Instalment| it.due.day() == day_of_month || it.due.tomorrow().unwrap().day() == 1;
            assert!(plan.iter().all(is_same), "{issued}");
            assert!(plan.iter().all(|it| it.due >= notice_over(issued) && it.due >= of.first_day()), "{issued}");
            assert!(plan.iter().zip(plan.iter().skip(1)).all(|(one, other)| one.due <= other.due), "{issued}");
            assert!(plan.len() == 1 || plan.iter().all(|it| it.due < of.end()), "{issued}");
            assert_eq!(plan.iter().map(|it| it.amount).sum::<Money>(), money("2000.00"));
        }
        issued = issued.tomorrow().unwrap();
    }
}

#[test]
fn a_bill_before_the_year_falls_due_on_the_first_of_each_month() {
    let plan = plan(money("2289.49"), division(Ten), year("2024/25"), day("2024-03-10"));
    assert_eq!(plan.first().unwrap().due, day("2024-04-01"));
    assert_eq!(plan.last().unwrap().due, day("2025-01-01"));
    assert_eq!(amounts(&plan), "228.49 + 9 x 229.00");
}

#[test]
fn b12_an_adjustment_spreads_what_is_left_after_what_was_payable() {
    let plan = plan(money("2289.49"), division(Ten), year("2024/25"), day("2024-03-10"));
    let owed = money("2289.49") - money("429.67");
    let after = adjusted(owed, &plan, Money::ZERO, day("2024-07-10"), HalfUp);
    assert_eq!(after.day, day("2024-07-24"));
    assert_eq!((owed, after.accounted_for), (money("1859.82"), money("915.49")));
    assert_eq!(amounts(&after.instalments), "159.33 + 5 x 157.00");
    assert_eq!(after.instalments.first().unwrap().due, day("2024-08-01"));
    assert_eq!(after.credit, Money::ZERO);
}

#[test]
fn b13_a_change_over_two_years_is_two_notices() {
    let issued = day("2024-06-03");
    let prior = year_over(money("1350.00"), money("1350.00") + money("60.25"), issued);
    assert_eq!(prior, YearOver::More(Instalment { due: day("2024-06-17"), amount: money("60.25") }));
    let plan = plan(money("1417.50"), division(Ten), year("2024/25"), day("2024-03-10"));
    assert_eq!(amounts(&plan), "139.50 + 9 x 142.00");
    let after = adjusted(money("1890.00"), &plan, Money::ZERO, issued, HalfUp);
    assert_eq!(after.accounted_for, money("423.50"));
    assert_eq!(amounts(&after.instalments), "206.50 + 6 x 210.00");
    let recovered = money("60.25") + money("1890.00") - money("1417.50");
    assert_eq!(recovered, money("532.75"));
    assert_eq!(year_over(money("5.00"), money("3.00"), issued), YearOver::Less(money("2.00")));
    assert_eq!(year_over(money("5.00"), money("5.00"), issued), YearOver::AsBefore);
}

#[test]
fn an_adjustment_can_leave_a_single_sum_a_credit_or_a_last_instalment() {
    let plan = plan(money("1000.00"), division(Ten), year("2024/25"), day("2024-03-10"));
    let late = adjusted(money("1100.00"), &plan, Money::ZERO, day("2025-01-10"), HalfUp);
    assert_eq!(late.instalments, [Instalment { due: day("2025-01-24"), amount: money("100.00") }]);
    let less = adjusted(money("300.00"), &plan, Money::ZERO, day("2024-07-10"), HalfUp);
    assert_eq!((less.instalments.len(), less.credit), (0, money("100.00")));
    let early = adjusted(money("1000.00"), &plan, money("550.00"), day("2024-07-10"), HalfUp);
    assert_eq!((early.accounted_for, amounts(&early.instalments).as_str()), (money("950.00"), "10.00 + 5 x 8.00"));
    // An instalment due on the adjustment day itself is still to be adjusted.
    let on_the_day = adjusted(money("900.00"), &plan, Money::ZERO, day("2024-07-18"), HalfUp);
    assert_eq!((on_the_day.day, on_the_day.accounted_for), (day("2024-08-01"), money("400.00")));
}

#[test]
fn b14_b15_closing_compares_what_is_owed_with_what_had_fallen_due() {
    let of = |total, year_text, issued| plan(money(total), division(Ten), year(year_text), day(issued));
    let walsall = of("1422.05", "2015/16", "2015-03-10");
    assert_eq!(amounts(&walsall), "144.05 + 9 x 142.00");
    let b14 = closed(money("679.94"), &walsall, day("2015-09-23"), money("854.05"), day("2015-10-01"));
    assert_eq!((b14.fallen_due, b14.credit), (money("854.05"), money("174.11")));
    assert_eq!((b14.arrears, b14.shortfall), (Money::ZERO, None));

    let harrow = of("2032.28", "2024/25", "2024-03-10");
    assert_eq!(amounts(&harrow), "205.28 + 9 x 203.00");
    let b15 = closed(money("1781.72"), &harrow, day("2025-02-15"), money("2032.28"), day("2025-02-20"));
    assert_eq!((b15.credit, b15.shortfall), (money("250.56"), None));
}

#[test]
fn closing_clears_unpaid_instalments_first_and_asks_for_what_is_short() {
    let plan = plan(money("1000.00"), division(Ten), year("2024/25"), day("2024-03-10"));
    let close = |owed, ended, paid| closed(money(owed), &plan, day(ended), money(paid), day("2024-09-01"));
    // Five had fallen due; £30 less is owed, which first clears the fifth that was not paid.
    let cleared = close("470.00", "2024-08-20", "400.00");
    assert_eq!((cleared.arrears, cleared.credit, cleared.shortfall), (money("70.00"), Money::ZERO, None));
    let short = close("520.00", "2024-08-20", "400.00");
    assert_eq!(short.arrears, money("100.00"));
    assert_eq!(short.shortfall, Some(Instalment { due: day("2024-09-15"), amount: money("20.00") }));
    // What was paid ahead counts towards what is short.
    assert_eq!(close("520.00", "2024-08-20", "520.00").shortfall, None);
    // An instalment that is due on the very day of leaving is due.
    assert_eq!(close("500.00", "2024-08-01", "0.00").fallen_due, money("500.00"));
    assert_eq!(close("500.00", "2024-07-31", "0.00").fallen_due, money("400.00"));
}

#[test]
fn a_penalty_is_dearer_the_second_time() {
    assert_eq!((penalty(false), penalty(true)), (money("70.00"), money("280.00")));
}
