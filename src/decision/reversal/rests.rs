//! Whether what was told later rests on a change: whether it would have been decided otherwise without it.

use std::collections::BTreeSet;

use hearth_events::{AccountRef, Event, Recorded};

/// The account that an event of the first kinds in a list is about.
macro_rules! account_in {
    ($event:expr, $($name:ident),+) => {
        $(if let Event::$name(it) = $event { Some(&it.account) } else)+ { None }
    };
}

/// What of an account an event is about. Later facts of the same sort were worked out from the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    /// Its days.
    Liability,
    /// Who lives there, and the awards that follow.
    Household,
    /// Who is liable and how they are reached.
    Persons,
    /// How it is paid and billed: what is said later counts, whatever was before.
    Record,
}

/// The account that an event is about, where what it says is a fact of the account.
pub(super) fn account_of(event: &Event) -> Option<&AccountRef> {
    about(event).map(|(account, _)| account)
}

fn about(event: &Event) -> Option<(&AccountRef, About)> {
    let liability = account_in!(event, LiabilityStarted, LiabilityEnded).map(|it| (it, About::Liability));
    let household = || {
        account_in!(event, DiscountAwarded, DiscountEnded, OccupantAdded, OccupantRemoved, HouseholdStated)
            .map(|it| (it, About::Household))
    };
    let persons = || account_in!(event, PersonRenamed, ContactDetailsChanged).map(|it| (it, About::Persons));
    let record = || {
        account_in!(event, PaymentMethodChanged, DeliveryPreferenceChanged, InstalmentPlanSet)
            .map(|it| (it, About::Record))
    };
    liability.or_else(household).or_else(persons).or_else(record)
}

/// What an event says about persons beside what it is about: a forwarding address, a verified e-mail.
fn also_about_persons(event: &Event) -> Option<(&AccountRef, About)> {
    if let Event::LiabilityEnded(it) = event {
        (!it.left_to.is_empty()).then_some((&it.account, About::Persons))
    } else if let Event::DeliveryPreferenceChanged(it) = event {
        it.person.as_ref().map(|_| (&it.account, About::Persons))
    } else {
        None
    }
}

fn all_about(event: &Event) -> impl Iterator<Item = (&AccountRef, About)> {
    about(event).into_iter().chain(also_about_persons(event))
}

/// An award that ends because the liability does: where there is none, there is nothing to end.
pub(super) fn goes_with_an_end(recorded: &Recorded, kept: &[&Recorded]) -> bool {
    let Event::DiscountEnded(award) = &recorded.event else { return false };
    let same = |it: &&&Recorded| it.metadata.causation == recorded.metadata.causation;
    kept.iter().filter(same).any(|it| matches!(&it.event, Event::LiabilityEnded(it) if it.account == award.account))
}

/// What was caused later by something else and would not have been decided so: by the reference of what caused it.
pub(super) fn later_that_rests_on(
    notification: &str,
    restored: bool,
    history: &[Recorded],
    kept: &[&Recorded],
) -> Option<String> {
    let own: Vec<_> = history.iter().filter(|it| it.metadata.causation == notification).collect();
    let own_facts: BTreeSet<_> = own.iter().flat_map(|it| all_about(&it.event)).collect();
    // What was decided while it counted was looked at when it was reversed.
    let is_reversal = |it: &&&Recorded| matches!(it.event, Event::AccountCorrected(_) | Event::BandsCorrected(_));
    let since = if restored { own.iter().rfind(is_reversal) } else { own.first() }?.position;
    let mut later = kept.iter().filter(|it| it.position > since && it.metadata.causation != notification);
    let rests = later.find(|it| {
        let says_more = all_about(&it.event).any(|(account, about)| match about {
            About::Household => {
                !goes_with_an_end(it, kept)
                    && [About::Household, About::Liability].iter().any(|own| own_facts.contains(&(account, *own)))
            }
            About::Persons => own_facts.contains(&(account, About::Persons)),
            About::Liability | About::Record => false,
        });
        says_more || own_facts.iter().any(|(account, _)| carries_on(it, account, kept))
    });
    rests.map(|it| it.metadata.causation.clone())
}

/// Whether an event ends an account and what caused it lets the same persons go on under another one, as they stood.
fn carries_on(recorded: &Recorded, account: &AccountRef, kept: &[&Recorded]) -> bool {
    let Event::LiabilityEnded(ended) = &recorded.event else { return false };
    if ended.account != *account {
        return false;
    }
    let persons = |it: &Event| -> BTreeSet<_> {
        let Event::LiabilityStarted(it) = it else { return BTreeSet::new() };
        it.liable_persons.iter().map(hearth_events::Personal::person).collect()
    };
    let starts = |it: &&&Recorded| matches!(it.event, Event::LiabilityStarted(_));
    let own = kept
        .iter()
        .find(|it| matches!(&it.event, Event::LiabilityStarted(it) if it.account == *account))
        .map(|it| persons(&it.event))
        .unwrap_or_default();
    let same = |it: &&&Recorded| it.metadata.causation == recorded.metadata.causation;
    kept.iter().filter(starts).filter(same).any(|it| !persons(&it.event).is_disjoint(&own))
}
