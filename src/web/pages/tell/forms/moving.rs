//! N01 to N03: somebody moved in, out, or from one home of the council's to another.

use hearth_events::NotificationKind;
use serde_json::{Value, json};

use super::Form;
use crate::web::pages::tell::answers::Answers;
use crate::web::pages::tell::question::Input::{Date, OneOf, People, YesNo};
use crate::web::pages::tell::question::{ask, may, need};

/// N01.
pub(super) const MOVE_IN: Form = Form {
    kind: NotificationKind::MoveIn,
    at_a_dwelling: true,
    questions: &[
        ask("when", &[need!("effective_on", Date)]),
        ask("tenure", &[need!("details.tenure", OneOf(&["owner", "tenant"]))]),
        ask("alone", &[need!("alone", YesNo)]),
        ask("others", &[may!("others", People)]).when(|it| it.is("alone", "no")),
        ask("previous", &[need!("details.previous_occupiers_left", YesNo)]),
        ask("furnished", &[need!("details.furnished", YesNo)]).when(|it| it.is("details.tenure", "tenant")),
    ],
    finish: |answers, body| moved(answers, "move-in", body),
};

/// Who moves is who tells it and whoever they name; whether they live alone follows from that.
fn moved(answers: &Answers, scope: &str, body: &mut Value) {
    let you = answers.one("you:name");
    let others = answers.filled(&format!("{scope}:others"));
    let persons: Vec<Value> = std::iter::once(you).chain(others).map(|name| json!({ "name": name })).collect();
    if let Some(details) = body.get_mut("details").and_then(Value::as_object_mut) {
        details.insert("persons".to_owned(), persons.into());
        details.insert("sole_adult".to_owned(), answers.is(&format!("{scope}:alone"), "yes").into());
    }
}
