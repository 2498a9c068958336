//! Packs with something wrong in them.

use std::path::Path;

use super::pack::Pack;
use super::run::Hearth;

fn edited(folder: &Path, file: &str, edit: impl Fn(&str) -> String) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let changed = edit(&text);
    assert_ne!(text, changed, "{file}: nothing was spoilt");
    std::fs::write(path, changed).unwrap();
}

/// Another text in one cell of the `line`-th line of a table whose cells all stand in quotation marks.
fn cell(folder: &Path, file: &str, line: usize, column: usize, to: &str) {
    edited(folder, file, |text| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        let mut cells: Vec<_> = lines[line - 1]
            .strip_prefix('"')
            .unwrap()
            .strip_suffix('"')
            .unwrap()
            .split("\",\"")
            .map(str::to_owned)
            .collect();
        cells[column] = to.to_owned();
        lines[line - 1] = format!("\"{}\"", cells.join("\",\""));
        lines.join("\n") + "\n"
    });
}

type Spoil = Box<dyn Fn(&Path)>;

fn in_cell(file: &'static str, line: usize, column: usize, to: &'static str) -> Spoil {
    Box::new(move |folder| cell(folder, file, line, column, to))
}

fn replaced(file: &'static str, what: &'static str, with: &'static str) -> Spoil {
    Box::new(move |folder| edited(folder, file, |text| text.replacen(what, with, 1)))
}

/// Each defect, how it is made, and what has to be named.
fn defects() -> Vec<(&'static str, Spoil, &'static [&'static str])> {
    vec![
        ("bad band", in_cell("dwellings.csv", 4, 5, "I"), &["dwellings.csv, line 4, column band"]),
        ("unknown category", in_cell("dwellings.csv", 5, 4, "Westham"), &["dwellings.csv, line 5, column category"]),
        ("duplicate uprn", in_cell("dwellings.csv", 6, 0, "100000000000"), &["dwellings.csv, line 6, column uprn"]),
        ("bad date", in_cell("dwellings.csv", 7, 6, "01/04/1993"), &["dwellings.csv, line 7, column listed_from"]),
        ("no such day", in_cell("accounts.csv", 7, 2, "2015-02-29"), &["accounts.csv, line 7, column liable_from"]),
        ("bad tenure", in_cell("dwellings.csv", 8, 7, "squat"), &["dwellings.csv, line 8, column tenure"]),
        ("unknown uprn", in_cell("accounts.csv", 3, 1, "5"), &["accounts.csv, line 3, column uprn"]),
        ("twice the account", in_cell("accounts.csv", 4, 0, "70000000"), &["accounts.csv, line 4, column account"]),
        ("overlapping", in_cell("accounts.csv", 4, 1, "100000000000"), &["accounts.csv, line", "column liable_from"]),
        ("bad award", in_cell("accounts.csv", 3, 6, "D-SPD=2015-04-01"), &["accounts.csv, line 3, column awards"]),
        (
            "unknown award",
            in_cell("accounts.csv", 20, 6, "D-XYZ:2010-04-01"),
            &["accounts.csv, line 20, column awards"],
        ),
        ("adults", in_cell("accounts.csv", 5, 5, "two"), &["accounts.csv, line 5, column adults"]),
        ("backwards", in_cell("accounts.csv", 6, 3, "1999-01-01"), &["accounts.csv, line 6, column liable_to"]),
        ("nobody", in_cell("accounts.csv", 6, 4, " ; "), &["accounts.csv, line 6, column liable_persons"]),
        ("method", in_cell("accounts.csv", 6, 7, "cheque"), &["accounts.csv, line 6, column payment_method"]),
        ("listed after", in_cell("dwellings.csv", 20, 6, "2016-01-01"), &["accounts.csv, line 20, column liable_from"]),
        ("negative", in_cell("bands.csv", 2, 4, "-1.00"), &["bands.csv, line 2, column A"]),
        ("amount", in_cell("bands.csv", 3, 6, "12,50"), &["bands.csv, line 3, column C"]),
        ("year", in_cell("bands.csv", 3, 0, "2015/17"), &["bands.csv, line 3, column financial_year"]),
        ("missing column", replaced("dwellings.csv", "band,", "bnad,"), &["dwellings.csv, line 1, column band"]),
        ("cells", replaced("accounts.csv", "\"cash\"", "\"cash\",\"x\""), &["accounts.csv, line"]),
        ("syntax", replaced("council.toml", "ba_code = ", "ba_code == "), &["council.toml, line 4, column ba_code"]),
        ("missing key", replaced("council.toml", "gss_code", "gss"), &["council.toml", "gss_code"]),
        (
            "policy value",
            replaced("council.toml", "\"500.00\"", "\"much\""),
            &["council.toml, line 10, column refund_limit"],
        ),
        ("cost key", replaced("council.toml", "manual_minutes", "minutes"), &["council.toml, line", "manual_minutes"]),
        ("no file", Box::new(|it| std::fs::remove_file(it.join("bands.csv")).unwrap()), &["bands.csv"]),
    ]
}

#[test]
fn every_defect_is_named_and_nothing_is_applied() {
    let hearth = Hearth::new();
    let pack = Pack::new(21, 16);
    pack.write(&hearth.folder().join("pack"));
    let done = hearth.run(&["import", "pack", "--json"]).ok();
    assert!(done.json()["events"].as_u64().unwrap() > 50, "{done:?}");
    let log = hearth.events();
    let again = hearth.run(&["import", "pack", "--json"]).ok().json();
    assert_eq!(again["events"], 0, "{again}");
    let mut wrong = Vec::new();
    for (name, spoil, named) in defects() {
        // A pack that would change much, were it not for the one defect.
        let folder = hearth.folder().join("spoilt");
        let _ = std::fs::remove_dir_all(&folder);
        Pack::new(22, 24).write(&folder);
        spoil(&folder);
        let done = hearth.run(&["import", "spoilt"]);
        if done.code != Some(1) || !named.iter().all(|it| done.err.contains(it)) {
            wrong.push(format!("{name}: exit {:?}, not {named:?}: {}", done.code, done.err));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(hearth.events(), log, "nothing was applied");
    hearth.run(&["import", "nowhere"]).failed(2);
}

#[test]
fn the_second_import_adds_what_is_new_and_leaves_what_is_there() {
    let hearth = Hearth::new();
    Pack::new(23, 8).write(&hearth.folder().join("small"));
    Pack::new(23, 16).write(&hearth.folder().join("large"));
    // A token before the import must not stand in its way.
    hearth.token("auditor");
    hearth.run(&["import", "small"]).ok();
    let before = hearth.events();
    let done = hearth.run(&["import", "large", "--json"]).ok().json();
    assert_eq!((&done["dwellings"], &done["accounts"]), (&8.into(), &8.into()), "{done}");
    assert_eq!(hearth.events()[..before.len()], before, "history stays");
    assert_eq!(hearth.run(&["import", "large", "--json"]).ok().json()["events"], 0);
    assert_eq!(hearth.run(&["import", "small", "--json"]).ok().json()["events"], 0);
    let mut other = std::fs::read_to_string(hearth.folder().join("small/council.toml")).unwrap();
    other = other.replace("E07999999", "E07000001");
    std::fs::write(hearth.folder().join("small/council.toml"), other).unwrap();
    let refused = hearth.run(&["import", "small"]).failed(1);
    assert!(refused.err.contains("council.toml, column gss_code"), "{refused:?}");
    hearth.verified();
}
