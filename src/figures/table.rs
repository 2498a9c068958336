//! Figures as tables: what a page shows, a chart draws and a spreadsheet reads.

use std::fmt::Display;

use rust_decimal::Decimal;

use super::{Comparison, Figures, OutcomeCount, Volume, WhyNotAutomatic, Would};
use crate::savings::SavingStatement;

/// A table with a name, by which it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The heads of its columns; documented and stable.
    pub columns: Vec<&'static str>,
    /// Its rows, each with a cell a column.
    pub rows: Vec<Vec<String>>,
}

/// The names of the tables there are.
pub const TABLES: [&str; 10] = [
    "volumes-by-channel",
    "volumes-by-kind",
    "outcomes",
    "straight-through",
    "age-of-work",
    "time-to-establish",
    "promises",
    "reversals",
    "contacts",
    WHY,
];

/// The name of the table of rules.
pub const WHY: &str = "why-not-automatic";

const VOLUME: [&str; 7] = [
    "received",
    "received_year_before",
    "eligible",
    "straight_through",
    "percent_of_received",
    "percent_of_eligible",
    "definition",
];

impl Table {
    fn of(name: &'static str, columns: &[&'static str], rows: Vec<Vec<String>>) -> Self {
        Self { name, columns: columns.to_vec(), rows }
    }

    /// The table as CSV by RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe.
    ///
    /// # Errors
    /// Never in memory: when a record cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|it| harmless(it)))?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

/// A cell that no spreadsheet takes for a formula. A number may begin with a minus: it is one.
fn harmless(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<Decimal>().is_err();
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
}

fn text(it: impl Display) -> String {
    it.to_string()
}

fn or_empty(it: Option<impl Display>) -> String {
    it.map(text).unwrap_or_default()
}

fn volume(of: String, it: &Volume) -> Vec<String> {
    vec![
        of,
        text(it.received),
        or_empty(it.received_year_before),
        text(it.eligible),
        text(it.straight_through),
        or_empty(it.percent_of_received),
        or_empty(it.percent_of_eligible),
    ]
}

/// The table of the figures that has this name; none where it is another's.
pub fn of_figures(name: &str, it: &Figures) -> Option<Table> {
    let with = |first: &'static str| [[first].as_slice(), VOLUME.get(..6).unwrap_or_default()].concat();
    Some(match name {
        "volumes-by-channel" => {
            let rows = it.by_channel.iter().map(|it| volume(text(it.channel), &it.volume)).collect();
            Table { name: "volumes-by-channel", columns: with("channel"), rows }
        }
        "volumes-by-kind" => {
            let rows = it.by_kind.iter().map(|it| volume(text(it.kind), &it.volume)).collect();
            Table { name: "volumes-by-kind", columns: with("kind"), rows }
        }
        "outcomes" => {
            let rows = it.outcomes.iter().map(|it| vec![it.status.as_str().to_owned(), text(it.notifications)]);
            Table::of("outcomes", &["status", "notifications"], rows.collect())
        }
        "straight-through" => {
            let mut row = volume(String::new(), &it.straight_through.volume);
            row.remove(0);
            row.push(it.straight_through.definition.to_owned());
            Table::of("straight-through", &VOLUME, vec![row])
        }
        "age-of-work" => {
            let band = |it: &super::AgeBand| vec![text(it.from_days), or_empty(it.to_days), text(it.open)];
            let rows = it.open.ages.iter().map(band).collect();
            Table::of("age-of-work", &["from_working_days", "to_working_days", "open"], rows)
        }
        "time-to-establish" => established(it),
        "promises" => {
            let it = &it.promises;
            let counts = [it.promised, it.kept, it.late, it.overdue, it.pending].map(text);
            let row = counts.into_iter().chain([or_empty(it.percent_kept)]).collect();
            Table::of("promises", &["promised", "kept", "late", "overdue", "pending", "percent_kept"], vec![row])
        }
        "reversals" => {
            let it = &it.reversals;
            let row =
                vec![text(it.automatic), text(it.reversed), or_empty(it.percent), text(it.checked), text(it.errors)];
            Table::of("reversals", &["automatic", "reversed", "percent", "checked", "errors"], vec![row])
        }
        "contacts" => {
            let row = |it: &super::ContactReason| {
                vec![it.about.as_str().to_owned(), text(it.about.is_failure()), text(it.contacts)]
            };
            Table::of("contacts", &["about", "failure", "contacts"], it.contacts.by_reason.iter().map(row).collect())
        }
        _ => return None,
    })
}

fn established(it: &Figures) -> Table {
    let columns = ["route", "accounts", "median_minutes", "p90_minutes", "same_day", "percent_same_day", "waiting"];
    let row = |it: &super::Established| {
        vec![
            it.route.to_owned(),
            text(it.accounts),
            or_empty(it.median_minutes),
            or_empty(it.p90_minutes),
            text(it.same_day),
            or_empty(it.percent_same_day),
            text(it.waiting),
        ]
    };
    Table::of("time-to-establish", &columns, it.time_to_establish.iter().map(row).collect())
}

/// Why not automatic, as a table.
pub fn of_why(it: &WhyNotAutomatic) -> Table {
    let columns = [
        "check",
        "asks",
        "reason",
        "meaning",
        "cases",
        "only",
        "first",
        "one_of_several",
        "points_of_received",
        "points_of_eligible",
        "examples",
    ];
    let row = |it: &super::StoppedBy| {
        vec![
            it.check.clone(),
            it.asks.clone(),
            or_empty(it.reason),
            or_empty(it.meaning),
            text(it.cases),
            text(it.only),
            text(it.first),
            text(it.one_of_several),
            or_empty(it.points_of_received),
            or_empty(it.points_of_eligible),
            it.examples.iter().map(text).collect::<Vec<_>>().join(" "),
        ]
    };
    Table::of(WHY, &columns, it.rules.iter().map(row).collect())
}

/// The way from what could be saved to what was, as a table.
pub fn of_savings(it: &SavingStatement) -> Table {
    let row = |it: &crate::savings::Step| {
        let of = it.of.clone().unwrap_or_default();
        vec![it.step.to_owned(), of, it.because.clone(), text(it.count), text(it.amount)]
    };
    let columns = ["step", "of", "because", "count", "amount"];
    Table::of("savings-waterfall", &columns, it.waterfall.iter().map(row).collect())
}

/// What came under which figures, and what it comes to by these, as a table.
pub fn of_models(it: &SavingStatement) -> Table {
    let row = |it: &crate::savings::UnderModel| {
        vec![
            or_empty(it.from),
            it.model.clone(),
            text(it.adopted_from),
            text(it.notifications),
            text(it.potential),
            text(it.forecast),
            text(it.realised),
        ]
    };
    let columns =
        ["received_from", "cost_model", "adopted_from", "notifications", "could_be_saved", "expected", "is_saved"];
    Table::of("savings-by-model", &columns, it.by_model.iter().map(row).collect())
}

/// What is decided now and instead, as a table.
pub fn of_comparison(it: &Comparison) -> Table {
    let row = |it: &OutcomeCount| vec![it.outcome.to_owned(), text(it.now), text(it.instead)];
    Table::of("what-if", &["outcome", "now", "instead"], it.outcomes.iter().map(row).collect())
}

/// The notifications that would be decided otherwise, as a table.
pub fn of_changed(it: &Comparison) -> Table {
    let with = |outcome: &str, reasons: &[String]| format!("{outcome} {}", reasons.join(" ")).trim().to_owned();
    let row = |it: &Would| {
        vec![
            text(&it.reference),
            text(it.kind),
            with(it.was, &it.was_reasons),
            with(it.would_be, &it.would_be_reasons),
            it.because.join("; "),
        ]
    };
    let columns = ["reference", "kind", "now", "instead", "because"];
    Table::of("what-if-changed", &columns, it.changed.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_is_quoted_where_it_has_to_be() {
        let row = ["=1+1", "+44 1632", "-cmd|x", "-12.40", "@sum", "a, \"b\"\nc"].map(str::to_owned).to_vec();
        let table = Table::of("outcomes", &["a", "b", "c", "d", "e", "f"], vec![row]);
        let text = String::from_utf8(table.csv().unwrap()).unwrap();
        assert_eq!(text, "a,b,c,d,e,f\r\n'=1+1,'+44 1632,'-cmd|x,-12.40,'@sum,\"a, \"\"b\"\"\nc\"\r\n");
    }
}
