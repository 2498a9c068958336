//! What comes between the two dwellings of a move: another writer, or the end of the process. All of the move happens, or none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hearth::batch::submit;
use hearth::data_dir::DataDir;
use hearth::service::Service;
use hearth::store::{Appended, EventStore, Expected, StoreError, embedded};
use hearth::views::run_workers;
use hearth_events::{EventId, Money, NewEvent, Position, StoredEvent, StreamName};
use serde_json::{Value, json};

use super::billing::{account, imported, refused, told};
use super::http::Client;
use super::run::Hearth;

const NEW_HOME: &str = "1003";

/// What happens when the new home is written to for the first time.
enum Comes {
    /// Others write first, there or elsewhere.
    Others(Vec<(&'static str, NewEvent)>),
    /// The process ends.
    TheEnd,
}

/// The log, with something that comes between.
struct Between {
    log: Arc<dyn EventStore>,
    comes: Comes,
    written: AtomicUsize,
}

#[async_trait::async_trait]
impl EventStore for Between {
    async fn append(&self, stream: &StreamName, at: Expected, events: Vec<NewEvent>) -> Result<Appended, StoreError> {
        let is_new_home = stream.as_dwelling().is_some_and(|it| it.as_str() == NEW_HOME);
        match &self.comes {
            Comes::Others(events) if is_new_home && self.written.fetch_add(1, Ordering::Relaxed) == 0 => {
                for (uprn, event) in events {
                    let stream = StreamName::dwelling(&uprn.parse().unwrap());
                    self.log.append(&stream, Expected::Any, vec![event.clone()]).await?;
                }
            }
            Comes::TheEnd if is_new_home => return Err(StoreError::Unavailable("it is the end".to_owned())),
            Comes::Others(_) | Comes::TheEnd => {}
        }
        self.log.append(stream, at, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: u64) -> Result<Vec<StoredEvent>, StoreError> {
        self.log.read_stream(stream, from).await
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.log.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Position, StoreError> {
        self.log.head().await
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        self.log.wait_beyond(position).await
    }
}

/// Moves from the home that is paid for to the empty one, with a credit of £174.11 (example B14).
fn moves() -> Value {
    let details = json!({"from_dwelling": {"uprn": "1001"}, "moved_out_on": "2015-09-23",
        "persons": [{"name": "Ms Ann Price"}], "tenure": "tenant", "sole_adult": true, "everyone_moved": true,
        "successor": {"kind": "buyer", "name": "Ms Cy Reed"}});
    let mut told = told("move-within", "2015-09-25", "2015-09-23", &details);
    told["dwelling"] = json!({"uprn": NEW_HOME});
    told
}

fn event(type_name: &'static str, data: &Value) -> NewEvent {
    NewEvent {
        id: EventId::derived(&["between", type_name]),
        type_name,
        recorded_at: "2015-09-25T10:00:00Z".parse().unwrap(),
        data: data.to_string(),
        metadata: json!({"actor": "another", "causation": "another", "correlation": "another", "rules_version": "",
            "schema": 1})
        .to_string(),
    }
}

/// A payment towards the account that was left there long ago.
fn harmless() -> (&'static str, NewEvent) {
    let paid = json!({"account": "A3", "financial_year": "2015/16", "amount": "5.00", "received_on": "2015-09-24",
        "source_reference": "INC-9"});
    (NEW_HOME, event("PaymentReceived", &paid))
}

/// Submits the move while this comes between.
async fn moves_while(hearth: &Hearth, comes: Comes) {
    let data = DataDir::new(&hearth.data(), None);
    let ends = matches!(comes, Comes::TheEnd);
    let log = Between { log: embedded(&data.log()).unwrap(), comes, written: AtomicUsize::new(0) };
    let service = Arc::new(Service::over(Arc::new(log), &data, None).await.unwrap());
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let views = tokio::spawn(run_workers(Arc::clone(&service.store), service.views.clone(), stopping));
    let submitted = submit(&service, &[moves()]).await;
    assert_eq!(submitted.is_err(), ends, "{submitted:?}");
    stop.send(true).unwrap();
    views.await.unwrap().unwrap();
}

/// Whose credit, as the log has it: how often it went and came, by account.
fn passed(hearth: &Hearth) -> Vec<(String, String, String)> {
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let events = hearth.events().into_iter().filter(|it| it["type"] == "CreditTransferred");
    events.map(|it| (text(&it["stream"]), text(&it["data"]["from"]), text(&it["data"]["to"]))).collect()
}

/// Both accounts as they stand in the end, and what the notification came to.
fn in_the_end(hearth: &Hearth, look: impl Fn(&Client, &str)) -> String {
    hearth.run(&["submit", &hearth.write("again.ndjson", &moves().to_string())]).ok();
    let (served, token) = (hearth.serve(), hearth.token("officer"));
    let client = Client::new(served.address, &token);
    let received = hearth.events().into_iter().find(|it| it["type"] == "NotificationReceived").unwrap();
    let reference = received["data"]["reference"].as_str().unwrap().to_owned();
    let status = client.get(&format!("/api/v1/notifications/{reference}")).ok()["status"].as_str().unwrap().to_owned();
    look(&client, &reference);
    served.stopped();
    hearth.verified();
    status
}

/// The household is at its new home with its credit, and nowhere else.
fn has_moved(client: &Client) {
    let (left, new) = (account(client, "A1"), account(client, "1003-2"));
    assert_eq!((&left["to"], &left["money"]["balance"]), (&json!("2015-09-23"), &json!("0.00")), "{left}");
    assert_eq!(new["from"], json!("2015-09-23"), "{new}");
    let money = |it: &Value| -> Money { it.as_str().unwrap().parse().unwrap() };
    let paid = money(&new["charges"][0]["net"]) - money(&new["money"]["balance"]);
    assert_eq!(paid.to_string(), "174.11", "{new}");
}

/// The household is where it was, with what it paid.
fn has_not_moved(client: &Client) {
    let stays = account(client, "A1");
    assert_eq!((&stays["to"], &stays["money"]["balance"]), (&Value::Null, &json!("568.00")), "{stays}");
    assert_eq!(stays["charges"][0]["net"], "1422.05");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_was_cut_off_between_its_dwellings_is_completed_once() {
    let hearth = imported();
    moves_while(&hearth, Comes::TheEnd).await;
    assert_eq!(passed(&hearth).len(), 1, "it was caught in the middle");
    let status = in_the_end(&hearth, |client, _| has_moved(client));
    assert_eq!(status, "applied");
    let to_new = |stream: &str| (format!("dwelling-{stream}"), "A1".to_owned(), "1003-2".to_owned());
    assert_eq!(passed(&hearth), [to_new("1001"), to_new(NEW_HOME)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_whose_new_home_is_written_to_meanwhile_is_taken_back_and_decided_anew() {
    let hearth = imported();
    moves_while(&hearth, Comes::Others(vec![harmless()])).await;
    assert!(hearth.events().iter().any(|it| it["type"] == "AccountCorrected"), "it was taken back");
    let status = in_the_end(&hearth, |client, reference| {
        has_moved(client);
        let because = json!({"explanation": "It was told in error"});
        client.post_to(&format!("/api/v1/notifications/{reference}/reverse"), &because).ok();
        has_not_moved(client);
        client.post_to(&format!("/api/v1/notifications/{reference}/restore"), &because).ok();
        has_moved(client);
    });
    assert_eq!(status, "applied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_whose_new_home_was_taken_meanwhile_happens_at_neither_dwelling() {
    let hearth = imported();
    let taken = json!({"account": "1003-2", "liable_persons": [], "period": {"from": "2015-09-23", "to": null},
        "capacity": "resident", "adults": 1, "payment_method": "cash", "bank_details": null});
    moves_while(&hearth, Comes::Others(vec![(NEW_HOME, event("LiabilityStarted", &taken))])).await;
    let status = in_the_end(&hearth, |client, reference| {
        has_not_moved(client);
        let item = client.get(&format!("/api/v1/work-items/{reference}")).ok();
        assert_eq!(item["reasons"], json!(["R04"]), "{item}");
        refused(
            client.post_to(&format!("/api/v1/notifications/{reference}/reverse"), &json!({"explanation": "x"})),
            409,
            "referred",
        );
    });
    assert_eq!(status, "referred");
    came_back(&hearth);
}

#[track_caller]
fn came_back(hearth: &Hearth) {
    let passed = passed(hearth);
    let sum: i32 = passed.iter().map(|(_, from, _)| if from == "A1" { 1 } else { -1 }).sum();
    assert!(sum == 0 && !passed.is_empty(), "what went came back: {passed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_old_home_cannot_be_given_back_the_credit_is_and_an_officer_decides() {
    let hearth = imported();
    // The buyer has told of their household by then.
    let told = json!({"account": "1001-2", "from": "2015-09-24", "adults": 2});
    moves_while(&hearth, Comes::Others(vec![("1001", event("HouseholdStated", &told)), harmless()])).await;
    let status = in_the_end(&hearth, |client, reference| {
        let left = account(client, "A1");
        assert_eq!((&left["to"], &left["money"]["balance"]), (&json!("2015-09-23"), &json!("-174.11")), "{left}");
        assert_eq!(client.get(&format!("/api/v1/work-items/{reference}")).ok()["reasons"], json!(["R04"]));
    });
    assert_eq!(status, "referred");
    came_back(&hearth);
}
