//! Edges of the rules: first and last days, one award over another, where a line ends and another begins.
//!
//! `HAND` was worked out by hand. `WORKED` was worked out day by day with exact fractions by another program: its arithmetic,
//! its order of application and its rounding are its own, but it was given the days and percents of the table of awards, so it
//! says nothing about whether those are the law's. `published.rs` and `charges.rs` have examples that others worked out.

use super::{Case, money};
use crate::rules::NoRule;

const HAND: &[Case] = &[
    Case {
        id: "nothing determined for an empty dwelling: half",
        year: "2015/16",
        amounts: "D=1600.00",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-NORES 2015-04-01.."],
        lines: &["charge D 366 1600.00", "reduction D-NORES 366 -800.00"],
        net: "800.00",
    },
    Case {
        id: "a charge of nothing is a line, a reduction of nothing is none",
        year: "2015/16",
        amounts: "D=0.00",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-SPD 2015-04-01.."],
        lines: &["charge D 366 0.00"],
        net: "0.00",
    },
    Case {
        id: "a reduction that rounds to nothing is no line",
        year: "2015/16",
        amounts: "D=0.01",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-SPD 2015-04-01.."],
        lines: &["charge D 366 0.01"],
        net: "0.01",
    },
    Case {
        id: "what is determined takes the place of the half, also where it is nothing",
        year: "2015/16",
        amounts: "D=1600.00",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-NORES 2015-04-01..", "D-LOC-C 2015-04-01.. percent=0"],
        lines: &["charge D 366 1600.00"],
        net: "1600.00",
    },
    // On sale since December 2024: spared from April to November 2025, 244 days; the premium is on the other 121.
    Case {
        id: "an exception whose clock began before the law",
        year: "2025/26",
        amounts: "D=3650.00",
        band: "D",
        liable: "2025-04-01..",
        awards: &["P-SECOND 2025-04-01.. percent=100", "P-EXC-G 2024-12-01.."],
        lines: &["charge D 365 3650.00", "premium P-SECOND 121 1210.00"],
        net: "4860.00",
    },
    Case {
        id: "an exception of the other premium spares nothing",
        year: "2025/26",
        amounts: "D=3650.00",
        band: "D",
        liable: "2025-04-01..",
        awards: &["P-SECOND 2025-04-01.. percent=100", "P-EXC-M 2025-04-01.."],
        lines: &["charge D 365 3650.00", "premium P-SECOND 365 3650.00"],
        net: "7300.00",
    },
    Case {
        id: "there were no exceptions before April 2025",
        year: "2024/25",
        amounts: "D=3650.00",
        band: "D",
        liable: "2024-04-01..",
        awards: &["P-EMPTY 2024-04-01.. since=2020-01-01 tiers=1:100", "P-EXC-H 2024-09-01.."],
        lines: &["charge D 365 3650.00", "premium P-EMPTY 365 3650.00"],
        net: "7300.00",
    },
    Case {
        id: "discretion comes last, of what is left, and takes the odd penny where it takes all",
        year: "2024/25",
        amounts: "D=1000.01",
        band: "D",
        liable: "2024-04-01..",
        awards: &["D-CL 2024-04-01.. percent=100", "D-SPD 2024-04-01..", "D-CTR 2024-04-01..2024-10-01 weekly=7.00"],
        lines: &[
            "charge D 365 1000.01",
            "reduction D-SPD 365 -250.00",
            "reduction D-CTR 183 -183.00",
            "reduction D-CL 365 -567.01",
        ],
        net: "0.00",
    },
    Case {
        id: "a sum of the council's discretion comes off the year",
        year: "2024/25",
        amounts: "D=3650.00",
        band: "D",
        liable: "2024-04-01..",
        awards: &["D-13A 2024-04-01..2024-05-01 amount=150.00"],
        lines: &["charge D 365 3650.00", "reduction D-13A 30 -150.00"],
        net: "3500.00",
    },
    Case {
        id: "and never takes more than is left",
        year: "2024/25",
        amounts: "D=3650.00",
        band: "D",
        liable: "2024-04-01..2024-04-11",
        awards: &["D-13A 2024-04-01.. amount=150.00", "D-SPD 2024-04-01.."],
        lines: &["charge D 10 100.00", "reduction D-SPD 10 -25.00", "reduction D-13A 10 -75.00"],
        net: "0.00",
    },
];

const WORKED: &[Case] = &[
    Case {
        id: "a month of all off, across a change of band",
        year: "2024/25",
        amounts: "C=2032.28 D=2286.32",
        band: "D 2024-06-15=C",
        liable: "2024-06-01..",
        awards: &["D-LOC-C 2024-06-01..2024-07-01 percent=100"],
        lines: &["charge D 14 87.69", "charge C 290 1614.69", "reduction D-LOC-C 30 -176.78"],
        net: "1525.60",
    },
    Case {
        id: "all off for every day is nothing",
        year: "2024/25",
        amounts: "C=2032.28",
        band: "C",
        liable: "2024-06-01..2024-06-29",
        awards: &["D-LOC-C 2024-05-01.. percent=100"],
        lines: &["charge C 28 155.90", "reduction D-LOC-C 28 -155.90"],
        net: "0.00",
    },
    Case {
        id: "a third of a percent is not rounded before it is multiplied",
        year: "2015/16",
        amounts: "D=1599.81",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-LOC-C 2015-04-01..2015-06-30 percent=33.33"],
        lines: &["charge D 366 1599.81", "reduction D-LOC-C 90 -131.12"],
        net: "1468.69",
    },
    Case {
        id: "of two discounts the greater",
        year: "2015/16",
        amounts: "D=1599.81",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-SPD 2015-04-01..", "D-50 2015-10-01..2016-01-01"],
        lines: &[
            "charge D 366 1599.81",
            "reduction D-50 92 -201.07",
            "reduction D-SPD 183 -199.98",
            "reduction D-SPD 91 -99.44",
        ],
        net: "1099.32",
    },
    Case {
        id: "the same award twice counts once and is one line",
        year: "2015/16",
        amounts: "D=1599.81",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-SPD 2015-04-01..2015-08-01", "D-SPD 2015-07-01..2015-12-01", "D-SPD 2015-12-01..2016-02-01"],
        lines: &["charge D 366 1599.81", "reduction D-SPD 306 -334.39"],
        net: "1265.42",
    },
    Case {
        id: "major repair: twelve months at most",
        year: "2024/25",
        amounts: "D=1599.81",
        band: "D",
        liable: "2024-04-01..",
        awards: &["D-LOC-D 2023-10-10.. percent=50"],
        lines: &["charge D 365 1599.81", "reduction D-LOC-D 192 -420.77"],
        net: "1179.04",
    },
    Case {
        id: "class C ended with March 2013",
        year: "2012/13",
        amounts: "D=1599.81",
        band: "D",
        liable: "2013-01-01..",
        awards: &["X-C 2013-01-01..2013-07-01"],
        lines: &[],
        net: "0.00",
    },
    Case {
        id: "class C ended with March 2013: the year after",
        year: "2013/14",
        amounts: "D=1599.81",
        band: "D",
        liable: "2013-01-01..",
        awards: &["X-C 2013-01-01..2013-07-01"],
        lines: &["charge D 365 1599.81"],
        net: "1599.81",
    },
    Case {
        id: "class C lasted six months",
        year: "2010/11",
        amounts: "D=1599.81",
        band: "D",
        liable: "2010-04-01..",
        awards: &["X-C 2010-05-31.."],
        lines: &["charge D 60 262.98", "charge D 121 530.35"],
        net: "793.33",
    },
    Case {
        id: "class A lasted twelve",
        year: "2011/12",
        amounts: "D=1599.81",
        band: "D",
        liable: "2011-04-01..",
        awards: &["X-A 2010-08-29.."],
        lines: &["charge D 216 944.15"],
        net: "944.15",
    },
    Case {
        id: "class B lasts six months, over the end of February",
        year: "2023/24",
        amounts: "D=1599.81",
        band: "D",
        liable: "2023-04-01..",
        awards: &["X-B 2023-08-30.."],
        lines: &["charge D 151 660.03", "charge D 31 135.50"],
        net: "795.53",
    },
    Case {
        id: "an exemption cuts charge and discount in two",
        year: "2015/16",
        amounts: "D=1599.81",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-SPD 2015-04-01..", "X-N 2015-10-01..2016-01-15"],
        lines: &[
            "charge D 183 799.91",
            "charge D 77 336.57",
            "reduction D-SPD 183 -199.98",
            "reduction D-SPD 77 -84.14",
        ],
        net: "852.36",
    },
    Case {
        id: "an annexe from April 2014",
        year: "2013/14",
        amounts: "D=1599.81",
        band: "D",
        liable: "2013-04-01..",
        awards: &["D-ANX 2013-04-01.."],
        lines: &["charge D 365 1599.81"],
        net: "1599.81",
    },
    Case {
        id: "annexe with premium",
        year: "2024/25",
        amounts: "D=1599.81",
        band: "D",
        liable: "2024-04-01..",
        awards: &["D-ANX 2024-04-01..", "P-EMPTY 2024-04-01.. since=2022-01-01"],
        lines: &["charge D 365 1599.81", "premium P-EMPTY 365 1599.81", "reduction D-ANX 365 -1599.81"],
        net: "1599.81",
    },
    Case {
        id: "reduction never takes more than is left",
        year: "2015/16",
        amounts: "D=1599.81",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-SPD 2015-04-01..", "D-CTR 2015-10-01.. weekly=99.99"],
        lines: &["charge D 366 1599.81", "reduction D-SPD 366 -399.95", "reduction D-CTR 183 -599.93"],
        net: "599.93",
    },
    Case {
        id: "reduction of more than all of it leaves nothing, to the penny",
        year: "2023/24",
        amounts: "B=1700.39",
        band: "B",
        liable: "2023-05-03..2023-11-18",
        awards: &["D-SPD 2023-04-01..", "D-CTR 2023-04-01.. weekly=99.99"],
        lines: &["charge B 199 924.53", "reduction D-SPD 199 -231.13", "reduction D-CTR 199 -693.40"],
        net: "0.00",
    },
    Case {
        id: "a week is seven days in a year of 366",
        year: "2023/24",
        amounts: "B=1700.39",
        band: "B",
        liable: "2023-04-01..",
        awards: &["D-CTR 2023-04-01.. weekly=10.01"],
        lines: &["charge B 366 1700.39", "reduction D-CTR 366 -523.38"],
        net: "1177.01",
    },
    Case {
        id: "another amount a week, another line",
        year: "2024/25",
        amounts: "D=1599.81",
        band: "D",
        liable: "2024-04-01..",
        awards: &["D-CTR 2024-04-01..2024-10-07 weekly=14.50", "D-CTR 2024-10-07.. weekly=16.20"],
        lines: &["charge D 365 1599.81", "reduction D-CTR 189 -391.50", "reduction D-CTR 176 -407.31"],
        net: "801.00",
    },
    Case {
        id: "an award before, on and after the days of liability",
        year: "2024/25",
        amounts: "D=1599.81",
        band: "D",
        liable: "2024-06-01..2024-09-01",
        awards: &["D-SPD 2024-04-01..2024-06-01", "D-50 2024-09-01..", "D-DBR 2024-05-01..2024-05-20"],
        lines: &["charge D 92 403.24"],
        net: "403.24",
    },
    Case {
        id: "from a 29 February",
        year: "2023/24",
        amounts: "D=1599.81",
        band: "D",
        liable: "2024-02-29..",
        awards: &["D-SPD 2024-02-29..2024-03-01"],
        lines: &["charge D 32 139.87", "reduction D-SPD 1 -1.09"],
        net: "138.78",
    },
    Case {
        id: "up to a 1 April",
        year: "2023/24",
        amounts: "D=1599.81",
        band: "D",
        liable: "2024-03-31..2024-04-01",
        awards: &["D-SPD 2024-03-31..2024-04-01"],
        lines: &["charge D 1 4.37", "reduction D-SPD 1 -1.09"],
        net: "3.28",
    },
    Case {
        id: "in and out on one day",
        year: "2023/24",
        amounts: "D=1599.81",
        band: "D",
        liable: "2023-06-01..2023-06-01",
        awards: &["D-SPD 2023-04-01.."],
        lines: &[],
        net: "0.00",
    },
    Case {
        id: "two changes of band and back again",
        year: "2011/12",
        amounts: "C=1422.05 D=1599.81",
        band: "D 2011-06-01=C 2011-09-01=D",
        liable: "2011-04-01..",
        awards: &["D-SPD 2011-05-01..2011-10-01"],
        lines: &["charge D 61 266.64", "charge C 92 357.46", "charge D 213 931.04", "reduction D-SPD 153 -156.02"],
        net: "1399.12",
    },
    Case {
        id: "the same band again is no change",
        year: "2011/12",
        amounts: "D=1599.81",
        band: "D 2011-06-01=D",
        liable: "2011-04-01..",
        awards: &[],
        lines: &["charge D 366 1599.81"],
        net: "1599.81",
    },
    Case {
        id: "a half penny goes to the taxpayer",
        year: "2024/25",
        amounts: "D=1000.02",
        band: "D",
        liable: "2024-04-01..",
        awards: &["D-SPD 2020-01-01.."],
        lines: &["charge D 365 1000.02", "reduction D-SPD 365 -250.01"],
        net: "750.01",
    },
];

#[test]
fn the_edges_come_out_to_the_penny() {
    for case in HAND.iter().chain(WORKED) {
        case.holds();
    }
}

/// One award of these words in a year of band D.
fn refused(awards: &'static [&'static str]) -> NoRule {
    let case = Case {
        id: "refused",
        year: "2024/25",
        amounts: "D=1000.00",
        band: "D",
        liable: "2024-04-01..",
        awards,
        lines: &[],
        net: "",
    };
    case.calculated().unwrap_err()
}

#[test]
fn what_has_no_rule_is_never_guessed() {
    let unknown = |code: &str| NoRule::UnknownAward(code.parse().unwrap());
    assert_eq!(refused(&["D-XYZ 2024-04-01.."]), unknown("D-XYZ"));
    assert_eq!(refused(&["X-Z 2024-04-01.."]), unknown("X-Z"));
    assert_eq!(refused(&["D-LOC-E 2024-04-01.. percent=10"]), unknown("D-LOC-E"));
    for awards in
        [&["D-LOC-C 2024-04-01.."], &["P-EMPTY 2024-04-01.."], &["D-CTR 2024-04-01.."], &["D-13A 2024-04-01.."]]
    {
        assert!(matches!(refused(awards), NoRule::Terms { .. }), "{awards:?}");
    }
    assert!(refused(&["D-CTR 2024-04-01.."]).to_string().contains("its amount a week"));
    let lacking = refused(&["D-DBR 2024-04-01.."]);
    assert_eq!(lacking.to_string(), "no amount is set for band C in 2024/25");
}

#[test]
fn a_day_before_the_first_band_is_named() {
    let bands = [("2024-09-01".parse().unwrap(), hearth_events::Band::D)];
    let period = super::period("2024-08-01..");
    let facts = crate::rules::ChargeFacts { period, bands: &bands, awards: &[] };
    let charged = crate::rules::calculate("2024/25".parse().unwrap(), facts, &|_| Some(money("1000.00")));
    assert_eq!(charged, Err(NoRule::Band("2024-08-01".parse().unwrap())));
}

#[test]
fn the_figures_of_an_award_are_asked_for_by_name() {
    use crate::rules::awards;
    for (code, needs, may_have) in [
        ("D-CTR", &[&["weekly"][..]][..], &[][..]),
        ("D-LOC-C", &[&["percent"]], &[]),
        ("P-SECOND", &[&["percent"]], &[]),
        ("P-EMPTY", &[&["empty_since"]], &["tiers"]),
        ("D-13A", &[&["percent", "amount"]], &[]),
        ("D-SPD", &[], &[]),
    ] {
        let row = awards::row(&code.parse().unwrap()).unwrap();
        let names = |terms: &[awards::Term]| terms.iter().map(|it| it.name()).collect::<Vec<_>>();
        assert_eq!(row.terms().iter().map(|it| names(it)).collect::<Vec<_>>(), needs, "{code}");
        assert_eq!(names(row.may_have()), may_have, "{code}");
    }
}
