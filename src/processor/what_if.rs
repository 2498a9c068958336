//! What would be decided under other policies or other rules: nothing is recorded.

use hearth_events::NotificationRef;

use super::{load, read};
use crate::decision::{Case, Decision, decide};
use crate::rules::Council;
use crate::service::{Service, ServiceError};

/// What a notification that was received would come to as the log stands now, under each of these councils.
///
/// # Errors
/// When the log, the views or the keys cannot be used, or its submitter has been forgotten.
pub async fn what_if(
    service: &Service,
    reference: &NotificationRef,
    councils: &[&Council],
) -> Result<Vec<Decision>, ServiceError> {
    let file = read(service, reference).await?;
    let loaded = load::load(service, &file).await?;
    let now = service.council().await?;
    let decided = |council: &&Council| decide(&Case { council, ..loaded.case(&file, &now) });
    Ok(councils.iter().map(decided).collect())
}
