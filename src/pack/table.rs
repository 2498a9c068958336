//! CSV files with a header, read cell by cell so that every defect has its place.

use std::str::FromStr;

use super::{Defect, Source};

/// One line of a table.
pub(super) struct Row<'a> {
    file: &'a str,
    /// The line in the file, from 1.
    pub(super) line: u64,
    columns: &'a [&'static str],
    cells: &'a csv::StringRecord,
    places: &'a [usize],
    defects: &'a mut Vec<Defect>,
}

impl Row<'_> {
    /// The text of a column, without blanks around it.
    pub(super) fn text(&self, column: &str) -> &str {
        let index = self.columns.iter().position(|it| *it == column);
        index.and_then(|index| self.cells.get(*self.places.get(index)?)).unwrap_or_default().trim()
    }

    /// The value of a column that must hold one; what it cannot be read as is a defect.
    pub(super) fn value<T: FromStr>(&mut self, column: &str, expected: &str) -> Option<T> {
        let value = self.text(column).parse().ok();
        if value.is_none() {
            self.defect(column, format!("must be {expected}"));
        }
        value
    }

    /// The text of a column that must not be empty.
    pub(super) fn filled(&mut self, column: &str) -> Option<String> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            self.defect(column, "must not be empty");
            return None;
        }
        Some(text)
    }

    /// The whole line as it stands, for a digest.
    pub(super) fn whole(&self) -> String {
        self.columns.iter().map(|column| self.text(column)).collect::<Vec<_>>().join("\u{1f}")
    }

    /// Notes a defect in a column of this line.
    pub(super) fn defect(&mut self, column: &str, problem: impl Into<String>) {
        self.defects.push(Defect {
            file: self.file.to_owned(),
            line: Some(self.line),
            column: Some(column.to_owned()),
            problem: problem.into(),
        });
    }
}

/// Reads a table with these columns, giving each line to `take`; what `take` gives back is kept.
pub(super) fn read<T>(
    source: Source<'_>,
    file: &str,
    columns: &[&'static str],
    defects: &mut Vec<Defect>,
    mut take: impl FnMut(&mut Row<'_>) -> Option<T>,
) -> Vec<T> {
    let whole = |problem: String| Defect { file: file.to_owned(), line: None, column: None, problem };
    let bytes = match source.bytes(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            defects.push(whole(format!("cannot be read: {error}")));
            return Vec::new();
        }
    };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            defects.push(whole(format!("has no header that can be read: {error}")));
            return Vec::new();
        }
    };
    let Some(places) = places(file, columns, &header, defects) else { return Vec::new() };
    let mut taken = Vec::new();
    for record in reader.records() {
        match record {
            Ok(cells) => {
                let line = cells.position().map_or(0, csv::Position::line);
                let mut row = Row { file, line, columns, cells: &cells, places: &places, defects };
                taken.extend(take(&mut row));
            }
            Err(error) => {
                let line = error.position().map(csv::Position::line);
                let problem = "is not a line of this table: it has another number of cells, or is not UTF-8".to_owned();
                defects.push(Defect { file: file.to_owned(), line, column: None, problem });
            }
        }
    }
    taken
}

fn places(
    file: &str,
    columns: &[&'static str],
    header: &csv::StringRecord,
    defects: &mut Vec<Defect>,
) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for column in columns {
        match header.iter().position(|it| it.trim() == *column) {
            Some(place) => places.push(place),
            None => defects.push(Defect {
                file: file.to_owned(),
                line: Some(1),
                column: Some((*column).to_owned()),
                problem: "is missing from the header".to_owned(),
            }),
        }
    }
    (places.len() == columns.len()).then_some(places)
}
