//! What a decision is taken on.

use std::collections::BTreeMap;

use hearth_events::{
    AccountRef, Channel, NotificationReceived, NotificationRef, PersonDetails, PersonId, Personal, Uprn,
};
use hearth_projections::{AccountState, DwellingState};
use jiff::civil::Date;

use super::Working;
use crate::intake::{Notification, same_name};
use crate::rules::modulus::ModulusTable;
use crate::rules::{Council, Policy};

/// A notification with everything its decision may rest on.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The notification as it was received.
    pub received: &'a NotificationReceived,
    /// What was told.
    pub notification: &'a Notification,
    /// The day it was received, in England.
    pub received_on: Date,
    /// The day it is decided: notices are issued on it. Limits are never measured from it.
    pub decided_on: Date,
    /// What the council resolved.
    pub council: &'a Council,
    /// The table of the modulus check in force.
    pub modulus: Option<&'a ModulusTable>,
    /// What the references in it were found to be.
    pub matched: Matched,
    /// An earlier notification that told the very same.
    pub told_before: Option<NotificationRef>,
    /// That the liable persons whom it concerns were told of it and did not answer, where policy takes that for their word.
    pub unanswered: Option<Unanswered>,
}

/// Liable persons were told what somebody else says of their account, and did not object in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The day they were told.
    pub told_on: Date,
    /// The last day on which they might have answered.
    pub respond_by: Date,
}

impl Case<'_> {
    /// Whether it came from the service that its channel names, and does not only say so: in a file that the council
    /// submitted, or with the token that was made for that service and bears its name.
    pub fn came_from(&self, channel: Channel) -> bool {
        self.received.channel == channel && speaks_for(&self.received.sender, channel)
    }
}

fn speaks_for(sender: &str, channel: Channel) -> bool {
    let service = channel.to_string();
    sender == "file" || sender.strip_prefix("token:").is_some_and(|name| name.starts_with(&service))
}

/// What the references of a notification were found to be.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The account it names.
    pub account: AccountMatch,
    /// The dwelling it is about.
    pub dwelling: DwellingMatch,
    /// The dwelling that was left, in a move from one to another.
    pub from_dwelling: DwellingMatch,
    /// The dwellings concerned, as they stand.
    pub premises: Vec<Premises>,
}

/// The account a notification names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountMatch {
    /// It names none.
    NotNamed,
    /// There is no such account.
    Unknown,
    /// It is an account of this dwelling.
    Found(AccountRef, Uprn),
}

/// The dwelling a notification is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DwellingMatch {
    /// It gives none.
    NotGiven,
    /// No dwelling fits.
    Unknown,
    /// Several dwellings fit.
    Several(usize),
    /// One dwelling fits.
    One(Uprn),
}

/// A dwelling with the people concerned in clear.
#[derive(Clone, Debug)]
pub struct Premises {
    /// Which.
    pub uprn: Uprn,
    /// As it stands.
    pub state: DwellingState,
    /// The people who can be read; a forgotten person is not among them.
    pub people: BTreeMap<PersonId, PersonDetails>,
}

impl Premises {
    /// What is known of a person.
    pub fn details(&self, person: &Personal<PersonDetails>) -> Option<&PersonDetails> {
        self.people.get(&person.person())
    }

    /// The liable person of an account who has this name.
    pub fn liable_person_named(&self, account: &AccountState, name: &str) -> Option<(PersonId, &PersonDetails)> {
        account.liable_persons.iter().find_map(|person| {
            let details = self.details(person)?;
            same_name(&details.name, name).then(|| (person.person(), details))
        })
    }

    /// The owner on file.
    pub fn owner(&self) -> Option<(PersonId, &PersonDetails)> {
        let owner = self.state.listing.as_ref()?.owner.as_ref()?;
        Some((owner.person(), self.details(owner)?))
    }

    /// Whether exactly the liable persons of an account have these names.
    pub fn are_liable_persons<'a>(&self, account: &AccountState, names: impl Iterator<Item = &'a str> + Clone) -> bool {
        names.clone().count() == account.liable_persons.len()
            && names.clone().all(|name| self.liable_person_named(account, name).is_some())
            && self.are_all_named(account, names)
    }

    /// Whether every liable person of an account is among these names.
    pub fn are_all_named<'a>(&self, account: &AccountState, names: impl Iterator<Item = &'a str> + Clone) -> bool {
        account.liable_persons.iter().all(|person| {
            self.details(person).is_some_and(|details| names.clone().any(|name| same_name(&details.name, name)))
        })
    }

    /// A working copy, to try effects on.
    pub fn working(&self) -> Working {
        Working::of(self.uprn.clone(), self.state.clone())
    }
}

impl Case<'_> {
    /// The policy in force on the day of receipt.
    pub fn policy(&self) -> Policy {
        self.council.policy_on(self.received_on)
    }

    /// A dwelling concerned.
    pub fn premises(&self, uprn: &Uprn) -> Option<&Premises> {
        self.matched.premises.iter().find(|it| it.uprn == *uprn)
    }

    /// The accounts that the notification names or was found to concern.
    pub fn accounts_concerned(&self) -> Vec<AccountRef> {
        match &self.matched.account {
            AccountMatch::Found(account, _) => vec![account.clone()],
            AccountMatch::NotNamed | AccountMatch::Unknown => Vec::new(),
        }
    }

    /// The id of the `number`-th person whom this notification makes known.
    pub fn new_person(&self, role: &str, number: usize) -> PersonId {
        PersonId::derived(&["person", self.received.reference.as_str(), role, &number.to_string()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_only_says_so_does_not_speak_for_a_service() {
        for sender in ["file", "token:voa", "token:voa-2026"] {
            assert!(speaks_for(sender, Channel::Voa), "{sender}");
        }
        for sender in ["public", "token:acme-lettings", "token:tell-us-once", "token:", "voa"] {
            assert!(!speaks_for(sender, Channel::Voa), "{sender}");
        }
        assert!(speaks_for("token:tell-us-once", Channel::TellUsOnce));
    }
}
