//! A form of the queue: what was filled in, read field by field, and what comes back with what is wrong.

use std::collections::BTreeMap;

use axum::extract::Request;
use axum::http::StatusCode;
use hearth_events::Priority;
use jiff::civil::Date;

use crate::service::FieldFault;
use crate::service::work::ActionRefused;
use crate::web::App;
use crate::web::body::form_body;
use crate::web::pages::layout::Page;
use crate::web::pages::staff::day::{Typed, first_of};
use crate::web::pages::text::Lang;
use crate::web::problem::{Kind, Problem};

/// The longest note or explanation, characters.
const LONGEST: usize = 500;
/// The days that forms of the queue ask for.
const DAYS: [&str; 2] = ["until", "respond_by"];

/// What is wrong: the id of each field and what to do.
pub(super) type Errors = Vec<(String, String)>;

/// What was filled in.
#[derive(Clone, Debug, Default)]
pub(super) struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    pub(super) async fn read(app: &App, request: Request) -> Result<Self, Problem> {
        Ok(Self(form_body(app, request).await?))
    }

    pub(super) fn get(&self, name: &str) -> String {
        self.0.get(name).and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default()
    }

    /// Whether there is a field of this name, filled in or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(|it| (name.as_str(), it.as_str())))
    }

    /// A text that may be left out.
    pub(super) fn note(&self, name: &str, errors: &mut Errors) -> Option<String> {
        let text = self.get(name).replace("\r\n", "\n");
        let length = text.chars().count();
        if length > LONGEST {
            errors.push((name.to_owned(), format!("Use {LONGEST} characters or fewer; these are {length}")));
        }
        Some(text).filter(|it| !it.is_empty())
    }

    /// A text that may not.
    pub(super) fn needed(&self, name: &str, missing: &str, errors: &mut Errors) -> String {
        let text = self.note(name, errors).unwrap_or_default();
        if text.is_empty() {
            errors.push((name.to_owned(), missing.to_owned()));
        }
        text
    }

    /// A day as it was typed.
    pub(super) fn typed(&self, name: &str) -> Typed {
        Typed::of(name, |it| self.get(it))
    }

    pub(super) fn priority(&self, name: &str, errors: &mut Errors) -> Option<Priority> {
        let text = self.get(name).to_lowercase();
        let found = Priority::ALL.into_iter().find(|it| it.as_str() == text);
        if found.is_none() && !text.is_empty() {
            errors.push((name.to_owned(), "Choose high, medium or low".to_owned()));
        }
        found
    }

    /// A day that has to be there; the first day there is where it is not, which nobody is given.
    pub(super) fn day(&self, name: &str, missing: &str, errors: &mut Errors) -> Date {
        self.typed(name).needed(name, Some(missing), errors).unwrap_or_default()
    }
}

/// A form that was not done, as it comes back.
#[derive(Clone, Debug, Default)]
pub(super) struct Tried {
    /// What was filled in.
    pub(super) form: Form,
    /// What is wrong with it, or what stands against it.
    pub(super) errors: Errors,
    /// Whether nothing is wrong with it, but the item is not as it was when the form was shown.
    pub(super) overtaken: bool,
}

impl Tried {
    /// Something is wrong with what was filled in.
    pub(super) fn wrong(form: Form, errors: Errors) -> Self {
        Self { form, errors, overtaken: false }
    }

    /// The same, with what the service says of it; a problem instead, where nobody should be shown the item for it.
    ///
    /// # Errors
    /// When it is not for them, not there, or out of reach.
    pub(super) fn refused(form: Form, why: ActionRefused) -> Result<Self, Problem> {
        let sentence = why.sentence();
        match why {
            ActionRefused::Malformed(faults) => Ok(Self::wrong(form, told(faults))),
            ActionRefused::NothingProposed(_) => Ok(Self::wrong(form, vec![("decision".to_owned(), sentence)])),
            ActionRefused::NotClaimed
            | ActionRefused::HeldBy(_)
            | ActionRefused::Done(_)
            | ActionRefused::AwaitsAuthorisation(_)
            | ActionRefused::ForSupervisors
            | ActionRefused::AwaitsAnswer
            | ActionRefused::NothingToAuthorise
            | ActionRefused::NotDecided
            | ActionRefused::AlreadyChecked(_)
            | ActionRefused::NotUndone(_) => {
                let errors = vec![("do".to_owned(), said(&why).unwrap_or(sentence))];
                Ok(Self { form, errors, overtaken: true })
            }
            ActionRefused::Unknown
            | ActionRefused::Fenced
            | ActionRefused::SamePerson
            | ActionRefused::OwnDecision
            | ActionRefused::Service(_) => Err(refused(why)),
        }
    }

    /// What stands in a field.
    pub(super) fn get(&self, name: &str) -> String {
        self.form.get(name)
    }

    /// Whether this is what was to be done.
    pub(super) fn is(&self, what: &str) -> bool {
        self.form.get("do") == what
    }

    /// Whether anything came back.
    pub(super) fn is_any(&self) -> bool {
        !self.errors.is_empty()
    }

    /// A page with what is wrong.
    pub(super) fn on(&self, page: Page) -> Page {
        page.with_errors(self.errors.clone()).with_status(self.status())
    }

    /// As what the page is answered.
    fn status(&self) -> StatusCode {
        match (self.is_any(), self.overtaken) {
            (false, _) => StatusCode::OK,
            (true, false) => StatusCode::UNPROCESSABLE_ENTITY,
            (true, true) => StatusCode::CONFLICT,
        }
    }
}

/// What whoever sent a form is told, where that is more than what a program is told.
fn said(why: &ActionRefused) -> Option<String> {
    match why {
        ActionRefused::NotClaimed => Some(
            "It was not done, as you no longer have this item, and nobody else has: look whether it is still right, and \
             send it again."
                .to_owned(),
        ),
        ActionRefused::HeldBy(officer) => Some(format!(
            "It was not done, as {officer} has claimed this item: ask them to hand it over, or take the next one."
        )),
        ActionRefused::Unknown
        | ActionRefused::Done(_)
        | ActionRefused::AwaitsAuthorisation(_)
        | ActionRefused::ForSupervisors
        | ActionRefused::Fenced
        | ActionRefused::AwaitsAnswer
        | ActionRefused::NothingToAuthorise
        | ActionRefused::SamePerson
        | ActionRefused::NothingProposed(_)
        | ActionRefused::NotDecided
        | ActionRefused::AlreadyChecked(_)
        | ActionRefused::OwnDecision
        | ActionRefused::NotUndone(_)
        | ActionRefused::Malformed(_)
        | ActionRefused::Service(_) => None,
    }
}

/// Each fault with the field of a form that it is about, as a sentence with days in words.
pub(super) fn told(faults: Vec<FieldFault>) -> Errors {
    let sentence = |it: FieldFault| match it.pointer.trim_start_matches('/') {
        "queue" => ("to_queue".to_owned(), format!("The queue {}", it.detail)),
        "priority" => ("to_priority".to_owned(), it.detail),
        "to" => ("to".to_owned(), format!("Whom you chose {}", it.detail)),
        day if DAYS.contains(&day) => (first_of(day), format!("The day {}", worded(&it.detail))),
        other => (other.to_owned(), worded(&it.detail)),
    };
    faults.into_iter().map(sentence).collect()
}

/// A text with its days as people write them.
fn worded(text: &str) -> String {
    let word = |it: &str| {
        let bare = it.trim_end_matches(|it: char| it.is_ascii_punctuation());
        match bare.parse::<Date>() {
            Ok(day) if bare.len() == 10 => it.replace(bare, &Lang::En.text().date(day)),
            Ok(_) | Err(_) => it.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Why it was not done, in a page of its own.
pub(super) fn refused(why: ActionRefused) -> Problem {
    let sentence = why.sentence();
    match why {
        ActionRefused::Unknown => {
            Problem::not_found("No notification of this reference was ever referred to officers.")
        }
        ActionRefused::Service(error) if error.will_pass() => Problem::unavailable(&error),
        ActionRefused::Service(error) => Problem::internal(&error),
        ActionRefused::SamePerson
        | ActionRefused::Fenced
        | ActionRefused::OwnDecision
        | ActionRefused::ForSupervisors => Problem::new(Kind::Forbidden, sentence),
        ActionRefused::NotClaimed
        | ActionRefused::HeldBy(_)
        | ActionRefused::Done(_)
        | ActionRefused::AwaitsAuthorisation(_)
        | ActionRefused::AwaitsAnswer
        | ActionRefused::NothingToAuthorise
        | ActionRefused::NothingProposed(_)
        | ActionRefused::NotDecided
        | ActionRefused::AlreadyChecked(_)
        | ActionRefused::NotUndone(_)
        | ActionRefused::Malformed(_) => Problem::new(Kind::Conflict, sentence),
    }
}

#[cfg(test)]
mod tests {
    use hearth_events::Status;

    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form(pairs.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect())
    }

    #[test]
    fn what_is_wrong_comes_back_with_what_was_filled_in() {
        let detail = "must be a day after 2015-11-30, 2016-11-30 at the latest";
        let fault = |pointer: &str| FieldFault { pointer: pointer.to_owned(), detail: detail.to_owned() };
        let sent = form(&[("do", "defer"), ("until-day", "1"), ("defer_note", "The lease begins")]);
        let tried = Tried::refused(sent, ActionRefused::Malformed(vec![fault("/until"), fault("/queue")])).unwrap();
        assert_eq!(tried.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let ids: Vec<_> = tried.errors.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["until-day", "to_queue"], "a day has its fault at the first of its fields");
        let said = tried.errors.first().map(|(_, it)| it.as_str());
        assert_eq!(said, Some("The day must be a day after 30 November 2015, 30 November 2016 at the latest"));
        assert!(tried.is("defer") && !tried.is("ask"));
        assert_eq!(tried.get("defer_note"), "The lease begins");
    }

    #[test]
    fn who_was_overtaken_is_told_so_and_who_must_not_see_it_is_shown_nothing() {
        let tried = |why| Tried::refused(form(&[("explanation", "x")]), why);
        for why in [ActionRefused::NotClaimed, ActionRefused::Done(Status::Applied), ActionRefused::ForSupervisors] {
            let it = tried(why).unwrap();
            assert!(it.overtaken && it.status() == StatusCode::CONFLICT && it.get("explanation") == "x");
        }
        let held = tried(ActionRefused::HeldBy("a.okafor".to_owned())).unwrap();
        assert!(held.errors.iter().any(|(id, it)| id == "do" && it.contains("a.okafor has claimed")));
        for why in [ActionRefused::Fenced, ActionRefused::Unknown, ActionRefused::SamePerson] {
            assert!(tried(why).is_err());
        }
        assert_eq!(Tried::default().status(), StatusCode::OK);
    }

    #[test]
    fn a_text_is_counted_as_it_is_written() {
        let mut errors = Vec::new();
        let it = form(&[("note", &"line\r\n".repeat(85)), ("long", &"a".repeat(501))]);
        assert_eq!(it.note("note", &mut errors).map(|it| it.len()), Some(424), "a line end is one character");
        assert!(errors.is_empty() && it.note("nothing", &mut errors).is_none());
        it.note("long", &mut errors);
        assert_eq!(errors, [("long".to_owned(), "Use 500 characters or fewer; these are 501".to_owned())]);
        assert_eq!(it.needed("nothing", "Say why", &mut errors), "");
        assert_eq!(errors.last(), Some(&("nothing".to_owned(), "Say why".to_owned())));
    }
}
