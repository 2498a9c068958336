//! Documents that are added before anything is sent: they lie with the draft, and arrive with the notification or not at all.

use serde_json::json;

use super::council::{Council, Look};
use super::follow_up::{count, in_december};
use super::http::Client;
use super::officers::Desk;
use super::pack::Sort;

const PAPER: &[u8] = b"%PDF-1.4\n1 0 obj <</Title (Certificate of Zoe Unal)>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF";
const PHOTOGRAPH: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF a photograph";

/// A page, which has to be there.
#[track_caller]
fn page(visitor: &Client, path: &str) -> String {
    let (head, body) = visitor.fetch(path);
    assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
    String::from_utf8(body).unwrap()
}

/// Somebody tells of their new name up to where they are asked for proof: the visitor and the path of their draft.
fn asked_for_proof(look: &Look<'_>, council: &Council) -> (Client, String) {
    let home = council.pack.nth(Sort::Couple, 0);
    let visitor = Client::new(look.served.address, "");
    let draft = visitor.send_form("/tell", &[]).unwrap().strip_suffix("/about/who").unwrap().to_owned();
    let when = ["day", "month", "year"].map(|it| format!("change-of-name-effective-on-{it}"));
    let mut at = String::new();
    for (path, fields) in [
        ("about/who", vec![("about-who", "own")]),
        ("about/topics", vec![("about-topics", "household")]),
        ("about/household", vec![("about-household", "change-of-name")]),
        ("about/postcode", vec![("about-postcode", home.postcode.as_str())]),
        ("about/dwelling", vec![("about-dwelling", home.uprn.as_str())]),
        ("change-of-name/whose", vec![("change-of-name-whose", "me")]),
        ("change-of-name/new", vec![("change-of-name-details-new-name", "Ms Zoe Unal")]),
        ("change-of-name/when", vec![(when[0].as_str(), "14"), (&when[1], "11"), (&when[2], "2015")]),
        ("change-of-name/reason", vec![("change-of-name-details-reason", "marriage")]),
        ("you/name", vec![("you-name", home.persons[0].as_str())]),
        ("you/contact", vec![("you-email", ""), ("you-phone", "")]),
        ("you/account", vec![("you-account", "")]),
    ] {
        at = visitor.send_form(&format!("{draft}/{path}"), &fields).unwrap_or_else(|it| panic!("{path}: {it}"));
    }
    assert_eq!(at, format!("{draft}/documents/change-of-name"));
    (visitor, draft)
}

/// An officer has the document, and the deciders know that it came.
#[track_caller]
fn arrived(desk: &Desk, reference: &str) {
    let path = format!("/api/v1/notifications/{reference}");
    let shown = desk.client.get(&path).ok();
    let file = &shown["evidence"][0];
    assert_eq!((&file["evidence"], &file["file_name"]), (&json!("document"), &json!("Zoë <b>.pdf")), "{shown:#}");
    assert_eq!(desk.client.fetch(&format!("{path}/evidence/{}", file["id"].as_str().unwrap())).1, PAPER);
    let found = shown["findings"].as_array().unwrap().iter().find(|it| it["check"] == "evidence-present").unwrap();
    assert_eq!(found["outcome"], "passed", "{found:#}");
}

#[test]
fn documents_lie_sealed_with_the_draft_and_arrive_with_the_notification_once() {
    let council = in_december(361);
    let look = council.look();
    let (visitor, draft) = asked_for_proof(&look, &council);
    let (at, check) = (format!("{draft}/documents/change-of-name"), format!("{draft}/check"));
    assert!(page(&visitor, &at).contains("We need proof of the new name"));
    assert!(visitor.fetch(&check).0.contains(&format!("location: {at}")), "it is asked for before answers are checked");

    let add = |name: &str, content: &[u8]| {
        visitor.send_form_with(&at, &[("add", "1")], Some(("document", name, content))).unwrap()
    };
    for (content, told) in [
        (b"just text".as_slice(), "must be a PDF, or a photo"),
        (b"".as_slice(), "file is empty"),
        (b"%PDF-1.4 trailer <</Encrypt 5 0 R>>".as_slice(), "needs a password"),
    ] {
        let led = add("x.pdf", content);
        let shown = page(&visitor, &led);
        assert!(shown.contains("govuk-error-summary") && shown.contains(told), "{told}: {shown}");
    }
    assert!(page(&visitor, &visitor.send_form_with(&at, &[("add", "1")], None).unwrap()).contains("Choose a file"));
    for _ in 0..2 {
        assert_eq!(add("Zoë <b>.pdf", PAPER), at);
    }
    assert_eq!(add("holiday.jpg", PHOTOGRAPH), at);
    let shown = page(&visitor, &at);
    assert_eq!(shown.matches("Zoë &lt;b&gt;.pdf").count(), 2, "once, and for who cannot see the row: {shown}");
    let ids: Vec<&str> =
        shown.split("name=\"remove\" value=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
    assert_eq!(visitor.send_form_with(&at, &[("remove", ids[1])], None).unwrap(), at);
    assert!(!page(&visitor, &at).contains("holiday.jpg"));
    let held: Vec<u8> = ["drafts.sqlite", "drafts.sqlite-wal"]
        .iter()
        .flat_map(|it| std::fs::read(council.hearth.data().join(it)).unwrap_or_default())
        .collect();
    assert!(!held.windows(4).any(|it| it == b"Unal" || it == b"%PDF"), "nothing lies in clear");
    let folder = council.hearth.data().join("evidence");
    assert!(!folder.exists() && count(&council.hearth.events(), "EvidenceReceived") == 0, "nothing is recorded yet");

    assert_eq!(visitor.send_form_with(&at, &[], None).unwrap(), check);
    assert!(page(&visitor, &check).contains("Zoë &lt;b&gt;.pdf"), "it is among the answers");
    for _ in 0..2 {
        assert_eq!(visitor.send_form(&check, &[]).unwrap(), format!("{draft}/sent"));
    }
    let receipt = page(&visitor, &format!("{draft}/sent"));
    let reference: String = receipt[receipt.find("HN-").unwrap()..].chars().take(17).collect();
    assert_eq!(visitor.fetch(&at).0.matches(&format!("location: {draft}/sent")).count(), 1, "it is over");

    let events = council.hearth.events();
    let types: Vec<_> = events.iter().map(|it| it["type"].as_str().unwrap()).collect();
    let came = types.iter().rposition(|it| *it == "NotificationReceived").unwrap();
    assert_eq!(types[came + 1], "EvidenceReceived", "one append tells of both, so that no crash parts them");
    assert_eq!(count(&events, "EvidenceReceived"), 1);
    let (_, track) = receipt.split_once(&format!("/track/{reference}?token=")).unwrap();
    let token: String = track.chars().take_while(char::is_ascii_alphanumeric).collect();
    let told = page(&visitor, &format!("/track/{reference}?token={token}"));
    assert!(told.contains("You sent a document"), "{told}");

    arrived(&Desk::new(&look, &council, "officer", 1), &reference);
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn a_harmful_document_is_told_at_once_and_without_one_it_is_sent_all_the_same() {
    let council = in_december(362);
    let script = council.hearth.write("scan.sh", "if grep -q EVIL -; then exit 1; fi");
    let look = council.look_with(&["--scanner", &format!("sh {script}")]);
    let (visitor, draft) = asked_for_proof(&look, &council);
    let at = format!("{draft}/documents/change-of-name");
    let evil = [PHOTOGRAPH, b" EVIL"].concat();
    // Chosen, and Continue pressed: it is not gone on without a word.
    let led = visitor.send_form_with(&at, &[], Some(("document", "evil.jpg", &evil))).unwrap();
    assert!(page(&visitor, &led).contains("scanner found something harmful"));
    assert_eq!(
        visitor.send_form_with(&at, &[], Some(("document", "good.jpg", PHOTOGRAPH))).unwrap(),
        format!("{draft}/check")
    );
    assert_eq!(visitor.send_form(&format!("{draft}/delete"), &[]).err().map(|it| it.contains("deleted")), Some(true));
    let (visitor, draft) = asked_for_proof(&look, &council);
    let at = format!("{draft}/documents/change-of-name");
    assert_eq!(visitor.send_form_with(&at, &[], None).unwrap(), format!("{draft}/check"));
    assert_eq!(visitor.send_form(&format!("{draft}/check"), &[]).unwrap(), format!("{draft}/sent"));
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!((count(&events, "EvidenceRefused"), count(&events, "EvidenceReceived")), (0, 0));
    council.hearth.verified();
}
