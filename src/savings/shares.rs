//! Sharing out a total so that the parts add up to the penny.

use hearth_events::Money;
use rust_decimal::{Decimal, RoundingStrategy};

/// Shares out a total in whole pence: each share is its exact amount rounded down, and the pence that are left go to the
/// largest remainders.
pub(super) fn apportioned(total: Money, exact: &[Decimal]) -> Vec<Money> {
    let penny = Decimal::new(1, 2);
    let down = |it: &Decimal| it.round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity);
    let mut shares: Vec<_> = exact.iter().map(down).collect();
    let mut order: Vec<_> = exact.iter().zip(&shares).map(|(exact, share)| exact - share).enumerate().collect();
    order.sort_by(|(_, one), (_, other)| other.cmp(one));
    let mut left = total.pounds() - shares.iter().copied().sum::<Decimal>();
    for (index, _) in order.iter().cycle().take(order.len() * 2) {
        let Some(share) = shares.get_mut(*index) else { break };
        if left >= penny {
            *share += penny;
            left -= penny;
        } else if left <= -penny {
            *share -= penny;
            left += penny;
        }
    }
    shares.into_iter().map(Money::rounded).collect()
}
