//! The kinds of notification and the checks that each passes through, as data that an officer can read.
//!
//! A row a check in `checks`, a row a kind in `kinds`. The deciders do not read these tables, they are read beside them: so every
//! decision that a test takes, and every one of the sample, is compared with its row, and every way in which a row says that
//! a check can come out has a test that makes it come out so (`tests/gates`). **A new check has its row here, or tests fail.**

mod checks;
mod evidence;
mod kinds;

use hearth_events::{FindingOutcome, NotificationKind, ReasonCode};

pub use checks::CHECKS;
#[cfg(test)]
pub(super) use checks::OF_THE_AWARD;
pub use evidence::Evidence;
pub use kinds::KINDS;

/// A check that deciders make.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its name in findings.
    pub check: &'static str,
    /// What it asks, in words for an officer.
    pub asks: &'static str,
    /// Where in law or policy it comes from; beside these it may be the law of the award in question.
    pub sources: &'static [&'static str],
    /// What can be told of it before a notification is sent.
    pub foretold: Foretells,
}

/// What can be told of a check to anybody before a notification is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foretells {
    /// Nothing: how it comes out depends on what is recorded of people.
    Nothing,
    /// That it fails, by what is said, the calendar, policy, the documents and the list of dwellings alone.
    Failing,
    /// That it fails unless the council has it on record, by what is said.
    UnlessOnRecord,
}

/// How a check comes out where it does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fails {
    /// An officer has to look, and may be satisfied all the same.
    Judged(ReasonCode),
    /// An officer has to look, and nothing follows until it is put right.
    Lacks(ReasonCode),
    /// It is already so.
    Duplicate,
    /// The submitter has to put it right.
    Rejected,
}

impl Fails {
    /// The outcome of the finding.
    pub const fn outcome(self) -> FindingOutcome {
        match self {
            Self::Judged(_) | Self::Lacks(_) => FindingOutcome::Referred,
            Self::Duplicate => FindingOutcome::Duplicate,
            Self::Rejected => FindingOutcome::Rejected,
        }
    }

    /// The reason of the finding.
    pub const fn reason(self) -> Option<ReasonCode> {
        match self {
            Self::Judged(reason) | Self::Lacks(reason) => Some(reason),
            Self::Duplicate => Some(ReasonCode::R23),
            Self::Rejected => None,
        }
    }

    /// Whether an officer may be satisfied of it.
    pub const fn is_overridable(self) -> bool {
        matches!(self, Self::Judged(_))
    }
}

/// A check on the way of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// Which check.
    pub check: &'static str,
    /// How it can come out there; empty where it is made and always passes.
    pub fails: &'static [Fails],
}

/// A kind of notification.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Which.
    pub kind: NotificationKind,
    /// When it goes straight through, in words; none where an officer decides it always.
    pub straight_through_when: Option<&'static str>,
    /// The documents it asks for.
    pub evidence: fn() -> Vec<Evidence>,
    /// The types of event that it can lead to at a dwelling, group by group.
    events: &'static [&'static [&'static str]],
    /// Its checks, group by group.
    groups: &'static [&'static [Gate]],
}

impl Kind {
    /// The checks that a notification of this kind passes through, each once, in the order in which they are mostly made.
    pub fn gates(&self) -> impl Iterator<Item = &'static Gate> {
        self.groups.iter().copied().flatten()
    }

    /// The types of event that a notification of this kind can lead to at a dwelling, by itself or once an officer accepts it.
    pub fn events(&self) -> impl Iterator<Item = &'static str> {
        self.events.iter().copied().flatten().copied()
    }
}

/// The row of a kind.
pub fn kind(kind: NotificationKind) -> Option<&'static Kind> {
    KINDS.iter().find(|it| it.kind == kind)
}

/// The row of a check.
pub fn check(name: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|it| it.check == name)
}

/// Every way in which a check can come out for any kind, each once.
pub fn fails_of(check: &str) -> Vec<Fails> {
    let gates = KINDS.iter().flat_map(Kind::gates).filter(|it| it.check == check);
    let mut fails: Vec<_> = gates.flat_map(|it| it.fails.iter().copied()).collect();
    fails.sort_unstable();
    fails.dedup();
    fails
}
