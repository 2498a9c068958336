//! In by the council's identity provider: there, and back with its word. Whatever goes wrong ends in a page that says what to
//! do next; why it went wrong is for the log, without anything personal.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearth_events::SignInBy;
use maud::html;

use super::session::{self, only};
use super::sign_in::{Wanted, begun, within};
use crate::access::can_be_named;
use crate::clock::system_now;
use crate::sign_in::errand::LONGEST;
use crate::sign_in::provider::{NotVouched, Offered, Vouched};
use crate::web::App;
use crate::web::pages::govuk;
use crate::web::pages::layout::{Page, Visit};
use crate::web::problem::Problem;

/// Binds the way there and back to one browser: its secret, and the page that is wanted afterwards.
const COOKIE: &str = "__Host-hearth-errand";
/// A wanted page that is longer is not come back to.
const LONGEST_WANTED: usize = 1000;

/// What the provider sends a browser back with; what comes twice did not come.
#[derive(Default)]
struct Returned {
    state: String,
    code: String,
}

impl Returned {
    fn of(uri: &Uri) -> Self {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(it)| it).unwrap_or_default();
        let given = |name: &str| {
            let mut ours = pairs.iter().filter(|(it, _)| it == name).map(|(_, value)| value.clone());
            let first = ours.next().unwrap_or_default();
            if ours.next().is_some() { String::new() } else { first }
        };
        Self { state: given("state"), code: given("code") }
    }
}

/// Sends a browser to the provider.
pub(in crate::web) async fn begin(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let Some(Offered { provider, .. }) = app.0.sign_in.offered() else { return Ok(not_here(&visit)) };
    let setting_out = app.0.sign_in.set_out(system_now()).map_err(|error| Problem::unavailable(&error))?;
    Ok(match provider.way(&setting_out).await {
        Ok(way) => {
            let mut response = Redirect::to(&way).into_response();
            response
                .headers_mut()
                .insert(header::SET_COOKIE, errand_given(&setting_out.browser, within(wanted.then())));
            response
        }
        Err(why) => not_vouched(&visit, &why),
    })
}

/// Begins a session for whoever the provider vouches for, where they are a member of staff.
pub(in crate::web) async fn finish(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let Some(Offered { provider, .. }) = app.0.sign_in.offered() else { return Ok(not_here(&visit)) };
    let Returned { state, code } = Returned::of(&uri);
    let (browser, then) = errand_of(&headers).unwrap_or_default();
    let errand =
        app.0.sign_in.come_back(&state, browser, system_now()).map_err(|error| Problem::unavailable(&error))?;
    let Some(errand) = errand else { return Ok(begin_again(&visit)) };
    let mut response = if code.is_empty() {
        tracing::info!("a sign-in ended at the identity provider");
        begin_again(&visit)
    } else {
        match provider.vouched(&code, errand).await {
            Ok(vouched) if app.0.access.member(&vouched.name).await?.is_none() => unknown(&visit, &vouched.name),
            Ok(vouched) if !is_same_account(&app, &vouched)? => not_vouched(&visit, &NotVouched::AnotherAccount),
            Ok(Vouched { name, .. }) => {
                let secret = begun(&app, &name, SignInBy::Provider).await?;
                let mut response = Redirect::to(within(&then)).into_response();
                response.headers_mut().append(header::SET_COOKIE, session::given(&secret));
                response
            }
            Err(why) => not_vouched(&visit, &why),
        }
    };
    // Whatever came of it, the errand is over.
    response.headers_mut().append(header::SET_COOKIE, errand_taken());
    Ok(response)
}

fn is_same_account(app: &App, vouched: &Vouched) -> Result<bool, Problem> {
    app.0.sign_in.is_same_account(vouched).map_err(|error| Problem::unavailable(&error))
}

fn errand_given(browser: &str, then: &str) -> HeaderValue {
    let then = if then.len() > LONGEST_WANTED { "" } else { then };
    let (then, seconds) = (URL_SAFE_NO_PAD.encode(then), LONGEST.as_secs());
    // Lax, not Strict: the browser comes from the provider's pages.
    let cookie = format!("{COOKIE}={browser}.{then}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static(""))
}

fn errand_taken() -> HeaderValue {
    HeaderValue::from_str(&format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
        .unwrap_or(HeaderValue::from_static(""))
}

/// The browser's secret, and the page that was wanted.
fn errand_of(headers: &HeaderMap) -> Option<(&str, String)> {
    let (browser, then) = only(headers, COOKIE)?.split_once('.')?;
    let then = URL_SAFE_NO_PAD.decode(then).ok().and_then(|it| String::from_utf8(it).ok()).unwrap_or_default();
    Some((browser, then))
}

fn not_here(visit: &Visit) -> Response {
    told(
        visit,
        StatusCode::NOT_FOUND,
        "This service has no sign-in by council account",
        "Sign in with your sign-in name and passphrase.",
        true,
    )
}

fn begin_again(visit: &Visit) -> Response {
    let minutes = LONGEST.as_mins();
    let text = format!(
        "Signing in was broken off, was begun in another browser or tab, took more than {minutes} minutes, or this page was opened a second time. Begin again."
    );
    told(visit, StatusCode::BAD_REQUEST, "You are not signed in", &text, true)
}

/// The name is shown to whoever has it, and to nobody else: it is what they have to say to be let in.
fn unknown(visit: &Visit, name: &str) -> Response {
    tracing::info!("the identity provider vouched for somebody who is not a member of staff here");
    let name: String = name.chars().filter(|it| !it.is_control()).take(100).collect();
    let text = if can_be_named(&name) {
        format!(
            "The council knows you, but you have no access to this service. If you need it, ask whoever gives access here to add the sign-in name {name}."
        )
    } else {
        format!(
            "The council knows you as {name}, which cannot be a sign-in name here: only letters, digits and - _ . @ can. Tell whoever runs this service: another claim of your council account has to be the name."
        )
    };
    told(visit, StatusCode::FORBIDDEN, "You have no access here", &text, false)
}

fn not_vouched(visit: &Visit, why: &NotVouched) -> Response {
    tracing::warn!("sign-in by the identity provider: {why}");
    let (status, text) = match why {
        NotVouched::OutOfReach(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Sign-in with your council account does not answer just now. Try again in a few minutes.",
        ),
        NotVouched::Refused(_) => (
            StatusCode::BAD_REQUEST,
            "The answer of your council account could not be used. Begin again; if it happens again, tell whoever runs this service, with the time.",
        ),
        NotVouched::NoName(_) => (
            StatusCode::FORBIDDEN,
            "Your council account does not say what you are called here. Tell whoever runs this service, with the time.",
        ),
        NotVouched::AnotherAccount => (
            StatusCode::FORBIDDEN,
            "Your sign-in name was that of another council account here. Whoever gives access has to end the old access and add you anew.",
        ),
        NotVouched::NotStrict => (
            StatusCode::FORBIDDEN,
            "This service needs you to sign in to your council account more strictly, with a second factor. Set one up there, sign out of it, then begin again here.",
        ),
    };
    told(visit, status, "You are not signed in", text, true)
}

fn told(visit: &Visit, status: StatusCode, title: &str, text: &str, again: bool) -> Response {
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (text) }
        @if again { p class="govuk-body" { a class="govuk-link" href="/staff/sign-in" { "Sign in" } } }
    };
    // The address of this page holds a code and a state: nothing on it leads back to them.
    let visit = Visit { here: "/staff/sign-in".to_owned(), ..visit.clone() };
    Page::new(title, body).with_status(status).shown(&visit)
}

/// What leads to the provider, keeping the page that is wanted.
pub(super) fn link_to(then: &str) -> maud::Markup {
    let then: String = form_urlencoded::byte_serialize(then.as_bytes()).collect();
    govuk::link_button("Sign in with your council account", &format!("/staff/sign-in/provider?then={then}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_twice_did_not_come() {
        let of = |query: &str| {
            let it = Returned::of(&format!("/x?{query}").parse().unwrap());
            (it.state, it.code)
        };
        assert_eq!(of("state=a&code=b&iss=c"), ("a".to_owned(), "b".to_owned()));
        assert_eq!(of("state=a&state=b&code=b"), (String::new(), "b".to_owned()));
        assert_eq!(of("state=a%ff"), (String::from("a\u{fffd}"), String::new()));
    }

    #[test]
    fn the_browser_keeps_its_secret_and_where_it_wants_to() {
        let given = errand_given("secret", "/staff/work?x=1");
        let cookie = given.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&cookie).unwrap());
        assert_eq!(errand_of(&headers), Some(("secret", "/staff/work?x=1".to_owned())));
        assert_eq!(errand_of(&HeaderMap::new()), None);
    }
}
