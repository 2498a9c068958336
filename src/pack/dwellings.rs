//! `dwellings.csv`: the dwellings of the valuation list.

use std::collections::BTreeSet;
use std::path::Path;

use hearth_events::{Band, Tenure, Uprn};
use jiff::civil::Date;

use super::Defect;
use super::table::{self, Row};

const FILE: &str = "dwellings.csv";
const COLUMNS: [&str; 11] = [
    "uprn",
    "property_reference",
    "address",
    "postcode",
    "category",
    "band",
    "listed_from",
    "tenure",
    "owner",
    "furnished",
    "hmo",
];

/// One line of the file.
#[derive(Clone, Debug)]
pub struct DwellingRow {
    /// Where it stands.
    pub line: u64,
    /// The line as it stands.
    pub whole: String,
    /// Its national key.
    pub uprn: Uprn,
    /// The council's own key.
    pub property_reference: String,
    /// Where it is.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// The category whose amounts it is charged.
    pub category: String,
    /// Its band.
    pub band: Band,
    /// The first day of the band.
    pub listed_from: Date,
    /// How it is held.
    pub tenure: Tenure,
    /// The owner, where another than the liable person is on file.
    pub owner: Option<String>,
    /// Whether it is let furnished.
    pub furnished: bool,
    /// Whether it is a house in multiple occupation.
    pub hmo: bool,
}

pub(super) fn read(folder: &Path, defects: &mut Vec<Defect>) -> Vec<DwellingRow> {
    let mut uprns = BTreeSet::new();
    let mut references = BTreeSet::new();
    table::read(folder, FILE, &COLUMNS, defects, |row| {
        let dwelling = dwelling(row)?;
        if !uprns.insert(dwelling.uprn.clone()) {
            row.defect("uprn", "stands on an earlier line already");
            return None;
        }
        if !references.insert(dwelling.property_reference.clone()) {
            row.defect("property_reference", "stands on an earlier line already");
            return None;
        }
        Some(dwelling)
    })
}

fn dwelling(row: &mut Row<'_>) -> Option<DwellingRow> {
    let uprn = row.value("uprn", "a UPRN of 1 to 12 digits");
    let property_reference = row.filled("property_reference");
    let address = row.filled("address");
    let category = row.filled("category");
    let band = row.value("band", "a band from A to H");
    let listed_from = row.value("listed_from", "a date such as 1993-04-01");
    let tenure = tenure(row);
    let furnished = yes_or_no(row, "furnished");
    let hmo = yes_or_no(row, "hmo");
    Some(DwellingRow {
        line: row.line,
        whole: row.whole(),
        uprn: uprn?,
        property_reference: property_reference?,
        address: address?,
        postcode: row.text("postcode").to_owned(),
        category: category?,
        band: band?,
        listed_from: listed_from?,
        tenure: tenure?,
        owner: Some(row.text("owner").to_owned()).filter(|it| !it.is_empty()),
        furnished: furnished?,
        hmo: hmo?,
    })
}

fn tenure(row: &mut Row<'_>) -> Option<Tenure> {
    match row.text("tenure") {
        "owner-occupied" => Some(Tenure::OwnerOccupied),
        "private-landlord" => Some(Tenure::PrivateLandlord),
        "housing-association" => Some(Tenure::HousingAssociation),
        _ => {
            row.defect("tenure", "must be owner-occupied, private-landlord or housing-association");
            None
        }
    }
}

fn yes_or_no(row: &mut Row<'_>, column: &str) -> Option<bool> {
    match row.text(column) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            row.defect(column, "must be yes or no");
            None
        }
    }
}
