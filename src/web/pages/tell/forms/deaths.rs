//! N20, N21: somebody died, and what becomes of their estate.

use hearth_events::NotificationKind;
use serde_json::{Value, json};

use super::Form;
use super::persons::as_persons;
use crate::web::pages::tell::answers::Answers;
use crate::web::pages::tell::question::Input::{Birthday, Date, Email, Name, OneOf, People, Phone, YesNo};
use crate::web::pages::tell::question::{Facts, ask, may, need};
use crate::web::pages::tell::values::put;

/// N20.
pub(super) const DEATH: Form = Form {
    kind: NotificationKind::Death,
    at_a_dwelling: true,
    questions: &[
        ask("name", &[need!("details.name", Name)]),
        ask("when", &[need!("effective_on", Date)]),
        ask("born", &[may!("details.date_of_birth", Birthday)]),
        ask("kin", &[need!("kin", YesNo)]).when(|it| !settles(it)),
        ask(
            "kin-contact",
            &[
                need!("details.next_of_kin.name", Name),
                may!("details.next_of_kin.email", Email),
                may!("details.next_of_kin.phone", Phone),
            ],
        )
        .when(|it| !settles(it) && it.is("kin", "no")),
        ask("executor", &[need!("executor", YesNo)]).when(|it| !it.about("who", "executor")),
        ask(
            "executor-contact",
            &[
                need!("details.executor.name", Name),
                may!("details.executor.email", Email),
                may!("details.executor.phone", Phone),
            ],
        )
        .when(|it| !it.about("who", "executor") && it.is("executor", "yes")),
    ],
    finish: |answers, body| {
        if answers.is("about:who", "executor") {
            put(body, "details.executor", teller(answers));
        } else if !answers.is("about:who", "solicitor") && answers.is("death:kin", "yes") {
            put(body, "details.next_of_kin", teller(answers));
        }
    },
};

fn settles(it: &Facts<'_>) -> bool {
    it.about("who", "executor") || it.about("who", "solicitor")
}

/// The one who tells it, with what they gave to be reached by.
fn teller(answers: &Answers) -> Value {
    let mut person = json!({ "name": answers.one("you:name") });
    for field in ["email", "phone"] {
        let given = answers.one(&format!("you:{field}"));
        if !given.is_empty() {
            put(&mut person, field, json!(given));
        }
    }
    person
}

/// N21. An executor who tells it is one of them; a solicitor who tells it is theirs.
pub(super) const PROBATE: Form = Form {
    kind: NotificationKind::Probate,
    at_a_dwelling: true,
    questions: &[
        ask("granted", &[need!("details.granted_on", Date)]),
        ask("others", &[may!("others", People)]).when(|it| it.about("who", "executor")),
        ask("executors", &[need!("executors", People)]).when(|it| !it.about("who", "executor")),
        ask("solicitor", &[may!("details.solicitor", Name)]).when(|it| !it.about("who", "solicitor")),
        ask("home", &[need!("home", OneOf(&["kept", "transferred", "tenancy-ended"]))]),
        ask("transferred", &[need!("details.transferred_on", Date)]).when(|it| it.is("home", "transferred")),
        ask("tenancy-ended", &[need!("details.tenancy_ended_on", Date)]).when(|it| it.is("home", "tenancy-ended")),
    ],
    finish: granted,
};

fn granted(answers: &Answers, body: &mut Value) {
    let is_executor = answers.is("about:who", "executor");
    let list = if is_executor { "probate:others" } else { "probate:executors" };
    let first = is_executor.then(|| answers.one("you:name"));
    let executors: Vec<&str> = first.into_iter().chain(answers.filled(list)).collect();
    put(body, "details.executors", as_persons(&executors));
    if answers.is("about:who", "solicitor") {
        put(body, "details.solicitor", json!(answers.one("you:name")));
    }
    if let Some(granted) = body.pointer("/details/granted_on").cloned() {
        put(body, "effective_on", granted);
    }
}
