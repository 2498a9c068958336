//! What a reversal takes back beside the change itself: notices, a credit that passed, a refund that was asked for.

use std::collections::BTreeMap;

use hearth_events::{
    CreditTransferred, DiscountAwarded, Event, FinancialYear, Instalment, LiabilityStarted, Money, Outcome, Period,
    RefundApproved, RefundPaid, RefundRefused,
};
use hearth_projections::RefundStatus;
use jiff::civil::date;
use serde_json::{Value, json};

use super::super::NotReversible;
use super::bills::{NAME, OPENED, billed, moves, pays, two_homes};
use super::world::World;
use super::{ACCOUNT, HOME, NEW_HOME, TODAY, council, empty, home, told};

const FIRST: &str = "HN-TEST-0000-0001";
const SECOND: &str = "HN-TEST-0000-0002";
const THIRD: &str = "HN-TEST-0000-0003";
const ON: &str = "2016-01-10";

#[track_caller]
fn applied(world: &mut World, reference: &str, told: &Value) {
    let decision = world.accept(reference, told);
    assert_eq!(decision.outcome, Outcome::Apply, "{:#?}", decision.findings);
}

fn by_holder(kind: &str, details: Value) -> Value {
    told(kind, ON, NAME, json!({"account": ACCOUNT, "dwelling": {"uprn": HOME}}), details)
}

/// What an account owes, and the instalments that it is asked for, year by year.
type Asked = (Money, Vec<(FinancialYear, Money, Vec<Instalment>)>);

/// What every account owes and is asked for.
fn asked(world: &World) -> BTreeMap<String, Asked> {
    let one = |it: &hearth_projections::AccountState| {
        let bill =
            |(year, bill): (&FinancialYear, &hearth_projections::Bill)| (*year, bill.net, bill.instalments.clone());
        (it.account.to_string(), (it.billing.balance(), it.billing.bills.iter().map(bill).collect()))
    };
    world.states().iter().flat_map(|it| it.accounts.iter().map(one).collect::<Vec<_>>()).collect()
}

fn balances(world: &World) -> BTreeMap<String, Money> {
    asked(world).into_iter().map(|(account, (balance, _))| (account, balance)).collect()
}

/// The last credit that passed at a dwelling: from, to, how much, when.
fn passed(world: &World, uprn: &str) -> (String, String, String, String) {
    let is_one = |it: &Event| if let Event::CreditTransferred(it) = it { Some(it.clone()) } else { None };
    let CreditTransferred { from, to, amount, on, .. } =
        world.stream(uprn).iter().rev().filter_map(|it| is_one(&it.event)).find(|it| it.from != it.to).unwrap();
    (from.to_string(), to.to_string(), amount.to_string(), on.to_string())
}

#[test]
fn a_credit_comes_back_with_a_reversal_and_passes_again_when_that_is_reversed() {
    let mut world = billed(&two_homes(), Some("6900.00"));
    let before = balances(&world);
    applied(&mut world, FIRST, &moves(ON));
    let moved = asked(&world);
    let way = |from: &str, to: &str, on: &str| (from.to_owned(), to.to_owned(), "410.00".to_owned(), on.to_owned());
    assert_eq!(passed(&world, HOME), way(ACCOUNT, OPENED, "2016-01-20"));
    let back = world.credit_back(HOME, FIRST).unwrap();
    assert_eq!((back.from.as_str(), back.to.as_str(), back.amount), (OPENED, ACCOUNT, "410.00".parse().unwrap()));
    assert_eq!(world.credit_back(HOME, SECOND), None, "nothing passed with another notification");

    world.today = date(2016, 1, 22);
    world.reverse(FIRST, false).unwrap();
    for dwelling in [HOME, NEW_HOME] {
        assert_eq!(passed(&world, dwelling), way(OPENED, ACCOUNT, "2016-01-22"));
        assert_eq!(world.credit_back(dwelling, FIRST), None, "it has come back");
    }
    let reversed = balances(&world);
    assert_eq!(reversed[OPENED], Money::ZERO);
    for (account, balance) in before {
        assert_eq!(reversed[&account], balance, "{account}");
    }

    world.reverse(FIRST, true).unwrap();
    assert_eq!(passed(&world, NEW_HOME), way(ACCOUNT, OPENED, "2016-01-22"));
    let restored = asked(&world);
    for (account, (balance, _)) in &moved {
        assert_eq!(restored[account].0, *balance, "{account}");
    }
    // What is asked for is what is left of it once the credit is there.
    assert_eq!(restored[OPENED].1, moved[OPENED].1);
    assert_eq!(world.credit_back(HOME, FIRST).map(|it| it.from.to_string()), Some(OPENED.to_owned()));
}

#[test]
fn only_the_accounts_that_a_change_touched_are_corrected() {
    let mut world = billed(&two_homes(), None);
    let held = world.at(HOME).accounts[0].clone();
    let former = LiabilityStarted {
        account: "30000009".parse().unwrap(),
        liable_persons: held.liable_persons,
        period: Period { from: date(2009, 4, 1), to: Some(held.period.from) },
        capacity: held.capacity,
        adults: Some(1),
        payment_method: held.payment_method,
        bank_details: None,
        imported_row: None,
    };
    world.record(&HOME.parse().unwrap(), "import", vec![former.into()]);
    applied(&mut world, FIRST, &moves(ON));
    world.reverse(FIRST, false).unwrap();
    let corrected = |it: &Event| if let Event::AccountCorrected(it) = it { Some(it.account.to_string()) } else { None };
    let corrected: Vec<_> = world.stream(HOME).iter().filter_map(|it| corrected(&it.event)).collect();
    assert_eq!(corrected, [format!("{HOME}-3"), ACCOUNT.to_owned()]);
}

#[test]
fn what_was_carried_out_anew_after_a_reversal_is_what_is_reversed_next() {
    let claim = |on: &str| {
        let details = json!({"adults_left": [], "other_adults_remaining": 0});
        told("single-person-discount-claim", on, NAME, json!({"account": ACCOUNT}), details)
    };
    let mut world = World::new(council(), &[home(&[NAME])]);
    let before = world.stands();
    applied(&mut world, FIRST, &claim(ON));
    world.reverse(FIRST, false).unwrap();
    applied(&mut world, FIRST, &claim("2016-01-15"));
    let anew = world.stands();
    world.reverse(FIRST, false).unwrap();
    assert_eq!(world.stands(), before);
    world.reverse(FIRST, true).unwrap();
    assert_eq!(world.stands(), anew, "from the fifteenth, and not from the tenth");
}

#[test]
fn where_an_award_comes_back_that_no_rule_charges_nothing_is_charged() {
    let mut world = World::new(council(), &[empty(NAME).at(HOME)]);
    // The council adopted nothing that says how much it is.
    let (account, code) = (ACCOUNT.parse().unwrap(), "D-LOC-C".parse().unwrap());
    let awarded = DiscountAwarded { account, code, period: Period::starting(ON.parse().unwrap()), terms: None };
    world.record(&HOME.parse().unwrap(), "import", vec![awarded.into()]);
    applied(&mut world, FIRST, &by_holder("back-in-use", json!({"persons": [{"name": NAME}]})));
    let nets = |world: &World| {
        world.at(HOME).accounts[0]
            .charges
            .values()
            .map(|it| (it.net.to_string(), it.lines.is_empty()))
            .collect::<Vec<_>>()
    };
    let charged = nets(&world);
    assert!(charged.iter().all(|(_, is_empty)| !is_empty), "{charged:?}");
    let events = world.stream(HOME).len();
    world.reverse(FIRST, false).unwrap();
    assert_eq!(nets(&world), vec![("0.00".to_owned(), true); charged.len()]);
    let is_notice = |it: &&hearth_events::Recorded| it.event.type_name().ends_with("NoticeIssued");
    assert_eq!(world.stream(HOME)[events..].iter().find(is_notice), None, "what it owes is not known");
    world.reverse(FIRST, true).unwrap();
    assert_eq!(nets(&world), charged);
}

/// The household has left with £410.00 too much paid and asks for it.
fn asks_for_a_refund() -> World {
    let mut world = billed(&[home(&[NAME])], Some("6900.00"));
    let details = json!({"persons_leaving": [NAME], "forwarding_address": "9 Elsewhere",
        "successor": {"kind": "buyer", "name": "Mr Olu Quirk"}});
    applied(&mut world, FIRST, &by_holder("move-out", details));
    applied(&mut world, SECOND, &refund("410.00"));
    world
}

fn refund(amount: &str) -> Value {
    let details =
        json!({"account_holder": NAME, "sort_code": "089999", "account_number": "66374958", "amount": amount});
    by_holder("refund-request", details)
}

fn refunds(world: &World) -> Vec<(String, RefundStatus)> {
    world.at(HOME).accounts[0].billing.refunds.iter().map(|it| (it.refund.clone(), it.status)).collect()
}

fn approved(refund: &str) -> Event {
    let (account, refund) = (ACCOUNT.parse().unwrap(), refund.to_owned());
    RefundApproved { account, refund, amount: "410.00".parse().unwrap(), approved_by: "south".into(), on: TODAY }.into()
}

fn paid(refund: &str) -> Event {
    let (account, refund, amount) = (ACCOUNT.parse().unwrap(), refund.to_owned(), "410.00".parse().unwrap());
    let payment_reference = "BACS".into();
    RefundPaid { account, refund, amount, paid_by: "south".into(), paid_on: TODAY, payment_reference }.into()
}

fn refused(refund: &str) -> Event {
    let (account, refund) = (ACCOUNT.parse().unwrap(), refund.to_owned());
    RefundRefused { account, refund, refused_by: "south".into(), on: TODAY }.into()
}

#[test]
fn a_refund_is_withdrawn_with_what_asked_for_it_and_asked_for_again() {
    use RefundStatus::{Refused, Requested};
    let uprn = HOME.parse().unwrap();
    for approves in [false, true] {
        let mut world = asks_for_a_refund();
        world.record(&uprn, "south", approves.then(|| approved(SECOND)).into_iter().collect());
        world.reverse(SECOND, false).unwrap();
        assert_eq!(refunds(&world), [(SECOND.to_owned(), Refused)]);
        let last = &world.stream(HOME).last().unwrap().event;
        assert!(matches!(last, Event::RefundRefused(it) if it.refused_by == "north"), "{last:?}");
        world.reverse(SECOND, true).unwrap();
        assert_eq!(refunds(&world), [(SECOND.to_owned(), Requested)]);
        // Somebody else's request is no matter of it.
        let events = world.stream(HOME).len();
        world.reverse(THIRD, true).unwrap();
        assert_eq!(world.stream(HOME).len(), events);
    }
}

#[test]
fn a_refund_that_somebody_decided_on_stays_decided() {
    let uprn = HOME.parse().unwrap();
    let mut world = asks_for_a_refund();
    world.record(&uprn, "south", vec![refused(SECOND)]);
    let events = world.stream(HOME).len();
    world.reverse(SECOND, false).unwrap();
    world.reverse(SECOND, true).unwrap();
    assert_eq!(world.stream(HOME).len(), events, "who refused it did not reverse it");

    let mut world = asks_for_a_refund();
    world.record(&uprn, "south", vec![approved(SECOND), paid(SECOND)]);
    let refused = world.reverse(SECOND, false).unwrap_err();
    assert!(matches!(refused, NotReversible::RefundPaid { .. }), "{refused}");
}

#[test]
fn a_refund_is_not_asked_for_again_once_the_credit_is_gone() {
    let uprn = HOME.parse().unwrap();
    let mut world = asks_for_a_refund();
    world.reverse(SECOND, false).unwrap();
    applied(&mut world, THIRD, &refund("410.00"));
    world.record(&uprn, "south", vec![approved(THIRD), paid(THIRD)]);
    let refused = world.reverse(SECOND, true).unwrap_err();
    assert!(matches!(refused, NotReversible::NoCredit { .. }), "{refused}");
    // It is there again.
    let account = ACCOUNT.parse().unwrap();
    world.record(&uprn, "import", vec![pays(&account, "410.00")]);
    world.reverse(SECOND, true).unwrap();
}

#[test]
fn contact_details_are_rested_on_by_what_carries_them_on() {
    let contact = by_holder("contact-details", json!({"email": "new@example.org"}));
    let from_new = |mut told: Value| {
        told["submitted_by"]["email"] = json!("new@example.org");
        told
    };
    let leaves = |address: &str| {
        let successor = json!({"kind": "buyer", "name": "Mr Olu Quirk"});
        let details = json!({"persons_leaving": [NAME], "forwarding_address": address, "successor": successor});
        from_new(by_holder("move-out", details))
    };
    let spouse = json!({"person": {"name": "Ms New"}, "relationship": "spouse", "lived_there_before": false,
        "evidence": [{"kind": "marriage-certificate", "file_name": "c.pdf"}]});
    for (what, second, rests) in [
        ("their new address stands beside them", leaves("9 Elsewhere"), true),
        ("nothing is said of them", leaves("not-known"), false),
        ("they go on with their spouse", from_new(by_holder("liable-person-added", spouse)), true),
    ] {
        let mut world = World::new(council(), &[home(&[NAME])]);
        applied(&mut world, FIRST, &contact);
        applied(&mut world, SECOND, &second);
        let reversed = world.reverse(FIRST, false);
        let is_refused = matches!(&reversed, Err(NotReversible::RestsOn { later, .. }) if later == SECOND);
        assert_eq!((is_refused, reversed.is_err()), (rests, rests), "{what}: {reversed:?}");
    }
}
