//! `accounts.csv`: who is liable where, with awards and contact details.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, PaymentMethod, Period, Uprn};
use jiff::civil::Date;

use super::table::{self, Row};
use super::{AwardGiven, Defect, Source, awards};

const FILE: &str = "accounts.csv";
const COLUMNS: [&str; 10] = [
    "account",
    "uprn",
    "liable_from",
    "liable_to",
    "liable_persons",
    "adults",
    "awards",
    "payment_method",
    "email",
    "phone",
];

/// One line of the file.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Where it stands.
    pub line: u64,
    /// The line as it stands.
    pub whole: String,
    /// The account.
    pub account: AccountRef,
    /// Its dwelling.
    pub uprn: Uprn,
    /// The days of liability.
    pub period: Period,
    /// The liable persons' names; at least one.
    pub liable_persons: Vec<String>,
    /// Adults who live there.
    pub adults: u16,
    /// Awards with their days and figures.
    pub awards: Vec<AwardGiven>,
    /// How it is paid.
    pub payment_method: PaymentMethod,
    /// The e-mail address on file.
    pub email: Option<String>,
    /// The telephone number on file.
    pub phone: Option<String>,
}

pub(super) fn read(source: Source<'_>, defects: &mut Vec<Defect>) -> Vec<AccountRow> {
    let mut accounts = BTreeSet::new();
    table::read(source, FILE, &COLUMNS, defects, |row| {
        let account = account(row)?;
        if !accounts.insert(account.account.clone()) {
            row.defect("account", "stands on an earlier line already");
            return None;
        }
        Some(account)
    })
}

fn account(row: &mut Row<'_>) -> Option<AccountRow> {
    let account = row.value("account", "an account reference of at most 32 letters, digits, '-', '/' or '.'");
    let uprn = row.value("uprn", "a UPRN of 1 to 12 digits");
    let from: Option<Date> = row.value("liable_from", "a date such as 2015-04-01");
    let is_open = row.text("liable_to").is_empty();
    let to: Option<Date> = if is_open { None } else { row.value("liable_to", "a date such as 2015-04-01, or empty") };
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        row.defect("liable_to", "must not lie before liable_from");
        return None;
    }
    let liable_persons: Vec<String> =
        row.text("liable_persons").split(';').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    if liable_persons.is_empty() {
        row.defect("liable_persons", "must name at least one person, separated by ';'");
    }
    let adults = row.value("adults", "a whole number");
    let awards = awards::read(row);
    let payment_method = payment_method(row);
    let filled = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
    let row = AccountRow {
        line: row.line,
        whole: row.whole(),
        account: account?,
        uprn: uprn?,
        period: Period { from: from?, to },
        liable_persons,
        adults: adults?,
        awards: awards?,
        payment_method: payment_method?,
        email: filled(row.text("email")),
        phone: filled(row.text("phone")),
    };
    (!row.liable_persons.is_empty() && is_open == row.period.to.is_none()).then_some(row)
}

fn payment_method(row: &mut Row<'_>) -> Option<PaymentMethod> {
    match row.text("payment_method") {
        "direct-debit" => Some(PaymentMethod::DirectDebit),
        "cash" => Some(PaymentMethod::Cash),
        _ => {
            row.defect("payment_method", "must be direct-debit or cash");
            None
        }
    }
}
