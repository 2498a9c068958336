//! The API, a module a resource.

pub(super) mod accounts;
pub(super) mod dwellings;
pub(super) mod events;
pub(super) mod health;
pub(super) mod metrics;
pub(super) mod notifications;
pub(super) mod openapi;
pub(super) mod savings;
pub(super) mod schemas;
pub(super) mod work_items;
pub(super) mod workload;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The civil day in England at this instant.
fn day_of(instant: Timestamp) -> Date {
    let london = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    instant.to_zoned(london).date()
}
