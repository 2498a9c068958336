//! Awards: N10 to N14, N18, N19, N30.

use hearth_events::{AwardTerms, NotificationKind, Period, ReasonCode};
use hearth_projections::Award;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::super::super::table::Fails::{Duplicate, Judged, Lacks};
use super::super::{ACCOUNT as OF_HOME, HOME, Home, home, told};
use super::shared::{
    ACCOUNT, CAN_END, CHARGEABLE, COURT, DATES, DECLARED, EVIDENCE, KNOWN, MOVES_TOO_MUCH, NO_ACCOUNT, NO_OTHER_AWARD,
    NOT_NAMED, OF_ANOTHER, ON, OPEN, READABLE, REDUCTION, chosen, ended_later, followed, forgets_the_last,
};
use super::{Scene, Spoil, Suite, account, fails, scene};
use ReasonCode::{R04, R06, R09, R10, R15, R17, R19, R20, R21};

fn tells(kind: &str, home: Home, details: Value) -> Scene {
    let more = json!({"account": OF_HOME, "dwelling": {"uprn": HOME}});
    scene(vec![home], told(kind, ON, "Mr A", more, details))
}

fn couple() -> Home {
    home(&["Mr A", "Ms B"])
}

fn letter(kind: &str) -> Value {
    json!([{"kind": kind, "file_name": "l.pdf"}])
}

/// An award on the account from a day to another.
fn award(code: &str, from: Date, to: Option<Date>) -> Award {
    Award { code: code.parse().unwrap(), period: Period { from, to }, terms: None, because: Vec::new() }
}

pub(super) const SINGLE_PERSON_DISCOUNT_CLAIM: Suite = Suite {
    kind: NotificationKind::SinglePersonDiscountClaim,
    passes: &[|| {
        let left = json!([{"name": "Ms B", "left_on": ON}]);
        tells("single-person-discount-claim", couple(), json!({"adults_left": left, "other_adults_remaining": 0}))
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        &[
            fails("not-already-so", Duplicate, |it| it.homes[0] = home(&["Mr A"]).alone()),
            fails("no-clashing-award", Lacks(R10), |it| it.homes[0].awards.push(("D-50", date(2015, 1, 1)))),
            fails("no-clashing-award", Lacks(R15), |it| it.homes[0].awards.push(("D-CTR", date(2015, 1, 1)))),
            fails("one-adult-by-the-claim", Judged(R10), |it| it.details()["other_adults_remaining"] = json!(1)),
            fails("one-adult-by-the-record", Judged(R19), |it| it.details()["adults_left"] = json!([])),
            fails("left-on-the-day", Judged(R19), |it| it.details()["adults_left"][0]["left_on"] = json!("2015-12-01")),
            fails("leavers-are-of-the-household", Judged(R19), |it| {
                it.details()["adults_left"][0]["name"] = json!("Mr Nobody Known");
            }),
        ],
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

pub(super) const SINGLE_PERSON_DISCOUNT_END: Suite = Suite {
    kind: NotificationKind::SinglePersonDiscountEnd,
    passes: &[
        || {
            let details = json!({"adult_joined": {"name": "Ms New"}});
            tells("single-person-discount-end", home(&["Mr A"]).alone(), details)
        },
        || tells("single-person-discount-end", home(&["Mr A"]).alone(), json!({})),
    ],
    machine: &[
        DECLARED,
        &[
            // No amounts are set for that year.
            fails("date-within-limits", Judged(R06), |it| it.told["effective_on"] = json!("2013-12-01")),
            DATES[1],
        ],
        ACCOUNT,
        COURT,
        OPEN,
        &[
            fails("not-already-so", Duplicate, |it| {
                it.touch(|at| account(at).awards[0].period.to = Some(ON.parse().unwrap()));
            }),
            fails("discount-in-force", Lacks(R19), |it| it.homes[0].awards.clear()),
            REDUCTION[0],
            fails("another-adult-joined", Judged(R19), |it| it.details()["adult_joined"]["name"] = json!("Mr A")),
        ],
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[],
};

fn studies() -> Scene {
    let student = json!({"name": "Mr A", "institution": "University", "course": "BSc", "starts": "2015-09-28",
        "ends": "2018-06-15", "hours_per_week": 24, "weeks_per_year": 30});
    tells("student", couple(), json!({"students": [student], "adults": 2, "evidence": letter("certificate")}))
}

/// The record and the count of somebody who is not counted.
const COUNT: &[Spoil] =
    &[fails("household-fits-the-record", Lacks(R19), |it| it.homes[0].awards.push(("D-50", date(2015, 1, 1))))];

pub(super) const STUDENT: Suite = Suite {
    kind: NotificationKind::Student,
    passes: &[
        studies,
        || {
            let mut it = studies();
            chosen(&mut it);
            it
        },
        || {
            let mut it = studies();
            it.homes[0] = home(&["Mr A"]).alone();
            it.details()["adults"] = json!(1);
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            fails("full-time-course", Judged(R10), |it| it.details()["students"][0]["hours_per_week"] = json!(10)),
            fails("course-covers-the-day", Judged(R09), |it| {
                it.details()["students"][0]["starts"] = json!("2014-09-28");
                it.details()["students"][0]["ends"] = json!("2015-12-31");
            }),
            fails("certificate-verified", Judged(R10), |_| {}),
        ],
    ],
    officer: &[
        &[
            fails("not-already-so", Duplicate, |it| {
                let known = |at: &mut [super::Premises]| {
                    account(at).awards.push(award("DR-STU", date(2015, 9, 28), Some(date(2018, 6, 16))));
                };
                it.touch(known);
            }),
            fails("adults-fit-the-record", Lacks(R19), |it| it.details()["adults"] = json!(3)),
        ],
        COUNT,
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
};

fn impaired() -> Scene {
    let details = json!({"person": "Mr A", "certified_from": "2015-12-01", "benefit": "attendance-allowance",
        "evidence": letter("letter")});
    tells("severe-mental-impairment", couple(), details)
}

pub(super) const SEVERE_MENTAL_IMPAIRMENT: Suite = Suite {
    kind: NotificationKind::SevereMentalImpairment,
    passes: &[
        impaired,
        || {
            let mut it = impaired();
            chosen(&mut it);
            it
        },
        || {
            let mut it = impaired();
            it.homes[0] = home(&["Mr A"]).alone();
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            fails("impairment-established", Judged(R10), |_| {}),
            fails("impairment-established", Lacks(R10), NO_ACCOUNT.by).also(&["account-matched"]),
        ],
    ],
    officer: &[
        &[fails("not-already-so", Duplicate, |it| {
            it.touch(|at| account(at).awards.push(award("DR-SMI", ON.parse().unwrap(), None)));
        })],
        COUNT,
        KNOWN,
        NO_OTHER_AWARD,
        CAN_END,
        READABLE,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
};

fn claims() -> Scene {
    let details = json!({"person": "Kit", "class": "child-benefit", "date_of_birth": "1997-06-01",
        "ends_on": "2016-08-31", "evidence": letter("child-benefit-letter")});
    tells("disregard-claim", home(&["Mr A"]).adults(2), details)
}

/// One of two who are liable is an apprentice: they drop out.
fn drops_out(it: &mut Scene) {
    it.homes[0] = couple();
    *it.details() = json!({"person": "Mr A", "class": "apprentice", "evidence": letter("employer-letter")});
}

pub(super) const DISREGARD_CLAIM: Suite = Suite {
    kind: NotificationKind::DisregardClaim,
    passes: &[
        claims,
        // Who is 18 on the day in a home of one adult.
        || {
            let mut it = claims();
            it.homes[0] = home(&["Mr A"]).alone();
            it.details()["date_of_birth"] = json!("1998-01-10");
            it
        },
    ],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            fails("not-already-so", Duplicate, |it| it.homes[0].awards.push(("DR-CB", date(2015, 1, 1)))),
            fails("follows-from-dates", Judged(R10), |it| {
                it.details()["class"] = json!("carer");
                it.details()["evidence"] = letter("benefit-letter");
            }),
            fails("follows-from-dates", Lacks(R10), |it| it.details()["date_of_birth"] = json!("1998-01-11")),
            fails("not-liable", Judged(R10), |it| it.details()["person"] = json!("Mr A")),
            fails("somebody-to-leave-out", Lacks(R19), |it| it.homes[0].adults = 1),
            fails("percent-on-record", Lacks(R10), |it| {
                it.details()["class"] = json!("care-leaver");
                it.details()["evidence"] = letter("social-services-letter");
            })
            .also(&["follows-from-dates"]),
        ],
        COUNT,
        KNOWN,
        NO_OTHER_AWARD,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
    officer: &[&[
        fails("liability-can-end", Lacks(R04), |it| {
            drops_out(it);
            it.touch(followed);
        }),
        fails("liability-can-end", Lacks(R19), |it| {
            drops_out(it);
            it.touch(ended_later);
        }),
        fails("record-readable", Lacks(R20), |it| {
            drops_out(it);
            it.touch(forgets_the_last);
        }),
        fails("charge-calculated", Lacks(R10), |it| {
            drops_out(it);
            chosen(it);
            (CHARGEABLE[0].by)(it);
        }),
        fails("charge-movement-within-limit", Judged(R17), |it| {
            drops_out(it);
            chosen(it);
            (MOVES_TOO_MUCH[0].by)(it);
        }),
    ]],
};

/// What an award of a home asks beside its row.
const ONCE: &[Spoil] = &[
    fails("no-later-award", Lacks(R19), |it| it.touch(|at| awarded(at, date(2016, 2, 1)))),
    fails("not-already-so", Duplicate, |it| it.touch(|at| awarded(at, date(2015, 1, 1)))),
];

/// A disabled band reduction and an annexe reduction from a day on.
fn awarded(at: &mut [super::Premises], from: Date) {
    account(at).awards.extend([award("D-DBR", from, None), award("D-ANX", from, None)]);
}

pub(super) const DISABLED_BAND_REDUCTION: Suite = Suite {
    kind: NotificationKind::DisabledBandReduction,
    passes: &[|| {
        let details = json!({"disabled_person": "Ms B", "feature": "wheelchair-space", "evidence": letter("letter")});
        tells("disabled-band-reduction", couple(), details)
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            fails("dwelling-inspected", Judged(R21), |_| {}),
            fails("dwelling-inspected", Lacks(R21), NO_ACCOUNT.by).also(&["account-matched"]),
        ],
    ],
    officer: &[ONCE, CHARGEABLE, MOVES_TOO_MUCH],
};

pub(super) const ANNEXE: Suite = Suite {
    kind: NotificationKind::Annexe,
    passes: &[|| {
        let details = json!({"used_as": "home-of-relative", "relative": "Ms Old", "relation": "mother",
            "evidence": letter("letter")});
        tells("annexe", couple(), details)
    }],
    machine: &[
        DECLARED,
        DATES,
        ACCOUNT,
        COURT,
        OPEN,
        EVIDENCE,
        &[
            fails("annexe-established", Judged(R10), |_| {}),
            fails("annexe-established", Lacks(R10), NO_ACCOUNT.by).also(&["account-matched"]),
        ],
    ],
    officer: &[ONCE, CHARGEABLE, MOVES_TOO_MUCH],
};

fn reduces() -> Scene {
    tells("council-tax-reduction", couple(), json!({"weekly_amount": "14.50", "ends_on": "2016-06-30"}))
}

pub(super) const COUNCIL_TAX_REDUCTION: Suite = Suite {
    kind: NotificationKind::CouncilTaxReduction,
    passes: &[reduces, || {
        let mut it = reduces();
        it.touch(|at| {
            let terms = AwardTerms { weekly: "10.00".parse().ok(), ..AwardTerms::default() };
            account(at).awards.push(Award { terms: Some(terms), ..award("D-CTR", date(2015, 5, 1), None) });
        });
        it
    }],
    machine: &[DECLARED, DATES, &[fails("reduction-assessed", Judged(R15), |_| {})]],
    officer: &[
        &[
            NO_ACCOUNT,
            NOT_NAMED,
            fails("not-already-so", Duplicate, |it| it.details()["weekly_amount"] = json!("0.00")),
            fails("no-later-award", Lacks(R19), |it| {
                it.touch(|at| account(at).awards.push(award("D-CTR", date(2016, 2, 1), None)));
            }),
            fails("amount-within-liability", Judged(R15), |it| it.details()["weekly_amount"] = json!("1000.00")),
        ],
        OF_ANOTHER,
        OPEN,
        CHARGEABLE,
        MOVES_TOO_MUCH,
    ],
};
