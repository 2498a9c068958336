//! Whom a change is about: the one who tells it, others, or both. Nobody who tells it of their own home gives their name twice.

use serde_json::{Value, json};

use crate::web::pages::tell::answers::Answers;
use crate::web::pages::tell::question::Facts;
use crate::web::pages::tell::values::put;

/// Everybody of a household that does something: who tells it of their own home, and whoever they name; or only those who are named.
///
/// They are named in `others` by whoever is one of them, and in `persons` by whoever is not.
pub(super) fn household<'a>(answers: &'a Answers, scope: &str) -> Vec<&'a str> {
    if !is_own(answers) {
        return answers.filled(&format!("{scope}:persons")).collect();
    }
    let others = if answers.is(&format!("{scope}:alone"), "yes") { Vec::new() } else { named(answers, scope) };
    std::iter::once(answers.one("you:name")).chain(others).collect()
}

fn named<'a>(answers: &'a Answers, scope: &str) -> Vec<&'a str> {
    answers.filled(&format!("{scope}:others")).collect()
}

/// Whether it is told by whoever lives there, or is about to or did.
pub(super) fn is_own(answers: &Answers) -> bool {
    answers.is("about:who", "own")
}

/// The same, for what decides whether a question is asked.
pub(super) fn tells_own(it: &Facts<'_>) -> bool {
    it.own()
}

/// Each as an object with a name.
pub(super) fn as_persons(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "name": name })).collect()
}

/// Whom a change is about: `whose` says whether that is the one who tells it; others are named in `person`.
pub(super) fn subject<'a>(answers: &'a Answers, scope: &str) -> &'a str {
    let is_teller = is_own(answers) && answers.is(&format!("{scope}:whose"), "me");
    if is_teller { answers.one("you:name") } else { answers.one(&format!("{scope}:person")) }
}

/// Puts in whom it is about.
pub(super) fn put_subject(answers: &Answers, scope: &str, path: &str, body: &mut Value) {
    put(body, path, json!(subject(answers, scope)));
}

/// Whether the name of somebody else has to be given.
pub(super) fn is_other(it: &Facts<'_>) -> bool {
    !it.own() || it.is("whose", "other")
}
