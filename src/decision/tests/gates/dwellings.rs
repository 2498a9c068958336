//! What becomes of a dwelling: N15 to N17, N25.

use hearth_events::{NotificationKind, Period, ReasonCode};
use hearth_projections::{AdultsFrom, Award};
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::super::table::Fails::{Duplicate, Judged, Lacks};
use super::super::{ACCOUNT as OF_HOME, HOME, Home, empty, home, told};
use super::shared::{
    ACCOUNT, CAN_END, CHARGEABLE, COURT, DATES, DECLARED, MOVES_TOO_MUCH, NO_OTHER_AWARD, ON, OPEN, READABLE,
    REDUCTION, chosen,
};
use super::{Scene, Suite, account, fails, scene};
use ReasonCode::{R06, R08, R10, R16, R19, R20, R22};

fn tells(kind: &str, home: Home, details: Value) -> Scene {
    let more = json!({"account": OF_HOME, "dwelling": {"uprn": HOME}});
    scene(vec![home], told(kind, ON, "Mr A", more, details))
}

fn owners() -> Home {
    home(&["Mr A", "Ms B"]).award("D-SPD")
}

fn letter() -> Value {
    json!([{"kind": "letter", "file_name": "l.pdf"}])
}

fn empties() -> Scene {
    tells("property-empty", owners(), json!({"reason": "moved-elsewhere", "furnished": false}))
}

pub(super) const PROPERTY_EMPTY: Suite = Suite {
    kind: NotificationKind::PropertyEmpty,
    passes: &[
        empties,
        || {
            let mut it = empties();
            chosen(&mut it);
            it
        },
        || {
            let mut it = empties();
            it.homes[0] = empty("Mr A").at(HOME);
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[
            fails("evidence-present", Judged(R08), |it| it.details()["reason"] = json!("care-home-or-hospital"))
                .also(&["no-class-to-judge"]),
            fails("no-class-to-judge", Judged(R10), |it| it.details()["reason"] = json!("other")),
            fails("no-class-to-judge", Lacks(R16), |it| {
                it.details()["reason"] = json!("death");
                it.details()["evidence"] = letter();
            }),
            fails("not-spared-before", Judged(R10), |it| {
                it.homes[0] = empty("Mr A").at(HOME).award("P-EMPTY").award("P-EXC-G");
                it.details()["reason"] = json!("for-sale");
                it.details()["evidence"] = letter();
            })
            .also(&["no-class-to-judge"]),
            fails("empty-from-the-day", Judged(R19), |it| {
                it.homes[0] = empty("Mr A").at(HOME);
                it.details()["furniture_removed_on"] = json!("2015-11-30");
            }),
            fails("local-discount-determined", Lacks(R10), |it| it.policy.empty_discount_percent = None),
            fails("residents-own-it", Lacks(R19), |it| it.homes[0].owner = Some("Ms L")),
            fails("not-already-so", Duplicate, |it| {
                it.homes[0] = empty("Mr A").at(HOME);
                it.details()["furnished"] = json!(true);
            }),
        ],
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn second() -> Scene {
    tells("second-home", owners(), json!({"main_home_address": "9 Elsewhere", "furnished": true}))
}

pub(super) const SECOND_HOME: Suite = Suite {
    kind: NotificationKind::SecondHome,
    passes: &[
        second,
        || {
            let mut it = second();
            chosen(&mut it);
            it
        },
        || {
            let mut it = second();
            it.homes[0] = empty("Mr A").at(HOME);
            it.policy.local_discounts = Some([("D-LOC-B".to_owned(), 10.into())].into());
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[
            fails("furnished", Lacks(R19), |it| it.details()["furnished"] = json!(false)),
            fails("evidence-present", Judged(R08), |it| it.details()["exception"] = json!("for-sale"))
                .also(&["no-class-to-judge"]),
            fails("no-class-to-judge", Judged(R10), |it| {
                it.details()["exception"] = json!("for-sale");
                it.details()["evidence"] = letter();
            }),
            fails("not-spared-before", Judged(R10), |it| {
                it.details()["exception"] = json!("for-sale");
                it.details()["evidence"] = letter();
                it.touch(|at| {
                    let code = "P-EXC-G".parse().unwrap();
                    let period = Period { from: date(2014, 5, 1), to: Some(date(2015, 5, 1)) };
                    account(at).awards.push(Award { code, period, terms: None, because: Vec::new() });
                });
            })
            .also(&["no-class-to-judge"]),
            fails("residents-own-it", Lacks(R19), |it| it.homes[0].owner = Some("Ms L")),
            fails("not-already-so", Duplicate, |it| it.homes[0] = empty("Mr A").at(HOME)),
        ],
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

pub(super) const BACK_IN_USE: Suite = Suite {
    kind: NotificationKind::BackInUse,
    passes: &[|| tells("back-in-use", empty("Mr A").at(HOME).award("D-NORES"), json!({"persons": [{"name": "Mr A"}]}))],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[
            fails("not-already-so", Duplicate, |it| it.homes[0] = home(&["Mr A"])),
            fails("told-by-those-who-live-there", Lacks(R19), |it| {
                it.details()["persons"] = json!([{"name": "Ms Tenant"}]);
            }),
            fails("nothing-known-later", Lacks(R19), |it| {
                it.touch(|at| account(at).adults.push(AdultsFrom { from: date(2016, 1, 15), adults: Some(1) }));
            }),
        ],
        NO_OTHER_AWARD,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

pub(super) const BAND_CHANGE: Suite = Suite {
    kind: NotificationKind::BandChange,
    passes: &[|| {
        let details = json!({"change": "amended", "band": "C", "previous_band": "D", "reason_code": "CL26"});
        let mut told = told("band-change", ON, "VOA", json!({"dwelling": {"uprn": HOME}}), details);
        told["channel"] = json!("voa");
        told["submitted_by"] = json!({"role": "third-party", "name": "VOA"});
        scene(vec![home(&["Mr A"]).let_by("Ms L")], told)
    }],
    machine: &[
        DECLARED,
        &[
            fails("date-within-limits", Judged(R06), |it| {
                it.policy.backdate_limit_days = Some(0);
                it.told["effective_on"] = json!("2015-03-31");
            }),
            DATES[1],
        ],
        &[
            REDUCTION[0],
            fails("told-by-the-agency", Lacks(R22), |it| it.told["channel"] = json!("web")),
            fails("one-entry-amended", Lacks(R22), |it| *it.details() = json!({"change": "deleted"})),
            fails("dwelling-matched", Lacks(R22), |it| it.told["dwelling"] = json!({"uprn": "5"})),
            fails("fits-the-list-on-record", Lacks(R19), |it| it.details()["previous_band"] = json!("E")),
            fails("not-already-so", Duplicate, |it| it.details()["band"] = json!("D")),
            fails("record-readable", Lacks(R20), |it| it.touch(|at| at[0].people.retain(|_, it| it.name != "Ms L"))),
        ],
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};
