//! What an officer can do with an item, as forms: what may not be done is not offered.

use hearth_events::{Channel, ContactAbout, ErrorClass, NotificationRef, ReasonCode};
use hearth_projections::WorkStatus;
use maud::{Markup, html};

use super::words::{plain, reason};
use crate::service::work::ItemShown;
use crate::web::pages::govuk::{self, Choice, Choices};
use crate::web::pages::staff::layout::{asked, field};
use crate::web::pages::text::Text;

/// Who looks at the item.
pub(super) struct Looker<'a> {
    /// By what they are called.
    pub(super) name: &'a str,
    /// Whether they are a supervisor.
    pub(super) supervisor: bool,
    /// The others who may have it.
    pub(super) colleagues: Vec<String>,
}

type Errors = [(String, String)];

/// Everything that can be done with it now.
pub(super) fn actions(it: &ItemShown, who: &Looker<'_>, errors: &Errors, text: &Text) -> Markup {
    let day = crate::views::british_day(it.at);
    let holder = it.work.holder_at(it.at);
    let mine = holder == Some(who.name);
    match it.work.status_at(it.at, day) {
        WorkStatus::Done => html! {},
        WorkStatus::AwaitingAuthorisation => authorising(it, who),
        WorkStatus::Claimed if mine => mine_now(it, who, errors, text),
        WorkStatus::Claimed => html! {
            p class="govuk-body" { strong { (holder.unwrap_or("A colleague")) } " has this item." }
            @if who.supervisor { (hand_over(it, who, errors)) (pressed(it, "release", "Take it from them", "govuk-button--secondary")) }
        },
        WorkStatus::Open | WorkStatus::Deferred | WorkStatus::AwaitingEvidence | WorkStatus::AwaitingConfirmation => {
            if it.work.escalated && !who.supervisor {
                html! { p class="govuk-body" { "It waits for a supervisor." } }
            } else {
                pressed(it, "claim", "Claim it", "")
            }
        }
    }
}

fn form(reference: &NotificationRef, what: &str, within: &Markup) -> Markup {
    html! {
        form method="post" action={ "/staff/work/" (reference) } novalidate {
            input type="hidden" name="do" value=(what);
            (within)
        }
    }
}

fn pressed(it: &ItemShown, what: &str, text: &str, class: &str) -> Markup {
    form(
        &it.reference,
        what,
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

fn mine_now(it: &ItemShown, who: &Looker<'_>, errors: &Errors, text: &Text) -> Markup {
    let is_open = |names: &[&str]| errors.iter().any(|(id, _)| names.contains(&id.as_str()));
    html! {
        (decide(it, errors, text))
        p class="govuk-body" { a class="govuk-link" href={ "/staff/work/" (it.reference) "/amend" } { "Put something right first, then accept" } }
        (folded("Ask the resident", is_open(&["evidence", "respond_by"]), &form(&it.reference, "ask", &html! {
            (text_field("evidence", "What do you need?", Some("They read this. Say what, and why."), "", errors))
            (field("respond_by", "By which day", Some("Year-month-day. Two weeks from now where you leave it empty."), "", errors))
            (govuk::button("Ask"))
        })))
        (folded("Put it off", is_open(&["until"]), &form(&it.reference, "defer", &html! {
            (field("until", "Until which day", Some("Year-month-day. It comes back by itself on that day."), "", errors))
            (field("defer_note", "Why", None, "", errors))
            (govuk::button("Put it off"))
        })))
        (folded("Hand it over, escalate it, give it back", is_open(&["to", "to_queue", "to_priority"]), &html! {
            (hand_over(it, who, errors))
            (form(&it.reference, "escalate", &html! { (field("escalate_note", "Why a supervisor has to decide", None, "", errors)) (govuk::button("Escalate it")) }))
            (form(&it.reference, "reallocate", &html! {
                (field("to_queue", "Another queue", None, "", errors))
                (field("to_priority", "Priority", Some("high, medium or low"), "", errors))
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

fn text_field(name: &str, label: &str, hint: Option<&str>, value: &str, errors: &Errors) -> Markup {
    govuk::textarea(&asked(name, label, hint, errors), 4, value)
}

fn decide(it: &ItemShown, errors: &Errors, text: &Text) -> Markup {
    let can = it.proposal.is_ok();
    let choice =
        |value: &str, text: &str| Choice { value: value.to_owned(), text: text.to_owned(), ..Choice::default() };
    let mut items = Vec::new();
    if can {
        items.push(choice("accept", "Accept: it takes effect as shown above"));
    }
    items.push(choice("reject", "Reject: it does not take effect"));
    let decisions = Choices { items, ..Choices::default() };
    let reasons: Vec<_> = std::iter::once(Choice { text: "Choose one".to_owned(), ..Choice::default() })
        .chain(ReasonCode::ALL.into_iter().map(|it| choice(it.as_str(), &reason(it, text))))
        .collect();
    form(
        &it.reference,
        "decide",
        &html! {
            (govuk::radios(&asked("decision", "What do you decide?", None, errors), &decisions))
            (govuk::select(&asked("reason", "Why, where you reject it", None, errors), &reasons))
            (text_field("explanation", "What do you say to the resident? (optional)", Some("They read this on their page, and by e-mail where they gave one."), "", errors))
            (govuk::button("Decide"))
        },
    )
}

fn hand_over(it: &ItemShown, who: &Looker<'_>, errors: &Errors) -> Markup {
    let colleagues: Vec<_> = std::iter::once(Choice { text: "Choose one".to_owned(), ..Choice::default() })
        .chain(who.colleagues.iter().map(|it| Choice { value: it.clone(), text: it.clone(), ..Choice::default() }))
        .collect();
    form(
        &it.reference,
        "hand-over",
        &html! {
            (govuk::select(&asked("to", "Hand it over to", None, errors), &colleagues))
            (field("hand_over_note", "What they should know", None, "", errors))
            (govuk::button("Hand it over"))
        },
    )
}

/// What it changed can be taken back.
pub(super) fn undo(reference: &NotificationRef) -> Markup {
    html! { p class="govuk-body" { a class="govuk-link" href={ "/staff/work/" (reference) "/undo" } { "Take back what it changed, or put it in force again" } } }
}

/// That somebody made contact about it: always possible.
pub(super) fn contact(reference: &NotificationRef, errors: &Errors) -> Markup {
    let channels =
        [Channel::Telephone, Channel::FaceToFace, Channel::Post, Channel::Email, Channel::WebChat, Channel::Web];
    let choice = |it: &str| Choice { value: it.to_owned(), text: plain(it), ..Choice::default() };
    let channels: Vec<_> = channels.into_iter().map(|it| choice(it.as_str())).collect();
    let about: Vec<_> = ContactAbout::ALL.into_iter().map(|it| choice(it.as_str())).collect();
    let hint = "Chase, unclear, mistake and complaint count as contacts that need not have been.";
    folded(
        "Somebody made contact about it",
        false,
        &form(
            reference,
            "contact",
            &html! {
                (govuk::select(&asked("channel", "How", None, errors), &channels))
                (govuk::select(&asked("about", "Why", Some(hint), errors), &about))
                (field("said", "What was said", None, "", errors))
                (govuk::button("Link the contact"))
            },
        ),
    )
}

/// What came of looking at the decision again: for others than who decided.
pub(super) fn check(reference: &NotificationRef, errors: &Errors) -> Markup {
    let choice =
        |it: ErrorClass| Choice { value: it.as_str().to_owned(), text: plain(it.as_str()), ..Choice::default() };
    let classes: Vec<_> = ErrorClass::ALL.into_iter().map(choice).collect();
    folded(
        "Check the decision",
        false,
        &form(
            reference,
            "check",
            &html! {
                (govuk::select(&asked("error", "What was wrong?", None, errors), &classes))
                (field("value", "How much money was wrong, in pounds", None, "", errors))
                (field("remark", "What whoever decided should know", None, "", errors))
                (govuk::button("Record the check"))
            },
        ),
    )
}
