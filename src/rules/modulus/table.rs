//! The published weight table and sort code substitutions, as read from their two files.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::numbers::SortCode;

/// One issue of the weight table and of the sort code substitutions.
#[derive(Clone, Debug)]
pub struct ModulusTable {
    /// Which issue this is, such as `valacdos v8.50`.
    pub issue: String,
    /// The first day on which the issue applies.
    pub valid_from: Date,
    /// Keyed by the first sort code of each range; ranges do not overlap.
    ranges: BTreeMap<SortCode, Checks>,
    substitutions: BTreeMap<SortCode, SortCode>,
}

/// Why a table cannot be used; the first defect found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A line of the weight table is defective.
    #[error("modulus weight table, line {line}: {problem}")]
    Weights {
        /// Counted from 1.
        line: usize,
        /// What is wrong, in words.
        problem: &'static str,
    },
    /// A line of the sort code substitutions is defective.
    #[error("sort code substitutions, line {line}: {problem}")]
    Substitutions {
        /// Counted from 1.
        line: usize,
        /// What is wrong, in words.
        problem: &'static str,
    },
    /// The weight table has no rows at all.
    #[error("modulus weight table is empty")]
    Empty,
}

/// The one or two checks of a range of sort codes.
#[derive(Clone, Debug)]
pub(super) struct Checks {
    /// The last sort code of the range.
    last: SortCode,
    pub(super) first: Check,
    pub(super) second: Option<Check>,
}

/// One row of the weight table, without its range.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) algorithm: Algorithm,
    pub(super) weights: Weights,
    pub(super) exception: Option<Exception>,
}

/// How the weighted digits are added up and what divides the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// `MOD10`.
    Modulus10,
    /// `MOD11`.
    Modulus11,
    /// `DBLAL`: the digits of each product are added; modulus 10.
    DoubleAlternate,
}

/// What each digit is multiplied by; a weight may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weights {
    pub(super) sort_code: [i16; 6],
    pub(super) account_number: [i16; 8],
}

/// The numbered exceptions of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exception {
    /// 1: 27 is added to the total.
    Add27,
    /// 2: other weights when `a` is not 0; either this or the check of exception 9.
    LloydsEuroFirst,
    /// 3: the second check is left out when `c` is 6 or 9.
    SecondUnlessC6Or9,
    /// 4: the remainder must equal the digits `gh`.
    RemainderIsCheckDigits,
    /// 5: the sort code is substituted; the remainder yields `g` (first check) or `h` (second check).
    SubstitutedSortCode,
    /// 6: a foreign currency account cannot be checked.
    ForeignCurrency,
    /// 7: weights `u` to `b` are zero when `g` is 9.
    ZeroWhenG9,
    /// 8: checked as sort code 09-01-26.
    AsSortCode090126,
    /// 9: checked as sort code 30-96-34; either this or the check of exception 2.
    LloydsEuroSecond,
    /// 10: weights `u` to `b` are zero when `ab` is 09 or 99 and `g` is 9; either this or exception 11.
    ZeroWhenAb09Or99AndG9,
    /// 11: either this or the check of exception 10.
    EitherWith10,
    /// 12: either this or the check of exception 13.
    EitherFirst,
    /// 13: either this or the check of exception 12.
    EitherSecond,
    /// 14: if it fails, tried again with the account number shifted to the right.
    ShiftedAccountNumber,
}

impl ModulusTable {
    /// Reads the two published files: the weight table (`valacdos.txt`) and the sort code substitutions
    /// (`scsubtab.txt`).
    ///
    /// The files do not say which issue they are, so `issue` and `valid_from` do. Empty lines are passed over.
    ///
    /// # Errors
    ///
    /// Names the first defective line: a field that cannot be read, a range that overlaps or comes before the range
    /// above it, a third row for one range. A table without rows is refused too, so that a failed download cannot
    /// quietly turn the check off.
    pub fn parse(issue: &str, valid_from: Date, weights: &str, substitutions: &str) -> Result<Self, TableError> {
        Ok(Self {
            issue: issue.to_owned(),
            valid_from,
            ranges: ranges(weights)?,
            substitutions: substitutes(substitutions)?,
        })
    }

    /// How many ranges of sort codes the table covers.
    pub fn range_count(&self) -> usize {
        self.ranges.len()
    }

    pub(super) fn checks_for(&self, sort_code: SortCode) -> Option<&Checks> {
        let (_, checks) = self.ranges.range(..=sort_code).next_back()?;
        (sort_code <= checks.last).then_some(checks)
    }

    pub(super) fn substitute_for(&self, sort_code: SortCode) -> Option<SortCode> {
        self.substitutions.get(&sort_code).copied()
    }
}

fn ranges(text: &str) -> Result<BTreeMap<SortCode, Checks>, TableError> {
    let mut ranges: BTreeMap<SortCode, Checks> = BTreeMap::new();
    for (line, fields) in lines(text) {
        row(&fields).and_then(|row| add(&mut ranges, row)).map_err(|problem| TableError::Weights { line, problem })?;
    }
    if ranges.is_empty() {
        return Err(TableError::Empty);
    }
    Ok(ranges)
}

fn substitutes(text: &str) -> Result<BTreeMap<SortCode, SortCode>, TableError> {
    let mut substitutes = BTreeMap::new();
    for (line, fields) in lines(text) {
        let (from, to) = pair(&fields).map_err(|problem| TableError::Substitutions { line, problem })?;
        if substitutes.insert(from, to).is_some() {
            let problem = "the sort code already has a substitute";
            return Err(TableError::Substitutions { line, problem });
        }
    }
    Ok(substitutes)
}

/// The fields of each line that is not empty, with its number.
fn lines(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    (1..)
        .zip(text.lines())
        .map(|(line, text)| (line, text.split_whitespace().collect::<Vec<_>>()))
        .filter(|(_, fields)| !fields.is_empty())
}

/// A row of the weight table.
struct Row {
    first: SortCode,
    last: SortCode,
    check: Check,
}

fn row(fields: &[&str]) -> Result<Row, &'static str> {
    let (range, check) = fields.split_at_checked(2).ok_or("too few fields")?;
    let (first, last) = pair(range)?;
    if last < first {
        return Err("the range ends before it begins");
    }
    Ok(Row { first, last, check: read_check(check)? })
}

fn pair(fields: &[&str]) -> Result<(SortCode, SortCode), &'static str> {
    let [first, second] = fields else {
        return Err("there must be exactly two sort codes");
    };
    Ok((sort_code(first)?, sort_code(second)?))
}

fn sort_code(field: &str) -> Result<SortCode, &'static str> {
    field.parse().map_err(|_| "a sort code is not six digits")
}

fn read_check(fields: &[&str]) -> Result<Check, &'static str> {
    let (algorithm, rest) = fields.split_first().ok_or("too few fields")?;
    let (sort_code, rest) = rest.split_at_checked(6).ok_or("too few weights")?;
    let (account_number, rest) = rest.split_at_checked(8).ok_or("too few weights")?;
    let algorithm = read_algorithm(algorithm)?;
    let exception = match rest {
        [] => None,
        [number] => Some(read_exception(number)?),
        [_, _, ..] => return Err("too many fields"),
    };
    let weights = Weights { sort_code: read_weights(sort_code)?, account_number: read_weights(account_number)? };
    let is_negative = |it: &i16| *it < 0;
    if algorithm == Algorithm::DoubleAlternate
        && (weights.sort_code.iter().any(is_negative) || weights.account_number.iter().any(is_negative))
    {
        return Err("a double alternate check cannot have a negative weight");
    }
    Ok(Check { algorithm, weights, exception })
}

fn read_algorithm(field: &str) -> Result<Algorithm, &'static str> {
    match field {
        "MOD10" => Ok(Algorithm::Modulus10),
        "MOD11" => Ok(Algorithm::Modulus11),
        "DBLAL" => Ok(Algorithm::DoubleAlternate),
        _ => Err("the algorithm is not MOD10, MOD11 or DBLAL"),
    }
}

fn read_weights<const N: usize>(fields: &[&str]) -> Result<[i16; N], &'static str> {
    let weights: Result<Vec<i16>, _> = fields.iter().map(|it| it.parse::<i16>()).collect();
    let weights = weights.map_err(|_| "a weight is not a whole number from -999 to 999")?;
    if weights.iter().any(|it| !(-999..=999).contains(it)) {
        return Err("a weight is not a whole number from -999 to 999");
    }
    weights.try_into().map_err(|_| "wrong number of weights")
}

fn read_exception(field: &str) -> Result<Exception, &'static str> {
    match field {
        "1" => Ok(Exception::Add27),
        "2" => Ok(Exception::LloydsEuroFirst),
        "3" => Ok(Exception::SecondUnlessC6Or9),
        "4" => Ok(Exception::RemainderIsCheckDigits),
        "5" => Ok(Exception::SubstitutedSortCode),
        "6" => Ok(Exception::ForeignCurrency),
        "7" => Ok(Exception::ZeroWhenG9),
        "8" => Ok(Exception::AsSortCode090126),
        "9" => Ok(Exception::LloydsEuroSecond),
        "10" => Ok(Exception::ZeroWhenAb09Or99AndG9),
        "11" => Ok(Exception::EitherWith10),
        "12" => Ok(Exception::EitherFirst),
        "13" => Ok(Exception::EitherSecond),
        "14" => Ok(Exception::ShiftedAccountNumber),
        _ => Err("the exception is not 1 to 14"),
    }
}

/// Adds a row: the second check of the range above it, or a range of its own after all others.
fn add(ranges: &mut BTreeMap<SortCode, Checks>, row: Row) -> Result<(), &'static str> {
    if let Some(mut above) = ranges.last_entry() {
        let first = *above.key();
        let checks = above.get_mut();
        if first == row.first && checks.last == row.last {
            return match checks.second.replace(row.check) {
                None => Ok(()),
                Some(_) => Err("the range has more than two rows"),
            };
        }
        if row.first <= checks.last {
            return Err("the range overlaps the one above it, or comes before it");
        }
    }
    let checks = Checks { last: row.last, first: row.check, second: None };
    ranges.insert(row.first, checks);
    Ok(())
}
