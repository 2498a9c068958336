//! Nobody lives there, or somebody does again: N15 to N17.

use hearth_events::{
    AccountRef, AwardCode, Capacity, DiscountAwarded, DiscountEnded, HouseholdStated, Period, ReasonCode,
};
use hearth_projections::AccountState;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::gates::{self, DAILY, GATES, Identified, LIABILITY};
use super::households::no_other_award;
use super::liable::{carried, carry_choices};
use super::moves::{carry_collection_day, departure};
use super::officers::{self, Row};
use super::working::NewLiability;
use super::{Case, Findings, Working};
use crate::intake::details::{BackInUse, EmptyReason, PropertyEmpty, SecondHome};
use crate::rules::awards;
use crate::rules::sources::{self, EMPTY as LOCAL, SPARED as EXCEPTED};

pub(super) const PREMIUM: &str = "Local Government Finance Act 1992 s.11C";
/// The discount of a dwelling that is empty and unfurnished.
const EMPTY: &str = "D-LOC-C";
/// Awards of a household that end by themselves when nobody lives there any more.
const OF_RESIDENTS: &[&str] = &[AwardCode::SINGLE_PERSON, "D-DBR", EMPTY];
/// Awards of a dwelling without a resident, which end when there is one.
const OF_NOBODY: &[&str] = &["D-NORES", "D-LOC-A", "D-LOC-B", EMPTY, "D-LOC-D", "P-EMPTY", "P-SECOND"];

const fn class(reason: ReasonCode, because: &'static str, documents: &'static str, law: &'static str) -> Row {
    Row { check: "no-class-to-judge", reason, because, documents: Some(documents), law }
}

/// Reasons for which a dwelling may be exempt or reduced by a class that is judged on documents; none for the others.
pub(super) fn class_of(reason: EmptyReason) -> Option<&'static Row> {
    use EmptyReason as Why;
    use ReasonCode::{R10, R16};
    const REPAIRS: Row =
        class(R10, "major repairs are judged by what is done", "a schedule of works", sources::REPAIRS);
    const DEATH: Row =
        class(R16, "a death is dealt with by a person", "the grant of probate, once made", "SI 1992/558 class F");
    const HOME: Row = class(
        R10,
        "class E is judged by where the resident is",
        "a letter of the home or hospital",
        "SI 1992/558 class E",
    );
    const CARED: Row =
        class(R10, "class I is judged by the care received", "a letter about the care", "SI 1992/558 class I");
    const CARING: Row = class(R10, "class J is judged by the care given", "proof of the care", "SI 1992/558 class J");
    const DETAINED: Row =
        class(R10, "class D is judged by the detention", "a letter of the court or prison", "SI 1992/558 class D");
    const STUDENT: Row =
        class(R10, "class K is judged by the course", "a certificate of the institution", "SI 1992/558 class K");
    const PROHIBITED: Row = class(R10, "class G is judged by the order", "the order", "SI 1992/558 class G");
    const LENDER: Row =
        class(R10, "class L is judged by the possession", "a letter of the lender", "SI 1992/558 class L");
    const TRUSTEE: Row = class(R10, "class Q is judged by who is the owner", "the order", "SI 1992/558 class Q");
    const CHARITY: Row =
        class(R10, "class B is judged by the charity's purposes", "its number or constitution", "SI 1992/558 class B");
    const OTHER: Row = Row { documents: None, ..class(R10, "another cause was given", "", LIABILITY) };
    match reason {
        Why::MovedElsewhere | Why::BetweenTenants | Why::ForSale => None,
        Why::MajorRepairs => Some(&REPAIRS),
        Why::Death => Some(&DEATH),
        Why::CareHomeOrHospital => Some(&HOME),
        Why::CaredForElsewhere => Some(&CARED),
        Why::CaringElsewhere => Some(&CARING),
        Why::Detained => Some(&DETAINED),
        Why::StudentElsewhere => Some(&STUDENT),
        Why::OccupationProhibited => Some(&PROHIBITED),
        Why::Repossessed => Some(&LENDER),
        Why::Bankruptcy => Some(&TRUSTEE),
        Why::CharityOwned => Some(&CHARITY),
        Why::Other => Some(&OTHER),
    }
}

/// N15.
pub(super) fn empty(case: &Case<'_>, details: &PropertyEmpty, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    if let Some(row) = class_of(details.reason) {
        officers::documents(row, &details.evidence, findings);
        findings.lack(row.check, row.reason, row.because, row.law);
    }
    let since = details.furniture_removed_on.unwrap_or(on).max(on);
    if since > on {
        gates::dates(case, &[since], findings);
    }
    let percent = if details.furnished { Some(Decimal::ZERO) } else { determined(case, since, findings) };
    let Some((mut working, account)) = left(&it, on, findings) else { return Vec::new() };
    let Some(percent) = percent.filter(|_| findings.all_passed()) else { return Vec::new() };
    let is_awarded = it.account.award_on(EMPTY, since).is_some();
    let is_news = working.now() != working.before();
    if !is_news && (is_awarded || percent.is_zero()) {
        findings.duplicate(
            "not-already-so",
            "it is on record that nobody lives there, and nothing is due for it",
            GATES,
        );
        return Vec::new();
    }
    if let (false, Ok(code)) = (percent.is_zero(), EMPTY.parse()) {
        working.record(DiscountAwarded { account, code, period: Period::starting(since), terms: None });
    }
    vec![working]
}

/// What the council determined for empty dwellings on a day, in percent.
fn determined(case: &Case<'_>, on: Date, findings: &mut Findings) -> Option<Decimal> {
    const CHECK: &str = "local-discount-determined";
    let percents = case.council.empty_discounts();
    let percent = percents.iter().rev().find(|(from, _)| *from <= on).map(|(_, percent)| *percent);
    match percent {
        Some(percent) => findings.pass(CHECK, format!("the council determined {percent}% from {on}"), LOCAL),
        None => findings.lack(CHECK, ReasonCode::R10, "what the council determined is not on record", LOCAL),
    }
    percent
}

/// The dwelling without a resident: as it stands, or with those who lived in their own home liable as its owners.
fn left(it: &Identified<'_>, on: Date, findings: &mut Findings) -> Option<(Working, AccountRef)> {
    let Identified { premises, account, .. } = it;
    no_other_award(account, on, OF_RESIDENTS, findings);
    if !account.is_occupied_on(on) {
        findings.pass("nobody-lives-there", "on record, nobody lives there", DAILY);
        return findings.all_passed().then(|| (premises.working(), account.account.clone()));
    }
    let owns = premises.state.listing.as_ref().is_some_and(|listing| {
        listing.owner.is_none() && !listing.hmo && listing.tenure == hearth_events::Tenure::OwnerOccupied
    });
    findings.need(
        "residents-own-it",
        owns,
        ReasonCode::R19,
        (
            "those who lived there own it, so they stay liable",
            "those who live there do not own it: a tenancy ends with a move out",
        ),
        LIABILITY,
    );
    let can_end = departure(premises, account, on, findings);
    let persons = carried(premises, account, None, findings)?;
    if !can_end || !findings.all_passed() {
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
    if details.exception.is_some() {
        let law = EXCEPTED;
        if details.evidence.is_empty() {
            let because = "nothing came with it; needed: an agent's letter, the advertisement, the planning condition";
            findings.refer("evidence-present", ReasonCode::R08, because, law);
        }
        findings.lack(
            "no-class-to-judge",
            ReasonCode::R10,
            "whether a class spares it the premium is a judgement",
            law,
        );
    }
    // A premium needs a determination, which no event carries yet.
    let premium_from = "P-SECOND".parse().ok().and_then(|code| Some(awards::row(&code)?.from));
    findings.need(
        "no-premium-on-the-day",
        premium_from.is_some_and(|from| case.received_on.max(on) < from),
        ReasonCode::R10,
        (
            "no premium on second homes is in force yet",
            "whether the council determined a premium on second homes is not on record",
        ),
        PREMIUM,
    );
    let is_occupied = it.account.is_occupied_on(on);
    let Some((working, _)) = left(&it, on, findings) else { return Vec::new() };
    if !is_occupied {
        findings.duplicate("not-already-so", "it is on record that nobody lives there", GATES);
    }
    vec![working]
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
    no_other_award(account, on, OF_NOBODY, findings);
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = premises.working();
    awards_of_nobody_end(&mut working, account, on);
    let adults = u16::try_from(details.persons.len()).unwrap_or(u16::MAX);
    working.record(HouseholdStated { account: account.account.clone(), from: on, adults });
    if adults == 1 {
        working.award_single_person(&account.account, on);
    }
    vec![working]
}

fn awards_of_nobody_end(working: &mut Working, account: &AccountState, on: Date) {
    for award in account.awards.iter().filter(|it| it.period.to.is_none_or(|to| to > on)) {
        let (account, code) = (account.account.clone(), award.code.clone());
        working.record(DiscountEnded { account, code, to: on.max(award.period.from) });
    }
}
