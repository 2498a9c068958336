//! Notifications to the small council, as a form would send them.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::pack::Dwelling;

/// The day on which all of them are received.
pub(super) const RECEIVED: Date = date(2015, 12, 1);

/// A day, so many days after the day of receipt; before it where negative.
pub(super) fn after(days: i64) -> Date {
    RECEIVED + days.days()
}

fn of(kind: &str, reference: &str, on: Date, details: &Value) -> Value {
    json!({"kind": kind, "source_reference": reference, "channel": "web", "received_at": format!("{RECEIVED}T10:15:00Z"),
        "effective_on": on, "declaration": true, "details": details})
}

fn with(mut value: Value, more: &Value) -> Value {
    for (key, it) in more.as_object().unwrap() {
        value[key] = it.clone();
    }
    value
}

/// From the first liable person of a dwelling's account, as on file.
pub(super) fn by_holder(it: &Dwelling, kind: &str, reference: &str, on: Date, details: &Value) -> Value {
    let submitter = json!({"role": "liable-person", "name": it.persons[0], "email": it.email, "phone": it.phone});
    with(
        of(kind, reference, on, details),
        &json!({"account": it.account, "dwelling": {"uprn": it.uprn}, "submitted_by": submitter}),
    )
}

/// From somebody of that name who writes about a dwelling.
pub(super) fn by_stranger(
    name: &str,
    role: &str,
    it: &Dwelling,
    kind: &str,
    reference: &str,
    on: Date,
    details: &Value,
) -> Value {
    let submitter = json!({"role": role, "name": name, "email": "newcomer@mail.example.net", "phone": "020 7946 0111"});
    with(of(kind, reference, on, details), &json!({"dwelling": {"uprn": it.uprn}, "submitted_by": submitter}))
}

pub(super) fn move_in(to: &Dwelling, reference: &str, on: Date, names: &[&str]) -> Value {
    let persons: Vec<_> = names.iter().map(|it| json!({"name": it})).collect();
    let details = json!({"persons": persons, "tenure": "tenant", "sole_adult": names.len() == 1,
        "previous_occupiers_left": true, "furnished": false});
    by_stranger(names[0], "liable-person", to, "move-in", reference, on, &details)
}

pub(super) fn move_out(from: &Dwelling, reference: &str, on: Date, successor: &Value) -> Value {
    let details = json!({"persons_leaving": from.persons, "forwarding_address": "9 Hidden Close, Farway",
        "furniture_removed_on": on, "successor": successor});
    by_holder(from, "move-out", reference, on, &details)
}

pub(super) fn move_within(from: &Dwelling, to: &Dwelling, reference: &str, left: Date, on: Date) -> Value {
    let persons: Vec<_> = from.persons.iter().map(|it| json!({"name": it})).collect();
    let successor = json!({"kind": "owner", "name": from.owner});
    let details = json!({"from_dwelling": {"uprn": from.uprn}, "moved_out_on": left, "persons": persons,
        "tenure": "tenant", "sole_adult": persons.len() == 1, "everyone_moved": true, "successor": successor});
    with(by_holder(from, "move-within", reference, on, &details), &json!({"dwelling": {"uprn": to.uprn}}))
}

pub(super) fn tenancy_change(
    at: &Dwelling,
    reference: &str,
    ended: Date,
    starts: Option<Date>,
    names: &[&str],
) -> Value {
    let incoming: Vec<_> = names.iter().map(|it| json!({"name": it})).collect();
    let mut details = json!({"tenancy_ended_on": ended, "outgoing": at.persons, "forwarding_address": "not-known",
        "incoming": incoming, "joint_tenancy": true, "furnished": false});
    if let Some(starts) = starts {
        details["tenancy_starts_on"] = json!(starts);
    }
    by_stranger(at.owner.as_ref().unwrap(), "landlord", at, "tenancy-change", reference, ended, &details)
}

pub(super) fn claim(at: &Dwelling, reference: &str, on: Date, left: &[&str]) -> Value {
    let left: Vec<_> = left.iter().map(|it| json!({"name": it, "left_on": on})).collect();
    let details = json!({"adults_left": left, "other_adults_remaining": 0});
    by_holder(at, "single-person-discount-claim", reference, on, &details)
}

pub(super) fn discount_ends(at: &Dwelling, reference: &str, on: Date, joined: &str) -> Value {
    by_holder(at, "single-person-discount-end", reference, on, &json!({"adult_joined": {"name": joined}}))
}

pub(super) fn contact(at: &Dwelling, reference: &str, email: &str) -> Value {
    by_holder(at, "contact-details", reference, RECEIVED, &json!({"email": email}))
}

pub(super) fn direct_debit(at: &Dwelling, reference: &str, sort_code: &str, number: &str) -> Value {
    let details = json!({"action": "set-up", "account_holder": at.persons[0], "sort_code": sort_code,
        "account_number": number, "collection_day": 8});
    by_holder(at, "direct-debit", reference, RECEIVED, &details)
}

pub(super) fn lines(notifications: &[Value]) -> String {
    notifications.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
