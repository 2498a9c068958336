//! Those who live there are told and asked before somebody else's word takes effect.

use hearth::data_dir::DataDir;
use hearth::service::Service;
use hearth::store::Expected;
use hearth_events::{EventId, PolicyAdopted, Silence, StreamName};
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::council::Council;
use super::super::officers::Desk;
use super::super::pack::{Dwelling, Sort};
use super::super::say::{by_holder, contact, move_in, move_out, tenancy_change};
use super::{EVE, NEWCOMERS, ON, days_later, types};

/// A council that asks, and gives two weeks to answer.
fn asking(seed: u64, silence: Silence) -> Council {
    let council = Council::new(seed, 60);
    let policy = PolicyAdopted {
        from: date(2014, 1, 1),
        third_party_wait_days: Some(14),
        third_party_silence: Some(silence),
        ..PolicyAdopted::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let service = Service::open(&DataDir::new(&council.hearth.data(), None), None).await.unwrap();
        let now = service.council().await.unwrap();
        let planned = service.keys.seal(&[(EventId::from_bits(7), policy.into())]).unwrap();
        let stream = StreamName::council(&now.council.registered.as_ref().unwrap().gss_code);
        let expected = Expected::Exact(now.council.revision.unwrap());
        service.append(&stream, expected, &planned, "test", "test").await.unwrap();
    });
    council
}

/// Something else happens, so many days later, and with it the simulated clock goes on.
fn days_pass(council: &Council, days: i64) {
    let other = council.pack.nth(Sort::Alone, 3);
    let reference = format!("day-{days}");
    let told = contact(other, &reference, &format!("{reference}@mail.example.net"));
    assert_eq!(council.submit(&[days_later(told, days)])["applied"], 1);
}

/// The letters in the outbox; messages by e-mail lie beside them, and how far the writer of these is.
fn letters(council: &Council) -> Vec<(String, String)> {
    let outbox = council.hearth.data().join("outbox");
    let Ok(files) = std::fs::read_dir(outbox) else { return Vec::new() };
    let mut letters: Vec<_> = files
        .map(|it| {
            let path = it.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .filter(|(name, _)| !name.starts_with("mail-") && !name.starts_with('.'))
        .collect();
    letters.sort();
    letters
}

fn arrival(at: &Dwelling) -> Value {
    move_in(at, "arrival", ON, &NEWCOMERS)
}

#[test]
fn silence_takes_effect_on_the_day_after_the_last_and_not_before() {
    let council = asking(220, Silence::Apply);
    let at = council.pack.nth(Sort::Couple, 0);
    assert_eq!(council.submit(&[arrival(at)])["referred"], 1);
    let look = council.look();
    let reference = look.reference("arrival").to_owned();
    let desk = Desk::new(&look, &council, "officer", 1);
    let item = desk.item(&reference);
    assert_eq!((&item["status"], &item["back_on"]), (&json!("awaiting-confirmation"), &json!("2015-12-16")));
    assert_eq!(desk.list("status=awaiting-confirmation"), [reference.as_str()]);
    assert!(desk.list("status=open").is_empty());
    look.served.stopped();

    let written = letters(&council);
    assert_eq!(written.len(), 1);
    let (name, letter) = &written[0];
    assert_eq!(*name, format!("{reference}-{}.txt", at.account));
    for part in [&at.persons[0], &at.persons[1], &at.address, &reference, "moved into", "2015-12-15", "take it that"] {
        assert!(letter.contains(part), "{part:?} in {letter}");
    }
    assert!(!letter.contains(NEWCOMERS[0]), "who came is nobody else's business");
    let path = council.hearth.data().join("outbox").join(name);
    std::fs::rename(&path, path.with_extension("sent")).unwrap();

    days_pass(&council, 14);
    let look = council.look();
    assert_eq!(look.notification("arrival")["status"], "referred", "they may still answer");
    look.served.stopped();
    days_pass(&council, 15);
    let look = council.look();
    let shown = look.notification("arrival");
    assert_eq!((&shown["status"], &shown["reasons"]), (&json!("applied"), &json!([])), "{shown:#}");
    let findings = shown["findings"].as_array().unwrap();
    let because = &findings.iter().find(|it| it["check"] == "confirmation-lapsed").unwrap()["because"];
    assert_eq!(because, "the liable persons were told on 2015-12-01 and did not object by 2015-12-15");
    look.liable(at, &[(&at.persons[0], at.from, Some(ON)), (NEWCOMERS[0], ON, None)]);
    look.served.stopped();
    assert_eq!(letters(&council).len(), 1, "what was sent is not written again");
    council.hearth.verified();
}

#[test]
fn silence_leaves_it_to_an_officer_where_policy_says_so() {
    let council = asking(221, Silence::Refer);
    let at = council.pack.nth(Sort::Couple, 0);
    council.submit(&[arrival(at)]);
    days_pass(&council, 20);
    let look = council.look();
    let reference = look.reference("arrival").to_owned();
    let desk = Desk::new(&look, &council, "officer", 1);
    assert_eq!(desk.list("status=open"), [reference.as_str()]);
    assert_eq!(look.notification("arrival")["status"], "referred");
    assert_eq!(look.account(&at.account)["to"], Value::Null);
    look.served.stopped();
    let lapsed = council.hearth.events().into_iter().find(|it| it["type"] == "ConfirmationLapsed").unwrap();
    assert_eq!(lapsed["data"], json!({"reference": reference, "on": "2015-12-16"}));
    council.hearth.verified();
}

#[test]
fn their_own_word_ends_the_waiting_and_a_dispute_leaves_it_to_an_officer() {
    let council = asking(222, Silence::Apply);
    let (agrees, objects) = (council.pack.nth(Sort::Tenants, 0), council.pack.nth(Sort::Tenants, 1));
    let change = |at, reference: &str| tenancy_change(at, reference, EVE, Some(ON), &NEWCOMERS);
    assert_eq!(council.submit(&[change(agrees, "agreed"), change(objects, "objected")])["referred"], 2);
    assert_eq!(letters(&council).len(), 2);
    let out = move_out(agrees, "out", ON, &json!({"kind": "owner", "name": agrees.owner}));
    let dispute = by_holder(objects, "dispute", "dispute", ON, &json!({"grounds": "We have not left."}));
    let tally = council.submit(&[days_later(out, 2), days_later(dispute, 3)]);
    assert_eq!((&tally["applied"], &tally["referred"]), (&json!(1), &json!(1)), "{tally}");
    let look = council.look();
    assert_eq!(look.notification("agreed")["status"], "applied", "two weeks need not pass");
    look.liable(agrees, &[(&agrees.persons[0], agrees.from, Some(ON)), (NEWCOMERS[0], ON, None)]);
    look.served.stopped();
    days_pass(&council, 20);
    let look = council.look();
    assert_eq!(look.notification("objected")["status"], "referred");
    assert_eq!(look.account(&objects.account)["to"], Value::Null);
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!((types(&events, "ConfirmationAsked"), types(&events, "ConfirmationLapsed")), (2, 1));
    council.hearth.verified();
}

#[test]
fn where_nothing_was_adopted_nobody_is_asked() {
    let council = Council::new(223, 60);
    let (occupied, let_anew) = (council.pack.nth(Sort::Couple, 0), council.pack.nth(Sort::Tenants, 0));
    let tally = council.submit(&[arrival(occupied), tenancy_change(let_anew, "let", EVE, Some(ON), &NEWCOMERS)]);
    assert_eq!((&tally["applied"], &tally["referred"]), (&json!(1), &json!(1)), "{tally}");
    days_pass(&council, 40);
    let look = council.look();
    look.came_to("arrival", "referred", &["R04"]);
    look.served.stopped();
    assert!(letters(&council).is_empty());
    assert_eq!(types(&council.hearth.events(), "ConfirmationAsked"), 0);
}
