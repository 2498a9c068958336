//! What is done with an item: a form read, the same action as over the API, and back to the item.

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{Channel, ContactAbout, ErrorClass, Money, NotificationRef, ReasonCode, Role};

use super::form::{Errors, Form, Tried, refused};
use super::item;
use super::list::NOTHING_NEXT;
use crate::service::work::{Action, ActionRefused, Aside, NextAsked};
use crate::web::App;
use crate::web::api::work_item::steps;
use crate::web::looked::not_for;
use crate::web::pages::staff::layout::StaffVisit;
use crate::web::problem::{Kind, Problem};

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
    let to = item.map_or_else(|| format!("/staff/work?{NOTHING_NEXT}"), |it| format!("/staff/work/{}", it.reference));
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
    let named: NotificationRef = reference.parse().map_err(|_| Problem::not_found("There is no such item."))?;
    let supervisor = staff.is_one_of(&[Role::Supervisor]);
    let mut asked = match asked(&form, supervisor) {
        Ok(asked) => asked,
        Err(errors) => return item::page(&app, &staff, &named, &Tried::wrong(form, errors)).await,
    };
    if let Asked::Act(Action::HandOver { to, taker, .. }) = &mut asked {
        *taker = steps::taker(&app, to).await?;
    }
    match done(&app, &staff, &named, asked, &form).await {
        Ok(()) if form.get("do") == "claim" => Ok(Redirect::to(&format!("/staff/work/{named}#do")).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/staff/work/{named}?done")).into_response()),
        Err(NotDone::Refused(why)) => item::page(&app, &staff, &named, &Tried::refused(form, why)?).await,
        Err(NotDone::Problem(problem)) => Err(problem),
    }
}

/// Why something was not done.
enum NotDone {
    /// It cannot be, as the item is now.
    Refused(ActionRefused),
    /// Not by whoever asks.
    Problem(Problem),
}

impl From<ActionRefused> for NotDone {
    fn from(why: ActionRefused) -> Self {
        Self::Refused(why)
    }
}

async fn done(
    app: &App,
    staff: &StaffVisit,
    named: &NotificationRef,
    asked: Asked,
    form: &Form,
) -> Result<(), NotDone> {
    let (name, supervisor) = (&staff.holder.name, staff.is_one_of(&[Role::Supervisor]));
    let only = |told: &str| Err(NotDone::Problem(Problem::new(Kind::Forbidden, told)));
    match asked {
        Asked::Act(Action::Authorise) if !supervisor => return only("Only a supervisor authorises."),
        Asked::Beside(Aside::Check { .. }) if !supervisor => return only("Only a supervisor checks decisions."),
        Asked::Act(action) => {
            again(app, named, form, (name, supervisor)).await?;
            app.backend().act(named, action, name).await?;
        }
        Asked::Beside(aside) => {
            app.backend().put_beside(named, &aside, name).await?;
        }
    }
    Ok(())
}

/// Takes an item again that its officer no longer had when they sent a form, where they have been told so and send it again.
pub(super) async fn again(
    app: &App,
    named: &NotificationRef,
    form: &Form,
    (name, supervisor): (&str, bool),
) -> Result<(), ActionRefused> {
    if form.get("again") == "yes" {
        app.backend().act(named, Action::Claim { supervisor }, name).await?;
    }
    Ok(())
}

fn asked(form: &Form, supervisor: bool) -> Result<Asked, Errors> {
    let mut errors = Vec::new();
    let asked = match form.get("do").as_str() {
        "claim" => Asked::Act(Action::Claim { supervisor }),
        "release" => Asked::Act(Action::Release { supervisor }),
        "authorise" => Asked::Act(Action::Authorise),
        "escalate" => Asked::Act(Action::Escalate { note: form.note("escalate_note", &mut errors) }),
        "hand-over" => {
            let to = form.needed("to", "Choose a colleague", &mut errors);
            Asked::Act(Action::HandOver { to, taker: None, note: form.note("hand_over_note", &mut errors), supervisor })
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
            let until = form.day("until", "Enter the day on which it comes back", &mut errors);
            Asked::Act(Action::Defer { until, note: form.note("defer_note", &mut errors) })
        }
        "ask" => {
            let asked = form.needed("evidence", "Say what you need", &mut errors);
            let respond_by = form.typed("respond_by").read("respond_by", &mut errors);
            Asked::Act(Action::RequestEvidence { asked, respond_by })
        }
        "decide" => Asked::Act(decision(form, &mut errors)),
        "contact" => contact(form, &mut errors),
        "check" => check(form, &mut errors),
        _ => return Err(vec![("do".to_owned(), "Choose what to do".to_owned())]),
    };
    if errors.is_empty() { Ok(asked) } else { Err(errors) }
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
