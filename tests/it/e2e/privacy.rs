//! Nothing personal lies in clear in any file of the data directory, and none is in the service's own log.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::council::Council;
use super::http::Client;
use super::killed::{from_four_sides, post_until_gone};
use super::run::done;
use super::submitted::many;

/// Texts to look for, found by their first two bytes.
pub(super) struct Needles {
    by_start: Vec<Vec<Vec<u8>>>,
    count: usize,
}

impl Needles {
    pub(super) fn new(texts: &BTreeSet<String>) -> Self {
        let mut by_start = vec![Vec::new(); 1 << 16];
        for text in texts {
            // As it is, and as JSON and an address key would have it.
            let escaped: String = text
                .chars()
                .map(|it| if it.is_ascii() { it.to_string() } else { format!("\\u{:04x}", u32::from(it)) })
                .collect();
            for form in BTreeSet::from([text.clone(), text.to_uppercase(), text.to_lowercase(), escaped]) {
                let bytes = form.into_bytes();
                by_start[start(&bytes)].push(bytes);
            }
        }
        Self { by_start, count: texts.len() }
    }

    /// What of it stands in these bytes.
    pub(super) fn found(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for at in 0..bytes.len().saturating_sub(1) {
            let rest = &bytes[at..];
            let these = &self.by_start[start(rest)];
            for it in these.iter().filter(|it| rest.starts_with(it)) {
                found.insert(String::from_utf8_lossy(it).into_owned());
            }
        }
        found
    }
}

fn start(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

/// What of it stands in which file of a data directory.
pub(super) fn lies_in_clear(data: &Path, needles: &Needles) -> BTreeSet<String> {
    assert!(needles.count > 0);
    let mut all = BTreeSet::new();
    for file in files(data) {
        // A file may go while a service is at work.
        let Ok(bytes) = std::fs::read(&file) else { continue };
        all.extend(needles.found(&bytes).into_iter().map(|it| format!("{it} in {}", file.display())));
    }
    all
}

/// A name without its title.
fn plain(name: &str) -> String {
    let (title, rest) = name.split_once(' ').unwrap_or(("", name));
    if ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr"].contains(&title) { rest.to_owned() } else { name.to_owned() }
}

/// Everything personal that a notification tells.
pub(super) fn personal(value: &Value, key: &str, into: &mut BTreeSet<String>) {
    const PERSONAL: [&str; 14] = [
        "name",
        "email",
        "phone",
        "persons_leaving",
        "outgoing",
        "forwarding_address",
        "new_address",
        "old_name",
        "new_name",
        "account_holder",
        "account_number",
        "correspondence_address",
        "institution",
        "free_text",
    ];
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, it)| personal(it, key, into)),
        Value::Array(items) => items.iter().for_each(|it| personal(it, key, into)),
        Value::String(text) if PERSONAL.contains(&key) && text != "not-known" => {
            into.insert(plain(text));
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Everything personal in a pack's tables.
pub(super) fn personal_in_pack(folder: &Path, into: &mut BTreeSet<String>) {
    for (file, columns) in [("accounts.csv", &["liable_persons", "email", "phone"][..]), ("dwellings.csv", &["owner"])]
    {
        let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
        let header = reader.headers().unwrap().clone();
        let places: Vec<_> = header.iter().enumerate().filter(|it| columns.contains(&it.1)).map(|it| it.0).collect();
        for record in reader.records().map(Result::unwrap) {
            let cells = places.iter().flat_map(|place| record[*place].split(';'));
            into.extend(cells.map(|it| plain(it.trim())).filter(|it| !it.is_empty()));
        }
    }
}

#[test]
fn the_services_own_log_names_nobody() {
    for format in ["text", "json"] {
        let council = Council::new(81, 96);
        let sent = many(&council);
        let file = council.hearth.write("sent.ndjson", &super::say::lines(&sent));
        let args = ["submit", &file, "--log-format", format];
        let mut said = done(council.hearth.command(&args).env("HEARTH_LOG", "debug")).ok().err;
        let token = council.hearth.token("submitter");
        let mut command = council.hearth.command(&["serve", "--listen", "127.0.0.1:0", "--log-format", format]);
        let served = council.hearth.serve_with(command.env("HEARTH_LOG", "debug"));
        let mut work = from_four_sides(&council, 0);
        for it in &mut work {
            it.truncate(5);
        }
        let client = Client::new(served.address, &token);
        assert_eq!(post_until_gone(&client, &work).len(), 20);
        let mut bad = work[0][0].clone();
        bad["source_reference"] = "bad".into();
        bad["effective_on"] = "Ms Aurelia Unlikely".into();
        assert_eq!(client.post(&bad).unwrap().status, 422);
        let open = Client::new(served.address, "");
        assert_eq!(open.get("/api/v1/accounts?name=Aurelia+Unlikely").status, 401);
        assert_eq!(open.get("/api/v1/notifications/Aurelia-Unlikely?token=Aurelia").status, 404);
        served.stopped();
        said += &council.hearth.read("serve.err");
        assert!(said.lines().count() > 100, "there is a log to search: {said}");
        assert!(format == "text" || said.lines().all(|it| serde_json::from_str::<Value>(it).is_ok()), "{said}");
        let mut texts = BTreeSet::from(["Aurelia".to_owned(), token]);
        for it in sent.iter().chain(work.iter().flatten()) {
            personal(it, "", &mut texts);
        }
        personal_in_pack(&council.hearth.folder().join("pack"), &mut texts);
        assert_eq!(Needles::new(&texts).found(said.as_bytes()), BTreeSet::new());
    }
}
