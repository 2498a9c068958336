//! Who may call the API: bearer tokens, issued and revoked as events in the stream `access`.
//!
//! Only the SHA-256 of a token is kept. A token is 256 random bits, so a plain hash cannot be reversed, and looking the hash
//! up compares nothing a caller could learn from.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_events::{
    Event, EventId, Metadata, NewEvent, NotSealed, PersonId, Recorded, Role, Sealer, StreamName, TokenIssued,
    TokenRevoked, decode, draft, hex,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::store::{EventStore, Expected, StoreError};

/// No answer is given on a list older than this, so that a revoked token stops within a second.
const FRESH: Duration = Duration::from_millis(500);
/// The stream is read again at most this often; who comes with an unknown token waits so long for the next reading, so
/// that a token is accepted as soon as it has been issued.
const AGAIN: Duration = Duration::from_millis(200);
/// Names that say something else where a sender or an actor is written down.
const RESERVED: [&str; 4] = ["file", "public", "system", "import"];
/// What every token begins with, so that it is recognised where it should not be, and nothing else is looked up.
const PREFIX: &str = "hearth_";
const ATTEMPTS: usize = 8;

/// Who holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What the token is called.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// A token as it is listed; the token itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TokenEntry {
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was revoked; none while it is accepted.
    pub revoked_at: Option<Timestamp>,
}

/// Why a token was not issued or revoked.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// A name must be one that can stand in a log.
    #[error(
        "{0:?} cannot be the name of a token: use 1 to 64 letters, digits, '-', '_' or '.', and none of file, public, system, \
         import"
    )]
    BadName(String),
    /// A token of this name is in use.
    #[error("there is a token called {0} already: choose another name, or revoke that one first")]
    NameTaken(String),
    /// There is no token of this name to revoke.
    #[error("there is no token called {0} in use: `hearth token list` shows those there are")]
    Unknown(String),
    /// No random bytes could be had.
    #[error("the operating system gave no random bytes: {0}")]
    NoRandom(String),
    /// The store did not take or give the events.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Issues a token and gives it, for the only time.
///
/// A name is used by one token at a time. After it was revoked it may be used again: what was sent under a name stays
/// recognisable when its token is renewed.
///
/// # Errors
/// When the name cannot be used, or the store does not take it.
pub async fn issue(store: &dyn EventStore, role: Role, name: &str, now: Timestamp) -> Result<String, AccessError> {
    let is_name = (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if !is_name || RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(AccessError::BadName(name.to_owned()));
    }
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| AccessError::NoRandom(error.to_string()))?;
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
    let token_hash = hex(&hashed(&token));
    let id = EventId::derived(&["token-issued", &token_hash]);
    let issued = TokenIssued { name: name.to_owned(), role, token_hash };
    record(store, id, issued.into(), now, |list| match list.live(name) {
        Some(_) => Err(AccessError::NameTaken(name.to_owned())),
        None => Ok(()),
    })
    .await?;
    Ok(token)
}

/// Revokes the token of this name.
///
/// # Errors
/// When no token of this name is in use, or the store does not take it.
pub async fn revoke(store: &dyn EventStore, name: &str, now: Timestamp) -> Result<(), AccessError> {
    let list = List::read(store).await?;
    let (hash, _) = list.live(name).ok_or_else(|| AccessError::Unknown(name.to_owned()))?;
    let id = EventId::derived(&["token-revoked", &hex(hash)]);
    let revoked = TokenRevoked { name: name.to_owned() };
    record(store, id, revoked.into(), now, |list| match list.live(name) {
        Some((found, _)) if found == hash => Ok(()),
        Some(_) | None => Err(AccessError::Unknown(name.to_owned())),
    })
    .await
}

/// Every token there has been, in the order in which they were issued.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(store: &dyn EventStore) -> Result<Vec<TokenEntry>, AccessError> {
    Ok(List::read(store).await?.entries)
}

/// The tokens that are accepted, kept current with the log; clones share one list.
#[derive(Clone)]
pub struct Access(Arc<Kept>);

struct Kept {
    store: Arc<dyn EventStore>,
    list: RwLock<(List, Instant)>,
    reading: tokio::sync::Mutex<()>,
}

impl Access {
    /// Reads the list from the log.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(store: Arc<dyn EventStore>) -> Result<Self, StoreError> {
        let list = List::read(store.as_ref()).await?;
        Ok(Self(Arc::new(Kept {
            store,
            list: RwLock::new((list, Instant::now())),
            reading: tokio::sync::Mutex::new(()),
        })))
    }

    /// Who holds this token; none where it is unknown or revoked.
    ///
    /// # Errors
    /// When the list is too old to answer from and the store cannot be read: nobody is let in on old knowledge.
    pub async fn holder(&self, token: &str) -> Result<Option<Holder>, StoreError> {
        if !token.starts_with(PREFIX) {
            return Ok(None);
        }
        let (hash, asked) = (hashed(token), Instant::now());
        self.refresh(asked.checked_sub(FRESH).unwrap_or(asked)).await?;
        if let Some(holder) = self.look_up(&hash) {
            return Ok(Some(holder));
        }
        self.refresh(asked).await?;
        Ok(self.look_up(&hash))
    }

    fn look_up(&self, hash: &[u8; 32]) -> Option<Holder> {
        self.0.list.read().unwrap_or_else(PoisonError::into_inner).0.holders.get(hash).cloned()
    }

    fn as_of(&self) -> Instant {
        self.0.list.read().unwrap_or_else(PoisonError::into_inner).1
    }

    /// Makes sure that the list is not older than this; one reader reads for all who wait.
    async fn refresh(&self, since: Instant) -> Result<(), StoreError> {
        if self.as_of() >= since {
            return Ok(());
        }
        let _one_reader = self.0.reading.lock().await;
        if self.as_of() >= since {
            return Ok(());
        }
        tokio::time::sleep(AGAIN.saturating_sub(self.as_of().elapsed())).await;
        let begun = Instant::now();
        let mut list = self.0.list.read().unwrap_or_else(PoisonError::into_inner).0.clone();
        list.read_on(self.0.store.as_ref()).await?;
        *self.0.list.write().unwrap_or_else(PoisonError::into_inner) = (list, begun);
        Ok(())
    }
}

/// The fold of the stream `access`.
#[derive(Clone, Default)]
struct List {
    holders: BTreeMap<[u8; 32], Holder>,
    entries: Vec<TokenEntry>,
    next_revision: u64,
}

impl List {
    async fn read(store: &dyn EventStore) -> Result<Self, StoreError> {
        let mut list = Self::default();
        list.read_on(store).await?;
        Ok(list)
    }

    async fn read_on(&mut self, store: &dyn EventStore) -> Result<(), StoreError> {
        for stored in store.read_stream(&StreamName::access(), self.next_revision).await? {
            let recorded = decode(&stored).map_err(|error| StoreError::Wrong(error.to_string()))?;
            self.take(&recorded)?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn take(&mut self, recorded: &Recorded) -> Result<(), StoreError> {
        match &recorded.event {
            Event::TokenIssued(it) => {
                let hash = unhex(&it.token_hash)
                    .ok_or_else(|| StoreError::Wrong(format!("the token {} has no SHA-256", it.name)))?;
                self.holders.insert(hash, Holder { name: it.name.clone(), role: it.role });
                self.entries.push(TokenEntry {
                    name: it.name.clone(),
                    role: it.role,
                    issued_at: recorded.recorded_at,
                    revoked_at: None,
                });
            }
            Event::TokenRevoked(it) => {
                self.holders.retain(|_, holder| holder.name != it.name);
                for entry in self.entries.iter_mut().filter(|entry| entry.name == it.name) {
                    entry.revoked_at.get_or_insert(recorded.recorded_at);
                }
            }
            Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
            | Event::CostModelAdopted(_)
            | Event::ScenarioRecorded(_)
            | Event::AmountSet(_)
            | Event::ModulusTableAdopted(_)
            | Event::DwellingListed(_)
            | Event::LiabilityStarted(_)
            | Event::LiabilityEnded(_)
            | Event::DiscountAwarded(_)
            | Event::DiscountEnded(_)
            | Event::OccupantAdded(_)
            | Event::OccupantRemoved(_)
            | Event::HouseholdStated(_)
            | Event::PersonRenamed(_)
            | Event::ContactDetailsChanged(_)
            | Event::PaymentMethodChanged(_)
            | Event::DeliveryPreferenceChanged(_)
            | Event::InstalmentPlanSet(_)
            | Event::ChargeCalculated(_)
            | Event::DemandNoticeIssued(_)
            | Event::AdjustmentNoticeIssued(_)
            | Event::ClosingNoticeIssued(_)
            | Event::PaymentReceived(_)
            | Event::CreditTransferred(_)
            | Event::BillCopied(_)
            | Event::RefundRequested(_)
            | Event::RefundApproved(_)
            | Event::RefundRefused(_)
            | Event::RefundPaid(_)
            | Event::PenaltyImposed(_)
            | Event::PenaltyQuashed(_)
            | Event::RecoveryStepTaken(_)
            | Event::AwardExpiryScheduled(_)
            | Event::AwardExpired(_)
            | Event::AccountCorrected(_)
            | Event::BandsCorrected(_)
            | Event::RecoveryHeld(_)
            | Event::RecoveryResumed(_)
            | Event::ConfirmationAsked(_)
            | Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::NotificationReversed(_)
            | Event::NotificationReceived(_)
            | Event::DecisionRecorded(_)
            | Event::NotificationReferred(_)
            | Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
            | Event::QuestionAnswered(_)
            | Event::StaffEnrolled(_)
            | Event::StaffLeft(_)
            | Event::StaffSignedIn(_)
            | Event::RelationDeclared(_)
            | Event::RelationEnded(_)
            | Event::RecordRestricted(_)
            | Event::RestrictionLifted(_)
            | Event::RecordViewed(_)
            | Event::WorkItemReallocated(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::DecisionChecked(_)
            | Event::ContactLinked(_)
            | Event::BudgetReduced(_)
            | Event::NotificationWithdrawn(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
            | Event::NotificationCompleted(_) => {}
        }
        self.next_revision = recorded.revision + 1;
        Ok(())
    }

    fn live(&self, name: &str) -> Option<(&[u8; 32], &Holder)> {
        self.holders.iter().find(|(_, holder)| holder.name == name)
    }
}

/// Appends one event to the stream where the list as it stands permits it; decides again when somebody else was first.
async fn record(
    store: &dyn EventStore,
    id: EventId,
    event: Event,
    now: Timestamp,
    permits: impl Fn(&List) -> Result<(), AccessError>,
) -> Result<(), AccessError> {
    let new = ready(id, event, now)?;
    let mut list = List::read(store).await?;
    permits(&list)?;
    let mut outcome = Err(StoreError::Unavailable("too many others write to the stream access: try again".to_owned()));
    for _ in 0..ATTEMPTS {
        let expected = list.next_revision.checked_sub(1).map_or(Expected::NoStream, Expected::Exact);
        match store.append(&StreamName::access(), expected, vec![new.clone()]).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict { .. }) => {
                list = List::read(store).await?;
                permits(&list)?;
            }
            Err(error @ StoreError::Ambiguous(_)) => outcome = Err(error),
            Err(error @ (StoreError::Unavailable(_) | StoreError::Wrong(_))) => return Err(error.into()),
        }
    }
    outcome.map_err(AccessError::from)
}

fn ready(id: EventId, event: Event, now: Timestamp) -> Result<NewEvent, StoreError> {
    let metadata = Metadata {
        actor: "system".to_owned(),
        causation: "hearth token".to_owned(),
        correlation: id.to_string(),
        rules_version: "none".to_owned(),
        schema: 1,
    };
    let wrong = |error: hearth_events::CodecError| StoreError::Wrong(error.to_string());
    draft(id, event, &mut NothingPersonal).and_then(|it| it.recorded(now, &metadata)).map_err(wrong)
}

/// Tokens have no personal data in them; there is nothing to seal.
struct NothingPersonal;

impl Sealer for NothingPersonal {
    fn seal(&mut self, _: PersonId, _: EventId, _: &[u8]) -> Result<String, NotSealed> {
        Err(NotSealed("the list of tokens holds no personal data".to_owned()))
    }
}

fn hashed(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
