//! The UK bank account modulus check: could this account number exist at this sort code?
//!
//! The rules are those of Pay.UK, "Validating account numbers: UK modulus checking", with all of its
//! exceptions 1 to 14. A pass means only that the two numbers fit together; it does not say that the account is
//! open or whose it is.
//!
//! The weights are data, issued several times a year, and are read from the two published files (`valacdos.txt` and
//! `scsubtab.txt`) by [`ModulusTable::parse`], so a new issue needs no new build.
//!
//! The positions of a sort code and account number are called `u v w x y z` and `a b c d e f g h`, as there.

#![expect(clippy::many_single_char_names, reason = "the published rules name the positions u to z and a to h")]

mod numbers;
mod table;
#[cfg(test)]
mod tests;

use std::iter;

use self::table::{Algorithm, Check, Checks, Exception, Weights};

pub use self::numbers::{AccountNumber, BankDetails, BankDetailsError, SortCode};
pub use self::table::{ModulusTable, TableError};

/// Lloyds holds all its euro accounts here, whatever sort code the customer quotes (exception 9).
const LLOYDS_EURO: SortCode = SortCode([3, 0, 9, 6, 3, 4]);

/// The sort code checked in place of the one given (exception 8).
const EXCEPTION_8: SortCode = SortCode([0, 9, 0, 1, 2, 6]);

/// Exception 2 when `a` is not 0 and `g` is not 9.
const EXCEPTION_2_WEIGHTS: Weights =
    Weights { sort_code: [0, 0, 1, 2, 5, 3], account_number: [6, 4, 8, 7, 10, 9, 3, 1] };

/// Exception 2 when `a` is not 0 and `g` is 9.
const EXCEPTION_2_WEIGHTS_FOR_NINE: Weights =
    Weights { sort_code: [0, 0, 0, 0, 0, 0], account_number: [0, 0, 8, 7, 10, 9, 3, 1] };

/// What the modulus check has to say about a sort code and account number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModulusOutcome {
    /// The two numbers fit together, or are of a foreign currency account, which the rules pass unchecked
    /// (exception 6).
    Valid,
    /// The two numbers do not fit together: at least one digit is wrong.
    Invalid,
    /// The table has no row for the sort code, so the numbers cannot be checked and must be accepted.
    NotCovered,
}

impl ModulusOutcome {
    /// Whether the details may be used: everything but a failed check.
    pub fn is_accepted(self) -> bool {
        match self {
            Self::Valid | Self::NotCovered => true,
            Self::Invalid => false,
        }
    }
}

impl ModulusTable {
    /// Checks that an account number is possible at a sort code.
    pub fn check(&self, sort_code: SortCode, account_number: AccountNumber) -> ModulusOutcome {
        let Some(checks) = self.checks_for(sort_code) else {
            return ModulusOutcome::NotCovered;
        };
        if self.passes_all(checks, sort_code, account_number) { ModulusOutcome::Valid } else { ModulusOutcome::Invalid }
    }

    fn passes_all(&self, checks: &Checks, sort_code: SortCode, account: AccountNumber) -> bool {
        if checks.may_be_foreign_currency() && is_foreign_currency(account) {
            return true;
        }
        let first = self.passes(&checks.first, sort_code, account);
        let Some(second) = &checks.second else {
            return first;
        };
        match how_they_combine(second, account) {
            Combination::Both => first && self.passes(second, sort_code, account),
            Combination::Either => first || self.passes(second, sort_code, account),
            Combination::FirstAlone => first,
        }
    }

    fn passes(&self, check: &Check, sort_code: SortCode, account: AccountNumber) -> bool {
        let sort_code = self.sort_code_to_check(check, sort_code);
        let total = total(check, sort_code, account);
        let remainder = total.rem_euclid(check.algorithm.modulus());
        let [_, _, _, _, _, _, g, h] = account.0.map(i32::from);
        match check.exception {
            Some(Exception::RemainderIsCheckDigits) => remainder == g * 10 + h,
            Some(Exception::SubstitutedSortCode) => match check.algorithm {
                // A remainder of 1 would need the digit 10, so it fails.
                Algorithm::Modulus11 => (11 - remainder) % 11 == g,
                Algorithm::Modulus10 | Algorithm::DoubleAlternate => (10 - remainder) % 10 == h,
            },
            Some(Exception::ShiftedAccountNumber) => remainder == 0 || passes_when_shifted(check, sort_code, account),
            Some(
                Exception::Add27
                | Exception::LloydsEuroFirst
                | Exception::SecondUnlessC6Or9
                | Exception::ForeignCurrency
                | Exception::ZeroWhenG9
                | Exception::AsSortCode090126
                | Exception::LloydsEuroSecond
                | Exception::ZeroWhenAb09Or99AndG9
                | Exception::EitherWith10
                | Exception::EitherFirst
                | Exception::EitherSecond,
            )
            | None => remainder == 0,
        }
    }

    fn sort_code_to_check(&self, check: &Check, given: SortCode) -> SortCode {
        match check.exception {
            Some(Exception::SubstitutedSortCode) => self.substitute_for(given).unwrap_or(given),
            Some(Exception::AsSortCode090126) => EXCEPTION_8,
            Some(Exception::LloydsEuroSecond) => LLOYDS_EURO,
            Some(
                Exception::Add27
                | Exception::LloydsEuroFirst
                | Exception::SecondUnlessC6Or9
                | Exception::RemainderIsCheckDigits
                | Exception::ForeignCurrency
                | Exception::ZeroWhenG9
                | Exception::ZeroWhenAb09Or99AndG9
                | Exception::EitherWith10
                | Exception::EitherFirst
                | Exception::EitherSecond
                | Exception::ShiftedAccountNumber,
            )
            | None => given,
        }
    }
}

/// Whether two checks must both pass.
enum Combination {
    Both,
    Either,
    FirstAlone,
}

/// The rule is told by the exception of the second check.
fn how_they_combine(second: &Check, account: AccountNumber) -> Combination {
    let [_, _, c, _, _, _, _, _] = account.0;
    match second.exception {
        Some(Exception::SecondUnlessC6Or9) if c == 6 || c == 9 => Combination::FirstAlone,
        Some(Exception::LloydsEuroSecond | Exception::EitherWith10 | Exception::EitherSecond) => Combination::Either,
        Some(
            Exception::Add27
            | Exception::LloydsEuroFirst
            | Exception::SecondUnlessC6Or9
            | Exception::RemainderIsCheckDigits
            | Exception::SubstitutedSortCode
            | Exception::ForeignCurrency
            | Exception::ZeroWhenG9
            | Exception::AsSortCode090126
            | Exception::ZeroWhenAb09Or99AndG9
            | Exception::EitherFirst
            | Exception::ShiftedAccountNumber,
        )
        | None => Combination::Both,
    }
}

/// Exception 6: `a` is 4 to 8 and the last two digits are the same, so the checks cannot be used.
fn is_foreign_currency(account: AccountNumber) -> bool {
    let [a, _, _, _, _, _, g, h] = account.0;
    (4..=8).contains(&a) && g == h
}

/// Exception 14, second try: the last digit, if 0, 1 or 9, is dropped and a zero put in front.
fn passes_when_shifted(check: &Check, sort_code: SortCode, account: AccountNumber) -> bool {
    let [a, b, c, d, e, f, g, h] = account.0;
    let shifted = AccountNumber([0, a, b, c, d, e, f, g]);
    matches!(h, 0 | 1 | 9) && total(check, sort_code, shifted).rem_euclid(check.algorithm.modulus()) == 0
}

fn total(check: &Check, sort_code: SortCode, account: AccountNumber) -> i32 {
    let weights = weights(check, account);
    let sort_code = sort_code.0.into_iter().zip(weights.sort_code);
    let account = account.0.into_iter().zip(weights.account_number);
    let sum: i32 = sort_code
        .chain(account)
        .map(|(digit, weight)| check.algorithm.term(i32::from(digit) * i32::from(weight)))
        .sum();
    if check.exception == Some(Exception::Add27) { sum + 27 } else { sum }
}

/// The weights of the table, unless the exception and the account number call for others.
fn weights(check: &Check, account: AccountNumber) -> Weights {
    let [a, b, _, _, _, _, g, _] = account.0;
    match check.exception {
        Some(Exception::LloydsEuroFirst) if a != 0 && g == 9 => EXCEPTION_2_WEIGHTS_FOR_NINE,
        Some(Exception::LloydsEuroFirst) if a != 0 => EXCEPTION_2_WEIGHTS,
        Some(Exception::ZeroWhenG9) if g == 9 => check.weights.zero_to_b(),
        Some(Exception::ZeroWhenAb09Or99AndG9) if (a == 0 || a == 9) && b == 9 && g == 9 => check.weights.zero_to_b(),
        Some(
            Exception::Add27
            | Exception::LloydsEuroFirst
            | Exception::SecondUnlessC6Or9
            | Exception::RemainderIsCheckDigits
            | Exception::SubstitutedSortCode
            | Exception::ForeignCurrency
            | Exception::ZeroWhenG9
            | Exception::AsSortCode090126
            | Exception::LloydsEuroSecond
            | Exception::ZeroWhenAb09Or99AndG9
            | Exception::EitherWith10
            | Exception::EitherFirst
            | Exception::EitherSecond
            | Exception::ShiftedAccountNumber,
        )
        | None => check.weights,
    }
}

impl Checks {
    fn may_be_foreign_currency(&self) -> bool {
        let mut checks = iter::once(&self.first).chain(&self.second);
        checks.any(|it| it.exception == Some(Exception::ForeignCurrency))
    }
}

impl Algorithm {
    fn modulus(self) -> i32 {
        match self {
            Self::Modulus10 | Self::DoubleAlternate => 10,
            Self::Modulus11 => 11,
        }
    }

    /// What one weighted digit adds to the total; the double alternate check adds the digits of the product.
    fn term(self, product: i32) -> i32 {
        match self {
            Self::Modulus10 | Self::Modulus11 => product,
            Self::DoubleAlternate => product / 100 + product / 10 % 10 + product % 10,
        }
    }
}

impl Weights {
    /// The weights with those of positions `u` to `b` set to zero (exceptions 7 and 10).
    fn zero_to_b(self) -> Self {
        let [_, _, c, d, e, f, g, h] = self.account_number;
        Self { sort_code: [0; 6], account_number: [0, 0, c, d, e, f, g, h] }
    }
}
