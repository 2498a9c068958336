//! The worked examples E1 to E15.

use super::Case;

const HART_C: &str = "C=1845.08 B=1614.44 D=2075.71";

/// Each of them; those over two accounts in two parts.
const EXAMPLES: &[Case] = &[
    // Manchester's own example of a move, 2013/14: with daily rates rounded to pence it would come out otherwise.
    Case {
        id: "E1, before the move",
        year: "2013/14",
        amounts: "A=884.66",
        band: "A",
        liable: "2013-04-01..2013-05-16",
        awards: &[],
        lines: &["charge A 45 109.07"],
        net: "109.07",
    },
    Case {
        id: "E1, after the move",
        year: "2013/14",
        amounts: "B=1032.11",
        band: "B",
        liable: "2013-05-16..",
        awards: &[],
        lines: &["charge B 320 904.86"],
        net: "904.86",
    },
    Case {
        id: "E1, as one dwelling that changes its band",
        year: "2013/14",
        amounts: "A=884.66 B=1032.11",
        band: "A 2013-05-16=B",
        liable: "2013-04-01..",
        awards: &[],
        lines: &["charge A 45 109.07", "charge B 320 904.86"],
        net: "1013.93",
    },
    Case {
        id: "E2 moving in, Hart 2024/25",
        year: "2024/25",
        amounts: HART_C,
        band: "C",
        liable: "2024-08-14..",
        awards: &[],
        lines: &["charge C 230 1162.65"],
        net: "1162.65",
    },
    Case {
        id: "E3 moving out of a year of 366 days, Nuneaton and Bedworth",
        year: "2023/24",
        amounts: "B=1700.39",
        band: "B",
        liable: "2023-04-01..2024-03-01",
        awards: &[],
        lines: &["charge B 335 1556.37"],
        net: "1556.37",
    },
    Case {
        id: "E4 discount from mid-year, Walsall",
        year: "2015/16",
        amounts: "D=1599.81",
        band: "D",
        liable: "2015-04-01..",
        awards: &["D-SPD 2015-09-10.."],
        lines: &["charge D 366 1599.81", "reduction D-SPD 204 -222.92"],
        net: "1376.89",
    },
    Case {
        id: "E5 band D to C, Harrow",
        year: "2024/25",
        amounts: "C=2032.28 D=2286.32",
        band: "D 2024-11-01=C",
        liable: "2024-04-01..",
        awards: &[],
        lines: &["charge D 214 1340.47", "charge C 151 840.75"],
        net: "2181.22",
    },
    Case {
        id: "E6 band A with disabled relief and one adult, Hart",
        year: "2024/25",
        amounts: "AR=1153.17 A=1383.81",
        band: "A",
        liable: "2024-04-01..",
        awards: &["D-SPD 2024-04-01..", "D-DBR 2024-04-01.."],
        lines: &["charge A 365 1383.81", "reduction D-DBR 365 -230.64", "reduction D-SPD 365 -288.29"],
        net: "864.88",
    },
    Case {
        id: "E7 relief for part of the year, discount for all of it, Hart",
        year: "2024/25",
        amounts: HART_C,
        band: "D",
        liable: "2024-04-01..",
        awards: &["D-DBR 2024-10-01..", "D-SPD 2024-04-01.."],
        lines: &["charge D 365 2075.71", "reduction D-DBR 182 -115.00", "reduction D-SPD 365 -490.18"],
        net: "1470.53",
    },
    Case {
        id: "E8 empty for a year, Nuneaton and Bedworth",
        year: "2024/25",
        amounts: "E=2798.27",
        band: "E",
        liable: "2024-04-01..",
        awards: &["P-EMPTY 2024-04-01.. since=2023-06-20"],
        lines: &["charge E 365 2798.27", "premium P-EMPTY 285 2184.95"],
        net: "4983.22",
    },
    Case {
        id: "E9 death, the deceased, Nuneaton and Bedworth",
        year: "2024/25",
        amounts: "C=2035.10",
        band: "C",
        liable: "2024-04-01..2024-05-05",
        awards: &["D-SPD 2020-01-01.."],
        lines: &["charge C 34 189.57", "reduction D-SPD 34 -47.39"],
        net: "142.18",
    },
    Case {
        id: "E9 death, the executors: exempt until six months after the grant of 12 September",
        year: "2024/25",
        amounts: "C=2035.10",
        band: "C",
        liable: "2024-05-05..",
        awards: &["X-F 2024-05-05..2025-03-12"],
        lines: &["charge C 20 111.51"],
        net: "111.51",
    },
    Case {
        id: "E10 annexe of a relative who lives alone, Harrow",
        year: "2024/25",
        amounts: "A=1524.22",
        band: "A",
        liable: "2024-04-01..",
        awards: &["D-ANX 2024-04-01..", "D-SPD 2024-04-01.."],
        lines: &["charge A 365 1524.22", "reduction D-SPD 365 -381.06", "reduction D-ANX 365 -571.58"],
        net: "571.58",
    },
    Case {
        id: "E11 council tax reduction of so much a week, Nuneaton and Bedworth",
        year: "2023/24",
        amounts: "B=1700.39",
        band: "B",
        liable: "2023-04-01..",
        awards: &["D-SPD 2023-04-01..", "D-CTR 2024-01-01.. weekly=14.50"],
        lines: &["charge B 366 1700.39", "reduction D-SPD 366 -425.10", "reduction D-CTR 91 -188.50"],
        net: "1086.79",
    },
    Case {
        id: "E12 move in a year of 366 days, Eastleigh: Allbrook",
        year: "2023/24",
        amounts: "D=1989.30",
        band: "D",
        liable: "2023-04-01..2023-11-18",
        awards: &[],
        lines: &["charge D 231 1255.54"],
        net: "1255.54",
    },
    Case {
        id: "E12 move in a year of 366 days, Eastleigh: Bishopstoke",
        year: "2023/24",
        amounts: "C=1794.63",
        band: "C",
        liable: "2023-11-18..",
        awards: &[],
        lines: &["charge C 135 661.95"],
        net: "661.95",
    },
    Case {
        id: "E13 one day, Hart",
        year: "2024/25",
        amounts: HART_C,
        band: "D",
        liable: "2024-06-01..2024-06-02",
        awards: &[],
        lines: &["charge D 1 5.69"],
        net: "5.69",
    },
    Case {
        id: "E14 between two tenants, Hart",
        year: "2024/25",
        amounts: HART_C,
        band: "C",
        liable: "2025-01-10..2025-01-25",
        awards: &[],
        lines: &["charge C 15 75.83"],
        net: "75.83",
    },
    Case {
        id: "E15 everybody disregarded, Walsall",
        year: "2015/16",
        amounts: "D=1599.81",
        band: "D",
        liable: "2015-04-01..",
        awards: &["DR-SMI 2015-04-01..", "DR-CARER 2015-04-01..", "D-50 2015-04-01.."],
        lines: &["charge D 366 1599.81", "reduction D-50 366 -799.91"],
        net: "799.90",
    },
];

#[test]
fn every_worked_example_comes_out_to_the_penny() {
    for case in EXAMPLES {
        case.holds();
    }
}

#[test]
fn all_of_them_are_there() {
    for number in 1..=15 {
        let id = format!("E{number} ");
        assert!(EXAMPLES.iter().any(|it| it.id.replace(',', " ").starts_with(&id)), "{id}");
    }
}
