//! Records, payments and what a person answers.

use hearth_events::NotificationKind as It;
use hearth_events::ReasonCode::{R02, R08, R10, R12, R17, R19};

use super::super::super::officers;
use super::super::Fails::{Judged, Lacks, Rejected};
use super::super::Kind;
use super::super::evidence as documents;
use super::groups::{ACCOUNT, COURT, DATES, DECLARED, EVIDENCE, NEWS, NOTICES, OPEN, RECORD, gate, never, officers};

pub(super) const CHANGE_OF_NAME: Kind = Kind {
    kind: It::ChangeOfName,
    straight_through_when: Some(
        "the old name is that of a liable person, and the new one corrects a slip or came with a document",
    ),
    evidence: documents::of_a_name,
    events: &[&["PersonRenamed"]],
    groups: &[DECLARED, DATES, ACCOUNT, OPEN, NEWS, &[gate("old-name-on-file", &[Lacks(R02)])], EVIDENCE, RECORD],
};

pub(super) const CONTACT_DETAILS: Kind = Kind {
    kind: It::ContactDetails,
    straight_through_when: Some("a liable person tells it from a contact detail on file"),
    evidence: documents::none,
    events: &[&["ContactDetailsChanged"]],
    groups: &[DECLARED, DATES, ACCOUNT, OPEN, NEWS, RECORD],
};

pub(super) const DIRECT_DEBIT: Kind = Kind {
    kind: It::DirectDebit,
    straight_through_when: Some(
        "the holder of the bank account is liable and its number passes the modulus check; to cancel, whenever there is one",
    ),
    evidence: documents::none,
    events: &[&["PaymentMethodChanged"], NOTICES],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        COURT,
        &[gate("holder-is-liable", &[Judged(R12)]), gate("modulus-check", &[Lacks(R08), Rejected])],
        NEWS,
        RECORD,
    ],
};

pub(super) const INSTALMENT_CHOICE: Kind = Kind {
    kind: It::InstalmentChoice,
    straight_through_when: Some("10 or 12 instalments are chosen on a day from 1 to 28"),
    evidence: documents::none,
    events: &[&["InstalmentPlanSet"], NOTICES],
    groups: &[DECLARED, DATES, ACCOUNT, OPEN, COURT, &[gate("instalments-allowed", &[Rejected])], NEWS, RECORD],
};

pub(super) const PAPERLESS: Kind = Kind {
    kind: It::Paperless,
    straight_through_when: Some("the e-mail address is verified; to have paper again, always"),
    evidence: documents::none,
    events: &[&["DeliveryPreferenceChanged"]],
    groups: &[DECLARED, DATES, ACCOUNT, OPEN, &[gate("email-verified", &[Judged(R02)])], NEWS, RECORD],
};

pub(super) const REFUND_REQUEST: Kind = Kind {
    kind: It::RefundRequest,
    straight_through_when: Some(
        "payments are on record, the closed account is in credit by no more than policy lets go out, and the money goes back to \
         the bank account that was collected from; it is then approved and paid by others",
    ),
    evidence: documents::none,
    events: &[&["RefundRequested"]],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        &[
            gate("holder-is-liable", &[Judged(R12)]),
            gate("modulus-check", &[Lacks(R08), Rejected]),
            gate("joint-consent", &[Judged(R12)]),
            gate("credit-within-limit", &[Judged(R17), Lacks(R17)]),
            gate("account-in-credit", &[Lacks(R19)]),
            gate("account-closed", &[Judged(R10)]),
            gate("same-bank-account", &[Judged(R08)]),
        ],
        RECORD,
    ],
};

pub(super) const DISPUTE: Kind = officers(It::Dispute, &[DECLARED, DATES, &[never!(officers::DISPUTE, Lacks)]]);

pub(super) const ENQUIRY: Kind = officers(It::Enquiry, &[DECLARED, DATES, &[never!(officers::ENQUIRY, Lacks)]]);

pub(super) const COPY_BILL: Kind = Kind {
    kind: It::CopyBill,
    straight_through_when: Some(
        "a liable person asks for a copy of a bill of an open account that was issued here; an arrangement and hardship never",
    ),
    evidence: documents::none,
    events: &[&["BillCopied"]],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[never!(officers::COPY, Lacks), never!(officers::ARRANGEMENT, Lacks), never!(officers::HARDSHIP, Lacks)],
        RECORD,
    ],
};
