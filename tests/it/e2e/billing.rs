//! Bills from the pack to the refund: what was billed elsewhere, what leaving leaves, who lets money go.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::http::{Answer, Client};
use super::run::Hearth;

const COUNCIL: &str = r#"
name = "Walsall Council"
gss_code = "E08000030"
ba_code = "4630"

[[policy]]
from = "2013-04-01"
refund_limit = "500.00"
"#;

const BANDS: &str = "financial_year,category,component,AR,A,B,C,D,E,F,G,H
2015/16,Town,Total,888.78,1066.53,1244.29,1422.05,1599.81,1955.32,2310.83,2666.34,3199.61
";

/// Two homes of band C with a household each, on the first of which six instalments were paid (example B14); a third, that its
/// household left on the day of that example.
pub(super) fn imported() -> Hearth {
    let hearth = Hearth::new();
    let dwellings = "uprn,property_reference,address,postcode,category,band,listed_from,tenure,owner,furnished,hmo
1001,P1,1 High Street,ZZ1 1ZZ,Town,C,1993-04-01,owner-occupied,,no,no
1002,P2,2 High Street,ZZ1 1ZZ,Town,C,1993-04-01,owner-occupied,,no,no
1003,P3,3 High Street,ZZ1 1ZZ,Town,B,1993-04-01,owner-occupied,,no,no
";
    let accounts = "account,uprn,liable_from,liable_to,liable_persons,adults,awards,payment_method,email,phone
A1,1001,2010-04-01,,Ms Ann Price,1,,cash,ann@example.org,
A2,1002,2010-04-01,,Mr Bo Quick,2,,cash,bo@example.org,
A3,1003,2010-04-01,2015-09-23,Mr Di Lane,2,,cash,di@example.org,
";
    let mut payments = "account,financial_year,amount,received_on,reference\n".to_owned();
    for (month, amount) in [(4, "144.05"), (5, "142.00"), (6, "142.00"), (7, "142.00"), (8, "142.00"), (9, "142.00")] {
        writeln!(payments, "A1,,{amount},2015-0{month}-01,INC-{month}").unwrap();
    }
    std::fs::create_dir_all(hearth.folder().join("pack")).unwrap();
    for (name, text) in [
        ("council.toml", COUNCIL),
        ("bands.csv", BANDS),
        ("dwellings.csv", dwellings),
        ("accounts.csv", accounts),
        ("payments.csv", payments.as_str()),
    ] {
        hearth.write(&format!("pack/{name}"), text);
    }
    hearth.run(&["import", "pack", "--clock", "file"]).ok();
    hearth
}

pub(super) fn told(kind: &str, received: &str, on: &str, details: &Value) -> Value {
    let by = json!({"role": "liable-person", "name": "Ms Ann Price", "email": "ann@example.org"});
    json!({"kind": kind, "source_reference": kind, "channel": "web", "declaration": true, "account": "A1",
        "received_at": format!("{received}T10:00:00Z"), "effective_on": on, "submitted_by": by, "details": details})
}

fn submit(hearth: &Hearth, notification: &Value) -> Value {
    let file = hearth.write("told.ndjson", &notification.to_string());
    hearth.run(&["submit", &file, "--json"]).ok().json()
}

fn leaves() -> Value {
    let details = json!({"persons_leaving": ["Ms Ann Price"], "forwarding_address": "9 Far Lane, Else",
        "successor": {"kind": "buyer", "name": "Ms Cy Reed"}});
    told("move-out", "2015-09-25", "2015-09-23", &details)
}

pub(super) fn account(client: &Client, account: &str) -> Value {
    client.get(&format!("/api/v1/accounts/{account}")).ok()
}

#[track_caller]
pub(super) fn refused(answer: Answer, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.body["detail"].as_str().unwrap().contains(says), "{says:?} in {answer:?}");
}

#[test]
fn what_was_billed_elsewhere_is_taken_over_and_closed_when_its_household_leaves() {
    let hearth = imported();
    let events = hearth.events().len();
    hearth.run(&["import", "pack"]).ok();
    assert_eq!(hearth.events().len(), events, "twice is once");
    let (served, token) = (hearth.serve(), hearth.token("officer"));
    let before = account(&Client::new(served.address, &token), "A1");
    served.stopped();
    let instalments = before["charges"][0]["instalments"].as_array().unwrap();
    assert_eq!(instalments.len(), 10);
    assert_eq!(instalments[0], json!({"due": "2015-04-01", "amount": "144.05"}));
    assert_eq!(before["money"]["balance"], "568.00", "four instalments are to come");

    assert_eq!(submit(&hearth, &leaves())["applied"], 1);
    let (served, token) = (hearth.serve(), hearth.token("auditor"));
    let client = Client::new(served.address, &token);
    let left = account(&client, "A1");
    assert_eq!((&left["charges"][0]["net"], &left["money"]["balance"]), (&json!("679.94"), &json!("-174.11")));
    let closing = hearth.events().into_iter().find(|it| it["type"] == "ClosingNoticeIssued").unwrap()["data"].clone();
    assert_eq!((&closing["fallen_due"], &closing["credit"]), (&json!("854.05"), &json!("174.11")));
    assert_eq!((&closing["issued_on"], &closing["ended_on"]), (&json!("2015-09-25"), &json!("2015-09-23")));
    // The buyer's first bill has five instalments: October to March, less one.
    let buyer = account(&client, "1001-2");
    let asked = buyer["charges"][0]["instalments"].as_array().unwrap();
    assert_eq!((asked.len(), &asked[0]["due"]), (5, &json!("2015-11-01")));
    // The household that tells it sees what it means for what it pays next.
    let reference = hearth.events().into_iter().find(|it| it["type"] == "NotificationReceived").unwrap();
    let shown = client.get(&format!("/api/v1/notifications/{}", reference["data"]["reference"].as_str().unwrap())).ok();
    let said = shown["findings"].to_string();
    assert!(said.contains("next payable nothing, before £142.00 on 2015-10-01"), "{said}");
    assert!(!said.contains("1001-2"), "what others pay is theirs: {said}");
    served.stopped();
    hearth.verified();
}

/// The household leaves and asks for its credit.
fn asks_for_a_refund(hearth: &Hearth) {
    submit(hearth, &leaves());
    let bank = json!({"account_holder": "Ms Ann Price", "sort_code": "089999", "account_number": "66374958"});
    assert_eq!(submit(hearth, &told("refund-request", "2015-10-02", "2015-10-02", &bank))["referred"], 1);
}

#[test]
fn what_a_year_leaves_in_credit_goes_towards_the_first_bill_of_the_next() {
    let hearth = imported();
    // All of the year is paid already, and £100.00 more; the other household pays nothing.
    let payments = "account,financial_year,amount,received_on,reference\nA1,,668.00,2015-09-24,INC-10\nA2,,10.00,2015-09-24,INC-11\n";
    hearth.write("pack/payments.csv", payments);
    hearth.run(&["import", "pack"]).ok();
    let next = "2016/17,Town,Total,900.00,1080.00,1260.00,1440.00,1620.00,1980.00,2340.00,2700.00,3240.00\n";
    hearth.write("pack/bands.csv", &format!("{BANDS}{next}"));
    for _ in 0..2 {
        hearth.run(&["import", "pack"]).ok();
    }
    let (served, token) = (hearth.serve(), hearth.token("officer"));
    let client = Client::new(served.address, &token);
    let [paid, owes] = ["A1", "A2"].map(|it| account(&client, it));
    let year = |of: &Value, year: &str| {
        of["charges"].as_array().unwrap().iter().find(|it| it["financial_year"] == year).unwrap().clone()
    };
    let asked = |of: &Value| -> hearth_events::Money {
        of["instalments"].as_array().unwrap().iter().map(|it| it["amount"].as_str().unwrap().parse().unwrap()).sum()
    };
    let bill = year(&paid, "2016/17");
    assert_eq!((asked(&bill).to_string().as_str(), &bill["paid_ahead"]), ("1340.00", &json!("100.00")));
    assert_eq!(paid["money"]["balance"], "1340.00", "it counts once");
    let bill = year(&owes, "2016/17");
    assert_eq!(
        (asked(&bill).to_string().as_str(), &bill["paid_ahead"]),
        ("1440.00", &json!("0.00")),
        "arrears are not mixed in"
    );
    let carried: Vec<_> = hearth.events().into_iter().filter(|it| it["type"] == "CreditTransferred").collect();
    assert_eq!(carried.len(), 1, "once, however often the amounts are imported");
    assert_eq!(carried[0]["data"]["financial_year"], "2016/17");
    served.stopped();
    hearth.verified();
}

#[test]
fn a_refund_takes_three_persons() {
    let hearth = imported();
    asks_for_a_refund(&hearth);
    let (served, tokens) = (hearth.serve(), ["supervisor", "supervisor", "officer"].map(|it| hearth.token(it)));
    let [one, two, three] = tokens.each_ref().map(|it| Client::new(served.address, it));
    let item = one.get("/api/v1/work-items").ok()["items"][0].clone();
    assert_eq!(item["reasons"], json!(["R08"]), "the bank account is not the one that was collected from");
    let id = item["id"].as_str().unwrap();
    one.post_to(&format!("/api/v1/work-items/{id}/claim"), &json!({})).ok();
    one.post_to(&format!("/api/v1/work-items/{id}/decide"), &json!({"decision": "accept"})).ok();
    let listed = one.get("/api/v1/refunds").ok()["items"].clone();
    assert_eq!((&listed[0]["refund"], &listed[0]["amount"]), (&json!(id), &json!("174.11")), "{listed}");
    assert_eq!(account(&one, "A1")["money"]["balance"], "0.00", "it is not promised twice");

    let at = |step: &str| format!("/api/v1/refunds/{id}/{step}");
    let paid = json!({"payment_reference": "BACS-1", "paid_on": "2015-10-02"});
    refused(three.post_to(&at("paid"), &paid), 409, "not approved");
    refused(one.post_to(&at("approve"), &json!({})), 409, "another person");
    assert_eq!(three.post_to(&at("approve"), &json!({})).status, 403);
    assert_eq!(two.post_to(&at("approve"), &json!({})).ok()["status"], "approved");
    refused(two.post_to(&at("paid"), &paid), 409, "another person");
    assert_eq!(three.post_to(&at("paid"), &json!({})).status, 422);
    assert_eq!(three.post_to(&at("paid"), &paid).ok()["status"], "paid");
    refused(two.post_to(&at("refuse"), &json!({})), 409, "is paid");
    refused(two.post_to("/api/v1/refunds/HN-0000-0000-0009/approve", &json!({})), 404, "no such refund");
    assert_eq!(one.get("/api/v1/refunds?status=paid").ok()["items"].as_array().unwrap().len(), 1);
    assert_eq!(one.get("/api/v1/refunds").ok()["items"], json!([]));
    served.stopped();
    hearth.verified();
}

#[test]
fn a_refund_is_withdrawn_with_the_request_for_it_until_the_money_has_gone_out() {
    let hearth = imported();
    asks_for_a_refund(&hearth);
    let (served, tokens) = (hearth.serve(), ["supervisor", "supervisor", "officer"].map(|it| hearth.token(it)));
    let [one, two, three] = tokens.each_ref().map(|it| Client::new(served.address, it));
    let id = one.get("/api/v1/work-items").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    one.post_to(&format!("/api/v1/work-items/{id}/claim"), &json!({})).ok();
    one.post_to(&format!("/api/v1/work-items/{id}/decide"), &json!({"decision": "accept"})).ok();
    let because = json!({"explanation": "It was asked for in error"});
    let told = |step: &str| three.post_to(&format!("/api/v1/notifications/{id}/{step}"), &because);
    let at = |step: &str| format!("/api/v1/refunds/{id}/{step}");
    let stands = || {
        let all = ["requested", "approved", "refused", "paid"]
            .map(|it| one.get(&format!("/api/v1/refunds?status={it}")).ok()["items"].as_array().unwrap().len());
        (all, account(&one, "A1")["money"]["balance"].as_str().unwrap().to_owned())
    };

    told("reverse").ok();
    assert_eq!(stands(), ([0, 0, 1, 0], "-174.11".to_owned()));
    refused(two.post_to(&at("approve"), &json!({})), 409, "is refused");
    told("restore").ok();
    assert_eq!(stands(), ([1, 0, 0, 0], "0.00".to_owned()), "it is asked for anew, once");
    two.post_to(&at("approve"), &json!({})).ok();
    told("reverse").ok();
    assert_eq!(stands(), ([0, 0, 1, 0], "-174.11".to_owned()));
    let paid = json!({"payment_reference": "BACS-1", "paid_on": "2015-10-02"});
    refused(three.post_to(&at("paid"), &paid), 409, "is refused");

    told("restore").ok();
    two.post_to(&at("approve"), &json!({})).ok();
    three.post_to(&at("paid"), &paid).ok();
    refused(told("reverse"), 409, "was paid");
    assert_eq!(stands(), ([0, 0, 0, 1], "0.00".to_owned()));
    served.stopped();
    hearth.verified();
}

#[test]
fn what_was_refused_before_it_was_reversed_stays_refused() {
    let hearth = imported();
    asks_for_a_refund(&hearth);
    let (served, token) = (hearth.serve(), hearth.token("supervisor"));
    let one = Client::new(served.address, &token);
    let id = one.get("/api/v1/work-items").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    one.post_to(&format!("/api/v1/work-items/{id}/claim"), &json!({})).ok();
    one.post_to(&format!("/api/v1/work-items/{id}/decide"), &json!({"decision": "accept"})).ok();
    one.post_to(&format!("/api/v1/refunds/{id}/refuse"), &json!({})).ok();
    let because = json!({"explanation": "It was asked for in error"});
    for step in ["reverse", "restore"] {
        one.post_to(&format!("/api/v1/notifications/{id}/{step}"), &because).ok();
        assert_eq!(one.get("/api/v1/refunds?status=refused").ok()["items"].as_array().unwrap().len(), 1, "{step}");
    }
    served.stopped();
    hearth.verified();
}

#[test]
fn a_penalty_is_a_debit_of_its_own_until_it_is_quashed() {
    let hearth = imported();
    let (served, tokens) = (hearth.serve(), ["officer", "supervisor"].map(|it| hearth.token(it)));
    let [officer, supervisor] = tokens.each_ref().map(|it| Client::new(served.address, it));
    let asked = json!({"reference": "PEN-1", "repeated": true});
    let imposed = officer.post_to("/api/v1/accounts/A2/penalties", &asked).ok();
    assert_eq!((&imposed["amount"], &imposed["quashed_on"]), (&json!("280.00"), &Value::Null));
    // An officer who had no answer asks again; so may another.
    assert_eq!(officer.post_to("/api/v1/accounts/A2/penalties", &asked).ok(), imposed);
    assert_eq!(supervisor.post_to("/api/v1/accounts/A2/penalties", &asked).ok(), imposed);
    refused(officer.post_to("/api/v1/accounts/A2/penalties", &json!({"reference": "PEN-1"})), 409, "£280.00");
    for malformed in [json!({"repeated": true}), json!({"reference": "PEN 1"}), json!({"reference": "x".repeat(33)})] {
        assert_eq!(officer.post_to("/api/v1/accounts/A2/penalties", &malformed).status, 422, "{malformed}");
    }
    let with = account(&officer, "A2");
    assert_eq!((&with["money"]["balance"], &with["charges"][0]["net"]), (&json!("1702.05"), &json!("1422.05")));
    let quash = format!("/api/v1/accounts/A2/penalties/{}/quash", imposed["penalty"].as_str().unwrap());
    assert_eq!(officer.post_to(&quash, &json!({})).status, 403);
    assert_ne!(supervisor.post_to(&quash, &json!({})).ok()["quashed_on"], Value::Null);
    refused(supervisor.post_to(&quash, &json!({})), 409, "quashed");
    assert_eq!(officer.post_to("/api/v1/accounts/A2/penalties", &asked).ok()["penalty"], "PEN-1", "it stays quashed");
    assert_eq!(account(&officer, "A2")["money"]["balance"], "1422.05");
    refused(officer.post_to("/api/v1/accounts/NONE/penalties", &asked), 404, "no such account");
    served.stopped();
    hearth.verified();
}

#[test]
fn a_defective_payment_is_named_by_its_place() {
    let hearth = imported();
    hearth.write(
        "pack/payments.csv",
        "account,financial_year,amount,received_on,reference\nA1,,12.345,2015-10-01,X-1\nA9,,1.00,2015-10-01,X-2\n",
    );
    let before = hearth.events().len();
    let failed = hearth.run(&["import", "pack"]);
    assert!(failed.err.contains("payments.csv, line 2, column amount"), "{failed:?}");
    hearth.write("pack/payments.csv", "account,financial_year,amount,received_on,reference\nA9,,1.00,2015-10-01,X-2\n");
    let failed = hearth.run(&["import", "pack"]);
    assert!(failed.err.contains("payments.csv, line 2, column account"), "{failed:?}");
    assert_eq!(hearth.events().len(), before, "nothing is half applied");
}
