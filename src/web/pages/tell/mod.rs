//! Telling the council of a change: questions, what was answered, and the sending.
//!
//! * [`about`] and [`forms`] — what is asked, as tables; [`question`] — what a question is;
//! * [`mod@steps`] — which questions this case needs, in order;
//! * [`values`] and [`fields`] — from what was typed to what is told, and how it is asked;
//! * [`documents`] — what proves it, added before it is sent;
//! * [`body`] — the notifications that follow; [`check`] and [`sent`] — before and after they are sent; [`save`] — kept for later.

mod about;
mod answers;
mod body;
pub(in crate::web) mod check;
pub(in crate::web) mod documents;
mod fields;
mod forms;
mod question;
pub(in crate::web) mod save;
pub(in crate::web) mod sent;
mod steps;
mod values;

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::Channel;
use jiff::civil::Date;
use maud::html;

use self::answers::{Amiss, Answers, Entered};
use self::fields::{Shown, slug};
use self::question::{Field, Input};
use self::steps::{Step, looks_up, note, steps};
use self::values::Wrong;
use super::govuk;
use super::layout::{Page, Visit};
use super::text::{Text, england};
use crate::web::App;
use crate::web::body::form_body;
use crate::web::problem::Problem;

/// How many days answers are kept that nobody asked to keep, and that somebody did.
const KEPT_DAYS: (u16, u16) = (1, 28);
/// Most dwellings of one postcode that are shown.
const MOST_DWELLINGS: usize = 120;
/// What a page is asked for with to show what was typed into it and could not be taken.
const AGAIN: &str = "again=1";
/// How much of a field is kept to be mended, characters; none that is taken is nearly as long.
const LONGEST_TYPED: usize = 4_000;

/// What a form was sent with: the values of each field.
pub(in crate::web) type Form = BTreeMap<String, Vec<String>>;

/// A draft that is there.
pub(in crate::web) struct Draft {
    name: String,
    answers: Answers,
}

impl FromRequestParts<App> for Draft {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let named = Path::<BTreeMap<String, String>>::from_request_parts(parts, app).await;
        let name = named.ok().and_then(|Path(it)| it.get("draft").cloned()).unwrap_or_default();
        let read = app.backend().read_draft(&name).map_err(|error| Problem::unavailable(&error).into_response())?;
        if let Some(answers) = read.and_then(|it| serde_json::from_slice(&it).ok()) {
            return Ok(Self { name, answers });
        }
        let visit = Visit::from_request_parts(parts, app).await.map_err(axum::response::IntoResponse::into_response)?;
        Err(gone(&visit))
    }
}

impl Draft {
    fn path(&self, rest: &str) -> String {
        format!("/tell/{}/{rest}", self.name)
    }

    fn keep(&mut self, app: &App) -> Result<(), Problem> {
        self.answers.day = Some(app.backend().now().to_zoned(england()).date());
        let content = serde_json::to_vec(&self.answers).map_err(|error| Problem::internal(&error))?;
        let days = if self.answers.saved || !self.answers.sent.is_empty() { KEPT_DAYS.1 } else { KEPT_DAYS.0 };
        app.backend().keep_draft(&self.name, &content, days).map_err(|error| Problem::unavailable(&error))
    }

    /// Where to go on: the first question that is not answered, the documents that are asked for, or the page where answers are
    /// checked.
    fn next(&self, app: &App) -> String {
        let steps = steps(&self.answers);
        let open = steps.iter().find(|it| !it.is_answered(&self.answers)).map(Step::path);
        let documents = || documents::next(app, &self.answers).map(documents::path);
        self.path(&open.or_else(documents).unwrap_or_else(|| "check".to_owned()))
    }

    /// The visitor, in the language that was chosen last.
    fn speaks(&mut self, visit: Visit, asked_for: bool) -> Visit {
        if asked_for {
            self.answers.lang = visit.text.lang();
        }
        visit.speaking(self.answers.lang)
    }
}

/// What is told where there are no such answers: they were deleted, or the address is wrong.
fn gone(visit: &Visit) -> Response {
    let text = visit.text;
    let body = html! {
        h1 class="govuk-heading-l" { (text.say("gone-title")) }
        p class="govuk-body" { (text.say("gone-why")) }
        p class="govuk-body" { (text.say("gone-next")) }
        form method="post" action=(visit.link("/tell")) novalidate { (govuk::start_button(&text.say("start-now"))) }
    };
    Page::new(text.say("gone-title"), body).with_status(StatusCode::NOT_FOUND).shown(visit)
}

/// A day from its three parts as they were typed, or what is wrong with it and with which of them.
pub(in crate::web) fn day_of(parts: &[String]) -> Result<Date, Wrong> {
    let read = values::read(&question::need!("date", Input::Date), parts)?;
    let no_day = Wrong { text: "wrong-date", parts: [true; 3] };
    read.and_then(|it| it.as_str().and_then(|it| it.parse().ok())).ok_or(no_day)
}

/// What is wrong with a day, and what to do.
pub(in crate::web) fn told_of_day(wrong: Wrong, text: &Text) -> String {
    let (least, most) = (values::YEARS.start().to_string(), values::YEARS.end().to_string());
    let name = if wrong == values::MISSING { "missing-date" } else { wrong.text };
    text.with(name, &[("least", &least), ("most", &most)])
}

/// Begins what an officer enters for somebody, and gives where the first question is.
pub(in crate::web) fn entered(app: &App, by: &str, channel: Channel) -> Result<String, Problem> {
    let answers = Answers { entered: Some(Entered { by: by.to_owned(), channel }), ..Answers::default() };
    begun(app, &answers)
}

fn begun(app: &App, answers: &Answers) -> Result<String, Problem> {
    let content = serde_json::to_vec(answers).map_err(|error| Problem::internal(&error))?;
    let name = app.backend().begin_draft(&content, KEPT_DAYS.0).map_err(|error| Problem::unavailable(&error))?;
    Ok(format!("/tell/{name}/about/who"))
}

/// Begins.
pub(in crate::web) async fn begin(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let answers = Answers { lang: visit.text.lang(), ..Answers::default() };
    Ok(Redirect::to(&begun(&app, &answers)?).into_response())
}

/// Goes on where it was left.
pub(in crate::web) async fn resume(State(app): State<App>, draft: Draft) -> Response {
    let next = if draft.answers.sent.is_empty() { draft.next(&app) } else { draft.path("sent") };
    Redirect::to(&next).into_response()
}

/// The page that a path is about, and where it stands; none where this case does not have it.
fn find(draft: &Draft, scope: &str, question: &str) -> Option<(Option<usize>, Step)> {
    let path = format!("{scope}/{question}");
    let asked = note();
    if asked.path() == path {
        return Some((None, asked));
    }
    let steps = steps(&draft.answers);
    steps.into_iter().enumerate().find(|(_, it)| it.path() == path).map(|(place, it)| (Some(place), it))
}

/// Asks.
pub(in crate::web) async fn show(
    State(app): State<App>,
    Path((_, scope, question)): Path<(String, String, String)>,
    visit: Visit,
    mut draft: Draft,
    request: Request,
) -> Result<Response, Problem> {
    if !draft.answers.sent.is_empty() {
        return Ok(Redirect::to(&draft.path("sent")).into_response());
    }
    let Some((place, step)) = find(&draft, &scope, &question) else {
        return Ok(Redirect::to(&draft.next(&app)).into_response());
    };
    // Whoever jumps ahead comes to what has to be answered first.
    let before = steps(&draft.answers).into_iter().take(place.unwrap_or_default());
    if let Some(open) = before.into_iter().find(|it| !it.is_answered(&draft.answers)) {
        return Ok(Redirect::to(&draft.path(&open.path())).into_response());
    }
    let asked_for = request.uri().query().is_some_and(|it| it.contains("lang="));
    let was = draft.answers.lang;
    let visit = draft.speaks(visit, asked_for);
    if draft.answers.lang != was {
        draft.keep(&app)?;
    }
    let again = request.uri().query().is_some_and(|it| it.contains(AGAIN));
    let (answers, one_more) = as_typed(&draft.answers, &step, again);
    let wrong = if again && !one_more { step.faults(&answers) } else { Vec::new() };
    let dwellings = dwellings(&app, &draft, &step).await?;
    let shown = Shown { text: visit.text, answers: &answers, step, wrong: &wrong, dwellings: &dwellings, one_more };
    Ok(page(&visit, &draft, &shown))
}

/// The answers with what was last typed into this page, where that is what is to be shown; and whether with room for one more.
fn as_typed(answers: &Answers, step: &Step, again: bool) -> (Answers, bool) {
    let mut answers = answers.clone();
    let Some(amiss) = answers.amiss.take().filter(|it| again && it.page == step.path()) else {
        return (answers, false);
    };
    for (field, typed) in amiss.given {
        answers.put(&field, typed);
    }
    (answers, amiss.one_more)
}

/// Takes the answers of a page and goes on.
pub(in crate::web) async fn answer(
    State(app): State<App>,
    Path((_, scope, question)): Path<(String, String, String)>,
    mut draft: Draft,
    request: Request,
) -> Result<Response, Problem> {
    if !draft.answers.sent.is_empty() {
        return Ok(Redirect::to(&draft.path("sent")).into_response());
    }
    let Some((_, step)) = find(&draft, &scope, &question) else {
        return Ok(Redirect::to(&draft.next(&app)).into_response());
    };
    let changing = request.uri().query().is_some_and(|it| it.contains("change=1"));
    let form = form_body(&app, request).await?;
    let given = typed(&draft.answers, &step, &form);
    let mut answers = draft.answers.clone();
    put(&mut answers, &step, &given);
    let one_more = form.contains_key("add");
    if one_more || !step.faults(&answers).is_empty() {
        draft.answers.amiss = Some(Amiss { page: step.path(), given, one_more });
        draft.keep(&app)?;
        let change = if changing { "&change=1" } else { "" };
        return Ok(Redirect::to(&format!("{}?{AGAIN}{change}", draft.path(&step.path()))).into_response());
    }
    let postcode = looks_up(&step).map(|it| draft.answers.one(&it).to_owned()).unwrap_or_default();
    draft.answers = Answers { amiss: None, ..answers };
    forget_home(&mut draft.answers, &step, &postcode);
    look_up(&app, &mut draft.answers, &step).await?;
    draft.keep(&app)?;
    Ok(Redirect::to(&after(&app, &draft, &step, changing)).into_response())
}

/// Where to go on from a page: to the next, or back to where answers are checked where one was only changed.
fn after(app: &App, draft: &Draft, step: &Step, changing: bool) -> String {
    if changing || step.path() == note().path() {
        return draft.next(app);
    }
    let steps = steps(&draft.answers);
    let place = steps.iter().position(|it| it.path() == step.path());
    let next = place.and_then(|it| steps.get(it + 1));
    next.map_or_else(|| draft.next(app), |it| draft.path(&it.path()))
}

/// Takes what was typed into a page for its answers.
fn put(answers: &mut Answers, step: &Step, given: &BTreeMap<String, Vec<String>>) {
    for field in step.question.fields {
        let full = step.facts(answers).full(field.name);
        let typed = given.get(&full).cloned().unwrap_or_default();
        if is_list(field) { answers.put_list(&full, typed) } else { answers.put(&full, typed) }
    }
}

/// What was typed into a page, by field; of what nobody would read to its end, the beginning.
fn typed(answers: &Answers, step: &Step, form: &Form) -> BTreeMap<String, Vec<String>> {
    let of_field = |field: &Field| {
        let full = step.facts(answers).full(field.name);
        let name = slug(&full);
        let value = |name: &str| form.get(name).and_then(|it| it.first()).cloned().unwrap_or_default();
        let mut typed = match field.input {
            Input::Date | Input::Birthday | Input::LongAgo => {
                ["day", "month", "year"].map(|part| value(&format!("{name}-{part}"))).to_vec()
            }
            Input::AnyOf(_) => form.get(&name).cloned().unwrap_or_default(),
            // Each name has a field of its own: `name`, `name-2` and so on.
            Input::People | Input::Names => {
                let more = (2..=values::MOST_NAMES).map(|place| format!("{name}-{place}"));
                std::iter::once(name.clone()).chain(more).filter_map(|it| form.get(&it)).flatten().cloned().collect()
            }
            Input::Line
            | Input::Name
            | Input::Email
            | Input::Phone
            | Input::Address
            | Input::Text
            | Input::Number(..)
            | Input::Money
            | Input::Digits(_)
            | Input::YesNo
            | Input::OneOf(_)
            | Input::Postcode
            | Input::Dwelling(_)
            | Input::Account => vec![value(&name)],
        };
        if is_list(field) {
            typed.retain(|it| !it.trim().is_empty());
            if typed.is_empty() {
                typed.push(String::new());
            }
        }
        (full, typed.into_iter().map(|it| it.chars().take(LONGEST_TYPED).collect()).collect())
    };
    step.question.fields.iter().map(of_field).collect()
}

fn is_list(field: &Field) -> bool {
    matches!(field.input, Input::People | Input::Names)
}

/// Counts the dwellings of a postcode that was just given: the address is chosen among them, or written where there are none.
async fn look_up(app: &App, answers: &mut Answers, step: &Step) -> Result<(), Problem> {
    let Some(field) = looks_up(step) else { return Ok(()) };
    let postcode = answers.one(&field).to_owned();
    let found = if postcode.is_empty() {
        0
    } else {
        app.read(move |it| it.views().dwellings_at_postcode(&postcode, 1)).await?.len()
    };
    answers.put(&format!("{field}-found"), vec![found.to_string()]);
    Ok(())
}

/// Another postcode is another home: what was chosen or written for the one before does not stand.
fn forget_home(answers: &mut Answers, step: &Step, before: &str) {
    let Some(field) = looks_up(step) else { return };
    let plain = |it: &str| it.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    if plain(answers.one(&field)) != plain(before)
        && let Some(prefix) = field.strip_suffix("postcode")
    {
        answers.put(&format!("{prefix}dwelling"), Vec::new());
        answers.put(&format!("{prefix}address"), Vec::new());
    }
}

/// The dwellings of the postcode that was given, where a page asks for one of them, small numbers first.
async fn dwellings(app: &App, draft: &Draft, step: &Step) -> Result<Vec<(String, String)>, Problem> {
    let asks = step.question.fields.iter().find_map(|it| {
        if let Input::Dwelling(postcode) = it.input { Some(format!("{}:{postcode}", step.scope)) } else { None }
    });
    let Some(field) = asks else { return Ok(Vec::new()) };
    let postcode = draft.answers.one(&field).to_owned();
    let found = app.read(move |it| it.views().dwellings_at_postcode(&postcode, MOST_DWELLINGS)).await?;
    let mut found: Vec<_> = found.into_iter().map(|(uprn, address)| (uprn.to_string(), address)).collect();
    found.sort_by_key(|(_, address)| {
        let number: String =
            address.chars().skip_while(|it| !it.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        (number.parse::<u32>().unwrap_or(u32::MAX), address.clone())
    });
    Ok(found)
}

fn page(visit: &Visit, draft: &Draft, shown: &Shown<'_>) -> Response {
    let text = visit.text;
    let steps = steps(&draft.answers);
    let path = shown.step.path();
    let changing = visit.here.contains("change=1");
    let place = steps.iter().position(|it| it.path() == path);
    let back = match place.and_then(|it| it.checked_sub(1)).and_then(|it| steps.get(it)) {
        _ if changing || place.is_none() => draft.path("check"),
        Some(before) => draft.path(&before.path()),
        None => visit.link("/"),
    };
    let action = if changing { format!("{}?change=1", draft.path(&path)) } else { draft.path(&path) };
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                form method="post" action=(action) novalidate {
                    (shown.form())
                    div class="govuk-button-group" {
                        (govuk::button(&text.say("continue")))
                        a class="govuk-link" href=(draft.path("save")) { (text.say("save-for-later")) }
                    }
                }
            }
        }
    };
    Page::new(shown.title(), body).back_to(back).with_errors(shown.errors()).shown(visit)
}
