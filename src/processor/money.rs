//! Refunds and penalties, step by step, each by the person who may: asked for, approved and paid are never one person's doing.

use hearth_events::{
    AccountRef, Event, EventId, Money, NotificationRef, PenaltyImposed, PenaltyQuashed, RefundApproved, RefundPaid,
    RefundRefused, StreamName, Uprn,
};
use hearth_projections::{AccountState, Refund, RefundStatus};
use jiff::civil::Date;

use super::item::file;
use super::load::premises_of;
use super::officers::seen;
use super::{CaseFile, MOST_DECISIONS};
use crate::service::money::{MoneyAction, MoneyRefused, penalty};
use crate::service::work::ActionRefused;
use crate::service::{Sender, Service, ServiceError};
use crate::store::{Expected, StoreError};

/// Does what is asked for, and gives the account as it then is.
///
/// # Errors
/// When it may not be done, or the log cannot be used; nothing was recorded then.
pub async fn act_on_money(
    service: &Service,
    action: &MoneyAction,
    officer: &str,
) -> Result<(Uprn, AccountState), MoneyRefused> {
    let uprn = place_of(service, action).await?;
    for _ in 0..MOST_DECISIONS {
        let state = premises_of(service, uprn.clone()).await?.state;
        let account =
            state.accounts.iter().find(|it| concerns(action, it)).ok_or(MoneyRefused::Unknown(what(action)))?;
        let Some(event) = step(service, account, action, officer).await? else {
            return Ok((uprn, account.clone()));
        };
        let revision = state.revision.unwrap_or_default();
        let id = EventId::derived(&["money", uprn.as_str(), &revision.to_string(), officer, event.type_name()]);
        let planned = service.keys.seal(&[(id, event)]).map_err(ServiceError::from)?;
        let (stream, actor) = (StreamName::dwelling(&uprn), Sender::Token(officer.to_owned()).name());
        match service.append(&stream, Expected::Exact(revision), &planned, &actor, &actor).await {
            Ok(_) => {}
            // Somebody else wrote to the dwelling: look again.
            Err(ServiceError::Store(StoreError::Conflict { .. })) => continue,
            Err(error) => return Err(error.into()),
        }
        if let Err(error) = seen(service).await {
            tracing::warn!(%error, "the views do not show yet what was done at dwelling {uprn}");
        }
        let now = premises_of(service, uprn.clone()).await?.state;
        let account = now.accounts.into_iter().find(|it| concerns(action, it));
        return account.map(|it| (uprn, it)).ok_or(MoneyRefused::Unknown(what(action)));
    }
    Err(ServiceError::Store(StoreError::Unavailable("too many others work on this dwelling".to_owned())).into())
}

fn what(action: &MoneyAction) -> &'static str {
    match action {
        MoneyAction::ApproveRefund { .. } | MoneyAction::RefuseRefund { .. } | MoneyAction::RefundPaid { .. } => {
            "refund"
        }
        MoneyAction::ImposePenalty { .. } => "account",
        MoneyAction::QuashPenalty { .. } => "penalty",
    }
}

fn concerns(action: &MoneyAction, account: &AccountState) -> bool {
    match action {
        MoneyAction::ApproveRefund { refund }
        | MoneyAction::RefuseRefund { refund }
        | MoneyAction::RefundPaid { refund, .. } => account.billing.refunds.iter().any(|it| it.refund == *refund),
        MoneyAction::ImposePenalty { account: of, .. } => account.account == *of,
        MoneyAction::QuashPenalty { account: of, penalty } => {
            account.account == *of && account.billing.penalties.iter().any(|it| it.penalty == *penalty)
        }
    }
}

async fn place_of(service: &Service, action: &MoneyAction) -> Result<Uprn, MoneyRefused> {
    // What was recorded a moment ago may be meant.
    seen(service).await?;
    let found = match action {
        MoneyAction::ApproveRefund { refund }
        | MoneyAction::RefuseRefund { refund }
        | MoneyAction::RefundPaid { refund, .. } => service.views.uprn_of_refund(refund),
        MoneyAction::ImposePenalty { account, .. } | MoneyAction::QuashPenalty { account, .. } => {
            service.views.uprn_of_account(account)
        }
    };
    found.map_err(ServiceError::from)?.ok_or(MoneyRefused::Unknown(what(action)))
}

/// What is to be recorded; nothing where it is so already.
async fn step(
    service: &Service,
    account: &AccountState,
    action: &MoneyAction,
    officer: &str,
) -> Result<Option<Event>, MoneyRefused> {
    let (on, reference) = (service.today(), account.account.clone());
    let refund = |refund: &str| {
        let held = account.billing.refunds.iter().find(|it| it.refund == refund);
        held.ok_or(MoneyRefused::Unknown("refund"))
    };
    Ok(Some(match action {
        MoneyAction::ApproveRefund { refund: name } => {
            let held = refund(name)?;
            at(held, RefundStatus::Requested)?;
            still_in_credit(account)?;
            if by(service, name).await?.iter().any(|it| it == officer) {
                return Err(MoneyRefused::SamePerson);
            }
            let (refund, amount) = (name.clone(), held.amount);
            RefundApproved { account: reference, refund, amount, approved_by: officer.to_owned(), on }.into()
        }
        MoneyAction::RefuseRefund { refund: name } => {
            at(refund(name)?, RefundStatus::Requested)?;
            RefundRefused { account: reference, refund: name.clone(), refused_by: officer.to_owned(), on }.into()
        }
        MoneyAction::RefundPaid { refund: name, paid_on, payment_reference } => {
            let held = refund(name)?;
            at(held, RefundStatus::Approved)?;
            still_in_credit(account)?;
            if held.approved_by.as_deref() == Some(officer) {
                return Err(MoneyRefused::SamePerson);
            }
            RefundPaid {
                account: reference,
                refund: name.clone(),
                amount: held.amount,
                paid_by: officer.to_owned(),
                paid_on: *paid_on,
                payment_reference: payment_reference.clone(),
            }
            .into()
        }
        MoneyAction::ImposePenalty { penalty, repeated, .. } => {
            return imposed(account, penalty, *repeated, officer, on);
        }
        MoneyAction::QuashPenalty { penalty, .. } => quashed(account, penalty, officer, on)?,
    }))
}

/// A penalty; nothing where it was imposed under this name before, even if it was quashed since.
fn imposed(
    account: &AccountState,
    name: &str,
    repeated: bool,
    officer: &str,
    on: Date,
) -> Result<Option<Event>, MoneyRefused> {
    let amount = penalty(repeated);
    if let Some(held) = account.billing.penalties.iter().find(|it| it.penalty == name) {
        let because = || format!("another penalty of £{} is called {name} on this account", held.amount);
        return if held.amount == amount { Ok(None) } else { Err(MoneyRefused::NotNow(because())) };
    }
    let (account, penalty, officer) = (account.account.clone(), name.to_owned(), officer.to_owned());
    Ok(Some(PenaltyImposed { account, penalty, amount, repeated, officer, on }.into()))
}

fn quashed(account: &AccountState, penalty: &str, officer: &str, on: Date) -> Result<Event, MoneyRefused> {
    let held = account.billing.penalties.iter().find(|it| it.penalty == penalty);
    let held = held.ok_or(MoneyRefused::Unknown("penalty"))?;
    if let Some(day) = held.quashed_on {
        return Err(MoneyRefused::NotNow(format!("it was quashed on {day} already")));
    }
    let (account, penalty): (AccountRef, _) = (account.account.clone(), penalty.to_owned());
    Ok(PenaltyQuashed { account, penalty, officer: officer.to_owned(), on }.into())
}

fn at(held: &Refund, status: RefundStatus) -> Result<(), MoneyRefused> {
    if held.status == status {
        return Ok(());
    }
    Err(MoneyRefused::NotNow(format!("the refund is {}, not {}", held.status.as_str(), status.as_str())))
}

/// What was asked for counts against the balance already: where something is owed then, the credit is no longer there.
fn still_in_credit(account: &AccountState) -> Result<(), MoneyRefused> {
    if account.billing.balance() > Money::ZERO {
        return Err(MoneyRefused::NotNow(
            "the account is not in credit by that any more: refuse the refund".to_owned(),
        ));
    }
    Ok(())
}

/// Who asked for the refund or decided that it is asked for, by the names of their tokens.
async fn by(service: &Service, refund: &str) -> Result<Vec<String>, MoneyRefused> {
    let Ok(reference) = refund.parse::<NotificationRef>() else { return Ok(Vec::new()) };
    match file(service, &reference).await {
        Ok((CaseFile { ruling, received, .. }, _)) => {
            let sender = received.sender.strip_prefix("token:").map(str::to_owned);
            Ok(ruling.map(|it| it.officer).into_iter().chain(sender).collect())
        }
        Err(ActionRefused::Service(error)) => Err(error.into()),
        Err(_) => Ok(Vec::new()),
    }
}
