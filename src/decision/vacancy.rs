//! What is due for a dwelling in which nobody lives: the discounts and premiums that the council determined.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, AwardTerms, Capacity, DiscountEnded, Period};
use hearth_projections::{AccountState, DwellingState};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::awarding::{Granted, grant};
use super::classes::REPAIRED;
use super::{Case, Working};
use crate::rules::awards::{self, premiums};

/// Empty and substantially unfurnished.
pub(super) const EMPTY: &str = "D-LOC-C";
/// Furnished, and nobody's main home.
pub(super) const SECOND: &str = "D-LOC-B";
const LONG_EMPTY: &str = "P-EMPTY";
const SECOND_PREMIUM: &str = "P-SECOND";
/// Occupation for so many days, six weeks, or fewer leaves the clock of the empty homes premium running (s.11B).
const SIX_WEEKS_DAYS: i32 = 42;

/// Which of two states a dwelling without a resident is in from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vacancy {
    /// Unfurnished; since an earlier day than that, where that is known.
    Empty {
        /// That day.
        since: Option<Date>,
    },
    /// Furnished.
    Furnished,
}

impl Vacancy {
    /// The awards that go with it, and those that go with the other state.
    const fn awards(self) -> (&'static [&'static str], &'static [&'static str]) {
        const OF_EMPTY: &[&str] = &[EMPTY, REPAIRED, LONG_EMPTY];
        const OF_FURNISHED: &[&str] = &["D-LOC-A", SECOND, SECOND_PREMIUM];
        match self {
            Self::Empty { .. } => (OF_EMPTY, OF_FURNISHED),
            Self::Furnished => (OF_FURNISHED, OF_EMPTY),
        }
    }
}

/// Awards of a dwelling without a resident, which end when there is one: the exceptions from the premiums with them.
pub(super) fn of_nobody() -> Vec<&'static str> {
    const OTHERS: &[&str] = &["D-NORES", "D-LOC-A", SECOND, EMPTY, REPAIRED, LONG_EMPTY, SECOND_PREMIUM];
    let spared = awards::rows().map(|it| it.code).filter(|it| it.starts_with("P-EXC-"));
    OTHERS.iter().copied().chain(spared).collect()
}

/// Somebody lives there from a day on: what is due only where nobody does ends.
pub(super) fn lived_in(working: &mut Working, account: &AccountRef, from: Date) {
    let codes = of_nobody();
    let ends: BTreeSet<_> = running(working, account, from).filter(|it| codes.contains(&it.as_str())).collect();
    for code in ends {
        end(working, account, &code, from);
    }
}

/// From a day on the dwelling is in this state: the awards of the other end, and what policy gives and asks begins.
pub(super) fn begins(case: &Case<'_>, working: &mut Working, account: &AccountRef, vacancy: Vacancy, from: Date) {
    let (_, others) = vacancy.awards();
    let ends: Vec<_> = running(working, account, from).filter(|it| others.contains(&it.as_str())).collect();
    for code in ends {
        end(working, account, &code, from);
    }
    match vacancy {
        Vacancy::Empty { since } => {
            discount(case, working, account, EMPTY, Period::starting(from));
            let known = clock(working.before(), from);
            let since = since.map_or(known, |it| it.min(known));
            empty_premium(case, working, account, since, from);
        }
        Vacancy::Furnished => {
            discount(case, working, account, SECOND, Period::starting(from));
            second_premium(case, working, account, from);
        }
    }
}

/// Those who lived there are gone, and its owner is liable for a dwelling without furniture: the council's discount begins.
///
/// A premium only where the dwelling was empty before and is so again within six weeks. In a void that has just begun none is
/// due for years, and one is awarded once somebody tells that the dwelling stays empty (ADR 24).
pub(super) fn left_unfurnished(case: &Case<'_>, working: &mut Working, account: &AccountRef, gone: Option<Date>) {
    let opened = working.now().account(account);
    let is_empty = |it: &AccountState| it.capacity == Capacity::Owner && it.adults_on(it.period.from) == Some(0);
    let liable_from = opened.filter(|it| is_empty(it)).map(|it| it.period.from);
    let Some((gone, liable_from)) = gone.zip(liable_from) else { return };
    let from = gone.max(liable_from);
    discount(case, working, account, EMPTY, Period::starting(from));
    let since = clock(working.before(), from);
    if since < from {
        empty_premium(case, working, account, since, from);
    }
}

/// Whether a premium runs on a day.
pub(super) fn has_premium(account: &AccountState, on: Date) -> bool {
    [LONG_EMPTY, SECOND_PREMIUM].iter().any(|it| account.award_on(it, on).is_some())
}

/// The local discount that the council determined, where it is any; none beside a premium (SI 1992/554 reg.4(5)).
pub(super) fn discount(case: &Case<'_>, working: &mut Working, account: &AccountRef, code: &str, period: Period) {
    let percent = case.council.local_discount_on(code, period.from);
    let is_dear = working.now().account(account).is_some_and(|it| has_premium(it, period.from));
    if percent.is_some_and(|it| !it.is_zero()) && !is_dear {
        once(working, Granted { period, ..Granted::from(account, code, period.from) });
    }
}

/// The premium of a dwelling that has been empty since a day, from the first day on which it is due.
pub(super) fn empty_premium(case: &Case<'_>, working: &mut Working, account: &AccountRef, since: Date, from: Date) {
    if let Some(due) =
        premiums::first_due(from, since, &case.council.empty_premiums(), case.council.rules().premium_begins)
    {
        let terms = AwardTerms { empty_since: Some(since), ..AwardTerms::default() };
        once(working, Granted::from(account, LONG_EMPTY, due).with(terms));
    }
}

/// The premium of a second home, from the first day for which one was determined and the law allows it.
fn second_premium(case: &Case<'_>, working: &mut Working, account: &AccountRef, from: Date) {
    let Some(row) = SECOND_PREMIUM.parse().ok().and_then(|code| awards::row(&code)) else { return };
    let determined = case.council.second_home_premiums();
    let on = |day: Date| determined.iter().rev().find(|(from, _)| *from <= day).map_or(Decimal::ZERO, |it| it.1);
    let first = from.max(row.from);
    let days = determined.iter().map(|(from, _)| first.max(*from));
    if let Some(due) = [first].into_iter().chain(days).find(|day| !on(*day).is_zero()) {
        once(working, Granted::from(account, SECOND_PREMIUM, due));
    }
}

/// Makes an award where none of its code runs on or after its first day.
fn once(working: &mut Working, granted: Granted<'_>) {
    let mut held = running(working, granted.account, granted.period.from);
    if !held.any(|it| it == granted.code) {
        drop(held);
        grant(working, granted);
    }
}

/// The codes of the awards that run on or after a day.
fn running<'a>(working: &'a Working, account: &AccountRef, from: Date) -> impl Iterator<Item = String> + use<'a> {
    let awards = working.now().account(account).map(|it| it.awards.as_slice()).unwrap_or_default();
    awards.iter().filter(move |it| it.period.goes_beyond(from)).map(|it| it.code.to_string())
}

fn end(working: &mut Working, account: &AccountRef, code: &str, to: Date) {
    let awards = working.now().account(account).map(|it| it.awards.clone()).unwrap_or_default();
    for it in awards.iter().filter(|it| it.code.as_str() == code && it.period.goes_beyond(to)) {
        let to = to.max(it.period.from);
        working.record(DiscountEnded { account: account.clone(), code: it.code.clone(), to });
    }
}

/// Since when a dwelling that is empty from a day on counts as empty: earlier where it was empty before, whoever owned it, and
/// was lived in for six weeks at most at a time since.
pub(super) fn clock(dwelling: &DwellingState, from: Date) -> Date {
    let of_premium = dwelling.accounts.iter().filter_map(|it| it.empty_since);
    let awards = dwelling.accounts.iter().flat_map(|it| &it.awards);
    let of_discount = awards.filter(|it| it.code.as_str() == EMPTY).map(|it| it.period.from);
    let known: BTreeSet<_> = of_premium.chain(of_discount).filter(|it| *it < from).collect();
    let goes_on =
        |since: &Date| longest_occupation(dwelling, Period { from: *since, to: Some(from) }) <= SIX_WEEKS_DAYS;
    known.into_iter().find(goes_on).unwrap_or(from)
}

/// For how many days at most, one after the other, a dwelling was lived in.
fn longest_occupation(dwelling: &DwellingState, within: Period) -> i32 {
    let mut edges: BTreeSet<Date> = [Some(within.from), within.to].into_iter().flatten().collect();
    for account in &dwelling.accounts {
        edges.insert(account.period.from);
        edges.extend(account.period.to);
        edges.extend(account.adults.iter().map(|it| it.from));
    }
    edges.retain(|it| *it >= within.from && within.to.is_none_or(|to| *it <= to));
    let is_occupied = |day: Date| dwelling.liable_on(day).is_some_and(|it| it.is_occupied_on(day));
    let (mut longest, mut run) = (0, 0);
    for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
        run = if is_occupied(*from) { run + (*to - *from).get_days() } else { 0 };
        longest = longest.max(run);
    }
    longest
}
