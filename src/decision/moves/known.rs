//! What others have told of a move before: what is left to tell, so that the order of arrival does not matter.

use hearth_projections::AccountState;
use jiff::civil::Date;

use super::super::gates::LIABILITY;
use super::super::{Case, Findings, Premises, Working};
use super::{Arrival, Meets, departure, left_to, successor};
use crate::intake::details::Successor;

/// The home that a household leaves, with whoever follows there. Where somebody told before that liability ended there on the
/// day, all that is left to tell is where the household came to.
pub(super) fn left_behind(
    case: &Case<'_>,
    (old, account): (&Premises, &AccountState),
    (left_on, given): (Date, &Successor),
    findings: &mut Findings,
) -> Option<Vec<Working>> {
    if account.period.to == Some(left_on) {
        findings.pass("liability-can-end", format!("it is on record that liability ended on {left_on}"), LIABILITY);
        return Some(Vec::new());
    }
    let can_end = departure(old, account, left_on, findings);
    let successor = successor(case, (old, account), given, findings);
    let mut leaving = old.working();
    leaving.end_liability(&account.account, left_on, left_to(old, account, None));
    successor.filter(|_| can_end)?.begin(&mut leaving, account, left_on);
    Some(vec![leaving])
}

/// Whether somebody whose arrival on the day is known from others is the first to say that nobody else lives there.
pub(super) fn tells_of_living_alone(account: &AccountState, arrival: &Arrival<'_>) -> bool {
    account.period.from == arrival.on
        && arrival.persons.len() == 1
        && account.adults_on(arrival.on) == Some(1)
        && account.adults.len() == 1
        && account.awards.is_empty()
}

/// The account of those who arrive where they are liable already: there they are known as the persons of that one.
pub(super) fn themselves<'a>(premises: &'a Premises, meets: &Meets) -> Option<(&'a Premises, &'a AccountState)> {
    match meets {
        Meets::Themselves(account) => premises.state.account(account).map(|it| (premises, it)),
        Meets::Previous(_) | Meets::Nobody => None,
    }
}
