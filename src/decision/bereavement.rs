//! Deaths and grants of probate: N20, N21.

use hearth_events::{
    AwardCode, Capacity, Channel, DiscountEnded, ExpiryReason, PersonDetails, PersonId, Personal, ReasonCode, Tenure,
};
use hearth_projections::AccountState;
use jiff::civil::Date;

use super::awarding::{Granted, end_ahead, grant};
use super::gates::{self, GATES, LIABILITY};
use super::households::no_other_award;
use super::liable::{go_on, without};
use super::moves::departure;
use super::officers::document_of;
use super::working::NewLiability;
use super::{AccountMatch, Case, Findings, Premises, Working};
use crate::intake::details::{Death, Probate};
use crate::intake::{SubmitterRole, same_name};
use crate::rules::months_after;
use crate::rules::sources::REDUCTIONS;

pub(super) const EXECUTORS: &str = "SI 1992/613 reg.58";
pub(super) const REGISTER: &str = "SI 1992/613 reg.5";
pub(super) const CLASS_F: &str = "SI 1992/558 class F";
/// The code of class F.
const SINCE_A_DEATH: &str = "X-F";
const MONTHS_AFTER_GRANT: i32 = 6;

/// N20.
pub(super) fn death(case: &Case<'_>, details: &Death, findings: &mut Findings) -> Vec<Working> {
    const CHECK: &str = "survived-by-one-who-is-liable";
    let on = case.notification.effective_on;
    gates::dates(case, &[on], findings);
    let found = account_of(case, findings);
    let Some((premises, account)) = found else {
        findings.lack(CHECK, ReasonCode::R16, "a death is dealt with by a person", EXECUTORS);
        return Vec::new();
    };
    told_by_who_knows(case, &details.name, findings);
    if has_been_told(premises, &details.name, on) {
        findings.duplicate("not-already-so", format!("their liability ended on {on} and others go on"), EXECUTORS);
        return Vec::new();
    }
    let deceased = premises.liable_person_named(account, &details.name).map(|(person, _)| person);
    if let Some(listing) = premises.state.listing.as_ref().filter(|_| deceased.is_some())
        && account.liable_persons.len() == 1
        && account.adults_on(on) == Some(1)
        && listing.tenure == Tenure::OwnerOccupied
        && listing.owner.is_none()
    {
        return estate(premises, account, (case, details), findings);
    }
    let is_one_of_two = account.liable_persons.len() == 2 && account.adults_on(on) == Some(2);
    let (Some(deceased), true) = (deceased, is_one_of_two && account.period.contains(on)) else {
        let because = "the deceased was not one of two adults who are liable together: a person deals with it";
        findings.lack(CHECK, ReasonCode::R16, because, EXECUTORS);
        return Vec::new();
    };
    findings.pass(CHECK, "one of two adults died, and the other is liable already", EXECUTORS);
    survived(premises, account, deceased, case, findings)
}

fn survived(
    premises: &Premises,
    account: &AccountState,
    deceased: PersonId,
    case: &Case<'_>,
    findings: &mut Findings,
) -> Vec<Working> {
    let on = case.notification.effective_on;
    // What is paid to the household is worked out on both of them.
    let is_reduced = account.award_on(gates::REDUCTION, on).is_some();
    findings.check(
        "no-reduction-in-payment",
        !is_reduced,
        ReasonCode::R16,
        ("no council tax reduction is in payment", "a council tax reduction is in payment to the household"),
        REDUCTIONS,
    );
    let Some((adults, persons)) = without(premises, account, deceased, on, findings) else { return Vec::new() };
    let mut working = premises.working();
    let alone_from = case.council.alone_from(on);
    go_on(&mut working, account, on, (persons, adults), Vec::new(), Some(deceased), alone_from);
    vec![working]
}

/// Who lived alone in their own home died: their estate is liable, and nothing is charged until six months after the grant.
fn estate(
    premises: &Premises,
    account: &AccountState,
    (case, details): (&Case<'_>, &Death),
    findings: &mut Findings,
) -> Vec<Working> {
    let on = case.notification.effective_on;
    let because =
        "the deceased was the only one who is liable: whether the home is the estate's and empty is a judgement";
    if !findings.refer("left-to-the-estate", ReasonCode::R16, because, CLASS_F) {
        return Vec::new();
    }
    no_other_award(account, on, &[AwardCode::SINGLE_PERSON, "D-DBR", "D-ANX"], findings);
    departure(premises, account, on, findings);
    if !findings.all_passed() {
        return Vec::new();
    }
    let settles = details.executor.as_ref().or(details.next_of_kin.as_ref());
    let details = settles.map_or_else(
        || PersonDetails { name: format!("The personal representatives of {}", details.name), ..Default::default() },
        |it| PersonDetails { name: it.name.clone(), email: it.email.clone(), phone: it.phone.clone(), address: None },
    );
    let mut working = premises.working();
    working.end_liability(&account.account, on, Vec::new());
    let persons = vec![Personal::open_for(case.new_person("executor", 0), details)];
    let owners = NewLiability::residents(on, persons, 0);
    let opened = working.start_liability(NewLiability { capacity: Capacity::Owner, ..owners });
    grant(&mut working, Granted::from(&opened, SINCE_A_DEATH, on));
    vec![working]
}

/// Whether liability of somebody ended on the day and another of the household went on.
fn has_been_told(premises: &Premises, name: &str, on: Date) -> bool {
    let ended = premises.state.accounts.iter().find(|it| it.period.to == Some(on));
    let goes_on = premises.state.liable_on(on);
    ended.zip(goes_on).is_some_and(|(ended, goes_on)| {
        let stays = |person: PersonId| goes_on.liable_persons.iter().any(|it| it.person() == person);
        premises.liable_person_named(ended, name).is_some_and(|(deceased, _)| !stays(deceased))
            && ended.liable_persons.iter().any(|it| stays(it.person()))
    })
}

/// The account that is named, or the one that is liable for the dwelling on the day of the death.
fn account_of<'a>(case: &'a Case<'_>, findings: &mut Findings) -> Option<(&'a Premises, &'a AccountState)> {
    if case.matched.account != AccountMatch::NotNamed {
        let (premises, account) = gates::named_account(case, findings)?;
        gates::dwelling_of_account(case, &premises.uprn, &case.matched.dwelling, findings);
        return Some((premises, account));
    }
    let on = case.notification.effective_on;
    let premises = gates::dwelling(case, &case.matched.dwelling, on, findings)?;
    let account = premises.state.liable_on(on)?;
    findings.pass("account-matched", format!("account {} of dwelling {}", account.account, premises.uprn), GATES);
    Some((premises, account))
}

/// The register of deaths tells it, or the survivor who is liable.
fn told_by_who_knows(case: &Case<'_>, deceased: &str, findings: &mut Findings) {
    if case.came_from(Channel::TellUsOnce) {
        findings.pass("death-certain", "told by the registrar's service", REGISTER);
        return;
    }
    let _ = gates::account(case, findings);
    findings.check(
        "death-certain",
        !same_name(deceased, &case.notification.submitted_by.name),
        ReasonCode::R16,
        ("told by the survivor", "told in the name of who is said to have died"),
        REGISTER,
    );
}

/// N21.
pub(super) fn probate(case: &Case<'_>, details: &Probate, findings: &mut Findings) -> Vec<Working> {
    const CHECK: &str = "exempt-since-the-death";
    gates::dates(case, &[case.notification.effective_on, details.granted_on], findings);
    let given = &case.notification.submitted_by;
    let is_executor = details.executors.iter().any(|it| same_name(&it.name, &given.name));
    let speaks = match given.role {
        SubmitterRole::Executor => is_executor,
        SubmitterRole::Solicitor => true,
        SubmitterRole::LiablePerson
        | SubmitterRole::Joint
        | SubmitterRole::Tenant
        | SubmitterRole::Landlord
        | SubmitterRole::Agent
        | SubmitterRole::ThirdParty => false,
    };
    findings.check(
        "submitter-has-authority",
        speaks,
        ReasonCode::R13,
        ("an executor or their solicitor", "neither an executor who is named nor a solicitor"),
        EXECUTORS,
    );
    document_of(&["grant-of-probate", "letters-of-administration"], &details.evidence, EXECUTORS, findings);
    findings.need(
        "still-of-the-estate",
        details.transferred_on.is_none() && details.tenancy_ended_on.is_none(),
        ReasonCode::R16,
        ("it still belongs to the estate", "it was sold, passed on or given up: who is liable then, a person decides"),
        LIABILITY,
    );
    let Some((premises, account)) = gates::named_account(case, findings) else { return Vec::new() };
    gates::dwelling_of_account(case, &premises.uprn, &case.matched.dwelling, findings);
    let ends = months_after(details.granted_on, MONTHS_AFTER_GRANT);
    let Some(award) = account.award_on(SINCE_A_DEATH, details.granted_on) else {
        findings.lack(CHECK, ReasonCode::R16, "no exemption of class F is in force on the day of the grant", CLASS_F);
        return Vec::new();
    };
    if award.period.to == Some(ends) {
        findings.duplicate("not-already-so", format!("the exemption ends on {ends} already"), CLASS_F);
        return Vec::new();
    }
    findings.need(
        CHECK,
        award.period.to.is_none() && account.period.to.is_none(),
        ReasonCode::R19,
        ("class F is in force without an end", "the exemption or the account has an end that is not six months later"),
        CLASS_F,
    );
    let (Ok(code), true) = (SINCE_A_DEATH.parse::<AwardCode>(), findings.all_passed()) else { return Vec::new() };
    let mut working = premises.working();
    let ended = DiscountEnded { account: account.account.clone(), code, to: ends };
    end_ahead(&mut working, ended, ExpiryReason::ProbateAndSixMonths);
    vec![working]
}
