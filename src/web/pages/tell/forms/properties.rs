//! N15 to N19, N31: what becomes of a home.

use hearth_events::NotificationKind;
use serde_json::{Value, json};

use super::Form;
use super::persons::{as_persons, household, is_other, put_subject, tells_own};
use crate::web::pages::tell::answers::Answers;
use crate::web::pages::tell::question::Input::{Address, Date, Line, Name, OneOf, People, Postcode, YesNo};
use crate::web::pages::tell::question::{Facts, Question, ask, may, need};
use crate::web::pages::tell::values::put;

const WHEN: Question = ask("when", &[need!("effective_on", Date)]);

/// N15. Whoever lets a home gives other reasons than whoever lived there.
pub(super) const PROPERTY_EMPTY: Form = Form {
    kind: NotificationKind::PropertyEmpty,
    at_a_dwelling: true,
    questions: &[
        WHEN,
        ask(
            "why",
            &[need!(
                "details.reason",
                OneOf(&[
                    "moved-elsewhere",
                    "for-sale",
                    "major-repairs",
                    "death",
                    "care-home-or-hospital",
                    "cared-for-elsewhere",
                    "caring-elsewhere",
                    "detained",
                    "student-elsewhere",
                    "occupation-prohibited",
                    "repossessed",
                    "bankruptcy",
                    "other",
                ])
            )],
        )
        .when(|it| !lets(it)),
        ask(
            "why-let",
            &[need!(
                "details.reason",
                OneOf(&[
                    "between-tenants",
                    "for-sale",
                    "major-repairs",
                    "occupation-prohibited",
                    "repossessed",
                    "bankruptcy",
                    "charity-owned",
                    "other",
                ])
            )],
        )
        .when(lets),
        ask("furnished", &[need!("details.furnished", YesNo)]),
        ask("emptied", &[may!("details.furniture_removed_on", Date)]).when(|it| it.is("details.furnished", "no")),
    ],
    finish: |_, _| {},
};

fn lets(it: &Facts<'_>) -> bool {
    it.about("who", "landlord") || it.about("who", "agent")
}

/// N16.
pub(super) const SECOND_HOME: Form = Form {
    kind: NotificationKind::SecondHome,
    at_a_dwelling: true,
    questions: &[
        WHEN,
        ask("furnished", &[need!("details.furnished", YesNo)]),
        ask("main", &[need!("details.main_home_address", Address)]),
        ask(
            "exception",
            &[need!(
                "exception",
                OneOf(&[
                    "none",
                    "for-sale",
                    "to-let",
                    "job-related",
                    "armed-forces",
                    "annexe",
                    "probate-granted",
                    "pitch-or-mooring",
                    "occupation-restricted",
                ])
            )],
        ),
    ],
    finish: |answers, body| match answers.one("second-home:exception") {
        "none" => {}
        exception => put(body, "details.exception", json!(exception)),
    },
};

/// N17.
pub(super) const BACK_IN_USE: Form = Form {
    kind: NotificationKind::BackInUse,
    at_a_dwelling: true,
    questions: &[
        WHEN,
        ask("me", &[need!("me", YesNo)]).when(tells_own),
        ask("alone", &[need!("alone", YesNo)]).when(lives_there),
        ask("others", &[need!("others", People)]).when(|it| lives_there(it) && it.is("alone", "no")),
        ask("persons", &[need!("persons", People)]).when(|it| !lives_there(it)),
    ],
    finish: |answers, body| {
        let is_let = answers.is("about:who", "own") && !answers.is("back-in-use:me", "yes");
        let persons =
            if is_let { answers.filled("back-in-use:persons").collect() } else { household(answers, "back-in-use") };
        put(body, "details.persons", as_persons(&persons));
    },
};

fn lives_there(it: &Facts<'_>) -> bool {
    it.own() && it.is("me", "yes")
}

/// N18.
pub(super) const DISABLED_BAND_REDUCTION: Form = Form {
    kind: NotificationKind::DisabledBandReduction,
    at_a_dwelling: true,
    questions: &[
        ask("whose", &[need!("whose", OneOf(&["me", "other"]))]).when(tells_own),
        ask("person", &[need!("person", Name)]).when(is_other),
        ask("feature", &[need!("details.feature", OneOf(&["room", "bathroom-or-kitchen", "wheelchair-space"]))]),
        ask("wheelchair", &[need!("details.wheelchair_indoors", YesNo)])
            .when(|it| it.is("details.feature", "wheelchair-space")),
        WHEN,
        ask("nature", &[may!("details.nature", Line)]),
        ask("practitioner", &[may!("details.practitioner", Name)]),
    ],
    finish: |answers, body| put_subject(answers, "disabled-band-reduction", "details.disabled_person", body),
};

/// N19.
pub(super) const ANNEXE: Form = Form {
    kind: NotificationKind::Annexe,
    at_a_dwelling: true,
    questions: &[
        ask("used", &[need!("details.used_as", OneOf(&["with-main-dwelling", "home-of-relative"]))]),
        ask("relative", &[need!("details.relative", Name), need!("details.relation", Line)]).when(has_relative),
        ask("depends", &[need!("details.relative_depends", YesNo)]).when(has_relative),
        WHEN,
        ask("planning", &[may!("details.planning_reference", Line)]),
    ],
    finish: |_, _| {},
};

fn has_relative(it: &Facts<'_>) -> bool {
    it.is("details.used_as", "home-of-relative")
}

/// N31. It is at no dwelling of the list, or not yet.
pub(super) const NEW_PROPERTY: Form = Form {
    kind: NotificationKind::NewProperty,
    at_a_dwelling: false,
    questions: &[
        ask("address", &[need!("details.address", Address), may!("postcode", Postcode)]),
        ask("plot", &[may!("details.plot", Line)]),
        ask("completed", &[may!("details.completed_on", Date)]),
        ask("planning", &[may!("details.planning_reference", Line)]),
    ],
    finish: at_its_address,
};

fn at_its_address(answers: &Answers, body: &mut Value) {
    let postcode = answers.one("new-property:postcode");
    let address = answers.lines("new-property:details.address");
    put(body, "dwelling", json!({ "address": address, "postcode": postcode }));
    if let Some(completed) = body.pointer("/details/completed_on").cloned() {
        put(body, "effective_on", completed);
    }
}
