//! The page for a landlord's spreadsheet: what it says of a row to somebody who is not known.

use super::bulk::{HEADER, row};
use super::council::Council;
use super::follow_up::in_december;
use super::http::Client;
use super::pack::Sort;

#[track_caller]
fn page(visitor: &Client, path: &str) -> String {
    let (head, body) = visitor.fetch(path);
    assert!(head.starts_with("http/1.1 200"), "{path}: {head}");
    String::from_utf8(body).unwrap()
}

/// What the page says of each row, as it is looked at.
fn shown(council: &Council, role: &str, name: &str, file: &str) -> Vec<String> {
    let look = council.look();
    let visitor = Client::new(look.served.address, "");
    let fields = [("role", role), ("name", name), ("email", "")];
    let led = visitor.send_form_with("/many", &fields, Some(("file", "moves.csv", file.as_bytes()))).unwrap();
    let rows = page(&visitor, &led);
    look.served.stopped();
    let body = rows.split("<tbody").nth(1).unwrap_or_else(|| panic!("{rows}"));
    let cell = |row: &str| row.rsplit("<td").next().unwrap().split("</td>").next().unwrap().to_owned();
    body.split("</tr>").filter(|it| it.contains("<td")).map(cell).collect()
}

#[test]
fn a_row_for_an_officer_is_said_in_plain_words_and_tells_nobody_who_lives_where() {
    let council = in_december(371);
    let home = council.pack.nth(Sort::Tenant, 0);
    let (empty, of_others) = (council.pack.nth(Sort::Void, 0), council.pack.nth(Sort::Couple, 0));
    let leave = |it, names: &str| row(it, names, "", "20/11/2015");
    let come = |it| row(it, "Ms Ann Price", "25/11/2015", "");
    let file = [
        HEADER.to_owned(),
        leave(home, &home.persons[0]),
        leave(home, "Mr Some Body"),
        leave(of_others, "Mr Some Body"),
        leave(empty, "Mr Some Body"),
        come(home),
        come(empty),
    ]
    .concat();
    let landlord = home.owner.clone().unwrap();
    let of_owner = shown(&council, "landlord", &landlord, &file);
    assert_eq!(of_owner.len(), 6);
    for (one, other) in [(0, 1), (0, 2), (0, 3), (4, 5)] {
        assert_eq!(of_owner[one], of_owner[other], "rows that differ only in what is recorded of people look alike");
    }
    assert_eq!(of_owner, shown(&council, "landlord", "Nobody At All", &file), "and so do landlords");
    let for_owner = file.replace("\n,", &format!("\n{landlord},"));
    let of_agent = shown(&council, "agent", "Lets & Sons", &for_owner);
    for cell in &of_agent {
        assert!(cell.contains("An officer looks at it"), "{cell}");
        let why = cell.split("<br>").nth(1).unwrap_or_else(|| panic!("no reason: {cell}"));
        assert!(why.contains("We ") || why.contains("we "), "plain words: {cell}");
        for word in ["authority", "third-party", "on record", "liable"] {
            assert!(!cell.contains(word), "{word} is officers' wording: {cell}");
        }
    }
}

#[test]
fn a_file_that_is_not_kept_any_more_says_what_to_do() {
    let council = in_december(372);
    let look = council.look();
    let visitor = Client::new(look.served.address, "");
    let file = HEADER.to_owned() + &row(council.pack.nth(Sort::Void, 0), "Ms Ann Price", "25/11/2015", "");
    let fields = [("role", "landlord"), ("name", "Ms Land Lady"), ("email", "")];
    let led = visitor.send_form_with("/many", &fields, Some(("file", "moves.csv", file.as_bytes()))).unwrap();
    page(&visitor, &led);
    let draft = visitor.send_form("/tell", &[]).unwrap();
    page(&visitor, &draft);
    // Its day is over.
    let drafts = rusqlite::Connection::open(council.hearth.data().join("drafts.sqlite")).unwrap();
    drafts.execute("UPDATE drafts SET forget_at = 1", []).unwrap();
    for (path, title, next) in [
        (led.clone(), "We do not have this file any more", "Send the file again"),
        (format!("{led}/put-right.csv"), "We do not have this file any more", "Send the file again"),
        (draft, "We do not have these answers any more", "Start now"),
    ] {
        let (head, body) = visitor.fetch(&path);
        let body = String::from_utf8(body).unwrap();
        assert!(head.starts_with("http/1.1 404") && head.contains("text/html"), "{path}: {head}");
        assert!(body.contains(title) && body.contains(next), "{path}: {body}");
    }
    assert!(visitor.send_form(&led, &[]).unwrap_err().contains("We do not have this file any more"));
    look.served.stopped();
}
