//! What each kind asks for, and what it refuses by name.

use serde_json::{Value, json};

use super::{NotificationKind, schema};
use crate::intake::parse;

fn told(kind: &str, details: &Value) -> Value {
    json!({"kind": kind, "effective_on": "2016-01-10", "declaration": true, "account": "30000001",
        "submitted_by": {"role": "liable-person", "name": "Ms A"}, "details": details})
}

/// Where the faults are; empty where there are none.
fn faults(kind: &str, details: &Value) -> Vec<String> {
    let faults = parse(&told(kind, details)).err().unwrap_or_default();
    faults.into_iter().map(|it| format!("{}: {}", it.pointer, it.detail)).collect()
}

/// The least that each kind asks for.
fn least() -> Vec<(&'static str, Value)> {
    let person = json!({"name": "Ms B"});
    let bank = json!({"account_holder": "Ms A", "sort_code": "089999", "account_number": "66374958"});
    vec![
        ("occupier-joined", json!({"person": person})),
        ("occupier-left", json!({"name": "Ms B"})),
        ("liable-person-added", json!({"person": person, "relationship": "spouse", "lived_there_before": true})),
        ("liable-person-removed", json!({"name": "Ms B"})),
        (
            "severe-mental-impairment",
            json!({"person": "Ms B", "certified_from": "2015-12-01", "benefit": "attendance-allowance"}),
        ),
        ("disregard-claim", json!({"person": "Ms B", "class": "carer"})),
        ("property-empty", json!({"reason": "for-sale", "furnished": false})),
        ("second-home", json!({"main_home_address": "9 Elsewhere", "furnished": true})),
        ("back-in-use", json!({"persons": [person]})),
        ("disabled-band-reduction", json!({"disabled_person": "Ms B", "feature": "room"})),
        ("annexe", json!({"used_as": "with-main-dwelling"})),
        ("death", json!({"name": "Ms B"})),
        ("probate", json!({"granted_on": "2016-01-10", "executors": [person]})),
        ("band-change", json!({"change": "deleted"})),
        ("refund-request", bank),
        ("council-tax-reduction", json!({"weekly_amount": "14.50"})),
        ("new-property", json!({"address": "Plot 3"})),
        ("dispute", json!({"grounds": "too much"})),
        ("enquiry", json!({"question": "when?"})),
        ("copy-bill", json!({"request": "copy-bill"})),
    ]
}

#[test]
fn the_least_is_enough_and_each_part_of_it_is_needed() {
    for (kind, details) in least() {
        assert_eq!(faults(kind, &details), Vec::<String>::new(), "{kind}");
        for field in details.as_object().unwrap().keys() {
            let mut without = details.clone();
            without.as_object_mut().unwrap().remove(field);
            let faults = faults(kind, &without);
            assert!(
                faults.len() == 1 && faults[0].contains(&format!("`{field}`")),
                "{kind} without {field}: {faults:?}"
            );
        }
    }
}

#[test]
fn an_unknown_field_is_refused_by_its_name() {
    for (kind, mut details) in least() {
        details["shoe_size"] = json!(43);
        let faults = faults(kind, &details);
        assert!(faults.len() == 1 && faults[0].starts_with("/details/shoe_size"), "{kind}: {faults:?}");
    }
}

#[test]
fn the_schema_says_what_is_asked_for_and_that_there_is_nothing_else() {
    for (kind, details) in least() {
        let kind: NotificationKind = kind.parse().unwrap();
        let schema = schema(kind).unwrap();
        assert_eq!(schema["additionalProperties"], json!(false), "{kind}");
        let mut required: Vec<_> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        required.sort_unstable();
        assert_eq!(required, details.as_object().unwrap().keys().collect::<Vec<_>>(), "{kind}");
    }
    for kind in NotificationKind::ALL {
        assert_eq!(schema(kind).unwrap()["type"], json!("object"), "{kind}");
    }
}

#[test]
fn a_field_that_says_nothing_or_something_impossible_is_named() {
    let cases = [
        ("occupier-left", json!({"name": " "}), "/details/name: must not be empty"),
        ("occupier-joined", json!({"person": {"name": ""}}), "/details/person/name: must not be empty"),
        (
            "occupier-joined",
            json!({"person": {"name": "A", "email": "nowhere"}}),
            "/details/person/email: must be an e-mail address",
        ),
        ("back-in-use", json!({"persons": []}), "/details/persons: name 1 to 20 persons"),
        ("probate", json!({"granted_on": "2016-01-10", "executors": []}), "/details/executors: name 1 to 20 persons"),
        ("death", json!({"name": "A", "executor": {"name": ""}}), "/details/executor/name: must not be empty"),
        (
            "disregard-claim",
            json!({"person": "A", "class": "carer", "ends_on": "2016-01-09"}),
            "/details/ends_on: must not lie before effective_on",
        ),
        ("council-tax-reduction", json!({"weekly_amount": "-1.00"}), "/details/weekly_amount: must not be negative"),
        ("band-change", json!({"change": "amended"}), "/details/band: give the band in the list from effective_on"),
    ];
    for (kind, details, expected) in cases {
        assert_eq!(faults(kind, &details), [expected], "{kind}");
    }
    assert!(faults("disregard-claim", &json!({"person": "A", "class": "cat"}))[0].starts_with("/details/class: "));
    assert!(faults("band-change", &json!({"change": "amended", "band": "Z"}))[0].starts_with("/details/band: "));
}

#[test]
fn truth_values_and_numbers_may_come_as_text_from_a_spreadsheet() {
    let empty = json!({"reason": "for-sale", "furnished": "false"});
    assert_eq!(faults("property-empty", &empty), Vec::<String>::new());
    assert_eq!(faults("occupier-left", &json!({"name": "A", "adults_remaining": "1"})), Vec::<String>::new());
}
