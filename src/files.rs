//! Files written whole or not at all, for nobody else to read.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Puts a file of this name into a folder, which is made where there is none; it is durable when this returns.
///
/// # Errors
/// When it cannot be written; the folder then has no file of this name, or the one it had.
pub fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let unfinished = folder.join(format!(".{name}.{}", std::process::id()));
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    let kept = written.and_then(|()| std::fs::rename(&unfinished, folder.join(name)));
    if kept.is_err() {
        // A disk that is full has no room for what is unfinished either.
        let _ = std::fs::remove_file(&unfinished);
    }
    kept?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_for_nobody_else_to_read_and_leaves_nothing_unfinished() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("new");
        write(&folder, "one", b"Please").unwrap();
        write(&folder, "one", b"Thank you").unwrap();
        assert_eq!(std::fs::read(folder.join("one")).unwrap(), b"Thank you");
        assert_eq!(std::fs::metadata(folder.join("one")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        // A folder stands where the file should: nothing is left beside it.
        std::fs::create_dir(folder.join("two")).unwrap();
        assert!(write(&folder, "two", b"x").is_err());
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    }
}
