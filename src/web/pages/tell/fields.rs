//! A page of questions as it is shown: each field with what was typed, what helps, and what was wrong.

use maud::{Markup, html};

use super::about::WHICH_HOME;
use super::question::{ABOUT, Field, Input, YOU};
use super::steps::{Step, kinds, steps};
use super::values::{LONG_AGO, MOST_NAMES, OTHER, Wrong, YEARS};
use super::{answers::Answers, values};
use crate::web::pages::govuk::{
    Asked, Choice, Choices, DateInput, Line, checkboxes, date_input, inset, line, radios, textarea,
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
        // The one question that kinds share within their own part.
        if self.step.question.id == WHICH_HOME {
            return WHICH_HOME.to_owned();
        }
        format!("{}-{}", self.step.scope, self.step.question.id)
    }

    /// What is said of this page under an ending, to whoever tells it in the role that was given.
    fn said(&self, ending: &str) -> Option<String> {
        let name = format!("{}{ending}", self.base());
        self.said_as(&name)
    }

    /// The same of what all kinds share, where the kind that is told says more.
    fn said_as(&self, name: &str) -> Option<String> {
        let who = self.answers.one("about:who");
        let person = self.person();
        let told_kind = self.text.maybe(&format!("told-{}", self.step.scope), &[]).unwrap_or_default();
        let puts = [("name", person.as_str()), ("told", told_kind.as_str())];
        let told = if [ABOUT, YOU].contains(&self.step.scope) { kinds(self.answers) } else { Vec::new() };
        let of_both = told.iter().map(|kind| format!("{name}--for-{kind}--as-{who}"));
        let of_kinds = told.iter().map(|kind| format!("{name}--for-{kind}"));
        let mut names = of_both.chain([format!("{name}--as-{who}")]).chain(of_kinds).chain([name.to_owned()]);
        names.find_map(|it| self.text.maybe(&it, &puts))
    }

    /// What to have ready as proof, on the last page of a kind for which proof is needed.
    pub(super) fn proof(&self) -> Option<String> {
        let scope = self.step.scope;
        let of_kind: Vec<Step> = steps(self.answers).into_iter().filter(|it| it.scope == scope).collect();
        if of_kind.last()?.path() != self.step.path() {
            return None;
        }
        let chosen = of_kind.iter().flat_map(|step| step.question.fields.iter().map(move |field| (step, field)));
        let chosen = chosen.filter(|(_, field)| matches!(field.input, Input::OneOf(_)));
        let mut of_choice = chosen.map(|(step, field)| self.answers.one(&step.facts(self.answers).full(field.name)));
        let found = of_choice.find_map(|it| self.said_as(&format!("{scope}-proof-{it}")));
        found.or_else(|| self.said_as(&format!("{scope}-proof")))
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
            @if let Some(proof) = self.proof() { (inset(&html! { (proof) })) }
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
                (Input::Date | Input::Birthday | Input::LongAgo, Some(part)) => format!("{}-{part}", slug(&full)),
                _ => slug(&full),
            };
            Some((id, self.complaint(field, wrong)))
        });
        fields.collect()
    }

    fn complaint(&self, field: &Field, wrong: &Wrong) -> String {
        let base = self.key(field);
        let own = if *wrong == values::MISSING { self.said_as(&format!("{base}-missing")) } else { None };
        let (least, most) = bounds(field.input);
        let digits = if let Input::Digits(digits) = field.input { digits } else { 0 };
        let general = || {
            let name = if *wrong == values::MISSING { missing(field.input) } else { wrong.text };
            let digits = digits.to_string();
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
            Input::Date | Input::Birthday | Input::LongAgo => self.date(&asked, field.input, typed, wrong),
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
        let yours = |what: &'static str| (self.step.scope == YOU).then_some(what);
        match input {
            Input::Name => Line { autocomplete: yours("name"), ..Line::default() },
            Input::Email => Line { kind: Some("email"), autocomplete: yours("email"), ..Line::default() },
            Input::Phone => Line { kind: Some("tel"), autocomplete: yours("tel"), width: Some(20), ..Line::default() },
            Input::Number(..) => Line { inputmode: Some("numeric"), width: Some(3), ..Line::default() },
            Input::Money => Line { inputmode: Some("decimal"), width: Some(10), prefix: Some("£"), ..Line::default() },
            Input::Digits(_) => Line { inputmode: Some("numeric"), width: Some(10), ..Line::default() },
            Input::Postcode => Line { autocomplete: Some("postal-code"), width: Some(10), ..Line::default() },
            Input::Account => Line { width: Some(10), inputmode: Some("numeric"), ..Line::default() },
            Input::Line
            | Input::Address
            | Input::Text
            | Input::Date
            | Input::Birthday
            | Input::LongAgo
            | Input::YesNo
            | Input::OneOf(_)
            | Input::AnyOf(_)
            | Input::People
            | Input::Names
            | Input::Dwelling(_) => Line::default(),
        }
    }

    fn usual_hint(&self, input: Input) -> Option<String> {
        let name = if input == Input::Date { Some("date-hint") } else { None };
        let long_ago = matches!(input, Input::Birthday | Input::LongAgo).then_some("date-hint-long-ago");
        name.or(long_ago).map(|it| self.text.say(it))
    }

    fn choices(&self, field: &Field, values: &[&str], typed: &[String]) -> Choices {
        let choice = |value: &&str| {
            let shared = format!("option-{}-{value}-hint", last(field.name));
            let names = [format!("{}-{value}-hint", self.key(field)), shared, format!("kind-{value}-hint")];
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
            birthday: input == Input::Birthday && self.step.scope == YOU,
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
                            name: id.clone(), id, label: self.text.with("person-number", &[("n", &number)]),
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

/// The least and the most of what an input takes, as text; of a day, the years.
fn bounds(input: Input) -> (String, String) {
    if let Input::Number(least, most) = input {
        return (least.to_string(), most.to_string());
    }
    let years = if matches!(input, Input::Birthday | Input::LongAgo) { &LONG_AGO } else { &YEARS };
    (years.start().to_string(), years.end().to_string())
}

pub(super) fn last(field: &str) -> String {
    field.rsplit('.').next().unwrap_or(field).replace('_', "-")
}

fn missing(input: Input) -> &'static str {
    match input {
        Input::OneOf(_) | Input::Dwelling(_) => "missing-choice",
        Input::AnyOf(_) => "missing-choices",
        Input::YesNo => "missing-yes-no",
        Input::Date | Input::Birthday | Input::LongAgo => "missing-date",
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
