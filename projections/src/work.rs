//! A notification as an officer's work: who has it, and how far it has come.
//!
//! One fold serves acting and reading, so that what an officer sees and what an officer may do can never disagree.

use hearth_events::{Event, Recorded, Silence, Verdict};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far an item has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkStatus {
    /// It waits for somebody to take it.
    #[default]
    Open,
    /// Somebody has it.
    Claimed,
    /// It was put off until a day.
    Deferred,
    /// The submitter was asked for evidence.
    AwaitingEvidence,
    /// Somebody else told of a change, and the liable persons were asked whether it is so.
    AwaitingConfirmation,
    /// It is decided, and another person has to authorise it.
    AwaitingAuthorisation,
    /// Nothing is left for an officer to do.
    Done,
}

impl WorkStatus {
    /// Every status.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Claimed,
        Self::Deferred,
        Self::AwaitingEvidence,
        Self::AwaitingConfirmation,
        Self::AwaitingAuthorisation,
        Self::Done,
    ];

    /// As written in JSON and on pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Claimed => "claimed",
            Self::Deferred => "deferred",
            Self::AwaitingEvidence => "awaiting-evidence",
            Self::AwaitingConfirmation => "awaiting-confirmation",
            Self::AwaitingAuthorisation => "awaiting-authorisation",
            Self::Done => "done",
        }
    }

    /// Whether it waits for a day, on which it is open again by itself.
    pub const fn comes_back(self) -> bool {
        match self {
            Self::Deferred | Self::AwaitingEvidence | Self::AwaitingConfirmation => true,
            Self::Open | Self::Claimed | Self::AwaitingAuthorisation | Self::Done => false,
        }
    }
}

/// The state of an item, from its referral on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// How far it had come when it last changed; see [`Work::status_at`].
    pub status: WorkStatus,
    /// Who has it, by the name of their token: who works on it, or whose decision waits to be authorised. Where a claim has
    /// lapsed, who had it last; see [`Work::holder_at`].
    pub allocated_to: Option<String>,
    /// Since when they have it.
    pub claimed_at: Option<Timestamp>,
    /// Until when it is theirs if they do nothing; for as long as they like where there is none.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Seconds by which each of their steps prolongs it.
    #[serde(default)]
    pub lease: Option<i64>,
    /// The first day on which it is open again, where it was put off or somebody was asked.
    pub back_on: Option<Date>,
    /// How it was decided; none where it was not.
    pub verdict: Option<Verdict>,
    /// Whether only a supervisor takes it.
    #[serde(default)]
    pub escalated: bool,
    /// How often somebody did something with it.
    #[serde(default)]
    pub touches: u32,
    /// When it waited for a day or for somebody outside, in order.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// The orders to many items at once that it was among.
    #[serde(default)]
    pub bulks: Vec<String>,
}

/// A time in which no officer could go on with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it began.
    pub from: Timestamp,
    /// The day on which it is over by itself.
    pub back_on: Option<Date>,
    /// When something else was done with it, before or after that day; none where nothing was yet.
    pub to: Option<Timestamp>,
}

/// What the correlation of every order to many items begins with.
pub const BULK: &str = "bulk-";

impl Work {
    /// The status at an instant, which is on this day: what was put off, and what somebody has not answered, is open again
    /// when its day is there; what somebody claimed and left alone, when their time is over. Both are measured on the clock
    /// of the log: where that is simulated, nothing lapses while nothing is received.
    pub fn status_at(&self, instant: Timestamp, day: Date) -> WorkStatus {
        let is_back = self.status.comes_back() && self.back_on.is_some_and(|back| back <= day);
        if is_back || self.has_lapsed(instant) { WorkStatus::Open } else { self.status }
    }

    /// Whether somebody claimed it and their time is over.
    pub fn has_lapsed(&self, instant: Timestamp) -> bool {
        self.status == WorkStatus::Claimed && self.until.is_some_and(|until| until <= instant)
    }

    /// Who has it at an instant; nobody where their time is over.
    pub fn holder_at(&self, instant: Timestamp) -> Option<&str> {
        self.allocated_to.as_deref().filter(|_| !self.has_lapsed(instant))
    }

    /// Nobody has it, and it stands so; what it has been through stays.
    fn nobodys(&mut self, status: WorkStatus, back_on: Option<Date>, at: Timestamp) {
        self.end_pause(at);
        *self = Self {
            status,
            back_on,
            escalated: self.escalated,
            touches: self.touches,
            pauses: std::mem::take(&mut self.pauses),
            bulks: std::mem::take(&mut self.bulks),
            ..Self::default()
        };
        if status.comes_back() {
            self.pauses.push(Pause { from: at, back_on, to: None });
        }
    }

    fn end_pause(&mut self, at: Timestamp) {
        self.pauses.iter_mut().filter(|it| it.to.is_none()).for_each(|it| it.to = Some(at));
    }

    /// Somebody has it from now on, for so many seconds, or for as long as they like.
    fn somebodys(&mut self, officer: &str, lease: Option<i64>, at: Timestamp) {
        let goes_on = self.status == WorkStatus::Claimed && self.holder_at(at) == Some(officer);
        let claimed_at = if goes_on { self.claimed_at } else { Some(at) };
        self.nobodys(WorkStatus::Claimed, None, at);
        (self.allocated_to, self.claimed_at, self.lease) = (Some(officer.to_owned()), claimed_at, lease);
        self.prolong(at);
    }

    fn prolong(&mut self, at: Timestamp) {
        self.until =
            self.lease.map(|lease| at.saturating_add(SignedDuration::from_secs(lease)).unwrap_or(Timestamp::MAX));
    }

    /// Whoever has it did something with it, and keeps it.
    fn goes_on(&mut self, officer: &str, at: Timestamp) {
        if self.status == WorkStatus::Claimed && self.holder_at(at) == Some(officer) {
            self.prolong(at);
        }
    }

    /// Gives the next event of the notification's stream to the fold.
    pub fn apply(&mut self, recorded: &Recorded) {
        if is_a_touch(&recorded.event) {
            self.touches += 1;
            let bulk = &recorded.metadata.correlation;
            if bulk.starts_with(BULK) && !self.bulks.contains(bulk) {
                self.bulks.push(bulk.clone());
            }
        }
        self.take(recorded);
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn take(&mut self, recorded: &Recorded) {
        let at = recorded.recorded_at;
        match &recorded.event {
            Event::NotificationReferred(_) | Event::WorkItemReleased(_) => {
                self.escalated = false;
                self.nobodys(WorkStatus::Open, None, at);
            }
            Event::WorkItemClaimed(it) => {
                let lease = it.until.map(|until| until.duration_since(at).as_secs());
                self.somebodys(&it.officer, lease, at);
            }
            Event::WorkItemHandedOver(it) => {
                self.escalated = false;
                self.somebodys(&it.to, self.lease, at);
            }
            Event::WorkItemEscalated(_) => {
                self.escalated = true;
                self.nobodys(WorkStatus::Open, None, at);
            }
            Event::WorkItemReallocated(it) => self.goes_on(&it.officer, at),
            Event::ContactLinked(it) => self.goes_on(&it.officer, at),
            Event::WorkItemDeferred(it) => self.nobodys(WorkStatus::Deferred, Some(it.until), at),
            Event::EvidenceRequested(it) => {
                self.nobodys(WorkStatus::AwaitingEvidence, it.respond_by.tomorrow().ok(), at);
            }
            Event::ConfirmationAsked(it) => {
                self.nobodys(WorkStatus::AwaitingConfirmation, it.respond_by.tomorrow().ok(), at);
            }
            Event::ConfirmationLapsed(it) => {
                let status = match it.follows {
                    Silence::Apply => WorkStatus::Done,
                    Silence::Refer => WorkStatus::Open,
                };
                self.nobodys(status, None, at);
            }
            // What was asked for is here: it is an officer's again. Whoever has it keeps it.
            Event::EvidenceReceived(_) | Event::QuestionAnswered(_) => {
                if self.status == WorkStatus::AwaitingEvidence {
                    self.nobodys(WorkStatus::Open, None, at);
                }
            }
            Event::ReferralTakenUp(_) => self.nobodys(WorkStatus::Done, None, at),
            Event::WorkItemDecided(it) => {
                let waits = it.second().is_needed();
                self.status = if waits { WorkStatus::AwaitingAuthorisation } else { WorkStatus::Done };
                self.verdict = Some(it.verdict);
                self.until = None;
            }
            Event::WorkItemAuthorised(_) | Event::NotificationCompleted(_) => {
                self.end_pause(at);
                self.status = WorkStatus::Done;
            }
            Event::LogStarted(_)
            | Event::CouncilRegistered(_)
            | Event::PolicyAdopted(_)
            | Event::CostModelAdopted(_)
            | Event::ScenarioRecorded(_)
            | Event::AmountSet(_)
            | Event::ModulusTableAdopted(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
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
            | Event::NotificationReversed(_)
            | Event::NotificationReceived(_)
            | Event::EvidenceRefused(_)
            | Event::StaffEnrolled(_)
            | Event::StaffLeft(_)
            | Event::SetUpLinkMade(_)
            | Event::PassphraseSet(_)
            | Event::StaffSignedIn(_)
            | Event::RelationDeclared(_)
            | Event::RelationEnded(_)
            | Event::RecordRestricted(_)
            | Event::RestrictionLifted(_)
            | Event::RecordViewed(_)
            | Event::DecisionChecked(_)
            | Event::BudgetReduced(_)
            | Event::NotificationWithdrawn(_)
            | Event::DecisionRecorded(_) => {}
        }
    }
}

/// Whether somebody did something with an item, or something outside did; what is only noted beside it is none of that.
fn is_a_touch(event: &Event) -> bool {
    matches!(
        event,
        Event::WorkItemClaimed(_)
            | Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::WorkItemHandedOver(_)
            | Event::WorkItemEscalated(_)
            | Event::WorkItemReallocated(_)
            | Event::EvidenceRequested(_)
            | Event::EvidenceReceived(_)
            | Event::QuestionAnswered(_)
            | Event::ConfirmationAsked(_)
            | Event::ConfirmationLapsed(_)
            | Event::ReferralTakenUp(_)
            | Event::WorkItemDecided(_)
            | Event::WorkItemAuthorised(_)
    )
}

#[cfg(test)]
mod tests;
