//! What becomes of a dwelling: N15 to N19, N25, N31.

use hearth_events::Band;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EvidenceGiven, PersonGiven, lenient_bool, lenient_optional_bool};

/// N15: nobody lives there any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PropertyEmpty {
    /// Why nobody lives there.
    pub reason: EmptyReason,
    /// Whether it is still substantially furnished.
    #[serde(deserialize_with = "lenient_bool")]
    pub furnished: bool,
    /// The day the furniture was gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub furniture_removed_on: Option<Date>,
    /// What is to become of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plans: Option<String>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// Why nobody lives in a dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the table in the decision says of each what it is")]
pub enum EmptyReason {
    MovedElsewhere,
    BetweenTenants,
    ForSale,
    MajorRepairs,
    Death,
    CareHomeOrHospital,
    CaredForElsewhere,
    CaringElsewhere,
    Detained,
    StudentElsewhere,
    OccupationProhibited,
    Repossessed,
    Bankruptcy,
    CharityOwned,
    Other,
}

/// N16: it is furnished and nobody's main home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondHome {
    /// Where the main home is.
    pub main_home_address: String,
    /// Whether it is substantially furnished.
    #[serde(deserialize_with = "lenient_bool")]
    pub furnished: bool,
    /// Why no premium is to be charged, where that is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<SecondHomeException>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// The classes of dwelling that are spared a premium on second homes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecondHomeException {
    /// Class E.
    ArmedForces,
    /// Class F.
    Annexe,
    /// Class G.
    ForSale,
    /// Class H.
    ToLet,
    /// Class I.
    ProbateGranted,
    /// Class J.
    JobRelated,
    /// Class K.
    PitchOrMooring,
    /// Class L.
    OccupationRestricted,
}

/// N17: somebody lives there again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackInUse {
    /// Every adult who lives there now.
    pub persons: Vec<PersonGiven>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// N18: a disabled person lives there, and it has what they need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisabledBandReduction {
    /// Title and names, adult or child.
    pub disabled_person: String,
    /// What the dwelling has.
    pub feature: DisabledFeature,
    /// What the disability is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<String>,
    /// Whether a wheelchair is used indoors.
    #[serde(default, deserialize_with = "lenient_optional_bool", skip_serializing_if = "Option::is_none")]
    pub wheelchair_indoors: Option<bool>,
    /// The doctor, occupational therapist or social worker who confirms it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<String>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// What a dwelling has for a disabled person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisabledFeature {
    /// A room that is mainly used by them and needed.
    Room,
    /// A second bathroom or kitchen that they need.
    BathroomOrKitchen,
    /// Floor space for a wheelchair.
    WheelchairSpace,
}

/// N19: an annexe, for the reduction of half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Annexe {
    /// How it is used.
    pub used_as: AnnexeUse,
    /// Who lives there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<String>,
    /// What they are to the liable person of the main dwelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// Whether they depend on the family: 65 or over, severely mentally impaired, or substantially disabled.
    #[serde(default, deserialize_with = "lenient_optional_bool", skip_serializing_if = "Option::is_none")]
    pub relative_depends: Option<bool>,
    /// The permission that binds it to the main dwelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planning_reference: Option<String>,
    /// What proves it.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// How an annexe is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnnexeUse {
    /// As part of the home of those in the main dwelling.
    WithMainDwelling,
    /// As the main home of a relative.
    HomeOfRelative,
}

/// N25: the valuation list has changed, as the Valuation Office Agency tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BandChange {
    /// What was changed in the list.
    pub change: ListChange,
    /// The band from `effective_on`; needed where an entry was amended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[A-H]$")]
    pub band: Option<Band>,
    /// The band before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[A-H]$")]
    pub previous_band: Option<Band>,
    /// The reason for the alteration, CL01 to CL29.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_code: Option<String>,
    /// The schedule it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
}

/// What was changed in the valuation list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ListChange {
    /// An entry has another band.
    Amended,
    /// A new entry.
    Inserted,
    /// An entry is gone.
    Deleted,
    /// An entry is there again.
    Reinstated,
    /// Entries were split or merged.
    Reconstituted,
}

/// N31: a dwelling that is not in the list yet: built, converted or finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProperty {
    /// Where it is.
    pub address: String,
    /// Its plot, while it has no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plot: Option<String>,
    /// The day it was finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_on: Option<Date>,
    /// The planning permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planning_reference: Option<String>,
}
