//! Members of staff: who may sign in, whom they are related to, and which records are open to named persons only.

use std::collections::{BTreeMap, BTreeSet};

use hearth_events::{
    Event, EventId, PassphraseSet, RecordRestricted, RelationDeclared, RelationEnded, RestrictionLifted, Role,
    SetUpLinkMade, StaffEnrolled, StaffLeft, Uprn,
};
use jiff::Timestamp;
use serde::Serialize;

use super::history::Happened;
use super::list::{List, record};
use super::{AccessError, Denied, can_be_named};
use crate::store::EventStore;

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The name they sign in by.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The queues whose work they are trained for; every queue where there is none.
    pub queues: Vec<String>,
}

/// What members of staff must not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fences {
    relations: BTreeMap<String, BTreeSet<Uprn>>,
    restricted: BTreeMap<Uprn, BTreeSet<String>>,
}

impl Fences {
    pub(super) fn declare(&mut self, staff: &str, uprn: &Uprn) {
        self.relations.entry(staff.to_owned()).or_default().insert(uprn.clone());
    }

    pub(super) fn end(&mut self, staff: &str, uprn: &Uprn) {
        if let Some(related) = self.relations.get_mut(staff) {
            related.remove(uprn);
        }
    }

    pub(super) fn restrict(&mut self, uprn: &Uprn, open_to: &[String]) {
        self.restricted.insert(uprn.clone(), open_to.iter().cloned().collect());
    }

    pub(super) fn lift(&mut self, uprn: &Uprn) {
        self.restricted.remove(uprn);
    }

    /// Nothing is open any more to somebody who left: whoever has that name later is named again, or not. What they declared
    /// stays, as it only ever closes.
    pub(super) fn leave(&mut self, staff: &str) {
        self.restricted.values_mut().for_each(|open_to| {
            open_to.remove(staff);
        });
    }

    /// Whether somebody may see and touch what is about a dwelling.
    ///
    /// # Errors
    /// When they may not, and why.
    pub fn admit(&self, name: &str, uprn: &Uprn) -> Result<(), Denied> {
        if self.relations.get(name).is_some_and(|it| it.contains(uprn)) {
            return Err(Denied::Own);
        }
        match self.restricted.get(uprn) {
            Some(open_to) if !open_to.contains(name) => Err(Denied::Restricted),
            Some(_) | None => Ok(()),
        }
    }

    /// The dwellings that somebody declared.
    pub fn related(&self, name: &str) -> impl Iterator<Item = &Uprn> {
        self.relations.get(name).into_iter().flatten()
    }

    /// The dwellings that are restricted, with whom they are open to.
    pub fn restricted(&self) -> impl Iterator<Item = (&Uprn, &BTreeSet<String>)> {
        self.restricted.iter()
    }
}

/// Lets a member of staff sign in; where they do already, with another role or other queues from now on. `there_are` these
/// queues.
///
/// # Errors
/// When the name cannot be used, the role is not one of staff, a queue is not there, or the store does not take it.
pub async fn enrol(
    store: &dyn EventStore,
    member: &Member,
    there_are: &BTreeSet<&str>,
    by: &str,
    now: Timestamp,
) -> Result<(), AccessError> {
    let Member { name, role, queues } = member;
    if !can_be_named(name) {
        return Err(AccessError::BadName(name.clone()));
    }
    if *role == Role::Submitter {
        return Err(AccessError::NotStaff);
    }
    if let Some(unknown) = queues.iter().find(|it| !there_are.contains(it.as_str())) {
        let there_are: Vec<_> = there_are.iter().copied().collect();
        return Err(AccessError::UnknownQueue(unknown.clone(), there_are.join(", ")));
    }
    let enrolled = StaffEnrolled { staff: name.clone(), role: *role, queues: queues.clone(), by: by.to_owned() };
    once(store, enrolled.into(), now, |list| match list.live(name) {
        Some(_) => Err(AccessError::NameTaken(name.clone())),
        None => Ok(()),
    })
    .await
}

/// Records that a link is about to be made with which this member of staff sets up a passphrase, until it lapses; `held` where
/// they have one now.
///
/// # Errors
/// When nobody signs in by this name, or the store does not take it.
pub async fn link_made(
    store: &dyn EventStore,
    name: &str,
    by: &str,
    (until, held): (Timestamp, bool),
    now: Timestamp,
) -> Result<(), AccessError> {
    let replaces = held || had_one(store, name).await?;
    let made = SetUpLinkMade { staff: name.to_owned(), by: by.to_owned(), until, replaces };
    once(store, made.into(), now, |list| known(list, name)).await
}

/// Records that a passphrase is about to be set up with a link; `held` where there is one now.
///
/// # Errors
/// When nobody signs in by this name any more, or the store does not take it.
pub async fn passphrase_set(store: &dyn EventStore, name: &str, held: bool, now: Timestamp) -> Result<(), AccessError> {
    let replaces = held || had_one(store, name).await?;
    once(store, PassphraseSet { staff: name.to_owned(), replaces }.into(), now, |list| known(list, name)).await
}

/// Whether somebody had a passphrase of this name, or may have had: whoever lets a colleague go and back in does not hide it.
async fn had_one(store: &dyn EventStore, name: &str) -> Result<bool, AccessError> {
    let list = List::read(store).await?;
    let mut own = list.history.iter().filter(|it| it.staff == name);
    Ok(own.any(|it| matches!(it.what, Happened::PassphraseSet { .. } | Happened::Left)))
}

/// No longer lets a member of staff sign in.
///
/// # Errors
/// When nobody signs in by this name, or the store does not take it.
pub async fn leave(store: &dyn EventStore, name: &str, by: &str, now: Timestamp) -> Result<(), AccessError> {
    let left = StaffLeft { staff: name.to_owned(), by: by.to_owned() };
    once(store, left.into(), now, |list| known(list, name)).await
}

/// Keeps a member of staff from a dwelling: their own, or that of somebody close to them.
///
/// # Errors
/// When nobody signs in by this name, or the store does not take it.
pub async fn relate(
    store: &dyn EventStore,
    name: &str,
    uprn: &Uprn,
    by: &str,
    now: Timestamp,
) -> Result<(), AccessError> {
    let declared = RelationDeclared { staff: name.to_owned(), uprn: uprn.clone(), by: by.to_owned() };
    once(store, declared.into(), now, |list| known(list, name)).await
}

/// Ends a relation that was declared.
///
/// # Errors
/// When there is none, whoever says so is the one related, or the store does not take it.
pub async fn unrelate(
    store: &dyn EventStore,
    name: &str,
    uprn: &Uprn,
    by: &str,
    now: Timestamp,
) -> Result<(), AccessError> {
    if name == by {
        return Err(AccessError::Nothing("nobody ends a relation of their own: ask another person".to_owned()));
    }
    let ended = RelationEnded { staff: name.to_owned(), uprn: uprn.clone(), by: by.to_owned() };
    once(store, ended.into(), now, |list| {
        let is_there = list.fences.related(name).any(|it| it == uprn);
        let nothing = || AccessError::Nothing(format!("{name} has declared no relation to {uprn}"));
        is_there.then_some(()).ok_or_else(nothing)
    })
    .await
}

/// Opens a dwelling and all that is about it to named persons only.
///
/// # Errors
/// When one of them does not sign in here, or the store does not take it.
pub async fn restrict(
    store: &dyn EventStore,
    uprn: &Uprn,
    open_to: &[String],
    by: &str,
    now: Timestamp,
) -> Result<(), AccessError> {
    let restricted = RecordRestricted { uprn: uprn.clone(), open_to: open_to.to_vec(), by: by.to_owned() };
    once(store, restricted.into(), now, |list| open_to.iter().try_for_each(|it| known(list, it))).await
}

/// Opens a dwelling to all whose work it is.
///
/// # Errors
/// When it is not restricted, or the store does not take it.
pub async fn lift(store: &dyn EventStore, uprn: &Uprn, by: &str, now: Timestamp) -> Result<(), AccessError> {
    let lifted = RestrictionLifted { uprn: uprn.clone(), by: by.to_owned() };
    once(store, lifted.into(), now, |list| {
        let is_there = list.fences.restricted().any(|(it, _)| it == uprn);
        is_there.then_some(()).ok_or_else(|| AccessError::Nothing(format!("{uprn} is not restricted")))
    })
    .await
}

/// Every member of staff, by name, and what they must not touch.
///
/// # Errors
/// When the store cannot be read.
pub async fn directory(store: &dyn EventStore) -> Result<(Vec<Member>, Fences), AccessError> {
    let list = List::read(store).await?;
    Ok((list.staff.into_values().collect(), (*list.fences).clone()))
}

fn known(list: &List, name: &str) -> Result<(), AccessError> {
    if list.staff.contains_key(name) { Ok(()) } else { Err(AccessError::UnknownStaff(name.to_owned())) }
}

/// Records what may be said again later, once for each time that it is said.
async fn once(
    store: &dyn EventStore,
    event: Event,
    now: Timestamp,
    permits: impl Fn(&List) -> Result<(), AccessError>,
) -> Result<(), AccessError> {
    let nonce = super::list::nonce()?;
    let id = EventId::derived(&["access", event.type_name(), &nonce]);
    record(store, id, event, now, permits).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_touches_their_own_and_only_the_named_what_is_restricted() {
        let (home, other): (Uprn, Uprn) = ("1".parse().unwrap(), "2".parse().unwrap());
        let mut fences = Fences::default();
        fences.declare("a", &home);
        fences.restrict(&other, &["b".to_owned()]);
        assert_eq!((fences.admit("a", &home), fences.admit("b", &home)), (Err(Denied::Own), Ok(())));
        assert_eq!((fences.admit("a", &other), fences.admit("b", &other)), (Err(Denied::Restricted), Ok(())));
        fences.restrict(&home, &["a".to_owned()]);
        assert_eq!(fences.admit("a", &home), Err(Denied::Own), "being named does not make it anybody else's");
        fences.leave("b");
        assert_eq!(fences.admit("b", &other), Err(Denied::Restricted), "nobody is left whom it is open to");
        fences.restrict(&other, &["b".to_owned()]);
        assert_eq!(fences.admit("b", &other), Ok(()), "named again");
        fences.leave("a");
        assert_eq!(fences.admit("a", &home), Err(Denied::Own), "what was declared outlasts it");
        fences.end("a", &home);
        assert_eq!(fences.admit("a", &home), Err(Denied::Restricted), "that it was open to them does not");
        fences.lift(&home);
        fences.lift(&other);
        assert_eq!((fences.admit("a", &home), fences.admit("a", &other)), (Ok(()), Ok(())));
    }
}
