//! How the figures that savings rest on came to be what they are: every change with its day, its source and who made it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::rules::cost_model::figures;
use crate::views::SavingsRows;

/// One figure, set or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The cost model.
    pub model: String,
    /// The figure.
    pub name: String,
    /// What it is from that day on.
    pub value: Decimal,
    /// Where it was published or measured, or `assumed`.
    pub source: String,
    /// The first day for which it is so.
    pub from: Date,
    /// What it would have been on that day otherwise; none where the model did not say.
    pub before: Option<Decimal>,
    /// When the change was recorded.
    pub recorded_at: Timestamp,
    /// Who made it.
    pub by: String,
}

/// Every change, the latest first.
pub fn history(rows: &SavingsRows) -> Vec<Change> {
    let mut all: Vec<_> = rows.adoptions.iter().collect();
    all.sort_by_key(|it| it.recorded_at);
    let mut in_force: BTreeMap<(&str, Date), &hearth_events::CostModelAdopted> = BTreeMap::new();
    let mut changes = Vec::new();
    for it in all {
        let model = &it.model;
        let before = in_force.iter().rev().find(|((name, from), _)| *name == model.name && *from <= model.from);
        let before = before.map(|(_, model)| figures(model)).unwrap_or_default();
        for figure in figures(model).into_iter().filter(|it| !before.contains(it)) {
            changes.push(Change {
                model: model.name.clone(),
                before: before.iter().find(|it| it.name == figure.name).map(|it| it.value),
                name: figure.name,
                value: figure.value,
                source: figure.source,
                from: model.from,
                recorded_at: it.recorded_at,
                by: it.by.clone(),
            });
        }
        in_force.insert((&model.name, model.from), model);
    }
    changes.reverse();
    changes
}
