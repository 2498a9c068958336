//! Who is not counted.

use hearth_events::{DiscountEnded, Outcome, PolicyAdopted, ReasonCode};
use serde_json::{Value, json};

use super::world::World;
use super::{ACCOUNT, Decided, HOME, Home, accept, accept_under, home, tell, told};
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
    let scheduled = "AwardExpiryScheduled";
    let types = ["OccupantAdded", "DiscountAwarded", scheduled, "DiscountEnded", scheduled];
    assert_eq!(it.types(0)[..5], types);
    let account = &it.after[0].accounts[0];
    assert_eq!(account.award_on("D-SPD", super::TODAY).unwrap().period.to.unwrap().to_string(), "2016-09-01");
    assert_eq!(account.adults_on(super::TODAY), Some(2));
    assert_eq!(it.net(0, 0), "2745.00", "three quarters of the year");
}

#[test]
fn an_adult_beside_one_who_is_not_counted_has_the_discount_for_as_long() {
    let it = benefit(home(&["Mr A"]).adults(2), "1997-06-01", "2016-08-31", "child-benefit-letter").applied();
    let (awarded, scheduled) = ("DiscountAwarded", "AwardExpiryScheduled");
    assert_eq!(it.types(0)[..4], [awarded, scheduled, awarded, scheduled]);
    assert_eq!(ahead(&it), ["D-SPD 2016-09-01 DocumentEnds", "DR-CB 2016-09-01 DocumentEnds"]);
    assert_eq!(it.net(0, 0), "3455.00");
    let it = benefit(home(&["Mr A", "Ms B"]).adults(3), "1997-06-01", "2016-08-31", "child-benefit-letter").applied();
    assert_eq!(it.net(0, 0), "3660.00", "two are counted");
}

#[test]
fn child_benefit_ends_with_the_twentieth_birthday_at_the_latest() {
    let it = benefit(home(&["Mr A"]).adults(2), "1996-03-01", "2016-08-31", "child-benefit-letter").applied();
    let award = it.after[0].accounts[0].award_on("DR-CB", super::TODAY).unwrap();
    assert_eq!(award.period.to.unwrap().to_string(), "2016-03-01");
    assert_eq!(ahead(&it), ["D-SPD 2016-03-01 LongestInLaw", "DR-CB 2016-03-01 LongestInLaw"]);
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
    assert_eq!(ahead(&it), ["D-SPD 2015-11-01 LeaversOctober", "DR-LEAV 2015-11-01 LeaversOctober"]);
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

/// What is scheduled on the last account of the dwelling.
fn ahead(it: &Decided) -> Vec<String> {
    let account = it.after[0].accounts.last().unwrap();
    account.expiries_ahead().iter().map(|it| format!("{} {} {:?}", it.code, it.on, it.reason)).collect()
}

/// The awards on the last account of the dwelling.
fn awards(it: &Decided) -> Vec<String> {
    let day = |it: Option<jiff::civil::Date>| it.map_or_else(String::new, |it| it.to_string());
    let account = it.after[0].accounts.last().unwrap();
    account.awards.iter().map(|it| format!("{} {}..{}", it.code, it.period.from, day(it.period.to))).collect()
}

fn accepted(home: Home, kind: &str, details: Value) -> Decided {
    accept(&[home], told(kind, "2016-01-10", "Mr A", json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details))
}

fn impaired(home: Home, person: &str) -> Decided {
    let details = json!({"person": person, "certified_from": "2015-12-01", "benefit": "attendance-allowance",
        "benefit_from": "2016-01-01"});
    accepted(home, "severe-mental-impairment", details)
}

#[test]
fn the_impaired_are_left_out_from_the_later_of_certificate_and_benefit() {
    let it = impaired(home(&["Mr A"]).adults(2), "Ms B").applied();
    assert_eq!(awards(&it), ["DR-SMI 2016-01-01..", "D-SPD 2016-01-01.."]);
    // 275 days at £10, 91 at £7.50.
    assert_eq!(it.net(0, 0), "3432.50");
    let it = impaired(home(&["Mr A"]).alone(), "Mr A").applied();
    assert_eq!(awards(&it), ["D-SPD 2010-05-01..2016-01-01", "DR-SMI 2016-01-01..", "X-U 2016-01-01.."]);
    assert_eq!(it.net(0, 0), "2062.50", "class U: nothing from January");
    let it = impaired(home(&["Mr A"]).adults(2).award("DR-CARER").award("D-SPD"), "Mr A").applied();
    assert_eq!(awards(&it)[2..], ["DR-SMI 2016-01-01..", "D-50 2016-01-01.."]);
}

#[test]
fn who_is_impaired_drops_out_beside_others_who_are_liable() {
    let it = impaired(home(&["Mr A", "Ms B"]), "Ms B").applied();
    let accounts = &it.after[0].accounts;
    assert_eq!(
        (accounts.len(), accounts[1].liable_persons.len(), accounts[1].adults_on(super::TODAY)),
        (2, 1, Some(2))
    );
    assert_eq!(accounts[0].period.to, Some(accounts[1].period.from));
    assert_eq!(awards(&it), ["DR-SMI 2016-01-01..", "D-SPD 2016-01-01.."]);
}

#[test]
fn a_record_that_cannot_be_right_is_put_right_first() {
    impaired(home(&["Mr A"]).adults(2).award("D-SPD"), "Ms B").referred(&[R19]);
    impaired(home(&["Mr A"]).award("DR-SMI").award("X-U"), "Mr A").referred(&[R19]);
    impaired(home(&["Mr A"]).award("X-E"), "Mr A").referred(&[R10]);
}

fn students(home: Home, adults: u16, names: &[(&str, &str)]) -> Decided {
    let student = |(name, ends): &(&str, &str)| {
        json!({"name": name, "institution": "University", "course": "BSc", "starts": "2015-09-28", "ends": ends,
            "hours_per_week": 24, "weeks_per_year": 30})
    };
    let certificate = json!([{"kind": "student-certificate", "file_name": "c.pdf"}]);
    let students: Vec<_> = names.iter().map(student).collect();
    accepted(home, "student", json!({"students": students, "adults": adults, "evidence": certificate}))
}

#[test]
fn a_home_of_students_is_exempt_until_the_first_course_ends() {
    let pair = || home(&["Mr A", "Ms B"]);
    let it = students(pair(), 2, &[("Mr A", "2016-06-15"), ("Ms B", "2017-06-15")]).applied();
    assert_eq!(
        awards(&it),
        [
            "DR-STU 2015-09-28..2016-06-16",
            "DR-STU 2015-09-28..2017-06-16",
            "X-N 2015-09-28..2016-06-16",
            "D-SPD 2016-06-16..2017-06-16",
        ]
    );
    let ends: Vec<_> = ahead(&it).into_iter().map(|it| it.replace(" CourseEnds", "")).collect();
    assert_eq!(ends, ["DR-STU 2016-06-16", "X-N 2016-06-16", "D-SPD 2017-06-16", "DR-STU 2017-06-16"]);
    assert_eq!(it.net(0, 0), "1800.00", "180 days until 28 September");
    let it = students(pair(), 2, &[("Ms B", "2016-06-15")]).applied();
    assert_eq!(it.after[0].accounts[1].liable_persons.len(), 1, "only who does not study is liable");
    assert_eq!(awards(&it), ["DR-STU 2015-09-28..2016-06-16", "D-SPD 2015-09-28..2016-06-16"]);
    students(pair(), 3, &[("Ms B", "2016-06-15")]).referred(&[R19]);
}

#[test]
fn who_dropped_out_for_a_course_is_not_liable_again_by_itself_and_its_end_is_listed_until_it_comes() {
    let it = students(home(&["Mr A", "Ms B"]), 2, &[("Ms B", "2016-06-15")]).applied();
    // What is ahead is what an officer sees among the reviews; nothing is known of who is liable from that day on.
    assert_eq!(ahead(&it), ["D-SPD 2016-06-16 CourseEnds", "DR-STU 2016-06-16 CourseEnds"]);
    let accounts = &it.after[0].accounts;
    assert_eq!((accounts.len(), accounts[1].period.to, accounts[1].liable_persons.len()), (2, None, 1));
    assert_eq!(accounts[1].adults_on("2016-06-16".parse().unwrap()), Some(2), "whoever studied is counted again");
    // A full charge for the days after the course, on those who stayed liable.
    let year = "2016/17".parse().unwrap();
    assert_eq!(accounts[1].charges[&year].net.to_string(), "3460.00");
}

#[test]
fn an_officer_may_be_satisfied_of_every_class_but_not_of_a_percent_that_nobody_adopted() {
    let claim = |class: &str| json!({"person": "Kit", "class": class, "ends_on": "2016-08-31"});
    let it = accepted(home(&["Mr A"]).adults(2), "disregard-claim", claim("carer")).applied();
    assert_eq!(awards(&it), ["DR-CARER 2016-01-10..2016-09-01", "D-SPD 2016-01-10..2016-09-01"]);
    accepted(home(&["Mr A"]).adults(2), "disregard-claim", claim("care-leaver")).referred(&[R10]);
}

#[test]
fn what_a_care_leaver_is_given_is_what_policy_says_of_each_day() {
    let claim = told(
        "disregard-claim",
        "2016-01-10",
        "Mr A",
        json!({"account": ACCOUNT}),
        json!({"person": "Mr A", "class": "care-leaver", "ends_on": "2016-03-30",
            "evidence": [{"kind": "social-services-letter", "file_name": "l.pdf"}]}),
    );
    let policy = |percent: i64| PolicyAdopted { care_leaver_percent: Some(percent.into()), ..PolicyAdopted::default() };
    // An officer is asked all the same.
    super::tell_under(policy(50), &[home(&["Mr A"]).alone()], claim.clone()).referred(&[R10]);
    for (percent, off) in [(50, "-303.75"), (100, "-607.50"), (0, "")] {
        let it = accept_under(policy(percent), &[home(&["Mr A"]).alone()], claim.clone()).applied();
        assert!(awards(&it).contains(&"D-CL 2016-01-10..2016-03-31".to_owned()), "{:?}", awards(&it));
        let charges = &it.after[0].accounts[0].charges;
        let lines = charges.values().flat_map(|it| &it.lines).map(|it| &it.line).filter(|it| it.code == "D-CL");
        // Half, or all, of what the single person has left of £10.00 on each of 81 days.
        assert_eq!(lines.map(|it| it.amount.to_string()).collect::<String>(), off, "{percent}");
    }
}

#[test]
fn a_child_who_joins_is_counted_from_the_18th_birthday() {
    let joins = |more: Value| {
        let mut details = json!({"person": {"name": "Kit"}, "date_of_birth": "2000-01-20"});
        details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        accepted(home(&["Mr A"]).alone(), "occupier-joined", details).applied()
    };
    let it = joins(json!({}));
    let account = &it.after[0].accounts[0];
    assert_eq!(account.adults_on("2018-01-19".parse().unwrap()), Some(1));
    assert_eq!(account.adults_on("2018-01-20".parse().unwrap()), Some(2));
    assert_eq!(awards(&it), ["D-SPD 2010-05-01..2018-01-20"]);
    assert_eq!(ahead(&it), ["D-SPD 2018-01-20 EighteenthBirthday"]);
    assert_eq!(it.net(0, 0), "2745.00", "no change until then");
    let it = joins(json!({"date_of_birth": "1990-01-20", "not_counted_as": "student"}));
    assert_eq!(awards(&it), ["D-SPD 2010-05-01..", "DR-STU 2016-01-10.."]);
    assert_eq!(it.after[0].accounts[0].adults_on(super::TODAY), Some(2));
}

#[test]
fn the_band_below_an_annexe_and_their_reviews() {
    let policy =
        || PolicyAdopted { review_months: Some([("D-DBR".to_owned(), 12)].into()), ..PolicyAdopted::default() };
    let told = |home: Home, kind: &str, details: Value| {
        let more = json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}});
        accept_under(policy(), &[home], told(kind, "2016-01-10", "Mr A", more, details))
    };
    let disabled = json!({"disabled_person": "Mr A", "feature": "room"});
    let it = told(home(&["Mr A"]).alone(), "disabled-band-reduction", disabled.clone()).applied();
    assert_eq!(awards(&it)[1], "D-DBR 2016-01-10..");
    assert_eq!(ahead(&it), ["D-DBR 2017-01-20 Review"], "a year after it was received");
    told(home(&["Mr A"]).award("D-DBR"), "disabled-band-reduction", disabled).comes_to(Outcome::Duplicate, &[R23]);
    let annexe = |home: Home, details: Value| awards(&told(home, "annexe", details).applied());
    let relative = json!({"used_as": "home-of-relative"});
    assert_eq!(annexe(home(&["Mr A"]), relative), ["D-ANX 2016-01-10.."]);
    let depends = json!({"used_as": "home-of-relative", "relative_depends": true});
    assert_eq!(annexe(home(&["Mr A"]), depends), ["X-W 2016-01-10.."]);
    let bound = json!({"used_as": "with-main-dwelling", "planning_reference": "P/1"});
    assert_eq!(annexe(home(&["Mr A"]), bound.clone()), ["D-ANX 2016-01-10.."]);
    assert_eq!(annexe(super::empty("Mr A").at(HOME), bound), ["X-T 2016-01-10.."]);
}

#[test]
fn council_tax_reduction_takes_the_place_of_what_was_paid_before() {
    let reduced = |home: Home, weekly: &str, ends: Value| {
        let mut details = json!({"weekly_amount": weekly});
        if ends.is_string() {
            details["ends_on"] = ends;
        }
        accepted(home, "council-tax-reduction", details)
    };
    let it = reduced(home(&["Mr A"]), "14.00", json!("2016-01-23")).applied();
    assert_eq!(awards(&it), ["D-CTR 2016-01-10..2016-01-24"]);
    assert_eq!(ahead(&it), ["D-CTR 2016-01-24 DocumentEnds"]);
    assert_eq!(it.net(0, 0), "3632.00", "two weeks at £14");
    assert_eq!(it.findings_of("amount-within-liability"), "passed");
    // £10 a day and no more is owed.
    let it = reduced(home(&["Mr A"]), "77.00", json!("2016-01-23")).applied();
    assert_eq!((it.net(0, 0), it.satisfied), ("3520.00".into(), vec![ReasonCode::R15; 2]));
    reduced(home(&["Mr A"]), "0.00", Value::Null).comes_to(Outcome::Duplicate, &[R23]);
    // All that is owed and no penny more; beside a discount so much less.
    for (home, weekly, satisfied) in [
        (home(&["Mr A"]), "70.00", 1),
        (home(&["Mr A"]), "70.01", 2),
        (home(&["Mr A"]).alone(), "52.50", 1),
        (home(&["Mr A"]).alone(), "60.00", 2),
    ] {
        assert_eq!(
            reduced(home, weekly, Value::Null).applied().satisfied,
            vec![ReasonCode::R15; satisfied],
            "{weekly}"
        );
    }
}

#[test]
fn a_reduction_is_on_record_already_only_with_its_amount_and_its_end() {
    let first = ("14.00", Some("2016-01-23"));
    let assessed = |(weekly, ends): (&str, Option<&str>)| {
        let mut details = json!({"weekly_amount": weekly});
        details.as_object_mut().unwrap().extend(ends.map(|it| ("ends_on".to_owned(), json!(it))));
        told("council-tax-reduction", "2016-01-10", "Mr A", json!({"account": ACCOUNT}), details)
    };
    let then = |second| {
        let mut world = World::new(super::council(), &[home(&["Mr A"])]);
        assert_eq!(world.accept("HN-TEST-0000-0001", &assessed(first)).outcome, Outcome::Apply);
        // The same words from another sender.
        let mut again = assessed(second);
        again["submitted_by"]["name"] = json!("Ms Assessor");
        let decision = world.accept("HN-TEST-0000-0002", &again);
        let awards = &world.at(HOME).accounts[0].awards;
        let lasting = awards.iter().filter(|it| !it.period.is_empty());
        (
            decision.outcome,
            lasting.map(|it| (it.terms.as_ref().and_then(|it| it.weekly), it.period.to)).collect::<Vec<_>>(),
        )
    };
    let to = |day: &str| Some(day.parse().unwrap());
    let at = |weekly: &str, to| (weekly.parse().ok(), to);
    assert_eq!(then(first), (Outcome::Duplicate, vec![at("14.00", to("2016-01-24"))]));
    for (second, stands) in [
        (("15.00", Some("2016-01-23")), vec![at("15.00", to("2016-01-24"))]),
        (("14.00", Some("2016-02-23")), vec![at("14.00", to("2016-02-24"))]),
        (("14.00", None), vec![at("14.00", None)]),
        (("0.00", None), vec![]),
    ] {
        assert_eq!(then(second), (Outcome::Apply, stands), "{second:?}");
    }
}

#[test]
fn an_award_that_has_ended_may_be_made_again() {
    let disabled = json!({"disabled_person": "Mr A", "feature": "room"});
    let told = told("disabled-band-reduction", "2016-01-10", "Mr A", json!({"account": ACCOUNT}), disabled);
    for (ended, outcome) in
        [("2016-01-09", Outcome::Apply), ("2016-01-10", Outcome::Apply), ("2016-01-11", Outcome::Duplicate)]
    {
        let mut world = World::new(super::council(), &[home(&["Mr A"]).award("D-DBR")]);
        let account = ACCOUNT.parse().unwrap();
        let ends = DiscountEnded { account, code: "D-DBR".parse().unwrap(), to: ended.parse().unwrap() };
        world.record(&HOME.parse().unwrap(), "import", vec![ends.into()]);
        assert_eq!(world.accept("HN-TEST-0000-0001", &told).outcome, outcome, "{ended}");
    }
}

#[test]
fn a_student_is_on_record_already_only_for_the_same_course() {
    let pair = || home(&["Mr A", "Ms B"]).adults(3);
    let studies = |world: &mut World, reference: &str, ends: &str| {
        let student = json!({"name": "Mx C", "institution": "University", "course": "BSc", "starts": "2016-01-10",
            "ends": ends, "hours_per_week": 24, "weeks_per_year": 30});
        let certificate = json!([{"kind": "student-certificate", "file_name": "c.pdf"}]);
        let details = json!({"students": [student], "adults": 3, "evidence": certificate});
        let told =
            told("student", "2016-01-10", "Mr A", json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details);
        let found = world.accept(reference, &told);
        (found.outcome, found.reasons)
    };
    for (ends, comes_to) in
        [("2016-06-15", (Outcome::Duplicate, vec![R23])), ("2017-06-15", (Outcome::Apply, Vec::new()))]
    {
        let mut world = World::new(super::council(), &[pair()]);
        assert_eq!(studies(&mut world, "HN-TEST-0000-0001", "2016-06-15").0, Outcome::Apply);
        world.today = jiff::civil::date(2016, 1, 21);
        assert_eq!(studies(&mut world, "HN-TEST-0000-0002", ends), comes_to, "{ends}");
    }
}

#[test]
fn somebody_can_only_be_left_out_where_an_adult_is_neither_liable_nor_left_out_already() {
    let claim = json!({"person": "Kit", "class": "carer", "ends_on": "2016-08-31"});
    accepted(home(&["Mr A"]).adults(2).award("DR-APP").award("D-SPD"), "disregard-claim", claim.clone())
        .referred(&[R19]);
    accepted(home(&["Mr A"]).adults(3).award("DR-APP"), "disregard-claim", claim).applied();
}

#[test]
fn of_what_begins_before_the_day_that_is_told_the_limits_count_from_its_first_day() {
    let found = |starts: &str| {
        let it = impaired_from(starts);
        let dates = it.decision.findings.iter().filter(|it| it.check == "date-within-limits").count();
        (it.satisfied.contains(&ReasonCode::R06), dates)
    };
    // 91 days before receipt is the twenty-first of October.
    assert_eq!(found("2015-10-21"), (true, 2));
    assert_eq!(found("2015-12-01"), (false, 2));
    assert_eq!(found("2016-01-10"), (false, 1), "the day that is told is looked at once");
    assert_eq!(found("2016-01-12"), (false, 1));
}

fn impaired_from(day: &str) -> Decided {
    let details =
        json!({"person": "Ms B", "certified_from": day, "benefit": "attendance-allowance", "benefit_from": day});
    accepted(home(&["Mr A"]).adults(2), "severe-mental-impairment", details).applied()
}
