//! Sort codes and account numbers as customers write them.

use std::fmt;
use std::str::FromStr;

/// The six digits of a UK sort code.
///
/// Read from `089999`, `08-99-99` or `08 99 99`; shown as `08-99-99`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortCode(pub(super) [u8; 6]);

/// A UK account number in the standard form of eight digits.
///
/// Read from six, seven or eight digits, padded on the left with zeros. Its debug form shows the last two digits
/// only, to keep it out of logs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccountNumber(pub(super) [u8; 8]);

/// A sort code and account number, in standard form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankDetails {
    /// The sort code to pay to; for a nine digit account it is not quite the one given.
    pub sort_code: SortCode,
    /// The account number to pay to.
    pub account_number: AccountNumber,
}

/// Why text is not a sort code or account number. Never repeats the text, which is personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankDetailsError {
    /// Not six digits, plain or in three pairs.
    #[error("a sort code is six digits, such as 08-99-99")]
    SortCode,
    /// Holds something other than digits.
    #[error("an account number holds digits only")]
    NotDigits,
    /// Has fewer than six digits, or more than eight (for a bank that uses nine or ten, more than that).
    #[error("an account number has 6 to 8 digits, not {0}")]
    AccountNumberLength(usize),
    /// Has nine digits, but the sort code is not one of Santander's.
    #[error("only Santander has account numbers of 9 digits, and the sort code is not one of its own")]
    NineDigits,
    /// Has ten digits, but the sort code is not of the Co-operative Bank or National Westminster.
    #[error(
        "only the Co-operative Bank and NatWest have account numbers of 10 digits, and the sort code is of neither"
    )]
    TenDigits,
}

impl BankDetails {
    /// Reads a sort code and account number, turning the non-standard account numbers of nine and ten digits into
    /// standard details.
    ///
    /// - Ten digits, Co-operative Bank: the first eight.
    /// - Ten digits, National Westminster: the last eight; its hyphens (`02-123456-54`) are left out.
    /// - Nine digits, Santander: the first digit replaces the last digit of the sort code; then the last eight.
    ///
    /// Leeds Building Society (ten digits, the first eight) is refused, because its sort codes are not known here.
    ///
    /// # Errors
    ///
    /// Says which of the two is wrong, and how.
    pub fn parse(sort_code: &str, account_number: &str) -> Result<Self, BankDetailsError> {
        let sort_code: SortCode = sort_code.parse()?;
        let digits = account_digits(account_number)?;
        match digits.as_slice() {
            &[first, a, b, c, d, e, f, g, h] => {
                let [u, v, w, x, y, _] = sort_code.0;
                if !is_santander(sort_code) {
                    return Err(BankDetailsError::NineDigits);
                }
                Ok(Self {
                    sort_code: SortCode([u, v, w, x, y, first]),
                    account_number: AccountNumber([a, b, c, d, e, f, g, h]),
                })
            }
            &[p, q, a, b, c, d, e, f, g, h] => {
                let account_number = if is_cooperative_bank(sort_code) {
                    AccountNumber([p, q, a, b, c, d, e, f])
                } else if is_national_westminster(sort_code) {
                    AccountNumber([a, b, c, d, e, f, g, h])
                } else {
                    return Err(BankDetailsError::TenDigits);
                };
                Ok(Self { sort_code, account_number })
            }
            digits => Ok(Self { sort_code, account_number: padded(digits)? }),
        }
    }
}

impl FromStr for SortCode {
    type Err = BankDetailsError;

    fn from_str(text: &str) -> Result<Self, BankDetailsError> {
        let plain = match *text.trim().as_bytes() {
            [u, v, w, x, y, z] | [u, v, b'-', w, x, b'-', y, z] | [u, v, b' ', w, x, b' ', y, z] => [u, v, w, x, y, z],
            _ => return Err(BankDetailsError::SortCode),
        };
        if !plain.iter().all(u8::is_ascii_digit) {
            return Err(BankDetailsError::SortCode);
        }
        Ok(Self(plain.map(|it| it - b'0')))
    }
}

impl fmt::Display for SortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [u, v, w, x, y, z] = self.0;
        write!(f, "{u}{v}-{w}{x}-{y}{z}")
    }
}

impl FromStr for AccountNumber {
    type Err = BankDetailsError;

    fn from_str(text: &str) -> Result<Self, BankDetailsError> {
        padded(&account_digits(text)?)
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, _, _, _, _, g, h] = self.0;
        write!(f, "AccountNumber(******{g}{h})")
    }
}

/// The digits of an account number; single spaces and hyphens between digits are left out.
fn account_digits(text: &str) -> Result<Vec<u8>, BankDetailsError> {
    text.trim()
        .split(['-', ' '])
        .map(|group| {
            let is_number = !group.is_empty() && group.bytes().all(|it| it.is_ascii_digit());
            is_number.then_some(group).ok_or(BankDetailsError::NotDigits)
        })
        .collect::<Result<String, _>>()
        .map(|digits| digits.bytes().map(|it| it - b'0').collect())
}

fn padded(digits: &[u8]) -> Result<AccountNumber, BankDetailsError> {
    match *digits {
        [c, d, e, f, g, h] => Ok(AccountNumber([0, 0, c, d, e, f, g, h])),
        [b, c, d, e, f, g, h] => Ok(AccountNumber([0, b, c, d, e, f, g, h])),
        [a, b, c, d, e, f, g, h] => Ok(AccountNumber([a, b, c, d, e, f, g, h])),
        _ => Err(BankDetailsError::AccountNumberLength(digits.len())),
    }
}

// The published rules name the bank and not its sort codes. The ranges below are the ones in general use for it; a
// sort code outside them is refused with a reason and not guessed at.

/// 09-00-00 to 09-19-99, 72-00-00 to 72-99-99 and 89-00-00 to 89-29-99.
fn is_santander(sort_code: SortCode) -> bool {
    let [u, v, w, _, _, _] = sort_code.0;
    match (u, v) {
        (0, 9) => w <= 1,
        (7, 2) => true,
        (8, 9) => w <= 2,
        _ => false,
    }
}

/// 08-00-00 to 08-99-99.
fn is_cooperative_bank(sort_code: SortCode) -> bool {
    let [u, v, _, _, _, _] = sort_code.0;
    (u, v) == (0, 8)
}

/// 01-00-00 to 01-99-99 and 50-00-00 to 66-99-99.
fn is_national_westminster(sort_code: SortCode) -> bool {
    let [u, v, _, _, _, _] = sort_code.0;
    (u, v) == (0, 1) || ((5, 0)..=(6, 6)).contains(&(u, v))
}
