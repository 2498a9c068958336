//! Whatever happens to an account, what its notices ask for comes to what is owed.

use hearth_events::{Event, FinancialYear, Instalment, InstalmentPlanSet, Money, PaymentMethod};
use hearth_projections::Bill;
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::billing::Told;
use crate::rules::billing::Rearranged;
use crate::rules::instalments::notice_over;

const YEAR: &str = "2024/25";

/// What can happen to an account from one day to a later one.
#[derive(Clone, Debug)]
enum Happens {
    Owes(i64),
    Paid(i64),
    Leaves,
    Chooses { twelve: bool, day: u8 },
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (0..300_000_i64).prop_map(Happens::Owes),
        3 => (1..150_000_i64).prop_map(Happens::Paid),
        1 => Just(Happens::Leaves),
        1 => (any::<bool>(), 1..29_u8).prop_map(|(twelve, day)| Happens::Chooses { twelve, day }),
    ]
}

fn pounds(pence: i64) -> String {
    Money::rounded(Decimal::new(pence, 2)).to_string()
}

fn sum(of: &[Instalment]) -> Money {
    of.iter().map(|it| it.amount).sum()
}

/// What a notice issued on a day asks for, beyond what was asked for or paid before, and its instalments.
fn asked(notice: &Event, on: Date, before: Option<&Bill>, paid: Money) -> (Money, Vec<Instalment>) {
    let ahead = before.map_or(Money::ZERO, |it| it.paid_ahead);
    let payable =
        before.iter().flat_map(|it| &it.instalments).filter(|it| it.due < notice_over(on)).map(|it| it.amount).sum();
    let (asks, instalments) = if let Event::DemandNoticeIssued(it) = notice {
        (it.net - paid, &it.instalments)
    } else if let Event::AdjustmentNoticeIssued(it) = notice {
        (it.net - payable - ahead.max(paid - payable), &it.instalments)
    } else if let Event::ClosingNoticeIssued(it) = notice {
        (it.net - paid.max(it.fallen_due + ahead), &it.instalments)
    } else {
        unreachable!("{notice:?} is no notice")
    };
    (asks.max(Money::ZERO), instalments.clone())
}

proptest! {
    #[test]
    fn the_instalments_of_a_notice_come_to_what_it_asks_for(
        all in prop::collection::vec((happens(), 1..60_i32), 1..9),
        taken_over in any::<bool>(), by_direct_debit in any::<bool>(),
    ) {
        let year: FinancialYear = YEAR.parse().unwrap();
        let method = if by_direct_debit { PaymentMethod::DirectDebit } else { PaymentMethod::Cash };
        let mut told = Told::of("2010-04-01..", method).owes(YEAR, "1422.05");
        let mut on = year.first_day().saturating_sub(20.days());
        if taken_over {
            told = told.taken_over(YEAR, "1422.05", &on.to_string());
        }
        for (happens, days) in all {
            on = on.saturating_add(days.days());
            let before = told.account().clone();
            told = match happens {
                Happens::Owes(pence) => told.owes(YEAR, &pounds(pence)),
                Happens::Paid(pence) => told.paid(YEAR, &pounds(pence), &on.to_string()),
                Happens::Leaves if on > year.first_day() && before.period.to.is_none() => told.leaves(&on.to_string()),
                Happens::Leaves => told,
                Happens::Chooses { twelve, day } => {
                    let (account, instalments) = (before.account.clone(), if twelve { 12 } else { 10 });
                    told.told(InstalmentPlanSet { account, instalments, day, from: on })
                }
            };
            let rearranged = crate::rules::billing::rearranged(Some(&before), told.account());
            let Some(notice) = told.due(YEAR, &on.to_string(), rearranged) else { continue };
            let paid = told.account().billing.paid_towards(year);
            let (asks, instalments) = asked(&notice, on, before.billing.bills.get(&year), paid);
            prop_assert_eq!(sum(&instalments), asks, "{:?}", notice);
            prop_assert!(instalments.iter().all(|it| it.amount > Money::ZERO && it.due >= notice_over(on)), "{:?}", notice);
            told = told.told(notice);
            prop_assert_eq!(told.due(YEAR, &on.to_string(), Rearranged::Nothing), None, "one notice is enough");
            let bill = told.bill(YEAR);
            prop_assert_eq!(sum(&bill.instalments) + bill.paid_ahead, bill.net, "{:?}", bill);
            prop_assert!(bill.instalments.iter().all(|it| it.amount > Money::ZERO), "{:?}", bill);
            prop_assert!(bill.paid_ahead <= paid.max(Money::ZERO), "{:?}", bill);
        }
    }
}
