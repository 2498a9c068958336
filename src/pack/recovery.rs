//! `recovery.csv`: the steps of recovery that were taken, as the recovery system tells them. The file may be absent.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use hearth_events::{AccountRef, Event, EventId, RecoveryStep, RecoveryStepTaken, StreamName, Uprn};
use jiff::civil::Date;

use super::import::Imported;
use super::table::{self, Row};
use super::{Defect, Pack, Source};
use crate::processor::premises_of;
use crate::service::{Service, ServiceError};
use crate::store::Expected;

const FILE: &str = "recovery.csv";
const COLUMNS: [&str; 4] = ["account", "step", "taken_on", "reference"];

/// How many dwellings are read and recorded together.
const TOGETHER: usize = 256;

/// One line of the file.
#[derive(Clone, Debug)]
pub struct RecoveryStepRow {
    /// Where it stands.
    pub line: u64,
    /// The step.
    pub taken: RecoveryStepTaken,
}

pub(super) fn read(source: Source<'_>, defects: &mut Vec<Defect>) -> Vec<RecoveryStepRow> {
    if source.bytes(FILE).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Vec::new();
    }
    let mut known = BTreeSet::new();
    table::read(source, FILE, &COLUMNS, defects, |row| {
        let step = step(row)?;
        if !known.insert((step.taken.account.clone(), step.taken.source_reference.clone())) {
            row.defect("reference", "stands on an earlier line of this account already");
            return None;
        }
        Some(step)
    })
}

fn step(row: &mut Row<'_>) -> Option<RecoveryStepRow> {
    let account = row.value("account", "an account reference of at most 32 letters, digits, '-', '/' or '.'");
    let step: Result<RecoveryStep, String> = row.text("step").parse();
    if let Err(problem) = &step {
        row.defect("step", problem);
    }
    let taken_on: Option<Date> = row.value("taken_on", "a date such as 2015-12-01");
    let reference = row.filled("reference")?;
    let is_reference = reference.len() <= 64 && reference.bytes().all(|it| it.is_ascii_graphic());
    if !is_reference {
        row.defect("reference", "must be at most 64 letters, digits or signs, without blanks");
        return None;
    }
    let taken =
        RecoveryStepTaken { account: account?, step: step.ok()?, taken_on: taken_on?, source_reference: reference };
    Some(RecoveryStepRow { line: row.line, taken })
}

/// The dwelling of each account, or that there is no such account.
///
/// # Errors
/// When the views cannot be read.
pub(super) fn check(service: &Service, pack: &Pack) -> Result<Vec<Defect>, ServiceError> {
    let of_pack: BTreeSet<_> = pack.accounts.iter().map(|it| &it.account).collect();
    let mut defects = Vec::new();
    for row in &pack.recovery {
        let account = &row.taken.account;
        if !of_pack.contains(account) && service.views.uprn_of_account(account)?.is_none() {
            defects.push(Defect {
                file: FILE.to_owned(),
                line: Some(row.line),
                column: Some("account".to_owned()),
                problem: format!("there is no account {account}, neither in accounts.csv nor in the log"),
            });
        }
    }
    Ok(defects)
}

/// Records the steps that are not on record yet.
///
/// # Errors
/// When the log cannot be used; [`crate::store::StoreError::Conflict`] where somebody else wrote to a dwelling meanwhile.
pub(super) async fn import(service: &Service, pack: &Pack, imported: &mut Imported) -> Result<(), ServiceError> {
    let of_pack: BTreeMap<&AccountRef, &Uprn> = pack.accounts.iter().map(|it| (&it.account, &it.uprn)).collect();
    let mut by_dwelling: BTreeMap<Uprn, Vec<&RecoveryStepRow>> = BTreeMap::new();
    for row in &pack.recovery {
        let uprn = match of_pack.get(&row.taken.account) {
            Some(uprn) => Some((*uprn).clone()),
            None => service.views.uprn_of_account(&row.taken.account)?,
        };
        if let Some(uprn) = uprn {
            by_dwelling.entry(uprn).or_default().push(row);
        }
    }
    let dwellings: Vec<_> = by_dwelling.into_iter().collect();
    for chunk in dwellings.chunks(TOGETHER) {
        let recorded = try_join_all(chunk.iter().map(|(uprn, rows)| record(service, uprn, rows))).await?;
        for (events, warnings) in recorded {
            imported.recovery_steps += events;
            imported.events += events;
            imported.warnings.extend(warnings);
        }
    }
    Ok(())
}

/// Records what is new at one dwelling: how many steps, and what is odd.
async fn record(
    service: &Service,
    uprn: &Uprn,
    rows: &[&RecoveryStepRow],
) -> Result<(usize, Vec<String>), ServiceError> {
    let state = premises_of(service, uprn.clone()).await?.state;
    let (mut new, mut warnings): (Vec<(EventId, Event)>, _) = (Vec::new(), Vec::new());
    for RecoveryStepRow { line, taken } in rows {
        let account = state.account(&taken.account);
        let known = account.and_then(|it| it.recovery.iter().find(|it| it.source_reference == taken.source_reference));
        match known {
            None => {
                let id = EventId::derived(&["recovery-step", taken.account.as_str(), &taken.source_reference]);
                new.push((id, taken.clone().into()));
            }
            Some(known) if known != taken => warnings.push(format!(
                "{FILE}, line {line}: step {} of account {} is known otherwise, so it was left as it is",
                taken.source_reference, taken.account
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
