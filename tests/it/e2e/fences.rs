//! Nobody sees what is not theirs: every route there is, asked by everybody about a dwelling that is fenced for them.

mod open;
mod world;

use std::collections::BTreeSet;
use std::time::Duration;

use hearth::access::staff::{enrol, leave, relate, restrict};
use hearth::access::{Access, Member};
use hearth::clock::system_now;
use hearth::figures::table::TABLES;
use hearth::web::routes::{ROUTES, Route, Verb, Who};
use hearth_events::{RecordKind, Role};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use world::{ACCOUNT, Caller, LEFT, PERSONS, POSTCODE, UPRN, World, needles};

const ON: Date = date(2015, 11, 14);

/// Every path of a route with what is fenced in the place of what varies.
fn paths(world: &World, route: &Route) -> Vec<String> {
    let references: Vec<_> = world.references.values().map(String::as_str).collect();
    let of = |name: &str| -> Vec<&str> {
        match name {
            "id" if route.path.ends_with("evidence/{id}") => {
                vec!["abababababababababababababababababababababababababababababababab"]
            }
            "id" | "reference" | "refund" => references.clone(),
            "account" => vec![ACCOUNT, LEFT.1],
            "uprn" => vec![UPRN, LEFT.0],
            "table" => TABLES.to_vec(),
            "kind" => vec!["move-in"],
            "name" => vec!["out-officer", "in-officer"],
            _ => vec!["none"],
        }
    };
    let mut paths = vec![route.path.to_owned()];
    for name in route.path.split('{').skip(1).filter_map(|it| it.split('}').next()) {
        let filled = |path: &String| {
            let values = of(name);
            values.into_iter().map(|it| path.replace(&format!("{{{name}}}"), it)).collect::<Vec<_>>()
        };
        paths = paths.iter().flat_map(filled).collect();
    }
    paths
}

/// The same with what can be asked beside; a route takes what it knows.
fn asked(world: &World, route: &Route) -> Vec<String> {
    let mut asked = paths(world, route);
    if route.path.contains('{') {
        return asked;
    }
    let query = |pairs: &[(&str, &str)]| {
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("{}?{text}", route.path)
    };
    let words = [UPRN, ACCOUNT, PERSONS[0], POSTCODE, "safe lane", world.references["several"].as_str()];
    asked.extend(words.iter().map(|it| query(&[("q", it)])));
    asked.extend([
        query(&[("uprn", UPRN)]),
        query(&[("name", "Fenwick")]),
        query(&[("limit", "1")]),
        query(&[("limit", "500")]),
        query(&[("name", "fenwick"), ("limit", "1")]),
        query(&[("status", "any"), ("queue", "all")]),
        query(&[("after", "0"), ("limit", "500")]),
        query(&[("type", "RecordRestricted")]),
        query(&[("stream", "access")]),
    ]);
    asked
}

/// So many pages of a list are read.
const PAGES: usize = 12;

/// What somebody is told over all routes, and by which; what they are told of each page that follows is among it.
async fn told(world: &World, caller: &Caller) -> (BTreeSet<String>, BTreeSet<&'static str>) {
    let needles = needles(world);
    let (mut all, mut by) = (BTreeSet::new(), BTreeSet::new());
    for route in ROUTES.iter().filter(|it| it.verb == Verb::Get) {
        // What a caller without a token or a session gets is the same for each of them.
        let by_session = matches!(route.who, Who::Staff(_));
        if by_session != caller.is_session && !(caller.is_session && matches!(route.who, Who::Visitor)) {
            continue;
        }
        for path in asked(world, route) {
            let mut next = Some(path);
            for _ in 0..PAGES {
                let Some(path) = next.take() else { break };
                let answer = world.get(caller, &path).await;
                assert!(answer.status < 500, "{path} as {}: {answer:?}", caller.name);
                let tells = answer.tells(&needles, path.split_once('?').map_or(path.as_str(), |(_, it)| it));
                let tells: BTreeSet<_> = tells.into_iter().filter(|it| !path.contains(it.as_str())).collect();
                if !tells.is_empty() {
                    by.insert(route.path);
                    all.extend(tells);
                }
                next = following(&path, &answer.text);
            }
        }
    }
    (all, by)
}

/// Where a list goes on.
fn following(path: &str, text: &str) -> Option<String> {
    let document: Value = serde_json::from_str(text).ok()?;
    let (name, cursor) = match (document["next_cursor"].as_str(), document["next"].as_u64()) {
        (Some(cursor), _) => ("cursor", cursor.to_owned()),
        (None, Some(next)) => ("after", next.to_string()),
        (None, None) => return None,
    };
    let kept = path.split('&').filter(|it| !it.starts_with("cursor=")).collect::<Vec<_>>().join("&");
    let kept = kept.replace("after=0&", "").split("&after=").next().unwrap_or_default().to_owned();
    Some(format!("{kept}&{name}={cursor}"))
}

/// What must be among what is told where nothing is fenced: or this test would find nothing either way.
const TOLD_BY_TOKEN: [&str; 15] = [
    "/api/v1/notifications/{reference}",
    "/api/v1/accounts",
    "/api/v1/accounts/{account}",
    "/api/v1/dwellings/{uprn}",
    "/api/v1/work-items",
    "/api/v1/work-items/{id}",
    "/api/v1/work-items/samples",
    "/api/v1/recovery/holds",
    "/api/v1/recovery/clashes",
    "/api/v1/refunds",
    "/api/v1/reviews",
    "/api/v1/figures",
    "/api/v1/figures/{table}",
    "/api/v1/why-not-automatic",
    "/api/v1/events",
];
const TOLD_IN_PAGES: [&str; 8] = [
    "/staff/work",
    "/staff/work/samples",
    "/staff/work/{reference}",
    "/staff/search",
    "/staff/dwellings/{uprn}",
    "/staff/accounts/{account}",
    "/staff/why-not-automatic",
    "/staff/figures/tables/{table}",
];

/// Those who look at records say why first.
async fn says_why(world: &World, caller: &Caller) {
    for path in ["dwellings/987654321098", "dwellings/987654321096", "accounts/FENCED-7301", "accounts/FENCED-7302"] {
        world.get(caller, &format!("/staff/{path}?because=work-item")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_route_tells_anybody_of_a_restricted_dwelling_but_the_named() {
    let world = World::new().await;
    let (store, now) = (world.service.store.as_ref(), system_now());
    let needles = needles(&world);
    let tokens = world.callers.iter().filter(|it| !it.is_session);
    let mut open = (BTreeSet::new(), BTreeSet::new());
    for caller in tokens.clone() {
        let (all, by) = told(&world, caller).await;
        open.0.extend(all);
        open.1.extend(by);
    }
    assert_eq!(open.0, needles, "with tokens everything is told while nothing is fenced");
    for path in TOLD_BY_TOKEN {
        assert!(open.1.contains(path), "{path} tells nothing of it, fenced or not");
    }
    let named: Vec<_> =
        world.callers.iter().filter(|it| it.name.starts_with("in-")).map(|it| it.name.clone()).collect();
    for uprn in World::fenced() {
        restrict(store, &uprn, &named, "test", now).await.unwrap();
    }
    World::known().await;
    let mut by_named = BTreeSet::new();
    for caller in &world.callers {
        let is_named = named.contains(&caller.name);
        if is_named && matches!(caller.role, Role::Officer | Role::Supervisor | Role::Auditor) {
            says_why(&world, caller).await;
        }
        let (all, by) = told(&world, caller).await;
        if !is_named {
            assert_eq!((all, by), Default::default(), "{} is told of it", caller.name);
        } else if matches!(caller.role, Role::Officer | Role::Supervisor) {
            assert_eq!(all, needles, "{} is not told all of it, by {by:?}", caller.name);
            by_named.extend(by);
        } else {
            by_named.extend(by);
        }
    }
    for path in TOLD_IN_PAGES {
        assert!(by_named.contains(path), "{path} does not tell the named: {by_named:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_route_tells_anybody_of_their_own_or_a_relations_dwelling() {
    let world = World::new().await;
    let (store, now) = (world.service.store.as_ref(), system_now());
    for caller in world.callers.iter().filter(|it| it.name.starts_with("out-")) {
        for uprn in World::fenced() {
            relate(store, &caller.name, &uprn, "test", now).await.unwrap();
        }
    }
    World::known().await;
    let needles = needles(&world);
    for caller in world.callers.iter().filter(|it| it.is_session) {
        let is_related = caller.name.starts_with("out-");
        if !is_related && matches!(caller.role, Role::Officer | Role::Supervisor | Role::Auditor) {
            says_why(&world, caller).await;
        }
        let (all, by) = told(&world, caller).await;
        if is_related {
            // What they declared themselves stands on their own page, by number and by nothing else.
            let declared: BTreeSet<_> = World::fenced().map(|it| it.to_string()).into();
            assert_eq!((all, by), (declared, ["/staff/me"].into()), "{}", caller.name);
        } else if matches!(caller.role, Role::Officer | Role::Supervisor) {
            assert_eq!(all, needles, "{} is kept from what is not theirs, too", caller.name);
        }
    }
}

/// What a form or a request takes at this path.
fn bodies(route: &Route) -> &'static [&'static str] {
    match route.who {
        Who::Staff(_) => &[
            "do=claim",
            "do=release",
            "do=decide&decision=accept",
            "do=decide&decision=reject&reason=R19",
            "explanation=x",
        ],
        Who::Anyone
        | Who::AnyoneLimited
        | Who::Visitor
        | Who::VisitorWhoSends
        | Who::AnyoneLimitedOr(_)
        | Who::TrackingOr(_)
        | Who::Only(_) => {
            &["", r#"{"decision":"accept"}"#, r#"{"decision":"reject","reason":"R19"}"#, r#"{"to":"out-officer"}"#]
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_does_anything_with_what_is_fenced_for_them() {
    let world = World::new().await;
    let (store, now) = (world.service.store.as_ref(), system_now());
    let named = vec!["in-officer".to_owned(), "in-supervisor".to_owned()];
    for uprn in World::fenced() {
        restrict(store, &uprn, &named, "test", now).await.unwrap();
    }
    World::known().await;
    let told: Vec<_> = world.references.keys().cloned().collect();
    let before: Vec<_> = told.iter().map(|it| world.events_of(it)).collect();
    let is_of_one = |it: &Route| it.looks_at.is_some_and(|it| it != RecordKind::List);
    for route in ROUTES.iter().filter(|it| it.verb == Verb::Post && is_of_one(it)) {
        for caller in world.callers.iter().filter(|it| !named.contains(&it.name)) {
            if matches!(route.who, Who::Staff(_)) != caller.is_session {
                continue;
            }
            for path in paths(&world, route) {
                for body in bodies(route) {
                    let answer = world.post(caller, &path, body).await;
                    assert_eq!(answer.status, 403, "{path} with {body} as {}: {answer:?}", caller.name);
                }
            }
        }
    }
    one_who_asks_for_the_next_gets_none_of_it(&world).await;
    many_at_once_do_not_take_it(&world).await;
    assert_eq!(told.iter().map(|it| world.events_of(it)).collect::<Vec<_>>(), before, "nothing was recorded of it");
    nobody_is_given_it(&world).await;
}

/// The open item comes, and then nothing.
async fn one_who_asks_for_the_next_gets_none_of_it(world: &World) {
    let fenced: BTreeSet<_> = world.references.values().collect();
    let desk = world.caller("token-officer");
    let (mut got, mut last) = (0, 200);
    while last == 200 {
        let answer = world.post(desk, "/api/v1/work-items/next", "{}").await;
        last = answer.status;
        if last == 200 {
            assert!(!fenced.contains(&answer.json()["id"].as_str().unwrap().to_owned()), "{answer:?}");
            got += 1;
        }
    }
    assert_eq!((got, last), (1, 204), "what is open to all came");
}

async fn many_at_once_do_not_take_it(world: &World) {
    let desk = world.caller("token-supervisor");
    let all: Vec<_> = ["waits", "several", "later"].iter().map(|it| world.references[*it].clone()).collect();
    for what in ["bulk/preview", "bulk"] {
        for action in [json!({"action": "claim"}), json!({"action": "reallocate", "priority": "high"})] {
            let mut body = action;
            body["references"] = json!(all);
            let answer = world.post(desk, &format!("/api/v1/work-items/{what}"), &body.to_string()).await.json();
            assert_eq!((&answer["done"], &answer["refused"]), (&json!(0), &json!(3)), "{what}: {answer:#}");
        }
    }
}

/// Whoever may have it claims it, and cannot hand it to a colleague who may not.
async fn nobody_is_given_it(world: &World) {
    let (may, item) = (world.caller("in-officer"), format!("/staff/work/{}", world.references["several"]));
    let claimed = world.post(may, &item, "do=claim").await;
    assert_eq!(claimed.status, 303, "{claimed:?}");
    let given = world.post(may, &item, "do=hand-over&to=out-supervisor&hand_over_note=Ring+her+first").await;
    assert!(given.status == 422 && given.text.contains("Ring her first"), "what was written comes back: {given:?}");
    let given = world.post(may, &item, "do=hand-over&to=in-supervisor").await;
    assert_eq!(given.status, 303, "{given:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_fenced_however_it_is_written() {
    let world = World::new().await;
    let (store, now) = (world.service.store.as_ref(), system_now());
    restrict(store, &UPRN.parse().unwrap(), &[], "test", now).await.unwrap();
    World::known().await;
    let escaped = UPRN.bytes().map(|it| format!("%{it:02x}")).collect::<Vec<_>>().concat();
    let account = ACCOUNT.bytes().map(|it| format!("%{it:02X}")).collect::<Vec<_>>().concat();
    let reference = world.references["waits"].to_lowercase();
    let needles = needles(&world);
    for caller in ["token-officer", "token-auditor", "token-supervisor"].map(|it| world.caller(it)) {
        for (path, expected) in [
            (format!("/api/v1/dwellings/{escaped}"), 403),
            (format!("/api/v1/dwellings/0{UPRN}"), 404),
            (format!("/api/v1/accounts/{account}"), 403),
            (format!("/api/v1/accounts?uprn={escaped}"), 403),
            (format!("/api/v1/accounts?uprn=1&uprn={UPRN}"), 403),
            (format!("/api/v1/accounts?uprn={UPRN}&uprn=1"), 400),
            (format!("/api/v1/accounts/{ACCOUNT}/"), 404),
            (format!("/api/v1/notifications/{reference}"), 404),
        ] {
            let answer = world.get(caller, &path).await;
            assert_eq!(answer.status, expected, "{path}: {answer:?}");
            assert_eq!(
                answer.tells(&needles, "").into_iter().filter(|it| !path.contains(it)).count(),
                0,
                "{path}: {answer:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_left_is_named_no_more_and_comes_back_to_nothing() {
    let world = World::new().await;
    let (store, now, name) = (world.service.store.as_ref(), system_now(), "in-officer");
    let uprn = UPRN.parse().unwrap();
    restrict(store, &uprn, &[name.to_owned()], "test", now).await.unwrap();
    let access = Access::open(std::sync::Arc::clone(&world.service.store)).await.unwrap();
    assert!(access.fences_now().await.unwrap().admit(name, &uprn).is_ok());
    leave(store, name, "test", now).await.unwrap();
    let again = Member { name: name.to_owned(), role: Role::Officer, queues: Vec::new() };
    enrol(store, &again, &BTreeSet::new(), "test", now).await.unwrap();
    assert!(access.fences_now().await.unwrap().admit(name, &uprn).is_err(), "named before they left");
    World::known().await;
    let path = format!("/staff/dwellings/{UPRN}");
    assert_eq!(world.get(world.caller(name), &path).await.status, 403);
    restrict(store, &uprn, &[name.to_owned()], "test", now).await.unwrap();
    World::known().await;
    assert_eq!(world.get(world.caller(name), &path).await.status, 200, "asked why they look");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_listens_for_as_long_as_its_session_lasts() {
    let world = World::new().await;
    let (one, other, third) = (world.caller("out-officer"), world.caller("in-officer"), world.caller("out-supervisor"));
    let mut theirs = Vec::new();
    for _ in 0..4 {
        theirs.push(world.listen(one).await.expect("four pages of one session listen"));
    }
    assert_eq!(world.listen(one).await.unwrap_err(), 429, "and no more");
    drop(theirs.pop());
    tokio::time::sleep(Duration::from_millis(500)).await;
    theirs.push(world.listen(one).await.expect("a page that was left is not counted"));
    let mut others = world.listen(other).await.unwrap();
    let mut leaves = world.listen(third).await.unwrap();
    world.service.sign_in.end(&one.secret).unwrap();
    leave(world.service.store.as_ref(), &third.name, "test", system_now()).await.unwrap();
    World::known().await;
    assert_eq!(world.post(world.caller("token-officer"), "/api/v1/work-items/next", "{}").await.status, 200);
    for ended in theirs.iter_mut().chain([&mut leaves]) {
        assert_eq!(World::heard(ended).await, None, "it ends, and tells nothing of what happened since");
    }
    assert!(World::heard(&mut others).await.unwrap().contains("event: changed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_sends_is_not_told_what_is_fenced_and_officers_do_not_send_it() {
    let world = World::new().await;
    restrict(world.service.store.as_ref(), &UPRN.parse().unwrap(), &[], "test", system_now()).await.unwrap();
    World::known().await;
    let submitter = world.caller("token-submitter");
    for (number, told) in world.told_about_it().iter_mut().enumerate() {
        told["source_reference"] = json!(format!("again-{number}"));
        let sent = world.post(submitter, "/api/v1/notifications", &told.to_string()).await;
        assert_eq!(sent.status, 201, "{sent:?}");
        for officer in ["token-officer", "token-supervisor"] {
            let sent = world.post(world.caller(officer), "/api/v1/notifications", &told.to_string()).await;
            assert_eq!(sent.status, 403, "{told} as {officer}: {sent:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_undone_does_not_say_what_was_among_it() {
    let world = World::new().await;
    let (officer, chief) = (world.caller("token-officer"), world.caller("token-supervisor"));
    let list = world.get(officer, "/api/v1/work-items?limit=500").await.json();
    let all: Vec<_> = list["items"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert!(all.len() > 3, "{list:#}");
    let order = json!({"references": all, "action": "claim"}).to_string();
    let done = world.post(officer, "/api/v1/work-items/bulk", &order).await.json();
    assert_eq!(done["done"], all.len(), "nothing was fenced yet: {done:#}");
    for uprn in World::fenced() {
        restrict(world.service.store.as_ref(), &uprn, &[], "test", system_now()).await.unwrap();
    }
    World::known().await;
    let undo = json!({"order": done["order"]}).to_string();
    let undone = world.post(chief, "/api/v1/work-items/bulk/undo", &undo).await;
    assert_eq!(undone.json()["done"], 1, "the one that is open: {undone:?}");
    assert_eq!(undone.tells(&needles(&world), ""), BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_does_not_count_what_it_leaves_out() {
    let world = World::new().await;
    let found = async |text: &str| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
        let page = world.get(world.caller("token-officer"), &format!("/api/v1/work-items?{query}")).await;
        page.json()["total"].as_u64().unwrap()
    };
    let applied = &world.references["applied"];
    let texts = [UPRN, ACCOUNT, PERSONS[0], POSTCODE, "whispered", "secret mews", &world.references["several"]];
    for text in texts {
        assert!(found(text).await > 0, "{text}");
    }
    assert_eq!(found(applied).await, 0, "it never waited for an officer");
    for uprn in World::fenced() {
        restrict(world.service.store.as_ref(), &uprn, &[], "test", system_now()).await.unwrap();
    }
    World::known().await;
    for text in texts {
        assert_eq!(found(text).await, 0, "{text}");
    }
    assert!(found("open newcomer").await > 0, "what is open is found");
}
