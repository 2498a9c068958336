//! Which checks a notification of each kind passes through, as it is shown.

use serde::Serialize;
use utoipa::ToSchema;

/// The kinds, the checks and the reasons, each with what it means.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Gates {
    /// Every kind, by its number in the catalogue.
    pub kinds: Vec<KindGates>,
    /// Every check, by its name.
    pub checks: Vec<CheckAsked>,
    /// Every reason, by its code.
    pub reasons: Vec<ReasonMeant>,
}

/// One kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KindGates {
    /// Its name.
    pub kind: &'static str,
    /// Its number in the catalogue.
    #[schema(pattern = "^N[0-9]{2}$")]
    pub code: &'static str,
    /// When it goes straight through, in words; null where an officer decides it always.
    pub straight_through_when: Option<&'static str>,
    /// The documents it asks for.
    pub evidence: Vec<DocumentsAsked>,
    /// The types of event that it can lead to at a dwelling, by itself or once an officer accepts it.
    pub events: Vec<&'static str>,
    /// The checks on its way.
    pub checks: Vec<GateOfKind>,
}

/// Documents, of which any is enough.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentsAsked {
    /// For which class, relationship or cause; null where they are asked for always.
    pub when: Option<String>,
    /// The documents.
    pub any_of: Vec<&'static str>,
}

/// A check on the way of a kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GateOfKind {
    /// Which.
    pub check: &'static str,
    /// How it can come out where it does not pass; empty where it always passes.
    pub fails: Vec<GateFails>,
}

/// How a check comes out where it does not pass.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GateFails {
    /// The outcome of the finding: `referred`, `duplicate` or `rejected`.
    pub outcome: &'static str,
    /// The reason; null where the submitter has to put it right.
    pub reason: Option<&'static str>,
    /// Whether an officer may be satisfied of it all the same.
    pub overridable: bool,
}

/// A check.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckAsked {
    /// Its name in findings.
    pub check: &'static str,
    /// What it asks.
    pub asks: &'static str,
    /// The reasons it can give, for any kind.
    pub reasons: Vec<&'static str>,
    /// Where in law or policy it comes from.
    pub sources: Vec<&'static str>,
    /// Whether an officer may be satisfied of it for some kind; the rows of the kinds say for which.
    pub overridable: bool,
}

/// A reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReasonMeant {
    /// Its code.
    #[schema(pattern = "^R[0-9]{2}$")]
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
}
