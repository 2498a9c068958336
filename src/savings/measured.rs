//! What the log shows about the notifications of a period.

use std::collections::BTreeMap;

use hearth_events::{AccountRef, Channel, Money, NotificationKind};
use hearth_projections::NotificationRow;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Part, TimeToEstablish};
use crate::rules::saving_model::{Inputs, Saving};
use crate::views::{REPEAT_DAYS, SavingsRows, british_day};

/// The notifications of a period, and the contacts that followed them.
#[derive(Default)]
pub(super) struct Measured<'a> {
    received: Vec<&'a NotificationRow>,
    electronic: Vec<Electronic<'a>>,
}

/// An electronic notification of the period.
struct Electronic<'a> {
    row: &'a NotificationRow,
    /// Contacts by other channels that followed it.
    repeats: u64,
}

/// A group of notifications, counted.
#[derive(Clone, Copy, Default)]
pub(super) struct Count {
    notifications: u64,
    straight_through: u64,
    repeats: u64,
}

impl<'a> Measured<'a> {
    /// Counts what was received on the days `from` up to, but not including, `to`.
    pub(super) fn of(rows: &'a SavingsRows, from: Option<Date>, to: Option<Date>) -> Self {
        let is_within = |it: &&NotificationRow| {
            let day = british_day(it.received_at);
            from.is_none_or(|from| from <= day) && to.is_none_or(|to| day < to)
        };
        let received: Vec<_> = rows.notifications.iter().filter(is_within).collect();
        let electronic = received.iter().filter(|it| it.channel.is_electronic());
        let mut electronic: Vec<_> = electronic.map(|row| Electronic { row, repeats: 0 }).collect();
        electronic.sort_by_key(|it| it.row.received_at);
        let mut by_account: BTreeMap<&AccountRef, Vec<(Timestamp, usize)>> = BTreeMap::new();
        for (index, it) in electronic.iter().enumerate() {
            for account in &it.row.accounts {
                by_account.entry(account).or_default().push((it.row.received_at, index));
            }
        }
        let window = SignedDuration::from_hours(24 * REPEAT_DAYS);
        for contact in rows.notifications.iter().filter(|it| !it.channel.is_electronic()) {
            let before = contact.accounts.iter().filter_map(|account| {
                let earlier = by_account.get(account)?.iter().rev().find(|(at, _)| *at < contact.received_at);
                earlier.filter(|(at, _)| contact.received_at.duration_since(*at) <= window)
            });
            // It is one contact, however many accounts it names: it counts for the last notification before it.
            if let Some(followed) = before.max().and_then(|(_, index)| electronic.get_mut(*index)) {
                followed.repeats += 1;
            }
        }
        Self { received, electronic }
    }

    /// How many electronic notifications.
    pub(super) fn notifications(&self) -> u64 {
        self.total().notifications
    }

    /// How many of them were applied without an officer.
    pub(super) fn straight_through(&self) -> u64 {
        self.total().straight_through
    }

    /// The last day of the period; of what was received, where the period has no end.
    pub(super) fn last_day(&self, to: Option<Date>) -> Option<Date> {
        let last = || self.received.iter().map(|it| british_day(it.received_at)).max();
        to.map(|it| it.saturating_sub(1.day())).or_else(last)
    }

    /// What is realised: nothing but what was measured.
    pub(super) fn realised(&self, base: &Inputs) -> Inputs {
        let total = self.total();
        let share = |count: u64| Decimal::from(count).checked_div(total.notifications.into()).unwrap_or_default();
        Inputs {
            avoidance: share(total.straight_through),
            straight_through: share(total.straight_through),
            failure_contacts: share(total.repeats),
            exception_minutes: base.manual_minutes,
            sampling_share: Decimal::ZERO,
            ..base.clone()
        }
    }

    /// By channel.
    pub(super) fn by_channel(&self) -> BTreeMap<Channel, Count> {
        self.grouped(|it| it.channel)
    }

    /// By kind of notification.
    pub(super) fn by_kind(&self) -> BTreeMap<NotificationKind, Count> {
        self.grouped(|it| it.kind)
    }

    /// From receipt to liability in the log, by channel.
    pub(super) fn time_to_establish(&self) -> Vec<TimeToEstablish> {
        let mut seconds: BTreeMap<Channel, Vec<i64>> = BTreeMap::new();
        // Of what was reversed nothing was established.
        for row in self.received.iter().filter(|it| !it.reversed) {
            let waits = row.opened.iter().map(|it| it.recorded_at.duration_since(row.received_at).as_secs().max(0));
            let waits: Vec<_> = waits.collect();
            if !waits.is_empty() {
                seconds.entry(row.channel).or_default().extend(waits);
            }
        }
        let time = |(channel, mut waits): (Channel, Vec<i64>)| {
            waits.sort_unstable();
            TimeToEstablish {
                channel,
                accounts: u64::try_from(waits.len()).unwrap_or(u64::MAX),
                median_minutes: percentile(&waits, 50),
                p90_minutes: percentile(&waits, 90),
            }
        };
        seconds.into_iter().map(time).collect()
    }

    fn total(&self) -> Count {
        self.grouped(|_| ()).remove(&()).unwrap_or_default()
    }

    fn grouped<G: Ord>(&self, group: impl Fn(&NotificationRow) -> G) -> BTreeMap<G, Count> {
        let mut groups: BTreeMap<G, Count> = BTreeMap::new();
        for it in &self.electronic {
            let count = groups.entry(group(it.row)).or_default();
            count.notifications += 1;
            count.straight_through += u64::from(it.row.straight_through);
            count.repeats += it.repeats;
        }
        groups
    }
}

/// What each group saves, to the penny that the groups add up to the totals.
pub(super) fn parts<G>(
    groups: BTreeMap<G, Count>,
    base: &Inputs,
    potential: &Saving,
    realised: &Saving,
) -> Vec<(G, Part)> {
    let one = exact(base, Decimal::ONE, Decimal::ZERO);
    let could: Vec<_> = groups.values().map(|it| Decimal::from(it.notifications).saturating_mul(one)).collect();
    let did = groups.values().map(|it| exact(base, it.straight_through.into(), it.repeats.into()));
    let did: Vec<_> = did.collect();
    let could = apportioned(Money::rounded(potential.gross), &could);
    let did = apportioned(Money::rounded(realised.gross), &did);
    let amounts = could.into_iter().zip(did);
    let part = |((group, count), (potential, realised)): ((G, Count), (Money, Money))| {
        let Count { notifications, straight_through, .. } = count;
        (group, Part { notifications, straight_through, potential, realised })
    };
    groups.into_iter().zip(amounts).map(part).collect()
}

/// What so many notifications save that avoid everything, less so many calls; before rounding.
pub(super) fn exact(base: &Inputs, straight_through: Decimal, repeats: Decimal) -> Decimal {
    let contact = base.counterfactual.iter().filter_map(|(channel, share)| {
        let cost = base.unit_costs.get(channel)?;
        Some(share.saturating_mul(cost.saturating_sub(base.digital_unit_cost)))
    });
    let contact = contact.fold(Decimal::ZERO, Decimal::saturating_add);
    let office = base.manual_minutes.saturating_mul(base.hourly_cost).checked_div(60.into()).unwrap_or_default();
    let saved = straight_through.saturating_mul(contact.saturating_add(office));
    saved.saturating_sub(repeats.saturating_mul(base.telephone_unit_cost))
}

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

/// The least of the sorted values that so many percent are not above, from seconds to minutes with one decimal.
fn percentile(sorted: &[i64], percent: usize) -> Decimal {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    let seconds = sorted.get(rank - 1).copied().unwrap_or_default();
    let minutes = Decimal::from(seconds).checked_div(60.into()).unwrap_or_default();
    let mut minutes = minutes.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    minutes.rescale(1);
    minutes
}
