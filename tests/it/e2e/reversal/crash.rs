//! A service that stops between the steps of a reversal, and what somebody else did in between.

use hearth::processor::{resume, reversal_shown, reverse};
use hearth::service::reversal::{NotReversed, ReversalAsked};
use hearth::service::{ReceivedAt, Sender};
use hearth::web::Backend;
use hearth_events::StreamName;
use jiff::ToSpan;
use serde_json::{Value, json};

use super::super::council::Council;
use super::super::officers::crash::{Office, reference};
use super::super::pack::Sort;
use super::super::say::{contact, discount_ends, move_within};
use super::{ON, figures};

fn asked(restored: bool) -> ReversalAsked {
    ReversalAsked {
        restored,
        explanation: "It was another dwelling.".into(),
        officer: "north".into(),
        supervisor: false,
    }
}

/// A tenant who moved to another dwelling, and the figures before.
fn moved(seed: u64) -> (Council, Value) {
    let council = Council::new(seed, 16);
    let (from, to) = (council.pack.nth(Sort::Tenant, 0), council.pack.nth(Sort::Void, 0));
    let look = council.look();
    let before = figures(&look, &[from, to]);
    look.served.stopped();
    assert_eq!(council.submit(&[move_within(from, to, "within", ON, ON)])["applied"], 1);
    (council, before)
}

fn now(council: &Council) -> Value {
    let look = council.look();
    let now = figures(&look, &[council.pack.nth(Sort::Tenant, 0), council.pack.nth(Sort::Void, 0)]);
    look.served.stopped();
    now
}

#[tokio::test]
async fn a_reversal_is_carried_out_once_wherever_it_stopped() {
    // The append of the decision with its plan, of the first dwelling, of the second, of the mark that it is done.
    for left in 0..4 {
        let (council, before) = moved(120 + left as u64);
        let id = reference(&council, "within");
        let office = Office::of(&council).await;
        office.takes(left);
        let done = reverse(&office.service, &id, &asked(false)).await;
        office.takes(usize::MAX);
        if left == 0 {
            assert!(done.is_err(), "nothing was recorded, and nobody was told that it was");
            assert!(!reversal_shown(&office.service, &id).await.unwrap().under_way);
            reverse(&office.service, &id, &asked(false)).await.unwrap();
        } else {
            let shown = done.unwrap();
            assert!(shown.under_way && !shown.reversed && shown.proposal.is_err(), "after {left}");
            let again = reverse(&office.service, &id, &asked(false)).await.unwrap_err();
            assert!(matches!(again, NotReversed::UnderWay), "{again}");
        }
        drop(office);
        // Another service comes and takes it up, twice.
        let office = Office::of(&council).await;
        for _ in 0..2 {
            resume(&office.service, || false).await.unwrap();
            office.service.catch_up().await.unwrap();
        }
        assert!(office.service.views.undecided(10).unwrap().is_empty());
        let shown = reversal_shown(&office.service, &id).await.unwrap();
        assert!(shown.reversed && !shown.under_way, "after {left}");
        drop(office);
        let events = council.hearth.events();
        let count = |kind: &str| events.iter().filter(|it| it["type"] == kind).count();
        assert_eq!((count("NotificationReversed"), count("AccountCorrected")), (1, 4), "after {left}");
        assert_eq!(now(&council), before, "after {left}");
        council.hearth.verified();
    }
}

/// Appends a step of somebody else to a dwelling when the reversal is only planned.
async fn meanwhile(office: &Office, council: &Council, left: usize, told: &Value) {
    let id = reference(council, "within");
    office.takes(left);
    assert!(reverse(&office.service, &id, &asked(false)).await.unwrap().under_way);
    office.takes(usize::MAX);
    let told_by = Sender::File;
    let receipt = office.service.submit(told.to_string().as_bytes(), told_by, ReceivedAt::AsStated).await.unwrap();
    assert_eq!(receipt.status, hearth_events::Status::Applied, "{told}");
}

#[tokio::test]
async fn what_no_longer_fits_is_planned_anew() {
    let (council, before) = moved(131);
    let from = council.pack.nth(Sort::Tenant, 0);
    let id = reference(&council, "within");
    let office = Office::of(&council).await;
    // Of the account that was left an e-mail is told, which has nothing to do with the move.
    let mut told = contact(from, "contact", "else@mail.example.net");
    told["effective_on"] = json!(ON - 1.day());
    meanwhile(&office, &council, 1, &told).await;
    resume(&office.service, || false).await.unwrap();
    let shown = reversal_shown(&office.service, &id).await.unwrap();
    assert!(shown.reversed && !shown.under_way);
    drop(office);
    let events = council.hearth.events();
    let planned = events
        .iter()
        .filter(|it| it["type"] == "DecisionRecorded" && it["data"].to_string().contains("NotificationReversed"));
    assert_eq!(planned.count(), 2, "planned, and planned anew");
    assert_eq!(now(&council), before);
    council.hearth.verified();
}

#[tokio::test]
async fn what_can_no_longer_be_reversed_is_taken_back_whole() {
    let (council, _) = moved(132);
    let (from, to) = (council.pack.nth(Sort::Tenant, 0), council.pack.nth(Sort::Void, 0));
    let after = now(&council);
    let id = reference(&council, "within");
    let office = Office::of(&council).await;
    let mut joined = discount_ends(from, "joined", super::super::say::after(-1), "Mr Olu Quirk");
    joined["account"] = json!(to.opened(2));
    joined["dwelling"]["uprn"] = json!(to.uprn);
    // The plan and the first dwelling, then somebody joins the household at the second.
    meanwhile(&office, &council, 2, &joined).await;
    resume(&office.service, || false).await.unwrap();
    let shown = reversal_shown(&office.service, &id).await.unwrap();
    assert!(!shown.reversed && !shown.under_way);
    let because = shown.proposal.unwrap_err();
    assert!(because.contains(reference(&council, "joined").as_str()), "{because}");
    let stream = office.service.store.read_stream(&StreamName::dwelling(&from.uprn.parse().unwrap()), 0).await.unwrap();
    assert!(stream.len() > 4);
    drop(office);
    let found = now(&council);
    assert_eq!(found[0], after[0], "the first dwelling is as it was");
    assert_ne!(found[1], after[1], "somebody joined");
    council.hearth.verified();
}
