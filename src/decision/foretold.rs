//! What a notification would come to, as far as that may be told to anybody before it is sent.
//!
//! Whoever asks may be anybody, and may ask again and again with other names. So nothing that is recorded of people goes in:
//! it is decided before a stand-in (`stand_in.rs`), a record that is made up from what is said so that it agrees with it. What
//! fails even there fails before any record, and that is told; of checks that rest on the record nothing is told, and the
//! table says which those are. The same words at the same address have the same answer, whoever lives there.

mod stand_in;

use hearth_events::{Finding, FindingOutcome, Outcome, ReasonCode};

use super::table::{self, Foretells};
use super::{Case, decide};

/// What may be told before a notification is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foretold {
    /// What becomes of it, if what is on record agrees with what is said: applied, referred or rejected.
    pub outcome: Outcome,
    /// What fails, whatever is on record.
    pub certain: Vec<Finding>,
    /// What fails unless the council has it on record.
    pub unless_on_record: Vec<Finding>,
}

impl Foretold {
    /// Why an officer has to look, each reason once.
    pub fn reasons(&self) -> Vec<ReasonCode> {
        let mut reasons: Vec<_> = self.certain.iter().filter_map(|it| it.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }
}

/// Decides a notification that was not sent, without anything that is recorded of people.
pub fn foretell(case: &Case<'_>) -> Foretold {
    let decision = decide(&stand_in::case(case));
    let (mut certain, mut unless_on_record) = (Vec::new(), Vec::new());
    for finding in decision.findings.into_iter().filter(|it| it.outcome != FindingOutcome::Passed) {
        let foretells = table::check(&finding.check).map_or(Foretells::Nothing, |it| it.foretold);
        match foretells {
            Foretells::Nothing => {}
            Foretells::Failing => certain.push(in_words_for_anybody(finding)),
            Foretells::UnlessOnRecord => unless_on_record.push(finding),
        }
    }
    let any = |outcome| certain.iter().any(|it| it.outcome == outcome);
    let outcome = if any(FindingOutcome::Rejected) {
        Outcome::Reject
    } else if any(FindingOutcome::Referred) {
        Outcome::Refer
    } else {
        Outcome::Apply
    };
    Foretold { outcome, certain, unless_on_record }
}

/// The stand-in has the account that was not named; what is said of that would look as if it were known.
fn in_words_for_anybody(finding: Finding) -> Finding {
    match finding.check.as_str() {
        "account-matched" => Finding { because: "no account was named".to_owned(), ..finding },
        _ => finding,
    }
}
