//! Spoils of the gates that many kinds share.

use hearth_events::{Money, Period, Personal, ReasonCode, RecoveryStep};
use hearth_projections::{AdultsFrom, Award};
use jiff::civil::date;
use serde_json::json;

use super::super::super::table::Fails::{Duplicate, Judged, Lacks, Rejected};
use super::super::{HOME, Home, NEW_HOME, empty};
use super::{Scene, Spoil, account, fails};
use ReasonCode::{R01, R02, R03, R04, R05, R06, R07, R08, R10, R11, R13, R14, R15, R16, R17, R19, R20, R22};

/// The day of every change here.
pub(super) const ON: &str = "2016-01-10";

pub(super) const DECLARED: &[Spoil] = &[
    fails("declaration-given", Rejected, |it| it.told["declaration"] = json!(false)),
    fails("not-told-before", Duplicate, |it| it.was_told_before = true),
    fails("nothing-left-unread", Judged(R10), |it| it.told["free_text"] = json!("please call me")),
];

pub(super) const DATES: &[Spoil] = &[
    fails("date-within-limits", Judged(R06), |it| it.policy.backdate_limit_days = Some(0)),
    fails("date-within-limits", Judged(R07), |it| {
        it.policy.future_limit_days = Some(0);
        it.received_on = date(2016, 1, 5);
    }),
];

pub(super) const NO_ACCOUNT: Spoil = fails("account-matched", Lacks(R01), |it| it.told["account"] = json!("999"));
pub(super) const NOT_NAMED: Spoil = fails("account-matched", Judged(R02), |it| {
    it.told.as_object_mut().unwrap().remove("account");
    it.told["dwelling"] = json!({"uprn": HOME});
});
pub(super) const OF_ANOTHER: &[Spoil] = &[
    fails("dwelling-of-account", Judged(R03), |it| it.told["dwelling"] = json!({"uprn": "5"})),
    fails("dwelling-of-account", Judged(R19), |it| {
        it.homes.push(empty("Mr Other"));
        it.told["dwelling"] = json!({"uprn": NEW_HOME});
    }),
];
pub(super) const SUBMITTER: &[Spoil] = &[
    fails("submitter-identified", Judged(R02), |it| {
        it.told["submitted_by"]["email"] = json!("other@example.org");
        it.told["submitted_by"]["phone"] = json!("01632 960999");
    }),
    fails("submitter-identified", Judged(R13), |it| it.told["submitted_by"]["role"] = json!("agent")),
];
/// The account of a holder.
pub(super) const ACCOUNT: &[Spoil] = &[NO_ACCOUNT, NOT_NAMED, OF_ANOTHER[0], OF_ANOTHER[1], SUBMITTER[0], SUBMITTER[1]];
pub(super) const OPEN: &[Spoil] =
    &[fails("account-open", Lacks(R19), |it| it.touch(|at| account(at).period.from = date(2016, 1, 15)))];

/// A summons was issued.
pub(super) const COURT: &[Spoil] =
    &[fails("recovery-not-at-court", Judged(R14), |it| it.homes[0].stage = Some(RecoveryStep::Summons))];

/// A council tax reduction runs.
pub(super) const REDUCTION: &[Spoil] = &[fails("no-reduction-to-assess", Judged(R15), |it| {
    it.homes[0].awards.push(("D-CTR", date(2015, 1, 1)));
})];

/// The dwelling that somebody comes to, or tells of: the last one here.
fn dwelling(it: &mut Scene) -> &mut Home {
    it.homes.last_mut().unwrap()
}

pub(super) const DWELLING: &[Spoil] = &[
    fails("dwelling-matched", Lacks(R03), |it| it.told["dwelling"] = json!({"uprn": "5"})),
    fails("dwelling-banded", Lacks(R22), |it| {
        it.touch(|at| at.last_mut().unwrap().state.listing.as_mut().unwrap().bands[0].0 = date(2016, 2, 1));
    }),
];
pub(super) const ARRIVAL: &[Spoil] = &[
    fails("not-in-multiple-occupation", Judged(R11), |it| dwelling(it).hmo = true),
    fails("no-overlapping-liability", Lacks(R04), |it| dwelling(it).from = date(2016, 2, 1)),
    fails("no-overlapping-liability", Judged(R04), |it| dwelling(it).adults = 1),
    fails("no-exemption-runs", Judged(R10), |it| dwelling(it).awards.push(("X-E", date(2015, 1, 1)))),
    fails("no-exemption-runs", Judged(R16), |it| dwelling(it).awards.push(("X-F", date(2015, 1, 1)))),
    fails("no-gap-in-liability", Judged(R05), |it| {
        it.touch(|at| at.last_mut().unwrap().state.accounts[0].period.to = Some(date(2016, 1, 5)));
    }),
];

pub(super) const CAN_END: &[Spoil] = &[
    fails("liability-can-end", Lacks(R04), |it| it.touch(followed)),
    fails("liability-can-end", Lacks(R19), |it| it.touch(ended_later)),
];

/// Somebody else becomes liable on a later day.
pub(super) fn followed(at: &mut [super::Premises]) {
    let mut other = account(at).clone();
    other.account = format!("{HOME}-2").parse().unwrap();
    other.period = Period::starting(date(2016, 2, 1));
    other.awards.clear();
    at[0].state.accounts.push(other);
}

pub(super) fn ended_later(at: &mut [super::Premises]) {
    account(at).period.to = Some(date(2016, 3, 1));
}

pub(super) const KNOWN: &[Spoil] = &[fails("household-known", Lacks(R19), |it| {
    it.touch(|at| account(at).adults.push(AdultsFrom { from: date(2016, 1, 15), adults: Some(2) }));
})];
pub(super) const NO_OTHER_AWARD: &[Spoil] = &[
    fails("no-other-award", Lacks(R10), |it| it.homes[0].awards.push(("X-E", date(2015, 1, 1)))),
    fails("no-other-award", Lacks(R15), |it| it.homes[0].awards.push(("D-CTR", date(2015, 1, 1)))),
];
/// The last of those who are liable has been forgotten.
pub(super) const READABLE: &[Spoil] = &[fails("record-readable", Lacks(R20), |it| it.touch(forgets_the_last))];

pub(super) fn forgets_the_last(at: &mut [super::Premises]) {
    let person = account(at).liable_persons.last().map(Personal::person).unwrap();
    at[0].people.remove(&person);
}

pub(super) const EVIDENCE: &[Spoil] =
    &[fails("evidence-present", Judged(R08), |it| it.details()["evidence"] = json!([]))];

/// An award of the past without the figure that it is charged by.
pub(super) const CHARGEABLE: &[Spoil] = &[fails("charge-calculated", Lacks(R10), |it| {
    it.touch(|at| {
        let account = &mut at[0].state.accounts[0];
        account.awards.push(Award {
            code: "D-13A".parse().unwrap(),
            period: Period { from: date(2014, 5, 1), to: Some(date(2014, 6, 1)) },
            terms: None,
            because: Vec::new(),
        });
    });
})];
pub(super) const MOVES_TOO_MUCH: &[Spoil] = &[
    fails("charge-movement-within-limit", Judged(R17), |it| it.policy.charge_movement_limit = Some(Money::ZERO)),
    fails("charge-movement-within-limit", Judged(R06), |it| {
        it.policy.charge_movement_limit = Some(Money::ZERO);
        // Told in the next year, for which nothing is set yet.
        it.received_on = date(2016, 4, 5);
        it.years = &["2014/15", "2015/16"];
    }),
];

/// A household with all that it can have chosen, paid by the last of those who are liable.
pub(super) fn chosen(it: &mut Scene) {
    it.homes[0].chosen = true;
    it.touch(|at| {
        let account = account(at);
        let person = account.liable_persons.last().map(Personal::person).unwrap();
        let bank = hearth_events::BankDetails {
            account_holder: "Ms B".into(),
            sort_code: "089999".into(),
            account_number: "66374958".into(),
        };
        account.bank_details = Some(Personal::open_for(person, bank));
        account.collection_day = Some(15);
    });
}
