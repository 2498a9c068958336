//! What was told beside what is held, a row a field; equal rows are muted, different ones say so in words.

use hearth_events::{Opener, Uprn};
use hearth_projections::{AccountState, DwellingState};
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::Value;

use super::words::plain;
use crate::web::pages::govuk;
use crate::web::pages::staff::record::{account_path, person};
use crate::web::pages::text::Text;

/// What is held of one account, or of a dwelling without one.
pub(super) struct Held {
    /// Which dwelling.
    pub(super) uprn: Uprn,
    /// As it is now.
    pub(super) dwelling: DwellingState,
}

impl Held {
    /// The account that counts on the day of the change, else the last.
    fn account(&self, on: Date) -> Option<&AccountState> {
        self.dwelling.liable_on(on).or_else(|| self.dwelling.accounts.iter().rfind(|it| !it.period.is_empty()))
    }
}

/// The comparison with each dwelling concerned.
pub(super) fn compared(told: &Value, on: Date, held: &[Held], opener: &dyn Opener, text: &Text) -> Markup {
    html! {
        @if held.is_empty() { p class="govuk-body" { "No dwelling or account of ours was matched." } }
        @for it in held { (one(told, on, it, opener, text)) }
    }
}

fn one(told: &Value, on: Date, held: &Held, opener: &dyn Opener, text: &Text) -> Markup {
    let said = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let account = held.account(on);
    let people: Vec<_> = account.iter().flat_map(|it| &it.liable_persons).filter_map(|it| it.opened(opener)).collect();
    let each = |get: &dyn Fn(&hearth_events::PersonDetails) -> Option<String>| {
        people.iter().filter_map(get).collect::<Vec<_>>().join("; ")
    };
    let place = held.dwelling.listing.as_ref().map(|it| format!("{}, {}, {}", it.address, it.postcode, it.uprn));
    let told_place = [said("/dwelling/address"), said("/dwelling/postcode"), said("/dwelling/uprn")];
    let told_place: Vec<_> = told_place.into_iter().filter(|it| !it.is_empty()).collect();
    let owner = held.dwelling.listing.as_ref().and_then(|it| it.owner.as_ref()).map(|it| person(it, opener));
    // A landlord is looked for among owners, everybody else among the liable.
    let is_landlord = said("/submitted_by/role") == "landlord";
    let liable = each(&|it| Some(it.name.clone()));
    let teller = owner.clone().filter(|_| is_landlord).unwrap_or(liable);
    let rows = [
        ("Who tells it", said("/submitted_by/name"), teller),
        ("E-mail", said("/submitted_by/email"), each(&|it| it.email.clone())),
        ("Telephone", said("/submitted_by/phone"), each(&|it| it.phone.clone())),
        ("Account", said("/account"), account.map(|it| it.account.to_string()).unwrap_or_default()),
        ("Dwelling", told_place.join(", "), place.unwrap_or_default()),
        ("Owner or landlord", said("/details/landlord"), owner.unwrap_or_default()),
    ];
    html! {
        h3 class="govuk-heading-s" {
            "Beside "
            @if let Some(it) = account { a class="govuk-link" href=(account_path(&it.account)) { "account " (it.account) } }
            @else { "a dwelling without an account" }
            ", " a class="govuk-link" href={ "/staff/dwellings/" (held.uprn) } { "dwelling " (held.uprn) }
        }
        // Rows are blocks on a phone; what they are made of is said to who cannot see that they are a table all the same.
        table class="govuk-table hearth-stacks" role="table" {
            thead class="govuk-table__head" role="rowgroup" {
                tr class="govuk-table__row" role="row" {
                    @for it in ["Field", "Told", "Held", "Difference"] { th scope="col" class="govuk-table__header" role="columnheader" { (it) } }
                }
            }
            tbody class="govuk-table__body" role="rowgroup" {
                @for (name, told, held) in &rows {
                    @if !told.is_empty() || !held.is_empty() { (row(name, told, held)) }
                }
                (facts(on, account, held, text))
            }
        }
    }
}

fn row(name: &str, told: &str, held: &str) -> Markup {
    let same = told.is_empty() || alike(told, held);
    html! {
        tr class={ "govuk-table__row" @if same { " hearth-same" } } role="row" {
            th scope="row" class="govuk-table__header" role="rowheader" { (name) }
            td class="govuk-table__cell" role="cell" data-label="Told" { @if told.is_empty() { span class="hearth-none" { "not told" } } @else { (told) } }
            td class="govuk-table__cell" role="cell" data-label="Held" { @if held.is_empty() { span class="hearth-none" { "nothing" } } @else { (held) } }
            td class="govuk-table__cell" role="cell" {
                @if told.is_empty() {} @else if held.is_empty() { (govuk::tag("New", Some("blue"))) } @else if !same { (govuk::tag("Different", Some("yellow"))) }
            }
        }
    }
}

/// Whether one says the other, whatever the case, the spaces and the rest that one of them says.
fn alike(told: &str, held: &str) -> bool {
    let plain = |it: &str| it.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect::<String>();
    let told = plain(told);
    held.split(';').any(|it| {
        let held = plain(it);
        !held.is_empty() && (held == told || told.contains(&held) || held.contains(&told))
    })
}

/// What is held that nobody told: from when, with whom, which awards.
fn facts(on: Date, account: Option<&AccountState>, held: &Held, text: &Text) -> Markup {
    let band = held.dwelling.band_on(on).map(|it| it.to_string()).unwrap_or_default();
    let awards: Vec<_> = account
        .iter()
        .flat_map(|it| &it.awards)
        .filter(|it| it.period.contains(on))
        .map(|it| it.code.to_string())
        .collect();
    let since = account.map(|it| match it.period.to {
        Some(to) => format!("{} until before {}", text.date(it.period.from), text.date(to)),
        None => format!("{}, goes on", text.date(it.period.from)),
    });
    let adults = account.and_then(|it| it.adults_on(on)).map(|it| it.to_string());
    html! {
        (row("Liable since", "", &since.unwrap_or_default()))
        (row("Adults on the day", "", &adults.unwrap_or_default()))
        (row("Awards on the day", "", &awards.join(", ")))
        (row("Band on the day", "", &band))
    }
}

/// Everything that was told, leaf by leaf: where it stands, and what.
pub(super) fn leaves(told: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    collect(told, String::new(), &mut found);
    found
}

fn collect(value: &Value, at: String, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                collect(value, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                collect(value, format!("{at}/{place}"), found);
            }
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => found.push((at, value.clone())),
    }
}

/// What a leaf is called: `/details/persons/0/name` as "Persons 1, name".
pub(super) fn label(pointer: &str) -> String {
    let parts = pointer.split('/').filter(|it| !it.is_empty() && *it != "details");
    let worded = |(place, part): (usize, &str)| match part.parse::<usize>() {
        Ok(number) => format!(" {}", number + 1),
        Err(_) if place == 0 => plain(part),
        Err(_) => format!(", {}", part.replace('_', " ")),
    };
    parts.enumerate().map(worded).collect::<Vec<_>>().concat()
}

/// A leaf in words.
pub(super) fn said(value: &Value, text: &Text) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(it) => it.parse::<Date>().map_or_else(|_| it.clone(), |day| text.date(day)),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_leaf_has_a_place_and_a_name() {
        let told = json!({"details": {"persons": [{"name": "Ms A"}], "sole_adult": true, "none": null}});
        let found: Vec<_> = leaves(&told).into_iter().map(|(at, _)| at).collect();
        assert_eq!(found, ["/details/persons/0/name", "/details/sole_adult"]);
        assert_eq!(label("/details/persons/0/name"), "Persons 1, name");
        assert_eq!(label("/details/sole_adult"), "Sole adult");
        assert_eq!(label("/effective_on"), "Effective on");
    }

    #[test]
    fn what_is_alike_is_not_called_different() {
        assert!(alike("Ms Grace Hughes", "ms grace  hughes"));
        assert!(alike("Grace Hughes", "Mr A Hughes; Ms Grace Hughes"));
        assert!(!alike("Ms Grace Hughes", "Mr A Hughes"));
        assert!(!alike("Ms Grace Hughes", ""));
    }
}
