//! How a work item is shown.

use hearth_events::{
    AccountRef, AwardCode, Channel, ContactAbout, ErrorClass, FinancialYear, Money, NotificationKind, NotificationRef,
    Opener, Outcome, Period, Position, Priority, ReasonCode, Status, Uprn, Verdict,
};
use hearth_projections::{Difference, Flag, WorkStatus};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::service::work::{Asides, Awaits, CheckShown, ContactShown, HistoryStep, ItemShown, Proposal};
use crate::views::british_day;
use crate::web::api::accounts::{InstalmentView, PersonView, instalments, persons};
use crate::web::api::evidence::{self, EvidenceView};
use crate::web::api::notifications::{FindingView, StatusName, finding};
use crate::web::api::work_items::{FlagName, WorkStatusName};

/// A work item with all that is needed to decide it.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkItemDetail)]
pub(crate) struct WorkItemDetailView {
    /// The reference of the notification: each has one work item at most.
    #[schema(value_type = String)]
    id: NotificationRef,
    #[schema(value_type = String)]
    reference: NotificationRef,
    #[schema(value_type = String, example = "move-in")]
    kind: NotificationKind,
    queue: String,
    #[schema(value_type = Vec<String>)]
    reasons: Vec<ReasonCode>,
    #[schema(value_type = String, pattern = "^(high|medium|low)$")]
    priority: Priority,
    #[schema(value_type = String, format = Date)]
    due_on: Date,
    /// The day by which the queue was to come to it.
    #[schema(value_type = String, format = Date)]
    promised_by: Date,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// Other notifications that tell of the same change.
    #[schema(value_type = Vec<String>)]
    linked: Vec<NotificationRef>,
    /// Who has it: who works on it, or whose decision waits to be authorised; null where nobody does.
    allocated_to: Option<String>,
    /// Since when; null where nobody has it.
    #[schema(value_type = Option<String>, format = DateTime)]
    claimed_at: Option<Timestamp>,
    #[schema(value_type = WorkStatusName)]
    status: WorkStatus,
    /// The day on which it is open again, where it was put off or waits for an answer; null otherwise.
    #[schema(value_type = Option<String>, format = Date)]
    back_on: Option<Date>,
    /// What the notification has come to.
    #[schema(value_type = StatusName)]
    notification_status: Status,
    /// Every check of the latest decision.
    findings: Vec<FindingView>,
    /// The notification as it was sent, or as an officer put it right; null where its submitter was forgotten.
    #[schema(value_type = Option<Object>)]
    notification: Option<Value>,
    /// What would happen if it were accepted; null where nothing can be proposed.
    proposal: Option<ProposalView>,
    /// Why nothing can be proposed; null where something is.
    no_proposal_because: Option<String>,
    /// What was decided and waits for another person to authorise it; null where nothing does.
    awaits_authorisation: Option<AwaitsView>,
    /// Until when it is theirs, where somebody has it and does nothing; null otherwise.
    #[schema(value_type = Option<String>, format = DateTime)]
    claimed_until: Option<Timestamp>,
    /// Whether only a supervisor takes it.
    escalated: bool,
    /// What is remarkable about it.
    #[schema(value_type = Vec<FlagName>)]
    flags: Vec<Flag>,
    /// Working days since it was due; 0 where it is not.
    overdue_working_days: u32,
    /// Minutes since it came; until its outcome, where it has one.
    minutes_elapsed: i64,
    /// Minutes of these in which officers could go on with it: not while it was put off, or somebody outside was asked.
    minutes_with_officers: i64,
    /// What was noted beside it.
    beside: AsidesView,
    /// The files of evidence that have come; each is read at `/api/v1/notifications/{reference}/evidence/{id}`.
    evidence: Vec<EvidenceView>,
    /// Every step, in order.
    history: Vec<HistoryView>,
}

/// A decision that waits for another person.
#[derive(Serialize, ToSchema)]
#[schema(as = AwaitsAuthorisation)]
pub(crate) struct AwaitsView {
    /// Who decided; somebody else authorises it.
    decided_by: String,
    /// How they decided.
    #[schema(value_type = String, pattern = "^(accepted|amended)$")]
    verdict: Verdict,
    /// Every reason for which another person has to authorise it, as it was recorded.
    because: Vec<String>,
}

/// What was noted beside a notification.
#[derive(Serialize, ToSchema)]
#[schema(as = NotedBeside)]
pub(crate) struct AsidesView {
    /// What came of checking the decision; null where nobody has.
    checked: Option<CheckView>,
    /// Who made contact about it, in order.
    contacts: Vec<ContactView>,
}

/// What came of checking a decision.
#[derive(Serialize, ToSchema)]
#[schema(as = DecisionChecked)]
pub(crate) struct CheckView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    #[schema(value_type = String, pattern = "^(none|clerical|financial|data-protection)$")]
    error: ErrorClass,
    #[schema(value_type = Option<String>, example = "12.50")]
    value: Option<Money>,
    note: Option<String>,
}

/// A contact about a notification.
#[derive(Serialize, ToSchema)]
#[schema(as = ContactLinked)]
pub(crate) struct ContactView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    #[schema(value_type = String, example = "telephone")]
    channel: Channel,
    #[schema(value_type = String, pattern = "^(chase|unclear|mistake|complaint|more-to-tell)$")]
    about: ContactAbout,
    note: Option<String>,
}

/// What was noted, as it is shown.
pub(super) fn asides(it: Asides) -> AsidesView {
    let checked = it.checked.map(|CheckShown { at, by, error, value, note }| CheckView { at, by, error, value, note });
    let contact = |ContactShown { at, by, channel, about, note }| ContactView { at, by, channel, about, note };
    AsidesView { checked, contacts: it.contacts.into_iter().map(contact).collect() }
}

/// What would happen if an item were accepted.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkItemProposal)]
pub(crate) struct ProposalView {
    /// What it would come to: `apply`, `duplicate` or `reject`.
    #[schema(value_type = String, pattern = "^(apply|duplicate|reject)$")]
    outcome: Outcome,
    /// The checks that did not pass, and that whoever accepts is satisfied about.
    satisfied: Vec<SatisfiedView>,
    /// Whether another person has to authorise it.
    needs_authorisation: bool,
    /// The greatest movement of a year's tax, where that is over the limit of policy; null where it is within.
    #[schema(value_type = Option<String>, example = "1620.40")]
    over_limit: Option<Money>,
    /// Every reason for which another person has to authorise it, in words.
    needs_authorisation_because: Vec<String>,
    /// The financial years that are over and would move.
    #[schema(value_type = Vec<String>)]
    closed_years: Vec<FinancialYear>,
    /// The checks that stopped it and that policy lets no officer pass over alone.
    overrides: Vec<String>,
    /// Days of liability that begin, end or change.
    liability: Vec<LiabilityView>,
    /// Awards that begin, end or change.
    awards: Vec<AwardChangeView>,
    /// Charges that move.
    charges: Vec<ChargeChangeView>,
    /// Bills that ask for something else, or for it on other days.
    bills: Vec<BillChangeView>,
    /// By how much all charges together move.
    #[schema(value_type = String, example = "-12.40")]
    net_change: Money,
    /// The types of the events that would be recorded.
    events: Vec<&'static str>,
}

/// A check that did not pass.
#[derive(Serialize, ToSchema)]
pub(crate) struct SatisfiedView {
    check: String,
    /// Why a machine must not decide, `R01` to `R24`.
    #[schema(value_type = Option<String>)]
    reason: Option<ReasonCode>,
    because: String,
}

/// Days from the first in to the first out.
#[derive(Serialize, ToSchema)]
pub(crate) struct Days {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// The liability of an account, before and after.
#[derive(Serialize, ToSchema)]
#[schema(as = LiabilityChange)]
pub(crate) struct LiabilityView {
    #[schema(value_type = String, pattern = "^[0-9]{1,12}$")]
    uprn: Uprn,
    #[schema(value_type = String)]
    account: AccountRef,
    /// Who is liable, afterwards.
    liable_persons: Vec<PersonView>,
    /// Null where the account is opened.
    before: Option<Days>,
    after: Option<Days>,
}

/// An award, before and after.
#[derive(Serialize, ToSchema)]
#[schema(as = AwardChange)]
pub(crate) struct AwardChangeView {
    #[schema(value_type = String)]
    account: AccountRef,
    #[schema(value_type = String, example = "D-SPD")]
    code: AwardCode,
    /// Null where it begins.
    before: Option<Days>,
    /// Null where it falls away.
    after: Option<Days>,
}

/// The net charge of an account for a year, before and after.
#[derive(Serialize, ToSchema)]
#[schema(as = ChargeChange)]
pub(crate) struct ChargeChangeView {
    #[schema(value_type = String)]
    account: AccountRef,
    #[schema(value_type = String)]
    financial_year: FinancialYear,
    #[schema(value_type = String)]
    before: Money,
    #[schema(value_type = String)]
    after: Money,
    #[schema(value_type = String)]
    change: Money,
}

/// The instalments of an account for a year, before and after; what was payable already is among them.
#[derive(Serialize, ToSchema)]
#[schema(as = BillChange)]
pub(crate) struct BillChangeView {
    #[schema(value_type = String)]
    account: AccountRef,
    #[schema(value_type = String)]
    financial_year: FinancialYear,
    before: Vec<InstalmentView>,
    after: Vec<InstalmentView>,
}

/// One step in the history of an item.
#[derive(Serialize, ToSchema)]
#[schema(as = WorkItemStep)]
pub(crate) struct HistoryView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The type of the event.
    what: &'static str,
    /// Who: a token by its name, or a part of the service.
    who: String,
    /// What was said: a note, what was asked, an explanation; null where nothing was.
    note: Option<String>,
    /// The position of the event in the log.
    #[schema(value_type = u64)]
    position: Position,
}

/// An item as it is shown.
pub(in crate::web::api) fn view(it: ItemShown, opener: &dyn Opener) -> WorkItemDetailView {
    let (proposal, no_proposal_because) = match it.proposal {
        Ok(proposal) => (Some(proposed(proposal, opener)), None),
        Err(because) => (None, Some(because)),
    };
    WorkItemDetailView {
        id: it.reference.clone(),
        reference: it.reference,
        kind: it.kind,
        queue: it.referral.queue,
        reasons: it.referral.reasons,
        priority: it.referral.priority,
        due_on: it.referral.due_on,
        promised_by: it.referral.promised_by.unwrap_or(it.referral.due_on),
        received_at: it.received_at,
        linked: it.linked,
        claimed_until: it.work.until.filter(|_| it.work.holder_at(it.at).is_some()),
        escalated: it.work.escalated,
        flags: it.flags,
        overdue_working_days: it.times.overdue_working_days,
        minutes_elapsed: it.times.elapsed.as_mins(),
        minutes_with_officers: it.times.with_officers.as_mins(),
        beside: asides(it.asides),
        status: it.work.status_at(it.at, british_day(it.at)),
        allocated_to: it.work.holder_at(it.at).map(str::to_owned),
        claimed_at: it.work.claimed_at,
        back_on: it.work.back_on,
        notification_status: it.status,
        findings: it.findings.iter().map(finding).collect(),
        notification: it.notification,
        proposal,
        no_proposal_because,
        awaits_authorisation: it.awaits.map(awaits),
        evidence: it.evidence.iter().map(|it| evidence::view(it, opener)).collect(),
        history: it.history.into_iter().map(step).collect(),
    }
}

fn awaits(Awaits { decided_by, verdict, because }: Awaits) -> AwaitsView {
    AwaitsView { decided_by, verdict, because }
}

fn step(HistoryStep { at, what, who, note, position }: HistoryStep) -> HistoryView {
    HistoryView { at, what, who, note, position }
}

pub(in crate::web::api) fn proposed(it: Proposal, opener: &dyn Opener) -> ProposalView {
    let days = |it: Option<Period>| it.map(|Period { from, to }| Days { from, to });
    let satisfied = it.satisfied.into_iter();
    let mut shown = ProposalView {
        outcome: it.outcome,
        satisfied: satisfied
            .map(|it| SatisfiedView { check: it.check, reason: it.reason, because: it.because })
            .collect(),
        needs_authorisation: it.second.is_needed(),
        needs_authorisation_because: it.second.reasons(),
        over_limit: it.second.over_limit,
        closed_years: it.second.closed_years,
        overrides: it.second.overrides,
        liability: Vec::new(),
        awards: Vec::new(),
        charges: Vec::new(),
        bills: Vec::new(),
        net_change: Money::ZERO,
        events: it.events,
    };
    for Difference { uprn, liability, awards, charges, bills } in it.dwellings {
        shown.bills.extend(bills.into_iter().map(|it| BillChangeView {
            account: it.account,
            financial_year: it.financial_year,
            before: instalments(&it.before),
            after: instalments(&it.after),
        }));
        shown.liability.extend(liability.into_iter().map(|it| LiabilityView {
            uprn: uprn.clone(),
            account: it.account,
            liable_persons: persons(&it.liable_persons, opener),
            before: days(it.before),
            after: days(it.after),
        }));
        shown.awards.extend(awards.into_iter().map(|it| AwardChangeView {
            account: it.account,
            code: it.code,
            before: days(it.before),
            after: days(it.after),
        }));
        for it in charges {
            let change = it.after - it.before;
            shown.net_change = shown.net_change + change;
            let (account, financial_year) = (it.account, it.financial_year);
            shown.charges.push(ChargeChangeView {
                account,
                financial_year,
                before: it.before,
                after: it.after,
                change,
            });
        }
    }
    shown
}
