//! Names, contact details, delivery and payment: changes of the record.

use hearth_events::{Outcome, PaymentMethod, ReasonCode};
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, home, tell, told};
use ReasonCode::{R02, R08, R12, R23};

fn tells(kind: &str, details: Value) -> Decided {
    let more = json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}});
    tell(&[home(&["Ms Ann Lee", "Mr Bo Lee"])], told(kind, "2016-01-10", "Ms Ann Lee", more, details))
}

#[test]
fn a_new_name_needs_a_document_unless_it_is_a_slip_of_the_pen() {
    let named = |old: &str, new: &str, evidence: Value| {
        tells("change-of-name", json!({"old_name": old, "new_name": new, "reason": "marriage", "evidence": evidence}))
    };
    let proof = || json!([{"kind": "marriage-certificate", "file_name": "c.pdf"}]);
    assert_eq!(named("Ms Ann Lee", "Ms Ann Fox", proof()).applied().types(0), ["PersonRenamed"]);
    named("Ms Ann Lee", "Ms Ann Leigh", json!([])).referred(&[R08]);
    named("Ms Ann Lee", "Ms Anne Lee", json!([])).applied();
    named("Ms Who", "Ms Ann Fox", proof()).referred(&[R02]);
}

#[test]
fn contact_details_change_for_whoever_is_identified() {
    tells("contact-details", json!({"email": "new@example.org", "phone": "01632 960002"})).applied();
    tells("contact-details", json!({"email": "on.file@example.org"})).comes_to(Outcome::Duplicate, &[R23]);
}

#[test]
fn ninety_days_back_are_within_the_limit_and_ninety_one_are_not() {
    let changed = |on: &str| {
        let more = json!({"account": ACCOUNT});
        tell(
            &[home(&["Ms Ann Lee"])],
            told("contact-details", on, "Ms Ann Lee", more, json!({"email": "new@example.org"})),
        )
    };
    changed("2015-10-22").applied();
    changed("2015-10-21").referred(&[ReasonCode::R06]);
}

#[test]
fn bills_by_email_need_a_verified_address() {
    tells("paperless", json!({"paperless": true, "email": "on.file@example.org", "email_verified": true})).applied();
    tells("paperless", json!({"paperless": true, "email": "on.file@example.org", "email_verified": false}))
        .referred(&[R02]);
    tells("paperless", json!({"paperless": false, "email_verified": false})).comes_to(Outcome::Duplicate, &[R23]);
}

fn debits(holder: &str, number: &str) -> Decided {
    tells(
        "direct-debit",
        json!({"action": "set-up", "account_holder": holder, "sort_code": "089999", "account_number": number, "collection_day": 15}),
    )
}

#[test]
fn a_direct_debit_needs_an_account_that_can_exist_and_a_liable_holder() {
    let it = debits("Ms Ann Lee", "66374958").applied();
    assert_eq!(it.after[0].accounts[0].payment_method, PaymentMethod::DirectDebit);
    assert_eq!(it.after[0].accounts[0].collection_day, Some(15));
    debits("Ms Ann Lee", "66374959").comes_to(Outcome::Reject, &[]);
    debits("Mr Stranger", "66374958").referred(&[R12]);
    debits("Ms Ann Lee and Mr Bo Lee", "66374958").applied();
}

#[test]
fn instalments_are_ten_or_twelve() {
    let it = tells("instalment-choice", json!({"instalments": 12, "collection_day": 8})).applied();
    assert_eq!(it.after[0].accounts[0].instalments, Some((12, 8)));
}

#[test]
fn without_a_declaration_nothing_is_decided() {
    let more = json!({"account": ACCOUNT, "declaration": false});
    let it = told("contact-details", "2016-01-10", "Ms Ann Lee", more, json!({"email": "new@example.org"}));
    tell(&[home(&["Ms Ann Lee"])], it).comes_to(Outcome::Reject, &[]);
}

#[test]
fn a_text_that_only_a_person_can_read_is_read_by_one() {
    let more = json!({"account": ACCOUNT, "free_text": "please call me"});
    let it = told("contact-details", "2016-01-10", "Ms Ann Lee", more, json!({"email": "new@example.org"}));
    tell(&[home(&["Ms Ann Lee"])], it).referred(&[ReasonCode::R10]);
}
