//! The sample council, as the demonstration shows it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::gates::not_in_the_table;
use super::history::readers;
use super::http::Client;
use super::log::{examine, outcomes};
use super::privacy::{Needles, lies_in_clear, personal, personal_in_pack};
use super::run::Hearth;

pub(super) fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/test-valley")
}

pub(super) fn notifications() -> Vec<Value> {
    let text = std::fs::read_to_string(pack().join("notifications.ndjson")).unwrap();
    text.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

/// The demonstration, twice; what each came to.
fn demonstrated(hearth: &Hearth) -> Vec<Value> {
    let first = hearth.run(&["demo", "--no-serve", "--json"]).ok().json();
    let counts = &first["outcomes"];
    let sum = |names: &[&str]| names.iter().map(|it| counts[it].as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum(&["applied", "referred", "duplicate", "rejected"]), 420, "{counts}");
    assert_eq!((&counts["received"], &counts["pending"]), (&json!(420), &json!(0)));
    assert_eq!(first["savings"]["potential"], "1999.20");
    assert_eq!(first["savings"]["per_notification"], "4.76");
    assert_eq!(first["forecast"]["forecast"], "1348.62");
    let open = first["workload"]["queues"].as_array().unwrap().iter().map(|it| it["open"].as_u64().unwrap());
    assert_eq!(open.sum::<u64>(), sum(&["referred"]));
    hearth.verified();
    let events = hearth.events();
    let sent = notifications().iter().map(|it| it["source_reference"].as_str().unwrap().to_owned()).collect();
    examine(&events, &sent).unwrap();
    assert_eq!(not_in_the_table(&events), [""; 0]);
    // The control: another check, or a reason that is none of its kind.
    let mut other = events.clone();
    let decided = other.iter_mut().find(|it| it["type"] == "DecisionRecorded").unwrap();
    decided["data"]["findings"][0]["check"] = json!("never-heard-of");
    assert_eq!(not_in_the_table(&other).len(), 1);
    let mut second = hearth.run(&["demo", "--no-serve", "--json"]).ok().json();
    assert_eq!(second["outcomes"]["already_received"], 420);
    second["outcomes"]["already_received"] = json!(0);
    assert_eq!(second, first);
    assert_eq!(hearth.events().len(), events.len(), "the second time nothing is recorded");
    events
}

/// The sample on the machine's clock, its notifications from a table.
fn from_a_table() -> (Hearth, Vec<Value>) {
    let hearth = Hearth::new();
    hearth.run(&["import", pack().to_str().unwrap()]).ok();
    let file = hearth.folder().join("notifications.csv");
    std::fs::copy(pack().join("notifications.csv"), &file).unwrap();
    hearth.run(&["submit", file.to_str().unwrap(), "--json"]).failed(1);
    let events = hearth.events();
    (hearth, events)
}

#[test]
fn the_sample_comes_to_the_same_by_demonstration_and_by_table_and_names_nobody() {
    let demo = Hearth::new();
    let (shown, (table, told)) = std::thread::scope(|scope| {
        let shown = scope.spawn(|| demonstrated(&demo));
        let told = scope.spawn(from_a_table);
        (shown.join().unwrap(), told.join().unwrap())
    });
    assert_eq!(outcomes(&told), outcomes(&shown));
    std::thread::scope(|scope| {
        scope.spawn(|| built_anew_under_readers(&demo));
        scope.spawn(|| nothing_personal(&table));
    });
}

fn built_anew_under_readers(hearth: &Hearth) {
    let token = hearth.token("officer");
    let served = hearth.serve();
    let client = Client::new(served.address, &token);
    let accounts = ["30000006", "30012738", "30018811", "30015348"];
    let paths: Vec<_> = accounts.iter().map(|it| format!("/api/v1/accounts/{it}")).collect();
    let answers = readers(&client, &paths, || {
        hearth.run(&["rebuild", "accounts"]).ok();
    });
    assert!(answers > 20, "{answers}");
    served.stopped();
    hearth.verified();
}

/// What lies in clear, but for the address that a message waits to be sent to: that message says nothing else of anybody.
fn found_in_clear(hearth: &Hearth, needles: &Needles) -> BTreeSet<String> {
    let mut found = lies_in_clear(&hearth.data(), needles);
    found.retain(|it| !(it.starts_with("example.org in ") && it.contains("/outbox/mail-")));
    found
}

fn nothing_personal(hearth: &Hearth) {
    let token = hearth.token("submitter");
    let served = hearth.serve();
    let client = Client::new(served.address, &token);
    let mut texts = BTreeSet::new();
    for it in notifications().iter().take(40) {
        assert_eq!(client.post(it).unwrap().status, 201);
    }
    for it in &notifications() {
        personal(it, "", &mut texts);
    }
    personal_in_pack(&pack(), &mut texts);
    // Every e-mail address and every number begins or ends alike: one look finds them all.
    let (emails, rest): (BTreeSet<_>, BTreeSet<_>) = texts.into_iter().partition(|it| it.contains('@'));
    let (phones, mut rest): (BTreeSet<_>, BTreeSet<_>) = rest.into_iter().partition(|it| it.starts_with("01632 96"));
    assert!(emails.len() > 4_000 && emails.iter().all(|it| it.ends_with("example.org")) && phones.len() > 400);
    assert!(
        rest.len() > 400 && rest.contains("66374958") && rest.iter().any(|it| it.contains("Elsewhere")),
        "{rest:?}"
    );
    rest.extend(["example.org".to_owned(), "01632 96".to_owned()]);
    let needles = Needles::new(&rest);
    assert_eq!(found_in_clear(hearth, &needles), BTreeSet::new());
    served.stopped();
    // The control: what is public is found by the same search, and so is a name that somebody left lying.
    let public = Needles::new(&BTreeSet::from(["64 Weir Close, Andover".to_owned()]));
    assert!(!lies_in_clear(&hearth.data(), &public).is_empty());
    std::fs::write(hearth.data().join("views/left.tmp"), b"..\x00Yusuf Gibbs\x00..").unwrap();
    let found = found_in_clear(hearth, &needles);
    assert!(found.len() == 1 && found.iter().all(|it| it.ends_with("left.tmp")), "{found:?}");
}
