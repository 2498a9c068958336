//! Messages to submitters: written into the outbox as the log tells, sent from there.
//!
//! * [`message`] — what is said at which moment, and how it lies in the outbox;
//! * `words` — the catalogue of what is said;
//! * [`writing`] — which messages there are to be, from the log;
//! * [`come_back`] — the one that does not come from the log: the link to answers that were not sent yet;
//! * [`sending`] — the outbox emptied, once a message, with growing pauses where it does not work;
//! * `smtp` — by SMTP, where that is compiled in.
//!
//! Nothing is sent while somebody waits for an answer, and nothing that was to be sent is lost with a process.

pub mod come_back;
pub mod message;
pub mod sending;
#[cfg(feature = "smtp")]
pub mod smtp;
mod words;
pub mod writing;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// What the name of every message begins with, and that of no letter.
const PREFIX: &str = "mail-";

/// The right to write and send messages, which one process has at a time; none where another has it. It ends with the value,
/// or with the process.
///
/// # Errors
/// When the outbox cannot be used.
pub fn turn(outbox: &Path) -> io::Result<Option<File>> {
    DirBuilder::new().recursive(true).mode(0o700).create(outbox)?;
    let path = outbox.join(".mail.lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}
