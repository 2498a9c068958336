//! The gates every notification passes on its way straight through.

use std::collections::BTreeSet;

use hearth_events::{
    AccountRef, FinancialYear, Finding, Money, NotificationKind, PersonId, ReasonCode, SecondPerson, Uprn,
};
use hearth_projections::{AccountState, DwellingState};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{AccountMatch, Case, DwellingMatch, Findings, Premises, Working};
use crate::intake::{DwellingGiven, same_name};
use crate::rules::Practice;
use crate::rules::sources::REDUCTIONS;

pub(super) const LIABILITY: &str = "Local Government Finance Act 1992 s.6";
pub(super) const DAILY: &str = "Local Government Finance Act 1992 s.2";
pub(super) const DISCOUNT: &str = "Local Government Finance Act 1992 s.11(1)(a)";
pub(super) const GATES: &str = "council policy: gates for straight-through processing";
pub(super) const LIST: &str = "Local Government Finance Act 1992 s.23 (valuation list)";
pub(super) const LIMITS: &str = "council policy: limits on backdating and on telling ahead";
/// Council tax reduction.
pub(super) const REDUCTION: &str = "D-CTR";
pub(super) const RECOVERY: &str = "council policy: gates for straight-through processing; SI 1992/613 Part VI";
pub(super) const VALUES: &str = "council policy: charge_movement_limit";
/// The owner is liable, not who lives there.
pub(super) const OWNERS: &str = "Local Government Finance Act 1992 s.8; SI 1992/551 class C";
/// The rules say what is owed, or that there is no rule.
pub(super) const CHARGE: &str = "rules module: charge";
pub(super) const IDENTITY: &str =
    "council policy: who names the account, is liable and writes from the details on file is identified";

/// The submitter declared it to be true and left nothing that only a person can read.
pub(super) fn declared(case: &Case<'_>, findings: &mut Findings) {
    if case.notification.declaration {
        findings.pass("declaration-given", "the submitter declared it to be true", GATES);
    } else {
        findings.reject(
            "declaration-given",
            "the declaration was not given: confirm it and send the notification again",
            GATES,
        );
    }
    match &case.told_before {
        Some(earlier) => findings.duplicate("not-told-before", format!("{earlier} told the very same"), GATES),
        None => findings.pass("not-told-before", "no earlier notification told the very same", GATES),
    }
    if case.notification.free_text.is_some() {
        findings.refer(
            "nothing-left-unread",
            ReasonCode::R10,
            "the submitter wrote a text that an officer has to read",
            GATES,
        );
    }
}

/// Every day of the change lies within the limits of policy, counted from the day of receipt.
pub(super) fn dates(case: &Case<'_>, days: &[Date], findings: &mut Findings) {
    let policy = case.policy();
    let (earliest, latest) = (days.iter().min(), days.iter().max());
    let first = case.received_on.saturating_sub(i64::from(policy.backdate_limit_days).days());
    let last = case.received_on.saturating_add(i64::from(policy.future_limit_days).days());
    if let Some(day) = earliest.filter(|day| **day < first) {
        let because =
            format!("{day} is more than {} days before receipt on {}", policy.backdate_limit_days, case.received_on);
        findings.refer("date-within-limits", ReasonCode::R06, because, LIMITS);
    }
    if let Some(day) = latest.filter(|day| **day > last) {
        let because =
            format!("{day} is more than {} days after receipt on {}", policy.future_limit_days, case.received_on);
        findings.refer("date-within-limits", ReasonCode::R07, because, LIMITS);
    }
    if earliest.is_some_and(|day| *day >= first) && latest.is_some_and(|day| *day <= last) {
        findings.pass("date-within-limits", format!("within {first} and {last}"), LIMITS);
    }
}

/// As [`dates`], for what has no limit on backdating of its own while its year is open.
pub(super) fn dates_of_open_year(case: &Case<'_>, day: Date, is_open: bool, findings: &mut Findings) {
    let latest = case.received_on.saturating_add(i64::from(case.policy().future_limit_days).days());
    if is_open && day <= latest {
        findings.pass("date-within-limits", format!("in an open year, and not after {latest}"), LIMITS);
    } else {
        dates(case, &[day], findings);
    }
}

/// The dwelling given is one dwelling of the list, with a band on the day.
pub(super) fn dwelling<'a>(
    case: &'a Case<'_>,
    matched: &DwellingMatch,
    day: Date,
    findings: &mut Findings,
) -> Option<&'a Premises> {
    let premises = match matched {
        DwellingMatch::One(uprn) => case.premises(uprn),
        DwellingMatch::NotGiven | DwellingMatch::Unknown | DwellingMatch::Several(_) => None,
    };
    let Some(premises) = premises.filter(|it| it.state.listing.is_some()) else {
        let because = match matched {
            DwellingMatch::Several(count) => format!("the address fits {count} dwellings"),
            DwellingMatch::NotGiven => "no dwelling was given".to_owned(),
            DwellingMatch::Unknown | DwellingMatch::One(_) => {
                "no dwelling of the council fits what was given".to_owned()
            }
        };
        findings.lack("dwelling-matched", ReasonCode::R03, because, GATES);
        return None;
    };
    findings.pass("dwelling-matched", format!("dwelling {}", premises.uprn), GATES);
    match premises.state.band_on(day) {
        Some(band) => findings.pass("dwelling-banded", format!("band {band} on {day}"), LIST),
        None => findings.lack("dwelling-banded", ReasonCode::R22, format!("no band in the list on {day}"), LIST),
    }
    Some(premises)
}

/// The account a submitter speaks for, and who they are.
pub(super) struct Identified<'a> {
    /// The dwelling of the account.
    pub(super) premises: &'a Premises,
    /// The account.
    pub(super) account: &'a AccountState,
    /// The submitter, a liable person of it; none where that is in doubt.
    pub(super) person: Option<PersonId>,
}

/// The account is one of ours, whoever names it.
pub(super) fn named_account<'a>(
    case: &'a Case<'_>,
    findings: &mut Findings,
) -> Option<(&'a Premises, &'a AccountState)> {
    let (account, uprn) = found_account(case, findings)?;
    let premises = case.premises(&uprn)?;
    let account = premises.state.account(&account)?;
    findings.pass("account-matched", format!("account {} of dwelling {uprn}", account.account), GATES);
    Some((premises, account))
}

/// The account of the submitter, open on the day, at the dwelling given.
pub(super) fn open_account<'a>(case: &'a Case<'_>, findings: &mut Findings) -> Option<Identified<'a>> {
    dates(case, &[case.notification.effective_on], findings);
    account_open(case, findings)
}

/// As [`open_account`], where the day was looked at by itself.
pub(super) fn account_open<'a>(case: &'a Case<'_>, findings: &mut Findings) -> Option<Identified<'a>> {
    let on = case.notification.effective_on;
    let identified = account(case, findings)?;
    dwelling_of_account(case, &identified.premises.uprn, &case.matched.dwelling, findings);
    if moves_a_bill(case.received.kind) && case.council.rules().does(Practice::HeedMarkers) {
        not_at_court(case, identified.account, findings);
    }
    open_on(identified.account, on, findings).then_some(identified)
}

/// The account is one of ours and the submitter is a liable person of it, known by a contact detail on file.
pub(super) fn account<'a>(case: &'a Case<'_>, findings: &mut Findings) -> Option<Identified<'a>> {
    let (premises, account) = named_account(case, findings)?;
    let person = submitter(case, premises, account, findings);
    Some(Identified { premises, account, person })
}

fn found_account(case: &Case<'_>, findings: &mut Findings) -> Option<(AccountRef, Uprn)> {
    match &case.matched.account {
        AccountMatch::Found(account, uprn) => Some((account.clone(), uprn.clone())),
        AccountMatch::Unknown => {
            findings.lack("account-matched", ReasonCode::R01, "there is no account of that reference", GATES);
            None
        }
        AccountMatch::NotNamed => {
            let by_name = account_by_name(case);
            let because = if by_name.is_some() {
                "no account was named; the dwelling and the name fit one, but that does not identify the submitter"
            } else {
                "no account was named, and the dwelling and the name fit none"
            };
            let reason = if by_name.is_some() { ReasonCode::R02 } else { ReasonCode::R01 };
            if by_name.is_some() {
                findings.refer("account-matched", reason, because, GATES);
            } else {
                findings.lack("account-matched", reason, because, GATES);
            }
            by_name
        }
    }
}

fn account_by_name(case: &Case<'_>) -> Option<(AccountRef, Uprn)> {
    let DwellingMatch::One(uprn) = &case.matched.dwelling else { return None };
    let premises = case.premises(uprn)?;
    let account = premises.state.liable_on(case.notification.effective_on)?;
    premises.liable_person_named(account, &case.notification.submitted_by.name)?;
    Some((account.account.clone(), uprn.clone()))
}

fn submitter(
    case: &Case<'_>,
    premises: &Premises,
    account: &AccountState,
    findings: &mut Findings,
) -> Option<PersonId> {
    const CHECK: &str = "submitter-identified";
    let given = &case.notification.submitted_by;
    if !given.role.speaks_for_themselves() {
        findings.refer(
            CHECK,
            ReasonCode::R13,
            "the submitter acts for somebody else, without an authority on file",
            IDENTITY,
        );
        return None;
    }
    let Some((person, _)) = premises.liable_person_named(account, &given.name) else {
        findings.refer(CHECK, ReasonCode::R02, "the submitter's name is not that of a liable person", IDENTITY);
        return None;
    };
    let on_file: Vec<_> = account.liable_persons.iter().filter_map(|it| premises.details(it)).collect();
    let is_email =
        |email: &str| on_file.iter().any(|it| it.email.as_deref().is_some_and(|held| same_email(held, email)));
    let is_phone =
        |phone: &str| on_file.iter().any(|it| it.phone.as_deref().is_some_and(|held| same_phone(held, phone)));
    let is_identified = given.email.as_deref().is_some_and(is_email) || given.phone.as_deref().is_some_and(is_phone);
    let is_satisfied = findings.check(
        CHECK,
        is_identified,
        ReasonCode::R02,
        (
            "a liable person, and the e-mail or telephone is the one on file",
            "neither the e-mail nor the telephone is the one on file",
        ),
        IDENTITY,
    );
    Some(person).filter(|_| is_satisfied)
}

/// Whether two e-mail addresses are the same but for case and blanks around them.
pub(super) fn same_email(one: &str, other: &str) -> bool {
    !one.trim().is_empty() && one.trim().eq_ignore_ascii_case(other.trim())
}

/// Whether two telephone numbers have the same digits, `+44` standing for the leading nought.
pub(super) fn same_phone(one: &str, other: &str) -> bool {
    let digits = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.strip_prefix("44").map_or(digits.clone(), |rest| format!("0{rest}"))
    };
    digits(one).len() >= 6 && digits(one) == digits(other)
}

/// The dwelling that is given beside the account is the account's own.
pub(super) fn dwelling_of_account(case: &Case<'_>, uprn: &Uprn, matched: &DwellingMatch, findings: &mut Findings) {
    const CHECK: &str = "dwelling-of-account";
    match matched {
        DwellingMatch::NotGiven => {}
        DwellingMatch::One(given) if given == uprn => {
            findings.pass(CHECK, "the dwelling given is the account's", GATES);
        }
        DwellingMatch::One(_) => {
            findings.refer(CHECK, ReasonCode::R19, "the dwelling given is not the account's", GATES);
        }
        DwellingMatch::Unknown | DwellingMatch::Several(_) => {
            let is_same_place = match &case.notification.dwelling {
                Some(DwellingGiven::Address { address, .. }) => case
                    .premises(uprn)
                    .and_then(|it| it.state.listing.as_ref())
                    .is_some_and(|listing| same_name(&listing.address, address)),
                Some(DwellingGiven::Uprn(_) | DwellingGiven::PropertyReference(_)) | None => false,
            };
            if is_same_place {
                findings.pass(CHECK, "the dwelling given is the account's", GATES);
            } else {
                findings.refer(
                    CHECK,
                    ReasonCode::R03,
                    "the dwelling given fits no single dwelling of the council",
                    GATES,
                );
            }
        }
    }
}

/// Recovery has not come before a court, from where on what is agreed with a debtor is for a person.
pub(super) fn not_at_court(case: &Case<'_>, account: &AccountState, findings: &mut Findings) {
    const CHECK: &str = "recovery-not-at-court";
    if !case.council.rules().does(Practice::StopAtCourt) {
        return;
    }
    match account.recovery_stage() {
        Some(step) if step.is_at_court() => {
            let because = format!("recovery of account {} has come to: {}", account.account, step.as_str());
            findings.refer(CHECK, ReasonCode::R14, because, RECOVERY);
        }
        Some(_) | None => findings.pass(CHECK, "no summons, order or enforcement came last", RECOVERY),
    }
}

/// Whether a kind about an open account changes what is owed for it, and not only how somebody is reached or pays.
const fn moves_a_bill(kind: NotificationKind) -> bool {
    use NotificationKind as It;
    matches!(
        kind,
        It::OccupierJoined
            | It::OccupierLeft
            | It::LiablePersonAdded
            | It::LiablePersonRemoved
            | It::SinglePersonDiscountClaim
            | It::SinglePersonDiscountEnd
            | It::Student
            | It::SevereMentalImpairment
            | It::DisregardClaim
            | It::PropertyEmpty
            | It::SecondHome
            | It::BackInUse
            | It::DisabledBandReduction
            | It::Annexe
    )
}

/// No council tax reduction runs on or after the day, which would have to be assessed anew.
pub(super) fn no_reduction_to_assess<'a>(
    case: &Case<'_>,
    accounts: impl IntoIterator<Item = &'a AccountState>,
    day: Date,
    findings: &mut Findings,
) {
    const CHECK: &str = "no-reduction-to-assess";
    if !case.council.rules().does(Practice::HeedMarkers) {
        return;
    }
    let is_reduced = |it: &AccountState| {
        it.awards.iter().any(|award| award.code.as_str() == REDUCTION && award.period.goes_beyond(day))
    };
    match accounts.into_iter().find(|it| is_reduced(it)) {
        Some(it) => {
            let because = format!("a council tax reduction runs on account {}: it has to be assessed anew", it.account);
            findings.refer(CHECK, ReasonCode::R15, because, REDUCTIONS);
        }
        None => findings.pass(CHECK, "no council tax reduction runs on or after the day", REDUCTIONS),
    }
}

/// The account is open on the day.
pub(super) fn open_on(account: &AccountState, day: Date, findings: &mut Findings) -> bool {
    findings.need(
        "account-open",
        account.period.contains(day),
        ReasonCode::R19,
        ("the account is open on the day", "the account is not open on the day"),
        LIABILITY,
    )
}

/// The charges follow from the rules, and the tax on no dwelling moves by more in a year than policy allows.
///
/// Gives the greatest movement, where that is over the limit.
pub(super) fn charges(case: &Case<'_>, worked: &mut [Working], findings: &mut Findings) -> Option<Money> {
    const CHECK: &str = "charge-movement-within-limit";
    let limit = case.policy().charge_movement_limit;
    let current = FinancialYear::of(case.received_on);
    let mut greatest = Money::ZERO;
    for working in worked {
        if let Some(misfit) = working.misfit() {
            findings.lack("effects-fit-the-record", ReasonCode::R19, misfit.to_string(), GATES);
            return None;
        }
        if let Err(error) = working.charge(case.council) {
            findings.lack("charge-calculated", ReasonCode::R10, error.to_string(), CHARGE);
            return None;
        }
        // Years to come are not billed yet: what moves there has been asked of nobody.
        for (year, movement) in movements(working).into_iter().filter(|(year, _)| *year <= current) {
            greatest = greatest.max(movement);
            if movement > limit {
                let reason = if year < current { ReasonCode::R06 } else { ReasonCode::R17 };
                let because = format!("the tax on the dwelling for {year} moves by £{movement}, more than £{limit}");
                findings.refer(CHECK, reason, because, VALUES);
            }
        }
    }
    if greatest <= limit {
        findings.pass(CHECK, format!("no charge moves by more than £{greatest}, within £{limit}"), VALUES);
    }
    (greatest > limit).then_some(greatest)
}

/// The checks that stopped it, that an officer is satisfied about, and that policy lets no officer pass over alone.
pub(super) fn overrides(case: &Case<'_>, satisfied: &[Finding]) -> Vec<String> {
    let passed_over = |check: &String| satisfied.iter().any(|it| it.check == *check);
    case.policy().second_person_checks.into_iter().filter(passed_over).collect()
}

/// Why what needs another person goes back to officers, where nobody authorised it so.
pub(super) fn reasons_of(second: &SecondPerson) -> Vec<ReasonCode> {
    let why = [
        (!second.closed_years.is_empty(), ReasonCode::R06),
        (!second.overrides.is_empty(), ReasonCode::R10),
        (second.over_limit.is_some(), ReasonCode::R17),
    ];
    why.into_iter().filter(|(is_so, _)| *is_so).map(|(_, reason)| reason).collect()
}

/// By how much the tax on the dwelling moves, year by year: what passes from one account to the next moves nothing.
pub(super) fn movements(working: &Working) -> Vec<(FinancialYear, Money)> {
    let (before, now) = (working.before(), working.now());
    let years: BTreeSet<_> = now.accounts.iter().flat_map(|it| it.charges.keys().copied()).collect();
    let charged = |dwelling: &DwellingState, year: FinancialYear| -> Money {
        dwelling.accounts.iter().filter_map(|it| it.charges.get(&year)).map(|it| it.net).sum()
    };
    years.into_iter().map(|year| (year, (charged(now, year) - charged(before, year)).abs())).collect()
}
