//! Council packs: a folder with who the council is, what it resolved, its dwellings and its accounts.
//!
//! A pack is read whole and checked before anything is recorded; a defect is named by file, line and column, and then nothing
//! is applied. Only what differs from the log is recorded, so importing twice is importing once.

mod accounts;
mod awards;
mod bands;
mod council;
mod dwellings;
mod fragment;
mod import;
mod policy;
mod table;
mod told;

use std::borrow::Cow;
use std::io;
use std::path::Path;

pub use accounts::AccountRow;
pub use awards::AwardGiven;
pub use bands::BandRow;
pub use council::CouncilFile;
pub use dwellings::DwellingRow;
pub use fragment::{Fragment, fragment};
pub use import::{ImportError, Imported, first_day, import};
pub use told::{Fact, ToldRow};

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
    /// What other systems tell of accounts.
    pub told: Vec<ToldRow>,
    /// What is odd but taken.
    pub warnings: Vec<String>,
}

/// Where the files of a pack are.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// In a folder.
    Folder(&'a Path),
    /// In the program: the sample council.
    BuiltIn,
}

/// The files of the sample council that come with the program.
const BUILT_IN: [(&str, &str); 5] = [
    ("council.toml", include_str!("../../packs/test-valley/council.toml")),
    ("bands.csv", include_str!("../../packs/test-valley/bands.csv")),
    ("dwellings.csv", include_str!("../../packs/test-valley/dwellings.csv")),
    ("accounts.csv", include_str!("../../packs/test-valley/accounts.csv")),
    ("notifications.ndjson", include_str!("../../packs/test-valley/notifications.ndjson")),
];

impl Source<'_> {
    /// The bytes of one file.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn bytes(&self, file: &str) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Folder(folder) => std::fs::read(folder.join(file)).map(Cow::Owned),
            Self::BuiltIn => BUILT_IN
                .iter()
                .find(|(name, _)| *name == file)
                .map(|(_, text)| Cow::Borrowed(text.as_bytes()))
                .ok_or_else(|| io::ErrorKind::NotFound.into()),
        }
    }

    /// The text of one file, or none where it cannot be read; the defect is noted.
    fn text(&self, file: &str, defects: &mut Vec<Defect>) -> Option<String> {
        let read = self
            .bytes(file)
            .map_err(|error| error.to_string())
            .and_then(|bytes| String::from_utf8(bytes.into_owned()).map_err(|_| "is not UTF-8".to_owned()));
        match read {
            Ok(text) => Some(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned)),
            Err(problem) => {
                let problem = format!("cannot be read: {problem}");
                defects.push(Defect { file: file.to_owned(), line: None, column: None, problem });
                None
            }
        }
    }
}

/// Reads a pack.
///
/// # Errors
/// Every defect found.
pub fn read(source: Source<'_>) -> Result<Pack, Vec<Defect>> {
    let mut defects = Vec::new();
    let mut warnings = Vec::new();
    let council = council::read(source, &mut defects, &mut warnings);
    let bands = bands::read(source, &mut defects, &mut warnings);
    let dwellings = dwellings::read(source, &mut defects);
    let accounts = accounts::read(source, &mut defects);
    let told = told::read(source, &mut defects);
    match council {
        Some(council) if defects.is_empty() => Ok(Pack { council, bands, dwellings, accounts, told, warnings }),
        Some(_) | None => Err(defects),
    }
}
