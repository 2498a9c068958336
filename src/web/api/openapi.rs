//! The API described in OpenAPI 3.1, from the code: what each handler says of itself, and what the table says of who may.

use std::sync::LazyLock;

use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use hearth_events::{Event, NotificationKind};
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, ResponseBuilder, Schema};

use super::work_item::steps;
use super::{
    accounts, assumptions, dwellings, estimates, events, evidence, figures, follow_up, gates, health, metrics, money,
    notifications, orders, queue, recovery, reversal, reviews, savings, schemas, what_if, work_item, work_items,
    workload,
};
use crate::web::problem::{Kind, MEDIA_TYPE, Problem, ProblemDocument};
use crate::web::query::Params;
use crate::web::routes::{ROUTES, Route, Verb, Who};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hearth",
        description = "An event-sourced processor of electronic council tax change notifications. Money is a string with two \
            decimals, days are ISO 8601, instants RFC 3339 in UTC; a period is from (first day in) to (first day out, or null). \
            Where the clock of the log is simulated, every answer has the header Hearth-Clock: simulated."
    ),
    paths(
        notifications::submit, notifications::show, evidence::add, evidence::show, follow_up::withdraw, follow_up::answer, reversal::show, reversal::reverse,
        reversal::restore, accounts::list, accounts::show, dwellings::show, workload::show,
        reviews::list,
        money::list, money::approve, money::refuse, money::paid, money::impose, money::quash,
        work_items::list, work_item::show, work_item::claim, work_item::release, work_item::defer,
        work_item::request_evidence, work_item::decide, work_item::authorise, steps::hand_over, steps::escalate,
        steps::reallocate, steps::check, steps::contact, queue::next, queue::samples, queue::statistics, queue::alerts,
        orders::preview, orders::give, orders::undo, recovery::holds,
        recovery::clashes, gates::show, figures::show, figures::csv, figures::waterfall, figures::why, what_if::answer, savings::show, assumptions::show, assumptions::assume, assumptions::reduce, estimates::answer, events::list, show, schemas::show, health::live, health::ready, metrics::show,
    ),
    components(schemas(ProblemDocument)),
    tags(
        (name = "notifications", description = "Tell the council of a change, and see what comes of it"),
        (name = "accounts", description = "Who is liable"),
        (name = "money", description = "Refunds and penalties, step by step"),
        (name = "dwellings", description = "What is listed, and who was liable when"),
        (name = "work", description = "What waits for an officer"),
        (name = "recovery", description = "Which accounts may not be pursued, and which were all the same"),
        (name = "figures", description = "What came, what it came to, and why not without an officer"),
        (name = "savings", description = "What was saved, and from what that is worked out"),
        (name = "estimates", description = "What a dwelling would cost"),
        (name = "events", description = "The log"),
        (name = "operation", description = "For those who run the service"),
    ),
)]
struct Document;

/// Of which a field may be left out: what is sent, a problem, whose list of faults may be empty, and an award, which has only
/// the figures that it says itself.
const MAY_LEAVE_OUT: &[&str] = &[
    "Notification",
    "Problem",
    "Award",
    "Deferral",
    "EvidenceRequest",
    "WorkItemDecision",
    "HandOver",
    "Escalation",
    "Reallocation",
    "DecisionCheck",
    "Contact",
    "NextWorkItemRequest",
    "WorkOrderRequest",
    "WorkOrderUndoRequest",
    "RefundPaidRequest",
    "PenaltyRequest",
    "AssumptionRequest",
    "WhatIfRequest",
    "BudgetReductionRequest",
    "EstimateRequest",
    "EstimateBand",
    "EstimatePeriod",
    "EstimateAward",
    "EstimateTier",
    "EstimateBilling",
];
const TOKEN: &str = "token";
const TRACKING: &str = "tracking_token";

/// The OpenAPI document of the whole table.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    for route in ROUTES {
        let item = document.paths.paths.get_mut(route.path);
        let operation = item.and_then(|it| match route.verb {
            Verb::Get => it.get.as_mut(),
            Verb::Post => it.post.as_mut(),
        });
        if let Some(operation) = operation {
            complete(operation, route);
        }
    }
    let bearer = |description: &str| {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build();
        SecurityScheme::Http(scheme)
    };
    let components = document.components.get_or_insert_default();
    for (name, schema) in &mut components.schemas {
        if !MAY_LEAVE_OUT.contains(&name.as_str()) {
            require_all(schema);
        }
    }
    components.add_security_scheme(TOKEN, bearer("A token from `hearth token create`."));
    components.add_security_scheme(TRACKING, bearer("The tracking token that the sender of a notification was given."));
    document
}

/// Says that every field of an answer is there, if only as null.
fn require_all(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required = object.properties.keys().cloned().collect(),
        RefOr::T(Schema::AllOf(all_of)) => all_of.items.iter_mut().for_each(require_all),
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.iter_mut().for_each(require_all),
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

/// Says which values a parameter can have.
fn enumerate(operation: &mut Operation, name: &str, values: &[&str]) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.name == name
        {
            let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
            parameter.schema = Some(text.enum_values(Some(values.iter().copied())).into());
        }
    }
}

/// Adds to an operation what follows from the table: who may, and with which problems it can answer.
fn complete(operation: &mut Operation, route: &Route) {
    let none = SecurityRequirement::default;
    let needs = |scheme: &str| SecurityRequirement::new(scheme, Vec::<String>::new());
    let (security, roles) = match route.who {
        Who::Anyone | Who::AnyoneLimited | Who::Visitor | Who::VisitorWhoSends | Who::Staff(_) => (vec![none()], None),
        Who::AnyoneLimitedOr(roles) => (vec![none(), needs(TOKEN)], Some(roles)),
        Who::TrackingOr(roles) => (vec![needs(TRACKING), needs(TOKEN)], Some(roles)),
        Who::Only(roles) => (vec![needs(TOKEN)], Some(roles)),
    };
    operation.security = Some(security);
    enumerate(operation, "type", Event::TYPES);
    enumerate(operation, "kind", &NotificationKind::ALL.map(NotificationKind::as_str));
    if let Some(roles) = roles {
        let roles: Vec<_> = roles.iter().map(|it| it.as_str()).collect();
        let told = operation.description.take().map(|it| format!("{it}\n\n")).unwrap_or_default();
        operation.description = Some(format!("{told}Roles: {}.", roles.join(", ")));
    }
    let mut kinds = vec![Kind::BadRequest, Kind::Internal, Kind::Unavailable];
    if roles.is_some() {
        kinds.extend([Kind::Unauthorised, Kind::Forbidden]);
    }
    if route.path.contains('{') {
        kinds.push(Kind::NotFound);
    }
    if matches!(route.who, Who::AnyoneLimited | Who::AnyoneLimitedOr(_) | Who::TrackingOr(_)) {
        kinds.push(Kind::TooManyRequests);
    }
    if route.verb == Verb::Post {
        kinds.extend([Kind::RequestTimeout, Kind::TooLarge, Kind::UnsupportedMediaType, Kind::Unprocessable]);
        // What nobody needs a token for records nothing that could contradict anything.
        kinds.extend(roles.is_some().then_some(Kind::Conflict));
    }
    for kind in kinds {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(kind.names().1).content(MEDIA_TYPE, content).build();
        operation.responses.responses.insert(kind.status().as_u16().to_string(), RefOr::T(response));
    }
}

/// Shows this document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "operation", operation_id = "openapi",
    responses((status = 200, description = "The OpenAPI 3.1 document of this API", body = serde_json::Value))
)]
pub(crate) async fn show(uri: Uri) -> Result<Response, Problem> {
    static TEXT: LazyLock<Result<String, String>> =
        LazyLock::new(|| document().to_json().map_err(|error| error.to_string()));
    Params::of(&uri, &[]).finish()?;
    let text = TEXT.as_ref().map_err(|error| Problem::internal(error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response())
}
