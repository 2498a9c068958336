//! Performance: what became of each notification, when, and what stood in its way. Figures are counted from it when they are
//! asked for.

use hearth_events::{
    AccountRef, Channel, ContactAbout, DecisionRecorded, ErrorClass, Event, FindingOutcome, NotificationCompleted,
    NotificationKind, NotificationReceived, NotificationRef, NotificationReferred, ReasonCode, Recorded, Status,
    StreamName,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Link, Projection, Unapplicable, instant_key};

/// What figures are counted from.
#[derive(Clone, Copy, Debug)]
pub struct Performance;

/// A notification as far as it matters for figures, under its reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationRow {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// How it came.
    pub channel: Channel,
    /// When it came.
    pub received_at: Timestamp,
    /// The accounts it named, concerned or opened; in order, each once.
    pub accounts: Vec<AccountRef>,
    /// What it has come to.
    pub status: Status,
    /// When it had its outcome, never before it came; none while it waits.
    pub completed_at: Option<Timestamp>,
    /// Every check of the machine's decision that was against going straight through, in the order they were made.
    pub failing: Vec<Failing>,
    /// That it had to wait for an officer, as it was first told; none where it never had to.
    pub waited: Option<Waited>,
    /// Whether it was applied without an officer, and is not reversed.
    pub straight_through: bool,
    /// Whether what it changed was reversed.
    pub reversed: bool,
    /// The accounts it opened.
    pub opened: Vec<OpenedAccount>,
    /// Since when somebody has it, and until when if they do nothing; none where nobody has.
    pub claimed: Option<Claimed>,
    /// Every time that an officer had it, from claim to whatever they then did.
    pub worked: Vec<Worked>,
    /// Contacts about it that an officer linked with it.
    pub contacts: Vec<Contact>,
    /// What was found each time that somebody checked the decision.
    pub checked: Vec<ErrorClass>,
}

/// A check that came out against going straight through.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Failing {
    /// What was checked.
    pub check: String,
    /// The reason code; none where the submitter has to put it right.
    pub reason: Option<ReasonCode>,
}

/// That a notification waited for an officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// Since when, never before it came.
    pub since: Timestamp,
    /// Why.
    pub reasons: Vec<ReasonCode>,
    /// By when its submitter was told that officers will have come to it.
    pub promised_by: Date,
}

/// A claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// When.
    pub at: Timestamp,
    /// Until when, if they do nothing.
    pub until: Option<Timestamp>,
}

/// A time that an officer had an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worked {
    /// When they claimed it.
    pub from: Timestamp,
    /// When they were done with it.
    pub to: Timestamp,
    /// Whether they decided it then.
    pub decided: bool,
}

/// A contact about a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// When.
    pub at: Timestamp,
    /// How it came.
    pub channel: Channel,
    /// Why.
    pub about: ContactAbout,
}

/// An account that a notification opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedAccount {
    /// Which.
    pub account: AccountRef,
    /// When its liability stood in the log.
    pub recorded_at: Timestamp,
}

impl Performance {
    /// The index by the instant of receipt, see [`instant_key`].
    pub const RECEIVED: &str = "received";
    /// The index of what waits for an officer; its one value is empty.
    pub const OPEN: &str = "open";
    /// The index of what had to wait, by the instant of its outcome, see [`instant_key`].
    pub const COMPLETED: &str = "completed";
    /// The index of what had to wait, by the day that was promised.
    pub const PROMISED: &str = "promised";
}

impl NotificationRow {
    fn of(it: &NotificationReceived) -> Self {
        Self {
            reference: it.reference.clone(),
            kind: it.kind,
            channel: it.channel,
            received_at: it.received_at,
            accounts: it.account.iter().cloned().collect(),
            status: Status::Received,
            completed_at: None,
            failing: Vec::new(),
            waited: None,
            straight_through: false,
            reversed: false,
            opened: Vec::new(),
            claimed: None,
            worked: Vec::new(),
            contacts: Vec::new(),
            checked: Vec::new(),
        }
    }

    /// Whether an officer has had to look.
    pub const fn had_to_wait(&self) -> bool {
        self.waited.is_some()
    }

    /// Whether an officer decided it.
    pub fn was_decided_by_officer(&self) -> bool {
        self.worked.iter().any(|it| it.decided)
    }

    /// Whether it waited for an officer at `instant`: it had come, it had to wait, and it had no outcome yet.
    pub fn is_open_at(&self, instant: Timestamp) -> bool {
        self.received_at <= instant && self.had_to_wait() && self.completed_at.is_none_or(|it| it > instant)
    }

    /// The machine decides again as long as somebody else is first at a dwelling; what it decided last counts.
    fn decide(&mut self, it: &DecisionRecorded) {
        if self.status == Status::Received && !it.is_of_a_reversal() {
            let failing = it.findings.iter().filter(|it| it.outcome != FindingOutcome::Passed);
            self.failing = failing.map(|it| Failing { check: it.check.clone(), reason: it.reason }).collect();
        }
    }

    fn refer(&mut self, it: &NotificationReferred, recorded_at: Timestamp) {
        self.concern(&it.accounts);
        self.status = Status::Referred;
        self.claimed = None;
        self.waited.get_or_insert_with(|| Waited {
            since: recorded_at.max(self.received_at),
            reasons: it.reasons.clone(),
            promised_by: it.promised_by.unwrap_or(it.due_on),
        });
    }

    fn complete(&mut self, it: &NotificationCompleted, recorded_at: Timestamp) {
        self.concern(&it.accounts);
        self.concern(&it.accounts_opened);
        self.status = it.status;
        self.completed_at = Some(recorded_at.max(self.received_at));
        self.claimed = None;
        self.straight_through = !self.had_to_wait() && it.status == Status::Applied;
        let opened = it.accounts_opened.iter().cloned();
        self.opened.extend(opened.map(|account| OpenedAccount { account, recorded_at }));
    }

    /// A change that was reversed was an officer's in the end, and the call that led to it was not avoided.
    fn reverse(&mut self, reversed: bool) {
        self.reversed = reversed;
        self.straight_through = !self.had_to_wait() && !reversed;
    }

    /// Somebody has it from `at` on. Who had it until then has done with it, at the latest when their claim ran out.
    fn claim(&mut self, at: Timestamp, until: Option<Timestamp>) {
        self.lay_down(at, false);
        self.claimed = Some(Claimed { at, until });
    }

    fn lay_down(&mut self, at: Timestamp, decided: bool) {
        if let Some(claimed) = self.claimed.take() {
            let to = claimed.until.map_or(at, |it| it.min(at)).max(claimed.at);
            self.worked.push(Worked { from: claimed.at, to, decided });
        }
    }

    /// From when they claimed it to now is their time, however long the claim would have been theirs.
    fn decided(&mut self, claimed_at: Timestamp, at: Timestamp) {
        self.claimed = Some(Claimed { at: claimed_at, until: None });
        self.lay_down(at, true);
    }

    fn concern(&mut self, accounts: &[AccountRef]) {
        self.accounts.extend(accounts.iter().cloned());
        self.accounts.sort_unstable();
        self.accounts.dedup();
    }
}

impl Projection for Performance {
    const NAME: &'static str = "performance";
    const VERSION: u32 = 1;
    type Row = NotificationRow;

    fn concerns(stream: &StreamName) -> bool {
        stream.as_notification().is_some()
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn keys(event: &Recorded) -> Vec<String> {
        match &event.event {
            Event::NotificationReceived(it) => vec![it.reference.to_string()],
            Event::NotificationReferred(it) => vec![it.reference.to_string()],
            Event::NotificationCompleted(it) => vec![it.reference.to_string()],
            Event::NotificationReversed(it) => vec![it.reference.to_string()],
            Event::WorkItemClaimed(it) => vec![it.reference.to_string()],
            Event::WorkItemReleased(it) => vec![it.reference.to_string()],
            Event::WorkItemDeferred(it) => vec![it.reference.to_string()],
            Event::EvidenceRequested(it) => vec![it.reference.to_string()],
            Event::WorkItemHandedOver(it) => vec![it.reference.to_string()],
            Event::WorkItemEscalated(it) => vec![it.reference.to_string()],
            Event::WorkItemDecided(it) => vec![it.reference.to_string()],
            Event::ContactLinked(it) => vec![it.reference.to_string()],
            Event::DecisionChecked(it) => vec![it.reference.to_string()],
            Event::DecisionRecorded(_) => event.stream.as_notification().map(|it| it.to_string()).into_iter().collect(),
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
            | Event::WorkItemAuthorised(_)
            | Event::DemandNoticeIssued(_)
            | Event::AdjustmentNoticeIssued(_)
            | Event::ClosingNoticeIssued(_)
            | Event::BillCopied(_)
            | Event::PaymentReceived(_)
            | Event::CreditTransferred(_)
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
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
            | Event::QuestionAnswered(_)
            | Event::NotificationWithdrawn(_)
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
            | Event::WorkItemReallocated(_)
            | Event::BudgetReduced(_) => Vec::new(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
    fn apply(row: &mut Option<NotificationRow>, key: &str, event: &Recorded) -> Result<(), Unapplicable> {
        let at = event.recorded_at;
        match &event.event {
            Event::NotificationReceived(it) if row.is_none() => *row = Some(NotificationRow::of(it)),
            Event::NotificationReceived(_) => return Err(Unapplicable(format!("{key} was received before"))),
            Event::DecisionRecorded(it) => known(row, key)?.decide(it),
            Event::NotificationReferred(it) => waiting(row, key)?.refer(it, at),
            Event::NotificationCompleted(it) => waiting(row, key)?.complete(it, at),
            Event::NotificationReversed(it) => applied(row, key)?.reverse(!it.restored),
            Event::WorkItemClaimed(it) => known(row, key)?.claim(at, it.until),
            Event::WorkItemHandedOver(_) => known(row, key)?.claim(at, None),
            Event::WorkItemReleased(_)
            | Event::WorkItemDeferred(_)
            | Event::WorkItemEscalated(_)
            | Event::EvidenceRequested(_) => known(row, key)?.lay_down(at, false),
            Event::WorkItemDecided(it) => known(row, key)?.decided(it.claimed_at, at),
            Event::ContactLinked(it) => {
                known(row, key)?.contacts.push(Contact { at, channel: it.channel, about: it.about });
            }
            Event::DecisionChecked(it) => known(row, key)?.checked.push(it.error),
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
            | Event::WorkItemAuthorised(_)
            | Event::DemandNoticeIssued(_)
            | Event::AdjustmentNoticeIssued(_)
            | Event::ClosingNoticeIssued(_)
            | Event::BillCopied(_)
            | Event::PaymentReceived(_)
            | Event::CreditTransferred(_)
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
            | Event::EvidenceReceived(_)
            | Event::EvidenceRefused(_)
            | Event::QuestionAnswered(_)
            | Event::NotificationWithdrawn(_)
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
            | Event::WorkItemReallocated(_)
            | Event::BudgetReduced(_) => {}
        }
        Ok(())
    }

    fn links(row: &NotificationRow) -> Vec<Link> {
        let mut links = vec![(Self::RECEIVED, instant_key(row.received_at))];
        if let Some(waited) = &row.waited {
            links.push((Self::PROMISED, waited.promised_by.to_string()));
            links.push(row.completed_at.map_or((Self::OPEN, String::new()), |it| (Self::COMPLETED, instant_key(it))));
        }
        links
    }
}

fn known<'a>(row: &'a mut Option<NotificationRow>, key: &str) -> Result<&'a mut NotificationRow, Unapplicable> {
    row.as_mut().ok_or_else(|| Unapplicable(format!("{key} was never received")))
}

fn waiting<'a>(row: &'a mut Option<NotificationRow>, key: &str) -> Result<&'a mut NotificationRow, Unapplicable> {
    let row = known(row, key)?;
    let waits = row.completed_at.is_none();
    let status = row.status.as_str();
    waits.then_some(row).ok_or_else(|| Unapplicable(format!("{key} has its outcome already: {status}")))
}

fn applied<'a>(row: &'a mut Option<NotificationRow>, key: &str) -> Result<&'a mut NotificationRow, Unapplicable> {
    let applied = row.as_mut().filter(|it| it.status == Status::Applied);
    applied.ok_or_else(|| Unapplicable(format!("{key} was never applied")))
}

#[cfg(test)]
mod tests;
