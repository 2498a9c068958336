//! What is asked: a page of one question, or of a few that belong together, and whether this case needs it.
//!
//! What is said of it stands in the catalogue under `SCOPE-ID`: the question; `…-hint`; a field of several as `…-FIELD`; a choice as
//! `…-VALUE`, or `option-FIELD-VALUE` where kinds share it; `…-missing` for an answer that is needed. With `--as-ROLE` after it, it is
//! said to whoever tells it in that role.

use hearth_events::NotificationKind;

use super::answers::Answers;
use super::steps::kinds;

/// A page of the journey.
#[derive(Debug)]
pub(super) struct Question {
    /// Its part of the path and of the names of its texts.
    pub(super) id: &'static str,
    /// What is filled in.
    pub(super) fields: &'static [Field],
    /// Whether this case needs it.
    pub(super) when: fn(&Facts<'_>) -> bool,
    /// The list for each of whose items it is asked: `details.students`; its fields are of the item then.
    pub(super) each: Option<&'static str>,
}

/// One thing that is filled in.
#[derive(Debug)]
pub(super) struct Field {
    /// Where it stands in the notification: `details.tenure`.
    pub(super) name: &'static str,
    /// How it is filled in.
    pub(super) input: Input,
    /// Whether it may be left out.
    pub(super) optional: bool,
}

/// How something is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A line.
    Line,
    /// Title and names of a person.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An address in words.
    Address,
    /// A few sentences.
    Text,
    /// A number between two.
    Number(u16, u16),
    /// Pounds and pence.
    Money,
    /// Digits that may begin with nought, as many as this.
    Digits(u8),
    /// A day.
    Date,
    /// The day somebody was born.
    Birthday,
    /// A day that may lie long before there was this tax.
    LongAgo,
    /// Yes or no.
    YesNo,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Any of these, at least one.
    AnyOf(&'static [&'static str]),
    /// Names of persons, each an object with a `name`.
    People,
    /// Names of persons, each a text.
    Names,
    /// A postcode, by which dwellings are looked up; goes with the address into the dwelling named here.
    Postcode,
    /// One of the dwellings of the postcode in the field of this name, or another.
    Dwelling(&'static str),
    /// The account, where it is known.
    Account,
}

/// What decides whether a question is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// What was answered so far.
    pub(super) answers: &'a Answers,
    /// The part of the journey: `about`, a kind, or `you`.
    pub(super) scope: &'static str,
    /// Which item of a list it is about.
    pub(super) item: Option<(&'static str, usize)>,
}

/// What is about all changes: who tells what of which home.
pub(super) const ABOUT: &str = "about";
/// What is about the one who tells it.
pub(super) const YOU: &str = "you";

impl Facts<'_> {
    /// The name of a field among all answers.
    pub(super) fn full(&self, field: &str) -> String {
        match self.item {
            None => format!("{}:{field}", self.scope),
            Some((list, index)) => format!("{}:{list}.{index}.{field}", self.scope),
        }
    }

    /// Whether a field of this scope was answered so.
    pub(super) fn is(&self, field: &str, value: &str) -> bool {
        self.answers.is(&format!("{}:{field}", self.scope), value)
    }

    /// How many names a list of this scope has.
    pub(super) fn how_many(&self, list: &str) -> usize {
        self.answers.filled(&format!("{}:{list}", self.scope)).count()
    }

    /// Whether any of these kinds is told.
    pub(super) fn tells(&self, any_of: &[NotificationKind]) -> bool {
        kinds(self.answers).iter().any(|it| any_of.contains(it))
    }

    /// Whether a field about all changes was answered so.
    pub(super) fn about(&self, field: &str, value: &str) -> bool {
        self.answers.is(&format!("{ABOUT}:{field}"), value)
    }

    /// Whether the one who tells it lives there, or is about to or did.
    pub(super) fn own(&self) -> bool {
        self.about("who", "own")
    }
}

/// A question that every case needs.
pub(super) const fn ask(id: &'static str, fields: &'static [Field]) -> Question {
    Question { id, fields, when: |_| true, each: None }
}

impl Question {
    /// Only where the case needs it.
    pub(super) const fn when(self, when: fn(&Facts<'_>) -> bool) -> Self {
        Self { when, ..self }
    }

    /// For each item of a list.
    pub(super) const fn each(self, list: &'static str) -> Self {
        Self { each: Some(list), ..self }
    }
}

/// Something that has to be filled in.
macro_rules! need {
    ($name:literal, $input:expr $(,)?) => {
        $crate::web::pages::tell::question::Field { name: $name, input: $input, optional: false }
    };
}

/// Something that may be filled in.
macro_rules! may {
    ($name:literal, $input:expr $(,)?) => {
        $crate::web::pages::tell::question::Field { name: $name, input: $input, optional: true }
    };
}

pub(super) use {may, need};
