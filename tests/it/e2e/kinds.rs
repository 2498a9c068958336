//! Households, deaths, empty homes and the valuation list, from the file to the bill and back through the log.

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::council::Council;
use super::pack::{Dwelling, Sort};
use super::say::by_holder;

const ON: Date = date(2015, 11, 14);

/// From a service of the state, about a dwelling.
fn by_service(channel: &str, it: &Dwelling, kind: &str, reference: &str, details: &Value) -> Value {
    let mut told = by_holder(it, kind, reference, ON, details);
    told["channel"] = json!(channel);
    told["submitted_by"] = json!({"role": "third-party", "name": "A Service"});
    told.as_object_mut().unwrap().remove("account");
    told
}

#[test]
fn what_a_machine_may_apply_of_every_kind_is_applied_and_adds_up() {
    let council = Council::new(31, 80);
    let of = |sort, nth| council.pack.nth(sort, nth);
    let (leaving, dying, emptied) = (of(Sort::Couple, 0), of(Sort::Couple, 1), of(Sort::Couple, 2));
    let (lodger, second, married) = (of(Sort::Alone, 0), of(Sort::Alone, 1), of(Sort::Unclaimed, 0));
    let proof = json!([{"kind": "marriage-certificate", "file_name": "m.pdf"}]);
    let spouse = json!({"person": {"name": "Ms Siân Newly"}, "relationship": "spouse", "lived_there_before": false,
        "evidence": proof});
    let sent = [
        by_holder(leaving, "liable-person-removed", "removed", ON, &json!({"name": leaving.persons[0]})),
        by_service("tell-us-once", dying, "death", "died", &json!({"name": dying.persons[1]})),
        by_holder(dying, "death", "died-again", ON, &json!({"name": dying.persons[1]})),
        by_holder(emptied, "property-empty", "emptied", ON, &json!({"reason": "for-sale", "furnished": false})),
        by_holder(lodger, "occupier-joined", "lodger", ON, &json!({"person": {"name": "Mx Tomos Lodger"}})),
        by_holder(lodger, "occupier-joined", "lodger-again", ON, &json!({"person": {"name": "Mx T Lodger"}})),
        by_holder(second, "second-home", "second", ON, &json!({"main_home_address": "9 Elsewhere", "furnished": true})),
        by_holder(married, "liable-person-added", "married", ON, &spouse),
    ];
    let tally = council.submit(&sent);
    assert_eq!((&tally["applied"], &tally["duplicate"]), (&json!(6), &json!(2)), "{tally}");
    let look = council.look();
    look.came_to("died-again", "duplicate", &["R23"]);
    look.came_to("lodger-again", "duplicate", &["R23"]);
    look.liable(leaving, &[(&leaving.persons[0], leaving.from, Some(ON)), (&leaving.persons[1], ON, None)]);
    look.liable(dying, &[(&dying.persons[0], dying.from, Some(ON)), (&dying.persons[0], ON, None)]);
    for it in [leaving, dying] {
        assert_eq!(look.account(&it.opened(2))["awards"], json!([{"code": "D-SPD", "from": ON, "to": null}]));
    }
    assert_eq!(look.account(&married.opened(2))["liable_persons"].as_array().unwrap().len(), 2);
    assert_eq!(look.account(&emptied.opened(2))["adults"], json!(0));
    assert_eq!(look.account(&lodger.account)["adults"], json!(2));
    look.all_add_up();
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn a_band_is_changed_by_the_agency_alone() {
    let council = Council::new(32, 40);
    let it = council.pack.nth(Sort::Couple, 0);
    let band = if it.band == "C" { "B" } else { "C" };
    let change = json!({"change": "amended", "band": band, "previous_band": it.band});
    let tally = council.submit(&[
        by_holder(it, "band-change", "asked", ON, &change),
        by_service("voa", it, "band-change", "changed", &change),
    ]);
    assert_eq!((&tally["applied"], &tally["referred"]), (&json!(1), &json!(1)), "{tally}");
    let look = council.look();
    look.came_to("asked", "referred", &["R22"]);
    let charged = look.account(&it.account);
    let of_year = charged["charges"].as_array().unwrap().iter().find(|it| it["financial_year"] == "2015/16").unwrap();
    let lines: Vec<_> = of_year["lines"].as_array().unwrap().iter().map(|it| (&it["code"], &it["from"])).collect();
    assert_eq!(lines, [(&json!(it.band), &json!("2015-04-01")), (&json!(band), &json!(ON))]);
    look.served.stopped();
    council.hearth.verified();
}
