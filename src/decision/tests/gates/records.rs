//! Changes of the record, payments, and what a person answers: N04, N05, N26 to N29, N31 to N34.

use hearth_events::{BankDetails, NotificationKind, PaymentMethod, Personal, ReasonCode};
use hearth_projections::{Bill, Payment};
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::super::table::Fails::{Duplicate, Judged, Lacks, Rejected};
use super::super::{ACCOUNT as OF_HOME, HOME, home, told};
use super::shared::{ACCOUNT, CHARGEABLE, COURT, DATES, DECLARED, EVIDENCE, ON, OPEN};
use super::{Premises, Scene, Spoil, Suite, account, fails, scene};
use ReasonCode::{R02, R08, R10, R12, R14, R17, R18, R19, R22};

fn tells(kind: &str, details: Value) -> Scene {
    let more = json!({"account": OF_HOME, "dwelling": {"uprn": HOME}});
    scene(vec![home(&["Ms Ann Lee", "Mr Bo Lee"])], told(kind, ON, "Ms Ann Lee", more, details))
}

pub(super) const CHANGE_OF_NAME: Suite = Suite {
    kind: NotificationKind::ChangeOfName,
    passes: &[|| {
        let evidence = json!([{"kind": "marriage-certificate", "file_name": "c.pdf"}]);
        let names =
            json!({"old_name": "Ms Ann Lee", "new_name": "Ms Ann Fox", "reason": "marriage", "evidence": evidence});
        tells("change-of-name", names)
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        &[
            fails("old-name-on-file", Lacks(R02), |it| it.details()["old_name"] = json!("Ms Who")),
            fails("not-already-so", Duplicate, |it| it.details()["new_name"] = json!("Mr Bo Lee")),
        ],
        EVIDENCE,
        CHARGEABLE,
    ],
    officer: &[],
};

pub(super) const CONTACT_DETAILS: Suite = Suite {
    kind: NotificationKind::ContactDetails,
    passes: &[|| tells("contact-details", json!({"email": "new@example.org"}))],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        &[fails("not-already-so", Duplicate, |it| it.details()["email"] = json!("on.file@example.org"))],
        CHARGEABLE,
    ],
    officer: &[],
};

pub(super) const PAPERLESS: Suite = Suite {
    kind: NotificationKind::Paperless,
    passes: &[|| {
        tells("paperless", json!({"paperless": true, "email": "on.file@example.org", "email_verified": true}))
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        &[
            fails("email-verified", Judged(R02), |it| it.details()["email_verified"] = json!(false)),
            fails("not-already-so", Duplicate, |it| it.details()["paperless"] = json!(false)),
        ],
        CHARGEABLE,
    ],
    officer: &[],
};

const BANK: &[Spoil] = &[
    fails("holder-is-liable", Judged(R12), |it| it.details()["account_holder"] = json!("Mr Stranger")),
    fails("modulus-check", Rejected, |it| it.details()["account_number"] = json!("66374959")),
    fails("modulus-check", Lacks(R08), |it| it.has_modulus_table = false),
];

pub(super) const DIRECT_DEBIT: Suite = Suite {
    kind: NotificationKind::DirectDebit,
    passes: &[|| {
        let details = json!({"action": "set-up", "account_holder": "Ms Ann Lee", "sort_code": "089999",
            "account_number": "66374958", "collection_day": 15});
        tells("direct-debit", details)
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        COURT,
        BANK,
        &[fails("not-already-so", Duplicate, |it| {
            *it.details() = json!({"action": "cancel"});
            it.touch(|at| account(at).payment_method = PaymentMethod::Cash);
        })],
        CHARGEABLE,
    ],
    officer: &[],
};

pub(super) const INSTALMENT_CHOICE: Suite = Suite {
    kind: NotificationKind::InstalmentChoice,
    passes: &[|| tells("instalment-choice", json!({"instalments": 12, "collection_day": 8}))],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        COURT,
        &[
            fails("instalments-allowed", Rejected, |it| it.details()["collection_day"] = json!(31)),
            fails("not-already-so", Duplicate, |it| it.homes[0].chosen = true),
        ],
        CHARGEABLE,
    ],
    officer: &[],
};

/// They left, and were collected from.
fn left(at: &mut [Premises]) {
    let account = account(at);
    account.period.to = Some(date(2016, 1, 12));
    let person = account.liable_persons[0].person();
    let (account_holder, sort_code, account_number) = ("Ms Ann Lee".into(), "089999".into(), "66374958".into());
    let bank = BankDetails { account_holder, sort_code, account_number };
    account.bank_details = Some(Personal::open_for(person, bank));
}

/// They were billed, and paid £200.00 that is not owed.
fn in_credit(at: &mut [Premises]) {
    let account = account(at);
    for (year, charge) in &account.charges {
        let (issued_on, closed) = (date(2016, 1, 5), account.period.to.is_some_and(|to| to < year.end()));
        let bill = Bill {
            issued_on,
            net: charge.net,
            instalments: Vec::new(),
            paid_ahead: charge.net,
            closed,
            taken_over: false,
            because: Vec::new(),
        };
        account.billing.bills.insert(*year, bill);
    }
    account.billing.payments.push(Payment {
        financial_year: "2015/16".parse().unwrap(),
        amount: account.billing.balance() + "200.00".parse().unwrap(),
        received_on: date(2015, 12, 1),
        source_reference: "INC-1".into(),
    });
}

pub(super) const REFUND_REQUEST: Suite = Suite {
    kind: NotificationKind::RefundRequest,
    passes: &[|| {
        let details = json!({"account_holder": "Ms Ann Lee", "sort_code": "089999", "account_number": "66374958",
            "amount": "120.00", "joint_consent": true});
        let mut it = tells("refund-request", details);
        it.touch(left);
        it.touches_after.push(in_credit);
        it
    }],
    machine: &[
        DECLARED,
        &[DATES[0], DATES[1].also(&["account-closed"])],
        ACCOUNT,
        COURT,
        BANK,
        &[
            fails("joint-consent", Judged(R12), |it| it.details()["joint_consent"] = json!(false)),
            fails("credit-within-limit", Lacks(R17), |it| {
                it.touches_after.push(|at| account(at).billing.payments.clear());
            }),
            fails("credit-within-limit", Judged(R17), |it| it.policy.refund_limit = Some("100.00".parse().unwrap())),
            fails("account-in-credit", Lacks(R19), |it| it.details()["amount"] = json!("2000.00"))
                .also(&["credit-within-limit"]),
            fails("account-closed", Judged(R10), |it| it.touch(|at| account(at).period.to = None)),
            fails("same-bank-account", Judged(R08), |it| it.touch(|at| account(at).bank_details = None)),
        ],
        CHARGEABLE,
    ],
    officer: &[],
};

pub(super) const NEW_PROPERTY: Suite = Suite {
    kind: NotificationKind::NewProperty,
    passes: &[|| tells("new-property", json!({"address": "Plot 3, New Road"}))],
    machine: &[DECLARED, DATES, &[fails("in-the-list", Lacks(R22), |_| {})]],
    officer: &[],
};

pub(super) const DISPUTE: Suite = Suite {
    kind: NotificationKind::Dispute,
    passes: &[|| tells("dispute", json!({"grounds": "the band is too high"}))],
    machine: &[DECLARED, DATES, &[fails("nothing-disputed", Lacks(R18), |_| {})]],
    officer: &[],
};

pub(super) const ENQUIRY: Suite = Suite {
    kind: NotificationKind::Enquiry,
    passes: &[|| tells("enquiry", json!({"question": "when is my bill due?"}))],
    machine: &[DECLARED, DATES, &[fails("decided-by-machine", Lacks(R10), |_| {})]],
    officer: &[],
};

pub(super) const COPY_BILL: Suite = Suite {
    kind: NotificationKind::CopyBill,
    passes: &[
        || {
            let mut it = tells("copy-bill", json!({"request": "copy-bill", "financial_year": "2015/16"}));
            it.touches_after.push(in_credit);
            it
        },
        || {
            let mut it = tells("copy-bill", json!({"request": "copy-bill"}));
            it.touches_after.push(in_credit);
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        &[
            fails("account-open", Lacks(R19), |it| it.touch(|at| account(at).period.to = Some(date(2016, 1, 12)))),
            fails("bill-on-file", Lacks(R10), |it| it.details()["financial_year"] = json!("2013/14")),
            fails("instalments-as-billed", Lacks(R14), |it| *it.details() = json!({"request": "payment-arrangement"})),
            fails("no-discretion-needed", Lacks(R10), |it| *it.details() = json!({"request": "hardship"})),
        ],
        CHARGEABLE,
    ],
    officer: &[],
};
