//! What is answered by writing: a line, a text, a day, a file.

use maud::{Markup, html};

use super::Asked;

/// How a line is to be filled in.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::web) struct Line {
    /// As in `type` of HTML; `text` where absent.
    pub(in crate::web) kind: Option<&'static str>,
    /// What browsers may fill in.
    pub(in crate::web) autocomplete: Option<&'static str>,
    /// Which keyboard a phone shows.
    pub(in crate::web) inputmode: Option<&'static str>,
    /// As many characters as are usual: 2, 3, 4, 5, 10, 20 or 30; the whole width where absent.
    pub(in crate::web) width: Option<u8>,
    /// What stands before it, such as `£`.
    pub(in crate::web) prefix: Option<&'static str>,
}

/// A question that one line answers.
pub(in crate::web) fn line(asked: &Asked, line: Line, value: &str) -> Markup {
    let mut class = "govuk-input".to_owned();
    if let Some(width) = line.width {
        class = format!("{class} govuk-input--width-{width}");
    }
    if asked.error.is_some() {
        class.push_str(" govuk-input--error");
    }
    let spelled = matches!(line.kind, Some("email")) || line.inputmode == Some("numeric");
    let field = html! {
        input class=(class) id=(asked.id) name=(asked.name) type=(line.kind.unwrap_or("text"))
            spellcheck=[spelled.then_some("false")] value=[(!value.is_empty()).then_some(value)]
            aria-describedby=[asked.described_by()] autocomplete=[line.autocomplete] inputmode=[line.inputmode];
    };
    html! {
        div class=(asked.group()) {
            (asked.label())
            (asked.hint_and_error())
            @if let Some(prefix) = line.prefix {
                div class="govuk-input__wrapper" {
                    div class="govuk-input__prefix" aria-hidden="true" { (prefix) }
                    (field)
                }
            } @else {
                (field)
            }
        }
    }
}

/// A question that a text answers.
pub(in crate::web) fn textarea(asked: &Asked, rows: u8, value: &str) -> Markup {
    let class = if asked.error.is_some() { "govuk-textarea govuk-textarea--error" } else { "govuk-textarea" };
    html! {
        div class=(asked.group()) {
            (asked.label())
            (asked.hint_and_error())
            textarea class=(class) id=(asked.id) name=(asked.name) rows=(rows) aria-describedby=[asked.described_by()] {
                (value)
            }
        }
    }
}

/// A day as it was filled in, and which of its parts are wrong.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::web) struct DateInput<'a> {
    /// Day, month and year as they were written.
    pub(in crate::web) values: [&'a str; 3],
    /// What the three parts are called.
    pub(in crate::web) labels: [&'a str; 3],
    /// Which of them are wrong.
    pub(in crate::web) wrong: [bool; 3],
    /// Whether it is the day on which the one who fills it in was born.
    pub(in crate::web) birthday: bool,
}

/// A question that a day answers; its parts are called `NAME-day`, `NAME-month` and `NAME-year`.
pub(in crate::web) fn date_input(asked: &Asked, given: DateInput<'_>) -> Markup {
    let parts = ["day", "month", "year"].into_iter().zip(given.labels).zip(given.values).zip(given.wrong);
    let fields = html! {
        div class="govuk-date-input" id=(asked.id) {
            @for (((part, label), value), wrong) in parts {
                @let width = if part == "year" { "govuk-input--width-4" } else { "govuk-input--width-2" };
                @let error = if wrong { " govuk-input--error" } else { "" };
                div class="govuk-date-input__item" {
                    div class="govuk-form-group" {
                        label class="govuk-label govuk-date-input__label" for={ (asked.id) "-" (part) } { (label) }
                        input class={ "govuk-input govuk-date-input__input " (width) (error) } id={ (asked.id) "-" (part) }
                            name={ (asked.name) "-" (part) } type="text" value=[(!value.is_empty()).then_some(value)]
                            autocomplete=[given.birthday.then(|| format!("bday-{part}"))] inputmode="numeric";
                    }
                }
            }
        }
    };
    html! { div class=(asked.group()) { (asked.fieldset(true, &fields)) } }
}

/// A question that a file answers.
pub(in crate::web) fn file_upload(asked: &Asked, accept: &str) -> Markup {
    let class = if asked.error.is_some() { "govuk-file-upload govuk-file-upload--error" } else { "govuk-file-upload" };
    html! {
        div class=(asked.group()) {
            (asked.label())
            (asked.hint_and_error())
            input class=(class) id=(asked.id) name=(asked.name) type="file" accept=[(!accept.is_empty()).then_some(accept)]
                aria-describedby=[asked.described_by()];
        }
    }
}
