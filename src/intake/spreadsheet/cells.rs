//! From the bytes of a file to text in cells. Whoever sends it may mean harm: every size is known before memory is taken.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, copy, sink};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::back::as_meant;
use super::columns::HEADER_WITHIN;
use crate::service::bulk::{MOST_BYTES, MOST_ROWS, WrongFile};

/// How large a file may be when it is unpacked: ten times what 2,000 rows come to.
const MOST_UNPACKED: u64 = 10 * 1024 * 1024;
/// How many parts an XLSX file may have.
const MOST_PARTS: usize = 500;
/// How much text all cells may have together: a file can say the same long text in every cell, at little cost to itself.
const MOST_TEXT: usize = 8 * 1024 * 1024;
/// The last column that is looked at.
const LAST_COLUMN: usize = 99;
/// What cannot be read stands in a cell as this.
const UNREADABLE: char = '\u{1a}';

const BEGINS_XLSX: &[u8] = b"PK\x03\x04";

/// A row as the spreadsheet counts, with what its cells say; blank cells are not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) cells: BTreeMap<usize, String>,
}

impl Line {
    pub(super) fn text(&self, at: usize) -> &str {
        self.cells.get(&at).map_or("", String::as_str)
    }
}

/// Whether a cell has something that cannot be read: control characters, and those that turn or hide what stands beside.
pub(super) fn is_unreadable(text: &str) -> bool {
    text.chars().any(|it| {
        it.is_control()
            || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffd}')
    })
}

/// The sheets of a file that is CSV or XLSX by what it holds, whatever it is called.
pub(super) fn sheets(file: &[u8]) -> Result<Vec<Vec<Line>>, WrongFile> {
    if file.len() > MOST_BYTES {
        return Err(WrongFile::TooLarge);
    }
    if file.starts_with(BEGINS_XLSX) {
        return xlsx(file);
    }
    csv(&text_of(file)?).map(|lines| vec![lines])
}

/// Gathers cells within the limits.
#[derive(Default)]
struct Gathered {
    lines: BTreeMap<u64, Line>,
    text: usize,
}

impl Gathered {
    fn take(&mut self, number: u64, at: usize, text: &str) -> Result<(), WrongFile> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = as_meant(&text);
        if text.is_empty() {
            return Ok(());
        }
        self.text = self.text.saturating_add(text.len());
        if self.text > MOST_TEXT {
            return Err(WrongFile::TooLarge);
        }
        let line = self.lines.entry(number).or_insert_with(|| Line { number, ..Line::default() });
        // What stands far to the right is at least noticed.
        line.cells.insert(at.min(LAST_COLUMN), text.to_owned());
        if self.lines.len() > MOST_ROWS + HEADER_WITHIN {
            return Err(WrongFile::TooManyRows);
        }
        Ok(())
    }

    fn lines(self) -> Vec<Line> {
        self.lines.into_values().collect()
    }
}

/// The text of a CSV file: UTF-8, what a mark at its beginning says, or what Excel in England writes.
fn text_of(file: &[u8]) -> Result<String, WrongFile> {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(file).unwrap_or((encoding_rs::UTF_8, 0));
    let unmarked = file.get(mark..).unwrap_or_default();
    let text = match encoding.decode_without_bom_handling_and_without_replacement(unmarked) {
        Some(text) => text,
        None if encoding == encoding_rs::UTF_8 => encoding_rs::WINDOWS_1252.decode_without_bom_handling(unmarked).0,
        None => return Err(WrongFile::NotASpreadsheet),
    };
    // No text holds these, other sorts of file do.
    if text.contains('\0') || text.starts_with("%PDF") || text.trim_start().starts_with('<') {
        return Err(WrongFile::NotASpreadsheet);
    }
    // One sort of line end, so that rows are counted as the spreadsheet does.
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    Ok(text)
}

fn csv(text: &str) -> Result<Vec<Line>, WrongFile> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut gathered = Gathered::default();
    let mut record = csv::StringRecord::new();
    // Lines that are not rows: those within quotation marks.
    let mut within: u64 = 0;
    while reader.read_record(&mut record).map_err(|_| WrongFile::NotASpreadsheet)? {
        within += record.iter().map(|it| it.matches('\n').count() as u64).sum::<u64>();
        let number = reader.position().line().saturating_sub(within).saturating_sub(1);
        for (at, cell) in record.iter().enumerate() {
            gathered.take(number, at, cell)?;
        }
    }
    Ok(gathered.lines())
}

/// What stands most often between the cells of the first lines.
fn delimiter(text: &str) -> u8 {
    let count =
        |it: u8| text.lines().take(HEADER_WITHIN).map(|line| line.bytes().filter(|byte| *byte == it).count()).max();
    // Of those that are as frequent the last.
    [b'\t', b';', b','].into_iter().max_by_key(|it| count(*it)).unwrap_or(b',')
}

fn xlsx(file: &[u8]) -> Result<Vec<Vec<Line>>, WrongFile> {
    // What others wrote reads what anybody sends: should it fail on a file, only that file is not read.
    let read = catch_unwind(AssertUnwindSafe(|| {
        unpacks_within_limits(file)?;
        read_xlsx(file)
    }));
    read.unwrap_or(Err(WrongFile::NotASpreadsheet))
}

/// Unpacks every part once and counts, whatever its header says of its size.
fn unpacks_within_limits(file: &[u8]) -> Result<(), WrongFile> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| WrongFile::NotASpreadsheet)?;
    if archive.len() > MOST_PARTS {
        return Err(WrongFile::TooLarge);
    }
    let mut left = MOST_UNPACKED;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(|_| WrongFile::NotASpreadsheet)?;
        let unpacked = copy(&mut part.take(left.saturating_add(1)), &mut sink());
        let unpacked = unpacked.map_err(|_| WrongFile::NotASpreadsheet)?;
        left = left.checked_sub(unpacked).ok_or(WrongFile::TooLarge)?;
    }
    Ok(())
}

/// Cell by cell: a sheet of two cells in its far corners would be larger than memory as a whole.
fn read_xlsx(file: &[u8]) -> Result<Vec<Vec<Line>>, WrongFile> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| WrongFile::NotASpreadsheet)?;
    let seen = book.sheets_metadata().iter().filter(|it| it.visible == SheetVisible::Visible);
    let names: Vec<String> = seen.map(|it| it.name.clone()).collect();
    let mut sheets = Vec::new();
    for name in names {
        // A sheet that is only a chart has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut gathered = Gathered::default();
        while let Some(cell) = cells.next_cell().map_err(|_| WrongFile::NotASpreadsheet)? {
            let (row, column) = cell.get_position();
            if let Some(text) = text_of_cell(cell.get_value()) {
                gathered.take(
                    u64::from(row).saturating_add(1),
                    usize::try_from(column).unwrap_or(LAST_COLUMN),
                    &text,
                )?;
            }
        }
        sheets.push(gathered.lines());
    }
    Ok(sheets)
}

fn text_of_cell(value: &DataRef<'_>) -> Option<String> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => if *truth { "YES" } else { "" }.to_owned(),
        DataRef::DateTime(instant) => {
            let (year, month, day, ..) = instant.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DurationIso(_) | DataRef::Error(_) => UNREADABLE.to_string(),
    })
}
