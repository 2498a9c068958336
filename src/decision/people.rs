//! Names, contact details, and how bills are sent: changes of the record that move no charge.

use hearth_events::{
    ContactDetailsChanged, DeliveryPreferenceChanged, PersonDetails, PersonRenamed, Personal, ReasonCode,
};

use super::gates::{self, GATES, same_email};
use super::{Case, Findings, Working};
use crate::intake::details::{ChangeOfName, ContactDetails, Paperless};
use crate::intake::{same_name, split_title};

pub(super) const RECORDS: &str = "UK GDPR art. 5(1)(d): personal data is kept accurate";

/// N04.
pub(super) fn change_of_name(case: &Case<'_>, details: &ChangeOfName, findings: &mut Findings) -> Vec<Working> {
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    if it.premises.liable_person_named(it.account, &details.new_name).is_some()
        && !same_name(&details.new_name, &details.old_name)
    {
        findings.duplicate("not-already-so", "the new name is already on the account", RECORDS);
        return Vec::new();
    }
    let held = it.premises.liable_person_named(it.account, &details.old_name);
    findings.need(
        "old-name-on-file",
        held.is_some(),
        ReasonCode::R02,
        ("the old name is that of a liable person", "the old name is not that of a liable person"),
        RECORDS,
    );
    let is_correction = is_slip(&details.old_name, &details.new_name);
    let because = if is_correction { "a correction of the spelling" } else { "a document came with it" };
    findings.check(
        "evidence-present",
        is_correction || !details.evidence.is_empty(),
        ReasonCode::R08,
        (because, "no document came with it that proves the new name"),
        GATES,
    );
    let (Some((person, held)), true) = (held, findings.all_passed()) else { return Vec::new() };
    let renamed = PersonDetails { name: details.new_name.clone(), ..held.clone() };
    let mut working = it.premises.working();
    working.record(PersonRenamed {
        account: it.account.account.clone(),
        person: Personal::open_for(person, renamed),
        from: case.notification.effective_on,
    });
    vec![working]
}

/// Whether a name is the other with one letter wrong, left out or too many.
fn is_slip(one: &str, other: &str) -> bool {
    let ((one_title, one), (other_title, other)) = (split_title(one), split_title(other));
    if one_title != other_title {
        return false;
    }
    let (shorter, longer) = if one.chars().count() <= other.chars().count() { (one, other) } else { (other, one) };
    let (shorter, longer): (Vec<_>, Vec<_>) =
        (shorter.to_lowercase().chars().collect(), longer.to_lowercase().chars().collect());
    let same_start = shorter.iter().zip(&longer).take_while(|(a, b)| a == b).count();
    let same_end = shorter.iter().rev().zip(longer.iter().rev()).take_while(|(a, b)| a == b).count();
    longer.len() - shorter.len() <= 1 && same_start + same_end + 1 >= longer.len()
}

/// N05.
pub(super) fn contact_details(case: &Case<'_>, details: &ContactDetails, findings: &mut Findings) -> Vec<Working> {
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    let held = it.person.and_then(|person| it.premises.people.get(&person).map(|held| (person, held)));
    let Some((person, held)) = held else { return Vec::new() };
    let changed = PersonDetails {
        name: held.name.clone(),
        email: details.email.clone().or_else(|| held.email.clone()),
        phone: details.phone.clone().or_else(|| held.phone.clone()),
        address: details.correspondence_address.clone().or_else(|| held.address.clone()),
    };
    if changed == *held {
        findings.duplicate("not-already-so", "these are the details on file", RECORDS);
    }
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = it.premises.working();
    working.record(ContactDetailsChanged {
        account: it.account.account.clone(),
        person: Personal::open_for(person, changed),
        from: case.notification.effective_on,
    });
    vec![working]
}

/// N28.
pub(super) fn paperless(case: &Case<'_>, details: &Paperless, findings: &mut Findings) -> Vec<Working> {
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    let held = it.person.and_then(|person| it.premises.people.get(&person).map(|held| (person, held)));
    let Some((person, held)) = held else { return Vec::new() };
    if details.paperless && !details.email_verified {
        // Bills go to the wrong person where the address is not theirs: somebody asks first.
        let because = "nobody has verified that the e-mail address is the submitter's";
        if !findings.refer("email-verified", ReasonCode::R02, because, GATES) {
            return Vec::new();
        }
    } else {
        findings.pass("email-verified", "verified, or not needed", GATES);
    }
    let is_same_address = match (&held.email, &details.email) {
        (Some(held), Some(given)) => same_email(held, given),
        (_, None) => true,
        (None, Some(_)) => false,
    };
    if it.account.paperless == details.paperless && is_same_address {
        findings.duplicate("not-already-so", "bills are already sent that way", GATES);
    }
    if !findings.all_passed() {
        return Vec::new();
    }
    let reached = PersonDetails { email: details.email.clone().or_else(|| held.email.clone()), ..held.clone() };
    let mut working = it.premises.working();
    working.record(DeliveryPreferenceChanged {
        account: it.account.account.clone(),
        paperless: details.paperless,
        person: (!is_same_address).then(|| Personal::open_for(person, reached)),
        from: case.notification.effective_on,
    });
    vec![working]
}

#[cfg(test)]
mod tests {
    use super::is_slip;

    #[test]
    fn one_letter_is_a_slip_and_another_name_is_not() {
        assert!(is_slip("Ms Grace Huges", "Ms Grace Hughes"));
        assert!(is_slip("Ms Grace Hughas", "Ms Grace Hughes"));
        assert!(!is_slip("Ms Grace Hughes", "Ms Grace Patel"));
        assert!(!is_slip("Ms Grace Hughes", "Mr Grace Hughes"));
        assert!(!is_slip("Mr Leo Gibbs", "Mr Leo Ingram"));
        assert!(!is_slip("Ms Ann Pete", "Ms Ann Peterse"), "two letters more");
        assert!(!is_slip("Ms Ann Lee", "Ms Ann Leeee"), "the same letter twice more");
    }
}
