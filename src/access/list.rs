//! The fold of the stream `access`, and how something is recorded in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearth_events::{
    Event, EventId, Metadata, NewEvent, NotSealed, PersonId, Recorded, Sealer, StreamName, decode, draft, hex,
};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::history::{AccessStep, step};
use super::staff::Fences;
use super::tokens::TokenEntry;
use super::{AccessError, Holder, Member};
use crate::store::{EventStore, Expected, StoreError};

const ATTEMPTS: usize = 8;

/// The fold of the stream `access`.
#[derive(Clone, Default)]
pub(super) struct List {
    pub(super) holders: BTreeMap<[u8; 32], Holder>,
    pub(super) entries: Vec<TokenEntry>,
    /// Who signs in, by their names.
    pub(super) staff: BTreeMap<String, Member>,
    /// What they must not touch.
    pub(super) fences: Arc<Fences>,
    /// What happened to their access, in order.
    pub(super) history: Vec<AccessStep>,
    next_revision: u64,
}

impl List {
    pub(super) async fn read(store: &dyn EventStore) -> Result<Self, StoreError> {
        let mut list = Self::default();
        list.read_on(store).await?;
        Ok(list)
    }

    pub(super) async fn read_on(&mut self, store: &dyn EventStore) -> Result<(), StoreError> {
        for stored in store.read_stream(&StreamName::access(), self.next_revision).await? {
            let recorded = decode(&stored).map_err(|error| StoreError::Wrong(error.to_string()))?;
            self.take(&recorded)?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn take(&mut self, recorded: &Recorded) -> Result<(), StoreError> {
        self.history.extend(step(recorded));
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
            Event::StaffEnrolled(it) => {
                let member = Member { name: it.staff.clone(), role: it.role, queues: it.queues.clone() };
                self.staff.insert(it.staff.clone(), member);
            }
            Event::StaffLeft(it) => {
                self.staff.remove(&it.staff);
                Arc::make_mut(&mut self.fences).leave(&it.staff);
            }
            Event::RelationDeclared(it) => Arc::make_mut(&mut self.fences).declare(&it.staff, &it.uprn),
            Event::RelationEnded(it) => Arc::make_mut(&mut self.fences).end(&it.staff, &it.uprn),
            Event::RecordRestricted(it) => Arc::make_mut(&mut self.fences).restrict(&it.uprn, &it.open_to),
            Event::RestrictionLifted(it) => Arc::make_mut(&mut self.fences).lift(&it.uprn),
            Event::SetUpLinkMade(_)
            | Event::PassphraseSet(_)
            | Event::LogStarted(_)
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
            | Event::StaffSignedIn(_)
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

    pub(super) fn live(&self, name: &str) -> Option<(&[u8; 32], &Holder)> {
        self.holders.iter().find(|(_, holder)| holder.name == name)
    }
}

/// Appends one event to the stream where the list as it stands permits it; decides again when somebody else was first.
pub(super) async fn record(
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
        causation: "access".to_owned(),
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

pub(super) fn hashed(token: &str) -> [u8; 32] {
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

/// What no two commands share.
pub(super) fn nonce() -> Result<String, AccessError> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|error| AccessError::NoRandom(error.to_string()))?;
    Ok(hex(&random))
}
