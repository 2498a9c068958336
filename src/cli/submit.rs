//! `hearth submit`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use hearth_events::Status;
use serde::Serialize;
use serde_json::{Value, json};

use super::output::{complain, progress, say, say_json};
use super::{Common, Failure};
use crate::batch::{self, Submitted};
use crate::intake::csv::value_of;
use crate::service::{FieldFault, Refusal, Service};

/// Submits notifications from files.
#[derive(Debug, Args)]
pub(super) struct Submit {
    /// NDJSON (one notification a line) or CSV (`.csv`; the columns are the paths of the fields); `-` is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// What became of the notifications of some files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    /// Lines read.
    pub(super) received: u64,
    /// Took effect.
    pub(super) applied: u64,
    /// Wait for an officer.
    pub(super) referred: u64,
    /// Told what is already so.
    pub(super) duplicate: u64,
    /// Not well formed, or to be put right by the submitter.
    pub(super) rejected: u64,
    /// Safe, and decided later.
    pub(super) pending: u64,
    /// Of all these, received before: the first answer again.
    pub(super) already_received: u64,
    /// Where the rejected lines are, with the reasons.
    pub(super) rejected_files: Vec<String>,
}

/// One line of a file: what it says, or why it cannot be read.
struct Line {
    number: u64,
    text: String,
    value: Result<Value, String>,
}

pub(super) async fn run(common: &Common, args: Submit) -> Result<(), Failure> {
    let mut read = Vec::new();
    for path in &args.files {
        read.push((path, lines(path)?));
    }
    let service = common.open().await?;
    let workers = super::serve::Workers::start(&service);
    let mut tally = Tally::default();
    for (path, lines) in read {
        let rejected = submit(&service, &lines, &mut tally).await?;
        write_rejected(path, &rejected, &mut tally);
    }
    // What an earlier run took in and could not decide is decided now.
    crate::processor::resume(&service, || false).await?;
    crate::processor::lapse(&service).await?;
    workers.stop().await;
    // A simulated clock has moved with what was submitted: days that were known in advance have come.
    crate::processor::expire_all(&service).await?;
    service.catch_up().await?;
    if common.json {
        say_json(&tally)?;
    } else {
        say(&table(&tally))?;
    }
    if tally.rejected > 0 {
        let files = tally.rejected_files.join(", ");
        return Err(Failure::No(format!("{} were rejected; see {files} for the reasons", tally.rejected)));
    }
    Ok(())
}

/// Submits NDJSON that is at hand, for the demonstration.
pub(super) async fn submit_text(service: &Service, text: &str) -> Result<(Tally, Vec<Value>), Failure> {
    let lines: Vec<_> = text.lines().enumerate().filter_map(|(number, line)| ndjson_line(number, line)).collect();
    let mut tally = Tally::default();
    let rejected = submit(service, &lines, &mut tally).await?;
    Ok((tally, rejected))
}

fn lines(path: &Path) -> Result<Vec<Line>, Failure> {
    let shown = path.display().to_string();
    let unreadable = |error: io::Error| Failure::usage(format!("{shown} cannot be read: {error}"));
    if shown == "-" {
        return ndjson(io::stdin().lock()).map_err(unreadable);
    }
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("csv")) {
        csv_lines(file, &shown)
    } else {
        ndjson(file).map_err(unreadable)
    }
}

fn ndjson(mut file: impl BufRead) -> io::Result<Vec<Line>> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut lines = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(text) => lines.extend(ndjson_line(number, text)),
            Err(_) => lines.push(Line {
                number: line_number(number),
                text: String::from_utf8_lossy(line).into_owned(),
                value: Err("is not UTF-8".to_owned()),
            }),
        }
    }
    Ok(lines)
}

fn line_number(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1)
}

fn ndjson_line(index: usize, text: &str) -> Option<Line> {
    let text = text.trim();
    let value = serde_json::from_str(text)
        .map_err(|error| format!("is not JSON that can be read: {:?} at column {}", error.classify(), error.column()));
    (!text.is_empty()).then(|| Line { number: line_number(index), text: text.to_owned(), value })
}

fn csv_lines(file: impl io::Read, shown: &str) -> Result<Vec<Line>, Failure> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let header = reader.headers().map_err(|error| Failure::usage(format!("{shown} has no header: {error}")))?.clone();
    let header: csv::StringRecord = header.iter().map(|it| it.trim_start_matches('\u{feff}')).collect();
    if !header.iter().any(|it| it.trim() == "kind") {
        return Err(Failure::usage(format!(
            "{shown}, line 1: there is no column kind; the columns are the paths of the fields"
        )));
    }
    let line = |record: Result<csv::StringRecord, csv::Error>| match record {
        Ok(record) => {
            let number = record.position().map_or(0, csv::Position::line);
            let value = if record.len() == header.len() {
                value_of(&header, &record)
            } else {
                Err(format!("has {} cells where the header has {}", record.len(), header.len()))
            };
            Line { number, text: csv_text(&record), value }
        }
        Err(error) => {
            let number = error.position().map_or(0, csv::Position::line);
            Line { number, text: String::new(), value: Err("is not UTF-8 text of a CSV table".to_owned()) }
        }
    };
    Ok(reader.records().map(line).collect())
}

/// A record as a line of CSV again, so that it can be put right and sent again.
fn csv_text(record: &csv::StringRecord) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let written = writer.write_record(record).is_ok();
    let bytes = if written { writer.into_inner().unwrap_or_default() } else { Vec::new() };
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

/// Submits lines; what was rejected, each with its line and its reasons.
async fn submit(service: &Service, lines: &[Line], tally: &mut Tally) -> Result<Vec<Value>, Failure> {
    let mut rejected = Vec::new();
    for (number, chunk) in lines.chunks(batch::TOGETHER).enumerate() {
        let readable: Vec<_> = chunk.iter().filter_map(|line| line.value.as_ref().ok().cloned()).collect();
        let mut submitted = batch::submit(service, &readable).await?.into_iter();
        for line in chunk {
            tally.received += 1;
            let reasons = match &line.value {
                Err(problem) => Some(vec![json!({"pointer": "", "detail": problem})]),
                Ok(_) => match submitted.next() {
                    Some(it) => counted(service, it, tally).await?,
                    None => None,
                },
            };
            if let Some(reasons) = reasons {
                tally.rejected += 1;
                rejected.push(json!({"line": line.number, "errors": reasons, "notification": line.text}));
            }
        }
        progress("notifications", (number + 1) * batch::TOGETHER, lines.len());
    }
    Ok(rejected)
}

/// Counts one answer; the reasons where it was rejected.
async fn counted(service: &Service, submitted: Submitted, tally: &mut Tally) -> Result<Option<Vec<Value>>, Failure> {
    match submitted {
        Submitted::Refused(Refusal::Malformed(faults)) => Ok(Some(
            faults.iter().map(|FieldFault { pointer, detail }| json!({"pointer": pointer, "detail": detail})).collect(),
        )),
        Submitted::Refused(Refusal::OtherBody { reference }) => Ok(Some(vec![json!({
            "pointer": "/source_reference",
            "detail": format!("was used before for another notification, {reference}: give this one a reference of its own")
        })])),
        Submitted::Refused(Refusal::Unavailable(why)) => {
            Err(Failure::usage(format!("{why}; what was taken in is safe: submit the file again to go on")))
        }
        Submitted::Taken { reference, known, status } => {
            tally.already_received += u64::from(known);
            match status {
                Status::Applied => tally.applied += 1,
                Status::Referred | Status::AwaitingEvidence => tally.referred += 1,
                Status::Duplicate => tally.duplicate += 1,
                Status::Received | Status::Withdrawn => tally.pending += 1,
                Status::Rejected => {
                    let because = crate::processor::rejected_because(service, &reference).await?;
                    return Ok(Some(because.into_iter().map(|it| json!({"pointer": "", "detail": it})).collect()));
                }
            }
            Ok(None)
        }
    }
}

fn write_rejected(path: &Path, rejected: &[Value], tally: &mut Tally) {
    let shown = path.display().to_string();
    let file = if shown == "-" { "stdin.rejected".to_owned() } else { format!("{shown}.rejected") };
    if rejected.is_empty() {
        // A file of an earlier run would tell what is no longer so.
        let _ = std::fs::remove_file(&file);
        return;
    }
    let written = File::create(&file).and_then(|mut out| {
        for line in rejected {
            writeln!(out, "{line}")?;
        }
        out.sync_all()
    });
    match written {
        Ok(()) => tally.rejected_files.push(file),
        Err(error) => {
            complain(&format!("{file} cannot be written: {error}; the reasons follow"));
            for line in rejected {
                let reasons: BTreeMap<_, _> = [("line", line.get("line")), ("errors", line.get("errors"))].into();
                complain(&json!(reasons).to_string());
            }
            tally.rejected_files.push("standard error".to_owned());
        }
    }
}

/// The counts as text.
pub(super) fn table(tally: &Tally) -> String {
    let mut lines = vec![
        format!("received   {:>6}", tally.received),
        format!("applied    {:>6}", tally.applied),
        format!("referred   {:>6}", tally.referred),
        format!("duplicate  {:>6}", tally.duplicate),
        format!("rejected   {:>6}", tally.rejected),
    ];
    if tally.pending > 0 {
        lines.push(format!("pending    {:>6}", tally.pending));
    }
    if tally.already_received > 0 {
        lines.push(format!(
            "{} of these had been received before: these are the first answers again",
            tally.already_received
        ));
    }
    lines.join("\n")
}
