//! Which column is which.

use super::cells::Line;
use crate::service::bulk::WrongFile;

/// Within how many rows the names of the columns must stand; above them there may be a title.
pub(super) const HEADER_WITHIN: usize = 20;
/// How many names of columns make a row the header.
const NAMES_OF_A_HEADER: usize = 3;
/// How much of a name that nobody knows is told.
const LONGEST_NAME: usize = 60;

/// A column of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "their titles say it")]
pub enum Column {
    Landlord,
    TenantNames,
    Uprn,
    PropertyReference,
    PropertyAddress,
    Postcode,
    Furnished,
    StartDate,
    EndDate,
    VoidStart,
    VoidEnd,
    WhatToPutRight,
}

/// A column, its title, whether it has to be there, and what else people call it: in small letters, without punctuation.
type Known = (Column, &'static str, bool, &'static [&'static str]);

const KNOWN: [Known; 12] = [
    (
        Column::Landlord,
        "Landlord",
        true,
        &["landlord name", "name of landlord", "owner", "owner name", "landlords name"],
    ),
    (
        Column::TenantNames,
        "Tenant Names",
        true,
        &["tenant name", "tenants", "tenant", "tenants names", "names of tenants", "tenant s names", "name of tenants"],
    ),
    (Column::Uprn, "UPRN", false, &["unique property reference number"]),
    (
        Column::PropertyReference,
        "Property Reference",
        false,
        &[
            "property ref",
            "property reference number",
            "property ref no",
            "council tax property reference",
            "reference",
        ],
    ),
    (Column::PropertyAddress, "Property Address", true, &["address", "address of property", "full address"]),
    (Column::Postcode, "Postcode", false, &["post code", "property postcode"]),
    (Column::Furnished, "Furnished", true, &["is it furnished", "furnished yes no"]),
    (
        Column::StartDate,
        "Start Date",
        true,
        &["tenancy start", "tenancy start date", "start of tenancy", "date started", "move in date", "start"],
    ),
    (
        Column::EndDate,
        "End Date",
        true,
        &["tenancy end", "tenancy end date", "end of tenancy", "date ended", "move out date", "end"],
    ),
    (Column::VoidStart, "Void Start", false, &["void start date", "void from", "date void from", "start of void"]),
    (Column::VoidEnd, "Void End", false, &["void end date", "void to", "void until", "date void to", "end of void"]),
    (Column::WhatToPutRight, "What to put right", false, &[]),
];

impl Column {
    /// Its name in the template.
    pub fn title(self) -> &'static str {
        KNOWN.iter().find(|(column, ..)| *column == self).map_or("", |(_, title, ..)| *title)
    }
}

/// The column that is called so, in any case, whatever stands in brackets behind it.
fn named(name: &str) -> Option<Column> {
    let name = plain(name);
    let is_it = |(_, title, _, others): &&Known| plain(title) == name || others.contains(&name.as_str());
    KNOWN.iter().find(is_it).map(|(column, ..)| *column)
}

fn plain(name: &str) -> String {
    let before_brackets = name.split_once('(').map_or(name, |(before, _)| before);
    let letters = |it: char| if it.is_alphanumeric() { it.to_ascii_lowercase() } else { ' ' };
    let name: String = before_brackets.chars().map(letters).collect();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a row has the names of the columns.
pub(super) fn is_header(line: &Line) -> bool {
    line.cells.iter().filter(|(_, text)| named(text).is_some()).count() >= NAMES_OF_A_HEADER
}

/// Where each column is.
pub(super) struct Layout {
    pub(super) header: Vec<String>,
    columns: Vec<Option<Column>>,
}

impl Layout {
    /// Reads the names of the columns.
    ///
    /// # Errors
    /// When one is missing, is there twice, or is not known: the row would not say what somebody thinks it says.
    pub(super) fn of(header: &Line) -> Result<Self, WrongFile> {
        let last = header.cells.keys().next_back().map_or(0, |it| it.saturating_add(1));
        let header: Vec<String> = (0..last).map(|it| header.text(it).to_owned()).collect();
        let mut columns: Vec<Option<Column>> = Vec::new();
        for name in &header {
            let column = named(name);
            if column.is_none() && !name.is_empty() {
                return Err(WrongFile::UnknownColumn(name.chars().take(LONGEST_NAME).collect()));
            }
            if let Some(twice) = column.filter(|it| columns.contains(&Some(*it))) {
                return Err(WrongFile::ColumnTwice(twice.title()));
            }
            columns.push(column);
        }
        let missing = KNOWN.iter().find(|(it, _, is_needed, _)| *is_needed && !columns.contains(&Some(*it)));
        match missing {
            Some((_, title, ..)) => Err(WrongFile::MissingColumn(title)),
            None => Ok(Self { header, columns }),
        }
    }

    /// Whether the column is there.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.contains(&Some(column))
    }

    /// What a row says in a column; none where it says nothing.
    pub(super) fn text(&self, line: &Line, column: Column) -> Option<String> {
        let at = self.columns.iter().position(|it| *it == Some(column))?;
        let text = line.text(at);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether a row says anything but what we ourselves wrote into it.
    fn says(&self, line: &Line, at: usize) -> bool {
        self.columns.get(at).copied().flatten() != Some(Column::WhatToPutRight) && !line.text(at).is_empty()
    }

    pub(super) fn has_news(&self, line: &Line) -> bool {
        line.cells.keys().any(|at| self.says(line, *at))
    }

    /// Whether something stands where no column is.
    pub(super) fn says_more(&self, line: &Line) -> bool {
        line.cells.keys().any(|at| self.columns.get(*at).copied().flatten().is_none() && !line.text(*at).is_empty())
    }

    /// The cells of a row, one for each name of a column.
    pub(super) fn cells(&self, line: &Line) -> Vec<String> {
        (0..self.header.len()).map(|at| line.text(at).to_owned()).collect()
    }
}
