//! Messages to submitters, over a real socket to a server that speaks just enough SMTP, or left in the outbox.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::council::Council;
use super::follow_up::{Submitter, in_december};
use super::http::Client;
use super::officers::Desk;
use super::pack::Sort;
use super::run::until;

const ADDRESS: &str = "newcomer@mail.example.net";

/// Takes every message, but refuses this recipient for good.
pub(super) struct Server {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(listener: TcpListener, refuses: &'static str) -> Self {
        let (port, taken) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
        let kept = Arc::clone(&taken);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || converse(socket.unwrap(), refuses, &kept));
            }
        });
        Self { port, taken }
    }

    pub(super) fn new(refuses: &'static str) -> Self {
        Self::start(TcpListener::bind("127.0.0.1:0").unwrap(), refuses)
    }

    pub(super) fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    fn arguments(&self) -> Vec<String> {
        let smtp = format!("smtp://127.0.0.1:{}", self.port);
        let from = "Test Council <no-reply@council.example>";
        ["--smtp", &smtp, "--mail-from", from, "--public-url", "https://tell.council.example/"]
            .map(str::to_owned)
            .to_vec()
    }
}

/// Speaks SMTP (RFC 5321) as far as it is needed; `None` where the client goes away.
fn converse(mut socket: TcpStream, refuses: &str, kept: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
    let mut say = |text: &str| socket.write_all(format!("{text}\r\n").as_bytes()).ok();
    say("220 test")?;
    loop {
        let line = lines.next()?.ok()?;
        let command = line.to_ascii_uppercase();
        if command.starts_with("RCPT") && !refuses.is_empty() && line.contains(refuses) {
            say("550 no such mailbox")?;
        } else if command == "DATA" {
            say("354 go on")?;
            let mut mail = String::new();
            loop {
                let line = lines.next()?.ok()?;
                if line == "." {
                    break;
                }
                mail += &line;
                mail.push('\n');
            }
            kept.lock().unwrap().push(mail);
            say("250 taken")?;
        } else if command == "QUIT" {
            return say("221 bye");
        } else {
            say("250 test")?;
        }
    }
}

/// A text as it was before it was made fit for a mail: soft line ends joined, the rest of the encoding undone.
pub(super) fn plain(mail: &str) -> String {
    mail.replace("=\n", "").replace("=3D", "=")
}

pub(super) fn endings(outbox: &Path, ending: &str) -> usize {
    let Ok(held) = std::fs::read_dir(outbox) else { return 0 };
    let names = held.map(|it| it.unwrap().file_name().into_string().unwrap());
    names.filter(|it| it.starts_with("mail-") && it.ends_with(ending)).count()
}

pub(super) fn served<'a>(council: &'a Council, server: &Server) -> super::council::Look<'a> {
    let arguments = server.arguments();
    council.look_with(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_submitter_is_written_to_at_each_moment_once_and_the_link_leads_there() {
    let council = in_december(321);
    let server = Server::new("");
    let outbox = council.hearth.data().join("outbox");
    let look = served(&council, &server);
    let submitter = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 0), "mine");
    until("it is told what was received", || endings(&outbox, ".sent") >= 1);
    // Where the worker looked in between, its receipt was told by itself.
    until("an officer is promised", || server.taken().iter().any(|it| plain(it).contains("One of our officers")));
    let first = plain(server.taken().last().unwrap());
    for part in [&format!("To: {ADDRESS}"), &submitter.reference, "no-reply@council.example", "Council"] {
        assert!(first.contains(part), "{part:?} in {first}");
    }
    for private in ["Zoë", "nal", council.pack.nth(Sort::Couple, 0).persons[0].as_str(), "999000"] {
        assert!(!first.contains(private), "{private:?} in {first}");
    }
    let link = first.lines().find_map(|it| it.strip_prefix("https://tell.council.example/track/")).unwrap();
    let (reference, token) = link.split_once("?token=").unwrap();
    assert_eq!(reference, submitter.reference);
    Client::new(look.served.address, token).get(&submitter.path("")).ok();

    let desk = Desk::new(&look, &council, "officer", 1);
    desk.claim(&submitter.reference);
    let asked = json!({"evidence": "The agreement of Mr Secret", "respond_by": "2015-12-18"});
    desk.act(&submitter.reference, "request-evidence", &asked).ok();
    until("it is asked", || server.taken().iter().any(|it| plain(it).contains("18 December 2015")));
    submitter.withdraw().ok();
    until("it is confirmed", || server.taken().iter().any(|it| plain(it).contains("taken back")));
    let all = server.taken();
    assert!((3..=4).contains(&all.len()), "{all:#?}");
    assert!(
        !all.iter().any(|it| plain(it).contains("Secret")),
        "an officer's words are shown where the token is asked for"
    );
    until("all is sent", || endings(&outbox, ".txt") == 0 && endings(&outbox, ".sent") == all.len());
    look.served.stopped();
    // Started again, and with another notification to tell of, nothing is sent twice.
    let look = served(&council, &server);
    let other = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 1), "other");
    until("the other is told", || server.taken().iter().any(|it| it.contains(&other.reference)));
    look.served.stopped();
    let again: Vec<_> = server.taken().into_iter().filter(|it| !it.contains(&other.reference)).collect();
    assert_eq!(again, all);
    let log = council.hearth.read("serve.err");
    assert!(log.contains("sent the message mail-") && !log.contains(ADDRESS), "{log}");
    for file in std::fs::read_dir(&outbox).unwrap() {
        let path = file.unwrap().path();
        assert!(!std::fs::read_to_string(&path).unwrap().contains(ADDRESS), "{}", path.display());
    }
    council.hearth.verified();
}

#[test]
fn what_cannot_be_sent_waits_and_what_never_can_be_is_set_aside() {
    let council = in_december(322);
    let outbox = council.hearth.data().join("outbox");
    // Nobody listens there yet.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let absent = Server { port: listener.local_addr().unwrap().port(), taken: Arc::default() };
    drop(listener);
    let look = served(&council, &absent);
    let submitter = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 0), "mine");
    until("it was tried", || council.hearth.read("serve.err").contains("is tried again in 30 s"));
    assert!(endings(&outbox, ".txt") >= 1 && endings(&outbox, ".sent") == 0);
    look.served.stopped();
    let there = Server::start(TcpListener::bind(("127.0.0.1", absent.port)).unwrap(), "");
    let look = served(&council, &there);
    until("it is sent", || endings(&outbox, ".txt") == 0);
    look.served.stopped();
    assert!(there.taken().iter().all(|it| it.contains(&submitter.reference)) && !there.taken().is_empty());
    assert_eq!(there.taken().len(), endings(&outbox, ".sent"));

    let refusing = Server::new(ADDRESS);
    let look = served(&council, &refusing);
    Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 1), "nobody");
    until("it is set aside", || endings(&outbox, ".failed") >= 1);
    look.served.stopped();
    assert_eq!(refusing.taken(), Vec::<String>::new());
    let log = council.hearth.read("serve.err");
    assert!(log.contains("127.0.0.1 answered 550") && !log.contains(ADDRESS), "{log}");
}

#[test]
fn without_a_server_messages_lie_in_the_outbox_and_files_are_nobodys_to_answer() {
    let council = in_december(323);
    let outbox = council.hearth.data().join("outbox");
    let look = council.look();
    let submitter = Submitter::moved_into(&look, council.pack.nth(Sort::Couple, 0), "mine");
    let mut silent =
        super::say::move_in(council.pack.nth(Sort::Couple, 1), "silent", super::follow_up::ON, &["Mr Olu Quirk"]);
    silent["submitted_by"].as_object_mut().unwrap().remove("email");
    assert_eq!(Client::new(look.served.address, "").post(&silent).unwrap().status, 201);
    until("it is written", || {
        let written = std::fs::read_dir(&outbox).into_iter().flatten().map(|it| it.unwrap().path());
        written.filter_map(|it| std::fs::read_to_string(it).ok()).any(|it| it.contains("One of our officers"))
    });
    look.served.stopped();
    let names: Vec<_> =
        std::fs::read_dir(&outbox).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    let messages: Vec<_> = names.iter().filter(|it| Path::new(it).extension().is_some_and(|it| it == "txt")).collect();
    assert!(messages.iter().all(|it| it.starts_with(&format!("mail-{}", submitter.reference))), "{names:?}");
    let text = std::fs::read_to_string(outbox.join(messages.last().unwrap())).unwrap();
    assert!(text.starts_with("Subject: ") && text.lines().nth(1) == Some(&format!("To: {ADDRESS}")), "{text}");
    assert!(text.contains("quote this reference") && !text.contains("http"), "{text}");
}

#[test]
fn how_messages_go_is_checked_at_the_start() {
    let council = in_december(324);
    let from = ["--mail-from", "no-reply@council.example"];
    for (arguments, says) in [
        (vec!["--smtp", "smtp://mail.example:25", from[0], from[1]], "in clear"),
        (vec!["--smtp", "http://mail.example", from[0], from[1]], "smtps://"),
        (vec!["--smtp", "smtp://localhost"], "--mail-from"),
        (vec!["--public-url", "tell.council.example"], "https://"),
        (vec!["--public-url", "http://tell.council.example"], "https://"),
        (vec!["--smtp", "@absent", from[0], from[1]], "@absent"),
    ] {
        let done =
            council.hearth.run(&[&["serve", "--listen", "127.0.0.1:0"], arguments.as_slice()].concat()).failed(2);
        assert!(done.err.contains(says), "{says:?} in {done:?}");
    }
}
