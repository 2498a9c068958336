//! Files as landlords write them, and as somebody writes them who means harm.

use std::io::{Cursor, Write};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Row, Sheet, read, to_put_right};
use crate::intake::parse;
use crate::service::bulk::{MOST_BYTES, Uploader, UploaderRole, WrongFile};

const TODAY: Date = date(2016, 1, 20);
const HEADER: &str =
    "Landlord,Tenant Names,Property Reference,Property Address,Furnished (YES or blank),Start Date,End Date\n";

fn landlord() -> Uploader {
    Uploader {
        role: UploaderRole::Landlord,
        name: "Mx Lee Letter".into(),
        email: Some("lee@example.org".into()),
        phone: None,
        declaration: true,
    }
}

fn agent() -> Uploader {
    Uploader { role: UploaderRole::Agent, name: "Acme Lettings".into(), ..landlord() }
}

fn rows(text: &str) -> Vec<Row> {
    read(format!("{HEADER}{text}").as_bytes(), &landlord(), TODAY).unwrap().rows
}

fn body(row: &Row) -> &Value {
    &row.told.as_ref().unwrap_or_else(|faults| panic!("{faults:?}")).body
}

/// The columns that are at fault in the only row.
fn faults(text: &str) -> Vec<&'static str> {
    let rows = rows(text);
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].told.as_ref().err().into_iter().flatten().map(|it| it.column).collect()
}

#[test]
fn tenants_who_come_and_tenants_who_leave() {
    let rows = rows(
        "Mx Lee Letter,\"Mr John Smith,  Mrs Jane Smith\",TV1,\"1 High Street, Andover SP10 1AA\",YES,15/1/2016,\n\
         Lee Letter,Ms Ann Price,,\"2 High Street, Andover SP101AA\",,,31/12/2015\n",
    );
    let digest = body(&rows[0])["source_reference"].as_str().unwrap().split('-').next().unwrap().to_owned();
    let submitted_by = json!({"role": "landlord", "name": "Mx Lee Letter", "email": "lee@example.org"});
    assert_eq!(
        *body(&rows[0]),
        json!({"kind": "tenancy-change", "channel": "bulk-file", "effective_on": "2016-01-15", "declaration": true,
            "submitted_by": submitted_by, "source_reference": format!("{digest}-2"),
            "dwelling": {"property_reference": "TV1", "address": "1 High Street, Andover SP10 1AA", "postcode": "SP10 1AA"},
            "details": {"furnished": true, "tenancy_starts_on": "2016-01-15", "joint_tenancy": true,
                "incoming": [{"name": "Mr John Smith"}, {"name": "Mrs Jane Smith"}]}})
    );
    assert_eq!(
        *body(&rows[1]),
        json!({"kind": "tenancy-change", "channel": "bulk-file", "effective_on": "2015-12-31", "declaration": true,
            "submitted_by": submitted_by, "source_reference": format!("{digest}-3"),
            "dwelling": {"address": "2 High Street, Andover SP101AA", "postcode": "SP10 1AA"},
            "details": {"furnished": false, "tenancy_ended_on": "2015-12-31", "outgoing": ["Ms Ann Price"]}})
    );
    for row in &rows {
        parse(body(row)).unwrap();
    }
}

#[test]
fn a_row_has_its_own_number_whatever_stands_above_it() {
    let file = format!(
        "\u{feff}Changes of tenancy;;\r\n\r\n{}\r\n\r\n\"Mx Lee\r\nLetter\";Mr A B;;1 X SP10 1AA;;1/1/16;\r\n\r\nLee Letter;Mr C;;2 X SP10 1AA;;1/1/16;\r\n",
        HEADER.trim().replace(',', ";")
    );
    let sheet = read(file.as_bytes(), &landlord(), TODAY).unwrap();
    // The line break within the name of the landlord begins no row.
    assert_eq!(sheet.rows.iter().map(|it| it.number).collect::<Vec<_>>(), [5, 7]);
    assert!(sheet.rows[0].told.is_ok());
    assert_eq!(sheet.rows[1].told.as_ref().unwrap_err()[0].column, "Tenant Names");
}

#[test]
fn a_bad_row_names_the_cells_and_leaves_the_others_alone() {
    assert_eq!(faults(",Mr A B,,1 High Street,,15/1/2016,"), ["Property Address"]);
    assert_eq!(faults("Mr Other Owner,Mr A B,,1 X SP10 1AA,,15/1/2016,"), ["Landlord"]);
    assert_eq!(faults(",Smith,,1 X SP10 1AA,,15/1/2016,"), ["Tenant Names"]);
    assert_eq!(faults(",\"Smith, John\",,1 X SP10 1AA,,15/1/2016,"), ["Tenant Names"]);
    assert_eq!(faults(",Mr & Mrs Smith,,1 X SP10 1AA,,15/1/2016,"), ["Tenant Names"]);
    assert_eq!(faults(",Mr A B,,1 X SP10 1AA,perhaps,12/25/2015,"), ["Furnished", "Start Date"]);
    assert_eq!(faults(",Mr A B,,1 X SP10 1AA,,,"), ["Start Date"]);
    assert_eq!(faults(",Mr A B,,1 X SP10 1AA,,15/1/2016,1/1/2016"), ["End Date"]);
    assert_eq!(faults(",Mr A B,,1 X SP10 1AA,,1/1/2016,15/1/2016"), ["End Date"], "two moves in a row");
    assert_eq!(faults(",Mr A B,Ms C D,,1 X SP10 1AA,,15/1/2016,,"), ["Property Address", "Furnished"]);
    assert_eq!(faults(",=cmd|' /C calc'!A0,,1 X SP10 1AA,,15/1/2016,"), ["Tenant Names"]);
    assert_eq!(faults(",Mr A\u{7} B,,1 X SP10 1AA,,15/1/2016,"), ["Tenant Names"]);
    assert_eq!(faults(",Mr A B,,1 X SP10 1AA,,1/1/1950,"), ["Start Date"]);
    assert_eq!(faults(",Mr A B,,1 X SP10 1AA,,,1/1/1950"), ["End Date"]);
    let rows = rows(",Mr A B,,1 X SP10 1AA,,15/1/2016,\n,,,,,,\n,Mr A B,,1 X SP10 1AA,,15/01/16,\n");
    assert!(rows[0].told.is_ok());
    assert!(rows[1].told.as_ref().unwrap_err()[0].detail.contains("row 2"), "{:?}", rows[1].told);
}

#[test]
fn too_many_cells_in_a_row_are_not_overlooked() {
    assert_eq!(faults(",Mr A B,,1 X SP10 1AA,,15/1/2016,,Ms C D"), ["Tenant Names"]);
}

#[test]
fn a_planned_end_is_not_taken_for_one() {
    let rows = rows(",Mr A B,,1 X SP10 1AA,,15/1/2016,14/1/2017\n");
    let told = rows[0].told.as_ref().unwrap();
    assert_eq!(told.body["details"]["tenancy_ended_on"], Value::Null);
    assert!(told.note.is_some_and(|it| it.contains("a row of its own")));
}

#[test]
fn an_agent_names_the_landlord() {
    let file = format!("{HEADER}Mx Lee Letter,Mr A B,,1 X SP10 1AA,,15/1/2016,\n,Mr C D,,2 X SP10 1AA,,15/1/2016,\n");
    let sheet = read(file.as_bytes(), &agent(), TODAY).unwrap();
    let told = body(&sheet.rows[0]);
    assert_eq!(
        (&told["submitted_by"]["role"], &told["details"]["landlord"]),
        (&json!("agent"), &json!("Mx Lee Letter"))
    );
    assert_eq!(sheet.rows[1].told.as_ref().unwrap_err()[0].column, "Landlord");
    let anonymous = read(file.as_bytes(), &Uploader { name: " ".into(), ..agent() }, TODAY);
    assert!(matches!(anonymous, Err(WrongFile::Uploader(faults)) if faults[0].pointer == "/submitted_by/name"));
}

#[test]
fn a_void_says_when_the_old_tenancy_ended() {
    let header = HEADER.trim().to_owned() + ",void start,Void End Date\n";
    let row = |cells: &str| {
        let sheet = read(format!("{header},Mr A B,,1 X SP10 1AA,,{cells}\n").as_bytes(), &landlord(), TODAY).unwrap();
        sheet.rows[0].told.clone().map(|it| it.body["details"].clone()).map_err(|it| it[0].column)
    };
    let given = row("15/1/2016,,4/1/2016,14/1/2016").unwrap();
    assert_eq!((&given["tenancy_ended_on"], &given["tenancy_starts_on"]), (&json!("2016-01-03"), &json!("2016-01-15")));
    assert_eq!(row(",,4/1/2016,").unwrap()["tenancy_ended_on"], "2016-01-03");
    assert_eq!(row(",3/1/2016,4/1/2016,").unwrap()["tenancy_ended_on"], "2016-01-03");
    assert_eq!(row(",3/1/2016,6/1/2016,").unwrap_err(), "Void Start");
    assert_eq!(row("15/1/2016,,4/1/2016,9/1/2016").unwrap_err(), "Void End");
    assert_eq!(row("15/1/2016,,4/1/2016,1/1/2016").unwrap_err(), "Void End");
}

#[test]
fn days_as_people_write_them() {
    let day = |text: &str| super::days::day(text, TODAY);
    for text in [
        "1/12/2015",
        "01/12/15",
        "1.12.2015",
        "1-12-15",
        "2015-12-01",
        "2015-12-01 00:00:00",
        "2015-12-01T00:00:00Z",
        "1 December 2015",
        "1st Dec, 2015",
        "01-Dec-15",
        "42339",
        "42339.75",
        "01/12/2015 00:00",
    ] {
        assert_eq!(day(text), Some(date(2015, 12, 1)), "{text}");
    }
    assert_eq!(day("3 Sept 2015"), Some(date(2015, 9, 3)));
    for text in [
        "",
        "12/25/2015",
        "31/2/2015",
        "2015",
        "December 2015",
        "1/12",
        "tomorrow",
        "1/12/015",
        "99999999999",
        "1//2015",
    ] {
        assert_eq!(day(text), None, "{text}");
    }
}

#[test]
fn only_a_wrong_layout_refuses_the_whole_file() {
    let wrong = |text: &str| read(text.as_bytes(), &landlord(), TODAY).unwrap_err();
    assert_eq!(wrong(&HEADER.replace(",Start Date", "")), WrongFile::MissingColumn("Start Date"));
    assert_eq!(wrong(&HEADER.replace("End Date", "End Date,Rent")), WrongFile::UnknownColumn("Rent".into()));
    assert_eq!(wrong(&HEADER.replace("End Date", "End Date,Move out date")), WrongFile::ColumnTwice("End Date"));
    assert_eq!(wrong("a,b,c\n1,2,3\n"), WrongFile::NoHeader("Landlord"));
    assert_eq!(wrong(HEADER), WrongFile::NoRows);
    assert_eq!(wrong(""), WrongFile::NoHeader("Landlord"));
    assert_eq!(wrong("%PDF-1.7 …"), WrongFile::NotASpreadsheet);
    assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", &landlord(), TODAY), Err(WrongFile::NotASpreadsheet));
    assert_eq!(read(b"PK\x03\x04 and no more", &landlord(), TODAY), Err(WrongFile::NotASpreadsheet));
    assert_eq!(read(&vec![b'a'; MOST_BYTES + 1], &landlord(), TODAY), Err(WrongFile::TooLarge));
    let many = format!("{HEADER}{}", ",Mr A B,,1 X SP10 1AA,,1/1/2016,\n".repeat(2_001));
    assert_eq!(wrong(&many), WrongFile::TooManyRows);
    assert!(wrong(&HEADER.replace("Landlord,", "")).to_string().contains("Landlord"));
}

#[test]
fn the_columns_are_known_in_any_order_and_under_other_names() {
    let file = "  END DATE ,tenancy start date*,\"FURNISHED?\",Address,Postcode,tenants,Owner\n,1/1/2016,yes,1 X,sp10 1aa,Mr A B,\n";
    let sheet = read(file.as_bytes(), &landlord(), TODAY).unwrap();
    assert_eq!(body(&sheet.rows[0])["dwelling"], json!({"address": "1 X", "postcode": "sp10 1aa"}));
}

#[test]
fn what_excel_saves_without_unicode_is_read() {
    let mut file = HEADER.as_bytes().to_vec();
    file.extend(b",Ms Zo\xeb O\x92Neill,,1 X SP10 1AA,,1/1/2016,\n");
    let sheet = read(&file, &landlord(), TODAY).unwrap();
    assert_eq!(body(&sheet.rows[0])["details"]["incoming"][0]["name"], "Ms Zoë O’Neill");
}

/// The file as one that was put right: read again, without what we wrote into it.
fn put_right(sheet: &Sheet) -> String {
    String::from_utf8(to_put_right(sheet).unwrap()).unwrap()
}

#[test]
fn bad_rows_are_handed_back_and_can_be_sent_again() {
    let text = format!(
        "{HEADER},Mr A B,,1 X SP10 1AA,,15/1/2016,\n,\"=HYPERLINK(\"\"x\"\")\",,\"2 X, SP10 1AA\",maybe,15/1/2016,\n"
    );
    let sheet = read(text.as_bytes(), &landlord(), TODAY).unwrap();
    let back = put_right(&sheet);
    let lines: Vec<&str> = back.lines().collect();
    assert_eq!(lines.len(), 2, "only the bad row: {back}");
    assert!(lines[0].starts_with("\u{feff}\"Landlord\",") && lines[0].ends_with("\"What to put right\""));
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"x\"\")\""), "{back}");
    assert!(lines[1].contains("Row 3. Tenant Names: ") && lines[1].contains("Furnished: write YES"), "{back}");
    let mended = back.replace("'=HYPERLINK(\"\"x\"\")", "Ms C D").replace("maybe", "YES");
    let again = read(mended.as_bytes(), &landlord(), TODAY).unwrap();
    assert_eq!(again.rows.len(), 1);
    assert!(again.rows[0].told.is_ok(), "{:?}", again.rows[0].told);
    assert_eq!(to_put_right(&again), None);
    // Uncorrected it is as bad as before, and has the column once.
    let unmended = put_right(&read(back.as_bytes(), &landlord(), TODAY).unwrap());
    assert_eq!(unmended.replace("Row 2.", "Row 3."), back);
}

#[test]
fn the_same_file_from_the_same_person_has_the_same_references() {
    let text = format!("{HEADER},Mr A B,,1 X SP10 1AA,,15/1/2016,\n");
    let reference = |file: &str, by: &Uploader| {
        let sheet = read(file.as_bytes(), by, TODAY.tomorrow().unwrap()).unwrap();
        body(&sheet.rows[0])["source_reference"].as_str().unwrap().to_owned()
    };
    let first = reference(&text, &landlord());
    assert_eq!(first, reference(&text, &landlord()));
    assert_ne!(first, reference(&format!("{text}\n"), &landlord()));
    assert_ne!(first, reference(&text, &Uploader { email: None, ..landlord() }));
    assert!(first.len() <= 100);
}

/// An XLSX file of these parts.
fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &str =
    r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK_RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Moves" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
/// The second style is a date.
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

fn workbook(shared: &[&str], rows: &str) -> Vec<u8> {
    let shared = shared.iter().map(|it| format!("<si><t>{it}</t></si>")).collect::<Vec<_>>().concat();
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    zipped(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", &format!("<?xml version=\"1.0\"?><sst {main}>{shared}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            &format!("<?xml version=\"1.0\"?><worksheet {main}><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ])
}

fn texts(row: u32, cells: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        let column = char::from(b'A' + u8::try_from(at).unwrap());
        format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let cells: String = cells.iter().enumerate().filter(|(_, it)| !it.is_empty()).map(cell).collect();
    format!("<row r=\"{row}\">{cells}</row>")
}

fn header_row(row: u32) -> String {
    texts(
        row,
        &["Landlord", "Tenant Names", "Property Reference", "Property Address", "Furnished", "Start Date", "End Date"],
    )
}

#[test]
fn a_workbook_says_the_same_as_text() {
    let row = "<row r=\"5\"><c r=\"B5\" t=\"s\"><v>0</v></c><c r=\"C5\"><v>1234</v></c><c r=\"D5\" t=\"s\"><v>1</v></c>\
               <c r=\"E5\" t=\"b\"><v>1</v></c><c r=\"F5\" s=\"1\"><v>42384</v></c></row>";
    let file =
        workbook(&["Mr A B, Ms C D", "1 X, SP10 1AA"], &format!("{}{}{row}", texts(1, &["Our moves"]), header_row(3)));
    let sheet = read(&file, &landlord(), TODAY).unwrap();
    assert_eq!(sheet.rows.len(), 1);
    assert_eq!(sheet.rows[0].number, 5);
    let told = body(&sheet.rows[0]);
    assert_eq!(told["dwelling"]["property_reference"], "1234");
    assert_eq!(told["details"]["tenancy_starts_on"], "2016-01-15");
    assert_eq!(told["details"]["incoming"].as_array().unwrap().len(), 2);
    assert_eq!(told["details"]["furnished"], true);
}

#[test]
fn a_file_that_unpacks_beyond_measure_is_refused_before_it_does() {
    let bomb = workbook(&[&" ".repeat(40 * 1024 * 1024)], &header_row(1));
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    assert_eq!(read(&bomb, &landlord(), TODAY), Err(WrongFile::TooLarge));
    let parts: Vec<String> = (0..600).map(|it| format!("part{it}")).collect();
    let parts: Vec<_> = parts.iter().map(|it| (it.as_str(), "")).collect();
    assert_eq!(read(&zipped(&parts), &landlord(), TODAY), Err(WrongFile::TooLarge));
}

#[test]
fn a_long_text_in_every_cell_is_refused() {
    let long = "a".repeat(30_000);
    let row = |number: u32| {
        let cells: String =
            ["A", "B", "C", "D"].map(|it| format!("<c r=\"{it}{number}\" t=\"s\"><v>0</v></c>")).concat();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    let rows: String = (2..2_000).map(row).collect();
    let file = workbook(&[&long], &format!("{}{rows}", header_row(1)));
    assert_eq!(read(&file, &landlord(), TODAY), Err(WrongFile::TooLarge));
}

#[test]
fn cells_in_the_far_corner_take_no_memory() {
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>far</t></is></c></row>";
    let sheet = read(&workbook(&[], &format!("{}{far}", header_row(1))), &landlord(), TODAY).unwrap();
    assert_eq!((sheet.rows.len(), sheet.rows[0].number), (1, 1_048_576));
    assert!(sheet.rows[0].told.is_err());
}

#[test]
fn text_that_pretends_to_be_markup_stays_text() {
    let entities = workbook(
        &[],
        &format!("{}{}", header_row(1), texts(2, &["", "Ms &lt;b&gt; &amp;x C", "", "1 X SP10 1AA", "", "1/1/2016"])),
    );
    let sheet = read(&entities, &landlord(), TODAY).unwrap();
    assert_eq!(body(&sheet.rows[0])["details"]["incoming"][0]["name"], "Ms <b> &x C");
    let doctype = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    let outside = workbook(&[], &format!("{doctype}{}{}", header_row(1), texts(2, &["", "&e; B C"])));
    // Read or not: nothing of the machine comes out.
    if let Ok(sheet) = read(&outside, &landlord(), TODAY) {
        assert!(!format!("{sheet:?}").contains("root:"), "{sheet:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever comes: an answer, and each good row is a notification.
    #[test]
    fn anything_at_all_is_answered(junk in ".{0,300}", cells in proptest::collection::vec("[ -~\u{0}\u{a0}é\"\r\n=']{0,20}", 7)) {
        let _ = read(junk.as_bytes(), &landlord(), TODAY);
        let mut file = csv::Writer::from_writer(HEADER.as_bytes().to_vec());
        file.write_record(&cells).unwrap();
        if let Ok(sheet) = read(&file.into_inner().unwrap(), &landlord(), TODAY) {
            for row in &sheet.rows {
                if let Ok(told) = &row.told {
                    prop_assert!(parse(&told.body).is_ok());
                }
            }
            if let Some(back) = to_put_right(&sheet) {
                let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&back[..]);
                for record in reader.records() {
                    for cell in &record.unwrap() {
                        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
                    }
                }
            }
        }
    }

    /// A workbook in which something was changed: an answer.
    #[test]
    fn a_mangled_workbook_is_answered(at in 0_usize..4_000, with in proptest::collection::vec(any::<u8>(), 0..8), inner in ".{0,40}") {
        let mut file = workbook(&["Mr A B"], &format!("{}{}", header_row(1), texts(2, &["", "Mr A B", "", "1 X SP10 1AA", "", "1/1/2016"])));
        let at = at % file.len();
        let to = (at + with.len()).min(file.len());
        file.splice(at..to, with);
        let _ = read(&file, &landlord(), TODAY);
        let _ = read(&workbook(&[&inner], &format!("{}<row r=\"2\"><c r=\"{inner}\" t=\"s\"><v>{inner}</v></c></row>", header_row(1))), &landlord(), TODAY);
    }
}
