//! A slow second opinion on a charge: day by day, in exact fractions of whole numbers, written from the law and from
//! convention L alone. Of the rules it shares nothing but the types of what it is given; an award has its percent here again.

use std::collections::BTreeMap;

use hearth_events::{Band, FinancialYear};
use hearth_projections::{AccountState, DwellingState};
use jiff::civil::Date;

/// What the council set and determined, in the plainest form: pence a year by band, and percents from days.
#[derive(Clone, Debug)]
pub(super) struct Set {
    /// By the year's first calendar year; the amounts of AR, A to H in pence.
    pub(super) amounts: BTreeMap<i16, [i128; 9]>,
    /// The local discount of empty dwellings in whole percent, from each day, earliest first.
    pub(super) empty: Vec<(Date, i128)>,
}

/// A line: what it is, its first day, the first day after, its days, and pence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    /// Of two lines that begin together the one that stands first in the order of application.
    step: u8,
    pub(super) code: String,
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) days: i128,
    pub(super) pence: i128,
}

/// The share of one day in a line: in hundredths of a percent-of-a-percent of a penny a year, so always a whole number.
struct Share {
    step: u8,
    code: String,
    /// What makes it another line when it changes.
    rate: i128,
    amount: i128,
}

/// Every amount is kept so many times as great, so that a quarter of a half of a third percent is whole.
const SCALE: i128 = 10_000;

const fn place(band: Band) -> usize {
    match band {
        Band::A => 1,
        Band::B => 2,
        Band::C => 3,
        Band::D => 4,
        Band::E => 5,
        Band::F => 6,
        Band::G => 7,
        Band::H => 8,
    }
}

/// What an account owes for a year, line by line.
pub(super) fn lines(dwelling: &DwellingState, account: &AccountState, year: FinancialYear, set: &Set) -> Vec<Line> {
    let Some(amounts) = set.amounts.get(&year.first_day().year()) else { return Vec::new() };
    let days_of_year = i128::from((year.end() - year.first_day()).get_days());
    let mut running: Vec<(Share, Date, Date)> = Vec::new();
    let mut day = year.first_day();
    while day < year.end() {
        let next = day.tomorrow().unwrap();
        for share in shares(dwelling, account, day, amounts, set) {
            let same = |it: &&mut (Share, Date, Date)| {
                (it.0.step, &it.0.code, it.0.rate, it.2) == (share.step, &share.code, share.rate, day)
            };
            match running.iter_mut().find(same) {
                Some((sum, _, to)) => {
                    sum.amount += share.amount;
                    *to = next;
                }
                None => running.push((share, day, next)),
            }
        }
        day = next;
    }
    let mut lines: Vec<_> = running
        .into_iter()
        .map(|(share, from, to)| Line {
            step: share.step,
            code: share.code,
            from,
            to,
            days: i128::from((to - from).get_days()),
            pence: half_up(share.amount, SCALE * days_of_year),
        })
        .collect();
    lines.sort_by(|one, other| {
        // Charges in the order of their days, whatever their band.
        let key = |it: &Line| (it.step, if it.step == 0 { String::new() } else { it.code.clone() }, it.from);
        key(one).cmp(&key(other))
    });
    let mut left = 0;
    for line in &mut lines {
        // No reduction takes more than there is.
        line.pence = line.pence.max(-left);
        left += line.pence;
    }
    lines.retain(|it| it.step == 0 || it.pence != 0);
    lines
}

pub(super) fn net(lines: &[Line]) -> i128 {
    lines.iter().map(|it| it.pence).sum()
}

/// To the nearest whole number; a half goes away from nothing, so that half a penny off goes to the taxpayer.
fn half_up(dividend: i128, divisor: i128) -> i128 {
    let size = (2 * dividend.abs() + divisor) / (2 * divisor);
    if dividend < 0 { -size } else { size }
}

fn shares(dwelling: &DwellingState, account: &AccountState, day: Date, amounts: &[i128; 9], set: &Set) -> Vec<Share> {
    let liable = account.period.from <= day && account.period.to.is_none_or(|to| day < to);
    let codes: Vec<&str> = account
        .awards
        .iter()
        .filter(|it| it.period.from <= day && it.period.to.is_none_or(|to| day < to))
        .map(|it| it.code.as_str())
        .collect();
    let has = |code: &str| codes.contains(&code);
    // Exempt days are not charged at all (classes B to W here; A and C were abolished before any year of these histories).
    if !liable || codes.iter().any(|it| it.starts_with("X-") && !matches!(*it, "X-A" | "X-C")) {
        return Vec::new();
    }
    let bands = &dwelling.listing.as_ref().unwrap().bands;
    let band = bands.iter().filter(|(from, _)| *from <= day).max_by_key(|(from, _)| *from).unwrap().1;
    let mut left = amounts[place(band)] * SCALE;
    let mut shares = vec![Share { step: 0, code: format!("{band:?}"), rate: 0, amount: left }];
    let mut take = |step: u8, code: &str, rate: i128, amount: i128, left: &mut i128| {
        if amount != 0 {
            *left -= amount;
            shares.push(Share { step, code: code.to_owned(), rate, amount: -amount });
        }
    };
    if has("D-DBR") {
        let below = amounts[place(band) - 1] * SCALE;
        take(1, "D-DBR", 0, (left - below).max(0), &mut left);
    }
    let determined = set.empty.iter().rev().find(|(from, _)| *from <= day).map(|(_, percent)| *percent);
    let mut discounts: Vec<(i128, &str)> = Vec::new();
    discounts.extend(has("D-SPD").then_some((25, "D-SPD")));
    discounts.extend(has("D-50").then_some((50, "D-50")));
    discounts.extend(has("D-LOC-C").then(|| (determined.unwrap(), "D-LOC-C")));
    // The half that the law gives is there where the council determined nothing.
    discounts.extend((has("D-NORES") && !has("D-LOC-C")).then_some((50, "D-NORES")));
    if let Some((percent, code)) = discounts.into_iter().max_by_key(|(percent, _)| *percent) {
        take(2, code, percent, left * percent / 100, &mut left);
    }
    if has("D-ANX") {
        take(3, "D-ANX", 0, left / 2, &mut left);
    }
    shares
}

#[test]
fn the_second_opinion_agrees_with_figures_worked_out_by_hand() {
    use super::world::World;
    use super::{HOME, by_bands, home};
    // E4 of the reference: band D 1,599.81 in a year of 366 days, the discount from 10 September: 204 days.
    let mut state = World::new(by_bands(), &[home(&["Ms Grace Hughes"])]).at(HOME);
    let mut account = state.accounts.remove(0);
    let year = "2015/16".parse().unwrap();
    let mut amounts = [159_981; 9];
    amounts[3] = 142_205;
    let set = Set { amounts: BTreeMap::from([(2015, amounts)]), empty: Vec::new() };
    assert_eq!(net(&lines(&state, &account, year, &set)), 159_981);
    let award = |code: &str, from: Date| hearth_projections::Award {
        code: code.parse().unwrap(),
        period: hearth_events::Period::starting(from),
        terms: None,
        because: Vec::new(),
    };
    account.awards.push(award("D-SPD", jiff::civil::date(2015, 9, 10)));
    assert_eq!(net(&lines(&state, &account, year, &set)), 137_689);
    // E15: half of it all, and the half penny to the taxpayer.
    account.awards.push(award("D-50", jiff::civil::date(2015, 4, 1)));
    assert_eq!(net(&lines(&state, &account, year, &set)), 79_990);
    account.awards.push(award("X-F", jiff::civil::date(2015, 4, 1)));
    assert!(lines(&state, &account, year, &set).is_empty());
}
