//! Where a log, its views and its keys lie.

use std::path::{Path, PathBuf};
use std::{fmt, io};

/// A data directory.
#[derive(Clone)]
pub struct DataDir {
    root: PathBuf,
    key_file: Option<PathBuf>,
    server: Option<String>,
}

// By hand: the connection string of a server may hold a password.
impl fmt::Debug for DataDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataDir").field("root", &self.root).finish_non_exhaustive()
    }
}

impl DataDir {
    /// The directory at `root`; the master key lies elsewhere where `key_file` says so.
    pub fn new(root: &Path, key_file: Option<PathBuf>) -> Self {
        Self { root: root.to_owned(), key_file, server: None }
    }

    /// The same, with the log on the server that a connection string points to; views and keys stay here.
    #[must_use]
    pub fn with_log_on(self, server: Option<String>) -> Self {
        Self { server, ..self }
    }

    /// The connection string of the server with the log; none where the log is in the directory.
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The folder of what is derived from the log of a server.
    pub fn places(&self) -> PathBuf {
        self.root.join("places")
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the directory, for nobody else to read.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make_private(&self) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.root)
    }

    /// The folder of the log.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The folder of the views.
    pub fn views(&self) -> PathBuf {
        self.root.join("views")
    }

    /// The folder of the wrapped keys.
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// The folder of letters that somebody is to send.
    pub fn outbox(&self) -> PathBuf {
        self.root.join("outbox")
    }

    /// The file of what was answered and not sent yet.
    pub fn drafts(&self) -> PathBuf {
        self.root.join("drafts.sqlite")
    }

    /// The file of passphrases and sessions of staff.
    pub fn staff(&self) -> PathBuf {
        self.root.join("staff.sqlite")
    }

    /// The folder of evidence, each file sealed for its submitter.
    pub fn evidence(&self) -> PathBuf {
        self.root.join("evidence")
    }

    /// The file of the master key.
    pub fn master_key(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.keys().join("master.key"))
    }
}
