//! Who is signed in: the session of the one cookie that stays.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::access::Holder;
use crate::clock::system_now;
use crate::sign_in::{KNOWN, Session};
use crate::web::App;
use crate::web::problem::Problem;

/// Bound to this host and to secure connections by its name; browsers take `http://localhost` as one.
const COOKIE: &str = "__Host-hearth";
/// What a browser is known by where somebody signed in with it before: it opens nothing, and says nothing of anybody.
const BROWSER: &str = "__Host-hearth-browser";

/// Who is signed in, with the role they have now; none where nobody is, or they left.
///
/// # Errors
/// When that cannot be told now.
pub(in crate::web) async fn holder(app: &App, headers: &HeaderMap) -> Result<Option<Holder>, Problem> {
    member(app, session(app, headers)?).await
}

/// The same for who only listens: that is no step, so that a page that lies open keeps no session alive.
///
/// # Errors
/// As [`holder`].
pub(in crate::web) async fn listener(app: &App, headers: &HeaderMap) -> Result<Option<Holder>, Problem> {
    let Some(secret) = secret(headers) else { return Ok(None) };
    let session = app.0.sign_in.still(secret, system_now()).map_err(|error| Problem::unavailable(&error))?;
    member(app, session).await
}

async fn member(app: &App, session: Option<Session>) -> Result<Option<Holder>, Problem> {
    let Some(session) = session else { return Ok(None) };
    let member = app.0.access.member(&session.name).await?;
    Ok(member.map(|it| Holder { name: it.name, role: it.role }))
}

/// What tells the session from others; none where there is none.
pub(in crate::web) fn mark(app: &App, headers: &HeaderMap) -> Option<String> {
    app.0.sign_in.still(secret(headers)?, system_now()).ok().flatten().map(|it| it.mark)
}

fn session(app: &App, headers: &HeaderMap) -> Result<Option<Session>, Problem> {
    let Some(secret) = secret(headers) else { return Ok(None) };
    app.0.sign_in.session(secret, system_now()).map_err(|error| Problem::unavailable(&error))
}

/// The secret in the cookie.
pub(super) fn secret(headers: &HeaderMap) -> Option<&str> {
    only(headers, COOKIE)
}

/// What the browser is known by.
pub(super) fn browser(headers: &HeaderMap) -> Option<&str> {
    only(headers, BROWSER)
}

/// The value of the one cookie of a name.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(';'));
    let mut ours = cookies.filter_map(|it| it.trim().split_once('=')).filter(|(it, _)| *it == name);
    let value = ours.next()?.1;
    // Two of that name: somebody put one of them there.
    if ours.next().is_some() { None } else { Some(value) }
}

/// The header that gives a browser its session, until it is closed.
pub(super) fn given(secret: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax"))
        .unwrap_or(HeaderValue::from_static(""))
}

/// The header that makes a browser known, for signing in alone.
pub(super) fn known(secret: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("{BROWSER}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={KNOWN}"))
        .unwrap_or(HeaderValue::from_static(""))
}

/// The header that takes it away.
pub(super) fn taken() -> HeaderValue {
    HeaderValue::from_str(&format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
        .unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cookie_of_the_name_counts_and_two_do_not() {
        let with = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(text));
            secret(&headers).map(str::to_owned)
        };
        assert_eq!(with("a=b; __Host-hearth=xyz").as_deref(), Some("xyz"));
        assert_eq!(with("hearth=xyz; __Host-hearthx=1"), None);
        assert_eq!(with("__Host-hearth=xyz; __Host-hearth=abc"), None);
    }
}
