//! N34: a copy of a bill, for those who are liable.

use hearth_events::{BillCopied, FinancialYear};
use hearth_projections::{AccountState, Bill};

use super::gates;
use super::officers::COPY;
use super::{Case, Findings, Working};

/// A copy of the last notice of a year, or of the latest there is. Nothing but the asking is recorded: the notice is on file.
pub(super) fn copy(case: &Case<'_>, year: Option<&str>, findings: &mut Findings) -> Vec<Working> {
    gates::dates(case, &[case.notification.effective_on], findings);
    let Some(it) = gates::account(case, findings) else { return Vec::new() };
    gates::dwelling_of_account(case, &it.premises.uprn, &case.matched.dwelling, findings);
    gates::not_at_court(case, it.account, findings);
    // It is posted on the day on which this is decided, and whoever lives there next is not to open it.
    gates::open_on(it.account, case.decided_on, findings);
    // Who is not identified learns nothing of what was billed.
    if it.person.is_none() {
        return Vec::new();
    }
    let Some((year, bill)) = bill_of(it.account, year) else {
        findings.lack(COPY.check, COPY.reason, COPY.because, COPY.law);
        return Vec::new();
    };
    let because = format!("a copy of the notice for {year} of {} is sent by post", bill.issued_on);
    findings.pass(COPY.check, because, COPY.law);
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = it.premises.working();
    working.record(BillCopied {
        account: it.account.account.clone(),
        financial_year: year,
        issued_on: bill.issued_on,
        on: case.received_on,
    });
    vec![working]
}

/// The bill of a year, or the one with the latest notice, where it was issued here.
fn bill_of<'a>(account: &'a AccountState, year: Option<&str>) -> Option<(FinancialYear, &'a Bill)> {
    let bills = account.billing.bills.iter().map(|(year, bill)| (*year, bill));
    let found = match year.map(str::trim).filter(|it| !it.is_empty()) {
        Some(year) => {
            let year: FinancialYear = year.parse().ok()?;
            bills.into_iter().find(|(it, _)| *it == year)
        }
        None => bills.into_iter().max_by_key(|(year, bill)| (bill.issued_on, *year)),
    };
    found.filter(|(_, bill)| !bill.taken_over)
}
