//! Several processes on one data directory.

use std::process::Stdio;

use serde_json::{Value, json};

use super::council::Council;
use super::http::Client;
use super::killed::{from_four_sides, names, post_until_gone, wind};
use super::log::{examine, liabilities, outcomes};
use super::pack::Pack;
use super::run::{Hearth, Running};
use super::say;
use super::submitted::many;

/// Runs so many of the same command at once; what each printed.
fn at_once(hearth: &Hearth, args: &[&str], times: usize) -> Vec<Value> {
    let spawn = |_| hearth.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut children: Vec<_> = (0..times).map(spawn).map(Running).collect();
    let printed = |it: &mut Running| {
        use std::io::Read;
        let (mut out, mut err) = (String::new(), String::new());
        it.0.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        it.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(it.ended().code(), Some(0), "{out}{err}");
        serde_json::from_str(&out).unwrap()
    };
    children.iter_mut().map(printed).collect()
}

fn five_at_once(clock: &str, seed: u64) {
    let alone = Council::on_clock(clock, seed, 64);
    let sent = many(&alone);
    let mut expected = alone.submit(&sent);
    let council = Council::on_clock(clock, seed, 64);
    let file = council.hearth.write("sent.ndjson", &say::lines(&sent));
    let mut known = 0;
    for mut tally in at_once(&council.hearth, &["submit", &file, "--json"], 5) {
        known += tally["already_received"].as_u64().unwrap();
        tally["already_received"] = json!(0);
        expected["already_received"] = json!(0);
        assert_eq!(tally, expected);
    }
    assert_eq!(known, 4 * sent.len() as u64, "each was new to one of the five");
    let (events, expected) = (council.hearth.events(), alone.hearth.events());
    examine(&events, &names(&sent)).unwrap();
    assert_eq!(outcomes(&events), outcomes(&expected));
    assert_eq!(liabilities(&events), liabilities(&expected));
    let recorded: Vec<jiff::Timestamp> =
        events.iter().map(|it| it["recorded_at"].as_str().unwrap().parse().unwrap()).collect();
    assert!(recorded.is_sorted(), "time goes on along the log");
    council.hearth.verified();
}

#[test]
fn five_submissions_of_one_file_are_one() {
    five_at_once("system", 51);
}

#[test]
fn so_they_are_on_a_simulated_clock() {
    five_at_once("file", 52);
}

#[test]
fn several_imports_at_once_are_one() {
    let hearth = Hearth::new();
    Pack::new(53, 24).write(&hearth.folder().join("pack"));
    let spawn = |_| hearth.command(&["import", "pack"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let children: Vec<_> = (0..4).map(spawn).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let listed = hearth.events().iter().filter(|it| it["type"] == "DwellingListed").count();
    assert_eq!(listed, 24);
    assert_eq!(hearth.run(&["import", "pack", "--json"]).ok().json()["events"], 0);
    hearth.verified();
}

#[test]
fn a_file_is_submitted_while_the_service_takes_more() {
    let council = Council::new(54, 96);
    wind(&council);
    let token = council.hearth.token("submitter");
    let officer = council.hearth.token("officer");
    let sent = many(&council);
    let served = council.hearth.serve();
    let client = Client::new(served.address, &token);
    let work = from_four_sides(&council, 0);
    let acknowledged = std::thread::scope(|scope| {
        let posting = scope.spawn(|| post_until_gone(&client, &work));
        let tally = council.submit(&sent);
        assert_eq!((&tally["received"], &tally["pending"]), (&json!(sent.len()), &json!(0)), "{tally}");
        posting.join().unwrap()
    });
    let posted: Vec<_> = work.into_iter().flatten().collect();
    assert_eq!(acknowledged.len(), posted.len());
    let events = council.hearth.events();
    let mut all = names(&sent);
    all.extend(names(&posted));
    examine(&events, &all).unwrap();
    let undecided: Vec<_> = outcomes(&events).into_iter().filter(|it| it.1 == "undecided").collect();
    assert!(undecided.is_empty(), "{undecided:?}");
    // The service shows what the other process did.
    let sold = council.pack.nth(super::pack::Sort::Couple, 9);
    let client = Client::new(served.address, &officer);
    super::run::until("the service shows the file's changes", || {
        client.get(&format!("/api/v1/accounts/{}", sold.account)).ok()["status"] == "closed"
    });
    served.stopped();
    council.hearth.verified();
}
