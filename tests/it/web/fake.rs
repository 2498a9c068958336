//! A council of one dwelling behind the web edge: a log in memory, the views of it, and an intake that knows a few words.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use hearth::drafts::DraftError;

use hearth::evidence::content::Unusable;
use hearth::processor::gates;
use hearth::service::assumptions::{SavingsAction, SavingsRefused};
use hearth::service::bulk::{BulkPreview, BulkRefused, BulkTaken, Uploader};
use hearth::service::come_back::LinkNotSent;
use hearth::service::documents::{DocumentKept, DocumentNotTaken, DocumentSent};
use hearth::service::gates::Gates;
use hearth::service::looks::Look;
use hearth::service::money::{MoneyAction, MoneyRefused};
use hearth::service::preview::Preview;
use hearth::service::public_url::PublicUrl;
use hearth::service::reversal::{NotReversed, ReversalAsked, ReversalShown};
use hearth::service::submitter::{EvidenceKept, FollowUp, NotTaken};
use hearth::service::what_if::{DecidedAgain, WhatIfAsked, WhatIfRefused};
use hearth::service::work::{Action, ActionRefused, ItemShown};
use hearth::service::{CouncilNow, FieldFault, Receipt, ReceivedAt, Refusal, Sender, ServiceError};
use hearth::store::memory::MemoryStore;
use hearth::store::{Appended, EventStore, Expected, StoreError};
use hearth::texts::Lang;
use hearth::views::{Views, catch_up};
use hearth::web::Backend;
use hearth_events::{
    AccountRef, BankDetails, Channel, CostModelAdopted, Event, EventId, EvidenceReceived, Metadata, NewEvent,
    NotSealed, NotificationKind, NotificationRef, Opener, PersonId, Personal, Position, RecordKind, Sealer,
    StaffSignedIn, Status, StoredEvent, StreamName, Uprn, decode, draft,
};
use hearth_projections::{AccountState, Penalty, Refund, RefundStatus};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::{Notify, watch};

use super::foreseen;
use super::item::item;

pub(super) const UPRN: &str = "999000000001";
pub(super) const REFERRED: &str = "HN-0000-0000-0001";
pub(super) const GSS_CODE: &str = "E07000093";
pub(super) const NOW: &str = "2015-12-03T10:15:00Z";

/// Seals by turning round; whoever's id is 13 has been forgotten.
pub(super) struct Reversing;

impl Sealer for Reversing {
    fn seal(&mut self, _: PersonId, _: EventId, plain: &[u8]) -> Result<String, NotSealed> {
        Ok(String::from_utf8_lossy(plain).chars().rev().collect())
    }
}

impl Opener for Reversing {
    fn open(&self, person: PersonId, _: EventId, sealed: &str) -> Option<Vec<u8>> {
        (person != PersonId::from_bits(13)).then(|| sealed.chars().rev().collect::<String>().into_bytes())
    }
}

/// A log in memory that can be out of reach.
pub(super) struct Log {
    kept: MemoryStore,
    pub(super) down: AtomicBool,
}

impl Log {
    /// How many events there are.
    pub(super) async fn events(&self) -> u64 {
        self.head().await.unwrap().0
    }

    /// All that is kept, as text.
    pub(super) async fn read_everything(&self) -> String {
        let all = self.read_all(Position::START, 1_000).await.unwrap();
        all.iter().map(|it| String::from_utf8(it.bytes.clone()).unwrap()).collect()
    }

    fn reached(&self) -> Result<&MemoryStore, StoreError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the disk of 10.0.0.1 is gone".to_owned()));
        }
        Ok(&self.kept)
    }
}

#[async_trait]
impl EventStore for Log {
    async fn append(
        &self,
        stream: &StreamName,
        expected: Expected,
        events: Vec<NewEvent>,
    ) -> Result<Appended, StoreError> {
        self.reached()?.append(stream, expected, events).await
    }

    async fn read_stream(&self, stream: &StreamName, from: u64) -> Result<Vec<StoredEvent>, StoreError> {
        self.reached()?.read_stream(stream, from).await
    }

    async fn read_all(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.reached()?.read_all(after, limit).await
    }

    async fn head(&self) -> Result<Position, StoreError> {
        self.reached()?.head().await
    }

    async fn wait_beyond(&self, position: Position) -> Result<Position, StoreError> {
        self.reached()?.wait_beyond(position).await
    }
}

/// Appends an event to a stream as recorded at an instant.
pub(super) async fn happened(log: &Log, stream: &StreamName, recorded_at: &str, event: &str, data: serde_json::Value) {
    let id = EventId::derived(&[&stream.to_string(), recorded_at, event, &data.to_string()]);
    let event = sealed(id, event, data);
    let metadata = Metadata {
        actor: "test".to_owned(),
        causation: "test".to_owned(),
        correlation: "test".to_owned(),
        rules_version: "test".to_owned(),
        schema: 1,
    };
    let planned = draft(id, event, &mut Reversing).unwrap();
    let new = planned.recorded(recorded_at.parse().unwrap(), &metadata).unwrap();
    log.append(stream, Expected::Any, vec![new]).await.unwrap();
}

/// The event of this type; `{"person": n, "open": value}` in its data stands for sealed personal data.
fn sealed(id: EventId, event: &str, mut data: serde_json::Value) -> Event {
    fn walk(id: EventId, value: &mut serde_json::Value) {
        if let Some(open) = value.get("open").cloned() {
            let person = PersonId::from_bits(value["person"].as_u64().unwrap().into());
            let text = Reversing.seal(person, id, open.to_string().as_bytes()).unwrap();
            *value = serde_json::json!({"person": person, "event": id, "sealed": text});
        } else if let Some(items) = value.as_array_mut() {
            for it in items {
                walk(id, it);
            }
        } else if let Some(fields) = value.as_object_mut() {
            for it in fields.values_mut() {
                walk(id, it);
            }
        }
    }
    walk(id, &mut data);
    hearth_events::decode_event(event, 1, &data.to_string()).unwrap()
}

/// The rest of the service, as far as the edge can tell.
pub(super) struct Fake {
    pub(super) log: Arc<Log>,
    views: Views,
    projections: Vec<&'static str>,
    _directory: TempDir,
    seen: Mutex<BTreeMap<String, Vec<u8>>>,
    drafts: Mutex<BTreeMap<String, Vec<u8>>>,
    pub(super) senders: Mutex<Vec<Sender>>,
    pub(super) looks: Mutex<Vec<Look>>,
    /// How many slow notifications have begun.
    pub(super) begun: watch::Sender<usize>,
    /// Lets a slow notification go on.
    pub(super) go_on: Notify,
    pub(super) submitted: AtomicUsize,
}

impl Fake {
    pub(super) async fn over(log: Arc<Log>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let views = Views::open(directory.path(), "test").unwrap();
        catch_up(log.as_ref(), &views).await.unwrap();
        Self {
            log,
            views,
            projections: Views::projections(),
            _directory: directory,
            seen: Mutex::default(),
            drafts: Mutex::default(),
            senders: Mutex::default(),
            looks: Mutex::default(),
            begun: watch::Sender::new(0),
            go_on: Notify::new(),
            submitted: AtomicUsize::new(0),
        }
    }
}

#[async_trait]
impl Backend for Fake {
    async fn submit(&self, body: &[u8], sender: Sender, _: ReceivedAt) -> Result<Receipt, Refusal> {
        self.submitted.fetch_add(1, Ordering::SeqCst);
        let fault = |pointer: &str| {
            Refusal::Malformed(vec![FieldFault { pointer: pointer.to_owned(), detail: "is needed".to_owned() }])
        };
        let value: serde_json::Value = serde_json::from_slice(body).map_err(|_| fault(""))?;
        match value["kind"].as_str() {
            Some("panic") => panic!("the handler was told to"),
            Some("full") => return Err(Refusal::Unavailable("no space on /dev/secret".to_owned())),
            Some("slow") => {
                self.begun.send_modify(|it| *it += 1);
                self.go_on.notified().await;
            }
            Some(_) => {}
            None => return Err(fault("/kind")),
        }
        self.senders.lock().unwrap().push(sender);
        let reference = NotificationRef::from_bits(99);
        let source = value["source_reference"].to_string();
        let known = match self.seen.lock().unwrap().insert(source, body.to_vec()) {
            Some(first) if first != body => return Err(Refusal::OtherBody { reference }),
            first => first.is_some(),
        };
        Ok(Receipt { reference, status: Status::Received, tracking_token: "opensesame".to_owned(), known })
    }

    async fn dwellings_of(&self, _: RecordKind, _: &str) -> Result<Vec<Uprn>, ServiceError> {
        Ok(vec![UPRN.parse().unwrap()])
    }

    async fn touching(
        &self,
        all: &[NotificationRef],
        at: &BTreeSet<Uprn>,
    ) -> Result<BTreeSet<NotificationRef>, ServiceError> {
        Ok(all.iter().filter(|_| at.contains(&UPRN.parse().unwrap())).cloned().collect())
    }

    async fn dwellings_told(&self, _: &[u8]) -> Result<Vec<Uprn>, ServiceError> {
        Ok(Vec::new())
    }

    async fn looked(&self, look: Look) -> Result<(), ServiceError> {
        self.looks.lock().unwrap().push(look);
        Ok(())
    }

    fn queues(&self) -> BTreeSet<&'static str> {
        BTreeSet::from(["moves"])
    }

    async fn signed_in(&self, _: StaffSignedIn) -> Result<(), ServiceError> {
        Ok(())
    }

    async fn preview(&self, body: &[u8]) -> Result<Preview, Refusal> {
        foreseen::preview(body)
    }

    async fn bulk_preview(&self, file: &[u8], by: &Uploader) -> Result<BulkPreview, BulkRefused> {
        foreseen::bulk_preview(file, by)
    }

    async fn bulk_submit(&self, file: &[u8], by: &Uploader) -> Result<BulkTaken, BulkRefused> {
        foreseen::bulk_submit(self, file, by).await
    }

    async fn work_item(&self, reference: &NotificationRef) -> Result<ItemShown, ActionRefused> {
        Ok(item(reference))
    }

    async fn act(&self, reference: &NotificationRef, _: Action, _: &str) -> Result<ItemShown, ActionRefused> {
        Ok(item(reference))
    }

    async fn reversal(&self, reference: &NotificationRef) -> Result<ReversalShown, NotReversed> {
        Ok(reversal(reference, false))
    }

    async fn reverse(&self, reference: &NotificationRef, asked: ReversalAsked) -> Result<ReversalShown, NotReversed> {
        Ok(reversal(reference, !asked.restored))
    }

    async fn follow_up(&self, _: &NotificationRef, told: FollowUp, by: Sender) -> Result<(), NotTaken> {
        self.senders.lock().unwrap().push(by);
        match told {
            FollowUp::Answer { text } if text == "nobody asked" => Err(NotTaken::NothingAsked),
            FollowUp::Evidence(sent) if sent.content.is_empty() => Err(NotTaken::Unusable(Unusable::Empty)),
            FollowUp::Answer { .. } | FollowUp::Withdraw { .. } | FollowUp::Evidence(_) => Ok(()),
        }
    }

    async fn evidence(&self, reference: &NotificationRef, digest: &str) -> Result<(EvidenceKept, Vec<u8>), NotTaken> {
        if digest != "ab".repeat(32) {
            return Err(NotTaken::Unknown);
        }
        Ok((kept(reference, digest), b"%PDF-1.4 <script>".to_vec()))
    }

    async fn on_money(&self, _: &MoneyAction, _: &str) -> Result<(Uprn, AccountState), MoneyRefused> {
        let account = AccountRef::from_str("30001234").unwrap();
        let dwelling = self.views.dwelling_of_account(&account).unwrap().unwrap();
        let mut state = dwelling.account(&account).unwrap().clone();
        let person = PersonId::from_bits(2);
        state.billing.refunds.push(Refund {
            refund: REFERRED.to_owned(),
            amount: "174.11".parse().unwrap(),
            bank_details: Personal::open_for(
                person,
                BankDetails { account_holder: String::new(), sort_code: String::new(), account_number: String::new() },
            ),
            requested_on: jiff::civil::date(2015, 12, 1),
            status: RefundStatus::Approved,
            approved_by: Some("south".to_owned()),
        });
        state.billing.penalties.push(Penalty {
            penalty: "30001234-P1".to_owned(),
            amount: "70.00".parse().unwrap(),
            imposed_on: jiff::civil::date(2015, 12, 1),
            quashed_on: None,
        });
        Ok((UPRN.parse().unwrap(), state))
    }

    async fn on_savings(&self, action: &SavingsAction, _: &str) -> Result<(), SavingsRefused> {
        match action {
            SavingsAction::Assume { name, .. } if name == "unheard" => {
                Err(SavingsRefused::Unfit(vec!["unheard is no figure".to_owned()]))
            }
            SavingsAction::Assume { .. } | SavingsAction::ReduceBudget { .. } => Ok(()),
        }
    }

    async fn what_if(&self, asked: &WhatIfAsked) -> Result<(Vec<DecidedAgain>, Vec<CostModelAdopted>), WhatIfRefused> {
        Ok((foreseen::decided_again(asked), Vec::new()))
    }

    fn tracking_token_fits(&self, _: &NotificationRef, token: &str) -> bool {
        token == "opensesame"
    }

    async fn council(&self) -> Result<Arc<CouncilNow>, ServiceError> {
        let mut now = CouncilNow::default();
        for stored in self.log.read_stream(&StreamName::council(GSS_CODE), 0).await? {
            now.council.apply(&decode(&stored)?);
        }
        Ok(Arc::new(now))
    }

    fn store(&self) -> &dyn EventStore {
        self.log.as_ref()
    }

    fn views(&self) -> &Views {
        &self.views
    }

    fn projections(&self) -> &[&'static str] {
        &self.projections
    }

    fn opener(&self) -> &dyn Opener {
        &Reversing
    }

    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }

    fn simulated_clock(&self) -> bool {
        true
    }

    fn begin_draft(&self, content: &[u8], _: u16) -> Result<String, DraftError> {
        let mut drafts = self.drafts.lock().unwrap();
        let name = format!("{:032x}", drafts.len() + 1);
        drafts.insert(name.clone(), content.to_vec());
        Ok(name)
    }

    fn read_draft(&self, name: &str) -> Result<Option<Vec<u8>>, DraftError> {
        Ok(self.drafts.lock().unwrap().get(name).cloned())
    }

    fn keep_draft(&self, name: &str, content: &[u8], _: u16) -> Result<(), DraftError> {
        self.drafts.lock().unwrap().insert(name.to_owned(), content.to_vec());
        Ok(())
    }

    fn forget_draft(&self, name: &str) -> Result<(), DraftError> {
        self.drafts.lock().unwrap().remove(name);
        Ok(())
    }

    fn draft_digest(&self, name: &str) -> String {
        name.to_owned()
    }

    async fn submit_with(&self, body: &[u8], sender: Sender, _: &str, _: &[DocumentSent]) -> Result<Receipt, Refusal> {
        self.submit(body, sender, ReceivedAt::Now).await
    }

    async fn add_document(&self, _: &str, _: &[u8]) -> Result<DocumentKept, DocumentNotTaken> {
        Err(DocumentNotTaken::Full)
    }

    fn remove_document(&self, _: &str, _: &str) -> Result<(), DraftError> {
        Ok(())
    }

    fn public_url(&self) -> Option<&PublicUrl> {
        None
    }

    async fn mail_draft_link(&self, _: &str, _: &str, _: Lang, _: u16) -> Result<(), LinkNotSent> {
        Err(LinkNotSent::NoPublicUrl)
    }

    fn notification_schema(&self, kind: NotificationKind) -> Option<serde_json::Value> {
        (kind == NotificationKind::MoveIn).then(|| serde_json::json!({"type": "object"}))
    }

    fn gates(&self) -> Gates {
        gates()
    }
}

/// A file of evidence whose name nobody should repeat.
pub(super) fn kept(reference: &NotificationRef, digest: &str) -> EvidenceKept {
    let told = serde_json::json!({"reference": reference, "digest": digest, "media_type": "application/pdf", "bytes": 17,
        "scanned": false});
    let mut told: EvidenceReceived = serde_json::from_value(told).unwrap();
    told.file_name = Some(Personal::open_for(PersonId::from_bits(5), "a\r\nX-Evil: \"1\".html".to_owned()));
    EvidenceKept { received_at: NOW.parse().unwrap(), told }
}

/// What would follow from a reversal, with one of everything.
fn reversal(reference: &NotificationRef, reversed: bool) -> ReversalShown {
    ReversalShown {
        reference: reference.clone(),
        status: Status::Applied,
        decided_by: None,
        reversed,
        under_way: false,
        needs_supervisor: true,
        closed_years: vec!["2014/15".parse().unwrap()],
        proposal: item(reference).proposal,
    }
}

/// What happened at the one dwelling, and to the one notification.
pub(super) async fn history() -> Arc<Log> {
    let log = Log { kept: MemoryStore::new(), down: AtomicBool::new(false) };
    let dwelling = StreamName::dwelling(&UPRN.parse().unwrap());
    let listed = serde_json::json!({
        "uprn": UPRN, "property_reference": "P1", "address": "1 High Street", "postcode": "SP10 1AA", "category": "Andover",
        "band": "C", "listed_from": "1993-04-01", "tenure": "private-landlord", "owner": null, "furnished": false,
        "hmo": false, "imported_row": "x"
    });
    happened(&log, &dwelling, "2015-04-01T00:00:00Z", "DwellingListed", listed).await;
    let liable = |account: &str, person: u64, name: &str, from: &str| {
        serde_json::json!({
            "account": account, "liable_persons": [{"person": person, "open": {"name": name}}],
            "period": {"from": from, "to": null}, "capacity": "resident", "adults": 1, "payment_method": "cash"
        })
    };
    let started = liable("A/1", 13, "Mr Forgotten Man", "2015-04-01");
    happened(&log, &dwelling, "2015-04-02T00:00:00Z", "LiabilityStarted", started).await;
    let ended = serde_json::json!({"account": "A/1", "to": "2015-06-01"});
    happened(&log, &dwelling, "2015-06-02T00:00:00Z", "LiabilityEnded", ended).await;
    let started = liable("30001234", 2, "Ms Grace Hughes", "2015-07-01");
    happened(&log, &dwelling, "2015-07-02T00:00:00Z", "LiabilityStarted", started).await;
    let award = serde_json::json!(
        {"account": "30001234", "code": "D-SPD", "period": {"from": "2015-09-01", "to": null}});
    happened(&log, &dwelling, "2015-10-01T00:00:00Z", "DiscountAwarded", award).await;
    let charge = serde_json::json!({
        "account": "30001234", "financial_year": "2015/16", "net": "1000.00", "rests_on": [1],
        "lines": [{"kind": "charge", "code": "C", "from": "2015-07-01", "to": "2016-04-01", "days": 275, "amount": "1000.00"}]
    });
    happened(&log, &dwelling, "2015-10-01T00:00:00Z", "ChargeCalculated", charge).await;

    for reference in [REFERRED, "HN-0000-0000-0002", "HN-0000-0000-0003"] {
        referred(&log, reference).await;
    }
    Arc::new(log)
}

async fn referred(log: &Log, reference: &str) {
    let case = StreamName::notification(&reference.parse().unwrap());
    let received = serde_json::json!({
        "reference": reference, "source_reference": reference, "sender": "public", "kind": "move-in",
        "channel": Channel::Web, "received_at": NOW, "effective_on": "2015-12-01", "body": {"person": 5, "open": "{}"},
        "body_digest": "x", "told_digest": "x"
    });
    happened(log, &case, NOW, "NotificationReceived", received).await;
    let finding = serde_json::json!({"check": "successor-known", "outcome": "referred", "reason": "R05",
        "because": "nobody is known to follow", "source": "LGFA 1992 s.6"});
    let decided = serde_json::json!({"outcome": "refer", "findings": [finding], "reasons": ["R05"], "dwellings": [UPRN],
        "decided_at": 6, "plan": []});
    happened(log, &case, NOW, "DecisionRecorded", decided).await;
    let referred = serde_json::json!({"reference": reference, "kind": "move-in", "channel": "web", "received_at": NOW,
        "reasons": ["R05"], "queue": "liability", "priority": "medium", "due_on": "2015-12-17",
        "minutes_estimated": "12", "accounts": [], "dwellings": [], "effective_on": "2015-12-01"});
    happened(log, &case, NOW, "NotificationReferred", referred).await;
}
