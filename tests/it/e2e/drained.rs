//! SIGTERM: what is under way is answered or refused, and nothing acknowledged is lost.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::council::Council;
use super::http::Client;
use super::killed::{from_four_sides, post_until_gone, wind};
use super::log::{examine, outcomes};
use super::pack::Sort;
use super::run::DEADLINE;
use super::say::contact;

#[test]
fn a_service_that_is_told_to_stop_finishes_what_it_took() {
    let council = Council::new(71, 96);
    wind(&council);
    let token = council.hearth.token("submitter");
    for round in 0..2 {
        let work = from_four_sides(&council, round);
        let served = council.hearth.serve();
        let client = Client::new(served.address, &token);
        // One whose request has come only half when the service is told to stop.
        let mut half = TcpStream::connect(served.address).unwrap();
        let slow =
            contact(council.pack.nth(Sort::Couple, 0), &format!("slow-{round}"), "slow@mail.example.net").to_string();
        let (begin, rest) = slow.split_at(slow.len() / 2);
        let head = format!(
            "POST /api/v1/notifications HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{begin}",
            slow.len()
        );
        half.write_all(head.as_bytes()).unwrap();
        let told = std::thread::scope(|scope| {
            let posting = scope.spawn(|| post_until_gone(&client, &work));
            std::thread::sleep(Duration::from_millis(400));
            let stopping = scope.spawn(move || {
                let started = Instant::now();
                served.stopped();
                started.elapsed()
            });
            std::thread::sleep(Duration::from_millis(50));
            let _ = half.write_all(rest.as_bytes());
            half.set_read_timeout(Some(DEADLINE)).unwrap();
            let mut answer = String::new();
            let _ = half.read_to_string(&mut answer);
            assert!(stopping.join().unwrap() < Duration::from_secs(30), "it took too long");
            let mut acknowledged = posting.join().unwrap();
            if answer.starts_with("HTTP/1.1 201") {
                acknowledged.insert(format!("slow-{round}"), String::new());
            } else {
                assert!(
                    answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 5"),
                    "{answer}"
                );
            }
            acknowledged
        });
        assert!(!told.is_empty());
        let events = council.hearth.events();
        examine(&events, &told.into_keys().collect()).unwrap();
        assert!(outcomes(&events).values().all(|it| it != "undecided"), "what was taken was decided before it ended");
    }
    council.hearth.verified();
}
