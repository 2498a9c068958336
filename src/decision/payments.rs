//! Direct debits and instalments.

use hearth_events::{BankDetails, InstalmentPlanSet, PaymentMethod, PaymentMethodChanged, Personal, ReasonCode};

use super::gates::{self, GATES, Identified};
use super::{Case, Findings, Working};
use crate::intake::details::{DirectDebit, DirectDebitAction, InstalmentChoice};
use crate::rules::modulus::{self, ModulusOutcome};

const MODULUS: &str = "Pay.UK / VocaLink: Validating account numbers, UK modulus checking";
const INSTALMENTS: &str = "SI 1992/613 Sch.1 Part I";

fn account<'a>(case: &'a Case<'_>, findings: &mut Findings) -> Option<Identified<'a>> {
    gates::dates(case, &[case.notification.effective_on], findings);
    let identified = gates::account(case, findings)?;
    gates::dwelling_of_account(case, &identified.premises.uprn, &case.matched.dwelling, findings);
    gates::open_on(identified.account, case.notification.effective_on, findings).then_some(identified)
}

/// N26.
pub(super) fn direct_debit(case: &Case<'_>, details: &DirectDebit, findings: &mut Findings) -> Vec<Working> {
    let Some(it) = account(case, findings) else { return Vec::new() };
    let bank = match details.action {
        DirectDebitAction::Cancel => None,
        DirectDebitAction::SetUp | DirectDebitAction::Change => {
            holder_is_liable(&it, details, findings);
            bank_account(case, details, findings)
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

fn holder_is_liable(it: &Identified<'_>, details: &DirectDebit, findings: &mut Findings) {
    let holder = details.account_holder.as_deref().unwrap_or_default();
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
fn bank_account(case: &Case<'_>, details: &DirectDebit, findings: &mut Findings) -> Option<BankDetails> {
    const CHECK: &str = "modulus-check";
    let (sort_code, number) = (details.sort_code.as_deref()?, details.account_number.as_deref()?);
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
        account_holder: details.account_holder.clone().unwrap_or_default(),
        sort_code: parsed.sort_code.to_string().replace('-', ""),
        account_number: parsed.account_number.to_string(),
    })
}

/// N27.
pub(super) fn instalment_choice(case: &Case<'_>, details: &InstalmentChoice, findings: &mut Findings) -> Vec<Working> {
    const FIRST_OF_THE_MONTH: u8 = 1;
    let Some(it) = account(case, findings) else { return Vec::new() };
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
