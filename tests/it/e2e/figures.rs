//! What managers are shown of the sample, beside what can be counted by hand; and what would be otherwise.

use serde_json::{Value, json};

use super::http::Client;
use super::run::Hearth;

fn demonstrated() -> Hearth {
    let hearth = Hearth::new();
    hearth.run(&["demo", "--no-serve", "--json"]).ok();
    hearth
}

fn number(it: &Value) -> u64 {
    it.as_u64().unwrap_or_else(|| panic!("{it} is no number"))
}

fn sum(list: &Value, field: &str) -> u64 {
    list.as_array().unwrap().iter().map(|it| number(&it[field])).sum()
}

fn pence(it: &Value) -> i64 {
    it.as_str().unwrap_or_else(|| panic!("{it} is no amount")).replace('.', "").parse().unwrap()
}

#[test]
fn managers_count_the_sample_as_anybody_can_by_hand() {
    let hearth = demonstrated();
    let token = hearth.token("manager");
    let served = hearth.serve();
    let manager = Client::new(served.address, &token);
    let figures = manager.get("/api/v1/figures").ok();
    volumes_and_outcomes(&figures);
    work_and_promises(&figures, &manager);
    why_not_automatic(&manager);
    a_month_is_a_part(&manager);
    savings_add_up(&manager);
    tables(&manager, &figures);
    assumptions(&manager);
    served.stopped();
    hearth.verified();
    otherwise(&hearth);
}

fn volumes_and_outcomes(it: &Value) {
    let outcomes = json!([
        {"status": "applied", "notifications": 272},
        {"status": "referred", "notifications": 124},
        {"status": "rejected", "notifications": 11},
        {"status": "duplicate", "notifications": 13},
    ]);
    assert_eq!(it["outcomes"], outcomes);
    let straight = &it["straight_through"];
    assert_eq!((&straight["received"], &straight["straight_through"]), (&json!(420), &json!(272)));
    assert_eq!((&straight["percent_of_received"], &straight["eligible"]), (&json!("64.8"), &json!(388)), "272 of 420");
    assert_eq!(straight["percent_of_eligible"], "70.1", "272 of 420 less 13 told before, 11 sent back and 8 students");
    assert_eq!(straight["settled_without_officer"], 296, "272, 13 and 11");
    for list in ["by_channel", "by_kind"] {
        for (field, expected) in [("received", 420), ("straight_through", 272), ("eligible", 388)] {
            assert_eq!(sum(&it[list], field), expected, "{list} {field}");
        }
    }
}

fn work_and_promises(it: &Value, manager: &Client) {
    let open = &it["open"];
    assert_eq!((&open["open"], sum(&open["ages"], "open")), (&json!(124), 124));
    let workload = manager.get("/api/v1/workload").ok();
    let oldest = workload["queues"].as_array().unwrap().iter().map(|it| it["oldest_received"].as_str().unwrap()).min();
    assert_eq!(open["oldest_received"].as_str(), oldest);
    assert_eq!(open["days_of_work"], Value::Null, "no officer has completed anything");
    let promises = &it["promises"];
    assert_eq!((&promises["promised"], &promises["kept"], &promises["late"]), (&json!(124), &json!(0), &json!(0)));
    assert_eq!(number(&promises["overdue"]) + number(&promises["pending"]), 124);
    let [all, automatic, officer] = it["time_to_establish"].as_array().unwrap().as_slice() else { panic!("{it}") };
    assert_eq!((&all["accounts"], &all["route"]), (&automatic["accounts"], &json!("all")));
    assert!(number(&all["accounts"]) > 50 && all["percent_same_day"] == "100.0", "{all}");
    assert_eq!((&officer["accounts"], &officer["median_minutes"]), (&json!(0), &Value::Null));
    assert_eq!((&it["reversals"]["automatic"], &it["reversals"]["reversed"]), (&json!(272), &json!(0)));
}

fn why_not_automatic(manager: &Client) {
    let it = manager.get("/api/v1/why-not-automatic").ok();
    assert_eq!((&it["received"], &it["stopped"], &it["straight_through"]), (&json!(420), &json!(124), &json!(272)));
    assert_eq!(sum(&it["rules"], "first"), 124, "each case has one check that failed first");
    // A case with one reason may have failed two checks of it: reasons are counted by their cases elsewhere.
    let workload = manager.get("/api/v1/workload").ok();
    let counted: u64 = workload["by_reason"].as_array().unwrap().iter().map(|it| number(&it["open"])).sum();
    assert!(sum(&it["rules"], "cases") >= counted, "{counted}");
    for rule in it["rules"].as_array().unwrap() {
        let (only, several) = (number(&rule["only"]), number(&rule["one_of_several"]));
        assert_eq!(number(&rule["cases"]), only + several, "{rule}");
        let points = (only * 1000 + 210) / 420;
        assert_eq!(rule["points_of_received"], format!("{}.{}", points / 10, points % 10), "{rule}");
        assert!(!rule["examples"].as_array().unwrap().is_empty() && rule["asks"].as_str().unwrap().ends_with('?'));
    }
}

fn a_month_is_a_part(manager: &Client) {
    let months = ["2015-12", "2016-01", "2016-02", "2016-03"];
    let each = months.map(|it| manager.get(&format!("/api/v1/figures?month={it}")).ok());
    assert_eq!(each.iter().map(|it| number(&it["received"])).sum::<u64>(), 420);
    assert_eq!(each[0]["received_year_before"], 0);
    let year = manager.get("/api/v1/figures?from=2016-12-01&to=2017-01-01").ok();
    assert_eq!((&year["received"], &year["received_year_before"]), (&json!(0), &each[0]["received"]));
}

fn savings_add_up(manager: &Client) {
    let it = manager.get("/api/v1/savings").ok();
    assert_eq!(
        (&it["potential"], &it["realised"], &it["cash_releasing"]),
        (&json!("1999.20"), &json!("1294.72"), &json!("0.00"))
    );
    let steps = it["waterfall"].as_array().unwrap();
    let (last, before) = steps.split_last().unwrap();
    assert_eq!(before.iter().map(|it| pence(&it["amount"])).sum::<i64>(), pence(&last["amount"]));
    let of = |step: &str| steps.iter().filter(|it| it["step"] == step).map(|it| pence(&it["amount"])).sum::<i64>();
    assert_eq!(of("contact-not-avoided"), -148 * 268, "148 did not take effect");
    assert_eq!(of("not-straight-through"), -148 * 208, "148 times 6.24 minutes at 20 pounds");
}

fn tables(manager: &Client, figures: &Value) {
    let csv = |name: &str| {
        let (head, body) = manager.fetch(&format!("/api/v1/figures/{name}"));
        assert!(head.to_lowercase().contains("content-type: text/csv"), "{head}");
        String::from_utf8(body).unwrap()
    };
    let answer = csv("volumes-by-channel");
    let lines: Vec<_> = answer.lines().collect();
    assert_eq!(
        lines[0],
        "channel,received,received_year_before,eligible,straight_through,percent_of_received,percent_of_eligible"
    );
    assert_eq!(lines.len(), figures["by_channel"].as_array().unwrap().len() + 1);
    assert!(csv("why-not-automatic").lines().count() > 5);
    let (_, steps) = manager.fetch("/api/v1/savings/waterfall");
    assert!(String::from_utf8(steps).unwrap().contains("realised,,what the log shows,420,1294.72"));
}

fn assumptions(manager: &Client) {
    let change = json!({"name": "manual_minutes", "value": "3.12", "source": "time sheets", "from": "2016-01-01"});
    let told = manager.post_to("/api/v1/assumptions", &change).ok();
    let changed = &told["history"][0];
    assert_eq!(
        (&changed["name"], &changed["value"], &changed["before"]),
        (&json!("manual_minutes"), &json!("3.12"), &json!("6.24"))
    );
    assert!(changed["by"].as_str().unwrap().starts_with("token:manager"), "{changed}");
    let it = manager.get("/api/v1/savings").ok();
    let before = &manager.get("/api/v1/savings?to=2016-01-01").ok();
    assert_eq!(
        pence(&before["potential"]),
        476 * i64::try_from(number(&before["notifications"])).unwrap(),
        "as it was"
    );
    let after = &manager.get("/api/v1/savings?from=2016-01-01").ok();
    assert_eq!(pence(&after["potential"]), 372 * i64::try_from(number(&after["notifications"])).unwrap(), "1.04 less");
    for field in ["potential", "forecast", "realised"] {
        assert_eq!(pence(&it[field]), pence(&before[field]) + pence(&after[field]), "{field} of the whole");
        let stretches = it["by_model"].as_array().unwrap().iter().map(|it| pence(&it[field]));
        assert_eq!(stretches.collect::<Vec<_>>(), [pence(&before[field]), pence(&after[field])], "{field}");
    }
    assert!(it["cautions"][0].as_str().unwrap().starts_with("Uncalibrated"), "{it}");
    let again = manager.post_to("/api/v1/assumptions", &change).ok();
    assert_eq!(again["history"].as_array().unwrap().len(), told["history"].as_array().unwrap().len());
    let back = json!({"name": "manual_minutes", "value": "6.24", "source": "calibrated", "from": "2016-01-01"});
    manager.post_to("/api/v1/assumptions", &back).ok();
    let fell = json!({"decision": "Cabinet minute 88", "line": "postage", "yearly": "365.00", "from": "2016-03-01"});
    manager.post_to("/api/v1/budget-reductions", &fell).ok();
    let measured = &manager.get("/api/v1/savings").ok()["measured"];
    assert_eq!(pence(&measured["cash_releasing"]) + pence(&measured["time_releasing"]), 129_472);
    assert!(pence(&measured["cash_releasing"]) > 0);
    let refused = json!({"name": "manual_minutes", "value": "-1", "source": "x", "from": "2016-01-01"});
    assert_eq!(manager.post_to("/api/v1/assumptions", &refused).status, 422);
}

fn otherwise(hearth: &Hearth) {
    let before = hearth.events().len();
    let rules = hearth.write("rules.toml", "[[policy]]\nfrom = \"2015-04-01\"\nbackdate_limit_days = 30\n");
    let it = hearth.run(&["what-if", "--rules", &rules, "--json"]).ok().json();
    assert_eq!((&it["decided_again"], &it["not_as_recorded"]), (&json!(420), &json!(0)));
    assert_eq!(it["outcomes"][0]["now"], 272);
    let changed = it["changed"].as_array().unwrap();
    assert_eq!(changed.len(), 94, "as when each was asked about before it was processed");
    assert!(
        changed.iter().all(|it| it["would_be"] == "refer" && it["because"].to_string().contains("date-within-limits"))
    );
    let fewer = 272 - number(&it["outcomes"][0]["instead"]);
    assert_eq!(number(&it["straight_through_instead"]), 272 - fewer);
    let lost = i64::try_from(fewer).unwrap() * 476;
    assert_eq!(pence(&it["savings"]["realised_difference"]), -lost, "4.76 each");

    let same = hearth.write("same.toml", "[[policy]]\nfrom = \"2013-04-01\"\nbackdate_limit_days = 90\n");
    let it = hearth.run(&["what-if", "--rules", &same, "--from", "2016-03-01", "--json"]).ok().json();
    assert_eq!((it["changed"].as_array().unwrap().len(), &it["charged_difference"]), (0, &json!("0.00")));

    let costs = "[[costs]]\nname = \"dearer\"\nfrom = \"2015-04-01\"\nofficer_hourly_cost = { value = \"25\", source = \"assumed\" }\n\
        manual_minutes = { value = \"6.24\", source = \"assumed\" }\ncontact = { telephone = { value = \"2.83\", source = \"a\" }, \
        web = { value = \"0.15\", source = \"a\" } }\ncounterfactual = { telephone = 1 }\n";
    let costs = hearth.write("costs.toml", costs);
    let it = hearth.run(&["what-if", "--costs", &costs, "--json"]).ok().json();
    assert_eq!(
        (&it["savings"]["scenario_instead"], &it["savings"]["potential_instead"]),
        (&json!("dearer"), &json!("2217.60"))
    );
    assert!(hearth.run(&["what-if", "--costs", &costs]).ok().out.contains("2217.60"));

    let bad = hearth.write("bad.toml", "[[policy]]\nfrom = \"2015-04-01\"\nbackdate_limit_days = \"soon\"\n");
    let done = hearth.run(&["what-if", "--rules", &bad]).failed(2);
    assert!(done.err.contains("bad.toml, line 3, column backdate_limit_days"), "{done:?}");
    assert!(hearth.run(&["what-if"]).failed(2).err.contains("--rules"));
    assert_eq!(hearth.events().len(), before, "nothing is recorded");
}
