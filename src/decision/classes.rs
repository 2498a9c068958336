//! The classes of dwellings in which nobody lives, by the reason for it: why an officer judges, and what is then awarded.

use hearth_events::ReasonCode;

use super::gates::LIABILITY;
use super::officers::Row;
use crate::intake::details::EmptyReason;
use crate::rules::sources;
use ReasonCode::{R10, R16};

/// The discount of a vacant dwelling under major repair.
pub(super) const REPAIRED: &str = "D-LOC-D";

/// Why an officer judges, and the award of the class; none where what follows is not an award.
#[derive(Clone, Copy)]
pub(super) struct Class {
    pub(super) row: Row,
    pub(super) code: Option<&'static str>,
}

const fn class(
    code: &'static str,
    reason: ReasonCode,
    because: &'static str,
    documents: &'static str,
    law: &'static str,
) -> Class {
    let row = Row { check: "no-class-to-judge", reason, because, documents: Some(documents), law };
    Class { row, code: Some(code) }
}

const REPAIRS: Class =
    class(REPAIRED, R10, "major repairs are judged by what is done", "a schedule of works", sources::REPAIRS);
const DEATH: Class =
    class("X-F", R16, "a death is dealt with by a person", "the grant of probate, once made", "SI 1992/558 class F");
const HOME: Class = class(
    "X-E",
    R10,
    "class E is judged by where the resident is",
    "a letter of the home or hospital",
    "SI 1992/558 class E",
);
const CARED: Class =
    class("X-I", R10, "class I is judged by the care received", "a letter about the care", "SI 1992/558 class I");
const CARING: Class =
    class("X-J", R10, "class J is judged by the care given", "proof of the care", "SI 1992/558 class J");
const DETAINED: Class =
    class("X-D", R10, "class D is judged by the detention", "a letter of the court or prison", "SI 1992/558 class D");
const STUDENT: Class =
    class("X-K", R10, "class K is judged by the course", "a certificate of the institution", "SI 1992/558 class K");
const PROHIBITED: Class = class("X-G", R10, "class G is judged by the order", "the order", "SI 1992/558 class G");
const LENDER: Class =
    class("X-L", R10, "class L is judged by the possession", "a letter of the lender", "SI 1992/558 class L");
const TRUSTEE: Class = class("X-Q", R10, "class Q is judged by who is the owner", "the order", "SI 1992/558 class Q");
const CHARITY: Class = class(
    "X-B",
    R10,
    "class B is judged by the charity's purposes",
    "its number or constitution",
    "SI 1992/558 class B",
);
const OTHER: Class = Class {
    row: Row {
        check: "no-class-to-judge",
        reason: R10,
        because: "another cause was given",
        documents: None,
        law: LIABILITY,
    },
    code: None,
};

/// Nobody is asked for documents ahead: whether a premium runs is not told to whoever sends it.
const fn spared(code: &'static str, because: &'static str) -> Class {
    let row = Row { check: "no-class-to-judge", reason: R10, because, documents: None, law: sources::SPARED };
    Class { row, code: Some(code) }
}

const FOR_SALE: Class = spared("P-EXC-G", "whether it is marketed for sale is judged by how it is");
const TO_LET: Class = spared("P-EXC-H", "whether it is marketed to let is judged by how it is");

/// The class that spares a dwelling the premium for a year, for a reason; none for the others.
pub(super) const fn spared_while(reason: EmptyReason) -> Option<Class> {
    match reason {
        EmptyReason::ForSale => Some(FOR_SALE),
        EmptyReason::BetweenTenants => Some(TO_LET),
        EmptyReason::MovedElsewhere
        | EmptyReason::MajorRepairs
        | EmptyReason::Death
        | EmptyReason::CareHomeOrHospital
        | EmptyReason::CaredForElsewhere
        | EmptyReason::CaringElsewhere
        | EmptyReason::Detained
        | EmptyReason::StudentElsewhere
        | EmptyReason::OccupationProhibited
        | EmptyReason::Repossessed
        | EmptyReason::Bankruptcy
        | EmptyReason::CharityOwned
        | EmptyReason::Other => None,
    }
}

/// Reasons for which a dwelling may be exempt or reduced by a class that is judged on documents; none for the others.
pub(super) fn class_of(reason: EmptyReason) -> Option<Class> {
    use EmptyReason as Why;
    match reason {
        Why::MovedElsewhere | Why::BetweenTenants | Why::ForSale => None,
        Why::MajorRepairs => Some(REPAIRS),
        Why::Death => Some(DEATH),
        Why::CareHomeOrHospital => Some(HOME),
        Why::CaredForElsewhere => Some(CARED),
        Why::CaringElsewhere => Some(CARING),
        Why::Detained => Some(DETAINED),
        Why::StudentElsewhere => Some(STUDENT),
        Why::OccupationProhibited => Some(PROHIBITED),
        Why::Repossessed => Some(LENDER),
        Why::Bankruptcy => Some(TRUSTEE),
        Why::CharityOwned => Some(CHARITY),
        Why::Other => Some(OTHER),
    }
}
