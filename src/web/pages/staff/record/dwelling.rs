//! A dwelling: who was liable when, and what leavers, newcomers, landlords and agents each said of it.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use hearth_events::{Capacity, NotificationRef, Opener, PersonDetails, Personal, Status, Uprn};
use hearth_projections::DwellingState;
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};

use super::history::{self, History, Until};
use super::said::{self, Fit, Said};
use super::search::escaped;
use crate::web::App;
use crate::web::fenced::closed;
use crate::web::pages::govuk::{self, Row};
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::pages::text::Text;
use crate::web::problem::Problem;
use crate::web::query::Params;

/// Shows a dwelling.
pub(in crate::web) async fn show(
    State(app): State<App>,
    staff: StaffVisit,
    Path(uprn): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("There is no dwelling with this UPRN: check the number.");
    let uprn: Uprn = uprn.parse().map_err(|_| unknown())?;
    let mut params = Params::of(&uri, &["step", "known_at", "because"]);
    let step = params.number("step").and_then(|it| usize::try_from(it).ok());
    let until = Until { step, known_at: params.instant("known_at") };
    let history = history::read(&app, &staff.holder.name, &uprn, until).await?.ok_or_else(unknown)?;
    let all_said = told(&app, &staff.holder.name, &uprn, &history).await?;
    let text = staff.visit.text;
    let Some(listing) = &history.state.listing else { return Err(unknown()) };
    let opener = app.backend().opener();
    let bands: Vec<_> = listing.bands.iter().map(|(from, band)| format!("{band} from {}", text.date(*from))).collect();
    let owner =
        listing.owner.as_ref().map_or_else(|| "the liable person, or not known".to_owned(), |it| name(it, opener));
    let facts = [
        ("UPRN", vec![uprn.to_string()]),
        ("Property reference", vec![listing.property_reference.clone()]),
        ("Band", bands),
        ("Owner on file", vec![owner]),
        ("Furnished", vec![if listing.furnished { "yes" } else { "no" }.to_owned()]),
    ];
    let facts = facts.map(|(key, values)| Row { key: key.to_owned(), values, ..Row::default() });
    let body = html! {
        h1 class="govuk-heading-l" { (listing.address) ", " (listing.postcode) }
        (govuk::summary_list(&facts, ""))
        (history.slider(&format!("/staff/dwellings/{uprn}"), &[], text))
        h2 class="govuk-heading-m" id="liable" { "Who was liable" }
        (liable(&history.state, opener, text))
        h2 class="govuk-heading-m" id="said" { "What was told" }
        (statements(&all_said, text))
        h2 class="govuk-heading-m" id="fits" { "How that fits together" }
        (fitting(&all_said, text))
    };
    Ok(staff.show(Page::new(format!("{}, {}", listing.address, listing.postcode), body).back_to("/staff/search")))
}

/// What every notification says that changed something here, waits to, or is linked with one that did.
async fn told(app: &App, name: &str, uprn: &Uprn, history: &History) -> Result<Vec<Said>, Problem> {
    let changed = history.steps.iter().filter_map(|it| history.told_by(it));
    let mut references: BTreeSet<NotificationRef> = changed.collect();
    let asked = uprn.clone();
    let waiting = app.read(move |it| it.views().claims_on(&asked)).await?;
    references.extend(waiting.into_iter().flat_map(|it| it.linked.into_iter().chain([it.reference])));
    let known: Vec<_> = references.iter().cloned().collect();
    references.extend(app.read(move |it| it.views().linked_with(&known)).await?);
    let mut all = Vec::new();
    // One may be about another dwelling too, which is not for whoever looks.
    let closed = closed(app, name, &references).await?;
    for reference in references.difference(&closed) {
        all.extend(said::read(app, reference, uprn).await?);
    }
    all.sort_by_key(|it| (it.leaves.or(it.arrives), it.received_at));
    Ok(all)
}

/// The name of a person, as long as they have not been forgotten.
pub(in crate::web::pages::staff) fn name(person: &Personal<PersonDetails>, opener: &dyn Opener) -> String {
    person.opened(opener).map_or_else(|| "(forgotten)".to_owned(), |it| it.name)
}

/// Every liability, with the days between that nobody is liable for and those that two are.
fn liable(state: &DwellingState, opener: &dyn Opener, text: &Text) -> Markup {
    let mut accounts: Vec<_> = state.accounts.iter().filter(|it| !it.period.is_empty()).collect();
    accounts.sort_by_key(|it| it.period.from);
    let last = |to: Date| text.date(to.saturating_sub(1.day()));
    let mut free: Option<Date> = None;
    let mut ends_open = accounts.is_empty();
    html! {
        div class="hearth-wide" tabindex="0" role="region" aria-label="Who was liable" {
            table class="govuk-table" {
                thead class="govuk-table__head" {
                    tr class="govuk-table__row" { @for it in ["From", "To", "Who", "Account"] { th scope="col" class="govuk-table__header" { (it) } } }
                }
                tbody class="govuk-table__body" {
                    @for it in &accounts {
                        @if let Some(begin) = free.filter(|begin| *begin < it.period.from) {
                            (mark("Gap", "yellow", begin, Some(it.period.from), "Nobody is known to be liable", text))
                        }
                        @if let Some(end) = free.filter(|end| *end > it.period.from) {
                            (mark("Overlap", "red", it.period.from, Some(end), "Two sets of persons are liable", text))
                        }
                        tr class="govuk-table__row" {
                            td class="govuk-table__cell" { (text.date(it.period.from)) }
                            td class="govuk-table__cell" { @if let Some(to) = it.period.to { (last(to)) } @else { "goes on" } }
                            td class="govuk-table__cell" {
                                (it.liable_persons.iter().map(|person| name(person, opener)).collect::<Vec<_>>().join(" and "))
                                @if it.capacity == Capacity::Owner { ", as owner" }
                            }
                            td class="govuk-table__cell" { a class="govuk-link" href={ "/staff/accounts/" (escaped(&it.account)) } { (it.account) } }
                        }
                        @let () = { free = it.period.to.map(|to| free.map_or(to, |before| before.max(to))); ends_open |= it.period.to.is_none(); };
                    }
                    @if let Some(begin) = free.filter(|_| !ends_open) { (mark("Gap", "yellow", begin, None, "Nobody is known to be liable", text)) }
                    @if accounts.is_empty() { tr class="govuk-table__row" { td class="govuk-table__cell" colspan="4" { "No account was ever opened here." } } }
                }
            }
        }
    }
}

fn mark(tag: &str, colour: &str, from: Date, to: Option<Date>, why: &str, text: &Text) -> Markup {
    html! {
        tr class="govuk-table__row" {
            td class="govuk-table__cell" { (text.date(from)) }
            td class="govuk-table__cell" { @if let Some(to) = to { (text.date(to.saturating_sub(1.day()))) } @else { "goes on" } }
            td class="govuk-table__cell" colspan="2" { (govuk::tag(tag, Some(colour))) " " (why) }
        }
    }
}

fn statements(said: &[Said], text: &Text) -> Markup {
    let day = |it: Option<Date>| it.map(|it| text.date(it)).unwrap_or_default();
    html! {
        @if said.is_empty() { p class="govuk-body" { "Nothing was told of it: what is on record was imported." } } @else {
            div class="hearth-wide" tabindex="0" role="region" aria-labelledby="said" {
                table class="govuk-table" {
                    thead class="govuk-table__head" {
                        tr class="govuk-table__row" {
                            @for it in ["Told by", "What", "They leave", "Others come", "Received", "Came to"] { th scope="col" class="govuk-table__header" { (it) } }
                        }
                    }
                    tbody class="govuk-table__body" {
                        @for it in said {
                            tr class="govuk-table__row" {
                                td class="govuk-table__cell" { (it.name.as_deref().unwrap_or("(forgotten)")) @if !it.role.is_empty() { ", " (it.role.replace('-', " ")) } }
                                td class="govuk-table__cell" { a class="govuk-link" href={ "/staff/work/" (it.reference) } { (text.say(&format!("told-{}", it.kind))) } }
                                td class="govuk-table__cell" { (day(it.leaves)) }
                                td class="govuk-table__cell" { (day(it.arrives)) }
                                td class="govuk-table__cell" { (text.instant(it.received_at)) ", " (it.channel.as_str()) }
                                td class="govuk-table__cell" { (govuk::tag(it.status.as_str(), Some(colour(it.status)))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn colour(status: Status) -> &'static str {
    match status {
        Status::Applied => "green",
        Status::Referred | Status::Received => "blue",
        Status::AwaitingEvidence => "yellow",
        Status::Rejected => "red",
        Status::Duplicate | Status::Withdrawn => "grey",
    }
}

fn fitting(said: &[Said], text: &Text) -> Markup {
    let fits = said::fits(said);
    let last = |to: Date| text.date(to.saturating_sub(1.day()));
    html! {
        @if fits.is_empty() { p class="govuk-body" { "No two of them tell of the same change." } }
        ul class="govuk-list" {
            @for (one, other, fit) in &fits {
                li {
                    @match fit {
                        Fit::Agree(day) => { (govuk::tag("Agree", Some("green"))) " on " (text.date(*day)) }
                        Fit::Differ(a, b) => { (govuk::tag("Contradiction", Some("red"))) " " (text.date(*a)) " or " (text.date(*b)) }
                        Fit::Gap(from, to) => { (govuk::tag("Gap", Some("yellow"))) " nobody lives here from " (text.date(*from)) " to " (last(*to)) }
                        Fit::Overlap(from, to) => { (govuk::tag("Overlap", Some("red"))) " both would live here from " (text.date(*from)) " to " (last(*to)) }
                    }
                    ": " a class="govuk-link" href={ "/staff/work/" (one) } { (one) } " and " a class="govuk-link" href={ "/staff/work/" (other) } { (other) }
                }
            }
        }
    }
}
