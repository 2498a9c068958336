//! Who is liable together: somebody is added, somebody is no longer.
//!
//! An account is one set of liable persons, so a household that goes on with another set goes on under another account.

use hearth_events::{
    AccountRef, AwardCode, DeliveryPreferenceChanged, InstalmentPlanSet, PaymentMethod, PersonDetails, PersonId,
    Personal, ReasonCode,
};
use hearth_projections::AccountState;
use jiff::civil::Date;

use super::gates::{self, GATES, LIABILITY, same_email, same_phone};
use super::households::{adults, no_other_award};
use super::moves::{carry_collection_day, departure, left_to};
use super::officers::document_of;
use super::working::NewLiability;
use super::{Case, Findings, Premises, Working};
use crate::intake::details::{LiablePersonAdded, LiablePersonRemoved, Relationship};
use crate::intake::same_name;

pub(super) const COUPLES: &str = "Local Government Finance Act 1992 s.9";
pub(super) const JOINT: &str = "Local Government Finance Act 1992 s.6(3)";

/// What proves why somebody is liable with others, and by which law they are; nothing proves what only a person can see.
pub(super) const fn proof(relationship: Relationship) -> (&'static [&'static str], &'static str) {
    match relationship {
        Relationship::Spouse => (&["marriage-certificate"], COUPLES),
        Relationship::CivilPartner => (&["civil-partnership-certificate"], COUPLES),
        Relationship::Couple => (&[], COUPLES),
        Relationship::JointTenant => (&["tenancy-agreement"], JOINT),
        Relationship::JointOwner => (&["title", "title-deed", "mortgage-statement", "completion-statement"], JOINT),
    }
}

/// N08.
pub(super) fn added(case: &Case<'_>, details: &LiablePersonAdded, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        return Vec::new();
    };
    if premises.liable_person_named(account, &details.person.name).is_some() {
        findings.duplicate("not-already-so", "they are on the account already", GATES);
        return Vec::new();
    }
    proven(details, findings);
    let adults = adults(account, on, findings);
    let others = adults.map(|it| usize::from(it) > account.liable_persons.len());
    findings.need(
        "household-fits-the-record",
        others.is_none_or(|others| others || !details.lived_there_before),
        ReasonCode::R19,
        (
            "whether they lived there before fits the adults on record",
            "they are said to have lived there before, but no adult is recorded beside those who are liable",
        ),
        GATES,
    );
    no_other_award(account, on, &[AwardCode::SINGLE_PERSON], findings);
    departure(premises, account, on, findings);
    let persons = carried(premises, account, None, findings);
    let (Some(adults), Some(mut persons), true) = (adults, persons, findings.all_passed()) else {
        return Vec::new();
    };
    let given = &details.person;
    let new = PersonDetails {
        name: given.name.clone(),
        email: given.email.clone(),
        phone: given.phone.clone(),
        address: None,
    };
    persons.push(Personal::open_for(case.new_person("liable", 0), new));
    let adults = if details.lived_there_before { adults } else { adults.saturating_add(1) };
    let mut working = premises.working();
    go_on(&mut working, account, on, (persons, adults), Vec::new(), None, on);
    vec![working]
}

fn proven(details: &LiablePersonAdded, findings: &mut Findings) {
    let (documents, law) = proof(details.relationship);
    if documents.is_empty() {
        let because = "whether two people live together as a couple is a judgement";
        findings.refer("jointly-liable", ReasonCode::R10, because, law);
    } else if document_of(documents, &details.evidence, law, findings) {
        findings.pass("jointly-liable", "liable together with those on the account", law);
    }
}

/// N09.
pub(super) fn removed(case: &Case<'_>, details: &LiablePersonRemoved, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    let Some(gates::Identified { premises, account, .. }) = gates::open_account(case, findings) else {
        return Vec::new();
    };
    let Some((leaver, held)) = premises.liable_person_named(account, &details.name) else {
        let because = "whoever is to be taken off is not on the account";
        findings.lack("on-the-account", ReasonCode::R19, because, LIABILITY);
        return Vec::new();
    };
    findings.check(
        "confirmed-by-themselves",
        is_told_by(case, held),
        ReasonCode::R12,
        (
            "they tell it themselves, from their own e-mail or telephone on file",
            "they have not told it themselves from their own e-mail or telephone on file: their word is needed",
        ),
        JOINT,
    );
    findings.need(
        "somebody-stays-liable",
        account.liable_persons.len() > 1,
        ReasonCode::R05,
        ("others stay liable", "nobody else is on the account: who comes next is told with a move out"),
        LIABILITY,
    );
    let Some((adults, persons)) = without(premises, account, leaver, on, findings) else { return Vec::new() };
    let address = details.forwarding_address.as_deref();
    let left_to = left_to(premises, account, address).into_iter().filter(|it| it.person() == leaver).collect();
    let mut working = premises.working();
    go_on(&mut working, account, on, (persons, adults), left_to, Some(leaver), on);
    vec![working]
}

/// Whether a notification comes from a person's own e-mail or telephone on file, in their own name.
pub(super) fn is_told_by(case: &Case<'_>, held: &PersonDetails) -> bool {
    let given = &case.notification.submitted_by;
    let same = |held: &Option<String>, given: &Option<String>, is_same: fn(&str, &str) -> bool| {
        held.as_deref().zip(given.as_deref()).is_some_and(|(held, given)| is_same(held, given))
    };
    same_name(&held.name, &given.name)
        && (same(&held.email, &given.email, same_email) || same(&held.phone, &given.phone, same_phone))
}

/// The household without one of its liable persons, where the record lets it go on without them.
pub(super) fn without(
    premises: &Premises,
    account: &AccountState,
    leaver: PersonId,
    on: Date,
    findings: &mut Findings,
) -> Option<(u16, Vec<Personal<PersonDetails>>)> {
    let adults = adults(account, on, findings);
    let remaining = adults.map(|it| usize::from(it.saturating_sub(1)));
    findings.need(
        "household-fits-the-record",
        remaining.is_none_or(|it| it + 1 >= account.liable_persons.len()),
        ReasonCode::R19,
        (
            "as many adults are recorded as are liable",
            "fewer adults are recorded than are liable, so one of them may have left before",
        ),
        GATES,
    );
    no_other_award(account, on, &[], findings);
    departure(premises, account, on, findings);
    let persons = carried(premises, account, Some(leaver), findings)?;
    let adults = adults.map(|it| it.saturating_sub(1))?;
    findings.all_passed().then_some((adults, persons))
}

/// The liable persons of an account as they are on file, to be liable again.
pub(super) fn carried(
    premises: &Premises,
    account: &AccountState,
    without: Option<PersonId>,
    findings: &mut Findings,
) -> Option<Vec<Personal<PersonDetails>>> {
    let staying = account.liable_persons.iter().filter(|it| Some(it.person()) != without);
    let carried: Option<Vec<_>> =
        staying.map(|it| Some(Personal::open_for(it.person(), premises.details(it)?.clone()))).collect();
    if carried.is_none() {
        let because = "a liable person on record has been forgotten and cannot be carried over";
        findings.lack("record-readable", ReasonCode::R20, because, GATES);
    }
    carried
}

/// The household goes on under a new account from the day, paid as before unless it was paid by whoever left; whoever is left
/// alone has the discount `alone_from` a day.
pub(super) fn go_on(
    working: &mut Working,
    account: &AccountState,
    on: Date,
    (persons, adults): (Vec<Personal<PersonDetails>>, u16),
    left_to: Vec<Personal<PersonDetails>>,
    leaver: Option<PersonId>,
    alone_from: Date,
) {
    working.end_liability(&account.account, on, left_to);
    let mut liability = NewLiability::residents(on, persons, usize::from(adults));
    liability.capacity = account.capacity;
    // Whose bank account it is, only what was told to us says: the account of somebody who left is not debited.
    let payer = account.bank_details.as_ref().map(Personal::person);
    let is_paid_by_another = leaver.is_none() || (payer.is_some() && payer != leaver);
    if is_paid_by_another {
        liability = liability.paid_as(account);
    }
    let bank_details = liability.bank_details.clone();
    let is_debit = liability.payment_method == PaymentMethod::DirectDebit;
    let opened = working.start_liability(liability);
    if is_debit {
        carry_collection_day(working, &opened, account, bank_details, on);
    }
    carry_choices(working, &opened, account, on);
    if adults == 1 {
        working.award_single_person(&opened, alone_from);
    }
}

/// What a household chose for its bills goes on under its new account.
pub(super) fn carry_choices(working: &mut Working, opened: &AccountRef, account: &AccountState, from: Date) {
    if account.paperless {
        working.record(DeliveryPreferenceChanged { account: opened.clone(), paperless: true, person: None, from });
    }
    if let Some((instalments, day)) = account.instalments {
        working.record(InstalmentPlanSet { account: opened.clone(), instalments, day, from });
    }
}
