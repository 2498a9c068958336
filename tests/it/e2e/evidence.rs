//! Evidence that arrives: what is kept and how, what is refused and why, and who reads it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::council::{Council, Look};
use super::follow_up::{Submitter, count, in_december, refused, steps};
use super::http::Answer;
use super::officers::Desk;
use super::pack::Sort;

const AGREEMENT: &[u8] = b"%PDF-1.4\n1 0 obj <</Title (Agreement of Zoe Unal)>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF";
const PHOTOGRAPH: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF a photograph";

impl Submitter {
    fn send(&self, query: &str, file: &[u8]) -> Answer {
        self.send_as("application/octet-stream", query, file)
    }

    fn send_as(&self, content_type: &str, query: &str, file: &[u8]) -> Answer {
        self.client.send_file(&self.path(&format!("/evidence{query}")), content_type, file)
    }
}

/// A submitter whose notification waits, the officer at whose desk it does, and where evidence lies.
fn waiting(look: &Look<'_>, council: &Council) -> (Submitter, Desk, PathBuf) {
    let submitter = Submitter::moved_into(look, council.pack.nth(Sort::Couple, 0), "mine");
    (submitter, Desk::new(look, council, "officer", 1), council.hearth.data().join("evidence"))
}

fn files(folder: &PathBuf) -> Vec<PathBuf> {
    let Ok(held) = std::fs::read_dir(folder) else { return Vec::new() };
    held.map(|it| it.unwrap().path()).collect()
}

/// It was taken, and the notification shows so many files.
#[track_caller]
fn taken(answer: Answer, files: usize) -> Value {
    let shown = answer.ok();
    assert_eq!(shown["evidence"].as_array().unwrap().len(), files, "{shown:#}");
    shown
}

#[test]
fn evidence_that_was_asked_for_arrives_sealed_and_the_item_is_the_officers_again() {
    let council = in_december(311);
    let look = council.look();
    let (submitter, desk, folder) = waiting(&look, &council);
    let id = submitter.reference.clone();
    let due_on = desk.claim(&id)["due_on"].clone();
    let asked = json!({"evidence": "The tenancy agreement", "respond_by": "2015-12-15"});
    assert_eq!(desk.act(&id, "request-evidence", &asked).ok()["status"], "awaiting-evidence");

    let shown = taken(submitter.send("?evidence=tenancy-agreement&name=Zo%C3%AB%20lease.pdf", AGREEMENT), 1);
    assert_eq!(shown["status"], "referred", "{shown:#}");
    let file = &shown["evidence"][0];
    assert_eq!((&file["evidence"], &file["media_type"]), (&json!("tenancy-agreement"), &json!("application/pdf")));
    assert_eq!((&file["file_name"], &file["bytes"]), (&json!("Zoë lease.pdf"), &json!(AGREEMENT.len())));
    assert_eq!(file["scanned"], false, "nothing looks at it here");
    assert_eq!(*steps(&shown).last().unwrap(), "evidence-received");
    assert_eq!(taken(submitter.send("?name=again.pdf", AGREEMENT), 1), shown, "the same again changes nothing");

    let item = desk.item(&id);
    assert_eq!((&item["status"], &item["due_on"], &item["evidence"]), (&json!("open"), &due_on, &shown["evidence"]));
    assert_eq!((desk.list("status=open"), desk.list("status=awaiting-evidence")), (vec![id.clone()], vec![]));

    let held = files(&folder);
    assert_eq!(held.len(), 1, "{held:?}");
    assert_eq!(std::fs::metadata(&held[0]).unwrap().permissions().mode() & 0o777, 0o600);
    let sealed = std::fs::read(&held[0]).unwrap();
    assert!(!sealed.windows(4).any(|it| it == b"Unal" || it == b"%PDF"), "nothing lies in clear");

    let path = submitter.path(&format!("/evidence/{}", file["id"].as_str().unwrap()));
    for role in ["officer", "supervisor", "auditor"] {
        let reader = Desk::new(&look, &council, role, 9);
        let (above, content) = reader.client.fetch(&path);
        assert!(above.contains("content-type: application/pdf") && above.contains("x-content-type-options: nosniff"));
        assert!(above.contains("content-disposition: attachment; filename=\"evidence-"), "{above}");
        assert!(!above.contains("lease"), "what the submitter calls it is in no header: {above}");
        assert_eq!(content, AGREEMENT);
    }
    assert_eq!(submitter.client.get(&path).status, 401, "the tracking token shows that it is here, not what is in it");
    assert_eq!(Desk::new(&look, &council, "manager", 9).client.get(&path).status, 403);
    let other = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 1), "other");
    let elsewhere = other.path(&format!("/evidence/{}", file["id"].as_str().unwrap()));
    assert_eq!(desk.client.get(&elsewhere).status, 404, "it belongs to its own notification");
    for no_file in ["..%2F..%2Fkeys%2Fmaster.key", &"0".repeat(64), "x"] {
        assert_eq!(desk.client.get(&submitter.path(&format!("/evidence/{no_file}"))).status, 404, "{no_file}");
    }
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!(count(&events, "EvidenceReceived"), 1);
    assert!(!events.iter().any(|it| it.to_string().contains("lease")), "the name is sealed");
    council.hearth.verified();
}

#[test]
fn what_cannot_be_evidence_is_refused_with_words_that_say_what_to_do() {
    let council = in_december(312);
    let look = council.look();
    let (submitter, desk, folder) = waiting(&look, &council);
    // Over the counter, as a submitter may not send so much at once.
    let submitter = Submitter { client: desk.client, reference: submitter.reference };
    let head = |name: &str| format!("?evidence=lease&name={name}");
    let large = [PHOTOGRAPH, &vec![0; 10 * 1024 * 1024]].concat();
    refused(submitter.send(&head("empty.pdf"), b""), 422, "choose the file again");
    refused(submitter.send(&head("large.jpg"), &large), 413, "10 MB");
    refused(submitter.send(&head("locked.pdf"), b"%PDF-1.4 trailer <</Encrypt 5 0 R>>"), 422, "password");
    for (name, content) in [
        ("page.pdf", b"<html><script>alert(1)</script></html>".as_slice()),
        ("lease.pdf", b"MZ\x90\0 a program"),
        ("photo.jpg", b"<svg onload='alert(1)'/>"),
        ("archive.png", b"PK\x03\x04"),
        ("both.pdf", b"GIF89a%PDF-1.4"),
    ] {
        refused(submitter.send(&head(name), content), 422, "whatever its name says");
    }
    for other in ["application/json", "multipart/form-data; boundary=x", "text/html", ""] {
        refused(submitter.send_as(other, "", AGREEMENT), 415, "application/octet-stream");
    }
    for wrong in ["?evidence=Tenancy%20Agreement", "?evidence=", "?evidence=%3Cb%3E", "?folder=..", "?name="] {
        assert_eq!(submitter.send(wrong, AGREEMENT).status, 400, "{wrong}");
    }
    let stranger = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 1), "stranger");
    let not_theirs = submitter.path("/evidence");
    let answer = stranger.client.send_file(&not_theirs, "application/pdf", AGREEMENT);
    assert_eq!(answer.status, 404, "{answer:?}");
    assert_eq!((files(&folder).len(), submitter.shown()["evidence"].clone()), (0, json!([])), "nothing was kept");
    // The control: the same way in takes a file that is one, whatever its name and its sender say.
    let largest = &large[..10 * 1024 * 1024];
    taken(submitter.send_as("image/png", "?name=..%2F..%2Fkeys%2Fmaster.key", largest), 1);
    let shown = taken(submitter.send("?name=%E2%80%AEfdp.exe%0D%0AX-Evil:%201", AGREEMENT), 2);
    assert_eq!(shown["evidence"][0]["file_name"], "master.key");
    assert_eq!(shown["evidence"][0]["media_type"], "image/jpeg");
    assert_eq!(shown["evidence"][1]["file_name"], "fdp.exeX-Evil: 1");
    let kept = files(&folder);
    assert!(kept.len() == 2 && kept.iter().all(|it| it.file_name().unwrap().len() == 64), "{kept:?}");
    let keys: Vec<_> = files(&council.hearth.data().join("keys"));
    assert!(keys.iter().all(|it| std::fs::metadata(it).unwrap().len() < 1024 * 1024), "no file is where another was");
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn there_are_only_so_many_files_and_only_while_it_waits() {
    let council = in_december(313);
    let look = council.look();
    let (submitter, desk, folder) = waiting(&look, &council);
    // Over the counter, as a submitter may not send so many at once.
    let by_officer = |number: usize| {
        let file = [PHOTOGRAPH, number.to_string().as_bytes()].concat();
        desk.client.send_file(&submitter.path("/evidence"), "image/jpeg", &file)
    };
    for number in 1..=20 {
        taken(by_officer(number), number);
    }
    refused(by_officer(21), 409, "20 already");
    taken(by_officer(20), 20);
    assert_eq!(files(&folder).len(), 20);
    submitter.withdraw().ok();
    refused(submitter.send("", AGREEMENT), 409, "withdrawn");
    look.served.stopped();
    let events = council.hearth.events();
    let actors: Vec<_> =
        events.iter().filter(|it| it["type"] == "EvidenceReceived").map(|it| &it["metadata"]["actor"]).collect();
    assert!(actors.iter().all(|it| **it == json!(format!("token:{}", desk.name))), "{actors:?}");
    council.hearth.verified();
}

#[test]
fn a_scanner_looks_first_and_what_is_harmful_is_recorded_and_not_kept() {
    let council = in_december(314);
    let script = "if grep -q EVIL -; then exit 1; elif test -e broken; then exit 2; fi";
    let script = council.hearth.write("scan.sh", script);
    let look = council.look_with(&["--scanner", &format!("sh {script}")]);
    let (submitter, desk, folder) = waiting(&look, &council);
    let evil = [PHOTOGRAPH, b" EVIL"].concat();
    refused(submitter.send("?name=holiday.jpg", &evil), 422, "viruses");
    refused(submitter.send("?name=holiday.jpg", &evil), 422, "viruses");
    let shown = submitter.shown();
    assert_eq!((&shown["evidence"], files(&folder).len()), (&json!([]), 0), "{shown:#}");
    assert_eq!(*steps(&shown).last().unwrap(), "evidence-refused");
    let broken = council.hearth.write("broken", "");
    refused(submitter.send("", PHOTOGRAPH), 503, "Nothing was changed");
    assert_eq!(files(&folder).len(), 0, "what could not be looked at is not kept");
    std::fs::remove_file(broken).unwrap();
    let shown = taken(submitter.send("", PHOTOGRAPH), 1);
    assert_eq!((&shown["evidence"][0]["scanned"], files(&folder).len()), (&json!(true), 1));
    assert_eq!(desk.item(&submitter.reference)["evidence"][0]["scanned"], true);
    look.served.stopped();
    let events = council.hearth.events();
    assert_eq!((count(&events, "EvidenceRefused"), count(&events, "EvidenceReceived")), (1, 1));
    council.hearth.verified();
}

#[test]
fn where_a_file_cannot_be_kept_nothing_is_recorded_and_what_was_lost_can_be_sent_again() {
    let council = in_december(315);
    let look = council.look();
    let (submitter, desk, folder) = waiting(&look, &council);
    // Where the folder should be, a file stands.
    std::fs::write(&folder, "in the way").unwrap();
    assert_eq!(submitter.send("", AGREEMENT).status, 500);
    assert_eq!(submitter.shown()["evidence"], json!([]));
    std::fs::remove_file(&folder).unwrap();
    let shown = taken(submitter.send("", AGREEMENT), 1);
    let path = submitter.path(&format!("/evidence/{}", shown["evidence"][0]["id"].as_str().unwrap()));
    std::fs::remove_file(&files(&folder)[0]).unwrap();
    assert_eq!(desk.client.get(&path).status, 500, "it is recorded and not there");
    taken(submitter.send("", AGREEMENT), 1);
    assert_eq!(desk.client.fetch(&path).1, AGREEMENT);
    // What somebody changed on the disk is not taken for what was sent.
    let file = &files(&folder)[0];
    let mut sealed = std::fs::read(file).unwrap();
    sealed[20] ^= 1;
    std::fs::write(file, sealed).unwrap();
    assert_eq!(desk.client.get(&path).status, 404);
    look.served.stopped();
    assert_eq!(count(&council.hearth.events(), "EvidenceReceived"), 1);
    council.hearth.verified();
}
