//! Discounts, names, contact details, payments, and what only a person decides.

use jiff::ToSpan;
use jiff::civil::date;
use serde_json::{Value, json};

use super::council::Council;
use super::money::{charge, quarter, written};
use super::pack::Sort;
use super::say::{RECEIVED, by_holder, claim, contact, direct_debit, discount_ends};

const ON: jiff::civil::Date = date(2015, 11, 14);

fn all_came_to(council: &Council, expected: &[(&str, &str, &[&str])]) {
    let look = council.look();
    for (name, status, reasons) in expected {
        look.came_to(name, status, reasons);
    }
    look.all_add_up();
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn the_single_person_discount_begins_and_ends_on_the_day() {
    let council = Council::new(11, 60);
    let pack = &council.pack;
    let (unclaimed, couple, alone) =
        (pack.nth(Sort::Unclaimed, 0), pack.nth(Sort::Couple, 0), pack.nth(Sort::Alone, 0));
    let mut others_remain = claim(pack.nth(Sort::Unclaimed, 1), "others-remain", ON, &[]);
    others_remain["details"]["other_adults_remaining"] = json!(1);
    let mut left_before = claim(pack.nth(Sort::Couple, 2), "left-before", ON, &[&pack.nth(Sort::Couple, 2).persons[1]]);
    left_before["details"]["adults_left"][0]["left_on"] = json!(ON - 5.days());
    let tally = council.submit(&[
        claim(unclaimed, "unclaimed", ON, &[]),
        claim(couple, "other-left", ON, &[&couple.persons[1]]),
        claim(pack.nth(Sort::Couple, 1), "nobody-left", ON, &[]),
        claim(pack.nth(Sort::Alone, 1), "has-it", ON, &[]),
        others_remain,
        left_before,
        discount_ends(alone, "joined", ON, "Mr Björn Newcomer"),
        discount_ends(alone, "joined-again", ON, "Mr Björn Newcomer"),
        discount_ends(pack.nth(Sort::Couple, 3), "none-to-end", ON, "Mr Björn Newcomer"),
        claim(pack.nth(Sort::Unclaimed, 2), "91-ago", RECEIVED - 91.days(), &[]),
    ]);
    assert_eq!(tally["received"], 10);
    let look = council.look();
    let (begin, end) = (date(2015, 4, 1), date(2016, 4, 1));
    for it in [unclaimed, couple] {
        let owed = charge(it.amount(2015), 2015, begin, end) - quarter(it.amount(2015), 2015, ON, end);
        look.owes(&it.account, 2015, &written(owed));
        assert_eq!(look.account(&it.account)["adults"], 1);
    }
    let owed = charge(alone.amount(2015), 2015, begin, end) - quarter(alone.amount(2015), 2015, begin, ON);
    look.owes(&alone.account, 2015, &written(owed));
    look.owes(&alone.account, 2016, &written(alone.amount(2016)));
    let eve = look.client.get(&format!("/api/v1/accounts/{}?as_of={}", alone.account, ON - 1.day())).ok();
    assert_eq!((&eve["adults"], &look.account(&alone.account)["adults"]), (&json!(1), &json!(2)));
    drop(look);
    all_came_to(
        &council,
        &[
            ("unclaimed", "applied", &[]),
            ("other-left", "applied", &[]),
            ("nobody-left", "referred", &["R19"]),
            ("has-it", "duplicate", &["R23"]),
            ("others-remain", "referred", &["R10"]),
            ("left-before", "referred", &["R19"]),
            ("joined", "applied", &[]),
            ("joined-again", "duplicate", &["R23"]),
            ("none-to-end", "referred", &["R19"]),
            ("91-ago", "referred", &["R06"]),
        ],
    );
}

#[test]
fn a_name_changes_with_a_document_or_where_a_letter_was_wrong() {
    let council = Council::new(12, 60);
    let couple = |nth| council.pack.nth(Sort::Couple, nth);
    let change = |nth, name: &str, new: &str, evidence: Value| {
        let details =
            json!({"old_name": couple(nth).persons[0], "new_name": new, "reason": "marriage", "evidence": evidence});
        by_holder(couple(nth), "change-of-name", name, RECEIVED, &details)
    };
    let certificate = json!([{"kind": "marriage-certificate", "file_name": "certificate.pdf"}]);
    let one_letter_more = format!("{}s", couple(2).persons[0]);
    council.submit(&[
        change(0, "proved", "Mrs Ada Lovelace", certificate.clone()),
        change(1, "unproved", "Mrs Ada Lovelace", json!([])),
        change(2, "slip", &one_letter_more, json!([])),
        change(0, "again", "Mrs Ada Lovelace", certificate),
    ]);
    let look = council.look();
    let name = |nth: usize| look.account(&couple(nth).account)["liable_persons"][0]["name"].clone();
    assert_eq!(
        [name(0), name(1), name(2)],
        [json!("Mrs Ada Lovelace"), json!(couple(1).persons[0]), json!(one_letter_more)]
    );
    let found = look.client.get("/api/v1/accounts?name=LOVELACE").ok();
    assert_eq!(found["items"][0]["account"], couple(0).account.as_str());
    drop(look);
    all_came_to(
        &council,
        &[
            ("proved", "applied", &[]),
            ("unproved", "referred", &["R08"]),
            ("slip", "applied", &[]),
            // Whoever writes under the old name is no longer known by it.
            ("again", "referred", &["R02"]),
        ],
    );
}

#[test]
fn who_writes_must_be_known() {
    let council = Council::new(13, 60);
    let it = |nth| council.pack.nth(Sort::Couple, nth);
    let new = "new@mail.example.net";
    let changed = |mut value: Value, pointer: &str, to: &str| {
        *value.pointer_mut(pointer).unwrap() = json!(to);
        value
    };
    let mut wrong = contact(it(2), "both-wrong", new);
    wrong["submitted_by"]["email"] = json!("other@mail.example.net");
    wrong["submitted_by"]["phone"] = json!("020 7946 0999");
    let mut unnamed = contact(it(5), "account-not-named", new);
    unnamed.as_object_mut().unwrap().remove("account");
    let phone_only = changed(contact(it(1), "phone-fits", new), "/submitted_by/email", "other@mail.example.net");
    let mut typed_phone = phone_only.clone();
    typed_phone["submitted_by"]["phone"] = json!(it(1).phone.replacen('0', "+44 (", 1).replacen(' ', ") ", 1));
    let wrong_phone = changed(contact(it(0), "email-fits", new), "/submitted_by/phone", "020 7946 0999");
    let mut undeclared = contact(it(6), "undeclared", new);
    undeclared["declaration"] = json!(false);
    let tally = council.submit(&[
        changed(wrong_phone, "/submitted_by/email", &it(0).email.to_uppercase()),
        typed_phone,
        wrong,
        changed(contact(it(3), "no-such-account", new), "/account", "12345678"),
        changed(contact(it(4), "other-name", new), "/submitted_by/name", "Mr Somebody Else"),
        unnamed,
        changed(contact(it(4), "other-dwelling", new), "/dwelling/uprn", &it(5).uprn),
        changed(contact(it(4), "agent", new), "/submitted_by/role", "agent"),
        contact(it(7), "same-as-held", &it(7).email),
        undeclared,
    ]);
    assert_eq!(tally["rejected"], 1);
    all_came_to(
        &council,
        &[
            ("email-fits", "applied", &[]),
            ("phone-fits", "applied", &[]),
            ("both-wrong", "referred", &["R02"]),
            ("no-such-account", "referred", &["R01"]),
            ("other-name", "referred", &["R02"]),
            ("account-not-named", "referred", &["R02"]),
            ("other-dwelling", "referred", &["R19"]),
            ("agent", "referred", &["R13"]),
            ("same-as-held", "duplicate", &["R23"]),
            ("undeclared", "rejected", &[]),
        ],
    );
}

#[test]
fn a_direct_debit_needs_an_account_number_that_can_be() {
    let council = Council::new(14, 60);
    let it = |nth| council.pack.nth(Sort::Unclaimed, nth);
    let mut of_another = direct_debit(it(3), "of-another", "089999", "66374958");
    of_another["details"]["account_holder"] = json!("Mr Somebody Else");
    let instalments = |nth, name: &str, number: Value| {
        by_holder(it(nth), "instalment-choice", name, RECEIVED, &json!({"instalments": number, "collection_day": 15}))
    };
    let paperless = |nth, name: &str, verified: bool| {
        let details = json!({"paperless": true, "email": it(nth).email, "email_verified": verified});
        by_holder(it(nth), "paperless", name, RECEIVED, &details)
    };
    let tally = council.submit(&[
        direct_debit(it(0), "valid", "089999", "66374958"),
        direct_debit(it(1), "invalid", "08-99-99", "66374959"),
        direct_debit(it(2), "unknown-sort-code", "000000", "12345678"),
        of_another,
        direct_debit(it(4), "letters", "089999", "6637495X"),
        instalments(4, "twelve", json!(12)),
        instalments(4, "twelve-again", json!("12")),
        paperless(5, "paperless", true),
        paperless(5, "paperless-again", true),
        paperless(6, "unverified", false),
    ]);
    assert_eq!((&tally["applied"], &tally["rejected"]), (&json!(4), &json!(2)), "{tally}");
    let look = council.look();
    assert_eq!(look.account(&it(0).account)["payment_method"], "direct-debit");
    let said = council.hearth.read("notifications.ndjson.rejected");
    assert!(said.contains("check both and send them again"), "{said}");
    drop(look);
    all_came_to(
        &council,
        &[
            ("valid", "applied", &[]),
            ("invalid", "rejected", &[]),
            ("unknown-sort-code", "applied", &[]),
            ("of-another", "referred", &["R12"]),
            ("letters", "rejected", &[]),
            ("twelve", "applied", &[]),
            ("twelve-again", "duplicate", &["R23"]),
            ("paperless", "applied", &[]),
            ("paperless-again", "duplicate", &["R23"]),
            ("unverified", "referred", &["R02"]),
        ],
    );
}

#[test]
fn what_needs_judgement_goes_to_a_person() {
    let council = Council::new(15, 60);
    let it = |nth| council.pack.nth(Sort::Alone, nth);
    let student = |nth: usize, name: &str, evidence: Value, ends: &str| {
        let course = json!({"name": it(nth).persons[0], "institution": "University of Elsewhere", "course": "BSc",
            "starts": "2015-09-28", "ends": ends, "hours_per_week": 24, "weeks_per_year": 30});
        let details = json!({"students": [course], "adults": 1, "evidence": evidence});
        by_holder(it(nth), "student", name, ON, &details)
    };
    let certificate = json!([{"kind": "student-certificate", "file_name": "certificate.pdf"}]);
    let one = it(3);
    let plain = |kind: &str, details: &Value| by_holder(one, kind, kind, ON, details);
    let bank = json!({"account_holder": one.persons[0], "sort_code": "089999", "account_number": "66374958"});
    let child = json!({"person": {"name": "Kit"}, "date_of_birth": "2001-01-01"});
    let kinds = [
        ("death", json!({"name": one.persons[0]}), "R16"),
        ("dispute", json!({"grounds": "the band is too high"}), "R18"),
        ("new-property", json!({"address": "Plot 3, New Road"}), "R22"),
        ("band-change", json!({"change": "amended", "band": "A"}), "R22"),
        ("council-tax-reduction", json!({"weekly_amount": "14.50"}), "R15"),
        ("liable-person-removed", json!({"name": "Mx Who"}), "R19"),
        ("enquiry", json!({"question": "when is my bill due?"}), "R10"),
        ("refund-request", bank, "R17"),
        ("occupier-joined", child, "R10"),
    ];
    let mut sent = vec![
        student(0, "no-certificate", json!([]), "2018-06-15"),
        student(1, "certificate", certificate.clone(), "2018-06-15"),
        student(2, "short", certificate, "2015-12-18"),
    ];
    sent.extend(kinds.iter().map(|(kind, details, _)| plain(kind, details)));
    let tally = council.submit(&sent);
    assert_eq!(tally["referred"], sent.len());
    let reasons: Vec<_> = kinds.iter().map(|(kind, _, reason)| (*kind, "referred", vec![*reason])).collect();
    let mut expected: Vec<(&str, &str, &[&str])> = vec![
        ("no-certificate", "referred", &["R08"]),
        ("certificate", "referred", &["R10"]),
        ("short", "referred", &["R10"]),
    ];
    expected.extend(reasons.iter().map(|(kind, status, reasons)| (*kind, *status, reasons.as_slice())));
    all_came_to(&council, &expected);
}
