//! What the disk can do: the same batching, writing raw bytes into a zero-filled file.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use anyhow::Result;
use tokio::sync::oneshot;

/// The size of the file; then it is written from the beginning again.
const SIZE: u64 = 64 << 20;

/// A file of zeros that are on the disk.
pub(crate) fn zero_filled(path: &Path) -> Result<File> {
    let mut file = File::create(path)?;
    let zeros = vec![0; 1 << 20];
    for _ in 0..SIZE >> 20 {
        file.write_all(&zeros)?;
    }
    file.sync_all()?;
    Ok(file)
}

type Waiting = Vec<(Vec<u8>, oneshot::Sender<()>)>;

/// A thread that writes whatever waits with one write and one `fdatasync`.
#[derive(Clone)]
pub(crate) struct RawLog(Arc<(Mutex<Waiting>, Condvar)>);

impl RawLog {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = zero_filled(path)?;
        let log = Self(Arc::default());
        let queue = Arc::downgrade(&log.0);
        std::thread::spawn(move || {
            let mut at = 0;
            while let Some(queue) = queue.upgrade() {
                let mut waiting = queue.0.lock().unwrap_or_else(PoisonError::into_inner);
                while waiting.is_empty() {
                    waiting = queue.1.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                }
                let group = std::mem::take(&mut *waiting);
                drop(waiting);
                let bytes: Vec<u8> = group.iter().flat_map(|it| it.0.as_slice()).copied().collect();
                if at + (1 << 20) > SIZE {
                    at = 0;
                }
                if file.write_all_at(&bytes, at).and_then(|()| file.sync_data()).is_err() {
                    return;
                }
                at += u64::try_from(bytes.len()).unwrap_or_default();
                for (_, answer) in group {
                    let _gone = answer.send(());
                }
            }
        });
        Ok(log)
    }

    pub(crate) async fn append(&self, bytes: Vec<u8>) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).push((bytes, answer));
        self.0.1.notify_one();
        Ok(answered.await?)
    }
}
