//! N14: somebody of a household is not to be counted.

use hearth_events::{
    AwardCode, DiscountAwarded, DiscountEnded, OccupantAdded, Period, PersonDetails, Personal, ReasonCode,
};
use hearth_projections::AccountState;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::gates::{self, GATES};
use super::households::{adults, is_adult, is_aged, no_other_award};
use super::officers::document_of;
use super::{Case, Findings, Working};
use crate::intake::details::{DisregardClaim, DisregardClass};
use crate::rules::awards;

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
    let ends = first_day_counted(details, on);
    findings.need(
        "follows-from-dates",
        ends.is_some(),
        ReasonCode::R10,
        (
            "the dates of birth and of the claim fulfil what the law asks",
            "whether somebody is of this class does not follow from dates alone",
        ),
        law,
    );
    findings.need(
        "not-liable",
        premises.liable_person_named(account, &details.person).is_none(),
        ReasonCode::R10,
        ("who is not counted is not liable", "who is not to be counted is liable: who is liable then is a judgement"),
        law,
    );
    no_other_award(account, on, &[AwardCode::SINGLE_PERSON, "D-DBR", "D-ANX"], findings);
    let adults = adults(account, on, findings);
    let is_new_adult = details.date_of_birth.is_some_and(|born| is_adult(born, on) && !is_adult(born, eve(on)));
    let fits = adults.is_none_or(|adults| fits_the_record(account, on, adults, is_new_adult));
    findings.need(
        "household-fits-the-record",
        fits,
        ReasonCode::R19,
        (
            "the adults on record and the discount in force fit the claim",
            "the adults on record and the discount in force leave no adult who could be left out of the count",
        ),
        GATES,
    );
    let (Some(adults), Some(ends), true) = (adults, ends, findings.all_passed()) else { return Vec::new() };
    let mut working = premises.working();
    let period = Period { from: on, to: Some(account.period.to.map_or(ends, |to| to.min(ends))) };
    working.record(DiscountAwarded { account: account.account.clone(), code, period, terms: None });
    counted(case, &mut working, (account, adults), details, period);
    vec![working]
}

fn eve(day: Date) -> Date {
    day.saturating_sub(1.day())
}

/// The first day on which somebody of a class that follows from dates is counted again; none where it does not follow.
fn first_day_counted(details: &DisregardClaim, on: Date) -> Option<Date> {
    const UNDER: i32 = 20;
    let born = details.date_of_birth.filter(|born| is_adult(*born, on) && !is_aged(*born, UNDER, on))?;
    let birthday = born.saturating_add(UNDER.years());
    match details.class {
        // Left after 30 April and before 1 November; to 31 October, and while under 20.
        DisregardClass::SchoolLeaver => {
            let over = date(on.year(), 11, 1);
            (on.month() >= 5 && on < over).then(|| over.min(birthday))
        }
        DisregardClass::ChildBenefit => {
            let last = details.ends_on?;
            Some(last.saturating_add(1.day()).min(birthday))
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

/// Somebody can be left out of the count: an adult beside those liable, or one who is 18 today in a home of one adult.
fn fits_the_record(account: &AccountState, on: Date, adults: u16, is_new_adult: bool) -> bool {
    let alone = account.award_on(AwardCode::SINGLE_PERSON, on).is_some();
    if alone { adults == 1 && is_new_adult } else { usize::from(adults) > account.liable_persons.len() && adults > 1 }
}

/// What is left of the count: the discount begins with one counted adult, or goes on as long as the other is not counted.
fn counted(
    case: &Case<'_>,
    working: &mut Working,
    (account, adults): (&AccountState, u16),
    details: &DisregardClaim,
    period: Period,
) {
    let reference = account.account.clone();
    let code = AwardCode::single_person();
    if let Some(award) = account.award_on(AwardCode::SINGLE_PERSON, period.from) {
        let of_age = PersonDetails { name: details.person.clone(), ..PersonDetails::default() };
        let person = Personal::open_for(case.new_person("of-age", 0), of_age);
        working.record(OccupantAdded {
            account: reference.clone(),
            person,
            from: period.from,
            adults: adults.saturating_add(1),
        });
        if let Some(to) = period.to.filter(|to| award.period.to.is_none_or(|end| end > *to)) {
            working.record(DiscountEnded { account: reference, code, to });
        }
    } else if adults == 2 {
        working.record(DiscountAwarded { account: reference, code, period, terms: None });
    }
}
