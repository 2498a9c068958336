//! What is done with an item: a form read, the same action as over the API, and back to the item.

use std::collections::BTreeMap;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{Channel, ContactAbout, ErrorClass, Money, NotificationRef, Priority, ReasonCode, Role};
use jiff::civil::Date;

use super::item;
use crate::service::FieldFault;
use crate::service::work::{Action, ActionRefused, Aside, NextAsked};
use crate::web::App;
use crate::web::body::form_body;
use crate::web::fenced::may_have;
use crate::web::looked::not_for;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::problem::{Kind, Problem};

/// The longest note or explanation, characters.
const LONGEST: usize = 500;

type Errors = Vec<(String, String)>;

/// What was filled in.
pub(super) struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    pub(super) async fn read(app: &App, request: Request) -> Result<Self, Problem> {
        Ok(Self(form_body(app, request).await?))
    }

    pub(super) fn get(&self, name: &str) -> String {
        self.0.get(name).and_then(|it| it.first()).map(|it| it.trim().to_owned()).unwrap_or_default()
    }

    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.0.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(|it| (name.as_str(), it.as_str())))
    }

    /// A text that may be left out.
    pub(super) fn note(&self, name: &str, errors: &mut Errors) -> Option<String> {
        let text = self.get(name);
        if text.chars().count() > LONGEST {
            errors.push((name.to_owned(), format!("Use {LONGEST} characters or fewer")));
        }
        Some(text).filter(|it| !it.is_empty())
    }

    pub(super) fn day(&self, name: &str, errors: &mut Errors) -> Option<Date> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok();
        if day.is_none() {
            errors.push((name.to_owned(), "Enter a day as year-month-day".to_owned()));
        }
        day
    }

    pub(super) fn priority(&self, name: &str, errors: &mut Errors) -> Option<Priority> {
        let text = self.get(name).to_lowercase();
        let found = Priority::ALL.into_iter().find(|it| it.as_str() == text);
        if found.is_none() && !text.is_empty() {
            errors.push((name.to_owned(), "Enter high, medium or low".to_owned()));
        }
        found
    }
}

/// What is asked for with one item.
enum Asked {
    Act(Action),
    Beside(Aside),
}

/// Claims the next best item and goes there.
pub(in crate::web) async fn next(State(app): State<App>, staff: StaffVisit) -> Result<Response, Problem> {
    let officer = staff.holder.name.clone();
    let not_at = not_for(&app, &officer).await?;
    let supervisor = staff.is_one_of(&[Role::Supervisor]);
    let asked = NextAsked { officer, supervisor, queues: staff.queues.clone(), not_at };
    let item = app.backend().claim_next(&asked).await.map_err(refused)?;
    let to = item.map_or_else(|| "/staff/work".to_owned(), |it| format!("/staff/work/{}", it.reference));
    Ok(Redirect::to(&to).into_response())
}

/// Does with an item what a form asks for.
pub(in crate::web) async fn act(
    State(app): State<App>,
    staff: StaffVisit,
    Path(reference): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let form = Form::read(&app, request).await?;
    let supervisor = staff.is_one_of(&[Role::Supervisor]);
    let asked = match asked(&form, supervisor) {
        Ok(asked) => asked,
        Err(errors) => return again(&app, &staff, &reference, errors).await,
    };
    if let Asked::Act(Action::HandOver { to, .. }) = &asked
        && !item::looker(&app, &staff).await?.colleagues.contains(to)
    {
        let error = ("to".to_owned(), "Choose a colleague who deals with items".to_owned());
        return again(&app, &staff, &reference, vec![error]).await;
    }
    let named: NotificationRef = reference.parse().map_err(|_| Problem::not_found("There is no such item."))?;
    if let Asked::Act(Action::HandOver { to, .. }) = &asked {
        may_have(&app, to, &named).await?;
    }
    let name = &staff.holder.name;
    let done = match asked {
        Asked::Act(action) => {
            if matches!(action, Action::Authorise) && !supervisor {
                return Err(Problem::new(Kind::Forbidden, "Only a supervisor authorises."));
            }
            app.backend().act(&named, action, name).await.map(|_| ())
        }
        Asked::Beside(Aside::Check { .. }) if !supervisor => {
            return Err(Problem::new(Kind::Forbidden, "Only a supervisor checks decisions."));
        }
        Asked::Beside(aside) => app.backend().put_beside(&named, &aside, name).await.map(|_| ()),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/staff/work/{named}")).into_response()),
        Err(ActionRefused::Malformed(faults)) => again(&app, &staff, &reference, told(faults)).await,
        Err(error @ ActionRefused::NothingProposed(_)) => {
            again(&app, &staff, &reference, vec![("decision".to_owned(), error.sentence())]).await
        }
        Err(error) => Err(refused(error)),
    }
}

async fn again(app: &App, staff: &StaffVisit, reference: &str, errors: Errors) -> Result<Response, Problem> {
    item::shown(app, staff, &item::read(app, reference).await?, errors).await
}

/// Each fault with the field of a form that it is about.
pub(super) fn told(faults: Vec<FieldFault>) -> Errors {
    let field = |pointer: &str| match pointer.trim_start_matches('/') {
        "queue" => "to_queue".to_owned(),
        "priority" => "to_priority".to_owned(),
        other => other.to_owned(),
    };
    faults.into_iter().map(|it| (field(&it.pointer), it.detail)).collect()
}

fn asked(form: &Form, supervisor: bool) -> Result<Asked, Errors> {
    let mut errors = Vec::new();
    let asked = match form.get("do").as_str() {
        "claim" => Asked::Act(Action::Claim { supervisor }),
        "release" => Asked::Act(Action::Release { supervisor }),
        "authorise" => Asked::Act(Action::Authorise),
        "escalate" => Asked::Act(Action::Escalate { note: form.note("escalate_note", &mut errors) }),
        "hand-over" => {
            let to = needed(form, "to", "Choose a colleague", &mut errors);
            Asked::Act(Action::HandOver { to, note: form.note("hand_over_note", &mut errors), supervisor })
        }
        "reallocate" => {
            let queue = Some(form.get("to_queue")).filter(|it| !it.is_empty());
            let priority = form.priority("to_priority", &mut errors);
            if queue.is_none() && priority.is_none() && errors.is_empty() {
                errors.push(("to_queue".to_owned(), "Say which queue, or which priority".to_owned()));
            }
            Asked::Act(Action::Reallocate { queue, priority, note: None, supervisor })
        }
        "defer" => {
            let until = form.day("until", &mut errors);
            if until.is_none() && errors.is_empty() {
                errors.push(("until".to_owned(), "Enter the day on which it comes back".to_owned()));
            }
            Asked::Act(Action::Defer { until: until.unwrap_or_default(), note: form.note("defer_note", &mut errors) })
        }
        "ask" => {
            let asked = needed(form, "evidence", "Say what you need", &mut errors);
            form.note("evidence", &mut errors);
            Asked::Act(Action::RequestEvidence { asked, respond_by: form.day("respond_by", &mut errors) })
        }
        "decide" => Asked::Act(decision(form, &mut errors)),
        "contact" => contact(form, &mut errors),
        "check" => check(form, &mut errors),
        _ => return Err(vec![("do".to_owned(), "Choose what to do".to_owned())]),
    };
    if errors.is_empty() { Ok(asked) } else { Err(errors) }
}

fn needed(form: &Form, name: &str, missing: &str, errors: &mut Errors) -> String {
    let text = form.get(name);
    if text.is_empty() {
        errors.push((name.to_owned(), missing.to_owned()));
    }
    text
}

fn decision(form: &Form, errors: &mut Errors) -> Action {
    let explanation = form.note("explanation", errors);
    match form.get("decision").as_str() {
        "accept" => Action::Accept { explanation },
        "reject" => {
            let reason = form.get("reason").parse::<ReasonCode>().ok();
            if reason.is_none() {
                errors.push(("reason".to_owned(), "Choose why you reject it".to_owned()));
            }
            Action::Reject { reason: reason.unwrap_or(ReasonCode::R10), explanation }
        }
        _ => {
            errors.push(("decision".to_owned(), "Choose what you decide".to_owned()));
            Action::Accept { explanation }
        }
    }
}

fn contact(form: &Form, errors: &mut Errors) -> Asked {
    let channel = Channel::ALL.into_iter().find(|it| it.as_str() == form.get("channel"));
    let about = ContactAbout::ALL.into_iter().find(|it| it.as_str() == form.get("about"));
    if channel.is_none() {
        errors.push(("channel".to_owned(), "Choose how they made contact".to_owned()));
    }
    if about.is_none() {
        errors.push(("about".to_owned(), "Choose why they made contact".to_owned()));
    }
    let (channel, about) = (channel.unwrap_or(Channel::Telephone), about.unwrap_or(ContactAbout::Chase));
    Asked::Beside(Aside::Contact { channel, about, note: form.note("said", errors) })
}

fn check(form: &Form, errors: &mut Errors) -> Asked {
    let error = ErrorClass::ALL.into_iter().find(|it| it.as_str() == form.get("error"));
    if error.is_none() {
        errors.push(("error".to_owned(), "Choose what was wrong".to_owned()));
    }
    let text = form.get("value");
    let text = text.trim_start_matches('£').replace(',', "");
    let value = Some(text).filter(|it| !it.is_empty()).map(|it| it.parse::<Money>());
    if matches!(value, Some(Err(_))) {
        errors.push(("value".to_owned(), "Enter pounds and pence, such as 12.50".to_owned()));
    }
    let (error, value) = (error.unwrap_or(ErrorClass::None), value.and_then(Result::ok));
    Asked::Beside(Aside::Check { error, value, note: form.note("remark", errors) })
}

/// Why it was not done, in a page.
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
