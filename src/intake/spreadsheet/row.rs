//! From a row to a notification, or to everything that has to be put right first.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Told;
use super::back::is_formula;
use super::cells::{Line, is_unreadable};
use super::columns::{Column, Layout};
use super::days::day;
use crate::intake::{Submitter, parse, same_name, split_title};
use crate::service::FieldFault;
use crate::service::bulk::{CellFault, Uploader, UploaderRole, WrongFile};

/// The most that is read of a cell.
const LONGEST_CELL: usize = 4_000;
/// The longest that a field of a notification is, see `wire.rs`.
const LONGEST_FIELD: usize = 500;

const LATER: &str =
    "the end date is still to come: send the end of this tenancy in a row of its own once the tenants have left";
const OVER: &str = "the end of the void is not taken: send the tenants who came after it in a row of their own";

/// A row with everything that it is read by.
pub(super) struct Given<'a> {
    pub(super) layout: &'a Layout,
    pub(super) line: &'a Line,
    pub(super) by: &'a Uploader,
    pub(super) submitter: &'a Submitter,
    pub(super) today: Date,
}

/// Refuses who does not say who they are, as the intake does.
pub(super) fn check_uploader(submitter: &Submitter) -> Result<(), WrongFile> {
    let mut faults = Vec::new();
    let mut fault = |pointer: &str, detail: &str| {
        faults.push(FieldFault { pointer: pointer.to_owned(), detail: detail.to_owned() });
    };
    let texts = [
        ("/submitted_by/name", Some(&submitter.name)),
        ("/submitted_by/email", submitter.email.as_ref()),
        ("/submitted_by/phone", submitter.phone.as_ref()),
    ];
    for (pointer, text) in texts {
        if text.is_some_and(|it| it.chars().count() > LONGEST_FIELD || is_unreadable(it)) {
            fault(pointer, "must have at most 500 letters, and none that cannot be seen");
        }
    }
    if submitter.name.is_empty() {
        fault("/submitted_by/name", "must not be empty");
    }
    if faults.is_empty() { Ok(()) } else { Err(WrongFile::Uploader(faults)) }
}

/// The notification that a row stands for.
pub(super) fn told(given: &Given<'_>) -> Result<Told, Vec<CellFault>> {
    let mut reader = Reader { given, faults: Vec::new() };
    reader.check_cells();
    let landlord = reader.landlord();
    let names = reader.names();
    let dwelling = reader.dwelling();
    let furnished = reader.furnished();
    let days = reader.days();
    let faults = std::mem::take(&mut reader.faults);
    let (Some(names), Some(dwelling), Some(furnished), Some(days)) = (names, dwelling, furnished, days) else {
        return Err(faults);
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut details = Map::new();
    details.insert("furnished".to_owned(), json!(furnished));
    if let Some(ended) = days.ended {
        details.insert("tenancy_ended_on".to_owned(), json!(ended));
    }
    if let Some(landlord) = landlord {
        details.insert("landlord".to_owned(), json!(landlord));
    }
    if let Some(starts) = days.starts {
        details.insert("tenancy_starts_on".to_owned(), json!(starts));
        let incoming: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        details.insert("incoming".to_owned(), json!(incoming));
        // A row is one tenancy: houses in multiple occupation do not belong into the template.
        details.insert("joint_tenancy".to_owned(), json!(true));
    } else {
        details.insert("outgoing".to_owned(), json!(names));
    }
    let body = json!({
        "kind": "tenancy-change", "channel": "bulk-file", "effective_on": days.starts.or(days.ended),
        "declaration": given.by.declaration, "submitted_by": given.submitter, "dwelling": dwelling, "details": details,
    });
    match parse(&body) {
        Ok(_) => Ok(Told { body, note: days.note }),
        Err(faults) => Err(faults.into_iter().map(|it| cell_fault(it, days.starts.is_some())).collect()),
    }
}

/// A fault of a field as one of the cell it comes from.
fn cell_fault(fault: FieldFault, starts: bool) -> CellFault {
    const COLUMN_OF: [(&str, Column); 7] = [
        ("/dwelling/uprn", Column::Uprn),
        ("/dwelling/property_reference", Column::PropertyReference),
        ("/dwelling", Column::PropertyAddress),
        ("/details/landlord", Column::Landlord),
        ("/details/tenancy_ended_on", Column::EndDate),
        ("/details/incoming", Column::TenantNames),
        ("/details/outgoing", Column::TenantNames),
    ];
    let of = |pointer: &str| COLUMN_OF.iter().find(|(at, _)| pointer.starts_with(at)).map(|(_, column)| *column);
    let of_the_day = if starts { Column::StartDate } else { Column::EndDate };
    let column = of(&fault.pointer).unwrap_or(of_the_day);
    CellFault { column: column.title(), detail: fault.detail }
}

/// The days that a row tells of.
struct Days {
    starts: Option<Date>,
    /// The last day of the old tenancy.
    ended: Option<Date>,
    note: Option<&'static str>,
}

struct Reader<'a> {
    given: &'a Given<'a>,
    faults: Vec<CellFault>,
}

impl Reader<'_> {
    fn text(&self, column: Column) -> Option<String> {
        self.given.layout.text(self.given.line, column)
    }

    /// Notes a fault; what stood there is then missing.
    fn fault<T>(&mut self, column: Column, detail: &str) -> Option<T> {
        // Whoever has to put two things right in a cell reads them one after the other.
        self.faults.push(CellFault { column: column.title(), detail: detail.to_owned() });
        None
    }

    fn check_cells(&mut self) {
        const COLUMNS: [Column; 11] = [
            Column::Landlord,
            Column::TenantNames,
            Column::Uprn,
            Column::PropertyReference,
            Column::PropertyAddress,
            Column::Postcode,
            Column::Furnished,
            Column::StartDate,
            Column::EndDate,
            Column::VoidStart,
            Column::VoidEnd,
        ];
        for column in COLUMNS {
            let Some(text) = self.text(column) else { continue };
            if is_unreadable(&text) {
                self.fault::<()>(column, "has something that cannot be read: type it again");
            } else if text.len() > LONGEST_CELL {
                self.fault::<()>(column, "is too long: write at most 4,000 letters");
            } else if is_formula(&text) {
                self.fault::<()>(
                    column,
                    "begins like a formula: write only the words, without =, +, - or @ before them",
                );
            }
        }
        if self.given.layout.says_more(self.given.line) {
            let told = "the row has more cells than there are columns: in a CSV file put names that have commas between them \
                        in quotation marks";
            self.fault::<()>(Column::TenantNames, told);
        }
    }

    /// Who lets it, where that is not who sends the file.
    fn landlord(&mut self) -> Option<String> {
        let landlord = self.text(Column::Landlord);
        match (self.given.by.role, landlord) {
            (UploaderRole::Agent, None) => self.fault(Column::Landlord, "write the name of the owner for whom you act"),
            (UploaderRole::Agent, Some(landlord)) => Some(landlord),
            (UploaderRole::Landlord, Some(landlord)) if !same_name(&landlord, &self.given.submitter.name) => self
                .fault(
                    Column::Landlord,
                    "is not the name that you gave as yours: write that name, or send the file as an agent",
                ),
            (UploaderRole::Landlord, _) => None,
        }
    }

    fn names(&mut self) -> Option<Vec<String>> {
        let Some(text) = self.text(Column::TenantNames) else {
            return self.fault(
                Column::TenantNames,
                "write the tenants with title, first name and surname, with commas between",
            );
        };
        let names = text.split([',', ';']).map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
        let names: Vec<String> = names.filter(|it| !it.is_empty()).collect();
        let joins = |it: &String| it.split(' ').any(|word| ["&", "+", "and"].contains(&word.to_lowercase().as_str()));
        if names.iter().any(joins) {
            return self.fault(Column::TenantNames, "write a comma between two tenants, and each with their surname");
        }
        // A surname alone, or half of "Smith, John".
        if names.is_empty() || names.iter().any(|it| !split_title(it).1.contains(' ')) {
            return self.fault(Column::TenantNames, "write each tenant with first name and surname, in this order");
        }
        Some(names)
    }

    fn dwelling(&mut self) -> Option<Value> {
        let mut dwelling = Map::new();
        let mut put = |name: &str, text: Option<String>| {
            dwelling.extend(text.map(|it| (name.to_owned(), json!(it))));
        };
        let (uprn, reference) = (self.text(Column::Uprn), self.text(Column::PropertyReference));
        let address = self.text(Column::PropertyAddress);
        let postcode = self.text(Column::Postcode).or_else(|| address.as_deref().and_then(postcode_of));
        if address.is_none() {
            return self.fault(Column::PropertyAddress, "write the address with its postcode");
        }
        if postcode.is_none() && uprn.is_none() && reference.is_none() {
            let has_column = self.given.layout.has(Column::Postcode);
            let column = if has_column { Column::Postcode } else { Column::PropertyAddress };
            let detail = if has_column { "write the postcode" } else { "write the postcode at the end of the address" };
            return self.fault(column, detail);
        }
        put("uprn", uprn);
        put("property_reference", reference);
        put("address", address);
        put("postcode", postcode);
        Some(Value::Object(dwelling))
    }

    fn furnished(&mut self) -> Option<bool> {
        match self.text(Column::Furnished).unwrap_or_default().to_lowercase().as_str() {
            "yes" | "y" | "true" | "furnished" => Some(true),
            // Blank says that it is not, so the template has it.
            "" | "no" | "n" | "false" | "unfurnished" => Some(false),
            _ => self.fault(Column::Furnished, "write YES, or leave it blank where it is let unfurnished"),
        }
    }

    fn day(&mut self, column: Column) -> Option<Date> {
        let text = self.text(column)?;
        let day = day(&text, self.given.today);
        day.or_else(|| self.fault(column, "is not a day: write it as day/month/year, in numbers"))
    }

    fn days(&mut self) -> Option<Days> {
        let before = self.faults.len();
        let (starts, end) = (self.day(Column::StartDate), self.day(Column::EndDate));
        let (void_start, void_end) = (self.day(Column::VoidStart), self.day(Column::VoidEnd));
        if self.faults.len() > before {
            return None;
        }
        let eve = |day: Date| day.saturating_sub(1.day());
        if let Some((start, end)) = void_start.zip(void_end)
            && end < start
        {
            return self.fault(Column::VoidEnd, "lies before Void Start: put one of them right");
        }
        match (starts, end) {
            (Some(starts), Some(end)) if end < starts => {
                let told =
                    "lies before Start Date: a row is one tenancy, so write the tenants who left in a row of their own";
                self.fault(Column::EndDate, told)
            }
            (Some(_), Some(end)) if end <= self.given.today => {
                let told = "both days have come: write one row for the day they came, and one for the day they left";
                self.fault(Column::EndDate, told)
            }
            (Some(starts), later) => {
                if void_end.is_some_and(|it| it != eve(starts)) {
                    return self.fault(Column::VoidEnd, "must be the day before Start Date");
                }
                if void_start.is_some_and(|it| it > starts) {
                    return self.fault(Column::VoidStart, "must not lie after Start Date");
                }
                Some(Days { starts: Some(starts), ended: void_start.map(eve), note: later.map(|_| LATER) })
            }
            (None, Some(end)) if void_start.is_some_and(|it| eve(it) != end) => {
                self.fault(Column::VoidStart, "must be the day after End Date")
            }
            (None, Some(_) | None) => match end.or(void_start.map(eve)) {
                Some(ended) => Some(Days { starts: None, ended: Some(ended), note: void_end.map(|_| OVER) }),
                None => self.fault(
                    Column::StartDate,
                    "write the first day of the tenancy here, or its last day under End Date where the tenants left",
                ),
            },
        }
    }
}

/// The postcode at the end of an address.
fn postcode_of(address: &str) -> Option<String> {
    let words: Vec<&str> =
        address.split(|it: char| it == ',' || it.is_whitespace()).filter(|it| !it.is_empty()).collect();
    let is_inward = |it: &str| {
        let bytes = it.as_bytes();
        bytes.len() == 3
            && bytes.first().is_some_and(u8::is_ascii_digit)
            && bytes.iter().skip(1).all(u8::is_ascii_alphabetic)
    };
    let is_outward = |it: &str| {
        (2..=4).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_alphanumeric())
            && it.bytes().next().is_some_and(|it| it.is_ascii_alphabetic())
            && it.bytes().any(|it| it.is_ascii_digit())
    };
    match words.as_slice() {
        [.., out, inward] if is_outward(out) && is_inward(inward) => Some(format!("{out} {inward}")),
        [.., whole] if whole.is_ascii() && whole.len() > 4 => {
            let (out, inward) = whole.split_at(whole.len().saturating_sub(3));
            (is_outward(out) && is_inward(inward)).then(|| format!("{out} {inward}"))
        }
        _ => None,
    }
}
