//! Documents that are added before anything is sent: where a kind asks for proof, its writer is asked for it before the answers are
//! checked. They lie sealed with the draft, and are deleted with it or arrive with the notification.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::NotificationKind;
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use super::answers::{Amiss, Answers};
use super::fields::Shown;
use super::question::Input;
use super::steps::{Step, kinds, steps};
use super::{AGAIN, Draft};
use crate::evidence::plain_name;
use crate::service::documents::{ANY_DOCUMENT, DocumentNotTaken, DocumentSent};
use crate::web::App;
use crate::web::body::form_with_file;
use crate::web::pages::govuk::{self, Asked, Choice, Choices};
use crate::web::pages::layout::{Page, Visit};
use crate::web::pages::text::Text;
use crate::web::pages::track::unusable;
use crate::web::problem::Problem;

/// Most documents of one draft.
const MOST: usize = 10;
/// The fields of the page: the file, and what it is.
const FILE: &str = "document";
const WHAT: &str = "what";

/// A document that lies with the draft.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Document {
    /// The kind of notification that it is to prove.
    pub(super) of: NotificationKind,
    /// What the drafts call it.
    pub(super) id: String,
    /// What its sender says that it is.
    pub(super) what: String,
    /// What its sender calls it.
    pub(super) name: String,
    /// Whether something looked whether it is harmful.
    pub(super) scanned: bool,
}

impl Document {
    /// As it goes with a notification.
    pub(super) fn sent(&self) -> DocumentSent {
        let Self { id, what, name, scanned, of: _ } = self.clone();
        DocumentSent { id, kind: what, file_name: name, scanned }
    }
}

/// What a kind asks for in one case; the case is a choice among its answers, where there is one.
struct Proof {
    kind: &'static str,
    when: Option<String>,
    any_of: Vec<&'static str>,
}

/// The table of what proves what, as the deciders have it.
fn table(app: &App) -> &'static [Proof] {
    static TABLE: OnceLock<Vec<Proof>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let of_kind = |it: crate::service::gates::KindGates| {
            let kind = it.kind;
            it.evidence.into_iter().map(move |it| Proof { kind, when: it.when, any_of: it.any_of })
        };
        app.backend().gates().kinds.into_iter().flat_map(of_kind).collect()
    })
}

/// The documents of which any proves what is told of a kind; none where nothing has to be proven.
fn asked(app: &App, answers: &Answers, kind: NotificationKind) -> Option<&'static [&'static str]> {
    let chosen: Vec<&str> = steps(answers)
        .iter()
        .filter(|it| it.scope == kind.as_str())
        .flat_map(|step| step.question.fields.iter().map(move |field| (step, field)))
        .filter(|(_, field)| matches!(field.input, Input::OneOf(_)))
        .map(|(step, field)| answers.one(&step.facts(answers).full(field.name)))
        .collect();
    // Whoever claims an exception of any kind proves it; "none" is none.
    let excepted = |when: &str| when == "exception" && chosen.iter().any(|it| !it.is_empty() && *it != "none");
    let is_so = |it: &&Proof| {
        it.kind == kind.as_str() && it.when.as_deref().is_none_or(|when| chosen.contains(&when) || excepted(when))
    };
    table(app).iter().find(is_so).map(|it| it.any_of.as_slice())
}

/// Whether documents of a kind are asked for, or were added.
pub(super) fn concerns(app: &App, answers: &Answers, kind: NotificationKind) -> bool {
    asked(app, answers, kind).is_some() || of(answers, kind).next().is_some()
}

/// The documents that were added for a kind.
pub(super) fn of(answers: &Answers, kind: NotificationKind) -> impl Iterator<Item = &Document> {
    answers.documents.iter().filter(move |it| it.of == kind)
}

/// The next kind of which documents are asked for and were not yet.
pub(super) fn next(app: &App, answers: &Answers) -> Option<NotificationKind> {
    kinds(answers)
        .into_iter()
        .find(|kind| !answers.documents_asked.contains(kind) && asked(app, answers, *kind).is_some())
}

/// The path of the page, below that of the draft.
pub(super) fn path(kind: NotificationKind) -> String {
    format!("documents/{kind}")
}

/// The kind of the path; where this case does not ask for its documents, where to go on.
fn kind_here(app: &App, draft: &Draft, kind: &str) -> Result<NotificationKind, Redirect> {
    let elsewhere = |path: String| Redirect::to(&path);
    if !draft.answers.sent.is_empty() {
        return Err(elsewhere(draft.path("sent")));
    }
    if let Some(open) = steps(&draft.answers).iter().find(|it| !it.is_answered(&draft.answers)) {
        return Err(elsewhere(draft.path(&open.path())));
    }
    let here = kinds(&draft.answers).into_iter().find(|it| it.as_str() == kind);
    here.filter(|it| concerns(app, &draft.answers, *it)).ok_or_else(|| elsewhere(draft.next(app)))
}

/// Asks for documents.
pub(in crate::web) async fn show(
    State(app): State<App>,
    visit: Visit,
    Path((_, kind)): Path<(String, String)>,
    draft: Draft,
    request: Request,
) -> Response {
    let kind = match kind_here(&app, &draft, &kind) {
        Ok(kind) => kind,
        Err(elsewhere) => return elsewhere.into_response(),
    };
    let visit = visit.speaking(draft.answers.lang);
    let again = request.uri().query().is_some_and(|it| it.contains(AGAIN));
    let amiss = draft.answers.amiss.as_ref().filter(|it| again && it.page == path(kind));
    page(&app, &visit, &draft, kind, amiss)
}

/// Adds a document, takes one away, or goes on.
pub(in crate::web) async fn take(
    State(app): State<App>,
    Path((_, kind)): Path<(String, String)>,
    mut draft: Draft,
    request: Request,
) -> Result<Response, Problem> {
    let kind = match kind_here(&app, &draft, &kind) {
        Ok(kind) => kind,
        Err(elsewhere) => return Ok(elsewhere.into_response()),
    };
    let form = form_with_file(&app, request).await?;
    let here = draft.path(&path(kind));
    if let Some(id) = form.fields.get("remove") {
        return removed(&app, draft, kind, id);
    }
    let adds = form.fields.contains_key("add");
    let what = form.fields.get(WHAT).map(|it| it.trim().to_owned()).unwrap_or_default();
    let wrong = match form.file {
        None if adds => Some((FILE, "missing-file")),
        None => None,
        Some((name, content)) => added(&app, &mut draft, kind, (&what, &name, &content)).await?,
    };
    if let Some((field, text)) = wrong {
        let given = BTreeMap::from([(field.to_owned(), vec![text.to_owned()]), (format!("{WHAT}-given"), vec![what])]);
        draft.answers.amiss = Some(Amiss { page: path(kind), given, one_more: false });
        draft.keep(&app)?;
        return Ok(Redirect::to(&format!("{here}?{AGAIN}")).into_response());
    }
    draft.answers.amiss = None;
    if !adds && !draft.answers.documents_asked.contains(&kind) {
        draft.answers.documents_asked.push(kind);
    }
    draft.keep(&app)?;
    Ok(Redirect::to(&if adds { here } else { draft.next(&app) }).into_response())
}

/// Takes a document away: first nothing refers to it any more, then it is gone.
fn removed(app: &App, mut draft: Draft, kind: NotificationKind, id: &str) -> Result<Response, Problem> {
    draft.answers.documents.retain(|it| it.of != kind || it.id != id);
    draft.keep(app)?;
    if !draft.answers.documents.iter().any(|it| it.id == id) {
        app.backend().remove_document(&draft.name, id).map_err(|error| Problem::unavailable(&error))?;
    }
    Ok(Redirect::to(&draft.path(&path(kind))).into_response())
}

/// Adds a document, or says what is wrong with it: the field and the name of the text.
async fn added(
    app: &App,
    draft: &mut Draft,
    kind: NotificationKind,
    (what, name, content): (&str, &str, &[u8]),
) -> Result<Option<(&'static str, &'static str)>, Problem> {
    let choices = choices(asked(app, &draft.answers, kind).unwrap_or_default());
    let what = match choices.as_slice() {
        [] => ANY_DOCUMENT.to_owned(),
        [only] => (*only).to_owned(),
        several if several.contains(&what) || what == ANY_DOCUMENT => what.to_owned(),
        _ => return Ok(Some((WHAT, "documents-what-missing"))),
    };
    if draft.answers.documents.len() >= MOST {
        return Ok(Some((FILE, "documents-too-many")));
    }
    let kept = match app.backend().add_document(&draft.name, content).await {
        Ok(kept) => kept,
        Err(DocumentNotTaken::Unusable(why)) => return Ok(Some((FILE, unusable(why)))),
        Err(DocumentNotTaken::Infected) => return Ok(Some((FILE, "track-infected"))),
        Err(DocumentNotTaken::Full) => return Ok(Some((FILE, "documents-full"))),
        Err(error @ (DocumentNotTaken::NotScanned(_) | DocumentNotTaken::Drafts(_))) => {
            return Err(Problem::unavailable(&error));
        }
    };
    if !of(&draft.answers, kind).any(|it| it.id == kept.id) {
        let name = plain_name(name).unwrap_or_else(|| what.clone());
        draft.answers.documents.push(Document { of: kind, id: kept.id, what, name, scanned: kept.scanned });
    }
    Ok(None)
}

/// What a document can be said to be, where the deciders tell kinds of documents apart; others are described in words there.
fn choices(any_of: &'static [&'static str]) -> Vec<&'static str> {
    any_of.iter().copied().filter(|it| !it.contains(' ') && *it != ANY_DOCUMENT).collect()
}

fn page(app: &App, visit: &Visit, draft: &Draft, kind: NotificationKind, amiss: Option<&Amiss>) -> Response {
    let text = visit.text;
    let title = text.with("documents-title", &[("told", &text.say(&format!("told-{kind}")))]);
    let wrong = |field: &str| {
        let name = amiss.and_then(|it| it.given.get(field)).and_then(|it| it.first());
        name.map(|it| text.say(it))
    };
    let errors: Vec<_> = [WHAT, FILE].into_iter().filter_map(|it| Some((it.to_owned(), wrong(it)?))).collect();
    let given = amiss.and_then(|it| it.given.get(&format!("{WHAT}-given"))).and_then(|it| it.first());
    let given = given.map(String::as_str).unwrap_or_default();
    let action = draft.path(&path(kind));
    let choices = choices(asked(app, &draft.answers, kind).unwrap_or_default());
    let document = asked_for(text, FILE, wrong(FILE));
    let body = html! {
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                @if let Some(proof) = proof(text, &draft.answers, kind) { p class="govuk-body" { (proof) } }
                p class="govuk-body" { (text.say("documents-or-later")) }
                (added_so_far(text, draft, kind, &action))
                form method="post" action=(action) enctype="multipart/form-data" novalidate {
                    @if choices.len() > 1 { (govuk::radios(&asked_for(text, WHAT, wrong(WHAT)), &kinds_of(text, &choices, given))) }
                    (govuk::file_upload(&document, ".pdf,.jpg,.jpeg,.png,.heic,.heif"))
                    div class="govuk-button-group" {
                        (govuk::button(&text.say("continue")))
                        button type="submit" class="govuk-button govuk-button--secondary" data-module="govuk-button" name="add" value="1" {
                            (text.say("documents-add"))
                        }
                        a class="govuk-link" href=(draft.path("save")) { (text.say("save-for-later")) }
                    }
                }
            }
        }
    };
    let last = steps(&draft.answers).last().map_or_else(|| "/".to_owned(), |it| draft.path(&it.path()));
    let back = if draft.answers.documents_asked.contains(&kind) { draft.next(app) } else { last };
    Page::new(title, body).back_to(back).with_errors(errors).shown(visit)
}

/// What is needed, in the words of the last question of the kind.
fn proof(text: &Text, answers: &Answers, kind: NotificationKind) -> Option<String> {
    let steps: Vec<Step> = steps(answers).into_iter().filter(|it| it.scope == kind.as_str()).collect();
    let step = *steps.last()?;
    Shown { text, answers, step, wrong: &[], dwellings: &[], one_more: false }.proof()
}

fn asked_for(text: &Text, name: &str, error: Option<String>) -> Asked {
    Asked {
        id: name.to_owned(),
        name: name.to_owned(),
        label: text.say(&format!("documents-{name}")),
        hint: text.maybe(&format!("documents-{name}-hint"), &[]),
        error,
        error_prefix: text.say("error-prefix"),
        ..Asked::default()
    }
}

fn kinds_of(text: &Text, choices: &[&str], given: &str) -> Choices {
    let choice = |value: &str| Choice {
        value: value.to_owned(),
        text: text.say(&format!("document-{value}")),
        hint: None,
        chosen: value == given,
    };
    Choices { items: choices.iter().copied().chain([ANY_DOCUMENT]).map(choice).collect(), ..Choices::default() }
}

/// What was added, each with the way to take it away.
fn added_so_far(text: &Text, draft: &Draft, kind: NotificationKind, action: &str) -> Markup {
    html! {
        @if of(&draft.answers, kind).next().is_some() {
            h2 class="govuk-heading-m" { (text.say("documents-added")) }
            ul class="govuk-list" {
                @for it in of(&draft.answers, kind) {
                    li {
                        form method="post" action=(action) enctype="multipart/form-data" novalidate {
                            (it.name) " "
                            input type="hidden" name="remove" value=(it.id);
                            button type="submit" class="govuk-button govuk-button--secondary" data-module="govuk-button" {
                                (text.say("documents-remove"))
                                span class="govuk-visually-hidden" { " " (it.name) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::choices;
    use crate::web::pages::text::Lang;

    #[test]
    fn whatever_proves_something_is_said_in_words_and_every_kind_of_document_has_a_name() {
        let text = Lang::En.text();
        let mut several = 0;
        for kind in crate::processor::gates().kinds {
            for proof in kind.evidence {
                let when = proof.when.as_deref().unwrap_or_default();
                let said = [format!("{}-proof-{when}", kind.kind), format!("{}-proof", kind.kind)];
                let needs_words = !(proof.any_of.is_empty()
                    || kind.kind == "disregard-claim" && ["student", "severe-mental-impairment"].contains(&when));
                let has_words = said.iter().any(|it| text.maybe(it, &[]).is_some());
                assert!(has_words || !needs_words, "{said:?}");
                let names = choices(Box::leak(proof.any_of.into_boxed_slice()));
                if names.len() > 1 {
                    several += 1;
                    for name in names {
                        assert!(text.maybe(&format!("document-{name}"), &[]).is_some(), "document-{name}");
                    }
                }
            }
        }
        assert!(several > 3);
    }
}
