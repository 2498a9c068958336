//! What is kept of persons: under which name they go on, where they can be reached.

use hearth_events::{Event, PersonDetails, Personal};
use serde_json::{Value, json};

use super::{ACCOUNT, Decided, HOME, Home, accept, home, tell, told};

const ON: &str = "2016-01-10";

fn tells(home: Home, kind: &str, details: Value) -> Decided {
    tell(&[home], told(kind, ON, "Mr A", json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details))
}

/// What the events of a decision say of persons, those who become liable last of all.
fn persons(it: &Decided) -> Vec<PersonDetails> {
    let mut found = Vec::new();
    for event in &it.decision.effects[0].1 {
        let persons = if let Event::LiabilityEnded(it) = event {
            it.left_to.iter().collect()
        } else if let Event::LiabilityStarted(it) = event {
            it.liable_persons.iter().collect()
        } else if let Event::OccupantAdded(it) = event {
            vec![&it.person]
        } else if let Event::OccupantRemoved(it) = event {
            vec![&it.person]
        } else if let Event::PersonRenamed(it) = event {
            vec![&it.person]
        } else if let Event::DeliveryPreferenceChanged(it) = event {
            Vec::from_iter(&it.person)
        } else {
            Vec::new()
        };
        found.extend(persons.into_iter().map(|it| match it {
            Personal::Open { value, .. } => value.clone(),
            Personal::Sealed { .. } => panic!("sealed"),
        }));
    }
    found
}

fn named(name: &str) -> PersonDetails {
    PersonDetails { name: name.into(), ..PersonDetails::default() }
}

/// As the first person of a home is on file.
fn on_file(name: &str, address: Option<&str>) -> PersonDetails {
    PersonDetails {
        name: name.into(),
        email: Some("on.file@example.org".into()),
        phone: Some("01632 960001".into()),
        address: address.map(str::to_owned),
    }
}

#[test]
fn whoever_leaves_is_reached_at_the_new_address_unless_it_is_not_known() {
    let leaves = |address: &str| {
        let details = json!({"persons_leaving": ["Mr A"], "forwarding_address": address,
            "successor": {"kind": "buyer", "name": "Ms Buyer"}});
        persons(&tells(home(&["Mr A"]), "move-out", details).applied())
    };
    assert_eq!(leaves("9 Elsewhere"), [on_file("Mr A", Some("9 Elsewhere")), named("Ms Buyer")]);
    assert_eq!(leaves(" Not-Known "), [named("Ms Buyer")]);
}

#[test]
fn one_of_two_who_leaves_takes_only_their_own_address_along() {
    let details = json!({"name": "Mr A", "forwarding_address": "9 Elsewhere"});
    let it = tells(home(&["Mr A", "Ms B"]), "liable-person-removed", details).applied();
    assert_eq!(persons(&it), [on_file("Mr A", Some("9 Elsewhere")), named("Ms B")]);
}

#[test]
fn whoever_tells_of_themselves_needs_only_one_of_their_own_contacts() {
    for (contact, value) in [("email", "on.file@example.org"), ("phone", "+44 1632 960001")] {
        let more = json!({"account": ACCOUNT});
        let mut told = told("liable-person-removed", ON, "Mr A", more, json!({"name": "Mr A"}));
        told["submitted_by"] = json!({"role": "liable-person", "name": "Mr A", contact: value});
        tell(&[home(&["Mr A", "Ms B"])], told).applied();
    }
}

#[test]
fn nobody_follows_who_is_one_of_those_who_leave() {
    let details = json!({"persons_leaving": ["Mr A", "Ms B"], "forwarding_address": "9 Elsewhere",
        "successor": {"kind": "buyer", "name": "Ms B"}});
    tells(home(&["Mr A", "Ms B"]), "move-out", details).referred(&[hearth_events::ReasonCode::R19]);
}

#[test]
fn a_lodger_who_leaves_and_a_child_who_is_of_age_are_recorded_by_name() {
    let details = json!({"name": "Mx Lodger", "new_address": "9 Elsewhere"});
    let left = PersonDetails { address: Some("9 Elsewhere".into()), ..named("Mx Lodger") };
    assert_eq!(persons(&tells(home(&["Mr A"]).adults(2), "occupier-left", details).applied()), [left]);

    let details = json!({"person": "Kit", "class": "child-benefit", "date_of_birth": "1998-01-10",
        "ends_on": "2016-08-31", "evidence": [{"kind": "child-benefit-letter", "file_name": "l.pdf"}]});
    assert_eq!(persons(&tells(home(&["Mr A"]).alone(), "disregard-claim", details).applied()), [named("Kit")]);
}

#[test]
fn a_new_name_changes_nothing_else_of_a_person() {
    let evidence = json!([{"kind": "marriage-certificate", "file_name": "c.pdf"}]);
    let details = json!({"old_name": "Mr A", "new_name": "Mr Fox", "reason": "marriage", "evidence": evidence});
    assert_eq!(persons(&tells(home(&["Mr A"]), "change-of-name", details).applied()), [on_file("Mr Fox", None)]);
}

#[test]
fn bills_go_to_the_address_that_was_verified() {
    let asks = |email: Option<&str>, verified: bool| {
        let mut details = json!({"paperless": email.is_some(), "email_verified": verified});
        details.as_object_mut().unwrap().extend(email.map(|it| ("email".to_owned(), json!(it))));
        told("paperless", ON, "Mr A", json!({"account": ACCOUNT}), details)
    };
    let another = PersonDetails { email: Some("new@example.org".into()), ..on_file("Mr A", None) };
    let homes = [home(&["Mr A"])];
    assert_eq!(persons(&tell(&homes, asks(Some("new@example.org"), true)).applied()), std::slice::from_ref(&another));
    assert_eq!(persons(&tell(&homes, asks(Some("On.File@example.org"), true)).applied()), [], "as it is on file");
    assert_eq!(persons(&tell(&[home(&["Mr A"]).chosen()], asks(None, false)).applied()), [], "by post again");
    // Nobody verified it; an officer is satisfied that it is theirs.
    tell(&homes, asks(Some("new@example.org"), false)).referred(&[hearth_events::ReasonCode::R02]);
    assert_eq!(persons(&accept(&homes, asks(Some("new@example.org"), false)).applied()), [another]);
}

#[test]
fn an_estate_is_named_after_who_settles_it_or_after_who_died() {
    let died = |more: Value| {
        let mut details = json!({"name": "Mr A"});
        details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut told = told("death", ON, "Registrar", json!({"dwelling": {"uprn": HOME}}), details);
        told["channel"] = json!("tell-us-once");
        told["submitted_by"] = json!({"role": "third-party", "name": "Registrar"});
        persons(&accept(&[home(&["Mr A"]).alone()], told).applied())
    };
    assert_eq!(died(json!({})), [named("The personal representatives of Mr A")]);
    assert_eq!(died(json!({"executor": {"name": "Ms Heir"}})), [named("Ms Heir")]);
}

#[test]
fn what_an_officer_is_satisfied_of_is_told_as_the_machine_found_it() {
    let details = json!({"persons": [{"name": "Ms New"}], "tenure": "tenant", "sole_adult": true,
        "previous_occupiers_left": true});
    let told = told("move-in", ON, "Ms New", json!({"dwelling": {"uprn": HOME}}), details);
    super::cased(&super::council(), &[home(&["Mr A"])], &told, |case| {
        let weighed = super::decide_by_officer(case);
        let because = weighed.satisfied[0].because.as_str();
        assert_eq!(because, "a household is recorded as living there, and nobody of it has said that it left");
        let made = weighed.decision.findings.iter().find(|it| it.check == "no-overlapping-liability").unwrap();
        assert_eq!(made.because, format!("an officer is satisfied, although {because}"));
    });
}
