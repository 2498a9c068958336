//! The next best item for an officer: the most urgent, then what is due first, then what came first, that nobody has.

use super::officers::act;
use crate::service::queue::WorkItem;
use crate::service::work::{Action, ActionRefused, ItemShown, NextAsked};
use crate::service::{Service, ServiceError};

/// How many items are looked at before the list is asked again: others take items at the same time.
const AT_ONCE: usize = 20;

/// Claims the next best item for an officer, and shows it; none where nothing of their queues is left. Of those who ask at
/// once, each gets another one.
///
/// # Errors
/// When the views or the log cannot be used.
pub async fn claim_next(service: &Service, asked: &NextAsked) -> Result<Option<ItemShown>, ActionRefused> {
    let mut after = None;
    loop {
        let items = service.next_items(asked, after, AT_ONCE).map_err(ServiceError::from)?;
        let Some(last) = items.last().map(WorkItem::place) else { return Ok(None) };
        let named: Vec<_> = items.iter().map(|it| it.reference.clone()).collect();
        let closed = service.touching(&named, &asked.not_at).await?;
        for item in items.into_iter().filter(|it| !closed.contains(&it.reference)) {
            // What another one took a moment ago may still be in the list.
            let claim = Action::Claim { supervisor: asked.supervisor };
            match act(service, &item.reference, &claim, &asked.officer).await {
                Ok(shown) => return Ok(Some(shown)),
                Err(
                    ActionRefused::HeldBy(_)
                    | ActionRefused::Done(_)
                    | ActionRefused::AwaitsAuthorisation(_)
                    | ActionRefused::ForSupervisors
                    | ActionRefused::Unknown,
                ) => {}
                Err(error) => return Err(error),
            }
        }
        after = Some(last);
    }
}
