//! What each kind asks of its details beyond their shape: every fault with the field it is in.

use hearth_events::Money;
use jiff::civil::Date;

use super::details::{self, Details, PersonGiven};
use super::fault;
use super::wire::given;
use crate::service::FieldFault;

const MOST_PERSONS: usize = 20;

/// What each kind asks of its details beyond their shape. **A kind that asks something has its line here.**
pub(super) fn check(details: &Details, effective_on: Date, faults: &mut Vec<FieldFault>) {
    match details {
        Details::MoveIn(it) => check_persons(&it.persons, "/details/persons", 1, faults),
        Details::MoveWithin(it) => {
            check_persons(&it.persons, "/details/persons", 1, faults);
            given(&it.from_dwelling, "/details/from_dwelling", faults);
        }
        Details::MoveOut(it) => check_move_out(it, faults),
        Details::TenancyChange(it) => check_tenancies(it, faults),
        Details::ChangeOfName(it) => not_empty(&[("new_name", &it.new_name)], faults),
        Details::ContactDetails(it) => check_contact(it, faults),
        Details::Paperless(it) => {
            if it.paperless && it.email.is_none() {
                faults.push(fault("/details/email", "give the address that bills go to"));
            }
            check_email(it.email.as_deref(), "/details/email", faults);
        }
        Details::InstalmentChoice(it) => {
            if it.instalments != 10 && it.instalments != 12 {
                faults.push(fault("/details/instalments", "must be 10 or 12"));
            }
        }
        Details::DirectDebit(it) => check_direct_debit(it, faults),
        Details::OccupierJoined(it) => check_person(&it.person, "/details/person", faults),
        Details::OccupierLeft(it) => not_empty(&[("name", &it.name)], faults),
        Details::LiablePersonAdded(it) => check_person(&it.person, "/details/person", faults),
        Details::LiablePersonRemoved(it) => not_empty(&[("name", &it.name)], faults),
        Details::SevereMentalImpairment(it) => not_empty(&[("person", &it.person), ("benefit", &it.benefit)], faults),
        Details::DisregardClaim(it) => {
            not_empty(&[("person", &it.person)], faults);
            ends_after(it.ends_on, effective_on, faults);
        }
        Details::SecondHome(it) => not_empty(&[("main_home_address", &it.main_home_address)], faults),
        Details::BackInUse(it) => check_persons(&it.persons, "/details/persons", 1, faults),
        Details::DisabledBandReduction(it) => not_empty(&[("disabled_person", &it.disabled_person)], faults),
        Details::Death(it) => check_death(it, faults),
        Details::Probate(it) => check_persons(&it.executors, "/details/executors", 1, faults),
        Details::BandChange(it) => {
            if it.change == details::ListChange::Amended && it.band.is_none() {
                faults.push(fault("/details/band", "give the band in the list from effective_on"));
            }
        }
        Details::RefundRequest(it) => not_empty(
            &[
                ("account_holder", &it.account_holder),
                ("sort_code", &it.sort_code),
                ("account_number", &it.account_number),
            ],
            faults,
        ),
        Details::CouncilTaxReduction(it) => check_reduction(it, effective_on, faults),
        Details::NewProperty(it) => not_empty(&[("address", &it.address)], faults),
        Details::Dispute(it) => not_empty(&[("grounds", &it.grounds)], faults),
        Details::Enquiry(it) => not_empty(&[("question", &it.question)], faults),
        Details::SinglePersonDiscountClaim(_)
        | Details::SinglePersonDiscountEnd(_)
        | Details::Student(_)
        | Details::PropertyEmpty(_)
        | Details::Annexe(_)
        | Details::CopyBill(_) => {}
    }
}

fn check_persons(persons: &[PersonGiven], at: &str, least: usize, faults: &mut Vec<FieldFault>) {
    if persons.len() < least || persons.len() > MOST_PERSONS {
        faults.push(fault(at, format!("name {least} to {MOST_PERSONS} persons")));
    }
    for (index, person) in persons.iter().enumerate() {
        check_person(person, &format!("{at}/{index}"), faults);
    }
}

fn check_person(person: &PersonGiven, at: &str, faults: &mut Vec<FieldFault>) {
    if person.name.trim().is_empty() {
        faults.push(fault(&format!("{at}/name"), "must not be empty"));
    }
    check_email(person.email.as_deref(), &format!("{at}/email"), faults);
}

fn not_empty(fields: &[(&str, &String)], faults: &mut Vec<FieldFault>) {
    for (field, _) in fields.iter().filter(|(_, text)| text.trim().is_empty()) {
        faults.push(fault(&format!("/details/{field}"), "must not be empty"));
    }
}

fn ends_after(ends_on: Option<Date>, effective_on: Date, faults: &mut Vec<FieldFault>) {
    if ends_on.is_some_and(|ends| ends < effective_on) {
        faults.push(fault("/details/ends_on", "must not lie before effective_on"));
    }
}

fn check_email(email: Option<&str>, at: &str, faults: &mut Vec<FieldFault>) {
    let is_address = |it: &str| it.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    if email.is_some_and(|it| !is_address(it.trim())) {
        faults.push(fault(at, "must be an e-mail address"));
    }
}

fn check_direct_debit(it: &details::DirectDebit, faults: &mut Vec<FieldFault>) {
    if it.action == details::DirectDebitAction::Cancel {
        return;
    }
    for (value, field) in
        [(&it.account_holder, "account_holder"), (&it.sort_code, "sort_code"), (&it.account_number, "account_number")]
    {
        if value.as_deref().is_none_or(|it| it.trim().is_empty()) {
            faults.push(fault(&format!("/details/{field}"), "must be given"));
        }
    }
    if it.collection_day.is_some_and(|day| !(1..=28).contains(&day)) {
        faults.push(fault("/details/collection_day", "must be a day from 1 to 28"));
    }
}

fn check_move_out(it: &details::MoveOut, faults: &mut Vec<FieldFault>) {
    if it.persons_leaving.is_empty() || it.persons_leaving.iter().any(|name| name.trim().is_empty()) {
        faults.push(fault("/details/persons_leaving", "name everybody who leaves"));
    }
    if it.forwarding_address.trim().is_empty() {
        faults.push(fault("/details/forwarding_address", "give the forwarding address, or not-known"));
    }
}

fn check_tenancies(it: &details::TenancyChange, faults: &mut Vec<FieldFault>) {
    check_persons(&it.incoming, "/details/incoming", 0, faults);
    if it.tenancy_ended_on.is_none() && it.tenancy_starts_on.is_none() {
        faults.push(fault(
            "/details/tenancy_starts_on",
            "give the end of the old tenancy, the start of the new one, or both",
        ));
    }
    if it.tenancy_starts_on.is_some() == it.incoming.is_empty() {
        faults.push(fault(
            "/details/incoming",
            "name the tenants who come together with tenancy_starts_on, or give neither",
        ));
    }
}

fn check_contact(it: &details::ContactDetails, faults: &mut Vec<FieldFault>) {
    if it.email.is_none() && it.phone.is_none() && it.correspondence_address.is_none() {
        faults.push(fault("/details", "give an email, a phone or a correspondence_address"));
    }
    check_email(it.email.as_deref(), "/details/email", faults);
}

fn check_death(it: &details::Death, faults: &mut Vec<FieldFault>) {
    not_empty(&[("name", &it.name)], faults);
    for (person, at) in [(&it.next_of_kin, "/details/next_of_kin"), (&it.executor, "/details/executor")] {
        if let Some(person) = person {
            check_person(person, at, faults);
        }
    }
}

fn check_reduction(it: &details::CouncilTaxReduction, effective_on: Date, faults: &mut Vec<FieldFault>) {
    if it.weekly_amount < Money::ZERO {
        faults.push(fault("/details/weekly_amount", "must not be negative"));
    }
    ends_after(it.ends_on, effective_on, faults);
}
