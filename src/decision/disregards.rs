//! N13, N14: somebody of a household is not to be counted.

use hearth_events::{AwardCode, ExpiryReason, Period, PersonDetails, Personal, ReasonCode};
use hearth_projections::AccountState;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::gates::{self, GATES};
use super::households::{is_adult, is_aged};
use super::officers::{self, document_of};
use super::recount::{LeftOut, leave_out};
use super::{Case, Findings, Working};
use crate::intake::details::{DisregardClaim, DisregardClass, SevereMentalImpairment};
use crate::rules::awards;

/// Care leavers: not a disregard but a reduction of the council's own.
const LOCAL: &str = "D-CL";
const IMPAIRED: &str = "DR-SMI";

/// A class of those who are not counted: its award and what proves it.
pub(super) struct Class {
    code: &'static str,
    /// What proves it.
    pub(super) documents: &'static [&'static str],
}

const fn class(code: &'static str, documents: &'static [&'static str]) -> Class {
    Class { code, documents }
}

/// The table of the classes; their law stands with their award.
pub(super) const fn row(class_given: DisregardClass) -> Class {
    use DisregardClass as It;
    match class_given {
        It::Apprentice => class("DR-APP", &["employer-letter", "payslip"]),
        It::CareHome => class("DR-CARE", &["care-home-letter"]),
        It::CareLeaver => class("D-CL", &["social-services-letter"]),
        It::CareWorker => class("DR-CWKR", &["employer-letter"]),
        It::Carer => class("DR-CARER", &["benefit-letter"]),
        It::ChildBenefit => class("DR-CB", &["child-benefit-letter"]),
        It::Detained => class("DR-DET", &["prison-letter", "court-order"]),
        It::Diplomat => class("DR-DIP", &["fcdo-letter"]),
        It::ForeignLanguageAssistant => class("DR-FLA", &["british-council-letter"]),
        It::ForeignSpouseOfStudent => class("DR-SPST", &["passport", "visa"]),
        It::HomesForUkraine => class("DR-UKR", &["scheme-letter"]),
        It::Hospital => class("DR-HOSP", &["hospital-letter"]),
        It::Hostel => class("DR-HOST", &["hostel-letter"]),
        It::InternationalHeadquarters => class("DR-IHQ", &["identity-card"]),
        It::ReligiousCommunity => class("DR-RELIG", &["superiors-letter"]),
        It::SchoolLeaver => class("DR-LEAV", &["school-letter", "college-letter"]),
        It::SevereMentalImpairment => class("DR-SMI", &["doctors-certificate", "benefit-letter"]),
        It::Student => class("DR-STU", &["student-certificate"]),
        It::StudentNurse => class("DR-NUR", &["student-certificate"]),
        It::StudentUnderTwenty => class("DR-STU20", &["school-letter", "college-letter"]),
        It::VisitingForces => class("DR-VF", &["identity-card"]),
        It::YouthTraining => class("DR-YT", &["training-provider-letter"]),
    }
}

/// The code of the award of a class.
pub(super) const fn code_of(class: DisregardClass) -> &'static str {
    row(class).code
}

/// Decides a claim that somebody is not counted.
pub(super) fn claim(case: &Case<'_>, details: &DisregardClaim, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let class = row(details.class);
    let Some((code, law)) =
        class.code.parse::<AwardCode>().ok().and_then(|code| Some((code.clone(), awards::row(&code)?.law)))
    else {
        return Vec::new();
    };
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        return Vec::new();
    };
    if account.award_on(code.as_str(), on).is_some() {
        findings.duplicate("not-already-so", format!("{code} is already in force on the day"), law);
        return Vec::new();
    }
    document_of(class.documents, &details.evidence, law, findings);
    let end = established(details, on, law, findings);
    let is_liable = premises.liable_person_named(account, &details.person).is_some();
    // A care leaver is mostly the one who is liable: it is their own bill that is reduced.
    findings.check(
        "not-liable",
        !is_liable || class.code == LOCAL,
        ReasonCode::R10,
        (
            "nobody who is liable is left out of the count",
            "who is not to be counted is liable: who is liable then is a judgement",
        ),
        law,
    );
    let joins = joins(account, details, on);
    let classes = account.awards.iter().filter(|it| it.code.as_str().starts_with("DR-") && it.period.contains(on));
    let known = account.liable_persons.len() + classes.count();
    findings.need(
        "somebody-to-leave-out",
        is_liable || joins || account.adults_on(on).is_none_or(|adults| usize::from(adults) > known),
        ReasonCode::R19,
        (
            "whoever is not to be counted is among the adults on record, or is 18 from that day",
            "the adults on record leave nobody who could be left out of the count",
        ),
        GATES,
    );
    if class.code == LOCAL {
        percent_on_record(case, on, law, findings);
    }
    let of_age = || {
        let details = PersonDetails { name: details.person.clone(), ..PersonDetails::default() };
        Personal::open_for(case.new_person("of-age", 0), details)
    };
    let period = Period { from: on, to: end.map(|(to, _)| to) };
    let left_out = LeftOut { name: &details.person, code: class.code, period, ends: end.map(|(_, reason)| reason) };
    leave_out(case, (premises, account), &[left_out], joins.then(of_age), findings)
}

/// What care leavers are given is the council's own: by its policy, or an award says it.
fn percent_on_record(case: &Case<'_>, on: Date, law: &str, findings: &mut Findings) {
    const CHECK: &str = "percent-on-record";
    match case.council.local_discount_on(LOCAL, on) {
        Some(percent) => findings.pass(CHECK, format!("the council gives care leavers {percent}% on {on}"), law),
        None => findings.lack(
            CHECK,
            ReasonCode::R10,
            "what the council gives care leavers is not on record: policy says it as care_leaver_percent",
            law,
        ),
    }
}

/// Whether whoever is claimed for is 18 on the very day, in a home of one counted adult, and so not among the adults yet.
fn joins(account: &AccountState, details: &DisregardClaim, on: Date) -> bool {
    let eve = on.saturating_sub(1.day());
    let is_new_adult = details.date_of_birth.is_some_and(|born| is_adult(born, on) && !is_adult(born, eve));
    is_new_adult && account.award_on(AwardCode::SINGLE_PERSON, on).is_some()
}

/// Whether somebody is of the class, and the first day on which they no longer are, as far as that is known.
fn established(details: &DisregardClaim, on: Date, law: &str, findings: &mut Findings) -> Option<(Date, ExpiryReason)> {
    const CHECK: &str = "follows-from-dates";
    let by_dates = first_day_counted(details, on);
    if let Some(end) = by_dates {
        findings.pass(CHECK, "the dates of birth and of the claim fulfil what the law asks", law);
        return Some(end);
    }
    let is_of_dates = matches!(details.class, DisregardClass::SchoolLeaver | DisregardClass::ChildBenefit);
    if is_of_dates && details.date_of_birth.is_some() {
        let because = "by the dates of birth and of the claim, they are not of this class on the day";
        findings.lack(CHECK, ReasonCode::R10, because, law);
        return None;
    }
    let because = "whether somebody is of this class does not follow from dates alone";
    findings.refer(CHECK, ReasonCode::R10, because, law);
    if details.class == DisregardClass::SchoolLeaver {
        return Some((date(on.year(), 11, 1), ExpiryReason::LeaversOctober));
    }
    details.ends_on.map(|last| (last.saturating_add(1.day()), ExpiryReason::DocumentEnds))
}

/// The first day on which somebody of a class that follows from dates is counted again; none where it does not follow.
fn first_day_counted(details: &DisregardClaim, on: Date) -> Option<(Date, ExpiryReason)> {
    const UNDER: i32 = 20;
    let born = details.date_of_birth.filter(|born| is_adult(*born, on) && !is_aged(*born, UNDER, on))?;
    let birthday = (born.saturating_add(UNDER.years()), ExpiryReason::LongestInLaw);
    match details.class {
        // Left after 30 April and before 1 November; to 31 October, and while under 20.
        DisregardClass::SchoolLeaver => {
            let over = (date(on.year(), 11, 1), ExpiryReason::LeaversOctober);
            (on.month() >= 5 && on < over.0).then(|| if over.0 <= birthday.0 { over } else { birthday })
        }
        DisregardClass::ChildBenefit => {
            let last = (details.ends_on?.saturating_add(1.day()), ExpiryReason::DocumentEnds);
            Some(if last.0 <= birthday.0 { last } else { birthday })
        }
        DisregardClass::Apprentice
        | DisregardClass::CareHome
        | DisregardClass::CareLeaver
        | DisregardClass::CareWorker
        | DisregardClass::Carer
        | DisregardClass::Detained
        | DisregardClass::Diplomat
        | DisregardClass::ForeignLanguageAssistant
        | DisregardClass::ForeignSpouseOfStudent
        | DisregardClass::HomesForUkraine
        | DisregardClass::Hospital
        | DisregardClass::Hostel
        | DisregardClass::InternationalHeadquarters
        | DisregardClass::ReligiousCommunity
        | DisregardClass::SevereMentalImpairment
        | DisregardClass::Student
        | DisregardClass::StudentNurse
        | DisregardClass::StudentUnderTwenty
        | DisregardClass::VisitingForces
        | DisregardClass::YouthTraining => None,
    }
}

/// N13: from the later of what a doctor certifies and the benefit (LGFA 1992 Sch.1 para.2).
pub(super) fn impairment(case: &Case<'_>, details: &SevereMentalImpairment, findings: &mut Findings) -> Vec<Working> {
    let Some((premises, account)) = officers::claimed(case, &officers::IMPAIRMENT, &details.evidence, findings) else {
        return Vec::new();
    };
    let from = details.benefit_from.unwrap_or(case.notification.effective_on).max(details.certified_from);
    let is_known = account.awards.iter().any(|it| it.code.as_str() == IMPAIRED && it.period == Period::starting(from));
    if is_known {
        findings.duplicate(
            "not-already-so",
            format!("{IMPAIRED} is in force from {from} already"),
            officers::IMPAIRMENT.law,
        );
        return Vec::new();
    }
    let left_out = LeftOut { name: &details.person, code: IMPAIRED, period: Period::starting(from), ends: None };
    leave_out(case, (premises, account), &[left_out], None, findings)
}
