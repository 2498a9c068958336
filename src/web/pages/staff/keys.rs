//! Letters that do something on a page, for those who switched them on in their browser (WCAG 2.1.4); shown where they do it.

use maud::{Markup, html};

/// A letter: what is pressed, what it does, and the ids of what it chooses; it writes in the last of them. It presses whatever
/// has the letter itself, where there is none.
pub(in crate::web) type Key<'a> = (&'a str, &'a str, &'a str);

/// The letters of a page and how they are switched on; without scripts there is none of it.
pub(in crate::web) fn keys(all: &[Key<'_>]) -> Markup {
    html! {
        section class="hearth-keys hearth-no-print" aria-label="Keys" hidden {
            div class="govuk-checkboxes govuk-checkboxes--small" {
                div class="govuk-checkboxes__item" {
                    input class="govuk-checkboxes__input" type="checkbox" id="letters" data-hearth-keys;
                    label class="govuk-label govuk-checkboxes__label" for="letters" { "Letters do something" }
                }
            }
            ul class="hearth-keys__list" {
                @for (key, what, to) in all {
                    li data-hearth-letter=[(!to.is_empty()).then_some(key)] data-hearth-to=[(!to.is_empty()).then_some(to)] {
                        kbd class="hearth-keys__key" { (key) } " " (what)
                    }
                }
            }
        }
    }
}
