//! What leaves a budget: only what a recorded decision took out of one.

use hearth_events::{BudgetReduced, Money};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::net::DAYS_OF_A_YEAR;

/// By how much budgets fell in the days of a period, the last day included: day by day of what they fell by in a year, rounded
/// once.
pub(super) fn evidenced(budgets: &[BudgetReduced], days: Option<(Date, Date)>) -> Money {
    let Some((first, last)) = days else { return Money::ZERO };
    let end = last.saturating_add(1.day());
    let exact = budgets.iter().map(|it| {
        let (from, to) = (it.from.max(first), it.to.map_or(end, |to| to.min(end)));
        let days = if from < to { from.duration_until(to).as_hours() / 24 } else { 0 };
        it.yearly.pounds().saturating_mul(days.into()).checked_div(DAYS_OF_A_YEAR).unwrap_or_default()
    });
    Money::rounded(exact.fold(Decimal::ZERO, Decimal::saturating_add))
}

#[cfg(test)]
mod tests {
    use hearth_events::BudgetLine;
    use jiff::civil::date;

    use super::*;

    fn reduced(yearly: &str, from: Date, to: Option<Date>) -> BudgetReduced {
        let (decision, by) = ("Cabinet minute 88".to_owned(), "m.ellis".to_owned());
        BudgetReduced { decision, line: BudgetLine::Postage, yearly: yearly.parse().unwrap(), from, to, by }
    }

    #[test]
    fn a_budget_counts_for_the_days_of_the_period_for_which_it_fell() {
        let days = Some((date(2015, 12, 1), date(2016, 3, 14)));
        let amount = |from, to| evidenced(&[reduced("3650", from, to)], days).to_string();
        assert_eq!(amount(date(2015, 4, 1), None), "1050.00", "105 days at £10");
        assert_eq!(amount(date(2016, 3, 14), None), "10.00", "the last day");
        assert_eq!(amount(date(2016, 3, 15), None), "0.00");
        assert_eq!(amount(date(2015, 4, 1), Some(date(2015, 12, 2))), "10.00");
        assert_eq!(evidenced(&[reduced("3650", date(2015, 4, 1), None)], None), Money::ZERO);
    }
}
