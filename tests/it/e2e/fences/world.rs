//! A council with a dwelling in which somebody has to be protected, and everything about it that there can be: an account, its
//! persons, items that call it in every way, a hold, a clash, decisions to be checked; and a service to ask of it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth::access::staff::enrol;
use hearth::access::{self, Access, Member};
use hearth::clock::system_now;
use hearth::data_dir::DataDir;
use hearth::service::Service;
use hearth::store::Expected;
use hearth::views::run_workers;
use hearth::web::{Limits, Rate, serve};
use hearth_events::{
    AwardExpiryScheduled, BankDetails, CreditTransferred, DiscountAwarded, Event, EventId, ExpiryReason, FinancialYear,
    Period, PersonId, Personal, RefundRequested, Role, StreamName, Uprn,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::super::council::Council;
use super::super::log;
use super::super::pack::{Pack, Sort};
use super::super::run::Hearth;
use super::super::say::{contact, move_in, move_within};

/// The dwelling, and how it is called.
pub(super) const UPRN: &str = "987654321098";
pub(super) const ACCOUNT: &str = "FENCED-7301";
const KEY: &str = "NS/FENCED";
const ADDRESS: &str = "Refuge House, 7 Safe Lane";
pub(super) const POSTCODE: &str = "ZZ9 7QX";
pub(super) const PERSONS: [&str; 2] = ["Ms Hidden Fenwick Elder", "Mr Covert Fenwick Younger"];
const NEWCOMER: &str = "Ms Whispered Newcomer";
/// One that was listed only after somebody had told of it.
const LATER: (&str, &str, &str) = ("987654321097", "Plot 9, Secret Mews", "ZZ9 8QX");
/// One that somebody moved from into a dwelling that is open to all.
pub(super) const LEFT: (&str, &str) = ("987654321096", "FENCED-7302");
/// What was told of them.
const TOLD: [&str; 5] = ["waits", "applied", "several", "later", "within"];

/// Everything by which the dwellings can be recognised that are fenced.
pub(super) fn needles(world: &World) -> BTreeSet<String> {
    let fixed = [UPRN, ACCOUNT, KEY, ADDRESS, PERSONS[0], PERSONS[1], NEWCOMER, LATER.0, LATER.1, LEFT.0, LEFT.1];
    fixed.iter().map(|it| (*it).to_owned()).chain(world.references.values().cloned()).collect()
}

pub(super) struct World {
    council: Council,
    pub(super) service: Arc<Service>,
    address: SocketAddr,
    /// What the notifications about it are called, by what their senders called them.
    pub(super) references: BTreeMap<String, String>,
    /// Where somebody moved to from the one that was left, and an account there.
    pub(super) open: String,
    pub(super) open_account: String,
    pub(super) callers: Vec<Caller>,
    _stop: watch::Sender<bool>,
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) name: String,
    pub(super) role: Role,
    /// The lines of the head that say who it is.
    head: String,
    pub(super) is_session: bool,
    /// Of their session, or their token.
    pub(super) secret: String,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) text: String,
}

/// What the council knows before anybody tells anything.
fn pack() -> Pack {
    let mut pack = Pack::new(230, 64);
    let couples: Vec<_> = (0..64).filter(|it| pack.dwellings[*it].sort == Sort::Couple).collect();
    let it = &mut pack.dwellings[couples[0]];
    (it.uprn, it.account, it.reference) = (UPRN.to_owned(), ACCOUNT.to_owned(), KEY.to_owned());
    (it.address, it.postcode) = (ADDRESS.to_owned(), POSTCODE.to_owned());
    it.persons = PERSONS.map(str::to_owned).to_vec();
    // Another one is called by the same address.
    let twin = &mut pack.dwellings[couples[1]];
    (twin.address, twin.postcode) = ("REFUGE HOUSE 7 Safe Lane".to_owned(), POSTCODE.to_owned());
    let left = &mut pack.dwellings[couples[2]];
    (left.uprn, left.account) = (LEFT.0.to_owned(), LEFT.1.to_owned());
    pack
}

/// A move into a dwelling that is called by an address.
fn move_to(address: &str, postcode: &str, reference: &str, like: &super::super::pack::Dwelling) -> Value {
    let mut told = move_in(like, reference, super::ON, &[NEWCOMER]);
    told["dwelling"] = json!({"address": address, "postcode": postcode});
    told
}

fn council() -> (Council, [String; 2]) {
    let council = Council { hearth: Hearth::new(), pack: pack() };
    let folder = council.hearth.folder().join("pack");
    council.pack.write(&folder);
    let with = |name: &str, from: &str, to: &str| {
        let text = council.hearth.read(&format!("pack/{name}"));
        assert!(text.contains(from), "{name}");
        council.hearth.write(&format!("pack/{name}"), &text.replacen(from, to, 1));
    };
    with("council.toml", "\"1500.00\"", "\"1500.00\"\nchecked_percent = 100");
    council.hearth.run(&["import", "pack", "--clock", "file"]).ok();
    let at = council.pack.dwellings.iter().find(|it| it.uprn == UPRN).unwrap();
    let left = council.pack.dwellings.iter().find(|it| it.uprn == LEFT.0).unwrap();
    let to = council.pack.nth(Sort::Void, 0);
    // Heard last: the oldest that waits, which the figures name, is one that is fenced.
    let mut open = move_in(council.pack.nth(Sort::Couple, 3), "open", super::ON, &["Mx Open Newcomer"]);
    open["received_at"] = json!(open["received_at"].as_str().unwrap().replace("10:15:00", "10:15:01"));
    council.submit(&[
        move_in(at, "waits", super::ON, &[NEWCOMER]),
        contact(at, "applied", "elsewhere@mail.example.net"),
        move_to("refuge house 7, safe lane", "zz97qx", "several", at),
        move_to(LATER.1, LATER.2, "later", at),
        move_within(left, to, "within", super::ON, super::ON),
        open,
    ]);
    // Listed only now; and steps that should not have been taken.
    let line = council.hearth.read("pack/dwellings.csv").lines().find(|it| it.contains(UPRN)).unwrap().to_owned();
    let line =
        line.replace(UPRN, LATER.0).replace(KEY, "NS/LATER").replace(ADDRESS, LATER.1).replace(POSTCODE, LATER.2);
    with("dwellings.csv", "\n", &format!("\n{line}\n"));
    let steps = format!("account,step,taken_on,reference\n{ACCOUNT},final-notice,2015-12-01,REC-1\n");
    council.hearth.write("pack/recovery.csv", &steps);
    council.hearth.run(&["import", "pack"]).ok();
    let open = [to.uprn.clone(), to.account.clone()];
    (council, open)
}

impl World {
    pub(super) async fn new() -> Self {
        let (council, [open, open_account]) = council();
        let all = log::references(&council.hearth.events());
        let references = TOLD.iter().map(|it| ((*it).to_owned(), all[*it].clone())).collect();
        let data = DataDir::new(&council.hearth.data(), None);
        let service = Arc::new(Service::open(&data, None).await.unwrap());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(run_workers(Arc::clone(&service.store), service.views.clone(), stopped.clone()));
        service.catch_up().await.unwrap();
        let access = Access::open(Arc::clone(&service.store)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let often = Rate::new(1_000_000, 1_000_000);
        let limits = Limits { open_reads: often, submissions: often, ..Limits::default() };
        let sign_in = Arc::clone(&service.sign_in);
        let backend: Arc<Service> = Arc::clone(&service);
        tokio::spawn(serve(listener, backend, access, sign_in, limits, stopped));
        let mut world =
            Self { council, service, address, references, open, open_account, callers: Vec::new(), _stop: stop };
        world.more_happens().await;
        for role in Role::ALL {
            world.admit(role, "token").await;
        }
        for role in Role::ALL.into_iter().filter(|it| *it != Role::Submitter) {
            world.admit(role, "out").await;
            world.admit(role, "in").await;
        }
        world
    }

    async fn admit(&mut self, role: Role, what: &str) {
        let (store, name, now) = (self.service.store.as_ref(), format!("{what}-{}", role.as_str()), system_now());
        let is_session = what != "token";
        let (secret, head) = if is_session {
            let member = Member { name: name.clone(), role, queues: Vec::new() };
            enrol(store, &member, &BTreeSet::new(), "test", now).await.unwrap();
            let secret = self.service.sign_in.begin(&name, now).unwrap();
            let cookie =
                format!("Cookie: __Host-hearth={secret}\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://h\r\n");
            (secret, cookie)
        } else {
            let token = access::issue(store, role, &name, now).await.unwrap();
            let header = format!("Authorization: Bearer {token}\r\n");
            (token, header)
        };
        self.callers.push(Caller { name, role, head, is_session, secret });
    }

    pub(super) fn caller(&self, name: &str) -> &Caller {
        self.callers.iter().find(|it| it.name == name).unwrap()
    }

    /// Every dwelling that is fenced in these tests.
    pub(super) fn fenced() -> [Uprn; 3] {
        [UPRN, LATER.0, LEFT.0].map(|it| it.parse().unwrap())
    }

    /// Waits until nobody is answered from an older list of who may.
    pub(super) async fn known() {
        tokio::time::sleep(Duration::from_millis(900)).await;
    }

    pub(super) async fn get(&self, caller: &Caller, path: &str) -> Answer {
        self.ask(caller, &format!("GET {path}"), "", "").await
    }

    /// Sends JSON with a token, a form with a session.
    pub(super) async fn post(&self, caller: &Caller, path: &str, body: &str) -> Answer {
        let kind = if caller.is_session { "application/x-www-form-urlencoded" } else { "application/json" };
        let lines = format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        self.ask(caller, &format!("POST {path}"), &lines, body).await
    }

    async fn ask(&self, caller: &Caller, what: &str, lines: &str, body: &str) -> Answer {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let head = &caller.head;
        let request = format!("{what} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{head}{lines}\r\n{body}");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // What goes on for as long as anybody listens is read as far as it has come.
        let goes_on = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.contains("text/event-stream") && text.contains("\r\n\r\n")
        };
        while let Ok(1..) = socket.read_buf(&mut bytes).await {
            if goes_on(&bytes) {
                break;
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, text) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{what}: no answer: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), text: text.to_owned() }
    }

    /// Listens for changes of the queue; or the status where they may not.
    pub(super) async fn listen(&self, caller: &Caller) -> Result<TcpStream, u16> {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET /staff/work/live HTTP/1.1\r\nHost: h\r\n{}\r\n", caller.head);
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        let status = String::from_utf8(head).unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        if status == 200 { Ok(socket) } else { Err(status) }
    }

    /// What is heard next; none where it has ended.
    pub(super) async fn heard(socket: &mut TcpStream) -> Option<String> {
        let mut text = String::new();
        let mut bytes = [0; 1024];
        loop {
            let read =
                tokio::time::timeout(Duration::from_secs(30), socket.read(&mut bytes)).await.expect("it goes on");
            text += &String::from_utf8_lossy(&bytes[..read.unwrap()]);
            // The last of its chunks is empty.
            if text.ends_with("0\r\n\r\n") && !text.contains("event") {
                return None;
            }
            if text.contains("event") {
                return Some(text);
            }
            assert!(!text.is_empty(), "it was cut");
        }
    }

    /// Credit passes from an account to the one that is open.
    pub(super) async fn credit_comes_from(&self, account: &str) {
        let (from, to) = (account.parse().unwrap(), self.open_account.parse().unwrap());
        let (amount, on) = ("12.50".parse().unwrap(), super::ON);
        let financial_year = FinancialYear::of(on);
        self.happens_at(&self.open, CreditTransferred { from, to, financial_year, amount, on }.into()).await;
    }

    /// A refund is asked for at the dwelling that is fenced, and an award is to be looked at again.
    async fn more_happens(&self) {
        let account = || ACCOUNT.parse().unwrap();
        let (refund, amount, on) = (self.references["applied"].clone(), "30.00".parse().unwrap(), super::ON);
        let bank = BankDetails {
            account_holder: PERSONS[0].into(),
            sort_code: "089999".into(),
            account_number: "66374958".into(),
        };
        let bank_details = Personal::open_for(PersonId::derived(&["test"]), bank);
        let (code, period) = ("D-SPD".parse().unwrap(), Period::starting(on));
        let events: [Event; 3] = [
            RefundRequested { account: account(), refund, amount, bank_details, on }.into(),
            DiscountAwarded { account: account(), code, period, terms: None }.into(),
            AwardExpiryScheduled {
                account: account(),
                code: "D-SPD".parse().unwrap(),
                on,
                reason: ExpiryReason::Review,
            }
            .into(),
        ];
        for event in events {
            self.happens_at(UPRN, event).await;
        }
    }

    async fn happens_at(&self, uprn: &str, event: Event) {
        let id = EventId::derived(&["test", uprn, event.type_name()]);
        let planned = self.service.keys.seal(&[(id, event)]).unwrap();
        let stream = StreamName::dwelling(&uprn.parse().unwrap());
        self.service.append(&stream, Expected::Any, &planned, "test", "test").await.unwrap();
        self.service.catch_up().await.unwrap();
    }

    /// What somebody may tell of it: by its number, by its address, and as where they come from.
    pub(super) fn told_about_it(&self) -> [Value; 3] {
        let at = self.council.pack.dwellings.iter().find(|it| it.uprn == UPRN).unwrap();
        let told = [
            move_in(at, "", super::ON, &[NEWCOMER]),
            move_to("refuge house 7, safe lane", "zz97qx", "", at),
            move_within(at, self.council.pack.nth(Sort::Void, 1), "", super::ON, super::ON),
        ];
        told.map(|mut it| {
            it.as_object_mut().unwrap().remove("received_at");
            it
        })
    }

    pub(super) fn events_of(&self, source: &str) -> usize {
        let reference = &self.references[source];
        let stream = format!("notification-{reference}");
        self.council.hearth.events().iter().filter(|it| it["stream"] == stream.as_str()).count()
    }
}

impl Answer {
    /// What of these occurs in it anywhere, where a page goes on from among it; but for what was asked with.
    pub(super) fn tells(&self, needles: &BTreeSet<String>, asked: &str) -> BTreeSet<String> {
        let pairs = form_urlencoded::parse(asked.as_bytes());
        let asked = pairs.map(|(name, value)| format!("{name} {value} ")).collect::<Vec<_>>().concat();
        let words = self.text.split(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '-' | '_')));
        let cursors = words.filter_map(|it| String::from_utf8(URL_SAFE_NO_PAD.decode(it).ok()?).ok());
        let all = cursors.fold(format!("{}\n{}", self.head, self.text), |all, it| all + "\n" + &it);
        needles.iter().filter(|it| all.contains(it.as_str()) && !asked.contains(it.as_str())).cloned().collect()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
