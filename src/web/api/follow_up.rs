//! What a submitter does after the notification was sent, with its tracking token; or an officer on the submitter's behalf.

use axum::Json;
use axum::extract::{Extension, Request, State};
use hearth_events::{NotificationRef, Role, Status};
use utoipa::ToSchema;

use super::notifications::{NotificationView, not_found, shown, withhold};
use super::work_item::reading::Fields;
use crate::evidence::content::Unusable;
use crate::service::Sender;
use crate::service::submitter::{FollowUp, NotTaken};
use crate::web::App;
use crate::web::guard::Caller;
use crate::web::problem::{Kind, Problem};
use crate::web::query::{Named, Params};

/// An answer to what an officer asked.
#[derive(ToSchema)]
#[schema(as = Answer)]
#[expect(dead_code, reason = "it only describes the request for the OpenAPI document")]
pub(crate) struct AnswerDocument {
    /// In the submitter's words.
    #[schema(min_length = 1, max_length = 1500)]
    text: String,
}

/// Takes a notification back that waits for an officer.
#[utoipa::path(
    post, path = "/api/v1/notifications/{reference}/withdraw", tag = "notifications", operation_id = "withdraw_notification",
    description = "Doing it again changes nothing. What has taken effect cannot be taken back: send what is so now instead.",
    params(
        ("reference" = String, Path, description = "What the council calls it", pattern = "^[A-Za-z0-9./-]{1,40}$"),
        ("token" = Option<String>, Query, min_length = 1, max_length = 100,
            description = "Its tracking token, where that is not in the header Authorization"),
    ),
    responses((status = 200, description = "The notification, withdrawn", body = NotificationView))
)]
pub(crate) async fn withdraw(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    reference: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<NotificationView>, Problem> {
    let reference = named(reference, &request)?;
    Fields::read(&app, request).await?.finish()?;
    let by_officer = matches!(&caller, Caller::Holder(it) if it.role == Role::Officer);
    followed_up(&app, reference, FollowUp::Withdraw { by_officer }, caller).await
}

/// Answers what an officer asked; the notification is the officer's again.
#[utoipa::path(
    post, path = "/api/v1/notifications/{reference}/answer", tag = "notifications", operation_id = "answer_question",
    description = "The same answer again changes nothing.",
    params(
        ("reference" = String, Path, description = "What the council calls it", pattern = "^[A-Za-z0-9./-]{1,40}$"),
        ("token" = Option<String>, Query, min_length = 1, max_length = 100,
            description = "Its tracking token, where that is not in the header Authorization"),
    ),
    request_body(content = AnswerDocument, content_type = "application/json"),
    responses((status = 200, description = "The notification with the answer", body = NotificationView))
)]
pub(crate) async fn answer(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    reference: Result<Named<NotificationRef>, Problem>,
    request: Request,
) -> Result<Json<NotificationView>, Problem> {
    let reference = named(reference, &request)?;
    let mut fields = Fields::read(&app, request).await?;
    let text = fields.needed_long_text("text").unwrap_or_default();
    fields.finish()?;
    followed_up(&app, reference, FollowUp::Answer { text }, caller).await
}

/// Which notification it is about; whoever asks was established before.
fn named(reference: Result<Named<NotificationRef>, Problem>, request: &Request) -> Result<NotificationRef, Problem> {
    let Named(reference) = reference.map_err(|_| not_found())?;
    let mut params = Params::of(request.uri(), &["token"]);
    let _checked_before = params.text("token");
    params.finish()?;
    Ok(reference)
}

pub(super) async fn followed_up(
    app: &App,
    reference: NotificationRef,
    told: FollowUp,
    caller: Caller,
) -> Result<Json<NotificationView>, Problem> {
    let is_public = matches!(caller, Caller::Public);
    let by = match caller {
        Caller::Public => Sender::Public,
        Caller::Holder(holder) => Sender::Token(holder.name),
    };
    app.backend().follow_up(&reference, told, by).await.map_err(not_taken)?;
    let mut view = shown(app, reference).await?;
    if is_public {
        withhold(&mut view);
    }
    Ok(Json(view))
}

/// What is told when it was not taken.
pub(super) fn not_taken(why: NotTaken) -> Problem {
    let conflict = |detail: String| Problem::new(Kind::Conflict, detail);
    match why {
        NotTaken::Unknown => not_found(),
        NotTaken::Completed(Status::Applied) => conflict(
            "This has taken effect already. If it is not right, send us what is so now as a new notification, or ask the \
             council to look at it."
                .to_owned(),
        ),
        NotTaken::Completed(status) => conflict(format!(
            "Nothing waits here any more: this notification is {}. Send a new one where something has changed.",
            status.as_str()
        )),
        NotTaken::UnderWay => {
            conflict("This has just been decided. Look again in a moment to see what it has come to.".to_owned())
        }
        NotTaken::ForSupervisors => Problem::new(
            Kind::Forbidden,
            "This was escalated and waits for a supervisor, who takes it back where its submitter asks for that.",
        ),
        NotTaken::NothingAsked => conflict(
            "Nobody has asked anything about this notification. To tell us something new, send a new notification."
                .to_owned(),
        ),
        NotTaken::TooMany(number) => conflict(format!(
            "There are {number} already, as many as there may be: wait until an officer has looked at them, or call us."
        )),
        NotTaken::Unusable(Unusable::TooLarge) => Problem::new(Kind::TooLarge, unusable(Unusable::TooLarge)),
        NotTaken::Unusable(why) => Problem::new(Kind::Unprocessable, unusable(why)),
        NotTaken::Infected => Problem::new(
            Kind::Unprocessable,
            "Something harmful was found in this file, and it was not kept. Look at your computer or telephone for viruses, \
             then take a new photograph or save the document anew, and send that.",
        ),
        NotTaken::NotScanned(why) => Problem::unavailable(&why),
        NotTaken::Service(error) if error.will_pass() => Problem::unavailable(&error),
        NotTaken::Service(error) => Problem::internal(&error),
    }
}

/// What is told of a file that cannot be evidence.
const fn unusable(why: Unusable) -> &'static str {
    match why {
        Unusable::Empty => "There is nothing in this file: choose the file again, or take the photograph again.",
        Unusable::TooLarge => "The file is too large: send a smaller photograph, or a PDF of fewer pages.",
        Unusable::OfAnotherType => {
            "This is not a PDF, JPEG, PNG or HEIC file, whatever its name says: save it as a PDF, or take a photograph of it."
        }
        Unusable::Locked => {
            "This PDF is locked with a password, so nobody here could read it: save it without one, print it as a PDF, or take \
             a photograph of it."
        }
    }
}
