//! What the web edge asks of the work queue.

use std::collections::BTreeSet;

use async_trait::async_trait;
use hearth_events::{NotificationRef, Position, Uprn};
use jiff::civil::Date;
use tokio::sync::watch;

use crate::processor::{claim_next, look_at_order, order, put_beside, undo_order};
use crate::service::orders::{By, Order, OrderDone, OrderItem};
use crate::service::queue::{SampleList, WorkList};
use crate::service::statistics::Statistics;
use crate::service::work::{ActionRefused, Aside, Asides, ItemShown, NextAsked};
use crate::service::{Service, ServiceError};
use crate::views::{ViewError, WorkItemFilter};
use crate::web::QueueBackend;

#[async_trait]
impl QueueBackend for Service {
    async fn work_list(&self, filter: WorkItemFilter, text: Option<&str>) -> Result<WorkList, ServiceError> {
        self.work_list(filter, text).await
    }

    async fn alerts(&self, limit: usize) -> Result<WorkItemFilter, ServiceError> {
        self.alerts(limit).await
    }

    async fn claim_next(&self, asked: &NextAsked) -> Result<Option<ItemShown>, ActionRefused> {
        claim_next(self, asked).await
    }

    async fn put_beside(
        &self,
        reference: &NotificationRef,
        aside: &Aside,
        officer: &str,
    ) -> Result<Asides, ActionRefused> {
        put_beside(self, reference, aside, officer).await
    }

    async fn look_at_order(&self, order: &Order) -> Result<Vec<OrderItem>, ActionRefused> {
        look_at_order(self, order).await
    }

    async fn order(&self, ordered: &Order) -> Result<OrderDone, ActionRefused> {
        order(self, ordered).await
    }

    async fn undo_order(&self, order: &str, by: &By) -> Result<OrderDone, ActionRefused> {
        undo_order(self, order, by).await
    }

    async fn samples(
        &self,
        not_at: &BTreeSet<Uprn>,
        after: Option<String>,
        limit: usize,
    ) -> Result<SampleList, ServiceError> {
        self.samples(not_at, after, limit).await
    }

    async fn statistics(&self, from: Option<Date>, to: Option<Date>) -> Result<Statistics, ServiceError> {
        self.statistics(from, to).await
    }

    fn queue_changes(&self) -> Result<watch::Receiver<Position>, ViewError> {
        self.views.queue_changes()
    }
}
