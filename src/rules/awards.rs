//! The awards there are: every code with its law, its days in law and what it does, a row each.
//!
//! The tables stand in `awards/`, one a concern. `in_force` turns what was awarded into what has effect: cut to the days on
//! which the law knows the award, to the longest it may last, and at every step of a premium.

mod discounts;
mod disregards;
mod exemptions;
pub(crate) mod premiums;

use hearth_events::{AwardCode, Money, Period};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::{NoRule, PremiumBegins};
pub use premiums::TiersFrom;

/// The day from which council tax is charged (LGFA 1992 s.1).
pub(super) const BEGAN: Date = date(1993, 4, 1);

/// An award, with what it says beyond its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// Which.
    pub code: AwardCode,
    /// Its days, as awarded.
    pub period: Period,
    /// Its figures.
    pub terms: Terms,
}

/// The figures of an award that the law leaves open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Percent, of a local discount or premium.
    pub percent: Option<Decimal>,
    /// Pounds a week, of council tax reduction.
    pub weekly: Option<Money>,
    /// Pounds off the bill of each year with a day of the award, of a local reduction.
    pub amount: Option<Money>,
    /// The first day on which the dwelling was empty and unfurnished, of an empty homes premium.
    pub empty_since: Option<Date>,
    /// The tiers of an empty homes premium as adopted, by their first day; the greatest that the law allows where none.
    pub tiers: Option<Vec<TiersFrom>>,
    /// When a tier of an empty homes premium begins.
    pub begins: PremiumBegins,
}

/// A term that an award can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// [`Terms::percent`], up to so many.
    Percent(u16),
    /// [`Terms::weekly`].
    Weekly,
    /// [`Terms::amount`].
    Amount,
    /// [`Terms::empty_since`].
    EmptySince,
    /// [`Terms::tiers`].
    Tiers,
}

impl Term {
    /// Its name in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Percent(_) => "percent",
            Self::Weekly => "weekly",
            Self::Amount => "amount",
            Self::EmptySince => "empty_since",
            Self::Tiers => "tiers",
        }
    }
}

impl Terms {
    /// Whether it is there.
    pub fn has(&self, term: Term) -> bool {
        match term {
            Term::Percent(_) => self.percent.is_some(),
            Term::Weekly => self.weekly.is_some(),
            Term::Amount => self.amount.is_some(),
            Term::EmptySince => self.empty_since.is_some(),
            Term::Tiers => self.tiers.is_some(),
        }
    }
}

/// One award of the law.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its code.
    pub code: &'static str,
    /// What it is for.
    pub what: &'static str,
    /// Its source.
    pub law: &'static str,
    /// The first day on which the law knows it.
    pub from: Date,
    /// The first day on which it no longer does.
    pub to: Option<Date>,
    /// How many months an award of it lasts at most, from its first day.
    pub months: Option<i32>,
    does: Does,
}

/// What an award does, in the order of application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// No charge that day.
    Exempt,
    /// The next band down.
    BandDown,
    /// Percent off where somebody lives.
    Resident(u16),
    /// Percent off where nobody lives and the council determined nothing.
    Default(u16),
    /// Percent off where nobody lives, as the council determined, up to so many.
    Local(u16),
    /// More by years empty.
    EmptyPremium,
    /// More for a second home, up to so many percent.
    SecondPremium(u16),
    /// No premium that day.
    Spares(Spares),
    /// Half of what is left.
    Annexe,
    /// Pounds a week of what is left.
    Weekly,
    /// Percent of what is then left, or a sum.
    Discretion,
    /// Nothing by itself: it decides who is counted.
    Nothing,
}

/// Which premiums an exception spares a dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spares {
    Both,
    Empty,
    Second,
}

impl Row {
    const fn new(code: &'static str, what: &'static str, law: &'static str, does: Does) -> Self {
        Self { code, what, law, from: BEGAN, to: None, months: None, does }
    }

    const fn since(self, from: Date) -> Self {
        Self { from, ..self }
    }

    const fn until(self, to: Date) -> Self {
        Self { to: Some(to), ..self }
    }

    const fn at_most(self, months: i32) -> Self {
        Self { months: Some(months), ..self }
    }

    /// Of each group, one term is needed; other terms it cannot have.
    pub const fn terms(&self) -> &'static [&'static [Term]] {
        match self.does {
            Does::Local(50) => &[&[Term::Percent(50)]],
            Does::Local(_) | Does::SecondPremium(_) => &[&[Term::Percent(100)]],
            Does::EmptyPremium => &[&[Term::EmptySince]],
            Does::Weekly => &[&[Term::Weekly]],
            Does::Discretion => &[&[Term::Percent(100), Term::Amount]],
            Does::Exempt
            | Does::BandDown
            | Does::Resident(_)
            | Does::Default(_)
            | Does::Spares(_)
            | Does::Annexe
            | Does::Nothing => &[],
        }
    }

    /// The terms it can have beside those it needs.
    pub const fn may_have(&self) -> &'static [Term] {
        match self.does {
            Does::EmptyPremium => &[Term::Tiers],
            Does::Exempt
            | Does::BandDown
            | Does::Resident(_)
            | Does::Default(_)
            | Does::Local(_)
            | Does::SecondPremium(_)
            | Does::Spares(_)
            | Does::Annexe
            | Does::Weekly
            | Does::Discretion
            | Does::Nothing => &[],
        }
    }

    /// The first day after an award from a day that the law lets last so long and no longer.
    pub fn longest(&self, from: Date) -> Option<Date> {
        self.months.map(|months| months_after(from, months))
    }

    /// The days of an award on which the law knows it and lets it last.
    pub(super) fn lawful(&self, awarded: Period) -> Option<Period> {
        let known = awarded.intersection(Period { from: self.from, to: self.to })?;
        known.intersection(Period { from: awarded.from, to: self.longest(awarded.from) })
    }
}

/// Every award there is.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [exemptions::ROWS, discounts::ROWS, premiums::ROWS, disregards::ROWS].into_iter().flatten()
}

/// The row of a code.
pub fn row(code: &AwardCode) -> Option<&'static Row> {
    rows().find(|it| it.code == code.as_str())
}

/// Whether it is a class of the Exempt Dwellings Order.
pub(crate) fn is_exemption(code: &str) -> bool {
    exemptions::ROWS.iter().any(|it| it.code == code)
}

/// The day on which so many months are over: the same day of a later month, or the 1st after a month that is too short.
///
/// A period that begins on a day has its whole months behind it at the end of the day before this one.
pub(crate) fn months_after(day: Date, months: i32) -> Date {
    let reached = day.saturating_add(months.months());
    if reached.day() == day.day() { reached } else { reached.saturating_add(1.day()) }
}

/// An award on days on which it has one and the same effect.
#[derive(Clone, Debug)]
pub(super) struct InForce {
    pub(super) code: &'static str,
    pub(super) period: Period,
    pub(super) effect: Effect,
}

/// What an award in force does, with its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Exempt,
    BandDown,
    Resident(Decimal),
    Default(Decimal),
    Local(Decimal),
    EmptyPremium(Decimal),
    SecondPremium(Decimal),
    Spares(Spares),
    Annexe,
    Weekly(Money),
    OfWhatIsLeft(Decimal),
    Sum(Money),
}

/// What of these awards has an effect on days of liability, and on which.
///
/// # Errors
/// When there is no such award, or a figure is missing that it needs on these days.
pub(super) fn in_force(awards: &[Award], liable: Option<Period>) -> Result<Vec<InForce>, NoRule> {
    let mut all = Vec::new();
    for award in awards {
        let row = row(&award.code).ok_or_else(|| NoRule::UnknownAward(award.code.clone()))?;
        let lawful = row.lawful(award.period).zip(liable);
        if let Some(period) = lawful.and_then(|(lawful, liable)| lawful.intersection(liable)) {
            let effects = effects(row, award, period)?;
            all.extend(effects.into_iter().map(|(period, effect)| InForce { code: row.code, period, effect }));
        }
    }
    Ok(all)
}

fn effects(row: &Row, award: &Award, period: Period) -> Result<Vec<(Period, Effect)>, NoRule> {
    let terms = &award.terms;
    let lacks = |needs: &'static str| NoRule::Terms { code: award.code.clone(), needs };
    let percent = |most: u16| {
        let percent = terms.percent.ok_or_else(|| lacks("its percent"))?;
        Ok(percent.clamp(Decimal::ZERO, Decimal::from(most)))
    };
    let effect = match row.does {
        Does::Exempt => Effect::Exempt,
        Does::BandDown => Effect::BandDown,
        Does::Resident(percent) => Effect::Resident(percent.into()),
        Does::Default(percent) => Effect::Default(percent.into()),
        Does::Local(most) => Effect::Local(percent(most)?),
        Does::EmptyPremium => {
            let since = terms.empty_since.ok_or_else(|| lacks("the day since when the dwelling is empty"))?;
            let steps = premiums::steps(period, since, terms.tiers.as_deref(), terms.begins);
            return Ok(steps.into_iter().map(|(period, percent)| (period, Effect::EmptyPremium(percent))).collect());
        }
        Does::SecondPremium(most) => Effect::SecondPremium(percent(most)?),
        Does::Spares(what) => Effect::Spares(what),
        Does::Annexe => Effect::Annexe,
        Does::Weekly => Effect::Weekly(terms.weekly.ok_or_else(|| lacks("its amount a week"))?),
        Does::Discretion => match terms.amount {
            Some(amount) => Effect::Sum(amount),
            None => Effect::OfWhatIsLeft(percent(100).map_err(|_| lacks("its percent or amount"))?),
        },
        Does::Nothing => return Ok(Vec::new()),
    };
    Ok(vec![(period, effect)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_stands_once_and_is_a_code() {
        let codes: BTreeSet<_> = rows().map(|it| it.code).collect();
        assert_eq!(codes.len(), rows().count());
        for row in rows() {
            let code: AwardCode = row.code.parse().unwrap();
            assert!(!row.what.is_empty() && row.law.contains(|it: char| it.is_ascii_digit()), "{code}");
            assert!(row.to.is_none_or(|to| row.from < to) && row.from >= BEGAN, "{code}");
        }
        assert!(is_exemption("X-W") && !is_exemption("X-Z") && !is_exemption("D-SPD"));
        assert_eq!(rows().filter(|it| is_exemption(it.code)).count(), 23, "classes A to W");
    }

    #[test]
    fn an_award_says_which_figures_it_needs_and_may_have() {
        let full = Terms {
            percent: Some(Decimal::TEN),
            weekly: Some(Money::ZERO),
            amount: Some(Money::ZERO),
            empty_since: Some(BEGAN),
            tiers: Some(Vec::new()),
            begins: PremiumBegins::default(),
        };
        for (term, without) in [
            (Term::Percent(100), Terms { percent: None, ..full.clone() }),
            (Term::Weekly, Terms { weekly: None, ..full.clone() }),
            (Term::Amount, Terms { amount: None, ..full.clone() }),
            (Term::EmptySince, Terms { empty_since: None, ..full.clone() }),
            (Term::Tiers, Terms { tiers: None, ..full.clone() }),
        ] {
            assert!(full.has(term) && !without.has(term), "{}", term.name());
        }
        for row in rows() {
            let may_have: &[Term] = if row.code == "P-EMPTY" { &[Term::Tiers] } else { &[] };
            assert_eq!(row.may_have(), may_have, "{}", row.code);
        }
    }

    #[test]
    fn months_are_over_the_day_after_they_are_complete() {
        for (day, months, over) in [
            (date(2024, 9, 12), 6, date(2025, 3, 12)),
            (date(2024, 8, 31), 6, date(2025, 3, 1)),
            (date(2023, 8, 29), 6, date(2024, 2, 29)),
            (date(2024, 2, 29), 12, date(2025, 3, 1)),
            (date(2024, 2, 29), 48, date(2028, 2, 29)),
        ] {
            assert_eq!(months_after(day, months), over, "{day} and {months}");
        }
    }
}
