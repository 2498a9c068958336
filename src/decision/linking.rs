//! One move, told by several: which notifications tell of the same change.

use hearth_events::{NotificationKind, NotificationRef};
use hearth_projections::AccountState;
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Case, Premises};
use crate::intake::Details;

/// How far apart the days may lie that two people give for one move.
const WINDOW_DAYS: i32 = 28;

/// A notification that waits for an officer at a dwelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub reference: NotificationRef,
    /// What it tells.
    pub kind: NotificationKind,
    /// The day the change is said to have taken place.
    pub effective_on: Date,
}

/// Whether a kind tells who comes to a dwelling or leaves it.
pub fn tells_of_a_move(kind: NotificationKind) -> bool {
    use NotificationKind as Kind;
    matches!(kind, Kind::MoveIn | Kind::MoveOut | Kind::MoveWithin | Kind::TenancyChange)
}

/// The other notifications that tell of the same change: the one that told the very same; and for a move those that began or
/// ended liability at the dwelling about then, and those that wait there.
pub fn linked(case: &Case<'_>, waiting: &[Waiting]) -> Vec<NotificationRef> {
    let mut linked: Vec<_> = case.told_before.iter().cloned().collect();
    if tells_of_a_move(case.notification.kind) {
        let told = Told::of(case);
        for premises in &case.matched.premises {
            linked.extend(premises.state.accounts.iter().flat_map(|it| told.about(premises, it)));
        }
        let same = waiting.iter().filter(|it| tells_of_a_move(it.kind) && told.is_about(it.effective_on));
        linked.extend(same.map(|it| it.reference.clone()));
    }
    let mut each = Vec::new();
    for it in linked {
        if it != case.received.reference && !each.contains(&it) {
            each.push(it);
        }
    }
    each
}

/// The days and the names that a notification of a move gives.
struct Told<'a> {
    days: Vec<Date>,
    names: Vec<&'a str>,
}

impl<'a> Told<'a> {
    fn of(case: &Case<'a>) -> Self {
        let mut told = Self { days: vec![case.notification.effective_on], names: Vec::new() };
        match &case.notification.details {
            Details::MoveIn(it) => told.names.extend(it.persons.iter().map(|it| it.name.as_str())),
            Details::MoveOut(it) => {
                told.names.extend(it.persons_leaving.iter().map(String::as_str));
                told.names.extend(it.successor.name.as_deref());
            }
            Details::MoveWithin(it) => {
                told.days.push(it.moved_out_on);
                told.names.extend(it.persons.iter().map(|it| it.name.as_str()));
                told.names.extend(it.successor.name.as_deref());
            }
            Details::TenancyChange(it) => {
                told.days.extend(it.tenancy_ended_on.map(|it| it.saturating_add(1.day())));
                told.days.extend(it.tenancy_starts_on);
                told.names.extend(it.outgoing.iter().map(String::as_str));
                told.names.extend(it.incoming.iter().map(|it| it.name.as_str()));
            }
            Details::ChangeOfName(_)
            | Details::ContactDetails(_)
            | Details::OccupierJoined(_)
            | Details::OccupierLeft(_)
            | Details::LiablePersonAdded(_)
            | Details::LiablePersonRemoved(_)
            | Details::SinglePersonDiscountClaim(_)
            | Details::SinglePersonDiscountEnd(_)
            | Details::Student(_)
            | Details::SevereMentalImpairment(_)
            | Details::DisregardClaim(_)
            | Details::PropertyEmpty(_)
            | Details::SecondHome(_)
            | Details::BackInUse(_)
            | Details::DisabledBandReduction(_)
            | Details::Annexe(_)
            | Details::Death(_)
            | Details::Probate(_)
            | Details::BandChange(_)
            | Details::DirectDebit(_)
            | Details::InstalmentChoice(_)
            | Details::Paperless(_)
            | Details::RefundRequest(_)
            | Details::CouncilTaxReduction(_)
            | Details::NewProperty(_)
            | Details::Dispute(_)
            | Details::Enquiry(_)
            | Details::CopyBill(_) => {}
        }
        told
    }

    /// Which notifications began or ended an account on a day that is told, or about then where its people are named.
    fn about(&self, premises: &Premises, account: &AccountState) -> Vec<NotificationRef> {
        let is_named = self.names.iter().any(|it| premises.liable_person_named(account, it).is_some());
        let is_same = |day: Date| self.days.contains(&day) || (is_named && self.is_about(day));
        let began = account.opened_by.iter().filter(|_| is_same(account.period.from));
        let ended = account.ended_by.iter().filter(|_| account.period.to.is_some_and(is_same));
        began.chain(ended).cloned().collect()
    }

    fn is_about(&self, day: Date) -> bool {
        self.days.iter().any(|it| (day - *it).get_days().abs() <= WINDOW_DAYS)
    }
}
