//! A second opinion on every sort of award at once: day by day, in fractions of whole numbers, from the law and convention L.
//!
//! It shares the types of what it is given with the rules, and nothing else: days and percents of the law stand here again.

use std::collections::BTreeMap;

use hearth_events::{Band, ChargeLine, LineKind, Money};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::properties::{Facts, facts};
use crate::rules::awards::Award;

/// Pence of a year are kept so many times as great: two percents of four decimals, a half and a week stay whole.
const SCALE: i128 = 10_000 * 10_000 * 2 * 7;

/// A line on its way: its place, its code, its rate; its first day, the first day after, and its sum over the days.
struct Run {
    place: (u8, String),
    rate: i128,
    from: Date,
    to: Date,
    sum: i128,
}

/// Hundredths of a percent, or of a pound.
fn hundredths(it: Option<Decimal>) -> i128 {
    (it.unwrap() * Decimal::ONE_HUNDRED).trunc().mantissa()
}

/// The days on which the law knows an award, and no longer than it lets it last.
fn is_lawful(award: &Award, day: Date) -> bool {
    let (from, to, months) = match award.code.as_str() {
        "X-C" => (date(1993, 4, 1), date(2013, 4, 1), Some(6)),
        "D-LOC-C" => (date(2004, 4, 1), Date::MAX, None),
        "D-LOC-D" => (date(2013, 4, 1), Date::MAX, Some(12)),
        "D-ANX" => (date(2014, 4, 1), Date::MAX, None),
        "D-CTR" | "P-EMPTY" => (date(2013, 4, 1), Date::MAX, None),
        "P-SECOND" => (date(2025, 4, 1), Date::MAX, None),
        _ => (date(1993, 4, 1), Date::MAX, None),
    };
    let over = months.map_or(Date::MAX, |months: i32| {
        // A day that the last month does not have is the first of the next.
        let last = award.period.from.saturating_add(months.months());
        if last.day() < award.period.from.day() { last.tomorrow().unwrap() } else { last }
    });
    award.period.contains(day) && from <= day && day < to && day < over
}

/// The greatest premium in hundredths of a percent of a dwelling empty since a day (the table of the law, year by year).
fn premium(day: Date, since: Date) -> i128 {
    let reached = |years: i16| {
        let last_day = i8::from(since.month() == 2 && since.day() == 29);
        let anniversary = date(since.year() + years, since.month(), since.day() - last_day);
        if last_day == 1 { anniversary < day } else { anniversary <= day }
    };
    let most = match day {
        _ if day < date(2013, 4, 1) => 0,
        _ if day >= date(2021, 4, 1) && reached(10) => 300,
        _ if day >= date(2020, 4, 1) && reached(5) => 200,
        _ if day >= date(2024, 4, 1) && reached(1) => 100,
        _ if day >= date(2019, 4, 1) && reached(2) => 100,
        _ if reached(2) && day < date(2019, 4, 1) => 50,
        _ => 0,
    };
    most * 100
}

/// What a day has in each line, in the order in which one thing is applied to what another left.
fn day_of(facts: &Facts, day: Date, amount: &dyn Fn(usize) -> i128, days: i128) -> Vec<(u8, String, i128, i128)> {
    let in_force: Vec<&Award> = facts.awards.iter().filter(|it| is_lawful(it, day)).collect();
    let of = |code: &'static str| in_force.iter().filter(move |it| it.code.as_str() == code);
    let has = |code: &'static str| of(code).next().is_some();
    if in_force.iter().any(|it| it.code.as_str().starts_with('X')) {
        return Vec::new();
    }
    let band = facts.bands.iter().filter(|(from, _)| *from <= day).max_by_key(|(from, _)| *from).unwrap().1;
    let place = [Band::A, Band::B, Band::C, Band::D, Band::E, Band::F, Band::G, Band::H];
    let place = place.iter().position(|it| *it == band).unwrap() + 1;
    let mut left = amount(place) * SCALE;
    let mut shares = vec![(0, band.to_string(), 0, left)];
    if has("D-DBR") {
        let off = left - amount(place - 1) * SCALE;
        shares.push((1, "D-DBR".to_owned(), 0, -off));
        left -= off;
    }
    let percent = |code: &'static str| of(code).map(|it| hundredths(it.terms.percent)).max();
    let resident = has("D-SPD") || has("D-50");
    let local = percent("D-LOC-C").max(percent("D-LOC-D"));
    let mut discounts = vec![(has("D-SPD").then_some(2_500), "D-SPD"), (has("D-50").then_some(5_000), "D-50")];
    discounts.extend([(percent("D-LOC-C"), "D-LOC-C"), (percent("D-LOC-D"), "D-LOC-D")]);
    discounts.push(((has("D-NORES") && local.is_none()).then_some(5_000), "D-NORES"));
    let empty = of("P-EMPTY").map(|it| premium(day, it.terms.empty_since.unwrap())).max();
    let premiums = [(empty, "P-EMPTY"), (percent("P-SECOND"), "P-SECOND")];
    // Of what is the same the first code of the alphabet names the line.
    let greatest = |all: &[(Option<i128>, &'static str)]| {
        let there = all.iter().filter_map(|(percent, code)| Some((percent.filter(|it| *it != 0)?, *code)));
        there.max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(one.1)))
    };
    let on = greatest(&premiums).filter(|_| !resident).map(|(percent, code)| (percent, code, left * percent / 10_000));
    let off = greatest(&discounts).map(|(percent, code)| (percent, code, -(left * percent / 10_000)));
    if let Some((percent, code, moved)) = on.or(off) {
        shares.push((2, code.to_owned(), percent, moved));
        left += moved;
    }
    if has("D-ANX") {
        shares.push((3, "D-ANX".to_owned(), 0, -left / 2));
        left -= left / 2;
    }
    if let Some(weekly) = of("D-CTR").map(|it| hundredths(it.terms.weekly.map(Money::pounds))).max() {
        let off = (weekly * SCALE / 7 * days).min(left);
        shares.push((4, "D-CTR".to_owned(), weekly, -off));
    }
    shares.retain(|it| it.0 == 0 || it.3 != 0);
    shares
}

fn half_up(dividend: i128, divisor: i128) -> i128 {
    let size = (2 * dividend.abs() + divisor) / (2 * divisor);
    if dividend < 0 { -size } else { size }
}

/// The lines of a year: what they do, code, days, pence.
fn lines(facts: &Facts) -> Vec<(LineKind, String, Date, Date, i128)> {
    let (first, end) = (facts.year.first_day(), facts.year.end());
    let days = i128::from((end - first).get_days());
    let amount = |place: usize| i128::from(facts.pence([5, 6, 7, 8, 9, 11, 13, 15, 18][place]));
    let mut runs: Vec<Run> = Vec::new();
    let mut day = first;
    while day < end {
        let next = day.tomorrow().unwrap();
        for (step, code, rate, share) in day_of(facts, day, &amount, days) {
            let same = |it: &&mut Run| (it.place.0, &it.place.1, it.rate, it.to) == (step, &code, rate, day);
            match runs.iter_mut().find(same) {
                Some(run) => (run.to, run.sum) = (next, run.sum + share),
                None => runs.push(Run { place: (step, code), rate, from: day, to: next, sum: share }),
            }
        }
        day = next;
    }
    let order = |it: &Run| (it.place.0, if it.place.0 == 0 { String::new() } else { it.place.1.clone() }, it.from);
    runs.sort_by_key(order);
    let (mut net, mut exact, mut lines) = (0, 0, Vec::new());
    for Run { place: (step, code), from, to, sum, .. } in runs {
        exact += sum;
        // Council tax reduction that takes all leaves no penny of the rounding before it; nothing goes below nothing.
        let pence = if step == 4 && exact == 0 { -net } else { half_up(sum, SCALE * days).max(-net) };
        net += pence;
        let kind = match (step, sum < 0) {
            (0, _) => LineKind::Charge,
            (_, true) => LineKind::Reduction,
            (_, false) => LineKind::Premium,
        };
        if step == 0 || pence != 0 {
            lines.push((kind, code, from, to, pence));
        }
    }
    lines
}

#[test]
fn the_second_opinion_agrees_with_the_examples() {
    // E5 in small: band D to C in the middle of the year; E15: half of it all.
    let year = "2015/16".parse().unwrap();
    let bands = vec![(date(1993, 4, 1), Band::D)];
    let of = |awards: &[&str]| {
        let awards = awards.iter().map(|it| super::award(it)).collect();
        lines(&Facts { year, band_d: 159_981, bands: bands.clone(), awards })
    };
    let net = |awards: &[&str]| of(awards).iter().map(|it| it.4).sum::<i128>();
    assert_eq!(net(&["D-SPD 2015-09-10.."]), 137_689, "E4");
    assert_eq!(net(&["D-50 2015-04-01.."]), 79_990, "E15");
    assert_eq!(net(&["X-F 2015-04-01.."]), 0);
    assert_eq!(net(&["P-EMPTY 2013-04-01.. since=2012-01-01"]), 239_972, "half as much again");
    assert_eq!(net(&["D-CTR 2015-04-01.. weekly=999.99"]), 0);
}

/// Awards that change the most, many of them at once and over all the years that the law knows.
fn many_facts() -> impl Strategy<Value = Facts> {
    let more = prop::collection::vec((0..6_usize, 0..700_i32, 0..700_i32, 1..9_999_u32), 0..4);
    (facts(), more).prop_map(|(mut facts, more)| {
        let day = |offset: i32| facts.year.first_day().saturating_add((offset - 150).days());
        for (which, one, other, figure) in more {
            let days = format!("{}..{}", day(one.min(other)), day(one.max(other)));
            let decimal = format!("{}.{:02}", figure / 100, figure % 100);
            facts.awards.push(super::award(&match which {
                0 => format!("D-CTR {days} weekly={decimal}"),
                1 => format!("D-LOC-C {days} percent={decimal}"),
                2 => format!("D-LOC-D {days} percent={decimal}"),
                3 => format!("P-SECOND {days} percent={decimal}"),
                4 => format!("P-EMPTY {days} since={}-02-29", 2004 + 4 * (figure % 5)),
                _ => format!("D-50 {days}"),
            }));
        }
        facts
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_year_is_what_the_second_opinion_says_line_by_line(facts in many_facts()) {
        let found = facts.over(facts.year.first_day(), facts.year.end());
        let pence = |it: &ChargeLine| (it.amount.pounds() * Decimal::ONE_HUNDRED).trunc().mantissa();
        let found: Vec<_> = found.iter().map(|it| (it.kind, it.code.clone(), it.from, it.to, pence(it))).collect();
        let expected = lines(&facts);
        let net = |lines: &[(LineKind, String, Date, Date, i128)]| {
            let mut by_code: BTreeMap<String, i128> = BTreeMap::new();
            for it in lines {
                *by_code.entry(it.1.clone()).or_default() += it.4;
            }
            by_code
        };
        prop_assert_eq!(net(&found), net(&expected), "{:#?} {:#?}", found, expected);
        prop_assert_eq!(found, expected);
    }
}
