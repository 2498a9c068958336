//! Sharing out a total so that the parts add up to the penny.

use hearth_events::Money;
use rust_decimal::{Decimal, RoundingStrategy};

/// A guard alone: a total is off by the roundings that made it, a penny or two for each change of a cost model.
const MOST_PENCE: usize = 100_000;

/// Shares out a total in whole pence: each share is its exact amount rounded down, and the pence that are left go to the
/// largest remainders, again from the first where there are more of them than shares.
pub(super) fn apportioned(total: Money, exact: &[Decimal]) -> Vec<Money> {
    let penny = Decimal::new(1, 2);
    let down = |it: &Decimal| it.round_dp_with_strategy(2, RoundingStrategy::ToNegativeInfinity);
    let mut shares: Vec<_> = exact.iter().map(down).collect();
    let mut order: Vec<_> = exact.iter().zip(&shares).map(|(exact, share)| exact - share).enumerate().collect();
    order.sort_by(|(_, one), (_, other)| other.cmp(one));
    let mut left = total.pounds() - shares.iter().copied().sum::<Decimal>();
    for (index, _) in order.iter().cycle().take(MOST_PENCE) {
        let Some(share) = shares.get_mut(*index) else { break };
        if left >= penny {
            *share += penny;
            left -= penny;
        } else if left <= -penny {
            *share -= penny;
            left += penny;
        } else {
            break;
        }
    }
    shares.into_iter().map(Money::rounded).collect()
}
