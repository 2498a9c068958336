//! The components of the GOV.UK Design System that the pages use, as typed functions. Tests compare them with the fixtures of the
//! npm package.

mod choices;
#[cfg(test)]
mod fixtures;
mod shown;
mod written;

pub(in crate::web) use choices::{Choice, Choices, checkboxes, radios, select};
pub(in crate::web) use shown::{
    Row, back_link, button, details, error_summary, inset, link_button, panel, start_button, summary_list, tag,
};
pub(in crate::web) use written::{DateInput, Line, date_input, file_upload, line, textarea};

use maud::{Markup, html};

/// What stands around every question: how it is asked, a hint, what was wrong with the answer.
#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Asked {
    /// The id of its field; the first of several has it.
    pub(in crate::web) id: String,
    /// The name of its field.
    pub(in crate::web) name: String,
    /// The question.
    pub(in crate::web) label: String,
    /// Whether the question is the heading of the page.
    pub(in crate::web) heading: bool,
    /// What helps to answer.
    pub(in crate::web) hint: Option<String>,
    /// What was wrong, and what to do.
    pub(in crate::web) error: Option<String>,
    /// What an error begins with, for who cannot see that it is red.
    pub(in crate::web) error_prefix: String,
}

impl Asked {
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let both: Vec<_> = hint.into_iter().chain(error).collect();
        (!both.is_empty()).then(|| both.join(" "))
    }

    fn group(&self) -> &'static str {
        if self.error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }
    }

    fn hint_and_error(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { div id={ (self.id) "-hint" } class="govuk-hint" { (hint) } }
            @if let Some(error) = &self.error {
                p id={ (self.id) "-error" } class="govuk-error-message" {
                    span class="govuk-visually-hidden" { (self.error_prefix) } " " (error)
                }
            }
        }
    }

    /// The label of one field.
    fn label(&self) -> Markup {
        let label = |class: &str| html! { label class=(class) for=(self.id) { (self.label) } };
        if self.heading {
            html! { h1 class="govuk-label-wrapper" { (label("govuk-label govuk-label--l")) } }
        } else {
            label("govuk-label")
        }
    }

    /// What holds several fields together.
    fn fieldset(&self, group: bool, within: &Markup) -> Markup {
        html! {
            fieldset class="govuk-fieldset" role=[group.then_some("group")] aria-describedby=[self.described_by()] {
                @if self.heading {
                    legend class="govuk-fieldset__legend govuk-fieldset__legend--l" {
                        h1 class="govuk-fieldset__heading" { (self.label) }
                    }
                } @else {
                    legend class="govuk-fieldset__legend" { (self.label) }
                }
                (self.hint_and_error())
                (within)
            }
        }
    }
}
