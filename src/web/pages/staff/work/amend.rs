//! Put right before it takes effect: every field of the notification that can be, as a form.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;
use serde_json::{Map, Value};

use super::act::{Form, refused};
use super::{compared, item};
use crate::service::work::{Action, ActionRefused, ItemShown};
use crate::web::App;
use crate::web::looked::not_for;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::{StaffVisit, asked};
use crate::web::problem::Problem;

/// The parts of a notification that an officer may put right.
const PARTS: [&str; 4] = ["effective_on", "account", "dwelling", "details"];

/// Shows the fields.
pub(in crate::web) async fn ask(
    State(app): State<App>,
    staff: StaffVisit,
    Path(reference): Path<String>,
) -> Result<Response, Problem> {
    let item = item::read(&app, &reference).await?;
    Ok(form(&staff, &item, &[], Vec::new()))
}

/// The fields of it, and the account and the UPRN where they were not told.
fn fields(item: &ItemShown) -> Vec<(String, Value)> {
    let told = item.notification.clone().unwrap_or_default();
    let mut fields: Vec<_> = compared::leaves(&told)
        .into_iter()
        .filter(|(at, _)| PARTS.iter().any(|part| at == &format!("/{part}") || at.starts_with(&format!("/{part}/"))))
        .collect();
    for more in ["/account", "/dwelling/uprn"] {
        if !fields.iter().any(|(at, _)| at == more) {
            fields.insert(0, (more.to_owned(), Value::String(String::new())));
        }
    }
    fields
}

fn written(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(it) => it.clone(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// What a field is called in the page: a letter comes first, and no `/` within.
fn id(at: &str) -> String {
    if at.starts_with('/') { format!("told{}", at.replace('/', "-")) } else { at.to_owned() }
}

fn form(staff: &StaffVisit, item: &ItemShown, given: &[(String, String)], errors: Vec<(String, String)>) -> Response {
    let value = |at: &str, told: &Value| {
        given.iter().find(|(name, _)| name == at).map_or_else(|| written(told), |(_, value)| value.clone())
    };
    let errors: Vec<_> = errors.into_iter().map(|(at, it)| (id(&at), it)).collect();
    let hint = |told: &Value| told.is_boolean().then_some("yes or no");
    let body = html! {
        h1 class="govuk-heading-l" { "Put " (item.reference) " right" }
        p class="govuk-body" { "What you leave as it is stays as they told it. It takes effect with what you put right; both are kept." }
        form method="post" action={ "/staff/work/" (item.reference) "/amend" } novalidate {
            @for (at, told) in fields(item) {
                @let asked = asked(&id(&at), &compared::label(&at), hint(&told), &errors);
                (govuk::line(&govuk::Asked { name: at.clone(), ..asked }, govuk::Line::default(), &value(&at, &told)))
            }
            (govuk::textarea(&asked("explanation", "What do you say to the resident? (optional)", None, &errors), 4, ""))
            (govuk::button("Accept it, put right so"))
        }
    };
    let status =
        if errors.is_empty() { axum::http::StatusCode::OK } else { axum::http::StatusCode::UNPROCESSABLE_ENTITY };
    let page =
        Page::new(format!("Put {} right", item.reference), body).back_to(format!("/staff/work/{}", item.reference));
    staff.show(page.with_errors(errors).with_status(status))
}

/// Accepts it, put right.
pub(in crate::web) async fn amend(
    State(app): State<App>,
    staff: StaffVisit,
    Path(reference): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let item = item::read(&app, &reference).await?;
    let form_read = Form::read(&app, request).await?;
    let given: Vec<_> = form_read.pairs().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    let mut errors = Vec::new();
    let explanation = form_read.note("explanation", &mut errors);
    let fields = put_right(&item, &given);
    if fields.is_empty() {
        errors.push(("/account".to_owned(), "Change at least one field, or go back and accept it as it is".to_owned()));
    }
    if !errors.is_empty() {
        return Ok(form(&staff, &item, &given, errors));
    }
    let not_at = not_for(&app, &staff.holder.name).await?;
    match app.backend().act(&item.reference, Action::Amend { fields, explanation, not_at }, &staff.holder.name).await {
        Ok(_) => Ok(Redirect::to(&format!("/staff/work/{}", item.reference)).into_response()),
        Err(ActionRefused::Malformed(faults)) => {
            let errors = faults.into_iter().map(|it| (it.pointer, it.detail)).collect();
            Ok(form(&staff, &item, &given, errors))
        }
        Err(error @ ActionRefused::NothingProposed(_)) => {
            Ok(form(&staff, &item, &given, vec![("/account".to_owned(), error.sentence())]))
        }
        Err(error) => Err(refused(error)),
    }
}

/// The parts in which something was put right, whole, as the intake reads them.
fn put_right(item: &ItemShown, given: &[(String, String)]) -> Map<String, Value> {
    let mut whole = item.notification.clone().unwrap_or_default();
    let mut changed = std::collections::BTreeSet::new();
    for (at, told) in fields(item) {
        let Some((_, text)) = given.iter().find(|(name, _)| *name == at) else { continue };
        if *text == written(&told) {
            continue;
        }
        let value = if text.is_empty() { Value::Null } else { read_as(&told, text) };
        if set(&mut whole, &at, value) {
            changed.extend(at.trim_start_matches('/').split('/').next().map(str::to_owned));
        }
    }
    let part = |name: String| Some((name.clone(), whole.get(&name)?.clone()));
    changed.into_iter().filter_map(part).collect()
}

/// A text as what it was before: a number stays a number, a yes a yes.
fn read_as(told: &Value, text: &str) -> Value {
    match told {
        Value::Bool(_) if text.eq_ignore_ascii_case("yes") => Value::Bool(true),
        Value::Bool(_) if text.eq_ignore_ascii_case("no") => Value::Bool(false),
        Value::Number(_) => text.parse::<i64>().map_or_else(|_| Value::String(text.to_owned()), Value::from),
        Value::Bool(_) | Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Value::String(text.to_owned())
        }
    }
}

/// Puts a value where a pointer says, in an object that is made where there is none.
fn set(whole: &mut Value, at: &str, value: Value) -> bool {
    let Some((parent, name)) = at.rsplit_once('/') else { return false };
    if whole.pointer(parent).is_none()
        && let Some(fields) = whole.as_object_mut()
    {
        fields.insert(parent.trim_start_matches('/').to_owned(), Value::Object(Map::new()));
    }
    let Some(parent) = whole.pointer_mut(parent) else { return false };
    if let Some(fields) = parent.as_object_mut() {
        if value.is_null() {
            fields.remove(name)
        } else {
            fields.insert(name.to_owned(), value)
        };
        return true;
    }
    let place = parent.as_array_mut().and_then(|items| items.get_mut(name.parse::<usize>().ok()?));
    place.map(|it| *it = value).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_put_where_it_was() {
        let mut whole = json!({"details": {"persons": [{"name": "A"}], "sole_adult": true}});
        assert!(set(&mut whole, "/details/persons/0/name", json!("B")));
        assert!(set(&mut whole, "/details/sole_adult", Value::Null));
        assert!(set(&mut whole, "/dwelling/uprn", json!("1")));
        assert_eq!(whole, json!({"details": {"persons": [{"name": "B"}]}, "dwelling": {"uprn": "1"}}));
        assert!(!set(&mut whole, "/details/persons/7/name", json!("B")));
    }

    #[test]
    fn a_text_is_read_as_what_it_was() {
        assert_eq!(read_as(&json!(true), "no"), json!(false));
        assert_eq!(read_as(&json!(3), "4"), json!(4));
        assert_eq!(read_as(&json!("x"), "4"), json!("4"));
        assert_eq!(read_as(&json!(true), "perhaps"), json!("perhaps"), "and the intake says what it has to be");
    }
}
