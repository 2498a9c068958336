//! The queue as a whole: who gets the next item, what lapses, what goes to whom, what is ordered for many at once, what is
//! checked, what the figures say.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::super::council::{Council, Look};
use super::super::http::Client;
use super::super::pack::Sort;
use super::super::say::{claim, move_in};
use super::{Desk, NEWCOMER, ON, refused};

/// A council to which somebody told of so many moves into homes where couples live.
fn with_overlaps(seed: u64, number: usize) -> Council {
    let council = Council::new(seed, 300);
    let told: Vec<_> = (0..number)
        .map(|nth| move_in(council.pack.nth(Sort::Couple, nth), &format!("overlap-{nth}"), ON, NEWCOMER))
        .collect();
    assert_eq!(council.submit(&told)["referred"], number);
    council
}

fn references(look: &Look<'_>, number: usize) -> Vec<String> {
    (0..number).map(|nth| look.reference(&format!("overlap-{nth}")).to_owned()).collect()
}

/// The simulated clock goes on with what is received.
fn at(council: &Council, instant: &str, nth: usize) {
    let mut later = move_in(council.pack.nth(Sort::Couple, nth), &format!("overlap-{nth}"), ON, NEWCOMER);
    later["received_at"] = json!(instant);
    council.submit(&[later]);
}

fn next(desk: &Desk, queues: &Value) -> (u16, Value) {
    let answer = desk.client.post_to("/api/v1/work-items/next", &json!({"queues": queues}));
    (answer.status, answer.body["id"].clone())
}

#[test]
fn of_officers_who_ask_at_once_each_gets_another_item() {
    let council = with_overlaps(181, 8);
    let look = council.look();
    let all = references(&look, 8);
    let supervisor = Desk::new(&look, &council, "supervisor", 1);
    supervisor.act(&all[5], "reallocate", &json!({"priority": "high", "note": "They are moving today."})).ok();
    assert_eq!(next(&supervisor, &json!(["discounts"])).0, 204, "nothing of that queue waits");
    assert_eq!(next(&supervisor, &json!(["moves"])), (200, json!(all[5])), "the most urgent first");
    let desks: Vec<_> = (2..14).map(|number| Desk::new(&look, &council, "officer", number)).collect();
    let got = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for desk in &desks {
            scope.spawn(|| {
                let answer = next(desk, &Value::Null);
                got.lock().unwrap().push(answer);
            });
        }
    });
    let got = got.into_inner().unwrap();
    let items: BTreeSet<_> = got.iter().filter(|(status, _)| *status == 200).map(|(_, id)| id.to_string()).collect();
    let empty = got.iter().filter(|(status, _)| *status == 204).count();
    assert_eq!((items.len(), empty), (7, 5), "{got:?}");
    assert!(!items.contains(&json!(all[5]).to_string()));
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!(events.iter().filter(|it| it["type"] == "WorkItemClaimed").count(), 8);
    council.hearth.verified();
}

#[test]
fn what_was_left_alone_is_anybodys_again_and_one_gets_it() {
    let council = with_overlaps(182, 1);
    let look = council.look();
    let id = look.reference("overlap-0").to_owned();
    let token = council.hearth.token("officer");
    let desk =
        |look: &Look<'_>| Desk { client: Client::new(look.served.address, &token), name: "officer-1".to_owned() };
    let first = desk(&look);
    let claimed = first.claim(&id);
    assert_eq!(claimed["status"], "claimed");
    let until = claimed["claimed_until"].as_str().unwrap().to_owned();
    look.served.stopped();
    at(&council, "2015-12-03T09:00:00Z", 1);
    let look = council.look();
    let desks: Vec<_> = (3..19).map(|number| Desk::new(&look, &council, "officer", number)).collect();
    let item = desks[0].item(&id);
    assert_eq!((&item["status"], &item["allocated_to"]), (&json!("open"), &Value::Null), "{until} is over: {item:#}");
    assert!(desks[0].list("status=open").contains(&id) && desks[0].list("status=claimed").is_empty());
    let got = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for desk in &desks {
            scope.spawn(|| {
                let status = desk.act(&id, "claim", &json!({})).status;
                got.lock().unwrap().push((status, desk.name.clone()));
            });
        }
    });
    let got = got.into_inner().unwrap();
    let winners: Vec<_> = got.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(winners.len(), 1, "{got:?}");
    assert!(got.iter().all(|(status, _)| [200, 409].contains(status)), "{got:?}");
    refused(desk(&look).act(&id, "decide", &json!({"decision": "accept"})), 409, &winners[0].1);
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn an_item_goes_to_a_colleague_to_supervisors_and_to_another_queue() {
    let council = with_overlaps(183, 1);
    let look = council.look();
    let id = look.reference("overlap-0").to_owned();
    let (one, two) = (Desk::new(&look, &council, "officer", 1), Desk::new(&look, &council, "officer", 2));
    let chief = Desk::new(&look, &council, "supervisor", 3);
    refused(one.act(&id, "hand-over", &json!({"to": two.name})), 409, "claim it first");
    one.claim(&id);
    refused(two.act(&id, "hand-over", &json!({"to": two.name})), 409, &one.name);
    assert_eq!(one.act(&id, "hand-over", &json!({"to": one.name})).status, 422);
    let over = one.act(&id, "hand-over", &json!({"to": two.name, "note": "You know them."})).ok();
    assert_eq!((&over["status"], &over["allocated_to"]), (&json!("claimed"), &json!(two.name)));
    refused(one.act(&id, "escalate", &json!({})), 409, &two.name);
    refused(one.act(&id, "reallocate", &json!({"queue": "discounts"})), 409, &two.name);
    let moved = two.act(&id, "reallocate", &json!({"queue": "discounts", "priority": "low"})).ok();
    assert_eq!((&moved["queue"], &moved["priority"]), (&json!("discounts"), &json!("low")));
    assert_eq!(two.act(&id, "reallocate", &json!({"queue": "lost"})).status, 422);
    assert_eq!(two.act(&id, "reallocate", &json!({})).status, 422);
    assert_eq!(one.list("queue=discounts&assigned=nobody"), [""; 0]);
    assert_eq!(two.list("queue=moves,discounts&assigned=me&priority=low&kinds=move-in"), [id.as_str()]);
    let up = two.act(&id, "escalate", &json!({"note": "They threaten to sue."})).ok();
    assert_eq!((&up["status"], &up["escalated"], &up["allocated_to"]), (&json!("open"), &json!(true), &Value::Null));
    refused(one.act(&id, "claim", &json!({})), 403, "supervisor");
    assert_eq!(next(&one, &Value::Null).0, 204);
    assert_eq!(one.list("escalated=true"), [id.as_str()]);
    assert_eq!(next(&chief, &Value::Null), (200, json!(id)));
    let done = chief.act(&id, "decide", &json!({"decision": "reject", "reason": "R19"})).ok();
    let notes: Vec<_> = done["history"].as_array().unwrap().iter().filter_map(|it| it["note"].as_str()).collect();
    assert_eq!(notes, ["You know them.", "They threaten to sue."]);
    look.served.stopped();
    let log: String = council.hearth.events().iter().map(Value::to_string).collect();
    assert!(!log.contains("threaten"), "an officer's words are sealed");
    council.hearth.verified();
}

fn order(desk: &Desk, what: &str, references: &[String], rest: &Value) -> Value {
    let mut body = json!({"references": references});
    body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    desk.client.post_to(&format!("/api/v1/work-items/{what}"), &body).ok()
}

fn outcomes(order: &Value) -> Vec<&str> {
    order["items"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect()
}

#[test]
fn an_order_to_many_is_looked_at_done_and_undone_as_a_whole() {
    let council = with_overlaps(184, 4);
    let look = council.look();
    let all = references(&look, 4);
    let (one, two) = (Desk::new(&look, &council, "officer", 1), Desk::new(&look, &council, "officer", 2));
    let chief = Desk::new(&look, &council, "supervisor", 3);
    two.claim(&all[3]);
    let what = json!({"action": "reallocate", "queue": "discounts", "note": "The other team has time."});
    let look_first = order(&one, "bulk/preview", &all, &what);
    assert_eq!(outcomes(&look_first), ["done", "done", "done", "refused"], "{look_first:#}");
    assert_eq!(look_first["order"], Value::Null);
    assert!(look_first["items"][3]["because"].as_str().unwrap().contains(&two.name));
    assert_eq!(one.list("queue=discounts"), [""; 0], "nothing was recorded");
    let done = order(&one, "bulk", &all, &what);
    assert_eq!((outcomes(&done), &done["done"]), (vec!["done", "done", "done", "refused"], &json!(3)));
    assert_eq!(one.list("queue=discounts").len(), 3);
    assert_eq!(outcomes(&order(&one, "bulk", &all[..1], &what)), ["already-so"]);
    // What somebody worked on since stays; the rest is again as it was.
    two.claim(&all[0]);
    let undo =
        |desk: &Desk, order: &Value| desk.client.post_to("/api/v1/work-items/bulk/undo", &json!({"order": order}));
    assert_eq!(outcomes(&undo(&two, &done["order"]).ok()), ["refused"; 3], "somebody else's order");
    let undone = undo(&one, &done["order"]).ok();
    assert_eq!(undone["done"], 2, "{undone:#}");
    assert_eq!(one.list("queue=discounts"), [all[0].as_str()]);
    assert_eq!(outcomes(&undo(&chief, &done["order"]).ok()), ["refused"; 3], "once");
    assert_eq!(undo(&one, &json!("bulk-unheard")).status, 422);

    let until = json!({"action": "defer", "until": "2015-12-20", "note": "Until the new year's bands are in."});
    let rest = &all[1..3];
    two.claim(&rest[1]);
    let put_off = order(&two, "bulk", rest, &until);
    assert_eq!(outcomes(&put_off), ["done", "done"]);
    assert_eq!(one.list("status=deferred").len(), 2);
    assert_eq!(undo(&two, &put_off["order"]).ok()["done"], 2);
    assert_eq!((one.list("status=deferred").len(), one.list("assigned=officer-2").len()), (0, 3), "claimed as it was");
    let taken = order(&one, "bulk", &all, &json!({"action": "claim"}));
    assert_eq!(taken["done"], 1);
    assert_eq!(outcomes(&order(&chief, "bulk", &all, &json!({"action": "release"}))), ["done"; 4]);
    assert_eq!(one.list("status=open").len(), 4);
    for body in [json!({"action": "claim"}), json!({"action": "lose", "references": all}), json!({"references": all})] {
        assert_eq!(one.client.post_to("/api/v1/work-items/bulk", &body).status, 422, "{body}");
    }
    look.served.stopped();
    let events = council.hearth.events();
    let of_order = events.iter().filter(|it| it["metadata"]["correlation"] == done["order"]);
    assert_eq!(of_order.map(|it| it["type"].as_str().unwrap()).collect::<Vec<_>>(), ["WorkItemReallocated"; 3]);
    council.hearth.verified();
}

#[test]
fn decisions_are_sampled_checked_by_others_and_counted() {
    let council = Council::new(185, 300);
    let policy = council.hearth.read("pack/council.toml").replace("\"1500.00\"", "\"1500.00\"\nchecked_percent = 100");
    council.hearth.write("pack/council.toml", &policy);
    council.hearth.run(&["import", "pack"]).ok();
    let automatic = claim(council.pack.nth(Sort::Unclaimed, 0), "automatic", ON, &[]);
    let overlap = move_in(council.pack.nth(Sort::Couple, 0), "overlap-0", ON, NEWCOMER);
    council.submit(&[automatic, overlap]);
    let look = council.look();
    let (machine, id) = (look.reference("automatic").to_owned(), look.reference("overlap-0").to_owned());
    let chief = Desk::new(&look, &council, "supervisor", 1);
    let second = Desk::new(&look, &council, "supervisor", 2);
    refused(chief.act(&id, "check", &json!({"error": "none"})), 409, "decided");
    chief.claim(&id);
    chief.act(&id, "decide", &json!({"decision": "accept"})).ok();
    let samples = chief.client.get("/api/v1/work-items/samples").ok();
    assert_eq!((&samples["total"], &samples["percent"]), (&json!(2), &json!(100)), "{samples:#}");
    refused(chief.act(&id, "check", &json!({"error": "none"})), 403, "somebody else");
    let wrong = json!({"error": "financial", "value": "12.50", "note": "The wrong day."});
    let checked = second.act(&id, "check", &wrong).ok();
    assert_eq!((&checked["checked"]["by"], &checked["checked"]["note"]), (&json!(second.name), &wrong["note"]));
    refused(second.act(&id, "check", &wrong), 409, &second.name);
    chief.act(&machine, "check", &json!({"error": "none"})).ok();
    assert_eq!(chief.client.get("/api/v1/work-items/samples").ok()["items"], json!([]));
    let contact = json!({"channel": "telephone", "about": "chase", "note": "They ask again."});
    chief.act(&machine, "contacts", &contact).ok();
    let contacts = chief.act(&id, "contacts", &contact).ok();
    assert_eq!(contacts["contacts"][0]["about"], "chase", "{contacts:#}");
    assert_eq!(second.item(&id)["beside"], contacts);
    let figures = chief.client.get("/api/v1/work-items/statistics").ok();
    assert_eq!(figures["checks_of_machine"]["error_percent"], "0.0", "{figures:#}");
    let of_officers = &figures["checks_of_officers"];
    assert_eq!((&of_officers["financial"], &of_officers["value"]), (&json!(1), &json!("12.50")));
    assert_eq!((&figures["all"]["completed"], &figures["all"]["outstanding"]), (&json!(1), &json!(0)));
    let by = &figures["officers"][0];
    assert_eq!(
        (&by["name"], &by["figures"]["decided"], &by["figures"]["touches"]),
        (&json!(chief.name), &json!(1), &json!("2.0"))
    );
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn what_waits_is_found_by_what_people_have_in_hand_and_shown_when_it_sits_too_long() {
    let council = with_overlaps(186, 3);
    let look = council.look();
    let all = references(&look, 3);
    let desk = Desk::new(&look, &council, "officer", 1);
    let at_home = council.pack.nth(Sort::Couple, 1);
    let here = [all[1].as_str()];
    for text in [&all[1], &at_home.uprn, &at_home.account, &at_home.persons[0]] {
        let text = text.replace(' ', "%20");
        assert_eq!(desk.list(&format!("q={text}")), here, "{text}");
    }
    let street = at_home.address.replace(' ', "%20").replace(',', "%2C");
    assert!(desk.list(&format!("q={street}")).contains(&all[1]), "{street}");
    assert_eq!(desk.list("q=%C3%BCnal").len(), 3, "who told it");
    assert_eq!(desk.list("q=%C3%BCnal%20nobody"), [""; 0]);
    let page = desk.client.get("/api/v1/work-items?q=%C3%BCnal&sort=-due&limit=2").ok();
    assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(3), 2));
    desk.claim(&all[1]);
    desk.act(&all[1], "decide", &json!({"decision": "accept"})).ok();
    assert_eq!(desk.list("q=%C3%BCnal").len(), 2, "what is done is found by its reference alone");
    assert_eq!(desk.list(&format!("q={}", all[1])), here);
    assert_eq!(desk.client.get("/api/v1/work-items/alerts").ok()["total"], 0);
    look.served.stopped();
    at(&council, "2016-01-18T09:00:00Z", 4);
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 3);
    let alerts = desk.client.get("/api/v1/work-items/alerts").ok();
    assert_eq!(alerts["total"], 2, "{alerts:#}");
    assert!(alerts["items"][0]["overdue_working_days"].as_u64().unwrap() > 0, "{alerts:#}");
    let figures = desk.client.get("/api/v1/work-items/statistics").ok();
    assert_eq!(figures["all"]["age_bands"][0], 1, "{figures:#}");
    assert_eq!(figures["all"]["outstanding"], 3);
    look.served.stopped();
    council.hearth.verified();
}
