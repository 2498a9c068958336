//! Reading what a decision is taken on: the notification in clear, what its references stand for, the dwellings.

use std::collections::BTreeMap;
use std::time::Duration;

use hearth_events::{AccountRef, NotificationRef, Personal, Position, StreamName, Uprn, decode};
use hearth_projections::{Accounts, DwellingState, Projection, Workload};
use jiff::civil::Date;

use super::{CaseFile, opened};
use crate::clock::day_in_england;
use crate::decision::{AccountMatch, Case, DwellingMatch, Matched, Premises};
use crate::intake::{Details, DwellingGiven, Notification};
use crate::service::{CouncilNow, Service, ServiceError};

/// How long a view may take to come to where the log is before a reference counts as unknown.
const VIEW_DEADLINE: Duration = Duration::from_secs(10);

/// Everything a case rests on.
pub(super) struct Loaded {
    notification: Notification,
    matched: Matched,
    told_before: Option<NotificationRef>,
    read_at: Position,
    decided_on: Date,
}

impl Loaded {
    pub(super) fn case<'a>(&'a self, file: &'a CaseFile, council: &'a CouncilNow) -> Case<'a> {
        let received = &file.received;
        let received_on = day_in_england(received.received_at);
        Case {
            received,
            notification: &self.notification,
            received_on,
            decided_on: self.decided_on.max(received_on),
            council: &council.council,
            modulus: council.modulus_on(received_on),
            matched: self.matched.clone(),
            told_before: self.told_before.clone(),
            unanswered: file.unanswered(),
        }
    }

    pub(super) fn dwellings(&self) -> Vec<Uprn> {
        self.matched.premises.iter().map(|it| it.uprn.clone()).collect()
    }

    pub(super) fn read_at(&self) -> Position {
        self.read_at
    }

    pub(super) fn revision(&self, uprn: &Uprn) -> Option<u64> {
        self.matched.premises.iter().find(|it| it.uprn == *uprn).and_then(|it| it.state.revision)
    }
}

pub(super) async fn load(service: &Service, file: &CaseFile) -> Result<Loaded, ServiceError> {
    let reference = &file.received.reference;
    let notification = opened(service, file)?
        .ok_or_else(|| ServiceError::Log(format!("{reference}: its submitter has been forgotten")))?;
    load_as(service, file, notification).await
}

/// The same for what the notification would be if an officer put it right so.
pub(super) async fn load_as(
    service: &Service,
    file: &CaseFile,
    notification: Notification,
) -> Result<Loaded, ServiceError> {
    let read_at = service.store.head().await?;
    let decided_on = service.today();
    loaded(service, file, notification, Reading { read_at, decided_on, until: None }).await
}

/// Up to where the log is read for a decision that was taken before.
pub(super) struct Until {
    /// Where the decision stands.
    pub(super) position: Position,
    /// The day on which it was taken.
    pub(super) on: Date,
}

/// The same as things stood then.
pub(super) async fn load_until(
    service: &Service,
    file: &CaseFile,
    notification: Notification,
    until: &Until,
) -> Result<Loaded, ServiceError> {
    let Until { position, on } = *until;
    let reading = Reading { read_at: position, decided_on: on, until: Some(position) };
    let mut loaded = loaded(service, file, notification, reading).await?;
    // The view knows accounts that were opened since.
    if let AccountMatch::Found(account, uprn) = &loaded.matched.account {
        let place = loaded.matched.premises.iter().find(|it| it.uprn == *uprn);
        if place.is_none_or(|it| it.state.account(account).is_none()) {
            let uprn = uprn.clone();
            loaded.matched.account = AccountMatch::Unknown;
            let one = DwellingMatch::One(uprn.clone());
            if loaded.matched.dwelling != one && loaded.matched.from_dwelling != one {
                loaded.matched.premises.retain(|it| it.uprn != uprn);
            }
        }
    }
    Ok(loaded)
}

/// How far the log is read, and for a decision of which day.
struct Reading {
    read_at: Position,
    decided_on: Date,
    /// What was recorded of a dwelling after that is left out.
    until: Option<Position>,
}

async fn loaded(
    service: &Service,
    file: &CaseFile,
    notification: Notification,
    Reading { read_at, decided_on, until }: Reading,
) -> Result<Loaded, ServiceError> {
    let (received, received_position) = (&file.received, file.received_position);
    let account = match &notification.account {
        None => AccountMatch::NotNamed,
        Some(account) => matched_account(service, account, read_at).await?,
    };
    let dwelling = matched_dwelling(service, notification.dwelling.as_ref(), read_at).await?;
    let left = if let Details::MoveWithin(it) = &notification.details { it.from_dwelling.given() } else { None };
    let from_dwelling = matched_dwelling(service, left.as_ref(), read_at).await?;
    let mut uprns: Vec<Uprn> = Vec::new();
    if let AccountMatch::Found(_, uprn) = &account {
        uprns.push(uprn.clone());
    }
    for it in [&dwelling, &from_dwelling] {
        if let DwellingMatch::One(uprn) = it
            && !uprns.contains(uprn)
        {
            uprns.push(uprn.clone());
        }
    }
    let mut premises = Vec::new();
    for uprn in uprns {
        premises.push(premises_until(service, uprn, until).await?);
    }
    view_has_come_to(service, Workload::NAME, received_position).await?;
    let told_before = service.views.told_before(&received.told_digest, received_position)?;
    let matched = Matched { account, dwelling, from_dwelling, premises };
    Ok(Loaded { notification, matched, told_before, read_at, decided_on })
}

/// Waits until a view has come to where the log was; a reference it does not know then is unknown.
async fn view_has_come_to(service: &Service, view: &str, position: Position) -> Result<(), ServiceError> {
    if service.views.wait_for(view, position, VIEW_DEADLINE).await? {
        Ok(())
    } else {
        Err(ServiceError::Log(format!("the view {view} has not come to position {position} in time")))
    }
}

async fn matched_account(
    service: &Service,
    account: &AccountRef,
    read_at: Position,
) -> Result<AccountMatch, ServiceError> {
    let found = |uprn: Option<Uprn>| uprn.map(|uprn| AccountMatch::Found(account.clone(), uprn));
    if let Some(it) = found(service.views.uprn_of_account(account)?) {
        return Ok(it);
    }
    view_has_come_to(service, Accounts::NAME, read_at).await?;
    Ok(found(service.views.uprn_of_account(account)?).unwrap_or(AccountMatch::Unknown))
}

pub(super) async fn matched_dwelling(
    service: &Service,
    given: Option<&DwellingGiven>,
    read_at: Position,
) -> Result<DwellingMatch, ServiceError> {
    let find = || match given {
        None => Ok(DwellingMatch::NotGiven),
        Some(DwellingGiven::Uprn(uprn)) => Ok(DwellingMatch::One(uprn.clone())),
        Some(DwellingGiven::PropertyReference(reference)) => {
            service.views.uprn_of_property_reference(reference).map(one)
        }
        Some(DwellingGiven::Address { address, postcode }) => service.views.uprns_at(address, postcode).map(one),
    };
    let found = find()?;
    if found != DwellingMatch::Unknown {
        return Ok(found);
    }
    view_has_come_to(service, Accounts::NAME, read_at).await?;
    Ok(find()?)
}

fn one(mut uprns: Vec<Uprn>) -> DwellingMatch {
    match uprns.len() {
        0 => DwellingMatch::Unknown,
        1 => uprns.pop().map_or(DwellingMatch::Unknown, DwellingMatch::One),
        several => DwellingMatch::Several(several),
    }
}

/// A dwelling as its stream has it, with the people of it in clear.
pub(crate) async fn premises_of(service: &Service, uprn: Uprn) -> Result<Premises, ServiceError> {
    premises_until(service, uprn, None).await
}

/// The same as it was at a position, where one is given.
async fn premises_until(service: &Service, uprn: Uprn, until: Option<Position>) -> Result<Premises, ServiceError> {
    let mut state = DwellingState::default();
    let stored = service.store.read_stream(&StreamName::dwelling(&uprn), 0).await?;
    for stored in stored.into_iter().take_while(|it| until.is_none_or(|until| it.position <= until)) {
        let recorded = decode(&stored)?;
        state.apply(&recorded).map_err(|error| ServiceError::Log(format!("dwelling {uprn}: {error}")))?;
    }
    let owner = state.listing.iter().filter_map(|it| it.owner.as_ref());
    let persons = owner.chain(state.accounts.iter().flat_map(|it| &it.liable_persons));
    let people: BTreeMap<_, _> = persons.filter_map(|it| Some((it.person(), it.opened(&service.keys)?))).collect();
    // Open, so that what is carried to another account is sealed anew within the event that carries it.
    for account in &mut state.accounts {
        account.bank_details = account.bank_details.take().map(|it| match it.opened(&service.keys) {
            Some(bank) => Personal::open_for(it.person(), bank),
            None => it,
        });
    }
    Ok(Premises { uprn, state, people })
}
