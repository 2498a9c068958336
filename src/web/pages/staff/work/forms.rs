//! What an officer can do with an item, as forms: what may not be done is not offered.

use hearth_events::{Channel, ContactAbout, ErrorClass, NotificationRef, Priority, ReasonCode};
use hearth_projections::WorkStatus;
use jiff::ToSpan as _;
use maud::{Markup, html};

use super::form::Tried;
use super::words::{plain, reason};
use crate::service::work::ItemShown;
use crate::views::british_day;
use crate::web::pages::govuk::{self, Choice, Choices};
use crate::web::pages::staff::day;
use crate::web::pages::staff::keys::Key;
use crate::web::pages::staff::layout::asked;
use crate::web::pages::text::Text;

/// What a text is called that comes back although its form is no longer offered.
const TEXTS: [(&str, &str); 7] = [
    ("explanation", "What you say to the resident"),
    ("evidence", "What you need"),
    ("defer_note", "Why you put it off"),
    ("hand_over_note", "What your colleague should know"),
    ("escalate_note", "Why a supervisor has to decide"),
    ("remark", "What whoever decided should know"),
    ("said", "What was said"),
];

/// Who looks at the item.
pub(super) struct Looker<'a> {
    /// By what they are called.
    pub(super) name: &'a str,
    /// Whether they are a supervisor.
    pub(super) supervisor: bool,
    /// The others who may have it.
    pub(super) colleagues: Vec<String>,
}

/// How an item stands to whoever looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// They have it.
    Mine,
    /// They had it when they sent a form, and can have it again.
    Lost,
    /// Nobody has it.
    Free,
    /// Somebody else has it.
    Held,
    /// Only a supervisor takes it.
    ForSupervisors,
    /// It is decided, and waits for another person.
    ToAuthorise,
    /// Nothing is left to do.
    Done,
}

fn stands(it: &ItemShown, who: &Looker<'_>, tried: &Tried) -> Stands {
    match it.work.status_at(it.at, british_day(it.at)) {
        WorkStatus::Done => Stands::Done,
        WorkStatus::AwaitingAuthorisation => Stands::ToAuthorise,
        WorkStatus::Claimed if it.work.holder_at(it.at) == Some(who.name) => Stands::Mine,
        WorkStatus::Claimed => Stands::Held,
        WorkStatus::Open | WorkStatus::Deferred | WorkStatus::AwaitingEvidence | WorkStatus::AwaitingConfirmation => {
            if it.work.escalated && !who.supervisor {
                Stands::ForSupervisors
            } else if tried.is_any() && !tried.is("claim") && !tried.is("contact") && !tried.is("check") {
                Stands::Lost
            } else {
                Stands::Free
            }
        }
    }
}

/// Everything that can be done with it now.
pub(super) fn actions(it: &ItemShown, who: &Looker<'_>, tried: &Tried, text: &Text) -> Markup {
    match stands(it, who, tried) {
        Stands::Done => kept(tried),
        Stands::ToAuthorise => html! { (kept(tried)) (authorising(it, who)) },
        Stands::Mine | Stands::Lost => mine_now(it, who, tried, text),
        Stands::Held => html! {
            p class="govuk-body" { strong { (it.work.holder_at(it.at).unwrap_or("A colleague")) } " has this item." }
            @if !(who.supervisor && tried.is("hand-over")) { (kept(tried)) }
            @if who.supervisor {
                (hand_over(it, who, tried))
                (pressed(it, "release", "Take it from them", "govuk-button--secondary"))
            } @else { (next_one()) }
        },
        Stands::ForSupervisors => html! {
            p class="govuk-body" { "It waits for a supervisor." }
            (kept(tried))
            (next_one())
        },
        Stands::Free => pressed(it, "claim", "Claim it", ""),
    }
}

/// The letters that do something with it now.
pub(super) fn letters(it: &ItemShown, who: &Looker<'_>, tried: &Tried) -> Vec<Key<'static>> {
    let mut all = match stands(it, who, tried) {
        Stands::Mine | Stands::Lost => {
            let decide = [("a", "accept", "decision"), ("r", "reject", "decision-2 reason")];
            let only_reject = [("r", "reject", "decision reason")];
            let decide: &[Key<'_>] = if it.proposal.is_ok() { &decide } else { &only_reject };
            let rest = [("q", "ask", "evidence"), ("d", "put off", "until-day"), ("h", "hand over", "to")];
            [decide, &rest, &[("p", "put right", "")], &[("Ctrl Enter", "send what you write", "")]].concat()
        }
        Stands::Free => vec![("c", "claim", "")],
        Stands::Held | Stands::ForSupervisors => vec![("n", "next item", "")],
        Stands::ToAuthorise | Stands::Done => Vec::new(),
    };
    all.extend([("g", "list", ""), ("?", "all keys", "")]);
    all
}

/// Claims the next best item.
pub(super) fn next_one() -> Markup {
    html! {
        form method="post" action="/staff/work/next" novalidate {
            button type="submit" class="govuk-button" data-module="govuk-button" data-prevent-double-click="true" data-hearth-key="n" { "Take the next item" }
        }
    }
}

/// What was typed into a form that is no longer offered: to be copied, as it cannot be sent.
fn kept(tried: &Tried) -> Markup {
    let texts = || TEXTS.into_iter().map(|(name, label)| (label, tried.get(name))).filter(|(_, it)| !it.is_empty());
    let is_offered = tried.is("contact") || tried.is("check") && !tried.overtaken;
    let is_gone = tried.is_any() && !is_offered;
    html! {
        @if is_gone && texts().next().is_some() {
            h3 class="govuk-heading-s" { "What you wrote, and was not sent" }
            @for (label, typed) in texts() {
                p class="govuk-body govuk-!-margin-bottom-1" { (label) ":" }
                div class="govuk-inset-text govuk-!-margin-top-0 hearth-typed" { (typed) }
            }
        }
    }
}

fn form(reference: &NotificationRef, what: &str, again: bool, within: &Markup) -> Markup {
    html! {
        form method="post" action={ "/staff/work/" (reference) } novalidate {
            input type="hidden" name="do" value=(what);
            @if again { input type="hidden" name="again" value="yes"; }
            (within)
        }
    }
}

fn pressed(it: &ItemShown, what: &str, text: &str, class: &str) -> Markup {
    form(
        &it.reference,
        what,
        false,
        &html! { button type="submit" class={ "govuk-button " (class) } data-module="govuk-button" data-prevent-double-click="true" data-hearth-key=[(what == "claim").then_some("c")] { (text) } },
    )
}

fn authorising(it: &ItemShown, who: &Looker<'_>) -> Markup {
    let decided_by = it.work.allocated_to.as_deref().unwrap_or("a colleague");
    html! {
        p class="govuk-body" { strong { (decided_by) } " has decided it; another person has to authorise that." }
        @if let Some(awaits) = &it.awaits { (second_person("Another person is needed, because", &awaits.because)) }
        @if who.supervisor && decided_by != who.name { (pressed(it, "authorise", "Authorise it", "")) }
        @if who.supervisor || decided_by == who.name { (pressed(it, "release", "Send it back, undecided", "govuk-button--secondary")) }
    }
}

/// Why another person has to authorise it.
pub(super) fn second_person(lead: &str, because: &[String]) -> Markup {
    html! {
        p class="govuk-body" { (lead) ":" }
        ul class="govuk-list govuk-list--bullet" { @for it in because { li { (it) } } }
    }
}

/// The forms of whoever has it; sent by whoever no longer has it, they take it again first.
fn mine_now(it: &ItemShown, who: &Looker<'_>, tried: &Tried, text: &Text) -> Markup {
    let again = stands(it, who, tried) == Stands::Lost;
    let form = |what: &str, within: &Markup| form(&it.reference, what, again, within);
    let today = british_day(it.at);
    let (soon, later) = (today.saturating_add(14.days()), today.saturating_add(7.days()));
    let is_any = |forms: &[&str]| tried.is_any() && forms.iter().any(|it| tried.is(it));
    let respond_by = format!("Two weeks from now, {}, where you leave it empty", text.date(soon));
    let until = format!("It comes back by itself on that day. {}", day::for_example(later));
    let (errors, typed) = (&tried.errors, |name: &str| tried.form.typed(name));
    html! {
        (form("decide", &decide(it, tried, text)))
        p class="govuk-body" { a class="govuk-link" href={ "/staff/work/" (it.reference) "/amend" } data-hearth-key="p" { "Put something right first, then accept" } }
        (folded("Ask the resident", is_any(&["ask"]), &form("ask", &html! {
            (text_field("evidence", "What do you need?", Some("They read this. Say what, and why."), tried))
            (day::input("respond_by", "By which day? (optional)", Some(&respond_by), &typed("respond_by"), errors))
            (govuk::button("Ask"))
        })))
        (folded("Put it off", is_any(&["defer"]), &form("defer", &html! {
            (day::input("until", "Until which day?", Some(&until), &typed("until"), errors))
            (line("defer_note", "Why? (optional)", tried))
            (govuk::button("Put it off"))
        })))
        (folded("Hand it over, escalate it, give it back", is_any(&["hand-over", "escalate", "reallocate", "release"]), &html! {
            (hand_over(it, who, tried))
            (form("escalate", &html! { (line("escalate_note", "Why does a supervisor have to decide? (optional)", tried)) (govuk::button("Escalate it")) }))
            (form("reallocate", &html! {
                (line("to_queue", "Another queue", tried))
                (priorities("to_priority", "Priority", tried))
                (govuk::button("Move it"))
            }))
            (pressed(it, "release", "Give it back", "govuk-button--secondary"))
        }))
    }
}

fn folded(summary: &str, open: bool, within: &Markup) -> Markup {
    html! {
        details class="govuk-details" open[open] {
            summary class="govuk-details__summary" { span class="govuk-details__summary-text" { (summary) } }
            div class="govuk-details__text" { (within) }
        }
    }
}

fn text_field(name: &str, label: &str, hint: Option<&str>, tried: &Tried) -> Markup {
    govuk::textarea(&asked(name, label, hint, &tried.errors), 4, &tried.get(name))
}

pub(super) fn line(name: &str, label: &str, tried: &Tried) -> Markup {
    govuk::line(&asked(name, label, None, &tried.errors), govuk::Line::default(), &tried.get(name))
}

/// One of several, with what was chosen; nothing yet where that is allowed.
fn chosen<'a>(
    name: &str,
    (label, hint): (&str, Option<&str>),
    none: Option<&str>,
    all: impl Iterator<Item = (&'a str, String)>,
    tried: &Tried,
) -> Markup {
    let given = tried.get(name);
    let none = none.map(|text| Choice { text: text.to_owned(), ..Choice::default() });
    let each =
        all.map(|(value, text)| Choice { chosen: value == given, value: value.to_owned(), text, ..Choice::default() });
    let all: Vec<_> = none.into_iter().chain(each).collect();
    govuk::select(&asked(name, label, hint, &tried.errors), &all)
}

/// How soon it is wanted; as before where nothing is chosen.
pub(super) fn priorities(name: &str, label: &str, tried: &Tried) -> Markup {
    let all = Priority::ALL.into_iter().map(|it| (it.as_str(), plain(it.as_str())));
    chosen(name, (label, None), Some("As it is"), all, tried)
}

fn decide(it: &ItemShown, tried: &Tried, text: &Text) -> Markup {
    let given = tried.get("decision");
    let choice = |value: &str, text: &str| Choice {
        chosen: value == given,
        value: value.to_owned(),
        text: text.to_owned(),
        ..Choice::default()
    };
    let mut items = Vec::new();
    if it.proposal.is_ok() {
        items.push(choice("accept", "Accept: it takes effect as shown above"));
    }
    items.push(choice("reject", "Reject: it does not take effect"));
    let decisions = Choices { items, ..Choices::default() };
    let reasons = ReasonCode::ALL.into_iter().map(|it| (it.as_str(), reason(it, text)));
    html! {
        (govuk::radios(&asked("decision", "What do you decide?", None, &tried.errors), &decisions))
        (chosen("reason", ("Why, where you reject it", None), Some("Choose one"), reasons, tried))
        (text_field("explanation", "What do you say to the resident? (optional)", Some("They read this on their page, and by e-mail where they gave one."), tried))
        (govuk::button("Decide"))
    }
}

fn hand_over(it: &ItemShown, who: &Looker<'_>, tried: &Tried) -> Markup {
    let colleagues = who.colleagues.iter().map(|it| (it.as_str(), it.clone()));
    let again = stands(it, who, tried) == Stands::Lost;
    form(
        &it.reference,
        "hand-over",
        again,
        &html! {
            (chosen("to", ("Hand it over to", None), Some("Choose one"), colleagues, tried))
            (line("hand_over_note", "What should they know? (optional)", tried))
            (govuk::button("Hand it over"))
        },
    )
}

/// What it changed can be taken back.
pub(super) fn undo(reference: &NotificationRef) -> Markup {
    html! { p class="govuk-body" { a class="govuk-link" href={ "/staff/work/" (reference) "/undo" } { "Take back what it changed, or put it in force again" } } }
}

/// That somebody made contact about it: always possible.
pub(super) fn contact(reference: &NotificationRef, tried: &Tried) -> Markup {
    let channels =
        [Channel::Telephone, Channel::FaceToFace, Channel::Post, Channel::Email, Channel::WebChat, Channel::Web];
    let channels = channels.into_iter().map(|it| (it.as_str(), plain(it.as_str())));
    let about = ContactAbout::ALL.into_iter().map(|it| (it.as_str(), plain(it.as_str())));
    let hint = "Chase, unclear, mistake and complaint count as contacts that need not have been.";
    folded(
        "Somebody made contact about it",
        tried.is_any() && tried.is("contact"),
        &form(
            reference,
            "contact",
            false,
            &html! {
                (chosen("channel", ("How", None), None, channels, tried))
                (chosen("about", ("Why", Some(hint)), None, about, tried))
                (line("said", "What was said? (optional)", tried))
                (govuk::button("Link the contact"))
            },
        ),
    )
}

/// What came of looking at the decision again: for others than who decided.
pub(super) fn check(reference: &NotificationRef, tried: &Tried) -> Markup {
    let classes = ErrorClass::ALL.into_iter().map(|it| (it.as_str(), plain(it.as_str())));
    let pounds =
        govuk::Line { prefix: Some("\u{a3}"), width: Some(10), inputmode: Some("decimal"), ..Default::default() };
    folded(
        "Check the decision",
        tried.is_any() && tried.is("check"),
        &form(
            reference,
            "check",
            false,
            &html! {
                (chosen("error", ("What was wrong?", None), None, classes, tried))
                (govuk::line(&asked("value", "How much money was wrong, in pounds (optional)", None, &tried.errors), pounds, &tried.get("value")))
                (line("remark", "What should whoever decided know? (optional)", tried))
                (govuk::button("Record the check"))
            },
        ),
    )
}
