//! Reading the live generation of a view, with connections that are used again.

use std::sync::{Arc, PoisonError};

use rusqlite::Connection;

use super::error::ViewError;
use super::file::{IDLE, Session, View};

impl View {
    /// Answers a query from the live generation; refuses while that is built anew, rather than answer from a part.
    pub(crate) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, ViewError> {
        let session = self.lease()?;
        if !session.ready {
            return Err(ViewError::set_aside(self.name(), "it has not caught up with the log yet"));
        }
        self.ask(session, query)
    }

    /// Answers with one row of the live generation; one that was read before and has not changed since is at hand.
    pub(crate) fn read_row<T: Send + Sync + 'static>(
        &self,
        key: &str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<Option<T>>,
    ) -> Result<Option<Arc<T>>, ViewError> {
        let mut session = self.lease()?;
        if !session.ready {
            return Err(ViewError::set_aside(self.name(), "it has not caught up with the log yet"));
        }
        match session.hot.row(&session.conn, key, read) {
            Ok(found) => {
                self.give_back(session);
                Ok(found)
            }
            Err(error) => Err(self.failed(&session.file, &error)),
        }
    }

    /// Asks how the live generation itself is; answered while it is built anew, too.
    pub(crate) fn read_state<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, ViewError> {
        self.ask(self.lease()?, query)
    }

    fn ask<T>(&self, session: Session, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, ViewError> {
        match query(&session.conn) {
            Ok(found) => {
                self.give_back(session);
                Ok(found)
            }
            Err(error) => Err(self.failed(&session.file, &error)),
        }
    }

    pub(super) fn lease(&self) -> Result<Session, ViewError> {
        let stamp = self.stamp()?;
        {
            let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.stamp != stamp {
                readers.idle.clear();
                readers.stamp = stamp;
            }
            if let Some(session) = readers.idle.pop() {
                return Ok(session);
            }
        }
        self.session()
    }

    pub(super) fn give_back(&self, session: Session) {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if session.ready && readers.stamp == session.stamp && readers.idle.len() < IDLE {
            readers.idle.push(session);
        }
    }
}
