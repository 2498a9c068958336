//! Who lives in a household and who is liable in it: N06 to N09; deaths and grants: N20, N21.

use hearth_events::{NotificationKind, Period, ReasonCode};
use hearth_projections::AdultsFrom;
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::super::table::Fails::{Duplicate, Judged, Lacks};
use super::super::{ACCOUNT as OF_HOME, HOME, Home, empty, home, told};
use super::shared::{
    ACCOUNT, CAN_END, CHARGEABLE, COURT, DATES, DECLARED, EVIDENCE, KNOWN, MOVES_TOO_MUCH, NO_ACCOUNT, NO_OTHER_AWARD,
    NOT_NAMED, OF_ANOTHER, ON, OPEN, READABLE, SUBMITTER, chosen, forgets_the_last,
};
use super::{Premises, Scene, Suite, account, fails, scene};
use ReasonCode::{R01, R02, R03, R05, R10, R12, R13, R16, R17, R19, R20, R22};

fn tells(kind: &str, home: Home, details: Value) -> Scene {
    let more = json!({"account": OF_HOME, "dwelling": {"uprn": HOME}});
    scene(vec![home], told(kind, ON, "Mr A", more, details))
}

fn joins() -> Scene {
    tells("occupier-joined", home(&["Mr A"]).alone(), json!({"person": {"name": "Ms New"}}))
}

pub(super) const OCCUPIER_JOINED: Suite = Suite {
    kind: NotificationKind::OccupierJoined,
    passes: &[joins],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[
            fails("not-already-so", Duplicate, |it| {
                it.touch(|at| {
                    let account = account(at);
                    account.awards[0].period.to = Some(ON.parse().unwrap());
                    account.adults.push(AdultsFrom { from: ON.parse().unwrap(), adults: Some(2) });
                });
            }),
            fails("another-adult-joined", Lacks(R19), |it| it.details()["person"]["name"] = json!("Mr A")),
            fails("counted-as-an-adult", Judged(R10), |it| it.details()["date_of_birth"] = json!("1998-01-11")),
            fails("counted-as-an-adult", Judged(R10), |it| it.details()["not_counted_as"] = json!("student")),
        ],
        KNOWN,
        NO_OTHER_AWARD,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[&[fails("household-fits-the-record", Lacks(R19), |it| {
        it.homes[0].adults = 2;
        it.details()["not_counted_as"] = json!("student");
    })]],
};

pub(super) const OCCUPIER_LEFT: Suite = Suite {
    kind: NotificationKind::OccupierLeft,
    passes: &[|| {
        tells("occupier-left", home(&["Mr A"]).adults(2), json!({"name": "Mx Lodger", "adults_remaining": 1}))
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[
            fails("whoever-left-is-not-liable", Lacks(R12), |it| {
                it.homes[0] = home(&["Mr A", "Ms B"]).adults(3);
                *it.details() = json!({"name": "Ms B", "adults_remaining": 2});
            }),
            fails("others-live-there", Lacks(R19), |it| {
                it.homes[0].adults = 1;
                it.details()["adults_remaining"] = json!(0);
            }),
            fails("adults-fit-the-record", Lacks(R19), |it| it.details()["adults_remaining"] = json!(5)),
        ],
        &[fails("household-known", Lacks(R19), |it| {
            (KNOWN[0].by)(it);
            it.details().as_object_mut().unwrap().remove("adults_remaining");
        })],
        NO_OTHER_AWARD,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn adds() -> Scene {
    let details = json!({"person": {"name": "Ms New", "email": "new@example.org"}, "relationship": "spouse",
        "lived_there_before": false, "evidence": [{"kind": "marriage-certificate", "file_name": "d.pdf"}]});
    tells("liable-person-added", home(&["Mr A"]).alone(), details)
}

pub(super) const LIABLE_PERSON_ADDED: Suite = Suite {
    kind: NotificationKind::LiablePersonAdded,
    passes: &[adds, || {
        let mut it = adds();
        chosen(&mut it);
        it
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            fails("not-already-so", Duplicate, |it| it.details()["person"]["name"] = json!("Mr A")),
            fails("jointly-liable", Judged(R10), |it| it.details()["relationship"] = json!("couple")),
            fails("household-fits-the-record", Lacks(R19), |it| it.details()["lived_there_before"] = json!(true)),
            fails("record-readable", Lacks(R20), |it| {
                it.homes[0] = home(&["Mr A", "Ms B"]);
                it.touch(forgets_the_last);
            }),
        ],
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn removes() -> Scene {
    let details = json!({"name": "Mr A", "forwarding_address": "9 Elsewhere"});
    tells("liable-person-removed", home(&["Mr A", "Ms B"]), details)
}

pub(super) const LIABLE_PERSON_REMOVED: Suite = Suite {
    kind: NotificationKind::LiablePersonRemoved,
    passes: &[removes, || {
        let mut it = removes();
        chosen(&mut it);
        it
    }],
    machine: &[
        DECLARED,
        DATES,
        OF_ANOTHER,
        &[NO_ACCOUNT, NOT_NAMED, SUBMITTER[0].also(&["confirmed-by-themselves"]), SUBMITTER[1]],
        COURT,
        OPEN,
        &[
            fails("on-the-account", Lacks(R19), |it| it.details()["name"] = json!("Mx Who")),
            fails("confirmed-by-themselves", Judged(R12), |it| it.details()["name"] = json!("Ms B")),
            fails("somebody-stays-liable", Lacks(R05), |it| it.homes[0] = home(&["Mr A"])),
            fails("household-fits-the-record", Lacks(R19), |it| it.homes[0].adults = 1),
        ],
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

/// Told by who survives.
fn dies() -> Scene {
    let mut it = tells("death", home(&["Mr A", "Ms B"]), json!({"name": "Mr A"}));
    it.told["submitted_by"]["name"] = json!("Ms B");
    it
}

/// Told by the registrar's service, which knows the dwelling alone.
fn is_registered(it: &mut Scene) {
    it.told["channel"] = json!("tell-us-once");
    it.told["submitted_by"] = json!({"role": "third-party", "name": "Registrar"});
    it.told.as_object_mut().unwrap().remove("account");
}

/// Their liability ended on the day, and the other's goes on.
fn is_known(at: &mut [Premises]) {
    let on = ON.parse().unwrap();
    let mut other = account(at).clone();
    account(at).period.to = Some(on);
    other.account = format!("{HOME}-2").parse().unwrap();
    other.period = Period::starting(on);
    other.liable_persons.remove(0);
    at[0].state.accounts.push(other);
}

pub(super) const DEATH: Suite = Suite {
    kind: NotificationKind::Death,
    passes: &[dies, || {
        let mut it = dies();
        chosen(&mut it);
        it
    }],
    machine: &[
        DECLARED,
        DATES,
        OF_ANOTHER,
        SUBMITTER,
        &[
            fails("account-matched", Lacks(R01), |it| it.told["account"] = json!("999"))
                .also(&["survived-by-one-who-is-liable"]),
            fails("account-matched", Judged(R02), |it| drop(it.told.as_object_mut().unwrap().remove("account"))),
            fails("dwelling-matched", Lacks(R03), |it| {
                is_registered(it);
                it.told["dwelling"] = json!({"uprn": "5"});
            })
            .also(&["survived-by-one-who-is-liable"]),
            fails("dwelling-banded", Lacks(R22), |it| {
                is_registered(it);
                it.touch(|at| at[0].state.listing.as_mut().unwrap().bands[0].0 = date(2016, 2, 1));
            }),
            fails("survived-by-one-who-is-liable", Lacks(R16), |it| it.homes[0].adults = 3),
            fails("left-to-the-estate", Judged(R16), |it| {
                is_registered(it);
                it.homes[0] = home(&["Mr A"]).alone();
            }),
            fails("no-reduction-in-payment", Judged(R16), |it| it.homes[0].awards.push(("D-CTR", date(2015, 1, 1))))
                .also(&["no-other-award"]),
            fails("death-certain", Judged(R16), |it| it.told["submitted_by"]["name"] = json!("Mr A")),
            fails("not-already-so", Duplicate, |it| it.touch(is_known)),
            fails("record-readable", Lacks(R20), |it| {
                is_registered(it);
                it.touch(forgets_the_last);
            }),
        ],
        KNOWN,
        &[NO_OTHER_AWARD[0], NO_OTHER_AWARD[1].also(&["no-reduction-in-payment"])],
        CAN_END,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn granted() -> Scene {
    let details = json!({"granted_on": ON, "executors": [{"name": "Ms Executor"}],
        "evidence": [{"kind": "grant-of-probate", "file_name": "g.pdf"}]});
    let mut told = told("probate", ON, "Ms Executor", json!({"account": OF_HOME}), details);
    told["submitted_by"]["role"] = json!("executor");
    scene(vec![empty("Mr A").at(HOME).award("X-F")], told)
}

pub(super) const PROBATE: Suite = Suite {
    kind: NotificationKind::Probate,
    passes: &[granted, || {
        // Charged in the year of the death and of the grant.
        let mut it = granted();
        it.homes[0].awards = vec![("X-F", date(2015, 6, 1))];
        it.told["effective_on"] = json!("2015-06-15");
        it.details()["granted_on"] = json!("2015-06-15");
        it.received_on = date(2015, 7, 1);
        it
    }],
    machine: &[
        DECLARED,
        DATES,
        OF_ANOTHER,
        EVIDENCE,
        &[
            fails("submitter-has-authority", Judged(R13), |it| it.told["submitted_by"]["name"] = json!("Mx Other")),
            fails("still-of-the-estate", Lacks(R16), |it| it.details()["transferred_on"] = json!(ON)),
            fails("account-matched", Lacks(R01), |it| it.told["account"] = json!("999")),
            fails("account-matched", Judged(R02), |it| {
                it.told.as_object_mut().unwrap().remove("account");
                it.told["dwelling"] = json!({"uprn": HOME});
                it.told["submitted_by"]["name"] = json!("Mr A");
                it.details()["executors"] = json!([{"name": "Mr A"}]);
            }),
            fails("exempt-since-the-death", Lacks(R16), |it| it.homes[0].awards.clear()),
            fails("exempt-since-the-death", Lacks(R19), |it| {
                it.touch(|at| account(at).awards[0].period.to = Some(date(2016, 12, 1)));
            }),
            fails("not-already-so", Duplicate, |it| {
                it.touch(|at| account(at).awards[0].period.to = Some(date(2016, 7, 10)));
            }),
            fails("charge-movement-within-limit", Judged(R17), |it| {
                it.policy.charge_movement_limit = Some(hearth_events::Money::ZERO);
                it.received_on = date(2016, 4, 5);
            }),
        ],
        CHARGEABLE,
    ],
    officer: &[],
};
