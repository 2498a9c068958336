//! A figure as it is shown: its message, its picture, its table, its CSV.

use maud::{Markup, html};

use super::drawn::{Bars, bars};
use crate::figures::table::Table;

/// A figure with all that belongs to it.
pub(super) struct Figure<'a> {
    /// What it is, as the heading.
    pub(super) title: &'a str,
    /// What it says, in a sentence.
    pub(super) message: String,
    /// What is drawn; nothing where a picture would say no more than the sentence.
    pub(super) bars: Option<Bars>,
    /// The numbers.
    pub(super) table: &'a Table,
    /// Columns of the table that are not shown on the page.
    pub(super) without: &'a [&'a str],
    /// Where the CSV is; none where it is what somebody asked for just now.
    pub(super) csv: Option<String>,
}

/// The figure on a page.
pub(super) fn figure(it: &Figure<'_>) -> Markup {
    let id = it.table.name;
    let drawn = it.bars.as_ref().and_then(|bars_of| bars(bars_of, it.title, &it.message));
    html! {
        section aria-labelledby=(id) {
            h2 class="govuk-heading-m" id=(id) { (it.title) }
            p class="govuk-body" { (it.message) }
            @if let Some(drawn) = drawn {
                div class="hearth-wide hearth-chart" tabindex="0" role="region" aria-label={ (it.title) ", drawn" } { (drawn) }
            }
            (table(it.table, it.without, it.title))
            @if let Some(csv) = &it.csv {
                p class="govuk-body govuk-!-font-size-16 hearth-no-print" {
                    a class="govuk-link" href=(csv) { "Download as CSV" span class="govuk-visually-hidden" { ": " (it.title) } }
                }
            }
        }
    }
}

/// A table, its first column the heads of its rows.
pub(super) fn table(it: &Table, without: &[&str], title: &str) -> Markup {
    let shown: Vec<_> =
        (0..it.columns.len()).filter(|at| it.columns.get(*at).is_some_and(|c| !without.contains(c))).collect();
    let numeric = |at: usize| it.rows.iter().all(|row| row.get(at).is_some_and(|cell| is_number(cell)));
    html! {
        div class="hearth-wide" tabindex="0" role="region" aria-label={ (title) ", as a table" } {
            table class="govuk-table" {
                caption class="govuk-visually-hidden" { (title) }
                thead class="govuk-table__head" {
                    tr class="govuk-table__row" {
                        @for at in &shown {
                            th scope="col" class={ "govuk-table__header" @if numeric(*at) { " govuk-table__header--numeric" } } { (head(it.columns.get(*at).copied().unwrap_or_default())) }
                        }
                    }
                }
                tbody class="govuk-table__body" {
                    @for row in &it.rows {
                        tr class="govuk-table__row" {
                            @for (place, at) in shown.iter().enumerate() {
                                @let cell = row.get(*at).map(String::as_str).unwrap_or_default();
                                @if place == 0 && !numeric(*at) { th scope="row" class="govuk-table__header" { (words(cell)) } }
                                @else if is_day(cell) { td class="govuk-table__cell hearth-reference" { (cell) } }
                                @else { td class={ "govuk-table__cell" @if numeric(*at) { " govuk-table__cell--numeric" } } { (words(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn is_day(cell: &str) -> bool {
    cell.len() == 10 && cell.parse::<jiff::civil::Date>().is_ok()
}

fn is_number(cell: &str) -> bool {
    cell.is_empty() || cell.parse::<rust_decimal::Decimal>().is_ok()
}

/// The head of a column: `percent_of_received` is `Percent of received`.
pub(super) fn head(column: &str) -> String {
    let words = column.replace(['_', '.'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name as people write it: `move-in` is `move in`. Sentences, references and numbers stay as they are.
pub(super) fn words(cell: &str) -> String {
    let is_name = !cell.contains(' ') && cell.chars().all(|it| it.is_ascii_lowercase() || it == '-');
    if is_name { cell.replace('-', " ") } else { cell.to_owned() }
}
