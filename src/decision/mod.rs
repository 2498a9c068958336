//! Deciding, purely: a notification, the dwellings it concerns and the rules, to findings and events.
//!
//! Start at [`decide`]. Every check becomes a [`Finding`] with its outcome and its source in law or
//! policy; a decision that needs judgement is referred, never guessed. **A new kind of notification is one module here (or a
//! function in one) and one line in `effects_of`.**

mod awarding;
mod bereavement;
mod billing;
mod case;
mod classes;
mod confirmation;
mod copies;
mod discounts;
mod disregards;
mod findings;
mod foretold;
mod gates;
mod households;
mod liable;
mod linking;
mod listing;
mod moves;
mod officers;
mod payments;
mod people;
mod recount;
mod referral;
mod reversal;
pub mod table;
mod tenancy;
mod unoccupied;
mod vacancy;
mod working;

pub use case::{AccountMatch, Case, DwellingMatch, Matched, Premises, Unanswered};
pub use confirmation::to_be_asked;
pub use findings::Findings;
pub use foretold::{Foretold, foretell};
pub use linking::{Waiting, linked, tells_of_a_move};
pub use referral::{QueueNow, Referral, held, lately, promised_by, queues, referral};
pub use reversal::{NotReversible, Reach, Reversal, reach};
pub use working::Working;

use hearth_events::{AccountRef, Event, FinancialYear, Finding, Outcome, ReasonCode, SecondPerson, Uprn};
use hearth_projections::DwellingState;

use crate::intake::Details;
use crate::rules::Practice;

/// What was decided, with everything it rests on and leads to.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What becomes of the notification.
    pub outcome: Outcome,
    /// Every check that was made.
    pub findings: Vec<Finding>,
    /// Why an officer has to look, or why it is a duplicate.
    pub reasons: Vec<ReasonCode>,
    /// What happens at each dwelling, in the order in which it is to be recorded; empty unless it is applied.
    pub effects: Vec<(Uprn, Vec<Event>)>,
    /// The accounts concerned.
    pub accounts: Vec<AccountRef>,
    /// The accounts that are opened.
    pub accounts_opened: Vec<AccountRef>,
}

/// Decides a notification.
///
/// The same case always gives the same decision: there is no clock and nothing random here.
pub fn decide(case: &Case<'_>) -> Decision {
    weighed(case, Findings::default()).decision
}

/// Decides a notification with the findings of an officer added: as [`decide`] would have, had the checks passed that only a
/// person can be satisfied of.
pub fn decide_by_officer(case: &Case<'_>) -> Weighed {
    let mut weighed = weighed(case, Findings::by_officer());
    let Decision { outcome, reasons, effects, .. } = &mut weighed.decision;
    if *outcome == Outcome::Apply && effects.is_empty() {
        // What only a person can be satisfied of was all there was to go by: nothing follows from it.
        *outcome = Outcome::Refer;
        *reasons = weighed.satisfied.iter().filter_map(|it| it.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
    }
    weighed
}

/// A decision, and what else is known of it.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The decision.
    pub decision: Decision,
    /// What an officer has to be satisfied about for it to stand.
    pub satisfied: Vec<Finding>,
    /// Why another person has to authorise it, where an officer decides that it takes effect.
    pub second: SecondPerson,
    /// The dwellings as they stand and as they would stand.
    pub dwellings: Vec<(Uprn, DwellingState, DwellingState)>,
}

impl Weighed {
    /// The decision, where another person `authorised` everything for which one has to; referred otherwise.
    pub fn authorised(mut self, authorised: &SecondPerson) -> Decision {
        if !authorised.covers(&self.second) {
            (self.decision.outcome, self.decision.reasons) = (Outcome::Refer, gates::reasons_of(&self.second));
            self.decision.effects.clear();
            self.decision.accounts_opened.clear();
        }
        self.decision
    }
}

fn weighed(case: &Case<'_>, mut findings: Findings) -> Weighed {
    gates::declared(case, &mut findings);
    let mut worked = effects_of(case, &mut findings);
    let mut second = SecondPerson::default();
    if findings.all_passed() {
        if case.council.rules().does(Practice::ScheduleReviews) {
            awarding::schedule_reviews(case, &mut worked);
        }
        second.over_limit = gates::charges(case, &mut worked, &mut findings);
    }
    if findings.all_passed() && case.council.rules().does(Practice::IssueNotices) {
        billing::bill(case, &mut worked, &mut findings);
    }
    let outcome = findings.outcome();
    let worked = if outcome == Outcome::Apply { worked } else { Vec::new() };
    if outcome == Outcome::Apply {
        second.closed_years = reach(&worked, FinancialYear::of(case.decided_on)).closed_years;
        second.overrides = gates::overrides(case, findings.satisfied());
    }
    let accounts_opened: Vec<_> = worked.iter().flat_map(Working::accounts_opened).collect();
    let mut accounts = case.accounts_concerned();
    accounts.extend(accounts_opened.iter().cloned());
    let state = |it: &Working| (it.uprn().clone(), it.before().clone(), it.now().clone());
    let dwellings = worked.iter().map(state).collect();
    let effects = worked.into_iter().map(Working::into_events).filter(|(_, events)| !events.is_empty()).collect();
    let (reasons, satisfied) = (findings.reasons(), findings.satisfied().to_vec());
    let decision = Decision { outcome, findings: findings.into_list(), reasons, effects, accounts, accounts_opened };
    Weighed { decision, satisfied, second, dwellings }
}

/// Which module decides which kind. **One line a kind.**
fn effects_of(case: &Case<'_>, findings: &mut Findings) -> Vec<Working> {
    match &case.notification.details {
        Details::MoveIn(it) => moves::move_in(case, it, findings),
        Details::MoveOut(it) => moves::move_out(case, it, findings),
        Details::MoveWithin(it) => moves::move_within(case, it, findings),
        Details::TenancyChange(it) => tenancy::change(case, it, findings),
        Details::ChangeOfName(it) => people::change_of_name(case, it, findings),
        Details::ContactDetails(it) => people::contact_details(case, it, findings),
        Details::Paperless(it) => people::paperless(case, it, findings),
        Details::SinglePersonDiscountClaim(it) => discounts::claim(case, it, findings),
        Details::SinglePersonDiscountEnd(it) => discounts::end(case, it, findings),
        Details::Student(it) => discounts::student(case, it, findings),
        Details::DirectDebit(it) => payments::direct_debit(case, it, findings),
        Details::InstalmentChoice(it) => payments::instalment_choice(case, it, findings),
        Details::OccupierJoined(it) => households::occupier_joined(case, it, findings),
        Details::OccupierLeft(it) => households::occupier_left(case, it, findings),
        Details::LiablePersonAdded(it) => liable::added(case, it, findings),
        Details::LiablePersonRemoved(it) => liable::removed(case, it, findings),
        Details::DisregardClaim(it) => disregards::claim(case, it, findings),
        Details::PropertyEmpty(it) => unoccupied::empty(case, it, findings),
        Details::SecondHome(it) => unoccupied::second_home(case, it, findings),
        Details::BackInUse(it) => unoccupied::back_in_use(case, it, findings),
        Details::Death(it) => bereavement::death(case, it, findings),
        Details::Probate(it) => bereavement::probate(case, it, findings),
        Details::BandChange(it) => listing::band_change(case, it, findings),
        Details::RefundRequest(it) => payments::refund(case, it, findings),
        Details::SevereMentalImpairment(it) => disregards::impairment(case, it, findings),
        Details::DisabledBandReduction(it) => officers::disabled(case, it, findings),
        Details::Annexe(it) => officers::annexe(case, it, findings),
        Details::CouncilTaxReduction(it) => officers::reduction(case, it, findings),
        Details::NewProperty(_) => officers::refer(case, &officers::NEW_PROPERTY, findings),
        Details::Dispute(_) => officers::refer(case, &officers::DISPUTE, findings),
        Details::Enquiry(_) => officers::refer(case, &officers::ENQUIRY, findings),
        Details::CopyBill(it) => officers::bills(case, it, findings),
    }
}

#[cfg(test)]
mod tests;
