//! The residents' pages, filled in page by page as a browser without scripts does, up to what the council has of it.

use jiff::civil::date;
use serde_json::{Value, json};

use super::council::{Council, Look};
use super::http::Client;
use super::officers::Desk;
use super::pack::Sort;
use super::say::{RECEIVED, move_in};

/// What is sent on each page, by its path below that of the draft.
type Pages<'a> = &'a [(&'a str, &'a [(&'a str, &'a str)])];

/// A council on whose simulated clock it is December.
fn in_december() -> Council {
    let council = Council::new(51, 60);
    let first = move_in(council.pack.nth(Sort::Void, 5), "first", date(2015, 11, 20), &["Mr Jo First"]);
    council.submit(&[first]);
    council
}

/// The page as it is shown.
#[track_caller]
fn page(visitor: &Client, path: &str) -> String {
    let (head, body) = visitor.fetch(path);
    let body = String::from_utf8(body).unwrap();
    assert!(head.starts_with("http/1.1 200"), "{path}: {head}\n{body}");
    body
}

/// Fills in these pages, which have to come in this order and no others with them, and sends what was told.
#[track_caller]
fn tells(look: &Look<'_>, pages: Pages<'_>) -> String {
    let visitor = Client::new(look.served.address, "");
    let mut at = visitor.send_form("/tell", &[]).unwrap();
    let draft = at.strip_suffix("/about/who").unwrap().to_owned();
    for (path, fields) in pages {
        assert_eq!(at, format!("{draft}/{path}"));
        let shown = page(&visitor, &at);
        for (field, _) in *fields {
            assert!(shown.contains(&format!("name=\"{field}\"")), "{path} has no {field}:\n{shown}");
        }
        // Nothing at all is not enough, or enough only where all of it may be left out.
        let led = visitor.send_form(&at, &[]).unwrap_or_else(|it| panic!("{path}: {it}"));
        if led.starts_with(&format!("{at}?")) {
            assert!(page(&visitor, &led).contains("govuk-error-summary"), "{led}");
        }
        at = visitor.send_form(&at, fields).unwrap_or_else(|it| panic!("{path}: {it}"));
    }
    assert_eq!(at, format!("{draft}/check"));
    page(&visitor, &at);
    let sent = visitor.send_form(&at, &[]).unwrap();
    assert_eq!(sent, format!("{draft}/sent"));
    let receipt = page(&visitor, &sent);
    let from = receipt.find("HN-").unwrap_or_else(|| panic!("{receipt}"));
    receipt[from..].chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect()
}

/// The notification that an officer sees.
#[track_caller]
fn received(desk: &Desk, reference: &str, kind: &str) -> Value {
    let told = desk.item(reference)["notification"].clone();
    assert_eq!(told["kind"], kind, "{told:#}");
    assert_eq!((&told["channel"], &told["declaration"]), (&json!("web"), &json!(true)));
    told
}

#[test]
fn a_move_within_is_told_of_two_homes_and_arrives_whole() {
    let council = in_december();
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 1);
    let (from, to) = (council.pack.nth(Sort::Tenant, 0), council.pack.nth(Sort::Void, 0));
    let reference = tells(
        &look,
        &[
            ("about/who", &[("about-who", "own")]),
            ("about/topics", &[("about-topics", "moving")]),
            ("about/moving", &[("about-moving", "move-within")]),
            ("about/postcode", &[("about-postcode", &to.postcode.to_lowercase())]),
            ("about/dwelling", &[("about-dwelling", &to.uprn)]),
            (
                "move-within/when",
                &[
                    ("move-within-effective-on-day", "28"),
                    ("move-within-effective-on-month", "nov"),
                    ("move-within-effective-on-year", "2015"),
                ],
            ),
            ("move-within/tenure", &[("move-within-details-tenure", "tenant")]),
            ("move-within/alone", &[("move-within-alone", "yes")]),
            ("move-within/from-postcode", &[("move-within-from-postcode", &from.postcode)]),
            ("move-within/from-dwelling", &[("move-within-from-dwelling", &from.uprn)]),
            (
                "move-within/out",
                &[
                    ("move-within-details-moved-out-on-day", "28"),
                    ("move-within-details-moved-out-on-month", "11"),
                    ("move-within-details-moved-out-on-year", "2015"),
                ],
            ),
            ("move-within/stayed", &[("move-within-stayed", "no")]),
            ("move-within/next", &[("move-within-next", "owner")]),
            ("move-within/next-name", &[("move-within-next-name", "")]),
            ("you/name", &[("you-name", &from.persons[0])]),
            ("you/contact", &[("you-email", ""), ("you-phone", "")]),
            ("you/account", &[("you-account", &from.account)]),
        ],
    );
    let told = received(&desk, &reference, "move-within");
    assert_eq!((&told["dwelling"]["uprn"], &told["account"]), (&json!(to.uprn), &json!(from.account)));
    let details = json!({"from_dwelling": {"uprn": from.uprn}, "moved_out_on": "2015-11-28", "tenure": "tenant",
        "persons": [{"name": from.persons[0]}], "sole_adult": true, "everyone_moved": true,
        "successor": {"kind": "owner"}});
    assert_eq!((&told["effective_on"], &told["details"]), (&json!("2015-11-28"), &details));
    look.served.stopped();
    council.hearth.verified();
}

#[test]
fn an_agent_tells_of_new_tenants() {
    let council = in_december();
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 1);
    let it = council.pack.nth(Sort::Tenants, 0);
    let reference = tells(
        &look,
        &[
            ("about/who", &[("about-who", "agent")]),
            ("about/letting", &[("about-letting", "tenancy-change")]),
            ("about/postcode", &[("about-postcode", &it.postcode)]),
            ("about/dwelling", &[("about-dwelling", &it.uprn)]),
            ("tenancy-change/landlord", &[("tenancy-change-details-landlord", it.owner.as_deref().unwrap())]),
            ("tenancy-change/what", &[("tenancy-change-what", "both")]),
            (
                "tenancy-change/ended",
                &[
                    ("tenancy-change-details-tenancy-ended-on-day", "27"),
                    ("tenancy-change-details-tenancy-ended-on-month", "11"),
                    ("tenancy-change-details-tenancy-ended-on-year", "2015"),
                ],
            ),
            (
                "tenancy-change/outgoing",
                &[
                    ("tenancy-change-details-outgoing", &it.persons[0]),
                    ("tenancy-change-details-outgoing", &it.persons[1]),
                ],
            ),
            ("tenancy-change/forwarding", &[("tenancy-change-forwarding", "known")]),
            ("tenancy-change/address", &[("tenancy-change-address", "9 Hidden Close\r\nFarway")]),
            (
                "tenancy-change/starts",
                &[
                    ("tenancy-change-details-tenancy-starts-on-day", "28"),
                    ("tenancy-change-details-tenancy-starts-on-month", "11"),
                    ("tenancy-change-details-tenancy-starts-on-year", "2015"),
                ],
            ),
            ("tenancy-change/incoming", &[("tenancy-change-details-incoming", "Ms Zoë Ünal")]),
            ("tenancy-change/furnished", &[("tenancy-change-details-furnished", "no")]),
            ("you/name", &[("you-name", "Lets & Sons <agents>")]),
            ("you/contact", &[("you-email", "lets@example.org"), ("you-phone", "")]),
        ],
    );
    let told = received(&desk, &reference, "tenancy-change");
    let details = json!({"tenancy_ended_on": "2015-11-27", "outgoing": it.persons,
        "forwarding_address": "9 Hidden Close\nFarway", "tenancy_starts_on": "2015-11-28",
        "incoming": [{"name": "Ms Zoë Ünal"}], "joint_tenancy": true, "furnished": false,
        "landlord": it.owner});
    assert_eq!((&told["effective_on"], &told["details"]), (&json!("2015-11-28"), &details));
    let submitter = json!({"role": "agent", "name": "Lets & Sons <agents>", "email": "lets@example.org"});
    assert_eq!(told["submitted_by"], submitter);
    look.served.stopped();
}

#[test]
fn a_friend_tells_of_two_things_at_once() {
    let council = in_december();
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 1);
    let it = council.pack.nth(Sort::Couple, 0);
    let day = |field: &'static str| (format!("{field}-day"), format!("{field}-month"), format!("{field}-year"));
    let (when, left) = (
        day("single-person-discount-claim-effective-on"),
        day("single-person-discount-claim-details-adults-left-0-left-on"),
    );
    let reference = tells(
        &look,
        &[
            ("about/who", &[("about-who", "third-party")]),
            ("about/topics", &[("about-topics", "household"), ("about-topics", "other")]),
            ("about/household", &[("about-household", "single-person-discount-claim")]),
            ("about/other", &[("about-other", "enquiry")]),
            ("about/postcode", &[("about-postcode", &it.postcode)]),
            ("about/dwelling", &[("about-dwelling", &it.uprn)]),
            ("single-person-discount-claim/when", &[(&when.0, "14"), (&when.1, "11"), (&when.2, "2015")]),
            ("single-person-discount-claim/anybody", &[("single-person-discount-claim-anybody", "yes")]),
            (
                "single-person-discount-claim/left",
                &[("single-person-discount-claim-details-adults-left", &it.persons[1])],
            ),
            ("single-person-discount-claim/left-on-1", &[(&left.0, "14"), (&left.1, "11"), (&left.2, "2015")]),
            (
                "single-person-discount-claim/left-to-1",
                &[("single-person-discount-claim-details-adults-left-0-new-address", "")],
            ),
            ("enquiry/question", &[("enquiry-details-question", "When is the next bill due?")]),
            ("you/name", &[("you-name", "Mr Fred Friend")]),
            ("you/contact", &[("you-email", ""), ("you-phone", "")]),
            ("you/account", &[("you-account", "")]),
        ],
    );
    let claim = received(&desk, &reference, "single-person-discount-claim");
    let left = json!([{"name": it.persons[1], "left_on": "2015-11-14"}]);
    assert_eq!(claim["details"], json!({"adults_left": left, "other_adults_remaining": 0}));
    assert_eq!(claim["submitted_by"], json!({"role": "third-party", "name": "Mr Fred Friend"}));
    let all = desk.list("");
    let kinds: Vec<_> = all.iter().map(|id| desk.item(id)["notification"].clone()).collect();
    let enquiry = kinds.iter().find(|it| it["kind"] == "enquiry").unwrap();
    // It is told without a day, so it is told of the day on which it was told.
    assert_eq!(enquiry["effective_on"], json!(RECEIVED));
    assert_eq!(enquiry["details"], json!({"question": "When is the next bill due?"}));
    look.served.stopped();
}

#[test]
fn an_executor_tells_of_a_death_and_of_nothing_that_was_not_asked() {
    let council = in_december();
    let look = council.look();
    let desk = Desk::new(&look, &council, "officer", 1);
    let it = council.pack.nth(Sort::Alone, 0);
    let reference = tells(
        &look,
        &[
            ("about/who", &[("about-who", "executor")]),
            ("about/estate", &[("about-estate", "death")]),
            // Nobody knows this postcode, so the address is written.
            ("about/postcode", &[("about-postcode", "ZZ99 9ZZ")]),
            ("about/address", &[("about-address", &it.address)]),
            ("death/name", &[("death-details-name", &it.persons[0])]),
            (
                "death/when",
                &[
                    ("death-effective-on-day", "1"),
                    ("death-effective-on-month", "11"),
                    ("death-effective-on-year", "2015"),
                ],
            ),
            (
                "death/born",
                &[
                    ("death-details-date-of-birth-day", ""),
                    ("death-details-date-of-birth-month", ""),
                    ("death-details-date-of-birth-year", ""),
                ],
            ),
            ("you/name", &[("you-name", "Ms Ex Ecutor")]),
            ("you/contact", &[("you-email", "ex@example.org"), ("you-phone", "")]),
            ("you/account", &[("you-account", &it.account)]),
        ],
    );
    let told = received(&desk, &reference, "death");
    assert_eq!(told["dwelling"], json!({"address": it.address, "postcode": "ZZ99 9ZZ"}));
    let executor = json!({"name": "Ms Ex Ecutor", "email": "ex@example.org"});
    assert_eq!(told["details"], json!({"name": it.persons[0], "executor": executor}));
    look.served.stopped();
}
