//! What somebody else tells never closes an account alone: whom to ask first, and what their silence means.

use hearth_events::{AccountRef, Event, LiabilityEnded, Outcome};

use super::{Case, Findings, Unanswered, decide};

const CHECK: &str = "confirmation-lapsed";
const ASKED: &str = "council policy: third_party_wait_days, third_party_silence";

/// Whether those who live there were told and have let the day pass; the finding says so.
pub(super) fn lapsed(unanswered: Option<Unanswered>, findings: &mut Findings) -> bool {
    let Some(Unanswered { told_on, respond_by }) = unanswered else { return false };
    let because = format!("the liable persons were told on {told_on} and did not object by {respond_by}");
    findings.pass(CHECK, because, ASKED);
    true
}

/// The accounts whose liable persons are to be asked: those that would end if only their consent were there. None where
/// policy has nobody asked, or where something else speaks against it as well.
pub fn to_be_asked(case: &Case<'_>) -> Vec<AccountRef> {
    let is_asked = case.policy().third_party_wait_days.is_some() && case.unanswered.is_none();
    if !is_asked {
        return Vec::new();
    }
    let day = case.received_on;
    let with_consent = Case { unanswered: Some(Unanswered { told_on: day, respond_by: day }), ..case.clone() };
    let decision = decide(&with_consent);
    let rests_on_consent = decision.findings.iter().any(|it| it.check == CHECK);
    if decision.outcome != Outcome::Apply || !rests_on_consent {
        return Vec::new();
    }
    let own = case.accounts_concerned();
    let events = decision.effects.iter().flat_map(|(_, events)| events);
    let ended = events.filter_map(|it| {
        if let Event::LiabilityEnded(LiabilityEnded { account, .. }) = it { Some(account.clone()) } else { None }
    });
    ended.filter(|it| !own.contains(it)).collect()
}
