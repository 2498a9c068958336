//! A row a kind: when it goes straight through, what it asks for, what it leads to, and the checks on its way.

use hearth_events::NotificationKind as It;
use hearth_events::ReasonCode::{R01, R02, R03, R04, R05, R06, R07, R08, R09, R10, R11, R12, R13, R15, R16, R17, R19};
use hearth_events::ReasonCode::{R20, R22};

use super::Fails::{self, Duplicate, Judged, Lacks, Rejected};
use super::evidence as documents;
use super::{Evidence, Gate, Kind};
use crate::decision::officers;

const fn gate(check: &'static str, fails: &'static [Fails]) -> Gate {
    Gate { check, fails }
}

/// A check that is never passed: the row of an officer's kind.
macro_rules! never {
    ($row:expr) => {
        gate($row.check, const { &[Lacks($row.reason)] })
    };
}

// Checks that many kinds share.

const DECLARED: &[Gate] = &[
    gate("declaration-given", &[Rejected]),
    gate("not-told-before", &[Duplicate]),
    gate("nothing-left-unread", &[Judged(R10)]),
];
const DATES: &[Gate] = &[gate("date-within-limits", &[Judged(R06), Judged(R07)])];
const ACCOUNT: &[Gate] = &[
    gate("account-matched", &[Lacks(R01), Judged(R02)]),
    gate("submitter-identified", &[Judged(R02), Judged(R13)]),
    gate("dwelling-of-account", &[Judged(R03), Judged(R19)]),
];
const OPEN: &[Gate] = &[gate("account-open", &[Lacks(R19)])];
const DWELLING: &[Gate] = &[gate("dwelling-matched", &[Lacks(R03)]), gate("dwelling-banded", &[Lacks(R22)])];
const NEWS: &[Gate] = &[gate("not-already-so", &[Duplicate])];
const CAN_END: &[Gate] = &[gate("liability-can-end", &[Lacks(R04), Lacks(R19)])];
const KNOWN: &[Gate] = &[gate("household-known", &[Lacks(R19)])];
const NO_OTHER_AWARD: &[Gate] = &[gate("no-other-award", &[Lacks(R10), Lacks(R15)])];
const READABLE: &[Gate] = &[gate("record-readable", &[Lacks(R20)])];
const EVIDENCE: &[Gate] = &[gate("evidence-present", &[Judged(R08)])];
const NOBODY_STAYS: &[Gate] =
    &[gate("all-liable-persons-leave", &[Judged(R12)]), gate("all-adults-leave", &[Judged(R19)])];
const SUCCESSOR: &[Gate] = &[gate("next-liable-party-known", &[Lacks(R05), Lacks(R19)])];
/// What an arrival meets.
const ARRIVAL: &[Gate] = &[
    gate("not-in-multiple-occupation", &[Judged(R11)]),
    gate("no-overlapping-liability", &[Judged(R04), Lacks(R04)]),
    gate("no-exemption-runs", &[Judged(R10), Judged(R16)]),
    gate("no-gap-in-liability", &[Judged(R05)]),
];
/// Of the last three what would be recorded fits the record whenever the deciders are right: that is their guard.
const EFFECTS: &[Gate] = &[
    gate("effects-fit-the-record", &[Lacks(R19)]),
    gate("charge-calculated", &[Lacks(R10)]),
    gate("charge-movement-within-limit", &[Judged(R06), Judged(R17)]),
];
/// The same for a change of the record that moves no charge.
const RECORD: &[Gate] = &[
    gate("effects-fit-the-record", &[Lacks(R19)]),
    gate("charge-calculated", &[Lacks(R10)]),
    gate("charge-movement-within-limit", &[]),
];

/// What ends six months after a grant ends in no year that is over.
const EFFECTS_OF_A_GRANT: &[Gate] = &[
    gate("effects-fit-the-record", &[Lacks(R19)]),
    gate("charge-calculated", &[Lacks(R10)]),
    gate("charge-movement-within-limit", &[Judged(R17)]),
];

/// A kind that is never decided by a machine.
const fn officers(kind: It, evidence: fn() -> Vec<Evidence>, groups: &'static [&'static [Gate]]) -> Kind {
    Kind { kind, straight_through_when: None, evidence, events: &[], groups }
}

/// Every kind, by its number in the catalogue. `N23` and `N24` are files of `N22`.
pub const KINDS: &[Kind] = &[
    Kind {
        kind: It::MoveIn,
        straight_through_when: Some(
            "one of the newcomers tells it, every adult is named, and the dwelling is one of ours where nobody lives: its owner is \
             liable until the day, or whoever lived there left on it",
        ),
        evidence: documents::none,
        events: &[
            "DiscountEnded",
            "LiabilityEnded",
            "LiabilityStarted",
            "DiscountAwarded",
            "HouseholdStated",
            "ContactDetailsChanged",
            "ChargeCalculated",
        ],
        groups: &[
            DECLARED,
            DATES,
            &[gate("submitter-has-authority", &[Judged(R13)]), gate("adults-named", &[Lacks(R19)])],
            DWELLING,
            &[gate("tenure-fits-the-record", &[Judged(R19)])],
            NEWS,
            ARRIVAL,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::MoveOut,
        straight_through_when: Some(
            "the account is matched, everybody who is liable or recorded leaves, and who is liable next is named or on file",
        ),
        evidence: documents::none,
        events: &["DiscountEnded", "LiabilityEnded", "LiabilityStarted", "ChargeCalculated"],
        groups: &[DECLARED, DATES, ACCOUNT, NOBODY_STAYS, NEWS, CAN_END, SUCCESSOR, EFFECTS],
    },
    Kind {
        kind: It::MoveWithin,
        straight_through_when: Some("both sides of the move would go straight through by themselves"),
        evidence: documents::none,
        events: &[
            "DiscountEnded",
            "LiabilityEnded",
            "LiabilityStarted",
            "DiscountAwarded",
            "HouseholdStated",
            "ContactDetailsChanged",
            "PaymentMethodChanged",
            "ChargeCalculated",
        ],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            &[
                gate("adults-named", &[Lacks(R19)]),
                gate("one-home-at-a-time", &[Judged(R10)]),
                gate("everybody-moved", &[Judged(R12)]),
            ],
            NOBODY_STAYS,
            NEWS,
            CAN_END,
            SUCCESSOR,
            DWELLING,
            &[gate("two-dwellings", &[Lacks(R19)])],
            ARRIVAL,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::ChangeOfName,
        straight_through_when: Some(
            "the old name is that of a liable person, and the new one corrects a slip or came with a document",
        ),
        evidence: documents::of_a_name,
        events: &["PersonRenamed"],
        groups: &[DECLARED, DATES, ACCOUNT, OPEN, NEWS, &[gate("old-name-on-file", &[Lacks(R02)])], EVIDENCE, RECORD],
    },
    Kind {
        kind: It::ContactDetails,
        straight_through_when: Some("a liable person tells it from a contact detail on file"),
        evidence: documents::none,
        events: &["ContactDetailsChanged"],
        groups: &[DECLARED, DATES, ACCOUNT, OPEN, NEWS, RECORD],
    },
    Kind {
        kind: It::OccupierJoined,
        straight_through_when: Some(
            "the household is known, whoever joined is an adult who claims nothing, and no award but the single person discount \
             could be touched",
        ),
        evidence: documents::none,
        events: &["DiscountEnded", "OccupantAdded", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            NEWS,
            &[gate("another-adult-joined", &[Lacks(R19)]), gate("counted-as-an-adult", &[Judged(R10)])],
            KNOWN,
            NO_OTHER_AWARD,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::OccupierLeft,
        straight_through_when: Some(
            "whoever left is recorded beside those who are liable, the record leaves as many adults as are told, and no award \
             could be touched",
        ),
        evidence: documents::none,
        events: &["OccupantRemoved", "DiscountAwarded", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            &[
                gate("whoever-left-is-not-liable", &[Lacks(R12)]),
                gate("others-live-there", &[Lacks(R19)]),
                gate("adults-fit-the-record", &[Lacks(R19)]),
            ],
            KNOWN,
            NO_OTHER_AWARD,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::LiablePersonAdded,
        straight_through_when: Some(
            "a document proves the marriage, partnership, tenancy or title, and the household is known and goes on",
        ),
        evidence: documents::of_liability,
        events: &[
            "DiscountEnded",
            "LiabilityEnded",
            "LiabilityStarted",
            "PaymentMethodChanged",
            "DeliveryPreferenceChanged",
            "InstalmentPlanSet",
            "ChargeCalculated",
        ],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            NEWS,
            EVIDENCE,
            &[gate("jointly-liable", &[Judged(R10)]), gate("household-fits-the-record", &[Lacks(R19)])],
            KNOWN,
            NO_OTHER_AWARD,
            CAN_END,
            READABLE,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::LiablePersonRemoved,
        straight_through_when: Some(
            "they tell it themselves from their own contact detail on file, others stay liable, and the household is known",
        ),
        evidence: documents::none,
        events: &[
            "LiabilityEnded",
            "LiabilityStarted",
            "PaymentMethodChanged",
            "DeliveryPreferenceChanged",
            "InstalmentPlanSet",
            "DiscountAwarded",
            "ChargeCalculated",
        ],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            &[
                gate("on-the-account", &[Lacks(R19)]),
                gate("confirmed-by-themselves", &[Judged(R12)]),
                gate("somebody-stays-liable", &[Lacks(R05)]),
                gate("household-fits-the-record", &[Lacks(R19)]),
            ],
            KNOWN,
            NO_OTHER_AWARD,
            CAN_END,
            READABLE,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::SinglePersonDiscountClaim,
        straight_through_when: Some(
            "the claim and the record leave one adult, from the day the last other one left, and no other award runs",
        ),
        evidence: documents::none,
        events: &["OccupantRemoved", "DiscountAwarded", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            NEWS,
            &[
                gate("no-clashing-award", &[Lacks(R10)]),
                gate("one-adult-by-the-claim", &[Judged(R10)]),
                gate("one-adult-by-the-record", &[Judged(R19)]),
                gate("left-on-the-day", &[Judged(R19)]),
                gate("leavers-are-of-the-household", &[Judged(R19)]),
            ],
            EFFECTS,
        ],
    },
    Kind {
        kind: It::SinglePersonDiscountEnd,
        straight_through_when: Some("the discount is in force on the day and nobody who is liable already is said to have joined"),
        evidence: documents::none,
        events: &["DiscountEnded", "OccupantAdded", "HouseholdStated", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            NEWS,
            &[gate("discount-in-force", &[Lacks(R19)]), gate("another-adult-joined", &[Judged(R19)])],
            EFFECTS,
        ],
    },
    Kind {
        kind: It::Student,
        straight_through_when: None,
        evidence: documents::of_students,
        events: &[],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            EVIDENCE,
            &[
                gate("full-time-course", &[Judged(R10)]),
                gate("course-covers-the-day", &[Judged(R09)]),
                gate("certificate-verified", &[Lacks(R10)]),
            ],
        ],
    },
    officers(It::SevereMentalImpairment, || documents::of_row(&officers::IMPAIRMENT), &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        EVIDENCE,
        &[never!(officers::IMPAIRMENT)],
    ]),
    Kind {
        kind: It::DisregardClaim,
        straight_through_when: Some(
            "a school leaver, or somebody for whom child benefit is paid: the dates of birth and of the claim and the document of \
             the class decide it, and the household is known",
        ),
        evidence: documents::of_disregards,
        events: &["DiscountAwarded", "OccupantAdded", "DiscountEnded", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            NEWS,
            EVIDENCE,
            &[
                gate("follows-from-dates", &[Lacks(R10)]),
                gate("not-liable", &[Lacks(R10)]),
                gate("household-fits-the-record", &[Lacks(R19)]),
            ],
            KNOWN,
            NO_OTHER_AWARD,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::PropertyEmpty,
        straight_through_when: Some(
            "no class that is judged is given as the cause, nobody lives there or those who did own it, and no award but their \
             own could be touched",
        ),
        evidence: documents::of_empty_dwellings,
        events: &[
            "DiscountEnded",
            "LiabilityEnded",
            "LiabilityStarted",
            "PaymentMethodChanged",
            "DeliveryPreferenceChanged",
            "InstalmentPlanSet",
            "DiscountAwarded",
            "ChargeCalculated",
        ],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            EVIDENCE,
            &[gate("no-class-to-judge", &[Lacks(R10), Lacks(R16)]), gate("local-discount-determined", &[Lacks(R10)])],
            NO_OTHER_AWARD,
            &[gate("nobody-lives-there", &[]), gate("residents-own-it", &[Lacks(R19)])],
            CAN_END,
            READABLE,
            NEWS,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::SecondHome,
        straight_through_when: Some(
            "it is furnished, nobody lives there or those who did own it, no exception is claimed, and no premium on second \
             homes is in force on the day",
        ),
        evidence: documents::of_second_homes,
        events: &[
            "DiscountEnded",
            "LiabilityEnded",
            "LiabilityStarted",
            "PaymentMethodChanged",
            "DeliveryPreferenceChanged",
            "InstalmentPlanSet",
            "ChargeCalculated",
        ],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            &[gate("furnished", &[Lacks(R19)])],
            EVIDENCE,
            &[gate("no-class-to-judge", &[Lacks(R10)]), gate("no-premium-on-the-day", &[Lacks(R10)])],
            NO_OTHER_AWARD,
            &[gate("nobody-lives-there", &[]), gate("residents-own-it", &[Lacks(R19)])],
            CAN_END,
            READABLE,
            NEWS,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::BackInUse,
        straight_through_when: Some(
            "those who are liable live there themselves, and no award but those of an empty dwelling could be touched",
        ),
        evidence: documents::none,
        events: &["DiscountEnded", "HouseholdStated", "DiscountAwarded", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            NEWS,
            &[gate("told-by-those-who-live-there", &[Lacks(R19)]), gate("nothing-known-later", &[Lacks(R19)])],
            NO_OTHER_AWARD,
            EFFECTS,
        ],
    },
    officers(It::DisabledBandReduction, || documents::of_row(&officers::DISABLED), &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        EVIDENCE,
        &[never!(officers::DISABLED)],
    ]),
    officers(It::Annexe, || documents::of_row(&officers::ANNEXE), &[
        DECLARED,
        DATES,
        ACCOUNT,
        OPEN,
        EVIDENCE,
        &[never!(officers::ANNEXE)],
    ]),
    Kind {
        kind: It::Death,
        straight_through_when: Some(
            "the registrar's service or the survivor tells it, and the deceased was one of two adults who are liable together",
        ),
        evidence: documents::none,
        events: &[
            "LiabilityEnded",
            "LiabilityStarted",
            "PaymentMethodChanged",
            "DeliveryPreferenceChanged",
            "InstalmentPlanSet",
            "DiscountAwarded",
            "ChargeCalculated",
        ],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            DWELLING,
            &[
                gate("survived-by-one-who-is-liable", &[Lacks(R16)]),
                gate("death-certain", &[Judged(R16)]),
                gate("household-fits-the-record", &[]),
            ],
            NEWS,
            KNOWN,
            NO_OTHER_AWARD,
            CAN_END,
            READABLE,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::Probate,
        straight_through_when: Some(
            "an executor or their solicitor tells it with the grant, the dwelling still belongs to the estate, and it is exempt in \
             class F: the exemption ends six months after the grant",
        ),
        evidence: documents::of_probate,
        events: &["DiscountEnded", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            &[gate("submitter-has-authority", &[Judged(R13)])],
            EVIDENCE,
            &[
                gate("still-of-the-estate", &[Lacks(R16)]),
                gate("account-matched", &[Lacks(R01), Judged(R02)]),
                gate("dwelling-of-account", &[Judged(R03), Judged(R19)]),
                gate("exempt-since-the-death", &[Lacks(R16), Lacks(R19)]),
            ],
            NEWS,
            EFFECTS_OF_A_GRANT,
        ],
    },
    Kind {
        kind: It::TenancyChange,
        straight_through_when: Some(
            "the owner on file tells it, the tenancies follow each other under one joint contract, and those who leave are those \
             who are liable",
        ),
        evidence: documents::none,
        events: &["DiscountEnded", "LiabilityEnded", "LiabilityStarted", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            &[gate("day-fits-the-tenancies", &[Judged(R19)])],
            DWELLING,
            &[
                gate("submitter-has-authority", &[Judged(R13)]),
                gate("one-tenancy", &[Judged(R11)]),
                gate("one-tenancy-after-the-other", &[Lacks(R04)]),
                gate("no-gap-in-liability", &[Lacks(R05)]),
                gate("old-tenants-fit-the-record", &[Judged(R19)]),
            ],
            NEWS,
            CAN_END,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::BandChange,
        straight_through_when: Some(
            "the Valuation Office Agency tells it, and it gives one entry of the list another band that follows the last one known",
        ),
        evidence: documents::none,
        events: &["DwellingListed", "ChargeCalculated"],
        groups: &[
            DECLARED,
            DATES,
            &[
                gate("told-by-the-agency", &[Judged(R22)]),
                gate("one-entry-amended", &[Lacks(R22)]),
                gate("dwelling-matched", &[Lacks(R22)]),
                gate("fits-the-list-on-record", &[Lacks(R19)]),
            ],
            NEWS,
            READABLE,
            EFFECTS,
        ],
    },
    Kind {
        kind: It::DirectDebit,
        straight_through_when: Some(
            "the holder of the bank account is liable and its number passes the modulus check; to cancel, whenever there is one",
        ),
        evidence: documents::none,
        events: &["PaymentMethodChanged"],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            OPEN,
            &[gate("holder-is-liable", &[Judged(R12)]), gate("modulus-check", &[Lacks(R08), Rejected])],
            NEWS,
            RECORD,
        ],
    },
    Kind {
        kind: It::InstalmentChoice,
        straight_through_when: Some("10 or 12 instalments are chosen on a day from 1 to 28"),
        evidence: documents::none,
        events: &["InstalmentPlanSet"],
        groups: &[DECLARED, DATES, ACCOUNT, OPEN, &[gate("instalments-allowed", &[Rejected])], NEWS, RECORD],
    },
    Kind {
        kind: It::Paperless,
        straight_through_when: Some("the e-mail address is verified; to have paper again, always"),
        evidence: documents::none,
        events: &["DeliveryPreferenceChanged"],
        groups: &[DECLARED, DATES, ACCOUNT, OPEN, &[gate("email-verified", &[Rejected])], NEWS, RECORD],
    },
    Kind {
        kind: It::RefundRequest,
        straight_through_when: None,
        evidence: documents::none,
        events: &[],
        groups: &[
            DECLARED,
            DATES,
            ACCOUNT,
            &[
                gate("holder-is-liable", &[Judged(R12)]),
                gate("modulus-check", &[Lacks(R08), Rejected]),
                gate("joint-consent", &[Judged(R12)]),
                gate("credit-within-limit", &[Lacks(R17)]),
            ],
        ],
    },
    officers(It::CouncilTaxReduction, documents::none, &[DECLARED, DATES, &[never!(officers::REDUCTION)]]),
    officers(It::NewProperty, documents::none, &[DECLARED, DATES, &[never!(officers::NEW_PROPERTY)]]),
    officers(It::Dispute, documents::none, &[DECLARED, DATES, &[never!(officers::DISPUTE)]]),
    officers(It::Enquiry, documents::none, &[DECLARED, DATES, &[never!(officers::ENQUIRY)]]),
    officers(It::CopyBill, documents::none, &[
        DECLARED,
        DATES,
        &[never!(officers::COPY), never!(officers::ARRANGEMENT), never!(officers::HARDSHIP)],
    ]),
];
