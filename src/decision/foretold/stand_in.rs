//! A record that is made up from what is said, so that it agrees with it.

use hearth_events::{
    AccountRef, Capacity, DiscountAwarded, Event, LiabilityStarted, PaymentMethod, Period, PersonDetails, Personal,
    Position, Tenure, Uprn,
};
use hearth_projections::{DwellingState, Listing};
use jiff::ToSpan;

use super::super::{AccountMatch, Case, DwellingMatch, Matched, Premises};
use crate::intake::{Details, same_name};

/// Somebody of whom nothing is said.
const SOMEBODY: &str = "Somebody Else";
/// For how long everything is as it is.
const YEARS_BEFORE: i64 = 3;
/// The dwelling of an account that is named without its dwelling: no dwelling has this number.
const NOWHERE: &str = "0";

/// Who is liable at a dwelling, and who lives there.
struct Household {
    liable: Vec<String>,
    adults: usize,
    owner: Option<String>,
    award: Option<&'static str>,
}

impl Household {
    fn of(names: impl IntoIterator<Item = String>) -> Self {
        let mut liable: Vec<String> = Vec::new();
        for name in names {
            if !liable.iter().any(|it| same_name(it, &name)) {
                liable.push(name);
            }
        }
        let adults = liable.len();
        Self { liable, adults, owner: None, award: None }
    }

    /// Nobody lives there.
    fn empty(owner: &str) -> Self {
        Self { adults: 0, ..Self::of([owner.to_owned()]) }
    }

    fn adults(self, adults: usize) -> Self {
        Self { adults, ..self }
    }
}

/// The same case before the stand-in.
pub(super) fn case<'a>(case: &Case<'a>) -> Case<'a> {
    let (home, left) = households(case);
    let reference = case.received.reference.as_str();
    let named = case.notification.account.clone().or_else(|| reference.parse().ok());
    let other = format!("{reference}-2").parse().ok();
    let mut matched = Matched { account: AccountMatch::NotNamed, premises: Vec::new(), ..case.matched.clone() };
    let at = of(&matched.dwelling);
    // In a move from one home to another the account is that of the one that was left.
    let or_nowhere = |at: Option<Uprn>| at.or_else(|| NOWHERE.parse().ok());
    let (of_account, of_other) = match left {
        Some(left) => (or_nowhere(of(&matched.from_dwelling)).map(|it| (it, left)), at.map(|it| (it, home))),
        None => (or_nowhere(at).map(|it| (it, home)), None),
    };
    for ((uprn, household), account) in of_account.into_iter().zip(named).chain(of_other.into_iter().zip(other)) {
        if case.notification.account.as_ref() == Some(&account) {
            matched.account = AccountMatch::Found(account.clone(), uprn.clone());
        }
        if matched.premises.iter().all(|it| it.uprn != uprn) {
            matched.premises.push(premises(case, uprn, &household, account));
        }
    }
    Case { matched, told_before: None, unanswered: None, ..case.clone() }
}

fn of(matched: &DwellingMatch) -> Option<Uprn> {
    match matched {
        DwellingMatch::One(uprn) => Some(uprn.clone()),
        DwellingMatch::NotGiven | DwellingMatch::Unknown | DwellingMatch::Several(_) => None,
    }
}

/// Who would have to be recorded at the dwelling for it to be as is said; and at the one that was left, in a move between two.
fn households(case: &Case<'_>) -> (Household, Option<Household>) {
    let by = case.notification.submitted_by.name.clone();
    let both = |name: &str| Household::of([by.clone(), name.to_owned()]);
    let home = match &case.notification.details {
        Details::MoveIn(it) => {
            let is_newcomer = it.persons.iter().any(|person| same_name(&person.name, &by));
            Household::empty(if is_newcomer { SOMEBODY } else { &by })
        }
        Details::MoveOut(it) => Household::of(it.persons_leaving.iter().cloned()),
        Details::MoveWithin(it) => {
            let left = Household::of(it.persons.iter().map(|it| it.name.clone()));
            return (Household::empty(SOMEBODY), Some(left));
        }
        Details::TenancyChange(it) => {
            let before =
                if it.outgoing.is_empty() { Household::empty(&by) } else { Household::of(it.outgoing.iter().cloned()) };
            Household { owner: Some(by), ..before }
        }
        Details::BackInUse(it) => Household::of(it.persons.iter().map(|it| it.name.clone())).adults(0),
        Details::ChangeOfName(it) => both(&it.old_name),
        Details::LiablePersonAdded(it) => Household::of([by]).adults(1 + usize::from(it.lived_there_before)),
        Details::LiablePersonRemoved(it) if same_name(&it.name, &by) => both(SOMEBODY),
        Details::LiablePersonRemoved(it) => both(&it.name),
        Details::OccupierLeft(it) => Household::of([by]).adults(usize::from(it.adults_remaining.unwrap_or(1)) + 1),
        Details::SinglePersonDiscountClaim(it) => Household::of([by]).adults(it.adults_left.len() + 1),
        Details::SinglePersonDiscountEnd(_) => Household { award: Some("D-SPD"), ..Household::of([by]) },
        Details::Student(it) => Household::of([by]).adults(usize::from(it.adults)),
        Details::SevereMentalImpairment(_) | Details::DisregardClaim(_) => Household::of([by]).adults(2),
        Details::Death(it) if same_name(&it.name, &by) => both(SOMEBODY),
        Details::Death(it) => both(&it.name),
        Details::Probate(_) => Household { award: Some("X-F"), ..Household::empty(&by) },
        Details::DirectDebit(it) => both(it.account_holder.as_deref().unwrap_or(&by)),
        Details::RefundRequest(it) => both(&it.account_holder),
        Details::OccupierJoined(_)
        | Details::ContactDetails(_)
        | Details::Paperless(_)
        | Details::InstalmentChoice(_)
        | Details::PropertyEmpty(_)
        | Details::SecondHome(_)
        | Details::DisabledBandReduction(_)
        | Details::Annexe(_)
        | Details::BandChange(_)
        | Details::CouncilTaxReduction(_)
        | Details::NewProperty(_)
        | Details::Dispute(_)
        | Details::Enquiry(_)
        | Details::CopyBill(_) => Household::of([by]),
    };
    (home, None)
}

fn premises(case: &Case<'_>, uprn: Uprn, household: &Household, account: AccountRef) -> Premises {
    let given = &case.notification.submitted_by;
    let person = |role: &str, number: usize, name: &str| {
        let (email, phone) = (given.email.clone(), given.phone.clone());
        let details = PersonDetails { name: name.to_owned(), email, phone, address: None };
        Personal::open_for(case.new_person(role, number), details)
    };
    let owner = household.owner.as_deref().map(|name| person("stand-in-owner", 0, name));
    let liable_persons: Vec<_> =
        household.liable.iter().enumerate().map(|(number, name)| person("stand-in", number, name)).collect();
    let people = owner.iter().chain(&liable_persons).filter_map(|it| match it {
        Personal::Open { person, value } => Some((*person, value.clone())),
        Personal::Sealed { .. } => None,
    });
    let people = people.collect();
    let listing = case.premises(&uprn).and_then(|it| it.state.listing.as_ref()).map(|it| public(it, owner));
    let mut state = DwellingState { listing, ..DwellingState::default() };
    let period = Period::starting(case.notification.effective_on.saturating_sub(YEARS_BEFORE.years()));
    let started = LiabilityStarted {
        account: account.clone(),
        liable_persons,
        period,
        capacity: if household.adults == 0 { Capacity::Owner } else { Capacity::Resident },
        adults: u16::try_from(household.adults).ok(),
        payment_method: PaymentMethod::Cash,
        bank_details: None,
        imported_row: None,
    };
    let award = household.award.and_then(|it| it.parse().ok());
    let awarded = award.map(|code| DiscountAwarded { account, code, period, terms: None }.into());
    for event in std::iter::once(Event::from(started)).chain(awarded) {
        // A record that is made up fits itself; did it not, less could be told.
        let _ = state.take(Position::START, &event);
    }
    Premises { uprn, state, people }
}

/// What anybody may know of a dwelling: where it is and its band.
fn public(listing: &Listing, owner: Option<Personal<PersonDetails>>) -> Listing {
    let tenure = if owner.is_some() { Tenure::PrivateLandlord } else { Tenure::OwnerOccupied };
    Listing {
        uprn: listing.uprn.clone(),
        property_reference: listing.property_reference.clone(),
        address: listing.address.clone(),
        postcode: listing.postcode.clone(),
        category: listing.category.clone(),
        bands: listing.bands.clone(),
        tenure,
        owner,
        furnished: false,
        hmo: false,
        imported_row: String::new(),
        because: Vec::new(),
    }
}
