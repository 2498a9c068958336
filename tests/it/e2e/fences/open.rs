//! What is open to all names nothing that is fenced.

use std::collections::BTreeSet;

use hearth::access::staff::{lift, restrict};
use hearth::clock::system_now;
use serde_json::{Value, json};

use super::world::{LEFT, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dwelling_that_is_open_names_none_that_is_fenced() {
    let world = World::new().await;
    let (store, now, left) = (world.service.store.as_ref(), system_now(), LEFT.0.parse().unwrap());
    let within = &world.references["within"];
    let needles: BTreeSet<_> = [LEFT.0, LEFT.1, within].map(str::to_owned).into();
    let path = format!("/staff/dwellings/{}", world.open);
    let all = async |name: &str| {
        let caller = world.caller(name);
        world.get(caller, &format!("{path}?because=work-item")).await;
        let page = world.get(caller, &path).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.tells(&needles, "")
    };
    assert!(all("out-officer").await.contains(within), "who moved in is told by whom");
    restrict(store, &left, &["in-officer".to_owned()], "test", now).await.unwrap();
    World::known().await;
    assert_eq!(all("out-officer").await, BTreeSet::new());
    assert!(all("in-officer").await.contains(within));
    lift(store, &left, "test", now).await.unwrap();
    World::known().await;
    assert!(all("out-officer").await.contains(within));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_open_names_none_that_is_fenced() {
    let world = World::new().await;
    let (store, now, left) = (world.service.store.as_ref(), system_now(), LEFT.0.parse().unwrap());
    world.credit_comes_from(LEFT.1).await;
    let other = async || {
        let path = format!("/api/v1/accounts/{}", world.open_account);
        let by_account = world.get(world.caller("token-officer"), &path).await.json();
        let path = format!("/api/v1/accounts?uprn={}", world.open);
        let by_dwelling = world.get(world.caller("token-officer"), &path).await.json();
        let of = |it: &Value| it["money"]["transfers"][0]["other"].clone();
        let items = by_dwelling["items"].as_array().unwrap();
        let listed = items.iter().find(|it| it["account"] == world.open_account.as_str()).unwrap();
        assert_eq!(listed["money"]["transfers"][0]["amount"], "12.50");
        (of(&by_account), of(listed))
    };
    assert_eq!(other().await, (json!(LEFT.1), json!(LEFT.1)));
    restrict(store, &left, &[], "test", now).await.unwrap();
    World::known().await;
    assert_eq!(other().await, (Value::Null, Value::Null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finding_names_none_that_came_to_be_about_what_is_fenced() {
    let world = World::new().await;
    let (submitter, desk, out) =
        (world.caller("token-submitter"), world.caller("token-officer"), world.caller("out-officer"));
    let [_, mut told, _] = world.told_about_it();
    told["dwelling"] = json!({"address": "1 Nowhere Road", "postcode": "ZY1 0QX"});
    let mut references = Vec::new();
    for source in ["first", "again"] {
        told["source_reference"] = json!(source);
        let sent = world.post(submitter, "/api/v1/notifications", &told.to_string()).await;
        references.push(sent.json()["reference"].as_str().unwrap().to_owned());
    }
    let [first, again] = references.as_slice() else { panic!("{references:?}") };
    let needles = BTreeSet::from([first.clone()]);
    let named = async || {
        let mut by = Vec::new();
        for (caller, path) in [(desk, "/api/v1/notifications/"), (out, "/staff/work/")] {
            let answer = world.get(caller, &format!("{path}{again}")).await;
            assert!(answer.status == 200 && answer.text.contains("told the very same"), "{answer:?}");
            by.push(!answer.tells(&needles, "").is_empty());
        }
        by
    };
    assert_eq!(named().await, [true, true], "nothing is fenced yet");
    world.post(desk, &format!("/api/v1/work-items/{first}/claim"), "{}").await;
    let amended = json!({"decision": "amend", "dwelling": {"uprn": LEFT.0}}).to_string();
    let done = world.post(desk, &format!("/api/v1/work-items/{first}/decide"), &amended).await;
    assert_eq!(done.json()["notification_status"], "applied", "{done:?}");
    restrict(world.service.store.as_ref(), &LEFT.0.parse().unwrap(), &[], "test", system_now()).await.unwrap();
    World::known().await;
    assert_eq!(named().await, [false, false]);
}
