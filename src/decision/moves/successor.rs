//! Who is liable once somebody has left, so that no day is without anybody.

use hearth_events::{AccountRef, Capacity, PaymentMethod, PersonDetails, PersonId, Personal, ReasonCode, Tenure};
use hearth_projections::AccountState;
use jiff::civil::Date;

use super::super::gates::LIABILITY;
use super::super::liable::{carried, carry_choices};
use super::super::working::NewLiability;
use super::super::{Case, Findings, Premises, Working};
use super::carry_collection_day;
use crate::intake::details::{Successor, SuccessorKind};
use crate::intake::same_name;

/// Who is liable next.
pub(in super::super) struct Next {
    persons: Vec<Personal<PersonDetails>>,
    capacity: Capacity,
    adults: Option<u16>,
    /// Whether they are those who leave, and pay as they did.
    goes_on: bool,
}

impl Next {
    pub(in super::super) fn owner(person: PersonId, details: &PersonDetails) -> Self {
        let persons = vec![Personal::open_for(person, details.clone())];
        Self { persons, capacity: Capacity::Owner, adults: Some(0), goes_on: false }
    }

    pub(in super::super) fn liable_from(self, from: Date, to: Option<Date>) -> NewLiability {
        NewLiability {
            from,
            to,
            persons: self.persons,
            capacity: self.capacity,
            adults: self.adults,
            payment_method: PaymentMethod::Cash,
            bank_details: None,
        }
    }

    /// Records that they are liable from a day on, as the account that ends was paid where they are the same.
    pub(super) fn begin(self, working: &mut Working, account: &AccountState, from: Date) -> AccountRef {
        let goes_on = self.goes_on;
        let next = self.liable_from(from, None);
        let next = if goes_on { next.paid_as(account) } else { next };
        let bank_details = next.bank_details.clone();
        let opened = working.start_liability(next);
        if goes_on {
            carry_collection_day(working, &opened, account, bank_details, from);
            carry_choices(working, &opened, account, from);
        }
        opened
    }
}

/// The next liable party, so that no day is left without one: the owner on file, or whom the leavers name.
pub(super) fn successor(
    case: &Case<'_>,
    (premises, account): (&Premises, &AccountState),
    given: &Successor,
    findings: &mut Findings,
) -> Option<Next> {
    const CHECK: &str = "next-liable-party-known";
    let name = given.name.as_deref().filter(|it| !it.trim().is_empty());
    match (given.kind, premises.owner(), name) {
        (SuccessorKind::Owner, Some((person, owner)), name) if name.is_none_or(|it| same_name(it, &owner.name)) => {
            findings.pass(CHECK, "the owner on file", LIABILITY);
            Some(Next::owner(person, owner))
        }
        (SuccessorKind::Owner, Some(_), _) => {
            findings.lack(CHECK, ReasonCode::R19, "the owner who was named is not the owner on file", LIABILITY);
            None
        }
        (SuccessorKind::Buyer, Some(_), _) => {
            findings.lack(
                CHECK,
                ReasonCode::R19,
                "a buyer was named, but the dwelling has an owner on file who let it",
                LIABILITY,
            );
            None
        }
        (SuccessorKind::Buyer | SuccessorKind::Tenant, _, Some(name))
            if premises.liable_person_named(account, name).is_some() =>
        {
            let because = "the next liable party that was named is one of those who leave";
            findings.lack(CHECK, ReasonCode::R19, because, LIABILITY);
            None
        }
        (SuccessorKind::Buyer | SuccessorKind::Tenant, _, Some(name)) => {
            let details = PersonDetails { name: name.to_owned(), ..PersonDetails::default() };
            let is_buyer = given.kind == SuccessorKind::Buyer;
            let because = if is_buyer { "the buyer was named" } else { "the next tenant was named" };
            findings.pass(CHECK, because, LIABILITY);
            let capacity = if is_buyer { Capacity::Owner } else { Capacity::Resident };
            let persons = vec![Personal::open_for(case.new_person("successor", 0), details)];
            Some(Next { persons, capacity, adults: None, goes_on: false })
        }
        (SuccessorKind::Owner, None, name)
            if own_it(premises) && name.is_none_or(|it| premises.liable_person_named(account, it).is_some()) =>
        {
            let persons = carried(premises, account, None, findings)?;
            findings.pass(CHECK, "those who leave own it, and stay liable as its owners", LIABILITY);
            Some(Next { persons, capacity: Capacity::Owner, adults: Some(0), goes_on: true })
        }
        (SuccessorKind::Unknown | SuccessorKind::Owner | SuccessorKind::Buyer | SuccessorKind::Tenant, _, _) => {
            findings.lack(
                CHECK,
                ReasonCode::R05,
                "no successor was named and no owner is on file for the days after",
                LIABILITY,
            );
            None
        }
    }
}

/// Whether those who live there own it, as far as is on record.
pub(in super::super) fn own_it(premises: &Premises) -> bool {
    premises
        .state
        .listing
        .as_ref()
        .is_some_and(|it| it.owner.is_none() && !it.hmo && it.tenure == Tenure::OwnerOccupied)
}
