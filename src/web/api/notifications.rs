//! Notifications: to send one, and to see what has come of it.

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use hearth_events::{
    Event, Finding, NotificationKind, NotificationRef, Opener, ReasonCode, Recorded, Role, Status, StreamName, decode,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::evidence::{self, EvidenceView};
use crate::service::submitter::EvidenceKept;
use crate::service::{FieldFault, Receipt, ReceivedAt, Refusal, Sender};
use crate::web::App;
use crate::web::body::json_body;
use crate::web::fenced::{keep_open, open_findings};
use crate::web::guard::Caller;
use crate::web::looked::may_tell;
use crate::web::problem::{Fault, Kind, Problem};
use crate::web::query::{Named, Params};

/// A notification as it is sent. What a kind needs stands in its own schema, at `/api/v1/schemas/notifications/{kind}`.
#[derive(ToSchema)]
#[schema(as = Notification)]
#[expect(dead_code, reason = "it only describes what the intake reads for the OpenAPI document")]
pub(crate) struct NotificationDocument {
    #[schema(example = "move-in")]
    kind: String,
    /// What the sender calls it: the same again, by the same sender, answers with the first result.
    #[schema(example = "EFORM-00007")]
    source_reference: Option<String>,
    #[schema(example = "web")]
    channel: Option<String>,
    /// Not used over HTTP: the clock of the service counts.
    received_at: Option<String>,
    /// The day the change took place.
    #[schema(format = Date)]
    effective_on: Option<String>,
    declaration: Option<bool>,
    #[schema(value_type = Option<Object>)]
    submitted_by: (),
    account: Option<String>,
    #[schema(value_type = Option<Object>)]
    dwelling: (),
    #[schema(value_type = Option<Object>)]
    details: (),
}

/// What the sender of a notification is told.
#[derive(Serialize, ToSchema)]
pub(crate) struct Acknowledgement {
    /// What the council calls it.
    #[schema(value_type = String, example = "HN-7KQ2-9FXM-3D4R")]
    reference: NotificationRef,
    #[schema(value_type = StatusName)]
    status: Status,
    /// The secret with which its sender can see it.
    tracking_token: String,
}

/// What has come of a notification.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotificationView {
    #[schema(value_type = String)]
    reference: NotificationRef,
    #[schema(value_type = String, example = "move-in")]
    kind: NotificationKind,
    #[schema(value_type = StatusName)]
    status: Status,
    /// Why it did not go straight through, `R01` to `R24`; empty where it did.
    #[schema(value_type = Vec<String>)]
    reasons: Vec<ReasonCode>,
    /// Every check that was made.
    findings: Vec<FindingView>,
    /// The day by which the officers' queue was to come to it when it was referred; null where it never was.
    #[schema(value_type = Option<String>, format = Date)]
    promised_by: Option<Date>,
    /// Other notifications that tell of the same change.
    #[schema(value_type = Vec<String>)]
    linked: Vec<NotificationRef>,
    /// What an officer says to the submitter: what evidence is needed, or why it was decided so; null where nothing was said.
    message: Option<String>,
    /// Whether an officer reversed what it changed; its status stays what it was.
    reversed: bool,
    /// The files of evidence that have come.
    evidence: Vec<EvidenceView>,
    /// What happened, in order.
    timeline: Vec<Step>,
}

/// One check and how it came out.
#[derive(Serialize, ToSchema)]
pub(crate) struct FindingView {
    check: String,
    /// `passed`, `referred`, `duplicate` or `rejected`.
    #[schema(value_type = String, pattern = "^(passed|referred|duplicate|rejected)$")]
    outcome: hearth_events::FindingOutcome,
    because: String,
    /// The law or the policy behind the check.
    source: String,
}

/// One thing that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Step {
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What happened: by the machine `received`, `decided`, `referred`, `confirmation-asked`, `confirmation-lapsed`, `taken-up`,
    /// `completed`; by the submitter `evidence-received`, `answered`, `withdrawn`; `evidence-refused` is of a harmful file;
    /// by officers the rest.
    #[schema(
        pattern = "^(received|decided|referred|confirmation-asked|confirmation-lapsed|taken-up|completed|evidence-received|evidence-refused|answered|withdrawn|claimed|released|deferred|evidence-requested|decided-by-officer|authorised|reversed|restored)$"
    )]
    what: &'static str,
    /// What it came to, in words: a channel, an outcome, a queue, a status, a day, an answer; empty where there is nothing
    /// to say.
    detail: String,
    /// The position of its event in the log.
    #[schema(value_type = u64)]
    position: hearth_events::Position,
}

/// What a notification has come to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Status)]
#[expect(dead_code, reason = "it only describes hearth_events::Status for the OpenAPI document")]
pub(crate) enum StatusName {
    Received,
    Applied,
    Referred,
    AwaitingEvidence,
    Rejected,
    Duplicate,
    Withdrawn,
}

/// Sends a notification; it is durable before the answer.
#[utoipa::path(
    post, path = "/api/v1/notifications", tag = "notifications", operation_id = "submit_notification",
    request_body(content = NotificationDocument, content_type = "application/json",
        description = "A notification; each kind has its schema at /api/v1/schemas/notifications/{kind}"),
    responses(
        (status = 201, description = "Received", body = Acknowledgement,
            headers(("Location" = String, description = "Where to see what comes of it"))),
        (status = 200, description = "Received before: the first answer again", body = Acknowledgement,
            headers(("Location" = String, description = "Where to see what comes of it"))),
    )
)]
pub(crate) async fn submit(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Result<Response, Problem> {
    Params::of(request.uri(), &[]).finish()?;
    let body = json_body(&app, request).await?;
    let sender = match caller {
        Caller::Public => Sender::Public,
        Caller::Holder(holder) => {
            // Who only sends sees nothing of it, and is not told that it is fenced.
            if holder.role != Role::Submitter {
                may_tell(&app, &holder.name, &body).await?;
            }
            Sender::Token(holder.name)
        }
    };
    let outcome = app.backend().submit(&body, sender, ReceivedAt::Now).await;
    let counted = match &outcome {
        Ok(receipt) if receipt.known => "known",
        Ok(_) => "received",
        Err(Refusal::Malformed(_)) => "malformed",
        Err(Refusal::OtherBody { .. }) => "other-body",
        Err(Refusal::Unavailable(_)) => "unavailable",
    };
    metrics::counter!("hearth_submissions_total", "outcome" => counted).increment(1);
    outcome.map(acknowledged).map_err(|refusal| refused(refusal, &body))
}

fn acknowledged(receipt: Receipt) -> Response {
    let location = HeaderValue::from_str(&format!("/api/v1/notifications/{}", receipt.reference));
    let status = if receipt.known { StatusCode::OK } else { StatusCode::CREATED };
    let Receipt { reference, status: come_to, tracking_token, known: _ } = receipt;
    let mut response = (status, Json(Acknowledgement { reference, status: come_to, tracking_token })).into_response();
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn refused(refusal: Refusal, body: &[u8]) -> Problem {
    match refusal {
        Refusal::Malformed(faults) => {
            let errors = faults.into_iter().map(|FieldFault { pointer, detail }| Fault { pointer, detail }).collect();
            if serde_json::from_slice::<IgnoredAny>(body).is_err() {
                return Problem::new(Kind::BadRequest, "The body is not JSON in UTF-8: send one JSON object.")
                    .with_errors(errors);
            }
            let told = "Nothing was recorded. Correct what is listed under errors and send it again.";
            Problem::new(Kind::Unprocessable, told).with_errors(errors)
        }
        // The reference of the first is not said: it may be somebody else's, as all who come without a token share one space.
        Refusal::OtherBody { .. } => Problem::new(
            Kind::Conflict,
            "This source_reference was used before with another body: give this notification a new one.",
        ),
        Refusal::Unavailable(why) => Problem::unavailable(&why),
    }
}

/// What is told where there is no such notification, or the token is not its own: the same for both.
pub(crate) fn not_found() -> Problem {
    Problem::not_found("There is no notification of this reference that this token shows: check both.")
}

/// Shows what has come of a notification.
#[utoipa::path(
    get, path = "/api/v1/notifications/{reference}", tag = "notifications", operation_id = "show_notification",
    params(
        ("reference" = String, Path, description = "What the council calls it", pattern = "^[A-Za-z0-9./-]{1,40}$"),
        ("token" = Option<String>, Query, min_length = 1, max_length = 100,
            description = "Its tracking token, where that is not in the header Authorization"),
    ),
    responses((status = 200, description = "The notification", body = NotificationView))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    reference: Result<Named<NotificationRef>, Problem>,
    uri: Uri,
) -> Result<Json<NotificationView>, Problem> {
    let Named(reference) = reference.map_err(|_| not_found())?;
    let mut params = Params::of(&uri, &["token"]);
    let _checked_before = params.text("token");
    params.finish()?;
    let mut view = shown(&app, reference).await?;
    match &caller {
        Caller::Public => withhold(&mut view),
        Caller::Holder(holder) => {
            keep_open(&app, &holder.name, &mut view.linked).await?;
            open_findings(&app, &holder.name, view.findings.iter_mut().map(|it| &mut it.because)).await?;
        }
    }
    Ok(Json(view))
}

/// The notification as its stream has it.
pub(crate) async fn shown(app: &App, reference: NotificationRef) -> Result<NotificationView, Problem> {
    let stored = app.backend().store().read_stream(&StreamName::notification(&reference), 0).await?;
    let mut view = None;
    for stored in &stored {
        let recorded = decode(stored).map_err(|error| Problem::internal(&error))?;
        take(&mut view, &recorded, app.backend().opener());
    }
    let mut view = view.ok_or_else(not_found)?;
    // What came later says so itself.
    let later = app.read(move |it| it.views().linked_with(&[reference])).await?;
    link(&mut view, &later);
    Ok(view)
}

/// Where it is not certain who sent it, nothing of what is on record is told: only what was checked, and how that came out.
pub(crate) fn withhold(view: &mut NotificationView) {
    let is_doubtful = |it: &ReasonCode| matches!(it, ReasonCode::R01 | ReasonCode::R02 | ReasonCode::R13);
    if view.reasons.iter().any(is_doubtful) {
        for finding in &mut view.findings {
            "compared with the council's records, of which only an officer is told".clone_into(&mut finding.because);
        }
    }
}

fn link(view: &mut NotificationView, linked: &[NotificationRef]) {
    for it in linked {
        if *it != view.reference && !view.linked.contains(it) {
            view.linked.push(it.clone());
        }
    }
}

fn take(view: &mut Option<NotificationView>, recorded: &Recorded, opener: &dyn Opener) {
    if let (None, Event::NotificationReceived(it)) = (&view, &recorded.event) {
        *view = Some(NotificationView {
            reference: it.reference.clone(),
            kind: it.kind,
            status: Status::Received,
            reasons: Vec::new(),
            findings: Vec::new(),
            promised_by: None,
            linked: Vec::new(),
            message: None,
            reversed: false,
            evidence: Vec::new(),
            timeline: Vec::new(),
        });
    }
    let Some(view) = view else {
        return;
    };
    let event = &recorded.event;
    let step = told(view, event).or_else(|| worked(view, event, opener)).or_else(|| followed_up(view, event, opener));
    let Some((what, detail)) = step else {
        return;
    };
    if let Event::EvidenceReceived(it) = event {
        let kept = EvidenceKept { received_at: recorded.recorded_at, told: it.clone() };
        view.evidence.push(evidence::view(&kept, opener));
    }
    view.timeline.push(Step { at: recorded.recorded_at, what, detail, position: recorded.position });
}

/// What an officer did, told without saying who.
fn worked(view: &mut NotificationView, event: &Event, opener: &dyn Opener) -> Option<(&'static str, String)> {
    if let Event::EvidenceRequested(it) = event {
        view.status = Status::AwaitingEvidence;
        view.message = it.asked.opened(opener);
        return Some(("evidence-requested", it.respond_by.to_string()));
    }
    if let Event::WorkItemDecided(it) = event {
        view.message = it.explanation.as_ref().and_then(|it| it.opened(opener));
        return Some(("decided-by-officer", written(&it.verdict)));
    }
    if let Event::NotificationReversed(it) = event {
        view.reversed = !it.restored;
        view.message = it.explanation.as_ref().and_then(|it| it.opened(opener));
        return Some((if it.restored { "restored" } else { "reversed" }, String::new()));
    }
    let step = if let Event::WorkItemDeferred(it) = event {
        ("deferred", it.until.to_string())
    } else if matches!(event, Event::WorkItemClaimed(_)) {
        ("claimed", String::new())
    } else if matches!(event, Event::WorkItemReleased(_)) {
        ("released", String::new())
    } else if matches!(event, Event::WorkItemAuthorised(_)) {
        ("authorised", String::new())
    } else {
        return None;
    };
    if view.status == Status::AwaitingEvidence {
        view.status = Status::Referred;
    }
    Some(step)
}

/// What the submitter did.
fn followed_up(view: &mut NotificationView, event: &Event, opener: &dyn Opener) -> Option<(&'static str, String)> {
    let step = if let Event::QuestionAnswered(it) = event {
        ("answered", it.text.opened(opener).unwrap_or_default())
    } else if let Event::EvidenceReceived(it) = event {
        ("evidence-received", it.kind.clone().unwrap_or_default())
    } else if let Event::EvidenceRefused(_) = event {
        return Some(("evidence-refused", String::new()));
    } else if let Event::NotificationWithdrawn(_) = event {
        ("withdrawn", String::new())
    } else {
        return None;
    };
    if view.status == Status::AwaitingEvidence {
        view.status = Status::Referred;
    }
    Some(step)
}

/// What the machine did.
#[expect(clippy::too_many_lines, reason = "every event type is considered by name")]
fn told(view: &mut NotificationView, event: &Event) -> Option<(&'static str, String)> {
    Some(match event {
        Event::NotificationReceived(it) => ("received", it.channel.to_string()),
        // The plan of a reversal; that it is carried out is a step of its own.
        Event::DecisionRecorded(it) if it.is_of_a_reversal() => return None,
        Event::DecisionRecorded(it) => {
            view.findings = it.findings.iter().map(finding).collect();
            view.reasons.clone_from(&it.reasons);
            ("decided", written(&it.outcome))
        }
        Event::NotificationReferred(it) => {
            view.status = Status::Referred;
            view.reasons.clone_from(&it.reasons);
            view.promised_by = it.promised_by.or(Some(it.due_on));
            link(view, &it.linked);
            ("referred", it.queue.clone())
        }
        Event::NotificationCompleted(it) => {
            view.status = it.status;
            view.reasons.clone_from(&it.reasons);
            link(view, &it.linked);
            ("completed", it.status.as_str().to_owned())
        }
        Event::ConfirmationAsked(it) => ("confirmation-asked", it.respond_by.to_string()),
        Event::ConfirmationLapsed(it) => ("confirmation-lapsed", written(&it.follows)),
        Event::ReferralTakenUp(_) => ("taken-up", String::new()),
        Event::LogStarted(_)
        | Event::CouncilRegistered(_)
        | Event::PolicyAdopted(_)
        | Event::CostModelAdopted(_)
        | Event::ScenarioRecorded(_)
        | Event::AmountSet(_)
        | Event::ModulusTableAdopted(_)
        | Event::TokenIssued(_)
        | Event::TokenRevoked(_)
        | Event::DwellingListed(_)
        | Event::LiabilityStarted(_)
        | Event::LiabilityEnded(_)
        | Event::DiscountAwarded(_)
        | Event::DiscountEnded(_)
        | Event::OccupantAdded(_)
        | Event::OccupantRemoved(_)
        | Event::HouseholdStated(_)
        | Event::PersonRenamed(_)
        | Event::ContactDetailsChanged(_)
        | Event::PaymentMethodChanged(_)
        | Event::DeliveryPreferenceChanged(_)
        | Event::InstalmentPlanSet(_)
        | Event::ChargeCalculated(_)
        | Event::DemandNoticeIssued(_)
        | Event::AdjustmentNoticeIssued(_)
        | Event::ClosingNoticeIssued(_)
        | Event::PaymentReceived(_)
        | Event::CreditTransferred(_)
        | Event::BillCopied(_)
        | Event::RefundRequested(_)
        | Event::RefundApproved(_)
        | Event::RefundRefused(_)
        | Event::RefundPaid(_)
        | Event::PenaltyImposed(_)
        | Event::PenaltyQuashed(_)
        | Event::RecoveryStepTaken(_)
        | Event::AwardExpiryScheduled(_)
        | Event::AwardExpired(_)
        | Event::AccountCorrected(_)
        | Event::BandsCorrected(_)
        | Event::RecoveryHeld(_)
        | Event::RecoveryResumed(_)
        | Event::NotificationReversed(_)
        | Event::WorkItemClaimed(_)
        | Event::WorkItemReleased(_)
        | Event::WorkItemDeferred(_)
        | Event::EvidenceRequested(_)
        | Event::EvidenceReceived(_)
        | Event::EvidenceRefused(_)
        | Event::QuestionAnswered(_)
        | Event::StaffEnrolled(_)
        | Event::StaffLeft(_)
        | Event::SetUpLinkMade(_)
        | Event::PassphraseSet(_)
        | Event::StaffSignedIn(_)
        | Event::RelationDeclared(_)
        | Event::RelationEnded(_)
        | Event::RecordRestricted(_)
        | Event::RestrictionLifted(_)
        | Event::RecordViewed(_)
        | Event::WorkItemReallocated(_)
        | Event::WorkItemHandedOver(_)
        | Event::WorkItemEscalated(_)
        | Event::DecisionChecked(_)
        | Event::ContactLinked(_)
        | Event::BudgetReduced(_)
        | Event::NotificationWithdrawn(_)
        | Event::WorkItemDecided(_)
        | Event::WorkItemAuthorised(_) => return None,
    })
}

pub(crate) fn finding(it: &Finding) -> FindingView {
    FindingView { check: it.check.clone(), outcome: it.outcome, because: it.because.clone(), source: it.source.clone() }
}

/// The kebab-case name of a value of an enumeration.
fn written(it: &impl Serialize) -> String {
    match json!(it) {
        Value::String(name) => name,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
