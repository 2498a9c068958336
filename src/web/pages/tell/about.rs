//! The questions that are not of one kind: who tells what of which home, and who they are.

use hearth_events::NotificationKind;

use super::question::Input::{Account, Address, AnyOf, Dwelling, Email, Name, OneOf, Phone, Postcode, Text};
use super::question::{Facts, Question, ask, may, need};

/// What can be told, by topic.
const TOPICS: &[&str] = &["moving", "household", "discount", "property", "money", "death", "other"];

/// Of each topic, what can be told by whoever lives there, or tells it for them.
pub(super) const WHAT: &[Question] = &[
    ask("who", &[need!("who", OneOf(&["own", "landlord", "agent", "executor", "solicitor", "third-party"]))]),
    ask("topics", &[need!("topics", AnyOf(TOPICS))]).when(at_home),
    ask("moving", &[need!("moving", OneOf(&["move-in", "move-within", "move-out"]))]).when(|it| topic(it, "moving")),
    ask(
        "household",
        &[need!(
            "household",
            AnyOf(&[
                "single-person-discount-claim",
                "single-person-discount-end",
                "occupier-joined",
                "occupier-left",
                "liable-person-added",
                "liable-person-removed",
                "change-of-name",
                "contact-details",
            ]),
        )],
    )
    .when(|it| topic(it, "household")),
    ask(
        "discount",
        &[need!(
            "discount",
            AnyOf(&["student", "severe-mental-impairment", "disregard-claim", "disabled-band-reduction", "annexe"]),
        )],
    )
    .when(|it| topic(it, "discount")),
    ask("property", &[need!("property", AnyOf(&["property-empty", "second-home", "back-in-use", "new-property"]))])
        .when(|it| topic(it, "property")),
    ask(
        "money",
        &[need!("money", AnyOf(&["direct-debit", "instalment-choice", "paperless", "refund-request", "copy-bill"]))],
    )
    .when(|it| topic(it, "money")),
    ask("death", &[need!("death", AnyOf(&["death", "probate"]))]).when(|it| topic(it, "death")),
    ask("other", &[need!("other", OneOf(&["dispute", "enquiry"]))]).when(|it| topic(it, "other")),
    ask(
        "letting",
        &[need!(
            "letting",
            AnyOf(&[
                "tenancy-change",
                "property-empty",
                "back-in-use",
                "second-home",
                "new-property",
                "dispute",
                "enquiry"
            ]),
        )],
    )
    .when(lets),
    ask("estate", &[need!("estate", AnyOf(&["death", "probate", "property-empty", "refund-request", "enquiry"]))])
        .when(settles),
];

/// The fields in which kinds of notification are chosen.
pub(super) const KINDS_IN: &[&str] =
    &["moving", "household", "discount", "property", "money", "death", "other", "letting", "estate"];

/// Of which home.
pub(super) const WHERE: &[Question] = &[
    ask("postcode", &[need!("postcode", Postcode)]),
    ask("dwelling", &[need!("dwelling", Dwelling("postcode"))]).when(|it| !it.about("postcode-found", "0")),
    ask("address", &[need!("address", Address)])
        .when(|it| it.about("postcode-found", "0") || it.about("dwelling", "other")),
];

/// The question which of two homes it is.
pub(super) const WHICH_HOME: &str = "which-home";

/// Which of two homes, where somebody moves from one to another and tells something else beside.
pub(super) const HOME: &[Question] = &[ask(WHICH_HOME, &[need!("which-home", OneOf(&["new", "old"]))])];

/// The kinds that are about an account that there is already.
const OF_AN_ACCOUNT: &[NotificationKind] = &[
    NotificationKind::MoveOut,
    NotificationKind::MoveWithin,
    NotificationKind::ChangeOfName,
    NotificationKind::ContactDetails,
    NotificationKind::OccupierJoined,
    NotificationKind::OccupierLeft,
    NotificationKind::LiablePersonAdded,
    NotificationKind::LiablePersonRemoved,
    NotificationKind::SinglePersonDiscountClaim,
    NotificationKind::SinglePersonDiscountEnd,
    NotificationKind::Student,
    NotificationKind::SevereMentalImpairment,
    NotificationKind::DisregardClaim,
    NotificationKind::PropertyEmpty,
    NotificationKind::SecondHome,
    NotificationKind::BackInUse,
    NotificationKind::DisabledBandReduction,
    NotificationKind::Annexe,
    NotificationKind::Death,
    NotificationKind::Probate,
    NotificationKind::DirectDebit,
    NotificationKind::InstalmentChoice,
    NotificationKind::Paperless,
    NotificationKind::RefundRequest,
    NotificationKind::Dispute,
    NotificationKind::Enquiry,
    NotificationKind::CopyBill,
];

/// Who tells it.
pub(super) const WHO: &[Question] = &[
    ask("name", &[need!("name", Name)]),
    ask("contact", &[may!("email", Email), may!("phone", Phone)]),
    ask("account", &[may!("account", Account)]).when(|it| it.tells(OF_AN_ACCOUNT)),
];

/// What is asked only of whoever wants to say more, from the page where answers are checked.
pub(super) const NOTE: &Question = &ask("note", &[may!("free_text", Text)]);

fn at_home(it: &Facts<'_>) -> bool {
    it.about("who", "own") || it.about("who", "third-party")
}

fn lets(it: &Facts<'_>) -> bool {
    it.about("who", "landlord") || it.about("who", "agent")
}

fn settles(it: &Facts<'_>) -> bool {
    it.about("who", "executor") || it.about("who", "solicitor")
}

fn topic(it: &Facts<'_>, topic: &str) -> bool {
    at_home(it) && it.about("topics", topic)
}
