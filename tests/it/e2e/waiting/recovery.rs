//! Steps of recovery as the recovery system tells them, and the days on which none may be taken.

use serde_json::{Value, json};

use super::super::council::{Council, Look};
use super::super::officers::Desk;
use super::super::pack::Sort;
use super::super::say::{contact, direct_debit, move_in};
use super::{ON, days_later};

/// A line of `recovery.csv`.
type Step<'a> = (&'a str, &'a str, &'a str, &'a str);

fn write(council: &Council, steps: &[Step<'_>]) {
    let header = ("account", "step", "taken_on", "reference");
    let lines = std::iter::once(&header).chain(steps).map(|it| format!("{},{},{},{}", it.0, it.1, it.2, it.3));
    council.hearth.write("pack/recovery.csv", &lines.collect::<Vec<_>>().join("\n"));
}

fn clashes(look: &Look<'_>, query: &str) -> Vec<String> {
    let page = look.client.get(&format!("/api/v1/recovery/clashes?{query}")).ok();
    assert_eq!(page["next_cursor"], Value::Null, "{page:#}");
    page["items"].as_array().unwrap().iter().map(|it| it["source_reference"].as_str().unwrap().to_owned()).collect()
}

/// What holds an account on a day.
fn held(look: &Look<'_>, on: &str, account: &str) -> Value {
    let page = look.client.get(&format!("/api/v1/recovery/holds?on={on}")).ok();
    let items = page["items"].as_array().unwrap();
    items.iter().find(|it| it["account"] == account).cloned().unwrap_or_default()
}

#[test]
fn a_step_that_is_taken_while_a_notification_waits_is_a_clash() {
    let council = Council::new(210, 60);
    let (at, other) = (council.pack.nth(Sort::Couple, 0), council.pack.nth(Sort::Couple, 1));
    council.submit(&[move_in(at, "waits", ON, &["Mx Tal Iversen"])]);
    write(
        &council,
        &[
            (&at.account, "reminder", "2015-11-30", "REC-1"),
            (&at.account, "final-notice", "2015-12-01", "REC-2"),
            (&at.account, "summons", "2015-12-28", "REC-3"),
            (&at.account, "liability-order", "2015-12-29", "REC-4"),
            (&other.account, "reminder", "2015-12-10", "REC-1"),
        ],
    );
    let imported = council.hearth.run(&["import", "pack", "--json"]).ok().json();
    assert_eq!((&imported["told"], &imported["events"]), (&json!(5), &json!(5)), "{imported}");
    assert_eq!(council.hearth.run(&["import", "pack", "--json"]).ok().json()["events"], 0, "twice is once");

    let look = council.look();
    let reference = look.reference("waits");
    let expected = json!({"account": at.account, "until": "2015-12-29", "references": [reference]});
    assert_eq!(held(&look, "2015-12-01", &at.account), expected);
    assert_eq!(held(&look, "2015-12-28", &at.account), expected);
    assert_eq!(held(&look, "2015-11-30", &at.account), Value::Null, "nothing had come");
    assert_eq!(held(&look, "2015-12-29", &at.account), Value::Null, "it is over");
    assert_eq!(held(&look, "2015-12-10", &other.account), Value::Null, "of them nobody told anything");

    assert_eq!(clashes(&look, ""), ["REC-2", "REC-3"]);
    assert_eq!(clashes(&look, "from=2015-12-02"), ["REC-3"]);
    assert_eq!(clashes(&look, "to=2015-12-28"), ["REC-2"], "the last day no longer counts");
    let first = look.client.get("/api/v1/recovery/clashes?limit=1").ok();
    let expected = json!([{"account": at.account, "step": "final-notice", "taken_on": "2015-12-01",
        "source_reference": "REC-2", "references": [reference]}]);
    assert_eq!(first["items"], expected);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(clashes(&look, &format!("limit=1&cursor={cursor}")), ["REC-3"]);
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn the_hold_grows_with_the_waiting_and_ends_with_it() {
    let council = Council::new(211, 60);
    let (at, other) = (council.pack.nth(Sort::Couple, 0), council.pack.nth(Sort::Couple, 1));
    council.submit(&[move_in(at, "waits", ON, &["Mx Tal Iversen"])]);
    let look = council.look();
    let id = look.reference("waits").to_owned();
    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(&id);
    desk.act(&id, "defer", &json!({"until": "2015-12-10"})).ok();
    assert_eq!(held(&look, "2015-12-28", &at.account)["until"], "2015-12-29", "it is held beyond that anyway");
    desk.claim(&id);
    desk.act(&id, "request-evidence", &json!({"evidence": "The lease", "respond_by": "2016-01-19"})).ok();
    assert_eq!(held(&look, "2016-01-20", &at.account)["until"], "2016-01-21", "the day it is an officer's again");
    look.served.stopped();

    council.submit(&[days_later(contact(other, "goes-on", "new@mail.example.net"), 35)]);
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 3);
    desk.claim(&id);
    desk.act(&id, "decide", &json!({"decision": "reject", "reason": "R19"})).ok();
    // Five weeks after the first of December.
    assert_eq!(held(&look, "2016-01-04", &at.account)["until"], "2016-01-05");
    assert_eq!(held(&look, "2016-01-05", &at.account), Value::Null);
    look.served.stopped();
    let events = council.hearth.events();
    let of =
        |name: &str| events.iter().filter(|it| it["type"] == name).map(|it| it["data"].clone()).collect::<Vec<_>>();
    assert_eq!(of("RecoveryHeld").len(), 2, "the deferral asked for no more than was held");
    assert_eq!(of("RecoveryResumed"), [json!({"reference": id, "accounts": [at.account], "on": "2016-01-05"})]);
    council.hearth.verified();
}

#[test]
fn what_goes_straight_through_holds_nothing() {
    let council = Council::new(212, 40);
    council.submit(&[move_in(council.pack.nth(Sort::Void, 0), "applied", ON, &["Mx Tal Iversen"])]);
    let look = council.look();
    assert_eq!(look.client.get("/api/v1/recovery/holds?on=2015-12-01").ok()["items"], json!([]));
    assert_eq!(look.client.get("/api/v1/recovery/holds").ok()["items"], json!([]));
    assert_eq!(look.client.get("/api/v1/recovery/holds?on=soon").status, 400);
    look.served.stopped();
    let events = council.hearth.events();
    assert!(events.iter().all(|it| !it["type"].as_str().unwrap().starts_with("Recovery")));
}

#[test]
fn before_a_court_a_direct_debit_is_for_an_officer() {
    let council = Council::new(213, 60);
    let (summoned, reminded) = (council.pack.nth(Sort::Couple, 0), council.pack.nth(Sort::Couple, 1));
    write(
        &council,
        &[
            (&summoned.account, "summons", "2015-11-20", "REC-2"),
            (&summoned.account, "reminder", "2015-10-20", "REC-1"),
            (&reminded.account, "reminder", "2015-11-20", "REC-1"),
        ],
    );
    council.hearth.run(&["import", "pack"]).ok();
    council.submit(&[
        direct_debit(summoned, "summoned", "089999", "66374958"),
        direct_debit(reminded, "reminded", "089999", "66374958"),
    ]);
    let look = council.look();
    look.came_to("summoned", "referred", &["R14"]);
    look.came_to("reminded", "applied", &[]);
    let desk = Desk::new(&look, &council, "officer", 1);
    assert_eq!(desk.item(look.reference("summoned"))["priority"], "high");
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn a_defect_is_named_by_its_place_and_nothing_is_applied() {
    let council = Council::new(214, 24);
    let at = council.pack.nth(Sort::Couple, 0);
    let before = council.hearth.events().len();
    let good = (at.account.as_str(), "reminder", "2015-11-20", "REC-1");
    for (bad, place) in [
        (("00000000", "reminder", "2015-11-20", "REC-2"), "line 3, column account"),
        ((at.account.as_str(), "letter", "2015-11-20", "REC-2"), "line 3, column step"),
        ((at.account.as_str(), "reminder", "20/11/2015", "REC-2"), "line 3, column taken_on"),
        ((at.account.as_str(), "reminder", "2015-11-20", ""), "line 3, column reference"),
        ((at.account.as_str(), "summons", "2015-11-21", "REC-1"), "line 3, column reference"),
    ] {
        write(&council, &[good, bad]);
        let done = council.hearth.run(&["import", "pack"]).failed(1);
        assert!(done.err.contains(&format!("recovery.csv, {place}")), "{}", done.err);
        assert_eq!(council.hearth.events().len(), before);
    }
    write(&council, &[good]);
    council.hearth.run(&["import", "pack"]).ok();
    assert_eq!(council.hearth.events().len(), before + 1);
    // The same step told otherwise is left as it was first told, and that is said.
    write(&council, &[(good.0, "summons", good.2, good.3)]);
    let done = council.hearth.run(&["import", "pack"]).ok();
    assert!(done.err.contains("recovery.csv, line 2") && done.err.contains("left as it is"), "{}", done.err);
    assert_eq!(council.hearth.events().len(), before + 1);
}
