//! Rules about the code itself. They read text, not syntax: a macro or an alias gets past them, carelessness does not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which module of `src/` may name which, from the bottom up: a row names only rows above it, so nothing goes round.
///
/// The two other crates are open to all. A new module gets a row; a new name in a row is a decision, see ADR 0002.
const MAY_NAME: &[(&str, &[&str])] = &[
    // Nothing of ours.
    ("docs", &[]),
    ("clock", &[]),
    ("data_dir", &[]),
    ("files", &[]),
    ("keys", &[]),
    ("logs", &[]),
    ("rules", &[]),
    ("store", &[]),
    ("texts", &[]),
    ("evidence", &["files", "keys"]),
    // The log and what is read off it.
    ("access", &["store"]),
    ("views", &["store"]),
    ("replay", &["store", "views"]),
    ("savings", &["rules", "views"]),
    ("drafts", &["keys"]),
    ("sign_in", &["keys"]),
    ("service", &["clock", "data_dir", "drafts", "evidence", "keys", "rules", "sign_in", "store", "views"]),
    // A notification on its way: taken in, decided purely, recorded by the one that writes.
    ("intake", &["evidence", "keys", "service", "store"]),
    ("decision", &["intake", "rules"]),
    ("figures", &["decision", "rules", "savings", "service", "views"]),
    ("processor", &["clock", "decision", "evidence", "files", "intake", "keys", "rules", "service", "store"]),
    ("mail", &["clock", "drafts", "files", "service", "texts"]),
    ("batch", &["intake", "processor", "service"]),
    ("bulk", &["intake", "processor", "service"]),
    ("pack", &["decision", "keys", "processor", "rules", "service", "store"]),
    // The ways in and out.
    (
        "web",
        &[
            "access", "clock", "drafts", "evidence", "figures", "intake", "rules", "savings", "service", "sign_in",
            "store", "texts", "views",
        ],
    ),
    (
        "backend",
        &[
            "bulk",
            "clock",
            "drafts",
            "intake",
            "mail",
            "pack",
            "processor",
            "service",
            "store",
            "texts",
            "views",
            "web",
        ],
    ),
    (
        "cli",
        &[
            "access",
            "batch",
            "clock",
            "data_dir",
            "evidence",
            "figures",
            "intake",
            "logs",
            "mail",
            "pack",
            "processor",
            "replay",
            "savings",
            "service",
            "sign_in",
            "views",
            "web",
        ],
    ),
];

/// What a module that only works things out has no business with.
const NOT_PURE: &[&str] =
    &["async ", ".await", "tokio", "rusqlite", "std::fs", "std::io", "std::net", "getrandom", "Mutex", "system_now"];

/// What `decision` takes from `intake`: the words of a notification, none of its workings.
const WORDS_OF_INTAKE: &[&str] =
    &["details", "Details", "DwellingGiven", "Notification", "SubmitterRole", "same_name", "split_title"];

/// Years in code outside the rules and the packs: the name of a scenario, examples in what somebody is told; and a number
/// that only looks like one.
const YEARS_ALLOWED: &[(&str, &str)] = &[
    ("events/src/year.rs", "not a financial year such as"),
    ("src/savings/basis.rs", "test-valley-2016-realistic"),
    ("src/cli/mod.rs", "must be an instant such as"),
    ("src/cli/demo.rs", "so the dates are those of"),
    ("src/views/rebuild.rs", "cache_size"),
    ("src/web/api/estimates.rs", "example = json!"),
    ("src/web/query.rs", "must be a day such as"),
    ("src/web/query.rs", "must be an instant such as"),
];

const LONGEST_FILE: usize = 500;

struct Source {
    path: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the repository under these places whose name ends so, with what is in it.
fn files(places: &[&str], ends: &[&str]) -> Vec<Source> {
    let mut waiting: Vec<PathBuf> = places.iter().map(|it| root().join(it)).collect();
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", ".git", "hearth-data", "proptest-regressions"].contains(&name.as_str()) {
                waiting.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            }
        } else if ends.iter().any(|it| name.ends_with(it)) {
            let relative = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            // What is not text is nobody's to read here.
            found.extend(fs::read_to_string(&path).ok().map(|text| Source { path: relative, text }));
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "there is nothing in {places:?}");
    found
}

fn code(places: &[&str]) -> Vec<Source> {
    files(places, &[".rs"])
}

/// The code without comments and without the tests at the end of a file.
fn without_tests(source: &Source) -> Vec<(usize, &str)> {
    let of_tests = ["/tests.rs", "/tests/", "_tests.rs", "/testing.rs"].iter().any(|it| source.path.contains(it));
    let lines = source.text.lines().enumerate().take_while(|(_, line)| !of_tests && *line != "mod tests {");
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(number, line)| (number + 1, line)).collect()
}

/// The same as one text.
fn own_code(source: &Source) -> String {
    without_tests(source).into_iter().fold(String::new(), |text, (_, line)| text + line + "\n")
}

/// The module of `src/` that a file belongs to; none for `lib.rs` and `main.rs`.
fn module_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let module = inside.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&module)).then_some(module)
}

/// The modules that a text names after `crate::`, one by one or in braces.
fn named_in(text: &str) -> BTreeSet<String> {
    let word = |it: &str| it.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut named = BTreeSet::new();
    for after in text.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            None => drop(named.insert(word(after))),
            Some(list) => {
                let mut depth = 0_u32;
                let mut item_begins = true;
                for (place, letter) in list.char_indices() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => item_begins = true,
                        it if it.is_whitespace() => {}
                        _ if item_begins && depth == 0 => {
                            named.insert(word(&list[place..]));
                            item_begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    named
}

#[track_caller]
fn none(faults: Vec<String>, rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n  {}", faults.join("\n  "));
}

#[test]
fn no_module_names_what_it_may_not() {
    let mut faults = Vec::new();
    for source in code(&["src"]) {
        let Some(module) = module_of(&source.path) else { continue };
        let Some((_, may)) = MAY_NAME.iter().find(|(name, _)| *name == module) else { continue };
        let named = named_in(&own_code(&source)).into_iter();
        let named = named.filter(|it| it != module && !may.contains(&it.as_str()));
        faults.extend(named.map(|it| format!("{} names {it}", source.path)));
    }
    none(faults, "a name across a boundary; the table MAY_NAME says what may be named, ADR 0002 why");
}

#[test]
fn a_module_may_name_only_what_it_does_name() {
    let mut named: BTreeSet<(String, String)> = BTreeSet::new();
    for source in code(&["src"]) {
        let Some(module) = module_of(&source.path) else { continue };
        named.extend(named_in(&own_code(&source)).into_iter().map(|it| (module.to_owned(), it)));
    }
    let allowed = MAY_NAME.iter().flat_map(|(module, may)| may.iter().map(move |it| (*module, *it)));
    let idle = allowed.filter(|(module, it)| !named.contains(&((*module).to_owned(), (*it).to_owned())));
    none(idle.map(|(module, it)| format!("{module} no longer names {it}")).collect(), "a permission nobody uses");
}

#[test]
fn every_module_has_a_place_and_nothing_goes_round() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared = lib.lines().filter_map(|it| it.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
    let declared: BTreeSet<_> = declared.collect();
    let placed: BTreeSet<_> = MAY_NAME.iter().map(|(module, _)| *module).collect();
    assert_eq!(declared, placed, "modules of src/lib.rs beside rows of MAY_NAME");
    let mut above = BTreeSet::new();
    for (module, may) in MAY_NAME {
        let below: Vec<_> = may.iter().filter(|it| !above.contains(*it)).collect();
        assert!(below.is_empty(), "{module} names {below:?}, which do not stand above it");
        above.insert(module);
    }
}

#[test]
fn nothing_names_the_command_line_but_main() {
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert!(main.contains("hearth::cli::main()"), "main only calls the command line");
    assert!(MAY_NAME.iter().all(|(_, may)| !may.contains(&"cli")));
}

#[test]
fn the_crates_depend_one_way() {
    let depends = |manifest: &str, on: &str| {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        text.lines().any(|it| it.starts_with(&format!("{on}.workspace")) || it.starts_with(&format!("{on} =")))
    };
    assert!(!depends("events/Cargo.toml", "hearth-projections") && !depends("events/Cargo.toml", "hearth"));
    assert!(depends("projections/Cargo.toml", "hearth-events") && !depends("projections/Cargo.toml", "hearth"));
}

#[test]
fn what_is_worked_out_is_worked_out_purely() {
    let mut faults = Vec::new();
    for source in code(&["events/src", "projections/src", "src/rules", "src/decision"]) {
        let found = |line: &str| NOT_PURE.iter().find(|it| line.contains(**it)).copied();
        let lines = without_tests(&source).into_iter();
        let lines = lines.filter_map(|(number, line)| Some((number, found(line)?)));
        faults.extend(lines.map(|(number, it)| format!("{}:{number}: {}", source.path, it.trim())));
    }
    none(faults, "events, projections, rules and decision do no I/O and have no clock");
}

#[test]
fn deciding_uses_the_words_of_the_intake_and_none_of_its_workings() {
    let mut faults = Vec::new();
    for source in code(&["src/decision"]) {
        let named =
            named_in(&own_code(&source).replace("crate::intake::", "crate::").replace("crate::rules::", "rules::"));
        let workings = named.into_iter().filter(|it| !WORDS_OF_INTAKE.contains(&it.as_str()) && it != "rules");
        faults.extend(workings.map(|it| format!("{} names intake::{it}", source.path)));
    }
    none(faults, "decision names types of intake, not what reads or records");
}

#[test]
fn no_file_is_too_long() {
    let places = ["src", "events", "projections", "tests", ".ci", "README.md"];
    let long = files(&places, &[".rs", ".md", ".mjs", ".sh", "run"]).into_iter();
    let long = long.map(|it| (it.text.lines().count(), it.path)).filter(|(lines, _)| *lines > LONGEST_FILE);
    none(long.map(|(lines, path)| format!("{path}: {lines} lines")).collect(), "a file of more than 500 lines");
}

#[test]
fn no_year_is_written_into_code() {
    let mut faults = Vec::new();
    for source in code(&["src", "events/src", "projections/src"]) {
        if ["src/rules/", "src/pack/"].iter().any(|it| source.path.starts_with(it)) {
            continue;
        }
        for (number, line) in without_tests(&source) {
            let allowed = YEARS_ALLOWED.iter().any(|(path, part)| source.path == *path && line.contains(part));
            if holds_a_year(line) && !allowed {
                faults.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    none(faults, "a year outside src/rules: look the rules of a day up, never branch on a year");
}

/// Whether a number from 2000 to 2099 begins a word.
fn holds_a_year(line: &str) -> bool {
    let line = line.replace("\\u{", "\\u");
    let mut words = line.split(|it: char| !it.is_ascii_alphanumeric());
    words.any(|it| it.starts_with("20") && it.bytes().take_while(u8::is_ascii_digit).count() == 4)
}

#[test]
fn a_fold_considers_every_event() {
    let mut faults = Vec::new();
    for source in code(&["projections/src", "src/rules"]) {
        for (number, line) in without_tests(&source) {
            let line = line.trim();
            let picks = line.contains("if let Event::") || (line.contains("matches!(") && line.contains("Event::"));
            if picks || line.starts_with("_ => {}") {
                faults.push(format!("{}:{number}: {line}", source.path));
            }
        }
    }
    none(faults, "a fold matches every event by name, so that a new one stops the build there");
}

#[test]
fn every_decision_has_a_number_of_its_own_and_a_shape() {
    let mut numbers = BTreeSet::new();
    let mut faults = Vec::new();
    let listed = fs::read_to_string(root().join("src/docs.rs")).unwrap();
    for adr in files(&["src/docs/adr"], &[".md"]) {
        let name = adr.path.rsplit('/').next().unwrap_or_default();
        let number = name.split('-').next().unwrap_or_default();
        if number.len() != 4 || !number.bytes().all(|it| it.is_ascii_digit()) || !numbers.insert(number.to_owned()) {
            faults.push(format!("{}: not a number of its own", adr.path));
        }
        if !listed.contains(&format!("\"{name}\"")) {
            faults.push(format!("{}: has no line in src/docs.rs", adr.path));
        }
        if !adr.text.starts_with(&format!("# {}. ", number.trim_start_matches('0'))) {
            faults.push(format!("{}: does not begin with its number and title", adr.path));
        }
        let parts = ["\nDate: ", "\nStatus: ", "\n## Context\n", "\n## Decision\n", "\n## Consequences\n"];
        faults.extend(
            parts.iter().filter(|it| !adr.text.contains(**it)).map(|it| format!("{} has no {:?}", adr.path, it.trim())),
        );
    }
    none(faults, "a decision record");
}

#[test]
fn every_dependency_comes_from_crates_io() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let elsewhere = lock.lines().filter_map(|it| it.strip_prefix("source = "));
    let elsewhere =
        elsewhere.filter(|it| *it != "\"registry+https://github.com/rust-lang/crates.io-index\"").map(str::to_owned);
    none(elsewhere.collect(), "a dependency from somewhere else than crates.io");
}

#[test]
fn the_repository_stands_alone() {
    // In pieces, so that this file is no exception.
    let outside = [concat!("..", "/shared"), concat!("/wo", "rk/")];
    let ends = [".rs", ".md", ".mjs", ".toml", ".json", ".ndjson", ".csv", ".txt", ".yml", "run"];
    let mut faults = Vec::new();
    for source in files(&["."], &ends) {
        // Where the service has its queue.
        let names = |line: &str| outside.iter().any(|it| line.replace("/staff/work/", "").contains(it));
        let lines = source.text.lines().enumerate().filter(|(_, line)| names(line));
        faults.extend(lines.map(|(number, line)| format!("{}:{}: {}", source.path, number + 1, line.trim())));
    }
    none(faults, "a file that is not in this repository is referred to");
}

#[test]
fn every_event_type_has_a_golden_file() {
    let held: BTreeSet<_> = files(&["events/golden"], &[".json"]).into_iter().map(|it| it.path).collect();
    let missing = hearth_events::Event::TYPES.iter().map(|it| format!("events/golden/{it}.v1.json"));
    none(missing.filter(|it| !held.contains(it)).collect(), "an event type without a golden file");
}

#[test]
fn the_eye_of_this_test_is_sharp() {
    let names = |text: &str| named_in(text).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(names("use crate::store::EventStore;\nlet it = crate::clock::now();"), "clock store");
    assert_eq!(names("use crate::{store::{A, b::C}, web, views::{self, X}};\nuse std::{fs, io};"), "store views web");
    assert!(holds_a_year("date(2024, 4, 1)") && holds_a_year("if year >= 2025i16 {") && holds_a_year("\"2015/16\""));
    assert!(
        !holds_a_year("0x2024AB")
            && !holds_a_year(r"'\u{2019}'")
            && !holds_a_year("12024")
            && !holds_a_year("port 8080 of 20")
    );
}
