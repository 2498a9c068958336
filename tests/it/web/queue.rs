//! A work queue with one of everything.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use hearth::service::ServiceError;
use hearth::service::orders::{By, Order, OrderDone, OrderItem, OrderOutcome};
use hearth::service::queue::{SampleList, WorkList};
use hearth::service::statistics::{CheckFigures, QueueFigures, Statistics, WorkFigures};
use hearth::service::work::{ActionRefused, Aside, Asides, ItemShown, NextAsked};
use hearth::views::{ViewError, WorkItemFilter};
use hearth::web::{Backend as _, QueueBackend};
use hearth_events::{ErrorClass, NotificationRef, Position, Uprn};
use jiff::civil::{Date, date};
use tokio::sync::watch;

use super::fake::{Fake, REFERRED};
use super::item::{asides, item};

#[async_trait]
impl QueueBackend for Fake {
    async fn work_list(&self, filter: WorkItemFilter, text: Option<&str>) -> Result<WorkList, ServiceError> {
        assert_eq!(text, None, "nothing is searched for here");
        Ok(WorkList { items: self.views().work_items(&filter)?, total: self.views().count_work_items(&filter)? })
    }

    async fn alerts(&self, limit: usize) -> Result<WorkItemFilter, ServiceError> {
        Ok(WorkItemFilter { limit, ..WorkItemFilter::default() })
    }

    async fn claim_next(&self, _: &NextAsked) -> Result<Option<ItemShown>, ActionRefused> {
        Ok(Some(item(&REFERRED.parse().unwrap())))
    }

    async fn put_beside(&self, _: &NotificationRef, _: &Aside, _: &str) -> Result<Asides, ActionRefused> {
        Ok(asides())
    }

    async fn look_at_order(&self, order: &Order) -> Result<Vec<OrderItem>, ActionRefused> {
        let outcomes = [
            OrderOutcome::Done("goes back to its queue".to_owned()),
            OrderOutcome::AlreadySo,
            OrderOutcome::Refused("Somebody has it.".to_owned()),
        ];
        let reference = order.references[0].clone();
        Ok(outcomes.map(|outcome| OrderItem { reference: reference.clone(), outcome }).to_vec())
    }

    async fn order(&self, order: &Order) -> Result<OrderDone, ActionRefused> {
        Ok(OrderDone { order: "bulk-1".to_owned(), items: self.look_at_order(order).await? })
    }

    async fn undo_order(&self, order: &str, _: &By) -> Result<OrderDone, ActionRefused> {
        Ok(OrderDone { order: order.to_owned(), items: Vec::new() })
    }

    async fn samples(
        &self,
        _: &BTreeSet<Uprn>,
        after: Option<String>,
        limit: usize,
    ) -> Result<SampleList, ServiceError> {
        let samples = self.views().samples(100, after.as_deref(), limit)?;
        Ok(SampleList { samples, total: self.views().count_samples(100)?, percent: 100 })
    }

    async fn statistics(&self, _: Option<Date>, _: Option<Date>) -> Result<Statistics, ServiceError> {
        let one = "1.5".parse().ok();
        let work = WorkFigures {
            decided: 2,
            touches: one,
            first_time_percent: one,
            average_minutes: one,
            median_minutes: Some(1),
        };
        let figures =
            QueueFigures { average_age: one, median_age: Some(3), work: work.clone(), ..QueueFigures::default() };
        let by_class = BTreeMap::from([(ErrorClass::Clerical, 1)]);
        let checks = CheckFigures { checked: 2, by_class, error_percent: one, ..CheckFigures::default() };
        Ok(Statistics {
            as_of: self.now(),
            from: date(2015, 11, 5),
            to: date(2015, 12, 4),
            all: figures.clone(),
            queues: BTreeMap::from([("moves".to_owned(), figures)]),
            officers: BTreeMap::from([("north".to_owned(), work.clone())]),
            kinds: BTreeMap::from([("move-in", work)]),
            checks_of_machine: CheckFigures::default(),
            checks_of_officers: checks,
        })
    }

    fn queue_changes(&self) -> Result<watch::Receiver<Position>, ViewError> {
        self.views().queue_changes()
    }
}
