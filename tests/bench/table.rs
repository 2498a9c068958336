//! A figure and its limit, and the table of them.

use std::io::Write;

use anyhow::Result;

/// Limits and ratios are in thousandths, so that no float is needed.
pub(crate) enum Limit {
    AtLeast(u64),
    AtMost(u64),
}

/// One measurement.
pub(crate) struct Row {
    /// What is divided by what.
    pub(crate) what: &'static str,
    /// In thousandths.
    pub(crate) ratio: u64,
    pub(crate) limit: Limit,
    /// The figures behind the ratio.
    pub(crate) measured: String,
    /// Payload, durability and concurrency.
    pub(crate) under: String,
}

/// `one` ÷ `other` in thousandths.
pub(crate) fn per_mille(one: u64, other: u64) -> u64 {
    one.saturating_mul(1_000) / other.max(1)
}

/// The middle one.
pub(crate) fn median(mut figures: Vec<u64>) -> u64 {
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The figure that `part` of a thousand are not above.
pub(crate) fn percentile(mut figures: Vec<u64>, part: usize) -> u64 {
    figures.sort_unstable();
    figures.get((figures.len() * part / 1_000).min(figures.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Thousandths as a decimal.
pub(crate) fn decimal(thousandths: u64) -> String {
    format!("{}.{:02}", thousandths / 1_000, thousandths % 1_000 / 10)
}

/// Nanoseconds for people.
pub(crate) fn time(nanoseconds: u64) -> String {
    match nanoseconds {
        0..1_000_000 => format!("{} µs", nanoseconds / 1_000),
        1_000_000..1_000_000_000 => format!("{} ms", decimal(nanoseconds / 1_000)),
        _ => format!("{} s", decimal(nanoseconds / 1_000_000)),
    }
}

pub(crate) fn print(rows: &[Row], machine: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n| what | ratio | limit | verdict | measured | under |\n|---|---|---|---|---|---|")?;
    for row in rows {
        let (limit, holds) = match row.limit {
            Limit::AtLeast(limit) => (format!("at least {}", decimal(limit)), row.ratio >= limit),
            Limit::AtMost(limit) => (format!("at most {}", decimal(limit)), row.ratio <= limit),
        };
        let verdict = if holds { "holds" } else { "MISSED" };
        let (what, ratio, measured, under) = (row.what, decimal(row.ratio), &row.measured, &row.under);
        writeln!(out, "| {what} | {ratio} | {limit} | {verdict} | {measured} | {under} |")?;
    }
    writeln!(out, "\n{machine}")?;
    Ok(())
}
