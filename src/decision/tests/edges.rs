//! The cases right beside those where the answer is another one.

use hearth_events::{Capacity, DiscountEnded, FinancialYear, Outcome, PaymentReceived, PolicyAdopted, ReasonCode};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::Findings;
use super::super::{decide, decide_by_officer, gates, lately, linked};
use super::world::World;
use super::{ACCOUNT, Decided, HOME, Home, TODAY, accept_under, cased, council, empty, home, limited, tell, told};
use ReasonCode::{R02, R06, R07, R16, R19};

const ON: &str = "2016-01-10";
const FIRST: &str = "HN-TEST-0000-0001";
const SECOND: &str = "HN-TEST-0000-0002";

fn by_holder(kind: &str, details: Value) -> Value {
    told(kind, ON, "Mr A", json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details)
}

#[test]
fn each_end_of_a_change_has_its_own_limit() {
    let enquiry = by_holder("enquiry", json!({"question": "?"}));
    cased(&council(), &[home(&["Mr A"])], &enquiry, |case| {
        let found = |days: &[Date]| {
            let mut findings = Findings::default();
            gates::dates(case, days, &mut findings);
            findings.into_list().iter().map(|it| it.reason).collect::<Vec<_>>()
        };
        // 90 days before the twentieth of January, and 14 after it.
        let (early, first, last, late) = (date(2015, 10, 21), date(2015, 10, 22), date(2016, 2, 3), date(2016, 2, 4));
        for (days, reasons) in [
            ([first, last], vec![None]),
            ([early, last], vec![Some(R06)]),
            ([first, late], vec![Some(R07)]),
            ([early, late], vec![Some(R06), Some(R07)]),
        ] {
            assert_eq!(found(&days), reasons, "{days:?}");
        }
    });
}

#[test]
fn a_movement_over_the_limit_is_the_only_one_that_is_to_be_authorised() {
    let claim = by_holder("single-person-discount-claim", json!({"adults_left": [], "other_adults_remaining": 0}));
    // A quarter of 82 days at £10.
    for (limit, over, passes) in [(204, Some("205.00"), 0), (205, None, 1), (206, None, 1)] {
        cased(&limited(limit), &[home(&["Mr A"])], &claim, |case| {
            let weighed = decide_by_officer(case);
            assert_eq!(weighed.second.over_limit, over.map(|it| it.parse().unwrap()), "{limit}");
            let said = weighed.decision.findings.iter().filter(|it| it.because.starts_with("no charge moves by more"));
            assert_eq!(said.count(), passes, "{limit}");
        });
    }
}

#[test]
fn what_is_not_declared_is_sent_back_whoever_sent_it_and_nothing_else_is() {
    let debit =
        json!({"action": "set-up", "account_holder": "Mr A", "sort_code": "089999", "account_number": "66374959"});
    let by = |name: &str, declared: bool| {
        let mut it = by_holder("direct-debit", debit.clone());
        it["submitted_by"]["name"] = json!(name);
        it["declaration"] = json!(declared);
        tell(&[home(&["Mr A"])], it)
    };
    by("Mr A", true).comes_to(Outcome::Reject, &[]);
    by("Mx Who", true).comes_to(Outcome::Refer, &[R02]);
    by("Mx Who", false).comes_to(Outcome::Reject, &[]);
}

#[test]
fn a_death_is_on_record_only_where_it_was_the_deceased_who_went() {
    let died = |name: &str| {
        let mut it = told("death", ON, "Registrar", json!({"dwelling": {"uprn": HOME}}), json!({"name": name}));
        it["channel"] = json!("tell-us-once");
        it["submitted_by"] = json!({"role": "third-party", "name": "Registrar"});
        it
    };
    let spouse = json!({"person": {"name": "Ms New"}, "relationship": "spouse", "lived_there_before": false,
        "evidence": [{"kind": "marriage-certificate", "file_name": "c.pdf"}]});
    let mut world = World::new(council(), &[home(&["Mr A"])]);
    assert_eq!(world.tell(FIRST, &by_holder("liable-person-added", spouse)).outcome, Outcome::Apply);
    let decision = world.tell(SECOND, &died("Mx Lodger"));
    assert_eq!((decision.outcome, &decision.reasons[..]), (Outcome::Refer, &[R16][..]));

    let mut world = World::new(council(), &[home(&["Mr A", "Ms B"])]);
    assert_eq!(world.tell(FIRST, &died("Mr A")).outcome, Outcome::Apply);
    let mut again = died("Mr A");
    again["source_reference"] = json!("another");
    assert_eq!(world.tell(SECOND, &again).outcome, Outcome::Duplicate);
}

#[test]
fn somebody_joined_already_only_where_the_discount_ended_and_the_count_changed_on_the_day() {
    let joined = || by_holder("occupier-joined", json!({"person": {"name": "Ms New"}}));
    let since = |home: Home| Home { from: ON.parse().unwrap(), ..home };
    // The count is of the very day: the household came on it.
    for home in [since(home(&["Mr A"])), since(home(&["Mr A"])).alone()] {
        cased(&council(), &[home], &joined(), |case| assert_eq!(decide(case).outcome, Outcome::Apply));
    }
    // The discount ended on the day, and nobody was said to have joined.
    let mut world = World::new(council(), &[home(&["Mr A"]).alone()]);
    let ended =
        DiscountEnded { account: ACCOUNT.parse().unwrap(), code: "D-SPD".parse().unwrap(), to: ON.parse().unwrap() };
    world.record(&HOME.parse().unwrap(), "import", vec![ended.into()]);
    assert_eq!(world.tell(FIRST, &joined()).outcome, Outcome::Apply);

    let mut world = World::new(council(), &[home(&["Mr A"]).alone()]);
    assert_eq!(world.tell(FIRST, &joined()).outcome, Outcome::Apply);
    let mut again = joined();
    again["source_reference"] = json!("another");
    assert_eq!(world.tell(SECOND, &again).outcome, Outcome::Duplicate);
}

#[test]
fn a_band_is_not_changed_beneath_a_later_one() {
    let amended = |on: &str, band: &str, previous: Option<&str>| {
        let mut details = json!({"change": "amended", "band": band});
        details.as_object_mut().unwrap().extend(previous.map(|it| ("previous_band".to_owned(), json!(it))));
        let mut it = told("band-change", on, "Valuation Office Agency", json!({"dwelling": {"uprn": HOME}}), details);
        it["channel"] = json!("voa");
        it
    };
    let mut world = World::new(super::by_bands(), &[home(&["Mr A"])]);
    assert_eq!(world.tell(FIRST, &amended("2016-01-15", "C", Some("D"))).outcome, Outcome::Apply);
    for (previous, on, reasons) in
        [(Some("D"), "2016-01-10", vec![R19]), (None, "2016-01-10", vec![R19]), (Some("D"), "2016-01-16", vec![R19])]
    {
        let decision = world.tell(SECOND, &amended(on, "B", previous));
        assert_eq!((decision.outcome, decision.reasons), (Outcome::Refer, reasons), "{previous:?} {on}");
    }
    assert_eq!(world.tell(SECOND, &amended("2016-01-16", "B", Some("C"))).outcome, Outcome::Apply);
}

#[test]
fn each_notification_of_the_same_change_is_linked_once_and_none_with_itself() {
    let leaves =
        json!({"persons_leaving": ["Mr A"], "forwarding_address": "9 Elsewhere", "successor": {"kind": "owner"}});
    let mut found = Vec::new();
    cased(&council(), &[home(&["Mr A"])], &by_holder("move-out", leaves), |case| {
        let mut case = case.clone();
        case.told_before = SECOND.parse().ok();
        let account = &mut case.matched.premises[0].state.accounts[0];
        account.period = account.period.ended(ON.parse().unwrap());
        for by in [FIRST, SECOND, "HN-TEST-0000-0003"] {
            case.matched.premises[0].state.accounts[0].ended_by = by.parse().ok();
            found.push(linked(&case, &[]).iter().map(ToString::to_string).collect::<Vec<_>>());
        }
    });
    assert_eq!(found, [vec![SECOND], vec![SECOND], vec![SECOND, "HN-TEST-0000-0003"]]);
}

#[test]
fn the_pace_is_that_of_the_last_twenty_working_days() {
    // Christmas, Boxing Day on the Monday after, and New Year's Day lie between.
    assert_eq!(lately(TODAY), date(2015, 12, 18));
    assert_eq!(lately(date(2016, 3, 21)), date(2016, 2, 22));
}

fn tenancies(on: &str) -> Value {
    let details = json!({"tenancy_ended_on": "2016-01-09", "outgoing": ["Mr A"], "tenancy_starts_on": "2016-01-12",
        "incoming": [{"name": "Ms New"}]});
    let mut it = told("tenancy-change", on, "Mx Landlord", json!({"dwelling": {"uprn": HOME}}), details);
    it["details"]["joint_tenancy"] = json!(true);
    it["submitted_by"]["role"] = json!("landlord");
    it
}

#[test]
fn the_day_of_a_change_of_tenants_lies_between_the_last_day_of_one_and_the_first_of_the_other() {
    let on = |day: &str| tell(&[home(&["Mr A"]).let_by("Mx Landlord")], tenancies(day));
    on("2016-01-08").referred(&[R19]);
    on("2016-01-09").applied();
    on("2016-01-12").applied();
    on("2016-01-13").referred(&[R19]);
}

#[test]
fn new_tenants_are_on_record_only_where_it_is_they_who_began_on_the_day() {
    let outcome = |home: Home, incoming: &str| {
        let mut told = tenancies("2016-01-12");
        told["details"]["incoming"] = json!([{"name": incoming}]);
        let mut found = None;
        cased(&council(), &[home.let_by("Mx Landlord")], &told, |case| found = Some(decide(case).outcome));
        found.unwrap()
    };
    let since = |name| Home { from: date(2016, 1, 12), ..home(&[name]) };
    assert_eq!(outcome(since("Ms New"), "Ms New"), Outcome::Duplicate);
    assert_eq!(outcome(since("Ms Other"), "Ms New"), Outcome::Refer);
    assert_eq!(outcome(home(&["Mr A"]), "Mr A"), Outcome::Apply, "a new tenancy of the same tenant");
}

#[test]
fn a_landlord_who_names_nobody_lets_what_stood_empty_and_nothing_else() {
    let lets = |home: Home| {
        let mut told = tenancies("2016-01-12");
        told["details"].as_object_mut().unwrap().remove("tenancy_ended_on");
        told["details"]["outgoing"] = json!([]);
        tell(&[home], told)
    };
    lets(empty("Mx Landlord").at(HOME).let_by("Mx Landlord")).applied();
    lets(home(&["Mr A"]).let_by("Mx Landlord")).referred(&[R19]);
}

#[test]
fn what_is_asked_back_is_in_credit_and_all_who_are_liable_agree() {
    // 284 days at £10 and the year before.
    let asks = |names: &[&'static str], paid: &str, amount: Option<&str>| {
        let mut world = World::new(council(), &[home(names)]);
        let leaves = json!({"persons_leaving": names, "forwarding_address": "9 Elsewhere",
            "successor": {"kind": "buyer", "name": "Ms Buyer"}});
        assert_eq!(world.tell(FIRST, &by_holder("move-out", leaves)).outcome, Outcome::Apply);
        let financial_year = FinancialYear::of(TODAY);
        let account = &world.at(HOME).accounts[0];
        let asked = account.billing.bills.values().map(|it| it.net).sum::<hearth_events::Money>();
        let amount_paid = asked + paid.parse().unwrap();
        let received = PaymentReceived {
            account: ACCOUNT.parse().unwrap(),
            financial_year,
            amount: amount_paid,
            received_on: TODAY,
            source_reference: "P".into(),
        };
        world.record(&HOME.parse().unwrap(), "import", vec![received.into()]);
        let mut details = json!({"account_holder": "Mr A", "sort_code": "089999", "account_number": "66374958"});
        details.as_object_mut().unwrap().extend(amount.map(|it| ("amount".to_owned(), json!(it))));
        let decision = world.tell(SECOND, &by_holder("refund-request", details));
        let failed = decision.findings.iter().filter(|it| it.reason.is_some()).map(|it| it.check.clone());
        failed.filter(|it| ["account-in-credit", "joint-consent"].contains(&it.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(asks(&["Mr A"], "0.00", None), ["account-in-credit"]);
    assert_eq!(asks(&["Mr A"], "0.01", None), [""; 0]);
    assert_eq!(asks(&["Mr A"], "5.00", Some("5.00")), [""; 0]);
    assert_eq!(asks(&["Mr A"], "5.00", Some("5.01")), ["account-in-credit"]);
    assert_eq!(asks(&["Mr A", "Ms B"], "0.01", None), ["joint-consent"]);
}

/// What the council adopted: half off what stands empty, a tenth off a second home, and premiums on both.
fn determined() -> PolicyAdopted {
    let percents = [("D-LOC-B", 10), ("D-LOC-C", 50), ("D-LOC-D", 25)];
    PolicyAdopted {
        local_discounts: Some(percents.into_iter().map(|(code, it)| (code.to_owned(), Decimal::from(it))).collect()),
        empty_premium: Some(vec![hearth_events::EmptyPremiumTier { years: 2, percent: Decimal::from(50) }]),
        second_home_premium_percent: Some(Decimal::ONE_HUNDRED),
        charge_movement_limit: Some(hearth_events::Money::rounded(Decimal::from(10_000))),
        ..PolicyAdopted::default()
    }
}

/// The awards of the last account.
fn awards(it: &Decided) -> Vec<String> {
    let account = it.after[0].accounts.last().unwrap();
    let to = |it: Option<Date>| it.map_or_else(String::new, |it| it.to_string());
    account.awards.iter().map(|it| format!("{} {}..{}", it.code, it.period.from, to(it.period.to))).collect()
}

#[test]
fn the_day_on_which_the_furniture_goes_has_a_limit_of_its_own() {
    let gone = |day: &str| {
        let details = json!({"reason": "for-sale", "furnished": false, "furniture_removed_on": day});
        let it = accept_under(determined(), &[home(&["Mr A"])], by_holder("property-empty", details));
        (it.decision.findings.iter().filter(|it| it.check == "date-within-limits").count(), it.satisfied)
    };
    assert_eq!(gone("2016-01-10"), (1, vec![]), "the day that is told is looked at once");
    assert_eq!(gone("2016-01-11"), (2, vec![]));
    assert_eq!(gone("2016-03-01"), (2, vec![R07]));
}

#[test]
fn repairs_begin_when_the_furniture_is_gone_and_have_a_law_of_their_own() {
    let details = json!({"reason": "major-repairs", "furnished": false, "furniture_removed_on": "2016-01-15",
        "evidence": [{"kind": "builder-letter", "file_name": "l.pdf"}]});
    let it = accept_under(determined(), &[home(&["Mr A"])], by_holder("property-empty", details)).applied();
    assert!(awards(&it).contains(&"D-LOC-D 2016-01-15..2017-01-15".to_owned()), "{:?}", awards(&it));
    let source = |it: &Decided| {
        let found = it.decision.findings.iter().find(|it| it.check == "local-discount-determined").unwrap();
        found.source.clone()
    };
    let details = json!({"reason": "for-sale", "furnished": false});
    let sold = accept_under(determined(), &[home(&["Mr A"])], by_holder("property-empty", details)).applied();
    assert_ne!(source(&it), source(&sold));
    assert_eq!(source(&it), crate::rules::sources::REPAIRS);
}

#[test]
fn the_premium_on_a_second_home_is_said_as_it_is_on_the_day() {
    let said = |from: Date| {
        let policy = PolicyAdopted { from, ..determined() };
        let mut council = council();
        council.apply(&super::adopted(policy));
        let mut found = String::new();
        let details = json!({"furnished": true, "main_home_address": "9 Elsewhere"});
        cased(&council, &[home(&["Mr A"])], &by_holder("second-home", details), |case| {
            let decision = decide(case);
            let finding = decision.findings.iter().find(|it| it.check == "premium-by-policy").unwrap();
            found = finding.because.split(" is ").nth(1).unwrap().split(" on ").next().unwrap().to_owned();
        });
        found
    };
    assert_eq!(said(date(2016, 1, 10)), "100%");
    assert_eq!(said(date(2016, 1, 11)), "0%");
}

#[test]
fn only_an_owner_of_whom_it_is_known_that_nobody_lives_there_has_the_discount_of_an_empty_dwelling() {
    let leaves = |home: Home, successor: Value| {
        let details = json!({"persons_leaving": ["Mr A"], "forwarding_address": "9 Elsewhere",
            "furniture_removed_on": ON, "successor": successor});
        let it = accept_under(determined(), &[home], by_holder("move-out", details)).applied();
        assert_eq!(it.after[0].accounts.last().unwrap().capacity, Capacity::Owner);
        awards(&it)
    };
    assert_eq!(leaves(home(&["Mr A"]).let_by("Mx Landlord"), json!({"kind": "owner"})), ["D-LOC-C 2016-01-10.."]);
    // Nobody has said whether the buyer lives there.
    assert_eq!(leaves(home(&["Mr A"]), json!({"kind": "buyer", "name": "Ms Buyer"})), [""; 0]);
}

#[test]
fn what_stood_empty_before_and_was_lived_in_for_weeks_only_goes_on_towards_its_premium() {
    let stood_empty = || empty("Mr A").at(HOME).let_by("Mr A").award("D-LOC-C");
    let lived_in = |from: Date| {
        let mut world = World::new(super::under(determined()), &[stood_empty()]);
        let arrives = json!({"persons": [{"name": "Ms New", "email": "new@example.org"}], "tenure": "tenant",
            "sole_adult": true, "previous_occupiers_left": true});
        let on = from.to_string();
        let decision =
            world.accept(FIRST, &told("move-in", &on, "Ms New", json!({"dwelling": {"uprn": HOME}}), arrives));
        assert_eq!(decision.outcome, Outcome::Apply, "{:#?}", decision.findings);
        let leaves = json!({"persons_leaving": ["Ms New"], "forwarding_address": "9 Elsewhere",
            "furniture_removed_on": "2016-01-18", "successor": {"kind": "owner"}});
        let more = json!({"account": format!("{HOME}-2"), "dwelling": {"uprn": HOME}});
        let mut leaves = told("move-out", "2016-01-18", "Ms New", more, leaves);
        leaves["submitted_by"]["email"] = json!("new@example.org");
        let decision = world.accept(SECOND, &leaves);
        assert_eq!(decision.outcome, Outcome::Apply, "{:#?}", decision.findings);
        let state = world.at(HOME);
        state.accounts.last().unwrap().awards.iter().map(|it| it.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(lived_in(date(2015, 12, 7)), ["D-LOC-C", "P-EMPTY"], "six weeks to the day");
    assert_eq!(lived_in(date(2015, 12, 6)), ["D-LOC-C"]);
}
