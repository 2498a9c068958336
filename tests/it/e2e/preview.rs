//! What a notification would come to, told before it is sent: nothing is recorded, and nobody learns who lives where.

use hearth::service::preview::{Foreseen, Preview};
use hearth::service::{ReceivedAt, Refusal, Sender};
use hearth::web::Backend;
use hearth_events::{ReasonCode, Status};
use jiff::civil::date;
use serde_json::{Value, json};

use super::bulk::office;
use super::council::Council;
use super::officers::crash::Office;
use super::pack::{Pack, Sort};
use super::run::Hearth;
use super::say::{after, by_stranger, contact, discount_ends, move_in, move_out, move_within};

async fn preview(office: &Office, told: &Value) -> Preview {
    office.service.preview(told.to_string().as_bytes()).await.unwrap()
}

fn reasons(preview: &Preview) -> Vec<ReasonCode> {
    preview.because.iter().filter_map(|it| it.reason).collect()
}

#[tokio::test]
async fn what_would_follow_is_told_and_nothing_is_recorded() {
    let council = Council::new(311, 16);
    let empty = council.pack.nth(Sort::Void, 0);
    let office = office(&council).await;
    let before = office.service.store.head().await.unwrap();

    let fine = move_in(empty, "fine", after(-3), &["Ms Ann Price"]);
    let told = preview(&office, &fine).await;
    assert_eq!((told.foreseen, told.because.len()), (Foreseen::AtOnceIfRecordsAgree, 0), "{told:?}");

    let late = preview(&office, &move_in(empty, "late", after(-200), &["Ms Ann Price"])).await;
    assert_eq!(reasons(&late), [ReasonCode::R06]);
    let Foreseen::Officer { promised_by } = late.foreseen else { panic!("{late:?}") };
    assert!(promised_by > after(0), "{promised_by}");

    let mut nowhere = fine.clone();
    nowhere["dwelling"] = json!({"address": "1 Nowhere", "postcode": "ZZ99 9ZZ"});
    nowhere["free_text"] = json!("Please ring me.");
    assert_eq!(reasons(&preview(&office, &nowhere).await), [ReasonCode::R10, ReasonCode::R03]);

    let mut undeclared = fine.clone();
    undeclared["declaration"] = json!(false);
    assert_eq!(preview(&office, &undeclared).await.foreseen, Foreseen::SentBack);

    let unknown = move_out(council.pack.nth(Sort::Alone, 0), "leaves", after(-3), &json!({"kind": "unknown"}));
    let unknown = preview(&office, &unknown).await;
    assert_eq!(unknown.foreseen, Foreseen::AtOnceIfRecordsAgree);
    assert_eq!(unknown.better_said[0].check, "next-liable-party-known", "{unknown:?}");

    let malformed = office.service.preview(br#"{"kind": "move-in"}"#).await.unwrap_err();
    assert!(matches!(malformed, Refusal::Malformed(faults) if !faults.is_empty()));
    assert_eq!(office.service.store.head().await.unwrap(), before);

    let sent = office.service.submit(fine.to_string().as_bytes(), Sender::Public, ReceivedAt::Now).await.unwrap();
    assert_eq!(sent.status, Status::Applied, "as was told");
    drop(office);
    council.hearth.verified();
}

/// The same list of dwellings, other people in them: everybody has moved on by one dwelling of the same sort.
fn with_others() -> Council {
    let (hearth, mut pack) = (Hearth::new(), Pack::new(312, 32));
    let people: Vec<_> = pack
        .dwellings
        .iter()
        .map(|it| (it.account.clone(), it.persons.clone(), it.email.clone(), it.phone.clone(), it.owner.clone()))
        .collect();
    for (number, it) in pack.dwellings.iter_mut().enumerate() {
        let other = people[(number + 8) % people.len()].clone();
        (it.account, it.persons, it.email, it.phone, it.owner) = other;
        it.from = date(2012, 3, 4);
    }
    pack.write(&hearth.folder().join("pack"));
    hearth.run(&["import", "pack", "--clock", "file"]).ok();
    Council { hearth, pack }
}

/// Somebody who tries names, accounts and details against addresses gets the same answers whoever lives there.
#[tokio::test]
async fn nobody_learns_who_lives_where() {
    let (one, other) = (Council::new(312, 32), with_others());
    let (here, there) = (office(&one).await, office(&other).await);
    let mut asked = 0;
    for (number, it) in one.pack.dwellings.iter().enumerate() {
        let next = &one.pack.dwellings[(number + 8) % one.pack.dwellings.len()];
        let moved = &other.pack.dwellings[number];
        assert_ne!(it.persons, moved.persons);
        for who in [it, moved] {
            let mut tried = vec![
                move_out(who, "out", after(-2), &json!({"kind": "unknown"})),
                move_within(who, next, "within", after(-2), after(-2)),
                contact(who, "contact", "else@mail.example.net"),
                discount_ends(who, "ends", after(-1), "Mr Olu Quirk"),
                move_in(who, "in", after(-1), &[who.persons[0].as_str()]),
                by_stranger(&who.persons[0], "landlord", who, "enquiry", "ask", after(0), &json!({"question": "Who?"})),
            ];
            let unnamed = tried.iter().map(|told| {
                let mut told = told.clone();
                told.as_object_mut().unwrap().remove("account");
                told
            });
            tried.extend(unnamed.collect::<Vec<_>>());
            for told in tried {
                assert_eq!(preview(&here, &told).await, preview(&there, &told).await, "{told}");
                asked += 1;
            }
        }
    }
    assert_eq!(asked, 32 * 2 * 12);
}

#[tokio::test]
async fn dwellings_are_found_by_their_postcode_and_their_band_is_public() {
    let council = Council::new(313, 16);
    let office = office(&council).await;
    let home = council.pack.nth(Sort::Couple, 1);
    let squeezed = home.postcode.to_lowercase().replace(' ', "");
    let at = council.pack.dwellings.iter().filter(|it| it.postcode == home.postcode).count();
    for postcode in [home.postcode.as_str(), &squeezed, &format!("  {} ", squeezed.to_uppercase())] {
        let places = office.service.views().dwellings_at_postcode(postcode, 100).unwrap();
        assert_eq!(places.len(), at);
        let (_, address) = places.iter().find(|(uprn, _)| uprn.as_str() == home.uprn).unwrap();
        assert_eq!(address, &home.address);
    }
    for nothing in ["", "ZY", "ZY1", "%", "ZY1 0Q", "zy1 0qx extra"] {
        assert!(office.service.views().dwellings_at_postcode(nothing, 100).unwrap().is_empty(), "{nothing}");
    }
    let uprn = home.uprn.parse().unwrap();
    let listed = office.service.views().listed_on(&uprn, after(0)).unwrap().unwrap();
    assert_eq!(
        (format!("{:?}", listed.band), listed.category),
        (home.band.to_owned(), super::pack::CATEGORIES[home.category].to_owned())
    );
    assert_eq!(office.service.views().listed_on(&uprn, date(1990, 1, 1)).unwrap(), None);
    assert_eq!(office.service.views().listed_on(&"1".parse().unwrap(), after(0)).unwrap(), None);
}
