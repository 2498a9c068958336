//! What a submitter does after the notification was sent, with nothing but its reference and its tracking token.

use jiff::civil::date;
use serde_json::{Value, json};

use super::council::{Council, Look};
use super::http::{Answer, Client};
use super::officers::Desk;
use super::pack::{Dwelling, Sort};
use super::say::move_in;

pub(super) const ON: jiff::civil::Date = date(2015, 11, 14);
const NEWCOMER: &[&str] = &["Ms Zoë Ünal"];

/// A council on whose simulated clock it is December: something was received then, and went through.
pub(super) fn in_december(seed: u64) -> Council {
    let council = Council::new(seed, 60);
    let through = move_in(council.pack.nth(Sort::Void, 0), "clock", ON, &["Mr Olu Quirk"]);
    assert_eq!(council.submit(&[through])["applied"], 1);
    council
}

/// Somebody who sent a notification over the open form.
pub(super) struct Submitter {
    pub(super) client: Client,
    pub(super) reference: String,
}

impl Submitter {
    /// Tells of a move into this dwelling.
    pub(super) fn moved_into(look: &Look<'_>, at: &Dwelling, source: &str) -> Self {
        let open = Client::new(look.served.address, "");
        let sent = open.post(&move_in(at, source, ON, NEWCOMER)).unwrap();
        assert_eq!(sent.status, 201, "{sent:?}");
        let text = |name: &str| sent.body[name].as_str().unwrap().to_owned();
        Self { client: Client::new(look.served.address, &text("tracking_token")), reference: text("reference") }
    }

    pub(super) fn path(&self, what: &str) -> String {
        format!("/api/v1/notifications/{}{what}", self.reference)
    }

    pub(super) fn shown(&self) -> Value {
        self.client.get(&self.path("")).ok()
    }

    pub(super) fn withdraw(&self) -> Answer {
        self.client.post_to(&self.path("/withdraw"), &json!({}))
    }

    fn answer(&self, text: &str) -> Answer {
        self.client.post_to(&self.path("/answer"), &json!({"text": text}))
    }
}

#[track_caller]
pub(super) fn refused(answer: Answer, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.body["detail"].as_str().unwrap().contains(says), "{says:?} in {answer:?}");
}

pub(super) fn steps(shown: &Value) -> Vec<&str> {
    shown["timeline"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect()
}

fn open_items(desk: &Desk) -> usize {
    desk.list("status=open").len()
}

fn holds(desk: &Desk) -> usize {
    desk.client.get("/api/v1/recovery/holds").ok()["items"].as_array().unwrap().len()
}

pub(super) fn count(events: &[Value], of: &str) -> usize {
    events.iter().filter(|it| it["type"] == of).count()
}

#[test]
fn what_waits_is_withdrawn_by_its_submitter_and_nothing_is_left_of_it() {
    let council = in_december(301);
    let look = council.look();
    let (at, stays_at) = (council.pack.nth(Sort::Couple, 0), council.pack.nth(Sort::Couple, 1));
    let (submitter, stays) =
        (Submitter::moved_into(&look, at, "mine"), Submitter::moved_into(&look, stays_at, "stays"));
    let desk = Desk::new(&look, &council, "officer", 1);
    assert_eq!((open_items(&desk), holds(&desk)), (2, 2), "the control waits and holds as well");
    let before = look.account(&at.account);
    // Somebody else's token does not do it, nor does none.
    let stranger = Client::new(look.served.address, &stays.client.token);
    assert_eq!(stranger.post_to(&submitter.path("/withdraw"), &json!({})).status, 404);
    let nobody = Client::new(look.served.address, "");
    assert_eq!(nobody.post_to(&submitter.path("/withdraw"), &json!({})).status, 401);
    // An officer has it already, and has not decided.
    desk.claim(&submitter.reference);
    let shown = submitter.withdraw().ok();
    assert_eq!((&shown["status"], &shown["reasons"]), (&json!("withdrawn"), &json!([])), "{shown:#}");
    assert_eq!(steps(&shown), ["received", "decided", "referred", "claimed", "withdrawn", "completed"]);
    assert_eq!(submitter.withdraw().ok(), shown, "the same again changes nothing");
    assert_eq!((open_items(&desk), holds(&desk)), (1, 1));
    assert_eq!(desk.list("status=withdrawn"), [submitter.reference.as_str()]);
    let item = desk.item(&submitter.reference);
    assert_eq!((&item["status"], &item["notification_status"]), (&json!("done"), &json!("withdrawn")), "{item:#}");
    refused(desk.act(&submitter.reference, "decide", &json!({"decision": "accept"})), 409, "withdrawn");
    assert_eq!(look.account(&at.account), before);
    let workload = desk.client.get("/api/v1/workload").ok();
    assert_eq!((&workload["received"], &workload["completed"]), (&json!(3), &json!(2)), "{workload:#}");
    let manager = Desk::new(&look, &council, "manager", 2);
    let savings = manager.client.get("/api/v1/savings").ok();
    assert_eq!(savings["notifications"], 3, "{savings:#}");
    assert_eq!(stays.shown()["status"], "referred");
    // What was withdrawn can be told again: it is no duplicate of what counts no more.
    let again = Submitter::moved_into(&look, at, "mine-again");
    assert_eq!(again.shown()["status"], "referred");
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!((count(&events, "NotificationWithdrawn"), count(&events, "RecoveryResumed")), (1, 1));
    let withdrawn = events.iter().find(|it| it["type"] == "NotificationWithdrawn").unwrap();
    assert_eq!(withdrawn["metadata"]["actor"], "submitter");
    council.hearth.verified();
}

#[test]
fn what_has_its_outcome_or_is_decided_cannot_be_withdrawn_and_says_what_to_do() {
    let council = in_december(302);
    let look = council.look();
    let submitter = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 0), "mine");
    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(&submitter.reference);
    assert_eq!(desk.act(&submitter.reference, "decide", &json!({"decision": "accept"})).status, 200);
    assert_eq!(submitter.shown()["status"], "applied");
    refused(submitter.withdraw(), 409, "new notification");
    let rejected = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 1), "other");
    desk.claim(&rejected.reference);
    desk.act(&rejected.reference, "decide", &json!({"decision": "reject", "reason": "R19"})).ok();
    refused(rejected.withdraw(), 409, "rejected");
    refused(rejected.answer("But I live there."), 409, "rejected");
    // An officer does it for somebody who calls.
    let called = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 2), "called");
    assert_eq!(desk.client.post_to(&called.path("/withdraw"), &json!({})).ok()["status"], "withdrawn");
    let auditor = Desk::new(&look, &council, "auditor", 2);
    assert_eq!(auditor.client.post_to(&called.path("/withdraw"), &json!({})).status, 403);
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!(count(&events, "NotificationWithdrawn"), 1);
    let withdrawn = events.iter().find(|it| it["type"] == "NotificationWithdrawn").unwrap();
    assert_eq!(withdrawn["metadata"]["actor"], format!("token:{}", desk.name));
    council.hearth.verified();
}

#[test]
fn of_a_submitter_who_withdraws_and_an_officer_who_decides_at_once_one_is_first() {
    let council = in_december(303);
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 1);
    for number in 0..4 {
        let submitter = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, number), &format!("n{number}"));
        desk.claim(&submitter.reference);
        let (withdrawn, decided) = std::thread::scope(|scope| {
            let withdrawn = scope.spawn(|| submitter.withdraw().status);
            let decided =
                scope.spawn(|| desk.act(&submitter.reference, "decide", &json!({"decision": "accept"})).status);
            (withdrawn.join().unwrap(), decided.join().unwrap())
        });
        let status = submitter.shown()["status"].clone();
        let expected = if withdrawn == 200 { (json!("withdrawn"), 409) } else { (json!("applied"), 200) };
        assert_eq!((status, decided), expected, "withdrawing answered {withdrawn}");
    }
    look.all_add_up();
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn a_question_is_answered_and_the_item_is_the_officers_again() {
    const SAID: &str = "We signed on 12 November. <b>Zoë</b>";
    let council = in_december(304);
    let look = council.look();
    let submitter = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 0), "mine");
    let id = submitter.reference.clone();
    refused(submitter.answer("Hello?"), 409, "Nobody has asked");
    let desk = Desk::new(&look, &council, "officer", 1);
    let due_on = desk.claim(&id)["due_on"].clone();
    let asked = json!({"evidence": "When did you sign the agreement?", "respond_by": "2015-12-15"});
    desk.act(&id, "request-evidence", &asked).ok();
    let shown = submitter.shown();
    assert_eq!((&shown["status"], &shown["message"]), (&json!("awaiting-evidence"), &asked["evidence"]));
    for wrong in [json!({}), json!({"text": " "}), json!({"text": "x".repeat(1501)}), json!({"text": "x", "by": "me"})]
    {
        assert_eq!(submitter.client.post_to(&submitter.path("/answer"), &wrong).status, 422, "{wrong}");
    }
    let shown = submitter.answer(SAID).ok();
    assert_eq!(shown["status"], "referred", "{shown:#}");
    let last = shown["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["what"], &last["detail"]), (&json!("answered"), &json!(SAID)));
    assert_eq!(submitter.answer(SAID).ok(), shown, "pressed twice");
    let item = desk.item(&id);
    assert_eq!((&item["status"], &item["back_on"], &item["due_on"]), (&json!("open"), &Value::Null, &due_on));
    let told = item["history"].as_array().unwrap().iter().find(|it| it["what"] == "QuestionAnswered").unwrap();
    assert_eq!((&told["note"], &told["who"]), (&json!(SAID), &json!("submitter")));
    assert_eq!((desk.list("status=awaiting-evidence"), desk.list("status=open")), (vec![], vec![id.clone()]));
    // What comes while an officer works on it leaves it with that officer.
    desk.claim(&id);
    assert_eq!(submitter.answer("And paid on the 13th.").ok()["status"], "referred");
    assert_eq!(desk.item(&id)["status"], "claimed");
    desk.act(&id, "decide", &json!({"decision": "accept"})).ok();
    refused(submitter.answer("One more thing."), 409, "new notification");
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!(count(&events, "QuestionAnswered"), 2);
    assert!(!events.iter().any(|it| it.to_string().contains("signed on")), "sealed");
    council.hearth.verified();
}
