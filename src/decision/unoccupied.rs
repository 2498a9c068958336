//! Nobody lives there, or somebody does again: N15 to N17.

use hearth_events::{AccountRef, AwardCode, Capacity, HouseholdStated, Period, ReasonCode};
use hearth_projections::AccountState;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::awarding::{Granted, grant};
use super::classes::{Class, REPAIRED, class_of, spared_while};
use super::gates::{self, DAILY, GATES, Identified, LIABILITY};
use super::households::no_other_award;
use super::liable::{carried, carry_choices};
use super::moves::{carry_collection_day, departure, own_it};
use super::officers;
use super::vacancy::{self, EMPTY, SECOND, Vacancy, of_nobody};
use super::working::NewLiability;
use super::{Case, Findings, Working};
use crate::intake::details::{BackInUse, EmptyReason, PropertyEmpty, SecondHome, SecondHomeException};
use crate::rules::sources::{self, EMPTY as LOCAL, SPARED as EXCEPTED};

pub(super) const PREMIUM: &str = "Local Government Finance Act 1992 s.11C";
/// Awards of a household that end by themselves when nobody lives there any more.
const OF_RESIDENTS: &[&str] = &[AwardCode::SINGLE_PERSON, "D-DBR", EMPTY];
/// N15.
pub(super) fn empty(case: &Case<'_>, details: &PropertyEmpty, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    let class = class_of(details.reason).or_else(|| marketed(&it, details.reason, on, findings));
    if let Some(Class { row, .. }) = &class {
        officers::documents(row, &details.evidence, findings);
        if details.reason == EmptyReason::Death {
            findings.lack(row.check, row.reason, row.because, row.law);
        } else {
            findings.refer(row.check, row.reason, row.because, row.law);
        }
    }
    let since = details.furniture_removed_on.unwrap_or(on).max(on);
    if since > on {
        gates::dates(case, &[since], findings);
    }
    let earlier = empty_before(&it, details, on, findings);
    let code = class.and_then(|it| it.code);
    match code {
        Some(REPAIRED) => determined(case, REPAIRED, since, findings),
        Some(_) => {}
        None if details.furnished => {}
        None => determined(case, EMPTY, since, findings),
    }
    let Some((mut working, account)) = left(&it, on, findings) else { return Vec::new() };
    if !findings.all_passed() {
        return Vec::new();
    }
    if details.furnished {
        vacancy::begins(case, &mut working, &account, Vacancy::Furnished, on);
    } else {
        let before = Period { from: on, to: Some(since) };
        if !before.is_empty() {
            vacancy::discount(case, &mut working, &account, SECOND, before);
        }
        vacancy::begins(case, &mut working, &account, Vacancy::Empty { since: earlier }, since);
    }
    if let Some(code) = code {
        let from = if code == REPAIRED { since } else { on };
        grant(&mut working, Granted::from(&account, code, from));
    }
    if working.recorded().is_empty() {
        findings.duplicate(
            "not-already-so",
            "it is on record that nobody lives there, and nothing is due for it",
            GATES,
        );
        return Vec::new();
    }
    vec![working]
}

/// A class that spares a dwelling the premium while it is for sale or to let, where the premium runs.
fn marketed(it: &Identified<'_>, reason: EmptyReason, on: Date, findings: &mut Findings) -> Option<Class> {
    let class = vacancy::has_premium(it.account, on).then(|| spared_while(reason)).flatten()?;
    if let Some(code) = class.code {
        not_spared_before(it, code, findings);
    }
    Some(class)
}

/// Since when the dwelling was empty, where that is before the day that is told: nobody lived there, and the furniture was gone.
fn empty_before(it: &Identified<'_>, details: &PropertyEmpty, on: Date, findings: &mut Findings) -> Option<Date> {
    let gone = details.furniture_removed_on.filter(|_| !details.furnished)?;
    let since = gone.max(unoccupied_since(it.account, on)?);
    if since >= on {
        return None;
    }
    let because =
        format!("nobody lived there and the furniture was gone on {since} already, before the day that is told");
    findings.refer("empty-from-the-day", ReasonCode::R19, because, PREMIUM);
    Some(since)
}

/// The first day of those up to a day on which nobody lived there.
fn unoccupied_since(account: &AccountState, on: Date) -> Option<Date> {
    let mut edges: Vec<_> = account.adults.iter().map(|it| it.from).chain([account.period.from, on]).collect();
    edges.retain(|it| *it <= on);
    edges.sort_unstable();
    edges.into_iter().rev().take_while(|it| !account.is_occupied_on(*it)).last()
}

/// What the council determined for a class of dwellings on a day is known.
fn determined(case: &Case<'_>, code: &str, on: Date, findings: &mut Findings) {
    const CHECK: &str = "local-discount-determined";
    let law = if code == REPAIRED { sources::REPAIRS } else { LOCAL };
    match case.council.local_discount_on(code, on) {
        Some(percent) => findings.pass(CHECK, format!("the council determined {percent}% from {on}"), law),
        None => findings.lack(CHECK, ReasonCode::R10, "what the council determined is not on record", law),
    }
}

/// The dwelling without a resident: as it stands, or with those who lived in their own home liable as its owners.
fn left(it: &Identified<'_>, on: Date, findings: &mut Findings) -> Option<(Working, AccountRef)> {
    let Identified { premises, account, .. } = it;
    let of_nobody = if account.is_occupied_on(on) { Vec::new() } else { of_nobody() };
    let allowed = [OF_RESIDENTS.to_vec(), of_nobody].concat();
    no_other_award(account, on, &allowed, findings);
    if !account.is_occupied_on(on) {
        findings.pass("nobody-lives-there", "on record, nobody lives there", DAILY);
        return findings.all_passed().then(|| (premises.working(), account.account.clone()));
    }
    findings.need(
        "residents-own-it",
        own_it(premises),
        ReasonCode::R19,
        (
            "those who lived there own it, so they stay liable",
            "those who live there do not own it: a tenancy ends with a move out",
        ),
        LIABILITY,
    );
    departure(premises, account, on, findings);
    let persons = carried(premises, account, None, findings)?;
    if !findings.all_passed() {
        return None;
    }
    let mut working = premises.working();
    working.end_liability(&account.account, on, Vec::new());
    let owners = NewLiability::residents(on, persons, 0).paid_as(account);
    let opened = working.start_liability(NewLiability { capacity: Capacity::Owner, ..owners });
    carry_collection_day(&mut working, &opened, account, account.bank_details.clone(), on);
    carry_choices(&mut working, &opened, account, on);
    Some((working, opened))
}

/// N16.
pub(super) fn second_home(case: &Case<'_>, details: &SecondHome, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    findings.need(
        "furnished",
        details.furnished,
        ReasonCode::R19,
        ("it is furnished", "it is not furnished, so it is empty and no second home"),
        LOCAL,
    );
    if let Some(exception) = details.exception {
        excepted(&it, code_of(exception), details, findings);
    }
    let determined = case.council.second_home_premiums();
    let percent = determined.iter().rev().find(|(from, _)| *from <= on).map_or(Decimal::ZERO, |it| it.1);
    let because =
        format!("the council's premium on second homes is {percent}% on {on}; a later one is charged from its day");
    findings.pass("premium-by-policy", because, PREMIUM);
    let Some((mut working, account)) = left(&it, on, findings) else { return Vec::new() };
    if !findings.all_passed() {
        return Vec::new();
    }
    vacancy::begins(case, &mut working, &account, Vacancy::Furnished, on);
    let held = it.account.awards.iter().map(|it| it.code.as_str());
    if let Some(code) = details.exception.map(code_of).filter(|code| held.clone().all(|held| held != *code)) {
        grant(&mut working, Granted::from(&account, code, on));
    }
    if working.recorded().is_empty() {
        findings.duplicate("not-already-so", "it is on record that nobody lives there", GATES);
        return Vec::new();
    }
    vec![working]
}

/// Whether a class spares it the premium is a judgement; for sale or to let it does so for a year, once.
fn excepted(it: &Identified<'_>, code: &str, details: &SecondHome, findings: &mut Findings) {
    if details.evidence.is_empty() {
        let because = "nothing came with it; needed: an agent's letter, the advertisement, the planning condition";
        findings.refer("evidence-present", ReasonCode::R08, because, EXCEPTED);
    }
    let because = "whether a class spares it the premium is a judgement";
    findings.refer("no-class-to-judge", ReasonCode::R10, because, EXCEPTED);
    not_spared_before(it, code, findings);
}

/// Whether a class spares a dwelling the premium once more is a judgement.
fn not_spared_before(it: &Identified<'_>, code: &str, findings: &mut Findings) {
    let on_account = |other: &AccountState| other.awards.iter().any(|award| award.code.as_str() == code);
    if it.premises.state.accounts.iter().any(on_account) {
        let because =
            "the dwelling was spared by this class before: again only after a sale or a tenancy of six months";
        findings.refer("not-spared-before", ReasonCode::R10, because, EXCEPTED);
    }
}

/// The award of an exception.
const fn code_of(exception: SecondHomeException) -> &'static str {
    match exception {
        SecondHomeException::ArmedForces => "P-EXC-E",
        SecondHomeException::Annexe => "P-EXC-F",
        SecondHomeException::ForSale => "P-EXC-G",
        SecondHomeException::ToLet => "P-EXC-H",
        SecondHomeException::ProbateGranted => "P-EXC-I",
        SecondHomeException::JobRelated => "P-EXC-J",
        SecondHomeException::PitchOrMooring => "P-EXC-K",
        SecondHomeException::OccupationRestricted => "P-EXC-L",
    }
}

/// N17.
pub(super) fn back_in_use(case: &Case<'_>, details: &BackInUse, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(Identified { premises, account, .. }) = gates::open_account(case, findings) else { return Vec::new() };
    if account.is_occupied_on(on) && account.adults_on(on).is_some() {
        findings.duplicate("not-already-so", "it is on record that they live there", GATES);
        return Vec::new();
    }
    findings.need(
        "told-by-those-who-live-there",
        premises.are_liable_persons(account, details.persons.iter().map(|it| it.name.as_str())),
        ReasonCode::R19,
        (
            "those who live there are those who are liable",
            "others than those who are liable live there, and have not told it themselves",
        ),
        LIABILITY,
    );
    findings.need(
        "nothing-known-later",
        account.adults.iter().all(|it| it.from <= on),
        ReasonCode::R19,
        ("nothing later is known of the household", "a later change of the household is known"),
        GATES,
    );
    no_other_award(account, on, &of_nobody(), findings);
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = premises.working();
    vacancy::lived_in(&mut working, &account.account, on);
    let adults = u16::try_from(details.persons.len()).unwrap_or(u16::MAX);
    working.record(HouseholdStated { account: account.account.clone(), from: on, adults });
    if adults == 1 {
        working.award_single_person(&account.account, on);
    }
    vec![working]
}
