//! Many changes of tenants from a landlord's or agent's spreadsheet, as far as the pages are told.

use hearth_events::Status;

use super::preview::ToldBefore;
use super::{FieldFault, Receipt, Refusal, ServiceError};

/// The greatest file that is read, bytes.
pub const MOST_BYTES: usize = 1024 * 1024;
/// The most rows that are read.
pub const MOST_ROWS: usize = 2_000;

/// Who uploads a spreadsheet, and answers for what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploader {
    /// In what role.
    pub role: UploaderRole,
    /// Title and names, or the name of the firm.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Whether they declared that what the file says is true.
    pub declaration: bool,
}

/// The role of somebody who uploads a spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploaderRole {
    /// The owner who lets.
    Landlord,
    /// Somebody who acts for owners.
    Agent,
}

/// Why nothing of a file can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongFile {
    /// It is too large, or is when it is unpacked.
    #[error("the file is too large: send at most 1 MB and 2,000 rows at a time")]
    TooLarge,
    /// It has too many rows.
    #[error("the file has more than 2,000 rows: split it and send the parts one by one")]
    TooManyRows,
    /// It is neither CSV nor XLSX.
    #[error("the file cannot be read: save it as XLSX or CSV, without a password, and send it again")]
    NotASpreadsheet,
    /// Several of its sheets have rows.
    #[error("the file has rows on more than one sheet: send one file for each sheet")]
    SeveralSheets,
    /// No row of it has the names of the columns.
    #[error("there is no row with the names of the columns: the first one must be {0}")]
    NoHeader(&'static str),
    /// A column is not there.
    #[error("the column {0} is missing: add it with this name, leaving it blank where there is nothing to say")]
    MissingColumn(&'static str),
    /// A column is there that nobody can read.
    #[error("there is no column called {0} in the template: take it out")]
    UnknownColumn(String),
    /// A column is there twice.
    #[error("the column {0} is there twice: take one of them out")]
    ColumnTwice(&'static str),
    /// It has the names of the columns, and nothing below.
    #[error("the file has no rows: write one row for each move")]
    NoRows,
    /// Who uploads it is not told as it should be.
    #[error("the details of who sends the file are not complete")]
    Uploader(Vec<FieldFault>),
}

/// A file that is not taken.
#[derive(Debug)]
pub enum BulkRefused {
    /// Nothing of it can be read.
    Wrong(WrongFile),
    /// It cannot be looked at now.
    Unavailable(ServiceError),
}

impl From<WrongFile> for BulkRefused {
    fn from(wrong: WrongFile) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<ServiceError> for BulkRefused {
    fn from(error: ServiceError) -> Self {
        Self::Unavailable(error)
    }
}

/// What is wrong with a cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellFault {
    /// The name of its column.
    pub column: &'static str,
    /// What to put there.
    pub detail: String,
}

/// A row, as it is shown before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowShown {
    /// Its number, as the spreadsheet counts.
    pub number: u64,
    /// The address in it, as written.
    pub address: String,
    /// The tenants in it, as written.
    pub tenants: String,
    /// What is to be said of it beside that.
    pub note: Option<&'static str>,
    /// How it stands.
    pub stands: RowStands,
}

/// How a row stands before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowStands {
    /// It is dealt with at once, if what the council has on record agrees.
    Good,
    /// It can be sent, and an officer will look at it, for these reasons.
    Officer(Vec<ToldBefore>),
    /// It can be sent, and would be sent back as it stands, for these reasons.
    SentBack(Vec<ToldBefore>),
    /// It cannot be sent before this is put right.
    Bad(Vec<CellFault>),
}

/// A file, row by row, as it would be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkPreview {
    /// Every row that is not blank, in their order.
    pub rows: Vec<RowShown>,
    /// The bad rows as a CSV file with what to put right; none where there is no bad row.
    pub to_put_right: Option<Vec<u8>>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkTaken {
    /// Each row that was sent, in their order.
    pub rows: Vec<RowTaken>,
    /// The rows that were not, as a CSV file with what to put right; none where every row was sent.
    pub to_put_right: Option<Vec<u8>>,
}

/// What became of a row that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowTaken {
    /// Its number, as the spreadsheet counts.
    pub number: u64,
    /// The address in it, as written.
    pub address: String,
    /// Its receipt, or why there is none.
    pub receipt: Result<Receipt, Refusal>,
}

impl BulkTaken {
    /// How many rows have come to this so far.
    pub fn count(&self, status: Status) -> usize {
        self.rows.iter().filter(|it| it.receipt.as_ref().is_ok_and(|receipt| receipt.status == status)).count()
    }
}
