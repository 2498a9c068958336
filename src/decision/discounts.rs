//! The single person discount, and students.

use hearth_events::{
    AwardCode, DiscountEnded, ExpiryReason, FinancialYear, HouseholdStated, OccupantAdded, OccupantRemoved, Period,
    PersonDetails, Personal, ReasonCode,
};
use hearth_projections::{AccountState, Award};
use jiff::ToSpan;
use jiff::civil::Date;

use super::gates::{self, DISCOUNT, GATES};
use super::recount::{LeftOut, leave_out};
use super::{Case, Findings, Premises, Working};
use crate::intake::details::{AdultLeft, SinglePersonDiscountClaim, SinglePersonDiscountEnd, Student, StudentGiven};
use crate::intake::same_name;

const STUDENT: &str = "DR-STU";
pub(super) const STUDENTS: &str = "Local Government Finance Act 1992 Sch.1 para.4; SI 1992/548";

/// N10.
pub(super) fn claim(case: &Case<'_>, details: &SinglePersonDiscountClaim, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        return Vec::new();
    };
    if account.award_on(AwardCode::SINGLE_PERSON, on).is_some_and(|it| it.period.to == account.period.to) {
        findings.duplicate("not-already-so", "the single person discount is already in force on the day", DISCOUNT);
        return Vec::new();
    }
    // A disabled band reduction and an annexe reduction go together with a discount; everything else does not, or may not.
    let goes_together = |code: &AwardCode| matches!(code.as_str(), "D-DBR" | "D-ANX");
    let clashes = |it: &&Award| !goes_together(&it.code) && it.period.to.is_none_or(|to| to > on);
    let clashing = account.awards.iter().find(clashes);
    let is_reduction = clashing.is_some_and(|it| it.code.as_str() == gates::REDUCTION);
    findings.need(
        "no-clashing-award",
        clashing.is_none(),
        if is_reduction { ReasonCode::R15 } else { ReasonCode::R10 },
        (
            "no other award runs on or after the day",
            "another award runs on or after the day: which applies is a judgement",
        ),
        DISCOUNT,
    );
    lives_alone(account, details, on, findings);
    leavers_are_of_the_household(case, premises, account, details, findings);
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = premises.working();
    let mut adults = account.adults_on(on).unwrap_or_default();
    for (number, left) in details.adults_left.iter().enumerate() {
        adults = adults.saturating_sub(1);
        let person = person_who_left(case, premises, account, number, left);
        working.record(OccupantRemoved { account: account.account.clone(), person, from: left.left_on, adults });
    }
    working.award_single_person(&account.account, on);
    vec![working]
}

/// Exactly one adult is left, by what is said and by what is on record.
fn lives_alone(account: &AccountState, details: &SinglePersonDiscountClaim, on: Date, findings: &mut Findings) {
    findings.check(
        "one-adult-by-the-claim",
        details.other_adults_remaining == 0,
        ReasonCode::R10,
        ("no other adult remains", "other adults remain: whether they are disregarded is a judgement"),
        DISCOUNT,
    );
    let left = u16::try_from(details.adults_left.len()).unwrap_or(u16::MAX);
    let is_alone = account.adults_on(on).is_none_or(|adults| adults.checked_sub(left) == Some(1));
    findings.check(
        "one-adult-by-the-record",
        is_alone,
        ReasonCode::R19,
        ("the record leaves one adult", "the record holds other adults of whom nobody says that they left"),
        DISCOUNT,
    );
    findings.check(
        "left-on-the-day",
        details.adults_left.iter().map(|it| it.left_on).max().is_none_or(|last| last == on),
        ReasonCode::R19,
        (
            "the discount begins on the day the other adult left",
            "the discount is claimed from another day than the other adult left",
        ),
        DISCOUNT,
    );
}

/// Whoever is said to have left can have lived there, once, and is not the one who claims to be left.
fn leavers_are_of_the_household(
    case: &Case<'_>,
    premises: &Premises,
    account: &AccountState,
    details: &SinglePersonDiscountClaim,
    findings: &mut Findings,
) {
    let names: Vec<_> = details.adults_left.iter().map(|it| it.name.as_str()).collect();
    let claims = names.iter().any(|name| same_name(name, &case.notification.submitted_by.name));
    let named_twice = names
        .iter()
        .enumerate()
        .any(|(number, name)| names.iter().skip(number + 1).any(|other| same_name(name, other)));
    // Where every adult on record is liable, whoever left was liable.
    let on = case.notification.effective_on;
    let all_liable = account.adults_on(on).is_some_and(|adults| usize::from(adults) <= account.liable_persons.len());
    let unknown = names.iter().any(|name| premises.liable_person_named(account, name).is_none());
    findings.check(
        "leavers-are-of-the-household",
        !(claims || named_twice || (all_liable && unknown)),
        ReasonCode::R19,
        (
            "whoever left can have lived there",
            "whoever is said to have left claims the discount, is named twice, or is not recorded as living there",
        ),
        DISCOUNT,
    );
}

fn person_who_left(
    case: &Case<'_>,
    premises: &Premises,
    account: &AccountState,
    number: usize,
    left: &AdultLeft,
) -> Personal<PersonDetails> {
    let held = premises.liable_person_named(account, &left.name);
    let mut details = held.map(|(_, details)| details.clone()).unwrap_or_default();
    details.name.clone_from(&left.name);
    details.address.clone_from(&left.new_address);
    Personal::open_for(held.map_or_else(|| case.new_person("leaver", number), |(person, _)| person), details)
}

/// N11.
pub(super) fn end(case: &Case<'_>, details: &SinglePersonDiscountEnd, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    // Who gives a discount up is believed for every year that can be charged: how much may move has a limit of its own.
    let is_open = !case.council.categories_set(FinancialYear::of(on)).is_empty();
    gates::dates_of_open_year(case, on, is_open, findings);
    let Some(gates::Identified { premises, account, .. }) = gates::account_open(case, findings) else {
        return Vec::new();
    };
    let is_award = |code: &AwardCode| code.as_str() == AwardCode::SINGLE_PERSON;
    if account.awards.iter().any(|it| is_award(&it.code) && it.period.to == Some(on)) {
        findings.duplicate("not-already-so", format!("the discount already ended on {on}"), DISCOUNT);
        return Vec::new();
    }
    gates::no_reduction_to_assess(case, [account], on, findings);
    let in_force = account.award_on(AwardCode::SINGLE_PERSON, on);
    findings.need(
        "discount-in-force",
        in_force.is_some(),
        ReasonCode::R19,
        ("the single person discount is in force on the day", "no single person discount is in force on the day"),
        DISCOUNT,
    );
    let names_a_liable_person = details.adult_joined.as_ref().is_some_and(|it| {
        account
            .liable_persons
            .iter()
            .filter_map(|held| premises.details(held))
            .any(|held| same_name(&held.name, &it.name))
    });
    findings.check(
        "another-adult-joined",
        !names_a_liable_person,
        ReasonCode::R19,
        ("the adult who joined is not yet on the account", "the adult who joined is on the account already"),
        DISCOUNT,
    );
    let (Some(award), true) = (in_force, findings.all_passed()) else { return Vec::new() };
    let mut working = premises.working();
    working.record(DiscountEnded { account: account.account.clone(), code: award.code.clone(), to: on });
    let adults = account.adults_on(on).unwrap_or(1).saturating_add(1);
    let account = account.account.clone();
    if let Some(joined) = &details.adult_joined {
        let details = PersonDetails {
            name: joined.name.clone(),
            email: joined.email.clone(),
            phone: joined.phone.clone(),
            address: None,
        };
        let person = Personal::open_for(case.new_person("joined", 0), details);
        working.record(OccupantAdded { account, person, from: on, adults });
    } else {
        working.record(HouseholdStated { account, from: on, adults });
    }
    vec![working]
}

/// N12. Never straight through: no institution's feed is connected that could verify a certificate.
pub(super) fn student(case: &Case<'_>, details: &Student, findings: &mut Findings) -> Vec<Working> {
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        return Vec::new();
    };
    if !certified(case, details, findings) {
        return Vec::new();
    }
    let days = |it: &StudentGiven| Period { from: it.starts, to: Some(it.ends.saturating_add(1.day())) };
    let is_known = |it: &StudentGiven| {
        let mut awards = account.awards.iter();
        awards.any(|award| award.code.as_str() == STUDENT && award.period.to == days(it).to)
    };
    if !details.students.is_empty() && details.students.iter().all(is_known) {
        findings.duplicate("not-already-so", "they are on record as students of these courses", STUDENTS);
        return Vec::new();
    }
    let adults = account.adults_on(case.notification.effective_on);
    findings.need(
        "adults-fit-the-record",
        adults.is_none_or(|adults| adults == details.adults),
        ReasonCode::R19,
        ("as many adults are recorded as are told", "another number of adults is recorded than is told"),
        DISCOUNT,
    );
    let left_out = details.students.iter().map(|it| LeftOut {
        name: &it.name,
        code: STUDENT,
        period: days(it),
        ends: Some(ExpiryReason::CourseEnds),
    });
    leave_out(case, (premises, account), &left_out.collect::<Vec<_>>(), None, findings)
}

/// Whether the certificates show what the law asks of a course, as far as a machine sees or an officer is satisfied.
fn certified(case: &Case<'_>, details: &Student, findings: &mut Findings) -> bool {
    const MONTHS_OF_A_COURSE_DAYS: i32 = 365 * 3 / 4;
    let has_come = findings.check(
        "evidence-present",
        !details.evidence.is_empty() && details.evidence.len() >= details.students.len(),
        ReasonCode::R08,
        ("a certificate of each came with it", "no certificate of the institution came with it for each of them"),
        STUDENTS,
    );
    let is_full_time = details.students.iter().all(|it| {
        it.hours_per_week >= 21
            && it.weeks_per_year >= 24
            && (it.ends - it.starts).get_days() >= MONTHS_OF_A_COURSE_DAYS
    });
    let is_full_time = findings.check(
        "full-time-course",
        is_full_time && !details.students.is_empty(),
        ReasonCode::R10,
        (
            "an academic year or more, 24 weeks and 21 hours",
            "not an academic year of 24 weeks and 21 hours: another class may fit",
        ),
        STUDENTS,
    );
    let on = case.notification.effective_on;
    let covers = findings.check(
        "course-covers-the-day",
        details.students.iter().all(|it| it.starts <= on && on <= it.ends),
        ReasonCode::R09,
        ("the course covers the day", "the course does not cover the day"),
        STUDENTS,
    );
    let because = "no feed of the institution is connected that could verify the certificate";
    let is_verified =
        details.evidence.is_empty() || findings.refer("certificate-verified", ReasonCode::R10, because, GATES);
    has_come && is_full_time && covers && is_verified
}
