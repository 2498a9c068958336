//! Who lives in a household, who of them is liable, and who is not counted: N06 to N09, N13, N14.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EvidenceGiven, PersonGiven, lenient_bool, lenient_optional_u16};

/// N06: somebody came to live in a household, who is not to be liable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OccupierJoined {
    /// Who came.
    pub person: PersonGiven,
    /// When they were born; nobody is counted before the 18th birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// Where they lived before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_address: Option<String>,
    /// Why they are not counted as an adult, where that is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_counted_as: Option<DisregardClass>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// N07: somebody who is not liable left a household, which stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OccupierLeft {
    /// Title and names of who left.
    pub name: String,
    /// Where they went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_address: Option<String>,
    /// Adults who live there now, with the one who tells it.
    #[serde(default, deserialize_with = "lenient_optional_u16", skip_serializing_if = "Option::is_none")]
    pub adults_remaining: Option<u16>,
}

/// N08: somebody becomes liable together with those who are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiablePersonAdded {
    /// Who.
    pub person: PersonGiven,
    /// Why they are liable.
    pub relationship: Relationship,
    /// Whether they lived there already before `effective_on`.
    #[serde(deserialize_with = "lenient_bool")]
    pub lived_there_before: bool,
    /// What proves it: a `marriage-certificate`, `civil-partnership-certificate`, `tenancy-agreement`, `title`, `title-deed`,
    /// `mortgage-statement` or `completion-statement`.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// Why somebody is liable together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relationship {
    /// Married to a liable person.
    Spouse,
    /// In a civil partnership with one.
    CivilPartner,
    /// Living with one as a couple.
    Couple,
    /// Named in the tenancy.
    JointTenant,
    /// Named in the title.
    JointOwner,
}

/// N09: somebody is no longer liable together with the others, who stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiablePersonRemoved {
    /// Title and names of who is no longer liable.
    pub name: String,
    /// Where letters to them go now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarding_address: Option<String>,
}

/// N13: somebody is severely mentally impaired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SevereMentalImpairment {
    /// Title and names.
    pub person: String,
    /// The doctor who certifies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<String>,
    /// The day since when a doctor certifies it.
    pub certified_from: Date,
    /// The benefit that they are entitled to.
    pub benefit: String,
    /// The day since when they are entitled to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit_from: Option<Date>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// N14: somebody of a household is not to be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisregardClaim {
    /// Title and names of who is not to be counted.
    pub person: String,
    /// Why.
    pub class: DisregardClass,
    /// When they were born.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// The last day of it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    /// What proves it: a `child-benefit-letter`, `school-letter`, `employer-letter`, `benefit-letter` and so on by the class.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// Why somebody is not counted. Students and the severely mentally impaired have kinds of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the table in the decision says of each what it is")]
pub enum DisregardClass {
    Apprentice,
    CareHome,
    CareLeaver,
    CareWorker,
    Carer,
    ChildBenefit,
    Detained,
    Diplomat,
    ForeignLanguageAssistant,
    ForeignSpouseOfStudent,
    HomesForUkraine,
    Hospital,
    Hostel,
    InternationalHeadquarters,
    ReligiousCommunity,
    SchoolLeaver,
    SevereMentalImpairment,
    Student,
    StudentNurse,
    StudentUnderTwenty,
    VisitingForces,
    YouthTraining,
}
