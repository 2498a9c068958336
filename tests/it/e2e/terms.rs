//! Awards with their figures, from the pack to the penny, and their ends that are known in advance.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::http::Client;
use super::run::Hearth;

const COUNCIL: &str = r#"
name = "Nuneaton and Bedworth Borough Council"
gss_code = "E07000219"
ba_code = "3710"

[[policy]]
from = "2013-04-01"
future_limit_days = 14
backdate_limit_days = 90
empty_premium = [{ years = 2, percent = 50 }]
local_discounts = { D-LOC-A = 50, D-LOC-B = 0, D-LOC-C = 100 }
review_months = { D-DBR = 12 }

[[policy]]
from = "2024-04-01"
empty_premium = [{ years = 1, percent = 100 }, { years = 5, percent = 200 }, { years = 10, percent = 300 }]
local_discounts.D-LOC-C = 0

[[policy]]
from = "2025-04-01"
second_home_premium_percent = 100
"#;

const BANDS: &str = "financial_year,category,component,AR,A,B,C,D,E,F,G,H
2023/24,Town,Total,1214.57,1457.48,1700.39,1943.30,2186.22,2672.05,3157.87,3643.70,4372.44
2024/25,Town,Total,1271.94,1526.33,1780.71,2035.10,2289.49,2798.27,3307.04,3815.82,4578.98
2025/26,Town,Total,1271.94,1526.33,1780.71,2035.10,2289.49,2798.27,3307.04,3815.82,4578.98
";

/// Each dwelling by its band with its one account: liable from, adults, awards.
const ACCOUNTS: &[(&str, &str, u8, &str)] = &[
    // Examples E8, E11 and, of the executors, E9.
    ("E", "2023-06-20", 0, "P-EMPTY:2024-06-20"),
    ("B", "2023-04-01", 1, "D-SPD:2023-04-01;D-CTR:2024-01-01::weekly=14.50"),
    ("C", "2024-05-05", 0, "X-F:2024-05-05"),
    // A discount that the council took away, one of its own, and premiums.
    ("D", "2024-03-01", 0, "D-LOC-C:2024-03-01"),
    ("D", "2024-04-01", 0, "D-LOC-A:2024-04-01::percent=10"),
    ("D", "2024-04-01", 0, "P-SECOND:2024-04-01"),
    ("D", "2024-04-01", 0, "P-EMPTY:2024-10-01::empty_since=2019-10-01"),
    ("D", "2024-04-01", 1, "D-CTR:2024-04-01"),
    ("D", "2024-04-01", 2, ""),
];

/// The number of an account or a dwelling.
fn number(place: usize) -> String {
    format!("{}", 50_000_001 + place)
}

fn imported() -> Hearth {
    imported_on("file")
}

fn imported_on(clock: &str) -> Hearth {
    let hearth = Hearth::new();
    let mut dwellings =
        "uprn,property_reference,address,postcode,category,band,listed_from,tenure,owner,furnished,hmo\n".to_owned();
    let mut accounts =
        "account,uprn,liable_from,liable_to,liable_persons,adults,awards,payment_method,email,phone\n".to_owned();
    for (place, (band, from, adults, awards)) in ACCOUNTS.iter().enumerate() {
        let it = number(place);
        let listed = format!("{place} High Street,ZZ1 1ZZ,Town,{band},1993-04-01,owner-occupied,,no,no");
        writeln!(dwellings, "{it},P{it},{listed}").unwrap();
        let held = format!("{from},,Ms Owner {place},{adults},{awards},cash,owner{place}@example.org,");
        writeln!(accounts, "{it},{it},{held}").unwrap();
    }
    std::fs::create_dir_all(hearth.folder().join("pack")).unwrap();
    for (name, text) in
        [("council.toml", COUNCIL), ("bands.csv", BANDS), ("dwellings.csv", &dwellings), ("accounts.csv", &accounts)]
    {
        hearth.write(&format!("pack/{name}"), text);
    }
    let done = hearth.run(&["import", "pack", "--clock", clock]).ok();
    let kept = "account 50000008 is kept but not charged: the award D-CTR cannot be charged without its amount a week";
    assert!(format!("{}{}", done.out, done.err).contains(kept), "{done:?}");
    hearth
}

fn told(place: usize, kind: &str, received: &str, on: &str, details: &Value) -> Value {
    let by = json!({"role": "liable-person", "name": format!("Ms Owner {place}"), "email": format!("owner{place}@example.org")});
    json!({"kind": kind, "source_reference": format!("{kind}-{place}"), "channel": "web", "declaration": true,
        "received_at": format!("{received}T10:00:00Z"), "effective_on": on, "account": number(place), "submitted_by": by,
        "details": details})
}

/// How many events of a type the log holds.
fn count(hearth: &Hearth, type_name: &str) -> usize {
    hearth.events().iter().filter(|it| it["type"] == type_name).count()
}

fn account(client: &Client, place: usize) -> Value {
    client.get(&format!("/api/v1/accounts/{}", number(place))).ok()
}

#[track_caller]
fn owes(account: &Value, year: &str, expected: &str) {
    let charges = account["charges"].as_array().unwrap();
    let of_year = charges.iter().find(|it| it["financial_year"] == year);
    assert_eq!(of_year.map_or(&json!("none"), |it| &it["net"]), expected, "{year} of {account:#}");
}

#[test]
fn what_an_award_costs_is_what_it_says_itself_and_else_what_the_council_adopted_for_each_day() {
    let hearth = imported();
    let (served, token) = (hearth.serve(), hearth.token("officer"));
    let client = Client::new(served.address, &token);
    for (place, year, net) in [
        (0, "2024/25", "4983.22"),
        (1, "2023/24", "1086.79"),
        (2, "2024/25", "none"),
        // All off in March, nothing from April.
        (3, "2023/24", "0.00"),
        (3, "2024/25", "2289.49"),
        (4, "2024/25", "2060.54"),
        // No premium on second homes before the law and the council know one; then as much again.
        (5, "2024/25", "2289.49"),
        (5, "2025/26", "4578.98"),
        // From October five years empty: 200% for 182 days of 365.
        (6, "2024/25", "4572.71"),
        (7, "2024/25", "none"),
    ] {
        owes(&account(&client, place), year, net);
    }
    let awards = |place| account(&client, place)["awards"].clone();
    assert_eq!(awards(0), json!([{"code": "P-EMPTY", "from": "2024-06-20", "to": null}]));
    assert_eq!(awards(1)[1], json!({"code": "D-CTR", "from": "2024-01-01", "to": null, "weekly": "14.50"}));
    assert_eq!(awards(4)[0]["percent"], "10");
    assert_eq!(awards(6)[0]["empty_since"], "2019-10-01");
    served.stopped();
    // The same pack again is nothing new.
    let before = hearth.events().len();
    hearth.run(&["import", "pack"]).ok();
    assert_eq!(hearth.events().len(), before);
    hearth.verified();
}

#[test]
fn an_end_that_is_known_in_advance_is_recorded_once_when_its_day_has_come() {
    let hearth = imported();
    let submit = |name: &str, notification: &Value| {
        let file = hearth.write(name, &notification.to_string());
        hearth.run(&["submit", &file, "--json"]).ok().json()
    };
    let grant = json!([{"kind": "grant-of-probate", "file_name": "g.pdf"}]);
    let details = json!({"granted_on": "2024-09-12", "executors": [{"name": "Ms Owner 2"}], "evidence": grant});
    let mut probate = told(2, "probate", "2024-09-20", "2024-09-12", &details);
    probate["submitted_by"]["role"] = json!("executor");
    assert_eq!(submit("probate.ndjson", &probate)["applied"], 1);
    assert_eq!((count(&hearth, "AwardExpiryScheduled"), count(&hearth, "AwardExpired")), (1, 0));
    let (served, token) = (hearth.serve(), hearth.token("manager"));
    let reviews = Client::new(served.address, &token).get("/api/v1/reviews?until=2025-03-12").ok();
    let ahead = json!({"uprn": number(2), "account": number(2), "code": "X-F", "on": "2025-03-12",
        "reason": "probate-and-six-months", "past": false});
    assert_eq!(reviews, json!({"items": [ahead], "next_cursor": null}));
    assert_eq!(Client::new(served.address, &token).get("/api/v1/reviews").ok()["items"], json!([]));
    served.stopped();
    // The clock follows what is submitted: the day before, and the day itself.
    let contact =
        |day: &str| told(8, "contact-details", day, day, &json!({"phone": format!("01632 9600{}", &day[8..])}));
    let mut earlier = contact("2025-03-11");
    earlier["source_reference"] = json!("earlier");
    assert_eq!(submit("earlier.ndjson", &earlier)["applied"], 1);
    assert_eq!(count(&hearth, "AwardExpired"), 0);
    for _ in 0..2 {
        submit("later.ndjson", &contact("2025-03-12"));
        assert_eq!(count(&hearth, "AwardExpired"), 1);
    }
    let (served, token) = (hearth.serve(), hearth.token("officer"));
    let client = Client::new(served.address, &token);
    // E9: the executors owe for the days from six months after the grant.
    owes(&account(&client, 2), "2024/25", "111.51");
    assert_eq!(client.get("/api/v1/reviews?until=2030-01-01").ok()["items"], json!([]));
    served.stopped();
    hearth.verified();
}

#[test]
fn what_an_officer_accepts_is_charged_and_to_be_looked_at_again_by_policy() {
    let hearth = imported();
    let disabled = json!({"disabled_person": "Ms Owner 8", "feature": "room"});
    let reduced = json!({"weekly_amount": "7.00", "ends_on": "2025-03-31"});
    let sent = [
        told(8, "disabled-band-reduction", "2025-01-10", "2025-01-01", &disabled),
        told(8, "council-tax-reduction", "2025-01-10", "2025-01-01", &reduced),
    ];
    let file = hearth.write("sent.ndjson", &sent.map(|it| it.to_string()).join("\n"));
    assert_eq!(hearth.run(&["submit", &file, "--json"]).ok().json()["referred"], 2);
    let (served, token) = (hearth.serve(), hearth.token("officer"));
    let client = Client::new(served.address, &token);
    let items = client.get("/api/v1/work-items").ok()["items"].as_array().unwrap().clone();
    for item in &items {
        let at = format!("/api/v1/work-items/{}", item["id"].as_str().unwrap());
        client.post_to(&format!("{at}/claim"), &json!({})).ok();
        client.post_to(&format!("{at}/decide"), &json!({"decision": "accept"})).ok();
    }
    super::run::until("both take effect", || account(&client, 8)["awards"].as_array().unwrap().len() == 2);
    // 275 days at D; 90 at C, less 90/7 weeks at £7.
    owes(&account(&client, 8), "2024/25", "2136.76");
    let reviews = client.get("/api/v1/reviews?until=2026-12-31&limit=1").ok();
    assert_eq!(reviews["items"][0]["reason"], "document-ends");
    let cursor = reviews["next_cursor"].as_str().unwrap();
    let rest = client.get(&format!("/api/v1/reviews?until=2026-12-31&cursor={cursor}")).ok();
    let review = json!({"uprn": number(8), "account": number(8), "code": "D-DBR", "on": "2026-01-10", "reason": "review",
        "past": false});
    assert_eq!(rest, json!({"items": [review], "next_cursor": null}));
    served.stopped();
    hearth.verified();
}

#[test]
fn a_service_records_an_end_that_has_come_and_does_so_once() {
    let hearth = imported_on("system");
    let reduced = json!({"weekly_amount": "7.00", "ends_on": "2025-03-31"});
    let sent = told(8, "council-tax-reduction", "2025-01-10", "2025-01-01", &reduced).to_string();
    let file = hearth.write("sent.ndjson", &sent);
    assert_eq!(hearth.run(&["submit", &file, "--json"]).ok().json()["referred"], 1);
    let (served, other, token) = (hearth.serve(), hearth.serve(), hearth.token("officer"));
    let client = Client::new(served.address, &token);
    let items = client.get("/api/v1/work-items").ok();
    let at = format!("/api/v1/work-items/{}", items["items"][0]["id"].as_str().unwrap());
    client.post_to(&format!("{at}/claim"), &json!({})).ok();
    client.post_to(&format!("{at}/decide"), &json!({"decision": "accept"})).ok();
    // It moves a year that is over.
    let supervisor = Client::new(served.address, &hearth.token("supervisor"));
    supervisor.post_to(&format!("{at}/authorise"), &json!({})).ok();
    super::run::until("the end is recorded", || count(&hearth, "AwardExpired") > 0);
    // Two services have looked for it since.
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(count(&hearth, "AwardExpired"), 1);
    served.stopped();
    other.stopped();
    hearth.verified();
}
