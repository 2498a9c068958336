//! A copy of a bill that was issued here, without an officer.

use std::path::Path;

use serde_json::{Value, json};

use super::billing::{imported, told};
use super::run::Hearth;

fn submit(hearth: &Hearth, source: &str, mut notification: Value) -> Value {
    notification["source_reference"] = json!(source);
    let file = hearth.write("told.ndjson", &notification.to_string());
    hearth.run(&["submit", &file, "--json"]).ok().json()
}

fn asks(received: &str) -> Value {
    told("copy-bill", received, received, &json!({"request": "copy-bill"}))
}

fn letters(hearth: &Hearth) -> Vec<(String, String)> {
    let Ok(files) = std::fs::read_dir(hearth.data().join("outbox")) else { return Vec::new() };
    let paths = files.map(|it| it.unwrap().path());
    let name = |it: &Path| it.file_name().unwrap().to_str().unwrap().to_owned();
    paths.map(|it| (name(&it), std::fs::read_to_string(it).unwrap())).collect()
}

#[test]
fn a_bill_that_was_issued_here_is_copied_once_to_who_is_liable_and_to_nobody_else() {
    let hearth = imported();
    assert_eq!(submit(&hearth, "early", asks("2015-09-20"))["referred"], 1, "another system issued the bill there is");
    let chosen =
        told("instalment-choice", "2015-09-21", "2015-09-21", &json!({"instalments": 12, "collection_day": 8}));
    assert_eq!(submit(&hearth, "chosen", chosen)["applied"], 1);
    let mut stranger = asks("2015-09-22");
    stranger["submitted_by"] = json!({"role": "liable-person", "name": "Ms Ann Price", "email": "else@example.org"});
    assert_eq!(submit(&hearth, "stranger", stranger)["referred"], 1);
    assert_eq!(letters(&hearth), []);

    assert_eq!(submit(&hearth, "asked", asks("2015-09-24"))["applied"], 1);
    let events = hearth.events();
    let copied: Vec<_> = events.iter().filter(|it| it["type"] == "BillCopied").map(|it| &it["data"]).collect();
    let expected = json!({"account": "A1", "financial_year": "2015/16", "issued_on": "2015-09-21", "on": "2015-09-24"});
    assert_eq!(copied, [&expected]);
    let written = letters(&hearth);
    let [(name, letter)] = written.as_slice() else { panic!("{written:?}") };
    let notice = events.iter().find(|it| it["type"] == "AdjustmentNoticeIssued").unwrap()["data"].clone();
    let reference =
        events.iter().rfind(|it| it["type"] == "NotificationReceived").unwrap()["data"]["reference"].clone();
    let reference = reference.as_str().unwrap();
    assert_eq!(*name, format!("{reference}-A1-bill.txt"));
    for part in [
        "Walsall Council\n\nMs Ann Price\n1 High Street\nZZ1 1ZZ\n",
        reference,
        "COPY OF YOUR COUNCIL TAX BILL FOR 2015/16",
        "the bill of 21 September 2015",
        "Council tax, band C, 1 April 2015 to 31 March 2016 (366 days): £1422.05\n",
        "For the year: £1422.05\n",
    ] {
        assert!(letter.contains(part), "{part:?} in {letter}");
    }
    let (accounted_for, instalments) = (&notice["accounted_for"], notice["instalments"].as_array().unwrap());
    assert!(
        letter.contains(&format!("£{} of it was accounted for before 5 October 2015", accounted_for.as_str().unwrap()))
    );
    assert!(instalments.len() > 3);
    for it in instalments {
        let day: jiff::civil::Date = it["due"].as_str().unwrap().parse().unwrap();
        let line = format!("\n{}: £{}\n", day.strftime("%-d %B %Y"), it["amount"].as_str().unwrap());
        assert!(letter.contains(&line), "{line:?} in {letter}");
    }

    // It was sent; nothing that happens later writes it again, and what is asked again is another letter.
    let path = hearth.data().join("outbox").join(name);
    std::fs::rename(&path, path.with_extension("sent")).unwrap();
    assert_eq!(submit(&hearth, "again", asks("2015-09-28"))["applied"], 1);
    let mut names: Vec<_> = letters(&hearth).into_iter().map(|(name, _)| name).collect();
    names.retain(|it| Path::new(it).extension().is_some_and(|it| it == "txt"));
    assert_eq!((names.len(), path.exists()), (1, false), "{names:?}");
    hearth.verified();
}
