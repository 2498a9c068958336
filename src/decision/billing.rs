//! What a change does to bills: the notices it calls for, and a credit that moves with its household.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, CreditTransferred, FinancialYear, Instalment, Money, PersonId, Personal};
use hearth_projections::AccountState;
use jiff::civil::Date;

use super::{Case, Findings, Working};
use crate::intake::same_name;

/// Issues every notice that a decision calls for, at all its dwellings.
///
/// What ends is closed first, so that a credit that it leaves can pass to where its persons go (reg.24(6)).
pub(super) fn bill(case: &Case<'_>, worked: &mut [Working], findings: &mut Findings) {
    let on = case.decided_on;
    let opened: BTreeSet<AccountRef> = worked.iter().flat_map(Working::accounts_opened).collect();
    for working in worked.iter_mut() {
        working.bill(case.council, on, |it| !opened.contains(&it.account));
    }
    for transfer in transfers(worked, &opened, on) {
        for working in worked.iter_mut() {
            let holds = |account| working.now().account(account).is_some();
            if holds(&transfer.from) || holds(&transfer.to) {
                working.record(transfer.clone());
            }
        }
    }
    for working in worked.iter_mut() {
        working.bill(case.council, on, |it| opened.contains(&it.account));
    }
    tell_next_instalments(case, worked, findings);
}

/// The credits of accounts that ended, where the very same persons are liable on an account that begins.
fn transfers(worked: &[Working], opened: &BTreeSet<AccountRef>, on: Date) -> Vec<CreditTransferred> {
    let accounts = || worked.iter().flat_map(|it| &it.now().accounts);
    let ended_now = |it: &&AccountState| {
        let before = worked.iter().find_map(|working| working.before().account(&it.account));
        before.is_some_and(|before| before.period.to.is_none()) && it.period.to.is_some()
    };
    let mut found = Vec::new();
    for from in accounts().filter(ended_now) {
        let credit = -from.billing.balance();
        let to = accounts().find(|it| opened.contains(&it.account) && persons(it) == persons(from));
        if let Some(to) = to.filter(|_| credit > Money::ZERO && from.knows_balance()) {
            let financial_year = FinancialYear::of(on.max(to.period.from));
            let (from, to) = (from.account.clone(), to.account.clone());
            found.push(CreditTransferred { from, to, financial_year, amount: credit, on });
        }
    }
    found
}

fn persons(account: &AccountState) -> BTreeSet<PersonId> {
    account.liable_persons.iter().map(Personal::person).collect()
}

/// Says what is payable next, and was before, on the account of a submitter who was identified, and so is liable on it, and on
/// one that its submitter opens: who speaks for others is not told what they pay.
fn tell_next_instalments(case: &Case<'_>, worked: &[Working], findings: &mut Findings) {
    const CHECK: &str = "next-instalments";
    const LAW: &str = "SI 1992/613 Sch.1";
    let is_identified = findings.has_passed("submitter-identified");
    for (account, before, now) in concerned(case, worked, is_identified) {
        for (year, bill) in &now.billing.bills {
            let was = before.and_then(|it| it.billing.bills.get(year));
            if was.is_none_or(|it| it.instalments != bill.instalments) && year.end() > case.decided_on {
                let next = |it: &[Instalment]| it.iter().find(|it| it.due >= case.decided_on).copied();
                let said = |it: Option<Instalment>| {
                    it.map_or_else(|| "nothing".to_owned(), |it| format!("£{} on {}", it.amount, it.due))
                };
                let was = was.map(|it| format!(", before {}", said(next(&it.instalments)))).unwrap_or_default();
                let because = format!("account {account}, {year}: next payable {}{was}", said(next(&bill.instalments)));
                findings.pass(CHECK, because, LAW);
            }
        }
    }
}

type Concerned<'a> = (&'a AccountRef, Option<&'a AccountState>, &'a AccountState);

fn concerned<'a>(case: &'a Case<'_>, worked: &'a [Working], is_identified: bool) -> Vec<Concerned<'a>> {
    let named = case.accounts_concerned();
    let of = |working: &'a Working| {
        let named = named.clone();
        working.now().accounts.iter().filter_map(move |now| {
            let before = working.before().account(&now.account);
            let is_their_own = before.is_none() && is_submitters(case, now);
            let is_named = is_identified && named.contains(&now.account);
            (is_named || is_their_own).then_some((&now.account, before, now))
        })
    };
    worked.iter().flat_map(of).collect()
}

/// Whether the submitter is one of those who become liable, by what was just told.
fn is_submitters(case: &Case<'_>, account: &AccountState) -> bool {
    let name = &case.notification.submitted_by.name;
    account
        .liable_persons
        .iter()
        .any(|person| matches!(person, Personal::Open { value, .. } if same_name(&value.name, name)))
}
