//! What stands before every route: who calls, whether the table lets them, and what they must not touch.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{FromRequestParts as _, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use hearth_events::{NotificationRef, Role};

use super::api::notifications;
use super::looked::{self, Wish};
use super::pages::layout::Visit;
use super::pages::oops;
use super::pages::staff::{self, session};
use super::problem::{Kind, MEDIA_TYPE, Problem};
use super::routes::{ROUTES, Route, Verb, Who};
use super::{App, Limits, limit};
use crate::access::Holder;

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
    /// The holder of a token, or a member of staff who signed in.
    Holder(Holder),
}

impl Caller {
    /// The officer who calls, by the name that they sign in by or that of their token.
    pub(super) fn officer(&self) -> Result<&str, Problem> {
        match self {
            Self::Holder(it) => Ok(&it.name),
            Self::Public => Err(Problem::internal(&"an officer's action without an officer")),
        }
    }
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
    in_page(&app, &mut parts, problem).await
}

async fn not_this_way(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let told = "The header Allow of this answer says which methods there are for this path.";
    in_page(&app, &mut parts, Problem::new(Kind::MethodNotAllowed, told).into_response()).await
}

/// A problem of no route in a page, for who wants one.
async fn in_page(app: &App, parts: &mut Parts, problem: Response) -> Response {
    if !oops::wants_a_page(&parts.headers) {
        return problem;
    }
    let visit = Visit::from_request_parts(parts, app).await;
    oops::instead_of(problem, &visit.unwrap_or_else(|_| Visit::of(&parts.uri)))
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
    if !route.is_told_in_pages() {
        return in_time(&app, route, request, next).await;
    }
    let (mut parts, body) = request.into_parts();
    let visit = match Visit::from_request_parts(&mut parts, &app).await {
        Ok(visit) => visit,
        // Not even the council's name can be read.
        Err(problem) => return Ok(oops::instead_of(problem.into_response(), &Visit::of(&parts.uri))),
    };
    if matches!(route.who, Who::Staff(_)) {
        match signed_in(&app, route, &parts.headers).await {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(sign_in_first(route, &parts, &visit)),
            Err(problem) => return Ok(oops::for_staff(&problem.into_response(), &visit)),
        }
    }
    let response = in_time(&app, route, Request::from_parts(parts, body), next).await.into_response();
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let is_problem = media_type.is_some_and(|it| it.as_bytes() == MEDIA_TYPE.as_bytes());
    Ok(match route.who {
        _ if !is_problem => response,
        Who::Staff(_) => oops::for_staff(&response, &visit),
        Who::Anyone
        | Who::AnyoneLimited
        | Who::Visitor
        | Who::VisitorWhoSends
        | Who::AnyoneLimitedOr(_)
        | Who::TrackingOr(_)
        | Who::Only(_) => oops::instead_of(response, &visit),
    })
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

async fn signed_in(app: &App, route: &Route, headers: &HeaderMap) -> Result<Option<Holder>, Problem> {
    if route.listens { session::listener(app, headers).await } else { session::holder(app, headers).await }
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
        Who::Staff(roles) => {
            if route.verb == Verb::Post {
                surely_from_here(&parts)?;
            }
            let holder = signed_in(app, route, &parts.headers).await?.ok_or_else(no_token)?;
            if !roles.contains(&holder.role) {
                return Err(Problem::new(Kind::Forbidden, "Your role does not include this page."));
            }
            Caller::Holder(holder)
        }
    };
    looking(app, route, caller, Request::from_parts(parts, body), next).await
}

/// Lets a caller at the record that a route shows, where it shows one, and records that it was shown.
async fn looking(app: &App, route: &Route, caller: Caller, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let by_browser = matches!(route.who, Who::Staff(_));
    let look = match (&caller, route.looks_at) {
        (Caller::Holder(holder), Some(kind)) => {
            match looked::wished(app, &mut parts, holder, kind, by_browser).await? {
                Wish::Granted(look) => Some(look),
                Wish::Explained(look, at) => {
                    looked::record(app, look).await?;
                    return Ok(Redirect::to(&at).into_response());
                }
                Wish::Why => {
                    parts.extensions.insert(caller);
                    return staff::why::ask(app, &mut parts).await;
                }
            }
        }
        (Caller::Public | Caller::Holder(_), _) => None,
    };
    parts.extensions.insert(caller);
    let response = next.run(Request::from_parts(parts, body)).await;
    // What a form gets back may be the whole record again.
    let back = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT];
    let shows = |status: StatusCode| status.is_success() || by_browser && back.contains(&status);
    if let Some(look) = look.filter(|_| (route.verb == Verb::Get || by_browser) && shows(response.status())) {
        looked::record(app, look).await?;
    }
    Ok(response)
}

/// Whoever has not signed in is asked to, and comes back to the page that they wanted; what they sent is not done.
fn sign_in_first(route: &Route, parts: &Parts, visit: &Visit) -> Response {
    if route.verb == Verb::Get {
        let wanted = parts.uri.path_and_query().map_or("/staff", |it| it.as_str());
        let then: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
        return Redirect::to(&format!("/staff/sign-in?then={then}")).into_response();
    }
    staff::sign_in::has_ended(visit)
}

/// What is sent comes from a page of this service, and the browser says so: a session goes along with it.
fn surely_from_here(parts: &Parts) -> Result<(), Problem> {
    let says = [HeaderName::from_static("sec-fetch-site"), header::ORIGIN];
    if !says.iter().any(|it| parts.headers.contains_key(it)) {
        return Err(Problem::new(Kind::Forbidden, "Send it from the pages of this service."));
    }
    from_here(parts)
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
