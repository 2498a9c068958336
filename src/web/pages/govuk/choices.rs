//! What is answered by choosing: one of several, or any of several.

use maud::{Markup, html};

use super::Asked;

/// One of what there is to choose from.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Choice {
    /// What is sent.
    pub(in crate::web) value: String,
    /// What is read.
    pub(in crate::web) text: String,
    /// What helps to choose it.
    pub(in crate::web) hint: Option<String>,
    /// Whether it is chosen.
    pub(in crate::web) chosen: bool,
}

/// How choices are made.
#[derive(Clone, Copy, Debug)]
struct Way {
    block: &'static str,
    kind: &'static str,
}

/// What there is to choose from.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Choices {
    /// In the order in which they are shown.
    pub(in crate::web) items: Vec<Choice>,
    /// Whether they stand beside each other: only two short ones.
    pub(in crate::web) inline: bool,
    /// A word before the last of them, where that one excludes the others: "or".
    pub(in crate::web) divider: Option<String>,
}

/// A question that one of many answers.
pub(in crate::web) fn select(asked: &Asked, items: &[Choice]) -> Markup {
    let class = if asked.error.is_some() { "govuk-select govuk-select--error" } else { "govuk-select" };
    html! {
        div class=(asked.group()) {
            (asked.label())
            (asked.hint_and_error())
            select class=(class) id=(asked.id) name=(asked.name) aria-describedby=[asked.described_by()] {
                @for it in items { option value=(it.value) selected[it.chosen] { (it.text) } }
            }
        }
    }
}

/// A question that one of several answers.
pub(in crate::web) fn radios(asked: &Asked, choices: &Choices) -> Markup {
    chosen(Way { block: "govuk-radios", kind: "radio" }, asked, choices)
}

/// A question that any of several answer.
pub(in crate::web) fn checkboxes(asked: &Asked, choices: &Choices) -> Markup {
    chosen(Way { block: "govuk-checkboxes", kind: "checkbox" }, asked, choices)
}

fn chosen(way: Way, asked: &Asked, choices: &Choices) -> Markup {
    let Way { block, kind } = way;
    let modifier = if choices.inline { format!(" {block}--inline") } else { String::new() };
    let last = choices.items.len().saturating_sub(1);
    let items = html! {
        div class={ (block) (modifier) } data-module=(block) {
            @for (place, it) in choices.items.iter().enumerate() {
                @let id = if place == 0 { asked.id.clone() } else { format!("{}-{}", asked.id, place + 1) };
                @if place == last && place > 0 {
                    @if let Some(divider) = &choices.divider { div class={ (block) "__divider" } { (divider) } }
                }
                div class={ (block) "__item" } {
                    input class={ (block) "__input" } id=(id) name=(asked.name) type=(kind) value=(it.value)
                        checked[it.chosen] aria-describedby=[it.hint.as_ref().map(|_| format!("{id}-item-hint"))];
                    label class={ "govuk-label " (block) "__label" } for=(id) { (it.text) }
                    @if let Some(hint) = &it.hint {
                        div id={ (id) "-item-hint" } class={ "govuk-hint " (block) "__hint" } { (hint) }
                    }
                }
            }
        }
    };
    html! { div class=(asked.group()) { (asked.fieldset(false, &items)) } }
}
