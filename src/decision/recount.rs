//! Who of a household is counted, and the discount or the exemption that follows from it.

use std::collections::BTreeSet;

use hearth_events::{
    AccountRef, DiscountEnded, ExpiryReason, OccupantAdded, Period, PersonDetails, PersonId, Personal, ReasonCode,
};
use hearth_projections::{AccountState, Award};
use jiff::civil::Date;

use super::awarding::{Granted, end_ahead, grant};
use super::gates::{self, GATES};
use super::households::{STAY, adults, no_other_award};
use super::liable::{carried, go_on};
use super::moves::departure;
use super::{Case, Findings, Premises, Working};
use crate::intake::same_name;
use crate::rules::awards;

/// What follows from a count: one of these at most is in force on a day.
pub(super) const OF_HOUSEHOLDS: [&str; 4] = ["D-SPD", "D-50", "X-N", "X-U"];
/// Those with whom alone a dwelling is exempt in class N: students, leavers, certain spouses (SI 1992/558 art.2, class N).
const OF_CLASS_N: [&str; 5] = ["DR-STU", "DR-STU20", "DR-FLA", "DR-LEAV", "DR-SPST"];
/// The severely mentally impaired, with whom it is exempt in class U.
const OF_CLASS_U: &str = "DR-SMI";
/// Those who are not liable beside others on the same line (LGFA 1992 s.6(4); Sch.1 paras 2 and 4).
const DROP_OUT: [&str; 7] = ["DR-SMI", "DR-STU", "DR-STU20", "DR-FLA", "DR-NUR", "DR-APP", "DR-YT"];

pub(super) const BESIDE_OTHERS: &str = "Local Government Finance Act 1992 s.6(4)";

/// Somebody who is not counted.
#[derive(Clone, Debug)]
pub(super) struct LeftOut<'a> {
    /// Title and names.
    pub(super) name: &'a str,
    /// The award of their class.
    pub(super) code: &'a str,
    /// The days, in law.
    pub(super) period: Period,
    /// Why it ends.
    pub(super) ends: Option<ExpiryReason>,
}

/// What follows for so many adults, of whom some are disregarded in these classes.
fn follows(adults: u16, classes: &[&str]) -> Option<&'static str> {
    let is_of_n = |it: &&str| OF_CLASS_N.contains(it);
    match usize::from(adults).checked_sub(classes.len()) {
        _ if adults == 0 => None,
        Some(0) if classes.iter().all(is_of_n) => Some("X-N"),
        Some(0) if classes.iter().all(|it| is_of_n(it) || *it == OF_CLASS_U) => Some("X-U"),
        Some(0) => Some("D-50"),
        Some(1) => Some("D-SPD"),
        Some(_) | None => None,
    }
}

fn is_disregard(award: &Award) -> bool {
    award.code.as_str().starts_with("DR-")
}

/// The classes in which adults are disregarded on a day, one for each adult.
fn classes_on(account: &AccountState, day: Date) -> Vec<&str> {
    let in_force = account.awards.iter().filter(|it| is_disregard(it) && it.period.contains(day));
    in_force.map(|it| it.code.as_str()).collect()
}

/// Decides that these are not counted: their awards, who is liable without them, and what follows for the household. Whoever
/// `joined` is of age from the first day on and was not among the adults before.
pub(super) fn leave_out(
    case: &Case<'_>,
    (premises, account): (&Premises, &AccountState),
    left_out: &[LeftOut<'_>],
    joined: Option<Personal<PersonDetails>>,
    findings: &mut Findings,
) -> Vec<Working> {
    let Some(first) = left_out.iter().map(|it| it.period.from).min() else { return Vec::new() };
    let first = first.max(account.period.from);
    if first < case.notification.effective_on {
        gates::dates(case, &[first], findings);
    }
    let adults = adults(account, first, findings);
    let disregards = awards::rows().map(|it| it.code).filter(|it| it.starts_with("DR-"));
    let allowed: Vec<&str> = OF_HOUSEHOLDS.into_iter().chain(STAY.iter().copied()).chain(disregards).collect();
    no_other_award(account, first, &allowed, findings);
    let classes = classes_on(account, first);
    let fits = |adults: u16| {
        let in_force = OF_HOUSEHOLDS.into_iter().find(|code| account.award_on(code, first).is_some());
        let is_as_counted = in_force.is_none_or(|code| follows(adults, &classes) == Some(code));
        is_as_counted && classes.len() + left_out.len() <= usize::from(adults) + usize::from(joined.is_some())
    };
    findings.need(
        "household-fits-the-record",
        adults.is_none_or(fits),
        ReasonCode::R19,
        (
            "the adults on record and the award in force fit those who are not counted",
            "the adults on record, or the award in force, do not fit so many who are not counted",
        ),
        GATES,
    );
    let (Some(adults), true) = (adults, findings.all_passed()) else { return Vec::new() };
    let Some((mut working, opened)) = without_dropouts(premises, account, left_out, (first, adults), findings) else {
        return Vec::new();
    };
    if let Some(person) = joined {
        let adults = adults.saturating_add(1);
        working.record(OccupantAdded { account: opened.clone(), person, from: first, adults });
    }
    let liable_from = working.now().account(&opened).map_or(first, |it| it.period.from);
    for it in left_out {
        let period = Period { from: it.period.from.max(liable_from), to: it.period.to };
        grant(&mut working, Granted { account: &opened, code: it.code, period, terms: None, ends: it.ends });
    }
    recount(&mut working, &opened, first);
    vec![working]
}

/// Who is left out and liable beside others on the same line is not liable any more: the others go on without them.
fn without_dropouts(
    premises: &Premises,
    account: &AccountState,
    left_out: &[LeftOut<'_>],
    (on, adults): (Date, u16),
    findings: &mut Findings,
) -> Option<(Working, AccountRef)> {
    let drops = |person: PersonId| {
        let named = |it: &&LeftOut<'_>| premises.people.get(&person).is_some_and(|held| same_name(&held.name, it.name));
        left_out.iter().filter(named).any(|it| DROP_OUT.contains(&it.code))
    };
    let leavers: Vec<_> = account.liable_persons.iter().map(Personal::person).filter(|it| drops(*it)).collect();
    if leavers.is_empty() || leavers.len() == account.liable_persons.len() {
        return Some((premises.working(), account.account.clone()));
    }
    departure(premises, account, on, findings);
    let mut persons = carried(premises, account, None, findings)?;
    persons.retain(|it| !leavers.contains(&it.person()));
    if !findings.all_passed() {
        return None;
    }
    findings.pass("others-stay-liable", "who is not counted drops out beside others who are liable", BESIDE_OTHERS);
    let mut working = premises.working();
    go_on(&mut working, account, on, (persons, adults), Vec::new(), leavers.first().copied(), on);
    let opened = working.accounts_opened().pop()?;
    let goes_on = |it: &&Award| it.period.goes_beyond(on) && (is_disregard(it) || STAY.contains(&it.code.as_str()));
    for it in account.awards.iter().filter(goes_on) {
        let period = Period { from: it.period.from.max(on), to: it.period.to };
        let ends = it.period.to.and_then(|to| reason_of(account, it.code.as_str(), to));
        grant(
            &mut working,
            Granted { account: &opened, code: it.code.as_str(), period, terms: it.terms.clone(), ends },
        );
    }
    Some((working, opened))
}

/// Why an award ends on a day, as it was scheduled.
fn reason_of(account: &AccountState, family: &str, on: Date) -> Option<ExpiryReason> {
    let ends = |it: &&hearth_projections::Expiry| it.is_end() && it.on == on && it.code.as_str().starts_with(family);
    account.expiries.iter().find(ends).map(|it| it.reason)
}

/// What follows from the count on each day from a day on: runs of days, in order.
fn runs(account: &AccountState, from: Date) -> Vec<(Option<&'static str>, Period)> {
    let days = Period { from, to: account.period.to };
    let disregards = account.awards.iter().filter(|it| is_disregard(it));
    let edges = disregards.flat_map(|it| [Some(it.period.from), it.period.to]).flatten();
    let edges = edges.chain(account.adults.iter().map(|it| it.from)).filter(|it| days.contains(*it));
    let edges: BTreeSet<_> = edges.chain([from]).collect();
    let ends = edges.iter().skip(1).map(|it| Some(*it)).chain([days.to]);
    let mut runs: Vec<(Option<&'static str>, Period)> = Vec::new();
    for (edge, to) in edges.iter().zip(ends) {
        let adults = account.adults_on(*edge).filter(|_| account.is_occupied_on(*edge)).unwrap_or_default();
        let code = follows(adults, &classes_on(account, *edge));
        match runs.last_mut() {
            Some((last, period)) if *last == code => period.to = to,
            Some(_) | None => runs.push((code, Period { from: *edge, to })),
        }
    }
    runs
}

/// Brings the discount or exemption of a household in line with who is counted, from a day on: what no longer follows ends,
/// what follows is awarded, and what ends with a disregard is scheduled to end for the same reason.
pub(super) fn recount(working: &mut Working, reference: &AccountRef, from: Date) {
    let Some(account) = working.now().account(reference).cloned() else { return };
    let runs = runs(&account, from);
    let of_household =
        |it: &&Award| OF_HOUSEHOLDS.contains(&it.code.as_str()) && it.period.goes_beyond(from) && !it.period.is_empty();
    let mut kept: Vec<(&str, Period)> = Vec::new();
    for award in account.awards.iter().filter(of_household) {
        let (code, starts) = (award.code.as_str(), award.period.from.max(from));
        let run = runs.iter().find(|(follows, days)| *follows == Some(code) && days.contains(starts));
        let keeps = Period { from: starts, to: award.period.to };
        let keeps = match run {
            Some((_, Period { to: Some(to), .. })) => keeps.ended(*to),
            Some(_) => keeps,
            None => keeps.ended(starts),
        };
        if let Some(to) = keeps.to.filter(|_| keeps.to != award.period.to) {
            let ended = DiscountEnded { account: reference.clone(), code: award.code.clone(), to };
            match reason_of(&account, "DR-", to).filter(|_| !keeps.is_empty()) {
                Some(reason) => end_ahead(working, ended, reason),
                None => working.record(ended),
            }
        }
        kept.push((code, keeps));
    }
    for (code, days) in runs {
        let Some(code) = code else { continue };
        let mine = kept.iter().find(|(held, keeps)| *held == code && keeps.intersection(days).is_some());
        let rest = match mine {
            None => vec![days],
            Some((_, keeps)) => {
                let before = Period { from: days.from, to: Some(keeps.from) };
                let after = keeps.to.map(|to| Period { from: to, to: days.to });
                [Some(before), after].into_iter().flatten().filter(|it| !it.is_empty()).collect()
            }
        };
        for period in rest {
            let ends = period.to.and_then(|to| reason_of(&account, "DR-", to));
            grant(working, Granted { account: reference, code, period, terms: None, ends });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::follows;

    #[test]
    fn what_follows_for_the_typical_households() {
        for (adults, classes, expected) in [
            (0, &[][..], None),
            (1, &[], Some("D-SPD")),
            (2, &[], None),
            (2, &["DR-STU"], Some("D-SPD")),
            (2, &["DR-STU", "DR-STU"], Some("X-N")),
            (1, &["DR-LEAV"], Some("X-N")),
            (1, &["DR-SMI"], Some("X-U")),
            (2, &["DR-SMI", "DR-CARER"], Some("D-50")),
            (2, &["DR-SMI", "DR-STU"], Some("X-U")),
            (2, &["DR-STU", "DR-CARER"], Some("D-50")),
            (1, &["DR-NUR"], Some("D-50")),
            (3, &["DR-STU"], None),
            (3, &["DR-STU", "DR-SMI"], Some("D-SPD")),
            // More are disregarded than live there: nothing follows from a record that cannot be right.
            (1, &["DR-STU", "DR-STU"], None),
        ] {
            assert_eq!(follows(adults, classes), expected, "{adults} with {classes:?}");
        }
    }
}
