//! Rows that were read a moment ago, kept decoded for as long as nobody has written to the file.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;

/// How many rows a connection keeps; then it begins anew.
const MOST: usize = 10_000;

/// The rows that one connection has read since its file last changed.
#[derive(Default)]
pub(super) struct Hot {
    version: Option<i64>,
    rows: BTreeMap<String, Arc<dyn Any + Send + Sync>>,
}

impl Hot {
    /// The row under a key: the one that was read before, where nothing was committed since, or else the one that `read` finds.
    ///
    /// SQLite changes its data version with every commit of another connection. It is asked before the row is read, so a row
    /// can only be kept under a version that is too old, and is then read again.
    pub(super) fn row<T: Send + Sync + 'static>(
        &mut self,
        conn: &Connection,
        key: &str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<Option<T>>,
    ) -> rusqlite::Result<Option<Arc<T>>> {
        let version = conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.version != Some(version) || self.rows.len() >= MOST {
            self.rows.clear();
            self.version = Some(version);
        }
        if let Some(row) = self.rows.get(key).and_then(|it| Arc::clone(it).downcast::<T>().ok()) {
            return Ok(Some(row));
        }
        let row = read(conn)?.map(Arc::new);
        if let Some(row) = &row {
            self.rows.insert(key.to_owned(), Arc::clone(row) as Arc<dyn Any + Send + Sync>);
        }
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_again_once_somebody_has_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("view.sqlite");
        let writer = Connection::open(&file).unwrap();
        writer
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)")
            .unwrap();
        let reader = Connection::open(&file).unwrap();
        let mut hot = Hot::default();
        let mut reads = 0;
        let mut read = |hot: &mut Hot| {
            let found = hot.row(&reader, "n", |conn| {
                reads += 1;
                conn.query_row("SELECT n FROM t", [], |row| row.get::<_, i64>(0)).map(Some)
            });
            (*found.unwrap().unwrap(), reads)
        };
        assert_eq!(read(&mut hot), (1, 1));
        assert_eq!(read(&mut hot), (1, 1), "nothing was written: the row is at hand");
        writer.execute("UPDATE t SET n = 2", []).unwrap();
        assert_eq!(read(&mut hot), (2, 2));
    }
}
