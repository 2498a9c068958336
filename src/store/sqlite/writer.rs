//! The one thread of the process that writes: takes whatever waits, writes it in one transaction, answers all.
//!
//! Natural group commit: while one group is being made durable the next one gathers; nobody waits for a timer.

use std::collections::VecDeque;
use std::sync::Arc;

use hearth_events::{Position, leaf_hash};
use rusqlite::{Connection, ErrorCode};

use super::faults::Step;
use super::heads::{Head, Staged, key_of};
use super::queue::Job;
use super::reader::Backwards;
use super::{Shared, lock};
use crate::store::check::{Verdict, judge};
use crate::store::{Appended, StoreError};

type Answer = Result<Appended, StoreError>;

/// Why a group was not written.
enum Failure {
    /// Another process held the log for too long; nothing was written.
    Busy(String),
    /// The log is damaged; nothing was written.
    Damaged(String),
    /// Something went wrong on the way to the disk; nobody knows what is on it.
    Unknown(String),
}

/// Writes until the queue is closed and empty.
pub(super) fn run(shared: &Arc<Shared>, connection: Connection) {
    let _last_word = LastWord(shared);
    while let Some(jobs) = shared.queue.take() {
        write_group(shared, &connection, jobs);
        shared.keeper.finish_checkpoint(&connection);
    }
}

/// However the writer ends, nobody waits for it in vain.
struct LastWord<'a>(&'a Shared);

impl Drop for LastWord<'_> {
    fn drop(&mut self) {
        self.0.queue.close();
        self.0.stop("the event store is closed");
        // Only after a panic is there anybody left.
        if let Some(jobs) = self.0.queue.take() {
            answer_all(jobs, || StoreError::Unavailable("the writer has panicked".to_owned()));
        }
    }
}

fn write_group(shared: &Shared, connection: &Connection, jobs: VecDeque<Job>) {
    if let Err(stopped) = shared.check_running() {
        let StoreError::Unavailable(why) = stopped else { return };
        return answer_all(jobs, || StoreError::Unavailable(why.clone()));
    }
    match commit(shared, connection, &jobs) {
        Ok((answers, staged)) => {
            let last = staged.last;
            lock(&shared.heads).apply(staged);
            shared.publish(Position(last));
            for (job, answer) in jobs.into_iter().zip(answers) {
                // Nobody listens where the caller has gone; the events stay.
                let _gone = job.answer.send(answer);
            }
        }
        Err(Failure::Busy(why)) => answer_all(jobs, || StoreError::Unavailable(why.clone())),
        Err(Failure::Damaged(why)) => {
            stop(shared, connection, &why);
            answer_all(jobs, || StoreError::Wrong(why.clone()));
        }
        Err(Failure::Unknown(why)) => {
            stop(shared, connection, &why);
            answer_all(jobs, || StoreError::Ambiguous(why.clone()));
        }
    }
}

fn stop(shared: &Shared, connection: &Connection, why: &str) {
    tracing::error!(reason = why, "the event store stops for good: {why}");
    shared.stop(&format!("it stopped for good: {why}"));
    if !connection.is_autocommit() {
        // Where this fails too, the transaction ends with the process.
        let _failed = execute(connection, "ROLLBACK");
    }
}

fn answer_all(jobs: VecDeque<Job>, error: impl Fn() -> StoreError) {
    for job in jobs {
        let _gone = job.answer.send(Err(error()));
    }
}

/// The group in one transaction: an answer for each append, and what it changes.
fn commit(shared: &Shared, connection: &Connection, jobs: &VecDeque<Job>) -> Result<(Vec<Answer>, Staged), Failure> {
    let reach = |step| shared.faults.reach(step).map_err(Failure::Unknown);
    reach(Step::BeforeBegin)?;
    execute(connection, "BEGIN IMMEDIATE").map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) => Failure::Busy(format!("another process holds the log: {error}")),
        Some(_) | None => Failure::Unknown(error.to_string()),
    })?;
    reach(Step::AfterBegin)?;
    let mut staged = {
        let mut heads = lock(&shared.heads);
        heads.catch_up(connection).map_err(failed)?;
        Staged::after(&heads)
    };
    let before = staged.last;
    let mut answers = Vec::with_capacity(jobs.len());
    let mut written = 0;
    for job in jobs {
        answers.push(append(shared, connection, job, &mut staged, &mut written)?);
    }
    if staged.last == before {
        execute(connection, "ROLLBACK").map_err(unknown)?;
        return Ok((answers, staged));
    }
    reach(Step::BeforeCommit)?;
    execute(connection, "COMMIT").map_err(unknown)?;
    reach(Step::AfterCommit)?;
    shared.keeper.written(written);
    Ok((answers, staged))
}

fn append(
    shared: &Shared,
    connection: &Connection,
    job: &Job,
    staged: &mut Staged,
    written: &mut usize,
) -> Result<Answer, Failure> {
    let key = key_of(&job.stream);
    let head = staged.streams.get(&key).copied().or_else(|| lock(&shared.heads).streams.get(&key).copied());
    let actual = head.map(|it| it.revision);
    let newest_first = Backwards::from(connection, head.map_or(0, |it| it.position));
    let first = match judge(&job.stream, job.expected, &job.events, actual, newest_first).map_err(failed)? {
        Verdict::Append(first) => first,
        Verdict::Before(appended) => return Ok(Ok(appended)),
        Verdict::Conflict => return Ok(Err(StoreError::Conflict { actual })),
    };
    let mut insert = connection
        .prepare_cached("INSERT INTO events (position, previous, bytes, hash) VALUES (?1, ?2, ?3, ?4)")
        .map_err(unknown)?;
    let mut last = Head { position: head.map_or(0, |it| it.position), revision: first };
    for (revision, event) in (first..).zip(&job.events) {
        staged.last += 1;
        staged.recorded_at = staged.recorded_at.max(event.recorded_at);
        let bytes = event.stored_bytes(Position(staged.last), &job.stream, revision, staged.recorded_at);
        staged.hash = leaf_hash(&bytes);
        let (position, previous) = (staged.last.cast_signed(), last.position.cast_signed());
        insert.execute((position, previous, bytes.as_slice(), staged.hash.as_slice())).map_err(unknown)?;
        last = Head { position: staged.last, revision };
        *written += bytes.len();
        shared.faults.reach(Step::AfterInsert).map_err(Failure::Unknown)?;
    }
    staged.streams.insert(key, last);
    Ok(Ok(Appended { last: Position(last.position), revision: last.revision }))
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

/// What went wrong on the way to the disk.
fn unknown(error: rusqlite::Error) -> Failure {
    Failure::Unknown(error.to_string())
}

/// What went wrong while reading, before anything was written.
fn failed(error: StoreError) -> Failure {
    match error {
        StoreError::Wrong(why) => Failure::Damaged(why),
        StoreError::Conflict { .. } | StoreError::Ambiguous(_) | StoreError::Unavailable(_) => {
            Failure::Unknown(error.to_string())
        }
    }
}
