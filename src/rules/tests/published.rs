//! Tables that councils published, T1 to T7: every figure is charged as it was printed, and the sums that were printed are
//! the sums of what was printed above them.

use hearth_events::{ChargingBand, Money};
use rust_decimal::Decimal;

use super::{Case, money};

/// Amounts of band A to H.
type Eight = [&'static str; 8];

/// T1: Hart 2024/25, unparished (hart.gov.uk): AR, then A to H; district, county, adult social care, police, fire, total.
const HART: [(&str, [&str; 6]); 9] = [
    ("AR", ["110.09", "729.07", "122.73", "145.26", "46.02", "1153.17"]),
    ("A", ["132.11", "874.88", "147.28", "174.31", "55.23", "1383.81"]),
    ("B", ["154.13", "1020.69", "171.83", "203.36", "64.43", "1614.44"]),
    ("C", ["176.15", "1166.51", "196.37", "232.41", "73.64", "1845.08"]),
    ("D", ["198.17", "1312.32", "220.92", "261.46", "82.84", "2075.71"]),
    ("E", ["242.21", "1603.95", "270.01", "319.56", "101.25", "2536.98"]),
    ("F", ["286.25", "1895.57", "319.11", "377.66", "119.66", "2998.25"]),
    ("G", ["330.28", "2187.20", "368.20", "435.77", "138.07", "3459.52"]),
    ("H", ["396.34", "2624.64", "441.84", "522.92", "165.68", "4151.42"]),
];

/// T2: Eastleigh 2023/24, from the council's papers: county, adult social care, police, fire, and their printed total.
const EASTLEIGH: [Eight; 5] = [
    ["845.69", "986.63", "1127.58", "1268.53", "1550.43", "1832.32", "2114.22", "2537.06"],
    ["127.81", "149.12", "170.42", "191.72", "234.32", "276.93", "319.53", "383.44"],
    ["167.64", "195.58", "223.52", "251.46", "307.34", "363.22", "419.10", "502.92"],
    ["53.62", "62.56", "71.49", "80.43", "98.30", "116.18", "134.05", "160.86"],
    ["1194.76", "1393.89", "1593.01", "1792.14", "2190.39", "2588.65", "2986.90", "3584.28"],
];

/// T2: borough with parish in Eastleigh 2023/24, with the bands that are not ninths of band D.
const EASTLEIGH_PARISHES: [(&str, &str, Eight); 6] = [
    ("Allbrook", "AG", ["131.43", "153.35", "175.25", "197.16", "240.97", "284.79", "328.59", "394.32"]),
    ("Bishopstoke", "", ["151.21", "176.42", "201.62", "226.82", "277.22", "327.63", "378.03", "453.64"]),
    ("Bursledon", "CF", ["142.58", "166.34", "190.10", "213.87", "261.40", "308.93", "356.45", "427.74"]),
    ("Chandler's Ford", "CF", ["122.77", "143.24", "163.69", "184.16", "225.08", "266.02", "306.93", "368.32"]),
    ("Hound", "BCE", ["197.89", "230.87", "263.85", "296.84", "362.81", "428.77", "494.73", "593.68"]),
    ("Boyatt Wood", "ACFG", ["155.88", "181.87", "207.84", "233.83", "285.79", "337.76", "389.71", "467.66"]),
];

/// T2: what Allbrook pays in all, as printed.
const ALLBROOK: Eight = ["1326.19", "1547.24", "1768.26", "1989.30", "2431.36", "2873.44", "3315.49", "3978.60"];

/// T3: totals of a year, with the bands that are not ninths of band D.
const TOTALS: [(&str, &str, &str, Eight); 8] = [
    (
        "Walsall",
        "2013/14",
        "EFH",
        ["1043.67", "1217.62", "1391.56", "1565.51", "1913.39", "2261.28", "2609.18", "3131.00"],
    ),
    (
        "Walsall",
        "2014/15",
        "CFH",
        ["1045.73", "1220.02", "1394.30", "1568.60", "1917.18", "2265.75", "2614.33", "3137.18"],
    ),
    (
        "Walsall",
        "2015/16",
        "ABFGH",
        ["1066.53", "1244.29", "1422.05", "1599.81", "1955.32", "2310.83", "2666.34", "3199.61"],
    ),
    (
        "Walsall",
        "2019/20",
        "BCE",
        ["1285.09", "1499.27", "1713.45", "1927.64", "2356.01", "2784.37", "3212.73", "3855.28"],
    ),
    (
        "Nuneaton",
        "2023/24",
        "C",
        ["1457.48", "1700.39", "1943.30", "2186.22", "2672.05", "3157.87", "3643.70", "4372.44"],
    ),
    (
        "Nuneaton",
        "2024/25",
        "",
        ["1526.33", "1780.71", "2035.10", "2289.49", "2798.27", "3307.04", "3815.82", "4578.98"],
    ),
    (
        "Harrow",
        "2024/25",
        "ABEG",
        ["1524.22", "1778.24", "2032.28", "2286.32", "2794.40", "3302.46", "3810.54", "4572.64"],
    ),
    (
        "Newcastle upon Tyne",
        "2022/23",
        "ACG",
        ["1391.24", "1623.12", "1854.99", "2086.87", "2550.62", "3014.37", "3478.11", "4173.74"],
    ),
];

/// T4: single components, with the bands that are not ninths of band D.
const COMPONENTS: [(&str, &str, Eight); 5] = [
    (
        "Newcastle-under-Lyme 2023/24",
        "BEF",
        ["142.95", "166.78", "190.60", "214.42", "262.06", "309.71", "357.37", "428.84"],
    ),
    (
        "Newcastle-under-Lyme 2024/25",
        "",
        ["145.79", "170.09", "194.39", "218.69", "267.29", "315.89", "364.48", "437.38"],
    ),
    ("Essex 2015/16", "", ["724.50", "845.25", "966.00", "1086.75", "1328.25", "1569.75", "1811.25", "2173.50"]),
    ("Essex police 2015/16", "", ["98.10", "114.45", "130.80", "147.15", "179.85", "212.55", "245.25", "294.30"]),
    ("Essex fire 2015/16", "", ["44.28", "51.66", "59.04", "66.42", "81.18", "95.94", "110.70", "132.84"]),
];

/// T5: Test Valley, band D of county, adult social care, police, district, fire, and their sum; 2015/16 and part of 2016/17 are
/// worked back from published changes. Then the bands A to H that follow.
const TEST_VALLEY: [(&str, &[&str], &str, Option<Eight>); 3] = [
    ("2024/25", &["1312.32", "220.92", "261.46", "163.91", "82.84"], "2041.45", None),
    (
        "2016/17",
        &["1079.28", "160.46", "131.41", "62.60"],
        "1433.75",
        Some(["955.83", "1115.14", "1274.44", "1433.75", "1752.36", "2070.97", "2389.58", "2867.50"]),
    ),
    (
        "2015/16",
        &["1037.88", "157.33", "126.41", "61.38"],
        "1383.00",
        Some(["922.00", "1075.67", "1229.33", "1383.00", "1690.33", "1997.66", "2305.00", "2766.00"]),
    ),
];

/// T6: Hampshire 2016/17, band D with average parishes (hants.gov.uk): district and total.
const HAMPSHIRE: [(&str, &str, &str); 11] = [
    ("Basingstoke & Deane", "125.57", "1427.91"),
    ("East Hampshire", "200.21", "1502.55"),
    ("Eastleigh", "193.43", "1495.77"),
    ("Fareham", "145.22", "1447.56"),
    ("Gosport", "207.81", "1510.15"),
    ("Hart", "230.67", "1533.01"),
    ("Havant", "192.78", "1495.12"),
    ("New Forest", "232.10", "1534.44"),
    ("Rushmoor", "187.73", "1490.07"),
    ("Test Valley", "166.83", "1469.17"),
    ("Winchester", "202.47", "1504.81"),
];

/// T7: Basingstoke and Deane 2014/15, parishes: precept, tax base, band D.
const BASINGSTOKE: [(&str, u32, &str, &str); 9] = [
    ("Ashmansworth", 3_000, "106.4", "28.20"),
    ("Baughurst", 38_500, "1015.3", "37.92"),
    ("Bramley", 65_000, "1590.8", "40.86"),
    ("Chineham", 36_800, "3072.7", "11.98"),
    ("Highclere", 13_466, "741.7", "18.16"),
    ("Kingsclere", 40_735, "1284.2", "31.72"),
    ("Overton", 66_570, "1707.9", "38.98"),
    ("Tadley", 186_466, "4004.5", "46.56"),
    ("Whitchurch", 75_000, "1846.4", "40.62"),
];

const LISTED: [&str; 8] = ["A", "B", "C", "D", "E", "F", "G", "H"];

fn band_name(band: ChargingBand) -> String {
    format!("{band:?}")
}

fn sum(parts: &[&str]) -> Money {
    parts.iter().map(|it| money(it)).sum()
}

fn ninths(of_d: Money, band: ChargingBand) -> Money {
    Money::rounded(of_d.pounds() * Decimal::from(band.ninths()) / Decimal::from(9))
}

/// A whole year costs what was printed, whatever the ninths of band D say.
#[track_caller]
fn charged_as_printed(whose: &'static str, year: &'static str, eight: Eight) {
    for (band, printed) in LISTED.into_iter().zip(eight) {
        let amounts = format!("{band}={printed}");
        let case = Case {
            id: whose,
            year,
            amounts: amounts.leak(),
            band,
            liable: "1993-04-01..",
            awards: &[],
            lines: &[],
            net: printed,
        };
        case.holds();
    }
}

/// The bands that differ from the ninths, and by no more than two pence.
#[track_caller]
fn departs(whose: &str, bands: &str, eight: Eight) {
    let of_d = money(eight[3]);
    let mut found = String::new();
    for (band, printed) in ChargingBand::ALL.into_iter().skip(1).zip(eight) {
        let by = (money(printed) - ninths(of_d, band)).abs();
        assert!(by <= money("0.02"), "{whose} {band:?} by {by}");
        if by > Money::ZERO {
            found.push_str(&band_name(band));
        }
    }
    assert_eq!(found, bands, "{whose}");
}

#[test]
fn t1_hart_is_the_sum_of_its_components_also_with_disabled_relief() {
    for (band, parts) in HART {
        let (total, parts) = parts.split_last().unwrap();
        assert_eq!(sum(parts), money(total), "{band}");
    }
    for place in 0..5 {
        let of_d = money(HART[4].1[place]);
        for ((_, parts), band) in HART.iter().zip(ChargingBand::ALL) {
            assert_eq!(money(parts[place]), ninths(of_d, band), "{band:?}");
        }
    }
    let totals: Vec<_> = HART.iter().skip(1).map(|(_, parts)| parts[5]).collect();
    charged_as_printed("Hart", "2024/25", totals.try_into().unwrap());
}

#[test]
fn t2_eastleigh_totals_are_sums_of_rounded_components() {
    for place in 0..8 {
        let parts: Vec<_> = EASTLEIGH.iter().take(4).map(|it| it[place]).collect();
        assert_eq!(sum(&parts), money(EASTLEIGH[4][place]));
        let allbrook = [EASTLEIGH[4][place], EASTLEIGH_PARISHES[0].2[place]];
        assert_eq!(sum(&allbrook), money(ALLBROOK[place]));
    }
    for line in EASTLEIGH.iter().take(4) {
        departs("precepts", "", *line);
    }
    for (parish, bands, line) in EASTLEIGH_PARISHES {
        departs(parish, bands, line);
    }
    assert_eq!(sum(&[EASTLEIGH[4][0], EASTLEIGH_PARISHES[1].2[0]]), money("1345.97"), "Bishopstoke, as printed");
    charged_as_printed("Allbrook", "2023/24", ALLBROOK);
}

#[test]
fn t3_totals_are_charged_as_printed_and_never_worked_out_from_band_d() {
    for (whose, year, bands, eight) in TOTALS {
        departs(whose, bands, eight);
        charged_as_printed(whose, year, eight);
    }
}

#[test]
fn t4_components_of_newcastle_under_lyme_and_brentwood() {
    for (whose, bands, eight) in COMPONENTS {
        departs(whose, bands, eight);
    }
}

#[test]
fn t5_test_valley_is_the_sum_of_rounded_components() {
    for (year, parts, total, eight) in TEST_VALLEY {
        assert_eq!(sum(parts), money(total), "{year}");
        let Some(eight) = eight else { continue };
        for (band, expected) in ChargingBand::ALL.into_iter().skip(1).zip(eight) {
            let rounded: Money = parts.iter().map(|it| ninths(money(it), band)).sum();
            assert_eq!(rounded, money(expected), "{year} {band:?}");
        }
        charged_as_printed("Test Valley", year, eight);
    }
    assert_eq!(ninths(money("1383.00"), ChargingBand::F), money("1997.67"), "which the sum of the components is not");
}

#[test]
fn t6_hampshire_totals() {
    for (district, own, total) in HAMPSHIRE {
        assert_eq!(sum(&["1079.28", "62.60", "160.46", own]), money(total), "{district}");
    }
    assert_eq!(sum(&["1339.82", "62.60", "160.46"]), money("1562.88"), "Southampton has no county");
}

#[test]
fn t7_a_parish_is_its_precept_over_its_tax_base() {
    for (parish, precept, base, band_d) in BASINGSTOKE {
        let share = Decimal::from(precept) / base.parse::<Decimal>().unwrap();
        assert_eq!(Money::rounded(share), money(band_d), "{parish}");
    }
}
