//! The notifications that follow from the answers: the same JSON that the API takes.

use hearth_events::{Channel, NotificationKind};
use serde_json::{Value, json};

use super::answers::Answers;
use super::documents;
use super::forms::form;
use super::question::{ABOUT, Input, YOU};
use super::steps::{Step, kinds, note, steps};
use super::values::{self, OTHER};

/// What is told of one kind; `source` is what the sender calls it.
pub(super) fn body(answers: &Answers, kind: NotificationKind, source: &str) -> Value {
    let channel = answers.entered.as_ref().map_or(Channel::Web, |it| it.channel);
    let mut body = json!({
        "kind": kind, "source_reference": source, "channel": channel, "declaration": true,
        "submitted_by": { "role": role(answers, kind), "name": answers.one("you:name") }, "details": {},
    });
    for step in steps(answers).into_iter().chain([note()]) {
        if step.scope == kind.as_str() || step.scope == YOU {
            told(&step, answers, &mut body);
        }
    }
    let Some(form) = form(kind) else { return body };
    if form.at_a_dwelling {
        let moves_within = kinds(answers).contains(&NotificationKind::MoveWithin);
        let (is_other_kind, is_of_old) =
            (kind != NotificationKind::MoveWithin, answers.is(&format!("{kind}:which-home"), "old"));
        let home = if moves_within && is_other_kind && is_of_old {
            dwelling(answers, NotificationKind::MoveWithin.as_str(), "from-")
        } else {
            dwelling(answers, ABOUT, "")
        };
        values::put(&mut body, "dwelling", home);
        // The account that was given is that of the home which was left: the new one has none yet.
        if moves_within && is_other_kind && !is_of_old {
            body.as_object_mut().and_then(|it| it.remove("account"));
        }
    }
    (form.finish)(answers, &mut body);
    let documents = documents::of(answers, kind).map(|it| json!({ "kind": it.what, "file_name": it.name }));
    let documents: Vec<Value> = documents.collect();
    if !documents.is_empty() {
        values::put(&mut body, "details.evidence", json!(documents));
    }
    if body.get("effective_on").is_none() {
        values::put(&mut body, "effective_on", json!(answers.day));
    }
    body
}

/// Puts in what the answers of one page tell, where the page is of this notification.
fn told(step: &Step, answers: &Answers, body: &mut Value) {
    let facts = step.facts(answers);
    for field in step.question.fields {
        let full = facts.full(field.name);
        let Ok(Some(value)) = values::read(field, answers.all(&full)) else { continue };
        let path = full.split_once(':').map(|(_, path)| path).unwrap_or_default();
        match (field.input, path) {
            (Input::Postcode | Input::Dwelling(_), _) => {}
            (_, "email" | "phone") if step.scope == YOU => values::put(body, &format!("submitted_by.{path}"), value),
            (_, "account" | "free_text" | "effective_on") => values::put(body, path, value),
            (_, path) if path.starts_with("details.") => values::put(body, path, value),
            _ => {}
        }
    }
}

/// A dwelling as it was chosen, or written where it is not listed; its fields begin with `prefix`.
pub(super) fn dwelling(answers: &Answers, scope: &str, prefix: &str) -> Value {
    let field = |name: &str| answers.one(&format!("{scope}:{prefix}{name}"));
    match field("dwelling") {
        chosen if !chosen.is_empty() && chosen != OTHER && field("postcode-found") != "0" => json!({ "uprn": chosen }),
        _ => json!({ "address": answers.lines(&format!("{scope}:{prefix}address")), "postcode": field("postcode") }),
    }
}

/// In what role it is told.
fn role(answers: &Answers, kind: NotificationKind) -> &str {
    match answers.one("about:who") {
        "own" if kind == NotificationKind::MoveIn && answers.is("move-in:details.tenure", "tenant") => "tenant",
        "own" => "liable-person",
        role => role,
    }
}
