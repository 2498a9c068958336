//! Before it is sent: every answer, what will happen, and the sending itself.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{NotificationKind, Role};
use maud::{Markup, html};

use super::answers::{Answers, Sent};
use super::body::body;
use super::documents;
use super::fields::{Shown, slug};
use super::question::{ABOUT, Field, Input, YOU};
use super::steps::{Step, kinds, note, steps};
use super::values::{self, OTHER};
use super::{Draft, dwellings};
use crate::intake::parse;
use crate::service::preview::{Foreseen, Preview, ToldBefore};
use crate::service::{FieldFault, Refusal, Sender};
use crate::web::App;
use crate::web::looked::may_tell;
use crate::web::pages::govuk::{self, Row};
use crate::web::pages::layout::{Page, Visit};
use crate::web::pages::outcome::said_before;
use crate::web::pages::staff::session;
use crate::web::pages::staff::sign_in::has_ended;
use crate::web::pages::text::Text;
use crate::web::problem::Problem;

/// Shows what was answered.
pub(in crate::web) async fn show(State(app): State<App>, visit: Visit, mut draft: Draft) -> Result<Response, Problem> {
    if let Some(elsewhere) = not_here(&app, &draft) {
        return Ok(elsewhere);
    }
    let visit = visit.speaking(draft.answers.lang);
    if visit.text.lang() != draft.answers.lang {
        draft.answers.lang = visit.text.lang();
        draft.keep(&app)?;
    }
    checked(&app, &visit, &draft, Vec::new()).await
}

/// Where whoever is not done, or done already, belongs.
fn not_here(app: &App, draft: &Draft) -> Option<Response> {
    let next = if draft.answers.sent.is_empty() { draft.next(app) } else { draft.path("sent") };
    (next != draft.path("check")).then(|| Redirect::to(&next).into_response())
}

/// Sends everything, each notification once however often this is asked for.
pub(in crate::web) async fn send(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    mut draft: Draft,
) -> Result<Response, Problem> {
    if let Some(elsewhere) = not_here(&app, &draft) {
        return Ok(elsewhere);
    }
    // Under an officer's name only they themselves send.
    let sender = match &draft.answers.entered {
        None => Sender::Public,
        Some(it) => match session::holder(&app, &headers).await? {
            Some(holder) if holder.name == it.by && matches!(holder.role, Role::Officer | Role::Supervisor) => {
                Sender::Token(holder.name)
            }
            Some(_) | None => return Ok(has_ended(&visit)),
        },
    };
    let visit = visit.speaking(draft.answers.lang);
    let errors = faults(&draft.answers, visit.text);
    if !errors.is_empty() {
        return checked(&app, &visit, &draft, errors).await;
    }
    if let Sender::Token(name) = &sender {
        for kind in kinds(&draft.answers) {
            may_tell(&app, name, body(&draft.answers, kind, "not-sent-yet").to_string().as_bytes()).await?;
        }
    }
    for kind in kinds(&draft.answers) {
        // What was sent before the last try was cut off stands, and is not sent again.
        if draft.answers.sending.iter().any(|it| it.kind == kind) {
            continue;
        }
        // Named after what it says: the same again is known, and something else is never taken for it.
        let unnamed = body(&draft.answers, kind, "").to_string();
        let of_it: Vec<&str> = documents::of(&draft.answers, kind).map(|it| it.id.as_str()).collect();
        let digest = app.backend().draft_digest(&format!("{} {unnamed} {}", draft.name, of_it.join(" ")));
        let told = body(&draft.answers, kind, &format!("page-{digest}")).to_string();
        let documents: Vec<_> = documents::of(&draft.answers, kind).map(documents::Document::sent).collect();
        match app.backend().submit_with(told.as_bytes(), sender.clone(), &draft.name, &documents).await {
            Ok(receipt) => {
                let (reference, token) = (receipt.reference, receipt.tracking_token);
                draft.answers.sending.push(Sent { kind, reference, token });
                draft.keep(&app)?;
            }
            Err(Refusal::Malformed(faults)) => {
                let errors = located(visit.text, &draft.answers, kind, &faults);
                return checked(&app, &visit, &draft, errors).await;
            }
            Err(Refusal::OtherBody { reference }) => {
                return Err(Problem::internal(&format!("{reference} was sent under the name of something else")));
            }
            Err(Refusal::Unavailable(why)) => return Err(Problem::unavailable(&why)),
        }
    }
    let sent = std::mem::take(&mut draft.answers.sending);
    // What was told is in the log now, sealed; the draft keeps only where to see what became of it.
    let documents = std::mem::take(&mut draft.answers.documents);
    draft.answers =
        Answers { lang: draft.answers.lang, sent, entered: draft.answers.entered.take(), ..Answers::default() };
    draft.keep(&app)?;
    for document in documents {
        // What is left is forgotten with the draft.
        if let Err(error) = app.backend().remove_document(&draft.name, &document.id) {
            tracing::warn!(%error, "a document that was sent still lies with its draft");
        }
    }
    Ok(Redirect::to(&draft.path("sent")).into_response())
}

/// What the intake would find wrong with anything that is to be sent: then nothing of it is.
fn faults(answers: &Answers, text: &Text) -> Vec<(String, String)> {
    let of_kind = |kind: NotificationKind| {
        let faults = parse(&body(answers, kind, "not-sent-yet")).err().unwrap_or_default();
        located(text, answers, kind, &faults)
    };
    kinds(answers).into_iter().flat_map(of_kind).collect()
}

/// What the intake found wrong, each with the page on which it can be put right.
fn located(text: &Text, answers: &Answers, kind: NotificationKind, faults: &[FieldFault]) -> Vec<(String, String)> {
    let steps: Vec<Step> = steps(answers).into_iter().chain([note()]).collect();
    let place = |fault: &FieldFault| {
        let path = fault.pointer.trim_start_matches('/').replace('/', ".");
        let found = steps.iter().flat_map(|step| step.question.fields.iter().map(move |field| (step, field))).find(
            |(step, field)| {
                let full = step.facts(answers).full(field.name);
                let told = full.split_once(':').map(|(_, it)| it).unwrap_or_default();
                (step.scope == kind.as_str() || step.scope != kind.as_str() && !path.starts_with("details"))
                    && (path == told || path.starts_with(&format!("{told}.")) || path.ends_with(&format!(".{told}")))
            },
        );
        found.map_or_else(
            || ("sending".to_owned(), text.say("check-wrong")),
            |(step, _)| (row_id(step), text.with("check-wrong-answer", &[("question", &asked(text, answers, *step))])),
        )
    };
    faults.iter().map(place).collect()
}

/// What a page asks, without what is chosen there.
fn asked(text: &Text, answers: &Answers, step: Step) -> String {
    Shown { text, answers, step, wrong: &[], dwellings: &[], one_more: false }.title()
}

fn row_id(step: &Step) -> String {
    format!("row-{}", slug(&step.path().replace('/', "-")))
}

async fn checked(app: &App, visit: &Visit, draft: &Draft, errors: Vec<(String, String)>) -> Result<Response, Problem> {
    let text = visit.text;
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    for step in steps(&draft.answers).into_iter().chain([note()]) {
        let shared = [ABOUT, YOU].contains(&step.scope);
        let heading = text.say(&format!("{}-{}", if shared { "check" } else { "kind" }, step.scope));
        let dwellings = dwellings(app, draft, &step).await?;
        let shown = Shown { text, answers: &draft.answers, step, wrong: &[], dwellings: &dwellings, one_more: false };
        let row = row(draft, &shown);
        match groups.last_mut() {
            Some((last, rows)) if *last == heading => rows.push(row),
            _ => groups.push((heading, vec![row])),
        }
    }
    for kind in kinds(&draft.answers).into_iter().filter(|it| documents::concerns(app, &draft.answers, *it)) {
        let heading = text.say(&format!("kind-{kind}"));
        let row = documents_row(text, draft, kind);
        match groups.iter_mut().find(|(it, _)| *it == heading) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((heading, vec![row])),
        }
    }
    let (foreseen, mut errors) = foreseen(app, text, draft, errors).await?;
    errors.dedup();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (text.say("check-title")) }
                @if !draft.answers.sending.is_empty() {
                    @let all: Vec<&str> = draft.answers.sending.iter().map(|it| it.reference.as_str()).collect();
                    (govuk::inset(&html! { (text.with("sent-already", &[("references", &all.join(", "))])) }))
                }
                @for (heading, rows) in &groups {
                    h2 class="govuk-heading-m" { (heading) }
                    (govuk::summary_list(rows, &text.say("change")))
                }
                @if !foreseen.is_empty() {
                    h2 class="govuk-heading-m" { (text.say("foreseen-title")) }
                    @for it in &foreseen { (it) }
                }
                h2 class="govuk-heading-m" id="sending" { (text.say("check-send-title")) }
                p class="govuk-body" { (text.say("check-declaration")) }
                form method="post" action=(draft.path("check")) novalidate {
                    div class="govuk-button-group" {
                        (govuk::button(&text.say("check-send")))
                        a class="govuk-link" href=(draft.path("save")) { (text.say("save-for-later")) }
                    }
                }
            }
        }
    };
    let steps = steps(&draft.answers);
    let last = steps.last().map_or_else(|| "/".to_owned(), |it| draft.path(&it.path()));
    Ok(Page::new(text.say("check-title"), body).back_to(last).with_errors(errors).with_status(status).shown(visit))
}

/// The documents of a kind, with the way to change them.
fn documents_row(text: &Text, draft: &Draft, kind: NotificationKind) -> Row {
    let key = text.say("documents-row");
    let mut values: Vec<String> = documents::of(&draft.answers, kind).map(|it| it.name.clone()).collect();
    if values.is_empty() {
        values.push(text.say("not-provided"));
    }
    let change = (draft.path(&documents::path(kind)), text.with("check-change", &[("question", &key)]));
    Row { id: Some(format!("row-documents-{kind}")), change: Some(change), key, values }
}

/// What will be done at once and what an officer has to see, and what the intake would find wrong. It says nothing of who lives where.
async fn foreseen(
    app: &App,
    text: &Text,
    draft: &Draft,
    mut errors: Vec<(String, String)>,
) -> Result<(Vec<Markup>, Vec<(String, String)>), Problem> {
    let mut all = Vec::new();
    let kinds = kinds(&draft.answers);
    for kind in &kinds {
        let told = body(&draft.answers, *kind, "not-sent-yet");
        match app.backend().preview(told.to_string().as_bytes()).await {
            Ok(preview) => all.push(html! {
                @if kinds.len() > 1 { h3 class="govuk-heading-s" { (text.say(&format!("told-{kind}"))) } }
                (foretold(&preview, text))
            }),
            Err(Refusal::Malformed(faults)) => errors.extend(located(text, &draft.answers, *kind, &faults)),
            // It can be sent all the same: what it comes to is told afterwards.
            Err(Refusal::OtherBody { .. } | Refusal::Unavailable(_)) => {}
        }
    }
    Ok((all, errors))
}

fn foretold(preview: &Preview, text: &Text) -> Markup {
    let list = |told: &[ToldBefore]| {
        html! { ul class="govuk-list govuk-list--bullet" { @for it in said_before(told, text) { li { (it) } } } }
    };
    html! {
        @match preview.foreseen {
            Foreseen::AtOnceIfRecordsAgree => p class="govuk-body" { (text.say("foreseen-at-once")) },
            Foreseen::Officer { promised_by } => {
                p class="govuk-body" { (text.with("foreseen-officer", &[("date", &text.date(promised_by))])) }
                (list(&preview.because))
            }
            Foreseen::SentBack => {
                p class="govuk-body" { (text.say("foreseen-sent-back")) }
                (list(&preview.because))
            }
        }
        @if !preview.better_said.is_empty() {
            p class="govuk-body" { (text.say("foreseen-better")) }
            (list(&preview.better_said))
        }
    }
}

/// The answers of one page in words, with the way to change them; where there are several, each with what it is.
fn row(draft: &Draft, shown: &Shown<'_>) -> Row {
    let text = shown.text;
    let key = shown.title();
    let fields = shown.step.question.fields;
    let mut values = Vec::new();
    for field in fields {
        let full = shown.step.facts(shown.answers).full(field.name);
        let mut answer = said(text, shown, field, shown.answers.all(&full));
        if answer.is_empty() {
            answer.push(text.say("not-provided"));
        }
        if fields.len() > 1 {
            let label = shown.label(field);
            let first = answer.remove(0);
            answer.insert(0, text.with("check-part", &[("label", &label), ("answer", &first)]));
        }
        values.extend(answer);
    }
    let change = format!("{}?change=1", draft.path(&shown.step.path()));
    let what = text.with("check-change", &[("question", &key)]);
    Row { id: Some(row_id(&shown.step)), change: Some((change, what)), key, values }
}

fn said(text: &Text, shown: &Shown<'_>, field: &Field, typed: &[String]) -> Vec<String> {
    let Ok(Some(value)) = values::read(field, typed) else { return Vec::new() };
    let first = typed.first().map(|it| it.trim()).unwrap_or_default();
    if let Input::OneOf(choices) | Input::AnyOf(choices) = field.input {
        let chosen = |it: &&String| choices.contains(&it.as_str());
        return typed.iter().filter(chosen).map(|it| shown.choice_text(field, it)).collect();
    }
    match field.input {
        Input::YesNo => vec![text.say(first)],
        Input::Date | Input::Birthday | Input::LongAgo => {
            value.as_str().and_then(|it| it.parse().ok()).map(|it| text.date(it)).into_iter().collect()
        }
        Input::Dwelling(_) if first == OTHER => vec![text.say("dwelling-other")],
        Input::Dwelling(_) => {
            let chosen = shown.dwellings.iter().find(|(uprn, _)| uprn == first);
            chosen.map(|(_, address)| address.clone()).into_iter().collect()
        }
        Input::People | Input::Names => {
            typed.iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
        }
        Input::Money => vec![format!("£{}", value.as_str().unwrap_or_default())],
        Input::Line
        | Input::Name
        | Input::Email
        | Input::Phone
        | Input::Address
        | Input::Text
        | Input::Number(..)
        | Input::Digits(_)
        | Input::OneOf(_)
        | Input::AnyOf(_)
        | Input::Postcode
        | Input::Account => {
            value.as_str().map_or_else(|| value.to_string(), str::to_owned).lines().map(str::to_owned).collect()
        }
    }
}
