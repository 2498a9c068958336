//! What every decision of the machine found stands in the table of gates.

use std::collections::BTreeMap;

use serde_json::Value;

/// Findings of the machine that are not in the table: by the table that is shown.
pub(super) fn not_in_the_table(events: &[Value]) -> Vec<String> {
    let table = serde_json::to_value(hearth::processor::gates()).unwrap();
    let kinds: BTreeMap<&str, &Value> =
        table["kinds"].as_array().unwrap().iter().map(|it| (it["kind"].as_str().unwrap(), it)).collect();
    let of = |event: &&Value, name: &str| event["type"] == name;
    let received = events.iter().filter(|it| of(it, "NotificationReceived"));
    let told: BTreeMap<&str, &str> =
        received.map(|it| (it["stream"].as_str().unwrap(), it["data"]["kind"].as_str().unwrap())).collect();
    let mut faults = Vec::new();
    for decided in events.iter().filter(|it| of(it, "DecisionRecorded") && it["metadata"]["actor"] == "processor") {
        let kind = told[decided["stream"].as_str().unwrap()];
        for finding in decided["data"]["findings"].as_array().unwrap() {
            if !stands_in(kinds[kind], finding) {
                faults.push(format!("{kind}: {finding}"));
            }
        }
    }
    faults
}

fn stands_in(kind: &Value, finding: &Value) -> bool {
    let mut gates = kind["checks"].as_array().unwrap().iter();
    let Some(gate) = gates.find(|it| it["check"] == finding["check"]) else { return false };
    let comes_out = |it: &Value| it["outcome"] == finding["outcome"] && it["reason"] == finding["reason"];
    finding["outcome"] == "passed" || gate["fails"].as_array().unwrap().iter().any(comes_out)
}
