//! STUB: stands in for the views of branch `views` until that is merged; drop this commit then.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearth_events::{
    AccountRef, NotificationKind, NotificationRef, Position, Priority, ReasonCode, Status, StreamName, Uprn,
};
use hearth_projections::DwellingState;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// What readers see.
#[derive(Clone, Default)]
pub struct Views(Arc<Held>);

/// What the stub holds.
#[derive(Default)]
pub struct Held {
    /// By UPRN.
    pub dwellings: BTreeMap<Uprn, DwellingState>,
    /// In order of reference.
    pub work_items: Vec<WorkItem>,
    /// Where every projection stands.
    pub checkpoint: Position,
}

/// A view could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the views cannot be read: {0}")]
pub struct ViewError(pub String);

/// Which work items.
#[derive(Clone, Debug, Default)]
pub struct WorkItemFilter {
    /// Of this queue.
    pub queue: Option<String>,
    /// Of this status.
    pub status: Option<String>,
    /// With this reason among theirs.
    pub reason: Option<ReasonCode>,
    /// After this one.
    pub after: Option<NotificationRef>,
    /// At most so many.
    pub limit: usize,
}

/// A notification that waits for an officer.
#[derive(Clone, Debug)]
pub struct WorkItem {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// Whose work.
    pub queue: String,
    /// Why.
    pub reasons: Vec<ReasonCode>,
    /// How soon.
    pub priority: Priority,
    /// By when.
    pub due_on: Date,
    /// When it came.
    pub received_at: Timestamp,
    /// What it has come to.
    pub status: Status,
}

/// The workload.
#[derive(Clone, Debug, Serialize)]
pub struct WorkloadReport {
    /// At this instant.
    pub as_of: Timestamp,
    /// By queue.
    pub queues: Vec<serde_json::Value>,
    /// By reason.
    pub by_reason: Vec<serde_json::Value>,
    /// How many came.
    pub received: u64,
    /// How many are done.
    pub completed: u64,
}

/// What a saving is worked out from.
#[derive(Clone, Debug, Default)]
pub struct SavingsRows;

/// A stream that is parked.
#[derive(Clone, Debug)]
pub struct Parked {
    /// In which projection.
    pub projection: String,
    /// Which stream.
    pub stream: StreamName,
    /// At which event.
    pub position: Position,
    /// Why.
    pub reason: String,
}

#[expect(clippy::missing_errors_doc, reason = "a stub")]
impl Views {
    /// With this in them.
    pub fn holding(held: Held) -> Self {
        Self(Arc::new(held))
    }

    /// One dwelling.
    pub fn dwelling(&self, uprn: &Uprn) -> Result<Option<DwellingState>, ViewError> {
        Ok(self.0.dwellings.get(uprn).cloned())
    }

    /// The dwelling of an account.
    pub fn dwelling_of_account(&self, account: &AccountRef) -> Result<Option<DwellingState>, ViewError> {
        Ok(self.0.dwellings.values().find(|it| it.account(account).is_some()).cloned())
    }

    /// The UPRN of an account.
    pub fn uprn_of_account(&self, account: &AccountRef) -> Result<Option<Uprn>, ViewError> {
        Ok(self.0.dwellings.iter().find(|(_, it)| it.account(account).is_some()).map(|(uprn, _)| uprn.clone()))
    }

    /// Dwellings in order.
    pub fn dwellings_after(&self, after: Option<&Uprn>, limit: usize) -> Result<Vec<(Uprn, DwellingState)>, ViewError> {
        let later = self.0.dwellings.iter().filter(|(uprn, _)| after.is_none_or(|after| *uprn > after));
        Ok(later.take(limit).map(|(uprn, it)| (uprn.clone(), it.clone())).collect())
    }

    /// Work items in order of reference.
    pub fn work_items(&self, filter: &WorkItemFilter) -> Result<Vec<WorkItem>, ViewError> {
        let asked = |it: &&WorkItem| {
            filter.queue.as_ref().is_none_or(|queue| *queue == it.queue)
                && filter.status.as_ref().is_none_or(|status| status == it.status.as_str())
                && filter.reason.is_none_or(|reason| it.reasons.contains(&reason))
                && filter.after.as_ref().is_none_or(|after| it.reference > *after)
        };
        Ok(self.0.work_items.iter().filter(asked).take(filter.limit).cloned().collect())
    }

    /// The workload.
    pub fn workload(&self, as_of: Timestamp) -> Result<WorkloadReport, ViewError> {
        Ok(WorkloadReport { as_of, queues: Vec::new(), by_reason: Vec::new(), received: 0, completed: 0 })
    }

    /// The rows of the savings.
    pub fn savings(&self, _from: Option<Date>, _to: Option<Date>) -> Result<SavingsRows, ViewError> {
        Ok(SavingsRows)
    }

    /// How far a projection is.
    pub fn checkpoint(&self, _projection: &str) -> Result<Position, ViewError> {
        Ok(self.0.checkpoint)
    }

    /// What is parked.
    pub fn parked(&self) -> Result<Vec<Parked>, ViewError> {
        Ok(Vec::new())
    }
}
