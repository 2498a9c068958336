//! N04 to N09: who lives in a household, who of them is on the bill, and how to reach them.

use hearth_events::NotificationKind;
use serde_json::json;

use super::persons::{is_other, put_subject, subject, tells_own};
use super::{Form, classes};
use crate::web::pages::tell::question::Input::{
    Address, AnyOf, Birthday, Date, Email, Name, Number, OneOf, Phone, YesNo,
};
use crate::web::pages::tell::question::{Question, ask, may, need};
use crate::web::pages::tell::values::put;

/// Whether it is about the one who tells it.
const WHOSE: Question = ask("whose", &[need!("whose", OneOf(&["me", "other"]))]).when(tells_own);
const PERSON: Question = ask("person", &[need!("person", Name)]).when(is_other);

/// N04. Whoever has another name themselves tells it under the one on file.
pub(super) const CHANGE_OF_NAME: Form = Form {
    kind: NotificationKind::ChangeOfName,
    at_a_dwelling: true,
    questions: &[
        WHOSE,
        PERSON,
        ask("new", &[need!("details.new_name", Name)]),
        ask("when", &[need!("effective_on", Date)]),
        ask("reason", &[need!("details.reason", OneOf(&["marriage", "deed-poll", "spelling-correction", "other"]))]),
    ],
    finish: |answers, body| put(body, "details.old_name", json!(subject(answers, "change-of-name"))),
};

/// N05.
pub(super) const CONTACT_DETAILS: Form = Form {
    kind: NotificationKind::ContactDetails,
    at_a_dwelling: true,
    questions: &[
        ask("what", &[need!("what", AnyOf(&["email", "phone", "address"]))]),
        ask("email", &[need!("details.email", Email)]).when(|it| it.is("what", "email")),
        ask("phone", &[need!("details.phone", Phone)]).when(|it| it.is("what", "phone")),
        ask("address", &[need!("details.correspondence_address", Address)]).when(|it| it.is("what", "address")),
    ],
    finish: |_, _| {},
};

/// N06.
pub(super) const OCCUPIER_JOINED: Form = Form {
    kind: NotificationKind::OccupierJoined,
    at_a_dwelling: true,
    questions: &[
        ask("person", &[need!("details.person.name", Name)]),
        ask("when", &[need!("effective_on", Date)]),
        ask("born", &[may!("details.date_of_birth", Birthday)]),
        ask("previous", &[may!("details.previous_address", Address)]),
        ask(
            "group",
            &[need!("group", OneOf(&["none", "student", "impaired", "care", "away", "young", "study", "rest"]))],
        ),
        classes::CARE.when(|it| it.is("group", "care")),
        classes::AWAY.when(|it| it.is("group", "away")),
        classes::YOUNG.when(|it| it.is("group", "young")),
        classes::STUDY.when(|it| it.is("group", "study")),
        classes::REST.when(|it| it.is("group", "rest")),
    ],
    finish: |answers, body| {
        let class = match answers.one("occupier-joined:group") {
            "student" => "student",
            "impaired" => "severe-mental-impairment",
            "care" | "away" | "young" | "study" | "rest" => answers.one("occupier-joined:class"),
            _ => return,
        };
        put(body, "details.not_counted_as", json!(class));
    },
};

/// N07.
pub(super) const OCCUPIER_LEFT: Form = Form {
    kind: NotificationKind::OccupierLeft,
    at_a_dwelling: true,
    questions: &[
        ask("person", &[need!("details.name", Name)]),
        ask("when", &[need!("effective_on", Date)]),
        ask("address", &[may!("details.new_address", Address)]),
        ask("adults", &[need!("details.adults_remaining", Number(1, 50))]),
    ],
    finish: |_, _| {},
};

/// N08.
pub(super) const LIABLE_PERSON_ADDED: Form = Form {
    kind: NotificationKind::LiablePersonAdded,
    at_a_dwelling: true,
    questions: &[
        ask("person", &[need!("details.person.name", Name)]),
        ask(
            "relationship",
            &[need!(
                "details.relationship",
                OneOf(&["spouse", "civil-partner", "couple", "joint-tenant", "joint-owner"])
            )],
        ),
        ask("when", &[need!("effective_on", Date)]),
        ask("before", &[need!("details.lived_there_before", YesNo)]),
    ],
    finish: |_, _| {},
};

/// N09.
pub(super) const LIABLE_PERSON_REMOVED: Form = Form {
    kind: NotificationKind::LiablePersonRemoved,
    at_a_dwelling: true,
    questions: &[
        WHOSE,
        PERSON,
        ask("when", &[need!("effective_on", Date)]),
        ask("address", &[may!("details.forwarding_address", Address)]),
    ],
    finish: |answers, body| put_subject(answers, "liable-person-removed", "details.name", body),
};
