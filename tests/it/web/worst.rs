//! The worst days: whatever does not work is told to who wants a page in one, and to programs in a problem document.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use hearth::web::{Limits, Rate, while_closed};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::client::{Answer, Service};

const BROWSER: &str = "Accept: text/html,application/xhtml+xml\r\n";

/// It is a page: with a policy of its own, one heading that says this, and a way to go on.
#[track_caller]
fn is_page(answer: &Answer, status: u16, says: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{answer:?}");
    assert!(answer.text.contains(&format!("<h1 class=\"govuk-heading-l\">{says}</h1>")), "{answer:?}");
    assert!(answer.text.contains("<main") && answer.text.contains("href=\"/\""), "{answer:?}");
    assert!(answer.header("content-security-policy").unwrap().contains("style-src 'self'"), "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn where_nothing_can_be_read_who_wants_a_page_is_told_in_one() {
    let service = Service::start().await;
    service.log.down.store(true, Ordering::SeqCst);
    for path in ["/", "/tell/0123/check", "/no-such-page"] {
        let answer = service.ask("GET", path, None, BROWSER, "").await;
        let (status, says) =
            if path == "/no-such-page" { (404, "Page not found") } else { (503, "We cannot answer just now") };
        is_page(&answer, status, says);
        assert!(answer.text.contains("Your council"), "its name cannot be read either");
        if status == 503 {
            assert!(answer.header("retry-after").is_some());
        }
    }
    service.get("/api/v1/accounts/30001234", Some("hearth_unknown")).await.problem(503, "unavailable");
    service.log.down.store(false, Ordering::SeqCst);
    assert_eq!(service.ask("GET", "/", None, BROWSER, "").await.status, 200);
}

#[tokio::test]
async fn too_many_too_much_from_elsewhere_or_another_way_are_pages() {
    let limits = Limits { submissions: Rate::new(2, 1), open_reads: Rate::new(4, 1), ..Limits::default() };
    let service = Service::limited(limits).await;
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let elsewhere = format!("{BROWSER}{form}Sec-Fetch-Site: cross-site\r\n");
    is_page(&service.ask("POST", "/tell", None, &elsewhere, "x=1").await, 403, "We could not take this");
    let ours = format!("{BROWSER}{form}");
    is_page(&service.ask("POST", "/help", None, &ours, "x=1").await, 405, "We could not understand this");
    service.ask("POST", "/help", None, "", "x=1").await.problem(405, "method-not-allowed");
    let much = "x".repeat(70_000);
    let draft = service.ask("POST", "/tell", None, &ours, "").await;
    let draft = draft.header("location").unwrap().to_owned();
    is_page(&service.ask("POST", &draft, None, &ours, &much).await, 413, "That was too much at once");
    let answer = service.ask("POST", "/tell", None, &ours, "").await;
    is_page(&answer, 429, "Please wait a moment");
    assert!(answer.header("retry-after").is_some());
    for _ in 0..4 {
        service.ask("GET", "/help", None, BROWSER, "").await;
    }
    is_page(&service.ask("GET", "/help", None, BROWSER, "").await, 429, "Please wait a moment");
}

#[tokio::test]
async fn while_the_log_is_opened_there_is_a_page_with_its_styles() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = Service::start().await;
    let start = service.ask("GET", "/", None, BROWSER, "").await.text;
    let style = start.split('"').find(|it| it.starts_with("/assets/app") && it.contains("css")).unwrap().to_owned();
    let waiting = Service { address: listener.local_addr().unwrap(), ..service };
    let (opened, opening) = oneshot::channel::<()>();
    let listener = Arc::new(listener);
    let closed = tokio::spawn({
        let listener = Arc::clone(&listener);
        async move { while_closed(&listener, &Limits::default(), opening).await }
    });
    is_page(&waiting.ask("GET", "/tell/0123/check", None, BROWSER, "").await, 503, "We cannot answer just now");
    let json = waiting.ask("GET", "/api/v1/gates", None, "", "").await;
    assert_eq!((json.status, json.header("content-type")), (503, Some("application/problem+json")));
    let style = waiting.ask("GET", &style, None, "", "").await;
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")), "{style:?}");
    assert_eq!(waiting.ask("GET", "/assets/none.css", None, "", "").await.status, 503);
    opened.send(()).unwrap();
    closed.await.unwrap().unwrap();
}
