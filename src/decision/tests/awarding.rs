//! How long an award is made for and why it ends; and the bills that a new account is taken over with.

use std::collections::BTreeMap;

use hearth_events::{DiscountEnded, Event, ExpiryReason, Period, PolicyAdopted};
use hearth_projections::DwellingState;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::super::Working;
use super::super::awarding::{Granted, grant};
use super::super::table::{Fails, fails_of};
use super::{ACCOUNT, HOME, Home, TODAY, council, empty, home, under};
use crate::rules::Council;
use ExpiryReason::{DocumentEnds, LongestInLaw};

#[test]
fn an_award_lasts_no_longer_than_liability_and_the_law() {
    let ending = |month| Some(date(2016, month, 1));
    for (what, liable_to, code, to, awarded_to, scheduled) in [
        ("open", None, "D-SPD", None, None, None),
        ("to a day", None, "D-SPD", ending(4), ending(4), Some(DocumentEnds)),
        ("open, six months in law", None, "X-B", None, ending(7), Some(LongestInLaw)),
        ("longer than the law lets it", None, "X-B", ending(8), ending(7), Some(LongestInLaw)),
        ("as long as the law lets it", None, "X-B", ending(7), ending(7), Some(DocumentEnds)),
        ("less than the law lets it", None, "X-B", ending(5), ending(5), Some(DocumentEnds)),
        ("open, where liability ends", ending(3), "D-SPD", None, ending(3), None),
        ("beyond liability", ending(3), "D-SPD", ending(4), ending(3), None),
        ("with liability", ending(3), "D-SPD", ending(3), ending(3), Some(DocumentEnds)),
        ("within liability", ending(3), "D-SPD", ending(2), ending(2), Some(DocumentEnds)),
    ] {
        let mut working = home(&["Mr A"]).premises().working();
        let account = ACCOUNT.parse().unwrap();
        if let Some(to) = liable_to {
            working.end_liability(&account, to, Vec::new());
        }
        let from = date(2016, 1, 1);
        grant(&mut working, Granted::from(&account, code, from).until(to, DocumentEnds));
        let awards = &working.now().account(&account).unwrap().awards;
        let period = Period { from, to: awarded_to };
        assert_eq!(
            awards.iter().map(|it| (it.code.as_str(), it.period)).collect::<Vec<_>>(),
            [(code, period)],
            "{what}"
        );
        let ends = working.recorded().iter().find_map(|it| {
            if let Event::AwardExpiryScheduled(it) = it { Some((Some(it.on), it.reason)) } else { None }
        });
        assert_eq!(ends, scheduled.map(|reason| (awarded_to, reason)), "{what}");
    }
}

/// The bills of a home that is new here on a day: whether another system had issued each, by its year.
fn taken_over(home: &Home, today: Date) -> BTreeMap<String, bool> {
    taken_over_under(&council(), home, today)
}

fn taken_over_under(council: &Council, home: &Home, today: Date) -> BTreeMap<String, bool> {
    let mut working = Working::of(HOME.parse().unwrap(), DwellingState::default());
    home.events().into_iter().for_each(|event| working.record(event));
    working.charge_what_has_a_rule(council);
    working.take_over_bills(council, today);
    assert_eq!(working.misfit(), None);
    let bills = working.recorded().iter().filter_map(|it| {
        if let Event::DemandNoticeIssued(it) = it { Some((it.financial_year.to_string(), it.taken_over)) } else { None }
    });
    bills.collect()
}

#[test]
fn bills_of_years_that_had_begun_are_taken_over_and_the_next_is_issued() {
    let bills =
        |years: [bool; 3]| ["2014/15", "2015/16", "2016/17"].map(str::to_owned).into_iter().zip(years).collect();
    for (today, expected) in [
        (date(2015, 3, 31), [true, false, false]),
        (date(2015, 4, 1), [true, true, false]),
        (TODAY, [true, true, false]),
    ] {
        assert_eq!(taken_over(&home(&["Mr A"]), today), bills(expected), "{today}");
    }
    assert!(taken_over(&home(&["Mr A"]).award("X-N"), TODAY).is_empty(), "nothing is owed, so nothing was asked for");
    let given = PolicyAdopted { empty_discount_percent: Some(Decimal::ONE_HUNDRED), ..PolicyAdopted::default() };
    let nothing = empty("Mr A").at(HOME).award("D-LOC-C");
    assert!(taken_over_under(&under(given), &nothing, TODAY).is_empty(), "all of it is taken off");
    let mut known = home(&["Mr A"]).premises().working();
    known.take_over_bills(&council(), TODAY);
    assert_eq!(known.recorded(), [], "an account that is known already is not taken over");
}

#[test]
fn what_nobody_had_to_pay_before_has_a_first_bill() {
    let mut working = home(&["Mr A"]).award("X-N").premises().working();
    let (account, code) = (ACCOUNT.parse().unwrap(), "X-N".parse().unwrap());
    working.record(DiscountEnded { account, code, to: date(2016, 1, 10) });
    working.charge(&council()).unwrap();
    working.bill(&council(), TODAY, |_| true);
    let bills = working.recorded().iter().filter_map(|it| {
        if let Event::DemandNoticeIssued(it) = it { Some((it.net.to_string(), it.taken_over)) } else { None }
    });
    // 82 days at £10, and the year to come.
    assert_eq!(bills.collect::<Vec<_>>(), [("820.00".to_owned(), false), ("3650.00".to_owned(), false)]);
    assert!(working.recorded().iter().all(|it| it.type_name() != "AdjustmentNoticeIssued"));
}

#[test]
fn a_check_fails_in_the_ways_of_its_own_rows() {
    assert_eq!(fails_of("not-told-before"), [Fails::Duplicate]);
    assert_eq!(fails_of("no-such-check"), []);
}
