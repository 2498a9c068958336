//! Awards, and what becomes of a dwelling.

use hearth_events::NotificationKind as It;
use hearth_events::ReasonCode::{R01, R02, R03, R09, R10, R15, R16, R19, R22};

use super::super::super::officers;
use super::super::Fails::{Judged, Lacks};
use super::super::Kind;
use super::super::evidence as documents;
use super::groups::{
    ACCOUNT, AWARDED, AWARDS, BILLS, CAN_END, COURT, DATES, DECLARED, EFFECTS, EVIDENCE, GOES_ON, KNOWN, LEAVES_OUT,
    NEWS, NO_OTHER_AWARD, OPEN, READABLE, REDUCTION, award, gate, never, officers,
};

pub(super) const SINGLE_PERSON_DISCOUNT_CLAIM: Kind = Kind {
    kind: It::SinglePersonDiscountClaim,
    straight_through_when: Some(
        "the claim and the record leave one adult, from the day the last other one left, and no other award runs",
    ),
    evidence: documents::none,
    events: &[&["OccupantRemoved"], AWARDED, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        NEWS,
        &[
            gate("no-clashing-award", &[Lacks(R10), Lacks(R15)]),
            gate("one-adult-by-the-claim", &[Judged(R10)]),
            gate("one-adult-by-the-record", &[Judged(R19)]),
            gate("left-on-the-day", &[Judged(R19)]),
            gate("leavers-are-of-the-household", &[Judged(R19)]),
        ],
        EFFECTS,
    ],
};

pub(super) const SINGLE_PERSON_DISCOUNT_END: Kind = Kind {
    kind: It::SinglePersonDiscountEnd,
    straight_through_when: Some(
        "the discount is in force on the day and nobody who is liable already is said to have joined",
    ),
    evidence: documents::none,
    events: &[&["DiscountEnded", "OccupantAdded", "HouseholdStated"], BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        NEWS,
        REDUCTION,
        &[gate("discount-in-force", &[Lacks(R19)]), gate("another-adult-joined", &[Judged(R19)])],
        EFFECTS,
    ],
};

pub(super) const STUDENT: Kind = Kind {
    kind: It::Student,
    straight_through_when: None,
    evidence: documents::of_students,
    events: &[GOES_ON, AWARDS, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            gate("full-time-course", &[Judged(R10)]),
            gate("course-covers-the-day", &[Judged(R09)]),
            gate("certificate-verified", &[Judged(R10)]),
        ],
        NEWS,
        &[gate("adults-fit-the-record", &[Lacks(R19)])],
        LEAVES_OUT,
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        EFFECTS,
    ],
};

pub(super) const SEVERE_MENTAL_IMPAIRMENT: Kind = Kind {
    kind: It::SevereMentalImpairment,
    straight_through_when: None,
    evidence: || documents::of_row(&officers::IMPAIRMENT),
    events: &[GOES_ON, AWARDS, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[never!(officers::IMPAIRMENT, Judged, Lacks)],
        NEWS,
        LEAVES_OUT,
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        EFFECTS,
    ],
};

pub(super) const DISREGARD_CLAIM: Kind = Kind {
    kind: It::DisregardClaim,
    straight_through_when: Some(
        "a school leaver, or somebody for whom child benefit is paid: the dates of birth and of the claim and the document of \
         the class decide it, and the household is known",
    ),
    evidence: documents::of_disregards,
    events: &[GOES_ON, AWARDS, &["OccupantAdded"], BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        NEWS,
        EVIDENCE,
        &[
            gate("follows-from-dates", &[Judged(R10), Lacks(R10)]),
            gate("not-liable", &[Judged(R10)]),
            gate("somebody-to-leave-out", &[Lacks(R19)]),
            gate("percent-on-record", &[Lacks(R10)]),
        ],
        LEAVES_OUT,
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        EFFECTS,
    ],
};

pub(super) const PROPERTY_EMPTY: Kind = Kind {
    kind: It::PropertyEmpty,
    straight_through_when: Some(
        "no class that is judged is given as the cause, nobody lives there or those who did own it, and no award but their \
         own could be touched",
    ),
    evidence: documents::of_empty_dwellings,
    events: &[GOES_ON, AWARDS, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            gate("no-class-to-judge", &[Judged(R10), Lacks(R16)]),
            gate("not-spared-before", &[Judged(R10)]),
            gate("empty-from-the-day", &[Judged(R19)]),
            gate("local-discount-determined", &[Lacks(R10)]),
        ],
        NO_OTHER_AWARD,
        &[gate("nobody-lives-there", &[]), gate("residents-own-it", &[Lacks(R19)])],
        CAN_END,
        READABLE,
        NEWS,
        EFFECTS,
    ],
};

pub(super) const SECOND_HOME: Kind = Kind {
    kind: It::SecondHome,
    straight_through_when: Some(
        "it is furnished, nobody lives there or those who did own it, no exception is claimed, and no premium on second \
         homes is in force on the day",
    ),
    evidence: documents::of_second_homes,
    events: &[GOES_ON, AWARDS, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[gate("furnished", &[Lacks(R19)])],
        EVIDENCE,
        &[
            gate("no-class-to-judge", &[Judged(R10)]),
            gate("not-spared-before", &[Judged(R10)]),
            gate("premium-by-policy", &[]),
        ],
        NO_OTHER_AWARD,
        &[gate("nobody-lives-there", &[]), gate("residents-own-it", &[Lacks(R19)])],
        CAN_END,
        READABLE,
        NEWS,
        EFFECTS,
    ],
};

pub(super) const BACK_IN_USE: Kind = Kind {
    kind: It::BackInUse,
    straight_through_when: Some(
        "those who are liable live there themselves, and no award but those of an empty dwelling could be touched",
    ),
    evidence: documents::none,
    events: &[&["HouseholdStated"], AWARDS, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        NEWS,
        &[gate("told-by-those-who-live-there", &[Lacks(R19)]), gate("nothing-known-later", &[Lacks(R19)])],
        NO_OTHER_AWARD,
        EFFECTS,
    ],
};

pub(super) const DISABLED_BAND_REDUCTION: Kind = award(
    It::DisabledBandReduction,
    || documents::of_row(&officers::DISABLED),
    &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[never!(officers::DISABLED, Judged, Lacks), gate("no-later-award", &[Lacks(R19)])],
        NEWS,
        EFFECTS,
    ],
);

pub(super) const ANNEXE: Kind = award(
    It::Annexe,
    || documents::of_row(&officers::ANNEXE),
    &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[never!(officers::ANNEXE, Judged, Lacks), gate("no-later-award", &[Lacks(R19)])],
        NEWS,
        EFFECTS,
    ],
);

pub(super) const BAND_CHANGE: Kind = Kind {
    kind: It::BandChange,
    straight_through_when: Some(
        "the Valuation Office Agency tells it, and it gives one entry of the list another band that follows the last one known",
    ),
    evidence: documents::none,
    events: &[&["DwellingListed"], BILLS],
    groups: &[
        DECLARED,
        DATES,
        &[
            gate("told-by-the-agency", &[Lacks(R22)]),
            gate("one-entry-amended", &[Lacks(R22)]),
            gate("dwelling-matched", &[Lacks(R22)]),
            gate("fits-the-list-on-record", &[Lacks(R19)]),
        ],
        NEWS,
        REDUCTION,
        READABLE,
        EFFECTS,
    ],
};

pub(super) const COUNCIL_TAX_REDUCTION: Kind = Kind {
    events: &[AWARDS, BILLS],
    ..award(
        It::CouncilTaxReduction,
        documents::none,
        &[
            DECLARED,
            DATES,
            &[
                never!(officers::REDUCTION, Judged),
                gate("account-matched", &[Lacks(R01), Judged(R02)]),
                gate("dwelling-of-account", &[Judged(R03), Judged(R19)]),
            ],
            OPEN,
            NEWS,
            &[gate("no-later-award", &[Lacks(R19)]), gate("amount-within-liability", &[Judged(R15)])],
            EFFECTS,
        ],
    )
};

pub(super) const NEW_PROPERTY: Kind =
    officers(It::NewProperty, &[DECLARED, DATES, &[never!(officers::NEW_PROPERTY, Lacks)]]);
