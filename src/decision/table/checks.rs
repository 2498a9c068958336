//! A row a check: what it asks, and where in law or policy it comes from.

use super::super::bereavement::{CLASS_F, EXECUTORS, REGISTER};
use super::super::discounts::STUDENTS;
use super::super::gates::{
    CHARGE, DAILY, DISCOUNT, GATES, IDENTITY, LIABILITY, LIMITS, LIST, OWNERS, RECOVERY, VALUES,
};
use super::super::households::COUNTED;
use super::super::liable::{COUPLES, JOINT};
use super::super::moves::EXEMPT;
use super::super::officers::{
    ANNEXE, ARRANGEMENT, COPY, DISABLED, DISPUTE, ENQUIRY, HARDSHIP, IMPAIRMENT, NEW_PROPERTY, REDUCTION,
};
use super::super::payments::{INSTALMENTS, MODULUS, REFUNDS};
use super::super::people::RECORDS;
use super::super::recount::BESIDE_OTHERS;
use super::super::unoccupied::PREMIUM;
use super::{Check, Foretells};
use crate::rules::sources::{EMPTY, LISTS, REDUCTIONS, REPAIRS, SPARED};

/// What stands for a source that depends on the award: its law, as `rules::awards` has it.
pub(crate) const OF_THE_AWARD: &str = "the law of the award or class in question";

/// Rests on what is recorded of people.
const fn asks(check: &'static str, asks: &'static str, sources: &'static [&'static str]) -> Check {
    Check { check, asks, sources, foretold: Foretells::Nothing }
}

/// Fails before the friendliest record as before any other, where it does.
const fn told(check: &'static str, asks: &'static str, sources: &'static [&'static str]) -> Check {
    Check { check, asks, sources, foretold: Foretells::Failing }
}

/// The same, but for what the council may have on record.
const fn unless_on_record(check: &'static str, asks: &'static str, sources: &'static [&'static str]) -> Check {
    Check { check, asks, sources, foretold: Foretells::UnlessOnRecord }
}

/// The row of an officer's kind says why it is never passed.
macro_rules! never {
    ($row:expr) => {
        told($row.check, $row.because, const { &[$row.law] })
    };
}

/// Every check there is, in the order of the alphabet.
pub const CHECKS: &[Check] = &[
    asks("account-closed", "Is the account closed?", &[REFUNDS]),
    asks("account-in-credit", "Is the account in credit by what is asked for?", &[REFUNDS]),
    told("account-matched", "Is there an account of that reference?", &[GATES]),
    asks("account-open", "Is the account open on the day?", &[LIABILITY]),
    asks("adults-fit-the-record", "Does the record leave as many adults as are told?", &[DISCOUNT]),
    told("adults-named", "Do the adults who are named fit what is said of the household, each once?", &[GATES]),
    asks("all-adults-leave", "Do as many adults leave as are recorded?", &[LIABILITY]),
    asks("all-liable-persons-leave", "Does everybody leave who is liable?", &[LIABILITY]),
    asks("amount-within-liability", "Is as much owed for every week as the reduction comes to?", &[REDUCTION.law]),
    never!(ANNEXE),
    asks("another-adult-joined", "Is whoever joined not on the account yet?", &[DISCOUNT, LIABILITY]),
    asks(COPY.check, "Is a bill of the year on file that was issued here?", &[COPY.law]),
    told("certificate-verified", "Has the institution itself confirmed the certificate?", &[GATES]),
    asks("charge-calculated", "Is there a rule and an amount for everything that the charge rests on?", &[CHARGE]),
    asks(
        "charge-movement-within-limit",
        "Does the tax on the dwelling move by no more in a year than policy allows without an officer?",
        &[VALUES],
    ),
    asks(
        "confirmed-by-themselves",
        "Does whoever is to be taken off tell it themselves, from their own e-mail or telephone on file?",
        &[JOINT],
    ),
    told(
        "counted-as-an-adult",
        "Is whoever joined an adult who claims nothing that would leave them out of the count?",
        &[COUNTED],
    ),
    told("course-covers-the-day", "Does the course cover the day?", &[STUDENTS]),
    asks("credit-within-limit", "Is there a credit, and does policy let it go out?", &[REFUNDS]),
    told("date-within-limits", "Does every day of the change lie within the limits of policy?", &[LIMITS]),
    told("day-fits-the-tenancies", "Is the day of the change that of a tenancy?", &[GATES]),
    told("death-certain", "Does the registrar's service tell it, or the survivor in their own name?", &[REGISTER]),
    never!(ENQUIRY),
    told("declaration-given", "Did the submitter declare that it is true?", &[GATES]),
    asks("discount-in-force", "Is the single person discount in force on the day?", &[DISCOUNT]),
    told("dwelling-banded", "Has the dwelling a band in the list on the day?", &[LIST]),
    never!(DISABLED),
    told("dwelling-matched", "Is what was given one dwelling of the list?", &[GATES, LISTS]),
    told("dwelling-of-account", "Is the dwelling that was given the account's own?", &[GATES]),
    asks("effects-fit-the-record", "Does what would be recorded fit what is on record?", &[GATES]),
    told("email-verified", "Is the e-mail address that bills go to verified?", &[GATES]),
    asks(
        "empty-from-the-day",
        "Did somebody live there, or stand furniture in it, until the day that is told?",
        &[PREMIUM],
    ),
    told("everybody-moved", "Did the whole household move?", &[LIABILITY]),
    told(
        "evidence-present",
        "Did a document come with it that can prove it?",
        &[GATES, EXECUTORS, STUDENTS, OF_THE_AWARD],
    ),
    asks(
        "exempt-since-the-death",
        "Is the dwelling exempt in class F on the day of the grant, without another end?",
        &[CLASS_F],
    ),
    asks("fits-the-list-on-record", "Is the band before the one on record, and the last one known?", &[LISTS]),
    told(
        "follows-from-dates",
        "Do the dates of birth and of the claim alone fulfil what the law asks of the class?",
        &[OF_THE_AWARD],
    ),
    told(
        "full-time-course",
        "Is it a course of an academic year or more, 24 weeks a year and 21 hours a week?",
        &[STUDENTS],
    ),
    told("furnished", "Is it furnished, so that it can be a second home?", &[EMPTY]),
    asks("holder-is-liable", "Is the holder of the bank account a liable person?", &[GATES]),
    asks(
        "household-fits-the-record",
        "Do the adults on record leave room for what is told of the household?",
        &[GATES],
    ),
    asks("household-known", "Are the adults of the household known on the day, and nothing later of them?", &[GATES]),
    never!(IMPAIRMENT),
    never!(NEW_PROPERTY),
    told("instalments-allowed", "Are these 10 or 12 instalments on a day from 1 to 28?", &[INSTALMENTS]),
    never!(ARRANGEMENT),
    asks("joint-consent", "Is nobody else liable, or does everybody agree?", &[REFUNDS]),
    asks("jointly-liable", "Are they liable together with those on the account?", &[COUPLES, JOINT]),
    asks(
        "leavers-are-of-the-household",
        "Can whoever is said to have left have lived there, and are they others than who claims?",
        &[DISCOUNT],
    ),
    told("left-on-the-day", "Does the discount begin on the day the last other adult left?", &[DISCOUNT]),
    asks("left-to-the-estate", "Is the home the estate's, and empty since who lived there alone died?", &[CLASS_F]),
    asks("liability-can-end", "Is the account open, without an end, and nobody else liable later?", &[LIABILITY]),
    asks("liable-persons-agree", "Has nobody who is liable said otherwise when they were asked?", &[GATES]),
    told(
        "local-discount-determined",
        "Has the council determined a discount for empty dwellings from the day?",
        &[EMPTY, REPAIRS],
    ),
    told("modulus-check", "Can the account number be one of its sort code?", &[MODULUS]),
    asks("next-instalments", "What is payable next, and what was before?", &["SI 1992/613 Sch.1"]),
    unless_on_record(
        "next-liable-party-known",
        "Is it known who is liable from the day on, so that no day is left without anybody?",
        &[LIABILITY],
    ),
    asks("no-clashing-award", "Does no award run that leaves no room for the discount?", &[DISCOUNT]),
    told("no-class-to-judge", "Is nothing claimed that is judged on documents?", &[OF_THE_AWARD]),
    never!(HARDSHIP),
    asks("no-exemption-runs", "Is the dwelling not exempt on the day?", &[EXEMPT]),
    asks("no-gap-in-liability", "Was somebody liable until the very day?", &[LIABILITY]),
    asks("no-later-award", "Does no award of the same kind begin on a later day?", &[OF_THE_AWARD]),
    asks("no-other-award", "Does no award run that the change could touch?", &[DISCOUNT]),
    asks(
        "no-overlapping-liability",
        "Can the newcomers follow without being liable beside somebody else?",
        &[LIABILITY],
    ),
    asks("no-reduction-in-payment", "Is no council tax reduction in payment to the household?", &[REDUCTIONS]),
    asks(
        "no-reduction-to-assess",
        "Does no council tax reduction run that would have to be assessed anew?",
        &[REDUCTIONS],
    ),
    asks("nobody-lives-there", "Does nobody live there, on record?", &[DAILY]),
    asks(
        "not-already-so",
        "Is it news, and not on record already?",
        &[GATES, LIABILITY, DISCOUNT, RECORDS, INSTALMENTS, EXECUTORS, CLASS_F, LISTS, OF_THE_AWARD],
    ),
    asks("not-in-multiple-occupation", "Is the dwelling not recorded as a house in multiple occupation?", &[OWNERS]),
    asks("not-liable", "Is whoever is not to be counted not liable?", &[OF_THE_AWARD]),
    asks("not-spared-before", "Was the dwelling never spared a premium by this class before?", &[SPARED]),
    asks("not-told-before", "Has no earlier notification told the very same?", &[GATES]),
    never!(DISPUTE),
    asks("nothing-known-later", "Is nothing later known of the household?", &[GATES]),
    told("nothing-left-unread", "Did the submitter write nothing that only a person can read?", &[GATES]),
    asks("old-name-on-file", "Is the old name that of a liable person?", &[RECORDS]),
    asks("old-tenants-fit-the-record", "Are those who leave those who are recorded as liable?", &[LIABILITY]),
    asks("on-the-account", "Is whoever is to be taken off on the account?", &[LIABILITY]),
    told("one-adult-by-the-claim", "Does one adult remain, by what is said?", &[DISCOUNT]),
    asks("one-adult-by-the-record", "Does one adult remain, by what is on record?", &[DISCOUNT]),
    told("one-entry-amended", "Does one entry have another band, and none come, go, split or merge?", &[LISTS]),
    told("one-home-at-a-time", "Was the old home left by the day of the new one?", &[DAILY]),
    told("one-tenancy", "Do the tenants hold one tenancy, and is it no house in multiple occupation?", &[OWNERS]),
    told("one-tenancy-after-the-other", "Does the new tenancy begin when the old one has ended?", &[LIABILITY]),
    asks("others-live-there", "Are more adults recorded than are liable?", &[GATES]),
    asks("others-stay-liable", "Who is liable beside somebody who drops out?", &[BESIDE_OTHERS]),
    asks("percent-on-record", "Is it on record what the council gives?", &[OF_THE_AWARD]),
    asks("premium-by-policy", "Which premium on second homes has the council determined for the day?", &[PREMIUM]),
    asks("record-readable", "Can every person on record who is concerned still be read?", &[GATES]),
    asks("recovery-not-at-court", "Has recovery not come to a summons yet?", &[RECOVERY]),
    never!(REDUCTION),
    asks("residents-own-it", "Do those who lived there own it, so that they stay liable?", &[LIABILITY]),
    asks("same-bank-account", "Does it go back to the bank account that was collected from?", &[REFUNDS]),
    asks("somebody-stays-liable", "Do others stay on the account?", &[LIABILITY]),
    asks("somebody-to-leave-out", "Is whoever is not to be counted among the adults on record?", &[GATES]),
    asks("still-of-the-estate", "Does the dwelling still belong to the estate?", &[LIABILITY]),
    told(
        "submitter-has-authority",
        "Does somebody tell it who may: a newcomer, the owner on file, an executor or their solicitor?",
        &[GATES, EXECUTORS],
    ),
    told(
        "submitter-identified",
        "Is the submitter a liable person, and the e-mail or telephone the one on file?",
        &[IDENTITY],
    ),
    asks(
        "survived-by-one-who-is-liable",
        "Was the deceased one of two adults who are liable together, so that the other goes on?",
        &[EXECUTORS],
    ),
    asks("tenure-fits-the-record", "Is no other owner on file, where the newcomers say they own it?", &[GATES]),
    told("told-by-the-agency", "Does the Valuation Office Agency tell it?", &[LISTS]),
    asks("told-by-those-who-live-there", "Are those who live there those who are liable?", &[LIABILITY]),
    told("two-dwellings", "Is the new home another dwelling than the old one?", &[GATES]),
    asks("whoever-left-is-not-liable", "Is whoever left not on the account?", &[LIABILITY]),
];
