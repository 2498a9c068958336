//! Council packs: a folder with who the council is, what it resolved, its dwellings and its accounts.
//!
//! A pack is read whole and checked before anything is recorded; a defect is named by file, line and column, and then nothing
//! is applied. Only what differs from the log is recorded, so importing twice is importing once.

mod accounts;
mod bands;
mod council;
mod dwellings;
mod import;
mod table;

use std::path::Path;

pub use accounts::AccountRow;
pub use bands::BandRow;
pub use council::CouncilFile;
pub use dwellings::DwellingRow;
pub use import::{ImportError, Imported, first_day, import};

/// A defect of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The file.
    pub file: String,
    /// The line, from 1; none where the whole file is meant.
    pub line: Option<u64>,
    /// The column or the key; none where the whole line is meant.
    pub column: Option<String>,
    /// What is wrong and what to put there.
    pub problem: String,
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// A pack that was read whole and holds no defect in itself.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Who the council is, and its policy and costs.
    pub council: CouncilFile,
    /// Set amounts.
    pub bands: Vec<BandRow>,
    /// Dwellings.
    pub dwellings: Vec<DwellingRow>,
    /// Accounts.
    pub accounts: Vec<AccountRow>,
    /// What is odd but taken.
    pub warnings: Vec<String>,
}

/// Reads a pack.
///
/// # Errors
/// Every defect found.
pub fn read(folder: &Path) -> Result<Pack, Vec<Defect>> {
    let mut defects = Vec::new();
    let mut warnings = Vec::new();
    let council = council::read(folder, &mut defects, &mut warnings);
    let bands = bands::read(folder, &mut defects, &mut warnings);
    let dwellings = dwellings::read(folder, &mut defects);
    let accounts = accounts::read(folder, &mut defects);
    match council {
        Some(council) if defects.is_empty() => Ok(Pack { council, bands, dwellings, accounts, warnings }),
        Some(_) | None => Err(defects),
    }
}
