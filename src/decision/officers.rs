//! Kinds that a machine never decides to the end: a row each, with why, by which law, and on what documents.

use hearth_events::{AwardTerms, ChargeLine, DiscountEnded, ExpiryReason, Money, ReasonCode};
use hearth_projections::{AccountState, Award};
use jiff::ToSpan;
use rust_decimal::Decimal;

use super::awarding::{Granted, grant};
use super::gates::{self, GATES};
use super::{AccountMatch, Case, Findings, Premises, Working, copies};
use crate::intake::details::{
    Annexe, AnnexeUse, CopyBill, CopyBillRequest, CouncilTaxReduction, DisabledBandReduction, EvidenceGiven,
};
use crate::rules::{Practice, sources};

/// Why an officer decides.
#[derive(Clone, Copy)]
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

/// The code of council tax reduction.
const REDUCED: &str = "D-CTR";

/// N30.
pub(super) const REDUCTION: Row = row(
    "reduction-assessed",
    ReasonCode::R15,
    "an assessor decides council tax reduction: an officer takes their word over",
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

pub(super) const COPY: Row = row(
    "bill-on-file",
    ReasonCode::R10,
    "no bill of that year that was issued here is on file: an officer finds it or makes it",
    GATES,
);
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
fn about_bills(request: CopyBillRequest) -> &'static Row {
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

/// A copy of a bill goes to who is liable; the rest is referred, with how far recovery of the account is.
pub(super) fn bills(case: &Case<'_>, details: &CopyBill, findings: &mut Findings) -> Vec<Working> {
    if details.request == CopyBillRequest::CopyBill && case.council.rules().does(Practice::CopyBills) {
        return copies::copy(case, details.financial_year.as_deref(), findings);
    }
    if let AccountMatch::Found(account, uprn) = &case.matched.account
        && let Some(account) = case.premises(uprn).and_then(|it| it.state.account(account))
    {
        gates::not_at_court(case, account, findings);
    }
    refer(case, about_bills(details.request), findings)
}

/// The account of a claim that only an officer can be satisfied of, by a row; none where nobody is.
pub(super) fn claimed<'a>(
    case: &'a Case<'_>,
    row: &Row,
    evidence: &[EvidenceGiven],
    findings: &mut Findings,
) -> Option<(&'a Premises, &'a AccountState)> {
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        findings.lack(row.check, row.reason, row.because, row.law);
        return None;
    };
    documents(row, evidence, findings);
    findings.refer(row.check, row.reason, row.because, row.law).then_some((premises, account))
}

/// N18: the band below, from the day on which the dwelling has what the disabled person needs.
pub(super) fn disabled(case: &Case<'_>, details: &DisabledBandReduction, findings: &mut Findings) -> Vec<Working> {
    reduced(case, &DISABLED, "D-DBR", &details.evidence, findings)
}

/// N19: half off an annexe; exempt where a dependent relative lives there (class W), or where nobody does and it may not be
/// let apart (class T).
pub(super) fn annexe(case: &Case<'_>, details: &Annexe, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let is_occupied = case.accounts_concerned().first().is_none_or(|it| {
        let account = case.matched.premises.iter().find_map(|premises| premises.state.account(it));
        account.is_none_or(|it| it.is_occupied_on(on))
    });
    let code = match details.used_as {
        AnnexeUse::HomeOfRelative if details.relative_depends == Some(true) => "X-W",
        AnnexeUse::WithMainDwelling if !is_occupied && details.planning_reference.is_some() => "X-T",
        AnnexeUse::HomeOfRelative | AnnexeUse::WithMainDwelling => "D-ANX",
    };
    reduced(case, &ANNEXE, code, &details.evidence, findings)
}

/// An award that leaves the household and who is liable as they are.
fn reduced(
    case: &Case<'_>,
    row: &Row,
    code: &str,
    evidence: &[EvidenceGiven],
    findings: &mut Findings,
) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some((premises, account)) = claimed(case, row, evidence, findings) else { return Vec::new() };
    let later = account.awards.iter().find(|it| it.code.as_str() == code && it.period.goes_beyond(on));
    match later {
        Some(it) if it.period.from <= on => {
            findings.duplicate("not-already-so", format!("{code} is already in force on the day"), row.law);
        }
        Some(it) => {
            let because =
                format!("{code} runs from {} already: which day is right has to be put right", it.period.from);
            findings.lack("no-later-award", ReasonCode::R19, because, row.law);
        }
        None => {}
    }
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = premises.working();
    grant(&mut working, Granted::from(&account.account, code, on));
    vec![working]
}

/// N30: so much a week, in place of what was paid before. Only an officer can be satisfied that an assessor said so.
pub(super) fn reduction(case: &Case<'_>, details: &CouncilTaxReduction, findings: &mut Findings) -> Vec<Working> {
    let (on, row) = (case.notification.effective_on, &REDUCTION);
    gates::dates(case, &[on], findings);
    if !findings.refer(row.check, row.reason, row.because, row.law) {
        return Vec::new();
    }
    let Some((premises, account)) = gates::named_account(case, findings) else { return Vec::new() };
    gates::dwelling_of_account(case, &premises.uprn, &case.matched.dwelling, findings);
    if !gates::open_on(account, on, findings) {
        return Vec::new();
    }
    let weekly = details.weekly_amount;
    let to = details.ends_on.map(|last| last.saturating_add(1.day()));
    let ends_as_told = |it: &Award| it.period.to == to.or(account.period.to);
    let of_weekly = |it: &Award| it.terms.as_ref().and_then(|terms| terms.weekly) == Some(weekly);
    let held = account.award_on(REDUCED, on);
    if held.is_some_and(|it| of_weekly(it) && ends_as_told(it)) || (held.is_none() && weekly == Money::ZERO) {
        findings.duplicate("not-already-so", format!("£{weekly} a week is on record for the day already"), row.law);
        return Vec::new();
    }
    findings.need(
        "no-later-award",
        account.awards.iter().all(|it| it.code.as_str() != REDUCED || it.period.from <= on),
        ReasonCode::R19,
        ("no reduction begins on a later day", "a reduction begins on a later day already"),
        row.law,
    );
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = premises.working();
    if let Some(held) = held {
        working.record(DiscountEnded { account: account.account.clone(), code: held.code.clone(), to: on });
    }
    if weekly > Money::ZERO {
        let terms = AwardTerms { weekly: Some(weekly), ..AwardTerms::default() };
        let granted = Granted::from(&account.account, REDUCED, on).until(to, ExpiryReason::DocumentEnds);
        grant(&mut working, granted.with(terms));
    }
    within_liability(case, &working, account, findings);
    vec![working]
}

/// The reduction of every year is as much as its weeks come to, and not less because no more is left to pay.
fn within_liability(case: &Case<'_>, working: &Working, account: &AccountState, findings: &mut Findings) {
    const CHECK: &str = "amount-within-liability";
    let mut tried = working.clone();
    // What cannot be charged is found by the gate of charges.
    if tried.charge(case.council).is_err() {
        return;
    }
    let lines = tried.now().account(&account.account).into_iter().flat_map(|it| it.charges.values());
    let mut lines = lines.flat_map(|it| &it.lines).map(|it| &it.line).filter(|it| it.code == REDUCED);
    let whole = |it: &ChargeLine| {
        let awards = tried.now().account(&account.account).map(|it| it.awards.as_slice()).unwrap_or_default();
        let award = awards.iter().find(|award| award.code.as_str() == REDUCED && award.period.contains(it.from));
        let weekly = award.and_then(|it| it.terms.as_ref()?.weekly).unwrap_or_default();
        Money::rounded(weekly.pounds() * Decimal::from(it.days) / Decimal::from(7))
    };
    findings.check(
        CHECK,
        lines.all(|it| -it.amount >= whole(it)),
        REDUCTION.reason,
        ("as much is owed for every week", "less is owed than the reduction comes to: nothing is left to pay then"),
        REDUCTION.law,
    );
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
