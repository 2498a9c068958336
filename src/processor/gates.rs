//! The tables of the decision as they are shown.

use hearth_events::{FindingOutcome, ReasonCode};

use crate::decision::table::{CHECKS, Check, Fails, Gate, KINDS, Kind, fails_of};
use crate::service::gates::{CheckAsked, DocumentsAsked, GateFails, GateOfKind, Gates, KindGates, ReasonMeant};

/// Which checks a notification of each kind passes through.
pub fn gates() -> Gates {
    let meant = |it: ReasonCode| ReasonMeant { code: it.as_str(), meaning: it.meaning() };
    Gates {
        kinds: KINDS.iter().map(of_kind).collect(),
        checks: CHECKS.iter().map(asked).collect(),
        reasons: ReasonCode::ALL.into_iter().map(meant).collect(),
    }
}

fn of_kind(it: &Kind) -> KindGates {
    let documents = (it.evidence)().into_iter().map(|it| DocumentsAsked { when: it.when, any_of: it.any_of });
    let gate = |it: &Gate| GateOfKind { check: it.check, fails: it.fails.iter().copied().map(fails).collect() };
    KindGates {
        kind: it.kind.as_str(),
        code: it.kind.number(),
        straight_through_when: it.straight_through_when,
        evidence: documents.collect(),
        events: it.events().collect(),
        checks: it.gates().map(gate).collect(),
    }
}

fn fails(it: Fails) -> GateFails {
    GateFails {
        outcome: named(it.outcome()),
        reason: it.reason().map(ReasonCode::as_str),
        overridable: it.is_overridable(),
    }
}

const fn named(outcome: FindingOutcome) -> &'static str {
    match outcome {
        FindingOutcome::Passed => "passed",
        FindingOutcome::Referred => "referred",
        FindingOutcome::Duplicate => "duplicate",
        FindingOutcome::Rejected => "rejected",
    }
}

fn asked(it: &Check) -> CheckAsked {
    let fails = fails_of(it.check);
    let mut reasons: Vec<_> = fails.iter().filter_map(|it| it.reason()).map(ReasonCode::as_str).collect();
    reasons.sort_unstable();
    reasons.dedup();
    CheckAsked {
        check: it.check,
        asks: it.asks,
        reasons,
        sources: it.sources.to_vec(),
        overridable: fails.iter().any(|it| it.is_overridable()),
    }
}
