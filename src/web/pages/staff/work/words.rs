//! How the queue is said.

use hearth_events::{Priority, ReasonCode};
use hearth_projections::WorkStatus;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::rules::working_days::working_days_between;
use crate::web::pages::govuk;
use crate::web::pages::text::Text;

/// When it is due, in words: the colour never says it alone.
pub(super) fn due(due_on: Date, today: Date, text: &Text) -> Markup {
    match working_days_between(due_on, today) {
        late if late > 0 => govuk::tag(&format!("Overdue {late} working {}", days(late)), Some("red")),
        _ if due_on == today => govuk::tag("Due today", Some("orange")),
        _ => html! { (text.date(due_on)) },
    }
}

pub(super) fn days(number: i32) -> &'static str {
    if number == 1 { "day" } else { "days" }
}

/// How soon, in words.
pub(super) fn priority(it: Priority) -> Markup {
    match it {
        Priority::High => govuk::tag("High", Some("red")),
        Priority::Medium => html! { "Medium" },
        Priority::Low => html! { "Low" },
    }
}

/// How far an item has come.
pub(super) const fn status(it: WorkStatus) -> &'static str {
    match it {
        WorkStatus::Open => "Open",
        WorkStatus::Claimed => "Claimed",
        WorkStatus::Deferred => "Put off",
        WorkStatus::AwaitingEvidence => "Waits for evidence",
        WorkStatus::AwaitingConfirmation => "Waits for the liable person",
        WorkStatus::AwaitingAuthorisation => "Waits to be authorised",
        WorkStatus::Done => "Done",
    }
}

/// Why it did not go straight through, with its code.
pub(super) fn reason(it: ReasonCode, text: &Text) -> String {
    let said = text.maybe(&format!("reason-{}", it.as_str().to_lowercase()), &[]).unwrap_or_default();
    format!("{it}: {said}")
}

/// A name in kebab-case or snake_case as words, the first letter large.
pub(super) fn plain(name: &str) -> String {
    let text = name.replace(['-', '_'], " ");
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// Who recorded something: by the name alone, where it was somebody with access.
pub(in crate::web::pages::staff) fn by(actor: &str) -> &str {
    actor.strip_prefix("token:").unwrap_or(actor)
}

/// A cell of a table.
pub(super) fn cell(within: &Markup) -> Markup {
    html! { td class="govuk-table__cell" { (within) } }
}

/// The head of a table.
pub(super) fn head(columns: &[&str]) -> Markup {
    html! {
        thead class="govuk-table__head" {
            tr class="govuk-table__row" { @for it in columns { th scope="col" class="govuk-table__header" { (it) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_becomes_words() {
        assert_eq!(plain("move-in"), "Move in");
        assert_eq!(plain("tenancy_ended_on"), "Tenancy ended on");
        assert_eq!(plain(""), "");
    }
}
