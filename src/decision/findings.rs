//! The checks of one decision, in the order in which they were made.

use hearth_events::{Finding, FindingOutcome, Outcome, ReasonCode};

/// Findings as they are gathered.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    made: Vec<Finding>,
    /// Whether an officer decides: what would only have had a person look at it then passes, and stands in `satisfied`.
    by_officer: bool,
    satisfied: Vec<Finding>,
}

/// Reasons that say we do not know who speaks: they come before everything else, so that nobody is told what is on file.
const IDENTITY: [ReasonCode; 3] = [ReasonCode::R01, ReasonCode::R02, ReasonCode::R13];

impl Findings {
    /// Findings with those of an officer added: whatever a person may be satisfied about, this one is.
    pub fn by_officer() -> Self {
        Self { by_officer: true, ..Self::default() }
    }

    /// It is as it should be.
    pub fn pass(&mut self, check: &str, because: impl Into<String>, source: &str) {
        self.add(check, FindingOutcome::Passed, None, because.into(), source);
    }

    /// An officer has to look. Whether to go on all the same: an officer has looked and is satisfied.
    pub fn refer(&mut self, check: &str, reason: ReasonCode, because: impl Into<String>, source: &str) -> bool {
        let because = because.into();
        if self.by_officer {
            let finding = Finding {
                check: check.to_owned(),
                outcome: FindingOutcome::Passed,
                reason: None,
                because: format!("an officer is satisfied, although {because}"),
                source: source.to_owned(),
            };
            self.made.push(finding.clone());
            self.satisfied.push(Finding { because, reason: Some(reason), ..finding });
        } else {
            self.add(check, FindingOutcome::Referred, Some(reason), because, source);
        }
        self.by_officer
    }

    /// What has to be known before anything can follow is not: nobody can be satisfied of it, it has to be put right.
    pub fn lack(&mut self, check: &str, reason: ReasonCode, because: impl Into<String>, source: &str) {
        self.add(check, FindingOutcome::Referred, Some(reason), because.into(), source);
    }

    /// As [`Findings::check`], for what nobody can be satisfied of.
    pub fn need(&mut self, check: &str, passes: bool, reason: ReasonCode, because: (&str, &str), source: &str) -> bool {
        if passes {
            self.pass(check, because.0, source);
        } else {
            self.lack(check, reason, because.1, source);
        }
        passes
    }

    /// What an officer was satisfied about, with the reasons for which a machine was not.
    pub fn satisfied(&self) -> &[Finding] {
        &self.satisfied
    }

    /// It is already so.
    pub fn duplicate(&mut self, check: &str, because: impl Into<String>, source: &str) {
        self.add(check, FindingOutcome::Duplicate, Some(ReasonCode::R23), because.into(), source);
    }

    /// The submitter has to put it right.
    pub fn reject(&mut self, check: &str, because: impl Into<String>, source: &str) {
        self.add(check, FindingOutcome::Rejected, None, because.into(), source);
    }

    /// One check with a sentence for each way it can come out. Whether to go on as if it had passed.
    pub fn check(
        &mut self,
        check: &str,
        passes: bool,
        reason: ReasonCode,
        because: (&str, &str),
        source: &str,
    ) -> bool {
        if passes {
            self.pass(check, because.0, source);
            return true;
        }
        self.refer(check, reason, because.1, source)
    }

    fn add(&mut self, check: &str, outcome: FindingOutcome, reason: Option<ReasonCode>, because: String, source: &str) {
        self.made.push(Finding { check: check.to_owned(), outcome, reason, because, source: source.to_owned() });
    }

    /// Whether a check passed by itself, without an officer's being satisfied.
    pub fn has_passed(&self, check: &str) -> bool {
        let passed = self.made.iter().any(|it| it.check == check && it.outcome == FindingOutcome::Passed);
        passed && self.satisfied.iter().all(|it| it.check != check)
    }

    /// Whether every check so far came out as it should.
    pub fn all_passed(&self) -> bool {
        self.made.iter().all(|it| it.outcome == FindingOutcome::Passed)
    }

    /// What the findings come to.
    pub fn outcome(&self) -> Outcome {
        let any = |outcome| self.made.iter().any(|it| it.outcome == outcome);
        let undeclared =
            self.made.iter().any(|it| it.outcome == FindingOutcome::Rejected && it.check == "declaration-given");
        let is_identity_in_doubt =
            self.made.iter().any(|it| it.reason.is_some_and(|reason| IDENTITY.contains(&reason)));
        if undeclared {
            Outcome::Reject
        } else if is_identity_in_doubt {
            Outcome::Refer
        } else if any(FindingOutcome::Rejected) {
            Outcome::Reject
        } else if any(FindingOutcome::Duplicate) {
            Outcome::Duplicate
        } else if any(FindingOutcome::Referred) {
            Outcome::Refer
        } else {
            Outcome::Apply
        }
    }

    /// The reason codes that go with the outcome, each once, in the order of the codes.
    pub fn reasons(&self) -> Vec<ReasonCode> {
        let counts = match self.outcome() {
            Outcome::Apply | Outcome::Reject => return Vec::new(),
            Outcome::Refer => FindingOutcome::Referred,
            Outcome::Duplicate => FindingOutcome::Duplicate,
        };
        let mut reasons: Vec<_> =
            self.made.iter().filter(|it| it.outcome == counts).filter_map(|it| it.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }

    /// The findings as they are recorded.
    pub fn into_list(self) -> Vec<Finding> {
        self.made
    }
}
