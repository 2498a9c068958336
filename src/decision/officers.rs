//! Kinds that a machine never decides to the end: a row each, with why, by which law, and on what documents.

use hearth_events::ReasonCode;

use super::gates::{self, GATES};
use super::{Case, Findings, Working};
use crate::intake::details::{CopyBillRequest, EvidenceGiven};
use crate::rules::sources;

/// Why an officer decides.
pub(super) struct Row {
    /// What the check is called.
    pub(super) check: &'static str,
    /// The reason of the referral.
    pub(super) reason: ReasonCode,
    /// Why, in words.
    pub(super) because: &'static str,
    /// The documents it is decided on; none where none are asked for.
    pub(super) documents: Option<&'static str>,
    /// The source.
    pub(super) law: &'static str,
}

const fn row(check: &'static str, reason: ReasonCode, because: &'static str, law: &'static str) -> Row {
    Row { check, reason, because, documents: None, law }
}

impl Row {
    const fn on(self, documents: &'static str) -> Self {
        Self { documents: Some(documents), ..self }
    }
}

/// N13.
pub(super) const IMPAIRMENT: Row = row(
    "impairment-established",
    ReasonCode::R10,
    "whether an impairment is severe and lasting, and goes with a qualifying benefit, is a judgement",
    "Local Government Finance Act 1992 Sch.1 para.2",
)
.on("a doctor's certificate and the award letter of the benefit");

/// N18.
pub(super) const DISABLED: Row = row(
    "dwelling-inspected",
    ReasonCode::R21,
    "the features of the dwelling are inspected",
    "Local Government Finance Act 1992 s.13; SI 1992/554",
)
.on("a letter of a doctor, an occupational therapist or a social worker");

/// N19.
pub(super) const ANNEXE: Row = row(
    "annexe-established",
    ReasonCode::R10,
    "whether it is an annexe, and used as the law asks, is a judgement",
    sources::ANNEXES,
)
.on("proof of who lives there, or of how it belongs to the main dwelling");

/// N30.
pub(super) const REDUCTION: Row = row(
    "reduction-recorded",
    ReasonCode::R15,
    "an assessor decides council tax reduction, and no amount of it is kept on an account yet",
    "Local Government Finance Act 1992 s.13A(1)(a)",
);

/// N31.
pub(super) const NEW_PROPERTY: Row = row(
    "in-the-list",
    ReasonCode::R22,
    "a new entry in the list is asked of the Valuation Office Agency",
    "Local Government Finance Act 1992 ss.17, 23, 27",
);

/// N32.
pub(super) const DISPUTE: Row = row(
    "nothing-disputed",
    ReasonCode::R18,
    "a dispute is dealt with by a person",
    "Local Government Finance Act 1992 ss.15, 16",
);

/// N33.
pub(super) const ENQUIRY: Row = row("decided-by-machine", ReasonCode::R10, "a question is answered by a person", GATES);

pub(super) const COPY: Row =
    row("bill-on-file", ReasonCode::R10, "no bill is kept yet that could be sent again: an officer makes it", GATES);
pub(super) const ARRANGEMENT: Row = row(
    "instalments-as-billed",
    ReasonCode::R14,
    "an arrangement depends on what is owed and how far recovery is: an officer agrees it",
    "SI 1992/613 reg.21(5)",
);
pub(super) const HARDSHIP: Row = row(
    "no-discretion-needed",
    ReasonCode::R10,
    "a reduction in hardship is at the council's discretion",
    "Local Government Finance Act 1992 s.13A(1)(c)",
);

/// N34.
pub(super) fn about_bills(request: CopyBillRequest) -> &'static Row {
    match request {
        CopyBillRequest::CopyBill => &COPY,
        CopyBillRequest::PaymentArrangement => &ARRANGEMENT,
        CopyBillRequest::Hardship => &HARDSHIP,
    }
}

/// Refers by a row, whoever tells it.
pub(super) fn refer(case: &Case<'_>, row: &Row, findings: &mut Findings) -> Vec<Working> {
    gates::dates(case, &[case.notification.effective_on], findings);
    findings.lack(row.check, row.reason, row.because, row.law);
    Vec::new()
}

/// Refers a claim of the holder of an account by a row, with what is missing to decide it.
pub(super) fn award(case: &Case<'_>, row: &Row, evidence: &[EvidenceGiven], findings: &mut Findings) -> Vec<Working> {
    if gates::open_account(case, findings).is_some() {
        documents(row, evidence, findings);
    }
    findings.lack(row.check, row.reason, row.because, row.law);
    Vec::new()
}

/// Something came that a row asks for; whether it proves anything is for whoever reads it.
pub(super) fn documents(row: &Row, evidence: &[EvidenceGiven], findings: &mut Findings) {
    const CHECK: &str = "evidence-present";
    let Some(documents) = row.documents else { return };
    if evidence.is_empty() {
        findings.refer(CHECK, ReasonCode::R08, format!("nothing came with it; needed: {documents}"), row.law);
    } else {
        findings.pass(CHECK, format!("came with it, to be read as: {documents}"), row.law);
    }
}

/// A document of one of these kinds came, as far as its sender says what it is. Whether to go on as if one had.
pub(super) fn document_of(kinds: &[&str], evidence: &[EvidenceGiven], law: &str, findings: &mut Findings) -> bool {
    const CHECK: &str = "evidence-present";
    let held = evidence.iter().find(|it| kinds.iter().any(|kind| it.kind.trim().eq_ignore_ascii_case(kind)));
    if let Some(it) = held {
        findings.pass(CHECK, format!("a {} came with it", it.kind.trim().to_lowercase()), law);
        return true;
    }
    let because = format!("no document came with it that proves it: {}", kinds.join(" or "));
    findings.refer(CHECK, ReasonCode::R08, because, law)
}
