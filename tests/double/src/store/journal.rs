//! Each commit as a line of a file, written before it is answered, so that a killed double comes back with its log.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Record;

#[derive(Debug)]
pub(super) struct Journal {
    file: File,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    stream: String,
    revision: u64,
    id: String,
    kind: String,
    content_type: String,
    data: String,
    metadata: String,
    created: u64,
    position: u64,
}

impl Journal {
    /// Opens or creates a journal and reads what it holds. A line that was never finished was never answered, and goes.
    pub(super) fn open(path: &Path) -> anyhow::Result<(Self, Vec<Record>)> {
        let shown = path.display();
        let opened = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(path);
        let mut file = opened.with_context(|| format!("opening the journal {shown}"))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).with_context(|| format!("reading the journal {shown}"))?;
        let whole = text.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
        text.truncate(whole);
        file.set_len(u64::try_from(whole)?)?;
        file.seek(SeekFrom::End(0))?;
        let mut records = Vec::new();
        for (number, line) in text.split(|it| *it == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
            let entries: Vec<Entry> =
                serde_json::from_slice(line).with_context(|| format!("line {} of the journal {shown}", number + 1))?;
            for entry in entries {
                records.push(entry.record()?);
            }
        }
        Ok((Self { file }, records))
    }

    /// Writes a commit. To the kernel, not to the disk: the process may be killed, the machine may not.
    pub(super) fn write(&mut self, records: &[Record]) -> std::io::Result<()> {
        let entries: Vec<Entry> = records.iter().map(Entry::of).collect();
        let mut line = serde_json::to_vec(&entries)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}

impl Entry {
    fn of(record: &Record) -> Self {
        Self {
            stream: record.stream.clone(),
            revision: record.revision,
            id: record.id.to_string(),
            kind: record.kind.clone(),
            content_type: record.content_type.clone(),
            data: STANDARD.encode(&record.data),
            metadata: STANDARD.encode(&record.metadata),
            created: record.created,
            position: record.position,
        }
    }

    fn record(self) -> anyhow::Result<Record> {
        Ok(Record {
            id: Uuid::parse_str(&self.id)?,
            data: STANDARD.decode(&self.data)?.into(),
            metadata: STANDARD.decode(&self.metadata)?.into(),
            stream: self.stream,
            revision: self.revision,
            kind: self.kind,
            content_type: self.content_type,
            created: self.created,
            position: self.position,
        })
    }
}
