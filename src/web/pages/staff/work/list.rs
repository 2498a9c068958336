//! The list of work. The address holds all of it, so that it can be shared, kept and gone back to; it works without scripts.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use hearth_events::{Channel, NotificationKind, Priority, ReasonCode};
use hearth_projections::{Flag, WorkStatus};
use jiff::ToSpan as _;
use jiff::civil::Date;
use maud::{Markup, html};

use super::form::Tried;
use super::forms::{line, next_one, priorities};
use super::words::{cell, due, plain, priority, status};
use crate::service::queue::{WorkItem, WorkList};
use crate::views::{Assigned, Place, Sort, WorkItemFilter, british_day};
use crate::web::App;
use crate::web::looked::not_for;
use crate::web::pages::govuk::{self, Choice};
use crate::web::pages::layout::Page;
use crate::web::pages::staff::day;
use crate::web::pages::staff::keys::{Key, keys};
use crate::web::pages::staff::layout::{StaffVisit, asked, field};
use crate::web::problem::Problem;
use crate::web::query::{Page as Cut, Params};

/// How many items a page has.
const A_PAGE: usize = 25;
/// What the address can say.
const KNOWN: [&str; 14] = [
    "q",
    "queue",
    "status",
    "reason",
    "priority",
    "kind",
    "channel",
    "flag",
    "assigned",
    "overdue",
    "escalated",
    "sort",
    "dir",
    "cursor",
];

/// How the address says that whoever asked for the next item was given none.
pub(super) const NOTHING_NEXT: &str = "next=none";

/// The letters that do something with the list.
const LETTERS: [Key<'static>; 6] = [
    ("n", "next item", ""),
    ("j", "down", ""),
    ("k", "up", ""),
    ("x", "pick", ""),
    ("/", "search", ""),
    ("?", "all keys", ""),
];

/// What was asked for, as it stands in the address.
struct Wanted {
    pairs: Vec<(String, String)>,
    after: Option<Place>,
    /// The address itself, to come back to.
    here: String,
}

impl Wanted {
    fn of(uri: &Uri) -> Self {
        let mut params = Params::of(uri, &KNOWN);
        let after = params.cursor::<Place>();
        let given = KNOWN.iter().filter(|it| **it != "cursor");
        let pairs = given.filter_map(|name| Some(((*name).to_owned(), params.text(name)?.trim().to_owned())));
        let here = uri.query().unwrap_or_default().to_owned();
        Self { pairs: pairs.filter(|(_, value)| !value.is_empty()).collect(), after, here }
    }

    fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.as_str())
    }

    /// The same with something else for one name, from the first page on.
    fn but(&self, name: &str, value: &str) -> String {
        let kept = self.pairs.iter().filter(|(it, _)| it != name).map(|(name, value)| (name.as_str(), value.as_str()));
        let more = [(name, value)].into_iter().filter(|(_, value)| !value.is_empty());
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(more)).finish();
        if query.is_empty() { "/staff/work".to_owned() } else { format!("/staff/work?{query}") }
    }

    fn sort(&self) -> Sort {
        Sort::ALL.into_iter().find(|it| it.as_str() == self.get("sort")).unwrap_or(Sort::Priority)
    }

    fn filter(&self, staff: &StaffVisit) -> WorkItemFilter {
        let queues = match self.get("queue") {
            "" => staff.queues.clone(),
            "all" => Vec::new(),
            queue => vec![queue.to_owned()],
        };
        let wanted = self.get("status");
        let status =
            if wanted.is_empty() { Some("open".to_owned()) } else { Some(wanted.to_owned()).filter(|it| it != "any") };
        let assigned = match self.get("assigned") {
            "me" => Some(Assigned::To(staff.holder.name.clone())),
            "nobody" => Some(Assigned::ToNobody),
            "" => None,
            name => Some(Assigned::To(name.to_owned())),
        };
        // What one has, and what one searches, is shown wherever it stands.
        let is_narrow = assigned.is_some() || !self.get("q").is_empty();
        WorkItemFilter {
            queues: if is_narrow && self.get("queue").is_empty() { Vec::new() } else { queues },
            status: if is_narrow && wanted.is_empty() { None } else { status },
            done: (is_narrow && wanted.is_empty() && self.get("q").is_empty()).then_some(false),
            reasons: self.get("reason").parse::<ReasonCode>().into_iter().collect(),
            priorities: Priority::ALL.into_iter().filter(|it| it.as_str() == self.get("priority")).collect(),
            kinds: NotificationKind::ALL.into_iter().filter(|it| it.as_str() == self.get("kind")).collect(),
            channels: Channel::ALL.into_iter().filter(|it| it.as_str() == self.get("channel")).collect(),
            flags: Flag::LISTED.into_iter().filter(|it| it.as_str() == self.get("flag")).collect(),
            assigned,
            overdue: !self.get("overdue").is_empty(),
            escalated: (!self.get("escalated").is_empty()).then_some(true),
            sort: self.sort(),
            descending: self.get("dir") == "down",
            after: self.after.clone(),
            limit: A_PAGE + 1,
            ..WorkItemFilter::default()
        }
    }
}

/// Shows the list.
pub(in crate::web) async fn show(State(app): State<App>, staff: StaffVisit, uri: Uri) -> Result<Response, Problem> {
    shown(&app, &staff, &Wanted::of(&uri), &Tried::default()).await
}

/// The list from which an order came that cannot be given, with all that was picked and filled in.
pub(super) async fn again(app: &App, staff: &StaffVisit, tried: &Tried) -> Result<Response, Problem> {
    let uri = format!("/staff/work?{}", tried.get("list")).parse::<Uri>().unwrap_or_default();
    shown(app, staff, &Wanted::of(&uri), tried).await
}

async fn shown(app: &App, staff: &StaffVisit, wanted: &Wanted, tried: &Tried) -> Result<Response, Problem> {
    let not_at = not_for(app, &staff.holder.name).await?;
    let now = app.backend().now();
    let filter = WorkItemFilter { at: now, not_at, ..wanted.filter(staff) };
    let search = Some(wanted.get("q")).filter(|it| !it.is_empty());
    let sorted = filter.sort;
    let list = app.backend().work_list(filter, search).await.map_err(|error| Problem::unavailable(&error))?;
    let WorkList { items, total } = list;
    let cut = Cut::of(items, A_PAGE, |it| it.place().to_string());
    let places = places(app, &cut.items).await?;
    let today = british_day(now);
    let body = html! {
        @if wanted.here == NOTHING_NEXT { (nothing_next()) }
        h1 class="govuk-heading-l" { "Work" }
        div class="hearth-no-print" { (next_one()) }
        (keys(&LETTERS))
        (quick(staff, wanted))
        (search_form(wanted))
        (filters(wanted))
        p class="govuk-body" role="status" { strong { (total) } @if total == 1 { " item" } @else { " items" } (narrowed(wanted)) }
        p class="govuk-body hearth-no-print" id="news" data-hearth-live="/staff/work/live" role="status" hidden { "The queue has changed. " a class="govuk-link" href=(wanted.but("", "")) { "Show it as it is now" } }
        (table(staff, wanted, &cut.items.iter().zip(&places).collect::<Vec<_>>(), (today, sorted), tried))
        @if let Some(next) = &cut.next_cursor {
            nav class="govuk-pagination" aria-label="Pages" {
                div class="govuk-pagination__next" { a class="govuk-link govuk-pagination__link" rel="next" href=(wanted.but("cursor", next)) { span class="govuk-pagination__link-title" { "Next page" } } }
            }
        }
    };
    let title = if wanted.here == NOTHING_NEXT { "No next item" } else { "Work" };
    Ok(staff.show(tried.on(Page::new(title, body))))
}

fn nothing_next() -> Markup {
    let said = "Nothing open waits for you in your queues.";
    govuk::done_banner("No next item", &html! { p class="govuk-notification-banner__heading" { (said) } })
}

/// Where each item is, as far as it lays claim to a dwelling.
async fn places(app: &App, items: &[WorkItem]) -> Result<Vec<String>, Problem> {
    let uprns: Vec<_> = items.iter().map(|it| it.dwellings.first().cloned()).collect();
    app.read(move |it| {
        uprns
            .into_iter()
            .map(|uprn| {
                let Some(uprn) = uprn else { return Ok(String::new()) };
                let listing = it.views().dwelling(&uprn)?.and_then(|it| it.listing);
                Ok(listing.map(|it| format!("{}, {}", it.address, it.postcode)).unwrap_or_default())
            })
            .collect()
    })
    .await
}

/// What is looked for most.
fn quick(staff: &StaffVisit, wanted: &Wanted) -> Markup {
    let links = [
        ("assigned", "me", "Mine"),
        ("overdue", "1", "Overdue"),
        ("escalated", "1", "For supervisors"),
        ("status", "awaiting-authorisation", "To be authorised"),
        ("status", "deferred", "Put off"),
        ("queue", "all", "Every queue"),
    ];
    html! {
        ul class="hearth-inline hearth-no-print" {
            li { a class="govuk-link" href="/staff/work" { "Open in my queues" } }
            @for (name, value, text) in links {
                li { a class="govuk-link" href={ "/staff/work?" (name) "=" (value) } aria-current=[(wanted.get(name) == value).then_some("true")] { (text) } }
            }
            @for (path, text) in [("/staff/work/alerts", "Waiting too long"), ("/staff/work/samples", "To be checked"), ("/staff/work/figures", "Figures")] {
                @if staff.may_open(path) { li { a class="govuk-link" href=(path) { (text) } } }
            }
        }
    }
}

fn narrowed(wanted: &Wanted) -> Markup {
    let chips = wanted.pairs.iter().filter(|(name, _)| !["sort", "dir"].contains(&name.as_str()));
    html! {
        @for (name, value) in chips {
            @let is_typed = ["q", "queue", "assigned"].contains(&name.as_str());
            " · " @if name == "q" { "Searched for" } @else { (plain(name)) } " " strong { @if is_typed { (value) } @else { (plain(value)) } } " " a class="govuk-link" href=(wanted.but(name, "")) { "remove" span class="govuk-visually-hidden" { " " (name) } }
        }
    }
}

fn search_form(wanted: &Wanted) -> Markup {
    let hint = "A reference, name, address, UPRN or account";
    html! {
        form method="get" action="/staff/work" role="search" class="hearth-row hearth-no-print" {
            (field("q", "Search the queue", Some(hint), wanted.get("q"), &[]))
            button type="submit" class="govuk-button govuk-button--secondary" { "Search" }
        }
    }
}

/// One choice from a list, or any.
fn one_of(wanted: &Wanted, name: &str, label: &str, values: impl Iterator<Item = (String, String)>) -> Markup {
    let any = Choice { text: "Any".to_owned(), chosen: wanted.get(name).is_empty(), ..Choice::default() };
    let each =
        values.map(|(value, text)| Choice { chosen: wanted.get(name) == value, value, text, ..Choice::default() });
    let all: Vec<_> = std::iter::once(any).chain(each).collect();
    govuk::select(&asked(name, label, None, &[]), &all)
}

fn filters(wanted: &Wanted) -> Markup {
    let worded = |it: &str| (it.to_owned(), plain(it));
    let kinds = NotificationKind::ALL.into_iter().map(|it| worded(it.as_str()));
    let reasons = ReasonCode::ALL.into_iter().map(|it| (it.as_str().to_owned(), it.as_str().to_owned()));
    let statuses = WorkStatus::ALL.into_iter().map(|it| (it.as_str().to_owned(), status(it).to_owned()));
    let is_used = wanted.pairs.iter().any(|(name, _)| !["q", "sort", "dir"].contains(&name.as_str()));
    html! {
        details class="govuk-details hearth-no-print" open[is_used] {
            summary class="govuk-details__summary" { span class="govuk-details__summary-text" { "Narrow it down" } }
            div class="govuk-details__text" {
                form method="get" action="/staff/work" class="hearth-row" {
                    @for name in ["q", "sort", "dir"] { @if !wanted.get(name).is_empty() { input type="hidden" name=(name) value=(wanted.get(name)); } }
                    (field("queue", "Queue", None, wanted.get("queue"), &[]))
                    (one_of(wanted, "status", "Where it stands", statuses))
                    (one_of(wanted, "reason", "Reason", reasons))
                    (one_of(wanted, "priority", "Priority", ["high", "medium", "low"].into_iter().map(worded)))
                    (one_of(wanted, "kind", "What was told", kinds))
                    (one_of(wanted, "channel", "Channel", Channel::ALL.into_iter().map(|it| worded(it.as_str()))))
                    (one_of(wanted, "flag", "Flag", Flag::LISTED.into_iter().map(|it| worded(it.as_str()))))
                    (field("assigned", "Who has it", None, wanted.get("assigned"), &[]))
                    button type="submit" class="govuk-button govuk-button--secondary" { "Show these" }
                }
            }
        }
    }
}

/// A head of a column that sorts by it.
fn sorter(wanted: &Wanted, sorted: Sort, by: Sort, text: &str) -> Markup {
    let is_down = wanted.get("dir") == "down";
    let is_it = sorted == by;
    let now = if !is_it {
        "none"
    } else if is_down {
        "descending"
    } else {
        "ascending"
    };
    let link = wanted.but("sort", by.as_str());
    let link = if is_it && !is_down {
        format!("{link}&dir=down")
    } else {
        link.replace("&dir=down", "").replace("dir=down&", "")
    };
    html! { th scope="col" class="govuk-table__header" aria-sort=(now) { a class="govuk-link" href=(link) { (text) } } }
}

fn table(
    staff: &StaffVisit,
    wanted: &Wanted,
    items: &[(&WorkItem, &String)],
    (today, sorted): (Date, Sort),
    tried: &Tried,
) -> Markup {
    let picked = tried.form.all("reference");
    let unpicked = tried.errors.iter().find(|(id, _)| id == "items");
    html! {
        @if items.is_empty() {
            p class="govuk-body" { "Nothing waits here. " a class="govuk-link" href="/staff/work?queue=all" { "Look at every queue" } "." }
        } @else {
            form method="post" action="/staff/work/many" novalidate {
                input type="hidden" name="list" value=(wanted.here);
                @if let Some((_, told)) = unpicked { p class="govuk-error-message" { span class="govuk-visually-hidden" { "Error:" } " " (told) } }
                div class="hearth-wide" id="items" tabindex="0" role="region" aria-label="Work items" {
                    table class="govuk-table hearth-work" {
                        thead class="govuk-table__head" {
                            tr class="govuk-table__row" {
                                th scope="col" class="govuk-table__header" { "Pick" }
                                (sorter(wanted, sorted, Sort::Reference, "Reference"))
                                @for it in ["What was told", "Where"] { th scope="col" class="govuk-table__header" { (it) } }
                                (sorter(wanted, sorted, Sort::Received, "Received"))
                                (sorter(wanted, sorted, Sort::Due, "Due"))
                                (sorter(wanted, sorted, Sort::Priority, "Priority"))
                                @for it in ["Why", "Who has it"] { th scope="col" class="govuk-table__header" { (it) } }
                            }
                        }
                        tbody class="govuk-table__body" {
                            @for (it, place) in items { (row(it, place, today, staff, picked.contains(&it.reference.to_string()))) }
                        }
                    }
                }
                (with_many(today, tried))
            }
        }
    }
}

fn row(it: &WorkItem, place: &str, today: Date, staff: &StaffVisit, picked: bool) -> Markup {
    let text = staff.visit.text;
    let reasons: Vec<_> = it.reasons.iter().map(|it| it.as_str()).collect();
    let stands = it.work.status;
    let holder = it.work.allocated_to.as_deref();
    html! {
        tr class="govuk-table__row" data-hearth-row {
            td class="govuk-table__cell" {
                div class="govuk-checkboxes govuk-checkboxes--small" data-module="govuk-checkboxes" {
                    div class="govuk-checkboxes__item" {
                        input class="govuk-checkboxes__input" type="checkbox" name="reference" id={ "pick-" (it.reference) } value=(it.reference) checked[picked];
                        label class="govuk-label govuk-checkboxes__label" for={ "pick-" (it.reference) } { span class="govuk-visually-hidden" { "Pick " (it.reference) } }
                    }
                }
            }
            th scope="row" class="govuk-table__header" { a class="govuk-link hearth-reference" href={ "/staff/work/" (it.reference) } { (it.reference) } }
            td class="govuk-table__cell" {
                (text.say(&format!("told-{}", it.kind)))
                @for flag in &it.flags { " " (govuk::tag(&plain(flag.as_str()), Some("purple"))) }
                @if it.failure_contacts > 0 { " " (govuk::tag(&format!("{} contacts since", it.failure_contacts), Some("pink"))) }
            }
            (cell(&html! { (place) }))
            (cell(&html! { (text.date(british_day(it.received_at))) }))
            (cell(&due(it.due_on, today, text)))
            (cell(&priority(it.priority)))
            (cell(&html! { (reasons.join(", ")) }))
            td class="govuk-table__cell" {
                @if it.work.escalated { (govuk::tag("For a supervisor", Some("yellow"))) " " }
                @match holder {
                    Some(name) if name == staff.holder.name => strong { "You" },
                    Some(name) => (name),
                    None => (status(stands)),
                }
            }
        }
    }
}

/// What can be done with those that are picked.
fn with_many(today: Date, tried: &Tried) -> Markup {
    let actions = [
        ("claim", "Claim"),
        ("release", "Give back"),
        ("defer", "Put off until a day"),
        ("reallocate", "Other queue or priority"),
    ];
    let given = tried.get("action");
    let choice = |(value, text): (&str, &str)| Choice {
        chosen: value == given,
        value: value.to_owned(),
        text: text.to_owned(),
        ..Choice::default()
    };
    let choices: Vec<_> = actions.into_iter().map(choice).collect();
    let example = day::for_example(today.saturating_add(7.days()));
    html! {
        details class="govuk-details hearth-no-print" open[tried.is_any()] {
            summary class="govuk-details__summary" { span class="govuk-details__summary-text" { "With those that are picked" } }
            div class="govuk-details__text" {
                (govuk::select(&asked("action", "Do this", None, &tried.errors), &choices))
                (day::input("until", "Until which day, where you put them off", Some(&example), &tried.form.typed("until"), &tried.errors))
                (line("to_queue", "Queue, where you move them", tried))
                (priorities("to_priority", "Priority, where you move them", tried))
                (line("note", "Why? (optional)", tried))
                button type="submit" class="govuk-button govuk-button--secondary" { "Look at what would happen" }
            }
        }
    }
}
