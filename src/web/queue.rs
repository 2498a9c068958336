//! What the web edge needs of the work queue, for pages and for the API alike.

use std::collections::BTreeSet;

use async_trait::async_trait;
use hearth_events::{NotificationRef, Position, Uprn};
use jiff::civil::Date;
use tokio::sync::watch;

use crate::service::ServiceError;
use crate::service::orders::{By, Order, OrderDone, OrderItem};
use crate::service::queue::{SampleList, WorkList};
use crate::service::statistics::Statistics;
use crate::service::work::{ActionRefused, Aside, Asides, ItemShown, NextAsked};
use crate::views::{ViewError, WorkItemFilter};

/// The work queue.
#[async_trait]
pub trait QueueBackend: Send + Sync + 'static {
    /// What fits a filter, and a text to search for where there is one, with how many there are on all pages.
    ///
    /// # Errors
    /// When it cannot be read now.
    async fn work_list(&self, filter: WorkItemFilter, text: Option<&str>) -> Result<WorkList, ServiceError>;

    /// A filter for what nobody has dealt with for longer than policy allows, the oldest first.
    ///
    /// # Errors
    /// As [`QueueBackend::work_list`].
    async fn alerts(&self, limit: usize) -> Result<WorkItemFilter, ServiceError>;

    /// Claims the next best item for an officer, and shows it; none where nothing of their queues is left.
    ///
    /// # Errors
    /// When it cannot be read or recorded now.
    async fn claim_next(&self, asked: &NextAsked) -> Result<Option<ItemShown>, ActionRefused>;

    /// Notes beside a notification that its decision was checked, or that somebody made contact about it.
    ///
    /// # Errors
    /// When it may not be noted; nothing was recorded then.
    async fn put_beside(
        &self,
        reference: &NotificationRef,
        aside: &Aside,
        officer: &str,
    ) -> Result<Asides, ActionRefused>;

    /// What would become of each item of an order; nothing is recorded.
    ///
    /// # Errors
    /// When the order itself cannot be used.
    async fn look_at_order(&self, order: &Order) -> Result<Vec<OrderItem>, ActionRefused>;

    /// Does with each item what is ordered, where it may be done.
    ///
    /// # Errors
    /// When the order itself cannot be used.
    async fn order(&self, order: &Order) -> Result<OrderDone, ActionRefused>;

    /// Undoes an order, by what it is called, where nothing else has been done with an item since.
    ///
    /// # Errors
    /// When there is no such order.
    async fn undo_order(&self, order: &str, by: &By) -> Result<OrderDone, ActionRefused>;

    /// The decisions of the sample that nobody has checked yet, after a place in it; none that touches one of these dwellings.
    ///
    /// # Errors
    /// As [`QueueBackend::work_list`].
    async fn samples(
        &self,
        not_at: &BTreeSet<Uprn>,
        after: Option<String>,
        limit: usize,
    ) -> Result<SampleList, ServiceError>;

    /// The figures of the days `from` up to, but not including, `to`; the last twenty working days where nothing is said.
    ///
    /// # Errors
    /// As [`QueueBackend::work_list`].
    async fn statistics(&self, from: Option<Date>, to: Option<Date>) -> Result<Statistics, ServiceError>;

    /// The version of the queue, which changes with everything that happens to a notification: what shows the queue waits
    /// for a change here, and then reads again.
    ///
    /// # Errors
    /// When there is no such view.
    fn queue_changes(&self) -> Result<watch::Receiver<Position>, ViewError>;
}
