//! What somebody just did with an item, told before the rest of its page, with the next item one key away.

use hearth_events::Status;
use hearth_projections::WorkStatus;
use maud::{Markup, html};

use super::forms;
use super::words::{by, plain};
use crate::service::work::{HistoryStep, ItemShown};
use crate::views::british_day;
use crate::web::pages::govuk;
use crate::web::pages::text::Text;

/// Steps by which somebody does something with an item.
const STEPS: [&str; 10] = [
    "WorkItemClaimed",
    "WorkItemReleased",
    "WorkItemHandedOver",
    "WorkItemEscalated",
    "WorkItemReallocated",
    "WorkItemDeferred",
    "EvidenceRequested",
    "WorkItemDecided",
    "WorkItemAuthorised",
    "NotificationReversed",
];

/// What they did last with an item, in a sentence; none where somebody else did something since, or nothing is to be told.
pub(super) fn sentence(item: &ItemShown, name: &str, text: &Text) -> Option<String> {
    let last = last_of(&item.history, name)?;
    let back = item.work.back_on.map(|it| text.date(it)).unwrap_or_default();
    Some(match last {
        "WorkItemReleased" => "You gave it back".to_owned(),
        "WorkItemHandedOver" => {
            format!("You handed it over to {}", item.work.allocated_to.as_deref().unwrap_or("a colleague"))
        }
        "WorkItemEscalated" => "You escalated it to the supervisors".to_owned(),
        "WorkItemReallocated" => {
            let priority = plain(item.referral.priority.as_str()).to_lowercase();
            format!("You moved it: queue {}, priority {priority}", item.referral.queue)
        }
        "WorkItemDeferred" => format!("You put it off. It comes back on {back}"),
        "EvidenceRequested" => {
            format!("You asked the resident. It comes back when they answer, on {back} at the latest")
        }
        "WorkItemDecided" => decided(item).to_owned(),
        "WorkItemAuthorised" => format!("You authorised it. It is {}", item.status.as_str()),
        "NotificationReversed" => "You changed whether it counts".to_owned(),
        aside => beside(aside)?.to_owned(),
    })
}

/// What was noted beside it.
pub(super) fn beside(what: &str) -> Option<&'static str> {
    match what {
        "ContactLinked" => Some("You linked the contact"),
        "DecisionChecked" => Some("You recorded the check"),
        _ => None,
    }
}

/// The last step that somebody took, where nobody else has taken one since.
fn last_of(history: &[HistoryStep], name: &str) -> Option<&'static str> {
    let is_step = |it: &&HistoryStep| STEPS.contains(&it.what) || beside(it.what).is_some();
    let last = history.iter().rev().find(is_step)?;
    (by(&last.who) == name && last.what != "WorkItemClaimed").then_some(last.what)
}

fn decided(item: &ItemShown) -> &'static str {
    if item.work.status_at(item.at, british_day(item.at)) == WorkStatus::AwaitingAuthorisation {
        return "You decided it. A supervisor has to authorise it before it takes effect";
    }
    match item.status {
        Status::Applied => "You accepted it, and it has taken effect",
        Status::Rejected => "You rejected it",
        Status::Duplicate => "You decided it. It was told before, so nothing changes",
        Status::Referred | Status::Received | Status::AwaitingEvidence => "You decided it. That is being carried out",
        Status::Withdrawn => "It was withdrawn before your decision took effect",
    }
}

/// The sentence where it is seen and heard first, with what comes next.
pub(super) fn banner(said: &str) -> Markup {
    let within = html! {
        p class="govuk-notification-banner__heading" { (said) "." }
        p class="govuk-body hearth-no-print" { "The letter " kbd class="hearth-keys__key" { "n" } " takes the next item." }
        (forms::next_one())
    };
    govuk::done_banner("Done", &within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(what: &'static str, who: &str) -> HistoryStep {
        let position = hearth_events::Position::default();
        HistoryStep { at: jiff::Timestamp::default(), what, who: who.to_owned(), note: None, position }
    }

    #[test]
    fn only_what_one_did_oneself_and_last_is_told() {
        let of = |steps: &[HistoryStep]| last_of(steps, "a.okafor");
        let claimed = || step("WorkItemClaimed", "token:a.okafor");
        let decided = || step("WorkItemDecided", "token:a.okafor");
        assert_eq!(of(&[claimed(), decided(), step("NotificationCompleted", "hearth")]), Some("WorkItemDecided"));
        assert_eq!(of(&[claimed()]), None, "who claims it sees that it is theirs");
        assert_eq!(of(&[decided(), step("WorkItemReleased", "token:somebody")]), None);
        assert_eq!(of(&[]), None);
    }
}
