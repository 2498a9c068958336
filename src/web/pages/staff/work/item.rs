//! One item, side by side: what was told, what is held, what was found and why it stopped, what would change if it were accepted.

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use hearth_events::{Finding, FindingOutcome, NotificationRef, Role, Status};
use hearth_projections::WorkStatus;
use maud::{Markup, html};
use serde_json::Value;

use super::changes::changes;
use super::compared::{self, Held};
use super::form::{Tried, refused};
use super::forms::{self, Looker};
use super::words::{by, due, plain, priority, reason, status};
use super::{changed, happened, notification};
use crate::service::work::{ActionRefused, ItemShown, Proposal};
use crate::views::british_day;
use crate::web::App;
use crate::web::fenced::open_item;
use crate::web::pages::govuk;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::keys::keys;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::pages::staff::record::words as event_words;
use crate::web::pages::text::Text;
use crate::web::problem::Problem;

/// Shows an item.
pub(in crate::web) async fn show(
    State(app): State<App>,
    staff: StaffVisit,
    Path(reference): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let named: NotificationRef = reference.parse().map_err(|_| unknown())?;
    let tells = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).any(|(name, _)| name == "done");
    match app.backend().work_item(&named).await {
        Ok(item) => {
            let said = happened::sentence(&item, &staff.holder.name, staff.visit.text).filter(|_| tells);
            shown(&app, &staff, item, &Tried::default(), said).await
        }
        Err(ActionRefused::Unknown) => notification::show(&app, &staff, &named, &Tried::default(), tells).await,
        Err(error) => Err(refused(error)),
    }
}

/// The page of a notification with a form that was not done, whether it ever waited for an officer or not.
pub(super) async fn page(
    app: &App,
    staff: &StaffVisit,
    named: &NotificationRef,
    tried: &Tried,
) -> Result<Response, Problem> {
    match app.backend().work_item(named).await {
        Ok(item) => shown(app, staff, item, tried, None).await,
        Err(ActionRefused::Unknown) => notification::show(app, staff, named, tried, false).await,
        Err(error) => Err(refused(error)),
    }
}

fn unknown() -> Problem {
    Problem::not_found("There is no such notification.")
}

/// The item that a notification is.
pub(super) async fn read(app: &App, reference: &str) -> Result<ItemShown, Problem> {
    let unknown = || Problem::not_found("No notification of this reference was ever referred to officers.");
    let reference: NotificationRef = reference.parse().map_err(|_| unknown())?;
    app.backend().work_item(&reference).await.map_err(refused)
}

/// The page of an item, with a form that was not done, or with what was just done.
async fn shown(
    app: &App,
    staff: &StaffVisit,
    item: ItemShown,
    tried: &Tried,
    done: Option<String>,
) -> Result<Response, Problem> {
    let item = &open_item(app, &staff.holder.name, item).await?;
    let held = held(app, item).await?;
    let who = looker(app, staff).await?;
    let came_of_it = if item.status == Status::Applied { changed::by(app, &item.reference).await? } else { Vec::new() };
    let (text, opener) = (staff.visit.text, app.backend().opener());
    let told = item.notification.clone().unwrap_or_default();
    let body = html! {
        @if let Some(said) = &done { (happened::banner(said)) }
        (identity(item, &who, text))
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                (stopped(item, text))
                h2 class="govuk-heading-m" id="beside" { "What they told us, and what we hold" }
                (compared::compared(&told, item.referral.effective_on, &held, opener, text))
                (everything(item.notification.as_ref(), text))
                (evidence(item, text))
                @if item.status == Status::Applied {
                    h2 class="govuk-heading-m" id="change" { "What it changed" }
                    (changes(&came_of_it, (opener, text), changed::NOTHING))
                } @else {
                    @let title = if item.work.status == WorkStatus::Done { "What came of it" } else { "What would change if it is accepted" };
                    h2 class="govuk-heading-m" id="change" { (title) }
                    (proposal(item, text, opener))
                }
            }
            div class="govuk-grid-column-one-third hearth-actions" {
                @if acts(staff) { (to_do(item, &who, tried, text)) }
            }
        }
        (checks(&item.findings, text))
        (history(item, text))
    };
    let name = format!("{} {}", item.reference, text.say(&format!("told-{}", item.kind)));
    let title = done.map_or_else(|| name.clone(), |said| format!("{said} – {name}"));
    Ok(staff.show(tried.on(Page::new(title, body).back_to("/staff/work"))))
}

/// Whether they do anything with items, or only look at them.
pub(super) fn acts(staff: &StaffVisit) -> bool {
    staff.is_one_of(&[Role::Officer, Role::Supervisor])
}

fn to_do(item: &ItemShown, who: &Looker<'_>, tried: &Tried, text: &Text) -> Markup {
    html! {
        h2 class="govuk-heading-m" id="do" { "What you can do" }
        (keys(&forms::letters(item, who, tried)))
        (forms::actions(item, who, tried, text))
        @if item.status == Status::Applied { (forms::undo(&item.reference)) }
        (forms::contact(&item.reference, tried))
        @if can_check(item, who) { (forms::check(&item.reference, tried)) }
    }
}

/// Whether it is decided, nobody has looked at the decision again, and somebody else took it.
fn can_check(item: &ItemShown, who: &Looker<'_>) -> bool {
    let decided = ["WorkItemDecided", "WorkItemAuthorised"];
    let own = item.history.iter().any(|step| by(&step.who) == who.name && decided.contains(&step.what));
    who.supervisor && item.work.status == WorkStatus::Done && item.asides.checked.is_none() && !own
}

/// Who looks, and who else may have it.
pub(super) async fn looker<'a>(app: &App, staff: &'a StaffVisit) -> Result<Looker<'a>, Problem> {
    let name = staff.holder.name.as_str();
    let members = app.0.access.members().await?;
    let others =
        members.into_iter().filter(|it| it.name != name && matches!(it.role, Role::Officer | Role::Supervisor));
    Ok(Looker {
        name,
        supervisor: staff.is_one_of(&[Role::Supervisor]),
        colleagues: others.map(|it| it.name).collect(),
    })
}

/// What is held of every dwelling that it is about.
async fn held(app: &App, item: &ItemShown) -> Result<Vec<Held>, Problem> {
    let kind = hearth_events::RecordKind::Notification;
    let found = app.backend().dwellings_of(kind, item.reference.as_str()).await;
    let uprns = found.map_err(|error| Problem::unavailable(&error))?;
    app.read(move |it| {
        let each =
            uprns.into_iter().map(|uprn| Ok(it.views().dwelling(&uprn)?.map(|dwelling| Held { uprn, dwelling })));
        each.filter_map(Result::transpose).collect()
    })
    .await
}

fn identity(item: &ItemShown, who: &Looker<'_>, text: &Text) -> Markup {
    let today = british_day(item.at);
    let stands = item.work.status_at(item.at, today);
    let holder = item.work.holder_at(item.at);
    html! {
        div class="hearth-identity" {
            h1 class="govuk-heading-l" { span class="hearth-reference" { (item.reference) } " " (text.say(&format!("told-{}", item.kind))) }
            p class="govuk-body hearth-no-print" { a class="govuk-link" href="#do" { "Go to what you can do" } }
            ul class="hearth-inline" {
                li { (govuk::tag(status(stands), Some(if stands == WorkStatus::Done { "grey" } else { "blue" }))) }
                li { "Has it: " strong { @match holder { Some(it) if it == who.name => "you", Some(it) => (it), None => "nobody" } } }
                li { "Due: " (due(item.times.due_on, today, text)) }
                li { "Priority: " (priority(item.referral.priority)) }
                li { "Queue: " (item.referral.queue) }
                li { "Received: " (text.instant(item.received_at)) ", " (item.channel.as_str()) }
                li { "Waited " (item.times.elapsed.as_hours().div_euclid(24)) " days, with officers " (item.times.with_officers.as_hours().div_euclid(24)) }
                @if item.work.escalated { li { (govuk::tag("For a supervisor", Some("yellow"))) } }
                @for flag in &item.flags { li { (govuk::tag(&plain(flag.as_str()), Some("purple"))) } }
            }
        }
    }
}

fn stopped(item: &ItemShown, text: &Text) -> Markup {
    let against = item.findings.iter().filter(|it| it.outcome != FindingOutcome::Passed);
    html! {
        h2 class="govuk-heading-m" id="why" { "Why it did not go straight through" }
        ul class="govuk-list govuk-list--bullet" {
            @for it in against { li { strong { (plain(&it.check)) } ": " (it.because) @if let Some(code) = it.reason { " (" (reason(code, text)) ")" } } }
        }
        @if !item.linked.is_empty() {
            p class="govuk-body" { "Tells of the same change: " @for (place, it) in item.linked.iter().enumerate() { @if place > 0 { ", " } a class="govuk-link" href={ "/staff/work/" (it) } { (it) } } }
        }
    }
}

pub(super) fn everything(told: Option<&Value>, text: &Text) -> Markup {
    html! {
        @if let Some(told) = told {
            (govuk::details("Everything they told us", &html! {
                dl class="govuk-summary-list" {
                    @for (at, value) in compared::leaves(told) {
                        div class="govuk-summary-list__row" {
                            dt class="govuk-summary-list__key" { (compared::label(&at)) }
                            dd class="govuk-summary-list__value" { (compared::said(&value, text)) }
                        }
                    }
                }
            }))
        } @else { p class="govuk-body" { "Whoever told it has been forgotten, and what was told with them." } }
    }
}

fn evidence(item: &ItemShown, text: &Text) -> Markup {
    html! {
        @if !item.evidence.is_empty() {
            h3 class="govuk-heading-s" { "Documents" }
            ul class="govuk-list" {
                @for it in &item.evidence {
                    li {
                        a class="govuk-link" href={ "/staff/work/" (item.reference) "/evidence/" (it.told.digest) } { (plain(it.told.kind.as_deref().unwrap_or("document"))) ", " (it.told.media_type.as_str()) ", " (it.told.bytes) " bytes" }
                        ", " (text.instant(it.received_at)) @if !it.told.scanned { ", not looked at by a virus scanner" }
                    }
                }
            }
        }
    }
}

fn proposal(item: &ItemShown, text: &Text, opener: &dyn hearth_events::Opener) -> Markup {
    match &item.proposal {
        Err(because) if item.work.status == WorkStatus::Done => {
            html! { p class="govuk-body" { "Its notification is " (item.status.as_str()) ". " (because) } }
        }
        Err(because) => govuk::inset(
            &html! { "Nothing can take effect as it stands: " (because) ". Put it right, ask for what is missing, or reject it." },
        ),
        Ok(Proposal { satisfied, second, dwellings, .. }) => html! {
            @if !satisfied.is_empty() {
                p class="govuk-body" { "By accepting you say that you are satisfied that:" }
                ul class="govuk-list govuk-list--bullet" { @for it in satisfied { li { (plain(&it.check)) ": " (it.because) } } }
            }
            @if second.is_needed() && item.awaits.is_none() { (govuk::inset(&forms::second_person("If you accept it, a supervisor has to authorise that, because", &second.reasons()))) }
            (changes(dwellings, (opener, text), "Nobody\u{2019}s liability, awards or charge would change."))
        },
    }
}

pub(super) fn checks(findings: &[Finding], text: &Text) -> Markup {
    govuk::details(
        "Every check",
        &html! {
            div class="hearth-wide" tabindex="0" role="region" aria-label="Every check" {
                table class="govuk-table" {
                    (super::words::head(&["Check", "Outcome", "Because", "Source"]))
                    tbody class="govuk-table__body" {
                        @for it in findings {
                            @let (word, colour) = match it.outcome { FindingOutcome::Passed => ("passed", "green"), FindingOutcome::Referred => ("stopped it", "yellow"), FindingOutcome::Duplicate | FindingOutcome::Rejected => ("against it", "red") };
                            tr class="govuk-table__row" {
                                th scope="row" class="govuk-table__header" { (plain(&it.check)) }
                                td class="govuk-table__cell" { (govuk::tag(word, Some(colour))) }
                                td class="govuk-table__cell" { (it.because) @if let Some(code) = it.reason { " " (reason(code, text)) } }
                                td class="govuk-table__cell" { (it.source) }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn history(item: &ItemShown, text: &Text) -> Markup {
    html! {
        h2 class="govuk-heading-m" id="history" { "What happened" }
        ol class="hearth-timeline" {
            @for it in item.history.iter().rev() {
                li class="hearth-timeline__step" {
                    strong { (event_words(it.what)) } " by " (by(&it.who)) " "
                    span class="hearth-timeline__when" { (text.instant(it.at)) ", position " (it.position) }
                    @if let Some(note) = &it.note { p class="govuk-body hearth-typed" { "“" (note) "”" } }
                }
            }
        }
        @if let Some(it) = &item.asides.checked { p class="govuk-body" { "Checked by " (it.by) " on " (text.instant(it.at)) ": " (plain(it.error.as_str())) } }
    }
}
