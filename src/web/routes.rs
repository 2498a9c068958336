//! The one table of routes: what there is, and who may. Everything that is not in it is not there.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts as _, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use hearth_events::{NotificationRef, Role};

use super::api::money;
use super::api::{
    accounts, assumptions, dwellings, estimates, events, evidence, figures, follow_up, gates, health, metrics,
    notifications, openapi, recovery, reversal,
};
use super::api::{reviews, savings, schemas, what_if, work_item, work_items, workload};
use super::pages::layout::Visit;
use super::pages::{assets, estimate, many, oops, standing, start, tell, track};
use super::problem::{Kind, MEDIA_TYPE, Problem};
use super::{App, Limits, limit};
use crate::access::Holder;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone, always: for probes.
    Anyone,
    /// Anyone, so often: what tells nothing of anybody and records nothing.
    AnyoneLimited,
    /// Anyone, so often, with a browser: told in pages, and what is sent comes from these pages only.
    Visitor,
    /// The same, as often as anyone may send notifications: what is recorded for good.
    VisitorWhoSends,
    /// Anyone, so often; the holder of a token with one of these roles as often as they like, of another not at all.
    AnyoneLimitedOr(&'static [Role]),
    /// Whoever has the tracking token of the notification, so often; and one of these roles.
    TrackingOr(&'static [Role]),
    /// One of these roles.
    Only(&'static [Role]),
}

/// One route of the table.
#[derive(Clone, Copy)]
pub struct Route {
    /// The method.
    pub verb: Verb,
    /// The path, with `{name}` for what varies; also what logs and metrics call it.
    pub path: &'static str,
    /// Who may.
    pub who: Who,
    /// Whether its body is a file, which may be large and slow.
    pub takes_a_file: bool,
    handler: fn() -> MethodRouter<App>,
}

/// The methods there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// GET, and HEAD with it.
    Get,
    /// POST.
    Post,
}

const SUBMIT: &[Role] = &[Role::Submitter, Role::Officer, Role::Supervisor];
const OFFICER: &[Role] = &[Role::Officer, Role::Supervisor];
const SUPERVISOR: &[Role] = &[Role::Supervisor];
const RECORDS: &[Role] = &[Role::Officer, Role::Supervisor, Role::Auditor];
const FIGURES: &[Role] = &[Role::Officer, Role::Supervisor, Role::Manager, Role::Auditor];
const SAVINGS: &[Role] = &[Role::Manager, Role::Auditor];
const MANAGER: &[Role] = &[Role::Manager];
const AUDITOR: &[Role] = &[Role::Auditor];

/// Every route there is.
pub const ROUTES: &[Route] = &[
    route(Verb::Post, "/api/v1/notifications", Who::AnyoneLimitedOr(SUBMIT), || post(notifications::submit)),
    route(Verb::Get, "/api/v1/notifications/{reference}", Who::TrackingOr(RECORDS), || get(notifications::show)),
    route(Verb::Post, "/api/v1/notifications/{reference}/withdraw", Who::TrackingOr(OFFICER), || {
        post(follow_up::withdraw)
    }),
    route(Verb::Post, "/api/v1/notifications/{reference}/answer", Who::TrackingOr(OFFICER), || post(follow_up::answer)),
    file("/api/v1/notifications/{reference}/evidence", Who::TrackingOr(OFFICER), || post(evidence::add)),
    route(Verb::Get, "/api/v1/notifications/{reference}/evidence/{id}", Who::Only(RECORDS), || get(evidence::show)),
    route(Verb::Get, "/api/v1/notifications/{reference}/reversal", Who::Only(OFFICER), || get(reversal::show)),
    route(Verb::Post, "/api/v1/notifications/{reference}/reverse", Who::Only(OFFICER), || post(reversal::reverse)),
    route(Verb::Post, "/api/v1/notifications/{reference}/restore", Who::Only(OFFICER), || post(reversal::restore)),
    route(Verb::Get, "/api/v1/accounts", Who::Only(RECORDS), || get(accounts::list)),
    route(Verb::Get, "/api/v1/accounts/{account}", Who::Only(RECORDS), || get(accounts::show)),
    route(Verb::Get, "/api/v1/dwellings/{uprn}", Who::Only(RECORDS), || get(dwellings::show)),
    route(Verb::Get, "/api/v1/workload", Who::Only(FIGURES), || get(workload::show)),
    route(Verb::Get, "/api/v1/refunds", Who::Only(FIGURES), || get(money::list)),
    route(Verb::Post, "/api/v1/refunds/{refund}/approve", Who::Only(SUPERVISOR), || post(money::approve)),
    route(Verb::Post, "/api/v1/refunds/{refund}/refuse", Who::Only(SUPERVISOR), || post(money::refuse)),
    route(Verb::Post, "/api/v1/refunds/{refund}/paid", Who::Only(OFFICER), || post(money::paid)),
    route(Verb::Post, "/api/v1/accounts/{account}/penalties", Who::Only(OFFICER), || post(money::impose)),
    route(Verb::Post, "/api/v1/accounts/{account}/penalties/{penalty}/quash", Who::Only(SUPERVISOR), || {
        post(money::quash)
    }),
    route(Verb::Get, "/api/v1/reviews", Who::Only(FIGURES), || get(reviews::list)),
    route(Verb::Get, "/api/v1/work-items", Who::Only(OFFICER), || get(work_items::list)),
    route(Verb::Get, "/api/v1/work-items/{id}", Who::Only(OFFICER), || get(work_item::show)),
    route(Verb::Post, "/api/v1/work-items/{id}/claim", Who::Only(OFFICER), || post(work_item::claim)),
    route(Verb::Post, "/api/v1/work-items/{id}/release", Who::Only(OFFICER), || post(work_item::release)),
    route(Verb::Post, "/api/v1/work-items/{id}/defer", Who::Only(OFFICER), || post(work_item::defer)),
    route(Verb::Post, "/api/v1/work-items/{id}/request-evidence", Who::Only(OFFICER), || {
        post(work_item::request_evidence)
    }),
    route(Verb::Post, "/api/v1/work-items/{id}/decide", Who::Only(OFFICER), || post(work_item::decide)),
    route(Verb::Post, "/api/v1/work-items/{id}/authorise", Who::Only(SUPERVISOR), || post(work_item::authorise)),
    route(Verb::Get, "/api/v1/gates", Who::Only(FIGURES), || get(gates::show)),
    route(Verb::Get, "/api/v1/recovery/holds", Who::Only(FIGURES), || get(recovery::holds)),
    route(Verb::Get, "/api/v1/recovery/clashes", Who::Only(FIGURES), || get(recovery::clashes)),
    route(Verb::Get, "/api/v1/figures", Who::Only(FIGURES), || get(figures::show)),
    route(Verb::Get, "/api/v1/figures/{table}", Who::Only(FIGURES), || get(figures::csv)),
    route(Verb::Get, "/api/v1/why-not-automatic", Who::Only(FIGURES), || get(figures::why)),
    route(Verb::Post, "/api/v1/what-if", Who::Only(MANAGER), || post(what_if::answer)),
    route(Verb::Get, "/api/v1/savings", Who::Only(SAVINGS), || get(savings::show)),
    route(Verb::Get, "/api/v1/assumptions", Who::Only(SAVINGS), || get(assumptions::show)),
    route(Verb::Post, "/api/v1/assumptions", Who::Only(MANAGER), || post(assumptions::assume)),
    route(Verb::Post, "/api/v1/budget-reductions", Who::Only(MANAGER), || post(assumptions::reduce)),
    route(Verb::Post, "/api/v1/estimates", Who::AnyoneLimited, || post(estimates::answer)),
    route(Verb::Get, "/api/v1/events", Who::Only(AUDITOR), || get(events::list)),
    route(Verb::Get, "/api/v1/openapi.json", Who::AnyoneLimited, || get(openapi::show)),
    route(Verb::Get, "/api/v1/schemas/notifications/{kind}", Who::AnyoneLimited, || get(schemas::show)),
    route(Verb::Get, "/assets/{name}", Who::Anyone, || get(assets::show)),
    route(Verb::Get, "/", Who::Visitor, || get(start::show)),
    route(Verb::Get, "/estimate", Who::Visitor, || get(estimate::show)),
    route(Verb::Get, "/help", Who::Visitor, || get(standing::help)),
    route(Verb::Get, "/privacy", Who::Visitor, || get(standing::privacy)),
    route(Verb::Get, "/accessibility", Who::Visitor, || get(standing::accessibility)),
    route(Verb::Get, "/track", Who::Visitor, || get(track::ask)),
    route(Verb::Get, "/track/{reference}", Who::Visitor, || get(track::show)),
    route(Verb::Post, "/track/{reference}/answer", Who::VisitorWhoSends, || post(track::answer)),
    route(Verb::Get, "/track/{reference}/withdraw", Who::Visitor, || get(track::ask_to_withdraw)),
    route(Verb::Post, "/track/{reference}/withdraw", Who::VisitorWhoSends, || post(track::withdraw)),
    file("/track/{reference}/evidence", Who::VisitorWhoSends, || {
        post(track::evidence).layer(DefaultBodyLimit::max(MOST_OF_A_FORM))
    }),
    route(Verb::Get, "/many", Who::Visitor, || get(many::ask)),
    file("/many", Who::VisitorWhoSends, || post(many::look).layer(DefaultBodyLimit::max(MOST_OF_A_FORM))),
    route(Verb::Get, "/many/{draft}", Who::Visitor, || get(many::show)),
    route(Verb::Get, "/many/{draft}/put-right.csv", Who::Visitor, || get(many::put_right)),
    route(Verb::Post, "/many/{draft}", Who::VisitorWhoSends, || post(many::send)),
    route(Verb::Post, "/tell", Who::VisitorWhoSends, || post(tell::begin)),
    route(Verb::Get, "/tell/{draft}", Who::Visitor, || get(tell::resume)),
    route(Verb::Get, "/tell/{draft}/check", Who::Visitor, || get(tell::check::show)),
    route(Verb::Post, "/tell/{draft}/check", Who::VisitorWhoSends, || post(tell::check::send)),
    route(Verb::Get, "/tell/{draft}/save", Who::Visitor, || get(tell::check::save)),
    route(Verb::Post, "/tell/{draft}/save", Who::Visitor, || post(tell::check::save)),
    route(Verb::Post, "/tell/{draft}/delete", Who::Visitor, || post(tell::check::delete)),
    route(Verb::Get, "/tell/{draft}/sent", Who::Visitor, || get(tell::sent::show)),
    route(Verb::Get, "/tell/{draft}/{scope}/{question}", Who::Visitor, || get(tell::show)),
    route(Verb::Post, "/tell/{draft}/{scope}/{question}", Who::Visitor, || post(tell::answer)),
    route(Verb::Get, "/health/live", Who::Anyone, || get(health::live)),
    route(Verb::Get, "/health/ready", Who::Anyone, || get(health::ready)),
    route(Verb::Get, "/metrics", Who::Anyone, || get(metrics::show)),
];

impl Route {
    /// Whether it is for browsers: a page, or what belongs to one.
    pub fn is_page(&self) -> bool {
        matches!(self.who, Who::Visitor | Who::VisitorWhoSends) || self.path.starts_with("/assets/")
    }
}

/// The longest form with a file, bytes: what is too large for us is still read to its end, so that its sender reads why.
const MOST_OF_A_FORM: usize = 48 * 1024 * 1024;

const fn route(verb: Verb, path: &'static str, who: Who, handler: fn() -> MethodRouter<App>) -> Route {
    Route { verb, path, who, takes_a_file: false, handler }
}

const fn file(path: &'static str, who: Who, handler: fn() -> MethodRouter<App>) -> Route {
    Route { verb: Verb::Post, path, who, takes_a_file: true, handler }
}

/// Where a request comes from, as the socket says.
#[derive(Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Set to the path of the route once it is known, for the log of the request.
pub(super) type Template = Arc<OnceLock<&'static str>>;

/// Who calls, once that is established.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// Anybody, or whoever has the tracking token.
    Public,
    /// The holder of a token.
    Holder(Holder),
}

/// Answers requests by the table.
pub(super) fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router =
            router.route(route.path, (route.handler)().route_layer(from_fn_with_state((app.clone(), route), guard)));
    }
    router.fallback(nothing_here).method_not_allowed_fallback(not_this_way).with_state(app)
}

async fn nothing_here(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let problem = Problem::not_found("Check the path: what there is stands in /api/v1/openapi.json.").into_response();
    let accepted = parts.headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !accepted.contains("text/html") {
        return problem;
    }
    match Visit::from_request_parts(&mut parts, &app).await {
        Ok(visit) => oops::instead_of(problem, &visit),
        Err(_) => problem,
    }
}

async fn not_this_way() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "The header Allow of this answer says which methods there are for this path.")
}

/// Lets a request through that the table admits; whatever does not work is told to a visitor in a page.
async fn guard(
    State((app, route)): State<(App, &'static Route)>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if let Some(template) = request.extensions().get::<Template>() {
        let _first = template.set(route.path);
    }
    if !matches!(route.who, Who::Visitor | Who::VisitorWhoSends) {
        return in_time(&app, route, request, next).await;
    }
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &app).await?;
    let response = in_time(&app, route, Request::from_parts(parts, body), next).await.into_response();
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let is_problem = media_type.is_some_and(|it| it.as_bytes() == MEDIA_TYPE.as_bytes());
    Ok(if is_problem { oops::instead_of(response, &visit) } else { response })
}

/// Lets a request through that the table admits, and gives it as long as the table says.
async fn in_time(app: &App, route: &Route, request: Request, next: Next) -> Result<Response, Problem> {
    let Limits { body_bytes, request_timeout, file_timeout, .. } = app.0.limits;
    // A file that is too large is read to its end all the same, so that whoever sends it reads the answer.
    if !route.takes_a_file && declared_length(request.headers()) > body_bytes {
        return Err(Problem::new(Kind::TooLarge, format!("A request has at most {body_bytes} bytes: send less.")));
    }
    let longest = if route.takes_a_file { file_timeout } else { request_timeout };
    let answered = tokio::time::timeout(longest, admitted(app, route, request, next)).await;
    answered.map_err(|_| Problem::unavailable(&"a request took too long"))?
}

fn declared_length(headers: &HeaderMap) -> usize {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    declared.and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// Lets a request through where the table says that its caller may.
async fn admitted(app: &App, route: &Route, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = match route.who {
        Who::Anyone => Caller::Public,
        Who::AnyoneLimited => {
            within(&app.0.open_reads, &parts)?;
            Caller::Public
        }
        Who::Visitor | Who::VisitorWhoSends => {
            let sends = route.who == Who::VisitorWhoSends;
            within(if sends { &app.0.submissions } else { &app.0.open_reads }, &parts)?;
            if route.verb == Verb::Post {
                from_here(&parts)?;
            }
            Caller::Public
        }
        Who::AnyoneLimitedOr(roles) => {
            if let Some(token) = bearer(&parts)? {
                Caller::Holder(permitted(holder(app, token).await?, roles)?)
            } else {
                within(&app.0.submissions, &parts)?;
                Caller::Public
            }
        }
        Who::TrackingOr(roles) => tracker(app, &mut parts, roles).await?,
        Who::Only(roles) => {
            let token = bearer(&parts)?.ok_or_else(no_token)?;
            Caller::Holder(permitted(holder(app, token).await?, roles)?)
        }
    };
    parts.extensions.insert(caller);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// What is sent comes from a page of this service, as far as the browser says where it comes from.
fn from_here(parts: &Parts) -> Result<(), Problem> {
    let said = |name: HeaderName| parts.headers.get(name).and_then(|it| it.to_str().ok());
    let refused = Problem::new(Kind::Forbidden, "Send it from the pages of this service.");
    let site = said(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|it| !matches!(it, "same-origin" | "none")) {
        return Err(refused);
    }
    let host = said(header::HOST).unwrap_or_default();
    let elsewhere = |origin: &str| origin.split_once("://").is_none_or(|(_, it)| it != host);
    // A browser that withholds where a form comes from says "null": then the site has to be said.
    match said(header::ORIGIN) {
        Some("null") if site.is_some() => Ok(()),
        Some(origin) if elsewhere(origin) => Err(refused),
        Some(_) | None => Ok(()),
    }
}

/// Who may see one notification: a role, or the tracking token in the header or the query.
async fn tracker(app: &App, parts: &mut Parts, roles: &[Role]) -> Result<Caller, Problem> {
    let token = bearer(parts)?.map(str::to_owned);
    let known = match &token {
        Some(token) => app.0.access.holder(token).await?,
        None => None,
    };
    if let Some(known) = known.as_ref().filter(|it| roles.contains(&it.role)) {
        return Ok(Caller::Holder(known.clone()));
    }
    // What records something is limited as a submission is.
    let limiter = if parts.method == Method::POST { &app.0.submissions } else { &app.0.open_reads };
    within(limiter, parts)?;
    let in_query = super::query::Params::of(&parts.uri, &["token"]).text("token");
    let from_header = token.filter(|_| known.is_none());
    let Some(token) = from_header.or(in_query) else {
        return Err(if known.is_some() { not_permitted(roles) } else { no_token() });
    };
    let named = RawPathParams::from_request_parts(parts, &()).await.ok();
    let named = named.as_ref().and_then(|it| it.iter().next()).and_then(|(_, value)| value.parse().ok());
    let fits = named.is_some_and(|reference: NotificationRef| app.backend().tracking_token_fits(&reference, &token));
    if fits { Ok(Caller::Public) } else { Err(notifications::not_found()) }
}

async fn holder(app: &App, token: &str) -> Result<Holder, Problem> {
    let refused = || Problem::new(Kind::Unauthorised, "The token is unknown or was revoked: ask for a new one.");
    app.0.access.holder(token).await?.ok_or_else(refused)
}

fn permitted(holder: Holder, roles: &[Role]) -> Result<Holder, Problem> {
    if roles.contains(&holder.role) { Ok(holder) } else { Err(not_permitted(roles)) }
}

fn not_permitted(roles: &[Role]) -> Problem {
    let roles: Vec<_> = roles.iter().map(|it| it.as_str()).collect();
    Problem::new(Kind::Forbidden, format!("Use a token of one of these roles: {}.", roles.join(", ")))
}

fn no_token() -> Problem {
    Problem::new(Kind::Unauthorised, "Send a token in the header Authorization: Bearer TOKEN.")
}

/// The token in the header; another scheme or a broken header is refused, so that nobody is quietly taken for anybody.
fn bearer(parts: &Parts) -> Result<Option<&str>, Problem> {
    let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else {
        return Ok(None);
    };
    let (scheme, token) = value.to_str().ok().and_then(|it| it.split_once(' ')).unwrap_or_default();
    let token = token.trim();
    let one_bearer =
        scheme.eq_ignore_ascii_case("bearer") && (1..=200).contains(&token.len()) && given.next().is_none();
    if one_bearer { Ok(Some(token)) } else { Err(no_token()) }
}

fn within(limiter: &limit::Limiter, parts: &Parts) -> Result<(), Problem> {
    let Some(Peer(address)) = parts.extensions.get() else {
        return Err(Problem::internal(&"a request without an address"));
    };
    limiter.take(*address).map_err(|wait| {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let told = format!("Wait {seconds} s, then try again; with a token there is no such limit.");
        Problem::new(Kind::TooManyRequests, told).with_retry_after(seconds)
    })
}

impl Verb {
    /// As in a request.
    pub const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}
