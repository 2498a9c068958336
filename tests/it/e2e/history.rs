//! History: as known then, as of a day, up to an event; and views that are built anew while they are read.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use jiff::ToSpan;
use serde_json::{Value, json};

use super::council::Council;
use super::http::Client;
use super::pack::Sort;
use super::say::{after, discount_ends, move_in};
use super::submitted::many;

#[test]
fn the_past_is_shown_as_it_was_and_as_it_was_known() {
    let council = Council::new(61, 24);
    let it = council.pack.nth(Sort::Void, 0);
    let on = after(-10);
    let mut later = discount_ends(it, "joined", after(2), "Mr Olu Quirk");
    later["received_at"] = json!("2015-12-10T09:00:00Z");
    later["account"] = json!(it.opened(2));
    later["submitted_by"] = json!({"role": "liable-person", "name": "Ms Zoë Ünal", "email": "zoe@mail.example.net"});
    let mut arrival = move_in(it, "in", on, &["Ms Zoë Ünal"]);
    arrival["details"]["persons"][0]["email"] = json!("zoe@mail.example.net");
    assert_eq!(council.submit(&[arrival, later])["applied"], 2);
    let look = council.look();
    let shown = |account: &str, query: &str| look.client.get(&format!("/api/v1/accounts/{account}{query}"));
    // What was known: before the move, between the two notifications, and now.
    let before = shown(&it.account, "?known_at=2015-11-30T00:00:00Z").ok();
    assert_eq!(
        (&before["to"], &before["charges"][2]["net"]),
        (&Value::Null, &json!(super::money::written(it.amount(2016))))
    );
    assert_eq!(shown(&it.opened(2), "?known_at=2015-11-30T00:00:00Z").status, 404);
    assert_eq!(shown(&it.account, "?known_at=2015-12-01T10:15:00Z").ok()["to"], json!(on));
    let between = shown(&it.opened(2), "?known_at=2015-12-05T00:00:00Z").ok();
    assert_eq!(between["awards"], json!([{"code": "D-SPD", "from": on, "to": null}]));
    let now = shown(&it.opened(2), "").ok();
    assert_eq!(now["awards"], json!([{"code": "D-SPD", "from": on, "to": after(2)}]));
    assert_ne!(now["charges"], between["charges"]);
    // What was so: on the eve of the move, on the day, and when the other had come.
    let status = |account: &str, day| shown(account, &format!("?as_of={day}")).ok()["status"].clone();
    assert_eq!([status(&it.account, on - 1.day()), status(&it.account, on)], [json!("open"), json!("closed")]);
    assert_eq!([status(&it.opened(2), on - 1.day()), status(&it.opened(2), on)], [json!("future"), json!("open")]);
    let adults = |day| shown(&it.opened(2), &format!("?as_of={day}")).ok()["adults"].clone();
    assert_eq!([adults(after(1)), adults(after(2))], [json!(1), json!(2)]);
    drop(look);
    let events = |args: &[&str]| {
        let all = [&["replay", "--json"], args].concat();
        council.hearth.run(&all).ok().json()["events"].as_u64().unwrap()
    };
    let all = events(&[]);
    assert_eq!(usize::try_from(all).unwrap(), council.hearth.events().len());
    assert_eq!(events(&["--until", "10"]), 10);
    let (first, second) =
        (events(&["--known-at", "2015-11-30T00:00:00Z"]), events(&["--known-at", "2015-12-05T00:00:00Z"]));
    assert!(0 < first && first < second && second < all, "{first} {second} {all}");
    council.hearth.run(&["replay", "--known-at", "yesterday"]).failed(2);
    council.hearth.run(&["rebuild", "nothing"]).failed(2);
    assert_eq!(council.hearth.run(&["export", "--from", "3", "--to", "5"]).ok().out.lines().count(), 3);
}

/// Reads these again and again while something is done; how many whole and equal answers came.
pub(super) fn readers(client: &Client, paths: &[String], meanwhile: impl FnOnce()) -> usize {
    let expected: Vec<_> = paths.iter().map(|it| client.get(it).ok()).collect();
    let (over, answers) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for side in 0..3 {
            let (over, answers, expected) = (&over, &answers, &expected);
            scope.spawn(move || {
                for (path, expected) in paths.iter().zip(expected).cycle().skip(side) {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    assert_eq!(client.get(path).ok(), *expected, "{path}");
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Whatever happens, the readers end.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(meanwhile));
        over.store(true, Ordering::Relaxed);
        done.unwrap();
    });
    answers.into_inner()
}

#[test]
fn views_are_built_anew_while_they_are_read() {
    let council = Council::new(62, 96);
    council.submit(&many(&council));
    let look = council.look();
    let mut paths: Vec<_> =
        council.pack.dwellings.iter().map(|it| format!("/api/v1/accounts/{}", it.account)).collect();
    paths.push("/api/v1/accounts?name=Quirk&limit=500".to_owned());
    paths.push("/api/v1/work-items?limit=500".to_owned());
    let with_work = look.client.get("/api/v1/work-items?limit=500").status == 200;
    paths.truncate(if with_work { paths.len() } else { paths.len() - 1 });
    let answers = readers(&look.client, &paths, || {
        for args in [&["rebuild"][..], &["rebuild", "accounts"], &["rebuild"]] {
            council.hearth.run(args).ok();
        }
    });
    assert!(answers > 50, "{answers}");
    look.served.stopped();
    council.hearth.verified();
}

/// A view that lies is found out, and a rebuild puts it right.
#[test]
fn a_view_that_was_tampered_with_is_named_and_built_anew() {
    let council = Council::new(63, 16);
    council.submit(&many(&council));
    council.hearth.verified();
    let views = std::fs::read_dir(council.hearth.data().join("views")).unwrap();
    let file = views.map(|it| it.unwrap().path()).find(|it| {
        let name = it.file_name().unwrap().to_str().unwrap().to_owned();
        name.starts_with("accounts") && name.ends_with("sqlite")
    });
    let conn = rusqlite::Connection::open(file.unwrap()).unwrap();
    conn.execute("DELETE FROM rows WHERE key = ?1", [&council.pack.dwellings[3].uprn]).unwrap();
    drop(conn);
    let found = council.hearth.run(&["replay", "--verify"]).failed(1);
    assert!(found.err.contains(&council.pack.dwellings[3].uprn), "{found:?}");
    council.hearth.run(&["rebuild"]).ok();
    council.hearth.verified();
}
