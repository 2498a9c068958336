//! A landlord's spreadsheet: looked at, sent, sent again, put right.

use hearth::service::bulk::{BulkRefused, RowShown, RowStands, Uploader, UploaderRole, WrongFile};
use hearth::service::preview::ToldBefore;
use hearth::web::Backend;
use hearth_events::Status;
use serde_json::Value;

use super::council::Council;
use super::officers::crash::Office;
use super::pack::{Dwelling, Sort};

pub(super) const HEADER: &str =
    "Landlord,Tenant Names,Property Reference,Property Address,Furnished,Start Date,End Date\n";

/// The service on the day on which the small council's notifications are received.
pub(super) async fn office(council: &Council) -> Office {
    let office = Office::of(council).await;
    office.service.clock.observe("2015-12-01T10:15:00Z".parse().unwrap());
    office
}

fn owner_of(it: &Dwelling) -> Uploader {
    Uploader {
        role: UploaderRole::Landlord,
        name: it.owner.clone().unwrap(),
        email: Some("lets@mail.example.net".into()),
        phone: None,
        declaration: true,
    }
}

/// A row about a dwelling by its address, with postcode.
pub(super) fn row(it: &Dwelling, names: &str, start: &str, end: &str) -> String {
    format!(",\"{names}\",,\"{}, {}\",YES,{start},{end}\n", it.address, it.postcode)
}

/// One row that is fine, one whose dwelling nobody knows, one that lies too far back, one that is not a row.
fn file(empty: &Dwelling) -> String {
    let unknown = ",Mr No Where,,\"1 Nowhere, ZZ99 9ZZ\",,1/12/2015,\n";
    let old = row(empty, "Ms Old News", "1/5/2015", "");
    HEADER.to_owned() + &row(empty, "Ms Ann Price, Mr Bo Price", "28/11/2015", "") + unknown + &old + ",Smith,,,,,\n"
}

fn reasons(told: &[ToldBefore]) -> String {
    told.iter().map(|it| it.because.as_str()).collect::<Vec<_>>().join("; ")
}

fn stands(row: &RowShown) -> (&'static str, String) {
    match &row.stands {
        RowStands::Good => ("good", String::new()),
        RowStands::Officer(told) => ("officer", reasons(told)),
        RowStands::SentBack(told) => ("sent back", reasons(told)),
        RowStands::Bad(faults) => ("bad", faults.iter().map(|it| it.column).collect::<Vec<_>>().join("; ")),
    }
}

fn received(events: &[Value]) -> Vec<&Value> {
    events.iter().filter(|it| it["type"] == "NotificationReceived").map(|it| &it["data"]).collect()
}

#[tokio::test]
async fn good_rows_are_taken_once_and_bad_rows_handed_back() {
    let council = Council::new(301, 16);
    let empty = council.pack.nth(Sort::Void, 0);
    let (file, by) = (file(empty), owner_of(empty));
    let office = office(&council).await;

    let before = office.service.store.head().await.unwrap();
    let preview = office.service.bulk_preview(file.as_bytes(), &by).await.unwrap();
    assert_eq!(office.service.store.head().await.unwrap(), before, "looking records nothing");
    let shown: Vec<_> = preview.rows.iter().map(|it| (it.number, stands(it))).collect();
    assert_eq!(shown[0], (2, ("good", String::new())));
    assert_eq!((shown[1].0, shown[1].1.0), (3, "officer"));
    assert!(shown[1].1.1.contains("no dwelling of the council fits"), "{shown:?}");
    assert!(shown[2].1.0 == "officer" && shown[2].1.1.contains("days before receipt"), "{shown:?}");
    assert_eq!((shown[3].0, shown[3].1.0), (5, "bad"));
    let back = String::from_utf8(preview.to_put_right.unwrap()).unwrap();
    assert!(back.contains("What to put right") && back.contains("Row 5.") && !back.contains("Ann Price"), "{back}");

    let undeclared = office.service.bulk_submit(file.as_bytes(), &Uploader { declaration: false, ..by.clone() }).await;
    assert!(matches!(undeclared, Err(BulkRefused::Wrong(WrongFile::Uploader(_)))), "{undeclared:?}");

    let taken = office.service.bulk_submit(file.as_bytes(), &by).await.unwrap();
    assert_eq!((taken.count(Status::Applied), taken.count(Status::Referred)), (1, 2), "{taken:?}");
    assert_eq!(taken.to_put_right.unwrap(), back.as_bytes());
    let again = office.service.bulk_submit(file.as_bytes(), &by).await.unwrap();
    let references = |taken: &[hearth::service::bulk::RowTaken]| -> Vec<_> {
        taken.iter().map(|it| it.receipt.as_ref().unwrap().reference.clone()).collect()
    };
    assert_eq!(references(&again.rows), references(&taken.rows));
    assert!(again.rows.iter().all(|it| it.receipt.as_ref().unwrap().known));
    drop(office);

    let events = council.hearth.events();
    let received = received(&events);
    assert_eq!(received.len(), 3, "sent twice, counted once");
    for it in received {
        assert_eq!((&it["channel"], &it["sender"]), (&"bulk-file".into(), &"public-file".into()));
    }
    council.hearth.verified();
}

#[tokio::test]
async fn nobodys_tenancy_ends_on_the_word_of_a_file_that_anybody_sent() {
    let council = Council::new(302, 16);
    let home = council.pack.nth(Sort::Tenant, 0);
    let office = office(&council).await;
    let file = HEADER.to_owned()
        + &row(home, &home.persons.join(", "), "", "20/11/2015")
        + &row(home, "Ms Ann Price", "2015-11-25", "");
    let agent = Uploader { role: UploaderRole::Agent, name: "Acme Agents".into(), ..owner_of(home) };
    let by_agent = file.replace("\n,", &format!("\n\"{}\",", home.owner.as_ref().unwrap()));
    let preview = office.service.bulk_preview(by_agent.as_bytes(), &agent).await.unwrap();
    assert!(preview.rows.iter().all(|it| stands(it).0 == "officer"), "no agent is registered: {preview:?}");
    // Anybody may know who their landlord is: that ends nobody's account.
    let taken = office.service.bulk_submit(file.as_bytes(), &owner_of(home)).await.unwrap();
    assert_eq!(taken.count(Status::Referred), 2, "{taken:?}");
    let stays = office.service.views.dwelling(&home.uprn.parse().unwrap()).unwrap().unwrap();
    assert_eq!(stays.accounts.len(), 1);
}

/// The council's reference, the landlord's own, and one that is of another dwelling than the address.
#[tokio::test]
async fn a_dwelling_is_found_by_any_of_its_keys() {
    let council = Council::new(303, 16);
    let (empty, other) = (council.pack.nth(Sort::Void, 0), council.pack.nth(Sort::Couple, 0));
    let office = office(&council).await;
    for (reference, address, expected) in [
        (empty.reference.as_str(), "an address in no list", "good"),
        ("OURS-1", &format!("{} {}", empty.address.to_uppercase(), empty.postcode), "good"),
        ("OURS-1", "an address in no list, ZZ99 9ZZ", "officer"),
        (other.reference.as_str(), &format!("{} {}", empty.address, empty.postcode), "bad"),
    ] {
        let file = format!("{HEADER},Ms Ann Price,{reference},\"{address}\",,28/11/2015,\n");
        let preview = office.service.bulk_preview(file.as_bytes(), &owner_of(empty)).await.unwrap();
        assert_eq!(stands(&preview.rows[0]).0, expected, "{reference} {address}: {preview:?}");
    }
}

#[tokio::test]
async fn two_thousand_rows_are_durable_in_one_go() {
    let council = Council::new(304, 16);
    let office = office(&council).await;
    let rows: String = (0..2_000)
        .map(|it| format!(",Mr No Where,,\"{it} Nowhere, ZZ99 9ZZ\",,1/12/2015,\n"))
        .collect::<Vec<_>>()
        .concat();
    let by = owner_of(council.pack.nth(Sort::Void, 0));
    let taken = office.service.bulk_submit((HEADER.to_owned() + &rows).as_bytes(), &by).await.unwrap();
    assert_eq!(taken.rows.iter().filter(|it| it.receipt.is_ok()).count(), 2_000);
    let decided = taken.count(Status::Referred);
    assert_eq!(decided + taken.count(Status::Received), 2_000, "what is not decided yet is taken up by the workers");
    drop(office);
    assert_eq!(received(&council.hearth.events()).len(), 2_000);
}
