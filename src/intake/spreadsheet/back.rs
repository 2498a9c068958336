//! The rows that have to be put right, as a file that can be corrected and sent again.

use super::{Column, Sheet};

/// How a cell begins that a spreadsheet would take for a formula; also in the forms of full width.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet would take a cell for a formula.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA)
}

/// A cell as it was before it was made harmless.
pub(super) fn as_meant(text: &str) -> &str {
    text.strip_prefix('\'').filter(|it| is_formula(it)).unwrap_or(text)
}

fn harmless(text: &str) -> String {
    let text: String = text.chars().filter(|it| !it.is_control()).collect();
    if is_formula(&text) { format!("'{text}") } else { text }
}

/// The rows that have to be put right, with what: the same columns and one more. None where there is no such row.
pub fn to_put_right(sheet: &Sheet) -> Option<Vec<u8>> {
    let bad = sheet.rows.iter().filter_map(|row| Some((row, row.told.as_ref().err()?))).collect::<Vec<_>>();
    if bad.is_empty() {
        return None;
    }
    let own: Vec<bool> = sheet.header.iter().map(|it| it.trim() != Column::WhatToPutRight.title()).collect();
    let kept = |cells: &[String]| -> Vec<String> {
        cells.iter().zip(&own).filter(|(_, own)| **own).map(|(text, _)| harmless(text)).collect()
    };
    // With the mark at its beginning, Excel knows the letters.
    let mut file = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let mut header = kept(&sheet.header);
    header.push(Column::WhatToPutRight.title().to_owned());
    file.write_record(&header).ok()?;
    for (row, faults) in bad {
        let mut cells = kept(&row.cells);
        let faults: Vec<String> = faults.iter().map(|it| format!("{}: {}", it.column, it.detail)).collect();
        cells.push(harmless(&format!("Row {}. {}", row.number, faults.join("; "))));
        file.write_record(&cells).ok()?;
    }
    file.into_inner().ok()
}
