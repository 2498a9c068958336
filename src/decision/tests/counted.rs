//! What follows from who is counted, day by day: which award, from when to when, why it ends.

use hearth_events::{
    AwardExpiryScheduled, DiscountAwarded, Event, ExpiryReason, OccupantAdded, Period, PersonDetails, PersonId,
    Personal,
};
use jiff::civil::Date;
use serde_json::json;

use super::super::Working;
use super::super::recount::recount;
use super::{ACCOUNT, HOME, Home, accept, home, told};
use ExpiryReason::{CourseEnds, DocumentEnds, LongestInLaw, Review};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Days of 2016, the last of which is the first that is out.
fn days(from: &str, to: &str) -> Period {
    Period { from: day(&format!("2016-{from}")), to: Some(day(&format!("2016-{to}"))) }
}

/// A household with these awards of 2016, why each ends, and what else is scheduled.
fn household(home: Home, awards: &[(&str, &str, &str)], scheduled: &[(&str, &str, ExpiryReason)]) -> Working {
    let mut working = home.premises().working();
    for (code, from, to) in awards {
        let (account, code) = (ACCOUNT.parse().unwrap(), code.parse().unwrap());
        working.record(DiscountAwarded { account, code, period: days(from, to), terms: None });
    }
    for (code, on, reason) in scheduled {
        let (account, code, on) = (ACCOUNT.parse().unwrap(), code.parse().unwrap(), day(&format!("2016-{on}")));
        working.record(AwardExpiryScheduled { account, code, on, reason: *reason });
    }
    working
}

/// The awards that follow from the count, with the reason for which each ends.
fn followed(mut working: Working, from: &str) -> Vec<String> {
    let known = working.recorded().len();
    let account = ACCOUNT.parse().unwrap();
    recount(&mut working, &account, day(from));
    assert_eq!(working.misfit(), None);
    let text = |it: Option<Date>| it.map_or_else(String::new, |it| it.strftime("%m-%d").to_string());
    let said = |it: &Event| {
        if let Event::DiscountAwarded(it) = it {
            Some(format!("{} {}..{}", it.code, text(Some(it.period.from)), text(it.period.to)))
        } else if let Event::DiscountEnded(it) = it {
            Some(format!("{} ends {}", it.code, text(Some(it.to))))
        } else if let Event::AwardExpiryScheduled(it) = it {
            Some(format!("{} {} {:?}", it.code, text(Some(it.on)), it.reason))
        } else {
            None
        }
    };
    working.recorded()[known..].iter().filter_map(said).collect()
}

#[test]
fn days_after_each_other_of_the_same_discount_are_one_award() {
    let two = || home(&["Mr A"]).adults(2);
    let one_by_one = [("DR-STU", "01-01", "07-01"), ("DR-APP", "07-01", "10-01")];
    assert_eq!(followed(household(two(), &one_by_one, &[]), "2016-01-01"), ["D-SPD 01-01..10-01"]);
    // A day without anybody who is not counted lies between.
    let apart = [("DR-STU", "01-01", "06-30"), ("DR-APP", "07-01", "10-01")];
    let found = followed(household(two(), &apart, &[]), "2016-01-01");
    assert_eq!(found, ["D-SPD 01-01..06-30", "D-SPD 07-01..10-01"]);
}

#[test]
fn a_discount_that_is_held_already_is_only_completed() {
    let held = [("DR-STU", "01-01", "10-01"), ("D-SPD", "02-01", "05-01")];
    let found = followed(household(home(&["Mr A"]).adults(2), &held, &[]), "2016-01-01");
    assert_eq!(found, ["D-SPD 01-01..02-01", "D-SPD 05-01..10-01"]);
    // Held for the days after the others had left as well, when an exemption followed.
    let held = [("DR-STU", "01-01", "07-01"), ("DR-STU20", "03-01", "05-01"), ("D-SPD", "05-01", "07-01")];
    let found = followed(household(home(&["Mr A"]).adults(2), &held, &[]), "2016-01-01");
    assert_eq!(found, ["D-SPD 01-01..03-01", "X-N 03-01..05-01"]);
}

#[test]
fn what_follows_from_a_disregard_ends_for_the_reason_for_which_that_ends() {
    let awards = [("DR-APP", "01-01", "10-01"), ("DR-STU", "01-01", "07-01")];
    let scheduled = [
        ("DR-APP", "10-01", DocumentEnds),
        ("DR-APP", "07-01", Review),
        ("D-DBR", "07-01", LongestInLaw),
        ("DR-STU", "07-01", CourseEnds),
    ];
    let found = followed(household(home(&["Mr A"]).adults(3), &awards, &scheduled), "2016-01-01");
    assert_eq!(found, ["D-SPD 01-01..07-01", "D-SPD 07-01 CourseEnds"]);
}

#[test]
fn what_a_household_had_had_before_the_day_stays_as_it_was() {
    let held = [("D-SPD", "01-01", "02-01"), ("DR-STU", "02-01", "03-01")];
    let working = household(home(&["Mr A"]).adults(2), &held, &[]);
    assert_eq!(followed(working.clone(), "2016-02-01"), ["D-SPD 02-01..03-01"]);
    assert_eq!(followed(working, "2016-01-31"), ["D-SPD ends 01-31", "D-SPD 02-01..03-01"]);
}

#[test]
fn an_adult_more_ends_the_discount_from_the_day_they_are_counted() {
    let mut working = household(home(&["Mr A"]).alone(), &[], &[]);
    let name = PersonDetails { name: "Ms B".into(), ..PersonDetails::default() };
    let person = Personal::open_for(PersonId::from_bits(7), name);
    working.record(OccupantAdded { account: ACCOUNT.parse().unwrap(), person, from: day("2016-04-01"), adults: 2 });
    assert_eq!(followed(working, "2016-01-01"), ["D-SPD ends 04-01"]);
}

/// Ms B is impaired and drops out beside Mr A: the awards of the account under which he goes on.
fn goes_on_without(home: Home) -> Vec<String> {
    let details = json!({"person": "Ms B", "certified_from": "2015-12-01", "benefit": "attendance-allowance",
        "benefit_from": "2016-01-01"});
    let more = json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}});
    let it = accept(&[home], told("severe-mental-impairment", "2016-01-10", "Mr A", more, details)).applied();
    let account = it.after[0].accounts.last().unwrap();
    let [stays] = account.liable_persons.as_slice() else { panic!("{account:?}") };
    assert_eq!(stays.person(), it.after[0].accounts[0].liable_persons[0].person(), "who is not impaired");
    let anew = it.types(0).into_iter().skip_while(|it| *it != "LiabilityStarted");
    assert_eq!(anew.filter(|it| *it == "DiscountEnded").count(), 0, "nothing is awarded only to end");
    account.awards.iter().map(|it| format!("{} {}", it.code, it.period.from)).collect()
}

#[test]
fn who_goes_on_alone_keeps_what_is_not_of_the_count_and_whoever_else_is_not_counted() {
    let couple = |adults| home(&["Mr A", "Ms B"]).adults(adults);
    assert_eq!(
        goes_on_without(couple(3).award("DR-APP").award("D-DBR")),
        ["DR-APP 2016-01-01", "D-DBR 2016-01-01", "DR-SMI 2016-01-01", "D-SPD 2016-01-01"]
    );
    assert_eq!(
        goes_on_without(couple(2).award("DR-APP").award("D-SPD")),
        ["DR-APP 2016-01-01", "DR-SMI 2016-01-01", "D-50 2016-01-01"]
    );
}
