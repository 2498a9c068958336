//! Opening the file: what every connection to the log is set to, and the schema.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::store::StoreError;

/// 3.51.3 repaired a race that could corrupt a database when the write-ahead log started anew.
const OLDEST_SQLITE: i32 = 3_051_003;
/// "HLOG", so that `file` and the next program know what it is.
const APPLICATION_ID: i32 = 0x484C_4F47;
/// The version of the schema.
const SCHEMA_VERSION: i32 = 1;
/// Bytes in a page. Of 8 KiB a group of appends fills a few, so there are fewer to write and to read than of 4 KiB; of
/// 16 KiB a single append would write more than it needs.
pub(super) const PAGE: u16 = 8_192;
/// How long a connection waits for another process before it says that the log is busy.
const BUSY: Duration = Duration::from_secs(10);

const SCHEMA: &str = "
    CREATE TABLE events (
        position INTEGER PRIMARY KEY,
        previous INTEGER NOT NULL,
        bytes    BLOB NOT NULL,
        hash     BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
";

/// Makes the folder and the file where they are missing, and brings what a crash left in the write-ahead log into the
/// file. One process at a time; the others wait.
pub(super) fn prepare(dir: &Path) -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::Wrong(format!(
            "SQLite {} can corrupt the log: build with 3.51.3",
            rusqlite::version()
        )));
    }
    let is_new = !dir.exists();
    std::fs::create_dir_all(dir).map_err(unusable(dir))?;
    let lock = File::create(dir.join("log.lock")).map_err(unusable(dir))?;
    lock.lock().map_err(unusable(dir))?;
    let mut connection = open(dir, true)?;
    match version(&connection).map_err(reading)? {
        (0, 0) => create(&mut connection).map_err(reading)?,
        (APPLICATION_ID, SCHEMA_VERSION) => {}
        (APPLICATION_ID, newer) => {
            return Err(StoreError::Wrong(format!("the log has schema {newer}: it was written by a newer Hearth")));
        }
        _ => return Err(StoreError::Wrong(format!("{} is not a log of Hearth", dir.join("log.sqlite").display()))),
    }
    // Frames left by a process whose fsync failed may be in the page cache only, and would read as if they were safe.
    // Copying them into the file and syncing that makes them durable before anybody builds on them.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(reading)?;
    sync_folder(dir)?;
    match dir.parent().filter(|it| is_new && !it.as_os_str().is_empty()) {
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

/// Makes durable which files are in a folder.
fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|it| it.sync_all()).map_err(unusable(folder))
}

/// A connection to a log that is there.
pub(super) fn open(dir: &Path, may_write: bool) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(dir.join("log.sqlite"), flags).map_err(reading)?;
    let set = || -> rusqlite::Result<()> {
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Checkpoints are the keeper's, see keeper.rs.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "query_only", !may_write)
    };
    set().map_err(reading)?;
    Ok(connection)
}

fn version(connection: &Connection) -> rusqlite::Result<(i32, i32)> {
    let of = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((of("application_id")?, of("user_version")?))
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

/// A file of the log that cannot be used.
pub(super) fn unusable(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
    move |error| StoreError::Unavailable(format!("{}: {error}", path.display()))
}

/// What an error means outside of a commit.
pub(super) fn reading(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, TypeMismatch};
    match error.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase | TypeMismatch) => {
            StoreError::Wrong(format!("the log is damaged: {error}"))
        }
        Some(_) | None => StoreError::Unavailable(error.to_string()),
    }
}
