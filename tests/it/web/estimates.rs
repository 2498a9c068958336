//! Estimates over HTTP.

use serde_json::{Value, json};

use super::client::{Answer, Service};
use super::fake::{GSS_CODE, happened};
use hearth::web::{Limits, Rate};
use hearth_events::StreamName;

/// The example of the contract, but for the discount.
pub(super) const ASKED: &str = r#"{
    "bands": {"2024/25": {"AR": "1153.17", "A": "1383.81", "B": "1614.44", "C": "1845.08", "D": "2075.71",
        "E": "2536.98", "F": "2998.25", "G": "3459.52", "H": "4151.42"}},
    "band": [{"band": "C", "from": "1993-04-01"}],
    "liable": {"from": "2024-08-14", "to": null},
    "awards": [],
    "financial_years": ["2024/25"],
    "billing": {"instalments": 10, "issued_on": "2024-08-20"}}"#;

fn asked() -> Value {
    serde_json::from_str(ASKED).unwrap()
}

/// The question with one thing of it otherwise, by its pointer.
fn but(pointer: &str, value: Value) -> Value {
    let mut asked = asked();
    let (object, name) = pointer.rsplit_once('/').unwrap();
    asked.pointer_mut(object).unwrap()[name.replace("~1", "/")] = value;
    asked
}

async fn ask(service: &Service, question: &Value) -> Answer {
    service.post_to("/api/v1/estimates", &question.to_string(), None).await
}

#[tokio::test]
async fn the_example_is_answered_line_by_line_with_its_instalments() {
    let service = Service::start().await;
    let recorded = service.log.events().await;
    let first = service.post_to("/api/v1/estimates", ASKED, None).await;
    assert_eq!(first.status, 200, "{first:?}");
    first.is_guarded();
    let charge = json!({"kind": "charge", "code": "C", "from": "2024-08-14", "to": "2025-04-01", "days": 230, "amount": "1162.65"});
    let each = |due: &str| json!({"due": due, "amount": "194.00"});
    let instalments = json!([
        {"due": "2024-10-01", "amount": "192.65"},
        each("2024-11-01"), each("2024-12-01"), each("2025-01-01"), each("2025-02-01"), each("2025-03-01")
    ]);
    let year = json!({"financial_year": "2024/25", "lines": [charge], "net": "1162.65", "instalments": instalments});
    assert_eq!(first.json(), json!({"years": [year]}));

    let discount = json!([{"code": "D-SPD", "from": "2024-09-01", "to": null}]);
    let year = ask(&service, &but("/awards", discount)).await.json()["years"][0].clone();
    let off = json!({"kind": "reduction", "code": "D-SPD", "from": "2024-09-01", "to": "2025-04-01", "days": 212, "amount": "-267.92"});
    assert_eq!((&year["lines"][1], &year["net"]), (&off, &json!("894.73")));
    assert_eq!(service.log.events().await, recorded, "nothing is recorded");
}

#[tokio::test]
async fn every_award_takes_its_figures_and_several_years_come_in_the_order_asked() {
    let service = Service::start().await;
    let question = json!({
        "bands": {"2023/24": {"B": "1700.39"}, "2024/25": {"E": "2798.27", "D": "2289.49"}},
        "band": [{"band": "E", "from": "2024-04-01"}, {"band": "B", "from": "1993-04-01"}],
        "liable": {"from": "2023-04-01"},
        "awards": [
            {"code": "D-SPD", "from": "2023-04-01", "to": "2024-04-01"},
            {"code": "D-CTR", "from": "2024-01-01", "to": "2024-04-01", "weekly": "14.50"},
            {"code": "P-EMPTY", "from": "2024-04-01", "empty_since": "2023-06-20", "percent": null,
                "tiers": [{"years": 1, "percent": 100}, {"years": 5, "percent": "200"}]},
        ],
        "financial_years": ["2024/25", "2023/24"],
        "billing": {"instalments": 12, "issued_on": "2024-03-01"},
    });
    let answer = ask(&service, &question).await.json();
    assert_eq!(answer["years"][0]["net"], "4983.22", "{answer}");
    assert_eq!(answer["years"][0]["lines"][1]["kind"], "premium");
    assert_eq!(answer["years"][0]["instalments"].as_array().unwrap().len(), 12);
    assert_eq!(answer["years"][1]["net"], "1086.79", "{answer}");
    let unbilled = ask(&service, &but("/billing", Value::Null)).await.json();
    assert_eq!(unbilled["years"][0]["instalments"], json!([]));
}

#[tokio::test]
async fn every_fault_is_named_where_it_stands() {
    let service = Service::start().await;
    for (question, pointer, told) in [
        (but("/bands", json!({"2024-25": {}})), "/bands/2024-25", "1993/94 to 2099/00"),
        (but("/bands/2024~125/C", json!(1845.08)), "/bands/2024~125/C", "quotation marks"),
        (but("/bands/2024~125/C", json!("-1.00")), "/bands/2024~125/C", "quotation marks"),
        (but("/bands/2024~125/C", json!("1.005")), "/bands/2024~125/C", "quotation marks"),
        (but("/bands/2024~125/Z", json!("1.00")), "/bands/2024~125/Z", "no field Z"),
        (but("/bands/2024~125/C", Value::Null), "/bands/2024~125", "band C"),
        (but("/band", json!([])), "/band", "at least one"),
        (but("/band", json!([{"band": "I", "from": "1993-04-01"}])), "/band/0/band", "A to H"),
        (but("/band", json!([{"band": "C", "from": "2024-09-01"}])), "/band", "2024-08-14"),
        (but("/liable/to", json!("2024-08-13")), "/liable/to", "before from"),
        (but("/liable/from", json!("2024-02-30")), "/liable/from", "a day"),
        (but("/liable/until", json!("2024-12-01")), "/liable/until", "no field until"),
        (but("/colour", json!("blue")), "/colour", "no field colour"),
        (but("/financial_years", json!(["2100/01"])), "/financial_years/0", "1993/94 to 2099/00"),
        (but("/financial_years", json!(["1992/93"])), "/financial_years/0", "1993/94 to 2099/00"),
        (but("/financial_years", json!(["2024/25", "2024/25"])), "/financial_years/1", "twice"),
        (but("/financial_years", json!(["2025/26"])), "/financial_years/0", "under bands"),
        (but("/billing/instalments", json!(11)), "/billing/instalments", "10 or 12"),
        (but("/billing/issued_on", Value::Null), "/billing/issued_on", "needed"),
        (but("/awards", json!([{"code": "D-XYZ", "from": "2024-04-01"}])), "/awards/0/code", "no award D-XYZ"),
        (but("/awards", json!([{"code": "X-Z", "from": "2024-04-01"}])), "/awards/0/code", "no award X-Z"),
        (but("/awards", json!([{"code": "D-SPD"}])), "/awards/0/from", "needed"),
        (
            but("/awards", json!([{"code": "D-SPD", "from": "2024-04-01", "percent": 25}])),
            "/awards/0/percent",
            "leave it",
        ),
        (but("/awards", json!([{"code": "D-SPD", "from": "2024-04-01", "until": "x"}])), "/awards/0/until", "no field"),
        (but("/awards", json!([{"code": "D-CTR", "from": "2024-04-01"}])), "/awards/0/weekly", "needs weekly"),
        (but("/awards", json!([{"code": "P-EMPTY", "from": "2024-04-01"}])), "/awards/0/empty_since", "needs"),
        (
            but("/awards", json!([{"code": "P-SECOND", "from": "2025-04-01", "percent": 101}])),
            "/awards/0/percent",
            "100",
        ),
        (
            but("/awards", json!([{"code": "D-LOC-B", "from": "2024-04-01", "percent": 51}])),
            "/awards/0/percent",
            "to 50",
        ),
    ] {
        let problem = ask(&service, &question).await.problem(422, "unprocessable");
        let error = &problem["errors"][0];
        assert_eq!(error["pointer"], pointer, "{problem}");
        assert!(error["detail"].as_str().unwrap().contains(told), "{told}: {problem}");
    }
    let several = json!({"band": [{"band": "C"}], "liable": {}, "financial_years": 1});
    let problem = ask(&service, &several).await.problem(422, "unprocessable");
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|it| it["pointer"].clone()).collect();
    assert_eq!(pointers, ["/band/0/from", "/liable/from", "/financial_years"]);
    service.post_to("/api/v1/estimates", "{nothing", None).await.problem(400, "bad-request");
    service.post_to("/api/v1/estimates?year=1", ASKED, None).await.problem(400, "bad-request");
    service.ask("POST", "/api/v1/estimates", None, "", ASKED).await.problem(415, "unsupported-media-type");
}

#[tokio::test]
async fn the_councils_own_amounts_count_where_none_are_given() {
    let service = Service::start().await;
    let stream = StreamName::council(GSS_CODE);
    let amounts = |c: &str| json!({"AR": "1.00", "A": "2.00", "B": "3.00", "C": c, "D": "5.00", "E": "6.00", "F": "7.00", "G": "8.00", "H": "9.00"});
    let set = |category: &str, component: &str, c: &str| json!({"financial_year": "2024/25", "category": category, "component": component, "amounts": amounts(c)});
    let now = "2015-12-03T10:15:00Z";
    for (category, component, c) in
        [("Andover", "county", "1500.00"), ("Andover", "district", "345.08"), ("Romsey", "county", "1845.08")]
    {
        happened(&service.log, &stream, now, "AmountSet", set(category, component, c)).await;
    }
    let own = but("/bands", Value::Null);
    let named = |category: &str| {
        let mut own = own.clone();
        own["category"] = json!(category);
        own
    };
    let differ = ask(&service, &own).await.problem(422, "unprocessable");
    assert_eq!(differ["errors"][0]["pointer"], "/category");
    assert_eq!(ask(&service, &named("Andover")).await.json()["years"][0]["net"], "1162.65");
    let unknown = ask(&service, &named("Atlantis")).await.problem(422, "unprocessable");
    assert_eq!(unknown["errors"][0]["detail"], "is none of 2024/25: give one of Andover, Romsey");

    // Once they agree, in every band, nobody has to say which.
    let rest = json!({"AR": "0.00", "A": "0.00", "B": "0.00", "C": "345.08", "D": "0.00", "E": "0.00", "F": "0.00", "G": "0.00", "H": "0.00"});
    let same = json!({"financial_year": "2024/25", "category": "Andover", "component": "district", "amounts": rest});
    happened(&service.log, &stream, now, "AmountSet", same).await;
    assert_eq!(ask(&service, &own).await.json()["years"][0]["net"], "1162.65");

    // The council's own premium, lower than the law's, counts with its own amounts only.
    let policy = json!({"from": "2013-04-01", "empty_premium": [{"years": 1, "percent": "50"}]});
    happened(&service.log, &stream, now, "PolicyAdopted", policy).await;
    let empty = json!([{"code": "P-EMPTY", "from": "2024-04-01", "empty_since": "2020-04-01"}]);
    let mut with_own = own.clone();
    with_own["awards"] = empty.clone();
    assert_eq!(ask(&service, &with_own).await.json()["years"][0]["lines"][1]["amount"], "581.33");
    assert_eq!(ask(&service, &but("/awards", empty)).await.json()["years"][0]["lines"][1]["amount"], "1162.65");
}

#[tokio::test]
async fn estimates_are_open_so_often() {
    let service = Service::limited(Limits { open_reads: Rate::new(2, 1), ..Limits::default() }).await;
    for _ in 0..2 {
        assert_eq!(service.post_to("/api/v1/estimates", ASKED, None).await.status, 200);
    }
    service.post_to("/api/v1/estimates", ASKED, None).await.problem(429, "too-many-requests");
}
