//! Put right before it takes effect: every field of the notification that can be, as a form.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::Role;
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::act::again;
use super::form::{Errors, Form, Tried};
use super::words::plain;
use super::{compared, item};
use crate::service::work::{Action, ActionRefused, ItemShown};
use crate::web::App;
use crate::web::looked::not_for;
use crate::web::pages::govuk::{self, Choice, Choices};
use crate::web::pages::layout::Page;
use crate::web::pages::staff::day::{self, first_of};
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
    Ok(form(&staff, &item, &Tried::default(), false))
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

/// A value as it stands in a field, and as a browser sends it back.
fn written(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(it) => it.trim().replace("\r\n", "\n"),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// What a field is called in the page: a letter comes first, and no `/` within.
fn id(at: &str) -> String {
    if at.starts_with('/') { format!("told{}", at.replace('/', "-")) } else { at.to_owned() }
}

/// The form; `again` where it takes the item again, for whoever no longer has it and was told so.
fn form(staff: &StaffVisit, item: &ItemShown, tried: &Tried, again: bool) -> Response {
    let body = html! {
        h1 class="govuk-heading-l" id="do" { "Put " (item.reference) " right" }
        p class="govuk-body" { "What you leave as it is stays as they told it. It takes effect with what you put right; both are kept." }
        form method="post" action={ "/staff/work/" (item.reference) "/amend" } novalidate {
            @if again { input type="hidden" name="again" value="yes"; }
            @for (at, told) in fields(item) { (field(&at, &told, tried)) }
            (govuk::textarea(&asked("explanation", "What do you say to the resident? (optional)", None, &tried.errors), 4, &tried.get("explanation")))
            (govuk::button("Accept it, put right so"))
        }
    };
    let title = format!("Put {} right", item.reference);
    staff.show(tried.on(Page::new(title, body).back_to(format!("/staff/work/{}", item.reference))))
}

/// A field as it was told, or as it was filled in since: a day in three, yes or no to be chosen, anything else a line.
fn field(at: &str, told: &Value, tried: &Tried) -> Markup {
    let asked = govuk::Asked { name: at.to_owned(), ..asked(&id(at), &compared::label(at), None, &tried.errors) };
    let given = if tried.is_any() { tried.get(at) } else { written(told) };
    match (told, day_of(told)) {
        (_, Some(day)) => {
            let typed = if tried.is_any() { tried.form.typed(at) } else { day.into() };
            day::input_as(&asked, &typed, &tried.errors)
        }
        (Value::Bool(_), None) => {
            let choice = |it: &str| Choice { value: it.to_owned(), text: plain(it), chosen: it == given, hint: None };
            let choices = Choices { items: vec![choice("yes"), choice("no")], inline: true, divider: None };
            govuk::radios(&asked, &choices)
        }
        // A line would lose its line ends, and so be changed by nobody.
        (Value::String(told), None) if told.contains('\n') => govuk::textarea(&asked, 4, &given),
        (Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_), None) => {
            govuk::line(&asked, govuk::Line::default(), &given)
        }
    }
}

/// The day that was told, where it is one.
fn day_of(told: &Value) -> Option<Date> {
    told.as_str().filter(|it| it.len() == 10).and_then(|it| it.parse().ok())
}

/// Accepts it, put right.
pub(in crate::web) async fn amend(
    State(app): State<App>,
    staff: StaffVisit,
    Path(reference): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let item = item::read(&app, &reference).await?;
    let given = Form::read(&app, request).await?;
    let mut errors = Vec::new();
    let explanation = given.note("explanation", &mut errors);
    let fields = put_right(&item, &given, &mut errors);
    if fields.is_empty() && errors.is_empty() {
        errors.push((id("/account"), "Change at least one field, or go back and accept it as it is".to_owned()));
    }
    if !errors.is_empty() {
        return Ok(form(&staff, &item, &Tried::wrong(given, errors), false));
    }
    let (name, supervisor) = (&staff.holder.name, staff.is_one_of(&[Role::Supervisor]));
    let action = Action::Amend { fields, explanation, not_at: not_for(&app, name).await? };
    let done = match again(&app, &item.reference, &given, (name, supervisor)).await {
        Ok(()) => app.backend().act(&item.reference, action, name).await.map(|_| ()),
        Err(why) => Err(why),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/staff/work/{}?done", item.reference)).into_response()),
        Err(ActionRefused::Malformed(faults)) => {
            let errors = faults.into_iter().map(|it| (first_id(&item, &it.pointer), it.detail)).collect();
            Ok(form(&staff, &item, &Tried::wrong(given, errors), false))
        }
        Err(error @ ActionRefused::NothingProposed(_)) => {
            let errors = vec![(id("/account"), error.sentence())];
            Ok(form(&staff, &item, &Tried::wrong(given, errors), false))
        }
        Err(why) => {
            let lost = matches!(why, ActionRefused::NotClaimed);
            Ok(form(&staff, &item, &Tried::refused(given, why)?, lost))
        }
    }
}

/// The id of the first field of what a pointer names.
fn first_id(item: &ItemShown, at: &str) -> String {
    let told = fields(item).into_iter().find(|(it, _)| it == at);
    if told.is_some_and(|(_, told)| day_of(&told).is_some()) { first_of(&id(at)) } else { id(at) }
}

/// The parts in which something was put right, whole, as the intake reads them.
fn put_right(item: &ItemShown, given: &Form, errors: &mut Errors) -> Map<String, Value> {
    let mut whole = item.notification.clone().unwrap_or_default();
    let mut changed = std::collections::BTreeSet::new();
    for (at, told) in fields(item) {
        let Some(text) = text_of(&at, &told, given, errors).filter(|it| *it != written(&told)) else { continue };
        let value = if text.is_empty() { Value::Null } else { read_as(&told, &text) };
        if set(&mut whole, &at, value) {
            changed.extend(at.trim_start_matches('/').split('/').next().map(str::to_owned));
        }
    }
    let part = |name: String| Some((name.clone(), whole.get(&name)?.clone()));
    changed.into_iter().filter_map(part).collect()
}

/// What stands in a field, as the intake would read it; none where the form does not have it, or it is no day.
fn text_of(at: &str, told: &Value, given: &Form, errors: &mut Errors) -> Option<String> {
    if day_of(told).is_some() && !given.has(at) {
        let typed = given.typed(at);
        if typed.is_empty() {
            return given.has(&first_of(at)).then(String::new);
        }
        let mut wrong = Vec::new();
        let day = typed.read(at, &mut wrong);
        errors.extend(wrong.into_iter().map(|(name, it)| (id(&name), it)));
        return day.map(|it| it.to_string());
    }
    given.has(at).then(|| given.get(at).replace("\r\n", "\n"))
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
