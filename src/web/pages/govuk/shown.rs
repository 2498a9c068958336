//! What is shown: summaries, notes, buttons and links.

use maud::{Markup, html};

/// One row of a summary.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Row {
    /// Where it is found on the page.
    pub(in crate::web) id: Option<String>,
    /// What it is.
    pub(in crate::web) key: String,
    /// Its lines.
    pub(in crate::web) values: Vec<String>,
    /// Where it can be changed, and what is changed there, for who cannot see the row.
    pub(in crate::web) change: Option<(String, String)>,
}

/// A list of what was said.
pub(in crate::web) fn summary_list(rows: &[Row], change: &str) -> Markup {
    let any = rows.iter().any(|it| it.change.is_some());
    html! {
        dl class="govuk-summary-list" {
            @for row in rows {
                @let class = if any && row.change.is_none() { "govuk-summary-list__row govuk-summary-list__row--no-actions" }
                    else { "govuk-summary-list__row" };
                div class=(class) id=[row.id.as_deref()] {
                    dt class="govuk-summary-list__key" { (row.key) }
                    dd class="govuk-summary-list__value" {
                        @for (place, line) in row.values.iter().enumerate() { @if place > 0 { br; } (line) }
                    }
                    @if let Some((href, hidden)) = &row.change {
                        dd class="govuk-summary-list__actions" {
                            a class="govuk-link" href=(href) {
                                (change) span class="govuk-visually-hidden" { " " (hidden) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong on this page: each with the id of its field.
pub(in crate::web) fn error_summary(title: &str, errors: &[(String, String)]) -> Markup {
    html! {
        div class="govuk-error-summary" data-module="govuk-error-summary" {
            div role="alert" {
                h2 class="govuk-error-summary__title" { (title) }
                div class="govuk-error-summary__body" {
                    ul class="govuk-list govuk-error-summary__list" {
                        @for (id, message) in errors { li { a href={ "#" (id) } { (message) } } }
                    }
                }
            }
        }
    }
}

/// What is pressed to go on.
pub(in crate::web) fn button(text: &str) -> Markup {
    html! { button type="submit" class="govuk-button" data-module="govuk-button" data-prevent-double-click="true" { (text) } }
}

/// A link that looks like what is pressed: it leads to where something begins, and does nothing itself.
pub(in crate::web) fn link_button(text: &str, href: &str) -> Markup {
    html! { a class="govuk-button" href=(href) role="button" draggable="false" data-module="govuk-button" { (text) } }
}

/// What is pressed to begin.
pub(in crate::web) fn start_button(text: &str) -> Markup {
    html! {
        button type="submit" class="govuk-button govuk-button--start" data-module="govuk-button" data-prevent-double-click="true" {
            (text) " "
            svg class="govuk-button__start-icon" width="17.5" height="19" viewBox="0 0 33 40"
                aria-hidden="true" focusable="false" {
                path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z" {}
            }
        }
    }
}

/// The way back.
pub(in crate::web) fn back_link(href: &str, text: &str) -> Markup {
    html! { a href=(href) class="govuk-back-link" { (text) } }
}

/// That something was done, with what to keep of it.
pub(in crate::web) fn panel(title: &str, within: &Markup) -> Markup {
    html! {
        div class="govuk-panel govuk-panel--confirmation" {
            h1 class="govuk-panel__title" { (title) }
            div class="govuk-panel__body" { (within) }
        }
    }
}

/// What stands out from the rest.
pub(in crate::web) fn inset(within: &Markup) -> Markup {
    html! { div class="govuk-inset-text" { (within) } }
}

/// What only some want to read.
pub(in crate::web) fn details(summary: &str, within: &Markup) -> Markup {
    html! {
        details class="govuk-details" {
            summary class="govuk-details__summary" { span class="govuk-details__summary-text" { (summary) } }
            div class="govuk-details__text" { (within) }
        }
    }
}

/// A word on where something stands; the colour never says it alone.
pub(in crate::web) fn tag(text: &str, colour: Option<&str>) -> Markup {
    let class = colour.map_or_else(|| "govuk-tag".to_owned(), |it| format!("govuk-tag govuk-tag--{it}"));
    html! { strong class=(class) { (text) } }
}
