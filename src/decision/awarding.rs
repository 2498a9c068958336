//! Awarding: an award with its days and figures, and beside it every end and review of it that is known in advance.

use hearth_events::{
    AccountRef, AwardCode, AwardExpiryScheduled, AwardTerms, DiscountAwarded, DiscountEnded, Event, ExpiryReason,
    Period,
};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Case, Working};
use crate::rules::awards;

/// An award to be made.
#[derive(Clone, Debug)]
pub(super) struct Granted<'a> {
    /// To which account.
    pub(super) account: &'a AccountRef,
    /// Which.
    pub(super) code: &'a str,
    /// Its days.
    pub(super) period: Period,
    /// Its figures, where neither the law nor policy says them.
    pub(super) terms: Option<AwardTerms>,
    /// Why it ends, where its period has an end of its own.
    pub(super) ends: Option<ExpiryReason>,
}

impl<'a> Granted<'a> {
    /// From a day on.
    pub(super) fn from(account: &'a AccountRef, code: &'a str, from: Date) -> Self {
        Self { account, code, period: Period::starting(from), terms: None, ends: None }
    }

    /// To a day, for a reason.
    pub(super) fn until(self, to: Option<Date>, ends: ExpiryReason) -> Self {
        Self { period: Period { to, ..self.period }, ends: to.map(|_| ends), ..self }
    }

    /// With these figures.
    pub(super) fn with(self, terms: AwardTerms) -> Self {
        Self { terms: Some(terms), ..self }
    }
}

/// Makes an award: never for longer than the account or the law lasts, with its end scheduled where that is its own.
pub(super) fn grant(working: &mut Working, granted: Granted<'_>) {
    let Granted { account, code, mut period, terms, mut ends } = granted;
    let Ok(code) = code.parse::<AwardCode>() else { return };
    let longest = awards::row(&code).and_then(|row| row.longest(period.from));
    if let Some(longest) = longest.filter(|longest| period.to.is_none_or(|to| *longest < to)) {
        (period.to, ends) = (Some(longest), Some(ExpiryReason::LongestInLaw));
    }
    let liable_to = working.now().account(account).and_then(|it| it.period.to);
    if let Some(to) = liable_to.filter(|liable_to| period.to.is_none_or(|to| *liable_to < to)) {
        (period.to, ends) = (Some(to), None);
    }
    if period.is_empty() {
        return;
    }
    working.record(DiscountAwarded { account: account.clone(), code: code.clone(), period, terms });
    if let (Some(on), Some(reason)) = (period.to, ends) {
        schedule(working, AwardExpiryScheduled { account: account.clone(), code, on, reason });
    }
}

/// Ends an award on a day that lies ahead, for a reason that is known.
pub(super) fn end_ahead(working: &mut Working, ended: DiscountEnded, reason: ExpiryReason) {
    let DiscountEnded { account, code, to: on } = ended.clone();
    working.record(ended);
    schedule(working, AwardExpiryScheduled { account, code, on, reason });
}

/// Schedules an end or a review once.
fn schedule(working: &mut Working, it: AwardExpiryScheduled) {
    let is_it = |held: &hearth_projections::Expiry| (held.on, &held.code, held.reason) == (it.on, &it.code, it.reason);
    let is_known = working.now().account(&it.account).is_some_and(|account| account.expiries.iter().any(is_it));
    if !is_known {
        working.record(it);
    }
}

/// Schedules the review of every award that a decision makes, where the council reviews awards of its code.
///
/// The months count from the first day of the award, or from the day of receipt where that is later: who decides has just
/// looked at it.
pub(super) fn schedule_reviews(case: &Case<'_>, worked: &mut [Working]) {
    for working in worked {
        let awarded = |event: &Event| if let Event::DiscountAwarded(it) = event { Some(it.clone()) } else { None };
        let awarded: Vec<_> = working.recorded().iter().filter_map(awarded).collect();
        for it in awarded {
            let Some(months) = case.council.review_months_on(it.code.as_str(), case.received_on) else { continue };
            let on = it.period.from.max(case.received_on).saturating_add(i32::from(months).months());
            if it.period.contains(on) {
                let (account, code) = (it.account, it.code);
                schedule(working, AwardExpiryScheduled { account, code, on, reason: ExpiryReason::Review });
            }
        }
    }
}
