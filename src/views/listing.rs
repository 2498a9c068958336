//! The table of what a list is filtered and sorted by, with its indexes: so a list of many items gives a page, and counts,
//! without reading a row that is not on it.

use hearth_projections::{Entry, rank};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use sha2::{Digest, Sha256};

/// The columns after the key. Each index has all of them, so that a filter is answered from the index alone.
pub(super) const COLUMNS: &[&str] = &[
    "done",
    "rank",
    "due",
    "received",
    "queue",
    "work",
    "status",
    "kind",
    "channel",
    "holder",
    "until",
    "back_on",
    "escalated",
    "reasons",
    "flags",
];

/// The indexes with what they are sorted by.
const INDEXES: &[(&str, &[&str])] = &[
    ("listed_by_due", &["due", "received"]),
    ("listed_by_received", &["received"]),
    ("listed_by_priority", &["rank", "due", "received"]),
];

/// What makes the table.
pub(super) fn schema() -> String {
    let table = format!("CREATE TABLE listed (key TEXT PRIMARY KEY, {}) WITHOUT ROWID;", COLUMNS.join(", "));
    let index = |(name, sorted): &(&str, &[&str])| {
        let rest: Vec<_> = COLUMNS.iter().filter(|it| **it != "done" && !sorted.contains(it)).copied().collect();
        let (sorted, rest) = (sorted.join(", "), rest.join(", "));
        format!("CREATE INDEX {name} ON listed (done, {sorted}, key, {rest});")
    };
    std::iter::once(table).chain(INDEXES.iter().map(index)).collect()
}

/// An instant as a number in the order of time.
pub(super) fn nanoseconds(instant: Timestamp) -> i64 {
    i64::try_from(instant.as_nanosecond()).unwrap_or(if instant < Timestamp::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}

/// The values of the columns.
pub(super) fn columns(it: &Entry) -> Vec<Value> {
    let text = |it: &str| Value::Text(it.to_owned());
    let or_null = |it: Option<Value>| it.unwrap_or(Value::Null);
    vec![
        Value::Integer(it.done.into()),
        Value::Integer(rank(it.priority).into()),
        text(&it.due_on.to_string()),
        Value::Integer(nanoseconds(it.received_at)),
        text(&it.queue),
        text(it.work.as_str()),
        text(it.status.as_str()),
        text(it.kind.as_str()),
        text(it.channel.as_str()),
        or_null(it.holder.clone().map(Value::Text)),
        or_null(it.until.map(|it| Value::Integer(nanoseconds(it)))),
        or_null(it.back_on.map(|it| Value::Text(it.to_string()))),
        Value::Integer(it.escalated.into()),
        Value::Integer(Entry::reason_bits(&it.reasons)),
        Value::Integer(Entry::flag_bits(&it.flags)),
    ]
}

/// Lists a row so, or no longer.
pub(super) fn put(conn: &Connection, key: &str, entry: Option<&Entry>) -> rusqlite::Result<()> {
    let Some(entry) = entry else {
        conn.prepare_cached("DELETE FROM listed WHERE key = ?1")?.execute([key])?;
        return Ok(());
    };
    let values = vec!["?"; COLUMNS.len() + 1].join(", ");
    let sql = format!("INSERT OR REPLACE INTO listed (key, {}) VALUES ({values})", COLUMNS.join(", "));
    let mut all = vec![Value::Text(key.to_owned())];
    all.extend(columns(entry));
    conn.prepare_cached(&sql)?.execute(params_from_iter(all))?;
    Ok(())
}

/// Whether the view has a list.
pub(super) fn is_there(conn: &Connection) -> rusqlite::Result<bool> {
    let found = conn.query_row("SELECT 1 FROM sqlite_schema WHERE name = 'listed'", [], |_| Ok(())).optional()?;
    Ok(found.is_some())
}

/// Gives every key with its columns.
pub(super) fn each(conn: &Connection, mut take: impl FnMut(String, &[Value])) -> rusqlite::Result<()> {
    let mut find = conn.prepare(&format!("SELECT key, {} FROM listed", COLUMNS.join(", ")))?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let columns: Vec<Value> = (1..=COLUMNS.len()).map(|it| row.get(it)).collect::<Result<_, _>>()?;
        take(row.get(0)?, &columns);
    }
    Ok(())
}

/// Takes the columns into a digest.
pub(super) fn digest(hash: &mut Sha256, columns: &[Value]) {
    for column in columns {
        hash.update(format!("{column:?}"));
        hash.update([0]);
    }
}
