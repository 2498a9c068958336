//! The API, a module a resource.

pub(super) mod accounts;
pub(super) mod assumptions;
pub(super) mod dwellings;
pub(super) mod estimates;
pub(super) mod events;
pub(super) mod evidence;
pub(in crate::web) mod figures;
pub(super) mod follow_up;
pub(super) mod gates;
pub(super) mod health;
pub(super) mod metrics;
pub(super) mod money;
pub(super) mod notifications;
pub(super) mod openapi;
pub(super) mod orders;
pub(super) mod queue;
pub(super) mod recovery;
pub(super) mod reversal;
pub(super) mod reviews;
pub(super) mod savings;
pub(super) mod schemas;
pub(in crate::web) mod what_if;
pub(super) mod work_item;
pub(super) mod work_items;
pub(super) mod workload;
