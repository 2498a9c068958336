//! The doors of staff: whoever gives access is seen to, and strangers keep nobody out.

use std::time::Duration;

use hearth_events::Role;

use super::client::{Answer, Service};

const FROM_HERE: &str = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n";
const GOOD: &str = "three+random+kettles";
const BETTER: &str = "four+random+kettles";

/// The name of a member of staff beside those of each role.
const NEW: &str = "n.newman";

async fn sent(service: &Service, path: &str, cookies: &str, body: &str) -> Answer {
    service.ask("POST", path, None, &format!("{cookies}{FROM_HERE}"), body).await
}

async fn page(service: &Service, path: &str, cookies: &str) -> Answer {
    service.ask("GET", path, None, cookies, "").await
}

/// The path of the link on a page.
fn link(page: &Answer) -> String {
    let (_, after) = page.text.split_once("href=\"/staff/set-up/").unwrap_or_else(|| panic!("no link: {page:?}"));
    format!("/staff/set-up/{}", after.split('"').next().unwrap())
}

async fn set_up(service: &Service, link: &str, passphrase: &str) -> Answer {
    sent(service, link, "", &format!("passphrase={passphrase}&again={passphrase}")).await
}

async fn sign_in(service: &Service, passphrase: &str, cookies: &str) -> Answer {
    sent(service, "/staff/sign-in", cookies, &format!("name={NEW}&passphrase={passphrase}&then=/staff/work?x=1")).await
}

/// The cookies of an answer as a line of a head.
fn with(cookies: &[&str]) -> String {
    format!("Cookie: {}\r\n", cookies.join("; "))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_makes_a_link_to_sign_in_as_another_is_seen_by_that_other() {
    let service = Service::start().await;
    let admin = service.session(Role::Admin).await;
    let enrolled =
        sent(&service, "/staff/people", &admin, &format!("name={NEW}&role=officer&queues=lost,+moves")).await;
    assert_eq!(enrolled.status, 422, "{enrolled:?}");
    assert!(enrolled.text.contains("there is no queue called lost: the queues are moves"), "{enrolled:?}");
    let enrolled = sent(&service, "/staff/people", &admin, &format!("name={NEW}&role=officer&queues=moves")).await;
    let first = link(&enrolled);
    assert_eq!(set_up(&service, &first, "short").await.status, 422);
    assert_eq!(set_up(&service, &first, GOOD).await.status, 303);
    let signed_in = sign_in(&service, GOOD, "").await;
    assert_eq!(signed_in.header("location"), Some("/staff/work?x=1"), "one's own first link is no news");

    // Nobody takes over an open browser for good, and a change of role or queue is checked as an enrolment is.
    let own = sent(&service, "/staff/people/staff-admin", &admin, "do=link").await;
    assert_eq!(own.status, 422);
    assert!(own.text.contains("Another person has to do that for you") && !own.text.contains("/staff/set-up/"));
    let changed = sent(&service, &format!("/staff/people/{NEW}"), &admin, "do=change&role=officer&queues=lost").await;
    assert_eq!(changed.status, 422, "{changed:?}");

    let second = link(&sent(&service, &format!("/staff/people/{NEW}"), &admin, "do=link").await);
    let signed_in = sign_in(&service, GOOD, "").await;
    assert_eq!(
        signed_in.header("location"),
        Some("/staff/me?then=%2Fstaff%2Fwork%3Fx%3D1"),
        "told before anything else"
    );
    let session = with(&signed_in.cookies());
    let told = page(&service, "/staff/me?then=%2Fstaff%2Fwork%3Fx%3D1", &session).await;
    for part in
        ["Somebody could have signed in by your name", "staff-admin", "another passphrase", "href=\"/staff/work?x=1\""]
    {
        assert!(told.text.contains(part), "{part}: {}", told.text);
    }
    assert_eq!(page(&service, "/staff/me?then=https://evil.example", &session).await.text.matches("evil").count(), 0);

    // The admin signs in by that name, looks at the page, signs out: the next who does is told all the same.
    assert_eq!(set_up(&service, &second, BETTER).await.status, 303);
    assert_eq!(page(&service, "/staff/me", &session).await.status, 303, "earlier sessions have ended");
    for _ in 0..2 {
        let signed_in = sign_in(&service, BETTER, "").await;
        assert!(signed_in.header("location").unwrap().starts_with("/staff/me?"), "{signed_in:?}");
        let told = page(&service, "/staff/me", &with(&signed_in.cookies())).await;
        assert!(told.text.contains("another passphrase was set up with a link"), "{}", told.text);
    }
    for path in ["/staff/people", &format!("/staff/people/{NEW}")] {
        let history = page(&service, path, &admin).await;
        assert!(history.text.contains("a link was made to set up another passphrase"), "{path}: {}", history.text);
        assert!(history.text.contains("a passphrase was set up with a link"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn letting_somebody_go_and_in_again_hides_no_link() {
    let service = Service::start().await;
    let admin = service.session(Role::Admin).await;
    let enrol = format!("name={NEW}&role=officer&queues=");
    let first = link(&sent(&service, "/staff/people", &admin, &enrol).await);
    set_up(&service, &first, GOOD).await;
    assert_eq!(sent(&service, &format!("/staff/people/{NEW}"), &admin, "do=leave").await.status, 303);
    // What the list of members says is half a second old at most.
    tokio::time::sleep(Duration::from_millis(600)).await;
    let again = link(&sent(&service, "/staff/people", &admin, &enrol).await);
    assert_eq!(set_up(&service, &again, BETTER).await.status, 303);
    let signed_in = sign_in(&service, BETTER, "").await;
    assert!(signed_in.header("location").unwrap().starts_with("/staff/me?"), "{signed_in:?}");
    // A link of somebody who has left opens nothing.
    let last = link(&sent(&service, &format!("/staff/people/{NEW}"), &admin, "do=link").await);
    sent(&service, &format!("/staff/people/{NEW}"), &admin, "do=leave").await;
    assert_eq!(set_up(&service, &last, GOOD).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_elsewhere_do_not_keep_the_browser_out_that_is_known() {
    let service = Service::start().await;
    let admin = service.session(Role::Admin).await;
    let first = link(&sent(&service, "/staff/people", &admin, &format!("name={NEW}&role=officer&queues=")).await);
    set_up(&service, &first, GOOD).await;
    let signed_in = sign_in(&service, GOOD, "").await;
    let cookies = signed_in.cookies();
    let browser: Vec<_> = cookies.iter().copied().filter(|it| it.starts_with("__Host-hearth-browser=")).collect();
    assert_eq!((cookies.len(), browser.len()), (2, 1), "{signed_in:?}");
    assert!(!browser[0].contains(NEW), "it says nothing of anybody");
    for _ in 0..5 {
        assert_eq!(sign_in(&service, "a+guess+of+somebody", "").await.status, 422);
    }
    let kept_out = sign_in(&service, GOOD, "").await;
    assert!(kept_out.text.contains("Too many wrong passphrases"), "{kept_out:?}");
    let made_up = sign_in(&service, GOOD, &with(&["__Host-hearth-browser=made-up"])).await;
    assert!(made_up.text.contains("Too many wrong passphrases"), "{made_up:?}");
    assert_eq!(sign_in(&service, GOOD, &with(&browser)).await.status, 303);
}
