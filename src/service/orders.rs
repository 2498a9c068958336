//! What is ordered for many items at once: looked at first, then done item by item, and undone as a whole.

use std::collections::BTreeSet;

use hearth_events::{NotificationRef, Priority, Uprn};
use jiff::civil::Date;

use super::work::Action;

/// How many items one order may name.
pub const MOST_ITEMS: usize = 500;

/// What is to be done with each of many items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManyAction {
    /// Into another queue, or more or less urgent.
    Reallocate {
        /// The queue; as before where absent.
        queue: Option<String>,
        /// How soon they are wanted; as before where absent.
        priority: Option<Priority>,
    },
    /// Put off until a day.
    Defer {
        /// The day on which they are open again.
        until: Date,
    },
    /// Given back to their queues.
    Release,
    /// Taken by whoever orders it.
    Claim,
}

/// Who orders something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub officer: String,
    /// Whether they are a supervisor.
    pub supervisor: bool,
    /// Dwellings that are not for them: their own, their relations', and what is restricted to others.
    pub not_at: BTreeSet<Uprn>,
}

/// An order for many items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which.
    pub references: Vec<NotificationRef>,
    /// What is to be done.
    pub action: ManyAction,
    /// Who orders it.
    pub by: By,
    /// Why; kept with each item, sealed for its submitter.
    pub note: Option<String>,
}

/// What becomes of one item of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderOutcome {
    /// It is done, or would be: what, in words.
    Done(String),
    /// It is so already.
    AlreadySo,
    /// It is not done, and why.
    Refused(String),
}

/// One item of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderItem {
    /// Which.
    pub reference: NotificationRef,
    /// What becomes of it.
    pub outcome: OrderOutcome,
}

/// An order that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDone {
    /// What the order is called: the correlation of its events, by which it is undone.
    pub order: String,
    /// Each item.
    pub items: Vec<OrderItem>,
}

impl Order {
    /// What is to be done with one item, where it is what is also done with a single one.
    pub fn single(&self) -> Option<Action> {
        let (supervisor, note) = (self.by.supervisor, self.note.clone());
        match &self.action {
            ManyAction::Reallocate { queue, priority } => {
                Some(Action::Reallocate { queue: queue.clone(), priority: *priority, note, supervisor })
            }
            ManyAction::Release => Some(Action::Release { supervisor }),
            ManyAction::Claim => Some(Action::Claim { supervisor }),
            ManyAction::Defer { .. } => None,
        }
    }
}
