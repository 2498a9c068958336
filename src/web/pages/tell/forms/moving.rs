//! N01 to N03: somebody moved in, out, or from one home of the council's to another.

use hearth_events::NotificationKind;
use serde_json::{Value, json};

use super::Form;
use super::persons::{as_persons, household, tells_own};
use crate::web::pages::tell::answers::Answers;
use crate::web::pages::tell::body::dwelling;
use crate::web::pages::tell::question::Input::{Address, Date, Dwelling, Name, Names, OneOf, People, Postcode, YesNo};
use crate::web::pages::tell::question::{Facts, Question, ask, may, need};
use crate::web::pages::tell::values::put;

/// What stands for an address that nobody knows.
pub(super) const NOT_KNOWN: &str = "not-known";

/// N01.
pub(super) const MOVE_IN: Form = Form {
    kind: NotificationKind::MoveIn,
    at_a_dwelling: true,
    questions: &[
        ask("when", &[need!("effective_on", Date)]),
        ask("tenure", &[need!("details.tenure", OneOf(&["owner", "tenant"]))]),
        ALONE,
        OTHERS,
        PERSONS,
        ask("previous", &[need!("details.previous_occupiers_left", YesNo)]),
        ask("furnished", &[need!("details.furnished", YesNo)]).when(|it| it.is("details.tenure", "tenant")),
    ],
    finish: |answers, body| arrived(answers, "move-in", body),
};

/// N02.
pub(super) const MOVE_OUT: Form = Form {
    kind: NotificationKind::MoveOut,
    at_a_dwelling: true,
    questions: &[
        ask("when", &[need!("effective_on", Date)]),
        ask("alone", &[need!("alone", YesNo)]).when(tells_own),
        ask("others", &[may!("others", Names)]).when(|it| it.own() && it.is("alone", "no")),
        ask("persons", &[need!("persons", Names)]).when(|it| !it.own()),
        ask("emptied", &[may!("details.furniture_removed_on", Date)]),
        NEXT,
        NEXT_NAME,
        ask("forwarding", &[need!("forwarding", OneOf(&["known", NOT_KNOWN]))]),
        ask("address", &[need!("address", Address)]).when(|it| it.is("forwarding", "known")),
    ],
    finish: |answers, body| {
        put(body, "details.persons_leaving", json!(household(answers, "move-out")));
        put(body, "details.forwarding_address", forwarding(answers, "move-out"));
        put(body, "details.successor", successor(answers, "move-out"));
    },
};

/// N03.
pub(super) const MOVE_WITHIN: Form = Form {
    kind: NotificationKind::MoveWithin,
    at_a_dwelling: true,
    questions: &[
        ask("when", &[need!("effective_on", Date)]),
        ask("tenure", &[need!("details.tenure", OneOf(&["owner", "tenant"]))]),
        ALONE,
        OTHERS,
        PERSONS,
        ask("from-postcode", &[need!("from-postcode", Postcode)]),
        ask("from-dwelling", &[need!("from-dwelling", Dwelling("from-postcode"))])
            .when(|it| !it.is("from-postcode-found", "0")),
        ask("from-address", &[need!("from-address", Address)])
            .when(|it| it.is("from-postcode-found", "0") || it.is("from-dwelling", "other")),
        ask("out", &[need!("details.moved_out_on", Date)]),
        ask("stayed", &[need!("stayed", YesNo)]),
        NEXT.when(|it| it.is("stayed", "no")),
        NEXT_NAME.when(|it| it.is("stayed", "no") && has_next(it)),
    ],
    finish: |answers, body| {
        arrived(answers, "move-within", body);
        put(body, "details.from_dwelling", dwelling(answers, "move-within", "from-"));
        let everyone = !answers.is("move-within:stayed", "yes");
        put(body, "details.everyone_moved", json!(everyone));
        let next = if everyone { successor(answers, "move-within") } else { json!({ "kind": "unknown" }) };
        put(body, "details.successor", next);
    },
};

const ALONE: Question = ask("alone", &[need!("alone", YesNo)]);
const OTHERS: Question = ask("others", &[may!("others", People)]).when(|it| it.own() && it.is("alone", "no"));
const PERSONS: Question = ask("persons", &[need!("persons", People)]).when(|it| !it.own());
/// Who comes next; `kept` is whoever goes on owning it themselves.
const NEXT: Question = ask("next", &[need!("next", OneOf(&["owner", "buyer", "tenant", "kept", "unknown"]))]);
const NEXT_NAME: Question = ask("next-name", &[may!("next-name", Name)]).when(has_next);

fn has_next(it: &Facts<'_>) -> bool {
    it.is("next", "owner") || it.is("next", "buyer") || it.is("next", "tenant")
}

/// Who moves is who tells it and whoever they name; whether they live alone follows from that.
fn arrived(answers: &Answers, scope: &str, body: &mut Value) {
    let persons = household(answers, scope);
    let is_alone = answers.is(&format!("{scope}:alone"), "yes") && persons.len() == 1;
    put(body, "details.persons", as_persons(&persons));
    put(body, "details.sole_adult", json!(is_alone));
}

/// Who is liable next. Whoever keeps it is its owner.
fn successor(answers: &Answers, scope: &str) -> Value {
    let name = answers.one(&format!("{scope}:next-name"));
    match answers.one(&format!("{scope}:next")) {
        "kept" => json!({ "kind": "owner", "name": household(answers, scope).first() }),
        kind @ ("owner" | "buyer" | "tenant") if !name.is_empty() => json!({ "kind": kind, "name": name }),
        kind => json!({ "kind": kind }),
    }
}

/// Where letters go now, which nobody has to know.
pub(super) fn forwarding(answers: &Answers, scope: &str) -> Value {
    let is_known = answers.is(&format!("{scope}:forwarding"), "known");
    json!(if is_known { answers.lines(&format!("{scope}:address")) } else { NOT_KNOWN.to_owned() })
}
