//! The queue as officers and supervisors ask for it: lists, the next items, what sits too long, what is to be checked.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, Money, NotificationRef, PaymentMethod, Uprn};
use hearth_projections::{Flag, WorkloadRow};

use super::work::NextAsked;
use super::{Service, ServiceError};
use crate::rules::working_days::working_days_before;
pub use crate::views::WorkItem;
use crate::views::{Place, Sample, Sort, ViewError, Views, WorkItemFilter, start_of_day};

/// A page of the list of work, and how many there are on all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkList {
    /// The items of this page.
    pub items: Vec<WorkItem>,
    /// How many there are in all.
    pub total: u64,
}

/// A page of the decisions that somebody else is to check, and how many there are on all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleList {
    /// The decisions of this page.
    pub samples: Vec<Sample>,
    /// How many there are in all.
    pub total: u64,
    /// The percent of policy.
    pub percent: u8,
}

impl Service {
    /// What fits a filter, and a text to search for where there is one. What touches a dwelling that is not for whoever asks is
    /// not among it, however it came to be about that; the total may count some of that where nothing is searched for.
    ///
    /// # Errors
    /// When the log or the views cannot be read.
    pub async fn work_list(&self, filter: WorkItemFilter, text: Option<&str>) -> Result<WorkList, ServiceError> {
        let only = match text {
            Some(text) => Some(self.found(text, &filter.not_at).await?),
            None => filter.only.clone(),
        };
        let filter = WorkItemFilter { only, ..filter };
        let counted = filter.clone();
        let total = self.off_the_views(move |views| views.count_work_items(&counted)).await?;
        Ok(WorkList { items: self.open_items(filter).await?, total })
    }

    /// A page of items, filled with those that are open to whoever asks.
    async fn open_items(&self, mut filter: WorkItemFilter) -> Result<Vec<WorkItem>, ServiceError> {
        let mut open = Vec::new();
        loop {
            let asked = filter.clone();
            let items = self.off_the_views(move |views| views.work_items(&asked)).await?;
            let is_last = items.len() < filter.limit;
            filter.after = items.last().map(WorkItem::place);
            // What it is linked with may be about another dwelling than the item itself.
            let named: BTreeSet<_> =
                items.iter().flat_map(|it| it.linked.iter().chain([&it.reference])).cloned().collect();
            let closed = self.touching(&named.into_iter().collect::<Vec<_>>(), &filter.not_at).await?;
            for mut item in items.into_iter().filter(|it| !closed.contains(&it.reference)) {
                item.linked.retain(|it| !closed.contains(it));
                open.push(item);
            }
            if is_last || open.len() >= filter.limit {
                open.truncate(filter.limit);
                return Ok(open);
            }
        }
    }

    /// Reads the views where waiting for a disk keeps nobody else waiting.
    async fn off_the_views<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Views) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let views = self.views.clone();
        let read = tokio::task::spawn_blocking(move || read(&views));
        Ok(read.await.map_err(|error| ServiceError::Log(error.to_string()))??)
    }

    /// The next items that an officer may take, best first.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub fn next_items(
        &self,
        asked: &NextAsked,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<WorkItem>, ViewError> {
        self.views.work_items(&WorkItemFilter {
            at: self.clock.now(),
            queues: asked.queues.clone(),
            status: Some("open".to_owned()),
            escalated: (!asked.supervisor).then_some(false),
            sort: Sort::Priority,
            after,
            limit,
            ..WorkItemFilter::default()
        })
    }

    /// A filter for what nobody has dealt with for longer than policy allows, the oldest first.
    ///
    /// # Errors
    /// When the council's stream cannot be read.
    pub async fn alerts(&self, limit: usize) -> Result<WorkItemFilter, ServiceError> {
        let today = self.today();
        let days = self.council().await?.council.policy_on(today).alert_working_days;
        Ok(WorkItemFilter {
            at: self.clock.now(),
            done: Some(false),
            received_before: Some(start_of_day(working_days_before(today, days))),
            sort: Sort::Received,
            limit,
            ..WorkItemFilter::default()
        })
    }

    /// The decisions of the sample that nobody has checked yet, the machine's among them; none that touches a dwelling that is
    /// not for whoever asks, though it is counted.
    ///
    /// # Errors
    /// When the council's stream or the views cannot be read.
    pub async fn samples(
        &self,
        not_at: &BTreeSet<Uprn>,
        mut after: Option<String>,
        limit: usize,
    ) -> Result<SampleList, ServiceError> {
        let percent = self.council().await?.council.policy_on(self.today()).checked_percent;
        let total = self.off_the_views(move |views| views.count_samples(percent)).await?;
        let mut samples: Vec<Sample> = Vec::new();
        loop {
            let from = after.clone();
            let drawn = self.off_the_views(move |views| views.samples(percent, from.as_deref(), limit)).await?;
            let is_last = drawn.len() < limit;
            after = drawn.last().map(|it| it.place.clone());
            let named: Vec<_> = drawn.iter().map(|it| it.row.reference.clone()).collect();
            let closed = self.touching(&named, not_at).await?;
            samples.extend(drawn.into_iter().filter(|it| !closed.contains(&it.row.reference)));
            if is_last || samples.len() >= limit {
                samples.truncate(limit);
                return Ok(SampleList { samples, total, percent });
            }
        }
    }

    /// What is remarkable about an item: what it tells itself, and what its accounts tell.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub fn flags(
        &self,
        reference: &NotificationRef,
        accounts: &[AccountRef],
        speaks_for_another: bool,
    ) -> Result<Vec<Flag>, ServiceError> {
        let row = self.views.workload_row(reference)?;
        let mut flags = row.as_ref().map(WorkloadRow::flags).unwrap_or_default();
        flags.extend(speaks_for_another.then_some(Flag::ThirdPartyAssertion));
        for account in accounts {
            let Some(dwelling) = self.views.dwelling_of_account(account)? else { continue };
            let Some(state) = dwelling.account(account) else { continue };
            let is_in_credit = state.knows_balance() && state.billing.balance() < Money::ZERO;
            let told = [
                (Flag::InRecovery, state.recovery_stage().is_some()),
                (Flag::CreditOnAccount, is_in_credit),
                (Flag::DirectDebitActive, state.payment_method == PaymentMethod::DirectDebit),
            ];
            flags.extend(told.into_iter().filter_map(|(flag, is_so)| is_so.then_some(flag)));
        }
        flags.sort();
        flags.dedup();
        Ok(flags)
    }
}
