//! N01 to N03, N22.

use hearth_events::{AccountRef, Event, Money, NotificationKind, PaymentReceived, ReasonCode};
use jiff::civil::date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::super::table::Fails::{Duplicate, Judged, Lacks};
use super::super::{ACCOUNT as OF_HOME, HOME, Home, NEW_HOME, empty, home, told};
use super::shared::{
    ACCOUNT, ARRIVAL, CAN_END, CHARGEABLE, COURT, DATES, DECLARED, DWELLING, MOVES_TOO_MUCH, NO_ACCOUNT, ON, REDUCTION,
    SUBMITTER, chosen,
};
use super::{Premises, Scene, Spoil, Suite, account, fails, scene};
use ReasonCode::{R02, R03, R04, R05, R10, R11, R12, R13, R19};

fn moves_in() -> Scene {
    let details = json!({"persons": [{"name": "Ms New"}], "tenure": "tenant", "sole_adult": true,
        "previous_occupiers_left": true});
    scene(vec![empty("Mr Owner")], told("move-in", ON, "Ms New", json!({"dwelling": {"uprn": NEW_HOME}}), details))
}

/// The household is known from somebody else who told of it.
fn is_expected(at: &mut [Premises]) {
    let account = account(at);
    account.adults[0].adults = None;
    account.capacity = hearth_events::Capacity::Resident;
}

pub(super) const MOVE_IN: Suite = Suite {
    kind: NotificationKind::MoveIn,
    passes: &[
        moves_in,
        || {
            let mut it = moves_in();
            it.homes[0].awards.push(("D-NORES", date(2015, 1, 1)));
            it
        },
        || {
            let mut it = moves_in();
            it.homes[0] = Home { from: date(2016, 1, 10), ..empty("Ms New") };
            it.touch(is_expected);
            it
        },
        || {
            let mut it = moves_in();
            it.touch(|at| account(at).period.to = Some(ON.parse().unwrap()));
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        DWELLING,
        ARRIVAL,
        &[
            fails("submitter-has-authority", Judged(R13), |it| it.told["submitted_by"]["name"] = json!("Mr Agent")),
            fails("adults-named", Lacks(R19), |it| it.details()["sole_adult"] = json!(false)),
            fails("tenure-fits-the-record", Judged(R19), |it| {
                it.homes[0].owner = Some("Mr Owner");
                it.details()["tenure"] = json!("owner");
            }),
            fails("not-already-so", Duplicate, |it| it.homes[0] = home(&["Ms New"]).at(NEW_HOME)),
        ],
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn leaves() -> Scene {
    let details = json!({"furniture_removed_on": ON, "persons_leaving": ["Mr A"], "forwarding_address": "9 Elsewhere",
        "successor": {"kind": "buyer", "name": "Ms Buyer"}});
    let more = json!({"account": OF_HOME, "dwelling": {"uprn": HOME}});
    scene(vec![home(&["Mr A"]).alone()], told("move-out", ON, "Mr A", more, details))
}

const LEAVERS: &[Spoil] = &[
    fails("all-liable-persons-leave", Judged(R12), |it| it.homes[0] = home(&["Mr A", "Ms B"])),
    fails("all-adults-leave", Judged(R19), |it| it.homes[0].adults = 2),
    fails("next-liable-party-known", Lacks(R05), |it| it.details()["successor"] = json!({"kind": "unknown"})),
    fails("next-liable-party-known", Lacks(R19), |it| it.homes[0].owner = Some("Ms L")),
];

pub(super) const MOVE_OUT: Suite = Suite {
    kind: NotificationKind::MoveOut,
    passes: &[
        leaves,
        || {
            let mut it = leaves();
            it.homes[0] = home(&["Mr A"]).alone().let_by("Ms L");
            it.details()["successor"] = json!({"kind": "owner"});
            it
        },
        || {
            // Out of a home of their own, which they keep.
            let mut it = leaves();
            chosen(&mut it);
            it.details()["successor"] = json!({"kind": "owner"});
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        REDUCTION,
        LEAVERS,
        CAN_END,
        &[fails("not-already-so", Duplicate, |it| it.touch(|at| account(at).period.to = Some(ON.parse().unwrap())))],
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn moves_within() -> Scene {
    let details = json!({"from_dwelling": {"uprn": HOME}, "moved_out_on": ON, "persons": [{"name": "Mr A"}],
        "tenure": "tenant", "sole_adult": true, "everyone_moved": true,
        "successor": {"kind": "buyer", "name": "Ms Buyer"}});
    let more = json!({"account": OF_HOME, "dwelling": {"uprn": NEW_HOME}});
    scene(vec![home(&["Mr A"]).alone(), empty("Mr Owner")], told("move-within", ON, "Mr A", more, details))
}

/// More than two years was paid.
fn paid(at: &mut [Premises]) {
    let account: AccountRef = OF_HOME.parse().unwrap();
    let paid = PaymentReceived {
        account,
        financial_year: "2015/16".parse().unwrap(),
        amount: Money::rounded(Decimal::from(7000)),
        received_on: date(2015, 5, 1),
        source_reference: "P-1".into(),
    };
    at[0].state.take(hearth_events::Position(4), &Event::from(paid)).unwrap();
}

pub(super) const MOVE_WITHIN: Suite = Suite {
    kind: NotificationKind::MoveWithin,
    passes: &[
        moves_within,
        || {
            let mut it = moves_within();
            chosen(&mut it);
            it.touch(paid);
            it
        },
        || {
            let mut it = moves_within();
            chosen(&mut it);
            it.details()["successor"] = json!({"kind": "owner"});
            it
        },
        || {
            // Into a home of their own, which stood empty.
            let mut it = moves_within();
            it.homes[1] = empty("Mr A");
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        SUBMITTER,
        COURT,
        REDUCTION,
        &[
            NO_ACCOUNT,
            // The dwelling that is looked at is the new home: only who is liable there already is found by name.
            fails("account-matched", Judged(R02), |it| {
                it.homes[1] = empty("Mr A");
                it.told.as_object_mut().unwrap().remove("account");
            })
            .also(&["dwelling-of-account", "two-dwellings"]),
            fails("dwelling-of-account", Judged(R03), |it| it.details()["from_dwelling"] = json!({"uprn": "5"})),
            fails("dwelling-of-account", Judged(R19), |it| it.details()["from_dwelling"] = json!({"uprn": NEW_HOME})),
            fails("adults-named", Lacks(R19), |it| it.details()["sole_adult"] = json!(false)),
            fails("one-home-at-a-time", Judged(R10), |it| it.details()["moved_out_on"] = json!("2016-01-12")),
            fails("everybody-moved", Judged(R12), |it| it.details()["everyone_moved"] = json!(false)),
            fails("two-dwellings", Lacks(R19), |it| {
                it.told["dwelling"] = json!({"uprn": HOME});
                it.details()["persons"] = json!([{"name": "Mr A"}, {"name": "Ms C"}]);
                it.details()["sole_adult"] = json!(false);
            })
            .also(&["no-overlapping-liability"]),
            fails("not-already-so", Duplicate, |it| it.homes[1] = home(&["Mr A"]).at(NEW_HOME)),
        ],
        LEAVERS,
        CAN_END,
        DWELLING,
        ARRIVAL,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn tenants() -> Scene {
    let details: Value = json!({"tenancy_ended_on": "2016-01-09", "outgoing": ["Mr A"], "forwarding_address": "not-known",
        "tenancy_starts_on": "2016-01-15", "incoming": [{"name": "Ms New"}], "joint_tenancy": true, "furnished": false});
    let mut told = told("tenancy-change", "2016-01-15", "Mx L", json!({"dwelling": {"uprn": HOME}}), details);
    told["submitted_by"]["role"] = json!("landlord");
    scene(vec![home(&["Mr A"]).alone().let_by("Mx L")], told)
}

pub(super) const TENANCY_CHANGE: Suite = Suite {
    kind: NotificationKind::TenancyChange,
    passes: &[tenants, || {
        let mut it = tenants();
        let details = it.details().as_object_mut().unwrap();
        details.remove("tenancy_starts_on");
        details.remove("incoming");
        it.told["effective_on"] = json!(ON);
        it
    }],
    machine: &[
        DECLARED,
        DATES,
        DWELLING,
        &[
            fails("day-fits-the-tenancies", Judged(R19), |it| it.told["effective_on"] = json!("2016-01-18")),
            fails("submitter-has-authority", Judged(R13), |it| it.told["submitted_by"]["name"] = json!("Mx Other")),
            fails("liable-persons-agree", Judged(R04), |it| it.policy.third_party_wait_days = Some(14)),
            fails("one-tenancy", Judged(R11), |it| it.details()["joint_tenancy"] = json!(false)),
            fails("one-tenancy-after-the-other", Lacks(R04), |it| {
                it.details()["tenancy_ended_on"] = json!("2016-01-20");
            }),
            fails("no-gap-in-liability", Lacks(R05), |it| {
                it.touch(|at| account(at).period.to = Some(date(2015, 12, 1)));
            }),
            fails("old-tenants-fit-the-record", Judged(R19), |it| it.details()["outgoing"] = json!(["Mr Z"])),
            fails("not-already-so", Duplicate, |it| {
                let details = it.details().as_object_mut().unwrap();
                details.remove("tenancy_starts_on");
                details.remove("incoming");
                it.told["effective_on"] = json!(ON);
                it.touch(|at| account(at).period.to = Some(ON.parse().unwrap()));
            }),
        ],
        CAN_END,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};
