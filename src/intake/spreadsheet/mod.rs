//! Spreadsheets of landlords and agents: a row a move, each read by itself into the JSON of a change of tenants.
//!
//! * `cells.rs` — from the bytes of a CSV or XLSX file to text in cells, within limits;
//! * `columns.rs` — which column is which; only a wrong layout refuses a whole file;
//! * `days.rs` — the days that people write;
//! * `row.rs` — from a row to a notification, or to what has to be put right;
//! * `back.rs` — the rows that have to be put right, as a file.

mod back;
mod cells;
mod columns;
mod days;
mod row;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use back::to_put_right;
pub use columns::Column;

use self::cells::Line;
use self::columns::Layout;
use super::{Submitter, SubmitterRole};
use crate::service::bulk::{CellFault, MOST_ROWS, Uploader, UploaderRole, WrongFile};

/// A spreadsheet that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The names of its columns as they are written.
    pub header: Vec<String>,
    /// Its rows, without the blank ones.
    pub rows: Vec<Row>,
}

/// A row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number, as the spreadsheet counts.
    pub number: u64,
    /// What it says, cell by cell.
    pub cells: Vec<String>,
    /// The address in it, as written.
    pub address: String,
    /// The tenants in it, as written.
    pub tenants: String,
    /// The notification that it stands for, or everything that has to be put right first.
    pub told: Result<Told, Vec<CellFault>>,
}

/// The notification that a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its body, as the API takes it.
    pub body: Value,
    /// What the row says that is not taken, and why.
    pub note: Option<&'static str>,
}

/// Reads a file that came on `today`.
///
/// # Errors
/// When nothing of it can be read: it is no spreadsheet, too large, or not laid out as the template.
pub fn read(file: &[u8], by: &Uploader, today: Date) -> Result<Sheet, WrongFile> {
    let submitter = submitter(by);
    row::check_uploader(&submitter)?;
    let (layout, lines) = laid_out(cells::sheets(file)?)?;
    if lines.len() > MOST_ROWS {
        return Err(WrongFile::TooManyRows);
    }
    let digest = digest_of(file, &submitter);
    let mut rows = Vec::new();
    let mut told_by: BTreeMap<String, u64> = BTreeMap::new();
    for line in lines {
        let told = row::told(&row::Given { layout: &layout, line: &line, by, submitter: &submitter, today });
        let told = told.and_then(|told| once(told, line.number, &digest, &mut told_by));
        let text = |column| layout.text(&line, column).unwrap_or_default();
        let (address, tenants) = (text(Column::PropertyAddress), text(Column::TenantNames));
        rows.push(Row { number: line.number, cells: layout.cells(&line), address, tenants, told });
    }
    if rows.is_empty() {
        return Err(WrongFile::NoRows);
    }
    Ok(Sheet { header: layout.header, rows })
}

/// The sheet that has the columns of the template, and its rows.
fn laid_out(sheets: Vec<Vec<Line>>) -> Result<(Layout, Vec<Line>), WrongFile> {
    let mut found: Option<(Layout, Vec<Line>)> = None;
    for mut lines in sheets {
        let Some(at) = lines.iter().take(columns::HEADER_WITHIN).position(columns::is_header) else { continue };
        let rows = lines.split_off(at.saturating_add(1));
        let Some(header) = lines.pop() else { continue };
        let layout = Layout::of(&header)?;
        let rows: Vec<Line> = rows.into_iter().filter(|it| layout.has_news(it)).collect();
        if found.as_ref().is_some_and(|(_, before)| !before.is_empty()) && !rows.is_empty() {
            return Err(WrongFile::SeveralSheets);
        }
        if found.as_ref().is_none_or(|(_, before)| before.is_empty()) {
            found = Some((layout, rows));
        }
    }
    found.ok_or(WrongFile::NoHeader(Column::Landlord.title()))
}

/// Gives the row the reference under which it is counted once, however often the same file comes; and within a file it is
/// there once.
fn once(
    mut told: Told,
    number: u64,
    digest: &str,
    told_by: &mut BTreeMap<String, u64>,
) -> Result<Told, Vec<CellFault>> {
    if let Some(first) = told_by.insert(told.body.to_string(), number) {
        told_by.insert(told.body.to_string(), first);
        let detail = format!("says the same as row {first}: leave one of them out");
        return Err(vec![CellFault { column: Column::PropertyAddress.title(), detail }]);
    }
    if let Some(fields) = told.body.as_object_mut() {
        fields.insert("source_reference".to_owned(), json!(format!("{digest}-{number}")));
    }
    Ok(told)
}

fn submitter(by: &Uploader) -> Submitter {
    let role = match by.role {
        UploaderRole::Landlord => SubmitterRole::Landlord,
        UploaderRole::Agent => SubmitterRole::Agent,
    };
    let given = |it: &Option<String>| it.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    Submitter { role, name: by.name.trim().to_owned(), email: given(&by.email), phone: given(&by.phone) }
}

/// What tells this file from this person from every other.
fn digest_of(file: &[u8], by: &Submitter) -> String {
    let mut hash = Sha256::new_with_prefix(Sha256::digest(file));
    hash.update(json!(by).to_string());
    let bits = hash.finalize().iter().take(16).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    format!("{bits:032x}")
}
