//! Ends and reviews of awards that are known in advance.

use hearth_events::{AwardCode, AwardExpired, AwardExpiryScheduled, ExpiryReason};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::AccountState;

/// An end or a review of an award on a day that was known in advance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Expiry {
    /// The first day without the award; for a review the day by which it is due.
    pub on: Date,
    /// Which award.
    pub code: AwardCode,
    /// Why.
    pub reason: ExpiryReason,
    /// Whether the day came and was recorded.
    pub past: bool,
}

impl Expiry {
    /// Whether it ends the award, and does not only ask that somebody looks at it.
    pub fn is_end(&self) -> bool {
        match self.reason {
            ExpiryReason::CourseEnds
            | ExpiryReason::LeaversOctober
            | ExpiryReason::EighteenthBirthday
            | ExpiryReason::ProbateAndSixMonths
            | ExpiryReason::LongestInLaw
            | ExpiryReason::DocumentEnds => true,
            ExpiryReason::Review => false,
        }
    }
}

impl AccountState {
    /// What is scheduled and still to come, in the order of the days: of an end its award must end on that very day, of a
    /// review it must go on through it. So an award that ended otherwise, or was reversed, takes what was scheduled with it.
    ///
    /// Of the reviews of one award the latest counts: whoever looked at it scheduled the next.
    pub fn expiries_ahead(&self) -> Vec<&Expiry> {
        let latest = |it: &Expiry| self.expiries.iter().filter(|other| other.code == it.code && !other.is_end()).max();
        let stands = |it: &&Expiry| {
            let mut awards = self.awards.iter().filter(|award| award.code == it.code);
            if it.is_end() {
                !it.past && awards.any(|award| award.period.to == Some(it.on))
            } else {
                awards.any(|award| award.period.contains(it.on)) && latest(it) == Some(*it)
            }
        };
        let mut ahead: Vec<_> = self.expiries.iter().filter(stands).collect();
        ahead.sort();
        ahead
    }

    /// The ends that have come by a day and are not recorded yet.
    pub fn expired_by(&self, day: Date) -> Vec<AwardExpired> {
        let due = self.expiries_ahead().into_iter().filter(|it| it.is_end() && it.on <= day);
        let expired = due.map(|it| AwardExpired {
            account: self.account.clone(),
            code: it.code.clone(),
            on: it.on,
            reason: it.reason,
        });
        expired.collect()
    }

    pub(crate) fn schedule(&mut self, it: &AwardExpiryScheduled) {
        let is_it = |held: &Expiry| held.on == it.on && held.code == it.code && held.reason == it.reason;
        if !self.expiries.iter().any(is_it) {
            self.expiries.push(Expiry { on: it.on, code: it.code.clone(), reason: it.reason, past: false });
        }
    }

    pub(crate) fn expire(&mut self, it: &AwardExpired) {
        let is_it = |held: &&mut Expiry| held.on == it.on && held.code == it.code && held.reason == it.reason;
        self.expiries.iter_mut().filter(is_it).for_each(|held| held.past = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DwellingState;
    use crate::testing::{listed, started};
    use hearth_events::{DiscountAwarded, DiscountEnded, Event, Period, Position};
    use jiff::civil::date;

    fn scheduled(code: &str, on: Date, reason: ExpiryReason) -> Event {
        let (account, code) = ("30000001".parse().unwrap(), code.parse().unwrap());
        AwardExpiryScheduled { account, code, on, reason }.into()
    }

    fn awarded(code: &str, to: Option<Date>) -> Event {
        let (account, code) = ("30000001".parse().unwrap(), code.parse().unwrap());
        DiscountAwarded { account, code, period: Period { from: date(2015, 9, 1), to }, terms: None }.into()
    }

    fn account(events: &[Event]) -> AccountState {
        let mut state = DwellingState::default();
        for event in [listed("999000000001").into(), started("30000001").into()].iter().chain(events) {
            state.take(Position(1), event).unwrap();
        }
        state.accounts.remove(0)
    }

    const END: Date = date(2016, 7, 1);

    #[test]
    fn an_end_is_due_once_its_day_has_come_and_until_it_is_recorded() {
        let mut events = vec![awarded("DR-STU", Some(END)), scheduled("DR-STU", END, ExpiryReason::CourseEnds)];
        let it = account(&events);
        assert!(it.expired_by(date(2016, 6, 30)).is_empty());
        let due = it.expired_by(END);
        assert_eq!(due.len(), 1);
        events.push(due[0].clone().into());
        // Scheduled again, it is the same fact, and it is past.
        events.push(scheduled("DR-STU", END, ExpiryReason::CourseEnds));
        assert!(account(&events).expired_by(END).is_empty() && account(&events).expiries_ahead().is_empty());
    }

    #[test]
    fn an_award_that_ended_otherwise_takes_its_scheduled_end_with_it() {
        let (account_ref, code) = ("30000001".parse().unwrap(), "DR-STU".parse().unwrap());
        let ended = DiscountEnded { account: account_ref, code, to: date(2016, 2, 1) };
        let events = [awarded("DR-STU", Some(END)), scheduled("DR-STU", END, ExpiryReason::CourseEnds), ended.into()];
        assert!(account(&events).expired_by(END).is_empty());
    }

    #[test]
    fn a_review_ends_nothing_and_the_latest_counts() {
        let (first, second) = (date(2016, 9, 1), date(2017, 9, 1));
        let once = [awarded("D-SPD", None), scheduled("D-SPD", first, ExpiryReason::Review)];
        let it = account(&once);
        assert!(it.expired_by(date(2020, 1, 1)).is_empty());
        assert_eq!(it.expiries_ahead().iter().map(|it| it.on).collect::<Vec<_>>(), [first]);
        let mut twice = once.to_vec();
        twice.push(scheduled("D-SPD", second, ExpiryReason::Review));
        assert_eq!(account(&twice).expiries_ahead().iter().map(|it| it.on).collect::<Vec<_>>(), [second]);
        let ended = [awarded("D-SPD", Some(first)), scheduled("D-SPD", first, ExpiryReason::Review)];
        assert!(account(&ended).expiries_ahead().is_empty(), "it ends by then");
    }
}
