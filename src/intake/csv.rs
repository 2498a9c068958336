//! Notifications in CSV: a column for a field, named by its path.
//!
//! The header names the fields as in the JSON, with a full stop between the steps: `kind`, `submitted_by.name`,
//! `dwelling.uprn`, `details.persons.0.name`. An empty cell is an absent field. A cell that begins with `{` or `[` is JSON
//! (so a whole `details` object may stand in one column), `true` and `false` are truth values, everything else is text.

use serde_json::{Map, Value};

/// The JSON value that a row of cells stands for.
///
/// # Errors
/// When the header names a path that contradicts another, or a cell holds JSON that cannot be read; the column is named.
pub fn value_of(header: &csv::StringRecord, row: &csv::StringRecord) -> Result<Value, String> {
    let mut whole = Value::Object(Map::new());
    for (column, cell) in header.iter().zip(row.iter()) {
        if cell.is_empty() {
            continue;
        }
        let value = cell_value(cell).map_err(|error| format!("column {column}: {error}"))?;
        put(&mut whole, column.trim(), value).ok_or_else(|| format!("column {column}: contradicts another column"))?;
    }
    Ok(whole)
}

fn cell_value(cell: &str) -> Result<Value, String> {
    match cell {
        // A spreadsheet writes truth values in capitals.
        // As spreadsheets and scripts write them.
        "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
        "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
        json if json.starts_with('{') || json.starts_with('[') => {
            serde_json::from_str(json).map_err(|error| format!("not JSON: {error}"))
        }
        text => Ok(Value::String(text.to_owned())),
    }
}

fn put(into: &mut Value, path: &str, value: Value) -> Option<()> {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    if into.is_null() {
        *into = if step.parse::<usize>().is_ok() { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    let slot = match into {
        Value::Array(items) => {
            let index: usize = step.parse().ok().filter(|index| *index < 100)?;
            while items.len() <= index {
                items.push(Value::Null);
            }
            items.get_mut(index)?
        }
        Value::Object(fields) => fields.entry(step).or_insert(Value::Null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
    };
    match rest {
        Some(rest) => put(slot, rest, value),
        None if slot.is_null() => {
            *slot = value;
            Some(())
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(cells: &[&str]) -> csv::StringRecord {
        csv::StringRecord::from(cells.to_vec())
    }

    #[test]
    fn paths_become_objects_and_lists() {
        let header = record(&["kind", "dwelling.uprn", "details.persons.0.name", "details.persons.1.name", "account"]);
        let row = record(&["move-in", "999", "Ms A", "Mr B", ""]);
        let expected = json!({"kind": "move-in", "dwelling": {"uprn": "999"},
            "details": {"persons": [{"name": "Ms A"}, {"name": "Mr B"}]}});
        assert_eq!(value_of(&header, &row).unwrap(), expected);
    }

    #[test]
    fn a_cell_may_hold_json_and_truth_values() {
        let header = record(&["declaration", "details"]);
        let row = record(&["true", r#"{"adults_left": []}"#]);
        assert_eq!(value_of(&header, &row).unwrap(), json!({"declaration": true, "details": {"adults_left": []}}));
    }

    #[test]
    fn a_column_that_contradicts_another_is_named() {
        let header = record(&["details", "details.sole_adult"]);
        let row = record(&["none", "true"]);
        assert!(value_of(&header, &row).unwrap_err().contains("details.sole_adult"));
    }
}
