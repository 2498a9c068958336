//! Checks and events that many kinds share.

use hearth_events::NotificationKind as It;
use hearth_events::ReasonCode::{
    R01, R02, R03, R04, R05, R06, R07, R08, R10, R11, R12, R13, R14, R15, R16, R17, R19, R20, R22,
};

use super::super::Fails::{self, Duplicate, Judged, Lacks, Rejected};
use super::super::evidence as documents;
use super::super::{Evidence, Gate, Kind};

pub(super) const fn gate(check: &'static str, fails: &'static [Fails]) -> Gate {
    Gate { check, fails }
}

/// A check that no machine ever passes: the row of an officer's kind, with what it comes to.
macro_rules! never {
    ($row:expr, $($fails:ident),+) => {
        gate($row.check, const { &[$($fails($row.reason)),+] })
    };
}

// Checks that many kinds share.

pub(super) const DECLARED: &[Gate] = &[
    gate("declaration-given", &[Rejected]),
    gate("not-told-before", &[Duplicate]),
    gate("nothing-left-unread", &[Judged(R10)]),
];
pub(super) const DATES: &[Gate] = &[gate("date-within-limits", &[Judged(R06), Judged(R07)])];
pub(super) const ACCOUNT: &[Gate] = &[
    gate("account-matched", &[Lacks(R01), Judged(R02)]),
    gate("submitter-identified", &[Judged(R02), Judged(R13)]),
    gate("dwelling-of-account", &[Judged(R03), Judged(R19)]),
];
pub(super) const OPEN: &[Gate] = &[gate("account-open", &[Lacks(R19)])];
/// Recovery has not come to the court.
pub(super) const COURT: &[Gate] = &[gate("recovery-not-at-court", &[Judged(R14)])];
/// No council tax reduction has to be assessed anew.
pub(super) const REDUCTION: &[Gate] = &[gate("no-reduction-to-assess", &[Judged(R15)])];
pub(super) const DWELLING: &[Gate] = &[gate("dwelling-matched", &[Lacks(R03)]), gate("dwelling-banded", &[Lacks(R22)])];
pub(super) const NEWS: &[Gate] = &[gate("not-already-so", &[Duplicate])];
pub(super) const CAN_END: &[Gate] = &[gate("liability-can-end", &[Lacks(R04), Lacks(R19)])];
pub(super) const KNOWN: &[Gate] = &[gate("household-known", &[Lacks(R19)])];
pub(super) const NO_OTHER_AWARD: &[Gate] = &[gate("no-other-award", &[Lacks(R10), Lacks(R15)])];
pub(super) const READABLE: &[Gate] = &[gate("record-readable", &[Lacks(R20)])];
pub(super) const EVIDENCE: &[Gate] = &[gate("evidence-present", &[Judged(R08)])];
/// Somebody is left out of the count.
pub(super) const LEAVES_OUT: &[Gate] =
    &[gate("household-fits-the-record", &[Lacks(R19)]), gate("others-stay-liable", &[])];
pub(super) const NOBODY_STAYS: &[Gate] =
    &[gate("all-liable-persons-leave", &[Judged(R12)]), gate("all-adults-leave", &[Judged(R19)])];
pub(super) const SUCCESSOR: &[Gate] = &[gate("next-liable-party-known", &[Lacks(R05), Lacks(R19)])];
/// What an arrival meets.
pub(super) const ARRIVAL: &[Gate] = &[
    gate("not-in-multiple-occupation", &[Judged(R11)]),
    gate("no-overlapping-liability", &[Judged(R04), Lacks(R04)]),
    gate("no-exemption-runs", &[Judged(R10), Judged(R16)]),
    gate("no-gap-in-liability", &[Judged(R05)]),
];
// Events that many kinds lead to.

/// What is asked for anew, where it is divided otherwise.
pub(super) const NOTICES: &[&str] = &["DemandNoticeIssued", "AdjustmentNoticeIssued"];
/// What is owed, the last notice of an account and the first of the next.
pub(super) const CHARGES: &[&str] = &["ChargeCalculated", "DemandNoticeIssued", "ClosingNoticeIssued"];
/// What is owed and what is asked for, where a charge moves.
pub(super) const BILLS: &[&str] =
    &["ChargeCalculated", "DemandNoticeIssued", "AdjustmentNoticeIssued", "ClosingNoticeIssued"];
/// The end of an account, and whoever is liable next.
pub(super) const ENDS: &[&str] = &["LiabilityEnded", "LiabilityStarted"];
/// An account that goes on under another number, with what its household chose.
pub(super) const GOES_ON: &[&str] =
    &["LiabilityEnded", "LiabilityStarted", "PaymentMethodChanged", "DeliveryPreferenceChanged", "InstalmentPlanSet"];
/// What is awarded, with every end and review that is known in advance.
pub(super) const AWARDED: &[&str] = &["DiscountAwarded", "AwardExpiryScheduled"];
/// What is awarded and ended, with every end and review that is known in advance.
pub(super) const AWARDS: &[&str] = &["DiscountAwarded", "DiscountEnded", "AwardExpiryScheduled"];

/// Of the last three what would be recorded fits the record whenever the deciders are right: that is their guard.
pub(super) const EFFECTS: &[Gate] = &[
    gate("effects-fit-the-record", &[Lacks(R19)]),
    gate("charge-calculated", &[Lacks(R10)]),
    gate("charge-movement-within-limit", &[Judged(R06), Judged(R17)]),
    gate("next-instalments", &[]),
];
/// The same for a change of the record that moves no charge.
pub(super) const RECORD: &[Gate] = &[
    gate("effects-fit-the-record", &[Lacks(R19)]),
    gate("charge-calculated", &[Lacks(R10)]),
    gate("charge-movement-within-limit", &[]),
    gate("next-instalments", &[]),
];

/// What ends six months after a grant ends in no year that is over.
pub(super) const EFFECTS_OF_A_GRANT: &[Gate] = &[
    gate("effects-fit-the-record", &[Lacks(R19)]),
    gate("charge-calculated", &[Lacks(R10)]),
    gate("charge-movement-within-limit", &[Judged(R17)]),
    gate("next-instalments", &[]),
];

/// A kind to which nobody has a rule: whatever follows, an officer does.
pub(super) const fn officers(kind: It, groups: &'static [&'static [Gate]]) -> Kind {
    Kind { kind, straight_through_when: None, evidence: documents::none, events: &[], groups }
}

/// An award that only an officer is satisfied of.
pub(super) const fn award(kind: It, evidence: fn() -> Vec<Evidence>, groups: &'static [&'static [Gate]]) -> Kind {
    Kind { kind, straight_through_when: None, evidence, events: &[AWARDED, BILLS], groups }
}

pub(super) use never;
