//! What a change does to bills: what is asked for next, what is said of it and to whom, and where a credit goes.

use hearth_events::{
    AccountRef, Capacity, CreditTransferred, Event, FinancialYear, LiabilityStarted, Outcome, PaymentMethod,
    PaymentReceived, Period,
};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::super::Decision;
use super::world::World;
use super::{ACCOUNT, HOME, Home, NEW_HOME, TODAY, council, empty, home, told};
use crate::rules::billing;

const ON: &str = "2016-01-10";
pub(super) const NAME: &str = "Ms Grace Hughes";
const REFERENCE: &str = "HN-TEST-0000-0001";
/// Of whoever moves to the second home.
pub(super) const OPENED: &str = "100000000002-2";

/// These homes, billed for every year that is charged; the first has paid so many pounds of 2015/16, where any is known.
pub(super) fn billed(homes: &[Home], paid: Option<&str>) -> World {
    let mut world = World::new(council(), homes);
    for (home, paid) in homes.iter().zip([paid, None]) {
        let uprn = home.uprn.parse().unwrap();
        let account = world.at(home.uprn).accounts.swap_remove(0);
        let bill = |(year, charge): (&FinancialYear, &hearth_projections::Charge)| {
            billing::taken_over(&account, *year, charge.net, &world.council, TODAY)
        };
        let bills: Vec<_> = account.charges.iter().map(bill).collect();
        world.record(&uprn, "import", bills);
        world.record(&uprn, "import", paid.map(|it| pays(&account.account, it)).into_iter().collect());
    }
    world
}

pub(super) fn pays(account: &AccountRef, pounds: &str) -> Event {
    let (amount, received_on) = (pounds.parse().unwrap(), date(2015, 4, 1));
    let financial_year = FinancialYear::of(received_on);
    let source_reference = format!("P-{account}");
    PaymentReceived { account: account.clone(), financial_year, amount, received_on, source_reference }.into()
}

fn transferred(decision: &Decision, dwelling: usize) -> Vec<CreditTransferred> {
    let one = |it: &Event| if let Event::CreditTransferred(it) = it { Some(it.clone()) } else { None };
    decision.effects[dwelling].1.iter().filter_map(one).filter(|it| it.from != it.to).collect()
}

/// What is said of what is payable next.
fn said(decision: &Decision) -> Vec<&str> {
    let said = decision.findings.iter().filter(|it| it.check == "next-instalments");
    said.map(|it| it.because.as_str()).collect()
}

pub(super) fn moves(on: &str) -> Value {
    let successor = json!({"kind": "buyer", "name": "Mr Olu Quirk"});
    let details = json!({"from_dwelling": {"uprn": HOME}, "moved_out_on": on, "persons": [{"name": NAME}],
        "tenure": "tenant", "sole_adult": true, "everyone_moved": true, "successor": successor});
    told("move-within", on, NAME, json!({"account": ACCOUNT, "dwelling": {"uprn": NEW_HOME}}), details)
}

pub(super) fn two_homes() -> [Home; 2] {
    [home(&[NAME]), empty("Mr Leo Gibbs")]
}

#[track_caller]
fn applied(decision: Decision) -> Decision {
    assert_eq!(decision.outcome, Outcome::Apply, "{:#?}", decision.findings);
    decision
}

#[test]
fn a_credit_goes_with_its_household_and_nothing_else_does() {
    // 284 days of 2015/16 at £10, and £3,650.00 for the year before; what was billed for the next falls away.
    for (paid, passes, then_asked) in [
        (None, None, "615.00"),
        (Some("6489.99"), None, "615.00"),
        (Some("6490.00"), None, "615.00"),
        (Some("6490.01"), Some("0.01"), "614.99"),
        (Some("6900.00"), Some("410.00"), "205.00"),
    ] {
        let decision = applied(billed(&two_homes(), paid).tell(REFERENCE, &moves(ON)));
        let expected = passes.map(|amount| CreditTransferred {
            from: ACCOUNT.parse().unwrap(),
            to: OPENED.parse().unwrap(),
            financial_year: "2015/16".parse().unwrap(),
            amount: amount.parse().unwrap(),
            on: TODAY,
        });
        for dwelling in 0..2 {
            assert_eq!(transferred(&decision, dwelling), Vec::from_iter(expected.clone()), "{paid:?}");
        }
        let asked = format!("account {OPENED}, 2015/16: next payable £{then_asked} on 2016-03-01");
        assert!(said(&decision).contains(&asked.as_str()), "{paid:?}: {:?}", said(&decision));
    }
}

#[test]
fn a_credit_of_an_account_that_had_ended_before_stays_where_it_is() {
    let mut world = billed(&two_homes(), Some("6900.00"));
    let uprn = HOME.parse().unwrap();
    let former = LiabilityStarted {
        account: "30000009".parse().unwrap(),
        liable_persons: world.at(HOME).accounts[0].liable_persons.clone(),
        period: Period { from: date(2009, 4, 1), to: Some(date(2010, 5, 1)) },
        capacity: Capacity::Resident,
        adults: Some(1),
        payment_method: PaymentMethod::Cash,
        bank_details: None,
        imported_row: None,
    };
    let paid = pays(&former.account, "25.00");
    world.record(&uprn, "import", vec![former.into(), paid]);
    let decision = applied(world.tell(REFERENCE, &moves(ON)));
    let passed: Vec<_> = transferred(&decision, 0).iter().map(|it| (it.from.to_string(), it.amount)).collect();
    assert_eq!(passed, [(ACCOUNT.to_owned(), "410.00".parse().unwrap())]);
}

#[test]
fn who_moves_is_told_what_is_payable_next_on_both_accounts() {
    let decision = applied(billed(&two_homes(), None).tell(REFERENCE, &moves(ON)));
    let expected = [
        format!("account {ACCOUNT}, 2015/16: next payable nothing, before nothing"),
        format!("account {ACCOUNT}, 2016/17: next payable nothing, before £365.00 on 2016-04-01"),
        format!("account {OPENED}, 2015/16: next payable £615.00 on 2016-03-01"),
        format!("account {OPENED}, 2016/17: next payable £271.50 on 2016-04-01"),
    ];
    assert_eq!(said(&decision), expected);
}

fn lives_alone(on: &str, email: &str) -> Value {
    let details = json!({"adults_left": [], "other_adults_remaining": 0});
    let mut told = told("single-person-discount-claim", on, NAME, json!({"account": ACCOUNT}), details);
    told["submitted_by"]["email"] = json!(email);
    told["submitted_by"].as_object_mut().unwrap().remove("phone");
    told
}

#[test]
fn of_a_year_that_is_over_or_billed_as_before_nothing_is_payable_next() {
    let years = |on: &str, today: Date| {
        let mut world = billed(&[home(&[NAME])], None);
        world.today = today;
        let decision = applied(world.accept(REFERENCE, &lives_alone(on, "on.file@example.org")));
        let billed = decision.effects[0].1.iter().filter(|it| it.type_name() == "AdjustmentNoticeIssued").count();
        let of = |it: &str| it.split(' ').nth(2).unwrap().trim_end_matches(':').to_owned();
        (billed, said(&decision).into_iter().map(of).collect::<Vec<_>>())
    };
    assert_eq!(years("2015-03-01", TODAY), (3, vec!["2015/16".into(), "2016/17".into()]));
    let this = || vec!["2015/16".to_owned(), "2016/17".to_owned()];
    assert_eq!(years("2016-01-10", date(2016, 3, 31)), (2, this()), "its last day");
    assert_eq!(years("2016-03-10", date(2016, 4, 1)), (2, vec!["2016/17".into()]), "the day after");
    assert_eq!(years("2016-04-01", date(2016, 3, 31)), (1, vec!["2016/17".into()]), "the other is as it was");
}

#[test]
fn only_who_is_known_to_be_liable_is_told_what_is_payable() {
    let accounts = |decision: &Decision| {
        let of = |it: &&str| it.split([' ', ',']).nth(1).unwrap().to_owned();
        said(decision).iter().map(of).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let claimed = |email| {
        let mut world = billed(&[home(&[NAME])], None);
        accounts(&applied(world.accept(REFERENCE, &lives_alone(ON, email))))
    };
    assert_eq!(claimed("on.file@example.org"), [ACCOUNT]);
    assert_eq!(claimed("else@example.org"), [""; 0], "an officer was satisfied, but it may be somebody else");

    // A namesake owns the dwelling that they move to.
    let mut world = billed(&[home(&[NAME]), empty(NAME)], None);
    let decision = world.accept(REFERENCE, &moves(ON));
    assert_eq!(accounts(&decision), [ACCOUNT], "{:#?}", decision.findings);

    let arrives = |by: &str, role: &str| {
        let details = json!({"persons": [{"name": NAME}], "tenure": "tenant", "sole_adult": true,
            "previous_occupiers_left": true});
        let mut told = told("move-in", ON, by, json!({"dwelling": {"uprn": NEW_HOME}}), details);
        told["submitted_by"]["role"] = json!(role);
        accounts(&applied(billed(&[empty("Mr Leo Gibbs")], None).accept(REFERENCE, &told)))
    };
    assert_eq!(arrives(NAME, "tenant"), [OPENED]);
    assert_eq!(arrives("Mr Leo Gibbs", "landlord"), [""; 0], "who moved in pays it, not who tells of it");
    // The registrar names the account of the deceased and is told nothing of what anybody pays.
    let mut died = told("death", ON, "Registrar", json!({"account": ACCOUNT}), json!({"name": NAME}));
    died["channel"] = json!("tell-us-once");
    died["submitted_by"] = json!({"role": "third-party", "name": "Registrar"});
    let mut world = billed(&[home(&[NAME, "Mr Ray Hughes"])], None);
    assert_eq!(accounts(&applied(world.tell(REFERENCE, &died))), [""; 0]);
}
