//! Direct debits, instalments and refunds.

use hearth_events::{
    BankDetails, InstalmentPlanSet, Money, PaymentMethod, PaymentMethodChanged, Personal, ReasonCode, RefundRequested,
};
use hearth_projections::AccountState;

use super::gates::{self, GATES, Identified};
use super::{Case, Findings, Working};
use crate::intake::details::{DirectDebit, DirectDebitAction, InstalmentChoice, RefundRequest};
use crate::rules::modulus::{self, ModulusOutcome};

pub(super) const MODULUS: &str = "Pay.UK / VocaLink: Validating account numbers, UK modulus checking";
pub(super) const REFUNDS: &str = "SI 1992/613 reg.24; council policy: authorisation of refunds";
pub(super) const INSTALMENTS: &str = "SI 1992/613 Sch.1 Part I";

/// N26.
pub(super) fn direct_debit(case: &Case<'_>, details: &DirectDebit, findings: &mut Findings) -> Vec<Working> {
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    gates::not_at_court(case, it.account, findings);
    let bank = match details.action {
        DirectDebitAction::Cancel => None,
        DirectDebitAction::SetUp | DirectDebitAction::Change => {
            let (holder, sort_code, number) = (&details.account_holder, &details.sort_code, &details.account_number);
            holder_is_liable(&it, holder.as_deref().unwrap_or_default(), findings);
            let given = holder.as_deref().zip(sort_code.as_deref()).zip(number.as_deref());
            given.and_then(|((holder, sort_code), number)| bank_account(case, holder, (sort_code, number), findings))
        }
    };
    let method = if bank.is_some() { PaymentMethod::DirectDebit } else { PaymentMethod::Cash };
    if details.action == DirectDebitAction::Cancel && it.account.payment_method == PaymentMethod::Cash {
        findings.duplicate("not-already-so", "no direct debit is in force", GATES);
    }
    if !findings.all_passed() {
        return Vec::new();
    }
    let person = it.person.unwrap_or_else(|| case.new_person("payer", 0));
    let mut working = it.premises.working();
    working.record(PaymentMethodChanged {
        account: it.account.account.clone(),
        payment_method: method,
        bank_details: bank.map(|bank| Personal::open_for(person, bank)),
        collection_day: details.collection_day.filter(|_| method == PaymentMethod::DirectDebit),
        from: case.notification.effective_on,
    });
    vec![working]
}

fn holder_is_liable(it: &Identified<'_>, holder: &str, findings: &mut Findings) {
    // "Mr A Smith and Mrs B Smith": each holder of a joint bank account may be named.
    let mut holders = holder.split(" and ").flat_map(|it| it.split('&')).map(str::trim);
    let is_liable = |name| it.premises.liable_person_named(it.account, name).is_some();
    let is_liable = is_liable(holder) || holders.all(is_liable);
    findings.check(
        "holder-is-liable",
        is_liable,
        ReasonCode::R12,
        (
            "the holder of the bank account is a liable person",
            "the holder of the bank account is not a liable person: their consent is needed",
        ),
        GATES,
    );
}

/// The bank account, where its number can be one of its sort code.
fn bank_account(
    case: &Case<'_>,
    holder: &str,
    (sort_code, number): (&str, &str),
    findings: &mut Findings,
) -> Option<BankDetails> {
    const CHECK: &str = "modulus-check";
    let parsed = match modulus::BankDetails::parse(sort_code, number) {
        Ok(parsed) => parsed,
        Err(error) => {
            findings.reject(
                CHECK,
                format!("{error}: check the sort code and the account number and send them again"),
                MODULUS,
            );
            return None;
        }
    };
    let Some(table) = case.modulus else {
        findings.lack(
            CHECK,
            ReasonCode::R08,
            "no table of weights is loaded, so the account number was not checked",
            MODULUS,
        );
        return None;
    };
    match table.check(parsed.sort_code, parsed.account_number) {
        ModulusOutcome::Valid => findings.pass(CHECK, format!("passes by table {}", table.issue), MODULUS),
        ModulusOutcome::NotCovered => {
            findings.pass(
                CHECK,
                format!("the sort code is not covered by table {}, so nothing speaks against it", table.issue),
                MODULUS,
            );
        }
        ModulusOutcome::Invalid => {
            let because = format!(
                "the account number cannot be one of this sort code by table {}: check both and send them again",
                table.issue
            );
            findings.reject(CHECK, because, MODULUS);
            return None;
        }
    }
    Some(BankDetails {
        account_holder: holder.to_owned(),
        sort_code: parsed.sort_code.to_string().replace('-', ""),
        account_number: parsed.account_number.to_string(),
    })
}

/// N27.
pub(super) fn instalment_choice(case: &Case<'_>, details: &InstalmentChoice, findings: &mut Findings) -> Vec<Working> {
    const FIRST_OF_THE_MONTH: u8 = 1;
    let Some(it) = gates::open_account(case, findings) else { return Vec::new() };
    gates::not_at_court(case, it.account, findings);
    let instalments = u8::try_from(details.instalments).unwrap_or_default();
    let day = details.collection_day.or(it.account.collection_day).unwrap_or(FIRST_OF_THE_MONTH);
    if matches!(instalments, 10 | 12) && (1..=28).contains(&day) {
        findings.pass("instalments-allowed", "10 or 12 instalments on a day from 1 to 28", INSTALMENTS);
    } else {
        findings.reject("instalments-allowed", "choose 10 or 12 instalments on a day from 1 to 28", INSTALMENTS);
    }
    if it.account.instalments == Some((instalments, day)) {
        findings.duplicate("not-already-so", "these are the instalments in force", INSTALMENTS);
    }
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = it.premises.working();
    let from = case.notification.effective_on;
    working.record(InstalmentPlanSet { account: it.account.account.clone(), instalments, day, from });
    vec![working]
}

/// N29. What is asked for is a request: others approve it and pay it.
pub(super) fn refund(case: &Case<'_>, details: &RefundRequest, findings: &mut Findings) -> Vec<Working> {
    gates::dates(case, &[case.notification.effective_on], findings);
    let Some(it) = gates::account(case, findings) else { return Vec::new() };
    gates::dwelling_of_account(case, &it.premises.uprn, &case.matched.dwelling, findings);
    gates::not_at_court(case, it.account, findings);
    holder_is_liable(&it, &details.account_holder, findings);
    let given = (details.sort_code.as_str(), details.account_number.as_str());
    let bank = bank_account(case, &details.account_holder, given, findings);
    findings.check(
        "joint-consent",
        details.joint_consent || it.account.liable_persons.len() < 2,
        ReasonCode::R12,
        ("nobody else is liable, or everybody agrees", "others are liable and have not agreed"),
        REFUNDS,
    );
    // Who is not identified learns nothing of what was paid.
    let Some(person) = it.person else { return Vec::new() };
    let amount = credit_to_refund(case, it.account, details, findings);
    let (Some(bank), Some(amount)) = (bank, amount) else { return Vec::new() };
    same_bank_account(it.account, &bank, findings);
    if !findings.all_passed() {
        return Vec::new();
    }
    let mut working = it.premises.working();
    working.record(RefundRequested {
        account: it.account.account.clone(),
        refund: case.received.reference.to_string(),
        amount,
        bank_details: Personal::open_for(person, bank),
        on: case.received_on,
    });
    vec![working]
}

/// What can be asked for: the credit of an account that is closed, up to what policy lets go out.
fn credit_to_refund(
    case: &Case<'_>,
    account: &AccountState,
    details: &RefundRequest,
    findings: &mut Findings,
) -> Option<Money> {
    const CHECK: &str = "credit-within-limit";
    if !account.knows_balance() {
        let because = "payments are not on record, so the credit and whether policy lets it go out are not known";
        findings.lack(CHECK, ReasonCode::R17, because, REFUNDS);
        return None;
    }
    let credit = -account.billing.balance();
    let amount = details.amount.unwrap_or(credit);
    findings.need(
        "account-in-credit",
        amount > Money::ZERO && amount <= credit,
        ReasonCode::R19,
        ("what is asked for is in credit", "the account is not in credit by what is asked for"),
        REFUNDS,
    );
    findings.check(
        "account-closed",
        account.period.to.is_some_and(|to| to <= case.received_on),
        ReasonCode::R10,
        (
            "the account is closed",
            "the account is open: a credit lowers what is payable next unless somebody decides otherwise",
        ),
        REFUNDS,
    );
    let limit = case.policy().refund_limit;
    let because = (format!("it is within £{limit}"), format!("it is more than £{limit}"));
    findings.check(CHECK, amount <= limit, ReasonCode::R17, (&because.0, &because.1), REFUNDS);
    Some(amount)
}

/// It goes back where it came from.
fn same_bank_account(account: &AccountState, given: &BankDetails, findings: &mut Findings) {
    let held = match &account.bank_details {
        Some(Personal::Open { value, .. }) => Some(value),
        Some(Personal::Sealed { .. }) | None => None,
    };
    let is_same =
        held.is_some_and(|it| (&it.sort_code, &it.account_number) == (&given.sort_code, &given.account_number));
    findings.check(
        "same-bank-account",
        is_same,
        ReasonCode::R08,
        (
            "it goes to the bank account that was collected from",
            "it would go to a bank account that is not on file: a statement of it is needed",
        ),
        REFUNDS,
    );
}
