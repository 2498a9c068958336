//! What the exported log says has become of the notifications, and what can be wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn is_outcome(event: &Value) -> bool {
    matches!(text(event, "/type"), "NotificationCompleted" | "NotificationReferred")
}

/// The council's reference of a notification, by its sender's.
pub(super) fn references(events: &[Value]) -> BTreeMap<String, String> {
    let received = events.iter().filter(|it| text(it, "/type") == "NotificationReceived");
    received.map(|it| (text(it, "/data/source_reference").to_owned(), text(it, "/data/reference").to_owned())).collect()
}

/// What each notification came to: its status and reasons, by its sender's reference.
pub(super) fn outcomes(events: &[Value]) -> BTreeMap<String, String> {
    let came_to: BTreeMap<_, _> = events
        .iter()
        .filter(|it| is_outcome(it))
        .map(|it| {
            let status = it.pointer("/data/status").and_then(Value::as_str).unwrap_or("referred");
            let reasons = it.pointer("/data/reasons").cloned().unwrap_or_default();
            (text(it, "/data/reference"), format!("{status} {reasons}"))
        })
        .collect();
    let of = |(source, reference): (String, String)| {
        let outcome = came_to.get(reference.as_str()).cloned().unwrap_or_else(|| "undecided".to_owned());
        (source, outcome)
    };
    references(events).into_iter().map(of).collect()
}

/// Who is liable where: the days of each account, by dwelling, without accounts of no day.
pub(super) fn liabilities(events: &[Value]) -> BTreeMap<String, Vec<(String, String, String)>> {
    let mut days: BTreeMap<String, BTreeMap<String, (String, String)>> = BTreeMap::new();
    for event in events {
        let account = text(event, "/data/account").to_owned();
        let at = days.entry(text(event, "/stream").to_owned()).or_default();
        match text(event, "/type") {
            "LiabilityStarted" => {
                let to = event.pointer("/data/to").or(event.pointer("/data/period/to"));
                let from = event.pointer("/data/from").or(event.pointer("/data/period/from")).unwrap();
                let to = to.and_then(Value::as_str).unwrap_or("open").to_owned();
                at.insert(account, (from.as_str().unwrap().to_owned(), to));
            }
            "LiabilityEnded" => at.get_mut(&account).unwrap().1 = text(event, "/data/to").to_owned(),
            _ => {}
        }
    }
    let lasting = |(account, (from, to)): (String, (String, String))| (from != to).then_some((from, to, account));
    let sorted = |(stream, accounts): (String, BTreeMap<_, _>)| {
        let mut accounts: Vec<_> = accounts.into_iter().filter_map(lasting).collect();
        accounts.sort();
        (stream, accounts)
    };
    days.into_iter().map(sorted).filter(|it| !it.1.is_empty()).collect()
}

/// Examines a log: every one of these was received once and has one outcome, no account was opened twice, and nobody is
/// liable for the same day of the same dwelling as somebody else.
pub(super) fn examine(events: &[Value], sent: &BTreeSet<String>) -> Result<(), String> {
    let positions = events.iter().map(|it| it["position"].as_u64().unwrap_or_default());
    if !positions.eq(1..=events.len() as u64) {
        return Err("the positions have gaps".to_owned());
    }
    let mut received: BTreeMap<&str, usize> = BTreeMap::new();
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut opened: BTreeSet<&str> = BTreeSet::new();
    for event in events {
        match text(event, "/type") {
            "NotificationReceived" => *received.entry(text(event, "/data/source_reference")).or_default() += 1,
            _ if is_outcome(event) => *outcomes.entry(text(event, "/data/reference")).or_default() += 1,
            "LiabilityStarted" if !opened.insert(text(event, "/data/account")) => {
                return Err(format!("account {} was opened twice", text(event, "/data/account")));
            }
            _ => {}
        }
    }
    let references = references(events);
    for source in sent {
        let times = received.get(source.as_str()).copied().unwrap_or_default();
        if times != 1 {
            return Err(format!("{source} was received {times} times"));
        }
        let times = outcomes.get(references[source].as_str()).copied().unwrap_or_default();
        if times != 1 {
            return Err(format!("{source} has {times} outcomes"));
        }
    }
    for (dwelling, accounts) in liabilities(events) {
        for pair in accounts.windows(2) {
            let (until, from) = (&pair[0].1, &pair[1].0);
            if until == "open" || until > from {
                return Err(format!("{dwelling}: {} and {} overlap", pair[0].2, pair[1].2));
            }
        }
    }
    Ok(())
}
