//! N10 to N14: who lives alone, and who is not counted.

use hearth_events::NotificationKind;
use serde_json::{Value, json};

use super::persons::{is_other, is_own, put_subject, tells_own};
use super::{Form, classes};
use crate::web::pages::tell::answers::Answers;
use crate::web::pages::tell::question::Input::{
    Address, Birthday, Date, Line, LongAgo, Name, Names, Number, OneOf, People, YesNo,
};
use crate::web::pages::tell::question::{Facts, Field, Question, ask, may, need};
use crate::web::pages::tell::values::{YEARS, put, read};

const WHOSE: Question = ask("whose", &[need!("whose", OneOf(&["me", "other"]))]).when(tells_own);
const PERSON: Question = ask("person", &[need!("person", Name)]).when(is_other);

/// N10.
pub(super) const SINGLE_PERSON_DISCOUNT_CLAIM: Form = Form {
    kind: NotificationKind::SinglePersonDiscountClaim,
    at_a_dwelling: true,
    questions: &[
        ask("when", &[need!("effective_on", Date)]),
        ask("anybody", &[need!("anybody", YesNo)]),
        ask("left", &[need!("details.adults_left", People)]).when(left),
        ask("left-on", &[need!("left_on", Date)]).each("details.adults_left").when(left),
        ask("left-to", &[may!("new_address", Address)]).each("details.adults_left").when(left),
    ],
    // That is what is told by choosing this kind.
    finish: |_, body| put(body, "details.other_adults_remaining", json!(0)),
};

fn left(it: &Facts<'_>) -> bool {
    it.is("anybody", "yes")
}

/// N11.
pub(super) const SINGLE_PERSON_DISCOUNT_END: Form = Form {
    kind: NotificationKind::SinglePersonDiscountEnd,
    at_a_dwelling: true,
    questions: &[
        ask("when", &[need!("effective_on", Date)]),
        ask("person", &[need!("details.adult_joined.name", Name)]),
    ],
    finish: |_, _| {},
};

/// N12.
pub(super) const STUDENT: Form = Form {
    kind: NotificationKind::Student,
    at_a_dwelling: true,
    questions: &[
        ask("when", &[need!("effective_on", Date)]),
        ask("who", &[need!("who", OneOf(&["me", "both", "others"]))]).when(tells_own),
        ask("my-course", &[need!("my.institution", Line), need!("my.course", Line)]).when(is_me),
        ask("my-dates", &[need!("my.starts", Date), need!("my.ends", Date)]).when(is_me),
        ask("my-hours", &[need!("my.hours_per_week", Number(1, 80)), need!("my.weeks_per_year", Number(1, 52))])
            .when(is_me),
        ask("names", &[need!("students", Names)]).when(are_others),
        ask("course", &[need!("institution", Line), need!("course", Line)]).each("students").when(are_others),
        ask("dates", &[need!("starts", Date), need!("ends", Date)]).each("students").when(are_others),
        ask("hours", &[need!("hours_per_week", Number(1, 80)), need!("weeks_per_year", Number(1, 52))])
            .each("students")
            .when(are_others),
        ask("everybody", &[need!("everybody", YesNo)]),
        ask("adults", &[need!("adults", Number(1, 50))]).when(|it| it.is("everybody", "no")),
    ],
    finish: study,
};

/// What is asked of each student.
const COURSE: &[Field] = &[
    need!("institution", Line),
    need!("course", Line),
    need!("starts", Date),
    need!("ends", Date),
    need!("hours_per_week", Number(1, 80)),
    need!("weeks_per_year", Number(1, 52)),
];

fn is_me(it: &Facts<'_>) -> bool {
    it.own() && (it.is("who", "me") || it.is("who", "both"))
}

fn are_others(it: &Facts<'_>) -> bool {
    !it.own() || it.is("who", "both") || it.is("who", "others")
}

/// Every student with their course; of the adults there are at least as many.
fn study(answers: &Answers, body: &mut Value) {
    let is_student = |who: &[&str]| who.iter().any(|it| answers.is("student:who", it));
    let mut students = Vec::new();
    if is_own(answers) && is_student(&["me", "both"]) {
        students.push((answers.one("you:name"), "my.".to_owned()));
    }
    if !is_own(answers) || is_student(&["both", "others"]) {
        let others = answers.filled("student:students").enumerate();
        students.extend(others.map(|(place, name)| (name, format!("students.{place}."))));
    }
    for (place, (name, fields)) in students.iter().enumerate() {
        put(body, &format!("details.students.{place}.name"), json!(name));
        for field in COURSE {
            let typed = answers.all(&format!("student:{fields}{}", field.name));
            if let Ok(Some(value)) = read(field, typed) {
                put(body, &format!("details.students.{place}.{}", field.name), value);
            }
        }
    }
    let told = answers.one("student:adults").parse::<usize>().ok().filter(|_| answers.is("student:everybody", "no"));
    put(body, "details.adults", json!(told.unwrap_or(students.len())));
}

/// N13. It is for as long as both the certificate and the benefit have been there.
pub(super) const SEVERE_MENTAL_IMPAIRMENT: Form = Form {
    kind: NotificationKind::SevereMentalImpairment,
    at_a_dwelling: true,
    questions: &[
        WHOSE,
        PERSON,
        ask("doctor", &[may!("details.doctor", Name)]),
        ask("certified", &[need!("details.certified_from", LongAgo)]),
        ask("benefit", &[need!("details.benefit", OneOf(BENEFITS))]),
        ask("benefit-from", &[may!("details.benefit_from", LongAgo)]),
    ],
    finish: |answers, body| {
        put_subject(answers, "severe-mental-impairment", "details.person", body);
        let days = ["certified_from", "benefit_from"].iter().filter_map(|it| body.get("details")?.get(it)?.as_str());
        let days = days.filter_map(|it| it.parse::<jiff::civil::Date>().ok());
        let first = jiff::civil::Date::new(*YEARS.start(), 4, 1).ok();
        put(body, "effective_on", json!(days.chain(first).max()));
    },
};

/// The benefits of which one has to be there.
const BENEFITS: &[&str] = &[
    "attendance-allowance",
    "personal-independence-payment",
    "disability-living-allowance",
    "universal-credit",
    "employment-and-support-allowance",
    "incapacity-benefit",
    "severe-disablement-allowance",
    "constant-attendance-allowance",
    "armed-forces-independence-payment",
    "income-support",
];

/// N14.
pub(super) const DISREGARD_CLAIM: Form = Form {
    kind: NotificationKind::DisregardClaim,
    at_a_dwelling: true,
    questions: &[
        ask("group", &[need!("group", OneOf(&["care", "away", "young", "study", "rest"]))]),
        classes::CARE.when(|it| it.is("group", "care")),
        classes::AWAY.when(|it| it.is("group", "away")),
        classes::YOUNG.when(|it| it.is("group", "young")),
        classes::STUDY.when(|it| it.is("group", "study")),
        classes::REST.when(|it| it.is("group", "rest")),
        WHOSE,
        PERSON,
        ask("when", &[need!("effective_on", Date)]),
        ask("born", &[need!("details.date_of_birth", Birthday)])
            .when(|it| it.is("group", "young") && (it.is("class", "child-benefit") || it.is("class", "school-leaver"))),
        ask("ends", &[may!("details.ends_on", Date)]),
    ],
    finish: |answers, body| {
        put_subject(answers, "disregard-claim", "details.person", body);
        put(body, "details.class", json!(answers.one("disregard-claim:class")));
    },
};
