//! The queue as officers and supervisors ask for it: lists, the next items, what sits too long, what is to be checked.

use hearth_events::{AccountRef, Money, NotificationRef, PaymentMethod};
use hearth_projections::{Flag, WorkloadRow};

use super::work::NextAsked;
use super::{Service, ServiceError};
use crate::rules::working_days::working_days_before;
pub use crate::views::WorkItem;
use crate::views::{Place, Sample, Sort, ViewError, WorkItemFilter, start_of_day};

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
    /// What fits a filter, and a text to search for where there is one.
    ///
    /// # Errors
    /// When the log or the views cannot be read.
    pub async fn work_list(&self, filter: WorkItemFilter, text: Option<&str>) -> Result<WorkList, ServiceError> {
        let only = match text {
            Some(text) => Some(self.found(text).await?),
            None => filter.only.clone(),
        };
        let (views, filter) = (self.views.clone(), WorkItemFilter { only, ..filter });
        let read = tokio::task::spawn_blocking(move || {
            Ok::<_, ViewError>(WorkList { items: views.work_items(&filter)?, total: views.count_work_items(&filter)? })
        });
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

    /// The decisions of the sample that nobody has checked yet, the machine's among them.
    ///
    /// # Errors
    /// When the council's stream or the views cannot be read.
    pub async fn samples(&self, after: Option<String>, limit: usize) -> Result<SampleList, ServiceError> {
        let percent = self.council().await?.council.policy_on(self.today()).checked_percent;
        let views = self.views.clone();
        let read = tokio::task::spawn_blocking(move || {
            let samples = views.samples(percent, after.as_deref(), limit)?;
            Ok::<_, ViewError>(SampleList { samples, total: views.count_samples(percent)?, percent })
        });
        Ok(read.await.map_err(|error| ServiceError::Log(error.to_string()))??)
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
