//! Who is not counted.

use hearth_events::{Outcome, ReasonCode};
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, Home, home, tell, told};
use ReasonCode::{R08, R10, R19, R23};

fn claims(home: Home, on: &str, details: Value) -> Decided {
    tell(&[home], told("disregard-claim", on, "Mr A", json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details))
}

fn benefit(home: Home, born: &str, ends: &str, document: &str) -> Decided {
    let details = json!({"person": "Kit", "class": "child-benefit", "date_of_birth": born, "ends_on": ends,
        "evidence": [{"kind": document, "file_name": "l.pdf"}]});
    claims(home, "2016-01-10", details)
}

#[test]
fn a_child_who_is_18_today_and_has_child_benefit_leaves_the_discount_as_it_is() {
    let it = benefit(home(&["Mr A"]).alone(), "1998-01-10", "2016-08-31", "child-benefit-letter").applied();
    assert_eq!(it.types(0)[..3], ["DiscountAwarded", "OccupantAdded", "DiscountEnded"]);
    let account = &it.after[0].accounts[0];
    assert_eq!(account.award_on("D-SPD", super::TODAY).unwrap().period.to.unwrap().to_string(), "2016-09-01");
    assert_eq!(account.adults_on(super::TODAY), Some(2));
    assert_eq!(it.net(0, 0), "2745.00", "three quarters of the year");
}

#[test]
fn an_adult_beside_one_who_is_not_counted_has_the_discount_for_as_long() {
    let it = benefit(home(&["Mr A"]).adults(2), "1997-06-01", "2016-08-31", "child-benefit-letter").applied();
    assert_eq!(it.types(0)[..2], ["DiscountAwarded", "DiscountAwarded"]);
    assert_eq!(it.net(0, 0), "3455.00");
    let it = benefit(home(&["Mr A", "Ms B"]).adults(3), "1997-06-01", "2016-08-31", "child-benefit-letter").applied();
    assert_eq!(it.net(0, 0), "3660.00", "two are counted");
}

#[test]
fn child_benefit_ends_with_the_twentieth_birthday_at_the_latest() {
    let it = benefit(home(&["Mr A"]).adults(2), "1996-03-01", "2016-08-31", "child-benefit-letter").applied();
    let award = it.after[0].accounts[0].award_on("DR-CB", super::TODAY).unwrap();
    assert_eq!(award.period.to.unwrap().to_string(), "2016-03-01");
}

#[test]
fn what_does_not_follow_from_dates_and_documents_is_referred() {
    benefit(home(&["Mr A"]).adults(2), "1997-06-01", "2016-08-31", "photo").referred(&[R08]);
    benefit(home(&["Mr A"]).adults(2), "1998-01-11", "2016-08-31", "child-benefit-letter").referred(&[R10]);
    benefit(home(&["Mr A"]).adults(2), "1996-01-10", "2016-08-31", "child-benefit-letter").referred(&[R10]);
    benefit(home(&["Mr A"]), "1997-06-01", "2016-08-31", "child-benefit-letter").referred(&[R19]);
    benefit(home(&["Mr A"]).alone(), "1997-06-01", "2016-08-31", "child-benefit-letter").referred(&[R19]);
    benefit(home(&["Kit", "Mr A"]).adults(3), "1997-06-01", "2016-08-31", "child-benefit-letter").referred(&[R10]);
    benefit(home(&["Mr A"]).adults(2).award("DR-CB"), "1997-06-01", "2016-08-31", "child-benefit-letter")
        .comes_to(Outcome::Duplicate, &[R23]);
}

#[test]
fn a_leaver_is_left_out_of_the_count_from_may_to_october_only() {
    let leaver = |on: &str| {
        let details = json!({"person": "Kit", "class": "school-leaver", "date_of_birth": "1997-06-01",
            "evidence": [{"kind": "school-letter", "file_name": "l.pdf"}]});
        claims(home(&["Mr A"]).adults(2), on, details)
    };
    let it = leaver("2015-10-31").applied();
    let award = it.after[0].accounts[0].award_on("DR-LEAV", "2015-10-31".parse().unwrap()).unwrap();
    assert_eq!(award.period.to.unwrap().to_string(), "2015-11-01");
    // A quarter off one day at £10.
    assert_eq!(it.net(0, 0), "3657.50");
    leaver("2015-11-01").referred(&[R10]);
}

#[test]
fn every_other_class_is_a_judgement_with_its_own_documents() {
    let claim = |class: &str, document: &str| {
        let details = json!({"person": "Kit", "class": class, "evidence": [{"kind": document, "file_name": "l.pdf"}]});
        claims(home(&["Mr A"]).adults(2), "2016-01-10", details)
    };
    for (class, document) in [
        ("apprentice", "employer-letter"),
        ("care-leaver", "social-services-letter"),
        ("carer", "benefit-letter"),
        ("detained", "prison-letter"),
        ("homes-for-ukraine", "scheme-letter"),
        ("hospital", "hospital-letter"),
    ] {
        claim(class, document).referred(&[R10]);
        claim(class, "none").referred(&[R08, R10]);
    }
}
