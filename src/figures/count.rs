//! Counting the figures of a period from rows.

use std::collections::BTreeMap;

use hearth_events::{ContactAbout, ErrorClass, NotificationKind, Status};
use hearth_projections::{NotificationRow, Waited};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{
    AgeBand, ByChannel, ByKind, ContactReason, Contacts, DEFINITION, Established, Figures, LATELY, OpenWork, Outcomes,
    Period, Promises, Reversals, StraightThrough, Volume, is_eligible, is_eligible_kind, number, percent,
    to_one_decimal,
};
use crate::rules::working_days::working_days_between;
use crate::savings::failure_contacts;
use crate::views::british_day;

/// What the figures of a period are counted from.
#[derive(Default)]
pub(super) struct Rows {
    /// Received in the period.
    pub(super) received: Vec<NotificationRow>,
    /// Received in the same days of the year before, where the period has both ends.
    pub(super) year_before: Option<Vec<NotificationRow>>,
    /// Open at its end.
    pub(super) waiting: Vec<NotificationRow>,
    /// Done in the last working days before its end, having waited.
    pub(super) done: Vec<NotificationRow>,
    /// Promised for a day of it.
    pub(super) promised: Vec<NotificationRow>,
}

/// The first working day of each band of ages.
const AGES: [u16; 5] = [0, 6, 11, 21, 31];

impl Rows {
    /// The figures; a contact counts for as many days as `contact_days` says for the day of receipt.
    pub(super) fn counted(&self, period: &Period, contact_days: &dyn Fn(Date) -> u16) -> Figures {
        Figures {
            from: period.from,
            to: period.to,
            as_of: period.as_of,
            received: number(self.received.iter()),
            received_year_before: self.year_before.as_ref().map(|it| number(it.iter())),
            outcomes: self.outcomes(),
            by_channel: self.grouped(|it| it.channel).map(|(channel, volume)| ByChannel { channel, volume }).collect(),
            by_kind: self.grouped(|it| it.kind).map(by_kind).collect(),
            straight_through: self.straight_through(),
            open: self.open(period.as_of),
            time_to_establish: self.established(),
            promises: self.promises(british_day(period.as_of)),
            reversals: self.reversals(),
            contacts: self.contacts(contact_days),
        }
    }

    fn outcomes(&self) -> Vec<Outcomes> {
        let mut counted: BTreeMap<Status, u64> = BTreeMap::new();
        for it in &self.received {
            *counted.entry(it.status).or_default() += 1;
        }
        counted.into_iter().map(|(status, notifications)| Outcomes { status, notifications }).collect()
    }

    fn grouped<G: Ord + Copy>(&self, group: impl Fn(&NotificationRow) -> G) -> impl Iterator<Item = (G, Volume)> {
        let mut groups: BTreeMap<G, (Vec<&NotificationRow>, u64)> = BTreeMap::new();
        for it in &self.received {
            groups.entry(group(it)).or_default().0.push(it);
        }
        for it in self.year_before.iter().flatten() {
            groups.entry(group(it)).or_default().1 += 1;
        }
        let with_year = self.year_before.is_some();
        groups.into_iter().map(move |(group, (rows, before))| (group, volume(&rows, with_year.then_some(before))))
    }

    fn straight_through(&self) -> StraightThrough {
        let rows: Vec<_> = self.received.iter().collect();
        let settled = |it: &&NotificationRow| it.completed_at.is_some() && !it.had_to_wait() && !it.reversed;
        let later = |it: &&NotificationRow| {
            it.status == Status::Applied && it.had_to_wait() && !it.was_decided_by_officer() && !it.reversed
        };
        StraightThrough {
            volume: volume(&rows, self.year_before.as_ref().map(|it| number(it.iter()))),
            settled_without_officer: number(self.received.iter().filter(settled)),
            later_without_officer: number(self.received.iter().filter(later)),
            definition: DEFINITION,
        }
    }

    fn open(&self, as_of: Timestamp) -> OpenWork {
        let today = british_day(as_of);
        let age = |it: &NotificationRow| working_days_between(british_day(it.received_at), today);
        let ends = AGES.iter().skip(1).map(|it| Some(it - 1)).chain([None]);
        let band = |(from_days, to_days): (u16, Option<u16>)| {
            let within = |it: &&NotificationRow| {
                let age = age(it);
                i32::from(from_days) <= age && to_days.is_none_or(|to| age <= i32::from(to))
            };
            AgeBand { from_days, to_days, open: number(self.waiting.iter().filter(within)) }
        };
        let oldest = self.waiting.iter().min_by_key(|it| (it.received_at, &it.reference));
        let open = number(self.waiting.iter());
        let completed_lately = number(self.done.iter().filter(|it| it.was_decided_by_officer()));
        let work = Decimal::from(open).saturating_mul(LATELY.into());
        OpenWork {
            open,
            ages: AGES.into_iter().zip(ends).map(band).collect(),
            oldest_received: oldest.map(|it| it.received_at),
            oldest: oldest.map(|it| it.reference.clone()),
            completed_lately,
            days_of_work: work.checked_div(completed_lately.into()).map(to_one_decimal),
        }
    }

    fn established(&self) -> Vec<Established> {
        let all = |_: &NotificationRow| true;
        let automatic = |it: &NotificationRow| !it.was_decided_by_officer();
        let officer = NotificationRow::was_decided_by_officer;
        vec![self.of_route("all", all), self.of_route("automatic", automatic), self.of_route("officer", officer)]
    }

    /// Of what was reversed nothing was established.
    fn of_route(&self, route: &'static str, is_of: impl Fn(&NotificationRow) -> bool) -> Established {
        let rows = || self.received.iter().filter(|it| is_of(it));
        let mut seconds = Vec::new();
        let mut same_day = 0;
        for row in rows().filter(|it| !it.reversed) {
            for it in &row.opened {
                seconds.push(it.recorded_at.duration_since(row.received_at).as_secs().max(0));
                same_day += u64::from(british_day(it.recorded_at) <= british_day(row.received_at));
            }
        }
        seconds.sort_unstable();
        let accounts = number(seconds.iter());
        let waits = |it: &&NotificationRow| it.kind == NotificationKind::MoveIn && it.completed_at.is_none();
        Established {
            route,
            accounts,
            median_minutes: percentile(&seconds, 50),
            p90_minutes: percentile(&seconds, 90),
            same_day,
            percent_same_day: percent(same_day, accounts),
            waiting: number(rows().filter(waits)),
        }
    }

    fn promises(&self, today: Date) -> Promises {
        let mut counted = Promises::default();
        for (row, Waited { promised_by, .. }) in self.promised.iter().filter_map(|it| Some((it, it.waited.as_ref()?))) {
            counted.promised += 1;
            match row.completed_at.map(british_day) {
                Some(done) if done <= *promised_by => counted.kept += 1,
                Some(_) => counted.late += 1,
                None if *promised_by < today => counted.overdue += 1,
                None => counted.pending += 1,
            }
        }
        counted.percent_kept = percent(counted.kept, counted.promised - counted.pending);
        counted
    }

    fn reversals(&self) -> Reversals {
        let automatic = |it: &&NotificationRow| it.status == Status::Applied && !it.had_to_wait();
        let applied = || self.received.iter().filter(automatic);
        let (automatic, reversed) = (number(applied()), number(applied().filter(|it| it.reversed)));
        let checks = || self.received.iter().flat_map(|it| &it.checked);
        Reversals {
            automatic,
            reversed,
            percent: percent(reversed, automatic),
            checked: number(checks()),
            errors: number(checks().filter(|it| **it != ErrorClass::None)),
        }
    }

    fn contacts(&self, contact_days: &dyn Fn(Date) -> u16) -> Contacts {
        let failures = |it: &NotificationRow| number(failure_contacts(it, contact_days(british_day(it.received_at))));
        let failures = self.received.iter().map(failures).sum();
        let all = || self.received.iter().flat_map(|it| &it.contacts);
        let of = |about: ContactAbout| ContactReason { about, contacts: number(all().filter(|it| it.about == about)) };
        Contacts {
            linked: number(all()),
            failures,
            failures_per_hundred: percent(failures, number(self.received.iter())),
            by_reason: ContactAbout::ALL.map(of).to_vec(),
        }
    }
}

fn by_kind((kind, volume): (NotificationKind, Volume)) -> ByKind {
    ByKind { kind, eligible_kind: is_eligible_kind(kind), volume }
}

fn volume(rows: &[&NotificationRow], received_year_before: Option<u64>) -> Volume {
    let received = number(rows.iter());
    let eligible = number(rows.iter().filter(|it| is_eligible(it)));
    let straight_through = number(rows.iter().filter(|it| it.straight_through));
    let of_eligible = number(rows.iter().filter(|it| it.straight_through && is_eligible(it)));
    Volume {
        received,
        received_year_before,
        eligible,
        straight_through,
        percent_of_received: percent(straight_through, received),
        percent_of_eligible: percent(of_eligible, eligible),
    }
}

/// The least of the sorted seconds that so many percent are not above, in minutes with one decimal.
fn percentile(sorted: &[i64], percent: usize) -> Option<Decimal> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    let minutes = Decimal::from(*sorted.get(rank - 1)?).checked_div(60.into())?;
    Some(to_one_decimal(minutes))
}
