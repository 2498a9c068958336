//! The documents that a kind asks for, as the deciders have them.

use serde::Serialize;

use crate::decision::officers::Row;
use crate::decision::{disregards, liable, unoccupied};
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
    each(&REASONS, |it| unoccupied::class_of(it).and_then(|row| row.documents).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hearth_events::NotificationKind;
    use serde_json::Value;

    use super::*;
    use crate::intake::schema;

    /// The values that the schema of a notification of this kind allows in a field.
    fn in_schema(kind: NotificationKind, values_with: &str) -> BTreeSet<String> {
        fn find(value: &Value, with: &str, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(it) => it.values().for_each(|it| find(it, with, found)),
                Value::Array(it) if it.iter().any(|it| it == with) && it.iter().all(Value::is_string) => {
                    found.extend(it.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                Value::Array(it) => it.iter().for_each(|it| find(it, with, found)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let mut found = BTreeSet::new();
        find(&schema(kind).unwrap(), values_with, &mut found);
        found
    }

    fn names<T: Serialize + Copy>(cases: &[T]) -> BTreeSet<String> {
        each(cases, |_| vec!["x"]).into_iter().filter_map(|it| it.when).collect()
    }

    #[test]
    fn every_case_of_a_schema_stands_in_its_list() {
        assert_eq!(names(&CLASSES), in_schema(NotificationKind::DisregardClaim, "apprentice"));
        assert_eq!(names(&REASONS), in_schema(NotificationKind::PropertyEmpty, "major-repairs"));
        assert_eq!(names(&RELATIONSHIPS), in_schema(NotificationKind::LiablePersonAdded, "spouse"));
    }
}
