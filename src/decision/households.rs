//! Who lives in a household and is not liable: somebody joins, somebody leaves.

use hearth_events::{
    AwardCode, DiscountEnded, ExpiryReason, OccupantAdded, OccupantRemoved, Period, PersonDetails, Personal, ReasonCode,
};
use hearth_projections::AccountState;
use jiff::ToSpan;
use jiff::civil::Date;

use super::awarding::end_ahead;
use super::gates::{self, DISCOUNT, GATES, LIABILITY};
use super::recount::{LeftOut, leave_out};
use super::{Case, Findings, Working, disregards};
use crate::intake::details::{OccupierJoined, OccupierLeft};

pub(super) const COUNTED: &str = "Local Government Finance Act 1992 s.6(5), Sch.1";
const ADULT_AT: i32 = 18;

/// Awards that stay as they are when a household changes.
pub(super) const STAY: &[&str] = &["D-DBR", "D-ANX"];

/// N06.
pub(super) fn occupier_joined(case: &Case<'_>, details: &OccupierJoined, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        return Vec::new();
    };
    if has_ended_on(account, AwardCode::SINGLE_PERSON, on) && account.adults.iter().any(|it| it.from == on) {
        findings.duplicate("not-already-so", format!("somebody joined and the discount ended on {on} already"), GATES);
        return Vec::new();
    }
    findings.need(
        "another-adult-joined",
        premises.liable_person_named(account, &details.person.name).is_none(),
        ReasonCode::R19,
        ("whoever joined is not yet on the account", "whoever joined is on the account already"),
        LIABILITY,
    );
    let counted_from = details.date_of_birth.map_or(on, |born| born.saturating_add(ADULT_AT.years()).max(on));
    findings.check(
        "counted-as-an-adult",
        details.not_counted_as.is_none() && counted_from == on,
        ReasonCode::R10,
        (
            "an adult, and nothing is claimed that would leave them out of the count",
            "whoever joined is under 18 or claims not to be counted: what that does to an award is a judgement",
        ),
        COUNTED,
    );
    let adults = adults(account, on, findings);
    no_other_award(account, on, &[&[AwardCode::SINGLE_PERSON], STAY].concat(), findings);
    let (Some(adults), true) = (adults, findings.all_passed()) else { return Vec::new() };
    let joined = PersonDetails {
        name: details.person.name.clone(),
        email: details.person.email.clone(),
        phone: details.person.phone.clone(),
        address: None,
    };
    let person = Personal::open_for(case.new_person("joined", 0), joined);
    if let Some(class) = details.not_counted_as {
        let left_out = LeftOut {
            name: &details.person.name,
            code: disregards::code_of(class),
            period: Period::starting(counted_from),
            ends: None,
        };
        return leave_out(case, (premises, account), &[left_out], Some(person), findings);
    }
    let mut working = premises.working();
    let account_ref = account.account.clone();
    if account.award_on(AwardCode::SINGLE_PERSON, counted_from).is_some() {
        let (account, code) = (account_ref.clone(), AwardCode::single_person());
        let ended = DiscountEnded { account, code, to: counted_from };
        if counted_from > on {
            end_ahead(&mut working, ended, ExpiryReason::EighteenthBirthday);
        } else {
            working.record(ended);
        }
    }
    let adults = adults.saturating_add(1);
    working.record(OccupantAdded { account: account_ref, person, from: counted_from, adults });
    vec![working]
}

/// N07.
pub(super) fn occupier_left(case: &Case<'_>, details: &OccupierLeft, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        return Vec::new();
    };
    findings.need(
        "whoever-left-is-not-liable",
        premises.liable_person_named(account, &details.name).is_none(),
        ReasonCode::R12,
        ("whoever left is not on the account", "whoever left is liable: their word is needed"),
        LIABILITY,
    );
    let adults = adults(account, on, findings);
    findings.need(
        "others-live-there",
        adults.is_none_or(|adults| usize::from(adults) > account.liable_persons.len()),
        ReasonCode::R19,
        ("more adults are recorded than are liable", "no adult is recorded beside those who are liable"),
        GATES,
    );
    let left = adults.map(|it| it.saturating_sub(1));
    findings.need(
        "adults-fit-the-record",
        details.adults_remaining.is_none_or(|told| Some(told) == left),
        ReasonCode::R19,
        ("the record leaves as many adults as are told", "the record leaves another number of adults than is told"),
        DISCOUNT,
    );
    no_other_award(account, on, STAY, findings);
    let (Some(left), true) = (left, findings.all_passed()) else { return Vec::new() };
    let mut working = premises.working();
    let gone =
        PersonDetails { name: details.name.clone(), address: details.new_address.clone(), ..PersonDetails::default() };
    let person = Personal::open_for(case.new_person("leaver", 0), gone);
    working.record(OccupantRemoved { account: account.account.clone(), person, from: on, adults: left });
    if left == 1 {
        working.award_single_person(&account.account, on);
    }
    vec![working]
}

/// Whether somebody born on a day is 18 at the end of another.
pub(super) fn is_adult(born: Date, on: Date) -> bool {
    is_aged(born, ADULT_AT, on)
}

/// Whether somebody has reached an age by the end of a day.
pub(super) fn is_aged(born: Date, years: i32, on: Date) -> bool {
    born.saturating_add(years.years()) <= on
}

/// Whether an award ended on the very day.
fn has_ended_on(account: &AccountState, code: &str, on: Date) -> bool {
    account.awards.iter().any(|it| it.code.as_str() == code && it.period.to == Some(on))
}

/// How many adults live there on the day, where the record says so and nothing later is known of them.
pub(super) fn adults(account: &AccountState, on: Date, findings: &mut Findings) -> Option<u16> {
    let adults = account.adults_on(on).filter(|_| account.is_occupied_on(on));
    let is_latest = account.adults.iter().all(|it| it.from <= on);
    let known = findings.need(
        "household-known",
        adults.is_some() && is_latest,
        ReasonCode::R19,
        (
            "the adults of the household are known on the day, and nothing later of them",
            "the adults who live there are not known on the day, or a later change of them is",
        ),
        GATES,
    );
    adults.filter(|_| known)
}

/// No award runs on or after the day but these, so that none has to be weighed against the change.
pub(super) fn no_other_award(account: &AccountState, on: Date, allowed: &[&str], findings: &mut Findings) {
    const CHECK: &str = "no-other-award";
    let mut others =
        account.awards.iter().filter(|it| it.period.goes_beyond(on) && !allowed.contains(&it.code.as_str())).peekable();
    if others.peek().is_none() {
        findings.pass(CHECK, "no other award runs on or after the day", DISCOUNT);
    }
    for award in others {
        let reason = if award.code.as_str() == "D-CTR" { ReasonCode::R15 } else { ReasonCode::R10 };
        let because = format!("{} runs on or after the day: what becomes of it is a judgement", award.code);
        findings.lack(CHECK, reason, because, DISCOUNT);
    }
}
