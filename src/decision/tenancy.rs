//! N22: a landlord tells of a change of tenants.

use hearth_events::{AccountRef, Period, ReasonCode};
use hearth_projections::AccountState;
use jiff::ToSpan;
use jiff::civil::Date;

use super::confirmation::lapsed;
use super::gates::{self, GATES, LIABILITY, OWNERS};
use super::liable::is_told_by;
use super::moves::{Next, departure, named_dwelling, newcomers};
use super::vacancy::left_unfurnished;
use super::working::NewLiability;
use super::{Case, Findings, Premises, Working};
use crate::intake::details::TenancyChange;
use crate::intake::{SubmitterRole, same_name};

/// What the sender of a notification begins with that anybody sent from the pages.
const FROM_ANYBODY: &str = "public";

/// The days of a change of tenants.
#[derive(Clone, Copy)]
struct Days {
    /// The first day after the old tenancy.
    ended: Option<Date>,
    /// The first day of the new one.
    starts: Option<Date>,
}

/// Decides a change of tenants.
pub(super) fn change(case: &Case<'_>, details: &TenancyChange, findings: &mut Findings) -> Vec<Working> {
    let ended = details.tenancy_ended_on.map(|it| it.saturating_add(1.day()));
    let days = Days { ended, starts: details.tenancy_starts_on };
    let all: Vec<_> = [days.ended, days.starts].into_iter().flatten().collect();
    let stated = case.notification.effective_on;
    gates::dates(case, &[all.as_slice(), &[stated]].concat(), findings);
    findings.check(
        "day-fits-the-tenancies",
        // The last day of the old tenancy, which nobody need give, is as good as the first of the new one.
        eve_of_first(&all) <= Some(stated) && Some(stated) <= all.iter().max().copied(),
        ReasonCode::R19,
        ("the day of the change is that of a tenancy", "the day of the change is none of those of the tenancies"),
        GATES,
    );
    let Some(first) = all.iter().min().copied() else { return Vec::new() };
    let Some(premises) = named_dwelling(case, first, findings) else { return Vec::new() };
    landlord_speaks(case, premises, first, findings);
    let_as_one(premises, details, findings);
    findings.need(
        "one-tenancy-after-the-other",
        days.ended.zip(days.starts).is_none_or(|(ended, starts)| ended <= starts),
        ReasonCode::R04,
        ("the new tenancy begins when the old one has ended", "the new tenancy begins before the old one has ended"),
        LIABILITY,
    );
    let (days, first) = match days.starts.filter(|_| have_told_themselves(premises, details, days)) {
        // What is left to tell is who comes: the owner is liable since the tenants left.
        Some(starts) => (Days { ended: None, ..days }, starts),
        None => (days, first),
    };
    let Some(before) = tenants_before(premises, details, days, first, findings) else { return Vec::new() };
    tenants_agree(case, premises, &before, first, findings);
    let Some((owner, owner_details)) = premises.owner() else { return Vec::new() };
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = premises.working();
    let void_from = days.ended.unwrap_or(first);
    if days.starts == Some(void_from) || days.ended.is_none() {
        working.end_liability(&before, first, Vec::new());
    } else {
        working.end_liability(&before, void_from, Vec::new());
        let void = working.start_liability(Next::owner(owner, owner_details).liable_from(void_from, days.starts));
        // Let without furniture, it is without it between two tenancies as well.
        left_unfurnished(case, &mut working, &void, (details.furnished == Some(false)).then_some(void_from));
    }
    if let Some(starts) = days.starts {
        let persons = newcomers(case, &details.incoming, None);
        working.start_liability(NewLiability::residents(starts, persons, details.incoming.len()));
    }
    vec![working]
}

/// The day before the first of these: the last day of the tenancy that ended.
fn eve_of_first(days: &[Date]) -> Option<Date> {
    days.iter().min().map(|it| it.saturating_sub(1.day()))
}

fn landlord_speaks(case: &Case<'_>, premises: &Premises, first: Date, findings: &mut Findings) {
    let given = &case.notification.submitted_by;
    let owner = premises.owner().filter(|(_, owner)| same_name(&owner.name, &given.name)).map(|(_, owner)| owner);
    // Whoever stands in the file of a council, or sends with a token, is known to it. A name alone, which anybody may know, ends the
    // account of nobody who lives there, unless they are asked.
    let lives_there = premises.state.liable_on(first).is_some_and(|it| it.is_occupied_on(first));
    let ends_unasked = lives_there && case.policy().third_party_wait_days.is_none();
    let is_from_anybody = case.received.sender.starts_with(FROM_ANYBODY);
    let is_known = !(ends_unasked && is_from_anybody) || owner.is_some_and(|it| is_told_by(case, it));
    let because = if owner.is_some() && given.role == SubmitterRole::Landlord {
        "the submitter bears the name of the owner on file, and writes from none of the details on file"
    } else {
        "the submitter is not the owner on file, and no agent is registered"
    };
    findings.check(
        "submitter-has-authority",
        owner.is_some() && given.role == SubmitterRole::Landlord && is_known,
        ReasonCode::R13,
        ("the submitter is the owner on file", because),
        GATES,
    );
}

fn let_as_one(premises: &Premises, details: &TenancyChange, findings: &mut Findings) {
    let is_one = premises.state.listing.as_ref().is_none_or(|it| !it.hmo)
        && (details.incoming.is_empty() || details.joint_tenancy == Some(true));
    findings.check(
        "one-tenancy",
        is_one,
        ReasonCode::R11,
        (
            "the tenants hold one tenancy",
            "separate tenancies or a house in multiple occupation: the owner may be liable",
        ),
        OWNERS,
    );
}

/// Whoever lives there has a say before their account ends, where policy has the council ask them.
fn tenants_agree(case: &Case<'_>, premises: &Premises, before: &AccountRef, first: Date, findings: &mut Findings) {
    let lives_there = premises.state.account(before).is_some_and(|it| it.is_occupied_on(first));
    if case.policy().third_party_wait_days.is_some() && lives_there && !lapsed(case.unanswered, findings) {
        let because = "nobody of those who are recorded as living there has said that they left";
        findings.refer("liable-persons-agree", ReasonCode::R04, because, GATES);
    }
}

/// Whether liability of the tenants who leave already ended on the day that the landlord tells; who names nobody says of
/// nobody else that they left.
fn have_told_themselves(premises: &Premises, details: &TenancyChange, days: Days) -> bool {
    let names = details.outgoing.iter().map(String::as_str);
    let was = days.ended.and_then(|ended| premises.state.liable_on(ended.saturating_sub(1.day())));
    was.is_some_and(|it| {
        it.period.to == days.ended && (details.outgoing.is_empty() || premises.are_all_named(it, names))
    })
}

/// The account that ends: the tenants whom the landlord names, or the owner's own while it stood empty.
fn tenants_before(
    premises: &Premises,
    details: &TenancyChange,
    days: Days,
    first: Date,
    findings: &mut Findings,
) -> Option<AccountRef> {
    let names = details.outgoing.iter().map(String::as_str);
    let within = premises.state.accounts_within(Period::starting(first));
    if let Some(starts) = days.starts {
        let incoming = details.incoming.iter().map(|it| it.name.as_str());
        let is_there =
            |it: &&&AccountState| it.period.from == starts && premises.are_liable_persons(it, incoming.clone());
        if within.iter().any(|it| is_there(&it)) {
            findings.duplicate("not-already-so", "the new tenants are already liable from that day", GATES);
            return None;
        }
    }
    let eve = first.saturating_sub(1.day());
    let liable_before = if days.ended.is_some() { premises.state.liable_on(eve) } else { None };
    let Some(account) = liable_before.or_else(|| within.first().copied()) else {
        findings.lack(
            "no-gap-in-liability",
            ReasonCode::R05,
            "nobody is recorded as liable in the days before",
            LIABILITY,
        );
        return None;
    };
    if account.period.to == Some(first) && details.incoming.is_empty() {
        findings.duplicate("not-already-so", "liability of the old tenants already ended on that day", GATES);
        return None;
    }
    let fits = if details.outgoing.is_empty() || (days.ended.is_none() && details.tenancy_ended_on.is_some()) {
        !account.is_occupied_on(first)
    } else {
        premises.are_all_named(account, names)
    };
    let fits = findings.check(
        "old-tenants-fit-the-record",
        fits,
        ReasonCode::R19,
        ("those who leave are those who are liable", "those who leave are not those who are recorded as liable"),
        LIABILITY,
    );
    // Of somebody else's liability it says nothing that it already ended.
    (fits && departure(premises, account, first, findings)).then(|| account.account.clone())
}
