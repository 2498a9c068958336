//! What is told of some changes, word for word.

use hearth_events::NotificationKind as It;
use serde_json::{Value, json};

use super::super::super::body::body;
use super::super::super::steps::{kinds, steps};
use super::{Answers, texts, walk};

/// What is told by these answers, beside the first ones that there are.
fn told(role: &str, kind: It, chosen: &[(&str, &[&str])]) -> Value {
    let chosen = chosen.iter().map(|(field, typed)| ((*field).to_owned(), texts(typed))).collect();
    body(&walk(role, kind, &chosen).0, kind, "page-1")
}

#[test]
fn a_move_within_tells_of_both_homes() {
    let both = told(
        "own",
        It::MoveWithin,
        &[
            ("about:dwelling", &["999000000001"]),
            ("move-within:effective_on", &["5", "12", "2015"]),
            ("move-within:alone", &["no"]),
            ("move-within:others", &["Mr Bob Test"]),
            ("move-within:from-dwelling", &["999000000002"]),
            ("move-within:stayed", &["no"]),
            ("move-within:next-name", &["Test Homes Ltd"]),
        ],
    );
    assert_eq!(both["effective_on"], "2015-12-05");
    assert_eq!(both["dwelling"], json!({"uprn": "999000000001"}));
    let details = json!({"from_dwelling": {"uprn": "999000000002"}, "moved_out_on": "2015-12-01", "tenure": "owner",
        "persons": [{"name": "Ms Ada Test"}, {"name": "Mr Bob Test"}], "sole_adult": false, "everyone_moved": true,
        "successor": {"kind": "owner", "name": "Test Homes Ltd"}});
    assert_eq!(both["details"], details);
    // A home that is not in the list is written, and where somebody stays nobody follows.
    let written = told(
        "third-party",
        It::MoveWithin,
        &[("move-within:from-postcode-found", &["0"]), ("move-within:persons", &["Mr Cy Test"])],
    );
    let from = json!({"address": "9 Elsewhere Street\nOtherton", "postcode": "SP10 1AA"});
    assert_eq!(written["details"]["from_dwelling"], from);
    assert_eq!(written["details"]["persons"], json!([{"name": "Mr Cy Test"}]));
    assert_eq!(
        (&written["details"]["sole_adult"], &written["details"]["everyone_moved"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(written["details"]["successor"], json!({"kind": "unknown"}));
    assert_eq!(written["submitted_by"]["role"], "third-party");
}

#[test]
fn whoever_tells_of_others_does_not_move_with_them() {
    let others = told("third-party", It::MoveIn, &[]);
    assert_eq!(others["details"]["persons"], json!([{"name": "Ms Bea Test"}, {"name": "Mr Cy Test"}]));
    assert_eq!(others["details"]["sole_adult"], json!(false));
    let own = told("own", It::MoveIn, &[]);
    assert_eq!(own["details"]["persons"], json!([{"name": "Ms Ada Test"}]));
    let out = told("own", It::MoveOut, &[("move-out:alone", &["no"]), ("move-out:forwarding", &["not-known"])]);
    assert_eq!(out["details"]["persons_leaving"], json!(["Ms Ada Test", "Ms Bea Test", "Mr Cy Test"]));
    assert_eq!(out["details"]["forwarding_address"], "not-known");
    let kept = told("own", It::MoveOut, &[("move-out:next", &["kept"])]);
    assert_eq!(kept["details"]["successor"], json!({"kind": "owner", "name": "Ms Ada Test"}));
}

#[test]
fn a_change_of_tenants_is_told_of_the_first_day_of_the_new_tenancy() {
    let ended: (&str, &[&str]) = ("tenancy-change:details.tenancy_ended_on", &["30", "11", "2015"]);
    let both = told("landlord", It::TenancyChange, &[ended, ("tenancy-change:forwarding", &["not-known"])]);
    let details = json!({"tenancy_ended_on": "2015-11-30", "outgoing": ["Ms Bea Test", "Mr Cy Test"],
        "forwarding_address": "not-known", "tenancy_starts_on": "2015-12-01",
        "incoming": [{"name": "Ms Bea Test"}, {"name": "Mr Cy Test"}], "joint_tenancy": true, "furnished": true});
    assert_eq!((&both["effective_on"], &both["details"]), (&json!("2015-12-01"), &details));
    let empty = told("agent", It::TenancyChange, &[ended, ("tenancy-change:what", &["ended"])]);
    assert_eq!(empty["effective_on"], "2015-12-01");
    assert_eq!(empty["submitted_by"]["role"], "agent");
    // One tenant holds one tenancy without being asked.
    let one = told(
        "landlord",
        It::TenancyChange,
        &[("tenancy-change:what", &["starts"]), ("tenancy-change:details.incoming", &["Ms Bea Test"])],
    );
    let details = json!({"tenancy_starts_on": "2015-12-01", "incoming": [{"name": "Ms Bea Test"}],
        "joint_tenancy": true, "furnished": true});
    assert_eq!(one["details"], details);
}

#[test]
fn each_student_has_their_own_course_and_adults_are_counted_once() {
    let both = told(
        "own",
        It::Student,
        &[
            ("student:who", &["both"]),
            ("student:students", &["Mr Cy Test"]),
            ("student:my.course", &["Law"]),
            ("student:students.0.course", &["Physics"]),
        ],
    );
    let course = |name: &str, course: &str| {
        json!({"name": name, "institution": "Something", "course": course, "starts": "2015-12-01",
            "ends": "2015-12-01", "hours_per_week": 1, "weeks_per_year": 1})
    };
    let students = json!([course("Ms Ada Test", "Law"), course("Mr Cy Test", "Physics")]);
    assert_eq!(both["details"], json!({"students": students, "adults": 2}));
    let more = told("own", It::Student, &[("student:everybody", &["no"]), ("student:adults", &["3"])]);
    assert_eq!(more["details"]["adults"], 3);
}

#[test]
fn what_follows_from_the_answers_is_told_without_being_asked() {
    let claim = told("own", It::SinglePersonDiscountClaim, &[]);
    let left = json!([
        {"name": "Ms Bea Test", "left_on": "2015-12-01", "new_address": "9 Elsewhere Street\nOtherton"},
        {"name": "Mr Cy Test", "left_on": "2015-12-01", "new_address": "9 Elsewhere Street\nOtherton"},
    ]);
    assert_eq!(claim["details"], json!({"adults_left": left, "other_adults_remaining": 0}));
    let nobody = told("own", It::SinglePersonDiscountClaim, &[("single-person-discount-claim:anybody", &["no"])]);
    assert_eq!(nobody["details"], json!({"other_adults_remaining": 0}));
    // Long before there was this tax: since there has been.
    let ill = told("own", It::SevereMentalImpairment, &[("severe-mental-impairment:details.benefit_from", &[""])]);
    assert_eq!((&ill["effective_on"], &ill["details"]["certified_from"]), (&json!("1993-04-01"), &json!("1981-03-27")));
    let paper = told("own", It::Paperless, &[("paperless:how", &["paper"])]);
    assert_eq!(paper["details"], json!({"paperless": false}));
    let email = told("own", It::Paperless, &[]);
    assert_eq!(email["details"], json!({"paperless": true, "email": "ada@example.org"}));
    assert_eq!(email["effective_on"], "2015-12-01", "the day of the last answer");
    let estate = told("executor", It::Probate, &[("probate:others", &[""]), ("probate:home", &["kept"])]);
    assert_eq!(estate["details"]["executors"], json!([{"name": "Ms Ada Test"}]));
    let renamed = told("own", It::ChangeOfName, &[("change-of-name:details.new_name", &["Ms Ada New"])]);
    assert_eq!(
        (&renamed["details"]["old_name"], &renamed["details"]["new_name"]),
        (&json!("Ms Ada Test"), &json!("Ms Ada New"))
    );
    let cared = told("third-party", It::DisregardClaim, &[("disregard-claim:class", &["care-worker"])]);
    assert_eq!(
        (&cared["details"]["person"], &cared["details"]["class"]),
        (&json!("Ms Ada Test"), &json!("care-worker"))
    );
}

/// Answers in which these kinds are chosen.
fn chosen(answers: &[(&str, &[&str])]) -> Answers {
    let mut all = Answers::default();
    for (field, typed) in answers {
        all.put(field, texts(typed));
    }
    all
}

#[test]
fn a_discount_that_comes_with_a_move_is_not_claimed_again() {
    let about: [(&str, &[&str]); 4] = [
        ("about:who", &["own"]),
        ("about:topics", &["moving", "household"]),
        ("about:moving", &["move-in"]),
        ("about:household", &["single-person-discount-claim"]),
    ];
    assert_eq!(kinds(&chosen(&about)), [It::MoveIn, It::SinglePersonDiscountClaim]);
    let alone = [about.as_slice(), &[("move-in:alone", &["yes"])]].concat();
    assert_eq!(kinds(&chosen(&alone)), [It::MoveIn]);
    let not_alone = [about.as_slice(), &[("move-in:alone", &["no"])]].concat();
    assert_eq!(kinds(&chosen(&not_alone)), [It::MoveIn, It::SinglePersonDiscountClaim]);
}

#[test]
fn what_was_chosen_in_another_role_is_not_told() {
    let changed = chosen(&[
        ("about:who", &["landlord"]),
        ("about:topics", &["moving"]),
        ("about:moving", &["move-in"]),
        ("about:letting", &["tenancy-change"]),
    ]);
    assert_eq!(kinds(&changed), [It::TenancyChange]);
    assert!(steps(&changed).iter().all(|it| it.scope != "move-in" && it.question.id != "account"));
}
