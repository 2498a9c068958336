//! N26 to N29, N34: how a bill is paid, sent, copied and paid back.

use hearth_events::NotificationKind;
use serde_json::json;

use super::Form;
use crate::web::pages::tell::question::Input::{Digits, Email, Line, Money, Name, Number, OneOf};
use crate::web::pages::tell::question::{Facts, ask, may, need};
use crate::web::pages::tell::values::put;

/// N26.
pub(super) const DIRECT_DEBIT: Form = Form {
    kind: NotificationKind::DirectDebit,
    at_a_dwelling: true,
    questions: &[
        ask("action", &[need!("details.action", OneOf(&["set-up", "change", "cancel"]))]),
        ask(
            "bank",
            &[
                need!("details.account_holder", Name),
                need!("details.sort_code", Digits(6)),
                need!("details.account_number", Digits(8)),
            ],
        )
        .when(is_collected),
        ask("day", &[may!("details.collection_day", Number(1, 28))]).when(is_collected),
    ],
    finish: |_, _| {},
};

fn is_collected(it: &Facts<'_>) -> bool {
    it.is("details.action", "set-up") || it.is("details.action", "change")
}

/// N27.
pub(super) const INSTALMENT_CHOICE: Form = Form {
    kind: NotificationKind::InstalmentChoice,
    at_a_dwelling: true,
    questions: &[
        ask("number", &[need!("details.instalments", OneOf(&["10", "12"]))]),
        ask("day", &[may!("details.collection_day", Number(1, 28))]),
    ],
    finish: |_, _| {},
};

/// N28. Nothing here shows that the address is theirs, so it is not said to be verified.
pub(super) const PAPERLESS: Form = Form {
    kind: NotificationKind::Paperless,
    at_a_dwelling: true,
    questions: &[
        ask("how", &[need!("how", OneOf(&["email", "paper"]))]),
        ask("email", &[need!("details.email", Email)]).when(|it| it.is("how", "email")),
    ],
    finish: |answers, body| put(body, "details.paperless", json!(answers.is("paperless:how", "email"))),
};

/// N29.
pub(super) const REFUND_REQUEST: Form = Form {
    kind: NotificationKind::RefundRequest,
    at_a_dwelling: true,
    questions: &[
        ask("reason", &[may!("details.reason", Line)]),
        ask("amount", &[may!("details.amount", Money)]),
        ask(
            "bank",
            &[
                need!("details.account_holder", Name),
                need!("details.sort_code", Digits(6)),
                need!("details.account_number", Digits(8)),
            ],
        ),
        ask("consent", &[need!("consent", OneOf(&["alone", "agreed", "not-asked"]))]),
    ],
    finish: |answers, body| {
        put(body, "details.joint_consent", json!(answers.is("refund-request:consent", "agreed")));
    },
};

/// N34.
pub(super) const COPY_BILL: Form = Form {
    kind: NotificationKind::CopyBill,
    at_a_dwelling: true,
    questions: &[
        ask("what", &[need!("details.request", OneOf(&["copy-bill", "payment-arrangement", "hardship"]))]),
        ask("year", &[may!("details.financial_year", Line)]).when(|it| it.is("details.request", "copy-bill")),
    ],
    finish: |_, _| {},
};
