//! What came by telephone, counter, post, e-mail or chat, entered by an officer through the same questions.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::Channel;
use maud::html;

use super::form::Form;
use super::words::plain;
use crate::web::App;
use crate::web::pages::govuk::{self, Choice, Choices};
use crate::web::pages::layout::Page;
use crate::web::pages::staff::layout::{StaffVisit, asked};
use crate::web::pages::tell::entered;
use crate::web::problem::Problem;

/// How it can have come.
const CHANNELS: [Channel; 5] =
    [Channel::Telephone, Channel::FaceToFace, Channel::Post, Channel::Email, Channel::WebChat];

/// Asks how it came.
pub(in crate::web) async fn ask(staff: StaffVisit) -> Response {
    form(&staff, Vec::new())
}

fn form(staff: &StaffVisit, errors: Vec<(String, String)>) -> Response {
    let choice = |it: Channel| Choice { value: it.as_str().to_owned(), text: plain(it.as_str()), ..Choice::default() };
    let choices = Choices { items: CHANNELS.into_iter().map(choice).collect(), ..Choices::default() };
    let hint = "You are asked what a resident is asked. Answer as they would; it is recorded that you entered it.";
    let question = govuk::Asked { heading: true, ..asked("channel", "How did they tell us?", Some(hint), &errors) };
    let body = html! {
        form method="post" action="/staff/tell" novalidate { (govuk::radios(&question, &choices)) (govuk::button("Continue")) }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    staff.show(Page::new("How did they tell us?", body).back_to("/staff/work").with_errors(errors).with_status(status))
}

/// Begins it.
pub(in crate::web) async fn begin(
    State(app): State<App>,
    staff: StaffVisit,
    request: Request,
) -> Result<Response, Problem> {
    let given = Form::read(&app, request).await?.get("channel");
    let Some(channel) = CHANNELS.into_iter().find(|it| it.as_str() == given) else {
        return Ok(form(&staff, vec![("channel".to_owned(), "Choose how they told us".to_owned())]));
    };
    Ok(Redirect::to(&entered(&app, &staff.holder.name, channel)?).into_response())
}
