//! Moves: in, out, and from one dwelling of the council to another.

mod known;
mod successor;

use hearth_events::{
    AccountRef, BankDetails, Capacity, ContactDetailsChanged, HouseholdStated, PaymentMethod, PaymentMethodChanged,
    Period, PersonDetails, PersonId, Personal, ReasonCode,
};
use hearth_projections::AccountState;
use jiff::civil::Date;

use self::known::{left_behind, tells_of_living_alone, themselves};
use self::successor::successor;
pub(super) use self::successor::{Next, own_it};
use super::confirmation::lapsed;
use super::gates::{self, DAILY, GATES, LIABILITY, OWNERS};
use super::vacancy::{left_unfurnished, lived_in};
use super::working::NewLiability;
use super::{Case, DwellingMatch, Findings, Premises, Unanswered, Working};
use crate::intake::details::{MoveIn, MoveOut, MoveWithin, PersonGiven, TenureGiven};
use crate::intake::same_name;
use crate::rules::is_exemption;

pub(super) const EXEMPT: &str = "Council Tax (Exempt Dwellings) Order 1992, SI 1992/558";

/// What an arrival meets at a dwelling.
pub(super) enum Meets {
    /// Somebody is liable until the newcomers come, and their liability then ends.
    Previous(AccountRef),
    /// The dwelling was left on the very day, so that nobody's liability has to end.
    Nobody,
    /// The newcomers themselves, already liable: as buyers named by the seller, say.
    Themselves(AccountRef),
}

/// The household that arrives.
pub(super) struct Arrival<'a> {
    /// The first day.
    pub(super) on: Date,
    /// Every adult who is to be liable.
    pub(super) persons: &'a [PersonGiven],
    /// Whether those before have left; none where nobody was asked.
    pub(super) previous_left: Option<bool>,
    /// That those before were asked whether they have left, and did not answer.
    pub(super) unanswered: Option<Unanswered>,
}

impl<'a> Arrival<'a> {
    fn names(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.persons.iter().map(|it| it.name.as_str())
    }
}

/// N01.
pub(super) fn move_in(case: &Case<'_>, details: &MoveIn, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    gates::dates(case, &[on], findings);
    newcomer_speaks(case, &details.persons, findings);
    adults_named(details.sole_adult, &details.persons, findings);
    let Some(premises) = gates::dwelling(case, &case.matched.dwelling, on, findings) else { return Vec::new() };
    fit_to_let(premises, Some(details.tenure), findings);
    let arrival = Arrival {
        on,
        persons: &details.persons,
        previous_left: Some(details.previous_occupiers_left),
        unanswered: case.unanswered,
    };
    let Some(meets) = meets(premises, &arrival, findings) else { return Vec::new() };
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = premises.working();
    let persons = newcomers(case, &details.persons, themselves(premises, &meets));
    arrive(&mut working, &meets, NewLiability::residents(on, persons, details.persons.len()), details.sole_adult);
    vec![working]
}

/// N02.
pub(super) fn move_out(case: &Case<'_>, details: &MoveOut, findings: &mut Findings) -> Vec<Working> {
    let on = case.notification.effective_on;
    // Furniture that stays behind begins another state on its own day.
    let emptied = details.furniture_removed_on.filter(|it| *it > on);
    gates::dates(case, &[Some(on), emptied].into_iter().flatten().collect::<Vec<_>>(), findings);
    let Some(identified) = gates::account(case, findings) else { return Vec::new() };
    let (premises, account) = (identified.premises, identified.account);
    gates::not_at_court(case, account, findings);
    gates::no_reduction_to_assess(case, [account], on, findings);
    gates::dwelling_of_account(case, &premises.uprn, &case.matched.dwelling, findings);
    everybody_leaves(premises, account, on, details.persons_leaving.iter().map(String::as_str), findings);
    departure(premises, account, on, findings);
    let successor = successor(case, (premises, account), &details.successor, findings);
    let (Some(successor), true) = (successor, findings.all_passed()) else { return Vec::new() };
    let mut working = premises.working();
    let address = Some(details.forwarding_address.as_str()).filter(|it| !it.trim().eq_ignore_ascii_case("not-known"));
    working.end_liability(&account.account, on, left_to(premises, account, address));
    let opened = successor.begin(&mut working, account, on);
    left_unfurnished(case, &mut working, &opened, details.furniture_removed_on);
    vec![working]
}

/// N03.
pub(super) fn move_within(case: &Case<'_>, details: &MoveWithin, findings: &mut Findings) -> Vec<Working> {
    let (left_on, on) = (details.moved_out_on, case.notification.effective_on);
    gates::dates(case, &[left_on, on], findings);
    let Some(identified) = gates::account(case, findings) else { return Vec::new() };
    let (old, account) = (identified.premises, identified.account);
    gates::not_at_court(case, account, findings);
    gates::no_reduction_to_assess(case, [account], left_on, findings);
    gates::dwelling_of_account(case, &old.uprn, &case.matched.from_dwelling, findings);
    adults_named(details.sole_adult, &details.persons, findings);
    findings.check(
        "one-home-at-a-time",
        left_on <= on,
        ReasonCode::R10,
        (
            "the old home was left by the day of the new one",
            "there were two homes for some days: which was the main one is a judgement",
        ),
        DAILY,
    );
    let everyone = details.everyone_moved;
    findings.check("everybody-moved", everyone, ReasonCode::R12, ("everybody moved", "somebody stays"), LIABILITY);
    everybody_leaves(old, account, left_on, details.persons.iter().map(|it| it.name.as_str()), findings);
    let left_behind = left_behind(case, (old, account), (left_on, &details.successor), findings);
    let Some(new) = gates::dwelling(case, &case.matched.dwelling, on, findings) else { return Vec::new() };
    let is_other = findings.need(
        "two-dwellings",
        new.uprn != old.uprn,
        ReasonCode::R19,
        ("the new home is another dwelling", "the new home is the dwelling that was left"),
        GATES,
    );
    fit_to_let(new, None, findings);
    let arrival = Arrival { on, persons: &details.persons, previous_left: None, unanswered: case.unanswered };
    let meets = meets(new, &arrival, findings);
    let (Some(mut worked), Some(meets), true, true) = (left_behind, meets, is_other, findings.all_passed()) else {
        return Vec::new();
    };
    let mut arriving = new.working();
    let known = themselves(new, &meets).or(Some((old, account)));
    let persons = newcomers(case, &details.persons, known);
    let liability = NewLiability::residents(on, persons, details.persons.len()).paid_as(account);
    let bank_details = liability.bank_details.clone();
    let opened = arrive(&mut arriving, &meets, liability, details.sole_adult);
    carry_collection_day(&mut arriving, &opened, account, bank_details, on);
    worked.push(arriving);
    worked
}

impl NewLiability {
    /// A household that lives there.
    pub(super) fn residents(from: Date, persons: Vec<Personal<PersonDetails>>, adults: usize) -> Self {
        Self {
            from,
            to: None,
            persons,
            capacity: Capacity::Resident,
            adults: u16::try_from(adults).ok(),
            payment_method: PaymentMethod::Cash,
            bank_details: None,
        }
    }

    /// Paid as the account that is left behind: the method moves with the household.
    pub(super) fn paid_as(mut self, account: &AccountState) -> Self {
        self.payment_method = account.payment_method;
        self.bank_details.clone_from(&account.bank_details);
        self
    }
}

/// The day of collection moves with the household as well.
pub(super) fn carry_collection_day(
    working: &mut Working,
    opened: &AccountRef,
    old: &AccountState,
    bank_details: Option<Personal<BankDetails>>,
    from: Date,
) {
    if old.collection_day.is_some() {
        working.record(PaymentMethodChanged {
            account: opened.clone(),
            payment_method: old.payment_method,
            bank_details,
            collection_day: old.collection_day,
            from,
        });
    }
}

/// The one who tells of an arrival is one of those who arrive.
fn newcomer_speaks(case: &Case<'_>, persons: &[PersonGiven], findings: &mut Findings) {
    let given = &case.notification.submitted_by;
    let is_newcomer = given.role.speaks_for_themselves() && persons.iter().any(|it| same_name(&it.name, &given.name));
    findings.check(
        "submitter-has-authority",
        is_newcomer,
        ReasonCode::R13,
        ("the submitter is one of those who move in", "the submitter is not one of those who move in"),
        GATES,
    );
}

fn adults_named(sole_adult: bool, persons: &[PersonGiven], findings: &mut Findings) {
    let is_named_twice = |(number, person): (usize, &PersonGiven)| {
        persons.iter().skip(number + 1).any(|other| same_name(&other.name, &person.name))
    };
    let fits = sole_adult == (persons.len() == 1) && !persons.iter().enumerate().any(is_named_twice);
    findings.need(
        "adults-named",
        fits,
        ReasonCode::R19,
        (
            "the adults named fit what is said of the household",
            "the adults named contradict what is said of the household, or one of them is named twice",
        ),
        GATES,
    );
}

/// The dwelling is let as one, and as what the newcomers say.
fn fit_to_let(premises: &Premises, tenure: Option<TenureGiven>, findings: &mut Findings) {
    let Some(listing) = &premises.state.listing else { return };
    findings.check(
        "not-in-multiple-occupation",
        !listing.hmo,
        ReasonCode::R11,
        (
            "not recorded as a house in multiple occupation",
            "recorded as a house in multiple occupation: the owner is liable",
        ),
        OWNERS,
    );
    if tenure == Some(TenureGiven::Owner) {
        findings.check(
            "tenure-fits-the-record",
            listing.owner.is_none(),
            ReasonCode::R19,
            ("no other owner is on file", "the newcomers say they own it, but another owner is on file"),
            GATES,
        );
    }
}

/// Who is liable when newcomers arrive, and whether they can follow without an overlap or a gap.
pub(super) fn meets(premises: &Premises, arrival: &Arrival<'_>, findings: &mut Findings) -> Option<Meets> {
    const OVERLAP: &str = "no-overlapping-liability";
    let within = premises.state.accounts_within(Period::starting(arrival.on));
    let Some(first) = within.first() else { return nobody(premises, arrival.on, findings) };
    let is_same = premises.are_liable_persons(first, arrival.names());
    let is_known = first.is_occupied_on(arrival.on) && first.adults_on(arrival.on).is_some();
    if is_same && is_known && !tells_of_living_alone(first, arrival) {
        findings.duplicate("not-already-so", "the same persons are already liable there as residents", GATES);
        return None;
    }
    if within.len() > 1 || first.period.from > arrival.on {
        let because = "somebody else becomes liable on a later day, so the newcomers would overlap with them";
        findings.lack(OVERLAP, ReasonCode::R04, because, LIABILITY);
        return None;
    }
    if is_same {
        findings.pass(OVERLAP, "the newcomers are those who are liable there already", LIABILITY);
        return Some(Meets::Themselves(first.account.clone()));
    }
    if let Some(exemption) =
        first.awards.iter().find(|it| is_exemption(it.code.as_str()) && it.period.contains(arrival.on))
    {
        let reason = if exemption.code.as_str() == "X-F" { ReasonCode::R16 } else { ReasonCode::R10 };
        let because = format!("the dwelling is exempt by {}: whether that ends is a judgement", exemption.code);
        if !findings.refer("no-exemption-runs", reason, because, EXEMPT) {
            return None;
        }
    }
    let because = if arrival.previous_left == Some(false) {
        Some("the newcomers say that those before them have not left")
    } else if first.is_occupied_on(arrival.on) && !lapsed(arrival.unanswered, findings) {
        Some("a household is recorded as living there, and nobody of it has said that it left")
    } else {
        None
    };
    match because {
        Some(because) if !findings.refer(OVERLAP, ReasonCode::R04, because, LIABILITY) => return None,
        Some(_) => {}
        None => {
            let because = format!("account {} ends on the day", first.account);
            findings.pass(OVERLAP, because, LIABILITY);
        }
    }
    Some(Meets::Previous(first.account.clone()))
}

fn nobody(premises: &Premises, on: Date, findings: &mut Findings) -> Option<Meets> {
    // An account without a day, as a reversal leaves one, followed nobody.
    let mut lasting = premises.state.accounts.iter().filter(|it| !it.period.is_empty());
    let followed_at_once = lasting.any(|it| it.period.to == Some(on));
    let goes_on = findings.check(
        "no-gap-in-liability",
        followed_at_once,
        ReasonCode::R05,
        ("liability of those before ended on the very day", "nobody is recorded as liable in the days before"),
        LIABILITY,
    );
    goes_on.then_some(Meets::Nobody)
}

/// Records an arrival, and the discount of an adult who lives alone.
fn arrive(working: &mut Working, meets: &Meets, liability: NewLiability, sole_adult: bool) -> AccountRef {
    let on = liability.from;
    let account = match meets {
        Meets::Themselves(account) => {
            let adults = liability.adults.unwrap_or_default();
            lived_in(working, account, on);
            working.record(HouseholdStated { account: account.clone(), from: on, adults });
            for person in liability.persons {
                working.record(ContactDetailsChanged { account: account.clone(), person, from: on });
            }
            account.clone()
        }
        Meets::Previous(previous) => {
            working.end_liability(previous, on, Vec::new());
            working.start_liability(liability)
        }
        Meets::Nobody => working.start_liability(liability),
    };
    if sole_adult {
        working.award_single_person(&account, on);
    }
    account
}

/// Those who arrive, as the persons they are on file where they come from one of our dwellings.
pub(super) fn newcomers(
    case: &Case<'_>,
    persons: &[PersonGiven],
    known: Option<(&Premises, &AccountState)>,
) -> Vec<Personal<PersonDetails>> {
    let newcomer = |(number, given): (usize, &PersonGiven)| {
        let held = known.and_then(|(premises, account)| premises.liable_person_named(account, &given.name));
        let mut details = held.map(|(_, details)| details.clone()).unwrap_or_default();
        details.name.clone_from(&given.name);
        details.email = given.email.clone().or(details.email);
        details.phone = given.phone.clone().or(details.phone);
        details.address = None;
        let person: PersonId = held.map_or_else(|| case.new_person("newcomer", number), |(person, _)| person);
        Personal::open_for(person, details)
    };
    persons.iter().enumerate().map(newcomer).collect()
}

/// The whole household leaves: every liable person by name, and as many adults as are recorded.
fn everybody_leaves<'a>(
    premises: &Premises,
    account: &AccountState,
    on: Date,
    names: impl Iterator<Item = &'a str> + Clone,
    findings: &mut Findings,
) {
    let all_named = findings.check(
        "all-liable-persons-leave",
        premises.are_all_named(account, names.clone()),
        ReasonCode::R12,
        ("every liable person leaves", "a liable person stays, so the account does not end: their word is needed"),
        LIABILITY,
    );
    if all_named {
        let adults = account.adults_on(on).map_or(0, usize::from);
        findings.check(
            "all-adults-leave",
            names.count() >= adults,
            ReasonCode::R19,
            (
                "as many adults leave as are recorded",
                "more adults are recorded than leave: one of them may stay and be liable",
            ),
            LIABILITY,
        );
    }
}

/// The account can end on the day, and nobody else is liable later. Whether it is so; a finding says it, too.
pub(super) fn departure(premises: &Premises, account: &AccountState, on: Date, findings: &mut Findings) -> bool {
    const CHECK: &str = "liability-can-end";
    if account.period.to == Some(on) {
        findings.duplicate("not-already-so", format!("liability already ended on {on}"), GATES);
        return false;
    }
    let is_last = premises.state.accounts_within(Period::starting(on)).iter().all(|it| it.account == account.account);
    let (reason, because) = if account.period.to.is_some() {
        (ReasonCode::R19, "the account already ended on another day")
    } else if account.period.from > on {
        (ReasonCode::R19, "the day lies before the account began")
    } else if !is_last {
        (ReasonCode::R04, "somebody else is recorded as liable after the day")
    } else {
        findings.pass(CHECK, format!("open from {} and the last of its dwelling", account.period.from), LIABILITY);
        return true;
    };
    findings.lack(CHECK, reason, because, LIABILITY);
    false
}

/// Where the leavers can now be reached.
pub(super) fn left_to(
    premises: &Premises,
    account: &AccountState,
    address: Option<&str>,
) -> Vec<Personal<PersonDetails>> {
    let Some(address) = address else { return Vec::new() };
    let reached = |person: &Personal<PersonDetails>| {
        let mut details = premises.details(person)?.clone();
        details.address = Some(address.to_owned());
        Some(Personal::open_for(person.person(), details))
    };
    account.liable_persons.iter().filter_map(reached).collect()
}

/// The dwelling was matched to the one that a notification names first; for other modules.
pub(super) fn named_dwelling<'a>(case: &'a Case<'_>, day: Date, findings: &mut Findings) -> Option<&'a Premises> {
    let matched: &DwellingMatch = &case.matched.dwelling;
    gates::dwelling(case, matched, day, findings)
}
