//! What is ordered for many items at once: each item has its own event, all have the order as their correlation.

use hearth_events::{
    Event, NotificationRef, Recorded, WorkItemClaimed, WorkItemDeferred, WorkItemEscalated, WorkItemReallocated,
    WorkItemReleased,
};
use hearth_projections::{BULK, WorkStatus};

use super::item::file;
use super::officers::{append, seen};
use super::steps::{put_off, step};
use super::{CaseFile, MOST_DECISIONS, folded};
use crate::clock::day_in_england;
use crate::service::orders::{By, MOST_ITEMS, ManyAction, Order, OrderDone, OrderItem, OrderOutcome};
use crate::service::work::ActionRefused;
use crate::service::{Service, ServiceError};
use crate::store::StoreError;

/// What the correlation of what undoes an order begins with.
const UNDO: &str = "undo-";

/// What would become of each item; nothing is recorded.
///
/// # Errors
/// When the order names no items, or too many, or the log cannot be used.
pub async fn look_at_order(service: &Service, order: &Order) -> Result<Vec<OrderItem>, ActionRefused> {
    let mut items = Vec::new();
    for reference in named(&order.references)? {
        let found = match file(service, &reference).await {
            Ok((file, _)) => ordered(service, &file, order).await.map(|event| event.map(|it| told(&it))),
            Err(refused) => Err(refused),
        };
        items.push(OrderItem { reference, outcome: outcome(found)? });
    }
    Ok(items)
}

/// Does with each item what is ordered, where it may be done.
///
/// # Errors
/// When the order names no items, or too many, or the log cannot be used; what was done until then stays done.
pub async fn order(service: &Service, order: &Order) -> Result<OrderDone, ActionRefused> {
    let references = named(&order.references)?;
    let name = format!("{BULK}{}", crate::service::new_order()?);
    let mut items = Vec::new();
    for reference in references {
        let done = do_one(service, &reference, &name, order).await;
        items.push(OrderItem { reference, outcome: outcome(done)? });
    }
    shown_soon(service).await;
    Ok(OrderDone { order: name, items })
}

/// Undoes an order, where nothing else has been done with an item since: reallocated, put off and claimed items are again
/// as they were.
///
/// # Errors
/// When there is no such order, somebody else gave it who is no supervisor, or the log cannot be used.
pub async fn undo_order(service: &Service, order: &str, by: &By) -> Result<OrderDone, ActionRefused> {
    let references = service.views.ordered_by(order).map_err(ServiceError::from)?;
    if !order.starts_with(BULK) || references.is_empty() {
        return Err(ActionRefused::no_such_order(order));
    }
    let name = format!("{UNDO}{}", order.trim_start_matches(BULK));
    let mut items = Vec::new();
    for reference in references {
        match undo_one(service, &reference, (order, &name), by).await {
            // Whoever undoes another's order need not have known that it is among it.
            Err(ActionRefused::Fenced) => {}
            undone => items.push(OrderItem { reference, outcome: outcome(undone)? }),
        }
    }
    shown_soon(service).await;
    Ok(OrderDone { order: name, items })
}

async fn shown_soon(service: &Service) {
    if let Err(error) = seen(service).await {
        tracing::warn!(%error, "the views do not show yet what was ordered");
    }
}

/// The items of an order, each once.
fn named(references: &[NotificationRef]) -> Result<Vec<NotificationRef>, ActionRefused> {
    let mut named: Vec<NotificationRef> = Vec::new();
    for it in references.iter().take(MOST_ITEMS + 1) {
        if !named.contains(it) {
            named.push(it.clone());
        }
    }
    if named.is_empty() || references.len() > MOST_ITEMS {
        return Err(ActionRefused::number_of_items(MOST_ITEMS));
    }
    Ok(named)
}

/// What is refused for one item is told; what is wrong with the log, or with the order itself, ends it.
fn outcome(done: Result<Option<String>, ActionRefused>) -> Result<OrderOutcome, ActionRefused> {
    match done {
        Ok(Some(what)) => Ok(OrderOutcome::Done(what)),
        Ok(None) => Ok(OrderOutcome::AlreadySo),
        Err(error @ (ActionRefused::Service(_) | ActionRefused::Malformed(_))) => Err(error),
        Err(refused) => Ok(OrderOutcome::Refused(refused.sentence())),
    }
}

/// The event of an order for one item; none where it is already so.
async fn ordered(service: &Service, file: &CaseFile, order: &Order) -> Result<Option<Event>, ActionRefused> {
    admitted(service, &file.received.reference, &order.by).await?;
    let now = service.clock.now();
    let waits = file.work.status_at(now, day_in_england(now));
    if order.action == ManyAction::Claim
        && matches!(waits, WorkStatus::AwaitingEvidence | WorkStatus::AwaitingConfirmation)
    {
        return Err(ActionRefused::AwaitsAnswer);
    }
    match (&order.action, order.single()) {
        (ManyAction::Defer { until }, _) => {
            put_off(service, file, (*until, order.note.as_ref()), (&order.by.officer, order.by.supervisor))
        }
        (_, Some(action)) => step(service, file, &action, &order.by.officer).await,
        (ManyAction::Reallocate { .. } | ManyAction::Release | ManyAction::Claim, None) => Ok(None),
    }
}

/// None of the dwellings that the item touches is fenced for whoever orders.
async fn admitted(service: &Service, reference: &NotificationRef, by: &By) -> Result<(), ActionRefused> {
    let fenced = service.touching(std::slice::from_ref(reference), &by.not_at).await?;
    if fenced.is_empty() { Ok(()) } else { Err(ActionRefused::Fenced) }
}

async fn do_one(
    service: &Service,
    reference: &NotificationRef,
    name: &str,
    order: &Order,
) -> Result<Option<String>, ActionRefused> {
    for _ in 0..MOST_DECISIONS {
        let (file, _) = file(service, reference).await?;
        let Some(event) = ordered(service, &file, order).await? else { return Ok(None) };
        let what = told(&event);
        match append(service, &file, event, &order.by.officer, Some(name)).await {
            Ok(()) => return Ok(Some(what)),
            Err(ServiceError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ActionRefused::NotUndone("too many others work on it"))
}

async fn undo_one(
    service: &Service,
    reference: &NotificationRef,
    (order, name): (&str, &str),
    by: &By,
) -> Result<Option<String>, ActionRefused> {
    for _ in 0..MOST_DECISIONS {
        let (file, events) = file(service, reference).await?;
        admitted(service, reference, by).await?;
        let event = undoing(service, &events, order, (&by.officer, by.supervisor))?;
        let what = told(&event);
        match append(service, &file, event, &by.officer, Some(name)).await {
            Ok(()) => return Ok(Some(what)),
            Err(ServiceError::Store(StoreError::Conflict { .. })) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(ActionRefused::NotUndone("too many others work on it"))
}

/// What makes an item as it was before the order, where the order was the last thing that was done with it.
fn undoing(
    service: &Service,
    events: &[Recorded],
    order: &str,
    (officer, supervisor): (&str, bool),
) -> Result<Event, ActionRefused> {
    let is_beside = |it: &Event| matches!(it, Event::RecoveryHeld(_) | Event::ContactLinked(_));
    let last = events.iter().rposition(|it| !is_beside(&it.event));
    let Some((at, recorded)) = last.and_then(|at| Some((at, events.get(at)?))) else {
        return Err(ActionRefused::Unknown);
    };
    if recorded.metadata.correlation != order {
        return Err(ActionRefused::NotUndone("something else has been done with it since"));
    }
    let mut before = None;
    for it in events.iter().take(at) {
        before = Some(folded(before, it.clone())?);
    }
    let Some(before) = before else { return Err(ActionRefused::Unknown) };
    let reference = before.received.reference.clone();
    let by = |who: &str| if who == officer || supervisor { Ok(officer.to_owned()) } else { Err(NOT_THEIRS) };
    if let Event::WorkItemReallocated(it) = &recorded.event {
        let Some(referral) = before.referral else { return Err(ActionRefused::Unknown) };
        let (queue, priority) = (it.queue.as_ref().map(|_| referral.queue), it.priority.map(|_| referral.priority));
        let officer = by(&it.officer).map_err(ActionRefused::NotUndone)?;
        Ok(WorkItemReallocated { reference, officer, queue, priority, note: None }.into())
    } else if let Event::WorkItemDeferred(it) = &recorded.event {
        by(&it.officer).map_err(ActionRefused::NotUndone)?;
        Ok(restored(service, &before, officer))
    } else if let Event::WorkItemClaimed(it) = &recorded.event {
        by(&it.officer).map_err(ActionRefused::NotUndone)?;
        Ok(restored(service, &before, officer))
    } else {
        Err(ActionRefused::NotUndone("what was given back is anybody's: claim it"))
    }
}

const NOT_THEIRS: &str = "somebody else ordered it: a supervisor can undo that";

/// What makes an item stand as it stood.
fn restored(service: &Service, before: &CaseFile, officer: &str) -> Event {
    let now = service.clock.now();
    let reference = before.received.reference.clone();
    let work = &before.work;
    if let Some(holder) = work.holder_at(now).filter(|_| work.status == WorkStatus::Claimed) {
        return WorkItemClaimed { reference, officer: holder.to_owned(), until: work.until }.into();
    }
    let is_ahead = work.back_on.filter(|it| *it > day_in_england(now));
    if let (WorkStatus::Deferred, Some(until)) = (work.status, is_ahead) {
        return WorkItemDeferred { reference, officer: officer.to_owned(), until, note: None }.into();
    }
    if work.escalated {
        return WorkItemEscalated { reference, officer: officer.to_owned(), note: None }.into();
    }
    WorkItemReleased { reference, officer: officer.to_owned() }.into()
}

/// What happens to an item, in words.
fn told(event: &Event) -> String {
    if let Event::WorkItemReallocated(it) = event {
        let queue = it.queue.as_ref().map(|it| format!("goes into the queue {it}"));
        let priority = it.priority.map(|it| format!("has the priority {}", format!("{it:?}").to_lowercase()));
        return queue.into_iter().chain(priority).collect::<Vec<_>>().join(" and ");
    }
    if let Event::WorkItemDeferred(it) = event {
        return format!("is put off until {}", it.until);
    }
    if let Event::WorkItemClaimed(it) = event {
        return format!("is claimed by {}", it.officer);
    }
    if let Event::WorkItemEscalated(_) = event {
        return "waits for a supervisor".to_owned();
    }
    "goes back to its queue".to_owned()
}
