//! A notification as one row of work.

use hearth_events::{
    AccountRef, Channel, ContactLinked, DecisionChecked, ErrorClass, EventId, Money, NotificationCompleted,
    NotificationKind, NotificationReceived, NotificationRef, NotificationReferred, Position, Priority, ReasonCode,
    Recorded, Status, Uprn, WorkItemDecided, WorkItemReallocated,
};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Workload, done_in_queue, place_in_queue, sample_key};
use crate::entry::{Entry, Flag};
use crate::{Link, Unapplicable, Work, WorkStatus};

/// A notification as work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadRow {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// When its receipt was recorded.
    pub recorded_at: Timestamp,
    /// Where its receipt was recorded.
    pub position: Position,
    /// The digest of what it tells.
    pub told_digest: String,
    /// The accounts concerned.
    pub accounts: Vec<AccountRef>,
    /// Why not straight through.
    pub reasons: Vec<ReasonCode>,
    /// What it is as work; none where it was never referred.
    pub referral: Option<Referral>,
    /// What it has come to.
    pub status: Status,
    /// When it had its outcome, never before it came; none while it waits.
    pub completed_at: Option<Timestamp>,
    /// Other notifications that tell of the same change.
    pub linked: Vec<NotificationRef>,
    /// Whether what it changed was reversed.
    pub reversal: Reversal,
    /// How an officer decided it; none where none did.
    #[serde(default)]
    pub decided: Option<Ruled>,
    /// How somebody else found that; none where nobody has looked.
    #[serde(default)]
    pub checked: Option<Checked>,
    /// How often somebody made contact about it.
    #[serde(default)]
    pub contacts: u32,
    /// How many of these would not have been made, had all gone well the first time.
    #[serde(default)]
    pub failure_contacts: u32,
}

/// Who decided, and what it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// Who.
    pub officer: String,
    /// When they had claimed it.
    pub claimed_at: Timestamp,
    /// When they decided.
    pub decided_at: Timestamp,
}

/// What came of checking a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Who checked it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What was wrong.
    pub error: ErrorClass,
    /// How much money was wrong.
    pub value: Option<Money>,
}

/// Whether a change was reversed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reversal {
    /// It counts.
    #[default]
    None,
    /// An officer reversed or restored it, and that is being carried out.
    UnderWay,
    /// It no longer counts.
    Done,
}

/// A notification as an officer's work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// When it was referred, never before it came.
    pub referred_at: Timestamp,
    /// Whose work it is.
    pub queue: String,
    /// How soon.
    pub priority: Priority,
    /// The last working day of the service standard.
    pub due_on: Date,
    /// What it is estimated to take an officer.
    pub minutes_estimated: Decimal,
    /// The dwellings it lays claim to.
    pub dwellings: Vec<Uprn>,
    /// The day the change is said to have taken place.
    pub effective_on: Date,
    /// Who has it, and how far it has come.
    pub work: Work,
    /// The accounts whose liable persons were asked whether it is so.
    pub asked: Vec<AccountRef>,
}

impl Reversal {
    pub(super) const fn after(restored: bool) -> Self {
        if restored { Self::None } else { Self::Done }
    }
}

impl WorkloadRow {
    pub(super) fn of(it: &NotificationReceived, recorded: &Recorded) -> Self {
        Self {
            reference: it.reference.clone(),
            kind: it.kind,
            channel: it.channel,
            received_at: it.received_at,
            recorded_at: recorded.recorded_at,
            position: recorded.position,
            told_digest: it.told_digest.clone(),
            accounts: it.account.iter().cloned().collect(),
            reasons: Vec::new(),
            referral: None,
            status: Status::Received,
            completed_at: None,
            linked: Vec::new(),
            reversal: Reversal::None,
            decided: None,
            checked: None,
            contacts: 0,
            failure_contacts: 0,
        }
    }

    pub(super) fn refer(&mut self, it: &NotificationReferred, event: &Recorded) {
        self.accounts.clone_from(&it.accounts);
        self.reasons.clone_from(&it.reasons);
        self.link(&it.linked);
        let mut work = self.referral.take().map(|it| it.work).unwrap_or_default();
        work.apply(event);
        self.decided = None;
        self.referral = Some(Referral {
            referred_at: event.recorded_at.max(self.received_at),
            queue: it.queue.clone(),
            priority: it.priority,
            due_on: it.due_on,
            minutes_estimated: it.minutes_estimated,
            dwellings: it.dwellings.clone(),
            effective_on: it.effective_on,
            work,
            asked: Vec::new(),
        });
        self.status = Status::Referred;
    }

    pub(super) fn reallocate(&mut self, it: &WorkItemReallocated) {
        if let Some(referral) = &mut self.referral {
            it.queue.iter().for_each(|queue| referral.queue.clone_from(queue));
            referral.priority = it.priority.unwrap_or(referral.priority);
        }
    }

    pub(super) fn rule(&mut self, it: &WorkItemDecided, decided_at: Timestamp) {
        self.decided = Some(Ruled { officer: it.officer.clone(), claimed_at: it.claimed_at, decided_at });
    }

    pub(super) fn check(&mut self, it: &DecisionChecked, at: Timestamp) {
        self.checked = Some(Checked { by: it.checked_by.clone(), at, error: it.error, value: it.value });
    }

    /// A contact changes nothing of how far it has come; whoever has the item and took it goes on with it.
    pub(super) fn contact(&mut self, it: &ContactLinked, event: &Recorded) {
        self.contacts += 1;
        self.failure_contacts += u32::from(it.about.is_failure());
        if let Some(referral) = &mut self.referral {
            referral.work.apply(event);
        }
    }

    fn link(&mut self, linked: &[NotificationRef]) {
        for it in linked {
            if !self.linked.contains(it) {
                self.linked.push(it.clone());
            }
        }
    }

    pub(super) fn ask(&mut self, accounts: &[AccountRef]) {
        if let Some(referral) = &mut self.referral {
            referral.asked = accounts.to_vec();
        }
    }

    pub(super) fn work(&mut self, event: &Recorded, key: &str) -> Result<(), Unapplicable> {
        let Some(referral) = &mut self.referral else {
            return Err(Unapplicable(format!("{key} was never referred")));
        };
        referral.work.apply(event);
        let asked = referral.work.status == WorkStatus::AwaitingEvidence;
        self.status = if asked { Status::AwaitingEvidence } else { Status::Referred };
        Ok(())
    }

    pub(super) fn complete(&mut self, it: &NotificationCompleted, event: &Recorded) {
        if let Some(referral) = &mut self.referral {
            referral.work.apply(event);
        }
        self.accounts.clone_from(&it.accounts);
        self.link(&it.linked);
        if !it.reasons.is_empty() {
            self.reasons.clone_from(&it.reasons);
        }
        self.status = it.status;
        self.completed_at = Some(event.recorded_at.max(self.received_at));
    }

    /// Whether it waited for an officer at `instant`: it had come, it was referred, and it had no outcome yet.
    pub fn is_open_at(&self, instant: Timestamp) -> bool {
        self.received_at <= instant
            && self.referral.is_some()
            && self.completed_at.is_none_or(|completed| completed > instant)
    }
}

impl WorkloadRow {
    /// The number from 0 to 99 that the notification drew: it is checked where this is less than the percent of policy.
    /// Whoever decides it cannot foresee that without looking it up, and cannot change it.
    pub fn lot(&self) -> u8 {
        let drawn = EventId::derived(&["sample", self.reference.as_str()]).to_bytes();
        let drawn = drawn.iter().take(4).fold(0_u32, |drawn, byte| (drawn << 8) | u32::from(*byte));
        u8::try_from(drawn % 100).unwrap_or_default()
    }

    /// Where it stands among the decisions that may be checked; none where there is no decision, or it was checked.
    pub(super) fn sample(&self) -> Option<Link> {
        let is_decision = match self.status {
            Status::Applied | Status::Rejected | Status::Duplicate => true,
            Status::Received | Status::Referred | Status::AwaitingEvidence | Status::Withdrawn => false,
        };
        let completed_at = self.completed_at.filter(|_| is_decision && self.checked.is_none())?;
        Some((Workload::SAMPLE, sample_key(self.lot(), completed_at)))
    }

    /// What is remarkable about it, as far as it tells itself; what the account tells is not among it.
    pub fn flags(&self) -> Vec<Flag> {
        let has = |reason| self.reasons.contains(&reason);
        let is_of_a_death = matches!(self.kind, NotificationKind::Death | NotificationKind::Probate);
        let was_asked = self.referral.as_ref().is_some_and(|it| !it.asked.is_empty());
        let flags = [
            (Flag::Deceased, is_of_a_death),
            (Flag::Disputed, self.kind == NotificationKind::Dispute || has(ReasonCode::R18)),
            (Flag::PossibleDuplicate, !self.linked.is_empty() || has(ReasonCode::R23)),
            (Flag::ThirdPartyAssertion, was_asked || has(ReasonCode::R13)),
            (Flag::InRecovery, has(ReasonCode::R14)),
        ];
        flags.into_iter().filter_map(|(flag, is_so)| is_so.then_some(flag)).collect()
    }

    /// It as a list of work is filtered and sorted by; none where it was never referred.
    pub(super) fn entry(&self) -> Option<Entry> {
        let referral = self.referral.as_ref()?;
        let work = &referral.work;
        Some(Entry {
            done: work.status == WorkStatus::Done || self.completed_at.is_some(),
            queue: referral.queue.clone(),
            work: work.status,
            status: self.status,
            kind: self.kind,
            channel: self.channel,
            priority: referral.priority,
            due_on: referral.due_on,
            received_at: self.received_at,
            holder: work.allocated_to.clone(),
            until: work.until,
            back_on: work.back_on,
            escalated: work.escalated,
            reasons: self.reasons.clone(),
            flags: self.flags(),
        })
    }
}

impl Referral {
    /// Where it stands in its queue, or that an officer completed it there; and the day on which a confirmation is over.
    pub(super) fn places(&self, row: &WorkloadRow) -> Vec<Link> {
        let mut places = Vec::new();
        if self.work.status != WorkStatus::Done {
            places.push((Workload::PLACE, place_in_queue(&self.queue, self.priority, row.received_at)));
        }
        let by_officer = row.completed_at.filter(|_| self.work.verdict.is_some());
        places.extend(by_officer.map(|it| (Workload::DONE, done_in_queue(&self.queue, it))));
        if self.work.status == WorkStatus::AwaitingConfirmation {
            places.extend(self.work.back_on.map(|it| (Workload::CONFIRMATION, it.to_string())));
        }
        places
    }
}
