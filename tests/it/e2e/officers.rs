//! Officers at work over the API: who has an item, what is proposed, what follows from a decision, who else has to agree.

pub(super) mod crash;
mod duties;
mod queue;

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::date;
use serde_json::{Value, json};

use super::council::{Council, Look};
use super::http::{Answer, Client};
use super::money::{charge, quarter, written, year};
use super::pack::{Dwelling, Sort};
use super::say::{claim, move_in, move_out};

const ON: jiff::civil::Date = date(2015, 11, 14);
const NEWCOMER: &[&str] = &["Ms Zoë Ünal"];

/// An officer at a desk.
pub(super) struct Desk {
    pub(super) client: Client,
    pub(super) name: String,
}

impl Desk {
    /// Somebody of this role, of whom there are `number` already.
    pub(super) fn new(look: &Look<'_>, council: &Council, role: &str, number: usize) -> Self {
        let client = Client::new(look.served.address, &council.hearth.token(role));
        Self { client, name: format!("{role}-{number}") }
    }

    pub(super) fn item(&self, id: &str) -> Value {
        self.client.get(&format!("/api/v1/work-items/{id}")).ok()
    }

    pub(super) fn act(&self, id: &str, action: &str, body: &Value) -> Answer {
        self.client.post_to(&format!("/api/v1/work-items/{id}/{action}"), body)
    }

    pub(super) fn claim(&self, id: &str) -> Value {
        self.act(id, "claim", &json!({})).ok()
    }

    /// The references that a list of items holds.
    pub(super) fn list(&self, query: &str) -> Vec<String> {
        let page = self.client.get(&format!("/api/v1/work-items?limit=500&{query}")).ok();
        let ids = page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned());
        ids.collect()
    }
}

/// It was refused so, and the answer says what to do next.
#[track_caller]
fn refused(answer: Answer, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.body["status"], status, "{answer:?}");
    assert!(answer.body.to_string().contains(says), "{says:?} in {answer:?}");
}

/// These steps, in order.
#[track_caller]
fn told(steps: &Value, expected: &[&str]) {
    let what: Vec<_> = steps.as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(what, expected);
}

/// What waits in all queues together.
fn waiting(desk: &Desk) -> u64 {
    let workload = desk.client.get("/api/v1/workload").ok();
    workload["queues"].as_array().unwrap().iter().map(|it| it["open"].as_u64().unwrap()).sum()
}

/// A council to which somebody told of a move into a home where a couple lives.
fn with_an_overlap(seed: u64) -> Council {
    let council = Council::new(seed, 60);
    let it = council.pack.nth(Sort::Couple, 0);
    assert_eq!(council.submit(&[move_in(it, "overlap", ON, NEWCOMER)])["referred"], 1);
    council
}

/// The couple's account ends, the newcomer's begins with the discount, and the charges of the year follow.
#[track_caller]
fn proposes(proposal: &Value, at: &Dwelling, (old, new): (i64, i64)) {
    let expected = json!([
        {"uprn": at.uprn, "account": at.account, "liable_persons": [{"name": at.persons[0]}, {"name": at.persons[1]}],
         "before": {"from": at.from, "to": null}, "after": {"from": at.from, "to": ON}},
        {"uprn": at.uprn, "account": at.opened(2), "liable_persons": [{"name": NEWCOMER[0]}],
         "before": null, "after": {"from": ON, "to": null}},
    ]);
    assert_eq!(proposal["liability"], expected);
    let award = json!({"account": at.opened(2), "code": "D-SPD", "before": null, "after": {"from": ON, "to": null}});
    assert_eq!(proposal["awards"], json!([award]));
    let of_year = proposal["charges"].as_array().unwrap().iter().filter(|it| it["financial_year"] == "2015/16");
    let after: Vec<_> = of_year.map(|it| it["after"].clone()).collect();
    assert_eq!(after, [json!(written(old)), json!(written(new))]);
}

#[test]
fn what_is_accepted_takes_effect_as_it_was_proposed() {
    let council = with_an_overlap(81);
    let look = council.look();
    let (at, id) = (council.pack.nth(Sort::Couple, 0), look.reference("overlap").to_owned());
    let desk = Desk::new(&look, &council, "officer", 1);
    assert_eq!(waiting(&desk), 1);

    let item = desk.item(&id);
    assert_eq!((&item["status"], &item["allocated_to"]), (&json!("open"), &Value::Null), "{item:#}");
    assert_eq!(item["notification"]["details"]["persons"][0]["name"], NEWCOMER[0]);
    let proposal = item["proposal"].clone();
    assert_eq!((&proposal["outcome"], &proposal["needs_authorisation"]), (&json!("apply"), &json!(false)), "{item:#}");
    assert_eq!(proposal["satisfied"][0]["reason"], "R04", "{proposal:#}");
    let (_, begin, end) = year(2015);
    let old = charge(at.amount(2015), 2015, begin, ON);
    let new = charge(at.amount(2015), 2015, ON, end) - quarter(at.amount(2015), 2015, ON, end);
    proposes(&proposal, at, (old, new));
    let claimed = desk.claim(&id);
    assert_eq!((&claimed["status"], &claimed["allocated_to"]), (&json!("claimed"), &json!(desk.name)));
    let body = json!({"decision": "accept", "explanation": "The couple told us by telephone that they had left."});
    let done = desk.act(&id, "decide", &body).ok();
    assert_eq!((&done["status"], &done["notification_status"]), (&json!("done"), &json!("applied")), "{done:#}");
    look.liable(at, &[(&at.persons[0], at.from, Some(ON)), (NEWCOMER[0], ON, None)]);
    look.owes(&at.account, 2015, &written(old));
    look.owes(&at.opened(2), 2015, &written(new));

    told(
        &done["history"],
        &[
            "NotificationReceived",
            "DecisionRecorded",
            "NotificationReferred",
            "RecoveryHeld",
            "WorkItemClaimed",
            "WorkItemDecided",
            "DecisionRecorded",
            "NotificationCompleted",
            "RecoveryResumed",
        ],
    );
    assert_eq!(done["history"][5]["who"], format!("token:{}", desk.name));
    assert_eq!(done["history"][5]["note"], body["explanation"]);
    let shown = look.notification("overlap");
    assert_eq!((&shown["status"], &shown["message"]), (&json!("applied"), &body["explanation"]), "{shown:#}");
    let steps = ["received", "decided", "referred", "claimed", "decided-by-officer", "decided", "completed"];
    told(&shown["timeline"], &steps);
    assert_eq!(waiting(&desk), 0);
    refused(desk.act(&id, "decide", &json!({"decision": "accept"})), 409, "applied");
    refused(desk.act(&id, "claim", &json!({})), 409, "applied");
    look.all_add_up();
    look.served.stopped();
    let events = council.hearth.events();
    let decided = events.iter().find(|it| it["type"] == "WorkItemDecided").unwrap();
    let claimed = events.iter().find(|it| it["type"] == "WorkItemClaimed").unwrap();
    assert_eq!(decided["data"]["claimed_at"], claimed["recorded_at"], "the officer's time");
    assert!(!decided.to_string().contains("telephone"), "the officer's words are sealed");
    council.hearth.verified();
}

#[test]
fn a_claim_is_one_officers_alone() {
    let council = with_an_overlap(82);
    let look = council.look();
    let id = look.reference("overlap").to_owned();
    let desks: Vec<_> = (1..=64).map(|number| Desk::new(&look, &council, "officer", number)).collect();
    let (won, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for desk in &desks {
            scope.spawn(|| match desk.act(&id, "claim", &json!({})).status {
                200 => won.fetch_add(1, Ordering::Relaxed),
                409 => lost.fetch_add(1, Ordering::Relaxed),
                other => panic!("{other}"),
            });
        }
    });
    assert_eq!((won.into_inner(), lost.into_inner()), (1, 63));
    let holder = desks[0].item(&id)["allocated_to"].as_str().unwrap().to_owned();
    let (mine, others): (Vec<_>, Vec<_>) = desks.iter().partition(|it| it.name == holder);
    mine[0].claim(&id);
    assert_eq!(others[0].list("status=claimed"), [id.as_str()]);
    assert!(others[0].list("status=open").is_empty());
    for (action, body) in [
        ("claim", json!({})),
        ("release", json!({})),
        ("defer", json!({"until": "2015-12-09"})),
        ("request-evidence", json!({"evidence": "The tenancy agreement"})),
        ("decide", json!({"decision": "accept"})),
    ] {
        refused(others[0].act(&id, action, &body), 409, &holder);
    }
    let free = mine[0].act(&id, "release", &json!({})).ok();
    assert_eq!((&free["status"], &free["allocated_to"]), (&json!("open"), &Value::Null));
    for action in ["release", "decide", "defer", "request-evidence"] {
        let body = match action {
            "decide" => json!({"decision": "accept"}),
            "defer" => json!({"until": "2015-12-09"}),
            "request-evidence" => json!({"evidence": "The tenancy agreement"}),
            _ => json!({}),
        };
        refused(mine[0].act(&id, action, &body), 409, "claim it first");
    }
    others[0].claim(&id);
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!(events.iter().filter(|it| it["type"] == "WorkItemClaimed").count(), 2);
    council.hearth.verified();
}

#[test]
fn what_cannot_be_used_is_refused_and_says_what_to_do() {
    let council = with_an_overlap(83);
    let look = council.look();
    let id = look.reference("overlap").to_owned();
    let desk = Desk::new(&look, &council, "officer", 1);
    let auditor = Desk::new(&look, &council, "auditor", 2);
    refused(auditor.client.get(&format!("/api/v1/work-items/{id}")), 403, "officer");
    refused(auditor.act(&id, "claim", &json!({})), 403, "officer");
    refused(desk.act(&id, "authorise", &json!({})), 403, "supervisor");
    for unknown in ["HN-0000-0000-0009", "not%20one"] {
        refused(desk.client.get(&format!("/api/v1/work-items/{unknown}")), 404, "/api/v1/work-items");
        refused(desk.act(unknown, "claim", &json!({})), 404, "/api/v1/work-items");
    }
    let supervisor = Desk::new(&look, &council, "supervisor", 3);
    refused(supervisor.act(&id, "authorise", &json!({})), 409, "decided first");
    desk.claim(&id);
    for (action, body, pointer) in [
        ("claim", json!({"force": true}), "/force"),
        ("claim", json!([]), ""),
        ("defer", json!({}), "/until"),
        ("defer", json!({"until": "soon"}), "/until"),
        ("defer", json!({"until": "2015-12-01"}), "/until"),
        ("defer", json!({"until": "2017-12-01"}), "/until"),
        ("request-evidence", json!({}), "/evidence"),
        ("request-evidence", json!({"evidence": " "}), "/evidence"),
        ("request-evidence", json!({"evidence": "x", "respond_by": "2015-11-30"}), "/respond_by"),
        ("decide", json!({}), "/decision"),
        ("decide", json!({"decision": "maybe"}), "/decision"),
        ("decide", json!({"decision": "reject"}), "/reason"),
        ("decide", json!({"decision": "reject", "reason": "R99"}), "/reason"),
        ("decide", json!({"decision": "accept", "reason": "R04"}), "/reason"),
        ("decide", json!({"decision": "amend"}), "/details"),
        ("decide", json!({"decision": "amend", "details": {"persons": []}}), "/details"),
        ("decide", json!({"decision": "amend", "effective_on": "2015-02-30"}), "/effective_on"),
    ] {
        let answer = desk.act(&id, action, &body);
        assert_eq!(answer.status, 422, "{action} {body}: {answer:?}");
        let named = answer.body["errors"][0]["pointer"].as_str().unwrap();
        assert!(named.starts_with(pointer), "{action} {body}: {answer:?}");
    }
    assert_eq!(desk.item(&id)["status"], "claimed", "nothing was recorded");
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn what_is_rejected_changes_nothing_and_says_why() {
    let council = with_an_overlap(84);
    let look = council.look();
    let (at, id) = (council.pack.nth(Sort::Couple, 0), look.reference("overlap").to_owned());
    let before = look.account(&at.account);
    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(&id);
    let body = json!({"decision": "reject", "reason": "R19", "explanation": "Those who live there have not left."});
    let done = desk.act(&id, "decide", &body).ok();
    assert_eq!((&done["status"], &done["notification_status"]), (&json!("done"), &json!("rejected")), "{done:#}");
    let shown = look.notification("overlap");
    assert_eq!((&shown["status"], &shown["reasons"]), (&json!("rejected"), &json!(["R19"])));
    assert_eq!(shown["message"], body["explanation"]);
    assert_eq!(look.account(&at.account), before);
    let list = desk.client.get("/api/v1/work-items?status=rejected").ok();
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["status"]), (&json!(id), &json!("done")));
    let workload = desk.client.get("/api/v1/workload").ok();
    assert_eq!((&workload["queues"], &workload["completed"]), (&json!([]), &json!(1)), "{workload:#}");
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn what_is_put_off_comes_back_on_its_day() {
    let council = with_an_overlap(85);
    let look = council.look();
    let id = look.reference("overlap").to_owned();
    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(&id);
    let deferred = desk.act(&id, "defer", &json!({"until": "2015-12-03", "note": "The couple will ring back."})).ok();
    assert_eq!((&deferred["status"], &deferred["back_on"]), (&json!("deferred"), &json!("2015-12-03")), "{deferred:#}");
    assert_eq!(deferred["allocated_to"], Value::Null);
    assert_eq!((desk.list("status=deferred"), desk.list("status=open")), (vec![id.clone()], vec![]));
    assert_eq!(desk.list("status=referred"), [id.as_str()]);
    // The simulated clock goes on with what is received.
    let mut later = move_in(council.pack.nth(Sort::Couple, 1), "later", ON, NEWCOMER);
    later["received_at"] = json!("2015-12-03T09:00:00Z");
    look.served.stopped();
    council.submit(&[later]);
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 3);
    assert_eq!(desk.item(&id)["status"], "open");
    let mut both = vec![id.clone(), look.reference("later").to_owned()];
    both.sort();
    assert_eq!((desk.list("status=deferred"), desk.list("status=open")), (vec![], both));
    desk.claim(&id);
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn evidence_is_asked_for_and_the_submitter_is_told() {
    let council = with_an_overlap(86);
    let look = council.look();
    let id = look.reference("overlap").to_owned();
    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(&id);
    let body = json!({"evidence": "A copy of the tenancy agreement, please.", "respond_by": "2015-12-15"});
    let asked = desk.act(&id, "request-evidence", &body).ok();
    assert_eq!((&asked["status"], &asked["back_on"]), (&json!("awaiting-evidence"), &json!("2015-12-16")), "{asked:#}");
    assert_eq!(asked["notification_status"], "awaiting-evidence");
    let shown = look.notification("overlap");
    assert_eq!((&shown["status"], &shown["message"]), (&json!("awaiting-evidence"), &body["evidence"]), "{shown:#}");
    assert_eq!(desk.list("status=awaiting-evidence"), [id.as_str()]);
    let other = Desk::new(&look, &council, "officer", 2);
    assert_eq!(other.claim(&id)["allocated_to"], other.name);
    assert_eq!(look.notification("overlap")["status"], "referred");
    assert_eq!(other.act(&id, "decide", &json!({"decision": "accept"})).ok()["notification_status"], "applied");
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn what_lacks_something_is_put_right_and_takes_effect() {
    let council = Council::new(87, 60);
    let (left, arrival) = (council.pack.nth(Sort::Couple, 0), council.pack.nth(Sort::Void, 0));
    let mut nowhere = move_in(arrival, "nowhere", ON, NEWCOMER);
    nowhere["dwelling"] = json!({"address": "1 Nowhere Road", "postcode": "ZY1 0QX"});
    let unknown = move_out(left, "no-successor", ON, &json!({"kind": "unknown"}));
    assert_eq!(council.submit(&[nowhere, unknown])["referred"], 2);
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 1);
    let (nowhere, unknown) = (look.reference("nowhere").to_owned(), look.reference("no-successor").to_owned());
    for (id, lacks) in [(&nowhere, "no dwelling of the council fits"), (&unknown, "no successor was named")] {
        let item = desk.claim(id);
        assert_eq!(item["proposal"], Value::Null, "{item:#}");
        assert!(item["no_proposal_because"].as_str().unwrap().contains(lacks), "{item:#}");
        refused(desk.act(id, "decide", &json!({"decision": "accept"})), 409, lacks);
    }
    let body = json!({"decision": "amend", "dwelling": {"uprn": arrival.uprn}});
    let done = desk.act(&nowhere, "decide", &body).ok();
    assert_eq!(done["notification_status"], "applied", "{done:#}");
    look.liable(arrival, &[(&arrival.persons[0], arrival.from, Some(ON)), (NEWCOMER[0], ON, None)]);
    let mut details = desk.item(&unknown)["notification"]["details"].clone();
    details["successor"] = json!({"kind": "buyer", "name": "Mx Olu Quirk"});
    let done = desk.act(&unknown, "decide", &json!({"decision": "amend", "details": details})).ok();
    assert_eq!(done["notification_status"], "applied", "{done:#}");
    assert_eq!(done["notification"]["details"]["successor"]["kind"], "buyer");
    look.liable(left, &[(&left.persons[0], left.from, Some(ON)), ("Mx Olu Quirk", ON, None)]);
    look.all_add_up();
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn what_is_over_the_limit_of_policy_takes_two_persons() {
    let council = Council::new(88, 60);
    let policy = council.hearth.read("pack/council.toml").replace("\"1500.00\"", "\"10.00\"");
    council.hearth.write("pack/council.toml", &policy);
    council.hearth.run(&["import", "pack"]).ok();
    let (at, other) = (council.pack.nth(Sort::Unclaimed, 0), council.pack.nth(Sort::Unclaimed, 1));
    council.submit(&[claim(at, "alone", ON, &[]), claim(other, "taken-back", ON, &[])]);
    let look = council.look();
    let (id, back) = (look.reference("alone").to_owned(), look.reference("taken-back").to_owned());
    let supervisor = Desk::new(&look, &council, "supervisor", 1);
    let another = Desk::new(&look, &council, "supervisor", 2);
    let item = supervisor.claim(&id);
    assert_eq!(
        (&item["reasons"], &item["proposal"]["needs_authorisation"]),
        (&json!(["R17"]), &json!(true)),
        "{item:#}"
    );
    let waits = supervisor.act(&id, "decide", &json!({"decision": "accept"})).ok();
    assert_eq!((&waits["status"], &waits["allocated_to"]), (&json!("awaiting-authorisation"), &json!(supervisor.name)));
    assert_eq!(look.account(&at.account)["awards"], json!([]), "nothing happens before it is authorised");
    assert_eq!(supervisor.list("status=awaiting-authorisation"), [id.as_str()]);
    refused(supervisor.act(&id, "authorise", &json!({})), 403, "another supervisor");
    refused(another.act(&id, "claim", &json!({})), 409, &supervisor.name);
    let done = another.act(&id, "authorise", &json!({})).ok();
    assert_eq!((&done["status"], &done["notification_status"]), (&json!("done"), &json!("applied")), "{done:#}");
    assert_eq!(look.account(&at.account)["awards"], json!([{"code": "D-SPD", "from": ON, "to": null}]));
    refused(another.act(&id, "authorise", &json!({})), 409, "applied");
    let what = look.notification("alone")["timeline"].clone();
    assert_eq!(what[5]["what"], "authorised", "{what:#}");
    // Taken back by the one who decided, or sent back by a supervisor, it waits for an officer again.
    let (officer, third) = (Desk::new(&look, &council, "officer", 3), Desk::new(&look, &council, "officer", 4));
    for takes_back in [&officer, &another] {
        officer.claim(&back);
        officer.act(&back, "decide", &json!({"decision": "accept"})).ok();
        refused(third.act(&back, "release", &json!({})), 409, &officer.name);
        assert_eq!(takes_back.act(&back, "release", &json!({})).ok()["status"], "open");
    }
    refused(another.act(&back, "authorise", &json!({})), 409, "decided first");
    look.adds_up(at);
    look.served.stopped();
    council.hearth.verified();
}
