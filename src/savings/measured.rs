//! What the log shows about the notifications of a period.

use std::collections::BTreeMap;

use hearth_events::{AccountRef, Channel, Status};
use hearth_projections::{Contact, NotificationRow, Worked};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::TimeToEstablish;
use crate::rules::saving_model::Inputs;
use crate::views::{SavingsRows, british_day};

/// The notifications of a period, and what followed them.
#[derive(Default)]
pub(super) struct Measured<'a> {
    received: Vec<&'a NotificationRow>,
    electronic: Vec<Electronic<'a>>,
    /// The most seconds that count from a claim to what the officer did then.
    most_seconds: i64,
}

/// An electronic notification of the period.
#[derive(Clone, Copy)]
pub(super) struct Electronic<'a> {
    /// The notification.
    pub(super) row: &'a NotificationRow,
    /// Contacts that it caused: those that officers linked with it, and by other channels about its account.
    pub(super) repeats: u64,
}

/// A group of notifications, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    /// How many.
    pub(super) notifications: u64,
    /// Applied without an officer's having had to look.
    pub(super) straight_through: u64,
    /// Took effect and still do, whoever decided it.
    pub(super) applied: u64,
    /// Decided by an officer.
    pub(super) by_officer: u64,
    /// Saved no officer any time: they wait, or came to nothing.
    pub(super) idle: u64,
    /// Contacts that they caused.
    pub(super) repeats: u64,
    /// Checks of what was decided.
    pub(super) checked: u64,
    /// Officers' time with those that are not idle.
    pub(super) seconds: i64,
}

/// Whether what was told took effect and still does.
pub(super) fn stands(row: &NotificationRow) -> bool {
    row.status == Status::Applied && !row.reversed
}

/// Whether a notification saved no officer any time: it waits, or nobody had anything of it.
pub(super) fn is_idle(row: &NotificationRow) -> bool {
    !stands(row) && !row.was_decided_by_officer()
}

/// The contacts that would not have been made, had all gone well the first time: while it waited, and for so many days after
/// it had its outcome.
pub fn failure_contacts(row: &NotificationRow, days: u16) -> impl Iterator<Item = &Contact> {
    let window = SignedDuration::from_hours(24 * i64::from(days));
    let within = move |it: &&Contact| row.completed_at.is_none_or(|done| it.at.duration_since(done) <= window);
    row.contacts.iter().filter(|it| it.about.is_failure()).filter(within)
}

impl Count {
    fn add(&mut self, it: &Electronic<'_>, most_seconds: i64) {
        let Electronic { row, repeats } = it;
        let is_idle = is_idle(row);
        self.notifications += 1;
        self.straight_through += u64::from(row.straight_through);
        self.applied += u64::from(stands(row));
        self.by_officer += u64::from(row.was_decided_by_officer());
        self.idle += u64::from(is_idle);
        self.repeats += repeats;
        self.checked += u64::try_from(row.checked.len()).unwrap_or(u64::MAX);
        if !is_idle {
            self.seconds += row.worked.iter().map(|it| seconds(it, most_seconds)).sum::<i64>();
        }
    }

    /// Officers' minutes with those that are not idle.
    pub(super) fn minutes(&self) -> Decimal {
        Decimal::from(self.seconds).checked_div(60.into()).unwrap_or_default()
    }
}

fn seconds(it: &Worked, most: i64) -> i64 {
    it.to.duration_since(it.from).as_secs().clamp(0, most)
}

impl<'a> Measured<'a> {
    /// What was received on the days `from` up to, but not including, `to`; none of the time that officers took counts yet.
    pub(super) fn of(rows: &'a SavingsRows, from: Option<Date>, to: Option<Date>) -> Self {
        let linked = |row: &NotificationRow| {
            let days = rows.contact_days_on(british_day(row.received_at));
            u64::try_from(failure_contacts(row, days).count()).unwrap_or(u64::MAX)
        };
        let electronic = rows.notifications.iter().filter(|it| it.channel.is_electronic());
        let mut electronic: Vec<_> = electronic.map(|row| Electronic { row, repeats: linked(row) }).collect();
        electronic.sort_by_key(|it| it.row.received_at);
        // Before the days are looked at: a contact is caused by the last notification before it, whichever days are asked for.
        told_again(rows, &mut electronic);
        let all = Self { received: rows.notifications.iter().collect(), electronic, most_seconds: 0 };
        all.on(from, to, Decimal::ZERO)
    }

    /// What of it was received on the days `from` up to, but not including, `to`. Of a time that an officer had an item, at
    /// most so many minutes count.
    pub(super) fn on(&self, from: Option<Date>, to: Option<Date>, most_minutes: Decimal) -> Self {
        let is_within = |it: &NotificationRow| {
            let day = british_day(it.received_at);
            from.is_none_or(|from| from <= day) && to.is_none_or(|to| day < to)
        };
        let most_seconds = most_minutes.saturating_mul(60.into()).trunc().to_i64().unwrap_or(i64::MAX);
        Self {
            received: self.received.iter().copied().filter(|it| is_within(it)).collect(),
            electronic: self.electronic.iter().copied().filter(|it| is_within(it.row)).collect(),
            most_seconds,
        }
    }

    /// Every electronic notification, in the order in which they came.
    pub(super) fn electronic(&self) -> &[Electronic<'a>] {
        &self.electronic
    }

    /// The first and the last day of the period; of what was received, where it has none.
    pub(super) fn days(&self, from: Option<Date>, to: Option<Date>) -> Option<(Date, Date)> {
        let days = || self.received.iter().map(|it| british_day(it.received_at));
        Some((from.or_else(|| days().min())?, self.last_day(to)?))
    }

    /// The days of the period on which the service was in use, as far as the log says when that was.
    pub(super) fn days_in_use(
        &self,
        from: Option<Date>,
        to: Option<Date>,
        in_use: Option<(Date, Date)>,
    ) -> Option<(Date, Date)> {
        let (first, last) = self.days(from, to)?;
        let (begun, seen) = in_use.unwrap_or((first, last));
        (first.max(begun) <= last.min(seen)).then(|| (first.max(begun), last.min(seen)))
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
        let minutes = self.minutes_of_exceptions(base);
        let exceptions = Decimal::from(total.notifications - total.straight_through);
        Inputs {
            avoidance: share(total.applied),
            straight_through: share(total.straight_through),
            failure_contacts: share(total.repeats),
            exception_minutes: minutes.checked_div(exceptions).unwrap_or(base.manual_minutes),
            sampling_share: share(total.checked),
            ..base.clone()
        }
    }

    /// What took no less than by hand counts so much, and the rest what was measured.
    pub(super) fn minutes_of_exceptions(&self, base: &Inputs) -> Decimal {
        let total = self.total();
        Decimal::from(total.idle).saturating_mul(base.manual_minutes).saturating_add(total.minutes())
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

    /// All of them.
    pub(super) fn total(&self) -> Count {
        self.grouped(|_| ()).remove(&()).unwrap_or_default()
    }

    /// Counted by whatever is asked for.
    pub(super) fn grouped<G: Ord>(&self, group: impl Fn(&NotificationRow) -> G) -> BTreeMap<G, Count> {
        let mut groups: BTreeMap<G, Count> = BTreeMap::new();
        for it in &self.electronic {
            groups.entry(group(it.row)).or_default().add(it, self.most_seconds);
        }
        groups
    }
}

/// Counts what came by other channels about the same account as a contact that the electronic notification before it caused.
fn told_again(rows: &SavingsRows, electronic: &mut [Electronic<'_>]) {
    let mut by_account: BTreeMap<AccountRef, Vec<(Timestamp, usize)>> = BTreeMap::new();
    for (index, it) in electronic.iter().enumerate() {
        for account in &it.row.accounts {
            by_account.entry(account.clone()).or_default().push((it.row.received_at, index));
        }
    }
    for contact in rows.notifications.iter().filter(|it| !it.channel.is_electronic()) {
        let days = rows.contact_days_on(british_day(contact.received_at));
        let window = SignedDuration::from_hours(24 * i64::from(days));
        let before = contact.accounts.iter().filter_map(|account| {
            let earlier = by_account.get(account)?.iter().rev().find(|(at, _)| *at < contact.received_at);
            earlier.filter(|(at, _)| contact.received_at.duration_since(*at) <= window)
        });
        // It is one contact, however many accounts it names: it counts for the last notification before it.
        if let Some(followed) = before.max().and_then(|(_, index)| electronic.get_mut(*index)) {
            followed.repeats += 1;
        }
    }
}

/// What a contact by the counterfactual channels costs more than a digital one, before rounding.
pub(super) fn contact_value(base: &Inputs) -> Decimal {
    let contact = base.counterfactual.iter().filter_map(|(channel, share)| {
        let cost = base.unit_costs.get(channel)?;
        Some(share.saturating_mul(cost.saturating_sub(base.digital_unit_cost)))
    });
    contact.fold(Decimal::ZERO, Decimal::saturating_add)
}

/// What so many of an officer's minutes cost, before rounding.
pub(super) fn office_value(base: &Inputs, minutes: Decimal) -> Decimal {
    minutes.saturating_mul(base.hourly_cost).checked_div(60.into()).unwrap_or_default()
}

/// What a group saved; before rounding.
pub(super) fn exact(base: &Inputs, count: &Count) -> Decimal {
    let contact = Decimal::from(count.applied).saturating_mul(contact_value(base));
    let calls = Decimal::from(count.repeats).saturating_mul(base.telephone_unit_cost);
    let by_hand = Decimal::from(count.notifications - count.idle).saturating_mul(base.manual_minutes);
    let checks = Decimal::from(count.checked).saturating_mul(base.sampling_minutes);
    let minutes = by_hand.saturating_sub(count.minutes()).saturating_sub(checks);
    contact.saturating_sub(calls).saturating_add(office_value(base, minutes))
}

/// The least of the sorted values that so many percent are not above, from seconds to minutes with one decimal.
fn percentile(sorted: &[i64], percent: usize) -> Decimal {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    let seconds = sorted.get(rank - 1).copied().unwrap_or_default();
    to_one_decimal(Decimal::from(seconds).checked_div(60.into()).unwrap_or_default())
}

/// To one decimal, an exact half away from zero.
pub(super) fn to_one_decimal(it: Decimal) -> Decimal {
    let mut it = it.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    it.rescale(1);
    it
}
