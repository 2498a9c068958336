//! Moves, households and deaths.

use hearth_events::NotificationKind as It;
use hearth_events::ReasonCode::{R01, R02, R03, R04, R05, R10, R11, R12, R13, R16, R19};

use super::super::Fails::{Judged, Lacks};
use super::super::Kind;
use super::super::evidence as documents;
use super::groups::{
    ACCOUNT, ARRIVAL, AWARDED, AWARDS, BILLS, CAN_END, CHARGES, COURT, DATES, DECLARED, DWELLING, EFFECTS,
    EFFECTS_OF_A_GRANT, ENDS, EVIDENCE, GOES_ON, KNOWN, NEWS, NO_OTHER_AWARD, NOBODY_STAYS, NOTICES, OPEN, READABLE,
    REDUCTION, SUCCESSOR, gate,
};

pub(super) const MOVE_IN: Kind = Kind {
    kind: It::MoveIn,
    straight_through_when: Some(
        "one of the newcomers tells it, every adult is named, and the dwelling is one of ours where nobody lives: its owner is \
         liable until the day, or whoever lived there left on it",
    ),
    evidence: documents::none,
    events: &[ENDS, AWARDS, &["HouseholdStated", "ContactDetailsChanged"], BILLS],
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
};

pub(super) const MOVE_OUT: Kind = Kind {
    kind: It::MoveOut,
    straight_through_when: Some(
        "the account is matched, everybody who is liable or recorded leaves, and who is liable next is named, or owns the dwelling \
         by what is on file",
    ),
    evidence: documents::none,
    events: &[GOES_ON, AWARDS, CHARGES],
    groups: &[DECLARED, DATES, ACCOUNT, COURT, REDUCTION, NOBODY_STAYS, NEWS, CAN_END, SUCCESSOR, EFFECTS],
};

pub(super) const MOVE_WITHIN: Kind = Kind {
    kind: It::MoveWithin,
    straight_through_when: Some("both sides of the move would go straight through by themselves"),
    evidence: documents::none,
    events: &[GOES_ON, AWARDS, &["HouseholdStated", "ContactDetailsChanged", "CreditTransferred"], BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        REDUCTION,
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
};

pub(super) const OCCUPIER_JOINED: Kind = Kind {
    kind: It::OccupierJoined,
    straight_through_when: Some(
        "the household is known, whoever joined is an adult who claims nothing, and no award but the single person discount \
         could be touched",
    ),
    evidence: documents::none,
    events: &[&["OccupantAdded"], AWARDS, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        NEWS,
        &[
            gate("another-adult-joined", &[Lacks(R19)]),
            gate("counted-as-an-adult", &[Judged(R10)]),
            gate("household-fits-the-record", &[Lacks(R19)]),
        ],
        KNOWN,
        NO_OTHER_AWARD,
        EFFECTS,
    ],
};

pub(super) const OCCUPIER_LEFT: Kind = Kind {
    kind: It::OccupierLeft,
    straight_through_when: Some(
        "whoever left is recorded beside those who are liable, the record leaves as many adults as are told, and no award \
         could be touched",
    ),
    evidence: documents::none,
    events: &[&["OccupantRemoved"], AWARDED, BILLS],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
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
};

pub(super) const LIABLE_PERSON_ADDED: Kind = Kind {
    kind: It::LiablePersonAdded,
    straight_through_when: Some(
        "a document proves the marriage, partnership, tenancy or title, and the household is known and goes on",
    ),
    evidence: documents::of_liability,
    events: &[GOES_ON, &["DiscountEnded"], CHARGES],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
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
};

pub(super) const LIABLE_PERSON_REMOVED: Kind = Kind {
    kind: It::LiablePersonRemoved,
    straight_through_when: Some(
        "they tell it themselves from their own contact detail on file, others stay liable, and the household is known",
    ),
    evidence: documents::none,
    events: &[GOES_ON, AWARDED, CHARGES],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
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
};

pub(super) const DEATH: Kind = Kind {
    kind: It::Death,
    straight_through_when: Some(
        "the registrar's service or the survivor tells it, and the deceased was one of two adults who are liable together",
    ),
    evidence: documents::none,
    events: &[GOES_ON, AWARDS, CHARGES],
    groups: &[
        DECLARED,
        DATES,
        ACCOUNT,
        DWELLING,
        &[
            gate("survived-by-one-who-is-liable", &[Lacks(R16)]),
            gate("left-to-the-estate", &[Judged(R16)]),
            gate("death-certain", &[Judged(R16)]),
            gate("household-fits-the-record", &[]),
            gate("no-reduction-in-payment", &[Judged(R16)]),
        ],
        NEWS,
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        EFFECTS,
    ],
};

pub(super) const PROBATE: Kind = Kind {
    kind: It::Probate,
    straight_through_when: Some(
        "an executor or their solicitor tells it with the grant, the dwelling still belongs to the estate, and it is exempt in \
         class F: the exemption ends six months after the grant",
    ),
    evidence: documents::of_probate,
    events: &[&["DiscountEnded", "AwardExpiryScheduled", "ChargeCalculated"], NOTICES],
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
};

pub(super) const TENANCY_CHANGE: Kind = Kind {
    kind: It::TenancyChange,
    straight_through_when: Some(
        "the owner on file tells it, the tenancies follow each other under one joint contract, and those who leave are those \
         who are liable",
    ),
    evidence: documents::none,
    events: &[ENDS, AWARDS, CHARGES],
    groups: &[
        DECLARED,
        DATES,
        &[gate("day-fits-the-tenancies", &[Judged(R19)])],
        DWELLING,
        &[
            gate("submitter-has-authority", &[Judged(R13)]),
            gate("liable-persons-agree", &[Judged(R04)]),
            gate("one-tenancy", &[Judged(R11)]),
            gate("one-tenancy-after-the-other", &[Lacks(R04)]),
            gate("no-gap-in-liability", &[Lacks(R05)]),
            gate("old-tenants-fit-the-record", &[Judged(R19)]),
        ],
        NEWS,
        CAN_END,
        EFFECTS,
    ],
};
