//! Where the rows of one projection are kept: generations of a SQLite file, and a pointer that names the live one.
//!
//! ```text
//! accounts.v1.current        names the live generation; replaced by rename
//! accounts.v1.g3.sqlite      a generation: rows, links, parked streams, checkpoint
//! accounts.v1.g2.sqlite.set-aside
//! accounts.v1.pointer.lock   held while the pointer moves
//! accounts.v1.rebuild.lock   held while somebody rebuilds
//! ```
//!
//! Views are disposable: a generation is synced only at SQLite's own checkpoints, and a tail that is lost is applied again.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hearth_events::{Position, StoredEvent};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use tokio::sync::watch;

use super::error::ViewError;
use super::fold::decode_batch;
use super::hot::Hot;
use super::listing;
use super::register::{Registered, position_of, sql_position};

/// How many idle connections for reading are kept.
pub(super) const IDLE: usize = 16;

/// How long SQLite's journal may get, in bytes, before it is moved into the file.
const LONG_JOURNAL: u64 = 8 * 1_024 * 1_024;

/// How often a file that others keep replacing is looked up again.
const ATTEMPTS: u32 = 50;

const SCHEMA: &str = "
    CREATE TABLE rows (key TEXT PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE links (name TEXT, value TEXT, key TEXT, PRIMARY KEY (name, value, key)) WITHOUT ROWID;
    CREATE TABLE parked (stream TEXT PRIMARY KEY, position INTEGER NOT NULL, reason TEXT NOT NULL);
    CREATE TABLE meta (
        id INTEGER PRIMARY KEY CHECK (id = 1), checkpoint INTEGER NOT NULL, hash BLOB NOT NULL,
        log_id TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, ready INTEGER NOT NULL
    );";

/// The view of one projection in one directory.
pub(crate) struct View {
    /// The projection.
    pub(crate) projection: &'static dyn Registered,
    dir: PathBuf,
    log_id: String,
    pub(super) readers: Mutex<Readers>,
    progress: watch::Sender<Position>,
    changed: watch::Sender<Position>,
    tidying: AtomicBool,
}

#[derive(Default)]
pub(super) struct Readers {
    pub(super) stamp: Option<Stamp>,
    pub(super) idle: Vec<Session>,
}

/// What tells one pointer file from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    inode: u64,
    changed: (i64, i64),
}

/// A connection to one generation.
pub(crate) struct Session {
    /// The connection.
    pub(crate) conn: Connection,
    /// The file of the generation.
    pub(crate) file: PathBuf,
    /// The pointer that named it; none while it is being built.
    pub(super) stamp: Option<Stamp>,
    /// Whether readers may have answers: what takes the place of a damaged file may not answer before it is whole.
    pub(super) ready: bool,
    /// What it has read since the file last changed.
    pub(super) hot: Hot,
}

impl Session {
    /// Whether it is of a generation that was live when it was opened, not of one that is being built.
    pub(crate) fn is_live(&self) -> bool {
        self.stamp.is_some()
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The view stands at this position now: go on after it.
    At(Position),
    /// Another generation is the live one: open it.
    Swapped,
}

impl View {
    /// The view of `projection` in `dir`, made where there is none.
    pub(crate) fn open(dir: &Path, log_id: &str, projection: &'static dyn Registered) -> Result<Self, ViewError> {
        let view = Self {
            projection,
            dir: dir.to_owned(),
            log_id: log_id.to_owned(),
            readers: Mutex::default(),
            progress: watch::Sender::new(Position::START),
            changed: watch::Sender::new(Position::START),
            tidying: AtomicBool::new(false),
        };
        let session = view.session()?;
        let (at, _) = view.checkpoint_of(&session.conn)?;
        view.progress.send_replace(at);
        view.changed.send_replace(at);
        view.give_back(session);
        Ok(view)
    }

    /// What it is called.
    pub(crate) fn name(&self) -> &'static str {
        self.projection.name()
    }

    /// Woken by every step of a worker in this process.
    pub(crate) fn progress(&self) -> watch::Receiver<Position> {
        self.progress.subscribe()
    }

    /// Woken by the steps in which something that concerns the view happened; the value is where it then stood.
    pub(crate) fn changes(&self) -> watch::Receiver<Position> {
        self.changed.subscribe()
    }

    /// The position and the hash of the last event in it.
    pub(crate) fn checkpoint_of(&self, conn: &Connection) -> Result<(Position, Vec<u8>), ViewError> {
        checkpoint(conn).map_err(|error| ViewError::of(self.name(), &error))
    }

    /// Opens the live generation; one that is damaged or of another log is set aside first.
    pub(crate) fn session(&self) -> Result<Session, ViewError> {
        for _ in 0..ATTEMPTS {
            let Some((stamp, file)) = self.current()? else {
                let _pointer = self.lock("pointer")?;
                if self.current()?.is_none() {
                    let file = self.new_generation(true)?;
                    self.point_to(&file)?;
                }
                continue;
            };
            let opened = self.open_generation(&file);
            // Only while the pointer still names it is the file sure to be whole: the old one is deleted after a swap.
            if self.stamp()? != Some(stamp) {
                continue;
            }
            match opened {
                Ok((conn, ready)) => return Ok(Session { conn, file, stamp: Some(stamp), ready, hot: Hot::default() }),
                Err(ViewError::SetAside { reason, .. }) => self.set_aside(&file, &reason)?,
                Err(error @ (ViewError::Unavailable { .. } | ViewError::Unknown { .. })) => return Err(error),
            }
        }
        Err(ViewError::unavailable(self.name(), "its file is replaced again and again"))
    }

    /// Whether the session is of the live generation.
    pub(crate) fn is_current(&self, session: &Session) -> Result<bool, ViewError> {
        Ok(session.stamp.is_none() || self.stamp()? == session.stamp)
    }

    /// Applies the events of a batch that the view does not have yet, and moves the checkpoint, in one transaction.
    ///
    /// The batch holds every event after `after`. Several processes may do this at once: whoever comes second finds the
    /// checkpoint moved.
    pub(crate) fn apply(
        &self,
        session: &mut Session,
        after: Position,
        events: &[StoredEvent],
    ) -> Result<Step, ViewError> {
        let (step, concerns) = self.try_apply(session, after, events)?;
        if let (Step::At(position), Some(_)) = (step, session.stamp) {
            self.progress.send_replace(position);
            if concerns {
                self.changed.send_replace(position);
            }
            metrics::counter!("hearth_view_position", "view" => self.name()).absolute(position.0);
        }
        Ok(step)
    }

    /// The same, and whether anything of it concerns the view; what another process applied may.
    fn try_apply(
        &self,
        session: &mut Session,
        after: Position,
        events: &[StoredEvent],
    ) -> Result<(Step, bool), ViewError> {
        let failed = |error| ViewError::of(self.name(), &error);
        let stamp = session.stamp;
        let transaction = session.conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        // The pointer moves only while the live generation is locked for writing, so this cannot change before the commit.
        if stamp.is_some() && self.stamp()? != stamp {
            return Ok((Step::Swapped, true));
        }
        let (at, _) = checkpoint(&transaction).map_err(failed)?;
        let new = events.iter().position(|it| it.position > at).and_then(|first| events.get(first..));
        let (Some(new), true) = (new, at >= after) else {
            return Ok((Step::At(at), true));
        };
        let Some(last) = new.last() else { return Ok((Step::At(at), true)) };
        let batch = decode_batch(new, |stream| self.projection.concerns(stream));
        let parked = self.projection.apply(&transaction, &batch).map_err(failed)?;
        transaction
            .prepare_cached("UPDATE meta SET checkpoint = ?1, hash = ?2")
            .and_then(|mut it| it.execute(params![sql_position(last.position), last.hash]))
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        for (stream, held) in parked {
            metrics::counter!("hearth_view_parked_streams_total", "view" => self.name()).increment(1);
            tracing::error!(
                view = self.name(),
                stream,
                position = held.position.0,
                reason = held.reason,
                "ALARM: the view {} holds the stream {stream} from event {} on: {}",
                self.name(),
                held.position,
                held.reason,
            );
        }
        Ok((Step::At(last.position), !batch.is_empty()))
    }

    /// Lets readers have answers, once the view has come to where the log ended when it was opened.
    pub(crate) fn make_ready(&self, session: &mut Session) -> Result<(), ViewError> {
        if !session.ready {
            let set = session.conn.execute("UPDATE meta SET ready = 1", []);
            set.map_err(|error| ViewError::of(self.name(), &error))?;
            session.ready = true;
        }
        Ok(())
    }

    /// Puts a file that cannot be used out of the way and begins an empty generation, unless that has been done.
    pub(crate) fn set_aside(&self, file: &Path, reason: &str) -> Result<(), ViewError> {
        let _pointer = self.lock("pointer")?;
        if self.current()?.is_none_or(|(_, current)| current != file) {
            return Ok(());
        }
        let fresh = self.new_generation(false)?;
        self.point_to(&fresh)?;
        let aside = PathBuf::from(format!("{}.set-aside", file.display()));
        if let Err(error) = fs::rename(file, &aside) {
            tracing::warn!(view = self.name(), "{} could not be kept: {error}", file.display());
        }
        remove_generation(file);
        metrics::counter!("hearth_view_set_aside_total", "view" => self.name()).increment(1);
        tracing::error!(
            view = self.name(),
            reason,
            "ALARM: the view {} is set aside as {} and built anew: {reason}",
            self.name(),
            aside.display(),
        );
        Ok(())
    }

    /// Notes an error of the live generation; a damaged file is set aside.
    pub(crate) fn failed(&self, file: &Path, error: &rusqlite::Error) -> ViewError {
        let error = ViewError::of(self.name(), error);
        if let ViewError::SetAside { reason, .. } = &error
            && let Err(error) = self.set_aside(file, reason)
        {
            return error;
        }
        error
    }

    fn stem(&self) -> String {
        format!("{}.v{}", self.projection.name(), self.projection.version())
    }

    fn pointer(&self) -> PathBuf {
        self.dir.join(format!("{}.current", self.stem()))
    }

    pub(super) fn stamp(&self) -> Result<Option<Stamp>, ViewError> {
        let path = self.pointer();
        match fs::metadata(&path) {
            Ok(it) => Ok(Some(Stamp { inode: it.ino(), changed: (it.ctime(), it.ctime_nsec()) })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ViewError::io(self.name(), &path, &error)),
        }
    }

    /// The live generation and the stamp of the pointer that names it.
    fn current(&self) -> Result<Option<(Stamp, PathBuf)>, ViewError> {
        let path = self.pointer();
        for _ in 0..ATTEMPTS {
            let Some(stamp) = self.stamp()? else { return Ok(None) };
            let name = match fs::read_to_string(&path) {
                Ok(name) => name,
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidData) => return Ok(None),
                Err(error) => return Err(ViewError::io(self.name(), &path, &error)),
            };
            let name = name.trim();
            let is_ours = name.starts_with(&self.stem()) && !name.contains('/');
            if self.stamp()? == Some(stamp) {
                return Ok(is_ours.then(|| (stamp, self.dir.join(name))));
            }
        }
        Err(ViewError::unavailable(self.name(), "its pointer moves again and again"))
    }

    fn open_generation(&self, file: &Path) -> Result<(Connection, bool), ViewError> {
        let failed = |error| ViewError::of(self.name(), &error);
        if !file.exists() {
            return Err(ViewError::set_aside(self.name(), format!("{} is gone", file.display())));
        }
        let conn = connect(file, OpenFlags::empty()).map_err(failed)?;
        let (log_id, name, version, ready): (String, String, u32, bool) = conn
            .query_row("SELECT log_id, name, version, ready FROM meta", [], |row| row.try_into())
            .map_err(failed)?;
        if log_id != self.log_id {
            return Err(ViewError::set_aside(self.name(), format!("it was made from the log {log_id}")));
        }
        if (name.as_str(), version) != (self.name(), self.projection.version()) {
            return Err(ViewError::set_aside(self.name(), format!("it is {name} in version {version}")));
        }
        Ok((conn, ready))
    }
}

/// What a rebuild needs.
impl View {
    /// Waits for a lock of this view, `pointer` or `rebuild`; it ends with the file, or with the process.
    pub(crate) fn lock(&self, what: &str) -> Result<File, ViewError> {
        let path = self.dir.join(format!("{}.{what}.lock", self.stem()));
        let failed = |error: std::io::Error| ViewError::io(self.name(), &path, &error);
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(file)
    }

    /// Begins a generation that nobody sees yet. The caller holds the pointer's lock.
    pub(crate) fn new_generation(&self, ready: bool) -> Result<PathBuf, ViewError> {
        let stem = format!("{}.g", self.stem());
        let numbers = self.files()?.into_iter().filter_map(|name| {
            name.strip_prefix(&stem)?.split_once('.').and_then(|(number, _)| number.parse::<u64>().ok())
        });
        let number = numbers.max().unwrap_or_default() + 1;
        let file = self.dir.join(format!("{stem}{number}.sqlite"));
        let failed = |error| ViewError::of(self.name(), &error);
        let mut conn = connect(&file, OpenFlags::SQLITE_OPEN_CREATE).map_err(failed)?;
        let transaction = conn.transaction().map_err(failed)?;
        transaction.execute_batch(SCHEMA).map_err(failed)?;
        if self.projection.is_listed() {
            transaction.execute_batch(&listing::schema()).map_err(failed)?;
        }
        transaction
            .execute(
                "INSERT INTO meta (id, checkpoint, hash, log_id, name, version, ready) VALUES (1, 0, x'', ?1, ?2, ?3, ?4)",
                params![self.log_id, self.name(), self.projection.version(), ready],
            )
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(file)
    }

    /// Opens a generation that is being built: it has no journal and is not synced until it is done. Where anything goes
    /// wrong, the whole file is thrown away.
    pub(crate) fn building(&self, file: PathBuf) -> Result<Session, ViewError> {
        let (conn, ready) = self.open_generation(&file)?;
        conn.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144")
            .map_err(|error| ViewError::of(self.name(), &error))?;
        Ok(Session { conn, file, stamp: None, ready, hot: Hot::default() })
    }

    /// Makes `file` the live generation. The caller holds the pointer's lock, and the live one is locked for writing.
    pub(crate) fn point_to(&self, file: &Path) -> Result<(), ViewError> {
        let failed = |error: std::io::Error| ViewError::io(self.name(), file, &error);
        let name = file.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let next = self.dir.join(format!("{}.next", self.stem()));
        let mut pointer = File::create(&next).map_err(failed)?;
        writeln!(pointer, "{name}").map_err(failed)?;
        pointer.sync_all().map_err(failed)?;
        fs::rename(&next, self.pointer()).map_err(failed)?;
        File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(failed)
    }

    /// Deletes every generation but the live one. The caller holds both locks.
    pub(crate) fn remove_others(&self) -> Result<(), ViewError> {
        let live = self.current()?.map(|(_, file)| file);
        let prefix = format!("{}.g", self.stem());
        for name in self.files()? {
            let is_generation =
                name.starts_with(&prefix) && Path::new(&name).extension().is_some_and(|it| it == "sqlite");
            let file = self.dir.join(&name);
            if is_generation && Some(&file) != live.as_ref() {
                remove_generation(&file);
            }
        }
        Ok(())
    }

    /// Moves what is committed into the file itself, where the journal has become long. This waits for the disk, so nobody
    /// does it who has events to apply: they would show late.
    pub(crate) fn tidy(&self, file: &Path) {
        let journal = fs::metadata(format!("{}-wal", file.display())).map_or(0, |it| it.len());
        if journal < LONG_JOURNAL || self.tidying.swap(true, Ordering::SeqCst) {
            return;
        }
        let moved = connect(file, OpenFlags::empty())
            .and_then(|conn| conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())));
        if let Err(error) = moved {
            tracing::warn!(view = self.name(), "the journal of {} stays long: {error}", self.name());
        }
        self.tidying.store(false, Ordering::SeqCst);
    }

    /// Tells those who wait in this process where the live generation stands.
    pub(crate) fn announce(&self, position: Position) {
        self.progress.send_replace(position);
    }

    fn files(&self) -> Result<Vec<String>, ViewError> {
        let failed = |error: std::io::Error| ViewError::io(self.name(), &self.dir, &error);
        let entries = fs::read_dir(&self.dir).map_err(failed)?;
        entries.map(|entry| Ok(entry.map_err(failed)?.file_name().to_string_lossy().into_owned())).collect()
    }
}

/// Deletes a generation and what SQLite keeps beside it; readers that have it open keep it until they are done.
pub(crate) fn remove_generation(file: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{suffix}", file.display()));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::warn!("{} could not be deleted: {error}", path.display());
            }
            Ok(()) | Err(_) => {}
        }
    }
}

/// The position and the hash of the last event in a view.
pub(crate) fn checkpoint(conn: &Connection) -> rusqlite::Result<(Position, Vec<u8>)> {
    conn.prepare_cached("SELECT checkpoint, hash FROM meta")?
        .query_row([], |row| Ok((position_of(row.get(0)?), row.get(1)?)))
}

fn connect(file: &Path, create: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
    let conn = Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(Duration::from_secs(30))?;
    conn.set_prepared_statement_cache_capacity(32);
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(conn)
}
