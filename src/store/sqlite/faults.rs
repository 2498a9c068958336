//! Faults on purpose: what the tests of crashes put between the steps of an append.

use std::sync::Arc;

/// The steps of an append, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The group has been taken; nothing has begun.
    BeforeBegin,
    /// The transaction holds the write lock.
    AfterBegin,
    /// One event is written, of maybe several.
    AfterInsert,
    /// All events of the group are written.
    BeforeCommit,
    /// The group is durable; nobody has been told.
    AfterCommit,
}

/// What happens at each step; an error is taken for an error of the disk.
#[derive(Clone, Default)]
pub struct Faults(Option<Arc<AtStep>>);

type AtStep = dyn Fn(Step) -> Result<(), String> + Send + Sync;

impl Faults {
    /// Does this at each step.
    pub fn at(step: impl Fn(Step) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(step)))
    }

    pub(super) fn reach(&self, step: Step) -> Result<(), String> {
        self.0.as_ref().map_or(Ok(()), |it| it(step))
    }
}
