//! A page of questions as it is shown: each field with what was typed, what helps, and what was wrong.

use maud::{Markup, html};

use super::question::{Field, Input};
use super::steps::Step;
use super::values::{MOST_NAMES, OTHER, Wrong};
use super::{answers::Answers, values};
use crate::web::pages::govuk::{
    Asked, Choice, Choices, DateInput, Line, checkboxes, date_input, line, radios, textarea,
};
use crate::web::pages::text::Text;

/// What a page is shown with.
pub(super) struct Shown<'a> {
    /// What is said.
    pub(super) text: &'a Text,
    /// What was answered so far, this page as typed.
    pub(super) answers: &'a Answers,
    /// The page.
    pub(super) step: Step,
    /// What is wrong, by the full name of its field.
    pub(super) wrong: &'a [(String, Wrong)],
    /// The dwellings of the postcode, where one is to be chosen: number and address.
    pub(super) dwellings: &'a [(String, String)],
    /// Whether one more name is to be given.
    pub(super) one_more: bool,
}

/// What a field is called in a form, and its id.
pub(super) fn slug(full: &str) -> String {
    full.replace([':', '.', '_'], "-")
}

impl Shown<'_> {
    /// What the page asks.
    pub(super) fn title(&self) -> String {
        self.said("").unwrap_or_else(|| self.base())
    }

    fn base(&self) -> String {
        format!("{}-{}", self.step.scope, self.step.question.id)
    }

    /// What is said of this page under an ending, to whoever tells it in the role that was given.
    fn said(&self, ending: &str) -> Option<String> {
        let name = format!("{}{ending}", self.base());
        self.said_as(&name)
    }

    fn said_as(&self, name: &str) -> Option<String> {
        let who = self.answers.one("about:who");
        let person = self.person();
        let puts = [("name", person.as_str())];
        let moving = self.answers.one("about:moving");
        [format!("{name}--as-{who}"), format!("{name}--for-{moving}"), name.to_owned()]
            .iter()
            .find_map(|it| self.text.maybe(it, &puts))
    }

    /// The name of whom the page is about, where it is about one of several.
    fn person(&self) -> String {
        let Some((list, item)) = self.step.question.each.zip(self.step.item) else { return String::new() };
        self.answers.filled(&format!("{}:{list}", self.step.scope)).nth(item).unwrap_or_default().to_owned()
    }

    /// The form without its button.
    pub(super) fn form(&self) -> Markup {
        let question = self.step.question;
        let one = question.fields.len() == 1;
        html! {
            @if !one {
                h1 class="govuk-heading-l" { (self.title()) }
                @if let Some(hint) = self.said("-hint") { p class="govuk-body" { (hint) } }
            }
            @for field in question.fields { (self.field(field, one)) }
        }
    }

    /// What is wrong: the id of each field and what to do.
    pub(super) fn errors(&self) -> Vec<(String, String)> {
        let fields = self.step.question.fields.iter().filter_map(|field| {
            let full = self.step.facts(self.answers).full(field.name);
            let (_, wrong) = self.wrong.iter().find(|(name, _)| *name == full)?;
            let first =
                ["day", "month", "year"].iter().zip(wrong.parts).find(|(_, wrong)| *wrong).map(|(part, _)| part);
            let id = match (field.input, first) {
                (Input::Date | Input::Birthday, Some(part)) => format!("{}-{part}", slug(&full)),
                _ => slug(&full),
            };
            Some((id, self.complaint(field, wrong)))
        });
        fields.collect()
    }

    fn complaint(&self, field: &Field, wrong: &Wrong) -> String {
        let base = self.key(field);
        let own = if *wrong == values::MISSING { self.said_as(&format!("{base}-missing")) } else { None };
        let (least, most) = if let Input::Number(least, most) = field.input { (least, most) } else { (0, 0) };
        let digits = if let Input::Digits(digits) = field.input { digits } else { 0 };
        let general = || {
            let name = if *wrong == values::MISSING { missing(field.input) } else { wrong.text };
            let (least, most, digits) = (least.to_string(), most.to_string(), digits.to_string());
            self.text.with(name, &[("least", &least), ("most", &most), ("digits", &digits)])
        };
        own.unwrap_or_else(general)
    }

    /// What a field is called.
    pub(super) fn label(&self, field: &Field) -> String {
        self.said_as(&self.key(field)).unwrap_or_else(|| self.key(field))
    }

    /// What a choice of a field reads.
    pub(super) fn choice_text(&self, field: &Field, value: &str) -> String {
        let key = format!("{}-{value}", self.key(field));
        let names = [key, format!("option-{}-{value}", last(field.name)), format!("kind-{value}")];
        names.iter().find_map(|it| self.said_as(it)).unwrap_or_else(|| value.to_owned())
    }

    fn key(&self, field: &Field) -> String {
        if self.step.question.fields.len() == 1 { self.base() } else { format!("{}-{}", self.base(), last(field.name)) }
    }

    fn field(&self, field: &Field, heading: bool) -> Markup {
        let full = self.step.facts(self.answers).full(field.name);
        let id = slug(&full);
        let label = self.label(field);
        let label = if field.optional { self.text.with("optional", &[("label", &label)]) } else { label };
        let wrong = self.wrong.iter().find(|(name, _)| *name == full).map(|(_, wrong)| wrong);
        let asked = Asked {
            name: id.clone(),
            id,
            label,
            heading,
            hint: self.said_as(&format!("{}-hint", self.key(field))).or_else(|| self.usual_hint(field.input)),
            error: wrong.map(|it| self.complaint(field, it)),
            error_prefix: self.text.say("error-prefix"),
        };
        let typed = self.answers.all(&full);
        let first = typed.first().map(String::as_str).unwrap_or_default();
        match field.input {
            Input::OneOf(values) => radios(&asked, &self.choices(field, values, typed)),
            Input::AnyOf(values) => checkboxes(&asked, &self.choices(field, values, typed)),
            Input::YesNo => radios(&asked, &self.yes_no(first)),
            Input::Dwelling(_) => radios(&asked, &self.dwellings(first)),
            Input::Date | Input::Birthday => self.date(&asked, field.input, typed, wrong),
            Input::Text => textarea(&asked, 5, first),
            Input::Address => textarea(&asked, 4, first),
            Input::People | Input::Names => self.names(&asked, typed),
            Input::Line
            | Input::Name
            | Input::Email
            | Input::Phone
            | Input::Number(..)
            | Input::Money
            | Input::Digits(_)
            | Input::Postcode
            | Input::Account => line(&asked, self.line(field.input), first),
        }
    }

    /// How a line of this input is filled in; what browsers know is of the one who sits there.
    fn line(&self, input: Input) -> Line {
        let yours = |what: &'static str| (self.step.scope == super::question::YOU).then_some(what);
        match input {
            Input::Name => Line { autocomplete: yours("name"), ..Line::default() },
            Input::Email => Line { kind: Some("email"), autocomplete: yours("email"), ..Line::default() },
            Input::Phone => Line { kind: Some("tel"), autocomplete: yours("tel"), width: Some(20), ..Line::default() },
            Input::Number(..) => Line { inputmode: Some("numeric"), width: Some(3), ..Line::default() },
            Input::Money => Line { inputmode: Some("decimal"), width: Some(10), prefix: Some("£"), ..Line::default() },
            Input::Digits(_) => Line { inputmode: Some("numeric"), width: Some(10), ..Line::default() },
            Input::Postcode => Line { autocomplete: Some("postal-code"), width: Some(10), ..Line::default() },
            Input::Account => Line { width: Some(10), inputmode: Some("numeric"), ..Line::default() },
            _ => Line::default(),
        }
    }

    fn usual_hint(&self, input: Input) -> Option<String> {
        matches!(input, Input::Date | Input::Birthday).then(|| self.text.say("date-hint"))
    }

    fn choices(&self, field: &Field, values: &[&str], typed: &[String]) -> Choices {
        let choice = |value: &&str| {
            let names = [format!("{}-{value}-hint", self.key(field)), format!("kind-{value}-hint")];
            Choice {
                value: (*value).to_owned(),
                text: self.choice_text(field, value),
                hint: names.iter().find_map(|it| self.said_as(it)),
                chosen: typed.iter().any(|it| it == value),
            }
        };
        Choices { items: values.iter().map(choice).collect(), ..Choices::default() }
    }

    fn yes_no(&self, typed: &str) -> Choices {
        let choice = |value: &str| Choice {
            value: value.to_owned(),
            text: self.text.say(value),
            hint: self.said(&format!("-{value}-hint")),
            chosen: typed == value,
        };
        let plain = |it: &Choice| it.hint.is_none();
        let items = vec![choice("yes"), choice("no")];
        Choices { inline: items.iter().all(plain), items, divider: None }
    }

    fn dwellings(&self, typed: &str) -> Choices {
        let listed = self.dwellings.iter().map(|(uprn, address)| Choice {
            value: uprn.clone(),
            text: address.clone(),
            hint: None,
            chosen: typed == uprn,
        });
        let other = Choice {
            value: OTHER.to_owned(),
            text: self.text.say("dwelling-other"),
            hint: None,
            chosen: typed == OTHER,
        };
        Choices { items: listed.chain([other]).collect(), inline: false, divider: Some(self.text.say("or")) }
    }

    fn date(&self, asked: &Asked, input: Input, typed: &[String], wrong: Option<&Wrong>) -> Markup {
        let part = |place: usize| typed.get(place).map(String::as_str).unwrap_or_default();
        let labels = [self.text.say("date-day"), self.text.say("date-month"), self.text.say("date-year")];
        let [day, month, year] = &labels;
        let given = DateInput {
            values: [part(0), part(1), part(2)],
            labels: [day, month, year],
            wrong: wrong.map(|it| it.parts).unwrap_or_default(),
            birthday: input == Input::Birthday && self.step.scope == super::question::YOU,
        };
        date_input(asked, given)
    }

    /// A line for each name, and one more where that is wanted.
    fn names(&self, asked: &Asked, typed: &[String]) -> Markup {
        let blank = usize::from(self.one_more || typed.is_empty()).min(MOST_NAMES.saturating_sub(typed.len()));
        let shown: Vec<&str> = typed.iter().map(String::as_str).chain(std::iter::repeat_n("", blank)).collect();
        html! {
            div class=(if asked.error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }) {
                fieldset class="govuk-fieldset" aria-describedby=[asked.hint.as_ref().map(|_| format!("{}-hint", asked.id))] {
                    legend class="govuk-fieldset__legend govuk-fieldset__legend--l" {
                        h1 class="govuk-fieldset__heading" { (asked.label) }
                    }
                    @if let Some(hint) = &asked.hint { div id={ (asked.id) "-hint" } class="govuk-hint" { (hint) } }
                    @for (place, name) in shown.iter().enumerate() {
                        @let id = if place == 0 { asked.id.clone() } else { format!("{}-{}", asked.id, place + 1) };
                        @let number = (place + 1).to_string();
                        @let each = Asked {
                            id, name: asked.name.clone(), label: self.text.with("person-number", &[("n", &number)]),
                            error: asked.error.clone().filter(|_| place == 0), error_prefix: asked.error_prefix.clone(),
                            ..Asked::default()
                        };
                        (line(&each, Line::default(), name))
                    }
                }
            }
            @if shown.len() < MOST_NAMES {
                button type="submit" class="govuk-button govuk-button--secondary" data-module="govuk-button" name="add" value="1" {
                    (self.text.say("add-person"))
                }
            }
        }
    }
}

fn last(field: &str) -> String {
    field.rsplit('.').next().unwrap_or(field).replace('_', "-")
}

fn missing(input: Input) -> &'static str {
    match input {
        Input::OneOf(_) | Input::Dwelling(_) => "missing-choice",
        Input::AnyOf(_) => "missing-choices",
        Input::YesNo => "missing-yes-no",
        Input::Date | Input::Birthday => "missing-date",
        Input::Name | Input::People | Input::Names => "missing-name",
        Input::Email => "missing-email",
        Input::Phone => "missing-phone",
        Input::Address => "missing-address",
        Input::Postcode => "missing-postcode",
        Input::Account => "missing-account",
        Input::Money => "missing-money",
        Input::Number(..) | Input::Digits(_) => "missing-number",
        Input::Line | Input::Text => "missing-text",
    }
}
