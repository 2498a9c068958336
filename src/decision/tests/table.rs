//! The tables say what the deciders do: whatever a test decides is compared with the row of its kind.

use std::collections::BTreeSet;

use hearth_events::{Finding, FindingOutcome, NotificationKind, ReasonCode};

use super::super::table::{self, CHECKS, Fails, KINDS, Kind};
use super::super::{Case, decide, decide_by_officer};

/// What of a decision is not in the table: by the machine, and with an officer's findings added.
#[track_caller]
pub(super) fn fits(case: &Case<'_>) {
    let kind = table::kind(case.notification.kind).expect("a row for every kind");
    let by_machine = decide(case);
    let by_officer = decide_by_officer(case);
    let mut faults = Vec::new();
    for it in &by_machine.findings {
        fits_row(kind, it, &|fails| (fails.outcome(), fails.reason()) == (it.outcome, it.reason), &mut faults);
    }
    for it in &by_officer.decision.findings {
        let stands =
            |fails: Fails| !fails.is_overridable() && (fails.outcome(), fails.reason()) == (it.outcome, it.reason);
        fits_row(kind, it, &stands, &mut faults);
    }
    for it in &by_officer.satisfied {
        let is_judged = |fails: &Fails| fails.is_overridable() && fails.reason() == it.reason;
        if !fails_of(kind, &it.check).iter().any(is_judged) {
            faults.push(format!("{}: an officer was satisfied of {} ({:?})", kind.kind, it.check, it.reason));
        }
    }
    let led_to = by_machine.effects.iter().chain(&by_officer.decision.effects).flat_map(|(_, events)| events);
    for event in led_to.map(hearth_events::Event::type_name).collect::<BTreeSet<_>>() {
        if !kind.events().any(|it| it == event) {
            faults.push(format!("{}: led to {event}", kind.kind));
        }
    }
    if by_machine.findings.iter().all(|it| it.outcome == FindingOutcome::Passed) && kind.straight_through_when.is_none()
    {
        faults.push(format!("{}: went straight through", kind.kind));
    }
    assert!(faults.is_empty(), "not in the table of src/decision/table:\n  {}", faults.join("\n  "));
}

fn fits_row(kind: &Kind, it: &Finding, is_it: &dyn Fn(Fails) -> bool, faults: &mut Vec<String>) {
    if !kind.gates().any(|gate| gate.check == it.check) {
        faults.push(format!("{}: {} is not among its checks", kind.kind, it.check));
    }
    if it.outcome != FindingOutcome::Passed && !fails_of(kind, &it.check).into_iter().any(is_it) {
        faults.push(format!("{}: {} came out {:?} {:?}", kind.kind, it.check, it.outcome, it.reason));
    }
    if it.check == "evidence-present" && it.outcome != FindingOutcome::Passed {
        let asks_for = |of: &table::Evidence| of.any_of.iter().all(|document| it.because.contains(document));
        if !(kind.evidence)().iter().any(asks_for) {
            faults.push(format!("{}: asks for other documents: {}", kind.kind, it.because));
        }
    }
    let sources = table::check(&it.check).map(|it| it.sources).unwrap_or_default();
    if !sources.contains(&it.source.as_str()) && !sources.contains(&table::OF_THE_AWARD) {
        faults.push(format!("{}: {} has the source {:?}", kind.kind, it.check, it.source));
    }
}

fn fails_of(kind: &Kind, check: &str) -> Vec<Fails> {
    kind.gates().filter(|it| it.check == check).flat_map(|it| it.fails.iter().copied()).collect()
}

#[test]
fn every_kind_and_every_check_has_one_row() {
    assert_eq!(KINDS.iter().map(|it| it.kind).collect::<Vec<_>>(), NotificationKind::ALL);
    let checks: Vec<_> = CHECKS.iter().map(|it| it.check).collect();
    let sorted: BTreeSet<_> = checks.iter().copied().collect();
    assert_eq!(checks, sorted.iter().copied().collect::<Vec<_>>(), "in the order of the alphabet, each once");
    let named: BTreeSet<_> = KINDS.iter().flat_map(Kind::gates).map(|it| it.check).collect();
    assert_eq!(named, sorted, "what kinds pass through beside the rows there are");
    for kind in KINDS {
        let mut seen = BTreeSet::new();
        assert!(kind.gates().all(|it| seen.insert(it.check)), "{}: a check stands twice", kind.kind);
        assert!(kind.events().all(|it| hearth_events::Event::TYPES.contains(&it)), "{}", kind.kind);
    }
    assert!(CHECKS.iter().all(|it| !it.sources.is_empty() && (it.asks.ends_with('?') || !it.asks.contains('?'))));
    let reasons: BTreeSet<_> = checks.iter().flat_map(|it| table::fails_of(it)).filter_map(Fails::reason).collect();
    assert!(reasons.is_subset(&ReasonCode::ALL.into_iter().collect()));
}
