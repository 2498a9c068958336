//! What other systems tell of accounts: `recovery.csv`, the steps of recovery that were taken; `payments.csv`, the payments that
//! arrived. Either file may be absent; what was told once is not recorded again.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use hearth_events::{
    AccountRef, Event, EventId, FinancialYear, Money, PaymentReceived, RecoveryStep, RecoveryStepTaken, StreamName,
    Uprn,
};
use hearth_projections::AccountState;
use jiff::civil::Date;

use super::import::Imported;
use super::table::{self, Row};
use super::{Defect, Pack, Source};
use crate::processor::premises_of;
use crate::service::{Service, ServiceError};
use crate::store::Expected;

const RECOVERY: &str = "recovery.csv";
const RECOVERY_COLUMNS: [&str; 4] = ["account", "step", "taken_on", "reference"];
const PAYMENTS: &str = "payments.csv";
const PAYMENTS_COLUMNS: [&str; 5] = ["account", "financial_year", "amount", "received_on", "reference"];

/// How many dwellings are read and recorded together.
const TOGETHER: usize = 256;

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A step of recovery was taken.
    Step(RecoveryStepTaken),
    /// A payment arrived.
    Payment(PaymentReceived),
}

/// One line of a file.
#[derive(Clone, Debug)]
pub struct ToldRow {
    /// The file.
    pub file: &'static str,
    /// Where it stands.
    pub line: u64,
    /// What it tells.
    pub fact: Fact,
}

impl Fact {
    fn account(&self) -> &AccountRef {
        match self {
            Self::Step(it) => &it.account,
            Self::Payment(it) => &it.account,
        }
    }

    fn reference(&self) -> &str {
        match self {
            Self::Step(it) => &it.source_reference,
            Self::Payment(it) => &it.source_reference,
        }
    }

    /// What is on record under its reference.
    fn known(&self, account: &AccountState) -> Option<Self> {
        let steps = account.recovery.iter().filter(|_| matches!(self, Self::Step(_)));
        let payments = account.billing.payments.iter().filter(|_| matches!(self, Self::Payment(_)));
        let payments = payments.map(|it| PaymentReceived {
            account: account.account.clone(),
            financial_year: it.financial_year,
            amount: it.amount,
            received_on: it.received_on,
            source_reference: it.source_reference.clone(),
        });
        let mut known = steps.cloned().map(Self::Step).chain(payments.map(Self::Payment));
        known.find(|it| it.reference() == self.reference())
    }

    fn id(&self) -> EventId {
        let kind = match self {
            Self::Step(_) => "recovery-step",
            Self::Payment(_) => "payment",
        };
        EventId::derived(&[kind, self.account().as_str(), self.reference()])
    }

    fn event(&self) -> Event {
        match self {
            Self::Step(it) => it.clone().into(),
            Self::Payment(it) => it.clone().into(),
        }
    }
}

pub(super) fn read(source: Source<'_>, defects: &mut Vec<Defect>) -> Vec<ToldRow> {
    let mut told = file(source, RECOVERY, &RECOVERY_COLUMNS, defects, step);
    told.extend(file(source, PAYMENTS, &PAYMENTS_COLUMNS, defects, payment));
    told
}

fn file(
    source: Source<'_>,
    name: &'static str,
    columns: &'static [&'static str],
    defects: &mut Vec<Defect>,
    fact: fn(&mut Row<'_>) -> Option<Fact>,
) -> Vec<ToldRow> {
    if source.bytes(name).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Vec::new();
    }
    let mut known = BTreeSet::new();
    table::read(source, name, columns, defects, |row| {
        let fact = fact(row)?;
        if !known.insert((fact.account().clone(), fact.reference().to_owned())) {
            row.defect("reference", "stands on an earlier line of this account already");
            return None;
        }
        Some(ToldRow { file: name, line: row.line, fact })
    })
}

fn account(row: &mut Row<'_>) -> Option<AccountRef> {
    row.value("account", "an account reference of at most 32 letters, digits, '-', '/' or '.'")
}

fn reference(row: &mut Row<'_>) -> Option<String> {
    let reference = row.filled("reference")?;
    if reference.len() <= 64 && reference.bytes().all(|it| it.is_ascii_graphic()) {
        return Some(reference);
    }
    row.defect("reference", "must be at most 64 letters, digits or signs, without blanks");
    None
}

fn step(row: &mut Row<'_>) -> Option<Fact> {
    let account = account(row);
    let step: Result<RecoveryStep, String> = row.text("step").parse();
    if let Err(problem) = &step {
        row.defect("step", problem);
    }
    let taken_on: Option<Date> = row.value("taken_on", "a date written as year-month-day");
    let source_reference = reference(row);
    let (account, step) = (account?, step.ok()?);
    Some(Fact::Step(RecoveryStepTaken { account, step, taken_on: taken_on?, source_reference: source_reference? }))
}

fn payment(row: &mut Row<'_>) -> Option<Fact> {
    let account = account(row);
    let amount: Option<Money> =
        row.value("amount", "pounds and pence such as 142.00, below nothing where one was returned unpaid");
    let received_on: Option<Date> = row.value("received_on", "a date written as year-month-day");
    let financial_year = if row.text("financial_year").is_empty() {
        received_on.map(FinancialYear::of)
    } else {
        row.value("financial_year", "a financial year written as in bands.csv, or empty for that of the day")
    };
    let source_reference = reference(row);
    Some(Fact::Payment(PaymentReceived {
        account: account?,
        financial_year: financial_year?,
        amount: amount?,
        received_on: received_on?,
        source_reference: source_reference?,
    }))
}

/// The dwelling of each account, or that there is no such account.
///
/// # Errors
/// When the views cannot be read.
pub(super) fn check(service: &Service, pack: &Pack) -> Result<Vec<Defect>, ServiceError> {
    let of_pack: BTreeSet<_> = pack.accounts.iter().map(|it| &it.account).collect();
    let mut defects = Vec::new();
    for row in &pack.told {
        let account = row.fact.account();
        if !of_pack.contains(account) && service.views.uprn_of_account(account)?.is_none() {
            defects.push(Defect {
                file: row.file.to_owned(),
                line: Some(row.line),
                column: Some("account".to_owned()),
                problem: format!("there is no account {account}, neither in accounts.csv nor in the log"),
            });
        }
    }
    Ok(defects)
}

/// Records what is not on record yet.
///
/// # Errors
/// When the log cannot be used; [`crate::store::StoreError::Conflict`] where somebody else wrote to a dwelling meanwhile.
pub(super) async fn import(service: &Service, pack: &Pack, imported: &mut Imported) -> Result<(), ServiceError> {
    let of_pack: BTreeMap<&AccountRef, &Uprn> = pack.accounts.iter().map(|it| (&it.account, &it.uprn)).collect();
    let mut by_dwelling: BTreeMap<Uprn, Vec<&ToldRow>> = BTreeMap::new();
    for row in &pack.told {
        let uprn = match of_pack.get(row.fact.account()) {
            Some(uprn) => Some((*uprn).clone()),
            None => service.views.uprn_of_account(row.fact.account())?,
        };
        if let Some(uprn) = uprn {
            by_dwelling.entry(uprn).or_default().push(row);
        }
    }
    let dwellings: Vec<_> = by_dwelling.into_iter().collect();
    for chunk in dwellings.chunks(TOGETHER) {
        let recorded = try_join_all(chunk.iter().map(|(uprn, rows)| record(service, uprn, rows))).await?;
        for (events, warnings) in recorded {
            imported.told += events;
            imported.events += events;
            imported.warnings.extend(warnings);
        }
    }
    Ok(())
}

/// Records what is new at one dwelling: how much, and what is odd.
async fn record(service: &Service, uprn: &Uprn, rows: &[&ToldRow]) -> Result<(usize, Vec<String>), ServiceError> {
    let state = premises_of(service, uprn.clone()).await?.state;
    let (mut new, mut warnings): (Vec<(EventId, Event)>, _) = (Vec::new(), Vec::new());
    for ToldRow { file, line, fact } in rows {
        match state.account(fact.account()).and_then(|it| fact.known(it)) {
            None => new.push((fact.id(), fact.event())),
            Some(known) if known != *fact => warnings.push(format!(
                "{file}, line {line}: {} of account {} is known otherwise, so it was left as it is",
                fact.reference(),
                fact.account()
            )),
            Some(_) => {}
        }
    }
    if !new.is_empty() {
        let sealed = service.keys.seal(&new)?;
        let expected = state.revision.map_or(Expected::NoStream, Expected::Exact);
        service.append(&StreamName::dwelling(uprn), expected, &sealed, "import", "import").await?;
    }
    Ok((new.len(), warnings))
}
