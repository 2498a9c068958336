//! The documents that a kind asks for, as the deciders have them.

use serde::Serialize;

use super::super::officers::Row;
use super::super::{classes, disregards, liable};
use crate::intake::details::{DisregardClass, EmptyReason, Relationship};

/// Documents that prove something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// For which class, relationship or cause; none where it is asked for always.
    pub when: Option<String>,
    /// The documents, of which any is enough.
    pub any_of: Vec<&'static str>,
}

const RELATIONSHIPS: [Relationship; 5] = [
    Relationship::Spouse,
    Relationship::CivilPartner,
    Relationship::Couple,
    Relationship::JointTenant,
    Relationship::JointOwner,
];

const REASONS: [EmptyReason; 15] = [
    EmptyReason::MovedElsewhere,
    EmptyReason::BetweenTenants,
    EmptyReason::ForSale,
    EmptyReason::MajorRepairs,
    EmptyReason::Death,
    EmptyReason::CareHomeOrHospital,
    EmptyReason::CaredForElsewhere,
    EmptyReason::CaringElsewhere,
    EmptyReason::Detained,
    EmptyReason::StudentElsewhere,
    EmptyReason::OccupationProhibited,
    EmptyReason::Repossessed,
    EmptyReason::Bankruptcy,
    EmptyReason::CharityOwned,
    EmptyReason::Other,
];

const CLASSES: [DisregardClass; 22] = [
    DisregardClass::Apprentice,
    DisregardClass::CareHome,
    DisregardClass::CareLeaver,
    DisregardClass::CareWorker,
    DisregardClass::Carer,
    DisregardClass::ChildBenefit,
    DisregardClass::Detained,
    DisregardClass::Diplomat,
    DisregardClass::ForeignLanguageAssistant,
    DisregardClass::ForeignSpouseOfStudent,
    DisregardClass::HomesForUkraine,
    DisregardClass::Hospital,
    DisregardClass::Hostel,
    DisregardClass::InternationalHeadquarters,
    DisregardClass::ReligiousCommunity,
    DisregardClass::SchoolLeaver,
    DisregardClass::SevereMentalImpairment,
    DisregardClass::Student,
    DisregardClass::StudentNurse,
    DisregardClass::StudentUnderTwenty,
    DisregardClass::VisitingForces,
    DisregardClass::YouthTraining,
];

fn always(any_of: &[&'static str]) -> Vec<Evidence> {
    vec![Evidence { when: None, any_of: any_of.to_vec() }]
}

/// What is asked for in each of these cases; nothing is said of a case in which nothing is.
fn each<T: Serialize + Copy>(cases: &[T], documents: impl Fn(T) -> Vec<&'static str>) -> Vec<Evidence> {
    let of = |case: &T| {
        let name = serde_json::to_value(case).ok()?.as_str()?.to_owned();
        Some(Evidence { when: Some(name), any_of: documents(*case) }).filter(|it| !it.any_of.is_empty())
    };
    cases.iter().filter_map(of).collect()
}

pub(super) fn none() -> Vec<Evidence> {
    Vec::new()
}

pub(super) fn of_row(row: &Row) -> Vec<Evidence> {
    always(row.documents.as_slice())
}

pub(super) fn of_a_name() -> Vec<Evidence> {
    always(&["document"])
}

pub(super) fn of_students() -> Vec<Evidence> {
    always(&["certificate of the institution"])
}

pub(super) fn of_second_homes() -> Vec<Evidence> {
    let any_of = vec!["an agent's letter", "the advertisement", "the planning condition"];
    vec![Evidence { when: Some("exception".to_owned()), any_of }]
}

pub(super) fn of_probate() -> Vec<Evidence> {
    always(&["grant-of-probate", "letters-of-administration"])
}

pub(super) fn of_liability() -> Vec<Evidence> {
    each(&RELATIONSHIPS, |it| liable::proof(it).0.to_vec())
}

pub(super) fn of_disregards() -> Vec<Evidence> {
    each(&CLASSES, |it| disregards::row(it).documents.to_vec())
}

pub(super) fn of_empty_dwellings() -> Vec<Evidence> {
    each(&REASONS, |it| classes::class_of(it).and_then(|it| it.row.documents).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use utoipa::PartialSchema;

    use super::*;

    /// The cases of these that the schema of `T` does not know, or that only it knows.
    fn differing<T: Serialize + Copy + PartialSchema>(cases: &[T]) -> Vec<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let in_schema: BTreeSet<_> =
            schema["enum"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
        let listed: BTreeSet<_> = each(cases, |_| vec!["x"]).into_iter().filter_map(|it| it.when).collect();
        in_schema.symmetric_difference(&listed).cloned().collect()
    }

    #[test]
    fn every_case_of_a_schema_stands_in_its_list() {
        assert_eq!(differing(&CLASSES), [""; 0]);
        assert_eq!(differing(&REASONS), [""; 0]);
        assert_eq!(differing(&RELATIONSHIPS), [""; 0]);
    }
}
