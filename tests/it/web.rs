//! The web edge over a real socket: who may, what is told when it does not work, what is cut, what is finished.

mod client;
mod doors;
mod estimates;
mod fake;
mod foreseen;
mod item;
mod links;
mod manage;
mod queue;
mod reading;
mod worst;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use client::Service;
use fake::{NOW, REFERRED, UPRN};
use hearth::access::{self, AccessError, staff};
use hearth::service::Sender;
use hearth::web::routes::{ROUTES, Verb, Who};
use hearth::web::{Limits, Rate, document};
use hearth_events::Role;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A body that a POST to this template takes.
fn body_of(template: &str) -> &str {
    match template.rsplit('/').next() {
        Some("estimates") => estimates::ASKED,
        Some("withdraw" | "claim" | "release" | "authorise" | "approve" | "refuse" | "quash" | "escalate" | "next") => {
            ""
        }
        Some("penalties") => r#"{"reference":"30001234-P1"}"#,
        Some("paid") => r#"{"payment_reference":"BACS-1"}"#,
        Some("assumptions") => r#"{"name":"manual_minutes","value":"5.1","source":"time sheets","from":"2016-04-01"}"#,
        Some("budget-reductions") => {
            r#"{"decision":"minute 88","line":"postage","yearly":"1200.00","from":"2016-04-01"}"#
        }
        Some("what-if") => r#"{"rules":"[[policy]]\nfrom = \"2015-04-01\"\nbackdate_limit_days = 30"}"#,
        Some("answer") => r#"{"text":"On the first"}"#,
        Some("defer") => r#"{"until":"2015-12-20"}"#,
        Some("request-evidence") => r#"{"evidence":"A copy of the lease"}"#,
        Some("reverse" | "restore") => r#"{"explanation":"Told of the wrong dwelling"}"#,
        Some("hand-over") => r#"{"to":"south"}"#,
        Some("reallocate") => r#"{"queue":"moves","priority":"high","note":"It is about a move"}"#,
        Some("check") => r#"{"error":"financial","value":"1.20"}"#,
        Some("contacts") => r#"{"channel":"telephone","about":"chase"}"#,
        Some("bulk" | "preview") => r#"{"references":["HN-0000-0000-0001"],"action":"release"}"#,
        Some("undo") => r#"{"order":"bulk-1"}"#,
        Some("decide") => r#"{"decision":"accept"}"#,
        _ => r#"{"kind":"move-in"}"#,
    }
}

/// A path of this template that is there.
fn path_of(template: &str) -> String {
    let filled = template
        .replace("evidence/{id}", &format!("evidence/{}", "ab".repeat(32)))
        .replace("{reference}", REFERRED)
        .replace("{account}", "30001234")
        .replace("{uprn}", UPRN)
        .replace("{id}", REFERRED)
        .replace("{refund}", REFERRED)
        .replace("{penalty}", "30001234-P1")
        .replace("{table}", "volumes-by-kind")
        .replace("{kind}", "move-in")
        .replace("{name}", "staff-officer");
    if template.ends_with("/accounts") { format!("{filled}?uprn={UPRN}") } else { filled }
}

#[tokio::test]
async fn every_route_admits_those_the_table_names_and_nobody_else() {
    let service = Service::limited(Limits { submissions: Rate::new(500, 1), ..Limits::default() }).await;
    let mut callers = vec![(None, None), (None, Some("hearth_unknown".to_owned()))];
    for role in Role::ALL {
        callers.push((Some(role), Some(service.token(role).await)));
    }
    for route in ROUTES {
        for (role, token) in &callers {
            let (path, token) = (path_of(route.path), token.as_deref());
            let status = match route.verb {
                Verb::Get => service.get(&path, token).await.status,
                Verb::Post if route.takes_a_file => {
                    service.ask("POST", &path, token, "Content-Type: application/pdf\r\n", "%PDF-1.4").await.status
                }
                Verb::Post => service.post_to(&path, body_of(route.path), token).await.status,
            };
            let expected: &[u16] = match (route.who, role, token) {
                // A page is there for everybody, or goes on to another, or says that there is no such thing, or no such form.
                (Who::VisitorWhoSends, _, _) if route.takes_a_file => &[303, 400, 404],
                (Who::Visitor | Who::VisitorWhoSends, _, _) => &[200, 303, 404, 422],
                (Who::Staff(_), _, _) => &[if route.verb == Verb::Get { 303 } else { 401 }],
                (Who::Anyone, _, _) if route.path.starts_with("/assets/") => &[404],
                (Who::Anyone | Who::AnyoneLimited, _, _) | (Who::AnyoneLimitedOr(_), None, None) => &[200, 201],
                (Who::AnyoneLimitedOr(_) | Who::Only(_), None, Some(_))
                | (Who::TrackingOr(_) | Who::Only(_), None, None) => &[401],
                (Who::TrackingOr(_), None, Some(_)) => &[404],
                (Who::AnyoneLimitedOr(roles) | Who::TrackingOr(roles) | Who::Only(roles), Some(role), _) => {
                    if roles.contains(role) { &[200, 201] } else { &[403] }
                }
            };
            assert!(expected.contains(&status), "{path} as {role:?}: {status}, not {expected:?}");
        }
    }
}

#[tokio::test]
async fn a_session_opens_the_pages_of_its_role_and_nothing_else() {
    let service = Service::limited(Limits { submissions: Rate::new(500, 1), ..Limits::default() }).await;
    for role in Role::ALL.into_iter().filter(|it| *it != Role::Submitter) {
        for route in ROUTES {
            // Each with its own session: one of the routes ends it.
            let cookie = service.session(role).await;
            let form = format!("{cookie}Content-Type: application/x-www-form-urlencoded\r\n");
            let path = path_of(route.path);
            let posted = |from: &'static str| {
                let (lines, path) = (format!("{form}{from}"), path.clone());
                let service = &service;
                async move { service.ask("POST", &path, None, &lines, "x=1").await.status }
            };
            let roles = match route.who {
                Who::Staff(roles) => roles,
                Who::Only(_) => {
                    let status = match route.verb {
                        Verb::Get => service.ask("GET", &path, None, &cookie, "").await.status,
                        Verb::Post => posted("Origin: http://h\r\n").await,
                    };
                    assert_eq!(status, 401, "{path}: a session is no token");
                    continue;
                }
                Who::Anyone
                | Who::AnyoneLimited
                | Who::Visitor
                | Who::VisitorWhoSends
                | Who::AnyoneLimitedOr(_)
                | Who::TrackingOr(_) => continue,
            };
            let may = roles.contains(&role);
            let status = match route.verb {
                Verb::Get => service.ask("GET", &path, None, &cookie, "").await.status,
                Verb::Post => {
                    assert_eq!(posted("").await, 403, "{path}: from nobody knows where");
                    assert_eq!(posted("Origin: http://evil.example\r\n").await, 403, "{path}: from elsewhere");
                    assert_eq!(posted("Sec-Fetch-Site: cross-site\r\n").await, 403, "{path}: from another site");
                    posted("Origin: http://h\r\n").await
                }
            };
            assert_eq!(status == 403, !may, "{path} as {role:?}: {status}");
            assert!(matches!(status, 200 | 303 | 400 | 403 | 404 | 409 | 422), "{path} as {role:?}: {status}");
        }
    }
}

#[tokio::test]
async fn what_is_fenced_is_closed_by_token_and_by_session_and_looks_are_recorded() {
    let service = Service::start().await;
    let token = service.token(Role::Officer).await;
    let path = format!("/api/v1/dwellings/{UPRN}");
    assert_eq!(service.get(&path, Some(&token)).await.status, 200);
    assert_eq!(service.fake.looks.lock().unwrap().iter().map(|it| it.record.clone()).collect::<Vec<_>>(), [UPRN]);
    let uprn = UPRN.parse().unwrap();
    staff::restrict(service.log.as_ref(), &uprn, &[], "test", NOW.parse().unwrap()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(800)).await;
    service.get(&path, Some(&token)).await.problem(403, "forbidden");
    assert_eq!(service.fake.looks.lock().unwrap().len(), 1, "what was not shown was not looked at");
    staff::lift(service.log.as_ref(), &uprn, "test", NOW.parse().unwrap()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(service.get(&path, Some(&token)).await.status, 200);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a line a route")]
fn the_table_says_what_the_contract_says() {
    use Role::{Auditor, Manager, Officer, Submitter, Supervisor};
    let contract: [(&str, &[Role]); 53] = [
        ("/api/v1/notifications", &[Submitter, Officer, Supervisor]),
        ("/api/v1/notifications/{reference}", &[Officer, Supervisor, Auditor]),
        ("/api/v1/notifications/{reference}/evidence", &[Officer, Supervisor]),
        ("/api/v1/notifications/{reference}/evidence/{id}", &[Officer, Supervisor, Auditor]),
        ("/api/v1/notifications/{reference}/withdraw", &[Officer, Supervisor]),
        ("/api/v1/notifications/{reference}/answer", &[Officer, Supervisor]),
        ("/api/v1/notifications/{reference}/reversal", &[Officer, Supervisor]),
        ("/api/v1/notifications/{reference}/reverse", &[Officer, Supervisor]),
        ("/api/v1/notifications/{reference}/restore", &[Officer, Supervisor]),
        ("/api/v1/accounts", &[Officer, Supervisor, Auditor]),
        ("/api/v1/accounts/{account}", &[Officer, Supervisor, Auditor]),
        ("/api/v1/dwellings/{uprn}", &[Officer, Supervisor, Auditor]),
        ("/api/v1/workload", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/refunds", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/refunds/{refund}/approve", &[Supervisor]),
        ("/api/v1/refunds/{refund}/refuse", &[Supervisor]),
        ("/api/v1/refunds/{refund}/paid", &[Officer, Supervisor]),
        ("/api/v1/accounts/{account}/penalties", &[Officer, Supervisor]),
        ("/api/v1/accounts/{account}/penalties/{penalty}/quash", &[Supervisor]),
        ("/api/v1/reviews", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/work-items", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/claim", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/release", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/defer", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/request-evidence", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/decide", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/authorise", &[Supervisor]),
        ("/api/v1/work-items/{id}/hand-over", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/escalate", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/reallocate", &[Officer, Supervisor]),
        ("/api/v1/work-items/{id}/check", &[Supervisor]),
        ("/api/v1/work-items/{id}/contacts", &[Officer, Supervisor]),
        ("/api/v1/work-items/next", &[Officer, Supervisor]),
        ("/api/v1/work-items/bulk", &[Officer, Supervisor]),
        ("/api/v1/work-items/bulk/preview", &[Officer, Supervisor]),
        ("/api/v1/work-items/bulk/undo", &[Officer, Supervisor]),
        ("/api/v1/work-items/samples", &[Supervisor, Manager, Auditor]),
        ("/api/v1/work-items/statistics", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/work-items/alerts", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/gates", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/recovery/holds", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/recovery/clashes", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/savings", &[Manager, Auditor]),
        ("/api/v1/figures", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/figures/{table}", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/why-not-automatic", &[Officer, Supervisor, Manager, Auditor]),
        ("/api/v1/what-if", &[Manager]),
        ("/api/v1/savings/waterfall", &[Manager, Auditor]),
        ("/api/v1/assumptions", &[Manager, Auditor]),
        ("/api/v1/assumptions", &[Manager]),
        ("/api/v1/budget-reductions", &[Manager]),
        ("/api/v1/events", &[Auditor]),
    ];
    let open = [
        "/api/v1/estimates",
        "/api/v1/openapi.json",
        "/api/v1/schemas/notifications/{kind}",
        "/health/live",
        "/health/ready",
        "/metrics",
    ];
    assert_eq!(ROUTES.iter().filter(|it| !it.is_page()).count(), contract.len() + open.len());
    for route in ROUTES.iter().filter(|it| !it.is_page()) {
        match route.who {
            Who::Visitor | Who::VisitorWhoSends | Who::Staff(_) => {}
            Who::Anyone | Who::AnyoneLimited => assert!(open.contains(&route.path), "{}", route.path),
            Who::AnyoneLimitedOr(roles) | Who::TrackingOr(roles) | Who::Only(roles) => {
                assert!(contract.contains(&(route.path, roles)), "{} {roles:?}", route.path);
            }
        }
    }
}

#[test]
fn the_document_has_every_route_of_the_table_and_no_other() {
    let document = serde_json::to_value(document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            described.push((path.clone(), verb.to_uppercase()));
            assert!(operation["security"].is_array(), "{path}");
            assert!(operation["responses"]["500"]["content"]["application/problem+json"].is_object(), "{path}");
        }
    }
    let api = ROUTES.iter().filter(|it| !it.is_page());
    let mut table: Vec<_> = api.map(|it| (it.path.to_owned(), it.verb.method().to_string())).collect();
    table.sort();
    described.sort();
    assert_eq!(described, table);
    let parameters = &document["paths"]["/api/v1/events"]["get"]["parameters"];
    assert_eq!(parameters[2]["schema"]["enum"][0], "LogStarted", "{parameters}");
    let account = &document["components"]["schemas"]["Account"];
    assert_eq!(account["required"].as_array().unwrap().len(), account["properties"].as_object().unwrap().len());
    // Every schema that is named is there.
    let text = document.to_string();
    for name in text.split("#/components/schemas/").skip(1).filter_map(|it| it.split('"').next()) {
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
}

#[tokio::test]
async fn whatever_does_not_work_is_told_as_a_problem() {
    let service = Service::start().await;
    service.get("/api/v1/nothing", None).await.problem(404, "not-found");
    let wrong_method = service.ask("DELETE", "/api/v1/notifications", None, "", "").await;
    wrong_method.problem(405, "method-not-allowed");
    assert_eq!(wrong_method.header("allow"), Some("POST"));
    let no_token = service.get("/api/v1/events", None).await;
    no_token.problem(401, "unauthorised");
    assert!(no_token.header("www-authenticate").unwrap().starts_with("Bearer"));
    let basic = service.ask("POST", "/api/v1/notifications", None, "Authorization: Basic eA==\r\n", "{}").await;
    basic.problem(401, "unauthorised");

    let no_type = service.ask("POST", "/api/v1/notifications", None, "", "{}").await;
    no_type.problem(415, "unsupported-media-type");
    service.post("{nothing", None).await.problem(400, "bad-request");
    let faults = service.post(r#"{"a":1}"#, None).await.problem(422, "unprocessable");
    assert_eq!(faults["errors"][0]["pointer"], "/kind");

    let full = service.post(r#"{"kind":"full"}"#, None).await;
    let told = full.problem(503, "unavailable");
    assert!(full.header("retry-after").is_some() && !told.to_string().contains("secret"));
    let panicked = service.post(r#"{"kind":"panic"}"#, None).await.problem(500, "internal");
    assert!(!panicked.to_string().contains("told to"));
}

#[tokio::test]
async fn too_much_is_refused_whether_it_is_declared_or_not() {
    let service = Service::start().await;
    let large = "x".repeat(64 * 1024 + 1);
    let head =
        "POST /api/v1/notifications HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nConnection: close\r\n";
    service.send(&format!("{head}Content-Length: {}\r\n\r\n", large.len())).await.problem(413, "too-large");
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{large}", large.len());
    service.send(&chunked).await.problem(413, "too-large");
    let many = "X-A: b\r\n".repeat(65);
    assert_eq!(service.ask("GET", "/health/live", None, &many, "").await.status, 431);
    let long = format!("X-A: {}\r\n", "b".repeat(20 * 1024));
    assert_eq!(service.ask("GET", "/health/live", None, &long, "").await.status, 431);
    assert_eq!(service.fake.submitted.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn parameters_that_cannot_be_used_are_named() {
    let service = Service::start().await;
    let (officer, auditor) = (service.token(Role::Officer).await, service.token(Role::Auditor).await);
    for (path, pointer) in [
        ("/api/v1/work-items?limit=0", "/limit"),
        ("/api/v1/work-items?limit=501", "/limit"),
        ("/api/v1/work-items?limit=-1", "/limit"),
        ("/api/v1/work-items?cursor=%7e", "/cursor"),
        ("/api/v1/work-items?reason=R99", "/reason"),
        ("/api/v1/work-items?status=lost", "/status"),
        ("/api/v1/work-items?limit=1&limit=2", "/limit"),
        ("/api/v1/work-items?sort=age", "/sort"),
        ("/api/v1/work-items?flags=credit-on-account", "/flags"),
        ("/api/v1/work-items?priority=high,urgent", "/priority"),
        ("/api/v1/work-items?channel=pigeon", "/channel"),
        ("/api/v1/work-items?kinds=move-in,", "/kinds"),
        ("/api/v1/work-items?overdue=yes", "/overdue"),
        ("/api/v1/work-items/statistics?from=2015-04-01&to=2015-04-01", "/to"),
        ("/api/v1/accounts", "/uprn"),
        ("/api/v1/accounts?uprn=12a", "/uprn"),
        ("/api/v1/accounts/30001234?as_of=2015-02-30", "/as_of"),
        ("/api/v1/accounts/30001234?known_at=yesterday", "/known_at"),
        ("/api/v1/accounts/30001234?konwn_at=x", "/konwn_at"),
    ] {
        let told = service.get(path, Some(&officer)).await.problem(400, "bad-request");
        assert_eq!(told["errors"][0]["pointer"], pointer, "{path}");
    }
    for (path, pointer) in [
        ("/api/v1/events?type=Nothing", "/type"),
        ("/api/v1/events?after=one", "/after"),
        ("/api/v1/events?after=9223372036854775808", "/after"),
        ("/api/v1/savings?scenario=unheard", "/scenario"),
        ("/api/v1/savings?from=2015-04-01&to=2015-04-01", "/to"),
    ] {
        let told = service.get(path, Some(&auditor)).await.problem(400, "bad-request");
        assert_eq!(told["errors"][0]["pointer"], pointer, "{path}");
    }
    for path in ["/api/v1/dwellings/12a", "/api/v1/accounts/%FF", "/api/v1/accounts/nobody", "/api/v1/dwellings/1"] {
        service.get(path, Some(&officer)).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn what_is_open_to_all_is_open_so_often_whatever_a_proxy_says() {
    let service = Service::limited(Limits { submissions: Rate::new(3, 1), ..Limits::default() }).await;
    let body = r#"{"kind":"move-in"}"#;
    for _ in 0..3 {
        assert!([200, 201].contains(&service.post(body, None).await.status));
    }
    let lines = "Content-Type: application/json\r\nX-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\n";
    let refused = service.ask("POST", "/api/v1/notifications", None, lines, body).await;
    refused.problem(429, "too-many-requests");
    assert_eq!(refused.header("retry-after"), Some("1"));
    let token = service.token(Role::Submitter).await;
    for _ in 0..5 {
        assert_eq!(service.post(body, Some(&token)).await.status, 200);
    }
    assert_eq!(service.fake.senders.lock().unwrap().last(), Some(&Sender::Token("submitter".to_owned())));
}

#[tokio::test]
async fn a_connection_that_never_finishes_its_headers_is_cut() {
    let limits = Limits { header_timeout: Duration::from_millis(200), ..Limits::default() };
    let service = Service::limited(limits).await;
    let mut slow = TcpStream::connect(service.address).await.unwrap();
    slow.write_all(b"GET /health/live HTTP/1.1\r\nHost: h\r\nX-Slow: ").await.unwrap();
    let begun = Instant::now();
    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest).await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(service.get("/health/live", None).await.status, 200);
}

#[tokio::test]
async fn a_body_that_never_comes_and_an_answer_that_never_comes_are_given_up() {
    let short = Duration::from_millis(200);
    let service =
        Service::limited(Limits { body_timeout: short, request_timeout: 3 * short, ..Limits::default() }).await;
    let head =
        "POST /api/v1/notifications HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nConnection: close\r\n";
    service.send(&format!("{head}Content-Length: 100\r\n\r\n{{")).await.problem(408, "request-timeout");
    service.post(r#"{"kind":"slow"}"#, None).await.problem(503, "unavailable");
}

#[tokio::test]
async fn stopping_finishes_what_is_under_way_and_takes_nothing_new() {
    let service = Service::start().await;
    let Service { address, fake, stop, serving, .. } = service;
    let asking = tokio::spawn(async move {
        let body = r#"{"kind":"slow"}"#;
        let mut socket = TcpStream::connect(address).await.unwrap();
        let head = "POST /api/v1/notifications HTTP/1.1\r\nHost: h\r\nContent-Type: application/json";
        socket.write_all(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8(bytes).unwrap()
    });
    let idle = TcpStream::connect(address).await.unwrap();
    fake.begun.subscribe().wait_for(|it| *it == 1).await.unwrap();
    stop.send(true).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!serving.is_finished());
    fake.go_on.notify_one();
    assert!(asking.await.unwrap().starts_with("HTTP/1.1 201 "));
    tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
    drop(idle);
}

#[tokio::test]
async fn a_revoked_token_stops_within_a_second_and_its_name_is_free_again() {
    let service = Service::start().await;
    let (log, now) = (service.log.as_ref(), NOW.parse().unwrap());
    let token = service.token(Role::Officer).await;
    let path = "/api/v1/work-items";
    assert_eq!(service.get(path, Some(&token)).await.status, 200, "a token is known at once");
    let refused = access::issue(log, Role::Admin, "officer", now).await;
    assert!(matches!(refused, Err(AccessError::NameTaken(_))));
    for name in ["", "public", "two words", "Ms Grâce"] {
        assert!(matches!(access::issue(log, Role::Admin, name, now).await, Err(AccessError::BadName(_))), "{name}");
    }
    access::revoke(log, "officer", now).await.unwrap();
    let revoked = Instant::now();
    while service.get(path, Some(&token)).await.status != 401 {
        assert!(revoked.elapsed() < Duration::from_secs(1));
    }
    let again = access::revoke(log, "officer", now).await.unwrap_err();
    assert!(again.to_string().contains("hearth token list"), "{again}");
    let renewed = service.token(Role::Officer).await;
    assert_ne!(renewed, token);
    let list = access::list(log).await.unwrap();
    assert_eq!(list.iter().map(|it| it.revoked_at.is_some()).collect::<Vec<_>>(), [true, false]);
    let kept = service.log.read_everything().await;
    assert!(!kept.contains(&token) && !kept.contains(&renewed), "only the hash is kept");
}

#[tokio::test]
async fn nobody_is_let_in_on_old_knowledge() {
    let service = Service::start().await;
    let token = service.token(Role::Officer).await;
    assert_eq!(service.get("/api/v1/work-items", Some(&token)).await.status, 200);
    service.log.down.store(true, Ordering::SeqCst);
    let begun = Instant::now();
    let answer = loop {
        let answer = service.get("/api/v1/work-items", Some(&token)).await;
        if answer.status != 200 {
            break answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(1));
    };
    let told = answer.problem(503, "unavailable");
    assert!(!told.to_string().contains("10.0.0.1"));
}
