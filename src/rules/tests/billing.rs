//! Which notice an account is due: the worked examples B12 to B15 told as facts of an account, and what goes with them.

use hearth_events::{
    AdjustmentNoticeIssued, Capacity, ChargeCalculated, ChargeLine, DwellingListed, Event, FinancialYear,
    InstalmentPlanSet, LiabilityEnded, LiabilityStarted, LineKind, PaymentMethod, PaymentMethodChanged,
    PaymentReceived, Position, Tenure,
};
use hearth_projections::{AccountState, Bill, DwellingState};
use jiff::civil::Date;

use super::{day, money, period};
use crate::rules::Council;
use crate::rules::billing::{self, Rearranged, Rearranged::*};

/// An account of one dwelling, told of one thing after another.
pub(super) struct Told(DwellingState);

impl Told {
    pub(super) fn of(days: &str, payment_method: PaymentMethod) -> Self {
        let listed = DwellingListed {
            uprn: "1".parse().unwrap(),
            property_reference: "P1".into(),
            address: "1 High Street".into(),
            postcode: "SP10 1AA".into(),
            category: "Andover".into(),
            band: hearth_events::Band::D,
            listed_from: day("1993-04-01"),
            tenure: Tenure::OwnerOccupied,
            owner: None,
            furnished: false,
            hmo: false,
            imported_row: "x".into(),
        };
        let started = LiabilityStarted {
            account: "A1".parse().unwrap(),
            liable_persons: Vec::new(),
            period: period(days),
            capacity: Capacity::Resident,
            adults: Some(2),
            payment_method,
            bank_details: None,
            imported_row: None,
        };
        Self(DwellingState::default()).told(listed).told(started)
    }

    pub(super) fn told(mut self, event: impl Into<Event>) -> Self {
        self.0.take(Position::START, &event.into()).unwrap();
        self
    }

    /// The charge of a year is now so much.
    pub(super) fn owes(self, year: &str, net: &str) -> Self {
        let financial_year: FinancialYear = year.parse().unwrap();
        let (from, to) = (financial_year.first_day(), financial_year.end());
        let line = ChargeLine { kind: LineKind::Charge, code: "D".into(), from, to, days: 365, amount: money(net) };
        let (account, net) = ("A1".parse().unwrap(), money(net));
        self.told(ChargeCalculated {
            account,
            financial_year,
            lines: vec![line],
            net,
            rests_on: Vec::new(),
            before: None,
        })
    }

    pub(super) fn taken_over(self, year: &str, net: &str, today: &str) -> Self {
        let event =
            billing::taken_over(self.account(), year.parse().unwrap(), money(net), &Council::default(), day(today));
        self.told(event)
    }

    pub(super) fn paid(self, year: &str, amount: &str, on: &str) -> Self {
        let (account, financial_year) = ("A1".parse().unwrap(), year.parse().unwrap());
        let (amount, received_on, source_reference) = (money(amount), day(on), format!("{on} {amount}"));
        self.told(PaymentReceived { account, financial_year, amount, received_on, source_reference })
    }

    pub(super) fn leaves(self, to: &str) -> Self {
        self.told(LiabilityEnded { account: "A1".parse().unwrap(), to: day(to), left_to: Vec::new() })
    }

    pub(super) fn account(&self) -> &AccountState {
        &self.0.accounts[0]
    }

    pub(super) fn due(&self, year: &str, on: &str, anew: Rearranged) -> Option<Event> {
        billing::notice(self.account(), year.parse().unwrap(), &Council::default(), day(on), anew)
    }

    /// Issues the notice that is due, which must be one of this type, and none after it.
    #[track_caller]
    pub(super) fn noticed(self, type_name: &str, year: &str, on: &str, anew: Rearranged) -> Self {
        let event = self.due(year, on, anew).expect("a notice is due");
        assert_eq!(event.type_name(), type_name);
        let told = self.told(event);
        assert_eq!(told.due(year, on, Nothing), None, "one notice is enough");
        told
    }

    pub(super) fn bill(&self, year: &str) -> &Bill {
        &self.account().billing.bills[&year.parse().unwrap()]
    }

    /// `159.33 on 2024-08-01, …` from a day on.
    pub(super) fn payable(&self, year: &str, from: &str) -> Vec<String> {
        let from: Date = day(from);
        let later = self.bill(year).instalments.iter().filter(|it| it.due >= from);
        later.map(|it| format!("{} on {}", it.amount, it.due)).collect()
    }
}

/// Open since long before, by cash.
pub(super) fn open() -> Told {
    Told::of("2010-04-01..", PaymentMethod::Cash)
}

#[test]
fn b12_a_discount_in_july_is_spread_over_what_is_left() {
    let told = open().owes("2024/25", "2289.49").taken_over("2024/25", "2289.49", "2024-06-01");
    assert_eq!(told.payable("2024/25", "2024-04-01").len(), 10);
    assert_eq!(told.bill("2024/25").instalments[0].amount, money("228.49"));
    assert_eq!(told.due("2024/25", "2024-07-10", Nothing), None, "nothing has changed");
    let told = told.owes("2024/25", "1859.82").noticed("AdjustmentNoticeIssued", "2024/25", "2024-07-10", Nothing);
    let later = told.payable("2024/25", "2024-07-24");
    assert_eq!(later[..2], ["159.33 on 2024-08-01", "157.00 on 2024-09-01"]);
    assert_eq!(later.len(), 6);
    let whole: hearth_events::Money = told.bill("2024/25").instalments.iter().map(|it| it.amount).sum();
    assert_eq!(whole, money("1859.82"), "the plan asks for what is owed");
}

#[test]
fn b13_two_years_have_a_notice_each() {
    let told = open().owes("2023/24", "1350.00").owes("2024/25", "1417.50");
    let told = told.taken_over("2023/24", "1350.00", "2024-05-01").taken_over("2024/25", "1417.50", "2024-05-01");
    let told = told.owes("2023/24", "1410.25").owes("2024/25", "1890.00");
    let told = told.noticed("AdjustmentNoticeIssued", "2023/24", "2024-06-03", Nothing);
    assert_eq!(told.payable("2023/24", "2024-06-03"), ["60.25 on 2024-06-17"]);
    let told = told.noticed("AdjustmentNoticeIssued", "2024/25", "2024-06-03", Nothing);
    let later = told.payable("2024/25", "2024-06-17");
    assert_eq!(
        (later.len(), later[0].as_str(), later[1].as_str()),
        (7, "206.50 on 2024-07-01", "210.00 on 2024-08-01")
    );
}

#[test]
fn b14_who_leaves_in_september_is_in_credit() {
    let mut told = open().owes("2015/16", "1422.05").taken_over("2015/16", "1422.05", "2015-09-25");
    for (month, amount) in [(4, "144.05"), (5, "142.00"), (6, "142.00"), (7, "142.00"), (8, "142.00"), (9, "142.00")] {
        told = told.paid("2015/16", amount, &format!("2015-0{month}-01"));
    }
    let told = told.leaves("2015-09-23").owes("2015/16", "679.94");
    let told = told.noticed("ClosingNoticeIssued", "2015/16", "2015-09-25", Nothing);
    assert_eq!(told.account().billing.balance(), money("-174.11"));
    assert!(told.payable("2015/16", "2015-09-24").is_empty(), "nothing more is asked for");
    assert!(told.bill("2015/16").closed);
}

#[test]
fn b15_who_paid_everything_and_leaves_in_february_is_in_credit() {
    let told = open().owes("2024/25", "2032.28").taken_over("2024/25", "2032.28", "2025-02-20");
    let told = told.paid("2024/25", "2032.28", "2025-01-01").leaves("2025-02-15").owes("2024/25", "1781.72");
    let told = told.noticed("ClosingNoticeIssued", "2024/25", "2025-02-20", Nothing);
    assert_eq!(told.account().billing.balance(), money("-250.56"));
}

#[test]
fn what_leaving_still_costs_is_asked_for_once_the_notice_is_over() {
    let told = open().owes("2024/25", "2032.28").taken_over("2024/25", "2032.28", "2024-05-02");
    let told = told.leaves("2024-06-20").owes("2024/25", "445.43");
    let told = told.noticed("ClosingNoticeIssued", "2024/25", "2024-06-24", Nothing);
    // April, May and June had fallen due: 205.28 + 2 x 203, beyond what is owed in the end; of June 37.15 is asked for.
    assert!(told.payable("2024/25", "2024-06-21").is_empty());
    assert_eq!(told.payable("2024/25", "2024-06-01"), ["37.15 on 2024-06-01"]);
    // What was let off is asked for anew.
    let told = told.owes("2024/25", "700.00").noticed("ClosingNoticeIssued", "2024/25", "2024-07-01", Nothing);
    assert_eq!(told.payable("2024/25", "2024-06-21"), ["254.57 on 2024-07-15"]);
}

#[test]
fn a_newcomer_in_august_is_billed_by_the_months_that_are_left() {
    let told = Told::of("2024-08-14..", PaymentMethod::Cash).owes("2024/25", "1162.65");
    let told = told.noticed("DemandNoticeIssued", "2024/25", "2024-08-20", Nothing);
    let all = told.payable("2024/25", "2024-04-01");
    assert_eq!((all.len(), all[0].as_str(), all[5].as_str()), (6, "192.65 on 2024-10-01", "194.00 on 2025-03-01"));
}

#[test]
fn who_is_gone_already_is_asked_for_everything_at_once() {
    let told = Told::of("2024-08-14..2024-09-01", PaymentMethod::Cash).owes("2024/25", "99.10");
    let told = told.noticed("DemandNoticeIssued", "2024/25", "2024-09-20", Nothing);
    assert_eq!(told.payable("2024/25", "2024-04-01"), ["99.10 on 2024-10-04"]);
}

#[test]
fn credit_brought_in_is_no_longer_credit_of_the_year_that_left_it() {
    let told =
        open().owes("2023/24", "1000.00").owes("2024/25", "1200.00").taken_over("2023/24", "1000.00", "2024-03-01");
    let brought_in = |told: &Told| billing::brought_in(told.account(), "2024/25".parse().unwrap(), day("2024-03-10"));
    assert_eq!(brought_in(&told), None, "nothing is known of payments");
    let told = told.paid("2023/24", "1100.00", "2024-01-01");
    let carried = brought_in(&told).unwrap();
    let told = told.told(carried).noticed("DemandNoticeIssued", "2024/25", "2024-03-10", Nothing);
    assert_eq!(brought_in(&told), None, "once");
    assert_eq!((told.payable("2024/25", "2024-04-01").len(), told.bill("2024/25").paid_ahead), (10, money("100.00")));
    assert_eq!(told.account().billing.balance(), money("1100.00"));
    // The year that left it is owed more after all: all of that is asked for, and the other bill stays as it is.
    let told = told.owes("2023/24", "1060.00").noticed("AdjustmentNoticeIssued", "2023/24", "2024-05-01", Nothing);
    assert_eq!(told.payable("2023/24", "2024-05-01"), ["60.00 on 2024-05-15"]);
    assert_eq!(told.due("2024/25", "2024-05-01", Nothing), None);
    // Credit beyond what the next year costs waits for the year after.
    let rich = open().owes("2023/24", "10.00").owes("2024/25", "20.00").taken_over("2023/24", "10.00", "2024-03-01");
    assert_eq!(brought_in(&rich.paid("2023/24", "100.00", "2024-01-01")).unwrap().amount, money("20.00"));
}

#[test]
fn nothing_owed_is_no_bill() {
    assert_eq!(open().owes("2024/25", "0.00").due("2024/25", "2024-05-01", Nothing), None);
}

#[test]
fn twelve_instalments_on_the_eighth_take_the_place_of_ten() {
    let told = open().owes("2024/25", "2000.00").taken_over("2024/25", "2000.00", "2024-04-02");
    let (account, from) = ("A1".parse().unwrap(), day("2024-04-05"));
    let told = told.told(InstalmentPlanSet { account, instalments: 12, day: 8, from });
    let told = told.noticed("AdjustmentNoticeIssued", "2024/25", "2024-04-05", Number);
    let later = told.payable("2024/25", "2024-04-19");
    // 200 was payable on 1 April and stays so; 1,800 is divided over the months whose 8th is still to come.
    let sum: hearth_events::Money = told.bill("2024/25").instalments.iter().map(|it| it.amount).sum();
    assert_eq!((later.len(), later[0].as_str(), sum), (11, "160.00 on 2024-05-08", money("2000.00")));
    assert_eq!(later.last().unwrap(), "164.00 on 2025-03-08");
}

#[test]
fn the_day_that_was_chosen_is_kept_where_one_instalment_is_left() {
    let chosen = || {
        let told = open().owes("2024/25", "2000.00").taken_over("2024/25", "2000.00", "2024-04-02");
        let (account, from) = ("A1".parse().unwrap(), day("2024-04-05"));
        told.told(InstalmentPlanSet { account, instalments: 10, day: 20, from })
    };
    // Fourteen days are over on 5 February: the 20th of that month. Of 10 March they are over when the 20th is gone.
    for (on, due) in [("2025-01-22", "2025-02-20"), ("2025-03-10", "2025-04-20")] {
        let told = chosen().owes("2024/25", "2100.00").noticed("AdjustmentNoticeIssued", "2024/25", on, Nothing);
        assert_eq!(told.payable("2024/25", on), [format!("100.00 on {due}")]);
    }
}

#[test]
fn nothing_is_collected_by_direct_debit_before_ten_working_days_are_over() {
    let told = Told::of("2010-04-01..", PaymentMethod::DirectDebit).owes("2024/25", "2000.00");
    let told = told.taken_over("2024/25", "2000.00", "2024-05-01").owes("2024/25", "1500.00");
    let told = told.noticed("AdjustmentNoticeIssued", "2024/25", "2024-12-18", Nothing);
    // What was payable is more than is owed now; 1,500 of it still is.
    assert!(told.payable("2024/25", "2024-12-19").is_empty());
    let told = told.owes("2024/25", "2100.00").noticed("AdjustmentNoticeIssued", "2024/25", "2024-12-18", Nothing);
    // Fourteen days are over on 1 January; ten working days, with three bank holidays between, on the 6th: the 1st of February
    // is the first that can be collected.
    assert_eq!(told.payable("2024/25", "2024-12-19"), ["600.00 on 2025-02-01"]);
    let told = Told::of("2010-04-01..", PaymentMethod::DirectDebit).owes("2024/25", "2000.00");
    let told = told.taken_over("2024/25", "2000.00", "2024-05-01").owes("2024/25", "1900.00");
    let told = told.noticed("AdjustmentNoticeIssued", "2024/25", "2024-12-18", Nothing);
    assert_eq!(
        told.payable("2024/25", "2024-12-19"),
        ["100.00 on 2025-01-06"],
        "the instalment of 1 January, when it can be"
    );
}

#[test]
fn who_changes_to_direct_debit_is_told_in_advance_what_is_collected_when() {
    let changes = |on: &str| {
        let told = open().owes("2024/25", "2289.49").taken_over("2024/25", "2289.49", "2024-06-01");
        let before = told.account().clone();
        let told = told.told(PaymentMethodChanged {
            account: "A1".parse().unwrap(),
            payment_method: PaymentMethod::DirectDebit,
            bank_details: None,
            collection_day: None,
            from: day(on),
        });
        assert_eq!(billing::rearranged(Some(&before), told.account()), Days);
        assert_eq!(billing::rearranged(Some(told.account()), told.account()), Nothing);
        assert_eq!(billing::rearranged(Some(told.account()), &before), Nothing, "who stops pays as was asked for");
        told.noticed("AdjustmentNoticeIssued", "2024/25", on, Days)
    };
    // The same amounts on the same days, but for one that cannot be collected in time.
    let told = changes("2024-07-10");
    assert_eq!(told.payable("2024/25", "2024-07-24").len(), 6);
    assert_eq!(told.payable("2024/25", "2024-07-24")[0], "229.00 on 2024-08-01");
    assert_eq!(changes("2024-12-18").payable("2024/25", "2024-12-18"), ["229.00 on 2025-02-01"]);
    assert!(open().owes("2024/25", "1.00").due("2024/25", "2025-03-01", Days).is_some(), "a first bill is one notice");
}

#[test]
fn what_was_paid_early_counts_towards_later_instalments() {
    let told = open().owes("2024/25", "2289.49").taken_over("2024/25", "2289.49", "2024-06-01");
    let told = told.paid("2024/25", "1372.49", "2024-04-01").owes("2024/25", "1859.82");
    let told = told.noticed("AdjustmentNoticeIssued", "2024/25", "2024-07-10", Nothing);
    // 915.49 was payable, 457.00 was paid beyond that: 487.33 is left for six.
    assert_eq!(told.payable("2024/25", "2024-07-24")[..2], ["82.33 on 2024-08-01", "81.00 on 2024-09-01"]);
    assert_eq!(told.bill("2024/25").paid_ahead, money("457.00"));
    // Who then does not pay the instalments of August and September owes them still, beside the new plan of the other four.
    let told = told.owes("2024/25", "1459.82").noticed("AdjustmentNoticeIssued", "2024/25", "2024-09-10", Nothing);
    assert!(told.payable("2024/25", "2024-08-01").iter().any(|it| it == "82.33 on 2024-08-01"));
    assert!(
        told.payable("2024/25", "2024-09-24").is_empty(),
        "915.49, 457.00, 82.33 and 5.00 of September come to 1,459.82"
    );
    assert_eq!(told.payable("2024/25", "2024-09-01"), ["5.00 on 2024-09-01"]);
}

/// The notice of 2024/25 that is due on a day.
#[track_caller]
fn adjustment(told: &Told, on: &str, anew: Rearranged) -> AdjustmentNoticeIssued {
    match told.due("2024/25", on, anew) {
        Some(Event::AdjustmentNoticeIssued(it)) => it,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bill_of_another_system_was_issued_before_the_year_or_as_liability_began_or_ended() {
    for (what, days, today, issued_on) in [
        ("liable all year", "2010-04-01..", "2024-09-01", "2024-03-11"),
        ("from May on", "2024-05-10..", "2024-09-01", "2024-05-10"),
        ("has left", "2010-04-01..2024-06-20", "2024-09-01", "2024-06-20"),
        ("leaves today", "2010-04-01..2024-09-01", "2024-09-01", "2024-09-01"),
        ("will leave", "2010-04-01..2024-10-01", "2024-09-01", "2024-03-11"),
        ("left in another year", "2010-04-01..2025-06-01", "2025-09-01", "2024-03-11"),
    ] {
        let told = Told::of(days, PaymentMethod::Cash);
        let year = "2024/25".parse().unwrap();
        let bill = billing::taken_over(told.account(), year, money("900.00"), &Council::default(), day(today));
        let Event::DemandNoticeIssued(bill) = bill else { panic!("{bill:?}") };
        assert_eq!(bill.issued_on, day(issued_on), "{what}");
    }
}

#[test]
fn an_account_that_ends_with_the_year_is_not_closed_within_it() {
    let told = Told::of("2010-04-01..2025-04-01", PaymentMethod::Cash).owes("2024/25", "2000.00");
    let told = told.taken_over("2024/25", "2000.00", "2024-06-01");
    assert_eq!(told.due("2024/25", "2024-07-10", Nothing), None);
}

#[test]
fn what_came_before_the_first_bill_is_taken_off_it() {
    let told = Told::of("2024-08-14..", PaymentMethod::Cash).owes("2024/25", "1162.65");
    let told = told.paid("2024/25", "162.65", "2024-08-15");
    let told = told.noticed("DemandNoticeIssued", "2024/25", "2024-08-20", Nothing);
    let all = told.payable("2024/25", "2024-04-01");
    assert_eq!((all.len(), all[0].as_str(), all[5].as_str()), (6, "165.00 on 2024-10-01", "167.00 on 2025-03-01"));
}

/// Ten instalments of 200.00, the first on 1 April.
#[test]
fn a_credit_is_what_was_paid_beyond_what_is_owed() {
    for (what, issued_on, paid, owed, accounted_for, credit, asked) in [
        ("in July, all was paid", "2024-07-10", "2000.00", "1500.00", "2000.00", "500.00", 0),
        ("in July, what was payable was paid", "2024-07-10", "800.00", "1500.00", "800.00", "0.00", 6),
        ("in February, little was paid", "2025-02-20", "100.00", "1500.00", "2000.00", "0.00", 0),
        ("in February, most was paid", "2025-02-20", "1900.00", "1500.00", "2000.00", "400.00", 0),
        ("in February, more is owed", "2025-02-20", "2050.00", "2100.00", "2050.00", "0.00", 1),
        ("when the year is over, little was paid", "2025-04-01", "100.00", "1500.00", "2000.00", "0.00", 0),
    ] {
        let told = open().owes("2024/25", "2000.00").taken_over("2024/25", "2000.00", "2024-06-01");
        let told = told.paid("2024/25", paid, "2024-04-10").owes("2024/25", owed);
        let notice = adjustment(&told, issued_on, Nothing);
        let found = (notice.accounted_for, notice.credit, notice.instalments.len());
        assert_eq!(found, (money(accounted_for), money(credit), asked), "{what}");
    }
}

#[test]
fn an_instalment_of_the_adjustment_day_is_not_payable_before_it() {
    let told = open().owes("2024/25", "2000.00").taken_over("2024/25", "2000.00", "2024-06-01");
    // Four of 200.00 lie before 1 August, when the notice is over; what was paid beyond them was paid early.
    let notice =
        adjustment(&told.paid("2024/25", "1000.00", "2024-04-10").owes("2024/25", "1500.00"), "2024-07-18", Nothing);
    assert_eq!((notice.adjustment_day, notice.accounted_for), (day("2024-08-01"), money("1000.00")));
}

#[test]
fn what_is_divided_anew_is_what_is_left_in_as_many_parts_as_are_left() {
    for (what, paid, chosen, parts, rest) in [
        ("the same parts on other days", "0.00", false, 6, "1200.00"),
        ("something was paid early", "1000.00", false, 6, "1000.00"),
        ("twelve a year, on the eighth of the eight months left", "1000.00", true, 8, "1000.00"),
    ] {
        let told = open().owes("2024/25", "2000.00").taken_over("2024/25", "2000.00", "2024-06-01");
        let mut told = told.paid("2024/25", paid, "2024-04-10");
        if chosen {
            let (account, from) = ("A1".parse().unwrap(), day("2024-07-10"));
            told = told.told(InstalmentPlanSet { account, instalments: 12, day: 8, from });
        }
        let notice = adjustment(&told, "2024-07-10", if chosen { Number } else { Days });
        let sum: hearth_events::Money = notice.instalments.iter().map(|it| it.amount).sum();
        assert_eq!((notice.instalments.len(), sum), (parts, money(rest)), "{what}");
    }
}

#[test]
fn what_is_taken_off_after_the_last_instalment_is_in_credit_on_every_day_of_the_year_and_after() {
    for on in ["2025-02-10", "2025-03-31", "2025-04-01", "2025-04-02"] {
        let told = open().owes("2024/25", "2000.00").taken_over("2024/25", "2000.00", "2024-06-01");
        // Nothing is known of what was paid: what was payable counts.
        let it = adjustment(&told.owes("2024/25", "1900.00"), on, Nothing);
        assert_eq!((it.credit, it.accounted_for), (money("100.00"), money("2000.00")), "{on}");
        assert!(it.instalments.is_empty(), "{on}: {:?}", it.instalments);
    }
}

#[test]
fn what_is_added_after_the_last_instalment_is_one_sum() {
    let days = [
        ("2025-02-10", "2025-03-01"),
        ("2025-03-31", "2025-05-01"),
        ("2025-04-01", "2025-04-15"),
        ("2025-04-02", "2025-04-16"),
    ];
    for (on, due) in days {
        let told = open().owes("2024/25", "2000.00").taken_over("2024/25", "2000.00", "2024-06-01");
        let it = adjustment(&told.owes("2024/25", "2100.00"), on, Nothing);
        let asked: Vec<_> = it.instalments.iter().map(|it| (it.due, it.amount)).collect();
        assert_eq!(asked, [(day(due), money("100.00"))], "{on}");
    }
    // Under fifty pounds the last of ten instalments is long gone in December, and the year is not.
    let told = open().owes("2024/25", "46.00").taken_over("2024/25", "46.00", "2024-03-10");
    let it = adjustment(&told.owes("2024/25", "270.49"), "2024-12-31", Nothing);
    let asked: Vec<_> = it.instalments.iter().map(|it| (it.due, it.amount)).collect();
    assert_eq!(asked, [(day("2025-02-01"), money("224.49"))]);
}
