//! Many changes of tenants from a landlord's or agent's spreadsheet: looked at row by row, then the good rows are sent.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::govuk::{self, Asked, Choice, Choices, Line};
use super::layout::{Page, Visit};
use super::outcome::said_before;
use super::text::Text;
use crate::service::Refusal;
use crate::service::bulk::{BulkPreview, BulkRefused, RowShown, RowStands, Uploader, UploaderRole, WrongFile};
use crate::web::App;
use crate::web::body::{FormWithFile, form_with_file};
use crate::web::problem::Problem;

/// How many days a file is kept that was not sent, and what became of one that was.
const KEPT_DAYS: (u16, u16) = (1, 28);

/// A file on its way.
#[derive(Serialize, Deserialize)]
struct Upload {
    agent: bool,
    name: String,
    email: String,
    /// The file in base64; empty once it was sent.
    file: String,
    /// The rows that were not sent, with what to put right, in base64.
    bad: Option<String>,
    /// What became of each row that was sent.
    sent: Option<Vec<SentRow>>,
}

/// What became of a row.
#[derive(Serialize, Deserialize)]
struct SentRow {
    number: u64,
    address: String,
    /// Its reference, what it came to and the code that shows it; none where it could not be sent.
    receipt: Option<(String, String, String)>,
}

impl Upload {
    fn by(&self) -> Uploader {
        Uploader {
            role: if self.agent { UploaderRole::Agent } else { UploaderRole::Landlord },
            name: self.name.clone(),
            email: Some(self.email.clone()).filter(|it| !it.is_empty()),
            phone: None,
            declaration: true,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        BASE64.decode(&self.file).unwrap_or_default()
    }

    fn keep(&self, app: &App, draft: &str) -> Result<(), Problem> {
        let content = serde_json::to_vec(self).map_err(|error| Problem::internal(&error))?;
        let days = if self.sent.is_some() { KEPT_DAYS.1 } else { KEPT_DAYS.0 };
        app.backend().keep_draft(draft, &content, days).map_err(|error| Problem::unavailable(&error))
    }

    /// The file of this address; none where it is not kept any more.
    fn read(app: &App, draft: &str) -> Result<Option<Self>, Problem> {
        let content = app.backend().read_draft(draft).map_err(|error| Problem::unavailable(&error))?;
        Ok(content.and_then(|it| serde_json::from_slice(&it).ok()))
    }
}

/// What is told where a file is not kept any more, or the address is wrong.
fn gone(visit: &Visit) -> Response {
    let text = visit.text;
    let body = html! {
        h1 class="govuk-heading-l" { (text.say("many-gone-title")) }
        p class="govuk-body" { (text.say("many-gone-why")) }
        p class="govuk-body" { (text.say("many-gone-next")) }
        p class="govuk-body" { a class="govuk-link" href=(visit.link("/many")) { (text.say("many-gone-again")) } }
    };
    Page::new(text.say("many-gone-title"), body).with_status(StatusCode::NOT_FOUND).shown(visit)
}

/// Asks for the file and who sends it.
pub(in crate::web) async fn ask(visit: Visit) -> Response {
    asked(&visit, &FormWithFile::default(), Vec::new())
}

fn asked(visit: &Visit, form: &FormWithFile, errors: Vec<(String, String)>) -> Response {
    let text = visit.text;
    let given = |name: &str| form.fields.get(name).map(String::as_str).unwrap_or_default();
    let asked = |name: &str| Asked {
        id: name.to_owned(),
        name: name.to_owned(),
        label: text.say(&format!("many-{name}")),
        hint: text.maybe(&format!("many-{name}-hint"), &[]),
        error: errors.iter().find(|(id, _)| id == name).map(|(_, it)| it.clone()),
        error_prefix: text.say("error-prefix"),
        ..Asked::default()
    };
    let role = |value: &str| Choice {
        value: value.to_owned(),
        text: text.say(&format!("many-role-{value}")),
        hint: None,
        chosen: given("role") == value,
    };
    let roles = Choices { items: vec![role("landlord"), role("agent")], ..Choices::default() };
    let email = Line { kind: Some("email"), autocomplete: Some("email"), ..Line::default() };
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (text.say("many-title")) }
                p class="govuk-body" { (text.say("many-lead")) }
                (govuk::details(&text.say("many-columns"), &columns(text)))
                form method="post" action=(visit.link("/many")) enctype="multipart/form-data" novalidate {
                    (govuk::radios(&asked("role"), &roles))
                    (govuk::line(&asked("name"), Line::default(), given("name")))
                    (govuk::line(&asked("email"), email, given("email")))
                    (govuk::file_upload(&asked("file"), ".csv,.xlsx"))
                    (govuk::button(&text.say("many-look")))
                }
            }
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page::new(text.say("many-title"), body).back_to(visit.link("/"));
    page.with_errors(errors).with_status(status).shown(visit)
}

fn columns(text: &Text) -> Markup {
    let columns = ["landlord", "tenants", "reference", "address", "furnished", "start", "end"];
    html! {
        ul class="govuk-list govuk-list--bullet" {
            @for it in columns { li { (text.say(&format!("many-column-{it}"))) } }
        }
    }
}

/// Looks at a file, and keeps it until it is sent.
pub(in crate::web) async fn look(State(app): State<App>, visit: Visit, request: Request) -> Result<Response, Problem> {
    let form = form_with_file(&app, request).await?;
    let text = visit.text;
    let given = |name: &str| form.fields.get(name).map(|it| it.trim().to_owned()).unwrap_or_default();
    let mut errors = Vec::new();
    let role = given("role");
    if role != "landlord" && role != "agent" {
        errors.push(("role".to_owned(), text.say("many-role-missing")));
    }
    if given("name").is_empty() {
        errors.push(("name".to_owned(), text.say("many-name-missing")));
    }
    let Some((_, file)) = form.file.as_ref().filter(|_| errors.is_empty()) else {
        if form.file.is_none() {
            errors.push(("file".to_owned(), text.say("missing-file")));
        }
        return Ok(asked(&visit, &form, errors));
    };
    let upload = Upload {
        agent: role == "agent",
        name: given("name"),
        email: given("email"),
        file: BASE64.encode(file),
        bad: None,
        sent: None,
    };
    match app.backend().bulk_preview(file, &upload.by()).await {
        Ok(_) => {}
        Err(BulkRefused::Wrong(wrong)) => {
            return Ok(asked(&visit, &form, vec![("file".to_owned(), unreadable(&wrong, text))]));
        }
        Err(BulkRefused::Unavailable(error)) => return Err(Problem::unavailable(&error)),
    }
    let content = serde_json::to_vec(&upload).map_err(|error| Problem::internal(&error))?;
    let draft = app.backend().begin_draft(&content, KEPT_DAYS.0).map_err(|error| Problem::unavailable(&error))?;
    Ok(Redirect::to(&visit.link(&format!("/many/{draft}"))).into_response())
}

/// Why nothing of a file can be read.
fn unreadable(wrong: &WrongFile, text: &Text) -> String {
    match wrong {
        WrongFile::TooLarge => text.say("many-file-too-large"),
        WrongFile::TooManyRows => text.say("many-file-too-many-rows"),
        WrongFile::NotASpreadsheet => text.say("many-file-unreadable"),
        WrongFile::SeveralSheets => text.say("many-file-several-sheets"),
        WrongFile::NoHeader(columns) => text.with("many-file-no-header", &[("columns", columns)]),
        WrongFile::MissingColumn(column) => text.with("many-file-missing-column", &[("column", column)]),
        WrongFile::UnknownColumn(column) => text.with("many-file-unknown-column", &[("column", column)]),
        WrongFile::ColumnTwice(column) => text.with("many-file-column-twice", &[("column", column)]),
        WrongFile::NoRows => text.say("many-file-no-rows"),
        WrongFile::Uploader(_) => text.say("many-file-uploader"),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// Shows the rows, or what became of them.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visit: Visit,
    Path(draft): Path<String>,
) -> Result<Response, Problem> {
    let Some(upload) = Upload::read(&app, &draft)? else { return Ok(gone(&visit)) };
    let text = visit.text;
    let put_right = format!("/many/{draft}/put-right.csv");
    let (title, within) = if let Some(sent) = &upload.sent {
        (text.say("many-sent-title"), sent_rows(sent, &visit))
    } else {
        let preview = app.backend().bulk_preview(&upload.bytes(), &upload.by()).await;
        let preview = preview.map_err(|_| Problem::unavailable(&"a file cannot be looked at again"))?;
        (text.say("many-shown-title"), looked_at(&preview, &visit, &draft))
    };
    let any_bad = upload.bad.is_some() || upload.sent.is_none();
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        (within)
        @if any_bad {
            p class="govuk-body" { a class="govuk-link" href=(put_right) { (text.say("many-put-right")) } }
        }
    };
    Ok(Page::new(title, body).back_to(visit.link("/many")).shown(&visit))
}

fn looked_at(preview: &BulkPreview, visit: &Visit, draft: &str) -> Markup {
    let text = visit.text;
    let can = preview.rows.iter().filter(|it| !matches!(it.stands, RowStands::Bad(_))).count();
    let bad = preview.rows.len().saturating_sub(can);
    html! {
        p class="govuk-body-l" { (text.count("many-can", can)) " " (text.count("many-bad", bad)) }
        (table(text, ["row", "address", "tenants", "stands"], &html! { @for row in &preview.rows { (row_shown(row, text)) } }))
        @if can > 0 {
            p class="govuk-body" { (text.say("check-declaration")) }
            form method="post" action=(visit.link(&format!("/many/{draft}"))) novalidate {
                (govuk::button(&text.count("many-send", can)))
            }
        }
    }
}

/// A table whose rows are blocks on a phone; what it is made of is said to who cannot see that it is a table all the same.
fn table(text: &Text, heads: [&str; 4], rows: &Markup) -> Markup {
    html! {
        table class="govuk-table hearth-stacks" role="table" {
            caption class="govuk-table__caption govuk-visually-hidden" { (text.say("many-rows")) }
            thead class="govuk-table__head" role="rowgroup" {
                tr class="govuk-table__row" role="row" {
                    @for it in heads {
                        th scope="col" class="govuk-table__header" role="columnheader" { (text.say(&format!("many-head-{it}"))) }
                    }
                }
            }
            tbody class="govuk-table__body" role="rowgroup" { (rows) }
        }
    }
}

/// One row of it: its number, and a cell under each further head.
fn table_row(text: &Text, number: u64, cells: [(&str, Markup); 3]) -> Markup {
    html! {
        tr class="govuk-table__row" role="row" {
            th scope="row" class="govuk-table__header" role="rowheader" data-label=(text.say("many-head-row")) { (number) }
            @for (head, cell) in &cells {
                td class="govuk-table__cell" role="cell" data-label=(text.say(&format!("many-head-{head}"))) { (cell) }
            }
        }
    }
}

fn row_shown(row: &RowShown, text: &Text) -> Markup {
    let stands = html! {
        @match &row.stands {
            RowStands::Good => (govuk::tag(&text.say("many-good"), Some("green"))),
            RowStands::Officer(why) => {
                (govuk::tag(&text.say("many-officer"), Some("blue")))
                @for it in said_before(why, text) { br; (it) }
            }
            RowStands::SentBack(why) => {
                (govuk::tag(&text.say("many-sent-back"), Some("yellow")))
                @for it in said_before(why, text) { br; (it) }
            }
            RowStands::Bad(faults) => {
                (govuk::tag(&text.say("many-wrong"), Some("red")))
                @for it in faults { br; (it.column) ": " (it.detail) }
            }
        }
        @if let Some(note) = row.note { br; (sentence(note)) }
    };
    let cells = [("address", html! { (row.address) }), ("tenants", html! { (row.tenants) }), ("stands", stands)];
    table_row(text, row.number, cells)
}

fn sent_rows(rows: &[SentRow], visit: &Visit) -> Markup {
    let text = visit.text;
    let row = |row: &SentRow| {
        let (reference, stands) = match &row.receipt {
            Some((reference, status, token)) => (
                html! { a class="govuk-link hearth-reference" href=(visit.link(&format!("/track/{reference}?token={token}"))) { (reference) } },
                text.say(&format!("state-{status}")),
            ),
            None => (html! { (text.say("not-provided")) }, text.say("many-not-sent")),
        };
        let cells = [("address", html! { (row.address) }), ("reference", reference), ("stands", html! { (stands) })];
        table_row(text, row.number, cells)
    };
    html! {
        p class="govuk-body-l" { (text.count("many-sent", rows.iter().filter(|it| it.receipt.is_some()).count())) }
        (table(text, ["row", "address", "reference", "stands"], &html! { @for it in rows { (row(it)) } }))
    }
}

/// Sends the rows that can be sent, each once however often this is asked for.
pub(in crate::web) async fn send(
    State(app): State<App>,
    visit: Visit,
    Path(draft): Path<String>,
) -> Result<Response, Problem> {
    let Some(mut upload) = Upload::read(&app, &draft)? else { return Ok(gone(&visit)) };
    if upload.sent.is_none() {
        let taken = app.backend().bulk_submit(&upload.bytes(), &upload.by()).await.map_err(|it| match it {
            BulkRefused::Wrong(wrong) => Problem::unavailable(&wrong),
            BulkRefused::Unavailable(error) => Problem::unavailable(&error),
        })?;
        let row = |it: crate::service::bulk::RowTaken| {
            let receipt = match it.receipt {
                Ok(it) => Some((it.reference.to_string(), it.status.as_str().to_owned(), it.tracking_token)),
                Err(Refusal::Malformed(_) | Refusal::OtherBody { .. } | Refusal::Unavailable(_)) => None,
            };
            SentRow { number: it.number, address: it.address, receipt }
        };
        upload.sent = Some(taken.rows.into_iter().map(row).collect());
        upload.bad = taken.to_put_right.map(|it| BASE64.encode(it));
        upload.file.clear();
        upload.keep(&app, &draft)?;
    }
    Ok(Redirect::to(&visit.link(&format!("/many/{draft}"))).into_response())
}

/// Gives the rows back that cannot be sent, with what to put right.
pub(in crate::web) async fn put_right(
    State(app): State<App>,
    visit: Visit,
    Path(draft): Path<String>,
) -> Result<Response, Problem> {
    let Some(upload) = Upload::read(&app, &draft)? else { return Ok(gone(&visit)) };
    let bad = if let Some(bad) = &upload.bad {
        BASE64.decode(bad).ok()
    } else {
        let preview = app.backend().bulk_preview(&upload.bytes(), &upload.by()).await;
        preview.map_err(|_| Problem::unavailable(&"a file cannot be looked at again"))?.to_put_right
    };
    let bad = bad.ok_or_else(|| Problem::not_found("Nothing has to be put right."))?;
    let mut response = bad.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"put-right.csv\""));
    Ok(response)
}
