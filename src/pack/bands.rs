//! `bands.csv`: the amounts the council set, by year, category and component.

use std::collections::BTreeSet;

use hearth_events::{AmountSet, BandAmounts, ChargingBand, FinancialYear, Money};
use rust_decimal::Decimal;

use super::table::{self, Row};
use super::{Defect, Source};

const FILE: &str = "bands.csv";
const COLUMNS: [&str; 12] = ["financial_year", "category", "component", "AR", "A", "B", "C", "D", "E", "F", "G", "H"];

/// One line of the file.
pub type BandRow = AmountSet;

pub(super) fn read(source: Source<'_>, defects: &mut Vec<Defect>, warnings: &mut Vec<String>) -> Vec<BandRow> {
    let mut seen: BTreeSet<(FinancialYear, String, String)> = BTreeSet::new();
    table::read(source, FILE, &COLUMNS, defects, |row| {
        let set = amount_set(row)?;
        if !seen.insert((set.financial_year, set.category.clone(), set.component.clone())) {
            row.defect("component", "the year, category and component stand on an earlier line already");
            return None;
        }
        warn_of_ninths(row.line, &set, warnings);
        Some(set)
    })
}

fn amount_set(row: &mut Row<'_>) -> Option<BandRow> {
    let financial_year = row.value("financial_year", "a financial year such as 2015/16");
    let category = row.filled("category");
    let component = row.filled("component");
    let amounts = ChargingBand::ALL.map(|band| amount(row, &format!("{band:?}")));
    let of = |band: ChargingBand| ChargingBand::ALL.iter().zip(amounts).find(|(it, _)| **it == band)?.1;
    let amounts = BandAmounts {
        AR: of(ChargingBand::AR)?,
        A: of(ChargingBand::A)?,
        B: of(ChargingBand::B)?,
        C: of(ChargingBand::C)?,
        D: of(ChargingBand::D)?,
        E: of(ChargingBand::E)?,
        F: of(ChargingBand::F)?,
        G: of(ChargingBand::G)?,
        H: of(ChargingBand::H)?,
    };
    Some(AmountSet { financial_year: financial_year?, category: category?, component: component?, amounts })
}

fn amount(row: &mut Row<'_>, band: &str) -> Option<Money> {
    let amount: Money = row.value(band, "an amount in pounds and pence")?;
    if amount < Money::ZERO {
        row.defect(band, "must not be negative");
        return None;
    }
    Some(amount)
}

/// An amount that departs from its ninths of band D is taken as it was resolved, but said aloud: it may be a slip.
fn warn_of_ninths(line: u64, set: &BandRow, warnings: &mut Vec<String>) {
    for band in ChargingBand::ALL {
        let by_ninths = Money::rounded(set.amounts.D.pounds() * Decimal::from(band.ninths()) / Decimal::from(9));
        let departs = (set.amounts.of(band) - by_ninths).abs();
        if departs > Money::rounded(Decimal::new(1, 2)) {
            warnings.push(format!(
                "{FILE}, line {line}, column {band:?}: £{} departs by £{departs} from its ninths of band D; taken as resolved",
                set.amounts.of(band)
            ));
        }
    }
}
