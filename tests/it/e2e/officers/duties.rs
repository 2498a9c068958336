//! Who may not do what alone, and who may not do it at all: second persons with every reason told, items that wait for a
//! supervisor, colleagues who may not have an item.

use jiff::civil::date;
use serde_json::{Value, json};

use super::super::council::Council;
use super::super::pack::Sort;
use super::super::say::{claim, move_in};
use super::{Desk, NEWCOMER, ON, refused};

const SUBMITTER: &str = "submitter-identified";

/// Claims of people who live alone: one of a year that is over, from an address that is not on file; one that is restricted
/// later, which is the same.
fn told_late(seed: u64) -> Council {
    let council = Council::new(seed, 40);
    let told: Vec<_> = ["late", "closed"]
        .into_iter()
        .enumerate()
        .map(|(nth, reference)| {
            let mut told = claim(council.pack.nth(Sort::Unclaimed, nth), reference, date(2015, 3, 1), &[]);
            told["submitted_by"]["email"] = json!("elsewhere@mail.example.net");
            told["submitted_by"]["phone"] = json!("020 7946 0999");
            told
        })
        .collect();
    assert_eq!(council.submit(&told)["referred"], 2);
    council
}

fn accepted(desk: &Desk, id: &str) -> Value {
    desk.claim(id);
    desk.act(id, "decide", &json!({"decision": "accept"})).ok()
}

#[test]
fn a_year_that_is_over_and_a_check_passed_over_take_a_second_person_who_is_told_every_reason() {
    let council = told_late(201);
    let staff = |arguments: &[&str]| council.hearth.run(&[&["staff"], arguments].concat()).ok();
    staff(&["enrol", "--name", "one-of-few", "--role", "supervisor"]);
    let look = council.look();
    let [late, shut] = ["late", "closed"].map(|it| look.reference(it).to_owned());
    let (officer, other) = (Desk::new(&look, &council, "officer", 1), Desk::new(&look, &council, "officer", 2));
    let (chief, second) = (Desk::new(&look, &council, "supervisor", 3), Desk::new(&look, &council, "supervisor", 4));

    // Said before anybody decides: both reasons, as the tax moves by less than the limit.
    let proposal = officer.item(&late)["proposal"].clone();
    assert_eq!(proposal["needs_authorisation"], true, "{proposal:#}");
    assert_eq!((&proposal["over_limit"], &proposal["closed_years"]), (&Value::Null, &json!(["2014/15"])));
    assert_eq!(proposal["overrides"], json!([SUBMITTER]));
    let because = proposal["needs_authorisation_because"].clone();
    assert_eq!(because.as_array().unwrap().len(), 2, "{because}");
    assert!(because[0].as_str().unwrap().contains("2014/15") && because[1].as_str().unwrap().contains(SUBMITTER));

    let account = &council.pack.nth(Sort::Unclaimed, 0).account;
    let before = look.account(account);
    let decided = accepted(&chief, &late);
    assert_eq!(
        (&decided["status"], &decided["notification_status"]),
        (&json!("awaiting-authorisation"), &json!("referred"))
    );
    let waits = json!({"decided_by": chief.name, "verdict": "accepted", "because": because});
    assert_eq!(second.item(&late)["awaits_authorisation"], waits, "whoever authorises reads why");
    assert_eq!(look.account(account), before, "nothing happened");
    refused(chief.act(&late, "authorise", &json!({})), 403, "another supervisor");
    assert_eq!(officer.act(&late, "authorise", &json!({})).status, 403);
    refused(other.act(&late, "release", &json!({})), 409, &chief.name);
    refused(other.act(&late, "decide", &json!({"decision": "accept"})), 409, &chief.name);
    let done = second.act(&late, "authorise", &json!({})).ok();
    assert_eq!(
        (&done["notification_status"], &done["awaits_authorisation"]),
        (&json!("applied"), &Value::Null),
        "{done:#}"
    );

    // Whoever is fenced from it does not authorise it either.
    accepted(&officer, &shut);
    staff(&["restrict", &council.pack.nth(Sort::Unclaimed, 1).uprn, "--open-to", "one-of-few"]);
    super::super::run::until("the record is restricted", || {
        second.client.get(&format!("/api/v1/work-items/{shut}")).status == 403
    });
    refused(second.act(&shut, "authorise", &json!({})), 403, "named persons only");
    look.served.stopped();
    let events = council.hearth.events();
    let decided = events.iter().find(|it| it["type"] == "WorkItemDecided").unwrap();
    assert_eq!(
        (&decided["data"]["closed_years"], &decided["data"]["overrides"]),
        (&json!(["2014/15"]), &json!([SUBMITTER]))
    );
    assert_eq!(events.iter().filter(|it| it["type"] == "WorkItemAuthorised").count(), 1);
    council.hearth.verified();
}

#[test]
fn what_policy_names_is_what_takes_two_and_one_officer_rejects_alone() {
    let council = told_late(202);
    let policy = council.hearth.read("pack/council.toml");
    let named = policy.replace("future_limit_days = 14", "future_limit_days = 14\nsecond_person_checks = []");
    council.hearth.write("pack/council.toml", &named);
    council.hearth.run(&["import", "pack"]).ok();
    let look = council.look();
    let officer = Desk::new(&look, &council, "officer", 1);
    let late = look.reference("late");
    let proposal = officer.item(late)["proposal"].clone();
    assert_eq!((&proposal["overrides"], &proposal["closed_years"]), (&json!([]), &json!(["2014/15"])), "{proposal:#}");
    officer.claim(late);
    let done = officer.act(late, "decide", &json!({"decision": "reject", "reason": "R02"})).ok();
    assert_eq!(done["notification_status"], "rejected");
    look.served.stopped();
    let unknown = policy.replace("future_limit_days = 14", "second_person_checks = [\"account-open\"]");
    council.hearth.write("pack/council.toml", &unknown);
    let failed = council.hearth.run(&["import", "pack"]).failed(1);
    let said = format!("{}{}", failed.out, failed.err);
    assert!(
        said.contains("council.toml") && said.contains("column second_person_checks") && said.contains("line 8"),
        "{said}"
    );
}

fn with_moves(seed: u64, number: usize) -> Council {
    let council = Council::new(seed, 300);
    let told = |nth| move_in(council.pack.nth(Sort::Couple, nth), &format!("move-{nth}"), ON, NEWCOMER);
    assert_eq!(council.submit(&(0..number).map(told).collect::<Vec<_>>())["referred"], number);
    council
}

fn ordered(desk: &Desk, id: &str, action: &Value) -> Value {
    let mut order = action.clone();
    order["references"] = json!([id]);
    desk.client.post_to("/api/v1/work-items/bulk", &order).ok()["items"][0].clone()
}

#[test]
fn what_was_escalated_only_supervisors_touch() {
    let council = with_moves(203, 1);
    let look = council.look();
    let id = look.reference("move-0").to_owned();
    let (one, two) = (Desk::new(&look, &council, "officer", 1), Desk::new(&look, &council, "officer", 2));
    let chief = Desk::new(&look, &council, "supervisor", 3);
    one.claim(&id);
    one.act(&id, "escalate", &json!({"note": "They threaten to sue."})).ok();
    let defer = json!({"action": "defer", "until": "2015-12-09"});
    let move_it = json!({"action": "reallocate", "queue": "discounts", "priority": "low"});
    for desk in [&one, &two] {
        for order in [&defer, &move_it, &json!({"action": "claim"})] {
            let it = ordered(desk, &id, order);
            assert_eq!(it["outcome"], "refused", "{order}: {it:#}");
            assert!(it.to_string().contains("supervisor"), "{it:#}");
        }
        refused(desk.act(&id, "claim", &json!({})), 403, "supervisor");
        refused(desk.act(&id, "reallocate", &json!({"queue": "discounts"})), 403, "supervisor");
        refused(desk.act(&id, "decide", &json!({"decision": "accept"})), 409, "claim");
        refused(desk.client.post_to(&format!("/api/v1/notifications/{id}/withdraw"), &json!({})), 403, "supervisor");
    }
    let item = two.item(&id);
    assert_eq!((&item["status"], &item["queue"], &item["escalated"]), (&json!("open"), &json!("moves"), &json!(true)));
    assert_eq!(ordered(&chief, &id, &move_it)["outcome"], "done");
    assert_eq!(ordered(&chief, &id, &defer)["outcome"], "done");
    refused(one.act(&id, "claim", &json!({})), 403, "supervisor");
    assert_eq!(ordered(&one, &id, &move_it)["outcome"], "refused", "put off, it is a supervisor's as well");
    chief.claim(&id);
    let done = chief.act(&id, "decide", &json!({"decision": "reject", "reason": "R19"})).ok();
    assert_eq!(done["notification_status"], "rejected");
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn an_item_goes_only_to_a_colleague_who_may_have_it() {
    let council = with_moves(204, 1);
    let at = &council.pack.nth(Sort::Couple, 0).uprn;
    let staff = |arguments: &[&str]| council.hearth.run(&[&["staff"], arguments].concat());
    for (name, role, queue) in [
        ("mover", "officer", "moves"),
        ("discounter", "officer", "discounts"),
        ("kin", "officer", "moves"),
        ("looker", "auditor", "moves"),
        ("gone", "officer", "moves"),
    ] {
        staff(&["enrol", "--name", name, "--role", role, "--queue", queue]).ok();
    }
    staff(&["relate", "kin", at]).ok();
    staff(&["leave", "gone"]).ok();
    let lost =
        staff(&["enrol", "--name", "other", "--role", "officer", "--queue", "moves", "--queue", "Moves"]).failed(1);
    assert!(
        lost.err.contains("no queue called Moves") && lost.err.contains("discounts, enquiries, moves"),
        "{}",
        lost.err
    );
    let look = council.look();
    let id = look.reference("move-0").to_owned();
    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(&id);
    let hand = |to: &str| desk.act(&id, "hand-over", &json!({"to": to}));
    for (to, says) in [
        ("nobody", "nobody who deals with items"),
        ("gone", "nobody who deals with items"),
        ("looker", "nobody who deals with items"),
        ("discounter", "not trained for the queue moves"),
        ("kin", "cannot have this item"),
    ] {
        refused(hand(to), 422, says);
    }
    assert!(!hand("kin").body.to_string().contains("relat"), "whose kin somebody is, is nobody's business");
    let it = desk.item(&id);
    assert_eq!(it["allocated_to"], desk.name, "still theirs");
    assert_eq!(hand("mover").ok()["allocated_to"], "mover");
    look.served.stopped();
    council.hearth.verified();
}

/// Every link is in the log, with who made it, for whom and until when.
#[test]
fn a_link_that_the_command_line_makes_is_in_the_log() {
    let council = Council::new(205, 8);
    let staff = |arguments: &[&str]| council.hearth.run(&[&["staff"], arguments].concat()).ok();
    staff(&["enrol", "--name", "mover", "--role", "officer"]);
    staff(&["link", "mover"]);
    staff(&["leave", "mover"]);
    staff(&["enrol", "--name", "mover", "--role", "officer"]);
    let events = council.hearth.events();
    let made: Vec<_> = events.iter().filter(|it| it["type"] == "SetUpLinkMade").map(|it| &it["data"]).collect();
    assert!(made.iter().all(|it| it["staff"] == "mover" && it["by"] == "command line" && it["until"].is_string()));
    let replaces: Vec<_> = made.iter().map(|it| it["replaces"] == true).collect();
    assert_eq!(replaces, [false, false, true], "whoever is let go and in again may have had a passphrase");
    council.hearth.verified();
}
