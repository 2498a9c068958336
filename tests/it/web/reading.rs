//! What the resources answer.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::client::Service;
use super::fake::{REFERRED, UPRN};
use hearth_events::{NotificationRef, Role};

#[tokio::test]
async fn a_notification_is_acknowledged_and_the_same_again_answers_the_same() {
    let service = Service::start().await;
    let body = r#"{"kind":"move-in","source_reference":"E9"}"#;
    let first = service.post(body, None).await;
    assert_eq!(first.status, 201);
    first.is_guarded();
    let reference = NotificationRef::from_bits(99).to_string();
    assert_eq!(first.header("location"), Some(format!("/api/v1/notifications/{reference}").as_str()));
    assert_eq!(first.json(), json!({"reference": reference, "status": "received", "tracking_token": "opensesame"}));
    let again = service.post(body, None).await;
    assert_eq!((again.status, again.json()), (200, first.json()));
    let other = r#"{"kind":"move-out","source_reference":"E9"}"#;
    service.post(other, None).await.problem(409, "conflict");
}

#[tokio::test]
async fn a_notification_is_shown_for_its_tracking_token_and_to_an_officer() {
    let service = Service::start().await;
    let officer = service.token(Role::Officer).await;
    let path = format!("/api/v1/notifications/{REFERRED}");
    let shown = service.get(&path, Some("opensesame")).await.json();
    assert_eq!(shown["status"], "referred");
    assert_eq!(shown["reasons"], json!(["R05"]));
    assert_eq!(shown["promised_by"], "2015-12-17");
    assert_eq!(shown["findings"][0]["because"], "nobody is known to follow");
    let what: Vec<_> = shown["timeline"].as_array().unwrap().iter().map(|it| it["what"].clone()).collect();
    assert_eq!(what, ["received", "decided", "referred"]);
    assert_eq!(service.get(&format!("{path}?token=opensesame"), None).await.json(), shown);
    assert_eq!(service.get(&path, Some(&officer)).await.json(), shown);

    let wrong = service.get(&path, Some("guess")).await;
    wrong.problem(404, "not-found");
    for unknown in ["HN-0000-0000-0009", "not%20a%20reference"] {
        let unknown = service.get(&format!("/api/v1/notifications/{unknown}?token=opensesame"), None).await;
        assert_eq!((unknown.status, &unknown.text), (404, &wrong.text));
    }
    let submitter = service.token(Role::Submitter).await;
    service.get(&path, Some(&submitter)).await.problem(403, "forbidden");
    assert_eq!(service.get(&format!("{path}?token=opensesame"), Some(&submitter)).await.json(), shown);
}

#[tokio::test]
async fn an_account_is_shown_for_a_day_and_as_it_was_known() {
    let service = Service::start().await;
    let officer = service.token(Role::Officer).await;
    let account = async |query: &str| service.get(&format!("/api/v1/accounts/{query}"), Some(&officer)).await.json();
    let today = account("30001234").await;
    assert_eq!(today["status"], "open");
    assert_eq!(today["dwelling"]["band"], "C");
    assert_eq!(today["liable_persons"], json!([{"name": "Ms Grace Hughes"}]));
    assert_eq!(today["awards"], json!([{"code": "D-SPD", "from": "2015-09-01", "to": null}]));
    let line = &today["charges"][0]["lines"][0];
    assert_eq!((&line["amount"], &line["because"]), (&json!("1000.00"), &json!([1, 4, 6])));
    assert_eq!(today["charges"][0]["instalments"], json!([]));

    assert_eq!(account("30001234?as_of=2015-06-30").await["status"], "future");
    assert_eq!(account("30001234?as_of=2015-08-31").await["awards"], json!([]));
    let then = account("30001234?known_at=2015-09-30T23:59:59Z").await;
    assert_eq!((&then["awards"], &then["charges"]), (&json!([]), &json!([])));
    let before = "/api/v1/accounts/30001234?known_at=2015-07-01T00:00:00Z";
    service.get(before, Some(&officer)).await.problem(404, "not-found");
    assert_eq!(account("A%2F1").await["status"], "closed");
    assert_eq!(account("A%2F1").await["liable_persons"], json!([{"name": null}]), "forgotten");
}

#[tokio::test]
async fn accounts_are_found_by_dwelling_and_by_name() {
    let service = Service::start().await;
    let officer = service.token(Role::Officer).await;
    let list = async |query: &str| service.get(&format!("/api/v1/accounts?{query}"), Some(&officer)).await.json();
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|it| it["account"].as_str().unwrap().to_owned()).collect()
    };
    let first = list(&format!("uprn={UPRN}&limit=1")).await;
    assert_eq!(names(&first), ["A/1"]);
    let next = first["next_cursor"].as_str().unwrap();
    let second = list(&format!("uprn={UPRN}&limit=1&cursor={next}")).await;
    assert_eq!((names(&second), &second["next_cursor"]), (vec!["30001234".to_owned()], &json!(null)));
    assert_eq!(names(&list("name=gRaCe%20h").await), ["30001234"]);
    assert_eq!(names(&list("name=forgotten").await), Vec::<String>::new());
    let page = list("name=grace&limit=1").await;
    assert_eq!((names(&page).len(), &page["next_cursor"]), (1, &json!(null)));
}

#[tokio::test]
async fn a_dwelling_shows_each_liability_and_each_gap() {
    let service = Service::start().await;
    let auditor = service.token(Role::Auditor).await;
    let shown = service.get(&format!("/api/v1/dwellings/{UPRN}"), Some(&auditor)).await.json();
    assert_eq!(shown["bands"], json!([{"band": "C", "from": "1993-04-01"}]));
    let timeline = shown["timeline"].as_array().unwrap();
    assert_eq!(
        timeline.iter().map(|it| it["kind"].as_str().unwrap()).collect::<Vec<_>>(),
        ["liability", "gap", "liability"]
    );
    assert_eq!(timeline[1], json!({"kind": "gap", "from": "2015-06-01", "to": "2015-07-01"}));
    assert_eq!(timeline[2]["liable_persons"], json!([{"name": "Ms Grace Hughes"}]));
}

#[tokio::test]
async fn work_items_come_page_by_page() {
    let service = Service::start().await;
    let officer = service.token(Role::Officer).await;
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/work-items?limit=2&queue=liability{cursor}");
        let page = service.get(&path, Some(&officer)).await.json();
        found.extend(page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found.len(), 3);
    assert!(found.is_sorted(), "{found:?}");
}

#[tokio::test]
async fn the_log_is_read_page_by_page_by_stream_and_by_type() {
    let service = Service::start().await;
    let auditor = service.token(Role::Auditor).await;
    let events = async |query: &str| service.get(&format!("/api/v1/events?{query}"), Some(&auditor)).await.json();
    let head = service.log.events().await;
    let (mut positions, mut after) = (Vec::new(), 0);
    loop {
        let page = events(&format!("after={after}&limit=2")).await;
        positions.extend(page["items"].as_array().unwrap().iter().map(|it| it["position"].as_u64().unwrap()));
        match page["next"].as_u64() {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(positions, (1..=head).collect::<Vec<_>>());
    let first = events("limit=1").await;
    assert_eq!(first["items"][0]["hash"].as_str().unwrap().len(), 64);
    assert_eq!(first["items"][0]["type"], "DwellingListed");
    assert_eq!(first["next"], 1);

    let of_stream = events(&format!("stream=dwelling-{UPRN}&limit=4")).await;
    assert_eq!((of_stream["items"].as_array().unwrap().len(), &of_stream["next"]), (4, &json!(4)));
    let rest = events(&format!("stream=dwelling-{UPRN}&after=4&limit=4")).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (2, &json!(null)));
    let of_type = events("type=LiabilityStarted&limit=1").await;
    assert_eq!((&of_type["items"][0]["position"], &of_type["next"]), (&json!(2), &json!(2)));
    let rest = events("type=LiabilityStarted&limit=1&after=2").await;
    assert_eq!(rest["items"][0]["position"], 4);
    assert!(!of_type.to_string().contains("Forgotten"), "personal data stays sealed");
    assert_eq!(events(&format!("after={head}")).await, json!({"items": [], "next": null}));
}

#[tokio::test]
async fn the_operator_sees_health_and_figures_but_nobodys_details() {
    let service = Service::start().await;
    assert_eq!(service.get("/health/live", None).await.json(), json!({"status": "live"}));
    let ready = service.get("/health/ready", None).await.json();
    assert_eq!(
        (&ready["status"], &ready["clock"], &ready["parked"]),
        (&json!("ready"), &json!("simulated"), &json!(0))
    );
    assert_eq!(ready["projections"][0]["behind"], 0);
    service.get(&format!("/api/v1/notifications/{REFERRED}?token=Grace"), None).await.problem(404, "not-found");
    let figures = service.get("/metrics", None).await;
    assert!(figures.header("content-type").unwrap().starts_with("text/plain"));
    for name in [
        "hearth_log_head",
        r#"route="/api/v1/notifications/{reference}",status="404""#,
        "hearth_request_seconds_bucket",
    ] {
        assert!(figures.text.contains(name), "{name} in {}", figures.text);
    }
    assert!(!figures.text.contains("Grace") && !figures.text.contains(REFERRED));
    let schema = service.get("/api/v1/schemas/notifications/move-in", None).await;
    assert_eq!(
        (schema.header("content-type"), schema.json()),
        (Some("application/schema+json"), json!({"type": "object"}))
    );
    service.get("/api/v1/schemas/notifications/student", None).await.problem(404, "not-found");
    service.get("/api/v1/schemas/notifications/nothing", None).await.problem(404, "not-found");
    assert_eq!(service.get("/api/v1/openapi.json", None).await.json()["openapi"], "3.1.0");
}

thread_local! {
    /// What was logged on this thread, which is all of a test: its runtime has no other.
    static LOGGED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Kept;

impl std::io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOGGED.with_borrow_mut(|it| it.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_is_one_line_of_the_log_without_what_it_asked() {
    tracing_subscriber::fmt().json().flatten_event(true).with_writer(|| Kept).init();
    let service = Service::start().await;
    let officer = service.token(Role::Officer).await;
    let answer = service.get("/api/v1/accounts?name=canary", Some(&officer)).await;
    service.get("/canary/canary", None).await;
    service.post(r#"{"kind":"canary","source_reference":"canary"}"#, None).await;
    let text = String::from_utf8(LOGGED.take()).unwrap();
    let lines: Vec<Value> = text.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let routes: Vec<_> = lines.iter().filter_map(|it| it["route"].as_str()).collect();
    assert_eq!(routes, ["/api/v1/accounts", "none", "/api/v1/notifications"], "{text}");
    assert_eq!((&lines[0]["status"], lines[0]["request_id"].as_str()), (&json!(200), answer.header("x-request-id")));
    assert!(lines[0]["duration_ms"].is_u64());
    assert!(!text.contains("canary") && !text.contains(&officer), "{text}");
}

/// Checks that a value has the fields its schema says and no other, all the way down.
fn fits(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let named = document.pointer(name.trim_start_matches('#')).unwrap();
        return fits(document, named, value, place);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let kinds = |it: &&Value| {
            let expected = &it["properties"]["kind"]["enum"];
            (it["type"] == "null") == value.is_null() && (expected.is_null() || *expected == json!([value["kind"]]))
        };
        let chosen = choices.iter().find(kinds).unwrap_or_else(|| panic!("{place}: {value} is none of {choices:?}"));
        return fits(document, chosen, value, place);
    }
    if let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object()) {
        // Only an award leaves out what it does not say.
        let required: Vec<_> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let is_there = |it: &&String| required.contains(&it.as_str()) || fields.contains_key(*it);
        let (described, given): (Vec<_>, Vec<_>) =
            (properties.keys().filter(is_there).collect(), fields.keys().collect());
        assert_eq!(described, given, "{place}");
        for (name, field) in fields {
            fits(document, &properties[name], field, &format!("{place}/{name}"));
        }
        return;
    }
    for item in value.as_array().into_iter().flatten() {
        fits(document, &schema["items"], item, &format!("{place}[]"));
    }
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) if schema["type"] == "number" => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = &schema["type"];
    let is_allowed =
        allowed.is_null() || allowed == actual || allowed.as_array().is_some_and(|it| it.contains(&json!(actual)));
    assert!(is_allowed, "{place}: {value} is not {allowed}");
}

#[tokio::test]
async fn every_answer_has_the_fields_that_the_document_says() {
    let service = Service::start().await;
    let (officer, auditor) = (service.token(Role::Officer).await, service.token(Role::Auditor).await);
    let document = service.get("/api/v1/openapi.json", None).await.json();
    for (template, path, token) in [
        ("/api/v1/notifications/{reference}", format!("/api/v1/notifications/{REFERRED}"), &officer),
        ("/api/v1/notifications/{reference}/reversal", format!("/api/v1/notifications/{REFERRED}/reversal"), &officer),
        ("/api/v1/accounts", format!("/api/v1/accounts?uprn={UPRN}"), &officer),
        ("/api/v1/accounts/{account}", "/api/v1/accounts/30001234".to_owned(), &officer),
        ("/api/v1/dwellings/{uprn}", format!("/api/v1/dwellings/{UPRN}"), &officer),
        ("/api/v1/workload", "/api/v1/workload".to_owned(), &officer),
        ("/api/v1/reviews", "/api/v1/reviews?limit=1".to_owned(), &officer),
        ("/api/v1/work-items", "/api/v1/work-items?limit=1".to_owned(), &officer),
        ("/api/v1/work-items/{id}", format!("/api/v1/work-items/{REFERRED}"), &officer),
        ("/api/v1/work-items/samples", "/api/v1/work-items/samples?limit=1".to_owned(), &auditor),
        ("/api/v1/work-items/statistics", "/api/v1/work-items/statistics".to_owned(), &officer),
        ("/api/v1/work-items/alerts", "/api/v1/work-items/alerts".to_owned(), &officer),
        ("/api/v1/gates", "/api/v1/gates".to_owned(), &officer),
        ("/api/v1/savings", "/api/v1/savings".to_owned(), &auditor),
        ("/api/v1/figures", "/api/v1/figures?from=2015-12-01&to=2016-01-01".to_owned(), &officer),
        ("/api/v1/why-not-automatic", "/api/v1/why-not-automatic".to_owned(), &officer),
        ("/api/v1/assumptions", "/api/v1/assumptions".to_owned(), &auditor),
        ("/api/v1/events", "/api/v1/events?limit=3".to_owned(), &auditor),
        ("/health/live", "/health/live".to_owned(), &officer),
        ("/health/ready", "/health/ready".to_owned(), &officer),
    ] {
        let answer = service.get(&path, Some(token)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let schema = &document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        fits(&document, schema, &answer.json(), template);
    }
    let supervisor = service.token(Role::Supervisor).await;
    let actions = [
        "claim",
        "release",
        "defer",
        "request-evidence",
        "decide",
        "authorise",
        "hand-over",
        "escalate",
        "reallocate",
        "check",
        "contacts",
    ];
    let actions = actions.map(|it| format!("/api/v1/work-items/{{id}}/{it}")).into_iter();
    let reversals = ["reverse", "restore"].map(|it| format!("/api/v1/notifications/{{reference}}/{it}"));
    let queue = ["next", "bulk", "bulk/preview", "bulk/undo"].map(|it| format!("/api/v1/work-items/{it}"));
    for template in actions.chain(reversals).chain(queue) {
        let answer = service.post_to(&super::path_of(&template), super::body_of(&template), Some(&supervisor)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let schema = &document["paths"][&template]["post"]["responses"]["200"]["content"]["application/json"]["schema"];
        fits(&document, schema, &answer.json(), &template);
    }
    // A body that need not be there need not be named either.
    let bare = service.ask("POST", &super::path_of("/api/v1/work-items/{id}/claim"), Some(&supervisor), "", "").await;
    assert_eq!(bare.status, 200, "{bare:?}");
}

#[tokio::test]
async fn every_answer_to_a_manager_has_the_fields_that_the_document_says() {
    let service = Service::start().await;
    let document = service.get("/api/v1/openapi.json", None).await.json();
    let manager = service.token(Role::Manager).await;
    for template in ["/api/v1/what-if", "/api/v1/assumptions", "/api/v1/budget-reductions"] {
        let answer = service.post_to(template, super::body_of(template), Some(&manager)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let schema = &document["paths"][template]["post"]["responses"]["200"]["content"]["application/json"]["schema"];
        fits(&document, schema, &answer.json(), template);
    }
}
