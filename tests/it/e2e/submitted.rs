//! Files of notifications, good and bad.

use serde_json::{Value, json};

use super::council::Council;
use super::log::outcomes;
use super::pack::Sort;
use super::say::{self, RECEIVED, after, claim, contact, direct_debit, discount_ends, move_in, move_out};

/// Notifications of many kinds, some of which cannot go straight through.
pub(super) fn many(council: &Council) -> Vec<Value> {
    let pack = &council.pack;
    let mut all = Vec::new();
    for nth in 0..pack.dwellings.len() / 8 {
        let number = |name: &str| format!("{name}-{nth}");
        let couple = pack.nth(Sort::Couple, nth);
        let buyer = json!({"kind": "buyer", "name": "Ms Sophie Björk"});
        let on = after(-i64::try_from(nth).unwrap());
        all.extend([
            move_in(pack.nth(Sort::Void, nth), &number("in"), on, &["Ms Zoë Ünal"]),
            move_out(couple, &number("out"), on, &buyer),
            move_in(couple, &number("bought"), on, &["Ms Sophie Björk", "Mr Jon Björk"]),
            claim(pack.nth(Sort::Unclaimed, nth), &number("claim"), on, &[]),
            discount_ends(pack.nth(Sort::Alone, nth), &number("end"), on, "Mr Olu Quirk"),
            contact(pack.nth(Sort::Tenants, nth), &number("contact"), "new@mail.example.net"),
            direct_debit(pack.nth(Sort::Tenants, nth), &number("debit"), "089999", "66374958"),
            move_in(pack.nth(Sort::Tenant, nth), &number("occupied"), on, &["Ms Zoë Ünal"]),
        ]);
    }
    all
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn flat(value: &Value, path: &str, whole: Option<&str>, cells: &mut Vec<(String, String)>) {
    let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        _ if Some(path) == whole => cells.push((path.to_owned(), value.to_string())),
        Value::Object(fields) => fields.iter().for_each(|(key, it)| flat(it, &inner(key), whole, cells)),
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(key, it)| flat(it, &inner(&key.to_string()), whole, cells));
        }
        Value::String(text) => cells.push((path.to_owned(), text.clone())),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => cells.push((path.to_owned(), value.to_string())),
    }
}

/// The same as a table; `whole` is a column that holds JSON.
pub(super) fn table(notifications: &[Value], whole: Option<&str>) -> String {
    let rows: Vec<_> = notifications
        .iter()
        .map(|it| {
            let mut cells = Vec::new();
            flat(it, "", whole, &mut cells);
            cells
        })
        .collect();
    let mut columns: Vec<&str> = rows.iter().flatten().map(|it| it.0.as_str()).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut text = columns.join(",") + "\n";
    for row in &rows {
        let cell = |column: &&str| row.iter().find(|it| it.0 == **column).map_or(String::new(), |it| quoted(&it.1));
        text += &(columns.iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

#[test]
fn a_table_says_the_same_as_lines_of_json() {
    let [lines, whole, dotted] = [(); 3].map(|()| Council::on_clock("system", 31, 40));
    let sent = many(&lines);
    lines.submit(&sent);
    for (council, table) in [(&whole, table(&sent, Some("details"))), (&dotted, table(&sent, None))] {
        // As a spreadsheet saves it.
        let file = council.hearth.write("sent.csv", &format!("\u{feff}{}", table.replace('\n', "\r\n")));
        let tally = council.hearth.run(&["submit", &file, "--json"]).ok().json();
        assert_eq!(tally["received"], sent.len());
    }
    let expected = outcomes(&lines.hearth.events());
    assert!(expected.values().any(|it| it.starts_with("applied")) && expected.len() == sent.len(), "{expected:?}");
    assert_eq!(outcomes(&whole.hearth.events()), expected);
    assert_eq!(outcomes(&dotted.hearth.events()), expected);
    dotted.hearth.verified();
    // What was a table is known when it comes as JSON.
    assert_eq!(whole.submit(&sent)["already_received"], sent.len());
}

#[test]
fn bad_lines_are_told_apart_and_the_good_ones_are_processed() {
    let council = Council::new(32, 16);
    let it = council.pack.nth(Sort::Couple, 0);
    let good = |name: &str| contact(it, name, &format!("{name}@mail.example.net"));
    let spoilt = |name: &str, pointer: &str, to: Value| {
        let mut value = good(name);
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[key] = to;
        value.to_string()
    };
    let bad = [
        (2, "{\"kind\": \"move-in\"".to_owned(), ""),
        (3, spoilt("kind", "/kind", json!("flit")), "/kind"),
        (4, spoilt("day", "/effective_on", json!("2015-02-30")), "/effective_on"),
        (5, spoilt("unknown", "/details/shoe_size", json!(9)), "shoe_size"),
        (6, spoilt("email", "/details/email", json!("nobody")), "/details/email"),
        (7, spoilt("extra", "/colour", json!("red")), "colour"),
        (8, spoilt("channel", "/channel", json!("pigeon")), "/channel"),
        (9, spoilt("uprn", "/dwelling", json!({"uprn": "one"})), "/dwelling/uprn"),
        (10, "[1, 2]".to_owned(), ""),
        (12, spoilt("role", "/submitted_by/role", json!("king")), "/submitted_by/role"),
        (13, spoilt("first", "/details/email", json!("other@mail.example.net")), "/source_reference"),
        (14, spoilt("bell", "/details/email", json!("a\u{7}b@mail.example.net")), "/details/email"),
    ];
    let mut lines = vec![good("first").to_string()];
    lines.extend(bad.iter().take(9).map(|it| it.1.clone()));
    lines.push(String::new());
    lines.extend(bad.iter().skip(9).map(|it| it.1.clone()));
    lines.push(good("last").to_string());
    let file = council.hearth.write("mixed.ndjson", &lines.join("\r\n"));
    let done = council.hearth.run(&["submit", &file, "--json"]).failed(1);
    let tally = done.json();
    assert_eq!(
        (&tally["received"], &tally["applied"], &tally["rejected"]),
        (&json!(14), &json!(2), &json!(12)),
        "{done:?}"
    );
    let rejected = council.hearth.read("mixed.ndjson.rejected");
    let rejected: Vec<Value> = rejected.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let mut wrong = Vec::new();
    for ((line, _, named), found) in bad.iter().zip(&rejected) {
        let errors = found["errors"].as_array().unwrap();
        let is_named =
            errors.iter().any(|it| it.to_string().contains(named) && !it["detail"].as_str().unwrap().is_empty());
        if found["line"] != *line || !is_named {
            wrong.push(format!("line {line} ({named}): {found}"));
        }
    }
    assert!(wrong.is_empty() && rejected.len() == bad.len(), "{}", wrong.join("\n"));
    assert!(tally["rejected_files"][0].as_str().unwrap().ends_with("mixed.ndjson.rejected"));
    // The rejected ones put right; the file of reasons goes when there are none.
    council.hearth.write("mixed.ndjson", &say::lines(&[good("first"), good("put-right")]));
    let tally = council.hearth.run(&["submit", &file, "--json"]).ok().json();
    assert_eq!((&tally["already_received"], &tally["applied"]), (&json!(1), &json!(2)));
    assert!(!council.hearth.folder().join("mixed.ndjson.rejected").exists());
}

#[test]
fn a_table_with_bad_lines_names_them_too() {
    let council = Council::new(33, 16);
    let it = council.pack.nth(Sort::Couple, 0);
    let good = table(&[contact(it, "one", "one@mail.example.net"), contact(it, "two", "two@mail.example.net")], None);
    let text = good.clone() + "too,few\n" + &good.lines().nth(1).unwrap().replace("contact-details", "flit") + "\n";
    let file = council.hearth.write("Mixed.CSV", &text);
    let tally = council.hearth.run(&["submit", &file, "--json"]).failed(1).json();
    assert_eq!((&tally["applied"], &tally["rejected"]), (&json!(2), &json!(2)), "{tally}");
    let rejected = council.hearth.read("Mixed.CSV.rejected");
    assert!(rejected.contains("\"line\":4") && rejected.contains("\"line\":5"), "{rejected}");
    let no_header = council.hearth.write("none.csv", "a,b\n1,2\n");
    council.hearth.run(&["submit", &no_header]).failed(2);
}

#[test]
fn a_spreadsheet_writes_true_in_capitals() {
    let council = Council::new(34, 16);
    let sent = table(&[move_in(council.pack.nth(Sort::Void, 0), "in", RECEIVED, &["Ms Zoë Ünal"])], None);
    let file = council.hearth.write("sent.csv", &sent.replace("\"true\"", "TRUE").replace("\"false\"", "FALSE"));
    let tally = council.hearth.run(&["submit", &file, "--json"]);
    assert_eq!(
        tally.json()["applied"],
        1,
        "{tally:?} {}",
        std::fs::read_to_string(file + ".rejected").unwrap_or_default()
    );
}

#[test]
fn standard_input_is_a_file_and_what_cannot_be_read_is_not() {
    let council = Council::new(35, 16);
    let it = council.pack.nth(Sort::Couple, 0);
    let text = contact(it, "one", "one@mail.example.net").to_string();
    let tally = council.hearth.fed(&["submit", "-", "--json"], &text).ok().json();
    assert_eq!((&tally["received"], &tally["applied"]), (&json!(1), &json!(1)));
    let again = council.hearth.fed(&["submit", "-", "--json"], &text).ok().json();
    assert_eq!((&again["already_received"], &again["applied"]), (&json!(1), &json!(1)));
    let events = council.hearth.events().len();
    for args in
        [&["submit", "nowhere.ndjson"][..], &["submit", "."], &["submit"], &["sumbit", "x"], &["submit", "--loud", "-"]]
    {
        council.hearth.run(args).failed(2);
    }
    let empty = council.hearth.write("empty.ndjson", "");
    assert_eq!(council.hearth.run(&["submit", &empty, "--json"]).ok().json()["received"], 0);
    let none = super::run::Hearth::new();
    let told = none.run(&["submit", &council.hearth.write("one.ndjson", &text)]).failed(2);
    assert!(told.err.contains("hearth import"), "{told:?}");
    assert_eq!(council.hearth.events().len(), events);
}

#[test]
fn later_lines_may_rest_on_earlier_ones() {
    let council = Council::on_clock("system", 36, 40);
    let void = |nth| council.pack.nth(Sort::Void, nth);
    // The newcomers write again in the same file, under the account that their move has yet to open.
    let mut sent = Vec::new();
    for nth in 0..4 {
        let mut arrival = move_in(void(nth), &format!("in-{nth}"), RECEIVED, &["Ms Zoë Ünal"]);
        arrival["details"]["persons"][0]["email"] = json!("newcomer@mail.example.net");
        let mut debit = direct_debit(void(nth), &format!("debit-{nth}"), "089999", "66374958");
        debit["account"] = json!(void(nth).opened(2));
        debit["submitted_by"] = arrival["submitted_by"].clone();
        debit["details"]["account_holder"] = json!("Ms Zoë Ünal");
        debit.as_object_mut().unwrap().remove("dwelling");
        sent.extend([arrival, debit]);
    }
    let tally = council.submit(&sent);
    assert_eq!(tally["applied"], 8, "{tally} {:?}", outcomes(&council.hearth.events()));
}

#[test]
fn over_http_the_same_again_is_the_same_answer_and_another_body_is_a_conflict() {
    let council = Council::new(37, 16);
    super::killed::wind(&council);
    let token = council.hearth.token("submitter");
    let served = council.hearth.serve();
    let client = super::http::Client::new(served.address, &token);
    let it = contact(council.pack.nth(Sort::Couple, 0), "over-http", "one@mail.example.net");
    let first = client.post(&it).unwrap();
    assert_eq!((first.status, &first.body["status"]), (201, &json!("applied")), "{first:?}");
    // What a sender says of the instant of receipt is ignored, whatever it is.
    for stated in [json!("2015-01-01T00:00:00Z"), json!("yesterday"), json!(5), json!(null)] {
        let mut again = it.clone();
        again["received_at"] = stated;
        let answer = client.post(&again).unwrap();
        assert_eq!((answer.status, &answer.body), (200, &first.body));
    }
    let mut other = it.clone();
    other["details"]["email"] = json!("two@mail.example.net");
    assert_eq!(client.post(&other).unwrap().status, 409);
    let mut unknown = it.clone();
    unknown["source_reference"] = json!("unknown-field");
    unknown["details"]["shoe_size"] = json!(9);
    let refused = client.post(&unknown).unwrap();
    assert_eq!(refused.status, 422);
    assert!(refused.body["errors"].to_string().contains("shoe_size"), "{refused:?}");
    // Another sender has references of their own.
    let another = super::http::Client::new(served.address, &council.hearth.token("submitter"));
    assert_eq!(another.post(&it).unwrap().status, 201);
    // Without a token it is open to all, and its secret shows what came of it.
    let open = super::http::Client::new(served.address, "");
    let answer = open.post(&it).unwrap();
    assert_eq!((answer.status, &answer.body["status"]), (201, &json!("duplicate")), "{answer:?}");
    let (reference, secret) =
        (answer.body["reference"].as_str().unwrap(), answer.body["tracking_token"].as_str().unwrap());
    assert_eq!(open.get(&format!("/api/v1/notifications/{reference}?token={secret}")).ok()["status"], "duplicate");
    assert_eq!(open.get(&format!("/api/v1/notifications/{reference}?token=x{secret}")).status, 404);
    served.stopped();
}
